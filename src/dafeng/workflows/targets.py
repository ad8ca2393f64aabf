"""From plans and records to the results of a run: each target with its figure, its path, its light."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dafeng import __version__
from dafeng.assessment.judgement import check_rules
from dafeng.assessment.results import FigureRow, IndicatorValue, PlanHead, Results, TargetRow, TaskRow
from dafeng.catalogue import Catalogue
from dafeng.catalogue.check import check_catalogue
from dafeng.core.errors import BadInput
from dafeng.core.text import Text
from dafeng.indicators import Evaluation
from dafeng.indicators.checking import check_indicators
from dafeng.store import Store
from dafeng.workflows.district import District
from dafeng.workflows.judging import Facts, Given, PlanTargets
from dafeng.workflows.running import evaluation, read_plans, years_of

# Shipped entries are shown as kind/file, a district's own by their path.
SHIPPED_KIND = "indicators/"


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
    wrong = [*check_catalogue(catalogue), *check_rules(catalogue), *check_indicators(catalogue)]
    if wrong:
        raise BadInput(wrong)
    plans = read_plans(district)
    work = evaluation(district, store, as_known)
    today = as_known or dt.date.today()
    facts = _facts(catalogue, store, as_known, today)
    notes = list(_unheard(catalogue, facts))
    rows: list[TargetRow] = []
    for slug, plan in plans.items():
        rows += PlanTargets(slug, plan, catalogue, work, facts, year, district.base_year, notes).rows()
    rows = _successions(rows, plans)
    return Results(
        district=district.name, district_en=district.name_en, synthetic=district.synthetic,
        year=year, base_year=district.base_year, as_known_on=today.isoformat(),
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), digest=digest, code=__version__,
        catalogue=foundations["catalogue"],
        foundations=dict(foundations),
        values=tuple(_values(catalogue, work, year)),
        figures=tuple(_figures(catalogue, work, rows, year, district.base_year)),
        plans=tuple(_head(slug, plan) for slug, plan in plans.items()),
        targets=tuple(rows), tasks=tuple(task for slug, plan in plans.items() for task in _tasks(slug, plan, facts)),
        registers=_held(catalogue, store, as_known), notes=tuple(notes), partial_year=year >= today.year,
    )  # fmt: skip


def _held(catalogue: Catalogue, store: Store, as_known: dt.date | None) -> Mapping[str, int]:
    """Records by register, as far as they were known."""
    if as_known is None:
        return store.counts()
    known = {name: store.frame(catalogue.registers[name], as_known).height for name in store.last_loaded(as_known)
             if name in catalogue.registers}  # fmt: skip
    return {name: count for name, count in known.items() if count}


def _facts(catalogue: Catalogue, store: Store, as_known: dt.date | None, today: dt.date) -> Facts:
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
    return Facts(given("confirmed_values"), given("assigned_targets"), reports, store.last_loaded(as_known), today)


def _unheard(catalogue: Catalogue, facts: Facts) -> Iterator[tuple[str, str]]:
    """Values that came with a document for an indicator that is none: a slip in its name must not silence the city."""
    named = sorted({indicator for indicator, _ in (*facts.confirmed, *facts.assigned)} - set(catalogue.indicators))
    for name in named:
        yield (
            f"核定或下达的值写给指标 {name}，目录中没有这个指标，该值没有采用",
            f"a value is confirmed or assigned for the indicator {name}, which the catalogue has not; it is not used",
        )


def _values(catalogue: Catalogue, work: Evaluation, year: int) -> Iterator[IndicatorValue]:
    for entry in catalogue.indicators.values():
        value = work.figure(entry.id, year).value
        words = catalogue.unit_words(entry.unit, "zh"), catalogue.unit_words(entry.unit, "en")
        yield IndicatorValue(entry.id, entry.name.zh, entry.name.en, entry.unit, value, *words)


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
