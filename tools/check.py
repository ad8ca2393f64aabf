"""Runs the project's checks one after the other and closes with one summary.

    python tools/check.py              all of them
    python tools/check.py lint types   only these

Every check runs even when an earlier one failed, so that one run shows everything. pytest comes last and its
closing line is repeated at the end. Standard library only.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [str(BIN / "pyright")],
    "layers": [str(BIN / "lint-imports"), "--no-cache", "--no-logo"],
    "docs": [str(BIN / "mkdocs"), "build", "--strict", "--quiet", "--site-dir", "site"],
    "tests": [str(BIN / "python"), "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"],
}
PYTEST_SUMMARY = re.compile(r"^(=+ )?\d+ (passed|failed|skipped|error).* in [\d.]+s")


def run(name: str) -> tuple[bool, float, str]:
    """Runs one check with its output shown; gives success, seconds and pytest's closing line if any."""
    print(f"\n── {name} " + "─" * (70 - len(name)), flush=True)
    environment = dict(os.environ, PYRIGHT_PYTHON_IGNORE_WARNINGS="1", NO_MKDOCS_2_WARNING="1")
    began = time.monotonic()
    process = subprocess.Popen(
        CHECKS[name], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    closing = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        if PYTEST_SUMMARY.match(line):
            closing = line.strip().strip("= ")
    code = process.wait()
    return code == 0, time.monotonic() - began, closing


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"unknown check: {', '.join(unknown)}; there are {', '.join(CHECKS)}")
        return 2
    outcomes = {name: run(name) for name in names or CHECKS}
    print("\n── summary " + "─" * 63)
    for name, (passed, seconds, _) in outcomes.items():
        print(f"{name:8} {'ok' if passed else 'FAILED':6} {seconds:7.1f} s")
    if "tests" in outcomes:
        print(outcomes["tests"][2] or "pytest printed no summary")
    return 0 if all(passed for passed, _, _ in outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
