"""What makes the difference between two scenarios: a wedge for each group of changes, adding up to the whole.

Changes act on each other: insulation saves less where the boiler is already better. So the wedges of the changes taken
one by one do not add up, and the interaction must be given to someone by a rule that is stated:

    shapley   each group gets its mean effect over all orders in which the groups could be made (Shapley 1953); no group
              depends on where it stands, groups that do the same get the same. Exact up to ``MOST_EXACT`` groups, by
              all 2^n sets; beyond that the mean over orders drawn at random, each with its reverse, from a stated seed.
    order     each group gets what it adds to those before it, in the order given.

Either way the wedges of every year and draw add up to the difference, but for the rounding of the sum: in each order
the steps from nothing to all of the groups telescope, drawn at random or not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dafeng.pathway.compute import Compiled, DrawsLike
    from dafeng.pathway.model import Model
    from dafeng.pathway.series import Series

Floats = NDArray[np.float64]
Rule = Literal["shapley", "order"]
# Sets of changes that are made, each a tuple of group numbers in rising order → results, (set, …).
Evaluate = Callable[[Sequence[tuple[int, ...]]], Floats]

MOST_EXACT = 8
# Orders drawn where there are more groups; half of them are reverses of the other half.
ORDERS = 200


@dataclass(frozen=True, slots=True)
class Wedges:
    """groups: names; wedge: (group, …) with … the shape of one result, such as (draw, year); start and end: (…), the
    result with none and with all of the groups; alone and last: (group, …), the effect of a group made first and made
    last, which show how much the rule decides; error: (group, …), standard error of a wedge of sampled orders, 0 where
    exact; orders: how many were drawn, 0 where none."""

    groups: tuple[str, ...]
    rule: Rule
    wedge: Floats
    start: Floats
    end: Floats
    alone: Floats
    last: Floats
    error: Floats
    orders: int = 0
    seed: int | None = None

    @property
    def difference(self) -> Floats:
        return self.end - self.start

    @property
    def interaction(self) -> Floats:
        """(…): what the groups do together beyond the sum of what each does alone; the rule has given it away."""
        return self.difference - self.alone.sum(axis=0)


def wedges(
    evaluate: Evaluate,
    groups: Sequence[str],
    *,
    rule: Rule = "shapley",
    seed: int = 1,
    orders: int = ORDERS,
    most_exact: int = MOST_EXACT,
) -> Wedges:
    """evaluate: asked once for all sets that the rule needs, see ``Evaluate``; groups: in the order that the rule
    ``order`` follows, none where nothing differs; orders: an even number, drawn where there are more than
    ``most_exact`` groups."""
    count = len(groups)
    drawn = None
    if rule == "order":
        steps = np.arange(count)[None, :]
    elif count <= most_exact:
        return _exact(evaluate, tuple(groups))
    else:
        steps = drawn = _drawn(count, orders, seed)
    table = _Table(evaluate, _sets_of(steps, count))
    effects = _steps(table, steps)
    wedge = effects.mean(axis=0)
    error = _error(effects) if drawn is not None else np.zeros_like(wedge)
    made = (0, None) if drawn is None else (len(drawn), seed)
    return Wedges(tuple(groups), rule, wedge, table[()], table[_all(count)], *_ends(table, count), error, *made)


# ── two scenarios of a model ──


def of_scenarios(
    compiled: Compiled,
    start: str,
    end: str,
    *,
    draws: DrawsLike | None = None,
    group_of: Callable[[str], str] | None = None,
    order: Sequence[str] | None = None,
    rule: Rule = "shapley",
    seed: int = 1,
    orders: int = ORDERS,
) -> Wedges:
    """CO2 of ``end`` less ``start``, t, by group of changed cells; the shape of a result is (draw, year).

    group_of: key of a cell → name of its group; a driver or stock by itself and branches by sector unless given. Cells
    of shares that must make one go together, with the first of them. order: names of groups, for the rule ``order``
    (others follow in the model's order). Raises BadInput for a scenario that the model does not know."""
    from dafeng.pathway.compute import Variant

    changes = changed(compiled.model, start, end)
    groups = grouped(compiled.model, changes, group_of or group_by_name)
    names = [*(name for name in order or () if name in groups), *(name for name in groups if name not in (order or ()))]

    def evaluate(sets: Sequence[tuple[int, ...]]) -> Floats:
        variants = [
            Variant(str(row), start, {key: changes[key] for group in made for key in groups[names[group]]})
            for row, made in enumerate(sets)
        ]
        return np.moveaxis(compiled.run(draws, variants, keep="total").total(), 1, 0)

    return wedges(evaluate, names, rule=rule, seed=seed, orders=orders)


def changed(model: Model, start: str, end: str) -> dict[str, Series]:
    """Keys of the cells in which the scenarios differ, in the model's order → what holds in ``end``. Raises BadInput
    for a scenario that the model does not know."""
    from dafeng.pathway.compute_overrides import resolved

    before, after = resolved(model, start, {}), resolved(model, end, {})
    found = {}
    for key, cell in model.cells.items():
        one, other = (overrides.get(key, cell.series) for overrides in (before, after))
        if one is not other:
            found[key] = other
    return found


def grouped(model: Model, keys: Iterable[str], group_of: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """Group → keys of its cells, in the order in which they come."""
    found: dict[str, list[str]] = {}
    with_share: dict[str, str] = {}
    for key in keys:
        path, _, name = key.removeprefix("branches/").rpartition("/")
        branch = model.branch.get(path) if key.startswith("branches/") else None
        group = group_of(key)
        if branch and branch.share_of and name == "share":
            group = with_share.setdefault(branch.share_of, group)
        found.setdefault(group, []).append(key)
    return {name: tuple(members) for name, members in found.items()}


def group_by_name(key: str) -> str:
    """``drivers/grid`` → ``grid``; ``stocks/cars`` → ``cars``; a branch → its sector."""
    parts = key.split("/")
    return parts[1] if parts[0] == "branches" else "/".join(parts[1:])


# ── the rules ──


def _exact(evaluate: Evaluate, groups: tuple[str, ...]) -> Wedges:
    """φ_i = Σ over sets S without i of |S|! (n − |S| − 1)! / n! · (f(S ∪ i) − f(S))."""
    count = len(groups)
    sets = [tuple(group for group in range(count) if mask >> group & 1) for mask in range(2**count)]
    table = _Table(evaluate, sets)
    weight = [1.0 / (count * math.comb(count - 1, size)) for size in range(count)]
    wedge = np.zeros((count, *table[()].shape))
    for group in range(count):
        for made in sets:
            if group not in made:
                wedge[group] += weight[len(made)] * (table[_with(made, group)] - table[made])
    ends = _ends(table, count)
    return Wedges(groups, "shapley", wedge, table[()], table[_all(count)], *ends, np.zeros_like(wedge))


def _drawn(count: int, orders: int, seed: int) -> NDArray[np.int64]:
    """(order, step): group numbers; each order is followed by its reverse, whose errors tend to cancel."""
    if orders < 4 or orders % 2:
        raise ValueError(f"orders are drawn in pairs, at least two of them; {orders} were asked for")
    random = np.random.default_rng(seed)
    forth = [random.permutation(count) for _ in range(orders // 2)]
    return np.array([order for one in forth for order in (one, one[::-1])])


def _steps(table: _Table, orders: NDArray[np.int64]) -> Floats:
    """(order, group, …): what each group adds where it stands."""
    found = np.empty((*orders.shape, *table[()].shape))
    for row, order in enumerate(orders):
        made: tuple[int, ...] = ()
        for group in order.tolist():
            more = _with(made, group)
            found[row, group] = table[more] - table[made]
            made = more
    return found


def _error(effects: Floats) -> Floats:
    """Standard error of the mean over pairs of an order and its reverse, which are not independent of each other."""
    pairs = effects.reshape(-1, 2, *effects.shape[1:]).mean(axis=1)
    return pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs))


# ── sets of groups ──


class _Table:
    """Results by set, worked out in one call."""

    def __init__(self, evaluate: Evaluate, sets: Sequence[tuple[int, ...]]):
        self._results = evaluate(sets)
        self._row = {made: row for row, made in enumerate(sets)}

    def __getitem__(self, made: tuple[int, ...]) -> Floats:
        return self._results[self._row[made]]


def _sets_of(orders: NDArray[np.int64], count: int) -> list[tuple[int, ...]]:
    """Every set that occurs in these orders, and those of one group and of all but one."""
    found = {(): None, _all(count): None}
    for group in range(count):
        found[(group,)] = found[_without(count, group)] = None
    for order in orders.tolist():
        for step in range(1, count):
            found[tuple(sorted(order[:step]))] = None
    return list(found)


def _ends(table: _Table, count: int) -> tuple[Floats, Floats]:
    alone, last = np.zeros((2, count, *table[()].shape))
    for group in range(count):
        alone[group] = table[(group,)] - table[()]
        last[group] = table[_all(count)] - table[_without(count, group)]
    return alone, last


def _all(count: int) -> tuple[int, ...]:
    return tuple(range(count))


def _without(count: int, group: int) -> tuple[int, ...]:
    return tuple(other for other in range(count) if other != group)


def _with(made: tuple[int, ...], group: int) -> tuple[int, ...]:
    return tuple(sorted((*made, group)))
