"""A place in joined paragraphs is the place of the same words in the file."""

from __future__ import annotations

import pytest

from dafeng.planning import import_plan
from dafeng.planning.places import places_in
from dafeng.sources.documents import read_document


def test_broken_lines_are_bridged():
    printed = "第一\n\n  章。到2025年，\n达到5%。"
    joined = "第一章。到2025年，达到5%。"
    place = places_in(printed, joined)
    start, end = place((joined.index("到"), len(joined)))
    assert printed[start:end] == "到2025年，\n达到5%。"


def test_texts_that_differ_are_refused():
    with pytest.raises(ValueError, match="white space"):
        places_in("甲乙", "甲丙")


PLAN = """某区碳达峰方案

一、重点任务

（一）能源行动

1. 发展光伏。到2025年，光伏装机达到5万千瓦以上。（责任单位：区发展改革委）
"""


def test_the_place_of_a_target_in_a_text_file_is_its_place_in_the_file(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    (target,) = import_plan(read_document(path)).targets
    assert PLAN[target.span[0] : target.span[1]] == target.sentence


def test_preformatted_text_of_a_page_keeps_its_lines(tmp_path):
    path = tmp_path / "plan.html"
    path.write_text(f"<html><body><pre>{PLAN}</pre></body></html>", encoding="utf-8")
    (target,) = import_plan(read_document(path)).targets
    assert (target.value, target.unit, target.clause) == (5, "万千瓦", "1.1.1")
