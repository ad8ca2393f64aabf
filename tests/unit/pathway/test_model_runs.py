"""Running a model: levers, uncertainty, what is kept, and a model as sheets."""

from __future__ import annotations

import copy
import functools
from typing import Any

import numpy as np
import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.core.units import Units
from dafeng.pathway import compute
from dafeng.pathway.compute import Compiled, Variant, compile
from dafeng.pathway.draws import Draws, draw
from dafeng.pathway.model import Model, read_model
from dafeng.pathway.reading_sheets import SheetRow, model_data, sheets_of


@functools.cache
def units() -> Units:
    return load_catalogue().unit_table


# Heat of 100 万m2 at 0.5 GJ/m2: 500 000 GJ, at 0.1 t/GJ 50 000 t; history is 2020.
DATA: dict[str, Any] = {
    "id": "plain", "name": {"zh": "示例", "en": "Plain"},
    "years": {"first": 2020, "base": 2020, "last": 2022},
    "drivers": [
        {"name": "area", "unit": "万m2", "history": {2020: 100}, "value": "grow(0.1)", "source": "示意"},
        {"name": "co2_heat", "unit": "tCO2/GJ", "value": 0.1},
    ],
    "branches": [
        {"path": "建筑/供暖/heat", "activity": "area", "activity_unit": "万m2", "intensity": "hold()",
         "intensity_unit": "GJ/m2", "history": {2020: 500000}},
    ],
    "scenarios": [{"name": "reference"}, {"name": "low", "parent": "reference", "set": {"drivers/co2_heat": 0.05}},
                  {"name": "set", "set": {"levers/area": 200}}],
    "levers": [{"name": "area", "zh": "面积", "en": "Area", "of": "drivers/area", "low": 0, "high": 300, "value": 100}],
    "uncertain": [{"of": "drivers/area", "as": "growth", "spread": "normal(0, 0.01)"},
                  {"name": "heat need", "of": "branches/建筑/供暖/heat/intensity", "as": "additive",
                   "spread": "uniform(-0.1, 0.1)"}],
}  # fmt: skip


def made(data: dict[str, Any] = DATA) -> Model:
    return read_model(data, units())


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile(made())


def test_a_lever_sets_every_year_after_the_base_year(compiled: Compiled):
    assert compiled.run(None, ["reference"]).total()[0, 0].tolist() == pytest.approx([50000, 55000, 60500])
    moved = compiled.run(None, ["reference", "low"], levers={"area": 120}).total()
    assert moved[0, 0].tolist() == pytest.approx([50000, 60000, 60000])
    assert moved[0, 1].tolist() == pytest.approx([50000, 30000, 30000])
    assert compiled.run(None, ["set"]).total()[0, 0].tolist() == pytest.approx([50000, 100000, 100000])


def test_no_scenario_changes_the_past_even_where_no_history_is_given():
    data = copy.deepcopy(DATA)
    data["scenarios"] += [{"name": "grown", "set": {"drivers/co2_heat": "grow(1)"}},
                          {"name": "stepped", "set": {"drivers/co2_heat": "step(2022, 0)"}}]  # fmt: skip
    totals = compile(made(data)).run(None, ["low", "grown", "stepped"]).total()[0]
    assert totals[:, 0].tolist() == pytest.approx([50000, 50000, 50000])
    assert totals[:, 2].tolist() == pytest.approx([30250, 242000, 0])


def test_draws_change_the_future_only_by_the_rule_of_each(compiled: Compiled):
    """Area × (1 + 0.02)^n and intensity + 0.1: 110 × 1.02 × 0.6 GJ × 0.1 t × 1e4."""
    values = np.array([[0.0, 0.0], [0.02, 0.1]])
    total = compiled.run(values, ["reference"]).total()[:, 0]
    assert total[0].tolist() == pytest.approx([50000, 55000, 60500])
    assert total[1].tolist() == pytest.approx([50000, 1100 * 1.02 * 60, 1210 * 1.02**2 * 60])


def test_draws_are_matched_by_name(compiled: Compiled):
    draws = draw(compiled.model.spreads, 50, seed=3)
    turned = Draws(draws.names[::-1], draws.values[:, ::-1], draws.seed, draws.method)
    np.testing.assert_array_equal(compiled.run(draws).total(), compiled.run(turned).total())
    with pytest.raises(BadInput, match="heat need"):
        compiled.run(Draws(draws.names[:1], draws.values[:, :1], 3, draws.method))


def test_what_was_not_asked_for_is_not_kept(compiled: Compiled):
    draws = draw(compiled.model.spreads, 10, seed=3)
    totals = compiled.run(draws)
    assert totals.energy is None
    assert totals.co2_by_sector is None
    with pytest.raises(ValueError, match="branch"):
        totals.by_zone()
    kept = compiled.run(draws, keep="branch")
    assert kept.energy is not None
    assert kept.energy.shape == (10, 3, 1, 3)
    np.testing.assert_array_equal(kept.total(), totals.total())
    assert compiled.run(draws, keep="sector").total("heat").shape == (10, 3, 3)


def test_results_that_would_fill_the_machine_are_refused_in_words(compiled: Compiled, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compute, "MOST_BYTES", 1000)
    with pytest.raises(BadInput) as caught:
        compiled.run(np.zeros((50, 2)), keep="branch")
    assert caught.value.problems[0].code == "pathway.too-large"


