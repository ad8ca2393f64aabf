"""Registers of accounts: the monthly ledger of dual control, feeders, pilots."""

from __future__ import annotations

import datetime as dt

from dafeng.demo import macro
from dafeng.demo.calibration import MONTHS_OF_ELECTRICITY
from dafeng.demo.chance import split
from dafeng.demo.places import PLACES
from dafeng.demo.power import peak_mw
from dafeng.demo.world import PARTIAL, TODAY, Row, World
from dafeng.demo.zones import place_shares

MONTHS = {2022: 12, 2023: 12, 2024: 12, 2025: 12, PARTIAL: 9}
SECTOR_ROWS = ("industry", "construction", "transport", "trade", "services", "homes")
SECTOR_NAMES = {
    "industry": "工业",
    "construction": "建筑业",
    "transport": "交通运输",
    "trade": "批零住餐",
    "services": "其他服务业",
    "homes": "居民生活",
}


def dual_control_monthly(world: World) -> list[Row]:
    """Each month by subdistrict and by sector; the months of a year and the parts of a month add up exactly."""
    chance = world.chance("dual_control_monthly")
    flat = [0.55 * month + 0.45 * sum(MONTHS_OF_ELECTRICITY) / 12 for month in MONTHS_OF_ELECTRICITY]
    rows: list[Row] = []
    for year, count in MONTHS.items():
        known = min(year, 2025)
        growth = macro.GROWTH_2026 if year == PARTIAL else 1.0
        total, electricity = macro.total_tce(known) * growth, macro.carrier_total("electricity", known) * growth
        added = macro.gdp_constant(known) * (1.049 if year == PARTIAL else 1.0)
        before = [macro.sector_tce(known)[name] for name in SECTOR_ROWS]
        turn = macro.SECTOR_GROWTH_2026 if year == PARTIAL else dict.fromkeys(SECTOR_ROWS, 1.0)
        sectors = [part * turn[name] for part, name in zip(before, SECTOR_ROWS, strict=True)]
        weights = [part * chance.near(1, 0.015, 4) for part in flat]
        months, power, value = split(total, weights), split(electricity, weights), split(added, [1.0] * 12, 3)
        drift = place_shares(year)
        # Budgets follow the shares of the year before: a place that grows faster meets its limit.
        budgets = split(total * 1.012, place_shares(max(year - 1, 2020)))
        sector_budgets = split(total * 1.012, before)
        for month in range(count):
            energy, kwh = split(months[month], drift), split(power[month], drift)
            gdp = split(value[month], [place.jobs for place in PLACES], 3)
            name = f"{year}-{month + 1:02d}"
            for n, place in enumerate(PLACES):
                rows.append(_month(name, "subdistrict", place.name, energy[n], budgets[n], kwh[n], gdp[n]))
            for n, part in enumerate(split(months[month], sectors)):
                rows.append(_month(name, "sector", SECTOR_NAMES[SECTOR_ROWS[n]], part, sector_budgets[n], None, None))
    return rows


def _month(
    month: str, kind: str, receiver: str, energy: float, budget: float, kwh: float | None, gdp: float | None
) -> Row:
    return {
        "month": month,
        "kind": kind,
        "receiver": receiver,
        "energy_tce": energy,
        "electricity": kwh,
        "value_added": gdp,
        "budget_tce": budget,
        "co2_t": None,
    }


FEEDERS = 96


