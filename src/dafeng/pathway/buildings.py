"""Buildings by year of completion: what is built and demolished, what is retrofitted, and the mean need per m².

A(t) = A(t−1) · (1 + new − demolition). The oldest go first. The need of a vintage is relative to the mean of the base
year; a retrofit cuts the need of the part that stood in the base year, an ultra-low-energy house needs less than a new
one. Every effect is linear in the share retrofitted and in the share of ultra-low-energy houses, so that a model can
move both without running the stock again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dafeng.pathway.stocks import Array


@dataclass(frozen=True, slots=True)
class Vintage:
    """Part of the base year's stock: its share of the floor area and its need relative to the mean of all."""

    share: float
    need: float


@dataclass(frozen=True, slots=True)
class Floor:
    """Floor area over the years after the base year, in units of the base year's area.

    area, new_share (of the area standing, what was completed after the base year) and old_need (mean need of what
    stood in the base year and still stands): (year,). vintages: (vintage, year), the base year's parts, oldest first.
    """

    area: Array
    new_share: Array
    old_need: Array
    vintages: Array


def floor(vintages: Sequence[Vintage], years: int, new: float, demolition: float) -> Floor:
    """Run the stock. new, demolition: yearly rates of the area standing at the beginning of the year.

    vintages: oldest first; shares sum to 1. Demolition takes the oldest first, and what was completed after the base
    year only when nothing older stands.
    """
    shares = np.array([one.share for one in vintages], dtype=float)
    if not np.isclose(shares.sum(), 1.0, atol=1e-9):
        raise ValueError("shares of vintages sum to 1")
    needs = np.array([one.need for one in vintages], dtype=float)
    needs = needs / (shares @ needs)
    added, held = 0.0, shares.copy()
    area, new_share, old_need, parts = np.empty(years), np.empty(years), np.empty(years), np.empty((len(shares), years))
    for step in range(years):
        before = held.sum() + added
        goes = demolition * before
        for index in range(len(held)):
            taken = min(held[index], goes)
            held[index] -= taken
            goes -= taken
        added += new * before - goes
        area[step] = held.sum() + added
        new_share[step] = added / area[step]
        old_need[step] = (held @ needs) / held.sum() if held.sum() > 0 else needs[-1]
        parts[:, step] = held
    return Floor(area, new_share, old_need, parts)


def mean_need(
    stock: Floor, retrofitted: Array, saving: float, new_need: float, ultra_low: Array, ultra_low_saving: float
) -> Array:
    """Mean need per m² relative to the base year: (year,).

    retrofitted: (year,) share of the base year's remaining area that has been retrofitted; saving: what that cuts;
    new_need: need of a new house relative to the base year's mean; ultra_low: (year,) share of what was completed
    after the base year that is ultra-low-energy; ultra_low_saving: what that cuts from a new house.

        need = (1 − n) · old_need · (1 − r · s) + n · new_need · (1 − u · s_u)
    """
    old = (1.0 - stock.new_share) * stock.old_need * (1.0 - retrofitted * saving)
    return old + stock.new_share * new_need * (1.0 - ultra_low * ultra_low_saving)
