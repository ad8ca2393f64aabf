"""Does a schedule still meet its targets when the world turns out differently, and what would have been cheaper?

The schedule is held fixed while factors, prices, savings, costs and the base energy are drawn. Draws are multipliers
around 1, named ``factor/<carrier>``, ``price/<carrier>``, ``saving/<measure>``, ``capex/<measure>``,
``opex/<measure>`` and ``base/<group>``; ``*`` in place of a name moves all of that kind together and multiplies with
what is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dafeng.pathway.draws import Draws, Spread
from dafeng.roadmap import successive
from dafeng.roadmap.case import Case, Measure, Series, Target, alive
from dafeng.roadmap.interactions import Overlap
from dafeng.roadmap.targets_drawn import short

KINDS = ("factor", "price", "saving", "capex", "opex", "base")
# So many draws are worked through at a time, to keep memory small.
_CHUNK = 500
# A target missed by less than this share of it is met.
_MET = 1e-6


@dataclass(frozen=True, slots=True)
class World:
    """Multipliers. factor, price (draw, carrier); saving, capex, opex (draw, measure); base (draw, group)."""

    factor: Series
    price: Series
    saving: Series
    capex: Series
    opex: Series
    base: Series

    @property
    def count(self) -> int:
        return len(self.factor)

    def part(self, begin: int, end: int) -> World:
        return World(*(getattr(self, kind)[begin:end] for kind in KINDS))


def world(case: Case, draws: Draws) -> World:
    """The multipliers of a case out of draws. Raises ValueError for a name that is not of the case."""
    names = {
        "factor": case.carriers,
        "price": case.carriers,
        "saving": [one.id for one in case.measures],
        "capex": [one.id for one in case.measures],
        "opex": [one.id for one in case.measures],
        "base": list(case.base),
    }
    found = {kind: np.ones((draws.count, len(of))) for kind, of in names.items()}
    for name in draws.names:
        kind, _, of = name.partition("/")
        if kind not in KINDS or (of != "*" and of not in names[kind]):
            raise ValueError(f"nothing of the case is called {name}")
        hit = [at for at, one in enumerate(names[kind]) if of in ("*", one)]
        found[kind][:, hit] *= draws.of(name)[:, None]
    return World(**found)


def spreads_of(case: Case) -> dict[str, Spread]:
    """What the ranges of the measures say, as triangular multipliers: ``capex`` and ``opex`` in CNY, ``saves`` as
    multiples of the saving, ``saves.<carrier>`` in the carrier's unit."""
    found: dict[str, Spread] = {}
    for one in case.measures:
        for part, (low, high) in one.ranges.items():
            kind, value = _ranged(one, part)
            if kind is not None and value > 0 and low < high:
                at = min(max(1.0, low / value), high / value)
                found[f"{kind}/{one.id}"] = Spread("triangular", (low / value, at, high / value))
    return found


def _ranged(one: Measure, part: str) -> tuple[str | None, float]:
    if part in ("capex", "opex"):
        return part, float(getattr(one, part))
    head, _, carrier = part.partition(".")
    if head != "saves":
        return None, 0.0
    return "saving", float(one.saves[carrier].mean()) if carrier in one.saves else float(not carrier)


@dataclass(frozen=True, slots=True)
class Played:
    """cost (draw,): CNY, discounted, against doing nothing in the same draw; co2_t (draw, year); short: target →
    (draw, row) by how much each of its years is missed, in its unit (not above 0: met); hair: target → rounding that
    does not count."""

    cost: Series
    co2_t: Series
    short: Mapping[str, Series]
    hair: Mapping[str, float]

    def holds(self, target: str) -> NDArray[np.bool_]:
        """(draw,): does the target hold in all its years?"""
        return np.asarray((self.short[target] <= self.hair[target]).all(axis=-1))

    @property
    def all_hold(self) -> NDArray[np.bool_]:
        return np.all([np.ones(len(self.cost), bool), *(self.holds(one) for one in self.short)], axis=0)


def play(case: Case, built: Series, drawn: World) -> Played:
    """The schedule in every draw, with all overlaps. built (measure, year)."""
    overlap = Overlap(case)
    parts = [_play(case, overlap, built, drawn.part(begin, begin + _CHUNK)) for begin in range(0, drawn.count, _CHUNK)]
    return Played(
        np.concatenate([one.cost for one in parts]),
        np.concatenate([one.co2_t for one in parts]),
        {one.id: np.concatenate([part.short[one.id] for part in parts]) for one in case.targets},
        parts[0].hair,
    )


