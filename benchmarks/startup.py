"""How long ``dafeng --help`` takes, and how large the core install is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from lines import Line, best_of


def bench() -> list[Line]:
    command = [str(Path(sys.executable).parent / "dafeng"), "--help"]
    bare = [sys.executable, "-c", "pass"]
    for call in (command, bare):
        subprocess.run(call, check=True, capture_output=True)
    seconds = best_of(5, lambda: subprocess.run(command, check=True, capture_output=True))
    python = best_of(5, lambda: subprocess.run(bare, check=True, capture_output=True))
    return [
        Line("dafeng --help", seconds, 0.3, "s", python, "bare Python"),
        Line("core install", core_install_mb(), None, "MB"),
    ]


def core_install_mb() -> float:
    """Megabytes of the files of dafeng's own dependencies, extras and development tools left out."""
    from importlib.metadata import PackageNotFoundError, distribution

    from packaging.requirements import Requirement

    waiting, seen, size = ["dafeng"], set(), 0
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        for file in found.files or ():
            path = Path(str(file.locate()))
            size += path.stat().st_size if path.is_file() else 0
        for text in found.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return size / 1e6
