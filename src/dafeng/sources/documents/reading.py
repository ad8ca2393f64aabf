"""``read_document``: what kind of file it is, by its bytes; is it safe; and its text."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from dafeng.core.text import Text
from dafeng.sources.documents.archive import damaged, refuse_password, unpack_docx
from dafeng.sources.documents.document import Document, Draft
from dafeng.sources.documents.plain_text import decode, read_lines
from dafeng.sources.documents.refusal import AS_DOCX, SAVE_AGAIN, refuse

MOST_BYTES = 100_000_000
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def read_document(path: Path | str, *, most_bytes: int = MOST_BYTES) -> Document:
    """Read txt, md, html, docx or pdf.

    Raises BadInput for a file that is missing, empty, over most_bytes, protected by a password, cut short, with macros,
    a zip bomb, a scan without text, in an unknown encoding, or of another kind; each with what to do.
    """
    path = Path(path)
    file = str(path)
    data = _bytes(path, most_bytes)
    digest = hashlib.sha256(data).hexdigest()
    draft = Draft()
    kind = _kind(path, data, file)
    if kind == "pdf":
        from dafeng.sources.documents.pdf_file import read_pdf

        pages, notes = read_pdf(path, draft)
        return _with_text(draft.document("pdf", digest, wrapped=None, pages=pages, notes=notes), file)
    if kind == "docx":
        _docx(data, file, draft)
        return _with_text(draft.document("docx", digest, wrapped=None), file)
    if kind == "html":
        from dafeng.sources.documents.html_page import charset_of, read_html

        read_html(_page(data, charset_of(data), file), draft, file)
        return _with_text(draft.document("html", digest, wrapped=False), file)
    text = decode(data, file)
    if kind == "md":
        from dafeng.sources.documents.markdown import read_markdown

        read_markdown(text, draft)
    else:
        read_lines(text, draft)
    document = draft.document(kind, digest, wrapped=None)
    return _with_text(_as_in_file(document, text) if kind == "txt" else document, file)


def _as_in_file(document: Document, text: str) -> Document:
    """The file's own text where nothing was left out or set as a table: a place in the plan is then the place in the
    file."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if document.tables or "".join(text.split()) != "".join(document.text.split()):
        return document
    return replace(document, text=text, paragraphs=document.text)


def _bytes(path: Path, most_bytes: int) -> bytes:
    file = str(path)
    if not path.is_file():
        refuse(
            "documents.missing",
            file,
            Text("没有这个文件", "there is no such file"),
            Text("请检查路径与文件名", "check the path and the name"),
        )
    size = path.stat().st_size
    if size > most_bytes:
        refuse(
            "documents.too-large",
            file,
            Text(
                f"文件有 {size / 1e6:.0f} MB，超过上限 {most_bytes / 1e6:.0f} MB",
                f"the file has {size / 1e6:.0f} MB, over the limit of {most_bytes / 1e6:.0f} MB",
            ),
            Text("请去掉图片和附件，只保留方案正文", "take out pictures and annexes, keep the text of the plan"),
        )
    if size == 0:
        refuse("documents.empty", file, Text("文件是空的", "the file is empty"), SAVE_AGAIN)
    return path.read_bytes()


def _kind(path: Path, data: bytes, file: str) -> str:
    """The real kind of a file; its name only tells Markdown from other text."""
    if data[:1024].lstrip().startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"PK"):
        return "docx"
    if data.startswith(_OLE):
        _refuse_ole(data, file)
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6", b"II*\0", b"MM\0*")):
        refuse(
            "documents.picture",
            file,
            Text("这是图片，没有文字", "this is a picture without text"),
            Text(
                "请导入原文件，或先做文字识别（OCR）并校对",
                "import the file it was made from, or recognise the text (OCR) and proofread it first",
            ),
        )
    if data.startswith(b"{\\rtf"):
        refuse("documents.old-format", file, Text("这是 RTF 文件", "this is an RTF file"), AS_DOCX)
    suffix = path.suffix.lower()
    start = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or suffix in (".html", ".htm"):
        return "html"
    if suffix == ".docx" or suffix == ".docm":
        damaged(file)
    if suffix == ".pdf":
        refuse(
            "documents.damaged",
            file,
            Text("PDF 文件已损坏，或不是 PDF", "the file is a damaged PDF, or no PDF"),
            SAVE_AGAIN,
        )
    return "md" if suffix in (".md", ".markdown") else "txt"


def _refuse_ole(data: bytes, file: str) -> NoReturn:
    """An old .doc, or the envelope Word puts around a document with a password."""
    if "EncryptedPackage".encode("utf-16le") in data:
        refuse_password(file)
    refuse(
        "documents.old-format",
        file,
        Text("这是旧的 .doc（或 .wps、.xls）格式", "this is the old .doc (or .wps, .xls) format"),
        AS_DOCX,
    )


def _docx(data: bytes, file: str, draft: Draft) -> None:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    from dafeng.sources.documents.docx_file import read_docx

    parts = unpack_docx(data, file)
    try:
        read_docx(parts, draft)
    except (etree.XMLSyntaxError, KeyError):
        damaged(file)


def _page(data: bytes, charset: str | None, file: str) -> str:
    """The text of a page in the encoding it names, when that is right."""
    if charset:
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, file)


def _with_text(document: Document, file: str) -> Document:
    if not document.text.strip():
        refuse("documents.empty", file, Text("文件里没有文字", "there is no text in the file"), SAVE_AGAIN)
    return document
