"""The live targets of a district's plans as targets of a case, and, of each that is not one, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dafeng.catalogue.load import Catalogue
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch
from dafeng.roadmap.case import Measure, Series, Target

# Indicators that the case's own CO2 and energy answer.
_INTENSITIES = {"energy_intensity_reduction": "energy", "co2_intensity_reduction": "co2"}
_PEAK = "co2_total"
_MET = ("done",)


class Row(Protocol):
    """A target as a run judged it (``assessment.results.TargetRow`` is one). Values are in ``unit``."""

    @property
    def plan(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def indicator(self) -> str | None: ...
    @property
    def indicator_zh(self) -> str: ...
    @property
    def indicator_en(self) -> str: ...
    @property
    def indicator_unit(self) -> str: ...
    @property
    def indicator_value(self) -> float | None: ...
    @property
    def value_year(self) -> int | None: ...
    @property
    def target_value(self) -> float | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def comparator(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def shape(self) -> str: ...
    @property
    def year_from(self) -> int | None: ...
    @property
    def year_to(self) -> int | None: ...
    @property
    def base_year(self) -> int | None: ...
    @property
    def light(self) -> str: ...
    @property
    def superseded_by(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A target that the case does not hold. kind: ``judged`` (its year is over), ``missed`` (so, and not met: it waits
    for a date), ``superseded``, ``no-figure``, ``held`` (met already, and nothing is built for it), ``rule`` (it bounds
    each new project), ``no-measure`` (no measure counts toward it), ``later`` or ``no-indicator``."""

    id: str
    clause: str
    name: Text
    kind: str
    why: Text


@dataclass(frozen=True, slots=True)
class Setting:
    """What the targets meet: the case's years, the base year's CO2 (t), energy (tce) and GDP, and for each indicator
    what is newly built each year of what only new building serves (``flows``, in the indicator's numerator)."""

    catalogue: Catalogue
    years: tuple[int, ...]
    base_year: int
    co2_t: float
    energy_tce: float
    gdp: float | None
    measures: Sequence[Measure]
    flows: Mapping[str, float]
    backlog: Mapping[str, int]


def key_of(row: Row) -> str:
    return f"{row.plan}:{row.target}"


def live_targets(rows: Iterable[Row], setting: Setting) -> tuple[list[tuple[Target, str]], list[LeftOut]]:
    """((target, indicator it is counted by), …) and the others. Targets in words without a figure are no targets."""
    kept: list[tuple[Target, str]] = []
    left: list[LeftOut] = []
    for row in rows:
        found = _target(row, setting)
        if isinstance(found, LeftOut):
            left.append(found)
        else:
            kept.append((found, str(row.indicator)))
    return kept, left


def _target(row: Row, at: Setting) -> Target | LeftOut:
    def out(kind: str, zh: str, en: str) -> LeftOut:
        return LeftOut(key_of(row), row.clause, _name(row), kind, Text(zh, en))

    if row.superseded_by:
        return out("superseded", f"已由 {row.superseded_by} 接续", f"{row.superseded_by} has taken its place")
    if row.indicator is None:
        return out("no-indicator", "没有对应的指标", "no indicator answers it")
    due = row.year_to
    missed = None
    if due is not None and due <= at.base_year:
        if row.light in _MET:
            return out("judged", f"{due} 年到期，已完成", f"was due in {due} and is met")
        if key_of(row) not in at.backlog:
            return out(
                "missed",
                f"{due} 年到期未完成；要补做，请给出补做年份",
                f"was due in {due} and missed; to make it up, give it a year",
            )
        missed, due = due, at.backlog[key_of(row)]
    if row.shape == "limit":
        return out("rule", "对每个新项目的要求，不是可安排的工作量", "a rule for each new project, no amount to build")
    if due is None or due > at.years[-1]:
        return out("later", f"到期年不在 {at.years[0]}—{at.years[-1]} 年内", f"not due in {at.years[0]}–{at.years[-1]}")
    if row.indicator == _PEAK:
        return Target(key_of(row), "peak", _name(row), {}, "<=", "tCO2", due, missed=missed)
    value = _value(row, at.catalogue)
    if value is None:
        return out("no-figure", "没有数值（等待上级下达）", "it has no figure yet (the city assigns it)")
    if row.indicator in _INTENSITIES:
        return _intensity(row, at, due, value, missed, out)
    if row.shape == "reduction":
        return out("no-measure", "该强度不在算例内", "the case does not hold this intensity")
    return _amount(row, at, due, value, missed, out)


