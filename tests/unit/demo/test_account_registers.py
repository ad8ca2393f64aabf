"""The demo's registers for the account: levels that add up, a balance that closes, meters a little below statistics."""

from __future__ import annotations

from collections import defaultdict

import pytest

from dafeng.accounting.book import Book
from dafeng.catalogue import load_catalogue
from dafeng.demo import macro
from dafeng.demo.energy import LEFT_OUT_GAS, gas_2023_corrected
from dafeng.demo.waste import LANDFILLED
from dafeng.demo.world import Row, World

CATALOGUE = load_catalogue()
YEARS = range(2020, 2026)
IN_TCE = {
    "electricity": 10,
    "natural_gas": 10,
    "gasoline": 1,
    "diesel": 1,
    "lpg": 1,
    "heat": 0.001,
}  # per register unit


@pytest.fixture(scope="module")
def world() -> World:
    return World(1)


@pytest.fixture(scope="module")
def consumption(world: World) -> list[Row]:
    """As it stands after the correction."""
    corrected = {(row["year"], row["sector"], row["carrier"]): row for row in gas_2023_corrected(world)}
    return [
        corrected.get((row["year"], row["sector"], row["carrier"]), row) for row in world.rows("energy_consumption")
    ]


def sums(rows: list[Row], *keys: str) -> dict[tuple, float]:
    held: dict[tuple, float] = defaultdict(float)
    for row in rows:
        held[tuple(row[key] for key in keys)] += row["amount"]
    return held


def tce(carrier: str, amount: float, year: int) -> float:
    """By the catalogue's factors, as the account takes them."""
    name = "ce_electricity_equal_shanghai" if carrier == "electricity" else f"ce_{carrier}"
    return amount * IN_TCE[carrier] * Book(CATALOGUE).use(name, year).value


def test_fuel_factors_are_the_products_that_the_account_uses():
    book = Book(CATALOGUE)
    assert book.use("co2_natural_gas", 2025).value == pytest.approx(macro.CO2_GAS_PER_10K_M3, abs=0.001)
    for name, fuel in (("gasoline", "petrol"), ("diesel", "diesel"), ("lpg", "lpg")):
        assert book.use(f"co2_{name}", 2025).value == pytest.approx(macro.CO2_PER_T[fuel], abs=0.0001)
    assert book.use("heat_nation", 2025).value == macro.CO2_PER_GJ


def test_physical_amounts_times_factors_are_the_yearly_total(world: World, consumption: list[Row]):
    for total in world.rows("yearly_totals"):
        year = total["year"]
        energy = sum(tce(row["carrier"], row["amount"], year) for row in consumption if row["year"] == year)
        assert energy / 1e4 == pytest.approx(total["energy"], abs=0.0006)


def test_the_balance_closes_but_for_one_year_with_a_visible_difference(world: World, consumption: list[Row]):
    signs = {"stock_start": 1, "primary": 1, "from_outside": 1, "stock_end": -1, "loss": -1}
    used = sums(consumption, "year", "carrier")
    left: dict[int, float] = defaultdict(float)
    for row in world.rows("energy_supply"):
        left[row["year"]] += tce(row["carrier"], row["amount"] * signs[row["flow"]], row["year"])
    for (year, carrier), amount in used.items():
        left[year] -= tce(carrier, amount, year)
    share = {year: 100 * left[year] / macro.total_tce(year) for year in YEARS}
    assert share[2022] == pytest.approx(0.3, abs=0.02)
    assert all(abs(share[year]) < 0.01 for year in YEARS if year != 2022)


def test_stocks_open_with_what_the_year_before_closed(world: World):
    stock = {(r["flow"], r["year"], r["carrier"]): r["amount"] for r in world.rows("energy_supply")}
    for year in range(2021, 2026):
        for fuel in ("gasoline", "diesel"):
            assert stock["stock_start", year, fuel] == stock["stock_end", year - 1, fuel]


def test_zones_are_the_sums_of_their_subdistricts(world: World):
    from dafeng.demo.places import BY_NAME

    held: dict[tuple, float] = defaultdict(float)
    for row in world.rows("energy_by_place"):
        if row["level"] == "subdistrict":
            held[BY_NAME[row["place"]].zone, row["year"], row["sector"], row["carrier"]] += row["amount"]
    zones = [row for row in world.rows("energy_by_place") if row["level"] == "zone"]
    assert len(zones) == 3 * 6 * 19
    for row in zones:
        assert held[row["place"], row["year"], row["sector"], row["carrier"]] == pytest.approx(row["amount"], abs=1e-6)


