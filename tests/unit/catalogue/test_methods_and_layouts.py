"""A method names register, columns, factors and rows; a layout its parents and reasons. What is missing is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.catalogue.helpers import codes, laid_on

from dafeng.catalogue import load_catalogue
from dafeng.catalogue.check import check_units

LAYOUT = """
id: leaks
name: {zh: 泄漏表, en: Leaks}
source: {text: {zh: 自拟, en: our own}, status: assumption}
rows:
  - {code: all, name: {zh: 合计, en: All}}
  - {code: burnt, name: {zh: 燃烧, en: Burnt}, parent: all, key: "NO"}
  - {code: lost, name: {zh: 逸散, en: Lost}, parent: all, key: NE, reason: {zh: 未测, en: not measured}}
"""
METHOD = """
id: fleet_fuel
name: {zh: 车队用油, en: Fuel of fleets}
from: vehicle_use
where: fuel == 'diesel'
value: km_per_vehicle * litre_per_100km / 100
unit: L
emits:
  - {gas: CO2, factor: co2_diesel, row: burnt, gpc: II.1.1}
u_activity_pct: 10
source: {text: {zh: 自拟, en: our own}, status: assumption}
"""


def found(tmp_path: Path, method: str = METHOD, layout: str = LAYOUT) -> list[tuple[str, str | None]]:
    return codes(laid_on(tmp_path, methods__fleet=method, layouts__leaks=layout))


def test_a_sound_method_and_layout_are_accepted(tmp_path: Path):
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("was", "now", "code", "field"),
    [
        ("from: vehicle_use", "from: vehicle_uses", "catalogue.unknown-reference", "from"),
        ("fuel == 'diesel'", "fule == 'diesel'", "expression.unknown-name", "where"),
        ("value: km_per_vehicle *", "value: km *", "expression.unknown-name", "value"),
        ("unit: L", "unit: litre-ish", "catalogue.unknown-unit", "unit"),
        ("factor: co2_diesel", "factor: co2_dieesel", "catalogue.no-such-factor", "emits › 1"),
        ("factor: co2_diesel", "factor: 'co2_{fuels}'", "catalogue.no-such-column", "emits › 1"),
        ("factor: co2_diesel", "factor: 'gwp_{fuel}_ar5'", "catalogue.no-such-factor", "emits › 1"),
        ("factor: co2_diesel, ", "", "catalogue.no-way-to-emit", "emits › 1"),
        ("gas: CO2", "gas: CO3", "catalogue.gas-without-potential", "emits › 1"),
        ("gas: CO2", "gas: '{kind}'", "catalogue.no-such-column", "emits › 1"),
        ("row: burnt", "row: burned", "catalogue.no-such-row", "emits › 1 › row"),
        ("gpc: II.1.1", "gpc: II.9.9", "catalogue.no-such-row", "emits › 1 › gpc"),
        ("row: burnt", "row: {petrol: burnt}", "catalogue.rows-without-by", "emits › 1 › row"),
        ("unit: L", "unit: L\nby: kind", "catalogue.no-such-column", "by"),
        ("unit: L", "unit: L\nparameters: {rate: leak_pipes}", "catalogue.no-such-factor", "parameters › rate"),
    ],
)
def test_what_a_method_names_and_is_not_there_is_named(tmp_path: Path, was: str, now: str, code: str, field: str):
    assert was in METHOD
    named = found(tmp_path, METHOD.replace(was, now, 1))
    assert [one for one, _ in named] == [code]
    assert [where for _, where in named] == [field]


def test_a_template_of_a_factor_is_held_against_the_values_of_its_column(tmp_path: Path):
    """co2_{fuel} finds co2_… for none of bev, petrol, diesel, gas … but co2_diesel: one is enough."""
    assert found(tmp_path, METHOD.replace("factor: co2_diesel", "factor: 'co2_{fuel}'")) == []


def test_the_choice_of_the_district_and_numbers_are_accepted(tmp_path: Path):
    method = METHOD.replace("factor: co2_diesel", "factor: '{policy.electricity}'")
    method = method.replace("unit: L", "unit: L\nparameters: {rate: leak_vrf, share: '0.5', km: km_per_vehicle}")
    assert found(tmp_path, method) == []


def test_rows_by_value_name_values_that_exist_and_miss_none(tmp_path: Path):
    method = METHOD.replace("unit: L", "unit: L\nby: fuel").replace("row: burnt", "row: {diesel: burnt, coal: lost}")
    named = found(tmp_path, method)
    assert named[0] == ("catalogue.no-such-option", "emits › 1 › row")
    assert {code for code, _ in named[1:]} == {"catalogue.value-without-row"}
    assert len(named) == 1 + 7  # the other seven kinds of drive


def test_a_kernel_needs_no_factor(tmp_path: Path):
    method = METHOD.replace("factor: co2_diesel, ", "").replace("unit: L", "unit: L\nkernel: refrigerant_leak")
    assert found(tmp_path, method) == []


@pytest.mark.parametrize(
    ("was", "now", "code", "field"),
    [
        ("code: lost", "code: burnt", "catalogue.double-row", "rows › burnt"),
        ("parent: all, key: NE", "parent: every, key: NE", "catalogue.no-such-row", "rows › lost"),
        (", reason: {zh: 未测, en: not measured}", "", "catalogue.key-without-reason", "rows › lost"),
        ('key: "NO"', "key: IE", "catalogue.key-without-reason", "rows › burnt"),
        ("en: All}", "en: All}, parent: lost", "catalogue.row-in-itself", "rows › all"),
    ],
)
def test_what_is_wrong_in_a_layout_is_named(tmp_path: Path, was: str, now: str, code: str, field: str):
    assert was in LAYOUT
    assert (code, field) in found(tmp_path, layout=LAYOUT.replace(was, now, 1))


def test_a_field_that_a_method_does_not_have_is_named_in_words(tmp_path: Path):
    named = laid_on(tmp_path, methods__fleet=METHOD.replace("where:", "were:"), layouts__leaks=LAYOUT)
    assert [(one.code, one.place.field) for one in named] == [("catalogue.extra-forbidden", "were")]
    assert "where" in named[0].line("en")


@pytest.mark.parametrize(
    ("unit", "gas", "factor", "fits"),
    [
        ("t", "CO2", "co2_diesel", True),
        ("Wh", "CO2", "grid_shanghai_inventory", True),
        ("kJ", "CO2", "heat_nation", True),
        ("gce", "CH4", "ch4_diesel_road", True),
        ("t", "N2O", "n2o_composting", True),
        ("t", "CO2", "grid_shanghai_inventory", False),  # t × tCO2/MWh
        ("L", "CO2", "co2_diesel", False),  # L × tCO2/t lacks the density
        ("t", "CH4", "co2_diesel", False),  # a factor of another gas
    ],
)
def test_activity_times_factor_must_be_a_mass_of_gas(tmp_path: Path, unit: str, gas: str, factor: str, fits: bool):
    method = METHOD.replace("unit: L", f"unit: {unit}").replace("gas: CO2", f"gas: {gas}")
    assert found(tmp_path, method.replace("factor: co2_diesel", f"factor: {factor}")) == []
    named = [one.code for one in check_units(load_catalogue(tmp_path))]
    assert named == ([] if fits else ["catalogue.factor-unit"])


@pytest.mark.parametrize(
    ("was", "now", "rule", "remedy"),
    [
        ("u_activity_pct: 10", "u_activity_pct: -1", "the value -1 is out of range", "it must be ≥ 0"),
        ("u_activity_pct: 10", "u_activity_pct: ten", "“ten” is not a number", "without its unit"),
        ("u_activity_pct: 10\n", "", "the field u_activity_pct is missing", "add the field"),
        ("  - {gas: CO2, factor: co2_diesel, row: burnt, gpc: II.1.1}", "  []", "the list is empty", "at least one"),
        ("gas: CO2,", "gas: CO2, memo: forest,", "“forest” is not an allowed value", "elsewhere"),
    ],
)
def test_a_field_of_the_wrong_kind_is_explained(tmp_path: Path, was: str, now: str, rule: str, remedy: str):
    assert was in METHOD
    named = laid_on(tmp_path, methods__fleet=METHOD.replace(was, now, 1), layouts__leaks=LAYOUT)
    assert len(named) == 1
    assert rule in named[0].line("en")
    assert remedy in named[0].line("en")
    assert "Input should" not in named[0].line("zh")
