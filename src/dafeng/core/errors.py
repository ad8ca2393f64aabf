"""Problems a person can mend, and the exceptions that carry them.

Everything that reads input gathers ``Problem`` objects and raises once, so that a person mends all places in
one go. An exception of ours never carries a traceback to the screen.

    DafengError
    ├── BadInput      exit code 1: a file, cell, option or setting is wrong; all problems listed
    ├── UsageError    exit code 2: the command was called wrongly
    └── NoAnswer      exit code 3: the question has no feasible answer, which is itself explained
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dafeng.core.text import Text

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem lies: any part may be unknown. ``row`` counts from 1 as Excel does; ``column`` is a
    spreadsheet letter or a heading; ``item`` and ``field`` name an entry of a YAML file."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    item: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        cell = f"{self.column or ''}{self.row or ''}" if self.column and len(self.column) <= 3 else None
        parts = [
            self.file,
            self.sheet,
            cell or (f"row {self.row}" if self.row else None),
            None if cell else self.column,
            self.item,
            self.field,
        ]
        return " › ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, which rule, what to do. ``code`` is stable and names the rule
    (``tables.duplicate-key``); the documentation lists every code."""

    code: str
    place: Place
    rule: Text
    remedy: Text
    level: str = ERROR

    def within(self, **place: str | int | None) -> Problem:
        """The same problem with more of its place known (known parts are kept)."""
        known = {name: value for name, value in place.items() if getattr(self.place, name) is None}
        return replace(self, place=replace(self.place, **known))

    def line(self, lang: str | None = None) -> str:
        where = str(self.place)
        return f"{where + ': ' if where else ''}{self.rule.say(lang)} → {self.remedy.say(lang)} [{self.code}]"

    def as_dict(self) -> dict[str, object]:
        place = {name: getattr(self.place, name) for name in ("file", "sheet", "row", "column", "item", "field")}
        return {
            "code": self.code,
            "level": self.level,
            "place": {name: value for name, value in place.items() if value is not None},
            "rule": {"zh": self.rule.zh, "en": self.rule.en},
            "remedy": {"zh": self.remedy.zh, "en": self.remedy.en},
        }


class DafengError(Exception):
    """Base of all our exceptions; carries every problem found."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(problem.line() for problem in self.problems))


class BadInput(DafengError):
    """Something a person gave is wrong."""


class UsageError(DafengError):
    """The command or function was called wrongly."""

    exit_code = 2


class NoAnswer(DafengError):
    """There is no feasible answer; the problems say which constraint fails and by how much."""

    exit_code = 3


@dataclass(slots=True)
class Problems:
    """Gathers problems while reading; ``raise_if_any`` ends the reading."""

    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, place: Place, zh: str, en: str, *, fix_zh: str, fix_en: str, level: str = ERROR) -> None:
        self.found.append(Problem(code, place, Text(zh, en), Text(fix_zh, fix_en), level))

    def extend(self, problems: Iterable[Problem]) -> None:
        self.found.extend(problems)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.found if problem.level == ERROR]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.found if problem.level == WARNING]

    def raise_if_any(self) -> None:
        if self.errors:
            raise BadInput(self.found)
