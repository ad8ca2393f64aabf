"""The roadmap as one linear program, assembled once as a sparse matrix. Each function below writes one family of rows.

Columns, for measure m, carrier c, year t: x[m,t] built in t; S[m,t] stock alive at the end of t; e[c,t] energy saved;
q[t] CO2 of the district; y[m,t] 1 where a measure with a least order is built. Everything about savings stands in the
rows ``saved`` alone, so that a linearisation changes nothing else, and prices stand in the costs of e and q alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from scipy import sparse

from dafeng.roadmap.case import Case, Effects, Measure, Series, standalone
from dafeng.roadmap.rows import INFINITE, Columns, Row, Rows
from dafeng.roadmap.target_rows import target_rows


@dataclass(slots=True)
class Program:
    """min cost·v + offset with row_lower ≤ matrix·v ≤ row_upper, lower ≤ v ≤ upper, some v whole.

    All in natural units; ``column_scale`` and ``row_scale`` bring columns and rows near 1 for the solver, and where a
    column is whole its scale is the size of one piece. ``switches``: (measure, year) of each column y.
    """

    case: Case
    at: Columns
    matrix: Any
    rows: tuple[Row, ...]
    row_lower: Series
    row_upper: Series
    lower: Series
    upper: Series
    whole: np.ndarray
    cost: Series
    offset: float
    column_scale: Series
    row_scale: Series
    switches: tuple[tuple[int, int], ...]
    effects: Effects

    def built(self, values: Series) -> Series:
        """(measure, year) out of the columns' values."""
        size = self.at.measures * self.at.years
        return values[:size].reshape(self.at.measures, self.at.years)

    def columns(self, built: Series) -> Series:
        """The values of all columns that follow from what is built (measure, year)."""
        case, effects = self.case, self.effects
        stock = np.empty_like(built)
        totals = np.concatenate([np.zeros((len(built), 1)), built.cumsum(axis=1)], axis=1)
        for index, measure in enumerate(case.measures):
            begins = np.maximum(np.arange(1, built.shape[1] + 1) - measure.life, 0)
            stock[index] = totals[index, 1:] - totals[index, begins]
        saved = effects.constant + np.einsum("mct,mt->ct", effects.each, stock)
        co2 = case.base_co2 - (case.factor * saved).sum(axis=0) - (effects.co2_t * stock).sum(axis=0)
        switched = [float(built[m, t] > 0) for m, t in self.switches]
        return np.concatenate([built.ravel(), stock.ravel(), saved.ravel(), co2, switched])

    def of(self, family: str) -> list[int]:
        return [index for index, row in enumerate(self.rows) if row.family == family]


def assemble(case: Case, effects: Effects | None = None) -> Program:
    """The program of a case; ``effects``: what a schedule saves (stand-alone savings unless given)."""
    effects = effects or standalone(case)
    at = Columns(len(case.measures), len(case.carriers), len(case.years))
    switches = tuple(
        (m, t) for m, one in enumerate(case.measures) if one.order > 0 for t in range(at.years) if _most(one, t) > 0
    )
    rows = Rows()
    _stocks(rows, case, at)
    _co2(rows, case, at)
    _exclusions(rows, case, at)
    _prerequisites(rows, case, at)
    _growth(rows, case, at)
    _budgets(rows, case, at)
    _labour(rows, case, at)
    _orders(rows, case, at, switches)
    for target in case.targets:
        target_rows(rows, case, at, target)
    rows.rows.extend(Row("saved", carrier, year) for carrier in case.carriers for year in case.years)
    count = len(case.carriers) * at.years
    width = at.switches + len(switches)
    matrix = sparse.csc_matrix((rows.values, (rows.at_row, rows.at_column)), shape=(len(rows.rows), width))
    right = np.concatenate([np.array([rows.lower, rows.upper]).reshape(2, -1), np.zeros((2, count))], axis=1)
    lower, upper, whole = _bounds(case, at, switches)
    program = Program(
        case, at, matrix, tuple(rows.rows), right[0], right[1], lower, upper, whole, np.zeros(width), 0.0,
        _scale(case, at, len(switches)), np.ones(len(rows.rows)), switches, effects,
    )  # fmt: skip
    set_costs(program, case)
    set_effects(program, effects)
    return program


