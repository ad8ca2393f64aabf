"""Methane and nitrous oxide of wastewater."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dafeng.accounting.kernels.shapes import N2O_PER_N, in_own_year, optional

DAYS = 365  # of the guide's year, leap or not


def wastewater_ch4(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """CH4 = (TOW − S)·Bo·MCF − R, never below zero. Provincial guide 2011, chapter 5; IPCC 2006, volume 5, chapter 6.

    Per row: activity t of organics removed, as BOD or COD, or people served; bod_per_cod: where the activity is COD
    and ``bo`` is per BOD; bod_kg_per_head_day and industrial (factor for firms in the sewers): where it is people,
    TOW = P·BOD·0.001·I·365 (equation 6.3); sludge_t t of the organics that leaves with sludge; bo tCH4 per t of BOD (or
    COD); mcf methane correction factor of the treatment; recovered_t tCH4/a."""
    organics_t = pl.col("activity") * optional(frame, "bod_per_cod", 1.0)
    if "bod_kg_per_head_day" in frame.columns:
        t_per_head = pl.col("bod_kg_per_head_day") * DAYS / 1000
        organics_t = organics_t * t_per_head * optional(frame, "industrial", 1.0)
    organics_t = organics_t - optional(frame, "sludge_t", 0.0)
    made_t = organics_t.clip(lower_bound=0) * pl.col("bo") * pl.col("mcf")
    return in_own_year(frame, years, (made_t - optional(frame, "recovered_t", 0.0)).clip(lower_bound=0))


def wastewater_n2o(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """N2O = N·EF·44/28, N = P·Pr·F_NPR·F_NON-CON·F_IND-COM where it was not measured. Provincial guide 2011,
    chapter 5; IPCC 2006, volume 5, equations 6.7 and 6.8.

    Per row: activity tN in the effluent (measured), or t of protein eaten in the year (people × t per head) together
    with nitrogen_share tN/t protein, non_consumed and industrial (factors, no unit); n2o_n_per_n: t of N2O-N per tN.
    """
    nitrogen_t = pl.col("activity")
    for factor in ("nitrogen_share", "non_consumed", "industrial"):
        nitrogen_t = nitrogen_t * optional(frame, factor, 1.0)
    return in_own_year(frame, years, nitrogen_t * pl.col("n2o_n_per_n") * N2O_PER_N)
