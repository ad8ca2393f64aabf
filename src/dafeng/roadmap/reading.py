"""Reading a case: a mapping, as YAML gives it, made into ``Case``; every problem is gathered and raised at once.

Years: ``years: {first: 2026, last: 2035}``. A value per year is a number or ``{2026: 0.52, 2035: 0.40}`` (a straight
line between). A number may carry its unit: ``{value: 90, unit: CNY/m2}``. Keys that nothing reads are problems.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dafeng.core.errors import Place
from dafeng.core.units import Units
from dafeng.roadmap.case import Budget, Case, Policy, Series, Subsidy
from dafeng.roadmap.reading_measures import check_references, read_measures
from dafeng.roadmap.reading_targets import check_targets, read_targets, units_of_targets
from dafeng.roadmap.values import Values, text

_KEYS = (
    "id", "name", "years", "discount", "residual", "carriers", "base", "base_co2_t", "gdp", "factors", "purposes",
    "prices", "policy", "measures", "targets", "budgets", "labour", "note", "source",
)  # fmt: skip
MOST_YEARS = 60


def read_case(data: Mapping[str, Any], place: Place, units: Units | None = None) -> Case:
    """The case. Raises BadInput with every problem, each with its place and remedy. ``units``: the shipped catalogue's
    unless given."""
    read = Values(place, given_units=units)
    if not isinstance(data, Mapping):
        read.wrong(
            "roadmap.not-by-name",
            place,
            "不是一个算例",
            "this is not a case",
            "按“名称: 值”书写",
            "write it as name: value",
        )
    read.problems.raise_if_any()
    read.known(data, _KEYS)
    read.years = _years(read, data.get("years"))
    read.problems.raise_if_any()
    units_of, tce = _carriers(read, data)
    base = _base(read, data, units_of)
    targets = read_targets(read, data.get("targets"))
    measures = read_measures(read, data.get("measures"), units_of, units_of_targets(data, targets))
    used = {carrier for one in measures for carrier in (*one.saves, *one.uses)}
    standing = {carrier for one in base.values() for carrier in one}
    carriers = tuple(sorted(used | standing | set(units_of)))
    purpose, factors = _factors(read, data.get("factors"), carriers, used | standing, "factors", units_of)
    purposes = {
        str(name): _factors(read, given, carriers, set(), f"purposes.{name}", units_of)[1]
        for name, given in read.mapping(data.get("purposes"), read.at(None, "purposes")).items()
    }
    case = Case(
        id=str(data.get("id", "case")),
        name=text(data.get("name"), str(data.get("id", "case"))),
        years=read.years,
        discount=read.number(data.get("discount"), read.at(None, "discount"), most=0.5),
        measures=measures,
        targets=targets,
        carriers=carriers,
        base=base,
        base_co2_t=_optional(read, data, "base_co2_t", -math.inf),
        factors=factors,
        prices=_by_carrier(read, data.get("prices"), carriers, used, "prices", units_of),
        purpose=purpose,
        purposes=purposes,
        tce=tce,
        units=units_of,
        gdp=_optional(read, data, "gdp", 0.0) if data.get("gdp") is not None else None,
        budgets=_budgets(read, data.get("budgets"), measures),
        labour=_labour(read, data.get("labour"), measures),
        policy=_policy(read, data.get("policy"), carriers, measures, units_of),
        residual=_choice(read, data.get("residual", "none"), ("none", "annuity"), "residual"),
    )
    check_references(read, case)
    check_targets(read, case)
    read.problems.raise_if_any()
    return case


def _years(read: Values, given: Any) -> tuple[int, ...]:
    place = read.at(None, "years")
    both = [given.get("first"), given.get("last")] if isinstance(given, Mapping) else given
    ends = [one for one in both if isinstance(one, int)] if isinstance(both, list) else []
    if not isinstance(both, list) or not ends or len(ends) < len(both):
        read.wrong(
            "roadmap.years", place, "没有首年和末年", "the first and the last year are missing",
            "写 {first: 2026, last: 2035}", "write {first: 2026, last: 2035}",
        )  # fmt: skip
        return ()
    first, last = ends[0], ends[-1]
    if not 0 <= last - first < MOST_YEARS:
        read.wrong(
            "roadmap.years", place, f"{first}—{last}年：末年须不早于首年，且不超过{MOST_YEARS}年",
            f"{first}–{last}: the last year must not be before the first, nor more than {MOST_YEARS} years on",
            "改首年或末年", "change the first or the last year",
        )  # fmt: skip
        return ()
    return tuple(range(first, last + 1))


def _carriers(read: Values, data: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, float]]:
    units_of, tce = {}, {}
    for name, given in read.mapping(data.get("carriers"), read.at(None, "carriers")).items():
        if isinstance(given, Mapping):
            read.known(given, ("unit", "tce", "name"), f"carriers.{name}")
            units_of[name] = str(given.get("unit", ""))
            if "tce" in given:
                tce[name] = read.number(given["tce"], read.at(f"carriers.{name}", "tce"))
        else:
            units_of[name] = str(given or "")
    return units_of, tce


def _base(read: Values, data: Mapping[str, Any], units_of: Mapping[str, str]) -> dict[str, dict[str, Series]]:
    base = {}
    for group, of in read.mapping(data.get("base"), read.at(None, "base")).items():
        base[str(group)] = {
            str(carrier): read.series(values, read.at(f"base.{group}", carrier), unit=units_of.get(carrier) or None)
            for carrier, values in read.mapping(of, read.at(f"base.{group}")).items()
        }
    return base


def _optional(read: Values, data: Mapping[str, Any], part: str, least: float) -> Series:
    given = data.get(part)
    return np.zeros(len(read.years)) if given is None else read.series(given, read.at(None, part), least=least)


def _factors(
    read: Values, given: Any, carriers: Sequence[str], needed: set[str], part: str, units_of: Mapping[str, str]
) -> tuple[str, dict[str, Series]]:
    of = dict(read.mapping(given, read.at(None, part)))
    purpose = str(of.pop("purpose", ""))
    return purpose, _by_carrier(read, of, carriers, needed, part, units_of)


def _by_carrier(
    read: Values, given: Any, carriers: Sequence[str], needed: set[str], part: str, units_of: Mapping[str, str]
) -> dict[str, Series]:
    of = read.mapping(given, read.at(None, part))
    for carrier in of:
        if carrier not in carriers:
            read.unknown(read.at(part, str(carrier)), carrier, carriers)
    for carrier in sorted(needed - set(of)):
        read.missing(read.at(part, carrier))
    least = -math.inf if part == "prices" else 0.0
    unit = "CNY" if part in ("prices", "taxes") else "tCO2"
    return {
        carrier: read.series(values, read.at(part, carrier), least=least, unit=unit, per=units_of.get(carrier) or None)
        for carrier, values in of.items()
        if carrier in carriers
    }


def _budgets(read: Values, given: Any, measures: Sequence[Any]) -> tuple[Budget, ...]:
    budgets, funds = [], sorted({one.fund for one in measures if one.fund})
    for number, one in read.entries(given, "budgets"):
        item = f"budgets[{number}]"
        read.known(one, ("fund", "year", "amount", "unit", "note", "source"), item)
        year = one.get("year")
        if year is not None:
            year = read.year(year, read.at(item, "year"))
        amount = one.get("amount")
        if one.get("unit"):
            amount = {"value": amount, "unit": one["unit"]}
        fund = read.word(one.get("fund"), read.at(item, "fund"))
        budgets.append(Budget(fund, year, read.number(amount, read.at(item, "amount"), unit="CNY")))
        if fund is not None and fund not in funds:
            _fund_without_measure(read, read.at(item, "fund"), fund)
    _nothing_allowed(read, budgets, measures)
    return tuple(budgets)


def _fund_without_measure(read: Values, place: Place, fund: str) -> None:
    read.problems.add(
        "roadmap.fund-unused", place, f"没有措施由“{fund}”出资", f"no measure is paid from “{fund}”",
        fix_zh="在措施的 fund 中写这一资金，或删去这一预算",
        fix_en="name the fund in the measures that it pays for, or delete the budget",
        level="warning",
    )  # fmt: skip


def _nothing_allowed(read: Values, budgets: Sequence[Budget], measures: Sequence[Any]) -> None:
    """A fund that has nothing in any year, though measures are to be paid from it, allows none of them."""
    for fund in dict.fromkeys(one.fund for one in budgets):
        amounts = {one.year: one.amount for one in budgets if one.fund == fund}
        if any(not one <= 0 for one in amounts.values()) or not (None in amounts or set(amounts) >= set(read.years)):
            continue
        waiting = [one.id for one in measures if fund in (None, one.fund) and one.capex > 0]
        if waiting:
            read.problems.add(
                "roadmap.budget-nothing", read.at("budgets", fund),
                f"各年预算都是零，{'、'.join(waiting[:5])}等措施都不能做",
                f"the budget is zero in every year: {', '.join(waiting[:5])} … cannot be built",
                fix_zh="写出预算，或删去这些措施，或改由其他资金出资",
                fix_en="write the budget, delete these measures, or pay them from another fund",
            )  # fmt: skip


def _labour(read: Values, given: Any, measures: Sequence[Any]) -> dict[str, Series]:
    labour = {
        str(trade): read.series(values, read.at("labour", str(trade)))
        for trade, values in read.mapping(given, read.at(None, "labour")).items()
    }
    for one in measures:
        for trade in one.labour:
            if labour and trade not in labour:
                read.unknown(read.at(f"measures.{one.id}", "labour"), trade, sorted(labour))
    return labour


def _policy(
    read: Values, given: Any, carriers: Sequence[str], measures: Sequence[Any], units_of: Mapping[str, str]
) -> Policy:
    of = read.mapping(given, read.at(None, "policy"))
    read.known(of, ("subsidies", "co2_price", "taxes"), "policy")
    subsidies, names = [], sorted({one.id for one in measures} | {one.group for one in measures if one.group})
    for number, one in read.entries(of.get("subsidies"), "subsidies"):
        item = f"policy.subsidies[{number}]"
        read.known(one, ("of", "share", "fund", "note", "source"), item)
        if one.get("of") not in names:
            read.unknown(read.at(item, "of"), one.get("of"), names)
        share = read.number(one.get("share"), read.at(item, "share"), most=1.0)
        subsidies.append(Subsidy(str(one.get("of")), share, read.word(one.get("fund"), read.at(item, "fund"))))
    price = of.get("co2_price")
    return Policy(
        tuple(subsidies),
        np.zeros(0) if price is None else read.series(price, read.at("policy", "co2_price")),
        _by_carrier(read, of.get("taxes"), carriers, set(), "taxes", units_of),
    )


def _choice(read: Values, given: Any, among: Sequence[str], part: str) -> str:
    if given not in among:
        read.unknown(read.at(None, part), given, among)
    return str(given)
