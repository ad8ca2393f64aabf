"""Files → records: read, judge, write or refuse, and put every file where it belongs with a report beside it."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.report.marked import write_marked
from dafeng.sources.tables.reading import FileTables, Reader, judge
from dafeng.sources.tables.withdrawals import check_withdrawals
from dafeng.store import LoadCounts, SheetRows, SourceFile, Store
from dafeng.workflows.district import District
from dafeng.workflows.filing import keep, one_at_a_time, printable, take_from

LOADED, UNCHANGED, REFUSED = "loaded", "unchanged", "refused"
# What an office suite or a file manager leaves in a folder beside the files people put there.
_NOT_FILES = ("~$", ".", "Thumbs.db", "desktop.ini")


@dataclass(slots=True)
class FileOutcome:
    """What became of one file. kept: where it lies now; marked: the copy with every bad cell marked."""

    file: str
    status: str
    sheets: list[LoadCounts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0
    kept: str | None = None
    marked: str | None = None

    def as_dict(self) -> dict[str, Any]:
        counted = ("register", "sheet", "added", "changed", "same", "withdrawn", "absent")
        return {
            "file": self.file,
            "status": self.status,
            "sheets": [{name: getattr(sheet, name) for name in counted} for sheet in self.sheets],
            "errors": self.error_count,
            "warnings": self.warning_count,
            "problems": [problem.as_dict() for problem in self.problems],
            "kept": self.kept,
            "marked": self.marked,
        }


@dataclass(slots=True)
class LoadReport:
    """What became of a load, file by file."""

    files: list[FileOutcome]
    seconds: float

    @property
    def refused(self) -> list[FileOutcome]:
        return [outcome for outcome in self.files if outcome.status == REFUSED]

    def as_dict(self) -> dict[str, Any]:
        return {"files": [outcome.as_dict() for outcome in self.files], "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """by: who loads; reason: why values changed, kept with every record that supersedes another; withdraw: the
    files list records to withdraw; register: the register of files whose sheets do not tell."""

    by: str
    reason: str | None = None
    withdraw: bool = False
    register: str | None = None


@machine_in_words()
def load(
    district: District, files: Sequence[Path], options: LoadOptions, progress: Callable[[str], None] = lambda _: None
) -> LoadReport:
    """Load files (the whole inbox when none is named). Each file is loaded entirely or not at all.

    Files may refer to each other: what one brings, another may name, as long as both are loaded.
    """
    started = time.perf_counter()
    with one_at_a_time(district.root):
        outcomes = _load(district, list(files) or inbox_files(district), options, progress)
        if not files:
            outcomes += _links(district)
    return LoadReport(outcomes, time.perf_counter() - started)


def _load(
    district: District, paths: Sequence[Path], options: LoadOptions, progress: Callable[[str], None]
) -> list[FileOutcome]:
    _must_exist(paths)
    catalogue = district.catalogue
    if options.register is not None and options.register not in catalogue.registers:
        raise BadInput(_unknown_register(options.register, catalogue))
    reader = Reader(catalogue, district.max_file_mb * 1_000_000)
    reads = []
    for path in paths:
        progress(f"读取 {path.name}")
        reads.append(reader.read(path, withdraw=options.withdraw, register=options.register))
    with district.open_store() as store:
        settle(reads, store, catalogue)
        return [_write(district, store, read, options) for read in reads]


def inbox_files(district: District) -> list[Path]:
    """Files that wait in the inbox, by name."""
    folder = district.folder("inbox")
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and not path.is_symlink() and not path.name.startswith(_NOT_FILES)
    )


def _links(district: District) -> list[FileOutcome]:
    """Links in the inbox stay there and are named: what one points to may be nobody's business to copy."""
    return [
        FileOutcome(printable(path.name), REFUSED, problems=[_no_link(path)], error_count=1)
        for path in sorted(district.folder("inbox").iterdir())
        if path.is_symlink() and not path.name.startswith(_NOT_FILES)
    ]


