"""Registers of the work itself: quarterly progress, what the city confirmed or assigned, evaluation."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from dafeng.demo.chance import Chance
from dafeng.demo.places import PLACES
from dafeng.demo.tasks import EVIDENCE, FIRST_PLAN, NEXT_STEPS, PROBLEMS, SECOND_PLAN, Task
from dafeng.demo.world import Row, World

FIRST_PLAN_FILE, SECOND_PLAN_FILE = "yunting-2022", "yunting-2026"
# Tasks that did not keep pace, and in how many of their quarters (the figures of the same tasks lag as well).
SLOW = {"2.3.3": 0.55, "2.3.4": 0.35, "2.7.2": 0.45, "2.2.1": 0.2, "2.4.3": 0.3, "2.5.1": 0.15, "3.4": 0.2}
DONE_BY_2025 = ("2.4.2", "2.5.3", "2.8.1", "2.2.2", "3.2")
# Two leads missed one quarter each; a report that never came is a row that is not there.
MISSED = {("2.8.2", "2023Q3"), ("2.5.1", "2025Q2")}


def task_progress(world: World) -> list[Row]:
    """A report for every task, quarter and lead unit since the plan was issued (2022Q4 to 2026Q3)."""
    chance = world.chance("task_progress")
    rows = []
    for task in FIRST_PLAN:
        base = chance.whole(2, 6)
        for number, quarter in enumerate(quarters()):
            if (task.clause, quarter) not in MISSED:
                rows.append(_report(chance, FIRST_PLAN_FILE, task, quarter, number, base))
    for task in SECOND_PLAN:
        rows.append(_report(chance, SECOND_PLAN_FILE, task, "2026Q3", 0, chance.whole(2, 5)))
    return rows


def quarters() -> Iterator[str]:
    """2022Q4 to 2026Q3."""
    for year in range(2022, 2027):
        for quarter in range(1, 5):
            if "2022Q4" <= f"{year}Q{quarter}" <= "2026Q3":
                yield f"{year}Q{quarter}"


def _report(chance: Chance, plan: str, task: Task, quarter: str, number: int, base: int) -> Row:
    done = plan == FIRST_PLAN_FILE and quarter >= "2025Q4" and task.clause in DONE_BY_2025
    slow = plan == FIRST_PLAN_FILE and number > 1 and chance.chance(SLOW.get(task.clause, 0.02))
    status = (
        "done" if done else "slow" if slow else "not_started" if number == 0 and chance.chance(0.15) else "on_track"
    )
    percent = {"done": 100, "not_started": 0}.get(status)
    if percent is None:
        due = 20 + 75 * number / 12 if plan == FIRST_PLAN_FILE else 5
        percent = min(round(due * (0.75 if slow else chance.between(0.92, 1.0))), 95)
    reported = _reported_on(chance, quarter)
    accepted = chance.pick(("accepted", "returned"), (96, 4))
    return {
        "plan": plan,
        "clause": task.clause,
        "task": task.title,
        "unit": task.lead,
        "quarter": quarter,
        "status": status,
        "percent": percent,
        "narrative": _narrative(chance, task, status, number, base),
        "problems": chance.pick(PROBLEMS) if status == "slow" or chance.chance(0.08) else None,
        "next_steps": chance.pick(NEXT_STEPS) if status != "done" else None,
        "evidence": f"{task.clause}-{quarter}-{chance.pick(EVIDENCE)}"
        if status == "done" or chance.chance(0.8)
        else None,
        "reported_on": reported,
        "review": accepted if quarter < "2026Q3" else "pending",
        "reviewer": "请补充佐证材料" if accepted == "returned" and quarter < "2026Q3" else None,
    }


def _narrative(chance: Chance, task: Task, status: str, number: int, base: int) -> str:
    if status == "not_started":
        return "已明确责任科室和联络员，正在编制年度工作安排。"
    said = chance.shuffled(task.activities)[: 2 if len(task.activities) > 1 else 1]
    figures = "；".join(filled(chance, text, base + number * base + chance.whole(0, 3)) for text in said)
    opening = chance.pick(("本季度", "截至季末，", "按年度安排，", "结合季度调度，"))
    closing = {"slow": "总体慢于序时进度", "done": "任务目标已完成，转入常态化推进"}.get(status)
    return f"{opening}{figures}{'。' + closing if closing else ''}。"


def filled(chance: Chance, text: str, total: int) -> str:
    """The activity with its figures put in."""

    def figure(place: re.Match[str]) -> str:
        low, _, high = place[1].partition("-")
        return (
            str(total) if low == "n" else str(chance.whole(2, 9) if low == "k" else chance.whole(int(low), int(high)))
        )

    return re.sub(r"\{([^}]+)\}", figure, text)


def _reported_on(chance: Chance, quarter: str) -> dt.date:
    """Within the first weeks of the next quarter."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = dt.date(year + number // 4, number % 4 * 3 + 1, 3)
    return chance.day(first, first + dt.timedelta(days=16))


