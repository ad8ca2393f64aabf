"""Records as polars frames: payloads decoded by type, and many rows written at once.

Apart from ``records``, so that asking for a stored run loads no polars.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from dafeng.catalogue.schema import Register
from dafeng.core.errors import BadInput
from dafeng.indicators.facts import RECORD, schema_of
from dafeng.store.failures import failed
from dafeng.store.incoming import REASON, WITHDRAWN, Delta, SheetRows


def frame_of(register: Register, rows: Sequence[Any]) -> pl.DataFrame:
    """rows: (id, payload, …) → the register's columns by type and ``_record``."""
    fields = {name: kind for name, kind in schema_of(register).items() if name != RECORD}
    payloads = pl.Series("payload", [row[1] for row in rows], dtype=pl.String)
    decoded = _decode(payloads, fields) if rows else pl.DataFrame(schema=fields)
    return decoded.with_columns(pl.Series(RECORD, [row[0] for row in rows], dtype=pl.Int64))


def key_text(register: Register, key: Mapping[str, Any]) -> str:
    """A key as the store keeps it."""
    row = pl.DataFrame([dict(key)], schema={name: schema_of(register)[name] for name in register.key})
    return row.select(pl.struct(register.key).struct.json_encode()).item()


def _decode(payloads: pl.Series, fields: Mapping[str, Any]) -> pl.DataFrame:
    try:
        return payloads.str.json_decode(pl.Struct(fields)).struct.unnest()
    except pl.exceptions.PolarsError:
        # A column's type was changed in the catalogue after rows were loaded: what still fits is read, the rest is
        # missing, and the table has to be loaded again.
        rows = [json.loads(text) for text in payloads]
        columns = {name: pl.Series(name, [_as_text(row.get(name)) for row in rows], dtype=pl.String) for name in fields}
        return pl.DataFrame({name: _cast(series, fields[name]) for name, series in columns.items()})


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _cast(text: pl.Series, dtype: Any) -> pl.Series:
    if dtype == pl.Boolean:
        return text.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    if dtype == pl.Date:
        return text.str.to_date("%Y-%m-%d", strict=False)
    if dtype == pl.Int64:
        return text.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
    return text.cast(dtype, strict=False)


def as_records(
    delta: Delta, sheet: SheetRows, source_id: int, now: dt.datetime, by: str, reason: str | None
) -> pl.DataFrame:
    """Rows to be written, by the columns of the table of records. reason: for rows that give none of their own."""
    supersedes = pl.col("supersedes").is_not_null()
    return delta.rows.select(
        pl.lit(sheet.register.id).alias("register"),
        "key",
        "payload",
        "typed",
        pl.lit(source_id).alias("source_id"),
        "row",
        pl.lit(now).alias("recorded_at"),
        pl.lit(by).alias("recorded_by"),
        "supersedes",
        pl.col(WITHDRAWN).alias("withdrawn"),
        pl.coalesce(pl.col(REASON), pl.when(supersedes).then(pl.lit(reason, dtype=pl.String))).alias("reason"),
    )


def insert(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
    names = frame.columns
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        quoted = ", ".join(f'"{name}"' for name in names)
        try:
            with cursor.copy(f"COPY {table.name} ({quoted}) FROM STDIN") as copy:
                for row in frame.iter_rows():
                    copy.write_row(row)
        except connection.dialect.loaded_dbapi.Error as error:
            # SQLAlchemy does not see what fails in the driver's own cursor.
            raise BadInput(failed(connection.engine.url, error)) from error
        return
    # SQLite keeps a time as text; the driver's own adapter is deprecated, SQLAlchemy's form is this one.
    frame = frame.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S%.6f"))
    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({quoted}) VALUES ({marks})", frame.rows())
