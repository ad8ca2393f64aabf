"""From part of a year to the whole of it: by the shares that the same months had in earlier years."""

from __future__ import annotations

import calendar
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Projection:
    """total: of the year, in the unit of what was held. low, high: with the largest and smallest share of the earlier
    years; None with fewer than two of them. share: mean share of the months held. years: earlier years that gave it;
    0: months counted by their days."""

    total: float
    low: float | None
    high: float | None
    share: float
    years: int

    @property
    def coverage(self) -> float | None:
        """Chance that the whole year lies between low and high if its season is drawn like the earlier ones: the
        share of a new year falls between the least and the greatest of n earlier ones with probability (n−1)/(n+1)
        (order statistics; no shape of distribution is assumed)."""
        return None if self.years < 2 else (self.years - 1) / (self.years + 1)


def project(held: Mapping[int, float], past: Sequence[Mapping[int, float]], year: int) -> Projection | None:
    """The whole of ``year`` from the months ``held`` (month → amount).

    past: earlier years, each with all twelve months and a sum above zero. Missing months of ``held`` are left out on
    both sides, never counted as zero. None when nothing is held, or the earlier years had nothing in these months.
    """
    if not held:
        return None
    so_far = math.fsum(held.values())
    shares = [math.fsum(one[month] for month in held) / math.fsum(one.values()) for one in past]
    share = math.fsum(shares) / len(shares) if shares else days_share(held, year)
    if share <= 0:
        return None
    low = high = None
    if len(shares) >= 2 and min(shares) > 0:
        low, high = so_far / max(shares), so_far / min(shares)
    return Projection(so_far / share, low, high, share, len(shares))


def days_share(months: Mapping[int, float], year: int) -> float:
    """Share of the year's days in these months: a flat season, for want of any earlier year."""
    days = {month: calendar.monthrange(year, month)[1] for month in MONTHS}
    return sum(days[month] for month in months) / sum(days.values())
