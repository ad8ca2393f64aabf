"""Each function of time by its closed formula. History is 2020–2022 (10, 11, 12), the projection 2023–2026."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.units import Units
from dafeng.pathway.compute import compile
from dafeng.pathway.model import read_model


@functools.cache
def units() -> Units:
    return load_catalogue().unit_table


PAST: dict[int, float] = {2020: 10, 2021: 11, 2022: 12}


def value_of(
    expression: Any, unit: str = "", past: dict[int, float] | None = PAST, others: list[dict[str, Any]] | None = None
) -> list[float]:
    """The driver x in every year of the model."""
    driver = {"name": "x", "unit": unit, "value": expression} | ({"history": past} if past else {})
    data = {
        "years": {"first": 2020, "base": 2022, "last": 2026},
        "drivers": [driver, {"name": "co2_heat", "unit": "tCO2/GJ", "value": 0.1}, *(others or [])],
        "branches": [
            {
                "path": "all/heat",
                "activity": 1,
                "activity_unit": "万m2",
                "intensity": 2,
                "intensity_unit": "GJ/m2",
            }
        ],
    }
    compiled = compile(read_model(data, units()))
    return compiled.run(cells=["drivers/x"]).cells["drivers/x"][0, 0].tolist()


@pytest.mark.parametrize(
    ("expression", "later"),
    [
        ("hold()", [12, 12, 12, 12]),
        ("hold(7)", [7, 7, 7, 7]),
        (5, [5, 5, 5, 5]),
        ("grow(0.1)", [12 * 1.1**n for n in range(1, 5)]),
        ("grow(0.1, 20)", [20 * 1.1**n for n in range(1, 5)]),
        ("grow(-0.5)", [6, 3, 1.5, 0.75]),
        ("interp(2024, 16, 2026, 10)", [14, 16, 13, 10]),
        ("interp(2024, 16)", [14, 16, 16, 16]),
        ({2024: 16, 2026: 10}, [14, 16, 13, 10]),
        ("interp(2020, 0, 2030, 100)", [30, 40, 50, 60]),
        ("step(2024, 3, 2026, 1)", [12, 3, 3, 1]),
        ("step(2020, 4, 2025, 5)", [4, 4, 5, 5]),
        ("logistic(2, 10, 2024, 0.5)", [2 + 8 / (1 + math.exp(-0.5 * (y - 2024))) for y in range(2023, 2027)]),
        ("2 * year - 4000", [46, 48, 50, 52]),
        ("min(hold(), 9) + max(1, 2, 3)", [12, 12, 12, 12]),
        ("7 if year >= 2025 else 8", [8, 8, 7, 7]),
        ("7 if year > 2023 and not year == 2025 else 8", [8, 7, 8, 7]),
        ("-abs(-4) + sqrt(9) + log(exp(2)) + 7 % 4", [4, 4, 4, 4]),
        ("2 ** (year - 2022)", [2, 4, 8, 16]),
    ],
)
def test_functions_of_time_by_their_formulas(expression: Any, later: list[float]):
    assert value_of(expression) == pytest.approx([10, 11, 12, *later], rel=1e-13)


def test_without_history_an_expression_holds_in_every_year():
    assert value_of("interp(2021, 1, 2025, 5)", past=None) == pytest.approx([1, 1, 2, 3, 4, 5, 5])
    assert value_of("grow(1, 2)", past=None) == [2, 2, 2, 4, 8, 16, 32]
    assert value_of("year", past=None) == list(range(2020, 2027))


def test_a_rate_may_itself_vary_by_year():
    """12 × 1.1 × 1.1 × 1.2 × 1.2: the rate of each year applies to that year."""
    rate = {"name": "rate", "unit": "%", "value": "step(2020, 10, 2025, 20)"}
    assert value_of("grow(rate)", others=[rate])[3:] == pytest.approx([13.2, 14.52, 17.424, 20.9088])


def test_other_quantities_carry_it_along():
    gdp = {"name": "gdp", "unit": "亿元", "history": {2020: 50, 2021: 80, 2022: 100}, "value": "grow(0.21)"}
    grown = [12 * 1.21 ** (0.5 * n) for n in range(1, 5)]
    assert value_of("grow_as(gdp, 0.5)", others=[gdp])[3:] == pytest.approx(grown, rel=1e-13)
    assert value_of("grow_as(gdp)", others=[gdp])[3:] == pytest.approx([12 * 1.21**n for n in range(1, 5)])
    assert value_of("before(gdp) / at(gdp, 2020)", others=[gdp])[3:] == pytest.approx([2, 2.42, 2.9282, 3.543122])


def test_quantities_of_one_kind_meet_in_the_unit_of_the_row():
    """3 万m2 and 500 m2 in 公顷: 3 + 0.05; a growth written in percent is a share."""
    area = {"name": "area", "unit": "万m2", "value": 3}
    yard = {"name": "yard", "unit": "m2", "value": 500}
    assert value_of("area + yard", "公顷", past=None, others=[area, yard]) == pytest.approx([3.05] * 7)
    assert value_of("max(yard, area)", "m2", past=None, others=[area, yard]) == pytest.approx([30000] * 7)
    assert value_of("area / yard", "%", past=None, others=[area, yard]) == pytest.approx([6000] * 7)


def test_a_number_times_an_index_has_the_unit_of_its_row():
    index = {"name": "index", "unit": "%", "value": 50}
    assert value_of("8 * index", "kWh/m2", past=None, others=[index]) == pytest.approx([4] * 7)
    assert value_of("8 / index", "kWh/m2", past=None, others=[index]) == pytest.approx([16] * 7)
    assert value_of("hold() * index", "kWh/m2", others=[index])[3:] == pytest.approx([6] * 4)


def test_a_branch_may_refer_to_another_and_a_stock_is_read_by_its_name():
    stock = {"cars": {year: 100 + year - 2020 for year in range(2020, 2027)}}
    data = {
        "years": {"first": 2020, "base": 2021, "last": 2023},
        "drivers": [{"name": "co2_heat", "unit": "tCO2/GJ", "value": 0.1}],
        "stocks": [{"name": "cars", "unit": "辆", "values": {y: v for y, v in stock["cars"].items() if y < 2024}}],
        "branches": [
            {"path": "a/heat", "zone": "北", "activity": "stock.cars", "activity_unit": "辆", "intensity": 2,
             "intensity_unit": "GJ/辆"},
            {"path": "b/heat", "activity": "branch('a/heat@北').energy", "activity_unit": "MJ", "intensity": 0.1,
             "intensity_unit": "GJ/GJ"},
            {"path": "c/emission", "activity": "branch(\"b/heat\").co2", "activity_unit": "t", "intensity": 1,
             "intensity_unit": "1"},
        ],
    }  # fmt: skip
    data["branches"][2] |= {"activity_unit": "tCO2"}
    outcome = compile(read_model(data, units())).run()
    assert outcome.energy is not None
    expected = np.array([[200, 202, 204, 206], [20, 20.2, 20.4, 20.6], [2, 2.02, 2.04, 2.06]])
    np.testing.assert_allclose(outcome.energy[0, 0], expected, rtol=1e-12)
    zones, by_zone = outcome.by_zone()
    assert zones == ("北", "")
    np.testing.assert_allclose(by_zone[0, 0, 0], [20, 20.2, 20.4, 20.6], rtol=1e-12)
