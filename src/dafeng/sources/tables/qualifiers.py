"""What stands in the brackets of a heading: a unit, a mark such as 必填, or a qualifier such as 不变价."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from dafeng.catalogue.schema import Column
from dafeng.sources.tables.words import alike

_REQUIRED_MARKS = frozenset(alike(word) for word in ("必填", "选填", "可选", "required", "optional", "可不填"))
_OPENING, _CLOSING = "（([【〔", "）)]】〕"
_UNIT_LABEL = re.compile(r"\s*(?:计量)?单位\s*[:：]?\s*")
_TITLE_UNIT = re.compile(r"^(?:计量)?单位\s*[:：]\s*(.+)$|[（(]\s*(?:计量)?单位\s*[:：]\s*([^（）()]+)[）)]$")
# Statistical yearbooks and energy forms have several names for the same four measures.
_SAME = {
    "不变价": ("不变价格", "可比价", "可比价格", "constantprices", "constantprice"),
    "现价": ("当年价", "当年价格", "现价格", "现行价", "现行价格", "currentprices", "currentprice"),
    "等价值": ("等价", "等价热值", "发电煤耗法", "发电煤耗计算法"),
    "当量值": ("当量", "当量热值", "电热当量法", "电热当量计算法"),
}
_CONTRARY = {"不变价": "现价", "现价": "不变价", "等价值": "当量值", "当量值": "等价值"}
_CANON = sorted(
    ((alike(other), word) for word, others in _SAME.items() for other in (word, *others)),
    key=lambda pair: -len(pair[0]),
)


def split_bracket(line: str) -> tuple[str, str] | None:
    """设计能耗 [kWh/(m2·a)] * → (设计能耗, kWh/(m2·a)): the bracket that closes at the end, others may lie inside."""
    text = line.strip(" \t\u3000*＊")
    if not text or text[-1] not in _CLOSING:
        return None
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] in _CLOSING) - (text[place] in _OPENING)
        if depth == 0:
            return text[:place].strip(), text[place + 1 : -1].strip()
    return None


def sort_parts(inner: str, find_unit: Callable[[str], str | None]) -> tuple[str | None, list[str]]:
    """（不变价，单位：亿元）→ (亿元, [不变价]): the unit that a bracket states, and what else it says."""
    whole = find_unit(_UNIT_LABEL.sub("", inner, count=1))
    if whole:
        return whole, []
    unit, others = None, []
    for part in re.split(r"[，,；;、]", inner):
        words = _UNIT_LABEL.sub("", part, count=1).strip()
        found = find_unit(words) if words else None
        if found and unit is None:
            unit = found
        elif words and alike(words) not in _REQUIRED_MARKS:
            others.append(words)
    return unit, others


def title_units(cells: Iterable[str], find_unit: Callable[[str], str | None]) -> list[str]:
    """Units that the lines above a table state for all of it: 单位：万元, （单位：公里、公顷）; an office is none."""
    found: list[str] = []
    for cell in cells:
        said = _TITLE_UNIT.search(cell.strip(" \t\u3000"))
        if said:
            parts = re.split(r"[，,；;、]", said[1] or said[2])
            found += [unit for unit in map(find_unit, parts) if unit]
    return found


def spellings(qualifier: str) -> Iterable[str]:
    """The qualifier as written, then as the catalogue would write it."""
    yield qualifier
    canon = _canon(qualifier)
    if canon is not None:
        yield canon


def is_said(column: Column, qualifier: str) -> bool:
    """Do the column's own words (names, other headings, help) say the same?"""
    own = _words(column)
    return any(alike(form) in own for form in spellings(qualifier))


def contradicts(column: Column, qualifier: str) -> bool:
    """现价 over a column of constant prices, 当量值 over one of equivalent values."""
    canon = _canon(qualifier)
    own = _words(column)
    return canon is not None and canon not in own and _CONTRARY[canon] in own


def _canon(qualifier: str) -> str | None:
    """2020年可比价 → 不变价."""
    form = alike(qualifier)
    return next((word for spelling, word in _CANON if spelling in form), None)


def _words(column: Column) -> str:
    said = [column.name.zh, column.name.en, *column.also]
    said += [column.help.zh, column.help.en] if column.help else []
    return "\0".join(alike(words) for words in said)