# What a year's work programme asks of the leads, by the bureau's form of result.
_RESULTS = ("验收意见", "专题报告", "项目清单", "现场核查记录", "制度文件", "并网验收意见")


def work_items(world: World) -> list[Row]:
    """The yearly programme: each task of the plan in one to three items with a quarter and a result."""
    chance = world.chance("work_items")
    rows: list[Row] = []
    for year in range(2023, 2027):
        for task in FIRST_PLAN:
            for text in chance.shuffled(task.activities)[: chance.whole(1, 2)]:
                rows.append(_item(chance, len(rows) + 1, year, task, text))
    return rows


def _item(chance: Chance, number: int, year: int, task: Task, text: str) -> Row:
    quarter = chance.pick((2, 3, 4, 4))
    due = f"{year}Q{quarter}"
    late = chance.chance(SLOW.get(task.clause, 0.03) * 0.5)
    past = due <= "2026Q3"
    finished = None
    if past and not (late and year >= 2025):
        end = dt.date(year, quarter * 3, 25)
        finished = chance.day(end - dt.timedelta(days=60), end + dt.timedelta(days=90 if late else 4))
        finished = min(finished, dt.date(2026, 9, 30))
    state = "done" if finished else "running" if past or chance.chance(0.6) else "planned"
    title = filled(chance, text, chance.whole(20, 60))
    return {
        "code": f"GZ-{year}-{number:04d}",
        "plan": FIRST_PLAN_FILE,
        "clause": task.clause,
        "title": title,
        "unit": task.lead,
        "due": due,
        "result": chance.pick(_RESULTS),
        "state": state,
        "finished": finished,
        "investment": chance.between(20, 900, 0) if chance.chance(0.3) else None,
        "evidence": f"{task.clause}-{year}-{chance.pick(EVIDENCE)}" if finished and chance.chance(0.85) else None,
    }


_OPINIONS = {
    "excellent": "目标完成较好，佐证齐全", "passed": "总体符合要求，继续推进",
    "failed": "进度明显滞后，请在三十个工作日内报送整改方案",
}  # fmt: skip


def evaluations(world: World) -> list[Row]:
    """Grades of 2023 to 2025; two appeals, one of them upheld."""
    chance = world.chance("evaluations")
    rows = []
    for year in range(2023, 2026):
        for task in FIRST_PLAN:
            slow = SLOW.get(task.clause, 0)
            score = chance.near(89 - 42 * slow, 0.05, 1)
            grade = "excellent" if score >= 90 else "passed" if score >= 65 else "failed"
            rows.append(
                {
                    "year": year,
                    "plan": FIRST_PLAN_FILE,
                    "clause": task.clause,
                    "unit": task.lead,
                    "grade": grade,
                    "score": min(score, 108),
                    "veto": False,
                    "opinion": _OPINIONS[grade],
                    "decided_on": dt.date(year + 1, 3, 19),
                    "document": f"云碳领办〔{year + 1}〕4号",
                    "appeal": "none",
                    "appeal_outcome": None,
                }
            )
    behind = sorted((row for row in rows if row["year"] == 2024), key=lambda row: row["score"])
    behind[0] |= {"appeal": "rejected", "appeal_outcome": "经复核，实测数据无误，维持原结果"}
    behind[1] |= {
        "appeal": "upheld",
        "appeal_outcome": "补充材料属实，得分上调",
        "score": round(behind[1]["score"] + 4, 1),
    }
    return rows


