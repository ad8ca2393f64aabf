"""Vehicles by class, age and fuel: sales keep the fleet on its path, the old ones go by the survival curve.

N(t, a, f) = N(t−1, a−1, f) · S(a)/S(a−1);   sales(t) = fleet(t) − Σ_a,f of these;   N(t, 0, f) = sales(t) · share(t, f)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dafeng.pathway.stocks import Array, older, remaining, responses


@dataclass(frozen=True, slots=True)
class Turnover:
    """One class of vehicles over the years after the base year.

    stock: (year, fuel, age) at the end of the year; sales: (year, fuel); retired: (year,), those that went."""

    fuels: tuple[str, ...]
    stock: Array
    sales: Array
    retired: Array

    @property
    def by_fuel(self) -> Array:
        """(year, fuel)."""
        return self.stock.sum(axis=2)


def turnover(start: Array, survival: Array, fleet: Array, shares: Array, fuels: Sequence[str]) -> Turnover:
    """Run a class through the years.

    start: (fuel, age) at the end of the base year; survival: (age,); fleet: (year,) vehicles wanted at the end of each
    year; shares: (year, fuel) of sales, sums of 1. Where more survive than are wanted nothing is sold, and the fleet is
    larger than asked for.
    """
    if not np.allclose(shares.sum(axis=1), 1.0, atol=1e-9):
        raise ValueError("shares of sales sum to 1 in every year")
    years = len(fleet)
    stock = np.zeros((years, *start.shape))
    sales, retired = np.zeros((years, len(fuels))), np.zeros(years)
    now = start
    for step in range(years):
        left = older(now, survival)
        retired[step] = now.sum() - left.sum()
        sales[step] = max(0.0, fleet[step] - left.sum()) * shares[step]
        now = left.copy()
        now[:, 0] = sales[step]
        stock[step] = now
    return Turnover(tuple(fuels), stock, sales, retired)


def ages_of(stock: float, survival: Array, sold: Mapping[int, float], growth: float = 0.0) -> Array:
    """A fleet of which only the number and some years' sales are known, by age: (age,), sum ``stock``.

    sold: age → vehicles sold that long ago, known from registrations; they survive as the curve says. Older ages (all,
    where no sale is known) are what steady sales that grew by ``growth`` a year would have left. Where the known sales
    alone exceed the stock (vehicles leave for elsewhere) all are scaled to it.
    """
    ages = np.arange(len(survival))
    profile = np.zeros(len(survival))
    for age, number in sold.items():
        if age < len(survival):
            profile[age] = number * survival[age]
    known = profile.sum()
    unknown = survival * (1.0 + growth) ** -ages.astype(float)
    unknown[[age for age in sold if age < len(survival)]] = 0.0
    if known >= stock or not unknown.sum():
        return profile * (stock / known) if known else profile
    return profile + unknown * ((stock - known) / unknown.sum())


@dataclass(frozen=True, slots=True)
class FleetResponse:
    """The share of one fuel in a fleet as a sum: left(t) + Σ_k share_k · per_share(k, t).

    left: (year,) what the base year's vehicles of that fuel still make up; per_share: (knot, year); sales: (year,)."""

    left: Array
    per_share: Array
    sales: Array


def fleet_response(
    start: Array, own: int, survival: Array, fleet: Array, years: Sequence[int], knots: Sequence[int]
) -> FleetResponse:
    """How the share of a fuel in the fleet answers to its share of sales at the knots.

    start: (fuel, age) at the end of the base year; own: index of the fuel; fleet: (year,). All fuels live by the same
    curve, so that total sales do not depend on the shares and the answer is exact.
    """
    whole = turnover(start.sum(axis=0, keepdims=True), survival, fleet, np.ones((len(fleet), 1)), ("all",))
    totals = whole.stock.sum(axis=(1, 2))
    left = remaining(start[own], survival, len(fleet))
    sales = whole.sales[:, 0]
    return FleetResponse(left / totals, responses(sales, survival, years, knots) / totals, sales)


@dataclass(frozen=True, slots=True)
class Use:
    """What a vehicle of one class and fuel uses. km_per_vehicle: km/a; litre, kwh: per 100 km; CO2: kg/litre."""

    km_per_vehicle: float
    litre_per_100km: float = 0.0
    kwh_per_100km: float = 0.0
    kgco2_per_litre: float = 0.0


def fleet_energy(by_fuel: Array, uses: Sequence[Use]) -> dict[str, Array]:
    """Energy of a fleet. by_fuel: (year, fuel) vehicles. Returns ``litre``, ``kwh``, ``km`` and ``co2_kg`` (of fuel
    burnt in the vehicle), each (year, fuel)."""
    km = by_fuel * np.array([use.km_per_vehicle for use in uses])
    litre = km / 100 * np.array([use.litre_per_100km for use in uses])
    return {
        "km": km,
        "litre": litre,
        "kwh": km / 100 * np.array([use.kwh_per_100km for use in uses]),
        "co2_kg": litre * np.array([use.kgco2_per_litre for use in uses]),
    }
