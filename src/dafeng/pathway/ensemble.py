"""What an ensemble says: the middle, the likely and the wide range of each scenario and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# The fan: half of all draws lie between p25 and p75, nine of ten between p05 and p95.
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


def named(quantile: float) -> str:
    """0.05 → ``p05``, 0.5 → ``p50``."""
    return f"p{round(quantile * 100):02d}"


def quantiles(values: Floats, at: Sequence[float] = QUANTILES) -> Floats:
    """values: (draw, …) → (quantile, …), between neighbouring draws by straight line.

    Each quantile is taken year by year: the line through all p95 is no path that any draw took."""
    if values.shape[0] == 1:
        return np.repeat(values, len(at), axis=0)
    # Sorted along the last axis in memory: several times faster than along the first.
    last = np.array(np.moveaxis(values, 0, -1), order="C")
    last.sort(axis=-1)
    where = np.asarray(at) * (values.shape[0] - 1)
    below = np.minimum(where.astype(np.int64), values.shape[0] - 2)
    part = where - below
    found = last[..., below] * (1.0 - part) + last[..., below + 1] * part
    return np.moveaxis(found, -1, 0)


def fan(
    totals: Floats, scenarios: Sequence[str], years: Sequence[int], at: Sequence[float] = QUANTILES
) -> pl.DataFrame:
    """totals: (draw, scenario, year) → a row per scenario and year: ``scenario``, ``year``, ``mean``, ``p05`` ….
    In the unit of the totals."""
    found, mean = quantiles(totals, at), totals.mean(axis=0)
    columns: dict[str, Any] = {
        "scenario": [scenario for scenario in scenarios for _ in years],
        "year": list(years) * len(scenarios),
        "mean": mean.ravel(),
    }
    return pl.DataFrame(columns | {named(q): found[row].ravel() for row, q in enumerate(at)})


def by_year(totals: Floats, at: Sequence[float] = (0.05, 0.50, 0.95)) -> dict[str, list[float]]:
    """totals of one scenario: (draw, year) → {"p05": […], …}, a value per year; for JSON."""
    return {named(q): row.tolist() for q, row in zip(at, quantiles(totals, at), strict=True)}
