"""Monthly early warning: the year so far against last year and against the budget, and where the year is heading.

Electricity and gas come by month, most other energy does not: what is watched is what is there by month. A month that
is missing is named and left out on both sides, never counted as zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dafeng.accounting.book import Book
from dafeng.accounting.formula_cells import figure, gap, words
from dafeng.accounting.lights import LIGHT_WORDS, light
from dafeng.accounting.season import MONTHS, Projection, project
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.accounting.watched import LEDGER, TCE, Watched, watched
from dafeng.catalogue.schema import Rule
from dafeng.core.errors import WARNING, BadInput, Place, Problem
from dafeng.core.text import Text, same
from dafeng.indicators.facts import Facts

RULE = "dual_control_warning"
GREEN = ("done", "on_course")
RED = "behind"

_COLUMNS = (
    Column("so_far", Text("当年累计", "Year to date"), "tce", TCE, 0),
    Column("last_year", Text("上年同期", "Same months last year"), "tce", TCE, 0),
    Column("growth", Text("同比增长", "Growth"), "%", digits=2),
    Column("budget", Text("年度预算", "Budget of the year"), "tce", TCE, 0),
    Column("budget_so_far", Text("预算进度", "Budget to date"), "tce", TCE, 0),
    Column("used", Text("预算进度执行率", "Used of budget to date"), "%", digits=2),
    Column("projected", Text("全年推算", "Projected year"), "tce", TCE, 0),
    Column("low", Text("推算下限", "Lower end"), "tce", TCE, 0),
    Column("high", Text("推算上限", "Upper end"), "tce", TCE, 0),
    Column("coverage", Text("落在范围内的把握", "Chance of lying within"), "%", digits=0),
    Column("past_years", Text("所依往年数", "Earlier years used"), "年", digits=0),
    Column("light", Text("灯号", "Light"), ""),
    Column("first_yellow", Text("首次转黄或转红月份", "First month not green"), "月", digits=0),
    Column("first_red", Text("首次转红月份", "First red month"), "月", digits=0),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands after a month. held: months of the year that are there, month → gce; missing: those
    up to the month that are not."""

    held: Mapping[int, int]
    missing: tuple[int, ...]
    projection: Projection | None
    budget: int | None
    light: str = field(default="no_data")

    @property
    def so_far(self) -> int:
        return sum(self.held.values())


def early_warning(
    facts: Facts, book: Book, month: str | None = None, budgets: Mapping[str, float] | None = None
) -> tuple[Table, list[Problem]]:
    """``early_warning``: a row per thing watched (electricity, gas, their sum; each receiver of the monthly ledger).

    month: the last month looked at (``2025-06``); the latest there is, if not given. budgets: row code → budget of the
    year in tce, before those of the ledger; what has neither is held to the growth that the ledger's budget allows.
    Raises BadInput when ``month`` is none."""
    things, problems = watched(facts, book)
    at = (
        _month(month)
        if month is not None
        else max((one.latest for one in things if one.latest is not None), default=None)
    )
    if at is None:
        return _table(0, None, [], []), [*problems, _no_months()]
    year, last = at
    given = {code: round(value * TCE) for code, value in (budgets or {}).items()}
    growth = allowed_growth(things, year)
    rule = book.catalogue.rules[RULE]
    rows = []
    for one in things:
        budget = given.get(one.code, one.budgets.get(year))
        implied = None if budget is not None else _implied(one, year, growth)
        standing = stand(one, year, last, budget if budget is not None else implied, rule)
        if not standing.held and not one.in_year(year - 1):
            continue
        if standing.missing:
            problems.append(_missing(one, year, standing.missing))
        cells = _cells(one, year, last, standing, rule)
        if implied is not None and growth is not None and cells["budget"].value is not None:
            cells["budget"] = _implied_cell(implied, growth)
        rows.append(Row(one.code, one.name, cells, one.parent, depth=one.depth))
    if not rows:
        problems.append(_no_months())
    return _table(year, last, rows, _notes(year, last)), problems


