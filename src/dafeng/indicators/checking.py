"""Is an indicator's declaration sound? Registers, columns, units of reference, types: before anything
runs.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Indicator, Register
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.expressions import Expression, calls_in, dotted, names_in, parse
from dafeng.core.functions import ANY, BOOL, NUMBER, Function
from dafeng.core.text import Text
from dafeng.indicators.grammar import ACCOUNT, AGGREGATES, DRAWS, FILTERS, FORMULAS, PARAMETERS, kind_of

Lookup = Callable[[str], str | None]


def check_indicators(catalogue: Catalogue) -> Iterator[Problem]:
    """Every problem of every indicator, and every circle among them."""
    for entry in catalogue.indicators.values():
        yield from _check(catalogue, entry)
    yield from _circles(catalogue)


def columns_of(catalogue: Catalogue, register: Register) -> Mapping[str, str]:
    """Names a filter over the register may mention → their type; ``ref`` columns open the columns of their
    row.
    """
    names = {name: kind_of(column.type) for name, column in register.columns.items()}
    for name, column in register.columns.items():
        if column.to is not None and column.to in catalogue.registers:
            there = catalogue.registers[column.to]
            names |= {f"{name}.{other}": kind_of(far.type) for other, far in there.columns.items()}
    return names


def _check(catalogue: Catalogue, entry: Indicator) -> Iterator[Problem]:
    place = Place(file=catalogue.files.get(("indicators", entry.id), ("",))[-1], item=entry.id)
    draws = {name: (f"inputs › {name}", i.source, i.where, i.value) for name, i in entry.inputs.items()}
    if entry.from_ is not None and entry.value is not None:
        draws["value"] = ("", entry.from_, entry.where, entry.value)
    for field, register, where, value in draws.values():
        held = catalogue.registers.get(register)
        if held is None:
            yield _unknown(place, f"{field} › from" if field else "from", register)
            continue
        yield from _check_draw(catalogue, held, place, field, where, value)
    if entry.from_ is None and entry.value is not None:
        names: Mapping[str, str] = dict.fromkeys(entry.inputs, NUMBER)
        yield from _try(
            entry.value,
            _lookup(catalogue, names),
            FORMULAS,
            place.__class__(place.file, item=place.item, field="value"),
            NUMBER,
            catalogue,
        )
    if entry.sql is not None and entry.from_ not in catalogue.registers:
        yield _unknown(place, "from", str(entry.from_))


def _check_draw(
    catalogue: Catalogue, register: Register, place: Place, field: str, where: str | None, value: str
) -> Iterator[Problem]:
    columns = dict(columns_of(catalogue, register))
    if register.period is not None:
        columns |= {"period": NUMBER, "period_month": NUMBER}
    lookup = _lookup(catalogue, columns)
    here = lambda name: Place(place.file, item=place.item, field=f"{field} › {name}" if field else name)  # noqa: E731
    if where is not None:
        yield from _try(where, lookup, {**FILTERS, "factor": DRAWS["factor"]}, here("where"), BOOL, catalogue)
        yield from _same_on_both_sides(where, here("where"))
    yield from _try(value, lookup, DRAWS, here("value"), NUMBER, catalogue)


def _lookup(catalogue: Catalogue, names: Mapping[str, str]) -> Lookup:
    def find(name: str) -> str | None:
        if name in PARAMETERS:
            return NUMBER
        if name.startswith("IND."):
            return NUMBER if name[4:] in catalogue.indicators else None
        return names.get(name)

    return find


def _try(
    source: str,
    lookup: Lookup,
    functions: Mapping[str, Function],
    place: Place,
    expect: str,
    catalogue: Catalogue,
) -> Iterator[Problem]:
    try:
        expression = parse(source, lookup, functions, place=place, expect=expect)
    except BadInput as error:
        yield from error.problems
        return
    yield from _unknown_factors(expression, place, catalogue)
    yield from _unknown_totals(expression, place)
    yield from _wrongly_across(expression, place)


def _wrongly_across(expression: Expression, place: Place) -> Iterator[Problem]:
    """``at`` and ``total`` look at another indicator; the year of ``at`` follows from the asked years alone; an
    aggregate draws rows together, so there is nothing left to aggregate inside it."""
    for call in calls_in(expression, *AGGREGATES):
        inner = [part for part in ast.walk(call) if part is not call and isinstance(part, ast.Call)]
        for name in dict.fromkeys(ast.unparse(part.func) for part in inner if ast.unparse(part.func) in AGGREGATES):
            yield Problem(
                "indicators.nested",
                place,
                Text(f"汇总函数之内不能再用 {name}", f"{name} cannot stand inside another aggregate"),
                Text("把它移到外面，或另写一个 inputs", "move it outside, or give it an input of its own"),
            )
    for call in calls_in(expression, "at", "total"):
        name = dotted(call.args[0]) if call.args else None
        if name is None or not name.startswith("IND."):
            yield Problem(
                "indicators.at-needs-an-indicator",
                place,
                Text(
                    f"{ast.unparse(call)}：第一项须是指标", f"{ast.unparse(call)}: the first part must be an indicator"
                ),
                Text("例如 at(IND.energy_total, base_year)", "for example at(IND.energy_total, base_year)"),
            )
        strange = [name for year in call.args[1:] for name in names_in(year) if name not in PARAMETERS]
        if strange:
            yield Problem(
                "indicators.year-of-at",
                place,
                Text(
                    f"at 的年份不能由 {'、'.join(strange)} 得出",
                    f"the year of at cannot follow from {', '.join(strange)}",
                ),
                Text("只用 year、start、base_year 和数字", "use only year, start, base_year and numbers"),
            )


def _unknown_factors(expression: Expression, place: Place, catalogue: Catalogue) -> Iterator[Problem]:
    for call in calls_in(expression, "factor"):
        name = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if name not in catalogue.factors:
            yield Problem(
                "indicators.unknown-factor",
                place,
                Text(f"没有名为 {name} 的因子", f"there is no factor called {name}"),
                Text(
                    "写 factors 中已有的 id，或在 catalogue/factors/ 中添加",
                    "use an id of factors, or add it in catalogue/factors/",
                ),
            )


def _unknown_totals(expression: Expression, place: Place) -> Iterator[Problem]:
    for call in calls_in(expression, "account"):
        name = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if name not in ACCOUNT:
            yield Problem(
                "indicators.unknown-total",
                place,
                Text(f"核算没有名为 {name} 的总量", f"the account has no total called {name}"),
                Text(f"可用：{'、'.join(ACCOUNT)}", f"use one of {', '.join(ACCOUNT)}"),
            )


def _same_on_both_sides(source: str, place: Place) -> Iterator[Problem]:
    """``year == year`` is always true: the asked year hides a column of that name."""
    for node in ast.walk(parse(source, lambda _: ANY, DRAWS).tree):
        if isinstance(node, ast.Compare) and any(ast.dump(node.left) == ast.dump(right) for right in node.comparators):
            yield Problem(
                "indicators.same-on-both-sides",
                place,
                Text("比较的两边相同，恒为真", "both sides of the comparison are the same, so it always holds"),
                Text(
                    "行所在年份写 period，所问年份写 year：period == year",
                    "the row's own year is called period, the asked year is year: period == year",
                ),
            )


def _unknown(place: Place, field: str, register: str) -> Problem:
    return Problem(
        "indicators.unknown-register",
        Place(place.file, item=place.item, field=field),
        Text(f"没有名为 {register} 的台账", f"there is no register called {register}"),
        Text("写 registers 中已有的 id，或添加该台账", "use the id of a register, or add the register"),
    )


def references(catalogue: Catalogue, entry: Indicator) -> set[str]:
    """Indicators that an indicator mentions."""
    texts = [
        entry.value,
        entry.where,
        *(i.value for i in entry.inputs.values()),
        *(i.where for i in entry.inputs.values()),
    ]
    found: set[str] = set()
    for text in texts:
        if not text:
            continue
        try:
            expression = parse(text, lambda _: ANY, DRAWS)
        except BadInput:
            continue
        found |= {name[4:] for name in expression.names if name.startswith("IND.")}
    return found & set(catalogue.indicators)


def registers_of(catalogue: Catalogue, indicator: str, _seen: frozenset[str] = frozenset()) -> set[str]:
    """Registers that an indicator rests on, through other indicators too."""
    entry = catalogue.indicators[indicator]
    own = {i.source for i in entry.inputs.values()} | ({entry.from_} if entry.from_ else set())
    for other in references(catalogue, entry) - _seen - {indicator}:
        own |= registers_of(catalogue, other, _seen | {indicator})
    return own


def _circles(catalogue: Catalogue) -> Iterator[Problem]:
    graph = {name: references(catalogue, entry) for name, entry in catalogue.indicators.items()}
    reported: set[frozenset[str]] = set()
    for first in graph:
        trail = _circle_from(first, graph)
        # A level may be judged against its own base year (at(IND.x, base_year)); only a circle of several
        # is wrong.
        if trail and len(trail) > 1 and frozenset(trail) not in reported:
            reported.add(frozenset(trail))
            yield Problem(
                "indicators.circle",
                Place(item=first, field="value"),
                Text(
                    f"指标互相引用成环：{' → '.join([*trail, trail[0]])}",
                    f"indicators refer to each other in a circle: {' → '.join([*trail, trail[0]])}",
                ),
                Text("断开其中一处引用", "break one of the references"),
            )


def _circle_from(first: str, graph: Mapping[str, set[str]]) -> list[str]:
    open_: list[list[str]] = [[first]]
    seen: set[str] = set()
    while open_:
        trail = open_.pop()
        for following in sorted(graph[trail[-1]]):
            if following == first:
                return trail
            if following not in seen:
                seen.add(following)
                open_.append([*trail, following])
    return []
