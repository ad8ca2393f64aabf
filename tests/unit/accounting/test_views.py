"""Views of the account: buildings, public bodies, key units and vehicles, from hand-worked registers."""

from __future__ import annotations

from typing import Any

import pytest

from dafeng.accounting.account import picked
from dafeng.accounting.book import Book
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.kernels import vehicle_energy
from dafeng.accounting.tables import Table
from dafeng.accounting.views import buildings_table, key_units_table, public_bodies_table, road_table
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

YEAR = 2025
UNIT = "91310000YT00000016"


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


class Held:
    """The account of a few rows, made once."""

    def __init__(self, catalogue: Any, **registers: list[dict[str, Any]]):
        held = {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()}
        self.facts, self.book = Facts(catalogue, held), Book(catalogue)
        self.energy, _ = energy_lines(self.facts, self.book)
        self.emissions, _ = emission_lines(self.energy, self.facts, self.book)

    def table(self, make: Any) -> Table:
        table = make(self.facts, self.energy, self.emissions, self.book, YEAR)
        assert_filled(table)
        return table


def assert_filled(table: Table) -> None:
    for row in table.rows:
        assert set(row.cells) == {column.id for column in table.columns}, row.code
        for name, cell in row.cells.items():
            assert cell.value is not None or (cell.key and cell.reason), (row.code, name)


def shown(table: Table, row: str, column: str) -> float | None:
    return table.shown(table.row(row), next(one for one in table.columns if one.id == column))


def building(code: str, use: str = "office", **more: Any) -> dict[str, Any]:
    row = {"code": code, "name": f"{code}楼", "category": "public", "use": use, "floor_area_m2": 10_000}
    return row | {"stage": "in_use", "completed": "2010-05-01", "subdistrict": "汀湾镇"} | more


def used(code: str, electricity_kwh: float | None, **more: Any) -> dict[str, Any]:
    return {"building": code, "year": YEAR, "floor_area_m2": 10_000, "electricity_kwh": electricity_kwh,
            "total_tce": 300} | more  # fmt: skip


def test_a_building_gives_off_its_gas_and_its_electricity_per_square_metre(catalogue):
    held = Held(catalogue, buildings=[building("A1")], building_energy=[used("A1", 1e6, gas_m3=20_000)])
    table = held.table(buildings_table)
    # 1,000,000 kWh × 0.5737 = 573.7 t; 2 万m3 × 21.622 = 43.24 t; ÷ 10,000 m2 = 61.69 kg/m2.
    assert shown(table, "A1", "co2_electricity") == pytest.approx(573.7)
    assert shown(table, "A1", "co2_direct") == pytest.approx(43.244, abs=0.001)
    assert shown(table, "A1", "co2") == pytest.approx(616.944, abs=0.001)
    assert shown(table, "A1", "co2_per_m2") == pytest.approx(61.6944, abs=1e-4)
    assert shown(table, "A1", "heat") is None


def test_uses_add_up_to_all_buildings_to_the_gram(catalogue):
    buildings = [building("A1"), building("A2"), building("H1", "hotel"), building("X1")]
    energy = [used("A1", 123_457, gas_m3=331), used("A2", 77_777.7), used("H1", 999_999, gas_m3=13_131)]
    table = Held(catalogue, buildings=buildings, building_energy=energy).table(buildings_table)
    cell = {row.code: row.cells["co2"].value for row in table.rows}
    assert cell["use_office"] == cell["A1"] + cell["A2"]  # type: ignore[operator]
    assert cell["operation"] == cell["use_office"] + cell["use_hotel"]  # type: ignore[operator]
    assert shown(table, "uncovered", "area") == 10_000
    assert shown(table, "uncovered", "co2") is None


def test_own_renewables_refrigerants_and_green_space_are_shown_and_not_netted(catalogue):
    held = Held(
        catalogue, buildings=[building("A1")], building_energy=[used("A1", 1e6, renewable_kwh=50_000)],
        refrigerants=[
            {"year": YEAR, "equipment": "chiller", "refrigerant": "r134a", "charge_kg": 900, "topped_up_kg": 10},
            {"year": YEAR, "equipment": "vehicle", "refrigerant": "r134a", "charge_kg": 900, "topped_up_kg": 70},
        ],
        green_space=[{"year": YEAR, "park_green_ha": 100}],
    )  # fmt: skip
    table = held.table(buildings_table)
    assert shown(table, "operation", "co2") == pytest.approx(573.7)
    assert shown(table, "A1", "pv_credit") == pytest.approx(-28.685)  # 50,000 kWh × 0.5737
    assert shown(table, "refrigerants", "co2") == pytest.approx(13.0)  # 10 kg × 1300, none of the cars'
    assert shown(table, "sinks", "co2") == pytest.approx(-400)  # 100 ha × 4 t
    for code in ("refrigerants", "sinks"):
        cell = table.row(code).cells["co2"]
        assert cell.pick is not None
        assert picked(held.emissions, cell.pick)["co2e_g"].sum() == cell.value


