"""A schedule held fixed while the world is drawn: by hand, and beside the case as each draw has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.pathway.draws import Draws, Spread, draw
from dafeng.roadmap import regret, successive
from dafeng.roadmap.case import Case
from dafeng.roadmap.reading import read_case


def case(**more: Any) -> Case:
    """Cooling of 1000 kWh, 1 kg each; film and chillers overlap; 0.7 t are allowed in 2027."""
    given = {
        "years": {"first": 2026, "last": 2027},
        "discount": 0,
        "carriers": {"electricity": {"unit": "kWh", "tce": 0.0001}},
        "base": {"cooling": {"electricity": 1000}},
        "factors": {"electricity": 0.001},
        "prices": {"electricity": 0.1},
        "measures": [
            {"id": "film", "unit": "m2", "potential": 100, "life": 20, "group": "cooling", "capex": 10,
             "saves": {"electricity": 3}, "ranges": {"capex": [8, 15], "saves": [0.5, 1.2]}},
            {"id": "chiller", "unit": "m2", "potential": 100, "life": 20, "group": "cooling", "capex": 20,
             "saves": {"electricity": 4}, "opex": 1},
        ],
        "targets": [{"id": "cap", "kind": "co2_path", "values": {2027: 0.7}}],
        **more,
    }  # fmt: skip
    return read_case(given, Place("case.yaml"))


def told(**values: list[float]) -> Draws:
    names = tuple(name.replace("__", "/") for name in values)
    return Draws(names, np.array(list(values.values())).T, 0, "latin-hypercube")


def test_a_fixed_schedule_in_three_draws_by_hand():
    """All film from 2026: 700 kWh are left. Factor ×1, ×1.1, and savings ×0.5 (850 left): 0.7, 0.77 and 0.85 t. Cost
    1000 less 60 CNY of power in two years; in the second draw capital ×1.2, in the third 30."""
    of = case()
    built = np.array([[100.0, 0], [0, 0]])
    drawn = regret.world(of, told(factor__electricity=[1, 1.1, 1], capex__film=[1, 1.2, 1], saving__film=[1, 1, 0.5]))
    played = regret.play(of, built, drawn)
    assert played.co2_t[:, 1] == pytest.approx([0.7, 0.77, 0.85])
    assert played.cost == pytest.approx([940, 1140, 970])
    assert played.short["cap"][:, 0] == pytest.approx([0, 0.07, 0.15], abs=1e-12)
    assert played.all_hold.tolist() == [True, False, False]


def test_a_star_moves_all_of_a_kind_and_multiplies_with_what_is_named():
    """Savings ×0.5 of all and ×2 of film: film as it was, chillers half: 1000·0.7·0.8."""
    of = case()
    built = np.array([[100.0, 0], [100.0, 0]])
    drawn = regret.world(of, told(**{"saving__*": [0.5], "saving__film": [2]}))
    assert regret.play(of, built, drawn).co2_t[0] == pytest.approx([0.56, 0.56])
    with pytest.raises(ValueError, match="factor/coal"):
        regret.world(of, told(factor__coal=[1]))


def test_the_base_scales_what_is_used_and_saved():
    """A tenth more use: 1100·0.7."""
    of = case()
    drawn = regret.world(of, told(base__cooling=[1.1]))
    assert regret.play(of, np.array([[100.0, 0], [0, 0]]), drawn).co2_t[0, 0] == pytest.approx(0.77)


def test_a_played_draw_costs_what_the_case_of_that_draw_says():
    """The draw's own case, solved exactly: its schedule played in the draw has the same cost and CO2."""
    of = case()
    spreads = {
        name: Spread("uniform", (0.8, 1.2))
        for name in (
            "factor/electricity",
            "price/electricity",
            "saving/*",
            "capex/film",
            "opex/chiller",
            "base/cooling",
        )
    }
    drawn = regret.world(of, draw(spreads, 5, seed=4))
    for at in range(5):
        own = successive.solve(regret.as_drawn(of, drawn, at))
        if own.exact is None:
            continue
        played = regret.play(of, own.answer.built, drawn.part(at, at + 1))
        assert played.cost[0] == pytest.approx(own.exact.cost, rel=1e-9)
        assert played.co2_t[0] == pytest.approx(own.answer.co2_t, rel=1e-9)
        assert played.all_hold[0]


