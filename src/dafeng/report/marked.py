"""The refused file given back: every bad cell coloured and explained where it stands, and all of it in a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dafeng.core.errors import ERROR, Problem

# Up to here a workbook is given back as it was, with its own widths and colours; larger ones with values only,
# since rewriting the styles of a million cells takes minutes.
MOST_STYLED_BYTES = 3_000_000
LIST_SHEET = "问题 Problems"
_COLOURS = {"error": "F4C7C3", "warning": "FCE8B2"}
_ACCENT, _HAIR, _FONT = "1F5C4A", "D5DAD7", "Microsoft YaHei"
_FACE = {"font_name": _FONT, "font_size": 10}
_HEADS = ("工作表 Sheet", "单元格 Cell", "列名 Heading", "问题 Problem", "怎样改正 Remedy", "代码 Code")
_WIDTHS = (16, 12, 24, 52, 56, 25)


def write_marked(source: Path, kind: str, target: Path, problems: Sequence[Problem], total: int) -> bool:
    """Write ``target`` (xlsx) from the refused ``source`` (kind: xlsx, xls, ods or text). total: problems found,
    of which ``problems`` are the first. False when the source cannot be read as a table at all."""
    if kind == "xlsx" and source.stat().st_size <= MOST_STYLED_BYTES:
        return _mark_workbook(source, target, problems, total)
    return _mark_values(source, kind, target, problems, total)


def comment_text(problems: Iterable[Problem]) -> str:
    """What is said at a cell: Chinese first, English below."""
    return "\n\n".join(f"{p.rule.zh}\n→ {p.remedy.zh}\n{p.rule.en}\n→ {p.remedy.en}" for p in problems)


def heading_line(problems: Sequence[Problem], total: int) -> str:
    shown = len(problems)
    if total > shown:
        zh = f"共 {total} 处，以下列出并标出前 {shown} 处；改正后再提交即可看到其余"
        return f"{zh} · {total} in all, the first {shown} are listed and marked"
    return f"共 {total} 处 · {total} in all"


def _by_cell(problems: Sequence[Problem]) -> dict[tuple[str | None, int, str], list[Problem]]:
    found: dict[tuple[str | None, int, str], list[Problem]] = {}
    for problem in problems:
        place = problem.place
        if place.row and place.column and len(place.column) <= 3:
            found.setdefault((place.sheet, place.row, place.column), []).append(problem)
    return found


def _worst(problems: Iterable[Problem]) -> str:
    return ERROR if any(problem.level == ERROR for problem in problems) else "warning"


def _mark_workbook(source: Path, target: Path, problems: Sequence[Problem], total: int) -> bool:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    try:
        book = openpyxl.load_workbook(source)
    except Exception:
        # openpyxl is stricter than Excel about styles and drawings; the values can still be given back.
        return _mark_values(source, "xlsx", target, problems, total)
    fills = {level: PatternFill("solid", fgColor=colour) for level, colour in _COLOURS.items()}
    for (sheet, row, column), found in _by_cell(problems).items():
        if sheet not in book.sheetnames:
            continue
        cell: Any = book[sheet][f"{column}{row}"]
        cell.fill = fills[_worst(found)]
        comment = Comment(comment_text(found), "dafeng", width=360, height=60 + 60 * len(found))
        try:
            cell.comment = comment
        except AttributeError:
            # A cell inside a merged range cannot carry one; the list names it all the same.
            continue
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    _list_sheet(book.create_sheet(LIST_SHEET, 0), problems, total)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    book.save(target)
    return True


def _list_sheet(sheet: Any, problems: Sequence[Problem], total: int) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    sheet["A1"] = heading_line(problems, total)
    sheet["A1"].font = Font(name=_FONT, size=12, color=_ACCENT)
    hair = Border(bottom=Side(style="hair", color=_HAIR))
    for place, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(2, place, head)
        cell.font = Font(name=_FONT, size=10, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_ACCENT)
        sheet.column_dimensions[cell.column_letter].width = width
    for number, problem in enumerate(problems, start=3):
        line = _line(problem)
        sheet.row_dimensions[number].height = _height(line)
        for place, value in enumerate(line, start=1):
            cell = sheet.cell(number, place)
            cell.value = value
            # What a file said is never run: a cell beginning with = stays words.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = hair
            cell.font = Font(name=_FONT, size=10)
        if problem.place.row and problem.place.column and problem.place.sheet:
            link = sheet.cell(number, 2)
            link.hyperlink = (
                f"#'{problem.place.sheet.replace(chr(39), chr(39) * 2)}'!{problem.place.column}{problem.place.row}"
            )
            link.font = Font(name=_FONT, size=10, underline="single", color=_ACCENT)
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _line(problem: Problem) -> tuple[str, ...]:
    place = problem.place
    cell = f"{place.column or ''}{place.row or ''}"
    return (place.sheet or "", cell, place.field or "", problem.rule.both(), problem.remedy.both(), problem.code)


def _height(line: tuple[str, ...]) -> float:
    """Points that a row of the list takes; a Chinese character is two wide."""
    wide = [
        sum(max(1, -(-sum(2 if ord(c) > 0x2E80 else 1 for c in part) // width)) for part in text.split("\n"))
        for text, width in zip(line, _WIDTHS, strict=True)
    ]
    return 15.0 * max(wide) + 4


def _mark_values(source: Path, kind: str, target: Path, problems: Sequence[Problem], total: int) -> bool:
    """A new workbook with the values of the old one, for text files, old formats and very large workbooks."""
    import xlsxwriter

    sheets = _values(source, kind)
    if not sheets:
        return False
    marks = _by_cell(problems)
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {level: book.add_format({"bg_color": f"#{colour}"}) for level, colour in _COLOURS.items()}
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        _list_values(book, problems, total)
        for name, rows in sheets:
            sheet = book.add_worksheet(name or "数据")
            _write_values(sheet, rows, day)
            for (where, row, column), found in marks.items():
                if where == name:
                    _mark_value(sheet, rows, row, column, found, formats)
    return True


def _mark_value(
    sheet: Any, rows: Sequence[Sequence[Any]], row: int, column: str, found: list[Problem], formats: dict[str, Any]
) -> None:
    place = _index(column)
    cells = rows[row - 1] if row <= len(rows) else ()
    value = cells[place] if place < len(cells) else ""
    sheet.write(row - 1, place, value if isinstance(value, str | float | int) else str(value), formats[_worst(found)])
    sheet.write_comment(row - 1, place, comment_text(found), {"width": 360, "height": 60 + 60 * len(found)})


def _write_values(sheet: Any, rows: Sequence[Sequence[Any]], day: Any) -> None:
    import datetime as dt

    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(r, c, value, day)
            elif isinstance(value, bool):
                sheet.write_boolean(r, c, value)
            elif isinstance(value, float | int):
                sheet.write_number(r, c, value)
            elif value is not None and value != "":
                sheet.write_string(r, c, str(value))


def _list_values(book: Any, problems: Sequence[Problem], total: int) -> None:
    sheet = book.add_worksheet(LIST_SHEET)
    head = book.add_format(_FACE | {"font_color": "#FFFFFF", "bg_color": f"#{_ACCENT}"})
    title = book.add_format(_FACE | {"font_size": 12, "font_color": f"#{_ACCENT}"})
    body = book.add_format(_FACE | {"text_wrap": True, "valign": "top", "bottom": 7, "bottom_color": f"#{_HAIR}"})
    sheet.write_string(0, 0, heading_line(problems, total), title)
    for place, (words, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.write_string(1, place, words, head)
        sheet.set_column(place, place, width)
    for number, problem in enumerate(problems, start=2):
        line = _line(problem)
        sheet.set_row(number, _height(line))
        for place, value in enumerate(line):
            sheet.write_string(number, place, value, body)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _values(source: Path, kind: str) -> list[tuple[str | None, Sequence[Sequence[Any]]]]:
    import io

    from python_calamine import CalamineError, CalamineWorkbook

    if kind == "text":
        rows = _text_rows(source)
        return [(None, rows)] if rows else []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.read_bytes()))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except CalamineError:
        return []


def _text_rows(source: Path) -> list[list[str]]:
    import csv
    import io

    data = source.read_bytes()
    for code in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
        mark = max(
            (",", "\t", ";", "|"),
            key=lambda m: sorted(line.count(m) for line in lines)[len(lines) // 2] if lines else 0,
        )
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    return []


def _index(column: str) -> int:
    number = 0
    for character in column:
        number = number * 26 + ord(character) - 64
    return number - 1
