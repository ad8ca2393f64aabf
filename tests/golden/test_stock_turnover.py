"""Stock turnovers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dafeng.pathway import buildings, stocks, vehicles


def test_a_fleet_of_three_ages_turns_over_as_worked_by_hand():
    """Survival 1, 0.9, 0.5, then 0. End of the base year: 100 petrol new, 90 of age 1, 50 of age 2; no electric.

    Year 1, fleet 250: of 100 new 100·0.9/1 = 90 reach age 1, of 90 of age 1 90·0.5/0.9 = 50 reach age 2, the 50 of age
    2 go. 140 left, 110 sold, half electric: 55 and 55.
    Year 2, fleet 250: petrol 55·0.9 = 49.5, 90·0.5/0.9 = 50; electric 49.5; left 149; 101 sold, all electric.
    """
    start = np.array([[100.0, 90.0, 50.0], [0.0, 0.0, 0.0]])
    survival = np.array([1.0, 0.9, 0.5])
    found = vehicles.turnover(
        start, survival, np.array([250.0, 250.0]), np.array([[0.5, 0.5], [0.0, 1.0]]), ("petrol", "bev")
    )
    assert found.sales == pytest.approx(np.array([[55.0, 55.0], [0.0, 101.0]]))
    assert found.stock[0] == pytest.approx(np.array([[55.0, 90.0, 50.0], [55.0, 0.0, 0.0]]))
    assert found.stock[1] == pytest.approx(np.array([[0.0, 49.5, 50.0], [101.0, 49.5, 0.0]]))
    assert found.by_fuel == pytest.approx(np.array([[195.0, 55.0], [99.5, 150.5]]))
    assert found.retired == pytest.approx([100.0, 101.0])


def test_energy_of_that_fleet_is_vehicles_by_mileage_by_consumption():
    """195 petrol cars · 10 000 km · 8 l/100 km = 156 000 l, at 2.2 kg CO2/l 343 200 kg; 55 electric ones · 12 000 km ·
    15 kWh/100 km = 99 000 kWh."""
    found = vehicles.fleet_energy(
        np.array([[195.0, 55.0]]),
        [vehicles.Use(10_000, litre_per_100km=8, kgco2_per_litre=2.2), vehicles.Use(12_000, kwh_per_100km=15)],
    )
    assert found["litre"] == pytest.approx(np.array([[156_000.0, 0.0]]))
    assert found["co2_kg"] == pytest.approx(np.array([[343_200.0, 0.0]]))
    assert found["kwh"] == pytest.approx(np.array([[0.0, 99_000.0]]))


def test_floor_area_loses_its_oldest_part_first_as_worked_by_hand():
    """Half old (need 1.2), half young (need 0.8); 2 % built and 1 % demolished of the area at the year's beginning.

    Year 1: demolished 0.01 of the old, 0.49 left; built 0.02; area 1.01; new share 0.02/1.01; need of what stood
    (0.49·1.2 + 0.5·0.8)/0.99 = 0.988/0.99.
    Year 2: demolished 0.0101, old 0.4799; built 0.0202, new 0.0402; area 1.0201.
    """
    found = buildings.floor([buildings.Vintage(0.5, 1.2), buildings.Vintage(0.5, 0.8)], 2, new=0.02, demolition=0.01)
    assert found.area == pytest.approx([1.01, 1.0201])
    assert found.new_share == pytest.approx([0.02 / 1.01, 0.0402 / 1.0201])
    assert found.old_need == pytest.approx([0.988 / 0.99, (0.4799 * 1.2 + 0.5 * 0.8) / 0.9799])
    assert found.vintages == pytest.approx(np.array([[0.49, 0.4799], [0.5, 0.5]]))


def test_mean_need_after_retrofit_and_ultra_low_energy_as_worked_by_hand():
    """No demolition, 25 % built in one year: new share 0.2. Half of the old retrofitted at 20 %: 0.8·1·0.9 = 0.72. New
    need 0.8, half of it ultra-low-energy at 40 %: 0.2·0.8·0.8 = 0.128. Together 0.848."""
    stock = buildings.floor([buildings.Vintage(1.0, 1.0)], 1, new=0.25, demolition=0.0)
    found = buildings.mean_need(stock, np.array([0.5]), 0.2, 0.8, np.array([0.5]), 0.4)
    assert found == pytest.approx([0.848])


def test_solar_panels_fade_by_vintage_as_worked_by_hand():
    """10 kW a year; 2 % lost in the first year, 0.5 % a year after: 10; 10 + 9.8; 10 + 9.8 + 9.75."""
    found = stocks.vintages(np.full(3, 10.0), stocks.fixed_life(25, 25), stocks.fading(25, 0.02, 0.005))
    assert found == pytest.approx([10.0, 19.8, 29.55])


def test_private_cars_of_the_published_curve_live_thirteen_years_on_average():
    """Hao et al. 2011: T = 14.46, b = 4.79; mean life T·Γ(1 + 1/b) = 14.46 · 0.9159 = 13.24 years."""
    ages = np.linspace(0, 40, 400_001)
    curve = np.exp(-((ages / 14.46) ** 4.79))
    assert float(np.trapezoid(curve, ages)) == pytest.approx(13.24, abs=0.01)
    assert stocks.weibull(15, 14.46, 4.79)[14] == pytest.approx(np.exp(-((14 / 14.46) ** 4.79)))
