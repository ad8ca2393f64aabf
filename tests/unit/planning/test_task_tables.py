"""Tables of tasks: rows become tasks with the units and the time of their columns, where the table stands."""

from __future__ import annotations

from pathlib import Path

from dafeng.planning import Plan, import_plan
from dafeng.sources.documents import read_document

HEAD = "某县碳达峰实施方案\n某政发〔2023〕1号\n2023年3月1日\n一、总体目标\n到2025年，占比达到12%。\n二、重点任务\n"
TAIL = "\n三、保障措施\n（一）加强领导。略。\n（二）强化督导。略。\n"


def plan_of(tmp_path: Path, body: str, tail: str = TAIL) -> Plan:
    """A plan typed as Markdown, whose tables have strokes between their cells."""
    path = tmp_path / "plan.md"
    path.write_text(HEAD + body + tail, encoding="utf-8")
    document = read_document(path)
    plan = import_plan(document)
    for target in plan.targets:
        assert document.text[target.span[0] : target.span[1]] == target.sentence
    return plan


def rows(*lines: str) -> str:
    return "\n".join(f"| {line} |" for line in lines)


def said(plan: Plan, clause: str) -> list[tuple]:
    return [
        (one.value if one.value is not None else one.qualifier, one.unit, one.period.last)
        for one in plan.targets
        if one.clause == clause
    ]


def units(plan: Plan, clause: str) -> str:
    return " ".join(f"{unit.name}/{unit.role}" for task in plan.items() if task.clause == clause for unit in task.units)


def test_rows_are_tasks_counted_anew_in_each_action_with_units_and_time_of_their_columns(tmp_path):
    plan = plan_of(
        tmp_path,
        rows(
            "行动 | 序号 | 重点任务 | 牵头单位 | 配合单位 | 完成时限",
            "能源行动 | 1 | 推进光伏开发。新增装机12万千瓦，覆盖率不低于50%。 | 县发改局 | 县住建局、各镇 | 2025年",
            " | 2 | 建设蓄能电站。“十五五”投产60万千瓦。 | 县发改局 | 县水利局 | 2030年",
            "交通行动 | 3 | 推广新能源公交。公交车全部更新。 | 县交通局 | — | 持续推进",
        ),
    )
    assert [(action.title, [task.clause for task in action.tasks]) for action in plan.actions] == [
        ("能源行动", ["2.1.1", "2.1.2"]),
        ("交通行动", ["2.2.1"]),
    ]
    assert [task.title for task in plan.actions[0].tasks] == ["推进光伏开发", "建设蓄能电站"]
    assert said(plan, "2.1.1") == [(12, "万千瓦", 2025), (50, "%", 2025)]
    assert said(plan, "2.1.2") == [(60, "万千瓦", 2030)]
    assert said(plan, "2.2.1") == [("全部", "", None)]
    assert units(plan, "2.1.1") == "县发改局/lead 县住建局/support 各镇/wildcard"
    assert units(plan, "2.2.1") == "县交通局/lead"


def test_a_row_over_all_columns_heads_the_tasks_below_it(tmp_path):
    plan = plan_of(
        tmp_path,
        rows(
            "序号 | 工作内容 | 责任单位 | 完成时间",
            "（一）能源行动 | （一）能源行动 | （一）能源行动 | （一）能源行动",
            "1 | 新增光伏3万千瓦 | 县发改局、县住建局 | 2024年12月底前",
            "（二）建筑行动 | （二）建筑行动 | （二）建筑行动 | （二）建筑行动",
            "2 | 改造农房3200户 | 县住建局 | 2023—2025年",
        ),
    )
    assert [(action.no, action.title, len(action.tasks)) for action in plan.actions] == [
        ("（一）", "能源行动", 1),
        ("（二）", "建筑行动", 1),
    ]
    assert said(plan, "2.1.1") == [(3, "万千瓦", 2024)]
    assert [(one.period.first, one.period.last) for one in plan.targets if one.clause == "2.2.1"] == [(2023, 2025)]
    assert units(plan, "2.1.1") == "县发改局/lead 县住建局/support"


