"""When: 到2025年, “十四五”期间, 2022年起, 2024年底前, 2023至2025年; and the year something is compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_FIVE = {"十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031, "十七": 2036}
_PLAN = r"[“\"]*(?P<{0}>十[一二三四五六七])五[”\"]*"
_YEAR = r"20\d\d"
_FORCE = r"(?P<force>力争|努力|争取|原则上|确保|鼓励)?(?:在|于)?"

_MOVES = "(?:下降|降低|减少|削减|增|提高|提升|翻|上升|扩大|压减|下浮|高|低|多|少|达)"

_COMPARED = rf"(?=[^，。；]*?{_MOVES})"
# 提高到2025年的30%: there 到 belongs to the verb.
_UNTIL = "(?:(?<!提高|提升|增加|增长|扩大|下降|降低|减少|上升|拓展)[到至]|截至|截止到|最迟于?)"
_END = "(?:底|末|年底)?"

_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            "base",
            rf"(?:(?<![占对同环])比|较|对比|相较于?|相比)\s*(?P<a>{_YEAR})年(?:(?:同期|末|底)?(?:相比|水平)?)?{_COMPARED}",
        ),
        ("base", rf"(?:与|在|以)\s*(?P<a>{_YEAR})年(?:同期|末|底)?(?:相比|的?基础上|为基[期准数]|水平上)"),
        ("base", rf"(?:由|从)\s*(?P<a>{_YEAR})年(?:底|末)?的?"),
        (
            "base",
            rf"(?:(?<![占对同环])比|较|与|在)\s*{_PLAN.format('p')}(?:末|期末|同期|期间)?(?:相比|基础上|水平)?{_COMPARED}",
        ),
        ("span", rf"{_FORCE}(?P<a>{_YEAR})\s*年?\s*(?:—+|-|~|至|到)\s*(?P<b>{_YEAR})\s*年(?:期间|间)?"),
        (
            "plans",
            rf"{_FORCE}{_PLAN.format('p')}(?:期间|时期)?(?:、|和|及|与|以及)?{_PLAN.format('q')}"
            r"(?:两个(?:五年(?:规划)?)?(?:时期|期间)?|(?:期间|时期))?",
        ),
        ("end", rf"{_FORCE}(?:到|至)?{_PLAN.format('p')}(?:规划)?(?:期?末|收官|结束)"),
        ("plan", rf"{_FORCE}(?:到|至)?{_PLAN.format('p')}(?:规划)?(?:期间|时期|期内)?"),
        (
            "since",
            rf"(?:自|从)?\s*(?P<a>{_YEAR})\s*年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?(?:开始|起|以后|之后)",
        ),
        (
            "past",
            rf"(?P<a>{_YEAR})\s*年以来|截至\s*(?P<b>{_YEAR})\s*年[^，。；]{{0,6}}|"
            rf"截止(?:到)?\s*(?P<c>{_YEAR})\s*年[^，。；]{{0,6}}",
        ),
        (
            "before",
            rf"{_FORCE}(?:到|至|赶在)?\s*(?P<a>{_YEAR})\s*年(?:底|末|年底|\d{{1,2}}月(?:底|末)?)?(?:之|以)?前",
        ),
        # 2023、2024、2025年: the years of a list, whose last alone is called one.
        ("in", rf"{_FORCE}(?:到|至)?(?P<a>{_YEAR})(?=(?:\s*[、和及与]\s*{_YEAR})+\s*年)"),
        ("by", rf"{_FORCE}{_UNTIL}\s*(?P<a>{_YEAR})\s*年{_END}"),
        ("in", rf"{_FORCE}(?P<a>{_YEAR})\s*年{_END}(?:内)?(?!修|发布|印发|版|第|实施的|\d{{1,2}}月)"),
    )
)


@dataclass(frozen=True, slots=True)
class When:
    """kind: base (a year compared with), past, since, before, by, in, span, plan. first and last are years."""

    kind: str
    start: int
    end: int
    first: int | None
    last: int | None
    force: str | None = None
    order: int = 0

    def is_past(self, issued: int | None) -> bool:
        """Whether this is over, seen from the year of the plan."""
        if self.kind == "past":
            return True
        return issued is not None and self.last is not None and self.last < issued


def find_times(text: str) -> list[When]:
    """Every time said in a plain text, in order; where two readings overlap the earlier pattern wins."""
    found: list[When] = []
    for order, (kind, pattern) in enumerate(_PATTERNS):
        for hit in pattern.finditer(text):
            if not any(hit.start() < other.end and other.start < hit.end() for other in found):
                found.append(_when(kind, hit, order))
    return sorted(found, key=lambda when: when.start)


def _when(kind: str, hit: re.Match[str], order: int) -> When:
    said = hit.groupdict()
    year = int(said["a"]) if said.get("a") else None
    force = said.get("force")
    first: int | None = None
    last: int | None = year
    if said.get("p"):
        first = _FIVE[said["p"]]
        last = _FIVE[said["q"]] + 4 if said.get("q") else first + 4
    if kind == "span":
        first, last = year, int(said["b"])
    elif kind == "since":
        first, last = year, None
    elif kind == "end":
        first = None
    elif kind == "past":
        last = int(said["a"] or said["b"] or said["c"])
    elif kind == "base" and said.get("p"):
        first = None
    return When(kind, hit.start(), hit.end(), first, last, force, order)


def due_in(text: str) -> When | None:
    """The time that a column or label of deadlines gives (2025年底前, 2025, 2023—2025年); None for 持续推进."""
    times = [when for when in find_times(text) if when.kind != "base"]
    if times:
        last = times[-1]
        return replace(last, kind="by") if last.kind == "in" else last
    years = re.findall(_YEAR, text)
    return When("by", 0, 0, None, int(years[-1])) if years else None
