"""How surely a total of activities times factors is known: IPCC 2006 Guidelines, volume 1, chapter 3.

A cell is one row: ``activity`` × ``factor``, the factor giving the unit of the total (t CO2e where gases are added).
``u_activity_pct`` and ``u_factor_pct`` are half-widths of the 95 % confidence interval in percent of the value, as
the guidelines ask for (§3.1.3). Rows with the same ``factor_id`` use one factor, so its error is one and the same in
all of them; rows without one have a factor of their own. Errors of activities are independent of each other, unless
rows name one ``activity_id`` (gases of one fuel burnt). ``gwp_id`` with ``u_gwp_pct`` is a third source of error,
shared like a factor. These three columns may be left out.

Approach 1 (§3.2.3.1, equations 3.1 and 3.2) adds variances; errors of a shared factor add linearly before they are
squared. Approach 2 (§3.2.3.2) draws. Its distributions follow the advice of §3.2.2.4: normal where the uncertainty is
small beside the value, lognormal for what cannot be negative and is known badly (see ``multipliers``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dafeng.accounting.checking import (
    SHOWN,
    Where,
    bad_numbers,
    empty_words,
    in_frame,
    missing_columns,
    positions,
)
from dafeng.core.errors import WARNING, BadInput, Problem
from dafeng.core.text import Text

Floats = NDArray[np.float64]

NUMBERS = ("activity", "factor", "u_activity_pct", "u_factor_pct")
WORDS = ("category", "gas", "factor_id")
# Two-sided 95 % quantile of the normal distribution.
Z95 = 1.959963984540054
# Up to here a standard deviation is about 0.3 of the mean, where the guidelines still call approach 1 fit (§3.2.3.1)
# and a normal draw falls below zero some five times in ten thousand.
NORMAL_UP_TO_PCT = 60.0
# Draws held at once: as many as stay in the processor's cache with some thousand cells.
_BLOCK = 128


# ── approach 1 ──


def approach1(frame: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Error propagation, one row per group (none: the total).

    Gives the columns ``by``, ``total``, ``half_width``, ``low`` and ``high`` in the unit of activity × factor: total
    ± half_width, the 95 % interval. half_width² = Σ_i (E_i u_a,i)² + Σ_f (Σ_{i in f} E_i u_f,i)². Raises BadInput
    with every fault of ``check``.
    """
    held = _held(frame, by)
    group = list(by) or [pl.lit(0).alias("__all")]
    value = pl.col("activity") * pl.col("factor")
    names = list(by) or ["__all"]
    cells = held.with_columns(value.alias("__e"))
    sums = cells.group_by(group).agg(pl.col("__e").sum().alias("total"))
    squares = []
    for shared, u in _sources(held):
        error = (pl.col("__e") * pl.col(u) / 100.0).sum() ** 2
        parts = cells.group_by([*group, shared]).agg(error.alias("__square"))
        squares.append(parts.group_by(names).agg(pl.col("__square").sum()))
    variance = pl.concat(squares).group_by(names).agg(pl.col("__square").sum().sqrt().alias("half_width"))
    sums = sums.join(variance, on=names, nulls_equal=True)
    low, high = (pl.col("total") - pl.col("half_width")), (pl.col("total") + pl.col("half_width"))
    return sums.sort(names).select(*by, "total", "half_width", low.alias("low"), high.alias("high"))


# ── approach 2 ──


@dataclass(frozen=True, slots=True)
class Draws:
    """groups: one row per group with its keys (none: one row without columns) and ``total`` of the values as given;
    totals: (draw, group) in the same unit. One draw is one state of the world: all groups of it share its factors."""

    groups: pl.DataFrame
    totals: Floats

    def whole(self) -> Draws:
        """The sum of all groups in each draw."""
        return Draws(self.groups.select(pl.col("total").sum()), self.totals.sum(axis=1, keepdims=True))

    def intervals(self) -> pl.DataFrame:
        """The groups with ``mean``, ``low`` and ``high``: the 2.5 % and 97.5 % quantiles of the draws."""
        low, high = np.quantile(self.totals, (0.025, 0.975), axis=0)
        made = {"mean": self.totals.mean(axis=0), "low": low, "high": high}
        return self.groups.with_columns(pl.Series(name, values) for name, values in made.items())


