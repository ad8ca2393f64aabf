"""Monthly early warning: season of earlier years, missing months named, the month in which a light turns."""

from __future__ import annotations

import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.season import days_share, project
from dafeng.accounting.warning import early_warning
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
BOOK = Book(CATALOGUE)
# Twelve months that add up to 100: half of the year in the first seven.
SEASON = (8, 7, 7, 6, 6, 7, 9, 12, 11, 9, 9, 9)


def facts(**registers: list[dict]) -> Facts:
    return Facts(CATALOGUE, {name: frame_of_rows(CATALOGUE.registers[name], rows) for name, rows in registers.items()})


def power(year: int, amounts, sector: str = "services", carrier: str = "electricity") -> list[dict]:
    unit = {"electricity": "wan_kwh", "natural_gas": "wan_m3"}[carrier]
    return [
        {"month": f"{year}-{number:02d}", "sector": sector, "carrier": carrier, "amount": float(amount), "unit": unit}
        for number, amount in enumerate(amounts, start=1)
        if amount is not None
    ]


def ledger(year: int, amounts, budget: float, receiver: str = "甲街道", kind: str = "subdistrict") -> list[dict]:
    return [
        {"month": f"{year}-{number:02d}", "kind": kind, "receiver": receiver, "energy_tce": float(amount),
         "budget_tce": budget}
        for number, amount in enumerate(amounts, start=1)
        if amount is not None
    ]  # fmt: skip


def warned(*rows: list[dict], month: str | None = None, budgets=None):
    return early_warning(facts(monthly_energy=[one for part in rows for one in part]), BOOK, month, budgets)


def of_ledger(*rows: list[dict], month: str | None = None):
    return early_warning(facts(dual_control_monthly=[one for part in rows for one in part]), BOOK, month)


def shown(table, row: str) -> dict:
    return {column.id: table.shown(table.row(row), column) for column in table.columns}


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_the_year_is_projected_by_the_share_of_earlier_years_with_their_spread():
    other = (10, 8, 7, 6, 6, 7, 9, 12, 10, 9, 8, 8)  # 44 % by June, against 41 %
    table, problems = of_ledger(
        ledger(2023, SEASON, 120), ledger(2024, other, 120), ledger(2025, (9, 8, 8, 7, 7, 8), 120), month="2025-06"
    )
    row = shown(table, "subdistrict.甲街道")
    # So far 47; last year 44; mean share 42.5 %: 110.59; by 44 %: 106.82, by 41 %: 114.63.
    assert row["so_far"] == 47
    assert row["last_year"] == 44
    assert row["growth"] == pytest.approx(100 * 3 / 44)
    assert row["projected"] == pytest.approx(47 / 0.425, abs=1e-6)
    assert row["low"] == pytest.approx(47 / 0.44, abs=1e-6)
    assert row["high"] == pytest.approx(47 / 0.41, abs=1e-6)
    assert row["budget_so_far"] == pytest.approx(51)
    assert row["used"] == pytest.approx(100 * 47 / 51)
    assert row["past_years"] == 2
    # Two earlier years hold a third one between them with probability 1/3.
    assert row["coverage"] == pytest.approx(100 / 3)
    assert table.row("subdistrict.甲街道").cells["light"].inputs["light"] == "on_course"
    assert problems == []


@pytest.mark.parametrize(("budget", "expected"), [(115, "on_course"), (112, "slipping"), (110, "behind")])
def test_green_needs_the_whole_range_yellow_the_middle(budget: float, expected: str):
    other = (10, 8, 7, 6, 6, 7, 9, 12, 10, 9, 8, 8)
    table, _ = of_ledger(
        ledger(2023, SEASON, 120), ledger(2024, other, 120), ledger(2025, (9, 8, 8, 7, 7, 8), budget), month="2025-06"
    )
    light = table.row("subdistrict.甲街道").cells["light"]
    assert light.inputs["light"] == expected
    assert light.inputs["status"] == "assumption"


