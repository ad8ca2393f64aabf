"""The case of a district: which targets are live, what they bound, along which factors and prices, from which funds."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.unit.roadmap.test_potentials_district import building, facts_of, lines

from dafeng.catalogue import Catalogue, load_catalogue
from dafeng.core.errors import BadInput
from dafeng.roadmap.from_district import Asked, DistrictCase, from_district
from dafeng.roadmap.interactions import Overlap
from dafeng.roadmap.solving import solve

ASKED = Asked(2025, last_year=2030)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def row(**given: Any) -> SimpleNamespace:
    """A target as a run judged it: retrofit 1 × 10⁴ m² in 2026–2030."""
    told = {
        "plan": "p", "clause": "1", "target": "1-1", "subject": "改造", "indicator": "public_retrofit_area",
        "indicator_zh": "改造面积", "indicator_en": "Retrofits", "indicator_unit": "万m2", "indicator_value": 0.0,
        "value_year": 2025, "target_value": 1.0, "unit": "万m2", "comparator": ">=", "direction": "up",
        "shape": "cumulative", "year_from": 2026, "year_to": 2030, "base_year": 2025, "light": "no_data",
        "superseded_by": None,
    }  # fmt: skip
    return SimpleNamespace(**(told | given))


def made(catalogue: Catalogue, *rows: Any, asked: Asked = ASKED, **registers: list[dict[str, Any]]) -> DistrictCase:
    facts = facts_of(catalogue, **registers)
    return from_district(*lines(facts, catalogue), facts, catalogue, rows, asked)


def only_left(found: DistrictCase) -> str:
    (one,) = found.left_out
    return one.kind


def test_a_cumulative_target_is_what_is_built_since_the_first_year(catalogue):
    """15,000 m² of the plan's ten years were done by 2025; the unit of the plan is the indicator's, m² for 10⁴ m²."""
    found = made(catalogue, row(year_from=2021, indicator_value=1.5, target_value=30_000.0, unit="m2"))
    (target,) = found.case.targets
    assert (target.kind, target.values, target.done) == ("sum", {2030: 3.0}, 1.5)
    lamps = next(one for one in found.case.measures if one.id == "led_lighting.office")
    assert lamps.counts == {"p:1-1": pytest.approx(1e-4)}


def test_a_target_whose_year_is_over_is_judged_and_a_missed_one_waits_for_a_date(catalogue):
    assert only_left(made(catalogue, row(year_from=2021, year_to=2025, light="done"))) == "judged"
    behind = row(year_from=2021, year_to=2025, light="behind", indicator_value=0.4)
    assert only_left(made(catalogue, behind)) == "missed"
    dated = made(catalogue, behind, asked=replace(ASKED, backlog={"p:1-1": 2028}))
    (target,) = dated.case.targets
    assert (target.year, target.missed, target.values, target.done) == (2028, 2025, {2028: 1.0}, 0.4)


def test_each_target_outside_the_case_says_why(catalogue):
    assert only_left(made(catalogue, row(superseded_by="p2 1"))) == "superseded"
    assert only_left(made(catalogue, row(target_value=None))) == "no-figure"
    assert only_left(made(catalogue, row(shape="limit"))) == "rule"
    assert only_left(made(catalogue, row(year_to=2040))) == "later"
    assert only_left(made(catalogue, row(indicator=None))) == "no-indicator"
    unserved = row(indicator="solid_waste_utilisation", shape="level", indicator_unit="%", unit="%", target_value=95.0)
    assert only_left(made(catalogue, unserved)) == "no-measure"
    reached = row(**(vars(unserved) | {"indicator_value": 96.0}))
    assert only_left(made(catalogue, reached)) == "held"


def test_an_intensity_target_bounds_energy_per_gdp_from_the_accounts_own_value(catalogue):
    """A cut of 10 % from base energy over 2 × 10⁸ CNY; GDP then grows by 4.7 % a year."""
    cut = row(
        indicator="energy_intensity_reduction", shape="reduction", target_value=10.0, unit="%", indicator_unit="%"
    )
    found = made(catalogue, cut)
    (target,) = found.case.targets
    assert (target.kind, target.of, target.sense) == ("intensity", "energy", "<=")
    assert target.values[2030] == pytest.approx(0.9 * found.base.energy_tce / 2.0)
    assert found.case.gdp is not None
    assert found.case.gdp[-1] == pytest.approx(2.0 * 1.047**5)
    other_base = made(catalogue, row(**(vars(cut) | {"base_year": 2020})))
    assert only_left(other_base) == "no-measure"


def test_a_peak_target_has_no_figure_and_needs_none(catalogue):
    peak = row(indicator="co2_total", shape="level", target_value=None, comparator="<=", direction="down", year_to=2028)
    (target,) = made(catalogue, peak).case.targets
    assert (target.kind, target.year, target.sense) == ("peak", 2028, "<=")


def test_a_share_of_new_building_rises_evenly_to_its_target(catalogue):
    """5,000 m² of new housing in five years, 1,000 a year. From 50 % in 2025 to 100 % in 2030: 60 … 100 % of 0.1 × 10⁴
    m², added up."""
    new = building("N1", "home", 5000) | {"completed": "2023-06-01"}
    rows = [building("O1", "office", 10_000), building("R1", "home", 20_000), new]
    share = row(
        indicator="ule_share_new_residential", shape="level", target_value=100.0, unit="%", indicator_unit="%",
        indicator_value=50.0,
    )  # fmt: skip
    (target,) = made(catalogue, share, buildings=rows).case.targets
    assert target.kind == "sum"
    assert list(target.values) == [2026, 2027, 2028, 2029, 2030]
    assert list(target.values.values()) == pytest.approx([0.06, 0.13, 0.21, 0.30, 0.40])


def test_the_grid_factor_leaves_from_the_accounts_value_for_each_purpose(catalogue):
    """Inventory: the account's 5.737 t per 10⁴ kWh less 2.8 % a year; market: 4.2, held."""
    case = made(catalogue).case
    assert case.purposes["inventory"]["electricity"].tolist() == pytest.approx([5.737 * 0.972**n for n in range(1, 6)])
    assert case.purposes["ets"]["electricity"].tolist() == pytest.approx([4.2] * 5)
    assert np.array_equal(case.factors["electricity"], case.purposes["inventory"]["electricity"])
    market = made(catalogue, asked=replace(ASKED, purpose="ets")).case
    assert market.factors["electricity"][0] == pytest.approx(4.2)


