"""What YAML takes for a number or a text and a plan cannot mean is named with its place."""

from __future__ import annotations

import math

import pytest

from dafeng.core.errors import BadInput
from dafeng.planning.reading import plan_from_dict

TARGET = {"id": "1-1", "clause": "1", "sentence": "到2025年下降5%。", "span": [0, 10], "unit": "%"}
PLAN = {"title": "某方案", "actions": [], "safeguards": [], "organisation": [], "notes": []}


def named(data: dict) -> list[str | None]:
    with pytest.raises(BadInput) as refused:
        plan_from_dict(data)
    return [problem.place.field for problem in refused.value.problems]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400])
def test_a_value_that_is_no_quantity_is_refused(value):
    assert "value" in named({**PLAN, "targets": [{**TARGET, "value": value}]})


def test_a_day_that_does_not_exist_is_refused():
    assert named({**PLAN, "issued_on": "2022-13-45", "targets": []}) == ["issued_on"]
