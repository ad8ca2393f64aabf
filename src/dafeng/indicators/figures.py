"""What a figure is made of: what was drawn from registers, which factors, which other figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from dafeng.catalogue.schema import Source
from dafeng.core.text import Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """One figure taken from one register. ``records`` are the ids of the rows that passed the filter, with
    the rows of other registers that they refer to in ``referred`` (register → ids)."""

    name: str
    register: str
    where: str | None
    value_as: str
    value: float | None
    records: tuple[int, ...]
    referred: dict[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsedFactor:
    factor: str
    unit: str
    vintage: int
    value: float
    source: Source


@dataclass(frozen=True, slots=True)
class UsedTotal:
    """A total of the district's own account: ``address`` is what explains it (ACC.dual_control.2025.co2_own)."""

    name: str
    unit: str
    value: float
    address: str


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value in ``year`` (None: missing, and ``why`` says so), counted from ``start``."""

    indicator: str
    year: int
    start: int
    unit: str
    value: float | None
    formula: str
    drawn: tuple[Drawn, ...] = ()
    figures: tuple[Figure, ...] = ()
    factors: tuple[UsedFactor, ...] = ()
    why: Text | None = None
    base_year: int | None = None
    totals: tuple[UsedTotal, ...] = ()

    def all_drawn(self) -> Iterator[Drawn]:
        """Every draw of this figure and of the figures it is made of."""
        yield from self.drawn
        for figure in self.figures:
            yield from figure.all_drawn()

    def records(self) -> dict[str, set[int]]:
        """register → ids of every record that this figure rests on, at any depth."""
        found: dict[str, set[int]] = {}
        for drawn in self.all_drawn():
            found.setdefault(drawn.register, set()).update(drawn.records)
            for register, ids in drawn.referred.items():
                found.setdefault(register, set()).update(ids)
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure is asked for: the parameters that every expression knows."""

    year: int
    start: int
    base_year: int


class Totals(Protocol):
    """The district's own account as indicators see it: one of ``grammar.ACCOUNT`` in a year, in that unit; None
    where the account cannot say."""

    def __call__(self, name: str, year: int) -> float | None: ...


class Sql(Protocol):
    """Runs an indicator's own SQL on frames by name, apart from everything else; answers (value, ids of the
    records it used). The query gives one row: ``value`` and ``records``, a list of ``_record``."""

    def __call__(
        self, query: str, frames: Mapping[str, pl.DataFrame], parameters: Mapping[str, int]
    ) -> tuple[float | None, tuple[int, ...]]: ...
