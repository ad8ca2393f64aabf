"""Counts beside a load are the same whether a sheet is looked up by its keys or the whole register is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.workflows.small import make_district

from dafeng.store import Store
from dafeng.workflows.loading import LoadOptions, LoadReport, load

HEAD = "公园编号,公园名称,公园类型,开放日期,占地面积（m2）,所在街道镇\n"


def parks(numbers: range, area: int = 500) -> str:
    return HEAD + "".join(f"P{n},公园{n},口袋公园,2023-05-01,{area},汀湾镇\n" for n in numbers)


def counts(report: LoadReport) -> list[tuple[int, int, int, int]]:
    return [
        (sheet.added, sheet.changed, sheet.same, sheet.absent) for outcome in report.files for sheet in outcome.sheets
    ]


def test_new_changed_same_and_absent_rows_are_counted_across_small_and_large_files(tmp_path: Path):
    district = make_district(tmp_path)
    inbox = district.folder("inbox")
    for name, text in {
        "a.csv": parks(range(600)),  # more rows than are looked up one by one
        "b.csv": parks(range(590, 603)),  # 3 new, 10 the same
        "c.csv": parks(range(2), area=700),  # 2 changed
        "d.csv": parks(range(700, 701)),
    }.items():
        (inbox / name).write_text(text, encoding="utf-8")
    report = load(district, [], LoadOptions("甲"))
    assert counts(report) == [(600, 0, 0, 0), (3, 0, 10, 590), (0, 2, 0, 601), (1, 0, 0, 603)]


def test_a_load_that_fails_leaves_no_count_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from dafeng.store import frames

    district = make_district(tmp_path)
    first = district.folder("inbox") / "a.csv"
    first.write_text(parks(range(3)), encoding="utf-8")
    load(district, [], LoadOptions("甲"))
    with district.open_store() as store:
        real, register = frames.insert, district.catalogue.registers["parks"]

        def stopped(*given: object) -> None:
            real(*given)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        sheet = _sheet(store, register, "Q1")
        monkeypatch.setattr(frames, "insert", stopped)
        with pytest.raises(KeyboardInterrupt):
            store.load(*sheet, by="甲")
        monkeypatch.setattr(frames, "insert", real)
        written = store.load(*_sheet(store, register, "Q2"), by="甲")
    assert (written[0].added, written[0].absent) == (1, 3)


def _sheet(store: Store, register, code: str):
    from dafeng.indicators.facts import frame_of_rows
    from dafeng.store import SheetRows, SourceFile

    frame = frame_of_rows(register, [{"code": code, "name": code, "class": "pocket", "opened": "2023-05-01"}])
    return SourceFile("x.csv", "0" * 64, 1, None), [SheetRows(register, frame.drop("_record"))]
