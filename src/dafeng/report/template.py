"""The Excel template of a register: a sheet to fill in and a sheet that explains it.

A filled template loads as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Column, Register
from dafeng.report.template_guide import Guide
from dafeng.report.template_look import ACCENT, LIST_SHEET, Look, data_sheet_name
from dafeng.report.template_units import printed_unit

# Rows prepared for filling in; Excel keeps formats and drop-downs for them.
PREPARED_ROWS = 2000
HEADER_ROW = 1
_FIRST_DATE, _LAST_DATE = dt.date(1900, 1, 1), dt.date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class TemplateOrder:
    """What the template is for.

    lang: zh, en or both. rows: current records to write in, by column (none for an empty template). known:
    register → keys that exist, for drop-downs of references. synthetic: the district is made up, and says so.
    """

    register: Register
    lang: str = "both"
    rows: Sequence[Mapping[str, Any]] = ()
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    district: str | None = None
    synthetic: bool = False


def write_template(target: Path, order: TemplateOrder, catalogue: Catalogue) -> None:
    """Write the workbook. What people typed before is written as text even where it begins like a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": order.register.name.zh, "subject": order.register.id, "author": "dafeng"})
        if order.synthetic:
            book.set_custom_property("synthetic", True)
        look = Look(book)
        data = _DataSheet(book, look, order, catalogue)
        data.write()
        Guide(book, look, order.register, catalogue, order.lang).write()
        data.write_lists()


class _DataSheet:
    """The sheet 填报: a title line, the headings, the rows."""

    def __init__(self, book: Any, look: Look, order: TemplateOrder, catalogue: Catalogue):
        self.book, self.look, self.order, self.catalogue = book, look, order, catalogue
        self.register = order.register
        self.sheet = book.add_worksheet(data_sheet_name(self.register))
        self.lists: dict[str, list[str]] = {}

    def write(self) -> None:
        sheet, last = self.sheet, len(self.register.columns) - 1
        sheet.set_tab_color(ACCENT)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, self._title(), self.look.title)
        sheet.set_row(HEADER_ROW, 40 if self.order.lang == "both" else 26)
        rows = max(PREPARED_ROWS, len(self.order.rows) + 500)
        for place, (name, column) in enumerate(self.register.columns.items()):
            self._head(place, column)
            unit = printed_unit(self.catalogue, column.unit, "zh")
            sheet.set_column(place, place, _width(column, unit), self.look.cell(column, name in self.register.key))
            self._validate(place, name, column, HEADER_ROW + rows)
        for number, row in enumerate(self.order.rows, start=HEADER_ROW + 1):
            for place, (name, column) in enumerate(self.register.columns.items()):
                self._value(number, place, row.get(name), column, name in self.register.key)
        sheet.freeze_panes(HEADER_ROW + 1, len(self.register.key) if last >= 4 else 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        sheet.print_area(0, 0, HEADER_ROW + max(len(self.order.rows), 25), last)
        sheet.set_footer("&C&8" + ("虚构示例数据 Synthetic example data   " if self.order.synthetic else "") + "— &P —")

    def _title(self) -> str:
        names = {"zh": self.register.name.zh, "en": self.register.name.en}
        title = names.get(self.order.lang, f"{self.register.name.zh}  {self.register.name.en}")
        parts = [title, self.order.district or ""]
        if self.order.synthetic:
            parts.append("虚构示例数据" if self.order.lang == "zh" else "虚构示例数据 Synthetic example data")
        return "    ".join(part for part in parts if part)

    def _head(self, place: int, column: Column) -> None:
        mark = "" if column.optional else " *"
        in_zh, in_en = (printed_unit(self.catalogue, column.unit, lang) for lang in ("zh", "en"))
        unit_zh, unit_en = f"（{in_zh}）" if in_zh else "", f" ({in_en})" if in_en else ""
        zh, en = f"{column.name.zh}{unit_zh}{mark}", f"{column.name.en}{unit_en}"
        form = self.look.head if column.optional else self.look.head_required
        match self.order.lang:
            case "zh":
                self.sheet.write_string(HEADER_ROW, place, zh, form)
            case "en":
                self.sheet.write_string(HEADER_ROW, place, f"{en}{mark}", form)
            case _:
                parts = [self.look.head_zh, zh, self.look.head_en, f"\n{en}"]
                self.sheet.write_rich_string(HEADER_ROW, place, *parts, form)

    def _value(self, row: int, place: int, value: Any, column: Column, is_key: bool) -> None:
        form = self.look.cell(column, is_key)
        match value:
            case None:
                return
            case bool():
                self.sheet.write_string(row, place, _yes_no(value, self.order.lang), form)
            case dt.date():
                self.sheet.write_datetime(row, place, dt.datetime(value.year, value.month, value.day), form)
            case int() | float():
                self.sheet.write_number(row, place, value, form)
            case _:
                words = self._words(str(value), column)
                risky = words[:1] in ("=", "+", "-", "@", "\t", "\r")
                self.sheet.write_string(row, place, words, self.look.quoted if risky else form)

    def _words(self, value: str, column: Column) -> str:
        choices = self.catalogue.choices.get(column.of or "")
        option = choices.options.get(value) if choices else None
        if option is None:
            return value
        return option.en if self.order.lang == "en" else option.zh

    # ── what may be typed ────────────────────────────────────────────────────────────────────────────────────

    def _validate(self, place: int, name: str, column: Column, last: int) -> None:
        rule = self._rule(name, column)
        if rule is None:
            return
        title = column.name.zh[:30]
        hint = (column.help.text.say("en" if self.order.lang == "en" else "zh") if column.help else "")[:250]
        common = {
            "ignore_blank": True,
            "error_title": title,
            "input_title": title if hint else "",
            "input_message": hint,
        }
        common = {key: value for key, value in common.items() if value != ""}
        self.sheet.data_validation(HEADER_ROW + 1, place, last, place, rule | common)

    def _rule(self, name: str, column: Column) -> dict[str, Any] | None:
        match column.type:
            case "choice":
                return self._from_list(f"choice:{column.of}", self._options(column), "stop")
            case "bool":
                return self._from_list(
                    "bool", [_yes_no(True, self.order.lang), _yes_no(False, self.order.lang)], "stop"
                )
            case "body":
                return self._from_list(
                    "bodies", [b.name for b in self.catalogue.bodies if b.kind != "wildcard"], "warning"
                )
            case "ref":
                return self._from_list(f"ref:{column.to}", list(self.order.known.get(column.to or "", ())), "warning")
            case "date":
                low = column.min if isinstance(column.min, dt.date) else _FIRST_DATE
                high = column.max if isinstance(column.max, dt.date) else _LAST_DATE
                return _between("date", low, high, f"请填日期，如 2023-05-01（{low} 至 {high}） · a date")
            case "number":
                return _limits("decimal", column, "数字 · a number", self._unit(column))
            case "integer":
                return _limits("integer", column, "整数 · a whole number", self._unit(column))
            case "year":
                low, high = int(_number(column.min, 1900)), int(_number(column.max, 2100))
                return _between("integer", low, high, f"请填四位年份（{low} 至 {high}） · a year of four digits")
        return None

    def _unit(self, column: Column) -> str:
        words = printed_unit(self.catalogue, column.unit, "en" if self.order.lang == "en" else "zh")
        return f" {words}" if words else ""

    def _options(self, column: Column) -> list[str]:
        options = self.catalogue.choices[column.of or ""].options.values()
        return [option.en if self.order.lang == "en" else option.zh for option in options]

    def _from_list(self, name: str, words: list[str], error: str) -> dict[str, Any] | None:
        """A drop-down. Its words lie on a hidden sheet, since Excel allows only 255 characters in the rule."""
        if not words:
            return None
        from xlsxwriter.utility import xl_col_to_name

        self.lists.setdefault(name, words)
        letter = xl_col_to_name(list(self.lists).index(name))
        source = f"='{LIST_SHEET}'!${letter}$1:${letter}${len(words)}"
        return {
            "validate": "list",
            "source": source,
            "error_type": error,
            "error_message": "请从下拉列表选择 · choose from the list",
        }

    def write_lists(self) -> None:
        sheet = self.book.add_worksheet(LIST_SHEET)
        for place, words in enumerate(self.lists.values()):
            for row, word in enumerate(words):
                sheet.write_string(row, place, word)
        sheet.hide()


def _between(kind: str, low: Any, high: Any, message: str) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, "error_message": message[:255]}


