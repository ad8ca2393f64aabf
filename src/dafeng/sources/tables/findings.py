"""Problems of one file, gathered. A file may hold a hundred thousand: all are counted, the first are worded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dafeng.core.errors import ERROR, Place, Problem
from dafeng.core.text import Text

# As many as a person can mend from a list; past this the cause is one, not a thousand.
SHOWN = 1000


@dataclass(slots=True)
class Findings:
    """Every problem counted, at most ``SHOWN`` of each rule and column worded."""

    file: str
    worded: list[Problem] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0

    def add(
        self,
        code: str,
        rule: Text,
        remedy: Text,
        *,
        level: str = ERROR,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        heading: str | None = None,
    ) -> None:
        """One problem; ``column`` is a letter, ``heading`` the words above it."""
        place = Place(self.file, sheet, row, column, field=heading)
        self._count(1, level)
        self.worded.append(Problem(code, place, rule, remedy, level))

    def cells(
        self,
        code: str,
        rows: Iterable[int],
        say: Callable[[int], tuple[Text, Text]],
        *,
        level: str = ERROR,
        sheet: str | None,
        column: str | None,
        heading: str | None,
    ) -> None:
        """The same rule broken in many rows of a column. say(i) words the i-th: (rule, remedy)."""
        rows = list(rows)
        self._count(len(rows), level)
        for i, row in enumerate(rows[:SHOWN]):
            place = Place(self.file, sheet, row, column, field=heading)
            self.worded.append(Problem(code, place, *say(i), level))

    def mark(self) -> tuple[int, int, int]:
        """The present state, to come back to when a judgement has to be made anew."""
        return len(self.worded), self.error_count, self.warning_count

    def rewind(self, mark: tuple[int, int, int]) -> None:
        del self.worded[mark[0] :]
        self.error_count, self.warning_count = mark[1:]

    def extend_catalogue(self, problems: Iterable[Problem]) -> None:
        """Problems that lie in the catalogue, found while reading the file."""
        for problem in problems:
            self._count(1, problem.level)
            self.worded.append(problem)

    def _count(self, number: int, level: str) -> None:
        if level == ERROR:
            self.error_count += number
        else:
            self.warning_count += number

    @property
    def problems(self) -> list[Problem]:
        """The first ``SHOWN`` problems in reading order, errors before warnings."""
        return sorted(self.worded, key=_reading_order)[:SHOWN]

    @property
    def total(self) -> int:
        return self.error_count + self.warning_count


def _reading_order(problem: Problem) -> tuple[bool, str, int, int, str]:
    place = problem.place
    column = place.column or ""
    return (problem.level != ERROR, place.sheet or "", place.row or 0, len(column), column)
