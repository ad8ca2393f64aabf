"""Facts: append-only records with their origin, and the runs made from them. SQLite by default, PostgreSQL by URL."""

from dafeng.store.answers import LoadCounts, RecordInfo, RunInfo, SourceFile, SourceInfo
from dafeng.store.incoming import SheetRows
from dafeng.store.opening import open_store
from dafeng.store.records import Store

__all__ = ["LoadCounts", "RecordInfo", "RunInfo", "SheetRows", "SourceFile", "SourceInfo", "Store", "open_store"]
