"""The projection of a year from its first months on daily CO2 of 31 provinces in 2019 (Cui et al. 2021).

One year is all there is, so provinces stand in for years: a season learnt on half of them is put to the other half.
"""

from __future__ import annotations

import math
import statistics
from pathlib import Path

import polars as pl
import pytest

from dafeng.accounting.season import project

JUNE = range(1, 7)


@pytest.fixture(scope="module")
def provinces(real_data: Path) -> dict[str, dict[int, float]]:
    """Province → month → Mt."""
    daily = pl.read_parquet(real_data / "data" / "daily_co2_provinces" / "daily_total_co2_2019.parquet")
    monthly = daily.group_by("province_code", pl.col("date").dt.month().alias("month")).agg(pl.col("co2_mt").sum())
    held: dict[str, dict[int, float]] = {}
    for province, month, amount in monthly.sort("province_code", "month").iter_rows():
        held.setdefault(province, {})[month] = amount
    assert len(held) == 31
    assert {len(months) for months in held.values()} == {12}
    return held


def until(months: dict[int, float], last: int) -> dict[int, float]:
    return {month: amount for month, amount in months.items() if month <= last}


def error(months: dict[int, float], past: list[dict[int, float]], last: int = 6) -> float:
    made = project(until(months, last), past, 2019)
    assert made is not None
    return made.total / math.fsum(months.values()) - 1


def test_a_flat_season_is_near_at_midyear_and_far_in_march(provinces: dict[str, dict[int, float]]):
    midyear = [abs(error(months, [])) for months in provinces.values()]
    assert abs(error(provinces["SH"], [])) < 0.01
    assert statistics.median(midyear) < 0.05
    # Why no range is stated for it, and the figure is marked as an estimate: a quarter of a year tells little.
    assert abs(error(provinces["SH"], [], last=3)) > 0.15


def test_a_learnt_season_halves_the_error_of_a_flat_one(provinces: dict[str, dict[int, float]]):
    names = sorted(provinces)
    past = [provinces[name] for name in names[::2]]
    learnt = statistics.median(abs(error(provinces[name], past)) for name in names[1::2])
    flat = statistics.median(abs(error(provinces[name], [])) for name in names[1::2])
    assert learnt < 0.6 * flat
    assert learnt < 0.03


@pytest.mark.parametrize("last", [3, 6, 9])
def test_the_stated_range_holds_as_often_as_it_says(provinces: dict[str, dict[int, float]], last: int):
    names = sorted(provinces)
    halves = names[::2], names[1::2]
    inside, promised = 0, 0.0
    for learnt, judged in (halves, halves[::-1]):
        past = [provinces[name] for name in learnt]
        for name in judged:
            made = project(until(provinces[name], last), past, 2019)
            assert made is not None
            assert made.low is not None
            assert made.high is not None
            assert made.coverage is not None
            inside += made.low <= math.fsum(provinces[name].values()) <= made.high
            promised += made.coverage
    # Promised: 15 × 15/17 + 16 × 14/16 = 27.2 of 31. Within two standard deviations of a draw (σ = 1.8).
    assert promised == pytest.approx(15 * 15 / 17 + 16 * 14 / 16)
    assert abs(inside - promised) <= 2 * math.sqrt(promised * (1 - promised / 31))