def test_regret_is_nothing_where_the_draw_is_the_case_and_never_below_it_elsewhere():
    of = case()
    best = successive.solve(of)
    drawn = regret.world(of, told(factor__electricity=[1, 0.9, 1.1], capex__film=[1, 3, 1]))
    played = regret.play(of, best.answer.built, drawn)
    same, dearer, missed = regret.regrets(of, best.answer.built, drawn, played, range(3))
    assert same.regret == pytest.approx(0, abs=1e-6)
    assert dearer.regret is not None
    assert dearer.regret > 1
    assert (missed.met, missed.regret) == (False, None)


def test_ranges_of_measures_become_triangular_multipliers():
    found = regret.spreads_of(case())
    assert found == {
        "capex/film": Spread("triangular", (0.8, 1.0, 1.5)),
        "saving/film": Spread("triangular", (0.5, 1.0, 1.2)),
    }


def test_a_schedule_with_margins_meets_its_target_in_nine_draws_of_ten():
    """The grid factor may turn out up to 10 % higher or lower: without a margin half of the draws miss the cap. The
    factor's upper tenth begins at 1.08: a margin of 0.08·0.7 = 0.056 t. 644 kWh left hold up to a factor of 0.7/0.644 =
    1.087, in 93.5 % of draws."""
    of = case()
    drawn = regret.world(of, draw({"factor/electricity": Spread("uniform", (0.9, 1.1))}, 1000, seed=1))
    plain = regret.play(of, successive.solve(of).answer.built, drawn)
    assert float(plain.all_hold.mean()) == pytest.approx(0.5, abs=0.01)
    found = regret.robust(of, drawn)
    assert found.enough
    assert found.all_hold == pytest.approx(0.935, abs=0.003)
    assert found.shares["cap"] == found.all_hold
    assert found.cost_of_margins > 10
    assert found.outcome.answer.co2_t[1] == pytest.approx(0.644, rel=1e-3)
    assert found.margins["cap"][2027] == pytest.approx(0.056, rel=0.005)


def test_margins_that_no_schedule_can_keep_leave_the_best_that_was_found_and_say_so():
    """The most that can go leaves 1000·0.7·0.6 = 420; a cap of 0.42 t holds in half of the draws whatever is done."""
    of = case(targets=[{"id": "cap", "kind": "co2_path", "values": {2027: 0.42}}])
    drawn = regret.world(of, draw({"factor/electricity": Spread("uniform", (0.9, 1.1))}, 200, seed=1))
    found = regret.robust(of, drawn)
    assert not found.enough
    assert found.all_hold == pytest.approx(0.5, abs=0.02)
    assert found.margins == {}


@pytest.mark.parametrize(
    ("target", "holds"),
    [
        ({"id": "t", "kind": "energy_path", "values": {2026: 0.07, 2027: 0.075}}, [True, False]),
        ({"id": "t", "kind": "intensity", "value": 0.0072, "year": 2027, "of": "energy"}, [True, False]),
        ({"id": "t", "kind": "intensity", "value": 0.075, "year": 2027}, [True, False]),
        ({"id": "t", "kind": "peak", "year": 2026}, [True, True]),
        ({"id": "t", "kind": "peak", "year": 2026, "value": 0.75}, [True, False]),
    ],
    ids=["energy", "energy per GDP", "CO2 per GDP", "peak", "peak with a cap"],
)
def test_every_kind_of_target_is_judged_in_each_draw(target, holds):
    """700 kWh (0.07 tce, 0.7 t) in the first draw, 770 in the second; GDP 10."""
    of = case(targets=[target], gdp=10)
    drawn = regret.world(of, told(base__cooling=[1, 1.1]))
    assert regret.play(of, np.array([[100.0, 0], [0, 0]]), drawn).all_hold.tolist() == holds


def test_what_is_built_counts_the_same_in_every_draw():
    counted = {"id": "film", "unit": "m2", "potential": 100, "life": 1, "capex": 1, "saves": {"electricity": 0},
               "counts": {"area": 1, "stands": 1, "part": 1}}  # fmt: skip
    targets = [
        {"id": "area", "kind": "sum", "value": 90, "year": 2027, "unit": "m2", "done": 10},
        {"id": "stands", "kind": "level", "value": 60, "year": 2027, "unit": "m2", "base": 20},
        {"id": "part", "kind": "share", "value": 0.5, "year": 2027, "unit": "", "base_in": 100},
    ]
    of = case(measures=[counted], targets=targets)
    drawn = regret.world(of, told(base__cooling=[1, 1.1]))
    played = regret.play(of, np.array([[40.0, 40]]), drawn)
    assert played.short["area"][:, 0] == pytest.approx([0, 0])
    assert played.short["stands"][:, 0] == pytest.approx([0, 0])
    assert played.short["part"][:, 0] == pytest.approx([0.1, 0.1])
