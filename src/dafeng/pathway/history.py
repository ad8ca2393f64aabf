"""From a district's account to its model: the template's rows get a past that meets the account exactly.

For every sector and carrier the rows' estimates from below (floor area × intensity × share of the end use, vehicles ×
distance × consumption, meters) divide the account's amount of each year (``shares_of``). The rows' sum is the account's
amount to the last digit; what the template has no row for gets one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts
from dafeng.pathway import template_drivers as drive
from dafeng.pathway.history_account import AccountHistory, account_history
from dafeng.pathway.history_facts import district_facts
from dafeng.pathway.template import (
    NATIVE,
    STATUSES,
    BranchRow,
    building_rows,
    centre_rows,
    home_rows,
    other_rows,
    read_template,
)
from dafeng.pathway.template_fleet import fleet_drivers, fleet_rows, fleets

# Counted and metered rows may take at most this share of what the account has.
MOST_ANCHORED = 0.9
# kWh of power that do the work of a GJ of heat in industry: 277.8 at a coefficient of performance of 2.7 (assumption).
KWH_FOR_GJ = 103
SECTORS: Mapping[str, str] = {
    "agriculture": "农业", "industry": "工业", "construction": "建筑业", "transport": "交通", "trade": "公共建筑",
    "services": "公共建筑", "homes": "居民",
}  # fmt: skip
# The rest of an account's CO2 that no row explains is shown as a branch when it is more than this share.
EXACT = 1e-10


def from_account(
    energy: pl.DataFrame,
    emissions: pl.DataFrame,
    facts: Facts,
    template: Mapping[str, Any],
    *,
    name: str = "district",
    title: Mapping[str, str] | None = None,
    base: int | None = None,
) -> dict[str, Any]:
    """The data of a model (see ``model.read_model``) whose history is the account.

    energy, emissions: lines of every level and year (``lines_of_all_years``); facts: the registers; template: the
    ``model`` of a catalogue entry of kind models; base: last year of history, the last of the account unless given.
    Raises BadInput when the account has no whole history or the template is not well formed.
    """
    body = read_template(template)
    account = account_history(energy, emissions, base)
    if account.base >= int(body["last"]):
        raise BadInput(_too_late(account.base, int(body["last"])))
    known = district_facts(facts, account.years)
    fleet = fleets(body, known)
    activities = drive.activity_drivers(body, known)
    names = [one["name"] for one in activities] + ["freight_level"]
    rows = [
        *building_rows(body, known),
        *home_rows(body, known),
        *centre_rows(body, known),
        *fleet_rows(body, known, fleet),
        *other_rows(body, known, names),
    ]
    split = divide(rows, account.final, account.years)
    branches = [row.as_data() for row in split]
    panels, panel_stocks = drive.panel_rows(body, known)
    fleet_rows_, fleet_stocks = fleet_drivers(fleet, body)
    own, own_drivers = _own_supply(account, bool(panels))
    drivers = [
        *drive.parameter_drivers(body), *activities, *fleet_rows_, *panels, *drive.effect_drivers(body, account.base),
        *drive.factor_drivers(account), *own_drivers,
    ]  # fmt: skip
    branches += [*electrified_rows(split), *own, *_material_row(account, names)]
    branches += _rest(account, split, own)
    by_name = {one["name"]: one for one in drivers}
    pue = known.dc_total[account.base] / known.dc_it[account.base] if known.dc_total and known.dc_it else None
    return {
        "id": name,
        "name": dict(title or {"zh": name, "en": name}),
        "years": {"first": account.years[0], "base": account.base, "last": int(body["last"])},
        "drivers": drivers,
        "stocks": [*drive.floor_stocks(body, account.base), *panel_stocks, *fleet_stocks],
        "branches": branches,
        "scenarios": drive.scenarios(body, fleet, list(by_name), pue),
        "levers": drive.levers(body, by_name),
        "uncertain": drive.uncertain(body),
        "notes": {"calibration": calibration(rows, account), "sectors": {row.path: row.sector for row in split}},
    }


def _too_late(base: int, last: int) -> Problem:
    return Problem(
        "pathway.base-after-end",
        Place(item="years", field="last"),
        Text(f"账户已到 {base} 年，模型只到 {last} 年", f"the account reaches {base}, the model ends in {last}"),
        Text("把样板的 last 改到以后的年份", "set a later year as last of the template"),
    )


# ── dividing an amount among rows ──


def divide(
    rows: Iterable[BranchRow], final: Mapping[tuple[str, str], Mapping[int, float]], years: Iterable[int]
) -> list[BranchRow]:
    """Rows with a history, in the account's units; those that the account has nothing for are left out.

    final: (sector, carrier) → energy by year. For every key and year the histories sum to it exactly."""
    years = tuple(years)
    groups: dict[tuple[str, str], list[BranchRow]] = {key: [] for key in final}
    for row in rows:
        if (row.sector, row.carrier) in groups:
            groups[row.sector, row.carrier].append(row)
    made: list[BranchRow] = []
    for (sector, carrier), held in groups.items():
        amounts = final[sector, carrier]
        if not any(amounts.values()):
            continue
        if not all(any(row.estimate.get(year) for row in held) for year in years):
            held.append(_unexplained(sector, carrier, years))
        for year in years:
            for row, part in zip(held, shares_of(held, amounts[year], year), strict=True):
                row.history[year] = part
        made += [row for row in held if any(row.history.values())]
    return made


def shares_of(rows: list[BranchRow], amount: float, year: int) -> list[float]:
    """The amount in parts, one per row, that sum to it: the largest part takes what rounding leaves.

    With residual rows the others stand as estimated (less in proportion, where they exceed the amount) and the residual
    ones get what is left; without, anchored rows stand and the others share the rest."""
    kinds = ["residual" if row.residual else "anchored" if row.anchored else "free" for row in rows]
    sums: dict[str, float] = dict.fromkeys(("residual", "anchored", "free"), 0.0)
    for row, kind in zip(rows, kinds, strict=True):
        sums[kind] += row.estimate.get(year, 0.0)
    scales = dict.fromkeys(sums, 0.0)
    told = sums["anchored"] + sums["free"]
    if sums["residual"]:
        scales["anchored"] = scales["free"] = min(1.0, amount / told) if told else 0.0
        scales["residual"] = (amount - told * scales["free"]) / sums["residual"]
    elif sums["free"]:
        most = amount * MOST_ANCHORED
        scales["anchored"] = min(1.0, most / sums["anchored"]) if sums["anchored"] else 0.0
        scales["free"] = (amount - sums["anchored"] * scales["anchored"]) / sums["free"]
    elif sums["anchored"]:
        scales["anchored"] = amount / sums["anchored"]
    parts = [row.estimate.get(year, 0.0) * scales[kind] for row, kind in zip(rows, kinds, strict=True)]
    largest = max(range(len(parts)), key=parts.__getitem__)
    parts[largest] += amount - sum(parts)
    return parts


def _unexplained(sector: str, carrier: str, years: Iterable[int]) -> BranchRow:
    group = SECTORS.get(sector, "其他")
    return BranchRow(
        f"{group}/其他/未细分（{sector or '-'}）/{carrier}", {"zh": "未细分用能", "en": "not split further"}, sector,
        carrier, "gdp_level", "1", dict.fromkeys(years, 1.0), "effect_industry", residual=True,
    )  # fmt: skip


def calibration(rows: Iterable[BranchRow], account: AccountHistory) -> list[dict[str, Any]]:
    """How far the estimates from below lie from the account in the base year: sector, carrier, ratio."""
    sums: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (row.sector, row.carrier)
        sums[key] = sums.get(key, 0.0) + row.estimate.get(account.base, 0.0)
    return [
        {
            "sector": sector, "carrier": carrier, "year": account.base, "unit": NATIVE.get(carrier, "t"),
            "estimate": round(sums.get((sector, carrier), 0.0), 3), "account": amounts[account.base],
        }
        for (sector, carrier), amounts in account.final.items()
    ]  # fmt: skip


# ── branches that are no final consumption, or begin after the base year ──


def electrified_rows(rows: Iterable[BranchRow]) -> list[dict[str, Any]]:
    """Power that takes the place of gas and heat: displaced energy × what does its work."""
    made = []
    by_path = {row.path: row for row in rows}
    for zh, en, pick, share, unit, need in (
        (
            "公共建筑/炊事热水改电/公共建筑",
            "Public kitchens moved to power",
            "公共建筑/{}炊事热水/natural_gas",
            "electrified",
            "万m3",
            "kwh_for_gas * 1",
        ),
        (
            "居民/炊事热水改电/住宅",
            "Homes' kitchens moved to power",
            "居民/{}炊事热水/natural_gas",
            "home_electrified",
            "万m3",
            "kwh_for_gas * 1",
        ),
        (
            "工业/工业/燃气改电",
            "Industry's gas moved to power",
            "工业/{}锅炉与窑炉/natural_gas",
            "fuel_electrified",
            "万m3",
            "kwh_for_gas * 1",
        ),
        (
            "工业/工业/热力改电",
            "Industry's heat moved to power",
            "工业/{}用热/heat",
            "fuel_electrified",
            "GJ",
            str(KWH_FOR_GJ),
        ),
    ):
        first, last = pick.split("{}")
        displaced = [path for path in by_path if path.startswith(first) and path.endswith(last)]
        if displaced:
            energies = " + ".join(f"branch('{path}').energy" for path in displaced)
            made.append(
                {
                    "path": f"{zh}/electricity", "title": {"zh": zh.split("/")[1], "en": en},
                    "activity": f"({energies}) * {share} / (1 - {share})", "activity_unit": unit, "intensity": need,
                    "intensity_unit": "kWh/m3" if unit == "万m3" else "kWh/GJ", "source": STATUSES["assumption"],
                }
            )  # fmt: skip
    return made


def _own_supply(account: AccountHistory, panels: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(branches, drivers): power and heat made here, negative since it is not bought; fuel burnt by plants here."""
    branches, drivers = [], []
    for carrier, series in account.own.items():
        activity, unit = ("pv", "MW") if carrier == "electricity" and panels else (f"own_{carrier}", NATIVE[carrier])
        if activity != "pv":
            drivers.append(_held(activity, unit, series, f"区内自产{carrier}", f"{carrier} made here"))
        branches.append(
            _supply(
                f"能源供应/区内自产/自发自用/{carrier}",
                activity,
                unit,
                carrier,
                {y: -v for y, v in series.items()},
                "made and used here",
            )
        )
    for carrier, series in account.burnt.items():
        name = f"plants_{carrier}"
        drivers.append(
            _held(name, NATIVE.get(carrier, "t"), series, f"区内电厂热源投入{carrier}", f"{carrier} put into plants")
        )
        branches.append(
            _supply(
                f"能源供应/区内电厂热源/投入/{carrier}",
                name,
                NATIVE.get(carrier, "t"),
                carrier,
                series,
                "put into plants",
            )
        )
    return branches, drivers


