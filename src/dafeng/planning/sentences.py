"""One sentence of a plan → its targets, before they are numbered and joined with those of other sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from dafeng.planning.characters import is_quoted
from dafeng.planning.evidence import Context, why_not
from dafeng.planning.findings import Doubt, Found, Reading
from dafeng.planning.frames import Frame
from dafeng.planning.fullness import Full, find_full, find_peak
from dafeng.planning.measures import COUNTS
from dafeng.planning.numerals import Figure, find_figures
from dafeng.planning.respective import share_out
from dafeng.planning.splitting import sentences
from dafeng.planning.subjects import subject_of, without_growth
from dafeng.planning.times import When
from dafeng.planning.traits import commits, confidence_of, scope_of, written_range
from dafeng.planning.wording import Binding, force_in, read_binding

_JOIN = re.compile(r"\s*(?:、|和|与|及|，|/|以及)\s*(?:约|近)?")
# What is left of the item before in a list, up to the mark between the two.
_ITEM = re.compile(r"[^、和与及]{0,24}?[、和与及]")
_INCLUDES = re.compile(r"其中|当中|[(，]\s*(?:含|包含|包括)")


def read_text(
    plain: str,
    texts: list[tuple[int, int]],
    reading: Reading,
    carried: When | None = None,
    due: Mapping[int, When] | None = None,
) -> When | None:
    """Read every sentence of an item's texts. A sentence without a time takes the last of its paragraph; a list that
    begins with 到2025年： or goes on after ； carries its time over its paragraphs. due: start of a text → the time a
    table gives it. Gives the time carried on."""
    for start, end in texts:
        inherited = (due or {}).get(start) or carried
        for begin, stop in sentences(plain, start, end):
            sentence = _Sentence(plain[begin:stop], begin, inherited, reading)
            sentence.read()
            inherited = sentence.last_time or inherited
        carried = inherited if plain[start:end].rstrip()[-1:] in (":", "；") else None
    return carried


class _Sentence:
    """Reads one sentence."""

    def __init__(self, text: str, offset: int, inherited: When | None, reading: Reading):
        self.text, self.offset, self.inherited, self.reading = text, offset, inherited, reading
        self.frame = Frame(text)
        self.found: list[Found] = []
        self.bound: list[Binding] = []

    @property
    def last_time(self) -> When | None:
        """What the next sentence of the paragraph may inherit."""
        return self.frame.frames[-1] if self.frame.frames else None

    def read(self) -> None:
        figures = [
            figure
            for figure in find_figures(self.text)
            if not any(when.start < figure.end and figure.start < when.end for when in self.frame.times)
        ]
        previous: Figure | None = None
        taken_before = False
        for figure in figures:
            taken = self._figure(figure, previous, taken_before)
            previous, taken_before = figure, taken
        share_out(self.frame, self.offset, self.found, figures)
        if not self.reading.figures_only:
            self._full()
            self._peak()
        self.found.sort(key=lambda found: found.at)
        self.reading.found += self.found

    # ── figures ──

    def _figure(self, figure: Figure, previous: Figure | None, taken_before: bool) -> bool:
        """Take a figure as a target, or not; whether it was taken."""
        begin, stop = self.frame.segment(figure.start)
        after = self.frame.blank(figure.end, stop)
        gap = self.text[previous.end : figure.start] if previous is not None else None
        if previous is not None and gap is not None and taken_before and _continues(gap, previous, figure, after):
            return self._second(figure, after)
        if previous is not None and taken_before and self._next_year(figure, previous):
            self._second(figure, after)
            self._date(self.found[-1], figure.start)
            return True
        governing = self.frame.time(figure.start)
        if figure.unit == "年" or (governing is not None and governing.is_past(self.reading.issued)):
            return False
        after_last = previous is not None and taken_before and previous.end > begin
        before = self.frame.blank(previous.end if previous is not None and after_last else begin, figure.start)
        before, binding = self._bound(figure, before, after, begin, after_last)
        context = Context(
            before=before,
            clause=self.text[begin : figure.start],
            window=self.frame.window(figure.start),
            after=after,
            quoted=is_quoted(self.text, figure.start),
            follows=gap if previous is not None and previous.end >= begin else None,
            dated=self._is_dated(figure.start),
            base_value=self._is_base_value(figure),
            ratio=previous is not None and taken_before and not previous.unit,
            listed=taken_before and self._goes_on(figure, before, after, begin),
        )
        reason = why_not(figure, context, binding)
        if reason is not None:
            if reason.startswith("?"):
                self.reading.doubts.append(Doubt(reason[1:], self.offset + figure.start, self.text.strip()))
            return False
        self._take(figure, binding, before, after, begin, stop)
        return True

    def _next_year(self, figure: Figure, previous: Figure) -> bool:
        """2025年的20%，2030年的30%: the same thing in a later year, with nothing else said."""
        said = any(previous.end <= when.start < figure.start for when in self.frame.frames)
        between = re.sub(r"^(?:左右|以上|以下|以内)", "", self.frame.blank(previous.end, figure.start))
        return said and figure.unit == previous.unit and re.fullmatch(r"\s*[、，和及]\s*", between) is not None

    def _bound(self, figure: Figure, before: str, after: str, begin: int, after_last: bool) -> tuple[str, Binding]:
        """The words before a figure and how it binds. One that goes on with a list (50个社区、10个园区; 其中甲10万吨)
        is bound by the verb of the first."""
        binding = read_binding(before if before.strip() else self.frame.blank(begin, figure.start), after)
        listed = _ITEM.match(before)
        if after_last and listed and self.bound and not _INCLUDES.search(listed[0]):
            before = before[listed.end() :]
            if not binding.verb and not binding.explicit:
                binding = replace(binding, verb=True, strong=self.bound[-1].strong)
        elif not binding.verb and not binding.explicit and (whole := self._parent(begin, figure.start)):
            binding = replace(binding, verb=whole.unit == figure.unit, strong=whole.unit == figure.unit)
        return before, binding

    def _goes_on(self, figure: Figure, before: str, after: str, begin: int) -> bool:
        """新增充电桩3100个以上，充电示范站2座: a noun and its count alone go on with the list before them."""
        if (
            not self.found
            or not self.bound
            or after.strip(" )")
            or not re.fullmatch(r"\s*[\u4e00-\u9fff]{2,16}", before)
        ):
            return False
        last = self.found[-1]
        near = self.frame.segment(max(begin - 2, 0))[0] <= last.at - self.offset < begin
        counts = [unit.lstrip("万亿千百十") in COUNTS for unit in (figure.unit, last.unit)]
        return near and all(counts) and self.bound[-1].strong and self.text[begin - 1 : begin] in "，、"

    def _is_dated(self, at: int) -> bool:
        """Whether a year governs a place, is said later in the sentence, or was said before in the paragraph."""
        return self.frame.time(at) is not None or bool(self.frame.frames) or self.inherited is not None

    def _take(self, figure: Figure, binding: Binding, before: str, after: str, begin: int, stop: int) -> None:
        subject = subject_of(before, after, figure.unit)
        borrowed = False
        if not subject and self.found:
            subject, borrowed = without_growth(self.found[-1].subject), True
        elif not subject:
            subject, borrowed = subject_of(self.frame.blank(0, figure.start), after, figure.unit), True
        parent = self._parent(begin, figure.start)
        comparator = ">=" if figure.upper is not None and binding.comparator == "=" else binding.comparator
        found = Found(
            self.offset,
            self.offset + len(self.text),
            self.offset + figure.start,
            self.text[begin:stop],
            subject,
            figure.value,
            figure.unit,
            comparator,
            binding.direction,
            force=self._force(begin, figure.start),
            parent=parent,
            borrowed=borrowed,
            plain=self.text,
            scope=scope_of(self.text[begin : figure.start], parent is not None),
            qualifier=written_range(self.text, figure) or ("每年" if binding.yearly else None),
        )
        self._date(found, figure.start)
        if parent is not None and found.dated != "own":
            found.first, found.last, found.dated = parent.first, parent.last, parent.dated
        found.base_year = self._base_year(figure.start, found, begin)
        found.confidence = confidence_of(found, binding)
        self.found.append(found)
        self.bound.append(binding)

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

    # ── words for full ──

    def _full(self) -> None:
        for begin, stop in self.frame.segments():
            segment = self.frame.blank(begin, stop)
            governing = self.frame.time(stop)
            if governing is not None and governing.is_past(self.reading.issued):
                continue
            dated = governing is not None and governing.kind != "past"
            full = find_full(segment, dated=dated)
            if full is None or (self.reading.head and not commits(full, segment, governing)):
                continue
            if self.reading.tail and (full.kind in ("full", "assigned") or governing is None):
                continue
            if full.kind in ("all", "full") and any(begin <= found.at - self.offset < stop for found in self.found):
                continue
            if is_quoted(segment, full.start) or re.search(r"已(?:经)?[^，]{0,4}$", segment[: full.start]):
                continue
            self._take_full(full, segment, begin, stop)

    def _take_full(self, full: Full, segment: str, begin: int, stop: int) -> None:
        at = self.text.find(full.qualifier, begin)
        subject, borrowed = self._full_subject(full, segment, begin)
        direction = "limit" if full.kind in ("zero", "within") else "increase"
        if full.kind == "assigned" and re.search(r"下降|降低|降幅|能耗|能源消耗|二氧化碳", segment):
            direction = "decrease"
        found = Found(
            self.offset,
            self.offset + len(self.text),
            self.offset + at,
            self.text[begin:stop],
            subject,
            None,
            "",
            None,
            direction,
            qualifier=full.said,
            force=self._force(begin, at),
            plain=self.text,
            scope=scope_of(self.text[begin:at], False),
            borrowed=borrowed,
        )
        self._date(found, stop if full.kind == "assigned" else at)
        found.base_year = self._base_year(at, found, begin)
        found.confidence = {"full": 0.7, "all": 0.8, "cover": 0.8}.get(full.kind, 0.9) - (
            0.1 if found.dated == "none" else 0
        )
        self.found.append(found)

    def _full_subject(self, full: Full, segment: str, begin: int) -> tuple[str, bool]:
        """What is to be full, and whether it was said earlier in the sentence."""
        if full.qualifier.startswith("覆盖"):
            return subject_of(segment[full.end :], "", ""), False
        if full.kind == "assigned" and (
            named := re.search(r"下达的([\u4e00-\u9fff]{4,})(?:目标|指标|任务)", full.qualifier)
        ):
            return named[1], False
        if subject := subject_of(segment[: full.start], "", ""):
            return subject, False
        if full.kind in ("all", "full") and (behind := re.match(r"[\u4e00-\u9fff\d/]+", segment[full.end :])):
            return behind[0][:30], False
        earlier = [found for found in self.found if found.at - self.offset < begin and found.subject]
        if earlier:
            return without_growth(earlier[-1].subject), True
        before = [
            piece for start, stop in self.frame.segments() if stop < begin for piece in [self.frame.blank(start, stop)]
        ]
        return subject_of(before[-1], "", "") if before else "", True

    def _peak(self) -> None:
        """Peaking itself. Among the tasks only what peaks by a year of its own is a target (石油消费2030年前达峰)."""
        peak = find_peak(self.text)
        if peak is None or self.reading.tail or (peak.year is None and not self.reading.head):
            return
        begin, stop = self.frame.segment(peak.start)
        subject = "碳达峰" if self.reading.head else subject_of(self.frame.blank(begin, peak.start), "", "") or "碳达峰"
        found = Found(
            self.offset,
            self.offset + len(self.text),
            self.offset + peak.start,
            self.text[begin:stop],
            subject,
            None,
            "",
            "<=",
            "limit",
            qualifier="达峰",
            force=self._force(begin, peak.start),
            plain=self.text,
            confidence=0.95,
        )
        if peak.year is not None:
            found.last, found.comparator, found.dated = peak.year, "<" if peak.before else "<=", "own"
        else:
            self._date(found, peak.start)
            time = self.frame.time(peak.start)
            found.comparator = "<" if time is not None and time.kind == "before" else "<="
            found.first = None
        self.found.append(found)

    # ── time, base, parent ──

    def _date(self, found: Found, at: int) -> None:
        when, dated = self.frame.time(at), "own"
        if when is None:
            later = [
                one for one in self.frame.frames if one.kind in ("by", "before", "in", "end", "plan", "plans", "span")
            ]
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
        return figure.unit not in ("番", "倍") and any(
            base.end <= figure.start and re.fullmatch(r"的?(?:约)?\s*", self.text[base.end : figure.start])
            for base in self.frame.bases
        )

    def _base_year(self, at: int, found: Found, begin: int) -> int | None:
        """The year compared with: in the same clause, or said before when this clause goes on with a reduction."""
        here = [base for base in self.frame.bases if begin <= base.start < at]
        if here:
            return here[-1].last
        behind = next((base for base in self.frame.bases if at < base.start < self.frame.segment(at)[1]), None)
        if behind is not None and re.search(r"\([^()]*$", self.text[at : behind.start]):
            return behind.last  # 下降14%(以2020年为基期)
        earlier = [base for base in self.frame.bases if base.start < at]
        if earlier and found.direction == "decrease":
            base = earlier[-1]
            alone = not self.frame.blank(*self.frame.segment(base.start)).strip()
            goes_on = found.unit == "%" and self.frame.time(at) is self.frame.time(base.start)
            if found.borrowed or alone or goes_on:
                return base.last
        return None

    def _parent(self, begin: int, at: int) -> Found | None:
        """其中: part of the target before it in the sentence."""
        if not _INCLUDES.search(self.text[begin:at]):
            return None
        whole = [found for found in self.found if found.parent is None and found.value is not None]
        return whole[-1] if whole else None

    def _force(self, begin: int, at: int) -> str | None:
        return force_in(self.text[begin:at])


def _continues(gap: str, previous: Figure, figure: Figure, after: str) -> bool:
    gap = re.sub(r"^(?:左右|以上|以下|以内)", "", gap)
    if not _JOIN.fullmatch(gap):
        return False
    if "，" not in gap:
        return True
    # 创建率达60%，70%以上的学校…: the second speaks of something else.
    return previous.unit == figure.unit and not re.match(r"(?:左右|以上|以下|以内)?的[\u4e00-\u9fff]", after)
