"""Methane from landfills: first-order decay of what was tipped in all years, or the mass balance of one year."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import polars as pl

from dafeng.accounting.kernels.shapes import CH4_PER_C, in_own_year, optional

# Mean months from tipping to the first methane (waste tipped over a year then decays from 1 January of the next one).
DELAY_MONTHS = 6.0
# What ``joins`` says of a facility, in one column: its name, whether it lies in the district, how it is managed (a
# kind of landfill, which ``mcf_<kind>`` is the factor of) and tCH4/a caught there.
FACILITY = pl.Struct({"facility": pl.String, "inside": pl.Boolean, "management": pl.String, "recovered_t": pl.Float64})
MANAGEMENT = ("managed", "unmanaged_deep", "unmanaged_shallow", "uncategorised")


def first_order_decay(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """Methane by first-order decay. IPCC 2006, volume 5, chapter 3, equations 3.2, 3.4–3.6 and annex 3A1.

    Per row, one component tipped in one year:
        activity: t of wet waste                    deposited: year of tipping
        doc: tC/t degradable organic carbon         docf: share of it that decomposes
        mcf: methane correction factor              f: methane in the gas, share of volume
        k_per_year: decay rate, 1/a                 ox: share oxidised in the cover
        recovered_t: tCH4/a caught at the facility  facility: what ``recovered_t`` is shared over
        delay_months: months until decay begins, 0–12 (6 where not given)
    Gives a row per row and year from the year of tipping on: ((DDOCm·decayed·F·16/12) − R)·(1 − OX), never below
    zero; R is shared among a facility's rows by what they generate in the year.
    """
    asked = pl.DataFrame({"at": list(years)}, schema={"at": pl.Int64})
    rows = _looked_up(frame).join(asked, how="cross").filter(pl.col("at") >= pl.col("deposited"))
    ddocm_t = pl.col("activity") * pl.col("doc") * pl.col("docf") * pl.col("mcf")
    age = pl.col("at") - pl.col("deposited") + (6.0 - optional(frame, "delay_months", DELAY_MONTHS)) / 12
    still = [(-pl.col("k_per_year") * (age - past).clip(lower_bound=0)).exp() for past in (1, 0)]
    rows = rows.with_columns((ddocm_t * (still[0] - still[1]) * pl.col("f") * CH4_PER_C).alias("made_t"))
    rows = rows.with_columns(pl.col("at").alias("year"))
    return rows.select("_row", "year", _less_recovered(rows).alias("gas_t"))


def decay_of(inside: bool, frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """``first_order_decay`` of the landfills in the district, or of those elsewhere. facility: as ``FACILITY``."""
    return first_order_decay(frame.filter(pl.col("facility").struct.field("inside") == inside), years)


first_order_decay_inside = functools.partial(decay_of, True)
first_order_decay_elsewhere = functools.partial(decay_of, False)


def landfill_mass_balance(frame: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """Methane of a year's waste, all of it in that year. Provincial guide 2011, chapter 5: (MSW·L0 − R)·(1 − OX),
    L0 = MCF·DOC·DOCF·F·16/12.

    Per row: activity t of wet waste tipped; doc tC/t; docf, mcf, f, ox shares; recovered_t tCH4/a of the facility,
    facility, as in
    ``first_order_decay``."""
    made_t = pl.col("activity") * pl.col("mcf") * pl.col("doc") * pl.col("docf") * pl.col("f") * CH4_PER_C
    rows = _looked_up(frame).with_columns(made_t.alias("made_t"))
    return in_own_year(rows, years, _less_recovered(rows))


def _looked_up(frame: pl.DataFrame) -> pl.DataFrame:
    """Name, recovered methane and correction factor of each row's facility, where they come in one column."""
    if frame.schema.get("facility") != FACILITY:
        return frame
    kinds = [name for name in MANAGEMENT if f"mcf_{name}" in frame.columns]
    factors = (pl.when(pl.col("management") == name).then(pl.col(f"mcf_{name}")) for name in kinds)
    return frame.unnest("facility").with_columns(pl.coalesce(factors).alias("mcf"))


def _less_recovered(rows: pl.DataFrame) -> pl.Expr:
    """tCH4 that leaves the cover: made, less what is caught, less what is oxidised on its way."""
    made_t = pl.col("made_t")
    together = made_t.sum().over("facility", "year") if "facility" in rows.columns else made_t
    caught = (optional(rows, "recovered_t", 0.0) / together).clip(0, 1).fill_nan(0.0)
    return made_t * (1 - caught) * (1 - pl.col("ox"))