def _held(name: str, unit: str, series: Mapping[int, float], zh: str, en: str) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "history": dict(series),
        "value": "hold()",
        "title": {"zh": zh, "en": en},
        "source": STATUSES["account"],
    }


def _supply(path: str, activity: str, unit: str, carrier: str, history: Mapping[int, float], en: str) -> dict[str, Any]:
    native = NATIVE.get(carrier, "t")
    return {
        "path": path, "title": {"zh": path.split("/")[1], "en": en}, "activity": activity, "activity_unit": unit,
        "intensity": "hold()", "intensity_unit": "1" if unit == native else f"{native}/{unit}",
        "history": dict(history), "source": STATUSES["account"],
    }  # fmt: skip


def _material_row(account: AccountHistory, names: list[str]) -> list[dict[str, Any]]:
    """What is raw material and not burnt: taken off, as the account does."""
    if not any(account.material.values()):
        return []
    activity, unit = ("va_industry", "亿CNY") if "va_industry" in names else ("gdp_level", "1")
    return [
        _emission(
            "工业/原料用能/不燃烧",
            activity,
            unit,
            {y: -v for y, v in account.material.items()},
            "Raw material, not burnt",
        )
    ]


def _emission(path: str, activity: str, unit: str, history: Mapping[int, float], en: str) -> dict[str, Any]:
    return {
        "path": f"{path}/emission", "title": {"zh": path.split("/")[1], "en": en}, "activity": activity,
        "activity_unit": unit, "intensity": "hold()", "intensity_unit": "tCO2" if unit == "1" else f"tCO2/{unit}",
        "history": dict(history), "source": STATUSES["account"],
    }  # fmt: skip


def _rest(account: AccountHistory, rows: list[BranchRow], own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for CO2 of the account that energy × factor does not give (a factor that differs by sector)."""
    held = [(row.carrier, row.history) for row in rows]
    held += [(one["path"].rpartition("/")[2], one["history"]) for one in own]
    left = {}
    for year in account.years:
        made = sum(history[year] * account.factors.get(carrier, {}).get(year, 0.0) for carrier, history in held)
        left[year] = account.co2.get(year, 0.0) - made + account.material.get(year, 0.0)
    if all(abs(left[year]) <= EXACT * abs(account.co2.get(year, 0.0)) for year in account.years):
        return []
    return [_emission("账户差额/未分到品种/排放", "gdp_level", "1", left, "Not explained by carriers")]
