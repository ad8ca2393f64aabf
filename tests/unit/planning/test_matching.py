"""A target finds its indicator by the words nearest to its figure."""

from __future__ import annotations

from dafeng.planning import Matcher, import_plan
from dafeng.planning.matching import match_indicator

PARKS = Matcher("parks_total", (("公园总数",), ("公园数量",)), ("口袋公园",), ("座", "个"))
GREEN = Matcher("green_cover", (("绿化覆盖率",),), (), ("%",))
GREEN_ADDED = Matcher("green_added", (("绿地", "增加"),), (), ("万平方米", "公顷"))
ROOFS = Matcher("roof_pv", (("屋顶", "光伏", "覆盖率"), ("既有建筑", "光伏")), (), ("%", ""))


def test_each_figure_of_a_sentence_finds_its_own():
    text = (
        "一、目标\n略。\n二、重点任务\n（一）行动\n1. 任务。到2025年，"
        "公园总数达到42座，公园绿地面积增加42万平方米，绿化覆盖率达到32%。"
        "\n三、组织实施\n略。"
    )
    plan = import_plan(text, matchers=[PARKS, GREEN, GREEN_ADDED])
    assert [target.indicator for target in plan.targets] == ["parks_total", "green_added", "green_cover"]


def test_the_subject_goes_before_the_clause_and_the_clause_before_the_sentence():
    sentence = "公园总数达到42座，绿化覆盖率达到32%"
    assert match_indicator(
        "绿化覆盖率", "绿化覆盖率达到32%", sentence, "%", [GREEN, Matcher("other", (("公园总数",),))]
    ) == ("green_cover",)


def test_more_words_go_before_fewer():
    general, special = Matcher("general", (("光伏",),)), Matcher("special", (("屋顶", "光伏"),))
    assert match_indicator("屋顶光伏覆盖率", "", "", "%", [general, special]) == ("special",)


def test_a_forbidden_word_or_another_unit_excludes():
    assert match_indicator("口袋公园公园总数", "", "", "座", [PARKS]) == ()
    assert match_indicator("公园总数", "公园总数", "公园总数", "公里", [PARKS]) == ()


def test_a_target_without_a_figure_goes_to_an_indicator_that_expects_one():
    strict = Matcher("strict", (("既有建筑", "光伏"),), (), ("万千瓦",))
    assert match_indicator(
        "", "实现应装尽装", "推动既有建筑安装光伏，到2030年，实现应装尽装", None, [strict, ROOFS]
    ) == ("roof_pv",)


def test_two_that_fit_alike_are_both_named_and_none_is_chosen():
    twin = Matcher("twin", (("绿化覆盖率",),))
    text = "一、目标\n略。\n二、重点任务\n（一）行动\n1. 任务。到2025年，绿化覆盖率达到32%。\n三、组织实施\n略。"
    plan = import_plan(text, matchers=[GREEN, twin])
    assert plan.targets[0].indicator is None
    assert "green_cover、twin" in next(note.zh for note in plan.notes if note.code == "many-indicators")


def test_a_figure_is_not_what_another_clause_of_its_sentence_speaks_of():
    text = (
        "一、目标\n略。\n二、重点任务\n（一）行动\n1. 任务。到2025年，"
        "绿化覆盖率稳步提高，居民满意度达到32%。\n三、组织实施\n略。"
    )
    plan = import_plan(text, matchers=[GREEN])
    assert [(target.value, target.indicator) for target in plan.targets] == [(32, None)]
    note = next(note for note in plan.notes if note.code == "far-indicator")
    assert (note.text, "green_cover" in note.zh) == (plan.targets[0].id, True)
