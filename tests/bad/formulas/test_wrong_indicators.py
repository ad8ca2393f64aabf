"""Indicators that a district wrote wrongly, through the command that checks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.cataloguing import check
from dafeng.workflows.starting import init

REGISTER = """
id: bicycle_parking
name: {zh: 自行车停放点, en: Bicycle parking}
owner: 区建设管理委
systems: [S20]
key: [code]
period: opened_on
basis: {text: {zh: 台账, en: ledger}, status: assumption}
columns:
  code: {name: {zh: 编号, en: Code}, type: text}
  opened_on: {name: {zh: 启用日期, en: Opened}, type: date}
  racks: {name: {zh: 车位, en: Racks}, type: integer, unit: 个}
"""
INDICATOR = """
id: bike_racks
name: {zh: 自行车位, en: Racks}
unit: 个
owner: 区建设管理委
systems: [S20]
shape: level
direction: up
FORMULA
golden:
- rows: {bicycle_parking: [{code: a, opened_on: 2021-01-01, racks: 5}]}
  expect: {2020: null}
  worked: nothing
"""
FROM = "from: bicycle_parking\nvalue: "


def checked(tmp_path: Path, formula: str, register: str = REGISTER, indicator: str = INDICATOR) -> list[str]:
    district = init(tmp_path / "d", name="某区").district
    for kind, text in (("registers", register), ("indicators", indicator.replace("FORMULA", formula))):
        file = district.local_catalogue / kind / "own.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    try:
        problems = check(district.root).problems
    except BadInput as error:
        problems = error.problems
    assert all(str(problem.place) and problem.remedy.zh for problem in problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("value: IND.bike_racks + 1", "indicators.circle"),
        ("value: at(IND.bike_racks, year - 1) + 1", "indicators.circle"),
        ("value: at(IND.bike_racks, year + 1)", "indicators.circle"),
        ("value: total(IND.bike_racks)", "indicators.circle"),
        ("value: at(5, 2020)", "indicators.at-needs-an-indicator"),
        ("value: total(5)", "indicators.at-needs-an-indicator"),
        ("value: at(IND.energy_total, IND.energy_total)", "indicators.year-of-at"),
        (FROM + "sum(sum(racks))", "indicators.nested"),
        (FROM + "count(where=racks in ('a', 'b'))", "expression.type"),
    ],
)
def test_each_slip_is_told_by_its_name(tmp_path: Path, formula: str, code: str):
    assert code in checked(tmp_path, formula)


@pytest.mark.parametrize(
    "formula",
    [
        "value: at(IND.energy_total, 10**9)",
        "value: at(IND.energy_total, 1 / 0)",
        FROM + "sum(log(0 - racks))",
        FROM + "sum(racks ** 1000)",
    ],
)
def test_a_figure_without_a_value_is_missing_as_the_case_expects(tmp_path: Path, formula: str):
    assert checked(tmp_path, formula) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("rows: {bicycle_parking:", "rows: {nothing:", "indicators.unknown-register"),
        ("opened_on: 2021-01-01", "opened_on: hello", "indicators.golden-value"),
        ("racks: 5", "racks: 5.5", "indicators.golden-value"),
        ("racks: 5", "racks: [5]", "indicators.golden-value"),
        ("racks: 5", "stands: 5", "indicators.unknown-column"),
    ],
)
def test_a_wrong_row_of_a_worked_case_is_told(tmp_path: Path, old: str, new: str, code: str):
    indicator = INDICATOR.replace(old, new)
    assert code in checked(tmp_path, FROM + "sum(racks, where=period == year)", indicator=indicator)


def test_a_date_that_is_none_names_the_file(tmp_path: Path):
    register = REGISTER.replace("type: date}", "type: date, min: 2023-13-01}")
    assert "catalogue.value" in checked(tmp_path, FROM + "sum(racks)", register=register)