def test_the_first_month_that_turned_is_named_and_knows_nothing_later():
    # By March 8+7+7 = 22 of 100. Budget 100: 22 keeps it, April 10 for 6 turns it: 32/28 % = 114.
    table, _ = of_ledger(ledger(2024, SEASON, 100), ledger(2025, (8, 7, 7, 10, 2, 7), 100), month="2025-06")
    row = shown(table, "subdistrict.甲街道")
    assert row["first_yellow"] == 4
    assert row["first_red"] == 4
    # May makes up for it: 34/34 %.
    assert table.row("subdistrict.甲街道").cells["light"].inputs["light"] == "on_course"
    until_march, _ = of_ledger(ledger(2024, SEASON, 100), ledger(2025, (8, 7, 7, 10, 2, 7), 100), month="2025-03")
    assert shown(until_march, "subdistrict.甲街道")["first_red"] is None
    assert "未出现" in until_march.row("subdistrict.甲街道").cells["first_red"].reason.zh


def test_a_missing_month_is_named_and_left_out_on_both_sides():
    table, problems = of_ledger(ledger(2024, SEASON, 100), ledger(2025, (8, None, 7, 6), 100), month="2025-04")
    row = shown(table, "subdistrict.甲街道")
    assert row["so_far"] == 21
    assert row["last_year"] == 21
    assert row["growth"] == pytest.approx(0)
    assert row["projected"] == pytest.approx(100)
    assert "2025-02" in table.row("subdistrict.甲街道").cells["so_far"].reason.zh
    assert codes(problems) == ["account.months-missing"] * 2  # the subdistrict and the sum of all
    assert "2025-02" in problems[0].rule.zh


def test_a_carriers_month_without_one_of_its_sectors_is_no_month():
    rows = (
        *power(2024, SEASON),
        *power(2024, SEASON, "industry"),
        *power(2025, (8, 7)),
        *power(2025, (8,), "industry"),
    )
    table, problems = warned(list(rows), month="2025-02")
    # January of both sectors: 16 万kWh × 0.28232 kgce/kWh = 45.1712 tce.
    assert shown(table, "electricity")["so_far"] == pytest.approx(45.1712)
    assert codes(problems) == ["account.months-missing"]
    assert "工业" in problems[0].rule.zh
    assert "Industry" in problems[0].rule.en


def test_electricity_and_gas_are_summed_at_coal_equivalent():
    table, _ = warned(
        power(2024, SEASON), power(2024, SEASON, carrier="natural_gas"), power(2025, (8,)),
        power(2025, (8,), carrier="natural_gas"), month="2025-01",
    )  # fmt: skip
    electricity, gas = (shown(table, code)["so_far"] for code in ("electricity", "natural_gas"))
    # 8 万kWh × 2.8232; 8 万m3 × the gas's own coefficient.
    assert electricity == pytest.approx(22.5856)
    assert gas == pytest.approx(8 * 10 * BOOK.use("ce_natural_gas", 2025).value)
    assert shown(table, "energy")["so_far"] == pytest.approx(electricity + gas)
    assert [row.code for row in table.rows] == ["energy", "electricity", "natural_gas"]


def test_without_a_budget_there_is_no_light_and_a_given_one_counts():
    rows = power(2024, SEASON), power(2025, (9,))
    assert warned(*rows, month="2025-01")[0].row("electricity").cells["light"].key == "NE"
    # 9 of a season of 8 % at 2.8232 tce/万kWh: 112.5 × 2.8232 = 317.6 tce.
    table, _ = warned(*rows, month="2025-01", budgets={"electricity": 300.0})
    assert table.row("electricity").cells["light"].inputs["light"] == "behind"


def test_one_earlier_year_projects_without_a_range():
    table, _ = of_ledger(ledger(2024, SEASON, 100), ledger(2025, (8,), 100), month="2025-01")
    row = table.row("subdistrict.甲街道")
    assert shown(table, row.code)["projected"] == pytest.approx(100)
    for name in ("low", "high", "coverage"):
        assert row.cells[name].key == "NE"
        assert "往年不足两年" in row.cells[name].reason.zh


