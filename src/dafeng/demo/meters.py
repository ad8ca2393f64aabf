"""Registers of meters: the sites that are accounted on their own, and what their meters say month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dafeng.demo import macro
from dafeng.demo.buildings import near
from dafeng.demo.chance import Chance, split
from dafeng.demo.places import BY_NAME, PARK_ZONE, Place
from dafeng.demo.supply import months_of
from dafeng.demo.world import PARTIAL, TODAY, Row, World

METERED = (2024, 2025, PARTIAL)
SECTOR_OF_USE = {"mall": "trade", "hotel": "trade", "transport": "transport"}
LARGEST = 70  # buildings beside those of public bodies
M2_PER_PERSON = {"office": 18, "government_office": 24, "education": 9, "health": 16}
# Name, kind, sector, subdistrict, public body, floor area m², people, electricity 10⁴ kWh and gas 10⁴ m³ of 2025.
OTHERS = (
    ("汀湾中学校园", "campus", "services", "汀湾镇", True, 38_600, 2_140, 168.4, 7.9),
    ("望潮小学校园", "campus", "services", "望潮街道", True, 14_200, 1_080, 52.7, 3.1),
    (f"{PARK_ZONE}公共部分", "park", "industry", "星槎街道", False, None, None, 486.0, None),
    ("汀兰花园社区公共部分", "community", "homes", "汀兰街道", False, None, 3_860, 94.3, None),
    ("砚桥新村社区公共部分", "community", "homes", "砚桥街道", False, None, 5_210, 121.6, None),
    ("星槎再生水厂", "plant", "industry", "星槎街道", False, None, None, 412.5, None),
)
# Meters see a little less than statistics: small tenants and new points have none, losses behind the border meter.
SEEN = (0.965, 0.997)
# How a month was filled that could not be read: way → months back that are taken for it (mean).
WAYS = {"取上年同月": (12,), "取前两月平均": (1, 2)}
GAPS = 14


def account_sites(world: World) -> list[Row]:
    """Every key unit, the monitored buildings of public bodies, the largest other ones, two schools and some more."""
    chance = world.chance("account_sites")
    rows: list[Row] = []
    for unit in world.rows("key_units"):
        place = BY_NAME[unit["subdistrict"]]
        row = _site(len(rows) + 1, unit["name"], "unit", unit["sector"], place, near(chance, place))
        rows.append(row | {"unit": unit["code"], "public_body": False})
    for building in _metered_buildings(world):
        sector, place = SECTOR_OF_USE.get(building["use"], "services"), BY_NAME[building["subdistrict"]]
        row = _site(len(rows) + 1, building["name"], "building", sector, place, building["location"])
        public, area = building["public_body"], building["floor_area_m2"]
        people = round(area / M2_PER_PERSON.get(building["use"], 20) * chance.between(0.8, 1.2)) if public else None
        rows.append(
            row | {"building": building["code"], "public_body": public, "floor_area_m2": area, "people": people}
        )
    for name, kind, sector, subdistrict, public, area, people, _, _ in OTHERS:
        place = BY_NAME[subdistrict]
        row = _site(len(rows) + 1, name, kind, sector, place, near(chance, place))
        rows.append(row | {"public_body": public, "floor_area_m2": area, "people": people})
    return rows


def _site(number: int, name: str, kind: str, sector: str, place: Place, location: str) -> Row:
    return {
        "code": f"DW-{number:04d}",
        "name": name,
        "kind": kind,
        "sector": sector,
        "subdistrict": place.name,
        "zone": place.zone,
        "unit": None,
        "building": None,
        "public_body": None,
        "floor_area_m2": None,
        "people": None,
        "location": location,
    }


def _metered_buildings(world: World) -> list[Row]:
    """Buildings in use with a yearly figure for 2024 and 2025: public bodies, then the largest."""
    years = {(row["building"], row["year"]) for row in world.rows("building_energy")}
    there = [b for b in world.rows("buildings") if {(b["code"], year) for year in METERED[:2]} <= years]
    public = [b for b in there if b["public_body"]]
    others = sorted((b for b in there if not b["public_body"]), key=lambda b: (-b["floor_area_m2"], b["code"]))
    return sorted([*public, *others[:LARGEST]], key=lambda b: b["code"])


@dataclass(frozen=True, slots=True)
class Meter:
    """What the meters of one carrier of a site saw in each year, in the unit of the balance."""

    site: Row
    carrier: str
    years: dict[int, float]


def meter_totals(world: World) -> list[Row]:
    """Monthly electricity and gas of each site; a year's months stay a little below the yearly figure that the site
    reports. A few months could not be read and say how they were filled."""
    chance = world.chance("meter_totals")
    rows: list[Row] = []
    for number, meter in enumerate(_meters(world, chance), 1):
        name, unit = macro.CARRIERS[meter.carrier]
        for year in METERED:
            weights = [part * chance.near(1, 0.02, 4) for part in months_of(meter.carrier, _profile(meter, year), year)]
            parts = split(meter.years[year], weights, 3)
            for month, amount in enumerate(parts[: TODAY.month if year == PARTIAL else 12], 1):
                rows.append(
                    {
                        "site": meter.site["code"],
                        "meter": f"{'D' if meter.carrier == 'electricity' else 'Q'}-{100_000 + number * 7}",
                        "carrier": name,
                        "month": f"{year}-{month:02d}",
                        "amount": amount,
                        "unit": unit,
                        "estimated": False,
                        "method": None,
                    }
                )
    _fill_gaps(chance, rows)
    return rows


def _profile(meter: Meter, year: int) -> str:
    """The sector whose months the site follows; there is no gas in transport's profile."""
    sector = meter.site["sector"]
    return "services" if meter.carrier == "gas" and sector == "transport" else sector


