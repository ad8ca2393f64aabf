"""What a district offers: end uses that meet the account, and measures with their potential and effect, by hand.

The district: services use 100 × 10⁴ kWh; offices have 10,000 m² and hotels 5,000 m², nothing is metered, so that the
catalogue's 98 and 130 kWh/m² divide it: offices 1,000,000 × 980,000/1,630,000 = 601,226.99 kWh; a fifth of it lights.
Homes use 40 × 10⁴ kWh and 5 × 10⁴ m³; 460 people live in them, 2.3 in each: 200 homes with 250 m³.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.dual_control import co2_totals, energy_totals
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.catalogue import Catalogue, load_catalogue
from dafeng.catalogue.schema import Amount
from dafeng.core.errors import BadInput
from dafeng.indicators.facts import Facts, frame_of_rows
from dafeng.roadmap.base_energy import Base, base_energy, without_measures
from dafeng.roadmap.case import Measure
from dafeng.roadmap.potentials import Potentials

YEARS = (2026, 2027, 2028)
OFFICE_KWH = 1_000_000 * 980_000 / 1_630_000


def used(sector: str, carrier: str, amount: float, unit: str) -> dict[str, Any]:
    return {"year": 2025, "sector": sector, "carrier": carrier, "amount": amount, "unit": unit}


def building(code: str, use: str, area: float, zone: str = "A") -> dict[str, Any]:
    category = "residential" if use == "home" else "public"
    return {
        "code": code, "name": code, "category": category, "use": use, "public_body": False, "floor_area_m2": area,
        "stage": "in_use", "completed": "2010-05-01", "subdistrict": "S", "zone": zone,
    }  # fmt: skip


ROWS: dict[str, list[dict[str, Any]]] = {
    "energy_consumption": [
        used("services", "electricity", 100, "wan_kwh"),
        used("homes", "electricity", 40, "wan_kwh"),
        used("homes", "natural_gas", 5, "wan_m3"),
        used("transport", "diesel", 30, "tonne"),
    ],
    "buildings": [building("O1", "office", 6000), building("O2", "office", 4000, "B"), building("H1", "hotel", 5000),
                  building("R1", "home", 20000)],
    "yearly_totals": [{"year": 2025, "gdp_constant": 2.0, "residents": 0.046, "energy": 1, "electricity": 0.014}],
    "grid_load": [{"year": 2025, "peak_mw": 0.5}],
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def facts_of(catalogue: Catalogue, **more: list[dict[str, Any]]) -> Facts:
    rows = ROWS | more
    return Facts(catalogue, {name: frame_of_rows(catalogue.registers[name], given) for name, given in rows.items()})


def lines(facts: Facts, catalogue: Catalogue) -> tuple[pl.DataFrame, pl.DataFrame]:
    book = Book(catalogue)
    energy, _ = energy_lines(facts, book)
    emissions, _ = emission_lines(energy, facts, book)
    return energy, emissions


def made(catalogue: Catalogue, **more: list[dict[str, Any]]) -> tuple[Base, dict[str, Measure], Potentials]:
    facts = facts_of(catalogue, **more)
    base = base_energy(*lines(facts, catalogue), facts, catalogue, 2025)
    found = Potentials(catalogue, facts, base, YEARS)
    return base, {one.id: one for one in found.measures()}, found


def test_all_groups_together_are_the_account(catalogue):
    energy, emissions = lines(facts_of(catalogue), catalogue)
    base, _, _ = made(catalogue)
    assert base.co2_t == pytest.approx(co2_totals(emissions)[2025] * 1e4, rel=1e-12)
    assert base.energy_tce == pytest.approx(energy_totals(energy)[2025] * 1e4, rel=1e-12)


def test_unmetered_buildings_share_the_account_by_area_and_default_intensity(catalogue):
    base, _, _ = made(catalogue)
    assert base.groups["office/lighting"]["electricity"] == pytest.approx(0.2 * OFFICE_KWH / 1e4)
    assert base.below("office", "electricity") == pytest.approx(OFFICE_KWH / 1e4)
    assert base.below("housing", "natural_gas_homes") == pytest.approx(5)


def test_measured_buildings_divide_by_what_was_measured(catalogue):
    """Offices measure 60 kWh/m² and hotels 80: 600,000 to 400,000 of the million."""
    metered = [
        {"building": "O1", "year": 2025, "floor_area_m2": 6000, "electricity_kwh": 360_000, "total_tce": 1},
        {"building": "H1", "year": 2025, "floor_area_m2": 5000, "electricity_kwh": 400_000, "total_tce": 1},
    ]
    base, _, _ = made(catalogue, building_energy=metered)
    assert base.below("office", "electricity") == pytest.approx(60)


def test_lamps_save_half_of_what_lights(catalogue):
    """A fifth of the offices' electricity lights; half of it is saved: per m² 0.1 × 601,226.99 / 10,000 kWh."""
    _, measures, _ = made(catalogue)
    lamps = measures["led_lighting.office"]
    assert lamps.saves["electricity"].tolist() == pytest.approx([0.1 * OFFICE_KWH / 10_000 / 1e4] * 3)
    assert lamps.potential.tolist() == [9500] * 3
    assert (lamps.capex, lamps.life, lamps.ranges["capex"]) == (30, 10, (18, 50))
    assert lamps.ranges["saves"] == pytest.approx((0.7, 1.2))
    assert {"capex", "saves"} <= set(lamps.assumed)


