"""A model of a district's energy and carbon: a table of branches over years, and scenarios that change cells of it.

Every number that varies over years is a **cell** with a key, a unit, a history and an expression for the years after:

    drivers/gdp                                     what several rows use
    branches/建筑/办公/制冷/electricity/intensity    activity, share and intensity of a branch
    stocks/cars                                     a series handed in by a stock model

A branch's yearly energy is activity × share × intensity, in the carrier's unit; its CO2 is energy × the carrier's
factor, itself a driver (``grid`` for electricity, ``co2_natural_gas`` …). The last part of a branch's path is its
carrier, or ``emission`` where the product already is tonnes of CO2. History given as energy sets the intensity of its
years, so that the model meets the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from dafeng.core.errors import Place
from dafeng.core.text import Text
from dafeng.core.units import Units
from dafeng.pathway.draws import Spread
from dafeng.pathway.series import Series

How = Literal["multiplicative", "additive", "growth"]
EMISSION = "emission"
# Units in which the account keeps a carrier; a model may name others under ``carriers``.
NATIVE_UNITS: Mapping[str, str] = {
    "electricity": "万kWh", "natural_gas": "万m3", "raw_coal": "t", "coke": "t", "gasoline": "t", "diesel": "t",
    "kerosene": "t", "fuel_oil": "t", "lpg": "t", "lng": "t", "heat": "GJ", "biomass": "tce", "hydrogen": "t",
    "other": "tce", EMISSION: "tCO2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Years:
    """History is first … base, what is projected base + 1 … last."""

    first: int
    base: int
    last: int

    @property
    def all(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def history(self) -> range:
        return range(self.first, self.base + 1)

    @property
    def base_index(self) -> int:
        return self.base - self.first


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """history: year → value, in ``unit``; series: what holds after the base year (in all years without a history)."""

    key: str
    unit: str
    series: Series
    history: Mapping[int, float]
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """key: the path, with ``@zone`` where it has one. scale: unit of activity × unit of intensity in the carrier's
    unit. history: energy by year, in the carrier's unit."""

    key: str
    path: str
    zone: str | None
    carrier: str
    scale: float
    share_of: str | None
    history: Mapping[int, float]
    place: Place

    def cell(self, name: str) -> str:
        return f"branches/{self.key}/{name}"

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    @property
    def sector(self) -> str:
        return self.parts[0]


@dataclass(frozen=True, slots=True)
class Carrier:
    """unit: of its energy; factor: the driver of its CO2 factor (None: energy is CO2 already); scale: driver's unit
    times the unit of energy, in tonnes of CO2."""

    id: str
    unit: str
    factor: str | None
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """overrides: key of a cell → what holds after the base year instead, its own ones without its parent's."""

    name: str
    parent: str | None
    title: Text
    overrides: Mapping[str, Series]
    place: Place


@dataclass(frozen=True, slots=True)
class Lever:
    """A slider: set to a number, the cell has it in every year after the base year."""

    name: str
    title: Text
    of: str
    low: float
    high: float
    value: float


@dataclass(frozen=True, slots=True)
class Uncertain:
    """What is not known of a cell after the base year, one number per draw. multiplicative: the value times it (a
    spread about 1); additive: plus it; growth: times (1 + it) to the power of the years since the base year."""

    name: str
    of: str
    how: How
    spread: Spread


@dataclass(frozen=True, eq=False)
class Model:
    """A checked model. ``cells`` holds drivers, stocks and the fields of branches; ``data`` what it was read from."""

    id: str
    name: Text
    years: Years
    cells: Mapping[str, Cell]
    branches: tuple[Branch, ...]
    carriers: Mapping[str, Carrier]
    scenarios: Mapping[str, Scenario]
    levers: Mapping[str, Lever]
    uncertain: tuple[Uncertain, ...]
    units: Units
    data: Mapping[str, Any] = field(repr=False)

    @cached_property
    def groups(self) -> Mapping[str, tuple[Branch, ...]]:
        """Branches whose shares make one."""
        found: dict[str, list[Branch]] = {}
        for branch in self.branches:
            if branch.share_of:
                found.setdefault(branch.share_of, []).append(branch)
        return {name: tuple(members) for name, members in found.items()}

    @cached_property
    def branch(self) -> Mapping[str, Branch]:
        return {branch.key: branch for branch in self.branches}

    @cached_property
    def spreads(self) -> Mapping[str, Spread]:
        """Name of what is uncertain → its distribution: what ``draws.draw`` is given."""
        return {one.name: one.spread for one in self.uncertain}

    @property
    def drivers(self) -> tuple[str, ...]:
        return tuple(key.removeprefix("drivers/") for key in self.cells if key.startswith("drivers/"))

    def overrides(self, scenario: str) -> Mapping[str, Series]:
        """What a scenario changes, its parents' changes among it: key of a cell → series."""
        one = self.scenarios[scenario]
        inherited = self.overrides(one.parent) if one.parent else {}
        return {**inherited, **one.overrides}


def read_model(data: Mapping[str, Any], units: Units, place: Place | None = None) -> Model:
    """data: what a YAML file of a model holds (or ``reading_sheets.model_data`` of a workbook). Raises BadInput with
    every problem found, each with its row and column."""
    from dafeng.pathway.reading import read

    return read(data, units, place or Place())
