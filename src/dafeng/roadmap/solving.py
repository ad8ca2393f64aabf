"""Solving the program with HiGHS, and what is asked of it: the cheapest schedule, and its answer.

The solver keeps its basis, so that a change of costs, of right-hand sides, of bounds or of savings starts from the
last optimum. Numbers are brought near 1 before they reach HiGHS and taken back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from dafeng.roadmap import greedy, relax
from dafeng.roadmap.answers import Answer, answer_of
from dafeng.roadmap.case import Case, Effects, Series, standalone
from dafeng.roadmap.program import Program, assemble, set_effects
from dafeng.roadmap.solver import GAP, Solution, Solver

SECONDS = 60.0
# Successive linearisation ends when the schedule's cost moves by less than this share of it, or after so many rounds.
SETTLED, ROUNDS = 1e-3, 10
_MORE = 1e-6

EffectsOf = Callable[[Case, Series], Effects]


def solve(
    case: Case,
    effects: EffectsOf = standalone,
    *,
    relaxed: bool = False,
    gap: float = GAP,
    seconds: float = SECONDS,
    rounds: int = ROUNDS,
) -> Answer:
    """The cheapest schedule that meets every target.

    effects(case, built (measure, year)) → what the schedule saves, linear around it; it is asked again at each schedule
    until the cost settles. relaxed: where no schedule meets all targets, answer with the one that meets the most of
    them, by least amounts and at least cost (status ``relaxed``) rather than with none (status ``infeasible``); in both
    the answer's ``relax`` says which targets to relax and by how much.
    """
    program = assemble(case, effects(case, np.zeros((len(case.measures), len(case.years)))))
    solution = optimum(program, gap=gap, seconds=seconds)
    for _ in range(rounds if effects is not standalone else 0):
        if solution.values is None:
            break
        set_effects(program, effects(case, program.built(solution.values)))
        before, solution = solution, optimum(program, gap=gap, seconds=seconds, start=solution.values)
        if solution.values is not None and settled(before.cost, solution.cost):
            break
    if solution.status != "infeasible":
        return answer_of(program, solution)
    found = relax.least(program, seconds=seconds)
    solution = optimum(found.program, gap=gap, seconds=seconds)
    if solution.values is None:
        # The slack was found to the solver's tolerance; the rows need a little more to be met within it again.
        found = replace(found, program=relax.widened(program, found.slack, hair=_MORE))
        solution = optimum(found.program, gap=gap, seconds=seconds)
    return answer_of(found.program, solution, found, shown=relaxed)


def settled(before: float, after: float) -> bool:
    """Has the cost stopped moving?"""
    return abs(after - before) <= SETTLED * max(abs(after), 1.0)


def optimum(program: Program, *, gap: float = GAP, seconds: float = SECONDS, start: Series | None = None) -> Solution:
    """The optimum with shadow prices. Where some columns are whole, prices are those of the program with these held at
    the optimum: what a little more costs without another piece being built."""
    solver = Solver(program, gap=gap, seconds=seconds)
    if not program.whole.any():
        return solver.run()
    relaxation = solver.without_whole()
    first = relaxation.run()
    if first.values is None:
        return first
    begin = greedy.begin(program, relaxation, first, start)
    if begin is not None:
        solver.start(begin)
    found = solver.run()
    if found.values is None:
        return found
    relaxation.hold_whole(found.values)
    priced = relaxation.run()
    if priced.values is None:
        return found
    return replace(priced, status=found.status, gap=found.gap)


def switched_off(program: Program, measures: Iterable[Sequence[int]]) -> list[Solution]:
    """The optimum without each group of measures in turn, in the linear program (pieces may be divided): one solver,
    from the optimum's basis each time, with the upper bounds of the group's columns set to nothing. A group of which
    the optimum builds nothing costs nothing to miss: the optimum is the answer."""
    solver = Solver(program).without_whole()
    whole = solver.run()
    basis = solver.basis()
    found = []
    for group in measures:
        columns = np.array([program.at.built(m, t) for m in group for t in range(program.at.years)], np.int32)
        if whole.values is not None and not (whole.values[columns] > 0).any():
            found.append(whole)
            continue
        solver.bound(columns, program.lower[columns], np.zeros(len(columns)))
        found.append(solver.run(duals=False))
        solver.bound(columns, program.lower[columns], program.upper[columns])
        solver.begin_from(basis)
    return found
