"""What measures save together, which is less than the sum of what each would save alone.

The energy E0 that a group of the case uses of a carrier is a pool. A measure takes a fraction f of what is left in its
pools: E = E0·∏(1 − f). What it would save alone is E0·f, so that f = saves × stock alive / E0.

- A group is a path, ``office/cooling``. A measure of the group ``office`` works on every pool below it (commissioning,
  a building management system), each by the same fraction; lighting and cooling do not overlap with each other.
- The order in a pool is that of ``stage``, then of ``kind``: reduce the load, plant, control, supply. The
  product does not depend on it; who is credited with what does, and so does what a fuel switch uses: a heat pump that
  comes after insulation replaces less gas, and draws less electricity in proportion.
- The same measure in several zones, and measures that exclude each other, work on different parts of the stock: their
  fractions add up.
- What has no pool (rooftop power, vehicles outside the groups) saves what it saves alone.

Fractions are means over a pool: a unit of one measure meets the units of another as often as chance would have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from dafeng.roadmap.case import Case, Effects, Measure, Series, alive

ORDER = ("reduce", "plant", "control", "supply")
# A fraction above one by no more than this is rounding.
_HAIR = 1e-12


@dataclass(frozen=True)
class _Pool:
    """energy (year,); blocks: measures whose fractions add up, in their order; each (measure → (year,)): fraction of
    the pool per unit alive."""

    group: str
    carrier: int
    energy: Series
    blocks: tuple[tuple[int, ...], ...]
    each: dict[int, Series]

    @cached_property
    def members(self) -> np.ndarray:
        """Measures in the order of their blocks."""
        return np.array([m for block in self.blocks for m in block])

    @cached_property
    def per_unit(self) -> Series:
        """(member, year): fraction of the pool per unit alive."""
        return np.array([self.each[m] for m in self.members])

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each block begins among the members."""
        return np.cumsum([0, *(len(block) for block in self.blocks)])[:-1]

    def wholes(self, stock: Series) -> Series:
        """(…, block, year): fractions of each block, before a pool is held not to be more than emptied."""
        return np.add.reduceat(self.per_unit * stock[..., self.members, :], self.starts, axis=-2)

    def kept(self, stock: Series) -> Series:
        """(block, year): what each block leaves."""
        return 1.0 - np.minimum(self.wholes(stock), 1.0)

    def block_of(self, measure: int) -> int:
        return next(at for at, block in enumerate(self.blocks) if measure in block)


@dataclass(frozen=True, slots=True)
class Savings:
    """by_measure (…, measure, carrier, year): in the order of the stages, use counted negative; its sum over measures
    is ``total`` (…, carrier, year) exactly."""

    by_measure: Series

    @property
    def total(self) -> Series:
        return self.by_measure.sum(axis=-3)


