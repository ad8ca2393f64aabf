"""Whether a measure or a programme pays: worth, rate of return, payback, debt service, cost of a tonne, leverage.

Flows are arrays ``(year,)``, CNY, money in is positive; the first entry is today and is not discounted. A spreadsheet's
NPV() takes its first value as the end of the first year: ``npv(rate, [0, *values])`` is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dafeng.core.text import Text

Flows = NDArray[np.float64]

# A rate found by bracketing is polished to this; rates are dimensionless.
_TOLERANCE = 1e-15
# A root of a polynomial is real when its imaginary part is smaller than this beside its size.
_REAL = 1e-7


def npv(rate: float, flows: ArrayLike) -> float:
    """CNY today: Σ flows[t] / (1 + rate)^t, t = 0, 1, …; rate above −1."""
    values = np.asarray(flows, float)
    return float((values * (1.0 + rate) ** -np.arange(len(values))).sum())


@dataclass(frozen=True, slots=True)
class Return:
    """rate: the rate of return, None where there is none or where several flows of sign leave it open; rates: every
    rate above −100 % at which the worth is nothing, ascending; sign_changes: of the flows, zeros left out; about: what
    is to be said."""

    rate: float | None
    rates: tuple[float, ...]
    sign_changes: int
    about: Text


def irr(flows: ArrayLike) -> Return:
    """Every internal rate of return, and the one that means something.

    One change of sign gives exactly one (Descartes). Several changes can give several, none of which can be compared
    with a rate of interest: then no single rate is named, and the worth at the discount rate decides. With several
    changes but one root that root is named and the changes are said; so is the one rate above zero where the running
    sum of the flows changes its sign once (Norstrom 1972: there is then no other), beside rates below zero.
    """
    values = np.asarray(flows, float)
    signs = np.sign(values[values != 0])
    changes = int((signs[1:] != signs[:-1]).sum())
    rates = _rates(values) if changes else ()
    if changes == 0:
        about = Text("现金流不变号，没有内部收益率", "the flows never change sign: there is no rate of return")
    elif not rates:
        about = Text(
            f"现金流变号{changes}次，没有使净现值为零的收益率，请看净现值",
            f"the flows change sign {changes} times and no rate brings their worth to nothing: look at the worth",
        )
    elif len(rates) > 1 and _one_above_zero(values):
        chosen = next(rate for rate in rates if rate > 0)
        about = Text(
            f"现金流变号{changes}次，但累计值只变号一次，正的收益率只有一个；其余为负，不取",
            f"the flows change sign {changes} times, their running sum once: one rate is above zero, others are below",
        )
        return Return(chosen, rates, changes, about)
    elif len(rates) > 1:
        listed = "、".join(f"{rate:.2%}" for rate in rates)
        about = Text(
            f"现金流变号{changes}次，有{len(rates)}个收益率（{listed}），不能取其一，请看净现值",
            f"the flows change sign {changes} times and have {len(rates)} rates of return "
            f"({', '.join(f'{rate:.2%}' for rate in rates)}): none can be chosen, look at the worth",
        )
    elif changes > 1:
        about = Text(
            f"现金流变号{changes}次，但只有一个收益率",
            f"the flows change sign {changes} times, with one rate of return",
        )
    else:
        about = Text("唯一", "unique")
    return Return(rates[0] if len(rates) == 1 else None, rates, changes, about)


def _one_above_zero(values: Flows) -> bool:
    sums = values.cumsum()
    signs = np.sign(sums[sums != 0])
    return bool(sums[-1] != 0 and (signs[1:] != signs[:-1]).sum() == 1)


def _rates(values: Flows) -> tuple[float, ...]:
    """1/d − 1 of every real root d > 0 of Σ values[t]·d^t, each polished; a root met twice is one."""
    trimmed = np.trim_zeros(values)
    scaled = trimmed / np.abs(trimmed).max()
    roots = np.roots(scaled[::-1])
    real = np.sort(roots.real[(np.abs(roots.imag) <= _REAL * np.abs(roots)) & (roots.real > 0)])
    found: list[float] = []
    for root in real:
        rate = _polished(scaled, float(root))
        if all(abs(rate - other) > _REAL * (1.0 + abs(rate)) for other in found):
            found.append(rate)
    return tuple(sorted(found))


def _polished(values: Flows, factor: float) -> float:
    """Newton from a root of the companion matrix, on the discount factor; a double root stays where it is."""
    polynomial = np.polynomial.Polynomial(values)
    slope = polynomial.deriv()
    for _ in range(50):
        steepness = float(slope(factor))
        if steepness == 0.0:
            break
        step = float(polynomial(factor)) / steepness
        if not abs(step) < 0.1 * factor:
            break
        factor -= step
        if abs(step) <= _TOLERANCE * factor:
            break
    return 1.0 / factor - 1.0


def payback(flows: ArrayLike, rate: float = 0.0) -> float | None:
    """Years from the first flow until what came in has repaid what went out, for good; part of a year in proportion.

    rate 0: simple; otherwise of the discounted flows. None: never within the flows. A sum that turns positive and
    falls again (a replacement, a clean-up) counts from its last crossing.
    """
    values = np.asarray(flows, float)
    sums = (values * (1.0 + rate) ** -np.arange(len(values))).cumsum()
    if not len(sums) or sums[-1] < 0:
        return None
    below = np.flatnonzero(sums < 0)
    if not len(below):
        return 0.0
    last = int(below[-1])
    return last + float(-sums[last] / (sums[last + 1] - sums[last]))


def annuity(rate: float, years: int) -> float:
    """Payment at each year's end that repays 1 CNY with interest: r / (1 − (1 + r)^−n), or 1/n without interest."""
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** -years)


