"""Numbers from outside, held against the printed tables and against arithmetic done by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.units import UnitMismatch

CATALOGUE = load_catalogue()
UNITS = CATALOGUE.unit_table


# ── units ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (2.2, "万千瓦", "MW", 22),
        (410, "万平方米", "m2", 4_100_000),
        (1, "亩", "平方米", 666.6667),
        (42, "公顷", "万平方米", 42),
        (1, "平方公里", "公顷", 100),
        (1, "吨标准煤", "GJ", 29.3076),
        (1, "万吨标准煤", "kgce", 1e7),
        (1, "kWh", "kgce", 0.1229),  # 3.6 / 29.3076 = 0.122835; the standard prints 0.1229
        (184.9, "亿千瓦时", "GWh", 18_490),
        (3, "万kWh", "MWh", 30),
        (7.88, "tCO2/万kWh", "tCO2/MWh", 0.788),
        (0.5737, "tCO2/MWh", "kgCO2/kWh", 0.5737),
        (21.622, "tCO2/万m3", "kgCO2/m3", 2.1622),
        (0.5, "tce/万CNY", "kgce/person", None),
        (20, "万元/亩", "亿元/平方公里", 3),
        (3, "万辆", "辆", 30_000),
        (5, "‰", "%", 0.5),
        (13.5, "%", "", 0.135),
        (2.5, "亿元", "万元", 25_000),
        (1.5, "万吨二氧化碳当量", "tCO2", 15_000),
        (6.62, "m2/person", "平方米/人", 6.62),
    ],
)
def test_a_unit_converts_as_by_hand(value: float, source: str, target: str, expected: float | None):
    if expected is None:
        with pytest.raises(UnitMismatch):
            UNITS.convert(value, source, target)
    else:
        assert UNITS.convert(value, source, target) == pytest.approx(expected, rel=6e-4)


@pytest.mark.parametrize(
    ("one", "other"),
    [("座", "个"), ("辆", "台"), ("人", "人次"), ("户", "人"), ("%", "百分点"), ("t", "tCO2"), ("kWh", "kW")],
)
def test_what_is_not_the_same_thing_is_never_added(one: str, other: str):
    with pytest.raises(UnitMismatch):
        UNITS.factor(one, other)


def test_no_spelling_belongs_to_two_units():
    spelled = Counter(symbol for unit in CATALOGUE.units.values() for symbol in unit.symbols)
    assert [symbol for symbol, times in spelled.items() if times > 1] == []


@pytest.mark.parametrize("unit", sorted(CATALOGUE.units))
def test_every_unit_has_a_definition_that_can_be_reckoned_with(unit: str):
    """Against itself by another road: twice the unit is two of the unit."""
    from dafeng.core.units import Units

    entry = CATALOGUE.units[unit]
    pair = Units({"one": entry.pint, "two": _doubled(entry.pint)})
    assert pair.factor("two", "one") == pytest.approx(2)


def _doubled(definition: str) -> str:
    number, counted, thing = definition.rpartition("count:")
    return f"{2 * float(number or 1)} count:{thing}" if counted else f"2 * {definition}"
