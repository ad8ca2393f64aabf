"""Where a problem of the account lies: the engines know records, a person knows files, sheets and cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from dafeng.core.errors import Place, Problem

if TYPE_CHECKING:
    from dafeng.catalogue import Catalogue
    from dafeng.store import RecordInfo, Store


def located(problems: Iterable[Problem], store: Store, catalogue: Catalogue) -> tuple[Problem, ...]:
    """The problems with file, sheet, row and cell in place of a register and a record's id.

    An engine names a record by ``Place(item=<register>, row=<id>, field=<column>)``; every other place stays as it is.
    """
    problems = tuple(problems)
    ids = {one.place.row for one in problems if _names_record(one.place, catalogue)}
    known = {info.id: info for info in _held(store, sorted(number for number in ids if number is not None))}
    return tuple(
        replace(one, place=_cell(one.place, known[one.place.row]))
        if _names_record(one.place, catalogue) and one.place.row in known
        else one
        for one in problems
    )


def _names_record(place: Place, catalogue: Catalogue) -> bool:
    return place.file is None and place.row is not None and place.item in catalogue.registers


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
    """The place in the file; in words the register stays named, for who looks it up there."""
    if info.source is None:
        return replace(place, row=None, file=info.recorded_by)
    column = place.field or place.column
    letter = info.source.columns.get(column) if column else None
    return Place(info.source.file, info.source.sheet, info.row, letter or column, place.item, column)
