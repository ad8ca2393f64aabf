"""The hand-worked cases of the catalogue: each indicator recomputed on the rows its case gives."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Golden
from dafeng.indicators.engine import Evaluation, Figure, Sql
from dafeng.indicators.facts import Facts, frame_of_rows


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


def verdicts(catalogue: Catalogue, indicator: str, sql: Sql | None = None) -> Iterator[Verdict]:
    """Every expected year of every case of one indicator (base year 2020)."""
    for number, case in enumerate(catalogue.indicators[indicator].golden, start=1):
        evaluation = Evaluation(catalogue, facts_of(catalogue, case), sql=sql)
        for year, expected in case.expect.items():
            yield Verdict(indicator, number, year, expected, evaluation.figure(indicator, year, case.start))
