"""The cheapest schedule with savings that shrink when measures overlap: linear programs, one after the other.

Each round solves the program with the tangent of the savings at the last schedule, evaluates what it found exactly,
and goes on from there. A round that is worse than the one it began from (dearer, or further from the targets) is taken
back and tried again within half the distance. It ends when the exact cost moves by less than 0.1 % and the solver's
figures agree with the exact ones; what difference is left is told. Pieces that cannot be divided are left divisible
until the rounds have settled, and made whole in the last ones.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.stats import qmc

from dafeng.core.text import Text
from dafeng.roadmap import relax
from dafeng.roadmap.answers import Answer, answer_of
from dafeng.roadmap.case import Case, Series, alive, standalone
from dafeng.roadmap.interactions import Overlap
from dafeng.roadmap.program import Program, assemble, set_effects
from dafeng.roadmap.relax import Relaxed
from dafeng.roadmap.solver import GAP, Solution
from dafeng.roadmap.solving import optimum

ROUNDS, SETTLED, STARTS = 10, 1e-3, 6
# Rounds with whole pieces, after the others have settled.
_WHOLE_ROUNDS = 3
# A target missed by less than this share of it is met; one still missed by more than ``_LOST`` after all rounds cannot
# be met together with the others. Missing one by its whole size costs so many times the cost.
_MET, _LOST, _PENALTY = 1e-6, 1e-3, 100.0


@dataclass(frozen=True, slots=True)
class Round:
    """cost: exact, CNY; told: the solver's, with the tangent it was given; missed: of the worst target, as a share of
    it; radius: how far the stocks could move, as a share of their potential (inf: freely); taken: was it kept?"""

    cost: float
    told: float
    missed: float
    radius: float
    taken: bool


@dataclass(frozen=True, slots=True)
class Exact:
    """A schedule evaluated with all interactions. difference: exact cost − the solver's, CNY; saved_alone, saved
    (carrier, year): the sum of what each measure would save alone, and what they save together; co2_difference (year,):
    exact CO2 − the solver's, t; by_measure (measure, carrier, year)."""

    cost: float
    told: float
    missed: float
    saved: Series
    saved_alone: Series
    by_measure: Series
    co2_t: Series
    co2_difference: Series

    @property
    def difference(self) -> float:
        return self.cost - self.told

    @property
    def about(self) -> Text:
        share = float(abs(self.difference)) / max(abs(self.cost), 1.0)
        return Text(
            f"计入措施重叠后的精确成本比求解器所报{'高' if self.difference >= 0 else '低'}{share:.3%}",
            f"with all overlaps the cost is {share:.3%} {'above' if self.difference >= 0 else 'below'} the solver's",
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """answer: its figures are the exact ones; program: with the tangent at the answer, ready for what-if; solution: of
    that program, with shadow prices; settled: did the rounds end by themselves?"""

    answer: Answer
    exact: Exact | None
    rounds: tuple[Round, ...]
    settled: bool
    program: Program
    solution: Solution


@dataclass(slots=True)
class _Search:
    """Where the rounds stand: the best schedule so far (columns' values), its merit and the rounds made."""

    overlap: Overlap
    program: Program
    gap: float
    seconds: float
    radius: float = np.inf
    built: Series | None = None
    best: tuple[float, float] = (np.inf, np.inf)
    merit: float = np.inf
    capital: float = field(init=False)
    solution: Solution | None = None
    co2_told: Series | None = None

    def __post_init__(self) -> None:
        """capital: of every measure built to its potential, CNY: the size that missing a target is weighed with."""
        case = self.program.case
        self.capital = sum(one.capex * float(one.potential.max(initial=0.0)) for one in case.measures) or 1.0

    def size(self, cost: float, built: Series) -> float:
        """What a change of cost is compared with: the cost, or the capital spent where savings all but repay it."""
        return max(abs(cost), float(self.program.cost[: built.size] @ built.ravel()), 1.0)

    def exactly(self, built: Series) -> tuple[float, float]:
        """Cost and the worst miss of a target; the program is left with the tangent at this schedule."""
        set_effects(self.program, self.overlap.effects(alive(self.program.case, built)))
        values = self.program.columns(built)
        return float(self.program.cost @ values + self.program.offset), missed(self.program, values)

    def round(self, whole: bool) -> Round | None:
        """One round from the best schedule; None where its program has no schedule."""
        program = self.program if whole else replace(self.program, whole=np.zeros_like(self.program.whole))
        limited = program if self.built is None else _near(program, self.built, self.radius)
        start = None if self.built is None else self.program.columns(self.built)
        found = optimum(limited, gap=self.gap, seconds=self.seconds, start=start)
        if found.values is None and np.isfinite(self.radius):
            found, self.radius = optimum(program, gap=self.gap, seconds=self.seconds, start=start), np.inf
        if found.values is None:
            self.solution = self.solution or found
            return None
        built = np.maximum(self.program.built(found.values), 0.0)
        told = found.values[self.program.at.co2(0) : self.program.at.switches]
        cost, short = self.exactly(built)
        merit = cost + _PENALTY * max(short - _MET, 0.0) * self.capital
        taken = merit < self.merit or self.built is None
        made = Round(cost, found.cost, short, self.radius, taken)
        if taken:
            self.built, self.best, self.merit, self.solution = built, (cost, short), merit, found
            self.co2_told = told
        else:
            assert self.built is not None
            self.exactly(self.built)
            self.radius = 0.5 if not np.isfinite(self.radius) else self.radius / 2
        return made


def solve(
    case: Case,
    *,
    relaxed: bool = False,
    gap: float = GAP,
    seconds: float = 60.0,
    rounds: int = ROUNDS,
    starts: int = STARTS,
) -> Outcome:
    """The cheapest schedule that meets every target with all overlaps counted; arguments as in ``solving.solve``.

    Where measures overlap there may be several schedules of which each is the cheapest around itself (either of two
    measures, hardly both): the rounds begin from nothing built and from so many other ``starts``, within ``seconds``.
    """
    overlap, until = Overlap(case), time.monotonic() + seconds
    first = _search(case, overlap, np.zeros((len(case.measures), len(case.years))), gap, seconds)
    found = [_searched(first, rounds)]
    if not _alone(first):
        found += _others(case, found[0], _beginnings(case, starts), rounds, until)
        best = min(found, key=lambda one: one[0].merit)
        found += _others(case, best, _without_one(best[0], starts), rounds, until)
    search, made, settled = min(found, key=lambda one: one[0].merit)
    if search.built is not None and search.program.whole.any() and made:
        search.merit, search.radius = np.inf, np.inf
        more, settled = _rounds(search, _WHOLE_ROUNDS, whole=True)
        made += more
        if not more:
            search.built = None
    if search.built is None or search.best[1] > _LOST:
        return _without_schedule(search, made, relaxed)
    return _outcome(search, made, settled)


_Searched = tuple[_Search, tuple[Round, ...], bool]


def _search(case: Case, overlap: Overlap, stock: Series, gap: float, seconds: float) -> _Search:
    """A search that begins with the tangent at this stock (measure, year)."""
    return _Search(overlap, assemble(case, overlap.effects(stock)), gap, seconds)


def _searched(search: _Search, rounds: int) -> _Searched:
    return (search, *_rounds(search, rounds, whole=False))


def _others(case: Case, like: _Searched, stocks: Iterable[Series], rounds: int, until: float) -> Iterator[_Searched]:
    for stock in stocks:
        if time.monotonic() > until:
            return
        yield _searched(_search(case, like[0].overlap, stock, like[0].gap, like[0].seconds), rounds)


def _without_one(search: _Search, count: int) -> Iterator[Series]:
    """Stocks of the best schedule without one of its measures, those first that its cost would miss least."""
    if search.built is None:
        return
    case, program = search.program.case, search.program
    worth = []
    for m in np.flatnonzero(search.built.any(axis=1)):
        left = search.built.copy()
        left[m] = 0.0
        stock = alive(case, left)
        saved = search.overlap.saved(stock).total
        co2 = -(case.factor * saved).sum(axis=0)
        cost = program.cost[: left.size] @ left.ravel() + program.cost[left.size : 2 * left.size] @ stock.ravel()
        cost -= float((case.discounts * (case.price * saved).sum(axis=0)).sum())
        worth.append((cost + float((case.discounts * case.co2_price * co2).sum()), stock))
    yield from (stock for _, stock in sorted(worth, key=lambda one: one[0])[:count])


def _beginnings(case: Case, count: int) -> Iterator[Series]:
    """(measure, year): stocks to begin from: all, half, and shares of the potentials that are spread evenly."""
    potential = np.array([one.potential for one in case.measures])
    yield from (potential, potential / 2)[:count]
    if count > 2:
        shares = qmc.LatinHypercube(len(potential), rng=np.random.default_rng(0)).random(count - 2)
        yield from (share[:, None] * potential for share in shares)


def missed(program: Program, values: Series) -> float:
    """By how much the worst target is missed, as a share of what its row asks."""
    rows = program.of("target")
    if not rows:
        return 0.0
    activity = program.matrix.tocsr()[rows] @ values
    short = np.maximum(program.row_lower[rows] - activity, activity - program.row_upper[rows])
    bound = np.where(np.isfinite(program.row_lower[rows]), program.row_lower[rows], program.row_upper[rows])
    size = np.where(bound == 0, 1 / program.row_scale[rows], np.abs(bound))
    return float(np.maximum(short / size, 0.0).max())


def _rounds(search: _Search, most: int, *, whole: bool) -> tuple[tuple[Round, ...], bool]:
    made: list[Round] = []
    for _ in range(most):
        before = search.best[0]
        one = search.round(whole)
        if one is None:
            break
        made.append(one)
        assert search.built is not None
        small = SETTLED * search.size(one.cost, search.built)
        agreed = abs(one.cost - one.told) <= small and one.missed <= _MET
        still = abs(one.cost - before) <= small
        if agreed and (still or _alone(search)):
            return tuple(made), True
        if not one.taken and one.radius < 1e-3:
            return tuple(made), search.best[1] <= _MET
    return tuple(made), False


def _alone(search: _Search) -> bool:
    """Does nothing overlap? Then the first round is exact."""
    return all(len(pool.blocks) == 1 for pool in search.overlap.pools)


def _near(program: Program, built: Series, radius: float) -> Program:
    """The program with every stock within ``radius`` of its potential (one piece at least) from where it is."""
    if not np.isfinite(radius):
        return program
    at, case = program.at, program.case
    columns = slice(at.stock(0, 0), at.saved(0, 0))
    stock = alive(case, built).ravel()
    step = np.repeat([radius * one.potential.max(initial=0.0) + max(one.lumpy, one.order) for one in case.measures],
                     at.years)  # fmt: skip
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[columns] = np.maximum(lower[columns], np.minimum(stock - step, upper[columns]))
    upper[columns] = np.minimum(upper[columns], np.maximum(stock + step, lower[columns]))
    return replace(program, lower=lower, upper=upper)


def _outcome(search: _Search, made: tuple[Round, ...], settled: bool, found: Relaxed | None = None) -> Outcome:
    assert search.built is not None
    assert search.solution is not None
    program, told = search.program, search.solution
    cost, short = search.exactly(search.built)
    values = program.columns(search.built)
    exact = _exact(search, cost, short, values)
    solution = replace(told, values=values, cost=cost)
    answer = answer_of(program, solution, found)
    return Outcome(answer, exact, made, settled, program, solution)


def _exact(search: _Search, cost: float, short: float, values: Series) -> Exact:
    assert search.built is not None
    assert search.solution is not None
    case, at = search.program.case, search.program.at
    stock = alive(case, search.built)
    together = search.overlap.saved(stock)
    alone = np.einsum("mct,mt->ct", standalone(case).each, stock)
    co2 = values[at.co2(0) : at.switches]
    told = co2 if search.co2_told is None else search.co2_told
    return Exact(
        cost, search.solution.cost, short, together.total, alone, together.by_measure, co2, co2 - told
    )  # fmt: skip


def _without_schedule(search: _Search, made: tuple[Round, ...], relaxed: bool) -> Outcome:
    """Which targets to relax, found again around each schedule until its exact savings agree."""
    program, case = search.program, search.program.case
    found = relax.least(program, seconds=search.seconds)
    solution = optimum(found.program, gap=search.gap, seconds=search.seconds)
    for _ in range(_WHOLE_ROUNDS):
        if solution.values is None:
            break
        built = np.maximum(program.built(solution.values), 0.0)
        before = found.slack
        set_effects(program, search.overlap.effects(alive(case, built)))
        found = relax.least(program, seconds=search.seconds)
        solution = optimum(found.program, gap=search.gap, seconds=search.seconds, start=solution.values)
        if np.allclose(before, found.slack, rtol=SETTLED, atol=0.0):
            break
    if solution.values is None or not relaxed:
        return Outcome(answer_of(found.program, solution, found, shown=relaxed), None, made, False, program, solution)
    search.built, search.solution = np.maximum(program.built(solution.values), 0.0), solution
    more, settled = _cheapest(search, found)
    return _outcome(search, more, settled, found)


def _cheapest(search: _Search, found: Relaxed) -> tuple[tuple[Round, ...], bool]:
    """Rounds to the cheapest schedule of the targets as relaxed. The search is left as it was where none is found."""
    assert search.built is not None
    search.program = replace(search.program, row_lower=found.program.row_lower, row_upper=found.program.row_upper)
    cost, short = search.exactly(search.built)
    search.best, search.radius = (cost, short), np.inf
    search.merit = cost + _PENALTY * max(short - _MET, 0.0) * search.capital
    more, settled = _rounds(search, ROUNDS, whole=bool(search.program.whole.any()))
    return more, settled
