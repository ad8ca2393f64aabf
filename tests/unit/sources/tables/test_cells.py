"""Cells as people write them: what is read as what, and what is refused rather than guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.unit.sources.tables.world import building, buildings_book, cells, errors, read, warnings

from dafeng.sources.tables import scalars

DAY = dt.date(2023, 5, 1)


def value_of(tmp_path: Path, heading: str, cell: Any, column: str) -> Any:
    found = read(buildings_book(tmp_path / "建筑.xlsx", building(**{heading: cell})))
    assert errors(found) == []
    return found.tables[0].frame[column][0]


def refusal_of(tmp_path: Path, heading: str, cell: Any) -> tuple[str, str]:
    """(rule, remedy) in Chinese; exactly one cell is refused, and it is that one."""
    row = building(**{heading: cell})
    found = read(buildings_book(tmp_path / "建筑.xlsx", row))
    place = f"{'ABCDEFGH'[list(row).index(heading)]}2"
    assert [where for _, where in cells(errors(found))] == [place]
    return errors(found)[0].rule.zh, errors(found)[0].remedy.zh


@pytest.mark.parametrize(
    "written",
    [
        DAY, dt.datetime(2023, 5, 1, 9, 30), "2023-05-01", "2023/5/1", "2023.5.1", "2023年5月1日", "２０２３年５月１日",
        "2023 年 5 月 1 日", "20230501", 20230501, 45047, "2023-05-01 00:00:00", " 2023-5-1 ", "2023年5月1号",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_common_form(tmp_path: Path, written: Any):
    # 45047 is Excel's serial number of 1 May 2023: 45047 days after 30 December 1899.
    assert dt.date(1899, 12, 30) + dt.timedelta(45047) == DAY
    assert value_of(tmp_path, "竣工日期", written, "finished") == DAY


@pytest.mark.parametrize(
    "written", ["2023年5月", "2023", 2023, "5月1日", "23-5-1", "2023-13-01", "2023-02-30", "去年", 99, True]
)
def test_a_date_that_is_not_whole_is_refused(tmp_path: Path, written: Any):
    refusal_of(tmp_path, "竣工日期", written)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (1234.5, 1234.5), ("1234.5", 1234.5), ("1,234.5", 1234.5), ("１，２３４．５", 1234.5), ("1 234.5", 1234.5),
        ("1\u2009234.5", 1234.5), (" 1234.5 ", 1234.5), ("\u30001234.5", 1234.5), ("1234.5平方米", 1234.5),
        ("1,234.5 m2", 1234.5), ("1.2345E3", 1234.5), ("+1234.5", 1234.5), ("0", 0.0),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_common_form(tmp_path: Path, written: Any, value: float):
    assert value_of(tmp_path, "建筑面积（平方米）", written, "area_m2") == value


@pytest.mark.parametrize(
    "written", ["约1200", "1200左右", ">1200", "1,23", "1200-1300", "一千", "12万", "nan", "inf", "1_000", DAY, True]
)
def test_a_number_with_words_is_refused(tmp_path: Path, written: Any):
    refusal_of(tmp_path, "建筑面积（平方米）", written)


@pytest.mark.parametrize("nothing", ["—", "－", "-", "/", "／", "无", "暂无", "N/A", "n/a", "", "  ", "\u3000", None])
def test_a_mark_for_nothing_is_missing_where_a_value_is_optional(tmp_path: Path, nothing: Any):
    assert value_of(tmp_path, "采暖面积（平方米）", nothing, "heated_m2") is None


@pytest.mark.parametrize("nothing", ["—", "/", "无", "", "   ", None])
def test_a_mark_for_nothing_is_refused_where_a_value_is_required(tmp_path: Path, nothing: Any):
    rule, remedy = refusal_of(tmp_path, "建筑面积（平方米）", nothing)
    assert rule == "“建筑面积”必填"
    assert "请填写" in remedy


def test_a_list_may_hold_a_value_that_elsewhere_means_nothing(tmp_path: Path):
    assert value_of(tmp_path, "用途", "无", "use") == "none"


@pytest.mark.parametrize("written", ["办公", " 办 公 ", "office", "Office", "ＯＦＦＩＣＥ", "写字楼"])
def test_a_choice_is_read_by_code_name_and_other_spellings(tmp_path: Path, written: str):
    assert value_of(tmp_path, "用途", written, "use") == "office"


def test_a_choice_outside_the_list_names_the_nearest_and_the_list(tmp_path: Path):
    rule, remedy = refusal_of(tmp_path, "用途", "办公楼")
    assert rule == "“办公楼”不在可选值中；是否指“办公”？"
    assert remedy == "从下拉列表选择：办公、学校、无"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("是", True),
        ("√", True),
        ("✓", True),
        (True, True),
        (1, True),
        ("Y", True),
        ("否", False),
        ("×", False),
        (0, False),
    ],
)
def test_yes_and_no_are_read_in_every_common_form(tmp_path: Path, written: Any, value: bool):
    assert value_of(tmp_path, "分项计量", written, "metered") is value


@pytest.mark.parametrize("written", ["无", "部分", "有", 2])
def test_yes_and_no_are_not_guessed(tmp_path: Path, written: Any):
    refusal_of(tmp_path, "分项计量", written)


@pytest.mark.parametrize(
    ("written", "value"), [(2023, 2023), ("2023年", 2023), ("２０２３", 2023), ("2023年度", 2023), ("2023", 2023)]
)
def test_a_year_is_read_in_every_common_form(tmp_path: Path, written: Any, value: int):
    assert value_of(tmp_path, "投用年份", written, "first_year") == value


@pytest.mark.parametrize("written", [23, "23年", 2023.5, DAY, 20230501, "2023-05"])
def test_a_year_that_is_none_is_refused(tmp_path: Path, written: Any):
    refusal_of(tmp_path, "投用年份", written)


def test_a_whole_number_with_a_fraction_is_refused(tmp_path: Path):
    assert refusal_of(tmp_path, "层数", 3.5)[0] == "应为整数，却是 3.5"


def test_limits_are_said_with_their_unit(tmp_path: Path):
    assert refusal_of(tmp_path, "建筑面积（平方米）", -5)[0] == "-5 平方米 低于下限 0 平方米"
    assert refusal_of(tmp_path, "建筑面积（平方米）", 1_000_001)[0] == "1000001 平方米 高于上限 1000000 平方米"
    assert refusal_of(tmp_path, "竣工日期", "1899-12-31")[0] == "1899-12-31 低于下限 1900-01-01"


def test_a_limit_itself_is_allowed(tmp_path: Path):
    assert value_of(tmp_path, "建筑面积（平方米）", 1_000_000, "area_m2") == 1_000_000
    assert value_of(tmp_path, "建筑面积（平方米）", 0, "area_m2") == 0


def test_codes_are_narrowed_and_kept_to_their_pattern(tmp_path: Path):
    assert value_of(tmp_path, "建筑编号", "Ｂ００７", "code") == "B007"
    assert "不合规定的写法" in refusal_of(tmp_path, "建筑编号", "B7")[0]


def test_a_code_that_excel_made_a_date_or_a_rounded_number_is_refused(tmp_path: Path):
    assert "变成了日期" in refusal_of(tmp_path, "建筑编号", DAY)[0]
    assert "末尾几位已丢失" in refusal_of(tmp_path, "建筑编号", 3.10104199001011e17)[0]


def test_text_keeps_its_chinese_punctuation_and_loses_only_outer_spaces(tmp_path: Path):
    assert value_of(tmp_path, "建筑名称", "　云汀大厦（Ａ座），东 ", "name") == "云汀大厦（Ａ座），东"
    assert value_of(tmp_path, "建筑名称", 1024, "name") == "1024"


@pytest.mark.parametrize("written", ["121.437,31.188", "121.437，31.188", "POINT (121.437 31.188)", "121.437 31.188"])
def test_a_position_is_longitude_and_latitude(tmp_path: Path, written: str):
    assert value_of(tmp_path, "位置", written, "position") == "121.437,31.188"


def test_a_swapped_position_is_refused(tmp_path: Path):
    assert "写反" in refusal_of(tmp_path, "位置", "31.188,121.437")[0]


def test_a_responsible_unit_is_known_by_its_aliases_and_an_unknown_one_is_a_warning(tmp_path: Path):
    assert value_of(tmp_path, "责任单位", "区建管委", "keeper") == "区建设管理委"
    found = read(buildings_book(tmp_path / "建筑.xlsx", building(责任单位="区建设管委")))
    assert ("unknown-body", "F2") in cells(warnings(found))
    assert errors(found) == []
    assert found.tables[0].frame["keeper"][0] == "区建设管委"


def test_a_cell_shown_as_a_percentage_is_a_hundred_times_its_number_in_a_column_of_percents(tmp_path: Path):
    import openpyxl

    path = buildings_book(tmp_path / "建筑.xlsx", building(**{"绿电占比（%）": 0.123, "层数": 3}))
    book = openpyxl.load_workbook(path)
    book["建筑"]["F2"].number_format = "0.0%"
    book.save(path)
    found = read(path)
    assert errors(found) == []
    assert found.tables[0].frame["share_pct"][0] == 12.3
    book["建筑"]["D2"].number_format = "0%"
    book.save(path)
    assert cells(errors(read(path))) == [("wrong-value", "D2")]


def test_the_last_digit_of_a_ratio_is_not_taken_for_its_unit():
    assert scalars.number("0.2031", frozenset(("1", "倍"))) == 0.2031
    assert scalars.number("０．２０３１倍", frozenset(("1", "倍"))) == 0.2031
