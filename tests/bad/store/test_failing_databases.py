"""Databases that are damaged, foreign, full, held by others or gone: words that name the place, at any statement."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput, Problem
from dafeng.store import SheetRows, SourceFile, Store, open_store

PARKS = load_catalogue().registers["parks"]


def rows(name: str = "公园") -> SheetRows:
    frame = pl.DataFrame({"code": ["A1"], "name": [name], "opened": [dt.date(2023, 5, 1)], "_row": [2]})
    return SheetRows(PARKS, frame, "表", {"code": "A"}, {"code": "编号"})


def load(store: Store, name: str = "公园") -> None:
    store.load(SourceFile("a.csv", "0" * 64, 1), [rows(name)], "甲")


def problem(caught: pytest.ExceptionInfo[BadInput]) -> Problem:
    (found,) = caught.value.problems
    assert found.place.file or found.place.field
    assert found.remedy.zh
    assert found.remedy.en
    return found


def changed(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


def test_a_database_of_another_program_is_not_touched(tmp_path: Path):
    path = tmp_path / "a.db"
    changed(path, "CREATE TABLE alembic_version (version_num TEXT)")
    changed(path, "INSERT INTO alembic_version VALUES ('0000')")
    before = path.read_bytes()
    with pytest.raises(BadInput) as caught:
        open_store(path)
    assert problem(caught).code == "store.strange"
    assert path.read_bytes()[24:].count(b"records") == before[24:].count(b"records") == 0


def test_a_page_that_is_damaged_is_told_where_it_is_read(tmp_path: Path):
    path = tmp_path / "a.db"
    with open_store(path) as store:
        load(store)
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    with open_store(path) as store, pytest.raises(BadInput) as caught:
        store.counts()
    assert problem(caught).code == "store.damaged"


def test_a_table_that_is_gone_is_told(tmp_path: Path):
    path = tmp_path / "a.db"
    open_store(path).close()
    changed(path, "DROP TABLE runs")
    with open_store(path) as store, pytest.raises(BadInput) as caught:
        store.find_run("x")
    assert "no such table" in problem(caught).rule.zh


def test_a_database_held_by_another_program_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("dafeng.store.opening.BUSY_SECONDS", 0.2)
    path = tmp_path / "a.db"
    open_store(path).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with open_store(path) as store, pytest.raises(BadInput) as caught:
            load(store)
    finally:
        holder.close()
    assert problem(caught).code == "store.locked"
    with open_store(path) as store:
        assert store.high_water() == 0


def test_a_full_disk_keeps_nothing_of_what_did_not_fit(tmp_path: Path):
    path = tmp_path / "a.db"
    with open_store(path) as store:
        load(store)
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(BadInput) as caught:
            load(store, "很长的名字" * 20000)
        assert problem(caught).code == "store.full"
        assert store.frame(PARKS)["name"].to_list() == ["公园"]


@pytest.mark.parametrize("address", ["postgresql://u:secret@h:abc/x", "://", "postgresql://u:p@ss/w@h:1:2/x"])
def test_an_address_that_is_none_is_told_without_its_password(address: str):
    with pytest.raises(BadInput) as caught:
        open_store(address)
    assert "secret" not in str(caught.value)
    assert problem(caught).code in ("store.address", "store.driver", "store.unreachable")


def test_a_server_that_goes_away_between_two_questions_is_told(fresh_postgresql_url: str):
    import psycopg

    plain = fresh_postgresql_url.replace("+psycopg", "")
    name = fresh_postgresql_url.rpartition("/")[2]
    with open_store(fresh_postgresql_url) as store:
        load(store)
        with psycopg.connect(plain.replace(name, "postgres"), autocommit=True) as other:
            closed: Any = f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"
            other.execute(closed)
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            other.execute(ended, (name,))
        with pytest.raises(BadInput) as caught:
            load(store, "新名")
        assert problem(caught).code == "store.unreachable"
