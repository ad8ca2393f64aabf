"""The roadmap of a district: the case made from its account, registers, plans, funds and the catalogue's measures, or
the case that its folder holds as roadmap.yaml; with what each target costs and the abatement cost curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.district import District
from dafeng.workflows.roadmap import SECONDS, Solved, read_case_file, solve_case
from dafeng.workflows.roadmap import as_data as solved_data
from dafeng.workflows.running import default_year

if TYPE_CHECKING:
    from dafeng.roadmap.case import Case, Target
    from dafeng.roadmap.curve import Curve
    from dafeng.roadmap.district_targets import LeftOut
    from dafeng.roadmap.target_costs import TargetCost

FILE = "roadmap.yaml"
_HAIR = 1e-4


@dataclass(frozen=True, slots=True)
class CaseOf:
    """case; left_out: targets that are not in it, with the reason; unused: measures that nothing can be done with;
    notes: what had to be assumed."""

    case: Case
    origin: Text
    place: Place
    left_out: tuple[LeftOut, ...] = ()
    unused: Mapping[str, Text] | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class DistrictRoadmap:
    """costs: of each target, the dearest first; curve: of the last year, for what stands then; both empty where there
    is no schedule."""

    district: District
    made: CaseOf
    solved: Solved
    costs: tuple[TargetCost, ...]
    curve: Curve | None


@machine_in_words()
def district_case(
    district: District, backlog: Mapping[str, int] | None = None, *, zones: bool = False, base: int | None = None
) -> CaseOf:
    """base: the account's year that the case starts from, the last full one unless given; backlog: missed target → the
    year by which it is to be made up. Raises BadInput where there is no account to begin from, or the district's own
    case file is wrong."""
    path = district.root / FILE
    if path.is_file():
        return CaseOf(read_case_file(path), Text(f"算例：{FILE}", f"case: {FILE}"), Place(FILE))
    from dafeng.accounting.account import lines_of_all_years
    from dafeng.accounting.book import Book
    from dafeng.roadmap.from_district import Asked, from_district
    from dafeng.workflows.account_gaps import with_gaps
    from dafeng.workflows.account_making import facts_of
    from dafeng.workflows.account_policy import policy_of
    from dafeng.workflows.running import run

    base, catalogue = default_year() if base is None else base, district.catalogue
    targets = run(district, base).results.targets
    with district.open_store() as store:
        facts, _ = with_gaps(district, facts_of(district, store), base)
        policy = policy_of(district)
        energy, emissions, _ = lines_of_all_years(facts, Book(catalogue, policy, None, None))
        asked = Asked(
            base, grid=policy.electricity, backlog=dict(backlog or {}), zones=zones, name=_name(district),
        )  # fmt: skip
        found = from_district(energy, emissions, facts, catalogue, targets, asked)
    origin = Text(
        f"算例：由 {base} 年账户、各台账、方案目标、资金台账和目录中的措施生成",
        f"case: from the account of {base}, the registers, the plans' targets, the funds and the catalogue's measures",
    )
    return CaseOf(found.case, origin, Place(), found.left_out, found.unused, found.notes)


def _name(district: District) -> Text:
    return Text(district.name, district.name_en)


def solve_district(
    district: District,
    *,
    relax: bool = False,
    budgets: Sequence[str] = (),
    backlog: Sequence[str] = (),
    zones: bool = False,
    seconds: float = SECONDS,
) -> DistrictRoadmap:
    """budgets, backlog: as typed, ``FUND=AMOUNT`` and ``TARGET=YEAR``."""
    dates = _dates(backlog)
    made = district_case(district, dates, zones=zones)
    _must_be_missed(dates, made)
    solved = solve_case(made.case, made.place, relax=relax, budgets=budgets, seconds=seconds)
    return DistrictRoadmap(district, made, solved, costs_of(solved), curve_of(solved))


def costs_of(solved: Solved) -> tuple[TargetCost, ...]:
    """What dropping each target saves and one step more of it costs; where not all can be met, with those to relax
    relaxed by the least that it takes."""
    from dafeng.roadmap.successive import solve
    from dafeng.roadmap.target_costs import target_costs

    outcome = solved.outcome
    if outcome.answer.relax:
        outcome = solve(relaxed_case(solved))
    return () if outcome.exact is None else target_costs(outcome)


def relaxed_case(solved: Solved) -> Case:
    """The case with every target that cannot be met asking for what can be had (and a hair less, for rounding)."""
    least = {one.target.id: one.years for one in solved.outcome.answer.relax}

    def relaxed(target: Target) -> Target:
        sign = 1 if target.sense == ">=" else -1
        by = least.get(target.id, {})
        values = {
            year: value - sign * (by.get(year, 0.0) + (_HAIR * abs(value) if year in by else 0.0))
            for year, value in target.values.items()
        }
        return replace(target, values=values)

    return replace(solved.case, targets=tuple(relaxed(one) for one in solved.case.targets))


def curve_of(solved: Solved) -> Curve | None:
    """The abatement cost curve of the last year, for the amounts that stand then."""
    from dafeng.roadmap.curve import curve

    if not solved.outcome.answer.schedule:
        return None
    return curve(solved.case, solved.case.years[-1], stock=solved.outcome.answer.stock[:, -1])


def _dates(given: Sequence[str]) -> dict[str, int]:
    problems, found = [], {}
    for written in given:
        target, _, year = written.rpartition("=")
        if not target or not year.strip().isdigit():
            problems.append(
                Problem(
                    "roadmap.backlog-written",
                    Place(field="--backlog"),
                    Text(f"“{written}”没有写明目标和年份", f"{written} does not name a target and a year"),
                    Text("写 目标=年份，例如 pv_added=2028", "write TARGET=YEAR, for example pv_added=2028"),
                )
            )
        else:
            found[target.strip()] = int(year)
    if problems:
        raise BadInput(problems)
    return found


def _must_be_missed(dates: Mapping[str, int], made: CaseOf) -> None:
    """A date for what is no missed target would be lost without a word."""
    taken = {one.id for one in made.case.targets if one.missed is not None}
    waiting = [one.id for one in made.left_out if one.kind == "missed"]
    problems = [
        Problem(
            "roadmap.backlog-target",
            Place(field="--backlog"),
            Text(f"“{target}”不是可以补做的到期目标", f"{target} is no missed target that could be made up"),
            Text(f"可用：{'、'.join(waiting) or '无'}", f"there are: {', '.join(waiting) or 'none'}"),
        )
        for target in dates
        if target not in taken
    ]
    if problems:
        raise BadInput(problems)


# ── answers ──


def as_data(done: DistrictRoadmap) -> dict[str, Any]:
    """As of a case file, and beside it where the case comes from, what it leaves out, CO2 by year, costs of the
    targets, the curve, and the exact evaluation beside the solver's."""
    answer, exact = done.solved.outcome.answer, done.solved.outcome.exact
    return {
        "district": {"zh": done.district.name, "en": done.district.name_en},
        "synthetic": done.district.synthetic,
        "origin": _both(done.made.origin),
        "years": list(done.solved.case.years),
        **solved_data(done.solved),
        "co2_t": answer.co2_t.tolist(),
        "base_co2_t": done.solved.case.base_co2.tolist(),
        "exact": None
        if exact is None
        else {"cost": exact.cost, "solver": exact.told, "difference": exact.difference, "about": _both(exact.about)},
        "target_costs": [
            {
                "id": one.target.id, "saved_without": one.saved_without, "step": one.step, "step_cost": one.step_cost,
                "shadow_cost": one.shadow_cost,
            }
            for one in done.costs
        ],
        "curve": None if done.curve is None else _curve_data(done.curve),
        "left_out": [
            {"id": one.id, "clause": one.clause, "kind": one.kind, "why": _both(one.why)} for one in done.made.left_out
        ],
        "unused": {name: _both(why) for name, why in (done.made.unused or {}).items()},
        "notes": [_both(note) for note in done.made.notes],
    }  # fmt: skip


def _curve_data(curve: Curve) -> dict[str, Any]:
    return {
        "year": curve.year,
        "purpose": curve.purpose,
        "co2_t": curve.co2_t,
        "alone_t": curve.alone_t,
        "steps": [
            {"measure": one.measure, "co2_t": one.co2_t, "cost": one.cost, "per_t": one.per_t, "alone_t": one.alone_t}
            for one in curve.steps
        ],
        "raises": [{"measure": one.measure, "co2_t": one.co2_t, "cost": one.cost} for one in curve.raises],
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
