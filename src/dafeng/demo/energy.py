"""Registers of energy: yearly totals, consumption by sector and carrier, photovoltaics."""

from __future__ import annotations

import datetime as dt

from dafeng.demo import macro
from dafeng.demo.buildings import near
from dafeng.demo.calibration import PV_COST, PV_HOURS
from dafeng.demo.chance import Chance, split
from dafeng.demo.deductions import CUT_AFTER, granted_tce
from dafeng.demo.naming import Names
from dafeng.demo.places import PLACES, Place
from dafeng.demo.roofs import KW_PER_M2
from dafeng.demo.world import TODAY, Row, World
from dafeng.demo.zones import district_co2

KGCE_PER_KWH_CALORIFIC = 0.1229


# Shares as the city gave them back, %: non-fossil energy in all energy, renewables in electricity (the second plan
# asks 38 in 2030).
NON_FOSSIL = {2020: 17.6, 2021: 18.0, 2022: 18.9, 2023: 19.4, 2024: 20.1, 2025: 20.7}
RENEWABLE_POWER = {2020: 27.9, 2021: 29.0, 2022: 30.6, 2023: 31.5, 2024: 33.0, 2025: 34.4}


def yearly_totals(world: World) -> list[Row]:
    """One row a year; every figure is the sum or ratio of what the other registers hold."""
    rows, co2_before = [], 0.0
    for year in macro.YEARS:
        energy, co2 = macro.total_tce(year), district_co2(world, year)
        gdp = macro.gdp_constant(year)
        cut = co2_cut = None
        if year > 2020:
            before = macro.total_tce(year - 1) / macro.gdp_constant(year - 1)
            cut = round(100 * (1 - energy / gdp / before), 2)
            co2_cut = round(100 * (1 - co2 / gdp / co2_before), 2)
        co2_before = co2 / gdp
        electricity = macro.carrier_total("electricity", year)
        rows.append(
            {
                "year": year,
                "gdp_constant": gdp,
                "price_base": 2020,
                "gdp_growth": macro.GROWTH.get(year, 2.1),
                "gdp_current": macro.gdp_nominal(year),
                "energy": round(energy / 1e4, 3),
                "energy_calorific": round(
                    (energy - electricity * 10 * (macro.KGCE_PER_KWH - KGCE_PER_KWH_CALORIFIC)) / 1e4, 3
                ),
                "energy_assessed": round((energy - granted_tce(year)) / 1e4, 3) if year in CUT_AFTER else None,
                "energy_cut": cut,
                "co2": round(co2 / 1e4, 3),
                "co2_cut": co2_cut,
                "non_fossil_share": NON_FOSSIL[year],
                "renewable_power_share": RENEWABLE_POWER[year],
                "electricity": round(electricity / 1e4, 4),
                "gas": macro.carrier_total("gas", year),
                "residents": round(macro.RESIDENTS[year] / 1e4, 2),
                "document": f"云汀区统计年鉴{year + 1}（虚构）",
            }
        )
    return rows


def energy_consumption(world: World) -> list[Row]:
    """The balance, a row per sector and carrier, as first reported: one amount of gas was too small."""
    return [_as_first_reported(row) if _is_restated(row) else row for row in _consumption()]


# The gas of other services in 2023 that the first report left out, 10⁴ m³: 7 % of it, 0.7 % of all gas.
LEFT_OUT_GAS = 76.0


def gas_2023_corrected(world: World) -> list[Row]:
    """The row with which sectors add up to the yearly total again."""
    return [row for row in _consumption() if _is_restated(row)]


def _is_restated(row: Row) -> bool:
    return (row["year"], row["sector"], row["carrier"]) == (2023, "services", "natural_gas")


def _as_first_reported(row: Row) -> Row:
    tce = round(macro.tce("gas", row["amount"] - LEFT_OUT_GAS), 1)
    return row | {"amount": row["amount"] - LEFT_OUT_GAS, "tce": tce, "tce_calorific": tce}