def test_subdistricts_are_the_district_but_for_fuel_of_vehicles(world: World, consumption: list[Row]):
    places = sums(
        [row for row in world.rows("energy_by_place") if row["level"] == "subdistrict"], "year", "sector", "carrier"
    )
    for row in consumption:
        part = places[row["year"], row["sector"], row["carrier"]] / row["amount"]
        moving = row["sector"] in ("homes", "transport", "construction") and row["carrier"] in ("gasoline", "diesel")
        assert 0.55 < part < 0.75 if moving else part == pytest.approx(1, abs=1e-9)


def test_subdistricts_tell_the_same_in_the_monthly_ledger_and_zones_in_the_yearly_facts(world: World):
    """The part that no subdistrict has apart: shares of the allocated energy are those of the whole."""
    year = 2025
    by_place: dict[tuple[str, str], float] = defaultdict(float)
    for row in world.rows("energy_by_place"):
        if row["year"] == year:
            by_place[row["level"], row["place"]] += tce(row["carrier"], row["amount"], year)
    whole = sum(value for (level, _), value in by_place.items() if level == "subdistrict")
    ledger: dict[str, float] = defaultdict(float)
    for row in world.rows("dual_control_monthly"):
        if row["kind"] == "subdistrict" and row["month"].startswith("2025"):
            ledger[row["receiver"]] += row["energy_tce"]
    for name, energy in ledger.items():
        assert by_place["subdistrict", name] / whole == pytest.approx(energy / macro.total_tce(year), rel=0.001)
    for row in world.rows("zone_facts"):
        if row["year"] == year:
            share = row["energy_tce"] / macro.total_tce(year)
            assert by_place["zone", row["zone"]] / whole == pytest.approx(share, rel=0.001)


def test_key_units_stay_below_their_subdistrict_in_every_sector_and_carrier(world: World):
    units = {unit["code"]: unit for unit in world.rows("key_units")}
    held: dict[tuple, float] = defaultdict(float)
    for row in world.rows("key_unit_carriers"):
        unit = units[row["unit"]]
        held[unit["subdistrict"], row["year"], unit["sector"], row["carrier"]] += row["amount"]
    places = {
        (row["place"], row["year"], row["sector"], row["carrier"]): row["amount"]
        for row in world.rows("energy_by_place")
    }
    assert len(held) > 300
    for key, amount in held.items():
        assert amount < places[key], key


def test_carriers_of_a_unit_make_the_coal_equivalent_of_its_report(world: World):
    held: dict[tuple, float] = defaultdict(float)
    for row in world.rows("key_unit_carriers"):
        held[row["unit"], row["year"]] += tce(row["carrier"], row["amount"], row["year"])
    for row in world.rows("key_unit_energy"):
        assert held[row["unit"], row["year"]] == pytest.approx(row["energy_tce"], abs=0.1)


def test_gas_used_as_raw_material_is_the_same_at_the_unit_in_the_sector_and_in_the_deductions(world: World):
    at_unit = {r["year"]: r["as_material"] for r in world.rows("key_unit_carriers") if r["as_material"]}
    in_sector = {r["year"]: r["as_material_tce"] for r in world.rows("energy_consumption") if r["as_material_tce"]}
    deducted = {r["year"]: r["tce"] for r in world.rows("dual_control_deductions") if r["kind"] == "raw_material"}
    for year in YEARS:
        assert tce("natural_gas", at_unit[year], year) == pytest.approx(in_sector[year], abs=0.05)
        assert in_sector[year] == deducted[year]


def test_meters_see_a_little_less_than_is_reported(world: World):
    sites = {site["code"]: site for site in world.rows("account_sites")}
    metered: dict[tuple, float] = defaultdict(float)
    for row in world.rows("meter_totals"):
        if row["month"] < "2026":
            metered[sites[row["site"]]["unit"], row["carrier"], int(row["month"][:4])] += row["amount"]
    reported = {(row["unit"], row["carrier"], row["year"]): row["amount"] for row in world.rows("key_unit_carriers")}
    ratios = [amount / reported[key] for key, amount in metered.items() if key[0]]
    assert len(ratios) > 200
    assert 0.94 < min(ratios) < max(ratios) < 1.02  # 0.965 to 0.997, and a filled month may be off by more
    assert 0.975 < sum(ratios) / len(ratios) < 0.99


