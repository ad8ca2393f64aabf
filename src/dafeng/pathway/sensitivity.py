"""Which uncertainty matters: Sobol indices of first and of total order, and their ranking.

The first-order index of an input is the share of the result's variance that would be gone if that input were known;
the total index is the share that would stay if all others were known. A total well above the first order says that the
input acts through others. Two independent samples A and B and, for each input i, A with its column i taken from B
(``AB_i``) give, with f for the result (Saltelli and others 2010, Computer Physics Communications 181, 259–270):

    first  S_i = mean( f(B) · (f(AB_i) − f(A)) ) / V          (Saltelli 2010, table 2, row b)
    total  T_i = mean( (f(A) − f(AB_i))² ) / 2V               (Jansen 1999; table 2, row f)

that is (inputs + 2) × N runs. The indices assume inputs that are independent of each other. N is a power of two, for
which the scrambled Sobol sequence of A and B together is balanced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dafeng.pathway.draws import Draws, Spread, inverted, shares

if TYPE_CHECKING:
    from dafeng.pathway.compute import Compiled

Floats = NDArray[np.float64]

# Half of a 90 % interval, in standard errors of the normal distribution.
_Z90 = 1.6448536269514722
_RESAMPLED = 200


@dataclass(frozen=True, slots=True)
class Design:
    """The draws to run, in one: A, then B, then AB of each input. base: N; every block has N draws."""

    draws: Draws
    base: int

    @property
    def names(self) -> tuple[str, ...]:
        return self.draws.names


@dataclass(frozen=True, slots=True)
class Indices:
    """names: inputs; first and total: (input, result); first_error and total_error: half-widths of their 90 %
    intervals, by resampling draws; variance: (result,), in the result's unit squared. Where the result does not vary
    all indices are 0."""

    names: tuple[str, ...]
    first: Floats
    total: Floats
    first_error: Floats
    total_error: Floats
    variance: Floats

    def ranking(self, result: int = 0) -> pl.DataFrame:
        """Inputs by total index, the greatest first: ``rank``, ``input``, ``first``, ``total``, ``first_error``,
        ``total_error``, ``clear``: whether the total lies above that of the next by more than both errors."""
        order = np.argsort(-self.total[:, result], kind="stable")
        total, error = self.total[order, result], self.total_error[order, result]
        below, below_error = np.append(total[1:], 0.0), np.append(error[1:], 0.0)
        return pl.DataFrame(
            {
                "rank": np.arange(1, order.size + 1),
                "input": [self.names[row] for row in order],
                "first": self.first[order, result],
                "total": total,
                "first_error": self.first_error[order, result],
                "total_error": error,
                "clear": total - below > np.hypot(error, below_error),
            }
        )


def design(spreads: Mapping[str, Spread], base: int, *, seed: int) -> Design:
    """base: N, a power of two; gives (inputs + 2) · N draws."""
    if base < 2 or base & (base - 1):
        raise ValueError(f"the base of a design must be a power of two, {base} is none")
    names, width = tuple(spreads), len(spreads)
    both = shares(base, 2 * width, seed=seed, method="sobol")
    a, b = (inverted(list(spreads.values()), half) for half in (both[:, :width], both[:, width:]))
    mixed = np.repeat(a[None], width, axis=0)
    for column in range(width):
        mixed[column, :, column] = b[:, column]
    return Design(Draws(names, np.concatenate([a, b, *mixed]), seed, "sobol"), base)


def indices(plan: Design, results: Floats) -> Indices:
    """results: (draw, result) or (draw,) of the design's draws in their order."""
    width, base = len(plan.names), plan.base
    blocks = results.reshape(width + 2, base, -1)
    # The estimator of the first order is noisier the further the mean lies from 0; a constant changes no index.
    blocks = blocks - blocks[:2].mean(axis=(0, 1))
    a, b, mixed = blocks[0], blocks[1], blocks[2:]
    first, total = b * (mixed - a), (a - mixed) ** 2 / 2.0
    squares = (a**2 + b**2) / 2.0
    variance = squares.mean(axis=0)
    # Rounding alone must not pass for a variance.
    varies = variance > 1e-24 * np.abs(results.reshape(len(results), -1)).max(axis=0) ** 2
    random = np.random.default_rng([plan.draws.seed, 2])
    weights = random.multinomial(base, np.full(base, 1.0 / base), size=_RESAMPLED) / base
    spread = np.where(varies, weights @ squares, 1.0)[:, None, :]
    errors = [_Z90 * (_weighted(weights, terms) / spread).std(axis=0) * varies for terms in (first, total)]
    divisor = np.where(varies, variance, 1.0)
    first, total = (terms.mean(axis=1) / divisor * varies for terms in (first, total))
    return Indices(plan.names, first, total, errors[0], errors[1], variance * varies)


def _weighted(weights: Floats, terms: Floats) -> Floats:
    """weights: (resample, draw); terms: (input, draw, result) → (resample, input, result)."""
    return np.stack([weights @ of_input for of_input in terms], axis=1)


def sensitivity(
    evaluate: Callable[[Draws], Floats], spreads: Mapping[str, Spread], *, base: int = 1024, seed: int
) -> Indices:
    """evaluate: draws → results, (draw,) or (draw, result), such as emissions of a scenario in each year."""
    plan = design(spreads, base, seed=seed)
    return indices(plan, evaluate(plan.draws))


def of_scenario(compiled: Compiled, scenario: str, years: Sequence[int], *, base: int = 512, seed: int) -> Indices:
    """What makes the CO2 of a scenario uncertain, a result per year asked for: the inputs are the model's uncertain
    quantities, drawn without their correlations."""
    first = compiled.model.years.first

    def evaluate(draws: Draws) -> Floats:
        return compiled.run(draws, [scenario]).total()[:, 0, [year - first for year in years]]

    return sensitivity(evaluate, compiled.model.spreads, base=base, seed=seed)
