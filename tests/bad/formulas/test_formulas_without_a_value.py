"""Formulas that are well formed and yet have no value, no end, or no sense: words or a missing figure, never a fall."""

from __future__ import annotations

import math

import pytest

from dafeng.core.errors import BadInput
from dafeng.core.evaluation import Values
from dafeng.core.expressions import parse


def value(source: str) -> object:
    return Values(names={"year": 2025})(parse(source, {"year": "number"}).tree)


@pytest.mark.parametrize(
    "source",
    [
        "10 ** 10 ** 10",  # would fill the memory as a whole number
        "(-8) ** 0.5",  # a complex number
        "0 ** (-1)",
        "1e308 * 10",
        "log(0)",
        "log(0 - 5)",
        "sqrt(-1)",
        "exp(100000)",
        "year % 0",
        "year_of(start_of(99999))",
        "year_of(end_of(year * 100))",
    ],
)
def test_what_has_no_value_is_missing(source: str):
    assert value(source) is None


def test_a_power_that_has_a_value_keeps_it():
    assert value("2 ** 10") == 1024
    assert value("(1 - 0.135) ** (1 / 5)") == pytest.approx(math.pow(0.865, 0.2))


@pytest.mark.parametrize(
    "source", ["9" * 30, "1e999", "+".join(["1"] * 2000), "-" * 3000 + "1", "(" * 500 + "1" + ")" * 500]
)
def test_numbers_and_nestings_beyond_measure_are_refused_in_words(source: str):
    with pytest.raises(BadInput) as caught:
        parse(source, {})
    assert all(len(problem.rule.zh) < 300 for problem in caught.value.problems)


@pytest.mark.parametrize(
    "source",
    ["racks in ('a', 'b')", "1 if racks > 1 else 'a'", "coalesce(racks, 'a')"],
)
def test_values_of_two_kinds_do_not_mix(source: str):
    with pytest.raises(BadInput, match="number"):
        parse(source, {"racks": "number"})


def test_a_list_may_hold_the_asked_years():
    tree = parse("year in (2024, year)", {"year": "number"}).tree
    assert Values(names={"year": 2025})(tree) is True
