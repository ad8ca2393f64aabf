"""What a case means, by hand: discounting, learning, annuities, units, zones."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.case import Case, alive, annuities, standalone
from dafeng.roadmap.reading import read_case

DATA: dict[str, Any] = {
    "id": "hand",
    "years": {"first": 2026, "last": 2029},
    "discount": 0.05,
    "carriers": {"electricity": {"unit": "kWh", "tce": 0.0003}, "gas": "m3"},
    "base": {"offices": {"electricity": 1000, "gas": {2026: 100, 2028: 80, 2029: 70}}, "shops": {"electricity": 500}},
    "base_co2_t": 2,
    "factors": {
        "purpose": "inventory",
        "electricity": {"value": {2026: 0.6, 2029: 0.3}, "unit": "tCO2/MWh"},
        "gas": {"value": 21.6, "unit": "tCO2/万m3"},
    },
    "purposes": {"trading": {"electricity": {"value": 0.42, "unit": "tCO2/MWh"}}},
    "prices": {"electricity": 0.8, "gas": {"value": 4, "unit": "元/m3"}},
    "policy": {"taxes": {"gas": 1}, "co2_price": 100},
    "measures": [
        {
            "id": "pump", "name": {"zh": "热泵", "en": "Heat pump"}, "unit": "m2", "zones": {"北": 10, "南": 30},
            "capex": {"value": 100, "unit": "元/m2"}, "learning": 0.1, "life": 2, "saves": {"gas": 0.5},
            "uses": {"electricity": 1.5}, "ranges": {"capex": [70, 220]}, "assumed": ["capex"],
        }
    ],
}  # fmt: skip


def case(**more: Any) -> Case:
    return read_case({**copy.deepcopy(DATA), **more}, Place(file="hand.yaml"))


def test_a_measure_stands_in_each_of_its_zones():
    found = case()
    assert [one.key for one in found.measures] == [("pump", "北"), ("pump", "南")]
    assert [float(one.potential[0]) for one in found.measures] == [10, 30]
    assert found.measures[0].name.en == "Heat pump"
    assert found.measures[1].ranges == {"capex": (70, 220)}


def test_values_between_two_years_lie_on_a_line_and_units_are_converted():
    found = case()
    assert found.factors["electricity"] == pytest.approx([0.6e-3, 0.5e-3, 0.4e-3, 0.3e-3])
    assert found.factors["gas"] == pytest.approx([21.6e-4] * 4)
    assert found.purposes["trading"]["electricity"] == pytest.approx([0.42e-3] * 4)
    assert found.base["offices"]["gas"] == pytest.approx([100, 90, 80, 70])


def test_energy_and_co2_without_measures_are_the_sums_of_the_groups():
    found = case()
    assert found.carriers == ("electricity", "gas")
    assert found.energy[0] == pytest.approx([1500] * 4)
    # 1,500 kWh × 0.6 kg + 100 m3 × 2.16 kg + 2 t
    assert found.base_co2[0] == pytest.approx(0.9 + 0.216 + 2)


def test_a_price_has_its_tax_in_it():
    assert case().price[1] == pytest.approx([5] * 4)


def test_costs_fall_by_learning_and_are_discounted_to_the_first_year():
    found = case()
    assert found.capex(found.measures[0]) == pytest.approx([100, 90, 81, 72.9])
    assert found.discounts == pytest.approx([1, 1 / 1.05, 1 / 1.05**2, 1 / 1.05**3])


def test_of_capital_only_the_annuities_within_the_years_count_where_wanted():
    found = case(residual="annuity")
    # Life of two years: the last year pays the first of two payments, 1 of 1 + 1/1.05.
    assert found.counted(found.measures[0]) == pytest.approx([1, 1, 1, 1 / (1 + 1 / 1.05)])
    assert case().counted(found.measures[0]) == pytest.approx([1, 1, 1, 1])
    assert annuities(0.05, np.array([1.0, 2.0])) == pytest.approx([1, 1 + 1 / 1.05])
    assert annuities(0.0, np.array([3.0])) == pytest.approx([3])


def test_a_stock_is_alive_for_its_life():
    built = np.array([[1.0, 2, 0, 0], [0, 0, 5, 0]])
    assert alive(case(), built).tolist() == [[1, 3, 2, 0], [0, 0, 5, 5]]


def test_alone_a_measure_saves_what_it_saves_less_what_it_uses():
    effects = standalone(case())
    assert effects.each[0, :, 0].tolist() == [-1.5, 0.5]
    assert not effects.constant.any()


def test_a_case_without_a_measure_keeps_its_shape():
    found = case().without("pump")
    assert [float(one.potential.max()) for one in found.measures] == [0, 0]


def test_backlog_is_a_target_with_the_year_that_a_person_set():
    given = copy.deepcopy(DATA["measures"])
    given[0]["counts"] = {"area": True}
    target = {"id": "area", "kind": "sum", "value": 20, "unit": "m2", "year": 2025, "backlog": 2027, "done": 5}
    found = case(measures=given, targets=[target]).targets[0]
    assert (found.values, found.missed, found.done) == ({2027: 20.0}, 2025, 5.0)