def set_costs(program: Program, case: Case) -> None:
    """Discounted capital less subsidy + operation − energy saved × price + CO2 × its price, against doing nothing.
    ``case`` may differ from the program's own in prices, costs, discount and policy, not in its shape."""
    at, cost, worth = program.at, np.zeros_like(program.cost), case.discounts
    years = np.arange(at.years)
    for m, measure in enumerate(case.measures):
        subsidy = case.subsidy(measure)
        paid = 1.0 - (subsidy.share if subsidy else 0.0)
        cost[at.built(m, 0) + years] = worth * case.capex(measure) * paid * case.counted(measure)
        cost[at.stock(m, 0) + years] = worth * measure.opex
    first = at.saved(0, 0)
    cost[first : first + at.carriers * at.years] = -(worth * case.price).ravel()
    cost[at.co2(0) + years] = worth * case.co2_price
    program.cost = cost
    program.offset = -float((worth * case.co2_price * case.base_co2).sum())


def set_effects(program: Program, effects: Effects) -> None:
    """Rows ``saved`` anew: e[c,t] − Σ each[m,c,t]·S[m,t] = constant[c,t]; rows ``co2`` where savings outside energy
    change: q[t] + Σ factor[c,t]·e[c,t] + Σ co2_t[m,t]·S[m,t] = base[t]. All other coefficients stay."""
    at, matrix = program.at, program.matrix
    first = len(program.rows) - at.carriers * at.years
    m, c, t = np.nonzero(effects.each)
    diagonal = np.arange(at.carriers * at.years)
    lines = np.concatenate([first + diagonal, first + c * at.years + t])
    columns = np.concatenate([at.saved(0, 0) + diagonal, (at.measures + m) * at.years + t])
    values = np.concatenate([np.ones(len(diagonal)), -effects.each[m, c, t]])
    wanted, year = np.nonzero(effects.co2_t)
    co2 = np.array(program.of("co2"))
    keep = matrix.tocoo()
    stocks = (keep.col >= at.stock(0, 0)) & (keep.col < at.saved(0, 0))
    old = (keep.row >= first) | (np.isin(keep.row, co2) & stocks)
    program.matrix = sparse.csc_matrix(
        (
            np.concatenate([keep.data[~old], values, effects.co2_t[wanted, year]]),
            (
                np.concatenate([keep.row[~old], lines, co2[year]]),
                np.concatenate([keep.col[~old], columns, (at.measures + wanted) * at.years + year]),
            ),
        ),
        shape=matrix.shape,
    )
    program.row_lower[first:] = program.row_upper[first:] = effects.constant.ravel()
    program.effects = effects
    scaled = abs(program.matrix @ sparse.diags(program.column_scale)).max(axis=1).toarray().ravel()
    program.row_scale = 1 / np.where(scaled > 0, scaled, 1.0)


def _most(measure: Measure, year: int) -> float:
    """The most that can be built in a year; nothing where a whole piece or the least order is more than that."""
    most = float(min(measure.build_rate[year], measure.potential[year]))
    if measure.lumpy > 0:
        most = np.floor(most / measure.lumpy + 1e-9) * measure.lumpy
    return most if most >= measure.order else 0.0


