"""Whatever a copy, a scan or a typist has done to a plan, reading it never fails and what is read holds together."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.planning import import_plan
from dafeng.planning.lines import joined
from dafeng.planning.reading import plan_from_dict

TEXT = """某区碳达峰实施方案
某府发〔2022〕1号
2022年10月1日
一、主要目标
到2025年，单位生产总值能耗比2020年下降14%，碳排放完成市级下达指标，确保2030年前实现碳达峰。
二、重点任务
（一）能源行动
1. 光伏。“十四五”期间新增光伏3.5万千瓦，其中公共机构不少于0.8万千瓦。（责任单位：区发展改革委、各街道）
2. 储能。到2025年，风电、光伏分别达到20万千瓦和45万千瓦，占比提升至15%—20%。（牵头单位：区科委；配合单位：区商务委）
三、组织实施
（一）加强领导。略。
"""
EDITS = st.lists(
    st.tuples(
        st.integers(0, len(TEXT) - 1),
        st.sampled_from([*"，。；、（）()%\n 12.万一二到年“”〔〕:：●", "", "其中", "分别"]),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_a_damaged_plan_is_read_and_what_is_read_holds_together(edits):
    characters = list(TEXT)
    for place, new in edits:
        characters[place] = new
    text = joined("".join(characters))
    plan = import_plan(text)
    ids = [target.id for target in plan.targets]
    assert len(ids) == len(set(ids))
    for target in plan.targets:
        assert text[target.span[0] : target.span[1]] == target.sentence
        assert 0 <= target.confidence <= 1
        assert target.parent is None or target.parent in ids
        assert (target.value is None) == (target.unit == "" and target.si_value is None)
    clauses = [task.clause for task in plan.items()]
    assert len(clauses) == len(set(clauses))
    assert plan_from_dict(plan.as_dict()) == plan


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="一二三、（）1.2到年下降%，。\n“”十四五期间责任单位：区局其中分别以上", max_size=300))
def test_any_text_is_read_and_joining_lines_twice_is_joining_them_once(text):
    once = joined(text)
    assert joined(once) == once
    import_plan(once)


@pytest.mark.parametrize(
    "piece", ["12.3万千瓦", "到2025年", "比2025年", "分别1个、", "百分之", "“", "（责任单位：", "，"]
)
def test_a_text_without_end_is_read_in_time(piece):
    text = f"某方案\n一、目标\n略。\n二、任务\n（一）行动\n1. 任务。{piece * (60_000 // len(piece))}"
    began = time.perf_counter()
    import_plan(joined(text))
    assert time.perf_counter() - began < 20
