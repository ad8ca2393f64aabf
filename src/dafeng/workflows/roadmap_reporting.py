"""The roadmap of a district as the yearly report is given it: families of measures, targets, abatement curve."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dafeng.core.errors import BadInput
from dafeng.core.text import Text
from dafeng.workflows.district import District
from dafeng.workflows.roadmap import solve_case
from dafeng.workflows.roadmap_district import CaseOf, costs_of, curve_of, district_case

if TYPE_CHECKING:
    from dafeng.report.roadmap_model import Bar, RoadmapReport, TargetLine, Work
    from dafeng.roadmap.case import Case, Measure, Target
    from dafeng.roadmap.curve import Curve
    from dafeng.roadmap.target_costs import TargetCost
    from dafeng.workflows.roadmap import Solved


def roadmap_of(district: District, year: int, as_known: dt.date | None = None) -> RoadmapReport | None:
    """The schedule of the years after ``year``; where not every target can be met, the one that relaxes least. None for
    a report as known on a past day, and where there is no account; what is wrong then, ``dafeng roadmap`` says."""
    if as_known is not None:
        return None
    try:
        made = district_case(district, base=year)
        solved = solve_case(made.case, made.place, relax=True)
    except BadInput:
        return None
    return report_of(solved, made, synthetic=district.synthetic) if solved.outcome.answer.schedule else None


def report_of(solved: Solved, made: CaseOf, *, synthetic: bool) -> RoadmapReport:
    from dafeng.report.roadmap_model import RoadmapReport

    answer, case = solved.outcome.answer, solved.case
    curve = curve_of(solved)
    exact = solved.outcome.exact
    return RoadmapReport(
        case.years, synthetic, made.origin, bool(answer.relax), answer.cost or 0.0, answer.gap,
        exact.about if exact else None, works_of(solved), tuple(_targets(solved)),
        bars_of(case, curve) if curve else (), case.years[-1], curve.alone_t if curve else 0.0,
        case.base_co2.tolist(), answer.co2_t.tolist(), made.notes,
    )  # fmt: skip


# ── families ──


def family_of(measure: str) -> str:
    """``led_lighting.mall`` is of the family ``led_lighting``."""
    return measure.partition(".")[0]


def family_names(case: Case) -> dict[str, Text]:
    """A family's name: that of its measures without the type of building in brackets at its end."""
    found: dict[str, list[Measure]] = {}
    for one in case.measures:
        found.setdefault(family_of(one.id), []).append(one)
    return {family: _name(held) for family, held in found.items()}


def _name(held: list[Measure]) -> Text:
    name = held[0].name
    if "." not in held[0].id:
        return name
    zh = name.zh.rpartition("（")[0] if name.zh.endswith("）") else name.zh
    en = name.en.rpartition(" (")[0] if name.en.endswith(")") else name.en.rpartition(",")[0] or name.en
    return Text(zh or name.zh, en or name.en)


def works_of(solved: Solved) -> tuple[Work, ...]:
    """Families that the schedule builds anything of, by responsible unit."""
    from dafeng.report.roadmap_model import Work

    case, names = solved.case, family_names(solved.case)
    by_key = {one.key: one for one in case.measures}
    amounts: dict[tuple[str, str, str], dict[int, float]] = {}
    capex: dict[tuple[str, str, str], dict[int, float]] = {}
    assumed: dict[tuple[str, str, str], float] = {}
    for line in solved.outcome.answer.schedule:
        measure = by_key[line.measure, line.zone]
        key = (family_of(line.measure), measure.owner or "", line.unit)
        for held, value in ((amounts, line.amount), (capex, line.capex)):
            years = held.setdefault(key, {})
            years[line.year] = years.get(line.year, 0.0) + value
        assumed[key] = assumed.get(key, 0.0) + (line.capex if "capex" in measure.assumed else 0.0)
    found = []
    for key, years in amounts.items():
        whole = sum(capex[key].values())
        found.append(
            Work(key[0], names[key[0]], key[1], key[2], dict(sorted(years.items())), capex[key],
                 assumed[key] / whole if whole else 0.0)
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.spent))


def bars_of(case: Case, curve: Curve) -> tuple[Bar, ...]:
    """Families on the curve: their tonnes together, at the mean cost of a tonne."""
    from dafeng.report.roadmap_model import Bar

    names, tonnes, cost = family_names(case), {}, {}
    for step in curve.steps:
        family = family_of(step.measure)
        tonnes[family] = tonnes.get(family, 0.0) + step.co2_t
        cost[family] = cost.get(family, 0.0) + step.cost
    return tuple(Bar(names[one], tonnes[one], cost[one] / tonnes[one]) for one in tonnes if tonnes[one] > 0)


def _targets(solved: Solved) -> list[TargetLine]:
    from dafeng.report.roadmap_model import TargetLine

    answer = solved.outcome.answer
    costs: dict[str, TargetCost] = {one.target.id: one for one in costs_of(solved)}
    relaxed = {one.target.id: one.by for one in answer.relax}
    found = []
    for one in answer.targets:
        worst, cost = one.worst, costs.get(one.target.id)
        found.append(
            TargetLine(
                _target_name(one.target), worst.year if worst else one.target.year, one.target.sense,
                worst.required if worst else None, worst.value if worst else None, one.target.unit, one.met,
                cost.saved_without if cost else None, cost.step if cost else None, cost.step_cost if cost else None,
                relaxed.get(one.target.id), one.target.missed,
            )
        )  # fmt: skip
    return found


def _target_name(target: Target) -> Text:
    """What a peak asks for is said, since its figures are only how far the worst later year lies above the peak's."""
    if target.kind != "peak":
        return target.name
    return Text(
        f"{target.name.zh}：{target.year}年后不再上升", f"{target.name.en}: no rise after {target.year}"
    )  # fmt: skip
