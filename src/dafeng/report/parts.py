"""What a document is built from: text with the right fonts, tables of hairlines, pictures with words for the blind."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, RGBColor

from dafeng.report.figures import FIRM, THIN
from dafeng.report.words import HAIR, INK, LIGHTS, WASH, has_chinese

_MARKS = {light.mark: light.colour for light in LIGHTS.values()}
# Latin words and figures with their units and gaps; everything between is East Asian text.
_LATIN = re.compile(r"[0-9A-Za-z\u2212+≥≤≈<>][0-9A-Za-z.,%\u2009\u00a0\u2212/²³₂^·:_()\[\]'\"*=<>&;#@+-]*|[●▲◆▼○]")


def write(paragraph: Any, text: str, *, colour: str | None = None) -> None:
    """Add text in runs: East Asian ones carry the hint that gives quotes and dashes the Chinese font, lights their
    colour."""
    at = 0
    # A line must not break inside a figure, as it may at a thin space; fonts for print lack the narrow firm one.
    text = text.replace(THIN, FIRM)
    for found in _LATIN.finditer(text):
        _run(paragraph, text[at : found.start()], colour)
        _run(paragraph, found.group(), colour)
        at = found.end()
    _run(paragraph, text[at:], colour)


def _run(paragraph: Any, text: str, colour: str | None) -> None:
    if not text:
        return
    run = paragraph.add_run(text)
    if text in _MARKS:
        colour = _MARKS[text]
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    if has_chinese(text) or any(mark in text for mark in "●▲◆▼○“”‘’—…〔〕《》"):
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def add(document: Any, style: str, text: str = "") -> Any:
    paragraph = styled(document.add_paragraph(), style)
    write(paragraph, text)
    return paragraph


def styled(paragraph: Any, style: str) -> Any:
    """Give the paragraph a style by its id (the name without gaps): python-docx reads through all styles to find one
    by name, which takes longer than writing the report."""
    paragraph._p.get_or_add_pPr().style = style.replace(" ", "")
    return paragraph


@dataclass(frozen=True, slots=True)
class TableColumn:
    """``width`` in millimetres; figures are set flush right."""

    head: str
    width: float
    figures: bool = False


# A row of a table: its cells, or one string for a line across all columns.
Row = Sequence[str] | str


def add_table(document: Any, columns: Sequence[TableColumn], rows: Sequence[Row], *, small: Sequence[int] = ()) -> Any:
    """A table of hairlines: header repeated on every page, no row broken over two, widths fixed. small: columns in
    small type (formulas)."""
    table = document.add_table(rows=0, cols=len(columns))
    table.autofit = False
    _frame(table._tbl, columns)
    _head(table, columns)
    for row in rows:
        _line(table, columns, row, small)
    return table


def _frame(element: Any, columns: Sequence[TableColumn]) -> None:
    properties = element.tblPr
    for old in list(properties):
        properties.remove(old)
    total = round(sum(column.width for column in columns) * 1440 / 25.4)
    rule = f'w:val="single" w:sz="8" w:space="0" w:color="{INK}"'
    hair = f'w:val="single" w:sz="4" w:space="0" w:color="{HAIR}"'
    for xml in (
        f'<w:tblW {nsdecls("w")} w:w="{total}" w:type="dxa"/>',
        f'<w:jc {nsdecls("w")} w:val="center"/>',
        f"<w:tblBorders {nsdecls('w')}><w:top {rule}/><w:bottom {rule}/><w:insideH {hair}/></w:tblBorders>",
        f'<w:tblLayout {nsdecls("w")} w:type="fixed"/>',
        f'<w:tblCellMar {nsdecls("w")}><w:top w:w="40" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
        f'<w:bottom w:w="40" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>',
    ):
        properties.append(parse_xml(xml))
    for place, column in enumerate(element.tblGrid.findall(qn("w:gridCol"))):
        column.set(qn("w:w"), str(round(columns[place].width * 1440 / 25.4)))


def _head(table: Any, columns: Sequence[TableColumn]) -> None:
    row = table.add_row()
    _row_rules(row, head=True)
    for cell, column in zip(row.cells, columns, strict=True):
        paragraph = styled(cell.paragraphs[0], "Table Head")
        if column.figures:
            paragraph.alignment = 2
        write(paragraph, column.head)
        cell.width = Mm(column.width)
        borders = (
            f'<w:tcBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{INK}"/></w:tcBorders>'
        )
        cell._tc.get_or_add_tcPr().append(parse_xml(borders))
        _centre(cell, "bottom")


def _line(table: Any, columns: Sequence[TableColumn], held: Row, small: Sequence[int]) -> None:
    row = table.add_row()
    _row_rules(row, head=False)
    if isinstance(held, str):
        cell = row.cells[0].merge(row.cells[-1])
        write(styled(cell.paragraphs[0], "Table Head"), held)
        shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{WASH}"/>'
        cell._tc.get_or_add_tcPr().append(parse_xml(shade))
        return
    for number, (cell, column, text) in enumerate(zip(row.cells, columns, held, strict=True)):
        cell.width = Mm(column.width)
        lines = text.split("\n")
        for place, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            plain = "Table Small" if number in small else "Table Text"
            write(styled(paragraph, "Table Figure" if column.figures else plain), line)


def _row_rules(row: Any, *, head: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    if head:
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _centre(cell: Any, where: str) -> None:
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="{where}"/>'))


def add_picture(document: Any, png: bytes, width_mm: float, words: str, name: str) -> None:
    """A picture in a paragraph of its own; ``words`` say what it shows to who cannot see it."""
    paragraph = add(document, "Picture")
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width_mm))
    properties = shape._inline.docPr
    properties.set("descr", words)
    properties.set("name", name)
