"""``make bench``: lines against their bars, in one table; a missed or broken one is not passed over."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TWO_LINES = """
from lines import Line

def bench():
    return [
        Line("load 100,000 rows", 2.5, 5.0, "s", 10.0, "row by row"),
        Line("rows per second", 40000.0, 50000.0, "1/s", higher_is_better=True),
        Line("install", 310.0, None, "MB"),
    ]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("run.py", "lines.py"):
        shutil.copy(ROOT / "benchmarks" / name, tmp_path)
    return tmp_path


def bench(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "run.py", *names], cwd=folder, capture_output=True, text=True)


def test_each_line_stands_beside_its_bar_and_its_ratio_to_the_reference(folder: Path):
    (folder / "two.py").write_text(TWO_LINES)
    done = bench(folder)
    rows = {line.split("  ")[0]: line.split() for line in done.stdout.splitlines()}
    assert rows["load 100,000 rows"][3:] == ["2.5", "≤", "5", "s", "ok", "10", "(row", "by", "row)", "4.0×"]
    assert rows["rows per second"][3:8] == ["40,000", "≥", "50,000", "1/s", "MISSED"]
    assert rows["install"][1:4] == ["310", "–", "MB"]
    assert "3 lines, 1 bars missed, 0 benchmarks broken" in done.stdout
    assert done.returncode == 1


def test_columns_are_aligned(folder: Path):
    (folder / "two.py").write_text(TWO_LINES)
    lines = bench(folder).stdout.splitlines()
    ends = [line.index("2.5") + 3 for line in lines if "2.5" in line] + [
        line.index("40,000") + 6 for line in lines if "40,000" in line
    ]
    assert len(set(ends)) == 1


def test_a_benchmark_that_breaks_is_named_and_the_others_still_run(folder: Path):
    (folder / "good.py").write_text("from lines import Line\ndef bench(): return [Line('good', 1.0, 2.0)]\n")
    (folder / "bad.py").write_text("def bench(): raise RuntimeError('no demo district')\n")
    done = bench(folder)
    assert "could not run bad: RuntimeError: no demo district" in done.stdout
    assert "1 lines, 0 bars missed, 1 benchmarks broken" in done.stdout
    assert done.returncode == 1


def test_one_benchmark_can_be_chosen_and_an_unknown_one_is_refused(folder: Path):
    (folder / "good.py").write_text("from lines import Line\ndef bench(): return [Line('good', 1.0, 2.0)]\n")
    (folder / "bad.py").write_text("def bench(): raise RuntimeError('never called')\n")
    assert bench(folder, "good").returncode == 0
    unknown = bench(folder, "nothing")
    assert unknown.returncode == 2
    assert "there are bad, good" in unknown.stdout
