"""PDF files: their text layer page by page, page marks and running heads taken out, tables where there are any."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from dafeng.core.text import Text
from dafeng.sources.documents.document import Draft
from dafeng.sources.documents.refusal import SAVE_AGAIN, refuse

_FEW = 12  # characters of text on a page below which it counts as a picture
_RULES_OF_A_TABLE = 8
_MARK = "\ue001"


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


def _read(pdf: Any, path: Path, draft: Draft) -> tuple[int, tuple[Text, ...]]:
    count = len(pdf)
    pages: list[list[str]] = []
    empty: list[int] = []
    ruled: list[int] = []
    for number in range(count):
        page = pdf[number]
        text = _page_text(page)
        if len(re.sub(r"\s", "", text)) < _FEW:
            empty.append(number + 1)
        if _is_ruled(page):
            ruled.append(number)
        pages.append(text.split("\n"))
        page.close()
    if count == 0 or len(empty) == count or len(empty) > 0.5 * count:
        refuse(
            "documents.scanned",
            str(path),
            Text(
                "这是扫描件：页面是图片，没有文字层", "this is a scan: its pages are pictures without a layer of text"
            ),
            Text(
                "请向发文单位索取 Word 或可复制文字的 PDF，或先做文字识别（OCR）并校对",
                "ask for the Word file or a PDF with text, or recognise the text (OCR) and proofread it first",
            ),
        )
    tables = _tables(path, ruled, pages) if ruled else {}
    repeated = _running_heads(pages)
    for line in itertools.chain.from_iterable(pages):
        if line.startswith(_MARK):
            draft.add_table(*tables[line])
        elif line.strip() not in repeated:
            draft.add(line)
    notes: tuple[Text, ...] = ()
    if empty:
        listed = "、".join(map(str, empty))
        notes = (Text(f"第 {listed} 页没有文字层，未读取", f"pages {listed} have no text and were not read"),)
    return count, notes


def _page_text(page: Any, box: tuple[float, float, float, float] | None = None) -> str:
    """The text of a page, or of a box on it (left, bottom, right, top)."""
    textpage = page.get_textpage()
    try:
        raw = textpage.get_text_range() if box is None else textpage.get_text_bounded(*box)
    finally:
        textpage.close()
    return raw.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "").replace("\x02", "")


def _is_ruled(page: Any) -> bool:
    """Whether a page has as many lines and boxes as a table needs."""
    from pypdfium2 import raw

    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2)
    return sum(1 for _ in itertools.islice(paths, _RULES_OF_A_TABLE)) == _RULES_OF_A_TABLE


def _running_heads(pages: list[list[str]]) -> set[str]:
    """First and last lines that come back on most pages (a file's name, a letterhead)."""
    if len(pages) < 3:
        return set()
    edges = Counter()
    for lines in pages:
        held = [line.strip() for line in lines if line.strip()]
        edges.update({*held[:1], *held[-1:]})
    return {line for line, times in edges.items() if times >= max(3, 0.6 * len(pages)) and len(line) < 60}


def _tables(path: Path, ruled: list[int], pages: list[list[str]]) -> dict[str, tuple[list[tuple[str, ...]], str]]:
    """Read the tables of pages that have rules, and put a mark in place of each table's words in the page's lines."""
    import pdfplumber
    import pypdfium2

    found: dict[str, tuple[list[tuple[str, ...]], str]] = {}
    document = pypdfium2.PdfDocument(path)
    with pdfplumber.open(path) as plumber:
        for number in ruled:
            page = plumber.pages[number]
            tables = [table for table in page.find_tables() if len(table.rows) >= 2 and _columns(table) >= 3]
            if not tables:
                continue
            height, width = float(page.height), float(page.width)
            lines: list[str] = []
            top = height
            for table in sorted(tables, key=lambda one: one.bbox[1]):
                _, above, _, below = table.bbox
                lines += _page_text(document[number], (0, height - above, width, top)).split("\n")
                mark = f"{_MARK}{len(found)}"
                rows = [tuple((cell or "").replace("\n", "") for cell in row) for row in table.extract()]
                found[mark] = (_filled(rows), f"page {number + 1}")
                lines.append(mark)
                top = height - below
            pages[number] = lines + _page_text(document[number], (0, 0, width, top)).split("\n")
    document.close()
    return found


def _columns(table: Any) -> int:
    return max((len(row.cells) for row in table.rows), default=0)


def _filled(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Head cells that span columns stand over each of them."""
    if not rows:
        return rows
    head = list(rows[0])
    for at in range(1, len(head)):
        if not head[at] and len(rows) > 1 and rows[1][at]:
            head[at] = head[at - 1]
    return [tuple(head), *rows[1:]]
