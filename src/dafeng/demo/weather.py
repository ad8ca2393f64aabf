"""Registers of weather: degree days, and what part of each use follows them."""

from __future__ import annotations

from dafeng.demo.world import Row, World

# Year → heating degree days (base 18 °C) and cooling degree days (base 26 °C): invented, of the size that the lower
# Yangtze has; the summers of 2022 and 2024 were hot.
DEGREE_DAYS = {
    2020: (1_512, 281),
    2021: (1_476, 288),
    2022: (1_592, 421),
    2023: (1_561, 296),
    2024: (1_528, 386),
    2025: (1_566, 322),
}
NORMAL = (1_600, 250)

# (sector, carrier) → share of a normal year's use that heats and that cools, %.
SHARES = {
    ("homes", "electricity"): (14, 22),
    ("homes", "natural_gas"): (18, 0),
    ("services", "electricity"): (9, 24),
    ("services", "natural_gas"): (36, 0),
    ("trade", "electricity"): (6, 26),
    ("trade", "natural_gas"): (12, 0),
    ("transport", "electricity"): (3, 8),
    ("industry", "electricity"): (2, 6),
    ("industry", "heat"): (10, 0),
}
MEASURED = ("services", "trade")


def degree_days(world: World) -> list[Row]:
    return [
        {"year": year, "hdd18": heating, "cdd26": cooling, "hdd_normal": NORMAL[0], "cdd_normal": NORMAL[1]}
        for year, (heating, cooling) in DEGREE_DAYS.items()
    ]


def weather_shares(world: World) -> list[Row]:
    rows = []
    for (sector, carrier), (heating, cooling) in SHARES.items():
        basis = "区级监测平台2024年分项计量（虚构）" if sector in MEASURED else "按月度曲线谷值估计（虚构）"
        rows.append(
            {
                "sector": sector,
                "carrier": carrier,
                "heating_share": heating,
                "cooling_share": cooling,
                "basis": basis,
            }
        )
    return rows
