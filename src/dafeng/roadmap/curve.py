"""The abatement cost curve of one year, with interactions: what each measure costs and saves given all before it.

Costs are annual: capital spread over the measure's life by an annuity, running costs, less energy saved at the year's
prices (taxes and the price of CO2 left out: they move money, not resources). Each next measure is the one with the
lowest cost per tonne given those already taken, so that the tonnes add up to what all save together.

Below zero the order says little: of two measures that pay, the one that saves more CO2 for the same money stands
further right (Taylor 2012, Energy Policy 48, 430–438). Such measures are marked ``pays``; look at the money they save.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dafeng.roadmap.case import Case, Measure, Series
from dafeng.roadmap.finance import annuity
from dafeng.roadmap.interactions import Overlap


@dataclass(frozen=True, slots=True)
class Step:
    """One measure (all zones together). amount: in its unit; cost: CNY a year; co2_t: t a year given all steps before;
    alone_t, alone_per_t: as if it were the only one; per_t: CNY per t, None where it saves nothing."""

    measure: str
    amount: float
    cost: float
    co2_t: float
    per_t: float | None
    alone_t: float
    alone_per_t: float | None

    @property
    def pays(self) -> bool:
        return self.cost <= 0


@dataclass(frozen=True, slots=True)
class Curve:
    """steps: in the order of the curve; raises: measures that would raise CO2 under this purpose, not on the curve;
    co2_t: of all steps together (their sum exactly); alone_t: the sum of what each would save alone."""

    year: int
    purpose: str
    steps: tuple[Step, ...]
    raises: tuple[Step, ...]

    @property
    def co2_t(self) -> float:
        return sum(one.co2_t for one in self.steps)

    @property
    def alone_t(self) -> float:
        return sum(one.alone_t for one in self.steps)


def curve(
    case: Case, year: int, *, stock: Series | None = None, purpose: str | None = None, rate: float | None = None
) -> Curve:
    """stock (measure,): amounts, e.g. those alive in a schedule; the whole potential of the year unless given, where
    measures that exclude each other share theirs in the order of the curve. purpose: whose factors (the case's own);
    rate: of the annuity (the case's discount)."""
    made = _Curve(case, year, _factor(case, purpose), stock, case.discount if rate is None else rate)
    return Curve(year, purpose or case.purpose, *made.steps())


class _Curve:
    """The state of a curve being drawn: what has been taken so far, and what it saves."""

    def __init__(self, case: Case, year: int, factor: Series, stock: Series | None, rate: float):
        self.case, self.at, self.overlap, self.given = case, case.years.index(year), Overlap(case), stock
        self.factor, self.rate = factor[:, self.at], rate
        price = np.array([case.prices.get(one, np.zeros(len(case.years)))[self.at] for one in case.carriers])
        self.price = price
        self.ids = list(dict.fromkeys(one.id for one in case.measures))
        self.rows = {name: [m for m, one in enumerate(case.measures) if one.id == name] for name in self.ids}
        self.taken = np.zeros(len(case.measures))
        self.outside = np.array([one.co2_t[self.at] if one.co2_t.size else 0.0 for one in case.measures])
        self.beside = [[n for n, two in enumerate(case.measures) if _excludes(one, two)] for one in case.measures]
        self.own = np.array([self._own(m) for m in range(len(case.measures))])
        self.first = self.per_unit(self.taken)

    def _own(self, m: int) -> float:
        """CNY a year per unit: annuity of the capital and running costs."""
        one = self.case.measures[m]
        return float(self.case.capex(one)[self.at]) * annuity(self.rate, one.life) + one.opex

    def worth(self, stock: Series) -> tuple[float, float]:
        """Cost, CNY a year, and CO2 saved, t a year, of a stock (measure,)."""
        wide = np.zeros((len(stock), len(self.case.years)))
        wide[:, self.at] = stock
        saved = self.overlap.saved(wide).total[:, self.at]
        return float(self.own @ stock - self.price @ saved), float(self.factor @ saved + self.outside @ stock)

    def per_unit(self, stock: Series) -> tuple[Series, Series]:
        """(measure,): CNY and t a year that one unit more of each adds to a stock (measure,)."""
        wide = np.zeros((len(stock), len(self.case.years)))
        wide[:, self.at] = stock
        each = self.overlap.slopes(wide)[:, :, self.at]
        return self.own - each @ self.price, each @ self.factor + self.outside

    def added(self, name: str, taken: Series) -> Series:
        """What is taken after this measure: its amounts, or its potential less what excluding measures occupy."""
        after = taken.copy()
        for m in self.rows[name]:
            one = self.case.measures[m]
            if self.given is not None:
                after[m] = self.given[m]
                continue
            free = 1.0 - sum(taken[n] / self.case.measures[n].stock for n in self.beside[m])
            after[m] = min(float(one.potential[self.at]), max(free, 0.0) * one.stock)
        return after

    def step(self, name: str, before: tuple[float, float]) -> Step:
        """This measure as the next one, worked out exactly."""
        only = self.added(name, np.zeros_like(self.taken))
        alone = float(self.first[0] @ only), float(self.first[1] @ only)
        after = self.added(name, self.taken)
        cost, saved = self.worth(after)
        cost, saved = cost - before[0], saved - before[1]
        amount = float(sum(after[m] for m in self.rows[name]))
        return Step(name, amount, cost, saved, _ratio(cost, saved), alone[1], _ratio(*alone))

    def next(self, names: list[str]) -> str:
        """The cheapest tonne given what is taken. What all would save is multilinear in the stocks, so that the tangent
        gives what each measure adds."""
        cost, saved = self.per_unit(self.taken)

        def order(name: str) -> float:
            more = self.added(name, self.taken) - self.taken
            return _order(float(cost @ more), float(saved @ more))

        return min(names, key=order)

    def steps(self) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
        found: list[Step] = []
        raises: list[Step] = []
        left, before = list(self.ids), (0.0, 0.0)
        while left:
            name = self.next(left)
            left.remove(name)
            step = self.step(name, before)
            if step.amount > 0 and step.co2_t <= 0:
                raises.append(step)
            elif step.amount > 0:
                self.taken = self.added(name, self.taken)
                before = (before[0] + step.cost, before[1] + step.co2_t)
                found.append(step)
        return tuple(found), tuple(raises)


def _excludes(one: Measure, two: Measure) -> bool:
    named = two.id in one.excludes or one.id in two.excludes
    return named and one.zone == two.zone and two.stock > 0


def _order(cost: float, saved: float) -> float:
    return cost / saved if saved > 0 else np.inf


def _ratio(cost: float, saved: float) -> float | None:
    return cost / saved if saved > 0 else None


def _factor(case: Case, purpose: str | None) -> Series:
    if purpose is None or purpose == case.purpose:
        return case.factor
    other: Mapping[str, Series] = {**case.factors, **case.purposes[purpose]}
    none = np.zeros(len(case.years))
    return np.array([other.get(carrier, none) for carrier in case.carriers])