@dataclass(frozen=True, slots=True)
class Loan:
    """CNY lent at the beginning, rate a year, repaid over so many years after ``grace`` years of interest alone.

    kind: ``annuity`` (equal payments) or ``principal`` (equal repayment, interest on what is left)."""

    amount: float
    rate: float
    years: int
    grace: int = 0
    kind: str = "annuity"

    def service(self) -> Flows:
        """(year,): interest and repayment of years 1, 2, … CNY."""
        resting = np.full(self.grace, self.amount * self.rate)
        if self.kind == "annuity":
            paid = np.full(self.years, self.amount * annuity(self.rate, self.years))
        else:
            left = self.amount * (1.0 - np.arange(self.years) / self.years)
            paid = self.amount / self.years + left * self.rate
        return np.concatenate([resting, paid])


@dataclass(frozen=True, slots=True)
class Cover:
    """Debt service cover: cash over service in each year of the loan (year,), its least and its mean."""

    by_year: Flows
    least: float
    mean: float


def dscr(cash: ArrayLike, service: ArrayLike) -> Cover | None:
    """cash: CNY available for debt service in years 1, 2, …; service: interest and repayment of the same years. Cash
    after the loan's end does not count; cash that ends before it counts as nothing. None: nothing to serve."""
    due = np.asarray(service, float)
    have = np.zeros(len(due))
    given = np.asarray(cash, float)[: len(due)]
    have[: len(given)] = given
    live = due > 0
    if not live.any():
        return None
    ratio = have[live] / due[live]
    return Cover(ratio, float(ratio.min()), float(ratio.mean()))


def cost_per_tonne(flows: ArrayLike, tonnes: ArrayLike, rate: float) -> float | None:
    """CNY per t: what is paid, net, over the tonnes saved, both discounted (the levelised price at which the worth is
    nothing). Negative: it pays. None where no CO2 is saved: a cost per tonne of more CO2 means nothing."""
    saved = npv(rate, tonnes)
    return -npv(rate, flows) / saved if saved > 0 else None


def leverage(investment: float, public: float) -> float | None:
    """CNY from others for each CNY of public money: (investment − public) / public; None without public money."""
    return (investment - public) / public if public > 0 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of a measure or a programme. Money in CNY of the first year; ``payback`` in years, None where it never pays back
    within its life; cost_per_t None where it saves no CO2; investment undiscounted, public: the part that public funds
    pay of it; co2_t: saved over its life."""

    npv: float
    irr: Return
    payback: float | None
    discounted_payback: float | None
    cover: Cover | None
    cost_per_t: float | None
    investment: float
    public: float
    leverage: float | None
    co2_t: float


def appraise(
    investment: ArrayLike,
    income: ArrayLike,
    tonnes: ArrayLike,
    rate: float,
    *,
    public: float | Sequence[float] = 0.0,
    loan: Loan | None = None,
) -> Verdict:
    """investment, income (net of running costs), tonnes: (year,), from today on; public: the part of the investment
    that public funds pay, CNY (in each year, or in all as a share of the whole spread like the investment). Worth, rate
    and payback are the owner's, who does not pay the public part; the cost of a tonne is of all money."""
    spent, earned, saved = (np.asarray(one, float) for one in (investment, income, tonnes))
    total = float(spent.sum())
    given = np.asarray(public, float)
    if given.ndim == 0:
        given = spent * (float(given) / total) if total else np.zeros_like(spent)
    own = earned - spent + given
    return Verdict(
        npv(rate, own),
        irr(own),
        payback(own),
        payback(own, rate),
        dscr(earned[1:], loan.service()) if loan else None,
        cost_per_tonne(earned - spent, saved, rate),
        total,
        float(given.sum()),
        leverage(total, float(given.sum())),
        float(saved.sum()),
    )
