"""The targets of a case, and whether anything can serve them at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dafeng.roadmap.case import KINDS, Case, Target
from dafeng.roadmap.values import Values, text

_KEYS = (
    "id", "name", "kind", "year", "value", "values", "unit", "comparator", "binding", "done", "base", "base_in", "of",
    "backlog", "note", "source",
)  # fmt: skip
_SENSES = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<="}
_AT_LEAST = ("sum", "level", "share")


def read_targets(read: Values, given: Any) -> tuple[Target, ...]:
    targets: list[Target] = []
    for number, one in read.entries(given, "targets"):
        name = one.get("id")
        if not isinstance(name, str) or not name:
            read.missing(read.at(f"targets[{number}]", "id"))
            continue
        read.known(one, _KEYS, f"targets.{name}")
        if any(each.id == name for each in targets):
            read.problems.add(
                "roadmap.twice", read.at(f"targets.{name}"), f"“{name}”写了两次", f"“{name}” stands twice",
                fix_zh="删去一个，或改编号", fix_en="delete one, or change its id",
            )  # fmt: skip
        target = _target(read, one, name)
        if target is not None:
            targets.append(target)
    return tuple(targets)


def units_of_targets(data: Mapping[str, Any], targets: Sequence[Target]) -> dict[str, str | None]:
    """target → unit; None for one that could not be read: its measures are not blamed for it."""
    written = data.get("targets")
    names = [one.get("id") for one in written if isinstance(one, Mapping)] if isinstance(written, list) else []
    unread: dict[str, str | None] = dict.fromkeys(name for name in names if isinstance(name, str))
    return unread | {one.id: one.unit for one in targets}


def _target(read: Values, one: Mapping[str, Any], name: str) -> Target | None:
    item, kind = f"targets.{name}", str(one.get("kind"))
    if kind not in KINDS:
        read.unknown(read.at(item, "kind"), one.get("kind"), KINDS)
        return None
    sense = _SENSES.get(str(one.get("comparator", ">=" if kind in _AT_LEAST else "<=")))
    if sense is None or (kind not in _AT_LEAST and sense == ">="):
        read.unknown(read.at(item, "comparator"), one.get("comparator"), [">=", "<="] if kind in _AT_LEAST else ["<="])
        return None
    of = str(one.get("of", "energy" if kind == "energy_path" else "co2"))
    if of not in ("co2", "energy"):
        read.unknown(read.at(item, "of"), of, ["co2", "energy"])
    missed = one.get("year") if one.get("backlog") else None
    values, year = _values(read, one, item, kind)
    if not values and kind != "peak":
        return None
    zeros = np.zeros(len(read.years))
    return Target(
        id=name,
        kind=kind,
        name=text(one.get("name"), name),
        values=values,
        sense=sense,
        unit=str(one.get("unit") or _unit(kind, of)),
        year=year,
        binding=bool(one.get("binding", True)),
        done=read.number(one.get("done", 0.0), read.at(item, "done")),
        base=read.series(one["base"], read.at(item, "base")) if "base" in one else zeros,
        base_in=read.series(one["base_in"], read.at(item, "base_in")) if "base_in" in one else zeros,
        of=of,
        missed=missed,
    )


def _values(read: Values, one: Mapping[str, Any], item: str, kind: str) -> tuple[dict[int, float], int]:
    """year → bound, and the year that names the target (the last one of a path)."""
    given, part = (one["values"], "values") if "values" in one else (one.get("value"), "value")
    least = 0.0 if kind != "share" else -math.inf
    if isinstance(given, Mapping):
        values = {}
        for key, value in given.items():
            year = read.year(int(key) if isinstance(key, str) and key.isdigit() else key, read.at(item, part))
            number = read.number(value, read.at(item, part), least=least)
            if year is not None:
                values[year] = number
        return values, max(values, default=read.years[-1])
    key = "backlog" if one.get("backlog") is not None else "year"
    # A peak may lie before the years: its level is then the cap of them all.
    year = read.year(one.get(key), read.at(item, key), within=kind != "peak" or given is None)
    if kind == "peak" and given is None:
        return {}, year or read.years[-1]
    number = read.number(given, read.at(item, part), least=least)
    if kind == "share" and number > 1:
        read.wrong(
            "roadmap.share-above-one", read.at(item, part), f"比例{number:g}大于1", f"a share of {number:g} is above 1",
            "百分数写成小数，如0.35", "write a percentage as a decimal: 0.35",
        )  # fmt: skip
    return ({} if year is None else {year: number}), year or read.years[-1]


def _unit(kind: str, of: str) -> str:
    """What a target is measured in, unless it says so."""
    if kind in ("co2_path", "peak"):
        return "tCO2"
    if kind == "energy_path":
        return "tce"
    if kind == "intensity":
        return "tCO2/GDP" if of == "co2" else "tce/GDP"
    return ""


def check_targets(read: Values, case: Case) -> None:
    """Every target must have something that can move it, unless it is met as it is, and what it is reckoned with."""
    for target in case.targets:
        item = f"targets.{target.id}"
        if target.kind == "intensity" and case.gdp is None:
            read.missing(read.at(None, "gdp"))
        if target.kind == "energy_path" or (target.kind == "intensity" and target.of == "energy"):
            for carrier in case.carriers:
                if carrier not in case.tce:
                    read.missing(read.at(f"carriers.{carrier}", "tce"))
        if target.kind == "share" and not target.base_in.any() and not _counted(case, target, "counts_in"):
            read.missing(read.at(item, "base_in"))
        if target.kind in _AT_LEAST and not _counted(case, target, "counts") and not _met(case, target):
            read.problems.add(
                "roadmap.target-unserved", read.at(item),
                "没有措施计入这一目标，不做任何事也达不到",
                "no measure counts toward this target, and it is not met without",
                fix_zh="在能完成它的措施的 counts 中写上这一目标",
                fix_en="name the target in the counts of the measures that serve it",
            )  # fmt: skip


def _counted(case: Case, target: Target, part: str) -> bool:
    return any(getattr(one, part).get(target.id) for one in case.measures)


def _met(case: Case, target: Target) -> bool:
    """Is it met with nothing done?"""
    for year, value in target.values.items():
        t = case.years.index(year)
        reached = target.done if target.kind == "sum" else float(target.base[t])
        if target.kind == "share":
            value *= float(target.base_in[t])
        if reached < value if target.sense == ">=" else reached > value:
            return False
    return True