def feeders(world: World) -> list[Row]:
    """96 feeders; their peaks do not coincide, so they add up to more than the district's. Diamond layout spreads."""
    chance = world.chance("feeders")
    weights = [chance.lognormal(1, 0.35, 0.4, 2.2) for _ in range(FEEDERS)]
    turns = [chance.whole(2020, 2030) for _ in range(FEEDERS)]
    capacity = [max(round(w * 11.5 * chance.between(0.95, 1.3), 1), 5.0) for w in weights]
    pv = [chance.between(20, 420, 0) for _ in range(FEEDERS)]
    rows = []
    for year in macro.YEARS:
        peaks = split(peak_mw(year) * 1.18, weights, 2)
        for number in range(FEEDERS):
            place, diamond = PLACES[number % len(PLACES)], turns[number] <= year
            peak = min(peaks[number], capacity[number])
            share = 1.0 if diamond else min(0.45 + 0.06 * (number % 8), 0.95)
            rows.append(
                {
                    "year": year,
                    "code": f"{place.name[:2]}{number // len(PLACES) + 1:02d}线",
                    "substation": f"{place.name[:2]}变电站",
                    "diamond": diamond,
                    "n1": diamond or number % 5 != 0,
                    "capacity_mw": capacity[number],
                    "peak_mw": peak,
                    "transfer_mw": round(peak * share, 2),
                    "pv_kw": round(pv[number] * (0.3 + 0.14 * (year - 2020))),
                }
            )
    return rows


# Kind → names of pilots and the year in which each was accepted (None: under way).
_PILOTS = {
    "near_zero_community": (
        ("汀兰花园", 2023),
        ("砚桥新村", 2024),
        ("青梧家园", 2025),
        ("枕河苑", 2026),
        ("梨浦苑", None),
        ("松汀新村", None),
    ),
    "community": (("栖鹭苑", 2022), ("织云家园", 2023), ("澄渡新村", 2023), ("星槎苑", 2024)),
    "park": (("云汀开发区", 2024),),
    "zero_carbon_park": (("云汀开发区零碳先行片", None),),
    "campus": (("汀湾中学", 2023), ("望潮小学", 2025)),
    "building": (("泊云科创楼", 2024), ("汀北政务中心", None)),
    "low_carbon_zone": (("望潮商务区", 2025),),
    "green_factory": (("汀兰精密", 2022), ("松汀生物制药", 2024), ("星槎电子器件", 2025)),
    "zone_policy": (("北岸片区", None), ("中部片区", None), ("南湾片区", None)),
}
_SUFFIX = {
    "near_zero_community": "近零碳社区",
    "community": "低碳社区",
    "park": "低碳园区",
    "zero_carbon_park": "",
    "campus": "近零碳学校",
    "building": "近零碳楼宇",
    "low_carbon_zone": "低碳实践区",
    "zone_policy": "一区一策",
    "green_factory": "绿色工厂",
}


def zones_pilots(world: World) -> list[Row]:
    chance = world.chance("zones_pilots")
    rows: list[Row] = []
    for kind, pilots in _PILOTS.items():
        for name, year in pilots:
            base, accepted = chance.whole(900, 6_500), None
            if year:
                accepted = chance.day(dt.date(year, 4, 1), dt.date(year, 12, 10) if year < 2026 else TODAY)
            place = next((p for p in PLACES if p.name[:2] == name[:2]), PLACES[-1])
            rows.append(
                {
                    "code": f"SD-{len(rows) + 1:02d}",
                    "name": f"{name}{_SUFFIX[kind]}",
                    "kind": kind,
                    "state": "accepted" if accepted else "building",
                    "level": "city" if kind in ("near_zero_community", "zero_carbon_park", "campus") else "district",
                    "started": accepted - dt.timedelta(days=chance.whole(400, 800))
                    if accepted
                    else dt.date(2025, 3, 10),
                    "accepted": accepted,
                    "lead": "区发展改革委" if kind == "zone_policy" else "区生态环境局",
                    "area_ha": chance.between(2, 40, 1),
                    "residents": chance.whole(900, 6_000) if "community" in kind else None,
                    "base_year": 2021,
                    "base_co2": base,
                    "latest_co2": round(base * chance.between(0.62, 0.86)) if accepted else None,
                    "latest_year": 2025 if accepted else None,
                    "subdistrict": place.name if kind != "zone_policy" else None,
                    "boundary": None,
                }
            )
    return rows
