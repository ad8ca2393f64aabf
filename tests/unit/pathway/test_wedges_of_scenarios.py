"""Wedges and sensitivity of a model, small enough to work out by hand.

Two sectors: offices, area 100 万m2 × 50 kWh/m2 × grid 0.5 kg/kWh, and heating, 10 万m2 × 100 kWh/m2 split between
electricity (0.4) and gas. All of it holds unless a scenario says otherwise; 1 万m2 × 1 kWh/m2 is 1 万kWh.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.pathway.compute import Compiled, compile
from dafeng.pathway.draws import draw
from dafeng.pathway.model import read_model
from dafeng.pathway.sensitivity import of_scenario
from dafeng.pathway.wedges import changed, grouped, of_scenarios

PLAN = {
    "drivers/grid": 0.4,
    "branches/办公/electricity/intensity": 40,
    "branches/供暖/electricity/share": 0.9,
    "branches/供暖/natural_gas/share": 0.1,
}


def branch(path: str, activity: float, intensity: float, **more: Any) -> dict[str, Any]:
    units = {"activity_unit": "万m2", "intensity_unit": "kWh/m2"}
    return {"path": path, "activity": activity, "intensity": intensity, "share": 1, **units, **more}


def model(plan: dict[str, Any] = PLAN, uncertain: list[dict[str, str]] | None = None) -> Compiled:
    driver = {"history": {2025: 0.5}, "value": "hold()", "unit": "tCO2/MWh"}
    data = {
        "years": {"first": 2025, "base": 2025, "last": 2027},
        "carriers": {"natural_gas": "MWh"},
        "drivers": [{"name": "grid", **driver}, {"name": "co2_natural_gas", **driver, "history": {2025: 0.2}}],
        "branches": [
            branch("办公/electricity", 100, 50, history={2025: 5000}),
            branch("供暖/electricity", 10, 100, share=0.4, share_of="heat", history={2025: 400}),
            branch("供暖/natural_gas", 10, 100, share=0.6, share_of="heat", history={2025: 6000}),
        ],
        "scenarios": [{"name": "reference"}, {"name": "plan", "parent": "reference", "set": plan}],
        "uncertain": uncertain or [],
    }
    return compile(read_model(data, load_catalogue().unit_table))


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return model()


def test_three_groups_by_hand(compiled: Compiled):
    """Offices 50,000 → 40,000 MWh; heating 4,000 → 9,000 MWh of power and 6,000 → 1,000 of gas; grid 0.5 → 0.4.

    grid:    power is 54 without, 44 with offices, 59 with heating, 49 GWh with both: −0.1 of each, weights 2 1 1 2:
             −(2·5400 + 4400 + 5900 + 2·4900)/6 = −5150 t
    offices: −10 GWh at 0.5 in half of the orders, at 0.4 in the other: −4500 t
    heating: 5 GWh of power at 0.45 less 5 GWh of gas at 0.2: 2250 − 1000 = 1250 t
    """
    found = of_scenarios(compiled, "reference", "plan")
    assert found.groups == ("grid", "办公", "供暖")
    assert found.wedge.shape == (3, 1, 3)
    assert found.wedge[:, 0, 2].tolist() == pytest.approx([-5150, -4500, 1250])
    assert found.wedge[:, 0, 0].tolist() == pytest.approx([0, 0, 0])
    assert (found.start[0, 2], found.end[0, 2]) == pytest.approx((28_200, 19_800))
    assert found.difference[0, 2] == pytest.approx(-8400)


def test_a_fixed_order_and_groups_of_ones_own(compiled: Compiled):
    found = of_scenarios(compiled, "reference", "plan", rule="order", order=["办公", "grid"])
    assert found.groups == ("办公", "grid", "供暖")
    # Offices at 0.5: −5000; the grid over 44 GWh: −4400; heating at 0.4: 2000 − 1000.
    assert found.wedge[:, 0, 1].tolist() == pytest.approx([-5000, -4400, 1000])
    two = of_scenarios(compiled, "reference", "plan", group_of=lambda key: "grid" if "grid" in key else "demand")
    assert two.groups == ("grid", "demand")
    assert two.wedge[:, 0, 2].tolist() == pytest.approx([-(5400 + 4900) / 2, -8400 + (5400 + 4900) / 2])


def test_the_way_back_is_the_way_there_with_the_other_sign(compiled: Compiled):
    there, back = of_scenarios(compiled, "reference", "plan"), of_scenarios(compiled, "plan", "reference")
    assert back.groups == there.groups
    assert back.wedge == pytest.approx(-there.wedge)


def test_shares_that_must_make_one_are_never_parted(compiled: Compiled):
    keys = changed(compiled.model, "reference", "plan")
    found = grouped(compiled.model, keys, lambda key: key)
    assert found["branches/供暖/electricity/share"] == (
        "branches/供暖/electricity/share",
        "branches/供暖/natural_gas/share",
    )


def test_wedges_add_up_in_every_draw():
    one = {"of": "drivers/grid", "as": "multiplicative", "spread": "normal(1, 0.1)"}
    compiled = model(uncertain=[one])
    draws = draw(compiled.model.spreads, 50, seed=1)
    found = of_scenarios(compiled, "reference", "plan", draws=draws)
    assert found.wedge.shape == (3, 50, 3)
    total = compiled.run(draws, ["reference", "plan"]).total()
    assert found.wedge.sum(axis=0) == pytest.approx(total[:, 1] - total[:, 0], rel=1e-12)
    assert found.wedge[0, :, 2].std() > 0


def test_scenarios_that_do_not_differ_have_no_wedge(compiled: Compiled):
    found = of_scenarios(compiled, "plan", "plan")
    assert found.groups == ()
    assert found.wedge.shape == (0, 1, 3)
    assert not found.difference.any()


def test_a_scenario_that_the_model_lacks_is_named(compiled: Compiled):
    for start, end in (("reference", "plam"), ("plam", "plan")):
        with pytest.raises(BadInput) as raised:
            of_scenarios(compiled, start, end)
        assert raised.value.problems[0].code == "pathway.unknown-scenario"


def test_sensitivity_of_a_scenario_by_hand():
    """CO2 2026 = 54,000 × 0.5 × (1 + u) + 6,000 × 0.2 × (1 + v): variances (27,000 · 0.01)² and (1,200 · 0.2)²."""
    rows = [
        {"of": "drivers/grid", "as": "multiplicative", "spread": "normal(1, 0.01)"},
        {"of": "drivers/co2_natural_gas", "as": "multiplicative", "spread": "normal(1, 0.2)"},
    ]
    found = of_scenario(model(uncertain=rows), "reference", [2025, 2026], seed=1)
    shares = np.array([270**2, 240**2]) / (270**2 + 240**2)
    assert found.names == ("drivers/grid", "drivers/co2_natural_gas")
    assert found.total[:, 1] == pytest.approx(shares, abs=0.01)
    assert found.first[:, 1] == pytest.approx(shares, abs=0.02)
    assert found.variance.tolist() == pytest.approx([0, 270**2 + 240**2], rel=0.02)
    # History is known.
    assert found.total[:, 0].tolist() == [0, 0]
