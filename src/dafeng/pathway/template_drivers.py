"""Drivers and scenarios of a model: what moves the rows of a template after the base year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dafeng.pathway.buildings import Vintage, floor
from dafeng.pathway.history_account import AccountHistory
from dafeng.pathway.history_facts import DistrictFacts
from dafeng.pathway.stocks import fading, fixed_life, vintages
from dafeng.pathway.template import STATUSES, areas, source_of
from dafeng.pathway.template_fleet import KNOTS, Fleet, points

# Years between which the grid factor is a straight line.
GRID_KNOTS = (2030, 2035, 2040)
# Panels: 1.5 % less in the first year, 0.5 % a year after, 25 years (assumptions).
FADE_FIRST, FADE_LATER, PANEL_LIFE = 0.015, 0.005, 25


def parameter_drivers(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": one["name"], "unit": one.get("unit", "1"), "value": one["value"],
            "title": {"zh": one["zh"], "en": one["en"]}, "source": source_of(one["status"]),
            "range": f"{one['low']}–{one['high']}",
        }
        for one in body["parameters"]
    ]  # fmt: skip


def activity_drivers(body: Mapping[str, Any], facts: DistrictFacts) -> list[dict[str, Any]]:
    """Output, people and floor area; what a district does not tell is left out, and rows fall back on output."""
    base = facts.years[-1]
    made = []
    growth = f"grow(gdp_growth_2030 if year <= {KNOTS[0]} else gdp_growth_2035)"
    gdp = facts.gdp or dict.fromkeys(facts.years, 1.0)
    made.append(
        _told("gdp", "亿CNY" if facts.gdp else "1", gdp, growth, "生产总值（不变价）", "GDP at constant prices")
    )
    made.append(_made("gdp_level", f"gdp / at(gdp, {base})", "生产总值（基年为1）", "GDP, base year 1"))
    for sector, elasticity in (
        ("industry", "industry_elasticity"), ("construction", "0.2"), ("services", "services_elasticity"),
        ("trade", "1"), ("transport", "freight_elasticity"),
    ):  # fmt: skip
        if sector in facts.output:
            made.append(
                _told(
                    f"va_{sector}", "亿CNY", facts.output[sector], f"grow_as(gdp, {elasticity})",
                    f"{_SECTORS[sector]}增加值", f"value added of {sector}",
                )
            )  # fmt: skip
    if facts.residents:
        made.append(_told("residents", "万人", facts.residents, "grow(residents_growth)", "常住人口", "residents"))
        homes = {year: people / body["home"].get("persons", 2.3) for year, people in facts.residents.items()}
        made.append(_told("households", "万套", homes, "grow_as(residents)", "户数（按2.3人）", "households of 2.3"))
    for name, series in areas(body, facts).items():
        index = "home_floor" if name == "area_home" else "public_floor"
        entry = (
            body["home"]
            if name == "area_home"
            else next(one for one in body["buildings"] if f"area_{one['id']}" == name)
        )
        if series:
            made.append(
                _told(
                    name,
                    "万m2",
                    series,
                    f"hold() * stock.{index}",
                    f"{entry['zh']}面积",
                    f"{entry['en']}: floor area",
                )
            )
    for kind, series in facts.weather.items():
        made.append(
            _told(
                f"weather_{kind}", "1", _response(body, kind, series), "1", f"{_WEATHER[kind]}气候", f"weather: {kind}"
            )
        )
    if facts.dc_total and facts.dc_it:
        made.append(
            _told(
                "dc_it",
                "万kWh",
                facts.dc_it,
                f"grow(dc_growth_2030 if year <= {KNOTS[0]} else dc_growth_2035)",
                "IT设备用电",
                "IT load",
            )
        )
        pue = {year: facts.dc_total[year] / facts.dc_it[year] for year in facts.years}
        made.append(_told("pue", "1", pue, f"interp({KNOTS[0]}, pue_2030)", "平均PUE", "mean PUE"))
    return made


_SECTORS = {
    "industry": "工业",
    "construction": "建筑业",
    "services": "其他服务业",
    "trade": "批零住餐",
    "transport": "交通运输",
}
_WEATHER = {"cooling": "供冷", "heating": "供暖"}


def _response(body: Mapping[str, Any], kind: str, series: Mapping[int, float]) -> dict[int, float]:
    part = body.get("weather_response", {}).get(kind, 0.0)
    return {year: 1.0 + part * (relative - 1.0) for year, relative in series.items()}


def floor_stocks(body: Mapping[str, Any], base: int) -> list[dict[str, Any]]:
    """Floor area, share of what is new and need of what is old, from the stock of buildings: fixed responses to which
    retrofit and ultra-low-energy shares are applied in ``effect_drivers``."""
    years = int(body["last"]) - base
    made = []
    for kind, name in (("public", "public"), ("homes", "home")):
        entry = body["floors"][kind]
        stock = floor([Vintage(*one) for one in entry["vintages"]], years, entry["new"], entry["demolition"])
        for part, values, at_base, zh in (
            ("floor", stock.area, 1.0, "面积（基年为1）"),
            ("new", stock.new_share, 0.0, "基年后建成占比"),
            ("old", stock.old_need, 1.0, "基年建筑平均需求"),
        ):
            made.append(
                {
                    "name": f"{name}_{part}", "unit": "1", "values": points(base, values, at_base),
                    "title": {"zh": f"{entry['zh']}{zh}", "en": f"{entry['en']}: {part}"},
                    "source": f"{STATUSES['computed']}；{source_of(entry.get('status'))}",
                }
            )  # fmt: skip
    return made


def panel_rows(body: Mapping[str, Any], facts: DistrictFacts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(drivers, stocks): effective MW of panels, new ones from the parameter ``pv_added``."""
    if not any(year <= facts.years[-1] for year in facts.pv):
        return [], []
    base, last = facts.years[-1], int(body["last"])
    life, fade = fixed_life(PANEL_LIFE + 1, PANEL_LIFE), fading(PANEL_LIFE + 1, FADE_FIRST, FADE_LATER)
    first = min(*facts.pv, facts.years[0])
    added = np.array([facts.pv.get(year, 0.0) if year <= base else 0.0 for year in range(first, last + 1)])
    effective = vintages(added, life, fade)
    history = {year: float(effective[year - first]) for year in facts.years}
    later = range(base + 1, last + 1)
    left = np.array([effective[year - first] for year in later])
    per_mw = vintages(np.ones(len(later)), life, fade)
    stocks = [
        {"name": "pv_left", "unit": "MW", "values": points(base, left, history[base]), "source": STATUSES["computed"]}
        | {"title": {"zh": "基年光伏的有效装机", "en": "effective MW of the base year's panels"}},
        {"name": "pv_per_added", "unit": "1", "values": points(base, per_mw), "source": STATUSES["computed"]}
        | {"title": {"zh": "每年新增1MW的有效装机", "en": "effective MW per MW added a year"}},
    ]
    told = _told("pv", "MW", history, "stock.pv_left + pv_added * stock.pv_per_added", "有效光伏装机", "effective PV")
    return [told], stocks


