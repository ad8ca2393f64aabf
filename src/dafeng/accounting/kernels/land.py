"""Carbon bound by trees: what stands grows and is cut, and areas grow or shrink. Bound carbon is negative."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dafeng.accounting.kernels.shapes import CO2_PER_C, in_own_year


def biomass_increment(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """CO2 = −V·(GR − CR)·SVD·BEF·CF·44/12. Provincial guide 2011, chapter 4.

    Per row: activity m³ standing volume; growth_pct and cut_pct % of it a year; density_t_per_m3 basic wood density;
    expansion whole tree over stem; carbon_share tC/t of dry matter. Negative where more grows than is cut."""
    net_m3 = pl.col("activity") * (pl.col("growth_pct") - pl.col("cut_pct")) / 100
    carbon_t = net_m3 * pl.col("density_t_per_m3") * pl.col("expansion") * pl.col("carbon_share")
    return in_own_year(frame, years, -carbon_t * CO2_PER_C)


def area_increment(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """CO2 = −ΔA·B·CF·44/12. Provincial guide 2011, chapter 4: bamboo, economic forest, shrubs.

    Per row: activity ha at the end of the year; kind: what the area is of; biomass_t_per_ha dry matter; carbon_share
    tC/t. ΔA is against the same kind a year before; a year whose predecessor is not on record gives no row."""
    before = frame.select("kind", (pl.col("year") + 1).alias("year"), pl.col("activity").alias("before_ha"))
    rows = frame.join(before, on=["kind", "year"], how="inner", maintain_order="left")
    carbon_t = (pl.col("activity") - pl.col("before_ha")) * pl.col("biomass_t_per_ha") * pl.col("carbon_share")
    return in_own_year(rows, years, -carbon_t * CO2_PER_C)
