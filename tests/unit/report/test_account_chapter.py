"""The account as a chapter: what is printed of the inventory, the finding of the waterfall, pages as they are set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pdfplumber
from tests.unit.report.account_samples import sample
from tests.unit.report.samples import small, small_sources

from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.text import Text
from dafeng.report.account_charts import steps_of, waterfall
from dafeng.report.word import write_word


def change(*effects: tuple[str, float], start: float = 1000.0) -> Table:
    """Effects in kt CO2 from ``start``."""
    end = start + sum(value for _, value in effects)
    column = Column("co2", Text("能源二氧化碳（全部）", "CO2 of energy, all"), "tCO2", 1, 0)
    rows = [Row("start", Text("2020 年", "2020"), {"co2": Cell(start * 1000)}, kind="sum")]
    rows += [
        Row(name, Text(f"{name}（说明）", f"{name}: more"), {"co2": Cell(value * 1000)}, "change", depth=1)
        for name, value in effects
    ]
    rows.append(Row("end", Text("2025 年", "2025"), {"co2": Cell(end * 1000)}, kind="sum"))
    return Table("change", Text("变动原因", "Reasons"), 2025, (column,), rows)


def test_the_title_says_by_how_much_and_the_largest_reason_either_way():
    chart = waterfall(change(("规模", 300), ("强度", -180), ("天气", 50)), "co2", "zh", synthetic=False, source="来源")
    assert chart is not None
    assert chart.title == "2020—2025年能源二氧化碳增加17万tCO₂：规模 +30，强度 −18"
    chart = waterfall(change(("scale", 100), ("intensity", -280)), "co2", "en", synthetic=True, source="Source")
    assert chart is not None
    assert chart.title == "CO2 of energy fell by 180\u00a0ktCO₂ from 2020 to 2025: scale +100, intensity −280"


def test_small_reasons_are_drawn_as_one_and_their_sum_is_kept():
    steps = steps_of(change(("甲", 300), ("乙", 5), ("丙", -3), ("丁", -200)), "co2", "zh")
    assert [(step.name, step.value) for step in steps] == [
        ("甲（说明）", 300_000), ("丁（说明）", -200_000), ("其余各项", 2_000)
    ]  # fmt: skip


def test_without_one_of_the_years_there_is_no_chart():
    table = change(("甲", 300))
    rows = [Row("start", Text("2020 年", "2020"), {"co2": Cell(None, "NE")}), *table.rows[1:]]
    unknown = Table(table.id, table.name, 2025, table.columns, rows)
    assert waterfall(unknown, "co2", "zh", synthetic=False, source="") is None


def texts(path: Path) -> str:
    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_chapter_follows_the_others_and_counts_its_tables_on(tmp_path: Path):
    write_word(small(), small_sources(), tmp_path / "a.docx", "zh", sample())
    said = texts(tmp_path / "a.docx")
    assert "六、能源与碳排放核算" in said
    assert "≈1\u00a0234\u00a0567.8" in said
    assert "NE未估算" in said


def test_a_report_without_an_account_has_no_such_chapter(tmp_path: Path):
    write_word(small(), small_sources(), tmp_path / "a.docx")
    assert "能源与碳排放核算" not in texts(tmp_path / "a.docx")


def test_the_same_account_gives_the_same_bytes(tmp_path: Path):
    for name in ("a.docx", "b.docx"):
        write_word(
            small(), small_sources(), tmp_path / name, "zh", sample(tables=(*sample().tables, change(("甲", 3))))
        )
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_the_pages_show_table_and_finding(tmp_path: Path, soffice: Callable[[Path, Path], Path]):
    account = sample(tables=(*sample().tables, change(("规模", 300), ("强度", -180))))
    write_word(small(), small_sources(), tmp_path / "a.docx", "zh", account)
    with pdfplumber.open(soffice(tmp_path / "a.docx", tmp_path)) as book:
        pages = "".join((page.extract_text() or "") for page in book.pages).replace(" ", "").replace("\n", "")
    assert "2025年温室气体清单" in pages
    assert "年能源二氧化碳增加12万tCO" in pages


def test_a_year_that_was_restated_is_listed_with_its_reason(tmp_path: Path):
    columns = (Column("difference", Text("差异", "Difference"), "tCO2e", 1_000_000, 1),)
    why = Text("记录 能源.xlsx › 填报 › 5 更正", "record replaced")
    rows = [
        Row("total", Text("总量", "Total"), {"difference": Cell(2_500_000)}, kind="sum"),
        Row("line_1", Text("天然气", "Gas"), {"difference": Cell(2_500_000, reason=why)}, "total", depth=1),
        Row("unchanged", Text("未变的部分", "Unchanged"), {"difference": Cell(0)}, "total", depth=1),
    ]
    table = Table("restatements", Text("2023 年重述清单", "Restatements of 2023"), 2023, columns, rows)
    write_word(small(), small_sources(), tmp_path / "a.docx", "zh", sample(restated=(table,)))
    said = texts(tmp_path / "a.docx")
    assert "2023年重述清单" in said
    assert "能源.xlsx" in said
    assert "未变的部分" not in said
