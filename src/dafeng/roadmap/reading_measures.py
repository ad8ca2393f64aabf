"""The measures of a case: one entry of the file is a measure in each of its zones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dafeng.roadmap.case import Case, Measure, Prerequisite, Series
from dafeng.roadmap.values import Values, listed, text

_KEYS = (
    "id", "name", "group", "kind", "unit", "potential", "potential_by_year", "stock", "existing", "capex", "learning",
    "opex", "life", "saves", "uses", "co2_t", "build_rate", "growth", "min", "lumpy", "prerequisites", "excludes",
    "stage", "labour", "fund", "owner", "zone", "zones", "counts", "counts_in", "assumed", "ranges", "co_benefits",
    "note", "source",
)  # fmt: skip
_BY_ZONE = ("potential", "potential_by_year", "stock", "existing", "build_rate")


def read_measures(
    read: Values, given: Any, units_of: Mapping[str, str], targets: Mapping[str, str | None]
) -> tuple[Measure, ...]:
    """``units_of``: carrier → unit; ``targets``: target → unit."""
    measures: list[Measure] = []
    for number, one in read.entries(given, "measures"):
        name = one.get("id")
        if not isinstance(name, str) or not name:
            read.missing(read.at(f"measures[{number}]", "id"))
            name = f"[{number}]"
        read.known(one, _KEYS, f"measures.{name}")
        for zone, parts in _zones(read, one, name):
            if any(each.key == (name, zone) for each in measures):
                read.problems.add(
                    "roadmap.twice", read.at(f"measures.{name}", zone), f"“{name}”写了两次", f"“{name}” stands twice",
                    fix_zh="删去一个，或写不同的 zone", fix_en="delete one, or give them different zones",
                )  # fmt: skip
            measures.append(_measure(read, parts, name, zone, units_of, targets))
    if not measures:
        read.missing(read.at(None, "measures"))
    return tuple(measures)


def _zones(read: Values, one: Mapping[str, Any], name: str) -> list[tuple[str | None, Mapping[str, Any]]]:
    """zone → the measure as it is there: ``zones`` gives its potential, or what else differs, in each."""
    zones = read.mapping(one.get("zones"), read.at(f"measures.{name}", "zones"))
    if not zones:
        return [(read.word(one.get("zone"), read.at(f"measures.{name}", "zone")), one)]
    found = []
    for zone, given in zones.items():
        parts = given if isinstance(given, Mapping) and set(given) & set(_BY_ZONE) else {"potential": given}
        read.known(parts, _BY_ZONE, f"measures.{name}.zones.{zone}")
        found.append((str(zone), {**one, **parts}))
    return found


def _measure(
    read: Values, one: Mapping[str, Any], name: str, zone: str | None, units_of: Mapping[str, str],
    targets: Mapping[str, str | None],
) -> Measure:  # fmt: skip
    item = f"measures.{name}" + (f"@{zone}" if zone else "")
    unit = str(one.get("unit") or "")
    if not unit:
        read.missing(read.at(item, "unit"))

    def number(part: str, otherwise: float | None = None, **kept: Any) -> float:
        return read.number(one.get(part, otherwise), read.at(item, part), **kept)

    def word(part: str) -> str | None:
        return read.word(one.get(part), read.at(item, part))

    potential = _potential(read, one, item, unit)
    rate = one.get("build_rate")
    lumpy = one.get("lumpy") or 0.0
    return Measure(
        id=name,
        zone=zone,
        name=text(one.get("name"), name),
        unit=unit,
        potential=potential,
        stock=number("stock", unit=unit) if "stock" in one else float(potential.max(initial=0.0)),
        existing=number("existing", 0.0, unit=unit),
        capex=number("capex", unit="CNY", per=unit),
        learning=number("learning", 0.0, least=-0.5, most=0.5),
        opex=number("opex", 0.0, least=-math.inf, unit="CNY", per=unit),
        life=read.whole(one.get("life"), read.at(item, "life")),
        saves=_energy(read, one, item, "saves", unit, units_of),
        uses=_energy(read, one, item, "uses", unit, units_of),
        co2_t=read.series(one.get("co2_t", 0.0), read.at(item, "co2_t"), least=-math.inf, unit="tCO2", per=unit),
        build_rate=np.full(len(read.years), np.inf)
        if rate is None
        else read.series(rate, read.at(item, "build_rate"), unit=unit),
        growth=_growth(read, one, item),
        order=number("min", 0.0, unit=unit),
        lumpy=1.0 if lumpy is True else read.number(lumpy, read.at(item, "lumpy"), unit=unit),
        group=word("group"),
        kind=word("kind"),
        stage=read.whole(one.get("stage", 0), read.at(item, "stage"), least=0),
        fund=word("fund"),
        owner=word("owner"),
        excludes=tuple(str(each) for each in listed(one.get("excludes"))),
        prerequisites=_prerequisites(read, one, item),
        labour=_labour(read, one, item),
        counts=_counts(read, one, item, "counts", unit, targets),
        counts_in=_counts(read, one, item, "counts_in", unit, targets),
        assumed=tuple(str(each) for each in listed(one.get("assumed"))),
        ranges=_ranges(read, one, item),
        co_benefits=tuple(str(each) for each in listed(one.get("co_benefits"))),
    )


def _potential(read: Values, one: Mapping[str, Any], item: str, unit: str) -> Series:
    part = "potential_by_year" if "potential_by_year" in one else "potential"
    return read.series(one.get(part), read.at(item, part), unit=unit)


def _energy(
    read: Values, one: Mapping[str, Any], item: str, part: str, unit: str, units_of: Mapping[str, str]
) -> dict[str, Series]:
    return {
        str(carrier): read.series(
            value, read.at(item, f"{part}.{carrier}"), unit=units_of.get(carrier) or None, per=unit
        )
        for carrier, value in read.mapping(one.get(part), read.at(item, part)).items()
    }


def _growth(read: Values, one: Mapping[str, Any], item: str) -> tuple[float, float] | None:
    given = read.mapping(one.get("growth"), read.at(item, "growth"))
    if not given:
        return None
    read.known(given, ("rate", "start"), item)
    return (
        read.number(given.get("rate"), read.at(item, "growth.rate"), least=-1.0),
        read.number(given.get("start"), read.at(item, "growth.start")),
    )


def _prerequisites(read: Values, one: Mapping[str, Any], item: str) -> tuple[Prerequisite, ...]:
    """``ratio`` is None where none is written: it is then 1, if the units are the same."""
    found = []
    for each in listed(one.get("prerequisites")):
        if isinstance(each, Mapping):
            read.known(each, ("measure", "ratio"), item)
            ratio = read.number(each.get("ratio", 1.0), read.at(item, "prerequisites"))
            found.append(Prerequisite(str(each.get("measure")), ratio))
        else:
            found.append(Prerequisite(str(each), None))
    return tuple(found)


def _labour(read: Values, one: Mapping[str, Any], item: str) -> dict[str, float]:
    given = one.get("labour")
    given = given if isinstance(given, Mapping) else {} if given is None else {"all": given}
    return {str(trade): read.number(value, read.at(item, f"labour.{trade}")) for trade, value in given.items()}


def _counts(
    read: Values, one: Mapping[str, Any], item: str, part: str, unit: str, targets: Mapping[str, str | None]
) -> dict[str, float]:
    """target → amount per unit: a number; ``true``: the unit itself, converted; ``{value, unit}``: converted. A bare 1
    between different units is no count: 1 万m2 is not 1 m2."""
    found = {}
    for target, value in read.mapping(one.get(part), read.at(item, part)).items():
        place = read.at(item, f"{part}.{target}")
        if target not in targets:
            read.unknown(place, target, sorted(targets))
            continue
        wanted = targets[target]
        if wanted is None:
            continue
        if value is True:
            found[target] = read.factor(unit, wanted, place)
        elif value == 1 and not isinstance(value, Mapping) and unit != wanted and wanted:
            factor = read.factor(unit, wanted, place)
            if factor != 1:
                if not math.isnan(factor):
                    read.mismatch(place, f"1 {unit}", f"1 {wanted}")
                factor = math.nan
            found[target] = factor
        else:
            found[target] = read.number(value, place, least=-math.inf, unit=wanted)
    return found


def _ranges(read: Values, one: Mapping[str, Any], item: str) -> dict[str, tuple[float, float]]:
    found = {}
    for part, pair in read.mapping(one.get("ranges"), read.at(item, "ranges")).items():
        place = read.at(item, f"ranges.{part}")
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            read.wrong(
                "roadmap.range", place, "范围应写 [低, 高]", "a range is [low, high]", "写两个数", "write two numbers"
            )
            continue
        low, high = (read.number(value, place, least=-math.inf) for value in pair)
        if low > high:
            read.wrong(
                "roadmap.range",
                place,
                f"{low:g}大于{high:g}",
                f"{low:g} is above {high:g}",
                "先写低值",
                "write the low one first",
            )
        found[str(part)] = (low, high)
    return found


def check_references(read: Values, case: Case) -> None:
    """Measures that others name must be there; prerequisites must not run in a circle, nor join different units."""
    names = sorted({one.id for one in case.measures})
    unit = {one.id: one.unit for one in case.measures}
    for name in names:
        one = next(each for each in case.measures if each.id == name)
        for other in one.excludes:
            if other not in names or other == name:
                read.unknown(read.at(f"measures.{name}", "excludes"), other, [each for each in names if each != name])
        for need in one.prerequisites:
            place = read.at(f"measures.{name}", "prerequisites")
            if need.measure not in names or need.measure == name:
                read.unknown(place, need.measure, [each for each in names if each != name])
            elif need.ratio is None and unit[need.measure] != one.unit:
                read.mismatch(place, one.unit, unit[need.measure])
    _circles(read, case)


def _circles(read: Values, case: Case) -> None:
    needs = {one.id: [need.measure for need in one.prerequisites] for one in case.measures}
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            circle = [*path[path.index(name) :], name]
            read.problems.add(
                "roadmap.circle", read.at(f"measures.{name}", "prerequisites"),
                f"前置措施成环：{' → '.join(circle)}", f"prerequisites run in a circle: {' → '.join(circle)}",
                fix_zh="删去其中一个前置措施", fix_en="delete one of these prerequisites",
            )  # fmt: skip
        elif name not in done:
            for other in needs.get(name, ()):
                walk(other, [*path, name])
            done.add(name)

    for name in needs:
        walk(name, [])
