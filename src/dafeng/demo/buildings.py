"""Registers of buildings: the stock, what is retrofitted, what is newly built."""

from __future__ import annotations

import datetime as dt

from dafeng.demo.chance import Chance, split
from dafeng.demo.naming import SUFFIX_BY_USE, Names
from dafeng.demo.places import PLACES, Place, position
from dafeng.demo.world import TODAY, Row, World

# Stock at the end of 2020: use → (number of buildings, total floor area in m², letter of the code).
STOCK: dict[str, tuple[int, int, str]] = {
    "government_office": (70, 460_000, "A"), "office": (330, 5_250_000, "A"), "mall": (90, 1_900_000, "B"),
    "hotel": (70, 900_000, "C"), "education": (240, 2_350_000, "D"), "health": (60, 900_000, "E"),
    "sport": (20, 180_000, "F"), "culture": (30, 260_000, "D"), "mixed": (150, 3_050_000, "G"),
    "transport": (12, 240_000, "H"), "other": (114, 810_000, "H"), "home": (240, 32_200_000, "J"),
    "factory": (64, 720_000, "K"), "warehouse": (12, 110_000, "K"), "data_centre": (10, 130_000, "H"),
}  # fmt: skip
# New in each year: use → floor area in m² of single buildings.
NEW_PER_YEAR: dict[str, tuple[int, ...]] = {
    "office": (42_000, 31_000), "mixed": (46_000,), "education": (14_500, 9_800), "health": (17_000,),
    "government_office": (5_600,), "home": (118_000, 84_000), "factory": (12_500,), "other": (6_200,),
}  # fmt: skip
CATEGORY = {"home": "residential", "factory": "industrial", "warehouse": "industrial"}
LARGE_M2 = 20_000
# Built before 2005, 2005–2014, 2015–2020: shares of public and of residential floor area (model defaults).
AGES_PUBLIC, AGES_HOME = (0.35, 0.43, 0.22), (0.55, 0.30, 0.15)
SPANS = ((1978, 2004), (2005, 2014), (2015, 2020))


def buildings(world: World) -> list[Row]:
    """The stock of 2020, what was completed since, a few demolitions and projects under way."""
    chance = world.chance("buildings")
    names = Names(chance)
    rows: list[Row] = []
    for use, (count, area, letter) in STOCK.items():
        sizes = split(area, [chance.lognormal(1, 0.6, 0.25, 4.5) for _ in range(count)])
        ages = AGES_HOME if use == "home" else AGES_PUBLIC
        for size in sizes:
            first, last = chance.pick(SPANS, ages)
            completed = chance.day(dt.date(first, 1, 4), dt.date(last, 12, 20))
            rows.append(_building(chance, names, letter, len(rows) + 1, use, size, completed))
    for year in range(2021, 2027):
        for use, sizes in NEW_PER_YEAR.items():
            for size in sizes if year < 2026 else sizes[:1]:
                last = dt.date(year, 12, 20) if year < 2026 else TODAY
                completed = chance.day(dt.date(year, 2, 1), last)
                size = round(size * chance.between(0.85, 1.15))
                rows.append(_building(chance, names, STOCK[use][2], len(rows) + 1, use, size, completed))
    rows += [_planned(chance, names, len(rows) + 1 + i) for i in range(15)]
    _demolish(chance, rows)
    _monitor(chance, rows)
    cover_roofs(world, rows)
    return rows


def _building(chance: Chance, names: Names, letter: str, number: int, use: str, size: float, completed: dt.date) -> Row:
    weights = [p.people if use in ("home", "education") else p.jobs for p in PLACES]
    place = chance.pick(PLACES, weights)
    floors = chance.whole(2, 5) if use in ("factory", "warehouse", "education", "transport") else chance.whole(5, 22)
    if use == "home":
        floors = chance.whole(8, 20)
    roof = round(size / floors * chance.between(0.95, 1.0), -1)
    suitable = round(roof * chance.between(0.15, 0.40), -1)
    new = completed.year >= 2021
    public_body = use == "government_office" or (
        use in ("education", "health", "culture", "sport") and chance.chance(0.85)
    )
    return {
        "code": f"YT-{letter}-{number:04d}",
        "name": names.of(*SUFFIX_BY_USE[use]),
        "category": CATEGORY.get(use, "public"),
        "use": use,
        "public_body": public_body,
        "floor_area_m2": size,
        "above_ground_m2": round(size * chance.between(0.72, 0.97)),
        "stage": "in_use",
        "completed": completed,
        "demolished": None,
        "demolition_approval": None,
        "fit_out": ("full" if new or chance.chance(0.3) else "shell") if use == "home" else None,
        "bim": (True if completed.year >= 2022 else chance.chance(0.6)) if new else None,
        "prefabricated": chance.chance(0.92) if new else None,
        "prefab_rate": None,
        "green_star": (2 if chance.chance(0.7) else 3 if chance.chance(0.4) else 1) if new else None,
        "roof_area_m2": roof,
        "roof_suitable_m2": suitable,
        "roof_pv_m2": None,
        "monitored": None,
        "subdistrict": place.name,
        "zone": place.zone,
        "address": f"{place.name[:2]}路{chance.whole(1, 980)}号",
        "location": near(chance, place),
    }


