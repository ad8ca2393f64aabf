"""The child process of ``dafeng.store.sql``: runs queries in a DuckDB that can reach nothing, until its input ends.

Reads pickled (query, {name: Arrow IPC bytes}, parameters) from standard input, writes JSON to standard output; each
message is four bytes of length, then the content.
"""

from __future__ import annotations

import io
import json
import pickle
import struct
import sys
from collections.abc import Mapping
from typing import Any

import polars as pl

MEMORY = "256MB"
# The whole process may take this much address space (POSIX); DuckDB's own limit does not bind every operator.
ADDRESS_SPACE = 4 * 1024**3
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "memory_limit": MEMORY,
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}


class _Stream:
    """A frame seen only as an Arrow stream: DuckDB reads that itself, while a polars frame would need pyarrow."""

    def __init__(self, frame: pl.DataFrame):
        self.__arrow_c_stream__ = frame.__arrow_c_stream__


def answer(query: str, frames: Mapping[str, pl.DataFrame], parameters: Mapping[str, int]) -> dict[str, Any]:
    """``{"columns", "rows"}`` (at most two rows) or ``{"error": [zh, en]}``."""
    import duckdb

    connection = duckdb.connect(":memory:", config=_CONFIG)
    try:
        for name, frame in frames.items():
            connection.register(name, _Stream(frame))
        connection.execute("SET lock_configuration = true")
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return {"error": ["只允许一条 SELECT 语句", "only a single SELECT statement is allowed"]}
        used = {name: value for name, value in parameters.items() if f"${name}" in query}
        result = connection.execute(query, used)
        return {"columns": [column[0] for column in result.description or []], "rows": result.fetchmany(2)}
    except duckdb.Error as error:
        return {"error": [f"查询出错：{error}", f"the query failed: {error}"]}
    except MemoryError:
        return {"error": ["查询占用内存过多", "the query needs too much memory"]}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; DuckDB's own still holds there
        return
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def main() -> None:
    import duckdb  # noqa: F401 - loaded before memory is limited

    _limit_memory()
    while len(head := sys.stdin.buffer.read(4)) == 4:
        content = sys.stdin.buffer.read(struct.unpack("<I", head)[0])
        query, packed, parameters = pickle.loads(content)
        frames = {name: pl.read_ipc(io.BytesIO(data)) for name, data in packed.items()}
        found = json.dumps(answer(query, frames, parameters), default=float).encode()
        sys.stdout.buffer.write(struct.pack("<I", len(found)) + found)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
