"""A schedule to begin from where pieces cannot be divided: the linear optimum, its whole columns rounded step by step.

Greedy: the whole columns nearest to a whole number are held there first, the linear program is solved again from its
last basis, and so on; a step that leaves no schedule is taken back and rounded the other way.
"""

from __future__ import annotations

import numpy as np

from dafeng.roadmap.case import Series
from dafeng.roadmap.program import Program
from dafeng.roadmap.solver import Solution, Solver

# So many steps at most: each holds a share of what is still divided.
_STEPS = 12
_NEAR = 1e-6


def begin(program: Program, relaxation: Solver, first: Solution, start: Series | None = None) -> Series | None:
    """Values of all columns, whole where they must be; None where none was found. ``relaxation``: the program with
    every column divisible, its bounds are as before afterwards. ``start``: a schedule of the same measures to try."""
    whole = np.flatnonzero(program.whole)
    size = program.column_scale[whole]
    try:
        if start is not None:
            held = np.round(start[whole] / size) * size
            relaxation.bound(whole.astype(np.int32), held, held)
            found = relaxation.run(duals=False)
            if found.values is not None:
                return found.values
            relaxation.bound(whole.astype(np.int32), program.lower[whole], program.upper[whole])
        return _rounded(program, relaxation, first, whole)
    finally:
        relaxation.bound(whole.astype(np.int32), program.lower[whole], program.upper[whole])


def _rounded(program: Program, relaxation: Solver, first: Solution, whole: np.ndarray) -> Series | None:
    lower, upper = program.lower.copy(), program.upper.copy()
    values = first.values
    for step in range(_STEPS):
        assert values is not None
        size = program.column_scale[whole]
        parts = values[whole] / size
        open_ = whole[lower[whole] < upper[whole]]
        if not len(open_):
            return values
        near = np.abs(parts - np.round(parts))[np.isin(whole, open_)]
        if near.max(initial=0.0) < _NEAR and step:
            return _held(program, relaxation, values, whole)
        take = open_[near <= max(np.quantile(near, 0.5), _NEAR)] if step < _STEPS - 1 else open_
        for rounding in (np.round, np.ceil, np.floor):
            held = np.clip(rounding(values[take] / program.column_scale[take] - _small(rounding)), 0, None)
            held = np.minimum(held * program.column_scale[take], program.upper[take])
            relaxation.bound(take.astype(np.int32), held, held)
            found = relaxation.run(duals=False)
            if found.values is not None:
                lower[take] = upper[take] = held
                values = found.values
                break
        else:
            return None
    return None


def _small(rounding: object) -> float:
    """A hair, so that what is whole but for the solver's tolerance is not rounded up or down by a piece."""
    return _NEAR if rounding is np.ceil else -_NEAR if rounding is np.floor else 0.0


def _held(program: Program, relaxation: Solver, values: Series, whole: np.ndarray) -> Series | None:
    size = program.column_scale[whole]
    held = np.round(values[whole] / size) * size
    relaxation.bound(whole.astype(np.int32), held, held)
    return relaxation.run(duals=False).values
