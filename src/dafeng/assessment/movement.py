"""What moved between two runs of the same year, and which of a run's foundations changed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from dafeng.assessment.results import Results, TargetRow


@dataclass(frozen=True, slots=True)
class Move:
    """One target or figure that differs. ``what``: value, target, light, new or gone; before and after in the unit as
    each language writes it."""

    item: str
    name_zh: str
    name_en: str
    what: str
    before: float | str | None
    after: float | str | None
    unit_zh: str
    unit_en: str

    def unit_words(self, lang: str) -> str:
        """The unit of a figure or target; a light has none."""
        if self.what not in ("value", "target"):
            return ""
        return self.unit_en if lang == "en" else self.unit_zh


@dataclass(frozen=True, slots=True)
class Movement:
    """``because`` names the foundations that differ: facts, catalogue, plans, code, settings."""

    since: str
    because: tuple[str, ...]
    moves: tuple[Move, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def movement(before: Results, after: Results) -> Movement:
    """Compare two runs of one year, row by row."""
    foundations = sorted(set(before.foundations) | set(after.foundations))
    because = tuple(name for name in foundations if before.foundations.get(name) != after.foundations.get(name))
    return Movement(before.made_at, because, tuple(_moves(before, after)))


def _moves(before: Results, after: Results) -> Iterator[Move]:
    old = {(row.plan, row.target): row for row in before.targets}
    new = {(row.plan, row.target): row for row in after.targets}
    for key, row in new.items():
        if key not in old:
            yield _move(row, "new", None, row.said)
            continue
        was = old[key]
        if _differ(was.target_value, row.target_value):
            yield _move(row, "target", was.target_value, row.target_value)
        if _differ(was.value, row.value):
            yield _move(row, "value", was.value, row.value)
        if was.light != row.light:
            yield _move(row, "light", was.light, row.light)
    for key in old.keys() - new.keys():
        yield _move(old[key], "gone", old[key].said, None)
    known = {value.indicator: value.value for value in before.values}
    for value in after.values:
        if value.indicator in known and _differ(known[value.indicator], value.value):
            yield Move(
                f"IND.{value.indicator}",
                value.zh,
                value.en,
                "value",
                known[value.indicator],
                value.value,
                value.unit_words("zh"),
                value.unit_words("en"),
            )


def _move(row: TargetRow, what: str, before: float | str | None, after: float | str | None) -> Move:
    item = f"{row.plan} {row.clause}"
    return Move(
        item,
        row.indicator_zh or row.subject,
        row.indicator_en or row.subject,
        what,
        before,
        after,
        row.unit_words("zh"),
        row.unit_words("en"),
    )


def _differ(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return not math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
