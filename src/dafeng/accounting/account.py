"""One account of a district: lines of energy and emissions, and every official table made of them.

Parts are made one by one. A part that cannot be made says why and leaves the others standing, so that a broken
register costs its own table and no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dafeng.accounting.account_parts import PARTS
from dafeng.accounting.account_work import BOUNDARY, Question, Work
from dafeng.accounting.book import Book, Policy
from dafeng.accounting.lines import DISTRICT, EMISSIONS, ENERGY, empty
from dafeng.accounting.tables import Cell, Table
from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

# No register is older; a question without a year (0) is asked of all of them.
FIRST_YEAR = 1990

Made = Mapping[str, Table]


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


NO_YEAR = "account.year-without-data"
# What else is wrong just because the year has no data.
_FOLLOWS = frozenset(
    f"account.{name}" for name in ("nothing-to-draw", "change-year", "no-output", "no-base", "no-base-year")
)
# What a cell may sum, by the kind of its lines, and what a table sums before all else.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "energy": ("gce_calorific", "gce_equal", "amount", "gce_material"),
    "emissions": ("co2e_g", "gas_g"),
}
FIRST: Mapping[str, str] = {"balance": "amount", "balance_equal": "gce_equal", "gases": "gas_g"}


def picked(lines: pl.DataFrame, pick: Mapping[str, tuple[Any, ...]]) -> pl.DataFrame:
    """The lines that a cell asks for; None among the accepted values takes lines that have none."""
    return lines.filter(*(_accepts(column, accepted) for column, accepted in pick.items())) if pick else lines


def _accepts(column: str, accepted: tuple[Any, ...]) -> pl.Expr:
    values = [value for value in accepted if value is not None]
    wanted = pl.col(column) == values[0] if len(values) == 1 else pl.col(column).is_in(values)
    if None not in accepted:
        return wanted
    return wanted | pl.col(column).is_null() if values else pl.col(column).is_null()


def measure_of(table: Table, cell: Cell, lines: pl.DataFrame) -> str | None:
    """Which amount of the picked lines the cell sums: the one that gives its value to the last digit (losses are
    printed without their sign); None where none does."""
    names = MEASURES[table.lines or "energy"]
    names = tuple(dict.fromkeys((FIRST.get(table.id, names[0]), *names)))
    return next((name for name in names if abs(lines[name].sum()) == abs(cell.value or 0)), None)


def lines_of_total(kind: str, lines: pl.DataFrame, level: str, place: str, year: int | None) -> pl.DataFrame:
    """The lines of a place that the dual-control sheet sums for a year: energy used (of the district also what is
    lost on the way), or CO2 of energy. year: all of them, when None."""
    from dafeng.accounting.dual_control import ON_THE_WAY

    lines = lines.filter(pl.col("level") == level)
    if year is not None:
        lines = lines.filter(pl.col("year") == year)
    if level != DISTRICT:
        lines = lines.filter(pl.col("place") == place)
    if kind == "energy":
        return lines.filter(pl.col("flow").is_in(["final", *ON_THE_WAY]))
    return lines.filter(
        (pl.col("gas") == "CO2") & pl.col("energy_line").is_not_null() & pl.col("memo").is_null()
        & pl.col("scope").is_in([1, 2])
    )  # fmt: skip


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
    that year. tables: ids of the tables wanted; all but those made on request only, if not given. Faults of the
    registers are gathered in ``problems``; what is valid is answered.
    """
    book = Book(catalogue, policy, constant_year, known_on)
    work = Work(question, facts, book, empty(ENERGY), empty(EMISSIONS), [])
    _lines(work)
    made: dict[str, Table] = {}
    for part in PARTS:
        if tables is not None and not set(part.tables) & set(tables):
            continue
        if part.of_district and not work.question.of_district:
            continue
        if part.on_request and tables is None:
            continue
        try:
            made |= part.make(work)
        except BadInput as error:
            work.problems.extend(error.problems)
    wanted = {name: table for name, table in made.items() if tables is None or name in tables}
    problems = list(dict.fromkeys(work.problems))
    if any(problem.code == NO_YEAR for problem in problems):
        # Said once: what follows from it, and tables that have nothing to say, would bury it.
        follows = _FOLLOWS if question.start is None else _FOLLOWS - {"account.change-year"}
        problems = [problem for problem in problems if problem.code not in follows]
        wanted = {name: table for name, table in wanted.items() if _says_anything(table)}
    return Account(question, book, work.energy, work.emissions, wanted, tuple(problems))


def _says_anything(table: Table) -> bool:
    """Whether any cell has a value other than the zero that an empty sum has."""
    return any(cell.value for row in table.rows for cell in row.cells.values())


def lines_of_all_years(
    facts: Facts, book: Book
) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:  # fmt: skip
    """(energy, emissions, problems) of every year and level under one book of factors."""
    work = Work(Question(0, 0), facts, book, empty(ENERGY), empty(EMISSIONS), [])
    _compute(work)
    return work.energy, work.emissions, work.problems


def _lines(work: Work) -> None:
    _compute(work)
    if work.question.boundary is not None:
        _bound(work, work.question.boundary)
    asked = pl.col("level") == work.question.level
    if not work.question.of_district:
        asked &= pl.col("place") == work.question.place
    years = work.energy.filter(asked)["year"].unique().sort().to_list()
    if work.question.year not in years:
        work.problems.append(_no_year(work.question, years))


def _bound(work: Work, boundary: str | Sequence[str]) -> None:
    """Lines of the sites inside stand once more as lines of the boundary, so that every table can pick them."""
    from dafeng.accounting.boundary import sites_in

    work.sites = sites_in(work.facts, boundary)
    work.problems.extend(work.sites.problems)
    named = {"level": pl.lit(BOUNDARY), "place": pl.lit(work.question.place)}
    for name in ("energy", "emissions"):
        frame = getattr(work, name)
        inside = (pl.col("level") == "site") & pl.col("place").is_in(work.sites.codes)
        setattr(work, name, pl.concat([frame, frame.filter(inside).with_columns(**named)]))


def _compute(work: Work) -> None:
    from dafeng.accounting.emissions import emission_lines
    from dafeng.accounting.energy import energy_lines

    try:
        # A year that is still running lacks months without being wrong; it is not what the account is of.
        complete = range(FIRST_YEAR, work.question.year + 1) if work.question.year else None
        work.energy, found = energy_lines(work.facts, work.book, complete=complete)
        work.problems.extend(found)
    except BadInput as error:
        work.problems.extend(error.problems)
    try:
        work.emissions, found = emission_lines(work.energy, work.facts, work.book)
        work.problems.extend(found)
    except BadInput as error:
        work.problems.extend(error.problems)


def _no_year(asked: Question, years: list[int]) -> Problem:
    """What to load depends on the level that was asked for."""
    register = _REGISTERS[asked.level]
    held = f"{years[0]}–{years[-1]}" if years else "–"
    return Problem(
        "account.year-without-data",
        Place(item=register, field=f"{asked.place} {asked.year}".strip()),
        Text(
            f"{asked.year} 年没有能源数据（有：{held}）",
            f"there are no energy data for {asked.year} (there are: {held})",
        ),
        Text(
            f"填报 {register}，或改用有数据的年份；地点要与台账中的写法相同",
            f"load {register}, or ask for a year that has data; a place is written as in the register",
        ),
    )


# Level → the register that its energy comes from.
_REGISTERS = {
    DISTRICT: "energy_consumption",
    "zone": "energy_by_place",
    "subdistrict": "energy_by_place",
    "unit": "key_unit_carriers",
    "site": "meter_totals",
    BOUNDARY: "meter_totals",
}
