"""A table of factors per cell and period as an array (cell, period, factor), and what the table must hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dafeng.accounting.checking import Where, bad_numbers, empty_words, in_frame, missing_columns, positions
from dafeng.core.errors import BadInput, Problem
from dafeng.core.text import Text

Floats = NDArray[np.float64]

# Columns of the answer, so no names for keys.
MADE = ("period_from", "period_to", "value_from", "value_to", "change", "residual")


@dataclass(frozen=True, slots=True)
class Chain:
    """What is taken apart. keys: columns that name a cell (none: the whole is one cell); factors: columns whose
    product is the cell's value; periods: in order of time, each compared with the one before; period: the column that
    holds them, compared as text."""

    keys: tuple[str, ...]
    factors: tuple[str, ...]
    periods: tuple[str, ...]
    period: str = "period"

    @property
    def columns(self) -> list[str]:
        return [*self.keys, self.period, *self.factors]


@dataclass(frozen=True, slots=True)
class Panel:
    """cells: one row per cell with its keys, ordered by them. x: (cell, period, factor), each factor in its unit, all
    finite and ≥ 0, no product beyond what a double holds."""

    cells: pl.DataFrame
    x: Floats


def panel_of(frame: pl.DataFrame, chain: Chain) -> Panel:
    """The rows of the chain's periods as a panel. Raises BadInput with every fault of ``check``."""
    panel = _laid_out(frame, chain)
    if panel is None:
        raise BadInput(check(frame, chain))
    return panel


