"""The sheet 说明 of a template: what each column means and allows, an example, the checks, who fills it in and why."""

from __future__ import annotations

from typing import Any

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Column, Register, Words
from dafeng.core.text import Text
from dafeng.report.template_look import GUIDE_SHEET, Look
from dafeng.report.template_units import printed_unit

_TYPES = {
    "text": Text("文字", "text"),
    "number": Text("数字", "number"),
    "integer": Text("整数", "whole number"),
    "date": Text("日期，如 2023-05-01", "date, like 2023-05-01"),
    "year": Text("四位年份", "year of four digits"),
    "month": Text("年月，如 2023-05", "month, like 2023-05"),
    "choice": Text("选择", "choice"),
    "bool": Text("是 / 否", "yes / no"),
    "ref": Text("编号", "code"),
    "body": Text("责任单位", "responsible unit"),
    "point": Text("经度,纬度", "longitude,latitude"),
    "polygon": Text("面（WKT 或 GeoJSON）", "polygon (WKT or GeoJSON)"),
    "line": Text("线（WKT 或 GeoJSON）", "line (WKT or GeoJSON)"),
}
_STATUS = {
    "second-hand": Text("转引自二手资料", "from a secondary source"),
    "remembered": Text("尚未查证原文", "not yet checked against the original"),
    "assumption": Text("本系统的设定", "an assumption of this system"),
}
_HEADS = (
    Text("列名", "Column"), Text("必填", "Required"), Text("类型", "Type"), Text("单位", "Unit"),
    Text("可填内容", "Allowed"), Text("说明", "Meaning"), Text("示例", "Example"),
)  # fmt: skip
_WIDTHS = (26, 10, 24, 11, 38, 42, 22)


