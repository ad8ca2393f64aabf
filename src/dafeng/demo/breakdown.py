"""Registers that break the statistics down: to subdistricts and zones, and to key units by carrier.

Built from below: a subdistrict holds what its key units use, and its part of the rest. The parts of the rest are fitted
to both margins, the district's use by sector and carrier and the subdistrict's share of all energy, so that every
register that speaks of a subdistrict's energy tells the same.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from dafeng.demo import macro
from dafeng.demo.chance import split
from dafeng.demo.places import PLACES, ZONES
from dafeng.demo.world import Row, World
from dafeng.demo.zones import place_shares

# Fuel of vehicles and machines that nobody can give to a subdistrict, share of it.
UNALLOCATED = {
    ("homes", "petrol"): 0.35,
    ("transport", "petrol"): 0.4,
    ("transport", "diesel"): 0.4,
    ("construction", "diesel"): 0.3,
    ("construction", "petrol"): 0.3,
}
# What key units use beside electricity, by sector: share of that coal equivalent. The first takes what rounding leaves.
FUELS: Mapping[str, Mapping[str, float]] = {
    "industry": {"gas": 0.62, "heat": 0.24, "diesel": 0.14},
    "transport": {"diesel": 0.72, "petrol": 0.28},
    "trade": {"gas": 0.97, "lpg": 0.03},
    "services": {"gas": 0.97, "petrol": 0.03},
}
DIGITS = {"electricity": 1, "gas": 2, "petrol": 1, "diesel": 1, "lpg": 1, "heat": 0}


def key_unit_carriers(world: World) -> list[Row]:
    """What each unit reports, by carrier; together the coal equivalent of its yearly report."""
    chance = world.chance("key_unit_carriers")
    sector_of = {unit["code"]: unit["sector"] for unit in world.rows("key_units")}
    leans = {code: chance.between(0.8, 1.2, 3) for code in sector_of}
    rows: list[Row] = []
    for reported in world.rows("key_unit_energy"):
        sector = sector_of[reported["unit"]]
        fuel_tce = reported["energy_tce"] - macro.tce("electricity", reported["electricity"])
        amounts = {"electricity": reported["electricity"]} | _fuels(fuel_tce, sector, leans[reported["unit"]])
        for carrier, amount in amounts.items():
            name, unit = macro.CARRIERS[carrier]
            rows.append(
                {
                    "unit": reported["unit"],
                    "year": reported["year"],
                    "carrier": name,
                    "amount": amount,
                    "unit_of_amount": unit,
                    "as_material": None,
                    "_sector": sector,
                    "_carrier": carrier,
                }
            )
    _raw_material(rows)
    return rows


def _fuels(total_tce: float, sector: str, lean: float) -> dict[str, float]:
    """The fuels of a unit; ``lean`` shifts them between the first and the others."""
    first, *others = FUELS[sector]
    amounts, left = {}, total_tce
    for carrier in others:
        amount = round(total_tce * FUELS[sector][carrier] * lean / macro.tce(carrier, 1), DIGITS[carrier])
        amounts[carrier] = amount
        left -= macro.tce(carrier, amount)
    return {first: round(left / macro.tce(first, 1), DIGITS[first])} | amounts


def _raw_material(rows: list[Row]) -> None:
    """One works makes hydrogen from part of its gas: the one that used most of it in the first year."""
    gas = [row for row in rows if row["_sector"] == "industry" and row["_carrier"] == "gas"]
    largest = max((row for row in gas if row["year"] == macro.YEARS[0]), key=lambda row: row["amount"])
    for row in gas:
        if row["unit"] == largest["unit"]:
            row["as_material"] = macro.GAS_AS_MATERIAL[row["year"]]


def energy_by_place(world: World) -> list[Row]:
    """Thirteen subdistricts and the zones that they make up; with the unallocated part they are the district."""
    rows: list[Row] = []
    for year in macro.YEARS:
        parts = by_subdistrict(world, year)
        for place in PLACES:
            rows += [_row("subdistrict", place.name, year, key, parts[place.name, key]) for key in macro.balance(year)]
        for zone in ZONES:
            for key in macro.balance(year):
                amount = sum(parts[place.name, key] for place in PLACES if place.zone == zone)
                rows.append(_row("zone", zone, year, key, round(amount, 2)))
    return rows


def _row(level: str, place: str, year: int, key: tuple[str, str], amount: float) -> Row:
    name, unit = macro.CARRIERS[key[1]]
    return {
        "level": level,
        "place": place,
        "year": year,
        "sector": key[0],
        "carrier": name,
        "amount": amount,
        "unit": unit,
    }


def by_subdistrict(world: World, year: int) -> dict[tuple[str, tuple[str, str]], float]:
    """(subdistrict, (sector, carrier)) → amount in the units of the balance."""
    units = _of_units(world, year)
    keys = list(macro.balance(year))
    given = {key: float(round(macro.balance(year)[key] * (1 - UNALLOCATED.get(key, 0)))) for key in keys}
    rest = {key: given[key] - sum(units[place.name, key] for place in PLACES) for key in keys}
    if min(rest.values()) < 0:
        raise ValueError(f"key units use more than their sector in {year}")
    whole = sum(macro.tce(key[1], amount) for key, amount in given.items())
    wanted = []
    for share, place in zip(place_shares(year), PLACES, strict=True):
        used = sum(macro.tce(key[1], units[place.name, key]) for key in keys)
        wanted.append(whole * share - used)
    weights = _fitted([macro.tce(key[1], rest[key]) for key in keys], wanted, [key[0] for key in keys])
    held: dict[tuple[str, tuple[str, str]], float] = {}
    for key, row in zip(keys, weights, strict=True):
        for place, part in zip(PLACES, split(rest[key], row, 2), strict=True):
            held[place.name, key] = round(units[place.name, key] + part, 2)
    return held


def _of_units(world: World, year: int) -> dict[tuple[str, tuple[str, str]], float]:
    place_of = {unit["code"]: unit["subdistrict"] for unit in world.rows("key_units")}
    sums: dict[tuple[str, tuple[str, str]], float] = defaultdict(float)
    for row in world.rows("key_unit_carriers"):
        if row["year"] == year:
            sums[place_of[row["unit"]], (row["_sector"], row["_carrier"])] += row["amount"]
    return sums


@functools.cache
def _seed(sector: str) -> tuple[float, ...]:
    return tuple(float(place.people if sector == "homes" else place.jobs) for place in PLACES)


def _fitted(by_key: list[float], by_place: list[float], sectors: list[str]) -> list[list[float]]:
    """Weights by key and place whose sums meet both margins: scaled in turn until they do (both have one total)."""
    held = np.array([_seed(sector) for sector in sectors])
    rows, columns = np.array(by_key), np.array(by_place)
    if columns.min() <= 0:
        raise ValueError("key units use more than their subdistrict")
    for _ in range(200):
        held *= (rows / held.sum(axis=1))[:, None]
        held *= columns / held.sum(axis=0)
    return held.tolist()
