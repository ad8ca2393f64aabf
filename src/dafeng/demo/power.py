"""Registers of power: load, demand response, storage, green power."""

from __future__ import annotations

import datetime as dt

from dafeng.demo import macro
from dafeng.demo.calibration import PEAK_HOURS
from dafeng.demo.chance import Chance, split
from dafeng.demo.naming import Names
from dafeng.demo.places import PLACES
from dafeng.demo.world import TODAY, Row, World

# Day and hour of the yearly peak; hot summers are more pointed.
PEAKS = {
    2020: (dt.date(2020, 8, 14), 13, 1.0),
    2021: (dt.date(2021, 7, 30), 13, 1.0),
    2022: (dt.date(2022, 7, 13), 14, 1.045),
    2023: (dt.date(2023, 7, 11), 13, 1.02),
    2024: (dt.date(2024, 8, 2), 13, 1.04),
    2025: (dt.date(2025, 8, 12), 13, 1.02),
}
PEAK_2026 = (dt.date(2026, 8, 5), 13, 842.0)


def peak_mw(year: int) -> float:
    """Electricity of the year over the hours of use at peak load."""
    return round(macro.carrier_total("electricity", year) * 10 / PEAK_HOURS.value * PEAKS[year][2], 1)


def grid_load(world: World) -> list[Row]:
    """The summer peak of 2026 is known; the energy of that year is not."""
    rows = []
    for year, (day, hour, _) in PEAKS.items():
        peak = peak_mw(year)
        rows.append(
            {
                "year": year,
                "peak_mw": peak,
                "peak_on": day,
                "peak_hour": hour,
                "valley_mw": round(peak * 0.19, 1),
                "energy": round(macro.carrier_total("electricity", year) / 1e4, 4),
                "substation_kva": 1_980_000 + 42_000 * (year - 2020),
            }
        )
    day, hour, peak = PEAK_2026
    return [
        *rows,
        {
            "year": 2026,
            "peak_mw": peak,
            "peak_on": day,
            "peak_hour": hour,
            "valley_mw": 158.0,
            "energy": None,
            "substation_kva": None,
        },
    ]


# Tested capacity signed in each year, kW: 33.6 MW at the end of 2025, 4.1 % of the peak where the plan aims at 4.
TESTED_KW = {2020: 3_200, 2021: 3_600, 2022: 5_300, 2023: 6_700, 2024: 7_400, 2025: 7_400, 2026: 3_100}
DR_KINDS = {
    "building_hvac": (46, "商务中心"),
    "industry": (14, "制造"),
    "charging": (16, "充电站"),
    "storage": (9, "储能站"),
    "data_centre": (5, "数据服务"),
    "telecom": (4, "通信"),
}
AGGREGATORS = ("云汀虚拟电厂（虚构）", "澜光负荷聚合（虚构）", "星槎能源管理（虚构）")


def dr_resources(world: World) -> list[Row]:
    chance = world.chance("dr_resources")
    names = Names(chance)
    rows: list[Row] = []
    for year, total in TESTED_KW.items():
        count = max(6, round(total / 420))
        for tested in split(total, [chance.lognormal(1, 0.5, 0.3, 3) for _ in range(count)]):
            first, last = (
                (dt.date(year, 1, 15), dt.date(year, 6, 20))
                if year < 2026
                else (dt.date(2026, 2, 1), dt.date(2026, 7, 10))
            )
            rows.append(_resource(chance, names, len(rows) + 1, tested, chance.day(first, last)))
    # One user left after moving away; its capacity was small and old.
    rows[1]["left"] = dt.date(2023, 3, 31)
    for _ in range(4):
        rows.append(_resource(chance, names, len(rows) + 1, 300, TODAY) | {"tested_kw": None, "tested_on": None})
    return rows


def _resource(chance: Chance, names: Names, number: int, tested: float, registered: dt.date) -> Row:
    kind = chance.pick(tuple(DR_KINDS), [share for share, _ in DR_KINDS.values()])
    declared = round(tested * chance.between(1.05, 1.35), -1) + 10
    return {
        "code": f"DR-{number:04d}",
        "user": names.firm(DR_KINDS[kind][1]),
        "kind": kind,
        "aggregator": chance.pick(AGGREGATORS),
        "declared_kw": declared,
        "tested_kw": tested,
        "tested_on": min(registered + dt.timedelta(days=chance.whole(10, 150)), TODAY),
        "notice": chance.pick(("day_ahead", "intraday", "real_time"), (6, 3, 1)),
        "registered": registered,
        "left": None,
        "peak_load_kw": round(declared * chance.between(3, 8), -1),
        "subdistrict": chance.pick(PLACES, [p.jobs for p in PLACES]).name,
    }


