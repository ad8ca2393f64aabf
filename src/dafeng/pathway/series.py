"""What one cell of a model says about its years: an expression of the one grammar, with functions of time.

hold()  hold(x)                 the last value of history; a given value
grow(rate)  grow(rate, from)    from the last value of history, or a given one, by a yearly rate after the base year
grow_as(x)  grow_as(x, e)       in step with x: history's last × (x / x in the base year) ** e
interp(year, value, …)          straight lines from history's last through the points, level after the last point
step(year, value, …)            history's last until the year, then the value
logistic(a, b, year, k)         a + (b − a) / (1 + exp(−k (t − year)))
share(x)  rest()                a share between 0 and 1; what the other shares of the group leave
before(x)  at(x, year)          x a year earlier; x in one year
parent()                        what the parent scenario says about the same cell
branch('path').activity         activity, share, intensity, energy or co2 of a branch (path@zone where it has one)
stock.name, a driver's name, year, numbers, + − * / **, comparisons, a if c else b, min max abs sqrt log exp
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dafeng.core.errors import Place
from dafeng.core.expressions import dotted, parse
from dafeng.core.functions import NUMBER, TEXT, Function
from dafeng.core.text import Text

# Fields of a branch that an expression may mention.
FIELDS = ("activity", "share", "intensity", "energy", "co2")
# The grammar has no attribute of a call, so ``branch('p').energy`` is read as branch('p', 'energy').
_BRANCH = re.compile(r"""\bbranch\(\s*('[^'\n]*'|"[^"\n]*")\s*\)\s*\.\s*([^\W\d]\w*)""")
YEAR = "year"


def _function(name: str, takes: tuple[str, ...], zh: str, en: str, optional: int = 0, variadic: bool = False):
    return Function(name, takes, NUMBER, optional=optional, variadic=variadic, about=Text(zh, en))


_TWO, _ONE = (NUMBER, NUMBER), (NUMBER,)
FUNCTIONS: Mapping[str, Function] = {
    one.name: one
    for one in (
        _function("hold", _ONE, "保持不变", "stays as it is", optional=1),
        _function("grow", _TWO, "按年率增长", "grows by a yearly rate", optional=1),
        _function("grow_as", _TWO, "随另一量增长", "grows as another does", optional=1),
        _function("interp", _TWO, "各点间直线", "straight lines between points", variadic=True),
        _function("step", _TWO, "自某年起为某值", "a value from a year on", variadic=True),
        _function("logistic", _TWO + _TWO, "S形曲线", "an S-shaped curve"),
        _function("share", _ONE, "占比", "a share"),
        _function("rest", (), "同组其余占比", "what the other shares leave"),
        _function("before", _ONE, "上一年的值", "the value a year earlier"),
        _function("at", _TWO, "某年的值", "the value in one year"),
        _function("parent", (), "上级情景的值", "what the parent scenario says"),
        _function("branch", (TEXT, TEXT), "另一分支", "another branch"),
        _function("min", _TWO, "较小者", "smallest", variadic=True),
        _function("max", _TWO, "较大者", "largest", variadic=True),
        _function("abs", _ONE, "绝对值", "absolute value"),
        _function("sqrt", _ONE, "平方根", "square root"),
        _function("log", _ONE, "自然对数", "natural logarithm"),
        _function("exp", _ONE, "指数", "exponential"),
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A mention of another cell: its key as written; ``lagged`` where only an earlier year of it is meant."""

    key: str
    lagged: bool
    node: ast.expr


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One parsed expression. ``scales``: conversions of unit by identity of the tree's nodes, found by the check of
    units. ``inherited``: what the parent scenario says of the cell, for ``parent()``."""

    source: str
    tree: ast.expr
    references: tuple[Reference, ...]
    calls: frozenset[str]
    place: Place
    scales: Mapping[int, float] = field(default_factory=dict)
    inherited: Series | None = None

    def __str__(self) -> str:
        return self.source


def read_series(source: str, names: Mapping[str, str], place: Place) -> Series:
    """names: drivers and stocks that may be mentioned, all numbers. Raises BadInput with every fault found."""
    spelled = _BRANCH.sub(r"branch(\1, '\2')", source.strip())
    found = parse(spelled, {**names, YEAR: NUMBER}, FUNCTIONS, place=place, expect=NUMBER)
    return Series(source.strip(), found.tree, tuple(_references(found.tree, False)), frozenset(found.calls), place)


def constant(value: float, place: Place) -> Series:
    """The series that has one value in every year."""
    return Series(repr(value), ast.Constant(value), (), frozenset(), place)


def _references(node: ast.AST, lagged: bool) -> Iterator[Reference]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "branch":
            yield Reference(branch_key(node), lagged, node)
            return
        lagged = lagged or node.func.id == "before"
        for argument in node.args:
            yield from _references(argument, lagged)
        return
    name = dotted(node) if isinstance(node, ast.Name | ast.Attribute) else None
    if name and isinstance(node, ast.expr):
        if name != YEAR:
            yield Reference(name_key(name), lagged, node)
        return
    for child in ast.iter_child_nodes(node):
        yield from _references(child, lagged)


def name_key(name: str) -> str:
    """``gdp`` → ``drivers/gdp``; ``stock.cars`` → ``stocks/cars``."""
    first, _, rest = name.partition(".")
    return f"stocks/{rest}" if first == "stock" and rest else f"drivers/{name}"


def branch_key(node: ast.Call) -> str:
    """branch('a/b', 'energy') → ``branches/a/b/energy``; empty where path or field is not written as text."""
    words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return f"branches/{words[0]}/{words[1]}" if len(words) == 2 else ""


def needs_history(series: Series, base: int) -> bool:
    """Does the expression begin at the last value of the cell's own history?"""
    return any(_begins_at_history(node, base) for node in ast.walk(series.tree)) or (
        "parent" in series.calls and series.inherited is not None and needs_history(series.inherited, base)
    )


def points(node: ast.AST) -> list[ast.expr] | None:
    """The years that a call of interp, step or at is given; None for anything else."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    match node.func.id:
        case "interp" | "step":
            return node.args[::2]
        case "at":
            return node.args[1:2]
    return None


def _begins_at_history(node: ast.AST, base: int) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    match node.func.id:
        case "hold":
            return not node.args
        case "grow":
            return len(node.args) == 1
        case "grow_as":
            return True
        case "interp" | "step":
            return first_year(node) > base
    return False


def first_year(node: ast.Call) -> float:
    """The year of the first point of interp(…) or step(…); 0 where it is not written as a number."""
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, int | float) else 0
