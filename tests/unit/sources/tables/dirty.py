"""Workbooks for any register of the catalogue: clean rows by its own schema, then written as people write them.

Everything follows from a seed. Rows keep the register's checks, judged by the single-value evaluator and not by
the code under test.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Column, Register
from dafeng.core.evaluation import Values
from dafeng.core.expressions import names_in, parse
from dafeng.core.units import UnitMismatch

# The standard library's own parser of patterns has no public name.
sre: Any = importlib.import_module("re._constants")
sre_parser: Any = importlib.import_module("re._parser")
Row = dict[str, Any]
EPOCH = dt.date(1899, 12, 30)
WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789.,%-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}


def text_of(pattern: str, rng: random.Random) -> str:
    """A text that matches a regular expression (the plain ones that registers use)."""

    def draw(tree: Iterable[Any]) -> str:
        return "".join(one(op, value) for op, value in tree)

    def one(op: Any, value: Any) -> str:
        if op == sre.LITERAL:
            return chr(value)
        if op == sre.IN:
            return one(*rng.choice(value)) if value[0][0] != sre.NEGATE else "x"
        if op == sre.RANGE:
            return chr(rng.randint(*value))
        if op == sre.CATEGORY:
            return rng.choice("0123456789") if value == sre.CATEGORY_DIGIT else rng.choice("abcxyz")
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            low, high, inner = value
            return "".join(draw(inner) for _ in range(rng.randint(low, min(int(high), low + 6))))
        if op == sre.BRANCH:
            return draw(rng.choice(value[1]))
        if op == sre.SUBPATTERN:
            return draw(value[-1])
        if op == sre.ANY:
            return "x"
        return ""

    return draw(sre_parser.parse(pattern))


@dataclass
class World:
    """Clean rows of a register and of those it refers to."""

    catalogue: Catalogue
    seed: int
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def make(self, name: str, count: int) -> list[Row]:
        register = self.catalogue.registers[name]
        for column in register.columns.values():
            if column.to and column.to != name and column.to not in self.rows:
                self.make(column.to, 30)
        self.rows[name] = []
        keys: set[tuple[Any, ...]] = set()
        for attempt in range(count * 60):
            if len(self.rows[name]) == count:
                break
            row = self._row(register, attempt)
            key = tuple(row[part] for part in register.key)
            if key in keys or not self._holds(register, row):
                continue
            keys.add(key)
            self.rows[name].append(row)
        return self.rows[name]

    def _row(self, register: Register, attempt: int) -> Row:
        row = {name: self._value(register, name, column) for name, column in register.columns.items()}
        # Where chance rarely meets a check, the register's own example shows how.
        for check in register.checks if attempt % 3 else ():
            if self._check(register, check.that, row) is False:
                for name in dict.fromkeys(part.partition(".")[0] for part in names_in(parse_tree(check.that))):
                    column = register.columns[name]
                    if name in register.key:
                        continue
                    if column.optional and (attempt % 3 == 1 or column.example is None):
                        row[name] = None
                    elif column.example is not None and column.type not in ("ref", "body"):
                        row[name] = self._example(column)
        return row

    def _holds(self, register: Register, row: Row) -> bool:
        return all(self._check(register, c.that, row) is not False for c in register.checks if c.level == "error")

    def _check(self, register: Register, that: str, row: Row) -> bool | None:
        def look(name: str) -> Any:
            first, _, rest = name.partition(".")
            if not rest:
                return row[first]
            target = self.catalogue.registers[str(register.columns[first].to)]
            there = next((r for r in self.rows[target.id] if r[target.key[0]] == row[first]), None)
            return there[rest] if there else None

        return Values(names=look)(parse_tree(that))

    def _value(self, register: Register, name: str, column: Column) -> Any:
        rng = self.rng
        if column.optional and rng.random() < 0.2:
            return None
        low, high = column.min, column.max
        number = isinstance(low, int | float), isinstance(high, int | float)
        bottom = float(low) if number[0] else 0.0  # type: ignore[arg-type]
        top = float(high) if number[1] else max(bottom + 1, 10 ** rng.choice((2, 4, 6)))  # type: ignore[arg-type]
        match column.type:
            case "number":
                return min(max(round(rng.uniform(bottom, top), 2), bottom), top)
            case "integer":
                return rng.randint(int(bottom), int(top))
            case "year":
                return rng.randint(int(bottom) if number[0] else 2005, min(int(top) if number[1] else 2040, 2100))
            case "date":
                first = low if isinstance(low, dt.date) else dt.date(2005, 1, 1)
                last = high if isinstance(high, dt.date) else dt.date(2030, 12, 31)
                return first + dt.timedelta(rng.randint(0, (last - first).days))
            case "month":
                return f"{rng.randint(2015, 2026)}-{rng.randint(1, 12):02d}"
            case "bool":
                return rng.random() < 0.5
            case "choice":
                return rng.choice(list(self.catalogue.choices[str(column.of)].options))
            case "body":
                return rng.choice([body.name for body in self.catalogue.bodies] or ["云汀区某局"])
            case "ref":
                known = self.rows.get(str(column.to), ())
                key = self.catalogue.registers[str(column.to)].key[0]
                return rng.choice(known)[key] if known else None
            case "point":
                return f"{rng.uniform(121, 122):.6g},{rng.uniform(30, 32):.6g}"
            case "polygon":
                return "POLYGON ((121 31, 121.1 31, 121.1 31.1, 121 31))"
            case "line":
                return f"LINESTRING (121 31, {rng.uniform(121, 122):.5f} 31.1)"
        if column.pattern:
            return text_of(column.pattern, rng)
        return (
            f"{column.name.en.split()[0]}{rng.randint(1, 99999)}"
            if name in register.key
            else f"云汀{rng.randint(1, 9999)}号"
        )

    def _example(self, column: Column) -> Any:
        value = column.example
        if column.type == "choice":
            options = self.catalogue.choices[str(column.of)].options
            return next(code for code, o in options.items() if str(value) in (code, o.zh, o.en, *o.also))
        if column.type == "bool":
            return value if isinstance(value, bool) else value in ("是", "yes", "true")
        if column.type == "date" and isinstance(value, str):
            return dt.date.fromisoformat(value)
        if column.type == "number":
            return float(value)
        return value if column.type in ("integer", "year", "date") else str(value)


@functools.cache
def parse_tree(that: str) -> Any:
    return parse(that, lambda _: "any").tree


# ── as people write it ───────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Sheet:
    """A dirty sheet: cells[0] are the headings, at Excel's row ``first`` - 1; factors: column → unit's size."""

    name: str
    titles: list[list[Any]]
    columns: list[str]
    headings: list[str]
    factors: dict[str, float]
    cells: list[list[Any]]

    @property
    def first(self) -> int:
        return len(self.titles) + 2

    def rows(self) -> list[list[Any]]:
        return [*self.titles, self.headings, *self.cells]


def dirty_sheet(catalogue: Catalogue, register: Register, rows: list[Row], rng: random.Random) -> Sheet:
    columns = list(register.columns)
    rng.shuffle(columns)
    headings, factors = [], {}
    for name in columns:
        heading, factors[name] = _heading(catalogue, register, name, rng)
        headings.append(heading)
    titles = [[f"{register.name.zh}登记表"], [None, "填报单位：云汀区某局", "（请于每季度结束后填报）"], []]
    cells = [[_written(catalogue, register, n, row[n], factors[n], rng) for n in columns] for row in rows]
    name = rng.choice([register.id, register.name.zh, register.name.en, f" {register.name.zh} "])
    bad = not name.strip() or len(name) > 31 or re.search(r"[\[\]:*?/\\]", name)
    return Sheet(register.id[:31] if bad else name, titles[: rng.randint(0, 3)], columns, headings, factors, cells)


def _heading(catalogue: Catalogue, register: Register, name: str, rng: random.Random) -> tuple[str, float]:
    column = register.columns[name]
    words = rng.choice([column.name.zh, column.name.en, name, *column.also])
    if rng.random() < 0.3:
        words = f" {words[0]} {words[1:]}　" if re.match(r"[\u4e00-\u9fff]", words) else f" {words} *"
    if column.unit is None or column.unit == "1":
        return words, 1.0
    unit, factor = column.unit, 1.0
    if column.type == "number" and rng.random() < 0.5:
        unit, factor = rng.choice(_units_like(catalogue, column.unit))
    words = words.rstrip(" *　")
    return rng.choice(
        [f"{words}（{unit}）", f"{words}({unit}) *", f"{words} [{unit}]", f"{words}（单位：{unit}）"]
    ), factor


def _units_like(catalogue: Catalogue, unit: str) -> list[tuple[str, float]]:
    """Units in which the same thing may be written, with their size: decimal ones, so that figures stay exact."""
    found = []
    for symbol in filter(None, catalogue.unit_table.definitions):
        try:
            factor = catalogue.unit_table.factor(symbol, unit)
        except UnitMismatch:
            continue
        if factor in (1e-6, 1e-4, 1e-3, 1e-2, 1.0, 10.0, 100.0, 1e3, 1e4, 1e6, 1e8):
            found.append((symbol, factor))
    return found


def _written(catalogue: Catalogue, register: Register, name: str, value: Any, factor: float, rng: random.Random) -> Any:
    column = register.columns[name]
    if value is None:
        return rng.choice([None, "", "—", "/", " ", "－", "暂无"])
    match column.type:
        case "number":
            figure = Decimal(str(value)) / Decimal(str(factor))
            return rng.choice(_figures(figure))
        case "integer":
            return rng.choice(_figures(Decimal(value)))
        case "year":
            return rng.choice([value, str(value), f"{value}年", f" {value}".translate(WIDE), float(value)])
        case "date":
            return rng.choice(_dates(value))
        case "month":
            year, month = value.split("-")
            day = dt.date(int(year), int(month), 1)
            return rng.choice([value, f"{year}年{int(month)}月", f"{year}/{int(month)}", int(f"{year}{month}"), day])
        case "bool":
            return rng.choice(["是", "√", "yes", True, 1, "Ｙ"] if value else ["否", "×", "no", False, 0, "Ｎ"])
        case "choice":
            option = catalogue.choices[str(column.of)].options[value]
            word = rng.choice([value, option.zh, option.en, *option.also])
            return rng.choice([word, f" {word}", f"{word}　"])
        case "body":
            names = next(((b.name, *b.aliases) for b in catalogue.bodies if b.name == value), (value,))
            return f" {rng.choice(names)}"
        case "ref":
            return rng.choice([value, str(value).translate(WIDE), f"　{value} "])
        case "text" if name in register.key or column.pattern:
            return rng.choice([value, str(value).translate(WIDE), f" {value}　"])
        case "point":
            return rng.choice([value, value.replace(",", "，"), f"POINT ({value.replace(',', ' ')})"])
    return rng.choice([value, f" {value}　"])


def _figures(figure: Decimal) -> list[Any]:
    plain = f"{figure:f}"
    grouped = f"{figure:,f}"
    return [float(figure), plain, grouped, plain.translate(WIDE), grouped.translate(WIDE), f" {plain} "]


def _dates(day: dt.date) -> list[Any]:
    y, m, d = day.year, day.month, day.day
    words = [f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}{m:02d}{d:02d}"]
    serial = [(day - EPOCH).days] if 20_000 <= (day - EPOCH).days <= 80_000 else []
    # Excel has no dates before 1900 and a wrong one in its first two months.
    cells = [day, dt.datetime(y, m, d)] if day >= dt.date(1900, 3, 1) else []
    return [*cells, *words, f"{y}年{m}月{d}日".translate(WIDE), int(f"{y}{m:02d}{d:02d}"), *serial]


# ── planted mistakes ─────────────────────────────────────────────────────────────────────────────────────────


def mistakes_for(register: Register, name: str) -> dict[str, Callable[[float], Any]]:
    """Kinds of mistake that fit a column: kind → the bad cell, given the size of the heading's unit."""
    column = register.columns[name]
    kinds: dict[str, Callable[[float], Any]] = {"formula error": lambda _: "#REF!"}
    if not column.optional:
        kinds["required"] = lambda _: None
    if column.type in ("number", "integer", "year"):
        kinds["words"] = lambda _: "约三千"
        if isinstance(column.max, int | float):
            kinds["above"] = lambda factor: float((Decimal(str(column.max)) + 1) / Decimal(str(factor)))
        if isinstance(column.min, int | float):
            kinds["below"] = lambda factor: float((Decimal(str(column.min)) - 1) / Decimal(str(factor)))
    if column.type == "integer":
        kinds["fraction"] = lambda _: 2.5
    if column.type == "year":
        kinds["date for year"] = lambda _: dt.date(2023, 5, 1)
    if column.type == "date":
        kinds["month only"] = lambda _: "2023年5月"
        kinds["no such day"] = lambda _: "2023-02-30"
    if column.type == "month":
        kinds["ambiguous month"] = lambda _: 2023.1
    if column.type == "choice":
        kinds["not in the list"] = lambda _: "云汀自定一类"
    if column.type == "bool":
        kinds["neither yes nor no"] = lambda _: "部分"
    if column.type == "ref":
        kinds["unknown reference"] = lambda _: "查无此号"
    if column.pattern:
        kinds["pattern"] = lambda _: "!!"
    if column.type == "point":
        kinds["swapped"] = lambda _: "31.2,121.4"
    return kinds


def as_expected(rows: Iterable[Mapping[str, Any]], register: Register) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[name] for name in register.key): dict(row) for row in rows}
