"""The roadmap as reports are given it: families of measures by year, targets with their cost, the abatement curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dafeng.core.text import Text


@dataclass(frozen=True, slots=True)
class Work:
    """A family of measures (one measure in all building types and zones) of one responsible unit. amounts: year → what
    is built, in ``unit``; capex: year → CNY; assumed: share of the investment whose unit cost is an assumption."""

    family: str
    name: Text
    owner: str
    unit: str
    amounts: Mapping[int, float]
    capex: Mapping[int, float]
    assumed: float

    @property
    def spent(self) -> float:
        return sum(self.capex.values())


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the abatement curve: families of measures, CNY a tonne, tonnes a year."""

    name: Text
    co2_t: float
    per_t: float


@dataclass(frozen=True, slots=True)
class TargetLine:
    """saved_without, step_cost in CNY (None: not known, or cannot be met); relax: by how much it had to be relaxed."""

    name: Text
    year: int
    sense: str
    required: float | None
    value: float | None
    unit: str
    met: bool
    saved_without: float | None
    step: float | None
    step_cost: float | None
    relax: float | None
    missed: int | None = None


@dataclass(frozen=True, slots=True)
class RoadmapReport:
    """years: of the schedule; cost, investment in CNY; gap: share; relaxed: could not every target be met; base_co2_t,
    co2_t: by year without and with the schedule; curve_year: of the curve; alone_t: sum of stand-alone savings."""

    years: tuple[int, ...]
    synthetic: bool
    origin: Text
    relaxed: bool
    cost: float
    gap: float | None
    exact: Text | None
    works: tuple[Work, ...]
    targets: tuple[TargetLine, ...]
    bars: tuple[Bar, ...]
    curve_year: int
    alone_t: float
    base_co2_t: Sequence[float]
    co2_t: Sequence[float]
    notes: tuple[Text, ...] = ()

    @property
    def investment(self) -> float:
        return sum(one.spent for one in self.works)

    @property
    def assumed(self) -> float:
        """Share of the investment that rests on assumptions."""
        whole = self.investment
        return sum(one.spent * one.assumed for one in self.works) / whole if whole else 0.0
