"""A figure against its target: met or not, ahead or behind of its path, and the light that the rule gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dafeng.assessment import trajectory
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Rule
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.evaluation import Values
from dafeng.core.expressions import parse
from dafeng.core.functions import BASE
from dafeng.core.text import Text

NAMES = {
    "has_data": "bool",
    "due": "bool",
    "met": "bool",
    "limit": "bool",
    "has_path": "bool",
    "complete": "bool",
    "progress": "number",
}


LIGHTS = ("done", "on_course", "slipping", "behind", "no_data")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target asks for, in the indicator's unit. ``value`` None: nothing that can be measured.

    shape: cumulative | level | reduction | limit (see catalogue.schema.Indicator); comparator one of
    ``>= <= > < = ~``; years: ``start`` first year counted, ``base_year`` the year compared with, ``end``
    the year due. ``milestones``: (year, value) that the path goes through on its way.
    """

    value: float | None
    comparator: str
    shape: str
    start: int
    base_year: int
    end: int | None
    base: float | None = None
    milestones: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """Outcome in one year. ``gap`` > 0: ahead of what is expected now, in the indicator's unit;
    ``progress`` is the share of what should be done by now (1 = exactly on the path)."""

    light: str
    expected: float | None
    gap: float | None
    progress: float | None
    met: bool | None
    due: bool
    why: Text


def holds(value: float, comparator: str, target: float, direction: str = "up") -> bool:
    """Does the value keep the target? A bare figure is kept when it is reached or passed in the good direction;
    ``~`` (左右) allows one tenth; the rounding of floating arithmetic is set aside."""
    slack = 1e-9 * max(abs(value), abs(target), 1.0)
    match comparator:
        case ">=":
            return value >= target - slack
        case ">":
            return value > target + slack
        case "<=":
            return value <= target + slack
        case "<":
            return value < target - slack
        case "~":
            return value <= 1.1 * target + slack if direction == "down" else value >= 0.9 * target - slack
    return value <= target + slack if direction == "down" else value >= target - slack


def is_limit(aim: Aim) -> bool:
    """Must it hold whenever measured? A level without a year to reach it by is held like a limit."""
    return aim.shape == "limit" or (aim.shape == "level" and aim.end is None)


def expected_by(aim: Aim, year: int, direction: str = "up") -> float | None:
    """Where the path of the aim stands in ``year``; None where it has no path."""
    if aim.value is None:
        return None
    if is_limit(aim):
        return aim.value
    if aim.end is None:
        return None
    if aim.milestones and (at := trajectory.through_milestones(dict(aim.milestones), year)) is not None:
        return at
    match aim.shape:
        # A plan file may be wrong by a slip: a cut of 850 %, measured against the year it is due, has no path.
        case "cumulative" if aim.end < aim.start:
            return None
        case "reduction" if aim.base_year >= aim.end or aim.value > 100.0:
            return None
        case "cumulative":
            return trajectory.added_by(aim.value, aim.start, aim.end, year)
        case "reduction":
            return trajectory.cut_by(aim.value, aim.base_year, aim.end, year)
    if year >= aim.end:
        return aim.value
    if aim.base is None or aim.base_year >= aim.end:
        return None
    if holds(aim.base, aim.comparator, aim.value, direction):
        # Reached before the plan began: the path is to keep it, not to fall back to it.
        return aim.value
    return trajectory.level_by(aim.value, aim.base, aim.base_year, aim.end, year)


def _expected_so_far(aim: Aim, year: int, direction: str, elapsed: float) -> float | None:
    """What should be there when ``elapsed`` of the year is over: additions come in proportion."""
    at_end = expected_by(aim, year, direction)
    if aim.shape != "cumulative" or elapsed >= 1.0 or at_end is None:
        return at_end
    before = expected_by(aim, year - 1, direction) or 0.0
    return before + (at_end - before) * elapsed


def path(aim: Aim, years: range, direction: str = "up") -> list[tuple[int, float]]:
    """The expected value of each year that has one."""
    return [(year, at) for year in years if (at := expected_by(aim, year, direction)) is not None]


