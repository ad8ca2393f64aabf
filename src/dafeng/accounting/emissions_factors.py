"""Which factor, which warming potential and which conversion a line of emissions takes: looked up once per kind of
line, not per line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dafeng.accounting.book import STATUSES, Book, Held
from dafeng.core.units import UnitMismatch, Units

COLUMN = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
# {policy.electricity} in a factor's name stands for what the district chose.
POLICY = "policy."
# In the newest set the warming of CH4 depends on where its carbon comes from; a method says so in the gas's name.
ORIGINS = ("_fossil", "_nonfossil")

# Smallest units of lines that people do not write, and the catalogue therefore may not list.
SMALL: Mapping[str, str] = {"Wh": "Wh", "L": "liter", "g": "g", "kJ": "kJ", "gce": "1e-6 tce"}

FOUND: Mapping[str, Any] = {
    "factor": pl.String,
    "vintage": pl.Int64,
    "factor_value": pl.Float64,
    "factor_unit": pl.String,
    "u_factor_pct": pl.Float64,
    "grams": pl.Float64,
    "gas": pl.String,
    "gwp": pl.Float64,
    "status": pl.String,
    "family": pl.String,
    "why": pl.String,
    "lacking": pl.String,
}


def family(gas: str) -> str:
    """Family of a gas as the official table groups them: ``HFC-134a`` → HFCs, ``CF4`` → PFCs, ``CO2`` itself."""
    name = gas.upper()
    for start, found in (("HCFC", "HCFCs"), ("HFC", "HFCs"), ("PFC", "PFCs"), ("CF", "PFCs"), ("C2F", "PFCs")):
        if name.startswith(start):
            return found
    return gas


def columns_in(template: str | None) -> list[str]:
    """Columns whose values a template asks for (``co2_{carrier}``)."""
    return [name for name in COLUMN.findall(template or "") if not name.startswith(POLICY)]


def weakest(*statuses: str | None) -> str | None:
    known = [one for one in statuses if one in STATUSES]
    return max(known, key=STATUSES.index) if known else None


@dataclass
class Lookup:
    """Factors of one account by name and year.

    grams: grams of gas that one unit of activity times one unit of the factor make, or None when the units do not
    fit; kept per pair, so that a conversion is worked out once."""

    book: Book
    used: dict[str, str] = field(default_factory=dict)
    _grams: dict[tuple[str, str, bool], float | None] = field(default_factory=dict)

    def filled(self, template: str, values: Mapping[str, Any]) -> str:
        """The template with a row's values in it; a missing value leaves a name that no factor has."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith(POLICY):
                return str(getattr(self.book.policy, name.removeprefix(POLICY)))
            return str(values.get(name))

        return COLUMN.sub(value, template)

    def table(self, kinds: pl.DataFrame, *, factor: str | None, gas: str, unit: str) -> pl.DataFrame:
        """One row per row of ``kinds`` (``year`` and the columns that the templates ask for) with the columns
        ``FOUND``. ``why`` says what is lacking: no-factor, no-gwp or unit; ``lacking`` names it."""
        rows = [self._row(values, factor, gas, unit) for values in kinds.iter_rows(named=True)]
        return pl.concat([kinds, pl.DataFrame(rows, schema=dict(FOUND))], how="horizontal")

    def _row(self, values: Mapping[str, Any], factor: str | None, gas: str, unit: str) -> dict[str, Any]:
        year = int(values["year"])
        named = self.filled(gas, values)
        base = next((named.removesuffix(origin) for origin in ORIGINS if named.endswith(origin)), named)
        row: dict[str, Any] = dict.fromkeys(FOUND)
        row["gas"] = base.upper() if base.lower().startswith("r") else base
        warming = self.gwp(named, year)
        row["gwp"] = warming.value if warming else 1.0 if base == "CO2" else None
        row["status"] = warming.status if warming and base != "CO2" else None
        if warming is not None:
            row["family"] = family(self.book.catalogue.factors[warming.factor].gas or base)
        if row["gwp"] is None:
            return row | {"why": "no-gwp", "lacking": f"gwp_{named.lower()}_{self.book.policy.gwp}"}
        if factor is None:
            return row
        name = self.filled(factor, values)
        held = self.book.find(name, year)
        row["factor"] = name
        if held is None:
            return row | {"why": "no-factor", "lacking": name}
        self.used[name] = held.purpose
        grams = self.grams(unit, held.unit, base == "CO2")
        if grams is None:
            return row | {"why": "unit", "lacking": f"{name}（{held.unit} × {unit}）"}
        return row | {
            "vintage": held.vintage,
            "factor_value": held.value,
            "factor_unit": held.unit,
            "u_factor_pct": held.half_width_pct,
            "grams": grams,
            "status": weakest(held.status, row["status"]),
        }

    def gwp(self, gas: str, year: int) -> Held | None:
        """Warming potential of a gas in the policy's set; ``CH4_fossil`` where the set tells origins apart, and CH4
        without an origin is of the living world (waste, farming)."""
        base = next((gas.removesuffix(origin) for origin in ORIGINS if gas.endswith(origin)), gas)
        candidates = (gas, base) if gas != base else (f"{gas}_nonfossil", gas)
        return next((held for one in candidates if (held := self.book.gwp(one, year)) is not None), None)

    def grams(self, activity: str, factor: str, co2: bool) -> float | None:
        key = (activity, factor, co2)
        if key not in self._grams:
            self._grams[key] = grams_per(self.book.catalogue.unit_table, *key)
        return self._grams[key]

    def parameter(self, kinds: pl.DataFrame, template: str) -> list[Held | None]:
        """The factor that a kernel's parameter names, per row of ``kinds``."""
        return [
            self.book.find(self.filled(template, values), int(values["year"])) for values in kinds.iter_rows(named=True)
        ]


def grams_per(units: Units, activity: str, factor: str, co2: bool) -> float | None:
    """Grams of gas in one ``activity`` unit times one ``factor`` unit; None when they do not make a gas.

    Only CO2 may come out of a factor in tCO2: of another gas that would be its equivalent, counted twice."""
    try:
        one = units.definitions.get(activity) or SMALL[activity]
        per = units.definitions[factor]
    except KeyError:
        return None
    for gram in ("1e-6 tCO2e", "g") if co2 else ("g",):
        try:
            return Units({"given": per, "wanted": f"{gram} / ({one})"}).factor("given", "wanted")
        except UnitMismatch:
            continue
    return None


def kinds_of(frame: pl.DataFrame, templates: Sequence[str | None]) -> pl.DataFrame:
    """What tells lines apart for a look-up: the year and every column that the templates ask for, each kind once."""
    names = dict.fromkeys(["year", *(name for template in templates for name in columns_in(template))])
    return frame.select(list(names)).unique(maintain_order=True)
