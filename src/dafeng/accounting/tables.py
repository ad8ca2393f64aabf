"""Official tables as data: every row filled, zero, or marked with a notation key and its reason.

A cell that sums lines holds a whole number of the smallest unit and says which lines (``pick``); its column says how
many of the smallest unit make one that people read. The same cell is printed, exported and explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dafeng.core.text import Text

Key = Literal["NO", "NE", "IE", "C"]
KEY_WORDS: Mapping[str, Text] = {
    "NO": Text("不发生", "not occurring"),
    "NE": Text("未估算", "not estimated"),
    "IE": Text("计入他处", "included elsewhere"),
    "C": Text("保密", "confidential"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """value: whole smallest units where lines are summed, else a plain number; None where ``key`` stands instead.

    pick: what to ask the lines for to get exactly this sum: column of the lines → accepted values (None is a value
    too). estimated: the part of the value that rests on filled gaps, in the same unit. formula: for what is no sum."""

    value: float | None
    key: Key | None = None
    reason: Text | None = None
    pick: Mapping[str, tuple[Any, ...]] | None = None
    estimated: float = 0
    formula: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """per: how many of the cell's units make one ``unit``: 1_000_000 for grams shown as tonnes; digits: printed."""

    id: str
    name: Text
    unit: str
    per: int = 1
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    name: Text
    cells: Mapping[str, Cell]
    parent: str | None = None
    kind: Literal["item", "sum", "memo", "difference", "note"] = "item"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """lines: which frame the picks ask (``energy`` or ``emissions``); None for a sheet of formulas."""

    id: str
    name: Text
    year: int
    columns: Sequence[Column]
    rows: Sequence[Row]
    lines: Literal["energy", "emissions"] | None = None
    place: Text | None = None
    notes: Sequence[Text] = ()
    source: str | None = None

    def row(self, code: str) -> Row:
        return next(row for row in self.rows if row.code == code)

    def shown(self, row: Row, column: Column) -> float | None:
        """The cell in the column's unit; None where a notation key stands."""
        cell = row.cells.get(column.id)
        return None if cell is None or cell.value is None else cell.value / column.per
