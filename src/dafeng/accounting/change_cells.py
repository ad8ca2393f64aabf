"""The district's energy and its CO2 as products of factors, cell by cell (sector × carrier) and year by year.

    energy_ij = A · S_i · I_i · M_ij · W_ij · coefficient_ij
    CO2_ij    = A · S_i · I_i · M_ij · W_ij · counted_ij · factor_ij

A: output at constant prices (homes: residents); S: the sector's share of output; I: energy per output, corrected for
weather; M: the carrier's share of the sector's corrected energy; W: the year's weather; counted: the part of a fuel
that is burnt, of power and heat that is bought; factor: CO2 per coal equivalent; coefficient: coal equivalent per
calorific one. Energy inside the chain is measured at the calorific coefficients of the first year, so that a new
coefficient is an effect of its own and not one of intensity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from dafeng.accounting.constant_prices import at_constant_prices, outputs
from dafeng.accounting.decomposition import effects_of_cells
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.panel import Floats
from dafeng.accounting.weather import Weather, weather_of
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

HOMES, CONVERSION = "homes", "conversion"
GRID, HEAT = "electricity", "heat"
TOTALS, BY_SECTOR = "yearly_totals", "gdp_by_sector"
# Fuel put into power and heat in the district: burnt here, so part of CO2; of energy only the difference counts.
INTO = ("into_power", "into_heat")
ON_THE_WAY = (*INTO, "into_other", "out_power", "out_heat", "out_other", "recovered", "loss")
REST = "rest"
# The factors of the chain, in the order of the last axis of ``x``.
COMMON = ("activity", "structure", "intensity", "mix", "weather")
FACTORS: Mapping[str, tuple[str, ...]] = {
    "co2": (*COMMON, "counted", "factor"),
    "energy": (*COMMON, "coefficient"),
}
NOT_FOR_HOMES = Text("居民生活没有增加值结构", "homes have no share of output")
NOT_FOR_CONVERSION = Text("加工转换按全区生产总值计", "conversion is set against the district's whole output")


@dataclass(frozen=True, slots=True)
class Drivers:
    """activity: sector → year → output (亿CNY) or residents (万人), 1 throughout where lacking; share: sector → year →
    part of output, 1 where there is none. lacking: (factor, sector) → why it is left out."""

    activity: Mapping[str, Mapping[int, float]]
    share: Mapping[str, Mapping[int, float]]
    weather: Weather
    lacking: Mapping[tuple[str, str], Text]


@dataclass(frozen=True, slots=True)
class Chained:
    """One quantity taken apart. cells: sector and carrier; x: (cell, year, factor); rest: sector → year → what no
    chain can hold (grams or gce), shown as its plain difference; lacking: as in ``Drivers``."""

    quantity: str
    years: tuple[int, ...]
    cells: tuple[tuple[str, str], ...]
    x: Floats
    rest: Mapping[str, Mapping[int, int]]
    totals: Mapping[str, Mapping[int, int]]
    lacking: Mapping[tuple[str, str], Text] = field(default_factory=dict)

    def effects(self) -> dict[tuple[str, str], float]:
        """(effect, sector) → additive effect from the first year to the last, summed over the years between."""
        found: dict[tuple[str, str], float] = {}
        steps = effects_of_cells(self.x[:, :-1], self.x[:, 1:], small=0.0).sum(axis=1).tolist() if self.cells else []
        for (sector, carrier), row in zip(self.cells, steps, strict=True):
            for name, value in zip(FACTORS[self.quantity], row, strict=True):
                key = effect_of(name, sector, carrier), sector
                found[key] = found.get(key, 0.0) + float(value)
        for sector, held in self.rest.items():
            key = REST, sector
            found[key] = found.get(key, 0.0) + held[self.years[-1]] - held[self.years[0]]
        return found


def effect_of(factor: str, sector: str, carrier: str) -> str:
    """The effect under which a factor of a cell is shown."""
    match factor:
        case "activity":
            return "activity_residents" if sector == HOMES else "activity_output"
        case "counted":
            return "own_supply" if carrier in (GRID, HEAT) else "raw_material"
        case "factor":
            return {GRID: "grid_factor", HEAT: "heat_factor"}.get(carrier, "fuel_factor")
    return factor


# ── what drives ──


def drivers(facts: Facts, sectors: Sequence[str], years: Sequence[int]) -> tuple[Drivers, list[Problem]]:
    """Activity, structure and weather of the sectors; what is lacking is 1 throughout and named, so that its effect is
    left out and stays in the intensity."""
    rows = facts.frame(TOTALS)
    series, problems = at_constant_prices(
        outputs(rows, "gdp_constant", "gdp_growth", "gdp_current"), years[0], list(years), TOTALS
    )
    residents = {row["year"]: row["residents"] for row in rows.iter_rows(named=True)} if rows is not None else {}
    weather, found = weather_of(facts, years)
    problems += found
    activity: dict[str, Mapping[int, float]] = {}
    share: dict[str, Mapping[int, float]] = {}
    lacking: dict[tuple[str, str], Text] = {}
    output = _known(series.values, years)
    for sector in sectors:
        activity[sector] = share[sector] = dict.fromkeys(years, 1.0)
        if sector == HOMES:
            lacking["structure", sector] = NOT_FOR_HOMES
            if (people := _known(residents, years)) is not None:
                activity[sector] = people
            else:
                lacking["activity", sector] = _lacks(f"{TOTALS}.residents", "常住人口", "residents", "活动水平")
                problems.append(_left_out("residents", lacking["activity", sector]))
            continue
        if output is None:
            lacking["activity", sector] = _lacks(f"{TOTALS}.gdp_constant", "不变价生产总值", "output", "活动水平")
        else:
            activity[sector] = output
        if sector == CONVERSION:
            lacking["structure", sector] = NOT_FOR_CONVERSION
            continue
        added, faults = _value_added(facts, sector, years, series.price_base)
        if output is None or added is None or not all(added.values()):
            name = f"{BY_SECTOR}.{sector}"
            lacking["structure", sector] = _lacks(name, "分行业不变价增加值", "value added by sector", "结构")
            problems += faults or [_left_out(sector, lacking["structure", sector])]
        else:
            share[sector] = {year: added[year] / output[year] for year in years}
    return Drivers(activity, share, weather, lacking), problems


def _known(values: Mapping[int, float | None], years: Sequence[int]) -> dict[int, float] | None:
    held = {year: value for year in years if (value := values.get(year))}
    return held if len(held) == len(years) else None


def _value_added(
    facts: Facts, sector: str, years: Sequence[int], price_base: int
) -> tuple[dict[int, float] | None, list[Problem]]:
    frame = facts.frame(BY_SECTOR)
    if frame is None or not (held := frame.filter(pl.col("sector") == sector)).height:
        return None, []
    rows = outputs(held, "value_added", None, "value_added_current")
    series, problems = at_constant_prices(rows, price_base, list(years), f"{BY_SECTOR} {sector}")
    if not set(years) <= set(series.values):
        return None, problems
    return {year: series.values[year] for year in years}, problems


def _lacks(what: str, zh: str, en: str, effect: str) -> Text:
    return Text(
        f"缺{zh}（{what}），没有分出{effect}的影响（含在强度中）",
        f"{en} ({what}) is lacking: its effect is not told apart and stays in the intensity",
    )


def _left_out(name: str, reason: Text) -> Problem:
    return Problem(
        "account.effect-left-out",
        Place(item="change", field=name),
        Text(f"变动原因：{reason.zh}", f"reasons of change: {reason.en}"),
        Text("填报所比较的每一年的数据", "load it for every year that is compared"),
        WARNING,
    )


# ── cells ──


def uses(energy: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """The district's final use, and fuel put into power and heat as sector ``conversion``, by sector, carrier and year:
    ``own`` (gce at the first year's calorific coefficients), ``gce_equal``, ``amount`` and ``unit`` (all ≥ 0 in
    sound books)."""
    held = energy.filter(
        (pl.col("level") == DISTRICT) & pl.col("year").is_in(list(years)) & pl.col("flow").is_in(["final", *INTO])
    )
    final = pl.col("flow") == "final"
    sign = pl.when(final).then(1).otherwise(-1)
    sums = (
        held.with_columns(pl.when(final).then(pl.col("sector")).otherwise(pl.lit(CONVERSION)).alias("sector"))
        .group_by("sector", "carrier", "unit", "year")
        .agg((pl.col(name) * sign).sum() for name in ("amount", "gce_calorific", "gce_equal"))
    )
    rate = pl.col("gce_calorific").sum() / pl.col("amount").sum()
    rates = sums.group_by("carrier", "unit", "year").agg(rate.alias("rate")).filter(pl.col("rate").is_finite())
    first = rates.sort("year").group_by("carrier", "unit").agg(pl.col("rate").first())
    return sums.join(first, on=["carrier", "unit"], how="left").with_columns(
        (pl.col("amount") * pl.col("rate").fill_null(0.0)).alias("own")
    )


def gases(emissions: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """CO2 of the district's energy, scope 1 and scope 2 without memo items, by sector, carrier, unit and year: grams
    and the activity that they come from."""
    held = emissions.filter(co2_of_energy() & pl.col("year").is_in(list(years)))
    return (
        held.with_columns(pl.col("sector").fill_null(CONVERSION))
        .group_by("sector", "carrier", "year", pl.col("activity_unit").alias("unit"))
        .agg(pl.col("gas_g").sum(), pl.col("activity").sum())
    )


def co2_of_energy() -> pl.Expr:
    """The lines that make the district's CO2 of energy."""
    return (
        (pl.col("level") == DISTRICT)
        & (pl.col("gas") == "CO2")
        & pl.col("energy_line").is_not_null()
        & pl.col("memo").is_null()
        & pl.col("scope").is_in([1, 2])
    )


