"""What each target costs: how much cheaper the schedule is without it, how much dearer one step more of it is.

Bounds are changed in place in the program that the answer left behind (its savings linear around the answer, pieces
divisible) and HiGHS goes on from its last basis. ``exactly`` solves each case anew with all overlaps instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dafeng.core.text import Text
from dafeng.roadmap import successive
from dafeng.roadmap.case import Case, Series, Target
from dafeng.roadmap.program import Program, assemble
from dafeng.roadmap.solver import Solver

# One step more of a target, as a share of its value, unless a step is given.
STEP = 0.05


@dataclass(frozen=True, slots=True)
class TargetCost:
    """CNY, discounted. saved_without: what dropping the target saves (0: another target or profit asks for as much);
    step: by how much each of its values is raised (its own unit; years for a peak without a cap); step_cost: what that
    costs, None where it cannot be met; shadow_cost: of one unit more in each of its years."""

    target: Target
    saved_without: float
    step: float
    step_cost: float | None
    shadow_cost: float | None

    @property
    def about(self) -> Text:
        name = self.target.name
        if self.step_cost is None:
            return Text(f"{name.zh}再提高一步就无法达到", f"{name.en}: one step more cannot be met")
        return Text(
            f"{name.zh}：取消可省{self.saved_without:,.0f}元，再提高一步需{self.step_cost:,.0f}元",
            f"{name.en}: dropping it saves {self.saved_without:,.0f} CNY, "
            f"one step more costs {self.step_cost:,.0f} CNY",
        )


def target_costs(
    outcome: successive.Outcome, *, steps: dict[str, float] | None = None, exactly: bool = False
) -> tuple[TargetCost, ...]:
    """Of every target, the dearest first. steps: target → step in its unit (5 % of its value unless given). Raises
    ValueError for an answer without a schedule."""
    if outcome.exact is None:
        raise ValueError("an answer without a schedule has no cost of its targets")
    case, program = outcome.program.case, outcome.program
    asked = None if exactly else _Asked(program)
    whole = outcome.exact.cost if asked is None else asked.cost
    shadow = {one.target.id: one.shadow_cost for one in outcome.answer.targets}
    found = []
    for target in case.targets:
        step = (steps or {}).get(target.id, _step(target))
        harder = replace(case, targets=tuple(_raised(one, step) if one is target else one for one in case.targets))
        without = replace(case, targets=tuple(one for one in case.targets if one is not target))
        free = asked.without(target) if asked else _anew(without)
        more = asked.changed(harder) if asked else _anew(harder)
        found.append(
            TargetCost(
                target,
                max(whole - free, 0.0) if free is not None else 0.0,
                step,
                None if more is None else max(more - whole, 0.0),
                shadow.get(target.id),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.saved_without))


def carbon_prices(program: Program) -> Series:
    """(year,): CNY of that year that one tonne more, emitted in it by what no measure touches, would cost: the shadow
    price of CO2 under all targets, with the price of CO2 that the case has."""
    solved = Solver(program).without_whole().run()
    assert solved.row_duals is not None
    return solved.row_duals[program.of("co2")] / program.case.discounts


class _Asked:
    """One solver with the program in it; every question leaves it as it was."""

    def __init__(self, program: Program):
        self.program = program
        self.solver = Solver(program).without_whole()
        self.cost = self.solver.run(duals=False).cost
        self.basis = self.solver.basis()

    def without(self, target: Target) -> float | None:
        rows = np.array([at for at in self.program.of("target") if self.program.rows[at].of == target.id])
        return self._bounded(rows, np.full(len(rows), -np.inf), np.full(len(rows), np.inf))

    def changed(self, case: Case) -> float | None:
        """Right-hand sides in place where they are all that differs; a share or a peak's year changes coefficients."""
        other = assemble(case, self.program.effects)
        same = other.matrix.shape == self.program.matrix.shape and not (other.matrix != self.program.matrix).nnz
        if not same:
            return _cost_of(Solver(other).without_whole())
        rows = np.flatnonzero((other.row_lower != self.program.row_lower) | (other.row_upper != self.program.row_upper))
        return self._bounded(rows, other.row_lower[rows], other.row_upper[rows])

    def _bounded(self, rows: np.ndarray, lower: Series, upper: Series) -> float | None:
        self.solver.bound_rows(rows, lower, upper)
        cost = _cost_of(self.solver)
        self.solver.bound_rows(rows, self.program.row_lower[rows], self.program.row_upper[rows])
        self.solver.begin_from(self.basis)
        return cost


def _cost_of(solver: Solver) -> float | None:
    solved = solver.run(duals=False)
    return None if solved.values is None else solved.cost


def _anew(case: Case) -> float | None:
    found = successive.solve(case, starts=0)
    return found.exact.cost if found.exact is not None else None


def _step(target: Target) -> float:
    return STEP * max((abs(value) for value in target.values.values()), default=1 / STEP)


def _raised(target: Target, step: float) -> Target:
    """The target one step harder; a peak without a cap one year (or as many as the step says) earlier."""
    if not target.values:
        return replace(target, year=target.year - round(step))
    sign = 1 if target.sense == ">=" else -1
    return replace(target, values={year: value + sign * step for year, value in target.values.items()})
