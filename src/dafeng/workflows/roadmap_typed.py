"""Subsidies, taxes and spreads as they are typed behind a question to a roadmap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

if TYPE_CHECKING:
    from dafeng.pathway.draws import Spread
    from dafeng.roadmap.case import Case, Policy

_SHOWN = 12


def policy_typed(case: Case, subsidies: Sequence[str], taxes: Sequence[str], co2_price: float) -> Policy:
    """The case's own policy with these on top of it. Raises BadInput with everything that cannot be read."""
    from dafeng.roadmap.case import Subsidy

    problems: list[Problem] = []
    names = sorted({one.id for one in case.measures} | {one.group for one in case.measures if one.group})
    given = _pairs(subsidies, "--subsidy", names, problems, most=1.0)
    added = _pairs(taxes, "--tax", list(case.carriers), problems)
    if not math.isfinite(co2_price) or co2_price < 0:
        problems.append(_unread("--co2-price", f"{co2_price:g}", []))
    if not (subsidies or taxes or co2_price):
        problems.append(_unread("--subsidy", "", []))
    if problems:
        raise BadInput(problems)
    policy, years = case.policy, len(case.years)
    made = tuple(Subsidy(of, share) for of, share in given.items())
    none = np.zeros(years)
    return replace(
        policy,
        subsidies=(*made, *(one for one in policy.subsidies if one.of not in given)),
        taxes={**policy.taxes, **{of: policy.taxes.get(of, none) + cny for of, cny in added.items()}},
        co2_price=case.co2_price + co2_price,
    )


def spreads_typed(case: Case, given: Sequence[str]) -> dict[str, Spread]:
    """``factor/electricity=triangular(0.9, 1, 1.1)`` → a multiplier of what is named. Raises BadInput."""
    from dafeng.pathway.draws import read_spread

    problems: list[Problem] = []
    found: dict[str, Spread] = {}
    known = _drawn_names(case)
    for written in given:
        name, _, spread = (part.strip() for part in written.partition("="))
        if name not in known:
            problems.append(_unread("--spread", written, sorted(known)))
            continue
        try:
            found[name] = read_spread(spread, Place(field=f"--spread {name}"))
        except BadInput as wrong:
            problems += wrong.problems
    if problems:
        raise BadInput(problems)
    return found


def _drawn_names(case: Case) -> set[str]:
    of = {
        "factor": case.carriers, "price": case.carriers, "base": tuple(case.base),
        **{kind: tuple(one.id for one in case.measures) for kind in ("saving", "capex", "opex")},
    }  # fmt: skip
    return {f"{kind}/{name}" for kind, names in of.items() for name in (*names, "*")}


def _pairs(
    given: Sequence[str], option: str, names: Sequence[str], problems: list[Problem], most: float = math.inf
) -> dict[str, float]:
    found: dict[str, float] = {}
    for written in given:
        name, _, amount = (part.strip() for part in written.rpartition("="))
        try:
            value = float(amount.removesuffix("%")) / (100 if amount.endswith("%") else 1)
        except ValueError:
            value = math.nan
        least = 0.0 if most < math.inf else -math.inf
        if name in names and math.isfinite(value) and least <= value <= most:
            found[name] = value
        else:
            problems.append(_unread(option, written, names))
    return found


def _unread(option: str, written: str, names: Sequence[str]) -> Problem:
    shown = [*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])]
    forms = {
        "--subsidy": Text("写 措施或组=份额（0 至 1）", "write MEASURE=SHARE or GROUP=SHARE, from 0 to 1"),
        "--tax": Text("写 能源品种=每单位元数", "write CARRIER=CNY per unit"),
        "--co2-price": Text("写每吨元数，不小于 0", "give CNY per tonne, not below 0"),
        "--spread": Text(
            "写 名称=分布，例如 price/*=normal(1, 0.1)", "write NAME=DISTRIBUTION, for example price/*=normal(1, 0.1)"
        ),
    }
    form = forms[option]
    return Problem(
        "roadmap.asked-unread",
        Place(field=option),
        Text(f"“{written}”读不懂", f"{written} cannot be read")
        if written
        else Text("没有写任何政策", "no policy is given"),
        Text(
            form.zh + (f"；可用名称：{'、'.join(shown)}" if shown else ""),
            form.en + (f"; names: {', '.join(shown)}" if shown else ""),
        ),
    )
