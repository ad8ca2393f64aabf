"""Questions to a roadmap that is solved: of a case file, or of the district. Each answer is plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.workflows.roadmap import Solved, read_case_file, solve_case

if TYPE_CHECKING:
    from dafeng.pathway.draws import Spread
    from dafeng.roadmap.case import Case
    from dafeng.roadmap.finance import Loan, Verdict

MOST_DRAWS = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The case that is asked about; place: its file, for problems."""

    case: Case
    place: Place

    def solved(self) -> Solved:
        """The cheapest schedule; where not every target can be met, the one that relaxes least (its status says so).
        Raises BadInput where there is none at all."""
        done = solve_case(self.case, self.place, relax=True)
        if not done.outcome.answer.schedule and not done.feasible:
            raise BadInput(done.problems or [_unsolved(done.outcome.answer.status, self.place)])
        return done


def asked(case: Path | None, district: str | None) -> Asked:
    """The case of a file, or else of the district."""
    if case is not None:
        return Asked(read_case_file(case), Place(case.name))
    from dafeng.workflows.district import open_district
    from dafeng.workflows.roadmap_district import district_case

    made = district_case(open_district(district))
    return Asked(made.case, made.place)


# ── the curve, the ranking, fuel switches ──


def curve(of: Asked, year: int | None, purpose: str | None, *, whole: bool) -> dict[str, Any]:
    """What each measure costs and saves given all cheaper ones: of what stands in the schedule, or (``whole``) of the
    whole potential, which needs no schedule."""
    from dafeng.roadmap.curve import Step
    from dafeng.roadmap.curve import curve as drawn

    case = of.case
    at, purpose = _year(case, year), _purpose(case, purpose)
    stock = None if whole else of.solved().outcome.answer.stock[:, case.years.index(at)]
    found = drawn(case, at, stock=stock, purpose=purpose)
    names, units = _names(case), {one.id: one.unit for one in case.measures}

    def step(one: Step) -> dict[str, Any]:
        return {
            "measure": one.measure, "name": names[one.measure], "amount": one.amount, "unit": units[one.measure],
            "co2_t": one.co2_t, "cost": one.cost, "per_t": one.per_t, "pays": one.pays, "alone_t": one.alone_t,
        }  # fmt: skip

    return {
        "year": at, "purpose": found.purpose, "of": "potential" if whole else "schedule", "co2_t": found.co2_t,
        "alone_t": found.alone_t, "steps": [step(one) for one in found.steps],
        "raises": [step(one) for one in found.raises],
    }  # fmt: skip


def ranking(of: Asked, year: int | None, draws: int, seed: int) -> dict[str, Any]:
    """Measures by cost per tonne, where the order flips within the ranges, and what of each cost is assumed."""
    from dafeng.roadmap.flips import ranking as ranked

    case = of.case
    at, names = _year(case, year), _names(case)
    return {
        "year": at, "draws": _draws(draws), "seed": seed,
        "ranks": [
            {
                "place": one.place, "measure": one.cost.measure, "name": names[one.cost.measure],
                "per_t": one.cost.per_t, "per_t_low": one.per_t_low, "per_t_high": one.per_t_high, "low": one.low,
                "high": one.high, "firm": one.firm, "assumed": one.cost.assumed, "swaps": dict(one.swaps),
            }
            for one in ranked(case, at, draws=draws, seed=seed)
        ],
    }  # fmt: skip


def switch(of: Asked) -> dict[str, Any]:
    """What uses a carrier to save others, under every purpose, year by year."""
    from dafeng.roadmap.switching import switches

    names = _names(of.case)
    return {
        "years": list(of.case.years),
        "switches": [
            {
                "measure": one.measure, "name": names[one.measure], "zone": one.zone, "purpose": one.purpose,
                "carrier": one.carrier, "saved_t": one.saved_t.tolist(), "factor": one.factor.tolist(),
                "break_even": [None if np.isnan(value) else float(value) for value in one.break_even],
                "helps_from": one.helps_from, "about": _both(one.about),
            }
            for one in switches(of.case)
        ],
    }  # fmt: skip


# ── money ──


