"""Methods, official tables and refused numbers stand in the documentation, each with what it says."""

from __future__ import annotations

import pytest

from dafeng.catalogue import Catalogue, load_catalogue
from tools import catalogue_pages


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return catalogue_pages.pages()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def section(page: str, name: str) -> str:
    start = page.index(f"\n## {name} ")
    end = page.find("\n## ", start + 1)
    return page[start : end if end > 0 else None]


def test_every_method_is_on_the_page_with_activity_factors_and_rows(pages: dict[str, str], catalogue: Catalogue):
    assert len(catalogue.methods) > 10
    for method in catalogue.methods.values():
        told = section(pages["reference/methods.md"], method.id)
        assert f"`{method.value}` ({method.unit})" in told
        assert all(f"`{emits.factor}`" in told for emits in method.emits if emits.factor)
        assert told.count("\n| ") == len(method.emits) + 1, method.id


def test_every_row_of_an_official_table_is_on_the_page_with_its_reason(pages: dict[str, str], catalogue: Catalogue):
    for layout in catalogue.layouts.values():
        told = section(pages["reference/layouts.md"], layout.id)
        for row in layout.rows:
            assert f"| `{row.code}` | {row.name.zh} | {row.name.en} |" in told, row.code
            assert row.reason is None or row.reason.zh in told


def test_every_refused_number_is_on_the_page_with_why(pages: dict[str, str], catalogue: Catalogue):
    for refusal in catalogue.refusals.values():
        assert f"| `{refusal.id}` |" in pages["reference/refusals.md"]
        assert refusal.says.zh in pages["reference/refusals.md"]


def test_a_computed_factor_shows_its_arithmetic(pages: dict[str, str]):
    told = pages["reference/factors.md"]
    assert ": ncv_diesel × cc_diesel × of_diesel × 44/12/1000 |" in told
    assert ": co2_diesel ÷ ce_diesel |" in told
