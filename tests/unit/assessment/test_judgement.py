"""A figure against its target: lights and gaps worked by hand."""

from __future__ import annotations

import pytest

from dafeng.assessment.judgement import Aim, expected_by, holds, judge
from dafeng.catalogue import load_catalogue

RULE = load_catalogue().rules["light_standard"]


def added(target: float = 22.0) -> Aim:
    return Aim(target, ">=", "cumulative", 2021, 2020, 2025)


@pytest.mark.parametrize(
    ("value", "year", "light"),
    [
        (13.2, 2023, "on_course"),  # three fifths of 22
        (12.5, 2023, "slipping"),  # 94.7 % of the path
        (11.0, 2023, "behind"),  # 83 % of the path
        (22.0, 2023, "done"),  # all of it two years early
        (22.0, 2025, "done"),
        (21.9, 2025, "behind"),  # due and not met is never merely slipping
        (None, 2025, "no_data"),
    ],
)
def test_an_addition_is_judged_against_equal_steps(value: float | None, year: int, light: str):
    assert judge(added(), value, year, "up", RULE).light == light


def test_the_gap_is_positive_when_ahead_whatever_the_direction():
    assert judge(added(), 14.0, 2023, "up", RULE).gap == pytest.approx(0.8)
    limit = Aim(1.3, "<=", "limit", 2021, 2020, 2025)
    assert judge(limit, 1.25, 2023, "down", RULE).gap == pytest.approx(0.05)
    assert judge(limit, 1.40, 2023, "down", RULE).gap == pytest.approx(-0.10)


def test_a_limit_that_is_exceeded_is_behind_in_any_year():
    limit = Aim(1.3, "<=", "limit", 2021, 2020, None)
    assert judge(limit, 1.31, 2024, "down", RULE).light in ("behind", "slipping")
    assert judge(limit, 1.30, 2024, "down", RULE).light in ("on_course", "done")


def test_a_cut_is_judged_on_the_compound_path():
    aim = Aim(13.5, "=", "reduction", 2021, 2020, 2025)
    # (1 − 0.135)^(3/5) = 0.916663: 8.3337 % by 2023
    assert expected_by(aim, 2023) == pytest.approx(8.3337, abs=5e-5)
    assert judge(aim, 8.4, 2023, "up", RULE).light == "on_course"
    assert judge(aim, 7.0, 2023, "up", RULE).light == "behind"
    assert judge(aim, 14.1, 2025, "up", RULE).light == "done"


def test_a_level_without_a_base_year_figure_has_no_path_but_is_judged_when_due():
    aim = Aim(45.0, ">=", "level", 2021, 2020, 2025, base=None)
    early = judge(aim, 41.0, 2023, "up", RULE)
    assert (early.expected, early.gap) == (None, None)
    assert judge(aim, 41.0, 2025, "up", RULE).light == "behind"
    assert judge(aim, 45.2, 2025, "up", RULE).light == "done"


def test_a_target_without_a_figure_is_never_judged():
    verdict = judge(Aim(None, ">=", "reduction", 2021, 2020, 2025), 12.0, 2025, "up", RULE)
    assert (verdict.light, verdict.met) == ("no_data", None)


@pytest.mark.parametrize(
    ("value", "comparator", "target", "kept"),
    [
        (50.0, ">", 50.0, False), (50.1, ">", 50.0, True), (0.1 + 0.2, ">=", 0.3, True), (19, "~", 20, True),
        (17.9, "~", 20, False), (1.3, "<=", 1.3, True), (1.3, "<", 1.3, False),
    ],
)  # fmt: skip
def test_comparators_mean_what_the_plan_says(value: float, comparator: str, target: float, kept: bool):
    assert holds(value, comparator, target) is kept


def test_a_broken_limit_is_behind_however_little_it_is_broken():
    limit = Aim(1.25, "<=", "limit", 2021, 2020, None)
    assert judge(limit, 1.26, 2024, "down", RULE).light == "behind"


def test_a_level_that_was_reached_before_the_plan_began_is_to_be_kept():
    aim = Aim(90.0, ">=", "level", 2026, 2025, 2030, base=96.9)
    verdict = judge(aim, 96.0, 2027, "up", RULE)
    assert (verdict.expected, verdict.light) == (90.0, "on_course")
    assert verdict.gap == pytest.approx(6.0)


def test_a_path_goes_through_what_the_plan_asks_on_the_way():
    aim = Aim(15.0, ">=", "level", 2021, 2020, 2030, base=8.0, milestones=((2020, 8.0), (2025, 10.0), (2030, 15.0)))
    # Through 10 % in 2025, not the straight line's 11.5 %.
    assert expected_by(aim, 2025) == 10.0
    assert expected_by(aim, 2027) == pytest.approx(12.0)


def test_in_a_running_year_additions_are_expected_in_proportion():
    # 22 over five years; at half of 2023 the path stands at 2.5 × 4.4 = 11.
    verdict = judge(added(), 11.0, 2023, "up", RULE, elapsed=0.5)
    assert verdict.expected == pytest.approx(11.0)
    assert verdict.light == "on_course"


def test_a_target_due_in_the_running_year_is_not_yet_judged_as_due():
    verdict = judge(added(), 19.0, 2025, "up", RULE, elapsed=0.5)
    assert verdict.due is False
    assert verdict.light == "slipping"  # 19 of 19.8


def test_a_level_without_a_year_is_held_like_a_limit():
    aim = Aim(1.4, "<=", "level", 2021, 2020, None)
    assert judge(aim, 1.44, 2025, "down", RULE).light == "behind"
    assert judge(aim, 1.38, 2025, "down", RULE).light == "on_course"
