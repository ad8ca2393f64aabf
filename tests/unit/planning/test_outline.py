"""Actions, tasks, safeguards and organisation are found in the layouts that plans of many places have."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dafeng.planning import Plan, import_plan
from dafeng.planning.lines import joined

TAIL = (
    "三、保障措施\n（一）健全核算。编制清单。\n（二）加大支持。统筹资金。\n四、组织实施\n（一）加强领导。统一部署。\n"
)


def shape(plan: Plan) -> list[list[str]]:
    return [[task.clause for task in action.tasks] for action in plan.actions]


def plan_of(body: str, tail: str = TAIL) -> Plan:
    return import_plan(f"某区碳达峰实施方案\n一、主要目标\n到2025年，占比达到12%。\n二、重点任务\n{body}\n{tail}")


def test_actions_hold_tasks_and_the_tail_is_told_apart():
    plan = plan_of("（一）能源行动\n1. 甲任务。略。\n2. 乙任务。略。\n（二）交通行动\n1. 丙任务。略。")
    assert shape(plan) == [["2.1.1", "2.1.2"], ["2.2.1"]]
    assert [action.title for action in plan.actions] == ["能源行动", "交通行动"]
    assert [(task.clause, task.title) for task in plan.safeguards] == [("3.1", "健全核算"), ("3.2", "加大支持")]
    assert [task.title for task in plan.organisation] == ["加强领导"]


def test_a_bullet_that_lost_its_number_counts_where_it_stands():
    plan = plan_of("（一）能源行动\n1. 甲任务。略。\n• 强化干部培训。把有关内容列入计划。\n2. 乙任务。略。")
    assert [(task.no, task.title, task.clause) for task in plan.actions[0].tasks] == [
        ("1.", "甲任务", "2.1.1"),
        ("", "强化干部培训", "2.1.2"),
        ("2.", "乙任务", "2.1.3"),
    ]


def test_bullets_inside_a_task_are_points_and_no_tasks():
    plan = plan_of("（一）能源行动\n1. 甲任务。包括：\n• 光伏\n• 储能、充电桩等\n2. 乙任务。略。")
    assert shape(plan) == [["2.1.1", "2.1.2"]]


def test_numbering_that_restarts_or_jumps_does_not_matter():
    plan = plan_of("（一）能源行动\n1. 甲任务。略。\n1. 乙任务。略。\n5. 丙任务。略。\n（三）交通行动\n7. 丁任务。略。")
    assert shape(plan) == [["2.1.1", "2.1.2", "2.1.3"], ["2.2.1"]]


def test_an_item_without_any_number_is_known_by_its_title_and_its_own_units():
    plan = plan_of(
        "（一）能源行动\n1. 甲任务。略。（责任单位：区科委）\n"
        "建设虚拟电厂平台。整合楼宇空调、储能和充电站等可调节资源参与响应。（责任单位：区商务委、区科委）"
    )
    assert [task.title for task in plan.actions[0].tasks] == ["甲任务", "建设虚拟电厂平台"]
    assert [[unit.name for unit in task.units] for task in plan.actions[0].tasks] == [
        ["区科委"],
        ["区商务委", "区科委"],
    ]


def test_parts_that_are_actions_themselves_have_tasks_below_them():
    text = (
        "某县行动计划\n一、总体要求\n（一）主要目标。到2025年，占比达到12%。"
        "\n二、建设能源基地\n（一）发展风电。略。\n（二）发展光伏。"
        "略。\n"
        "三、发展低碳交通\n（一）优化结构。略。\n四、保障措施\n（一）加强领导。略。\n"
    )
    plan = import_plan(text)
    assert shape(plan) == [["2.1", "2.2"], ["3.1"]]
    assert plan.targets[0].clause == "1.1"
    assert len(plan.safeguards) + len(plan.organisation) == 1


def test_actions_without_items_are_their_own_task():
    plan = plan_of(
        "（一）能源转型行动\n到2025年，占比达到12%以上。\n（二）节能增效行动\n略。\n（三）工业达峰行动\n略。"
    )
    assert shape(plan) == [["2.1"], ["2.2"], ["2.3"]]


def test_chapters_and_sections_are_parts_and_actions():
    text = (
        "某县应对气候变化规划\n第一章 规划背景\n第一节 现状\n2020年占比达到15%。"
        "\n第二章 总体要求\n第一节 主要目标\n到2025年，占比达到20%。"
        "\n"
        "第三章 重点任务\n第一节 控制排放\n一、能源转型\n略。\n二、工业转型\n"
        "略。\n第二节 提升适应能力\n一、水资源\n略。\n第四章 保障措施\n"
        "第一节 加强领导\n略。\n"
    )
    plan = import_plan(text)
    assert shape(plan) == [["3.1.1", "3.1.2"], ["3.2.1"]]
    assert [(target.clause, target.value) for target in plan.targets] == [("2.1", 20)]


@pytest.mark.parametrize(
    "heads",
    [
        ["总体要求", "主要目标", "重点任务"],
        ["主要目标", "重点任务", "政策保障", "组织实施"],
        ["工作基础", "目标任务", "主要举措", "强化落实"],
        ["总体要求", "重点任务", "保障措施"],
    ],
)
def test_the_parts_are_told_by_their_titles_and_places(heads):
    marks = "一二三四"
    body = "（一）能源行动\n1. 甲任务。略。\n"
    text = "某区碳达峰实施方案\n" + "".join(
        f"{marks[at]}、{head}\n" + (body if "重点任务" in head or "举措" in head else "（一）甲项。略。\n")
        for at, head in enumerate(heads)
    )
    plan = import_plan(text)
    assert [action.title for action in plan.actions] == ["能源行动"]
    tail = [head for head in heads if head in ("政策保障", "组织实施", "强化落实", "保障措施")]
    assert len(plan.safeguards) + len(plan.organisation) == len(tail)


def test_points_of_a_list_of_goals_are_read_with_the_year_that_heads_them():
    text = (
        "某区碳达峰实施方案\n一、主要目标\n到2025年，实现以下目标：\n"
        "1. 单位GDP能耗比2020年下降14%；\n2. 绿色出行比例达到75%；"
        "\n"
        "3. 绿化覆盖率达到32%。\n到2030年，绿色出行比例达到80%。\n"
        "二、重点任务\n（一）能源行动\n1. 甲任务。略。\n三、组织实施\n"
        "（一）领导。略。\n"
    )
    assert [(target.clause, target.value, target.period.last) for target in import_plan(text).targets] == [
        ("1.1", 14, 2025),
        ("1.2", 75, 2025),
        ("1.3", 32, 2025),
        ("1.3", 80, 2030),
    ]


def test_decimal_numbers_are_levels_too():
    text = (
        "某区方案\n1 总体要求\n1.1 主要目标\n到2025年，占比达到20%。"
        "\n2 重点任务\n2.1 能源行动\n2.1.1 发展光伏\n略。\n2.1.2 发展储能\n"
        "略。\n"
        "2.2 交通行动\n2.2.1 绿色出行\n略。\n3 组织实施\n3.1 加强领导\n略。\n"
    )
    plan = import_plan(text)
    assert shape(plan) == [["2.1.1", "2.1.2"], ["2.2.1"]]
    assert [(target.clause, target.value) for target in plan.targets] == [("1.1", 20)]
    assert [task.title for task in plan.organisation] == ["加强领导"]


def test_actions_numbered_with_figures_have_tasks_in_brackets():
    plan = plan_of("1. 能源转型行动\n（1）发展光伏。略。\n（2）发展储能。略。\n2. 绿色交通行动\n（1）绿色出行。略。")
    assert shape(plan) == [["2.1.1", "2.1.2"], ["2.2.1"]]


def test_headings_known_by_style_alone_make_the_outline():
    lines = [
        "某市方案",
        "主要目标",
        "到2025年，占比达到12%。",
        "重点任务",
        "能源行动",
        "发展新能源",
        "略。",
        "组织实施",
        "加强领导",
        "略。",
    ]
    depths = {"某市方案": 1, "主要目标": 2, "重点任务": 2, "能源行动": 3, "发展新能源": 4, "组织实施": 2, "加强领导": 3}

    headings = {
        sum(len(one) + 1 for one in lines[:at]): depths[line] for at, line in enumerate(lines) if line in depths
    }
    styled = SimpleNamespace(text="\n".join(lines), tables=(), headings=headings, paragraphs=None)
    plan = import_plan(styled)
    assert shape(plan) == [["2.1.1"]]
    assert [task.title for task in plan.organisation] == ["加强领导"]


def test_the_notice_before_the_plan_and_the_annex_after_it_are_no_parts():
    text = (
        "关于印发《某区碳达峰实施方案》的通知\n一、提高认识。略。"
        "\n二、抓好落实。略。\n某区人民政府\n2023年5月6日\n某区碳达峰实施方案\n"
        "一、主要目标\n到2025年，占比达到12%。\n二、重点任务\n（一）能源行动\n"
        "1. 甲任务。推进建设，完善机制，形成合力。\n三、组织实施\n"
        "（一）加强领导。略。\n"
        "附件：重点项目表\n一、项目甲\n二、项目乙\n"
    )
    plan = import_plan(text)
    assert plan.title == "某区碳达峰实施方案"
    assert plan.issued_on == "2023-05-06"
    assert shape(plan) == [["2.1.1"]]
    assert [target.clause for target in plan.targets] == ["1"]


def test_what_a_site_prints_below_the_text_joins_no_item():
    plan = plan_of(
        "（一）能源行动\n1. 甲任务。略。", TAIL + "附件：项目库（下载36次）\n上一篇：到2025年，建成公园100座\n"
    )
    assert [target.value for target in plan.targets] == [12]


def test_what_was_reached_is_not_read_under_the_heading_of_the_present_state():
    text = (
        "某区方案\n一、基础与目标\n（一）工作基础\n能源占比达到15%，"
        "建成光伏8万千瓦。\n（二）主要目标\n到2025年，占比达到20%。"
        "\n"
        "二、重点任务\n（一）能源行动\n1. 甲任务。略。\n三、组织实施\n（一）加强领导。略。\n"
    )
    assert [(target.clause, target.value) for target in import_plan(text).targets] == [("1.2", 20)]


def test_traditional_characters_give_simplified_names_and_spans_of_the_original():
    text = (
        "某市實施方案\n一、主要目標\n到2025年，單位產值能耗比2020年下降14%，"
        "綠色建築達到九成以上。\n二、重點任務\n（一）節能行動\n"
        "1. 發展綠色建築。完成改造150萬平方米。（責任單位：市發展改革委、市住房城鄉建設局）\n"
        "三、組織實施\n（一）加強領導。略。\n"
    )
    plan = import_plan(text)
    assert [target.value for target in plan.targets] == [14, 90, 150]
    assert [unit.name for unit in plan.actions[0].tasks[0].units] == ["市发展改革委", "市住房城乡建设局"]
    first = plan.targets[0]
    assert (
        first.sentence
        == text[first.span[0] : first.span[1]]
        == "到2025年，單位產值能耗比2020年下降14%，綠色建築達到九成以上。"
    )
    assert first.subject == "单位产值能耗"


@pytest.mark.parametrize("text", ["", "没有编号的一段话。", "一、\n", "1. 2. 3.\n（一）\n"])
def test_a_text_that_is_no_plan_gives_notes_and_no_error(text):
    plan = import_plan(text)
    assert plan.targets == ()
    assert "no-actions" in {note.code for note in plan.notes}


def test_points_of_a_box_are_no_tasks_of_the_plan():
    plan = plan_of(
        "（一）能源行动\n1. 甲任务。略。（责任单位：区发展改革委、区科委）\n专栏1 重点工程\n"
        "1. 光伏工程。到2025年，新增装机3万千瓦。\n2. 储能工程。略。\n2. 乙任务。略。"
    )
    assert [task.title for task in plan.actions[0].tasks] == ["甲任务", "乙任务"]
    assert [(target.clause, target.value) for target in plan.targets if target.clause != "1"] == [("2.1.1", 3)]


def test_articles_of_chapters_count_by_their_place():
    plan = import_plan(
        "某区碳达峰实施细则\n2023年3月1日\n第一章 总则\n第一条 略。\n"
        "第二条 以2020年为基数，到2025年，能耗下降5%，用水量下降6%。\n"
        "第二章 建筑绿色化\n第三条 既有建筑。“十四五”期间，完成改造25万平方米以上。（区建管委牵头，区教育局配合）\n"
        "第四条 制冷。到2025年，完成机房改造8个。\n"
        "第三章 用能低碳化\n第五条 光伏。到2025年，覆盖率达到50%。\n第六条 略。\n"
        "第四章 保障措施\n第七条 考核。略。\n"
    )
    assert plan.title == "某区碳达峰实施细则"
    assert shape(plan) == [["2.1", "2.2"], ["3.1", "3.2"]]
    assert [(target.clause, target.value, target.base_year) for target in plan.targets] == [
        ("1.2", 5, 2020),
        ("1.2", 6, 2020),
        ("2.1", 25, None),
        ("2.2", 8, None),
        ("3.1", 50, None),
    ]


def test_actions_may_be_named_and_numbered_in_one():
    plan = plan_of("行动一：能源转型\n1. 甲任务。略。\n2. 乙任务。略。\n行动二：绿色交通\n1. 丙任务。略。")
    assert shape(plan) == [["2.1.1", "2.1.2"], ["2.2.1"]]
    assert [action.title for action in plan.actions] == ["能源转型", "绿色交通"]


def test_units_one_under_another_are_one_list():
    text = joined(
        "二、重点任务\n（一）能源行动\n1. 甲任务。略。\n责任单位：区发展改革委\n          区科委\n          各街道\n"
        "2. 乙任务。略。\n责任单位：区商务委、某某热力\n有限责任公司\n"
    )
    tasks = import_plan(text).items()
    assert [[unit.name for unit in task.units] for task in tasks] == [
        ["区发展改革委", "区科委", "各街道"],
        ["区商务委", "某某热力有限责任公司"],
    ]


def test_a_number_with_dots_is_a_number_though_a_unit_of_measure_follows():
    plan = import_plan(
        "某区碳达峰实施方案\n2023年3月1日\n1 总体要求\n1.1 组织领导。略。\n1.2 目标。到2025年，占比达到12%。\n"
        "2 重点任务\n2.1 条件改善\n2.1.1 对标改造。新增装机\n2.2万千瓦以上。\n2.1.2 点上突破。略。\n"
        "3 保障措施\n3.1 组织领导。略。\n"
    )
    assert shape(plan) == [["2.1.1", "2.1.2"]]
    assert [task.title for task in plan.items()] == ["对标改造", "点上突破", "组织领导"]
