"""Seeded chance: one independent stream per register, and splits that add up exactly."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Chance:
    """A stream of random draws that depends on the seed and a name only, so that one more register changes no other."""

    def __init__(self, seed: int, name: str):
        self.rng = np.random.default_rng([seed, zlib.crc32(name.encode())])

    def pick(self, items: Sequence[T], weights: Sequence[float] | None = None) -> T:
        if weights is None:
            return items[int(self.rng.integers(len(items)))]
        share = np.asarray(weights, dtype=float)
        return items[int(self.rng.choice(len(items), p=share / share.sum()))]

    def between(self, low: float, high: float, digits: int = 2) -> float:
        return round(float(self.rng.uniform(low, high)), digits)

    def whole(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def near(self, middle: float, spread: float, digits: int = 2) -> float:
        """Around ``middle`` with a relative standard deviation of ``spread``, cut at three deviations."""
        factor = 1 + spread * float(np.clip(self.rng.standard_normal(), -3, 3))
        return round(middle * max(factor, 0.05), digits)

    def triangle(self, low: float, middle: float, high: float, digits: int = 2) -> float:
        return round(float(self.rng.triangular(low, middle, high)), digits)

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A working day from first to last."""
        while True:
            day = first + dt.timedelta(days=self.whole(0, (last - first).days))
            if day.weekday() < 5:
                return day

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def lognormal(self, median: float, sigma: float, low: float, high: float) -> float:
        return float(np.clip(median * np.exp(sigma * self.rng.standard_normal()), low, high))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return [items[int(i)] for i in self.rng.permutation(len(items))]


def split(total: float, weights: Sequence[float], digits: int = 0) -> list[float]:
    """``total`` in parts proportional to ``weights``, rounded so that the parts add up to it exactly (largest
    remainders)."""
    unit = 10**digits
    whole = round(total * unit)
    share = np.asarray(weights, dtype=float)
    exact = whole * share / share.sum()
    floor = np.floor(exact).astype(int)
    order = np.argsort(-(exact - floor), kind="stable")
    for index in order[: whole - int(floor.sum())]:
        floor[index] += 1
    return [int(part) if digits == 0 else round(int(part) / unit, digits) for part in floor]
