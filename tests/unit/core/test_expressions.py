"""The grammar: what it refuses and where, and that columns and single values agree."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafeng.core.errors import BadInput
from dafeng.core.evaluation import Columns, Values
from dafeng.core.expressions import BASE, calls_in, names_in, parse

NAMES = {"a": "number", "b": "number", "opened": "date", "name": "text", "flag": "bool", "IND.x": "number"}


def value(source: str, **names: object) -> object:
    return Values(BASE, names.__getitem__)(parse(source, NAMES).tree)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("a +", "expression.syntax"),
        ("__import__('os')", "expression.unknown-function"),
        ("a.__class__", "expression.unknown-name"),
        ("(lambda: 1)()", "expression.forbidden"),
        ("[x for x in a]", "expression.forbidden"),
        ("a if b else 1", "expression.type"),
        ("name > 3", "expression.type"),
        ("a and flag", "expression.type"),
        ("year_of(a)", "expression.type"),
        ("abs()", "expression.arguments"),
        ("abs(a, b)", "expression.arguments"),
        ("a in b", "expression.type"),
        ("nmae == 'x'", "expression.unknown-name"),
        ("f'{a}'", "expression.forbidden"),
        ("a := 3", "expression.syntax"),
    ],
)
def test_what_is_not_part_of_the_grammar_is_refused_with_its_reason(source: str, code: str):
    with pytest.raises(BadInput) as caught:
        parse(source, NAMES)
    assert code in [problem.code for problem in caught.value.problems]


def test_all_problems_of_an_expression_are_named_at_once_with_their_character():
    with pytest.raises(BadInput) as caught:
        parse("aa + bb * length(a)", {"a": "number", "b": "number"})
    said = [problem.rule.en for problem in caught.value.problems]
    assert len(said) == 3
    assert "character 1:" in said[0]
    assert "did you mean a?" in said[0]
    assert "character 6:" in said[1]


@pytest.mark.parametrize(
    ("source", "names", "expected"),
    [
        ("a + b * 2", {"a": 1, "b": 3}, 7),
        ("a / b", {"a": 1, "b": 0}, None),
        ("a + b", {"a": None, "b": 3}, None),
        ("flag and a > 1", {"flag": False, "a": None}, False),
        ("flag or a > 1", {"flag": True, "a": None}, True),
        ("not flag", {"flag": None}, None),
        ("name in ('x', 'y')", {"name": "y"}, True),
        ("name not in ('x', 'y')", {"name": "y"}, False),
        ("1 < a <= 3", {"a": 3}, True),
        ("opened <= end_of(2023)", {"opened": dt.date(2023, 12, 31)}, True),
        ("opened < start_of(2024)", {"opened": dt.date(2024, 1, 1)}, False),
        ("coalesce(a, 5)", {"a": None}, 5),
        ("missing(a)", {"a": None}, True),
        ("max(a, b)", {"a": 2, "b": 9}, 9),
        ("a if flag else b", {"a": 2, "b": 9, "flag": False}, 9),
        ("IND.x * 2", {"IND.x": 4}, 8),
        ("a ** 2 - -b", {"a": 3, "b": 1}, 10),
    ],
)
def test_a_single_value_is_computed_and_missing_spreads(source: str, names: dict[str, object], expected: object):
    assert value(source, **names) == expected


NUMBERS = st.one_of(st.none(), st.integers(-5, 5).map(float))
SOURCES = [
    "a + b", "a / b", "a > b", "a >= 0 and b >= 0", "a > 0 or b > 0", "not (a > b)", "a if b > 0 else b",
    "coalesce(a, b)", "missing(a)", "a in (1, 2, 3)", "abs(a) - b * 2",
]  # fmt: skip


@given(st.sampled_from(SOURCES), st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6))
def test_whole_columns_and_single_values_give_the_same(source: str, rows: list[tuple[float | None, float | None]]):
    tree = parse(source, NAMES).tree
    frame = pl.DataFrame(
        {"a": [a for a, _ in rows], "b": [b for _, b in rows]}, schema={"a": pl.Float64, "b": pl.Float64}
    )
    columns = frame.select(Columns()(tree).alias("x"))["x"].to_list()
    singles = [Values(BASE, {"a": a, "b": b}.__getitem__)(tree) for a, b in rows]
    assert columns == singles


def test_names_and_calls_are_listed():
    expression = parse("year_of(opened) + IND.x", NAMES)
    assert expression.names == ("opened", "IND.x")
    assert names_in(expression.tree) == ["opened", "IND.x"]
    assert len(list(calls_in(expression, "year_of"))) == 1


def test_a_column_may_have_a_name_that_python_keeps_for_itself():
    expression = parse("class == 'class' and from > 1", {"class": "text", "from": "number"})
    assert expression.names == ("class", "from")
    assert Values(BASE, {"class": "class", "from": 2}.__getitem__)(expression.tree) is True


def test_characters_are_counted_as_a_person_counts_them():
    with pytest.raises(BadInput) as caught:
        parse("name == '一二三' and nothing > 1", NAMES)
    assert "character 19:" in caught.value.problems[0].rule.en


def test_missing_can_be_written():
    tree = parse("a if flag else None", NAMES).tree
    assert Values(BASE, {"a": 2.0, "flag": False}.__getitem__)(tree) is None
    frame = pl.DataFrame({"a": [2.0, 3.0], "flag": [True, False]})
    assert frame.select(Columns()(tree).alias("x"))["x"].to_list() == [2.0, None]


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("abs()", "abs 需要 1 个参数", "abs takes 1 argument"),
        ("max(a)", "max 需要至少 2 个参数", "max takes at least 2 arguments"),
    ],
)
def test_how_many_arguments_a_function_takes_is_said_as_a_person_would(source: str, zh: str, en: str):
    with pytest.raises(BadInput) as caught:
        parse(source, NAMES)
    said = [problem.rule for problem in caught.value.problems if problem.code == "expression.arguments"]
    assert said[0].zh.endswith(zh)
    assert said[0].en.endswith(en)
