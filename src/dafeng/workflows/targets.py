"""From plans and records to the results of a run: each target with its figure, its path, its light."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dafeng import __version__
from dafeng.assessment.judgement import Aim, Judgement, judge, path
from dafeng.assessment.results import FigureRow, PlanHead, Results, TargetRow, TaskRow
from dafeng.catalogue import Catalogue
from dafeng.catalogue.check import check_catalogue
from dafeng.catalogue.schema import Indicator
from dafeng.core.errors import BadInput
from dafeng.core.periods import five_year_start
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch
from dafeng.indicators import Evaluation
from dafeng.indicators.checking import check_indicators
from dafeng.store import Store
from dafeng.store.history import last_loaded
from dafeng.workflows.district import District
from dafeng.workflows.running import evaluation, read_plans, years_of

LIGHT_RULE = "light_standard"
# Shipped entries are shown as kind/file, a district's own by their path.
SHIPPED_KIND = "indicators/"


@dataclass(frozen=True, slots=True)
class Given:
    """A value that came with a document: confirmed by, or assigned by, the city."""

    value: float
    unit: str
    document: str | None


@dataclass
class Facts:
    """What the run looks up beside indicators."""

    confirmed: Mapping[tuple[str, int], Given]
    assigned: Mapping[tuple[str, int], Given]
    reports: Mapping[tuple[str, str], list[dict[str, Any]]]
    last_loaded: Mapping[str, dt.date]


def compute(
    district: District,
    store: Store,
    year: int,
    *,
    foundations: Mapping[str, str],
    digest: str,
    as_known: dt.date | None,
) -> Results:
    """Everything ``dafeng run`` answers, computed from scratch."""
    catalogue = district.catalogue
    wrong = [*check_catalogue(catalogue), *check_indicators(catalogue)]
    if wrong:
        raise BadInput(wrong)
    plans = read_plans(district)
    work = evaluation(district, store, as_known)
    facts = _facts(catalogue, store, as_known)
    notes: list[tuple[str, str]] = []
    rows: list[TargetRow] = []
    for slug, plan in plans.items():
        rows += _Plan(slug, plan, catalogue, work, facts, year, district.base_year, notes).rows()
    rows = _successions(rows, plans)
    today = as_known or dt.date.today()
    return Results(
        district=district.name, district_en=district.name_en, synthetic=district.synthetic,
        year=year, base_year=district.base_year, as_known_on=today.isoformat(),
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), digest=digest, code=__version__,
        catalogue=foundations["catalogue"],
        foundations=dict(foundations),
        figures=tuple(_figures(catalogue, work, rows, year, district.base_year)),
        plans=tuple(_head(slug, plan) for slug, plan in plans.items()),
        targets=tuple(rows), tasks=tuple(task for slug, plan in plans.items() for task in _tasks(slug, plan, facts)),
        registers=store.counts(), notes=tuple(notes), partial_year=year >= today.year,
    )  # fmt: skip


def _facts(catalogue: Catalogue, store: Store, as_known: dt.date | None) -> Facts:
    def rows(register: str) -> Iterator[dict[str, Any]]:
        if register in catalogue.registers:
            yield from store.frame(catalogue.registers[register], as_known).iter_rows(named=True)

    def given(register: str) -> dict[tuple[str, int], Given]:
        return {
            (row["indicator"], row["year"]): Given(row["value"], row["unit"], row.get("document"))
            for row in rows(register)
            if row["value"] is not None
        }

    reports: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows("task_progress"):
        reports.setdefault((row["plan"], str(row["clause"])), []).append(
            {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}
        )
    return Facts(given("confirmed_values"), given("assigned_targets"), reports, last_loaded(store, as_known))


class _Plan:
    """The targets of one plan in one year."""

    def __init__(
        self, slug: str, plan: Mapping[str, Any], catalogue: Catalogue, work: Evaluation, facts: Facts,
        year: int, base_year: int, notes: list[tuple[str, str]],
    ):  # fmt: skip
        self.slug, self.plan, self.catalogue, self.work, self.facts = slug, plan, catalogue, work, facts
        self.year, self.base_year, self.notes = year, base_year, notes
        self.first_year, self.last_year = years_of(plan)
        self.actions = {
            target: action["no"] or ""
            for action in plan["actions"]
            for task in action["tasks"]
            for target in task["targets"]
        }

    def rows(self) -> list[TargetRow]:
        return [self.row(target) for target in self.plan["targets"]]

    def row(self, target: Mapping[str, Any]) -> TargetRow:
        entry = self.catalogue.indicators.get(target.get("indicator") or "")
        if entry is None:
            return self._bare(target)
        aim, aim_from = self.aim(target, entry)
        asked = min(self.year, aim.end) if aim.end else self.year
        held = self._latest(entry, aim, asked)
        own = self.work.figure(entry.id, held, aim.start)
        confirmed = self._given(self.facts.confirmed, entry, held)
        value = confirmed.value if confirmed else own.value
        if self._not_begun(target):
            first = target["period"]["from"]
            verdict = Judgement("no_data", None, None, None, None, False, Text(f"{first} 年开始", f"begins in {first}"))
        else:
            verdict = judge(aim, value, held, entry.direction, self.catalogue.rules[LIGHT_RULE])
            if value is None and own.why is not None:
                verdict = replace(verdict, why=own.why)
        years = range(min(self.base_year, aim.start), min(self.year, dt.date.today().year) + 1)
        return TargetRow(
            **self._said(target),
            target_value=aim.value, target_from=aim_from, year_from=aim.start, year_to=aim.end, unit=entry.unit,
            indicator=entry.id, indicator_zh=entry.name.zh, indicator_en=entry.name.en, direction=entry.direction,
            shape=entry.shape, headline=entry.headline, precision=entry.precision,
            unit_zh=self.catalogue.unit_words(entry.unit, "zh"), unit_en=self.catalogue.unit_words(entry.unit, "en"),
            value=value, value_year=held, decided_by="confirmed" if confirmed else "own", own_value=own.value,
            confirmed_value=confirmed.value if confirmed else None,
            confirmed_document=confirmed.document if confirmed else None,
            expected=verdict.expected, gap=verdict.gap, progress=verdict.progress, light=verdict.light,
            why_zh=verdict.why.zh, why_en=verdict.why.en,
            flags=tuple(self._flags(target, aim, own.records(), asked, held)),
            series=tuple(self._series(entry, aim.start, years)),
            path=tuple(path(aim, range(min(self.base_year, aim.start), (aim.end or self.year) + 1))),
        )  # fmt: skip

    def aim(self, target: Mapping[str, Any], entry: Indicator) -> tuple[Aim, str]:
        """What the target asks for in the indicator's unit, and where the figure came from: the plan itself, a value
        assigned by the city, or what the catalogue says its words mean."""
        period = target.get("period") or {}
        end = period.get("to")
        start = period.get("from") or (five_year_start(end) if end else self.first_year) or self.base_year + 1
        base_year = target.get("base_year") or (self.base_year if start > self.base_year else start - 1)
        if end is None and entry.shape == "cumulative":
            # 新增约20座 with no year: due with the five-year plan in which it is counted; a flag says so.
            end = five_year_start(start) + 4
        comparator = target.get("comparator") or ("<=" if entry.direction == "down" else ">=")
        value, source = self._value(target, entry, end)
        base = None
        if entry.shape == "level" and end is not None:
            base_year = base_year if base_year < end else start - 1
            base = self._known(entry, base_year, start)
        return Aim(value, comparator, entry.shape, start, base_year, end, base), source

    def _latest(self, entry: Indicator, aim: Aim, asked: int) -> int:
        """The asked year, or the latest one before it (after the base year) that has a figure."""
        for year in range(asked, max(self.base_year, aim.start - 1), -1):
            if self._known(entry, year, aim.start) is not None:
                return year
        return asked

    def _value(self, target: Mapping[str, Any], entry: Indicator, end: int | None) -> tuple[float | None, str]:
        if target.get("value") is not None:
            unit = target.get("unit") or "1"
            try:
                return self._in_unit_of(entry, float(target["value"]), unit), "plan"
            except (UnitMismatch, KeyError):
                self.notes.append(
                    (
                        f"{target['clause']}：目标单位“{unit}”不能换算为指标“{entry.name.zh}”的单位“{entry.unit}”",
                        f"{target['clause']}: the target's unit “{unit}” cannot become “{entry.unit}”, "
                        f"the unit of “{entry.name.en}”",
                    )
                )
                return None, "unit"
        assigned = self.facts.assigned.get((entry.id, end or self.year))
        if assigned is not None:
            return self._converted(assigned, entry).value, "assigned"
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
        found = held.get((entry.id, year))
        return self._converted(found, entry) if found else None

    def _converted(self, given: Given, entry: Indicator) -> Given:
        unit = given.unit or entry.unit
        try:
            return Given(self.catalogue.unit_table.convert(given.value, unit, entry.unit), entry.unit, given.document)
        except (UnitMismatch, KeyError):
            self.notes.append(
                (
                    f"指标“{entry.name.zh}”的核定值单位“{unit}”不能换算为“{entry.unit}”，未采用其单位",
                    f"the unit “{unit}” given for “{entry.name.en}” cannot become “{entry.unit}”; taken as it stands",
                )
            )
            return given

    def _known(self, entry: Indicator, year: int, start: int) -> float | None:
        """The deciding value of a year: confirmed, or our own."""
        confirmed = self._given(self.facts.confirmed, entry, year)
        return confirmed.value if confirmed else self.work.figure(entry.id, year, start).value

    def _series(self, entry: Indicator, start: int, years: range) -> Iterator[tuple[int, float]]:
        for year in years:
            if entry.shape == "cumulative" and year < start:
                continue
            value = self._known(entry, year, start)
            if value is not None:
                yield year, value

    def _not_begun(self, target: Mapping[str, Any]) -> bool:
        first = (target.get("period") or {}).get("from")
        return first is not None and first > self.year

    def _flags(
        self, target: Mapping[str, Any], aim: Aim, records: Mapping[str, set[int]], asked: int, held: int
    ) -> Iterator[str]:
        """``partial``: the year is not over, or a register was last loaded before its end; ``older``: the figure is of
        an earlier year than asked; ``due_assumed``: the plan names no year."""
        if held != asked:
            yield "older"
        if aim.end is not None and not (target.get("period") or {}).get("to"):
            yield "due_assumed"
        loaded = [self.facts.last_loaded[name] for name in records if name in self.facts.last_loaded]
        if held >= dt.date.today().year or any(day <= dt.date(held, 12, 30) for day in loaded):
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


def _figures(
    catalogue: Catalogue, work: Evaluation, rows: list[TargetRow], year: int, base_year: int
) -> Iterator[FigureRow]:
    """Head figures and the district's own indicators that no target asks for."""
    asked = {row.indicator for row in rows}
    for entry in catalogue.indicators.values():
        local = not catalogue.files["indicators", entry.id][-1].startswith(SHIPPED_KIND)
        if entry.id in asked or not (entry.headline or local):
            continue
        figure = work.figure(entry.id, year)
        known = [(at, work.figure(entry.id, at).value) for at in range(base_year, year + 1)]
        why = figure.why or Text("", "")
        yield FigureRow(
            entry.id, entry.name.zh, entry.name.en, entry.unit, entry.direction, entry.owner, local, figure.value, year,
            why.zh, why.en, tuple((at, value) for at, value in known if value is not None), entry.precision,
            catalogue.unit_words(entry.unit, "zh"), catalogue.unit_words(entry.unit, "en"),
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


def _head(slug: str, plan: Mapping[str, Any]) -> PlanHead:
    first, last = years_of(plan)
    actions = tuple((action["no"] or "", action["title"] or "") for action in plan["actions"])
    level, succeeds = plan.get("level") or "district", plan.get("succeeds")
    return PlanHead(slug, plan["title"] or slug, plan.get("number"), level, first, last, succeeds, actions)


def _tasks(slug: str, plan: Mapping[str, Any], facts: Facts) -> Iterator[TaskRow]:
    parts = [("action", action["no"] or "", task) for action in plan["actions"] for task in action["tasks"]]
    parts += [(part, "", task) for part in ("safeguards", "organisation") for task in plan[part]]
    for part, action, task in parts:
        units = tuple((unit["name"], unit["role"]) for unit in task["units"])
        reported = tuple(facts.reports.get((slug, task["clause"]), ()))
        yield TaskRow(slug, part, action, task["clause"], task["title"], units, tuple(task["targets"]), reported)


def _successions(rows: list[TargetRow], plans: Mapping[str, Mapping[str, Any]]) -> list[TargetRow]:
    """Where a later plan asks for the same indicator by the same year, the earlier target names its successor."""
    order = {slug: number for number, slug in enumerate(plans)}
    newest: dict[tuple[str | None, int | None], TargetRow] = {}
    for row in rows:
        key = (row.indicator, row.year_to)
        if key not in newest or order[row.plan] > order[newest[key].plan]:
            newest[key] = row

    def followed(row: TargetRow) -> TargetRow:
        later = newest[row.indicator, row.year_to]
        if row.indicator is None or order[later.plan] <= order[row.plan]:
            return row
        return replace(row, superseded_by=f"{later.plan} {later.clause}")

    return [followed(row) for row in rows]
