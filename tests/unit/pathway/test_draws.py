"""Draws: evenly spread, of the distribution asked for, the same from the same seed, together where they must be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dafeng.core.errors import BadInput, Place
from dafeng.pathway.draws import Spread, draw, read_spread, shares


def codes(source: str) -> set[str]:
    with pytest.raises(BadInput) as raised:
        read_spread(source, Place(file="m.yaml", item="gdp", field="spread"))
    assert all(problem.place.item == "gdp" for problem in raised.value.problems)
    return {problem.code for problem in raised.value.problems}


@pytest.mark.parametrize("method", ["latin-hypercube", "sobol"])
def test_each_of_n_equal_slices_holds_one_draw(method: str):
    found = shares(64, 5, seed=3, method=method)  # pyright: ignore[reportArgumentType]
    slices = np.sort(np.floor(found * 64), axis=0)
    assert (slices == np.arange(64)[:, None]).all()


def test_sobol_draws_fill_the_quarters_of_every_pair_evenly():
    found = shares(64, 4, seed=3, method="sobol")
    for one in range(4):
        for other in range(one):
            quarter = 2 * (found[:, one] >= 0.5) + (found[:, other] >= 0.5)
            assert np.bincount(quarter.astype(int)).tolist() == [16, 16, 16, 16]


def test_the_same_seed_draws_the_same_and_another_does_not():
    spreads = {"a": read_spread("normal(0, 1)"), "b": read_spread("uniform(0, 1)")}
    for method in ("latin-hypercube", "sobol"):
        one = draw(spreads, 100, seed=7, method=method)
        assert (one.values == draw(spreads, 100, seed=7, method=method).values).all()
        assert (one.values != draw(spreads, 100, seed=8, method=method).values).any()


@pytest.mark.parametrize(
    ("source", "share", "value"),
    [
        ("normal(3, 2)", 0.5, 3.0),
        ("normal(3, 2)", 0.975, 3 + 2 * 1.959963984540054),
        ("uniform(-1, 3)", 0.25, 0.0),
        # Rising side: share = (x − 0)² / (4 · 1); falling side: 1 − share = (4 − x)² / (4 · 3).
        ("triangular(0, 1, 4)", 0.25, 1.0),
        ("triangular(0, 1, 4)", 0.0625, 0.5),
        ("triangular(0, 1, 4)", 2 / 3, 2.0),
        ("triangular(1, 2, 5)", 0.0625, 1.5),
        ("triangular(1, 2, 5)", 2 / 3, 3.0),
        ("triangular(2, 2, 2)", 0.4, 2.0),
        ("triangular(0, 0, 2)", 0.75, 1.0),
        ("lognormal(0.5, 0.1)", 0.5, math.exp(0.5)),
        ("lognormal(0, 0.1)", 0.8413447460685429, math.exp(0.1)),
    ],
)
def test_a_distribution_has_its_quantiles_where_they_are_by_hand(source: str, share: float, value: float):
    assert float(read_spread(source).inverse(np.array([share]))[0]) == pytest.approx(value, abs=1e-12)


def test_mean_and_deviation_come_out_as_asked():
    values = draw({"a": read_spread("normal(10, 2)")}, 4096, seed=1).of("a")
    assert values.mean() == pytest.approx(10, abs=1e-3)
    assert values.std() == pytest.approx(2, rel=2e-3)
    # Mean of a triangular distribution: a third of the sum of its corners.
    assert draw({"a": read_spread("triangular(0, 1, 5)")}, 4096, seed=1).of("a").mean() == pytest.approx(2, abs=1e-3)


def test_quantities_that_move_together_keep_their_own_values():
    spreads = {"a": read_spread("normal(0, 1)"), "b": read_spread("uniform(0, 1)"), "c": read_spread("normal(0, 1)")}
    alone = draw(spreads, 2000, seed=5)
    together = draw(spreads, 2000, seed=5, correlation={("a", "b"): 0.7, ("b", "c"): -0.3})
    assert (np.sort(alone.values, axis=0) == np.sort(together.values, axis=0)).all()
    ranks = together.values.argsort(axis=0).argsort(axis=0)
    found = np.corrcoef(ranks, rowvar=False)
    assert [found[0, 1], found[1, 2], found[0, 2]] == pytest.approx([0.7, -0.3, 0.0], abs=0.03)


def test_correlations_that_contradict_each_other_are_refused():
    spreads = {name: read_spread("normal(0, 1)") for name in "abc"}
    asked = [{("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}, {("a", "x"): 0.5}, {("a", "b"): 1.0}]
    for correlation in asked:
        with pytest.raises(BadInput) as raised:
            draw(spreads, 50, seed=1, correlation=correlation)
        assert raised.value.problems[0].code == "pathway.correlation"


def test_what_is_no_distribution_is_refused_with_its_place():
    assert codes("normal(0, -0.1)") == {"pathway.spread"}
    assert codes("uniform(2, 1)") == {"pathway.spread"}
    assert codes("triangular(0, 3, 2)") == {"pathway.spread"}
    assert codes("normal(0, 1/0)") == {"pathway.spread"}
    assert codes("normal(0)") == {"expression.arguments"}
    assert codes("gauss(0, 1)") == {"expression.unknown-function"}
    assert codes("0.1") == {"expression.type"}


def test_a_part_of_the_draws_is_those_draws():
    whole = draw({"a": Spread("normal", (0.0, 1.0))}, 10, seed=1)
    assert (np.vstack([whole.part(0, 4).values, whole.part(4, 10).values]) == whole.values).all()


def test_the_median_and_the_number_of_draws_are_told():
    assert read_spread("lognormal(1, 0.5)").median == pytest.approx(math.e)
    assert draw({"a": Spread("normal", (0.0, 1.0)), "b": Spread("normal", (0.0, 1.0))}, 7, seed=1).count == 7


def test_nothing_uncertain_is_drawn_as_nothing():
    assert draw({}, 5, seed=1).values.shape == (5, 0)
