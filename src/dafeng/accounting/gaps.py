"""Years that a register lacks, filled by a stated method and marked as filled in every sum above.

Nothing is filled unless a rule says so. A filled row carries ``estimate`` (the method, its years, its driver) and the
id of the record it was made from, so that the figure leads back to what somebody typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import polars as pl

from dafeng.core.errors import WARNING, BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import PERIOD, RECORD, Facts

How = Literal["interpolate", "carry", "proxy"]
DRIVERS = "yearly_totals"
WORDS: Mapping[str, Text] = {
    "interpolate": Text("两年间线性内插", "linear interpolation between two years"),
    "carry": Text("沿用最近一年", "the latest year carried forward"),
    "proxy": Text("按驱动量外推", "scaled by a driver"),
}


@dataclass(frozen=True, slots=True)
class GapRule:
    """How missing years of a register may be filled. driver: column of yearly_totals (residents, gdp_constant) that a
    proxy goes by. farthest: years that a value may be carried or scaled over."""

    register: str
    method: How
    driver: str | None = None
    farthest: int = 3


def rules_of(settings: Mapping[str, Mapping[str, Any]]) -> list[GapRule]:
    """Rules as a district writes them: register → method, driver, farthest. Raises BadInput naming what is wrong."""
    made, problems = [], []
    for register, given in settings.items():
        method = given.get("method")
        if method is None or method not in get_args(How) or (method == "proxy") != ("driver" in given):
            problems.append(
                Problem(
                    "account.gap-rule",
                    Place(item=register, field="method"),
                    Text(
                        f"补缺方法写得不完整：{dict(given)}", f"the rule for filling gaps is not whole: {dict(given)}"
                    ),
                    Text(
                        "method 为 interpolate、carry 或 proxy；proxy 须写 driver",
                        "method is interpolate, carry or proxy; a proxy names its driver",
                    ),
                )
            )
            continue
        farthest = given.get("farthest", 3)
        if not isinstance(farthest, int) or isinstance(farthest, bool) or farthest < 1:
            problems.append(
                Problem(
                    "account.gap-years",
                    Place(item=register, field="farthest"),
                    Text(f"最远年数“{farthest}”不成立", f"{farthest} is no number of years"),
                    Text("写不小于1的整数", "give a whole number of at least 1"),
                )
            )
            continue
        made.append(GapRule(register, method, given.get("driver"), farthest))
    if problems:
        raise BadInput(problems)
    return made


def filled(facts: Facts, rules: Sequence[GapRule], years: Sequence[int]) -> tuple[Facts, list[Problem]]:
    """The same facts with the missing ones of ``years`` filled, and a warning for each gap filled or left open.

    A gap is a year that a key of a series (its key without the year) lacks while it has others."""
    frames: dict[str, pl.DataFrame] = {}
    problems: list[Problem] = []
    unknown = [rule.register for rule in rules if rule.register not in facts.catalogue.registers]
    if unknown:
        raise BadInput([_no_register(name) for name in unknown])
    for rule in rules:
        frame = facts.frame(rule.register)
        if frame is not None and PERIOD in frame.columns:
            frames[rule.register], found = _filled(facts, frame, rule, sorted(set(years)))
            problems += found
    return Facts(facts.catalogue, lambda name: frames.get(name, facts.frame(name))), problems


def _no_register(name: str) -> Problem:
    return Problem(
        "account.gap-register",
        Place(item=f"gaps.{name}"),
        Text(f"没有名为 {name} 的台账", f"there is no register called {name}"),
        Text("写 dafeng catalogue show registers 列出的编号", "use an id that dafeng catalogue show registers lists"),
    )


def _filled(
    facts: Facts, frame: pl.DataFrame, rule: GapRule, years: Sequence[int]
) -> tuple[pl.DataFrame, list[Problem]]:
    register = facts.catalogue.registers[rule.register]
    others = [name for name in register.key if name != register.period]
    numbers = [name for name, column in register.columns.items() if column.type in ("number", "integer")]
    numbers = [name for name in numbers if name not in register.key]
    driver = _driver(facts, rule.driver)
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    held: dict[tuple[Any, ...], dict[int, dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        held.setdefault(tuple(row[name] for name in others), {})[row[PERIOD]] = row
    for key, by_year in held.items():
        for year in years:
            if year not in by_year:
                made = _made(by_year, year, rule, numbers, driver)
                problems.append(_said(rule, key, year, made, by_year))
                if made is not None:
                    rows.append({**made, str(register.period): year, PERIOD: year})
    marked = frame if "estimate" in frame.columns else frame.with_columns(pl.lit(None, pl.String).alias("estimate"))
    if not rows:
        return marked, problems
    added = pl.DataFrame(rows, schema_overrides=dict(marked.schema)).select(marked.columns)
    return pl.concat([marked, added.cast(marked.schema)]), problems


def _made(
    by_year: Mapping[int, dict[str, Any]],
    year: int,
    rule: GapRule,
    numbers: Sequence[str],
    driver: Mapping[int, float],
) -> dict[str, Any] | None:
    """The row for a year by the rule; None where the rule cannot give it."""
    before = max((held for held in by_year if held < year), default=None)
    after = min((held for held in by_year if held > year), default=None)
    if rule.method == "interpolate":
        if before is None or after is None:
            return None
        weight = (year - before) / (after - before)
        early, late = by_year[before], by_year[after]
        values = {name: _between(early[name], late[name], weight) for name in numbers}
        return {**early, **values, "estimate": f"interpolate {before}-{after}"}
    if before is None or year - before > rule.farthest:
        return None
    row = by_year[before]
    if rule.method == "carry":
        return {**row, "estimate": f"carry {before}"}
    if not driver.get(before) or year not in driver:
        return None
    times = driver[year] / driver[before]
    values = {name: None if row[name] is None else row[name] * times for name in numbers}
    return {**row, **values, "estimate": f"proxy {rule.driver} {before}"}


def _between(early: float | None, late: float | None, weight: float) -> float | None:
    return None if early is None or late is None else early + (late - early) * weight


def _driver(facts: Facts, name: str | None) -> dict[int, float]:
    frame = facts.frame(DRIVERS) if name is not None else None
    if frame is None or name is None:
        return {}
    if name not in frame.columns:
        raise BadInput(
            Problem(
                "account.gap-driver",
                Place(item=DRIVERS, field=name),
                Text(f"台账 {DRIVERS} 没有列 {name}", f"the register {DRIVERS} has no column {name}"),
                Text("写一列年度总量，如 residents", "name a column of yearly totals, such as residents"),
            )
        )
    return {year: float(value) for year, value in frame.select(PERIOD, name).drop_nulls().iter_rows()}


def _said(
    rule: GapRule,
    key: tuple[Any, ...],
    year: int,
    made: Mapping[str, Any] | None,
    by_year: Mapping[int, dict[str, Any]],
) -> Problem:
    which = "、".join(str(part) for part in key)
    method = WORDS[rule.method]
    nearest = by_year[min(by_year, key=lambda held: abs(held - year))]
    place = Place(item=rule.register, row=nearest[RECORD], field=str(year))
    if made is None:
        return Problem(
            "account.gap-open",
            place,
            Text(
                f"缺 {year} 年（{which}），{method.zh}补不了",
                f"{year} is missing ({which}); {method.en} cannot fill it",
            ),
            Text("补报该年数据，或改用别的补缺方法", "report that year, or state another method"),
            WARNING,
        )
    return Problem(
        "account.gap-filled",
        place,
        Text(
            f"缺 {year} 年（{which}），已按“{method.zh}”估算（{made['estimate']}）",
            f"{year} is missing ({which}): estimated by {method.en} ({made['estimate']})",
        ),
        Text("有了数据请补报，估算值随即让位", "report it when known; the estimate then gives way"),
        WARNING,
    )
