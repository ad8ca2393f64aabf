"""The rows of each kind of target."""

from __future__ import annotations

from collections.abc import Iterator

from dafeng.roadmap.case import Case, Target
from dafeng.roadmap.rows import INFINITE, Columns, Row, Rows


def target_rows(rows: Rows, case: Case, at: Columns, target: Target) -> None:
    """sum: done + Σ counts·x up to the year; level: base + Σ counts·S; share: Σ (counts − s·counts_in)·S ≥
    s·base_in − base; intensity: CO2 or energy ≤ value·GDP; paths: CO2 or energy of a year ≤ value; peak: q[t] ≤ q[peak]
    for every later year, and ≤ its cap where it has one."""
    for year, columns, values, bound in _target_lines(case, at, target):
        lower, upper = (bound, INFINITE) if target.sense == ">=" else (-INFINITE, bound)
        rows.add(Row("target", target.id, year), columns, values, lower, upper)


_Line = tuple[int, list[int], list[float], float]


def _target_lines(case: Case, at: Columns, target: Target) -> Iterator[_Line]:
    match target.kind:
        case "sum" | "level" | "share":
            for year, value in target.values.items():
                yield (year, *_counted(case, at, target, case.years.index(year), value))
        case "peak":
            yield from _peak_lines(case, at, target)
        case _:
            energy = target.kind == "energy_path" or (target.kind == "intensity" and target.of == "energy")
            for year, value in target.values.items():
                t = case.years.index(year)
                bound = value * (float(case.gdp[t]) if target.kind == "intensity" and case.gdp is not None else 1.0)
                if energy:
                    columns = [at.saved(c, t) for c in range(at.carriers)]
                    yield year, columns, list(-case.coal), bound - float(case.coal @ case.energy[:, t])
                else:
                    yield year, [at.co2(t)], [1.0], bound


def _counted(case: Case, at: Columns, target: Target, t: int, value: float) -> tuple[list[int], list[float], float]:
    columns, values = [], []
    for m, measure in enumerate(case.measures):
        each = measure.counts.get(target.id, 0.0)
        if target.kind == "share":
            each -= value * measure.counts_in.get(target.id, 0.0)
        if each:
            used = [at.built(m, u) for u in range(t + 1)] if target.kind == "sum" else [at.stock(m, t)]
            columns += used
            values += [each] * len(used)
    if target.kind == "sum":
        return columns, values, value - target.done
    if target.kind == "share":
        return columns, values, value * float(target.base_in[t]) - float(target.base[t])
    return columns, values, value - float(target.base[t])


def _peak_lines(case: Case, at: Columns, target: Target) -> Iterator[_Line]:
    later = [t for t, year in enumerate(case.years) if year > target.year]
    if target.year in case.years:
        peak = at.co2(case.years.index(target.year))
        for t in later:
            yield case.years[t], [at.co2(t), peak], [1.0, -1.0], 0.0
    cap = target.values.get(target.year)
    if cap is not None:
        for t, year in enumerate(case.years):
            if year >= target.year:
                yield year, [at.co2(t)], [1.0], cap
