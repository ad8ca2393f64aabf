"""Title, number, issuer, date, status and level from the lines above a plan."""

from __future__ import annotations

import pytest

from dafeng.planning.characters import plain
from dafeng.planning.letterhead import read_letterhead


def head(text: str):
    return read_letterhead(plain(text), "", text)


def test_the_notice_of_a_district():
    found = head(
        "当前位置：首页-正文\n望潮区人民政府关于印发《望潮区碳达峰工作方案》的通知\n"
        "望府发〔2022〕31号\n各镇人民政府：\n"
        "《望潮区碳达峰工作方案》已经审议通过，现印发给你们。\n望潮区人民政府\n"
        "2022年11月8日\n（此件公开发布）\n望潮区碳达峰工作方案\n"
        "为落实《东屿市碳达峰实施方案》（东府发〔2022〕9号），制定本方案。\n"
    )
    assert (found.title, found.number, found.issued_on) == ("望潮区碳达峰工作方案", "望府发〔2022〕31号", "2022-11-08")
    assert (found.issuer, found.status, found.level, found.year) == ("望潮区人民政府", "issued", "district", 2022)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("青政办发〔2023〕17号\n", "青政办发〔2023〕17号"),
        ("津滨政发[2022]12号\n", "津滨政发〔2022〕12号"),
        ("浦府﹝2022﹞8号\n", "浦府〔2022〕8号"),
        ("索引号 1 发文字号 青政办发〔2023〕17号 发布日期 2023-06-20\n", "青政办发〔2023〕17号"),
    ],
)
def test_a_number_is_read_whatever_its_brackets(text, number):
    assert head(text).number == number


def test_the_number_of_a_document_that_is_only_cited_is_not_the_plans_own():
    assert head("为做好工作，根据国发〔2021〕23号文件精神，制定本方案。\n").number is None


def test_a_draft_says_so_and_years_come_from_the_title():
    found = head("普陀区碳达峰行动方案（2026—2030年）（征求意见稿）\n")
    assert (found.status, found.year, found.title) == (
        "draft",
        2026,
        "普陀区碳达峰行动方案（2026—2030年）（征求意见稿）",
    )


def test_a_date_in_characters_is_read():
    assert head("某市方案\n二〇二二年十月十二日\n").issued_on == "2022-10-12"


def test_the_date_a_page_was_looked_at_is_not_the_date_of_issue():
    assert head("今天是2024年5月6日\n发布时间：2023年7月1日\n某县行动计划\n2023年6月15日\n").issued_on == "2023-06-15"


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("某某区碳达峰实施方案", "district"),
        ("某某市“十四五”节能方案", "city"),
        ("某某县碳达峰行动计划", "county"),
        ("上海市碳达峰实施方案", "province"),
        ("某某省碳达峰实施方案", "province"),
    ],
)
def test_the_level_is_that_of_the_place(title, level):
    assert head(f"{title}\n").level == level
