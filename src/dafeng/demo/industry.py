"""Registers of industry: output by cluster, green firms, land, projects under review, data centres."""

from __future__ import annotations

import datetime as dt

from dafeng.demo import macro
from dafeng.demo.chance import Chance, split
from dafeng.demo.naming import Names
from dafeng.demo.places import PLACES
from dafeng.demo.world import TODAY, Row, World
from dafeng.demo.zones import sector_co2

# Sector → clusters with their share of its value added in 2020 and 2025, %, energy weight per value added, land in ha.
CLUSTERS = {
    "industry": {"manufacturing": (72, 66, 1.0, 148), "life": (28, 34, 0.7, 52)},
    "construction": {"other": (100, 100, 1.0, 6)},
    "transport": {"trade": (40, 38, 0.8, 34), "other": (60, 62, 1.1, 58)},
    "trade": {"trade": (100, 100, 1.0, 96)},
    "services": {
        "digital": (29, 37, 0.95, 71),
        "finance": (21, 20, 0.4, 18),
        "culture": (12, 12, 0.9, 33),
        "life": (9, 11, 1.2, 28),
        "other": (29, 20, 1.4, 120),
    },
}


def industry_output(world: World) -> list[Row]:
    """Value added and energy by sector and cluster; both add up to the district's totals (homes apart)."""
    rows = []
    for year in macro.YEARS:
        sectors = split(macro.gdp_constant(year), [macro.value_added_share(sector, year) for sector in CLUSTERS], 2)
        for (sector, clusters), added in zip(CLUSTERS.items(), sectors, strict=True):
            share = [first + (last - first) * (year - 2020) / 5 for first, last, _, _ in clusters.values()]
            parts = split(added, share, 2)
            weights = [a * c[2] for a, c in zip(share, clusters.values(), strict=True)]
            co2 = split(sector_co2(world, year, sector), weights)
            energy = split(macro.sector_tce(year)[sector], weights)
            columns = zip(clusters.items(), parts, energy, co2, strict=True)
            for (cluster, (_, _, _, land)), value, used, emitted in columns:
                rows.append(
                    {
                        "year": year,
                        "sector": sector,
                        "cluster": cluster,
                        "value_added": value,
                        "value_added_current": round(value * macro.DEFLATOR[year], 2),
                        "energy_tce": used,
                        "co2_t": emitted,
                        "land_ha": round(land * (1 - 0.008 * (year - 2020)), 1),
                        "firms": round(value * 1.9 + 12),
                        "tax": round(value * 0.118, 2),
                    }
                )
    return rows


def gdp_by_sector(world: World) -> list[Row]:
    """The sums of the clusters: one row a year and sector, which add up to the district's value added."""
    sums: dict[tuple[int, str], list[float]] = {}
    for row in world.rows("industry_output"):
        held = sums.setdefault((row["year"], row["sector"]), [0.0, 0.0])
        held[0] += row["value_added"]
        held[1] += row["value_added_current"]
    return [
        {
            "year": year,
            "sector": sector,
            "value_added": round(constant, 2),
            "price_base": 2020,
            "value_added_current": round(current, 2),
        }
        for (year, sector), (constant, current) in sums.items()
    ]


_GREEN = {
    "saving": "节能科技",
    "services": "碳咨询",
    "storage_grid": "储能技术",
    "new_energy": "光伏工程",
    "green_building": "绿建科技",
    "environment": "环境工程",
    "recycling": "再生资源",
    "new_energy_vehicles": "电驱技术",
    "hydrogen": "氢能装备",
}
_SERVICES = ("accounting", "certification", "audit", "contracting", "trading")


