"""An account under way: what is asked, and the lines that its tables are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from dafeng.accounting.book import Book
from dafeng.accounting.boundary import Sites
from dafeng.accounting.lines import DISTRICT
from dafeng.core.errors import Problem
from dafeng.indicators.facts import Facts

# Level of the lines of a list of sites or a polygon.
BOUNDARY = "boundary"


@dataclass(frozen=True, slots=True)
class Question:
    """What an account is asked for. ``place`` names one place of ``level`` (the district itself has none); ``start``
    is the year that change is counted from; ``month`` (2026-10) the last month that the early warning looks at.
    ``boundary`` (a polygon as text, or codes of sites) takes the place of a level; ``place`` is then its name.
    ``ceiling_t`` (tCO2e), ``cut_pct`` and ``cut_from`` (a year) are goals whose probability is asked for."""

    year: int
    base_year: int
    level: str = DISTRICT
    place: str = ""
    start: int | None = None
    month: str | None = None
    targets: Mapping[str, float | None] = field(default_factory=dict)
    draws: int = 10_000
    seed: int = 1
    boundary: str | Sequence[str] | None = None
    ceiling_t: float | None = None
    cut_pct: float | None = None
    cut_from: int | None = None

    @property
    def of_district(self) -> bool:
        return self.level == DISTRICT


@dataclass(slots=True)
class Work:
    """An account under way."""

    question: Question
    facts: Facts
    book: Book
    energy: pl.DataFrame
    emissions: pl.DataFrame
    problems: list[Problem]
    sites: Sites | None = None