def stand(one: Watched, year: int, last: int, budget: int | None, rule: Rule) -> Standing:
    """Where it stands after ``last``, knowing nothing later; the season is that of complete earlier years."""
    held = {month: one.months[year, month] for month in MONTHS if month <= last and (year, month) in one.months}
    missing = tuple(month for month in MONTHS if month <= last and month not in held)
    projection = project(held, one.complete_years(before=year), year)
    found = light(rule, has_data=projection is not None)
    if projection is not None and budget is not None:
        most = projection.total if projection.high is None else projection.high
        kept = budget / projection.total if projection.total else 1.0
        found = light(rule, has_data=True, met=most <= budget, progress=kept)
    return Standing(held, missing, projection, budget, found)


def allowed_growth(things: Sequence[Watched], year: int) -> float | None:
    """How much more than last year the ledger's budget allows: Σ budgets / Σ last year; None where either is not
    whole. What has no budget of its own (electricity, gas) is then held to the same growth."""
    for one in things:
        before = [one.months.get((year - 1, month)) for month in MONTHS]
        if one.register == LEDGER and one.parent is None and year in one.budgets and None not in before:
            whole = sum(value for value in before if value is not None)
            return one.budgets[year] / whole if whole else None
    return None


def _implied(one: Watched, year: int, growth: float | None) -> int | None:
    before = [one.months.get((year - 1, month)) for month in MONTHS]
    if growth is None or None in before:
        return None
    return round(growth * sum(value for value in before if value is not None))


def _implied_cell(implied: int, growth: float) -> Cell:
    why = Text(
        f"没有单列预算，按台账总预算与上年之比（{growth:.4f}）推算",
        f"no budget of its own: last year × the ledger's budget over last year ({growth:.4f})",
    )
    inputs = {"growth": f"{growth:.6g}"}
    return Cell(implied, reason=why, estimated=implied, formula="last year × Σ budgets / Σ last year", inputs=inputs)


def first_turn(one: Watched, year: int, last: int, budget: int | None, rule: Rule, *, red: bool) -> int | None:
    """First month whose light is red, or, not asking for red, no longer green."""
    for month in range(1, last + 1):
        found = stand(one, year, month, budget, rule).light
        if found == RED or (not red and found not in (*GREEN, "no_data")):
            return month
    return None


# ── cells ──


def _cells(one: Watched, year: int, last: int, standing: Standing, rule: Rule) -> dict[str, Cell]:
    none = Text(f"{year} 年 1—{last} 月没有数据", f"no month of {year} up to {last} is there")
    if not standing.held:
        return {column.id: gap(none) for column in _COLUMNS}
    before = [one.months.get((year - 1, month)) for month in standing.held]
    past = None if None in before else sum(value for value in before if value is not None)
    short = _months_text(year, standing.missing) if standing.missing else None
    no_past = Text("上年同期月份不全", "months of last year are missing")
    growth = None if not past else 100 * (standing.so_far / past - 1)
    cells = {
        "so_far": figure(standing.so_far, "Σ months held", why=short),
        "last_year": figure(past, "Σ same months, last year", why=no_past if past is None else short),
        "growth": figure(growth, "so_far / last_year − 1", why=no_past if growth is None else None),
    }
    return (
        cells
        | _budget_cells(standing)
        | _projection_cells(standing.projection)
        | _turns(one, year, last, standing, rule)
    )


def _budget_cells(standing: Standing) -> dict[str, Cell]:
    budget, projection = standing.budget, standing.projection
    none = Text("没有年度预算", "no budget for the year")
    if budget is None or projection is None:
        return {name: gap(none) for name in ("budget", "budget_so_far", "used")}
    so_far = round(budget * projection.share)
    return {
        "budget": figure(budget, "budget of the year"),
        "budget_so_far": figure(so_far, "budget × seasonal share", share=f"{100 * projection.share:.2f} %"),
        "used": figure(100 * standing.so_far / so_far if so_far else None, "so_far / budget_so_far"),
    }


