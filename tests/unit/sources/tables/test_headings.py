"""Headings and sheets as offices keep them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.sources.tables.world import (
    BUILDING_HEADS,
    BUILDINGS,
    CATALOGUE,
    building,
    buildings_book,
    cells,
    errors,
    read,
    sheet_rows,
    warnings,
    workbook,
)

from dafeng.sources.tables.headings import UnitWords, Vocabulary

ROW = ["B001", "一号楼", "办公", 1200, dt.date(2020, 5, 1)]


@pytest.mark.parametrize(
    ("heading", "column", "unit"),
    [
        ("建筑面积", "area_m2", None),
        ("建筑面积（平方米）", "area_m2", "平方米"),
        ("建筑面积(万平方米) *", "area_m2", "万平方米"),
        ("建筑面积（单位：万m²）", "area_m2", "万m2"),
        ("建 筑 面 积", "area_m2", None),
        ("建筑面积/平方米", "area_m2", "平方米"),
        ("建筑面积，单位：万平方米", "area_m2", "万平方米"),
        ("建筑面积（m2） *\nFloor area (m2)", "area_m2", "m2"),
        ("建筑\n面积（m2）", "area_m2", "m2"),
        ("Floor area [m2]", "area_m2", "m2"),
        ("area_m2", "area_m2", None),
        ("面积", "area_m2", None),
        ("ＡＲＥＡ＿Ｍ２", "area_m2", None),
        ("竣工日期（年月日）", "finished", None),
        ("竣工日期（必填）", "finished", None),
    ],
)
def test_a_heading_is_understood(heading: str, column: str, unit: str | None):
    read_as = Vocabulary(BUILDINGS, UnitWords(CATALOGUE)).read(heading)
    assert [(one.column, one.bad_unit) for one in read_as] == [(column, None)]
    assert read_as[0].unit == unit or (
        unit and CATALOGUE.canonical_unit[str(read_as[0].unit)] == CATALOGUE.canonical_unit[unit]
    )


@pytest.mark.parametrize("heading", ["建筑", "面积合计", "占地面积", "备注说明", "（平方米）", "平方米"])
def test_a_heading_that_is_only_similar_is_not_taken(heading: str):
    assert Vocabulary(BUILDINGS, UnitWords(CATALOGUE)).read(heading) == []


def test_a_unit_in_the_heading_converts_and_the_figure_as_written_is_kept(tmp_path: Path):
    row = {"建筑编号": "B001", "建筑名称": "一", "用途": "办公", "建筑面积（万平方米）": 1.1, "竣工日期": "2020-01-01"}
    found = read(buildings_book(tmp_path / "a.xlsx", row))
    assert errors(found) == []
    frame = found.tables[0].finished()
    assert frame["area_m2"][0] == 11000
    assert frame["_typed"][0] == '{"area_m2":[1.1,"万平方米"]}'


def test_a_heading_without_its_unit_is_read_in_the_registers_unit_and_says_so(tmp_path: Path):
    found = read(workbook(tmp_path / "a.xlsx", {"建筑": [["建筑编号", "建筑名称", "用途", "面积", "竣工日期"], ROW]}))
    assert errors(found) == []
    assert cells(warnings(found)) == [("unit-assumed", "D1")]
    assert found.tables[0].frame["area_m2"][0] == 1200


@pytest.mark.parametrize(
    ("heading", "code"),
    [("建筑面积（亩）", "unknown-unit"), ("建筑面积（千瓦）", "unit-mismatch"), ("建筑面积（辆）", "unit-mismatch")],
)
def test_a_unit_that_is_unknown_or_measures_something_else_is_refused(tmp_path: Path, heading: str, code: str):
    heads = [*BUILDING_HEADS[:3], heading, BUILDING_HEADS[4]]
    assert cells(errors(read(workbook(tmp_path / "a.xlsx", {"建筑": [heads, ROW]})))) == [(code, "D1")]


def test_titles_and_notes_above_and_a_numbering_row_below_the_headings_are_skipped(tmp_path: Path):
    rows: list[list[Any]] = [
        ["2025年建筑台账"],
        ["填报单位：区建管委", None, "单位：平方米"],
        [],
        BUILDING_HEADS,
        ["甲", "乙", "丙", 1, 2],
        ROW,
    ]
    found = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}))
    assert errors(found) == []
    assert found.tables[0].rows == [6]


def test_totals_notes_and_signatures_are_not_records(tmp_path: Path):
    rows = [BUILDING_HEADS, ROW, [], ["合计", None, None, 1200], ["注：面积为实测"], ["填表人：甲", None, "审核人：乙"]]
    found = read(workbook(tmp_path / "a.xlsx", {"建筑": rows}))
    assert errors(found) == []
    assert found.tables[0].frame["code"].to_list() == ["B001"]
    assert cells(warnings(found)) == [("total-row", "4")]


def test_two_storey_headings_are_read_through_their_merged_cells(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "建筑"
    sheet.append(["建筑编号", "建筑名称", "用途", "面积", None, "竣工日期"])
    sheet.append([None, None, None, "建筑面积（平方米）", "采暖面积（平方米）", None])
    sheet.append(["B001", "一", "办公", 1200, 800, dt.date(2020, 5, 1)])
    for area in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"):
        sheet.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert errors(found) == []
    assert found.tables[0].frame.select("area_m2", "heated_m2").rows() == [(1200, 800)]


def test_a_renamed_column_is_named_from_both_sides(tmp_path: Path):
    heads = ["建筑编号", "建筑名称", "用途", "房屋面积", "竣工日期"]
    found = errors(read(workbook(tmp_path / "a.xlsx", {"建筑": [heads, ROW]})))
    assert cells(found) == [("missing-column", "1"), ("unknown-column", "D1")]
    assert "建筑面积" in found[1].rule.zh
    assert "房屋面积" in found[0].rule.zh


def test_a_doubled_column_is_refused(tmp_path: Path):
    found = errors(read(workbook(tmp_path / "a.xlsx", {"建筑": [[*BUILDING_HEADS, "面积"], [*ROW, 1300]]})))
    assert cells(found) == [("doubled-column", "F1")]


def test_figures_under_no_heading_are_not_dropped_in_silence(tmp_path: Path):
    found = errors(read(workbook(tmp_path / "a.xlsx", {"建筑": [[*BUILDING_HEADS, None], [*ROW, 77]]})))
    assert cells(found) == [("no-heading", "F1")]


def test_a_running_number_and_an_empty_unknown_column_are_no_errors(tmp_path: Path):
    rows = [["序号", *BUILDING_HEADS, "联系人"], [1, *ROW, None]]
    found = read(workbook(tmp_path / "a.xlsx", {"建筑": rows}))
    assert errors(found) == []
    assert cells(warnings(found)) == [("unknown-column", "G1")]


def test_sheets_are_matched_by_name_or_by_headings_and_others_are_named(tmp_path: Path):
    retrofit = [["改造建筑", "完成月份", "改造面积（平方米）"], ["B001", "2024-05", 100]]
    sheets = {
        "Sheet1": [BUILDING_HEADS, ROW],
        "节能改造": retrofit,
        "通讯录": [["姓名", "电话"], ["甲", "1"]],
        "说明": [["x"]],
    }
    found = read(workbook(tmp_path / "a.xlsx", sheets))
    assert errors(found) == []
    assert [table.register.id for table in found.tables] == ["buildings", "retrofits"]
    assert [(p.code, p.place.sheet) for p in warnings(found)] == [("tables.no-register", "通讯录")]


def test_a_file_that_fits_no_register_is_refused_with_the_headings_seen(tmp_path: Path):
    found = errors(read(workbook(tmp_path / "a.xlsx", {"Sheet1": [["姓名", "电话"], ["甲", "1"]]})))
    assert [p.code for p in found] == ["tables.no-register"]
    assert "姓名、电话" in found[0].rule.zh


def test_hidden_sheets_and_rows_are_read_and_it_says_so(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", {"通讯录": [["x"]], "建筑": sheet_rows(building(1), building(2))})
    book = openpyxl.load_workbook(path)
    book["建筑"].sheet_state = "hidden"
    book["建筑"].row_dimensions[3].hidden = True
    book.save(path)
    found = read(path)
    assert found.tables[0].frame.height == 2
    assert [p.code for p in warnings(found) if "hidden" in p.code] == ["tables.hidden-sheet", "tables.hidden-rows"]


def test_a_text_file_is_read_with_any_usual_separator_and_encoding(tmp_path: Path):
    rows = [BUILDING_HEADS, ["B001", "一号楼，东", "办公", "1200", "2020-05-01"]]
    for number, (mark, code) in enumerate(
        [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "gb18030"), ("\t", "utf-16"), (",", "gb18030")]
    ):
        path = tmp_path / str(number) / "建筑.csv"
        path.parent.mkdir()
        path.write_bytes("\r\n".join(mark.join(row) for row in rows).encode(code))
        found = read(path)
        assert errors(found) == []
        assert found.tables[0].frame.select("name", "area_m2").rows() == [("一号楼，东", 1200.0)]


def test_a_record_whose_text_begins_like_a_note_or_a_blank_is_no_footer(tmp_path: Path):
    heads = ["备注", *BUILDING_HEADS]
    rows = [["说明：由街道代管", *ROW], [" ", "B002", *ROW[1:]], ["说明：以上为实测"]]
    found = read(workbook(tmp_path / "a.xlsx", {"建筑": [heads, *rows]}))
    assert errors(found) == []
    assert found.tables[0].frame.select("code", "remark").rows() == [("B001", "说明：由街道代管"), ("B002", None)]


def test_an_id_that_is_another_columns_name_is_told_by_its_spelling():
    columns = {"site": BUILDINGS.columns["code"], "title": BUILDINGS.columns["name"].model_copy(
        update={"name": BUILDINGS.name.model_copy(update={"zh": "场所", "en": "Site"})})}  # fmt: skip
    register = BUILDINGS.model_copy(update={"columns": columns, "key": ("site",), "checks": ()})
    vocabulary = Vocabulary(register, UnitWords(CATALOGUE))
    read_as = {heading: [one.column for one in vocabulary.read(heading)] for heading in ("site *", " Site", "SITE")}
    assert read_as == {"site *": ["site"], " Site": ["title"], "SITE": ["site", "title"]}
