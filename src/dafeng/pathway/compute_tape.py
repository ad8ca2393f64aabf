"""Running a graph: equal operations of one level are one numpy call over all of their nodes.

Certain nodes have shape (node, year), uncertain ones (node, draw, year); both are evaluated level by level into one
array each, so that a group's results lie side by side and a group's operands are mostly views of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dafeng.pathway.compute_graph import Floats, Graph

# Bytes of uncertain nodes worked on at a time: large enough to hide the calls, small enough for the caches.
CHUNK = 24_000_000

_PLAIN: Mapping[str, Any] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "pow": np.power, "mod": np.mod, "min": np.minimum,
    "max": np.maximum, "neg": np.negative, "abs": np.abs, "sqrt": np.sqrt, "log": np.log, "exp": np.exp,
    "div": np.divide, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
    "eq": np.equal, "ne": np.not_equal,
}  # fmt: skip


def _if(test: Floats, body: Floats, other: Floats, out: Floats, *_: int) -> None:
    out[...] = np.where(test != 0, body, other)


def _ratio(a: Floats, b: Floats, out: Floats, *_: int) -> None:
    """a / b, and 0 where both are 0: an end use that was not there had no intensity."""
    np.divide(a, b, out=out)
    out[np.broadcast_to((a == 0) & (b == 0), out.shape)] = 0.0


def _join(past: Floats, later: Floats, out: Floats, base: int, _: int) -> None:
    out[..., : base + 1] = past[..., : base + 1]
    out[..., base + 1 :] = later[..., base + 1 :]


def _at(a: Floats, out: Floats, base: int, year: int) -> None:
    out[...] = a[..., year : year + 1]


def _before(a: Floats, out: Floats, *_: int) -> None:
    out[..., 1:] = a[..., :-1]
    out[..., 0] = np.nan


def _growth(rate: Floats, out: Floats, base: int, _: int) -> None:
    """1 up to the base year, then the product of 1 + rate of the years since."""
    out[..., : base + 1] = 1.0
    for year in range(base + 1, out.shape[-1]):
        np.multiply(out[..., year - 1], 1.0 + rate[..., year], out=out[..., year])


def _both(a: Floats, b: Floats, out: Floats, *_: int) -> None:
    out[...] = (a != 0) & (b != 0)


def _either(a: Floats, b: Floats, out: Floats, *_: int) -> None:
    out[...] = (a != 0) | (b != 0)


def _not(a: Floats, out: Floats, *_: int) -> None:
    out[...] = a == 0


_SPECIAL: Mapping[str, Callable[..., None]] = {
    "if": _if, "ratio": _ratio, "join": _join, "at": _at, "before": _before, "growth": _growth, "and": _both,
    "or": _either, "not": _not,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Operand:
    """Where the operands of a group lie: a slice or indices into certain or uncertain results."""

    where: slice | Any
    drawn: bool

    def of(self, certain: Floats, drawn: Floats | None) -> Floats:
        if self.drawn:
            assert drawn is not None
            return drawn[self.where]
        found = certain[self.where]
        return found if drawn is None else found[:, None, :]


@dataclass(frozen=True, slots=True)
class _Group:
    op: str
    parameter: int
    out: slice
    operands: tuple[_Operand, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate, in order. ``slot``: node → index into the certain or uncertain results."""

    years: int
    base: int
    rows: Floats
    slot: Mapping[int, int]
    certain: tuple[_Group, ...]
    certain_count: int
    draws: tuple[tuple[str, int, int], ...]
    drawn: tuple[_Group, ...]
    drawn_count: int

    def evaluate_certain(self) -> Floats:
        """(node, year)"""
        out = np.empty((self.certain_count, self.years))
        out[: len(self.rows)] = self.rows
        with np.errstate(all="ignore"):
            for group in self.certain:
                _evaluate(group, out, None, self.base)
        return out

    def evaluate_drawn(self, certain: Floats, values: Floats, out: Floats) -> Floats:
        """values: (draw, uncertain cell). out: room for (node, draw, year), filled and returned."""
        since = np.maximum(np.arange(self.years) - self.base, 0)
        with np.errstate(all="ignore"):
            for op, column, slot in self.draws:
                drawn = values[:, column]
                if op == "draw-growth":
                    _growth(np.broadcast_to(drawn[:, None], out.shape[1:]), out[slot], self.base, 0)
                else:
                    out[slot] = np.where(since > 0, drawn[:, None], 1.0 if op == "draw-multiplicative" else 0.0)
            for group in self.drawn:
                _evaluate(group, certain, out, self.base)
        return out

    def chunk(self) -> int:
        """How many draws to work on at a time."""
        return max(1, int(CHUNK / (8 * self.years * max(self.drawn_count, 1))))


