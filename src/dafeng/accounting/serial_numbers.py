"""Serial numbers of certificates as people write them, and whether two of them are the same kWh."""

from __future__ import annotations

import re

# (prefix, first, last), ends included.
Spans = list[tuple[str, int, int]]

_TO = "至|到|~|～|—|–|-"
_RANGE = re.compile(rf"(.*?)(\d+)(?:{_TO})(?:\1)?(\d+)\Z")


def serials(text: str | None) -> Spans:
    """Serial numbers as (prefix, first, last): ``GEC2025-000120至000239；GEC2025-000400`` are two spans. A number that
    ends in no digits stands for itself."""
    spans = []
    joined = re.sub(rf"\s*({_TO})\s*", r"\1", text or "")
    for part in re.split(r"[,，;；、\s]+", joined.strip()):
        part = part.strip()
        if not part:
            continue
        if (found := _RANGE.fullmatch(part)) and int(found[2]) <= int(found[3]) and len(found[2]) == len(found[3]):
            spans.append((found[1], int(found[2]), int(found[3])))
        elif found := re.fullmatch(r"(.*?)(\d+)", part):
            spans.append((found[1], int(found[2]), int(found[2])))
        else:
            spans.append((part, 0, 0))
    return spans


def overlap(one: Spans, other: Spans) -> bool:
    return any(a == b and first <= end and start <= last for a, first, last in one for b, start, end in other)
