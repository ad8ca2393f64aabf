"""Problems a person can mend, and the exceptions that carry them.

Everything that reads input gathers ``Problem`` objects and raises once, so that a person mends all places in
one go. An exception of ours never carries a traceback to the screen.

    DafengError
    ├── BadInput      exit code 1: a file, cell, option or setting is wrong; all problems listed
    ├── UsageError    exit code 2: the command was called wrongly
    └── NoAnswer      exit code 3: the question has no feasible answer, which is itself explained
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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


@contextmanager
def machine_in_words() -> Iterator[None]:
    """What the machine refuses (a full disk, a folder that may not be written, a name too long) becomes a problem with
    its place and remedy. Decorates the workflows, which are where a person's files and folders are touched."""
    try:
        yield
    except BrokenPipeError:
        raise  # Whoever reads our output has gone: no fault of anybody.
    except OSError as error:
        raise BadInput(_of_machine(error)) from error


def _of_machine(error: OSError) -> Problem:
    files = [str(name) for name in (error.filename, error.filename2) if name is not None]
    place = Place(file=files[-1] if files else None)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Problem(
                "machine.full",
                place,
                Text("磁盘已满", "the disk is full"),
                Text(
                    "腾出空间后重新运行；未完成的部分没有记入",
                    "free some space and run again; nothing half-done was kept",
                ),
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Problem(
                "machine.not-allowed",
                place,
                Text(
                    "没有读写权限，或所在磁盘只读", "reading or writing is not permitted here, or the disk is read-only"
                ),
                Text(
                    "检查文件和文件夹的权限；文件若在 Excel 等程序中打开，请先关闭",
                    "check the permissions; if the file is open in Excel or another program, close it",
                ),
            )
        case errno.ENAMETOOLONG:
            return Problem(
                "machine.name-too-long",
                place,
                Text("文件名过长", "the file's name is too long"),
                Text("改用较短的文件名", "give it a shorter name"),
            )
    said = error.strerror or type(error).__name__
    return Problem(
        "machine.file",
        place,
        Text(f"文件读写出错：{said}", f"reading or writing failed: {said}"),
        Text("检查该文件或文件夹后重新运行", "look at the file or folder and run again"),
    )
