"""When an ensemble peaks: how probable it is by each year, at what level, and how far from the commitment.

A draw is one path of yearly emissions, history first. Its peak is its highest year, the latest where several share it,
as for an observed series (``peak.judge``). A path whose highest year is the last one looked at has not peaked within
sight; nothing is said about the years beyond. So the probability of having peaked by a year is the share of draws whose
highest year is that one or earlier, and the last year has the probability of the year before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dafeng.pathway.ensemble import named, quantiles
from dafeng.pathway.peak import TOLERANCE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COMMITMENT = 2030
_RANGE = (0.05, 0.50, 0.95)


@dataclass(frozen=True, slots=True)
class Peaks:
    """years: (year,), history and projection; last: the last year of history. The rest is (draw, scenario):

    year and level: of the highest, in the unit of the totals; level_due: that of the commitment's year;
    plateau_from and plateau_to: the unbroken run of years around the peak within ``TOLERANCE`` of it;
    needed_cut: share by which every year after history must be lowered, compounding, for the highest year to be no
    later than the commitment's (0: it is already). Where the years end with the commitment's or before it, nothing is
    known of what follows: ``commitment`` is None, ``level_due`` and ``needed_cut`` are not numbers."""

    years: Ints
    last: int
    commitment: int | None
    year: Ints
    level: Floats
    level_due: Floats
    plateau_from: Ints
    plateau_to: Ints
    needed_cut: Floats

    @property
    def in_sight(self) -> NDArray[np.bool_]:
        """(draw, scenario): whether the highest year is not the last one looked at."""
        return self.year < self.years[-1]

    @property
    def on_plateau(self) -> NDArray[np.bool_]:
        """(draw, scenario): whether the last year looked at is still within ``TOLERANCE`` of the peak."""
        return self.plateau_to == self.years[-1]

    def probability(self) -> Floats:
        """(scenario, year): of having peaked by each year; never falls."""
        reached = (self.year[:, :, None] <= self.years) & self.in_sight[:, :, None]
        return reached.mean(axis=0)

    def distribution(self) -> Floats:
        """(scenario, year): share of draws that peak in each year; that of the last year has not peaked in sight."""
        return (self.year[:, :, None] == self.years).mean(axis=0)


def peaks(years: Sequence[int], totals: Floats, *, last: int, commitment: int = COMMITMENT) -> Peaks:
    """years: ascending, one by one; totals: (draw, scenario, year), not negative, any unit; last: the last year of
    history; commitment: the year by which the highest must have come."""
    line = np.asarray(years, dtype=np.int64)
    if not line[0] <= last < line[-1] or commitment < line[0]:
        raise ValueError(f"history to {last} and a commitment for {commitment} do not lie in {line[0]}–{line[-1]}")
    count = line.size
    at = count - 1 - np.argmax(totals[:, :, ::-1], axis=2)
    level = np.take_along_axis(totals, at[:, :, None], axis=2)[:, :, 0]
    begin, end = _plateau(totals, at, level)
    due = int(commitment - line[0])
    known = due < count - 1
    level_due = totals[:, :, due] if known else np.full(level.shape, np.nan)
    cut = needed_cut(totals, int(last - line[0]), due) if known else level_due
    return Peaks(
        line, last, commitment if known else None, line[at], level, level_due, line[begin], line[end], cut
    )  # fmt: skip


def _plateau(totals: Floats, at: Ints, level: Floats) -> tuple[Ints, Ints]:
    """First and last index of the run around ``at`` that stays within the tolerance of the level; (draw, scenario)."""
    count = totals.shape[2]
    index = np.arange(count)
    off = totals < level[:, :, None] * (1.0 - TOLERANCE)
    before = np.where(off & (index < at[:, :, None]), index, -1).max(axis=2) + 1
    after = np.where(off & (index > at[:, :, None]), index, count).min(axis=2) - 1
    return before, after


def needed_cut(totals: Floats, last: int, due: int) -> Floats:
    """(draw, scenario): the least yearly cut c with which the highest year comes at ``due`` or before it.

    totals: (draw, scenario, year); last and due: indices of the last year of history and of the commitment. A path
    E(y) becomes E(y)·(1−c)^(y−last) after history. Some year p up to ``due`` must be as high as every later one:
    1 − c ≤ (E(p) / E(y))^(1 / (y − max(p, last))) for every y after ``due``; the best p is taken. A commitment that
    lies in history asks the same of the years after it, and what has happened cannot be cut: 1 where a year of history
    after ``due`` is the higher one."""
    with np.errstate(divide="ignore"):
        logs = np.log(totals)
    until = min(due, last)
    # Years of history are not cut, so the highest of them stands for all; each later one is cut for its own time.
    candidates = [(last, logs[:, :, : until + 1].max(axis=2))]
    candidates += [(p, logs[:, :, p]) for p in range(last + 1, due + 1)]
    best = np.full(totals.shape[:2], -np.inf)
    for p, high in candidates:
        keep = np.full(totals.shape[:2], np.inf)
        for y in range(due + 1, totals.shape[2]):
            higher = logs[:, :, y]
            with np.errstate(invalid="ignore"):
                above = np.where(higher == -np.inf, np.inf, high - higher)
            # A year of history cannot be cut: it is lower or it is not.
            kept = above / (y - p) if y > p else np.where(above >= 0.0, np.inf, -np.inf)
            np.minimum(keep, kept, out=keep)
        np.maximum(best, keep, out=best)
    return np.clip(-np.expm1(np.minimum(best, 0.0)), 0.0, 1.0)


# ── in words that JSON holds ──


def summary(found: Peaks, scenario: int) -> dict[str, Any]:
    """One scenario (its number): year, level and plateau of the peak, probability by year, distance to the commitment.

    ``year`` holds quantiles over all draws, null from where the peak is out of sight. ``commitment`` is null where the
    years do not go beyond it."""
    years, chance = found.years, found.probability()[scenario]
    ahead = years > found.last
    shares = zip(years[:-1], found.distribution()[scenario], strict=False)
    length = found.plateau_to[:, scenario] - found.plateau_from[:, scenario] + 1
    return {
        "year": _years(found.year[:, scenario], years[-1]),
        "level": _range(found.level[:, scenario]),
        "in_sight": float(found.in_sight[:, scenario].mean()),
        "peaked_already": float(chance[~ahead][-1]),
        "by_year": {int(y): float(p) for y, p in zip(years[ahead], chance[ahead], strict=True)},
        "in_year": {int(y): float(p) for y, p in shares if p > 0},
        "plateau": {"years": _whole(length), "at_end": float(found.on_plateau[:, scenario].mean())},
        "commitment": _distance(found, scenario),
    }


def _distance(found: Peaks, scenario: int) -> dict[str, Any] | None:
    """``late``: years of the peak after the commitment (negative: early), over draws with a peak in sight; ``below``:
    how far the commitment's year lies below the peak, as a share of it; ``needed_cut``: see ``Peaks``."""
    if found.commitment is None:
        return None
    seen, level = found.in_sight[:, scenario], found.level[:, scenario]
    late = found.year[seen, scenario] - found.commitment
    left = np.divide(found.level_due[:, scenario], level, out=np.ones(level.size), where=level > 0)
    return {
        "year": found.commitment,
        "probability": float(found.probability()[scenario, found.commitment - found.years[0]]),
        "below": _range(1.0 - left),
        "late": _whole(late) if seen.any() else None,
        "needed_cut": _range(found.needed_cut[:, scenario]),
    }


def _range(values: Floats) -> dict[str, float]:
    return {named(q): float(value) for q, value in zip(_RANGE, quantiles(values, _RANGE), strict=True)}


def _whole(values: Ints) -> dict[str, int]:
    """Quantiles that are values of some draw."""
    found = np.quantile(values, _RANGE, method="inverted_cdf")
    return {named(q): int(value) for q, value in zip(_RANGE, found, strict=True)}


def _years(year: Ints, end: int) -> dict[str, int | None]:
    """Null from where the peak is out of sight."""
    return {name: None if value >= end else value for name, value in _whole(year).items()}