def chained(
    quantity: str, energy: pl.DataFrame, emissions: pl.DataFrame, facts: Facts, years: Sequence[int]
) -> tuple[Chained, list[Problem]]:
    """``co2`` (grams) or ``energy`` (gce at coal equivalent) of the district over the years, as chains of factors."""
    used = uses(energy, years)
    if quantity == "energy":
        used = used.filter(pl.col("sector") != CONVERSION)
    panel, rest = _panel(quantity, used, gases(emissions, years), years)
    if quantity == "energy":
        rest[CONVERSION] = _on_the_way(energy, years)
    sectors = sorted({sector for sector, _ in panel} | set(rest))
    driven, problems = drivers(facts, sectors, years)
    x = _factors(quantity, panel, driven, years)
    totals: dict[str, dict[int, int]] = {sector: dict.fromkeys(years, 0) for sector in sectors}
    for (sector, _), cell in panel.items():
        for year in years:
            totals[sector][year] += int(cell["value"][year])
    for sector, held in rest.items():
        for year in years:
            totals[sector][year] += held[year]
    lacking = dict(driven.lacking)
    if driven.weather.lacking is not None:
        lacking |= {("weather", sector): driven.weather.lacking for sector in sectors}
    return Chained(quantity, tuple(years), tuple(panel), x, rest, totals, lacking), problems


