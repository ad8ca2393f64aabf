"""Has a series peaked? Verdicts on series whose answer can be told by hand, and the trend test by counting."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafeng.pathway.peak import judge, mann_kendall, theil_sen

RISE = [100, 110, 120, 130, 140, 150]


def verdict(values: list[float], first: int = 2005) -> str:
    return judge(range(first, first + len(values)), values).verdict


def test_six_years_of_steady_fall_after_the_highest_are_a_peak():
    found = judge(range(2005, 2017), [*RISE, 145, 140, 135, 130, 125, 120])
    assert (found.verdict, found.year, found.level, found.years_since) == ("peaked", 2010, 150, 6)
    assert found.drop == pytest.approx(0.2)
    # Six falling values: one order of 720.
    assert found.p_value == pytest.approx(1 / 720)


def test_a_series_whose_last_year_is_the_highest_has_not_peaked():
    assert verdict([*RISE, 160, 170]) == "not peaked"
    assert verdict(RISE[:3]) == "not peaked"


def test_four_years_after_the_highest_are_too_early_and_five_are_enough():
    assert verdict([*RISE, 140, 130, 120, 110]) == "too early"
    assert verdict([*RISE, 140, 130, 120, 110, 100]) == "peaked"


def test_seven_years_in_all_are_too_short():
    assert verdict([150, 140, 130, 120, 110, 100, 90]) == "too early"


def test_six_years_at_nearly_the_highest_are_a_plateau():
    found = judge(range(2005, 2017), [*RISE, 149, 148, 149, 148, 147, 148])
    assert (found.verdict, found.plateau) == ("not peaked", True)


def test_a_fall_that_turns_into_a_rise_is_not_yet_a_peak():
    assert verdict([*RISE, 130, 120, 118, 124, 131, 138]) == "too early"


def test_a_step_down_that_stays_down_is_a_peak_though_it_has_no_trend():
    found = judge(range(2005, 2017), [*RISE, 140, 135, 137, 134, 138, 136])
    assert found.verdict == "peaked"
    assert found.p_value is not None
    assert found.p_value > 0.1


def test_a_verdict_that_a_revision_of_the_last_two_years_would_undo_is_not_given():
    # The last three years are 3.7 % below the highest; with the last two raised by 2 % they are within 3 %.
    found = judge(range(2005, 2017), [*RISE, 147, 146, 145.4, 145, 144.5, 144])
    assert (found.verdict, found.robust) == ("too early", False)
    assert judge(range(2005, 2017), [*RISE, 147, 146, 143, 142, 141, 140]).robust


def test_the_latest_of_several_equal_maxima_counts():
    assert judge(range(2005, 2015), [1, 5, 5, 3, 3, 3, 2, 2, 2, 2]).year == 2007


def test_a_district_without_emissions_has_no_peak():
    assert verdict([0.0] * 10) == "not peaked"


def test_the_trend_test_counts_the_orders_that_fall_at_least_as_much():
    orders = list(itertools.permutations(range(5)))

    def falls(order: tuple[int, ...]) -> int:
        return sum(b < a for k, a in enumerate(order) for b in order[k + 1 :])

    for order in ((4, 3, 2, 1, 0), (3, 4, 2, 0, 1), (0, 1, 2, 3, 4), (2, 4, 1, 3, 0)):
        as_extreme = sum(falls(other) >= falls(order) for other in orders)
        assert mann_kendall(order) == pytest.approx(as_extreme / 120)


def test_with_ties_the_normal_approximation_is_near_the_exact_answer():
    exact = mann_kendall([9, 8, 7, 6.5, 6, 5, 4, 3, 2, 1, 0.5, 0.7])
    assert mann_kendall([9, 8, 7, 6.5, 6.5, 5, 4, 3, 2, 1, 0.5, 0.7]) == pytest.approx(exact, abs=1e-4)
    assert mann_kendall([5, 5, 5, 5]) == 1.0


def test_the_median_slope_does_not_mind_one_wild_year():
    assert theil_sen([1, 2, 3, 4, 5], [1, 2, 3, 4, 500]) == 1.0


@given(st.lists(st.floats(1, 1e6), min_size=8, max_size=30))
def test_the_unit_of_the_series_does_not_matter(values: list[float]):
    one, other = judge(range(len(values)), values), judge(range(len(values)), [v * 2.0**8 for v in values])
    assert (one.verdict, one.year, one.p_value) == (other.verdict, other.year, other.p_value)