def near(chance: Chance, place: Place) -> str:
    return position(place, chance.between(-0.7, 0.7), chance.between(-0.7, 0.7))


def _planned(chance: Chance, names: Names, number: int) -> Row:
    use = ("office", "home", "education", "mixed", "home")[number % 5]
    row = _building(chance, names, STOCK[use][2], number, use, chance.whole(9_000, 60_000), TODAY)
    stage = ("land", "design", "construction")[number % 3]
    return row | {"stage": stage, "completed": None, "green_star": 2, "bim": True}


def _demolish(chance: Chance, rows: list[Row]) -> None:
    """Seven old buildings are gone; one of them without an approval on file, which the loader warns of."""
    old = [row for row in rows if row["completed"] and row["completed"].year < 1996 and row["use"] != "home"]
    for number, row in enumerate(chance.shuffled(old)[:7]):
        gone = chance.day(dt.date(2021, 3, 1), dt.date(2025, 11, 28))
        row |= {"stage": "demolished", "demolished": gone}
        row["demolition_approval"] = None if number == 6 else f"云拆许字（{gone.year}）第{chance.whole(2, 40)}号"
    for row in rows:
        if row["prefabricated"]:
            row["prefab_rate"] = chance.whole(40, 62)


def _monitor(chance: Chance, rows: list[Row]) -> None:
    """Large public buildings join the monitoring platform year by year; three were not on it at the end of 2025."""
    large = [
        row for row in rows if row["category"] == "public" and row["floor_area_m2"] >= LARGE_M2 and row["completed"]
    ]
    late = {row["code"] for row in chance.shuffled([row for row in large if row["completed"].year < 2015])[:3]}
    for row in large:
        if row["code"] in late or row["completed"].year >= 2026:
            continue
        year = chance.pick(
            (2014, 2016, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025), (9, 14, 14, 13, 9, 9, 9, 9, 8, 6)
        )
        first = max(dt.date(year, 1, 15), row["completed"] + dt.timedelta(days=60))
        row["monitored"] = min(chance.day(first, first + dt.timedelta(days=330)), dt.date(2025, 12, 22))
    for row in chance.shuffled(
        [r for r in rows if r["category"] == "public" and 8_000 < r["floor_area_m2"] < LARGE_M2]
    )[:60]:
        if row["completed"] and row["completed"].year < 2020:
            row["monitored"] = chance.day(dt.date(2016, 1, 4), dt.date(2024, 12, 20))


# Share of the suitable roof area of public bodies and factories under PV at each year's end, %; the plan asks 40
# in 2025.
ROOF_COVER = {2021: 7.9, 2022: 14.2, 2023: 22.6, 2024: 30.9, 2025: 37.3}


def surveyed(rows: list[Row]) -> list[Row]:
    """Roofs that the survey visits: public bodies and factories that stood before 2021."""
    return [
        row
        for row in rows
        if (row["public_body"] or row["use"] == "factory")
        and row["stage"] == "in_use"
        and row["completed"].year <= 2020
    ]


def cover_roofs(world: World, rows: list[Row]) -> None:
    """Fill roofs in a drawn order until the year's share is reached; ``_pv_year`` remembers when."""
    chance = world.chance("roofs")
    roofs = surveyed(rows)
    total = sum(row["roof_suitable_m2"] for row in roofs)
    order = iter(chance.shuffled(roofs))
    covered = 0.0
    for year, share in ROOF_COVER.items():
        while covered < total * share / 100:
            row = next(order)
            row["roof_pv_m2"] = round(row["roof_suitable_m2"] * chance.between(0.78, 1.0))
            row["_pv_year"] = year
            covered += row["roof_pv_m2"]
    for row in rows:
        if row["completed"] and row["completed"].year >= 2022 and row["stage"] == "in_use":
            row["roof_pv_m2"] = round(row["roof_area_m2"] * ROOF_REQUIRED[roof_class(row)] * chance.between(1.02, 1.2))


