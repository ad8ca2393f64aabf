"""The sheets below the figures: for each target what it asks for and how its figure came about, then the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dafeng.assessment.results import FigureRow, Results, TargetRow
from dafeng.core.text import Text
from dafeng.report import findings as f
from dafeng.report.annexes import STATUS
from dafeng.report.book import Book, cell
from dafeng.report.figures import figure, unit_words
from dafeng.report.sources import SourceRecord, SourceRegister, Sources, SourceTree, key_of
from dafeng.report.words import SYNTHETIC

# target key → part (target, value, expected) → the cell its figure leads to
Places = Mapping[str, Mapping[str, str]]

_PATHS = {
    "cumulative": Text("累计：自起始年起每年等量", "cumulative: equal yearly steps from the first year"),
    "level": Text("水平：自基期值直线到目标值", "level: a straight line from the base year's figure"),
    "reduction": Text("下降率：按不变的年下降率", "reduction: a constant yearly rate"),
    "limit": Text("限值：任何一年都须守住", "limit: to be kept in every year"),
    "": Text("无", "none"),
}
_FROM = {
    "plan": Text("方案原文", "the plan"),
    "assigned": Text("市级下达", "assigned by the city"),
    "means": Text("按文字含义折算", "what the words mean"),
    "unit": Text("单位不能换算", "the unit cannot be converted"),
    "none": Text("方案无数值", "the plan gives no figure"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the sheet of sources. ``number`` and ``records`` are cells of their own; ``sheet`` is linked."""

    what: str
    name: str
    number: float | None = None
    unit: str = ""
    year: int | None = None
    formula: str = ""
    register: str = ""
    records: int | None = None
    citation: str = ""
    status: str = ""
    depth: int = 0


_HEADS = {
    "zh": ("类别", "名称", "数值", "单位", "年份", "公式、条件或原文", "台账", "记录数", "依据（标准号、名称、条款）",
           "依据状态"),
    "en": ("Kind", "Name", "Value", "Unit", "Year", "Formula, filter or wording", "Register", "Records",
           "Cited (number, title, clause)", "Status of citation"),
}  # fmt: skip


