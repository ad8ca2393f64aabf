"""A paragraph of 40,000 characters above a table is a title like any other."""

from __future__ import annotations

import openpyxl
from tests.unit.workflows.small import make_district

from dafeng.workflows.loading import LoadOptions, load


def test_a_very_long_cell_above_the_headings_does_not_end_the_reading(tmp_path):
    district = make_district(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["说" * 30_000])
    sheet.append(["年份", "占比"])
    book.save(district.folder("inbox") / "rides.xlsx")
    report = load(district, [], LoadOptions("test"))
    assert len(report.files) == 1
