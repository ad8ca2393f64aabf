"""The energy that measures work on: the base year's account, divided among end uses, and its growth without measures.

The account says what each sector used of each carrier. What it does not say (how much of a mall's electricity cools)
is divided by the district's monitored buildings, its floor areas and vehicles, and by the catalogue's default shares;
every division is then scaled to the account, so that the sum of all groups times the factors is the account's total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from dafeng.accounting.account import lines_of_total
from dafeng.accounting.lines import DISTRICT, PER
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Factor, Vintage
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts
from dafeng.roadmap.case import Series

# Carrier → (unit of the case: that in which registers give it; unit of expressions about one piece; pieces in one).
UNITS: Mapping[str, tuple[str, str, float]] = {
    "electricity": ("万kWh", "kWh", 1e4),
    "natural_gas": ("万m3", "m3", 1e4),
    "gasoline": ("t", "kg", 1e3),
    "diesel": ("t", "kg", 1e3),
    "lpg": ("t", "kg", 1e3),
    "heat": ("GJ", "GJ", 1.0),
}
# Homes pay other prices, and own power counts as no energy used: both are carriers of their own in a case.
HOMES = "_homes"
OWN_POWER = "electricity_pv"

# Building type → (name, uses of the register of buildings, sectors of the account that its energy is part of).
SEGMENTS: Mapping[str, tuple[Text, tuple[str, ...]]] = {
    "government": (Text("机关办公", "government offices"), ("government_office",)),
    "office": (Text("商务办公", "commercial offices"), ("office",)),
    "mall": (Text("商场", "malls"), ("mall",)),
    "hotel": (Text("宾馆饭店", "hotels"), ("hotel",)),
    "hospital": (Text("医疗", "hospitals"), ("health",)),
    "education": (Text("教育", "education"), ("education",)),
    "other_public": (
        Text("其他公共建筑", "other public buildings"),
        ("mixed", "culture", "sport", "transport", "other"),
    ),
    "housing": (Text("住宅", "housing"), ("home",)),
}
_OFFICES = ("services", "trade")
# End use → group below the building type, for electricity and for gas.
ELECTRIC = {
    "cooling": "hvac/cooling",
    "heating": "hvac/heating",
    "lighting": "lighting",
    "plug": "plug",
    "lifts": "lifts",
    "service": "service",
    "special": "special",
}
GAS = {"heating": "hvac/heating", "hot_water": "hot_water", "kitchen": "kitchen"}
# Litres of fuel to kilograms (GB 17930 and GB 19147 put petrol at 0.72–0.775 and diesel at 0.81–0.845 kg/L).
KG_PER_LITRE = {"gasoline": 0.74, "diesel": 0.84}
_FUEL_OF = {"petrol": "gasoline", "phev": "gasoline", "erev": "gasoline", "diesel": "diesel"}
_PLUGGED = ("bev", "phev", "erev")

Groups = dict[str, dict[str, float]]


@dataclass(slots=True)
class Base:
    """The base year. groups: path → carrier → amount in the case's unit; factors: carrier → tCO2 per unit; tce: carrier
    → tce per unit; notes: what had to be assumed."""

    year: int
    groups: Groups
    factors: dict[str, float]
    tce: dict[str, float]
    areas: dict[str, float]
    notes: list[Text] = field(default_factory=list)

    def below(self, group: str, carrier: str) -> float:
        """What a group and all below it use of a carrier."""
        return sum(
            of.get(carrier, 0.0) for path, of in self.groups.items() if path == group or path.startswith(f"{group}/")
        )

    @property
    def co2_t(self) -> float:
        return sum(v * self.factors.get(c, 0.0) for of in self.groups.values() for c, v in of.items())

    @property
    def energy_tce(self) -> float:
        return sum(v * self.tce.get(c, 0.0) for of in self.groups.values() for c, v in of.items())


def base_energy(
    energy: pl.DataFrame, emissions: pl.DataFrame, facts: Facts, catalogue: Catalogue, year: int
) -> Base:  # fmt: skip
    """energy, emissions: lines of the account (``accounting.lines``) of every level. Sums of the result are the
    account's ``energy_totals`` and ``co2_totals`` of the year."""
    used = _used(energy, year)
    base = Base(year, defaultdict(dict), {}, {}, {})
    _coefficients(base, used, energy, emissions, year)
    amounts = {(row["sector"], row["carrier"]): row["amount"] for row in used.iter_rows(named=True)}
    _data_centres(base, amounts, facts)
    _buildings(base, amounts, facts, catalogue)
    _vehicles(base, amounts, facts)
    _others(base, amounts)
    own = _own_power(energy, year)
    if own:
        base.groups["supply/pv"][OWN_POWER] = -own
    base.groups = {path: {c: v for c, v in of.items() if v} for path, of in base.groups.items() if any(of.values())}
    return base


