"""Tables of the store as SQLAlchemy sees them. The migrations create them; a test holds the two together.

Times are naive UTC on every database, so that comparing them needs no session time zone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# SQLite gives out row ids only for a column of exactly INTEGER.
_ID = BigInteger().with_variant(Integer, "sqlite")

sources = Table(
    "sources",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("path", Text),
    Column("sheet", Text),
    Column("register", String(80), nullable=False),
    Column("columns", Text, nullable=False),
    Column("headings", Text, nullable=False),
    Column("loaded_at", DateTime, nullable=False),
    Column("loaded_by", Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("register", String(80), nullable=False),
    Column("key", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("typed", Text),
    Column("source_id", _ID, ForeignKey("sources.id")),
    Column("row", Integer),
    Column("recorded_at", DateTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("supersedes", _ID, ForeignKey("records.id")),
    Column("withdrawn", Boolean, nullable=False),
    Column("reason", Text),
    Index("records_by_key", "register", "key", "id"),
    Index("records_by_time", "recorded_at"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("code_version", Text, nullable=False),
    Column("catalogue_digest", Text, nullable=False),
    Column("year", Integer),
    Column("result", Text, nullable=False),
    Index("runs_by_digest", "digest", "id"),
)

APPEND_ONLY = ("sources", "records", "runs")
