"""The inventory's tables: every cell sums the lines it picks, or says why there is no figure."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting.emissions_problems import LeftOut
from dafeng.accounting.inventory import codes_of, inventory_tables
from dafeng.accounting.inventory_cells import FAMILIES, family_of
from dafeng.accounting.inventory_published import published_table
from dafeng.accounting.inventory_sectors import sectors_table
from dafeng.accounting.lines import EMISSIONS, of_schema
from dafeng.accounting.tables import Table
from dafeng.catalogue import load_catalogue
from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import Place
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
LAYOUT = CATALOGUE.layouts["inventory_provincial"].rows
MEMO = {row.code for row in LAYOUT if row.memo}
# Rows that lines are posted to: those that are no one's parent and no outer total.
LEAVES = sorted(
    {row.code for row in LAYOUT} - {row.parent for row in LAYOUT} - {"total_with_land", "with_indirect", "total"}
)
REFS = [None, "I.1.1", "I.1.2", "I.4.4", "I.6.3", "II.1.1", "III.1.2", "III.3.3", "IV.2", "V.2"]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return CATALOGUE


def line(row: str, co2e_t: float, gas: str = "CO2", **more: Any) -> dict[str, Any]:
    grams = round(co2e_t * 1e6)
    return {
        "level": "district", "place": "", "year": 2025, "row": row, "gas": gas, "gas_g": grams, "co2e_g": grams,
        "gwp": 1.0, "scope": 2 if row.startswith("indirect") else 1, "memo": "memo" if row in MEMO else None,
    } | more  # fmt: skip


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    columns = {name: pl.Series([row.get(name) for row in rows], dtype=kind) for name, kind in EMISSIONS.items()}
    return of_schema(pl.DataFrame(columns), EMISSIONS)


def shown(table: Table, row: str, column: str = "co2e") -> float | str | None:
    """The cell as people read it: a number in the column's unit, or its key."""
    cell = table.row(row).cells[column]
    head = next(one for one in table.columns if one.id == column)
    return cell.key if cell.value is None else cell.value / head.per


def picked(lines: pl.DataFrame, pick: Any) -> pl.DataFrame:
    for column, accepted in pick.items():
        wanted = [value for value in accepted if value is not None]
        taken = pl.col(column).is_in(wanted)
        lines = lines.filter(taken | pl.col(column).is_null() if None in accepted else taken)
    return lines


def test_the_total_is_direct_emissions_and_nothing_that_is_memo_or_indirect(catalogue):
    lines = frame(
        line("en_industry", 100), line("ippu_hfc", 7, "R410A"), line("waste_incineration", 20),
        line("indirect_electricity", 1000), line("land_forest", -5), line("elsewhere_incineration", 300),
        line("memo_biomass", 11), line("memo_losses", 9),
    )  # fmt: skip
    table = inventory_tables(lines, catalogue, 2025)["inventory"]
    assert shown(table, "total") == 127
    assert shown(table, "energy") == shown(table, "en_combustion") == 100
    assert shown(table, "indirect") == 1000
    assert shown(table, "with_indirect") == 1127
    assert shown(table, "land") == -5
    assert shown(table, "total_with_land") == 122
    assert shown(table, "memo_waste_elsewhere") == 300
    assert shown(table, "total", "hfcs") == 7


def test_every_row_of_the_layout_is_filled_zero_or_marked_with_a_key_and_its_reason(catalogue):
    for table in inventory_tables(frame(line("en_industry", 1)), catalogue, 2025).values():
        for row in table.rows:
            assert set(row.cells) == {column.id for column in table.columns}
            for cell in row.cells.values():
                assert (cell.value is None) == (cell.key is not None)
                if cell.value is None:
                    assert cell.reason is not None
                    assert cell.reason.zh
                    assert cell.reason.en
    inventory = inventory_tables(frame(line("en_industry", 1)), catalogue, 2025)["inventory"]
    assert [row.code for row in inventory.rows] == [row.code for row in LAYOUT]


def test_without_any_line_nothing_is_zero_and_everything_has_a_reason(catalogue):
    for table in inventory_tables(frame(), catalogue, 2025).values():
        assert all(cell.value is None and cell.reason for row in table.rows for cell in row.cells.values())


def test_an_outer_total_of_which_a_part_is_unknown_is_unknown_and_names_the_part(catalogue):
    table = inventory_tables(frame(line("en_industry", 1)), catalogue, 2025)["inventory"]
    assert shown(table, "total") == 1
    assert shown(table, "with_indirect") == "NE"
    reason = table.row("with_indirect").cells["co2e"].reason
    assert reason is not None
    assert "间接排放" in reason.zh
    assert shown(table, "total_with_land") == "NE"


def test_a_gas_that_a_source_cannot_give_off_does_not_occur_and_one_it_can_is_not_estimated(catalogue):
    table = inventory_tables(frame(line("en_industry", 1)), catalogue, 2025)["inventory"]
    assert shown(table, "en_industry", "hfcs") == "NO"
    assert shown(table, "en_industry", "ch4") == "NE"


