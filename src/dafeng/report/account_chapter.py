"""The account as a chapter of the yearly evaluation: inventory, dual control, why it changed, what was restated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dafeng.accounting.tables import Column, Row, Table
from dafeng.report import parts
from dafeng.report.account_charts import waterfall
from dafeng.report.account_model import AccountReport
from dafeng.report.account_workbook import is_words, said_in
from dafeng.report.charts import chart_language
from dafeng.report.figures import MINUS, NONE, THIN, figure, with_unit
from dafeng.report.words import day, tidy

HEADING = {"zh": "能源与碳排放核算", "en": "Account of energy and emissions"}
# Rows of the inventory that the chapter prints, besides memo rows that have a value.
_DEPTH = 1
_MOST_RESTATED = 20
_GASES = ("co2", "ch4", "n2o", "hfcs", "pfcs", "sf6", "nf3", "co2e")


class Chapter:
    """Adds the chapter to a document. ``captions`` counts the document's tables on."""

    def __init__(self, document: Any, report: AccountReport, lang: str, captions: int):
        self.document, self.report, self.lang, self.zh = document, report, lang, lang == "zh"
        self.captions = captions

    def write(self, heading: str) -> int:
        """Write it all under ``heading``; returns the number of the document's last table."""
        parts.add(self.document, "Heading 1", heading)
        self._text(self._summary())
        self._inventory()
        self._dual_control()
        self._change()
        self._restated()
        return self.captions

    # ── sections ─────────────────────────────────────────────────────────────────────────────────────────────

    def _summary(self) -> str:
        """The account in one paragraph: energy both ways, emissions, what they rest on."""
        year, said = self.report.year, []
        energy = [f"{self._in('consumption', 'total', one, 1e4, '万tce' if self.zh else '10⁴ tce')}" for one in
                  ("equal", "calorific")]  # fmt: skip
        if NONE not in energy[0]:
            said.append(
                f"{year}年能源消费总量{energy[0]}（等价值），按当量值为{energy[1]}"
                if self.zh
                else f"Energy in {year} was {energy[0]} at coal equivalent, {energy[1]} at calorific value"
            )
        direct, indirect = (
            self._in("inventory", row, "co2e", 1e4, "万tCO₂e" if self.zh else "10⁴ tCO₂e")
            for row in ("total", "indirect")
        )
        said.append(
            f"直接排放{direct}，外购电力、热力间接排放{indirect}，两者分列，不重复计入"
            if self.zh
            else f"direct emissions were {direct}; those of power and heat bought, {indirect}, stand apart"
        )
        official = self._in("shares", "official", "with_indirect_pct", 1, "%")
        if NONE not in official:
            said.append(
                f"总量的{official}依据官方因子" if self.zh else f"{official} of the total rests on official factors"
            )
        return f"{'；'.join(said)}。" if self.zh else f"{'; '.join(said)}."

    def _inventory(self) -> None:
        table = self.report.table("inventory")
        if table is None:
            return
        columns = [c for c in table.columns if c.id in _GASES and _has_value(table, c)]
        rows = [row for row in table.rows if _main(table, row)]
        self._caption(f"{table.year}年温室气体清单（tCO₂e）" if self.zh else f"Inventory of {table.year} (tCO₂e)")
        self._table(table, rows, columns, first=58, unit_in_head=False)
        self._note(table)

    def _dual_control(self) -> None:
        table = self.report.table("dual_control_targets")
        if table is None:
            return
        columns = [c for c in table.columns if c.id in ("role", "target", "reached", "expected", "gap", "light")]
        self._caption(table.name.say(self.lang))
        self._table(table, list(table.rows), columns, first=58)
        self._note(table)

    def _change(self) -> None:
        table = self.report.table("change")
        if table is None:
            return
        lettering = chart_language(self.lang)
        known = day(self.report.as_known or self.report.made_at, lettering)
        source = (
            f"来源：本区能源账户；数据截至{known}" if lettering == "zh" else f"Source: the district's account, {known}"
        )
        chart = waterfall(table, "co2", self.lang, synthetic=self.report.synthetic, source=source)
        if chart is None:
            return
        self._text(f"{chart.title}。" if self.zh else f"{chart.title}.")
        parts.add_picture(self.document, chart.png, 156, chart.words, "变动原因" if self.zh else "Reasons of change")

    def _restated(self) -> None:
        """What was restated, year by year."""
        for table in self.report.restated:
            self._caption(table.name.say(self.lang))
            rows = [row for row in table.rows if row.code != "unchanged"]
            self._table(table, rows[:_MOST_RESTATED], list(table.columns), first=78)
            why = [cell.reason.say(self.lang) for row in rows if (cell := row.cells["difference"]).reason]
            said = [_sentence(one, self.lang) for one in dict.fromkeys(why)][:3]
            more = len(rows) - _MOST_RESTATED
            if more > 0:
                said.append(f"另有{more}行。" if self.zh else f"{more} more rows.")
            parts.add(self.document, "Note", tidy(("" if self.zh else " ").join(said), self.lang))

    # ── small pieces ─────────────────────────────────────────────────────────────────────────────────────────

    def _table(
        self, table: Table, rows: Sequence[Row], columns: Sequence[Column], *, first: float, unit_in_head: bool = True
    ) -> None:
        width = (156 - first) / max(len(columns) + sum(one.id == "light" for one in columns), 1)
        heads = [parts.TableColumn("项目" if self.zh else "Item", first)]
        for column in columns:
            unit = f"（{column.unit}）" if self.zh else f" ({column.unit})"
            name = column.name.say(self.lang) + (unit if unit_in_head and column.unit not in ("", "1") else "")
            # A light says in words what a figure says in digits, and takes twice the room.
            wide = column.id == "light"
            heads.append(parts.TableColumn(name, 2 * width if wide else width, figures=not wide))
        lines = [
            ["　" * row.depth + row.name.say(self.lang), *(self._cell(table, row, column) for column in columns)]
            for row in rows
        ]
        parts.add_table(self.document, heads, lines)

    def _cell(self, table: Table, row: Row, column: Column) -> str:
        cell, value = row.cells.get(column.id), table.shown(row, column)
        if cell is None:
            return ""
        if value is None:
            return tidy(said_in(cell, self.lang), self.lang) if is_words(cell) else (cell.key or NONE)
        text = f"{abs(value):,.{column.digits}f}".replace(",", THIN)
        sign = MINUS if value < 0 and text.strip(f"0.{THIN}") else ""
        return f"{'≈' if cell.estimated else ''}{sign}{text}"

    def _note(self, table: Table) -> None:
        keys = {cell.key for row in table.rows for cell in row.cells.values() if cell.key}
        words = {"NO": "NO 不发生", "NE": "NE 未估算", "IE": "IE 计入他处", "C": "C 保密"}
        words_en = {"NO": "NO not occurring", "NE": "NE not estimated", "IE": "IE elsewhere", "C": "C confidential"}
        said = [_sentence(note.say(self.lang), self.lang) for note in table.notes[:2]]
        listed = [(words if self.zh else words_en)[key] for key in ("NO", "NE", "IE", "C") if key in keys]
        if listed:
            said.append(f"{'，'.join(listed)}。" if self.zh else f"{', '.join(listed)}.")
        parts.add(self.document, "Note", tidy(("" if self.zh else " ").join(said), self.lang))

    def _caption(self, words: str) -> None:
        self.captions += 1
        named = f"表{self.captions}　{words}" if self.zh else f"Table {self.captions}. {words}"
        parts.add(self.document, "Caption", tidy(named, self.lang))

    def _text(self, words: str) -> None:
        parts.add(self.document, "Body Text", tidy(words, self.lang))

    def _in(self, table: str, row: str, column: str, divisor: float, unit: str) -> str:
        """One figure of the account as it is said in a sentence."""
        held = self.report.table(table)
        found = next((one for one in held.rows if one.code == row), None) if held else None
        shown = next((one for one in held.columns if one.id == column), None) if held else None
        value = held.shown(found, shown) if held and found and shown else None
        return with_unit(figure(None if value is None else value / divisor, 4), unit)


def _sentence(words: str, lang: str) -> str:
    end = "。" if lang == "zh" else "."
    return words if words.endswith(end) else words + end


def _has_value(table: Table, column: Column) -> bool:
    return any(table.shown(row, column) is not None for row in table.rows)


def _main(table: Table, row: Row) -> bool:
    """Sums and what is just below them; memo rows and deeper ones only where they have a value."""
    valued = any(table.shown(row, column) is not None for column in table.columns)
    return (row.depth == 0 and (valued or row.kind != "memo")) or (row.depth <= _DEPTH and valued)
