"""One account of a district: lines of energy and emissions, and every official table made of them.

Parts are made one by one. A part that cannot be made says why and leaves the others standing, so that a broken
register costs its own table and no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dafeng.accounting.book import Book, Policy
from dafeng.accounting.lines import DISTRICT, EMISSIONS, ENERGY, empty
from dafeng.accounting.tables import Cell, Table
from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import ERROR, WARNING, BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

Made = Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Question:
    """What an account is asked for. ``place`` names one place of ``level`` (the district itself has none); ``start``
    is the year that change is counted from; ``month`` (2026-10) the last month that the early warning looks at."""

    year: int
    base_year: int
    level: str = DISTRICT
    place: str = ""
    start: int | None = None
    month: str | None = None
    targets: Mapping[str, float | None] = field(default_factory=dict)
    draws: int = 10_000
    seed: int = 1

    @property
    def of_district(self) -> bool:
        return self.level == DISTRICT


@dataclass(frozen=True, slots=True)
class Account:
    """energy, emissions: lines of every level and year. tables: by id, those that could be made."""

    question: Question
    book: Book
    energy: pl.DataFrame
    emissions: pl.DataFrame
    tables: Mapping[str, Table]
    problems: tuple[Problem, ...]

    @property
    def year(self) -> int:
        return self.question.year

    @property
    def policy(self) -> Policy:
        return self.book.policy

    def lines_of(self, table: Table) -> pl.DataFrame:
        return self.emissions if table.lines == "emissions" else self.energy


# What a cell may sum, by the kind of its lines, and what a table sums before all else.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "energy": ("gce_calorific", "gce_equal", "amount", "gce_material"),
    "emissions": ("co2e_g", "gas_g"),
}
FIRST: Mapping[str, str] = {"balance": "amount", "balance_equal": "gce_equal", "gases": "gas_g"}


def picked(lines: pl.DataFrame, pick: Mapping[str, tuple[Any, ...]]) -> pl.DataFrame:
    """The lines that a cell asks for; None among the accepted values takes lines that have none."""
    for column, accepted in pick.items():
        wanted = pl.col(column).is_in([value for value in accepted if value is not None])
        lines = lines.filter(wanted | pl.col(column).is_null() if None in accepted else wanted)
    return lines


def measure_of(table: Table, cell: Cell, lines: pl.DataFrame) -> str | None:
    """Which amount of the picked lines the cell sums: the one that gives its value to the last digit (losses are
    printed without their sign); None where none does."""
    names = MEASURES[table.lines or "energy"]
    names = tuple(dict.fromkeys((FIRST.get(table.id, names[0]), *names)))
    return next((name for name in names if abs(lines[name].sum()) == abs(cell.value or 0)), None)


def lines_of_total(kind: str, lines: pl.DataFrame, year: int) -> pl.DataFrame:
    """The district's lines that the dual-control sheet sums for a year: energy used and lost, or CO2 of energy."""
    from dafeng.accounting.dual_control import ON_THE_WAY

    lines = lines.filter((pl.col("level") == DISTRICT) & (pl.col("year") == year))
    if kind == "energy":
        return lines.filter(pl.col("flow").is_in(["final", *ON_THE_WAY]))
    return lines.filter(
        (pl.col("gas") == "CO2") & pl.col("energy_line").is_not_null() & pl.col("memo").is_null()
        & pl.col("scope").is_in([1, 2])
    )  # fmt: skip


@dataclass(slots=True)
class _Work:
    """An account under way."""

    question: Question
    facts: Facts
    book: Book
    energy: pl.DataFrame
    emissions: pl.DataFrame
    problems: list[Problem]


def make_account(
    facts: Facts,
    catalogue: Catalogue,
    policy: Policy,
    question: Question,
    *,
    known_on: dt.date | None = None,
    constant_year: int | None = None,
    tables: Collection[str] | None = None,
) -> Account:
    """The account that answers ``question`` from the registers.

    known_on: only factors whose document had been issued by that day. constant_year: every factor as in force for
    that year. tables: ids of the tables wanted; all of them, if not given. Faults of the registers are gathered in
    ``problems``; what is valid is answered.
    """
    book = Book(catalogue, policy, constant_year, known_on)
    work = _Work(question, facts, book, empty(ENERGY), empty(EMISSIONS), [])
    _lines(work)
    made: dict[str, Table] = {}
    for part, ids in PARTS.items():
        if tables is not None and not set(ids) & set(tables):
            continue
        try:
            made |= part(work)
        except ModuleNotFoundError:
            continue
        except BadInput as error:
            work.problems.extend(error.problems)
    wanted = {name: table for name, table in made.items() if tables is None or name in tables}
    return Account(question, book, work.energy, work.emissions, wanted, tuple(dict.fromkeys(work.problems)))


