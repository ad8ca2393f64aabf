"""Quantiles of an ensemble, by counting."""

from __future__ import annotations

import numpy as np
import pytest

from dafeng.pathway.ensemble import by_year, fan, named, quantiles


def test_quantiles_of_a_hundred_and_one_whole_numbers_are_themselves():
    values = np.random.default_rng(1).permutation(101).astype(float)[:, None, None] * np.ones((1, 2, 3))
    found = quantiles(values)
    assert found.shape == (5, 2, 3)
    assert found[:, 1, 2].tolist() == pytest.approx([5, 25, 50, 75, 95])


def test_between_two_draws_a_quantile_lies_on_the_straight_line():
    assert quantiles(np.array([10.0, 20.0]), (0.0, 0.05, 0.5, 1.0)).tolist() == pytest.approx([10, 10.5, 15, 20])


def test_a_single_draw_is_every_quantile():
    assert quantiles(np.full((1, 2), 7.0)).tolist() == [[7.0, 7.0]] * 5


def test_the_draws_handed_in_stay_as_they_were():
    values = np.array([3.0, 1.0, 2.0])
    quantiles(values)
    assert values.tolist() == [3.0, 1.0, 2.0]


def test_the_fan_has_a_row_per_scenario_and_year():
    totals = np.arange(101.0)[:, None, None] + np.array([[0, 10], [100, 110]])
    table = fan(totals, ["reference", "plan"], [2030, 2035])
    assert table.columns == ["scenario", "year", "mean", "p05", "p25", "p50", "p75", "p95"]
    assert table.row(1) == pytest.approx(("reference", 2035, 60, 15, 35, 60, 85, 105))
    assert table.row(2)[:2] == ("plan", 2030)


def test_json_has_a_value_per_year():
    found = by_year(np.arange(101.0)[:, None] + np.array([0, 10]))
    assert found == {"p05": [5, 15], "p50": [50, 60], "p95": [95, 105]}
    assert named(0.5) == "p50"