# Events: day, direction, share of the resources called, minutes.
EVENTS = (
    (dt.date(2022, 7, 13), "shave", 0.7, 120),
    (dt.date(2022, 8, 17), "shave", 0.8, 120),
    (dt.date(2023, 7, 11), "shave", 0.6, 90),
    (dt.date(2024, 2, 12), "fill", 0.3, 180),
    (dt.date(2024, 8, 2), "shave", 0.85, 120),
    (dt.date(2025, 5, 2), "fill", 0.3, 180),
    (dt.date(2025, 8, 12), "shave", 0.92, 120),
    (dt.date(2026, 8, 5), "shave", 0.9, 120),
)
CNY_PER_KW = {"shave": 30, "fill": 12}


def dr_events(world: World) -> list[Row]:
    """Delivered response is on the whole a little below what was bid; some resources fail on the day."""
    chance = world.chance("dr_events")
    rows = []
    for day, direction, share, minutes in EVENTS:
        for resource in world.rows("dr_resources"):
            there = (
                resource["tested_on"]
                and resource["tested_on"] < day
                and not (resource["left"] and resource["left"] <= day)
            )
            if not there or not chance.chance(share):
                continue
            bid = round(resource["tested_kw"] * chance.between(0.85, 1.0), -1) + 10
            baseline = round(resource["peak_load_kw"] * chance.between(0.75, 0.95), -1)
            delivered = 0 if chance.chance(0.05) else min(round(bid * chance.between(0.8, 1.12)), baseline)
            actual = baseline - delivered if direction == "shave" else baseline + delivered
            rows.append(
                {
                    "event": f"DR{day:%Y%m%d}A",
                    "called": day,
                    "resource": resource["code"],
                    "direction": direction,
                    "minutes": minutes,
                    "bid_kw": bid,
                    "baseline_kw": baseline,
                    "actual_kw": actual,
                    "effective_kw": delivered,
                    "payment": delivered * CNY_PER_KW[direction],
                }
            )
    return rows


_STORAGE = (
    ("汀湾光储充示范站", "pv_storage_charging", 2022),
    ("云汀科创园微电网", "microgrid", 2023),
    ("望潮商务区储能", "storage_only", 2023),
    ("砚桥医院储能", "storage_only", 2024),
    ("星槎数据园源网荷储", "integrated", 2024),
    ("泊云广场冰蓄冷", "energy_station", 2021),
    ("织云光储充站", "pv_storage_charging", 2024),
    ("松汀产业园储能", "storage_only", 2025),
    ("青梧校园微电网", "microgrid", 2025),
    ("栖鹭光储充站", "pv_storage_charging", 2025),
    ("南湾能源站", "energy_station", 2026),
    ("枕河储能", "storage_only", 2026),
    ("梨浦储能", "storage_only", None),
    ("澄渡微电网", "microgrid", None),
)


def storage_projects(world: World) -> list[Row]:
    chance = world.chance("storage_projects")
    rows = []
    for number, (name, system, year) in enumerate(_STORAGE, 1):
        connected = chance.day(dt.date(year, 2, 10), dt.date(year, 12, 5) if year < 2026 else TODAY) if year else None
        cold = system == "energy_station"
        power = chance.whole(3, 18) * 100
        place = next((p for p in PLACES if p.name[:2] == name[:2]), PLACES[-1])
        rows.append(
            {
                "code": f"YT-ES-{number:03d}",
                "name": name,
                "system": system,
                "kind": "cold" if cold else "lithium",
                "stage": "connected" if year else ("building", "filed")[number % 2],
                "power_kw": power,
                "energy_kwh": power * (6 if cold else 2),
                "pv_kw": chance.whole(1, 6) * 50 if "storage" in system or system == "microgrid" else None,
                "connected": connected,
                "retired": None,
                "owner": chance.pick(("云汀新能源（虚构）", "澜光能源（虚构）")),
                "fire_check": connected - dt.timedelta(days=chance.whole(5, 40)) if connected else None,
                "subdistrict": place.name,
            }
        )
    return rows


def green_power_contracts(world: World) -> list[Row]:
    """Key units buy more each year; most of it comes from other provinces, which are not named here."""
    chance = world.chance("green_power_contracts")
    units = chance.shuffled(world.rows("key_units"))[:16]
    rows: list[Row] = []
    for place, unit in enumerate(units):
        first = 2021 + place // 4
        amount = chance.whole(150, 900)
        kind = chance.pick(("inter_province_trade", "certificates", "in_province_trade"), (5, 3, 2))
        for year in range(first, 2027):
            contracted = round(amount * 1.15 ** (year - first), 1)
            settled = round(contracted * chance.between(0.88, 1.03), 1) if year <= 2025 else None
            rows.append(
                {
                    "contract": f"GP-{first}-{place + 1:04d}",
                    "year": year,
                    "buyer": unit["name"],
                    "unit": unit["code"],
                    "seller": "外省新能源场站（虚构）",
                    "kind": kind,
                    "from_province": None,
                    "contracted": contracted,
                    "settled": settled,
                    "certificates": int(settled * 10) if settled and kind == "certificates" else None,
                    "price": chance.between(0.41, 0.50, 3) if kind != "certificates" else None,
                }
            )
    return rows