Panel = dict[tuple[str, str], dict[str, dict[int, float]]]


def _panel(
    quantity: str, used: pl.DataFrame, gas: pl.DataFrame, years: Sequence[int]
) -> tuple[Panel, dict[str, dict[int, int]]]:
    """Per cell and year: ``own`` energy, ``counted`` share and ``value``; and the rest, which cannot be a product."""
    cells: Panel = {}
    units: dict[tuple[str, str, str, int], float] = {}
    for row in used.iter_rows(named=True):
        cell = cells.setdefault((row["sector"], row["carrier"]), _empty(years))
        cell["own"][row["year"]] += row["own"]
        if quantity == "energy":
            cell["value"][row["year"]] += row["gce_equal"]
        units[row["sector"], row["carrier"], row["unit"], row["year"]] = row["amount"]
    if quantity == "co2":
        for row in gas.iter_rows(named=True):
            cell = cells.setdefault((row["sector"], row["carrier"]), _empty(years))
            cell["value"][row["year"]] += row["gas_g"]
            amount = units.get((row["sector"], row["carrier"], row["unit"], row["year"]))
            if amount:
                cell["counted"][row["year"]] = row["activity"] / amount
    rest: dict[str, dict[int, int]] = {}
    for key in sorted(cells):
        cell = cells[key]
        if _is_rest(cell, years):
            held = rest.setdefault(key[0], dict.fromkeys(years, 0))
            for year in years:
                held[year] += int(cell["value"][year])
    return {key: cells[key] for key in sorted(cells) if not _is_rest(cells[key], years)}, rest


