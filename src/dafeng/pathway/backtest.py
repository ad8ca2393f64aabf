"""Are probabilities of a peak worth anything? Forecasts from each earlier year of real series, against what came.

**The forecast** knows a series up to its origin and nothing after. It is a damped local trend (Gardner and McKenzie
1985, Management Science 31, 1237–1246) of the logarithm, with scatter from the last ``WINDOW`` yearly changes c_j:

    slope      d = Σ w_j c_j, w_j falling by ``1 − RECENT`` for each year back; drawn as d + s·√(Σ w_j²)·τ
    next year  slope ← ``DAMPING`` · slope + ``TURN`` · s · z;   ln E ← ln E + slope + e

with s the standard deviation of the changes, τ Student's with one degree of freedom less than there are changes, z
normal, and e one of the changes' departures from their mean. The three settings have the least Brier score of a grid of
45 on every eighth county outside Shanghai; provinces and Shanghai's districts, on which ``tests/real`` judges, had no
part in it. Two things were not blind: that a trend should fade at all was decided when a plain drift had failed on
those too, and the nation's turn of 2011–2013 lies in every one of these series.

**The event** is what ``peaks`` puts probabilities on: the highest year of the series, looked at until the origin
plus ``HORIZON``, is no later than the origin plus ``lead``. So a lead of 0 asks "has it peaked already?".

**The score** is Brier's, the mean of (probability − what came)². Beside it stand three that know nothing of the series:
climatology as it could be known then, the share of earlier cases, all series together, whose outcome was known at the
origin; climatology, the share of all cases in which the event came; and climatology by age, the same among cases whose
maximum lies as many years back, which is the hardest to beat. The last two know what they are judged on: who beats them
beats hindsight. Years and neighbours go together, so the interval of a skill comes from resampling whole series.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dafeng.pathway.peaks import peaks

Floats = NDArray[np.float64]

WINDOW = 10
HORIZON = 5
# Weight of the last change, before the weights are made to sum to 1; each year back has 0.7 of that of the next.
RECENT = 0.3
# A trend of 10 % a year is expected to be one of 7 % the year after.
DAMPING = 0.7
# How far a trend turns in a year, in standard deviations of the yearly change.
TURN = 0.25
# Fewer changes than this tell no scatter.
LEAST_CHANGES = 5
# A maximum this far back or farther is one class of age.
_OLD = 3
_RESAMPLED = 1000
_BINS = 5


def paths(values: Floats, horizon: int, draws: int, random: np.random.Generator) -> Floats:
    """values: (year,), positive, at least ``LEAST_CHANGES`` + 1 → (draw, horizon), in the unit of the values."""
    changes = np.diff(np.log(values))[-WINDOW:]
    count = changes.size
    if count < LEAST_CHANGES:
        raise ValueError(f"{count} yearly changes are too few for a forecast; {LEAST_CHANGES} are needed")
    weights = (1.0 - RECENT) ** np.arange(count)[::-1]
    weights /= weights.sum()
    scatter = changes.std(ddof=1)
    departures = (changes - changes.mean()) * math.sqrt(count / (count - 1))
    slope = weights @ changes + scatter * math.sqrt(weights @ weights) * random.standard_t(count - 1, size=draws)
    level, ahead = np.full(draws, math.log(values[-1])), np.empty((draws, horizon))
    for year in range(horizon):
        slope = DAMPING * slope + TURN * scatter * random.standard_normal(draws)
        level = level + slope + random.choice(departures, size=draws)
        ahead[:, year] = level
    return np.exp(ahead)


def forecast(
    years: Sequence[int], values: Sequence[float], *, horizon: int = HORIZON, draws: int = 2000, seed: int = 1
) -> Floats:
    """(lead,): probability that the series, looked at until ``horizon`` years from its last, has peaked by the last
    year plus each lead from 0 to horizon − 1. years: one by one; values: positive."""
    known = np.asarray(values, dtype=np.float64)
    ahead = paths(known, horizon, draws, np.random.default_rng([seed, int(years[-1])]))
    whole = np.concatenate([np.broadcast_to(known, (draws, known.size)), ahead], axis=1)
    line = range(years[0], years[-1] + horizon + 1)
    return peaks(line, whole[:, None, :], last=int(years[-1])).probability()[0, known.size - 1 : -1]


# ── cases ──


def cases(
    series: Mapping[str, tuple[Sequence[int], Sequence[float]]],
    *,
    least: int = WINDOW,
    horizon: int = HORIZON,
    draws: int = 2000,
    seed: int = 1,
) -> pl.DataFrame:
    """A row per series, origin and lead: ``series``, ``origin``, ``lead``, ``age`` of the maximum at the origin,
    ``probability``, ``came`` (0 or 1). Every year with ``least`` years up to it and ``horizon`` after it is an origin.

    series: name → years one by one, positive values."""
    rows = []
    for number, (name, (years, values)) in enumerate(series.items()):
        for at in range(least - 1, len(years) - horizon):
            known, until = values[: at + 1], values[: at + horizon + 1]
            found = forecast(years[: at + 1], known, horizon=horizon, draws=draws, seed=seed * 10_007 + number)
            age, top = at - _highest(known), _highest(until)
            rows += [(name, years[at], lead, age, p, int(top <= at + lead)) for lead, p in enumerate(found.tolist())]
    names = ("series", "origin", "lead", "age", "probability", "came")
    return pl.DataFrame(rows, schema=names, orient="row")


def _highest(values: Sequence[float]) -> int:
    """Index of the maximum, the latest where several share it."""
    return len(values) - 1 - int(np.argmax(np.asarray(values)[::-1]))


# ── scores ──


REFERENCES = ("known_then", "climatology", "by_age")
Verdict = Literal["better", "no better", "worse"]


@dataclass(frozen=True, slots=True)
class Skill:
    """brier: of the reference; skill: 1 − that of the forecast ÷ it (above 0: the forecast is the better), with its
    90 % interval, low and high."""

    brier: float
    skill: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """``no better`` where the interval holds 0."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "no better"


