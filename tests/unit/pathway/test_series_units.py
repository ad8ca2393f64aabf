"""Units of a model: the catalogue's own, against the arithmetic of pint, and compound ones by hand."""

from __future__ import annotations

import itertools

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.units import UnitMismatch
from dafeng.pathway.series_units import UnknownUnit, conversion, measure

UNITS = load_catalogue().unit_table


def test_every_pair_of_units_of_the_catalogue_converts_as_pint_says_or_not_at_all():
    """One symbol per definition, the counted ones too; those that the catalogue counts as a whole (元/千瓦·月) are
    taken apart here and compared with nothing."""
    symbols = {definition: symbol for symbol, definition in UNITS.definitions.items()}
    plain = [s for d, s in symbols.items() if not ("count:" in d and ("/" in d or "·" in d))]
    assert len(plain) > 100
    for one, other in itertools.combinations(plain, 2):
        found = conversion(measure(one, UNITS), measure(other, UNITS))
        try:
            expected = UNITS.factor(one, other)
        except UnitMismatch:
            assert found is None, (one, other)
        else:
            assert found == pytest.approx(expected, rel=1e-12), (one, other)


@pytest.mark.parametrize(
    ("one", "times", "other"),
    [
        ("万kWh/万m2", 1.0, "kWh/m2"),
        ("kWh/(m2·a)", 1.0, "kWh/m2"),
        ("kWh/m2/a", 1.0, "kWh/m2"),
        ("kgce/m2", 29.3076, "MJ/m2"),
        ("kWh/100km", 0.01, "kWh/km"),
        ("MJ/pkm", 1.0, "MJ/(人*km)"),
        ("MJ/tkm", 1e-3, "MJ/(kg*km)"),
        ("万辆*km/辆", 1.0, "万km"),
        ("t/亿元", 1e-4, "t/万元"),
        ("kWh/万户", 1e-4, "kWh/户"),
        ("km/h", 1.0, "km/小时"),
    ],
)
def test_compound_units_are_taken_apart(one: str, times: float, other: str):
    assert conversion(measure(one, UNITS), measure(other, UNITS)) == pytest.approx(times, rel=1e-12)


@pytest.mark.parametrize(("one", "other"), [("kWh/辆", "kWh/户"), ("kWh", "kW"), ("t/万元", "tCO2/万元"), ("m2", "m3")])
def test_what_measures_different_things_does_not_convert(one: str, other: str):
    assert conversion(measure(one, UNITS), measure(other, UNITS)) is None


@pytest.mark.parametrize(("symbol", "part"), [("kWh/m5", "m5"), ("zoll", "zoll"), ("kWh/", "kWh/"), ("3", "3")])
def test_an_unknown_part_is_named(symbol: str, part: str):
    with pytest.raises(UnknownUnit) as caught:
        measure(symbol, UNITS)
    assert str(caught.value) == part
