"""``dafeng pathway peak`` on files as people keep them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dafeng.cli.pathway import pathway
from dafeng.core.errors import BadInput

FALL = "year,value\n" + "\n".join(f"{2000 + k},{v}" for k, v in enumerate([8, 9, 10, 9.5, 9, 8.5, 8, 7.5, 7]))


def run(tmp_path: Path, text: str, *options: str):
    path = tmp_path / "series.csv"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(pathway, ["peak", str(path), *options], catch_exceptions=False)


def test_the_answer_is_json_with_the_agreed_keys(tmp_path: Path):
    answer = json.loads(run(tmp_path, FALL, "--json").output)
    assert answer["verdict"] == "peaked"
    assert (answer["year"], answer["level"]) == (2002, 10)
    assert answer["drop"] == pytest.approx(0.3)
    assert answer["p_value"] == pytest.approx(1 / 720)


def test_rows_in_any_order_give_the_same_answer(tmp_path: Path):
    head, *rows = FALL.splitlines()
    turned = "\n".join([head, *reversed(rows)])
    assert run(tmp_path, turned, "--json").output == run(tmp_path, FALL, "--json").output


def test_a_person_reads_the_verdict_first(tmp_path: Path):
    assert run(tmp_path, FALL).output.startswith("已达峰：")


def test_every_fault_of_the_file_is_named_with_its_cell(tmp_path: Path):
    text = "year,value\n2000,5\n2000,6\n20x1,7\n2003,-1\n2004,\n3500,2\n"
    with pytest.raises(BadInput) as caught:
        run(tmp_path, text)
    found = {(problem.code, problem.place.row, problem.place.column) for problem in caught.value.problems}
    assert {
        ("pathway.year-twice", 3, "A"),
        ("csv.not-a-number", 4, "A"),
        ("pathway.value", 5, "B"),
        ("pathway.value", 6, "B"),
        ("pathway.year", 7, "A"),
    } <= found


def test_a_file_without_the_columns_or_without_rows_is_refused(tmp_path: Path):
    for text, code in (("jahr,value\n2000,1\n", "pathway.no-column"), ("year,value\n", "pathway.no-rows")):
        with pytest.raises(BadInput) as caught:
            run(tmp_path, text)
        assert code in {problem.code for problem in caught.value.problems}
