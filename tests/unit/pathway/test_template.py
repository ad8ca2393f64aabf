"""The shipped template: whole, marked, and every fault of one named."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.pathway.draws import read_spread
from dafeng.pathway.template import STATUSES, read_template
from dafeng.pathway.template_drivers import uncertain
from dafeng.pathway.vehicles import ages_of

TEMPLATE = load_catalogue().models["urban_district"].model


def changed(**sections: Any) -> dict[str, Any]:
    return {**copy.deepcopy(TEMPLATE), **sections}


def codes(body: dict[str, Any]) -> list[str]:
    with pytest.raises(BadInput) as raised:
        read_template(body)
    return [one.code for one in raised.value.problems]


def test_the_shipped_template_is_whole_and_has_the_four_scenarios():
    assert read_template(TEMPLATE) is TEMPLATE
    names = [one["name"] for one in TEMPLATE["scenarios"]]
    assert names == ["reference", "frozen", "plan", "accelerated"]


def test_every_parameter_has_a_status_a_range_and_words():
    for one in TEMPLATE["parameters"]:
        assert one["status"] in STATUSES, one["name"]
        assert one["low"] <= one["value"] <= one["high"], one["name"]
        assert one["zh"], one["name"]
        assert one["en"], one["name"]


def test_splits_of_end_uses_make_a_hundred_percent():
    assert {sum(one["split"]) for one in (*TEMPLATE["buildings"], TEMPLATE["home"])} == {100}


def test_what_is_uncertain_is_a_triangle_over_the_range_as_a_multiple_or_a_sum():
    found = {one["of"]: one for one in uncertain(TEMPLATE)}
    grid = found["drivers/grid_decline"]
    assert grid["as"] == "multiplicative"
    # 0.010 and 0.045 over 0.028
    assert read_spread(grid["spread"]).parameters == pytest.approx((0.357143, 1.0, 1.607143), rel=1e-5)
    people = found["drivers/residents_growth"]
    assert (people["as"], people["spread"]) == ("additive", "triangular(-0.004, 0, 0.003)")


def test_faults_of_a_template_are_gathered_and_named():
    assert codes(changed(parameters=[])) == ["pathway.template-lacks"]
    wrong = changed()
    wrong["parameters"][0]["low"] = 1.0
    wrong["buildings"][0]["split"] = [50, 50, 0, 0, 0, 0, 1]
    wrong["scenarios"][2]["set"]["retrofit_speed"] = 0.1
    assert codes(wrong) == [
        "pathway.template-parameter", "pathway.template-split", "pathway.template-scenario",
    ]  # fmt: skip


# ── ages of a fleet ──


def test_a_fleet_of_which_sales_are_known_keeps_them_and_fills_older_ages_by_the_curve():
    """100 vehicles, 40 sold this year (all there) and 30 last year, of which 0.8 are left: 64 known; the other 36 are
    spread over ages 2 and 3 as 0.6 to 0.2."""
    import numpy as np

    found = ages_of(100.0, np.array([1.0, 0.8, 0.6, 0.2]), {0: 40.0, 1: 30.0})
    assert found == pytest.approx([40, 24, 27, 9])


def test_a_fleet_smaller_than_its_known_sales_keeps_their_ages():
    import numpy as np

    assert ages_of(50.0, np.array([1.0, 1.0]), {0: 60.0, 1: 40.0}) == pytest.approx([30, 20])
