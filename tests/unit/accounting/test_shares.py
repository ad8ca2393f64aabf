"""What the totals rest on: statuses and filled gaps, in tonnes and in shares that add up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.accounting.test_inventory import frame, line, picked, shown

from dafeng.accounting.shares import in_tenths, status_shares


def test_a_total_says_how_much_of_it_rests_on_which_status():
    lines = frame(
        line("en_homes", 600, status="official"), line("en_homes", 300, "CH4", status="second-hand"),
        line("waste_incineration", 100, status="remembered"), line("indirect_electricity", 1000, status="official"),
        line("memo_biomass", 5000, status="assumption"),
    )  # fmt: skip
    table = status_shares(lines, 2025)
    assert shown(table, "total", "direct") == 1000
    assert shown(table, "official", "direct") == 600
    assert [shown(table, row, "direct_pct") for row in ("official", "second_hand", "remembered", "assumption")] == [
        60, 30, 10, 0,
    ]  # fmt: skip
    assert shown(table, "official", "with_indirect_pct") == 80
    assert shown(table, "official", "indirect_pct") == 100


def test_the_part_that_rests_on_filled_gaps_stands_apart():
    lines = frame(
        line("en_homes", 75, status="official"),
        line("en_trade", 20, status="official", estimate="interpolate 2023-2025"),
        line("en_industry", 5, status="official", estimate="carry 2024"),
    )
    table = status_shares(lines, 2025)
    assert shown(table, "measured", "direct") == 75
    assert shown(table, "filled", "direct") == 25
    assert shown(table, "filled", "direct_pct") == 25
    assert table.row("total").cells["direct"].estimated == 25_000_000


def test_every_sum_is_exactly_the_lines_it_picks():
    lines = frame(
        line("en_homes", 1 / 3, status="official"), line("en_trade", 1 / 7, status=None),
        line("en_trade", 9, status="official", year=2024),
        line("indirect_heat", 1 / 9, status="official", estimate="x"),
    )  # fmt: skip
    table = status_shares(lines, 2025)
    for row in table.rows:
        for cell in row.cells.values():
            if cell.pick is not None:
                assert picked(lines, cell.pick)["co2e_g"].sum() == cell.value
    assert shown(table, "unstated", "direct") == round(1e6 / 7) / 1e6


def test_parts_of_each_way_to_part_the_total_sum_to_it():
    lines = frame(*(line("en_homes", n, status=s) for n, s in ((1, "official"), (2, "remembered"), (4, "assumption"))))
    table = status_shares(lines, 2025)
    assert sum(
        row.cells["direct"].value or 0 for row in table.rows if row.code not in ("total", "measured", "filled")
    ) == (table.row("total").cells["direct"].value)
    assert (table.row("measured").cells["direct"].value or 0) + (table.row("filled").cells["direct"].value or 0) == 7e6


def test_without_emissions_there_is_no_share_and_no_hundred_percent():
    table = status_shares(frame(), 2025)
    assert shown(table, "total", "direct") == 0
    assert shown(table, "official", "direct_pct") == "NE"
    assert shown(table, "total", "direct_pct") == "NE"


def test_thirds_are_printed_as_shares_that_make_one_hundred():
    assert in_tenths([1, 1, 1]) == [334, 333, 333]
    assert in_tenths([0, 0]) == [None, None]


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=8))
def test_printed_shares_always_make_one_hundred(values):
    shares = in_tenths(values)
    if sum(values) == 0:
        assert set(shares) == {None}
    else:
        assert sum(share or 0 for share in shares) == 1000


def test_places_have_shares_of_their_own():
    lines = frame(
        line("en_homes", 1, status="official"), line("en_homes", 2, status="official", level="zone", place="北")
    )
    assert shown(status_shares(lines, 2025, "zone", "北"), "official", "direct") == 2