def _meters(world: World, chance: Chance) -> Iterator[Meter]:
    used = _yearly(world)
    for site in world.rows("account_sites"):
        for carrier in ("electricity", "gas"):
            years = used.get((site["unit"] or site["building"] or site["name"], carrier))
            if years and min(years.values()) > 0.5:
                seen = chance.between(*SEEN, 4)
                seen_years = {year: round(amount * seen, 3) for year, amount in years.items()}
                growth = macro.SECTOR_GROWTH_2026[site["sector"]] * chance.near(1, 0.01, 4)
                yield Meter(site, carrier, seen_years | {PARTIAL: round(seen_years[2025] * growth, 3)})


def _yearly(world: World) -> dict[tuple[str, str], dict[int, float]]:
    """(unit, building or site name, carrier) → year → what was reported: 10⁴ kWh, 10⁴ m³."""
    held: dict[tuple[str, str], dict[int, float]] = {}
    for row in world.rows("key_unit_carriers"):
        if row["year"] in METERED:
            held.setdefault((row["unit"], row["_carrier"]), {})[row["year"]] = row["amount"]
    for row in world.rows("building_energy"):
        if row["year"] in METERED:
            held.setdefault((row["building"], "electricity"), {})[row["year"]] = row["electricity_kwh"] / 1e4
            held.setdefault((row["building"], "gas"), {})[row["year"]] = row["gas_m3"] / 1e4
    for name, _, _, _, _, _, _, power, gas in OTHERS:
        held[name, "electricity"] = {2024: power * 0.985, 2025: power}
        if gas:
            held[name, "gas"] = {2024: gas * 1.01, 2025: gas}
    return held


def _fill_gaps(chance: Chance, rows: list[Row]) -> None:
    """Overwrite a few months of 2025 with what the stated way gives."""
    place = {(row["meter"], row["month"]): row for row in rows}
    late = [row for row in rows if row["month"].startswith("2025-") and row["month"] > "2025-02"]
    for row in chance.shuffled(late)[:GAPS]:
        way = chance.pick(tuple(WAYS))
        back = [place[row["meter"], _before(row["month"], count)]["amount"] for count in WAYS[way]]
        row |= {"amount": round(sum(back) / len(back), 3), "estimated": True, "method": way}


def _before(month: str, count: int) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - count, 12)
    return f"{year}-{number + 1:02d}"
