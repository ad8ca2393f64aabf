"""Finance of a schedule: each measure and the programme, over the whole life of what is built.

A schedule ends with its last year; what it built goes on. After the last year prices, factors and what a unit saves
stay as in that year until the last piece built has reached its life. Income is energy saved at the case's prices (less
energy used, and running costs); savings are those that the measure has in the schedule, after overlaps. Capital is
spent in the year it is built, which is also the first year of saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dafeng.roadmap.case import Case, Series, alive
from dafeng.roadmap.finance import Flows, Loan, Verdict, appraise
from dafeng.roadmap.interactions import Overlap


@dataclass(frozen=True, slots=True)
class Stream:
    """(year,) from the first year of the case to the end of the last life, CNY and t: capital, income less running
    costs, CO2 saved; public: the part of the capital that subsidies pay."""

    capital: Flows
    income: Flows
    co2_t: Flows
    public: Flows

    def __add__(self, other: Stream) -> Stream:
        return Stream(
            self.capital + other.capital, self.income + other.income, self.co2_t + other.co2_t,
            self.public + other.public,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Appraisals:
    """measures: of each that is built (zones together); programme: of all together; years: of the streams."""

    measures: Mapping[str, Verdict]
    programme: Verdict | None
    streams: Mapping[str, Stream]
    years: tuple[int, ...]


def appraisals(case: Case, built: Series, *, rate: float | None = None, loan: Loan | None = None) -> Appraisals:
    """built (measure, year). rate: of the worth (the case's discount); loan: of the programme, its years of service
    being the second of the programme and on."""
    rate = case.discount if rate is None else rate
    span = _span(case, built)
    streams: dict[str, Stream] = {}
    each = _per_unit(case, built)
    for m, one in enumerate(case.measures):
        if built[m].any():
            stream = _stream(case, m, built, each, span)
            streams[one.id] = streams[one.id] + stream if one.id in streams else stream
    verdicts = {name: _verdict(stream, rate, None) for name, stream in streams.items()}
    total = list(streams.values())
    whole = _verdict(sum(total[1:], total[0]), rate, loan) if total else None
    years = tuple(range(case.years[0], case.years[0] + span))
    return Appraisals(verdicts, whole, streams, years)


def _verdict(stream: Stream, rate: float, loan: Loan | None) -> Verdict:
    return appraise(stream.capital, stream.income, stream.co2_t, rate, public=list(stream.public), loan=loan)


def _span(case: Case, built: Series) -> int:
    """Years from the first year of the case to the end of the last life."""
    ends = [int(np.flatnonzero(built[m])[-1]) + one.life for m, one in enumerate(case.measures) if built[m].any()]
    return max([len(case.years), *ends])


def _per_unit(case: Case, built: Series) -> Series:
    """(measure, carrier, year): saved per unit alive, after overlaps; 0 where nothing is alive."""
    stock = alive(case, built)
    saved = Overlap(case).saved(stock).by_measure
    return np.divide(saved, stock[:, None, :], out=np.zeros_like(saved), where=stock[:, None, :] > 0)


def _stream(case: Case, m: int, built: Series, each: Series, span: int) -> Stream:
    one, more = case.measures[m], span - len(case.years)
    wide = np.concatenate([built[m], np.zeros(more)])
    stock = np.array([wide[max(0, t + 1 - one.life) : t + 1].sum() for t in range(span)])
    untaxed = np.array([case.prices.get(carrier, np.zeros(len(case.years))) for carrier in case.carriers])
    saved = _held(each[m], alive(case, built)[m], more)
    price, factor = _longer(untaxed, more), _longer(case.factor, more)
    outside = _longer(one.co2_t if one.co2_t.size else np.zeros(len(case.years)), more)
    capital = np.concatenate([case.capex(one) * built[m], np.zeros(more)])
    subsidy = case.subsidy(one)
    return Stream(
        capital,
        stock * ((price * saved).sum(axis=0) - one.opex),
        stock * ((factor * saved).sum(axis=0) + outside),
        capital * (subsidy.share if subsidy else 0.0),
    )


def _longer(values: Series, more: int) -> Series:
    return np.concatenate([values, np.repeat(values[..., -1:], more, axis=-1)], axis=-1)


def _held(each: Series, stock: Series, more: int) -> Series:
    """(carrier, year), as in the last year in which anything is alive from then on."""
    last = int(np.flatnonzero(stock > 0)[-1])
    return np.concatenate(
        [each[:, : last + 1], np.repeat(each[:, last : last + 1], each.shape[1] - last - 1 + more, axis=1)], axis=1
    )
