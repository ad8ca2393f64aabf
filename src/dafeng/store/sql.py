"""An indicator's own SQL, run apart: no file, no network, little time and memory.

The query runs in a child process that is ended when its time is over, since DuckDB's interrupt and memory limit do
not bind every operator.
"""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
from collections.abc import Mapping

import polars as pl

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

SECONDS = 10.0


def run_sql(
    query: str, frames: Mapping[str, pl.DataFrame], parameters: Mapping[str, int]
) -> tuple[float | None, tuple[int, ...]]:
    """Run one SELECT on frames by name. Parameters are written ``$year``.

    The answer is one row with ``value`` (a number or NULL) and ``records`` (a list of ``_record``). Raises BadInput
    when the query fails, asks for anything outside its frames, or takes longer than 10 s.
    """
    packed: dict[str, bytes] = {}
    for name, frame in frames.items():
        buffer = io.BytesIO()
        frame.write_ipc(buffer)
        packed[name] = buffer.getvalue()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dafeng.store.sql_child"],
            input=pickle.dumps((query, packed, dict(parameters))),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refused(f"查询超过 {SECONDS:.0f} 秒", f"the query took longer than {SECONDS:.0f} s") from None
    if done.returncode:
        raise _refused("查询占用内存过多或异常终止", "the query needed too much memory or broke off")
    found = json.loads(done.stdout)
    if "error" in found:
        raise _refused(*found["error"])
    return _value_and_records(found["columns"], found["rows"])


def _value_and_records(columns: list[str], rows: list[list[object]]) -> tuple[float | None, tuple[int, ...]]:
    if len(rows) != 1 or not {"value", "records"} <= set(columns):
        raise _refused(
            "查询须给出一行，含 value 与 records 两列", "the query must give one row with the columns value and records"
        )
    row = dict(zip(columns, rows[0], strict=True))
    value, records = row["value"], row["records"]
    if not (value is None or isinstance(value, int | float)) or not isinstance(records, list | None):
        raise _refused("value 须是数，records 须是编号列表", "value must be a number and records a list of ids")
    return None if value is None else float(value), tuple(sorted(int(record) for record in records or ()))


def _refused(zh: str, en: str) -> BadInput:
    return BadInput(
        Problem(
            "indicators.sql",
            Place(field="sql"),
            Text(zh, en),
            Text(
                "改正该指标的 sql；可用的写法见文档“指标”",
                "mend the indicator's sql; the page “Indicators” shows what may be written",
            ),
        )
    )
