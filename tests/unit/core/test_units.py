"""Units: exact conversions, and no conversion between things that differ."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

from dafeng.core.periods import five_year_name, five_year_start
from dafeng.core.units import UnitMismatch, Units

UNITS = Units(
    {
        "MW": "MW", "万千瓦": "1e4 kW", "m2": "m**2", "万平方米": "1e4 m**2", "tce": "tce", "万吨标准煤": "1e4 tce",
        "kgce": "1e-3 tce", "GJ": "GJ", "kWh": "kWh", "%": "percent", "1": "dimensionless",
        "座": "count:座", "个": "count:个", "万辆": "1e4 count:辆", "辆": "count:辆",
        "万元": "1e4 CNY", "亿元": "1e8 CNY",
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "one", "other", "expected"),
    [
        (2.2, "万千瓦", "MW", 22.0),
        (410, "万平方米", "m2", 4_100_000.0),
        (1, "万吨标准煤", "tce", 10_000.0),
        (1, "tce", "GJ", 29.3076),
        (1000, "kgce", "tce", 1.0),
        (3, "万辆", "辆", 30_000.0),
        (1, "亿元", "万元", 10_000.0),
        (1.3, "1", "1", 1.3),
        (0.5, "1", "%", 50.0),
    ],
)
def test_a_value_is_converted_exactly(value: float, one: str, other: str, expected: float):
    assert UNITS.convert(value, one, other) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("one", "other"), [("座", "个"), ("MW", "kWh"), ("m2", "tce"), ("座", "1"), ("辆", "m2")])
def test_different_things_are_never_converted(one: str, other: str):
    with pytest.raises(UnitMismatch):
        UNITS.convert(1, one, other)


def test_the_short_way_gives_what_pint_gives_for_every_pair_of_units_we_know():
    from dafeng.catalogue import load_catalogue
    from dafeng.core import units

    registry, short = units._registry(), 0
    plain = sorted({text for text in load_catalogue().unit_table.definitions.values() if "count:" not in text})
    for one, other in itertools.product(plain, plain):
        ratio = units._ratio(one, other)
        if ratio is not None and "delta_degC" not in one:
            short += one != other
            source, target = registry.parse_expression(one), registry.parse_expression(other)
            assert ratio == pytest.approx((source / target).to("dimensionless").magnitude, rel=1e-12), (one, other)
    assert short > 100


def test_the_units_of_a_plan_are_converted_without_pint():
    program = "import sys; from dafeng.core.units import Units; u = Units({'a': '1e4 kW', 'b': 'MW', 'c': 'kW'});"
    program += "print(u.convert(2.2, 'a', 'b'), u.convert(1, 'a', 'c'), 'pint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["22.0", "10000.0", "False"]


def test_five_year_plans_are_counted_from_their_first_year():
    assert [five_year_start(year) for year in (2020, 2021, 2025, 2026)] == [2016, 2021, 2021, 2026]
    assert [five_year_name(year) for year in (2020, 2021, 2025, 2026, 2035)] == [
        "十三五",
        "十四五",
        "十四五",
        "十五五",
        "十六五",
    ]
