"""The account of a district: settings that cannot be, places, levels, boundaries, days of the past, what is missing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.unit.workflows.account_small import fill, make_district
from tests.unit.workflows.small import load_rows

from dafeng.core.errors import BadInput
from dafeng.workflows.account_making import Asked, every_table, has_errors, make, table_of
from dafeng.workflows.account_policy import policy_of
from dafeng.workflows.district import District, open_district

SITES = [
    {"code": "S1", "name": "甲楼", "kind": "building", "sector": "services", "floor_area_m2": 1000.0,
     "location": "121.40,31.20"},
    {"code": "S2", "name": "乙楼", "kind": "building", "sector": "services", "floor_area_m2": 3000.0,
     "location": "121.50,31.20"},
]  # fmt: skip
METERS = [
    {"site": site, "meter": "M", "carrier": "electricity", "month": f"2025-{month:02}", "amount": amount,
     "unit": "wan_kwh"}
    for site, amount in (("S1", 2.0), ("S2", 5.0)) for month in range(1, 13)
]  # fmt: skip
SQUARE = {"type": "Polygon", "coordinates": [[[121.3, 31.1], [121.45, 31.1], [121.45, 31.3], [121.3, 31.3],
                                             [121.3, 31.1]]]}  # fmt: skip


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    made = fill(make_district(tmp_path_factory.mktemp("making")))
    load_rows(made, "account_sites", SITES)
    load_rows(made, "meter_totals", METERS)
    return made


def codes(refused: pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_every_table_is_made_from_what_the_registers_hold(district: District):
    made = make(district, Asked(year=2025), every_table())
    assert {"consumption", "balance", "inventory", "gpc", "levels", "shares", "dual_control", "change",
            "constant_factors", "uncertainty"} <= set(made.tables)  # fmt: skip
    assert not has_errors(made)


def test_total_energy_is_final_use_and_losses_at_both_coal_equivalents(district: District):
    """Calorific: 60,000 万kWh × 1.229 + 1,500 万m3 × 12.9971 + 2,000 t × 1.4714 + 8 万m3 lost × 12.9971 tce."""
    row = make(district, Asked(year=2025), ("consumption",)).tables["consumption"].row("total")
    assert row.cells["calorific"].value == pytest.approx((73740 + 1508 * 12.9971 + 2942.8) * 1e6, abs=2)


def test_the_set_of_warming_potentials_is_really_applied(district: District):
    sums = {gwp: make(district, Asked(year=2025, gwp=gwp), ("inventory",)) for gwp in ("ar4", "ar5")}
    ar4, ar5 = (one.tables["inventory"].row("total").cells["ch4"].value for one in sums.values())
    assert ar4
    assert ar5
    assert ar5 / ar4 == pytest.approx(28 / 25, rel=1e-6)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ('[account]\ngwp = "ar7"\n', "district.setting-value"),
        ('[account]\nelectricity = "grid_atlantis"\n', "account.policy-unknown"),
        ('[account]\nelectricity = "{ets}"\n', "account.policy-purpose"),
        ('[account]\nelectricity = "ce_electricity"\n', "account.policy-unit"),
        ('[account]\nelectricity_equal = "ce_natural_gas"\n', "account.policy-unit"),
        ('[account]\nheat = "grid_shanghai_inventory"\n', "account.policy-unit"),
        ('[account]\nelectricity = "co2_diesel"\n', "account.policy-unit"),
        ("[account]\ngwp = 5\n", "district.setting-type"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(tmp_path: Path, district: District, settings: str, code: str):
    ets = next(one.id for one in district.catalogue.factors.values() if one.purpose == "ets")
    with pytest.raises(BadInput) as refused:
        policy_of(make_district(tmp_path, settings.format(ets=ets)))
    assert codes(refused) == [code]


_FACTOR = """
- id: my_grid
  name: {{zh: 自己的因子, en: our own}}
  unit: tCO2/MWh
  kind: emission_factor
  scope: province
  purpose: inventory
  carrier: electricity
  gas: CO2
  {more}
  values: [{{year: 2020, value: {value}, source: {{text: {{zh: 测试, en: test}}, status: assumption}}, confidence: L}}]
"""
_MINE = '[account]\nelectricity = "my_grid"\n'


@pytest.mark.parametrize(
    ("own", "settings", "code"),
    [
        (
            "- {id: ETS, purpose: inventory, scope: province}",
            '[account]\nelectricity = "ETS"\n',
            "purpose-changed",
        ),
        ("- {id: ETS, purpose: any}", "", "purpose-changed"),
        (_FACTOR.format(more="product_of: [ETS]", value="0.42"), _MINE, "purpose-changed"),
        (_FACTOR.format(more="over: [ETS]", value="0.42"), "", "purpose-changed"),
        (_FACTOR.format(more="", value="0"), _MINE, "policy-zero"),
        (_FACTOR.format(more="", value="0.42"), _MINE, None),
    ],
)
def test_a_factor_of_the_carbon_market_enters_by_no_other_name(
    tmp_path: Path, district: District, own: str, settings: str, code: str | None
):
    """Neither by another purpose laid on it, nor as a part of a factor of the district's own."""
    ets = next(f.id for f in district.catalogue.factors.values() if f.purpose == "ets" and f.carrier == "electricity")
    (tmp_path / "catalogue" / "factors").mkdir(parents=True)
    text = own.replace("ETS", ets)
    (tmp_path / "catalogue" / "factors" / "own.yaml").write_text(text, encoding="utf-8")
    made = make_district(tmp_path, settings.replace("ETS", ets))
    if code is None:
        assert policy_of(made).electricity == "my_grid"
        return
    with pytest.raises(BadInput) as refused:
        policy_of(made)
    assert set(codes(refused)) == {f"account.{code}"}


