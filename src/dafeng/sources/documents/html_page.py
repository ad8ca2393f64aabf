"""Web pages: the article without menus, scripts, footers and lists of other news; tables as tables."""

from __future__ import annotations

import re

from dafeng.core.text import Text
from dafeng.sources.documents.document import Draft, is_table
from dafeng.sources.documents.refusal import refuse

_DROP = "script", "style", "noscript", "nav", "footer", "aside", "form", "button", "select", "iframe", "svg", "template"
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "br",
        "tr",
        "blockquote",
        "pre",
        "center",
        "figure",
        "hr",
        "title",
    ]
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot(?:er)?|crumb\w*|breadcrumb|rel(?:ated)?|recommend|hot|share|sidebar|copyright|pager|toolbar)(?:$|[\s_-])",
    re.I,
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)


def charset_of(data: bytes) -> str | None:
    """The encoding a page names for itself."""
    found = _CHARSET.search(data[:4096])
    name = found[1].decode("ascii").lower() if found else None
    return "gb18030" if name in ("gb2312", "gbk", "gb18030", "x-gbk") else name


def read_html(text: str, draft: Draft, file: str) -> None:
    """Put the lines of a page into a draft."""
    from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, ValueError):
        refuse(
            "documents.empty", file,
            Text("网页里没有内容", "there is nothing in the page"),
            Text("请打开原网页，另存完整网页后再导入", "open the page, save it whole and import that"),
        )  # fmt: skip
    for element in root.xpath("|".join(f"//{name}" for name in _DROP)):
        element.drop_tree()
    for element in root.xpath("//*[@class or @id]"):
        if element.getparent() is None or element.tag in ("body", "html"):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _ASIDE.search(names) and len(element.text_content()) < 1500:
            element.drop_tree()
    _Writer(draft).write(root)


class _Writer:
    """Walks a page in order; a block begins a line, a table of three columns or more is a table."""

    def __init__(self, draft: Draft):
        self.draft, self.line = draft, ""

    def write(self, root) -> None:
        self._element(root)
        self._end()

    def _end(self, depth: int | None = None) -> None:
        line = re.sub(r"[ \t\r\n]+", " ", self.line)
        self.draft.add(line.strip(" "), depth)
        self.line = ""

    def _element(self, element) -> None:
        if not isinstance(element.tag, str):
            return
        tag = element.tag
        depth = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else None
        block = tag in _BLOCKS
        if block:
            self._end()
        if tag == "table" and self._table(element):
            return
        if tag in ("title", "head"):
            return
        if tag == "pre":
            # Each line of preformatted text is a line.
            for line in element.text_content().split("\n"):
                self.draft.add(line.strip())
            return
        if tag == "li":
            self.line += _bullet(element)
        self.line += element.text or ""
        for child in element:
            self._element(child)
            self.line += child.tail or ""
        if tag in ("td", "th"):
            self.line += " "
        if block:
            self._end(depth)

    def _table(self, table) -> bool:
        """Whether the table was taken as one; a table that only lays out a page is read as text."""
        rows = list(table.iter("tr"))
        grid = _grid(rows)
        if len(grid) < 2 or not is_table(grid) or len({len(row) for row in grid}) > 1:
            return False
        headed = all(0 < len(cell) <= 20 for cell in grid[0]) and len(set(grid[0])) >= 2
        if not headed and any(len(cell) > 300 for row in grid for cell in row):
            return False
        self._end()
        self.draft.add_table(grid, "table")
        return True


def _bullet(element) -> str:
    """The number an ordered list gives its item, a bullet in an unordered one."""
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return "• "
    before = sum(1 for other in element.itersiblings("li", preceding=True))
    start = parent.get("start") or "1"
    return f"{int(start) + before if start.isdigit() else before + 1}. "


def _grid(rows) -> list[tuple[str, ...]]:
    """The cells of a table with spans filled in."""
    grid: list[dict[int, str]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while column in grid[number]:
                column += 1
            text = _cell_text(cell)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for r in range(number, min(number + high, len(grid))):
                for c in range(column, column + wide):
                    grid[r][c] = text
            column += wide
    return [tuple(row.get(c, "") for c in range(max(row, default=-1) + 1)) for row in grid if row]


def _cell_text(cell) -> str:
    """The words of a cell; what stands in blocks of its own there (a name a line) is parted by a space."""
    words = []
    for element in cell.iter():
        if element.tag in _BLOCKS:
            words.append("\n")
        if isinstance(element.tag, str):
            words.append(re.sub(r"\s+", " ", element.text or ""))
        if element is not cell:
            words.append(("\n" if element.tag in _BLOCKS else "") + re.sub(r"\s+", " ", element.tail or ""))
    return " ".join("".join(words).split())


def _span(cell, name: str) -> int:
    value = cell.get(name) or "1"
    return min(int(value), 50) if value.isdigit() and int(value) else 1
