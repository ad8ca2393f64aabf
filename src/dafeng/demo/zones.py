"""Registers by zone, subdistrict and receiver: parts that add up to the district."""

from __future__ import annotations

from collections.abc import Mapping

from dafeng.demo.chance import split
from dafeng.demo.macro import RESIDENTS, SECTORS, burnt, carrier_total, co2_direct, gdp_constant, total_tce
from dafeng.demo.places import PLACES, ZONES
from dafeng.demo.sun import pv_output
from dafeng.demo.world import Row, World

JOBS_2020 = 612_000
# Zone → area that meets the sponge-city standard, km², 2020 and 2025.
SPONGE = {"北岸片区": (2.2, 4.1), "中部片区": (2.9, 5.6), "南湾片区": (3.6, 7.7)}


def share_of(zone: str, what: str) -> float:
    """Share of a zone in the district's people, jobs or area_km2."""
    whole = sum(getattr(place, what) for place in PLACES)
    return sum(getattr(place, what) for place in PLACES if place.zone == zone) / whole


# The middle zone renews its offices, the south fills up: their shares of energy drift apart, per year.
DRIFT: Mapping[str, float] = {"北岸片区": 0.0, "中部片区": -0.008, "南湾片区": 0.01}


def place_shares(year: int) -> list[float]:
    """Share of each subdistrict in the district's energy: residents and jobs, the drift of its zone, and new shops and
    offices in one of them since 2022."""
    parts = [
        (0.45 * place.people + 0.55 * place.jobs)
        * (1 + DRIFT[place.zone] * (year - 2020))
        * (1 + 0.03 * (place.name == "望潮街道") * max(year - 2022, 0))
        for place in PLACES
    ]
    return [part / sum(parts) for part in parts]


def zone_facts(world: World) -> list[Row]:
    """Three rows a year; people, jobs, value added and energy add up to the district's totals."""
    people, jobs = [share_of(z, "people") for z in ZONES], [share_of(z, "jobs") for z in ZONES]
    rows = []
    for year in range(2020, 2026):
        residents, work = split(RESIDENTS[year], people), split(JOBS_2020 * 1.008 ** (year - 2020), jobs)
        shares = place_shares(year)
        mixed = [sum(s for s, place in zip(shares, PLACES, strict=True) if place.zone == zone) for zone in ZONES]
        gdp, energy = split(gdp_constant(year), jobs, 2), split(total_tce(year), mixed)
        co2 = split(district_co2(world, year), mixed)
        for number, zone in enumerate(ZONES):
            first, last = SPONGE[zone]
            rows.append(
                {
                    "year": year,
                    "zone": zone,
                    "area_km2": round(sum(place.area_km2 for place in PLACES if place.zone == zone), 2),
                    "residents": residents[number],
                    "jobs": work[number],
                    "homes": round(residents[number] / 2.42),
                    "workers": round(residents[number] * 0.53),
                    "floor_area": round(_floor_area(world, zone, year) / 10_000, 1),
                    "gdp": gdp[number],
                    "energy_tce": energy[number],
                    "co2_t": co2[number],
                    "pv_kw": pv_kw(world, zone, year),
                    "sponge_km2": round(first + (last - first) * (year - 2020) / 5, 2),
                }
            )
    return rows


def district_co2(world: World, year: int) -> float:
    return sum(sector_co2(world, year, sector) for sector in SECTORS)


def grid_factor(world: World, year: int) -> float:
    """tCO2/MWh of the grid. None was published for 2020; the district's own catalogue says that of 2021."""
    return world.factor("grid_shanghai_inventory", max(year, 2021))


def sector_co2(world: World, year: int, sector: str) -> float:
    """Fuels burnt, heat and electricity bought, t: fuel factors and grid factor of the shipped catalogue. What own sun
    gives is not bought; each sector has its part of it by its use."""
    bought = 1 - pv_output(world, year) / carrier_total("electricity", year)
    return sum(
        amount * bought * 10 * grid_factor(world, year) if carrier == "electricity" else co2_direct(carrier, amount)
        for (name, carrier), amount in burnt(year).items()
        if name == sector
    )


def _floor_area(world: World, zone: str, year: int) -> float:
    return sum(
        row["floor_area_m2"]
        for row in world.rows("buildings")
        if row["zone"] == zone and row["completed"] and row["completed"].year <= year
        and not (row["demolished"] and row["demolished"].year <= year)
    )  # fmt: skip


def pv_kw(world: World, zone: str, year: int) -> float | None:
    zone_of = {place.name: place.zone for place in PLACES}
    rows = world.rows("pv_projects")
    return round(
        sum(
            row["capacity_kw"] for row in rows
            if zone_of.get(row["subdistrict"]) == zone and row["connected"] and row["connected"].year <= year
        ), 1,
    )  # fmt: skip


# Indicator → unit, value of the district for 2025 in the first plan, kind of receiver, weight of a place, document.
_ALLOCATED = (
    ("public_chargers_added", "个", 1900, "people", 0), ("slow_lanes_added_km", "km", 24, "area_km2", 1),
    ("public_retrofit_area", "万m2", 150, "jobs", 1),
)  # fmt: skip


def allocations(world: World) -> list[Row]:
    """Targets of 2025 handed down to the subdistricts; the parts add up to the district's value exactly."""
    rows = []
    for indicator, unit, value, weight, digits in _ALLOCATED:
        parts = split(value, [getattr(place, weight) for place in PLACES], digits)
        for place, part in zip(PLACES, parts, strict=True):
            rows.append(
                {
                    "year": 2025,
                    "indicator": indicator,
                    "receiver_kind": "subdistrict",
                    "receiver": place.name,
                    "value": part,
                    "unit": unit,
                    "district_value": value,
                    "document": "云碳领办〔2023〕2号",
                    "remark": None,
                }
            )
    return rows
