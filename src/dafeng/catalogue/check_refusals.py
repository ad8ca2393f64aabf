"""Known wrong numbers and texts: what of the catalogue is one of them?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fnmatch import fnmatchcase

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Factor, Refusal, Tariff, Vintage
from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch


def refused(catalogue: Catalogue) -> Iterator[Problem]:
    """A Problem for every value, text and hour that an entry of ``refusals`` names."""
    for refusal in catalogue.refusals.values():
        if refusal.unit is not None:
            for factor in catalogue.factors.values():
                yield from _factor(catalogue, refusal, factor)
        if refusal.texts:
            yield from _texts(catalogue, refusal)
        for tariff in catalogue.tariffs.values() if refusal.hours else ():
            yield from _tariff(catalogue, refusal, tariff)


def _factor(catalogue: Catalogue, refusal: Refusal, factor: Factor) -> Iterator[Problem]:
    if not _speaks_of(refusal, factor):
        return
    vintages = [vintage for vintage in factor.values if _of_these_years(refusal, vintage)]
    if not vintages:
        return
    try:
        scale = catalogue.unit_table.factor(factor.unit, str(refusal.unit))
    except (UnitMismatch, KeyError):
        if refusal.must_convert and catalogue.unit_table.knows(factor.unit):
            yield _problem(catalogue, refusal, "factors", factor.id, "unit", factor.unit)
        return
    for vintage in vintages:
        if _is_wrong(refusal, vintage.value * scale):
            shown = f"{vintage.value:.10g} {factor.unit}".strip()
            yield _problem(catalogue, refusal, "factors", factor.id, f"values › {vintage.year}", shown)


def _speaks_of(refusal: Refusal, factor: Factor) -> bool:
    listed = (
        (refusal.carriers, factor.carrier),
        (refusal.kinds, factor.kind),
        (refusal.scopes, factor.scope),
        (refusal.purposes, factor.purpose),
    )
    return (
        any(fnmatchcase(factor.id, pattern) for pattern in refusal.ids)
        and not any(fnmatchcase(factor.id, pattern) for pattern in refusal.but_ids)
        and all(not allowed or held in allowed for allowed, held in listed)
    )


def _of_these_years(refusal: Refusal, vintage: Vintage) -> bool:
    return (
        (refusal.from_year is None or vintage.year >= refusal.from_year)
        and (refusal.to_year is None or vintage.year <= refusal.to_year)
        and (refusal.cites is None or vintage.source.standard == refusal.cites)
    )


def _is_wrong(refusal: Refusal, value: float) -> bool:
    if _among(value, refusal.but):
        return False
    low, high = refusal.within or (-math.inf, math.inf)
    return (
        _among(value, refusal.values)
        or bool(refusal.only and not _among(value, refusal.only))
        or not low <= value <= high
    )


def _among(value: float, numbers: tuple[float, ...]) -> bool:
    return any(math.isclose(value, number, rel_tol=1e-6, abs_tol=1e-9) for number in numbers)


def _texts(catalogue: Catalogue, refusal: Refusal) -> Iterator[Problem]:
    for standard in catalogue.standards.values():
        for text in refusal.texts:
            if text in (standard.number or "") or text in standard.name.zh:
                yield _problem(catalogue, refusal, "standards", standard.id, "number", text)
    for choices in catalogue.choices.values():
        for code, option in choices.options.items():
            for text in refusal.texts:
                if any(text in word for word in (code, option.zh, option.en, *option.also)):
                    yield _problem(catalogue, refusal, "choices", choices.id, f"options › {code}", text)


def _tariff(catalogue: Catalogue, refusal: Refusal, tariff: Tariff) -> Iterator[Problem]:
    for wrong in refusal.hours:
        if not any(fnmatchcase(tariff.id, pattern) for pattern in wrong.tariffs):
            continue
        for number, period in enumerate(tariff.periods, start=1):
            if not set(period.months) & set(wrong.months):
                continue
            held = {hour for start, end in period.bands.get(wrong.band, ()) for hour in range(start, end)}
            hit = sorted(held & set(wrong.hours))
            if hit:
                shown = f"{wrong.band} {', '.join(f'{hour}–{hour + 1}' for hour in hit)}"
                yield _problem(catalogue, refusal, "tariffs", tariff.id, f"periods › {number} › {wrong.band}", shown)


def _problem(catalogue: Catalogue, refusal: Refusal, kind: str, name: str, field: str, shown: str) -> Problem:
    file = catalogue.files.get((kind, name), ("",))[-1]
    return Problem(
        "catalogue.known-wrong",
        Place(file, item=name, field=field),
        Text(
            f"“{shown}”是已知的错误值：{refusal.says.zh}",
            f"“{shown}” is known to be wrong: {refusal.says.en}",
        ),
        Text(
            f"按正式文件改正；确有依据的，在本区 catalogue/refusals 中改写 {refusal.id} 并写明出处",
            f"mend it after the official text; if you hold one, lay your own {refusal.id} on in catalogue/refusals "
            "with its source",
        ),
    )