def _laid_out(frame: pl.DataFrame, chain: Chain) -> Panel | None:
    """The panel, or None where anything is amiss; ``check`` then says what, which takes longer."""
    if [*_misnamed(chain, in_frame)] or missing_columns(frame, chain.columns, in_frame):
        return None
    if not all(frame[name].dtype.is_numeric() for name in chain.factors):
        return None
    held = frame.select(chain.columns).with_columns(_place(chain)).drop_nulls(chain.period)
    place = held[chain.period].to_numpy().astype(np.int64)
    cell, count = _cells(held, chain)
    at = cell * len(chain.periods) + place
    if not held.height or not (np.bincount(at, minlength=count * len(chain.periods)) == 1).all():
        return None
    x = np.empty((held.height, len(chain.factors)))
    for k, name in enumerate(chain.factors):
        x[at, k] = held[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    first = np.flatnonzero(place == 0)
    cells = held.select(chain.keys)
    cells = cells[first[np.argsort(cell[first])]] if chain.keys else cells
    if not ((x >= 0) & np.isfinite(x)).all() or _beyond(x).any() or [*empty_words(cells, chain.keys, in_frame)]:
        return None
    return Panel(cells, x.reshape(count, len(chain.periods), len(chain.factors)))


def _place(chain: Chain) -> pl.Expr:
    """Which of the chain's periods a row belongs to, counted from 0; null for any other."""
    order = {period: place for place, period in enumerate(chain.periods)}
    words = pl.col(chain.period).cast(pl.String).str.strip_chars()
    return words.replace_strict(order, default=None, return_dtype=pl.Int64).alias(chain.period)


def _cells(held: pl.DataFrame, chain: Chain) -> tuple[NDArray[np.int64], int]:
    """The number of each row's cell, from 0 in the order of the keys, and how many there are."""
    if not chain.keys or not held.height:
        return np.zeros(held.height, dtype=np.int64), min(held.height, 1)
    if not all(held[name].dtype == pl.String and not held[name].null_count() for name in chain.keys):
        number = held.select(pl.struct(chain.keys).rank("dense")).to_series().to_numpy().astype(np.int64) - 1
        return number, int(number.max()) + 1
    # The same for words, each word once: a rank of each key makes a number of the cell, if it is not too large.
    number, size = np.zeros(held.height, dtype=np.int64), 1
    for name in chain.keys:
        words = held[name].unique().sort()
        number = number * len(words) + held[name].cast(pl.Enum(words)).to_physical().to_numpy()
        size *= len(words)
        if size > 4 * held.height:
            there, number = np.unique(number, return_inverse=True)
            size = there.size
    there = np.zeros(size, dtype=np.int64)
    there[number] = 1
    return (np.cumsum(there) - 1)[number], int(there.sum())


def _beyond(x: Floats) -> NDArray[np.bool_]:
    """Rows (row, factor) whose product a double cannot hold: infinite, or zero though no factor is."""
    with np.errstate(over="ignore", under="ignore"):
        v = product(x)
    nothing = np.flatnonzero(v == 0)
    beyond = np.isinf(v)
    beyond[nothing] = (x[nothing] > 0).all(axis=-1)
    return beyond


def product(x: Floats) -> Floats:
    """The product over the last axis, which is short: factor by factor is several times faster than numpy's own."""
    made = np.ones(x.shape[:-1])
    for k in range(x.shape[-1]):
        made *= x[..., k]
    return made


# ── every fault, with its place ──


def check(frame: pl.DataFrame, chain: Chain, where: Where = in_frame) -> list[Problem]:
    """Every fault that keeps the frame from being taken apart; none of them is mended or passed over."""
    found = [*_misnamed(chain, where), *missing_columns(frame, chain.columns, where)]
    if found:
        return found
    found += empty_words(frame, [*chain.keys, chain.period], where)
    found += bad_numbers(frame, chain.factors, where)
    used = frame.select(chain.columns).with_row_index("__row").with_columns(_place(chain)).drop_nulls(chain.period)
    absent = [*_absent_periods(frame, used, chain, where)]
    found += absent
    found += _doubled(used, chain, where)
    if not absent:
        found += _one_sided(used.drop_nulls(chain.keys), chain, where)
    if not any(problem.code in ("account.not-numbers", "account.empty-number") for problem in found):
        rows = used.filter(pl.Series(_beyond(used.select(chain.factors).cast(pl.Float64).to_numpy())))
        found += _out_of_range(rows, chain, where)
    return found


def _misnamed(chain: Chain, where: Where) -> Iterator[Problem]:
    columns = chain.columns
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        yield Problem(
            "account.column-twice",
            where(None, name),
            Text(f"“{name}”这一列用了两次", f"the column {name} is used twice"),
            Text("一列只能作键、时期或一个因素", "a column is a key, the period or one factor, and only once"),
        )
    for name in chain.keys:
        if name in MADE or name.startswith(("effect_", "__")):
            yield Problem(
                "account.reserved-name",
                where(None, name),
                Text(f"列名“{name}”留给结果使用", f"the name {name} is kept for a column of the answer"),
                Text("请给这一列换一个名称", "give the column another name"),
            )
    if len(set(chain.periods)) < max(len(chain.periods), 2):
        yield Problem(
            "account.same-period",
            where(None, chain.period),
            Text("要比较的两个时期相同", "the two periods to compare are the same"),
            Text("请写两个不同的时期", "name two different periods"),
        )


def _absent_periods(frame: pl.DataFrame, used: pl.DataFrame, chain: Chain, where: Where) -> Iterator[Problem]:
    there = set(used[chain.period])
    known = frame[chain.period].cast(pl.String).drop_nulls().unique().sort().to_list()
    listed = "、".join(known[:20]), ", ".join(known[:20])
    for place, period in enumerate(chain.periods):
        if place not in there:
            yield Problem(
                "account.no-period",
                where(None, chain.period),
                Text(
                    f"没有时期“{period}”的数据；有：{listed[0]}", f"there is no period {period}; there are: {listed[1]}"
                ),
                Text("请改正时期，或补上这一时期的数据", "correct the period, or add its rows"),
            )


def _doubled(used: pl.DataFrame, chain: Chain, where: Where) -> Iterator[Problem]:
    """Rows whose keys and period another row above has already."""
    one = [*chain.keys, chain.period]
    for row in positions(~used.select(pl.struct(one).is_first_distinct()).to_series()):
        position = used["__row"][row]
        name = _name(used, row, chain, "、"), _name(used, row, chain, ", ")
        yield Problem(
            "account.key-twice",
            where(position, chain.keys[0] if chain.keys else chain.period),
            Text(f"“{name[0]}”在同一时期有两行", f"{name[1]} has two rows in one period"),
            Text(
                "请合并或删去一行；若是不同的类别，把区分它们的列也写进键",
                "merge them or delete one; if they differ, name the column that tells them apart as a key too",
            ),
        )


def _one_sided(used: pl.DataFrame, chain: Chain, where: Where) -> Iterator[Problem]:
    """Cells that lack a row in one of the periods: what is not written is not known to be nothing."""
    if not chain.keys:
        return
    held = used.group_by(chain.keys, maintain_order=True).agg(pl.col("__row").first(), pl.col(chain.period).unique())
    for row in positions(held[chain.period].list.len() < len(chain.periods)):
        there = set(held[chain.period][row])
        lacking = [period for place, period in enumerate(chain.periods) if place not in there]
        name = _name(held, row, chain, "、"), _name(held, row, chain, ", ")
        yield Problem(
            "account.key-one-period",
            where(held["__row"][row], chain.keys[0]),
            Text(
                f"“{name[0]}”在 {'、'.join(lacking[:9])} 没有对应的行",
                f"{name[1]} has no row in {', '.join(lacking[:9])}",
            ),
            Text(
                "请补上这一行；当时还没有或已经没有的类别，因素写 0",
                "add the row; for what did not exist then, write 0 for its factors",
            ),
        )


def _out_of_range(rows: pl.DataFrame, chain: Chain, where: Where) -> Iterator[Problem]:
    for position in rows["__row"].head(1000):
        yield Problem(
            "account.product-range",
            where(position, chain.factors[0]),
            Text("各因素的乘积大到或小到无法计算", "the product of the factors is too large or too small to compute"),
            Text("请换用大小适中的单位", "use units that keep the figures moderate"),
        )


def _name(frame: pl.DataFrame, row: int, chain: Chain, between: str) -> str:
    return between.join(str(frame[key][row]) for key in chain.keys) or str(chain.periods[frame[chain.period][row]])