def _consumption() -> list[Row]:
    """Every sector and carrier of every year; sectors add up to the yearly total."""
    rows = []
    for year in macro.YEARS:
        material = round(macro.tce("gas", macro.GAS_AS_MATERIAL[year]), 1)
        for (sector, carrier), amount in macro.balance(year).items():
            name, unit = macro.CARRIERS[carrier]
            tce = macro.tce(carrier, amount)
            calorific = amount * 10 * KGCE_PER_KWH_CALORIFIC if carrier == "electricity" else tce
            rows.append(
                {
                    "year": year,
                    "sector": sector,
                    "carrier": name,
                    "amount": amount,
                    "unit": unit,
                    "tce": round(tce, 1),
                    "tce_calorific": round(calorific, 1),
                    "as_material_tce": material if (sector, carrier) == ("industry", "gas") else None,
                }
            )
    return rows


# New capacity by year, kW: 19.5 MW in 2021–2025, where the plan asks 18. Surveyed roofs come first, others fill up.
CONNECTED_KW = {2020: 5_400, 2021: 2_900, 2022: 3_300, 2023: 4_300, 2024: 4_700, 2025: 4_300, 2026: 4_050}
OTHER_SITES = {"commercial": 48, "municipal": 12, "hub": 8, "residential": 14, "facade": 6}
SUFFIX = {"commercial": "商厦", "municipal": "泵站", "hub": "枢纽", "residential": "苑", "facade": "大厦幕墙"}
OWNERS = ("云汀新能源（虚构）", "澜光能源（虚构）", "沐禾光伏（虚构）", "业主自投")


def pv_projects(world: World) -> list[Row]:
    """Every covered roof of the survey is a project; commercial and other sites fill up to the year's capacity."""
    chance = world.chance("pv_projects")
    names = Names(chance)
    rows: list[Row] = []
    for building in world.rows("buildings"):
        year = building.get("_pv_year")
        if year is not None:
            year = chance.whole(2016, 2020) if year == 2021 and chance.chance(0.5) else year
            kw = round(building["roof_pv_m2"] * KW_PER_M2, 1)
            site = "factory" if building["use"] == "factory" else "public_body"
            place = next(p for p in PLACES if p.name == building["subdistrict"])
            row = _pv(chance, len(rows) + 1, building["name"], site, kw, year, place)
            rows.append(row | {"building": building["code"], "roof_m2": building["roof_pv_m2"]})
    for year, target in CONNECTED_KW.items():
        there = sum(
            row["capacity_kw"]
            for row in rows
            if (row["connected"].year if year > 2020 else max(row["connected"].year, 2020)) == year
        )
        rest = max(target - there, 100)
        count = max(2, round(rest / 230))
        for kw in split(rest, [chance.between(0.5, 1.5) for _ in range(count)], 1):
            site = chance.pick(tuple(OTHER_SITES), tuple(OTHER_SITES.values()))
            rows.append(_pv(chance, len(rows) + 1, names.of(SUFFIX[site]), site, kw, year, chance.pick(PLACES)))
    for stage in ("planned", "planned", "planned", "filed", "filed", "building", "building", "building", "dropped"):
        row = _pv(
            chance, len(rows) + 1, names.of("商厦"), "commercial", chance.between(80, 600, 1), 2026, chance.pick(PLACES)
        )
        rows.append(row | {"stage": stage, "connected": None, "filed": None if stage == "planned" else row["filed"]})
    return rows


def _pv(chance: Chance, number: int, name: str, site: str, kw: float, year: int, place: Place) -> Row:
    first, last = (dt.date(year, 2, 1), dt.date(year, 12, 15)) if year < 2026 else (dt.date(2026, 1, 12), TODAY)
    connected = chance.day(first, last)
    premium = {"facade": 2.4, "hub": 1.3}.get(site, 1.0)
    cost = PV_COST.value * (1.18 if year < 2023 else 1.0) * premium * chance.near(1, 0.08, 4)
    return {
        "code": f"YT-PV-{number:04d}",
        "name": f"{name}光伏" if site != "facade" else f"{name}光伏一体化",
        "layout": "distributed",
        "site": site,
        "stage": "connected",
        "capacity_kw": kw,
        "connected": connected,
        "retired": None,
        "filed": connected - dt.timedelta(days=chance.whole(60, 240)),
        "owner": chance.pick(OWNERS),
        "building": None,
        "roof_m2": None if site == "facade" else round(kw * chance.between(6.2, 8.5)),
        "expected_yield": round(kw * (PV_HOURS.value if site != "facade" else 640) * chance.near(1, 0.03, 4) / 1e4, 2),
        "investment": round(kw * cost / 10, 1),
        "subdistrict": place.name,
        "location": near(chance, place),
    }
