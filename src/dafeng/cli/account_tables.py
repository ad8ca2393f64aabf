"""Tables of the account on a terminal: units in the heads, notation keys in the cells, reasons and notes below."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from dafeng.cli.output import print_table, width
from dafeng.core.text import Text, language

# What stands where a cell has neither a value nor a notation key.
_NONE = "–"
_MOST_CODE, _MOST_NAME = 26, 44
# In a window no wider than this a name may be shorter still.
_NARROW, _MOST_NAME_NARROW = 110, 30
# A table wider than this is turned when it has few rows.
_WIDEST, _FEW_ROWS = 150, 12
# Reasons listed below a table; the workbook has them all.
_MOST_REASONS = 12


def words(pair: Mapping[str, str] | None) -> str:
    return "" if pair is None else pair["zh" if language() == "zh" else "en"]


def show_table(table: Mapping[str, Any], *, reasons: bool = True) -> None:
    """A whole table; ≈ marks a value that rests in part on estimates. Columns without any value are named below."""
    columns = [column for column in table["columns"] if _has_value(table, column["id"])] or table["columns"]
    units = {column["unit"] for column in columns}
    shared = units.pop() if len(units) == 1 else ""
    printed = shared if language() == "zh" else columns[0].get("unit_en", shared)
    place = f"  {words(table['place'])}" if table["place"] and words(table["place"]) else ""
    unit = f"  {Text('单位', 'unit').say()} {printed}" if shared not in ("", "1") else ""
    click.secho(f"{words(table['name'])}  {table['year']}{place}{unit}  ACC.{table['id']}", bold=True)
    heads = [_head(column, shared) for column in columns]
    if sum(width(head) + 2 for head in heads) > _WIDEST and len(table["rows"]) <= _FEW_ROWS:
        _turned(table, columns, heads)
    else:
        _upright(table, columns, heads)
    left_out = [words(column["name"]) for column in table["columns"] if column not in columns]
    if left_out:
        named = "、".join(left_out)
        click.secho(
            Text(f"没有值、未列的栏：{named}", f"columns without any value: {', '.join(left_out)}").say(), dim=True
        )
    if reasons:
        _show_reasons(table, columns)
    for note in table["notes"]:
        click.secho(words(note), dim=True)


def figure(value: float | None, digits: int) -> str:
    """With so many decimals, thin thousands and a true minus sign; never a minus before nothing."""
    if value is None:
        return _NONE
    text = f"{abs(value):,.{digits}f}".replace(",", "\u2009")
    return ("−" if value < 0 and text.strip("0.\u2009") else "") + text


def _upright(table: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], heads: Sequence[str]) -> None:
    zh = language() == "zh"
    rows = [
        [row["code"], "  " * row["depth"] + words(row["name"]), *(_shown(row, column) for column in columns)]
        for row in table["rows"]
    ]
    _print_beside(["代码" if zh else "code", "项目" if zh else "item", *heads], rows)


def _print_beside(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """As many columns beside each other as the window is wide, the others below under the same codes; where nobody
    watches and no width is said, all of them."""
    room = shutil.get_terminal_size((sys.maxsize, 0)).columns
    name = _MOST_NAME if room > _NARROW else _MOST_NAME_NARROW
    widest = [max(width(text) for text in (head, *(row[i] for row in rows))) for i, head in enumerate(heads)]
    fixed = min(widest[0], _MOST_CODE) + 2 + min(widest[1], name)
    parts: list[list[int]] = [[]]
    used = fixed
    for number in range(2, len(heads)):
        if parts[-1] and used + 2 + widest[number] > room:
            parts.append([])
            used = fixed
        parts[-1].append(number)
        used += 2 + widest[number]
    for place, part in enumerate(parts):
        if place:
            click.echo()
        shown = (0, 1, *part)
        print_table(
            [heads[i] for i in shown], [[row[i] for i in shown] for row in rows], right=range(2, len(shown)),
            most={0: _MOST_CODE, 1: name},
        )  # fmt: skip


def _turned(table: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], heads: Sequence[str]) -> None:
    """Columns down the page, rows across: for a sheet with a row per year and many columns."""
    zh = language() == "zh"
    rows = [
        [column["id"], head, *(_shown(row, column) for row in table["rows"])]
        for column, head in zip(columns, heads, strict=True)
    ]
    across = [words(row["name"]) for row in table["rows"]]
    _print_beside(["代码" if zh else "code", "项目" if zh else "item", *across], rows)


def _has_value(table: Mapping[str, Any], column: str) -> bool:
    cells = [row["cells"].get(column) for row in table["rows"]]
    return any(cell is not None and (cell["value"] is not None or "key" not in cell) for cell in cells)


def _head(column: Mapping[str, Any], shared: str) -> str:
    unit = column["unit"]
    if unit in ("", "1", shared):
        return words(column["name"])
    if language() == "zh":
        return f"{words(column['name'])}（{unit}）"
    return f"{words(column['name'])} ({column.get('unit_en', unit)})"


def _shown(row: Mapping[str, Any], column: Mapping[str, Any]) -> str:
    cell = row["cells"].get(column["id"])
    if cell is None:
        return ""
    if cell["value"] is None:
        return cell.get("key") or words(cell.get("reason")) or _NONE
    return ("≈" if "estimated" in cell else "") + figure(cell["value"], column["digits"])


def _show_reasons(table: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> None:
    """Each reason once, with the rows that it explains."""
    held: dict[tuple[str, str], list[str]] = {}
    for row in table["rows"]:
        for column in columns:
            cell = row["cells"].get(column["id"], {})
            # A cell without value and key says its words itself.
            if "reason" in cell and ("key" in cell or cell["value"] is not None):
                codes = held.setdefault((cell.get("key") or "", words(cell["reason"])), [])
                if row["code"] not in codes:
                    codes.append(row["code"])
    for (key, reason), codes in list(held.items())[:_MOST_REASONS]:
        click.secho(f"{key} {_few(codes)}: {reason}".strip(), dim=True)
    more = len(held) - _MOST_REASONS
    if more > 0:
        click.secho(Text(f"另有 {more} 条说明，见 --xlsx", f"{more} more remarks: see --xlsx").say(), dim=True)


def _few(codes: list[str]) -> str:
    return ", ".join(codes) if len(codes) <= 4 else f"{', '.join(codes[:3])} … ({len(codes)})"