_PROJECTS = (
    ("光储直柔办公楼示范", "demonstration", "pedf", "2.6.1", 7),
    ("虚拟电厂聚合平台", "platform", "storage_grid", "2.6.1", 8),
    ("冷站智能群控示范", "demonstration", "building", "2.6.1", 8),
    ("建筑碳排放实时监测", "demonstration", "digital", "2.6.1", 7),
    ("小型碳捕集中试", "research", "ccus", "2.6.1", 5),
    ("用户侧储能安全研究", "research", "storage_grid", "2.6.1", 6),
    ("燃料电池物流车示范", "demonstration", "hydrogen", "2.6.1", 7),
    ("车网互动试点", "demonstration", "transport", "2.6.1", 7),
    ("低碳建筑联合实验室", "laboratory", "building", "2.6.2", None),
    ("碳管理人才实训", "talent", "digital", "2.6.2", None),
    ("城市森林碳汇监测", "research", "sink", "2.6.1", 6),
    ("柔性负荷调控技术中心", "centre", "storage_grid", "2.6.2", None),
    ("相变蓄冷改造示范", "demonstration", "building", "2.6.1", 7),
    ("数据中心余热利用", "demonstration", "digital", "2.6.1", 6),
)
_HOLDERS = (
    "沧澜理工大学",
    "云汀研究院（虚构）",
    "澜汀能源科技（虚构）",
    "砚桥建筑设计（虚构）",
    "沧澜师范大学",
    "星槎智能（虚构）",
)


