"""The pathway as reports are given it: plain figures of each scenario, tonnes of CO2 a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dafeng.core.text import Text


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """bands: p05, p25, p50, p75, p95 → a value per year; peak: as of ``peaks.summary``; in_year: year → share of draws
    that peak in it; sight: share that peak within sight."""

    name: str
    title: Text
    bands: Mapping[str, Sequence[float]]
    peak: Mapping[str, Any]
    in_year: Mapping[int, float]
    sight: float


@dataclass(frozen=True, slots=True)
class Wedge:
    """A change between two scenarios: by_year in tonnes, below nothing where it lowers emissions."""

    title: Text
    by_year: Sequence[float]


@dataclass(frozen=True, slots=True)
class WedgeSplit:
    """start, end: titles of the scenarios; start_t, end_t: by year; rule: how interactions were shared out."""

    start: Text
    end: Text
    start_t: Sequence[float]
    end_t: Sequence[float]
    wedges: tuple[Wedge, ...]
    rule: Text


@dataclass(frozen=True, slots=True)
class Ranked:
    title: Text
    first: float
    total: float


@dataclass(frozen=True, slots=True)
class PathwayReport:
    """years: history to ``base`` and projection; count, seed: of the draws; observed: the verdict on history alone;
    main: name of the scenario that decides; sectors: sector → tCO2 by year of the main scenario, nothing drawn."""

    years: tuple[int, ...]
    base: int
    synthetic: bool
    origin: Text
    count: int
    seed: int
    observed: Text | None
    main: str
    scenarios: tuple[ScenarioLine, ...]
    split: WedgeSplit | None
    ranking: tuple[Ranked, ...]
    ranked_year: int | None
    sectors: Mapping[str, Sequence[float]]

    def scenario(self, name: str) -> ScenarioLine:
        return next(one for one in self.scenarios if one.name == name)

    @property
    def decides(self) -> ScenarioLine:
        return self.scenario(self.main)
