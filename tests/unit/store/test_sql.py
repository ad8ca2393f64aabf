"""An indicator's own SQL can reach its frames and nothing else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dafeng.core.errors import BadInput
from dafeng.store import sql
from dafeng.store.sql import run_sql

FRAMES = {"parks": pl.DataFrame({"area": [1.0, 2.0, 4.0], "_record": [5, 6, 7]})}
PARAMETERS = {"year": 2, "start": 1, "base_year": 2020}


def test_a_query_gives_a_value_and_the_records_it_used():
    query = "SELECT sum(area) AS value, list(_record) AS records FROM parks WHERE area >= $year"
    assert run_sql(query, FRAMES, PARAMETERS) == (6.0, (6, 7))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY parks TO '{folder}/stolen.csv'",
        "ATTACH '{folder}/other.db'",
        "INSTALL httpfs",
        "SELECT 1 AS value, [] AS records; SELECT 2",
        "SET enable_external_access = true",
        "CREATE TABLE t AS SELECT 1",
        "SELECT * FROM read_text('https://127.0.0.1/')",
        "SELECT area FROM parks",
        "SELECT area AS value, [_record] AS records FROM parks",
        "SELECT 'x' AS value, [1] AS records",
        "SELECT nonsense",
    ],
)
def test_whatever_reaches_further_or_answers_otherwise_is_refused(query: str, tmp_path: Path):
    with pytest.raises(BadInput):
        run_sql(query.replace("{folder}", str(tmp_path)), FRAMES, PARAMETERS)
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sql, "SECONDS", 2.0)
    endless = "SELECT count(*) AS value, [1] AS records FROM range(10000000000000) a, range(1000) b"
    with pytest.raises(BadInput, match=r"2 s|2 秒"):
        run_sql(endless, FRAMES, PARAMETERS)


def test_a_query_that_wants_too_much_memory_is_refused():
    greedy = "SELECT 1 AS value, (SELECT list(x) FROM (SELECT unnest(range(300000000)) x)) AS records"
    with pytest.raises(BadInput):
        run_sql(greedy, FRAMES, PARAMETERS)
