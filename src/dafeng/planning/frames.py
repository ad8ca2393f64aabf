"""Where things stand in a sentence: its clauses between commas, the times said in it, and what governs what."""

from __future__ import annotations

import itertools
import re

from dafeng.planning.times import When, find_times

# 2000年以前建成的老旧小区: a year that says which things are meant, and governs nothing.
_WHICH = re.compile(
    r"(?:建成|建造|兴建|竣工|投产|投用|投运|交付|审批|批准|备案|出厂|登记|注册|生产|开工|立项)(?:并?投?[用入产])?[^，。；\d]{0,4}的"
)
_COMMA = re.compile(r"[，；。！？\n]")


class Frame:
    """A sentence in plain text with its times. bases: years compared with; frames: the times targets are due."""

    def __init__(self, text: str):
        self.text = text
        self.times = find_times(text)
        self.bases = [when for when in self.times if when.kind == "base"]
        self.frames = [when for when in self.times if when.kind != "base" and not self._tells_which(when)]

    def _tells_which(self, when: When) -> bool:
        return when.kind in ("in", "before", "since") and _WHICH.match(self.text, when.end) is not None

    def segments(self) -> list[tuple[int, int]]:
        edges = [-1, *(hit.start() for hit in _COMMA.finditer(self.text)), len(self.text)]
        return [(one + 1, other) for one, other in itertools.pairwise(edges) if self.text[one + 1 : other].strip()]

    def segment(self, at: int) -> tuple[int, int]:
        """The clause between commas that holds a place."""
        begin = max((hit.end() for hit in _COMMA.finditer(self.text, 0, at)), default=0)
        after = _COMMA.search(self.text, at)
        return begin, after.start() if after else len(self.text)

    def blank(self, begin: int, stop: int) -> str:
        """The text of a stretch with its times taken out (and the 的 behind them)."""
        out, at = "", begin
        for when in self.times:
            if when.end <= begin or when.start >= stop:
                continue
            out += self.text[at : max(at, when.start)]
            at = max(at, when.end)
            if self.text[at : at + 1] == "的" and at < stop:
                at += 1
        return out + self.text[at : max(at, stop)]

    def time(self, at: int) -> When | None:
        """The time that governs a place: the last one said before it in the sentence."""
        before = [when for when in self.frames if when.start <= at]
        return before[-1] if before else None

    def window(self, at: int) -> str:
        """The words that may say something exists already: from the time that governs a place, or the start of its
        part of the sentence."""
        governing = self.time(at)
        begin = (
            governing.start if governing is not None and governing.kind == "past" else governing.end if governing else 0
        )
        begin = max(begin, self.text.rfind("；", 0, at) + 1)
        return self.blank(begin, at)