def effect_drivers(body: Mapping[str, Any], base: int) -> list[dict[str, Any]]:
    """Need relative to the base year, by end use: services wanted × technology, as the template writes them."""
    return [
        _made(one["name"], str(one["value"]).replace("{base}", str(base)), one["zh"], one["en"])
        for one in body["effects"]
    ]


def factor_drivers(account: AccountHistory) -> list[dict[str, Any]]:
    """CO2 factor of every carrier: history as the account used it, then held; electricity falls by ``grid_decline``.

    An account of years whose factor is not published yet uses the last one that is. Counting those years' fall too
    (``grid_lag`` 1) would let CO2 drop after the base year for no reason but the notice to come: a peak that is none.
    """
    base = account.base
    made = []
    for carrier in account.carriers:
        history = {year: account.factors.get(carrier, {}).get(year, 0.0) for year in account.years}
        name, unit = (
            ("grid", "tCO2/万kWh") if carrier == "electricity" else (f"co2_{carrier}", UNITS.get(carrier, "tCO2/t"))
        )
        value = "hold()"
        if carrier == "electricity":
            lag = base - min(account.vintages.get(carrier, base), base)
            falls = ", ".join(
                f"{year}, hold() * (1 - grid_decline) ** ({year - base} + grid_lag * {lag})" for year in GRID_KNOTS
            )
            value = f"interp({falls})"
        elif carrier == "heat":
            value = "grow(-heat_decline)"
        made.append(_told(name, unit, history, value, f"{carrier} 的排放因子", f"CO2 factor of {carrier}"))
    return made


