"""Backtest: the forecast by hand where it can be, the scores by hand, no look ahead, and calibration on known noise."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from dafeng.pathway.backtest import Skill, cases, forecast, paths, reliability, score

YEARS = list(range(2000, 2015))


def steady(rate: float, count: int = 15) -> list[float]:
    return [100 * (1 + rate) ** k for k in range(count)]


def test_a_steady_series_goes_on_with_a_trend_that_fades():
    """ln E rises by ln 1.1 a year without scatter: next year by 0.7 of it, then 0.49, then 0.343."""
    found = paths(np.array(steady(0.1)), 3, 4, np.random.default_rng(1))
    last, trend = steady(0.1)[-1], math.log(1.1)
    by_hand = [last * math.exp(trend * total) for total in (0.7, 1.19, 1.533)]
    assert found == pytest.approx(np.tile(by_hand, (4, 1)), rel=1e-12)


def test_mean_and_scatter_of_the_first_year_by_hand():
    """Changes alternate 0.06 and −0.02, ten of them, the last −0.02: s² = 10/9 · 0.04². Weights 0.7^k over their
    sum (1 − 0.7¹⁰)/0.3, so d = 0.02 − 0.04 · Σ w (−1)^k = 0.02 − 0.04 · 0.3/1.7; Σ 0.7^2k = (1 − 0.49¹⁰)/0.51.
    Variance of the step: s² (0.7² · Σ w² · 9/7 + 0.25² + 1), Student's with 9 degrees having the variance 9/7."""
    values = np.exp(np.cumsum([0.0, *[0.06, -0.02] * 5]))
    step = np.log(paths(values, 1, 400_000, np.random.default_rng(2))[:, 0] / values[-1])
    s2, squares = 0.04**2 * 10 / 9, (1 - 0.49**10) / 0.51 * (0.3 / (1 - 0.7**10)) ** 2
    assert step.mean() == pytest.approx(0.7 * (0.02 - 0.04 * 0.3 / 1.7), abs=3e-4)
    assert step.var() == pytest.approx(s2 * (0.49 * squares * 9 / 7 + 0.0625 + 1), rel=0.01)


def test_what_grows_steadily_has_not_peaked_and_what_falls_steadily_has():
    assert forecast(YEARS, steady(0.05)).tolist() == [0.0] * 5
    assert forecast(YEARS, steady(-0.05)).tolist() == [1.0] * 5


def test_a_later_year_is_never_less_probable():
    noisy = np.array(steady(0.01)) * np.exp(np.random.default_rng(3).normal(0, 0.03, 15))
    found = forecast(YEARS, noisy.tolist())
    assert (np.diff(found) >= 0).all()
    assert 0 < found[0] < found[-1] < 1


def test_a_series_of_five_years_is_too_short_to_forecast():
    with pytest.raises(ValueError, match="4 yearly changes"):
        forecast(YEARS[:5], steady(0.1, 5))


def test_the_forecast_knows_nothing_after_its_origin():
    before = [*steady(0.05, 10), *[200.0] * 5]
    after = [*steady(0.05, 10), 500, 10, 10, 10, 10]
    one, other = (cases({"a": (YEARS, values)}, draws=200) for values in (before, after))
    assert one["origin"].unique().to_list() == [2009]
    assert one["probability"].to_list() == other["probability"].to_list()


def test_what_came_is_read_off_the_series():
    """Highest of 2000–2014 is 2011: two years after the origin of 2009; the highest known then was of 2008."""
    values = [*[90.0] * 8, 100, 99, 101, 103, 102, 90, 80]
    found = cases({"a": (YEARS, values)}, draws=50)
    assert found["came"].to_list() == [0, 0, 1, 1, 1]
    assert found["age"].to_list() == [1] * 5
    assert found["lead"].to_list() == [0, 1, 2, 3, 4]