def finance(of: Asked, rate: float | None, loan: Loan | None) -> dict[str, Any]:
    """Of each measure that is built and of the programme: worth, rate of return, payback, debt service, cost per tonne,
    leverage."""
    from dafeng.roadmap.appraisals import appraisals
    from dafeng.roadmap.flips import assumed_share

    done = of.solved()
    answer, names = done.outcome.answer, _names(of.case)
    found = appraisals(of.case, answer.built, rate=rate, loan=loan)
    return {
        "status": answer.status, "rate": of.case.discount if rate is None else rate, "years": list(found.years),
        "assumed": assumed_share(of.case, answer.built),
        "programme": None if found.programme is None else _verdict(found.programme),
        "measures": [
            {"measure": name, "name": names[name], **_verdict(one)} for name, one in found.measures.items()
        ],
    }  # fmt: skip


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "npv": one.npv, "irr": one.irr.rate, "irr_about": _both(one.irr.about), "payback": one.payback,
        "discounted_payback": one.discounted_payback,
        "dscr": None if one.cover is None
        else {"least": one.cover.least, "mean": one.cover.mean, "by_year": one.cover.by_year.tolist()},
        "cost_per_t": one.cost_per_t, "investment": one.investment, "public": one.public, "leverage": one.leverage,
        "co2_t": one.co2_t,
    }  # fmt: skip


def policy(
    of: Asked, subsidies: Sequence[str], taxes: Sequence[str], co2_price: float, hurdle: float | None
) -> dict[str, Any]:
    """The case as it is beside the same with subsidies (``MEASURE or GROUP=SHARE``), taxes (``CARRIER=CNY`` per unit)
    and a price of CO2: who pays, what is saved, what moves in the schedule."""
    from dafeng.roadmap.policies import compare
    from dafeng.workflows.roadmap_typed import policy_typed

    names, units = _names(of.case), {one.id: one.unit for one in of.case.measures}
    changed = policy_typed(of.case, subsidies, taxes, co2_price)
    done = of.solved()
    case = _reachable(done)
    found = compare(case, {"as it is": case.policy, "with": changed}, discount=hurdle)
    return {
        "status": done.outcome.answer.status,
        "policies": [
            {
                "name": one.name, "status": one.status, "owner": one.owner, "society": one.society,
                "public": one.public, "subsidies": one.subsidies, "co2_t": one.co2_t, "per_t": one.per_t,
                "moved": [
                    {"measure": name, "name": names[name], "unit": units[name], "change": change}
                    for name, change in one.moved.items()
                ],
            }
            for one in found
        ]
    }  # fmt: skip


def targets(of: Asked) -> dict[str, Any]:
    """What dropping each target saves and one step more costs, and what a tonne is worth in each year under all."""
    from dafeng.roadmap.successive import solve
    from dafeng.roadmap.target_costs import carbon_prices
    from dafeng.workflows.roadmap_district import costs_of

    done = of.solved()
    outcome = solve(_reachable(done)) if done.outcome.answer.relax else done.outcome
    prices = None if outcome.exact is None else carbon_prices(outcome.program)
    return {
        "status": done.outcome.answer.status,
        "years": list(of.case.years),
        "carbon_price": None if prices is None else [float(one) for one in prices],
        "targets": [
            {
                "id": one.target.id, "name": _both(one.target.name), "year": one.target.year, "unit": one.target.unit,
                "saved_without": one.saved_without, "step": one.step, "step_cost": one.step_cost,
                "shadow_cost": one.shadow_cost,
            }
            for one in costs_of(done)
        ],
    }  # fmt: skip


# ── the schedule when the world turns out differently ──


