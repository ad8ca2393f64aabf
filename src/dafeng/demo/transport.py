"""Registers of transport."""

from __future__ import annotations

import datetime as dt

from dafeng.demo.buildings import near
from dafeng.demo.chance import Chance, split
from dafeng.demo.naming import WORDS, Names
from dafeng.demo.places import PLACES
from dafeng.demo.world import TODAY, Row, World

# Public points put into service: stock before 2021, then by year. 2021–2025 add up to 1 962, as the second plan says.
PUBLIC = {2020: 430, 2021: 268, 2022: 331, 2023: 402, 2024: 466, 2025: 495, 2026: 385}
OTHERS = {"dedicated": 150, "shared": 84}
OPERATORS = ("澜光充电（虚构）", "云汀公交充电（虚构）", "泊云能源（虚构）", "汀湾停车（虚构）", "星槎快充（虚构）")


def chargers(world: World) -> list[Row]:
    """Points in stations of 4 to 20; old slow ones retire from 2022 on."""
    chance = world.chance("chargers")
    stations = Names(chance)
    rows: list[Row] = []
    for year, count in PUBLIC.items():
        first, last = (dt.date(2016, 3, 1), dt.date(2020, 12, 18)) if year == 2020 else _span(year)
        while count:
            size = min(chance.whole(4, 20), count)
            count -= size
            rows += _station(chance, stations, len(rows), size, "public", chance.day(first, last))
    for access, count in OTHERS.items():
        while count:
            size = min(chance.whole(6, 24) if access == "dedicated" else chance.whole(1, 4), count)
            count -= size
            day = chance.day(dt.date(2018, 3, 1), dt.date(2026, 8, 28))
            rows += _station(chance, stations, len(rows), size, access, day)
    old = [
        row for row in rows if row["access"] == "public" and row["in_service"].year < 2019 and row["current"] == "ac"
    ]
    for row in chance.shuffled(old)[:26]:
        row["retired"] = chance.day(dt.date(2022, 2, 1), TODAY)
    return rows


def _span(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 10), dt.date(year, 12, 18) if year < 2026 else TODAY


def _station(chance: Chance, names: Names, before: int, size: int, access: str, day: dt.date) -> list[Row]:
    place = chance.pick(PLACES, [p.people + p.jobs for p in PLACES])
    name = (
        names.of("公交场站充电站")
        if access == "dedicated"
        else names.of("停车库充电站", "广场充电站", "路侧充电站", "园区充电站")
    )
    fast = 0.35 + 0.06 * max(0, day.year - 2019)
    operator = chance.pick(OPERATORS) if access != "shared" else None
    location = near(chance, place)
    rows = []
    for number in range(size):
        current = "dc" if access == "dedicated" or (access == "public" and chance.chance(fast)) else "ac"
        if current == "dc" and access == "public" and day.year >= 2024 and chance.chance(0.08):
            current = "supercharge"
        power = {"ac": 7, "dc": chance.pick((60, 80, 120), (5, 3, 2)), "supercharge": 320}[current]
        v2g = current == "dc" and day.year >= 2024 and chance.chance(0.06)
        rows.append(
            {
                "code": f"YT-C-{before + number + 1:05d}",
                "station": name,
                "operator": operator,
                "access": access,
                "current": current,
                "power_kw": power,
                "in_service": day,
                "retired": None,
                "v2g": v2g,
                "orderly": day.year >= 2022 or chance.chance(0.3),
                "subdistrict": place.name,
                "address": f"{chance.pick(WORDS)}路{chance.whole(1, 900)}号" if number == 0 else rows[0]["address"],
                "location": location,
            }
        )
    return rows


# Private new cars a year, share of battery-electric ones and of plug-in hybrids, %. The plan asks 48 % in 2025.
NEW_CARS = {2020: 18_400, 2021: 19_100, 2022: 17_200, 2023: 18_900, 2024: 18_300, 2025: 18_600, 2026: 13_400}
BEV_SHARE = {2020: 11.8, 2021: 19.6, 2022: 29.4, 2023: 39.2, 2024: 46.3, 2025: 51.2, 2026: 54.0}
PHEV_SHARE = {2020: 8.9, 2021: 15.8, 2022: 17.1, 2023: 10.2, 2024: 9.1, 2025: 9.4, 2026: 9.6}
# Other first registrations in 2020–2026, vehicles a year and share that is battery-electric, % at both ends.
OTHER_NEW = {
    ("organisation", "car"): (2_900, 14, 58), ("organisation", "city_freight"): (820, 12, 61),
    ("organisation", "ride_hailing"): (610, 55, 98), ("organisation", "sanitation"): (46, 30, 92),
    ("organisation", "heavy_truck"): (64, 0, 22), ("organisation", "bus"): (52, 100, 100),
}  # fmt: skip