def approach2(frame: pl.DataFrame, *, draws: int, seed: int, by: Sequence[str] = ()) -> Draws:
    """Monte Carlo: one draw per activity and per ``factor_id``. The same seed gives the same draws, in whatever order
    the rows stand. Raises BadInput with every fault of ``check``."""
    held = _held(frame, by)
    group = _numbered(held, by)
    shared = [_Shared.of(held, name, u) for name, u in _sources(held)]
    values = (held["activity"] * held["factor"]).to_numpy()
    together = np.argsort(group, kind="stable")
    first = np.searchsorted(group[together], np.arange(group.max() + 1))
    totals = np.empty((draws, first.size))
    random = np.random.default_rng(seed)
    for begin in range(0, draws, _BLOCK):
        size = min(_BLOCK, draws - begin)
        cells = shared[0].drawn(random, size)
        for source in shared[1:]:
            cells *= source.drawn(random, size)
        cells *= values[:, None]
        totals[begin : begin + size] = np.add.reduceat(cells[together], first, axis=0).T
    names = {key: held[key].gather(together[first]) for key in by}
    return Draws(pl.DataFrame(names | {"total": np.add.reduceat(values[together], first)}), totals)


@dataclass(frozen=True, slots=True)
class _Shared:
    """A source of error of all rows. one: number of the value that a use draws; u: (use,), 95 % half-width ÷ value;
    use: (row,), None where every row is a use of its own. A value is worked out once for each uncertainty it is given,
    which as a rule is one."""

    one: NDArray[np.int64]
    count: int
    u: Floats
    use: NDArray[np.int64] | None

    @classmethod
    def of(cls, held: pl.DataFrame, name: str, u: str) -> _Shared:
        widths = held[u].to_numpy() / 100.0
        if held[name].n_unique() == held.height:
            return cls(np.arange(held.height), held.height, widths, None)
        value, use = _numbered(held, [name]), _numbered(held, [name, u])
        row = np.unique(use, return_index=True)[1]
        return cls(value[row], int(value.max()) + 1, widths[row], use)

    def drawn(self, random: np.random.Generator, size: int) -> Floats:
        """(row, size): what each row is multiplied with in each draw."""
        normal = random.standard_normal((self.count, size))
        if self.use is None:
            return multipliers(normal, self.u)
        return multipliers(normal[self.one], self.u)[self.use]


def multipliers(normal: Floats, u: Floats) -> Floats:
    """What a value is multiplied with in each draw, mean 1; worked in place.

    normal: (value, draw), standard normal; u: (value,), 95 % half-width ÷ value. With s = u / 1.96, the standard
    deviation:
    u ≤ 0.6   normal, 1 + s z, and 0 where that is negative (at most 6 draws in 10,000);
    u > 0.6   lognormal with mean 1 and standard deviation s: exp(σ z − σ² / 2), σ² = ln(1 + s²).
    """
    s = u / Z95
    wide = np.flatnonzero(u > NORMAL_UP_TO_PCT / 100.0)
    variance = np.log1p(s[wide] ** 2)[:, None]
    skewed = np.exp(np.sqrt(variance) * normal[wide] - variance / 2.0)
    normal *= s[:, None]
    normal += 1.0
    np.maximum(normal, 0.0, out=normal)
    normal[wide] = skewed
    return normal


# ── targets ──


def probability_below(totals: Floats, target: float) -> float:
    """Share of the draws (draw,) at or below a target in the same unit: the probability that a ceiling is kept."""
    return float(np.mean(totals <= target))


def probability_of_cut(before: Floats, after: Floats, cut_pct: float) -> float:
    """Share of the draws in which ``after`` lies at least ``cut_pct`` % below ``before``; both (draw,), from one
    ``approach2`` with the year among ``by``, so that an error common to both years cancels as it should."""
    return float(np.mean(after <= before * (1.0 - cut_pct / 100.0)))


