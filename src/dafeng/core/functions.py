"""Functions of the expression grammar that every engine knows, on whole columns and on single values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dafeng.core.text import Text

NUMBER, TEXT, DATE, BOOL, ANY = "number", "text", "date", "bool", "any"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the grammar. ``columns`` and ``values`` evaluate it on whole columns and on single
    values.
    ``lazy`` functions receive (evaluator, call node) and evaluate their own arguments (aggregates do)."""

    name: str
    takes: tuple[str, ...]
    gives: str
    columns: Callable[..., Any] | None = None
    values: Callable[..., Any] | None = None
    lazy: Callable[..., Any] | None = None
    optional: int = 0
    keywords: tuple[str, ...] = ()
    variadic: bool = False
    about: Text = field(default_factory=lambda: Text("", ""))


def _missing_if_any(function: Callable[..., Any]) -> Callable[..., Any]:
    """Missing spreads, and what has no value (the logarithm of −1, the year 99999) is missing."""

    def guarded(*values: Any) -> Any:
        if any(value is None for value in values):
            return None
        try:
            return function(*values)
        except (ArithmeticError, ValueError):
            return None

    return guarded


def _polars() -> Any:
    import polars

    return polars


def _base_functions() -> dict[str, Function]:
    def simple(name: str, takes: tuple[str, ...], gives: str, columns: Any, values: Any, zh: str, en: str) -> Function:
        return Function(name, takes, gives, columns, _missing_if_any(values), about=Text(zh, en))

    return {
        f.name: f
        for f in (
            simple(
                "start_of",
                (NUMBER,),
                DATE,
                lambda y: _polars().date(y, 1, 1),
                lambda y: dt.date(int(y), 1, 1),
                "该年的第一天",
                "first day of the year",
            ),
            simple(
                "end_of",
                (NUMBER,),
                DATE,
                lambda y: _polars().date(y, 12, 31),
                lambda y: dt.date(int(y), 12, 31),
                "该年的最后一天",
                "last day of the year",
            ),
            simple(
                "year_of",
                (DATE,),
                NUMBER,
                lambda d: d.dt.year().cast(_polars().Int64),
                lambda d: d.year,
                "日期所在年份",
                "year of a date",
            ),
            simple(
                "month_of",
                (DATE,),
                NUMBER,
                lambda d: d.dt.month().cast(_polars().Int64),
                lambda d: d.month,
                "日期所在月份",
                "month of a date",
            ),
            simple("abs", (NUMBER,), NUMBER, lambda x: x.abs(), abs, "绝对值", "absolute value"),
            simple("sqrt", (NUMBER,), NUMBER, lambda x: x.sqrt(), math.sqrt, "平方根", "square root"),
            simple("log", (NUMBER,), NUMBER, lambda x: x.log(), math.log, "自然对数", "natural logarithm"),
            simple("exp", (NUMBER,), NUMBER, lambda x: x.exp(), math.exp, "指数", "exponential"),
            simple(
                "length",
                (TEXT,),
                NUMBER,
                lambda s: s.str.len_chars().cast(_polars().Int64),
                len,
                "文字长度",
                "number of characters",
            ),
            simple(
                "contains",
                (TEXT, TEXT),
                BOOL,
                lambda s, part: s.str.contains(part, literal=True),
                lambda s, part: part in s,
                "包含文字",
                "text contains",
            ),
            simple(
                "starts_with",
                (TEXT, TEXT),
                BOOL,
                lambda s, part: s.str.starts_with(part),
                lambda s, part: s.startswith(part),
                "以……开头",
                "text starts with",
            ),
            Function(
                "missing",
                (ANY,),
                BOOL,
                lambda x: x.is_null(),
                lambda x: x is None,
                about=Text("是否空缺", "is missing"),
            ),
            Function(
                "coalesce",
                (ANY, ANY),
                ANY,
                lambda *given: _polars().coalesce(*given),
                lambda *given: next((one for one in given if one is not None), None),
                variadic=True,
                about=Text("第一个不空缺的", "first that is not missing"),
            ),
            Function(
                "min",
                (NUMBER, NUMBER),
                NUMBER,
                lambda *x: _polars().min_horizontal(*x),
                _missing_if_any(min),
                variadic=True,
                about=Text("较小者", "smallest"),
            ),
            Function(
                "max",
                (NUMBER, NUMBER),
                NUMBER,
                lambda *x: _polars().max_horizontal(*x),
                _missing_if_any(max),
                variadic=True,
                about=Text("较大者", "largest"),
            ),
        )
    }


BASE: Mapping[str, Function] = _base_functions()
