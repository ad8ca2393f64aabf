"""Cells of sheets that are formulas: a figure with its arithmetic, a word, a gap with its reason."""

from __future__ import annotations

from dafeng.accounting.tables import Cell
from dafeng.core.text import Text


def figure(value: float | None, formula: str, *, why: Text | None = None, **inputs: str) -> Cell:
    """A figure in its column's unit, or, where there is none, not estimated with the reason ``why``."""
    if value is None:
        return Cell(None, "NE", why or Text("缺少计算所需的数据", "a figure it needs is missing"), formula=formula)
    return Cell(value, reason=why, formula=formula, inputs=inputs)


def gap(why: Text) -> Cell:
    return Cell(None, "NE", why)


def words(text: Text, **inputs: str) -> Cell:
    """A cell that says something instead of a number (no key: nothing is missing)."""
    return Cell(None, None, text, inputs=inputs)


def named(register: str, field: str, year: int, value: float | None, unit: str) -> str:
    """An input as a reader finds it: ``yearly_totals.energy[2025] = 148.6 万tce``."""
    return f"{register}.{field}[{year}] = {'–' if value is None else f'{value:g}'} {unit}".rstrip()
