"""What a target has beside its figure: scope, range as printed, and how sure its reading is."""

from __future__ import annotations

import re

from dafeng.planning.findings import Found
from dafeng.planning.fullness import Full
from dafeng.planning.numerals import Figure
from dafeng.planning.times import When
from dafeng.planning.wording import Binding


def commits(full: Full, segment: str, governing: When | None) -> bool:
    """Whether a goal of the head is more than a phrase: 全面执行绿色建筑标准 by a year, not 全面建成绿色低碳体系."""
    if full.kind not in ("full", "all", "cover"):
        return True
    dated = governing is not None and governing.kind in ("by", "before", "in", "end", "since")
    if full.kind == "full":
        return dated and full.qualifier == "全面执行" and "标准" in segment[full.end :]
    return dated


def written_range(text: str, figure: Figure) -> str | None:
    """A range as printed; its lower end is the value."""
    return text[figure.start : figure.end].strip() if figure.upper is not None else None


def scope_of(before: str, part: bool) -> str | None:
    """The area or the part a target speaks of: 全区, 新建, or what 其中 picks out."""
    if part:
        picked = before.split("其中", 1)[-1].strip(" ：:，的")
        return re.sub(r"(?:不少于|不低于|达到|面积达到|建筑面积达到|的?比例|占比).*$", "", picked).strip("的") or None
    found = re.search(r"全[区市县州省]|[我本][区市县]|规模以上|公共机构|中心城区|城镇", before)
    return found[0] if found else None


def confidence_of(found: Found, binding: Binding) -> float:
    value = 0.97
    if not binding.explicit:
        value -= 0.04
    if found.dated in ("paragraph", "sentence"):
        value -= 0.07
    elif found.dated == "none":
        value -= 0.12 if not binding.capped else 0.04
    if not found.subject:
        value -= 0.3
    elif found.borrowed:
        value -= 0.06
    if not binding.verb and not binding.rate and not binding.explicit:
        value -= 0.2
    return round(max(value, 0.1), 2)
