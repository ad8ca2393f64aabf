"""Loading a register of 100,000 rows and ten columns from Excel, and from CSV, into an empty SQLite store."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
import time
from pathlib import Path

from lines import Line

ROWS = 100_000


def bench() -> list[Line]:
    from dafeng.catalogue import load_catalogue

    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory(prefix="dafeng-bench-") as name:
        folder = Path(name)
        book, text = folder / "bench.xlsx", folder / "bench.csv"
        _write(book, text)
        floor = _floor(book, folder / "floor.db")
        excel = _load(book, folder / "excel", catalogue)
        again = _load(book, folder / "excel", catalogue)
        csv = _load(text, folder / "csv", catalogue)
        frame = _frame(folder / "excel", catalogue)
    return [
        Line(
            "load 100,000 rows × 10 columns, xlsx", excel, 5, reference=floor, against="read + executemany, unchecked"
        ),
        Line("the same file again (nothing new)", again, 5),
        Line("load 100,000 rows × 10 columns, csv", csv, 5),
        Line("frame of 100,000 current records", frame, 1),
    ]


def _register():
    """Ten columns of the usual kinds, independent of what the catalogue ships."""
    from dafeng.catalogue.schema import Register

    def column(kind: str, zh: str, **more: object) -> dict[str, object]:
        return {"type": kind, "name": {"zh": zh, "en": zh}, **more}

    return Register.model_validate(
        {
            "id": "bench", "name": {"zh": "测速", "en": "Bench"}, "key": ["code"], "owner": "x", "systems": ["S01"],
            "basis": {"text": {"zh": "测速", "en": "bench"}},
            "columns": {
                "code": column("text", "编号", pattern="C[0-9]{6}"),
                "title": column("text", "名称"),
                "area": column("number", "面积", unit="m2", min=0),
                "heated": column("number", "采暖面积", unit="m2", min=0, optional=True),
                "floors": column("integer", "层数", min=1, max=200),
                "finished": column("date", "竣工日期"),
                "first_year": column("year", "投用年份"),
                "metered": column("bool", "分项计量"),
                "share": column("number", "占比", unit="%", min=0, max=100),
                "remark": column("text", "备注", optional=True),
            },
            "checks": [{"that": "heated <= area", "says": {"zh": "采暖不大于面积", "en": "heated within area"}}],
        }
    )  # fmt: skip


HEADS = (
    *("编号", "名称", "面积（平方米）", "采暖面积（万平方米）", "层数"),
    *("竣工日期", "投用年份", "分项计量", "占比（%）", "备注"),
)


def _row(i: int) -> tuple[object, ...]:
    day = dt.datetime(2000 + i % 20, 1 + i % 12, 1 + i % 28)
    return (
        f"C{i:06d}", f"{i}号楼", 1000.5 + i % 5000, 0.01 * (i % 9), i % 30 + 1, day, 2000 + i % 20,
        "是" if i % 3 else "否", i % 101, "" if i % 4 else f"备注{i}",
    )  # fmt: skip


def _write(book_path: Path, text_path: Path) -> None:
    import csv

    import xlsxwriter

    with (
        xlsxwriter.Workbook(str(book_path), {"constant_memory": True}) as book,
        text_path.open("w", encoding="utf-8", newline="") as file,
    ):
        sheet, writer = book.add_worksheet("测速"), csv.writer(file)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADS)
        writer.writerow(HEADS)
        for i in range(ROWS):
            row = _row(i)
            for place, value in enumerate(row):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(i + 1, place, value, day)
                else:
                    sheet.write(i + 1, place, value)
            writer.writerow([f"{cell:%Y/%m/%d}" if isinstance(cell, dt.datetime) else cell for cell in row])


class _District:
    def __init__(self, root: Path, catalogue):
        self.root, self.max_file_mb = root, 500
        from dataclasses import replace

        self.catalogue = replace(catalogue, registers={"bench": _register()})
        root.mkdir(exist_ok=True)

    def folder(self, name: str) -> Path:
        path = self.root / name
        path.mkdir(exist_ok=True)
        return path

    def open_store(self):
        from dafeng.store import open_store

        return open_store(self.root / "dafeng.db")


def _load(path: Path, root: Path, catalogue) -> float:
    from typing import Any

    from dafeng.workflows.loading import LoadOptions, load

    district: Any = _District(root, catalogue)
    began = time.perf_counter()
    report = load(district, [path], LoadOptions("bench"))
    seconds = time.perf_counter() - began
    (outcome,) = report.files
    counts = outcome.sheets[0]
    assert outcome.error_count == 0
    assert counts.added + counts.same == ROWS
    return seconds


def _frame(root: Path, catalogue) -> float:
    district = _District(root, catalogue)
    with district.open_store() as store:
        began = time.perf_counter()
        assert store.frame(_register()).height == ROWS
        return time.perf_counter() - began


def _floor(book: Path, database: Path) -> float:
    """The least there is: cells from calamine, a polars frame, one table, no check, no origin, no history."""
    import polars as pl
    from python_calamine import CalamineWorkbook

    began = time.perf_counter()
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    frame = pl.DataFrame(rows[1:], schema=[f"c{i}" for i in range(len(HEADS))], orient="row", strict=False)
    frame = frame.with_columns(pl.col(pl.Date).cast(pl.String), pl.col(pl.Datetime).cast(pl.String))
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(f"CREATE TABLE bench ({', '.join(frame.columns)}, PRIMARY KEY (c0))")
        marks = ", ".join("?" * frame.width)
        connection.executemany(f"INSERT INTO bench VALUES ({marks})", frame.rows())
    connection.close()
    return time.perf_counter() - began
