"""A document as read: its text, the tables found in it, and remarks about what was met on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dafeng.core.text import Text
from dafeng.planning.lines import TABLE, joined
from dafeng.planning.tables import IndicatorTable, Row


@dataclass(frozen=True)
class Document:
    """kind: txt, md, html, docx or pdf. text: one paragraph a line; rows of tables are lines too, cells parted by tabs.
    tables: the tables with their rows' places in ``text``. headings: place of a line → depth, for headings known by
    style. pages: number of pages, None where there are none. notes: what a person should know about the reading."""

    text: str
    kind: str
    sha256: str
    tables: tuple[IndicatorTable, ...] = ()
    headings: dict[int, int] = field(default_factory=dict)
    pages: int | None = None
    notes: tuple[Text, ...] = ()


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
        text, places, last_prose = "", {}, {}
        title = ""
        for line in joined("\n".join(self.lines), wrapped=wrapped).split("\n"):
            if line.startswith(TABLE):
                number, content = line[1:].split(TABLE, 1)
                places.setdefault(int(number), []).append((len(text), len(text) + len(content)))
                last_prose.setdefault(int(number), title)
                line = content
            else:
                title = line
            text += line + "\n"
        tables = _continued(
            IndicatorTable(
                tuple(Row(row, *place) for row, place in zip(rows, places.get(number, []), strict=False)),
                last_prose.get(number, "")[:80],
                where,
            )
            for number, (rows, where) in enumerate(self.tables)
        )
        return Document(text.rstrip("\n"), kind, sha256, tables, self._headings(text), pages, notes)

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


def _continued(tables: Iterable[IndicatorTable]) -> tuple[IndicatorTable, ...]:
    """A table that the next page goes on with is one; heads repeated there are left out."""
    whole: list[IndicatorTable] = []
    for table in tables:
        last = whole[-1] if whole else None
        if not table.rows:
            continue
        if (
            last is not None
            and table.rows[0].start == last.rows[-1].end + 1
            and len(table.rows[0].cells) == len(last.rows[-1].cells)
        ):
            rows = [row for row in table.rows if row.cells != last.rows[0].cells]
            before = list(last.rows)
            if rows and not rows[0].cells[0] and sum(map(bool, rows[0].cells)) * 2 <= len(rows[0].cells):
                # The end of the page fell inside a row.
                rest = rows.pop(0)
                cells = tuple(one + other for one, other in zip(before[-1].cells, rest.cells, strict=True))
                before[-1] = Row(cells, before[-1].start, rest.end)
            whole[-1] = IndicatorTable((*before, *rows), last.title, last.where)
        else:
            whole.append(table)
    return tuple(whole)
