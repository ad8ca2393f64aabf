"""Lines of the account: whole numbers, so that every way of adding them gives the same sum."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafeng.accounting.lines import ENERGY, PER, SMALLEST, must_fit, numbered, whole
from dafeng.core.errors import BadInput


def made(amount: float, unit: str) -> int:
    smallest, times = SMALLEST[unit]
    assert smallest in PER
    return pl.DataFrame({"a": [amount]}).select(whole(pl.col("a") * times)).item()


def test_a_kilowatt_hour_typed_in_ten_thousands_is_a_thousand_watt_hours():
    assert made(0.0001, "wan_kwh") == 1000


def test_a_cubic_metre_is_a_thousand_litres_and_a_tonne_a_million_grams():
    assert made(0.0001, "wan_m3") == 1000
    assert made(1.0, "tonne") == 1_000_000
    assert made(2.5, "gj") == 2_500_000


def test_half_of_the_smallest_unit_rounds_away_from_zero_on_both_sides():
    assert pl.DataFrame({"a": [0.5, -0.5, 1.4, -1.4]}).select(whole(pl.col("a")))["a"].to_list() == [1, -1, 1, -1]


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60), st.randoms())
def test_sums_agree_in_whatever_groups_and_order_lines_are_added(amounts: list[float], random):
    lines = pl.DataFrame({"g": [random.randrange(4) for _ in amounts], "a": amounts})
    lines = lines.with_columns(whole(pl.col("a") * 1e6))
    shuffled = lines.sample(fraction=1.0, shuffle=True, seed=3)
    assert shuffled.group_by("g").agg(pl.col("a").sum())["a"].sum() == lines["a"].sum()


def test_lines_are_numbered_through_and_hold_every_column():
    one = pl.DataFrame({"year": [2025], "amount": [5]})
    lines = numbered([one, one, pl.DataFrame()], ENERGY)
    assert lines["line"].to_list() == [1, 2]
    assert lines.schema == pl.Schema(ENERGY)


def test_a_sum_no_district_can_have_is_refused():
    lines = pl.DataFrame({"amount": [2**62]})
    with pytest.raises(BadInput) as caught:
        must_fit(lines, ("amount",))
    assert [problem.code for problem in caught.value.problems] == ["account.too-large"]
