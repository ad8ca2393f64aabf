"""Records: what is known, since when, from which cell. Nothing is ever changed; a correction is a newer record.

The newest record of a key is the one with the greatest id. Writers take turns (SQLite: BEGIN IMMEDIATE;
PostgreSQL: an advisory lock), so ids and times grow together and "as known on" needs only the time.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dafeng.store import tables
from dafeng.store.answers import LoadCounts, RecordInfo, RunInfo, SourceFile, SourceInfo

if TYPE_CHECKING:
    import polars as pl

    from dafeng.catalogue.schema import Register
    from dafeng.store.incoming import SheetRows

# Up to so many rows of a sheet, only their keys are looked up, not the whole register.
_FEW = 500
# A district lives by China Standard Time, which has had no summer time since 1991.
_CHINA = dt.timezone(dt.timedelta(hours=8))


class Store:
    """Records and runs behind one database. Made by ``open_store``."""

    def __init__(self, engine: sa.Engine):
        self.engine = engine
        # Records in force by register, true as long as this one is the newest record of all.
        self._standing: tuple[int, dict[str, int]] = (-1, {})

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

    def frame(self, register: Register, as_known: dt.datetime | dt.date | None = None) -> pl.DataFrame:
        """The newest record of every key: the register's columns by type, ``_record`` the id.

        as_known: only what was recorded by then; a date means the end of that day in China.
        """
        with self.engine.connect() as connection:
            rows = connection.execute(_newest(register.id, as_known)).fetchall()
        from dafeng.store.frames import frame_of

        return frame_of(register, rows)

    def keys(self, register: Register) -> pl.Series:
        """Values of the first key column that exist now."""
        frame = self.frame(register)
        return frame[register.key[0]]

    def counts(self) -> dict[str, int]:
        """Records in force by register; registers without any are absent."""
        newest = sa.select(sa.func.max(tables.records.c.id)).group_by(tables.records.c.register, tables.records.c.key)
        query = (
            sa.select(tables.records.c.register, sa.func.count())
            .where(tables.records.c.id.in_(newest), tables.records.c.withdrawn.is_(False))
            .group_by(tables.records.c.register)
        )
        with self.engine.connect() as connection:
            return {str(name): int(count) for name, count in connection.execute(query)}

    def records(self, ids: Sequence[int]) -> list[RecordInfo]:
        """The records of these ids in the order asked; an unknown id raises KeyError."""
        found: dict[int, RecordInfo] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(ids), 500):
                part = [int(number) for number in ids[start : start + 500]]
                for info in _infos(connection, tables.records.c.id.in_(part)):
                    found[info.id] = info
        return [found[int(number)] for number in ids]

    def history(self, register: Register, key: Mapping[str, Any]) -> list[RecordInfo]:
        """Every record of one key, oldest first."""
        from dafeng.store.frames import key_text

        text = key_text(register, key)
        with self.engine.connect() as connection:
            return _infos(connection, tables.records.c.register == register.id, tables.records.c.key == text)

    def restatements(self, since: dt.datetime | dt.date) -> list[tuple[RecordInfo, RecordInfo]]:
        """(before, after) for every record that replaced or withdrew another since then, oldest first."""
        moment = since if isinstance(since, dt.datetime) else dt.datetime.combine(since, dt.time(), _CHINA)
        with self.engine.connect() as connection:
            after = _infos(
                connection, tables.records.c.supersedes.is_not(None), tables.records.c.recorded_at >= _utc(moment)
            )
        before = {info.id: info for info in self.records(sorted({r.supersedes for r in after if r.supersedes}))}
        return [(before[info.supersedes], info) for info in after if info.supersedes is not None]

    def high_water(self, register: str | None = None) -> int:
        """The newest record's id, of one register or of all; 0 when there is none. Unchanged means no new facts."""
        query = sa.select(sa.func.coalesce(sa.func.max(tables.records.c.id), 0))
        if register is not None:
            query = query.where(tables.records.c.register == register)
        with self.engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def last_loaded(self, as_known: dt.datetime | dt.date | None = None) -> dict[str, dt.date]:
        """Day (in China) on which each register last gained a record, as far as was known by then."""
        query = sa.select(tables.records.c.register, sa.func.max(tables.records.c.recorded_at))
        if as_known is not None:
            query = query.where(tables.records.c.recorded_at <= _utc(as_known))
        with self.engine.connect() as connection:
            rows = connection.execute(query.group_by(tables.records.c.register)).all()
        return {name: moment.replace(tzinfo=dt.UTC).astimezone(_CHINA).date() for name, moment in rows}

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────

    def load(
        self, file: SourceFile, sheets: Sequence[SheetRows], by: str, reason: str | None = None
    ) -> list[LoadCounts]:
        """Write the rows of one file in one transaction: all of them or none.

        A row equal to the newest record of its key adds nothing; a differing one supersedes it; a row marked
        withdrawn ends it. Records absent from the file stay, and are counted. reason: why values changed, used
        where a row gives no reason of its own.
        """
        try:
            with self._writing() as (connection, now):
                return [self._load_sheet(connection, now, file, sheet, by, reason) for sheet in sheets]
        except BaseException:
            # What was counted along the way was not written.
            self._standing = (-1, {})
            raise

    def _load_sheet(
        self,
        connection: sa.Connection,
        now: dt.datetime,
        file: SourceFile,
        sheet: SheetRows,
        by: str,
        reason: str | None,
    ) -> LoadCounts:
        from dafeng.store.frames import as_records, insert
        from dafeng.store.incoming import compare, keys_of

        keys = keys_of(sheet) if sheet.frame.height <= _FEW else None
        held = connection.execute(_newest(sheet.register.id, None, withdrawn=True, keys=keys)).fetchall()
        in_force = self._in_force(connection, sheet.register.id)
        delta = compare(sheet, held, in_force)
        counts = LoadCounts(
            sheet.register.id, sheet.sheet, delta.added, delta.changed, delta.same, delta.withdrawn, delta.absent
        )
        if not counts.written:
            return counts
        source_id = _new_id(connection.execute(tables.sources.insert(), _source(file, sheet, by, now)))
        insert(connection, tables.records, as_records(delta, sheet, source_id, now, by, reason))
        self._standing[1][sheet.register.id] = in_force + counts.added - counts.withdrawn
        self._standing = (_newest_id(connection), self._standing[1])
        return counts

    def _in_force(self, connection: sa.Connection, register: str) -> int:
        """How many records of the register stand. Counted once; afterwards carried on, unless somebody else wrote."""
        newest = _newest_id(connection)
        if self._standing[0] != newest:
            self._standing = (newest, {})
        if register not in self._standing[1]:
            query = sa.select(sa.func.count()).select_from(_newest(register, None).order_by(None).subquery())
            self._standing[1][register] = int(connection.scalar(query) or 0)
        return self._standing[1][register]

    @contextmanager
    def _writing(self) -> Iterator[tuple[sa.Connection, dt.datetime]]:
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            if self.engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(738302)")
            now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
            # A clock that was set back must not place a newer record before an older one.
            last = connection.scalar(sa.select(sa.func.max(tables.records.c.recorded_at)))
            yield connection, max(now, last) if last else now

    # ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────

    def save_run(
        self, digest: str, result: Any, *, code_version: str, catalogue_digest: str, year: int | None = None
    ) -> int:
        """Keep a run's result (anything JSON can say) under the digest of its inputs; returns its id."""
        with self._writing() as (connection, now):
            values = {
                "digest": digest,
                "made_at": now,
                "code_version": code_version,
                "catalogue_digest": catalogue_digest,
                "year": year,
                "result": json.dumps(result, ensure_ascii=False),
            }
            return _new_id(connection.execute(tables.runs.insert(), values))

    def find_run(self, digest: str) -> RunInfo | None:
        """The newest run with this digest."""
        query = sa.select(tables.runs).where(tables.runs.c.digest == digest).order_by(tables.runs.c.id.desc()).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return RunInfo(**{**row, "made_at": row["made_at"].replace(tzinfo=dt.UTC), "result": json.loads(row["result"])})


