"""The answer to a roadmap: the schedule, every target with what it costs, and what to relax where it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text
from dafeng.roadmap.case import Case, Series, Target, alive
from dafeng.roadmap.holding import held_words, holding
from dafeng.roadmap.program import Program
from dafeng.roadmap.relax import Held, Relaxed
from dafeng.roadmap.solver import Solution

# Amounts below this share of a measure's potential are rounding of the solver; a target missed by less is met.
_NOTHING, _MET = 1e-7, 1e-6
_MOST_HELD = 5
# What a target in per cent is relaxed by.
_POINTS = Text("个百分点", "percentage points")


@dataclass(frozen=True, slots=True)
class Line:
    """What is built of a measure in a zone in a year. capex: CNY, before subsidy; stock: alive after it."""

    measure: str
    zone: str | None
    year: int
    amount: float
    unit: str
    capex: float
    subsidy: float
    fund: str | None
    stock: float


@dataclass(frozen=True, slots=True)
class TargetYear:
    """value beside what is required in a year; shadow_cost: CNY that one unit more of it costs (None: not known)."""

    year: int
    value: float
    required: float
    met: bool
    shadow_cost: float | None


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    target: Target
    years: tuple[TargetYear, ...]

    @property
    def met(self) -> bool:
        return all(one.met for one in self.years)

    @property
    def shadow_cost(self) -> float | None:
        """CNY that one unit more in each of its years costs."""
        known = [one.shadow_cost for one in self.years if one.shadow_cost is not None]
        return sum(known) if len(known) == len(self.years) else None

    @property
    def worst(self) -> TargetYear | None:
        """The year with the least to spare."""
        sign = 1 if self.target.sense == ">=" else -1
        return min(self.years, key=lambda one: sign * (one.value - one.required), default=None)

    def short(self) -> dict[int, float]:
        """year → by how much it is missed, in the target's unit."""
        sign = 1 if self.target.sense == ">=" else -1
        return {one.year: sign * (one.required - one.value) for one in self.years if not one.met}


@dataclass(frozen=True, slots=True)
class Relaxing:
    """A target that must be relaxed: by the most in any year, and year by year; of what it asks (``required``) only
    ``reached`` can be had in the worst year."""

    target: Target
    by: float
    years: Mapping[int, float]
    year: int
    required: float
    reached: float


@dataclass(frozen=True, slots=True)
class Answer:
    """status: ``ok``, ``time limit`` (the best found, see gap), ``infeasible`` (no schedule; relax says why),
    ``relaxed`` (the schedule with these targets relaxed) or ``failed``; cost: CNY, discounted, against doing nothing;
    built (measure, year); co2_t (year,); saved (carrier, year); held: bounds that hold the relaxed targets back."""

    case: Case
    status: str
    cost: float | None
    gap: float | None
    built: Series
    schedule: tuple[Line, ...] = ()
    targets: tuple[TargetAnswer, ...] = ()
    relax: tuple[Relaxing, ...] = ()
    held: tuple[Held, ...] = ()
    co2_t: Series = field(default_factory=lambda: np.zeros(0))
    saved: Series = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def stock(self) -> Series:
        """(measure, year): alive at the end of each year."""
        return alive(self.case, self.built)

    def as_dict(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "cost": self.cost,
            "gap": self.gap,
            "schedule": [
                {
                    name: getattr(line, name)
                    for name in ("measure", "zone", "year", "amount", "unit", "capex", "subsidy")
                }
                for line in self.schedule
            ],
            "targets": [_target_dict(one) for one in self.targets],
            "relax": [
                {
                    "id": one.target.id,
                    "by": one.by,
                    "unit": one.target.unit,
                    "year": one.year,
                    "required": one.required,
                    "reached": one.reached,
                    "years": {str(year): by for year, by in one.years.items()},
                    "held_by": [_held_dict(held) for held in holding(self.case, self.held, one.target)[:_MOST_HELD]],
                }
                for one in self.relax
            ],
        }

    def problems(self, place: Place | None = None) -> list[Problem]:
        """What to change where no schedule meets every target, one problem per target to relax."""
        place = place or Place()
        found = []
        for one in self.relax:
            held = held_words(self.case, holding(self.case, self.held, one.target), _MOST_HELD)
            found.append(_infeasible(one, held).within(file=place.file))
        return found


def answer_of(program: Program, solution: Solution, found: Relaxed | None = None, *, shown: bool = True) -> Answer:
    """The answer out of the program's optimum. ``found``: what was relaxed to have one; unless ``shown`` its schedule
    is kept back and the status is ``infeasible``."""
    case = program.case
    nothing = np.zeros((len(case.measures), len(case.years)))
    if solution.values is None:
        return Answer(case, solution.status, None, solution.gap, nothing)
    built = program.built(solution.values)
    most = np.array([one.potential.max(initial=0.0) for one in case.measures])[:, None]
    built = np.where(built > _NOTHING * most, built, 0.0)
    values = program.columns(built)
    targets = tuple(_target_answer(program, target, values, solution) for target in case.targets)
    relaxing = tuple(_relaxing(one) for one in targets if found and not one.met)
    held = found.held if found else ()
    if found and not shown:
        return Answer(case, "infeasible", None, None, nothing, (), targets, relaxing, held)
    at = program.at
    saved = values[at.saved(0, 0) : at.co2(0)].reshape(at.carriers, at.years)
    return Answer(
        case, "relaxed" if found else solution.status, solution.cost, solution.gap, built, _schedule(case, built),
        targets, relaxing, held, values[at.co2(0) : at.switches], saved,
    )  # fmt: skip