def _projection_cells(projection: Projection | None) -> dict[str, Cell]:
    names = ("projected", "low", "high", "coverage", "past_years")
    if projection is None:
        return {name: gap(Text("无法推算", "cannot be projected")) for name in names}
    few = Text("往年不足两年，没有可量的波动范围", "fewer than two earlier years: no spread to measure")
    flat = None
    if projection.years == 0:
        flat = Text("没有完整的往年，按天数平均推算", "no complete earlier year: months counted by their days")
    share = f"{100 * projection.share:.2f} %"
    total = round(projection.total)
    ends = {"low": projection.low, "high": projection.high}
    cells = {
        name: figure(
            None if value is None else round(value), f"so_far / {which} share", why=few if value is None else None
        )
        for (name, value), which in zip(ends.items(), ("largest", "smallest"), strict=True)
    }
    chance = None if projection.coverage is None else 100 * projection.coverage
    return cells | {
        "projected": Cell(
            total,
            reason=flat,
            estimated=total if flat else 0,
            formula="so_far / seasonal share",
            inputs={"share": share},
        ),
        "coverage": figure(chance, "(n − 1) / (n + 1)", why=few if chance is None else None),
        "past_years": figure(projection.years, "complete earlier years", why=flat),
    }


def _turns(one: Watched, year: int, last: int, standing: Standing, rule: Rule) -> dict[str, Cell]:
    if standing.budget is None or standing.light == "no_data":
        none = Text("没有年度预算，不判灯", "no budget for the year: no light")
        return {name: gap(none) for name in ("light", "first_yellow", "first_red")}
    said = words(LIGHT_WORDS[standing.light], light=standing.light, rule=rule.id, status=rule.source.status)
    cells = {"light": said}
    for name, red in (("first_yellow", False), ("first_red", True)):
        at = first_turn(one, year, last, standing.budget, rule, red=red)
        cells[name] = words(Text("未出现", "has not")) if at is None else figure(at, "first month whose light turns")
    return cells


def _months_text(year: int, months: tuple[int, ...]) -> Text:
    named = [f"{year}-{month:02d}" for month in months]
    return Text(f"缺 {'、'.join(named)}，只比已有月份", f"{', '.join(named)} missing: only months held are compared")


def _notes(year: int, last: int) -> list[Text]:
    return [
        Text(
            f"截至 {year} 年 {last} 月；电力按等价值折标准煤",
            f"up to {year}-{last:02d}; electricity at coal equivalent (等价)",
        ),
        Text(
            "全年推算＝累计÷往年同期占全年的比重；范围取往年最大、最小占比，n 个往年覆盖新一年的概率为 (n−1)/(n+1)",
            "projected = to date ÷ the months' share of earlier years; the range takes the largest and smallest share, "
            "which hold a new year with probability (n−1)/(n+1)",
        ),
        Text(
            "灯号阈值为本软件的设计选择，见规则 dual_control_warning",
            "thresholds are a choice of ours: dual_control_warning",
        ),
    ]


def _table(year: int, last: int | None, rows: list[Row], notes: list[Text]) -> Table:
    until = "" if last is None else f"{year}-{last:02d}"
    name = Text(f"双控月度预警 {until}".strip(), f"Monthly early warning {until}".strip())
    return Table("early_warning", name, year, _COLUMNS, rows, notes=notes, source=RULE)


# ── faults ──


def _month(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if found is None or int(found[2]) not in MONTHS:
        raise BadInput(
            Problem(
                "account.month",
                Place(field="month"),
                Text(f"“{text}”不是月份", f"{text} is no month"),
                Text("写成 2025-06", "write it like 2025-06"),
            )
        )
    return int(found[1]), int(found[2])


def _no_months() -> Problem:
    return Problem(
        "account.no-months",
        Place(item="monthly_energy"),
        Text("没有月度用能数据，无法预警", "there are no monthly figures to warn by"),
        Text("填报 monthly_energy 或 dual_control_monthly", "load monthly_energy or dual_control_monthly"),
        WARNING,
    )


def _missing(one: Watched, year: int, months: tuple[int, ...]) -> Problem:
    named = [f"{year}-{month:02d}" for month in months]
    lacking = sorted({who for month in months for who in one.lacking.get((year, month), ())})
    who = [one.names.get(code, same(code)) for code in lacking]
    by = f"（{'、'.join(name.zh for name in who)}）" if who else ""
    of = f" ({', '.join(name.en for name in who)})" if who else ""
    return Problem(
        "account.months-missing",
        Place(item=f"{one.register} {one.code}", field="month"),
        Text(f"“{one.name.zh}”缺 {'、'.join(named)}{by}", f"{one.name.en} lacks {', '.join(named)}{of}"),
        Text("补报该月；没有补报前只比已有月份", "load the month; until then only months held are compared"),
        WARNING,
    )
