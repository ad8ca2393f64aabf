"""What a roadmap is made from: measures, targets, budgets and the path without them. Plain data, read by ``reading``.

Axes: series are arrays ``(year,)`` over ``Case.years``; savings are ``(measure, carrier, year)``. Money is CNY at the
prices of the first year, energy is in each carrier's own unit, CO2 in tonnes. A measure built in a year works from
that year on, for ``life`` years; its capital is spent in the year it is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from dafeng.core.text import Text

Series = NDArray[np.float64]

# What a target bounds: builds since the start; stock alive; a share of stocks; CO2 or energy per GDP; CO2 or energy of
# each year from the target's years; CO2 not above that of the peak year.
KINDS = ("sum", "level", "share", "intensity", "co2_path", "energy_path", "peak")


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """``ratio`` units of the other measure must stand for each unit of this one (None: one, of the same unit)."""

    measure: str
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure in one zone (``None``: the whole district). Amounts are in ``unit``.

    potential (year,): the greatest stock alive; stock: what of it is shared with the measures it excludes (the eligible
    stock, of which ``potential`` may be a part); existing: stands already and stays, over and above ``potential``;
    saves, uses: carrier → (year,) per unit and year; co2_t (year,): t saved per unit and year outside energy;
    capex: CNY per unit in the first year, falling by ``learning`` a year; opex: CNY per unit and year;
    build_rate (year,): most that can be built in a year (inf: no bound); growth: (rate, start): built in a year at most
    (1 + rate) × the year before + start; order: least that is built in a year when anything is; lumpy: size of one
    piece where it cannot be divided; counts, counts_in: target → amount per unit in its numerator, denominator.
    """

    id: str
    zone: str | None
    name: Text
    unit: str
    potential: Series
    stock: float
    capex: float
    life: int
    build_rate: Series
    opex: float = 0.0
    learning: float = 0.0
    existing: float = 0.0
    saves: Mapping[str, Series] = field(default_factory=dict)
    uses: Mapping[str, Series] = field(default_factory=dict)
    co2_t: Series = field(default_factory=lambda: np.zeros(0))
    group: str | None = None
    kind: str | None = None
    stage: int = 0
    fund: str | None = None
    owner: str | None = None
    growth: tuple[float, float] | None = None
    order: float = 0.0
    lumpy: float = 0.0
    excludes: tuple[str, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    labour: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    counts_in: Mapping[str, float] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    co_benefits: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str | None]:
        return self.id, self.zone

    @property
    def whole(self) -> bool:
        """Does it need integers: pieces that cannot be divided, or a least order?"""
        return self.lumpy > 0 or self.order > 0


