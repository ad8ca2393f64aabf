"""What a run says, found from the results alone: standings, what is due, since when something lags, what remains.

Nothing here is laid out and no word is chosen here; ``sentences`` says it, ``word`` and ``workbook`` set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dafeng.assessment.results import FigureRow, PlanHead, Results, TargetRow, TaskRow
from dafeng.assessment.trajectory import remaining_rate
from dafeng.report import figures
from dafeng.report.figures import apart, figure, scale, unit_words, with_unit
from dafeng.report.words import LIGHTS

ORDER = ("done", "on_course", "slipping", "behind", "no_data")
# Why a target has no light, in the order in which it is told.
UNJUDGED = ("not_begun", "no_indicator", "no_target_value", "no_path", "no_data")


@dataclass(frozen=True, slots=True)
class Group:
    """Targets and tasks of one action (or of the head or the safeguards of a plan)."""

    plan: PlanHead
    part: str
    number: str
    title: str
    targets: tuple[TargetRow, ...]
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of one target as printed, all in ``unit``; ``gap_size`` is the gap without its sign; ``older`` the
    year of a figure that is of an earlier year than asked."""

    actual: str
    target: str
    expected: str
    gap: str
    gap_size: str
    unit: str
    older: str = ""

    def actual_unit(self) -> str:
        return f"{with_unit(self.actual, self.unit)}{self.older}"

    def target_unit(self) -> str:
        return with_unit(self.target, self.unit)


def shown(row: TargetRow, lang: str) -> Shown:
    """The row's figures in one scale, with enough digits that a miss never looks like a hit."""
    divisor, unit = unit_of(row, lang)

    def part(value: float | None) -> float | None:
        return None if value is None else value / divisor

    value, expected, gap = part(row.value), part(row.expected), part(row.gap)
    actual, expected_said = apart(value, expected, row.precision)
    actual_by_target, _ = apart(value, part(row.target_value), row.precision)
    actual = max(actual, actual_by_target, key=len)
    target = figure(part(row.target_value), 6)
    sign = figures.SIGNS[lang].get(row.comparator, "")
    if row.target_value is None:
        sign, target = "", row.said if has_words(row.said) else figures.NONE
    estimate = "partial" in row.flags and row.value is not None
    older = f"（{row.value_year}）" if lang == "zh" else f" ({row.value_year})"
    older = older if "older" in row.flags and row.value is not None else ""
    # The gap has the decimals of the figures beside it, so that the row adds up.
    places = max(figures.places_of(actual), figures.places_of(expected_said))
    return Shown(
        actual=f"≈{actual}" if estimate else actual,
        older=older,
        target=f"{sign}{target}",
        expected=expected_said,
        gap=figure(gap, signed=True, places=places),
        gap_size=figure(abs(gap) if gap is not None else None, places=places),
        unit=unit,
    )


def unit_of(row: TargetRow, lang: str) -> tuple[float, str]:
    """(divisor, printed unit) in which all figures of a row are told."""
    divisor, symbol = scale((row.value, row.target_value, row.expected), row.unit, lang)
    if lang == "en":
        return divisor, unit_words(symbol, lang)
    plain = plain_unit(row, lang)
    return divisor, f"{symbol[0]}{plain}" if divisor > 1 else plain


def plain_unit(row: TargetRow | FigureRow, lang: str) -> str:
    """The row's unit as printed, unscaled: what stands beside exact values."""
    if row.unit in ("1", ""):
        return ""
    return (row.unit_zh or unit_words(row.unit, lang)) if lang == "zh" else unit_words(row.unit, lang)


def due_said(row: TargetRow, lang: str) -> str:
    """The year due; in brackets where the plan names none and it is taken from the five-year plan."""
    if row.year_to is None:
        return "长期" if lang == "zh" else "open"
    if "due_assumed" in row.flags:
        return f"（{row.year_to}）" if lang == "zh" else f"({row.year_to})"
    return str(row.year_to)


def light_said(row: TargetRow, lang: str) -> str:
    """The word for a light; a figure that cannot be judged is not without data."""
    if row.light == "no_data" and "not_begun" in row.flags:
        return "未开始" if lang == "zh" else "not begun"
    if row.light == "no_data" and row.value is not None:
        return "未评判" if lang == "zh" else "not judged"
    return LIGHTS[row.light].name.say(lang)