def _used(energy: pl.DataFrame, year: int) -> pl.DataFrame:
    """(sector, carrier, amount in the case's unit, tce): what the total of energy sums; losses have sector ``loss``."""
    lines = lines_of_total("energy", energy, DISTRICT, "", year).filter(pl.col("amount") != 0)
    per = pl.col("unit").replace_strict(PER, default=1, return_dtype=pl.Float64)
    return (
        lines.with_columns(
            sector=pl.when(pl.col("flow") == "final").then(pl.col("sector")).otherwise(pl.lit("loss")),
            amount=pl.col("amount").abs() / per,
            tce=pl.col("gce_equal").abs() / 1e6,
        )
        .group_by("sector", "carrier")
        .agg(pl.col("amount").sum(), pl.col("tce").sum())
        .sort("sector", "carrier")
    )


def _coefficients(base: Base, used: pl.DataFrame, energy: pl.DataFrame, emissions: pl.DataFrame, year: int) -> None:
    """tCO2 and tce per unit of each carrier, as the account has them on average over the district."""
    co2 = lines_of_total("co2", emissions, DISTRICT, "", year)
    # What own power takes off is a line of its own, negative; it stands under ``electricity_pv``.
    positive = co2.filter(pl.col("gas_g") > 0).group_by("carrier").agg(pl.col("gas_g").sum() / 1e6)
    grams = dict(positive.iter_rows())
    for carrier, amount, tce in used.group_by("carrier").agg(pl.col("amount").sum(), pl.col("tce").sum()).iter_rows():
        base.factors[carrier], base.tce[carrier] = grams.get(carrier, 0.0) / amount, tce / amount
    for carrier in ("electricity", "natural_gas"):
        if carrier in base.factors:
            base.factors[carrier + HOMES], base.tce[carrier + HOMES] = base.factors[carrier], base.tce[carrier]
    own, less = _own_power(energy, year), -float(co2.filter(pl.col("gas_g") < 0)["gas_g"].sum()) / 1e6
    base.factors[OWN_POWER] = less / own if own else base.factors.get("electricity", 0.0)
    base.tce[OWN_POWER] = 0.0


def _own_power(energy: pl.DataFrame, year: int) -> float:
    """万kWh made in the district and used there."""
    lines = energy.filter(
        (pl.col("level") == DISTRICT) & (pl.col("year") == year) & (pl.col("flow") == "primary")
        & (pl.col("carrier") == "electricity")
    )  # fmt: skip
    return float(lines["amount"].sum()) / PER["Wh"]


def _data_centres(base: Base, amounts: dict[tuple[str, str], float], facts: Facts) -> None:
    """Their electricity leaves the services' before that is divided among buildings."""
    frame = facts.frame("data_centre_energy")
    frame = frame.filter(pl.col("year") == base.year) if frame is not None else None
    if frame is None or not frame.height or ("services", "electricity") not in amounts:
        return
    total, it = float(frame["total"].sum()), float(frame["it"].sum())
    share = min(1.0, 0.9 * amounts["services", "electricity"] / total) if total else 0.0
    base.groups["data_centres/it"]["electricity"] = it * share
    base.groups["data_centres/cooling"]["electricity"] = (total - it) * share
    amounts["services", "electricity"] -= total * share