def _schedule(case: Case, built: Series) -> tuple[Line, ...]:
    stock, lines = alive(case, built), []
    for m, measure in enumerate(case.measures):
        capex, subsidy = case.capex(measure), case.subsidy(measure)
        share = subsidy.share if subsidy else 0.0
        for t in np.flatnonzero(built[m]):
            amount = float(built[m, t])
            spent = amount * float(capex[t])
            lines.append(
                Line(
                    measure.id,
                    measure.zone,
                    case.years[t],
                    amount,
                    measure.unit,
                    spent,
                    spent * share,
                    measure.fund,
                    float(stock[m, t]),
                )
            )
    return tuple(sorted(lines, key=lambda line: line.year))


def _target_answer(program: Program, target: Target, values: Series, solution: Solution) -> TargetAnswer:
    """Values in the target's own unit, from the rows as they were before anything was relaxed."""
    rows = [index for index, row in enumerate(program.rows) if row.family == "target" and row.of == target.id]
    activity = program.matrix[rows, :] @ values[: program.matrix.shape[1]]
    years = []
    for index, row in enumerate(rows):
        year = program.rows[row].year
        assert year is not None
        value, required, per_unit = _in_unit(program, target, year, float(activity[index]), row, values)
        sign = 1 if target.sense == ">=" else -1
        missed = sign * (required - value)
        size = max(abs(required), abs(value), 1e-12)
        if target.kind == "peak":
            size = max(size, float(np.abs(program.case.base_co2).max()))
        dual = None if solution.row_duals is None else sign * float(solution.row_duals[row]) * per_unit
        years.append(TargetYear(year, value, required, missed <= _MET * size, dual))
    return TargetAnswer(target, tuple(years))


def _in_unit(
    program: Program, target: Target, year: int, activity: float, row: int, values: Series
) -> tuple[float, float, float]:
    """The value, what is required, and by how much the row's right-hand side moves per unit of the target."""
    case, t = program.case, program.case.years.index(year)
    of_years = target.values.get(year, 0.0)
    match target.kind:
        case "sum":
            return target.done + activity, of_years, 1.0
        case "level":
            return float(target.base[t]) + activity, of_years, 1.0
        case "share":
            stock = values[program.at.stock(0, 0) : program.at.saved(0, 0)].reshape(-1, program.at.years)[:, t]
            each = [one.counts.get(target.id, 0.0) for one in case.measures]
            inside = [one.counts_in.get(target.id, 0.0) for one in case.measures]
            whole = float(target.base_in[t] + stock @ inside)
            return (float(target.base[t] + stock @ each) / whole if whole else 0.0), of_years, whole
        case "peak":
            cap = target.values.get(target.year)
            is_cap = program.matrix[[row], :].nnz == 1
            return activity, (cap or 0.0) if is_cap else 0.0, 1.0
    energy = target.kind == "energy_path" or (target.kind == "intensity" and target.of == "energy")
    total = activity + (float(case.coal @ case.energy[:, t]) if energy else 0.0)
    if target.kind == "intensity" and case.gdp is not None:
        gdp = float(case.gdp[t])
        return total / gdp, of_years, gdp
    return total, of_years, 1.0


def _relaxing(one: TargetAnswer) -> Relaxing:
    short = one.short()
    year = max(short, key=lambda each: short[each])
    at = next(each for each in one.years if each.year == year and not each.met)
    return Relaxing(one.target, short[year], short, year, at.required, at.value)


def _target_dict(one: TargetAnswer) -> dict[str, Any]:
    worst, target = one.worst, one.target
    several = len(one.years) > 1
    return {
        "id": target.id,
        "kind": target.kind,
        "year": target.year,
        "unit": target.unit,
        "binding": target.binding,
        "required": worst.required if worst else None,
        "value": worst.value if worst else None,
        "met": one.met,
        "shadow_cost": one.shadow_cost,
        **({"missed": target.missed} if target.missed else {}),
        **({"years": [_year_dict(each) for each in one.years]} if several else {}),
    }


def _year_dict(one: TargetYear) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("year", "value", "required", "met", "shadow_cost")}


def _held_dict(one: Held) -> dict[str, Any]:
    return {"what": one.family, "of": one.of, "zone": one.zone, "year": one.year}


def _infeasible(one: Relaxing, held: list[Text]) -> Problem:
    target = one.target
    least = Text(
        f"{one.year}年要求{one.required:g}{target.unit}，至多可达{one.reached:g}{target.unit}",
        f"{one.year} requires {one.required:g} {target.unit}, the nearest possible is {one.reached:g} {target.unit}",
    )
    zh, en = "、".join(text.zh for text in held), "; ".join(text.en for text in held)
    points = _POINTS if target.unit == "%" else Text(target.unit, target.unit)
    return Problem(
        "roadmap.infeasible",
        Place(item=target.id, field="value"),
        Text(f"所有目标不能同时达到：{least.zh}", f"not all targets can be met at once: {least.en}"),
        Text(
            f"放宽{one.by:g}{points.zh}" + (f"；或放宽{zh}" if held else "；或增加计入该目标的措施"),
            f"relax it by {one.by:g} {points.en}" + (f"; or widen {en}" if held else "; or add measures that count"),
        ),
    )
