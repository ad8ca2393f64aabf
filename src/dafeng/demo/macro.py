"""The district as a whole, year by year: people, value added, energy by sector and carrier.

Everything is fixed by the constants below, not drawn: a district's totals must agree with each other in every seed.
Electricity of other services closes the balance so that the energy per unit of GDP falls as ``INTENSITY`` says.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from dafeng.demo.calibration import ENERGY_PER_GDP, HOUSEHOLD_ELECTRICITY, HOUSEHOLD_GAS, HOUSEHOLD_SIZE
from dafeng.demo.world import FIRST, LAST

YEARS = range(FIRST, LAST + 1)

# Coal equivalents, as in the shipped catalogue (a test holds them equal): kgce per kWh (等价), m³, kg, GJ.
KGCE_PER_KWH, KGCE_PER_M3 = 0.28232, 1.29971
KGCE_PER_KG = {"petrol": 1.4714, "diesel": 1.4571, "lpg": 1.7143}
KGCE_PER_GJ = 34.12
# CO2 by fuel, t per unit (10⁴ m³, t), and heat t/GJ; provincial inventory method, as in the shipped catalogue.
CO2_GAS_PER_10K_M3, CO2_PER_T, CO2_PER_GJ = 21.622, {"petrol": 2.9251, "diesel": 3.0959, "lpg": 3.1013}, 0.11
# Carrier → its code in registers and the unit of amounts.
CARRIERS: Mapping[str, tuple[str, str]] = {
    "electricity": ("electricity", "wan_kwh"),
    "gas": ("natural_gas", "wan_m3"),
    "petrol": ("gasoline", "tonne"),
    "diesel": ("diesel", "tonne"),
    "lpg": ("lpg", "tonne"),
    "heat": ("heat", "gj"),
}

RESIDENTS = {2020: 900_200, 2021: 902_600, 2022: 899_400, 2023: 903_100, 2024: 905_300, 2025: 906_800}
# Real growth of value added, %, and the deflator to prices of 2020.
GROWTH = {2021: 8.0, 2022: 0.4, 2023: 5.6, 2024: 5.2, 2025: 5.3}
DEFLATOR = {2020: 1.0, 2021: 1.022, 2022: 1.039, 2023: 1.041, 2024: 1.038, 2025: 1.036}
# Energy per unit of GDP at constant prices, cut against 2020, %: closed weeks in 2022 slowed it.
INTENSITY = {2020: 0.0, 2021: 3.3, 2022: 4.1, 2023: 7.2, 2024: 10.1, 2025: 12.8}
GDP_2020 = 1760.0  # 亿CNY

# Growth of 2026 against 2025, first nine months: energy, and what each sector has of it.
GROWTH_2026 = 1.016
SECTOR_GROWTH_2026 = {"industry": 0.991, "construction": 0.968, "transport": 1.024, "trade": 1.011, "services": 1.021,
                      "homes": 1.022}  # fmt: skip

SECTORS = ("industry", "construction", "transport", "trade", "services", "homes")
# Shares of value added by sector, % (homes have none), 2020 and 2025.
VALUE_ADDED = {"industry": (14.2, 12.4), "construction": (2.1, 1.9), "transport": (3.6, 3.4), "trade": (15.8, 14.6),
               "services": (64.3, 67.7)}  # fmt: skip

# 2020 amounts: electricity 10⁴ kWh, gas 10⁴ m³, fuels t, heat GJ; then the yearly index of each.
_AMOUNTS: Mapping[str, Mapping[str, float]] = {
    "industry": {"electricity": 26_100, "gas": 1_310, "diesel": 2_900, "heat": 172_000},
    "construction": {"electricity": 3_050, "petrol": 820, "diesel": 4_600},
    "transport": {"electricity": 27_200, "petrol": 6_900, "diesel": 12_300},
    "trade": {"electricity": 48_300, "gas": 1_620, "lpg": 780},
    "services": {"electricity": 0, "gas": 1_070, "petrol": 1_850},
    "homes": {"electricity": 0, "gas": 0, "petrol": 16_400},
}
_INDEX: Mapping[str, Mapping[int, float]] = {
    "industry": {2021: 1.035, 2022: 0.985, 2023: 1.012, 2024: 1.024, 2025: 1.031},
    "construction": {2021: 1.03, 2022: 0.94, 2023: 1.0, 2024: 0.99, 2025: 0.98},
    "transport": {2021: 1.06, 2022: 0.93, 2023: 1.09, 2024: 1.14, 2025: 1.18},
    "trade": {2021: 1.07, 2022: 1.0, 2023: 1.08, 2024: 1.12, 2025: 1.15},
    "services": {2021: 1.04, 2022: 1.0, 2023: 1.05, 2024: 1.06, 2025: 1.06},
    "homes": {2021: 1.02, 2022: 1.09, 2023: 1.08, 2024: 1.12, 2025: 1.13},
}
# Gas from which one works makes hydrogen, 10⁴ m³: used as raw material, so it is energy but is not burnt.
GAS_AS_MATERIAL = {2020: 18.0, 2021: 18.5, 2022: 17.5, 2023: 18.0, 2024: 18.5, 2025: 19.0}
# Fuels for vehicles shrink against their sector as fleets turn electric; homes buy less gas per head.
_FUEL_DRIFT = {"petrol": 0.955, "diesel": 0.962, "lpg": 0.95, "gas": 0.99, "heat": 0.985, "electricity": 1.0}


def gdp_constant(year: int) -> float:
    """Value added at prices of 2020, 亿CNY."""
    value = GDP_2020
    for later in range(FIRST + 1, year + 1):
        value *= 1 + GROWTH[later] / 100
    return round(value, 2)


def gdp_nominal(year: int) -> float:
    """At prices of the year, 亿CNY."""
    return round(gdp_constant(year) * DEFLATOR[year], 2)


def value_added_share(sector: str, year: int) -> float:
    """Share of value added, %, on a straight line from 2020 to 2025."""
    first, last = VALUE_ADDED.get(sector, (0.0, 0.0))
    return first + (last - first) * (year - FIRST) / (LAST - FIRST)


def energy_target_tce(year: int) -> float:
    """Total energy that goes with the year's intensity, tce at coal equivalent."""
    return gdp_constant(year) * 1e4 * ENERGY_PER_GDP.value * (1 - INTENSITY[year] / 100)


