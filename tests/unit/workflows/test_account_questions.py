"""Questions put to a district's account: change, restatement, certainty, check, warning; hand-worked where small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.workflows.account_small import ENERGY, fill, make_district
from tests.unit.workflows.small import day_in_china, load_rows

from dafeng.core.errors import BadInput
from dafeng.workflows import account_checking as checking
from dafeng.workflows import account_questions as questions
from dafeng.workflows.account_restating import restated
from dafeng.workflows.district import District


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return fill(make_district(tmp_path_factory.mktemp("questions")))


def value(answer: Any, table: str, row: str, column: str) -> Any:
    held = answer.as_dict()["tables"][table]
    return next(one for one in held["rows"] if one["code"] == row)["cells"][column]["value"]


def test_reasons_of_change_add_up_to_the_change(district: District):
    answer = questions.change(district, 2020, 2025)
    held = answer.as_dict()["tables"]["change"]
    parts = [row["cells"]["co2"]["value"] or 0 for row in held["rows"] if row["parent"] == "change"]
    start, end = (value(answer, "change", code, "co2") for code in ("start", "end"))
    assert sum(parts) == value(answer, "change", "change", "co2")
    assert round(end - start) == pytest.approx(sum(parts), abs=1)


def test_ratios_multiply_to_the_ratio_of_the_years(district: District):
    answer = questions.change(district, 2020, 2025, multiplicative=True)
    product = 1.0
    for row in answer.as_dict()["tables"]["change"]["rows"]:
        if row["parent"] == "change":
            product *= row["cells"]["co2_ratio"]["value"] or 1.0
    assert product == pytest.approx(value(answer, "change", "change", "co2_ratio"), rel=1e-9)
    assert all(column["id"].endswith("_ratio") for column in answer.tables[0]["columns"])


def test_by_sector_shows_the_sectors_and_without_it_they_are_in_the_json_alone(district: District):
    shown = [table["id"] for table in questions.change(district, 2020, 2025, by="sector").tables]
    assert shown == ["change", "change_co2", "change_energy"]
    whole = questions.change(district, 2020, 2025)
    assert [table["id"] for table in whole.tables] == ["change"]
    assert "change_co2" in whole.as_dict()["tables"]


def test_a_year_without_statistics_cannot_be_compared(district: District):
    with pytest.raises(BadInput):
        questions.change(district, 2021, 2025)


def corrected(root: Path, *, days_ago: int) -> District:
    """1,000 万m3 of gas of 2025 corrected to 1,100, so many days after the first load."""
    made = make_district(root)
    load_rows(made, "energy_consumption", ENERGY, days_ago=days_ago)
    row = next(one for one in ENERGY if (one["year"], one["carrier"]) == (2025, "natural_gas"))
    load_rows(made, "energy_consumption", [{**row, "amount": 1100.0, "tce": 14300.0}], "更正.xlsx")
    return made


@pytest.mark.parametrize("days_ago", [10, 0])
def test_a_correction_is_listed_with_both_records_and_adds_up(tmp_path: Path, days_ago: int):
    """100 万m3 × 21.621888 t = 2,162.1888 t CO2, known before the day or corrected on it."""
    answer = restated(corrected(tmp_path, days_ago=days_ago), day_in_china(5), 2025)
    held = answer.as_dict()["tables"]["restatements"]
    lines = [row for row in held["rows"] if row["parent"] == "superseded"]
    co2 = next(row for row in lines if row["cells"]["difference"]["value"] == pytest.approx(2162.1888))
    why = co2["cells"]["difference"]["reason"]["zh"]
    assert "energy_consumption.xlsx › 填报 › 6" in why
    assert "更正.xlsx › 填报 › 3" in why
    total = value(answer, "restatements", "total", "difference")
    assert total == pytest.approx(sum(row["cells"]["difference"]["value"] for row in lines), abs=1e-6)


def test_nothing_changed_lists_nothing(district: District):
    assert value(restated(district, day_in_china(0), 2025), "restatements", "total", "difference") == 0


def test_certainty_says_how_likely_a_ceiling_is_kept(district: District):
    answer = questions.certainty(district, 2025, target=1e9, draws=200)
    assert value(answer, "uncertainty", "with_indirect", "probability") == 100
    assert answer.as_dict()["target"] == 1e9
    low, high = (value(answer, "uncertainty", "with_indirect", name) for name in ("low2", "high2"))
    assert low < value(answer, "uncertainty", "with_indirect", "value") < high


def csv(folder: Path, name: str, rows: dict[int, Any]) -> Path:
    path = folder / name
    path.write_text("year,value\n" + "".join(f"{year},{number}\n" for year, number in rows.items()), encoding="utf-8")
    return path


def test_two_files_that_are_the_same_agree(tmp_path: Path):
    one = csv(tmp_path, "a.csv", {year: 100 + 3 * (year - 2010) for year in range(2010, 2021)})
    verdict = checking.check_files(one, one).as_dict()["verdict"]
    assert verdict["mean_ratio"] == pytest.approx(1)
    assert (verdict["level"], verdict["spearman"]) == ("agrees", pytest.approx(1))


def test_a_wrong_cell_of_either_file_is_named(tmp_path: Path):
    good = csv(tmp_path, "a.csv", {2020: 1, 2021: 2})
    bad = csv(tmp_path, "b.csv", {2020: 1, 2021: -2})
    with pytest.raises(BadInput) as refused:
        checking.check_files(good, bad)
    (problem,) = refused.value.problems
    assert (problem.place.file, problem.place.row, problem.place.column) == ("b.csv", 3, "B")


def test_the_account_is_checked_against_a_file_in_tonnes(district: District, tmp_path: Path):
    """2025: 38,282.944 t burnt + 600,000 MWh bought × 0.5737 t; an outside series of exactly half is a ratio of 2."""
    ours = 32_432.832 + 5_850.11196 + 600_000 * 0.5737
    theirs = csv(tmp_path, "outside.csv", {2025: ours / 2})
    verdict = checking.check_account(district, theirs, None).as_dict()["verdict"]
    assert verdict["mean_ratio"] == pytest.approx(2, rel=1e-6)


def test_without_any_series_it_is_said_where_one_would_come_from(district: District):
    with pytest.raises(BadInput) as refused:
        checking.check_account(district, None, None)
    assert [problem.code for problem in refused.value.problems] == ["account.which-series"]


def test_a_series_of_the_register_is_read_in_its_own_unit(tmp_path: Path):
    made = fill(make_district(tmp_path))
    rows = [
        {"series": "甲", "year": 2025, "value": 382.50, "unit": "kt", "what": "能源二氧化碳", "document": "某数据集"},
        {
            "series": "乙",
            "year": 2025,
            "value": 38.250,
            "unit": "wan_t",
            "what": "能源二氧化碳",
            "document": "某数据集",
        },
    ]
    load_rows(made, "outside_series", rows)
    ratios = [checking.check_account(made, None, name).as_dict()["verdict"]["mean_ratio"] for name in ("甲", "乙")]
    assert ratios == [pytest.approx(1, rel=1e-3)] * 2
    with pytest.raises(BadInput):
        checking.check_account(made, None, None)


def test_months_of_electricity_warn(tmp_path: Path):
    """Every month of 2025 uses 10 % more than that of 2024."""
    made = fill(make_district(tmp_path))
    rows = [
        {"month": f"{year}-{month:02}", "sector": "services", "carrier": "electricity", "amount": amount,
         "unit": "wan_kwh"}
        for year, amount in ((2023, 100.0), (2024, 100.0), (2025, 110.0)) for month in range(1, 13)
    ]  # fmt: skip
    load_rows(made, "monthly_energy", rows)
    answer = questions.warning(made, "2025-06")
    assert value(answer, "early_warning", "electricity", "growth") == pytest.approx(10)


def test_a_district_without_months_is_told_so(district: District):
    with pytest.raises(BadInput):
        questions.warning(district, None)
