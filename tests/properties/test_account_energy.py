"""However a district's energy is split over places and units, the parts and the row of what is left are the whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting.balance import balance_tables
from dafeng.accounting.book import Book
from dafeng.accounting.boundary import boundary_energy, sites_in
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.levels import reconcile
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
UNIT_OF = {"electricity": "wan_kwh", "natural_gas": "wan_m3", "diesel": "tonne", "heat": "gj", "other": "tce"}
carriers = st.sampled_from(sorted(UNIT_OF))
amounts = st.floats(0, 1e7, allow_nan=False)
sectors = st.sampled_from(["industry", "trade", "homes"])


def rows(*keys: Any) -> st.SearchStrategy:
    return st.dictionaries(st.tuples(*keys, carriers), amounts, max_size=25)


def facts_of(**registers: list[dict[str, Any]]) -> Facts:
    frames = {name: frame_of_rows(CATALOGUE.registers[name], rows) for name, rows in registers.items()}
    return Facts(CATALOGUE, frames)


def whole_of(held: dict) -> list[dict[str, Any]]:
    return [
        {"year": 2025, "sector": sector, "carrier": carrier, "amount": amount, "unit": UNIT_OF[carrier], "tce": None}
        for (sector, carrier), amount in held.items()
    ]


@settings(max_examples=60, deadline=None)
@given(rows(sectors), rows(st.sampled_from("甲乙丙丁"), sectors), rows(st.sampled_from(["U1", "U2", "U3"])))
def test_parts_and_what_is_left_are_the_whole_to_the_last_digit_at_every_level(district, places, units):
    facts = facts_of(
        energy_consumption=whole_of(district),
        energy_by_place=[
            {"level": "subdistrict", "place": place, "year": 2025, "sector": sector, "carrier": carrier}
            | {"amount": amount, "unit": UNIT_OF[carrier]}
            for (place, sector, carrier), amount in places.items()
        ],
        key_units=[
            {"code": code, "name": code, "sector": "industry", "listed": "2021-01-01", "subdistrict": at}
            for code, at in (("U1", "甲"), ("U2", "甲"), ("U3", "乙"))
        ],
        key_unit_carriers=[
            {"unit": unit, "year": 2025, "carrier": carrier, "amount": amount, "unit_of_amount": UNIT_OF[carrier]}
            for (unit, carrier), amount in units.items()
        ],
    )
    lines, problems = energy_lines(facts, Book(CATALOGUE))
    assert problems == []
    assert lines.height == len(district) + len(places) + len(units)
    table, _ = reconcile(lines, facts, 2025)
    held = {row.code: row for row in table.rows}
    for row in table.rows:
        if row.kind != "difference":
            continue
        whole = row.parent
        assert whole is not None
        parts = [one for one in table.rows if one.parent == whole and one.kind != "difference"]
        for column, cell in row.cells.items():
            if cell.value is None:
                assert held[whole].cells[column].value is None or all(p.cells[column].value is None for p in parts)
                continue
            assert sum(part.cells[column].value or 0 for part in parts) + cell.value == held[whole].cells[column].value
            assert isinstance(cell.value, int)


@settings(max_examples=60, deadline=None)
@given(
    rows(sectors),
    rows(st.sampled_from(["from_outside", "primary", "to_outside", "into_power", "out_power", "loss", "stock_end"])),
)
def test_the_balance_closes_with_its_difference_in_every_table_and_sectors_are_the_whole(district, supply):
    facts = facts_of(
        energy_consumption=whole_of(district),
        energy_supply=[
            {"year": 2025, "flow": flow, "carrier": carrier, "amount": amount, "unit": UNIT_OF[carrier]}
            for (flow, carrier), amount in supply.items()
        ],
    )
    lines, problems = energy_lines(facts, Book(CATALOGUE))
    assert problems == []
    tables = balance_tables(lines, CATALOGUE, 2025)
    for name in ("balance", "balance_calorific", "balance_equal"):
        table = tables[name]
        for column in (column.id for column in table.columns):

            def value(row: str, table=table, column: str = column) -> float:
                return table.row(row).cells[column].value or 0

            sectors = ("primary_industry", "secondary_industry", "tertiary_industry", "homes")
            assert sum(value(row) for row in sectors) == value("final")
            if table.row("difference").cells[column].value is not None:
                available = value("supply") + value("transformation")
                assert available - value("losses") - value("final") == value("difference")
    # All energy is the sum of its carriers in every row that is a sum of lines.
    for name in ("balance_calorific", "balance_equal"):
        for row in tables[name].rows:
            cells = [cell.value or 0 for column, cell in row.cells.items() if column != "total"]
            if row.code not in ("difference", "consumption"):
                assert sum(cells) == (row.cells["total"].value or 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(carriers, amounts), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_no_sum(typed, random):
    def total(order: list[int]) -> dict[str, Any]:
        rows = [
            {"year": 1990 + number, "sector": "trade", "carrier": typed[number][0], "amount": typed[number][1]}
            | {"unit": UNIT_OF[typed[number][0]], "tce": None, "year": 2025 if number == 0 else 2006 + number % 15}
            for number in order
        ]
        keyed = {(row["year"], row["carrier"]): row for row in rows}
        lines, _ = energy_lines(facts_of(energy_consumption=list(keyed.values())), Book(CATALOGUE))
        return {name: lines[name].sum() for name in ("amount", "gce_calorific", "gce_equal")}

    distinct = list({(2025 if n == 0 else 2006 + n % 15, typed[n][0]): n for n in range(len(typed))}.values())
    shuffled = distinct[:]
    random.shuffle(shuffled)
    assert total(distinct) == total(shuffled)


def test_amounts_of_a_hundred_thousand_places_fit_a_whole_number_of_64_bits():
    rows = [
        {"level": "subdistrict", "place": f"P{number}", "year": 2025, "sector": "homes", "carrier": "electricity"}
        | {"amount": 1234.5678, "unit": "wan_kwh"}
        for number in range(100_000)
    ]
    lines, problems = energy_lines(facts_of(energy_by_place=rows), Book(CATALOGUE))
    assert problems == []
    assert lines["amount"].sum() == 100_000 * 12_345_678_000
    assert lines["gce_equal"].sum() == pytest.approx(100_000 * 1234.5678 * 2_823_200, rel=1e-9)


positions = st.one_of(st.none(), st.tuples(st.floats(119, 122), st.floats(29, 32)))
SQUARE = "POLYGON ((120 30, 121 30, 121 31, 120 31, 120 30))"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(positions, st.floats(0, 1e4)), max_size=20))
def test_every_site_is_inside_outside_or_without_position_and_none_is_lost(sites):
    facts = facts_of(
        account_sites=[
            {"code": f"S{number}", "name": "x", "kind": "building", "sector": "homes", "subdistrict": "甲"}
            | {"location": f"{at[0]},{at[1]}" if at else None}
            for number, (at, _) in enumerate(sites)
        ],
        meter_totals=[
            {"site": f"S{number}", "meter": f"M{number}", "carrier": "electricity", "month": "2025-01"}
            | {"amount": amount, "unit": "wan_kwh"}
            for number, (_, amount) in enumerate(sites)
        ],
    )
    lines, _ = energy_lines(facts, Book(CATALOGUE))
    found = sites_in(facts, SQUARE)
    assert found.inside.height + found.outside + found.unplaced.height == len(sites)
    inside = [number for number, (at, _) in enumerate(sites) if at and 120 <= at[0] <= 121 and 30 <= at[1] <= 31]
    assert found.codes == [f"S{number}" for number in inside]
    rest = [f"S{number}" for number in range(len(sites)) if number not in inside]
    sums = [boundary_energy(lines, one)[0]["gce_equal"].sum() for one in (found, sites_in(facts, rest))]
    assert sum(sums) == lines["gce_equal"].sum()
