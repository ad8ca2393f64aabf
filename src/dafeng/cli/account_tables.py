"""Tables of the account on a terminal: units in the heads, notation keys in the cells, reasons and notes below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from dafeng.cli.output import print_table
from dafeng.core.text import language

# What stands where a cell has neither a value nor a notation key.
_NONE = "–"
_MOST_NAME = 44


def words(pair: Mapping[str, str] | None) -> str:
    return "" if pair is None else pair["zh" if language() == "zh" else "en"]


def show_table(table: Mapping[str, Any]) -> None:
    """A whole table; ≈ marks a value that rests in part on estimates."""
    zh = language() == "zh"
    place = f"  {words(table['place'])}" if table["place"] else ""
    click.secho(f"{words(table['name'])}  {table['year']}{place}  ACC.{table['id']}", bold=True)
    heads = ["代码" if zh else "code", "项目" if zh else "item", *(_head(column) for column in table["columns"])]
    rows = [
        [row["code"], "  " * row["depth"] + words(row["name"]), *(_shown(row, column) for column in table["columns"])]
        for row in table["rows"]
    ]
    print_table(heads, rows, right=range(2, len(heads)), most={0: 26, 1: _MOST_NAME})
    for line in (*_reasons(table), *(words(note) for note in table["notes"])):
        click.secho(line, dim=True)


def figure(value: float | None, digits: int) -> str:
    """With so many decimals, thin thousands and a true minus sign; never a minus before nothing."""
    if value is None:
        return _NONE
    text = f"{abs(value):,.{digits}f}".replace(",", "\u2009")
    return ("−" if value < 0 and text.strip("0.\u2009") else "") + text


def _head(column: Mapping[str, Any]) -> str:
    unit = column["unit"]
    if unit in ("", "1"):
        return words(column["name"])
    return f"{words(column['name'])}（{unit}）" if language() == "zh" else f"{words(column['name'])} ({unit})"


def _shown(row: Mapping[str, Any], column: Mapping[str, Any]) -> str:
    cell = row["cells"].get(column["id"])
    if cell is None:
        return ""
    if cell["value"] is None:
        return cell.get("key") or words(cell.get("reason")) or _NONE
    return ("≈" if "estimated" in cell else "") + figure(cell["value"], column["digits"])


def _reasons(table: Mapping[str, Any]) -> list[str]:
    """Each reason once, with the rows that it explains."""
    held: dict[tuple[str, str], list[str]] = {}
    for row in table["rows"]:
        for cell in row["cells"].values():
            # A cell without value and key says its words itself.
            if "reason" in cell and ("key" in cell or cell["value"] is not None):
                codes = held.setdefault((cell.get("key") or "", words(cell["reason"])), [])
                if row["code"] not in codes:
                    codes.append(row["code"])
    return [f"{key} {_few(codes)}: {reason}".strip() for (key, reason), codes in held.items()]


def _few(codes: list[str]) -> str:
    return ", ".join(codes) if len(codes) <= 4 else f"{', '.join(codes[:3])} … ({len(codes)})"
