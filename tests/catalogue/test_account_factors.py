"""What the account asks the catalogue for is there, for every choice of its registers, and as the tables print it."""

from __future__ import annotations

import pytest

from dafeng.accounting.book import Book, Policy
from dafeng.catalogue import load_catalogue

CATALOGUE = load_catalogue()
BOOK = Book(CATALOGUE)
BURNT = ("natural_gas", "lng", "lpg", "gasoline", "diesel", "kerosene", "fuel_oil", "raw_coal", "coke", "biomass")


def options(choices: str) -> list[str]:
    return [code for code in CATALOGUE.choices[choices].options if code != "other"]


@pytest.mark.parametrize("group", ["energy", "industry", "commercial", "residential", "road"])
@pytest.mark.parametrize("gas", ["ch4", "n2o"])
def test_every_fuel_has_its_methane_and_nitrous_oxide_in_every_use(gas: str, group: str):
    for carrier in BURNT:
        held = BOOK.use(f"{gas}_{carrier}_{group}", 2025)
        assert held.unit == {"ch4": "kgCH4/TJ", "n2o": "kgN2O/TJ"}[gas]
        assert held.status == "second-hand"
        assert held.source.clause is not None
        assert held.source.clause.startswith("EF ")


@pytest.mark.parametrize(
    ("factor", "value"),
    [  # IPCC 2006, volume 2, tables 2.2–2.5 and 3.2.2, kg/TJ
        ("ch4_natural_gas_energy", 1), ("n2o_natural_gas_energy", 0.1), ("ch4_raw_coal_energy", 1),
        ("ch4_raw_coal_industry", 10), ("n2o_raw_coal_industry", 1.5), ("ch4_diesel_industry", 3),
        ("ch4_natural_gas_commercial", 5), ("ch4_diesel_commercial", 10), ("n2o_lpg_commercial", 0.1),
        ("ch4_raw_coal_residential", 300), ("ch4_biomass_residential", 300), ("n2o_biomass_residential", 4),
        ("ch4_gasoline_road", 3.8), ("n2o_gasoline_road", 5.7), ("ch4_diesel_road", 3.9), ("n2o_diesel_road", 3.9),
        ("ch4_natural_gas_road", 92), ("n2o_natural_gas_road", 3), ("ch4_lpg_road", 62), ("n2o_lpg_road", 0.2),
    ],
)  # fmt: skip
def test_a_factor_of_burning_is_the_one_of_the_table(factor: str, value: float):
    assert BOOK.use(factor, 2025).value == value


@pytest.mark.parametrize("carrier", options("energy_carriers"))
def test_every_carrier_has_the_factors_of_co2_and_coal_equivalent(carrier: str):
    policy = Policy()
    co2 = {"electricity": policy.electricity, "heat": policy.heat}.get(carrier, f"co2_{carrier}")
    assert BOOK.find(co2, 2025) is not None
    assert BOOK.find(f"ce_{carrier}", 2025) is not None
    if carrier in BURNT:
        assert BOOK.find(f"ncv_{carrier}", 2025) is not None


def test_co2_of_wood_is_heat_times_carbon():
    """15.6 GJ/t × 112 tCO2/TJ = 1.7472 tCO2/t."""
    assert BOOK.use("co2_biomass", 2025).value == pytest.approx(1.7472)
    assert BOOK.use("co2_biomass", 2025).status == "second-hand"


@pytest.mark.parametrize("gwp", ["sar", "ar4", "ar5", "ar6"])
def test_every_gas_and_refrigerant_has_a_potential_in_every_set(gwp: str):
    book = Book(CATALOGUE, Policy(gwp=gwp))
    gases = ["CO2", "CH4", "N2O", "SF6", "HFC-134a", *options("refrigerants")]
    assert [gas for gas in gases if book.gwp(gas, 2025) is None] == []
    co2 = book.gwp("CO2", 2025)
    assert co2 is not None
    assert (co2.value, co2.half_width_pct) == (1, 0)


@pytest.mark.parametrize(
    ("blend", "parts"),
    [
        ("r410a", {"r32": 0.5, "hfc125": 0.5}),
        ("r404a", {"hfc125": 0.44, "hfc143a": 0.52, "hfc134a": 0.04}),
        ("r407c", {"r32": 0.23, "hfc125": 0.25, "hfc134a": 0.52}),
    ],
)
@pytest.mark.parametrize("gwp", ["sar", "ar4", "ar5", "ar6"])
def test_the_potential_of_a_blend_is_the_mean_of_its_parts_by_mass(blend: str, parts: dict[str, float], gwp: str):
    mean = sum(BOOK.use(f"gwp_{part}_{gwp}", 2025).value * share for part, share in parts.items())
    assert BOOK.use(f"gwp_{blend}_{gwp}", 2025).value == pytest.approx(mean, abs=0.051)


@pytest.mark.parametrize(
    ("factor", "value"),
    [
        ("gwp_r410a_ar4", 2087.5), ("gwp_r404a_ar4", 3921.6), ("gwp_r407c_ar4", 1773.85), ("gwp_r410a_ar5", 1923.5),
        ("gwp_r404a_ar6", 4728.0), ("gwp_r22_ar4", 1810), ("gwp_r123_ar5", 79), ("gwp_r134a_ar6", 1530),
        ("gwp_sf6_ar5", 23_500), ("gwp_nf3_ar6", 17_400), ("gwp_ch4_ar5", 28), ("gwp_n2o_ar6", 273),
    ],
)  # fmt: skip
def test_a_potential_is_the_one_of_its_report(factor: str, value: float):
    assert BOOK.use(factor, 2025).value == value
    assert BOOK.use(factor, 2025).status == "remembered"


@pytest.mark.parametrize(
    ("template", "choices"),
    [
        ("leak_{}", "refrigerant_equipment"),
        ("mcf_{}", "mcf_kinds"),
        ("doc_{}", "waste_components"),
        ("fod_k_{}", "waste_components"),
        ("ww_mcf_{}", "ww_treatments"),
    ],
)
def test_every_choice_of_a_register_has_its_parameter(template: str, choices: str):
    lacking = [one for one in options(choices) if BOOK.find(template.format(one), 2025) is None]
    assert lacking == []


def test_the_decay_of_waste_tipped_long_ago_has_its_parameters():
    for name in ("fod_k_food", "doc_food", "mcf_managed", "landfill_docf", "landfill_f", "landfill_ox"):
        assert BOOK.find(name, 1985) is not None, name