def test_every_other_stage_of_a_building_is_not_estimated_with_its_reason(catalogue):
    table = Held(catalogue, buildings=[building("A1")]).table(buildings_table)
    for stage in ("production", "construction", "demolition"):
        assert {cell.key for cell in table.row(stage).cells.values()} == {"NE"}
    assert table.row("operation").cells["co2"].key == "NE"


def test_bought_cooling_has_no_factor_and_the_total_says_that_it_lacks_it(catalogue):
    held = Held(catalogue, buildings=[building("A1")], building_energy=[used("A1", 1e6, cooling_gj=800)])
    cell = held.table(buildings_table).row("A1").cells["co2"]
    assert cell.value == 573_700_000
    assert cell.reason is not None
    assert "冷量" in cell.reason.zh


def site(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"{code}点", "kind": "campus", "sector": "services", "subdistrict": "汀湾镇"} | more


def meter(code: str, carrier: str, unit: str, month: int, amount: float) -> dict[str, Any]:
    return {
        "site": code,
        "meter": "1",
        "carrier": carrier,
        "month": f"{YEAR}-{month:02d}",
        "amount": amount,
        "unit": unit,
    }


def test_public_bodies_stand_at_both_coal_equivalents_per_square_metre_and_per_head(catalogue):
    held = Held(
        catalogue, buildings=[building("A1", "government_office", public_body=True), building("B1")],
        building_energy=[used("A1", 1e6, gas_m3=10_000), used("B1", 5e6)],
        account_sites=[site("S1", kind="building", building="A1", people=400)],
    )  # fmt: skip
    table = held.table(public_bodies_table)
    assert [row.code for row in table.rows] == ["total", "use_government_office", "A1"]
    # 1,000,000 × 0.1229 + 10,000 × 1.29971 = 122.9 + 12.9971 t; with 0.28232: 282.32 + 12.9971 t.
    assert shown(table, "A1", "tce_calorific") == pytest.approx(135.8971)
    assert shown(table, "A1", "tce_equal") == pytest.approx(295.3171)
    assert shown(table, "A1", "kgce_per_m2") == pytest.approx(13.58971)
    assert shown(table, "A1", "kgce_per_head_equal") == pytest.approx(738.29275)
    assert shown(table, "A1", "co2_per_head") == pytest.approx((573.7 + 21.622) / 400, rel=1e-5)
    assert table.row("A1").cells["water"].key == "NE"


def test_a_body_without_a_yearly_record_is_read_off_its_meters(catalogue):
    meters = [meter("S1", "electricity", "wan_kwh", month, 10) for month in range(1, 13)]
    meters.append(meter("S1", "natural_gas", "wan_m3", 1, 0.5))
    held = Held(
        catalogue, account_sites=[site("S1", public_body=True, floor_area_m2=8_000, people=100)], meter_totals=meters
    )
    table = held.table(public_bodies_table)
    assert shown(table, "S1", "electricity") == 1_200_000
    assert shown(table, "S1", "natural_gas") == 5_000
    assert shown(table, "total", "co2") == pytest.approx(1200 * 0.5737 + 0.5 * 21.622, abs=0.001)
    assert len(table.row("S1").cells["electricity"].inputs) == 12


def test_a_building_with_a_yearly_record_is_not_read_off_its_meters_too(catalogue):
    held = Held(
        catalogue, buildings=[building("A1", public_body=True)], building_energy=[used("A1", 1e6)],
        account_sites=[site("S1", kind="building", building="A1", people=30),
                       site("S2", kind="building", building="A1", people=12)],
        meter_totals=[meter("S1", "electricity", "wan_kwh", 1, 90)],
    )  # fmt: skip
    table = held.table(public_bodies_table)
    assert shown(table, "total", "electricity") == 1_000_000
    assert shown(table, "A1", "people") == 42


def test_a_building_that_was_pulled_down_is_not_among_those_without_a_record(catalogue):
    gone = building("X1", stage="demolished", demolished="2024-03-01")
    table = Held(catalogue, buildings=[building("A1"), gone]).table(buildings_table)
    assert shown(table, "uncovered", "area") == 10_000


