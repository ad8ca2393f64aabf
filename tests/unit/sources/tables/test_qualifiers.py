"""Units and qualifiers in the brackets of headings, on the shipped registers as offices write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.sources.tables.world import cells, errors, warnings, workbook

from dafeng.catalogue import load_catalogue
from dafeng.core.units import UnitMismatch
from dafeng.report.template import TemplateOrder, write_template
from dafeng.report.template_units import printed_unit
from dafeng.sources.tables.headings import UnitWords, Vocabulary
from dafeng.sources.tables.reading import FileTables, Reader

CATALOGUE = load_catalogue()
READER = Reader(CATALOGUE)


def totals(tmp_path: Path, **columns: Any) -> FileTables:
    """One row of yearly totals; the words of a column are its heading."""
    heads = {"年份": 2024, "地区生产总值（现价）（亿元）": 2000, **columns}
    return READER.read(workbook(tmp_path / "a.xlsx", {"区级年度总量": [list(heads), list(heads.values())]}))


@pytest.mark.parametrize(
    ("register", "heading", "column", "unit"),
    [
        ("yearly_totals", "地区生产总值（不变价，亿元）", "gdp_constant", "亿元"),
        ("yearly_totals", "地区生产总值（亿元；不变价）", "gdp_constant", "亿元"),
        ("yearly_totals", "地区生产总值（亿元）（不变价）", "gdp_constant", "亿元"),
        ("yearly_totals", "地区生产总值（不变价）（亿元）（必填）", "gdp_constant", "亿元"),
        ("yearly_totals", "GDP（2020年可比价，单位：亿元）", "gdp_constant", "亿元"),
        ("yearly_totals", "GDP（万元，当年价）", "gdp_current", "万元"),
        ("yearly_totals", "GDP（亿元）", "gdp_current", "亿元"),
        ("yearly_totals", "能源消费总量（万吨标准煤）（当量值）", "energy_calorific", "万吨标准煤"),
        ("yearly_totals", "能源消费总量（电热当量计算法，万吨标准煤）", "energy_calorific", "万吨标准煤"),
        ("yearly_totals", "能源消费总量（发电煤耗计算法，万吨标准煤）", "energy", "万吨标准煤"),
        ("yearly_totals", "二氧化碳排放量（能源活动，万吨）", "co2", "万吨"),
        ("key_unit_energy", "综合能耗（当量值，吨标准煤）", "energy_calorific_tce", "吨标准煤"),
        ("key_unit_energy", "综合能耗（tce）", "energy_tce", "tce"),
    ],
)
def test_a_qualifier_chooses_the_column_and_the_unit_is_found_beside_it(
    register: str, heading: str, column: str, unit: str
):
    (found,) = Vocabulary(CATALOGUE.registers[register], UnitWords(CATALOGUE)).read(heading)
    assert (found.column, found.unit, found.bad_unit, found.unread) == (column, unit, None, ())


@pytest.mark.parametrize("heading", ["二氧化碳排放量（万吨）", "碳排放总量（万t）", "二氧化碳排放总量（万吨二氧化碳）"])
def test_plain_tonnes_over_carbon_dioxide_are_tonnes_of_it(tmp_path: Path, heading: str):
    found = totals(tmp_path, **{heading: 402.5})
    assert errors(found) == []
    assert found.tables[0].frame["co2"].to_list() == [402.5]


def test_another_mass_over_carbon_dioxide_is_converted_and_kept_as_written(tmp_path: Path):
    found = totals(tmp_path, **{"二氧化碳排放量（千吨）": 4025})
    assert errors(found) == []
    # 4025 kt = 402.5 万t.
    table = found.tables[0].finished()
    assert table["co2"].to_list() == [402.5]
    assert table["_typed"].to_list() == ['{"co2":[4025.0,"千吨"]}']


def test_plain_tonnes_over_standard_coal_are_refused_since_they_may_be_tonnes_of_fuel(tmp_path: Path):
    found = errors(totals(tmp_path, **{"能源消费总量（万吨）": 148.6}))
    assert cells(found) == [("unit-mismatch", "C1")]
    assert "万吨标准煤" in found[0].remedy.zh
    assert "实物量" in found[0].remedy.zh
    assert errors(totals(tmp_path, **{"能源消费总量（万吨标煤）": 148.6})) == []


def test_carbon_over_a_column_of_another_mass_is_refused(tmp_path: Path):
    rows = [["年份", "部门", "气体", "排放量（气体，吨二氧化碳）"], [2024, "能源活动", "二氧化碳", 1]]
    found = READER.read(workbook(tmp_path / "a.xlsx", {"温室气体清单": rows}), register="ghg_inventory")
    assert ("unit-mismatch", "D1") in cells(errors(found))


def test_a_qualifier_that_the_column_does_not_speak_of_is_a_warning_beside_a_unit(tmp_path: Path):
    found = totals(tmp_path, **{"用电量（全口径，亿千瓦时）": 38.2})
    assert errors(found) == []
    assert cells(warnings(found)) == [("unread-qualifier", "C1")]
    assert found.tables[0].frame["electricity"].to_list() == [38.2]


def test_the_opposite_of_what_a_column_holds_is_refused(tmp_path: Path):
    rows = [["单位代码", "年度", "产值（不变价，万元）"], ["K1", 2024, 1]]
    found = READER.read(workbook(tmp_path / "a.xlsx", {"x": rows}), register="key_unit_energy")
    assert ("contrary-heading", "C1") in cells(errors(found))


@pytest.mark.parametrize("title", ["单位：万元、万吨", "（计量单位：万元；万吨）", "综合表（单位:万元，万吨）"])
def test_a_unit_stated_above_the_table_is_that_of_the_columns_without_one(tmp_path: Path, title: str):
    rows = [["区级年度总量"], [None, title], ["年份", "GDP", "碳排放总量", "用电量（亿千瓦时）", "常住人口"],
            [2024, 23_117_000, 402.5, 38.2, 90.5]]  # fmt: skip
    found = READER.read(workbook(tmp_path / "a.xlsx", {"区级年度总量": rows}))
    assert errors(found) == []
    frame = found.tables[0].frame
    # 23 117 000 万元 are 2311.7 亿元. No title speaks of people: read in the register's 万人, with a warning.
    assert frame.select("gdp_current", "co2", "electricity", "residents").rows() == [(2311.7, 402.5, 38.2, 90.5)]
    assert cells(warnings(found)) == [("unit-of-title", "B3"), ("unit-assumed", "E3")]


def test_an_office_named_above_the_table_is_no_unit(tmp_path: Path):
    rows = [["单位：区统计局"], ["填报单位：万元"], ["年份", "GDP（亿元）"], [2024, 2311.7]]
    found = READER.read(workbook(tmp_path / "a.xlsx", {"区级年度总量": rows}))
    assert found.findings.problems == []
    assert found.tables[0].frame["gdp_current"].to_list() == [2311.7]


def test_what_a_template_prints_as_a_unit_is_read_back_as_the_same_unit():
    units = UnitWords(CATALOGUE)
    for register in CATALOGUE.registers.values():
        for name, column in register.columns.items():
            for lang in ("zh", "en"):
                printed = printed_unit(CATALOGUE, column.unit, lang)
                if printed:
                    read = units.find(printed)
                    assert read is not None, (register.id, name, printed)
                    assert CATALOGUE.unit_table.factor(read, str(column.unit)) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize(
    ("symbol", "zh", "en"),
    [
        ("hectare", "公顷", "hectare"),
        ("亿CNY", "亿元", "10⁸ CNY"),
        ("tCO2", "tCO₂", "tCO₂"),
        ("kgCO2/m2", "千克二氧化碳/平方米", "kgCO₂/m²"),
        ("辆", "辆", ""),
        ("万人次", "万人次", "Ten thousand attendances"),
        ("1", "", ""),
    ],
)
def test_units_are_printed_in_the_readers_language(symbol: str, zh: str, en: str):
    assert (printed_unit(CATALOGUE, symbol, "zh"), printed_unit(CATALOGUE, symbol, "en")) == (zh, en)


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("name", sorted(CATALOGUE.registers))
def test_every_template_is_understood_column_by_column_with_its_units(tmp_path: Path, name: str, lang: str):
    register = CATALOGUE.registers[name]
    write_template(tmp_path / "a.xlsx", TemplateOrder(register, lang), CATALOGUE)
    found = READER.read(tmp_path / "a.xlsx")
    assert found.findings.problems == []
    (table,) = found.tables
    assert list(table.columns) == list(register.columns)


def test_an_english_template_holds_no_chinese_unit(tmp_path: Path):
    for name in ("yearly_totals", "chargers", "travel_survey", "land_exits"):
        write_template(tmp_path / "a.xlsx", TemplateOrder(CATALOGUE.registers[name], "en"), CATALOGUE)
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
        heads = "".join(str(cell.value) for cell in sheet[2])
        assert not any("\u4e00" <= character <= "\u9fff" for character in heads), heads


def test_an_unknown_unit_never_becomes_a_known_one():
    units = UnitWords(CATALOGUE)
    assert units.find("") in (None, "", "1")
    for words in ("10⁴", "items of all kinds", "万", "CNY²"):
        found = units.find(words)
        assert found is None, (words, found)
    with pytest.raises(UnitMismatch):
        CATALOGUE.unit_table.factor("t", "tce")