@dataclass(frozen=True, slots=True)
class Score:
    """rate: share of the cases in which the event came; brier: of the forecast; against: reference → skill."""

    cases: int
    rate: float
    brier: float
    against: Mapping[str, Skill]


def score(table: pl.DataFrame, *, horizon: int = HORIZON, seed: int = 1) -> Score:
    """table: see ``cases``, made with this horizon; the references are worked out lead by lead."""
    came = pl.col("came").cast(pl.Float64)
    age = pl.min_horizontal("age", pl.lit(_OLD)).alias("class")
    held = _known_then(table.with_columns(age), horizon).with_columns(
        climatology=came.mean().over("lead"), by_age=came.mean().over("lead", "class")
    )
    kinds = ("probability", *REFERENCES)
    squares = held.with_columns(((pl.col(kind) - came) ** 2).alias(kind) for kind in kinds)
    sums = squares.group_by("series", maintain_order=True).agg(pl.col(kinds).sum()).select(kinds).to_numpy()
    drawn = np.random.default_rng(seed).integers(0, len(sums), (_RESAMPLED, len(sums)))
    again = sums[drawn].sum(axis=1)
    brier, *others = (sums.sum(axis=0) / held.height).tolist()
    against = {}
    for column, (kind, reference) in enumerate(zip(REFERENCES, others, strict=True), start=1):
        skills = _skill(again[:, 0], again[:, column])
        # A skill may be minus infinity, between which and another no line can be drawn.
        low, high = np.quantile(skills, (0.05, 0.95), method="nearest").tolist()
        against[kind] = Skill(reference, float(_skill(brier, reference)), low, high)
    return Score(held.height, float(held["came"].to_numpy().mean()), brier, against)


def _known_then(table: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """The table with ``known_then``: (came + 1) ÷ (cases + 2) over cases of the same lead whose last year looked at was
    not after the origin (Laplace's rule of succession: a half where none was known)."""
    years = table.group_by("lead", pl.col("origin").alias("from")).agg(pl.col("came").sum(), pl.len().alias("n"))
    asked = table.select("lead", "origin").unique().join(years, on="lead", how="left")
    known = asked.filter(pl.col("from") + horizon <= pl.col("origin")).group_by("lead", "origin")
    share = known.agg(((pl.col("came").sum() + 1) / (pl.col("n").sum() + 2)).alias("known_then"))
    return table.join(share, on=["lead", "origin"], how="left").with_columns(pl.col("known_then").fill_null(0.5))


def _skill(brier: Any, reference: Any) -> Any:
    """1 − brier ÷ reference; of a reference that errs in no case nobody can be better: 0 or minus infinity."""
    brier, reference = np.asarray(brier, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    worst = np.where(brier > 0, np.inf, 1.0)
    return 1.0 - np.divide(brier, reference, out=worst, where=reference > 0)


def reliability(table: pl.DataFrame, bins: int = _BINS) -> pl.DataFrame:
    """A row per bin of equal width that holds cases: ``low``, ``high``, ``cases``, mean ``probability``, ``came``: the
    share that came. Of a calibrated forecast the last two are alike."""
    bin_ = (pl.col("probability") * bins).floor().clip(0, bins - 1).cast(pl.Int64).alias("bin")
    found = table.group_by(bin_).agg(pl.len().alias("cases"), pl.col("probability").mean(), pl.col("came").mean())
    return found.sort("bin").select(
        (pl.col("bin") / bins).alias("low"), ((pl.col("bin") + 1) / bins).alias("high"), "cases", "probability", "came"
    )
