"""An indicator's own SQL, run apart: no file, no network, little time and memory.

Queries run in a child process, since DuckDB's interrupt and memory limit do not bind every operator: when the time of
one is over the child is ended, and the next query gets a new one.
"""

from __future__ import annotations

import atexit
import io
import json
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

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
    with _LOCK:
        found = _child().ask((query, packed, dict(parameters)))
    if "error" in found:
        raise _refused(*found["error"])
    return _value_and_records(found["columns"], found["rows"])


class _Child:
    """A process that answers one query after another; messages are four bytes of length, then the content."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "dafeng.store.sql_child"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, question: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        late = threading.Event()
        timer = threading.Timer(SECONDS, lambda: (late.set(), self.process.kill()))
        timer.start()
        try:
            content = pickle.dumps(question)
            self.process.stdin.write(struct.pack("<I", len(content)) + content)
            self.process.stdin.flush()
            head = self.process.stdout.read(4)
            answer = self.process.stdout.read(struct.unpack("<I", head)[0]) if len(head) == 4 else b""
        except OSError:
            answer = b""
        finally:
            timer.cancel()
        if answer:
            return json.loads(answer)
        self.end()
        if late.is_set():
            raise _refused(f"查询超过 {SECONDS:.0f} 秒", f"the query took longer than {SECONDS:.0f} s")
        raise _refused("查询占用内存过多或异常终止", "the query needed too much memory or broke off")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


_LOCK = threading.Lock()
_HELD: list[_Child] = []


def _child() -> _Child:
    if not _HELD or not _HELD[0].alive():
        _HELD[:] = [_Child()]
    return _HELD[0]


@atexit.register
def _end_child() -> None:
    for child in _HELD:
        child.end()


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
