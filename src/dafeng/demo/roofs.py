"""Registers of renewable energy in buildings: roofs, the yearly calculation, ultra-low-energy projects, energy use."""

from __future__ import annotations

import datetime as dt

from dafeng.demo.buildings import surveyed
from dafeng.demo.calibration import ELECTRICITY_BY_USE, GAS_BY_USE
from dafeng.demo.chance import Chance, split
from dafeng.demo.macro import KGCE_PER_KWH, KGCE_PER_M3, building_energy_tce
from dafeng.demo.naming import Names
from dafeng.demo.places import PLACES
from dafeng.demo.world import FIRST, LAST, Row, World

KW_PER_M2 = 1 / 6.5
OBSTACLES = ("屋面荷载不足", "屋面漏水待修", "产权单位意见不一", "近期有改造计划", "遮挡严重", "并网容量不足")


def roof_pv_survey(world: World) -> list[Row]:
    """The survey at the end of each year since 2021."""
    chance = world.chance("roof_pv_survey")
    roofs = surveyed(world.rows("buildings"))
    obstacles = {row["code"]: chance.pick(OBSTACLES) for row in roofs}
    rows = []
    for year in range(2021, LAST + 1):
        for number, row in enumerate(roofs, 1):
            there = row.get("_pv_year", 9999) <= year
            covered = row["roof_pv_m2"] if there else 0
            rows.append(
                {
                    "year": year,
                    "roof": f"WD-{number:04d}",
                    "name": row["name"],
                    "holder": "factory" if row["use"] == "factory" else "public_body",
                    "roof_area_m2": row["roof_area_m2"],
                    "suitable_m2": row["roof_suitable_m2"],
                    "covered_m2": covered,
                    "capacity_kw": round(covered * KW_PER_M2, 1) if covered else None,
                    "building": row["code"],
                    "obstacle": None if covered else obstacles[row["code"]],
                }
            )
    return rows


# Share of the energy of all buildings that renewables replaced, %, and its parts. The plan asks 9 in 2025.
SUBSTITUTED = {2020: 4.6, 2021: 5.5, 2022: 6.4, 2023: 7.4, 2024: 8.3, 2025: 9.2}
PARTS = {"pv_tce": 11, "solar_heat_tce": 27, "ground_heat_tce": 12, "air_heat_tce": 48, "other_tce": 2}


def renewable_use(world: World) -> list[Row]:
    rows = []
    for year, rate in SUBSTITUTED.items():
        energy = round(building_energy_tce(year))
        weights = [share * (1 + 0.35 * (year - FIRST) if name == "pv_tce" else 1) for name, share in PARTS.items()]
        parts = split(energy * rate / 100, weights)
        row = dict(zip(PARTS, parts, strict=True))
        rows.append({"year": year, **row, "building_energy_tce": energy, "document": f"云建核〔{year + 1}〕3号"})
    return rows


# Listed floor area of ultra-low-energy projects by year, m²: 86 400 by the end of 2025, where the plan asks 80 000.
ULE_LISTED = {2021: (6_200,), 2022: (9_800, 4_600), 2023: (14_300, 7_700), 2024: (18_500, 5_100), 2025: (12_400, 7_800),
              2026: (21_600,)}  # fmt: skip


def ule_projects(world: World) -> list[Row]:
    """Projects as listed; one was withdrawn in 2024 and counts no more."""
    chance = world.chance("ule_projects")
    names = Names(chance)
    rows = []
    for year, sizes in ULE_LISTED.items():
        for size in sizes:
            rows.append(_ule(chance, names, len(rows) + 1, year, size))
    gone = _ule(chance, names, len(rows) + 1, 2022, 9_300)
    rows.append(
        gone | {"stage": "withdrawn", "withdrawn": dt.date(2024, 5, 17), "completed": None, "measured_kwh_m2": None}
    )
    return rows


def _ule(chance: Chance, names: Names, number: int, year: int, size: int) -> Row:
    listed = chance.day(dt.date(year, 2, 10), dt.date(year, 8 if year == 2026 else 12, 15))
    completed = chance.day(dt.date(year + 2, 1, 10), dt.date(year + 2, 11, 20)) if year <= 2023 else None
    stage = "construction" if year <= 2025 else "listed"
    if completed:
        stage = "verified" if completed.year <= 2023 else "completed"
    residential = chance.chance(0.5)
    return {
        "code": f"CD-{year}-{number:03d}",
        "name": names.of("租赁住房地块", "住宅地块") if residential else names.of("社区服务楼", "科创楼", "小学教学楼"),
        "category": "residential" if residential else "public",
        "floor_area_m2": size,
        "listed": listed,
        "stage": stage,
        "completed": completed,
        "withdrawn": None,
        "measured_kwh_m2": chance.between(34, 52, 1) if stage == "verified" else None,
        "subdistrict": chance.pick(PLACES).name,
    }


