"""The view of key units: what each used by carrier, its CO2, and how far that lies from what the unit reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dafeng.accounting.book import Book
from dafeng.accounting.formula_cells import gap
from dafeng.accounting.lines import PER
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.accounting.views_uses import GRAMS_PER_TONNE, addresses, summed
from dafeng.core.text import Text, same
from dafeng.indicators.facts import PERIOD, RECORD, Facts

TABLE = "key_units"
LEVEL, FINAL = "unit", "final"
NAMES = {"Wh": "万kWh", "L": "万m3", "g": "t", "kJ": "GJ", "gce": "tce"}
NOT_REPORTED = Text("单位没有填报", "the unit did not report it")
NOT_USED = Text("单位没有该品种的消费", "the unit used none of this carrier")
NO_CARRIERS = Text("没有分品种消费量，不能核算", "there are no amounts by carrier to account")
# Column → lines of emissions that it sums.
CO2: Mapping[str, tuple[Text, dict[str, tuple[Any, ...]]]] = {
    "co2_direct": (Text("直接排放", "Direct CO2"), {"scope": (1,)}),
    "co2_electricity": (Text("电力排放", "CO2 of electricity"), {"scope": (2,), "row": ("indirect_electricity",)}),
    "co2_heat": (Text("热力排放", "CO2 of heat"), {"scope": (2,), "row": ("indirect_heat",)}),
    "co2": (Text("排放合计", "CO2"), {"scope": (1, 2)}),
}
TCE: Mapping[str, tuple[Text, str]] = {
    "tce_calorific": (Text("综合能耗（当量值）", "Energy at calorific value"), "gce_calorific"),
    "tce_equal": (Text("综合能耗（等价值）", "Energy at coal equivalent"), "gce_equal"),
}
REPORTED: Mapping[str, tuple[Text, str, str]] = {
    "tce_reported": (Text("自报综合能耗（等价值）", "Energy as reported"), "energy_tce", "tce_equal"),
    "co2_reported": (Text("自报二氧化碳", "CO2 as reported"), "co2_t", "co2"),
}


def key_units_table(
    facts: Facts, energy: pl.DataFrame, emissions: pl.DataFrame, book: Book, year: int
) -> Table:  # fmt: skip
    """Table ``key_units``: every unit on the list in the year, or that reported for it; a column per carrier.

    energy, emissions: lines with the columns ``ENERGY`` and ``EMISSIONS``. Differences are ours − theirs, in tonnes and
    in percent of theirs. CO2 is whole grams; what a unit did not report is not estimated."""
    lines = energy.filter((pl.col("level") == LEVEL) & (pl.col("year") == year) & (pl.col("flow") == FINAL))
    gases = emissions.filter((pl.col("level") == LEVEL) & (pl.col("year") == year))
    carriers = _carriers(lines)
    reported = _reported(facts, year)
    columns = _columns(carriers, book)
    by_line = {place: part for (place,), part in lines.group_by("place")}
    by_gas = {place: part for (place,), part in gases.group_by("place")}
    rows = []
    for code, name in _units(facts, year, set(by_line) | set(reported)):
        cells = _cells(year, code, by_line.get(code, lines.clear()), by_gas.get(code, gases.clear()), carriers)
        rows.append(Row(code, same(name), cells | _against(cells, reported.get(code)), "total", "item", 1))
    total = Row("total", Text("重点用能单位合计", "All key units"), _total(rows, columns), kind="sum")
    return Table(
        TABLE, Text("重点用能单位能耗和碳排放", "Energy and CO2 of key units"), year, columns, [total, *rows],
        "emissions",
        notes=(
            Text("差额为核算数减自报数。", "Differences are ours less theirs."),
            Text(
                "单位若按碳市场的电力因子填报，与本账户的清单因子不同，差额先看这一项。",
                "A unit that reports under the carbon market's factor of electricity differs by that first.",
            ),
        ),
        source="key_unit_report",
    )  # fmt: skip


def _units(facts: Facts, year: int, known: set[str]) -> list[tuple[str, str]]:
    there = facts.frame("key_units")
    names = {} if there is None else dict(there.select("code", "name").iter_rows())
    if there is not None:
        listed = pl.col("listed").dt.year() <= year
        left = (pl.col("delisted").dt.year() < year).fill_null(False)
        known = known | set(there.filter(listed & ~left)["code"].to_list())
    return [(code, names.get(code) or code) for code in sorted(known)]


def _carriers(lines: pl.DataFrame) -> dict[str, str]:
    """Carrier → smallest unit of its lines, in the order of use."""
    held = (
        lines.group_by("carrier", "unit").agg(pl.col("gce_equal").sum()).sort("gce_equal", "carrier", descending=True)
    )
    return {carrier: unit for carrier, unit, _ in held.iter_rows()}


def _columns(carriers: Mapping[str, str], book: Book) -> tuple[Column, ...]:
    words = book.catalogue.choices["energy_carriers"].options
    by_carrier = [
        Column(carrier, Text(words[carrier].zh, words[carrier].en), NAMES[unit], PER[unit], 2)
        for carrier, unit in carriers.items()
    ]
    difference, share = Text("差额", "Difference"), Text("差额占自报", "Difference, share")
    return (
        *by_carrier,
        *(Column(name, said, "tce", GRAMS_PER_TONNE, 1) for name, (said, _) in TCE.items()),
        Column("tce_reported", REPORTED["tce_reported"][0], "tce", digits=1),
        Column("tce_difference", difference, "tce", digits=1),
        Column("tce_difference_pct", share, "%", digits=2),
        *(Column(name, said, "tCO2", GRAMS_PER_TONNE, 1) for name, (said, _) in CO2.items()),
        Column("co2_reported", REPORTED["co2_reported"][0], "tCO2", digits=1),
        Column("co2_difference", difference, "tCO2", digits=1),
        Column("co2_difference_pct", share, "%", digits=2),
    )


def _cells(
    year: int, code: str, lines: pl.DataFrame, every: pl.DataFrame, carriers: Mapping[str, str]
) -> dict[str, Cell]:  # fmt: skip
    made: dict[str, Cell] = {}
    for carrier in carriers:
        held = lines.filter(pl.col("carrier") == carrier)
        typed = Cell(int(held["amount"].sum()), formula="key_unit_carriers.amount", inputs=_records(held))
        made[carrier] = typed if held.height else _none(lines)
    for name, (_, measure) in TCE.items():
        total = int(lines[measure].sum())
        made[name] = Cell(total, formula=f"Σ {measure}", inputs=_records(lines)) if lines.height else gap(NO_CARRIERS)
    base: dict[str, tuple[Any, ...]] = {
        "level": (LEVEL,), "place": (code,), "year": (year,), "gas": ("CO2",), "memo": (None,)
    }  # fmt: skip
    gases = every.filter((pl.col("gas") == "CO2") & pl.col("memo").is_null())
    for name, (_, pick) in CO2.items():
        held = gases
        for column, values in pick.items():
            held = held.filter(pl.col(column).is_in(values))
        if held.height:
            made[name] = Cell(int(held["co2e_g"].sum()), reason=_left_out(lines, every), pick=base | pick)
        else:
            made[name] = Cell(0, reason=_left_out(lines, every), pick=base | pick) if lines.height else gap(NO_CARRIERS)
    return made


def _none(lines: pl.DataFrame) -> Cell:
    """A unit that reported its carriers uses none of one that it left out; one that reported nothing may."""
    return Cell(None, "NO", NOT_USED) if lines.height else gap(NO_CARRIERS)


def _records(lines: pl.DataFrame) -> dict[str, str]:
    held = lines.select("carrier", "register", RECORD).unique(maintain_order=True).iter_rows()
    return {carrier: f"{register}#{record}" for carrier, register, record in held}


def _left_out(lines: pl.DataFrame, every: pl.DataFrame) -> Text | None:
    """Carriers of the unit that no method or factor turned into gas: said beside the sum that lacks them."""
    lacking = lines.filter(~pl.col("line").is_in(every["energy_line"].drop_nulls().to_list()))["carrier"].to_list()
    if not lacking:
        return None
    named_ = "、".join(sorted(set(lacking)))
    return Text(f"没有因子、未计入：{named_}", f"without a factor and not in the sum: {named_}")


def _reported(facts: Facts, year: int) -> dict[str, dict[str, Any]]:
    there = facts.frame("key_unit_energy")
    if there is None:
        return {}
    rows = there.filter(pl.col(PERIOD) == year)
    return {row["unit"]: row for row in rows.select("unit", "energy_tce", "co2_t", RECORD).iter_rows(named=True)}


def _against(ours: Mapping[str, Cell], theirs: Mapping[str, Any] | None) -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for name, (_, field, our_name) in REPORTED.items():
        stem, value = name.partition("_")[0], theirs[field] if theirs is not None else None
        if theirs is None or value is None:
            made |= dict.fromkeys((name, f"{stem}_difference", f"{stem}_difference_pct"), gap(NOT_REPORTED))
            continue
        made[name] = Cell(
            value, formula=f"key_unit_energy.{field}", inputs={"record": f"key_unit_energy#{theirs[RECORD]}"}
        )
        our = ours[our_name].value
        if our is None:
            made |= dict.fromkeys((f"{stem}_difference", f"{stem}_difference_pct"), gap(NO_CARRIERS))
            continue
        made |= _difference(stem, our_name, our / GRAMS_PER_TONNE, value)
    return made


def _difference(stem: str, name: str, ours: float, theirs: float) -> dict[str, Cell]:
    """Ours − theirs, and that in percent of theirs."""
    left = ours - theirs
    none = gap(Text("自报数为零", "what was reported is zero"))
    share = f"100 × {stem}_difference / {stem}_reported"
    return {
        f"{stem}_difference": Cell(left, formula=f"{name} − {stem}_reported"),
        f"{stem}_difference_pct": Cell(100 * left / theirs, formula=share) if theirs else none,
    }


def _total(rows: Sequence[Row], columns: Sequence[Column]) -> dict[str, Cell]:
    """Sums; the difference is over units that have both figures."""
    codes = [row.code for row in rows]
    made = {
        column.id: summed([row.cells[column.id] for row in rows], addresses(TABLE, column.id, codes))
        for column in columns
        if not column.id.endswith("_pct")
    }
    for stem in ("tce", "co2"):
        both = [row for row in rows if row.cells[f"{stem}_difference"].value is not None]
        theirs = sum(row.cells[f"{stem}_reported"].value or 0 for row in both)
        left = made[f"{stem}_difference"].value
        made[f"{stem}_difference_pct"] = (
            Cell(100 * left / theirs, formula=f"100 × {stem}_difference / {stem}_reported")
            if theirs and left is not None
            else gap(NOT_REPORTED)
        )
    return {column.id: made[column.id] for column in columns}
