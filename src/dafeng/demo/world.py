"""The district that the generator imagines: a seed, and for every register its rows, made once and shared."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dafeng.demo.chance import Chance

if TYPE_CHECKING:
    from dafeng.catalogue import Catalogue

Row = dict[str, Any]  # a key that begins with _ is the generator's own memory and goes into no workbook
Maker = Callable[["World"], list[Row]]

FIRST, LAST = 2020, 2025  # complete years
PARTIAL = 2026  # reported to the end of September
TODAY = dt.date(2026, 9, 30)
SEED = 20260930


@dataclass
class World:
    """Rows of every register for one seed. A maker may look at the rows of another register."""

    seed: int = SEED
    shipped: Catalogue | None = None  # read when it is first needed, if not handed in
    _rows: dict[str, list[Row]] = field(default_factory=dict)

    def chance(self, name: str) -> Chance:
        return Chance(self.seed, name)

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        from dafeng.catalogue import load_catalogue

        return self.shipped or load_catalogue()

    def factor(self, name: str, year: int) -> float:
        """The shipped factor in force in a year."""
        held = self.catalogue.factors[name].in_force(year)
        if held is None:
            raise KeyError(f"{name} has no value for {year}")
        return held.value

    def rows(self, register: str) -> list[Row]:
        """Rows as they are today; values in the register's own units, choices by code."""
        if register not in self._rows:
            from dafeng.demo.makers import MAKERS

            self._rows[register] = MAKERS[register](self)
        return self._rows[register]