# Floor area of public buildings retrofitted by year, m², and the part of it verified at 15 % or more as first filed.
RETROFITTED = {2021: 240_000, 2022: 285_000, 2023: 331_000, 2024: 352_000, 2025: 378_000, 2026: 182_000}
DEEP = {2021: 12_000, 2022: 31_000, 2023: 44_000, 2024: 52_000, 2025: 46_000, 2026: 0}
KINDS_DEEP = ("comprehensive", "hvac", "controls", "comprehensive")
KINDS_LIGHT = ("lighting", "hvac", "controls", "hot_water", "lifts_pumps", "envelope", "commissioning", "lighting")


def retrofits(world: World) -> list[Row]:
    """Completed retrofits of public buildings, a few of housing (which do not count) and some under way."""
    chance = world.chance("retrofits")
    there = [
        row for row in world.rows("buildings")
        if row["category"] == "public" and row["stage"] == "in_use" and 4_000 <= row["floor_area_m2"] <= 42_000
        and row["completed"].year < 2013
    ]  # fmt: skip
    candidates = iter(chance.shuffled(there))
    rows: list[Row] = []
    for year, total in RETROFITTED.items():
        for deep, area in ((True, DEEP[year]), (False, total - DEEP[year])):
            while area > 0:
                building = next(candidates)
                size = round(building["floor_area_m2"] * chance.between(0.6, 1.0), -1)
                size = area if size >= area or area - size < 2_500 else size
                if size > building["floor_area_m2"]:
                    continue
                area -= size
                rows.append(_retrofit(chance, len(rows) + 1, year, building, size, deep))
    homes = [
        row
        for row in world.rows("buildings")
        if row["use"] == "home" and row["completed"] and row["completed"].year < 2000
    ]
    for building in chance.shuffled(homes)[:8]:
        year = chance.whole(2021, 2025)
        size = round(building["floor_area_m2"] * chance.between(0.1, 0.3), -1)
        rows.append(_retrofit(chance, len(rows) + 1, year, building, size, False) | {"kind": "envelope"})
    for _ in range(6):
        building = next(candidates)
        size = round(building["floor_area_m2"] * 0.8, -1)
        row = _retrofit(chance, len(rows) + 1, 2026, building, size, False)
        rows.append(row | {"completed": None, "verified_saving_pct": None, "method": None, "verified_on": None,
                           "document": None, "started": chance.day(dt.date(2026, 4, 1), TODAY)})  # fmt: skip
    return rows


def _retrofit(chance: Chance, number: int, year: int, building: Row, size: float, deep: bool) -> Row:
    last = dt.date(year, 12, 18) if year < 2026 else TODAY
    completed = chance.day(dt.date(year, 3, 10), last)
    claimed = chance.between(16, 24, 1) if deep else chance.between(6, 16.5, 1)
    verified_on = completed + dt.timedelta(days=chance.whole(200, 330))
    # Light retrofits are claimed a little higher than they are measured; deep ones are held to their meters.
    verified = claimed - chance.between(0, 2.5, 1) if not deep else max(claimed - chance.between(0, 1.5, 1), 15.0)
    verified = round(verified if deep else min(verified, 14.6), 1)
    known = verified_on <= TODAY or deep
    claimed = claimed if known else min(claimed, 14.5)
    verified_on = min(verified_on, dt.date(2026, 8, 28))
    intensity = chance.between(20, 34)
    return {
        "code": f"GZ-{year}-{number:03d}",
        "building": building["code"],
        "kind": chance.pick(KINDS_DEEP if deep else KINDS_LIGHT),
        "floor_area_m2": size,
        "started": completed - dt.timedelta(days=chance.whole(60, 240)),
        "completed": completed,
        "claimed_saving_pct": claimed,
        "verified_saving_pct": verified if known else None,
        "method": chance.pick(("bills", "sub_meters", "third_party"), (6, 3, 2)) if known else None,
        "verified_on": max(verified_on, completed + dt.timedelta(days=20)) if known else None,
        "saving_tce": round(size * intensity / 1000 * claimed / 100, 1),
        "investment": round(size * (chance.between(150, 320) if deep else chance.between(35, 120)) / 10_000, 1),
        "epc": chance.chance(0.35),
        "document": f"云节核〔{verified_on.year}〕{number}号" if known else None,
    }


def retrofits_corrected(world: World) -> list[Row]:
    """Retrofits after the third-party check of 2026: four savings first filed at 15 % or more were measured below."""
    rows = [
        row
        for row in world.rows("retrofits")
        if (row["verified_saving_pct"] or 0) >= 15 and row["completed"].year >= 2023
    ]
    chance = world.chance("retrofits_corrected")
    taken: list[Row] = []
    area = 0
    for row in chance.shuffled(rows):
        if len(taken) < 5 and area + row["floor_area_m2"] <= 48_000:
            area += row["floor_area_m2"]
            verified = chance.between(11.2, 14.4, 1)
            taken.append(
                row
                | {
                    "verified_saving_pct": verified,
                    "method": "third_party",
                    "verified_on": dt.date(2026, 7, 15),
                    "document": f"云节核〔2026〕复{len(taken) + 1}号",
                }
            )
    return sorted(taken, key=lambda row: row["code"])