def test_every_meter_has_every_month_and_a_filled_month_says_how(world: World):
    months: dict[tuple, set[str]] = defaultdict(set)
    amounts = {(row["meter"], row["month"]): row["amount"] for row in world.rows("meter_totals")}
    filled = [row for row in world.rows("meter_totals") if row["estimated"]]
    for row in world.rows("meter_totals"):
        months[row["site"], row["meter"]].add(row["month"])
        assert row["amount"] > 0
        assert bool(row["method"]) == row["estimated"]
    assert {len(each) for each in months.values()} == {12 + 12 + 9}
    assert 5 <= len(filled) <= 20
    for row in filled:
        if row["method"] == "取上年同月":
            assert row["amount"] == amounts[row["meter"], row["month"].replace("2025", "2024")]


def test_sites_have_a_place_and_some_are_public_bodies_a_campus_and_a_park(world: World):
    sites = world.rows("account_sites")
    assert {site["kind"] for site in sites} == {"building", "unit", "campus", "park", "community", "plant"}
    assert all(124.59 < float(site["location"].split(",")[0]) < 124.72 for site in sites)
    public = [site for site in sites if site["public_body"]]
    assert len(public) > 30
    assert all(site["people"] and site["floor_area_m2"] for site in public)


def test_months_of_a_year_add_up_to_it(world: World, consumption: list[Row]):
    monthly = [row | {"year": int(row["month"][:4])} for row in world.rows("monthly_energy")]
    held = sums(monthly, "year", "sector", "carrier")
    for row in consumption:
        if row["carrier"] in ("electricity", "natural_gas"):
            assert held[row["year"], row["sector"], row["carrier"]] == row["amount"]
    assert max(row["month"] for row in monthly) == "2026-09"
    totals = sums(monthly, "year", "carrier")
    for row in world.rows("yearly_totals"):
        assert totals[row["year"], "electricity"] / 1e4 == pytest.approx(row["electricity"], abs=1e-4)
        assert totals[row["year"], "natural_gas"] == row["gas"]


def test_a_hot_summer_shows_in_degree_days_and_in_the_months(world: World):
    days = {row["year"]: row["cdd26"] for row in world.rows("degree_days")}
    assert max(days, key=lambda year: days[year]) == 2022
    homes = {
        row["month"]: row["amount"]
        for row in world.rows("monthly_energy")
        if (row["sector"], row["carrier"]) == ("homes", "electricity")
    }
    share = {year: homes[f"{year}-08"] / sum(homes[f"{year}-{m:02d}"] for m in range(1, 13)) for year in YEARS}
    assert max(share, key=lambda year: share[year]) == 2022


def test_value_added_of_sectors_is_the_districts(world: World):
    held: dict[int, float] = defaultdict(float)
    for row in world.rows("gdp_by_sector"):
        held[row["year"]] += row["value_added"]
        if row["year"] == 2020:
            assert row["value_added"] == pytest.approx(row["value_added_current"])
    for year in YEARS:
        assert held[year] == pytest.approx(macro.gdp_constant(year), abs=1e-6)


def test_the_correction_adds_the_gas_that_was_left_out(world: World):
    (after,) = gas_2023_corrected(world)
    before = next(
        row
        for row in world.rows("energy_consumption")
        if (row["year"], row["sector"], row["carrier"]) == (2023, "services", "natural_gas")
    )
    assert after["amount"] - before["amount"] == LEFT_OUT_GAS
    assert after["tce"] - before["tce"] == pytest.approx(LEFT_OUT_GAS * 12.9971, abs=0.11)


