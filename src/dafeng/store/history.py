"""Questions about the past of the store: when a register last changed, and which run came before."""

from __future__ import annotations

import datetime as dt
import json

import sqlalchemy as sa

from dafeng.store import tables
from dafeng.store.records import RunInfo, Store


def last_loaded(store: Store, as_known: dt.date | None = None) -> dict[str, dt.date]:
    """Register → the day (China) on which its newest record came in; registers without records are absent."""
    records = tables.records.c
    query = sa.select(records.register, sa.func.max(records.recorded_at)).group_by(records.register)
    if as_known is not None:
        # The end of that day in China, in UTC.
        query = query.where(records.recorded_at < dt.datetime.combine(as_known, dt.time(16)))
    with store.engine.connect() as connection:
        return {register: (moment + dt.timedelta(hours=8)).date() for register, moment in connection.execute(query)}


def latest_run(store: Store, year: int) -> RunInfo | None:
    """The newest run for a year, whatever it was made from."""
    runs = tables.runs
    query = sa.select(runs).where(runs.c.year == year).order_by(runs.c.id.desc()).limit(1)
    with store.engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return RunInfo(**{**row, "made_at": row["made_at"].replace(tzinfo=dt.UTC), "result": json.loads(row["result"])})
