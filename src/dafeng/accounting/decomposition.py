"""Why a total changed: LMDI-I, additive and multiplicative.

The total is a sum over cells of a product of factors, V = Σ_i Π_k x_ik. The effect of factor k between two periods is

    additive        ΔV_k = Σ_i L(V_i1, V_i0) · ln(x_ik1 / x_ik0)
    multiplicative  D_k  = exp(ΔV_k / L(V_1, V_0))

with the logarithmic mean L(a, b) = (a − b) / ln(a / b), L(a, a) = a. The effects sum (multiply) to the change
(ratio) without residual, and those of a group are the sums of those of its cells.

Sources: B. W. Ang, F. L. Liu, K. H. Chung, "A generalized Fisher index approach to energy decomposition analysis",
Energy Economics 26 (2004) 757–763, and B. W. Ang, "The LMDI approach to decomposition analysis: a practical guide",
Energy Policy 33 (2005) 867–871 (formulas); B. W. Ang, N. Liu, "Handling zero values in the logarithmic mean Divisia
index decomposition approach", Energy Policy 35 (2007) 238–246 (zeros, see ``effects_of_cells``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from dafeng.accounting.panel import Chain, Floats, panel_of, product

# The small value of Ang and Liu (2007), who find that results settle between 1e-10 and 1e-20.
SMALL = 1e-10
EFFECT = "effect_"


# ── the formulas ──


def logarithmic_mean(a: Floats, b: Floats) -> Floats:
    """L(a, b) element by element, any shape, a and b ≥ 0 in one unit; 0 where either is 0 (its limit)."""
    high, low = np.maximum(a, b), np.minimum(a, b)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mean = (high - low) / _log_ratio(high, low)
    return np.where(high == low, high, np.where(low == 0, 0.0, mean))


def _log_ratio(a: Floats, b: Floats) -> Floats:
    """ln(a / b) without loss where a ≈ b (log1p of an exact difference); a, b > 0, any shape."""
    gap = (a - b) / b
    near = np.abs(gap) < 0.5
    made = np.log1p(gap, where=near, out=np.empty_like(gap))
    far = ~near
    made[far] = np.log(a[far]) - np.log(b[far])
    return made


def effects_of_cells(x0: Floats, x1: Floats, small: float = SMALL) -> Floats:
    """Additive effects in the unit of the product, shape (…, cell, factor) like x0 and x1, all ≥ 0.

    Zeros are taken to the limits of Ang and Liu (2007), analytical strategy, by the cell's values V0, V1 and the
    factor's x0, x1:

    ====  ====  ====  ====  ======================================
    V0    V1    x0    x1    effect of this factor
    ====  ====  ====  ====  ======================================
    0     > 0   0     > 0   V1 (the factor that brought the cell)
    > 0   0     > 0   0     −V0 (the factor that ended it)
    0     > 0   > 0   > 0   0
    > 0   0     > 0   > 0   0
    0     0     any   any   0
    ====  ====  ====  ====  ======================================

    Where several factors of a cell turn zero together, the limit of their sum is ±V but its split depends on how fast
    each tends to zero. Their zeros are then replaced by one ``small`` value (the small-value strategy of the same
    article), so that factor k bears the share ln(small / x_k) of the sum of these logarithms; x_k is its other
    value. ``small`` = 0 takes that to the end, equal shares, which alone is free of the units of the factors.
    """
    v0, v1 = product(x0), product(x1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        effects = logarithmic_mean(v0, v1)[..., None] * _log_ratio(x1, x0)
    # x prefixed by the axis of cells only where needed: most tables hold few zeros.
    effects[(v0 == 0) | (v1 == 0)] = 0.0
    comes, goes = (v0 == 0) & (v1 > 0), (v1 == 0) & (v0 > 0)
    effects[comes] = _shares(x0[comes], x1[comes], small) * v1[comes][:, None]
    effects[goes] = -_shares(x1[goes], x0[goes], small) * v0[goes][:, None]
    return effects


def _shares(zeros: Floats, others: Floats, small: float) -> Floats:
    """Shares (cell, factor) of factors that are zero on one side; others: their values on the other, all > 0."""
    gone = zeros == 0
    if small == 0:
        return gone / gone.sum(axis=1, keepdims=True)
    # Below every value it stands beside, so that all logarithms have one sign.
    tiny = small * np.minimum(1.0, np.where(gone, others, 1.0).min(axis=1, initial=1.0, keepdims=True))
    weights = np.where(gone, np.log(others) - np.log(tiny), 0.0)
    return weights / weights.sum(axis=1, keepdims=True)


# ── frames ──


def decompose(frame: pl.DataFrame, chain: Chain, *, small: float = SMALL) -> pl.DataFrame:
    """The additive effects of every cell and pair of neighbouring periods.

    frame: one row per cell and period; rows of other periods are left aside. Gives the columns of the keys,
    ``period_from``, ``period_to``, ``value_from``, ``value_to``, ``change`` and ``effect_<factor>``, in the unit of
    the product, ordered by key and period. Raises BadInput with every fault that ``panel.check`` finds.
    """
    panel = panel_of(frame, chain)
    x, (cells, periods, _) = panel.x, panel.x.shape
    v = product(x)
    effects = effects_of_cells(x[:, :-1], x[:, 1:], small)
    names = pl.Series(chain.periods)
    made = {
        "period_from": names.gather(np.tile(np.arange(periods - 1), cells)),
        "period_to": names.gather(np.tile(np.arange(1, periods), cells)),
        "value_from": v[:, :-1].ravel(),
        "value_to": v[:, 1:].ravel(),
        "change": (v[:, 1:] - v[:, :-1]).ravel(),
    }
    made |= {EFFECT + name: effects[..., k].ravel() for k, name in enumerate(chain.factors)}
    each = np.repeat(np.arange(cells), periods - 1)
    return pl.DataFrame({key: panel.cells[key].gather(each) for key in chain.keys} | made)


def summed(cells: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Additive effects of groups (none: the total), one row per group and pair of periods. ``by``: keys of the cells.

    Adds ``residual`` = change − Σ effects, which is zero but for rounding.
    """
    group = [*by, "period_from", "period_to"]
    effects = [name for name in cells.columns if name.startswith(EFFECT)]
    sums = cells.group_by(group).agg(pl.col("value_from", "value_to", *effects).sum()).sort(group)
    change = pl.col("value_to") - pl.col("value_from")
    return sums.select(
        *group, "value_from", "value_to", change.alias("change"), *effects,
        (change - pl.sum_horizontal(effects)).alias("residual"),
    )  # fmt: skip