def test_deductions_bring_the_cut_to_what_the_city_confirmed(world: World):
    """Raw material and non-fossil power leave the base year too; a trade inside the province is not deducted."""
    granted: dict[int, float] = defaultdict(float)
    base = 0.0
    for row in world.rows("dual_control_deductions"):
        if row["kind"] != "in_province_trade":
            amount = row["tce"] or tce("electricity", row["energy_mwh"] / 10, row["year"])
            granted[row["year"]] += amount
            base += amount if row["year"] == 2020 else 0
    first = (macro.total_tce(2020) - base) / macro.gdp_constant(2020)
    last = (macro.total_tce(2025) - granted[2025]) / macro.gdp_constant(2025)
    assert 100 * (1 - last / first) == pytest.approx(13.2, abs=0.001)
    confirmed = [r["value"] for r in world.rows("confirmed_values") if r["indicator"] == "energy_intensity_reduction"]
    assert 13.2 in confirmed


@pytest.mark.parametrize("seed", [1, 2, 20260930])
def test_a_certificate_is_claimed_once_and_only_where_it_was_retired_for_dual_control(seed: int):
    world = World(seed)
    retired = {row["serial"]: row["energy_mwh"] for row in world.rows("instruments") if row["use"] == "dual_control"}
    claims = [row for row in world.rows("dual_control_deductions") if row["kind"] == "certificates"]
    assert len({row["serial"] for row in claims}) == len(claims)
    assert all(row["energy_mwh"] <= retired[row["serial"]] for row in claims)


def test_all_waste_goes_to_a_known_facility_and_only_market_waste_stays_in_the_district(world: World):
    inside = {row["facility"]: row["in_district"] for row in world.rows("waste_facilities")}
    for row in world.rows("household_waste"):
        assert inside[row["facility"]] == (row["stream"] == "market")
    tipped: dict[int, float] = defaultdict(float)
    for row in world.rows("landfill_deposits"):
        assert inside[row["facility"]] is False
        tipped[row["year"]] += row["tonnes"]
    assert {year: tipped[year] for year in YEARS} == {year: LANDFILLED.get(year, 0) for year in YEARS}
    assert min(tipped) == 1998


def test_people_of_the_two_sewage_works_are_the_residents(world: World):
    people: dict[int, float] = defaultdict(float)
    for row in world.rows("wastewater"):
        people[row["year"]] += row["people"] or 0
    assert people == macro.RESIDENTS


def test_use_of_vehicles_gives_about_the_oil_that_was_sold(world: World):
    stock = {(r["year"], r["category"], r["fuel"]): r["vehicles"] for r in world.rows("vehicle_stock")}
    assert {(r["year"], r["category"], r["fuel"]) for r in world.rows("vehicle_use")} == set(stock)
    density = {"diesel": 0.84, "petrol": 0.745, "phev": 0.745}  # kg/L
    tonnes: dict[tuple[int, str], float] = defaultdict(float)
    for row in world.rows("vehicle_use"):
        if row["litre_per_100km"]:
            driven = stock[row["year"], row["category"], row["fuel"]] * row["km_per_vehicle"]
            oil = "diesel" if row["fuel"] == "diesel" else "petrol"
            tonnes[row["year"], oil] += driven / 100 * row["litre_per_100km"] * density[row["fuel"]] / 1000
    for year in YEARS:
        assert tonnes[year, "petrol"] == pytest.approx(macro.carrier_total("petrol", year), rel=0.2)
        assert tonnes[year, "diesel"] == pytest.approx(macro.balance(year)["transport", "diesel"], rel=0.2)


def test_the_outside_series_says_that_it_is_made_up_and_lies_near_ours(world: World):
    ours = {row["year"]: row["co2"] for row in world.rows("yearly_totals")}
    for row in world.rows("outside_series"):
        assert "虚构" in row["series"]
        assert "虚构" in row["document"]
        if row["year"] in ours:
            assert row["value"] == pytest.approx(ours[row["year"]] * 1.063, rel=0.01)


def test_the_districts_own_catalogue_gives_2020_the_grid_factor_of_2021():
    """None was published for 2020; without the district's choice the account would take that of 2016."""
    from importlib import resources
    from pathlib import Path

    with resources.as_file(resources.files("dafeng.demo") / "catalogue") as folder:
        own = load_catalogue(Path(folder))
    used, shipped = Book(own).use("grid_shanghai_inventory", 2020), Book(CATALOGUE)
    assert (used.value, used.status) == (0.5834, "assumption")
    assert used.value == shipped.use("grid_shanghai_inventory", 2021).value
    assert Book(own).use("grid_shanghai_inventory", 2023).value == 0.5737
