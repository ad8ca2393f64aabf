"""The targets that the dual-control sheet is held to, as the district's plans state them or the city assigned them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import WARNING, BadInput, Problem

if TYPE_CHECKING:
    from dafeng.indicators.facts import Facts
    from dafeng.workflows.district import District

# Indicators that the sheet knows, and the unit in which it is given each.
UNITS: Mapping[str, str] = {
    "energy_intensity_reduction": "%",
    "co2_intensity_reduction": "%",
    "energy_total": "万tce",
    "co2_total": "万tCO2",
    "non_fossil_share": "%",
}
_CUTS = ("energy_intensity_reduction", "co2_intensity_reduction")


@dataclass(frozen=True, slots=True)
class PlanTargets:
    """values: by indicator, None where the figure is still to be assigned; ``end_year`` is the last of the period.
    base_year: the year before the period of the cuts; None when no plan asks for one. problems: of plans that could not
    be read, as warnings."""

    values: Mapping[str, float | None] = field(default_factory=dict)
    base_year: int | None = None
    problems: tuple[Problem, ...] = ()


def targets_of(district: District, year: int, facts: Facts | None = None) -> PlanTargets:
    """Targets of the plans in force in ``year``; of several plans the one that begins last decides. What a plan leaves
    to the city is the value that the city assigned for the last year of the target (register assigned_targets).

    Where a plan cannot be read there are none, and what is wrong with it stands among the problems.
    """
    from dafeng.workflows.running import read_plans

    try:
        plans = read_plans(district) if district.plan_files else {}
    except BadInput as error:
        return PlanTargets(problems=tuple(replace(problem, level=WARNING) for problem in error.problems))
    values: dict[str, float | None] = {}
    base_year: int | None = None
    assigned = {} if facts is None else _assigned(district, facts)
    for plan in plans.values():
        for target in plan["targets"]:
            name, (first, last) = target.get("indicator") or "", _period(target, plan)
            if name not in UNITS or first is None or last is None or not first <= year <= last:
                continue
            value = target.get("value")
            if value is not None and not _fits(district, name, target.get("unit")):
                continue
            values[name] = value if value is not None else assigned.get((name, last))
            if name in _CUTS:
                values["end_year"], base_year = last, first - 1
    return PlanTargets(values, base_year)


def _fits(district: District, name: str, unit: str | None) -> bool:
    canonical = district.catalogue.canonical_unit
    return canonical.get(unit or "", unit) == canonical.get(UNITS[name], UNITS[name])


def _assigned(district: District, facts: Facts) -> dict[tuple[str, int], float]:
    """Indicator and year → the value that came from above, in the unit of the sheet."""
    frame = facts.frame("assigned_targets")
    return {
        (row["indicator"], row["year"]): row["value"]
        for row in (() if frame is None else frame.iter_rows(named=True))
        if row["indicator"] in UNITS and row["value"] is not None and _fits(district, row["indicator"], row["unit"])
    }


def _period(target: Mapping[str, Any], plan: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """First and last year; what a target leaves open its plan says."""
    own, whole = target.get("period") or {}, plan.get("period") or {}
    return own.get("from") or whole.get("from"), own.get("to") or whole.get("to")
