"""What ``explain`` lists is enough: recomputed on just those records, every indicator gives the same figure."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.catalogue import load_catalogue
from dafeng.indicators import Evaluation, Facts
from dafeng.indicators.facts import RECORD, frame_of_rows
from dafeng.store.sql import run_sql

CATALOGUE = load_catalogue()
CASES = [(name, number) for name, entry in CATALOGUE.indicators.items() for number in range(len(entry.golden))]


def frames_of(name: str, case: int, repeats: int) -> dict[str, pl.DataFrame]:
    """The rows of a golden case, several times over with keys of their own where text keys allow it."""
    frames, first = {}, 1
    for register, rows in CATALOGUE.indicators[name].golden[case].rows.items():
        entry = CATALOGUE.registers[register]
        many = [dict(row) for row in rows]
        if entry.kind != "series" and entry.columns[entry.key[0]].type == "text":
            for n in range(1, repeats):
                many += [{**row, entry.key[0]: f"{row.get(entry.key[0])}-{n}"} for row in rows]
        frames[register] = frame_of_rows(entry, many, first)
        first += len(many)
    return frames


@pytest.mark.parametrize(("name", "case"), CASES)
@settings(max_examples=4, deadline=None)
@given(repeats=st.integers(1, 3), shift=st.integers(-1, 1))
def test_the_records_that_explain_lists_give_the_same_figure(name: str, case: int, repeats: int, shift: int):
    golden = CATALOGUE.indicators[name].golden[case]
    year = max(golden.expect) + shift
    whole = Facts(CATALOGUE, frames_of(name, case, repeats))
    figure = Evaluation(CATALOGUE, whole, sql=run_sql).figure(name, year, golden.start)
    used = figure.records()
    part = {
        register: frame.filter(pl.col(RECORD).is_in(sorted(used.get(register, set()))))
        for register, frame in frames_of(name, case, repeats).items()
    }
    known = {register: whole.years(register) for register in golden.rows if whole.has(register)}
    again = Evaluation(CATALOGUE, Facts(CATALOGUE, part, known), sql=run_sql).figure(name, year, golden.start)
    assert again.value == (pytest.approx(figure.value, rel=1e-12) if figure.value is not None else None)
