"""HiGHS with one program in it: scaled on the way in, in natural units on the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from dafeng.roadmap.case import Series
from dafeng.roadmap.program import Program

# A schedule within a thousandth of the best possible cost is good enough.
GAP = 1e-3
# The largest cost of a column as the solver sees it.
_LARGEST_COST = 1e4

_STATUS = {
    highspy.HighsModelStatus.kOptimal: "ok",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "time limit",
}


@dataclass(frozen=True, slots=True)
class Solution:
    """status: ``ok``, ``time limit`` (values are the best found), ``infeasible``, ``unbounded`` or ``failed``; gap: how
    far the cost may be above the best, as a share of it (0 in a linear program, None where it is not known);
    row_duals, column_duals: change of cost per unit of a right-hand side, per unit of a column."""

    status: str
    values: Series | None = None
    cost: float = float("nan")
    gap: float | None = None
    row_duals: Series | None = None
    column_duals: Series | None = None


class _Quiet(highspy.Highs):
    """HiGHS that says nothing: its banner would stand before an answer in JSON."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)


class Solver:
    """One program in HiGHS. Columns and costs given and taken are in natural units."""

    def __init__(self, program: Program, *, gap: float = GAP, seconds: float = 60.0, whole: bool = True):
        self.program, self.gap, self.seconds, self.whole = program, gap, seconds, whole and bool(program.whole.any())
        scaled = np.abs(program.cost * program.column_scale)
        self.cost_scale = _LARGEST_COST / (scaled.max(initial=0.0) or 1.0)
        self.highs = _Quiet()
        for option, value in (
            ("threads", 1), ("mip_rel_gap", gap), ("time_limit", seconds),
        ):  # fmt: skip
            self.highs.setOptionValue(option, value)
        self.highs.passModel(self._model())

    def _model(self) -> Any:
        program, size = self.program, self.program.column_scale
        matrix: Any = sparse.csc_matrix(sparse.diags(program.row_scale) @ program.matrix @ sparse.diags(size))
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        model.col_cost_ = program.cost * size * self.cost_scale
        model.offset_ = program.offset * self.cost_scale
        model.col_lower_, model.col_upper_ = program.lower / size, program.upper / size
        model.row_lower_, model.row_upper_ = (
            program.row_lower * program.row_scale,
            program.row_upper * program.row_scale,
        )
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
        model.a_matrix_.value_ = matrix.data
        if self.whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[int(one)] for one in program.whole]
        return model

    def without_whole(self) -> Solver:
        """The same program with every column divisible."""
        return Solver(self.program, gap=self.gap, seconds=self.seconds, whole=False)

    def run(self, *, duals: bool = True) -> Solution:
        self.highs.run()
        status = _STATUS.get(self.highs.getModelStatus(), "failed")
        info = self.highs.getInfo()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status not in ("ok", "time limit") or not feasible:
            return Solution("failed" if status == "ok" else status)
        program, found = self.program, self.highs.getSolution()
        values = np.array(found.col_value) * program.column_scale
        if self.whole:
            size = program.column_scale[program.whole]
            values[program.whole] = np.round(values[program.whole] / size) * size
        cost = float(info.objective_function_value / self.cost_scale)
        gap = (info.mip_gap if np.isfinite(info.mip_gap) else None) if self.whole else 0.0
        if not duals or self.whole:
            return Solution(status, values, cost, gap)
        rows = np.array(found.row_dual) * program.row_scale / self.cost_scale
        columns = np.array(found.col_dual) / program.column_scale / self.cost_scale
        return Solution(status, values, cost, gap, rows, columns)

    def start(self, values: Series) -> None:
        """Begin from a schedule: values of all columns."""
        begin = highspy.HighsSolution()
        begin.col_value = list(values / self.program.column_scale)
        self.highs.setSolution(begin)

    def hold_whole(self, values: Series) -> None:
        """Hold the whole columns at these values."""
        columns = np.flatnonzero(self.program.whole).astype(np.int32)
        self.bound(columns, values[columns], values[columns])

    def bound(self, columns: np.ndarray, lower: Series, upper: Series) -> None:
        """New bounds of some columns, in place."""
        size = self.program.column_scale[columns]
        self.highs.changeColsBounds(len(columns), columns, lower / size, upper / size)

    def bound_rows(self, rows: np.ndarray, lower: Series, upper: Series) -> None:
        """New right-hand sides of some rows, in place."""
        for row, low, high in zip(rows, lower, upper, strict=True):
            scale = self.program.row_scale[row]
            self.highs.changeRowBounds(int(row), float(low * scale), float(high * scale))

    def costs(self, cost: Series, offset: float = 0.0) -> None:
        """New costs of all columns, in place."""
        columns = np.arange(len(cost), dtype=np.int32)
        self.highs.changeColsCost(len(cost), columns, cost * self.program.column_scale * self.cost_scale)
        self.highs.changeObjectiveOffset(offset * self.cost_scale)

    def basis(self) -> Any:
        """Where the last run ended, to begin from again."""
        return self.highs.getBasis()

    def begin_from(self, basis: Any) -> None:
        self.highs.setBasis(basis)
