"""The hand-worked cases of the catalogue: each indicator recomputed on the rows its case gives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Golden, Register
from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.engine import Evaluation, Figure, Sql
from dafeng.indicators.facts import Facts, frame_of_rows
from dafeng.indicators.figures import Totals


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of one year of one case."""

    indicator: str
    case: int
    year: int
    expected: float | None
    figure: Figure

    @property
    def holds(self) -> bool:
        got = self.figure.value
        if got is None or self.expected is None:
            return got is None and self.expected is None
        return math.isclose(got, self.expected, rel_tol=1e-9, abs_tol=1e-12)


def facts_of(catalogue: Catalogue, case: Golden) -> Facts:
    """The rows of a case as facts; record ids run through all its registers."""
    frames, first = {}, 1
    for register, rows in case.rows.items():
        frames[register] = frame_of_rows(catalogue.registers[register], rows, first)
        first += len(rows)
    return Facts(catalogue, frames)


def _totals_of(case: Golden) -> Totals:
    return lambda name, year: case.account.get(name, {}).get(year)


def verdicts(catalogue: Catalogue, indicator: str, sql: Sql | None = None) -> Iterator[Verdict]:
    """Every expected year of every case of one indicator (base year 2020)."""
    for number, case in enumerate(catalogue.indicators[indicator].golden, start=1):
        evaluation = Evaluation(catalogue, facts_of(catalogue, case), sql=sql, totals=_totals_of(case))
        for year, expected in case.expect.items():
            yield Verdict(indicator, number, year, expected, evaluation.figure(indicator, year, case.start))


def check_golden(catalogue: Catalogue) -> Iterator[Problem]:
    """Rows of cases that are no rows of their registers. Apart from the check of formulas: a run needs no case."""
    for entry in catalogue.indicators.values():
        file = catalogue.files.get(("indicators", entry.id), ("",))[-1]
        for number, case in enumerate(entry.golden, start=1):
            for name, rows in case.rows.items():
                place = Place(file=file, item=entry.id, field=f"golden › {number} › rows › {name}")
                if name not in catalogue.registers:
                    yield Problem(
                        "indicators.unknown-register",
                        place,
                        Text(f"没有名为 {name} 的台账", f"there is no register called {name}"),
                        Text("写 registers 中已有的 id", "use the id of a register"),
                    )
                    continue
                yield from _check_rows(catalogue.registers[name], rows, place)


def _check_rows(register: Register, rows: Iterable[Mapping[str, Any]], place: Place) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=1):
        here = Place(place.file, item=place.item, field=f"{place.field} › {number}")
        for column in (name for name in row if name not in register.columns):
            yield Problem(
                "indicators.unknown-column",
                here,
                Text(f"台账没有名为 {column} 的列", f"the register has no column called {column}"),
                Text("改正列名", "mend the column's name"),
            )
        for column, value in row.items():
            if column in register.columns and not _fits(register, column, value):
                kind = register.columns[column].type
                yield Problem(
                    "indicators.golden-value",
                    here,
                    Text(f"{column} 的值“{value}”不是 {kind}", f"“{value}” of {column} is no {kind}"),
                    Text("改正该值；日期写 2023-05-01", "mend the value; dates are written 2023-05-01"),
                )


def _fits(register: Register, column: str, value: Any) -> bool:
    try:
        frame_of_rows(register, [{column: value}])
    except (ValueError, TypeError, OverflowError, pl.exceptions.PolarsError):
        return False
    return True
