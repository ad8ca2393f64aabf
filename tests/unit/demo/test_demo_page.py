"""The page "The demo district" prints every calibration constant with its range, unit, year, source and status."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.demo.calibration import ALL, Constant

DOCS = Path(__file__).parents[3] / "docs"


def number(value: float) -> str:
    return f"{value:,.10g}".replace(",", " ")


def line(constant: Constant, language: str) -> str:
    said = f"{number(constant.value)} ({number(constant.low)}–{number(constant.high)})"
    what, source = constant.what.say(language), constant.source.say(language)
    return f"| {what} | {said} | {constant.unit} | {constant.year} | {source} | {constant.status} |"


@pytest.mark.parametrize(("page", "language"), [("demo.md", "en"), ("zh/demo.md", "zh")])
def test_the_page_prints_every_constant(page: str, language: str):
    text = (DOCS / page).read_text(encoding="utf-8")
    missing = [line(constant, language) for constant in ALL.values() if line(constant, language) not in text]
    assert missing == []


def test_every_constant_lies_in_its_own_range_and_names_a_source():
    assert len(ALL) >= 20
    for constant in ALL.values():
        assert constant.low <= constant.value <= constant.high
        assert len(constant.source.zh) > 3
        assert len(constant.source.en) > 5
