"""The roadmap: the cheapest schedule of measures that meets every target, of a case in a file or of a district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.workflows.pathway_files import read_yaml

if TYPE_CHECKING:
    from dafeng.roadmap.case import Budget, Case
    from dafeng.roadmap.successive import Outcome

SECONDS = 60.0
INFEASIBLE = "infeasible"
_TIMES = {"万": 1e4, "亿": 1e8}


@dataclass(frozen=True, slots=True)
class Solved:
    """A case with what the solver and the exact evaluation say of it; place: the file, for problems."""

    case: Case
    outcome: Outcome
    place: Place

    @property
    def feasible(self) -> bool:
        return self.outcome.answer.status not in (INFEASIBLE, "failed", "unbounded")

    @property
    def problems(self) -> list[Problem]:
        """What to change where no schedule meets every target."""
        return self.outcome.answer.problems(self.place)


def read_case_file(path: Path) -> Case:
    """The case of a YAML file. Raises BadInput with every fault."""
    from dafeng.roadmap.reading import read_case

    return read_case(read_yaml(path), Place(path.name))


def solve_file(path: Path, *, relax: bool = False, budgets: Sequence[str] = (), seconds: float = SECONDS) -> Solved:
    """``roadmap solve``: the case of a file, alone. budgets: as typed, ``FUND=AMOUNT`` or ``FUND@YEAR=AMOUNT``."""
    return solve_case(read_case_file(path), Place(path.name), relax=relax, budgets=budgets, seconds=seconds)


def solve_case(
    case: Case, place: Place, *, relax: bool = False, budgets: Sequence[str] = (), seconds: float = SECONDS
) -> Solved:
    """relax: where no schedule meets all targets, the one that meets most of them, with what had to be relaxed."""
    from dafeng.roadmap.successive import solve

    case = with_budgets(case, budgets)
    return Solved(case, solve(case, relaxed=relax, seconds=seconds), place)


# ── budgets as typed ──


def with_budgets(case: Case, given: Sequence[str]) -> Case:
    """The case with the budgets of the named funds replaced. Raises BadInput with every budget that cannot be."""
    if not given:
        return case
    problems: list[Problem] = []
    wanted: dict[tuple[str | None, int | None], float] = {}
    for written in given:
        read = _budget(written, case)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            wanted |= read
    if problems:
        raise BadInput(problems)
    every_year = {fund for fund, year in wanted if year is None}
    return replace(case, budgets=_replaced(case, wanted, every_year))


def _replaced(
    case: Case, wanted: dict[tuple[str | None, int | None], float], every_year: set[str | None]
) -> tuple[Budget, ...]:
    """``FUND=`` speaks of each year and of nothing else; ``FUND@YEAR=`` of its year alone, before the other."""
    from dafeng.roadmap.case import Budget

    kept = [
        one
        for one in case.budgets
        if one.fund not in every_year and (one.year is None or (one.fund, one.year) not in wanted)
    ]
    made = []
    for (fund, year), amount in wanted.items():
        years = [year] if year is not None else [one for one in case.years if (fund, one) not in wanted]
        made += [Budget(fund, one, amount) for one in years]
    return (*kept, *made)


def _budget(written: str, case: Case) -> dict[tuple[str | None, int | None], float] | Problem:
    head, sign, amount = written.partition("=")
    name, at, year = head.partition("@")
    value = _amount(amount.strip())
    if not sign or value is None or (at and not year.strip().isdigit()):
        return Problem(
            "roadmap.budget-written",
            Place(field="--budget"),
            Text(f"“{written}”不是一项预算", f"{written} is no budget"),
            Text(
                "写 资金=每年金额（元，可带万、亿），或 资金@年份=金额；全部资金写 all",
                "write FUND=AMOUNT in CNY for each year, or FUND@YEAR=AMOUNT; all funds together are called all",
            ),
        )
    funds = sorted({one.fund for one in case.measures if one.fund} | {one.fund for one in case.budgets if one.fund})
    fund = name.strip()
    if fund != "all" and fund not in funds:
        return Problem(
            "roadmap.budget-fund",
            Place(field="--budget"),
            Text(f"没有措施由“{fund}”出资", f"no measure is paid from {fund}"),
            Text(f"可用：{'、'.join([*funds, 'all'])}", f"use one of: {', '.join([*funds, 'all'])}"),
        )
    if at and int(year) not in case.years:
        return Problem(
            "roadmap.budget-year",
            Place(field="--budget"),
            Text(f"{year} 年不在 {case.years[0]}—{case.years[-1]} 年之内", f"{year} is not one of the case's years"),
            Text("改写年份", f"give a year from {case.years[0]} to {case.years[-1]}"),
        )
    return {(None if fund == "all" else fund, int(year) if at else None): value}


def _amount(written: str) -> float | None:
    """5000000, 500万, 1.2亿 → CNY; None for what is no amount."""
    text = written.replace(",", "").removesuffix("元").removesuffix("CNY").strip()
    times = _TIMES.get(text[-1:], 1.0)
    try:
        value = float(text[:-1] if times > 1 else text) * times
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


# ── answers ──


def as_data(solved: Solved) -> dict[str, Any]:
    """{"status", "cost", "gap", "schedule", "targets", "relax"}: see the documentation of the roadmap."""
    return solved.outcome.answer.as_dict()
