"""What a table must keep beyond each cell's form."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from tests.unit.sources.tables.world import (
    BUILDINGS,
    building,
    buildings_book,
    cells,
    errors,
    read,
    sheet_rows,
    warnings,
    workbook,
)

from dafeng.sources.tables.findings import SHOWN
from dafeng.store import SheetRows, SourceFile, open_store


def test_every_problem_of_a_file_is_told_at_once_with_its_cell(tmp_path: Path):
    rows = [
        building(1, 竣工日期="2020年"),
        building(2, 用途="仓库"),
        building(3, **{"建筑面积（平方米）": "很大"}),
        building(4, 建筑编号="X4"),
        building(5, 建筑名称=None),
        building(1),
    ]
    found = read(buildings_book(tmp_path / "a.xlsx", *rows))
    assert cells(errors(found)) == [
        ("wrong-value", "E2"), ("wrong-value", "C3"), ("wrong-value", "D4"), ("pattern", "A5"), ("required", "B6"),
        ("duplicate-key", "A7"),
    ]  # fmt: skip
    assert errors(found)[-1].rule.zh == "建筑编号与第 2 行重复"
    assert all(p.rule.zh and p.rule.en and p.remedy.zh and p.remedy.en for p in errors(found))
    assert {p.place.file for p in errors(found)} == {"a.xlsx"}
    assert errors(found)[0].place.field == "竣工日期"


def test_a_key_may_not_repeat_across_the_sheets_of_a_file(tmp_path: Path):
    sheets = {"建筑": sheet_rows(building(1), building(2)), "buildings": sheet_rows(building(2), building(3))}
    found = errors(read(workbook(tmp_path / "a.xlsx", sheets)))
    assert cells(found) == [("duplicate-key", "A2")]
    assert (found[0].place.sheet, found[0].rule.zh) == ("buildings", "建筑编号与“建筑”第 3 行重复")


def retrofit(code: str, month: object = "2024-05", area: float = 100) -> dict[str, object]:
    return {"改造建筑": code, "完成月份": month, "改造面积（平方米）": area}


def test_a_reference_may_be_to_a_row_of_the_same_file(tmp_path: Path):
    sheets = {"建筑": sheet_rows(building(1)), "节能改造": sheet_rows(retrofit("B001"), retrofit("B002", "2024-06"))}
    found = errors(read(workbook(tmp_path / "a.xlsx", sheets)))
    assert cells(found) == [("unknown-reference", "A3")]
    assert found[0].rule.zh == "“建筑”中没有 B002；相近的有 B001"


def test_a_reference_may_be_to_a_row_that_is_held(tmp_path: Path):
    with open_store(tmp_path / "facts.db") as store:
        first = read(buildings_book(tmp_path / "b.xlsx", building(7)))
        table = first.tables[0]
        store.load(SourceFile("b.xlsx", "0" * 64, 1), [SheetRows(BUILDINGS, table.finished(), "建筑", {}, {})], "甲")
        found = read(workbook(tmp_path / "a.xlsx", {"节能改造": sheet_rows(retrofit("B007"))}), store=store)
    assert errors(found) == []


def test_a_part_is_held_against_the_whole_of_the_row_it_refers_to(tmp_path: Path):
    # Building 1 has 1001 m²: 1001 may be done, 1001.5 may not.
    sheets = {
        "建筑": sheet_rows(building(1)),
        "节能改造": sheet_rows(retrofit("B001", "2024-05", 1001), retrofit("B001", "2024-06", 1001.5)),
    }
    found = errors(read(workbook(tmp_path / "a.xlsx", sheets)))
    assert cells(found) == [("check", "C3")]
    assert found[0].rule.zh == "改造面积不大于该建筑面积"


def test_a_check_that_is_a_warning_does_not_refuse(tmp_path: Path):
    found = read(buildings_book(tmp_path / "a.xlsx", building(1, 层数=61), building(2, 层数=60)))
    assert errors(found) == []
    assert cells(warnings(found)) == [("check", "F2")]


def test_a_check_whose_values_are_missing_passes(tmp_path: Path):
    found = read(
        buildings_book(
            tmp_path / "a.xlsx",
            building(1, **{"采暖面积（平方米）": None}),
            building(2, **{"采暖面积（平方米）": 2000}),
        )
    )
    assert cells(errors(found)) == [("check", "F3")]


def test_a_merged_area_is_one_problem_and_hides_no_other(tmp_path: Path):
    path = buildings_book(tmp_path / "a.xlsx", building(1), building(2), building(3, 用途="仓库"))
    book = openpyxl.load_workbook(path)
    book["建筑"].merge_cells("B2:B3")
    book.save(path)
    found = errors(read(path))
    assert cells(found) == [("merged", "B2"), ("wrong-value", "C4")]
    assert "B2:B3" in found[0].rule.zh


def test_formulas_with_a_result_are_fine_and_errors_and_unsaved_ones_are_named(tmp_path: Path):
    import xlsxwriter

    heads, *rows = sheet_rows(building(1), building(2), building(3))
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("建筑")
        for r, row in enumerate([heads, *rows]):
            for c, value in enumerate(row):
                sheet.write(r, c, value.isoformat() if isinstance(value, dt.date) else value)
        sheet.write_formula("D2", "=500*2", None, 1000)
        sheet.write_formula("D3", "=1/0", None, "#DIV/0!")  # pyright: ignore
    found = read(tmp_path / "a.xlsx")
    assert cells(errors(found)) == [("formula-error", "D3")]
    assert "#DIV/0!" in errors(found)[0].rule.zh
    assert found.tables[0].frame["area_m2"].to_list() == [1000, None, 1003]
    path = buildings_book(tmp_path / "b.xlsx", building(1, **{"建筑面积（平方米）": "=500*2"}))
    assert cells(errors(read(path))) == [("formula-unsaved", "D2")]


def test_past_a_thousand_problems_all_are_counted_and_the_first_worded(tmp_path: Path):
    rows = [building(number % 1000, 建筑编号=f"bad{number}") for number in range(1500)]
    found = read(buildings_book(tmp_path / "a.xlsx", *rows))
    assert found.findings.error_count == 1500
    assert len(found.findings.problems) == SHOWN == 1000
    assert cells(found.findings.problems)[-1] == ("pattern", "A1001")


def test_a_withdrawal_needs_only_the_key_and_its_reason(tmp_path: Path):
    rows = [building(1), {"建筑编号": "B002", "撤销": "重复登记"}, {"建筑编号": "B003", "撤销": "是"}]
    found = read(buildings_book(tmp_path / "a.xlsx", *rows))
    assert cells(errors(found)) == [("withdraw-reason", "F4")]
    frame = found.tables[0].finished()
    assert frame["_withdrawn"].to_list() == [False, True, True]
    assert frame["_reason"].to_list() == [None, "重复登记", None]


@pytest.mark.parametrize("reload", [False, True])
def test_a_list_of_withdrawals_holds_keys_and_reasons(tmp_path: Path, reload: bool):
    heads = ["建筑编号", "撤销原因" if reload else "撤销"]
    found = read(workbook(tmp_path / "a.xlsx", {"建筑": [heads, ["B001", "已拆除"]]}), withdraw=True)
    assert errors(found) == []
    assert found.tables[0].finished()["_reason"].to_list() == ["已拆除"]


def test_formula_errors_are_seen_in_files_whose_tags_carry_a_prefix(tmp_path: Path):
    import re
    import zipfile

    plain = buildings_book(
        tmp_path / "plain.xlsx", building(1, **{"建筑面积（平方米）": "#REF!"}), building(2, 建筑名称="=1+1")
    )
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", data).replace(b"xmlns=", b"xmlns:x=")
            new.writestr(entry.filename, data)
    assert cells(errors(read(tmp_path / "a.xlsx"))) == [("formula-error", "D2"), ("formula-unsaved", "B3")]


def test_formula_errors_that_cannot_be_placed_refuse_the_file_all_the_same(tmp_path: Path):
    import zipfile

    plain = buildings_book(tmp_path / "plain.xlsx", building(1, **{"采暖面积（平方米）": "#REF!"}))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                assert b'<c r="F2" t="e">' in data
                data = data.replace(b'<c r="F2" t="e">', b'<c  t="e" r="F2">')
            new.writestr(entry.filename, data)
    assert [p.code for p in errors(read(tmp_path / "a.xlsx"))] == ["tables.formula-error"]
