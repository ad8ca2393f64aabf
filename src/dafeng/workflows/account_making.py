"""The account of a district, made from its records and settings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import ERROR, BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.account_gaps import with_gaps
from dafeng.workflows.account_places import located
from dafeng.workflows.account_policy import policy_of
from dafeng.workflows.district import District
from dafeng.workflows.running import default_year

if TYPE_CHECKING:
    from dafeng.accounting.account import Account
    from dafeng.accounting.account_work import Question
    from dafeng.accounting.tables import Table
    from dafeng.indicators.facts import Facts
    from dafeng.store import Store

# The years that an account may be asked for; the same as in plans and settings.
YEARS = range(1990, 2101)
_NO_YEAR = "account.year-without-data"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
LEVELS = ("district", "zone", "subdistrict", "unit", "site")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of the account, as typed. ``level`` other than the district needs a ``place``."""

    year: int | None = None
    level: str = "district"
    place: str = ""
    gwp: str | None = None
    as_known: dt.date | None = None
    constant_year: int | None = None
    start: int | None = None
    month: str | None = None
    draws: int = 10_000
    seed: int = 1
    sites: Path | None = None
    polygon: Path | None = None
    ceiling_t: float | None = None
    cut_pct: float | None = None
    cut_from: int | None = None


@machine_in_words()
def make(district: District, asked: Asked, tables: Collection[str] | None = None) -> Account:
    """The account; problems that lie in a record name its file, sheet and cell. Raises BadInput where nothing can be
    answered at all (a year that has no data, a setting that names no factor)."""
    with district.open_store() as store:
        return make_from(district, store, asked, tables)


def make_from(district: District, store: Store, asked: Asked, tables: Collection[str] | None = None) -> Account:
    from dafeng.accounting.account import make_account
    from dafeng.catalogue.check_refusals import refused

    must_be_askable(asked)
    policy, catalogue = policy_of(district, asked.gwp), district.catalogue
    # A value known to be wrong in a district's own catalogue would stand in every sum above it.
    if wrong := list(refused(catalogue)):
        raise BadInput(wrong)
    known = facts_of(district, store, asked.as_known)
    question, unread = question_of(district, asked, known)
    facts, gaps = with_gaps(district, known, question.year)
    account = make_account(
        facts, catalogue, policy, question,
        known_on=asked.as_known, constant_year=asked.constant_year, tables=tables,
    )  # fmt: skip
    account = replace(account, problems=located((*unread, *gaps, *account.problems), store, facts))
    if not account.energy.height and not account.emissions.height and not account.tables:
        # That the year is lacking, and its dual control, is no news where there is no record at all.
        causes = [problem for problem in account.problems if problem.code not in (_NO_YEAR, "account.no-totals")]
        raise BadInput(causes if any(one.level == ERROR for one in causes) else (*causes, _nothing(asked.as_known)))
    return account


def question_of(district: District, asked: Asked, facts: Facts) -> tuple[Question, tuple[Problem, ...]]:
    """The question in the engine's terms, and what is wrong with plans whose targets it therefore lacks."""
    from dafeng.accounting.account_work import Question
    from dafeng.workflows.account_boundaries import boundary_of
    from dafeng.workflows.account_targets import targets_of

    year = asked.year if asked.year is not None else default_year()
    planned = targets_of(district, year, facts)
    base = planned.base_year if planned.base_year is not None else district.base_year
    level, place, boundary = boundary_of(asked)
    question = Question(
        year,
        base,
        level,
        place,
        asked.start,
        asked.month,
        planned.values,
        asked.draws,
        asked.seed,
        boundary,
        asked.ceiling_t,
        asked.cut_pct,
        asked.cut_from,
    )
    return question, planned.problems


