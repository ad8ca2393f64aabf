"""Runs every benchmark and prints one aligned table: ``make bench``.

A benchmark is a file in this folder with ``def bench() -> list[Line]`` (see ``lines.py``). Arguments pick
files by name: ``python benchmarks/run.py planning``. A missed bar is marked, and the exit code is 1; a
benchmark that cannot run says why and counts as missed.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import traceback
from pathlib import Path

from lines import Line

HERE = Path(__file__).resolve().parent
NOT_BENCHMARKS = {"run", "lines"}
HEADINGS = ("benchmark", "measured", "bar", "unit", "", "reference", "ratio")


def names() -> list[str]:
    found = (path.stem for path in HERE.glob("*.py"))
    return sorted(name for name in found if name not in NOT_BENCHMARKS and not name.startswith("_"))


def figure(value: float | None) -> str:
    """Three significant digits, without an exponent; an en dash for none."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.001 or value == 0 else f"{value:.6f}"


def cells(line: Line) -> tuple[str, ...]:
    mark = {True: "ok", False: "MISSED", None: ""}[line.kept]
    reference = figure(line.reference) + (f" ({line.against})" if line.against else "")
    ratio = "–" if line.ratio is None else f"{line.ratio:.1f}×"
    side = "≥ " if line.higher_is_better else "≤ "
    bar = figure(None) if line.bar is None else side + figure(line.bar)
    return line.name, figure(line.measured), bar, line.unit, mark, reference, ratio


def table(lines: list[Line]) -> str:
    rows = [HEADINGS, *(cells(line) for line in lines)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(HEADINGS))]
    right_aligned = {1, 2, 6}

    def laid_out(row: tuple[str, ...]) -> str:
        return "  ".join(
            cell.rjust(width) if index in right_aligned else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([laid_out(rows[0]), rule, *map(laid_out, rows[1:])])


def main(chosen: list[str]) -> int:
    unknown = [name for name in chosen if name not in names()]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}")
        return 2
    lines: list[Line] = []
    broken: list[str] = []
    for name in chosen or names():
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            lines += importlib.import_module(name).bench()
        except Exception as error:
            traceback.print_exc()
            broken.append(f"{name}: {type(error).__name__}: {error}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    print(table(lines))
    for message in broken:
        print(f"could not run {message}")
    missed = [line.name for line in lines if line.kept is False]
    print(f"{len(lines)} lines, {len(missed)} bars missed, {len(broken)} benchmarks broken")
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main(sys.argv[1:]))
