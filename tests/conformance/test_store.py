"""The store keeps its promises alike on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from dafeng.catalogue.schema import Register
from dafeng.store import SheetRows, SourceFile, Store, open_store

PARKS = Register.model_validate(
    {
        "id": "parks",
        "name": {"zh": "公园", "en": "Parks"},
        "key": ["code"],
        "owner": "区绿化市容局",
        "systems": ["S20"],
        "basis": {"text": {"zh": "测试", "en": "test"}},
        "columns": {
            "code": {"type": "text", "name": {"zh": "编号", "en": "Code"}},
            "opened": {"type": "date", "name": {"zh": "建成日期", "en": "Opened"}, "optional": True},
            "area_m2": {"type": "number", "unit": "m2", "name": {"zh": "面积", "en": "Area"}, "optional": True},
            "seats": {"type": "integer", "name": {"zh": "座椅", "en": "Seats"}, "optional": True},
            "free": {"type": "bool", "name": {"zh": "免费", "en": "Free"}, "optional": True},
        },
    }
)
FILE = SourceFile("公园.xlsx", "ab" * 32, 1234, "loaded/公园.xlsx")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'facts.db'}"
    return request.getfixturevalue("fresh_postgresql_url")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with open_store(address) as opened:
        yield opened


def rows(*given: dict[str, object], register: Register = PARKS) -> SheetRows:
    schema = {"code": pl.String, "opened": pl.Date, "area_m2": pl.Float64, "seats": pl.Int64, "free": pl.Boolean}
    extra = {"_typed": pl.String, "_withdrawn": pl.Boolean, "_reason": pl.String}
    extra = {name: kind for name, kind in extra.items() if any(name in row for row in given)}
    columns = {name: [row.get(name) for row in given] for name in (*schema, *extra)}
    frame = pl.DataFrame(columns, schema=schema | extra).with_row_index("_row", offset=2)
    return SheetRows(
        register, frame.cast({"_row": pl.Int64}), "公园", {"code": "A", "area_m2": "C"}, {"area_m2": "面积"}
    )


def areas(store: Store, as_known: dt.datetime | dt.date | None = None) -> dict[str, float]:
    frame = store.frame(PARKS, as_known)
    return dict(zip(frame["code"], frame["area_m2"], strict=True))


def count(store: Store, table: str) -> int:
    with store.engine.connect() as connection:
        return int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)


def test_values_come_back_in_the_type_of_their_column(store: Store):
    given = {"code": "P1", "opened": dt.date(2023, 5, 1), "area_m2": 900.5, "seats": 12, "free": True}
    store.load(FILE, [rows(given, {"code": "P2"})], "甲")
    frame = store.frame(PARKS)
    assert frame.select(pl.exclude("_record")).rows(named=True) == [
        given,
        {"code": "P2", "opened": None, "area_m2": None, "seats": None, "free": None},
    ]
    assert dict(frame.schema) == {
        "code": pl.String, "opened": pl.Date, "area_m2": pl.Float64, "seats": pl.Int64, "free": pl.Boolean,
        "_record": pl.Int64,
    }  # fmt: skip


def test_an_empty_register_gives_an_empty_frame_with_its_columns(store: Store):
    assert store.frame(PARKS).columns == [*PARKS.columns, "_record"]
    assert store.frame(PARKS).height == 0
    assert store.high_water() == 0
    assert store.counts() == {}


def test_an_identical_reload_adds_nothing(store: Store):
    sheet = rows({"code": "P1", "area_m2": 900}, {"code": "P2", "area_m2": 0.1})
    first = store.load(FILE, [sheet], "甲")[0]
    before = store.high_water()
    again = store.load(FILE, [sheet], "乙")[0]
    assert (first.added, first.same) == (2, 0)
    assert (again.added, again.changed, again.same, again.absent) == (0, 0, 2, 0)
    assert store.high_water() == before
    assert (count(store, "records"), count(store, "sources")) == (2, 1)


def test_a_changed_row_supersedes_and_the_former_stays_in_its_history(store: Store):
    store.load(FILE, [rows({"code": "P1", "area_m2": 900})], "甲")
    done = store.load(FILE, [rows({"code": "P1", "area_m2": 950})], "乙", reason="复测")[0]
    assert (done.added, done.changed) == (0, 1)
    assert areas(store) == {"P1": 950}
    old, new = store.history(PARKS, {"code": "P1"})
    assert (old.payload["area_m2"], old.recorded_by, old.supersedes, old.reason) == (900, "甲", None, None)
    assert (new.payload["area_m2"], new.recorded_by, new.supersedes, new.reason) == (950, "乙", old.id, "复测")
    assert store.restatements(dt.date(2020, 1, 1)) == [(old, new)]
    assert store.restatements(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)) == []


def test_a_value_that_returns_to_an_earlier_one_is_a_new_record(store: Store):
    for area in (900, 950, 900):
        store.load(FILE, [rows({"code": "P1", "area_m2": area})], "甲")
    assert [record.payload["area_m2"] for record in store.history(PARKS, {"code": "P1"})] == [900, 950, 900]


def test_rows_missing_from_a_later_file_stay_and_are_counted(store: Store):
    store.load(FILE, [rows({"code": "P1"}, {"code": "P2"}, {"code": "P3"})], "甲")
    done = store.load(FILE, [rows({"code": "P2"})], "甲")[0]
    assert (done.absent, done.same) == (2, 1)
    assert sorted(store.frame(PARKS)["code"]) == ["P1", "P2", "P3"]


def test_a_withdrawn_record_is_gone_from_the_frame_and_kept_with_its_reason(store: Store):
    store.load(FILE, [rows({"code": "P1", "area_m2": 900}, {"code": "P2"})], "甲")
    done = store.load(FILE, [rows({"code": "P1", "_withdrawn": True, "_reason": "重复登记"})], "乙")[0]
    assert (done.withdrawn, done.added, done.changed) == (1, 0, 0)
    assert list(store.frame(PARKS)["code"]) == ["P2"]
    last = store.history(PARKS, {"code": "P1"})[-1]
    assert (last.withdrawn, last.reason, last.payload["area_m2"]) == (True, "重复登记", 900)
    assert store.counts() == {"parks": 1}
    back = store.load(FILE, [rows({"code": "P1", "area_m2": 900})], "乙")[0]
    assert back.added == 1
    assert areas(store)["P1"] == 900


def test_as_known_gives_the_state_of_that_moment(store: Store):
    store.load(FILE, [rows({"code": "P1", "area_m2": 900}, {"code": "P2", "area_m2": 1})], "甲")
    between = dt.datetime.now(dt.UTC)
    time.sleep(0.01)
    store.load(FILE, [rows({"code": "P1", "area_m2": 950}, {"code": "P3", "area_m2": 3})], "甲")
    store.load(FILE, [rows({"code": "P2", "_withdrawn": True, "_reason": "x"})], "甲")
    assert areas(store, between) == {"P1": 900, "P2": 1}
    assert areas(store) == {"P1": 950, "P3": 3}
    assert areas(store, dt.date(2020, 1, 1)) == {}
    assert areas(store, dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)) == {"P1": 950, "P3": 3}


def test_a_record_tells_the_cell_it_came_from(store: Store):
    typed = '{"area_m2":[0.09,"万m2"]}'
    store.load(FILE, [rows({"code": "P0"}, {"code": "P1", "area_m2": 900, "_typed": typed})], "甲")
    info = store.records([store.frame(PARKS)["_record"][1]])[0]
    assert info.source is not None
    assert (info.source.file, info.source.sheet, info.source.sha256) == ("公园.xlsx", "公园", "ab" * 32)
    assert (info.row, info.cell("area_m2"), info.cell("opened")) == (3, "C3", None)
    assert info.typed == {"area_m2": (0.09, "万m2")}
    assert info.recorded_at.tzinfo is not None
    assert abs((dt.datetime.now(dt.UTC) - info.recorded_at).total_seconds()) < 60


def test_an_unknown_record_is_a_key_error(store: Store):
    with pytest.raises(KeyError):
        store.records([1])


@pytest.mark.parametrize("verb", ["UPDATE records SET payload = '{}'", "DELETE FROM records", "DELETE FROM sources"])
def test_the_database_itself_refuses_to_change_or_delete(store: Store, verb: str):
    store.load(FILE, [rows({"code": "P1", "area_m2": 900})], "甲")
    with (
        pytest.raises(DBAPIError, match="append-only"),
        store.engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        connection.execute(sa.text(verb))
    assert areas(store) == {"P1": 900}


def test_a_load_that_breaks_half_way_leaves_no_trace(store: Store):
    good = rows({"code": "P1"})
    without_its_key = SheetRows(PARKS, pl.DataFrame({"area_m2": [1.0], "_row": [2]}), "坏")
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        store.load(FILE, [good, without_its_key], "甲")
    assert (count(store, "records"), count(store, "sources")) == (0, 0)


def test_a_column_added_to_the_register_later_is_no_change(store: Store):
    store.load(FILE, [rows({"code": "P1", "area_m2": 900})], "甲")
    extra = {**PARKS.model_dump(), "columns": {**PARKS.model_dump()["columns"], "trees": {
        "type": "integer", "name": {"zh": "树", "en": "Trees"}, "optional": True}}}  # fmt: skip
    wider = Register.model_validate(extra)
    sheet = rows({"code": "P1", "area_m2": 900}, register=wider)
    wide = SheetRows(wider, sheet.frame.with_columns(trees=pl.lit(None, dtype=pl.Int64)), "公园", {}, {})
    assert store.load(FILE, [wide], "甲")[0].same == 1
    assert store.frame(wider)["trees"].to_list() == [None]


def test_values_that_a_changed_column_type_cannot_take_are_missing_and_the_others_stay(store: Store):
    store.load(FILE, [rows({"code": "P1", "area_m2": 900, "seats": 3})], "甲")
    fields = PARKS.model_dump()["columns"]
    changed = {**PARKS.model_dump(), "columns": {**fields, "code": {**fields["code"], "type": "integer"}}}
    frame = store.frame(Register.model_validate(changed))
    assert frame.select("code", "area_m2", "seats").rows() == [(None, 900, 3)]


def test_runs_are_found_by_their_digest_and_the_newest_wins(store: Store):
    assert store.find_run("d" * 64) is None
    store.save_run("d" * 64, {"值": 1}, code_version="0.1", catalogue_digest="c", year=2024)
    store.save_run("d" * 64, {"值": 2}, code_version="0.1", catalogue_digest="c", year=2024)
    found = store.find_run("d" * 64)
    assert found is not None
    assert (found.result, found.year, found.code_version) == ({"值": 2}, 2024, "0.1")


def test_high_water_moves_only_with_new_facts_and_by_register(store: Store):
    store.load(FILE, [rows({"code": "P1"})], "甲")
    mark = store.high_water()
    store.save_run("e" * 64, {}, code_version="0", catalogue_digest="c")
    assert store.high_water() == mark == store.high_water("parks")
    assert store.high_water("nothing") == 0


def test_last_loaded_names_the_day_of_each_register(store: Store):
    assert store.last_loaded() == {}
    store.load(FILE, [rows({"code": "P1"})], "甲")
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    assert store.last_loaded() == {"parks": today}
    assert store.last_loaded(dt.date(2020, 1, 1)) == {}


def _write_many(address: str, writer: int, times: int) -> None:
    with open_store(address) as store:
        for number in range(times):
            own = {"code": f"W{writer}-{number}", "area_m2": number}
            store.load(FILE, [rows(own, {"code": "SHARED", "seats": writer * 1000 + number})], f"writer {writer}")


def test_processes_that_open_an_empty_database_and_write_at_once_lose_nothing(address: str):
    context = multiprocessing.get_context("spawn")
    writers, times = 4, 15
    processes = [context.Process(target=_write_many, args=(address, writer, times)) for writer in range(writers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * writers
    with open_store(address) as store:
        codes = set(store.frame(PARKS)["code"])
        assert codes == {f"W{w}-{n}" for w in range(writers) for n in range(times)} | {"SHARED"}
        history = store.history(PARKS, {"code": "SHARED"})
        # Every writing superseded the one before it: an unbroken chain without forks.
        assert len(history) == writers * times
        assert [record.supersedes for record in history] == [None, *(record.id for record in history[:-1])]
        assert [record.recorded_at for record in history] == sorted(record.recorded_at for record in history)
        assert {record.payload["seats"] for record in history} == {
            w * 1000 + n for w in range(writers) for n in range(times)
        }