def green_industry_firms(world: World) -> list[Row]:
    """Firms by the year in which they were first tagged; they stay tagged."""
    chance = world.chance("green_industry_firms")
    names = Names(chance)
    rows: list[Row] = []
    for _ in range(46):
        kind = chance.pick(tuple(_GREEN), (16, 14, 12, 10, 12, 12, 8, 8, 4))
        first, revenue = (
            chance.pick((2021, 2022, 2023, 2024, 2025), (60, 9, 11, 10, 10)),
            chance.lognormal(18_000, 0.9, 1_500, 320_000),
        )
        firm, share = names.firm(_GREEN[kind]), chance.between(0.45, 1.0)
        service = (
            chance.pick(_SERVICES)
            if kind == "services"
            else "contracting"
            if kind == "saving" and chance.chance(0.4)
            else "none"
        )
        cluster = chance.pick(("digital", "manufacturing", "other", "trade"))
        for year in range(first, 2026):
            earned = round(revenue * 1.09 ** (year - 2021) * chance.near(1, 0.05, 4), 1)
            rows.append(
                {
                    "year": year,
                    "firm": firm,
                    "code": None,
                    "industry": kind,
                    "service": service,
                    "cluster": cluster,
                    "revenue": earned,
                    "green_revenue": round(earned * share, 1),
                    "employees": round(earned / 75) + 6,
                    "above_size": earned > 2_000,
                }
            )
    return rows


def land_exits(world: World) -> list[Row]:
    """Plots found to be of low yield; three in five are settled."""
    chance = world.chance("land_exits")
    rows = []
    for number in range(1, 35):
        found = chance.day(dt.date(2020, 3, 1), dt.date(2025, 6, 30))
        finished = found + dt.timedelta(days=chance.whole(300, 1_100))
        done = finished <= TODAY
        place = chance.pick(PLACES)
        rows.append(
            {
                "plot": f"YT-D-{number:03d}",
                "name": f"{place.name[:2]}{chance.pick(('老仓库', '旧厂房', '停车场', '机修车间'))}地块",
                "area_ha": round(chance.lognormal(1.6, 0.6, 0.2, 9), 2),
                "found": found,
                "way": chance.pick(("returned", "renewed", "relet")) if done else "pending",
                "finished": finished if done else None,
                "tax_per_mu": chance.between(2, 14, 1),
            }
        )
    return rows


_INDUSTRIES = (
    "互联网数据服务",
    "医药制造业",
    "房地产业",
    "综合零售",
    "高等教育",
    "通用设备制造业",
    "医院",
    "仓储业",
    "住宿业",
)


def projects_screened(world: World) -> list[Row]:
    """Energy reviews of investment projects; a few belong to the two highs, one of them was refused."""
    chance = world.chance("projects_screened")
    names = Names(chance)
    rows: list[Row] = []
    for year in range(2021, 2027):
        for _ in range(11 if year < 2026 else 8):
            received = chance.day(dt.date(year, 1, 8), dt.date(year, 11, 10) if year < 2026 else TODAY)
            decided = received + dt.timedelta(days=chance.whole(15, 45))
            industry = chance.pick(_INDUSTRIES)
            high = industry == "互联网数据服务" and chance.chance(0.5)
            energy = round(chance.lognormal(2_600, 0.8, 320, 14_000) * (2 if high else 1))
            pending = decided > TODAY
            verdict = "pending" if pending else "exempt" if energy < 1_000 else "passed"
            exempt = "city_security" if high else "none"
            if high and not any(row["verdict"] == "refused" for row in rows) and year >= 2023 and not pending:
                verdict, exempt = "refused", "none"
            accepted = decided + dt.timedelta(days=chance.whole(500, 900))
            rows.append(
                {
                    "code": f"{year % 100:02d}{received.month:02d}-YT-{len(rows) + 1:04d}",
                    "name": names.of("改扩建项目", "新建项目", "总部项目"),
                    "owner": names.firm("置业", "科技", "发展"),
                    "industry": industry,
                    "kind": "energy" if high else "none",
                    "exempt": exempt,
                    "expansion": chance.chance(0.3),
                    "energy_tce": energy,
                    "energy_calorific_tce": round(energy * 0.47),
                    "coal_t": 0,
                    "co2_t": round(energy * 1.75),
                    "intensity": chance.between(0.02, 0.24, 3),
                    "received": received,
                    "decided": None if pending else decided,
                    "verdict": verdict,
                    "grade": chance.pick(("benchmark", "rational", "none"), (4 + year - 2020, 5, 3))
                    if not pending
                    else None,
                    "review_number": f"云节审〔{decided.year}〕{len(rows) + 1}号"
                    if verdict in ("passed", "refused")
                    else None,
                    "accepted": accepted if accepted <= TODAY and verdict == "passed" else None,
                }
            )
    return rows


