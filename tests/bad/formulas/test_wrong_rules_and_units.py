"""Rules for lights and definitions of units that a district wrote wrongly."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.core.units import UnitMismatch, Units
from dafeng.store import SheetRows, SourceFile, open_store
from dafeng.workflows.cataloguing import check
from dafeng.workflows.starting import init


def codes(tmp_path: Path, kind: str, text: str) -> list[str]:
    district = init(tmp_path / "d", name="某区").district
    (district.local_catalogue / kind).mkdir()
    (district.local_catalogue / kind / "own.yaml").write_text(text, encoding="utf-8")
    return [problem.code for problem in check(district.root).problems]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("{when: has_data, gives: purple}", "rules.no-such-light"),
        ("{when: wind > 1, gives: done}", "expression.unknown-name"),
        ("{when: progress, gives: done}", "expression.type"),
    ],
)
def test_a_rule_that_gives_no_light_is_told(tmp_path: Path, case: str, code: str):
    assert codes(tmp_path, "rules", f"id: light_standard\ncases: [{case}]\n") == [code]


@pytest.mark.parametrize("definition", ["foo bar (", "abc count:座", "1 / 0 * kW", "-3 * kW", "nothing_like_it"])
def test_a_definition_of_a_unit_that_cannot_be_read_is_told(tmp_path: Path, definition: str):
    text = f'id: heap\nname: {{zh: 坨, en: heap}}\npint: "{definition}"\nsymbols: [坨]\n'
    assert codes(tmp_path, "units", text) == ["catalogue.unit-definition"]


@pytest.mark.parametrize("definition", ["foo bar (", "abc count:座", "1 / 0 * kW", "nothing_like_it"])
def test_nothing_is_converted_by_a_definition_that_cannot_be_read(definition: str):
    with pytest.raises(UnitMismatch):
        Units({"坨": definition, "座": "count:座", "kW": "kW"}).factor("坨", "座" if "座" in definition else "kW")


def test_a_number_without_end_is_not_kept_as_nothing(tmp_path: Path):
    register = load_catalogue().registers["parks"]
    frame = pl.DataFrame(
        {"code": ["A"], "name": ["甲"], "opened": [dt.date(2023, 5, 1)], "area_m2": [float("inf")], "_row": [7]}
    )
    rows = SheetRows(register, frame, "表", {"area_m2": "E"}, {"area_m2": "占地面积"})
    with open_store(tmp_path / "a.db") as store:
        with pytest.raises(BadInput) as caught:
            store.load(SourceFile("a.csv", "0" * 64, 1), [rows], "甲")
        assert [(problem.code, problem.place.row) for problem in caught.value.problems] == [("store.no-number", 7)]
        assert store.high_water() == 0
