"""A plan as structure: actions with tasks, safeguards, organisation, targets, and what is left to a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

COMPARATORS = (">=", "<=", ">", "<", "=", "~")
DIRECTIONS = ("increase", "decrease", "limit")
ROLES = ("lead", "support", "wildcard")
LEVELS = ("nation", "province", "city", "district", "county")


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A responsible unit; role: lead, support, or wildcard for a name that stands for many (各有关部门)."""

    name: str
    role: str

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "role": self.role}


@dataclass(frozen=True, slots=True)
class Period:
    """Years, both ends included. 2022年起 has no last year; 到2025年 has no first."""

    first: int | None = None
    last: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"from": self.first, "to": self.last}


@dataclass(frozen=True, slots=True)
class Target:
    """What the plan commits to. value is a number in ``unit`` as printed, None where the text names no figure;
    then ``qualifier`` holds the word that says what is meant (应装尽装, 全部, 完成市级下达指标, 达峰).

    si_value, si_unit: the value in the unit we keep (22 MW for 2.2万千瓦). comparator: one of ``>= <= > < = ~``, None
    where there is nothing to compare. direction: increase; decrease (by so much against the base year); limit (a
    ceiling). span: (start, end) in the extracted text, which holds ``sentence``. parent: id of the target of which this
    is a part. confidence: 0–1."""

    id: str
    clause: str
    sentence: str
    span: tuple[int, int]
    subject: str
    value: float | None
    unit: str
    si_value: float | None = None
    si_unit: str = ""
    comparator: str | None = None
    direction: str = "increase"
    period: Period = Period()
    base_year: int | None = None
    scope: str | None = None
    qualifier: str | None = None
    force: str | None = None
    indicator: str | None = None
    units: tuple[UnitRef, ...] = ()
    parent: str | None = None
    confidence: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id, "clause": self.clause, "sentence": self.sentence, "span": list(self.span),
            "subject": self.subject, "value": _whole(self.value), "unit": self.unit, "si_value": _whole(self.si_value),
            "si_unit": self.si_unit, "comparator": self.comparator, "direction": self.direction,
            "period": self.period.as_dict(), "base_year": self.base_year, "scope": self.scope,
            "qualifier": self.qualifier, "force": self.force, "indicator": self.indicator,
            "units": [unit.as_dict() for unit in self.units], "parent": self.parent, "confidence": self.confidence,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """A task, a safeguard or an item of organisation; targets holds ids."""

    id: str
    no: str
    title: str
    clause: str
    units: tuple[UnitRef, ...] = ()
    targets: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id, "no": self.no, "title": self.title, "clause": self.clause,
            "units": [unit.as_dict() for unit in self.units], "targets": list(self.targets),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    id: str
    no: str
    title: str
    tasks: tuple[Task, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "no": self.no, "title": self.title, "tasks": [task.as_dict() for task in self.tasks]}


@dataclass(frozen=True, slots=True)
class Note:
    """Something the import leaves to a person. code names the kind of doubt; zh and en say it."""

    code: str
    clause: str | None
    text: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "clause": self.clause, "text": self.text, "zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Plan:
    """status: draft (征求意见稿) or issued. level, period and succeeds say how the plan stands to others."""

    title: str | None
    number: str | None
    issuer: str | None
    issued_on: str | None
    status: str = "issued"
    level: str = "district"
    period: Period = Period()
    succeeds: str | None = None
    actions: tuple[Action, ...] = ()
    safeguards: tuple[Task, ...] = ()
    organisation: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    def items(self) -> list[Task]:
        """Every task, safeguard and item of organisation, in order."""
        return [task for action in self.actions for task in action.tasks] + [*self.safeguards, *self.organisation]

    def as_dict(self) -> dict[str, Any]:
        """The plan as it is printed and kept (docs: Plans)."""
        return {
            "title": self.title, "number": self.number, "issuer": self.issuer, "issued_on": self.issued_on,
            "status": self.status, "level": self.level, "period": self.period.as_dict(), "succeeds": self.succeeds,
            "actions": [action.as_dict() for action in self.actions],
            "safeguards": [task.as_dict() for task in self.safeguards],
            "organisation": [task.as_dict() for task in self.organisation],
            "targets": [target.as_dict() for target in self.targets],
            "notes": [note.as_dict() for note in self.notes],
        }  # fmt: skip


def _whole(value: float | None) -> float | int | None:
    """410 rather than 410.0: people write whole numbers so."""
    return int(value) if value is not None and value == int(value) and abs(value) < 1e15 else value