def _evaluate(group: _Group, certain: Floats, drawn: Floats | None, base: int) -> None:
    target = (certain if drawn is None else drawn)[group.out]
    if group.op == "sum":
        terms = [operand.of(certain, drawn).sum(axis=0) for operand in group.operands]
        target[0] = terms[0] if len(terms) == 1 else terms[0] + terms[1]
        return
    given = [operand.of(certain, drawn) for operand in group.operands]
    plain = _PLAIN.get(group.op)
    if plain is None:
        _SPECIAL[group.op](*given, target, base, group.parameter)
    else:
        plain(*given, out=target)


def make_plan(graph: Graph, wanted: Sequence[int]) -> Plan:
    """Everything that the wanted nodes are made of, grouped by level and operation."""
    needed = _needed(graph, wanted)
    level: dict[int, int] = {}
    groups: dict[tuple[bool, int, str, int, tuple[bool, ...]], list[int]] = {}
    rows: list[int] = []
    draws: list[int] = []
    ops, operands, uncertain, parameters = graph.ops, graph.operands, graph.uncertain, graph.parameters
    for node in needed:
        op, drawn = ops[node], uncertain[node]
        if op == "row":
            rows.append(node)
            level[node] = 0
            continue
        if op.startswith("draw"):
            draws.append(node)
            level[node] = 0
            continue
        # What is certain is there before any draw: only uncertain operands make an uncertain node wait.
        inner = [level[one] for one in operands[node] if uncertain[one] == drawn]
        level[node] = 1 + max(inner, default=0)
        pattern = tuple(uncertain[one] for one in operands[node]) if op != "sum" else (drawn, True)
        single = node if op == "sum" else parameters[node]
        groups.setdefault((drawn, level[node], op, single, pattern), []).append(node)
    return _laid_out(graph, rows, draws, groups)


def _needed(graph: Graph, wanted: Sequence[int]) -> list[int]:
    """Nodes in the order of their making, which is an order of evaluation."""
    marked = bytearray(len(graph.ops))
    work = list(wanted)
    for node in work:
        marked[node] = 1
    while work:
        for one in graph.operands[work.pop()]:
            if not marked[one]:
                marked[one] = 1
                work.append(one)
    return [node for node, mark in enumerate(marked) if mark]


def _laid_out(graph: Graph, rows: list[int], draws: list[int], groups: Mapping[Any, list[int]]) -> Plan:
    slot = {node: index for index, node in enumerate(rows)}
    slot.update({node: index for index, node in enumerate(draws)})
    counts = {False: len(rows), True: len(draws)}
    made: dict[bool, list[_Group]] = {False: [], True: []}
    for key in sorted(groups, key=lambda one: (one[0], one[1])):
        drawn, _, op, parameter, pattern = key
        nodes = groups[key]
        begin = counts[drawn]
        counts[drawn] = begin + len(nodes)
        slot.update({node: begin + index for index, node in enumerate(nodes)})
        if op == "sum":
            parts = graph.operands[nodes[0]]
            split = [[slot[one] for one in parts if graph.uncertain[one] is kind] for kind in (True, False)]
            operands = tuple(
                _Operand(_where(part, summed=True), kind)
                for part, kind in zip(split, (True, False), strict=True)
                if part
            )
        else:
            operands = tuple(
                _Operand(_where([slot[graph.operands[node][index]] for node in nodes]), kind)
                for index, kind in enumerate(pattern)
            )
        made[drawn].append(_Group(op, parameter, slice(begin, counts[drawn]), operands))
    held = np.array([graph.rows[graph.parameters[node]] for node in rows]).reshape(len(rows), graph.years)
    drawing = tuple((graph.ops[node], graph.parameters[node], slot[node]) for node in draws)
    return Plan(
        graph.years, graph.base, held, slot, tuple(made[False]), counts[False], drawing, tuple(made[True]),
        counts[True],
    )  # fmt: skip


def _where(indices: list[int], *, summed: bool = False) -> slice | Any:
    """A view where operands lie side by side or are one and the same, else indices to gather. summed: they are added
    up, so that what stands twice counts twice."""
    first, last = indices[0], indices[-1]
    if last - first == len(indices) - 1 and indices == list(range(first, last + 1)):
        return slice(first, last + 1)
    if not summed and all(one == first for one in indices):
        return slice(first, first + 1)
    return np.array(indices, dtype=np.intp)
