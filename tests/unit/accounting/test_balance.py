"""The energy balance by hand: it closes, and what is not known is marked with its reason."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dafeng.accounting.balance import balance_problems, balance_tables
from dafeng.accounting.book import Book
from dafeng.accounting.energy import energy_lines
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def lines_of(catalogue, **registers: list[dict[str, Any]]):
    frames = {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()}
    lines, problems = energy_lines(Facts(catalogue, frames), Book(catalogue))
    assert [problem for problem in problems if problem.level == "error"] == []
    return lines


def used(sector: str, carrier: str, amount: float, unit: str, **more: Any) -> dict[str, Any]:
    return {"year": 2025, "sector": sector, "carrier": carrier, "amount": amount, "unit": unit, "tce": None} | more


def flow(name: str, carrier: str, amount: float, unit: str) -> dict[str, Any]:
    return {"year": 2025, "flow": name, "carrier": carrier, "amount": amount, "unit": unit}


# A small place with a power plant. Gas, 万m3: 100 in, 30 into power, 1 lost, 68 used: 1 open, of 99.
# Electricity, 万kWh: 500 in and 20 of photovoltaics, 150 from the plant, 10 lost, 660 used: closes.
USED = [
    used("industry", "electricity", 300, "wan_kwh"),
    used("homes", "electricity", 360, "wan_kwh"),
    used("industry", "natural_gas", 28, "wan_m3"),
    used("homes", "natural_gas", 40, "wan_m3"),
    used("transport", "gasoline", 50, "tonne"),
    used("industry", "lpg", 10, "tonne", tce=17.143, as_material_tce=6.8572),
]
SUPPLY = [
    flow("from_outside", "natural_gas", 100, "wan_m3"),
    flow("into_power", "natural_gas", 30, "wan_m3"),
    flow("loss", "natural_gas", 1, "wan_m3"),
    flow("from_outside", "electricity", 500, "wan_kwh"),
    flow("primary", "electricity", 20, "wan_kwh"),
    flow("out_power", "electricity", 150, "wan_kwh"),
    flow("loss", "electricity", 10, "wan_kwh"),
]


@pytest.fixture(scope="module")
def tables(catalogue):
    return balance_tables(lines_of(catalogue, energy_consumption=USED, energy_supply=SUPPLY), catalogue, 2025)


def shown(tables, table: str, row: str, column: str) -> float:
    held = tables[table]
    value = held.shown(held.row(row), next(one for one in held.columns if one.id == column))
    assert value is not None
    return value


def test_each_carrier_stands_in_its_own_unit_in_the_order_of_the_catalogue(tables):
    columns = [(column.id, column.unit) for column in tables["balance"].columns]
    assert columns == [("electricity", "万kWh"), ("natural_gas", "万m3"), ("gasoline", "t"), ("lpg", "t")]


def test_electricity_of_a_place_with_a_power_plant_closes(tables):
    rows = ("supply", "power", "transformation", "losses", "final", "difference", "consumption")
    assert [shown(tables, "balance", row, "electricity") for row in rows] == [520, 150, 150, 10, 660, 0, 670]


def test_gas_into_power_is_consumption_and_what_does_not_close_is_the_difference(tables):
    rows = ("supply", "power", "losses", "final", "difference", "consumption")
    assert [shown(tables, "balance", row, "natural_gas") for row in rows] == [100, -30, 1, 68, 1, 99]


def test_a_difference_above_one_percent_is_flagged_with_its_share(tables):
    # 1 of 99 is 1.01 %.
    reason = tables["balance"].row("difference").cells["natural_gas"].reason
    assert reason is not None
    assert "1.0 %" in reason.en
    assert tables["balance"].row("difference").cells["electricity"].reason is None
    found = balance_problems(tables, 2025)
    assert [(problem.code, problem.level, problem.place.field) for problem in found] == [
        ("account.balance-open", "warning", "natural_gas 2025")
    ]


def test_where_supply_is_not_reported_no_difference_is_claimed(tables):
    for table, column in (("balance", "gasoline"), ("balance_equal", "lpg"), ("balance_equal", "total")):
        cell = tables[table].row("difference").cells[column]
        assert (cell.value, cell.key) == (None, "NE")
        assert cell.reason is not None
    assert "Petrol" in tables["balance_equal"].row("difference").cells["total"].reason.en


def test_calorific_value_and_coal_equivalent_stand_side_by_side(tables):
    # Final: 660 万kWh × 1.229 = 811.14; × 2.8232 = 1,863.312. Gas 68 × 12.9971 = 883.8028; petrol 50 × 1.4714 = 73.57;
    # LPG 10 × 1.7143 = 17.143.
    assert shown(tables, "balance_calorific", "final", "electricity") == pytest.approx(811.14, abs=1e-6)
    assert shown(tables, "balance_equal", "final", "electricity") == pytest.approx(1863.312, abs=1e-6)
    rest = 883.8028 + 73.57 + 17.143
    assert shown(tables, "balance_calorific", "final", "total") == pytest.approx(811.14 + rest, abs=1e-5)
    assert shown(tables, "balance_equal", "final", "total") == pytest.approx(1863.312 + rest, abs=1e-5)


def test_supply_of_electricity_stands_at_coal_equivalent_too(tables):
    assert shown(tables, "balance_equal", "from_outside", "electricity") == pytest.approx(1411.6, abs=1e-6)
    assert shown(tables, "balance_equal", "power", "electricity") == pytest.approx(423.48, abs=1e-6)


def test_total_consumption_is_final_and_losses_and_what_transformation_uses_up(tables):
    # Coal equivalent: final 2,837.8278; losses 10 × 2.8232 + 1 × 12.9971 = 41.2291; the plant takes 389.913 of gas and
    # gives 423.48 of electricity: −33.567.
    assert shown(tables, "consumption", "transformation", "equal") == pytest.approx(33.567, abs=1e-5)
    assert shown(tables, "consumption", "total", "equal") == pytest.approx(2837.8278 + 41.2291 - 33.567, abs=1e-4)
    assert shown(tables, "balance_equal", "consumption", "total") == shown(tables, "consumption", "total", "equal")
    # Calorific value: final 1,785.6558; losses 12.29 + 12.9971; 389.913 − 184.35 = 205.563 used up.
    assert shown(tables, "consumption", "total", "calorific") == pytest.approx(1785.6558 + 25.2871 + 205.563, abs=1e-4)


def test_raw_material_is_a_row_of_its_own_and_taken_off_below(tables):
    assert shown(tables, "balance_equal", "material", "lpg") == pytest.approx(6.8572, abs=1e-6)
    # 6.8572 of 17.143 tce are 40 %: 4 of 10 t.
    assert shown(tables, "balance", "material", "lpg") == pytest.approx(4, abs=1e-6)
    total, without = (shown(tables, "consumption", row, "equal") for row in ("total", "without_material"))
    assert total - without == pytest.approx(6.8572, abs=1e-6)


def test_every_row_of_the_form_is_filled_or_marked_with_a_reason(tables, catalogue):
    codes = [row.code for row in catalogue.layouts["energy_balance"].rows]
    for name in ("balance", "balance_calorific", "balance_equal"):
        assert [row.code for row in tables[name].rows] == codes
        for row in tables[name].rows:
            for column in tables[name].columns:
                cell = row.cells[column.id]
                assert cell.value is not None or (cell.key in ("NO", "NE", "IE") and cell.reason), (row.code, column.id)


def test_a_sector_and_its_industry_add_up_and_sectors_are_the_whole(tables):
    for column in tables["balance_equal"].columns:
        parts = ("primary_industry", "secondary_industry", "tertiary_industry", "homes")
        cells = [tables["balance_equal"].row(part).cells[column.id].value or 0 for part in parts]
        assert sum(cells) == tables["balance_equal"].row("final").cells[column.id].value


def test_every_summed_cell_is_the_sum_of_the_lines_it_picks(tables, catalogue):
    lines = lines_of(catalogue, energy_consumption=USED, energy_supply=SUPPLY)
    measures = {"balance": "amount", "balance_calorific": "gce_calorific", "balance_equal": "gce_equal"}
    seen = 0
    for name, measure in measures.items():
        for row in tables[name].rows:
            for column, cell in row.cells.items():
                if cell.pick is not None:
                    held = lines
                    for key, accepted in cell.pick.items():
                        held = held.filter(pl.col(key).is_in(accepted))
                    # Losses are printed positive, lines of losses are negative.
                    sign = -1 if row.code == "losses" else 1
                    total = held["gce_material" if row.code == "material" else measure].sum()
                    assert sign * total == cell.value, (name, row.code, column)
                    seen += 1
    assert seen > 90


def test_every_formula_gives_its_value_from_the_cells_it_names(tables):
    cell = tables["consumption"].row("total").cells["equal"]
    assert cell.formula == "final + losses - transformation"
    values = {name: tables["consumption"].row(name).cells["equal"].value for name in cell.inputs}
    assert values["final"] + values["losses"] - values["transformation"] == cell.value
    assert cell.inputs["losses"] == "ACC.consumption.losses.equal"


def test_a_place_below_the_district_has_no_supply_side_and_says_why(catalogue):
    rows = [
        {"level": "subdistrict", "place": "汀湾镇", "year": 2025, "sector": "homes", "carrier": "electricity"}
        | {"amount": 12.5, "unit": "wan_kwh"}
    ]
    made = balance_tables(
        lines_of(catalogue, energy_consumption=USED, energy_supply=SUPPLY, energy_by_place=rows),
        catalogue, 2025, "subdistrict", "汀湾镇",
    )  # fmt: skip
    assert shown(made, "balance", "homes", "electricity") == 12.5
    assert made["balance"].row("from_outside").cells["electricity"].key == "IE"
    assert made["balance"].row("difference").cells["electricity"].key == "NE"
    assert str(made["balance"].place) == "汀湾镇"
    assert shown(made, "consumption", "total", "equal") == pytest.approx(35.29)


def test_a_year_without_lines_gives_tables_that_say_so(catalogue):
    made = balance_tables(lines_of(catalogue, energy_consumption=USED), catalogue, 2019)
    assert list(made["balance"].columns) == []
    cell = made["consumption"].row("total").cells["equal"]
    assert (cell.value, cell.key) == (None, "NE")


def test_a_coefficient_of_the_district_turns_tonnes_of_straw_into_coal_equivalent(tmp_path):
    folder = tmp_path / "factors"
    folder.mkdir()
    (folder / "straw.yaml").write_text(
        "id: ce_other\nname: {zh: 秸秆, en: Straw}\nunit: kgce/kg\nkind: coal_equivalent\nvalues:\n"
        "  - {year: 2025, value: 0.5, source: {text: {zh: 测试, en: test}, status: assumption}}\n",
        encoding="utf-8",
    )
    local = load_catalogue(tmp_path)
    made = balance_tables(lines_of(local, energy_consumption=[used("homes", "other", 4, "tonne")]), local, 2025)
    assert [column.unit for column in made["balance"].columns] == ["t"]
    assert (shown(made, "balance", "homes", "other"), shown(made, "balance_equal", "homes", "other")) == (4, 2)
