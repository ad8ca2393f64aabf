"""Intensity arithmetic against printed answers and hand work.

Sources: the method note of 2009 on energy per GDP (−1.51, 2.20, 4.18 % against 17 % print 26.8 %), a district's
plan for 2021–2025 (26.16 % against 15 % prints 186.61 %), the national plan for 2026–2030 (17 %, 10 %).
"""

from __future__ import annotations

import math

import pytest

from dafeng.accounting import intensity
from dafeng.accounting.intensity import Part
from dafeng.assessment import trajectory
from dafeng.core.errors import BadInput


@pytest.mark.parametrize(
    ("total_pct", "yearly_pct"), [(13.5, 2.859), (14, 2.971), (18, 3.891), (20, 4.365), (17, 3.658), (10, 2.085)]
)
def test_a_cut_over_five_years_is_the_printed_yearly_rate(total_pct: float, yearly_pct: float):
    assert round(100 * intensity.annual_rate(total_pct / 100, 5), 3) == yearly_pct


def test_three_years_against_17_pct_have_done_26_8_pct_of_the_way():
    done = intensity.cumulative([-0.0151, 0.0220, 0.0418])
    # 1.0151 × 0.9780 × 0.9582 = 0.951270…; ln 0.951270 = −0.049957, ln 0.83 = −0.186330.
    assert done == pytest.approx(1 - 0.951270, abs=5e-7)
    progress = intensity.log_progress(done, 0.17)
    assert progress is not None
    assert round(100 * progress, 1) == 26.8


def test_26_16_pct_against_15_pct_is_186_61_pct():
    progress = intensity.log_progress(0.2616, 0.15)
    assert progress is not None
    assert round(100 * progress, 2) == 186.61


def test_a_yearly_cut_from_two_growth_rates():
    # Energy +2 %, output +5 %: 1 − 1.02/1.05 = 2.857 %.
    assert intensity.cut_of_growth(0.02, 0.05) == pytest.approx(0.0285714, abs=1e-7)
    assert intensity.cut(150 / 2000, 151.2 / 2100) == pytest.approx(0.04, abs=1e-12)


def test_what_is_still_needed_makes_the_target_with_what_is_done():
    done = intensity.cumulative([0.02, 0.03])
    need = intensity.remaining_need(0.135, done, 3)
    assert need is not None
    # (0.865 / (0.98 × 0.97))^(1/3) = (0.909951)^(1/3) = 0.969034.
    assert need == pytest.approx(1 - 0.969034, abs=1e-6)
    assert intensity.cumulative([0.02, 0.03, need, need, need]) == pytest.approx(0.135, abs=1e-12)


def test_no_year_left_needs_nothing_more_and_a_rise_is_negative_progress():
    assert intensity.remaining_need(0.135, 0.10, 0) is None
    progress = intensity.log_progress(-0.02, 0.135)
    assert progress is not None
    assert progress == pytest.approx(math.log(1.02) / math.log(0.865), abs=1e-12)
    assert progress < 0


def test_a_target_that_is_no_cut_has_no_progress():
    assert intensity.log_progress(0.05, 0.0) is None
    assert intensity.log_progress(0.05, 1.0) is None


def test_the_path_is_the_compound_one_and_flat_beyond_its_ends():
    assert intensity.path(0.135, 5, 5) == pytest.approx(0.135, abs=1e-15)
    assert intensity.path(0.135, 5, 1) == pytest.approx(0.02859, abs=1e-5)
    assert intensity.path(0.135, 5, 0) == 0
    assert intensity.path(0.135, 5, 9) == pytest.approx(0.135, abs=1e-15)


# Two sectors: rates 10 % and 20 % neither add to 30 nor average to 15.
HEAVY = Part("industry", 100, 100, 80, 72)  # 0.80 → 0.72: 10 %
LIGHT = Part("services", 100, 150, 20, 24)  # 0.20 → 0.16: 20 %
WHOLE = Part("district", 200, 250, 100, 96)  # 0.50 → 0.384: 23.2 %


def test_the_wholes_cut_comes_from_sums_of_energy_and_output():
    assert intensity.cut_of_parts([HEAVY, LIGHT]) == pytest.approx(0.232, abs=1e-12)


def test_contributions_of_parts_add_up_to_the_wholes_cut():
    each = [intensity.contribution(part, WHOLE) for part in (HEAVY, LIGHT)]
    # (80/200 − 72/250)/0.5 = 0.224; (20/200 − 24/250)/0.5 = 0.008.
    assert each == pytest.approx([0.224, 0.008], abs=1e-12)


def test_homes_have_a_contribution_though_they_have_no_output():
    homes = Part("homes", None, None, 10, 15)
    whole = Part("district", 200, 250, 110, 111)
    # (10/200 − 15/250) / (110/200) = −0.01/0.55.
    assert intensity.contribution(homes, whole) == pytest.approx(-0.01 / 0.55, abs=1e-12)


def test_adding_rates_of_parts_is_refused_by_name():
    with pytest.raises(BadInput) as caught:
        intensity.cut_of_parts([HEAVY, Part("trade", rate=0.1), Part("services", rate=0.2)])
    assert [problem.code for problem in caught.value.problems] == ["account.rates-do-not-add"] * 2
    assert [problem.place.item for problem in caught.value.problems] == ["trade", "services"]


def test_parts_without_a_base_year_are_refused():
    with pytest.raises(BadInput) as caught:
        intensity.cut_of_parts([Part("industry", 0, 100, 0, 72)])
    assert caught.value.problems[0].code == "account.parts-without-base"


@pytest.mark.parametrize(
    ("target_pct", "done_pct", "elapsed"), [(13.5, 7.2, 3), (17, -1.51, 1), (15, 26.16, 5), (10, 2.1, 2)]
)
def test_the_sheet_and_the_path_of_a_target_count_alike(target_pct: float, done_pct: float, elapsed: int):
    target, done = target_pct / 100, done_pct / 100
    assert 100 * intensity.path(target, 5, elapsed) == pytest.approx(
        trajectory.cut_by(target_pct, 2020, 2025, 2020 + elapsed)
    )
    assert intensity.log_progress(done, target) == pytest.approx(trajectory.cut_progress(done_pct, target_pct))
    if elapsed < 5:
        need = intensity.remaining_need(target, done, 5 - elapsed)
        assert need is not None
        assert 100 * need == pytest.approx(trajectory.remaining_rate(target_pct, done_pct, 5 - elapsed))
