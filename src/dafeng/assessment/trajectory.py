"""The path a target asks for, year by year.

Three forms, after the way district plans are judged: a quantity to be added grows in equal yearly steps; a
share
or stock goes in a straight line from its value in the base year; a percentage cut goes at a constant yearly
rate,
so that its progress is measured in logarithms (Qinghai statistics bureau, 2009: method note on the energy
intensity of GDP; a district's printed 26.16 % against 15 % is 186.61 % of the way).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping


def added_by(target: float, start: int, end: int, year: int) -> float:
    """Equal yearly steps: what should have been added by the end of ``year`` of ``target`` added over
    start..end (both included). Same unit as ``target``."""
    done = min(max(year - start + 1, 0), end - start + 1)
    return target * done / (end - start + 1)


def level_by(target: float, base: float, base_year: int, end: int, year: int) -> float:
    """Straight line from ``base`` in ``base_year`` to ``target`` in ``end``; flat outside."""
    share = min(max((year - base_year) / (end - base_year), 0.0), 1.0)
    return base + (target - base) * share


def cut_by(target_pct: float, base_year: int, end: int, year: int) -> float:
    """Percentage cut against ``base_year`` that a constant yearly rate has reached by ``year``.

    1 − (1 − K)^((year − base)/(end − base)), in %; K = target_pct/100. 13.5 % over five years is 2.859 % a
    year.
    """
    share = min(max((year - base_year) / (end - base_year), 0.0), 1.0)
    return 100.0 * (1.0 - (1.0 - target_pct / 100.0) ** share)


def cut_progress(done_pct: float, target_pct: float) -> float:
    """Share of a percentage cut that is done, in logarithms: ln(1 − k) / ln(1 − K). 1 = all of it."""
    return math.log(1.0 - done_pct / 100.0) / math.log(1.0 - target_pct / 100.0)


def yearly_rate(target_pct: float, years: int) -> float:
    """Constant yearly cut in % that makes ``target_pct`` % over ``years``."""
    return 100.0 * (1.0 - (1.0 - target_pct / 100.0) ** (1.0 / years))


def remaining_rate(target_pct: float, done_pct: float, years_left: int) -> float:
    """Yearly cut in % still needed: 1 − ((1 − K)/(1 − done))^(1/left)."""
    return 100.0 * (1.0 - ((1.0 - target_pct / 100.0) / (1.0 - done_pct / 100.0)) ** (1.0 / years_left))


def through_milestones(milestones: Mapping[int, float], year: int) -> float | None:
    """Straight lines between given milestones (year → value); None outside them."""
    years = sorted(milestones)
    if not years or year < years[0] or year > years[-1]:
        return None
    for one, other in itertools.pairwise(years):
        if one <= year <= other:
            return level_by(milestones[other], milestones[one], one, other, year)
    return milestones[years[0]]
