"""Emission lines: activity, factor, gas in whole grams, worked by hand from the provincial guide's numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting.book import Book, Policy
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.emissions_factors import grams_per
from dafeng.accounting.emissions_problems import LeftOut
from dafeng.accounting.emissions_sources import own_use, split
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.inventory import inventory_tables
from dafeng.accounting.lines import EMISSIONS
from dafeng.catalogue import load_catalogue
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Method
from dafeng.core.errors import BadInput, Problem
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
UNITS = {"electricity": "wan_kwh", "natural_gas": "wan_m3", "heat": "gj", "other": "tce"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return CATALOGUE


def use(sector: str, carrier: str, amount: float, year: int = 2025, **more: Any) -> dict[str, Any]:
    unit = UNITS.get(carrier, "tonne")
    return {"year": year, "sector": sector, "carrier": carrier, "amount": amount, "unit": unit, **more}


def supply(flow: str, carrier: str, amount: float, year: int = 2025) -> dict[str, Any]:
    return {"year": year, "flow": flow, "carrier": carrier, "amount": amount, "unit": UNITS.get(carrier, "tonne")}


def lines(
    catalogue: Catalogue, book: Book | None = None, **registers: list[dict[str, Any]]
) -> tuple[pl.DataFrame, list[Problem]]:
    frames = {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()}
    facts, book = Facts(catalogue, frames), book or Book(catalogue)
    energy, _ = energy_lines(facts, book)
    return emission_lines(energy, facts, book)


def co2(made: pl.DataFrame, **where: Any) -> int:
    """Grams of CO2 of the lines that have these values."""
    held = made.filter(pl.col("gas") == "CO2")
    for name, value in where.items():
        held = held.filter(pl.col(name).is_null() if value is None else pl.col(name) == value)
    return int(held["gas_g"].sum())


def test_one_tonne_of_petrol_is_two_point_nine_two_five_one_tonnes_of_co2(catalogue):
    made, problems = lines(catalogue, energy_consumption=[use("transport", "gasoline", 1)])
    assert problems == []
    assert made.columns == list(EMISSIONS)
    line = made.row(by_predicate=pl.col("gas") == "CO2", named=True)
    # 43.070 GJ/t × 18.9 tC/TJ × 0.98 × 44/12 = 2 925 055.98 g
    assert line["gas_g"] == line["co2e_g"] == 2_925_056
    assert (line["factor"], line["factor_unit"], line["activity"], line["activity_unit"]) == (
        "co2_gasoline", "tCO2/t", 1e6, "g",
    )  # fmt: skip
    assert (line["scope"], line["row"], line["gpc"], line["memo"]) == (1, "en_transport", "II.1.1", None)
    assert (line["register"], line["_record"], line["energy_line"]) == ("energy_consumption", 1, 1)


@pytest.mark.parametrize(
    ("carrier", "printed"),
    [
        ("raw_coal", 1.9003), ("coke", 2.8604), ("fuel_oil", 3.1705), ("gasoline", 2.9251), ("kerosene", 3.0179),
        ("diesel", 3.0959), ("lpg", 3.1013), ("lng", 2.8313),
    ],
)  # fmt: skip
def test_a_tonne_of_each_fuel_gives_the_printed_factor_to_its_last_digit(catalogue, carrier, printed):
    made, _ = lines(catalogue, energy_consumption=[use("industry", carrier, 1)])
    assert round(co2(made) / 1e6, 4) == printed


def test_ten_thousand_cubic_metres_of_gas_are_21_622_tonnes(catalogue):
    made, _ = lines(catalogue, energy_consumption=[use("homes", "natural_gas", 1)])
    assert round(co2(made) / 1e6, 3) == 21.622
    assert co2(made, row="en_homes", gpc="I.1.1") == co2(made)


def test_what_is_used_as_raw_material_is_not_burnt_and_stands_as_a_memo_item(catalogue):
    # A tonne of LPG is 1.7143 tce; 0.51429 tce of it (30 %) is raw material.
    row = use("industry", "lpg", 1, tce=1.7143, as_material_tce=0.51429)
    made, _ = lines(catalogue, energy_consumption=[row])
    whole, _ = lines(catalogue, energy_consumption=[use("industry", "lpg", 1)])
    assert co2(made, row="en_industry") == pytest.approx(0.7 * co2(whole), abs=2)
    assert co2(made, row="memo_material", memo="material", gpc=None) == pytest.approx(0.3 * co2(whole), abs=2)
    assert co2(made) == pytest.approx(co2(whole), abs=2)


def test_petrol_of_any_sector_is_road_transport_in_the_gpc_and_stays_in_its_sector_in_the_inventory(catalogue):
    made, _ = lines(catalogue, energy_consumption=[use("services", "gasoline", 10), use("services", "diesel", 10)])
    assert co2(made, row="en_services", gpc="II.1.1", carrier="gasoline") == 29_250_560
    assert co2(made, row="en_services", gpc="I.2.1", carrier="diesel") > 0


def test_bought_electricity_and_heat_are_scope_2_with_the_factors_the_district_chose(catalogue):
    made, problems = lines(
        catalogue, energy_consumption=[use("trade", "electricity", 100), use("industry", "heat", 1000)]
    )
    assert problems == []
    # 1 000 000 kWh × 0.5737 kg; 1000 GJ × 0.11 t
    assert co2(made, scope=2, row="indirect_electricity", gpc="I.2.2") == 573_700_000
    assert co2(made, scope=2, row="indirect_heat", gpc="I.3.2") == 110_000_000
    assert co2(made, scope=1) == 0


def test_each_year_takes_the_grid_factor_in_force_unless_factors_are_held_constant(catalogue):
    rows = [use("trade", "electricity", 100, year) for year in (2022, 2025)]
    made, _ = lines(catalogue, energy_consumption=rows)
    assert [co2(made, year=year) for year in (2022, 2025)] == [584_900_000, 573_700_000]
    constant, _ = lines(catalogue, Book(catalogue, constant_year=2022), energy_consumption=rows)
    assert [co2(constant, year=year) for year in (2022, 2025)] == [584_900_000, 584_900_000]


def test_power_from_own_roofs_is_not_bought_and_its_parts_by_sector_sum_to_the_watt_hour(catalogue):
    uses = [use("homes", "electricity", 100), use("trade", "electricity", 50)]
    made, _ = lines(catalogue, energy_consumption=uses, energy_supply=[supply("primary", "electricity", 10)])
    # (150 − 10) 万kWh × 0.5737 kg/kWh = 803.18 t
    assert co2(made, scope=2, memo=None) == 803_180_000
    own = made.filter(pl.col("method") == "electricity_own")
    assert own["activity"].to_list() == [-66_666_667.0, -33_333_333.0]
    assert own["register"].unique().to_list() == ["energy_supply"]


def test_what_a_roof_sends_out_of_the_district_is_not_taken_off_what_was_bought(catalogue):
    made, _ = lines(
        catalogue,
        energy_consumption=[use("homes", "electricity", 100)],
        energy_supply=[supply("primary", "electricity", 10), supply("to_outside", "electricity", 10)],
    )
    assert co2(made, scope=2, memo=None) == 573_700_000
    assert co2(made, row="memo_power_out", memo="power") == 57_370_000


def test_more_own_power_than_use_makes_nothing_bought_but_never_less_than_nothing(catalogue):
    made, _ = lines(
        catalogue,
        energy_consumption=[use("homes", "electricity", 3), use("trade", "electricity", 4)],
        energy_supply=[supply("primary", "electricity", 10)],
    )
    assert co2(made, scope=2, memo=None) == 0


def test_power_made_of_gas_in_the_district_is_counted_once_as_the_gas_burnt(catalogue):
    made, _ = lines(
        catalogue,
        energy_consumption=[use("industry", "electricity", 100)],
        energy_supply=[supply("into_power", "natural_gas", 10), supply("out_power", "electricity", 40)],
    )
    assert co2(made, scope=2, memo=None) == 60 * 5_737_000
    assert round(co2(made, row="en_conversion", gpc="I.4.4") / 1e6, 2) == 216.22


def test_power_from_outside_and_grid_losses_are_memo_items_in_no_total(catalogue):
    made, _ = lines(
        catalogue,
        energy_consumption=[use("homes", "electricity", 95)],
        energy_supply=[supply("from_outside", "electricity", 100), supply("loss", "electricity", 5)],
    )
    assert co2(made, row="memo_power_in", memo="power", gpc=None) == 573_700_000
    assert co2(made, row="memo_losses", memo="losses", gpc="I.6.3", scope=3) == 28_685_000
    assert co2(made, memo=None) == 95 * 5_737_000


def test_a_carbon_market_factor_in_an_inventory_is_refused(catalogue):
    book = Book(catalogue, Policy(electricity="grid_shanghai_ets"))
    with pytest.raises(BadInput) as caught:
        lines(catalogue, book, energy_consumption=[use("homes", "electricity", 1)])
    assert caught.value.problems[0].code == "account.purposes-meet"


def test_the_warming_potentials_of_the_chosen_set_are_really_applied(catalogue):
    rows = [use("industry", "natural_gas", 10_000)]
    found = {}
    for name in ("sar", "ar4", "ar5", "ar6"):
        made, _ = lines(catalogue, Book(catalogue, Policy(gwp=name)), energy_consumption=rows)
        found[name] = {gas: (g, c) for gas, g, c in made.select("gas", "gas_g", "co2e_g").iter_rows()}
    # The mass does not depend on the set. Gas burnt is of fossil carbon: 29.8 in the newest set.
    assert len({found[name]["CH4"][0] for name in found}) == 1
    for name, ch4, n2o in (("sar", 21, 310), ("ar4", 25, 298), ("ar5", 28, 265), ("ar6", 29.8, 273)):
        assert found[name]["CH4"][1] == pytest.approx(ch4 * found[name]["CH4"][0], abs=1)
        assert found[name]["N2O"][1] == pytest.approx(n2o * found[name]["N2O"][0], abs=1)


def test_methane_of_biomass_is_of_the_living_world_and_its_co2_a_memo_item(catalogue):
    book = Book(catalogue, Policy(gwp="ar6"))
    made, problems = lines(catalogue, book, energy_consumption=[use("industry", "biomass", 1000)])
    assert problems == []
    assert made.filter(pl.col("gas") == "CH4")["gwp"].to_list() == [27.0]
    assert made.filter(pl.col("gas") == "CH4")["row"].to_list() == ["en_biomass"]
    # 1000 t × 15.6 GJ/t × 112 tCO2/TJ = 1747.2 t
    assert co2(made, row="memo_biomass", memo="biomass") == 1_747_200_000
    assert co2(made, memo=None) == 0


def test_methane_of_burning_is_heat_times_the_factor_of_the_use(catalogue):
    # 1 kgCH4/TJ of gas in industry × 1000 tce × 29.3076 GJ = 29 307.6 g
    made, _ = lines(catalogue, energy_consumption=[use("industry", "natural_gas", 1000 / 12.9971)])
    line = made.row(by_predicate=pl.col("gas") == "CH4", named=True)
    assert line["factor"] == "ch4_natural_gas_industry"
    assert line["gas_g"] == pytest.approx(29_307.6, abs=1)
    assert line["co2e_g"] == round(line["gas_g"] * 28)


def test_a_carrier_without_a_factor_is_a_problem_that_names_record_and_rows_and_the_rest_is_accounted(catalogue):
    made, problems = lines(catalogue, energy_consumption=[use("trade", "other", 5), use("homes", "natural_gas", 1)])
    assert co2(made, row="en_homes") > 0
    assert made.filter(pl.col("carrier") == "other").is_empty()
    (problem,) = problems
    assert isinstance(problem, LeftOut)
    assert problem.code == "account.left-out"
    assert (problem.place.item, problem.place.row) == ("energy_consumption", 1)
    assert "co2_other" in problem.rule.zh
    assert problem.cells == (("district", "", "en_trade", "CO2"),)
    assert problem.refs == (("district", "", "I.2.1", "CO2"),)
    tables = inventory_tables(made, catalogue, 2025, problems=problems)
    for table, row in (("inventory", "en_trade"), ("inventory", "total"), ("gpc", "I.2.1"), ("gpc", "basic")):
        reason = tables[table].row(row).cells["co2"].reason
        assert reason is not None
        assert "co2_other" in reason.zh


def test_places_stand_beside_the_district_with_the_same_methods(catalogue):
    part = {"level": "zone", "place": "北片", **use("homes", "natural_gas", 4)}
    made, _ = lines(catalogue, energy_consumption=[use("homes", "natural_gas", 10)], energy_by_place=[part])
    assert co2(made, level="district") * 4 == pytest.approx(co2(made, level="zone", place="北片") * 10, abs=10)
    assert made["line"].to_list() == list(range(1, made.height + 1))


def test_only_the_years_asked_for_have_lines(catalogue):
    rows = [use("homes", "natural_gas", 1, year) for year in (2023, 2024, 2025)]
    frames = {"energy_consumption": frame_of_rows(catalogue.registers["energy_consumption"], rows)}
    facts, book = Facts(catalogue, frames), Book(catalogue)
    energy, _ = energy_lines(facts, book)
    made, _ = emission_lines(energy, facts, book, [2024])
    assert made["year"].unique().to_list() == [2024]


def method(**changes: Any) -> Method:
    given = {
        "id": "tried", "name": {"zh": "试", "en": "tried"}, "from": "energy", "value": "amount", "unit": "L",
        "where": "unit == 'L'", "u_activity_pct": 5, "source": {"text": {"zh": "手算", "en": "by hand"}},
        "emits": [{"gas": "CO2", "factor": "co2_natural_gas", "row": "en_homes"}],
    }  # fmt: skip
    return Method.model_validate(given | changes)


def tried(catalogue: Catalogue, one: Method) -> tuple[pl.DataFrame, list[Problem]]:
    alone = replace(catalogue, methods={"tried": one})
    return lines(alone, energy_consumption=[use("homes", "natural_gas", 1)])


def test_a_method_without_a_flow_is_about_final_consumption(catalogue):
    alone = replace(catalogue, methods={"tried": method()})
    made, _ = lines(
        alone,
        energy_consumption=[use("homes", "natural_gas", 1)],
        energy_supply=[supply("from_outside", "natural_gas", 100)],
    )
    assert round(co2(made) / 1e6, 3) == 21.622


def test_a_row_that_the_inventory_lacks_is_a_problem_and_not_a_lost_tonne(catalogue):
    made, problems = tried(catalogue, method(emits=[{"gas": "CO2", "factor": "co2_natural_gas", "row": "nowhere"}]))
    assert made.is_empty()
    assert [problem.code for problem in problems] == ["account.no-row"]


def test_a_memo_item_posted_to_a_row_that_counts_is_refused_since_totals_would_take_it(catalogue):
    emits = [{"gas": "CO2", "factor": "co2_natural_gas", "row": "en_homes", "memo": "sink"}]
    made, problems = tried(catalogue, method(emits=emits))
    assert made.is_empty()
    assert [problem.code for problem in problems] == ["account.no-row"]


def test_a_factor_whose_unit_does_not_fit_the_activity_is_a_problem(catalogue):
    made, problems = tried(catalogue, method(unit="GJ"))
    assert made.is_empty()
    assert [problem.code for problem in problems] == ["account.left-out"]
    assert "tCO2/万m3" in problems[0].rule.zh


def test_an_activity_that_cannot_be_told_is_a_problem_that_names_the_method(catalogue):
    alone = replace(catalogue, methods={"tried": method(value="amount / gce_material")})
    rows = [use("homes", "natural_gas", 1, year) for year in (2024, 2025)]
    made, problems = lines(alone, energy_consumption=rows)
    assert made.is_empty()
    assert [(problem.code, problem.year) for problem in problems if isinstance(problem, LeftOut)] == [
        ("account.no-activity", 2024),
        ("account.no-activity", 2025),
    ]
    reason = inventory_tables(made, catalogue, 2025, problems=problems)["inventory"].row("en_homes").cells["co2"].reason
    assert reason is not None
    assert "缺活动水平" in reason.zh


def test_a_kernel_that_does_not_exist_is_refused_by_its_name(catalogue):
    with pytest.raises(BadInput) as caught:
        tried(catalogue, method(kernel="alchemy"))
    assert caught.value.problems[0].code == "account.no-kernel"


def test_a_method_with_neither_factor_nor_kernel_is_refused(catalogue):
    with pytest.raises(BadInput) as caught:
        tried(catalogue, method(emits=[{"gas": "CO2", "row": "en_homes"}]))
    assert caught.value.problems[0].code == "account.no-kernel"


@pytest.mark.parametrize(("part", "text"), [("where", "nothing == 1"), ("value", "nothing * 2")])
def test_an_expression_over_a_column_that_is_not_there_is_refused_by_method_and_field(catalogue, part, text):
    with pytest.raises(BadInput) as caught:
        tried(catalogue, method(**{part: text}))
    assert caught.value.problems[0].code == "account.method-failed"
    assert (caught.value.problems[0].place.item, caught.value.problems[0].place.field) == ("tried", part)


def test_conversions_are_those_of_the_units_and_only_co2_may_come_of_a_factor_in_co2(catalogue):
    units = catalogue.unit_table
    assert grams_per(units, "Wh", "kgCO2/kWh", True) == pytest.approx(1)
    assert grams_per(units, "L", "tCO2/万m3", True) == pytest.approx(0.1)
    assert grams_per(units, "gce", "kgCH4/TJ", False) == pytest.approx(29.3076e-6)
    assert grams_per(units, "kJ", "tCO2/GJ", True) == pytest.approx(1)
    assert grams_per(units, "t", "tCO2/t", False) is None
    assert grams_per(units, "t", "kgCO2/kWh", True) is None


def test_a_status_is_as_weak_as_factor_and_warming_potential(catalogue):
    made, _ = lines(catalogue, energy_consumption=[use("industry", "natural_gas", 1)])
    found = dict(made.select("gas", "status").iter_rows())
    assert found["CO2"] == "official"
    # IPCC factors are second-hand, and the warming potential of CH4 is remembered.
    assert found["CH4"] == "remembered"


@given(st.integers(0, 10**15), st.lists(st.integers(1, 10**12), min_size=1, max_size=40))
def test_a_whole_split_by_weights_is_its_parts_and_none_is_off_by_more_than_one(whole, weights):
    parts = split(whole, weights)
    assert sum(parts) == whole
    assert all(
        abs(part - whole * weight / sum(weights)) <= 1 + 1e-3 for part, weight in zip(parts, weights, strict=True)
    )


def test_heat_recovered_in_the_district_is_not_bought_either(catalogue):
    frames = {
        name: frame_of_rows(catalogue.registers[name], rows)
        for name, rows in {
            "energy_consumption": [use("industry", "heat", 100)], "energy_supply": [supply("recovered", "heat", 30)],
        }.items()
    }  # fmt: skip
    energy, _ = energy_lines(Facts(catalogue, frames), Book(catalogue))
    assert own_use(energy)["amount"].to_list() == [-30_000_000]


SECTORS = st.sampled_from(["agriculture", "industry", "construction", "transport", "trade", "services", "homes"])
USES = st.lists(
    st.tuples(SECTORS, st.sampled_from(["electricity", "natural_gas", "gasoline", "diesel", "heat", "lpg"]),
              st.floats(0, 1e5, allow_nan=False).map(lambda x: round(x, 3))),
    max_size=12, unique_by=lambda use: use[:2],
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(USES, st.floats(0, 1e5).map(lambda x: round(x, 3)))
def test_whatever_is_used_the_gpc_and_the_inventory_have_the_same_grams_and_nothing_is_counted_twice(uses, roofs):
    given_rows = {"energy_consumption": [use(*row) for row in uses]}
    if roofs:
        given_rows["energy_supply"] = [supply("primary", "electricity", roofs)]
    made, problems = lines(CATALOGUE, **given_rows)
    assert problems == []
    counted = made.filter(pl.col("memo").is_null())
    by_gpc = made.filter(pl.col("gpc").is_not_null())
    assert counted["co2e_g"].sum() == by_gpc["co2e_g"].sum()
    bought = counted.filter(pl.col("scope") == 2).group_by("carrier").agg(pl.col("co2e_g").sum())
    assert bought["co2e_g"].min() is None or bought["co2e_g"].min() >= -7
    electricity = sum(amount for _, carrier, amount in uses if carrier == "electricity")
    by_hand = max(electricity - roofs, 0) * 5_737_000
    assert co2(made, carrier="electricity", scope=2) == pytest.approx(by_hand, abs=14)


@settings(max_examples=25, deadline=None)
@given(USES)
def test_the_vectorised_lines_are_those_of_a_plain_loop_over_records(uses):
    made, _ = lines(CATALOGUE, energy_consumption=[use(*row) for row in uses])
    book = Book(CATALOGUE)
    per = {"natural_gas": "co2_natural_gas", "electricity": "grid_shanghai_inventory", "heat": "heat_nation"}
    # Tonnes of CO2 per unit of the register: a grid factor is per MWh, and 10⁴ kWh are ten of them.
    times = {"electricity": 10}
    expected = {
        record: amount * times.get(carrier, 1) * book.use(per.get(carrier, f"co2_{carrier}"), 2025).value * 1e6
        for record, (_, carrier, amount) in enumerate(uses, start=1)
    }
    found = dict(made.filter(pl.col("gas") == "CO2").select("_record", "gas_g").iter_rows())
    assert found.keys() == expected.keys()
    assert all(abs(found[record] - expected[record]) <= 1 + 1e-12 * expected[record] for record in expected)
