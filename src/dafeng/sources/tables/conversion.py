"""From the unit a heading states to the one a column is kept in."""

from __future__ import annotations

from dafeng.catalogue.load import Catalogue
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch, Units

_TONNE, _TONNE_OF_CO2, _TONNE_OF_COAL = "t", "tCO2", "tce"


def factor_of(units: Units, stated: str, kept: str) -> float:
    """How many ``kept`` one ``stated`` is. A column of carbon dioxide whose heading says 万吨 means 万吨 of it.

    Raises UnitMismatch, or KeyError for an unknown unit.
    """
    try:
        return units.factor(stated, kept)
    except UnitMismatch:
        if _measures(units, stated, _TONNE) and _measures(units, kept, _TONNE_OF_CO2):
            return units.factor(stated, _TONNE) * units.factor(_TONNE_OF_CO2, kept)
        raise


def may_be_fuel(units: Units, stated: str, kept: str) -> bool:
    """Tonnes over a column of standard coal may be tonnes of the fuel itself, which only a person can tell."""
    return _measures(units, stated, _TONNE) and _measures(units, kept, _TONNE_OF_COAL)


def unit_text(catalogue: Catalogue, symbol: str | None) -> Text:
    """The unit as each language writes it: 亿元 and 10⁸ CNY; nothing for a ratio."""
    if symbol in (None, "", "1"):
        return Text("", "")
    words = Text(catalogue.unit_words(symbol, "zh"), catalogue.unit_words(symbol, "en"))
    if words.en or is_plain_count(catalogue.unit_table, symbol):
        return words
    # English has no counting words, but 万辆 is still ten thousand of them.
    return Text(words.zh, next((u.name.en for u in catalogue.units.values() if symbol in u.symbols), symbol))


def is_plain_count(units: Units, symbol: str) -> bool:
    """座, 辆: counted one by one, so that a heading need not say it."""
    return units.counts(symbol) and units.count_of(symbol) == 1 and "/" not in symbol


def _measures(units: Units, one: str, other: str) -> bool:
    """Do both units measure the same kind of thing?"""
    try:
        units.factor(one, other)
    except (UnitMismatch, KeyError):
        return False
    return True
