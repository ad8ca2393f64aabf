"""The inventory after the provincial guide: its rows by gas, in tCO2e and in tonnes of gas, and the GPC's view.

Direct emissions make the total. Electricity and heat bought, land, waste treated elsewhere, biomass and bunkers stand
in rows of their own and in no total but the two that say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from dafeng.accounting.emissions import LAYOUT
from dafeng.accounting.gpc import gpc_tables
from dafeng.accounting.inventory_cells import FAMILIES, TOTAL, Sums, columns, depths, subtree
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Row, Table
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import LayoutRow
from dafeng.core.errors import Problem
from dafeng.core.text import Text

# Rows that are the sum of other rows without being their parent.
SUMS: Mapping[str, tuple[str, ...]] = {"total_with_land": ("total", "land"), "with_indirect": ("total", "indirect")}


def inventory_tables(
    emissions: pl.DataFrame,
    catalogue: Catalogue,
    year: int,
    level: str = DISTRICT,
    place: str = "",
    problems: Sequence[Problem] = (),
) -> dict[str, Table]:
    """Tables ``inventory``, ``gases`` (t of gas), ``gpc`` and ``gpc_summary`` of one year and place.

    emissions: lines with the columns ``EMISSIONS``. Every cell is the exact sum of the lines it picks, or carries a
    notation key with its reason. problems: what ``emission_lines`` left out; the cells that lack it say so."""
    tables = [
        _table("inventory", catalogue, Sums(emissions, catalogue, year, level, place, "row", "co2e_g", problems)),
        _table("gases", catalogue, Sums(emissions, catalogue, year, level, place, "row", "gas_g", problems)),
    ]
    made = {table.id: table for table in tables} | gpc_tables(emissions, catalogue, year, level, place, problems)
    return made if level == DISTRICT else {key: replace(table, place=Text(place, place)) for key, table in made.items()}


def codes_of(rows: Sequence[LayoutRow]) -> dict[str, list[str]]:
    """Row → the codes whose lines it sums: its own, those below it, and for the two outer totals those of others."""
    found = subtree(rows)
    for code, parts in SUMS.items():
        if code in found:
            found[code] = [below for part in parts for below in found[part]]
    return found


def _table(name: str, catalogue: Catalogue, sums: Sums) -> Table:
    layout = catalogue.layouts[LAYOUT]
    by_code, depth, codes = {row.code: row for row in layout.rows}, depths(layout.rows), codes_of(layout.rows)
    families = (*FAMILIES, TOTAL) if name == "inventory" else FAMILIES
    rows = []
    for row in layout.rows:
        lacking = _lacking(row.code, sums, codes, by_code)
        cells = {family.lower(): lacking or sums.cell(row, codes[row.code], family, by_code) for family in families}
        kind = "memo" if row.memo else "sum" if len(codes[row.code]) > 1 else "item"
        rows.append(Row(row.code, row.name.text, cells, row.parent, kind, depth[row.code]))
    words = layout.name.text
    if name == "gases":
        words = Text(f"{words.zh}（气体质量）", f"{words.en} (mass of gas)")
    unit, digits = ("tCO2e", 0) if name == "inventory" else ("t", 2)
    return Table(
        name, words, sums.year, columns(families, unit, digits), rows, "emissions", None,
        _notes(sums), layout.source.standard,
    )  # fmt: skip


def _lacking(code: str, sums: Sums, codes: Mapping[str, list[str]], rows: Mapping[str, LayoutRow]) -> Cell | None:
    """An outer total of which a part is not known is not known either: the cell that says which part."""
    for part in SUMS.get(code, ()):
        if sums.found(codes[part], TOTAL) is None:
            name = rows[part].name.text
            return Cell(None, "NE", Text(f"缺“{name.zh}”", f"“{name.en}” is lacking"))
    return None


def _notes(sums: Sums) -> tuple[Text, ...]:
    here = sums.emissions.filter((pl.col("year") == sums.year) & (pl.col("level") == sums.level))
    used = here.filter(pl.col("gas") != "CO2").select("gas", "gwp").unique().sort("gas", "gwp")
    said = "、".join(f"{gas} {gwp:g}" for gas, gwp in used.iter_rows())
    notes = [
        Text(
            "总量为直接排放；间接排放、土地利用变化和林业、备忘项单列，不重复计入。",
            "The total is direct emissions; indirect ones, land and memo items stand apart and are not counted twice.",
        )
    ]
    if said:
        notes.append(Text(f"百年增温潜势：{said}。", f"GWP100: {said.replace('、', ', ')}."))
    return tuple(notes)