def has_words(said: str) -> bool:
    return said not in ("", "—", figures.NONE)


def name_of(row: TargetRow, lang: str) -> str:
    return (row.indicator_zh if lang == "zh" else row.indicator_en) or row.subject or row.clause


def is_due(row: TargetRow, year: int) -> bool:
    return row.year_to is not None and row.year_to <= year


def lead_of(units: Sequence[tuple[str, str]]) -> str:
    """The unit that leads; the first named where none is said to."""
    return next((name for name, role in units if role == "lead"), units[0][0] if units else "")


def others_of(units: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    lead = lead_of(units)
    return tuple(name for name, _ in units if name != lead)


def unjudged_because(row: TargetRow, year: int) -> str | None:
    """One of UNJUDGED for a row without a light of its own, else None."""
    if row.light != "no_data":
        return None
    if "not_begun" in row.flags or (row.year_from is not None and row.year_from > year):
        return "not_begun"
    if row.indicator is None:
        return "no_indicator"
    if row.value is None:
        return "no_data"
    return "no_target_value" if row.target_value is None else "no_path"


def behind_since(row: TargetRow) -> int | None:
    """First year of the unbroken run of years, up to the last known one, in which the figure lay behind its path.

    Years that have no figure or no path break the run. None: not behind in the last year known, or no path.
    """
    path = dict(row.path)
    first: int | None = None
    for year, value in sorted(row.series, reverse=True):
        expected = path.get(year)
        if expected is None or (first is not None and year != first - 1):
            break
        short = expected - value if row.direction == "up" else value - expected
        if short <= 1e-9 * max(abs(value), abs(expected), 1.0):
            break
        first = year
    return first


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a target that is still open asks for: ``amount`` to go in the row's unit, ``per_year`` over ``years``.

    For a reduction ``per_year`` is the constant yearly cut in % that is still needed."""

    amount: float
    years: int
    per_year: float


def remaining(row: TargetRow, year: int) -> Remaining | None:
    """None when the target is met, has no figure, or its year is over."""
    if row.value is None or row.target_value is None or row.year_to is None or row.year_to <= year:
        return None
    to_go = row.target_value - row.value if row.direction == "up" else row.value - row.target_value
    if row.shape == "limit" or to_go <= 1e-9 * max(abs(row.target_value), 1.0):
        return None
    years = row.year_to - year
    if row.shape == "reduction":
        if row.value >= 100 or row.target_value >= 100:
            return None
        return Remaining(to_go, years, remaining_rate(row.target_value, row.value, years))
    return Remaining(to_go, years, to_go / years)


def groups(results: Results) -> list[Group]:
    """Head targets, then each action, then safeguards and organisation, plan by plan; empty ones left out."""
    found: list[Group] = []
    for plan in results.plans:
        targets = [row for row in results.targets if row.plan == plan.slug]
        tasks = [task for task in results.tasks if task.plan == plan.slug]
        elsewhere = {target for task in tasks if task.part != "action" for target in task.targets}
        heads = [row for row in targets if not row.action and row.target not in elsewhere]
        found.append(Group(plan, "head", "", "", tuple(heads), ()))
        for number, title in plan.actions:
            rows = tuple(row for row in targets if row.action == number)
            under = tuple(task for task in tasks if task.part == "action" and task.action == number)
            found.append(Group(plan, "action", number, title, rows, under))
        for part in ("safeguards", "organisation"):
            under = tuple(task for task in tasks if task.part == part)
            named = {target for task in under for target in task.targets}
            rows = tuple(row for row in targets if not row.action and row.target in named)
            found.append(Group(plan, part, "", "", rows, under))
    return [group for group in found if group.targets or group.tasks]


def plans_in_force(results: Results) -> tuple[PlanHead, ...]:
    """Plans that had begun by the year of the run; a plan of later years is announced, not judged. All of them where
    none had begun."""
    begun = tuple(plan for plan in results.plans if plan.first_year is None or plan.first_year <= results.year)
    return begun or results.plans


def evaluated(results: Results) -> list[TargetRow]:
    """The targets that the report judges: those of plans in force."""
    slugs = {plan.slug for plan in plans_in_force(results)}
    return [row for row in results.targets if row.plan in slugs]


def announced(results: Results) -> list[tuple[PlanHead, int]]:
    """Plans that begin later, with the number of their targets."""
    held = plans_in_force(results)
    return [(plan, sum(row.plan == plan.slug for row in results.targets)) for plan in results.plans if plan not in held]


def evaluated_groups(results: Results) -> list[Group]:
    held = plans_in_force(results)
    return [group for group in groups(results) if group.plan in held]


def is_replaced(row: TargetRow, results: Results) -> bool:
    """Does a plan that is in force ask for the same by the same year? The later plan's target is then the one."""
    return row.superseded_by is not None and any(
        row.superseded_by.split(" ")[0] == plan.slug for plan in plans_in_force(results)
    )


def counts(rows: Iterable[TargetRow]) -> dict[str, int]:
    held = list(rows)
    return {light: sum(row.light == light for row in held) for light in ORDER}


def lagging(results: Results) -> list[TargetRow]:
    """Behind before slipping, what is due first, then in the plan's order."""
    rows = [row for row in evaluated(results) if not is_replaced(row, results)]
    late = [row for row in rows if row.light in ("behind", "slipping")]
    return sorted(late, key=lambda row: (row.light != "behind", not is_due(row, results.year)))


def headlines(results: Results, most: int = 8) -> list[tuple[TargetRow, ...]]:
    """Head targets that have a history, one group per figure: the target that decides now first, later ones after.

    Cumulative figures that are counted from different years are different figures.
    """
    found: dict[tuple[str | None, int | None], list[TargetRow]] = {}
    for row in evaluated(results):
        if row.headline and row.indicator and row.series:
            start = row.year_from if row.shape == "cumulative" else None
            found.setdefault((row.indicator, start), []).append(row)

    def first(row: TargetRow) -> tuple[bool, int]:
        due = row.year_to or 9999
        return (is_replaced(row, results), due if due >= results.year else 9999 + results.year - due)

    return [tuple(sorted(rows, key=first)) for rows in found.values()][:most]


def next_due(results: Results) -> tuple[int | None, list[TargetRow]]:
    """The nearest year after the run's in which targets fall due, and those that are not yet met."""
    open_rows = [
        row
        for row in evaluated(results)
        if row.year_to is not None and row.year_to > results.year and row.light != "done"
        if not is_replaced(row, results)
    ]
    years = sorted({row.year_to for row in open_rows if row.year_to is not None})
    if not years:
        return None, []
    return years[0], [row for row in open_rows if row.year_to == years[0]]


def by_lead(rows: Iterable[TargetRow]) -> dict[str, list[TargetRow]]:
    """Rows by leading unit, most rows first; rows without any unit stand under ""."""
    found: dict[str, list[TargetRow]] = {}
    for row in rows:
        found.setdefault(lead_of(row.units), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (item[0] == "", -len(item[1]))))


def latest_reports(task: TaskRow, year: int) -> list[Mapping[str, object]]:
    """What each unit last reported on the task in the year, the lead's first."""
    last: dict[str, Mapping[str, object]] = {}
    for report in task.reported:
        held_for = str(report.get("plan") or task.plan)
        if held_for == task.plan and str(report.get("quarter", "")).startswith(str(year)):
            unit = str(report.get("unit") or "")
            if unit not in last or str(report["quarter"]) >= str(last[unit]["quarter"]):
                last[unit] = report
    lead = lead_of(task.units)
    return sorted(last.values(), key=lambda report: report.get("unit") != lead)


def verdict(results: Results) -> str:
    """The overall word, by counts of judged targets alone: ``no_data`` when fewer than half can be judged, ``behind``
    when more than a quarter of the judged are behind, ``mixed`` when any is behind or slipping, else ``on_course``."""
    rows = evaluated(results)
    held = counts(rows)
    judged = sum(held.values()) - held["no_data"]
    begun = sum(1 for row in rows if unjudged_because(row, results.year) != "not_begun")
    if not judged or 2 * judged < begun:
        return "no_data"
    if 4 * held["behind"] > judged:
        return "behind"
    return "mixed" if held["behind"] or held["slipping"] else "on_course"