def lines_of_all_years(
    facts: Facts, book: Book
) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:  # fmt: skip
    """(energy, emissions, problems) of every year and level under one book of factors."""
    work = _Work(Question(0, 0), facts, book, empty(ENERGY), empty(EMISSIONS), [])
    _compute(work)
    return work.energy, work.emissions, work.problems


def _lines(work: _Work) -> None:
    _compute(work)
    years = work.energy.filter(pl.col("level") == DISTRICT)["year"].unique().sort().to_list()
    if work.question.year not in years:
        work.problems.append(_no_year(work.question.year, years))


def _compute(work: _Work) -> None:
    from dafeng.accounting.emissions import emission_lines
    from dafeng.accounting.energy import energy_lines

    try:
        work.energy, found = energy_lines(work.facts, work.book)
        work.problems.extend(found)
    except BadInput as error:
        work.problems.extend(error.problems)
    try:
        work.emissions, found = emission_lines(work.energy, work.facts, work.book)
        work.problems.extend(found)
    except BadInput as error:
        work.problems.extend(error.problems)


# ── the parts ──


def _balance(work: _Work) -> Made:
    from dafeng.accounting.balance import balance_problems, balance_tables

    asked = work.question
    tables = balance_tables(work.energy, work.book.catalogue, asked.year, asked.level, asked.place)
    work.problems.extend(balance_problems(tables, asked.year))
    return tables


def _levels(work: _Work) -> Made:
    from dafeng.accounting.levels import reconcile

    table, found = reconcile(work.energy, work.facts, work.question.year)
    work.problems.extend(found)
    return {table.id: table}


def _inventory(work: _Work) -> Made:
    from dafeng.accounting.inventory import inventory_tables

    asked = work.question
    return inventory_tables(work.emissions, work.book.catalogue, asked.year, asked.level, asked.place, work.problems)


def _shares(work: _Work) -> Made:
    from dafeng.accounting.shares import status_shares

    table = status_shares(work.emissions, work.question.year)
    return {table.id: table}


def _dual_control(work: _Work) -> Made:
    from dafeng.accounting.dual_control import dual_control_table

    asked = work.question
    if not work.facts.has("yearly_totals"):
        work.problems.append(_no_totals())
        return {}
    tables, found = dual_control_table(
        work.facts, work.energy, work.emissions, work.book, asked.year, asked.base_year, asked.targets
    )
    work.problems.extend(found)
    return tables


def _no_year(year: int, years: list[int]) -> Problem:
    held = f"{years[0]}–{years[-1]}" if years else ""
    return Problem(
        "account.year-without-data",
        Place(item="energy_consumption", field=str(year)),
        Text(f"{year} 年没有能源统计", f"there are no energy statistics for {year}"),
        Text(
            f"填报 energy_consumption，或改用有数据的年份（{held}）" if years else "先填报 energy_consumption",
            f"load energy_consumption, or ask for a year that has data ({held})"
            if years
            else "load energy_consumption first",
        ),
        ERROR,
    )


def _no_totals() -> Problem:
    return Problem(
        "account.no-totals",
        Place(item="yearly_totals"),
        Text(
            "没有全区年度总量（生产总值等），双控表不能编制", "there are no yearly totals (GDP), and so no dual control"
        ),
        Text(
            "填报 yearly_totals：不变价生产总值及其价格基期", "load yearly_totals: GDP at constant prices with its base"
        ),
        WARNING,
    )


# part → ids of the tables that it makes, in the order in which they are read.
PARTS: Mapping[Callable[[_Work], Made], tuple[str, ...]] = {
    _balance: ("consumption", "balance", "balance_calorific", "balance_equal"),
    _inventory: ("inventory", "gases", "gpc", "gpc_summary"),
    _levels: ("levels",),
    _shares: ("shares",),
    _dual_control: ("dual_control", "dual_control_targets", "dual_control_deductions", "dual_control_parts"),
}

TABLES = tuple(name for ids in PARTS.values() for name in ids)