def test_a_column_of_goals_belongs_to_the_task_of_its_row(tmp_path):
    plan = plan_of(
        tmp_path,
        rows(
            "序号 | 任务 | 2025年目标 | 2030年目标 | 牵头部门 | 参与部门",
            "1 | 推广绿色建筑，鼓励采用装配式方式建造 | 占比达到35% | 占比达到50% | 县住建局 | 县发改局",
            "2 | 实施既有公共建筑节能改造 | 累计改造60万平方米 | — | 县住建局 | 县教育局",
        ),
    )
    assert said(plan, "2.1") == [(35, "%", 2025), (50, "%", 2030)]
    assert said(plan, "2.2") == [(60, "万平方米", 2025)]
    assert [one.subject for one in plan.targets if one.clause == "2.2"] == ["实施既有公共建筑节能改造"]


def test_rows_under_one_number_are_parts_of_one_task(tmp_path):
    plan = plan_of(
        tmp_path,
        rows(
            "序号 | 重点任务 | 具体措施 | 责任单位 | 完成时限",
            "1 | 发展光伏 | 新增装机8万千瓦。 | 县发改局、县住建局 | 2025年",
            " | | 公共机构覆盖率达到50%。 | 县机管局 | 2024年",
            "2 | 建设充电设施 | 新增充电桩1200个。 | 县交通局 | 2025年",
            "2 | 建设充电设施 | 建成换电站3座。 | 县交通局 | 2026年",
        ),
    )
    assert [[task.title for task in action.tasks] for action in plan.actions] == [["发展光伏", "建设充电设施"]]
    assert said(plan, "2.1") == [(8, "万千瓦", 2025), (50, "%", 2024)]
    assert said(plan, "2.2") == [(1200, "个", 2025), (3, "座", 2026)]
    assert units(plan, "2.1") == "县发改局/lead 县住建局/support 县机管局/support"


def test_a_table_in_an_annex_gives_units_and_time_to_the_tasks_of_the_text(tmp_path):
    plan = plan_of(
        tmp_path,
        "（一）能源行动\n1. 发展光伏。新增装机12万千瓦。\n2. 控制煤炭。煤炭消费比2020年下降10%。\n",
        TAIL
        + "附件：任务分工表\n\n"
        + rows(
            "序号 | 重点任务 | 牵头单位 | 责任单位 | 时限",
            "1 | 发展光伏 | 县发改局 | 县住建局 | 2025年",
            "2 | 控制煤炭 | 县生态环境局 | 县发改局、县工信局 | 2024年",
        ),
    )
    assert len(plan.actions) == 1
    assert units(plan, "2.1.1") == "县发改局/lead 县住建局/support"
    assert units(plan, "2.1.2") == "县生态环境局/lead 县发改局/support 县工信局/support"
    assert said(plan, "2.1.1") == [(12, "万千瓦", 2025)]
    assert said(plan, "2.1.2") == [(10, "%", 2024)]


def test_a_table_of_indicators_with_units_stays_one(tmp_path):
    plan = plan_of(
        tmp_path,
        "（一）能源行动\n1. 发展光伏。略。\n2. 控制煤炭。略。\n"
        + rows(
            "序号 | 指标名称 | 单位 | 2025年 | 责任单位",
            "1 | 光伏装机 | 万千瓦 | 12 | 县发改局",
            "2 | 煤炭消费 | 万吨 | ≤86 | 县发改局",
        ),
    )
    assert [[task.clause for task in action.tasks] for action in plan.actions] == [["2.1.1", "2.1.2"]]
    assert said(plan, "2.1.2") == [(12, "万千瓦", 2025), (86, "万吨", 2025)]
