"""A register's records as its methods read them: facilities looked up, words turned into those of the account.

Where a facility lies outside the district, ``path`` ends in ``_elsewhere``. What has no partner is a problem and left
out of the account, never taken for granted. The record itself is untouched: a line names it, and explaining shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from dafeng.accounting.emissions_problems import LeftOut
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD, Facts, frame_of_rows

Prepared = tuple[pl.DataFrame, list[Problem]]
FACILITIES = "waste_facilities"
ELSEWHERE = "_elsewhere"
# Path of waste → kind of the facilities that take it, and its rows of the inventory, in the district and elsewhere.
KINDS: Mapping[str, str] = {"incinerated": "incineration", "landfilled": "landfill", "biological": "biological"}
ROWS: Mapping[str, tuple[str, str]] = {
    "incinerated": ("waste_incineration", "elsewhere_incineration"),
    "landfilled": ("waste_landfill", "elsewhere_landfill"),
    "biological": ("waste_biological", "elsewhere_biological"),
    "composted": ("waste_biological", "elsewhere_biological"),
    "digested": ("waste_biological", "elsewhere_biological"),
}
# Tonnes of two registers about the same thing may differ by this much.
TOLERANCE = 0.01


def prepare(register: str, frame: pl.DataFrame, facts: Facts) -> Prepared:
    """The register's records as its methods read them, and what is wrong with them.

    frame: columns of the register and ``_record``, in a series ``period`` too; comes back with the same columns."""
    join = JOINS.get(register)
    return join(frame, facts) if join is not None else (frame, [])


def _household_waste(frame: pl.DataFrame, facts: Facts) -> Prepared:
    """``path``: hazardous waste that is burnt is ``incinerated``, wet waste is ``digested`` where methane is caught and
    ``composted`` where none is; ``_elsewhere`` by the facility. ``facility``: as ``landfill.FACILITY``. What a
    landfill's own deposits tell is left to them."""
    deposits = facts.frame("landfill_deposits")
    problems: list[Problem] = []
    if deposits is not None:
        told = pl.col("facility").is_in(deposits["facility"].unique().to_list()) & (pl.col("path") == "landfilled")
        problems = _deposits_differ(frame.filter(told), deposits)
        frame = frame.filter(~told)
    frame = _with_facility(frame, facts)
    path = pl.col("path")
    caught = pl.col("_recovered_t").fill_null(0.0) > 0
    path = (
        pl.when((path == "safe") & (pl.col("_kind") == KINDS["incinerated"])).then(pl.lit("incinerated"))
        .when((path == "biological") & caught).then(pl.lit("digested"))
        .when(path == "biological").then(pl.lit("composted"))
        .otherwise(path)
    )  # fmt: skip
    frame, lost = _sided(frame.with_columns(path.alias("path")), "household_waste", "facility")
    return _as_struct(frame), problems + lost


def _landfill_deposits(frame: pl.DataFrame, facts: Facts) -> Prepared:
    """``facility``: as ``landfill.FACILITY``."""
    frame = _with_facility(frame, facts).with_columns(pl.lit("landfilled").alias("path"))
    frame, problems = _sided(frame, "landfill_deposits", "facility")
    return _as_struct(frame).drop("path"), problems