def _limits(kind: str, column: Column, what: str, unit: str) -> dict[str, Any]:
    low, high = column.min, column.max
    if low is not None and high is not None:
        return _between(
            kind, low, high, f"请填{what}，{low:g} 至 {high:g}{unit}" if _plain(low, high) else f"请填{what}"
        )
    if low is not None:
        return {"validate": kind, "criteria": ">=", "value": low, "error_message": f"请填{what}，不小于 {low}{unit}"}
    if high is not None:
        return {"validate": kind, "criteria": "<=", "value": high, "error_message": f"请填{what}，不大于 {high}{unit}"}
    return _between(kind, -(10**15), 10**15, f"请填{what}")


def _plain(*values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default


def _yes_no(value: bool, lang: str) -> str:
    if lang == "en":
        return "yes" if value else "no"
    return "是" if value else "否"


def _width(column: Column, unit: str) -> float:
    """In characters: by what the column holds, and never narrower than its heading."""
    by_type = {
        "date": 13,
        "month": 11,
        "year": 9,
        "bool": 8,
        "integer": 11,
        "number": 13,
        "body": 22,
        "ref": 16,
        "point": 22,
    }
    wanted = by_type.get(column.type, 18)
    bracket = f"（{unit}）" if unit else ""
    zh = sum(2 if ord(c) > 0x2E80 else 1 for c in f"{column.name.zh}{bracket} *")
    # A long English name breaks over two lines; a short one should not.
    en = max((len(word) for word in column.name.en.split()), default=0)
    return min(max(wanted, zh + 2, en + 2, min(len(column.name.en), 20) + 2), 42)


def rows_in_order(rows: Iterable[Mapping[str, Any]], register: Register) -> list[Mapping[str, Any]]:
    """Records in the order of their key, so that two exports of the same facts are alike."""
    return sorted(rows, key=lambda row: tuple(str(row.get(name)) for name in register.key))
