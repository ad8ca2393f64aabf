"""What the registers say that a split of energy rests on: floor area, vehicles, output, people, panels, weather."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dafeng.indicators.facts import Facts

Yearly = Mapping[int, float]
M2_PER_WAN_M2 = 10_000
STANDING = ("in_use", "vacant", "demolished")


@dataclass(frozen=True, slots=True)
class DistrictFacts:
    """area: use of a building → 万m2 standing at the end of the year; fleet: (category, fuel) → vehicles; travel:
    (category, fuel, ``km`` | ``litre`` | ``kwh``) → per vehicle, per 100 km; sold: the same keys as ``fleet`` →
    registrations; dc_total, dc_it: 万kWh; pv: MW connected by year of connection; weather: ``cooling``, ``heating`` →
    degree days relative to the mean of the years."""

    years: tuple[int, ...]
    residents: Yearly
    gdp: Yearly
    output: Mapping[str, Yearly]
    area: Mapping[str, Yearly]
    fleet: Mapping[tuple[str, str], Yearly]
    travel: Mapping[tuple[str, str, str], Yearly]
    sold: Mapping[tuple[str, str], Yearly]
    dc_total: Yearly
    dc_it: Yearly
    pv: Yearly
    weather: Mapping[str, Yearly]


def district_facts(facts: Facts, years: Sequence[int]) -> DistrictFacts:
    """Registers that hold nothing give empty mappings; a year that is missing between others is not filled."""
    totals = _columns(facts, "yearly_totals", ("residents", "gdp_constant"))
    centres = _sums(facts, "data_centre_energy", ("total", "it"))
    return DistrictFacts(
        tuple(years),
        _whole(totals["residents"], years),
        _whole(totals["gdp_constant"], years),
        _output(facts, years),
        _area(facts, years),
        _by_pair(facts, "vehicle_stock", years),
        _travel(facts),
        _by_pair(facts, "vehicle_registrations", None),
        _whole(centres["total"], years),
        _whole(centres["it"], years),
        _panels(facts),
        _weather(facts, years),
    )


def _whole(series: Yearly, years: Sequence[int]) -> dict[int, float]:
    """The series where it has every year; else nothing, since a history with gaps is none."""
    return {year: series[year] for year in years} if all(series.get(year) is not None for year in years) else {}


def _columns(facts: Facts, register: str, names: Sequence[str]) -> dict[str, dict[int, float]]:
    frame = facts.frame(register)
    rows = [] if frame is None else list(frame.iter_rows(named=True))
    return {name: {row["year"]: row[name] for row in rows if row[name] is not None} for name in names}


def _sums(facts: Facts, register: str, names: Sequence[str]) -> dict[str, dict[int, float]]:
    frame = facts.frame(register)
    if frame is None:
        return {name: {} for name in names}
    sums = frame.group_by("year").agg(pl.col(*names).sum())
    return {name: dict(zip(sums["year"].to_list(), sums[name].to_list(), strict=True)) for name in names}


def _output(facts: Facts, years: Sequence[int]) -> dict[str, dict[int, float]]:
    frame = facts.frame("gdp_by_sector")
    made: dict[str, dict[int, float]] = {}
    for row in [] if frame is None else frame.iter_rows(named=True):
        if row["value_added"] is not None:
            made.setdefault(row["sector"], {})[row["year"]] = row["value_added"]
    return {sector: whole for sector, series in made.items() if (whole := _whole(series, years))}


def _area(facts: Facts, years: Sequence[int]) -> dict[str, dict[int, float]]:
    """What was completed by the end of a year (or has no date and is in use) and not yet demolished."""
    frame = facts.frame("buildings")
    if frame is None:
        return {}
    built = frame.filter(pl.col("stage").is_in(STANDING) & pl.col("floor_area_m2").is_not_null())
    made: dict[str, dict[int, float]] = {}
    for year in years:
        end = dt.date(year, 12, 31)
        there = built.filter(
            (pl.col("completed").is_null() | (pl.col("completed") <= end))
            & (pl.col("demolished").is_null() | (pl.col("demolished") > end))
            & (pl.col("demolished").is_not_null() | (pl.col("stage") != "demolished"))
        )
        for use, area in there.group_by("use").agg(pl.col("floor_area_m2").sum()).iter_rows():
            made.setdefault(use, dict.fromkeys(years, 0.0))[year] = area / M2_PER_WAN_M2
    return made


def _by_pair(facts: Facts, register: str, years: Sequence[int] | None) -> dict[tuple[str, str], dict[int, float]]:
    frame = facts.frame(register)
    if frame is None:
        return {}
    made: dict[tuple[str, str], dict[int, float]] = {}
    sums = frame.group_by("category", "fuel", "year").agg(pl.col("vehicles").sum())
    for category, fuel, year, number in sums.iter_rows():
        if years is None or year in years:
            made.setdefault((category, fuel), {} if years is None else dict.fromkeys(years, 0.0))[year] = float(number)
    # A register that lacks a year of the account is no history of the fleet.
    told = set(frame["year"].unique().to_list())
    return made if years is None or set(years) <= told else {}


_TRAVEL = {"km": "km_per_vehicle", "litre": "litre_per_100km", "kwh": "kwh_per_100km"}


def _travel(facts: Facts) -> dict[tuple[str, str, str], dict[int, float]]:
    frame = facts.frame("vehicle_use")
    made: dict[tuple[str, str, str], dict[int, float]] = {}
    for row in [] if frame is None else frame.iter_rows(named=True):
        for what, column in _TRAVEL.items():
            if row[column] is not None:
                made.setdefault((row["category"], row["fuel"], what), {})[row["year"]] = row[column]
    return made


def _panels(facts: Facts) -> dict[int, float]:
    """Year of connection → MW of what still runs."""
    frame = facts.frame("pv_projects")
    if frame is None:
        return {}
    running = frame.filter(pl.col("connected").is_not_null() & pl.col("retired").is_null())
    sums = running.group_by(pl.col("connected").dt.year().alias("year")).agg(pl.col("capacity_kw").sum()).sort("year")
    return {int(year): kilowatt / 1000 for year, kilowatt in sums.iter_rows()}


def _weather(facts: Facts, years: Sequence[int]) -> dict[str, dict[int, float]]:
    held = _columns(facts, "degree_days", ("cdd26", "hdd18"))
    made = {}
    for name, column in (("cooling", "cdd26"), ("heating", "hdd18")):
        series = _whole(held[column], years)
        mean = sum(series.values()) / len(series) if series else 0
        if mean:
            made[name] = {year: value / mean for year, value in series.items()}
    return made
