"""The answer of one run as data: what is printed, stored, reported and shown is read from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target of one plan in the year of the run.

    All values are in ``unit``, the one in which the plan states the target; ``indicator_value`` is the deciding value
    in ``indicator_unit``, as ``explain`` shows it. ``value`` decides; ``decided_by`` is ``own`` or ``confirmed``;
    ``own_value`` stands beside it. ``series`` is history, ``path`` what the target asks for: (year, value).
    """

    plan: str
    clause: str
    action: str
    target: str
    subject: str
    sentence: str
    said: str
    comparator: str
    target_value: float | None
    target_from: str
    year_from: int | None
    year_to: int | None
    unit: str
    indicator: str | None
    indicator_zh: str
    indicator_en: str
    direction: str
    shape: str
    headline: bool
    value: float | None
    value_year: int | None
    decided_by: str
    own_value: float | None
    confirmed_value: float | None
    confirmed_document: str | None
    expected: float | None
    gap: float | None
    progress: float | None
    light: str
    why_zh: str
    why_en: str
    units: tuple[tuple[str, str], ...]
    flags: tuple[str, ...] = ()
    superseded_by: str | None = None
    series: tuple[tuple[int, float], ...] = ()
    path: tuple[tuple[int, float], ...] = ()
    precision: int = 3
    unit_zh: str = ""
    unit_en: str = ""
    base_year: int | None = None
    indicator_unit: str = ""
    indicator_value: float | None = None

    def unit_words(self, lang: str) -> str:
        """The unit as the language writes it; English writes none for what is counted."""
        return _unit_words(self, lang)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """An indicator that no target of a plan asks for: a head figure, or one that the district added itself."""

    indicator: str
    indicator_zh: str
    indicator_en: str
    unit: str
    direction: str
    owner: str
    local: bool
    value: float | None
    year: int
    why_zh: str
    why_en: str
    series: tuple[tuple[int, float], ...] = ()
    precision: int = 3
    unit_zh: str = ""
    unit_en: str = ""

    def unit_words(self, lang: str) -> str:
        """The unit as the language writes it; English writes none for what is counted."""
        return _unit_words(self, lang)


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """Any indicator of the catalogue in the year of the run, so that two runs can be held against each other."""

    indicator: str
    zh: str
    en: str
    unit: str
    value: float | None
    unit_zh: str = ""
    unit_en: str = ""

    def unit_words(self, lang: str) -> str:
        """The unit as the language writes it; English writes none for what is counted."""
        return _unit_words(self, lang)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task with its responsible units, the targets under it and what the units last reported on it."""

    plan: str
    part: str
    action: str
    clause: str
    title: str
    units: tuple[tuple[str, str], ...]
    targets: tuple[str, ...]
    reported: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanHead:
    slug: str
    title: str
    number: str | None
    level: str
    first_year: int | None
    last_year: int | None
    succeeds: str | None
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A run. ``lights`` counts rows by light; ``foundations`` are digests of what it was made from (facts, catalogue,
    plans, settings, code); ``notes`` are words for a person (both languages)."""

    district: str
    district_en: str
    synthetic: bool
    year: int
    base_year: int
    as_known_on: str
    made_at: str
    digest: str
    code: str
    catalogue: str
    plans: tuple[PlanHead, ...]
    targets: tuple[TargetRow, ...]
    tasks: tuple[TaskRow, ...]
    registers: Mapping[str, int]
    figures: tuple[FigureRow, ...] = ()
    values: tuple[IndicatorValue, ...] = ()
    foundations: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()
    partial_year: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lights(self) -> dict[str, int]:
        order = ("done", "on_course", "slipping", "behind", "no_data")
        return {light: sum(row.light == light for row in self.targets) for light in order}

    @property
    def not_begun(self) -> int:
        """How many of those without a light only begin after the year of the run."""
        return sum("not_begun" in row.flags for row in self.targets)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Results:
        held = dict(data)
        held["plans"] = tuple(_of(PlanHead, plan) for plan in data["plans"])
        held["targets"] = tuple(_of(TargetRow, row) for row in data["targets"])
        held["figures"] = tuple(_of(FigureRow, row) for row in data["figures"])
        held["values"] = tuple(_of(IndicatorValue, row) for row in data["values"])
        held["tasks"] = tuple(_of(TaskRow, row) for row in data["tasks"])
        held["notes"] = tuple(tuple(note) for note in data["notes"])
        return cls(**held)


def _unit_words(row: TargetRow | FigureRow | IndicatorValue, lang: str) -> str:
    if not row.unit_zh:
        return row.unit
    return row.unit_en if lang == "en" else row.unit_zh


def _of(kind: type[Any], data: Mapping[str, Any]) -> Any:
    return kind(**{f.name: _frozen(data[f.name]) for f in fields(kind) if f.name in data})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