def _no_link(path: Path) -> Problem:
    return Problem(
        "load.link",
        Place(file=printable(path.name)),
        Text("这是一个链接，收件夹里的链接不跟随", "this is a link, and links in the inbox are not followed"),
        Text(
            "把文件本身放进 inbox/，或在命令里写出它的路径",
            "put the file itself into inbox/, or name its path in the command",
        ),
    )


def settle(reads: Iterable[FileTables], store: Store, catalogue: Catalogue) -> None:
    """Judge references and checks with what is held and what the batch brings. A file that falls takes away what
    others may lean on, so it is judged again until nothing changes."""
    reads = list(reads)
    marks = [read.findings.mark() for read in reads]
    faulty = {id(table): set(table.faulty) for read in reads for table in read.tables}
    held = _Held(store, catalogue)
    standing = [read for read in reads if not read.findings.error_count]
    while True:
        shared, stand = _Batch(held, standing), {id(read) for read in standing}
        for read, mark in zip(reads, marks, strict=True):
            read.findings.rewind(mark)
            for table in read.tables:
                table.faulty = set(faulty[id(table)])
            batch = shared if id(read) in stand else _Batch(held, [*standing, read])
            judge(read, batch.frame, catalogue)
            for table in read.tables:
                if table.withdrawn is not None:
                    check_withdrawals(table, held.frame(table.register.id), read.findings)
        still = [read for read in standing if not read.findings.error_count]
        if len(still) == len(standing):
            return
        standing = still


class _Held:
    """Frames of the store, each read once."""

    def __init__(self, store: Store, catalogue: Catalogue):
        self.store, self.catalogue = store, catalogue
        self._frames: dict[str, pl.DataFrame] = {}

    def frame(self, register: str) -> pl.DataFrame:
        if register not in self._frames:
            entry = self.catalogue.registers[register]
            self._frames[register] = self.store.frame(entry).select(list(entry.columns))
        return self._frames[register]


class _Batch:
    """What is held with the rows of a batch on top."""

    def __init__(self, held: _Held, reads: Sequence[FileTables]):
        self.held, self.reads = held, reads
        self._frames: dict[str, pl.DataFrame] = {}

    def frame(self, register: str) -> pl.DataFrame:
        if register not in self._frames:
            self._frames[register] = self._frame(register)
        return self._frames[register]

    def _frame(self, register: str) -> pl.DataFrame:
        key = list(self.held.catalogue.registers[register].key)
        coming = [
            table.frame if table.withdrawn is None else table.frame.filter(~table.withdrawn)
            for read in self.reads
            for table in read.tables
            if table.register.id == register
        ]
        held = self.held.frame(register)
        return pl.concat([held, *coming]).unique(key, keep="last", maintain_order=True) if coming else held


def _write(district: District, store: Store, read: FileTables, options: LoadOptions) -> FileOutcome:
    findings = read.findings
    outcome = FileOutcome(
        printable(read.path.name),
        REFUSED,
        problems=findings.problems,
        error_count=findings.error_count,
        warning_count=findings.warning_count,
    )
    if read.findings.error_count or read.opened is None:
        _refuse(district, read, outcome)
        return outcome
    kept, new = keep(read.path, district.folder("loaded"))
    source = SourceFile(outcome.file, read.opened.sha256, read.opened.size, f"loaded/{kept.name}")
    sheets = [
        SheetRows(table.register, table.finished(), table.sheet, dict(table.columns), dict(table.headings))
        for table in read.tables
    ]
    try:
        outcome.sheets = store.load(source, sheets, options.by, options.reason)
    except BaseException:
        # What is not in the store does not lie among the loaded files; it still waits where it was.
        if new:
            kept.unlink(missing_ok=True)
        raise
    outcome.status = LOADED if any(sheet.written for sheet in outcome.sheets) else UNCHANGED
    outcome.kept = f"loaded/{kept.name}"
    _write_report(kept, outcome, options)
    take_from(district.folder("inbox"), read.path)
    return outcome