def _buildings(base: Base, amounts: dict[tuple[str, str], float], facts: Facts, catalogue: Catalogue) -> None:
    areas, measured = _areas(facts, base.year), _measured(facts, base.year)
    base.areas = areas
    default = Defaults(catalogue, base.year)
    public = [segment for segment in SEGMENTS if segment != "housing" and areas.get(segment)]
    for carrier, name in (("electricity", "electricity"), ("natural_gas", "gas")):
        weights = {
            segment: areas[segment] * (measured.get((segment, name)) or default.value(f"intensity_{segment}_{name}"))
            for segment in public
        }
        total = sum(amounts.pop((sector, carrier), 0.0) for sector in _OFFICES)
        for segment, part in _shared(total, weights).items():
            _end_uses(base, default, segment, name, carrier, part)
        homes = amounts.pop(("homes", carrier), 0.0)
        _end_uses(base, default, "housing", name, carrier + HOMES, homes)
    found = {segment for segment, _ in measured}
    base.notes.append(
        Text(
            f"公共建筑能耗按面积分摊，{len(found & set(public))}类用监测强度，再缩放到核算总量；分项比例为判断值",
            f"energy of public buildings is divided by measured intensity for {len(found & set(public))} of "
            f"{len(public)} types and by floor area, scaled to the account; end-use shares are judgement",
        )
    )


def _areas(facts: Facts, year: int) -> dict[str, float]:
    """Building type → m2 in use at the end of the year."""
    frame = facts.frame("buildings")
    if frame is None:
        return {}
    standing = frame.filter(
        (pl.col("completed").dt.year() <= year)
        & (pl.col("demolished").is_null() | (pl.col("demolished").dt.year() > year))
    )
    by_use = dict(standing.group_by("use").agg(pl.col("floor_area_m2").sum()).iter_rows())
    return {segment: sum(by_use.get(use, 0.0) for use in uses) for segment, (_, uses) in SEGMENTS.items()}


def _measured(facts: Facts, year: int) -> dict[tuple[str, str], float]:
    """(building type, electricity | gas) → kWh, m3 per m2 of the buildings that report."""
    frame = facts.joined("building_energy", ["building.use"])
    frame = frame.filter((pl.col("year") == year) & pl.col("building.use").is_not_null())
    found = {}
    for segment, (_, uses) in SEGMENTS.items():
        rows = frame.filter(pl.col("building.use").is_in(list(uses)))
        area = float(rows["floor_area_m2"].sum())
        if area:
            found[segment, "electricity"] = float(rows["electricity_kwh"].sum()) / area
            found[segment, "gas"] = float(rows["gas_m3"].sum()) / area
    return found


def _end_uses(base: Base, default: Defaults, segment: str, name: str, carrier: str, total: float) -> None:
    paths = ELECTRIC if name == "electricity" else GAS
    weights = {use: default.value(f"share_{segment}_{name}_{use}") for use in paths}
    for use, part in _shared(total, weights).items():
        base.groups[f"{segment}/{paths[use]}"][carrier] = part


