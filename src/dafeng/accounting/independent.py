"""Does our total agree with what somebody else found for the same territory? Level, trend and a plain verdict.

Two series of one thing measured in two ways rarely have one level (other boundaries, other statistics); what a check
can show is whether the offset is steady and whether both rise and fall together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

Level = Literal["agrees", "agrees on average", "steady offset", "differs"]
Trend = Literal["agrees", "partly", "differs", "too short"]

# Mean ratio within this of 1: one level. Uncertainty of a city's energy CO2 is of this size.
SAME_LEVEL = 0.10
# A ratio that stays within this of its mean in every year is a steady offset.
STEADY = 0.10
# Rank correlation and share of yearly changes with one sign from which two series move together; below the second pair
# they do not.
TOGETHER = (0.8, 0.65)
APART = (0.5, 0.5)
# Fewer common years than this tell no trend.
LEAST_YEARS = 5
# A yearly change of either series below this share is no rise and no fall.
FLAT = 0.005


@dataclass(frozen=True, slots=True)
class Verdict:
    """ours, theirs: by common year, one unit. ratio: ours ÷ theirs by year. spearman: rank correlation; slope_pct_*:
    Theil–Sen slope per year in % of the series' mean; same_sign: share of the years in which both rise or both fall,
    out of those in which neither is flat; peak_*: year of the maximum within the common years. None: cannot be told."""

    years: tuple[int, ...]
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    mean_ratio: float
    ratio_range: tuple[float, float]
    spearman: float | None
    slope_pct_ours: float | None
    slope_pct_theirs: float | None
    same_sign: float | None
    compared: int
    peak_ours: int
    peak_theirs: int
    level: Level
    trend: Trend

    @property
    def says(self) -> Text:
        return Text(f"{_level(self).zh}{_trend(self).zh}", f"{_level(self).en} {_trend(self).en}")


def compare(ours: pl.DataFrame, theirs: pl.DataFrame) -> Verdict:
    """ours, theirs: columns ``year`` and ``value``, one row a year, one unit, values not negative.

    Raises BadInput with every fault: a year twice, a value missing or below zero, no year in common, outside totals of
    zero."""
    problems = [*_faults(ours, "ours"), *_faults(theirs, "theirs")]
    if problems:
        raise BadInput(problems)
    pair = ours.select("year", "value").join(theirs.select("year", pl.col("value").alias("outside")), on="year")
    pair = pair.sort("year")
    if not pair.height or pair["outside"].min() == 0:
        raise BadInput(_nothing_common(pair.height))
    years = tuple(int(year) for year in pair["year"])
    a, b = (pair[name].cast(pl.Float64).to_numpy() for name in ("value", "outside"))
    ratio = a / b
    mean = float(ratio.mean())
    rank, slopes, signs, count = None, [None, None], None, 0
    if len(years) >= 3:
        rank = spearman(a, b)
        slopes = [100.0 * theil_sen(years, v) / float(v.mean()) if v.mean() else None for v in (a, b)]
        signs, count = same_sign(a, b)
    spread = float(np.abs(ratio / mean - 1).max()) if mean else float("inf")
    level: Level = "differs"
    if abs(mean - 1) <= SAME_LEVEL and spread <= STEADY:
        level = "agrees"
    elif abs(mean - 1) <= SAME_LEVEL:
        level = "agrees on average"
    elif spread <= STEADY:
        level = "steady offset"
    return Verdict(
        years, tuple(a.tolist()), tuple(b.tolist()), mean, (float(ratio.min()), float(ratio.max())), rank, slopes[0],
        slopes[1], signs, count, years[int(a.argmax())], years[int(b.argmax())], level,
        _judged(rank, signs, len(years)),
    )  # fmt: skip


def _judged(rank: float | None, signs: float | None, years: int) -> Trend:
    if years < LEAST_YEARS or rank is None:
        return "too short"
    held = rank, 1.0 if signs is None else signs
    if held[0] >= TOGETHER[0] and held[1] >= TOGETHER[1]:
        return "agrees"
    return "differs" if held[0] < APART[0] or held[1] < APART[1] else "partly"


# ── statistics ──


def spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float | None:
    """Rank correlation, ties at their mean rank; None where a series is constant."""
    ranks = [pl.Series(values).rank("average").to_numpy() for values in (a, b)]
    x, y = (rank - rank.mean() for rank in ranks)
    below = float(np.sqrt((x**2).sum() * (y**2).sum()))
    return float((x * y).sum()) / below if below else None


def theil_sen(years: Sequence[int], values: NDArray[np.float64]) -> float:
    """The median slope between all pairs of years, per year."""
    t = np.asarray(years, dtype=float)
    i, j = np.triu_indices(t.size, 1)
    return float(np.median((values[j] - values[i]) / (t[j] - t[i]))) if i.size else 0.0


def same_sign(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float | None, int]:
    """(share, number compared) of steps that go one way in both, out of those in which neither is flat."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = [np.nan_to_num(np.diff(v) / np.where(v[:-1] == 0, np.nan, v[:-1]), nan=0.0) for v in (a, b)]
    moves = (np.abs(steps[0]) >= FLAT) & (np.abs(steps[1]) >= FLAT)
    count = int(moves.sum())
    return (float((np.sign(steps[0]) == np.sign(steps[1]))[moves].mean()) if count else None), count


# ── words ──


