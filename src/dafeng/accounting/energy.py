"""The energy account: every typed amount as a line, at calorific value (当量) and at coal equivalent (等价) side by
side, for the district and for every zone, subdistrict, park, key unit and metered site.

Lines of all levels stand beside each other and are never added up across levels; ``levels`` compares them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from dafeng.accounting.book import Book, Held
from dafeng.accounting.energy_faults import faulty, site_faults, tce_differs
from dafeng.accounting.energy_rows import SIGNS, typed_rows
from dafeng.accounting.lines import ENERGY, SMALLEST, must_fit, numbered, whole
from dafeng.core.errors import Problem
from dafeng.indicators.facts import Facts

# In what a carrier is counted, by the unit that its coefficient is per.
COUNTED: Mapping[str, str] = {
    "kWh": "wan_kwh",
    "m3": "wan_m3",
    "Nm3": "wan_m3",
    "kg": "tonne",
    "t": "tonne",
    "GJ": "gj",
    "MJ": "gj",
}
# How the codes of energy_units are written as units.
SYMBOLS: Mapping[str, str] = {"wan_kwh": "万kWh", "wan_m3": "万m3", "tonne": "t", "gj": "GJ", "tce": "tce"}
SUMMED = ("amount", "gce_calorific", "gce_equal", "gce_material")

_COEFFICIENTS = {
    "carrier": pl.String,
    "year": pl.Int64,
    "fits": pl.String,
    "tce_per": pl.Float64,
    "factor_calorific": pl.String,
    "vintage_calorific": pl.Int64,
    "tce_per_equal": pl.Float64,
    "factor_equal": pl.String,
    "vintage_equal": pl.Int64,
}
_UNITS = {
    "counted": list(SMALLEST),
    "smallest": [name for name, _ in SMALLEST.values()],
    "times": [times for _, times in SMALLEST.values()],
}


def energy_lines(
    facts: Facts, book: Book, years: Sequence[int] | None = None, *, complete: Sequence[int] | None = None
) -> tuple[pl.DataFrame, list[Problem]]:
    """Lines with the columns ``ENERGY``, and what is wrong with the records they come from.

    A faulty record has no line; every other record has exactly one. years: only these (all, when None). complete:
    years in which a meter must have all its months (the same ones, when None). An amount is
    a whole number of Wh, L, g, kJ or gce; final consumption is positive, other flows carry the sign with which the
    balance counts them (``SIGNS``). Raises BadInput when a sum does not fit 64 bits."""
    rows = typed_rows(facts)
    if years is not None:
        rows = rows.filter(pl.col("year").is_in(list(years)))
    rows = rows.join(_coefficients(rows, book), on=["carrier", "year"], how="left", maintain_order="left")
    rows = _in_own_unit(rows)
    rows = rows.join(pl.DataFrame(_UNITS), on="counted", how="left", maintain_order="left")
    wrong, problems = faulty(rows, book.catalogue)
    lines = numbered([_lines(rows.filter(~wrong))], ENERGY)
    must_fit(lines, SUMMED)
    problems += tce_differs(rows.filter(~wrong), book.catalogue)
    problems += site_faults(facts, years if complete is None else complete)
    return lines, problems


def coefficients(carrier: str, year: int, book: Book) -> tuple[Held, Held] | None:
    """The coal equivalents of a carrier: at calorific value and at coal equivalent; None when one is lacking.

    They differ for electricity alone: its coal equivalent is what power plants burn for it."""
    calorific = book.find(f"ce_{carrier}", year)
    equal = book.find(book.policy.electricity_equal, year) if carrier == "electricity" else calorific
    return None if calorific is None or equal is None else (calorific, equal)


def _coefficients(rows: pl.DataFrame, book: Book) -> pl.DataFrame:
    """One row per carrier and year that has a coefficient: tce per unit in which the carrier is counted."""
    units = book.catalogue.unit_table
    made = []
    for carrier, year in rows.select("carrier", "year").unique().drop_nulls().sort("carrier", "year").iter_rows():
        found = coefficients(carrier, year, book)
        fits = COUNTED.get(found[0].unit.partition("/")[2]) if found is not None else None
        if found is None or fits is None:
            continue
        row: list[object] = [carrier, year, fits]
        for held in found:
            top, _, below = held.unit.partition("/")
            per = units.factor(SYMBOLS[fits], below) * units.factor(top, "tce")
            row += [held.value * per, held.factor, held.vintage]
        made.append(row)
    return pl.DataFrame(made, schema=_COEFFICIENTS, orient="row")


def _in_own_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """What is given in tce though the carrier has a unit of its own, by its coefficient. (Not electricity: nobody can
    tell at which of its two coal equivalents.)"""
    given = (pl.col("counted") == "tce") & pl.col("fits").is_not_null() & (pl.col("carrier") != "electricity")
    own = {
        name: pl.when(given).then(pl.col(name) / pl.col("tce_per")).otherwise(name) for name in ("written", "material")
    }
    return rows.with_columns(counted=pl.when(given).then(pl.col("fits")).otherwise("counted"), **own)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    sign = pl.col("flow").replace_strict(dict(SIGNS), return_dtype=pl.Int64)
    amount = pl.col("written") * sign
    # What has no coefficient is counted in tce already.
    calorific, equal = (pl.col(name).fill_null(1.0) for name in ("tce_per", "tce_per_equal"))
    material = pl.coalesce(pl.col("material_tce"), pl.col("material") * calorific).fill_null(0.0)
    return rows.with_columns(
        pl.col("smallest").alias("unit"),
        whole(amount * pl.col("times")).alias("amount"),
        whole(amount * calorific * 1e6).alias("gce_calorific"),
        whole(amount * equal * 1e6).alias("gce_equal"),
        whole(material * 1e6).alias("gce_material"),
    )
