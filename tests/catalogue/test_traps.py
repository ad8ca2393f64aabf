"""Numbers that circulate and are wrong: the check of the catalogue refuses each when a district lays it on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.catalogue.helpers import laid_on

from dafeng.catalogue import load_catalogue
from dafeng.catalogue.check_refusals import refused
from dafeng.core.errors import Problem

SHIPPED = load_catalogue()
FACTOR = """
id: my_{carrier}
name: {{zh: 自填因子, en: own factor}}
unit: {unit}
kind: {kind}
scope: {scope}
purpose: {purpose}
carrier: {carrier}
values:
  - {{year: {year}, value: {value}, source: {{{source}, status: second-hand}}}}
"""
TARIFF = """
id: shanghai_{id}
name: {{zh: 自填电价, en: own tariff}}
customer: 两部制
effective_from: 2023-01-01
source: {{text: {{zh: 某程序, en: a program}}, status: second-hand}}
periods:
  - months: {months}
    bands: {{{bands}}}
    ratios: {{}}
"""


def factor(
    value: float,
    *,
    year: int = 2023,
    unit: str = "tCO2/MWh",
    scope: str = "province",
    carrier: str = "electricity",
    kind: str = "emission_factor",
    purpose: str = "inventory",
    source: str = "text: {zh: 某程序, en: a program}",
) -> str:
    return FACTOR.format(
        value=value, year=year, unit=unit, scope=scope, carrier=carrier, kind=kind, purpose=purpose, source=source
    )


def wrong(tmp_path: Path, **files: str) -> list[Problem]:
    found = laid_on(tmp_path, **files)
    assert [problem.code for problem in found if problem.code != "catalogue.known-wrong"] == []
    return found


def names(found: list[Problem]) -> set[str]:
    """The refusals that spoke, as their remedies name them."""
    return {one for one in SHIPPED.refusals for problem in found if f" {one} " in problem.line("zh")}


TRAPS = {
    "grid_invented_regions": [
        *(factor(value) for value in (0.7188, 0.6568, 0.5698, 0.4908, 0.5598, 0.4568)),
        factor(7.188, unit="tCO2/万kWh", scope="grid"),  # the same number, dressed in another unit
        factor(0.5598, scope="nation", unit="kgCO2/kWh", purpose="any"),
    ],
    "grid_nation_2021_swapped": [factor(0.5366, year=2021, scope="nation")],
    "grid_nation_2022_swapped": [factor(0.5568, year=2022, scope="nation")],
    "grid_enterprise_too_early": [factor(0.5703, year=2020, scope="nation", purpose="ets")],
    "grid_nation_as_province": [
        factor(0.5306),
        factor(0.5306, scope="city"),
        factor(0.5366, year=2022, scope="grid"),
        factor(0.6096, scope="district"),
    ],
    "grid_wrong_size": [
        factor(0.57, unit="tCO2/万kWh"),  # 0.057 kg per kWh
        factor(5.737),  # per 10,000 kWh, written as per MWh
        factor(0.5737, unit="tCO2/GJ"),  # 2.07 t per MWh
        factor(0.5737, unit="tCO2/t"),  # no unit of electricity at all
        factor(-0.1, scope="city"),
    ],
    "grid_footprint_in_inventory": [factor(0.6205, scope="nation"), factor(0.5777, year=2024, scope="nation")],
    "heat_regions_of_unknown_origin": [factor(0.118, unit="tCO2/GJ", carrier="heat")],
    "heat_wrong_size": [factor(11, unit="tCO2/GJ", carrier="heat", scope="nation")],
    "power_equal_wrong_size": [
        factor(0.1229, unit="kgce/kWh", kind="coal_equivalent").replace("my_electricity", "ce_electricity_equal_mine"),
    ],
    "national_limit_without_class": [
        factor(value, unit="kWh/m2", kind="limit", year=2016, source="standard: gbt_51161_2016")
        for value in (85, 100, 130)
    ],
    "water_price_that_does_not_add_up": [
        factor(7.93, unit="CNY/m3", kind="other", carrier="water").replace("my_water", "price_water")
    ],
    "transit_factors_not_of_the_standard": [
        factor(76, unit="gCO2/pkm", carrier="bus", year=2024, source="standard: db11t_3043_2024")
    ],
}


@pytest.mark.parametrize(
    ("trap", "text"), [(trap, text) for trap, texts in TRAPS.items() for text in texts], ids=lambda v: v.split("\n")[0]
)
def test_a_known_wrong_factor_of_a_district_is_refused(tmp_path: Path, trap: str, text: str):
    found = wrong(tmp_path, factors__mine=text)
    assert names(found) == {trap}
    assert all(problem.level == "error" and "mine.yaml" in (problem.place.file or "") for problem in found)


TARIFFS = {
    "sharp 9-11": ("{{sharp: [[9, 11]]}}", "[1, 12]"),
    "sharp 10-11, 14-16": ("{{sharp: [[10, 11], [14, 16]]}}", "[7, 8]"),
    "sharp 19-21 in summer": ("{{sharp: [[19, 21]]}}", "[7, 8]"),
    "sharp 12-14 in September": ("{{sharp: [[12, 14]]}}", "[9]"),
    "flat 22-24 in winter": ("{{flat: [[22, 24]]}}", "[12]"),
}


@pytest.mark.parametrize(("bands", "months"), TARIFFS.values(), ids=TARIFFS.keys())
def test_hours_that_shanghai_never_had_are_refused(tmp_path: Path, bands: str, months: str):
    text = TARIFF.format(id="mine", months=months, bands=bands.strip("{}"))
    assert names(wrong(tmp_path, tariffs__mine=text)) == {"shanghai_wrong_hours"}


def test_peak_to_22_is_refused_for_two_part_users_and_right_for_single_part_ones(tmp_path: Path):
    bands = "peak: [[6, 22]], valley: [[22, 24], [0, 6]]"
    two = TARIFF.format(id="two_part_mine", months="[1]", bands=bands)
    assert names(wrong(tmp_path / "two", tariffs__mine=two)) == {"shanghai_wrong_hours"}
    single = TARIFF.format(id="single_mine", months="[1]", bands=bands)
    assert wrong(tmp_path / "single", tariffs__mine=single) == []


@pytest.mark.parametrize("number", ["沪发改价管〔2023〕156号", "沪发改价管〔2023〕489号"])
def test_a_notice_that_does_not_exist_cannot_be_cited(tmp_path: Path, number: str):
    text = f"id: tou_2023\nname: {{zh: 分时电价, en: Time of use}}\nnumber: {number}\nkind: notice\n"
    assert names(wrong(tmp_path, standards__mine=text)) == {"tariff_notices_that_do_not_exist"}


def test_street_codes_counted_up_from_one_are_refused(tmp_path: Path):
    text = """
    id: streets
    name: {zh: 街道, en: Streets}
    options:
      "310104001": {zh: 某街道, en: a street}
      "310104003": {zh: 另一街道, en: another street}
    """
    found = wrong(tmp_path, choices__mine=text)
    assert names(found) == {"street_codes_in_sequence"}
    assert [problem.place.field for problem in found] == ["options › 310104001"]


def test_every_refusal_has_its_trap_here():
    tested = {*TRAPS, "shanghai_wrong_hours", "tariff_notices_that_do_not_exist", "street_codes_in_sequence"}
    assert set(SHIPPED.refusals) == tested


def test_nothing_that_ships_is_refused():
    assert [problem.line("en") for problem in refused(SHIPPED)] == []


@pytest.mark.parametrize(
    "text",
    [
        factor(0.5641, year=2024),
        factor(5.641, unit="tCO2/万kWh", scope="city"),
        factor(0.5703, year=2022, scope="nation", purpose="ets"),
        factor(0.5306, scope="nation"),
        factor(0, scope="city"),  # green power that a scheme counts as none
        factor(0.6205, scope="nation", purpose="footprint"),
        factor(0.11, unit="tCO2/GJ", carrier="heat"),
        factor(104, unit="gCO2/pkm", carrier="bus", year=2024, source="standard: db11t_3043_2024"),
        factor(85, unit="kWh/m2", kind="limit", year=2024),
    ],
)
def test_a_number_that_only_looks_like_one_is_accepted(tmp_path: Path, text: str):
    assert laid_on(tmp_path, factors__mine=text) == []


def test_a_district_with_a_document_lays_its_own_bounds_on(tmp_path: Path):
    bounds = "id: grid_wrong_size\nwithin: [0.01, 1.3]\n"
    hydro = factor(0.05, year=2025, source="text: {zh: 市级文件, en: a document of the city}")
    assert names(wrong(tmp_path / "without", factors__mine=hydro)) == {"grid_wrong_size"}
    assert laid_on(tmp_path / "with", factors__mine=hydro, refusals__mine=bounds) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id: mine\nname: {zh: 甲, en: a}\nsays: {zh: 乙, en: b}\nsource: {text: {zh: 丙, en: c}}", "refuses"),
        (
            "id: mine\nname: {zh: 甲, en: a}\nvalues: [1]\nsays: {zh: 乙, en: b}\nsource: {text: {zh: 丙, en: c}}",
            "unit",
        ),
    ],
)
def test_a_refusal_says_what_it_refuses_and_in_which_unit(tmp_path: Path, text: str, code: str):
    found = laid_on(tmp_path, refusals__mine=text)
    assert [problem.code for problem in found] == ["catalogue.value-error"]
    assert {"refuses": "it does not say what is refused", "unit": "the refused numbers have no unit"}[code] in found[
        0
    ].line("en")
