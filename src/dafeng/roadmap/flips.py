"""How firm a ranking by cost per tonne is: where it flips within the ranges, and what of each cost is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dafeng.core.text import Text
from dafeng.pathway.draws import Spread, draw
from dafeng.roadmap.case import Case, Measure, Series
from dafeng.roadmap.finance import annuity
from dafeng.roadmap.regret import spreads_of

# A position counts as firm when the measure keeps it in at least so many draws.
FIRM = 0.8


@dataclass(frozen=True, slots=True)
class Cost:
    """A measure alone in one year, per unit. capital, running, energy: CNY a year (energy counted as saved); co2_t: t a
    year; per_t: CNY per t, None where it saves none; assumed: share of the cost's parts, each by its size, that rests
    on assumptions (a part does when any number in it does)."""

    measure: str
    capital: float
    running: float
    energy: float
    co2_t: float
    assumed: float

    @property
    def cost(self) -> float:
        return self.capital + self.running - self.energy

    @property
    def per_t(self) -> float | None:
        return self.cost / self.co2_t if self.co2_t > 0 else None


@dataclass(frozen=True, slots=True)
class Rank:
    """place: from 1, the cheapest tonne first; low, high: its places in 90 % of draws; keeps: share of draws in which
    it has this place; per_t, per_t_low, per_t_high: CNY per t in the case, and in 90 % of draws; swaps: measures
    that it changes order with in a fifth of draws or more, and in what share."""

    cost: Cost
    place: int
    low: int
    high: int
    keeps: float
    per_t_low: float
    per_t_high: float
    swaps: Mapping[str, float]

    @property
    def firm(self) -> bool:
        return self.keeps >= FIRM

    @property
    def about(self) -> Text:
        assumed = Text(f"成本的{self.cost.assumed:.0%}出自假设", f"{self.cost.assumed:.0%} of the cost is assumed")
        if self.firm:
            return Text(f"第{self.place}位，范围内稳定；{assumed.zh}", f"place {self.place}, firm; {assumed.en}")
        return Text(
            f"第{self.place}位，范围内在第{self.low}至{self.high}位之间变动；{assumed.zh}",
            f"place {self.place}, but anywhere from {self.low} to {self.high} within the ranges; {assumed.en}",
        )


def costs(case: Case, year: int, *, rate: float | None = None) -> tuple[Cost, ...]:
    """Of every measure once (the zone of the greatest potential), at the factors and prices of the year."""
    at, rate = case.years.index(year), case.discount if rate is None else rate
    return tuple(_cost(case, one, at, rate) for one in _once(case))


def _once(case: Case) -> list[Measure]:
    found: dict[str, Measure] = {}
    for one in case.measures:
        if one.id not in found or one.potential.max() > found[one.id].potential.max():
            found[one.id] = one
    return list(found.values())


def _cost(case: Case, one: Measure, at: int, rate: float) -> Cost:
    capital = float(case.capex(one)[at]) * annuity(rate, one.life)
    worth, tonnes, assumed, size = 0.0, float(one.co2_t[at]) if one.co2_t.size else 0.0, 0.0, 0.0
    for sign, part, energy in ((1, "saves", one.saves), (-1, "uses", one.uses)):
        for carrier, values in energy.items():
            c = case.carriers.index(carrier)
            money = float(values[at]) * float(case.price[c, at])
            worth, tonnes = worth + sign * money, tonnes + sign * float(values[at]) * float(case.factor[c, at])
            size += abs(money)
            assumed += abs(money) * _rests(one, part, f"{part}.{carrier}")
    size += abs(capital) + abs(one.opex)
    assumed += abs(capital) * _rests(one, "capex", "life", "learning") + abs(one.opex) * _rests(one, "opex")
    return Cost(one.id, capital, one.opex, worth, tonnes, assumed / size if size else 0.0)


def _rests(one: Measure, *parts: str) -> bool:
    return any(part in one.assumed for part in parts)


def assumed_share(case: Case, built: Series) -> float:
    """The share of a programme's money, all parts by their size, that rests on assumptions. built (measure, year): each
    measure weighs by the capital that it takes."""
    found, weight = 0.0, 0.0
    for m, one in enumerate(case.measures):
        spent = float((case.discounts * case.capex(one) * built[m]).sum())
        share = _cost(case, one, 0, case.discount).assumed
        found, weight = found + spent * share, weight + spent
    return found / weight if weight else 0.0


def ranking(
    case: Case, year: int, *, spreads: Mapping[str, Spread] | None = None, draws: int = 2000, seed: int = 0,
    rate: float | None = None,
) -> tuple[Rank, ...]:  # fmt: skip
    """Measures that save CO2 in the year, the cheapest tonne first, and how their places move when costs and savings
    are drawn within the ranges (``regret.spreads_of`` unless given; names ``capex/…``, ``opex/…``, ``saving/…``)."""
    listed = sorted(
        (one for one in costs(case, year, rate=rate) if one.per_t is not None),
        key=lambda one: (one.per_t if one.per_t is not None else np.inf, one.measure),
    )
    drawn = draw(spreads_of(case) if spreads is None else dict(spreads), draws, seed=seed)

    def multiplier(kind: str, measure: str) -> Series:
        found = np.ones(draws)
        for name in (f"{kind}/*", f"{kind}/{measure}"):
            if name in drawn.names:
                found = found * drawn.of(name)
        return found

    per_t = np.empty((draws, len(listed)))
    for at, one in enumerate(listed):
        own = one.capital * multiplier("capex", one.measure) + one.running * multiplier("opex", one.measure)
        # Energy and CO2 are saved in proportion to the saving.
        saving = multiplier("saving", one.measure)
        per_t[:, at] = (own - one.energy * saving) / (one.co2_t * saving)
    places = per_t.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1
    return tuple(_rank(listed, at, per_t, places) for at in range(len(listed)))


def _rank(listed: list[Cost], at: int, per_t: Series, places: np.ndarray) -> Rank:
    swaps = {}
    for other, one in enumerate(listed):
        flipped = per_t[:, other] < per_t[:, at] if other > at else per_t[:, other] > per_t[:, at]
        if other != at and (share := float(flipped.mean())) >= 1 - FIRM:
            swaps[one.measure] = share
    low, high = np.quantile(places[:, at], (0.05, 0.95), method="nearest")
    least, most = np.quantile(per_t[:, at], (0.05, 0.95))
    keeps = float((places[:, at] == at + 1).mean())
    return Rank(listed[at], at + 1, int(low), int(high), keeps, float(least), float(most), swaps)