def _refuse(district: District, read: FileTables, outcome: FileOutcome) -> None:
    folder = district.folder("refused")
    kept, _ = keep(read.path, folder)
    outcome.kept = f"refused/{kept.name}"
    marked = folder / f"{kept.name}.marked.xlsx"
    marked.unlink(missing_ok=True)
    if read.opened is not None and write_marked(kept, read.opened.kind, marked, outcome.problems, read.findings.total):
        outcome.marked = f"refused/{marked.name}"
    _write_report(kept, outcome, None)
    take_from(district.folder("inbox"), read.path)


def _write_report(kept: Path, outcome: FileOutcome, options: LoadOptions | None) -> None:
    answer = outcome.as_dict() | {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "by": options.by if options else None,
    }
    kept.with_name(f"{kept.name}.report.json").write_text(
        json.dumps(answer, ensure_ascii=False, indent=1), encoding="utf-8", errors="replace"
    )
    kept.with_name(f"{kept.name}.report.txt").write_text(report_text(outcome), encoding="utf-8", errors="replace")


def report_text(outcome: FileOutcome) -> str:
    """The report that lies beside a file, in both languages."""
    heads = {
        LOADED: "已载入 · loaded",
        UNCHANGED: "与已有记录相同，没有新内容 · the same as the records held, nothing new",
        REFUSED: "已退回，一行也没有载入 · refused, not a row was loaded",
    }
    lines = [f"{outcome.file}：{heads[outcome.status]}", ""]
    for sheet in outcome.sheets:
        lines.append(f"  {counts_text(sheet).zh}")
        lines.append(f"  {counts_text(sheet).en}")
    if outcome.error_count or outcome.warning_count:
        lines += [f"错误 errors: {outcome.error_count}    提醒 warnings: {outcome.warning_count}", ""]
    for problem in outcome.problems:
        lines += [f"{problem.line('zh')}", f"    {problem.rule.en} → {problem.remedy.en}"]
    hidden = outcome.error_count + outcome.warning_count - len(outcome.problems)
    if hidden > 0:
        lines.append(f"另有 {hidden} 处未列出 · {hidden} more are not listed")
    return "\n".join(lines) + "\n"


def counts_text(sheet: LoadCounts) -> Text:
    """新增 12，更正 3，相同 85；本表未提及的已有记录 4 条保留。"""
    absent_zh = f"；本表没有提到的已有记录 {sheet.absent} 条，保留不动" if sheet.absent else ""
    absent_en = f"; {sheet.absent} records held are not in this sheet and stay" if sheet.absent else ""
    gone_zh, gone_en = (f"，撤销 {sheet.withdrawn}", f", {sheet.withdrawn} withdrawn") if sheet.withdrawn else ("", "")
    return Text(
        f"{sheet.register}：新增 {sheet.added}，更正 {sheet.changed}，相同 {sheet.same}{gone_zh}{absent_zh}",
        f"{sheet.register}: {sheet.added} added, {sheet.changed} changed, {sheet.same} the same{gone_en}{absent_en}",
    )


def _must_exist(paths: Iterable[Path]) -> None:
    problems = [
        Problem(
            "tables.no-file",
            Place(file=str(path)),
            Text("没有这个文件", "there is no such file"),
            Text("核对路径与文件名", "check the path and the name"),
        )
        for path in paths
        if not path.is_file()
    ]
    if problems:
        raise BadInput(problems)


def _unknown_register(name: str, catalogue: Catalogue) -> Problem:
    from dafeng.sources.tables.words import nearest

    near = nearest(name, [word for r in catalogue.registers.values() for word in (r.id, r.name.zh, r.name.en)])
    hint, hint_en = (f"；相近的有 {'、'.join(near)}", f"; similar: {', '.join(near)}") if near else ("", "")
    return Problem(
        "tables.unknown-register",
        Place(item=name),
        Text(f"没有名为“{name}”的台账{hint}", f"there is no register called “{name}”{hint_en}"),
        Text("dafeng catalogue show registers 列出全部台账", "dafeng catalogue show registers lists them all"),
    )
