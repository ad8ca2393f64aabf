"""What has changed between two plans, and what is wrong in one."""

from __future__ import annotations

from dataclasses import replace

from dafeng.planning import Body, Period, import_plan
from dafeng.planning.checking import check_plan, check_succession
from dafeng.planning.difference import diff_plans

TEXT = """某区碳达峰实施方案
某府发〔2022〕1号
2022年10月1日
一、主要目标
到2025年，单位生产总值能耗比2020年下降14%，绿色出行比例达到75%。
二、重点任务
（一）能源转型行动
1. 发展光伏。“十四五”期间新增光伏装机3.5万千瓦以上。（责任单位：区发展改革委、区商务委）
2. 提升电网能力。到2025年，可调节负荷能力达到6%。（责任单位：区发展改革委）
（二）绿色交通行动
1. 建设慢行网络。到2025年，新增慢行道28公里。（责任单位：区交通委）
三、组织实施
（一）加强领导。略。
"""


def diff(before: str, after: str):
    return diff_plans(import_plan(before), import_plan(after))


def test_a_plan_is_the_same_as_itself():
    assert diff(TEXT, TEXT).same


def test_renumbering_alone_is_no_change():
    moved = TEXT.replace("（二）绿色交通行动", "（五）绿色交通行动").replace("2. 提升电网能力", "4. 提升电网能力")
    assert diff(TEXT, moved).same
    swapped = (
        TEXT.replace("1. 发展光伏", "X. 发展光伏")
        .replace("2. 提升电网", "1. 提升电网")
        .replace("X. 发展光伏", "2. 发展光伏")
    )
    assert not diff(TEXT, swapped).added


def test_another_value_is_a_change_with_before_and_after():
    (change,) = diff(TEXT, TEXT.replace("3.5万千瓦", "4万千瓦")).changed
    assert (change.what, change.fields) == ("target", {"value": ("3.5万千瓦", "4万千瓦")})


def test_the_same_amount_in_another_unit_is_no_change():
    assert diff(TEXT, TEXT.replace("3.5万千瓦", "35兆瓦")).same


def test_another_year_comparator_or_unit_of_responsibility_is_a_change():
    (year,) = diff(TEXT, TEXT.replace("到2025年，新增慢行道", "到2026年，新增慢行道")).changed
    assert year.fields == {"period": ({"from": None, "to": 2025}, {"from": None, "to": 2026})}
    (sign,) = diff(TEXT, TEXT.replace("万千瓦以上", "万千瓦左右")).changed
    assert sign.fields == {"comparator": (">=", "~")}
    (task,) = diff(TEXT, TEXT.replace("：区交通委", "：区交通委、区公安分局")).changed
    assert (task.what, task.name, task.fields["units"][1]) == (
        "task",
        "建设慢行网络",
        ["区交通委（lead）", "区公安分局（support）"],
    )


def test_what_is_new_is_added_and_what_is_gone_is_removed():
    after = TEXT.replace(
        "（二）绿色交通行动", "3. 推广热泵。到2025年，建成热泵站5座。（责任单位：区建设管理委）\n（二）绿色交通行动"
    )
    found = diff(TEXT, after)
    assert found.added == [("task", "2.1.3", "推广热泵"), ("target", "2.1.3", "建成热泵站")]
    assert (found.removed, found.changed) == ([], [])
    back = diff(after, TEXT)
    assert back.removed == found.added


def codes(problems) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.place.item) for problem in problems]


def test_a_target_without_an_indicator_or_with_an_unknown_one_is_told():
    plan = import_plan(TEXT)
    targets = (
        replace(plan.targets[0], indicator="known"),
        replace(plan.targets[1], indicator="gone"),
        *plan.targets[2:3],
    )
    found = check_plan(replace(plan, targets=targets), indicators=["known"])
    assert codes(found) == [("plan.unknown-indicator", "1-2"), ("plan.no-indicator", "2.1.1-1")]
    assert [problem.level for problem in found] == ["error", "warning"]


def test_a_unit_that_the_register_does_not_know_is_told():
    bodies = [Body("区发展改革委"), Body("区商务委")]
    assert codes(check_plan(import_plan(TEXT), bodies=bodies)) == [("plan.unknown-unit", "2.2.1")]


def test_years_that_contradict_are_told():
    plan = import_plan(TEXT)
    first = plan.targets[0]
    late = replace(plan, targets=(replace(first, period=Period(None, 2021)),))
    assert codes(check_plan(late)) == [("plan.period-contradicts", "1-1")]
    base = replace(plan, targets=(replace(first, base_year=2025),))
    assert codes(check_plan(base)) == [("plan.period-contradicts", "1-1")]


def test_a_later_year_that_asks_less_is_told():
    text = TEXT.replace("绿色出行比例达到75%。", "绿色出行比例达到75%；到2030年，绿色出行比例达到70%。")
    assert codes(check_plan(import_plan(text))) == [("plan.period-contradicts", "1-3")]
    assert check_plan(import_plan(text.replace("70%", "80%"))) == []


def test_a_share_weaker_than_the_citys_is_told_and_a_stronger_one_or_an_amount_is_not():
    city = import_plan(
        TEXT.replace("某区", "某市").replace("下降14%", "下降15%").replace("75%", "70%").replace("28公里", "900公里")
    )
    found = check_plan(import_plan(TEXT), against=city)
    assert codes(found) == [("plan.weaker-than-city", "1-1")]
    assert "14%" in found[0].rule.zh
    assert "15%" in found[0].rule.zh


def test_two_plans_with_two_figures_for_one_year_are_told():
    other = TEXT.replace("75%", "78%")
    found = check_succession([("a", import_plan(TEXT)), ("b", import_plan(other))])
    assert codes(found) == [("plan.plans-differ", "1-2")]


def test_a_plan_may_change_what_the_one_that_it_succeeds_has_asked_for():
    old, new = import_plan(TEXT), import_plan(TEXT.replace("75%", "78%"))
    between = import_plan(TEXT.replace("75%", "76%"))
    assert check_succession([("plans/2022.yaml", old), ("plans/2026.yaml", replace(new, succeeds="2022"))]) == []
    chain = [("plans/a.yaml", old), ("plans/b.yaml", replace(between, succeeds="a")), ("plans/c.yaml", new)]
    assert codes(check_succession(chain)) == [("plan.plans-differ", "1-2")] * 2
    assert check_succession([*chain[:2], ("plans/c.yaml", replace(new, succeeds="b"))]) == []
    # Two that name each other are no reason to go round for ever, and still succeed each other.
    assert check_succession([("a", replace(old, succeeds="b")), ("b", replace(new, succeeds="a"))]) == []


def test_a_plan_that_succeeds_one_which_is_not_there_is_told():
    plan = replace(import_plan(TEXT), succeeds="2021")
    found = check_succession([("plans/a.yaml", plan)])
    assert [(problem.code, problem.place.field) for problem in found] == [("plan.no-predecessor", "succeeds")]