def test_a_method_of_the_districts_own_that_names_no_register_is_not_passed_over(tmp_path: Path):
    (tmp_path / "catalogue" / "methods").mkdir(parents=True)
    (tmp_path / "catalogue" / "methods" / "own.yaml").write_text(
        """
- id: my_method
  name: {zh: 自己的方法, en: our own}
  about: {zh: 测试, en: test}
  from: atlantis
  value: amount
  unit: t
  emits: [{gas: CO2, factor: co2_diesel, scope: 1, row: en_industry, gpc: I.3.1}]
  u_activity_pct: 5
  systems: [S01]
  source: {text: {zh: 测试, en: test}, status: assumption}
""",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as refused:
        policy_of(make_district(tmp_path))
    assert codes(refused) == ["catalogue.unknown-reference"]


def test_a_district_chooses_its_factors(tmp_path: Path):
    made = make_district(tmp_path, '[account]\ngwp = "ar4"\nheat = "heat_nation"\n')
    policy = policy_of(open_district(made.root))
    assert (policy.gwp, policy.heat) == ("ar4", "heat_nation")
    assert policy_of(made, "ar6").gwp == "ar6"


def test_a_list_of_sites_has_the_tables_of_a_place(district: District, tmp_path: Path):
    """12 × (2 + 5) = 84 万kWh, at 1.229 tce each."""
    (tmp_path / "park.txt").write_text("S1\nS2  # 乙楼\n", encoding="utf-8")
    made = make(district, Asked(year=2025, sites=tmp_path / "park.txt"))
    assert made.question.place == "park"
    assert made.tables["boundary"].row("total").cells["calorific"].value == round(84 * 1.229 * 1e6)
    assert made.tables["consumption"].row("final").cells["calorific"].value == round(84 * 1.229 * 1e6)
    assert "dual_control" not in made.tables


def test_a_polygon_holds_the_sites_inside_it(district: District, tmp_path: Path):
    (tmp_path / "west.geojson").write_text(json.dumps(SQUARE), encoding="utf-8")
    made = make(district, Asked(year=2025, polygon=tmp_path / "west.geojson"))
    assert made.tables["boundary"].row("total").cells["calorific"].value == round(24 * 1.229 * 1e6)


@pytest.mark.parametrize("text", ["", "# nothing\n", None])
def test_a_list_that_lists_nothing_is_refused_with_its_file(district: District, tmp_path: Path, text: str | None):
    if text is not None:
        (tmp_path / "park.txt").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        make(district, Asked(year=2025, sites=tmp_path / "park.txt"))
    assert codes(refused) == ["account.boundary-file" if text is None else "account.no-sites"]
    assert refused.value.problems[0].place.file == str(tmp_path / "park.txt")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(year=1), "account.year"),
        (Asked(year=2025, level="galaxy"), "account.level"),
        (Asked(year=2025, level="subdistrict"), "account.place"),
        (Asked(year=2025, place="汀湾镇"), "account.place"),
        (Asked(year=2025, gwp="ar7"), "account.gwp-set"),
    ],
)
def test_a_question_that_cannot_be_is_refused_by_its_option(district: District, asked: Asked, code: str):
    with pytest.raises(BadInput) as refused:
        make(district, asked)
    assert codes(refused) == [code]


def test_a_year_without_data_is_a_problem_that_names_those_that_have(district: District):
    made = make(district, Asked(year=2019), ("inventory",))
    assert has_errors(made)
    found = next(one for one in made.problems if one.code == "account.year-without-data")
    assert "2020–2025" in found.rule.zh


def test_an_unknown_table_is_answered_with_near_ones(district: District):
    made = make(district, Asked(year=2025), ("inventory",))
    with pytest.raises(BadInput) as refused:
        table_of(made, "inventry")
    assert "inventory" in refused.value.problems[0].remedy.en


def test_what_was_not_known_on_a_day_is_not_in_the_account_of_that_day(tmp_path: Path):
    made = make_district(tmp_path)
    fill(made, energy_supply=())
    with pytest.raises(BadInput):
        make(made, Asked(year=2025, as_known=dt.date(2020, 1, 1)))


def test_a_district_without_records_is_told_where_to_begin(tmp_path: Path):
    with pytest.raises(BadInput) as refused:
        make(make_district(tmp_path), Asked(year=2025))
    assert any("energy_consumption" in problem.remedy.zh for problem in refused.value.problems)
