"""From the expressions of a model to a graph of operations over years."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import numpy as np

from dafeng.core.expressions import dotted
from dafeng.pathway.checking_circles import dependencies, of_cell, order
from dafeng.pathway.compute_graph import Floats, Graph
from dafeng.pathway.model import Branch, Model
from dafeng.pathway.series import YEAR, Series, branch_key, name_key

_BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.Mod: "mod",
}  # fmt: skip
_COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip


class Lowering:
    """Turns cells into nodes of one graph. ``nodes`` of a scenario: key of a cell → node."""

    def __init__(self, model: Model):
        self.model = model
        self.years = np.arange(model.years.first, model.years.last + 1, dtype=float)
        self.graph = Graph(len(self.years), model.years.base_index)
        self.draws = self._draws()
        self.base_graph = dependencies(model, {})
        self.users = _users(self.base_graph)
        self.base_order, _ = order(self.base_graph)
        self.base_nodes = self._lowered(self.base_order, {}, {})

    def _draws(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for column, one in enumerate(self.model.uncertain):
            found.setdefault(one.of, []).append((one.how, column))
        return found

    def scenario(
        self,
        inherited: Mapping[str, Series],
        changes: Mapping[str, Series] | None = None,
        nodes: Mapping[str, int] | None = None,
    ) -> dict[str, int]:
        """Nodes with ``inherited`` in force and ``changes`` on top of it; nodes: those of ``inherited``, where they are
        known. Only what a change reaches is lowered again. Changes are checked for circles by whoever reads them."""
        if nodes is None:
            inherited, changes, nodes = {}, {**inherited, **(changes or {})}, self.base_nodes
        if not changes:
            return dict(nodes)
        overrides = {**inherited, **changes}
        needs = {key: of_cell(self.model, key, series) for key, series in overrides.items()}
        reached = _reached(changes, self.users, needs)
        part = {key: needs[key] if key in needs else self.base_graph[key] for key in reached}
        keys, _ = order({key: [one for one in needed if one in part] for key, needed in part.items()})
        return self._lowered(keys, overrides, dict(nodes))

    def _lowered(self, keys: list[str], overrides: Mapping[str, Series], nodes: dict[str, int]) -> dict[str, int]:
        for key in keys:
            nodes[key] = self._cell(key, overrides, nodes)
        return nodes

    def _cell(self, key: str, overrides: Mapping[str, Series], nodes: dict[str, int]) -> int:
        cell = self.model.cells.get(key)
        if cell is None:
            return self._computed(key, nodes)
        series = overrides.get(key, cell.series)
        past = self._past(key, cell.history, nodes)
        if past is None and key in overrides:
            # No scenario changes the past: there, the model's own expression stands.
            past = _Walker(self, key, None, nodes).series(cell.series)
        walker = _Walker(self, key, past, nodes)
        later = walker.series(series)
        found = later if past is None else self.graph.node("join", past, later)
        for how, column in self.draws.get(key, ()):
            leaf = self.graph.node(f"draw-{how}", parameter=column)
            found = self.graph.node("add", found, leaf) if how == "additive" else self.graph.product([found, leaf])
        return found

    def _past(self, key: str, history: Mapping[int, float], nodes: Mapping[str, int]) -> int | None:
        """The node of history; NaN after it. The intensity of a branch follows from its energy."""
        path, _, field = key.removeprefix("branches/").rpartition("/")
        branch = self.model.branch.get(path) if field == "intensity" else None
        if branch is not None and branch.history:
            energy = self.graph.row(self._row(branch.history) / branch.scale)
            activity = self.graph.node("mul", nodes[branch.cell("activity")], nodes[branch.cell("share")])
            return self.graph.node("ratio", energy, activity)
        return self.graph.row(self._row(history)) if history else None

    def _row(self, history: Mapping[int, float]) -> Floats:
        found = np.full(len(self.years), np.nan)
        for year, value in history.items():
            found[year - self.model.years.first] = value
        return found

    def _computed(self, key: str, nodes: Mapping[str, int]) -> int:
        path, _, field = key.removeprefix("branches/").rpartition("/")
        branch = self.model.branch[path]
        if field == "energy":
            return self._energy(branch, nodes)
        carrier = self.model.carriers[branch.carrier]
        if carrier.factor is None:
            return nodes[branch.cell("energy")]
        return self.graph.product(
            [nodes[branch.cell("energy")], nodes[carrier.factor], self.graph.number(carrier.scale)]
        )

    def _energy(self, branch: Branch, nodes: Mapping[str, int]) -> int:
        parts = [nodes[branch.cell(name)] for name in ("activity", "share", "intensity")]
        return self.graph.product([*parts, self.graph.number(branch.scale)])


def _users(graph: Mapping[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, needed in graph.items():
        for one in needed:
            found.setdefault(one, []).append(key)
    return found


def _reached(changes: Mapping[str, Series], users: Mapping[str, list[str]], needs: Mapping[str, list[str]]) -> set[str]:
    """The changed cells and all that follow from them. needs: what overridden cells are made of."""
    more: dict[str, list[str]] = {}
    for key, needed in needs.items():
        for one in needed:
            more.setdefault(one, []).append(key)
    found = set(changes)
    work = list(changes)
    while work:
        key = work.pop()
        for user in (*users.get(key, ()), *more.get(key, ())):
            if user not in found:
                found.add(user)
                work.append(user)
    return found


class _Walker:
    """Lowers one cell's expression. past: the node of the cell's history."""

    def __init__(self, lowering: Lowering, key: str, past: int | None, nodes: Mapping[str, int]):
        self.lowering, self.graph, self.key = lowering, lowering.graph, key
        self.past, self.nodes = past, nodes
        self.base = lowering.model.years.base_index
        self.current: Series | None = None

    def series(self, series: Series) -> int:
        outer, self.current = self.current, series
        found = self.of(series.tree)
        self.current = outer
        return found

    def of(self, node: ast.expr) -> int:
        found = self.plain(node)
        scale = self.current.scales.get(id(node)) if self.current else None
        return found if scale is None else self.graph.product([found, self.graph.number(scale)])

    def plain(self, node: ast.expr) -> int:
        graph = self.graph
        match node:
            case ast.Constant(value=int() | float() as value):
                return graph.number(float(value))
            case ast.Name() | ast.Attribute():
                name = dotted(node) or ""
                return graph.row(self.lowering.years) if name == YEAR else self.nodes[name_key(name)]
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return graph.number(-float(value))
            case ast.UnaryOp(op=op, operand=inner):
                found = self.of(inner)
                names = {ast.USub: "neg", ast.Not: "not"}
                return graph.node(names[type(op)], found) if type(op) in names else found
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return graph.product([self.of(left), self.of(right)])
            case ast.BinOp(left=left, op=op, right=right):
                return graph.node(_BINARY[type(op)], self.of(left), self.of(right))
            case ast.IfExp(test=test, body=body, orelse=other):
                return graph.node("if", self.of(test), self.of(body), self.of(other))
            case ast.BoolOp(op=op, values=values):
                found = graph.chain("and" if isinstance(op, ast.And) else "or", [self.of(one) for one in values])
                assert found is not None
                return found
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.comparison(left, ops, others)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(node, name, arguments)
        raise AssertionError(ast.dump(node))  # The grammar was checked when the expression was read.

    def comparison(self, left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr]) -> int:
        sides = [self.of(one) for one in (left, *others)]
        pairs = [self.graph.node(_COMPARE[type(op)], sides[index], sides[index + 1]) for index, op in enumerate(ops)]
        found = self.graph.chain("and", pairs)
        assert found is not None
        return found

    def call(self, node: ast.Call, name: str, arguments: list[ast.expr]) -> int:
        graph = self.graph
        match name:
            case "branch":
                return self.nodes[branch_key(node)]
            case "hold":
                return self.of(arguments[0]) if arguments else self.last()
            case "grow":
                start = self.of(arguments[1]) if len(arguments) > 1 else self.last()
                return graph.product([start, graph.node("growth", self.of(arguments[0]))])
            case "grow_as":
                other = self.of(arguments[0])
                ratio = graph.node("div", other, graph.node("at", other, parameter=self.base))
                if len(arguments) > 1:
                    ratio = graph.node("pow", ratio, self.of(arguments[1]))
                return graph.product([self.last(), ratio])
            case "interp" | "step":
                return self.points(name, arguments)
            case "logistic":
                return self.logistic(arguments)
            case "share":
                return self.of(arguments[0])
            case "rest":
                return self.rest()
            case "before":
                return graph.node("before", self.of(arguments[0]))
            case "at":
                year = int(ast.literal_eval(arguments[1])) - self.lowering.model.years.first
                return graph.node("at", self.of(arguments[0]), parameter=year)
            case "parent":
                inherited = self.current.inherited if self.current else None
                assert inherited is not None
                return self.series(inherited)
            case "min" | "max":
                found = graph.chain(name, [self.of(one) for one in arguments])
                assert found is not None
                return found
        return graph.node(name, self.of(arguments[0]))  # abs, sqrt, log, exp

    def last(self) -> int:
        """History's last value, in every year."""
        assert self.past is not None  # Checked: expressions that begin at history have one.
        return self.graph.node("at", self.past, parameter=self.base)

    def points(self, name: str, arguments: list[ast.expr]) -> int:
        """A sum of the values at the points, each weighted by year: a hat for lines, a block for steps."""
        years = [float(ast.literal_eval(one)) for one in arguments[::2]]
        values = arguments[1::2]
        base_year = float(self.lowering.model.years.base)
        known = [self.of(one) for one in values]
        if years[0] > base_year:
            years, known = [base_year, *years], [self.last(), *known]
        weights = _weights(name, np.array(years), self.lowering.years)
        return self.graph.sum(
            [self.graph.product([value, self.graph.row(weight)]) for value, weight in zip(known, weights, strict=True)]
        )

    def logistic(self, arguments: list[ast.expr]) -> int:
        graph = self.graph
        start, end, midpoint, steepness = (self.of(one) for one in arguments)
        since = graph.node("sub", graph.row(self.lowering.years), midpoint)
        fall = graph.node("exp", graph.node("neg", graph.product([steepness, since])))
        rise = graph.node("div", graph.node("sub", end, start), graph.node("add", graph.number(1.0), fall))
        return graph.node("add", start, rise)

    def rest(self) -> int:
        model = self.lowering.model
        path = self.key.removeprefix("branches/").removesuffix("/share")
        group = model.groups[model.branch[path].share_of or ""]
        others = [self.nodes[one.cell("share")] for one in group if one.key != path]
        return self.graph.node("sub", self.graph.number(1.0), self.graph.sum(others))


def _weights(name: str, points: Floats, years: Floats) -> Floats:
    """(point, year), summing to one in every year."""
    if name == "interp":
        return np.array([np.interp(years, points, row) for row in np.eye(len(points))])
    index = np.clip(np.searchsorted(points, years, side="right") - 1, 0, len(points) - 1)
    return (np.arange(len(points))[:, None] == index[None, :]).astype(float)