def facts_of(district: District, store: Store, as_known: dt.date | None = None) -> Facts:
    """The registers as known on a day (now, if not given)."""
    from dafeng.indicators.facts import Facts

    catalogue = district.catalogue
    held = store.counts() if as_known is None else store.last_loaded(as_known)

    def frame_of(register: str) -> Any:
        return store.frame(catalogue.registers[register], as_known) if register in held else None

    return Facts(catalogue, frame_of)


def must_be_askable(asked: Asked) -> None:
    """Raise BadInput with every option that cannot be."""
    problems = [
        Problem(
            "account.year",
            Place(field=option),
            Text(f"没有 {given} 年的账", f"there is no account of {given}"),
            Text(f"写 {YEARS[0]} 至 {YEARS[-1]} 之间的年份", f"give a year between {YEARS[0]} and {YEARS[-1]}"),
        )
        for option, given in (
            ("--year", asked.year), ("--constant-year", asked.constant_year), ("--from", asked.start)
        )
        if given is not None and given not in YEARS
    ]  # fmt: skip
    if asked.level not in LEVELS:
        problems.append(
            Problem(
                "account.level",
                Place(field="--level"),
                Text(f"没有名为“{asked.level}”的层级", f"there is no level called {asked.level}"),
                Text(f"可用：{'、'.join(LEVELS)}", f"use one of {', '.join(LEVELS)}"),
            )
        )
    elif (asked.level == "district") != (not asked.place):
        problems.append(
            Problem(
                "account.place",
                Place(field="--place"),
                Text("层级和地点要一起写", "a level and a place belong together"),
                Text(
                    "例如 --level subdistrict --place 街道名；全区不写 --place",
                    "for example --level subdistrict --place NAME; the whole district has no --place",
                ),
            )
        )
    if asked.month is not None and not _MONTH.fullmatch(asked.month):
        problems.append(
            Problem(
                "account.month",
                Place(field="--month"),
                Text(f"“{asked.month}”不是月份", f"{asked.month!r} is no month"),
                Text("写成 2025-06", "write it like 2025-06"),
            )
        )
    if problems:
        raise BadInput(problems)


def every_table() -> tuple[str, ...]:
    """Ids of all tables, those too that are made on request only."""
    from dafeng.accounting.account_parts import TABLES

    return TABLES


def has_errors(account: Account) -> bool:
    return any(problem.level == ERROR for problem in account.problems)


def table_of(account: Account, name: str) -> Table:
    """A table by its id. Raises BadInput: there is none of that name, or it could not be made (with the reasons)."""
    if name in account.tables:
        return account.tables[name]
    from dafeng.accounting.account_parts import TABLES

    if name in TABLES:
        raise BadInput(
            [problem for problem in account.problems if problem.level == ERROR]
            or account.problems
            or Problem(
                "account.no-table",
                Place(item=name),
                Text(f"表 {name} 没有数据可列", f"there is nothing to put into the table {name}"),
                Text("运行 dafeng ready 看还缺哪些台账", "see with dafeng ready which registers are lacking"),
            )
        )
    import difflib

    near = difflib.get_close_matches(name, TABLES, n=3, cutoff=0.4) or list(TABLES)
    raise BadInput(
        Problem(
            "account.unknown-table",
            Place(item=name),
            Text(f"没有名为 {name} 的表", f"there is no table called {name}"),
            Text(f"可用：{'、'.join(near)}", f"use {', '.join(near)}"),
        )
    )


def _nothing(as_known: dt.date | None) -> Problem:
    rule = Text("还没有可核算的记录", "there are no records to account for yet")
    if as_known is not None:
        rule = Text(f"截至 {as_known} 还没有可核算的记录", f"on {as_known} there were no records to account for yet")
    return Problem(
        "account.nothing",
        Place(),
        rule,
        Text(
            "先填报 energy_consumption（分行业分品种能源消费）：dafeng template energy_consumption，然后 dafeng load",
            "fill in energy_consumption first: dafeng template energy_consumption, then dafeng load",
        ),
    )
