"""A document as read: its text, the tables found in it, and remarks about what was met on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dafeng.core.text import Text
from dafeng.planning.lines import TABLE, joined
from dafeng.planning.tables import IndicatorTable, Row


@dataclass(frozen=True)
class Document:
    """kind: txt, md, html, docx or pdf.

    text: one paragraph a line; rows of tables are lines too, cells parted by tabs. A text file's is the file's own
    text; ``paragraphs`` is then the same with broken lines joined. tables: the tables with their rows' places in the
    text. headings: place of a line → depth, for headings known by style. pages: number of pages, None where there are
    none. notes: what a person should know about the reading.
    """

    text: str
    kind: str
    sha256: str
    tables: tuple[IndicatorTable, ...] = ()
    headings: dict[int, int] = field(default_factory=dict)
    pages: int | None = None
    notes: tuple[Text, ...] = ()
    paragraphs: str | None = None


_OF_TWO = re.compile(r"责任|牵头|单位|部门|20\d\d\s*年")


def is_table(grid: Sequence[Sequence[str]]) -> bool:
    """Whether a grid is a table, and no frame around text: three columns, or two under heads of which the second names
    units or a year."""
    width = max(map(len, grid), default=0)
    if width != 2:
        return width > 2
    heads = [" ".join(cell.split()) for cell in grid[0]]
    return len(grid) > 2 and all(0 < len(head) <= 12 for head in heads) and _OF_TWO.search(heads[-1]) is not None


@dataclass(slots=True)
class Draft:
    """A document being put together: lines, with tables and headings marked among them."""

    lines: list[str] = field(default_factory=list)
    tables: list[tuple[list[tuple[str, ...]], str]] = field(default_factory=list)
    depths: list[tuple[str, int]] = field(default_factory=list)

    def add(self, line: str, depth: int | None = None) -> None:
        self.lines.append(line)
        if depth is not None and line.strip():
            self.depths.append((line.strip(), depth))

    def add_table(self, rows: list[tuple[str, ...]], where: str) -> None:
        """Rows of one table; the line before it is taken for its title."""
        rows = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        number = len(self.tables)
        self.tables.append((rows, where))
        self.lines += [f"{TABLE}{number}{TABLE}" + "\t".join(row) for row in rows]

    def document(
        self, kind: str, sha256: str, *, wrapped: bool | None, pages: int | None = None, notes: tuple[Text, ...] = ()
    ) -> Document:
        """Join broken lines and note where each row of a table has come to stand."""
        text, whole, title = "", [], ""
        for entry in self._entries(joined("\n".join(self.lines), wrapped=wrapped)):
            if isinstance(entry, str):
                title = entry
                text += entry + "\n"
                continue
            rows = []
            for cells in entry.rows:
                line = "\t".join(cells)
                rows.append(Row(cells, len(text), len(text) + len(line)))
                text += line + "\n"
            whole.append(IndicatorTable(tuple(rows), title[:80], entry.where))
        tables = tuple(whole)
        return Document(text.rstrip("\n"), kind, sha256, tables, self._headings(text), pages, notes)

    def _entries(self, text: str) -> Iterator[str | _Table]:
        """The lines of a joined text, and its tables each in one piece."""
        table: _Table | None = None
        seen: set[int] = set()
        for line in text.split("\n"):
            if not line.startswith(TABLE):
                if table is not None:
                    yield table
                table = None
                yield line
                continue
            number = int(line[1:].split(TABLE, 1)[0])
            if number in seen:
                continue
            seen.add(number)
            rows, where = self.tables[number]
            if table is not None and table.goes_on_with(rows):
                table.add(rows)
                continue
            if table is not None:
                yield table
            table = _Table(list(rows), where, tuple(rows[:2]))
        if table is not None:
            yield table

    def _headings(self, text: str) -> dict[int, int]:
        places: dict[int, int] = {}
        at = 0
        lines = text.split("\n")
        waiting = list(self.depths)
        for line in lines:
            if waiting and line.replace(" ", "") == waiting[0][0].replace(" ", "").replace("\u3000", ""):
                places[at] = waiting.pop(0)[1]
            at += len(line) + 1
        return places


@dataclass(slots=True)
class _Table:
    """A table being put together from the pieces that pages have made of it."""

    rows: list[tuple[str, ...]]
    where: str
    heads: tuple[tuple[str, ...], ...] = ()

    def goes_on_with(self, rows: list[tuple[str, ...]]) -> bool:
        return len(rows[0]) == len(self.rows[-1])

    def add(self, rows: list[tuple[str, ...]]) -> None:
        """The rows of the next page: heads repeated there are left out, a row cut by the page's end is made whole."""
        rows = [row for row in rows if row not in self.heads]
        if rows and not rows[0][0] and sum(map(bool, rows[0])) * 2 <= len(rows[0]):
            rest = rows.pop(0)
            self.rows[-1] = tuple(one + other for one, other in zip(self.rows[-1], rest, strict=True))
        self.rows += rows
