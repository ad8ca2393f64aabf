"""The district's own units, by which those of a plan are named: from its register of responsible units, when loaded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dafeng.planning import Body


def district_bodies(root: Path | None) -> tuple[Body, ...]:
    """Units from the register of responsible units of the district at ``root``; none outside a district."""
    from dafeng.workflows.district import FILE, open_district

    if root is None or not (root / FILE).is_file():
        return ()
    district = open_district(root)
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