def vehicle_registrations(world: World) -> list[Row]:
    """First registrations by owner, kind and drive; 2026 to the end of September."""
    rows = []
    for year, cars in NEW_CARS.items():
        bev, phev = BEV_SHARE[year], PHEV_SHARE[year]
        parts = {"bev": bev, "phev": phev * 0.8, "erev": phev * 0.2, "petrol": 100 - bev - phev}
        rows += _by_fuel(year, "private", "car", cars, parts)
        for (owner, category), (count, first, last) in OTHER_NEW.items():
            share = first + (last - first) * (year - 2020) / 6
            rest = "diesel" if category in ("city_freight", "sanitation", "heavy_truck") else "petrol"
            part = 0.72 if year == 2026 else 1.0
            rows += _by_fuel(year, owner, category, round(count * part), {"bev": share, rest: 100 - share})
    return rows


def _by_fuel(year: int, owner: str, category: str, total: int, parts: dict[str, float]) -> list[Row]:
    counts = split(total, list(parts.values()))
    return [
        {"year": year, "owner_kind": owner, "category": category, "fuel": fuel, "vehicles": count}
        for fuel, count in zip(parts, counts, strict=True)
        if count
    ]


# Stock at the end of 2020 and of 2025 by kind and drive.
STOCK = {
    ("car", "bev"): (6_900, 39_800),
    ("car", "phev"): (9_300, 17_600),
    ("car", "petrol"): (176_500, 156_300),
    ("bus", "bev"): (560, 690),
    ("bus", "phev"): (96, 0),
    ("bus", "diesel"): (88, 20),
    ("taxi", "bev"): (310, 1_180),
    ("taxi", "petrol"): (960, 68),
    ("ride_hailing", "bev"): (650, 1_700),
    ("ride_hailing", "petrol"): (900, 300),
    ("city_freight", "bev"): (720, 2_830),
    ("city_freight", "diesel"): (14_800, 12_900),
    ("sanitation", "bev"): (70, 205),
    ("sanitation", "diesel"): (190, 58),
    ("government", "bev"): (64, 268),
    ("government", "petrol"): (410, 196),
    ("heavy_truck", "diesel"): (3_100, 2_900),
    ("heavy_truck", "bev"): (0, 74),
    ("coach", "diesel"): (600, 540),
    ("coach", "bev"): (4, 46),
}


def vehicle_stock(world: World) -> list[Row]:
    rows = []
    for year in range(2020, 2026):
        for (category, fuel), (first, last) in STOCK.items():
            # New drives grow faster at the end, old ones fall steadily.
            path = ((year - 2020) / 5) ** (1.35 if last > first else 1.0)
            count = round(first + (last - first) * path)
            rows.append({"year": year, "category": category, "fuel": fuel, "vehicles": count})
    return rows


# Use inside the district, where the registers of fuel sold there can be held against it: km a year of one vehicle
# in 2025, litres and kWh per 100 km.
USE = {
    ("car", "bev"): (2_050, None, 15.2),
    ("car", "phev"): (2_000, 3.4, 9.6),
    ("car", "petrol"): (2_000, 8.1, None),
    ("bus", "bev"): (41_000, None, 92),
    ("bus", "phev"): (40_000, 17.5, 38),
    ("bus", "diesel"): (38_000, 36, None),
    ("taxi", "bev"): (52_000, None, 15.8),
    ("taxi", "petrol"): (50_000, 8.6, None),
    ("ride_hailing", "bev"): (38_000, None, 15.4),
    ("ride_hailing", "petrol"): (36_000, 7.9, None),
    ("city_freight", "bev"): (8_200, None, 31),
    ("city_freight", "diesel"): (3_900, 14.2, None),
    ("sanitation", "bev"): (13_500, None, 88),
    ("sanitation", "diesel"): (14_000, 30, None),
    ("government", "bev"): (7_400, None, 16),
    ("government", "petrol"): (7_200, 9.2, None),
    ("heavy_truck", "diesel"): (4_900, 34, None),
    ("heavy_truck", "bev"): (9_800, None, 142),
    ("coach", "diesel"): (11_000, 28, None),
    ("coach", "bev"): (10_500, None, 84),
}
# Kilometres of a year against 2025: closed weeks in 2022, fewer trips in 2020.
KM_INDEX = {2020: 0.87, 2021: 0.94, 2022: 0.85, 2023: 0.97, 2024: 0.99, 2025: 1.0}


