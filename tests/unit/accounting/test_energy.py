"""Lines of energy: one per record, in whole smallest units, at both coal equivalents; faults named by record."""

from __future__ import annotations

from typing import Any

import pytest

from dafeng.accounting.book import Book, Policy
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.lines import ENERGY
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

UNIT = "91310000YT00000016"


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def facts_of(catalogue, **registers: list[dict[str, Any]]) -> Facts:
    return Facts(catalogue, {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()})


def consumption(carrier: str, amount: float | None, unit: str, **more: Any) -> dict[str, Any]:
    return {"year": 2025, "sector": "industry", "carrier": carrier, "amount": amount, "unit": unit, "tce": None} | more


def account(catalogue, **registers: list[dict[str, Any]]):
    return energy_lines(facts_of(catalogue, **registers), Book(catalogue))


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_electricity_stands_at_calorific_value_and_at_coal_equivalent_side_by_side(catalogue):
    # 100 万kWh = 1,000,000 kWh: × 0.1229 = 122.9 tce, × 0.28232 = 282.32 tce.
    lines, problems = account(catalogue, energy_consumption=[consumption("electricity", 100, "wan_kwh", tce=282.32)])
    assert problems == []
    assert lines.columns == list(ENERGY)
    row = lines.row(0, named=True)
    assert (row["amount"], row["unit"]) == (1_000_000_000, "Wh")
    assert row["gce_calorific"] == 122_900_000
    assert row["gce_equal"] == 282_320_000
    assert (row["factor_calorific"], row["vintage_calorific"]) == ("ce_electricity", 2020)
    assert (row["factor_equal"], row["vintage_equal"]) == ("ce_electricity_equal_shanghai", 2017)
    assert (row["level"], row["place"], row["flow"], row["basis"]) == ("district", "", "final", "statistics")


def test_gas_oil_and_heat_have_one_coal_equivalent(catalogue):
    # 10 万m3 × 1.29971 kgce/m3 = 129.971 tce; 2 t petrol × 1.4714 = 2.9428 tce; 500 GJ × 34.12 = 17.06 tce.
    lines, problems = account(
        catalogue,
        energy_consumption=[
            consumption("natural_gas", 10, "wan_m3"),
            consumption("gasoline", 2, "tonne"),
            consumption("heat", 500, "gj"),
        ],
    )
    assert problems == []
    assert lines["amount"].to_list() == [100_000_000, 2_000_000, 500_000_000]
    assert lines["unit"].to_list() == ["L", "g", "kJ"]
    assert lines["gce_calorific"].to_list() == [129_971_000, 2_942_800, 17_060_000]
    assert lines["gce_equal"].to_list() == lines["gce_calorific"].to_list()


def test_what_has_no_coefficient_is_counted_in_tce_as_it_was_given(catalogue):
    lines, problems = account(catalogue, energy_consumption=[consumption("other", 12.5, "tce", tce=12.5)])
    assert problems == []
    assert lines.select("amount", "unit", "gce_calorific", "gce_equal", "factor_calorific").row(0) == (
        12_500_000, "gce", 12_500_000, 12_500_000, None,
    )  # fmt: skip


def test_what_is_given_in_tce_is_counted_in_its_own_unit_by_its_coefficient(catalogue):
    # 14.714 tce of petrol ÷ 1.4714 = 10 t.
    lines, problems = account(catalogue, energy_consumption=[consumption("gasoline", 14.714, "tce")])
    assert problems == []
    assert lines.select("amount", "unit", "gce_calorific").row(0) == (10_000_000, "g", 14_714_000)


ADDS = ("stock_start", "primary", "from_outside", "import", "bunkers_abroad", "out_power", "out_heat", "out_other",
        "recovered")  # fmt: skip
TAKES = ("to_outside", "export", "bunkers_here", "stock_end", "into_power", "into_heat", "into_other", "loss")


def test_every_flow_of_the_balance_carries_the_sign_with_which_it_is_counted(catalogue):
    assert {*ADDS, *TAKES} == set(catalogue.choices["energy_flows"].options)
    lines, problems = account(
        catalogue,
        energy_supply=[
            {"year": 2025, "flow": flow, "carrier": "diesel", "amount": 3, "unit": "tonne"} for flow in (*ADDS, *TAKES)
        ],
    )
    assert problems == []
    signed = dict(zip(lines["flow"], lines["amount"], strict=True))
    assert signed == dict.fromkeys(ADDS, 3_000_000) | dict.fromkeys(TAKES, -3_000_000)


