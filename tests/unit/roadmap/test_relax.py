"""What to relax where targets cannot be met together, by hand: the two measures and three years of test_program."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.answers import Answer
from dafeng.roadmap.reading import read_case
from dafeng.roadmap.solving import solve

DATA: dict[str, Any] = {
    "id": "hand",
    "years": {"first": 2026, "last": 2028},
    "discount": 0,
    "carriers": {"electricity": {"unit": "kWh"}},
    "base": {"offices": {"electricity": 100_000}},
    "factors": {"electricity": 0.0005},
    "prices": {"electricity": 0.8},
    "measures": [
        {
            "id": "led", "unit": "m2", "potential": 100, "build_rate": 40, "capex": 30, "life": 10,
            "saves": {"electricity": 10}, "fund": "f", "counts": {"area": 1},
        },
        {
            "id": "pv", "unit": "kW", "potential": 50, "build_rate": 20, "capex": 3000, "life": 20,
            "saves": {"electricity": 1000}, "fund": "f", "counts": {"power": 1},
        },
    ],
    "targets": [
        {"id": "area", "kind": "sum", "year": 2028, "value": 60, "unit": "m2"},
        {"id": "power", "kind": "sum", "year": 2028, "value": 30, "unit": "kW"},
    ],
}  # fmt: skip


def answer(relaxed: bool = False, **more: Any) -> Answer:
    return solve(read_case({**copy.deepcopy(DATA), **more}, Place(file="hand.yaml")), relaxed=relaxed)


def targets(area: float, power: float, **of_power: Any) -> list[dict[str, Any]]:
    first, second = copy.deepcopy(DATA["targets"])
    return [first | {"value": area}, second | {"value": power, **of_power}]


def test_a_target_above_the_potential_is_relaxed_to_it():
    found = answer(targets=targets(130, 30))
    assert found.status == "infeasible"
    assert found.schedule == ()
    assert found.cost is None
    assert [(one.target.id, one.year) for one in found.relax] == [("area", 2028)]
    assert found.relax[0].by == pytest.approx(30)
    assert found.relax[0].reached == pytest.approx(100)
    assert {(one.family, one.of) for one in found.held} == {("potential", "led")}


def test_when_asked_the_schedule_with_the_relaxed_target_is_shown_and_is_the_cheapest_such():
    found = answer(relaxed=True, targets=targets(130, 30))
    assert found.status == "relaxed"
    assert found.cost is not None
    # LED 40·6 + 40·14 + 20·22, PV 20·600 + 10·1,400.
    assert found.cost == pytest.approx(240 + 560 + 440 + 12_000 + 14_000, rel=1e-6)
    assert {one.target.id: one.met for one in found.targets} == {"area": False, "power": True}


def test_of_two_targets_on_one_budget_the_one_that_misses_by_the_smaller_share_gives_way():
    # 90,000 yuan: 30 kW need all of it, 60 m2 need 1,800. Giving up 1,800 of PV is 0.6 kW of 30: 2 %; giving up the LED
    # is all of it: 100 %.
    found = answer(budgets=[{"fund": "f", "amount": 90_000}])
    assert [one.target.id for one in found.relax] == ["power"]
    assert found.relax[0].by == pytest.approx(0.6)
    assert [(one.family, one.of, one.year) for one in found.held] == [("budget", "f", None)]


def test_a_binding_target_stands_where_an_anticipatory_one_can_give_way():
    # Now power is binding and area is not: area gives way though that is the larger share.
    given = targets(60, 30)
    given[0]["binding"] = False
    found = answer(budgets=[{"fund": "f", "amount": 90_000}], targets=given)
    assert [one.target.id for one in found.relax] == ["area"]
    assert found.relax[0].by == pytest.approx(60)


def test_one_target_is_relaxed_rather_than_two_though_by_the_larger_share():
    # One a needs a man of each trade, b one of the first, c one of the second; there are ten of each. One a, ten b and
    # ten c are too much by one man in each trade: without a (100 %) one target is missed, with 9 b and 9 c (10 % each)
    # two.
    measures = [
        {**DATA["measures"][0], "id": name, "build_rate": 100, "labour": dict.fromkeys(trades, 1), "counts": {name: 1}}
        for name, trades in (("a", ("first", "second")), ("b", ("first",)), ("c", ("second",)))
    ]
    wanted = [
        {"id": name, "kind": "sum", "year": 2026, "value": value, "unit": "m2"}
        for name, value in (("a", 1), ("b", 10), ("c", 10))
    ]
    found = answer(measures=measures, targets=wanted, labour={"first": 10, "second": 10})
    assert [(one.target.id, pytest.approx(one.by)) for one in found.relax] == [("a", 1)]
    assert {(one.family, one.of) for one in found.held} <= {("labour", "first"), ("labour", "second")}
    assert found.held


def test_a_path_tells_every_year_it_misses_and_names_the_build_rate():
    # 2026: at most 400 + 20,000 kWh less: 39.8 t; 2027: 29.6 t; 2028: 49.5 − 25 = 24.5 t (all potential).
    path = {2026: 35, 2027: 30, 2028: 20}
    found = answer(targets=[{"id": "cap", "kind": "co2_path", "value": path}], measures=[
        {**one, "counts": {}} for one in DATA["measures"]
    ])  # fmt: skip
    assert found.relax[0].years == {2026: pytest.approx(4.8), 2028: pytest.approx(4.5)}
    assert found.relax[0].year == 2026
    held = {(one.family, one.of, one.year) for one in found.held}
    assert held == {
        ("build rate", "led", 2026), ("build rate", "pv", 2026), ("potential", "led", 2028), ("potential", "pv", 2028),
    }  # fmt: skip


def test_the_problem_says_by_how_much_and_what_to_widen_in_both_languages():
    problem = answer(budgets=[{"fund": "f", "amount": 90_000}]).problems(Place(file="hand.yaml"))[0]
    assert problem.code == "roadmap.infeasible"
    assert (problem.place.file, problem.place.item) == ("hand.yaml", "power")
    assert "要求30kW，至多可达29.4kW" in problem.rule.zh
    assert "放宽0.6kW；或放宽“f”的预算" in problem.remedy.zh
    assert "relax it by 0.6 kW; or widen the budget of f" in problem.remedy.en


def test_the_answer_in_json_has_the_six_keys_and_plain_values():
    import json

    found = answer(relaxed=True, budgets=[{"fund": "f", "amount": 90_000}]).as_dict()
    assert list(found) == ["status", "cost", "gap", "schedule", "targets", "relax"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert {"id", "met", "shadow_cost"} <= set(found["targets"][0])
    assert found["relax"][0]["held_by"] == [{"what": "budget", "of": "f", "zone": None, "year": None}]


def test_each_target_is_told_what_holds_it_back_and_not_what_holds_another():
    found = answer(targets=targets(130, 70))
    said = {one.place.item: one.remedy for one in found.problems()}
    # 40 m2 and 20 kW a year make 120 and 60 by 2028, but 100 m2 and 50 kW are the potentials.
    assert said["area"].zh == "放宽30m2；或放宽2028年“led”的潜力"
    assert said["power"].en == "relax it by 20 kW; or widen the potential of pv in 2028"
    held = {one["id"]: {each["of"] for each in one["held_by"]} for one in found.as_dict()["relax"]}
    assert held == {"area": {"led"}, "power": {"pv"}}


def test_years_of_one_bound_are_told_together():
    found = answer(targets=targets(60, 70), measures=[DATA["measures"][0], DATA["measures"][1] | {"potential": 500}])
    (problem,) = found.problems()
    assert problem.remedy.zh == "放宽10kW；或放宽2026—2028年“pv”的建设速度"
    assert problem.remedy.en == "relax it by 10 kW; or widen the build rate of pv in 2026–2028"


def test_a_target_in_per_cent_is_relaxed_by_points():
    covered = {"id": "area", "kind": "level", "year": 2028, "value": 150, "unit": "%", "base": 0}
    measures = [
        DATA["measures"][0] | {"counts": {"area": {"value": 1, "unit": "%"}}},
        DATA["measures"][1] | {"counts": {}},
    ]
    (problem,) = answer(targets=[covered], measures=measures).problems()
    assert problem.remedy.zh.startswith("放宽50个百分点")
    assert problem.remedy.en.startswith("relax it by 50 percentage points")
