"""Waste, wastewater, refrigerants and trees through the shipped methods: rows, scopes, what is left out."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.kernels import KERNELS
from dafeng.accounting.lines import ENERGY, empty
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def account(catalogue, years: list[int] | None = None, **registers: list[dict[str, Any]]):
    held = {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()}
    return emission_lines(empty(ENERGY), Facts(catalogue, held), Book(catalogue), years or [2025])


def grams(lines: pl.DataFrame, **wanted: Any) -> int:
    for name, value in wanted.items():
        lines = lines.filter(pl.col(name).eq_missing(value))
    return lines["gas_g"].sum()


def test_methods_name_kernels_that_exist_and_no_kernel_is_idle_but_the_pure_decay(catalogue):
    named = {method.kernel for method in catalogue.methods.values() if method.kernel}
    assert named <= set(KERNELS)
    assert set(KERNELS) - named == {"first_order_decay"}  # the pure one, for a landfill told in a method of one's own


HERE = {"facility": "区内厂", "kind": "incineration", "in_district": True}
AWAY = {"facility": "区外厂", "kind": "incineration", "in_district": False}


def burnt(facility: str, tonnes: float = 1000, **more: Any) -> dict[str, Any]:
    return {"year": 2025, "stream": "dry", "path": "incinerated", "facility": facility, "tonnes": tonnes} | more


def test_waste_burnt_elsewhere_is_a_memo_and_waste_burnt_here_counts(catalogue):
    lines, problems = account(
        catalogue, household_waste=[burnt("区内厂"), burnt("区外厂")], waste_facilities=[HERE, AWAY]
    )
    assert problems == []
    co2 = lines.filter(pl.col("gas") == "CO2").sort("scope")
    assert co2["gas_g"].to_list() == [271_700_000, 271_700_000]
    assert co2.select("scope", "row", "gpc", "memo").rows() == [
        (1, "waste_incineration", "III.3.1", None),
        (3, "elsewhere_incineration", "III.3.2", "elsewhere"),
    ]
    # 1000 t × 50 g N2O/t
    assert grams(lines, gas="N2O", scope=1) == 50_000


def test_a_facility_that_is_not_listed_is_neither_here_nor_elsewhere(catalogue):
    lines, problems = account(catalogue, household_waste=[burnt("无名厂"), burnt("区内厂")], waste_facilities=[HERE])
    assert [problem.code for problem in problems] == ["account.facility-not-listed"]
    assert problems[0].place.item == "household_waste"
    assert problems[0].place.row == 1
    assert "无名厂" in problems[0].rule.zh
    assert grams(lines, gas="CO2") == 271_700_000


def test_hazardous_waste_in_a_furnace_takes_its_own_carbon(catalogue):
    # 1000 t × 0.01 × 0.9 × 0.97 × 44/12 = 32.01 t
    row = burnt("区外厂", stream="hazardous", path="safe")
    lines, problems = account(catalogue, household_waste=[row], waste_facilities=[AWAY])
    assert problems == []
    assert grams(lines, gas="CO2", row="elsewhere_incineration") == 32_010_000


def test_wet_waste_is_composted_unless_the_plant_catches_methane(catalogue):
    plants = [
        {"facility": "堆肥站", "kind": "biological", "in_district": True, "ch4_recovered_t": 0},
        {"facility": "消化厂", "kind": "biological", "in_district": False, "ch4_recovered_t": 310},
    ]
    rows = [burnt(name, path="biological", stream="wet") for name in ("堆肥站", "消化厂")]
    lines, problems = account(catalogue, household_waste=rows, waste_facilities=plants)
    assert problems == []
    # 1000 t × 4 kg CH4/t and × 0.24 kg N2O/t composted; × 0.8 kg CH4/t digested.
    assert grams(lines, row="waste_biological", gas="CH4") == 4_000_000
    assert grams(lines, row="waste_biological", gas="N2O") == 240_000
    assert grams(lines, row="elsewhere_biological", gas="CH4") == 800_000


FILL = {"facility": "老填埋场", "kind": "landfill", "in_district": False, "mcf": "managed", "ch4_recovered_t": 0}


def test_a_landfill_decays_by_its_deposits_and_the_waste_register_is_not_added(catalogue):
    deposits = [{"year": 2024, "facility": "老填埋场", "component": "food", "tonnes": 1000}]
    tipped = burnt("老填埋场", path="landfilled") | {"year": 2024}
    lines, problems = account(
        catalogue, [2024, 2025], household_waste=[tipped], landfill_deposits=deposits, waste_facilities=[FILL]
    )
    assert problems == []
    # 75 t DDOCm × 0.1688957 × 2/3 × 0.9 = 7.600307 t in 2025, nothing in 2024.
    assert lines.select("year", "register", "row", "gpc", "memo").rows() == [
        (2024, "landfill_deposits", "elsewhere_landfill", "III.1.2", "elsewhere"),
        (2025, "landfill_deposits", "elsewhere_landfill", "III.1.2", "elsewhere"),
    ]
    assert lines["gas_g"].to_list() == [0, pytest.approx(7_600_307, abs=2)]


def test_how_a_landfill_is_managed_sets_its_correction_factor(catalogue):
    deposits = [
        {"year": 2024, "facility": name, "component": "food", "tonnes": 1000} for name in ("老填埋场", "浅坑", "区内场")
    ]
    facilities = [
        FILL,
        FILL | {"facility": "浅坑", "mcf": "unmanaged_shallow"},
        FILL | {"facility": "区内场", "in_district": True, "mcf": "unmanaged_deep"},
    ]
    lines, _ = account(catalogue, landfill_deposits=deposits, waste_facilities=facilities)
    whole = 7_600_307
    assert grams(lines, row="elsewhere_landfill") == pytest.approx(whole * 1.4, abs=3)
    assert grams(lines, row="waste_landfill", memo=None) == pytest.approx(whole * 0.8, abs=3)


def test_waste_of_old_years_decays_under_the_parameters_of_its_year_without_a_gap(catalogue):
    deposits = [{"year": 1998, "facility": "老填埋场", "component": "bulk", "tonnes": 1000}]
    lines, problems = account(catalogue, landfill_deposits=deposits, waste_facilities=[FILL])
    assert problems == []
    # 1000 × 0.18 × 0.5 = 90 t; e^(−0.09×26) − e^(−0.09×27) = 0.0963276 − 0.0880368 = 0.0082908; × 90 × 2/3 × 0.9.
    assert lines["gas_g"].to_list() == [pytest.approx(447_703, abs=5)]


def test_without_deposits_the_mass_balance_of_the_year_stands_in(catalogue):
    rows = [burnt("老填埋场", path="landfilled"), burnt("老填埋场", path="landfilled", stream="wet")]
    lines, problems = account(catalogue, household_waste=rows, waste_facilities=[FILL])
    assert problems == []
    # mixed 1000 × 0.18 × 0.5 × 0.5 × 16/12 × 0.9 = 54 t; wet 1000 × 0.05 × 0.9 = 45 t.
    assert grams(lines, method="waste_landfill_mixed") == 54_000_000
    assert grams(lines, method="waste_landfill_wet") == 45_000_000


def test_two_registers_that_disagree_about_a_landfill_are_told_apart(catalogue):
    deposits = [{"year": 2025, "facility": "老填埋场", "component": "food", "tonnes": 900}]
    _, problems = account(
        catalogue, household_waste=[burnt("老填埋场", path="landfilled")], landfill_deposits=deposits,
        waste_facilities=[FILL],
    )  # fmt: skip
    assert [(problem.code, problem.level) for problem in problems] == [("account.deposits-differ", "warning")]
    assert "900" in problems[0].rule.en
    assert "1000" in problems[0].rule.en


def test_sludge_stands_on_the_side_where_all_listed_plants_lie_and_nowhere_else(catalogue):
    sludge = [{"year": 2025, "kind": "sewage", "path": "incinerated", "tonnes": 1000}]
    lines, problems = account(catalogue, sludge=sludge, waste_facilities=[AWAY])
    assert problems == []
    assert grams(lines, gas="CO2", row="elsewhere_incineration") == 0
    assert grams(lines, gas="N2O", row="elsewhere_incineration") == 900_000  # 1000 t × 900 g/t
    lines, problems = account(catalogue, sludge=sludge, waste_facilities=[HERE, AWAY])
    assert lines.height == 0
    assert [problem.code for problem in problems] == ["account.facility-not-listed"]


def test_sludge_that_was_tipped_is_said_to_be_left_out(catalogue):
    sludge = [{"year": 2025, "kind": "sewage", "path": "landfilled", "tonnes": 40}]
    lines, problems = account(catalogue, sludge=sludge, waste_facilities=[FILL])
    assert lines.height == 0
    assert [problem.code for problem in problems] == ["account.no-method"]


def water(**more: Any) -> dict[str, Any]:
    return {"year": 2025, "plant": "水厂", "kind": "domestic", "in_district": True, "treatment": "average"} | more


def test_wastewater_by_bod_by_cod_and_by_people_each_once(catalogue):
    rows = [
        water(plant="甲", bod_t=1000, cod_t=2300, sludge_bod_t=100, nitrogen_t=780, ch4_recovered_t=9.1),
        water(plant="乙", cod_t=1000, people=100_000, protein_kg=25, in_district=False),
        water(plant="丙", people=100_000, protein_kg=25),
    ]
    lines, problems = account(catalogue, wastewater=rows)
    assert problems == []
    # (1000 − 100) × 0.6 × 0.165 − 9.1 = 80 t; 1000 × 0.43 × 0.099 = 42.57 t; 1825 t BOD × 0.099 = 180.675 t.
    assert grams(lines, method="wastewater_ch4_bod") == 80_000_000
    assert grams(lines, method="wastewater_ch4_cod", row="elsewhere_water", memo="elsewhere") == 42_570_000
    assert grams(lines, method="wastewater_ch4_people", row="waste_water_domestic") == 180_675_000
    # 780 × 0.005 × 44/28 = 6.128571 t measured; 5.892857 t each by protein.
    assert grams(lines, method="wastewater_n2o_measured") == 6_128_571
    assert grams(lines, method="wastewater_n2o_people", scope=3) == 5_892_857


def test_wastewater_without_nitrogen_and_protein_has_no_n2o_and_says_so(catalogue):
    lines, problems = account(catalogue, wastewater=[water(bod_t=1000)])
    assert grams(lines, gas="CH4") == 99_000_000
    assert [problem.code for problem in problems] == ["account.no-activity"]


def test_industrial_wastewater_has_a_row_of_its_own(catalogue):
    # 1140 × 0.25 × 0.075 = 21.375 t
    lines, problems = account(catalogue, wastewater=[water(kind="industrial", treatment="aerobic", cod_t=1140)])
    assert problems == []
    assert lines.select("row", "gas", "gas_g", "gpc").rows() == [
        ("waste_water_industrial", "CH4", 21_375_000, "III.4.1")
    ]


def test_refrigerants_count_under_their_own_gas_and_hcfcs_stand_outside(catalogue):
    cold = {"year": 2025, "equipment": "chiller", "charge_kg": 18_600, "retired_kg": 900, "recovered_kg": 640}
    rows = [cold | {"refrigerant": "r134a", "topped_up_kg": 520}, cold | {"refrigerant": "r22"}]
    lines, problems = account(catalogue, refrigerants=rows)
    assert problems == []
    counted = lines.filter(pl.col("memo").is_null()).row(0, named=True)
    # 780 kg × 1300 (AR5)
    assert (counted["gas"], counted["gas_g"], counted["co2e_g"]) == ("R134A", 780_000, 1_014_000_000)
    assert (counted["row"], counted["gpc"]) == ("ippu_hfc", "IV.2")
    # 18,600 × 3.5 % + 260 = 911 kg of an HCFC
    assert grams(lines, row="memo_hcfc", memo="hcfc") == 911_000


def test_a_refrigerant_that_nobody_named_has_no_warming_potential(catalogue):
    row = {"year": 2025, "equipment": "vrf", "refrigerant": "other", "charge_kg": 10, "topped_up_kg": 1}
    lines, problems = account(catalogue, refrigerants=[row])
    assert lines.height == 0
    assert [problem.code for problem in problems] == ["account.left-out"]


def test_trees_are_a_memo_bound_and_negative(catalogue):
    rows = [{"year": 2025, "kind": "arbor", "volume_m3": 10_000, "growth_pct": 6.2, "cut_pct": 0.8}]
    lines, problems = account(catalogue, tree_stock=rows)
    assert problems == []
    assert lines.select("row", "memo", "scope", "gpc").rows() == [("land_forest", "sink", 1, "V.2")]
    assert lines["gas_g"].to_list() == [pytest.approx(-817_338_060, abs=100)]


def test_trees_without_growth_are_not_estimated_and_say_so(catalogue):
    lines, problems = account(catalogue, tree_stock=[{"year": 2025, "kind": "arbor", "volume_m3": 10_000}])
    assert lines.height == 0
    assert [problem.code for problem in problems] == ["account.no-activity"]


def test_a_year_skipped_in_an_area_is_said_and_not_bridged(catalogue):
    rows = [{"year": year, "kind": "shrub", "area_ha": area} for year, area in ((2022, 140), (2024, 150), (2025, 158))]
    lines, problems = account(catalogue, [2022, 2023, 2024, 2025], tree_stock=rows)
    assert lines["year"].to_list() == [2025]  # 8 ha × 17.99 × 0.5 × 44/12
    assert lines["gas_g"].to_list() == [pytest.approx(-263_853_333, abs=10)]
    assert [problem.code for problem in problems] == ["account.area-year-skipped"]


def test_trees_of_parks_are_not_counted_beside_the_survey_that_holds_them(catalogue):
    green = [{"year": 2025, "green_ha": 1480, "park_green_ha": 690}]
    lines, _ = account(catalogue, green_space=green)
    assert grams(lines, row="land_urban_green", method="sink_parks") == -690 * 4 * 1_000_000
    trees = [{"year": 2025, "kind": "arbor", "volume_m3": 10_000, "growth_pct": 6.2, "cut_pct": 0.8}]
    lines, _ = account(catalogue, green_space=green, tree_stock=trees)
    assert grams(lines, method="sink_parks") == 0
    assert grams(lines, row="land_urban_green", method="sink_lawns") == -740_000_000  # 1480 ha × 0.5 t
