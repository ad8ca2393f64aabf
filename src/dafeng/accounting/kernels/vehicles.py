"""Road energy from below: vehicles × kilometres × use per 100 km, to hold against the statistics' transport fuel.

A comparison, never a line of the account: what filling stations sold is counted there already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from dafeng.accounting.book import Book, no_factor
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD, Facts

STOCK, USE = "vehicle_stock", "vehicle_use"
# Drive → fuel it burns; what it draws from the grid is electricity whatever it burns.
LIQUID: Mapping[str, str] = {"petrol": "gasoline", "diesel": "diesel", "phev": "gasoline", "erev": "gasoline"}
GASEOUS: Mapping[str, str] = {"gas": "natural_gas", "fcev": "hydrogen"}
SCHEMA = {
    "year": pl.Int64,
    "category": pl.String,
    "fuel": pl.String,
    "carrier": pl.String,
    "vehicles": pl.Int64,
    "vehicle_km": pl.Float64,
    "amount": pl.Float64,
    "unit": pl.String,
    "factor": pl.String,
    "stock_record": pl.Int64,
    "use_record": pl.Int64,
}


def vehicle_energy(facts: Facts, book: Book, years: Sequence[int]) -> tuple[pl.DataFrame, list[Problem]]:
    """Energy of the registered vehicles with the columns ``SCHEMA``, one row per year, category, drive and carrier.

    amount: t (liquid fuels: litres × density of the fuel), 万kWh (electricity) or 万m3 (gas), as ``unit`` says.
    Vehicles whose use nobody recorded, a use per 100 km that is lacking and a density that is lacking are problems;
    their rows are left out, so that the comparison says that it is not whole."""
    stock, use = facts.frame(STOCK), facts.frame(USE)
    if stock is None or use is None:
        return pl.DataFrame(schema=SCHEMA), []
    key = ["year", "category", "fuel"]
    right = use.drop("period", "period_month", strict=False).rename({RECORD: "use_record"})
    rows = stock.filter(pl.col("year").is_in(list(years)) & (pl.col("vehicles") > 0))
    rows = rows.rename({RECORD: "stock_record"}).join(right, on=key, how="left", maintain_order="left")
    problems = _without(rows.filter(pl.col("use_record").is_null()), "km_per_vehicle")
    rows = rows.filter(pl.col("use_record").is_not_null()).with_columns(
        (pl.col("vehicles") * pl.col("km_per_vehicle")).alias("vehicle_km")
    )
    made, wanted = [], pl.Series("_", [False] * rows.height, dtype=pl.Boolean)
    for column, carriers, unit in (
        ("litre_per_100km", LIQUID, "tonne"),
        ("m3_per_100km", GASEOUS, "wan_m3"),
        ("kwh_per_100km", {}, "wan_kwh"),
    ):
        has = rows[column].is_not_null()
        wanted = wanted | has
        part = rows.filter(has).with_columns(pl.lit(unit).alias("unit"), (_hundreds() * pl.col(column)).alias("units"))
        if carriers:
            carrier = pl.col("fuel").replace_strict(dict(carriers), default=None, return_dtype=pl.String)
        else:
            carrier = pl.lit("electricity")
        made.append(part.with_columns(carrier.alias("carrier")).filter(pl.col("carrier").is_not_null()))
    problems += _without(rows.filter(~wanted), "litre_per_100km")
    frame, lacking = _amounts(pl.concat(made, how="diagonal"), book)
    return frame.select(list(SCHEMA)).sort(*key, "carrier"), problems + lacking


def _hundreds() -> pl.Expr:
    return pl.col("vehicle_km") / 100


def _amounts(rows: pl.DataFrame, book: Book) -> tuple[pl.DataFrame, list[Problem]]:
    """``amount``: litres × density in t, kWh in 万kWh, m³ in 万m³."""
    units, found, problems = book.catalogue.unit_table, [], []
    for year, carrier, unit in rows.select("year", "carrier", "unit").unique(maintain_order=True).iter_rows():
        factor, per = None, units.factor("kWh", "万kWh") if unit == "wan_kwh" else units.factor("m3", "万m3")
        if unit == "tonne":
            factor = f"density_{carrier}"
            held = book.find(factor, year)
            if held is None:
                problems.append(no_factor(factor, year, Place(item=USE, field="litre_per_100km")))
                continue
            kilograms, _, volume = held.unit.partition("/")
            per = held.value * units.factor("L", volume) * units.factor(kilograms, "t")
        found.append((year, carrier, unit, per, factor))
    schema = {"year": pl.Int64, "carrier": pl.String, "unit": pl.String, "per": pl.Float64, "factor": pl.String}
    known = pl.DataFrame(found, schema=schema, orient="row")
    rows = rows.join(known, on=["year", "carrier", "unit"], how="inner", maintain_order="left")
    return rows.with_columns((pl.col("units") * pl.col("per")).alias("amount")), problems


def _without(rows: pl.DataFrame, field: str) -> list[Problem]:
    return [
        Problem(
            "account.vehicles-without-use",
            Place(item=STOCK, row=row["stock_record"], field=field),
            Text(
                f"{row['year']} 年 {row['category']}/{row['fuel']} 有 {row['vehicles']} 辆，没有使用强度",
                f"{row['vehicles']} vehicles {row['category']}/{row['fuel']} in {row['year']} have no use on record",
            ),
            Text("在 vehicle_use 中填报里程和百公里能耗", "give kilometres and use per 100 km in vehicle_use"),
            WARNING,
        )
        for row in rows.iter_rows(named=True)
    ]
