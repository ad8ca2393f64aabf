"""Questions about the past of the store: which run came before."""

from __future__ import annotations

import datetime as dt
import json

import sqlalchemy as sa

from dafeng.store import tables
from dafeng.store.records import RunInfo, Store


def latest_run(store: Store, year: int) -> RunInfo | None:
    """The newest run for a year, whatever it was made from."""
    runs = tables.runs
    query = sa.select(runs).where(runs.c.year == year).order_by(runs.c.id.desc()).limit(1)
    with store.engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return RunInfo(**{**row, "made_at": row["made_at"].replace(tzinfo=dt.UTC), "result": json.loads(row["result"])})
