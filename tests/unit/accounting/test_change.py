"""Why CO2 and energy changed: every effect by hand from the few records that make it."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting.book import Book
from dafeng.accounting.change import OF, Effects, change, effects, largest_remainder
from dafeng.accounting.dual_control import co2_totals, energy_totals
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.lines import ENERGY, of_schema
from dafeng.accounting.tables import Table
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput, Problem
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
BOOK = Book(CATALOGUE)
GRID = {year: BOOK.use("grid_shanghai_inventory", year).value for year in (2020, 2025)}
GAS = BOOK.use("co2_natural_gas", 2025).value  # t/万m3


def facts(**registers: list[dict]) -> Facts:
    return Facts(CATALOGUE, {name: frame_of_rows(CATALOGUE.registers[name], rows) for name, rows in registers.items()})


def use(year: int, sector: str, carrier: str, amount: float, **more) -> dict:
    unit = {"electricity": "wan_kwh", "natural_gas": "wan_m3", "heat": "gj"}.get(carrier, "tonne")
    return {"year": year, "sector": sector, "carrier": carrier, "amount": amount, "unit": unit, **more}


def totals(year: int, gdp: float | None, residents: float | None = None) -> dict:
    return {"year": year, "gdp_constant": gdp, "price_base": 2020, "residents": residents}


def added(year: int, sector: str, value: float) -> dict:
    return {"year": year, "sector": sector, "value_added": value, "price_base": 2020}


def lines(held: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    energy, _ = energy_lines(held, BOOK)
    return energy, emission_lines(energy, held, BOOK)[0]


def taken_apart(held: Facts, quantity: str = "co2", years: tuple[int, ...] = (2020, 2025)) -> Effects:
    return effects(quantity, *lines(held), held, years)[0]


def tables(held: Facts, **more) -> tuple[dict[str, Table], list[Problem]]:
    return change(*lines(held), held, BOOK, 2020, 2025, **more)


def mean(a: float, b: float) -> float:
    return (a - b) / math.log(a / b)


GROWN = {
    "energy_consumption": [use(2020, "services", "electricity", 1000), use(2025, "services", "electricity", 1331)],
    "yearly_totals": [totals(2020, 100), totals(2025, 121)],
    "gdp_by_sector": [added(2020, "services", 50), added(2025, "services", 66.55)],
}


def test_activity_structure_intensity_and_the_grid_each_take_the_logarithm_of_their_own_ratio():
    made = taken_apart(facts(**GROWN))
    before, after = 1000e4 * GRID[2020] * 1000, 1331e4 * GRID[2025] * 1000
    weight = mean(after, before)
    assert GRID[2020] != GRID[2025]
    # Output 1.21; the sector's share of it 0.5 → 0.55; use per value added 20 → 20: 1.331/(1.21 × 1.1) = 1.
    assert made.total("activity_output") == pytest.approx(weight * math.log(1.21), rel=1e-9)
    assert made.total("structure") == pytest.approx(weight * math.log(1.1), rel=1e-9)
    assert made.total("intensity") == pytest.approx(0, abs=1e-3)
    assert made.total("grid_factor") == pytest.approx(weight * math.log(GRID[2025] / GRID[2020]), rel=1e-9)
    assert sum(made.additive.values()) == pytest.approx(after - before, rel=1e-9)


def test_each_ratio_is_the_ratio_of_its_factor_when_there_is_one_cell():
    made = taken_apart(facts(**GROWN))
    assert made.ratio("activity_output") == pytest.approx(1.21, rel=1e-12)
    assert made.ratio("structure") == pytest.approx(1.1, rel=1e-12)
    assert made.ratio("grid_factor") == pytest.approx(GRID[2025] / GRID[2020], rel=1e-12)


def test_homes_are_driven_by_residents_and_have_no_structure():
    held = facts(
        energy_consumption=[use(2020, "homes", "natural_gas", 100), use(2025, "homes", "natural_gas", 100)],
        yearly_totals=[totals(2020, 100, 90), totals(2025, 200, 99)],
    )
    made = taken_apart(held)
    value = 100 * GAS * 1e6
    # The same gas for a tenth more people: + ln 1.1 by people, − ln 1.1 by use per head; the doubled output is nothing.
    assert made.total("activity_residents") == pytest.approx(value * math.log(1.1), rel=1e-8)
    assert made.total("intensity") == pytest.approx(-value * math.log(1.1), rel=1e-8)
    assert made.total("activity_output") == 0
    cell = tables(held)[0]["change_co2"].row("structure").cells["homes"]
    assert cell.key == "NO"


def test_a_hot_summer_is_weather_and_not_intensity():
    held = facts(
        energy_consumption=[use(2020, "homes", "electricity", 1000), use(2025, "homes", "electricity", 1100)],
        yearly_totals=[totals(2020, 100, 90), totals(2025, 100, 90)],
        degree_days=[
            {"year": 2020, "hdd18": 1500, "cdd26": 200, "hdd_normal": 1500, "cdd_normal": 200},
            {"year": 2025, "hdd18": 1500, "cdd26": 300, "hdd_normal": 1500, "cdd_normal": 200},
        ],
        weather_shares=[
            {"sector": "homes", "carrier": "electricity", "heating_share": 10, "cooling_share": 20, "basis": "x"}
        ],
    )
    made = taken_apart(held)
    # W = 1 + 0.2 × (300/200 − 1) = 1.1 explains the whole tenth.
    assert made.ratio("weather") == pytest.approx(1.1, rel=1e-12)
    assert made.ratio("intensity") == pytest.approx(1.0, rel=1e-12)


def test_without_degree_days_weather_is_left_out_and_said_so_and_never_zero():
    made, problems = tables(facts(**GROWN))
    for code, column in (("weather", "co2"), ("weather", "energy_ratio")):
        cell = made["change"].row(code).cells[column]
        assert cell.value is None
        assert cell.key == "NE"
        assert cell.reason is not None
        assert "degree_days" in cell.reason.en
    assert [problem.code for problem in problems] == ["account.no-weather"]
    assert any("degree_days" in note.en for note in made["change"].notes)


def test_without_value_added_structure_is_left_out_and_stays_in_the_intensity():
    rows = {name: held for name, held in GROWN.items() if name != "gdp_by_sector"}
    made = taken_apart(facts(**rows))
    assert made.ratio("activity_output") == pytest.approx(1.21, rel=1e-12)
    assert made.ratio("intensity") == pytest.approx(1.1, rel=1e-12)
    found, problems = tables(facts(**rows))
    assert found["change"].row("structure").cells["co2"].key == "NE"
    assert "account.effect-left-out" in {problem.code for problem in problems}


def test_without_output_the_rest_is_still_taken_apart():
    rows = GROWN | {"yearly_totals": [totals(2020, None), totals(2025, None)]}
    made, problems = tables(facts(**rows))
    assert made["change"].row("activity_output").cells["co2"].key == "NE"
    assert made["change"].row("intensity").cells["co2_ratio"].value == pytest.approx(1.331, rel=1e-9)
    assert made["change"].row("grid_factor").cells["co2_ratio"].value == pytest.approx(GRID[2025] / GRID[2020])
    assert "account.no-output" in {problem.code for problem in problems}


def test_a_carrier_that_was_not_there_before_is_a_change_of_mix():
    held = facts(
        energy_consumption=[
            use(2020, "services", "electricity", 1000),
            use(2025, "services", "electricity", 1000),
            use(2025, "services", "natural_gas", 50),
        ],
        yearly_totals=[totals(2020, 100), totals(2025, 100)],
        gdp_by_sector=[added(2020, "services", 50), added(2025, "services", 50)],
    )
    made = taken_apart(held)
    gas = 50 * GAS * 1e6
    # The new cell is mix alone; electricity: its share fell to s, use per output rose to 1/s: both cancel.
    power = mean(1000e4 * GRID[2020] * 1000, 1000e4 * GRID[2025] * 1000)
    own = {name: BOOK.use(f"ce_{name}", 2025).value * 10 for name in ("electricity", "natural_gas")}  # tce per 10⁴
    s = 1000 * own["electricity"] / (1000 * own["electricity"] + 50 * own["natural_gas"])
    assert made.total("intensity") == pytest.approx(-power * math.log(s), rel=1e-6)
    assert made.total("mix") == pytest.approx(gas + power * math.log(s), rel=1e-6)
    assert made.total("fuel_factor") == 0


def test_power_made_on_the_spot_is_an_effect_of_its_own():
    held = facts(
        energy_consumption=[use(2020, "services", "electricity", 1000), use(2025, "services", "electricity", 1000)],
        energy_supply=[
            {"year": 2025, "flow": "primary", "carrier": "electricity", "amount": 100, "unit": "wan_kwh"},
            {"year": 2025, "flow": "from_outside", "carrier": "electricity", "amount": 900, "unit": "wan_kwh"},
        ],
        yearly_totals=[totals(2020, 100), totals(2025, 100)],
        gdp_by_sector=[added(2020, "services", 50), added(2025, "services", 50)],
    )
    made = taken_apart(held)
    assert made.ratio("own_supply") == pytest.approx(0.9, rel=1e-9)
    assert made.ratio("grid_factor") == pytest.approx(GRID[2025] / GRID[2020], rel=1e-9)
    # In energy nothing changed: it is consumed all the same.
    energy = taken_apart(held, "energy")
    assert sum(energy.additive.values()) == pytest.approx(0, abs=1)


def test_fuel_that_becomes_raw_material_is_an_effect_of_its_own():
    held = facts(
        energy_consumption=[
            use(2020, "industry", "natural_gas", 100),
            use(2025, "industry", "natural_gas", 100, tce=1330, as_material_tce=665),
        ],
        yearly_totals=[totals(2020, 100), totals(2025, 100)],
        gdp_by_sector=[added(2020, "industry", 50), added(2025, "industry", 50)],
    )
    made = taken_apart(held)
    ratio = made.ratio("raw_material")
    assert ratio == pytest.approx(1 - 665 / (100 * 10 * BOOK.use("ce_natural_gas", 2025).value), rel=1e-6)
    assert made.ratio("fuel_factor") == pytest.approx(1, rel=1e-9)


def test_a_new_coal_equivalent_is_neither_intensity_nor_mix():
    rows = [
        {"level": "district", "place": "", "year": year, "flow": "final", "sector": "trade", "carrier": "electricity",
         "unit": "Wh", "amount": 1000, "gce_calorific": 123, "gce_equal": equal}
        for year, equal in ((2020, 300), (2025, 270))
    ]  # fmt: skip
    energy = of_schema(pl.DataFrame(rows), ENERGY)
    held = facts(yearly_totals=[totals(2020, 100), totals(2025, 100)])
    _, emissions = lines(facts(**GROWN))
    made, _ = effects("energy", energy, emissions.clear(), held, (2020, 2025))
    assert made.total("coefficient") == pytest.approx(-30, rel=1e-12)
    assert made.total("intensity") == pytest.approx(0, abs=1e-9)


MIXED = GROWN | {
    "energy_consumption": [
        use(year, sector, carrier, amount * (1 if year == 2020 else growth))
        for year in (2020, 2022, 2025)
        for sector, carrier, amount, growth in (
            ("services", "electricity", 1234, 1.7), ("services", "natural_gas", 77, 0.4),
            ("industry", "diesel", 912, 1.11), ("industry", "electricity", 600, 0.9),
            ("homes", "natural_gas", 313, 1.3), ("homes", "electricity", 999, 1.9),
        )
    ],
    "yearly_totals": [totals(2020, 100, 50), totals(2022, 111, 51), totals(2025, 123, 49)],
    "gdp_by_sector": [
        added(year, sector, value * (1 + (year - 2020) / 30))
        for year in (2020, 2022, 2025) for sector, value in (("services", 60), ("industry", 40))
    ],
}  # fmt: skip


def test_a_chain_of_years_is_the_sum_of_its_steps():
    held = facts(**MIXED)
    steps = [taken_apart(held, years=pair) for pair in ((2020, 2022), (2022, 2025))]
    whole = taken_apart(held, years=(2020, 2022, 2025))
    for effect in OF["co2"]:
        assert whole.total(effect) == pytest.approx(sum(step.total(effect) for step in steps), rel=1e-9, abs=1e-3)
    made, _ = tables(held, chained_yearly=True)
    assert made["change"].row("activity_output").cells["co2"].value == pytest.approx(
        whole.total("activity_output"), abs=2e6
    )


@pytest.mark.parametrize("yearly", [False, True])
@pytest.mark.parametrize("name", ["change_co2", "change_energy"])
def test_printed_tonnes_add_up_over_effects_and_over_sectors(name: str, yearly: bool):
    table = tables(facts(**MIXED), chained_yearly=yearly)[0][name]
    shown = {
        row.code: {column.id: table.shown(row, column) or 0 for column in table.columns} for row in table.rows
    }  # fmt: skip
    for column in table.columns:
        parts = [shown[row.code][column.id] for row in table.rows if row.parent == "change"]
        assert all(part == round(part) for part in parts)
        assert sum(parts) == shown["change"][column.id]
        assert shown["start"][column.id] + sum(parts) == shown["end"][column.id]
    for row in shown.values():
        assert sum(value for column, value in row.items() if column != "total") == row["total"]
    main = tables(facts(**MIXED), chained_yearly=yearly)[0]["change"]
    quantity = name.removeprefix("change_")
    for effect in OF[quantity]:
        assert (main.row(effect).cells[quantity].value or 0) == (table.row(effect).cells["total"].value or 0)
    assert round((main.row("start").cells[quantity].value or 0) / 1e6) == shown["start"]["total"]


def test_a_year_without_statistics_and_years_the_wrong_way_round_are_refused_together():
    held = facts(**GROWN)
    with pytest.raises(BadInput) as caught:
        change(*lines(held), held, BOOK, 2025, 2019)
    assert [problem.code for problem in caught.value.problems] == ["account.change-year", "account.change-order"]


@pytest.mark.parametrize(
    ("values", "total", "expected"),
    [
        ([1.5, 1.4, 1.1], 4, [2, 1, 1]),
        ([-0.5, 0.7, 0.8], 1, [-1, 1, 1]),
        ([0.0, 2.4, 2.4], 5, [0, 3, 2]),
        ([0.0, 2.6, 2.6], 4, [0, 2, 2]),
        ([0.0, 0.0], 1, [1, 0]),
    ],
)
def test_remainders_go_to_the_largest_fractions(values: list[float], total: int, expected: list[int]):
    assert largest_remainder(values, total) == expected


def test_an_effect_says_what_its_factor_was_and_became():
    cells = {row.code: row.cells for row in tables(facts(**GROWN))[0]["change_co2"].rows}
    said = {code: cells[code]["services"].formula or "" for code in ("activity_output", "structure", "intensity")}
    assert said["activity_output"].endswith("x: 100 → 121 亿CNY")
    assert said["structure"].endswith("x: 50 → 55 %")
    # 1 000 × 10⁴ kWh × 1.229 tce per 10⁴ kWh over 50 亿CNY = 1 229 tce over 500 000 万CNY.
    assert said["intensity"].endswith("x: 0.002458 → 0.002458 tce/万CNY")


def test_what_a_sector_does_not_have_is_marked_and_not_a_zero():
    cells = {row.code: row.cells for row in tables(facts(**MIXED))[0]["change_co2"].rows}
    for code, sector in (("activity_output", "homes"), ("activity_residents", "services"), ("heat_factor", "industry")):
        assert (cells[code][sector].key, cells[code][sector].value) == ("NO", None)


def test_what_is_no_product_stands_as_its_plain_difference():
    # Conversion that gives more than it takes is below zero: nothing that a logarithm could hold.
    rows = [
        {"level": "district", "place": "", "year": year, "flow": flow, "sector": sector, "carrier": "electricity",
         "unit": "Wh", "amount": amount, "gce_calorific": amount, "gce_equal": amount}
        for year, flow, sector, amount in (
            (2020, "final", "trade", 1000), (2025, "final", "trade", 1000),
            (2020, "out_power", None, 300), (2025, "out_power", None, 250), (2025, "loss", None, -20),
        )
    ]  # fmt: skip
    held = facts(yearly_totals=[totals(2020, 100), totals(2025, 100)])
    _, emissions = lines(facts(**GROWN))
    made, _ = effects("energy", of_schema(pl.DataFrame(rows), ENERGY), emissions.clear(), held, (2020, 2025))
    # −300 before; −250 + 20 after.
    assert made.additive["rest", "conversion"] == 70
    assert sum(made.additive.values()) == pytest.approx(70, abs=1e-9)


amounts = st.one_of(st.just(0.0), st.floats(0.001, 1e6))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(amounts, amounts, amounts), min_size=6, max_size=6),
    st.lists(st.floats(0.5, 2.0), min_size=6, max_size=6),
)
def test_no_books_however_full_of_zeros_leave_a_residual(uses: list[tuple[float, float, float]], grown: list[float]):
    pairs = [(s, c) for s in ("services", "homes") for c in ("electricity", "natural_gas", "diesel")]
    rows = [
        use(year, *pair, amount)
        for pair, held in zip(pairs, uses, strict=True)
        for year, amount in zip((2020, 2022, 2025), held, strict=True)
    ]
    given_facts = facts(
        energy_consumption=rows,
        yearly_totals=[totals(y, 100 * grown[n], 50 * grown[n + 3]) for n, y in enumerate((2020, 2022, 2025))],
        gdp_by_sector=[added(y, "services", 60 * grown[n]) for n, y in enumerate((2020, 2022, 2025))],
    )
    for quantity in ("co2", "energy"):
        for years in ((2020, 2025), (2020, 2022, 2025)):
            made = taken_apart(given_facts, quantity, years)
            first, last = sum(made.start.values()), sum(made.end.values())
            largest = max(sum(held[year] for held in made.chain.totals.values()) for year in years)
            assert math.fsum(made.additive.values()) == pytest.approx(last - first, abs=1e-9 * max(largest, 1))


def test_what_is_taken_apart_is_what_dual_control_counts():
    held = facts(
        **MIXED,
        energy_supply=[
            {"year": 2025, "flow": "loss", "carrier": "electricity", "amount": 40, "unit": "wan_kwh"},
            {"year": 2025, "flow": "into_power", "carrier": "natural_gas", "amount": 30, "unit": "wan_m3"},
            {"year": 2025, "flow": "out_power", "carrier": "electricity", "amount": 150, "unit": "wan_kwh"},
        ],
    )
    energy, emissions = lines(held)
    counted = {"energy": energy_totals(energy), "co2": co2_totals(emissions)}
    for quantity, totals_of in counted.items():
        made = taken_apart(held, quantity)
        assert sum(made.start.values()) / 1e10 == pytest.approx(totals_of[2020], rel=1e-12)
        assert sum(made.end.values()) / 1e10 == pytest.approx(totals_of[2025], rel=1e-12)
        assert sum(made.additive.values()) == pytest.approx(sum(made.end.values()) - sum(made.start.values()), rel=1e-9)
