"""``dafeng init --demo``, ``run`` from scratch, ``run`` unchanged, ``explain``: whole commands on the demo district."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lines import Line

DAFENG = [str(Path(sys.executable).with_name("dafeng"))]


def _seconds(command: list[str], cwd: Path, times: int = 1) -> float:
    """Median wall time of a whole command, interpreter start included."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run(DAFENG + command, cwd=cwd, check=True, capture_output=True)
        taken.append(time.perf_counter() - started)
    return sorted(taken)[len(taken) // 2]


def bench() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        made = _seconds(["init", "demo", "--demo"], root)
        demo = root / "demo"
        cold = _seconds(["run", "--force"], demo, 3)
        same = _seconds(["run"], demo, 5)
        explained = _seconds(["explain", "IND.pv_added_mw"], demo, 3)
        reported = _seconds(["report"], demo)
    return [
        Line("dafeng init --demo", made, None),
        Line("dafeng run, demo district, cold", cold, 3.0),
        Line("dafeng run, demo district, unchanged", same, 0.7, reference=cold, against="cold"),
        Line("dafeng explain", explained, None),
        Line("dafeng report", reported, None),
    ]
