"""Questions about the past of the store: which run came before."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from dafeng.store import tables
from dafeng.store.records import RunInfo, Store


def latest_run(store: Store, year: int, accept: Callable[[Any], bool] = lambda _: True) -> RunInfo | None:
    """The newest run for a year whose result is accepted, whatever it was made from."""
    runs = tables.runs
    query = sa.select(runs).where(runs.c.year == year).order_by(runs.c.id.desc())
    with store.engine.connect() as connection:
        for row in connection.execute(query).mappings():
            result = json.loads(row["result"])
            if accept(result):
                return RunInfo(**{**row, "made_at": row["made_at"].replace(tzinfo=dt.UTC), "result": result})
    return None
