"""The abatement cost curve by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.case import Case
from dafeng.roadmap.curve import curve
from dafeng.roadmap.interactions import Overlap
from dafeng.roadmap.reading import read_case


def case(*measures: dict[str, Any], **more: Any) -> Case:
    """One pool of 1000 kWh and 200 m³ of gas; nothing is discounted, so that capital over a life of 10 is a tenth."""
    given = {
        "years": {"first": 2026, "last": 2027},
        "discount": 0,
        "carriers": {"electricity": "kWh", "gas": "m3"},
        "base": {"cooling": {"electricity": 1000}, "kitchen": {"gas": 200}},
        "factors": {"purpose": "inventory", "electricity": 0.001, "gas": 0.002},
        "prices": {"electricity": 1, "gas": 4},
        "measures": [{"unit": "m2", "potential": 100, "life": 10, **one} for one in measures],
        "targets": [],
        **more,
    }
    return read_case(given, Place("case.yaml"))


DEAR = {"id": "dear", "group": "cooling", "capex": 100, "saves": {"electricity": 4}}
CHEAP = {"id": "cheap", "group": "cooling", "capex": 40, "saves": {"electricity": 5}}


def test_each_measure_is_worked_out_given_all_cheaper_ones():
    """Cheap: 400 CNY a year less 500 kWh: −100 for 0.5 t, −200 a tonne. Dear then saves 40 % of the other 500: 1000 −
    200 = 800 for 0.2 t, 4000 a tonne; alone it would be 1000 − 400 = 600 for 0.4 t, 1500."""
    found = curve(case(DEAR, CHEAP), 2026)
    cheap, dear = found.steps
    assert [one.measure for one in found.steps] == ["cheap", "dear"]
    assert (cheap.cost, cheap.co2_t, cheap.per_t) == pytest.approx((-100, 0.5, -200))
    assert (dear.cost, dear.co2_t, dear.per_t) == pytest.approx((800, 0.2, 4000))
    assert (dear.alone_t, dear.alone_per_t) == pytest.approx((0.4, 1500))
    assert (cheap.pays, dear.pays) == (True, False)
    assert (found.co2_t, found.alone_t) == pytest.approx((0.7, 0.9))


def test_a_given_stock_is_drawn_instead_of_the_potential():
    found = curve(case(DEAR, CHEAP), 2026, stock=np.array([0.0, 50.0]))
    (only,) = found.steps
    assert (only.amount, only.cost, only.co2_t) == pytest.approx((50, -50, 0.25))


def test_measures_that_exclude_each_other_share_the_stock_in_the_order_of_the_curve():
    """Cheap takes 60 of 100 m², the other 40 are left for dear: 400 − 160 = 240 CNY for 0.16 t, 1500 a tonne."""
    found = curve(case({**DEAR, "excludes": ["cheap"]}, {**CHEAP, "potential": 60, "stock": 100}), 2026)
    cheap, dear = found.steps
    assert (cheap.amount, dear.amount) == pytest.approx((60, 40))
    assert (dear.cost, dear.co2_t, dear.per_t) == pytest.approx((240, 0.16, 1500))


def test_a_switch_that_raises_co2_is_set_apart_and_is_on_the_curve_under_the_other_purpose():
    """5 m³ of gas, 10 kg, against 12 kWh: 12 kg at 0.001, 6 at 0.0005."""
    kitchen = {"id": "kitchen", "group": "kitchen", "capex": 10, "life": 10, "potential": 10,
               "saves": {"gas": 5}, "uses": {"electricity": 12}}  # fmt: skip
    of = case(kitchen, CHEAP, purposes={"ets": {"electricity": 0.0005}})
    inventory, ets = curve(of, 2026), curve(of, 2026, purpose="ets")
    assert [one.measure for one in inventory.raises] == ["kitchen"]
    assert inventory.raises[0].co2_t == pytest.approx(-0.02)
    assert inventory.raises[0].per_t is None
    (first, second) = ets.steps
    assert {first.measure, second.measure} == {"cheap", "kitchen"}
    assert next(one.co2_t for one in ets.steps if one.measure == "kitchen") == pytest.approx(0.04)


def test_the_order_is_the_greedy_one_and_its_tonnes_add_up():
    """Beside the plain search through all that are left at every step, on 25 drawn measures in two pools."""
    random = np.random.default_rng(3)
    of = case(
        *(
            {"id": f"m{n}", "group": "cooling", "capex": float(random.uniform(5, 90)),
             "saves": {"electricity": float(random.uniform(0.2, 3))}}
            for n in range(25)
        )
    )  # fmt: skip
    found = curve(of, 2027)
    left, chosen, rest = {one.id: one for one in of.measures}, [], 1000.0
    while left:
        per_t = {}
        for name, one in left.items():
            saved = rest * one.saves["electricity"][0] / 10
            per_t[name] = (one.capex * 10 - saved) / (saved * 0.001)
        best = min(per_t, key=lambda name: per_t[name])
        rest *= 1 - left.pop(best).saves["electricity"][0] / 10
        chosen.append(best)
    assert [one.measure for one in found.steps] == chosen
    together = Overlap(of).saved(np.full((25, 2), 100.0)).total[of.carriers.index("electricity"), 1]
    assert found.co2_t == pytest.approx(0.001 * together, rel=1e-9)
    assert found.co2_t < 0.8 * found.alone_t


def test_the_annuity_is_of_the_rate_asked():
    """1000 CNY over 10 years at 8 %: 149.0295 a year."""
    found = curve(case(CHEAP | {"capex": 10, "saves": {"electricity": 0.001}}), 2026, rate=0.08)
    assert found.steps[0].cost == pytest.approx(149.0294887 - 0.1, abs=1e-6)
