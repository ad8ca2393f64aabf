"""Where the figures of a report come from, as plain data: formula, inputs, factors with clause, records with cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dafeng.core.text import Text


@dataclass(frozen=True, slots=True)
class SourceInput:
    """One figure taken from one register. ``records`` are the ids of the rows that passed ``where``; ``referred``
    rows of other registers that those name."""

    name: str
    register: str
    where: str | None
    aggregate: str
    value: float | None
    records: tuple[int, ...]
    referred: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an outside number or a definition stands. ``status``: official, second-hand, remembered, assumption."""

    number: str | None
    title: Text | None
    clause: str | None
    words: Text | None
    status: str

    def say(self, lang: str) -> str:
        title = self.title.say(lang) if self.title else ""
        named = f"《{title}》" if title and lang == "zh" else title
        parts = [self.number or "", named, self.clause or "", self.words.say(lang) if self.words else ""]
        said = ("，" if lang == "zh" else ", ").join(part for part in parts if part)
        return said or ("未注明" if lang == "zh" else "not given")


@dataclass(frozen=True, slots=True)
class SourceFactor:
    factor: str
    name: Text
    value: float
    unit: str
    vintage: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class SourceTree:
    """A figure and what it is made of; ``figures`` are the indicators inside its formula."""

    indicator: str
    name: Text
    year: int
    start: int
    unit: str
    value: float | None
    formula: str
    inputs: tuple[SourceInput, ...] = ()
    factors: tuple[SourceFactor, ...] = ()
    figures: tuple[SourceTree, ...] = ()
    definition: Citation | None = None
    why_missing: Text | None = None

    def all_trees(self, depth: int = 0) -> Iterator[tuple[int, SourceTree]]:
        """(depth, tree) of this figure and every one inside it, top first."""
        yield depth, self
        for inner in self.figures:
            yield from inner.all_trees(depth + 1)

    def records(self) -> dict[str, set[int]]:
        """register → ids of the records it rests on, at any depth."""
        found: dict[str, set[int]] = {}
        for _, tree in self.all_trees():
            for drawn in tree.inputs:
                found.setdefault(drawn.register, set()).update(drawn.records)
                for register, ids in drawn.referred.items():
                    found.setdefault(register, set()).update(ids)
        return found


@dataclass(frozen=True, slots=True)
class SourceColumn:
    id: str
    name: Text
    unit: str | None
    type: str


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One record with the place it was read from; ``values`` by column, choices already in words."""

    id: int
    values: Mapping[str, Any]
    file: str | None
    sheet: str | None
    row: int | None
    recorded_at: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class SourceRegister:
    """The records of one register that the report's figures rest on. ``total``: how many there are of them;
    ``records`` may be only the first. ``files``: file → rows taken from it, over the records listed."""

    id: str
    name: Text
    columns: tuple[SourceColumn, ...]
    records: tuple[SourceRecord, ...]
    total: int
    files: Mapping[str, int]
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """``trees`` by ``key_of`` a target row (``IND.<id>`` for a figure without a target); ``states`` are the words for
    a task's self-assessed state; ``confirmed``: target key → the record that holds its confirmed value."""

    trees: Mapping[str, SourceTree] = field(default_factory=dict)
    registers: Mapping[str, SourceRegister] = field(default_factory=dict)
    states: Mapping[str, Text] = field(default_factory=dict)
    confirmed: Mapping[str, int] = field(default_factory=dict)

    def register_name(self, register: str, lang: str) -> str:
        held = self.registers.get(register)
        return held.name.say(lang) if held else register


def key_of(row: Any) -> str:
    """A target's key over all plans (ids repeat between plans)."""
    return f"{row.plan}/{row.target}"
