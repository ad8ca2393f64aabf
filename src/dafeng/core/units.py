"""Units at the boundary: what a person wrote (万千瓦, 平方米, tce) and its exact conversion.

The catalogue hands in the definitions; the arithmetic is pint's, loaded only when a conversion is not
trivial. Counted things (座, 个, 辆) keep their own name, so that parks are never added to chargers.
"""

from __future__ import annotations

import functools
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# 1e4 kW: so many of something. Most conversions of a plan are of this kind and need no pint.
_SCALED = re.compile(r"(?:(\d[\d.]*(?:e-?\d+)?) )?(\S.*)\Z")
_THOUSANDS = {
    "W": ("W", 1.0), "kW": ("W", 1e3), "MW": ("W", 1e6), "GW": ("W", 1e9),
    "kWh": ("kWh", 1.0), "MWh": ("kWh", 1e3), "GWh": ("kWh", 1e6),
    "J": ("J", 1.0), "kJ": ("J", 1e3), "MJ": ("J", 1e6), "GJ": ("J", 1e9), "TJ": ("J", 1e12),
    "g": ("g", 1.0), "kg": ("g", 1e3), "tonne": ("g", 1e6), "m": ("m", 1.0), "km": ("m", 1e3),
}  # fmt: skip


class UnitMismatch(ValueError):
    """The two units do not measure the same thing."""


# What pint raises on a definition that a district wrote wrongly; `dafeng catalogue check` says which one it is.
_NOT_WELL_FORMED = (ValueError, TypeError, SyntaxError, tokenize.TokenError)


@functools.cache
def _registry() -> Any:
    import pint

    ureg: Any = pint.UnitRegistry(cache_folder=":auto:")
    ureg.define("tce = 29.3076 * gigajoule")
    ureg.define("CNY = [currency]")
    ureg.define("person = [person]")
    ureg.define("tCO2e = [co2e]")
    return ureg


@dataclass(frozen=True)
class Units:
    """Known units: symbol → pint expression (``"万千瓦": "1e4 kW"``). A counted thing is ``"count:座"``."""

    definitions: Mapping[str, str]
    _seen: dict[tuple[str, str], float] = field(default_factory=dict, compare=False, repr=False)

    def knows(self, symbol: str) -> bool:
        return symbol in self.definitions

    def factor(self, source: str, target: str) -> float:
        """How many ``target`` one ``source`` is. Raises UnitMismatch (or KeyError for an unknown symbol)."""
        if source == target:
            return 1.0
        if (source, target) not in self._seen:
            self._seen[source, target] = self._factor(source, target)
        return self._seen[source, target]

    def malformed(self, symbol: str) -> bool:
        """Can the definition of the symbol not be read?"""
        definition = self.definitions[symbol]
        try:
            number, thing = _counted(definition)
            if "count:" in definition:
                return not (number > 0 and thing)
            return not float(_registry().parse_expression(definition).magnitude) > 0
        except (AttributeError, ArithmeticError, *_NOT_WELL_FORMED):
            return True

    def counts(self, symbol: str) -> bool:
        """Is it a word for counted things (座, 万辆)?"""
        return "count:" in self.definitions.get(symbol, "")

    def count_of(self, symbol: str) -> float:
        """How many things one of the symbol is (万辆 → 10000)."""
        return _counted(self.definitions[symbol])[0]

    def convert(self, value: float, source: str, target: str) -> float:
        """``value`` in ``source`` expressed in ``target``."""
        return value * self.factor(source, target)

    def _factor(self, source: str, target: str) -> float:
        one, other = self.definitions[source], self.definitions[target]
        if one == other:
            return 1.0
        counted = [part for part in (one, other) if "count:" in part]
        if counted:
            try:
                (n, thing), (m, other_thing) = map(_counted, (one, other))
            except ValueError as error:
                raise UnitMismatch(f"{source} / {target}") from error
            if thing != other_thing:
                raise UnitMismatch(f"{source} / {target}")
            return n / m
        plain = _ratio(one, other)
        if plain is not None:
            return plain
        import pint

        ureg = _registry()
        try:
            return float((1 * ureg.parse_expression(one)).to(ureg.parse_expression(other).units).magnitude) / float(
                ureg.parse_expression(other).to(ureg.parse_expression(other).units).magnitude
            )
        except (pint.DimensionalityError, AttributeError, ArithmeticError, *_NOT_WELL_FORMED) as error:
            raise UnitMismatch(f"{source} / {target}") from error


def _ratio(one: str, other: str) -> float | None:
    """1e4 kW to MW → 10: units that differ by a number alone; None where it takes more than that to tell."""
    (n, thing), (m, other_thing) = map(_scaled, (one, other))
    return n / m if thing == other_thing else None


def _scaled(definition: str) -> tuple[float, str]:
    found = _SCALED.match(definition)
    if found is None:
        return 1.0, definition
    thing, times = _THOUSANDS.get(found[2], (found[2], 1.0))
    return float(found[1] or 1) * times, thing


def _counted(definition: str) -> tuple[float, str]:
    """``"1e4 count:辆"`` → (10000.0, "辆"); a unit that counts nothing has no thing."""
    number, _, thing = definition.rpartition("count:")
    if not thing or "count:" not in definition:
        return 1.0, definition
    return float(number or 1), thing
