"""Facts: append-only records with their origin, and the runs made from them. SQLite by default, PostgreSQL by URL."""

from typing import TYPE_CHECKING, Any

from dafeng.store.answers import LoadCounts, RecordInfo, RunInfo, SourceFile, SourceInfo
from dafeng.store.opening import open_store
from dafeng.store.records import Store

if TYPE_CHECKING:
    from dafeng.store.incoming import SheetRows

__all__ = ["LoadCounts", "RecordInfo", "RunInfo", "SheetRows", "SourceFile", "SourceInfo", "Store", "open_store"]


def __getattr__(name: str) -> Any:
    # Rows are polars frames; whoever only asks for a stored run should not wait for polars.
    if name == "SheetRows":
        from dafeng.store.incoming import SheetRows

        return SheetRows
    raise AttributeError(name)
