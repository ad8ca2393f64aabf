"""A CSV file that belongs to no district, read for an engine: text and numbers by heading, with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.sources.tables.findings import SHOWN, Findings
from dafeng.sources.tables.grid import read_grids
from dafeng.sources.tables.guard import inspect
from dafeng.sources.tables.scalars import Unread, number
from dafeng.sources.tables.words import is_nothing, letter


@dataclass(slots=True)
class PlainTable:
    """frame: a column per heading, text or, where asked for, numbers; null where nothing is written. lines: the row in
    the file, from 1, of each row of the frame. problems: cells that are wrong; an unreadable number stands as 1, so
    that what follows can find the other faults."""

    file: str
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def where(self, position: int | None, column: str | None) -> Place:
        """The place in the file of a row of the frame (from 0) and a column by its heading."""
        there = column in self.frame.columns
        return Place(
            self.file,
            row=None if position is None else self.lines[position],
            column=letter(self.frame.columns.index(column)) if there and column else None,
            field=column,
        )


def read_plain_table(path: Path, numbers: Sequence[str]) -> PlainTable:
    """The table with the columns ``numbers`` as doubles. Raises BadInput where the file cannot be read as a table."""
    findings = Findings(path.name)
    if not path.is_file():
        findings.add(
            "csv.no-file",
            Text(f"没有文件“{path}”", f"there is no file {path}"),
            Text("请核对文件名和所在文件夹", "check the name and the folder"),
        )
        raise BadInput(findings.problems)
    opened = inspect(path, findings)
    if opened and opened.kind != "text":
        findings.add(
            "csv.not-csv",
            Text("这里只读 CSV 文件", "only CSV files are read here"),
            Text("请在 Excel 或 WPS 中另存为 CSV（UTF-8）", "save it as CSV (UTF-8) in Excel or WPS"),
        )
    grids = read_grids(opened, findings) if opened and not findings.error_count else []
    if findings.error_count or not grids:
        raise BadInput(findings.problems)
    return _table(path.name, grids[0].rows, numbers)


def _table(file: str, rows: Sequence[Sequence[Any]], numbers: Sequence[str]) -> PlainTable:
    held = [(line, [str(cell).strip() for cell in row]) for line, row in enumerate(rows, 1)]
    held = [(line, row) for line, row in held if any(row)]
    (head_line, heads), data = held[0], held[1:]
    while heads and not heads[-1]:
        heads.pop()
    table = PlainTable(file, lines=[line for line, _ in data])
    table.problems += _bad_headings(file, head_line, heads)
    table.problems += _stray_cells(file, data, len(heads))
    if table.problems:
        raise BadInput(table.problems)
    cells = {
        name: pl.Series(name, [row[k] if k < len(row) else "" for _, row in data], dtype=pl.String)
        for k, name in enumerate(heads)
    }
    table.frame = pl.DataFrame(list(cells.values()))
    read = [_numbers(table, cells[name]) if name in numbers else _words(cells[name]) for name in heads]
    table.frame = pl.DataFrame(read)
    return table


def _bad_headings(file: str, line: int, heads: Sequence[str]) -> list[Problem]:
    found = []
    for k, name in enumerate(heads):
        if not name:
            found.append(
                Problem(
                    "csv.no-heading",
                    Place(file, row=line, column=letter(k)),
                    Text("这一列没有列名", "the column has no heading"),
                    Text("请写上列名，或删去这一列", "give it a heading, or delete the column"),
                )
            )
        elif name in heads[:k]:
            found.append(
                Problem(
                    "csv.heading-twice",
                    Place(file, row=line, column=letter(k), field=name),
                    Text(f"列名“{name}”出现两次", f"the heading {name} stands twice"),
                    Text("请改名或删去一列", "rename or delete one"),
                )
            )
    return found


def _stray_cells(file: str, data: Sequence[tuple[int, list[str]]], width: int) -> list[Problem]:
    """Rows that go on past the last heading: most often a figure such as 1,234 without quotes."""
    long = [line for line, row in data if any(row[width:])]
    return [
        Problem(
            "csv.too-many-cells",
            Place(file, row=line),
            Text(f"这一行多于 {width} 列", f"the row has more than {width} cells"),
            Text("数字里的千分位逗号要去掉，或加引号", "take thousands commas out of figures, or put them in quotes"),
        )
        for line in long[:SHOWN]
    ]


def _words(cells: pl.Series) -> pl.Series:
    return cells.set(cells == "", None)


def _numbers(table: PlainTable, cells: pl.Series) -> pl.Series:
    """Plain figures in bulk, every other way of writing one by one."""
    values = cells.cast(pl.Float64, strict=False).to_list()
    wrong = 0
    for position, text in enumerate(cells):
        if values[position] is not None or is_nothing(text) or not text:
            continue
        try:
            values[position] = number(text)
        except Unread:
            values[position] = 1.0
            wrong += 1
            if wrong <= SHOWN:
                table.problems.append(_no_number(table.where(position, cells.name), cells.name, text[:40]))
    return pl.Series(cells.name, values, dtype=pl.Float64)


def _no_number(place: Place, name: str, text: str) -> Problem:
    return Problem(
        "csv.not-a-number",
        place,
        Text(f"“{name}”里的“{text}”不是数字", f"“{text}” in {name} is not a number"),
        Text("只填数字，单位和说明另写", "write the figure alone; units and words belong elsewhere"),
    )
