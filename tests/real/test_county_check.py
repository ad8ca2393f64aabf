"""The independent check on real series: Shanghai's districts by night lights against Shanghai by energy statistics."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from scipy import stats

from dafeng.accounting.independent import Verdict, compare


@pytest.fixture(scope="module")
def districts(real_data: Path) -> pl.DataFrame:
    table = pl.read_parquet(real_data / "data" / "county_co2_china" / "county_co2_1997_2017.parquet")
    return table.filter(pl.col("distcode").cast(pl.String).str.starts_with("31"))


@pytest.fixture(scope="module")
def city(real_data: Path) -> pl.DataFrame:
    table = pl.read_parquet(real_data / "data" / "ceads_co2" / "province_sector_fuel_1997_2019.parquet")
    wanted = (pl.col("province") == "Shanghai") & (pl.col("sector") == "Total")
    return table.filter(wanted).select("year", pl.col("scope_1_total").alias("value"))


@pytest.fixture(scope="module")
def verdict(districts: pl.DataFrame, city: pl.DataFrame) -> Verdict:
    return compare(districts.group_by("year").agg(pl.col("co2_mt").sum().alias("value")), city)


def test_the_same_eighteen_districts_are_there_in_all_21_years(districts: pl.DataFrame):
    assert districts["year"].n_unique() == 21
    assert districts.group_by("distcode").len()["len"].unique().to_list() == [21]
    assert districts["distcode"].n_unique() == 18


def test_the_districts_sum_to_five_percent_more_than_the_city_on_average(verdict: Verdict):
    assert verdict.years == tuple(range(1997, 2018))
    assert verdict.mean_ratio == pytest.approx(1.047, abs=5e-4)
    assert verdict.ratio_range == pytest.approx((0.900, 1.223), abs=5e-4)
    assert verdict.level == "agrees on average"


def test_both_rise_by_the_same_rate_but_not_in_the_same_years(verdict: Verdict):
    ours, theirs = verdict.ours, verdict.theirs
    assert verdict.spearman == pytest.approx(stats.spearmanr(ours, theirs)[0], abs=1e-12)
    assert verdict.spearman == pytest.approx(0.881, abs=5e-4)
    for slope, values in ((verdict.slope_pct_ours, ours), (verdict.slope_pct_theirs, theirs)):
        expected = 100 * float(stats.theilslopes(values, verdict.years)[0]) / (sum(values) / len(values))  # type: ignore[arg-type]
        assert slope == pytest.approx(expected, rel=1e-12)
    assert (verdict.peak_ours, verdict.peak_theirs) == (2010, 2013)
    assert verdict.compared == 19
    assert verdict.same_sign == pytest.approx(11 / 19)
    assert verdict.trend == "partly"


def test_the_verdict_says_so_in_both_languages(verdict: Verdict):
    assert "平均水平一致" in verdict.says.zh
    assert "2010 与 2013" in verdict.says.zh
    assert "agree on average" in verdict.says.en
    assert "11 of 19" in verdict.says.en
