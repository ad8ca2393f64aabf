"""District, subdistricts, key units and meters beside each other: what is left is a row, what cannot be is named."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.levels import reconcile
from dafeng.accounting.tables import Table
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def reconciled(catalogue, **registers: list[dict[str, Any]]):
    frames = {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()}
    facts = Facts(catalogue, frames)
    lines, _ = energy_lines(facts, Book(catalogue))
    table, problems = reconcile(lines, facts, 2025)
    return lines, table, problems


def shown(table: Table, row: str, column: str) -> float | None:
    return table.shown(table.row(row), next(one for one in table.columns if one.id == column))


POWER = {"year": 2025, "carrier": "electricity", "unit": "wan_kwh"}


def district(amount: float, sector: str = "industry", **more: Any) -> dict[str, Any]:
    return POWER | {"sector": sector, "amount": amount, "tce": None} | more


def place(name: str, amount: float, level: str = "subdistrict", **more: Any) -> dict[str, Any]:
    return POWER | {"level": level, "place": name, "sector": "industry", "amount": amount} | more


def unit(code: str, subdistrict: str | None) -> dict[str, Any]:
    return {"code": code, "name": f"{code}厂", "sector": "industry", "listed": "2021-01-01", "subdistrict": subdistrict}


def used(code: str, amount: float, **more: Any) -> dict[str, Any]:
    row = {"unit": code, "year": 2025, "carrier": "electricity", "amount": amount, "unit_of_amount": "wan_kwh"}
    return row | more


def site(code: str, of: str | None) -> dict[str, Any]:
    return {"code": code, "name": code, "kind": "unit", "sector": "industry", "subdistrict": "甲街道", "unit": of}


def year_of(code: str, amount: float) -> list[dict[str, Any]]:
    row = {"site": code, "meter": "D1", "carrier": "electricity", "unit": "wan_kwh", "amount": amount}
    return [row | {"month": f"2025-{month:02d}"} for month in range(1, 13)]


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


GOOD: dict[str, list[dict[str, Any]]] = {
    "energy_consumption": [district(60), district(41, "homes")],
    "energy_by_place": [place("甲街道", 70), place("乙街道", 30.5), place("北片", 101, "zone")],
    "key_units": [unit("U1", "甲街道"), unit("U2", "甲街道"), unit("U3", None)],
    "key_unit_carriers": [used("U1", 20), used("U2", 15.25), used("U3", 4)],
    "account_sites": [site("S1", "U1"), site("S2", None)],
    "meter_totals": [*year_of("S1", 1.5), *year_of("S2", 0.25)],
}


def test_the_district_is_its_subdistricts_and_what_was_not_allocated(catalogue):
    _, table, problems = reconciled(catalogue, **GOOD)
    assert problems == []
    names = ("district", "subdistrict_甲街道", "subdistrict_乙街道", "unallocated")
    assert [shown(table, name, "electricity") for name in names] == [101, 70, 30.5, 0.5]
    assert shown(table, "unallocated", "equal") == pytest.approx(0.5 * 2.8232)
    assert shown(table, "zones_left", "electricity") == 0


def test_a_zone_is_held_against_the_subdistricts_that_sites_place_in_it(catalogue):
    # North: 甲 70 and 丙 20 of 101; 甲 is placed in it by two sites, 丙 by one, 乙 by sites that disagree.
    placed = [("甲街道", "北片"), ("甲街道", "北片"), ("丙街道", "北片"), ("乙街道", "北片"), ("乙街道", "南片")]
    rows = GOOD | {
        "energy_consumption": [district(120.5)],
        "energy_by_place": [
            place("甲街道", 70), place("乙街道", 30.5), place("丙街道", 20), place("北片", 101, "zone"),
            place("南片", 19.5, "zone"),
        ],
        "account_sites": [
            site(f"S{number}", None) | {"subdistrict": at, "zone": zone} for number, (at, zone) in enumerate(placed)
        ],
        "meter_totals": [],
    }  # fmt: skip
    _, table, problems = reconciled(catalogue, **rows)
    assert shown(table, "zone_left_of_北片", "electricity") == 11
    assert [row.code for row in table.rows if row.code.startswith("zone_left_of")] == ["zone_left_of_北片"]
    assert shown(table, "zones_left", "electricity") == 0
    assert [(problem.code, problem.level, problem.place.row) for problem in problems] == [
        ("account.parts-differ", "warning", 4)
    ]
    assert "北片" in problems[0].rule.zh


def test_a_subdistrict_is_its_key_units_and_the_rest(catalogue):
    _, table, _ = reconciled(catalogue, **GOOD)
    names = ("units_of_甲街道", "rest_of_甲街道")
    assert [shown(table, name, "electricity") for name in names] == [35.25, 34.75]
    assert table.row("rest_of_甲街道").cells["electricity"].formula == "subdistrict_甲街道 - units_of_甲街道"


def test_a_park_across_subdistricts_is_shown_and_counted_nowhere(catalogue):
    rows = GOOD | {"energy_by_place": [*GOOD["energy_by_place"], place("云汀园", 33, "park")]}
    _, table, problems = reconciled(catalogue, **rows)
    assert problems == []
    assert (shown(table, "park_云汀园", "electricity"), shown(table, "unallocated", "electricity")) == (33, 0.5)


def test_a_unit_of_no_stated_subdistrict_is_listed_and_not_dropped(catalogue):
    _, table, _ = reconciled(catalogue, **GOOD)
    assert shown(table, "units_unplaced", "electricity") == 4


def test_statistics_less_meters_is_a_line_of_its_own_for_district_and_unit(catalogue):
    # Meters: 12 × 1.5 = 18 and 12 × 0.25 = 3.
    _, table, _ = reconciled(catalogue, **GOOD)
    assert [shown(table, name, "electricity") for name in ("meters", "meters_left")] == [21, 80]
    names = ("unit_U1", "meters_of_U1", "meters_left_of_U1")
    assert [shown(table, name, "electricity") for name in names] == [20, 18, 2]


def test_a_unit_with_meters_that_did_not_report_is_shown_as_not_reported(catalogue):
    _, table, problems = reconciled(catalogue, **GOOD | {"key_unit_carriers": [used("U2", 15.25)]})
    assert problems == []
    assert shown(table, "meters_of_U1", "electricity") == 18
    for row in ("unit_U1", "meters_left_of_U1"):
        assert (table.row(row).cells["electricity"].value, table.row(row).cells["electricity"].key) == (None, "NE")


def test_every_cell_of_lines_is_the_sum_of_what_it_picks_at_one_level(catalogue):
    lines, table, _ = reconciled(catalogue, **GOOD)
    measures = {"calorific": "gce_calorific", "equal": "gce_equal"}
    for row in table.rows:
        for column, cell in row.cells.items():
            if cell.pick is not None:
                assert len(cell.pick["level"]) == 1
                held = lines
                for key, accepted in cell.pick.items():
                    held = held.filter(pl.col(key).is_in(accepted))
                assert held[measures.get(column, "amount")].sum() == cell.value


def test_a_unit_above_its_subdistrict_is_named_with_its_record(catalogue):
    rows = GOOD | {"key_unit_carriers": [used("U1", 20), used("U2", 70.1)]}
    _, table, problems = reconciled(catalogue, **rows)
    assert codes(problems) == ["account.unit-above-subdistrict"]
    assert (problems[0].level, problems[0].place.item, problems[0].place.row) == ("error", "key_unit_carriers", 2)
    assert "甲街道" in problems[0].rule.zh
    assert shown(table, "rest_of_甲街道", "electricity") == pytest.approx(-20.1)


def test_units_that_together_exceed_their_subdistrict_are_flagged(catalogue):
    rows = GOOD | {"key_unit_carriers": [used("U1", 40), used("U2", 31)]}
    _, _, problems = reconciled(catalogue, **rows)
    assert codes(problems) == ["account.parts-above-whole"]
    assert (problems[0].place.item, problems[0].place.row) == ("energy_by_place", 1)
    assert "71.0" in problems[0].rule.en


def test_subdistricts_above_the_district_are_an_error_and_far_below_it_a_warning(catalogue):
    above = reconciled(catalogue, **GOOD | {"energy_by_place": [place("甲街道", 70), place("乙街道", 40)]})[2]
    assert [(problem.code, problem.level, problem.place.item) for problem in above] == [
        ("account.parts-above-whole", "error", "energy_consumption")
    ]
    below = reconciled(catalogue, **GOOD | {"energy_by_place": [place("甲街道", 70), place("乙街道", 29)]})[2]
    assert [(problem.code, problem.level) for problem in below] == [("account.parts-differ", "warning")]
    assert "2.0 (2.0 %)" not in below[0].rule.en
    assert "2.0 %" in below[0].rule.en


def test_zones_far_below_the_district_are_a_warning_of_their_own(catalogue):
    zones = [place("甲街道", 70), place("乙街道", 31), place("北片", 95, "zone")]
    _, table, problems = reconciled(catalogue, **GOOD | {"energy_by_place": zones})
    assert shown(table, "zones_left", "electricity") == 6
    assert [(problem.code, problem.level) for problem in problems] == [("account.parts-differ", "warning")]
    assert "片区" in problems[0].rule.zh


def test_electricity_made_in_the_district_does_not_lower_the_yearly_total_of_its_use(catalogue):
    # 101 used, 5 lost, 40 made here: 106 万kWh = 0.0106 亿kWh were used in all.
    supply = [POWER | {"flow": "out_power", "amount": 40}, POWER | {"flow": "loss", "amount": 5}]
    total = {"year": 2025, "gdp_constant": 1, "price_base": 2020, "electricity": 0.0106, "energy": None}
    rows = GOOD | {"energy_supply": supply, "yearly_totals": [total]}
    assert reconciled(catalogue, **rows)[2] == []


def test_parts_rounded_to_the_printed_digit_are_no_fault(catalogue):
    # 100.05 of 100: 0.05 % above.
    rows = {"energy_consumption": [district(100)], "energy_by_place": [place("甲街道", 60.03), place("乙街道", 40.02)]}
    _, table, problems = reconciled(catalogue, **rows)
    assert problems == []
    assert shown(table, "unallocated", "electricity") == pytest.approx(-0.05)


def test_meters_above_what_a_unit_reports_are_flagged(catalogue):
    rows = GOOD | {"meter_totals": year_of("S1", 1.7)}
    _, _, problems = reconciled(catalogue, **rows)
    assert [(problem.code, problem.level, problem.place.row) for problem in problems] == [
        ("account.meters-above-report", "warning", 1)
    ]


def test_a_unit_whose_subdistrict_does_not_report_the_carrier_is_flagged(catalogue):
    gas = used("U1", 3, carrier="natural_gas", unit_of_amount="wan_m3")
    _, table, problems = reconciled(catalogue, **GOOD | {"key_unit_carriers": [gas]})
    assert codes(problems) == ["account.part-without-whole"]
    cell = table.row("rest_of_甲街道").cells["natural_gas"]
    assert (cell.value, cell.key) == (None, "NE")


def test_a_level_that_was_not_reported_claims_no_difference(catalogue):
    _, table, problems = reconciled(catalogue, energy_consumption=[district(100)])
    assert problems == []
    assert [row.code for row in table.rows] == ["district"]


def test_a_yearly_total_that_is_not_the_sum_of_its_sectors_is_flagged(catalogue):
    # 101 万kWh are 0.0101 亿kWh and 285.1432 tce = 0.02851432 万tce.
    total = {"year": 2025, "gdp_constant": 1, "price_base": 2020, "electricity": 0.0102, "energy": 0.029}
    _, _, problems = reconciled(catalogue, **GOOD | {"yearly_totals": [total]})
    assert [(problem.code, problem.place.item, problem.place.field) for problem in problems] == [
        ("account.total-not-parts", "yearly_totals", "energy")
    ]


def test_a_total_counts_losses_and_what_transformation_uses_up(catalogue):
    # Gas, 万m3: 50 used, 4 lost, 10 into heat: 64 in all.
    gas = POWER | {"carrier": "natural_gas", "unit": "wan_m3"}
    rows = {
        "energy_consumption": [gas | {"sector": "homes", "amount": 50, "tce": None}],
        "energy_supply": [gas | {"flow": "loss", "amount": 4}, gas | {"flow": "into_heat", "amount": 10}],
        "yearly_totals": [{"year": 2025, "gdp_constant": 1, "price_base": 2020, "gas": 64, "energy": None}],
    }
    assert reconciled(catalogue, **rows)[2] == []
    rows["yearly_totals"][0]["gas"] = 50
    assert codes(reconciled(catalogue, **rows)[2]) == ["account.total-not-parts"]


def test_a_unit_whose_carriers_do_not_make_its_total_is_flagged(catalogue):
    # U1: 20 万kWh are 56.464 tce.
    energy = [{"unit": "U1", "year": 2025, "energy_tce": 60}, {"unit": "U2", "year": 2025, "energy_tce": 43.05}]
    _, _, problems = reconciled(catalogue, **GOOD | {"key_unit_energy": energy})
    assert [(problem.code, problem.place.item, problem.place.row) for problem in problems] == [
        ("account.total-not-parts", "key_unit_energy", 1)
    ]