def test_the_table_of_gases_is_in_tonnes_of_gas(catalogue):
    methane = line("waste_landfill", 28, "CH4", gas_g=1_000_000, gwp=28.0)
    tables = inventory_tables(frame(methane), catalogue, 2025)
    assert shown(tables["inventory"], "waste_landfill", "ch4") == 28
    assert shown(tables["gases"], "waste_landfill", "ch4") == 1
    assert [column.unit for column in tables["gases"].columns] == ["t"] * 7
    assert any("CH4 28" in note.zh for note in tables["inventory"].notes)


def test_an_estimate_is_visible_in_every_sum_above_it(catalogue):
    lines = frame(line("en_industry", 60, estimate="carry 2024"), line("en_homes", 40))
    table = inventory_tables(lines, catalogue, 2025)["inventory"]
    for row in ("en_industry", "en_combustion", "energy", "total"):
        assert table.row(row).cells["co2e"].estimated == 60_000_000
        assert table.row(row).cells["co2"].estimated == 60_000_000
    assert table.row("en_homes").cells["co2e"].estimated == 0


def test_what_was_left_out_is_said_in_its_row_and_in_every_sum_above_it(catalogue):
    lacking = LeftOut(
        "account.left-out", Place(item="energy_consumption", row=3), Text("缺因子", "no factor"), Text("补", "add"),
        year=2025, cells=(("district", "", "en_trade", "CO2"),),
    )  # fmt: skip
    table = inventory_tables(frame(line("en_industry", 1)), catalogue, 2025, problems=[lacking])["inventory"]
    assert shown(table, "en_trade") == "NE"
    for row in ("en_trade", "en_combustion", "total"):
        reason = table.row(row).cells["co2e"].reason
        assert reason is not None
        assert reason.zh == "缺因子"
    assert table.row("en_industry").cells["co2e"].reason is None
    other = inventory_tables(frame(line("en_industry", 1, year=2024)), catalogue, 2024, problems=[lacking])
    assert other["inventory"].row("total").cells["co2e"].reason is None


def test_other_levels_places_and_years_are_in_no_sum_of_the_district(catalogue):
    lines = frame(
        line("en_homes", 10), line("en_homes", 99, year=2024), line("en_homes", 4, level="zone", place="北片"),
        line("en_homes", 5, level="zone", place="南片"),
    )  # fmt: skip
    assert shown(inventory_tables(lines, catalogue, 2025)["inventory"], "total") == 10
    north = inventory_tables(lines, catalogue, 2025, "zone", "北片")["inventory"]
    assert shown(north, "total") == 4
    assert north.place == Text("北片", "北片")


def test_every_gas_that_has_a_warming_potential_stands_in_a_column_or_is_outside_the_inventory(catalogue):
    names = family_of(catalogue)
    assert {names[gas] for gas in ("R134A", "R410A", "R32", "HFC-134a")} == {"HFCs"}
    assert {names[gas] for gas in ("R22", "R123")} == {"HCFCs"}
    assert names["CF4"] == "PFCs"
    assert set(names.values()) == {*FAMILIES, "HCFCs"}


def test_a_parent_without_a_figure_says_why_by_the_rows_below_it(catalogue):
    lines = frame(line("waste_water_domestic", 5, "CH4"))
    table = inventory_tables(lines, catalogue, 2025)["inventory"]
    # No row of waste can give off HFCs; fluorinated gases of processes have rows that are not estimated.
    assert shown(table, "waste", "hfcs") == "NO"
    assert shown(table, "ippu") == "NE"
    reason = table.row("ippu").cells["co2e"].reason
    assert reason is not None
    assert reason.zh.startswith("制冷剂等产品使用：")
    assert shown(table, "agriculture") == "NO"
    # Fluorinated gases come of processes and products alone, SF6 of switchgear alone.
    assert shown(table, "en_fugitive_gas", "hfcs") == "NO"
    assert shown(table, "en_fugitive_gas", "ch4") == "NE"
    assert shown(table, "ippu_sf6", "sf6") == "NE"
    assert shown(table, "ippu_sf6", "co2") == "NO"


def test_a_sub_sector_of_the_gpc_whose_losses_stand_elsewhere_says_so_only_for_gases_it_can_give_off(catalogue):
    table = inventory_tables(frame(line("en_homes", 5, gpc="I.2.1")), catalogue, 2025)["gpc"]
    assert shown(table, "I.1.3") == "IE"
    assert shown(table, "I.2", "hfcs") == "NO"
    assert shown(table, "I.4") == "NO"
    assert shown(table, "basic", "hfcs") == "NO"