def test_without_any_earlier_year_days_stand_in_and_the_figure_is_an_estimate():
    table, _ = of_ledger(ledger(2025, (31, 28, 31), 365), month="2025-03")
    cell = table.row("subdistrict.甲街道").cells["projected"]
    assert cell.value == 365_000_000
    assert cell.estimated == cell.value
    assert "天数" in cell.reason.zh


def test_an_earlier_year_with_a_month_missing_gives_no_season():
    gone = (*SEASON[:11], None)
    table, _ = of_ledger(ledger(2023, gone, 100), ledger(2024, SEASON, 100), ledger(2025, (8,), 100), month="2025-01")
    assert shown(table, "subdistrict.甲街道")["past_years"] == 1


def test_the_sum_of_receivers_has_the_sum_of_their_budgets():
    table, _ = of_ledger(
        ledger(2024, SEASON, 100),
        ledger(2024, SEASON, 50, "乙街道"),
        ledger(2025, (8,), 100),
        ledger(2025, (8,), 50, "乙街道"),
        month="2025-01",
    )
    assert shown(table, "subdistrict")["budget"] == 150
    assert shown(table, "subdistrict")["so_far"] == 16


def test_the_latest_month_is_taken_when_none_is_asked_for():
    table, _ = of_ledger(ledger(2024, SEASON, 100), ledger(2025, (8, 7), 100))
    assert table.name.zh.endswith("2025-02")
    assert table.year == 2025


def test_what_is_no_month_is_refused():
    with pytest.raises(BadInput) as caught:
        of_ledger(ledger(2024, SEASON, 100), month="2024-13")
    assert codes(caught.value.problems) == ["account.month"]


def test_no_months_at_all_is_said():
    table, problems = early_warning(Facts(CATALOGUE, {}), BOOK)
    assert list(table.rows) == []
    assert codes(problems) == ["account.no-months"]


def test_a_budget_that_changes_within_the_year_is_flagged_and_the_latest_counts():
    rows = [*ledger(2025, (8,), 100), ledger(2025, (8, 7), 90)[1]]
    table, problems = of_ledger(ledger(2024, SEASON, 100), rows, month="2025-02")
    assert "account.budget-changes" in codes(problems)
    assert shown(table, "subdistrict.甲街道")["budget"] == 90


def test_a_unit_that_cannot_convert_is_refused_by_carrier():
    wrong = [{**row, "unit": "tonne"} for row in power(2025, (8,))]
    _, problems = warned(power(2024, SEASON), wrong, month="2025-01")
    assert "account.month-unit" in codes(problems)
    assert problems[0].place.item == "monthly_energy electricity"


def test_a_flat_season_counts_days_and_knows_leap_years():
    assert days_share({1: 0, 2: 0}, 2024) == pytest.approx(60 / 366)
    assert days_share({1: 0, 2: 0}, 2025) == pytest.approx(59 / 365)


def test_nothing_held_or_nothing_in_the_past_months_projects_nothing():
    assert project({}, [], 2025) is None
    assert project({1: 5}, [dict.fromkeys(range(1, 13), 0.0) | {12: 9.0}], 2025) is None


def test_electricity_without_a_budget_is_held_to_the_growth_that_the_ledger_allows():
    months = [*power(2024, SEASON), *power(2025, (9, 7))]
    book = [*ledger(2024, SEASON, 101), *ledger(2025, (8, 7), 104)]
    table, _ = early_warning(facts(monthly_energy=months, dual_control_monthly=book), BOOK, "2025-02")
    budget = table.row("electricity").cells["budget"]
    # Last year 100 万kWh = 282.32 tce; the ledger allows 104 for 100: 293.6128 tce.
    assert budget.value == 293_612_800
    assert budget.estimated == budget.value
    assert "推算" in budget.reason.zh
    # 16 of 15 % projects 106.7 % of last year: red.
    assert table.row("electricity").cells["light"].inputs["light"] == "behind"
    assert table.row("subdistrict").cells["light"].inputs["light"] == "on_course"
