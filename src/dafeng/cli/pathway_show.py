"""The pathway on the screen: a line that answers, then the scenarios, then where the answer comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from dafeng.cli.output import print_table, short
from dafeng.core.text import Text, language

if TYPE_CHECKING:
    from dafeng.workflows.pathway_district import DistrictRun
    from dafeng.workflows.pathway_running import Ran

# Years of which the table shows the emissions, besides the base year and the last.
_SHOWN_YEARS = (2030, 2035)
# Wedges below half a kilogram, and shares of the variance that would print as nothing, are not listed.
_NOTHING, _LEAST = 5e-4, 0.005


def show_district(done: DistrictRun) -> None:
    zh = language() == "zh"
    name = done.district.name if zh else done.district.name_en
    click.secho(f"{name} 碳排放路径" if zh else f"{name}: pathway of emissions", bold=True)
    if done.district.synthetic:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    click.secho(done.origin.say(), dim=True)
    if done.observed is not None:
        verdict = done.observed["why"][language()]
        click.echo(Text(f"账户历年：{verdict}", f"The account so far: {verdict}").say())
    click.echo()
    show_run(done.ran)
    for note in done.notes:
        click.secho(f"! {note.say()}", fg="yellow", err=True)


def show_run(ran: Ran) -> None:
    """Each scenario in words, then the table of years."""
    from dafeng.workflows.pathway_running import as_data, titles

    data, names = as_data(ran), titles(ran.model)
    for name, held in data["scenarios"].items():
        click.echo(f"{names[name].say()}{'：' if language() == 'zh' else ': '}{said(held['peak']).say()}")
    click.echo()
    _table(ran, data, names)
    drawn = Text(
        f"tCO₂，中位数（5%—95%）；{ran.count} 次抽样，种子 {ran.seed}" if ran.count > 1
        else "tCO₂；模型没有写不确定性，各情景只有一个数",
        f"tCO₂, median (5–95 %); {ran.count} draws, seed {ran.seed}" if ran.count > 1
        else "tCO₂; the model has nothing uncertain, so each scenario is one path",
    )  # fmt: skip
    click.secho(drawn.say(), dim=True)


def said(peak: Mapping[str, Any]) -> Text:
    """When a scenario peaks, in words: the most probable year, its range, the probability by the commitment."""
    years, sight = peak["year"], peak["in_sight"]
    if peak["peaked_already"] >= 0.995:
        when = Text(f"峰值在 {years['p50']} 年，此后下降", f"the highest is {years['p50']}; falling since")
    elif sight < 0.5 or years["p50"] is None:
        when = Text(f"视野内不达峰（达峰概率 {percent(sight)}）", f"no peak in sight (probability {percent(sight)})")
    else:
        low, high = years["p05"], years["p95"]
        until_zh, until_en = (str(high), str(high)) if high else ("视野之外", "out of sight")
        spread = low == high
        when = Text(
            f"{years['p50']} 年达峰" + ("" if spread else f"（{low}—{until_zh}）"),
            f"peaks in {years['p50']}" + ("" if spread else f" ({low} to {until_en})"),
        )
    due = peak["commitment"]
    if due is None:
        return when
    year, chance = due["year"], percent(due["probability"])
    return Text(f"{when.zh}，{year} 年前达峰的概率 {chance}", f"{when.en}; probability by {year}: {chance}")


def percent(share: float) -> str:
    """0.9994 is not 100 %: what is not certain never prints as certain."""
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def _table(ran: Ran, data: Mapping[str, Any], names: Mapping[str, Text]) -> None:
    years, base, last = data["years"], ran.model.years.base, ran.model.years.last
    shown = sorted({base, *(year for year in _SHOWN_YEARS if base < year < last), last})
    heads = [Text("情景", "Scenario").say(), *(str(year) for year in shown)]
    rows = []
    for name, held in data["scenarios"].items():
        cells = []
        for year in shown:
            low, middle, high = (held["co2_t"][one][years.index(year)] for one in ("p05", "p50", "p95"))
            wide = f" ({short(low)}–{short(high)})" if short(low) != short(high) else ""
            cells.append(short(middle) + wide)
        rows.append([names[name].say(), *cells])
    print_table(heads, rows, right=range(1, len(heads)))


def show_wedges(found: Mapping[str, Any]) -> None:
    zh = language() == "zh"
    start, end = (found[side]["title"][language()] for side in ("start", "end"))
    change = found["difference_t"]
    click.echo(
        f"{found['year']} 年“{end}”比“{start}”{'少' if change < 0 else '多'} {short(abs(change))} tCO₂"
        if zh
        else f"In {found['year']} {end} emits {short(abs(change))} tCO₂ {'less' if change < 0 else 'more'} than {start}"
    )
    shown = [one for one in found["wedges"] if abs(one["wedge_t"]) > _NOTHING]
    rows = [
        [one["name"][language()], short(one["wedge_t"], signed=True), short(one["alone_t"], signed=True),
         short(one["last_t"], signed=True)]
        for one in shown
    ]  # fmt: skip
    rows.append([Text("合计", "Total").say(), short(change, signed=True), "", ""])
    heads = [Text(*one).say() for one in (("改动", "Change"), ("分得", "Wedge"), ("最先做", "Made first"),
                                          ("最后做", "Made last"))]  # fmt: skip
    print_table(heads, rows, right=[1, 2, 3])
    rest = len(found["wedges"]) - len(shown)
    if rest:
        said_rest = Text(f"另有 {rest} 项改动在该年没有影响。", f"{rest} more changes do nothing in that year. ").say()
        click.secho(said_rest, dim=True)
    click.secho(found["about"][language()], dim=True)


def show_sensitivity(found: Mapping[str, Any]) -> None:
    title, year = found["scenario"]["title"][language()], found["year"]
    click.echo(
        Text(
            f"“{title}”{year} 年排放的不确定来自（标准差 {short(found['deviation_t'])} tCO₂）：",
            f"{title}, {year}: what makes it uncertain (standard deviation {short(found['deviation_t'])} tCO₂)",
        ).say()
    )
    rows = [
        [str(one["rank"]), one["name"][language()], f"{max(one['first'], 0):.2f} ±{one['first_error']:.2f}",
         f"{one['total']:.2f} ±{one['total_error']:.2f}"]
        for one in found["ranking"]
        if one["total"] >= _LEAST
    ]  # fmt: skip
    heads = ["", Text("参数", "Input").say(), Text("一阶", "First").say(), Text("总效应", "Total").say()]
    print_table(heads, rows, right=[0, 2, 3])
    click.secho(
        Text(
            "一阶：若确知该参数，方差减少的份额；总效应：若其余都确知，方差仍余的份额。±为90%区间",
            "First: share of the variance gone if this were known; total: share left if all else were. ± 90 %",
        ).say(),
        dim=True,
    )