UNITS: Mapping[str, str] = {
    "natural_gas": "tCO2/万m3", "heat": "tCO2/GJ", "other": "tCO2/tce", "biomass": "tCO2/tce",
}  # fmt: skip


def _told(name: str, unit: str, history: Mapping[int, float], value: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "name": name, "unit": unit, "history": dict(history), "value": value, "title": {"zh": zh, "en": en},
        "source": STATUSES["account"],
    }  # fmt: skip


def _made(name: str, value: str, zh: str, en: str) -> dict[str, Any]:
    return {"name": name, "unit": "1", "value": value, "title": {"zh": zh, "en": en}, "source": STATUSES["assumption"]}


# ── scenarios, levers, what is uncertain ──


def scenarios(
    body: Mapping[str, Any], fleet: Sequence[Fleet], drivers: Sequence[str], pue: float | None
) -> list[dict[str, Any]]:
    """A scenario sets parameters; ``sales`` sets the electric shares of sales of each class, ``frozen`` holds those of
    the base year, and ``hold_pue`` the base year's PUE."""
    made = []
    for one in body["scenarios"]:
        found: dict[str, Any] = {}
        for name, value in (one.get("set") or {}).items():
            if name == "sales":
                found |= _sales(value, fleet)
            elif value == "hold_pue":
                found |= {f"drivers/{name}": round(pue, 4)} if pue else {}
            elif name in drivers:
                found[f"drivers/{name}"] = value
        row = {"name": one["name"], "title": {"zh": one["zh"], "en": one["en"]}, "set": found}
        made.append(row | ({"parent": one["parent"]} if one.get("parent") else {}))
    return made


def _sales(given: Any, fleet: Sequence[Fleet]) -> dict[str, float]:
    made = {}
    for one in fleet:
        values = [one.sold_electric] * 2 if given == "frozen" else given.get(one.id)
        for year, value in zip(KNOTS, values or (), strict=False):
            made[f"drivers/ev_{one.id}_{year}"] = round(
                value if given == "frozen" else max(value, one.sold_electric), 4
            )
    return made


def levers(body: Mapping[str, Any], drivers: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    told = {one["name"]: one for one in body["parameters"]}
    made = []
    for name in body.get("levers", ()):
        if name in drivers:
            value = drivers[name]["value"]
            low, high = (told[name]["low"], told[name]["high"]) if name in told else (0.0, 1.0)
            made.append(
                {
                    "name": name,
                    "title": drivers[name]["title"],
                    "of": f"drivers/{name}",
                    "low": low,
                    "high": high,
                    "value": value,
                }
            )
    return made


def uncertain(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A triangle over the range of a parameter: as a multiple where it is positive throughout (what a scenario sets to
    0 stays 0), else added."""
    made = []
    for one in body["parameters"]:
        if not one.get("uncertain"):
            continue
        value, low, high = float(one["value"]), float(one["low"]), float(one["high"])
        how = "multiplicative" if low > 0 else "additive"
        numbers = (low / value, 1.0, high / value) if low > 0 else (low - value, 0.0, high - value)
        spread = ", ".join(f"{number:.6g}" for number in numbers)
        made.append({"of": f"drivers/{one['name']}", "as": how, "spread": f"triangular({spread})"})
    return made
