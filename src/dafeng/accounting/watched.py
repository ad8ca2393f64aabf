"""What is watched by month: each carrier and their sum, each receiver of the monthly ledger and their sums.

A month counts only when everything that belongs to it is there: a carrier's month needs every sector that reported it
in the same or the earlier year, a sum's month every one of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from dafeng.accounting.book import Book, no_factor
from dafeng.accounting.energy import SYMBOLS, coefficients
from dafeng.accounting.season import MONTHS
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text, same
from dafeng.core.units import UnitMismatch
from dafeng.indicators.facts import MONTH, PERIOD, Facts

TCE = 1_000_000  # gce
ENERGY, LEDGER = "monthly_energy", "dual_control_monthly"

YearMonth = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Watched:
    """months: (year, month) → gce, complete months alone. lacking: who keeps a month from being complete, by codes
    that ``names`` puts in words. budgets: year → gce."""

    code: str
    name: Text
    register: str
    months: Mapping[YearMonth, int]
    lacking: Mapping[YearMonth, tuple[str, ...]] = field(default_factory=dict)
    budgets: Mapping[int, int] = field(default_factory=dict)
    parent: str | None = None
    depth: int = 0
    names: Mapping[str, Text] = field(default_factory=dict)

    @property
    def latest(self) -> YearMonth | None:
        return max((*self.months, *self.lacking), default=None)

    def in_year(self, year: int) -> bool:
        return any(one == year for one, _ in self.months)

    def complete_years(self, before: int) -> list[Mapping[int, int]]:
        """Earlier years with all twelve months and something in them, in order."""
        years = sorted({year for year, _ in self.months if year < before})
        held = [{month: self.months[year, month] for month in MONTHS if (year, month) in self.months} for year in years]
        return [year for year in held if len(year) == len(MONTHS) and sum(year.values()) > 0]


def watched(facts: Facts, book: Book) -> tuple[list[Watched], list[Problem]]:
    """Everything that has months, in the order it is shown, and what is wrong with the records."""
    carriers, problems = _carriers(facts, book)
    receivers, found = _receivers(facts)
    return [*_with_sum(carriers), *receivers], problems + found


# ── electricity, gas and whatever else comes by month ──


def _carriers(facts: Facts, book: Book) -> tuple[list[Watched], list[Problem]]:
    frame = facts.frame(ENERGY)
    if frame is None:
        return [], []
    problems: list[Problem] = []
    names = facts.catalogue.choices["energy_carriers"].options
    sectors = facts.catalogue.choices["energy_sectors"].options.items()
    of_sectors = {code: Text(option.zh, option.en) for code, option in sectors}
    made = []
    for carrier in sorted(frame["carrier"].unique().to_list(), key=list(names).index):
        rows = frame.filter(pl.col("carrier") == carrier)
        values: dict[YearMonth, dict[str, int]] = {}
        for year, month, sector, amount, unit in rows.select(PERIOD, MONTH, "sector", "amount", "unit").iter_rows():
            tce = _tce_per(carrier, unit, year, book, problems)
            if tce is not None:
                values.setdefault((year, month), {})[sector] = round(amount * tce * TCE)
        months, lacking = _complete(values)
        name = Text(names[carrier].zh, names[carrier].en)
        made.append(Watched(carrier, name, ENERGY, months, lacking, parent="energy", depth=1, names=of_sectors))
    return made, list(dict.fromkeys(problems))


def _tce_per(carrier: str, unit: str, year: int, book: Book, problems: list[Problem]) -> float | None:
    """tce at coal equivalent in one ``unit`` (a code of energy_units) of the carrier."""
    if unit == "tce":
        return 1.0
    place = Place(item=f"{ENERGY} {carrier}")
    held = coefficients(carrier, year, book)
    if held is None:
        problems.append(no_factor(f"ce_{carrier}", year, place))
        return None
    units = book.catalogue.unit_table
    top, _, below = held[1].unit.partition("/")
    try:
        return held[1].value * units.factor(SYMBOLS[unit], below) * units.factor(top, "tce")
    except UnitMismatch:
        problems.append(
            Problem(
                "account.month-unit",
                place,
                Text(
                    f"{SYMBOLS[unit]} 不能按 {held[1].unit} 折算（{held[1].factor}）",
                    f"{SYMBOLS[unit]} cannot be converted by {held[1].unit} ({held[1].factor})",
                ),
                Text("改正计量单位", "correct the unit"),
            )
        )
        return None


def _complete(
    values: Mapping[YearMonth, Mapping[str, int]],
) -> tuple[dict[YearMonth, int], dict[YearMonth, tuple[str, ...]]]:
    """Months in which everybody is there who reported in that year or the one before; who is lacking in the others."""
    by_year: dict[int, set[str]] = {}
    for (year, _), held in values.items():
        by_year.setdefault(year, set()).update(held)
    months, lacking = {}, {}
    for (year, month), held in sorted(values.items()):
        expected = by_year[year] | by_year.get(year - 1, set())
        if gone := expected - set(held):
            lacking[year, month] = tuple(sorted(gone))
        else:
            months[year, month] = sum(held.values())
    return months, lacking


def _with_sum(carriers: Sequence[Watched]) -> list[Watched]:
    if len(carriers) < 2:
        return list(carriers)
    months, lacking = _sum(carriers)
    name = "、".join(one.name.zh for one in carriers), ", ".join(one.name.en for one in carriers)
    total = Watched(
        "energy", Text(f"合计（{name[0]}）", f"sum ({name[1]})"), ENERGY, months, lacking, names=_names(carriers)
    )
    return [total, *carriers]


def _names(parts: Iterable[Watched]) -> dict[str, Text]:
    return {part.code: part.name for part in parts}


def _sum(parts: Iterable[Watched]) -> tuple[dict[YearMonth, int], dict[YearMonth, tuple[str, ...]]]:
    values: dict[YearMonth, dict[str, int]] = {}
    known: set[YearMonth] = set()
    for part in parts:
        known.update(part.lacking)
        for at, gce in part.months.items():
            values.setdefault(at, {})[part.code] = gce
    months, lacking = _complete(values)
    for at in known & set(months):
        del months[at]
    return months, lacking | {at: lacking.get(at, ()) for at in known}


# ── the monthly ledger ──


def _receivers(facts: Facts) -> tuple[list[Watched], list[Problem]]:
    frame = facts.frame(LEDGER)
    if frame is None:
        return [], []
    problems: list[Problem] = []
    kinds = facts.catalogue.choices["receiver_kinds"].options
    made: list[Watched] = []
    for kind in sorted(frame["kind"].unique().to_list(), key=list(kinds).index):
        of_kind = frame.filter(pl.col("kind") == kind)
        parts = [
            _receiver(kind, receiver, of_kind.filter(pl.col("receiver") == receiver), problems)
            for receiver in of_kind["receiver"].unique(maintain_order=True).to_list()
        ]
        months, lacking = _sum(parts)
        budgets = _budgets_of(parts)
        name = Text(f"{kinds[kind].zh}合计", f"{kinds[kind].en}, all")
        made += [Watched(kind, name, LEDGER, months, lacking, budgets, names=_names(parts)), *parts]
    return made, problems


def _receiver(kind: str, receiver: str, rows: pl.DataFrame, problems: list[Problem]) -> Watched:
    months, budgets = {}, {}
    for year, month, tce, budget in (
        rows.sort(PERIOD, MONTH).select(PERIOD, MONTH, "energy_tce", "budget_tce").iter_rows()
    ):
        months[year, month] = round(tce * TCE)
        budgets.setdefault(year, []).append(round(budget * TCE))
    for year, held in budgets.items():
        if len(set(held)) > 1:
            problems.append(_budget_changes(receiver, year))
    last = {year: held[-1] for year, held in budgets.items()}
    return Watched(f"{kind}.{receiver}", same(receiver), LEDGER, months, budgets=last, parent=kind, depth=1)


def _budgets_of(parts: Sequence[Watched]) -> dict[int, int]:
    """Sum of the budgets of a year, where every receiver of that year has one."""
    years = {year for part in parts for year in part.budgets}
    return {
        year: sum(part.budgets[year] for part in parts if year in part.budgets)
        for year in years
        if all(year in part.budgets for part in parts if part.in_year(year))
    }


def _budget_changes(receiver: str, year: int) -> Problem:
    return Problem(
        "account.budget-changes",
        Place(item=f"{LEDGER} {receiver} {year}", field="budget_tce"),
        Text(
            f"“{receiver}”{year} 年各月填报的年度预算不同，用最近一个月的",
            f"{receiver}: the year's budget differs between months of {year}; the latest is used",
        ),
        Text("核对年度预算是否调整过", "check whether the budget was changed"),
        WARNING,
    )
