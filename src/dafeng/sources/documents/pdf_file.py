"""PDF files: their text layer page by page, page marks and running heads taken out, tables where there are any."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from dafeng.core.text import Text
from dafeng.sources.documents.document import Draft, is_table
from dafeng.sources.documents.refusal import SAVE_AGAIN, refuse

_FEW = 12  # characters of text on a page below which it counts as a picture
_RULES_OF_A_TABLE = 8
_LINE = re.compile(r"[^\r\n]+")
# A row that is no row of heads: it has a number of its own, or a sentence in a cell.
_HOLDS = re.compile(r"\A\d{1,3}(?:\n|\Z)|[。；]|[^\n]{25}")
_ODD = re.compile("[“”‘’…—·《》〈〉]")


def read_pdf(path: Path, draft: Draft) -> tuple[int, tuple[Text, ...]]:
    """Put the text of a PDF into a draft; number of pages and remarks. Refuses a scan, a password, a broken file."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        _refuse_unopened(str(path), str(error))
    try:
        return _read(pdf, path, draft)
    finally:
        pdf.close()


def _refuse_unopened(file: str, message: str) -> NoReturn:
    if "password" in message.lower():
        refuse(
            "documents.password", file,
            Text("文件有打开密码", "the file is protected by a password"),
            Text("请打开后另存为不带密码的文件，再导入", "open it, save it without the password and import that"),
        )  # fmt: skip
    refuse("documents.damaged", file, Text("PDF 文件已损坏或不完整", "the PDF is damaged or cut short"), SAVE_AGAIN)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page; height: of its middle above the foot of the page."""

    text: str
    height: float


def _read(pdf: Any, path: Path, draft: Draft) -> tuple[int, tuple[Text, ...]]:
    count = len(pdf)
    pages: list[list[_Line]] = []
    ruled: list[int] = []
    for number in range(count):
        page = pdf[number]
        pages.append(_lines(page))
        if _is_ruled(page):
            ruled.append(number)
        page.close()
    empty = [number for number, lines in enumerate(pages, 1) if sum(len(line.text.strip()) for line in lines) < _FEW]
    if len(empty) == count or len(empty) > 0.5 * count:
        refuse(
            "documents.scanned",
            str(path),
            Text("这是扫描件：页面是图片，没有文字层", "this is a scan: its pages are pictures without text"),
            Text(
                "请向发文单位索取 Word 或可复制文字的 PDF，或先做文字识别（OCR）并校对",
                "ask for the Word file or a PDF with text, or recognise the text (OCR) and proofread it first",
            ),
        )
    tables = _tables(path, ruled) if ruled else {}
    repeated = _running_heads(pages)
    for number, lines in enumerate(pages):
        waiting = list(tables.get(number, []))
        for line in lines:
            while waiting and line.height < waiting[0].top:
                if line.height < waiting[0].foot:
                    draft.add_table(waiting[0].rows, f"page {number + 1}")
                    waiting.pop(0)
                else:
                    break
            inside = waiting and waiting[0].foot <= line.height <= waiting[0].top
            if not inside and line.text.strip() not in repeated:
                draft.add(line.text)
        for table in waiting:
            draft.add_table(table.rows, f"page {number + 1}")
    notes: tuple[Text, ...] = ()
    if empty:
        listed = "、".join(map(str, empty))
        notes = (Text(f"第 {listed} 页没有文字层，未读取", f"pages {listed} have no text and were not read"),)
    return count, notes


def _lines(page: Any) -> list[_Line]:
    """The lines of a page in the order of the file."""
    textpage = page.get_textpage()
    try:
        raw = textpage.get_text_range()
        exact = len(raw) == textpage.count_chars()
        lines = []
        for hit in _LINE.finditer(raw):
            text = hit[0]
            if not text.strip():
                continue
            first = hit.start() + len(text) - len(text.lstrip())
            _, foot, _, top = textpage.get_charbox(first) if exact else (0.0, 0.0, 0.0, 0.0)
            if exact and _ODD.search(text):
                text = _in_order(textpage, text, hit.start())
            lines.append(_Line(text.replace("\ufffe", "").replace("\x02", ""), (foot + top) / 2))
        return lines
    finally:
        textpage.close()


def _in_order(textpage: Any, text: str, start: int) -> str:
    """A line's characters from left to right. Marks set in another font (quotation marks, dots) are often written
    into the file after the words they stand among."""
    placed, right = [], float("-inf")
    for at, character in enumerate(text):
        left, _, edge, _ = textpage.get_charbox(start + at)
        if character.isspace() or left == edge:
            left = right
        placed.append((left, at, character))
        right = edge if left != edge else right
    return "".join(character for _, _, character in sorted(placed))


def _is_ruled(page: Any) -> bool:
    """Whether a page has as many lines and boxes as a table needs."""
    from pypdfium2 import raw

    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2)
    return sum(1 for _ in itertools.islice(paths, _RULES_OF_A_TABLE)) == _RULES_OF_A_TABLE


def _running_heads(pages: list[list[_Line]]) -> set[str]:
    """First and last lines that come back on most pages (a file's name, a letterhead)."""
    if len(pages) < 3:
        return set()
    edges: Counter[str] = Counter()
    for lines in pages:
        held = [line.text.strip() for line in lines if line.text.strip()]
        edges.update({*held[:1], *held[-1:]})
    return {line for line, times in edges.items() if times >= max(3, 0.6 * len(pages)) and len(line) < 60}


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a page; top and foot: heights above the foot of the page."""

    rows: list[tuple[str, ...]]
    top: float
    foot: float


def _tables(path: Path, ruled: list[int]) -> dict[int, list[_Table]]:
    """The tables of pages that have rules, from the top down."""
    import pdfplumber

    found: dict[int, list[_Table]] = {}
    with pdfplumber.open(path) as plumber:
        for number in ruled:
            page = plumber.pages[number]
            height = float(page.height)
            for table in sorted(page.find_tables(), key=lambda one: one.bbox[1]):
                if max((len(row.cells) for row in table.rows), default=0) < 2:
                    continue
                _, above, _, below = table.bbox
                rows = [tuple((cell or "").replace("\n", "") for cell in row) for row in table.extract()]
                if not is_table(rows):
                    continue
                found.setdefault(number, []).append(_Table(_filled(rows), height - above, height - below))
    return found


def _filled(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Head cells that span columns stand over each of them."""
    if len(rows) < 2 or not rows[0][0] or _HOLDS.search("\n".join(rows[0])):
        return rows
    head = list(rows[0])
    for at in range(1, len(head)):
        if not head[at] and rows[1][at]:
            head[at] = head[at - 1]
    return [tuple(head), *rows[1:]]
