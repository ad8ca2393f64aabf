"""Wedges add up, whatever the rule; sampled orders come near the exact answer as their error says."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafeng.pathway.wedges import wedges


def game(count: int, seed: int, shape: tuple[int, ...] = (3, 4)):
    """Results of sets with interactions of every order: Π (1 + change) of each cell."""
    changes = np.random.default_rng(seed).normal(0, 0.3, (count, *shape))

    def evaluate(sets: Sequence[tuple[int, ...]]) -> np.ndarray:
        return np.stack([100 * np.prod([1 + changes[k] for k in made], axis=0) * np.ones(shape) for made in sets])

    return evaluate


def by_all_orders(evaluate, count: int) -> np.ndarray:
    """The plain definition: the mean of what each adds over all n! orders."""
    sums: list = [0.0] * count
    orders = list(itertools.permutations(range(count)))
    for order in orders:
        for step, group in enumerate(order):
            before, after = evaluate([tuple(sorted(order[:step])), tuple(sorted(order[: step + 1]))])
            sums[group] = sums[group] + (after - before) / len(orders)
    return np.stack(sums)


@given(st.integers(1, 6), st.integers(0, 1000), st.sampled_from(["shapley", "order"]))
def test_wedges_add_up_to_the_difference_in_every_cell(count: int, seed: int, rule: str):
    found = wedges(game(count, seed), [str(k) for k in range(count)], rule=rule)  # pyright: ignore[reportArgumentType]
    assert np.abs(found.wedge.sum(axis=0) - found.difference).max() < 1e-10
    assert (found.error == 0).all()


def test_the_sum_over_sets_is_the_mean_over_all_orders():
    evaluate = game(5, 3)
    assert np.abs(wedges(evaluate, "abcde").wedge - by_all_orders(evaluate, 5)).max() < 1e-10


def test_drawn_orders_add_up_exactly_too_and_lie_within_their_error():
    evaluate, names = game(9, 4), "abcdefghi"
    exact = wedges(evaluate, names, most_exact=9).wedge
    found = wedges(evaluate, names, orders=400, seed=11)
    assert (found.orders, found.seed) == (400, 11)
    assert np.abs(found.wedge.sum(axis=0) - found.difference).max() < 1e-10
    off = np.abs(found.wedge - exact) / found.error
    assert np.mean(off < 2) > 0.9
    assert off.max() < 5
    # A standard normal lies 0.8 from 0 on the mean: the error is not overstated either.
    assert off.mean() > 0.4
    again = wedges(evaluate, names, orders=400, seed=11).wedge
    assert (found.wedge == again).all()


def test_a_change_that_does_nothing_gets_nothing_and_equal_changes_get_the_same():
    def evaluate(sets: Sequence[tuple[int, ...]]) -> np.ndarray:
        return np.array([0.8 ** len({0, 1}.intersection(made)) for made in sets])

    found = wedges(evaluate, ["one", "same", "nothing"])
    assert found.wedge.tolist() == pytest.approx([-0.18, -0.18, 0])


def test_each_set_is_asked_for_once():
    asked = []

    def evaluate(sets: Sequence[tuple[int, ...]]) -> np.ndarray:
        asked.extend(sets)
        return np.array([float(len(made)) for made in sets])

    for groups, rule, orders in (("abcd", "shapley", 4), ("abcdefghij", "shapley", 20), ("abc", "order", 4)):
        asked.clear()
        wedges(evaluate, groups, rule=rule, orders=orders)  # pyright: ignore[reportArgumentType]
        assert len(asked) == len(set(asked))
        assert all(made == tuple(sorted(made)) for made in asked)


def test_a_single_group_is_the_whole_difference():
    found = wedges(game(1, 2, ()), ["all"])
    assert found.wedge[0] == found.difference == found.alone[0] == found.last[0]


def test_orders_come_in_pairs():
    with pytest.raises(ValueError, match="pairs"):
        wedges(game(9, 4), "abcdefghi", orders=7)
