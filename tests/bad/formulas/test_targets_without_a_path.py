"""Targets that a hand edited wrongly have no path; the figure still stands beside them."""

from __future__ import annotations

import pytest

from dafeng.assessment.judgement import Aim, expected_by, judge
from dafeng.catalogue import load_catalogue


@pytest.mark.parametrize(
    "aim",
    [
        Aim(1e308, ">=", "reduction", 2021, 2020, 2025),  # a cut of more than everything
        Aim(850.0, ">=", "reduction", 2021, 2020, 2025),  # 8.50 % without its point
        Aim(14.0, ">=", "reduction", 2026, 2025, 2025),  # measured against the year it is due
        Aim(14.0, ">=", "reduction", 2041, 2040, 2025),
        Aim(20.0, ">=", "cumulative", 2021, 2020, 2020),  # due before it is counted
    ],
)
def test_there_is_no_path_and_no_fall(aim: Aim):
    assert expected_by(aim, 2023) is None
    verdict = judge(aim, 10.0, 2023, "up", load_catalogue().rules["light_standard"])
    assert verdict.expected is None
    assert verdict.progress is None


def test_a_cut_of_everything_is_judged_without_a_logarithm_of_nothing():
    aim = Aim(100.0, ">=", "reduction", 2021, 2020, 2025)
    assert judge(aim, 50.0, 2025, "up", load_catalogue().rules["light_standard"]).light == "behind"