def multiplied(cells: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Multiplicative effects of groups (none: the total): what each factor alone would have multiplied the value by.

    ``change`` is the ratio V1 / V0, ``residual`` = change / Π effects − 1, zero but for rounding. Null where the
    group's value is zero in either period, since it then has no ratio.
    """
    sums = summed(cells, by)
    effects = [name for name in sums.columns if name.startswith(EFFECT)]
    v0, v1 = sums["value_from"].to_numpy(), sums["value_to"].to_numpy()
    none = (v0 == 0) | (v1 == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = v1 / v0
        logs = sums.select(effects).to_numpy() / logarithmic_mean(v0, v1)[:, None]
        left = ratio / np.exp(logs.sum(axis=1)) - 1.0
    columns = {"change": ratio, **dict(zip(effects, np.exp(logs).T, strict=True)), "residual": left}
    whole = [pl.Series(name, np.where(none, np.nan, values)).fill_nan(None) for name, values in columns.items()]
    return sums.with_columns(whole)


def with_structure(frame: pl.DataFrame, value: str, levels: Sequence[str], period: str = "period") -> pl.DataFrame:
    """A quantity taken apart level by level: its total and a share for each level, whose product is the quantity.

    levels: keys from the whole to the part, such as sector, then carrier. Adds ``<value>_total`` (the quantity's unit)
    and ``share_<level>`` (1): the sum over what the keys down to this level name ÷ the sum one level above, which
    makes of an activity its scale and its structure at every level. A share of nothing is 0.
    """
    sums = [pl.col(value).sum().over([period, *levels[:depth]]) for depth in range(len(levels) + 1)]
    shares = [
        pl.when(above == 0).then(0.0).otherwise(here / above).alias(f"share_{level}")
        for level, above, here in zip(levels, sums[:-1], sums[1:], strict=True)
    ]
    return frame.with_columns(sums[0].alias(f"{value}_total"), *shares)
