"""What the five registers of energy say, as one frame of typed rows: amounts still as people wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dafeng.indicators.facts import PERIOD, RECORD, Facts

FINAL = "final"
# How the balance counts a flow: what comes in and what is made adds, what goes out, goes in or is lost takes away.
# Final consumption is a use of the whole and positive.
SIGNS: Mapping[str, int] = {
    "stock_start": 1,
    "primary": 1,
    "from_outside": 1,
    "import": 1,
    "bunkers_abroad": 1,
    "to_outside": -1,
    "export": -1,
    "bunkers_here": -1,
    "stock_end": -1,
    "into_power": -1,
    "into_heat": -1,
    "into_other": -1,
    "out_power": 1,
    "out_heat": 1,
    "out_other": 1,
    "recovered": 1,
    "loss": -1,
    FINAL: 1,
}
# Columns of the typed rows; ``written`` is the amount in ``counted`` (a code of energy_units), ``material_tce`` what
# is not burnt in tce, ``material`` the same in ``counted``.
ROWS: Mapping[str, Any] = {
    "level": pl.String,
    "place": pl.String,
    "year": pl.Int64,
    "flow": pl.String,
    "sector": pl.String,
    "carrier": pl.String,
    "basis": pl.String,
    "register": pl.String,
    RECORD: pl.Int64,
    "counted": pl.String,
    "written": pl.Float64,
    "material": pl.Float64,
    "material_tce": pl.Float64,
    "tce": pl.Float64,
    "tce_calorific": pl.Float64,
    "estimate": pl.String,
    "known": pl.Boolean,
    "double": pl.Boolean,
}
# The registers and what in each may stand only once.
KEYS: Mapping[str, tuple[str, ...]] = {
    "energy_supply": ("year", "flow", "carrier"),
    "energy_consumption": ("year", "sector", "carrier"),
    "energy_by_place": ("level", "place", "year", "sector", "carrier"),
    "key_unit_carriers": ("unit", "year", "carrier"),
    "meter_totals": ("site", "meter", "carrier", "month"),
}


def typed_rows(facts: Facts) -> pl.DataFrame:
    """All rows of the five registers with the columns ``ROWS``.

    known: the unit or site that the row names is there; double: an earlier row has the same key."""
    made = [_supply(facts), _consumption(facts), _by_place(facts), _units(facts), _meters(facts)]
    return pl.concat([frame for frame in made if frame is not None] or [pl.DataFrame(schema=dict(ROWS))])


def sites(facts: Facts) -> pl.DataFrame | None:
    """account_sites, each code once (the first row of it)."""
    frame = facts.frame("account_sites")
    return None if frame is None else frame.unique("code", keep="first", maintain_order=True)


def doubled_sites(facts: Facts) -> list[tuple[int, str]]:
    """Records of account_sites whose code an earlier row has, with the code."""
    frame = facts.frame("account_sites")
    if frame is None:
        return []
    later = frame.filter(~pl.col("code").is_first_distinct())
    return list(zip(later[RECORD].to_list(), later["code"].to_list(), strict=True))


def _shaped(frame: pl.DataFrame, register: str, **columns: pl.Expr) -> pl.DataFrame:
    """The register's frame with the columns of ``ROWS``: given, of the same name, or missing."""
    key = pl.struct(KEYS[register])
    columns = {
        "year": pl.col(PERIOD),
        "register": pl.lit(register),
        "written": pl.col("amount"),
        "known": pl.lit(True),
        "double": ~key.is_first_distinct(),
    } | columns
    taken = [
        (columns.get(name) if name in columns else pl.col(name) if name in frame.columns else pl.lit(None))
        for name in ROWS
    ]
    return frame.select(
        expr.cast(kind).alias(name) for expr, (name, kind) in zip(taken, ROWS.items(), strict=True) if expr is not None
    )


def _supply(facts: Facts) -> pl.DataFrame | None:
    frame = facts.frame("energy_supply")
    if frame is None:
        return None
    return _shaped(frame, "energy_supply", **_district(), counted=pl.col("unit"), basis=pl.lit("statistics"))


def _consumption(facts: Facts) -> pl.DataFrame | None:
    frame = facts.frame("energy_consumption")
    if frame is None:
        return None
    return _shaped(
        frame, "energy_consumption", **_district(), flow=pl.lit(FINAL), counted=pl.col("unit"),
        basis=pl.lit("statistics"), material_tce=pl.col("as_material_tce"),
    )  # fmt: skip


def _by_place(facts: Facts) -> pl.DataFrame | None:
    frame = facts.frame("energy_by_place")
    if frame is None:
        return None
    return _shaped(
        frame, "energy_by_place", flow=pl.lit(FINAL), counted=pl.col("unit"), basis=pl.lit("statistics")
    )  # fmt: skip


def _units(facts: Facts) -> pl.DataFrame | None:
    frame = facts.frame("key_unit_carriers")
    if frame is None:
        return None
    sector, known = _looked_up(facts.frame("key_units"), frame["unit"])
    return _shaped(
        frame.with_columns(sector, known), "key_unit_carriers", level=pl.lit("unit"), place=pl.col("unit"),
        flow=pl.lit(FINAL), sector=pl.col("__sector"), counted=pl.col("unit_of_amount"), basis=pl.lit("reported"),
        material=pl.col("as_material"), known=pl.col("__known"),
    )  # fmt: skip


def _meters(facts: Facts) -> pl.DataFrame | None:
    frame = facts.frame("meter_totals")
    if frame is None:
        return None
    sector, known = _looked_up(sites(facts), frame["site"])
    filled = pl.when(pl.col("estimated").fill_null(False)).then(pl.col("method").fill_null("estimated"))
    return _shaped(
        frame.with_columns(sector, known), "meter_totals", level=pl.lit("site"), place=pl.col("site"),
        flow=pl.lit(FINAL), sector=pl.col("__sector"), counted=pl.col("unit"), basis=pl.lit("meter"),
        estimate=filled, known=pl.col("__known"),
    )  # fmt: skip


def _district() -> dict[str, pl.Expr]:
    return {"level": pl.lit("district"), "place": pl.lit("")}


def _looked_up(there: pl.DataFrame | None, codes: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The sector of each code, and whether the code is known."""
    if there is None:
        nothing = pl.Series("__sector", [None] * len(codes), dtype=pl.String)
        return nothing, pl.Series("__known", [False] * len(codes), dtype=pl.Boolean)
    held = there.unique("code", keep="first", maintain_order=True).select("code", "sector")
    found = pl.DataFrame({"code": codes}).join(
        held.with_columns(pl.lit(True).alias("known")), on="code", how="left", maintain_order="left"
    )
    return found["sector"].alias("__sector"), found["known"].fill_null(False).alias("__known")