def _source(file: SourceFile, sheet: SheetRows, by: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "file": file.name,
        "sha256": file.sha256,
        "size": file.size,
        "path": file.path,
        "sheet": sheet.sheet,
        "register": sheet.register.id,
        "columns": json.dumps(dict(sheet.columns)),
        "headings": json.dumps(dict(sheet.headings), ensure_ascii=False),
        "loaded_at": now,
        "loaded_by": by,
    }


def _new_id(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _utc(moment: dt.datetime | dt.date) -> dt.datetime:
    """Naive UTC. A date is the last moment of that day in China; a naive time is taken as UTC."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time.max, _CHINA)
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _newest_id(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.select(sa.func.max(tables.records.c.id))) or 0)


def _newest(
    register: str,
    as_known: dt.datetime | dt.date | None,
    *,
    withdrawn: bool = False,
    keys: Sequence[str] | None = None,
) -> sa.Select[Any, Any, Any, Any]:
    """(id, payload, key, withdrawn) of the newest record per key (of ``keys`` only, where given); withdrawn ones
    only when asked for."""
    records = tables.records.c
    newest = sa.select(sa.func.max(records.id)).where(records.register == register).group_by(records.key)
    if keys is not None:
        newest = newest.where(records.key.in_(keys))
    if as_known is not None:
        newest = newest.where(records.recorded_at <= _utc(as_known))
    query = sa.select(records.id, records.payload, records.key, records.withdrawn).where(records.id.in_(newest))
    if not withdrawn:
        query = query.where(records.withdrawn.is_(False))
    return query.order_by(records.id)


def _infos(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[RecordInfo]:
    source = tables.sources.alias("source")
    query = (
        sa.select(
            tables.records,
            source.c.file,
            source.c.sheet,
            source.c.columns,
            source.c.headings,
            source.c.sha256,
            source.c.path,
        )
        .join_from(tables.records, source, tables.records.c.source_id == source.c.id, isouter=True)
        .where(*where)
        .order_by(tables.records.c.id)
    )
    parsed: dict[str, dict[str, str]] = {}

    def mapping(text: str) -> dict[str, str]:
        return parsed.setdefault(text, json.loads(text)) if text not in parsed else parsed[text]

    found = []
    for row in connection.execute(query).mappings():
        came_from = None
        if row["file"] is not None:
            came_from = SourceInfo(
                row["file"], row["sheet"], mapping(row["columns"]), mapping(row["headings"]), row["sha256"], row["path"]
            )
        found.append(
            RecordInfo(
                row["id"],
                row["register"],
                json.loads(row["key"]),
                json.loads(row["payload"]),
                {name: (value, unit) for name, (value, unit) in json.loads(row["typed"] or "{}").items()},
                came_from,
                row["row"],
                row["recorded_at"].replace(tzinfo=dt.UTC),
                row["recorded_by"],
                row["supersedes"],
                row["withdrawn"],
                row["reason"],
            )
        )
    return found
