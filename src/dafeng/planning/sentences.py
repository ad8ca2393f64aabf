"""One sentence of a plan → its targets, before they are numbered and joined with those of other sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from dafeng.planning.evidence import Context, why_not
from dafeng.planning.fullness import Full, find_full, find_peak
from dafeng.planning.numerals import Figure, find_figures
from dafeng.planning.subjects import share_subjects, subject_of
from dafeng.planning.times import When, find_times
from dafeng.planning.wording import Binding, force_in, read_binding

_COMMA = re.compile(r"[，；。！？\n]")
_SENTENCE = re.compile(r"[。！？\n]+")
_JOIN = re.compile(r"\s*(?:、|和|与|及|，|/|以及)\s*(?:约|近)?")
_TOGETHER = re.compile(r"\s*(?:、|和|与|及|以及|，)\s*")


@dataclass(slots=True)
class Found:
    """A target as found. start, end: its sentence in the document. at: where in it. parent: another Found."""

    start: int
    end: int
    at: int
    segment: str
    subject: str
    value: float | None
    unit: str
    comparator: str | None
    direction: str
    first: int | None = None
    last: int | None = None
    base_year: int | None = None
    scope: str | None = None
    qualifier: str | None = None
    force: str | None = None
    parent: Found | None = None
    dated: str = "none"  # own, sentence, paragraph or none: where the time comes from
    borrowed: bool = False  # the subject was said earlier
    plain: str = ""
    units: tuple | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that was not taken, and that a person should look at."""

    reason: str
    at: int
    text: str


