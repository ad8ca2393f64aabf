"""Has an observed series of yearly emissions peaked? A plain verdict, and what it rests on.

Three things must come together: the maximum lies some years back, what followed stays below it by more than a
revision of the last figures could undo, and it is not on its way up again. The test for a falling tail is
Mann–Kendall's on the years after the maximum. The maximum itself is left out of it: it was chosen for being the
largest, so that every pair with it counts as a fall and the test would find one in pure noise.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dafeng.core.text import Text

Verdict = Literal["peaked", "not peaked", "too early"]

# How many years must follow a maximum before it is called the peak: five is what international trackers of peaks ask.
LEAST_YEARS = 5
# A series shorter than this says nothing about a peak.
LEAST_LENGTH = 8
# A fall smaller than this is a plateau: statistics of a district are revised by as much.
TOLERANCE = 0.03
# The last two years are raised by this to see whether the verdict hangs on figures that are not yet final.
REVISION = 0.02
_NOT_FINAL = 2
SIGNIFICANT = 0.1


@dataclass(frozen=True, slots=True)
class Peak:
    """year and level: of the maximum (the latest year, where several share it); drop: fall from it to the last year,
    as a share of it; p_value: one-sided, of a tail that does not fall (None: fewer than three years follow);
    years_since: years from the maximum to the last; plateau: the last years are within ``TOLERANCE`` of it;
    robust: the verdict stands when the last two years are revised upward by ``REVISION``."""

    verdict: Verdict
    year: int
    level: float
    drop: float
    p_value: float | None
    years_since: int
    plateau: bool
    robust: bool
    why: Text


def judge(years: Sequence[int], values: Sequence[float]) -> Peak:
    """years: ascending, at least one; values: emissions of each, any unit, not negative."""
    found = _judge(years, values)
    if found.verdict != "peaked":
        return found
    raised = [*values[:-_NOT_FINAL], *(value * (1 + REVISION) for value in values[-_NOT_FINAL:])]
    if _judge(years, raised).verdict == "peaked":
        return found
    why = Text(
        f"最后{_NOT_FINAL}年若上修{REVISION:.0%}，结论即不成立",
        f"a revision of the last {_NOT_FINAL} years by +{REVISION:.0%} would undo it",
    )
    return replace(found, verdict="too early", robust=False, why=why)


def _judge(years: Sequence[int], values: Sequence[float]) -> Peak:
    level = max(values)
    at = max(index for index, value in enumerate(values) if value == level)
    tail, since = list(values[at + 1 :]), years[-1] - years[at]
    drop = 1 - values[-1] / level if level else 0.0
    last = _mean(values[-3:]) if since >= 3 else values[-1]
    plateau = level == 0 or 1 - last / level <= TOLERANCE
    p_value = mann_kendall(tail) if len(tail) >= 3 else None
    verdict, why = _verdict(years, values, since, plateau, tail, level, p_value)
    return Peak(verdict, years[at], level, drop, p_value, since, plateau, True, why)


def _verdict(
    years: Sequence[int], values: Sequence[float], since: int, plateau: bool, tail: list[float], level: float,
    p_value: float | None,
) -> tuple[Verdict, Text]:  # fmt: skip
    if since == 0:
        return "not peaked", Text("最后一年就是最高的一年", "the last year is the highest")
    if len(values) < LEAST_LENGTH:
        return "too early", Text(f"不足{LEAST_LENGTH}年，看不出峰值", f"fewer than {LEAST_LENGTH} years tell no peak")
    if since < LEAST_YEARS:
        return "too early", Text(
            f"最高年之后只有{since}年，至少要{LEAST_YEARS}年",
            f"only {since} years follow the highest; {LEAST_YEARS} are needed",
        )
    if plateau:
        return "not peaked", Text(
            f"最近几年与最高值相差不到{TOLERANCE:.0%}，是平台不是峰值",
            f"the last years are within {TOLERANCE:.0%} of the highest: a plateau, not a peak",
        )
    slope = theil_sen(years[-5:], values[-5:])
    if slope > 0 and values[-1] + slope * LEAST_YEARS >= level:
        return "too early", Text(
            "最近又在回升，照此五年内会回到最高值",
            "it is rising again and would be back at the highest within five years",
        )
    stays = all(value <= level * (1 - TOLERANCE) for value in tail[1:])
    if (p_value is not None and p_value <= SIGNIFICANT) or stays:
        return "peaked", Text(
            f"最高年之后{since}年一直较低，且没有回升", f"lower for the {since} years since, and not rising again"
        )
    return "too early", Text(
        "最高年之后的下降还不能与波动分开", "the fall since the highest is not yet apart from noise"
    )


def mann_kendall(values: Sequence[float]) -> float:
    """One-sided p-value of the values having no trend against their falling, in the order given (at least two).

    Exact for up to forty values without ties; otherwise the normal approximation with correction for ties and
    continuity (Kendall 1975).
    """
    n = len(values)
    pairs = [(values[i], values[j]) for i in range(n) for j in range(i + 1, n)]
    s = sum((later > earlier) - (later < earlier) for earlier, later in pairs)
    ties = [values.count(one) for one in set(values)]
    if n <= 40 and max(ties) == 1:
        falls = (len(pairs) - s) // 2
        counts = _inversions(n)
        return sum(counts[falls:]) / math.factorial(n)
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    if variance == 0:
        return 1.0
    z = (s + 1) / math.sqrt(variance)
    return 0.5 * math.erfc(-z / math.sqrt(2))


@functools.lru_cache(maxsize=64)
def _inversions(n: int) -> tuple[int, ...]:
    """How many orders of n different values have 0, 1, 2 … pairs that fall."""
    counts = [1]
    for size in range(2, n + 1):
        longer = [0] * (len(counts) + size - 1)
        for at, count in enumerate(counts):
            for more in range(size):
                longer[at + more] += count
        counts = longer
    return tuple(counts)


def theil_sen(years: Sequence[int], values: Sequence[float]) -> float:
    """The median of the slopes between all pairs of years, per year; 0 for a single year."""
    points = list(zip(years, values, strict=True))
    slopes = sorted((v - u) / (b - a) for k, (a, u) in enumerate(points) for b, v in points[k + 1 :])
    if not slopes:
        return 0.0
    middle = len(slopes) // 2
    return slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
