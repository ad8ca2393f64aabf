"""Every cell of every table of the account explains itself: the lines it picks sum to it, each record has its cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.workflows.account_small import fill, make_district

from dafeng.accounting.account import Account, picked
from dafeng.core.errors import BadInput
from dafeng.workflows.account_explaining import Explainer, address_of, explain_cell, parts_of
from dafeng.workflows.account_making import Asked, every_table, facts_of, make_from
from dafeng.workflows.district import District

ASKED = Asked(year=2025)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return fill(make_district(tmp_path_factory.mktemp("account")))


def cells(account: Account) -> list[tuple[str, Any, Any]]:
    return [
        (address_of(table, row, column), table, row.cells[column.id])
        for table in account.tables.values()
        for row in table.rows
        for column in table.columns
        if column.id in row.cells
    ]


def walk(tree: Any) -> list[Any]:
    """The cell and every cell inside its formula."""
    return [tree, *(cell for item in tree["inputs"] if "cell" in item for cell in walk(item["cell"]))]


def every_cell_is_explained(district: District, asked: Asked) -> int:
    """Explains all cells of all tables and returns how many."""
    with district.open_store() as store:
        account = make_from(district, store, asked, every_table())
        explainer = Explainer(account, store, facts_of(district, store, asked.as_known))
        every = cells(account)
        for address, table, cell in every:
            found = explainer.explain(address, most=10**9)
            assert found.tree["id"] == address
            for tree in walk(found.tree):
                if tree.get("groups"):
                    assert tree["measure"], tree["id"]
            for records in found.records.values():
                for record in records:
                    assert record["file"], address
                    assert record["row"], address
            if cell.pick is not None:
                lines = picked(account.lines_of(table), cell.pick)
                assert found.tree["measure"] is not None, address
                assert abs(lines[found.tree["measure"]].sum()) == abs(cell.value), address
                assert sum(group["lines"] for group in found.tree["groups"]) == lines.height
                by_groups = sum(group["result"] for group in found.tree["groups"])
                assert by_groups == lines[found.tree["measure"]].sum()
    return len(every)


def test_the_lines_of_every_cell_sum_to_it_and_every_record_has_file_and_cell(district: District):
    assert every_cell_is_explained(district, ASKED) > 500


def test_a_total_is_its_fuels_by_factor_down_to_the_cells_that_were_typed(district: District):
    """Petrol: 2,000 t × 43.07 GJ/t × 18.9 tC/TJ × 0.98 × 44/12/1000 = 5,850.11196 t."""
    found = explain_cell(district, "ACC.inventory.en_transport.co2", ASKED)
    (group,) = found.tree["groups"]
    assert (group["activity"], group["activity_unit"], group["result"]) == (2000, "t", 5_850_111_960)
    factor = group["factor_source"]
    assert [part["value"] for part in factor["product_of"]] == [43.07, 18.9, 0.98]
    assert factor["times"] == "44/12/1000"
    assert {part["source"]["number"] for part in factor["product_of"]} == {"发改办气候〔2011〕1041号", "GB/T 2589-2008"}
    (record,) = found.records["energy_consumption"]
    assert (record["file"], record["sheet"], record["row"]) == ("energy_consumption.xlsx", "填报", 9)
    assert (record["values"]["amount"]["value"], record["values"]["amount"]["cell"]) == (2000, "D9")


def test_a_gas_that_is_not_co2_names_the_warming_potential_of_the_set_asked_for(district: District):
    for gwp, value in (("ar4", 25), ("ar5", 28)):
        found = explain_cell(district, "ACC.inventory.en_homes.ch4", Asked(year=2025, gwp=gwp))
        (group,) = found.tree["groups"]
        assert (group["gwp"], group["gwp_source"]["id"]) == (value, f"gwp_ch4_{gwp}")


def test_a_formula_is_explained_by_the_cells_it_is_made_of(district: District):
    found = explain_cell(district, "ACC.dual_control.2025.energy_intensity", ASKED)
    named = {item["name"]: item for item in found.tree["inputs"]}
    assert found.tree["formula"] == "E / GDP"
    assert named["GDP"]["cell"]["value"] == 130
    (record,) = [one for one in found.records["yearly_totals"] if one["key"]["year"] == 2025]
    assert record["values"]["gdp_constant"]["cell"] == f"B{record['row']}"


def test_the_accounts_own_total_in_the_sheet_leads_to_its_lines(district: District):
    found = explain_cell(district, "ACC.dual_control.2025.energy_own", ASKED)
    assert {group["carrier"] for group in found.tree["groups"]} == {"electricity", "natural_gas", "gasoline"}
    total = sum(group["result"] * (1 if group["flow"] == "final" else -1) for group in found.tree["groups"])
    assert total / 1e10 == pytest.approx(found.tree["value"], rel=1e-12)


def test_a_row_whose_code_holds_dots_has_an_address_too():
    assert parts_of("ACC.gpc.I.1.1.co2e") == ("gpc", "I.1.1", "co2e")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("ACC.inventory.totl.co2e", "ACC.inventory.total.co2e"),
        ("ACC.inventory.total.co2", None),
        ("ACC.inventry.total.co2e", "ACC.inventory"),
        ("ACC.inventory", "ACC.inventory."),
        ("ACC.", "ACC."),
    ],
)
def test_a_wrong_address_is_answered_with_near_ones(district: District, wrong: str, meant: str | None):
    if meant is None:
        assert explain_cell(district, wrong, ASKED).tree["id"] == wrong
        return
    with pytest.raises(BadInput) as refused:
        explain_cell(district, wrong, ASKED)
    (problem,) = refused.value.problems
    assert problem.code == "explain.unknown-cell"
    assert meant in problem.remedy.zh


def test_a_cell_without_a_value_says_why(district: District):
    found = explain_cell(district, "ACC.inventory.land_forest.co2e", ASKED)
    assert found.tree["value"] is None
    assert (found.tree["key"], found.tree["reason"]["zh"]) == ("NE", "没有林木蓄积量的记录")


def test_no_more_records_are_listed_than_asked_for_and_the_rest_is_counted(district: District):
    found = explain_cell(district, "ACC.inventory.total.co2e", ASKED, most=1)
    assert len(found.records["energy_consumption"]) == 1
    assert found.omitted == {"energy_consumption": 2}


def test_only_what_was_known_on_a_day_is_explained(district: District, tmp_path: Path):
    import datetime as dt

    with pytest.raises(BadInput):
        explain_cell(district, "ACC.inventory.total.co2e", Asked(year=2025, as_known=dt.date(2020, 1, 1)))
