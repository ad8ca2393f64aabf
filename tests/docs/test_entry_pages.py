"""The pages of registers and indicators say what the entries say."""

from __future__ import annotations

import pytest
from tools.reference import entries

from dafeng.catalogue import Catalogue, load_catalogue

REGISTER = """
id: bicycle_parking
name: {zh: 自行车停放点, en: Bicycle parking}
kind: entity
key: [code]
owner: 区建设管理委
systems: [S15]
basis: {text: {zh: 测试用, en: for a test}, status: assumption}
columns:
  code: {type: text, name: {zh: 编号, en: Code}}
  sort: {type: choice, of: bicycle_parking_sorts, name: {zh: 类别, en: Sort}}
  spaces: {type: integer, name: {zh: 车位数, en: Spaces}, min: 1, optional: true}
checks:
  - that: spaces <= 500
    says: {zh: 一般不超过500个, en: rarely more than 500}
    level: warning
"""
CHOICES = """
id: bicycle_parking_sorts
name: {zh: 停放点类别, en: Sorts}
options:
  kerb: {zh: 路侧, en: kerbside}
  yard: {zh: 院内, en: in a yard}
"""
INDICATOR = """
id: bicycle_parking_spaces
name: {zh: 自行车车位, en: Bicycle spaces}
unit: 个
direction: up
shape: level
owner: 区建设管理委
systems: [S15]
from: bicycle_parking
where: sort == 'kerb'
value: sum(spaces)
golden:
  rows: {bicycle_parking: [{code: A, sort: kerb, spaces: 20}, {code: B, sort: yard, spaces: 5}]}
  expect: {2025: 20}
  worked: only A counts
"""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    local = tmp_path_factory.mktemp("district")
    for kind, text in {"registers": REGISTER, "choices": CHOICES, "indicators": INDICATOR}.items():
        (local / kind).mkdir()
        (local / kind / "bicycle.yaml").write_text(text, encoding="utf-8")
    return load_catalogue(local)


def lines_of(page: str, name: str) -> list[str]:
    """The lines of one entry's section."""
    start = page.index(f"\n## {name} ")
    end = page.find("\n## ", start + 1)
    return page[start : end if end > 0 else None].splitlines()


def test_a_register_shows_columns_with_units_rules_and_required_marks(catalogue: Catalogue):
    lines = lines_of(entries.registers_page(catalogue), "bicycle_parking")
    assert lines[1] == "## bicycle_parking 自行车停放点 · Bicycle parking {: #bicycle_parking }"
    assert "| `code` * | 编号 | Code | text |  |  |" in lines
    assert "| `sort` * | 类别 | Sort | choice |  | kerb 路侧 kerbside; yard 院内 in a yard |" in lines
    assert any(line.startswith("| `spaces` | 车位数 | Spaces | integer |") and "≥ 1" in line for line in lines)
    assert "- `spaces <= 500`: 一般不超过500个 rarely more than 500 (warning)" in lines


def test_a_source_that_is_no_official_text_says_so(catalogue: Catalogue):
    lines = lines_of(entries.registers_page(catalogue), "bicycle_parking")
    assert "- 依据 · basis: 测试用 for a test (assumption)" in lines


def test_a_register_names_the_indicators_that_use_it_and_the_indicator_links_back(catalogue: Catalogue):
    register = lines_of(entries.registers_page(catalogue), "bicycle_parking")
    indicator = lines_of(entries.indicators_page(catalogue), "bicycle_parking_spaces")
    assert "- 用于 · used by: [bicycle_parking_spaces](indicators.md#bicycle_parking_spaces)" in register
    assert "- 台账 · registers: [bicycle_parking](registers.md#bicycle_parking)" in indicator


def test_an_indicator_shows_its_formula_and_its_worked_case(catalogue: Catalogue):
    lines = lines_of(entries.indicators_page(catalogue), "bicycle_parking_spaces")
    assert "bicycle_parking_spaces = sum(spaces)  from bicycle_parking  where sort == 'kerb'" in lines
    assert "算例 · Worked case: bicycle_parking × 2 → 2025: 20 (only A counts)" in lines
