"""Lists of responsible units in every way in which plans write them."""

from __future__ import annotations

import pytest

from dafeng.planning import Body, import_plan
from dafeng.planning.characters import plain
from dafeng.planning.responsibility import Register, Unit, read_units, units_tail_start

CASES = [
    ("（责任单位：区发展改革委、区商务委、各有关部门）", "区发展改革委/lead 区商务委/support 各有关部门/wildcard"),
    ("(责任单位:区科委,区教育局)", "区科委/lead 区教育局/support"),
    ("责任部门：区经委、区生态环境局", "区经委/lead 区生态环境局/support"),
    (
        ("（牵头单位：县发改局；配合单位：县财政局、各乡镇人民政府）"),
        "县发改局/lead 县财政局/support 各乡镇人民政府/wildcard",
    ),
    ("（牵头单位：县发改局、县工信局；配合单位：县财政局）", "县发改局/lead 县工信局/lead 县财政局/support"),
    (
        ("（市工信局牵头，市发展改革委、市生态环境局按职责分工负责）"),
        "市工信局/lead 市发展改革委/support 市生态环境局/support",
    ),
    ("（市机关事务管理局负责）", "市机关事务管理局/lead"),
    ("（市发展改革委、市能源局等按职责分工负责）", "市发展改革委/lead 市能源局/support"),
    ("【区发展改革委牵头，区经委、各街镇配合】", "区发展改革委/lead 区经委/support 各街镇/wildcard"),
    ("（责任单位：区科委、区商务委；完成时限：2025年底）", "区科委/lead 区商务委/support"),
    ("（责任单位：区发展改革委牵头，区商务委配合）", "区发展改革委/lead 区商务委/support"),
    ("（责任单位：市商务局及各开发区管委会）", "市商务局/lead 各开发区管委会/wildcard"),
    (
        ("牵头单位：区发改局；责任单位：区住建局、各街道。完成时限：2025年12月"),
        "区发改局/lead 区住建局/support 各街道/wildcard",
    ),
    ("（经济发展局（牵头）、规划建设局、供电公司）", "经济发展局/lead 规划建设局/support 供电公司/support"),
    ("责任单位：经济发展局(牵头)、规划建设局、各镇(街道)", "经济发展局/lead 规划建设局/support 各镇(街道)/wildcard"),
    ("（责任单位﹕区发展改革委、区经委）", "区发展改革委/lead 区经委/support"),
    ("【责任部门】区住建局、市规划资源局汐海分局", "区住建局/lead 市规划资源局汐海分局/support"),
    ("（区发改委牵头，区工信局等按职责分工负责。以下均需各镇街落实，不再列出）", "区发改委/lead 区工信局/support"),
    ("【牵头单位】区住建局【配合单位】区财政局", "区住建局/lead 区财政局/support"),
    ("——责任单位：县住建局、县自然资源局", "县住建局/lead 县自然资源局/support"),
    ("（牵头单位为区发改委，配合单位为区工信局）", "区发改委/lead 区工信局/support"),
    ("（区发展改革委、区经委）", "区发展改革委/lead 区经委/support"),
    ("（市商务局牵头，各县（市、区）人民政府按职责分工负责）", "市商务局/lead 各县(市、区)人民政府/wildcard"),
    ("（责任单位：区委、区政府各有关部门）", "区委/lead 区政府各有关部门/wildcard"),
    (
        "（责任单位：区生态环境局、漕河泾开发区、西岸集团、相关街道镇）",
        "区生态环境局/lead 漕河泾开发区/support 西岸集团/support 相关街道镇/wildcard",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text[:20] for text, _ in CASES])
def test_a_list_gives_names_and_roles(text, wanted):
    text = plain(text)
    assert units_tail_start(text) == 0
    assert " ".join(f"{unit.name}/{unit.role}" for unit in read_units(text)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "新建数据中心能源利用效率（PUE）",
        "加注（气）站",
        "完成改造60万平方米（含加装电梯）",
        "某区碳达峰方案（2026—2030年）",
        "排放下降18%（约束性）",
    ],
)
def test_a_bracket_of_another_kind_is_no_list(text):
    assert units_tail_start(plain(text)) is None


def plan_with(tail: str, **register):
    text = (
        "一、目标\n略。\n二、重点任务\n（一）能源行动\n1. 甲任务。"
        f"推进建设。{tail}\n2. 乙任务。略。\n三、组织实施\n（一）领导。"
        "略。"
    )
    return import_plan(text, **register)


@pytest.mark.parametrize(
    "tail",
    [
        "（责任单位：区科委、区商务委）",
        "\n（责任单位：区科委、区商务委）",
        "\n责任单位：区科委、区商务委",
        "\n牵头单位：区科委\n配合单位：区商务委",
        "\n牵头单位：区科委\n责任单位：区商务委",
    ],
)
def test_units_at_the_end_or_on_lines_of_their_own_belong_to_the_item(tail):
    plan = plan_with(tail)
    assert [(unit.name, unit.role) for unit in plan.actions[0].tasks[0].units] == [
        ("区科委", "lead"),
        ("区商务委", "support"),
    ]
    assert "no-units" in {note.code for note in plan.notes if note.clause == "2.1.2"}


def test_an_alias_is_resolved_and_an_unknown_unit_is_listed_not_guessed():
    bodies = [Body("区建设管理委", ("区建管委", "区建设和管理委员会")), Body("各有关部门", kind="wildcard")]
    plan = plan_with("（责任单位：区建管委、区某某局、各有关部门）", bodies=bodies)
    assert [unit.name for unit in plan.actions[0].tasks[0].units] == ["区建设管理委", "区某某局", "各有关部门"]
    assert [note.text for note in plan.notes if note.code == "unknown-unit"] == ["区某某局"]


def test_a_bureau_of_another_level_is_known_by_its_name_without_the_level():
    register = Register([Body("区发展改革委", ("区发改委",))])
    assert register.resolve(Unit("市发展改革委", "lead")) == (Unit("市发展改革委", "lead"), True)
    assert register.resolve(Unit("区发改委", "lead")) == (Unit("区发展改革委", "lead"), True)
    assert register.resolve(Unit("区甲局", "lead")) == (Unit("区甲局", "lead"), False)


def test_units_named_for_a_whole_action_answer_for_its_tasks_that_name_none():
    text = (
        "一、目标\n略。\n二、重点任务\n（一）能源行动（牵头单位：区发展改革委）\n"
        "1. 甲任务。略。\n2. 乙任务。略。（责任单位：区科委）\n"
        "三、组织实施\n（一）领导。略。"
    )
    plan = import_plan(text)
    assert plan.actions[0].title == "能源行动"
    assert [[unit.name for unit in task.units] for task in plan.actions[0].tasks] == [["区发展改革委"], ["区科委"]]
