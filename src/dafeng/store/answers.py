"""What the store is given about a file, and what it answers about records and runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was handed in. ``path`` tells where it is kept, seen from the district's folder."""

    name: str
    sha256: str
    size: int
    path: str | None = None


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A sheet that records came from. ``columns``: column → letter; ``headings``: column → heading as typed."""

    file: str
    sheet: str | None
    columns: Mapping[str, str]
    headings: Mapping[str, str]
    sha256: str
    path: str | None

    @property
    def digest(self) -> str:
        return self.sha256


@dataclass(frozen=True, slots=True)
class RecordInfo:
    """One record with everything known about it. ``typed``: column → (value, unit) where a cell was written in
    another unit than the register's; ``row`` counts from 1 as Excel does; ``recorded_at`` is aware UTC."""

    id: int
    register: str
    key: Mapping[str, Any]
    payload: Mapping[str, Any]
    typed: Mapping[str, tuple[float, str]]
    source: SourceInfo | None
    row: int | None
    recorded_at: dt.datetime
    recorded_by: str
    supersedes: int | None
    withdrawn: bool
    reason: str | None

    def cell(self, column: str) -> str | None:
        """The cell a value came from (``C12``), where it came from a sheet."""
        letter = self.source.columns.get(column) if self.source else None
        return f"{letter}{self.row}" if letter and self.row else None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run's result under the digest of what it was made from."""

    id: int
    digest: str
    made_at: dt.datetime
    code_version: str
    catalogue_digest: str
    year: int | None
    result: Any


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What a sheet did: rows added, changed, unchanged, withdrawn; and records of the register absent from it."""

    register: str
    sheet: str | None
    added: int
    changed: int
    same: int
    withdrawn: int
    absent: int

    @property
    def written(self) -> int:
        return self.added + self.changed + self.withdrawn