def test_raw_material_of_a_unit_is_counted_in_the_unit_of_its_fuel(catalogue):
    # 8 of 20 t of fuel oil: 8 × 1.4286 = 11.4288 tce.
    lines, problems = account(
        catalogue,
        key_units=[{"code": UNIT, "name": "甲", "sector": "industry", "listed": "2021-01-01"}],
        key_unit_carriers=[
            {"unit": UNIT, "year": 2025, "carrier": "fuel_oil", "amount": 20, "unit_of_amount": "tonne"}
            | {"as_material": 8}
        ],
    )
    assert problems == []
    row = lines.row(0, named=True)
    assert (row["level"], row["place"], row["sector"], row["basis"]) == ("unit", UNIT, "industry", "reported")
    assert row["gce_material"] == 11_428_800


def test_a_district_gives_raw_material_in_tce(catalogue):
    lines, _ = account(catalogue, energy_consumption=[consumption("lpg", 10, "tonne", tce=17.1, as_material_tce=4.25)])
    assert lines["gce_material"].to_list() == [4_250_000]


SITE = {"code": "DW-1", "name": "一号楼", "kind": "building", "sector": "services", "subdistrict": "汀湾镇"}


def months(amounts: list[float], **more: Any) -> list[dict[str, Any]]:
    base = {"site": "DW-1", "meter": "D1", "carrier": "electricity", "unit": "wan_kwh"} | more
    return [base | {"month": f"2025-{month:02d}", "amount": amount} for month, amount in enumerate(amounts, start=1)]


def test_meters_make_lines_of_their_site_with_its_sector(catalogue):
    lines, problems = account(catalogue, account_sites=[SITE], meter_totals=months([1.0] * 12))
    assert problems == []
    assert lines.height == 12
    assert lines["amount"].sum() == 120_000_000
    assert set(lines.select("level", "place", "sector", "basis", "year").rows()) == {
        ("site", "DW-1", "services", "meter", 2025)
    }


def test_a_filled_gap_says_by_which_method_and_a_read_month_does_not(catalogue):
    read = months([1.0] * 12)
    read[4] |= {"estimated": True, "method": "取上年同月"}
    read[5] |= {"estimated": True}
    read[6] |= {"estimated": False, "method": "抄表"}
    lines, _ = account(catalogue, account_sites=[SITE], meter_totals=read)
    assert lines["estimate"].to_list() == [None] * 4 + ["取上年同月", "estimated"] + [None] * 6


def test_a_year_without_all_months_is_flagged_with_their_number(catalogue):
    read = [row for row in months([1.0] * 12) if row["month"] not in ("2025-03", "2025-11")]
    lines, problems = account(catalogue, account_sites=[SITE], meter_totals=read)
    assert lines.height == 10
    assert codes(problems) == ["account.partial-year"]
    assert problems[0].level == "warning"
    assert "10 个月" in problems[0].rule.zh
    assert "缺 3、11 月" in problems[0].rule.zh
    assert (problems[0].place.item, problems[0].place.row) == ("meter_totals", 1)


def test_faulty_records_are_named_with_register_and_record_and_the_rest_is_answered(catalogue):
    lines, problems = account(
        catalogue,
        energy_consumption=[
            consumption("electricity", 100, "wan_kwh"),
            consumption("diesel", -4, "tonne"),
            consumption("natural_gas", 7, "tonne"),
            consumption("other", 7, "tonne"),
            consumption("heat", None, "gj"),
            consumption("electricity", 9, "tce", sector="homes"),
            consumption("electricity", 8, "gj", sector="trade"),
            consumption("coke", float("inf"), "tonne"),
            consumption("electricity", 100, "wan_kwh"),
            consumption("gasoline", 3, "tonne"),
        ],
    )
    assert lines["_record"].to_list() == [1, 10]
    assert [(problem.code, problem.place.item, problem.place.row) for problem in problems] == [
        ("account.negative-amount", "energy_consumption", 2),
        ("account.unit-mismatch", "energy_consumption", 3),
        ("account.no-coefficient", "energy_consumption", 4),
        ("account.no-amount", "energy_consumption", 5),
        ("account.unit-mismatch", "energy_consumption", 6),
        ("account.unit-mismatch", "energy_consumption", 7),
        ("account.no-amount", "energy_consumption", 8),
        ("account.double-record", "energy_consumption", 9),
    ]


def test_a_slip_of_the_decimal_point_is_refused_by_its_record_and_the_rest_is_answered(catalogue):
    rows = [consumption("electricity", 1e13, "wan_kwh"), consumption("diesel", 5, "tonne")]
    lines, problems = account(catalogue, energy_consumption=rows)
    assert lines["carrier"].to_list() == ["diesel"]
    assert [(problem.code, problem.place.row) for problem in problems] == [("account.amount-too-large", 1)]


