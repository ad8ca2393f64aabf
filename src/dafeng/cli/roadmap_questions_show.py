"""Answers to questions to a roadmap, on the screen: a line that answers, then a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from dafeng.cli.output import print_table, short
from dafeng.cli.roadmap_show import STATUSES, money
from dafeng.core.text import Text, language

_SHOWN_YEARS = 6
# Tonnes below this are rounding; rates above are of measures that cost next to nothing.
_NOTHING, _MOST_RATE = 0.05, 10.0


def _say(zh: str, en: str) -> None:
    click.echo(Text(zh, en).say())


def _heads(*pairs: tuple[str, str]) -> list[str]:
    return [Text(*one).say() for one in pairs]


def _status(found: Mapping[str, Any]) -> None:
    """Said where the schedule is not simply the cheapest that meets every target."""
    if found["status"] != "ok":
        click.secho(STATUSES[found["status"]].say(), fg="yellow")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _per_t(value: float | None) -> str:
    return "–" if value is None else short(value)


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}" if value <= _MOST_RATE else f"> {_MOST_RATE:.0%}"


def _some(years: list[int]) -> list[int]:
    """Positions of the first and last year and some between."""
    step = max(1, -(-len(years) // _SHOWN_YEARS))
    return sorted({*range(0, len(years), step), len(years) - 1})


def curve(found: Mapping[str, Any]) -> None:
    lang, total = language(), short(found["co2_t"])
    _say(
        f"{found['year']} 年一起减排 {total} 吨（各自单独相加为 {short(found['alone_t'])} 吨）",
        f"{found['year']}: {total} t together (each alone would add up to {short(found['alone_t'])} t)",
    )
    rows = [
        [one["name"][lang], short(one["amount"]), one["unit"], short(one["co2_t"]), _per_t(one["per_t"]),
         money(one["cost"])]
        for one in found["steps"]
    ]  # fmt: skip
    print_table(
        _heads(("措施", "Measure"), ("数量", "Amount"), ("单位", "Unit"), ("tCO2/年", "tCO2 a year"),
               ("元/吨", "CNY/t"), ("年成本", "Cost a year")),
        rows, right=[1, 3, 4, 5], most={0: 40},
    )  # fmt: skip
    raising = [one for one in found["raises"] if one["co2_t"] <= -_NOTHING]
    for one in raising:
        _say(
            f"不在曲线上：{one['name']['zh']}，当年增排 {short(-one['co2_t'])} 吨",
            f"not on the curve: {one['name']['en']} raises CO2 by {short(-one['co2_t'])} t",
        )
    if still := [one["name"][lang] for one in found["raises"] if one["co2_t"] > -_NOTHING]:
        _say(f"不减排、为其他目标而做：{'、'.join(still)}", f"saving no CO2, built for other ends: {', '.join(still)}")


def ranking(found: Mapping[str, Any]) -> None:
    lang = language()
    loose = [one for one in found["ranks"] if not one["firm"]]
    _say(
        f"{found['year']} 年按每吨成本排序 {len(found['ranks'])} 项，其中 {len(loose)} 项的位次在范围内会变",
        f"{found['year']}: {len(found['ranks'])} measures by cost per tonne, {len(loose)} change place within ranges",
    )
    rows = [
        [str(one["place"]), one["name"][lang], _per_t(one["per_t"]),
         f"{short(one['per_t_low'])} ~ {short(one['per_t_high'])}",
         str(one["low"]) if one["low"] == one["high"] else f"{one['low']}–{one['high']}", _share(one["assumed"])]
        for one in found["ranks"]
    ]  # fmt: skip
    print_table(
        _heads(("位", "Place"), ("措施", "Measure"), ("元/吨", "CNY/t"), ("90% 范围", "90 % of draws"),
               ("位次", "Places"), ("出自假设", "Assumed")),
        rows, right=[0, 2, 3, 4, 5], most={1: 40},
    )  # fmt: skip


def switch(found: Mapping[str, Any]) -> None:
    lang, years = language(), found["years"]
    if not found["switches"]:
        _say("算例中没有改用能源的措施", "no measure of the case switches fuels")
        return
    _say("每单位措施每年减排（吨；负为增排）", "t CO2 saved by a unit in a year (negative: more is emitted)")
    at = _some(years)
    several = len({one["purpose"] for one in found["switches"]}) > 1
    rows = [
        [one["name"][lang] + (f" {one['zone']}" if one["zone"] else ""), one["purpose"] or "–",
         *(f"{one['saved_t'][i]:.3g}" for i in at), one["about"][lang]]
        for one in sorted(found["switches"], key=lambda one: one["measure"])
    ]  # fmt: skip
    heads = _heads(("措施", "Measure"), ("用途", "Purpose"))
    print_table(
        [*heads, *(str(years[i]) for i in at), Text("判断", "Verdict").say()], rows,
        right=range(2, 2 + len(at)), most={0: 36},
    )  # fmt: skip
    if not several:
        _say("算例只有一种用途的因子", "the case has factors of one purpose only")


def finance(found: Mapping[str, Any]) -> None:
    _status(found)
    lang, whole = language(), found["programme"]
    if whole is None:
        _say("排程中什么也不建", "the schedule builds nothing")
        return
    _say(
        f"折现率 {found['rate']:.1%}；成本的 {found['assumed']:.0%} 出自假设",
        f"discount rate {found['rate']:.1%}; {found['assumed']:.0%} of the cost rests on assumptions",
    )
    named = [(Text("全部", "All").say(), whole), *((one["name"][lang], one) for one in found["measures"])]
    rows = [
        [name, money(one["investment"]), money(one["npv"]), _rate(one["irr"]),
         "–" if one["payback"] is None else short(one["payback"]), _per_t(one["cost_per_t"]),
         "–" if one["leverage"] is None else short(one["leverage"])]
        for name, one in named
    ]  # fmt: skip
    print_table(
        _heads(("措施", "Measure"), ("投资", "Investment"), ("净现值", "NPV"), ("收益率", "IRR"),
               ("回收期（年）", "Payback, years"), ("元/吨", "CNY/t"), ("撬动", "Leverage")),
        rows, right=range(1, 7), most={0: 40},
    )  # fmt: skip
    if whole["irr"] is None:
        _say(f"全部的收益率：{whole['irr_about']['zh']}", f"rate of return of all: {whole['irr_about']['en']}")
    if whole["dscr"]:
        _say(
            f"偿债覆盖率：最低 {whole['dscr']['least']:.2f}，平均 {whole['dscr']['mean']:.2f}",
            f"debt service cover: least {whole['dscr']['least']:.2f}, mean {whole['dscr']['mean']:.2f}",
        )


def policy(found: Mapping[str, Any]) -> None:
    _status(found)
    lang, (before, after) = language(), found["policies"]
    parts = (
        ("owner", ("业主成本", "Owners' cost")),
        ("society", ("社会成本", "Society's cost")),
        ("public", ("财政净支出", "Public purse")),
        ("subsidies", ("其中补助", "of which subsidies")),
    )
    rows = [
        [Text(*words).say(), money(before[key]), money(after[key]), money(after[key] - before[key])]
        for key, words in parts
    ]
    tonnes = [before["co2_t"], after["co2_t"], after["co2_t"] - before["co2_t"]]
    rows.append([Text("减排（吨）", "t CO2 saved").say(), *(short(one) for one in tonnes)])
    print_table(_heads(("", ""), ("现在", "As it is"), ("加政策", "With"), ("变化", "Change")), rows, right=[1, 2, 3])
    for one in (before, after):
        if one["status"] != "ok":
            click.secho(f"{one['name']}: {STATUSES[one['status']].say()}", fg="yellow")
    if after["per_t"] is not None:
        _say(f"每多减一吨的补助 {short(after['per_t'])} 元", f"{short(after['per_t'])} CNY of subsidy per t more")
    if not after["moved"]:
        _say("排程不变", "the schedule does not move")
    for one in after["moved"]:
        sign = "+" if one["change"] > 0 else ""
        click.echo(f"  {one['name'][lang]}  {sign}{short(one['change'])} {one['unit']}")


def targets(found: Mapping[str, Any]) -> None:
    _status(found)
    lang = language()
    rows = [
        [one["name"][lang], str(one["year"]), money(one["saved_without"]),
         f"{short(one['step'])} {one['unit']}".strip(),
         Text("达不到", "cannot be met").say() if one["step_cost"] is None else money(one["step_cost"])]
        for one in found["targets"]
    ]  # fmt: skip
    print_table(
        _heads(("目标", "Target"), ("年份", "Year"), ("取消可省", "Dropping it saves"),
               ("提高一步", "One step"), ("需多花", "costs")),
        rows, right=[1, 2, 3, 4], most={0: 40},
    )  # fmt: skip
    if found["carbon_price"] is not None:
        at = _some(found["years"])
        priced = "，".join(f"{found['years'][i]} {short(found['carbon_price'][i])}" for i in at)
        _say(f"影子碳价（元/吨）：{priced}", f"shadow price of carbon, CNY/t: {priced.replace('，', ', ')}")


def regret(found: Mapping[str, Any]) -> None:
    _status(found)
    lang = language()
    _say(
        f"{found['draws']} 次抽样（种子 {found['seed']}）：{found['all_hold']:.0%} 的抽样达到全部目标，"
        f"{'够' if found['enough'] else '不够'} {found['wanted']:.0%}",
        f"{found['draws']} draws (seed {found['seed']}): every target holds in {found['all_hold']:.0%}, "
        f"{'at least' if found['enough'] else 'less than'} the {found['wanted']:.0%} wanted",
    )
    cost = found["cost"]
    _say(
        f"成本 {money(cost['p50'])}（5%—95%：{money(cost['p05'])} ~ {money(cost['p95'])}）",
        f"cost {money(cost['p50'])} (5–95 %: {money(cost['p05'])} ~ {money(cost['p95'])})",
    )
    rows = [[one["name"][lang], str(one["year"]), _share(one["holds"])] for one in found["targets"]]
    print_table(
        _heads(("目标", "Target"), ("年份", "Year"), ("达到的抽样", "Holds in")), rows, right=[1, 2], most={0: 50}
    )
    each = found["regret"]
    if each["compared"]:
        _say(
            f"比各自的最优贵（{each['compared']} 个抽样）：平均 {money(each['mean'])}，最多 {money(each['most'])}",
            f"dearer than the draw's own best ({each['compared']} draws): mean {money(each['mean'])}, "
            f"most {money(each['most'])}",
        )
    firm = found["robust"]
    if firm:
        _say(
            f"留余量后 {firm['all_hold']:.0%} 的抽样达标，多花 {money(firm['cost_of_margins'])}",
            f"with margins {firm['all_hold']:.0%} of draws hold, for {money(firm['cost_of_margins'])} more",
        )
