"""One line of ``make bench``: what was measured, beside the bar it must keep."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """``measured`` and ``bar`` are in ``unit``; lower is better unless ``higher_is_better``.

    ``reference`` is another tool's or another way's figure in the same unit, where there is one; ``against``
    names it. A line without a bar (``None``) only informs."""

    name: str
    measured: float
    bar: float | None
    unit: str = "s"
    reference: float | None = None
    against: str = ""
    higher_is_better: bool = False

    @property
    def kept(self) -> bool | None:
        """Whether the bar is kept; None without a bar."""
        if self.bar is None:
            return None
        return self.measured >= self.bar if self.higher_is_better else self.measured <= self.bar

    @property
    def ratio(self) -> float | None:
        """How many times better than the reference; None without one."""
        if not self.reference or not self.measured:
            return None
        return self.measured / self.reference if self.higher_is_better else self.reference / self.measured


def best_of(times: int, call: Callable[[], object]) -> float:
    """Seconds of the fastest of ``times`` calls: the least disturbed by what else the machine does."""
    fastest = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        call()
        fastest = min(fastest, time.perf_counter() - began)
    return fastest
