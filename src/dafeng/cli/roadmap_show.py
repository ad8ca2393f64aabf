"""The roadmap on the screen: what it costs, what is built when, every target with what one step more of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from dafeng.cli.output import print_table, short
from dafeng.core.text import Text, language

if TYPE_CHECKING:
    from dafeng.roadmap.answers import TargetAnswer
    from dafeng.roadmap.case import Target
    from dafeng.workflows.roadmap import Solved
    from dafeng.workflows.roadmap_district import DistrictRoadmap

STATUSES: Mapping[str, Text] = {
    "ok": Text("全部目标都能达到", "every target is met"),
    "time limit": Text("到时限为止最好的排程", "the best schedule within the time limit"),
    "infeasible": Text("全部目标不能同时达到", "not every target can be met"),
    "relaxed": Text("放宽了部分目标后的排程", "the schedule with some targets relaxed"),
    "failed": Text("求解失败", "the solver failed"),
    "unbounded": Text("成本没有下限，请检查算例中的价格", "the cost has no lower bound: check the prices of the case"),
}


def money(value: float | None) -> str:
    """CNY as they are said: 万元 or 亿元, 10⁴ CNY as million."""
    if value is None:
        return "–"
    size = abs(value)
    if language() == "zh":
        return f"{short(value / 1e8)} 亿元" if size >= 1e8 else f"{short(value / 1e4)} 万元"
    return f"{short(value / 1e6)} million CNY"


def show_solved(done: Solved) -> None:
    answer, zh = done.outcome.answer, language() == "zh"
    name = answer.case.name.say()
    click.secho(f"{name}{'：' if zh else ': '}{STATUSES[answer.status].say()}", bold=True)
    if answer.cost is not None:
        click.echo(_cost(done))
    if answer.schedule:
        click.echo()
        _schedule(done)
    if answer.targets:
        click.echo()
        _targets(done)


def show_district(done: DistrictRoadmap) -> None:
    zh = language() == "zh"
    click.secho(f"{done.district.name} 路线图" if zh else f"{done.district.name_en}: roadmap", bold=True)
    if done.district.synthetic:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    click.secho(done.made.origin.say(), dim=True)
    click.echo()
    show_solved(done.solved)
    if done.costs:
        click.echo()
        _target_costs(done)
    if done.made.left_out:
        click.echo()
        _left_out(done)
    for note in done.made.notes:
        click.secho(f"· {note.say()}", dim=True)


def _target_costs(done: DistrictRoadmap) -> None:
    rows = [
        [_asked_name(one.target), str(one.target.year), money(one.saved_without),
         f"{short(one.step)} {one.target.unit}".strip(),
         Text("达不到", "cannot be met").say() if one.step_cost is None else money(one.step_cost)]
        for one in done.costs
    ]  # fmt: skip
    heads = [Text(*one).say() for one in (("目标", "Target"), ("年份", "Year"),
                                          ("取消可省", "Dropping it saves"), ("提高一步", "One step"),
                                          ("需多花", "costs"))]  # fmt: skip
    print_table(heads, rows, right=[1, 2, 3, 4], most={0: 40})


def _left_out(done: DistrictRoadmap) -> None:
    click.secho(Text("不在算例中的目标", "Targets that the case does not hold").say(), bold=True)
    for one in done.made.left_out:
        # A missed target is given its date by its id.
        named = f"{one.name.say()} [{one.id}]" if one.kind == "missed" else one.name.say()
        click.echo(f"  {named}{'：' if language() == 'zh' else ': '}{one.why.say()}")


def _cost(done: Solved) -> str:
    """The cost in words: below nothing it is a gain; with the share of it that is assumed, and how far the linear
    program's own best may lie below (of the overlaps themselves no such bound is known)."""
    from dafeng.roadmap.flips import assumed_share

    answer, years = done.outcome.answer, done.case.years
    cost = answer.cost or 0.0
    capex = sum(line.capex for line in answer.schedule)
    gap = f"{answer.gap:.2%}" if answer.gap is not None else "–"
    assumed = f"{assumed_share(done.case, answer.built):.0%}"
    said = Text(
        f"{years[0]}—{years[-1]} 年折现净成本 {money(cost)}{'（净收益）' if cost < 0 else ''}，"
        f"投资 {money(capex)}（未折现）；成本的 {assumed} 出自假设；线性化问题与最优之差不超过 {gap}",
        f"net cost {years[0]}–{years[-1]}, discounted: {money(cost)}{' (a gain)' if cost < 0 else ''}; "
        f"investment {money(capex)} (undiscounted); {assumed} of the cost rests on assumptions; "
        f"gap to the linear program's best at most {gap}",
    ).say()
    exact = done.outcome.exact
    return said if exact is None else f"{said}\n{exact.about.say()}"


def _schedule(done: Solved) -> None:
    """A row for each measure, in all types of building and zones together: what is built in each year, in its unit."""
    from dafeng.workflows.roadmap_reporting import works_of

    works = works_of(done)
    years = [year for year in done.case.years if any(year in work.amounts for work in works)]
    rows = [
        [work.name.say(), work.unit, *(short(work.amounts.get(year)) for year in years),
         short(sum(work.amounts.values())), short(work.spent / 1e4)]
        for work in works
    ]  # fmt: skip
    heads = [Text("措施", "Measure").say(), Text("单位", "Unit").say(), *(str(year) for year in years),
             Text("合计", "Total").say(), Text("投资（万元）", "10⁴ CNY").say()]  # fmt: skip
    print_table(heads, rows, right=range(2, len(heads)), most={0: 34})
    if len(done.outcome.answer.schedule) > len(rows) * len(years):
        click.secho(Text("各类建筑、各片区的明细见 --json", "by type of building and zone: --json").say(), dim=True)


def _targets(done: Solved) -> None:
    # Without a schedule the values are those of the least relaxing, which is told below.
    rows = [_target(one, done.feasible) for one in done.outcome.answer.targets]
    heads = [Text(*one).say() for one in (("目标", "Target"), ("年份", "Year"), ("要求", "Asked"), ("达到", "Reached"),
                                          ("单位", "Unit"), ("", ""),
                                          ("再进一步的成本", "Cost of one more"))]  # fmt: skip
    print_table(heads, rows, right=[2, 3, 6], most={0: 40})


def _target(one: TargetAnswer, feasible: bool) -> list[str]:
    worst, target = one.worst, one.target
    required = worst.required if worst else None
    value = worst.value if worst else None
    shadow = one.shadow_cost if feasible else None
    sign = {">=": "≥", "<=": "≤"}[target.sense]
    name = _asked_name(target) + (
        Text(f"（{target.missed}年欠账）", f" (due {target.missed})").say() if target.missed else ""
    )
    cost = (
        "–"
        if shadow is None
        else "0"
        if abs(shadow) < 0.5
        else Text(f"{short(shadow)} 元", f"{short(shadow)} CNY").say()
    )
    return [
        name, str(worst.year if worst else target.year), f"{sign}{short(required)}", short(value), target.unit,
        "●" if one.met else "▼", cost,
    ]  # fmt: skip


def _asked_name(target: Target) -> str:
    """What a peak asks for is said: its figures are only how far a later year lies above it."""
    if target.kind != "peak":
        return target.name.say()
    return Text(
        f"{target.name.zh}：{target.year}年后不再上升", f"{target.name.en}: no rise after {target.year}"
    ).say()  # fmt: skip
