"""Two series of one territory: level, trend, and a verdict in words."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from dafeng.accounting.independent import check_table, compare, same_sign, spearman, theil_sen
from dafeng.core.errors import BadInput

YEARS = list(range(2010, 2018))
RISE = [100.0, 104.0, 109.0, 113.0, 118.0, 124.0, 121.0, 117.0]


def series(values: list[float], years: list[int] = YEARS) -> pl.DataFrame:
    return pl.DataFrame({"year": years, "value": values})


def test_the_same_series_agrees_in_level_and_trend():
    made = compare(series(RISE), series(RISE))
    assert (made.level, made.trend) == ("agrees", "agrees")
    assert (made.mean_ratio, made.ratio_range, made.spearman, made.same_sign) == (1.0, (1.0, 1.0), 1.0, 1.0)
    assert (made.peak_ours, made.peak_theirs) == (2015, 2015)


def test_half_of_everything_is_a_steady_offset():
    made = compare(series([value / 2 for value in RISE]), series(RISE))
    assert (made.level, made.mean_ratio) == ("steady offset", 0.5)
    assert "范围或方法不同" in made.says.zh
    assert "steady" in made.says.en


def test_a_mean_of_one_with_single_years_off_agrees_on_average_only():
    theirs = [value * (0.8 if at % 2 else 1.25) for at, value in enumerate(RISE)]
    made = compare(series(RISE), series(theirs))
    # Ratios 0.8 and 1.25 in turn: mean 1.025.
    assert made.mean_ratio == pytest.approx(1.025)
    assert made.level == "agrees on average"


def test_a_falling_series_does_not_confirm_a_rising_one():
    made = compare(series(RISE), series(RISE[::-1]))
    assert made.trend == "differs"
    assert made.spearman is not None
    assert made.spearman < 0


def test_only_common_years_count_and_few_of_them_tell_no_trend():
    made = compare(series(RISE), series(RISE[:4], [2015, 2016, 2017, 2018]))
    assert made.years == (2015, 2016, 2017)
    assert made.trend == "too short"
    assert "3 " in made.says.en


def test_rank_correlation_and_slope_are_those_of_scipy_with_ties():
    a, b = np.array([3.0, 1, 4, 1, 5, 9, 2, 6]), np.array([2.0, 7, 1, 8, 2, 8, 1, 8])
    assert spearman(a, b) == pytest.approx(stats.spearmanr(a, b)[0], rel=1e-12)
    assert theil_sen(YEARS, a) == pytest.approx(stats.theilslopes(a, YEARS)[0], rel=1e-12)
    assert spearman(a, np.ones(8)) is None


def test_flat_years_are_neither_a_rise_nor_a_fall():
    # Steps: +10 %, flat, −10 % against +10 %, +10 %, +10 %: of the two that move in both, one has the same sign.
    share, count = same_sign(np.array([100.0, 110, 110.1, 99]), np.array([100.0, 110, 121, 133]))
    assert (share, count) == (0.5, 2)


def test_the_table_holds_both_series_their_ratio_and_the_verdict():
    made = compare(series(RISE), series([value * 2 for value in RISE]))
    table = check_table(made, "万t")
    assert [row.code for row in table.rows] == [str(year) for year in YEARS]
    assert table.row("2015").cells["ratio"].value == 0.5
    assert table.notes == (made.says,)


@pytest.mark.parametrize(
    ("ours", "theirs", "codes"),
    [
        (series([1.0], [2010]), series([1.0], [2011]), ["account.check-no-common-year"]),
        (series([1.0], [2010]), series([0.0], [2010]), ["account.check-no-common-year"]),
        (series([1.0, 2.0], [2010, 2010]), series([1.0], [2010]), ["account.check-year-twice"]),
        (series([-1.0], [2010]), series([1.0], [2010]), ["account.check-value"]),
        (series([1.0], [2010]).rename({"value": "co2"}), series([1.0], [2010]), ["account.check-columns"]),
    ],
)
def test_what_cannot_be_compared_is_refused(ours: pl.DataFrame, theirs: pl.DataFrame, codes: list[str]):
    with pytest.raises(BadInput) as caught:
        compare(ours, theirs)
    assert [problem.code for problem in caught.value.problems] == codes