def tech_projects(world: World) -> list[Row]:
    """Two rounds of the portfolio: early projects are finished and measured, later ones still run."""
    chance = world.chance("tech_projects")
    rows: list[Row] = []
    for stage in range(3):
        for name, kind, field, clause, readiness in _PROJECTS:
            year = 2021 + stage * 2
            started = chance.day(
                dt.date(year, 2, 10), dt.date(year + 1, 11, 20) if year < 2025 else dt.date(2026, 8, 20)
            )
            ended = started + dt.timedelta(days=chance.whole(500, 900))
            # A demonstration goes on working after its project, so it has no end here.
            ended = ended if ended <= dt.date(2026, 9, 30) and kind != "demonstration" else None
            claimed = chance.whole(40, 900) if kind == "demonstration" else None
            measured = round(claimed * chance.between(0.6, 1.1)) if claimed and started.year <= 2024 else None
            rows.append(
                {
                    "code": f"KJ-{started.year}-{len(rows) + 1:03d}",
                    "name": f"{name}（{'一二三'[stage]}期）",
                    "kind": kind,
                    "field": field,
                    "holder": chance.pick(_HOLDERS),
                    "clause": clause,
                    "started": started,
                    "ended": ended,
                    "trl": min(readiness + stage // 2, 9) if readiness else None,
                    "investment": chance.between(120, 3_200, 0),
                    "claimed_t": claimed,
                    "measured_t": measured,
                    "measured_year": started.year + 1 if measured else None,
                    "patents": chance.whole(0, 6) if kind in ("research", "laboratory", "centre") else None,
                }
            )
    return rows


def confirmed_values(world: World) -> list[Row]:
    """What the city confirmed: for the intensity more than our own figure, since new renewables are deducted."""
    cuts = {2022: 4.3, 2023: 7.4, 2024: 10.4, 2025: 13.2}
    rows = [
        _confirmed(
            "energy_intensity_reduction",
            year,
            value,
            f"沧澜发改环资〔{year + 1}〕{38 + year % 7}号",
            "扣除新增可再生能源后核定",
        )
        for year, value in cuts.items()
    ]
    rows.append(_confirmed("public_chargers_added", 2024, 1461, "沧澜交委〔2025〕12号", "六个桩跨年验收，计入2025年"))
    return rows


def _confirmed(indicator: str, year: int, value: float, document: str, remark: str) -> Row:
    unit = "%" if indicator.endswith("reduction") else "个"
    by = "沧澜市发展改革委（虚构）" if unit == "%" else "沧澜市交通委（虚构）"
    return {
        "indicator": indicator, "year": year, "value": value, "unit": unit, "document": f"{document}（虚构）",
        "confirmed_on": dt.date(year + 1, 7, 18), "confirmed_by": by, "remark": remark,
    }  # fmt: skip


def assigned_targets(world: World) -> list[Row]:
    """The cut of CO2 per unit of GDP that the plan left to the city, filled in two years after the plan was issued."""
    return [
        {
            "indicator": "co2_intensity_reduction",
            "year": 2025,
            "value": 13.5,
            "unit": "%",
            "base_year": 2020,
            "document": "沧澜碳达峰办〔2024〕6号（虚构）",
            "assigned_on": dt.date(2024, 11, 5),
            "issuer": "沧澜市碳达峰办（虚构）",
            "remark": "随年度责任书下达，方案印发时未明确",
        }
    ]


# Name, full name, other spellings, kind.
_UNITS = (
    ("区发展改革委", "云汀区发展和改革委员会", "区发改委", "bureau"),
    ("区商务委", "云汀区商务委员会", None, "bureau"),
    ("区生态环境局", "云汀区生态环境局", "区环保局", "bureau"),
    ("区建设管理委", "云汀区建设和管理委员会", "区建管委、区建交委", "bureau"),
    ("区科委", "云汀区科学技术委员会", None, "bureau"),
    ("区市场监管局", "云汀区市场监督管理局", None, "bureau"),
    ("区规划资源局", "云汀区规划和自然资源局", "区规土局", "bureau"),
    ("区机管局", "云汀区机关事务管理局", None, "bureau"),
    ("区绿化市容局", "云汀区绿化和市容管理局", "区绿容局", "bureau"),
    ("区教育局", "云汀区教育局", None, "bureau"),
    ("区住房保障房屋管理局", "云汀区住房保障和房屋管理局", "区房管局", "bureau"),
    ("区金融办", "云汀区金融服务办公室", None, "bureau"),
    ("区卫健委", "云汀区卫生健康委员会", "区卫生健康委", "bureau"),
    ("区文旅局", "云汀区文化和旅游局", None, "bureau"),
    ("区公安分局", "云汀区公安分局", "公安云汀分局", "bureau"),
    ("区国资委", "云汀区国有资产监督管理委员会", None, "bureau"),
    ("区统计局", "云汀区统计局", None, "bureau"),
    ("区司法局", "云汀区司法局", None, "bureau"),
    ("区财政局", "云汀区财政局", None, "bureau"),
    ("区税务局", "云汀区税务局", None, "bureau"),
    ("区委组织部", "中共云汀区委组织部", None, "party"),
    ("区委宣传部", "中共云汀区委宣传部", None, "party"),
    ("区委党校", "中共云汀区委党校", None, "party"),
    ("区供电公司", "云汀区供电公司（虚构）", None, "firm"),
    ("云汀开发区管委会", "云汀开发区管理委员会", "云汀开发区", "firm"),
    ("各街道镇", None, "各街镇", "wildcard"),
    ("各有关部门", None, None, "wildcard"),
    ("相关街道镇", None, None, "wildcard"),
)


def responsible_units(world: World) -> list[Row]:
    """Units of the plans; one bureau of old is kept with its successor."""
    rows = [{"name": name, "full_name": full, "aliases": aliases, "kind": kind} for name, full, aliases, kind in _UNITS]
    rows.append(
        {
            "name": "区质监局",
            "full_name": "云汀区质量技术监督局",
            "aliases": None,
            "kind": "bureau",
            "since": dt.date(2001, 3, 1),
            "until": dt.date(2018, 12, 31),
            "successor": "区市场监管局",
        }
    )
    for place in PLACES:
        office = "人民政府" if place.name.endswith("镇") else "办事处"
        rows.append(
            {"name": place.name, "full_name": f"云汀区{place.name}{office}", "aliases": None, "kind": "subdistrict"}
        )
    return rows
