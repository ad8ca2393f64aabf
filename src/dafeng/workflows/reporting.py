"""``dafeng report``: the yearly evaluation in Word and Excel, from the run of that year and the records below it."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.report.sources import (
    Citation,
    SourceColumn,
    SourceFactor,
    SourceInput,
    SourceRecord,
    SourceRegister,
    Sources,
    SourceTree,
    key_of,
)
from dafeng.workflows.district import District
from dafeng.workflows.running import evaluation
from dafeng.workflows.running import run as run_district

if TYPE_CHECKING:
    from dafeng.accounting.tables import Table
    from dafeng.assessment.results import Results
    from dafeng.catalogue import Catalogue
    from dafeng.indicators import Figure
    from dafeng.report.account_model import AccountReport
    from dafeng.store import RecordInfo, Store

# Records listed per register in the workbook; the rest is counted.
MOST_RECORDS = 5_000
CONFIRMED = "confirmed_values"


_NO_PATHWAY = Text(
    "路径做不出来，报告中没有这一章；原因见 dafeng pathway",
    "there is no chapter on the pathway; dafeng pathway says why",
)
_NO_ROADMAP = Text(
    "路线图做不出来，报告中没有这一章；原因见 dafeng roadmap",
    "there is no chapter on the roadmap; dafeng roadmap says why",
)
_NO_ACCOUNT = Text(
    "核算做不出来，报告中没有这一章；原因见 dafeng account",
    "there is no chapter on the account; dafeng account says why",
)


@dataclass(frozen=True, slots=True)
class Report:
    """The files written, the run they were made from, and words for the person. account: the workbook of the account;
    None where there is no energy to account for."""

    word: Path
    workbook: Path
    results: Results
    computed: bool
    notes: tuple[Text, ...] = ()
    account: Path | None = None


def report(district: District, year: int | None = None, *, lang: str = "zh", as_known: dt.date | None = None) -> Report:
    """Write the report of a year (the last full year by default) into the district's folder ``out``.

    The stored run is used where nothing it rests on has changed; otherwise it is computed first, so that the figures
    and the records shown below them are of one time. Raises BadInput when a run cannot be made or a file not written.
    """
    from dafeng.report.charts import NO_FONT, chart_language
    from dafeng.report.word import write_word
    from dafeng.report.workbook import write_workbook
    from dafeng.workflows.pathway_reporting import pathway_of
    from dafeng.workflows.roadmap_reporting import roadmap_of

    done = run_district(district, year, as_known=as_known)
    results = done.results
    with district.open_store() as store:
        sources = gather(district, store, results, lang, as_known)
        account = account_of(district, store, results, as_known)
    pathway, roadmap = pathway_of(district, results.year, as_known), roadmap_of(district, results.year, as_known)
    folder, names = district.folder("out"), file_names(results, lang, as_known)
    word, workbook = folder / names[0], folder / names[1]
    written(word, lambda path: write_word(results, sources, path, lang, account, pathway, roadmap))
    written(workbook, lambda path: write_workbook(results, sources, path, lang, pathway, roadmap))
    notes = [NO_FONT] if chart_language(lang) != lang else []
    tables = None
    if account is not None:
        from dafeng.report.account_workbook import write_account

        tables = folder / account_file_name(results, lang, as_known)
        written(tables, lambda path: write_account(account, path, lang))
    elif results.registers.get("energy_consumption"):
        notes.append(_NO_ACCOUNT)
    if as_known is None and results.registers.get("energy_consumption"):
        notes += [_NO_PATHWAY] if pathway is None else []
        notes += [_NO_ROADMAP] if roadmap is None else []
    return Report(word, workbook, results, done.computed, tuple(notes), tables)


def account_of(district: District, store: Store, results: Results, as_known: dt.date | None) -> AccountReport | None:
    """The account of the year that is evaluated; None where there is no energy to account for."""
    from dafeng.workflows.account_exporting import report_of
    from dafeng.workflows.account_making import Asked, make_from

    try:
        account = make_from(district, store, Asked(year=results.year, as_known=as_known))
    except BadInput:
        # What is wrong with the account, dafeng account says; the evaluation does not wait for it.
        return None
    report = report_of(district, store, account, results.made_at)
    return replace(report, restated=_restated(district, store, results.year, as_known))


def _restated(district: District, store: Store, year: int, as_known: dt.date | None) -> list[Table]:
    """The years whose emissions changed since the end of the year before the one evaluated, with records in words.

    A report as known on a past day lists none: what was restated is seen from now."""
    from dafeng.workflows.account_places import with_places
    from dafeng.workflows.account_restating import restatements_of

    if as_known is not None:
        return []
    years = range(district.base_year, year + 1)
    tables, _ = restatements_of(district, store, dt.date(year - 1, 12, 31), years)
    return [with_places(table, store) for table in tables if table.row("total").cells["difference"].value]


def file_names(results: Results, lang: str, as_known: dt.date | None = None) -> tuple[str, str]:
    """Names of the Word file and the workbook; what no file system takes is left out of the district's name. A report
    as known on a past day has that day in its name, so that it never takes the place of the present one."""
    year = f"{results.year}" if as_known is None else f"{results.year}-{as_known.isoformat()}"
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", results.district if lang == "zh" else results.district_en)
    if lang == "zh":
        return f"{name}碳达峰年度评估报告-{year}.docx", f"{name}碳达峰指标表-{year}.xlsx"
    return f"{name} carbon peaking evaluation {year}.docx", f"{name} carbon peaking targets {year}.xlsx"


def account_file_name(results: Results, lang: str, as_known: dt.date | None = None) -> str:
    """Name of the workbook with the tables of the account, made like those of the report."""
    workbook = file_names(results, lang, as_known)[1]
    if lang == "zh":
        return workbook.replace("碳达峰指标表", "能源与温室气体核算")
    return workbook.replace("carbon peaking targets", "energy and greenhouse gas account")


def written(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside, then put in place: a report is whole or the old one stays."""
    beside = path.with_name(f".{path.name}.part")
    try:
        write(beside)
        os.replace(beside, path)
    except OSError as error:
        raise BadInput(
            Problem(
                "report.cannot-write",
                Place(file=str(path)),
                Text(f"报告写不进去：{error.strerror}", f"the report cannot be written: {error.strerror}"),
                Text(
                    "如该文件正在 Word 或 Excel 中打开，请先关闭；并检查 out 文件夹的权限",
                    "close the file if it is open in Word or Excel; check the permissions of the folder out",
                ),
            )
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def gather(district: District, store: Store, results: Results, lang: str, as_known: dt.date | None = None) -> Sources:
    """The sources of every figure of a run: trees by target, the records that they rest on by register."""
    gathering = _Gathering(district.catalogue, store, lang)
    work = evaluation(district, store, as_known)
    for row in results.targets:
        if row.indicator is not None and row.value_year is not None and row.indicator in work.catalogue.indicators:
            gathering.add(key_of(row), work.figure(row.indicator, row.value_year, row.year_from, row.base_year))
    for figure in results.figures:
        if figure.indicator in work.catalogue.indicators:
            gathering.add(f"IND.{figure.indicator}", work.figure(figure.indicator, figure.year))
    confirmed = {key_of(row): row for row in results.targets if row.decided_by == "confirmed"}
    gathering.confirm(confirmed, as_known)
    return gathering.sources()


@dataclass
class _Gathering:
    """Turns the engine's figures into plain data and collects the records used."""

    catalogue: Catalogue
    store: Store
    lang: str
    trees: dict[str, SourceTree] = field(default_factory=dict)
    confirmed: dict[str, int] = field(default_factory=dict)
    used: dict[str, set[int]] = field(default_factory=dict)

    def add(self, key: str, figure: Figure) -> None:
        self.trees[key] = self._tree(figure)
        for register, ids in figure.records().items():
            self.used.setdefault(register, set()).update(ids)

    def confirm(self, rows: Mapping[str, Any], as_known: dt.date | None) -> None:
        """The records of confirmed values that decide targets."""
        if not rows or CONFIRMED not in self.catalogue.registers:
            return
        frame = self.store.frame(self.catalogue.registers[CONFIRMED], as_known)
        held = {(row["indicator"], row["year"]): row["_record"] for row in frame.iter_rows(named=True)}
        for key, row in rows.items():
            record = held.get((row.indicator, row.value_year))
            if record is not None:
                self.confirmed[key] = record
                self.used.setdefault(CONFIRMED, set()).add(record)

    def sources(self) -> Sources:
        registers = {name: self._register(name, ids) for name, ids in sorted(self.used.items())}
        states = self.catalogue.choices.get("task_states")
        words = {code: Text(option.zh, option.en) for code, option in states.options.items()} if states else {}
        return Sources(self.trees, registers, words, self.confirmed)

    def _tree(self, figure: Figure) -> SourceTree:
        entry = self.catalogue.indicators[figure.indicator]
        inputs = tuple(
            SourceInput(d.name, d.register, d.where, d.value_as, d.value, d.records, d.referred) for d in figure.drawn
        )
        factors = tuple(
            SourceFactor(
                used.factor, self.catalogue.factors[used.factor].name.text, used.value, used.unit, used.vintage,
                self._cited(used.source),
            )
            for used in figure.factors
        )  # fmt: skip
        return SourceTree(
            figure.indicator, entry.name.text, figure.year, figure.start, figure.unit, figure.value, figure.formula,
            inputs, factors, tuple(self._tree(inner) for inner in figure.figures),
            self._cited(entry.source) if entry.source else None, figure.why,
        )  # fmt: skip

    def _cited(self, source: Any) -> Citation:
        standard = self.catalogue.standards.get(source.standard) if source.standard else None
        return Citation(
            standard.number if standard else None,
            standard.name.text if standard else None,
            source.clause,
            source.text.text if source.text else None,
            source.status,
        )

    def _register(self, name: str, ids: set[int]) -> SourceRegister:
        register = self.catalogue.registers[name]
        infos = self.store.records(sorted(ids)[:MOST_RECORDS])
        files: dict[str, int] = {}
        for info in infos:
            if info.source:
                files[info.source.file] = files.get(info.source.file, 0) + 1
        columns = tuple(
            SourceColumn(column, held.name.text, held.unit, held.type) for column, held in register.columns.items()
        )
        records = tuple(self._record(register, info) for info in infos)
        return SourceRegister(name, register.name.text, columns, records, len(ids), files, register.confidential)

    def _record(self, register: Any, info: RecordInfo) -> SourceRecord:
        values = {
            column: self._value(register.columns[column], value)
            for column, value in info.payload.items()
            if value is not None and column in register.columns
        }
        source = info.source
        return SourceRecord(
            info.id, values, source.file if source else None, source.sheet if source else None, info.row,
            info.recorded_at.isoformat(timespec="seconds"), info.recorded_by,
        )  # fmt: skip

    def _value(self, column: Any, value: Any) -> Any:
        """A cell as a person reads it: choices in words, dates as dates."""
        if column.type == "choice" and column.of in self.catalogue.choices:
            option = self.catalogue.choices[column.of].options.get(str(value))
            return (option.zh if self.lang == "zh" else option.en) if option else value
        if column.type == "date" and isinstance(value, str):
            try:
                return dt.date.fromisoformat(value[:10])
            except ValueError:
                return value
        return value
