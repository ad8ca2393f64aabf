"""Measures of the catalogue: what they say fits together, and what they cost per tonne is what the sources work out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tools.catalogue_pages import pages

from dafeng.accounting.book import Book
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.catalogue import Catalogue, load_catalogue
from dafeng.catalogue.check import check_catalogue
from dafeng.catalogue.schema import Deployment, Measure
from dafeng.indicators.facts import Facts, frame_of_rows
from dafeng.roadmap.base_energy import GAS, SEGMENTS, base_energy
from dafeng.roadmap.case import Measure as Offered
from dafeng.roadmap.potentials import Potentials

CATALOGUE = load_catalogue()
DEPLOYED = {name: one.deploy for name, one in CATALOGUE.measures.items() if one.deploy is not None}
# CNY per tCO2 in offices, malls and hotels at 6 %, 0.85 CNY/kWh, 4.2 CNY/m³ and 0.47 kg/kWh, as worked out beside the
# parameters from which it follows. Envelopes are given there without their gas.
ABATEMENT = {
    "commissioning": (-1240, -1500, -1500),
    "led_lighting": (-920, -1430, -1070),
    "plant_control": (-790, -1200, -1060),
    "lighting_control": (-580, -1290, -780),
    "vfd": (-550, -1060, -880),
    "metering_platform": (-140, -880, -870),
    "bms": (160, -710, -690),
    "efficient_plant_room": (360, -700, -170),
    "chiller_replacement": (770, -490, 140),
    "film_shading": (1260, -240, 510),
    "windows": (5100, None, 3270),
    "wall_roof_insulation": (3960, None, 2440),
}
WITHOUT_GAS = ("windows", "wall_roof_insulation")


@pytest.fixture(scope="module")
def offered() -> dict[str, Offered]:
    """10,000 m² each of offices, malls and hotels that use just what the defaults say: 98 + 165 + 130 kWh and
    0.5 + 3 + 9 m³ per m²."""
    building = {"category": "public", "public_body": False, "floor_area_m2": 10_000, "stage": "in_use",
                "completed": "2010-05-01", "subdistrict": "S"}  # fmt: skip
    used = {"year": 2025, "sector": "services"}
    rows: dict[str, list[dict[str, Any]]] = {
        "buildings": [building | {"code": use, "name": use, "use": use} for use in ("office", "mall", "hotel")],
        "energy_consumption": [
            used | {"carrier": "electricity", "amount": 393, "unit": "wan_kwh"},
            used | {"carrier": "natural_gas", "amount": 12.5, "unit": "wan_m3"},
        ],
    }
    facts = Facts(CATALOGUE, {name: frame_of_rows(CATALOGUE.registers[name], given) for name, given in rows.items()})
    energy, _ = energy_lines(facts, Book(CATALOGUE))
    emissions, _ = emission_lines(energy, facts, Book(CATALOGUE))
    base = base_energy(energy, emissions, facts, CATALOGUE, 2025)
    return {one.id: one for one in Potentials(CATALOGUE, facts, base, (2026,)).measures()}


def per_tonne(one: Offered, *, gas: bool) -> float:
    annuity = 0.06 / (1 - 1.06**-one.life)
    kwh = float(one.saves["electricity"][0]) * 1e4
    m3 = float(one.saves["natural_gas"][0]) * 1e4 if gas and "natural_gas" in one.saves else 0.0
    cost = one.capex * annuity + one.opex - 0.85 * kwh - 4.2 * m3
    return cost / (0.47e-3 * kwh + 2.16e-3 * m3)


@pytest.mark.parametrize("measure", ABATEMENT)
def test_a_measure_costs_per_tonne_what_its_sources_work_out(measure: str, offered: dict[str, Offered]):
    for segment, expected in zip(("office", "mall", "hotel"), ABATEMENT[measure], strict=True):
        if expected is None:
            continue
        found = per_tonne(offered[f"{measure}.{segment}"], gas=measure not in WITHOUT_GAS)
        # The table is rounded to ten.
        assert found == pytest.approx(expected, abs=10), segment


def test_there_are_measures_for_every_field_and_most_can_be_built():
    assert len(DEPLOYED) >= 70
    sectors = {CATALOGUE.measures[name].sector for name in DEPLOYED}
    assert sectors == {"buildings", "data_centres", "industry", "energy", "transport", "waste", "sinks"}


def test_shares_of_end_uses_make_a_hundred():
    factors = CATALOGUE.factors
    for segment in SEGMENTS:
        electric = [one.values[0].value for name, one in factors.items() if name.startswith(f"share_{segment}_electri")]
        gas = [factors[f"share_{segment}_gas_{use}"].values[0].value for use in GAS]
        assert (sum(electric), sum(gas)) == (100, 100), segment


def test_a_measures_percentages_are_no_more_than_all():
    for name, measure in CATALOGUE.measures.items():
        saving = measure.parameters.get("saving")
        if saving is not None and saving.unit == "%":
            assert 0 < saving.value <= 100, name


def with_deploy(**changed: Any) -> Catalogue:
    """The catalogue with a faulty LED measure."""
    led = CATALOGUE.measures["led_lighting"]
    assert led.deploy is not None
    given = led.deploy.model_dump(by_alias=True) | changed
    broken: Measure = led.model_copy(update={"deploy": Deployment.model_validate(given)})
    return replace(CATALOGUE, measures={**CATALOGUE.measures, "led_lighting": broken})


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"unit": "furlong"}, "catalogue.unknown-unit", "unit"),
        ({"excludes": ("led_lamps",)}, "catalogue.unknown-reference", "excludes"),
        ({"needs": ({"measure": "no_such"},)}, "catalogue.unknown-reference", "needs"),
        ({"saves": {"steam": "1"}}, "catalogue.unknown-reference", "saves"),
        ({"counts": {"lamps_lit": {"value": "1"}}}, "catalogue.unknown-reference", "counts"),
        ({"stock": {"from": "lamps", "value": "count()"}}, "catalogue.unknown-reference", "stock"),
        ({"capex": "cost * premium"}, "expression.unknown-name", "capex"),
    ],
)
def test_what_a_measure_names_wrongly_is_found_with_its_field(changed: dict[str, Any], code: str, field: str):
    found = [problem for problem in check_catalogue(with_deploy(**changed)) if problem.place.item == "led_lighting"]
    assert [problem.code for problem in found] == [code]
    assert found[0].place.field == f"deploy › {field}"


def test_the_reference_page_tells_every_measure_with_its_numbers_and_their_marks():
    page = pages()["reference/measures.md"]
    for name, measure in CATALOGUE.measures.items():
        assert f"{{: #{name} }}" in page
        assert measure.name.zh in page
    led = page.partition("{: #led_lighting }")[2].partition("\n## ")[0]
    assert "| cost | 30 | 18–50 | 元/m2 | assumption |" in led
    assert "public_retrofit_area" in led
