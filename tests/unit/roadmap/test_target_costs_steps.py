"""What targets cost: by hand, and beside the same question asked by solving anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap import successive
from dafeng.roadmap.case import Case
from dafeng.roadmap.reading import read_case
from dafeng.roadmap.target_costs import carbon_prices, target_costs


def case(targets: list[dict[str, Any]], measures: list[dict[str, Any]] | None = None, **more: Any) -> Case:
    """Power is free, so that only capital counts; 1 kWh is 1 kg."""
    counts = {"area": 1} if any(one["id"] == "area" for one in targets) else {}
    given = {
        "years": {"first": 2026, "last": 2027},
        "discount": 0.10,
        "carriers": {"electricity": "kWh"},
        "base": {"cooling": {"electricity": 1000}, "light": {"electricity": 1000}},
        "factors": {"electricity": 0.001},
        "prices": {"electricity": 0},
        "measures": measures
        or [
            {"id": "led", "unit": "m2", "potential": 100, "life": 20, "group": "light", "capex": 11,
             "saves": {"electricity": 5}, "counts": counts},
            {"id": "film", "unit": "m2", "potential": 100, "life": 20, "group": "cooling", "capex": 22,
             "saves": {"electricity": 5}, "counts": counts},
        ],
        "targets": targets,
        **more,
    }  # fmt: skip
    return read_case(given, Place("case.yaml"))


CAP = {"id": "cap", "kind": "co2_path", "values": {2027: 1.4}}
AREA = {"id": "area", "kind": "sum", "year": 2027, "value": 60, "unit": "m2"}


def test_what_dropping_and_raising_each_target_costs_by_hand():
    """0.6 t must go: 100 m² of LED (0.5 t) and 20 m² of film, all in 2027, at 10 and 20 CNY of 2026: 1400. Without the
    cap 60 m² of LED: 600. Without the area nothing changes. Five per cent of 1.4 t more: 14 m² of film, 280."""
    costs = {one.target.id: one for one in target_costs(successive.solve(case([CAP, AREA])))}
    assert costs["cap"].saved_without == pytest.approx(800, rel=1e-6)
    assert costs["cap"].step == pytest.approx(0.07)
    assert costs["cap"].step_cost == pytest.approx(280, rel=1e-6)
    assert costs["area"].saved_without == pytest.approx(0, abs=1e-6)
    assert costs["area"].step_cost == pytest.approx(0, abs=1e-6)
    assert "800" in costs["cap"].about.en


def test_a_step_that_cannot_be_met_says_so():
    """At most 1 t can go; a cap of 1.4 − 0.5 t asks for 1.1."""
    (found,) = target_costs(successive.solve(case([CAP])), steps={"cap": 0.5})
    assert found.step_cost is None
    assert "cannot" in found.about.en


def test_the_price_of_carbon_by_hand_and_by_a_finite_difference():
    """Film saves 5 kg a m² at 22 CNY of 2027: 4400 CNY a tonne in 2027; a tonne of 2026 costs nothing."""
    of = case([CAP, AREA])
    outcome = successive.solve(of)
    assert carbon_prices(outcome.program) == pytest.approx([0, 4400], abs=1e-6)
    more = replace(of, base_co2_t=of.base_co2_t + np.array([0, 0.01]))
    other = successive.solve(more)
    assert outcome.exact is not None
    assert other.exact is not None
    difference = (other.exact.cost - outcome.exact.cost) / 0.01 * 1.1
    assert difference == pytest.approx(4400, rel=1e-6)


def overlapping() -> Case:
    """Two measures in one pool: film after LED of the same use saves of what is left."""
    measures = [
        {"id": name, "unit": "m2", "potential": 100, "life": 20, "group": "cooling", "capex": capex,
         "saves": {"electricity": 5}}
        for name, capex in (("cheap", 11), ("dear", 22))
    ]  # fmt: skip
    return case([{"id": "cap", "kind": "co2_path", "values": {2027: 1.4}}], measures)


def test_the_price_of_carbon_counts_the_overlap():
    """After the cheap one has halved the pool, the dear one saves 2.5 kg a m²: 8800 CNY a tonne. The finite
    difference of the exact cost says the same."""
    of = overlapping()
    outcome = successive.solve(of)
    assert carbon_prices(outcome.program)[1] == pytest.approx(8800, rel=1e-6)
    other = successive.solve(replace(of, base_co2_t=of.base_co2_t + np.array([0, 0.001])))
    assert outcome.exact is not None
    assert other.exact is not None
    assert (other.exact.cost - outcome.exact.cost) / 0.001 * 1.1 == pytest.approx(8800, rel=1e-3)


def test_asking_exactly_solves_anew_with_the_overlaps():
    """0.6 t of 1: cheap 100 m² and dear 40 m²: 1000 + 800 CNY. Dropped: all saved. 0.07 t more: 28 m², 560."""
    (found,) = target_costs(successive.solve(overlapping()), exactly=True)
    assert found.saved_without == pytest.approx(1800, rel=1e-6)
    assert found.step_cost == pytest.approx(560, rel=1e-6)


def test_a_share_whose_coefficients_change_is_raised_too():
    """Half, then 60 % of 100 lamps: 50 and 60 lamps of LED at 10 CNY of 2026."""
    measures = [
        {"id": "led", "unit": "piece", "potential": 100, "life": 20, "capex": 11, "saves": {"electricity": 1},
         "counts": {"share": 1}, "counts_in": {"share": 0}}
    ]  # fmt: skip
    target = {"id": "share", "kind": "share", "year": 2027, "value": 0.5, "base_in": 100, "base": 0, "unit": ""}
    (found,) = target_costs(successive.solve(case([target], measures)), steps={"share": 0.1})
    assert found.saved_without == pytest.approx(500, rel=1e-6)
    assert found.step_cost == pytest.approx(100, rel=1e-6)


def test_an_infeasible_answer_has_no_cost_of_targets():
    outcome = successive.solve(case([CAP], budgets=[{"amount": 100}]))
    with pytest.raises(ValueError, match="without a schedule"):
        target_costs(outcome)
