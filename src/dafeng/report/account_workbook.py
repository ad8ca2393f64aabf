"""Every table of the account as an official sheet: units in the heads, notation keys with reasons, sources behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dafeng.accounting.tables import KEY_WORDS, Cell, Column, Row, Table
from dafeng.core.errors import ERROR
from dafeng.core.text import Text
from dafeng.report.account_model import AccountReport
from dafeng.report.book import MOST_NAME, Book
from dafeng.report.figures import MINUS, unit_words
from dafeng.report.words import GREY, SYNTHETIC, SYNTHETIC_BOTH, WASH, day

_NAMES = {
    "zh": {"about": "说明", "factors": "因子", "files": "数据来源", "problems": "问题"},
    "en": {"about": "About", "factors": "Factors", "files": "Data sources", "problems": "Problems"},
}
STATUS = {
    "official": Text("官方", "official"),
    "second-hand": Text("二手转引", "second-hand"),
    "remembered": Text("未核实", "remembered"),
    "assumption": Text("假设", "assumption"),
    "computed": Text("计算", "computed"),
}
_KINDS = {"sum": {"bg_color": f"#{WASH}"}, "memo": {"font_color": f"#{GREY}"}, "note": {"font_color": f"#{GREY}"}}


def write_account(report: AccountReport, path: Path, lang: str = "zh") -> None:
    """Write the workbook. The same account gives the same bytes."""
    mark = "" if not report.synthetic else SYNTHETIC_BOTH if lang == "zh" else SYNTHETIC.en
    book = Book(path, mark)
    made = _Workbook(book, report, lang)
    made.about()
    for table in report.tables:
        made.table(table)
    made.factors()
    made.files()
    made.problems()
    book.close(
        title=made.title,
        subject="能源与温室气体核算" if lang == "zh" else "Account of energy and greenhouse gases",
        author=report.district if lang == "zh" else report.district_en,
        made_at=report.made_at,
        synthetic=mark,
    )


class _Workbook:
    def __init__(self, book: Book, report: AccountReport, lang: str):
        self.book, self.report, self.lang, self.zh = book, report, lang, lang == "zh"
        name = report.district if self.zh else report.district_en
        place = f"（{report.place}）" if report.place and self.zh else f" ({report.place})" if report.place else ""
        self.name = f"{name}{place}"
        said = f"{self.name}{report.year}年核算" if self.zh else f"{self.name}: account of {report.year}"
        self.title = said + (f" · {SYNTHETIC.say(lang)}" if report.synthetic else "")

    # ── tables ───────────────────────────────────────────────────────────────────────────────────────────────

    def table(self, table: Table) -> None:
        turned = is_wide(table)
        code, item, why = ("代码", "项目", "说明") if self.zh else ("Code", "Item", "Remarks")
        across = [row.name.say(self.lang) for row in table.rows] if turned else [self._head(c) for c in table.columns]
        heads = [code, item, *across, why]
        widths = [24, 42, *((18 for _ in across) if turned else (_width(column) for column in table.columns)), 46]
        figures = range(2, 2 + len(across))
        title = f"{self.name}{table.name.say(self.lang)}（{table.year}年）" if self.zh else (
            f"{self.name}: {table.name.say(self.lang)}, {table.year}")  # fmt: skip
        if self.report.synthetic:
            title += f" · {SYNTHETIC.say(self.lang)}"
        sheet = self.book.sheet(table.name.say(self.lang)[:MOST_NAME], title, heads, widths, right=figures)
        sheet.freeze_panes(2, 2)
        if turned:
            for place, column in enumerate(table.columns, start=2):
                self._across(sheet, place, table, column)
        else:
            for place, row in enumerate(table.rows, start=2):
                self._row(sheet, place, table, row)
        below = 2 + len(table.columns if turned else table.rows) + 1
        for place, line in enumerate(self._notes(table), start=below):
            sheet.write_string(place, 1, line, self.book.format(font_color=f"#{GREY}"))

    def _row(self, sheet: Any, place: int, table: Table, row: Row) -> None:
        look = _KINDS.get(row.kind, {})
        sheet.write_string(place, 0, row.code, self.book.words(**{"font_color": f"#{GREY}"} | look))
        sheet.write_string(place, 1, row.name.say(self.lang), self.book.words(indent=row.depth, **look))
        for number, column in enumerate(table.columns, start=2):
            self._cell(sheet, (place, number), column, row.cells.get(column.id), table.shown(row, column), look)
        sheet.write_string(place, 2 + len(table.columns), self._why(table, row), self.book.words(indent=1, **look))

    def _across(self, sheet: Any, place: int, table: Table, column: Column) -> None:
        """A column of a turned table: its figures from left to right."""
        sheet.write_string(place, 0, column.id, self.book.words(font_color=f"#{GREY}"))
        sheet.write_string(place, 1, self._head(column), self.book.words())
        said = []
        for number, row in enumerate(table.rows, start=2):
            cell = row.cells.get(column.id)
            self._cell(sheet, (place, number), column, cell, table.shown(row, column), {})
            if cell is not None and cell.reason and not is_words(cell):
                said.append(cell.reason.say(self.lang))
        why = ("；" if self.zh else "; ").join(dict.fromkeys(said))
        sheet.write_string(place, 2 + len(table.rows), why, self.book.words(indent=1))

    def _cell(
        self, sheet: Any, at: tuple[int, int], column: Column, cell: Cell | None, value: float | None,
        look: dict[str, Any],
    ) -> None:  # fmt: skip
        if value is not None:
            mark = "≈" if cell is not None and cell.estimated else ""
            sheet.write_number(
                *at, value, self.book.words(num_format=number_format(column.digits, mark), align="right", **look)
            )
        elif cell is None:
            sheet.write_blank(*at, None, self.book.words(**look))
        else:
            sheet.write_string(*at, said_in(cell, self.lang), self.book.words(align="right", **look))

    def _why(self, table: Table, row: Row) -> str:
        """The reasons of a row's notation keys and estimates, each once."""
        said = [cell.reason.say(self.lang) for cell in row.cells.values() if cell.reason and not is_words(cell)]
        for column in table.columns:
            cell = row.cells.get(column.id)
            if cell is not None and cell.estimated:
                part = f"{cell.estimated / column.per:,.{column.digits}f}"
                name = column.name.say(self.lang)
                said.append(f"{name}中估算 {part}" if self.zh else f"{name}: {part} of it estimated")
        return ("；" if self.zh else "; ").join(dict.fromkeys(said))

    def _notes(self, table: Table) -> list[str]:
        keys = [key for key in KEY_WORDS if any(c.key == key for row in table.rows for c in row.cells.values())]
        lines = [note.say(self.lang) for note in table.notes]
        if keys:
            said = "，".join(f"{key} {KEY_WORDS[key].zh}" for key in keys) if self.zh else ", ".join(
                f"{key} {KEY_WORDS[key].en}" for key in keys)  # fmt: skip
            lines.append(f"符号：{said}" if self.zh else f"Notation keys: {said}")
        if any(cell.estimated for row in table.rows for cell in row.cells.values()):
            lines.append("≈：其中一部分为估算" if self.zh else "≈: rests in part on estimates")
        source = self.report.sources.get(table.id)
        if source is not None:
            lines.append(f"依据：{source.say(self.lang)}" if self.zh else f"After: {source.say(self.lang)}")
        return lines

    def _head(self, column: Column) -> str:
        unit, name = unit_words(column.unit, self.lang), column.name.say(self.lang)
        if not unit:
            return name
        return f"{name}（{unit}）" if self.zh else f"{name} ({unit})"

    # ── what they rest on ────────────────────────────────────────────────────────────────────────────────────

    def about(self) -> None:
        heads = ("项目", "内容") if self.zh else ("Item", "Content")
        sheet = self.book.sheet(_NAMES[self.lang]["about"], self.title, heads, (24, 100))
        report = self.report
        known = day(report.as_known or report.made_at, self.lang)
        lines = [("年度" if self.zh else "Year", str(report.year)), ("数据截至" if self.zh else "As known on", known)]
        lines += [(name.say(self.lang), choice) for name, choice in report.policy]
        lines += [(table.id, table.name.say(self.lang)) for table in report.tables]
        for place, (name, said) in enumerate(lines, start=2):
            sheet.write_string(place, 0, name, self.book.words())
            sheet.write_string(place, 1, said, self.book.words())

    def factors(self) -> None:
        heads = ("因子", "名称", "取值", "单位", "数据年份", "状态", "依据", "计算", "用到的行数") if self.zh else (
            "Factor", "Name", "Value", "Unit", "Year", "Status", "Source", "Arithmetic", "Lines")  # fmt: skip
        sheet = self.book.sheet(
            _NAMES[self.lang]["factors"], self.title, heads, (28, 40, 14, 16, 9, 11, 60, 40, 9), right=(2, 8)
        )
        for place, used in enumerate(self.report.factors, start=2):
            status, source = STATUS[used.status].say(self.lang), used.citation.say(self.lang)
            values = (used.factor, used.name.say(self.lang), used.value, used.unit, str(used.vintage), status, source,
                      used.made, used.lines)  # fmt: skip
            self._values(sheet, place, values)
        sheet.autofilter(1, 0, max(1 + len(self.report.factors), 1), len(heads) - 1)

    def files(self) -> None:
        heads = ("台账", "名称", "文件", "工作表", "记录数") if self.zh else (
            "Register", "Name", "File", "Sheet", "Records")  # fmt: skip
        sheet = self.book.sheet(_NAMES[self.lang]["files"], self.title, heads, (26, 30, 44, 20, 9), right=(4,))
        for place, used in enumerate(self.report.files, start=2):
            self._values(sheet, place, (used.register, used.name.say(self.lang), used.file, used.sheet, used.records))

    def problems(self) -> None:
        if not self.report.problems:
            return
        heads = ("级别", "位置", "问题", "处理", "编号") if self.zh else ("Level", "Place", "Rule", "Remedy", "Code")
        sheet = self.book.sheet(_NAMES[self.lang]["problems"], self.title, heads, (8, 40, 60, 60, 28))
        level = {True: Text("错误", "error"), False: Text("提醒", "warning")}
        for place, one in enumerate(self.report.problems, start=2):
            said = (level[one.level == ERROR].say(self.lang), str(one.place), one.rule.say(self.lang),
                    one.remedy.say(self.lang), one.code)  # fmt: skip
            self._values(sheet, place, said)

    def _values(self, sheet: Any, place: int, values: Sequence[Any]) -> None:
        for column, value in enumerate(values):
            self.book.value(sheet, place, column, value)


def number_format(digits: int, mark: str = "") -> str:
    """Excel's format of a column: fixed decimals, thousands apart, a true minus sign; ``mark`` before an estimate."""
    plain = f"#,##0.{'0' * digits}" if digits else "#,##0"
    before = f'"{mark}"' if mark else ""
    return f"{before}{plain};{before}{MINUS}{plain};{before}0"


def is_wide(table: Table) -> bool:
    """Many figures for few years: printed across, nobody could read it, so its columns stand below each other."""
    return len(table.rows) <= 12 and len(table.columns) > max(10, len(table.rows))


def is_words(cell: Cell) -> bool:
    """A cell that says something instead of a number (a light, a verdict)."""
    return cell.value is None and cell.key is None


def said_in(cell: Cell, lang: str) -> str:
    """What stands in a cell without a number: its words, or its notation key."""
    if is_words(cell):
        return cell.reason.say(lang) if cell.reason else "–"
    return cell.key or "–"


def _width(column: Column) -> float:
    return max(13, min(22, 2 * len(column.name.zh) + 4))
