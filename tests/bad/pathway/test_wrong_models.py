"""Models that are wrong in one thing each: refused with the row, the column and what to change."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.units import Units
from dafeng.pathway.compute import compile
from dafeng.pathway.model import read_model
from dafeng.pathway.reading_sheets import SheetRow, model_data, sheets_of

GOOD: dict[str, Any] = {
    "id": "good",
    "years": {"first": 2020, "base": 2021, "last": 2023},
    "drivers": [
        {"name": "area", "unit": "万m2", "history": {2020: 90, 2021: 100}, "value": "grow(0.1)"},
        {"name": "rate", "unit": "%", "value": 40},
        {"name": "grid", "unit": "tCO2/MWh", "history": {2020: 0.6, 2021: 0.6}, "value": "hold()"},
        {"name": "co2_natural_gas", "unit": "tCO2/万m3", "value": 21.6},
    ],
    "branches": [
        {"path": "建筑/供暖/electricity", "activity": "area", "activity_unit": "万m2", "intensity": "hold()",
         "intensity_unit": "kWh/m2", "share": "rate", "share_of": "heating", "history": {2020: 400, 2021: 410}},
        {"path": "建筑/供暖/natural_gas", "activity": "area", "activity_unit": "万m2", "intensity": 5,
         "intensity_unit": "m3/m2", "share": 0.6, "share_of": "heating"},
    ],
    "scenarios": [{"name": "reference"}, {"name": "plan", "parent": "reference", "set": {"drivers/area": "hold()"}}],
    "levers": [{"name": "rate", "of": "drivers/area", "low": 0, "high": 100, "value": 40}],
    "uncertain": [{"of": "drivers/area", "as": "growth", "spread": "normal(0, 0.01)"}],
}  # fmt: skip
ELECTRICITY, GAS = (one["path"] for one in GOOD["branches"])


@functools.cache
def units() -> Units:
    return load_catalogue().unit_table


def problems_of(data: Any) -> list[Problem]:
    with pytest.raises(BadInput) as caught:
        compile(read_model(data, units(), Place("model.yaml")))
    return list(caught.value.problems)


def broken(change: Callable[[dict[str, Any]], object]) -> list[Problem]:
    data = copy.deepcopy(GOOD)
    change(data)
    return problems_of(data)


def put(section: str, row: int, **fields: Any) -> Callable[[dict[str, Any]], object]:
    return lambda data: data[section][row].update(fields)


def test_the_model_that_the_cases_break_is_good():
    assert compile(read_model(GOOD, units())).run().total().shape == (1, 2, 4)


def test_a_circle_is_named_with_every_cell_in_it():
    found = broken(put("drivers", 1, value="branch('建筑/供暖/natural_gas').energy / area", unit="万m3/万m2"))
    assert [one.code for one in found] == ["pathway.unit"]  # A share is a number, not 万m3/万m2.

    def circle(data: dict[str, Any]) -> None:
        data["branches"][0]["activity"] = "branch('建筑/供暖/natural_gas').activity"
        data["branches"][1]["activity"] = "branch('建筑/供暖/electricity').activity"

    (one,) = broken(circle)
    assert one.code == "pathway.circle"
    assert f"branches/{ELECTRICITY}/activity → branches/{GAS}/activity → branches/{ELECTRICITY}/activity" in one.rule.zh
    assert one.place.field == "activity"


def test_a_circle_that_only_a_scenario_closes_names_the_scenario():
    def circle(data: dict[str, Any]) -> None:
        data["drivers"].append({"name": "half", "unit": "万m2", "value": "area / 2"})
        data["scenarios"][1]["set"] = {"drivers/area": "half * 2"}

    (one,) = broken(circle)
    assert one.code == "pathway.circle"
    assert "drivers/area → drivers/half → drivers/area" in one.rule.en
    assert "scenario plan" in one.rule.en
    assert one.place.field == "set.drivers/area"


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.5, "2020–2023"), ("interp(2021, 0.6, 2023, 0.5)", "2022–2023"), ("step(2020, 0.6, 2023, 0.7)", "2023")],
)
def test_shares_that_do_not_make_one_name_the_group_and_the_years(share: Any, told: str):
    (one,) = broken(put("branches", 1, share=share))
    assert one.code == "pathway.shares"
    assert "“heating”" in one.rule.en
    assert f" {told}," in one.rule.en


def test_shares_of_a_scenario_are_checked_too():
    (one,) = broken(lambda data: data["scenarios"][1]["set"].update({"drivers/rate": 50}))
    assert one.code == "pathway.shares"
    assert "2022–2023" in one.rule.en
    assert "scenario plan" in one.rule.en


def test_a_share_below_nothing_is_told_where_the_rest_gives_way():
    def over(data: dict[str, Any]) -> None:
        data["drivers"][1]["value"] = 140
        data["branches"][1]["share"] = "rest()"

    codes = {one.code for one in broken(over)}
    assert codes == {"pathway.share-range"}


def test_missing_history_names_the_years():
    (one,) = broken(put("drivers", 0, history={2021: 100}))
    assert one.code == "pathway.missing-history"
    assert "drivers/area" in one.rule.en
    assert "2020" in one.rule.en
    assert "2021" not in one.rule.en
    (one,) = broken(put("branches", 0, history={}))
    assert f"branches/{ELECTRICITY}/intensity" in one.rule.zh
    assert "2020、2021" in one.rule.zh


@pytest.mark.parametrize(
    ("change", "code", "field", "told"),
    [
        (put("branches", 0, intensity_unit="kWh/辆"), "pathway.unit-product", "intensity_unit", "kWh/辆"),
        (put("branches", 1, intensity_unit="GJ/m2"), "pathway.unit-product", "intensity_unit", "万m3"),
        (put("branches", 0, activity_unit="万辆", intensity_unit="kWh/辆"), "pathway.unit", "activity", "area"),
        (put("drivers", 1, value="area"), "pathway.unit", "value", "m^2"),
        (put("drivers", 0, value="grow(area)"), "pathway.unit", "value", "m^2"),
        (put("drivers", 0, value="hold() + grid"), "pathway.unit", "value", "tCO2"),
        (put("drivers", 2, unit="tCO2/人"), "pathway.factor-unit", "unit", "tCO2/人"),
        (put("drivers", 0, unit="万m5"), "pathway.unknown-unit", "unit", "万m5"),
        (put("drivers", 0, unit="万 m 2"), "pathway.unknown-unit", "unit", "万m2"),
        (put("branches", 0, intensity_unit="kWh/m²x"), "pathway.unknown-unit", "intensity_unit", "m²x"),
    ],
)
def test_units_that_do_not_fit_name_the_row_and_the_field(change: Any, code: str, field: str, told: str):
    found = [one for one in broken(change) if one.code == code]
    assert found
    assert found[0].place.file == "model.yaml"
    assert found[0].place.field == field
    assert "[" in (found[0].place.item or "")
    assert told in found[0].rule.en


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (put("branches", 0, activity="areaa"), "expression.unknown-name", "did you mean area"),
        (put("branches", 0, intensity="hodl()"), "expression.unknown-function", "did you mean hold"),
        (put("drivers", 0, value="branch('建筑/供暖/electrcity').energy"), "pathway.unknown-branch", ELECTRICITY),
        (put("drivers", 0, value="branch('建筑/供暖/electricity').enrgy"), "pathway.unknown-branch", ".energy?"),
        (put("drivers", 0, value="branch(area, 'energy')"), "expression.type", "text"),
        (put("branches", 0, path="建筑/供暖/electrcity"), "pathway.unknown-carrier", "did you mean electricity"),
        (put("scenarios", 1, parent="referense"), "pathway.unknown-parent", "did you mean reference"),
        (put("scenarios", 1, set={"drivers/aera": 1}), "pathway.unknown-cell", "did you mean drivers/area"),
        (put("levers", 0, of="drivers/aera"), "pathway.unknown-cell", "did you mean drivers/area"),
        (put("uncertain", 0, of="drivers/aera"), "pathway.unknown-cell", "did you mean drivers/area"),
        (put("branches", 0, intensty="hold()"), "pathway.unknown-field", "did you mean intensity"),
        (lambda data: data.update(branchs=[]), "pathway.unknown-field", "did you mean branches"),
    ],
)
def test_unknown_names_come_with_the_nearest_known_one(change: Any, code: str, told: str):
    found = [one for one in broken(change) if one.code == code]
    assert found
    assert told in found[0].rule.en


def without(section: str, row: int, field: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data[section][row].pop(field)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.pop("years"), "pathway.years"),
        (lambda data: data["years"].update(base=2023), "pathway.years"),
        (lambda data: data["years"].update(first="2020"), "pathway.years"),
        (lambda data: data.update(branches=[]), "pathway.no-branches"),
        (lambda data: data.update(branches={"path": "x"}), "pathway.not-a-list"),
        (lambda data: data["branches"].append("x"), "pathway.not-a-row"),
        (lambda data: data["drivers"].append(dict(data["drivers"][0])), "pathway.twice"),
        (lambda data: data["branches"].append(dict(data["branches"][0])), "pathway.twice"),
        (lambda data: data["uncertain"].append(dict(data["uncertain"][0])), "pathway.twice"),
        (without("drivers", 2, "name"), "pathway.lacking"),
        (without("drivers", 1, "value"), "pathway.lacking"),
        (without("branches", 0, "intensity"), "pathway.lacking"),
        (without("branches", 0, "share"), "pathway.lacking"),
        (without("branches", 0, "activity_unit"), "pathway.lacking"),
        (lambda data: data["drivers"].pop(2), "pathway.no-factor"),
        (put("drivers", 1, name="a b"), "pathway.not-a-name"),
        (put("drivers", 1, name="year"), "pathway.not-a-name"),
        (put("branches", 0, path="electricity"), "pathway.path"),
        (put("branches", 0, path="建筑//electricity"), "pathway.path"),
        (put("branches", 0, path=["建筑"]), "pathway.not-a-text"),
        (put("branches", 0, history={2019: 1, 2020: 1, 2021: 1}), "pathway.history-year"),
        (put("branches", 0, history={2020: "many", 2021: 1}), "pathway.not-a-number"),
        (put("branches", 0, history={2020: float("nan"), 2021: 1}), "pathway.not-a-number"),
        (put("branches", 0, history=[1, 2]), "pathway.not-a-row"),
        (put("drivers", 1, value=True), "pathway.not-a-series"),
        (put("drivers", 1, value=["hold()"]), "pathway.not-a-series"),
        (put("drivers", 0, value="grow(0.1"), "expression.syntax"),
        (put("drivers", 0, value="area.history"), "expression.unknown-name"),
        (put("drivers", 0, value="__import__('os')"), "expression.unknown-function"),
        (put("drivers", 0, value="interp(2023, 5, 2022, 6)"), "pathway.points"),
        (put("drivers", 0, value="interp(2022, 5, 2023)"), "pathway.points"),
        (put("drivers", 0, value="interp(year, 5)"), "pathway.points"),
        (put("drivers", 0, value="step(2022.5, 5)"), "pathway.points"),
        (put("drivers", 0, value="at(area, 2019)"), "pathway.year-outside"),
        (put("drivers", 0, value="rest()"), "pathway.rest"),
        (lambda data: [one.update(share="rest()") for one in data["branches"]], "pathway.rest-twice"),
        (put("drivers", 0, history={2020: 0, 2021: 100}), "pathway.no-activity"),
        (put("drivers", 1, value="100 / (year - 2022)"), "pathway.no-value"),
        (put("drivers", 1, value="sqrt(2021.5 - year)"), "pathway.no-value"),
        (put("drivers", 1, value="before(at(grid, 2020) / at(grid, 2021)) * 0.4"), "pathway.no-value"),
        (put("scenarios", 0, parent="plan"), "pathway.parent-circle"),
        (put("scenarios", 1, name="reference"), "pathway.twice"),
        (put("scenarios", 1, set=["drivers/area"]), "pathway.not-a-row"),
        (put("scenarios", 1, set={"levers/rate": "much"}), "pathway.not-a-number"),
        (put("levers", 0, low=50), "pathway.lever"),
        (put("levers", 0, high="much"), "pathway.not-a-number"),
        (put("uncertain", 0, **{"as": "somehow"}), "pathway.how"),
        (put("uncertain", 0, spread="normal(0, -1)"), "pathway.spread"),
        (put("uncertain", 0, spread="gauss(0, 1)"), "expression.unknown-function"),
        (put("uncertain", 0, of=f"branches/{GAS}/share"), "pathway.uncertain-share"),
        (lambda data: data.update(carriers={"steam": {}}), "pathway.lacking"),
        (lambda data: data.update(carriers={"steam": "barrels"}), "pathway.unknown-unit"),
    ],
)
def test_every_other_fault_has_its_own_code_and_a_remedy_in_both_languages(change: Any, code: str):
    found = [one for one in broken(change) if one.code == code]
    assert found
    for one in found:
        assert one.remedy.zh
        assert one.remedy.en


def test_an_intensity_cannot_begin_where_nothing_was_used():
    def empty(data: dict[str, Any]) -> None:
        data["drivers"][0] |= {"history": {2020: 0, 2021: 0}, "value": "hold(5)"}
        data["branches"][0]["history"] = {2020: 0, 2021: 0}

    (one,) = broken(empty)
    assert one.code == "pathway.no-base-intensity"
    assert "2021" in one.rule.en


def test_all_faults_of_a_file_are_told_at_once():
    def many(data: dict[str, Any]) -> None:
        data["drivers"][0]["value"] = "grow("
        data["branches"][0]["activity_unit"] = "万m5"
        data["levers"][0]["of"] = "drivers/none"
        data["uncertain"][0]["as"] = "else"

    codes = {one.code for one in broken(many)}
    assert codes >= {"expression.syntax", "pathway.unknown-unit", "pathway.unknown-cell", "pathway.how"}


def test_only_the_cause_is_told_of_a_value_that_does_not_exist():
    def cause(data: dict[str, Any]) -> None:
        data["drivers"].append({"name": "none", "unit": "", "value": "1 / (year - 2022)"})
        data["branches"][1]["intensity"] = "5 * none"

    found = broken(cause)
    assert {one.code for one in found} == {"pathway.no-value"}
    assert all("drivers/none" in one.rule.en and "2022" in one.rule.en for one in found)


# ── the same faults in a workbook ──


def sheets(data: dict[str, Any]) -> dict[str, list[SheetRow]]:
    found = {}
    for name, (headings, rows) in sheets_of(data).items():
        letters = {str(heading): chr(ord("A") + column) for column, heading in enumerate(headings)}
        found[name] = [
            SheetRow(number, dict(zip(map(str, headings), row, strict=True)), letters)
            for number, row in enumerate(rows, 2)
        ]
    return found


@pytest.mark.parametrize(
    ("change", "code", "sheet", "heading", "row"),
    [
        (put("branches", 1, intensity_unit="GJ/m2"), "pathway.unit-product", "branches", "intensity_unit", 3),
        (put("branches", 1, share=0.5), "pathway.shares", "branches", "share", 2),
        (put("branches", 0, history={2020: "many", 2021: 410}), "pathway.not-a-number", "branches", "2020", 2),
        (put("drivers", 1, value="area"), "pathway.unit", "drivers", "value", 3),
        (put("drivers", 0, value="branch('建筑/供暖/natural_gas').activity"), "pathway.circle", "drivers", "value", 2),
        (put("scenarios", 1, set={"drivers/area": "grow("}), "expression.syntax", "scenarios", "value", 3),
        (put("scenarios", 1, set={"drivers/aera": "hold()"}), "pathway.unknown-cell", "scenarios", "value", 3),
        (put("uncertain", 0, spread="gauss(1)"), "expression.unknown-function", "uncertain", "spread", 2),
    ],
)
def test_in_a_workbook_the_sheet_and_the_cell_are_named(change: Any, code: str, sheet: str, heading: str, row: int):
    data = copy.deepcopy(GOOD)
    change(data)
    read = model_data(sheets(data), "model.xlsx")
    found = [one for one in problems_of(read) if one.code == code]
    assert found
    column = sheets(data)[sheet][0].columns[heading]
    place = found[0].place
    assert (place.file, place.sheet, place.column, place.row) == ("model.yaml", sheet, column, row)


def test_a_sheet_that_no_model_has_is_told():
    with pytest.raises(BadInput) as caught:
        model_data({"branchs": [SheetRow(2, {"path": "x"}, {"path": "A"})]}, "model.xlsx")
    assert caught.value.problems[0].code == "pathway.unknown-sheet"
    assert "did you mean branches" in caught.value.problems[0].rule.en