def test_what_was_done_is_not_done_again(catalogue):
    """2,000 of 10,000 m² have their lamps: 95 % of the 8,000 left."""
    retrofit = {"code": "G1", "building": "O1", "kind": "lighting", "floor_area_m2": 2000, "completed": "2024-03-01"}
    _, measures, _ = made(catalogue, retrofits=[retrofit, retrofit | {"code": "G2", "completed": "2026-03-01"}])
    lamps = measures["led_lighting.office"]
    assert lamps.potential[0] == pytest.approx(7600)
    assert (lamps.stock, lamps.existing) == (8000, 2000)


def test_a_switched_home_saves_gas_and_draws_power(catalogue):
    """250 m³ a home: 137.5 for water, 87.5 for cooking. 90 % of both goes: 202.5 m³. The water takes
    137.5 × 9.7 × 0.92 / 3 = 409.02 kWh and the stove 87.5 × 4.56 = 399 kWh, of which 90 %: 727.215."""
    _, measures, _ = made(catalogue)
    home = measures["home_electrification.housing"]
    assert home.saves["natural_gas_homes"][0] * 1e4 == pytest.approx(202.5)
    assert home.uses["electricity_homes"][0] * 1e4 == pytest.approx(727.215)
    assert home.potential[0] == pytest.approx(0.35 * 200)


def test_a_percentage_counts_against_the_whole_that_the_register_holds(catalogue):
    """One kW of 500 kW at the peak is 0.2 points."""
    _, measures, _ = made(catalogue)
    assert measures["demand_response"].counts["dr_share_of_peak"] == pytest.approx(0.2)
    assert (
        "renewable_substitution_rate" not in measures["home_electrification.housing"].counts
    )  # no register tells the whole


def test_what_the_district_has_not_is_left_out_with_its_reason(catalogue):
    _, measures, found = made(catalogue)
    assert "led_lighting.mall" not in measures
    assert "存量" in found.left_out["led_lighting.mall"].zh


def test_new_building_is_offered_year_by_year(catalogue):
    """10,000 m² of public building in five years: 2,000 a year, and no more than that in any."""
    new = building("N1", "office", 10_000) | {"completed": "2023-06-01"}
    _, measures, _ = made(catalogue, buildings=[*ROWS["buildings"], new])
    ule = measures["ultra_low_energy_office.other_public"]
    assert ule.potential.tolist() == pytest.approx([2000, 4000, 6000])
    assert ule.build_rate.tolist() == pytest.approx([2000] * 3)


def test_measures_exclude_each_other_only_on_the_same_type_of_building(catalogue):
    _, measures, _ = made(catalogue)
    assert measures["chiller_replacement.office"].excludes == ("efficient_plant_room.office",)
    assert measures["comprehensive_retrofit.hotel"].excludes == (
        "led_lighting.hotel", "chiller_replacement.hotel", "efficient_plant_room.hotel", "commissioning.hotel",
    )  # fmt: skip


def test_energy_without_measures_grows_at_the_catalogues_rates(catalogue):
    """2.8 % a year, for homes and offices; the diesel of transport does not grow."""
    base, _, _ = made(catalogue)
    standing = without_measures(base, catalogue, YEARS)
    lit = standing["office/lighting"]["electricity"]
    assert lit.tolist() == pytest.approx([0.2 * OFFICE_KWH / 1e4 * 1.028**n for n in (1, 2, 3)])
    assert standing["transport/other"]["diesel"].tolist() == pytest.approx([30] * 3)


def test_an_expression_that_lacks_a_number_names_it(catalogue):
    entry = catalogue.measures["led_lighting"]
    assert entry.deploy is not None
    broken = entry.model_copy(update={"deploy": entry.deploy.model_copy(update={"capex": "cost * premium"})})
    changed = replace(catalogue, measures={"led_lighting": broken})
    facts = facts_of(catalogue)
    base = base_energy(*lines(facts, catalogue), facts, catalogue, 2025)
    with pytest.raises(BadInput) as caught:
        Potentials(changed, facts, base, YEARS).measures()
    (problem,) = caught.value.problems
    assert problem.code == "roadmap.measure-value"
    assert "premium" in problem.rule.zh


def test_an_amount_may_combine_registers(catalogue):
    _, _, found = made(catalogue)
    peak = {"from": "grid_load", "where": "period == year", "value": "largest(peak_mw)"}
    area = {"from": "buildings", "where": "use in {uses}", "value": "sum(floor_area_m2)"}
    amount = Amount.model_validate({"inputs": {"peak": peak, "area": area}, "value": "area / peak"})
    assert found.count(amount, ("office",)) == pytest.approx(20_000)