def table(rows: list[tuple[str, int, int, int, float, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, ("series", "origin", "lead", "age", "probability", "came"), orient="row")


def test_scores_by_hand():
    """Squares of the forecast 0.04, 0.04, 0.25, 0.01: 0.085. Rate ½: climatology 0.25. By age: of age 0 one in one
    came not …: (0, 0) and (1, 1), so it errs nowhere. Known then: a half in 2000; in 2005 the two cases of 2000,
    one of which came: (1 + 1)/(2 + 2), a half again."""
    held = table(
        [
            ("a", 2000, 0, 0, 0.2, 0),
            ("b", 2000, 0, 2, 0.8, 1),
            ("a", 2005, 0, 0, 0.5, 0),
            ("b", 2005, 0, 2, 0.9, 1),
        ]
    )
    found = score(held, horizon=5)
    assert (found.cases, found.rate) == (4, 0.5)
    assert found.brier == pytest.approx(0.085)
    assert found.against["climatology"].brier == pytest.approx(0.25)
    assert found.against["climatology"].skill == pytest.approx(1 - 0.085 / 0.25)
    assert found.against["known_then"].brier == pytest.approx(0.25)
    assert found.against["by_age"].brier == 0
    assert found.against["by_age"].verdict == "worse"


def test_what_was_known_then_counts_only_windows_that_had_closed():
    """At 2005 with five years to look, 2000 is known (came), 2001 is not: (1 + 1)/(1 + 2) = 2/3."""
    held = table([("a", 2000, 0, 0, 0.5, 1), ("a", 2001, 0, 0, 0.5, 0), ("a", 2005, 0, 0, 0.5, 1)])
    known = score(held, horizon=5).against["known_then"].brier
    assert known == pytest.approx((0.25 + 0.25 + (1 / 3) ** 2) / 3)


def test_each_lead_is_held_to_the_climate_of_its_own():
    held = table([("a", 2000, lead, 0, 0.5, came) for lead, came in ((0, 0), (0, 0), (4, 1), (4, 1))])
    assert score(held).against["climatology"].brier == 0


def test_the_verdict_asks_the_whole_interval():
    assert Skill(0.2, 0.1, 0.01, 0.2).verdict == "better"
    assert Skill(0.2, 0.1, -0.01, 0.2).verdict == "no better"
    assert Skill(0.2, -0.1, -0.2, -0.01).verdict == "worse"


def test_reliability_by_hand():
    held = table([("a", 2000, 0, 0, p, came) for p, came in ((0.1, 0), (0.15, 1), (0.9, 1), (1.0, 1), (0.5, 0))])
    found = reliability(held)
    assert found["cases"].to_list() == [2, 1, 2]
    assert found["low"].to_list() == [0.0, 0.4, 0.8]
    assert found["high"].to_list() == pytest.approx([0.2, 0.6, 1.0])
    assert found["probability"].to_list() == pytest.approx([0.125, 0.5, 0.95])
    assert found["came"].to_list() == [0.5, 0.0, 1.0]


def test_on_series_whose_trend_turns_with_every_shock_and_fades_probabilities_are_what_they_say():
    """An innovations model with a damped trend: c = b + e, b ← 0.7 b + 0.35 e, in logarithms."""
    random = np.random.default_rng(8)
    series = {}
    for number in range(150):
        trend, level, values = 0.0, 0.0, []
        for _ in range(25):
            shock = 0.03 * random.standard_normal()
            level += trend + shock
            trend = 0.7 * trend + 0.35 * shock
            values.append(100 * math.exp(level))
        series[str(number)] = (list(range(2000, 2025)), values)
    found = cases(series, draws=400)
    for row in reliability(found).iter_rows(named=True):
        if row["cases"] >= 300:
            assert row["came"] == pytest.approx(row["probability"], abs=0.12), row
    against = score(found).against
    assert against["climatology"].verdict == "better"
    assert against["known_then"].verdict == "better"
