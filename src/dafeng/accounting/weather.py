"""How much of a year's energy was its weather: use against a normal year's heating and cooling degree days.

For a sector and carrier of which a share h of a normal year's use follows heating and c cooling degree days,

    W = 1 + h (HDD / HDD_normal − 1) + c (CDD / CDD_normal − 1)

is the year's use over what it would have been in a normal year; use ÷ W is corrected for weather. h and c are the
district's own assumption (register ``weather_shares``, each with its basis).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

DAYS, SHARES = "degree_days", "weather_shares"


@dataclass(frozen=True, slots=True)
class Weather:
    """factors: (sector, carrier) → year → W; empty where the effect is left out, with the reason in ``lacking``."""

    factors: Mapping[tuple[str, str], Mapping[int, float]] = field(default_factory=dict)
    lacking: Text | None = None

    def of(self, sector: str, carrier: str, year: int) -> float:
        """W of a use; 1 where the district named no share that follows the weather."""
        return self.factors.get((sector, carrier), {}).get(year, 1.0)


def factor(
    heating: float, cooling: float, hdd: float, cdd: float, hdd_normal: float, cdd_normal: float
) -> float:  # fmt: skip
    """W. heating, cooling: shares of a normal year's use (0–1); the rest in °C·d. A share of 0 asks for no degree days;
    normal degree days of 0 beside a share are refused by ``weather_of``."""
    above = heating * (hdd / hdd_normal - 1.0) if heating else 0.0
    above += cooling * (cdd / cdd_normal - 1.0) if cooling else 0.0
    return 1.0 + above


def weather_of(facts: Facts, years: Sequence[int]) -> tuple[Weather, list[Problem]]:
    """W of every use named in ``weather_shares`` for each of the years, against one normal year (that of the latest
    row that has one). Where anything is missing there are no factors, but a reason and a warning."""
    days, shares = facts.frame(DAYS), facts.frame(SHARES)
    if days is None or shares is None:
        return _without(DAYS if days is None else SHARES, None)
    rows = {row["year"]: row for row in days.iter_rows(named=True)}
    for year in years:
        if year not in rows:
            return _without(DAYS, year)
    normal = _normal(rows)
    if normal is None:
        return _without(f"{DAYS}.hdd_normal", None)
    made: dict[tuple[str, str], dict[int, float]] = {}
    for row in shares.iter_rows(named=True):
        heating, cooling = (row["heating_share"] or 0.0) / 100.0, (row["cooling_share"] or 0.0) / 100.0
        if (heating and not normal[0]) or (cooling and not normal[1]):
            return _without(f"{DAYS}.{'hdd_normal' if heating and not normal[0] else 'cdd_normal'}", None)
        factors = {
            year: factor(heating, cooling, rows[year]["hdd18"], rows[year]["cdd26"], *normal) for year in years
        }  # fmt: skip
        if min(factors.values(), default=1.0) <= 0:
            return _without(f"{SHARES}：{row['sector']}/{row['carrier']}", None)
        made[row["sector"], row["carrier"]] = factors
    return Weather(made), []


def _normal(rows: Mapping[int, Mapping[str, Any]]) -> tuple[float, float] | None:
    for year in sorted(rows, reverse=True):
        found = rows[year]["hdd_normal"], rows[year]["cdd_normal"]
        if None not in found:
            return found
    return None


def _without(what: str, year: int | None) -> tuple[Weather, list[Problem]]:
    when = Text(f"{year} 年", f" for {year}") if year is not None else Text("", "")
    reason = Text(
        f"缺{when.zh} {what}，没有分出天气的影响（含在强度中）",
        f"{what} is lacking{when.en}: weather is not told apart and stays in the intensity",
    )
    remedy = Text(
        "填报采暖、空调度日数（含常年值）和随天气变化的用能比重",
        "load degree days with those of a normal year, and the shares of energy that follow weather",
    )
    place = Place(item=what, field=str(year) if year is not None else None)
    return Weather({}, reason), [Problem("account.no-weather", place, reason, remedy, WARNING)]
