"""One small broken file per fault: refused or flagged with its file and cell, and what is valid is still accounted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dafeng.accounting.account import Account
from dafeng.core.errors import ERROR, Problem
from dafeng.workflows.account_making import Asked, make
from dafeng.workflows.district import District
from dafeng.workflows.loading import REFUSED, LoadOptions, LoadReport, load
from dafeng.workflows.starting import init

HERE = Path(__file__).parent


@pytest.fixture
def district(tmp_path: Path) -> District:
    """A district with valid energy of 2020 and 2025."""
    made = init(tmp_path / "某区", name="某区").district
    assert not hand_in(made, "energy.csv").files[0].problems
    return made


def hand_in(district: District, *files: str) -> LoadReport:
    report = None
    for name in files:
        shutil.copy(HERE / name, district.folder("inbox"))
        report = load(district, [], LoadOptions("甲"))
    assert report is not None
    return report


def account(district: District) -> Account:
    return make(district, Asked(year=2025))


def problem(held: Account, code: str) -> Problem:
    found = [one for one in held.problems if one.code == code]
    assert found, [one.code for one in held.problems]
    return found[0]


def total(held: Account) -> float | None:
    table = held.tables["inventory"]
    return table.row("total").cells["co2"].value


# 1,000 万m3 × 389.31 GJ × 15.3 tC/TJ × 0.99 × 44/12 + 2,000 t × 2.92505598, in grams.
VALID_G = round(1000 * 389.31 * 15.3 * 0.99 * 44 / 12 / 1000 * 1e6) + round(2000 * 2.92505598 * 1e6)


def test_a_negative_activity_is_refused_with_its_cell_and_the_rest_of_the_account_stands(district: District):
    report = hand_in(district, "negative_activity.csv")
    (outcome,) = report.files
    assert outcome.status == REFUSED
    assert [(one.place.row, one.place.column) for one in outcome.problems if one.level == ERROR] == [(3, "D")]
    assert total(account(district)) == VALID_G


def test_a_unit_that_cannot_convert_is_refused_with_its_row(district: District):
    (outcome,) = hand_in(district, "unit_that_cannot_convert.csv").files
    assert outcome.status == REFUSED
    assert outcome.problems[0].place.row == 2
    assert total(account(district)) == VALID_G


def test_a_unit_that_no_check_of_the_register_sees_is_flagged_by_the_account(district: District):
    assert hand_in(district, "unit_no_check_sees.csv").files[0].status != REFUSED
    held = account(district)
    found = problem(held, "account.unit-mismatch")
    assert (found.level, found.place.file, found.place.row, found.place.column) == (
        ERROR, "unit_no_check_sees.csv", 2, "E",
    )  # fmt: skip
    assert total(held) == VALID_G


def test_a_carrier_without_a_factor_is_flagged_with_its_cell_and_left_out(district: District):
    hand_in(district, "carrier_without_factor.csv")
    held = account(district)
    found = problem(held, "account.no-coefficient")
    assert (found.level, found.place.file, found.place.row, found.place.column) == (
        ERROR, "carrier_without_factor.csv", 2, "C",
    )  # fmt: skip
    assert total(held) == VALID_G


def test_a_year_before_the_first_value_of_a_factor_is_flagged_with_its_cell(district: District):
    hand_in(district, "year_before_the_factor.csv")
    held = account(district)
    found = [one for one in held.problems if one.place.file == "year_before_the_factor.csv"]
    assert [(one.level, one.place.row) for one in found] == [(ERROR, 2)]
    assert "2003" in found[0].rule.zh
    assert total(held) == VALID_G


def test_a_unit_above_its_subdistrict_is_flagged_with_the_units_record(district: District):
    hand_in(district, "places.csv", "units.csv", "unit_above_subdistrict.csv")
    held = account(district)
    found = problem(held, "account.unit-above-subdistrict")
    assert (found.place.file, found.place.row) == ("unit_above_subdistrict.csv", 2)
    assert "30,000" in found.rule.zh.replace("30 000", "30,000").replace("30000", "30,000")
    assert total(held) == VALID_G


def test_parts_above_their_whole_are_flagged(district: District):
    """700 + 400 = 1,100 万m3 of subdistricts against 1,000 of the district."""
    hand_in(district, "parts_above_the_whole.csv")
    held = account(district)
    assert problem(held, "account.parts-above-whole").level == ERROR
    assert total(held) == VALID_G


def test_output_at_current_prices_makes_no_intensity_and_says_so(district: District):
    hand_in(district, "current_prices_only.csv")
    held = account(district)
    found = problem(held, "account.current-prices")
    assert (found.level, found.place.file, found.place.row) == (ERROR, "current_prices_only.csv", 3)
    assert "dual_control" not in held.tables or held.tables["dual_control"].row("2025").cells["gdp"].value is None
    assert total(held) == VALID_G


def test_a_year_without_base_makes_no_cut_and_says_so(district: District):
    hand_in(district, "base_year_missing.csv")
    held = account(district)
    assert problem(held, "account.no-base").level == ERROR
    if "dual_control" in held.tables:
        cell = held.tables["dual_control"].row("2025").cells["energy_cut_total"]
        assert (cell.value, cell.key) == (None, "NE")
    assert total(held) == VALID_G
