"""On the whole demo district: every cell of every table of its account leads to the cells that were typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.workflows.test_account_explaining import every_cell_is_explained

from dafeng.workflows.account_making import Asked, every_table, has_errors, make
from dafeng.workflows.district import District
from dafeng.workflows.starting import init

YEAR = 2025


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> District:
    return init(tmp_path_factory.mktemp("account") / "demo", demo=True).district


def test_every_cell_of_the_demo_account_explains_itself_to_the_gram(demo: District):
    assert every_cell_is_explained(demo, Asked(year=YEAR)) > 10_000


def test_the_demo_account_has_every_table_but_those_of_a_boundary_and_no_error(demo: District):
    made = make(demo, Asked(year=YEAR), every_table())
    assert set(every_table()) - set(made.tables) == {"boundary", "boundary_figures"}
    assert not has_errors(made)


def test_the_subdistricts_and_what_is_not_allocated_make_the_district(demo: District):
    """Σ of thirteen accounts of one place each, and the row of the difference, against the district's own."""
    whole = make(demo, Asked(year=YEAR), ("levels",)).tables["levels"]
    places = [row for row in whole.rows if row.code.startswith("subdistrict_")]
    assert len(places) == 13
    parts = sum(row.cells["equal"].value or 0 for row in places)
    left = whole.row("unallocated").cells["equal"].value or 0
    assert parts + left == whole.row("district").cells["equal"].value


def test_a_workbook_holds_every_table(demo: District, tmp_path: Path):
    import openpyxl

    from dafeng.workflows.account_exporting import export

    made = make(demo, Asked(year=YEAR), every_table())
    export(demo, made, tmp_path / "account.xlsx")
    book = openpyxl.load_workbook(tmp_path / "account.xlsx", read_only=True)
    assert len(book.sheetnames) == len(made.tables) + 4
