"""A district's catalogue folder for tests, and the problems found in it."""

from __future__ import annotations

import textwrap
from pathlib import Path

from dafeng.catalogue import load_catalogue
from dafeng.catalogue.check import check_catalogue
from dafeng.core.errors import BadInput, Problem


def laid_on(root: Path, **files: str) -> list[Problem]:
    """Problems of the shipped catalogue with these files on top; ``factors__mine`` is factors/mine.yaml."""
    for name, text in files.items():
        kind, _, stem = name.partition("__")
        (root / kind).mkdir(parents=True, exist_ok=True)
        (root / kind / f"{stem}.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    try:
        return list(check_catalogue(load_catalogue(root)))
    except BadInput as error:
        return list(error.problems)


def codes(found: list[Problem]) -> list[tuple[str, str | None]]:
    """(code, field) of each problem, in order."""
    return [(problem.code, problem.place.field) for problem in found]
