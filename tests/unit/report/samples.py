"""Results made by hand for the tests: a small district with eight targets, and a large one that strains the layout."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from dafeng.assessment.results import FigureRow, PlanHead, Results, TargetRow, TaskRow
from dafeng.core.text import Text
from dafeng.report.sources import (
    Citation,
    SourceColumn,
    SourceFactor,
    SourceInput,
    SourceRecord,
    SourceRegister,
    Sources,
    SourceTree,
    key_of,
)

PLAN = "yunting-2022"


def target(number: int, **given: Any) -> TargetRow:
    """A target row with plain defaults, so that a sample says only what matters."""
    held: dict[str, Any] = {
        "plan": PLAN, "clause": "2.1.1", "action": "一", "target": f"T{number:02}", "subject": "", "sentence": "",
        "said": "", "comparator": ">=", "target_value": None, "target_from": "plan", "year_from": 2021,
        "year_to": 2025, "unit": "", "indicator": f"sample_{number}", "indicator_zh": "", "indicator_en": "",
        "direction": "up", "shape": "level", "headline": False, "value": None, "value_year": 2025,
        "decided_by": "own", "own_value": None, "confirmed_value": None, "confirmed_document": None,
        "expected": None, "gap": None, "progress": None, "light": "no_data", "why_zh": "", "why_en": "", "units": (),
    }  # fmt: skip
    held.update(given)
    held.setdefault("own_value", held["value"])
    if held["own_value"] is None:
        held["own_value"] = held["value"]
    return TargetRow(**held)


NDRC, BUILD, GREEN, BUSINESS = "区发展改革委", "区建设管理委", "区绿化市容局", "区商务委"


def small() -> Results:
    """Eight targets, three actions, four tasks; two done, one on course, one slipping, two behind, two without."""
    targets = (
        target(
            1, clause="1", action="", said="−13 %", target_value=13.0, unit="%", shape="reduction", headline=True,
            indicator="energy_intensity_cut", indicator_zh="单位地区生产总值能耗比2020年下降",
            indicator_en="Cut in energy per unit of GDP against 2020", value=13.46, own_value=13.21,
            confirmed_value=13.46, decided_by="confirmed", confirmed_document="沧统函〔2026〕8号", expected=13.0,
            gap=0.46, progress=1.038, light="done", why_zh="已达到目标", why_en="the target is met",
            units=((NDRC, "lead"),),
            series=((2021, 3.4), (2022, 5.1), (2023, 8.6), (2024, 11.2), (2025, 13.46)),
            path=((2020, 0.0), (2021, 2.75), (2022, 5.42), (2023, 8.02), (2024, 10.54), (2025, 13.0)),
        ),
        target(
            2, said="≥ 1.8 万千瓦", target_value=18.0, unit="MW", shape="cumulative", headline=True,
            indicator="pv_added_mw", indicator_zh="新增光伏装机", indicator_en="Photovoltaic capacity added",
            value=16.35, expected=18.0, gap=-1.65, progress=0.908, light="behind",
            why_zh="2025 年到期，未达到目标", why_en="due in 2025, not met",
            units=((NDRC, "lead"), (BUSINESS, "cooperate"), (BUILD, "cooperate"), ("各街道镇", "cooperate")),
            series=((2021, 1.2), (2022, 4.05), (2023, 7.9), (2024, 11.6), (2025, 16.35)),
            path=((2020, 0.0), (2021, 3.6), (2022, 7.2), (2023, 10.8), (2024, 14.4), (2025, 18.0)),
        ),
        target(
            3, clause="2.1.2", said="≥ 4 %", target_value=4.0, unit="%", indicator="response_share",
            indicator_zh="需求侧响应能力占尖峰负荷比例", indicator_en="Demand response as a share of the sharp peak",
            value=4.1, expected=4.0, gap=0.1, progress=1.025, light="done", why_zh="已达到目标",
            why_en="the target is met", units=((NDRC, "lead"), ("区供电公司", "cooperate")), flags=("partial",),
            series=((2023, 2.2), (2024, 3.1), (2025, 4.1)),
        ),
        target(
            4, clause="2.2.1", action="二", said="≥ 300 万平方米", target_value=300.0, unit="万m2", year_to=2030,
            shape="cumulative", headline=True, indicator="retrofit_area", indicator_zh="既有公共建筑节能改造面积",
            indicator_en="Public buildings retrofitted", value=152.4, expected=150.0, gap=2.4, progress=1.016,
            light="on_course", why_zh="进度 102%，不落后于进度线", why_en="102 % of the path, not behind it",
            units=((BUILD, "lead"), (NDRC, "cooperate")),
            series=((2021, 21.0), (2022, 48.7), (2023, 80.2), (2024, 118.9), (2025, 152.4)),
            path=tuple((2020 + n, 30.0 * n) for n in range(11)),
        ),
        target(
            5, clause="2.2.1", action="二", said="≥ 35 万平方米", target_value=35.0, unit="万m2", year_to=2030,
            shape="cumulative", indicator="retrofit_area_15", indicator_zh="节能率15%以上的改造面积",
            indicator_en="Retrofits saving at least 15 %", value=16.1, expected=17.5, gap=-1.4, progress=0.92,
            light="slipping", why_zh="进度 92%，落后于进度线", why_en="92 % of the path, behind it",
            units=((BUILD, "lead"),),
            series=((2021, 3.6), (2022, 7.4), (2023, 10.9), (2024, 13.6), (2025, 16.1)),
            path=tuple((2020 + n, 3.5 * n) for n in range(11)),
        ),
        target(
            6, clause="2.2.2", action="二", said="≤ 1.25", comparator="<=", target_value=1.25, unit="1",
            year_to=None, shape="limit", direction="down", indicator="pue_new", indicator_zh="新建数据中心PUE",
            indicator_en="PUE of new data centres", value=1.2543, expected=1.25, gap=-0.0043, progress=0.9966,
            light="behind", why_zh="进度 100%，落后于进度线", why_en="100 % of the path, behind it",
            units=((BUSINESS, "lead"), (NDRC, "cooperate")), series=((2024, 1.24), (2025, 1.2543)),
            path=((2021, 1.25), (2022, 1.25), (2023, 1.25), (2024, 1.25), (2025, 1.25)),
        ),
        target(
            7, clause="2.3.1", action="三", said="40 座", comparator="=", target_value=40.0, unit="座",
            indicator="parks_total", indicator_zh="公园总数", indicator_en="Parks",
            why_zh="台账“公园”尚无记录", why_en="the register “Parks” has no records", units=((GREEN, "lead"),),
        ),
        target(
            8, clause="2.3.1", action="三", said="应绿尽绿", target_from="none", indicator=None,
            subject="公共建筑屋顶绿化", value_year=None, year_to=2030, why_zh="没有对应的指标",
            why_en="no indicator answers it", units=((GREEN, "lead"), (BUILD, "cooperate")),
        ),
    )  # fmt: skip
    tasks = (
        TaskRow(
            PLAN, "action", "一", "2.1.1", "加快屋顶光伏建设", targets[1].units, ("T02",),
            (
                {"plan": PLAN, "clause": "2.1.1", "unit": NDRC, "quarter": "2025Q3", "status": "on_track",
                 "narrative": "三季度并网9个项目。", "percent": 70.0},
                {"plan": PLAN, "clause": "2.1.1", "unit": NDRC, "quarter": "2025Q4", "status": "slow",
                 "narrative": "全年并网31个项目，4个园区项目因屋顶荷载复核推迟到2026年。", "percent": 91.0},
                {"plan": PLAN, "clause": "2.1.1", "unit": BUSINESS, "quarter": "2025Q4", "status": "on_track",
                 "narrative": "已完成12家企业屋顶摸底。"},
            ),
        ),
        TaskRow(PLAN, "action", "一", "2.1.2", "挖掘需求侧调节潜力", targets[2].units, ("T03",)),
        TaskRow(PLAN, "action", "二", "2.2.1", "改造既有公共建筑", targets[3].units, ("T04", "T05")),
        TaskRow(PLAN, "safeguards", "", "3.1", "完善统计核算", ((NDRC, "lead"), ("区统计局", "cooperate")), ()),
    )  # fmt: skip
    plan = PlanHead(
        PLAN, "云汀区碳达峰实施方案", "云府发〔2022〕26号", "district", 2021, 2030, None,
        (("一", "能源清洁替代行动"), ("二", "建筑能效提升行动"), ("三", "生态增汇行动")),
    )  # fmt: skip
    total = FigureRow(
        "energy_total", "能源消费总量", "Energy consumption", "万tce", "down", NDRC, False, 208.6, 2025, "", "",
        ((2020, 196.2), (2021, 203.0), (2022, 199.4), (2023, 205.1), (2024, 207.9), (2025, 208.6)), 4,
    )  # fmt: skip
    return Results(
        district="云汀区", district_en="Yunting District", synthetic=True, year=2025, base_year=2020,
        as_known_on="2026-03-31", made_at="2026-04-02T01:30:00+00:00", digest="a" * 64, code="0.1.0",
        catalogue="c" * 64, plans=(plan,), targets=targets, tasks=tasks, registers={"pv_plants": 3},
        figures=(total,), notes=(("示例说明一条", "one note as an example"),),
    )  # fmt: skip


STANDARD = Citation(
    "GB/T 2589-2020", Text("综合能耗计算通则", "General rules for energy calculation"), "表A.1", None, "official"
)


def _record(number: int, name: str, added_on: dt.date, mw: float) -> SourceRecord:
    values = {"code": f"PV-{number:03}", "name": name, "connected": added_on, "capacity_mw": mw}
    return SourceRecord(number, values, "光伏.xlsx", "光伏项目", number + 2, "2026-02-11T03:00:00+00:00", "王敏")


def small_sources() -> Sources:
    """Records of the PV register for T02 (1.2 + 2.85 + 12.3 = 16.35) and a figure with factors for T01."""
    records = (
        _record(1, "汀湾园区一期", dt.date(2021, 6, 1), 1.2),
        _record(2, "=cmd|' /C calc'!A0", dt.date(2022, 5, 20), 2.85),
        _record(3, "云汀体育馆", dt.date(2025, 9, 3), 12.3),
    )
    columns = (
        SourceColumn("code", Text("编号", "Code"), None, "text"),
        SourceColumn("name", Text("名称", "Name"), None, "text"),
        SourceColumn("connected", Text("并网日期", "Connected"), None, "date"),
        SourceColumn("capacity_mw", Text("装机容量", "Capacity"), "MW", "number"),
    )
    where = "year_of(connected) >= start and year_of(connected) <= year"
    pv = SourceTree(
        "pv_added_mw", Text("新增光伏装机", "Photovoltaic capacity added"), 2025, 2021, "MW", 16.35, "sum(capacity_mw)",
        (SourceInput("value", "pv_plants", where, "sum(capacity_mw)", 16.35, (1, 2, 3)),),
    )  # fmt: skip
    coal = SourceFactor(
        "coal_eq", Text("电力当量值", "Electricity, calorific value"), 0.1229, "kgce/kWh", 2020, STANDARD
    )
    inner = SourceTree(
        "energy_total", Text("能源消费总量", "Energy consumption"), 2025, 2021, "万tce", 208.6,
        "coal + power * factor('coal_eq')", factors=(coal,),
    )  # fmt: skip
    cut = SourceTree(
        "energy_intensity_cut", Text("单位地区生产总值能耗比2020年下降", "Cut in energy per unit of GDP"), 2025, 2021,
        "%", 13.21, "100 * (1 - IND.energy_intensity / at(IND.energy_intensity, base_year))", figures=(inner,),
    )  # fmt: skip
    held = {row.target: key_of(row) for row in small().targets}
    register = SourceRegister("pv_plants", Text("光伏项目", "PV plants"), columns, records, 3, {"光伏.xlsx": 3})
    states = {"on_track": Text("按计划推进", "On track"), "slow": Text("进度滞后", "Behind")}
    return Sources({held["T02"]: pv, held["T01"]: cut}, {"pv_plants": register}, states)


_LONG = (
    "公共机构和工业厂房既有屋顶分布式光伏覆盖率", "新建居住建筑按超低能耗标准建设比例", "一般工业固体废物综合利用率",
    "重点用能单位和大型公共建筑能耗在线监测覆盖率", "机关国企环卫邮政租赁城市货运车辆新增更新纯电动比例",
    "绿色出行比例", "骨干慢行道新增里程", "生活垃圾回收利用率", "新建公共充电桩", "人均公园绿地面积",
)  # fmt: skip
_BODIES = (
    "区发展改革委", "区商务委", "区建设管理委", "区规划资源局", "区住房保障房屋管理局", "区绿化市容局", "区生态环境局",
    "区机管局", "区教育局", "区卫健委", "区科委", "区文旅局", "区市场监管局", "区供电公司", "各街道镇",
)  # fmt: skip
_UNITS = ("%", "MW", "万m2", "个", "km", "tce", "tCO2/万CNY", "m2", "座", "公顷")


def _led(bodies: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((body, "lead" if place == 0 else "cooperate") for place, body in enumerate(bodies))


def large(seed: int = 7) -> Results:
    """Forty-five targets, thirty tasks, nine actions, long names, up to fourteen units each, every light."""
    draw = random.Random(seed)
    numbers = "一二三四五六七八九"
    actions = tuple((number, f"第{number}项能源产业建筑交通协同低碳提升行动") for number in numbers)
    targets: list[TargetRow] = []
    for n in range(1, 46):
        light = draw.choice(("done", "done", "on_course", "slipping", "behind", "no_data"))
        aim = draw.choice((12.5, 45.0, 96.0, 2250.0, 4_100_000.0))
        share = {"done": 1.04, "on_course": 1.0, "slipping": 0.94, "behind": 0.71, "no_data": 1.0}[light]
        due = draw.choice((2025, 2025, 2025, 2030, 2035))
        expected = aim if due == 2025 else aim * 5 / (due - 2020)
        value = None if light == "no_data" else expected * share
        steps = [(2020 + k, expected * k / 5) for k in range(1, 6)]
        action = draw.choice(numbers)
        name = f"{draw.choice(_LONG)}{'（含街道镇）' if n % 4 == 0 else ''}"
        units = _led(draw.sample(_BODIES, draw.randint(1, 14)))
        targets.append(
            target(
                n, clause=f"2.{numbers.index(action) + 1}.{n % 4 + 1}", action=action, said=f"≥ {aim:g}",
                target_value=aim, unit=draw.choice(_UNITS), year_to=due, indicator_zh=name,
                indicator_en=f"A rather long English name of indicator number {n} of the plan", shape="cumulative",
                headline=n % 9 == 0, value=value, expected=expected, light=light, units=units,
                gap=None if value is None else value - expected, progress=share,
                why_zh="台账“重点用能单位能源利用状况报告”没有 2025 年的记录", why_en="no row for 2025",
                series=() if value is None else tuple((y, v * share) for y, v in steps), path=((2020, 0.0), *steps),
            )
        )  # fmt: skip
    tasks = tuple(
        TaskRow(
            PLAN, "action", numbers[n % 9], f"2.{n % 9 + 1}.{n // 9 + 1}",
            f"推进第{n + 1}类既有设施绿色低碳更新改造与运行管理", _led(draw.sample(_BODIES, draw.randint(1, 12))),
            (),
            ({"plan": PLAN, "unit": _BODIES[n % 14], "quarter": "2025Q4", "status": "on_track",
              "narrative": "完成年度改造清单编制和现场勘察，" * 9},) if n % 3 else (),
        )
        for n in range(30)
    )  # fmt: skip
    base = small()
    plan = PlanHead(PLAN, base.plans[0].title, base.plans[0].number, "district", 2021, 2030, None, actions)
    held = base.as_dict()
    held |= {"plans": [], "targets": [], "tasks": [], "figures": []}
    return Results(**{**held, "plans": (plan,), "targets": tuple(targets), "tasks": tasks, "figures": base.figures})
