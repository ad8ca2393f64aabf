"""分别: each figure of a list gets its own subject (A、B分别达到x和y) or its own year (2025年、2030年分别达到x、y)."""

from __future__ import annotations

import itertools
import re

from dafeng.planning.findings import Found
from dafeng.planning.frames import Frame
from dafeng.planning.numerals import Figure
from dafeng.planning.subjects import share_subjects

_TOGETHER = re.compile(r"\s*(?:、|和|与|及|以及|，)\s*")


def share_out(frame: Frame, offset: int, found: list[Found], figures: list[Figure]) -> None:
    """Give the targets of a sentence what each 分别 in it shares out. offset: of the sentence in the document."""
    for said in re.finditer("分别|分年度|逐年", frame.text):
        group = _group(frame.text, said.start(), offset, found, figures)
        if len(group) < 2:
            continue
        for one in group:
            if one.unit and group[-1].unit.startswith(one.unit):
                one.unit = group[-1].unit  # 20万、25万、30万平方米
        if not _by_year(frame, said.start(), group):
            begin = frame.segment(said.start())[0]
            subjects = share_subjects(frame.blank(begin, said.start()), len(group))
            for one, subject in zip(group, subjects, strict=False):
                one.subject, one.borrowed = subject, False


def _group(text: str, at: int, offset: int, found: list[Found], figures: list[Figure]) -> list[Found]:
    """The targets that follow one 分别 in an unbroken list."""
    ends = {figure.start: figure.end for figure in figures}
    group: list[Found] = []
    for one in found:
        here = one.at - offset
        if here < at:
            continue
        if not group:
            if "分别" in text[at + 3 : here]:
                break
        elif not _TOGETHER.fullmatch(text[ends.get(group[-1].at - offset, here) : here]):
            break
        group.append(one)
    return group


def _by_year(frame: Frame, at: int, group: list[Found]) -> bool:
    """Whether years were shared out: as many said before 分别 as there are figures, or a span of as many years."""
    years = [when for when in frame.frames if when.end <= at]
    run = years[-len(group) :]
    listed = all(_TOGETHER.fullmatch(frame.text[a.end : b.start]) for a, b in itertools.pairwise(run))
    if len(run) == len(group) and listed:
        for one, when in zip(group, run, strict=True):
            one.first, one.last = when.first if when.kind in ("span", "plan", "since") else None, when.last
        return True
    span = years[-1] if years else None
    if span is not None and span.kind == "span" and span.first and span.last == span.first + len(group) - 1:
        for year, one in enumerate(group, span.first):
            one.first, one.last = year, year
        return True
    return False
