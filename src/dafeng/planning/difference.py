"""What has changed between two plans: actions, tasks, units and targets, whatever their numbers have become."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

from dafeng.planning.model import Action, Plan, Target, Task

Thing = TypeVar("Thing", Action, Task, Target)
_ENOUGH = 0.55


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is in both plans and differs. what: action, task or target; fields: name → (before, after)."""

    what: str
    name: str
    before: str
    after: str
    fields: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Difference:
    """added and removed hold (what, clause, name)."""

    added: list[tuple[str, str, str]] = field(default_factory=list)
    removed: list[tuple[str, str, str]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    @property
    def same(self) -> bool:
        return not (self.added or self.removed or self.changed)

    def as_dict(self) -> dict[str, Any]:
        keys = ("what", "clause", "name")
        return {
            "same": self.same,
            "added": [dict(zip(keys, one, strict=True)) for one in self.added],
            "removed": [dict(zip(keys, one, strict=True)) for one in self.removed],
            "changed": [
                {
                    "what": change.what, "name": change.name, "clause": [change.before, change.after],
                    "fields": {name: {"before": one, "after": other} for name, (one, other) in change.fields.items()},
                }
                for change in self.changed
            ],
        }  # fmt: skip


def diff_plans(one: Plan, other: Plan) -> Difference:
    """From ``one`` to ``other``. Things are paired by their words; a new number or clause alone is no change."""
    difference = Difference()
    for name in ("title", "number", "issued_on", "status"):
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            difference.changed.append(Change("plan", name, "", "", {name: (before, after)}))
    _compare(difference, "action", one.actions, other.actions, lambda a: a.title, lambda a: a.no, _no_fields)
    _compare(difference, "task", one.items(), other.items(), lambda t: t.title, lambda t: t.clause, _task_fields)
    _compare(
        difference,
        "target",
        one.targets,
        other.targets,
        lambda t: t.subject or t.sentence,
        lambda t: t.clause,
        _target_fields,
        _target_likeness,
    )
    return difference


def _compare(
    difference: Difference, what: str, ones: Sequence[Thing], others: Sequence[Thing],
    name: Callable[[Thing], str], clause: Callable[[Thing], str],
    fields: Callable[[Thing, Thing], dict[str, tuple[Any, Any]]],
    likeness: Callable[[Thing, Thing], float] | None = None,
) -> None:  # fmt: skip
    alike = likeness or (lambda a, b: word_likeness(name(a), name(b)))
    pairs = _paired(ones, others, alike)
    for at, thing in enumerate(ones):
        if at not in pairs:
            difference.removed.append((what, clause(thing), name(thing)))
            continue
        twin = others[pairs[at]]
        changed = fields(thing, twin)
        if likeness is None and name(thing) != name(twin):
            changed["title"] = (name(thing), name(twin))
        if changed:
            difference.changed.append(Change(what, name(twin), clause(thing), clause(twin), changed))
    taken = set(pairs.values())
    difference.added += [(what, clause(thing), name(thing)) for at, thing in enumerate(others) if at not in taken]


def _paired(ones: Sequence[Thing], others: Sequence[Thing], alike: Callable[[Thing, Thing], float]) -> dict[int, int]:
    """Best pairs first, each thing once."""
    scores = sorted(
        ((alike(a, b), -abs(i - j), i, j) for i, a in enumerate(ones) for j, b in enumerate(others)), reverse=True
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, i, j in scores:
        if score < _ENOUGH:
            break
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ENOUGH or matcher.quick_ratio() < _ENOUGH:
        return 0.0
    return matcher.ratio()


def _target_likeness(one: Target, other: Target) -> float:
    """Targets are the same when they ask about the same thing by the same year; the figure may differ."""
    if (one.value is None) != (other.value is None) and one.indicator is None:
        return 0.0
    if one.indicator and one.indicator == other.indicator:
        score = 0.95
    else:
        score = word_likeness(one.subject or one.sentence, other.subject or other.sentence)
        if one.unit != other.unit and one.si_unit != other.si_unit:
            score *= 0.6
    if one.period.last != other.period.last:
        score *= 0.75
    if one.clause == other.clause:
        score += 0.02
    return score + (0.02 if (one.value, one.unit) == (other.value, other.unit) else 0.0)


def _no_fields(one: Action, other: Action) -> dict[str, tuple[Any, Any]]:
    return {}


def _task_fields(one: Task, other: Task) -> dict[str, tuple[Any, Any]]:
    before, after = ([f"{unit.name}（{unit.role}）" for unit in task.units] for task in (one, other))
    return {"units": (before, after)} if sorted(before) != sorted(after) else {}


def _target_fields(one: Target, other: Target) -> dict[str, tuple[Any, Any]]:
    """The fields that make a target what it is. The same amount in another unit is no change."""
    changed: dict[str, tuple[Any, Any]] = {}
    same_amount = one.si_value is not None and one.si_unit == other.si_unit and one.si_value == other.si_value
    if not same_amount and (one.value, one.unit) != (other.value, other.unit):
        changed["value"] = (_amount(one), _amount(other))
    for name in ("comparator", "direction", "base_year", "qualifier", "force"):
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            changed[name] = (before, after)
    if one.period != other.period:
        changed["period"] = (one.period.as_dict(), other.period.as_dict())
    return changed


def _amount(target: Target) -> str | None:
    return None if target.value is None else f"{target.value:g}{target.unit}"
