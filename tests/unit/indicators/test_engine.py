"""The engine of indicators on a small catalogue of its own, every figure worked by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from dafeng.catalogue import Catalogue, schema
from dafeng.indicators import Evaluation, Facts
from dafeng.indicators.engine import Circle
from dafeng.indicators.facts import frame_of_rows

WORDS = {"zh": "名", "en": "name"}
BASIS = {"text": WORDS, "status": "assumption"}


def register(name: str, columns: dict[str, dict], **more: object) -> schema.Register:
    full = {column: {"name": WORDS, **held} for column, held in columns.items()}
    return schema.Register.model_validate(
        {"id": name, "name": WORDS, "owner": "区统计局", "systems": ["S01"], "basis": BASIS, "columns": full, **more}
    )


BUILDINGS = register(
    "buildings", {"code": {"type": "text"}, "use": {"type": "text"}, "area": {"type": "number"}}, key=["code"]
)
WORKS = register(
    "works",
    {
        "code": {"type": "text"}, "building": {"type": "ref", "to": "buildings"},
        "done": {"type": "date", "optional": True},
        "area": {"type": "number"}, "saving": {"type": "number", "optional": True},
    },
    key=["code"], period="done",
)  # fmt: skip
ENERGY = register(
    "energy",
    {"year": {"type": "year"}, "carrier": {"type": "text"}, "amount": {"type": "number"}},
    key=["year", "carrier"], period="year", kind="series",
)  # fmt: skip

ROWS = {
    "buildings": [
        {"code": "A", "use": "office", "area": 100.0},
        {"code": "B", "use": "housing", "area": 50.0},
    ],
    "works": [
        {"code": "1", "building": "A", "done": dt.date(2021, 12, 31), "area": 10.0, "saving": 20.0},
        {"code": "2", "building": "A", "done": dt.date(2022, 1, 1), "area": 30.0, "saving": 10.0},
        {"code": "3", "building": "B", "done": dt.date(2022, 6, 1), "area": 40.0},
        {"code": "4", "building": "A", "done": None, "area": 99.0},
        {"code": "5", "building": "missing", "done": dt.date(2022, 6, 1), "area": 7.0},
    ],
    "energy": [
        {"year": 2020, "carrier": "power", "amount": 200.0},
        {"year": 2021, "carrier": "power", "amount": 150.0},
        {"year": 2021, "carrier": "gas", "amount": 50.0},
        {"year": 2022, "carrier": "power", "amount": 120.0},
    ],
}  # fmt: skip


def indicator(name: str, **held: object) -> schema.Indicator:
    return schema.Indicator.model_validate(
        {
            "id": name, "name": WORDS, "unit": "t", "direction": "up", "shape": "cumulative", "owner": "区统计局",
            "systems": ["S01"], "golden": {"rows": {}, "expect": {2020: None}}, **held,
        }
    )  # fmt: skip


def evaluation(*entries: schema.Indicator, leave_out: str = "") -> Evaluation:
    registers = {r.id: r for r in (BUILDINGS, WORKS, ENERGY)}
    factor = schema.Factor.model_validate(
        {
            "id": "grid", "name": WORDS, "unit": "tCO2/MWh",
            "values": [
                {"year": 2020, "value": 0.6, "source": BASIS},
                {"year": 2021, "value": 0.5, "effective_from": 2022, "source": BASIS},
            ],
        }
    )  # fmt: skip
    catalogue = Catalogue(registers=registers, indicators={i.id: i for i in entries}, factors={"grid": factor})
    frames, first = {}, 1
    for name, rows in ROWS.items():
        if name != leave_out:
            frames[name] = frame_of_rows(registers[name], rows, first)
        first += len(rows)
    return Evaluation(catalogue, Facts(catalogue, frames))


OFFICES = indicator(
    "offices",
    **{"from": "works"},
    where="building.use == 'office' and period >= start and period <= year",
    value="sum(area)",
)


def test_a_filter_reaches_the_row_that_a_reference_names():
    work = evaluation(OFFICES)
    assert [work.figure("offices", year).value for year in (2021, 2022)] == [10.0, 40.0]


def test_a_figure_lists_the_records_it_rests_on_and_those_they_refer_to():
    figure = evaluation(OFFICES).figure("offices", 2022)
    # works are records 3–7, buildings 1–2
    assert figure.records() == {"works": {3, 4}, "buildings": {1}}


def test_a_cumulative_figure_counts_from_the_first_year_of_the_period_asked_for():
    work = evaluation(OFFICES)
    assert work.figure("offices", 2022, start=2022).value == 30.0
    assert work.figure("offices", 2026).value == 0.0  # a new five-year plan begins in 2026


def test_rows_but_none_in_the_filter_is_zero_and_an_empty_register_is_no_data():
    assert evaluation(OFFICES).figure("offices", 2020).value == 0.0
    empty = evaluation(OFFICES, leave_out="works").figure("offices", 2022)
    assert empty.value is None
    assert empty.why is not None
    assert "no records" in empty.why.en


def test_a_series_without_a_row_for_the_year_is_no_data_but_a_filtered_one_is_zero():
    gas = indicator("gas", **{"from": "energy"}, where="period == year and carrier == 'gas'", value="sum(amount)")
    work = evaluation(gas)
    assert [work.figure("gas", year).value for year in (2021, 2022, 2023)] == [50.0, 0.0, None]
    why = work.figure("gas", 2023).why
    assert why is not None
    assert "2023" in why.en


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("count()", 4), ("count(where=area > 9.5)", 3), ("mean(saving)", 15.0), ("weighted(saving, area)", 12.5),
        ("smallest(area)", 7.0), ("largest(area)", 40.0), ("distinct(building)", 3), ("latest(saving)", 10.0),
        ("sum(area, where=missing(saving))", 47.0), ("sum(saving)", 30.0), ("sum(area) / count()", 21.75),
    ],
)  # fmt: skip
def test_aggregates_over_the_filtered_rows(value: str, expected: float):
    entry = indicator("x", **{"from": "works"}, where="not missing(done)", value=value)
    assert evaluation(entry).figure("x", 2022).value == pytest.approx(expected)


def test_other_indicators_years_and_factors_are_used_and_kept():
    power = indicator("power", **{"from": "energy"}, where="period == year", value="sum(amount)")
    cut = indicator("cut", value="100 * (1 - IND.power / at(IND.power, base_year))")
    carbon = indicator("carbon", value="IND.power * factor('grid')")
    summed = indicator("summed", value="total(IND.power)")
    work = evaluation(power, cut, carbon, summed)
    assert work.figure("cut", 2022).value == pytest.approx(40.0)  # 120 against 200
    assert work.figure("carbon", 2021).value == pytest.approx(120.0)  # 200 × 0.6: 0.5 comes into use in 2022
    assert work.figure("carbon", 2022).value == pytest.approx(60.0)  # 120 × 0.5
    assert [(f.vintage, f.value) for f in work.figure("carbon", 2022).factors] == [(2021, 0.5)]
    assert work.figure("summed", 2022).value == pytest.approx(320.0)  # 2021 and 2022
    assert work.figure("cut", 2022).records() == {"energy": {8, 11}}


def test_division_by_zero_is_missing_with_a_reason():
    entry = indicator(
        "share",
        inputs={
            "a": {"from": "works", "value": "count()"},
            "b": {"from": "works", "where": "area > 1000", "value": "sum(area)"},
        },
        value="a / b",
    )
    figure = evaluation(entry).figure("share", 2022)
    assert figure.value is None
    assert figure.why is not None


def test_a_circle_is_never_followed():
    work = evaluation(indicator("a", value="IND.b"), indicator("b", value="IND.a"))
    with pytest.raises(Circle, match="a → b → a"):
        work.figure("a", 2022)
