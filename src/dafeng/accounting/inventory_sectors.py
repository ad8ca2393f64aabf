"""Who uses it: direct and indirect emissions of energy by sector of use, each tonne once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dafeng.accounting.inventory_cells import GRAMS_PER_TONNE, subtree
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.catalogue.load import Catalogue
from dafeng.core.text import Text

LAYOUT = "inventory_provincial"
# Column → the row of the inventory whose lines, with those below it, it sums by sector.
SOURCES: Mapping[str, tuple[tuple[str, ...], Text]] = {
    "direct": (("energy",), Text("燃料燃烧（直接）", "Fuels burnt (direct)")),
    "electricity": (("indirect_electricity",), Text("外购电力（间接）", "Electricity bought (indirect)")),
    "heat": (("indirect_heat",), Text("外购热力（间接）", "Heat bought (indirect)")),
    "co2e": (("energy", "indirect"), Text("合计", "Total")),
}
NONE = "unassigned"
NOTHING = Text("没有该领域的记录", "no record of this sector")


def sectors_table(
    emissions: pl.DataFrame, catalogue: Catalogue, year: int, level: str = DISTRICT, place: str = ""
) -> Table:
    """Table ``sectors``: sectors of energy use by direct emissions, electricity and heat, in tCO2e.

    The row ``total`` is the inventory's energy with its indirect emissions; ``unassigned`` is what no sector uses
    (fuel put into power and heat plants) or whose sector nobody told."""
    codes = subtree(catalogue.layouts[LAYOUT].rows)
    rows_of = {name: tuple(code for part in parts for code in codes[part]) for name, (parts, _) in SOURCES.items()}
    lines = emissions.filter(
        (pl.col("year") == year) & (pl.col("level") == level) & (pl.col("place") == place) & pl.col("memo").is_null()
    )
    base = {"year": (year,), "level": (level,), "place": (place,), "memo": (None,)}
    words = catalogue.choices["energy_sectors"].options
    asked: list[tuple[str, Text, tuple[Any, ...] | None]] = [
        ("total", Text("合计", "Total"), None),
        *((code, Text(option.zh, option.en), (code,)) for code, option in words.items()),
        (NONE, Text("未分领域", "No sector"), (None,)),
    ]
    rows = [
        Row(
            code,
            name,
            {column: _cell(lines, base, rows_of[column], sector) for column in SOURCES},
            None if sector is None else "total",
            "sum" if sector is None else "item",
            0 if sector is None else 1,
        )
        for code, name, sector in asked
    ]
    heads = [Column(name, text, "tCO2e", GRAMS_PER_TONNE) for name, (_, text) in SOURCES.items()]
    title = Text("分领域用能排放", "Emissions of energy by sector")
    where = None if level == DISTRICT else Text(place, place)
    return Table("sectors", title, year, heads, rows, "emissions", where)


def _cell(
    lines: pl.DataFrame, base: Mapping[str, tuple[Any, ...]], codes: Sequence[str], sector: tuple[Any, ...] | None
) -> Cell:
    held = lines.filter(pl.col("row").is_in(codes))
    pick = {**base, "row": tuple(codes)}
    if sector is not None:
        held = held.filter(pl.col("sector").is_null() if sector[0] is None else pl.col("sector") == sector[0])
        pick["sector"] = sector
    if not held.height:
        return Cell(None, "NO", NOTHING)
    estimated = held.filter(pl.col("estimate").is_not_null())["co2e_g"].sum()
    return Cell(int(held["co2e_g"].sum()), pick=pick, estimated=int(estimated))