def normal_probability_below(total: float, half_width: float, target: float) -> float:
    """The same by approach 1: the normal distribution with this 95 % half-width. A step where that is 0."""
    if half_width == 0:
        return float(total <= target)
    return 0.5 * (1.0 + math.erf((target - total) * Z95 / half_width / math.sqrt(2.0)))


# ── what must hold ──


def check(frame: pl.DataFrame, where: Where = in_frame) -> list[Problem]:
    """Every fault, and as warnings rows that give one factor_id two values or uncertainties (their errors are still
    taken as one)."""
    found = _faults(frame, where)
    return found + ([] if found else _differing_factors(frame, where))


def _faults(frame: pl.DataFrame, where: Where) -> list[Problem]:
    found = missing_columns(frame, [*WORDS, *NUMBERS], where)
    if found:
        return found
    if not frame.height:
        rule = Text("没有任何数据行", "there is no row of data")
        return [Problem("account.no-rows", where(None, None), rule, Text("请填写后再算", "fill it in first"))]
    found += empty_words(frame, ("category", "gas"), where)
    # A removal has a negative factor; an activity below zero has no meaning.
    found += bad_numbers(frame, NUMBERS, where, signed=("factor",))
    return found


def _differing_factors(frame: pl.DataFrame, where: Where) -> list[Problem]:
    named = frame.with_columns(_id("factor_id").alias("__factor")).with_row_index("__row").drop_nulls("__factor")
    found = []
    for name in ("factor", "u_factor_pct"):
        column = named[name].cast(pl.Float64)
        first = named.select(pl.col(name).cast(pl.Float64).first().over("__factor")).to_series()
        for row in positions((column - first).abs() > 1e-9 * first.abs())[:SHOWN]:
            key, values = named["__factor"][row], (first[row], column[row])
            found.append(
                Problem(
                    "account.factor-differs",
                    where(named["__row"][row], name),
                    Text(
                        f"同一因子“{key}”的 {name} 不一致：{values[0]:g} 与 {values[1]:g}；相对误差仍按同一个抽取",
                        f"the factor {key} has two values of {name}: {values[0]:g} and {values[1]:g}; "
                        "its relative error is still drawn once",
                    ),
                    Text(
                        "若是不同的因子，请用不同的 factor_id；若是同一因子，请统一数值",
                        "give different factors different ids, or one factor one value",
                    ),
                    WARNING,
                )
            )
    return found


def _id(name: str) -> pl.Expr:
    words = pl.col(name).cast(pl.String).str.strip_chars()
    return pl.when(words != "").then(words)


def _held(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The frame with numbers as doubles, in an order that its rows alone decide, and with ``__factor``, which a row
    without a factor_id has for itself alone."""
    faults = [*missing_columns(frame, by, in_frame), *_faults(frame, in_frame)]
    if faults:
        raise BadInput(faults)
    optional = [name for name in ("activity_id", "gwp_id", "u_gwp_pct") if name in frame.columns]
    held = frame.with_columns(pl.col(NUMBERS).cast(pl.Float64)).sort([*WORDS, *NUMBERS, *by, *optional])
    own = pl.concat_str(pl.lit("\0"), pl.int_range(pl.len()).cast(pl.String))
    named = {"__factor": "factor_id", "__activity": "activity_id", "__gwp": "gwp_id"}
    ids = {made: _id(name) for made, name in named.items() if name in frame.columns}
    return held.with_columns(own.alias("__activity")).with_columns(
        pl.coalesce(words, own).alias(made) for made, words in ids.items()
    )


def _sources(held: pl.DataFrame) -> list[tuple[str, str]]:
    """What the errors come from: the column that says which rows share one, and the column of half-widths."""
    sources = [("__activity", "u_activity_pct"), ("__factor", "u_factor_pct")]
    return [*sources, ("__gwp", "u_gwp_pct")] if {"gwp_id", "u_gwp_pct"} <= set(held.columns) else sources


def _numbered(held: pl.DataFrame, by: Sequence[str]) -> NDArray[np.int64]:
    """The number of the group of each row, from 0 in the order of the groups."""
    if not by:
        return np.zeros(held.height, dtype=np.int64)
    return held.select(pl.struct(by).rank("dense")).to_series().to_numpy().astype(np.int64) - 1
