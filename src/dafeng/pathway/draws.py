"""Draws of what is uncertain: from a seed to numbers, each spread evenly over its distribution.

A plain random draw leaves gaps and clusters; a Latin hypercube puts exactly one draw into each of N equally likely
slices of every quantity (McKay, Beckman, Conover 1979), a scrambled Sobol sequence also fills pairs and triples of them
evenly (Sobol 1967; Owen 1998) and is best at powers of two. Both give numbers between 0 and 1, which the inverse of a
distribution turns into values. Quantities that move together are brought into the asked rank correlation by reordering
(Iman and Conover 1982), which leaves the values of each of them as they are.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.evaluation import Values
from dafeng.core.expressions import parse
from dafeng.core.functions import NUMBER, Function
from dafeng.core.text import Text

Floats = NDArray[np.float64]
Method = Literal["latin-hypercube", "sobol"]

# A draw of exactly 0 or 1 would be an infinity of the normal distribution.
_EDGE = 2.0**-54
# Two quantities correlated by more than this are one quantity written twice.
_MOST = 0.999


@dataclass(frozen=True, slots=True)
class Spread:
    """How a quantity varies, in the quantity's own unit.

    normal(mean, standard deviation), uniform(low, high), triangular(low, most likely, high), lognormal(mean and
    standard deviation of the natural logarithm; its median is exp of the first)."""

    kind: str
    parameters: tuple[float, ...]

    def inverse(self, share: Floats) -> Floats:
        """share: probabilities between 0 and 1, any shape → values that so large a share of all lies below."""
        return _INVERSES[self.kind](share, *self.parameters)

    @property
    def median(self) -> float:
        return float(self.inverse(np.array(0.5)))

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{value:g}' for value in self.parameters)})"


def read_spread(source: str, place: Place | None = None) -> Spread:
    """``normal(0, 0.01)`` and its like. Raises BadInput for what is no distribution and for parameters that make none
    (a negative deviation, a low above a high)."""
    place = place or Place()
    tree = parse(source, {}, _SPREADS, place=place, expect="spread").tree
    spread = Values(_SPREADS)(tree)
    fault = _fault(spread)
    if fault:
        raise BadInput(
            Problem(
                "pathway.spread",
                place,
                Text(f"“{source}”不是一个分布：{fault.zh}", f"{source} is no distribution: {fault.en}"),
                Text("改正参数", "mend its parameters"),
            )
        )
    return spread


@dataclass(frozen=True, slots=True)
class Draws:
    """names: what is drawn; values: (draw, name), in the unit of each. The same seed gives the same draws."""

    names: tuple[str, ...]
    values: Floats
    seed: int
    method: Method

    @property
    def count(self) -> int:
        return self.values.shape[0]

    def of(self, name: str) -> Floats:
        """(draw,)"""
        return self.values[:, self.names.index(name)]

    def part(self, begin: int, end: int) -> Draws:
        """Some of the draws, for working through them in chunks."""
        return Draws(self.names, self.values[begin:end], self.seed, self.method)


def draw(
    spreads: Mapping[str, Spread],
    count: int,
    *,
    seed: int,
    method: Method = "latin-hypercube",
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> Draws:
    """count: draws; correlation: rank correlation (Spearman) of pairs of names, 0 where not named. Raises BadInput when
    the correlations contradict each other (no joint distribution has them all)."""
    names = tuple(spreads)
    values = inverted(list(spreads.values()), shares(count, len(names), seed=seed, method=method))
    if correlation:
        values = _together(values, _matrix(names, correlation), np.random.default_rng([seed, 1]))
    return Draws(names, values, seed, method)


def shares(count: int, width: int, *, seed: int, method: Method = "latin-hypercube") -> Floats:
    """(count, width), between 0 and 1: the evenly spread numbers before they become values."""
    from scipy.stats import qmc

    if not width:
        return np.empty((count, 0))
    random = np.random.default_rng(seed)
    if method == "sobol":
        with warnings.catch_warnings():
            # A count that is no power of two loses some balance, which the caller has chosen.
            warnings.simplefilter("ignore", UserWarning)
            found = qmc.Sobol(width, rng=random).random(count)
    else:
        found = qmc.LatinHypercube(width, rng=random).random(count)
    return np.clip(found, _EDGE, 1.0 - _EDGE)


def inverted(spreads: Sequence[Spread], share: Floats) -> Floats:
    """share: (draw, spread) → values, the same shape."""
    values = np.empty_like(share)
    for column, spread in enumerate(spreads):
        values[:, column] = spread.inverse(share[:, column])
    return values


# ── distributions ──


def _normal(share: Floats, mean: float, deviation: float) -> Floats:
    from scipy.special import ndtri

    return mean + deviation * ndtri(share)


def _uniform(share: Floats, low: float, high: float) -> Floats:
    return low + (high - low) * share


def _triangular(share: Floats, low: float, mode: float, high: float) -> Floats:
    if high == low:
        return np.full_like(share, low)
    width, below = high - low, (mode - low) / (high - low)
    rising = low + np.sqrt(share * width * (mode - low))
    falling = high - np.sqrt((1.0 - share) * width * (high - mode))
    return np.where(share < below, rising, falling)


def _lognormal(share: Floats, mean: float, deviation: float) -> Floats:
    return np.exp(_normal(share, mean, deviation))


_INVERSES: Mapping[str, Callable[..., Floats]] = {
    "normal": _normal,
    "uniform": _uniform,
    "triangular": _triangular,
    "lognormal": _lognormal,
}


def _function(kind: str, count: int, zh: str, en: str) -> Function:
    def made(*parameters: float | None) -> Spread:
        return Spread(kind, tuple(math.nan if value is None else float(value) for value in parameters))

    return Function(kind, (NUMBER,) * count, "spread", values=made, about=Text(zh, en))


_SPREADS = {
    function.name: function
    for function in (
        _function("normal", 2, "正态分布（均值，标准差）", "normal distribution (mean, standard deviation)"),
        _function("uniform", 2, "均匀分布（下限，上限）", "uniform distribution (low, high)"),
        _function(
            "triangular", 3, "三角分布（下限，最可能值，上限）", "triangular distribution (low, most likely, high)"
        ),
        _function(
            "lognormal",
            2,
            "对数正态分布（对数的均值，对数的标准差）",
            "lognormal distribution (mean and standard deviation of the logarithm)",
        ),
    )
}


def _fault(spread: Spread | None) -> Text | None:
    if spread is None or not all(math.isfinite(value) for value in spread.parameters):
        return Text("参数不是数", "a parameter is no number")
    if spread.kind in ("normal", "lognormal"):
        negative = spread.parameters[1] < 0
        return Text("标准差不能为负", "a standard deviation cannot be negative") if negative else None
    if list(spread.parameters) != sorted(spread.parameters):
        return Text("各参数须从小到大", "its parameters must rise from low to high")
    return None


# ── what moves together ──


def _matrix(names: tuple[str, ...], correlation: Mapping[tuple[str, str], float]) -> Floats:
    """(name, name), correlation of the normal scores that have these rank correlations: 2 sin(π ρ / 6)."""
    found, problems = np.eye(len(names)), []
    for (one, other), rank in correlation.items():
        if one not in names or other not in names or one == other or not -_MOST <= rank <= _MOST:
            problems.append(_contradiction(f"{one}–{other}", rank))
            continue
        row, column = names.index(one), names.index(other)
        found[row, column] = found[column, row] = 2.0 * math.sin(math.pi * rank / 6.0)
    if problems:
        raise BadInput(problems)
    if np.linalg.eigvalsh(found)[0] <= 1e-9:
        raise BadInput(_contradiction("、".join(f"{one}–{other}" for one, other in correlation), None))
    return found


def _contradiction(pair: str, rank: float | None) -> Problem:
    value = "" if rank is None else f" {rank:g}"
    return Problem(
        "pathway.correlation",
        Place(item=pair),
        Text(f"相关系数{value}不成立", f"the correlation{value} cannot be"),
        Text(
            "每一对须是两个不同的不确定量，系数在 −0.999 与 0.999 之间，且各对之间不矛盾",
            "a pair is two different uncertain quantities, between −0.999 and 0.999, and pairs must not contradict",
        ),
    )


def _together(values: Floats, matrix: Floats, random: np.random.Generator) -> Floats:
    """Iman and Conover: order each column as normal scores of this correlation are ordered.

    The scores are shuffled, freed from the correlation they have by chance, and given the asked one."""
    from scipy.special import ndtri

    count, width = values.shape
    scores = ndtri(np.arange(1, count + 1) / (count + 1.0))
    shuffled = np.stack([random.permutation(scores) for _ in range(width)], axis=1)
    chance = np.linalg.cholesky(np.corrcoef(shuffled, rowvar=False))
    wanted = np.linalg.solve(chance, shuffled.T).T @ np.linalg.cholesky(matrix).T
    ranks = wanted.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(values, axis=0), ranks, axis=0)