def vehicle_use(world: World) -> list[Row]:
    """Kilometres and use per 100 km of every kind of vehicle in the stock; engines get a little better each year."""
    return [
        {
            "year": year,
            "category": category,
            "fuel": fuel,
            "km_per_vehicle": round(km * KM_INDEX[year], -1),
            "litre_per_100km": round(litre * 1.008 ** (2025 - year), 2) if litre else None,
            "kwh_per_100km": kwh,
            "m3_per_100km": None,
        }
        for year in range(2020, 2026)
        for (category, fuel), (km, litre, kwh) in USE.items()
    ]


# Kind of fleet → buyer, batches a year, vehicles a batch, first year in which all are battery-electric or fuel-cell.
FLEETS = {
    "bus": ("云汀公共交通公司（虚构）", 2, (14, 34), 2021), "taxi": ("泊云出租汽车公司（虚构）", 2, (20, 60), 2022),
    "government": ("区机关事务管理局", 2, (3, 12), 2023), "soe": ("云汀城投集团（虚构）", 2, (2, 10), 2024),
    "sanitation": ("云汀环境服务公司（虚构）", 2, (4, 14), 2022), "post": ("汀澜快递（虚构）", 2, (6, 20), 2023),
    "rental": ("星槎租车（虚构）", 1, (20, 60), 2023), "city_freight": ("枕河物流（虚构）", 2, (6, 24), 2026),
    "charter": ("望潮客运（虚构）", 1, (3, 9), 2025),
}  # fmt: skip
WHY_NOT = ("续驶里程不满足应急保障要求", "专用底盘暂无适配车型", "跨省运输任务", "供货周期超过更新期限")


def fleet_purchases(world: World) -> list[Row]:
    """Batches bought by public fleets since 2021; lorries and coaches were the last to turn electric."""
    chance = world.chance("fleet_purchases")
    rows = []
    for year in range(2021, 2027):
        for category, (unit, batches, sizes, electric_from) in FLEETS.items():
            for _ in range(batches if year < 2026 else 1):
                electric = year >= electric_from or chance.chance(0.85)
                # One fleet bought lorries with engines in 2025 although a suitable model exists.
                electric = electric and not (year == 2025 and category == "city_freight")
                special = category == "soe" and year >= 2024 and chance.chance(0.2)
                fuel = (
                    "bev"
                    if electric and not special
                    else "diesel"
                    if category in ("city_freight", "sanitation")
                    else "petrol"
                )
                rows.append(
                    {
                        "code": f"CL-{year}-{len(rows) + 1:03d}",
                        "bought": chance.day(*_span(year)),
                        "unit": unit,
                        "category": category,
                        "purchase": "added" if chance.chance(0.25) else "replaced",
                        "fuel": fuel,
                        "vehicles": chance.whole(*sizes) if fuel == "bev" else chance.whole(1, 3),
                        "suitable_model": not special if fuel != "bev" else True,
                        "reason": None if fuel == "bev" else chance.pick(WHY_NOT),
                    }
                )
    return rows


# Hubs: name, kind, large, opened, stars, suitable roof m², roof under PV m².
_HUBS = (
    ("望潮交通枢纽", "metro", True, dt.date(2012, 9, 28), 1, 5_200, 0),
    ("南湾综合交通枢纽", "bus", True, dt.date(2023, 12, 26), 2, 6_400, 6_400),
    ("泊云轮渡站", "port", False, dt.date(2009, 5, 1), None, 900, 0),
    ("澄渡客运站", "coach", True, dt.date(2024, 11, 8), 3, 4_100, 4_100),
    ("青梧换乘中心", "metro", True, dt.date(2025, 6, 18), 2, 3_600, 3_600),
    ("星槎公交枢纽", "bus", False, dt.date(2022, 3, 15), 2, 1_850, 1_300),
    ("汀湾物流枢纽", "freight", True, dt.date(2019, 6, 30), 2, 9_800, 7_600),
    ("松汀公交首末站", "bus", False, None, 2, 2_300, 0),
)