def test_refrigerants_outside_the_inventory_stand_in_a_memo_row_and_in_no_column_of_gases(catalogue):
    table = inventory_tables(frame(line("memo_hcfc", 50, "R22"), line("ippu_hfc", 7, "R32")), catalogue, 2025)[
        "inventory"
    ]
    assert shown(table, "memo_hcfc") == 50
    assert shown(table, "total") == 7
    assert shown(table, "ippu_hfc", "hfcs") == 7


def test_sectors_add_up_to_energy_with_its_indirect_emissions_and_hold_nothing_else(catalogue):
    lines = frame(
        line("en_homes", 10, sector="homes"), line("indirect_electricity", 30, sector="homes"),
        line("indirect_heat", 5, sector="trade"), line("en_conversion", 7), line("memo_power_in", 99),
        line("waste_incineration", 50), line("en_biomass", 1, "CH4", sector="industry"),
    )  # fmt: skip
    table = sectors_table(lines, catalogue, 2025)
    inventory = inventory_tables(lines, catalogue, 2025)["inventory"]
    for row in table.rows:
        for cell in row.cells.values():
            assert cell.pick is None or picked(lines, cell.pick)["co2e_g"].sum() == cell.value
    assert [shown(table, "homes", name) for name in ("direct", "electricity", "heat", "co2e")] == [10, 30, "NO", 40]
    assert shown(table, "industry", "direct") == 1
    assert shown(table, "unassigned", "direct") == 7
    assert shown(table, "total") == shown(inventory, "energy") + shown(inventory, "indirect") == 53
    assert sum(row.cells["co2e"].value or 0 for row in table.rows if row.code != "total") == 53_000_000


LINES = st.builds(
    lambda row, gas, grams, year, level, gpc, estimate, sector: line(
        row, 0, gas, sector=sector, gas_g=grams // 3, co2e_g=grams, year=year, gpc=gpc, estimate=estimate,
        level=level, place="" if level == "district" else "北片",
    ),
    st.sampled_from(LEAVES), st.sampled_from(["CO2", "CH4", "N2O", "R410A", "R134A", "R32", "SF6"]),
    st.integers(-(10**14), 10**15), st.sampled_from([2024, 2025]), st.sampled_from(["district", "zone"]),
    st.sampled_from(REFS), st.sampled_from([None, None, "carry 2024"]), st.sampled_from([None, "homes", "trade"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, max_size=60))
def test_every_cell_of_every_table_is_exactly_the_sum_of_the_lines_it_picks(rows):
    lines = frame(*rows)
    for level, place in (("district", ""), ("zone", "北片")):
        for table in inventory_tables(lines, CATALOGUE, 2025, level, place).values():
            measure = "gas_g" if table.id == "gases" else "co2e_g"
            for row in table.rows:
                for cell in row.cells.values():
                    if cell.value is None:
                        continue
                    assert cell.pick is not None
                    held = picked(lines, cell.pick)
                    assert held[measure].sum() == cell.value
                    assert held.filter(pl.col("estimate").is_not_null())[measure].sum() == cell.estimated


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, max_size=60))
def test_parents_are_the_sum_of_their_children_and_gases_sum_to_the_equivalent(rows):
    table = inventory_tables(frame(*rows), CATALOGUE, 2025)["inventory"]
    value = {row.code: row.cells["co2e"].value or 0 for row in table.rows}
    children: dict[str, list[str]] = {}
    for row in table.rows:
        if row.parent:
            children.setdefault(row.parent, []).append(row.code)
    for parent, below in children.items():
        assert value[parent] == sum(value[code] for code in below)
    for row in table.rows:
        assert sum(cell.value or 0 for name, cell in row.cells.items() if name != "co2e") == value[row.code]


def test_the_codes_of_the_outer_totals_hold_no_memo_row_but_land():
    codes = codes_of(LAYOUT)
    assert not set(codes["total"]) & MEMO
    assert set(codes["total_with_land"]) & MEMO == {"land", "land_forest", "land_urban_green", "land_conversion"}
    assert not set(codes["with_indirect"]) & MEMO


def test_beside_the_published_inventory_stand_both_figures_and_their_difference(catalogue):
    published = [
        {"year": 2025, "sector": "energy", "gas": "co2", "source": "合计", "amount": 90},
        {"year": 2025, "sector": "energy", "gas": "ch4", "source": "合计", "amount": 10},
        {"year": 2024, "sector": "energy", "gas": "co2", "source": "合计", "amount": 5},
    ]
    facts = Facts(catalogue, {"ghg_inventory": frame_of_rows(catalogue.registers["ghg_inventory"], published)})
    ours = inventory_tables(frame(line("en_industry", 103)), catalogue, 2025)["inventory"]
    table = published_table(ours, facts, 2025)
    assert table is not None
    assert shown(table, "energy", "published") == 100
    assert shown(table, "energy", "difference") == 3
    assert shown(table, "energy", "difference_pct") == pytest.approx(3)
    assert shown(table, "waste", "difference") == "NE"
    assert published_table(ours, facts, 2023) is None
