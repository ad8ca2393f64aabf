"""What subsidies, prices and taxes do: to the owner's cost, to the public purse, to CO2, and to the schedule.

Each policy set is a case of its own, solved with all overlaps. Owners see prices, taxes, the price of CO2 and what a
subsidy leaves them to pay; society sees resources alone, to which taxes and subsidies are transfers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from dafeng.roadmap import successive
from dafeng.roadmap.case import Case, Policy, Series, Subsidy, alive
from dafeng.roadmap.interactions import Overlap


@dataclass(frozen=True, slots=True)
class Effect:
    """Under one policy set, CNY discounted, against doing nothing under the same set. owner: capital less subsidy,
    running costs, energy and CO2 at the prices that owners pay; society: capital, running costs and energy without
    taxes; public: subsidies paid less taxes and CO2 charges gained (what owners no longer pay is lost);
    co2_t: saved over the years (all that is not in the base path); per_t: subsidies per tonne saved beyond the first
    set; moved: measure → change of what is built in all years, against the first set."""

    name: str
    status: str
    owner: float
    society: float
    public: float
    subsidies: float
    co2_t: float
    per_t: float | None
    built: Series
    moved: Mapping[str, float]


def compare(
    case: Case, policies: Mapping[str, Policy], *, discount: float | None = None, starts: int = 0
) -> tuple[Effect, ...]:
    """The first policy set is what the others are compared with. discount: at which owners decide (a private hurdle);
    money is discounted with the case's own in any case."""
    found: list[Effect] = []
    for name, policy in policies.items():
        decided = replace(case, policy=policy, discount=case.discount if discount is None else discount)
        outcome = successive.solve(decided, starts=starts)
        judged = replace(case, policy=policy)
        found.append(_effect(name, judged, outcome.answer.status, outcome.answer.built, found[0] if found else None))
    return tuple(found)


def _effect(name: str, case: Case, status: str, built: Series, first: Effect | None) -> Effect:
    worth, stock = case.discounts, alive(case, built)
    saved = Overlap(case).saved(stock).total
    outside = sum((one.co2_t * stock[m] for m, one in enumerate(case.measures) if one.co2_t.size), np.zeros(1))
    co2 = (case.factor * saved).sum(axis=0) + outside
    capital = sum(
        (worth * case.capex(one) * case.counted(one) * built[m] for m, one in enumerate(case.measures)), np.zeros(1)
    )
    shares = [(case.subsidy(one) or Subsidy("", 0.0)).share for one in case.measures]
    subsidies = sum(
        (worth * case.capex(one) * case.counted(one) * built[m] * shares[m] for m, one in enumerate(case.measures)),
        np.zeros(1),
    )
    running = sum((worth * one.opex * stock[m] for m, one in enumerate(case.measures)), np.zeros(1))
    untaxed = replace(case, policy=replace(case.policy, taxes={}))
    energy, taxed = worth * (untaxed.price * saved).sum(axis=0), worth * (case.price * saved).sum(axis=0)
    charges = worth * case.co2_price * co2
    society = float((capital + running - energy).sum())
    given = float(subsidies.sum())
    gone = float((taxed - energy + charges).sum())
    total = float(co2.sum())
    more = total - first.co2_t if first else 0.0
    moved = {} if first is None else _moved(case, built - first.built)
    return Effect(
        name, status, society - given - gone, society, given + gone, given, total,
        (given - first.subsidies) / more if first and more > 1e-9 else None, built, moved,
    )  # fmt: skip


def _moved(case: Case, change: Series) -> dict[str, float]:
    """measure → sum of the change over zones and years, those only that changed by more than rounding."""
    found: dict[str, float] = {}
    for m, one in enumerate(case.measures):
        found[one.id] = found.get(one.id, 0.0) + float(change[m].sum())
    size = {one.id: 1e-6 * float(one.potential.max(initial=0.0)) for one in case.measures}
    return {name: value for name, value in found.items() if abs(value) > size[name]}


# ── policies of other forms, as subsidies and price paths ──


def super_deduction(
    of: str, *, extra: float, tax_rate: float, eligible: float = 1.0, fund: str | None = None
) -> Subsidy:
    """A deduction of more than what was spent (研发费用加计扣除), as the share of capital that it is worth: extra
    deduction (1.0 where 200 % may be deducted) × corporate tax rate × share of the capital that is eligible. It is
    worth so much only to an owner who has that much profit to tax."""
    return Subsidy(of, extra * tax_rate * eligible, fund)


def time_of_use(flat: float, ratios: Mapping[str, float], shares: Mapping[str, float]) -> float:
    """The mean price of a load under a time-of-use tariff: Σ flat × ratio of the band × share of energy in it. The
    shares of a measure's own savings give the price at which it saves. Raises ValueError where shares do not make 1."""
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"the shares of the bands make {sum(shares.values()):g}, not 1")
    return flat * sum(ratios[band] * share for band, share in shares.items())


@dataclass(frozen=True, slots=True)
class TieredPrice:
    """mean: of all units; marginal: of the last unit, at which saving one is worth it."""

    mean: float
    marginal: float


def tiered(use: float, limits: Sequence[float], prices: Sequence[float]) -> TieredPrice:
    """A tariff by steps: ``prices`` has one more entry than ``limits``; units between two limits cost that step's
    price. A use that lies on a limit is still in the lower step."""
    edges = [0.0, *limits, np.inf]
    steps = zip(prices, pairwise(edges), strict=True)
    paid = sum(price * max(min(use, high) - low, 0.0) for price, (low, high) in steps)
    step = next(at for at, high in enumerate(edges[1:]) if use <= high)
    return TieredPrice(paid / use if use > 0 else prices[0], prices[step])


def as_tax(case: Case, carrier: str, price: ArrayLike) -> Policy:
    """The case's policy with a price path of a carrier (tiered, time-of-use, a surcharge), CNY per unit (year,), told
    as a tax on top of the case's price (negative where it is lower)."""
    change = np.broadcast_to(np.asarray(price, float), len(case.years)) - case.prices[carrier]
    return replace(case.policy, taxes={**case.policy.taxes, carrier: change})
