"""The peak of an ensemble, on paths whose answer can be told by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafeng.pathway.peaks import needed_cut, peaks, summary

YEARS = range(2024, 2033)
#           2024 2025 | 2026 2027 2028 2029 2030 2031 2032
EARLY = [100.0, 110, 120, 118, 110, 100, 90, 80, 70]
LATE = [100.0, 110, 112, 114, 116, 118, 120, 122, 110]
NEVER = [100.0, 101, 102, 103, 104, 105, 106, 107, 108]
PASSED = [100.0, 99, 98, 97, 96, 95, 94, 93, 92]
ALL = np.array([EARLY, LATE, NEVER, PASSED])[:, None, :]


def test_year_and_level_are_those_of_the_highest_and_of_the_latest_where_several_are():
    found = peaks(YEARS, ALL, last=2025)
    assert found.year[:, 0].tolist() == [2026, 2031, 2032, 2024]
    assert found.level[:, 0].tolist() == [120, 122, 108, 100]
    assert found.in_sight[:, 0].tolist() == [True, True, False, True]
    twice = np.array([[[5.0, 9, 9, 4]]])
    assert peaks(range(2024, 2028), twice, last=2024).year[0, 0] == 2026


def test_the_probability_of_having_peaked_counts_draws_and_leaves_out_what_peaks_last():
    found = peaks(YEARS, ALL, last=2025)
    by_hand = [0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 0.75, 0.75]
    assert found.probability()[0].tolist() == by_hand
    assert found.distribution()[0].tolist() == [0.25, 0, 0.25, 0, 0, 0, 0, 0.25, 0.25]


def test_the_plateau_is_the_unbroken_run_within_three_percent():
    #        97 of 100 is within; 96.9 is not; the second 98 lies beyond a break.
    path = np.array([[[90.0, 97, 100, 98, 96.9, 98, 80]]])
    found = peaks(range(2024, 2031), path, last=2024, commitment=2027)
    assert (found.plateau_from[0, 0], found.plateau_to[0, 0]) == (2025, 2027)
    assert not found.on_plateau[0, 0]
    flat = peaks(range(2024, 2027), np.array([[[100.0, 99, 98]]]), last=2024)
    assert flat.on_plateau[0, 0]


def test_the_needed_cut_of_a_steady_rise_is_what_undoes_it():
    rise = 100.0 * 1.02 ** np.arange(12)
    # All years after history lowered by c a year, compounding: growth is nothing at c = 1 − 1/1.02.
    assert needed_cut(rise[None, None, :], last=1, due=6)[0, 0] == pytest.approx(1 - 1 / 1.02, abs=1e-12)


def test_the_needed_cut_by_hand_where_one_late_year_stands_out():
    # History 90; 100 in the first year and in the commitment's; then 105. Peaking in the first year asks for
    # 1 − (100/105)^(1/2), two steps lying between; in the commitment's year 1 − 100/105; in history 1 − (90/105)^(1/3).
    path = np.array([[[90.0, 100, 100, 105, 80]]])
    assert needed_cut(path, last=0, due=2)[0, 0] == pytest.approx(1 - (100 / 105) ** 0.5, abs=1e-12)
    # From history itself three steps lie between: 1 − (120/126)^(1/3) is less than one step's 1 − 100/126.
    path = np.array([[[120.0, 100, 100, 126, 80]]])
    assert needed_cut(path, last=0, due=2)[0, 0] == pytest.approx(1 - (120 / 126) ** (1 / 3), abs=1e-12)


def test_no_cut_is_needed_where_the_peak_is_in_time():
    found = peaks(YEARS, ALL, last=2025)
    assert found.needed_cut[[0, 3], 0].tolist() == [0, 0]
    # The rise to 122 in 2031 is undone from 120 in 2030 with one step; from any year before it takes more.
    assert found.needed_cut[1, 0] == pytest.approx(1 - 120 / 122, abs=1e-12)
    assert found.needed_cut[2, 0] == pytest.approx(1 - 106 / 107, abs=1e-12)


def test_a_history_that_broke_the_commitment_cannot_be_cut():
    path = np.array([[[100.0, 90, 110, 80]]])
    assert needed_cut(path, last=2, due=1)[0, 0] == 1.0


@given(st.lists(st.floats(1, 1e3), min_size=8, max_size=8), st.integers(0, 5), st.integers(0, 6))
def test_the_needed_cut_does_it_and_a_little_less_does_not(values: list[float], last: int, due: int):
    path, steps = np.array(values), np.maximum(np.arange(8) - last, 0)
    cut = float(needed_cut(path[None, None, :], last, due)[0, 0])
    if cut == 1.0:
        assert max(path[: due + 1]) < max(path[due + 1 : last + 1])
        return
    enough = path * (1 - cut - 1e-9) ** steps
    assert enough[: due + 1].max() >= enough[due + 1 :].max()
    if cut > 1e-6:
        short = path * (1 - cut + 1e-7) ** steps
        assert short[: due + 1].max() < short[due + 1 :].max()


def test_the_summary_says_how_far_the_commitment_is():
    found = summary(peaks(YEARS, ALL, last=2025), 0)
    assert found["in_sight"] == 0.75
    assert found["peaked_already"] == 0.25
    assert found["by_year"] == {2026: 0.5, 2027: 0.5, 2028: 0.5, 2029: 0.5, 2030: 0.5, 2031: 0.75, 2032: 0.75}
    assert found["in_year"] == {2024: 0.25, 2026: 0.25, 2031: 0.25}
    assert found["year"] == {"p05": 2024, "p50": 2026, "p95": None}
    # Within 3 % of the peak lie 2026–2027, 2030–2031, 2029–2032 (105 of 108), 2024–2027.
    assert found["plateau"] == {"years": {"p05": 2, "p50": 2, "p95": 4}, "at_end": 0.25}
    due = found["commitment"]
    assert (due["year"], due["probability"]) == (2030, 0.5)
    # Late by −4, 1 and −6 years where a peak is in sight; 2030 lies below the peak by 30/120, 2/122, 2/108, 6/100.
    assert due["late"]["p50"] == -4
    assert due["below"]["p50"] == pytest.approx((2 / 108 + 6 / 100) / 2)


def test_the_unit_of_the_totals_does_not_matter():
    one, other = (summary(peaks(YEARS, ALL * unit, last=2025), 0) for unit in (1.0, 2.0**-20))
    for key in ("year", "in_sight", "by_year", "plateau"):
        assert one[key] == other[key]
    for key in ("below", "late", "needed_cut"):
        assert one["commitment"][key] == pytest.approx(other["commitment"][key], abs=1e-12)


def test_one_year_beyond_the_commitment_is_enough_to_tell():
    found = summary(peaks(range(2024, 2032), ALL[:, :, :8], last=2025), 0)
    assert found["commitment"]["probability"] == 0.5


def test_years_that_end_with_the_commitment_tell_nothing_of_its_distance():
    found = peaks(range(2024, 2031), ALL[:, :, :7], last=2025)
    assert summary(found, 0)["commitment"] is None
    assert np.isnan(found.needed_cut).all()


def test_a_district_without_emissions_gives_numbers_still():
    found = summary(peaks(YEARS, np.zeros((3, 1, 9)), last=2025), 0)
    assert found["commitment"]["below"]["p50"] == 0
    assert found["commitment"]["needed_cut"]["p95"] == 0


def test_history_that_does_not_end_before_the_years_is_refused():
    for last, commitment in ((2032, 2030), (2023, 2030), (2025, 2023)):
        with pytest.raises(ValueError, match=f"history to {last}"):
            peaks(YEARS, ALL, last=last, commitment=commitment)
    assert peaks(YEARS, ALL, last=2024, commitment=2024).commitment == 2024
