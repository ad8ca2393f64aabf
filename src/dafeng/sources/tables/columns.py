"""A column of cells → a typed column. Common forms are read in bulk, every other distinct value once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dafeng.catalogue.schema import Choices, Column
from dafeng.core.text import Text
from dafeng.indicators.facts import dtype_of
from dafeng.sources.tables import scalars
from dafeng.sources.tables.scalars import Unread
from dafeng.sources.tables.words import alike, is_nothing, narrow_code, nearest

_PLAIN_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_SPACES = " \t\r\n\v\f\u3000\u00a0\ufeff"
# A double holds 15 decimal digits; an 18-digit identity code typed as a number has already lost its end.
_MOST_EXACT = 1e15
_LOST_DIGITS = re.compile(r"\d(\.\d+)?[eE]\+\d+\Z")
_NUMBERS = ("number", "integer", "year")
# In a column of yes and no these may mean either "no" or "not known".
_UNSURE = frozenset(("无", "没有"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a column is to be read as.

    unit: the one its heading states, else the register's; factor: from it to the register's; suffixes: spellings
    of it that may stand behind a figure; code: the column identifies something; percent_rows: rows whose cell
    shows a share as a percentage.
    """

    column: Column
    unit: str | None = None
    factor: float = 1.0
    suffixes: frozenset[str] = frozenset()
    code: bool = False
    counts_from_1904: bool = False
    percent_rows: frozenset[int] = frozenset()


@dataclass(slots=True)
class ReadColumn:
    """values: by type, null where empty or wrong; wrong: row → why; blank: nothing was written there, or only a
    mark for nothing; typed: the figures as written, where a unit was converted."""

    values: pl.Series
    blank: pl.Series
    wrong: dict[int, Unread]
    typed: pl.Series | None = None


def read_column(raw: Sequence[Any], asked: Asked, choices: Choices | None = None) -> ReadColumn:
    """raw: the cells as calamine or csv gives them ('' or None for empty). choices: of a choice column."""
    dtype = pl.Float64 if asked.column.type in _NUMBERS else dtype_of(asked.column.type)
    values, blank = _in_bulk(raw, asked, dtype)
    wrong: dict[int, Unread] = {}
    pending = (~blank & values.is_null()).arg_true().to_list()
    if pending:
        values, blank = _one_by_one(raw, pending, values, blank, _reader(asked, choices), wrong)
    if asked.percent_rows:
        values = _percent(raw, values, asked, wrong)
    typed = None
    if asked.factor != 1.0:
        typed, values = values, (values * asked.factor).round_sig_figs(14)
    if dtype == pl.Float64:
        values = _finite(raw, values, wrong)
    if asked.column.type in ("integer", "year"):
        values = _whole(values, asked.column.type, wrong)
    return ReadColumn(values, blank, wrong, typed)


def _in_bulk(raw: Sequence[Any], asked: Asked, dtype: Any) -> tuple[pl.Series, pl.Series]:
    """(values, blank) for cells already of the right kind; the others stay null and are read one by one."""
    kinds = set(map(type, raw))
    empty = pl.Series([cell is None or cell == "" for cell in raw], dtype=pl.Boolean)
    none = pl.Series([None], dtype=dtype).new_from_index(0, len(raw))
    values = none
    if str in kinds:
        words = raw if kinds == {str} else [cell if type(cell) is str else None for cell in raw]
        text = pl.Series(words, dtype=pl.String).str.strip_chars(_SPACES)
        empty = empty | (text == "").fill_null(False)
        if dtype == pl.Float64 and asked.column.type != "year":
            plain = text.str.contains(_PLAIN_NUMBER).fill_null(False)
            values = text.zip_with(plain, none.cast(pl.String)).cast(pl.Float64)
        elif asked.column.type == "text":
            easy = ~text.str.contains(r"[！-～\u3000]|[eE]\+\d|^.{0,4}$").fill_null(True)
            values = text.zip_with(easy, none)
    if dtype == pl.Float64 and kinds & {float, int}:
        figures = pl.Series([float(c) if type(c) is float or type(c) is int else None for c in raw], dtype=pl.Float64)
        values = figures.zip_with(figures.is_not_null(), values)
    if dtype == pl.Date and kinds & {dt.date, dt.datetime}:
        values = pl.Series(
            [c.date() if type(c) is dt.datetime else c if type(c) is dt.date else None for c in raw], dtype=pl.Date
        )
    return values.zip_with(~empty, none), empty


