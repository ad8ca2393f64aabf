"""What every frame given to this engine must hold, each fault as a problem with its row and column.

A frame does not know the file it came from: ``where`` turns a row's position (from 0) and a column's name into a
place. Whoever read the file hands in one that knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl

from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text

Where = Callable[[int | None, str | None], Place]

# As many faults of one rule in one column as a person can mend from a list.
SHOWN = 1000

_FILL_IN = Text("请填写；没有的写 0，不知道的先查清", "fill it in: 0 where there is none; find out what is not known")
_NO_NEGATIVE = Text("请核对符号和数据来源", "check the sign and where the figure comes from")


def in_frame(position: int | None, column: str | None) -> Place:
    """The place of a frame that came from no file: the row counted from 1."""
    return Place(row=None if position is None else position + 1, field=column)


def missing_columns(frame: pl.DataFrame, names: Sequence[str], where: Where) -> list[Problem]:
    """One problem for each column that is not there."""
    there = "、".join(frame.columns), ", ".join(frame.columns)
    return [
        Problem(
            "account.missing-column",
            where(None, name),
            Text(f"没有“{name}”这一列；现有的列：{there[0]}", f"there is no column {name}; there are: {there[1]}"),
            Text("请补上这一列，或改正列名", "add the column, or correct its name"),
        )
        for name in names
        if name not in frame.columns
    ]


def empty_words(frame: pl.DataFrame, columns: Sequence[str], where: Where) -> Iterator[Problem]:
    """Keys that say nothing."""
    for name in columns:
        words = frame[name].cast(pl.String)
        for position in positions(words.is_null() | (words.str.strip_chars() == "")):
            yield Problem(
                "account.empty-key",
                where(position, name),
                Text(f"“{name}”没有填写", f"{name} is empty"),
                Text("请填写，它说明这一行是哪一类", "fill it in: it says what the row is about"),
            )


def bad_numbers(
    frame: pl.DataFrame, columns: Sequence[str], where: Where, *, signed: Sequence[str] = ()
) -> Iterator[Problem]:
    """Cells that are empty, no finite number or, but for the columns ``signed``, below zero."""
    for name in columns:
        series = frame[name]
        if not (series.dtype.is_numeric() or series.dtype == pl.Null):
            yield Problem(
                "account.not-numbers",
                where(None, name),
                Text(f"“{name}”这一列不是数字", f"the column {name} does not hold numbers"),
                Text("只填数字", "write figures alone"),
            )
            continue
        values = series.cast(pl.Float64)
        for position in positions(values.is_null()):
            rule = Text(f"“{name}”没有数值", f"{name} has no value")
            yield Problem("account.empty-number", where(position, name), rule, _FILL_IN)
        for position in positions(~values.is_finite()):
            yield Problem(
                "account.not-finite",
                where(position, name),
                Text(f"“{name}”不是有限的数", f"{name} is not a finite number"),
                Text(
                    "请核对算出这个数的公式（可能除以了零）", "check the formula behind it (perhaps a division by zero)"
                ),
            )
        for position in positions(values < 0) if name not in signed else ():
            rule = Text(f"“{name}”为负（{values[position]:g}）", f"{name} is negative ({values[position]:g})")
            yield Problem("account.negative", where(position, name), rule, _NO_NEGATIVE)


def positions(mask: pl.Series) -> list[int]:
    """Where the mask is true, counted from 0, at most ``SHOWN``; null is not true."""
    return mask.fill_null(False).arg_true().head(SHOWN).to_list()


def errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "error"]