def _is_rest(cell: Mapping[str, Mapping[int, float]], years: Sequence[int]) -> bool:
    """Whether a cell is below zero in a year, or has a value without energy: no product of factors."""
    return not all(
        cell["own"][year] >= 0
        and cell["value"][year] >= 0
        and (cell["value"][year] == 0 or (cell["own"][year] > 0 and cell["counted"].get(year, 1.0) > 0))
        for year in years
    )


def _empty(years: Sequence[int]) -> dict[str, dict[int, float]]:
    return {"own": dict.fromkeys(years, 0.0), "value": dict.fromkeys(years, 0), "counted": {}}


def _on_the_way(energy: pl.DataFrame, years: Sequence[int]) -> dict[int, int]:
    held = energy.filter((pl.col("level") == DISTRICT) & pl.col("flow").is_in(ON_THE_WAY))
    sums = dict(held.group_by("year").agg(-pl.col("gce_equal").sum()).iter_rows())
    return {year: int(sums.get(year, 0)) for year in years}


def _factors(quantity: str, panel: Panel, driven: Drivers, years: Sequence[int]) -> Floats:
    """x (cell, year, factor); the product over factors is the cell's value."""
    x = np.zeros((len(panel), len(years), len(FACTORS[quantity])))
    corrected = {
        key: [cell["own"][year] / driven.weather.of(*key, year) for year in years] for key, cell in panel.items()
    }
    whole: dict[str, list[float]] = {}
    for (sector, _), values in corrected.items():
        known = whole.setdefault(sector, [0.0] * len(years))
        whole[sector] = [a + b for a, b in zip(known, values, strict=True)]
    for at, (key, cell) in enumerate(panel.items()):
        sector = key[0]
        value = np.array([cell["value"][year] for year in years], dtype=float)
        own = np.array([cell["own"][year] for year in years])
        activity, share = (np.array([held[sector][year] for year in years]) for held in (driven.activity, driven.share))
        weather = np.array([driven.weather.of(*key, year) for year in years])
        columns = [activity, share, _ratio(np.array(whole[sector]), activity * share)]
        columns += [_ratio(np.array(corrected[key]), np.array(whole[sector])), weather]
        if quantity == "co2":
            counted = _carried(np.array([cell["counted"].get(year, np.nan) for year in years]), 1.0)
            columns += [counted, _ratio(value, own * counted)]
        else:
            columns.append(_ratio(value, own))
        x[at] = np.stack(columns, axis=1)
    return x


def _ratio(above: Floats, below: Floats) -> Floats:
    """above ÷ below by year; where there is nothing to divide by, the value of the nearest year that has one, so that
    the change of a cell that comes or goes lies in the factor that is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _carried(np.where(below == 0, np.nan, above / below), 0.0)


def _carried(values: Floats, otherwise: float) -> Floats:
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return np.full_like(values, otherwise)
    nearest = np.abs(np.arange(values.size)[:, None] - known[None, :]).argmin(axis=1)
    return values[known[nearest]]
