"""The template of a register: what it offers, that it loads as it is, and that it opens as pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.sources.tables.world import (
    BUILDINGS,
    CATALOGUE,
    RETROFITS,
    SmallDistrict,
    building,
    buildings_book,
    errors,
    read,
    warnings,
)

from dafeng.catalogue.schema import Register
from dafeng.report.template import TemplateOrder, write_template
from dafeng.report.template_look import data_sheet_name
from dafeng.workflows.loading import LoadOptions, load
from dafeng.workflows.templates import make_template

LANGUAGES = ("both", "zh", "en")


def written(tmp_path: Path, register: Register = BUILDINGS, **order: Any) -> Path:
    path = tmp_path / f"{register.id}.xlsx"
    write_template(path, TemplateOrder(register, **order), CATALOGUE)
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_is_found_again_with_its_unit_in_every_language(tmp_path: Path, lang: str):
    found = read(written(tmp_path, lang=lang))
    assert found.findings.problems == []
    (table,) = found.tables
    assert list(table.columns) == list(BUILDINGS.columns)
    assert table.frame.height == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_template_filled_in_by_hand_loads_as_it_is(tmp_path: Path, lang: str):
    path = written(tmp_path, lang=lang)
    book = openpyxl.load_workbook(path)
    sheet = book[data_sheet_name(BUILDINGS)]
    use, yes = ("Office", "yes") if lang == "en" else ("办公", "是")
    given = ["B001", "一号楼", use, 1200.5, None, 6, dt.date(2020, 5, 1), 2021, yes, 12.5, None, "区建管委", "—"]
    for place, value in enumerate(given, start=1):
        sheet.cell(3, place, value)
    book.save(path)
    found = read(path)
    assert errors(found) == []
    assert warnings(found) == []
    assert found.tables[0].frame.rows() == [
        ("B001", "一号楼", "office", 1200.5, None, 6, dt.date(2020, 5, 1), 2021, True, 12.5, None, "区建设管理委", None)
    ]


def test_choices_marks_and_known_keys_are_drop_downs_and_figures_have_limits(tmp_path: Path):
    book = openpyxl.load_workbook(written(tmp_path))
    sheet = book[data_sheet_name(BUILDINGS)]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    lists = book["选项 Lists"]
    assert lists.sheet_state == "hidden"
    assert rules["C3"].formula1 == "'选项 Lists'!$A$1:$A$3"
    assert [cell.value for cell in lists["A"][:3]] == ["办公", "学校", "无"]
    assert (rules["D3"].type, float(rules["D3"].formula1), float(rules["D3"].formula2)) == ("decimal", 0, 1_000_000)
    assert (rules["G3"].type, rules["H3"].type) == ("date", "whole")
    assert rules["L3"].errorStyle == "warning"
    known = openpyxl.load_workbook(written(tmp_path, RETROFITS, known={"buildings": ["B001", "B002"]}))
    assert [cell.value for cell in known["选项 Lists"]["A"]] == ["B001", "B002"]


def test_the_headings_stay_in_view_and_examples_stand_only_in_the_guide(tmp_path: Path):
    book = openpyxl.load_workbook(written(tmp_path))
    assert book.sheetnames[:2] == [data_sheet_name(BUILDINGS), "说明 Guide"]
    sheet = book[data_sheet_name(BUILDINGS)]
    assert sheet.freeze_panes == "B3"
    assert [cell.value for row in sheet.iter_rows(min_row=3) for cell in row if cell.value is not None] == []
    guide = [str(cell.value) for row in book["说明 Guide"].iter_rows() for cell in row if cell.value is not None]
    assert "B001" in guide
    assert any("采暖面积不大于建筑面积（不符则退回）" in words for words in guide)
    assert any("办公、学校、无" in words for words in guide)
    assert "区建管委" in guide


def test_words_that_look_like_formulas_are_written_as_text(tmp_path: Path):
    row = {"code": "B001", "name": '=HYPERLINK("http://x")', "use": "office", "area_m2": 1.0, "remark": "@SUM(A1)"}
    sheet = openpyxl.load_workbook(written(tmp_path, rows=[row]))[data_sheet_name(BUILDINGS)]
    for cell, words in (("B3", row["name"]), ("M3", row["remark"])):
        assert (sheet[cell].value, sheet[cell].data_type, sheet[cell].quotePrefix) == (words, "s", True)


def test_an_export_of_what_is_held_loads_again_and_changes_nothing(tmp_path: Path):
    district: Any = SmallDistrict(tmp_path / "district")
    rows = [building(2, 分项计量="否", 备注="@1+1"), building(1, 分项计量="是", 层数=5, 位置="121.4,31.2")]
    load(district, [buildings_book(tmp_path / "a.xlsx", *rows)], LoadOptions("甲"))
    for lang in LANGUAGES:
        made = make_template("建筑", tmp_path / f"{lang}.xlsx", district=district, lang=lang, filled=True)
        assert made.rows == 2
        outcome = load(district, [made.path], LoadOptions("乙")).files[0]
        assert (outcome.status, outcome.problems, outcome.sheets[0].same) == ("unchanged", [], 2)


def test_a_made_up_district_says_so_on_the_sheet_and_in_the_file(tmp_path: Path):
    book = openpyxl.load_workbook(written(tmp_path, district="云汀区", synthetic=True))
    assert "虚构示例数据" in str(book[data_sheet_name(BUILDINGS)]["A1"].value)
    assert [(item.name, item.value) for item in book.custom_doc_props.props]  # pyright: ignore == [("synthetic", True)]


def test_a_name_that_excel_forbids_gives_way_to_the_id():
    long = BUILDINGS.model_copy(update={"name": BUILDINGS.name.model_copy(update={"zh": "建筑/构筑物"})})
    assert data_sheet_name(BUILDINGS) == "填报 建筑"
    assert data_sheet_name(long) == "填报 buildings"


def test_the_template_opens_as_pages_in_an_office_suite(
    tmp_path: Path, soffice: Callable[[Path, Path], Path], pdf_pages: Callable[[Path], list[Path]]
):
    pages = pdf_pages(soffice(written(tmp_path), tmp_path))
    assert 2 <= len(pages) <= 4
