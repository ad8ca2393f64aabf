"""What only the values can tell: a number that does not exist, shares that do not make one, energy without activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dafeng.core.errors import Place, Problems
from dafeng.pathway.model import Branch, Model
from dafeng.pathway.series import Series, needs_history

Floats = NDArray[np.float64]
# Shares written with a few decimals (0.333 three times) are a fault; rounding of sums is not.
TOLERANCE = 1e-6


def check(problems: Problems, model: Model, values: Mapping[str, Floats], order: Sequence[str], scenario: str) -> None:
    """values: key of a cell → (year,), nothing drawn; order: keys, each after those it is made of."""
    years = list(model.years.all)
    _check_calibration(problems, model, values, years, scenario)
    if problems.errors:
        return
    if _check_finite(problems, model, values, order, years, scenario):
        return
    check_shares(problems, model, values, model.groups, scenario, model.overrides(scenario))


def _place(model: Model, key: str, overrides: Mapping[str, Series]) -> Place:
    series = overrides.get(key) or (model.cells[key].series if key in model.cells else None)
    if series is not None:
        return series.place
    return model.branch[key.removeprefix("branches/").rpartition("/")[0]].place


def _check_calibration(
    problems: Problems, model: Model, values: Mapping[str, Floats], years: Sequence[int], scenario: str
) -> None:
    """Energy in a year without activity cannot be met by any intensity."""
    for branch in model.branches:
        activity = values[branch.cell("activity")] * values[branch.cell("share")]
        for year, energy in branch.history.items():
            if energy != 0 and activity[years.index(year)] == 0:
                problems.add(
                    "pathway.no-activity",
                    replace(branch.place, field=f"history.{year}"),
                    f"{year}年有能耗 {energy:g}，而活动水平或占比为0",
                    f"in {year} there is energy, {energy:g}, while activity or share is 0",
                    fix_zh="改正这一年的活动水平、占比或能耗",
                    fix_en="mend the activity, the share or the energy of that year",
                )
        intensity = branch.cell("intensity")
        series = model.overrides(scenario).get(intensity, model.cells[intensity].series)
        base = years.index(model.years.base)
        if branch.history and activity[base] == 0 and needs_history(series, model.years.base):
            later = activity[base + 1 :]
            if np.any(later != 0):
                problems.add(
                    "pathway.no-base-intensity",
                    series.place,
                    f"{model.years.base}年没有活动水平，强度无从开始，而以后有活动水平",
                    f"there is no activity in {model.years.base} to begin an intensity at, but there is later",
                    fix_zh="给出强度，例如 hold(数)",
                    fix_en="give an intensity, for example hold(x)",
                )


def _check_finite(
    problems: Problems, model: Model, values: Mapping[str, Floats], order: Sequence[str], years: Sequence[int],
    scenario: str,
) -> bool:  # fmt: skip
    """The first cell in the order of computing is the cause; what follows from it is not told again."""
    from dafeng.pathway.checking_circles import dependencies

    graph = dependencies(model, model.overrides(scenario))
    broken: set[str] = set()
    for key in order:
        if np.isfinite(values[key]).all():
            continue
        broken.add(key)
        if any(one in broken for one in graph[key]):
            continue
        bad = [str(year) for year, value in zip(years, values[key], strict=True) if not np.isfinite(value)]
        told = (
            ("、".join(bad[:5]) + ("…" if len(bad) > 5 else "")),
            (", ".join(bad[:5]) + ("…" if len(bad) > 5 else "")),
        )
        problems.add(
            "pathway.no-value",
            _place(model, key, model.overrides(scenario)),
            f"“{key}”在 {told[0]} 年算不出数（情景 {scenario}）",
            f"“{key}” has no value in {told[1]} (scenario {scenario})",
            fix_zh="查看是否除以0、负数开方、数字过大，或缺少上一年的值",
            fix_en="look for a division by 0, a root of what is negative, a number too large, a year before the first",
        )
    return bool(broken)


def check_shares(
    problems: Problems, model: Model, values: Mapping[str, Floats], groups: Mapping[str, Sequence[Branch]],
    scenario: str, overrides: Mapping[str, Series],
) -> None:  # fmt: skip
    """values: key of a share → (year,), of all members of the groups; overrides: what is in force."""
    years = list(model.years.all)
    for group, members in groups.items():
        shares = {branch.cell("share"): values[branch.cell("share")] for branch in members}
        total = np.sum(list(shares.values()), axis=0)
        off = [index for index in range(len(years)) if abs(total[index] - 1) > TOLERANCE]
        if off:
            index = off[0]
            told = f"{years[index]}" if len(off) == 1 else f"{years[index]}–{years[off[-1]]}"
            problems.add(
                "pathway.shares",
                _place(model, next(iter(shares)), overrides),
                f"“{group}”组的占比在 {told} 年合计 {total[index]:.6g}，应为1（情景 {scenario}）",
                f"the shares of “{group}” make {total[index]:.6g} in {told}, not 1 (scenario {scenario})",
                fix_zh="改正占比，或把其中一个写作 rest()",
                fix_en="mend the shares, or write rest() for one of them",
            )
            continue
        for key, share in shares.items():
            outside = [years[index] for index in range(len(years)) if not -TOLERANCE <= share[index] <= 1 + TOLERANCE]
            if outside:
                problems.add(
                    "pathway.share-range",
                    _place(model, key, overrides),
                    f"占比在 {outside[0]} 年为 {share[years.index(outside[0])]:.6g}，应在0与1之间（情景 {scenario}）",
                    f"the share is {share[years.index(outside[0])]:.6g} in {outside[0]}; it must be between 0 and 1 "
                    f"(scenario {scenario})",
                    fix_zh="改正这个占比，或同组其他占比",
                    fix_en="mend this share, or the others of its group",
                )
