"""What a district's own catalogue may not do: carry a factor over from one purpose to another.

Inventory and carbon market have each their factor of electricity. Laying another purpose on a shipped factor, or making
a factor of the inventory out of one of the carbon market, would let the two meet in one series under another name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dafeng.core.errors import ERROR, Place, Problem
from dafeng.core.text import Text

if TYPE_CHECKING:
    from dafeng.catalogue import Catalogue
    from dafeng.catalogue.schema import Factor

# Factors of these purposes serve nothing else.
_ALONE = ("ets", "footprint")


def misused(catalogue: Catalogue) -> Iterator[Problem]:
    """A Problem for every own or laid-over factor whose purpose is not that of what it is made of, and for every own
    method that cannot be evaluated."""
    from dafeng.catalogue.check_methods import check_method

    for kind, name in catalogue.files:
        if not _is_local(catalogue, kind, name):
            continue
        if kind == "factors":
            factor = catalogue.factors[name]
            yield from _changed(catalogue, factor)
            yield from _made_of(catalogue, factor)
        elif kind == "methods":
            yield from (one for one in check_method(catalogue, catalogue.methods[name]) if one.level == ERROR)


def _is_local(catalogue: Catalogue, kind: str, name: str) -> bool:
    return not _is_shipped(kind, catalogue.files[kind, name][-1])


def _is_shipped(kind: str, file: str) -> bool:
    return file.startswith(f"{kind}/")


def _changed(catalogue: Catalogue, factor: Factor) -> Iterator[Problem]:
    first = catalogue.files["factors", factor.id][0]
    if not _is_shipped("factors", first):
        return
    shipped = _shipped_purpose(first, factor.id)
    if shipped is not None and shipped != factor.purpose:
        yield _problem(catalogue, factor, factor.id, shipped)


def _shipped_purpose(file: str, name: str) -> str | None:
    import yaml

    from dafeng.catalogue.load import SHIPPED

    entries = yaml.safe_load((SHIPPED / file).read_text(encoding="utf-8"))
    return next((entry.get("purpose") for entry in entries if entry.get("id") == name), None)


def _made_of(catalogue: Catalogue, factor: Factor) -> Iterator[Problem]:
    todo, seen = [*factor.product_of, *factor.over], {factor.id}
    while todo:
        part = catalogue.factors.get(todo.pop())
        if part is None or part.id in seen:
            continue
        seen.add(part.id)
        todo += [*part.product_of, *part.over]
        if part.purpose in _ALONE and part.purpose != factor.purpose:
            yield _problem(catalogue, factor, part.id, part.purpose)


def _problem(catalogue: Catalogue, factor: Factor, of: str, purpose: str) -> Problem:
    return Problem(
        "account.purpose-changed",
        Place(file=catalogue.files["factors", factor.id][-1], item=factor.id, field="purpose"),
        Text(
            f"{of} 的用途是 {purpose}，不能改作 {factor.purpose}",
            f"{of} serves {purpose} and cannot be made to serve {factor.purpose}",
        ),
        Text(
            "删去这一处改动；另有出处的取值另立一个因子",
            "remove this; a value with a source of its own is a factor of its own",
        ),
    )
