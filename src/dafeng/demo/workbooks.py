"""Rows of a register → an Excel workbook like a bureau hands in, marked synthetic in title, footer and properties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dafeng.catalogue import Catalogue
from dafeng.catalogue.schema import Column, Register
from dafeng.demo.places import CITY, DISTRICT

MARK_ZH, MARK_EN = "虚构示例", "synthetic example"
MADE = dt.datetime(2026, 10, 9, 9, 0, 0)  # Fixed, so that the same seed gives the same bytes.
TITLE_ROW, HEADING_ROW, FIRST_ROW = 0, 2, 3


def write_workbook(
    path: Path, register: Register, rows: Sequence[Mapping[str, Any]], catalogue: Catalogue, seed: int
) -> None:
    """One sheet: a title that says synthetic, who hands it in, headings with units, a row per record."""
    import xlsxwriter

    columns = {name: column for name, column in register.columns.items() if _used(name, column, rows)}
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties(
            {
                "title": f"{register.name.zh}（{MARK_ZH}）",
                "subject": MARK_EN,
                "category": MARK_EN,
                "keywords": "synthetic 虚构",
                "comments": f"{DISTRICT}与{CITY}均为虚构 · Fictional district, generated with seed {seed}",
                "created": MADE,
            }
        )
        book.set_custom_property("synthetic", True)
        book.set_custom_property("seed", seed)
        sheet = book.add_worksheet(_sheet_name(register))
        bold = book.add_format({"bold": True, "font_size": 14})
        grey = book.add_format({"font_color": "#666666"})
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        sheet.write_string(TITLE_ROW, 0, f"{CITY}{DISTRICT}{register.name.zh}（{MARK_ZH} · {MARK_EN}）", bold)
        sheet.write_string(TITLE_ROW + 1, 0, f"填报单位：{register.owner}（虚构，{MARK_ZH}）", grey)
        for place, (name, column) in enumerate(columns.items()):
            sheet.write_string(HEADING_ROW, place, _heading(column), heading)
            words = _words(column, catalogue)
            for number, row in enumerate(rows, FIRST_ROW):
                value = words(row.get(name))
                if value is not None:
                    sheet.write(number, place, value)
            sheet.set_column(place, place, 14)
        sheet.freeze_panes(FIRST_ROW, 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADING_ROW)
        sheet.set_footer(f"&C{MARK_ZH} · {MARK_EN}")


def _sheet_name(register: Register) -> str:
    """The register's name, by which the loader knows the sheet, so the mark follows in the title and footer."""
    return register.name.zh


def _used(name: str, column: Column, rows: Sequence[Mapping[str, Any]]) -> bool:
    return not column.optional or any(row.get(name) is not None for row in rows)


def _heading(column: Column) -> str:
    return f"{column.name.zh}（{column.unit}）" if column.unit and column.unit != "1" else column.name.zh


def _words(column: Column, catalogue: Catalogue) -> Any:
    """How a bureau writes a value of that column: words for choices, 是/否, dates as dates."""
    if column.type == "choice":
        options = catalogue.choices[str(column.of)].options
        return lambda value: None if value is None else options[value].zh
    if column.type == "bool":
        return lambda value: None if value is None else "是" if value else "否"
    if column.type in ("number", "integer", "year"):
        return lambda value: None if value is None else value
    if column.type == "date":
        return lambda value: None if value is None else dt.datetime(value.year, value.month, value.day)
    return lambda value: None if value is None else str(value)
