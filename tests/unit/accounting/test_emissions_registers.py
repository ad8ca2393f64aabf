"""Emissions of registers that are no energy: kernels, gases named by a column, warming potentials, missing years."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from dafeng.accounting.book import Book, Policy
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.gpc import LAND, in_basic, scope_of
from dafeng.accounting.inventory import codes_of
from dafeng.accounting.lines import ENERGY, empty
from dafeng.catalogue import load_catalogue
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Method
from dafeng.core.errors import Problem
from dafeng.indicators.facts import Facts, frame_of_rows


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def method(register: str, **given: Any) -> Method:
    shared = {
        "id": "tried", "name": {"zh": "试", "en": "tried"}, "u_activity_pct": 10,
        "source": {"text": {"zh": "手算", "en": "by hand"}},
    }  # fmt: skip
    return Method.model_validate(shared | {"from": register} | given)


def lines(
    catalogue: Catalogue, one: Method, rows: list[dict[str, Any]], policy: Policy | None = None, years: Any = None
) -> tuple[pl.DataFrame, list[Problem]]:
    alone = replace(catalogue, methods={one.id: one})
    given = {one.from_: rows, "waste_facilities": [PLANT]}
    facts = Facts(alone, {name: frame_of_rows(catalogue.registers[name], held) for name, held in given.items()})
    return emission_lines(empty(ENERGY), facts, Book(alone, policy or Policy()), years)


PLANT = {"facility": "东厂", "kind": "incineration", "in_district": True}
WASTE = {"year": 2025, "stream": "dry", "path": "incinerated", "facility": "东厂", "tonnes": 1000}
BURNT = {
    "value": "tonnes", "unit": "t", "kernel": "incineration_co2",
    "parameters": {"carbon_share": "msw_ccw", "fossil_share": "msw_fcf", "burn_out": "msw_burnout"},
    "emits": [{"gas": "CO2", "row": "waste_incineration", "gpc": "III.3.1"}],
}  # fmt: skip
LEAKED = {
    "value": "charge_kg", "unit": "kg", "kernel": "refrigerant_leak",
    "parameters": {"topped_up_kg": "topped_up_kg", "retired_kg": "retired_kg", "recovered_kg": "recovered_kg"},
    "emits": [{"gas": "{refrigerant}", "row": "ippu_hfc", "gpc": "IV.2"}],
}  # fmt: skip


def test_a_tonne_of_burnt_waste_is_0_2717_tonnes_of_fossil_co2(catalogue):
    made, problems = lines(catalogue, method("household_waste", **BURNT), [WASTE])
    assert problems == []
    line = made.row(0, named=True)
    # 1000 t × 0.20 × 0.39 × 0.95 × 44/12
    assert line["gas_g"] == 271_700_000
    assert (line["register"], line["_record"], line["level"], line["place"]) == ("household_waste", 1, "district", "")


def test_a_kernels_line_names_the_factors_it_took_and_is_as_firm_as_the_weakest(catalogue):
    made, _ = lines(catalogue, method("household_waste", **BURNT), [WASTE])
    line = made.row(0, named=True)
    assert line["factor"] == "msw_ccw,msw_fcf,msw_burnout"
    assert line["factor_value"] is None
    assert line["status"] == "remembered"
    book = Book(catalogue)
    by_hand = sum(book.use(name, 2025).half_width_pct ** 2 for name in line["factor"].split(",")) ** 0.5
    assert line["u_factor_pct"] == pytest.approx(by_hand)
    assert line["u_activity_pct"] == 10


def test_a_parameter_without_a_factor_is_a_problem_and_the_record_is_left_out(catalogue):
    changed = BURNT | {"parameters": BURNT["parameters"] | {"fossil_share": "msw_fcf_{stream}"}}
    made, problems = lines(catalogue, method("household_waste", **changed), [WASTE])
    assert made.is_empty()
    assert [problem.code for problem in problems] == ["account.left-out"]
    assert "msw_fcf_dry" in problems[0].rule.zh


def test_the_gas_is_the_one_that_the_record_names_and_takes_its_warming_potential(catalogue):
    rows = [
        {"year": 2025, "equipment": "chiller", "refrigerant": "r134a", "charge_kg": 10_000, "topped_up_kg": 200},
        {"year": 2025, "equipment": "vrf", "refrigerant": "r410a", "charge_kg": 10_000, "topped_up_kg": 100},
    ]
    made, problems = lines(catalogue, method("refrigerants", **LEAKED), rows)
    assert problems == []
    assert made.select("gas", "gas_g", "co2e_g").rows() == [
        ("R134A", 200_000, 260_000_000),
        ("R410A", 100_000, 192_350_000),
    ]
    assert made["row"].to_list() == ["ippu_hfc"] * 2


def test_an_hcfc_is_outside_the_inventory_and_stands_as_a_memo_item(catalogue):
    row = {"year": 2025, "equipment": "split", "refrigerant": "r22", "charge_kg": 1000, "topped_up_kg": 10}
    made, _ = lines(catalogue, method("refrigerants", **LEAKED), [row])
    line = made.row(0, named=True)
    assert (line["row"], line["memo"], line["gpc"]) == ("memo_hcfc", "hcfc", None)
    assert line["co2e_g"] == 10_000 * 1760


def test_a_refrigerant_without_a_warming_potential_is_a_problem(catalogue):
    row = {"year": 2025, "equipment": "split", "refrigerant": "other", "charge_kg": 1000, "topped_up_kg": 10}
    made, problems = lines(catalogue, method("refrigerants", **LEAKED), [row])
    assert made.is_empty()
    assert "gwp_other_ar5" in problems[0].rule.zh


def test_methane_of_waste_is_of_the_living_world(catalogue):
    emits = [{"gas": "CH4", "factor": "ch4_composting", "row": "waste_biological"}]
    one = method("household_waste", value="tonnes", unit="t", emits=emits)
    made, _ = lines(catalogue, one, [WASTE], Policy(gwp="ar6"))
    assert made["gwp"].to_list() == [27.0]
    assert made["gas"].to_list() == ["CH4"]


def test_what_exists_without_a_year_stands_in_every_year_asked_for(catalogue):
    one = method(
        "account_sites", value="floor_area_m2 / 10000", unit="公顷",
        emits=[{"gas": "CO2", "factor": "sink_lawn", "row": "land_urban_green", "memo": "sink"}],
    )  # fmt: skip
    site = {
        "code": "S1",
        "name": "园",
        "kind": "park",
        "sector": "services",
        "subdistrict": "甲",
        "floor_area_m2": 20_000,
    }
    made, problems = lines(catalogue, one, [site], years=[2024, 2025])
    assert problems == []
    assert made["year"].to_list() == [2024, 2025]
    assert made["memo"].to_list() == ["sink", "sink"]


def test_a_register_without_records_gives_neither_lines_nor_problems(catalogue):
    alone = replace(catalogue, methods={"tried": method("household_waste", **BURNT)})
    made, problems = emission_lines(empty(ENERGY), Facts(alone, {}), Book(alone), [2025])
    assert made.is_empty()
    assert problems == []


def test_every_shipped_method_posts_to_rows_that_the_tables_have(catalogue):
    rows = {row.code: row for row in catalogue.layouts["inventory_provincial"].rows}
    refs = {row.code for row in catalogue.layouts["gpc"].rows if row.scope is not None}
    for one in catalogue.methods.values():
        for emits in one.emits:
            for code in [emits.row] if isinstance(emits.row, str) else emits.row.values():
                assert code in rows, (one.id, code)
                if emits.memo is not None:
                    assert rows[code].memo, (one.id, code)
            for code in [emits.gpc] if isinstance(emits.gpc, str) else (emits.gpc or {}).values():
                assert code in refs, (one.id, code)


def test_both_views_hold_the_same_tonnes_since_every_method_posts_to_both_alike(catalogue):
    """What counts as direct is of scope 1 in the GPC, what is bought of scope 2, waste elsewhere of scope 3 and in
    BASIC, sinks V.2; the other memo items stand in no total of the GPC but grid losses."""
    rows = catalogue.layouts["inventory_provincial"].rows
    codes = codes_of(rows)
    memo_of = {row.code: row.code for row in rows if row.memo}
    for one in catalogue.methods.values():
        for emits in one.emits:
            posted = [emits.row] if isinstance(emits.row, str) else list(emits.row.values())
            refs = [emits.gpc] if isinstance(emits.gpc, str) else list((emits.gpc or {}).values())
            for row in posted:
                if row in codes["total"]:
                    assert refs, one.id
                    assert {scope_of(ref) for ref in refs} == {emits.scope} == {1}, one.id
                    assert LAND not in refs
                elif row in codes["indirect"]:
                    assert {scope_of(ref) for ref in refs} == {emits.scope} == {2}, one.id
                elif row in codes["land"]:
                    assert refs == [LAND], one.id
                elif row in codes["memo_waste_elsewhere"]:
                    assert {scope_of(ref) for ref in refs} == {emits.scope} == {3}, one.id
                    assert all(in_basic(ref) for ref in refs), one.id
                else:
                    assert row in memo_of
                    assert refs == (["I.6.3"] if row == "memo_losses" else []), one.id


def test_a_method_by_sector_has_a_row_and_a_reference_for_every_sector(catalogue):
    sectors = set(catalogue.choices["energy_sectors"].options)
    for one in catalogue.methods.values():
        if one.by == "sector" and one.from_ == "energy":
            for emits in one.emits:
                for codes in (emits.row, emits.gpc):
                    if isinstance(codes, dict):
                        assert set(codes) == sectors, one.id
