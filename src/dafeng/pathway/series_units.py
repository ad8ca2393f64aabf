"""Units of a model: what ``kWh/m2`` is, and whether an expression gives what its row says.

A unit is a scale and powers of base quantities. Symbols are the catalogue's; compound ones are taken apart at ``/`` and
``*``. A bare number goes with any unit it is added to, and has none where it multiplies a quantity that has one; a bare
number times an index is a bare number.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dafeng.core.expressions import dotted
from dafeng.core.units import Units
from dafeng.pathway.series import YEAR, Series, branch_key, first_year, name_key

Powers = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """So many of a product of base quantities: 万kWh is 3.6e10 J."""

    scale: float
    powers: Powers = ()

    def times(self, other: Measure, sign: float = 1) -> Measure:
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + sign * power
        return Measure(
            self.scale * other.scale**sign, tuple(sorted((name, power) for name, power in powers.items() if power))
        )

    def to(self, power: float) -> Measure:
        return Measure(self.scale**power, tuple((name, one * power) for name, one in self.powers if one * power))


NUMBER_ONE = Measure(1.0)
_J = 3.6e6
_ATOMS: Mapping[str, Measure] = {
    name: Measure(scale, powers)
    for powers, atoms in {
        (("J", 1),): {"J": 1, "kWh": _J, "MWh": 1e3 * _J, "GWh": 1e6 * _J, "tce": 29.3076e9}
        | {"kJ": 1e3, "MJ": 1e6, "GJ": 1e9, "TJ": 1e12, "Wh": 3600},
        (("J", 1), ("s", -1)): {"W": 1, "kW": 1e3, "MW": 1e6, "GW": 1e9},
        (("A", -1), ("J", 1), ("s", -1)): {"V": 1, "kV": 1e3},
        (("g", 1),): {"g": 1, "kg": 1e3, "tonne": 1e6},
        (("m", 1),): {"m": 1, "mm": 1e-3, "km": 1e3},
        (("m", 3),): {"liter": 1e-3},
        (("s", 1),): {"minute": 60, "hour": 3600, "day": 86400},
        (): {"dimensionless": 1, "percent": 0.01},
    }.items()
    for name, scale in atoms.items()
}
# Spellings of the field that are no entry of the catalogue: person-kilometres, tonne-kilometres, and the year, which is
# the step of the model and therefore no unit.
_SPOKEN = {"pkm": "人*km", "人公里": "人*km", "tkm": "t*km", "吨公里": "t*km", "vkm": "辆*km", "车公里": "辆*km"}
_YEARLY = {"a", "yr", "年"}
# A factor of a definition: 1e4, kWh, / m**2.
_TERM = re.compile(r"(?:(?<!\*)([*/])(?!\*)\s*)?(\d[\d.]*(?:e[+-]?\d+)?|[^\W\d]\w*)(?:\s*\*\*\s*(\d+))?")
_HUNDRED = re.compile(r"(\d+)(\D.*)\Z")


class UnknownUnit(ValueError):
    """The symbol is in no unit table."""


def measure(symbol: str, units: Units) -> Measure:
    """The unit that a person wrote. Raises UnknownUnit with the part that is not known."""
    symbol = symbol.strip()
    definition = units.definitions.get(symbol)
    compound = "/" in symbol or "*" in symbol
    if definition is not None and not (compound and "count:" in definition):
        return _defined(definition)
    if symbol in _SPOKEN:
        return measure(_SPOKEN[symbol], units)
    if compound:
        found, sign = NUMBER_ONE, 1.0
        for part in re.split(r"([*/·])", symbol.replace("(", "").replace(")", "") if "(" in symbol else symbol):
            if part in ("*", "·", "/"):
                # In kWh/(m2·a) and kWh/m2/a alike, everything behind the first stroke divides.
                sign = -1.0 if part == "/" else sign
            elif not part.strip():
                raise UnknownUnit(symbol)
            elif part.strip() not in _YEARLY:
                found = found.times(measure(part, units), sign)
        return found
    hundred = _HUNDRED.match(symbol)
    if hundred and hundred[2] in units.definitions:
        one = measure(hundred[2], units)
        return Measure(float(hundred[1]) * one.scale, one.powers)
    raise UnknownUnit(symbol)


def _defined(definition: str) -> Measure:
    if "count:" in definition:
        number, _, thing = definition.rpartition("count:")
        return Measure(float(number or 1), ((f"count:{thing}", 1),))
    found = NUMBER_ONE
    for stroke, token, power in _TERM.findall(definition):
        one = Measure(float(token)) if token[0].isdigit() else _ATOMS.get(token, Measure(1.0, ((token, 1),)))
        found = found.times(one.to(float(power or 1)), -1 if stroke == "/" else 1)
    return found


def conversion(source: Measure, target: Measure) -> float | None:
    """How many ``target`` one ``source`` is; None where they measure different things."""
    return source.scale / target.scale if source.powers == target.powers else None


@dataclass(frozen=True, slots=True)
class Clash:
    """Two units that do not go together, at a part of an expression."""

    part: str
    found: Measure
    wanted: Measure


Lookup = Callable[[str], Measure | None]


def check_units(series: Series, row: Measure, base: int, lookup: Lookup) -> tuple[dict[int, float], list[Clash]]:
    """lookup: key of a cell → its unit. Returns the conversions by identity of nodes, and what does not go together."""
    walker = _Walker(row, base, lookup)
    found = walker.of(series.tree)
    if found is not None:
        walker.convert(series.tree, found, row)
    return walker.scales, walker.clashes


class _Walker:
    def __init__(self, row: Measure, base: int, lookup: Lookup):
        self.row, self.base, self.lookup = row, base, lookup
        self.scales: dict[int, float] = {}
        self.clashes: list[Clash] = []

    def convert(self, node: ast.expr, found: Measure, wanted: Measure) -> None:
        factor = conversion(found, wanted)
        if factor is None:
            self.clashes.append(Clash(ast.unparse(node), found, wanted))
        elif factor != 1.0:
            self.scales[id(node)] = self.scales.get(id(node), 1.0) * factor

    def alike(self, nodes: list[ast.expr]) -> Measure | None:
        """Terms of a sum, sides of a comparison: all in the unit of the first that has one."""
        first: Measure | None = None
        for node in nodes:
            found = self.of(node)
            if found is not None and first is None:
                first = found
            elif found is not None and first is not None:
                self.convert(node, found, first)
        return first

    def need(self, node: ast.expr, wanted: Measure) -> None:
        found = self.of(node)
        if found is not None:
            self.convert(node, found, wanted)

    def of(self, node: ast.expr) -> Measure | None:
        match node:
            case ast.Name() | ast.Attribute():
                name = dotted(node)
                return None if name in (None, YEAR) else self.lookup(name_key(name or ""))
            case ast.UnaryOp(operand=inner):
                return self.of(inner)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mod(), right=right):
                return self.alike([left, right])
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self.of_power(self.of(left), right)
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self.of(left), self.of(right)
                if one is None or other is None:
                    pure = [(node, found) for node, found in ((left, one), (right, other)) if found is not None]
                    if all(not found.powers for _, found in pure):
                        # 5 × an index is as bare a number as 5: it goes with the unit of its row.
                        for node, found in pure:
                            self.convert(node, found, NUMBER_ONE)
                        return None
                return (one or NUMBER_ONE).times(other or NUMBER_ONE, -1 if isinstance(op, ast.Div) else 1)
            case ast.Compare(left=left, comparators=others):
                self.alike([left, *others])
                return None
            case ast.BoolOp(values=values):
                for value in values:
                    self.of(value)
                return None
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.of(test)
                return self.alike([body, orelse])
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.of_call(node, name, arguments)
        return None

    def of_power(self, found: Measure | None, exponent: ast.expr) -> Measure | None:
        self.need(exponent, NUMBER_ONE)
        sign, inner = 1.0, exponent
        if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
            sign, inner = -1.0, inner.operand
        if found is None or not found.powers:
            return found
        if isinstance(inner, ast.Constant) and isinstance(inner.value, int):
            return found.to(sign * inner.value)
        return None  # The root of a quantity has no unit of its own: it goes with any.

    def of_call(self, node: ast.Call, name: str, arguments: list[ast.expr]) -> Measure | None:
        match name:
            case "branch":
                return self.lookup(branch_key(node))
            case "hold" | "grow":
                if name == "grow" and arguments:
                    self.need(arguments[0], NUMBER_ONE)
                values = arguments[0 if name == "hold" else 1 :]
                return self.alike(values) if values else self.row
            case "interp" | "step":
                return self.of_points(node, arguments[1::2])
            case "logistic":
                return self.alike(arguments[:2])
            case "grow_as":
                self.of(arguments[0])
                return self.row
            case "parent":
                return self.row
            case "share" | "rest":
                if arguments:
                    self.need(arguments[0], NUMBER_ONE)
                return NUMBER_ONE
            case "before" | "at" | "abs":
                return self.of(arguments[0])
            case "min" | "max":
                return self.alike(arguments)
            case "sqrt":
                found = self.of(arguments[0])
                return found.to(0.5) if found else None
        for argument in arguments:  # log, exp: of numbers only
            self.need(argument, NUMBER_ONE)
        return None

    def of_points(self, node: ast.Call, values: list[ast.expr]) -> Measure | None:
        if first_year(node) <= self.base:
            return self.alike(values)
        for value in values:
            self.need(value, self.row)
        return self.row
