"""What all kernels share: parameters that may be missing, and the frame that they give."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

# Mass of the molecule over the mass of the element in it.
CO2_PER_C = 44 / 12
CH4_PER_C = 16 / 12
N2O_PER_N = 44 / 28


def optional(frame: pl.DataFrame, name: str, default: float) -> pl.Expr:
    """A parameter that a method or a record may leave out."""
    return pl.col(name).cast(pl.Float64).fill_null(default) if name in frame.columns else pl.lit(default)


def in_own_year(frame: pl.DataFrame, years: Sequence[int], gas_t: pl.Expr) -> pl.DataFrame:
    """What is given off in the year of the activity: (_row, year, gas_t) of the years asked for."""
    return frame.filter(pl.col("year").is_in(list(years))).select("_row", "year", gas_t.alias("gas_t"))
