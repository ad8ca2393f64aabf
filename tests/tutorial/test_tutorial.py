"""The tutorial works as written: every file is written, every command run, every promised line is printed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

PAGES = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```(\w+)(?: ([^\n]*))?\n(.*?)```", re.DOTALL)
DAFENG = str(Path(sys.executable).with_name("dafeng"))


def blocks(page: str) -> Iterator[tuple[str, str, str]]:
    """(kind, argument, body) of every fenced block, in order."""
    for found in BLOCK.finditer((PAGES / page).read_text(encoding="utf-8")):
        yield found[1], found[2] or "", found[3]


def run_console(body: str, district: Path, lang: str) -> None:
    """Run each ``$`` line; the lines under it must be printed, ``exit N`` is the exit code."""
    steps: list[tuple[str, list[str]]] = []
    for line in body.strip().splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line.strip())
    for command, promised in steps:
        where = district if (district / "district.toml").exists() else district.parent
        words = [DAFENG, *shlex.split(command)[1:]]
        done = subprocess.run(
            words, cwd=where, capture_output=True, text=True, env={**os.environ, "DAFENG_LANG": lang}, check=False
        )
        said = done.stdout + done.stderr
        exits = [line for line in promised if line.startswith("exit ")]
        assert done.returncode == (int(exits[0].split()[1]) if exits else 0), f"{command}\n{said}"
        for line in promised:
            if line not in exits:
                assert line in said, f"{command} did not print {line!r}:\n{said}"


def fill(template: Path, filled: Path, body: str) -> None:
    """Fill a template as a person does: values under the headings they belong to."""
    heads, *rows = [[cell.strip() for cell in line.split("|")] for line in body.strip().splitlines()]
    book = load_workbook(template)
    sheet = book.worksheets[0]
    header = next(
        row
        for row in sheet.iter_rows(max_row=12)
        if sum(str(cell.value or "").startswith(tuple(heads)) for cell in row) > 2
    )
    columns = {head: next(cell.column for cell in header if str(cell.value or "").startswith(head)) for head in heads}
    first = header[0].row + 1
    while any(cell.value is not None for cell in sheet[first]):
        first += 1
    for offset, row in enumerate(rows):
        for head, value in zip(heads, row, strict=False):
            if value:
                sheet.cell(first + offset, columns[head]).value = int(value) if value.isdigit() else value
    filled.parent.mkdir(exist_ok=True)
    book.save(filled)


@pytest.mark.parametrize(("page", "lang"), [("tutorial.md", "en"), ("zh/tutorial.md", "zh")])
def test_the_tutorial_works_as_written(page: str, lang: str, tmp_path: Path):
    district = tmp_path / "demo"
    for kind, argument, body in blocks(page):
        match kind:
            case "console":
                run_console(body, district, lang)
            case "yaml":
                target = district / argument.removeprefix("file=")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(body, encoding="utf-8")
            case "fill":
                template, filled = argument.split()
                fill(district / template, district / filled, body)
    (word,) = (district / "out").glob("*.docx")
    texts = [cell.text for table in Document(str(word)).tables for row in table.rows for cell in row.cells]
    assert any("自行车停车位" in text or "Bicycle racks added" in text for text in texts)
    (book,) = (path for path in (district / "out").glob("*.xlsx") if "指标表" in path.name or "targets" in path.name)
    cells = [cell for sheet in load_workbook(book).worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == 105 for cell in cells)
    assert {"ZX-001", "ZX-002"} <= {cell.value for cell in cells}
    assert list((district / "refused").glob("*.xlsx"))
