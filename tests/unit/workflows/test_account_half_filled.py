"""What a district that has only begun to fill in gets: what can be said, and the one thing that is lacking."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.workflows.account_small import ENERGY, TOTALS, fill, make_district
from tests.unit.workflows.small import load_rows, plan, target, write_plan

from dafeng.core.errors import BadInput
from dafeng.workflows.account_explaining import explain_cell
from dafeng.workflows.account_exporting import export
from dafeng.workflows.account_making import Asked, has_errors, make
from dafeng.workflows.account_questions import change, warning

ONE_YEAR = [row for row in ENERGY if row["year"] == 2025]
STOCK = [{"year": 2025, "category": "private_car", "fuel": "petrol", "vehicles": 10}]
USE = [{"year": 2025, "category": "private_car", "fuel": "petrol", "km_per_vehicle": 10000, "litre_per_100km": 8}]


def codes(caught: pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def test_an_empty_district_is_told_the_first_thing_to_do_and_nothing_else(tmp_path: Path):
    with pytest.raises(BadInput) as caught:
        make(make_district(tmp_path), Asked(2025))
    assert codes(caught) == ["account.nothing"]


def test_one_year_of_energy_and_nothing_else_is_an_account_without_error(tmp_path: Path):
    """Whoever did not ask for a comparison is only reminded that the base year is lacking."""
    district = fill(make_district(tmp_path), energy_consumption=ONE_YEAR, yearly_totals=[], energy_supply=[])
    made = make(district, Asked(2025))
    assert not has_errors(made)
    assert "account.change-year" in {problem.code for problem in made.problems}
    assert made.tables["inventory"].row("indirect").cells["co2"].value
    with pytest.raises(BadInput) as caught:
        change(district, 2020, 2025)
    assert codes(caught) == ["account.change-year"]


def test_yearly_totals_alone_still_make_the_dual_control_sheet(tmp_path: Path):
    totals = [{**row, "energy": 5.0} for row in TOTALS]
    district = fill(make_district(tmp_path), energy_consumption=[], yearly_totals=totals, energy_supply=[])
    made = make(district, Asked(2025))
    # 1 − (5/130)/(5/100) = 23.08 %
    cut = made.tables["dual_control"].row("2025").cells["energy_cut_total"].value
    assert cut == pytest.approx(100 * (1 - 100 / 130))
    assert not {"shares", "inventory"} & set(made.tables)
    assert [problem.code for problem in made.problems if problem.level == "error"] == ["account.year-without-data"]


@pytest.mark.parametrize("year", [1990, 2019, 2030, 2100])
def test_a_year_without_data_is_said_once_whatever_else_the_registers_hold(tmp_path: Path, year: int):
    district = fill(make_district(tmp_path), vehicle_stock=STOCK, vehicle_use=USE)
    made = make(district, Asked(year))
    errors = [problem.code for problem in made.problems if problem.level == "error"]
    assert errors == ["account.year-without-data"]
    assert not {"inventory", "shares", "consumption"} & set(made.tables)
    with pytest.raises(BadInput) as caught:
        explain_cell(district, "ACC.inventory.total.co2e", Asked(year))
    assert codes(caught) == ["account.year-without-data"]


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "junk", "", "2026", "202606", "２０２６-０６"])
def test_a_month_that_is_none_is_refused_before_anything_is_counted(tmp_path: Path, month: str):
    with pytest.raises(BadInput) as caught:
        warning(make_district(tmp_path), month)
    assert codes(caught) == ["account.month"]


def test_a_workbook_for_a_folder_that_is_not_there_is_refused_in_words(tmp_path: Path):
    district = fill(make_district(tmp_path))
    with pytest.raises(BadInput) as caught:
        export(district, make(district, Asked(2025)), tmp_path / "nowhere" / "账.xlsx")
    assert codes(caught) == ["report.cannot-write"]


def test_no_yearly_totals_is_no_error_where_nobody_asked_why_energy_changed(tmp_path: Path):
    district = fill(make_district(tmp_path), yearly_totals=[])
    assert not has_errors(make(district, Asked(2025)))
    assert any(one.level == "error" for one in make(district, Asked(2025, start=2020)).problems)


def test_a_target_that_the_plan_leaves_to_the_city_is_the_one_the_city_assigned(tmp_path: Path):
    """Two opinions of one target would stand in one report: the plan names none, the city's letter does."""
    district = fill(make_district(tmp_path))
    open_target = target(1, "co2_intensity_reduction", None, "", qualifier="完成市级下达目标")
    write_plan(district, plan(open_target), "plan-2021")
    assigned = {
        "indicator": "co2_intensity_reduction",
        "year": 2025,
        "value": 13.5,
        "unit": "%",
        "document": "甲6号",
    }
    before = make(district, Asked(2025)).tables["dual_control_targets"].row("co2_intensity").cells["target"]
    assert before.value is None
    load_rows(district, "assigned_targets", [assigned])
    after = make(district, Asked(2025)).tables["dual_control_targets"].row("co2_intensity").cells["target"]
    assert after.value == pytest.approx(13.5)
