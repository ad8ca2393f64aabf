"""Registers of everyone's part: campaigns, demonstrations, procurement, disclosure, training, carbon inclusion."""

from __future__ import annotations

import datetime as dt

from dafeng.demo.chance import Chance
from dafeng.demo.naming import Names
from dafeng.demo.places import PLACES
from dafeng.demo.world import TODAY, Row, World

# Fixed days: code, month and day, what it is called here, who holds it.
_DAYS = (
    ("water_day", 3, 22, "节水护江进社区", "区建设管理委"),
    ("earth_day", 4, 22, "地球日科普集市", "区规划资源局"),
    ("saving_week", 6, 3, "节能宣传周启动仪式", "区发展改革委"),
    ("environment_day", 6, 5, "环境日公众开放", "区生态环境局"),
    ("low_carbon_day", 6, 12, "低碳日体验活动", "区生态环境局"),
    ("ecology_day", 8, 15, "生态日绿色骑行", "区绿化市容局"),
    ("car_free_day", 9, 22, "绿色出行倡议", "区建设管理委"),
)
_SPECIAL = (
    "低碳知识进校园",
    "垃圾分类进楼宇",
    "旧物交换市集",
    "低碳家庭讲堂",
    "节电挑战赛",
    "充电桩共享宣讲",
    "绿色消费周",
)
_SPECIAL_UNITS = ("区委宣传部", "区教育局", "区生态环境局", "区绿化市容局", "区商务委")


def campaigns(world: World) -> list[Row]:
    """The fixed days of every year and special ones between them; closed halls in the spring of 2022."""
    chance = world.chance("campaigns")
    rows: list[Row] = []
    for year in range(2021, 2027):
        planned = [(day, dt.date(year, month, on), name, unit) for day, month, on, name, unit in _DAYS]
        for _ in range(12 if year < 2026 else 9):
            held = chance.day(dt.date(year, 3, 1), dt.date(year, 11, 28) if year < 2026 else TODAY)
            planned.append(("special", held, chance.pick(_SPECIAL), chance.pick(_SPECIAL_UNITS)))
        for day, held, name, unit in sorted(planned, key=lambda item: item[1]):
            if held > TODAY or dt.date(2022, 3, 25) <= held <= dt.date(2022, 6, 10):
                continue
            place = chance.pick(PLACES)
            rows.append(
                {
                    "code": f"HD-{year}-{len(rows) + 1:03d}",
                    "name": name,
                    "day": day,
                    "held": held,
                    "unit": unit,
                    "place": f"{place.name[:2]}{chance.pick(('社区中心', '广场', '学校礼堂', '滨水公园'))}",
                    "attended": chance.whole(80, 900),
                    "reached": chance.whole(2_000, 60_000),
                    "evidence": f"活动小结{held:%Y%m%d}.pdf" if chance.chance(0.85) else None,
                }
            )
    return rows


# Kind → number named by the end of 2026, suffix of the name, level. Near-zero communities: 4, where 2030 asks 10.
_DEMONSTRATIONS = {
    "community": (22, "社区", "district"),
    "near_zero_community": (4, "近零碳社区", "city"),
    "school": (26, "学校", "district"),
    "near_zero_school": (3, "近零碳校园", "city"),
    "office": (24, "机关", "city"),
    "mall": (6, "商场", "city"),
    "hotel": (5, "饭店", "city"),
    "park": (2, "低碳园区", "city"),
    "factory": (4, "绿色工厂", "city"),
    "building": (5, "低碳楼宇", "district"),
}


def demonstrations(world: World) -> list[Row]:
    chance = world.chance("demonstrations")
    names = Names(chance)
    rows: list[Row] = []
    for kind, (count, suffix, level) in _DEMONSTRATIONS.items():
        for number in range(count):
            year = 2021 + number * 6 // count
            named = chance.day(dt.date(year, 4, 1), dt.date(year, 12, 10) if year < 2026 else TODAY)
            rows.append(_demonstration(chance, names, len(rows) + 1, kind, suffix, level, named))
    rows[3]["revoked"] = dt.date(2025, 3, 14)
    for kind, suffix in (("near_zero_community", "近零碳社区"), ("park", "零碳园区")):
        rows.append(
            _demonstration(chance, names, len(rows) + 1, kind, suffix, "city", TODAY)
            | {"named": None, "document": None}
        )
    return rows


def _demonstration(
    chance: Chance, names: Names, number: int, kind: str, suffix: str, level: str, named: dt.date
) -> Row:
    return {
        "code": f"SF-{named.year}-{number:03d}",
        "name": names.of(suffix),
        "kind": kind,
        "level": level,
        "started": named - dt.timedelta(days=chance.whole(200, 600)),
        "named": named,
        "revoked": None,
        "number": 1,
        "document": f"云环发〔{named.year}〕{chance.whole(3, 60)}号",
        "subdistrict": chance.pick(PLACES).name,
    }


# Group of products → spending in 2020, 万CNY; share of green products in 2020 and 2025, %.
_PROCUREMENT = {
    "office_equipment": (1_850, 84, 95),
    "lighting": (260, 88, 98),
    "air_conditioning": (640, 86, 97),
    "vehicles": (1_120, 31, 78),
    "furniture": (730, 52, 81),
    "paper": (190, 74, 93),
    "building_materials": (2_300, 22, 49),
    "services": (4_100, 18, 41),
}


