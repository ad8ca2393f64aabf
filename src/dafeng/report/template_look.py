"""The hand in which templates are drawn: one accent, hairlines, calm type."""

from __future__ import annotations

import re
from typing import Any

from dafeng.catalogue.schema import Column, Register

ACCENT, INK, GREY, HAIR, TINT = "#1F5C4A", "#1B1F1D", "#6B736F", "#D5DAD7", "#F1F5F3"
FONT = "Microsoft YaHei"
GUIDE_SHEET, LIST_SHEET = "说明 Guide", "选项 Lists"


def data_sheet_name(register: Register) -> str:
    """填报 and the register's name, so that the loader knows it by its name; the id where Excel forbids that name."""
    name = f"填报 {register.name.zh}"
    return name if len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) else f"填报 {register.id}"[:31]


class Look:
    """Formats of one workbook."""

    def __init__(self, book: Any):
        base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        hair = {"bottom": 1, "bottom_color": HAIR}
        self._book, self._base, self._cells = book, base, {}
        self.title = book.add_format(base | {"font_size": 14, "font_color": ACCENT})
        head = base | {"text_wrap": True, "bg_color": TINT, "bottom": 1, "bottom_color": ACCENT, "align": "left"}
        self.head = book.add_format(head)
        self.head_required = book.add_format(head | {"font_color": ACCENT})
        self.head_zh = book.add_format({"font_name": FONT, "font_size": 10, "font_color": INK})
        self.head_en = book.add_format({"font_name": FONT, "font_size": 8, "font_color": GREY})
        self.section = book.add_format(
            base | {"font_size": 11, "font_color": ACCENT, "bottom": 1, "bottom_color": ACCENT}
        )
        self.prose = book.add_format(base | {"text_wrap": True, "valign": "top"})
        self.small = book.add_format(base | {"text_wrap": True, "valign": "top", "font_color": GREY, "font_size": 9})
        self.table = book.add_format(base | hair | {"text_wrap": True, "valign": "top"})
        self.table_grey = book.add_format(base | hair | {"text_wrap": True, "valign": "top", "font_color": GREY})
        self.quoted = book.add_format(base | {"num_format": "@", "quote_prefix": True})

    def cell(self, column: Column, is_key: bool) -> Any:
        """Format of a column's cells: identifiers and months as text, so that Excel leaves them alone."""
        kind = column.type
        number_format = {"date": "yyyy-mm-dd", "number": "#,##0.######", "integer": "#,##0", "year": "0"}.get(kind, "@")
        if kind in ("choice", "bool", "body") or (kind == "text" and not is_key and column.pattern is None):
            number_format = "General"
        if number_format not in self._cells:
            # The hairline comes from the grid; a border would show down to the last row of the sheet.
            self._cells[number_format] = self._book.add_format(self._base | {"num_format": number_format})
        return self._cells[number_format]
