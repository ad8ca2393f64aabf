"""A file → tables for registers, with every problem that the file alone can show.

References and checks, which need what is held already, follow in ``judge`` once the batch is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import WARNING
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch
from dafeng.sources.tables import heading_problems, rules
from dafeng.sources.tables.columns import Asked, ReadColumn, read_column
from dafeng.sources.tables.conversion import factor_of, may_be_fuel, unit_text
from dafeng.sources.tables.findings import Findings
from dafeng.sources.tables.grid import Grid, read_grids
from dafeng.sources.tables.guard import Opened, inspect
from dafeng.sources.tables.headings import REASON, WITHDRAW, Layout, UnitWords, Vocabulary, match_sheet
from dafeng.sources.tables.table import Table
from dafeng.sources.tables.withdrawals import read_withdrawals
from dafeng.sources.tables.words import alike, letter

_NOT_DATA = ("说明", "填报说明", "guide", "问题problems", "选项lists")
_TOTALS = frozenset(alike(word) for word in ("合计", "总计", "小计", "共计", "累计", "Total", "Subtotal", "Sum"))
_FOOTER = re.compile(
    r"\s*(注|备注|说明|附注|数据来源|资料来源|填表人|填报人|制表人|审核人|负责人|单位负责人|联系人|填报日期|note|notes|source)\s*\d*\s*[:：]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class FileTables:
    """What a file holds. opened is None when it could not be opened; tables may be read although there are errors."""

    path: Path
    findings: Findings
    opened: Opened | None = None
    tables: list[Table] = field(default_factory=list)


class Reader:
    """Reads files against one catalogue; its vocabularies are made once for all of them."""

    def __init__(self, catalogue: Catalogue, most_bytes: int = 100_000_000):
        self.catalogue, self.most_bytes = catalogue, most_bytes
        self.units = UnitWords(catalogue)
        self.vocabularies = {name: Vocabulary(register, self.units) for name, register in catalogue.registers.items()}

    def read(self, path: Path, *, withdraw: bool = False, register: str | None = None) -> FileTables:
        """withdraw: every row names a record to be withdrawn, and only its key is needed. register: the one
        that the file is for, where neither sheet nor headings tell."""
        findings = Findings(path.name)
        read = FileTables(path, findings, inspect(path, findings, self.most_bytes))
        if read.opened is None:
            return read
        unread: list[Grid] = []
        known = {register: self.vocabularies[register]} if register else self.vocabularies
        for grid in read_grids(read.opened, findings):
            if grid.name and alike(grid.name).startswith(_NOT_DATA):
                continue
            match = match_sheet(grid.name, path.stem, grid.rows, grid.merged, known, by_key=withdraw)
            if match.layout is None and match.rivals:
                heading_problems.report_rivals(grid, match.rivals, self.catalogue, findings)
            elif match.layout is None:
                unread.append(grid)
            else:
                read.tables.append(_SheetReader(self, grid, match.layout, findings, withdraw).table())
        heading_problems.report_unread(unread, bool(read.tables), self.catalogue, findings)
        rules.check_keys(read.tables, findings)
        return read


def judge(read: FileTables, frame_of: rules.FrameOf, catalogue: Catalogue) -> None:
    """What only the records held and the rest of the batch can tell. frame_of: register id → its rows, those of
    the batch among them."""
    for table in read.tables:
        rules.check_references(table, frame_of, catalogue.registers, read.findings)
        rules.run_checks(table, frame_of, catalogue.registers, read.findings)


class _SheetReader:
    """Reads one sheet with a known layout."""

    def __init__(self, reader: Reader, grid: Grid, layout: Layout, findings: Findings, withdraw: bool):
        self.reader, self.grid, self.layout, self.findings = reader, grid, layout, findings
        self.withdraw = withdraw
        self.register = layout.register
        self.columns = {name: letter(place) for name, place in layout.columns.items()}
        self.rows = self._data_rows()
        self.poisoned = self._poisoned()

    def table(self) -> Table:
        layout, register = self.layout, self.register
        heading_problems.report(self.grid, layout, self.reader, self.findings, self.rows, by_key=self.withdraw)
        if self.grid.hidden:
            self._warn(
                "tables.hidden-sheet",
                None,
                "工作表是隐藏的，也一并读取",
                "the sheet is hidden and was read as well",
                "若不应提交，请删除该工作表",
                "delete it if it should not be handed in",
            )
        hidden = sum(row in self.grid.hidden_rows for row in self.rows)
        if hidden:
            self._warn(
                "tables.hidden-rows",
                None,
                f"有 {hidden} 行被隐藏或筛选掉，也一并读取",
                f"{hidden} hidden or filtered rows were read as well",
                "若不应提交，请删除这些行",
                "delete them if they should not be handed in",
            )
        table = Table(
            register, self.grid.name, pl.DataFrame(), [row + 1 for row in self.rows], self.columns, layout.headings
        )
        table.faulty = {index for rows in self.poisoned.values() for index in rows}
        reads = {name: self._read(name, table) for name in register.columns if name in layout.columns}
        table.frame = pl.DataFrame({name: read.values for name, read in reads.items()})
        read_withdrawals(table, self._raw(WITHDRAW), self._raw(REASON), self.findings, every_row=self.withdraw)
        self._finish(table, reads)
        return table

    def _finish(self, table: Table, reads: dict[str, ReadColumn]) -> None:
        for name, read in reads.items():
            wrong = sorted(read.wrong)
            table.report(
                self.findings,
                "tables.wrong-value",
                wrong,
                name,
                lambda i, w=wrong, r=read: (r.wrong[w[i]].rule, r.wrong[w[i]].remedy),
            )
            column = self.register.columns[name]
            self._require(table, name, read)
            rules.check_range(table, name, unit_text(self.reader.catalogue, column.unit), self.findings)
            rules.check_pattern(table, name, self.findings)
        rules.resolve_bodies(table, self.reader.catalogue.bodies, self.findings)
        from dafeng.indicators.facts import dtype_of

        absent = {name: column for name, column in self.register.columns.items() if name not in table.frame.columns}
        nothing = {
            name: pl.Series(name, [None], dtype=dtype_of(c.type)).new_from_index(0, len(self.rows))
            for name, c in absent.items()
        }
        table.frame = table.frame.with_columns(**nothing).select(list(self.register.columns))

    def _read(self, name: str, table: Table) -> ReadColumn:
        column = self.register.columns[name]
        unit = self.layout.units.get(name) or column.unit
        place = self.layout.columns[name]
        percent = (
            frozenset(i for i, row in enumerate(self.rows) if (row, place) in self.grid.percent)
            if self.grid.percent
            else frozenset()
        )
        asked = Asked(
            column,
            unit,
            self._factor(name, unit, column.unit),
            self._suffixes(unit),
            code=rules.is_identifier(self.register, name, column),
            counts_from_1904=self.grid.counts_from_1904,
            percent_rows=percent,
        )
        read = read_column(self._raw(name) or (), asked, self.reader.catalogue.choices.get(column.of or ""))
        if read.typed is not None and unit:
            table.typed[name] = (read.typed, unit)
        return read

    def _factor(self, name: str, unit: str | None, wanted: str | None) -> float:
        if unit is None or wanted is None or unit == wanted:
            return 1.0
        units = self.reader.catalogue.unit_table
        try:
            return factor_of(units, unit, wanted)
        except (UnitMismatch, KeyError):
            kept = unit_text(self.reader.catalogue, wanted)
            rule = Text(
                f"列名中的单位 {unit} 不能换算成 {kept.zh}",
                f"the unit {unit} in the heading cannot be converted to {kept.en or wanted}",
            )
            remedy = Text(
                f"请按 {kept.zh} 填写，并改正列名中的单位",
                f"give the figures in {kept.en or wanted} and mend the heading",
            )
            if may_be_fuel(units, unit, wanted):
                remedy = Text(
                    f"折标准煤的量请写明“标准煤”（{kept.zh}）；实物量请先按折标系数折算",
                    f"say coal equivalent ({kept.en}) if that is meant; convert tonnes of the fuel itself first",
                )
            self._refuse_heading("tables.unit-mismatch", name, rule, remedy)
            return 1.0

    def _refuse_heading(self, code: str, name: str, rule: Text, remedy: Text) -> None:
        row, heading = self.layout.header + 1, self.layout.headings[name]
        self.findings.add(code, rule, remedy, sheet=self.grid.name, row=row, column=self.columns[name], heading=heading)

    def _suffixes(self, unit: str | None) -> frozenset[str]:
        canonical = self.reader.catalogue.canonical_unit
        if unit is None or unit not in canonical:
            return frozenset((unit,)) if unit else frozenset()
        return frozenset(symbol for symbol, shown in canonical.items() if shown == canonical[unit])

    def _raw(self, name: str) -> list[Any] | None:
        place = self.layout.columns.get(name)
        if place is None:
            return None
        rows = self.grid.rows
        raw = [rows[i][place] if place < len(rows[i]) else "" for i in self.rows]
        for index in self.poisoned.get(place, ()):
            raw[index] = ""
        return raw

    def _require(self, table: Table, name: str, read: ReadColumn) -> None:
        if self.register.columns[name].optional:
            return
        missing = read.blank
        if table.withdrawn is not None and name not in self.register.key:
            missing = missing & ~table.withdrawn
        spared = self.poisoned.get(self.layout.columns[name], set())
        rows = [row for row in missing.arg_true().to_list() if row not in spared]
        zh, en = self.register.columns[name].name.zh, self.register.columns[name].name.en
        rule = Text(f"“{zh}”必填", f"“{en}” is required")
        remedy = Text(
            "请填写；确实没有时与区发改委联系", "fill it in; where there is none, ask the district's carbon office"
        )
        table.report(self.findings, "tables.required", rows, name, lambda _: (rule, remedy))

    # ── which rows are data ──────────────────────────────────────────────────────────────────────────────────

    def _data_rows(self) -> list[int]:
        rows, kept = self.grid.rows, []
        totals: list[int] = []
        for index in range(self.layout.first, len(rows)):
            lead = next((cell for cell in rows[index] if cell != "" and cell is not None), None)
            if isinstance(lead, str):
                lead = (
                    lead if lead.strip() else next((c for c in rows[index] if c is not None and str(c).strip()), None)
                )
            if lead is None:
                if self._marked(index):
                    kept.append(index)
            elif isinstance(lead, str) and self._is_total(index, lead):
                totals.append(index)
            elif not (isinstance(lead, str) and self._is_footer(index, lead)):
                kept.append(index)
        for index in totals:
            self._warn(
                "tables.total-row",
                index,
                "合计行没有载入",
                "the row of totals was not loaded",
                "合计由系统计算，可删去此行",
                "totals are computed; the row may be deleted",
            )
        return kept

    def _is_total(self, index: int, lead: str) -> bool:
        """合计, unless the column it stands in has it among its choices."""
        if alike(lead) not in _TOTALS:
            return False
        place = list(self.grid.rows[index]).index(lead)
        name = next((name for name, at in self.layout.columns.items() if at == place), "")
        column = self.register.columns.get(name)
        choices = self.reader.catalogue.choices.get((column.of if column else None) or "")
        words = [w for code, o in choices.options.items() for w in (code, o.zh, o.en, *o.also)] if choices else []
        return alike(lead) not in {alike(word) for word in words}

    def _is_footer(self, index: int, lead: str) -> bool:
        """A note or signature below the table; a row with all that a record needs is a record whatever it says."""
        if not _FOOTER.match(lead):
            return False
        row = self.grid.rows[index]
        places = [self.layout.columns[name] for name in self.register.required if name in self.layout.columns]
        return any(place >= len(row) or row[place] in ("", None) for place in places)

    def _marked(self, index: int) -> bool:
        """A row whose only cells are formulas in error looks empty and is none."""
        return any(cell[0] == index for cell in self.grid.errors) or any(cell[0] == index for cell in self.grid.unsaved)

    def _poisoned(self) -> dict[int, set[int]]:
        """Cells whose value cannot be trusted, by place and index of the row: merged, in error, without result."""
        found: dict[int, set[int]] = {}
        index_of = {row: index for index, row in enumerate(self.rows)} if self._has_marks() else {}
        places = {place: name for name, place in self.layout.columns.items()}

        def spoil(row: int, place: int) -> bool:
            if row in index_of and place in places:
                found.setdefault(place, set()).add(index_of[row])
                return True
            return False

        for top, left, bottom, right in self.grid.merged:
            hit = [spoil(row, place) for row in range(top, bottom + 1) for place in range(left, right + 1)]
            if any(hit):
                self._refuse_merged(top, left, bottom, right, places)
        for (row, place), shown in self.grid.errors.items():
            if spoil(row, place):
                self._refuse(
                    row,
                    place,
                    places,
                    "tables.formula-error",
                    f"公式结果是错误值 {shown}",
                    f"the formula gives the error {shown}",
                    "改正公式，或直接填入数值",
                    "mend the formula or type the value",
                )
        for row, place in self.grid.unsaved:
            if spoil(row, place):
                self._refuse(
                    row,
                    place,
                    places,
                    "tables.formula-unsaved",
                    "公式还没有算出结果",
                    "the formula has no stored result",
                    "用 Excel 或 WPS 打开并保存一次，或直接填入数值",
                    "open it in Excel or WPS and save it once, or type the value",
                )
        return found

    def _has_marks(self) -> bool:
        return bool(self.grid.merged or self.grid.errors or self.grid.unsaved)

    def _refuse_merged(self, top: int, left: int, bottom: int, right: int, places: dict[int, str]) -> None:
        area = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        self._refuse(
            top,
            left,
            places,
            "tables.merged",
            f"{area} 是合并单元格，不能确定每行的值",
            f"{area} is merged, so the value of each row is unsure",
            "取消合并，把每一行都填上",
            "unmerge it and fill in every row",
        )

    def _refuse(
        self, row: int, place: int, places: dict[int, str], code: str, zh: str, en: str, fix_zh: str, fix_en: str
    ) -> None:
        heading = self.layout.headings.get(places.get(place, ""))
        self.findings.add(
            code,
            Text(zh, en),
            Text(fix_zh, fix_en),
            sheet=self.grid.name,
            row=row + 1,
            column=letter(place),
            heading=heading,
        )

    def _warn(self, code: str, row: int | None, zh: str, en: str, fix_zh: str, fix_en: str) -> None:
        self.findings.add(
            code,
            Text(zh, en),
            Text(fix_zh, fix_en),
            level=WARNING,
            sheet=self.grid.name,
            row=None if row is None else row + 1,
        )