def test_faults_are_said_in_words_and_not_in_codes(catalogue):
    _, problems = account(catalogue, energy_consumption=[consumption("natural_gas", 7, "tonne")])
    assert problems[0].rule.zh == "天然气的计量单位应为万立方米，不是吨"
    assert problems[0].rule.en == "Natural gas is counted in 10⁴ m³, not in tonne"


def test_of_thousands_of_faults_the_first_are_named_and_the_rest_are_counted(catalogue):
    rows = [consumption("diesel", -1, "tonne", year=1000 + number) for number in range(1500)]
    lines, problems = account(catalogue, energy_consumption=rows)
    assert lines.height == 0
    assert codes(problems).count("account.negative-amount") == 1000
    assert problems[-1].code == "account.more-faults"
    assert "500" in problems[-1].rule.en


def test_a_carrier_without_coefficient_for_the_year_is_refused(catalogue):
    # The first coal equivalents are of 2005; electricity at coal equivalent of the nation begins in 2015.
    book = Book(catalogue, Policy(electricity_equal="ce_electricity_equal_nation"))
    rows = [consumption("electricity", 1, "wan_kwh", year=year) for year in (2014, 2015)]
    lines, problems = energy_lines(facts_of(catalogue, energy_consumption=rows), book)
    assert lines["year"].to_list() == [2015]
    assert [(problem.code, problem.place.row) for problem in problems] == [("account.no-coefficient", 1)]
    assert "2014" in problems[0].rule.en


def test_meters_of_unknown_sites_and_sites_entered_twice_are_named(catalogue):
    second = SITE | {"name": "重复", "sector": "industry"}
    lines, problems = account(
        catalogue, account_sites=[SITE, second], meter_totals=months([1.0] * 12) + months([9.0] * 12, site="DW-9")
    )
    assert lines["amount"].sum() == 120_000_000
    assert set(lines["sector"]) == {"services"}
    assert codes(problems).count("account.unknown-place") == 12
    doubled = [problem for problem in problems if problem.code == "account.double-site"]
    assert [(problem.place.item, problem.place.row) for problem in doubled] == [("account_sites", 2)]


def test_more_raw_material_than_fuel_is_refused(catalogue):
    _, problems = account(
        catalogue,
        key_units=[{"code": UNIT, "name": "甲", "sector": "industry", "listed": "2021-01-01"}],
        key_unit_carriers=[
            {"unit": UNIT, "year": 2025, "carrier": "lpg", "amount": 2, "unit_of_amount": "tonne", "as_material": 3}
        ],
    )
    assert codes(problems) == ["account.material-above"]


def test_coal_equivalents_typed_otherwise_are_warned_of_once_per_carrier_and_the_computed_ones_used(catalogue):
    # 285.5 tce typed for 100 万kWh is 1.1 % above 282.32; 284 is 0.6 % above and passes; 600 for 200 is 6 % above.
    lines, problems = account(
        catalogue,
        energy_consumption=[
            consumption("electricity", 100, "wan_kwh", tce=284.0),
            consumption("electricity", 100, "wan_kwh", tce=285.5, sector="trade"),
            consumption("electricity", 200, "wan_kwh", tce=600.0, sector="services"),
        ],
    )
    assert lines["gce_equal"].sum() == 400 * 2_823_200
    assert [(problem.code, problem.level, problem.place.row) for problem in problems] == [
        ("account.tce-differs", "warning", 2)
    ]
    assert "2 records" in problems[0].rule.en


def test_only_the_years_asked_for_have_lines(catalogue):
    rows = [consumption("diesel", 1, "tonne", year=year) for year in (2023, 2024, 2025)]
    lines, _ = energy_lines(facts_of(catalogue, energy_consumption=rows), Book(catalogue), [2023, 2025])
    assert lines["year"].to_list() == [2023, 2025]


def test_at_constant_factors_every_year_has_the_coefficient_of_one(catalogue):
    policy = Policy(electricity_equal="ce_electricity_equal_nation")
    rows = [consumption("electricity", 1, "wan_kwh", year=year) for year in (2020, 2024)]
    facts = facts_of(catalogue, energy_consumption=rows)
    assert energy_lines(facts, Book(catalogue, policy))[0]["gce_equal"].to_list() == [3_055_000, 3_024_000]
    constant = energy_lines(facts, Book(catalogue, policy, constant_year=2020))[0]
    assert constant["gce_equal"].to_list() == [3_055_000, 3_055_000]


def test_a_district_without_any_register_has_no_lines_and_no_problems(catalogue):
    lines, problems = account(catalogue)
    assert (lines.height, lines.columns, problems) == (0, list(ENERGY), [])
