"""Road energy of the registered vehicles beside the petrol and diesel of statistics: compared, never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from dafeng.accounting.book import Book
from dafeng.accounting.formula_cells import gap
from dafeng.accounting.kernels.vehicles import STOCK, USE, vehicle_energy
from dafeng.accounting.lines import DISTRICT, PER
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.accounting.views_uses import addresses, summed
from dafeng.core.errors import Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

TABLE = "road_energy"
# Carrier → its column and the smallest unit of the lines that it is compared with.
CARRIERS: Mapping[str, tuple[Text, str, str]] = {
    "gasoline": (Text("汽油", "Petrol"), "t", "g"),
    "diesel": (Text("柴油", "Diesel"), "t", "g"),
    "natural_gas": (Text("天然气", "Natural gas"), "万m3", "L"),
    "hydrogen": (Text("氢气", "Hydrogen"), "万m3", "L"),
    "electricity": (Text("电力", "Electricity"), "万kWh", "Wh"),
}
# What of the statistics roads use: petrol of all sectors, diesel of transport and homes (the rest drives machines).
SECTORS: Mapping[str, tuple[str, ...] | None] = {"gasoline": None, "diesel": ("transport", "homes")}
NO_VEHICLES = Text("没有用该能源的车辆", "no vehicle uses this carrier")
NOT_APART = Text("统计没有把车辆用能单列", "statistics do not tell what vehicles use of it")
COLUMNS: tuple[Column, ...] = (
    Column("vehicles", Text("车辆数", "Vehicles"), "辆"),
    Column("vehicle_km", Text("行驶里程", "Vehicle-kilometres"), "万km", 10_000, 1),
    *(Column(name, words, unit, digits=1) for name, (words, unit, _) in CARRIERS.items()),
)


def road_table(facts: Facts, energy: pl.DataFrame, book: Book, year: int) -> tuple[Table, list[Problem]]:
    """Table ``road_energy`` and what the registers lack: a row per category, their sum, statistics, the difference.

    energy: lines with the columns ``ENERGY``. Statistics count what is sold in the district, registers what its
    vehicles burn wherever they fill up: the difference is information, not a fault."""
    frame, problems = vehicle_energy(facts, book, [year])
    words = book.catalogue.choices["vehicle_categories"].options
    rows = [
        Row(str(category), Text(words[str(category)].zh, words[str(category)].en), _cells(part), "registers", "item", 1)
        for (category,), part in frame.sort("category").group_by("category", maintain_order=True)
    ]
    codes = [row.code for row in rows]
    whole = {one.id: _sum(rows, one.id, codes) for one in COLUMNS}
    registers = Row("registers", Text("登记车辆合计", "Registered vehicles"), whole, kind="sum")
    statistics = Row("statistics", Text("能源统计中的车用油", "Road fuel of the statistics"), _statistics(energy, year))
    left = {one.id: _difference(registers.cells[one.id], statistics.cells[one.id]) for one in COLUMNS}
    difference = Row("difference", Text("差额（登记车辆−统计）", "Registers less statistics"), left, kind="difference")
    notes = [Text("只作对照，不计入清单。", "A comparison; nothing of it is in the inventory.")]
    if problems:
        notes.append(Text(f"{len(problems)} 类车缺使用强度，合计不全。", f"{len(problems)} kinds lack their use."))
    table = Table(
        TABLE, Text("机动车能耗对照", "Road energy compared"), year, COLUMNS,
        [registers, *rows, statistics, difference], notes=notes,
    )  # fmt: skip
    return table, problems


def _cells(part: pl.DataFrame) -> dict[str, Cell]:
    """A vehicle that burns two carriers has two rows and is one vehicle."""
    once = part.unique("stock_record", maintain_order=True)
    records = {f"stock {n}": f"{STOCK}#{one}" for n, one in enumerate(once["stock_record"], 1)}
    made = {
        "vehicles": Cell(int(once["vehicles"].sum()), formula=f"Σ {STOCK}.vehicles", inputs=records),
        "vehicle_km": Cell(float(once["vehicle_km"].sum()), formula="vehicles × km_per_vehicle", inputs=records),
    }
    for carrier in CARRIERS:
        held = part.filter(pl.col("carrier") == carrier)
        used = {f"use {n}": f"{USE}#{one}" for n, one in enumerate(held["use_record"], 1)}
        factor = next(iter(held["factor"].drop_nulls()), None)
        formula = "vehicle_km × use per 100 km" + (f" × {factor}" if factor else "")
        found = Cell(float(held["amount"].sum()), formula=formula, inputs=used)
        made[carrier] = found if held.height else Cell(None, "NO", NO_VEHICLES)
    return made


def _sum(rows: Sequence[Row], column: str, codes: Sequence[str]) -> Cell:
    """Categories that do not use a carrier are no gap in its sum."""
    held = [row.cells[column] for row in rows if row.cells[column].value is not None]
    return summed(held, addresses(TABLE, column, codes)) if held else Cell(None, "NO", NO_VEHICLES)


def _statistics(energy: pl.DataFrame, year: int) -> dict[str, Cell]:
    made = {one.id: gap(NOT_APART) for one in COLUMNS}
    lines = energy.filter((pl.col("level") == DISTRICT) & (pl.col("year") == year) & (pl.col("flow") == "final"))
    for carrier, sectors in SECTORS.items():
        held = lines.filter(pl.col("carrier") == carrier)
        held = held if sectors is None else held.filter(pl.col("sector").is_in(list(sectors)))
        if not held.height:
            made[carrier] = gap(Text("统计没有该品种", "statistics have none of it"))
            continue
        records = {sector: f"{register}#{record}" for sector, register, record in
                   held.select("sector", "register", "_record").iter_rows()}  # fmt: skip
        amount = int(held["amount"].sum()) / PER[CARRIERS[carrier][2]]
        made[carrier] = Cell(amount, formula="Σ " + " + ".join(records), inputs=records)
    return made


def _difference(ours: Cell, theirs: Cell) -> Cell:
    if ours.value is None or theirs.value is None:
        return gap(NOT_APART if theirs.value is None else NO_VEHICLES)
    return Cell(ours.value - theirs.value, formula="registers − statistics")
