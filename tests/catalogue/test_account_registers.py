"""Rows of the account's registers as a bureau would fill them, and rows that cannot be: each check has its own."""

from __future__ import annotations

from typing import Any

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.evaluation import Values
from dafeng.core.expressions import parse

CATALOGUE = load_catalogue()
ELECTRICITY = {"carrier": "electricity", "amount": 26400.0, "unit": "wan_kwh"}
ROWS: dict[str, dict[str, Any]] = {
    "energy_supply": {"year": 2025, "flow": "from_outside", **ELECTRICITY},
    "energy_by_place": {"level": "subdistrict", "place": "汀湾镇", "year": 2025, "sector": "services", **ELECTRICITY},
    "key_unit_carriers": {
        "unit": "91310000YT00000016",
        "year": 2025,
        "carrier": "diesel",
        "amount": 120.0,
        "unit_of_amount": "tonne",
        "as_material": 20.0,
    },
    "account_sites": {"code": "A", "kind": "building", "sector": "services", "subdistrict": "甲", "floor_area_m2": 900},
    "meter_totals": {
        "site": "A",
        "meter": "1",
        "month": "2025-03",
        "estimated": True,
        "method": "上年同月",
        **ELECTRICITY,
    },
    "gdp_by_sector": {"year": 2025, "sector": "industry", "value_added": 312.4, "price_base": 2020},
    "degree_days": {"year": 2025, "hdd18": 1480.0, "cdd26": 245.0, "hdd_normal": 1540.0, "cdd_normal": 199.0},
    "weather_shares": {"sector": "services", "carrier": "electricity", "heating_share": 12.0, "cooling_share": 30.0},
    "refrigerants": {
        "year": 2025,
        "equipment": "chiller",
        "refrigerant": "r134a",
        "charge_kg": 18600.0,
        "retired_kg": 900.0,
        "recovered_kg": 640.0,
    },
    "waste_facilities": {"facility": "北郊", "kind": "landfill", "in_district": False, "mcf": "managed"},
    "wastewater": {"year": 2025, "kind": "domestic", "treatment": "aerobic", "bod_t": 9800.0, "sludge_bod_t": 1900.0},
    "tree_stock": {"year": 2025, "kind": "arbor", "volume_m3": 16800.0},
    "vehicle_use": {"year": 2025, "category": "car", "fuel": "petrol", "litre_per_100km": 8.1},
    "dual_control_deductions": {"year": 2025, "kind": "certificates", "energy_mwh": 12000.0, "serial": "GEC1"},
    "monthly_energy": {"month": "2025-03", "sector": "services", **ELECTRICITY},
}


def broken(register: str, **changes: Any) -> list[str]:
    """What the register's checks say, in English, of its good row with these changes; missing cells are None."""
    entry = CATALOGUE.registers[register]
    row = dict.fromkeys(entry.columns) | ROWS[register] | changes

    def fails(that: str) -> bool:
        return Values(names=row.__getitem__)(parse(that, lambda _: "any").tree) is False

    return [check.says.en for check in entry.checks if fails(check.that)]


@pytest.mark.parametrize("register", sorted(ROWS))
def test_a_good_row_passes_every_check(register: str):
    assert broken(register) == []


@pytest.mark.parametrize(
    ("register", "changes", "said"),
    [
        ("energy_supply", {"unit": "tce"}, "Electricity is counted in 10⁴ kWh"),
        ("energy_supply", {"flow": "stock_end"}, "Electricity and heat have no stock"),
        ("energy_supply", {"flow": "out_heat"}, "Heat supply gives heat"),
        ("energy_by_place", {"carrier": "natural_gas", "unit": "tonne"}, "Gas is counted in 10⁴ m³"),
        ("key_unit_carriers", {"as_material": 121.0}, "The part used as raw material cannot exceed the whole"),
        ("key_unit_carriers", {"unit_of_amount": "gj"}, "Coal, oil and liquefied gas are counted in tonnes"),
        ("account_sites", {"floor_area_m2": None}, "A building without code or floor area has no figure per m²"),
        ("meter_totals", {"method": None}, "An estimated amount says by which method"),
        ("gdp_by_sector", {"sector": "homes"}, "Homes have no value added"),
        ("gdp_by_sector", {"price_base": 2026}, "The price base cannot lie after the year"),
        ("weather_shares", {"heating_share": 80.0}, "Heating and cooling together cannot exceed 100 per cent"),
        ("refrigerants", {"recovered_kg": 901.0}, "What is recovered cannot exceed the scrapped charge"),
        ("waste_facilities", {"mcf": None}, "A landfill needs its kind of management"),
        ("waste_facilities", {"kind": "incineration"}, "Only a landfill has a kind of management"),
        ("wastewater", {"bod_t": None}, "Give BOD, COD or people served"),
        ("wastewater", {"sludge_bod_t": 9801.0}, "BOD in sludge cannot exceed what was removed"),
        ("tree_stock", {"volume_m3": None}, "Stands, scattered and roadside trees need their volume"),
        ("tree_stock", {"kind": "bamboo"}, "Bamboo, orchards and shrubs need their area"),
        ("vehicle_use", {"litre_per_100km": None}, "Petrol and diesel vehicles need litres per 100 km"),
        ("vehicle_use", {"fuel": "bev"}, "Battery-electric vehicles need kWh per 100 km"),
        ("dual_control_deductions", {"kind": "raw_material"}, "Energy used as raw material is given in tce"),
        ("dual_control_deductions", {"energy_mwh": None, "tce": 3.0}, "Deductions of power need their electricity"),
        ("monthly_energy", {"carrier": "heat"}, "Heat is counted in GJ"),
    ],
)
def test_a_row_that_cannot_be_is_told_why(register: str, changes: dict[str, Any], said: str):
    assert said in broken(register, **changes)


def test_flows_have_the_official_order_of_the_balance():
    flows = list(CATALOGUE.choices["energy_flows"].options)
    assert flows[:9] == [
        *("stock_start", "primary", "from_outside", "import", "bunkers_abroad"),
        *("to_outside", "export", "bunkers_here", "stock_end"),
    ]
    assert flows[-2:] == ["recovered", "loss"]
