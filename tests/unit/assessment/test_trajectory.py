"""Known answers of the arithmetic by which districts are judged."""

from __future__ import annotations

import pytest

from dafeng.assessment import trajectory


def test_thirteen_and_a_half_percent_over_five_years_is_2_859_percent_a_year():
    assert trajectory.yearly_rate(13.5, 5) == pytest.approx(2.859, abs=5e-4)
    assert trajectory.cut_by(13.5, 2020, 2025, 2021) == pytest.approx(2.859, abs=5e-4)
    assert [round(trajectory.yearly_rate(k, 5), 3) for k in (14, 18, 20)] == [2.971, 3.891, 4.365]


def test_progress_is_measured_in_logarithms_as_a_district_prints_it():
    # 26.16 % done against 15 % is printed as 186.61 % in an official district plan.
    assert 100 * trajectory.cut_progress(26.16, 15) == pytest.approx(186.61, abs=5e-3)


def test_three_years_of_cuts_against_seventeen_percent_are_26_8_percent_of_the_way():
    # Method note of a provincial statistics bureau: −1.51, 2.20 and 4.18 % against 17 % → 26.8 %.
    done = 100 * (1 - (1 + 0.0151) * (1 - 0.0220) * (1 - 0.0418))
    assert 100 * trajectory.cut_progress(done, 17) == pytest.approx(26.8, abs=0.05)


def test_what_is_left_closes_the_target():
    rate = trajectory.remaining_rate(13.5, 8.0, 2)
    assert 1 - (1 - 0.08) * (1 - rate / 100) ** 2 == pytest.approx(0.135)


@pytest.mark.parametrize(("year", "expected"), [(2020, 0), (2021, 4.4), (2023, 13.2), (2025, 22), (2027, 22)])
def test_an_addition_grows_in_equal_yearly_steps(year: int, expected: float):
    assert trajectory.added_by(22, 2021, 2025, year) == pytest.approx(expected)


@pytest.mark.parametrize(("year", "expected"), [(2019, 38), (2020, 38), (2022, 40.8), (2025, 45), (2026, 45)])
def test_a_level_goes_straight_from_the_base_year(year: int, expected: float):
    assert trajectory.level_by(45, 38, 2020, 2025, year) == pytest.approx(expected)


def test_milestones_are_joined_by_straight_lines_and_end_where_they_end():
    assert trajectory.through_milestones({2025: 75, 2035: 85}, 2030) == pytest.approx(80)
    assert trajectory.through_milestones({2025: 75, 2035: 85}, 2036) is None