class Guide:
    """Writes the sheet; lang: zh, en or both (Chinese, then English in the same cell)."""

    def __init__(self, book: Any, look: Look, register: Register, catalogue: Catalogue, lang: str):
        self.look, self.register, self.catalogue, self.lang = look, register, catalogue, lang
        self.sheet = book.add_worksheet(GUIDE_SHEET)
        self.row = 0

    def write(self) -> None:
        sheet = self.sheet
        sheet.hide_gridlines(2)
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width)
        self._line(self._both(self.register.name, "  "), self.look.title, height=30)
        if self.register.about:
            self._line(self._both(self.register.about), self.look.prose, height=self._height(self.register.about))
        self._facts()
        self._columns()
        self._checks()
        self._hints()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&8— &P —")

    def _both(self, words: Words | Text, between: str = "\n") -> str:
        if self.lang in ("zh", "en"):
            return words.zh if self.lang == "zh" else words.en
        return words.zh if words.zh == words.en else f"{words.zh}{between}{words.en}"

    def _line(self, words: str, form: Any, height: float | None = None) -> None:
        if height:
            self.sheet.set_row(self.row, height)
        self.sheet.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, "", form)
        self.sheet.write_string(self.row, 0, words, form)
        self.row += 1

    def _height(self, words: Words | Text) -> float:
        lines = sum(_lines(text, sum(_WIDTHS)) for text in self._both(words).split("\n"))
        return 16 * lines + 4

    def _section(self, words: Text) -> None:
        self.sheet.set_row(self.row, 10)
        self.row += 1
        self.sheet.set_row(self.row, 20)
        for place in range(len(_WIDTHS)):
            self.sheet.write_blank(self.row, place, None, self.look.section)
        self.sheet.write_string(self.row, 0, self._both(words, "  "), self.look.section)
        self.row += 1

    def _facts(self) -> None:
        register, basis = self.register, self.register.basis
        standard = self.catalogue.standards.get(basis.standard or "")
        parts = (
            [self._both(standard.name, " ") + (f"（{standard.number}）" if standard.number else "")] if standard else []
        )
        parts += [basis.clause] if basis.clause else []
        parts += [self._both(basis.text, " ")] if basis.text else []
        if basis.status in _STATUS:
            parts.append(self._both(_STATUS[basis.status], " "))
        kinds = {
            "entity": Text("每个对象一行", "one row for each thing"),
            "series": Text("每个时期一行", "one row for each period"),
            "event": Text("每件事一行", "one row for each event"),
        }
        key = [register.columns[name].name for name in register.key]
        facts = [
            (Text("填报单位", "Filled in by"), register.owner),
            (Text("依据", "Basis"), "；".join(parts)),
            (Text("每行", "Each row"), self._both(kinds[register.kind], " ")),
            (Text("不得重复", "Unique"), " + ".join(self._both(name, " ") for name in key)),
        ]
        for label, words in facts:
            self.sheet.set_row(self.row, 16 * _lines(words, sum(_WIDTHS[1:])) + 4)
            self.sheet.write_string(self.row, 0, self._both(label, " "), self.look.small)
            self.sheet.merge_range(self.row, 1, self.row, len(_WIDTHS) - 1, "", self.look.prose)
            self.sheet.write_string(self.row, 1, words, self.look.prose)
            self.row += 1

    def _columns(self) -> None:
        self._section(Text("各列", "Columns"))
        self._table_row([self._both(head) for head in _HEADS], self.look.head)
        for column in self.register.columns.values():
            self._table_row(
                [
                    self._both(column.name), "" if column.optional else self._both(Text("必填", "yes"), " "),
                    self._both(_TYPES[column.type]), self._unit(column),
                    self._allowed(column), self._both(column.help) if column.help else "",
                    "" if column.example is None else self._shown(column),
                ],
                self.look.table,
            )  # fmt: skip

    def _unit(self, column: Column) -> str:
        zh, en = (printed_unit(self.catalogue, column.unit, lang) for lang in ("zh", "en"))
        return self._both(Text(zh, en)).strip("\n")

    def _allowed(self, column: Column) -> str:
        if column.type == "choice":
            options = self.catalogue.choices[column.of or ""].options.values()
            words = [option.en if self.lang == "en" else option.zh for option in options]
            english = [option.en for option in options]
            return "、".join(words) if self.lang != "both" else "、".join(words) + "\n" + ", ".join(english)
        if column.type == "ref":
            target = self.catalogue.registers.get(column.to or "")
            if target is None:
                return ""
            return self._both(Text(f"“{target.name.zh}”中已有的编号", f"a code that is in “{target.name.en}”"))
        low = None if column.min is None else f"≥ {_plain(column.min)}"
        high = None if column.max is None else f"≤ {_plain(column.max)}"
        limits = "，".join(part for part in (low, high) if part)
        form = self._both(Text(f"写法：{column.pattern}", f"form: {column.pattern}")) if column.pattern else ""
        return "\n".join(part for part in (limits, form) if part)

    def _shown(self, column: Column) -> str:
        value = column.example
        choices = self.catalogue.choices.get(column.of or "")
        if choices and str(value) in choices.options:
            option = choices.options[str(value)]
            return option.en if self.lang == "en" else option.zh
        if isinstance(value, bool):
            return ("yes" if value else "no") if self.lang == "en" else ("是" if value else "否")
        return _plain(value)

    def _table_row(self, cells: list[str], form: Any) -> None:
        lines = max(
            sum(_lines(part, width) for part in text.split("\n")) for text, width in zip(cells, _WIDTHS, strict=True)
        )
        self.sheet.set_row(self.row, 15 * lines + 5)
        for place, text in enumerate(cells):
            self.sheet.write_string(self.row, place, text, form)
        self.row += 1

    def _checks(self) -> None:
        if not self.register.checks:
            return
        self._section(Text("装载时的核对", "Checked when loaded"))
        for check in self.register.checks:
            level = (
                Text("不符则退回", "refused otherwise")
                if check.level == "error"
                else Text("不符则提醒", "a warning otherwise")
            )
            words = Text(f"{check.says.zh}（{level.zh}）", f"{check.says.en} ({level.en})")
            self._line(self._both(words), self.look.prose, self._height(words))

    def _hints(self) -> None:
        self._section(Text("怎样提交", "How to hand it in"))
        hints = (
            Text(
                "在“填报”页逐行填写，带 * 的列必填；没有的值留空，不要填 0。",
                "Fill in the sheet 填报 row by row; columns with * are required; leave empty what is not known.",
            ),
            Text(
                "不要合并单元格，不要改列名；如用其他单位，可在列名括号中改写单位，例如“（万平方米）”。",
                "Do not merge cells or rename columns; another unit may be stated in the brackets of a heading.",
            ),
            Text(
                "撤销一条记录：加一列“撤销”，在该行写明原因。",
                "To withdraw a record add a column 撤销 and write the reason in its row.",
            ),
            Text(
                "填好后放入 inbox 文件夹，运行 dafeng load；有错时整表退回，逐格标出。",
                "Put the file into inbox and run dafeng load; with an error it all comes back, each cell marked.",
            ),
        )
        for hint in hints:
            self._line(self._both(hint), self.look.prose, self._height(hint))


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column of that width; a Chinese character is two wide."""
    wide = sum(2 if ord(c) > 0x2E80 else 1 for c in text)
    return max(1, -(-wide * 11 // int(width * 10)))


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.10g}" if abs(value) < 1e10 else f"{value:g}"
    return str(value)
