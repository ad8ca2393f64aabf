"""A model of the pathway as a workbook or as YAML: read from what people edited, written for people to edit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.sources.tables.findings import Findings

_INTERP = re.compile(r"interp\([-+.,e\d\s]+\)")
_WIDTHS = {"path": 46, "name": 26, "of": 52, "value": 34, "source": 22, "activity": 30, "intensity": 24, "spread": 26}


def read_workbook(path: Path) -> dict[str, Any]:
    """The data of a model, each row with its sheet, row and columns. Raises BadInput for a file that is no workbook and
    for sheets and headings that cannot be."""
    from dafeng.pathway.reading_sheets import SheetRow, model_data
    from dafeng.sources.tables.grid import read_grids
    from dafeng.sources.tables.guard import inspect
    from dafeng.sources.tables.words import letter

    findings = Findings(path.name)
    if not path.is_file():
        findings.add(
            "pathway.no-file",
            Text("没有这个文件", "there is no such file"),
            Text("请核对文件名和所在文件夹", "check the name and the folder"),
        )
        raise BadInput(findings.problems)
    opened = inspect(path, findings)
    grids = read_grids(opened, findings) if opened and not findings.error_count else []
    sheets: dict[str, list[SheetRow]] = {}
    problems: list[Problem] = []
    for grid in grids:
        name = grid.name or path.stem
        problems += [_error_cell(path, name, cell, shown, letter) for cell, shown in grid.errors.items()]
        held = [(number, row) for number, row in enumerate(grid.rows, 1) if any(str(cell).strip() for cell in row)]
        if not held:
            continue
        heads = [_heading(cell) for cell in held[0][1]]
        problems += [
            _twice(path, name, held[0][0], letter(at), head)
            for at, head in enumerate(heads)
            if head in heads[:at] and head
        ]
        columns = {head: letter(at) for at, head in enumerate(heads) if head}
        sheets[name] = [
            SheetRow(number, {head: row[at] if at < len(row) else "" for at, head in enumerate(heads) if head}, columns)
            for number, row in held[1:]
        ]
    problems = [*findings.problems, *problems] if findings.error_count or problems else problems
    if problems:
        raise BadInput(problems)
    return model_data(sheets, path.name)


def _heading(cell: Any) -> str:
    """2020.0 is the year 2020."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _error_cell(path: Path, sheet: str, cell: tuple[int, int], shown: str, letter: Any) -> Problem:
    return Problem(
        "pathway.error-cell",
        Place(path.name, sheet, cell[0] + 1, letter(cell[1])),
        Text(f"单元格是错误值 {shown}", f"the cell holds the error {shown}"),
        Text("改正公式，或直接填数", "mend the formula or type the number"),
    )


def _twice(path: Path, sheet: str, row: int, column: str, head: str) -> Problem:
    return Problem(
        "pathway.heading-twice",
        Place(path.name, sheet, row, column),
        Text(f"列名“{head}”出现两次", f"the heading {head} stands twice"),
        Text("删去或改名其中一列", "delete or rename one of the columns"),
    )


# ── writing ──


def write_workbook(data: Mapping[str, Any], path: Path) -> None:
    """A sheet for each section; ``read_workbook`` reads the same model back."""
    from dafeng.pathway.reading_sheets import sheets_of
    from dafeng.workflows.reporting import written

    written(path, lambda beside: _write(sheets_of(_by_year(data)), beside))


def _by_year(data: Mapping[str, Any]) -> dict[str, Any]:
    """Stocks written as straight lines through points get a value for every year: a workbook has columns of years."""
    years = data["years"]
    span = range(years["first"], years["last"] + 1)
    return {**data, "stocks": [_stock_by_year(one, span) for one in data.get("stocks") or ()]}


def _stock_by_year(stock: Mapping[str, Any], years: range) -> dict[str, Any]:
    import numpy as np

    written = str(stock.get("values") or "")
    if not _INTERP.fullmatch(written):
        return dict(stock)
    numbers = [float(one) for one in written[len("interp(") : -1].split(",")]
    values = np.interp(list(years), numbers[::2], numbers[1::2])
    return {**stock, "values": dict(zip(years, values.tolist(), strict=True))}


def _write(sheets: Mapping[str, tuple[list[str | int], list[list[Any]]]], path: Path) -> None:
    from dafeng.report.book import Book

    book = Book(path, "")
    head = book.format(bold=True, bottom=1)
    for name, (heads, rows) in sheets.items():
        sheet = book.file.add_worksheet(name)
        for at, heading in enumerate(heads):
            sheet.write(0, at, heading, head)
            sheet.set_column(at, at, _WIDTHS.get(str(heading), 12))
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if value is not None and value != "":
                    sheet.write(number, at, value, book.format())
        sheet.freeze_panes(1, 1)
    book.file.close()


def write_yaml(data: Mapping[str, Any], path: Path) -> None:
    """A line for each driver, a few for each branch, in the order of the documentation."""
    from dafeng.workflows.reporting import written

    def write(beside: Path) -> None:
        beside.write_text(model_yaml(data), encoding="utf-8")

    written(path, write)


def model_yaml(data: Mapping[str, Any]) -> str:
    """The model as YAML: sections in order, every row in one mapping on a line of its own."""
    import yaml

    def flow(value: Any) -> str:
        return yaml.safe_dump(
            value, allow_unicode=True, default_flow_style=True, sort_keys=False, width=1_000_000
        ).strip()  # fmt: skip

    lines = []
    for name, value in data.items():
        if isinstance(value, list):
            lines.append(f"\n{name}:" if value else f"\n{name}: []")
            lines += [f"- {flow(row)}" for row in value]
        elif isinstance(value, Mapping) or not isinstance(value, str):
            lines.append(f"{name}: {flow(value).removesuffix('...').strip()}")
        else:
            lines.append(f"{name}: {flow([value])[1:-1]}")
    return "\n".join(lines) + "\n"
