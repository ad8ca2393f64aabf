"""The arithmetic of factors that are worked out of others: constants as written, results as printed."""

from __future__ import annotations

import ast
import math
import operator
from decimal import Decimal

_ARITHMETIC = {ast.Mult: operator.mul, ast.Div: operator.truediv}
# Hand work of a printed table may have been rounded on the way; more than this share of the last digit is an error.
_LAST_DIGIT = 0.55


def constant(text: str) -> float:
    """``44/12/1000`` as a number: products and quotients of numbers, nothing else. Raises ValueError."""

    def of(node: ast.AST) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return float(node.value)
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            return _ARITHMETIC[type(node.op)](of(node.left), of(node.right))
        raise ValueError(text)

    try:
        value = of(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ArithmeticError, RecursionError, MemoryError) as error:
        raise ValueError(text) from error
    if not (math.isfinite(value) and value > 0):
        raise ValueError(text)
    return value


def agrees_as_printed(printed: float, exact: float) -> bool:
    """Is ``exact``, rounded to the digits of ``printed``, the printed number?

    A number does not show its last zero (8.4810 is 8.481), so it is held to the digits that it shows."""
    exponent = Decimal(repr(printed)).as_tuple().exponent
    last = 10.0**exponent if isinstance(exponent, int) else 1.0
    return abs(exact - printed) <= _LAST_DIGIT * last + 1e-12 * abs(printed)