def test_a_figure_per_head_leaves_out_of_both_sums_whoever_lacks_one(catalogue):
    held = Held(
        catalogue, buildings=[building("A1", public_body=True), building("A2", public_body=True)],
        building_energy=[used("A1", 1e6), used("A2", 1e6)],
        account_sites=[site("S1", kind="building", building="A1", people=400)],
    )  # fmt: skip
    table = held.table(public_bodies_table)
    assert shown(table, "total", "co2_per_head") == pytest.approx(573.7 / 400)
    reason = table.row("total").cells["co2_per_head"].reason
    assert reason is not None
    assert reason.en.startswith("1 ")


def carrier(name: str, amount: float, unit: str, code: str = UNIT, **more: Any) -> dict[str, Any]:
    return {"unit": code, "year": YEAR, "carrier": name, "amount": amount, "unit_of_amount": unit} | more


def key_unit(code: str = UNIT, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": "云汀精密", "sector": "industry", "listed": "2021-01-01"} | more


def test_a_key_unit_is_accounted_by_carrier_and_held_against_its_own_report(catalogue):
    held = Held(
        catalogue, key_units=[key_unit()],
        key_unit_carriers=[carrier("electricity", 100, "wan_kwh"), carrier("natural_gas", 10, "wan_m3"),
                           carrier("heat", 500, "gj"), carrier("gasoline", 2, "tonne")],
        key_unit_energy=[{"unit": UNIT, "year": YEAR, "energy_tce": 430, "co2_t": 700}],
    )  # fmt: skip
    table = held.table(key_units_table)
    # 1,000,000 kWh × 0.5737 t/MWh = 573.7; 500 GJ × 0.11 = 55; 10 × 21.622 + 2 × 2.9251 = 222.07 t.
    assert shown(table, UNIT, "co2_electricity") == pytest.approx(573.7)
    assert shown(table, UNIT, "co2_heat") == pytest.approx(55)
    assert shown(table, UNIT, "co2_direct") == pytest.approx(222.07, abs=0.01)
    assert shown(table, UNIT, "co2_difference") == pytest.approx(850.77 - 700, abs=0.01)
    assert shown(table, UNIT, "co2_difference_pct") == pytest.approx(100 * 150.77 / 700, abs=0.01)
    # 282.32 + 129.971 + 17.06 + 2.9428 = 432.2938 tce against 430 reported.
    assert shown(table, UNIT, "tce_equal") == pytest.approx(432.2938)
    assert shown(table, UNIT, "tce_difference") == pytest.approx(2.2938)
    assert shown(table, "total", "electricity") == 100


def test_cells_of_key_units_are_exactly_the_lines_they_pick(catalogue):
    held = Held(
        catalogue, key_units=[key_unit()],
        key_unit_carriers=[carrier("electricity", 33.3, "wan_kwh"), carrier("diesel", 7.77, "tonne", as_material=1)],
    )  # fmt: skip
    row = held.table(key_units_table).row(UNIT)
    for name in ("co2_direct", "co2_electricity", "co2_heat", "co2"):
        cell = row.cells[name]
        assert cell.pick is not None
        assert picked(held.emissions, cell.pick)["co2e_g"].sum() == cell.value
    parts = [row.cells[name].value or 0 for name in ("co2_direct", "co2_electricity", "co2_heat")]
    assert sum(parts) == row.cells["co2"].value


def test_a_unit_that_reported_nothing_is_on_the_list_with_its_reason(catalogue):
    other = "91310000YT00000024"
    gone = key_unit("91310000YT00000032", delisted="2024-12-31")
    held = Held(
        catalogue,
        key_units=[key_unit(), key_unit(other, delisted="2025-06-30"), gone],
        key_unit_carriers=[carrier("diesel", 1, "tonne")],
    )
    table = held.table(key_units_table)
    assert [row.code for row in table.rows] == ["total", UNIT, other]
    assert table.row(other).cells["co2"].key == "NE"
    assert table.row(UNIT).cells["co2_difference"].key == "NE"
    said = table.row("total").cells["co2"].reason
    assert said is not None
    assert said.en.startswith("1 ")


def test_a_carrier_that_a_unit_does_not_use_is_no_gap_in_the_sum(catalogue):
    other = "91310000YT00000024"
    rows = [carrier("diesel", 1, "tonne"), carrier("electricity", 5, "wan_kwh", other)]
    table = Held(catalogue, key_units=[key_unit(), key_unit(other)], key_unit_carriers=rows).table(key_units_table)
    assert table.row(UNIT).cells["electricity"].key == "NO"
    assert table.row("total").cells["electricity"].reason is None
    assert shown(table, "total", "diesel") == 1


def test_a_carrier_without_a_factor_is_named_beside_the_sum_that_lacks_it(catalogue):
    rows = [carrier("electricity", 1, "wan_kwh"), carrier("other", 5, "tce")]
    cell = Held(catalogue, key_units=[key_unit()], key_unit_carriers=rows).table(key_units_table).row(UNIT).cells["co2"]
    assert cell.value == 5_737_000
    assert cell.reason is not None
    assert "other" in cell.reason.en


def stock(category: str, fuel: str, vehicles: int) -> dict[str, Any]:
    return {"year": YEAR, "category": category, "fuel": fuel, "vehicles": vehicles}


def use(category: str, fuel: str, km: float, **more: Any) -> dict[str, Any]:
    return {"year": YEAR, "category": category, "fuel": fuel, "km_per_vehicle": km} | more


def test_vehicles_times_kilometres_times_use_is_their_fuel(catalogue):
    held = Held(
        catalogue, vehicle_stock=[stock("car", "petrol", 1000), stock("car", "phev", 100), stock("bus", "gas", 10)],
        vehicle_use=[
            use("car", "petrol", 10_000, litre_per_100km=8),
            use("car", "phev", 10_000, litre_per_100km=4, kwh_per_100km=10),
            use("bus", "gas", 50_000, m3_per_100km=40),
        ],
    )  # fmt: skip
    frame, problems = vehicle_energy(held.facts, held.book, [YEAR])
    assert problems == []
    # 10 million km × 8 L/100 km × 0.74 kg/L = 592 t; 1 million km × 4 L × 0.74 = 29.6 t and 10 万kWh; 20 万m3.
    found = {(row["fuel"], row["carrier"]): row["amount"] for row in frame.iter_rows(named=True)}
    assert found == {
        ("petrol", "gasoline"): pytest.approx(592),
        ("phev", "gasoline"): pytest.approx(29.6),
        ("phev", "electricity"): pytest.approx(10),
        ("gas", "natural_gas"): pytest.approx(20),
    }


def test_road_energy_stands_beside_the_statistics_with_its_difference(catalogue):
    sold = {("homes", "gasoline"): 500, ("services", "gasoline"): 100, ("transport", "diesel"): 40}
    sold["construction", "diesel"] = 900
    statistics = [
        {"year": YEAR, "sector": sector, "carrier": name, "amount": amount, "unit": "tonne"}
        for (sector, name), amount in sold.items()
    ]
    held = Held(
        catalogue, energy_consumption=statistics, vehicle_stock=[stock("car", "petrol", 1000), stock("car", "bev", 10)],
        vehicle_use=[use("car", "petrol", 10_000, litre_per_100km=8), use("car", "bev", 10_000, kwh_per_100km=15)],
    )  # fmt: skip
    table, problems = road_table(held.facts, held.energy, held.book, YEAR)
    assert_filled(table)
    assert problems == []
    assert shown(table, "registers", "gasoline") == pytest.approx(592)
    assert shown(table, "statistics", "gasoline") == 600
    assert shown(table, "difference", "gasoline") == pytest.approx(-8)
    assert shown(table, "statistics", "diesel") == 40  # machines of construction are no road vehicles
    assert shown(table, "difference", "diesel") is None
    assert shown(table, "car", "vehicles") == 1010


def test_a_vehicle_that_burns_two_carriers_is_one_vehicle(catalogue):
    both = use("car", "phev", 10_000, litre_per_100km=4, kwh_per_100km=10)
    held = Held(catalogue, vehicle_stock=[stock("car", "phev", 100)], vehicle_use=[both])
    table, _ = road_table(held.facts, held.energy, held.book, YEAR)
    assert shown(table, "registers", "vehicles") == 100
    assert shown(table, "registers", "vehicle_km") == 100  # 万km
    assert shown(table, "registers", "gasoline") == pytest.approx(29.6)


def test_vehicles_whose_use_nobody_recorded_are_named(catalogue):
    held = Held(
        catalogue, vehicle_stock=[stock("car", "petrol", 1000), stock("taxi", "petrol", 50)],
        vehicle_use=[use("car", "petrol", 10_000, litre_per_100km=8)],
    )  # fmt: skip
    table, problems = road_table(held.facts, held.energy, held.book, YEAR)
    assert [problem.code for problem in problems] == ["account.vehicles-without-use"]
    assert "taxi" in problems[0].rule.en
    assert shown(table, "registers", "vehicles") == 1000
    assert any("1" in note.zh for note in table.notes)
