"""Tables of indicators: one target for each row and each year ahead."""

from __future__ import annotations

from dafeng.planning import IndicatorTable, Row, import_plan
from dafeng.planning.tables import read_table

HEAD = ("序号", "指标名称", "单位", "2020年", "2025年", "属性", "责任单位")


def table(*rows: tuple[str, ...], title: str = "专栏1 “十四五”主要指标") -> IndicatorTable:
    return IndicatorTable(tuple(Row(cells, 10 * i, 10 * i + 9) for i, cells in enumerate(rows)), title)


def read(*rows: tuple[str, ...], title: str = "专栏1 “十四五”主要指标", issued: int | None = 2022):
    return read_table(table(*rows, title=title), issued)


def test_a_row_gives_value_unit_year_kind_and_its_own_units():
    (found,) = read(HEAD, ("3", "分布式光伏装机容量", "兆瓦", "86", "220", "预期性", "经济发展局、供电分公司"))
    assert (found.subject, found.value, found.unit, found.last, found.qualifier) == (
        "分布式光伏装机容量",
        220,
        "兆瓦",
        2025,
        "预期性",
    )
    assert found.units is not None
    assert [(unit.name, unit.role) for unit in found.units] == [("经济发展局", "lead"), ("供电分公司", "support")]


def test_a_bracketed_figure_counts_over_the_five_years_and_a_named_reduction_is_one():
    (found,) = read(HEAD, ("1", "单位工业增加值能耗降低", "%", "—", "〔15〕", "约束性", "经济发展局"))
    assert (found.value, found.first, found.last, found.direction) == (15, 2021, 2025, "decrease")


def test_signs_and_words_in_a_cell_are_comparators():
    cells = ["≥25", "97左右", "40以上", "不超过1.3", "<5"]
    rows = [(str(i), f"指标{i}率", "%", "", cell, "", "") for i, cell in enumerate(cells)]
    assert [(found.value, found.comparator) for found in read(HEAD, *rows)] == [
        (25, ">="),
        (97, "~"),
        (40, ">="),
        (1.3, "<="),
        (5, "<"),
    ]


def test_a_cell_without_a_figure_is_a_target_without_a_value_and_a_dash_is_none():
    found = read(
        HEAD, ("1", "二氧化碳排放降低", "%", "—", "完成市下达指标", "约束性", ""), ("2", "甲率", "%", "3", "—", "", "")
    )
    assert [(one.value, one.qualifier) for one in found] == [(None, "完成市下达指标")]


def test_years_that_are_over_are_no_targets_and_two_years_ahead_are_two():
    head = ("指标", "计量单位", "2020年实际", "2025年目标", "2030年目标")
    assert [(one.value, one.last) for one in read(head, ("绿色出行比例", "%", "70", "75", "80"))] == [
        (75, 2025),
        (80, 2030),
    ]


def test_a_column_of_goals_without_a_year_takes_that_of_the_title():
    head = ("指标", "单位", "现状值", "目标值")
    (found,) = read(head, ("公园数量", "座", "30", "42"), title="某区“十五五”主要指标")
    assert (found.value, found.last) == (42, 2030)


def test_a_unit_may_stand_in_brackets_behind_the_name():
    (found,) = read(("指标名称", "类别", "2025年"), ("充电桩数量（万个）", "预期性", "1.2"))
    assert (found.subject, found.value, found.unit) == ("充电桩数量", 1.2, "万个")


def test_a_head_of_two_rows_is_read_as_one():
    found = read(("指标", "单位", "目标", "目标"), ("指标", "单位", "2025年", "2030年"), ("占比", "%", "20", "25"))
    assert [(one.value, one.last) for one in found] == [(20, 2025), (25, 2030)]


def test_a_table_of_another_kind_gives_no_targets():
    assert read(("序号", "项目", "责任单位"), ("1", "某项目10座", "区甲局")) == []
    assert read(("姓名", "电话", "地址"), ("甲", "2025", "某处")) == []


def test_a_tables_targets_belong_to_the_item_it_stands_in_and_keep_their_units():
    row = "1\t光伏装机容量\t兆瓦\t86\t220\t预期性\t经济发展局"
    text = (
        "某区方案\n某府发〔2022〕1号\n一、总体要求\n（一）主要目标\n"
        f"主要指标见专栏1。\n{row}\n二、重点任务\n（一）能源行动\n"
        "1. 甲任务。略。\n"
        "三、组织实施\n（一）领导。略。"
    )
    at = text.index(row)
    heads = Row(HEAD, at, at)
    plan = import_plan(text, tables=[IndicatorTable((heads, Row(tuple(row.split("\t")), at, at + len(row))))])
    (target,) = plan.targets
    assert (target.clause, target.si_value, target.si_unit, target.sentence) == ("1.1", 220, "MW", row)
    assert [unit.name for unit in target.units] == ["经济发展局"]


def test_a_table_in_an_annex_belongs_to_the_goals():
    row = "光伏装机容量\t兆瓦\t220"
    text = (
        "某区方案\n一、主要目标\n略。\n二、重点任务\n（一）能源行动\n1. 甲任务。略。\n三、组织实施\n（一）领导。略。\n"
        f"附件 主要指标表\n{row}"
    )
    at = text.index(row)
    head = Row(("指标", "单位", "2025年"), at, at)
    plan = import_plan(text, tables=[IndicatorTable((head, Row(tuple(row.split("\t")), at, at + len(row))))])
    assert [(target.clause, target.value) for target in plan.targets] == [("1", 220)]
