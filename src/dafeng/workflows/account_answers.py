"""An answer to a question put to the account: tables, a plain sentence, and what is wrong with the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dafeng.core.errors import ERROR, Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """tables: as plain data, in the order shown; ``hidden`` ones are in the JSON alone. said: sentences in both
    languages. more: what only the JSON says."""

    synthetic: bool
    tables: Sequence[Mapping[str, Any]] = ()
    hidden: Sequence[Mapping[str, Any]] = ()
    said: Sequence[Mapping[str, str]] = ()
    problems: Sequence[Problem] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return any(problem.level == ERROR for problem in self.problems)

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.more,
            "synthetic": self.synthetic,
            "said": list(self.said),
            "tables": {table["id"]: table for table in (*self.tables, *self.hidden)},
            "problems": [problem.as_dict() for problem in self.problems],
        }
