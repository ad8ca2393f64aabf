"""Registers of key energy units: who they are, what they use, how they are metered, audited and inspected."""

from __future__ import annotations

import datetime as dt

from dafeng.demo import macro
from dafeng.demo.buildings import LARGE_M2
from dafeng.demo.chance import Chance, split
from dafeng.demo.naming import Names
from dafeng.demo.places import PLACES
from dafeng.demo.world import TODAY, Row, World

# Sector → (units, share of the sector's energy that they use, trades with their industry). 68 units, as the plan says.
KEY_UNITS = {
    "industry": (
        15,
        0.62,
        (
            ("精密制造", "通用设备制造业"),
            ("生物制药", "医药制造业"),
            ("电子器件", "计算机通信和其他电子设备制造业"),
            ("食品", "食品制造业"),
            ("印务", "印刷业"),
        ),
    ),
    "transport": (8, 0.55, (("公共交通", "道路运输业"), ("轨交运营", "城市轨道交通"), ("物流", "仓储业"))),
    "trade": (17, 0.27, (("购物中心", "零售业"), ("饭店", "住宿业"), ("超市", "零售业"))),
    "services": (
        28,
        0.43,
        (("医院", "卫生"), ("大学", "教育"), ("数据服务", "互联网数据服务"), ("商务园", "房地产业"), ("通信", "电信")),
    ),
}
ELECTRIC_SHARE = {"industry": 0.74, "transport": 0.82, "trade": 0.86, "services": 0.9}


def key_units(world: World) -> list[Row]:
    """Two left the list after closing; one was not yet monitored at the end of 2025."""
    chance = world.chance("key_units")
    names = Names(chance)
    rows: list[Row] = []
    for sector, (count, _, trades) in KEY_UNITS.items():
        for _ in range(count):
            trade, industry = chance.pick(trades)
            number = len(rows) + 1
            monitored = chance.day(dt.date(chance.whole(2018, 2025), 1, 10), dt.date(2025, 11, 20))
            rows.append(
                {
                    "code": f"91990000YT{number:07d}{number % 10}",
                    "name": names.firm(trade),
                    "sector": sector,
                    "industry": industry,
                    "level": "city" if chance.chance(0.4) else "district",
                    "listed": dt.date(2018, 1, 1) if chance.chance(0.75) else dt.date(chance.whole(2019, 2020), 1, 1),
                    "delisted": None,
                    "monitored": monitored if number != 41 else None,
                    "energy_centre": chance.day(dt.date(2021, 2, 1), dt.date(2025, 12, 10))
                    if chance.chance(0.42)
                    else None,
                    "manager": chance.chance(0.95),
                    "certified": chance.day(dt.date(2017, 3, 1), dt.date(2025, 11, 28))
                    if chance.chance(0.45)
                    else None,
                    "subdistrict": chance.pick(PLACES, [p.jobs for p in PLACES]).name,
                }
            )
    return rows


def key_unit_energy(world: World) -> list[Row]:
    """Each sector's units use a fixed part of the sector's energy, so that units never exceed their sector."""
    chance = world.chance("key_unit_energy")
    rows: list[Row] = []
    units = world.rows("key_units")
    for sector, (count, share, _) in KEY_UNITS.items():
        members = [unit for unit in units if unit["sector"] == sector]
        weights = [chance.lognormal(1, 0.45, 0.35, 3) for _ in range(count)]
        output = [weight * chance.between(7, 16) for weight in weights]
        drift = [chance.between(-0.012, 0.012, 4) for _ in range(count)]
        for year in macro.YEARS:
            now = [w * (1 + d) ** (year - 2020) * chance.near(1, 0.015, 4) for w, d in zip(weights, drift, strict=True)]
            parts = split(macro.sector_tce(year)[sector] * share, now)
            growth = macro.gdp_constant(year) / macro.gdp_constant(2020)
            for unit, energy, base in zip(members, parts, output, strict=True):
                rows.append(_unit_energy(chance, unit, year, energy, base * growth * 1_000))
    _targets(chance, rows)
    return rows


