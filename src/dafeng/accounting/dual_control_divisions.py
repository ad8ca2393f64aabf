"""Ways to divide the district: its sectors, its subdistricts, its key units, each with energy, CO2 and output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from dafeng.accounting.constant_prices import Series, at_constant_prices, outputs
from dafeng.accounting.lines import DISTRICT
from dafeng.core.errors import Problem
from dafeng.core.text import Text, same
from dafeng.indicators.facts import Facts

TONNE = 1_000_000  # g; gce in one tce
MONTHS = 12

# Part → year → amount.
Amounts = Mapping[str, Mapping[int, float]]

_HOMES = Text("居民生活没有增加值", "homes have no value added")


@dataclass(frozen=True, slots=True)
class Span:
    """The two years compared, and the district's amounts (``energy`` gce, ``co2`` g) and output (亿CNY at constant
    prices) by year."""

    base_year: int
    year: int
    amounts: Mapping[str, Mapping[int, float]]
    output: Series


@dataclass(frozen=True, slots=True)
class Division:
    """One way to divide the district. amounts: ``energy`` (gce) and ``co2`` (g) of each part; output: 亿CNY. why: what
    to say of a part without output. whole: whether the parts should cover the district; key units are some of it."""

    code: str
    name: Text
    names: Mapping[str, Text]
    amounts: Mapping[str, Amounts]
    output: Amounts
    rest: Text
    why: Mapping[str, Text] = field(default_factory=dict)
    whole: bool = True


def district_amounts(energy: pl.DataFrame, emissions: pl.DataFrame) -> dict[str, Mapping[int, float]]:
    """The district's final energy and its CO2 (fuels and, beside them, power and heat bought), by year."""
    there = pl.lit("district")
    return {
        "energy": energy_of(energy, DISTRICT, there).get("district", {}),
        "co2": co2_of(emissions, DISTRICT, there).get("district", {}),
    }


def divisions(
    facts: Facts, energy: pl.DataFrame, emissions: pl.DataFrame, span: Span, problems: list[Problem]
) -> list[Division]:
    def amounts(level: str, by: str) -> dict[str, Amounts]:
        return {
            "energy": energy_of(energy, level, pl.col(by)),
            "co2": co2_of(emissions, level, pl.col(by)),
        }

    places, units = amounts("subdistrict", "place"), amounts("unit", "place")
    return [
        Division(
            "sector",
            Text("按领域", "by sector"),
            _options(facts, "energy_sectors"),
            amounts(DISTRICT, "sector"),
            _output_by_sector(facts, span, problems),
            Text("未分到领域", "not assigned to a sector"),
            {"homes": _HOMES},
        ),
        Division(
            "subdistrict",
            Text("按街镇", "by subdistrict"),
            {},
            places | ({} if places["energy"] else {"energy": _monthly_energy(facts)}),
            _whole_years(facts, "value_added"),
            Text("未分到街镇", "not assigned to a subdistrict"),
        ),
        Division(
            "unit",
            Text("重点用能单位", "key units"),
            _unit_names(facts),
            units | ({} if units["energy"] else {"energy": _unit_energy(facts)}),
            {},
            Text("其他用能", "all others"),
            whole=False,
        ),
    ]


def energy_of(energy: pl.DataFrame, level: str, by: pl.Expr) -> dict[str, dict[int, int]]:
    """Part → year → final consumption, gce; what names no part is left to the rest."""
    held = energy.filter((pl.col("level") == level) & (pl.col("flow") == "final"))
    return _sums(held, by, "gce_equal")


def co2_of(emissions: pl.DataFrame, level: str, by: pl.Expr) -> dict[str, dict[int, int]]:
    """Part → year → CO2 of energy, g: scope 1 and scope 2, no memo items."""
    held = emissions.filter(
        (pl.col("level") == level)
        & (pl.col("gas").str.to_uppercase() == "CO2")
        & pl.col("energy_line").is_not_null()
        & pl.col("scope").is_in([1, 2])
        & pl.col("memo").is_null()
    )
    return _sums(held, by, "gas_g")


def _sums(lines: pl.DataFrame, by: pl.Expr, amount: str) -> dict[str, dict[int, int]]:
    sums = lines.group_by(by.cast(pl.String).alias("part"), "year").agg(pl.col(amount).sum())
    made: dict[str, dict[int, int]] = {}
    for part, year, value in sums.sort("part", "year").iter_rows():
        if part:
            made.setdefault(part, {})[year] = value
    return made


def _output_by_sector(facts: Facts, span: Span, problems: list[Problem]) -> dict[str, dict[int, float]]:
    frame = facts.frame("gdp_by_sector")
    if frame is None:
        return {}
    made = {}
    for sector in frame["sector"].unique().sort().to_list():
        rows = outputs(frame.filter(pl.col("sector") == sector), "value_added", None, "value_added_current")
        there = [one for one in (span.base_year, span.year) if any(row.year == one for row in rows)]
        series, found = at_constant_prices(rows, span.output.price_base, there, f"gdp_by_sector {sector}")
        problems += found
        if series.price_base == span.output.price_base:
            made[sector] = dict(series.values)
    return made


def _whole_years(facts: Facts, column: str) -> dict[str, dict[int, float]]:
    """Subdistrict → year → sum of twelve months of the monthly ledger; a year with fewer months is none."""
    frame = facts.frame("dual_control_monthly")
    if frame is None:
        return {}
    sums = (
        frame.filter((pl.col("kind") == "subdistrict") & pl.col(column).is_not_null())
        .group_by("receiver", "period")
        .agg(pl.col(column).sum(), pl.col("month").n_unique().alias("months"))
        .filter(pl.col("months") == MONTHS)
        .sort("receiver", "period")
    )
    made: dict[str, dict[int, float]] = {}
    for receiver, year, value, _ in sums.iter_rows():
        made.setdefault(receiver, {})[year] = value
    return made


def _monthly_energy(facts: Facts) -> dict[str, dict[int, int]]:
    held = _whole_years(facts, "energy_tce")
    return {part: {year: round(value * TONNE) for year, value in years.items()} for part, years in held.items()}


def _unit_energy(facts: Facts) -> dict[str, dict[int, int]]:
    frame = facts.frame("key_unit_energy")
    if frame is None:
        return {}
    made: dict[str, dict[int, int]] = {}
    for unit, year, tce in frame.select("unit", "year", "energy_tce").sort("unit", "year").iter_rows():
        made.setdefault(unit, {})[year] = round(tce * TONNE)
    return made


def _unit_names(facts: Facts) -> dict[str, Text]:
    frame = facts.frame("key_units")
    return {} if frame is None else {code: same(name) for code, name in frame.select("code", "name").iter_rows()}


def _options(facts: Facts, choice: str) -> dict[str, Text]:
    options = facts.catalogue.choices[choice].options
    return {code: Text(option.zh, option.en) for code, option in options.items()}