def _finite(raw: Sequence[Any], values: pl.Series, wrong: dict[int, Unread]) -> pl.Series:
    """1e400, or a figure that its unit makes too large, is no number that can be kept."""
    endless = (~values.is_finite()).fill_null(False)
    for index in endless.arg_true().to_list():
        shown = str(raw[index])[:20]
        wrong[index] = Unread(Text(f"“{shown}”太大", f"“{shown}” is too large"), Text("请核对", "check it"))
    return values.set(endless, None) if endless.any() else values


def _one_by_one(
    raw: Sequence[Any],
    pending: list[int],
    values: pl.Series,
    blank: pl.Series,
    read_one: Callable[[Any], Any],
    wrong: dict[int, Unread],
) -> tuple[pl.Series, pl.Series]:
    known: dict[tuple[type, Any], Any] = {}
    filled: list[int] = []
    found: list[Any] = []
    nothing: list[int] = []
    for index in pending:
        cell = raw[index]
        place = (type(cell), cell)
        if place not in known:
            try:
                known[place] = read_one(cell)
            except Unread as unread:
                known[place] = unread
        value = known[place]
        if isinstance(value, Unread):
            wrong[index] = value
        elif value is None:
            nothing.append(index)
        else:
            filled.append(index)
            found.append(value)
    if filled:
        values = values.scatter(filled, pl.Series(found, dtype=values.dtype))
    if nothing:
        blank = blank.scatter(nothing, True)
    return values, blank


def _reader(asked: Asked, choices: Choices | None) -> Callable[[Any], Any]:
    """The function that reads one cell of the column; it gives None for a mark that means nothing."""
    kind = asked.column.type
    by_kind: dict[str, Callable[[Any], Any]] = {
        "text": lambda cell: _text(cell, code=asked.code or asked.column.pattern is not None),
        "ref": lambda cell: _text(cell, code=True),
        "body": lambda cell: _text(cell, code=False),
        "number": lambda cell: _number(cell, asked),
        "integer": lambda cell: _number(cell, asked),
        "year": _year,
        "date": lambda cell: _date(cell, asked.counts_from_1904),
        "month": _month,
        "bool": _bool,
        "point": lambda cell: scalars.point(str(cell)),
        "polygon": lambda cell: scalars.shape(str(cell), "polygon"),
        "line": lambda cell: scalars.shape(str(cell), "line"),
    }
    read_one = _choice_reader(choices) if kind == "choice" and choices else by_kind[kind]

    def read(cell: Any) -> Any:
        if isinstance(cell, str) and is_nothing(cell):
            # A list may hold “无” as one of its values, and a yes-or-no column cannot tell it from “否”.
            if kind == "choice":
                try:
                    return read_one(cell)
                except Unread:
                    return None
            if kind == "bool" and cell.strip() in _UNSURE:
                return read_one(cell)
            return None
        return read_one(cell)

    return read


def _text(cell: Any, *, code: bool) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        if abs(cell) >= _MOST_EXACT:
            raise _digits_lost(f"{cell:g}")
        if code and cell != int(cell):
            raise Unread(
                Text(
                    f"编号被 Excel 当作数字 {cell:g}（2.10 会变成 2.1）",
                    f"Excel has kept the code as the number {cell:g} (2.10 would become 2.1)",
                ),
                Text("把该列设为文本格式，再重新填写编号", "give the column the text format and type the code again"),
            )
        return str(int(cell)) if cell == int(cell) else repr(float(cell))
    if isinstance(cell, dt.datetime | dt.date):
        if code:
            raise Unread(
                Text(
                    f"编号被 Excel 变成了日期 {cell:%Y-%m-%d}",
                    f"Excel has turned the code into the date {cell:%Y-%m-%d}",
                ),
                Text("把该列设为文本格式，再重新填写编号", "give the column the text format and type the code again"),
            )
        return cell.strftime("%Y-%m-%d")
    words = narrow_code(str(cell)) if code else str(cell).strip(_SPACES)
    if code and _LOST_DIGITS.fullmatch(words):
        raise _digits_lost(words)
    return words


def _digits_lost(shown: str) -> Unread:
    return Unread(
        Text(
            f"编号太长，被 Excel 当作数字 {shown}，末尾几位已丢失",
            f"the long code was kept as the number {shown} and its last digits are lost",
        ),
        Text("把该列设为文本格式，再重新填写编号", "give the column the text format and type the code again"),
    )


def _number(cell: Any, asked: Asked) -> float:
    if isinstance(cell, str):
        share = cell.strip(_SPACES).endswith(("%", "％")) and asked.unit in (None, "1")
        return scalars.number(cell.strip(_SPACES)[:-1]) / 100 if share else scalars.number(cell, asked.suffixes)
    raise _wrong_kind(
        cell,
        Text("数字", "a number"),
        Text("把单元格设为常规或数值格式，再填数字", "give the cell a number format and type the figure"),
    )