@functools.cache
def balance(year: int) -> Mapping[tuple[str, str], float]:
    """(sector, carrier) → amount: electricity 10⁴ kWh, gas 10⁴ m³, fuels t, heat GJ; whole numbers."""
    households = RESIDENTS[year] / HOUSEHOLD_SIZE.value
    held: dict[tuple[str, str], float] = {}
    for sector, carriers in _AMOUNTS.items():
        for carrier, amount in carriers.items():
            if sector == "homes" and carrier in ("electricity", "gas"):
                each = HOUSEHOLD_ELECTRICITY.value if carrier == "electricity" else HOUSEHOLD_GAS.value
                amount = households * each / 1e4
            factor = _INDEX[sector].get(year, 1.0) * _FUEL_DRIFT[carrier] ** (year - FIRST)
            if sector == "homes" and carrier == "gas":
                factor = 1 + (factor - 1) * 0.3
            held[sector, carrier] = float(round(amount * factor))
    rest = energy_target_tce(year) - sum(tce(carrier, amount) for (_, carrier), amount in held.items())
    held["services", "electricity"] = float(round(rest / (KGCE_PER_KWH * 10)))
    return held


def tce(carrier: str, amount: float) -> float:
    """Coal equivalent, tce, of an amount in the units of ``balance``."""
    match carrier:
        case "electricity":
            return amount * 1e4 * KGCE_PER_KWH / 1000
        case "gas":
            return amount * 1e4 * KGCE_PER_M3 / 1000
        case "heat":
            return amount * KGCE_PER_GJ / 1000
    return amount * KGCE_PER_KG[carrier]


def burnt(year: int) -> Mapping[tuple[str, str], float]:
    """The balance without what is used as raw material."""
    whole = dict(balance(year))
    whole["industry", "gas"] -= GAS_AS_MATERIAL[year]
    return whole


def co2_direct(carrier: str, amount: float) -> float:
    """t CO2 of burning it (heat: of what was bought); electricity has its own factor."""
    match carrier:
        case "electricity":
            return 0.0
        case "gas":
            return amount * CO2_GAS_PER_10K_M3
        case "heat":
            return amount * CO2_PER_GJ
    return amount * CO2_PER_T[carrier]


def sector_tce(year: int) -> dict[str, float]:
    return {
        sector: sum(tce(carrier, amount) for (name, carrier), amount in balance(year).items() if name == sector)
        for sector in SECTORS
    }


def total_tce(year: int) -> float:
    return sum(sector_tce(year).values())


def carrier_total(carrier: str, year: int) -> float:
    return sum(amount for (_, name), amount in balance(year).items() if name == carrier)


def building_energy_tce(year: int) -> float:
    """Energy of all buildings: trade, services and homes without the fuel of their vehicles, tce."""
    return sum(
        tce(carrier, amount)
        for (sector, carrier), amount in balance(year).items()
        if sector in ("trade", "services", "homes") and carrier not in ("petrol", "diesel")
    )
