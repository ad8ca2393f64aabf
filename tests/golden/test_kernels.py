"""Kernels against the standards' own arithmetic, worked by hand.

Sources: provincial guide for greenhouse gas inventories (2011), chapters 4 and 5; IPCC 2006, volume 3, chapter 7, and
volume 5, chapters 3, 5 and 6.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.kernels import KERNELS
from dafeng.catalogue import load_catalogue


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(load_catalogue())


def gas_t(kernel: str, years: list[int] | None = None, **columns: Any) -> list[float]:
    """Tonnes of gas by row and year; a column given as one value holds for every row."""
    rows = max((len(value) for value in columns.values() if isinstance(value, list)), default=1)
    filled = {name: value if isinstance(value, list) else [value] * rows for name, value in columns.items()}
    frame = pl.DataFrame({"_row": list(range(rows)), "year": [2025] * rows} | filled, strict=False)
    return KERNELS[kernel](frame, years or [2025]).sort("_row", "year")["gas_t"].to_list()


MSW = {"carbon_share": 0.20, "fossil_share": 0.39, "burn_out": 0.95}


def test_a_tonne_of_household_waste_burnt_is_0_2717_t_of_fossil_co2():
    # 0.20 × 0.39 × 0.95 × 44/12 = 0.0741 × 3.66667 = 0.2717
    assert gas_t("incineration_co2", activity=1.0, **MSW) == [pytest.approx(0.2717, abs=1e-12)]


def test_the_parameters_said_to_be_of_the_2025_guide_make_0_5573():
    # 0.40 × 0.40 × 0.95 × 44/12 = 0.152 × 3.66667 = 0.55733
    found = gas_t("incineration_co2", activity=1.0, carbon_share=0.4, fossil_share=0.4, burn_out=0.95)
    assert round(found[0], 4) == 0.5573


def test_sludge_burns_without_fossil_carbon():
    assert gas_t("incineration_co2", activity=26_400.0, carbon_share=0.3, fossil_share=0.0, burn_out=0.95) == [0.0]


FOOD = {"deposited": 2020, "doc": 0.15, "docf": 0.5, "mcf": 1.0, "f": 0.5, "ox": 0.1, "k_per_year": 0.185}


def test_a_thousand_tonnes_of_food_decay_from_the_january_after_they_were_tipped():
    # DDOCm = 1000 × 0.15 × 0.5 × 1.0 = 75 t. e^−0.185 = 0.8311043, so 0.1688957 decays in 2021:
    # 12.667178 t × 0.5 × 16/12 = 8.444785 t made, × 0.9 = 7.600307 t leave the cover; 2022: × 0.8311043 = 6.316648 t.
    found = gas_t("first_order_decay", [2019, 2020, 2021, 2022], activity=1000.0, **FOOD)
    assert found == [pytest.approx(value, abs=2e-6) for value in (0.0, 7.600307, 6.316648)]


def test_without_delay_half_a_year_decays_in_the_year_of_tipping():
    # M = 7: 1 − e^(−0.185 × 6/12) = 1 − 0.9116492 = 0.0883508; × 75 × 2/3 × 0.9 = 3.975786 t.
    found = gas_t("first_order_decay", [2020], activity=1000.0, delay_months=0, **FOOD)
    assert found == [pytest.approx(3.975786, abs=2e-6)]


def test_methane_that_is_caught_is_shared_by_what_each_component_makes_and_oxidation_comes_after():
    # 2021: food 8.444785 t; paper 1000 × 0.4 × 0.5 = 200 t × (1 − e^−0.06 = 0.0582355) × 2/3 = 7.764727 t.
    # 10 t caught of 16.209512 t: 38.307 % of each leaves, × 0.9.
    found = gas_t(
        "first_order_decay", [2021], activity=1000.0, **FOOD | {"doc": [0.15, 0.4], "k_per_year": [0.185, 0.06]},
        facility="北坡", recovered_t=10.0,
    )  # fmt: skip
    left = 1 - 10 / 16.209512
    assert found == [pytest.approx(8.444785 * left * 0.9, abs=2e-6), pytest.approx(7.764727 * left * 0.9, abs=2e-6)]
    assert sum(found) == pytest.approx((16.209512 - 10) * 0.9, abs=4e-6)


def test_a_landfill_that_says_it_caught_more_than_it_made_gives_off_nothing():
    assert gas_t("first_order_decay", [2021], activity=1000.0, recovered_t=9.0, facility="北坡", **FOOD) == [0.0]


def test_what_is_caught_in_a_year_is_taken_off_that_year_alone():
    # 1 t caught each year: (8.444785 − 1) × 0.9 in 2021 and (7.018498 − 1) × 0.9 in 2022.
    found = gas_t("first_order_decay", [2021, 2022], activity=1000.0, recovered_t=1.0, facility="北坡", **FOOD)
    assert found == [pytest.approx(6.700307, abs=2e-6), pytest.approx(5.416648, abs=2e-6)]


def test_the_mass_balance_takes_all_methane_of_a_year_at_once():
    # L0 = 1.0 × 0.15 × 0.5 × 0.5 × 16/12 = 0.05 tCH4/t; (1000 × 0.05 − 5) × (1 − 0.1) = 40.5 t.
    food = {name: value for name, value in FOOD.items() if name not in ("deposited", "k_per_year")}
    assert gas_t("landfill_mass_balance", activity=1000.0, recovered_t=5.0, **food) == [pytest.approx(40.5)]


def test_a_thousand_tonnes_of_bod_make_99_t_of_methane_on_national_average():
    # 1000 × 0.6 × 0.165 = 99
    assert gas_t("wastewater_ch4", activity=1000.0, bo=0.6, mcf=0.165) == [pytest.approx(99)]


def test_cod_of_east_china_is_turned_into_bod_and_sludge_and_recovery_come_off():
    # (1000 × 0.43 − 30) × 0.6 × 0.165 − 4 = 400 × 0.099 − 4 = 35.6
    found = gas_t(
        "wastewater_ch4", activity=1000.0, bod_per_cod=0.43, sludge_t=30.0, bo=0.6, mcf=0.165, recovered_t=4.0
    )
    assert found == [pytest.approx(35.6)]


def test_people_served_stand_in_for_organics_that_nobody_measured():
    # 100,000 × 0.040 kg/d × 365 / 1000 × 1.25 = 1825 t BOD; × 0.6 × 0.165 = 180.675 t
    found = gas_t("wastewater_ch4", activity=1e5, bod_kg_per_head_day=0.04, industrial=1.25, bo=0.6, mcf=0.165)
    assert found == [pytest.approx(180.675)]


def test_protein_of_100_000_people_makes_5_893_t_of_n2o():
    # 100,000 × 25 kg = 2500 t protein × 0.16 × 1.5 × 1.25 = 750 tN; × 0.005 × 44/28 = 5.892857 t
    found = gas_t(
        "wastewater_n2o", activity=2500.0, nitrogen_share=0.16, non_consumed=1.5, industrial=1.25, n2o_n_per_n=0.005
    )
    assert found == [pytest.approx(5.892857, abs=1e-6)]


def test_measured_nitrogen_needs_no_protein():
    # 780 tN × 0.005 × 44/28 = 6.128571 t
    assert gas_t("wastewater_n2o", activity=780.0, n2o_n_per_n=0.005) == [pytest.approx(6.128571, abs=1e-6)]


TREE = {"density_t_per_m3": 0.462, "expansion": 1.787, "carbon_share": 0.5}


def test_trees_bind_what_grows_beyond_what_is_cut():
    # 10,000 m³ × (6.2 − 0.8) % = 540 m³; × 0.462 × 1.787 × 0.5 = 222.9104 tC; × 44/12 = 817.338 t bound
    found = gas_t("biomass_increment", activity=10_000.0, growth_pct=6.2, cut_pct=0.8, **TREE)
    assert found == [pytest.approx(-817.33806, abs=1e-4)]


def test_more_cut_than_growth_is_an_emission():
    found = gas_t("biomass_increment", activity=10_000.0, growth_pct=0.8, cut_pct=6.2, **TREE)
    assert found == [pytest.approx(817.33806, abs=1e-4)]


def test_bamboo_gained_and_orchard_lost_count_by_biomass_per_hectare():
    # Bamboo +0.5 ha × 68.48 × 0.5 × 44/12 = 62.7733 t bound; orchards −0.8 ha × 35.21 × 0.5 × 44/12 = 51.6413 t lost.
    frame = pl.DataFrame(
        {
            "_row": [0, 1, 2, 3], "year": [2024, 2025, 2024, 2025], "activity": [11.4, 11.9, 6.2, 5.4],
            "kind": ["bamboo", "bamboo", "orchard", "orchard"],
            "biomass_t_per_ha": [68.48, 68.48, 35.21, 35.21], "carbon_share": 0.5,
        }
    )  # fmt: skip
    found = KERNELS["area_increment"](frame, [2024, 2025]).sort("_row")
    assert found["_row"].to_list() == [1, 3]  # 2024 has no year before it
    assert found["gas_t"].to_list() == [pytest.approx(-62.773333, abs=1e-5), pytest.approx(51.641333, abs=1e-5)]


def test_refrigerant_that_was_topped_up_is_what_leaked_and_scrap_adds_what_was_not_recovered():
    # 520 kg topped up + (900 − 640) kg = 0.78 t; without record 18,600 kg × 3.5 % + 260 kg = 0.911 t.
    scrap = {"retired_kg": 900.0, "recovered_kg": 640.0}
    assert gas_t("refrigerant_leak", activity=18_600.0, topped_up_kg=520.0, **scrap) == [pytest.approx(0.78)]
    assert gas_t("refrigerant_leak", activity=18_600.0, leak_pct=3.5, **scrap) == [pytest.approx(0.911)]


def test_what_was_topped_up_comes_before_a_rate_and_nothing_on_record_was_not_recovered():
    found = gas_t(
        "refrigerant_leak", activity=[1000.0, 1000.0], leak_pct=5.0, topped_up_kg=[20.0, None], retired_kg=[None, 100.0]
    )
    assert found == [pytest.approx(0.02), pytest.approx(0.15)]


@pytest.mark.parametrize(
    ("factor", "waste"),
    [
        ("fod_k_food", "Food waste/Sewage sludge"),
        ("fod_k_garden", "Other (non-food) organic putrescible/Garden and park waste"),
        ("fod_k_paper", "Paper/textiles waste"),
        ("fod_k_wood", "Wood/straw waste"),
        ("fod_k_bulk", "Bulk waste"),
    ],
)
def test_decay_rates_are_those_of_table_3_3_for_the_wet_temperate_zone(
    book: Book, real_data: Path, factor: str, waste: str
):
    table = real_data / "data" / "emission_factors" / "ipcc_waste_k_values_table3_3.csv"
    with table.open(encoding="utf-8", newline="") as opened:
        printed = [
            float(row["Methane Generation Rate (k)"])
            for row in csv.DictReader(opened)
            if row["Type of Waste"] == waste and row["Climate Zone"].startswith("Boreal and temperate")
            and row["Precipitation"].startswith("Wet") and row["Default/Range"] == "Default"
        ]  # fmt: skip
    assert [book.use(factor, 2025).value] == printed
