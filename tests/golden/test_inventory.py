"""A small district worked by hand from the provincial guide: one inventory, one GPC table, one set of shares.

Energy of 2025: industry 1 000 × 10⁴ m³ of gas and 200 t of diesel; homes 500 × 10⁴ m³ of gas; transport 3 000 t of
petrol; trade 10 000 and homes 5 000 × 10⁴ kWh of electricity, of which roofs in the district made 600 × 10⁴ kWh.
"""

from __future__ import annotations

import pytest

from dafeng.accounting.book import Book, Policy
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.inventory import inventory_tables
from dafeng.accounting.shares import status_shares
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

USES = [
    ("industry", "natural_gas", 1000, "wan_m3"),
    ("industry", "diesel", 200, "tonne"),
    ("homes", "natural_gas", 500, "wan_m3"),
    ("transport", "gasoline", 3000, "tonne"),
    ("trade", "electricity", 10000, "wan_kwh"),
    ("homes", "electricity", 5000, "wan_kwh"),
]
ROOFS = {"year": 2025, "flow": "primary", "carrier": "electricity", "amount": 600, "unit": "wan_kwh"}
# NCV × CC × OF × 44/12 / 1000, tCO2 per 10⁴ m³ or t, from §1.3 of the guide's table.
GAS = 389.31 * 15.3 * 0.99 * 44 / 12 / 1000
DIESEL = 42.652 * 20.2 * 0.98 * 44 / 12 / 1000
PETROL = 43.070 * 18.9 * 0.98 * 44 / 12 / 1000


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def emissions(catalogue):
    return account(catalogue, Policy())


def account(catalogue, policy: Policy):
    rows = [{"year": 2025, "sector": s, "carrier": c, "amount": a, "unit": u} for s, c, a, u in USES]
    registers = catalogue.registers
    frames = {
        "energy_consumption": frame_of_rows(registers["energy_consumption"], rows),
        "energy_supply": frame_of_rows(registers["energy_supply"], [ROOFS]),
    }
    facts, book = Facts(catalogue, frames), Book(catalogue, policy)
    energy, wrong = energy_lines(facts, book)
    made, problems = emission_lines(energy, facts, book)
    assert [problem for problem in (*wrong, *problems) if problem.level == "error"] == []
    return made


def tonnes(table, row: str, column: str = "co2") -> float:
    value = table.row(row).cells[column].value
    assert value is not None
    return value / 1e6


def test_co2_of_fuels_by_sector_is_amount_times_the_guides_factor(catalogue, emissions):
    table = inventory_tables(emissions, catalogue, 2025)["inventory"]
    for factor, by_hand in ((GAS, 21.6219), (DIESEL, 3.09589), (PETROL, 2.92506)):
        assert factor == pytest.approx(by_hand, abs=1e-4)
    assert tonnes(table, "en_industry") == pytest.approx(1000 * GAS + 200 * DIESEL, abs=1e-5)
    assert tonnes(table, "en_homes") == pytest.approx(500 * GAS, abs=1e-5)
    assert tonnes(table, "en_transport") == pytest.approx(3000 * PETROL, abs=1e-5)
    assert tonnes(table, "total") == pytest.approx(41_827.2, abs=0.1)


def test_electricity_bought_is_what_was_used_less_what_roofs_made(catalogue, emissions):
    table = inventory_tables(emissions, catalogue, 2025)["inventory"]
    # (15 000 − 600) × 10⁴ kWh × 0.5737 kgCO2/kWh
    assert tonnes(table, "indirect_electricity") == pytest.approx(82_612.8, abs=1e-6)
    assert tonnes(table, "with_indirect") == pytest.approx(41_827.2 + 82_612.8, abs=0.1)


def test_methane_and_nitrous_oxide_are_heat_times_ipcc_factors_times_the_warming_potential(catalogue, emissions):
    tables = inventory_tables(emissions, catalogue, 2025)
    # 12.9971 tce per 10⁴ m³ of gas, 1.4571 tce per t of diesel, 29.3076 GJ per tce.
    heat_tj = 1000 * 12.9971 * 29.3076 / 1000
    diesel_tj = 200 * 1.4571 * 29.3076 / 1000
    # IPCC 2006, volume 2, table 2.3: gas 1 and oil 3 kgCH4/TJ; gas 0.1 and oil 0.6 kgN2O/TJ.
    assert tonnes(tables["gases"], "en_industry", "ch4") == pytest.approx((heat_tj + 3 * diesel_tj) / 1000, abs=1e-5)
    n2o = (0.1 * heat_tj + 0.6 * diesel_tj) / 1000
    assert tonnes(tables["gases"], "en_industry", "n2o") == pytest.approx(n2o, abs=1e-5)
    assert tonnes(tables["inventory"], "en_industry", "n2o") == pytest.approx(265 * n2o, abs=1e-3)


def test_the_gpc_has_the_same_tonnes_by_reference(catalogue, emissions):
    tables = inventory_tables(emissions, catalogue, 2025)
    gpc = tables["gpc"]
    assert tonnes(gpc, "I.1.1") == pytest.approx(500 * GAS, abs=1e-5)
    assert tonnes(gpc, "I.3.1") == pytest.approx(1000 * GAS + 200 * DIESEL, abs=1e-5)
    assert tonnes(gpc, "II.1.1") == pytest.approx(3000 * PETROL, abs=1e-5)
    # Roofs are shared 2 : 1 between trade and homes, as their use is.
    assert tonnes(gpc, "I.2.2") == pytest.approx(9_600 * 5.737, abs=1e-5)
    assert tonnes(gpc, "I.1.2") == pytest.approx(4_800 * 5.737, abs=1e-5)
    assert gpc.row("basic").cells["co2e"].value == tables["inventory"].row("with_indirect").cells["co2e"].value
    assert gpc.row("territorial").cells["co2e"].value == tables["inventory"].row("total").cells["co2e"].value


def test_nearly_all_of_the_total_rests_on_official_factors_and_the_rest_is_said(catalogue, emissions):
    shares = status_shares(emissions, 2025)
    official = shares.row("official").cells["direct"].value
    whole = shares.row("total").cells["direct"].value
    co2 = inventory_tables(emissions, catalogue, 2025)["inventory"].row("total").cells["co2"].value
    # CO2 rests on the guide, CH4 and N2O on second-hand factors and remembered warming potentials.
    assert official == co2
    assert whole == official + shares.row("remembered").cells["direct"].value


def test_the_older_set_of_warming_potentials_changes_methane_and_nothing_of_co2(catalogue, emissions):
    older = inventory_tables(account(catalogue, Policy(gwp="ar4")), catalogue, 2025)["inventory"]
    newer = inventory_tables(emissions, catalogue, 2025)["inventory"]
    assert tonnes(older, "total", "ch4") == pytest.approx(25 / 28 * tonnes(newer, "total", "ch4"), rel=1e-6)
    assert tonnes(older, "total", "n2o") == pytest.approx(298 / 265 * tonnes(newer, "total", "n2o"), rel=1e-6)
    assert tonnes(older, "total") == tonnes(newer, "total")