def _bounds(case: Case, at: Columns, switches: Sequence[tuple[int, int]]) -> tuple[Series, Series, np.ndarray]:
    """0 ≤ x ≤ build rate, 0 ≤ S ≤ potential, 0 ≤ y ≤ 1, e and q free; x of a lumpy measure and y are whole."""
    width = at.switches + len(switches)
    lower, upper, whole = np.zeros(width), np.ones(width), np.zeros(width, bool)
    for m, measure in enumerate(case.measures):
        upper[at.built(m, 0) : at.built(m, 0) + at.years] = [_most(measure, t) for t in range(at.years)]
        upper[at.stock(m, 0) : at.stock(m, 0) + at.years] = measure.potential
        whole[at.built(m, 0) : at.built(m, 0) + at.years] = measure.lumpy > 0
    lower[at.saved(0, 0) : at.switches], upper[at.saved(0, 0) : at.switches] = -INFINITE, INFINITE
    whole[at.switches :] = True
    return lower, upper, whole


def _scale(case: Case, at: Columns, switches: int) -> Series:
    """The size of each column: a piece or the potential, the energy and the CO2 without measures, 1."""
    sizes = [one.lumpy or one.potential.max(initial=0.0) or 1.0 for one in case.measures]
    energy = [one or 1.0 for one in case.energy.max(axis=1, initial=0.0)]
    co2 = float(np.abs(case.base_co2).max(initial=0.0)) or 1.0
    return np.concatenate([np.repeat([*sizes, *sizes, *energy, co2], at.years), np.ones(switches)])


def _stocks(rows: Rows, case: Case, at: Columns) -> None:
    """S[m,t] = S[m,t−1] + x[m,t] − x[m,t−life]."""
    for m, measure in enumerate(case.measures):
        for t, year in enumerate(case.years):
            columns, values = [at.stock(m, t), at.built(m, t)], [1.0, -1.0]
            if t > 0:
                columns.append(at.stock(m, t - 1))
                values.append(-1.0)
            if t >= measure.life:
                columns.append(at.built(m, t - measure.life))
                values.append(1.0)
            rows.add(Row("stock", measure.id, year), columns, values, 0.0, 0.0)


def _co2(rows: Rows, case: Case, at: Columns) -> None:
    """q[t] + Σ_c factor[c,t]·e[c,t] (+ Σ_m co2_t[m,t]·S[m,t], see ``set_effects``) = base CO2[t]."""
    for t, year in enumerate(case.years):
        columns = [at.co2(t), *(at.saved(c, t) for c in range(at.carriers))]
        base = float(case.base_co2[t])
        rows.add(Row("co2", "", year), columns, [1.0, *case.factor[:, t]], base, base)


def _exclusions(rows: Rows, case: Case, at: Columns) -> None:
    """Σ S[m,t] / stock[m] ≤ 1 over every largest set of measures in a zone of which each excludes each other one: what
    is taken by one is not there for another."""
    for members in _sets_that_exclude(case):
        names = "|".join(case.measures[m].id for m in members)
        for t, year in enumerate(case.years):
            shares = [1 / case.measures[m].stock for m in members]
            rows.add(Row("exclusion", names, year), [at.stock(m, t) for m in members], shares, -INFINITE, 1.0)


def _sets_that_exclude(case: Case) -> Iterator[list[int]]:
    apart: dict[int, set[int]] = {}
    for (m, one), (n, other) in combinations(enumerate(case.measures), 2):
        if one.zone == other.zone and (other.id in one.excludes or one.id in other.excludes):
            apart.setdefault(m, set()).add(n)
            apart.setdefault(n, set()).add(m)
    yield from _cliques([], sorted(apart), [], apart)


def _cliques(chosen: list[int], open_: list[int], seen: list[int], apart: dict[int, set[int]]) -> Iterator[list[int]]:
    """Every maximal clique (Bron and Kerbosch 1973, algorithm 1)."""
    if not open_ and not seen:
        if len(chosen) > 1:
            yield chosen
        return
    while open_:
        one = open_.pop(0)
        near = apart[one]
        yield from _cliques([*chosen, one], [n for n in open_ if n in near], [n for n in seen if n in near], apart)
        seen.append(one)


