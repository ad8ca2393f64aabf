"""An account as reports are given it: tables, the factors and files they rest on, what is wrong with the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dafeng.accounting.tables import Table
from dafeng.core.errors import Problem
from dafeng.core.text import Text
from dafeng.report.sources import Citation


@dataclass(frozen=True, slots=True)
class FactorUsed:
    """A factor as lines used it in the account's year. ``made``: the arithmetic of one that is worked out of others.
    ``lines``: how many lines rest on it, none of them for one that only others are made of."""

    factor: str
    name: Text
    value: float
    unit: str
    vintage: int
    status: str
    citation: Citation
    made: str
    lines: int


@dataclass(frozen=True, slots=True)
class FileUsed:
    """A sheet that records of the account's year came from."""

    register: str
    name: Text
    file: str
    sheet: str
    records: int


@dataclass(frozen=True, slots=True)
class AccountReport:
    """policy: what the district chose (name, choice). made_at: ISO time, handed in so that the same account gives the
    same bytes. sources: by table, the document that its rows and rules are after. restated: a list for every year that
    was restated."""

    district: str
    district_en: str
    synthetic: bool
    year: int
    place: str
    as_known: str | None
    made_at: str
    policy: Sequence[tuple[Text, str]]
    tables: Sequence[Table]
    factors: Sequence[FactorUsed] = ()
    files: Sequence[FileUsed] = ()
    problems: Sequence[Problem] = field(default_factory=tuple)
    sources: Mapping[str, Citation] = field(default_factory=dict)
    restated: Sequence[Table] = ()

    def table(self, name: str) -> Table | None:
        return next((table for table in self.tables if table.id == name), None)