def test_names_that_the_model_does_not_know_are_told_with_the_nearest(compiled: Compiled):
    with pytest.raises(BadInput) as scenario:
        compiled.run(None, ["referense"])
    assert "reference" in scenario.value.problems[0].rule.en
    with pytest.raises(BadInput) as lever:
        compiled.run(None, None, levers={"aera": 1})
    assert "area" in lever.value.problems[0].rule.en
    with pytest.raises(BadInput) as beyond:
        compiled.run(None, None, levers={"area": 301})
    assert beyond.value.problems[0].code == "pathway.lever-range"
    with pytest.raises(BadInput) as cell:
        compiled.run(None, [Variant("v", None, {"drivers/arae": 1})])
    assert "drivers/area" in cell.value.problems[0].rule.en
    with pytest.raises(BadInput) as circle:
        compiled.run(None, [Variant("v", None, {"drivers/area": "branch('建筑/供暖/heat').activity"})])
    assert circle.value.problems[0].code == "pathway.circle"


def test_shares_that_a_lever_or_a_variant_moves_must_still_make_one():
    data = copy.deepcopy(DATA)
    heat = {"activity": "area", "activity_unit": "万m2", "intensity": 0.5, "intensity_unit": "GJ/m2", "share_of": "two"}
    key = "branches/建筑/甲/heat/share"
    data["branches"] += [{**heat, "path": "建筑/甲/heat", "share": 0.4}, {**heat, "path": "建筑/乙/heat", "share": 0.6}]
    data["levers"].append({"name": "first", "of": key, "low": 0, "high": 1, "value": 0.4})
    compiled = compile(made(data))
    assert compiled.run(None, ["low"], levers={"first": 0.4}).total().shape == (1, 1, 3)
    with pytest.raises(BadInput) as caught:
        compiled.run(None, ["low"], levers={"first": 0.5})
    assert caught.value.problems[0].code == "pathway.shares"
    assert "1.1 in 2021–2022" in caught.value.problems[0].rule.en
    with pytest.raises(BadInput):
        compiled.run(None, [Variant("v", "low", {key: 0.3})])
    data["branches"][-1]["share"] = "rest()"
    moved = compile(made(data)).run(None, ["low"], levers={"first": 1.0})
    assert moved.energy is not None
    assert moved.energy[0, 0, :, 2].tolist() == pytest.approx([605000, 605000, 0])


def test_draws_without_an_answer_are_told_and_not_passed_on():
    data = copy.deepcopy(DATA)
    data["drivers"].append({"name": "odd", "unit": "", "value": "sqrt(margin)"})
    data["drivers"].append({"name": "margin", "unit": "", "value": 0.5})
    data["branches"][0] |= {"intensity": "hold() * odd"}
    data["uncertain"] = [{"of": "drivers/margin", "as": "additive", "spread": "uniform(-1, 1)"}]
    compiled = compile(made(data))
    assert np.isfinite(compiled.run(np.array([[0.0], [-0.4]])).total()).all()
    with pytest.raises(BadInput) as caught:
        compiled.run(np.array([[0.0], [-0.6], [0.2]]))
    assert caught.value.problems[0].code == "pathway.no-answer"
    assert "2021 to 2022 (1 of 3 draws)" in caught.value.problems[0].rule.en


def test_drivers_without_a_branch_behind_them_and_unused_scenarios_do_no_harm():
    data = copy.deepcopy(DATA)
    data["drivers"].append({"name": "idle", "unit": "亿元", "value": "year"})
    assert compile(made(data)).run(None, ["reference"]).total()[0, 0, 0] == pytest.approx(50000)


def test_a_model_without_scenarios_has_the_reference():
    data = {key: value for key, value in DATA.items() if key != "scenarios"}
    assert compile(made(data)).scenarios == ("reference",)


def as_rows(sheets: dict[str, tuple[list[Any], list[list[Any]]]]) -> dict[str, list[SheetRow]]:
    """As a spreadsheet hands them over: every number a decimal, headings of years too."""

    def cell(value: Any) -> Any:
        return float(value) if isinstance(value, int) else value

    found = {}
    for name, (headings, rows) in sheets.items():
        letters = {str(heading): chr(ord("A") + column) for column, heading in enumerate(headings)}
        found[name] = [
            SheetRow(number, dict(zip(map(str, headings), map(cell, row), strict=True)), letters)
            for number, row in enumerate(rows, 2)
        ]
    return found


def test_a_model_written_as_sheets_and_read_back_gives_the_same_answer(compiled: Compiled):
    data = copy.deepcopy(DATA)
    data["stocks"] = [{"name": "cars", "unit": "辆", "values": {2020: 1, 2021: 2, 2022: 4}}]
    data["branches"].append({"path": "交通/emission", "zone": "南", "activity": "stock.cars", "activity_unit": "辆",
                             "intensity": {2020: 1, 2022: 2}, "intensity_unit": "tCO2/辆"})  # fmt: skip
    again = model_data(as_rows(sheets_of(data)))
    one, other = compile(made(data)), compile(made(again))
    draws = draw(one.model.spreads, 5, seed=1)
    np.testing.assert_array_equal(one.run(draws, keep="branch").co2_t, other.run(draws, keep="branch").co2_t)
    assert one.run().total()[0, 0, 2] == pytest.approx(60500 + 8)
    assert other.model.levers["area"].title.zh == "面积"
    assert other.model.name.en == "Plain"


def test_headings_and_sheets_may_be_chinese():
    rows = as_rows(sheets_of(DATA))
    names = {"path": "路径", "activity": "活动水平", "intensity": "强度"}
    rows["分支"] = [
        SheetRow(one.row, {names.get(h, h): v for h, v in one.cells.items()}, one.columns)
        for one in rows.pop("branches")
    ]
    assert compile(made(model_data(rows))).run(None, ["low"]).total()[0, 0, 1] == pytest.approx(27500)
