"""Registers of waste: households, works, industry, medical institutions, the network for recyclables."""

from __future__ import annotations

import datetime as dt

from dafeng.demo import macro
from dafeng.demo.buildings import near
from dafeng.demo.calibration import WASTE_PER_HEAD
from dafeng.demo.chance import Chance, split
from dafeng.demo.naming import Names
from dafeng.demo.places import PARK_ZONE, PLACES, Place
from dafeng.demo.world import TODAY, Row, World

# Share of household waste by stream, %, at both ends (recyclables, wet, market waste, hazardous, bulky; the rest is
# residual), and the share of treated wet waste left as residue.
STREAMS = {
    "recyclable": (16.2, 20.5),
    "wet": (22.8, 24.3),
    "market": (1.5, 1.7),
    "hazardous": (0.05, 0.08),
    "bulky": (2.1, 2.2),
}
RESIDUE = 0.16
# Raw residual waste that still went to landfill, t: nothing since 2023.
LANDFILLED = {2020: 14_800, 2021: 5_200, 2022: 1_900}
FACILITIES = {
    "recycled": "沧澜再生资源集散场（虚构）",
    "biological": "沧澜湿垃圾处理中心（虚构）",
    "incinerated": "沧澜能源利用中心（虚构）",
    "landfilled": "沧澜应急填埋场（虚构）",
    "safe": "沧澜危废处置站（虚构）",
}
# Market waste is treated where it arises, in the one plant that lies in the district.
IN_DISTRICT = "云汀就地生化处理站（虚构）"


def household_waste(world: World) -> list[Row]:
    """Flows of each year; all streams together give the waste per head."""
    rows: list[Row] = []
    for year in range(2020, 2026):
        per_day = WASTE_PER_HEAD.value * (0.955 + 0.008 * (year - 2020))
        total = macro.RESIDENTS[year] * per_day * 365 / 1000
        shares = {name: first + (last - first) * (year - 2020) / 5 for name, (first, last) in STREAMS.items()}
        shares["dry"] = 100 - sum(shares.values())
        tonnes = dict(zip(shares, split(total, list(shares.values())), strict=True))
        landfilled = LANDFILLED.get(year, 0)
        rows.append(_flow(year, "recyclable", "recycled", tonnes["recyclable"]))
        for stream in ("wet", "market"):
            flow = _flow(year, stream, "biological", tonnes[stream], round(tonnes[stream] * RESIDUE))
            rows.append(flow | ({"facility": IN_DISTRICT} if stream == "market" else {}))
        rows.append(_flow(year, "dry", "incinerated", tonnes["dry"] - landfilled))
        if landfilled:
            rows.append(_flow(year, "dry", "landfilled", landfilled))
        rows.append(_flow(year, "hazardous", "safe", tonnes["hazardous"]))
        recycled = round(tonnes["bulky"] * 0.4)
        rows += [
            _flow(year, "bulky", "recycled", recycled),
            _flow(year, "bulky", "incinerated", tonnes["bulky"] - recycled),
        ]
    return rows


def _flow(year: int, stream: str, path: str, tonnes: float, residue: float | None = None) -> Row:
    return {
        "year": year,
        "stream": stream,
        "path": path,
        "facility": FACILITIES[path],
        "tonnes": tonnes,
        "residue_t": residue,
    }


# Kind of site → number, suffix; capacity t/d.
SITES = {
    "point": (560, "可回收物服务点", 0.4),
    "station": (14, "可回收物中转站", 18),
    "yard": (1, "可回收物集散场", 160),
}


