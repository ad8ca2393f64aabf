"""Gross product at the constant prices of one year, whatever mixture of levels and growth rates statistics give.

Levels at one price base come first; levels at another base are brought over by the year of that base, in which
constant and current prices are the same; then printed real growth. Current prices of any other year are never used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text

# Printed growth has one decimal: a difference beyond this, in percentage points, is no rounding.
GROWTH_SLACK_PCT = 0.1


@dataclass(frozen=True, slots=True)
class Output:
    """One year as statistics give it, 亿CNY; any part may be unknown. growth_pct: real growth on the year before."""

    year: int
    constant: float | None = None
    price_base: int | None = None
    growth_pct: float | None = None
    current: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """values: year → 亿CNY at prices of ``price_base``. how: year → the arithmetic in words."""

    price_base: int
    values: Mapping[int, float]
    how: Mapping[int, str]


def outputs(frame: pl.DataFrame | None, constant: str, growth: str | None, current: str | None) -> list[Output]:
    """Rows of a register with ``year`` and ``price_base``, one per year."""
    if frame is None:
        return []
    return [
        Output(
            row["year"],
            row[constant],
            row["price_base"],
            row[growth] if growth else None,
            row[current] if current else None,
        )
        for row in frame.iter_rows(named=True)
    ]


def at_constant_prices(
    rows: Sequence[Output], price_base: int, years: Sequence[int], register: str
) -> tuple[Series, list[Problem]]:
    """The years' gross product at prices of ``price_base``.

    Where nothing is given at those prices, the first year's own price base stands in: rates of change are the same.
    A year that has only current prices, or a base that nothing links, is left out and is a problem.
    """
    typed_as_constant = [row for row in rows if _is_current(row)]
    usable = {
        row.year: Output(row.year, None, None, row.growth_pct, row.current) if row in typed_as_constant else row
        for row in rows
    }
    base = _base_for(usable, price_base, years[0] if years else price_base)
    values, how = _anchors(usable, base)
    while found := _next(usable, values):
        year, value, words = found
        values[year], how[year] = value, words
    problems = [_current_for_constant(row, register) for row in typed_as_constant]
    refused = {row.year for row in typed_as_constant}
    problems += [
        _no_output(usable.get(year), year, base, register)
        for year in years
        if year not in values and year not in refused
    ]
    problems += _growth_differs(usable, values, register)
    return Series(base, values, how), problems


def _is_current(row: Output) -> bool:
    """Current prices typed where constant ones belong: equal to the digit, outside the year of the base."""
    return row.constant is not None and row.constant == row.current and row.price_base != row.year


def _base_for(rows: Mapping[int, Output], wanted: int, first: int) -> int:
    if any(row.price_base == wanted and row.constant is not None for row in rows.values()):
        return wanted
    if wanted in rows and rows[wanted].current is not None:
        return wanted
    own = rows[first].price_base if first in rows and rows[first].constant is not None else None
    return own if own is not None else wanted


def _anchors(rows: Mapping[int, Output], base: int) -> tuple[dict[int, float], dict[int, str]]:
    values, how = {}, {}
    for year, row in rows.items():
        if row.price_base == base and row.constant:
            values[year], how[year] = row.constant, f"gdp_constant[{year}] @ {base}"
        elif year == base and row.current:
            values[year], how[year] = row.current, f"gdp_current[{year}] = gdp_constant[{year}] @ {base}"
    return values, how


def _next(rows: Mapping[int, Output], values: Mapping[int, float]) -> tuple[int, float, str] | None:
    """One more year that the known ones reach, levels before growth, early years first."""
    for way in (_by_level, _by_link_year, _by_growth):
        for year in sorted(set(rows) - set(values)):
            if (found := way(rows, values, year)) is not None:
                return year, *found
    return None


def _by_level(rows: Mapping[int, Output], values: Mapping[int, float], year: int) -> tuple[float, str] | None:
    """Another known year has a level at the same, other base: the ratio of the two levels."""
    row = rows[year]
    if not row.constant:
        return None
    for other in sorted(values, key=lambda known: abs(known - year)):
        there = rows[other]
        if there.price_base == row.price_base and there.constant:
            ratio = row.constant / there.constant
            return values[other] * ratio, f"G[{other}] × {row.constant:g} / {there.constant:g} @ {row.price_base}"
    return None


def _by_link_year(rows: Mapping[int, Output], values: Mapping[int, float], year: int) -> tuple[float, str] | None:
    """The year of the other base is known: there current prices are constant ones, so its two values are the link."""
    row = rows[year]
    base = row.price_base
    if not row.constant or base is None or base not in values or base not in rows:
        return None
    link = rows[base].current
    if not link:
        return None
    return row.constant * values[base] / link, f"{row.constant:g} × G[{base}] / gdp_current[{base}] ({link:g})"


def _by_growth(rows: Mapping[int, Output], values: Mapping[int, float], year: int) -> tuple[float, str] | None:
    row, after = rows[year], rows.get(year + 1)
    if year - 1 in values and row.growth_pct is not None:
        return values[year - 1] * (1 + row.growth_pct / 100), f"G[{year - 1}] × (1 + {row.growth_pct:g} %)"
    if year + 1 in values and after is not None and after.growth_pct is not None:
        return values[year + 1] / (1 + after.growth_pct / 100), f"G[{year + 1}] / (1 + {after.growth_pct:g} %)"
    return None


def _growth_differs(rows: Mapping[int, Output], values: Mapping[int, float], register: str) -> list[Problem]:
    problems = []
    for year, row in sorted(rows.items()):
        if row.growth_pct is None or year not in values or year - 1 not in values:
            continue
        grown = 100 * (values[year] / values[year - 1] - 1)
        if abs(grown - row.growth_pct) > GROWTH_SLACK_PCT:
            problems.append(
                Problem(
                    "account.growth-differs",
                    Place(item=f"{register} {year}", field="gdp_growth"),
                    Text(
                        f"{year} 年不变价生产总值增长 {grown:.2f}%，公布增速为 {row.growth_pct:g}%",
                        f"constant-price output grew by {grown:.2f} % in {year}, printed: {row.growth_pct:g} %",
                    ),
                    Text("核对两者的口径和修订版本", "check scope and revision of both"),
                    WARNING,
                )
            )
    return problems


def _current_for_constant(row: Output, register: str) -> Problem:
    return Problem(
        "account.current-prices",
        Place(item=f"{register} {row.year}", field="gdp_constant"),
        Text(
            f"{row.year} 年“不变价”与现价相同（{row.constant:g} 亿元），而价格基期是 {row.price_base} 年：填的是现价",
            f"“constant” equals current prices in {row.year} ({row.constant:g}), though the base is {row.price_base}: "
            "it is the current figure",
        ),
        Text("改填不变价，或只填可比价增速", "give the constant-price figure, or the real growth alone"),
    )


def _no_output(row: Output | None, year: int, base: int, register: str) -> Problem:
    place = Place(item=f"{register} {year}", field="gdp_constant")
    if row is None or (row.constant is None and row.current is None):
        return Problem(
            "account.no-output",
            place,
            Text(f"{year} 年没有生产总值", f"there is no gross product for {year}"),
            Text("填报不变价生产总值，或可比价增速", "load it at constant prices, or its real growth"),
        )
    if row.constant is None:
        return Problem(
            "account.current-prices",
            place,
            Text(
                f"{year} 年只有现价生产总值；强度须按 {base} 年不变价计算，现价不用",
                f"{year} has current prices only: an intensity needs prices of {base}",
            ),
            Text("填报不变价及其价格基期，或可比价增速", "give constant prices with their base, or real growth"),
        )
    return Problem(
        "account.price-bases",
        place,
        Text(
            f"{year} 年按 {row.price_base} 年价格，与 {base} 年价格之间没有可连接的增速或现价",
            f"{year} is at prices of {row.price_base}; neither growth nor current prices link them to {base}",
        ),
        Text(
            f"补报 {year} 年可比价增速，或 {row.price_base} 年的现价生产总值",
            f"give the real growth of {year}, or current prices of {row.price_base}",
        ),
    )
