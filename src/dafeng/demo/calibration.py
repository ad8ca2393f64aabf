"""Outside figures that the demo district's totals are scaled to, each with unit, year, source and status.

``low`` and ``high`` bound what a generated total may be; where no public figure was found the range alone is the
calibration and ``status`` says ``assumption``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Constant:
    """One calibration figure. value, low and high are in ``unit``."""

    value: float
    low: float
    high: float
    unit: str
    year: int
    source: str
    status: Literal["official", "second-hand", "remembered", "assumption"]

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


PEOPLE = Constant(
    900_000, 890_000, 930_000, "人", 2020, "the demo plan's own statement; about 0.8 of a central Shanghai district "
    "(1.11 M, 2020 census)", "assumption",
)  # fmt: skip
GDP_PER_HEAD = Constant(
    195_600, 180_000, 215_000, "CNY", 2020,
    "217.7 bn CNY over 1.113 M residents of a central Shanghai district, 2020 bulletin and census", "second-hand",
)  # fmt: skip
GDP_GROWTH = Constant(
    4.9, 4.5, 5.3, "%", 2025, "mean yearly real growth of Shanghai 2021–2025, fifteenth five-year outline", "official"
)
ENERGY_PER_GDP = Constant(
    0.0525, 0.045, 0.060, "tce/万CNY", 2020,
    "706 200 tce over about 156 bn CNY of a sibling district (its 14th five-year plan) gives 0.045; estimates of "
    "a larger neighbour reach 0.060", "second-hand",
)  # fmt: skip
ENERGY_GROWTH = Constant(
    2.0, 0.5, 2.3, "%", 2025, "a sibling district's limit on yearly growth of total energy in 2021–2025", "official"
)
INTENSITY_CUT = Constant(
    13.0, 12.0, 14.5, "%", 2025, "district targets of 13.5 and 14 % found in public plans; the demo plan asks 13 %",
    "official",
)  # fmt: skip
BUILDING_ELECTRICITY = Constant(
    100.7, 75.0, 115.0, "kWh/m2", 2019,
    "Shanghai platform mean: 8.29 TWh over 82.36 M m² of 1 780 monitored public buildings", "second-hand",
)  # fmt: skip
BUILDING_INTENSITY = Constant(
    24.25, 21.0, 33.0, "kgce/m2", 2020, "a sibling district's platform mean (city 26.78) at coal equivalent",
    "official",
)  # fmt: skip
HOUSING_AREA_PER_HEAD = Constant(
    36.0, 30.0, 40.0, "m2/人", 2021, "floor area per urban resident, model default between 30 and 40", "assumption"
)
HOUSEHOLD_SIZE = Constant(2.62, 2.3, 2.7, "人/户", 2020, "2.62 persons a household (city survey)", "second-hand")
HOUSEHOLD_ELECTRICITY = Constant(
    2_450, 2_200, 3_300, "kWh/户", 2020, "2 700 (2 200–3 300) kWh a household and year", "assumption"
)
HOUSEHOLD_GAS = Constant(190, 140, 260, "m3/户", 2020, "200 (140–260) m³ a household and year", "assumption")
PEAK_HOURS = Constant(
    3_600, 3_000, 5_000, "h", 2025,
    "yearly electricity over peak load: city 184.9 TWh over about 37–40 GW gives 4 600–5 000 h; a district of "
    "offices and homes is more pointed", "assumption",
)  # fmt: skip
PV_HOURS = Constant(
    1_050, 950, 1_100, "h", 2021, "yield 1 025–1 075 kWh/kW·a at 10° south, from a typical year of Shanghai",
    "second-hand",
)  # fmt: skip
CHARGER_POWER = Constant(
    45, 25, 70, "kW", 2025, "196 GW over 4.316 M public chargers (National Energy Administration, August 2025)",
    "official",
)  # fmt: skip
CHARGER_USE = Constant(6, 1, 14, "%", 2025, "utilisation by energy: DC 8 (4–14), AC 3 (1–5) %", "assumption")
WASTE_PER_HEAD = Constant(
    1.36, 1.15, 1.55, "kg/(人·d)", 2024, "33 800 t a day over 24.8 M residents, Shanghai, January to May 2024",
    "second-hand",
)  # fmt: skip
WASTE_RECYCLED = Constant(43, 36, 48, "%", 2023, "city recycling rate 43 % (2023), above 45 % (2025)", "second-hand")
NEW_CARS_BEV = Constant(
    50, 10, 60, "%", 2025, "battery-electric above 50 % of private new cars is the city's goal for 2025", "official"
)
BUS_NEV = Constant(96.2, 95, 100, "%", 2024, "16 356 buses, 96.2 % new-energy, Shanghai, end 2024", "second-hand")
GREEN_COVER = Constant(
    30, 25, 33, "%", 2020, "25.6 % (2020) and 32.6 % (2022, other definition) printed for a central district",
    "second-hand",
)  # fmt: skip
PARK_PER_HEAD = Constant(
    6.4, 5.0, 8.0, "m2/人", 2020, "6.37 to 6.62 m² a head printed for a central district", "second-hand"
)
PUE_OLD = Constant(1.45, 1.28, 1.7, "1", 2022, "stock built 2016–2020 about 1.45, older 1.6 (1.4–2.0)", "assumption")
PV_COST = Constant(
    2.9,
    2.2,
    4.5,
    "CNY/W",
    2024,
    "distributed PV 2.5–3.7 CNY/W by year, ±15 %, plus 10–45 % in dense districts",
    "assumption",
)
RETROFIT_SAVING = Constant(15, 5, 35, "%", 2024, "city rule: a retrofit counts in full from 15 % saving", "official")
WASTEWATER_ELECTRICITY = Constant(0.35, 0.25, 0.6, "kWh/m3", 2020, "treatment 0.35 (0.25–0.6) kWh/m³", "assumption")

# Electricity by use of building, kWh per m² and year (low, middle, high), and gas, m³ per m² and year: model
# defaults after measured anchors of Shanghai (platform 2019; hotels surveyed 2015).
ELECTRICITY_BY_USE: dict[str, tuple[float, float, float]] = {
    "government_office": (55, 78, 105), "office": (70, 98, 140), "mall": (120, 165, 260), "hotel": (95, 130, 210),
    "health": (100, 140, 190), "education": (16, 42, 90), "mixed": (70, 105, 150), "culture": (50, 80, 120),
    "sport": (40, 63, 100), "transport": (30, 43, 80), "other": (45, 74, 110),
}  # fmt: skip
GAS_BY_USE: dict[str, float] = {
    "government_office": 0.8, "office": 0.5, "mall": 3, "hotel": 9, "health": 8, "education": 1.0, "mixed": 2,
    "culture": 0.5, "sport": 1.5, "transport": 0.2, "other": 1.0,
}  # fmt: skip

# Monthly share of a year's electricity of public buildings, from measured kWh/m² by month (offices, 2026 study).
MONTHS_OF_ELECTRICITY = (7.6, 6.4, 6.3, 5.4, 5.8, 6.7, 9.9, 10.2, 8.5, 5.8, 5.6, 7.1)

ALL: dict[str, Constant] = {name: value for name, value in globals().items() if isinstance(value, Constant)}
