"""What was restated in an account: as known on a past day against as known now, or corrections alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.account_answers import Answer
from dafeng.workflows.account_gaps import with_gaps
from dafeng.workflows.account_making import Asked, facts_of, must_be_askable
from dafeng.workflows.account_places import located, with_places
from dafeng.workflows.account_policy import policy_of
from dafeng.workflows.account_tables import table_as_data
from dafeng.workflows.running import default_year

if TYPE_CHECKING:
    from dafeng.accounting.tables import Table
    from dafeng.core.errors import Problem
    from dafeng.indicators.facts import Facts
    from dafeng.store import RecordInfo, Store
    from dafeng.workflows.district import District

_CORRECTIONS = Text(
    "该日还没有任何记录，因此只列此后更正、撤回的记录引起的变化，新增的记录不算重述。",
    "Nothing was known on that day: listed is what corrected and withdrawn records changed since; new ones restate "
    "nothing.",
)


@machine_in_words()
def restated(district: District, since: dt.date, year: int | None, *, gwp: str | None = None) -> Answer:
    """What changed in the account of a year since the end of a day, with the reason of each line.

    Records and factors as known then against those known now; where nothing was known then, the corrections since."""
    must_be_askable(Asked(year=year))
    year = year if year is not None else default_year()
    with district.open_store() as store:
        table, problems = restatements(district, store, since, year, gwp=gwp)
        data = table_as_data(with_places(table, store))
    return Answer(district.synthetic, [data], problems=problems, more={"since": since.isoformat(), "year": year})


def restatements(
    district: District, store: Store, since: dt.date, year: int, *, gwp: str | None = None
) -> tuple[Table, tuple[Problem, ...]]:
    """The table ``restatements``; reasons name records by ``#id``."""
    tables, problems = restatements_of(district, store, since, (year,), gwp=gwp)
    return tables[0], problems


def restatements_of(
    district: District, store: Store, since: dt.date, years: Sequence[int], *, gwp: str | None = None
) -> tuple[list[Table], tuple[Problem, ...]]:
    """A table for each year, in order."""
    from dataclasses import replace

    from dafeng.accounting.account import lines_of_all_years
    from dafeng.accounting.book import Book
    from dafeng.accounting.restatement import Known
    from dafeng.accounting.restatement import restated as listed

    catalogue, policy = district.catalogue, policy_of(district, gwp)
    pairs = store.restatements(since)
    said = {after.id: after.reason for _, after in pairs if after.reason}
    then, now = bool(store.last_loaded(since)), facts_of(district, store)
    before = facts_of(district, store, since) if then else facts_before(now, pairs)
    known = []
    problems: list[Problem] = []
    for held, day in ((before, since if then else None), (now, None)):
        facts, _ = with_gaps(district, held, max(years))
        _, emissions, problems = lines_of_all_years(facts, Book(catalogue, policy, None, day))
        known.append(Known(emissions, facts, policy.gwp, said if held is now else {}))
    tables = [listed(known[0], known[1], year) for year in years]
    if not then:
        tables = [replace(table, notes=(_CORRECTIONS, *table.notes)) for table in tables]
    return tables, located(problems, store, now)


def facts_before(now: Facts, pairs: list[tuple[RecordInfo, RecordInfo]]) -> Facts:
    """The registers of now with every corrected record as it was before its first correction."""
    import polars as pl

    from dafeng.indicators.facts import RECORD, Facts, frame_of_rows

    first: dict[str, dict[str, RecordInfo]] = {}
    corrections: dict[str, set[int]] = {}
    for old, new in pairs:
        first.setdefault(old.register, {}).setdefault(str(sorted(old.key.items())), old)
        corrections.setdefault(old.register, set()).add(new.id)

    def frame_of(register: str) -> Any:
        frame = now.frame(register)
        if register not in first or frame is None:
            return frame
        entry = now.catalogue.registers[register]
        columns = [*entry.columns, RECORD]
        kept = frame.filter(~pl.col(RECORD).is_in(list(corrections[register]))).select(columns)
        olds = list(first[register].values())
        was = frame_of_rows(entry, [old.payload for old in olds])
        was = was.with_columns(pl.Series(RECORD, [old.id for old in olds], dtype=pl.Int64))
        return pl.concat([kept, was.select(columns)])

    return Facts(now.catalogue, frame_of)
