"""What holds a target back, in words: of the bounds that hold all relaxed targets, those that bear upon this one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dafeng.core.text import Text
from dafeng.roadmap.case import Case, Measure, Target
from dafeng.roadmap.relax import Held

# Of a measure; the others are of a fund or a trade, or of several measures.
_OF_MEASURES = ("build rate", "growth", "potential", "prerequisite")
# Of these kinds only what counts toward the target moves it; the others are moved by all that saves.
_COUNTED = ("sum", "level", "share")

_FAMILIES = {
    "budget": Text("预算", "the budget"),
    "labour": Text("劳动力", "the labour"),
    "build rate": Text("建设速度", "the build rate"),
    "growth": Text("建设速度的增长", "the growth of the build rate"),
    "potential": Text("潜力", "the potential"),
    "exclusion": Text("互斥措施共用的存量", "the stock shared by measures that exclude each other"),
    "prerequisite": Text("前置措施", "the prerequisite"),
}


def holding(case: Case, held: Sequence[Held], target: Target) -> list[Held]:
    """Shadow prices are of all relaxed targets together: what cannot move this one is left out."""
    moving = _moving(case, target)
    funds = {one.fund for one in case.measures if one.id in moving}
    trades = {trade for one in case.measures if one.id in moving for trade in one.labour}

    def bears(one: Held) -> bool:
        if one.family in _OF_MEASURES:
            return one.of in moving
        if one.family == "budget":
            return not one.of or one.of in funds
        return one.family != "labour" or one.of in trades

    return [one for one in held if bears(one)]


def _moving(case: Case, target: Target) -> set[str]:
    """Measures that move the target, and those that these wait for or share their stock with."""
    if target.kind not in _COUNTED:
        return {one.id for one in case.measures}
    moving = {one.id for one in case.measures if target.id in one.counts or target.id in one.counts_in}
    beside = {one.id for one in case.measures if moving & set(one.excludes)}
    for one in case.measures:
        if one.id in moving:
            beside |= {*one.excludes, *(other.measure for other in one.prerequisites)}
    return moving | beside


def held_words(case: Case, held: Sequence[Held], most: int) -> list[Text]:
    """The first so many bounds, each with all its years, measures by their names."""
    names = {one.id: one for one in case.measures}
    found: dict[tuple[str, str, str | None], list[int]] = {}
    for one in held:
        years = found.setdefault((one.family, one.of, one.zone), [])
        if one.year is not None:
            years.append(one.year)
    return [_words(names.get(key[1]), *key, years) for key, years in list(found.items())[:most]]


def _words(measure: Measure | None, family: str, of: str, zone: str | None, years: Sequence[int]) -> Text:
    called = Text(of, of) if measure is None else measure.name
    zh, en = (f"“{called.zh}”", f" of {called.en}") if of else ("", "")
    when = _runs(years)
    return Text(
        f"{f'{when[0]}年' if when else ''}{zh}{f'（{zone}）' if zone else ''}的{_FAMILIES[family].zh}",
        f"{_FAMILIES[family].en}{en}{f' in {zone}' if zone else ''}{f' in {when[1]}' if when else ''}",
    )


def _runs(years: Sequence[int]) -> tuple[str, str] | None:
    """2026, 2027, 2028, 2031 → 2026—2028、2031 and 2026–2028, 2031."""
    found = []
    for _, run in groupby(enumerate(sorted(set(years))), key=lambda pair: pair[1] - pair[0]):
        of = [year for _, year in run]
        found.append((of[0], of[-1]))
    if not found:
        return None
    zh, en = ([f"{first}" if first == last else f"{first}{dash}{last}" for first, last in found] for dash in ("—", "–"))
    return "、".join(zh), ", ".join(en)