def _intensity(row: Row, at: Setting, due: int, value: float, missed: int | None, out) -> Target | LeftOut:
    of = _INTENSITIES[str(row.indicator)]
    if at.gdp is None or row.base_year != at.base_year:
        return out(
            "no-measure", f"以 {row.base_year} 年为基期，算例只有 {at.base_year} 年",
            f"is against {row.base_year}; the case knows {at.base_year}",
        )  # fmt: skip
    start = (at.energy_tce if of == "energy" else at.co2_t) / at.gdp
    unit = "tce/亿CNY" if of == "energy" else "tCO2/亿CNY"
    bound = start * (1 - value / 100)
    return Target(key_of(row), "intensity", _name(row), {due: bound}, "<=", unit, due, of=of, missed=missed)


def _amount(row: Row, at: Setting, due: int, value: float, missed: int | None, out) -> Target | LeftOut:
    indicator, now = str(row.indicator), row.indicator_value
    sense = "<=" if row.comparator in ("<=", "<") or (not row.comparator and row.direction == "down") else ">="
    served = any(indicator in one.counts for one in at.measures)
    met = now is not None and (now >= value if sense == ">=" else now <= value)
    if not served:
        if met:
            return out("held", "现已达到，保持即可", "met already; it only has to hold")
        return out("no-measure", "目录中没有措施计入该指标", "no measure of the catalogue counts toward it")
    if row.shape == "cumulative":
        done = (now or 0.0) if (row.year_from or at.years[0]) < at.years[0] else 0.0
        return Target(
            key_of(row), "sum", _name(row), {due: value}, sense, row.indicator_unit, due, done=done, missed=missed
        )
    if indicator in at.flows:
        return _flow(row, at, due, value, missed)
    base: Series = np.full(len(at.years), now or 0.0)
    values = {year: value for year in at.years if year == due}
    return Target(key_of(row), "level", _name(row), values, sense, row.indicator_unit, due, base=base, missed=missed)


def _flow(row: Row, at: Setting, due: int, value: float, missed: int | None) -> Target:
    """A share of what is newly built each year, as the area that must have been built by each year: the share rises
    evenly from the present one to the target's (where none is known, it is the target's from the start)."""
    flow, now = at.flows[str(row.indicator)], row.indicator_value
    start = value if now is None else min(now, value)
    first = max(at.years[0], row.year_from or at.years[0])
    values, total = {}, 0.0
    for year in range(first, due + 1):
        share = start + (value - start) * (year - at.base_year) / (due - at.base_year)
        total += share / 100 * flow
        values[year] = total
    return Target(key_of(row), "sum", _name(row), values, ">=", "万m2", due, missed=missed)


def _value(row: Row, catalogue: Catalogue) -> float | None:
    """The target in its indicator's unit; words for counted things stand for each other."""
    if row.target_value is None:
        return None
    units = catalogue.unit_table
    try:
        return units.convert(row.target_value, row.unit or "1", row.indicator_unit)
    except (UnitMismatch, KeyError):
        if units.knows(row.unit) and units.counts(row.unit) and units.counts(row.indicator_unit):
            return row.target_value * units.count_of(row.unit) / units.count_of(row.indicator_unit)
        return None


def _name(row: Row) -> Text:
    return Text(row.indicator_zh or row.subject, row.indicator_en or row.subject)


def with_counts(measures: Sequence[Measure], targets: Sequence[tuple[Target, str]]) -> Iterator[Measure]:
    """Measures that count toward targets (by their ids) instead of indicators; of a share of what is newly built, what
    is counted is the amount."""
    from dataclasses import replace

    for one in measures:
        counts = {target.id: one.counts[name] for target, name in targets if name in one.counts}
        yield replace(one, counts=counts)
