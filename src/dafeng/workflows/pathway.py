"""The pathway from a plain file: has a series peaked?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dafeng.core.errors import BadInput, Problem
from dafeng.core.text import Text
from dafeng.workflows.plain_tables import PlainTable, read_plain_table

YEAR, VALUE = "year", "value"


def peak_of(path: Path) -> dict[str, Any]:
    """The verdict on a CSV file with the columns ``year`` and ``value`` (any unit, one row per year, any order).

    Gives ``verdict`` (peaked, not peaked, too early), ``year``, ``level``, ``drop``, ``p_value`` and what they rest
    on. Raises BadInput with every fault of the file.
    """
    from dafeng.pathway.peak import judge

    table = read_plain_table(path, (YEAR, VALUE))
    problems = [*table.problems, *_faults(table)]
    if problems:
        raise BadInput(problems)
    rows = sorted(zip(table.frame[YEAR].to_list(), table.frame[VALUE].to_list(), strict=True))
    found = judge([int(year) for year, _ in rows], [value for _, value in rows])
    return {
        "verdict": found.verdict,
        "year": found.year,
        "level": found.level,
        "drop": found.drop,
        "p_value": found.p_value,
        "years_since": found.years_since,
        "plateau": found.plateau,
        "robust": found.robust,
        "why": {"zh": found.why.zh, "en": found.why.en},
    }


def _faults(table: PlainTable) -> list[Problem]:
    missing = [name for name in (YEAR, VALUE) if name not in table.frame.columns]
    if missing:
        return [_no_column(table, name) for name in missing]
    found, seen = [], set()
    for position, (year, value) in enumerate(table.frame.select(YEAR, VALUE).iter_rows()):
        if year is None or not 1900 <= year <= 2200 or year != int(year):
            found.append(_bad_year(table, position))
        elif year in seen:
            found.append(_twice(table, position, int(year)))
        if value is None or value < 0:
            found.append(_bad_value(table, position))
        seen.add(year)
    if not table.frame.height:
        found.append(_empty(table))
    return found


def _no_column(table: PlainTable, name: str) -> Problem:
    there = table.frame.columns
    return Problem(
        "pathway.no-column",
        table.where(None, name),
        Text(
            f"没有“{name}”这一列；现有的列：{'、'.join(there)}",
            f"there is no column {name}; there are: {', '.join(there)}",
        ),
        Text("写 year（年份）和 value（数值）两列", "give the columns year and value"),
    )


def _empty(table: PlainTable) -> Problem:
    return Problem(
        "pathway.no-rows",
        table.where(None, None),
        Text("没有一年的数", "there is not one year"),
        Text("每年写一行", "write a row for each year"),
    )


def _bad_year(table: PlainTable, position: int) -> Problem:
    return Problem(
        "pathway.year",
        table.where(position, YEAR),
        Text("年份不成立", "this is no year"),
        Text("写四位数的年份，例如 2020", "write the year with four digits, such as 2020"),
    )


def _twice(table: PlainTable, position: int, year: int) -> Problem:
    return Problem(
        "pathway.year-twice",
        table.where(position, YEAR),
        Text(f"{year} 年出现两次", f"{year} stands twice"),
        Text("每年只留一行", "keep one row for each year"),
    )


def _bad_value(table: PlainTable, position: int) -> Problem:
    return Problem(
        "pathway.value",
        table.where(position, VALUE),
        Text("没有数值，或数值为负", "the value is missing or negative"),
        Text(
            "填写当年的排放量；没有数的年份删去整行",
            "fill in the year's emissions; delete the row of a year without a figure",
        ),
    )
