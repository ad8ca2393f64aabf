"""The published inventories of 21 provinces (CEADs 1997–2019): sums, Shanghai's peak, and effects of change."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dafeng.accounting.decomposition import decompose, multiplied, summed, with_structure
from dafeng.accounting.panel import Chain

NO_FUEL = {"province", "year", "sector", "scope_2_heat", "scope_2_electricity", "scope_1_total"}


@pytest.fixture(scope="module")
def provinces(real_data: Path) -> pl.DataFrame:
    return pl.read_parquet(real_data / "data" / "ceads_co2" / "province_sector_fuel_1997_2019.parquet")


@pytest.fixture(scope="module")
def cells(provinces: pl.DataFrame) -> pl.DataFrame:
    """Province, year, sector, fuel → Mt; no totals."""
    fuels = [name for name in provinces.columns if name not in NO_FUEL]
    held = provinces.filter(pl.col("sector") != "Total")
    return held.unpivot(fuels, index=["province", "year", "sector"], variable_name="fuel", value_name="mt")


def test_the_sectors_sum_to_the_stated_total_in_every_province_and_year(provinces: pl.DataFrame):
    total = provinces.filter(pl.col("sector") == "Total")
    sums = provinces.filter(pl.col("sector") != "Total").group_by("province", "year")
    numbers = [name for name in provinces.columns if name not in ("province", "year", "sector")]
    both = sums.agg(pl.col(numbers).sum()).join(total, on=["province", "year"], suffix="_stated")
    assert both.height == 21 * 23
    for name in numbers:
        gap = (both[name].fill_null(0) - both[f"{name}_stated"].fill_null(0)).abs().max()
        assert gap is not None
        assert gap < 1e-9, name  # type: ignore[operator]


def test_the_fuels_sum_to_scope_1_in_every_province_and_year(provinces: pl.DataFrame, cells: pl.DataFrame):
    stated = provinces.filter(pl.col("sector") == "Total").select("province", "year", "scope_1_total")
    both = cells.group_by("province", "year").agg(pl.col("mt").sum()).join(stated, on=["province", "year"])
    assert both.height == 21 * 23
    assert (both["mt"] - both["scope_1_total"]).abs().max() < 1e-9  # type: ignore[operator]


def test_shanghai_is_highest_in_2013_at_207_63(cells: pl.DataFrame):
    yearly = cells.filter(pl.col("province") == "Shanghai").group_by("year").agg(pl.col("mt").sum())
    highest = yearly.sort("mt", descending=True).row(0, named=True)
    assert highest["year"] == 2013
    assert round(highest["mt"], 2) == 207.63


def test_effects_of_every_province_and_year_leave_no_residual(cells: pl.DataFrame):
    chain = Chain(
        ("province", "sector", "fuel"), ("mt_total", "share_sector", "share_fuel"),
        tuple(str(year) for year in range(1997, 2020)), period="year",
    )  # fmt: skip
    made = []
    for (province,), held in cells.group_by("province"):
        own = with_structure(held, "mt", ["sector", "fuel"], period="year").drop("mt")
        made.append(summed(decompose(own, chain), ["province"]))
        assert made[-1]["province"].unique().to_list() == [province]
    effects = pl.concat(made)
    assert effects.height == 21 * 22
    worst = effects["residual"].abs()
    assert worst.max() < 1e-9  # type: ignore[operator]


def test_total_and_shares_make_up_shanghais_fall_from_its_peak(cells: pl.DataFrame):
    held = cells.filter((pl.col("province") == "Shanghai") & pl.col("year").is_in([2013, 2019]))
    frame = with_structure(held, "mt", ["sector", "fuel"], period="year").drop("mt")
    chain = Chain(
        ("sector", "fuel"), ("mt_total", "share_sector", "share_fuel"), ("2013", "2019"), period="year"
    )  # fmt: skip
    total = summed(decompose(frame, chain)).row(0, named=True)
    assert total["change"] == pytest.approx(192.91 - 207.63, abs=0.01)
    assert total["effect_mt_total"] + total["effect_share_sector"] + total["effect_share_fuel"] == pytest.approx(
        total["change"], abs=1e-9
    )
    assert multiplied(decompose(frame, chain))["change"][0] == pytest.approx(192.91 / 207.63, abs=1e-4)
