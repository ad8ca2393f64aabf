"""The account is a table of lines: one typed fact, one factor, one result.

Everything else (balance, inventory, sheet, explanation) is a choice of lines and their sum. Results are whole
numbers of the smallest unit, so that a sum is the same however its lines are grouped: the parts of a district add
up to the district to the last digit, on every machine and in every order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import polars as pl

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

# Carrier unit as registers give it → (smallest unit, how many of it).
SMALLEST: Mapping[str, tuple[str, float]] = {
    "wan_kwh": ("Wh", 1e7),
    "wan_m3": ("L", 1e7),
    "tonne": ("g", 1e6),
    "gj": ("kJ", 1e6),
    "tce": ("gce", 1e6),
}
# Smallest units in one unit that people read: 万kWh, 万m3, t, GJ, tce.
PER: Mapping[str, int] = {"Wh": 10_000_000, "L": 10_000_000, "g": 1_000_000, "kJ": 1_000_000, "gce": 1_000_000}

Level = Literal["district", "zone", "subdistrict", "unit", "site"]
DISTRICT: Level = "district"

# A line of energy. ``flow`` is a flow of the balance (final consumption: ``final``); amounts are signed as the balance
# counts them. ``basis`` is statistics, reported (by a unit) or meter. ``estimate`` says by which method a gap was
# filled; null: nothing was.
ENERGY: Mapping[str, Any] = {
    "line": pl.Int64,
    "level": pl.String,
    "place": pl.String,
    "year": pl.Int64,
    "flow": pl.String,
    "sector": pl.String,
    "carrier": pl.String,
    "basis": pl.String,
    "register": pl.String,
    "_record": pl.Int64,
    "unit": pl.String,
    "amount": pl.Int64,
    "gce_calorific": pl.Int64,
    "gce_equal": pl.Int64,
    "gce_material": pl.Int64,
    "factor_calorific": pl.String,
    "vintage_calorific": pl.Int64,
    "factor_equal": pl.String,
    "vintage_equal": pl.Int64,
    "estimate": pl.String,
}

# A line of emissions: activity × factor = gas, grams. ``co2e_g`` is gas × GWP of the account's set. ``memo`` is null
# for what counts; else why the line is shown and not counted. ``energy_line`` is the line of energy it came from.
EMISSIONS: Mapping[str, Any] = {
    "line": pl.Int64,
    "method": pl.String,
    "level": pl.String,
    "place": pl.String,
    "year": pl.Int64,
    "sector": pl.String,
    "carrier": pl.String,
    "register": pl.String,
    "_record": pl.Int64,
    "energy_line": pl.Int64,
    "activity": pl.Float64,
    "activity_unit": pl.String,
    "factor": pl.String,
    "vintage": pl.Int64,
    "factor_value": pl.Float64,
    "factor_unit": pl.String,
    "status": pl.String,
    "gas": pl.String,
    "gas_g": pl.Int64,
    "gwp": pl.Float64,
    "co2e_g": pl.Int64,
    "scope": pl.Int64,
    "row": pl.String,
    "gpc": pl.String,
    "memo": pl.String,
    "estimate": pl.String,
    "u_activity_pct": pl.Float64,
    "u_factor_pct": pl.Float64,
}

# A whole number of this size no longer fits its sum into 64 bits. (Up to 2**53, some 9 Gt, sums are exact as doubles
# too, which is what JSON, Excel and charts hold.)
LARGEST = 2**62


def whole(amount: pl.Expr) -> pl.Expr:
    """The amount as a whole number of the smallest unit; half rounds away from zero."""
    return (amount.sign() * (amount.abs() + 0.5).floor()).cast(pl.Int64)


def empty(schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(schema))


def of_schema(frame: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    """The frame with exactly these columns, in order and type; a column it lacks is missing throughout."""
    lacking = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(pl.col(name).cast(kind) for name, kind in schema.items())


def numbered(frames: list[pl.DataFrame], schema: Mapping[str, Any]) -> pl.DataFrame:
    """The frames under each other, ``line`` counted from 1."""
    held = [of_schema(frame, schema).drop("line") for frame in frames if frame.height]
    if not held:
        return empty(schema)
    lines = pl.concat(held).with_row_index("line", offset=1).with_columns(pl.col("line").cast(pl.Int64))
    return lines.select(list(schema))


def must_fit(lines: pl.DataFrame, columns: tuple[str, ...]) -> None:
    """Raise BadInput when a sum could leave 64 bits (a typing slip, not a district)."""
    for name in columns:
        total = lines[name].cast(pl.Float64).abs().sum() if lines.height else 0
        if total >= LARGEST:
            raise BadInput(
                Problem(
                    "account.too-large",
                    Place(field=name),
                    Text(
                        f"“{name}”合计 {total:.3g}，不可能是一个区的数",
                        f"{name} sums to {total:.3g}: no district has so much",
                    ),
                    Text("检查计量单位和小数点", "check units and decimal points"),
                )
            )
