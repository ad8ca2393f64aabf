"""The account's workbook: what stands in a cell, its unit and number format, and where a reader finds the reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.report.account_samples import sample

from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.text import Text
from dafeng.report.account_workbook import number_format, write_account


def opened(folder: Path, lang: str = "zh", **given: Any) -> Any:
    write_account(sample(**given), folder / "account.xlsx", lang)
    return openpyxl.load_workbook(folder / "account.xlsx")


def rows(sheet: Any) -> dict[str, list[Any]]:
    return {str(row[0].value): [cell.value for cell in row] for row in sheet.iter_rows(min_row=3) if row[0].value}


def test_a_cell_holds_the_whole_value_in_the_unit_of_its_head(tmp_path: Path):
    sheet = opened(tmp_path)["温室气体清单"]
    assert [cell.value for cell in sheet[2]] == ["代码", "项目", "合计（tCO₂e）",
                                                "甲烷（tCO₂e）", "说明"]  # fmt: skip
    assert rows(sheet)["total"][2] == 1_234_567.8
    assert rows(sheet)["sink"][2] == -150


def test_a_notation_key_stands_in_the_cell_and_its_reason_once_in_the_remarks(tmp_path: Path):
    held = rows(opened(tmp_path)["温室气体清单"])["fugitive"]
    assert held[2:4] == ["NE", "NE"]
    assert held[4] == "没有因子"


def test_what_rests_on_estimates_is_marked_and_the_part_is_said(tmp_path: Path):
    sheet = opened(tmp_path)["温室气体清单"]
    assert sheet["C3"].number_format.startswith('"≈"#,##0.0;')
    assert rows(sheet)["total"][4] == "合计中估算 200.0"
    assert not sheet["C6"].number_format.startswith('"≈"')


def test_words_stand_in_a_cell_that_has_no_number(tmp_path: Path):
    held = rows(opened(tmp_path)["双控表"])["cut"]
    assert held[2:4] == [13.46, "● 完成"]
    assert not held[4]


def test_notes_below_a_table_say_the_keys_that_it_uses_and_no_others(tmp_path: Path):
    notes = [row[1].value for row in opened(tmp_path)["温室气体清单"].iter_rows(min_row=8) if row[1].value]
    assert notes == ["碳汇不抵扣总量", "符号：NE 未估算", "≈：其中一部分为估算"]


@pytest.mark.parametrize(("lang", "names"), [
    ("zh", ["说明", "温室气体清单", "双控表", "因子", "数据来源", "问题"]),
    ("en", ["About", "Inventory", "Dual control", "Factors", "Data sources", "Problems"]),
])  # fmt: skip
def test_tables_come_before_what_they_rest_on(tmp_path: Path, lang: str, names: list[str]):
    assert opened(tmp_path, lang).sheetnames == names


def test_an_account_without_problems_has_no_sheet_of_problems(tmp_path: Path):
    assert "问题" not in opened(tmp_path, problems=()).sheetnames


def test_a_factor_is_listed_with_status_source_and_arithmetic(tmp_path: Path):
    held = rows(opened(tmp_path)["因子"])["co2_diesel"]
    assert held == ["co2_diesel", "柴油", 3.0959, "tCO2/t", "2005", "官方", "T/X 1，《指南》，表2",
                    "ncv_diesel × cc_diesel × of_diesel × 44/12/1000", 7]  # fmt: skip


def test_every_sheet_of_a_fictional_district_says_so(tmp_path: Path):
    for sheet in opened(tmp_path).worksheets:
        assert "虚构示例数据" in sheet["A1"].value


def test_the_same_account_gives_the_same_bytes(tmp_path: Path):
    for name in ("a.xlsx", "b.xlsx"):
        write_account(sample(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_format_has_the_columns_decimals_and_a_true_minus_sign():
    assert number_format(2) == "#,##0.00;−#,##0.00;0"
    assert number_format(0) == "#,##0;−#,##0;0"


def test_a_sheet_of_few_years_and_many_figures_has_its_figures_below_each_other(tmp_path: Path):
    """Fourteen columns beside each other are too small to read on paper."""
    columns = tuple(Column(f"f{n}", Text(f"指标{n}", f"figure {n}"), "万tce", digits=2) for n in range(14))
    years = tuple(
        Row(str(year), Text(f"{year}年", str(year)), {f"f{n}": Cell(year + n / 4) for n in range(13)} | {"f13": why})
        for year, why in ((2024, Cell(None, "NE", Text("市级未反馈", "no word"))), (2025, Cell(7.0)))
    )
    table = Table("dual_control", Text("双控表", "Dual control"), 2025, columns, years)
    sheet = opened(tmp_path, tables=(table,))["双控表"]
    assert [cell.value for cell in sheet[2]] == ["代码", "项目", "2024年", "2025年", "说明"]
    assert rows(sheet)["f2"][:4] == ["f2", "指标2（万tce）", 2024.5, 2025.5]
    assert rows(sheet)["f13"][2:5] == ["NE", 7, "市级未反馈"]