@dataclass(slots=True)
class Reading:
    """What one text gave. figures: whether only figures are looked for. issued: year of the plan."""

    issued: int | None
    head: bool = False
    figures_only: bool = False
    found: list[Found] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def sentences(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of each sentence of plain[start:end], its full stop included."""
    out, begin = [], start
    for stop in _SENTENCE.finditer(plain, start, end):
        if plain[begin : stop.start()].strip():
            out.append((_skip(plain, begin), stop.end() if plain[stop.start()] != "\n" else stop.start()))
        begin = stop.end()
    if plain[begin:end].strip():
        out.append((_skip(plain, begin), end))
    return out


def _skip(plain: str, begin: int) -> int:
    while plain[begin].isspace():
        begin += 1
    return begin


def read_text(plain: str, texts: list[tuple[int, int]], reading: Reading) -> None:
    """Read every sentence of an item's texts. A sentence without a time takes the last of its paragraph."""
    for start, end in texts:
        inherited: When | None = None
        for begin, stop in sentences(plain, start, end):
            sentence = _Sentence(plain[begin:stop], begin, inherited, reading)
            sentence.read()
            inherited = sentence.last_time or inherited


class _Sentence:
    """Reads one sentence."""

    def __init__(self, text: str, offset: int, inherited: When | None, reading: Reading):
        self.text, self.offset, self.inherited, self.reading = text, offset, inherited, reading
        self.times = find_times(text)
        self.bases = [when for when in self.times if when.kind == "base"]
        self.frames = [when for when in self.times if when.kind != "base"]
        self.found: list[Found] = []
        self.bound: list[tuple[Figure, Binding]] = []

    @property
    def last_time(self) -> When | None:
        """What the next sentence of the paragraph may inherit."""
        return self.frames[-1] if self.frames else None

    def read(self) -> None:
        figures = [
            figure
            for figure in find_figures(self.text)
            if not any(when.start < figure.end and figure.start < when.end for when in self.times)
        ]
        previous: Figure | None = None
        taken_before = False
        for figure in figures:
            taken = self._figure(figure, previous, taken_before)
            previous, taken_before = figure, taken
        self._respectively(figures)
        if not self.reading.figures_only:
            self._full()
            if self.reading.head:
                self._peak()
        self.found.sort(key=lambda found: found.at)
        self.reading.found += self.found

    # ── figures ──

    def _figure(self, figure: Figure, previous: Figure | None, taken_before: bool) -> bool:
        """Take a figure as a target, or not; whether it was taken."""
        begin, stop = self._segment(figure.start)
        after = self._blank(figure.end, stop)
        gap = self.text[previous.end : figure.start] if previous is not None else None
        if previous is not None and gap is not None and taken_before and _continues(gap, previous, figure):
            return self._second(figure, after)
        before = self._blank(
            max(begin, previous.end if previous and previous.end > begin and taken_before else begin), figure.start
        )
        whole = self._blank(begin, figure.start)
        governing = self._time(figure.start)
        binding = read_binding((before.strip() and before) or whole, after)
        if re.match(r"\s*(?:、|和|与|及)", before) and self.found and not binding.verb and not binding.explicit:
            binding = read_binding(whole, after)
        context = Context(
            before=before,
            window=self._window(figure.start),
            after=after,
            quoted=self.text.count('"', 0, figure.start) % 2 == 1,
            follows=gap if previous is not None and previous.end >= begin else None,
            dated=governing is not None or self.inherited is not None,
            base_value=self._is_base_value(figure),
        )
        if governing is not None and governing.is_past(self.reading.issued):
            return False
        if figure.unit == "年":
            return False
        reason = why_not(figure, context, binding)
        if reason is not None:
            if reason.startswith("?"):
                self.reading.doubts.append(Doubt(reason[1:], self.offset + figure.start, self.text.strip()))
            return False
        self._take(figure, binding, before, after, begin, stop)
        return True

    def _take(self, figure: Figure, binding: Binding, before: str, after: str, begin: int, stop: int) -> None:
        subject = subject_of(before, after, figure.unit)
        borrowed = False
        if not subject and self.found:
            subject, borrowed = self.found[-1].subject, True
        elif not subject:
            subject, borrowed = subject_of(self._blank(0, figure.start), after, figure.unit), True
        parent = self._parent(begin, figure.start)
        comparator = ">=" if figure.upper is not None and binding.comparator == "=" else binding.comparator
        found = Found(
            self.offset, self.offset + len(self.text), self.offset + figure.start, self.text[begin:stop], subject,
            figure.value, figure.unit, comparator, binding.direction, force=self._force(begin, figure.start), parent=parent,
            borrowed=borrowed, plain=self.text, scope=_scope(self.text[begin : figure.start], parent is not None),
            qualifier=_written_range(self.text, figure) or ("每年" if binding.yearly else None),
        )  # fmt: skip
        self._date(found, figure.start)
        if parent is not None and found.dated != "own":
            found.first, found.last, found.dated = parent.first, parent.last, parent.dated
        found.base_year = self._base_year(figure.start, found, begin)
        found.confidence = _confidence(found, binding)
        self.found.append(found)
        self.bound.append((figure, binding))

    def _second(self, figure: Figure, after: str) -> bool:
        """A figure that goes on from the one before: 20万千瓦和45万千瓦, 1.5万千瓦/3万千瓦时."""
        last = self.found[-1]
        own = read_binding("", after)
        comparator = own.comparator if own.explicit else last.comparator
        self.found.append(
            replace(
                last,
                at=self.offset + figure.start,
                value=figure.value,
                unit=figure.unit or last.unit,
                comparator=comparator,
            )
        )
        return True

    def _respectively(self, figures: list[Figure]) -> None:
        """A、B分别达到x和y: each figure gets its own subject, or its own year (2025年、2030年分别达到)."""
        at = self.text.find("分别")
        if at < 0:
            return
        group: list[Found] = []
        for found in self.found:
            here = found.at - self.offset
            if here > at and (not group or _TOGETHER.fullmatch(self._between(group[-1], found, figures) or "x")):
                group.append(found)
        if len(group) < 2:
            return
        begin = self._segment(at)[0]
        years = [when for when in self.frames if when.end <= at]
        run = years[-len(group) :]
        if len(run) == len(group) and all(
            _TOGETHER.fullmatch(self.text[a.end : b.start]) for a, b in zip(run, run[1:], strict=False)
        ):
            for found, when in zip(group, run, strict=True):
                found.first, found.last = when.first if when.kind in ("span", "plan", "since") else None, when.last
            return
        subjects = share_subjects(self._blank(begin, at), len(group))
        for found, subject in zip(group, subjects, strict=False):
            found.subject, found.borrowed = subject, False

    def _between(self, one: Found, other: Found, figures: list[Figure]) -> str | None:
        end = next((figure.end for figure in figures if figure.start == one.at - self.offset), None)
        return None if end is None else self.text[end : other.at - self.offset]

    # ── words for full ──

    def _full(self) -> None:
        for begin, stop in self._segments():
            segment = self._blank(begin, stop)
            governing = self._time(stop)
            if governing is not None and governing.is_past(self.reading.issued):
                continue
            dated = governing is not None and governing.kind != "past"
            full = find_full(segment, dated=dated)
            if full is None or (self.reading.head and full.kind in ("full", "all", "cover")):
                continue
            if full.kind in ("all", "full") and any(begin <= found.at - self.offset < stop for found in self.found):
                continue
            if segment[: full.start].count('"') % 2 == 1 or re.search(r"已(?:经)?[^，]{0,4}$", segment[: full.start]):
                continue
            self._take_full(full, segment, begin, stop)

    def _take_full(self, full: Full, segment: str, begin: int, stop: int) -> None:
        at = begin + full.start
        subject = subject_of(segment[: full.start], segment[full.end :], "") or subject_of(
            self._blank(0, at), segment[full.end :], ""
        )
        direction = "limit" if full.kind in ("zero", "within") else "increase"
        if full.kind == "assigned" and re.search(r"下降|降低|降幅|能耗|能源消耗|二氧化碳", segment):
            direction = "decrease"
        found = Found(
            self.offset, self.offset + len(self.text), self.offset + at, self.text[begin:stop], subject, None, "",
            None, direction, qualifier=full.qualifier, force=self._force(begin, at), plain=self.text,
            scope=_scope(self.text[begin:at], False),
        )  # fmt: skip
        self._date(found, stop if full.kind == "assigned" else at)
        found.base_year = self._base_year(at, found, begin)
        found.confidence = {"full": 0.7, "all": 0.8, "cover": 0.8}.get(full.kind, 0.9) - (
            0.1 if found.dated == "none" else 0
        )
        self.found.append(found)

    def _peak(self) -> None:
        peak = find_peak(self.text)
        if peak is None:
            return
        begin, stop = self._segment(peak.start)
        found = Found(
            self.offset, self.offset + len(self.text), self.offset + peak.start, self.text[begin:stop], "碳达峰", None, "", "<=",
            "limit", qualifier="达峰", force=self._force(begin, peak.start), plain=self.text, confidence=0.95,
        )  # fmt: skip
        if peak.year is not None:
            found.last, found.comparator, found.dated = peak.year, "<" if peak.before else "<=", "own"
        else:
            self._date(found, peak.start)
            time = self._time(peak.start)
            found.comparator = "<" if time is not None and time.kind == "before" else "<="
            found.first = None
        self.found.append(found)

    # ── where things stand ──

    def _segments(self) -> list[tuple[int, int]]:
        edges = [-1, *(hit.start() for hit in _COMMA.finditer(self.text)), len(self.text)]
        return [
            (one + 1, other) for one, other in zip(edges, edges[1:], strict=False) if self.text[one + 1 : other].strip()
        ]

    def _segment(self, at: int) -> tuple[int, int]:
        """The clause between commas that holds a place."""
        begin = max((hit.end() for hit in _COMMA.finditer(self.text, 0, at)), default=0)
        after = _COMMA.search(self.text, at)
        return begin, after.start() if after else len(self.text)

    def _blank(self, begin: int, stop: int) -> str:
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

    def _time(self, at: int) -> When | None:
        """The time that governs a place: the last one said before it in the sentence."""
        before = [when for when in self.frames if when.start <= at]
        return before[-1] if before else None

    def _window(self, at: int) -> str:
        """The words that may say something exists already: from the time that governs a place, or the start of its
        part of the sentence."""
        governing = self._time(at)
        begin = (
            governing.start if governing is not None and governing.kind == "past" else governing.end if governing else 0
        )
        begin = max(begin, self.text.rfind("；", 0, at) + 1)
        return self._blank(begin, at)

    def _date(self, found: Found, at: int) -> None:
        when, dated = self._time(at), "own"
        if when is None:
            later = [one for one in self.frames if one.kind in ("by", "before", "in", "end", "plan", "plans", "span")]
            when, dated = (later[0], "sentence") if later else (self.inherited, "paragraph")
        if when is None or when.is_past(self.reading.issued):
            return
        if dated == "paragraph" and when.kind == "in":
            return
        found.dated = dated
        found.first, found.last = (when.first if when.kind in ("span", "plan", "plans", "since") else None), when.last
        if found.force is None and when.force:
            found.force = when.force

    def _is_base_value(self, figure: Figure) -> bool:
        """由2020年的8%提高到…: the figure of the base year itself."""
        return any(
            base.end <= figure.start and re.fullmatch(r"的?(?:约)?\s*", self.text[base.end : figure.start])
            for base in self.bases
        )

    def _base_year(self, at: int, found: Found, begin: int) -> int | None:
        """The year compared with: in the same clause, or said before when this clause goes on with a reduction."""
        here = [base for base in self.bases if begin <= base.start < at]
        if here:
            return here[-1].last
        earlier = [base for base in self.bases if base.start < at]
        if earlier and found.direction == "decrease" and found.borrowed:
            return earlier[-1].last
        return None

    def _parent(self, begin: int, at: int) -> Found | None:
        """其中: part of the target before it in the sentence."""
        if "其中" not in self.text[begin:at]:
            return None
        whole = [found for found in self.found if found.parent is None and found.value is not None]
        return whole[-1] if whole else None

    def _force(self, begin: int, at: int) -> str | None:
        return force_in(self.text[begin:at])


def _continues(gap: str, previous: Figure, figure: Figure) -> bool:
    gap = re.sub(r"^(?:左右|以上|以下|以内)", "", gap)
    if not _JOIN.fullmatch(gap):
        return False
    return "，" not in gap or previous.unit == figure.unit


def _written_range(text: str, figure: Figure) -> str | None:
    """A range as printed; its lower end is the value."""
    return text[figure.start : figure.end].strip() if figure.upper is not None else None


def _scope(before: str, part: bool) -> str | None:
    """The area or the part a target speaks of: 全区, 新建, or what 其中 picks out."""
    if part:
        picked = before.split("其中", 1)[-1].strip(" ：:，的")
        return re.sub(r"(?:不少于|不低于|达到|面积达到|建筑面积达到|的?比例|占比).*$", "", picked).strip("的") or None
    found = re.search(r"全[区市县州省]|[我本][区市县]|规模以上|公共机构|中心城区|城镇", before)
    return found[0] if found else None


def _confidence(found: Found, binding: Binding) -> float:
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
