"""Where no schedule meets every target: the least number of targets to relax, then by the least amounts.

The elastic program adds to each row of a target a slack, and to each target a switch that must be on where a slack is
used. Solved in order: the fewest switches; of these the fewest of binding targets; of these the least slack, each as a
share of its target. Nothing but targets is relaxed: budgets, build rates and the rest are facts; which of them hold the
targets back is told by their shadow prices in the last step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from dafeng.roadmap.case import Series
from dafeng.roadmap.program import Program
from dafeng.roadmap.rows import Row
from dafeng.roadmap.solver import Solution, Solver

_TINY, _HAIR = 1e-7, 1e-9
# Rows that only say what stock, saving and CO2 are; they hold nothing back.
_IDENTITIES = ("stock", "saved", "co2", "target")


@dataclass(frozen=True, slots=True)
class Held:
    """A bound that holds targets back: more by ``worth`` shares of the relaxed targets if it were wider by its size."""

    family: str
    of: str
    year: int | None
    zone: str | None
    worth: float


@dataclass(frozen=True, slots=True)
class Relaxed:
    """targets: those to relax; program: the same with their rows widened by ``slack`` (row,); held: what holds back."""

    targets: tuple[str, ...]
    program: Program
    slack: Series
    held: tuple[Held, ...]


@dataclass(slots=True)
class _Elastic:
    """The program with slacks (one per row of a target) and switches (one per target) behind its own columns."""

    program: Program
    rows: list[int]
    targets: list[str]
    slacks: np.ndarray
    switches: np.ndarray
    weights: Series


def least(program: Program, *, seconds: float) -> Relaxed:
    """Which targets, by how much, and what holds them back. Without targets every program has a schedule (nothing)."""
    elastic = _elastic(program)
    fewest = _stage(elastic, _cost(elastic, switches=np.ones(len(elastic.targets))), seconds)
    binding = {target.id for target in program.case.targets if target.binding}
    count = _limit(elastic, np.ones(len(elastic.targets)), fewest)
    weigh = np.array([float(one in binding) for one in elastic.targets])
    softest = _stage(count, _cost(count, switches=weigh), seconds)
    last = _limit(count, weigh, softest)
    amounts = _cost(last, slacks=last.weights)
    found = _stage(last, amounts, seconds)
    assert found.values is not None
    chosen = found.values[last.switches] > 0.5
    slack = np.zeros(len(program.rows))
    slack[elastic.rows] = found.values[last.slacks]
    allowed = {one for one, on in zip(elastic.targets, chosen, strict=True) if on}
    keep = np.array([program.rows[row].of in allowed for row in elastic.rows])
    slack[np.array(elastic.rows)[~keep]] = 0.0
    used = {program.rows[row].of for row in elastic.rows if slack[row] * _weight(program, row) > _TINY}
    return Relaxed(
        tuple(one for one in elastic.targets if one in used),
        widened(program, slack),
        slack,
        _held(last, found, amounts, seconds),
    )


def widened(program: Program, slack: Series, hair: float = _HAIR) -> Program:
    """The program with each row wider by its slack, and by a hair of it, so that rounding does not close it."""
    more = np.where(slack > 0, slack * hair, 0.0)
    return replace(
        program,
        row_lower=program.row_lower - slack - more,
        row_upper=program.row_upper + slack + more,
        rows=program.rows,
    )


def _elastic(program: Program) -> _Elastic:
    rows = program.of("target")
    targets = list(dict.fromkeys(program.rows[row].of for row in rows))
    width, count = len(program.cost), len(rows)
    most = _greatest_slacks(program, rows)
    sign = np.where(np.isfinite(program.row_lower[rows]), 1.0, -1.0)
    slack_columns = sparse.csc_matrix((sign, (rows, np.arange(count))), shape=(len(program.rows), count))
    of = [targets.index(program.rows[row].of) for row in rows]
    # slack − most·switch ≤ 0, but for the solver's tolerance: what is met within it counts as met.
    links = sparse.hstack([
        sparse.csc_matrix((count, width)),
        sparse.identity(count),
        sparse.csc_matrix((-most, (np.arange(count), of)), shape=(count, len(targets))),
    ])  # fmt: skip
    top = sparse.hstack([program.matrix, slack_columns, sparse.csc_matrix((len(program.rows), len(targets)))])
    sizes = np.array([1 / _weight(program, row) for row in rows])
    scale = np.concatenate([program.column_scale, sizes, np.ones(len(targets))])
    grown = _with_rows(
        replace(
            program,
            matrix=sparse.csc_matrix(top),
            lower=np.concatenate([program.lower, np.zeros(count + len(targets))]),
            upper=np.concatenate([program.upper, most, np.ones(len(targets))]),
            whole=np.concatenate([program.whole, np.zeros(count, bool), np.ones(len(targets), bool)]),
            cost=np.zeros(width + count + len(targets)),
            offset=0.0,
            column_scale=scale,
        ),
        links,
        np.full(count, -np.inf),
        sizes * _TINY,
    )
    first = width + count
    return _Elastic(grown, rows, targets, np.arange(width, first), np.arange(first, first + len(targets)), 1 / sizes)


def _with_rows(program: Program, more: Any, lower: Series, upper: Series) -> Program:
    matrix = sparse.csc_matrix(sparse.vstack([program.matrix, more]))
    scaled = abs(matrix @ sparse.diags(program.column_scale)).max(axis=1).toarray().ravel()
    return replace(
        program,
        matrix=matrix,
        rows=(*program.rows, *[Row("link", "")] * more.shape[0]),
        row_lower=np.concatenate([program.row_lower, lower]),
        row_upper=np.concatenate([program.row_upper, upper]),
        row_scale=1 / np.where(scaled > 0, scaled, 1.0),
    )


def _weight(program: Program, row: int) -> float:
    """1 / the size of what a row of a target asks: slacks are compared as shares of it."""
    lower, upper = program.row_lower[row], program.row_upper[row]
    bound = abs(float(lower if np.isfinite(lower) else upper))
    if bound > 0:
        return 1 / bound
    touched = program.matrix[[row], :]
    return 1 / float((abs(touched) @ program.column_scale).max() or 1.0)


def _greatest_slacks(program: Program, rows: list[int]) -> Series:
    """(row of a target,): how far each could be missed at the worst, by the bounds of its columns alone."""
    low, high = _ranges(program)
    matrix = program.matrix.tocsr()[rows]
    up, down = matrix.maximum(0), matrix.minimum(0)
    least = up @ low + down @ high
    greatest = up @ high + down @ low
    lower, upper = program.row_lower[rows], program.row_upper[rows]
    missed = np.where(np.isfinite(lower), lower - least, greatest - upper)
    return np.maximum(missed, 0.0) * (1 + 1e-6)


def _ranges(program: Program) -> tuple[Series, Series]:
    """Bounds of every column; those of energy and CO2 follow from what the stocks can save."""
    at, effects, case = program.at, program.effects, program.case
    low, high = program.lower.copy(), program.upper.copy()
    stock = np.array([one.potential for one in case.measures]).reshape(at.measures, at.years)
    save_low = effects.constant + np.einsum("mct,mt->ct", np.minimum(effects.each, 0), stock)
    save_high = effects.constant + np.einsum("mct,mt->ct", np.maximum(effects.each, 0), stock)
    fall_low = (case.factor * save_low).sum(axis=0) + (np.minimum(effects.co2_t, 0) * stock).sum(axis=0)
    fall_high = (case.factor * save_high).sum(axis=0) + (np.maximum(effects.co2_t, 0) * stock).sum(axis=0)
    first, co2 = at.saved(0, 0), at.co2(0)
    low[first:co2], high[first:co2] = save_low.ravel(), save_high.ravel()
    low[co2 : at.switches] = case.base_co2 - fall_high
    high[co2 : at.switches] = case.base_co2 - fall_low
    return low, high


def _cost(elastic: _Elastic, *, slacks: Series | None = None, switches: Series | None = None) -> Series:
    cost = np.zeros(len(elastic.program.cost))
    if slacks is not None:
        cost[elastic.slacks] = slacks
    if switches is not None:
        cost[elastic.switches] = switches
    return cost


def _stage(elastic: _Elastic, cost: Series, seconds: float) -> Solution:
    solver = Solver(replace(elastic.program, cost=cost), gap=1e-6, seconds=seconds)
    solver.start(_nothing(elastic))
    found = solver.run()
    if found.values is None:
        # Presolve has no tolerance where a bound is met exactly; the search itself has.
        solver.highs.setOptionValue("presolve", "off")
        found = solver.run()
    if found.values is None:
        raise RuntimeError(f"the elastic program ended with “{found.status}”, though doing nothing is a schedule")
    return found


def _nothing(elastic: _Elastic) -> Series:
    """Doing nothing and missing every target by as much as can be: a point to begin from."""
    program, values = elastic.program, np.zeros(len(elastic.program.cost))
    own = program.columns(np.zeros((program.at.measures, program.at.years)))
    values[: len(own)] = own
    values[elastic.slacks] = program.upper[elastic.slacks]
    values[elastic.switches] = 1.0
    return values


def _limit(elastic: _Elastic, weights: Series, found: Solution) -> _Elastic:
    """The same with no more switches than were found."""
    assert found.values is not None
    count = float(np.round(weights @ found.values[elastic.switches]))
    row = sparse.csc_matrix((weights, (np.zeros(len(weights), int), elastic.switches)), (1, len(elastic.program.cost)))
    program = _with_rows(elastic.program, row, np.array([-np.inf]), np.array([count + 0.5]))
    return replace(elastic, program=program)


def _held(elastic: _Elastic, found: Solution, cost: Series, seconds: float) -> tuple[Held, ...]:
    """What would lessen the slack if it were wider, the most first: rows by their shadow price × size, build rates and
    potentials by the reduced cost of their columns × bound."""
    program = replace(elastic.program, cost=cost)
    linear = Solver(program, seconds=seconds, whole=False)
    assert found.values is not None
    linear.hold_whole(found.values)
    priced = linear.run()
    if priced.row_duals is None or priced.column_duals is None:
        return ()
    held = []
    for index, row in enumerate(program.rows):
        worth = -priced.row_duals[index]
        if row.family in (*_IDENTITIES, "link", "order") or worth * _size(program, index) <= _TINY:
            continue
        held.append(Held(row.family, row.of, row.year, None, float(worth * _size(program, index))))
    held += _held_columns(program, priced.column_duals)
    return tuple(sorted(held, key=lambda one: -one.worth))


def _size(program: Program, row: int) -> float:
    return abs(float(program.row_upper[row])) or 1 / float(program.row_scale[row])


def _held_columns(program: Program, duals: Series) -> list[Held]:
    held, at = [], program.at
    for m, measure in enumerate(program.case.measures):
        for family, column in (("build rate", at.built(m, 0)), ("potential", at.stock(m, 0))):
            for t, year in enumerate(program.case.years):
                worth = -duals[column + t] * max(program.upper[column + t], 0.0)
                if worth > _TINY and not program.whole[column + t]:
                    held.append(Held(family, measure.id, year, measure.zone, float(worth)))
    return held