def _prerequisites(rows: Rows, case: Case, at: Columns) -> None:
    """ratio·S[b,t] ≤ S[a,t] + existing[a]: zone by zone where both stand in the same zones, else over all zones."""
    for needing, needed, ratio in _needs(case):
        existing = sum(case.measures[m].existing for m in needed)
        name = f"{case.measures[needing[0]].id}>{case.measures[needed[0]].id}"
        for t, year in enumerate(case.years):
            columns = [at.stock(m, t) for m in (*needing, *needed)]
            values = [ratio] * len(needing) + [-1.0] * len(needed)
            rows.add(Row("prerequisite", name, year), columns, values, -INFINITE, existing)


def _needs(case: Case) -> Iterator[tuple[list[int], list[int], float]]:
    places: dict[str, dict[str | None, int]] = {}
    for m, measure in enumerate(case.measures):
        places.setdefault(measure.id, {})[measure.zone] = m
    for zones in places.values():
        for need in case.measures[next(iter(zones.values()))].prerequisites:
            other = places[need.measure]
            if set(zones) <= set(other):
                yield from (
                    ([m], [other[zone]], 1.0 if need.ratio is None else need.ratio) for zone, m in zones.items()
                )
            else:
                yield list(zones.values()), list(other.values()), 1.0 if need.ratio is None else need.ratio


def _growth(rows: Rows, case: Case, at: Columns) -> None:
    """x[m,t] ≤ (1 + rate)·x[m,t−1] + start."""
    for m, measure in enumerate(case.measures):
        if measure.growth is None:
            continue
        rate, start = measure.growth
        rows.add(Row("growth", measure.id, case.years[0]), [at.built(m, 0)], [1.0], -INFINITE, start)
        for before, t in pairwise(range(at.years)):
            columns = [at.built(m, t), at.built(m, before)]
            rows.add(Row("growth", measure.id, case.years[t]), columns, [1.0, -1.0 - rate], -INFINITE, start)


def spending(case: Case, measure: Measure, fund: str | None) -> Series:
    """(year,): CNY that one unit built in each year takes from a fund (None: from all)."""
    subsidy = case.subsidy(measure)
    share = subsidy.share if subsidy else 0.0
    if fund is None:
        return case.capex(measure)
    own = (1 - share) * (measure.fund == fund)
    public = share * (subsidy is not None and subsidy.fund == fund)
    return case.capex(measure) * (own + public)


def _budgets(rows: Rows, case: Case, at: Columns) -> None:
    """Σ_m capital[m,t]·part of the fund·x[m,t] ≤ amount, by fund and year, or over all years."""
    for budget in case.budgets:
        years = range(at.years) if budget.year is None else [case.years.index(budget.year)]
        columns, values = [], []
        for m, measure in enumerate(case.measures):
            each = spending(case, measure, budget.fund)
            used = [t for t in years if each[t] > 0]
            columns += [at.built(m, t) for t in used]
            values += [float(each[t]) for t in used]
        rows.add(Row("budget", budget.fund or "", budget.year), columns, values, -INFINITE, budget.amount)


def _labour(rows: Rows, case: Case, at: Columns) -> None:
    """Σ_m labour[m,trade]·x[m,t] ≤ available[trade,t]."""
    for trade, available in case.labour.items():
        for t, year in enumerate(case.years):
            users = [m for m, measure in enumerate(case.measures) if measure.labour.get(trade)]
            values = [case.measures[m].labour[trade] for m in users]
            rows.add(Row("labour", trade, year), [at.built(m, t) for m in users], values, -INFINITE, available[t])


def _orders(rows: Rows, case: Case, at: Columns, switches: Sequence[tuple[int, int]]) -> None:
    """order·y[m,t] ≤ x[m,t] ≤ most·y[m,t]."""
    for k, (m, t) in enumerate(switches):
        measure, columns = case.measures[m], [at.built(m, t), at.switches + k]
        row = Row("order", measure.id, case.years[t])
        rows.add(row, columns, [1.0, -_most(measure, t)], -INFINITE, 0.0)
        rows.add(row, columns, [1.0, -measure.order], 0.0, INFINITE)
