"""Whatever is loaded, in whatever order: the store says what was last said, and could say it at any earlier time."""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sources.tables.world import BUILDINGS

from dafeng.sources.tables import scalars
from dafeng.store import SheetRows, SourceFile, open_store

FILE = SourceFile("a.xlsx", "0" * 64, 1)
COLUMNS = {"code": pl.String, "name": pl.String, "area_m2": pl.Float64, "floors": pl.Int64, "finished": pl.Date}

values = st.fixed_dictionaries(
    {
        "name": st.none() | st.text(max_size=8),
        "area_m2": st.none() | st.floats(allow_nan=False, allow_infinity=False, width=64),
        "floors": st.none() | st.integers(-(2**53), 2**53),
        "finished": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
    }
)
# A file: some of five buildings, each stated or withdrawn (None).
files = st.dictionaries(st.sampled_from(["B001", "B002", "B003", "B004", "B005"]), st.none() | values, min_size=1)


def sheet(stated: dict[str, dict[str, Any] | None]) -> SheetRows:
    rows = [{"code": code, **(row or {})} for code, row in stated.items()]
    frame = pl.DataFrame({name: [row.get(name) for row in rows] for name in COLUMNS}, schema=COLUMNS)
    gone = pl.Series([row is None for row in stated.values()], dtype=pl.Boolean)
    reason = pl.Series(["x" if row is None else None for row in stated.values()], dtype=pl.String)
    return SheetRows(BUILDINGS, frame.with_columns(_withdrawn=gone, _reason=reason), "建筑", {}, {})


def shown(frame: pl.DataFrame) -> dict[str, dict[str, Any]]:
    return {row.pop("code"): row for row in frame.select(list(COLUMNS)).iter_rows(named=True)}


@settings(max_examples=40, deadline=None)
@given(st.lists(files, min_size=1, max_size=5))
def test_the_newest_statement_of_each_key_counts_and_every_past_state_can_be_asked_for(history: list[dict[str, Any]]):
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "facts.db") as store:
        expected: dict[str, dict[str, Any]] = {}
        states: list[tuple[dt.datetime, dict[str, dict[str, Any]]]] = []
        for stated in history:
            counts = store.load(FILE, [sheet(stated)], "甲")[0]
            before = dict(expected)
            for code, row in stated.items():
                if row is None:
                    expected.pop(code, None)
                else:
                    expected[code] = row
            assert counts.added == sum(code not in before for code in stated if stated[code] is not None)
            assert counts.absent == len(before.keys() - stated.keys())
            assert shown(store.frame(BUILDINGS)) == expected
            mark = store.high_water()
            again = store.load(FILE, [sheet(stated)], "乙")[0]
            assert (again.added, again.changed, again.withdrawn) == (0, 0, 0)
            assert store.high_water() == mark
            # Two loads within one tick of the clock would be one moment.
            last = max((r.recorded_at for r in store.records(range(1, mark + 1))), default=None)
            if last is not None and (not states or last > states[-1][0]):
                states.append((last, dict(expected)))
            elif states:
                states[-1] = (states[-1][0], dict(expected))
        for moment, state in states:
            assert shown(store.frame(BUILDINGS, moment)) == state


@settings(max_examples=40, deadline=None)
@given(st.lists(files, min_size=1, max_size=5))
def test_the_records_of_a_key_form_one_chain_and_restatements_are_its_links(history: list[dict[str, Any]]):
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "facts.db") as store:
        for stated in history:
            store.load(FILE, [sheet(stated)], "甲")
        links = {(a.id, b.id) for a, b in store.restatements(dt.date(2000, 1, 1))}
        chained = set()
        for code in {code for stated in history for code in stated}:
            chain = store.history(BUILDINGS, {"code": code})
            assert [record.supersedes for record in chain] == [None, *(record.id for record in chain[:-1])][
                : len(chain)
            ]
            chained |= {(a.id, b.id) for a, b in itertools.pairwise(chain)}
        assert links == chained


@given(
    st.decimals(-(10**12), 10**12, places=3, allow_nan=False), st.sampled_from(["{:f}", "{:,f}", " {:f} ", "{:f}　"])
)
def test_a_decimal_is_read_as_itself_however_it_is_grouped_or_widened(figure: Any, form: str):
    wide = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789.,-"}
    assert scalars.number(form.format(figure)) == float(figure)
    assert scalars.number(form.format(figure).translate(wide)) == float(figure)


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_a_day_is_read_as_itself_in_every_form(day: dt.date):
    y, m, d = day.year, day.month, day.day
    for words in (f"{y}-{m}-{d}", f"{y}/{m:02d}/{d:02d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}{m:02d}{d:02d}"):
        assert scalars.date(words) == day


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_nothing_else(words: str):
    for read in (scalars.number, scalars.date, scalars.month, scalars.year, scalars.yes_or_no, scalars.point):
        said = None
        try:
            read(words)
        except scalars.Unread as refused:
            said = refused
        assert said is None or (said.rule.zh and said.remedy.en)