def green_procurement(world: World) -> list[Row]:
    chance = world.chance("green_procurement")
    rows = []
    for year in range(2020, 2026):
        for group, (spent, first, last) in _PROCUREMENT.items():
            total = chance.near(spent * 1.02 ** (year - 2020), 0.06, 1)
            share = first + (last - first) * (year - 2020) / 5
            rows.append({"year": year, "product_group": group, "total": total, "green": round(total * share / 100, 1)})
    return rows


# Kind of firm → number; share that discloses the environment in 2021 and 2025, %.
_FIRMS = {
    "listed_firm": (18, 62, 100),
    "bond_issuer": (6, 50, 100),
    "district_soe": (9, 34, 78),
    "key_unit": (20, 25, 60),
}


def disclosures(world: World) -> list[Row]:
    """A row for every firm and year; who has once disclosed goes on."""
    chance = world.chance("disclosures")
    names = Names(chance)
    trades = ("智造股份", "生物科技", "软件股份", "文化传媒", "商业集团", "置业", "检测技术", "物流股份")
    firms = [(kind, names.firm(*trades)) for kind, (count, _, _) in _FIRMS.items() for _ in range(count)]
    rank = {firm: chance.between(0, 100) for _, firm in firms}
    size = {firm: chance.lognormal(6_000, 0.9, 300, 90_000) for _, firm in firms}
    rows = []
    for year in range(2021, 2026):
        for kind, firm in firms:
            _, first, last = _FIRMS[kind]
            disclosed = rank[firm] <= first + (last - first) * (year - 2021) / 4
            carbon = disclosed and rank[firm] <= (first + (last - first) * (year - 2021) / 4) * 0.8
            rows.append(
                {
                    "year": year,
                    "firm": firm,
                    "kind": kind,
                    "disclosed": disclosed,
                    "carbon": carbon,
                    "plan": disclosed and (kind == "district_soe" or rank[firm] < 45) and year >= 2023,
                    "emissions_t": round(size[firm] * 0.965 ** (year - 2021)) if carbon else None,
                    "document": f"{year}年度环境信息披露报告" if disclosed else None,
                }
            )
    return rows


_CADRES = {"leaders": 420, "section": 1_150, "staff": 2_980, "subdistrict": 1_720, "specialist": 360}
# Share of a level trained for the first time in each year, %: 100 in three levels by 2025.
_FIRST_TIME = {2021: 8, 2022: 12, 2023: 24, 2024: 29, 2025: 25}
_TOPICS = (
    "双碳政策与能耗双控转型",
    "碳排放核算基础",
    "建筑节能与超低能耗",
    "绿色金融与项目融资",
    "碳普惠与绿色生活",
    "重点用能单位管理",
)


def cadre_counts(world: World) -> list[Row]:
    chance = world.chance("cadre_counts")
    return [
        {"year": year, "level": level, "cadres": round(count * (1 + 0.004 * (year - 2021)) + chance.whole(-3, 3))}
        for year in range(2021, 2026)
        for level, count in _CADRES.items()
    ]


def trainings(world: World) -> list[Row]:
    """Four to six courses a year; each level of each course is a row."""
    chance = world.chance("trainings")
    rows: list[Row] = []
    for year in [*_FIRST_TIME, 2026]:
        courses = chance.whole(5, 6) if year < 2026 else 3
        days = sorted(
            chance.day(dt.date(year, 3, 5), dt.date(year, 11, 28) if year < 2026 else TODAY) for _ in range(courses)
        )
        for number, day in enumerate(days, 1):
            topic, hours = chance.pick(_TOPICS), chance.pick((4, 8, 16, 24))
            for level, count in _CADRES.items():
                keep = {"staff": 0.82, "subdistrict": 0.92}.get(level, 1.0)
                first = round(count * _FIRST_TIME.get(year, 1) * keep / 100 / courses)
                rows.append(
                    {
                        "code": f"PX-{year}-{number:02d}",
                        "level": level,
                        "topic": topic,
                        "held": day,
                        "hours": hours,
                        "attended": first + chance.whole(0, max(2, first // 4)),
                        "first_time": first,
                        "unit": "区委党校" if number % 2 else "区委组织部",
                    }
                )
    return rows


# Scene → first year, accounts in it, yearly growth, kg CO2e a year and account.
_SCENES = {
    "transit": (2023, 31_000, 1.45, 29),
    "bike": (2023, 22_000, 1.5, 9),
    "ev": (2024, 4_100, 1.6, 190),
    "home_power": (2024, 6_800, 1.4, 46),
    "recycling": (2024, 12_500, 1.3, 12),
    "home_pv": (2025, 60, 1.5, 1_900),
}


def carbon_inclusion(world: World) -> list[Row]:
    chance = world.chance("carbon_inclusion")
    rows = []
    for scene, (first, accounts, growth, each) in _SCENES.items():
        for year in range(first, 2026):
            count = round(accounts * growth ** (year - first) * chance.near(1, 0.03, 4))
            issued = round(count * each / 1000, 1)
            rows.append({"year": year, "scene": scene, "accounts": count, "issued_t": issued,
                         "retired_t": round(issued * chance.between(0.2, 0.45), 1)})  # fmt: skip
    return rows
