"""The targets of one plan, each with its figure, its path and its light."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dafeng.assessment.judgement import Aim, Judgement, judge, path
from dafeng.assessment.results import TargetRow
from dafeng.catalogue import Catalogue
from dafeng.catalogue.schema import Indicator
from dafeng.core.periods import five_year_start
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch
from dafeng.indicators import Evaluation
from dafeng.workflows.running import years_of

LIGHT_RULE = "light_standard"


@dataclass(frozen=True, slots=True)
class Given:
    """A value that came with a document: confirmed by, or assigned by, the city."""

    value: float
    unit: str
    document: str | None


@dataclass
class Facts:
    """What the run looks up beside indicators. ``today`` is the day on which it is asked, or as of which."""

    confirmed: Mapping[tuple[str, int], Given]
    assigned: Mapping[tuple[str, int], Given]
    reports: Mapping[tuple[str, str], list[dict[str, Any]]]
    last_loaded: Mapping[str, dt.date]
    today: dt.date


class PlanTargets:
    """The targets of one plan in one year."""

    def __init__(
        self, slug: str, plan: Mapping[str, Any], catalogue: Catalogue, work: Evaluation, facts: Facts,
        year: int, base_year: int, notes: list[tuple[str, str]],
    ):  # fmt: skip
        self.slug, self.plan, self.catalogue, self.work, self.facts = slug, plan, catalogue, work, facts
        self.year, self.base_year, self.notes = year, base_year, notes
        first, _ = years_of(plan)
        # A plan that says "from 2022 on" still belongs to the five-year plan that began in 2021.
        self.first_year = five_year_start(first) if first is not None else None
        self.actions = {
            target: action["no"] or ""
            for action in plan["actions"]
            for task in action["tasks"]
            for target in task["targets"]
        }

    def rows(self) -> list[TargetRow]:
        return [self.row(target) for target in self.plan["targets"]]

    def row(self, target: Mapping[str, Any]) -> TargetRow:
        """One target with everything that is known about it, in the unit in which the plan states it."""
        entry = self.catalogue.indicators.get(target.get("indicator") or "")
        if entry is None:
            if target.get("indicator"):
                self._note(
                    f"{target['clause']}：目录中没有指标 {target['indicator']}",
                    f"{target['clause']}: the catalogue has no indicator {target['indicator']}",
                )
            return self._bare(target)
        aim, aim_from = self.aim(target, entry)
        asked = min(self.year, aim.end) if aim.end else self.year
        held = self._latest(entry, aim, asked)
        own = self.work.figure(entry.id, held, aim.start, aim.base_year)
        confirmed = self._confirmed(entry, held, aim)
        value = confirmed.value if confirmed else own.value
        verdict = self._verdict(aim, value, held, entry, own.why)
        first = min(aim.base_year, aim.start)
        years = range(first, (aim.end or self.year) + 1)
        unit, one = self._shown(target, entry)
        scaled = lambda number: None if number is None else number * one  # noqa: E731
        return TargetRow(
            **self._said(target),
            target_value=scaled(aim.value), target_from=aim_from, year_from=aim.start, year_to=aim.end,
            unit=unit, unit_zh=self.catalogue.unit_words(unit, "zh"), unit_en=self.catalogue.unit_words(unit, "en"),
            indicator=entry.id, indicator_zh=entry.name.zh, indicator_en=entry.name.en, direction=entry.direction,
            shape=entry.shape, headline=entry.headline, precision=entry.precision, base_year=aim.base_year,
            indicator_unit=entry.unit, indicator_value=value,
            value=scaled(value), value_year=held, decided_by="confirmed" if confirmed else "own",
            own_value=scaled(own.value), confirmed_value=scaled(confirmed.value) if confirmed else None,
            confirmed_document=confirmed.document if confirmed else None,
            expected=scaled(verdict.expected), gap=scaled(verdict.gap), progress=verdict.progress,
            light=verdict.light, why_zh=verdict.why.zh, why_en=verdict.why.en,
            flags=tuple(self._flags(target, aim, own.records(), asked, held)),
            series=tuple((year, number * one) for year, number in self._series(entry, aim, first)),
            path=tuple((year, at * one) for year, at in path(aim, years, entry.direction)),
        )  # fmt: skip

    def _verdict(self, aim: Aim, value: float | None, held: int, entry: Indicator, why: Text | None) -> Judgement:
        if aim.start > self.year:
            begins = Text(f"{aim.start} 年开始", f"begins in {aim.start}")
            return Judgement("no_data", None, None, None, None, False, begins)
        today = self.facts.today
        elapsed = today.timetuple().tm_yday / 365 if held == today.year else 1.0
        verdict = judge(aim, value, held, entry.direction, self.catalogue.rules[LIGHT_RULE], elapsed)
        return replace(verdict, why=why) if value is None and why is not None else verdict

    def aim(self, target: Mapping[str, Any], entry: Indicator) -> tuple[Aim, str]:
        """What the target asks for in the indicator's unit, and where the figure came from: the plan itself, a value
        assigned by the city, or what the catalogue says its words mean."""
        period = target.get("period") or {}
        end = period.get("to")
        start = period.get("from") or self.first_year or (five_year_start(end) if end else self.base_year + 1)
        if end is None and entry.shape == "cumulative":
            # 新增约20座 with no year: due with the five-year plan in which it is counted; a flag says so.
            end = five_year_start(start) + 4
        base_year = target.get("base_year") or max(self.base_year, start - 1)
        if entry.shape == "reduction":
            # A cut is counted from the year after the one it is measured against (下降 65 % against 2005: from 2006).
            start = base_year + 1
        comparator = target.get("comparator") or ("<=" if entry.direction == "down" else ">=")
        value, source = self._value(target, entry, end)
        aim = Aim(value, comparator, entry.shape, start, base_year, end)
        if entry.shape == "level" and end is not None:
            base = self._known(entry, base_year, aim)
            aim = replace(aim, base=base, milestones=self._milestones(target, entry, aim, base))
        return aim, source

    def _milestones(
        self, target: Mapping[str, Any], entry: Indicator, aim: Aim, base: float | None
    ) -> tuple[tuple[int, float], ...]:
        """What the plan itself asks of the same indicator on the way (10 % in 2025, 15 % in 2030)."""
        assert aim.end is not None
        earlier = {
            other["period"]["to"]: self._value(other, entry, other["period"]["to"])[0]
            for other in self.plan["targets"]
            if other is not target
            and other.get("indicator") == entry.id
            and aim.base_year < ((other.get("period") or {}).get("to") or 0) < aim.end
        }
        known = {year: value for year, value in earlier.items() if value is not None}
        if not known or aim.value is None:
            return ()
        first = {aim.base_year: base} if base is not None else {}
        return tuple(sorted({**first, **known, aim.end: aim.value}.items()))

    def _latest(self, entry: Indicator, aim: Aim, asked: int) -> int:
        """The asked year, or the latest one before it (from the first year on) that has a figure."""
        for year in range(asked, aim.start - 1, -1):
            if self._known(entry, year, aim) is not None:
                return year
        return asked

    def _shown(self, target: Mapping[str, Any], entry: Indicator) -> tuple[str, float]:
        """The unit in which the plan states the target, and how many of it one of the indicator's unit is."""
        unit = target.get("unit") or ""
        if target.get("value") is None or not unit:
            return entry.unit, 1.0
        try:
            return unit, 1.0 / self._in_unit_of(entry, 1.0, unit)
        except (UnitMismatch, KeyError):
            return entry.unit, 1.0

    def _value(self, target: Mapping[str, Any], entry: Indicator, end: int | None) -> tuple[float | None, str]:
        if target.get("value") is not None:
            unit = target.get("unit") or "1"
            try:
                return self._in_unit_of(entry, float(target["value"]), unit), "plan"
            except (UnitMismatch, KeyError):
                self._note(
                    f"{target['clause']}：目标单位“{unit}”不能换算为指标“{entry.name.zh}”的单位“{entry.unit}”",
                    f"{target['clause']}: the target's unit “{unit}” cannot become “{entry.unit}”, "
                    f"the unit of “{entry.name.en}”",
                )
                return None, "unit"
        assigned = self._given(self.facts.assigned, entry, end or self.year)
        if assigned is not None:
            return assigned.value, "assigned"
        qualifier = target.get("qualifier") or ""
        for words, value in entry.means.items():
            if words in qualifier:
                return value, "means"
        return None, "none"

    def _in_unit_of(self, entry: Indicator, value: float, unit: str) -> float:
        """The value in the indicator's unit. Counted things keep their own words (座, 个); where the indicator says
        that its targets come in another word, one is one."""
        units = self.catalogue.unit_table
        try:
            return units.convert(value, unit, entry.unit)
        except UnitMismatch:
            if any(unit in match.units for match in entry.match) and units.counts(unit) and units.counts(entry.unit):
                return value * units.count_of(unit) / units.count_of(entry.unit)
            raise

    def _given(self, held: Mapping[tuple[str, int], Given], entry: Indicator, year: int) -> Given | None:
        """The value that came with a document, in the indicator's unit; one in a unit of another kind is not used."""
        found = held.get((entry.id, year))
        if found is None:
            return None
        unit = found.unit or entry.unit
        try:
            return Given(self.catalogue.unit_table.convert(found.value, unit, entry.unit), entry.unit, found.document)
        except (UnitMismatch, KeyError):
            self._note(
                f"指标“{entry.name.zh}”{year} 年核定或下达值的单位“{unit}”不能换算为“{entry.unit}”，该值没有采用",
                f"the unit “{unit}” of the value given for “{entry.name.en}” in {year} cannot become “{entry.unit}”; "
                "the value is not used",
            )
            return None

    def _note(self, zh: str, en: str) -> None:
        if (zh, en) not in self.notes:
            self.notes.append((zh, en))

    def _confirmed(self, entry: Indicator, year: int, aim: Aim) -> Given | None:
        """The city's figure; a cut that it confirmed is one against the district's base year."""
        if entry.shape == "reduction" and aim.base_year != self.base_year:
            return None
        return self._given(self.facts.confirmed, entry, year)

    def _known(self, entry: Indicator, year: int, aim: Aim) -> float | None:
        """The deciding value of a year: confirmed, or our own."""
        confirmed = self._confirmed(entry, year, aim)
        return confirmed.value if confirmed else self.work.figure(entry.id, year, aim.start, aim.base_year).value

    def _series(self, entry: Indicator, aim: Aim, first: int) -> Iterator[tuple[int, float]]:
        for year in range(first, min(self.year, self.facts.today.year) + 1):
            if entry.shape == "cumulative" and year < aim.start:
                continue
            value = self._known(entry, year, aim)
            if value is not None:
                yield year, value

    def _flags(
        self, target: Mapping[str, Any], aim: Aim, records: Mapping[str, set[int]], asked: int, held: int
    ) -> Iterator[str]:
        """What a reader must know beside the figure.

        ``not_begun``: its first year is still ahead; ``older``: the figure is of an earlier year than asked;
        ``due_assumed``: the plan names no year; ``partial``: the year is not over, or a register was last loaded
        before its end.
        """
        if aim.start > self.year:
            yield "not_begun"
        elif held != asked:
            yield "older"
        if aim.end is not None and not (target.get("period") or {}).get("to"):
            yield "due_assumed"
        loaded = [self.facts.last_loaded[name] for name in records if name in self.facts.last_loaded]
        if held >= self.facts.today.year or any(day <= dt.date(held, 12, 30) for day in loaded):
            yield "partial"

    def _said(self, target: Mapping[str, Any]) -> dict[str, Any]:
        """The parts of a row that the plan alone gives."""
        return {
            "plan": self.slug, "clause": target["clause"], "action": self.actions.get(target["id"], ""),
            "target": target["id"], "subject": target.get("subject") or "", "sentence": target.get("sentence") or "",
            "said": said(target), "comparator": target.get("comparator") or "",
            "units": tuple((unit["name"], unit["role"]) for unit in target.get("units") or ()),
        }  # fmt: skip

    def _bare(self, target: Mapping[str, Any]) -> TargetRow:
        """A target that no indicator answers: it stands in the table all the same."""
        period = target.get("period") or {}
        return TargetRow(
            **self._said(target),
            target_value=target.get("value"), target_from="plan" if target.get("value") is not None else "none",
            year_from=period.get("from"), year_to=period.get("to"), unit=target.get("unit") or "", indicator=None,
            indicator_zh="", indicator_en="", direction="", shape="", headline=False, value=None, value_year=None,
            decided_by="own", own_value=None, confirmed_value=None, confirmed_document=None, expected=None, gap=None,
            progress=None, light="no_data", why_zh="没有对应的指标", why_en="no indicator answers it",
        )  # fmt: skip


def said(target: Mapping[str, Any]) -> str:
    """The figure as the plan puts it: ``≥ 2.2 万千瓦``, ``完成市级下达指标``."""
    value = target.get("value")
    if value is None:
        return target.get("qualifier") or "—"
    signs = {">=": "≥", "<=": "≤", "=": "", "~": "≈", ">": ">", "<": "<"}
    sign = signs.get(target.get("comparator") or "", "")
    unit = target.get("unit") or ""
    number = f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"
    down = "−" if target.get("direction") == "decrease" and sign in ("", "≥", "≈", ">") else ""
    return f"{sign} {down}{number}{'' if unit in ('%', '') else ' '}{unit}".strip()