def regret(
    of: Asked, spreads: Sequence[str], draws: int, seed: int, wanted: float, sample: int, *, tighten: bool
) -> dict[str, Any]:
    """In what share of draws the schedule meets each target and all of them, what it costs there, and what the best of
    a draw would have cost; ``tighten``: the schedule with margins so that enough draws hold."""
    from dafeng.pathway.draws import draw
    from dafeng.roadmap.regret import play, regrets, robust, spreads_of, world
    from dafeng.workflows.roadmap_typed import spreads_typed

    _draws(draws)
    held: dict[str, Spread] = {**spreads_of(of.case), **spreads_typed(of.case, spreads)}
    if not held:
        raise BadInput([_nothing_uncertain(of.place)])
    done = of.solved()
    case = _reachable(done)
    drawn = world(case, draw(held, draws, seed=seed))
    built = done.outcome.answer.built
    played = play(case, built, drawn)
    chosen = list(range(0, draws, max(1, draws // sample)))[:sample] if sample else []
    each = regrets(case, built, drawn, played, chosen)
    known = [one.regret for one in each if one.regret is not None]
    share = float(played.all_hold.mean())
    firm = robust(case, drawn, wanted=wanted) if tighten else None
    return {
        "status": done.outcome.answer.status, "draws": draws, "seed": seed, "wanted": wanted,
        "uncertain": {name: str(one) for name, one in held.items()},
        "cost": _quantiles(played.cost), "all_hold": share, "enough": share >= wanted,
        "targets": [
            {"id": one.id, "name": _both(one.name), "year": one.year, "holds": float(played.holds(one.id).mean())}
            for one in case.targets
        ],
        "regret": {
            "sample": len(each), "compared": len(known), "mean": float(np.mean(known)) if known else None,
            "most": max(known, default=None),
        },
        "robust": None if firm is None else {
            "all_hold": firm.all_hold, "enough": firm.enough, "cost_of_margins": firm.cost_of_margins,
            "margins": {name: {str(year): by for year, by in one.items()} for name, one in firm.margins.items()},
            "schedule": firm.outcome.answer.as_dict()["schedule"],
        },
    }  # fmt: skip


# ── what every question needs ──


def _reachable(done: Solved) -> Case:
    """The case, with targets that cannot be met asking for what can be: of the others nothing could be said."""
    from dafeng.workflows.roadmap_district import relaxed_case

    return relaxed_case(done) if done.outcome.answer.relax else done.case


def _quantiles(values: np.ndarray) -> dict[str, float]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return {"p05": float(low), "p50": float(middle), "p95": float(high)}


def _names(case: Case) -> dict[str, dict[str, str]]:
    return {one.id: _both(one.name) for one in case.measures}


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _year(case: Case, year: int | None) -> int:
    first, last = case.years[0], case.years[-1]
    if year is None or year in case.years:
        return last if year is None else year
    raise BadInput(
        [
            Problem(
                "roadmap.asked-year",
                Place(field="--year"),
                Text(f"{year} 年不在 {first}—{last} 年之内", f"{year} is not one of the case's years"),
                Text(f"改写 {first}—{last} 年中的一年", f"give a year from {first} to {last}"),
            )
        ]
    )


def _purpose(case: Case, purpose: str | None) -> str | None:
    if purpose is None or purpose == case.purpose or purpose in case.purposes:
        return purpose
    known = [one for one in (case.purpose, *case.purposes) if one]
    raise BadInput(
        [
            Problem(
                "roadmap.asked-purpose",
                Place(field="--purpose"),
                Text(f"算例没有用途“{purpose}”的因子", f"the case has no factors for {purpose}"),
                Text(f"可用：{'、'.join(known) or '无'}", f"use one of: {', '.join(known) or 'none'}"),
            )
        ]
    )


def _draws(count: int) -> int:
    if 1 <= count <= MOST_DRAWS:
        return count
    raise BadInput(
        [
            Problem(
                "roadmap.asked-draws",
                Place(field="--draws"),
                Text(f"不能抽样 {count} 次", f"{count} draws cannot be made"),
                Text(f"写 1 至 {MOST_DRAWS}", f"give 1 to {MOST_DRAWS}"),
            )
        ]
    )


def _nothing_uncertain(place: Place) -> Problem:
    return Problem(
        "roadmap.nothing-uncertain",
        place,
        Text("算例没有写任何范围，没有可抽样的", "the case has no ranges: there is nothing to draw"),
        Text(
            "在措施下写 ranges，或用 --spread 写，例如 factor/electricity=triangular(0.9, 1, 1.1)",
            "write ranges under measures, or give --spread, for example factor/electricity=triangular(0.9, 1, 1.1)",
        ),
    )


def _unsolved(status: str, place: Place) -> Problem:
    return Problem(
        "roadmap.unsolved",
        place,
        Text(f"没有排程：{status}", f"there is no schedule: {status}"),
        Text("用 dafeng roadmap solve 看原因", "see dafeng roadmap solve for why"),
    )