def _unit_energy(chance: Chance, unit: Row, year: int, energy: float, output: float) -> Row:
    electricity = round(energy * ELECTRIC_SHARE[unit["sector"]] / (macro.KGCE_PER_KWH * 10), 1)
    fuel = energy - electricity * macro.KGCE_PER_KWH * 10
    green = electricity * chance.between(0.02, 0.03 + 0.03 * (year - 2020)) if chance.chance(0.3) else None
    grade = chance.pick(("benchmark", "rational", "below", "none"), (3 + (year - 2020), 16, 5, 4))
    return {
        "unit": unit["code"],
        "year": year,
        "energy_tce": energy,
        "energy_calorific_tce": round(electricity * 1.229 + fuel),
        "target_tce": None,
        "electricity": electricity,
        "green_power": round(green, 1) if green else None,
        "output": round(output),
        "value_added": round(output * 0.34),
        "intensity_target": None,
        "co2_t": round(electricity * 10 * 0.42 + fuel * 1.9),
        "reported": chance.day(dt.date(year + 1, 3, 1), dt.date(year + 1, 4, 10)),
        "benchmark": grade,
    }


def _targets(chance: Chance, rows: list[Row]) -> None:
    """A yearly target near the year before: most units keep it, a few exceed it by some per cent."""
    before = {(row["unit"], row["year"]): row for row in rows}
    for row in rows:
        last = before.get((row["unit"], row["year"] - 1))
        if last is None:
            continue
        room = 1.02 if chance.chance(0.88) else 0.97
        row["target_tce"] = round(max(last["energy_tce"] * room, row["energy_tce"] * (1.005 if room > 1 else 0.95)))
        row["intensity_target"] = round(last["energy_tce"] / last["value_added"] * 0.972, 4)


def monitored_sites(world: World) -> list[Row]:
    """Every key unit and every large public building, connected or not."""
    chance = world.chance("monitored_sites")
    rows: list[Row] = []
    for unit in world.rows("key_units"):
        rows.append(_site(chance, len(rows) + 1, unit["name"], "key_unit", unit["monitored"], unit=unit["code"]))
    for building in world.rows("buildings"):
        large = building["category"] == "public" and building["floor_area_m2"] >= LARGE_M2
        if large and building["completed"] and building["completed"].year <= 2025 and building["stage"] == "in_use":
            kind = "government_building" if building["use"] == "government_office" else "large_public_building"
            row = _site(chance, len(rows) + 1, building["name"], kind, building["monitored"], building=building["code"])
            since = max(dt.date(2021, 1, 1), building["completed"])
            rows.append(row | {"area_m2": building["floor_area_m2"], "required_from": since})
    return rows


def _site(
    chance: Chance, number: int, name: str, kind: str, connected: dt.date | None, *,
    unit: str | None = None, building: str | None = None,
) -> Row:  # fmt: skip
    return {
        "code": f"JC-{number:04d}",
        "name": name,
        "kind": kind,
        "required_from": dt.date(2021, 1, 1),
        "connected": connected,
        "disconnected": None,
        "area_m2": None,
        "points": chance.whole(12, 160) if connected else None,
        "quality": chance.between(82, 99.5, 1) if connected else None,
        "unit": unit,
        "building": building,
    }


_MACHINES = {
    "motor": ("YE{n}系列", 7.5, 40),
    "transformer": ("SCB{n}", 1000, 3),
    "boiler": ("WNS{n}", 2800, 2),
    "chiller": ("CH-{n}", 420, 3),
    "pump": ("KQ{n}", 22, 10),
    "fan": ("FJ{n}", 11, 14),
    "compressor": ("KY-{n}", 75, 3),
    "air_conditioner": ("KT{n}", 18, 12),
}


def equipment(world: World) -> list[Row]:
    """Main equipment of the key units; what is on the phase-out list has a date, most of it is gone."""
    chance = world.chance("equipment")
    rows: list[Row] = []
    for unit in world.rows("key_units"):
        for kind in chance.shuffled(tuple(_MACHINES))[: chance.whole(3, 6)]:
            model, power, many = _MACHINES[kind]
            installed = chance.day(dt.date(chance.whole(1998, 2022), 1, 5), dt.date(2023, 6, 30))
            obsolete = installed.year < 2011 and chance.chance(0.55)
            due = dt.date(chance.whole(2021, 2025), 12, 31) if obsolete else None
            retired = None
            if due and chance.chance(0.9):
                retired = min(due - dt.timedelta(days=chance.whole(-120, 500)), TODAY)
                retired = max(retired, dt.date(2020, 3, 1))
            grade = (
                "below"
                if obsolete
                else "three"
                if installed.year < 2014
                else chance.pick(("one", "two", "two", "three"))
            )
            rows.append(
                {
                    "code": f"SB-{len(rows) + 1:05d}",
                    "holder": unit["name"],
                    "unit": unit["code"],
                    "kind": kind,
                    "model": model.format(n=chance.whole(2, 99)),
                    "number": chance.whole(1, many),
                    "power_kw": chance.near(power, 0.3, 1),
                    "grade": grade,
                    "obsolete": obsolete,
                    "installed": installed,
                    "due": due,
                    "retired": retired,
                    "retired_for": "1级能效产品" if retired else None,
                }
            )
    return rows


