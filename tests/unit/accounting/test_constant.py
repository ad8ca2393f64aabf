"""As reported beside constant factors: ΔCO2 = activity + factor, to the gram."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafeng.accounting.book import Book
from dafeng.accounting.constant import PARTS, constant_factors, lines_at_constant_factors
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.lines import EMISSIONS, of_schema
from dafeng.accounting.tables import Table
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
BOOK = Book(CATALOGUE)
ROWS = [
    {"year": year, "sector": "trade", "carrier": carrier, "amount": amount, "unit": unit}
    for year, carrier, amount, unit in (
        (2020, "electricity", 1000, "wan_kwh"), (2025, "electricity", 1200, "wan_kwh"),
        (2020, "natural_gas", 100, "wan_m3"), (2025, "natural_gas", 90, "wan_m3"),
    )
]  # fmt: skip
HELD = Facts(CATALOGUE, {"energy_consumption": frame_of_rows(CATALOGUE.registers["energy_consumption"], ROWS)})


def made(constant_year: int) -> dict[str, Table]:
    energy, _ = energy_lines(HELD, BOOK)
    reported, _ = emission_lines(energy, HELD, BOOK)
    constant, problems = lines_at_constant_factors(HELD, BOOK, constant_year)
    assert problems == []
    return constant_factors(reported, constant, constant_year)


def cells(table: Table, year: int, name: str) -> dict[str, float | None]:
    return {part: table.row(str(year)).cells[f"{name}_{part}"].value for part in PARTS}


def test_more_power_at_a_dirtier_grid_is_both_an_activity_and_a_factor_effect():
    old, new = (BOOK.use("grid_shanghai_inventory", year).value for year in (2020, 2025))
    found = cells(made(2025)["constant_factors"], 2025, "indirect")
    # kWh × kgCO2/kWh × 1000 = g: 2 GWh more at 2025's factor; the rest is 10 GWh × (new − old).
    assert found["activity"] == pytest.approx(2e6 * new * 1000, abs=1)
    assert found["factor"] == pytest.approx(1e7 * (new - old) * 1000, abs=1)
    assert found["change"] == pytest.approx(1.2e7 * new * 1000 - 1e7 * old * 1000, abs=1)


def test_the_factor_effect_of_what_has_one_vintage_is_nothing():
    found = cells(made(2025)["constant_factors"], 2025, "direct")
    assert found["factor"] == 0
    assert found["activity"] == found["change"]
    assert found["change"] is not None
    assert found["change"] < 0


@pytest.mark.parametrize("constant_year", [2020, 2025])
@pytest.mark.parametrize("name", ["direct", "indirect", "with_indirect", "energy_co2"])
def test_change_is_activity_plus_factor_to_the_gram(constant_year: int, name: str):
    table = made(constant_year)["constant_factors"]
    now, then = cells(table, 2025, name), cells(table, 2020, name)
    assert now["change"] == (now["activity"] or 0) + (now["factor"] or 0)
    assert now["change"] == (now["reported"] or 0) - (then["reported"] or 0)
    assert now["activity"] == (now["constant"] or 0) - (then["constant"] or 0)
    assert then["change"] is None


def test_the_factors_that_differ_are_listed_with_both_vintages_and_make_up_the_difference():
    tables = made(2025)
    listed = tables["constant_factors_used"]
    assert [row.code for row in listed.rows] == ["2020_grid_shanghai_inventory_co2"]
    row = listed.rows[0]
    vintages = [BOOK.use("grid_shanghai_inventory", year).vintage for year in (2020, 2025)]
    assert [row.cells[name].value for name in ("vintage", "constant_vintage")] == vintages
    then = cells(tables["constant_factors"], 2020, "with_indirect")
    assert row.cells["difference"].value == (then["reported"] or 0) - (then["constant"] or 0)


grams = st.lists(st.integers(-(10**14), 10**14), min_size=2, max_size=2)


@given(reported=grams, constant=grams)
def test_any_two_series_split_without_rest(reported: list[int], constant: list[int]):
    def frame(values: list[int]) -> pl.DataFrame:
        rows = [
            {"level": "district", "place": "", "year": year, "scope": 1, "gas": "CO2", "co2e_g": value}
            for year, value in zip((2020, 2021), values, strict=True)
        ]
        return of_schema(pl.DataFrame(rows), EMISSIONS)

    found = cells(constant_factors(frame(reported), frame(constant), 2021)["constant_factors"], 2021, "direct")
    assert found["activity"] == constant[1] - constant[0]
    assert (found["activity"] or 0) + (found["factor"] or 0) == reported[1] - reported[0]
