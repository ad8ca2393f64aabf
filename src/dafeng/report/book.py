"""The hand in which our workbooks are set: formats, heads, print set-up, cells that are never run as formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dafeng.report.figures import excel_format
from dafeng.report.words import ACCENT, HAIR, INK, LIGHTS, WASH, moment

FONT = "Microsoft YaHei"
# Excel takes at most 31 characters as a sheet's name.
MOST_NAME = 31


class Book:
    """A workbook under way. Formats are made once; a string is always written as a string."""

    def __init__(self, path: Path, mark: str):
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file, self.mark = xlsxwriter.Workbook(str(path), options), mark
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def format(self, **given: Any) -> Any:
        held = {"font_name": FONT, "font_size": 10, "valign": "top", "font_color": f"#{INK}"} | given
        key = tuple(sorted(held.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(held)
        return self._formats[key]

    def words(self, **given: Any) -> Any:
        return self.format(text_wrap=True, bottom=7, bottom_color=f"#{HAIR}", **given)

    def number(
        self, value: float | None, digits: int = 3, *, link: bool = False, signed: bool = False, **given: Any
    ) -> Any:
        """Format of a number; one that leads to its source is quietly underlined."""
        if link:
            given |= {"underline": 1}
        shown = excel_format(value, digits, signed=signed)
        return self.format(num_format=shown, align="right", bottom=7, bottom_color=f"#{HAIR}", **given)

    def light(self, light: str) -> Any:
        return self.words(font_color=f"#{LIGHTS[light].colour}")

    def sheet_name(self, wanted: str) -> str:
        """A name that Excel takes and that no other sheet has."""
        clean = "".join("-" if character in "[]:*?/\\'" else character for character in wanted)[:MOST_NAME]
        name, number = clean, 2
        while name.lower() in self._names:
            name, number = f"{clean[: MOST_NAME - 3]} {number}", number + 1
        self._names.add(name.lower())
        return name

    def sheet(
        self, name: str, title: str, heads: Sequence[str], widths: Sequence[float], *, right: Sequence[int] = ()
    ) -> Any:
        """A sheet with its title in row 1, heads in row 2 (frozen, filtered, repeated in print) and A4 landscape."""
        sheet = self.file.add_worksheet(self.sheet_name(name))
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.format(font_size=13, font_color=f"#{ACCENT}", valign="vcenter"))
        sheet.set_row(0, 24)
        for place, (head, width) in enumerate(zip(heads, widths, strict=True)):
            align = "right" if place in right else "left"
            look = self.format(font_color=f"#{INK}", bg_color=f"#{WASH}", top=1, bottom=1, text_wrap=True, align=align,
                               valign="vcenter")  # fmt: skip
            sheet.write_string(1, place, head, look)
            sheet.set_column(place, place, width)
        sheet.freeze_panes(2, 0)
        self._print(sheet)
        sheet.repeat_rows(1)
        return sheet

    def _print(self, sheet: Any) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer(f"&L&9{self.mark}&C&10— &P —&R&9&A" if self.mark else "&C&10— &P —&R&9&A")

    def value(self, sheet: Any, row: int, column: int, value: Any, digits: int = 6) -> None:
        """A value by its type: number, date, yes or no, or words."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.words())
        elif isinstance(value, bool):
            sheet.write_string(row, column, "是" if value else "否", self.words())
        elif isinstance(value, int | float):
            look = self.number(value, digits) if isinstance(value, float) else self.number(value, 1)
            sheet.write_number(row, column, value, look)
        elif isinstance(value, dt.datetime | dt.date):
            sheet.write_datetime(row, column, value, self.words(num_format="yyyy-mm-dd", align="left"))
        else:
            sheet.write_string(row, column, str(value), self.words())

    def linked_number(
        self, sheet: Any, at: tuple[int, int], value: float, place: str, digits: int, **given: Any
    ) -> None:
        """A number that leads to its source: the link is written first, then the number into the same cell."""
        look = self.number(value, digits, link=True, **given)
        sheet.write_url(*at, f"internal:{place}", look, "x")
        sheet.write_number(*at, value, look)

    def linked_words(self, sheet: Any, at: tuple[int, int], words: str, place: str) -> None:
        sheet.write_url(*at, f"internal:{place}", self.words(font_color=f"#{ACCENT}", underline=1), words)

    def close(self, *, title: str, subject: str, author: str, made_at: str, synthetic: str) -> None:
        at = moment(made_at).replace(tzinfo=None)
        self.file.set_properties(
            {"title": title, "subject": subject, "author": author, "company": author, "category": synthetic,
             "keywords": synthetic, "comments": synthetic, "created": at}
        )  # fmt: skip
        if synthetic:
            self.file.set_custom_property("数据性质 Data", synthetic)
        from xlsxwriter.exceptions import FileCreateError

        try:
            self.file.close()
        except FileCreateError as error:
            # The writer's own error hides what the machine said.
            raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from error


def cell(sheet: str, row: int, column: int = 0) -> str:
    """Address of a cell for a link, rows and columns counted from 0."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return f"'{sheet}'!{xl_rowcol_to_cell(row, column)}"
