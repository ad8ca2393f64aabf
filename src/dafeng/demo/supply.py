"""Registers of supply: the upper half of the energy balance, energy month by month, and a series from outside."""

from __future__ import annotations

from dafeng.demo import macro
from dafeng.demo.calibration import MONTHS_OF_ELECTRICITY
from dafeng.demo.chance import split
from dafeng.demo.sun import pv_output
from dafeng.demo.world import PARTIAL, TODAY, Row, World
from dafeng.demo.zones import district_co2

# What the district takes in beyond what it uses, by carrier: electricity 10⁴ kWh, gas 10⁴ m³. In 2022 the grid company
# read its border meters before the closed weeks were billed: a statistical difference of 0.3 % of all energy.
GAP = {
    "electricity": {2020: 14, 2021: -9, 2022: 1_021, 2023: 11, 2024: -6, 2025: 8},
    "gas": {2020: 2, 2021: -1, 2022: 3, 2023: -2, 2024: 1, 2025: 1},
}
# Petrol and diesel in the tanks of filling stations at the end of each year, t; 2019 opens 2020.
STOCK_T = {
    "petrol": {2019: 610, 2020: 585, 2021: 622, 2022: 571, 2023: 604, 2024: 588, 2025: 579},
    "diesel": {2019: 430, 2020: 412, 2021: 441, 2022: 398, 2023: 405, 2024: 417, 2025: 402},
}
# Lost in steam pipes, of what is used. Losses of the grid and of gas pipes are use of the supply industry (sectoral
# form), so they stand in no row of their own.
HEAT_LOST = 0.035


def energy_supply(world: World) -> list[Row]:
    """Nothing is generated from fuel here: own sun is the only primary energy, all else comes in. Supply less losses
    less use is the statistical difference that ``GAP`` says."""
    rows: list[Row] = []
    for year in macro.YEARS:
        used = {carrier: macro.carrier_total(carrier, year) for carrier in macro.CARRIERS}
        own = pv_output(world, year)
        flows: list[tuple[str, str, float]] = [
            ("primary", "electricity", own),
            ("from_outside", "electricity", round(used["electricity"] + GAP["electricity"][year] - own, 1)),
            ("loss", "electricity", 0),
            ("from_outside", "gas", used["gas"] + GAP["gas"][year]),
            ("loss", "gas", 0),
            ("from_outside", "lpg", used["lpg"]),
        ]
        for fuel, stock in STOCK_T.items():
            bought = used[fuel] + stock[year] - stock[year - 1]
            flows += [("stock_start", fuel, stock[year - 1]), ("from_outside", fuel, bought)]
            flows.append(("stock_end", fuel, stock[year]))
        lost = round(used["heat"] * HEAT_LOST)
        flows += [("from_outside", "heat", used["heat"] + lost), ("loss", "heat", lost)]
        for flow, carrier, amount in flows:
            name, unit = macro.CARRIERS[carrier]
            rows.append({"year": year, "flow": flow, "carrier": name, "amount": amount, "unit": unit})
    return rows


# Monthly share of a year's use by sector, %. Offices and shops follow the measured months of public buildings.
_POWER = {
    "industry": (7.6, 6.2, 8.3, 8.2, 8.4, 8.5, 9.0, 9.1, 8.7, 8.4, 8.5, 9.1),
    "construction": (7.8, 4.6, 7.9, 8.4, 8.8, 8.9, 9.4, 9.5, 9.0, 8.7, 8.6, 8.4),
    "transport": (8.2, 7.4, 8.2, 8.0, 8.3, 8.4, 9.0, 9.1, 8.4, 8.2, 8.2, 8.6),
    "trade": MONTHS_OF_ELECTRICITY,
    "services": MONTHS_OF_ELECTRICITY,
    "homes": (9.6, 8.2, 7.0, 5.8, 5.7, 6.9, 11.6, 12.8, 9.4, 6.2, 6.3, 10.5),
}
_GAS = {
    "industry": (8.6, 6.6, 8.6, 8.3, 8.3, 8.1, 8.1, 8.1, 8.2, 8.4, 8.9, 9.8),
    "trade": (11.4, 9.2, 8.9, 7.6, 7.2, 6.8, 6.8, 6.9, 7.0, 7.6, 8.9, 11.7),
    "services": (13.9, 11.9, 9.6, 6.8, 5.8, 5.2, 5.0, 5.0, 5.3, 6.7, 9.8, 15.0),
    "homes": (11.6, 10.4, 9.4, 8.1, 7.3, 6.5, 5.9, 5.7, 6.3, 7.6, 9.0, 12.2),
}
CLOSED_2022 = {4: 0.62, 5: 0.7}  # April and May: all but homes
HOT = {2022: 1.12, 2024: 1.08}  # July and August: electricity
WEATHER = 0.02  # how far a month lies from its mean, relative standard deviation


def months_of(carrier: str, sector: str, year: int) -> list[float]:
    """Weights of the twelve months of a year."""
    weights = list((_POWER if carrier == "electricity" else _GAS)[sector])
    for month in range(12):
        if year == 2022 and sector != "homes":
            weights[month] *= CLOSED_2022.get(month + 1, 1.0)
        if carrier == "electricity" and month + 1 in (7, 8):
            weights[month] *= HOT.get(year, 1.0)
    return weights


def monthly_energy(world: World) -> list[Row]:
    """Electricity and gas by month and sector; the months of a year add up to it. 2026 runs to September."""
    chance = world.chance("monthly_energy")
    rows: list[Row] = []
    for year in (*macro.YEARS, PARTIAL):
        known = macro.balance(min(year, macro.YEARS[-1]))
        for carrier, sectors in (("electricity", _POWER), ("gas", _GAS)):
            name, unit = macro.CARRIERS[carrier]
            for sector in sectors:
                total = known[sector, carrier] * (macro.SECTOR_GROWTH_2026[sector] if year == PARTIAL else 1)
                weights = [part * chance.near(1, WEATHER, 4) for part in months_of(carrier, sector, year)]
                parts = split(total, weights)
                for month, amount in enumerate(parts[: TODAY.month if year == PARTIAL else 12], 1):
                    rows.append(
                        {
                            "month": f"{year}-{month:02d}",
                            "sector": sector,
                            "carrier": name,
                            "amount": amount,
                            "unit": unit,
                        }
                    )
    return rows


OUTSIDE = "虚构格网反演数据集（示例）"
# The imagined data set before our records begin, 10⁴ t, and how far it lies from our own total since, as a ratio.
_BEFORE = {2014: 189.4, 2015: 192.8, 2016: 195.1, 2017: 199.6, 2018: 201.3, 2019: 203.7}
_AGAINST = {2020: 1.062, 2021: 1.071, 2022: 1.058, 2023: 1.066, 2024: 1.061}


def outside_series(world: World) -> list[Row]:
    """A made-up series as a data set of grid cells would give it: some six per cent above ours, with the same trend."""
    ours = {year: round(district_co2(world, year) / 1e4 * ratio, 1) for year, ratio in _AGAINST.items()}
    return [
        {
            "series": OUTSIDE,
            "year": year,
            "value": value,
            "unit": "wan_t",
            "what": "虚构：能源活动二氧化碳，含外购电力和热力",
            "document": "虚构数据集，随示例生成，不是任何真实数据",
        }
        for year, value in (_BEFORE | ours).items()
    ]
