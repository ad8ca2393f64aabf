"""Loading files into a district: in or refused, and everything left where a person looks for it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from tests.unit.sources.tables.world import (
    BUILDINGS,
    CATALOGUE,
    SmallDistrict,
    building,
    buildings_book,
    sheet_rows,
    workbook,
)

from dafeng.core.errors import BadInput
from dafeng.workflows.loading import LoadOptions, LoadReport, load


@pytest.fixture
def district(tmp_path: Path) -> SmallDistrict:
    return SmallDistrict(tmp_path)


def run(district: SmallDistrict, *files: Path, **options: object) -> LoadReport:
    return load(district, files, LoadOptions("甲", **options))  # type: ignore[arg-type]


def held(district: SmallDistrict, register: str = "buildings") -> list[str]:
    with district.open_store() as store:
        entry = CATALOGUE.registers[register]
        return sorted(store.frame(entry)[entry.key[0]])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_good_file_moves_from_the_inbox_to_loaded_with_a_report(district: SmallDistrict):
    buildings_book(district.folder("inbox") / "建筑.xlsx", building(1), building(2))
    report = run(district)
    assert [(f.status, f.sheets[0].added) for f in report.files] == [("loaded", 2)]
    assert held(district) == ["B001", "B002"]
    assert names(district.root / "inbox") == []
    assert names(district.root / "loaded") == ["建筑.xlsx", "建筑.xlsx.report.json", "建筑.xlsx.report.txt"]
    with district.open_store() as store:
        info = store.records([1])[0]
    assert info.source is not None
    assert (info.source.path, info.row, info.cell("code"), info.recorded_by) == ("loaded/建筑.xlsx", 2, "A2", "甲")


def test_a_file_with_one_bad_cell_loads_nothing_and_leaves_only_its_report(district: SmallDistrict):
    buildings_book(district.folder("inbox") / "坏.xlsx", building(1), building(2, 用途="仓库"))
    buildings_book(district.folder("inbox") / "好.xlsx", building(3))
    report = run(district)
    assert {f.file: f.status for f in report.files} == {"坏.xlsx": "refused", "好.xlsx": "loaded"}
    assert held(district) == ["B003"]
    assert names(district.root / "refused") == [
        "坏.xlsx", "坏.xlsx.marked.xlsx", "坏.xlsx.report.json", "坏.xlsx.report.txt"
    ]  # fmt: skip
    said = json.loads((district.root / "refused/坏.xlsx.report.json").read_text(encoding="utf-8"))
    assert (said["status"], said["errors"]) == ("refused", 1)
    assert said["problems"][0]["place"] == {
        "file": "坏.xlsx",
        "sheet": "建筑",
        "row": 3,
        "column": "C",
        "field": "用途",
    }


def test_the_marked_copy_colours_and_explains_the_bad_cell_in_both_languages(district: SmallDistrict):
    path = buildings_book(district.folder("inbox") / "坏.xlsx", building(1), building(2, 用途="仓库"))
    book = openpyxl.load_workbook(path)
    book["建筑"].column_dimensions["B"].width = 33
    book.save(path)
    run(district)
    marked = openpyxl.load_workbook(district.root / "refused/坏.xlsx.marked.xlsx")
    assert marked.sheetnames == ["问题 Problems", "建筑"]
    sheet = marked["建筑"]
    assert sheet.column_dimensions["B"].width == 33
    coloured = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fill_type == "solid"]
    assert coloured == ["C3"]
    assert sheet["C3"].comment is not None
    assert "不在可选值中" in sheet["C3"].comment.text
    assert "is not one of the values allowed" in sheet["C3"].comment.text
    listed = [cell.value for cell in marked["问题 Problems"][3]]
    assert listed[:3] == ["建筑", "C3", "用途"]


def test_a_marked_copy_that_is_mended_and_put_back_loads(district: SmallDistrict):
    buildings_book(district.folder("inbox") / "坏.xlsx", building(1), building(2, 用途="仓库"))
    run(district)
    marked = openpyxl.load_workbook(district.root / "refused/坏.xlsx.marked.xlsx")
    marked["建筑"]["C3"] = "学校"
    marked.save(district.folder("inbox") / "改好.xlsx")
    assert [f.status for f in run(district).files] == ["loaded"]
    assert held(district) == ["B001", "B002"]


def test_a_csv_comes_back_as_a_marked_workbook(district: SmallDistrict):
    heads = "建筑编号,建筑名称,用途,建筑面积（平方米）,竣工日期"
    (district.folder("inbox") / "建筑.csv").write_text(f"{heads}\nB001,=1+1,仓库,5,2020-01-01\n", encoding="gb18030")
    run(district)
    marked = openpyxl.load_workbook(district.root / "refused/建筑.csv.marked.xlsx")
    sheet = marked["数据"]
    assert sheet["C2"].fill.fgColor.rgb == "FFF4C7C3"
    assert sheet["C2"].comment is not None
    # What was typed is text and is never run.
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


def test_loading_the_same_file_again_adds_nothing_and_says_so(district: SmallDistrict):
    path = buildings_book(district.root / "建筑.xlsx", building(1))
    assert [run(district, path).files[0].status for _ in range(2)] == ["loaded", "unchanged"]
    assert path.exists(), "a file outside the inbox stays with its owner"
    with district.open_store() as store:
        assert store.high_water() == 1


def test_a_corrected_file_supersedes_with_its_reason_and_keeps_both_originals(district: SmallDistrict):
    inbox = district.folder("inbox")
    buildings_book(inbox / "建筑.xlsx", building(1), building(2))
    run(district)
    buildings_book(inbox / "建筑.xlsx", building(1, 建筑名称="改名"))
    counts = run(district, reason="更名").files[0].sheets[0]
    assert (counts.added, counts.changed, counts.same, counts.absent) == (0, 1, 0, 1)
    books = [name for name in names(district.root / "loaded") if name.endswith(".xlsx")]
    assert len(books) == 2
    with district.open_store() as store:
        ((before, after),) = store.restatements(store.records([1])[0].recorded_at)
    assert (before.payload["name"], after.payload["name"], after.reason) == ("1号楼", "改名", "更名")


def test_files_of_a_batch_may_refer_to_each_other_in_any_order(district: SmallDistrict):
    inbox = district.folder("inbox")
    rows = [{"改造建筑": "B001", "完成月份": "2024-05", "改造面积（平方米）": 10}]
    workbook(inbox / "a改造.xlsx", {"节能改造": sheet_rows(*rows)})
    buildings_book(inbox / "z建筑.xlsx", building(1))
    assert [f.status for f in run(district).files] == ["loaded", "loaded"]


def test_a_file_that_leans_on_a_refused_one_is_refused_too(district: SmallDistrict):
    inbox = district.folder("inbox")
    rows = [{"改造建筑": "B001", "完成月份": "2024-05", "改造面积（平方米）": 10}]
    workbook(inbox / "a改造.xlsx", {"节能改造": sheet_rows(*rows)})
    buildings_book(inbox / "z建筑.xlsx", building(1), building(2, 用途="仓库"))
    report = run(district)
    assert [f.status for f in report.files] == ["refused", "refused"]
    assert [p.code for p in report.files[0].problems] == ["tables.unknown-reference"]
    assert held(district, "retrofits") == []


def test_records_are_withdrawn_by_a_file_of_keys_and_reasons(district: SmallDistrict):
    run(district, buildings_book(district.root / "建筑.xlsx", building(1), building(2)))
    listed = workbook(district.root / "撤销.xlsx", {"建筑": [["建筑编号", "撤销原因"], ["B001", "已拆除"]]})
    assert run(district, listed, withdraw=True).files[0].sheets[0].withdrawn == 1
    assert held(district) == ["B002"]
    with district.open_store() as store:
        assert store.history(BUILDINGS, {"code": "B001"})[-1].reason == "已拆除"
    again = run(district, listed, withdraw=True).files[0]
    assert [p.code for p in again.problems] == ["tables.nothing-to-withdraw"]


def test_a_missing_file_and_an_unknown_register_are_said_with_what_is_near(district: SmallDistrict):
    with pytest.raises(BadInput, match="没有这个文件"):
        run(district, district.root / "没有.xlsx")
    path = buildings_book(district.root / "建筑.xlsx", building(1))
    with pytest.raises(BadInput, match="buildings"):
        run(district, path, register="building")


def test_an_empty_inbox_is_no_error(district: SmallDistrict):
    (district.folder("inbox") / "~$建筑.xlsx").write_bytes(b"lock")
    assert run(district).files == []
