"""Stocks of long-lived things by year of building: what is left of them, what is added, how much of it works.

A stock is linear in what is added. Where the additions follow a path through a few values (a share of sales in 2030
and in 2035), the stock is a fixed part plus each value times a fixed response: ``responses`` gives those, so that a
model can move the values (levers, draws) without running the stock again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def weibull(ages: int, scale: float, shape: float) -> Array:
    """Share still there by age: S(t) = exp(−(t/T)^b).

    ages: how many ages, 0 … ages − 1; scale: T in years, at which 1/e is left; shape: b. Returns (age,).
    Form and parameters of vehicles: Hao et al. 2011, Sci China Tech 54:625.
    """
    if scale <= 0 or shape <= 0:
        raise ValueError("scale and shape of a life are positive")
    left: Array = np.exp(-np.power(np.arange(ages) / scale, shape, dtype=np.float64))
    return left


def fixed_life(ages: int, life: float) -> Array:
    """Share still there by age where all of it goes at a set age: 1 until ``life``, then 0; of a life that is no whole
    number (5.5 years) the last age keeps that fraction. Returns (age,)."""
    return np.clip(life - np.arange(ages, dtype=np.float64), 0.0, 1.0).astype(np.float64)


def yearly(survival: Array) -> Array:
    """Chance of an age to reach the next: (age,), the last being 0."""
    ahead = np.append(survival[1:], 0.0)
    return np.divide(ahead, survival, out=np.zeros_like(survival), where=survival > 0)


def older(stock: Array, survival: Array) -> Array:
    """The stock a year later, before anything is added. stock: (…, age), survival: (age,) → (…, age)."""
    moved = np.zeros_like(stock)
    moved[..., 1:] = (stock * yearly(survival))[..., :-1]
    return moved


def remaining(stock: Array, survival: Array, years: int) -> Array:
    """What is left of a stock by age after 1 … years years: (year,)."""
    left = np.empty(years)
    for step in range(years):
        stock = older(stock, survival)
        left[step] = stock.sum()
    return left


def vintages(added: Array, survival: Array, output: Array | None = None) -> Array:
    """Stock at the end of each year of what is added from the first year on: Σ added(s) · S(t − s) · output(t − s).

    added: (year,) in any unit; survival: (age,); output: (age,) how much of a unit still works (panels fade, lamps do
    not); 1 unless given. What is added in a year stands at its end at age 0. Returns (year,).
    """
    kept = survival if output is None else survival[: len(output)] * output[: len(survival)]
    return np.asarray(np.convolve(added, kept)[: len(added)], dtype=np.float64) if len(added) else added


def fading(ages: int, first: float, later: float) -> Array:
    """Output of a solar panel by age: 1, 1 − first, then less by ``later`` of the new output a year. (age,)"""
    faded: Array = 1.0 - first - later * (np.arange(ages, dtype=np.float64) - 1.0)
    faded[0] = 1.0
    return np.clip(faded, 0.0, 1.0)


def weights(years: Sequence[int], knots: Sequence[int]) -> Array:
    """How a straight path through values at ``knots`` weighs them in each year; level outside. (knot, year), columns
    sum to 1."""
    at = np.asarray(years, dtype=float)
    return np.array([np.interp(at, knots, one) for one in np.eye(len(knots))])


def responses(added: Array, survival: Array, years: Sequence[int], knots: Sequence[int]) -> Array:
    """Stock in each year per unit of the share at each knot: R_k(t) = Σ_s added(s) · w_k(s) · S(t − s).

    added: (year,) of ``years``, of which a share follows the path through the knots. Returns (knot, year): the stock is
    Σ_k share_k · R_k(t), exactly.
    """
    return np.array([vintages(added * one, survival) for one in weights(years, knots)])
