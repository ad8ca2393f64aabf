"""Refrigerant that leaves equipment in use and equipment that is scrapped."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dafeng.accounting.kernels.shapes import in_own_year, optional


def refrigerant_leak(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """What was topped up, or charge × rate, and of scrapped charges what was not recovered. IPCC 2006, volume 3,
    chapter 7, equations 7.13 and 7.14.

    Per row: activity kg of charge in use; topped_up_kg: kg in the year, which is what leaked; where it is not known,
    leak_pct % of the charge a year; retired_kg charge of scrapped equipment; recovered_kg of it. Gives t of the
    refrigerant itself; nothing recovered is on record, nothing was recovered."""
    leaked_kg = pl.col("activity") * pl.col("leak_pct") / 100 if "leak_pct" in frame.columns else None
    if "topped_up_kg" in frame.columns:
        topped_up_kg = pl.col("topped_up_kg").cast(pl.Float64)
        leaked_kg = topped_up_kg if leaked_kg is None else pl.coalesce(topped_up_kg, leaked_kg)
    if leaked_kg is None:
        raise ValueError("refrigerant_leak needs topped_up_kg or leak_pct")
    scrapped_kg = optional(frame, "retired_kg", 0.0) - optional(frame, "recovered_kg", 0.0)
    return in_own_year(frame, years, (leaked_kg + scrapped_kg.clip(lower_bound=0)) / 1000)