@dataclass(frozen=True, slots=True)
class Target:
    """``kind`` as in ``KINDS``. values: year → bound, one entry except for a path; sense: ``">="`` or ``"<="``.

    done: what a sum had reached before the first year; base (year,): level, or numerator of a share, without measures;
    base_in (year,): denominator without measures; of: ``co2`` or ``energy`` (intensity); a peak's year is ``year`` and
    its ``values`` may hold a cap on the level. missed: the year in which it was due, where it is backlog.
    """

    id: str
    kind: str
    name: Text
    values: Mapping[int, float]
    sense: str
    unit: str
    year: int
    binding: bool = True
    done: float = 0.0
    base: Series = field(default_factory=lambda: np.zeros(0))
    base_in: Series = field(default_factory=lambda: np.zeros(0))
    of: str = "co2"
    missed: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """CNY that may be spent from a fund (``None``: all funds together) in a year (``None``: over all years)."""

    fund: str | None
    year: int | None
    amount: float


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Share of capital paid by ``fund`` instead of the owner, for a measure or a group of measures."""

    of: str
    share: float
    fund: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """co2_price (year,): CNY per t; taxes: carrier → (year,) CNY per unit, added to its price."""

    subsidies: tuple[Subsidy, ...] = ()
    co2_price: Series = field(default_factory=lambda: np.zeros(0))
    taxes: Mapping[str, Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """base: group → carrier → (year,) energy without measures; base_co2_t (year,): CO2 that is not of energy;
    factors: carrier → (year,) t per unit, for ``purpose``; purposes: other purposes → the same; prices: carrier →
    (year,) CNY per unit; tce: carrier → tce per unit; gdp (year,) or None; labour: trade → (year,);
    residual: ``none``: capital counts whole in the year it is spent; ``annuity``: only the annuities within the years.
    """

    id: str
    name: Text
    years: tuple[int, ...]
    discount: float
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    carriers: tuple[str, ...]
    base: Mapping[str, Mapping[str, Series]]
    base_co2_t: Series
    factors: Mapping[str, Series]
    prices: Mapping[str, Series]
    purpose: str = ""
    purposes: Mapping[str, Mapping[str, Series]] = field(default_factory=dict)
    tce: Mapping[str, float] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    gdp: Series | None = None
    budgets: tuple[Budget, ...] = ()
    labour: Mapping[str, Series] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    residual: str = "none"

    @property
    def discounts(self) -> Series:
        """(year,): worth in the first year of one CNY of each year."""
        return (1 + self.discount) ** -(np.array(self.years, float) - self.years[0])

    @property
    def energy(self) -> Series:
        """(carrier, year): energy without measures."""
        total = np.zeros((len(self.carriers), len(self.years)))
        for one in self.base.values():
            for carrier, values in one.items():
                total[self.carriers.index(carrier)] += values
        return total

    @property
    def factor(self) -> Series:
        """(carrier, year): t per unit for the purpose that decides."""
        return self._stack(self.factors)

    @property
    def price(self) -> Series:
        """(carrier, year): CNY per unit, taxes included."""
        taxes = self._stack(self.policy.taxes)
        return self._stack(self.prices) + taxes

    @property
    def coal(self) -> Series:
        """(carrier,): tce per unit."""
        return np.array([self.tce.get(carrier, 0.0) for carrier in self.carriers])

    @property
    def co2_price(self) -> Series:
        given = self.policy.co2_price
        return given if given.size else np.zeros(len(self.years))

    @property
    def base_co2(self) -> Series:
        """(year,): t without measures, energy and the rest together."""
        return (self.energy * self.factor).sum(axis=0) + self.base_co2_t

    def capex(self, measure: Measure) -> Series:
        """(year,): CNY spent per unit built in each year."""
        return measure.capex * (1 - measure.learning) ** (np.array(self.years, float) - self.years[0])

    def counted(self, measure: Measure) -> Series:
        """(year,): the part of capital built in each year that counts in the cost (all, unless ``annuity``)."""
        left = self.years[-1] + 1 - np.array(self.years)
        if self.residual == "none":
            return np.ones(len(self.years))
        within = np.minimum(left, measure.life)
        return annuities(self.discount, within) / annuities(self.discount, np.array(float(measure.life)))

    def subsidy(self, measure: Measure) -> Subsidy | None:
        """The subsidy of a measure: its own before its group's."""
        for of in (measure.id, measure.group):
            for one in self.policy.subsidies:
                if one.of == of:
                    return one
        return None

    def without(self, *measures: str) -> Case:
        """The same case with nothing of these measures to build."""
        kept = tuple(
            replace(one, potential=np.zeros_like(one.potential)) if one.id in measures else one for one in self.measures
        )
        return replace(self, measures=kept)

    def _stack(self, of: Mapping[str, Series]) -> Series:
        none = np.zeros(len(self.years))
        rows = [of.get(carrier, none) for carrier in self.carriers]
        return np.array(rows).reshape(len(self.carriers), len(self.years))


def annuities(rate: float, years: Series) -> Series:
    """Worth of 1 CNY a year, paid at the start of each of so many years."""
    years = np.asarray(years, float)
    return years if rate == 0 else (1 - (1 + rate) ** -years) / (1 - 1 / (1 + rate))


@dataclass(frozen=True, slots=True)
class Effects:
    """What a schedule saves, linear in the stock alive: saved(carrier, year) = constant + Σ each × stock.

    each (measure, carrier, year): units of the carrier saved per unit alive (negative: used); constant (carrier, year);
    co2_t (measure, year): t saved per unit alive outside energy.
    """

    each: Series
    constant: Series
    co2_t: Series


def standalone(case: Case, _built: Series | None = None) -> Effects:
    """Every measure saves what it would save alone: the first guess, and exact where measures do not overlap."""
    count, years = len(case.measures), len(case.years)
    each, co2 = np.zeros((count, len(case.carriers), years)), np.zeros((count, years))
    for at, measure in enumerate(case.measures):
        for sign, energy in ((1, measure.saves), (-1, measure.uses)):
            for carrier, values in energy.items():
                each[at, case.carriers.index(carrier)] += sign * values
        if measure.co2_t.size:
            co2[at] = measure.co2_t
    return Effects(each, np.zeros((len(case.carriers), years)), co2)


def alive(case: Case, built: Series) -> Series:
    """(measure, year): stock alive, from ``built`` (measure, year), each lasting its measure's life."""
    stock = np.zeros_like(built)
    for at, measure in enumerate(case.measures):
        for year in range(built.shape[1]):
            stock[at, year] = built[at, max(0, year + 1 - measure.life) : year + 1].sum()
    return stock