class SourceSheets:
    """Lays the source lines out (so that figures know where to lead), then writes them with the records."""

    def __init__(self, results: Results, sources: Sources, lang: str, sheet: str, prefix: str):
        self.results, self.held, self.lang, self.sheet, self.prefix = results, sources, lang, sheet, prefix
        self.zh = lang == "zh"
        self.lines: list[_Line] = []
        self.places: dict[str, dict[str, str]] = {}
        for group in f.groups(results):
            for row in group.targets:
                self._block(row)
        for other in results.figures:
            self._other(other)

    # ── laying out ───────────────────────────────────────────────────────────────────────────────────────────

    def _add(self, line: _Line) -> str:
        """The cell (on the sheet of sources, whose lines begin in row 3) where the line will stand."""
        self.lines.append(line)
        return cell(self.sheet, len(self.lines) + 1, 1)

    def _block(self, row: TargetRow) -> None:
        name, unit = f.name_of(row, self.lang), f.plain_unit(row, self.lang)
        source = _FROM.get(row.target_from, Text(row.target_from, row.target_from)).say(self.lang)
        said = f"{row.plan} {row.clause}：{row.said}" if self.zh else f"{row.plan} {row.clause}: {row.said}"
        target = self._add(
            _Line("目标" if self.zh else "Target", name, row.target_value, unit, row.year_to, said, citation=source)
        )
        path = _PATHS.get(row.shape, _PATHS[""]).say(self.lang)
        expected = self._add(
            _Line("应达" if self.zh else "Path", name, row.expected, unit, row.value_year, path, depth=1)
        )
        value = self._add(self._deciding(row, name, unit))
        self.places[key_of(row)] = {"target": target, "expected": expected, "value": value}
        tree = self.held.trees.get(key_of(row))
        if tree is not None:
            own = "本级测算" if self.zh else "Own computation"
            if row.decided_by == "confirmed":
                own += "（并列备查）" if self.zh else ", beside it"
            self._tree(tree, 1, own)

    def _other(self, row: FigureRow) -> None:
        """A head figure that no target asks for."""
        key, name = f"IND.{row.indicator}", row.indicator_zh if self.zh else row.indicator_en
        tree = self.held.trees.get(key)
        words = "其他指标" if self.zh else "Other figure"
        unit = f.plain_unit(row, self.lang)
        self.places[key] = {"value": self._add(_Line(words, name, row.value, unit, row.year))}
        if tree is not None:
            self._tree(tree, 1, "本级测算" if self.zh else "Own computation")

    def _deciding(self, row: TargetRow, name: str, unit: str) -> _Line:
        if row.decided_by == "confirmed":
            words = "核定值" if self.zh else "Confirmed value"
            known = key_of(row) in self.held.confirmed
            return _Line(words, name, row.value, unit, row.value_year, "", "confirmed_values" if known else "",
                         1 if known else None, row.confirmed_document or "", depth=1)  # fmt: skip
        formula = (row.why_zh if self.zh else row.why_en) if row.value is None else ""
        tree = self.held.trees.get(key_of(row))
        if tree is not None and row.value is not None and row.indicator_unit not in ("", row.unit):
            formula = f"{figure(tree.value, 6)} {unit_words(tree.unit, self.lang)}".strip()
        return _Line("实际" if self.zh else "Actual", name, row.value, unit, row.value_year, formula, depth=1)

    def _tree(self, tree: SourceTree, depth: int, what: str | None = None) -> None:
        name = f"{tree.name.say(self.lang)} IND.{tree.indicator}"
        self._add(
            _Line(what or ("所含指标" if self.zh else "Indicator inside"), name, tree.value,
                  unit_words(tree.unit, self.lang), tree.year, tree.formula,
                  citation=tree.definition.say(self.lang) if tree.definition else "", depth=depth + 1)
        )  # fmt: skip
        for drawn in tree.inputs:
            how = f"{drawn.where or ('全部' if self.zh else 'all')} → {drawn.aggregate}"
            self._add(
                _Line("输入" if self.zh else "Input", drawn.name, drawn.value, "", tree.year, how, drawn.register,
                      len(drawn.records), depth=depth + 2)
            )  # fmt: skip
            for register, ids in drawn.referred.items():
                self._add(
                    _Line("所指记录" if self.zh else "Records named", drawn.name, None, "", tree.year, "", register,
                          len(ids), depth=depth + 2)
                )  # fmt: skip
        for used in tree.factors:
            self._add(
                _Line("因子" if self.zh else "Factor", f"{used.name.say(self.lang)} {used.factor}", used.value,
                      unit_words(used.unit, self.lang), used.vintage, citation=used.citation.say(self.lang),
                      status=STATUS[used.citation.status].say(self.lang), depth=depth + 2)
            )  # fmt: skip
        for inner in tree.figures:
            self._tree(inner, depth + 1)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, book: Book) -> None:
        used = self._used()
        names = self._record_names(book)
        self._write_lines(book, names)
        for register in self.held.registers.values():
            self._write_register(book, register, names[register.id], used.get(register.id, {}))

    def _record_names(self, book: Book) -> dict[str, str]:
        """register → the sheet its records will stand on; reserved here, since lines link to it."""
        taken: set[str] = {self.sheet.lower()}
        names: dict[str, str] = {}
        for register in self.held.registers.values():
            wanted = f"{self.prefix}{register.name.say(self.lang)}"
            clean = "".join("-" if character in "[]:*?/\\'" else character for character in wanted)[:28]
            name, number = clean, 2
            while name.lower() in taken:
                name, number = f"{clean} {number}", number + 1
            taken.add(name.lower())
            names[register.id] = name
        return names

    def _used(self) -> dict[str, dict[int, list[str]]]:
        """register → record → the indicators that rest on it."""
        found: dict[str, dict[int, list[str]]] = {}
        for tree in self.held.trees.values():
            for register, ids in tree.records().items():
                held = found.setdefault(register, {})
                for record in ids:
                    uses = held.setdefault(record, [])
                    if tree.indicator not in uses:
                        uses.append(tree.indicator)
        return found

    def _write_lines(self, book: Book, names: Mapping[str, str]) -> None:
        heads = _HEADS[self.lang]
        title = self.sheet + (f" · {SYNTHETIC.say(self.lang)}" if self.results.synthetic else "")
        sheet = book.sheet(self.sheet, title, heads, (16, 36, 14, 10, 8, 52, 22, 9, 46, 14), right=(2, 7))
        for row, line in enumerate(self.lines, start=2):
            self._write_line(book, sheet, row, line, names)
        sheet.autofilter(1, 0, max(len(self.lines) + 1, 1), len(heads) - 1)

    def _write_line(self, book: Book, sheet: Any, row: int, line: _Line, names: Mapping[str, str]) -> None:
        top: dict[str, Any] = {"top": 1} if line.depth == 0 else {}
        indented = book.words(indent=min(line.depth, 6), **top)
        sheet.write_string(row, 0, line.what, indented)
        sheet.write_string(row, 1, line.name, book.words(**top))
        if line.number is None:
            sheet.write_blank(row, 2, None, book.words(**top))
        else:
            sheet.write_number(row, 2, line.number, book.number(line.number, 6, **top))
        if line.year is None:
            sheet.write_blank(row, 4, None, book.words(**top))
        else:
            sheet.write_number(row, 4, line.year, book.words(num_format="0", align="left", **top))
        for column, text in ((3, line.unit), (5, line.formula), (8, line.citation), (9, line.status)):
            sheet.write_string(row, column, text, book.words(**top))
        if line.register in names:
            label = self.held.register_name(line.register, self.lang)
            book.linked_words(sheet, (row, 6), label, cell(names[line.register], 0))
        else:
            sheet.write_string(row, 6, line.register, book.words(**top))
        if line.records is None:
            sheet.write_blank(row, 7, None, book.words(**top))
        else:
            sheet.write_number(row, 7, line.records, book.number(line.records, 1, **top))

    def _write_register(self, book: Book, register: SourceRegister, name: str, used: Mapping[int, list[str]]) -> None:
        place = ("记录号", "文件", "工作表", "行", "录入日期", "录入人", "用于指标") if self.zh else (
            "Record", "File", "Sheet", "Row", "Recorded on", "By", "Used by")  # fmt: skip
        shown = () if register.confidential else register.columns
        heads = [f"{column.name.say(self.lang)}{_unit_head(column.unit, self.lang)}" for column in shown]
        numeric = [7 + n for n, column in enumerate(shown) if column.type in ("number", "integer")]
        widths = [9, 26, 14, 7, 12, 12, 28, *(16 for _ in shown)]
        sheet = book.sheet(name, self._register_title(register), [*place, *heads], widths, right=[0, 3, *numeric])
        for row, record in enumerate(register.records, start=2):
            self._write_record(book, sheet, row, record, used)
            for n, column in enumerate(shown, start=7):
                book.value(sheet, row, n, record.values.get(column.id))
        sheet.autofilter(1, 0, max(len(register.records) + 1, 1), len(place) + len(heads) - 1)

    def _register_title(self, register: SourceRegister) -> str:
        shown, more = len(register.records), register.total - len(register.records)
        if self.zh:
            text = f"{register.name.zh}：本报告所用记录{register.total}条"
            text += f"，此处列前{shown}条，另有{more}条未列" if more else ""
            text += "；内部台账，只列出处" if register.confidential else ""
            return text + (f" · {SYNTHETIC.zh}" if self.results.synthetic else "")
        text = f"{register.name.en}: {register.total} records used by this report"
        text += f"; the first {shown} are listed here, {more} more are not" if more else ""
        text += "; confidential, only the places are listed" if register.confidential else ""
        return text + (f" · {SYNTHETIC.en}" if self.results.synthetic else "")

    def _write_record(
        self, book: Book, sheet: Any, row: int, record: SourceRecord, used: Mapping[int, list[str]]
    ) -> None:
        on = dt.date.fromisoformat(record.recorded_at[:10])
        values = (record.id, record.file, record.sheet, record.row, on, record.recorded_by,
                  "、".join(used.get(record.id, ())))  # fmt: skip
        for column, value in enumerate(values):
            book.value(sheet, row, column, value)


def _unit_head(unit: str | None, lang: str) -> str:
    words = unit_words(unit or "", lang)
    return f"（{words}）" if words and lang == "zh" else f" ({words})" if words else ""