def hubs(world: World) -> list[Row]:
    chance = world.chance("hubs")
    rows = []
    for number, (name, kind, large, opened, stars, suitable, covered) in enumerate(_HUBS, 1):
        place = next((p for p in PLACES if p.name[:2] == name[:2]), PLACES[-1])
        rows.append(
            {
                "code": f"SN-{number:02d}",
                "name": name,
                "kind": kind,
                "large": large,
                "opened": opened,
                "green_star": stars,
                "roof_suitable_m2": suitable,
                "roof_pv_m2": covered,
                "subdistrict": place.name,
                "location": near(chance, place),
            }
        )
    return rows


# Backbone lanes opened, km by year: 25.3 km in 2021–2025, where the plan asks 24; others beside them.
BACKBONE_KM = {2018: 9.4, 2020: 7.2, 2021: 3.4, 2022: 3.1, 2023: 5.6, 2024: 6.8, 2025: 6.4, 2026: 3.2}


def slow_lanes(world: World) -> list[Row]:
    chance = world.chance("slow_lanes")
    rows: list[Row] = []
    for year, total in BACKBONE_KM.items():
        parts = split(total, [chance.between(0.6, 1.6) for _ in range(max(2, round(total / 1.5)))], 2)
        rows += [_lane(chance, len(rows) + 1 + i, year, km, True) for i, km in enumerate(parts)]
        rows.append(_lane(chance, len(rows) + 1, year, chance.between(0.3, 1.6), False))
    rows += [
        _lane(chance, len(rows) + 1 + i, 2026, chance.between(0.8, 2.0), True) | {"opened": None} for i in range(3)
    ]
    closed = next(row for row in rows if row["opened"] and row["opened"].year == 2020 and not row["backbone"])
    closed["closed"] = dt.date(2024, 4, 30)
    return rows


def _lane(chance: Chance, number: int, year: int, km: float, backbone: bool) -> Row:
    place = chance.pick(PLACES)
    kind = chance.pick(("greenway", "waterfront", "street", "cycle") if backbone else ("street", "elevated", "street"))
    word = {"greenway": "绿道", "waterfront": "滨水步道", "street": "慢行道", "cycle": "骑行道", "elevated": "连廊"}[
        kind
    ]
    return {
        "code": f"MX-{year}-{number:02d}",
        "name": f"{place.name[:2]}{word}（{chance.pick(WORDS)}路—{chance.pick(WORDS)}路）",
        "kind": kind,
        "backbone": backbone,
        "length_km": km,
        "opened": chance.day(dt.date(year, 2, 1), dt.date(year, 12, 15) if year < 2026 else TODAY),
        "closed": None,
        "subdistrict": place.name,
        "shape": None,
    }


# Share of trips by mode at both ends, %; the rest of each year is on a line between. Green modes: 73.4 % in 2025,
# where the plan asks 74.
MODES = {
    "walk": (26.1, 26.4), "bicycle": (8.4, 8.9), "e_bike": (15.7, 14.9), "metro": (12.9, 16.2), "bus": (8.1, 6.4),
    "ferry": (0.2, 0.1), "school_bus": (0.6, 0.5), "taxi": (6.3, 6.0), "car": (21.2, 20.2), "motorcycle": (0.5, 0.4),
}  # fmt: skip


def travel_survey(world: World) -> list[Row]:
    """The yearly sample; shares of a year add up to 100."""
    rows = []
    for year in range(2020, 2026):
        share = (year - 2020) / 5
        parts = split(100, [first + (last - first) * share for first, last in MODES.values()], 1)
        trips = 902_000 * 2.2 / 1e4
        for mode, part in zip(MODES, parts, strict=True):
            rows.append({"year": year, "mode": mode, "share_pct": part, "trips": round(trips * part / 100, 2),
                         "sample": 5_200 if year in (2020, 2025) else 1_800})  # fmt: skip
    return rows
