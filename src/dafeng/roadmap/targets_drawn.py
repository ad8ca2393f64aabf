"""Whether a target holds in every draw: by how much each of its years is missed."""

from __future__ import annotations

import numpy as np

from dafeng.roadmap.case import Case, Series, Target


def short(case: Case, target: Target, built: Series, stock: Series, co2: Series, energy: Series) -> Series:
    """(draw, row): by how much the target is missed in its unit, above 0 where it is; a row per year of its values. Of
    a peak: a row per later year (CO2 above that of the peak's year), then one per year from it on (above its cap).

    built, stock (measure, year); co2, energy (draw, year): t and tce with the schedule."""
    sign = 1.0 if target.sense == ">=" else -1.0
    if target.kind == "peak":
        return _above_peak(case, target, co2)
    rows = []
    for year, required in target.values.items():
        t = case.years.index(year)
        rows.append(sign * (required - _value(case, target, t, built, stock, co2, energy)))
    return np.stack(np.broadcast_arrays(*rows, np.zeros(len(co2)))[:-1], axis=-1)


def _value(
    case: Case, target: Target, t: int, built: Series, stock: Series, co2: Series, energy: Series
) -> Series | float:
    counts = np.array([one.counts.get(target.id, 0.0) for one in case.measures])
    match target.kind:
        case "sum":
            return target.done + float(counts @ built[:, : t + 1].sum(axis=1))
        case "level":
            return float(target.base[t] + counts @ stock[:, t])
        case "share":
            inside = np.array([one.counts_in.get(target.id, 0.0) for one in case.measures])
            whole = float(target.base_in[t] + inside @ stock[:, t])
            return float(target.base[t] + counts @ stock[:, t]) / whole if whole else 0.0
    path = energy if target.kind == "energy_path" or (target.kind == "intensity" and target.of == "energy") else co2
    if target.kind == "intensity" and case.gdp is not None:
        return path[:, t] / case.gdp[t]
    return path[:, t]


def _above_peak(case: Case, target: Target, co2: Series) -> Series:
    years = np.array(case.years)
    rows = [np.zeros((len(co2), 0))]
    if target.year in case.years:
        rows.append(co2[:, years > target.year] - co2[:, [case.years.index(target.year)]])
    if target.year in target.values:
        rows.append(co2[:, years >= target.year] - target.values[target.year])
    return np.concatenate(rows, axis=1)
