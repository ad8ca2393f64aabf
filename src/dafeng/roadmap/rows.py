"""What the program's families of rows share: where each variable stands, and rows written one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

INFINITE = np.inf


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is: its family, whom it bounds (measures, fund, trade, target) and in which year (None: all)."""

    family: str
    of: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each variable stands."""

    measures: int
    carriers: int
    years: int

    def built(self, measure: int, year: int) -> int:
        return measure * self.years + year

    def stock(self, measure: int, year: int) -> int:
        return (self.measures + measure) * self.years + year

    def saved(self, carrier: int, year: int) -> int:
        return (2 * self.measures + carrier) * self.years + year

    def co2(self, year: int) -> int:
        return (2 * self.measures + self.carriers) * self.years + year

    @property
    def switches(self) -> int:
        """The first column of y; there are so many columns before it."""
        return (2 * self.measures + self.carriers + 1) * self.years


@dataclass(slots=True)
class Rows:
    """Rows as they are written, one after the other."""

    rows: list[Row] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    at_row: list[int] = field(default_factory=list)
    at_column: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, row: Row, columns: Sequence[int], values: Sequence[float], lower: float, upper: float) -> None:
        self.at_row.extend([len(self.rows)] * len(columns))
        self.at_column.extend(columns)
        self.values.extend(values)
        self.rows.append(row)
        self.lower.append(lower)
        self.upper.append(upper)
