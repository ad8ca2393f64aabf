"""A case of the roadmap out of a file: budgets as typed, the answer's keys, what to relax."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.roadmap import as_data, read_case_file, solve_file, with_budgets
from dafeng.workflows.roadmap_district import costs_of, curve_of, relaxed_case
from dafeng.workflows.roadmap_reporting import works_of

# 8 MW by 2028 at 4 million CNY a MW; each MW saves 1 000 MWh a year at 100 CNY/MWh: it never pays by itself.
CASE = """
id: small
name: {zh: 小例, en: Small case}
years: {first: 2026, last: 2030}
discount: 0
carriers: {electricity: {unit: MWh}}
base: {office: {electricity: 10000}}
factors: {purpose: inventory, electricity: 0.5}
prices: {electricity: 100}
measures:
- {id: pv, name: {zh: 光伏, en: PV}, unit: MW, potential: 20, capex: 4000000, life: 20, saves: {electricity: 1000},
   build_rate: 5, counts: {pv_mw: 1}, fund: b, owner: 甲局}
targets:
- {id: pv_mw, name: {zh: 光伏, en: PV}, kind: sum, year: 2028, value: 8, unit: MW}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_the_cheapest_schedule_builds_no_more_than_the_target_asks_and_as_early_as_it_saves(case: Path):
    found = as_data(solve_file(case))
    assert list(found) == ["status", "cost", "gap", "schedule", "targets", "relax"]
    assert found["status"] == "ok"
    assert sum(line["amount"] for line in found["schedule"]) == pytest.approx(8)
    # Savings undiscounted: 5 MW for five years and 3 MW for four, 100 000 CNY a year and MW.
    assert found["cost"] == pytest.approx(8 * 4e6 - (5 * 5 + 3 * 4) * 1e5, rel=1e-6)
    # One MW more is built in 2027: 4 million less four years of savings.
    assert found["targets"][0]["shadow_cost"] == pytest.approx(4e6 - 4e5, rel=1e-6)


@pytest.mark.parametrize("written", ["b=1200万", "b=12000000", "b=0.12亿元", "all=1200万"])
def test_a_budget_of_three_mw_a_year_lets_eight_be_built_in_three_years(case: Path, written: str):
    found = as_data(solve_file(case, budgets=[written]))
    by_year = {line["year"]: line["amount"] for line in found["schedule"]}
    assert by_year == pytest.approx({2026: 3, 2027: 3, 2028: 2})


def test_a_budget_of_one_year_stands_before_that_of_all_years(case: Path):
    read = with_budgets(read_case_file(case), ["b=1200万", "b@2026=400万"])
    assert {one.year: one.amount for one in read.budgets} == {
        2026: 4e6, 2027: 12e6, 2028: 12e6, 2029: 12e6, 2030: 12e6
    }  # fmt: skip


def test_what_cannot_be_built_is_answered_with_what_to_relax_and_by_how_much(case: Path):
    done = solve_file(case, budgets=["b=400万"])
    found = as_data(done)
    assert not done.feasible
    assert (found["status"], found["cost"], found["schedule"]) == ("infeasible", None, [])
    # One MW a year for three years: 3 of 8.
    assert found["relax"][0]["id"] == "pv_mw"
    assert found["relax"][0]["by"] == pytest.approx(5, rel=1e-6)
    assert done.problems[0].place.file == "case.yaml"


def test_relaxed_the_schedule_builds_what_it_can_and_each_target_has_its_cost(case: Path):
    done = solve_file(case, budgets=["b=400万"], relax=True)
    assert done.feasible
    assert as_data(done)["status"] == "relaxed"
    assert sum(line["amount"] for line in as_data(done)["schedule"] if line["year"] <= 2028) == pytest.approx(3)
    assert relaxed_case(done).targets[0].values[2028] == pytest.approx(3, rel=1e-3)
    cost = costs_of(done)[0]
    # Dropping it: nothing is built, which saves 3 × 4 million less the savings of 5, 4 and 3 years.
    assert cost.saved_without == pytest.approx(12e6 - 12e5, rel=1e-3)
    assert cost.step_cost is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("b", "roadmap.budget-written"),
        ("b=much", "roadmap.budget-written"),
        ("b=-5", "roadmap.budget-written"),
        ("b@soon=5", "roadmap.budget-written"),
        ("c=5", "roadmap.budget-fund"),
        ("b@2040=5", "roadmap.budget-year"),
    ],
)
def test_a_budget_that_cannot_be_is_refused_in_words(case: Path, written: str, code: str):
    with pytest.raises(BadInput) as error:
        with_budgets(read_case_file(case), [written])
    assert [one.code for one in error.value.problems] == [code]


def test_families_of_measures_keep_amounts_money_and_their_unit(case: Path):
    works = works_of(solve_file(case))
    assert [(work.family, work.owner, work.unit) for work in works] == [("pv", "甲局", "MW")]
    assert sum(works[0].amounts.values()) == pytest.approx(8)
    assert works[0].spent == pytest.approx(32e6)


def test_the_curve_of_the_last_year_holds_what_stands_then(case: Path):
    curve = curve_of(solve_file(case))
    assert curve is not None
    # 8 MW × 1 000 MWh × 0.5 t; the annuity without discount is a twentieth of the capital.
    assert curve.co2_t == pytest.approx(4000)
    assert curve.steps[0].per_t == pytest.approx((8 * 4e6 / 20 - 8 * 1e5) / 4000)