def _level(made: Verdict) -> Text:
    low, high = made.ratio_range
    first, last = min(made.years), max(made.years)
    span = f"{first}–{last}" if first < last else str(last)
    number = f"{made.mean_ratio:.2f}", f"{low:.2f}–{high:.2f}"
    ours_zh = f"水平：{span} 年我方平均为对方的 {number[0]} 倍（{number[1]}），"
    ours_en = f"Level: over {span} ours is on average {number[0]} times theirs ({number[1]}):"
    match made.level:
        case "agrees":
            return Text(f"{ours_zh}水平一致。", f"{ours_en} the levels agree.")
        case "agrees on average":
            return Text(
                f"{ours_zh}平均水平一致，个别年份有出入。", f"{ours_en} they agree on average, single years do not."
            )
        case "steady offset":
            return Text(
                f"{ours_zh}差距稳定，多半是范围或方法不同。",
                f"{ours_en} the offset is steady, most likely another boundary or method.",
            )
    return Text(
        f"{ours_zh}差距不稳定，水平上不能互相印证。",
        f"{ours_en} the gap is not steady; the levels do not confirm each other.",
    )


def _trend(made: Verdict) -> Text:
    if made.trend == "too short" or made.spearman is None:
        return Text(
            f"走势：共同年份只有 {len(made.years)} 年，看不出。", f"Trend: {len(made.years)} common years tell none."
        )
    signs = (
        Text("", "")
        if made.same_sign is None
        else Text(
            f"，逐年升降相同 {round(made.same_sign * made.compared)}/{made.compared} 年",
            f", {round(made.same_sign * made.compared)} of {made.compared} yearly changes have one sign",
        )
    )
    words = {
        "agrees": Text("走势一致", "the trends agree"),
        "partly": Text("走势大体相同，逐年有出入", "the trends agree in the long run, not year by year"),
        "differs": Text("走势不同", "the trends differ"),
    }[made.trend]
    return Text(
        f"走势：秩相关 {made.spearman:.2f}{signs.zh}，年均变化 {made.slope_pct_ours or 0:+.1f}% 与 "
        f"{made.slope_pct_theirs or 0:+.1f}%，最高年 {made.peak_ours} 与 {made.peak_theirs}：{words.zh}。",
        f"Trend: rank correlation {made.spearman:.2f}{signs.en}, {made.slope_pct_ours or 0:+.1f} and "
        f"{made.slope_pct_theirs or 0:+.1f} % a year, highest in {made.peak_ours} and {made.peak_theirs}: {words.en}.",
    )


def check_table(made: Verdict, unit: str, name: Text | None = None) -> Table:
    """Table ``independent_check``: both series and their ratio by year; the verdict is its first note."""
    columns = (
        Column("ours", Text("我方", "Ours"), unit, digits=3),
        Column("theirs", name or Text("对方", "Theirs"), unit, digits=3),
        Column("ratio", Text("我方÷对方", "Ours ÷ theirs"), "1", digits=3),
    )
    rows = []
    for year, a, b in zip(made.years, made.ours, made.theirs, strict=True):
        at = f"ACC.independent_check.{year}"
        ratio = Cell(a / b, formula="ours / theirs", inputs={"ours": f"{at}.ours", "theirs": f"{at}.theirs"})
        cells = {"ours": Cell(a, formula=f"ours[{year}]"), "theirs": Cell(b, formula=f"theirs[{year}]"), "ratio": ratio}
        rows.append(Row(str(year), Text(f"{year} 年", str(year)), cells))
    title = Text("与外部序列的独立核对", "Check against an outside series")
    return Table("independent_check", title, made.years[-1], columns, rows, notes=(made.says,))


# ── faults ──


def _faults(frame: pl.DataFrame, which: str) -> list[Problem]:
    side: Mapping[str, Text] = {
        "ours": Text("我方序列", "our series"),
        "theirs": Text("外部序列", "the outside series"),
    }
    words = side[which]
    lacking = [name for name in ("year", "value") if name not in frame.columns]
    if lacking:
        rule = Text(f"{words.zh}没有 {'、'.join(lacking)} 列", f"{words.en} has no column {', '.join(lacking)}")
        fix = Text("表头写 year,value，每年一行", "give it the columns year,value with one row a year")
        return [Problem("account.check-columns", Place(item=which), rule, fix)]
    found = []
    for at, (year, value) in enumerate(frame.select("year", "value").iter_rows()):
        if year is None or value is None or not np.isfinite(float(value)) or value < 0:
            rule = Text(
                f"{words.zh} {year} 年的数值 {value} 不能用", f"{words.en}: the value {value} of {year} cannot be used"
            )
            fix = Text("填不小于零的数，没有的年份整行不写", "write a number of 0 or more; leave out years without one")
            found.append(Problem("account.check-value", Place(item=which, row=at + 1, field="value"), rule, fix))
    years = frame["year"].drop_nulls()
    for year in sorted(years.filter(years.is_duplicated()).unique().to_list()):
        rule = Text(f"{words.zh} {year} 年有不止一行", f"{words.en} has more than one row for {year}")
        fix = Text("每年只留一行", "keep one row a year")
        found.append(Problem("account.check-year-twice", Place(item=which, field=str(year)), rule, fix))
    return found


def _nothing_common(rows: int) -> Problem:
    rule = (
        Text("外部序列有为零的年份", "the outside series is zero in a year")
        if rows
        else Text("两条序列没有共同的年份", "the two series have no year in common")
    )
    fix = Text("换一条同一地域、年份相交的序列", "use a series of the same territory whose years overlap")
    return Problem("account.check-no-common-year", Place(item="independent_check"), rule, fix)
