"""Where a problem of the account lies: the engines know records, a person knows files, sheets and cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text

if TYPE_CHECKING:
    from dafeng.accounting.tables import Cell, Table
    from dafeng.catalogue import Catalogue
    from dafeng.indicators.facts import Facts
    from dafeng.store import RecordInfo, Store

# A register's year, where an engine knows no record: ``yearly_totals 2025``.
_RECORD = re.compile(r"#(\d+)")
_YEAR = re.compile(r"(?P<register>[a-z]\w*) (?P<year>\d{4})")


def located(problems: Iterable[Problem], store: Store, facts: Facts) -> tuple[Problem, ...]:
    """The problems with file, sheet, row and cell in place of a register and a record.

    An engine names a record by ``Place(item=<register>, row=<id>, field=<column>)``, or a register's year by
    ``Place(item="<register> <year>", field=<column>)``; every other place stays as it is.
    """
    problems, catalogue = tuple(problems), facts.catalogue
    named = {one: number for one in problems if (number := _record(one.place, facts, catalogue)) is not None}
    known = {info.id: info for info in _held(store, sorted(set(named.values())))}
    return tuple(
        replace(one, place=_cell(one.place, known[named[one]])) if named.get(one) in known else one for one in problems
    )


def _record(place: Place, facts: Facts, catalogue: Catalogue) -> int | None:
    if place.file is not None or place.item is None:
        return None
    if place.item in catalogue.registers:
        return place.row
    found = _YEAR.fullmatch(place.item)
    frame = facts.frame(found["register"]) if found and found["register"] in catalogue.registers else None
    if found is None or frame is None or "period" not in frame.columns:
        return None
    records = frame.filter(frame["period"] == int(found["year"]))["_record"].to_list()
    return records[0] if len(records) == 1 else None


def _held(store: Store, ids: list[int]) -> list[RecordInfo]:
    try:
        return store.records(ids)
    except KeyError:
        # A row that no file holds (an engine's own): those that are known keep their cells.
        return [info for number in ids for info in _one(store, number)]


def _one(store: Store, number: int) -> list[RecordInfo]:
    try:
        return store.records([number])
    except KeyError:
        return []


def _cell(place: Place, info: RecordInfo) -> Place:
    """The place in the file; the register and the column stay named, for who looks them up there."""
    if info.source is None:
        return replace(place, row=None, file=info.recorded_by)
    column = place.field or place.column
    letter = info.source.columns.get(column) if column else None
    return Place(info.source.file, info.source.sheet, info.row, letter or column, place.item, column)


def _where(info: RecordInfo) -> str:
    if info.source is None:
        return f"#{info.id}"
    return " › ".join(str(part) for part in (info.source.file, info.source.sheet, info.row) if part)


def with_places(table: Table, store: Store) -> Table:
    """The same for a table of the engine."""
    reasons = [cell.reason for row in table.rows for cell in row.cells.values() if cell.reason]
    ids = sorted({int(number) for reason in reasons for number in _RECORD.findall(reason.zh)})
    known = {info.id: _where(info) for info in _held(store, ids)}

    def said(text: str) -> str:
        return _RECORD.sub(lambda found: known.get(int(found[1]), found[0]), text)

    def of(cell: Cell) -> Cell:
        return replace(cell, reason=Text(said(cell.reason.zh), said(cell.reason.en))) if cell.reason else cell

    rows = [replace(row, cells={name: of(cell) for name, cell in row.cells.items()}) for row in table.rows]
    return replace(table, rows=rows)