def _vehicles(base: Base, amounts: dict[tuple[str, str], float], facts: Facts) -> None:
    """Petrol and road diesel, and what plugged-in vehicles draw, by category: stock × kilometres × consumption, scaled
    to the account. Electricity of transport beyond the vehicles' is rail and the like."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for row in vehicles(facts, base.year):
        liquid = _FUEL_OF.get(row["fuel"])
        if liquid and row["litre_per_100km"]:
            burnt = row["vehicles"] * row["km_per_vehicle"] * row["litre_per_100km"] / 100 * KG_PER_LITRE[liquid] / 1e3
            weights[liquid][row["category"]] = weights[liquid].get(row["category"], 0.0) + burnt
        if row["fuel"] in _PLUGGED and row["kwh_per_100km"]:
            drawn = row["vehicles"] * row["km_per_vehicle"] * row["kwh_per_100km"] / 100 / 1e4
            weights["electricity"][row["category"]] = weights["electricity"].get(row["category"], 0.0) + drawn
    burners = {"gasoline": ("homes", "services", "transport", "trade"), "diesel": ("transport",)}
    for liquid, sectors in burners.items():
        total = sum(amounts.pop((sector, liquid), 0.0) for sector in sectors)
        for category, part in _shared(total, weights[liquid] or {"other": 1.0}).items():
            base.groups[f"transport/{category}"][liquid] = part
    left = amounts.pop(("transport", "electricity"), 0.0)
    drawn = sum(weights["electricity"].values())
    for category, part in _shared(min(left, drawn), weights["electricity"]).items():
        base.groups[f"transport/{category}"]["electricity"] = part
    base.groups["transport/rail"]["electricity"] = left - min(left, drawn)


def vehicles(facts: Facts, year: int) -> list[dict[str, Any]]:
    """Stock with kilometres and consumption, a row per category and fuel, of the year."""
    stock, use = facts.frame("vehicle_stock"), facts.frame("vehicle_use")
    if stock is None or use is None:
        return []
    both = stock.filter(pl.col("year") == year).join(use.filter(pl.col("year") == year), on=["category", "fuel"])
    return both.sort("category", "fuel").to_dicts()


def _others(base: Base, amounts: Mapping[tuple[str, str], float]) -> None:
    for (sector, carrier), amount in amounts.items():
        path = "supply/loss" if sector == "loss" else "other_public/kitchen" if carrier == "lpg" else sector
        of = base.groups[path]
        of[carrier] = of.get(carrier, 0.0) + amount


def _shared(total: float, weights: Mapping[str, float]) -> dict[str, float]:
    whole = sum(weights.values())
    return {name: total * weight / whole for name, weight in weights.items()} if whole else {}


@dataclass(frozen=True, slots=True)
class Defaults:
    """Values of the catalogue for a year; what is not there is a fault of the catalogue."""

    catalogue: Catalogue
    year: int

    def value(self, factor: str) -> float:
        return self.vintage(factor).value

    def vintage(self, factor: str, year: int | None = None) -> Vintage:
        entry: Factor = self.catalogue.factors[factor]
        return entry.in_force(year or self.year) or entry.values[0]


# First part of a group, carrier → which growth applies to it.
def _growth_of(group: str, carrier: str) -> str | None:
    if carrier == OWN_POWER:
        return None
    if group.startswith("data_centres"):
        return "growth_data_centre"
    plain = carrier.removesuffix(HOMES)
    return {"electricity": "growth_electricity", "natural_gas": "growth_gas", "heat": "growth_heat"}.get(
        plain, "growth_fuel"
    )


def compounded(default: Defaults, factor: str, start: float, from_year: int, years: Iterable[int]) -> Series:
    """start in ``from_year``, changed each later year by the factor's percentage in force in it. (year,)"""
    values, level, at = [], start, from_year
    for year in years:
        while at < year:
            at += 1
            level *= 1 + default.vintage(factor, at).value / 100
        values.append(level)
    return np.array(values)


def without_measures(base: Base, catalogue: Catalogue, years: tuple[int, ...]) -> dict[str, dict[str, Series]]:
    """group → carrier → (year,): the base year's energy along the catalogue's growth."""
    default = Defaults(catalogue, base.year)
    found: dict[str, dict[str, Series]] = {}
    for group, of in base.groups.items():
        for carrier, amount in of.items():
            factor = _growth_of(group, carrier)
            series = (
                np.full(len(years), amount) if factor is None else compounded(default, factor, amount, base.year, years)
            )
            found.setdefault(group, {})[carrier] = series
    return found
