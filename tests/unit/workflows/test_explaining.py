"""A figure explains itself: formula, draws, records down to the cell, what the city confirmed, why nothing is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.workflows.small import RACKS, day_in_china, fill, load_rows, make_district, plan, target

from dafeng.core.errors import BadInput
from dafeng.workflows.district import District
from dafeng.workflows.explaining import explain
from dafeng.workflows.loading import LoadOptions, load


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    made = fill(make_district(tmp_path_factory.mktemp("explain"), plan(target(1, "racks_added", 10, "个"))))
    load_rows(
        made,
        "audits",
        [
            {"code": "A1", "day": "2022-05-01", "rack": "R2"},
            {"code": "A2", "day": "2023-05-01", "rack": "R2"},
            {"code": "A3", "day": "2023-06-01", "rack": "R3"},
        ],
    )
    confirmed = {"indicator": "fuel_cut", "year": 2022, "value": 9.0, "unit": "%", "document": "沧澜核〔2023〕1号"}
    load_rows(made, "confirmed_values", [confirmed], "核定.xlsx")
    return made


def keys(records: Any) -> list[str]:
    return [record["key"]["code"] for record in records]


def test_a_count_lists_just_the_rows_that_it_counts_with_file_sheet_row_and_cell(district: District):
    found = explain(district, "IND.racks_added", 2023)
    assert (found.tree["value"], found.tree["unit"], found.tree["start"]) == (3, "个", 2021)
    assert keys(found.records["racks"]) == ["R2", "R3", "R4"]
    third = found.records["racks"][1]
    assert (third["file"], third["sheet"], third["row"], third["recorded_by"]) == ("racks.xlsx", "填报", 5, "甲")
    # The second column of the register is the day of opening.
    assert third["values"]["opened"] == {
        "value": "2022-12-31",
        "name": {"zh": "建成日", "en": "Opened"},
        "cell": "B5",
    }
    assert found.omitted == {}


def test_a_bare_name_and_another_first_year_are_understood(district: District):
    found = explain(district, "racks_added", 2023, start=2023)
    assert found.tree["value"] == 1
    assert keys(found.records["racks"]) == ["R4"]


def test_a_formula_opens_into_its_figures_down_to_the_records_of_several_registers(district: District):
    found = explain(district, "IND.audit_share", 2023)
    # Two of three racks added were audited, one of them twice.
    assert found.tree["value"] == pytest.approx(200 / 3)
    assert {inner["id"]: inner["value"] for inner in found.tree["figures"]} == {
        "IND.audited_racks": 2,
        "IND.racks_added": 3,
    }
    assert keys(found.records["audits"]) == ["A1", "A2", "A3"]
    assert keys(found.records["racks"]) == ["R2", "R3", "R4"]


def test_rows_that_a_filter_only_looks_up_are_listed_too(district: District):
    found = explain(district, "IND.school_racks", 2023)
    assert found.tree["value"] == 2
    assert keys(found.records["racks"]) == ["R1", "R2"]
    assert keys(found.records["sites"]) == ["S1"]
    assert found.tree["inputs"][0]["referred"] == {"sites": 1}


def test_what_the_city_confirmed_stands_beside_our_own_with_its_document(district: District):
    found = explain(district, "IND.fuel_cut", 2022)
    assert found.tree["value"] == pytest.approx(10)
    assert found.confirmed is not None
    assert found.confirmed["file"] == "核定.xlsx"
    assert found.confirmed["values"]["value"]["value"] == 9
    assert found.confirmed["values"]["document"]["value"] == "沧澜核〔2023〕1号"
    assert explain(district, "IND.fuel_cut", 2021).confirmed is None


def test_a_year_without_a_row_says_so_and_of_which_register(district: District):
    found = explain(district, "IND.ride_share", 2023)
    assert found.tree["value"] is None
    assert found.tree["why_missing"] == {
        "zh": "台账“骑行年报”没有 2023 年的记录",
        "en": "the register “Rides” has no row for 2023",
    }
    assert found.records.get("rides", []) == []


def test_no_row_that_passes_is_nought_and_no_reason_is_missing(district: District):
    found = explain(district, "IND.hospital_racks", 2023)
    assert (found.tree["value"], found.tree["why_missing"]) == (0, None)


def test_only_so_many_records_are_listed_and_the_rest_is_counted(district: District):
    found = explain(district, "IND.racks_added", 2023, most=2)
    assert keys(found.records["racks"]) == ["R2", "R3"]
    assert found.omitted == {"racks": 1}


def test_an_unknown_figure_is_refused_with_names_that_look_like_it(district: District):
    with pytest.raises(BadInput) as refused:
        explain(district, "IND.rack_added", 2023)
    (problem,) = refused.value.problems
    assert problem.code == "explain.unknown-figure"
    assert "IND.racks_added" in problem.remedy.zh
    assert "IND.racks_added" in problem.remedy.en
    with pytest.raises(BadInput) as refused:
        explain(district, "qqqqqq", 2023)
    assert refused.value.problems[0].remedy.en == "see dafeng catalogue show indicators"


def test_what_was_known_on_a_day_is_explained_as_it_was_known(tmp_path: Path):
    district = fill(make_district(tmp_path), days_ago=30)
    load_rows(district, "racks", [{**RACKS[1], "opened": "2019-01-01"}])
    assert explain(district, "racks_added", 2023).tree["value"] == 2
    past = explain(district, "racks_added", 2023, as_known=day_in_china(days_ago=30))
    assert past.tree["value"] == 3
    assert keys(past.records["racks"]) == ["R2", "R3", "R4"]
    assert explain(district, "racks_added", 2023, as_known=dt.date(2020, 1, 1)).tree["value"] is None


def test_a_figure_typed_in_another_unit_is_shown_as_it_was_typed(tmp_path: Path):
    district = make_district(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "车架"
    sheet.append(["架号", "建成日", "车位", "功率（万千瓦）"])
    sheet.append(["R9", "2023-05-01", 3, 0.25])
    book.save(tmp_path / "a.xlsx")
    report = load(district, [tmp_path / "a.xlsx"], LoadOptions("乙"))
    assert report.refused == []
    found = explain(district, "IND.rack_power", 2023)
    # 0.25 万千瓦 are 2500 kW.
    assert found.tree["value"] == pytest.approx(2.5)
    (record,) = found.records["racks"]
    assert record["values"]["power_kw"] == {
        "value": 2500,
        "name": {"zh": "功率", "en": "Power"},
        "cell": "D2",
        "typed": [0.25, "万千瓦"],
    }
    assert (record["file"], record["sheet"], record["row"], record["recorded_by"]) == ("a.xlsx", "车架", 2, "乙")
