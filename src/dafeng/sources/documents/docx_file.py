"""Word files: paragraphs with the numbers that Word itself gives them, and tables with merged cells filled."""

from __future__ import annotations

import re
from typing import Any

from dafeng.sources.documents.document import Draft, is_table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CN = "零一二三四五六七八九十"


def read_docx(parts: dict[str, bytes], draft: Draft) -> None:
    """Put the body of a Word file into a draft. parts: its XML files by name."""
    styles = _Styles(parts.get("word/styles.xml"))
    numbers = _Numbers(parts.get("word/numbering.xml"))
    body = _parse(parts["word/document.xml"]).find(f"{_W}body")
    if body is None:
        return
    for element in _blocks(body):
        if element.tag == f"{_W}p":
            for line, depth in _paragraph(element, styles, numbers):
                draft.add(line, depth)
            draft.add("")
        else:
            _table(element, draft, styles, numbers)


def _parse(data: bytes) -> Any:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    # No entities and no network: a document is read, never obeyed.
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _blocks(body: Any):
    """Paragraphs and tables in order, through content controls and text boxes' anchors."""
    for element in body:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag == f"{_W}sdt":
            content = element.find(f"{_W}sdtContent")
            if content is not None:
                yield from _blocks(content)


def _text(paragraph: Any) -> str:
    """The words of a paragraph as they stand after accepting every tracked change."""
    out = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t" and not _inside(element, paragraph, f"{_W}txbxContent"):
            out.append(element.text or "")
        elif element.tag in (f"{_W}br", f"{_W}cr") and element.get(f"{_W}type") != "page":
            out.append("\n")
        elif element.tag == f"{_W}tab" and element.getparent().tag == f"{_W}r":
            out.append(" ")
    return "".join(out)


def _inside(element: Any, limit: Any, tag: str) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not limit:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def _paragraph(paragraph: Any, styles: _Styles, numbers: _Numbers) -> list[tuple[str, int | None]]:
    """The lines of a paragraph; the first carries its number, and its depth when it is a heading."""
    text = _text(paragraph)
    properties = paragraph.find(f"{_W}pPr")
    style = _value(properties, "pStyle")
    number = _numbering(properties, style, styles)
    mark = numbers.next(*number) if number is not None and text.strip() else ""
    depth = styles.depth(style)
    lines = [line for line in text.split("\n") if line.strip()] or [""]
    return [(mark + lines[0].lstrip() if mark else lines[0], depth), *((line, None) for line in lines[1:])]


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{_W}{name}") if element is not None else None
    return child.get(f"{_W}val") if child is not None else None


def _numbering(properties: Any, style: str | None, styles: _Styles) -> tuple[str, int] | None:
    """(list, level) of a paragraph, its own or its style's."""
    own = properties.find(f"{_W}numPr") if properties is not None else None
    if own is not None:
        number = _value(own, "numId")
        level = _value(own, "ilvl")
        if number == "0":
            return None
        if number is not None:
            return number, int(level or 0)
    return styles.numbering(style)


class _Styles:
    """What paragraph styles say of headings and numbers."""

    def __init__(self, data: bytes | None):
        self._styles = {}
        if data:
            for style in _parse(data).iter(f"{_W}style"):
                self._styles[style.get(f"{_W}styleId")] = style

    def _chain(self, name: str | None):
        for _ in range(12):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _value(style, "basedOn")

    def depth(self, name: str | None) -> int | None:
        """1 for the outermost heading; None for running text."""
        for style in self._chain(name):
            level = _value(style.find(f"{_W}pPr"), "outlineLvl")
            if level is not None and level.isdigit() and int(level) < 9:
                return int(level) + 1
            words = _value(style, "name") or ""
            if found := re.fullmatch(r"(?:heading|标题)\s*(\d)", words, re.IGNORECASE):
                return int(found[1])
        return None

    def numbering(self, name: str | None) -> tuple[str, int] | None:
        for style in self._chain(name):
            properties = style.find(f"{_W}pPr")
            own = properties.find(f"{_W}numPr") if properties is not None else None
            if own is not None and (number := _value(own, "numId")) not in (None, "0"):
                return str(number), int(_value(own, "ilvl") or 0)
        return None


class _Numbers:
    """Counts the numbered lists of a Word file and writes each number in its form."""

    def __init__(self, data: bytes | None):
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if not data:
            return
        root = _parse(data)
        for abstract in root.iter(f"{_W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{_W}lvl"):
                start = _value(level, "start") or "1"
                levels[int(level.get(f"{_W}ilvl"))] = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    int(start) if start.isdigit() else 1,
                )
            self._levels[abstract.get(f"{_W}abstractNumId")] = levels
        for number in root.iter(f"{_W}num"):
            self._lists[number.get(f"{_W}numId")] = _value(number, "abstractNumId") or ""

    def next(self, number: str, level: int) -> str:
        """The mark of the next item of a list at a level; lists that share a definition share their count."""
        abstract = self._lists.get(number, "")
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        form, text, _ = levels[level]
        if form == "bullet":
            return "• "
        if form == "none":
            return ""

        def written(hit: re.Match[str]) -> str:
            at = int(hit[1]) - 1
            kind, _, start = levels.get(at, ("decimal", "", 1))
            return _written(counts.get(at, start), kind)

        mark = re.sub(r"%(\d)", written, text)
        return mark if mark.endswith(("、", "）", ")", "．", ".")) else mark + " "


def _written(number: int, form: str) -> str:
    """A number in one of Word's forms."""
    if form.startswith(("chinese", "japaneseCounting", "ideograph", "taiwanese")):
        return _chinese(number)
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    if number <= 10:
        return _CN[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _CN[tens]) + "十" + (_CN[ones] if ones else "") if number < 100 else str(number)


def _table(table: Any, draft: Draft, styles: _Styles, numbers: _Numbers) -> None:
    """A table of several columns; one that only boxes text is read as text."""
    grid: list[tuple[str, ...]] = []
    above: dict[int, str] = {}
    for row in table.findall(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            properties = cell.find(f"{_W}tcPr")
            wide = int(_value(properties, "gridSpan") or 1)
            merge = properties.find(f"{_W}vMerge") if properties is not None else None
            text = "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p")).strip()
            if merge is not None and merge.get(f"{_W}val") != "restart":
                text = above.get(len(cells), "")
            for _ in range(wide):
                above[len(cells)] = text
                cells.append(text)
        grid.append(tuple(cells))
    if not grid:
        return
    if not is_table(grid):
        for cell in table.iter(f"{_W}tc"):
            for element in _blocks(cell):
                if element.tag == f"{_W}p":
                    for line, depth in _paragraph(element, styles, numbers):
                        draft.add(line, depth)
            draft.add("")
        return
    draft.add_table(grid, "table")
