"""The program, worked by hand: two measures over three years.

LED: 100 m2, 40 a year, 30 yuan and 10 kWh/a each, ten years. PV: 50 kW, 20 a year, 3,000 yuan and 1,000 kWh/a each.
Without them 100,000 kWh a year at 0.8 yuan and 0.5 kg/kWh: 50 t. No discount, so that every figure is by head.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.case import Case, alive, standalone
from dafeng.roadmap.program import assemble, set_effects
from dafeng.roadmap.reading import read_case
from dafeng.roadmap.solver import Solver
from dafeng.roadmap.solving import solve, switched_off

DATA: dict[str, Any] = {
    "id": "hand",
    "years": {"first": 2026, "last": 2028},
    "discount": 0,
    "carriers": {"electricity": {"unit": "kWh", "tce": 0.0003}},
    "base": {"offices": {"electricity": 100_000}},
    "factors": {"electricity": {"value": 0.5, "unit": "tCO2/MWh"}},
    "prices": {"electricity": 0.8},
    "measures": [
        {
            "id": "led", "unit": "m2", "potential": 100, "build_rate": 40, "capex": 30, "life": 10,
            "saves": {"electricity": 10}, "fund": "f", "counts": {},
        },
        {
            "id": "pv", "unit": "kW", "potential": 50, "build_rate": 20, "capex": 3000, "life": 20,
            "saves": {"electricity": {"value": 1, "unit": "MWh"}}, "fund": "f",
        },
    ],
}  # fmt: skip


def data(**more: Any) -> dict[str, Any]:
    return {**copy.deepcopy(DATA), **more}


def case(**more: Any) -> Case:
    return read_case(data(**more), Place(file="hand.yaml"))


def with_measure(index: int, **more: Any) -> dict[str, Any]:
    found = data()
    found["measures"][index].update(more)
    return found


def built(answer) -> dict[str, list[float]]:
    return {one.id: [round(float(value), 6) for value in answer.built[m]] for m, one in enumerate(answer.case.measures)}


def test_only_what_pays_within_the_years_is_built_when_nothing_is_asked():
    # An LED of 2026 costs 30 and saves 3 × 8 = 24: it does not pay by 2028; PV saves 2,400 of 3,000.
    answer = solve(case())
    assert answer.status == "ok"
    assert answer.schedule == ()
    assert answer.cost == 0.0
    # Counted by its annuities alone, an LED of 2026 costs 30 × 3/10 = 9 for 24 saved, one of 2027 6 for 16, of 2028 3
    # for 8; PV of 2026 costs 3,000 × 3/20 = 450 for 2,400. All that can be built is built as early as it can be.
    answer = solve(case(residual="annuity"))
    assert built(answer) == {"led": [40, 40, 20], "pv": [20, 20, 10]}
    led = 40 * (9 - 24) + 40 * (6 - 16) + 20 * (3 - 8)
    pv = 20 * (450 - 2400) + 20 * (300 - 1600) + 10 * (150 - 800)
    assert answer.cost == pytest.approx(led + pv)


def test_the_cheapest_way_to_a_cap_is_led_first_and_the_rest_pv_as_late_as_it_may_be():
    # 2028 may have 40 t: 20,000 kWh less. LED by 2028 at most 100 m2 = 1,000 kWh. An LED of 2026 costs 30 − 24 = 6 per
    # 10 kWh of 2028, a PV kW 3,000 − 2,400 = 600 per 1,000: both 0.6 per kWh. Later ones cost more: 30 − 16 = 14 and
    # 3,000 − 1,600 = 1,400 (1.4 per kWh), 22 and 2,200 (2.2). So 2026 is full: 400 + 20,000 kWh ≥ 20,000.
    answer = solve(case(targets=[{"id": "cap", "kind": "co2_path", "value": 40, "year": 2028}]))
    assert answer.cost == pytest.approx(20_000 * 0.6)
    target = answer.targets[0]
    assert target.met
    # One tonne less is 2,000 kWh, of which 400 kWh are still to be had at 0.6 and the rest at 1.4; at the margin 0.6.
    assert target.shadow_cost == pytest.approx(2_000 * 0.6)
    assert answer.co2_t[2] == pytest.approx(40)
    # 39 t: 22,000 kWh, of which 20,400 in 2026 at 0.6 and 1,600 in 2027 at 1.4; a further tonne costs 2,000 × 1.4.
    answer = solve(case(targets=[{"id": "cap", "kind": "co2_path", "value": 39, "year": 2028}]))
    assert answer.cost == pytest.approx(20_400 * 0.6 + 1_600 * 1.4)
    assert answer.targets[0].shadow_cost == pytest.approx(2_000 * 1.4)


def test_the_shadow_cost_of_a_sum_is_what_one_more_unit_costs():
    found = with_measure(0, counts={"area": True})
    found["targets"] = [{"id": "area", "kind": "sum", "value": 90, "year": 2028, "unit": "m2"}]
    answer = solve(read_case(found, Place()))
    # 40 of 2026 at 6, 40 of 2027 at 14, 10 of 2028 at 22; one more at 22.
    assert answer.cost == pytest.approx(40 * 6 + 40 * 14 + 10 * 22)
    assert answer.targets[0].shadow_cost == pytest.approx(22)
    assert answer.targets[0].years[0].value == pytest.approx(90)


def test_discounting_is_to_the_first_year():
    found = with_measure(0, counts={"area": 1})
    found |= {"discount": 0.1, "targets": [{"id": "area", "kind": "sum", "value": 40, "year": 2026, "unit": "m2"}]}
    saved = 8 * (1 + 1 / 1.1 + 1 / 1.21)
    assert solve(read_case(found, Place())).cost == pytest.approx(40 * (30 - saved))


def test_a_stock_ends_with_its_life_and_may_be_built_again():
    found = with_measure(0, life=1, counts={"floor": 1}, potential=30)
    values = {2026: 10, 2027: 20, 2028: 30}
    found["targets"] = [{"id": "floor", "kind": "level", "value": values, "unit": "m2"}]
    answer = solve(read_case(found, Place()))
    assert built(answer)["led"] == [10, 20, 30]
    assert alive(answer.case, answer.built)[0].tolist() == pytest.approx([10, 20, 30])


def test_a_budget_and_its_subsidy_take_from_their_funds():
    # Of each PV kW half is paid by “city”, which has 15,000 in 2026: ten kW. The owner's fund pays the other half.
    found = with_measure(1, counts={"power": 1})
    found["policy"] = {"subsidies": [{"of": "pv", "share": 0.5, "fund": "city"}]}
    found["budgets"] = [{"fund": "city", "year": 2026, "amount": 1.5, "unit": "万元"}]
    found["targets"] = [{"id": "power", "kind": "sum", "value": 25, "year": 2027, "unit": "kW"}]
    answer = solve(read_case(found, Place()))
    # A kW of 2026 costs the owner 1,500 − 2,400 < 0, one of 2027 1,500 − 1,600 < 0, of 2028 1,500 − 800.
    assert built(answer)["pv"] == [10, 20, 0]
    assert answer.cost == pytest.approx(10 * -900 + 20 * -100)
    assert [line.subsidy for line in answer.schedule] == pytest.approx([15_000, 30_000])


def test_the_growth_of_a_build_rate_begins_from_its_start():
    found = with_measure(0, build_rate=1000, growth={"rate": 0.5, "start": 10}, counts={"area": 1})
    found["targets"] = [{"id": "area", "kind": "sum", "value": 82.5, "year": 2028, "unit": "m2"}]
    # 10, 25 = 1.5 × 10 + 10, 47.5 = 1.5 × 25 + 10: 82.5 is just what can be.
    assert built(solve(read_case(found, Place())))["led"] == [10, 25, 47.5]


def test_a_least_order_is_kept_or_nothing_is_built():
    found = with_measure(0, min=25, counts={"area": 1})
    found["targets"] = [{"id": "area", "kind": "sum", "value": 45, "year": 2028, "unit": "m2"}]
    # 40 of 2026 and 5 of 2027 would be cheapest; an order is 25 at least: 40 + 25, or 25 + 25 …: 40·6 + 25·14 = 590,
    # 25·6 + 25·14 = 500, and so on: 25 in 2026 and 25 in 2027 is least, since all of them lose.
    answer = solve(read_case(found, Place()))
    assert answer.cost == pytest.approx(25 * 6 + 25 * 14)
    assert built(answer)["led"] == [25, 25, 0]
    assert answer.gap is not None
    assert answer.gap <= 1e-3


def test_measures_that_exclude_each_other_share_the_stock_three_at_a_time_too():
    found = data()
    found["measures"] = [
        {**DATA["measures"][0], "id": name, "build_rate": 100, "excludes": [one for one in "abc" if one != name],
         "counts": {"area": 1}}
        for name in "abc"
    ]  # fmt: skip
    found["targets"] = [{"id": "area", "kind": "level", "value": 100, "year": 2028, "unit": "m2"}]
    assert solve(read_case(found, Place())).status == "ok"
    # Pair by pair, half of each would stand together as 150; the three have one floor area of 100.
    found["targets"][0]["value"] = 101
    assert solve(read_case(found, Place())).status == "infeasible"


def test_a_prerequisite_is_built_with_what_needs_it():
    found = with_measure(1, prerequisites=[{"measure": "led", "ratio": 2}], counts={"power": 1})
    found["measures"][0]["existing"] = 10
    found["targets"] = [{"id": "power", "kind": "level", "value": 20, "year": 2026, "unit": "kW"}]
    # 20 kW need 40 m2, ten stand already.
    assert built(solve(read_case(found, Place())))["led"] == [30, 0, 0]


def test_labour_limits_what_is_built_in_a_year():
    found = with_measure(1, labour={"electricians": 0.5}, counts={"power": 1})
    found["labour"] = {"electricians": {2026: 5, 2028: 10}}
    found["targets"] = [{"id": "power", "kind": "sum", "value": 45, "year": 2028, "unit": "kW"}]
    assert built(solve(read_case(found, Place())))["pv"] == [10, 15, 20]


def test_no_year_after_the_peak_is_above_it_though_the_base_grows():
    found = data(base={"offices": {"electricity": {2026: 100_000, 2028: 110_000}}})
    found["targets"] = [{"id": "peak", "kind": "peak", "year": 2027}]
    # 2028 may not be above 2027. What stands in 2027 lowers both; only what is new in 2028 closes the 5,000 kWh: 500 m2
    # of LED there are not, so 5 kW of PV, or less with the 40 m2; PV and LED of 2028 both cost 2.2 per kWh.
    answer = solve(read_case(found, Place()))
    assert answer.cost == pytest.approx(5_000 * 2.2)
    assert answer.co2_t[2] == pytest.approx(answer.co2_t[1])


def test_an_intensity_is_bounded_by_gdp_and_a_share_by_what_it_is_of():
    found = with_measure(1, counts={"share": 1}, counts_in={"share": 1})
    found |= {
        "gdp": 100,
        "targets": [
            {"id": "co2", "kind": "intensity", "value": 0.45, "year": 2028},
            {"id": "energy", "kind": "intensity", "of": "energy", "value": 0.27, "year": 2028},
            {"id": "share", "kind": "share", "value": 0.25, "year": 2028, "base": 10, "base_in": 60},
        ],
    }
    answer = solve(read_case(found, Place()))
    by_id = {one.target.id: one for one in answer.targets}
    # 45 t and 27 tce both mean 10,000 kWh less; (10 + x)/(60 + x) ≥ 0.25 needs x = 20/3 kW: less.
    assert by_id["co2"].years[0].value == pytest.approx(0.45)
    assert by_id["energy"].years[0].value == pytest.approx(0.27)
    assert by_id["share"].met
    assert answer.cost == pytest.approx(10_000 * 0.6)
    # Alone, the share is just reached, with 20/3 kW at 600.
    found["targets"] = found["targets"][2:]
    answer = solve(read_case(found, Place()))
    assert answer.cost == pytest.approx(20 / 3 * 600)
    assert answer.targets[0].years[0].value == pytest.approx(0.25)
    # d cost / d share: x = (60s − 10)/(1 − s), so dx/ds = 50/(1 − s)² = 50/0.5625, at 600 each.
    assert answer.targets[0].shadow_cost == pytest.approx(600 * 50 / 0.5625)


def test_columns_follow_from_what_is_built():
    program = assemble(case())
    values = program.columns(np.array([[40.0, 0, 0], [0, 20.0, 0]]))
    activity = program.matrix @ values
    assert activity == pytest.approx(np.where(np.isfinite(program.row_upper), program.row_upper, activity))
    at = program.at
    assert values[at.saved(0, 0) : at.saved(0, 0) + 3] == pytest.approx([400, 20_400, 20_400])
    assert values[at.co2(0) : at.co2(0) + 3] == pytest.approx([49.8, 39.8, 39.8])


def test_a_constant_and_halved_savings_change_the_answer_in_place_as_anew():
    cap = [{"id": "cap", "kind": "co2_path", "value": 45, "year": 2028}]
    program = assemble(case(targets=cap))
    halved = standalone(program.case)
    halved.each[:] *= 0.5
    halved.constant[:] = 100.0
    set_effects(program, halved)
    again = assemble(case(targets=cap), halved)
    one, other = Solver(program).run(), Solver(again).run()
    # 10,000 kWh less: 100 are saved anyway; PV of 2026 saves 500 and costs 3,000 − 1,200, LED 30 − 12 for 5: 3.6 per
    # kWh, and 9,900 of them; the 100 kWh of every year are worth 240.
    assert one.cost == pytest.approx(9_900 * 3.6 - 240)
    assert other.cost == pytest.approx(one.cost)
    assert abs(program.matrix - again.matrix).max() == 0


def test_switching_a_measure_off_costs_what_solving_without_it_costs():
    found = case(targets=[{"id": "cap", "kind": "co2_path", "value": 35, "year": 2028}])
    off = switched_off(assemble(found), [[0], [1]])
    assert off[0].cost == pytest.approx(solve(found.without("led")).cost)
    # Without PV the cap is out of reach.
    assert off[1].status == "infeasible"
    assert solve(found.without("pv")).status == "infeasible"