def _year(cell: Any) -> float:
    if isinstance(cell, str):
        return float(scalars.year(cell))
    raise _wrong_kind(
        cell,
        Text("年份", "a year"),
        Text("把单元格设为常规格式，填四位年份", "give the cell the general format and write four digits"),
    )


def _date(cell: Any, counts_from_1904: bool) -> dt.date:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return scalars.date_of_number(float(cell), counts_from_1904=counts_from_1904)
    if isinstance(cell, str):
        return scalars.date(cell)
    raise _wrong_kind(cell, Text("日期", "a date"), Text("写成 2023-05-01", "write 2023-05-01"))


def _month(cell: Any) -> str:
    if isinstance(cell, dt.datetime | dt.date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return scalars.month_of_number(float(cell))
    return scalars.month(str(cell))


def _bool(cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float | int):
        return scalars.yes_or_no(f"{cell:g}")
    return scalars.yes_or_no(str(cell))


def _choice_reader(choices: Choices) -> Callable[[Any], str]:
    codes: dict[str, str] = {}
    for code, option in choices.options.items():
        for word in (code, option.zh, option.en, *option.also):
            codes.setdefault(alike(word), code)
    shown = [option.zh for option in choices.options.values()]
    listed = "、".join(shown[:12]) + ("……" if len(shown) > 12 else "")
    listed_en = ", ".join(option.en for option in list(choices.options.values())[:12])

    def read(cell: Any) -> str:
        words = _text(cell, code=False)
        code = codes.get(alike(words))
        if code is not None:
            return code
        near = nearest(words, [w for o in choices.options.values() for w in (o.zh, o.en, *o.also)], 1)
        hint, hint_en = (f"；是否指“{near[0]}”？", f"; is “{near[0]}” meant?") if near else ("", "")
        raise Unread(
            Text(f"“{words[:40]}”不在可选值中{hint}", f"“{words[:40]}” is not one of the values allowed{hint_en}"),
            Text(f"从下拉列表选择：{listed}", f"choose from the list: {listed_en}"),
        )

    return read


def _wrong_kind(cell: Any, wanted: Text, remedy: Text) -> Unread:
    match cell:
        case bool():
            kind = Text(f"逻辑值 {str(cell).upper()}", f"the truth value {str(cell).upper()}")
        case dt.datetime() | dt.date():
            kind = Text(f"日期 {cell:%Y-%m-%d}", f"the date {cell:%Y-%m-%d}")
        case dt.time() | dt.timedelta():
            kind = Text(f"时间 {cell}", f"the time {cell}")
        case _:
            kind = Text(f"“{cell}”", f"“{cell}”")
    return Unread(Text(f"应为{wanted.zh}，却是{kind.zh}", f"should be {wanted.en}, is {kind.en}"), remedy)


def _percent(raw: Sequence[Any], values: pl.Series, asked: Asked, wrong: dict[int, Unread]) -> pl.Series:
    """Excel keeps 12% as 0.12: right for a share, a hundredth of the truth in a column of percents."""
    rows = [
        row for row in asked.percent_rows if row < len(raw) and isinstance(raw[row], float | int) and row not in wrong
    ]
    if not rows or asked.column.type not in ("number", "integer") or asked.unit in (None, "1"):
        return values
    if asked.unit == "%":
        return values.scatter(rows, (values.gather(rows) * 100).round_sig_figs(14))
    for row in rows:
        wrong[row] = Unread(
            Text(
                f"单元格显示为百分数，而本列单位是 {asked.unit}",
                f"the cell shows a percentage, the column's unit is {asked.unit}",
            ),
            Text(
                "把单元格设为数值格式，核对后重填", "give the cell a number format, check the figure and type it again"
            ),
        )
    return values.scatter(rows, None)


def _whole(values: pl.Series, kind: str, wrong: dict[int, Unread]) -> pl.Series:
    broken = ((values != values.round(0)) | (values.abs() > 1e15)).fill_null(False)
    if kind == "year":
        broken = broken | (~values.is_between(1900, 2100)).fill_null(False)
    for row in broken.arg_true().to_list():
        shown = f"{values[row]:.15g}"
        what = Text("四位年份", "a year of four digits") if kind == "year" else Text("整数", "a whole number")
        wrong[row] = Unread(
            Text(f"应为{what.zh}，却是 {shown}", f"should be {what.en}, is {shown}"),
            Text("请核对后改正", "check it and write it again"),
        )
    return values.zip_with(~broken, pl.Series([None], dtype=pl.Float64).new_from_index(0, len(values))).cast(pl.Int64)
