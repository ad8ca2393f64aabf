"""Fossil CO2 of burnt waste."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dafeng.accounting.kernels.shapes import CO2_PER_C, in_own_year


def incineration_co2(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """CO2 = IW·CCW·FCF·EF·44/12. Provincial guide 2011, chapter 5 (IPCC 2006, volume 5, equation 5.1).

    Per row: activity t of wet waste burnt; carbon_share tC/t; fossil_share of that carbon; burn_out share that
    oxidises. Municipal waste of the guide: 0.20·0.39·0.95·44/12 = 0.2717 tCO2/t."""
    burnt_c_t = pl.col("activity") * pl.col("carbon_share") * pl.col("fossil_share") * pl.col("burn_out")
    return in_own_year(frame, years, burnt_c_t * CO2_PER_C)