def _play(case: Case, overlap: Overlap, built: Series, drawn: World) -> Played:
    stock = alive(case, built)
    groups = list(case.base)
    pools = drawn.base[:, [groups.index(pool.group) for pool in overlap.pools]]
    saved = overlap.saved(drawn.saving[:, :, None] * stock, pools).total
    used = np.zeros((drawn.count, len(case.carriers), len(case.years)))
    for at, of in enumerate(case.base.values()):
        for carrier, values in of.items():
            used[:, case.carriers.index(carrier)] += drawn.base[:, at, None] * values
    outside = np.array([one.co2_t if one.co2_t.size else np.zeros(len(case.years)) for one in case.measures])
    factor, price = drawn.factor[:, :, None] * case.factor, drawn.price[:, :, None] * case.price
    spared = (factor * saved).sum(axis=1) + np.einsum("dm,mt,mt->dt", drawn.saving, outside, stock)
    co2 = (factor * used).sum(axis=1) + case.base_co2_t - spared
    own = np.array([_own(case, m, built) for m in range(len(case.measures))]).reshape(-1, len(case.years))
    opex = np.array([one.opex for one in case.measures])
    worth = case.discounts
    cost = drawn.capex @ (own @ worth) + drawn.opex @ (opex * (stock @ worth))
    cost = cost - (price * saved).sum(axis=1) @ worth - spared @ (worth * case.co2_price)
    energy = np.einsum("c,dct->dt", case.coal, used - saved)
    missed = {one.id: short(case, one, built, stock, co2, energy) for one in case.targets}
    return Played(cost, co2, missed, {one.id: _hair(case, one) for one in case.targets})


def _hair(case: Case, target: Target) -> float:
    size = float(np.abs(case.base_co2).max(initial=0.0)) if target.kind == "peak" else 0.0
    return _MET * max((abs(value) for value in target.values.values()), default=size)


def _own(case: Case, m: int, built: Series) -> Series:
    """(year,): capital that counts, less subsidy."""
    one = case.measures[m]
    subsidy = case.subsidy(one)
    return case.capex(one) * case.counted(one) * (1 - (subsidy.share if subsidy else 0.0)) * built[m]


def as_drawn(case: Case, drawn: World, at: int) -> Case:
    """The case as one draw has it."""
    groups = list(case.base)
    base = {
        group: {carrier: values * drawn.base[at, groups.index(group)] for carrier, values in of.items()}
        for group, of in case.base.items()
    }
    overlap = Overlap(case)
    measures = tuple(
        replace(
            one,
            capex=one.capex * drawn.capex[at, m],
            opex=one.opex * drawn.opex[at, m],
            saves={c: v * drawn.saving[at, m] * _grown(overlap, m, c, drawn, at) for c, v in one.saves.items()},
            uses={c: v * drawn.saving[at, m] * _grown(overlap, m, None, drawn, at) for c, v in one.uses.items()},
            co2_t=one.co2_t * drawn.saving[at, m],
        )
        for m, one in enumerate(case.measures)
    )

    def scaled(of: Mapping[str, Series], by: Series) -> dict[str, Series]:
        return {carrier: values * by[at, case.carriers.index(carrier)] for carrier, values in of.items()}

    return replace(
        case,
        base=base,
        measures=measures,
        factors=scaled(case.factors, drawn.factor),
        prices=scaled(case.prices, drawn.price),
        policy=replace(case.policy, taxes=scaled(case.policy.taxes, drawn.price)),
    )


def _grown(overlap: Overlap, m: int, carrier: str | None, drawn: World, at: int) -> Series | float:
    """By how much what a measure works on has grown: of a carrier it saves, or (what it uses) of all of these."""
    case, groups = overlap.case, list(overlap.case.base)
    found = []
    for (one, c), pools in overlap.of.items():
        if one != m or (carrier is not None and case.carriers[c] != carrier):
            continue
        whole = sum((pool.energy for pool in pools), np.zeros(len(case.years)))
        grown = sum((pool.energy * drawn.base[at, groups.index(pool.group)] for pool in pools), np.zeros(1))
        found.append(np.divide(grown, whole, out=np.ones_like(whole), where=whole > 0))
    return sum(found[1:], found[0]) / len(found) if found else 1.0