# Name, size, racks, design PUE, commissioned, upgraded, closed, IT electricity of 2025 (10⁴ kWh), PUE of 2020, of 2025.
_CENTRES = (
    ("汀北数据中心", "large", 3_200, 1.35, dt.date(2017, 9, 20), dt.date(2023, 6, 30), None, 1_720, 1.48, 1.37),
    ("望潮数据中心", "medium", 1_600, 1.42, dt.date(2015, 4, 10), dt.date(2024, 5, 31), None, 880, 1.58, 1.41),
    ("织云数据中心", "medium", 1_250, 1.4, dt.date(2018, 11, 5), dt.date(2022, 10, 15), None, 730, 1.49, 1.4),
    ("砚桥数据中心", "medium", 1_100, 1.45, dt.date(2014, 7, 1), dt.date(2025, 3, 20), None, 560, 1.63, 1.44),
    ("星槎数据中心", "medium", 980, 1.38, dt.date(2019, 12, 12), None, None, 610, 1.44, 1.42),
    ("青梧机房", "small", 320, 1.7, dt.date(2009, 3, 1), None, dt.date(2023, 9, 30), 90, 1.86, 1.82),
    ("枕河机房", "small", 260, 1.75, dt.date(2008, 8, 8), None, dt.date(2024, 11, 30), 70, 1.9, 1.84),
    ("泊云智算中心", "large", 2_400, 1.22, dt.date(2023, 3, 28), None, None, 1_350, 1.3, 1.22),
    ("南湾数据中心", "medium", 1_500, 1.24, dt.date(2024, 8, 16), None, None, 540, 1.3, 1.24),
    ("栖鹭边缘数据中心", "small", 420, 1.25, dt.date(2024, 12, 20), None, None, 96, 1.31, 1.31),
)  # fmt: skip


def data_centres(world: World) -> list[Row]:
    chance = world.chance("data_centres")
    rows = []
    for number, (name, size, racks, pue, commissioned, upgraded, closed, _, _, _) in enumerate(_CENTRES, 1):
        reviewed = commissioned.year >= 2012
        rows.append(
            {
                "code": f"DC-{number:02d}",
                "name": name,
                "operator": chance.pick(("云汀数据（虚构）", "澜光算力（虚构）")),
                "size": size,
                "racks": racks,
                "design_pue": pue,
                "approved": commissioned - dt.timedelta(days=620) if reviewed else None,
                "review_number": f"云节审〔{commissioned.year - 2}〕{number}号" if reviewed else None,
                "commissioned": commissioned,
                "upgraded": upgraded,
                "closed": closed,
                "to_retire": size == "small" and commissioned.year < 2015,
                "unit": None,
            }
        )
    return rows


def data_centre_energy(world: World) -> list[Row]:
    """A small new centre, half empty, stands above the limit for new ones; all others keep theirs."""
    chance = world.chance("data_centre_energy")
    rows = []
    for number, (_, _, _, _, commissioned, upgraded, closed, it_2025, first, last) in enumerate(_CENTRES, 1):
        for year in macro.YEARS:
            if (
                (year <= commissioned.year and commissioned.month > 6)
                or year < commissioned.year
                or (closed and year > closed.year)
            ):
                continue
            rows.append(_centre_year(chance, f"DC-{number:02d}", year, upgraded, it_2025, first, last))
    return rows


def _centre_year(
    chance: Chance, code: str, year: int, upgraded: dt.date | None, it_2025: float, first: float, last: float
) -> Row:
    turn = upgraded.year if upgraded else 2023
    before = first - 0.01 * (year - 2020)
    pue = (
        last + 0.002 * (2025 - year) if year > turn or year == 2025 else before if year < turn else (before + last) / 2
    )
    it = round(it_2025 * 1.06 ** (year - 2025) * chance.near(1, 0.02, 4), 1)
    total = round(it * pue, 1)
    return {
        "centre": code,
        "year": year,
        "total": total,
        "it": it,
        "cooling": round((total - it) * 0.72, 1),
        "green": round(total * min(0.05 * max(year - 2020, 0), 0.3), 1) or None,
        "value_added": round(it * 9.2),
        "load_rate": chance.between(38, 46, 0) if code == "DC-10" else chance.between(55, 84, 0),
    }
