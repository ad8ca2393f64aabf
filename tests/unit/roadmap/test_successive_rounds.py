"""The cheapest schedule with savings that overlap, beside every schedule of a fine grid and beside hand work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap import solving, successive
from dafeng.roadmap.case import Case
from dafeng.roadmap.interactions import Overlap
from dafeng.roadmap.reading import read_case

POWER_T = 0.0005


def case(measures: list[dict[str, Any]], cap: float | None, groups: int = 1, years: int = 1) -> Case:
    """Groups that use 1000 kWh each; ``cap``: share of that CO2 which may be emitted in the last year."""
    last = 2025 + years
    targets = [] if cap is None else [{"id": "cap", "kind": "co2_path", "values": {last: cap * groups * 0.5}}]
    given = {
        "years": {"first": 2026, "last": last},
        "discount": 0.05,
        "carriers": {"electricity": "kWh"},
        "base": {f"g{number}": {"electricity": 1000} for number in range(groups)},
        "factors": {"electricity": POWER_T},
        "prices": {"electricity": 0.8},
        "measures": [{"unit": "m2", "potential": 100, "life": 20, **one} for one in measures],
        "targets": targets,
    }
    return read_case(given, Place("case.yaml"))


def drawn(seed: int, cap: float, *, years: int = 1, rate: float = 100) -> Case:
    """Five measures in two groups, each saving 5 to 40 % of its own at 5 to 60 CNY."""
    random = np.random.default_rng(seed)
    measures = [
        {
            "id": f"m{number}",
            "group": f"g{number % 2}",
            "capex": float(random.uniform(5, 60)),
            "saves": {"electricity": float(random.uniform(0.5, 4))},
            "build_rate": rate,
        }
        for number in range(5)
    ]
    return case(measures, cap, groups=2, years=years)


def grid(of: Case, steps: int) -> float:
    """The least cost among all schedules of one year on a grid that meet the cap, each worked out exactly."""
    axes = [np.linspace(0, 100, steps)] * len(of.measures)
    amounts = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(of.measures))
    left = np.full((len(amounts), 2), 1000.0)
    for number, one in enumerate(of.measures):
        left[:, number % 2] *= 1 - one.saves["electricity"][0] * amounts[:, number] / 1000
    saved = 2000 - left.sum(axis=1)
    cost = amounts @ np.array([one.capex for one in of.measures]) - 0.8 * saved
    met = 1.0 - POWER_T * saved <= of.targets[0].values[2026] + 1e-12
    return float(cost[met].min())


@pytest.mark.parametrize("seed", range(8))
def test_no_schedule_of_a_grid_is_cheaper(seed):
    of = drawn(seed, 0.70)
    found = successive.solve(of)
    assert found.answer.status == "ok"
    assert found.settled
    assert found.exact is not None
    assert found.exact.cost <= grid(of, 13) + 1e-9


def two(cap: float, a: float = 20, b: float = 10) -> Case:
    """Each alone saves 40 % of 1000 kWh, at so many CNY a m²."""
    return case(
        [
            {"id": "a", "group": "g0", "capex": a, "saves": {"electricity": 4}},
            {"id": "b", "group": "g0", "capex": b, "saves": {"electricity": 4}},
        ],
        cap,
    )


@pytest.mark.parametrize(("a", "b"), [(2, 1), (20, 10)])
def test_two_measures_that_overlap_by_hand(a, b):
    """Half must go. B whole leaves 600, A must take 100 of it: 0.004·x·600 = 100, x = 41.667 m². (More of A would save
    2.4 kWh, 1.92 CNY, and cost 2 or 20.)"""
    found = successive.solve(two(0.5, a, b))
    assert found.answer.built[:, 0] == pytest.approx([1000 / 24, 100], rel=1e-9)
    assert found.exact is not None
    assert found.exact.cost == pytest.approx(100 * b + a * 1000 / 24 - 400, rel=1e-9)


def test_the_sum_of_what_measures_would_save_alone_is_larger_than_what_they_save():
    """Alone 400 + 166.67; together 500."""
    exact = successive.solve(two(0.5)).exact
    assert exact is not None
    assert exact.saved_alone.sum() == pytest.approx(400 + 4 * 1000 / 24, rel=1e-9)
    assert exact.saved.sum() == pytest.approx(500, rel=1e-9)
    assert exact.by_measure.sum(axis=0) == pytest.approx(exact.saved, abs=1e-9)


def test_stand_alone_savings_meet_the_target_on_paper_only():
    """On paper 400 and 100 kWh; in truth 1000·0.6·0.9 = 540 are left, 0.27 t instead of 0.25."""
    alone = solving.solve(two(0.5))
    assert alone.targets[0].met
    assert alone.built[:, 0] == pytest.approx([25, 100], rel=1e-9)
    saved = Overlap(alone.case).saved(alone.stock).total[0, 0]
    assert POWER_T * (1000 - saved) == pytest.approx(0.27, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_the_answers_figures_are_the_exact_ones_and_the_solvers_are_told_beside_them(seed):
    """Over five years with bounded build rates: CO2 of the answer from the product of what every measure leaves."""
    of = drawn(seed, 0.72, years=5, rate=30)
    found = successive.solve(of)
    assert found.exact is not None
    left = np.full((2, 5), 1000.0)
    for number, one in enumerate(of.measures):
        left[number % 2] *= 1 - one.saves["electricity"] * found.answer.stock[number] / 1000
    assert found.answer.co2_t == pytest.approx(POWER_T * left.sum(axis=0), rel=1e-9)
    assert found.answer.targets[0].met
    worth = 1.05 ** -np.arange(5.0)
    capital = sum(one.capex * float((worth * found.answer.built[m]).sum()) for m, one in enumerate(of.measures))
    cost = capital - 0.8 * float((worth * (2000 - left.sum(axis=0))).sum())
    assert found.exact.cost == pytest.approx(cost, rel=1e-9)
    assert found.answer.cost == found.exact.cost
    assert abs(found.exact.difference) <= 0.001 * max(abs(cost), capital)
    assert "%" in found.exact.about.en


def test_pieces_that_cannot_be_divided_stay_whole():
    measures = [
        {"id": "a", "group": "g0", "capex": 20, "saves": {"electricity": 4}, "lumpy": 25},
        {"id": "b", "group": "g0", "capex": 10, "saves": {"electricity": 4}},
    ]
    found = successive.solve(case(measures, 0.5))
    pieces = found.answer.built[0, 0] / 25
    # Every number of pieces by hand: p pieces leave 1000·(1 − 0.1·p); B makes up what is missing of 500.
    costs = {}
    for count in range(5):
        rest = 1000 * (1 - 0.1 * count)
        floor = (1 - 500 / rest) / 0.004
        if floor <= 100 + 1e-9:
            amount = max(floor, 0.0)
            costs[count] = 20 * 25 * count + 10 * amount - 0.8 * (1000 - rest * (1 - 0.004 * amount))
    best = min(costs, key=lambda one: costs[one])
    assert pieces == pytest.approx(best, abs=1e-9)
    assert found.exact is not None
    assert found.exact.cost == pytest.approx(costs[best], rel=1e-3)


def test_a_cap_that_only_overlapping_savings_miss_is_infeasible_and_says_by_how_much():
    """Alone 40 % and 40 % make 80 %; together 64 %. A cap of 30 % leaves 6 % of 0.5 t = 0.03 t."""
    of = two(0.3)
    assert solving.solve(of).status == "ok"
    found = successive.solve(of)
    assert found.answer.status == "infeasible"
    (relax,) = found.answer.relax
    assert relax.by == pytest.approx(0.03, abs=1e-6)
    relaxed = successive.solve(of, relaxed=True)
    assert relaxed.answer.status == "relaxed"
    assert relaxed.answer.co2_t == pytest.approx([0.18], abs=1e-6)


def test_a_case_without_overlaps_needs_one_round():
    of = case(
        [
            {"id": "a", "group": "g0", "capex": 20, "saves": {"electricity": 4}},
            {"id": "b", "group": "g1", "capex": 10, "saves": {"electricity": 4}},
        ],
        0.9,
        groups=2,
    )
    found = successive.solve(of)
    assert (len(found.rounds), found.settled) == (1, True)
    assert found.exact is not None
    assert found.exact.difference == pytest.approx(0, abs=1e-9)
