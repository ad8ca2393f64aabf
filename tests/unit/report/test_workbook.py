"""The Excel workbook: every figure is the run's, exact, and leads to its source."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.report.samples import large, small, small_sources

from dafeng.report.sources import Sources
from dafeng.report.workbook import write_workbook


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    held = tmp_path_factory.mktemp("book") / "small.xlsx"
    write_workbook(small(), small_sources(), held)
    return held


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    heads = [str(cell.value) for cell in sheet[2]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=3)]


def test_every_figure_is_the_exact_figure_of_the_run(book: Workbook):
    found = {row["指标编号"] or row["指标"]: row for row in rows_of(book["指标"])}
    assert len(found) == 8
    for target in small().targets:
        row = found[target.indicator or target.subject]
        assert row["实际"] == target.value
        assert row["目标"] == target.target_value
        assert row["应达"] == target.expected
        assert row["差距"] == target.gap
        assert row["期限"] == target.year_to


def test_every_figure_leads_to_a_cell_that_holds_it(book: Workbook):
    checked = 0
    for row in book["指标"].iter_rows(min_row=3):
        for cell in (row[3], row[6], row[7], row[8]):
            if cell.value is None:
                continue
            found = re.fullmatch(r"'(.+)'!([A-Z]+)(\d+)", cell.hyperlink.location)
            assert found, cell.coordinate
            line = book[found[1]][int(found[3])]
            if cell is not row[8]:  # the gap leads to what it is measured against
                assert line[2].value == cell.value, cell.coordinate
            checked += 1
    assert checked == 4 * 5 + 4 + 1  # five rows whole, the parks' target; PUE whole as well


def test_lights_differ_in_mark_word_and_colour(book: Workbook):
    sheet = book["指标"]
    lights = {row[10].value: row[10].font.color.rgb for row in sheet.iter_rows(min_row=3)}
    assert set(lights) == {"● 完成", "▲ 正常", "◆ 滞缓", "▼ 滞后", "○ 无数据"}
    assert len(set(lights.values())) == 5


def test_sources_name_formula_register_and_the_clause_of_each_factor(book: Workbook):
    lines = rows_of(book["来源"])
    pv = next(line for line in lines if line["类别"] == "输入")
    assert (pv["数值"], pv["记录数"], pv["台账"]) == (16.35, 3, "光伏项目")
    assert "sum(capacity_mw)" in str(pv["公式、条件或原文"])
    factor = next(line for line in lines if line["类别"] == "因子")
    assert (factor["数值"], factor["年份"], factor["依据状态"]) == (0.1229, 2020, "正式发布")
    assert factor["依据（标准号、名称、条款）"] == "GB/T 2589-2020，《综合能耗计算通则》，表A.1"
    sure = next(line for line in lines if line["类别"] == "核定值")
    assert (sure["数值"], sure["依据（标准号、名称、条款）"]) == (13.46, "沧统函〔2026〕8号")
    beside = next(line for line in lines if str(line["类别"]).startswith("本级测算"))
    assert beside["数值"] == 13.21


def test_records_stand_with_their_place_their_types_and_what_uses_them(book: Workbook):
    rows = rows_of(book["记录-光伏项目"])
    assert [row["装机容量（MW）"] for row in rows] == [1.2, 2.85, 12.3]
    assert sum(float(str(row["装机容量（MW）"])) for row in rows) == pytest.approx(16.35)
    assert rows[0]["并网日期"] == dt.datetime(2021, 6, 1)
    assert (rows[2]["文件"], rows[2]["工作表"], rows[2]["行"]) == ("光伏.xlsx", "光伏项目", 5)
    assert rows[0]["用于指标"] == "pv_added_mw"


def test_words_that_look_like_formulas_stay_words(book: Workbook):
    sheet = book["记录-光伏项目"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value or "").startswith("=")]
    assert len(cells) == 1
    assert cells[0].data_type == "s"


def test_a_register_for_the_house_only_lists_places_without_values(tmp_path: Path):
    held = small_sources()
    register = replace(held.registers["pv_plants"], confidential=True)
    write_workbook(small(), replace(held, registers={"pv_plants": register}), tmp_path / "c.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["记录-光伏项目"]
    assert [cell.value for cell in sheet[2]] == ["记录号", "文件", "工作表", "行", "录入日期", "录入人", "用于指标"]
    assert "只列出处" in str(sheet["A1"].value)


def test_records_beyond_the_list_are_counted(tmp_path: Path):
    held = small_sources()
    register = replace(held.registers["pv_plants"], total=7003)
    write_workbook(small(), replace(held, registers={"pv_plants": register}), tmp_path / "m.xlsx")
    assert "记录7003条，此处列前3条，另有7000条未列" in str(
        openpyxl.load_workbook(tmp_path / "m.xlsx")["记录-光伏项目"]["A1"].value
    )


def test_sheets_print_in_landscape_with_their_heads_repeated(book: Workbook):
    assert book.sheetnames == ["指标", "历年", "任务", "来源", "记录-光伏项目", "说明"]
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$2:$2"
        assert sheet.freeze_panes is not None
        assert "虚构示例数据" in str(sheet.oddFooter.left.text)
    assert book["指标"].auto_filter.ref == "A2:T10"


def test_properties_say_that_the_data_are_an_example(book: Workbook):
    assert "虚构示例数据" in str(book.properties.keywords)
    assert book.properties.creator == "云汀区"
    assert book.custom_doc_props["数据性质 Data"].value == "虚构示例数据（synthetic example data）"


def test_the_same_results_give_the_same_bytes(path: Path, tmp_path: Path):
    write_workbook(small(), small_sources(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_tasks_stand_one_row_per_unit_with_what_it_reported(book: Workbook):
    rows = rows_of(book["任务"])
    assert len(rows) == 4 + 2 + 2 + 2
    assert (rows[0]["责任单位"], rows[0]["分工"], rows[0]["自评"], rows[0]["完成百分比"]) == (
        "区发展改革委",
        "牵头",
        "进度滞后",
        91,
    )
    assert (rows[1]["自评"], rows[3]["自评"]) == ("按计划推进", None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_large_and_empty_runs_are_written(tmp_path: Path, lang: str):
    write_workbook(large(), Sources(), tmp_path / "l.xlsx", lang)
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx").worksheets[0]
    assert sheet.max_row == 2 + 45


def test_libreoffice_prints_the_sheet_of_targets_on_one_page(path: Path, tmp_path: Path, soffice):
    import pdfplumber

    with pdfplumber.open(soffice(path, tmp_path)) as pdf:
        text = pdf.pages[0].extract_text()
        assert pdf.pages[0].width > pdf.pages[0].height
    assert "新增光伏装机" in text
    assert "16.4" in text
