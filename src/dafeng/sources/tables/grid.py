"""A sheet as cells, with what Excel knows about them besides their values: merged, hidden, in error, percent."""

from __future__ import annotations

import csv
import importlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dafeng.core.text import Text
from dafeng.sources.tables.findings import Findings
from dafeng.sources.tables.guard import Opened

Cell = tuple[int, int]


@dataclass(slots=True)
class Grid:
    """One sheet. rows[r][c] counts from 0; an empty cell is ''. merged: (first row, first column, last row, last
    column). errors: cell → what Excel shows. unsaved: formulas without a stored result."""

    name: str | None
    rows: Sequence[Sequence[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    unsaved: set[Cell] = field(default_factory=set)
    percent: set[Cell] = field(default_factory=set)
    counts_from_1904: bool = False


def read_grids(opened: Opened, findings: Findings) -> list[Grid]:
    """Every sheet of the file that holds a cell."""
    grids = _read_text(opened, findings) if opened.kind == "text" else list(_read_workbook(opened, findings))
    held = [grid for grid in grids if any(cell != "" for row in grid.rows for cell in row)]
    if not held and not findings.error_count:
        findings.add(
            "tables.empty-file",
            Text("文件里没有任何数据", "the file holds no data"),
            Text("请填写后再提交", "fill it in and hand it in again"),
        )
    return held


_ERRORS_SOMEWHERE = Text("表格里有公式错误", "the table holds formula errors")
_MEND_ERRORS = Text(
    "请改正公式；若找不到，用 Excel 另存为 .xlsx 再提交，将逐格标出",
    "mend the formulas; saved by Excel as .xlsx each cell is named",
)


def _read_workbook(opened: Opened, findings: Findings) -> Iterator[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        # From bytes, since from a path calamine trusts the extension.
        book = CalamineWorkbook.from_filelike(io.BytesIO(opened.path.read_bytes()))
        if opened.kind == "ods" and b'value-type="error"' in opened.parts.get("content.xml", b""):
            findings.add("tables.formula-error", _ERRORS_SOMEWHERE, _MEND_ERRORS)
        for number, meta in enumerate(book.sheets_metadata):
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(number)
            grid = Grid(
                meta.name, sheet.to_python(skip_empty_area=False), hidden=meta.visible != SheetVisibleEnum.Visible
            )
            grid.merged = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
            if opened.kind == "xlsx":
                _mark(grid, opened, meta.name, findings)
            yield grid
    except PasswordError:
        findings.add(
            "tables.password",
            Text("文件有打开密码", "the file is protected by a password"),
            Text("请取消密码后再提交", "remove the password and hand it in again"),
        )
    except (CalamineError, OSError, ValueError) as error:
        findings.add(
            "tables.damaged",
            Text(f"文件已损坏，无法读取（{error}）", f"the file is damaged and cannot be read ({error})"),
            Text(
                "请用 Excel 或 WPS 打开检查，重新保存后再提交",
                "open it in Excel or WPS, save it again and hand it in again",
            ),
        )


# Some programs write every tag with a prefix (<x:c …>).
_ROW_HIDDEN = re.compile(rb'<(?:\w+:)?row [^>]*?r="(\d+)"[^>]*?hidden="(?:1|true)"')
_CELL_ERROR = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>'
    rb"(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[ >][^<]*</(?:\w+:)?f>)?<(?:\w+:)?v>([^<]*)<"
)
_CELL_UNSAVED = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]+)(\d+)"[^>]*>(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f(?: [^>]*)?>[^<]*</(?:\w+:)?f>)'
    rb"(?:<(?:\w+:)?v></(?:\w+:)?v>|<(?:\w+:)?v ?/>)?</(?:\w+:)?c>"
)


