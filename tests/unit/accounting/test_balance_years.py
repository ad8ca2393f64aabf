"""Final consumption by sector and carrier, year beside year."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dafeng.accounting.balance_years import energy_years
from dafeng.accounting.book import Book
from dafeng.accounting.energy import energy_lines
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def used(year: int, sector: str, carrier: str, amount: float, unit: str) -> dict[str, Any]:
    return {"year": year, "sector": sector, "carrier": carrier, "amount": amount, "unit": unit, "tce": None}


@pytest.fixture(scope="module")
def lines(catalogue):
    rows = [
        used(2023, "homes", "electricity", 100, "wan_kwh"),
        used(2024, "homes", "electricity", 110, "wan_kwh"),
        used(2024, "homes", "natural_gas", 10, "wan_m3"),
        used(2024, "industry", "electricity", 50, "wan_kwh"),
        used(2025, "industry", "electricity", 60, "wan_kwh"),
    ]
    facts = Facts(catalogue, {"energy_consumption": frame_of_rows(catalogue.registers["energy_consumption"], rows)})
    return energy_lines(facts, Book(catalogue))[0]


def test_sectors_stand_above_their_carriers_and_years_beside_each_other(lines, catalogue):
    table = energy_years(lines, catalogue, 2025)
    assert [row.code for row in table.rows] == [
        "final", "industry", "industry_electricity", "homes", "homes_electricity", "homes_natural_gas",
    ]  # fmt: skip
    assert [column.id for column in table.columns] == ["y2023", "y2024", "y2025"]
    # 2024: 110 × 2.8232 + 10 × 12.9971 = 310.552 + 129.971 tce at home, 50 × 2.8232 = 141.16 in industry.
    homes, final = (table.row(code).cells["y2024"].value for code in ("homes", "final"))
    assert (homes, final) == (440_523_000, 581_683_000)
    assert table.row("homes").cells["y2025"].key == "NE"


def test_calorific_value_is_asked_for_by_name_and_later_years_are_left_out(lines, catalogue):
    table = energy_years(lines, catalogue, 2024, basis="calorific")
    assert [column.id for column in table.columns] == ["y2023", "y2024"]
    assert table.row("homes_electricity").cells["y2024"].value == 110 * 1_229_000


def test_every_cell_is_the_sum_of_its_lines(lines, catalogue):
    for row in energy_years(lines, catalogue, 2025).rows:
        for cell in row.cells.values():
            if cell.pick is not None:
                held = lines
                for key, accepted in cell.pick.items():
                    held = held.filter(pl.col(key).is_in(accepted))
                assert held["gce_equal"].sum() == cell.value