# Energy guides by use, kgce per m² and year at coal equivalent: rational and advanced value.
GUIDES = {"mall": (90, 65), "hotel": (64, 48), "office": (33, 24), "government_office": (27, 21), "health": (58, 44),
          "mixed": (42, 31), "education": (25, 19)}  # fmt: skip
# Weather of the year against the mean: hot 2022 and 2024, closed weeks in 2020 and 2022.
YEARS = {2020: 0.93, 2021: 1.00, 2022: 0.97, 2023: 1.00, 2024: 1.04, 2025: 1.01}
# Model defaults by use lie above what platforms measure on the whole (100.7 kWh/m² in 2019, all uses).
PLATFORM_LEVEL = 0.84


def building_energy(world: World) -> list[Row]:
    """Yearly energy of every monitored public building since it was connected; retrofits show in the figures."""
    chance = world.chance("building_energy")
    saved: dict[str, list[tuple[int, float]]] = {}
    for row in world.rows("retrofits"):
        if row["completed"] and row["verified_saving_pct"] is not None:
            saved.setdefault(row["building"], []).append((row["completed"].year, row["verified_saving_pct"] / 100))
    rows = []
    for building in world.rows("buildings"):
        if building["monitored"] is None or building["category"] != "public" or building["use"] == "data_centre":
            continue
        low, middle, high = ELECTRICITY_BY_USE[building["use"]]
        own = chance.near(chance.triangle(low, middle, high), 0.2) * PLATFORM_LEVEL
        gas = GAS_BY_USE[building["use"]] * chance.between(0.6, 1.5)
        for year in range(max(FIRST, building["monitored"].year), LAST + 1):
            if building["demolished"] and building["demolished"].year <= year:
                break
            rows.append(_energy(chance, building, year, own, gas, saved.get(building["code"], [])))
    return rows


def _energy(chance: Chance, building: Row, year: int, own: float, gas: float, saved: list[tuple[int, float]]) -> Row:
    kept = 1.0
    for done, share in saved:
        kept *= 1 - share if year > done else 1
    area = building["floor_area_m2"]
    electricity = round(area * own * YEARS[year] * kept * 0.992 ** (year - FIRST) * chance.near(1, 0.02, 4), -2)
    gas_m3 = round(area * gas * kept * chance.near(1, 0.03, 4), -2)
    rational, advanced = GUIDES.get(building["use"], (None, None))
    pv = building.get("_pv_year", 9999) < year
    commissioned = dt.date(2025, 5, 20) if year == LAST and own > 150 and building["use"] == "mall" else None
    return {
        "building": building["code"],
        "year": year,
        "floor_area_m2": area,
        "electricity_kwh": electricity,
        "gas_m3": gas_m3,
        "heat_gj": None,
        "cooling_gj": None,
        "renewable_kwh": round(building["roof_pv_m2"] * KW_PER_M2 * 1000, -2) if pv else None,
        "total_tce": round((electricity * KGCE_PER_KWH + gas_m3 * KGCE_PER_M3) / 1000, 1),
        "rational_kgce_m2": rational,
        "advanced_kgce_m2": advanced,
        "commissioned": commissioned,
    }


_WORKS = {
    "street_light": ("LED路灯更新", 6),
    "pumping": ("泵站变频改造", 4),
    "water_supply": ("二次供水泵房改造", 3),
    "tunnel": ("地道通风照明改造", 2),
    "waste_station": ("压缩站节能改造", 2),
    "wastewater": ("曝气系统改造", 2),
    "gas": ("调压站保温改造", 1),
}


def municipal_retrofits(world: World) -> list[Row]:
    """Street lights, pumping stations and the like; savings are verified about a year after completion."""
    chance = world.chance("municipal_retrofits")
    rows: list[Row] = []
    for kind, (work, count) in _WORKS.items():
        for _ in range(count):
            year = chance.whole(2021, 2026)
            completed = chance.day(dt.date(year, 2, 1), dt.date(year, 12, 10) if year < 2026 else dt.date(2026, 9, 25))
            claimed = round(chance.lognormal(120_000, 0.6, 20_000, 600_000), -2)
            rows.append(
                {
                    "code": f"SZ-{year}-{len(rows) + 1:03d}",
                    "name": f"{chance.pick(PLACES).name[:2]}{work}",
                    "kind": kind,
                    "completed": completed,
                    "investment": round(claimed / 1000 * chance.between(1.5, 3.5), 1),
                    "claimed_kwh": claimed,
                    "verified_kwh": round(claimed * chance.between(0.78, 1.04), -2) if year < 2025 else None,
                    "unit": "区绿化市容局" if kind == "waste_station" else "区建设管理委",
                }
            )
    return rows
