"""Sobol indices against closed formulas (Ishigami, a sum, a product) and against those of scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dafeng.pathway.draws import Draws, Spread
from dafeng.pathway.sensitivity import design, sensitivity

UNIFORM = Spread("uniform", (-math.pi, math.pi))


def ishigami(draws: Draws) -> np.ndarray:
    x, y, z = draws.values.T
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def test_the_ishigami_function_has_its_known_indices():
    """Ishigami and Homma (1990), a = 7, b = 0.1: V = a²/8 + bπ⁴/5 + b²π⁸/18 + ½, V1 = ½(1 + bπ⁴/5)², V2 = a²/8,
    V13 = b²π⁸(1/18 − 1/50), the rest 0."""
    pi4 = math.pi**4
    v1, v2, v13 = 0.5 * (1 + 0.1 * pi4 / 5) ** 2, 49 / 8, 0.01 * pi4**2 * (1 / 18 - 1 / 50)
    v = 49 / 8 + 0.1 * pi4 / 5 + 0.01 * pi4**2 / 18 + 0.5
    assert v == pytest.approx(v1 + v2 + v13)
    found = sensitivity(ishigami, dict.fromkeys("xyz", UNIFORM), base=2**14, seed=1)
    assert found.variance[0] == pytest.approx(v, rel=0.005)
    assert found.first[:, 0] == pytest.approx([v1 / v, v2 / v, 0], abs=0.01)
    assert found.total[:, 0] == pytest.approx([(v1 + v13) / v, v2 / v, v13 / v], abs=0.01)
    # 0.3139, 0.4424, 0 and 0.5576, 0.4424, 0.2437 as published.
    assert [v1 / v, v2 / v, v13 / v] == pytest.approx([0.3139, 0.4424, 0.2437], abs=5e-5)


def test_the_true_index_lies_within_the_error_as_often_as_said():
    within = []
    for seed in range(30):
        found = sensitivity(ishigami, dict.fromkeys("xyz", UNIFORM), base=256, seed=seed)
        truth = np.array([0.5576, 0.4424, 0.2437])
        within += (np.abs(found.total[:, 0] - truth) <= found.total_error[:, 0]).tolist()
    # Resampling takes draws for independent; those of a Sobol sequence are better, so nine of ten or more.
    assert np.mean(within) >= 0.85


def test_the_errors_of_a_single_input_are_those_by_hand():
    """For f = a with variance 1 the total is 1 − mean(ab), the first order 1 + mean(b² − a²)/2 − mean(ab), but for
    terms of second order: standard deviations 1/√N and √2/√N. Half of a 90 % interval is 1.645 of them."""
    errors = []
    for seed in range(8):
        found = sensitivity(lambda draws: draws.of("a"), {"a": Spread("normal", (0, 1))}, base=1024, seed=seed)
        errors.append([found.total_error.item(), found.first_error.item()])
    by_hand = np.array([1, math.sqrt(2)]) * 1.645 / 32
    assert np.mean(errors, axis=0) == pytest.approx(by_hand, rel=0.1)


def test_of_a_sum_every_index_is_the_share_of_variance():
    spreads = {"a": Spread("normal", (5, 1)), "b": Spread("normal", (0, 2)), "c": Spread("uniform", (0, 1))}
    found = sensitivity(lambda draws: draws.values.sum(axis=1) + 1e6, spreads, base=4096, seed=2)
    shares = np.array([1, 4, 1 / 12]) / (5 + 1 / 12)
    assert found.first[:, 0] == pytest.approx(shares, abs=0.01)
    assert found.total[:, 0] == pytest.approx(shares, abs=0.01)


def test_of_a_product_with_mean_nothing_all_is_interaction():
    spreads = {"a": Spread("normal", (0, 1)), "b": Spread("normal", (0, 1))}
    found = sensitivity(lambda draws: draws.values.prod(axis=1), spreads, base=8192, seed=2)
    assert found.first[:, 0] == pytest.approx([0, 0], abs=0.03)
    assert found.total[:, 0] == pytest.approx([1, 1], abs=0.03)


def test_each_result_has_indices_of_its_own_and_an_input_without_effect_none():
    spreads = {name: Spread("uniform", (0, 1)) for name in "abc"}
    found = sensitivity(lambda draws: draws.values[:, :2] * [1, 0.5], spreads, base=512, seed=3)
    assert found.total.shape == (3, 2)
    assert found.total[:, 0] == pytest.approx([1, 0, 0], abs=0.01)
    assert found.total[:, 1] == pytest.approx([0, 1, 0], abs=0.01)
    assert found.total[2].tolist() == [0, 0]


def test_a_result_that_does_not_vary_has_no_indices():
    found = sensitivity(lambda draws: np.full(draws.count, 0.3), {"a": UNIFORM}, base=64, seed=3)
    assert (found.first.item(), found.total.item(), found.total_error.item()) == (0, 0, 0)


def test_the_ranking_puts_the_greatest_first_and_says_where_two_are_not_apart():
    spreads = {
        "small": Spread("normal", (0, 0.1)),
        "one": Spread("normal", (0, 1)),
        "two": Spread("normal", (0, 1.001)),
    }
    found = sensitivity(lambda draws: draws.values.sum(axis=1), spreads, base=1024, seed=4).ranking()
    assert found["input"].to_list()[2] == "small"
    assert found["clear"].to_list() == [False, True, found["clear"][2]]
    assert found["rank"].to_list() == [1, 2, 3]


def test_scipys_own_indices_are_the_same_within_both_errors():
    from scipy.stats import sobol_indices, uniform

    def function(x: np.ndarray) -> np.ndarray:
        return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    dists = [uniform(-math.pi, 2 * math.pi)] * 3
    other = sobol_indices(func=function, n=4096, dists=dists, rng=np.random.default_rng(5))
    found = sensitivity(ishigami, dict.fromkeys("xyz", UNIFORM), base=4096, seed=5)
    assert found.first[:, 0] == pytest.approx(other.first_order, abs=0.02)
    assert found.total[:, 0] == pytest.approx(other.total_order, abs=0.02)


def test_the_design_changes_one_column_at_a_time():
    plan = design({"a": UNIFORM, "b": UNIFORM}, 8, seed=1)
    a, b, ab_a, ab_b = plan.draws.values.reshape(4, 8, 2)
    assert (ab_a == np.stack([b[:, 0], a[:, 1]], axis=1)).all()
    assert (ab_b == np.stack([a[:, 0], b[:, 1]], axis=1)).all()
    with pytest.raises(ValueError, match="power of two"):
        design({"a": UNIFORM}, 1000, seed=1)
