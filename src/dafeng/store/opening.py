"""Opening a store: the address, the database's manners, the migrations."""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event, exc

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.store.failures import failed, in_words
from dafeng.store.migrations import HEAD, versions
from dafeng.store.records import Store

# How long a writer waits for another one before it gives up.
BUSY_SECONDS = 60


def open_store(address: str | Path) -> Store:
    """The store at a path or SQLAlchemy URL, brought to the newest layout (an empty database is filled).

    address: a path of a SQLite file, ``sqlite:///path`` or ``postgresql://…``.
    Raises BadInput when the address is not understood, the database does not answer, or was written by a newer
    version of the program.
    """
    engine = _engine(address)
    try:
        held = _version(engine)
        if held is not None and held > HEAD:
            raise BadInput(_newer(engine, held))
        if held is not None and held not in versions():
            raise BadInput(_strange(engine, held))
        if held != HEAD:
            _migrate(engine)
    except BadInput:
        engine.dispose()
        raise
    except (exc.DBAPIError, ValueError) as error:
        engine.dispose()
        raise BadInput(failed(engine.url, error)) from error
    return Store(engine)


def _engine(address: str | Path) -> sa.Engine:
    text = str(address)
    try:
        url = sa.make_url(text if "://" in text else f"sqlite:///{text}")
    except (exc.ArgumentError, ValueError) as error:
        raise BadInput(_no_address()) from error
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        if url.get_backend_name() == "sqlite":
            engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
            event.listen(engine, "connect", _sqlite_manners)
            event.listen(engine, "begin", _sqlite_begin)
        else:
            engine = sa.create_engine(url, pool_pre_ping=True)
        event.listen(engine, "handle_error", in_words)
        return engine
    except (ModuleNotFoundError, exc.NoSuchModuleError) as error:
        raise BadInput(
            Problem(
                "store.driver",
                Place(field="store.url"),
                Text(
                    f"缺少连接该数据库的程序包：{error}",
                    f"the package that speaks to this database is missing: {error}",
                ),
                Text("PostgreSQL 请安装 dafeng[postgresql]", "for PostgreSQL install dafeng[postgresql]"),
            )
        ) from None


def _sqlite_manners(connection, _record) -> None:
    # The driver must not begin transactions by itself: a writer takes its lock first (BEGIN IMMEDIATE), so that
    # two processes wait for each other instead of failing half-way.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    _wal(cursor)
    cursor.close()


def _wal(cursor) -> None:
    """Write-ahead log: readers go on while one writes. Switching ignores the busy timeout, so it is tried again."""
    import sqlite3

    for attempt in range(200):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 199:
                raise
            time.sleep(0.02)


def _sqlite_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def _migrate(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        # Two processes may open an empty database at once: the second waits here and finds nothing to do.
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(738301)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _newer(engine: sa.Engine, held: str) -> Problem:
    return Problem(
        "store.newer",
        Place(file=engine.url.render_as_string()),
        Text(
            f"数据库由更新的版本写成（{held} 晚于 {HEAD}）",
            f"the database was written by a newer version ({held} after {HEAD})",
        ),
        Text("请升级 dafeng", "upgrade dafeng"),
    )


def _strange(engine: sa.Engine, held: str) -> Problem:
    return Problem(
        "store.strange",
        Place(file=engine.url.render_as_string()),
        Text(f"数据库不是本程序写的（版本 {held}）", f"the database is not one of this program's (version {held})"),
        Text("检查 district.toml 中的 [store] url", "check [store] url in district.toml"),
    )


def _no_address() -> Problem:
    return Problem(
        "store.address",
        Place(field="store.url"),
        Text("数据库地址写法不对", "the address of the database is not well formed"),
        Text(
            "写作 postgresql://用户:密码@主机:端口/库名；密码中的 @ : / 要写成 %40 %3A %2F",
            "write postgresql://user:password@host:port/database; in a password @ : / are written %40 %3A %2F",
        ),
    )