def _progress(aim: Aim, value: float, expected: float | None, direction: str) -> float | None:
    """Share of the way that should be done by now: 1 on the path, more when ahead."""
    if expected is None or aim.value is None:
        return None
    if aim.shape == "reduction":
        if value >= 100 or not 0 < expected < 100:
            return None
        return trajectory.cut_progress(value, expected)
    if aim.shape == "level" and aim.base is not None and expected != aim.base:
        return (value - aim.base) / (expected - aim.base)
    if direction == "down":
        return expected / value if value else None
    return value / expected if expected else None


def judge(aim: Aim, value: float | None, year: int, direction: str, rule: Rule, elapsed: float = 1.0) -> Judgement:
    """Apply the catalogue's light rule to a figure of ``year``.

    elapsed: share of the year that is over; what is added during a running year is expected in proportion.
    """
    due = aim.end is not None and year >= aim.end
    if value is None:
        return Judgement(
            "no_data", expected_by(aim, year, direction), None, None, None, due, Text("没有数据", "no data")
        )
    if aim.value is None:
        why = Text("目标没有数值，待核定", "the target has no figure yet")
        return Judgement("no_data", None, None, None, None, due, why)
    due = due and elapsed >= 1.0
    expected = _expected_so_far(aim, year, direction, elapsed)
    met = holds(value, aim.comparator, aim.value, direction)
    # A target already reached is measured against itself: a straight path through it would ask for more
    # than it does.
    progress = _progress(aim, value, expected, direction)
    gap = None if expected is None else (value - expected if direction == "up" else expected - value)
    names = {
        "has_data": True,
        "due": due,
        "met": met,
        "limit": is_limit(aim),
        "has_path": progress is not None,
        "progress": progress,
        "complete": aim.shape == "cumulative" and met,
    }
    light = _light(rule, names)
    return Judgement(light, expected, gap, progress, met, due, _why(light, due, met, progress, aim))


def check_rules(catalogue: Catalogue) -> Iterator[Problem]:
    """Cases of the rules for lights that name what is not known there, or give what is no light."""
    for rule in catalogue.rules.values():
        if rule.kind != "light":
            continue
        file = catalogue.files.get(("rules", rule.id), ("",))[-1]
        for number, case in enumerate(rule.cases, start=1):
            place = Place(file=file, item=rule.id, field=f"cases › {number}")
            if case.gives not in LIGHTS:
                yield Problem(
                    "rules.no-such-light",
                    place,
                    Text(f"没有名为 {case.gives} 的灯", f"there is no light called {case.gives}"),
                    Text(f"可用：{'、'.join(LIGHTS)}", f"use one of: {', '.join(LIGHTS)}"),
                )
            try:
                parse(case.when, NAMES, BASE, place=place, expect="bool")
            except BadInput as error:
                yield from error.problems


def _light(rule: Rule, names: Mapping[str, object]) -> str:
    for case in rule.cases:
        expression = parse(case.when, NAMES, BASE, expect="bool")
        if Values(BASE, names.__getitem__)(expression.tree) is True:
            return case.gives
    return "no_data"


def _why(light: str, due: bool, met: bool, progress: float | None, aim: Aim) -> Text:
    if due:
        return (
            Text("已达到目标", "the target is met")
            if met
            else Text(f"{aim.end} 年到期，未达到目标", f"due in {aim.end}, not met")
        )
    if met:
        return Text("已提前达到目标", "already met")
    if is_limit(aim):
        return Text("未守住限值", "the limit does not hold")
    if progress is None:
        return Text("没有基期数据，无法画出进度线", "no figure for the base year, so there is no path to compare with")
    percent = f"{100 * progress:.0f}"
    if light == "on_course":
        return Text(f"进度 {percent}%，不落后于进度线", f"{percent} % of the path, not behind it")
    return Text(f"进度 {percent}%，落后于进度线", f"{percent} % of the path, behind it")