# Share of a new roof that the first plan asks to cover from 2022 on; housing has no required share.
ROOF_REQUIRED = {"government": 0.45, "school": 0.45, "factory": 0.45, "other_public": 0.25, "exempt": 0.10}


def roof_class(building: Row) -> str:
    known = {"government_office": "government", "education": "school", "factory": "factory", "home": "exempt"}
    return known.get(building["use"], "other_public")


LIMITS = {"public": 72, "residential": 42, "industrial": 90, "other": 80}


def new_building_gates(world: World) -> list[Row]:
    """Every building completed since 2021 passed three gates; projects under way passed one or two."""
    chance = world.chance("new_building_gates")
    built = [b for b in world.rows("buildings") if b["completed"] is None or b["completed"].year >= 2021]
    dated = [(building, _gate_days(chance, building)) for building in built]
    ule = _ultra_low(chance, dated)
    return [
        row for number, (b, days) in enumerate(dated, 1) for row in _gates(chance, number, b, days, b["code"] in ule)
    ]


def _gate_days(chance: Chance, building: Row) -> dict[str, dt.date]:
    completed = building["completed"]
    if completed:
        return {
            "land_transfer": completed - dt.timedelta(days=chance.whole(900, 1300)),
            "design_review": completed - dt.timedelta(days=chance.whole(500, 800)),
            "completion": completed,
        }
    days = {"land_transfer": chance.day(dt.date(2024, 2, 1), dt.date(2024, 12, 1))}
    if building["stage"] == "construction":
        days["design_review"] = chance.day(dt.date(2025, 2, 20), dt.date(2025, 12, 10))
    elif building["stage"] == "design":
        days["design_review"] = chance.day(dt.date(2026, 1, 20), TODAY)
    return days


# Share of floor area at design review that keeps the ultra-low-energy standard, %; all of it is asked in 2030.
ULE_SHARE = {2022: 8, 2023: 18, 2024: 32, 2025: 54, 2026: 60}


def _ultra_low(chance: Chance, dated: list[tuple[Row, dict[str, dt.date]]]) -> set[str]:
    """Codes of the projects that keep the standard: drawn one by one while the year's share is not passed."""
    chosen: set[str] = set()
    civil = [(b, days["design_review"].year) for b, days in dated if "design_review" in days and b["use"] != "factory"]
    for year, share in ULE_SHARE.items():
        projects = [building for building, reviewed in civil if reviewed == year]
        room = sum(building["floor_area_m2"] for building in projects) * share / 100
        for building in chance.shuffled(projects):
            if building["floor_area_m2"] <= room:
                chosen.add(building["code"])
                room -= building["floor_area_m2"]
    return chosen


def _gates(chance: Chance, number: int, building: Row, days: dict[str, dt.date], ule: bool) -> list[Row]:
    begun = days["land_transfer"].year
    category = building["category"]
    last = max(days.values())
    roof, required = building["roof_area_m2"], ROOF_REQUIRED[roof_class(building)]
    covered = building["roof_pv_m2"] or (round(roof * required * 1.05) if last.year >= 2022 else 0)
    limit = LIMITS[category]
    energy = round(limit * (0.62 if ule else chance.between(0.86, 0.99)), 1)
    if number in (17, 41):  # Two designs over their limit: the loader warns, the bureau follows up.
        energy = round(limit * 1.06, 1)
    kinds = (2 if chance.chance(0.3) else 1) if covered else 0
    base = {
        "project": f"XM-{begun}-{number:03d}",
        "project_name": f"{building['name']}新建工程",
        "category": category,
        "roof_class": roof_class(building),
        "floor_area_m2": building["floor_area_m2"],
        "ule": ule,
        "renewable_kinds": kinds,
        "renewables": {0: None, 1: "光伏", 2: "光伏、空气源热泵"}[kinds],
        "roof_area_m2": roof,
        "roof_pv_m2": covered,
        "green_star": building["green_star"],
        "all_electric": chance.chance(0.25),
        "design_energy": energy,
        "energy_limit": limit,
        "design_carbon": round(energy * 0.42, 1),
        "subdistrict": building["subdistrict"],
    }
    return [
        base | {"gate": gate, "passed": day, "building": building["code"] if gate == "completion" else None}
        for gate, day in days.items()
    ]
