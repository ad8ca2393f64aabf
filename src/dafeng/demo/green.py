"""Registers of green space."""

from __future__ import annotations

import datetime as dt

from dafeng.demo.buildings import near
from dafeng.demo.chance import Chance, split
from dafeng.demo.macro import RESIDENTS
from dafeng.demo.naming import Names
from dafeng.demo.places import AREA_KM2, PLACES, Place
from dafeng.demo.world import TODAY, Row, World

# Parks open at the end of 2020: kind → (number, green area in m²). With 0.9 M residents 6.4 m² a head.
PARKS_2020 = {"city": (3, 2_150_000), "regional": (5, 1_840_000), "community": (4, 610_000), "belt": (2, 1_170_000)}
# Opened since, by year: kind → number; and the green area of all parks of the year, m² (33.7 ha in 2021–2025 after
# one park was closed; the plan asks 33).
OPENED = {
    2021: {"pocket": 2}, 2022: {"pocket": 3, "community": 1}, 2023: {"pocket": 4, "community": 1},
    2024: {"pocket": 4, "community": 1, "special": 1}, 2025: {"pocket": 4, "community": 1}, 2026: {"pocket": 3},
}  # fmt: skip
ADDED_GREEN_M2 = {2021: 6_400, 2022: 63_700, 2023: 66_800, 2024: 142_700, 2025: 66_400, 2026: 9_300}
MIDDLE_M2 = {"pocket": 3_200, "community": 54_000, "special": 76_000}
SHARE_GREEN = 0.74


def parks(world: World) -> list[Row]:
    """35 parks on the roll at the end of 2025 (one was closed in 2023), some small greens beside it."""
    chance = world.chance("parks")
    names = Names(chance)
    rows: list[Row] = []
    for kind, (count, green) in PARKS_2020.items():
        for area in split(green, [chance.lognormal(1, 0.3, 0.5, 2) for _ in range(count)]):
            opened = chance.day(dt.date(1958, 3, 1), dt.date(2019, 11, 30))
            rows.append(_park(chance, names, len(rows) + 1, kind, area, opened))
    rows += _small_greens(chance, names, len(rows) + 1)
    for year, kinds in OPENED.items():
        opened = [kind for kind, count in kinds.items() for _ in range(count)]
        sizes = split(ADDED_GREEN_M2[year], [MIDDLE_M2[kind] * chance.between(0.8, 1.2) for kind in opened])
        for kind, area in zip(opened, sizes, strict=True):
            last = dt.date(year, 12, 20) if year < 2026 else TODAY
            rows.append(_park(chance, names, len(rows) + 1, kind, area, chance.day(dt.date(year, 3, 20), last)))
    for _ in range(2):
        rows.append(_park(chance, names, len(rows) + 1, "pocket", 2_400, TODAY) | {"opened": None})
    rebuilt = [
        row for row in rows if row["opened"] and row["opened"].year < 2005 and row["kind"] in ("city", "regional")
    ]
    for row in rebuilt[:2]:
        row["rebuilt"] = chance.day(dt.date(2022, 4, 1), dt.date(2025, 10, 20))
    return rows


def _small_greens(chance: Chance, names: Names, number: int) -> list[Row]:
    """Five old pocket greens that are not on the roll, and one park that gave way to a metro works in 2023."""
    rows = []
    for i in range(5):
        opened = chance.day(dt.date(2012, 3, 1), dt.date(2019, 11, 30))
        rows.append(_park(chance, names, number + i, "pocket", chance.whole(500, 1_800), opened) | {"listed": False})
    closed = _park(chance, names, number + 5, "community", 9_000, dt.date(2006, 10, 1))
    return [*rows, closed | {"closed": dt.date(2023, 6, 30)}]


def _park(chance: Chance, names: Names, number: int, kind: str, green: float, opened: dt.date) -> Row:
    place: Place = chance.pick(PLACES, [p.area_km2 for p in PLACES])
    suffix = {"pocket": "口袋公园", "community": "社区公园", "special": "湿地主题公园", "belt": "滨水公园"}.get(
        kind, "公园"
    )
    return {
        "code": f"GY-{number:03d}",
        "name": names.of(suffix),
        "kind": kind,
        "opened": opened,
        "rebuilt": None,
        "closed": None,
        "listed": True,
        "area_m2": round(green / SHARE_GREEN) if kind != "pocket" else round(green / 0.8),
        "green_area_m2": green,
        "subdistrict": place.name,
        "zone": place.zone,
        "address": f"{place.name[:2]}路{chance.whole(1, 900)}号",
        "location": near(chance, place),
        "shape": None,
    }


# Green cover, ha: 28.9 % of the district in 2020, 30.6 % in 2025, where the plan asks 30.5.
COVER_HA = {2020: 1_474, 2021: 1_489, 2022: 1_505, 2023: 1_524, 2024: 1_543, 2025: 1_561}


def green_space(world: World) -> list[Row]:
    """The statistics of each year; park green follows from the parks that were open at its end."""
    rows = []
    for year, cover in COVER_HA.items():
        end = dt.date(year, 12, 31)
        there = [
            park for park in world.rows("parks")
            if park["opened"] and park["opened"] <= end and not (park["closed"] and park["closed"] <= end)
        ]  # fmt: skip
        rows.append(
            {
                "year": year,
                "area_ha": AREA_KM2 * 100,
                "green_cover_ha": cover,
                "green_ha": round(cover * 0.945, 1),
                "park_green_ha": round(sum(park["green_area_m2"] for park in there) / 10_000, 2),
                "parks": sum(park["listed"] for park in there),
                "residents": round(RESIDENTS[year] / 10_000, 2),
            }
        )
    return rows


BELTS = ("环城绿带", "汀江岸线", "防护林带", "路侧林带")
# Forest accepted, ha by year: 37.8 ha in 2021–2025, where the plan asks 40.
FOREST_HA = {2021: 4.6, 2022: 5.8, 2023: 8.9, 2024: 9.4, 2025: 9.1, 2026: 3.7}


def forest_projects(world: World) -> list[Row]:
    chance = world.chance("forest_projects")
    rows: list[Row] = []
    for year, total in FOREST_HA.items():
        for area in split(total, [chance.between(0.6, 1.5) for _ in range(max(3, round(total / 1.4)))], 2):
            rows.append(_forest(chance, len(rows) + 1, year, area))
    rows.append(_forest(chance, len(rows) + 1, 2026, 2.6) | {"completed": None})
    return rows


def _forest(chance: Chance, number: int, year: int, area: float) -> Row:
    place = chance.pick(PLACES, [p.area_km2**2 for p in PLACES])
    kind = chance.pick(("afforested", "improved", "tended"), (45, 40, 15))
    return {
        "code": f"SL-{year}-{number:02d}",
        "name": f"{place.name[:2]}{chance.pick(BELTS)}{chance.pick('东南西北中')}段",
        "kind": kind,
        "area_ha": area,
        "completed": chance.day(dt.date(year, 3, 1), dt.date(year, 12, 10) if year < 2026 else TODAY),
        "trees": chance.pick(("broad_evergreen", "broad_deciduous", "conifer", "mixed"), (4, 3, 1, 3)),
        "planted": round(area * (chance.whole(700, 1_300) if kind == "afforested" else chance.whole(120, 420))),
        "tree_age": chance.whole(3, 8) if kind == "afforested" else chance.whole(12, 28),
        "subdistrict": place.name,
        "shape": None,
    }