@dataclass(slots=True)
class Overlap:
    """How the measures of a case overlap. Made once for a case, asked for many schedules."""

    case: Case
    pools: list[_Pool] = field(init=False)
    of: dict[tuple[int, int], list[_Pool]] = field(init=False)
    shares: dict[int, list[tuple[int, _Pool, Series]]] = field(init=False)

    def __post_init__(self) -> None:
        self.of, self.pools = {}, []
        members: dict[tuple[str, int], dict[int, Series]] = {}
        for m, measure in enumerate(self.case.measures):
            for carrier, values in measure.saves.items():
                groups = [group for group in _groups(self.case, measure) if carrier in self.case.base[group]]
                whole = sum((self.case.base[group][carrier] for group in groups), np.zeros(len(self.case.years)))
                share = np.divide(values, whole, out=np.zeros(len(self.case.years)), where=whole > 0)
                for group in groups:
                    members.setdefault((group, self.case.carriers.index(carrier)), {})[m] = share
        for (group, carrier), each in members.items():
            energy = self.case.base[group][self.case.carriers[carrier]]
            pool = _Pool(group, carrier, energy, _blocks(self.case, sorted(each)), each)
            self.pools.append(pool)
            for m in each:
                self.of.setdefault((m, carrier), []).append(pool)
        self.shares = {m: self._shares(m) for m, one in enumerate(self.case.measures) if one.uses}

    def saved(self, stock: Series, base: Series | None = None) -> Savings:
        """stock (…, measure, year): alive; base (…, pool): multiplies each pool's energy and what is saved of it."""
        case = self.case
        found = np.zeros((*stock.shape[:-1], len(case.carriers), stock.shape[-1]))
        left: dict[tuple[int, int], Series] = {}
        for at, pool in enumerate(self.pools):
            scale = 1.0 if base is None else base[..., at, None]
            rest = np.ones((*stock.shape[:-2], stock.shape[-1]))
            wholes = pool.wholes(stock)
            for b, block in enumerate(pool.blocks):
                whole = wholes[..., b, :]
                fraction = np.minimum(whole, 1.0)
                cut = np.divide(fraction, whole, out=np.ones_like(rest), where=whole > 1 + _HAIR)
                for m in block:
                    left[m, at] = rest
                    found[..., m, pool.carrier, :] += pool.energy * scale * rest * cut * pool.each[m] * stock[..., m, :]
                rest = rest * (1.0 - fraction)
        for m, c, values in self._alone():
            found[..., m, c, :] += values * stock[..., m, :]
        for m, measure in enumerate(case.measures):
            share = self._left(m, left, base)
            for carrier, values in measure.uses.items():
                found[..., m, case.carriers.index(carrier), :] -= values * stock[..., m, :] * share
        return Savings(found)

    def effects(self, stock: Series) -> Effects:
        """The tangent at a schedule (stock (measure, year)): exact there, and what one unit more or less would change
        with everything else in place."""
        case, each = self.case, self.slopes(stock)
        co2 = np.array([one.co2_t if one.co2_t.size else np.zeros(len(case.years)) for one in case.measures])
        constant = self.saved(stock).total - np.einsum("mct,mt->ct", each, stock)
        return Effects(each, constant, co2.reshape(len(case.measures), len(case.years)))

    def slopes(self, stock: Series) -> Series:
        """(measure, carrier, year): what one unit more of each would save with everything else in place."""
        each = np.zeros((len(self.case.measures), len(self.case.carriers), len(self.case.years)))
        for pool in self.pools:
            kept = pool.kept(stock)
            ahead, behind = np.ones_like(kept), np.ones_like(kept)
            ahead[1:] = kept[:-1].cumprod(axis=0)
            behind[:-1] = kept[:0:-1].cumprod(axis=0)[::-1]
            slope = np.repeat(pool.energy * ahead * behind * (kept > 0), [len(one) for one in pool.blocks], axis=0)
            each[pool.members, pool.carrier] += slope * pool.per_unit
        for m, c, values in self._alone():
            each[m, c] += values
        for m in range(len(self.case.measures)):
            self._uses(m, stock, each)
        return each

    def _alone(self) -> Iterator[tuple[int, int, Series]]:
        """Savings that have no pool: measure, carrier, (year,) per unit."""
        for m, measure in enumerate(self.case.measures):
            for carrier, values in measure.saves.items():
                c = self.case.carriers.index(carrier)
                if (m, c) not in self.of:
                    yield m, c, values

    def _shares(self, m: int) -> list[tuple[int, _Pool, Series]]:
        """Pools of a measure with the weight (year,) of each in what it replaces; the weights sum to one where the
        pools hold energy. Carriers count alike, pools of one carrier by their energy."""
        found = []
        carriers = [c for (one, c) in self.of if one == m]
        for c in carriers:
            pools = self.of[m, c]
            whole = sum((pool.energy for pool in pools), np.zeros(len(self.case.years)))
            for pool in pools:
                at = next(index for index, one in enumerate(self.pools) if one is pool)
                weight = np.divide(pool.energy, whole, out=np.zeros_like(whole), where=whole > 0) / len(carriers)
                found.append((at, pool, weight))
        return found

    def _left(self, m: int, left: dict[tuple[int, int], Series], base: Series | None) -> Series:
        """(…, year): what earlier stages leave of what this measure replaces; 1 where nothing overlaps."""
        shares = self.shares.get(m)
        if not shares:
            return np.ones(1)
        scale = [1.0 if base is None else base[..., at, None] for at, _, _ in shares]
        return sum((weight * left[m, at] * k for k, (at, _, weight) in zip(scale, shares, strict=True)), np.zeros(1))

    def _uses(self, m: int, stock: Series, each: Series) -> None:
        """Adds to ``each`` what a fuel switch uses, and what the stages before it spare of that."""
        measure = self.case.measures[m]
        if not measure.uses:
            return
        shares = self.shares[m]
        rest = np.zeros(len(self.case.years)) if shares else np.ones(len(self.case.years))
        spared: dict[int, Series] = {}
        for _, pool, weight in shares:
            kept = pool.kept(stock)
            own = pool.block_of(m)
            rest = rest + weight * _product(kept, own)
            for b in range(own):
                slope = weight * _product(kept, own, b) * (kept[b] > 0)
                for other in pool.blocks[b]:
                    spared[other] = spared.get(other, 0.0) + slope * pool.each[other]
        for carrier, values in measure.uses.items():
            c = self.case.carriers.index(carrier)
            each[m, c] -= values * rest
            for other, slope in spared.items():
                each[other, c] += values * stock[m] * slope


def effects(case: Case, built: Series) -> Effects:
    """The tangent at what is built (measure, year), for a solver that asks for it."""
    return Overlap(case).effects(alive(case, built))


def _groups(case: Case, measure: Measure) -> list[str]:
    """The groups of the case's energy on which a measure works: its own, and all below it."""
    group = measure.group
    return [] if group is None else [one for one in case.base if one == group or one.startswith(f"{group}/")]


def _blocks(case: Case, members: list[int]) -> tuple[tuple[int, ...], ...]:
    """Measures whose stock is apart (one id in several zones, or exclusive) together, in the order of the stages."""
    blocks: list[list[int]] = []
    for m in sorted(members, key=lambda one: (case.measures[one].stage, _rank(case.measures[one].kind), one)):
        for block in blocks:
            if all(_apart(case.measures[m], case.measures[other]) for other in block):
                block.append(m)
                break
        else:
            blocks.append([m])
    return tuple(tuple(block) for block in blocks)


def _rank(kind: str | None) -> int:
    """A measure of no kind, or of another, comes first of its stage: it is counted as one that reduces the load."""
    return ORDER.index(kind) if kind in ORDER else 0


def _apart(one: Measure, other: Measure) -> bool:
    return one.id == other.id or one.id in other.excludes or other.id in one.excludes


def _product(kept: Series, end: int, without: int | None = None) -> Series:
    """∏ of the blocks before ``end``, one of them left out."""
    found = np.ones(1)
    for at in range(end):
        if at != without:
            found = found * kept[at]
    return found
