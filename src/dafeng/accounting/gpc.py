"""The same lines as the GPC (Global Protocol for Community-Scale Greenhouse Gas Inventories) asks for them.

A reference is ``sector.sub-sector.number`` (I.2.1); what a total takes follows from it. ``gpc_totals`` is the one
place where the totals are made, for our tables and for any published inventory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from dafeng.accounting.inventory_cells import FAMILIES, GRAMS_PER_TONNE, TOTAL, Sums, columns, depths, subtree
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import Problem
from dafeng.core.text import Text

LAYOUT = "gpc"
KEYS = frozenset({"NO", "NE", "IE", "C"})
SECTORS = ("I", "II", "III", "IV", "V", "VI")
# Power sold to the grid: in the territory, in no total of what the city uses.
SUPPLY = "I.4.4"
LAND = "V.2"
SCOPES = (1, 2, 3)


def parts(ref: str) -> tuple[str, int, int]:
    """``I.2.1`` → (I, 2, 1); a reference of two parts (IV.1) has the number 1."""
    names = ref.split(".")
    return names[0], int(names[1]), int(names[2]) if len(names) > 2 else 1


def scope_of(ref: str) -> int:
    """Scope of a reference: number 1, 2, 3 in energy and transport; in waste number 2 is what leaves the city."""
    sector, _, number = parts(ref)
    if sector in ("I", "II"):
        return 1 if ref == SUPPLY else number
    if sector == "III":
        return 3 if number == 2 else 1
    return 3 if sector == "VI" else 1


def in_basic(ref: str) -> bool:
    """Scope 1 and 2 of energy and transport without power sold, and the city's own waste wherever it is treated."""
    sector, _, number = parts(ref)
    if sector in ("I", "II"):
        return number in (1, 2) and ref != SUPPLY
    return sector == "III" and number in (1, 2)


def in_basic_plus(ref: str) -> bool:
    """BASIC, and losses and trips across the boundary, processes, products and land."""
    sector, _, number = parts(ref)
    return in_basic(ref) or (sector in ("I", "II") and number == 3) or sector in ("IV", "V")


def in_territorial(ref: str) -> bool:
    """Everything of scope 1, also power sold and waste from elsewhere."""
    return scope_of(ref) == 1


MEMBERS = {
    "basic": in_basic,
    "basic_plus": in_basic_plus,
    "basic_plus_no_land": lambda ref: in_basic_plus(ref) and ref != LAND,
    "territorial": in_territorial,
}


def members(total: str, refs: Iterable[str]) -> list[str]:
    """The references, of those given, that a total takes."""
    return [ref for ref in refs if MEMBERS[total](ref)]


def gpc_totals(cells: Mapping[str, float | str | None]) -> dict[str, float | None]:
    """The totals of an inventory, of its sectors and sub-sectors from its cells.

    cells: reference → tCO2e (any unit, the totals have it too) or notation key; a key counts as nothing. Gives
    ``basic``, ``basic_plus``, ``basic_plus_no_land``, ``territorial`` and each of them by sector (``basic.I``) and
    sub-sector (``basic.I.1``); None where no cell of a total is a number."""
    found: dict[str, float | None] = {}
    for total in MEMBERS:
        refs = members(total, cells)
        found[total] = _sum(cells, refs)
        for sector in SECTORS:
            found[f"{total}.{sector}"] = _sum(cells, [ref for ref in refs if parts(ref)[0] == sector])
        for below in {".".join(map(str, parts(ref)[:2])): None for ref in cells}:
            own = [ref for ref in refs if ".".join(map(str, parts(ref)[:2])) == below]
            found[f"{total}.{below}"] = _sum(cells, own)
    return found


def _sum(cells: Mapping[str, float | str | None], refs: Sequence[str]) -> float | None:
    numbers = [value for ref in refs if isinstance(value := cells[ref], int | float)]
    return sum(numbers) if numbers else None


def gpc_tables(
    emissions: pl.DataFrame,
    catalogue: Catalogue,
    year: int,
    level: str,
    place: str,
    problems: Sequence[Problem] = (),
) -> dict[str, Table]:
    """Tables ``gpc`` (references by gas, then the totals) and ``gpc_summary`` (sectors by scope and total)."""
    sums = Sums(emissions, catalogue, year, level, place, "gpc", problems=problems)
    return {"gpc": _references(catalogue, sums), "gpc_summary": _summary(catalogue, sums)}


def _references(catalogue: Catalogue, sums: Sums) -> Table:
    layout = catalogue.layouts[LAYOUT]
    by_code, depth, codes = {row.code: row for row in layout.rows}, depths(layout.rows), subtree(layout.rows)
    refs = [row.code for row in layout.rows if row.scope is not None and row.code not in MEMBERS]
    families = (*FAMILIES, TOTAL)
    rows = []
    for row in layout.rows:
        below = members(row.code, refs) if row.code in MEMBERS else [code for code in codes[row.code] if code in refs]
        cells = {family.lower(): sums.cell(row, below, family, by_code) for family in families}
        rows.append(
            Row(row.code, row.name.text, cells, row.parent, "sum" if len(below) > 1 else "item", depth[row.code])
        )
    return Table(
        "gpc", layout.name.text, sums.year, columns(families, "tCO2e", 0), rows, "emissions", None, NOTES,
        layout.source.standard,
    )  # fmt: skip


def _summary(catalogue: Catalogue, sums: Sums) -> Table:
    layout = catalogue.layouts[LAYOUT]
    by_code = {row.code: row for row in layout.rows}
    refs = [row.code for row in layout.rows if row.scope is not None and row.code not in MEMBERS]
    scopes = [
        Column(f"scope{scope}", Text(f"范围{'一二三'[scope - 1]}", f"Scope {scope}"), "tCO2e", GRAMS_PER_TONNE)
        for scope in SCOPES
    ]
    heads = [*scopes, *(Column(total, by_code[total].name.text, "tCO2e", GRAMS_PER_TONNE) for total in MEMBERS)]
    rows = []
    for code in (*SECTORS, "total"):
        own = [ref for ref in refs if code in ("total", parts(ref)[0])]
        cells: dict[str, Cell] = {
            f"scope{scope}": _summed(sums, [ref for ref in own if scope_of(ref) == scope]) for scope in SCOPES
        }
        cells |= {total: _summed(sums, members(total, own)) for total in MEMBERS}
        name = Text("合计", "Total") if code == "total" else by_code[code].name.text
        rows.append(Row(code, name, cells, None, "sum"))
    name = Text("城市温室气体清单汇总（GPC）", "Summary of the city inventory after the GPC")
    return Table("gpc_summary", name, sums.year, heads, rows, "emissions", None, NOTES, layout.source.standard)


def _summed(sums: Sums, refs: Sequence[str]) -> Cell:
    if not refs:
        return Cell(None, "NO", Text("该合计不含这一部门", "the total takes nothing of this sector"))
    found = sums.found(refs, TOTAL)
    if found is None:
        return Cell(None, "NE", Text("没有已核算的排放", "no emission has been accounted"))
    return Cell(found[0], pick=sums.pick(refs, TOTAL), estimated=found[1])


NOTES = (
    Text(
        "与清单汇总表是同一套明细，按GPC条目归类：区外处理的本区废弃物计入BASIC，碳汇列入V.2。",
        "The same lines as the inventory by GPC reference: own waste treated elsewhere is in BASIC, sinks are V.2.",
    ),
    Text(
        "达峰判断只用清单总量，不用含V.2的合计。",
        "Whether emissions have peaked is judged by the inventory's total, never by a total with V.2.",
    ),
)