def _with_facility(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """What the register of facilities says of the row's: ``_kind``, ``_inside``, ``_management``, ``_recovered_t``."""
    there = facts.frame(FACILITIES)
    if there is None:
        there = frame_of_rows(facts.catalogue.registers[FACILITIES], ())
    told = {"kind": "_kind", "in_district": "_inside", "mcf": "_management", "ch4_recovered_t": "_recovered_t"}
    right = there.select("facility", *told).rename(told)
    return frame.join(right, on="facility", how="left", maintain_order="left")


def _as_struct(frame: pl.DataFrame) -> pl.DataFrame:
    fields = {"facility": "facility", "_inside": "inside", "_management": "management", "_recovered_t": "recovered_t"}
    frame = frame.with_columns(pl.col("_management").fill_null("uncategorised"))
    held = pl.struct(pl.col(column).alias(name) for column, name in fields.items())
    return frame.with_columns(held.alias("facility")).drop("_kind", "_inside", "_management", "_recovered_t")


def _deposits_differ(waste: pl.DataFrame, deposits: pl.DataFrame) -> list[Problem]:
    """Two registers tell what a landfill took in a year; where they differ the account rests on the deposits."""
    held = deposits.group_by("facility", "year").agg(pl.col("tonnes").sum().alias("deposited"))
    said = waste.group_by("facility", "year").agg(pl.col("tonnes").sum(), pl.col(RECORD).min())
    both = said.join(held, on=["facility", "year"], how="left").with_columns(pl.col("deposited").fill_null(0.0))
    wrong = both.filter((pl.col("tonnes") - pl.col("deposited")).abs() > TOLERANCE * pl.col("tonnes"))
    return [
        Problem(
            "account.deposits-differ",
            Place(item="household_waste", row=row[RECORD], field="tonnes"),
            Text(
                f"{row['facility']} {row['year']} 年：生活垃圾台账填埋 {row['tonnes']:g} 吨，历年填埋量台账 "
                f"{row['deposited']:g} 吨",
                f"{row['facility']} in {row['year']}: {row['tonnes']:g} t by the waste register, "
                f"{row['deposited']:g} t by the landfill's deposits",
            ),
            Text("核对两张台账；核算采用历年填埋量", "compare the two; the account rests on landfill_deposits"),
            WARNING,
        )
        for row in wrong.sort("facility", "year").iter_rows(named=True)
    ]


def _sludge(frame: pl.DataFrame, facts: Facts) -> Prepared:
    """``path`` by the side on which the listed facilities of its kind lie, since sludge names none: all on one side."""
    there = facts.frame(FACILITIES)
    sides: dict[str, bool] = {}
    for path, kind in KINDS.items():
        held = set() if there is None else set(there.filter(pl.col("kind") == kind)["in_district"].to_list())
        if len(held) == 1:
            sides[path] = held.pop()
    inside = pl.col("path").replace_strict(sides, default=None, return_dtype=pl.Boolean)
    frame, problems = _sided(frame.with_columns(inside.alias("_inside")), "sludge", "path")
    tipped = frame.filter(pl.col("path").str.starts_with("landfilled"))
    for (year, side), part in tipped.group_by("year", "_inside", maintain_order=True):
        problems.append(_no_method(int(str(year)), bool(side), part))
    return frame.drop("_inside"), problems


def _no_method(year: int, inside: bool, rows: pl.DataFrame) -> Problem:
    return LeftOut(
        "account.no-method",
        Place(item="sludge", row=rows[RECORD][0], field="path"),
        Text(
            f"{year} 年填埋污泥 {rows['tonnes'].sum():g} 吨没有可降解有机碳因子，未计入",
            f"{rows['tonnes'].sum():g} t of sludge tipped in {year} have no factor of degradable carbon: left out",
        ),
        Text("在本区 catalogue 中加方法和因子，写明出处", "add method and factor with their source in the catalogue"),
        WARNING,
        year=year,
        cells=_cells([ROWS["landfilled"][0 if inside else 1]]),
    )


def _sided(frame: pl.DataFrame, register: str, where: str) -> Prepared:
    """Marks what is treated elsewhere; rows of which nobody knows the side are left out, a problem per ``where`` and
    year."""
    treated = pl.col("path").is_in(list(ROWS))
    lost = frame.filter(treated & pl.col("_inside").is_null())
    problems = [
        _no_side(register, where, str(name), int(str(year)), part)
        for (name, year), part in lost.group_by(where, "year", maintain_order=True)
    ]
    frame = frame.filter(~treated | pl.col("_inside").is_not_null())
    outside = pl.when(treated & ~pl.col("_inside")).then(pl.col("path") + ELSEWHERE).otherwise(pl.col("path"))
    return frame.with_columns(outside.alias("path")), problems


def _no_side(register: str, where: str, name: str, year: int, rows: pl.DataFrame) -> Problem:
    codes = sorted({code for path in rows["path"].unique() for code in ROWS[path]})
    return LeftOut(
        "account.facility-not-listed",
        Place(item=register, row=rows[RECORD][0], field=where),
        Text(
            f"“{name}”：处置设施名录中没有，不知在区内还是区外；{year} 年 {rows.height} 条记录未计入",
            f"“{name}”: the register of facilities does not say whether it lies in the district; "
            f"{rows.height} records of {year} are left out",
        ),
        Text("在 waste_facilities 中补一行，写明是否在区内", "add it to waste_facilities and say where it lies"),
        year=year,
        cells=_cells(codes),
    )


def _cells(codes: Iterable[str]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(("district", "", code, "") for code in codes)


def _tree_stock(frame: pl.DataFrame, facts: Facts) -> Prepared:
    """A kind that skips a year has no change of area in the year after: said, not bridged."""
    by_area = frame.filter(pl.col("area_ha").is_not_null() & pl.col("kind").is_in(["bamboo", "orchard", "shrub"]))
    ordered = by_area.sort("kind", "year").with_columns(pl.col("year").diff().over("kind").alias("_since"))
    return frame, [
        Problem(
            "account.area-year-skipped",
            Place(item="tree_stock", row=row[RECORD], field="area_ha"),
            Text(
                f"{row['kind']} 缺 {row['year'] - 1} 年面积，{row['year']} 年的面积变化未计入",
                f"{row['kind']} has no area for {row['year'] - 1}: the change in {row['year']} is left out",
            ),
            Text("补报上年面积", "give the area of the year before"),
            WARNING,
        )
        for row in ordered.filter(pl.col("_since") > 1).iter_rows(named=True)
    ]


def _green_space(frame: pl.DataFrame, facts: Facts) -> Prepared:
    """``park_green_ha``: missing in years with a survey of trees, where the trees of parks are counted already."""
    surveyed = sorted(facts.years("tree_stock"))
    parks = pl.when(~pl.col("year").is_in(surveyed)).then(pl.col("park_green_ha"))
    return frame.with_columns(parks.alias("park_green_ha")), []


JOINS: Mapping[str, Callable[[pl.DataFrame, Facts], Prepared]] = {
    "household_waste": _household_waste,
    "landfill_deposits": _landfill_deposits,
    "sludge": _sludge,
    "tree_stock": _tree_stock,
    "green_space": _green_space,
}
