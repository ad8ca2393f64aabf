"""A small fictional district with energy, GDP and waste of two years, small enough to account for by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.unit.workflows.small import load_rows

from dafeng.workflows.district import District, open_district

# Coal equivalents as statistics would type them, within 1 % of what the catalogue's coefficients give.
_COLUMNS = ("year", "sector", "carrier", "amount", "unit", "tce")
ENERGY: list[dict[str, Any]] = [
    dict(zip(_COLUMNS, row, strict=True))
    for row in (
        (2020, "services", "natural_gas", 1200.0, "wan_m3", 15600.0),
        (2020, "services", "electricity", 50000.0, "wan_kwh", 141200.0),
        (2020, "transport", "gasoline", 3000.0, "tonne", 4414.2),
        (2025, "services", "natural_gas", 1000.0, "wan_m3", 13000.0),
        (2025, "services", "electricity", 60000.0, "wan_kwh", 169400.0),
        (2025, "homes", "natural_gas", 500.0, "wan_m3", 6500.0),
        (2025, "transport", "gasoline", 2000.0, "tonne", 2942.8),
    )
]
TOTALS = [
    {"year": 2020, "gdp_constant": 100.0, "price_base": 2020},
    {"year": 2021, "gdp_constant": 108.0, "price_base": 2020},
    {"year": 2022, "gdp_constant": 110.0, "price_base": 2020},
    {"year": 2023, "gdp_constant": 118.0, "price_base": 2020},
    {"year": 2024, "gdp_constant": 124.0, "price_base": 2020},
    {"year": 2025, "gdp_constant": 130.0, "price_base": 2020},
]
SUPPLY = [
    {"year": 2025, "flow": "from_outside", "carrier": "natural_gas", "amount": 1510.0, "unit": "wan_m3"},
    {"year": 2025, "flow": "loss", "carrier": "natural_gas", "amount": 8.0, "unit": "wan_m3"},
    {"year": 2025, "flow": "from_outside", "carrier": "electricity", "amount": 60000.0, "unit": "wan_kwh"},
    {"year": 2025, "flow": "from_outside", "carrier": "gasoline", "amount": 2000.0, "unit": "tonne"},
]


def make_district(root: Path, settings: str = "") -> District:
    head = '[district]\nname = "云汀区"\nname_en = "Yunting District"\nsynthetic = true\n'
    (root / "district.toml").write_text(head + settings, encoding="utf-8")
    return open_district(root)


def fill(district: District, **registers: Sequence[Mapping[str, Any]]) -> District:
    """The rows above, or others in their place by register."""
    held = {"energy_consumption": ENERGY, "yearly_totals": TOTALS, "energy_supply": SUPPLY} | registers
    for register, rows in held.items():
        if rows:
            load_rows(district, register, rows)
    return district