def recycling_sites(world: World) -> list[Row]:
    chance = world.chance("recycling_sites")
    names = Names(chance)
    rows: list[Row] = []
    for kind, (count, suffix, capacity) in SITES.items():
        for _ in range(count):
            place = chance.pick(PLACES, [p.people for p in PLACES])
            first, last = (
                (dt.date(2019, 5, 6), dt.date(2026, 8, 28))
                if kind == "point"
                else (dt.date(2018, 4, 2), dt.date(2023, 9, 28))
            )
            rows.append(
                {
                    "code": f"YT-HS-{len(rows) + 1:04d}",
                    "name": names.of(suffix),
                    "kind": kind,
                    "opened": chance.day(first, last),
                    "closed": None,
                    "households": chance.whole(280, 1_150) if kind == "point" else None,
                    "capacity_td": chance.near(capacity, 0.2, 1),
                    "subdistrict": place.name,
                    "location": near(chance, place),
                }
            )
    for row in chance.shuffled([r for r in rows if r["kind"] == "point" and r["opened"].year < 2022])[:14]:
        row["closed"] = chance.day(dt.date(2023, 2, 1), TODAY)
    return rows


# Stream → share of tickets, way it goes (recycled or reused first), share of tickets that go that way.
WORKS = {
    "muck": (46, ("reused", "filled"), 0.9),
    "slurry": (9, ("reused", "filled"), 0.78),
    "demolition": (14, ("recycled", "landfilled"), 0.95),
    "fit_out": (17, ("recycled", "incinerated"), 0.8),
    "works": (8, ("recycled", "incinerated"), 0.88),
    "dredged": (4, ("reused", "filled"), 0.9),
    "pipe_sludge": (2, ("recycled", "filled"), 0.96),
}
SINKS = {
    "reused": "汀湾回填工地（虚构）",
    "recycled": "沧澜建材再生厂（虚构）",
    "filled": "沧澜消纳场（虚构）",
    "landfilled": "沧澜应急填埋场（虚构）",
    "incinerated": "沧澜能源利用中心（虚构）",
}
TICKETS = {2022: 110, 2023: 150, 2024: 170, 2025: 180, 2026: 130}


def construction_waste(world: World) -> list[Row]:
    """A sample of barge and convoy tickets; three arrive lighter than they left, a few have not arrived yet."""
    chance = world.chance("construction_waste")
    names = Names(chance)
    sites = [names.of("地块项目", "改造工程", "河道整治", "轨交工地") for _ in range(40)]
    rows: list[Row] = []
    for year, count in TICKETS.items():
        for _ in range(count):
            last = dt.date(year, 12, 24) if year < 2026 else TODAY
            rows.append(_ticket(chance, len(rows) + 1, chance.day(dt.date(year, 1, 6), last), chance.pick(sites)))
    for row in chance.shuffled([r for r in rows if r["tonnes_in"] and r["tonnes_out"] > 100])[:3]:
        row["tonnes_in"] = round(row["tonnes_out"] * 0.82, 1)
    for row in [r for r in rows if r["shipped"] > dt.date(2026, 9, 24)][:4]:
        row |= {"tonnes_in": None, "arrived": None, "sink_name": None}
    return rows


def _ticket(chance: Chance, number: int, day: dt.date, site: str) -> Row:
    stream = chance.pick(tuple(WORKS), [share for share, _, _ in WORKS.values()])
    _, (good, other), share = WORKS[stream]
    sink = good if chance.chance(min(share + 0.012 * (day.year - 2022), 0.99)) else other
    out = chance.between(60, 620, 1) if stream in ("muck", "slurry", "dredged") else chance.between(12, 140, 1)
    return {
        "ticket": f"ZT{day:%Y%m%d}-{number:04d}",
        "shipped": day,
        "stream": stream,
        "site": site,
        "tonnes_out": out,
        "sink": sink,
        "sink_name": SINKS[sink],
        "tonnes_in": round(out * chance.between(0.985, 1.004, 4), 1),
        "arrived": min(day + dt.timedelta(days=chance.whole(0, 1)), TODAY),
        "vehicle": None,
    }


INDUSTRIAL_KINDS = {"metal": 0.99, "plastic_paper": 0.97, "food": 0.95, "sludge": 0.78, "slag_ash": 0.99, "other": 0.72}
# Share of industrial waste used, % of what arises: 94.2 in 2025, where the plan asks 93.
USED = {2020: 89.6, 2021: 90.4, 2022: 91.1, 2023: 92.3, 2024: 93.4, 2025: 94.2}


