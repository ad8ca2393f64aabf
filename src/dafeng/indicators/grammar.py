"""What an indicator's expression may call, beside the base functions: aggregates, other indicators,
factors.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from dafeng.core.functions import ANY, BASE, BOOL, NUMBER, TEXT, Function
from dafeng.core.text import Text

PARAMETERS = ("year", "start", "base_year")
# Totals of the district's own account that a formula may use: name → unit, and the number that explains it.
ACCOUNT: Mapping[str, tuple[str, str]] = {
    "energy": ("万tce", "ACC.dual_control.{year}.energy_own"),
    "co2": ("万tCO2", "ACC.dual_control.{year}.co2_own"),
}
COLUMN_KINDS = {"number": NUMBER, "integer": NUMBER, "year": NUMBER, "date": "date", "bool": BOOL}


def kind_of(column_type: str) -> str:
    """Type in the grammar of a column of a register."""
    return COLUMN_KINDS.get(column_type, TEXT)


def _aggregate(
    name: str, takes: tuple[str, ...], gives: str, zh: str, en: str, *, only_where: bool = False
) -> Function:
    def lazy(evaluator: Any, node: ast.Call) -> Any:
        return evaluator.aggregate(name, node)

    keywords = ("where",)
    return Function(name, takes, gives, lazy=lazy, keywords=keywords, about=Text(zh, en))


AGGREGATES: Mapping[str, Function] = {
    f.name: f
    for f in (
        _aggregate("count", (), NUMBER, "行数", "number of rows"),
        _aggregate("sum", (NUMBER,), NUMBER, "合计", "total"),
        _aggregate("mean", (NUMBER,), NUMBER, "平均", "mean"),
        _aggregate("weighted", (NUMBER, NUMBER), NUMBER, "加权平均", "weighted mean: Σ x·w / Σ w"),
        _aggregate("smallest", (NUMBER,), NUMBER, "最小值", "smallest value"),
        _aggregate("largest", (NUMBER,), NUMBER, "最大值", "largest value"),
        _aggregate("latest", (NUMBER,), NUMBER, "最近一期的值", "value of the row of the latest period"),
        _aggregate("distinct", (ANY,), NUMBER, "不同取值的个数", "number of different values"),
    )
}


def _at(evaluator: Any, node: ast.Call) -> Any:
    return evaluator.figure_at(node)


def _total(evaluator: Any, node: ast.Call) -> Any:
    return evaluator.figure_total(node)


def _factor(evaluator: Any, node: ast.Call) -> Any:
    return evaluator.factor(node)


def _account(evaluator: Any, node: ast.Call) -> Any:
    return evaluator.account(node)


ACROSS: Mapping[str, Function] = {
    "account": Function(
        "account",
        (TEXT,),
        NUMBER,
        lazy=_account,
        about=Text("本区自己核算的总量", "a total of the district's own account"),
    ),
    "at": Function(
        "at",
        (NUMBER, NUMBER),
        NUMBER,
        lazy=_at,
        about=Text("另一指标在某年的值", "another indicator in a given year"),
    ),
    "total": Function(
        "total",
        (NUMBER,),
        NUMBER,
        lazy=_total,
        about=Text("另一指标自期初起各年之和", "another indicator summed from the first year of the period"),
    ),
    "factor": Function(
        "factor",
        (TEXT,),
        NUMBER,
        lazy=_factor,
        about=Text("该年适用的因子或限值", "factor or limit in force in the year"),
    ),
}

FILTERS: Mapping[str, Function] = BASE
DRAWS: Mapping[str, Function] = {**BASE, **AGGREGATES, **ACROSS}
FORMULAS: Mapping[str, Function] = {**BASE, **ACROSS}