def energy_audits(world: World) -> list[Row]:
    """Key units were audited once each, and some large buildings, with the potential found and what was done."""
    chance = world.chance("energy_audits")
    energy = {(row["unit"], row["year"]): row["energy_tce"] for row in world.rows("key_unit_energy")}
    rows: list[Row] = []
    for unit in world.rows("key_units"):
        year = chance.pick((2021, 2022, 2023, 2024, 2025, 2026))
        rows.append(
            _audit(chance, len(rows) + 1, unit["name"], year, energy[unit["code"], year - 1]) | {"unit": unit["code"]}
        )
    names = {row["code"]: row["name"] for row in world.rows("buildings")}
    large = [row for row in world.rows("building_energy") if row["floor_area_m2"] >= LARGE_M2 and row["year"] <= 2024]
    for row in chance.shuffled(large)[:36]:
        audit = _audit(chance, len(rows) + 1, names[row["building"]], max(row["year"] + 1, 2021), row["total_tce"])
        rows.append(audit | {"building": row["building"]})
    return rows


def _audit(chance: Chance, number: int, holder: str, year: int, used: float) -> Row:
    finished = chance.day(dt.date(year, 4, 10), dt.date(year, 12, 5) if year < 2026 else TODAY)
    done = chance.chance(0.93)
    potential = round(used * chance.between(0.03, 0.12, 4), 1)
    return {
        "code": f"SJ-{year}-{number:03d}",
        "holder": holder,
        "unit": None,
        "building": None,
        "planned": dt.date(year, 12, 20),
        "finished": finished if done else None,
        "period_year": year - 1,
        "energy_tce": used,
        "potential_tce": potential if done else None,
        "realised_tce": round(potential * chance.between(0.1, 0.8), 1) if done and year <= 2024 else None,
        "auditor": chance.pick(("沧澜节能服务（虚构）", "汀澜检测（虚构）", "鹭影咨询（虚构）")),
    }


_FINDINGS = {
    "energy": ("{n}台电机属淘汰目录", "未按规定报送能源利用状况报告", "能源计量台账不完整"),
    "label": ("{n}种产品能效标识不符",),
    "metering": ("{n}块一级计量器具未检定", "二级计量器具配备率不足"),
    "limit": ("单位面积能耗超过合理值",),
    "environment": ("危险废物台账缺{n}个月记录",),
}


def inspections(world: World) -> list[Row]:
    """Some twenty a year; three findings are overdue."""
    chance = world.chance("inspections")
    units = world.rows("key_units")
    rows: list[Row] = []
    for year in range(2021, 2027):
        for _ in range(22 if year < 2026 else 17):
            unit = chance.pick(units)
            kind = chance.pick(tuple(_FINDINGS), (5, 2, 3, 2, 1))
            day = chance.day(dt.date(year, 2, 15), dt.date(year, 12, 10) if year < 2026 else TODAY)
            clean = chance.chance(0.35)
            due = day + dt.timedelta(days=chance.pick((60, 90, 180)))
            closed = min(day + dt.timedelta(days=chance.whole(20, 170)), due + dt.timedelta(days=20))
            still = not clean and (closed > TODAY or (year == 2026 and chance.chance(0.3)))
            rows.append(
                {
                    "code": f"JC-{year}-{len(rows) + 1:04d}",
                    "inspected": day,
                    "holder": unit["name"],
                    "unit": unit["code"],
                    "kind": kind,
                    "finding": None if clean else chance.pick(_FINDINGS[kind]).format(n=chance.whole(1, 6)),
                    "state": "none" if clean else "open" if still else "closed",
                    "due": None if clean else due,
                    "closed": None if clean or still else closed,
                    "penalty": chance.between(1, 8, 1) if not clean and chance.chance(0.06) else None,
                }
            )
    return rows