def test_prices_are_in_each_carriers_own_unit(catalogue):
    """0.85 CNY/kWh; gas of homes 3.3 CNY/m³ and 0.5 % dearer each year; diesel 7.6 CNY/L at 0.84 kg/L; own power
    replaces 75 % at 0.85 and feeds in 25 % at 0.30."""
    roof = {"year": 2025, "roof": "W1", "name": "x", "holder": "public_body", "roof_area_m2": 900}
    prices = made(catalogue, roof_pv_survey=[roof | {"suitable_m2": 650, "covered_m2": 0}]).case.prices
    assert prices["electricity"][0] == pytest.approx(8500)
    assert prices["natural_gas_homes"].tolist() == pytest.approx([33_000 * 1.005**n for n in range(1, 6)])
    assert prices["diesel"][0] == pytest.approx(7.6 / 0.84 * 1000)
    assert prices["electricity_pv"][0] == pytest.approx((0.75 * 0.85 + 0.25 * 0.30) * 1e4)


def test_a_funds_budget_is_the_mean_of_its_last_three_full_years(catalogue):
    """Granted 60, 30 and 90 in 2023–2025: 60 × 10⁴ CNY a year; what came before and other sources do not count."""
    grant = {"project": "x", "receiver": "y", "source": "district", "field": "building", "state": "granted"}
    granted = [("2021-05-01", 500), ("2023-05-01", 60), ("2024-05-01", 30), ("2025-05-01", 90), ("2026-02-01", 700)]
    rows = [grant | {"code": day, "decided": day, "granted": amount} for day, amount in granted]
    rows.append(grant | {"code": "c", "decided": "2025-06-01", "granted": 999, "source": "city"})
    budgets = made(catalogue, funds=rows).case.budgets
    assert {one.fund for one in budgets} == {"district"}
    assert [one.amount for one in budgets] == pytest.approx([600_000] * 5)
    assert [one.year for one in budgets] == list(ASKED.years)


def test_zones_share_the_districts_potential_and_add_up_to_it(catalogue):
    """Offices stand with 6,000 m² in A and 4,000 m² in B."""
    whole = made(catalogue).case
    parts = made(catalogue, asked=replace(ASKED, zones=True)).case
    (one,) = [each for each in whole.measures if each.id == "led_lighting.office"]
    split = {each.zone: each for each in parts.measures if each.id == "led_lighting.office"}
    assert {zone: each.potential[0] for zone, each in split.items()} == pytest.approx({"A": 5700, "B": 3800})
    assert one.growth is not None
    assert sum(each.growth[1] for each in split.values() if each.growth) == pytest.approx(one.growth[1])


def test_the_case_can_be_solved_and_meets_its_target(catalogue):
    """10,000 m² of offices, 1 % in the first year and 30 % more each year: a retrofit of 1,000 m² is done by 2030."""
    answer = solve(made(catalogue, row(target_value=1000.0, unit="m2")).case)
    assert answer.status == "ok"
    (target,) = answer.as_dict()["targets"]
    assert target["met"]


def test_a_year_without_an_account_is_refused(catalogue):
    with pytest.raises(BadInput) as caught:
        made(catalogue, asked=Asked(2024))
    assert [problem.code for problem in caught.value.problems] == ["roadmap.no-account"]


def test_new_power_of_roofs_counts_in_full_beside_what_the_district_makes_already(catalogue):
    """2 × 10⁴ kWh made in 2025 stand as negative use. 100 kW more make 1,050 × 0.95 kWh each, with all overlaps."""
    roof = {"year": 2025, "roof": "W1", "name": "x", "holder": "public_body", "roof_area_m2": 900}
    own = {"year": 2025, "flow": "primary", "carrier": "electricity", "amount": 2, "unit": "wan_kwh"}
    found = made(
        catalogue, roof_pv_survey=[roof | {"suitable_m2": 650, "covered_m2": 0}], energy_supply=[own]
    )  # fmt: skip
    case = found.case
    assert case.base["supply/pv"]["electricity_pv"][0] == pytest.approx(-2)
    at = next(index for index, one in enumerate(case.measures) if one.id == "public_roof_pv")
    assert case.measures[at].potential[0] == pytest.approx(100)
    stock = np.zeros((len(case.measures), len(case.years)))
    stock[at] = 100
    saved = Overlap(case).saved(stock).total[case.carriers.index("electricity_pv")]
    assert saved.tolist() == pytest.approx([100 * 1050 * 0.95 / 1e4] * 5)