def _mark(grid: Grid, opened: Opened, name: str, findings: Findings) -> None:
    """What calamine does not tell is found in the sheet's XML; a plain search, since most sheets have none of it."""
    parts = opened.parts
    data = parts.get(_part_of(parts, name), b"")
    grid.counts_from_1904 = bool(re.search(rb'date1904="(1|true)"', parts.get("xl/workbook.xml", b"")))
    if b'hidden="' in data:
        grid.hidden_rows = {int(found) - 1 for found in _ROW_HIDDEN.findall(data)}
    if b't="e"' in data:
        grid.errors = {_cell(a, r): shown.decode("utf-8", "replace") for a, r, shown in _CELL_ERROR.findall(data)}
        if len(grid.errors) < data.count(b' t="e"'):
            findings.add("tables.formula-error", _ERRORS_SOMEWHERE, _MEND_ERRORS, sheet=name)
    if b"<f" in data or b":f>" in data or b":f " in data:
        # A cell in error has a value; a formula that gives '' has <v></v> with t="str" and is no fault.
        for found in _CELL_UNSAVED.finditer(data):
            if b't="str"' not in found.group(0).split(b">", 1)[0]:
                grid.unsaved.add(_cell(found.group(1), found.group(2)))
    styles = _percent_styles(parts.get("xl/styles.xml", b""))
    if styles:
        wanted = b"|".join(str(style).encode() for style in sorted(styles))
        pattern = rb'<(?:\w+:)?c r="([A-Z]+)(\d+)"[^>]*? s="(?:' + wanted + rb')"[^>/]*>(?!</)'
        grid.percent = {_cell(a, r) for a, r in re.findall(pattern, data)}


def _part_of(parts: Any, name: str) -> str:
    """The part that holds the sheet of this name: workbook.xml gives its relation, the relations the file."""
    etree: Any = importlib.import_module("lxml.etree")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    book = etree.fromstring(parts["xl/workbook.xml"], parser)
    links = etree.fromstring(parts["xl/_rels/workbook.xml.rels"], parser)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter("{*}sheet"):
        if sheet.get("name") == name:
            relation = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
            target = targets.get(relation, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _percent_styles(styles: bytes) -> set[int]:
    """Cell styles that show a share as a percentage (0.12 as 12%)."""
    if not styles:
        return set()
    etree: Any = importlib.import_module("lxml.etree")
    root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    formats = {9, 10} | {
        int(item.get("numFmtId", 0)) for item in root.iter("{*}numFmt") if "%" in item.get("formatCode", "")
    }
    cells = root.find("{*}cellXfs")
    return {n for n, item in enumerate(cells if cells is not None else ()) if int(item.get("numFmtId", 0)) in formats}


def _cell(letters: bytes, row: bytes) -> Cell:
    column = 0
    for code in letters:
        column = column * 26 + code - 64
    return int(row) - 1, column - 1


# ── text files ───────────────────────────────────────────────────────────────────────────────────────────────


def _read_text(opened: Opened, findings: Findings) -> list[Grid]:
    text = _decode(opened.path.read_bytes())
    if text is None:
        findings.add(
            "tables.encoding",
            Text(
                "无法辨认文字编码：不是 UTF-8，也不是 GB18030", "the encoding cannot be told: neither UTF-8 nor GB18030"
            ),
            Text("请另存为 UTF-8 编码的 CSV，或另存为 .xlsx", "save it as CSV in UTF-8, or as .xlsx"),
        )
        return []
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        findings.add(
            "tables.csv",
            Text(f"CSV 的引号或分隔符不成对（{error}）", f"quotes or separators of the CSV do not match ({error})"),
            Text("请在 Excel 中检查，另存为 .xlsx 再提交", "look at it in Excel and hand it in as .xlsx"),
        )
        return []
    return [Grid(None, rows)]


def _decode(data: bytes) -> str | None:
    codes = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        return text if _is_writing(text) else None
    return None


def _is_writing(text: str) -> bool:
    """Random bytes often decode as GB18030; control characters and private-use ones then give them away."""
    if "\0" in text:
        return False
    odd = len(re.findall(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]", text))
    return odd <= len(text) // 200


def _delimiter(text: str) -> str:
    """The separator that cuts the first lines most evenly."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
    best, most = ",", 0.0
    for mark in (",", "\t", ";", "|"):
        counts = sorted(line.count(mark) for line in lines)
        typical = counts[len(counts) // 2] if counts else 0
        if typical > most:
            best, most = mark, typical
    return best
