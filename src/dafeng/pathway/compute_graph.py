"""A model as a graph of elementary operations, each held once.

Two scenarios that say the same of a cell share its node, so that only what differs between them is computed twice, and
a lever costs what lies behind it. A node is certain (no draw reaches it) or has an axis of draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Operations on elements; their operands may come in any order where they are in COMMUTATIVE.
COMMUTATIVE = {"add", "mul", "min", "max", "eq", "ne", "and", "or"}


@dataclass(slots=True)
class Graph:
    """ops, operands, parameters: by node. ``row`` nodes hold a row of years; ``draw`` nodes one number per draw."""

    years: int
    base: int
    ops: list[str] = field(default_factory=list)
    operands: list[tuple[int, ...]] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    uncertain: list[bool] = field(default_factory=list)
    rows: list[Floats] = field(default_factory=list)
    _known: dict[tuple[str, tuple[int, ...], int], int] = field(default_factory=dict)
    _row_of: dict[bytes, int] = field(default_factory=dict)
    _sums: dict[tuple[int, ...], int] = field(default_factory=dict)

    def node(self, op: str, *operands: int, parameter: int = 0) -> int:
        """The node of an operation; an equal one is found again."""
        if op in COMMUTATIVE and operands[0] > operands[1]:
            operands = (operands[1], operands[0])
        key = (op, operands, parameter)
        found = self._known.get(key)
        if found is None:
            uncertain = op.startswith("draw") or any(self.uncertain[one] for one in operands)
            found = self._add(op, operands, parameter, uncertain)
            self._known[key] = found
        return found

    def _add(self, op: str, operands: tuple[int, ...], parameter: int, uncertain: bool) -> int:
        self.ops.append(op)
        self.operands.append(operands)
        self.parameters.append(parameter)
        self.uncertain.append(uncertain)
        return len(self.ops) - 1

    def row(self, values: Floats | Sequence[float]) -> int:
        """The node of values by year."""
        array = np.ascontiguousarray(values, dtype=np.float64)
        key = array.tobytes()
        found = self._row_of.get(key)
        if found is None:
            found = self._add("row", (), len(self.rows), False)
            self.rows.append(array)
            self._row_of[key] = found
        return found

    def number(self, value: float) -> int:
        return self.row(np.full(self.years, value))

    def is_one(self, node: int) -> bool:
        return self.ops[node] == "row" and bool((self.rows[self.parameters[node]] == 1.0).all())

    def product(self, nodes: Iterable[int]) -> int:
        """The product, certain factors first: what no draw reaches is multiplied once, not once per draw."""
        certain, drawn = self.factors(nodes)
        parts = [part for part in (self.chain("mul", certain), self.chain("mul", drawn)) if part is not None]
        if not parts:
            return self.number(1.0)
        return parts[0] if len(parts) == 1 else self.node("mul", *parts)

    def factors(self, nodes: Iterable[int]) -> tuple[list[int], list[int]]:
        """Certain and uncertain factors of a product, products among them taken apart as far as draws reach."""
        certain: list[int] = []
        drawn: list[int] = []
        work = list(nodes)
        while work:
            node = work.pop()
            if not self.uncertain[node]:
                if not self.is_one(node):
                    certain.append(node)
            elif self.ops[node] == "mul":
                work.extend(self.operands[node])
            else:
                drawn.append(node)
        return sorted(certain), sorted(drawn)

    def chain(self, op: str, nodes: Sequence[int]) -> int | None:
        """a op b op c …; None of nothing."""
        if not nodes:
            return None
        found = nodes[0]
        for node in nodes[1:]:
            found = self.node(op, found, node)
        return found

    def sum(self, nodes: Sequence[int]) -> int:
        """The sum of products. Terms that share their uncertain factors are added before these are multiplied in."""
        key = tuple(nodes)
        if key not in self._sums:
            self._sums[key] = self._sum(nodes)
        return self._sums[key]

    def cut(self, length: int) -> None:
        """Forgets the nodes beyond a length: what passing questions have added."""
        for held in (self.ops, self.operands, self.parameters, self.uncertain):
            del held[length:]
        self._known = {key: node for key, node in self._known.items() if node < length}
        self._row_of = {key: node for key, node in self._row_of.items() if node < length}
        self._sums = {key: node for key, node in self._sums.items() if node < length}
        del self.rows[max((self.parameters[node] + 1 for node in self._row_of.values()), default=0) :]

    def _sum(self, nodes: Sequence[int]) -> int:
        terms: dict[tuple[int, ...], list[int]] = {}
        for node in nodes:
            certain, drawn = self.factors([node])
            part = self.chain("mul", certain)
            terms.setdefault(tuple(drawn), []).append(self.number(1.0) if part is None else part)
        found = []
        for drawn, certain in terms.items():
            inner = certain[0] if len(certain) == 1 else self.node("sum", *certain)
            found.append(self.product([inner, *drawn]) if drawn else inner)
        if not found:
            return self.number(0.0)
        return found[0] if len(found) == 1 else self.node("sum", *found)
