"""Evaluating a checked expression: on whole columns (a polars expression) or on single values."""

from __future__ import annotations

import ast
import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

from dafeng.core.expressions import dotted
from dafeng.core.functions import BASE, Function


def _polars() -> Any:
    import polars

    return polars


class Columns:
    """Evaluates on whole columns: the result is a polars expression. ``names`` gives the polars expression or
    the single value behind a name; without it every name is a column."""

    def __init__(self, functions: Mapping[str, Function] = BASE, names: Mapping[str, Any] | None = None):
        self.functions, self.names = functions, names or {}

    def __call__(self, node: ast.expr) -> Any:
        return _evaluate(node, self)

    def name(self, name: str) -> Any:
        return self.names[name] if name in self.names else _polars().col(name)

    def literal(self, value: Any) -> Any:
        return _polars().lit(value)

    def call(self, node: ast.Call, function: Function) -> Any:
        if function.lazy:
            return function.lazy(self, node)
        assert function.columns is not None
        literal_text = function.name in ("contains", "starts_with")
        return function.columns(
            *(
                argument.value
                if literal_text and i and isinstance(argument, ast.Constant)
                else as_column(self(argument))
                for i, argument in enumerate(node.args)
            )
        )

    def unary(self, op: ast.unaryop, value: Any) -> Any:
        value = as_column(value)
        return ~value if isinstance(op, ast.Not) else (-value if isinstance(op, ast.USub) else value)

    def binary(self, op: ast.operator, left: Any, right: Any) -> Any:
        pl = _polars()
        if isinstance(op, ast.Div):
            right = as_column(right).cast(pl.Float64)
            return pl.when(right != 0).then(as_column(left) / right)
        if isinstance(op, ast.Pow):
            left, right = as_column(left).cast(pl.Float64), as_column(right).cast(pl.Float64)
        return _OPERATIONS[type(op)](as_column(left), as_column(right))

    def compare(self, op: ast.cmpop, left: Any, right: Any) -> Any:
        if isinstance(op, ast.In | ast.NotIn):
            # One comparison per item: is_in would not compare a whole number with a decimal one.
            inside = self.any_of([as_column(left) == as_column(item) for item in right])
            return ~inside if isinstance(op, ast.NotIn) else inside
        return _OPERATIONS[type(op)](as_column(left), as_column(right))

    def all_of(self, values: list[Any]) -> Any:
        return functools.reduce(lambda a, b: a & b, map(as_column, values))

    def any_of(self, values: list[Any]) -> Any:
        return functools.reduce(lambda a, b: a | b, map(as_column, values))

    def choose(self, test: Any, body: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
        return _polars().when(as_column(test)).then(as_column(body())).otherwise(as_column(orelse()))

    def items(self, node: ast.Tuple | ast.List) -> Any:
        return [self(item) for item in node.elts]


def as_column(value: Any) -> Any:
    pl = _polars()
    return value if isinstance(value, pl.Expr) else pl.lit(value)


class Values:
    """Evaluates to one value; ``None`` is missing and spreads (three-valued logic as in SQL)."""

    def __init__(
        self,
        functions: Mapping[str, Function] = BASE,
        names: Callable[[str], Any] | Mapping[str, Any] | None = None,
    ):
        self.functions = functions
        self._names = names if callable(names) else (names or {}).__getitem__

    def __call__(self, node: ast.expr) -> Any:
        return _evaluate(node, self)

    def name(self, name: str) -> Any:
        return self._names(name)

    def literal(self, value: Any) -> Any:
        return value

    def call(self, node: ast.Call, function: Function) -> Any:
        if function.lazy:
            return function.lazy(self, node)
        assert function.values is not None
        return function.values(*(self(argument) for argument in node.args))

    def unary(self, op: ast.unaryop, value: Any) -> Any:
        if value is None:
            return None
        return (not value) if isinstance(op, ast.Not) else (-value if isinstance(op, ast.USub) else value)

    def binary(self, op: ast.operator, left: Any, right: Any) -> Any:
        if left is None or right is None or (isinstance(op, ast.Div | ast.Mod) and right == 0):
            return None
        try:
            # A power of whole numbers could grow without end; one of floating numbers overflows at once.
            found = float(left) ** float(right) if isinstance(op, ast.Pow) else _OPERATIONS[type(op)](left, right)
        except ArithmeticError:
            return None
        # The root of −8, 1e308 × 10: there is no such figure.
        return None if isinstance(found, complex) or (isinstance(found, float) and not math.isfinite(found)) else found

    def compare(self, op: ast.cmpop, left: Any, right: Any) -> Any:
        if left is None or right is None:
            return None
        if isinstance(op, ast.In | ast.NotIn):
            return (left in right) is isinstance(op, ast.In)
        return _OPERATIONS[type(op)](left, right)

    def all_of(self, values: list[Any]) -> Any:
        if any(value is False for value in values):
            return False
        return None if any(value is None for value in values) else True

    def any_of(self, values: list[Any]) -> Any:
        if any(value is True for value in values):
            return True
        return None if any(value is None for value in values) else False

    def choose(self, test: Any, body: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
        return None if test is None else (body() if test else orelse())

    def items(self, node: ast.Tuple | ast.List) -> Any:
        return [self(item) for item in node.elts]


_OPERATIONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
    ast.Mod: lambda a, b: a % b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


def _evaluate(node: ast.expr, on: Columns | Values) -> Any:
    match node:
        case ast.Constant(value=value):
            return on.literal(value)
        case ast.Tuple() | ast.List():
            return on.items(node)
        case ast.Name() | ast.Attribute():
            return on.name(dotted(node) or "")
        case ast.UnaryOp(op=op, operand=inner):
            return on.unary(op, on(inner))
        case ast.BinOp(left=left, op=op, right=right):
            return on.binary(op, on(left), on(right))
        case ast.BoolOp(op=op, values=values):
            found = [on(value) for value in values]
            return on.all_of(found) if isinstance(op, ast.And) else on.any_of(found)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            values = [on(part) for part in (left, *rights)]
            tests = [on.compare(op, a, b) for op, a, b in zip(ops, values, values[1:], strict=False)]
            return tests[0] if len(tests) == 1 else on.all_of(tests)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return on.choose(on(test), lambda: on(body), lambda: on(orelse))
        case ast.Call(func=ast.Name(id=name)):
            return on.call(node, on.functions[name])
    raise AssertionError(f"unchecked node {ast.dump(node)}")
