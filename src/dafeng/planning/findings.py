"""What reading a text gives: targets as found, before they are numbered, and figures left to a person."""

from __future__ import annotations

from dataclasses import dataclass, field

from dafeng.planning.responsibility import Unit


@dataclass(slots=True)
class Found:
    """A target as found. start, end: its sentence in the document. at: where in it. parent: another Found."""

    start: int
    end: int
    at: int
    segment: str
    subject: str
    value: float | None
    unit: str
    comparator: str | None
    direction: str
    first: int | None = None
    last: int | None = None
    base_year: int | None = None
    scope: str | None = None
    qualifier: str | None = None
    force: str | None = None
    parent: Found | None = None
    dated: str = "none"  # own, sentence, paragraph or none: where the time comes from
    borrowed: bool = False  # the subject was said earlier
    plain: str = ""
    units: tuple[Unit, ...] | None = None  # those of a table row; None: the item's
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that was not taken, and that a person should look at."""

    reason: str
    at: int
    text: str


@dataclass(slots=True)
class Reading:
    """What one text gave. head: it holds the plan's goals; tail: it is a safeguard or the like, where only what has
    a time of its own counts; figures_only: only figures are looked for. issued: year of the plan."""

    issued: int | None
    head: bool = False
    tail: bool = False
    figures_only: bool = False
    found: list[Found] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