@dataclass(frozen=True, slots=True)
class Regret:
    """draw: which; cost, best: CNY of the schedule and of the draw's own optimum (None: the draw has none); met: does
    the schedule meet every target in it? Its cost is comparable with the best only there."""

    draw: int
    cost: float
    best: float | None
    met: bool

    @property
    def regret(self) -> float | None:
        return self.cost - self.best if self.best is not None and self.met else None


def regrets(case: Case, built: Series, drawn: World, played: Played, sample: Sequence[int]) -> tuple[Regret, ...]:
    """Against the optimum of each draw of the sample, found anew with all overlaps."""
    met, found = played.all_hold, []
    for at in sample:
        best = successive.solve(as_drawn(case, drawn, at), starts=0).exact
        found.append(Regret(at, float(played.cost[at]), None if best is None else best.cost, bool(met[at])))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Robust:
    """outcome: the schedule with margins; margins: target → year → by how much it was tightened; shares: target →
    share of draws in which it holds; all_hold: share in which every target holds; enough: is that what was wanted?
    cost_of_margins: CNY more than without them."""

    outcome: successive.Outcome
    margins: Mapping[str, Mapping[int, float]]
    shares: Mapping[str, float]
    all_hold: float
    enough: bool
    cost_of_margins: float


def robust(case: Case, drawn: World, *, wanted: float = 0.9, starts: int = 0) -> Robust:
    """A schedule that meets every target in so large a share of draws. Each year of each target is tightened by the
    amount that the wanted share of draws misses it by at most, then by that of a larger share, until enough draws meet
    all targets; the last schedule that could be found is kept where no tighter one can."""
    best = _tested(case, case, {}, drawn, wanted, starts, None)
    plain = best
    for level in _levels(wanted):
        if best.enough or best.outcome.exact is None:
            break
        margins = _margins(case, plain, drawn, level)
        tight = _tightened(case, margins)
        tested = _tested(case, tight, margins, drawn, wanted, starts, plain)
        if tested.outcome.exact is None:
            break
        if tested.all_hold >= best.all_hold:
            best = tested
    return best


def _levels(wanted: float) -> Iterator[float]:
    rest = 1.0 - wanted
    yield from (1.0 - rest * share for share in (1.0, 0.7, 0.5, 0.3, 0.15, 0.05))


def _tested(
    case: Case, solved: Case, margins: Mapping[str, Mapping[int, float]], drawn: World, wanted: float, starts: int,
    plain: Robust | None,
) -> Robust:  # fmt: skip
    outcome = successive.solve(solved, starts=starts)
    if outcome.exact is None:
        return Robust(outcome, margins, {}, 0.0, False, 0.0)
    played = play(case, outcome.answer.built, drawn)
    share = float(played.all_hold.mean())
    before = plain.outcome.exact if plain else None
    return Robust(
        outcome, margins, {one.id: float(played.holds(one.id).mean()) for one in case.targets}, share,
        share >= wanted, outcome.exact.cost - before.cost if before else 0.0,
    )  # fmt: skip


def _margins(case: Case, plain: Robust, drawn: World, level: float) -> dict[str, dict[int, float]]:
    """target → year → the quantile over draws of how much more it is missed than in the case itself."""
    built = plain.outcome.answer.built
    one_draw = World(*(np.ones((1, getattr(drawn, kind).shape[1])) for kind in KINDS))
    played, itself = play(case, built, drawn), play(case, built, one_draw)
    found: dict[str, dict[int, float]] = {}
    for target in case.targets:
        years = _years(case, target)
        moved = np.quantile(played.short[target.id] - itself.short[target.id], level, axis=0)
        margins = {year: max(float(one), 0.0) for year, one in zip(years, moved, strict=True) if year is not None}
        if any(margins.values()):
            found[target.id] = margins
    return found


def _years(case: Case, target: Target) -> list[int | None]:
    """The year of each row of ``short``; None where no value of the target can be tightened (later than the peak)."""
    if target.kind != "peak":
        return list(target.values)
    later = [None for year in case.years if year > target.year and target.year in case.years]
    return [*later, *([target.year] * sum(year >= target.year for year in case.years) if target.values else [])]


def _tightened(case: Case, margins: Mapping[str, Mapping[int, float]]) -> Case:
    targets = []
    for one in case.targets:
        sign = 1 if one.sense == ">=" else -1
        more = margins.get(one.id, {})
        targets.append(replace(one, values={year: v + sign * more.get(year, 0.0) for year, v in one.values.items()}))
    return replace(case, targets=tuple(targets))
