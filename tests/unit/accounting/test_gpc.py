"""The GPC's references, scopes and totals."""

from __future__ import annotations

import pytest
from tests.unit.accounting.test_inventory import frame, line, shown

from dafeng.accounting.gpc import gpc_totals, in_basic, in_basic_plus, in_territorial, members, parts, scope_of
from dafeng.accounting.inventory import inventory_tables
from dafeng.catalogue import load_catalogue


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def test_a_reference_says_its_sector_sub_sector_and_scope():
    assert parts("II.2.3") == ("II", 2, 3)
    assert parts("IV.2") == ("IV", 2, 1)
    assert [scope_of(ref) for ref in ("I.1.1", "I.1.2", "I.1.3", "I.4.4", "III.1.1", "III.1.2", "III.1.3", "V.2")] == [
        1, 2, 3, 1, 1, 3, 1, 1,
    ]  # fmt: skip
    assert scope_of("VI.1") == 3


def test_power_sold_and_waste_from_elsewhere_are_of_the_territory_and_not_of_the_city():
    assert in_territorial("I.4.4")
    assert not in_basic("I.4.4")
    assert in_territorial("III.3.3")
    assert not in_basic_plus("III.3.3")
    assert in_basic("III.3.2")
    assert not in_territorial("III.3.2")


def test_totals_add_the_cells_they_take_and_a_key_counts_as_nothing():
    cells = {
        "I.1.1": 1.0, "I.1.2": 2.0, "I.1.3": 4.0, "I.4.4": 8.0, "II.1.1": "IE", "III.1.2": 16.0, "III.1.3": 32.0,
        "IV.2": 64.0, "V.2": -10.0, "VI.1": 128.0,
    }  # fmt: skip
    found = gpc_totals(cells)
    assert found["basic"] == 1 + 2 + 16
    assert found["basic_plus"] == 1 + 2 + 4 + 16 + 64 - 10
    assert found["basic_plus_no_land"] == 1 + 2 + 4 + 16 + 64
    assert found["territorial"] == 1 + 8 + 32 + 64 - 10
    assert found["basic.I"] == found["basic.I.1"] == 3
    assert found["basic.II"] is None


def test_our_table_takes_the_same_totals_as_the_function(catalogue):
    lines = frame(
        line("en_homes", 1, gpc="I.1.1"), line("indirect_electricity", 2, gpc="I.1.2"),
        line("memo_losses", 4, gpc="I.6.3"), line("en_conversion", 8, gpc="I.4.4"),
        line("elsewhere_landfill", 16, gpc="III.1.2"), line("ippu_hfc", 64, "R32", gpc="IV.2"),
        line("land_forest", -10, gpc="V.2"), line("memo_biomass", 99),
    )  # fmt: skip
    table = inventory_tables(lines, catalogue, 2025)["gpc"]
    cells = {row.code: shown(table, row.code) for row in table.rows if row.code.count(".") and row.code not in ("I.1",)}
    refs = {ref: value for ref, value in cells.items() if len(ref.split(".")) == 3 or ref[:2] in ("IV", "V.", "VI")}
    found = gpc_totals(refs)
    for total, by_hand in (("basic", 19), ("basic_plus", 77), ("basic_plus_no_land", 87), ("territorial", 63)):
        assert shown(table, total) == found[total] == by_hand
    assert shown(table, "I") == 1 + 2 + 4 + 8
    assert shown(table, "I.2.3") == "IE"
    assert shown(table, "I.4.1") == "NO"


def test_the_summary_crosses_sectors_with_scopes(catalogue):
    lines = frame(
        line("en_homes", 1, gpc="I.1.1"), line("indirect_electricity", 2, gpc="I.1.2"),
        line("elsewhere_landfill", 16, gpc="III.1.2"), line("waste_incineration", 3, gpc="III.3.1"),
    )  # fmt: skip
    table = inventory_tables(lines, catalogue, 2025)["gpc_summary"]
    assert [shown(table, "I", f"scope{n}") for n in (1, 2, 3)] == [1, 2, "NE"]
    assert [shown(table, "III", f"scope{n}") for n in (1, 2, 3)] == [3, "NO", 16]
    assert [shown(table, "total", f"scope{n}") for n in (1, 2, 3)] == [4, 2, 16]
    assert shown(table, "total", "basic") == 22
    assert shown(table, "IV", "basic") == "NO"


def test_basic_plus_holds_basic_for_every_reference(catalogue):
    refs = [row.code for row in catalogue.layouts["gpc"].rows if row.scope is not None and "." in row.code]
    assert len(refs) == 54
    assert set(members("basic", refs)) < set(members("basic_plus", refs))
