"""The district's own units, by which those of a plan are named: from its register of responsible units, when loaded.

Opening the catalogue and the store takes three times as long as reading a plan. What they gave is kept beside the
store for as long as the store stays as it is.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.planning import Body

if TYPE_CHECKING:
    from dafeng.workflows.district import District

_KEPT = Path("out") / ".responsible-units.json"


def district_bodies(root: Path | None) -> tuple[Body, ...]:
    """Units from the register of responsible units of the district at ``root``; none outside a district."""
    from dafeng.workflows.district import FILE, open_district

    if root is None or not (root / FILE).is_file():
        return ()
    district = open_district(root)
    head, _, path = district.store_url.partition("sqlite:///")
    if head:
        return _asked(district)
    if not Path(path).exists():
        return ()
    state, kept = _state(Path(path)), root / _KEPT
    try:
        held = json.loads(kept.read_text(encoding="utf-8"))
        if held["state"] == state:
            return tuple(Body(one["name"], tuple(one["aliases"]), one["kind"]) for one in held["bodies"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # nothing kept, or not as we write it: the store is asked
    bodies = _asked(district)
    # Asking may have brought the store to a newer layout, and another may have written meanwhile.
    if _state(Path(path)) == state:
        _keep(kept, {"state": state, "bodies": [asdict(body) for body in bodies]})
    return bodies


def _state(path: Path) -> list[list[int]]:
    """What tells one state of a SQLite file from another: time and size of it and of its journal."""
    files = [path, path.with_name(path.name + "-wal")]
    return [[stat.st_mtime_ns, stat.st_size] for file in files if file.exists() for stat in [file.stat()]]


def _keep(kept: Path, data: dict[str, Any]) -> None:
    """Written whole or not at all; a folder that cannot be written to only means that nothing is kept."""
    try:
        kept.parent.mkdir(exist_ok=True)
        temporary = kept.with_name(f"{kept.name}.{os.getpid()}")
        temporary.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        temporary.replace(kept)
    except OSError:
        return


def _asked(district: District) -> tuple[Body, ...]:
    register = district.catalogue.registers.get("responsible_units")
    if register is None:
        return ()
    with district.open_store() as store:
        if "responsible_units" not in store.counts():
            return ()
        return tuple(_body(row) for row in store.frame(register).iter_rows(named=True))


def _body(row: dict[str, Any]) -> Body:
    aliases = [row.get("full_name"), *re.split(r"[、,，;；\s]+", row.get("aliases") or "")]
    return Body(row["name"], tuple(alias for alias in aliases if alias), row.get("kind") or "bureau")