def industrial_solid_waste(world: World) -> list[Row]:
    """Industrial key units and smaller firms. What leaves the park is not reported, so that target has no figure."""
    chance = world.chance("industrial_solid_waste")
    names = Names(chance)
    firms = [unit["name"] for unit in world.rows("key_units") if unit["sector"] == "industry"]
    firms += [names.firm("五金加工", "包装材料", "食品加工", "塑料制品", "仪表") for _ in range(20)]
    kinds = [(firm, kind) for firm in firms for kind in chance.shuffled(tuple(INDUSTRIAL_KINDS))[: chance.whole(1, 3)]]
    sizes = [chance.lognormal(320, 0.8, 15, 4_000) for _ in kinds]
    in_park = {firm: chance.chance(0.4) for firm in firms}
    rows: list[Row] = []
    for year, rate in USED.items():
        made = [round(size * chance.near(1, 0.06, 4), 1) for size in sizes]
        unused = [
            amount * (1 - INDUSTRIAL_KINDS[kind]) + amount * 0.001
            for amount, (_, kind) in zip(made, kinds, strict=True)
        ]
        rest = split(sum(made) * (1 - rate / 100), unused, 1)
        for (firm, kind), amount, left in zip(kinds, made, rest, strict=True):
            left = min(left, amount)
            stored = round(left * 0.2, 1)
            rows.append(
                {
                    "year": year,
                    "firm": firm,
                    "waste": kind,
                    "generated": amount,
                    "used": round(amount - left, 1),
                    "used_old": None,
                    "disposed": round(left - stored, 1),
                    "stored": stored,
                    "dumped": None,
                    "park": PARK_ZONE if in_park[firm] else None,
                    "key_park": None,
                    "left_park": None,
                }
            )
    return rows


MEDICAL = {"large": (5, "医院", 620), "medium": (11, "医院", 240), "small": (236, "社区卫生服务站", 0)}


def medical_institutions(world: World) -> list[Row]:
    """All institutions hand over their waste; small ones joined step by step until 2025."""
    chance = world.chance("medical_institutions")
    names = Names(chance)
    rows: list[Row] = []
    for size, (count, suffix, beds) in MEDICAL.items():
        for _ in range(count):
            words = (
                suffix
                if size != "small"
                else chance.pick(("社区卫生服务站", "口腔诊所", "门诊部", "中医诊所", "医务室"))
            )
            place: Place = chance.pick(PLACES, [p.people for p in PLACES])
            licensed = chance.day(
                dt.date(1985, 3, 1), dt.date(2025, 6, 30) if size == "small" else dt.date(2012, 6, 30)
            )
            year = chance.pick((2020, 2021, 2022, 2023, 2024, 2025), (58, 10, 11, 9, 8, 4)) if size == "small" else 2018
            joined = max(chance.day(dt.date(year, 2, 1), dt.date(year, 11, 28)), licensed + dt.timedelta(days=10))
            rows.append(
                {
                    "code": f"YT-YL-{len(rows) + 1:04d}",
                    "name": names.of(words),
                    "size": size,
                    "beds": round(chance.near(beds, 0.3, 1)) if beds else 0,
                    "licensed": licensed,
                    "closed": None,
                    "joined": joined,
                    "left": None,
                    "collector": "沧澜医废收运（虚构）",
                    "kg_month": round(chance.near(beds * 9 if beds else 28, 0.3, 1), 1),
                    "interval_days": 1 if beds > 300 else 2,
                    "subdistrict": place.name,
                    "location": near(chance, place),
                }
            )
    for row in chance.shuffled([r for r in rows if r["size"] == "small" and r["licensed"].year < 2015])[:5]:
        gone = chance.day(dt.date(2022, 2, 1), dt.date(2025, 10, 30))
        row |= {"closed": gone, "left": gone}
        row["joined"] = min(row["joined"], gone - dt.timedelta(days=200))
    return rows
