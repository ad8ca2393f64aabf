"""``dafeng account`` and ``dafeng explain ACC.…`` as a person types them in a district."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.cli.test_verbs import Done, dafeng
from tests.unit.workflows.account_small import ENERGY, fill, make_district
from tests.unit.workflows.small import load_rows
from wcwidth import wcswidth

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(make_district(tmp_path_factory.mktemp("verbs"))).root


def answer(folder: Path, *words: str, code: int = 0) -> Any:
    done = dafeng(folder, *words, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def said(folder: Path, *words: str, lang: str = "zh", code: int = 0) -> Done:
    done = dafeng(folder, *words, lang=lang)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_the_summary_says_energy_both_ways_emissions_by_scope_and_which_tables_there_are(folder: Path):
    """38,282.944 t CO2 burnt and 600,000 MWh × 0.5737 = 344,220 t bought."""
    out = said(folder, "account", "--year", "2025").stdout
    for part in (
        "2025 年核算",
        "虚构示例数据",
        "当量值",
        "等价值",
        "38\u2009283",
        "344\u2009220",
        "ACC.inventory",
        "dual_control",
    ):
        assert part in out, part


def test_the_json_holds_policy_tables_problems_and_the_address_of_every_cell(folder: Path):
    held = answer(folder, "account", "--year", "2025")
    assert held["policy"]["gwp"] == "ar5"
    row = next(one for one in held["tables"]["inventory"]["rows"] if one["code"] == "total")
    assert row["cells"]["co2"]["value"] == pytest.approx(38282.94396)
    assert row["cells"]["co2"]["address"] == "ACC.inventory.total.co2"
    assert [one["code"] for one in held["problems"] if one["level"] == "error"] == []


def test_one_table_is_shown_alone(folder: Path):
    assert list(answer(folder, "account", "--year", "2025", "--table", "gases")["tables"]) == ["gases"]
    out = said(folder, "account", "--year", "2025", "--table", "gases").stdout
    assert "ACC.gases" in out
    assert "ACC.inventory" not in out


def test_english_words_are_english(folder: Path):
    out = said(folder, "account", "--year", "2025", "--table", "consumption", "--table", "inventory", lang="en").stdout
    assert not CHINESE.search(out.replace("万tce", "")), CHINESE.findall(out)[:9]


def test_a_workbook_of_all_tables_is_written(folder: Path, tmp_path: Path):
    said(folder, "account", "--year", "2025", "--xlsx", str(tmp_path / "all.xlsx"))
    assert "温室气体清单汇总表" in openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True).sheetnames
    held = answer(folder, "account", "--year", "2025", "--xlsx", str(tmp_path / "all.docx"), code=1)
    assert [one["code"] for one in held["problems"]] == ["account.not-xlsx"]


def test_a_broken_record_is_named_with_its_cell_the_rest_is_shown_and_the_exit_code_is_one(tmp_path: Path):
    made = fill(make_district(tmp_path))
    wrong = {"year": 2025, "sector": "industry", "carrier": "biomass", "amount": 4.0, "unit": "wan_kwh", "tce": 2.0}
    load_rows(made, "energy_consumption", [wrong], "错.xlsx")
    held = answer(made.root, "account", "--year", "2025", code=1)
    (problem,) = [one for one in held["problems"] if one["level"] == "error"]
    assert (problem["place"]["file"], problem["place"]["sheet"], problem["place"]["row"]) == ("错.xlsx", "填报", 3)
    row = next(one for one in held["tables"]["inventory"]["rows"] if one["code"] == "total")
    assert row["cells"]["co2"]["value"] == pytest.approx(38282.94396)


@pytest.mark.parametrize(
    "words",
    [
        ("--year", "2025", "change", "--from", "2020", "--to", "2025"),
        ("--sites", "a", "--polygon", "b"),
        ("check", "a.csv"),
        ("change", "--from", "2020"),
    ],
)
def test_a_call_that_would_lose_an_option_is_a_wrong_call(folder: Path, words: tuple[str, ...]):
    assert dafeng(folder, "account", *words).returncode == 2


def test_an_unknown_table_is_refused_with_near_names(folder: Path):
    held = answer(folder, "account", "--year", "2025", "--table", "inventry", code=1)
    assert "inventory" in held["problems"][0]["remedy"]["en"]


def test_change_prints_reasons_and_says_nothing_is_left(folder: Path):
    out = said(folder, "account", "change", "--from", "2020", "--to", "2025").stdout
    assert "电网排放因子" in out
    assert "无残差" in out
    assert answer(folder, "account", "change", "--from", "2020", "--to", "2025")["from"] == 2020


def test_certainty_prints_intervals_and_the_probability(folder: Path):
    words = ("account", "certainty", "--year", "2025", "--target", "400000", "--draws", "100")
    assert "不超过目标的概率" in said(folder, *words).stdout


def test_the_check_of_two_files_prints_a_verdict_in_words(tmp_path: Path):
    rows = "".join(f"{year},{year - 2000}\n" for year in range(2010, 2021))
    (tmp_path / "a.csv").write_text("year,value\n" + rows, encoding="utf-8")
    out = said(tmp_path, "account", "check", "a.csv", "--against", "a.csv").stdout
    assert "水平一致" in out


def test_explain_shows_arithmetic_standards_and_the_typed_cell(folder: Path):
    out = said(folder, "explain", "ACC.inventory.en_transport.co2", "--year", "2025").stdout
    for part in ("2,000 t × 2.925056 tCO2/t", "43.07 × 18.9 × 0.98 × 44/12/1000", "GB/T 2589-2008", "官方",
                 "energy_consumption.xlsx › 填报 › 9", "A9…F9"):  # fmt: skip
        assert part in out, part


def test_explain_follows_a_formula_to_its_cells(folder: Path):
    out = said(folder, "explain", "ACC.consumption.total.calorific", "--year", "2025").stdout
    assert "公式: final + losses" in out
    assert "-8 万m3" in out.replace("−", "-")


def test_explain_answers_a_wrong_address_with_near_ones(folder: Path):
    held = answer(folder, "explain", "ACC.inventory.totl.co2e", "--year", "2025", code=1)
    assert "ACC.inventory.total.co2e" in held["problems"][0]["remedy"]["en"]


def test_explain_in_json_holds_records_with_cell_and_typed_value(folder: Path):
    held = answer(folder, "explain", "ACC.inventory.en_transport.co2", "--year", "2025")
    (record,) = held["records"]["energy_consumption"]
    assert record["values"]["amount"] == {"value": ENERGY[-1]["amount"], "name": record["values"]["amount"]["name"],
                                          "cell": "D9"}  # fmt: skip


@pytest.mark.parametrize(
    "words", [("--target", "nan"), ("--target", "inf"), ("--cut", "nan"), ("--draws", "100000000")]
)
def test_certainty_refuses_a_goal_that_is_no_number_and_more_draws_than_memory_holds(folder: Path, words: tuple[str]):
    assert dafeng(folder, "account", "certainty", *words, "--json").returncode == 2


@pytest.mark.parametrize("room", [60, 80, 120])
def test_a_table_wider_than_the_window_goes_on_below_under_the_same_codes(
    folder: Path, room: int, monkeypatch: pytest.MonkeyPatch
):
    """No line is broken by the window while a column fits into it, and no column is lost."""
    words = ("account", "--table", "shares", "--year", "2025")
    monkeypatch.delenv("COLUMNS", raising=False)
    whole = heads_of(dafeng(folder, *words).stdout)
    assert len(whole) == 1
    monkeypatch.setenv("COLUMNS", str(room))
    narrow = heads_of(dafeng(folder, *words).stdout)
    assert len(narrow) > 1
    assert [one[:2] for one in narrow] == [["代码", "项目"]] * len(narrow)
    assert [head for one in narrow for head in one[2:]] == whole[0][2:]
    if room >= 80:
        lines = [line for line in dafeng(folder, *words).stdout.splitlines() if line.startswith(("total", "代码"))]
        assert max(wcswidth(line) for line in lines) <= room


def heads_of(out: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line) for line in out.splitlines() if line.startswith("代码")]


def test_an_english_table_has_english_units(folder: Path):
    tables = answer(folder, "account", "--year", "2025")["tables"].values()
    heads = [column["unit_en"] for table in tables for column in table["columns"]]
    assert [head for head in heads if CHINESE.search(head)] == []
    names = [row["name"]["en"] for row in answer(folder, "account")["tables"]["dual_control_targets"]["rows"]]
    assert [name for name in names if CHINESE.search(name)] == []
