"""Missing years are filled only by a stated method, and what is filled can be seen in every sum above it."""

from __future__ import annotations

from typing import Any

import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.gaps import GapRule, filled, rules_of
from dafeng.accounting.inventory import inventory_tables
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.indicators.facts import Facts, frame_of_rows


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def gas(year: int, amount: float, sector: str = "homes") -> dict[str, Any]:
    return {"year": year, "sector": sector, "carrier": "natural_gas", "amount": amount, "unit": "wan_m3"}


def facts_of(catalogue, **registers: list[dict[str, Any]]) -> Facts:
    return Facts(catalogue, {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()})


def amounts(facts: Facts, sector: str = "homes") -> dict[int, tuple[float, str | None]]:
    frame = facts.frame("energy_consumption")
    assert frame is not None
    return {
        row["year"]: (row["amount"], row["estimate"]) for row in frame.iter_rows(named=True) if row["sector"] == sector
    }


def test_nothing_is_filled_unless_a_rule_says_so(catalogue):
    facts = facts_of(catalogue, energy_consumption=[gas(2022, 100), gas(2025, 130)])
    same, problems = filled(facts, [], [2022, 2023, 2024, 2025])
    frame = same.frame("energy_consumption")
    assert frame is not None
    assert frame["year"].to_list() == [2022, 2025]
    assert problems == []


def test_years_between_two_are_on_the_line_between_them(catalogue):
    facts = facts_of(catalogue, energy_consumption=[gas(2022, 100), gas(2025, 130)])
    full, problems = filled(facts, [GapRule("energy_consumption", "interpolate")], [2022, 2023, 2024, 2025])
    assert amounts(full) == {
        2022: (100, None),
        2025: (130, None),
        2023: (pytest.approx(110), "interpolate 2022-2025"),
        2024: (pytest.approx(120), "interpolate 2022-2025"),
    }
    assert [(problem.code, problem.level) for problem in problems] == [("account.gap-filled", "warning")] * 2
    assert problems[0].place.row == 1


def test_interpolation_never_goes_beyond_the_last_year_and_says_that_the_gap_is_open(catalogue):
    facts = facts_of(catalogue, energy_consumption=[gas(2023, 100), gas(2024, 110)])
    full, problems = filled(facts, [GapRule("energy_consumption", "interpolate")], [2023, 2024, 2025])
    assert set(amounts(full)) == {2023, 2024}
    assert [problem.code for problem in problems] == ["account.gap-open"]


def test_the_latest_year_is_carried_no_farther_than_the_rule_allows(catalogue):
    facts = facts_of(catalogue, energy_consumption=[gas(2023, 100)])
    full, problems = filled(facts, [GapRule("energy_consumption", "carry", farthest=1)], [2023, 2024, 2025])
    assert amounts(full) == {2023: (100, None), 2024: (100, "carry 2023")}
    assert [problem.code for problem in problems] == ["account.gap-filled", "account.gap-open"]


def test_a_proxy_scales_by_its_driver(catalogue):
    totals = [{"year": 2024, "residents": 100}, {"year": 2025, "residents": 98}]
    facts = facts_of(catalogue, energy_consumption=[gas(2024, 50)], yearly_totals=totals)
    full, _ = filled(facts, [GapRule("energy_consumption", "proxy", "residents")], [2024, 2025])
    assert amounts(full)[2025] == (pytest.approx(49), "proxy residents 2024")


def test_a_proxy_without_its_driver_leaves_the_gap_open(catalogue):
    facts = facts_of(catalogue, energy_consumption=[gas(2024, 50)])
    _, problems = filled(facts, [GapRule("energy_consumption", "proxy", "residents")], [2024, 2025])
    assert [problem.code for problem in problems] == ["account.gap-open"]


def test_a_driver_that_is_no_column_is_refused(catalogue):
    facts = facts_of(catalogue, energy_consumption=[gas(2024, 50)], yearly_totals=[{"year": 2024, "residents": 1}])
    with pytest.raises(BadInput) as caught:
        filled(facts, [GapRule("energy_consumption", "proxy", "moonlight")], [2025])
    assert caught.value.problems[0].code == "account.gap-driver"


def test_a_gap_is_of_one_sector_and_carrier_not_of_the_register(catalogue):
    rows = [gas(2023, 10), gas(2024, 10), gas(2025, 10), gas(2023, 5, "trade"), gas(2025, 7, "trade")]
    full, _ = filled(
        facts_of(catalogue, energy_consumption=rows), [GapRule("energy_consumption", "interpolate")], [2023, 2024, 2025]
    )
    assert amounts(full, "trade")[2024] == (pytest.approx(6), "interpolate 2023-2025")
    assert len(amounts(full)) == 3


def test_a_filled_year_is_accounted_and_flagged_in_the_total(catalogue):
    facts = facts_of(catalogue, energy_consumption=[gas(2023, 100), gas(2025, 100), gas(2024, 1, "trade")])
    full, _ = filled(facts, [GapRule("energy_consumption", "interpolate")], [2024])
    book = Book(catalogue)
    energy, _ = energy_lines(full, book)
    emissions, _ = emission_lines(energy, full, book)
    cell = inventory_tables(emissions, catalogue, 2024)["inventory"].row("total").cells["co2"]
    assert cell.value is not None
    # 100 of the 101 units of gas are filled.
    assert cell.estimated == pytest.approx(cell.value * 100 / 101, rel=1e-6)
    assert cell.estimated == pytest.approx(100 * 21.622e6, rel=1e-4)


def test_rules_are_read_from_settings_and_incomplete_ones_are_refused_together():
    assert rules_of({"energy_consumption": {"method": "carry", "farthest": 1}}) == [
        GapRule("energy_consumption", "carry", None, 1)
    ]
    with pytest.raises(BadInput) as caught:
        rules_of({"a": {"method": "guess"}, "b": {"method": "proxy"}, "c": {"method": "carry", "driver": "x"}})
    assert [problem.place.item for problem in caught.value.problems] == ["a", "b", "c"]
