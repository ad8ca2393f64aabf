"""``dafeng run``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from dafeng.cli.output import LIGHTS, apart, print_json, print_table, short
from dafeng.core.text import Text, language

if TYPE_CHECKING:
    from dafeng.assessment.movement import Movement
    from dafeng.assessment.results import Results, TargetRow


@click.command()
@click.option("--year", type=int, help="评估年份，默认上一完整年度 · Year judged; the last full year by default")
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@click.option("--as-known", type=click.DateTime(["%Y-%m-%d"]), help="只用该日之前已知的记录 · As known on that day")
@click.option("--all", "everything", is_flag=True, help="列出全部指标 · List every indicator")
@click.option("--force", is_flag=True, help="即使没有变化也重新计算 · Compute even if nothing changed")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def run(
    year: int | None,
    district: str | None,
    as_known: dt.datetime | None,
    everything: bool,
    force: bool,
    as_json: bool,
) -> None:
    """计算全部目标：数值、进度线、差距、灯号。

    Compute every target: figure, path, gap and light. What has not changed is not computed again.
    """
    from dafeng.workflows.district import open_district
    from dafeng.workflows.running import run as run_district

    done = run_district(open_district(district), year, as_known=as_known.date() if as_known else None, force=force)
    if as_json:
        moved = done.moved.as_dict() if done.moved else None
        answer = {"computed": done.computed, "lights": done.results.lights, "moved": moved}
        print_json({**done.results.as_dict(), **answer})
        return
    show(done.results)
    if everything:
        _print_values(done.results)
    if done.moved is not None:
        _show_moves(done.moved)
    if not done.computed:
        click.secho(
            Text(
                "自上次计算以来没有变化，以上为已存的结果。",
                "Nothing has changed since the last run; this is the stored result.",
            ).say(),
            dim=True,
        )


def show(results: Results) -> None:
    """The table of targets, plan by plan, action by action."""
    zh = language() == "zh"
    title = (
        f"{results.district} {results.year} 年目标进展" if zh else f"{results.district_en}: targets in {results.year}"
    )
    click.secho(title, bold=True)
    if results.synthetic:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    for plan in results.plans:
        click.echo()
        click.secho(f"{plan.title}  {plan.number or ''}".rstrip(), bold=True)
        names = dict(plan.actions)
        groups: dict[str, list[TargetRow]] = {}
        for row in results.targets:
            if row.plan == plan.slug:
                groups.setdefault(row.action, []).append(row)
        _print_groups(groups, names, zh)
    _print_figures(results, zh)
    click.echo()
    click.echo(_lights_line(results))
    for note in results.notes:
        click.secho(f"! {note[0] if zh else note[1]}", fg="yellow")


def _print_groups(groups: dict[str, list[TargetRow]], names: dict[str, str], zh: bool) -> None:
    heads = ["", "条款", "指标", "目标", "期限", "实际", "应达", "差距", "责任单位"] if zh else [
        "", "clause", "indicator", "target", "due", "actual", "path", "gap", "units"]  # fmt: skip
    rows: list[list[str]] = []
    for action, targets in groups.items():
        name = names.get(action) or (action if action else "主要目标" if zh else "Head targets")
        rows.append(["", "", f"〔{name}〕", "", "", "", "", "", ""])
        rows += [_cells(row, zh) for row in targets]
    print_table(heads, rows, right=(5, 6, 7), most={2: 36, 3: 22, 8: 26})


def _cells(row: TargetRow, zh: bool) -> list[str]:
    mark = LIGHTS[row.light][0]
    name = (row.indicator_zh if zh else row.indicator_en) or row.subject
    unit = row.unit_words(language()) if row.unit not in ("1", "") else ""
    due = f"({row.year_to})" if "due_assumed" in row.flags else str(row.year_to) if row.year_to else (
        f"{row.year_from}–" if row.year_from else "")  # fmt: skip
    more = apart(row.value, row.expected)
    return [
        mark, row.clause, name, row.said, due, _actual(row, unit, zh, more), short(row.expected, more=more),
        short(row.gap, signed=True), _units(row),
    ]  # fmt: skip


def _units(row: TargetRow) -> str:
    """The leading units, and how many more answer for the target."""
    leads = [name for name, role in row.units if role == "lead"] or [name for name, _ in row.units[:1]]
    more = len(row.units) - len(leads)
    others = Text(f" 等 {len(row.units)} 个", f" and {more} more").say() if more else ""
    return "、".join(leads) + others


def _actual(row: TargetRow, unit: str, zh: bool, more: int) -> str:
    """The figure with its unit, with its year when that is an earlier one, marked when it is not the last word."""
    if "not_begun" in row.flags:
        return f"{row.year_from} 年起" if zh else f"from {row.year_from}"
    if row.value is None:
        return "无数据" if zh else "no data"
    text = f"{short(row.value, more=more)}{'' if unit in ('', '%') else ' '}{unit}"
    if "older" in row.flags:
        text += f" ({row.value_year})"
    return f"≈{text}" if "partial" in row.flags else text


def _print_figures(results: Results, zh: bool) -> None:
    if not results.figures:
        return
    click.echo()
    click.secho("其他指标" if zh else "Other indicators", bold=True)
    rows = [
        [
            f"IND.{row.indicator}",
            row.indicator_zh if zh else row.indicator_en,
            short(row.value) if row.value is not None else ("无数据" if zh else "no data"),
            row.unit_words(language()),
            row.why_zh if zh else row.why_en,
        ]
        for row in results.figures
    ]
    print_table(["", "", str(results.year), "", ""], rows, right=(2,), most={4: 50})


def _print_values(results: Results) -> None:
    click.echo()
    click.secho(Text("全部指标", "Every indicator").say(), bold=True)
    rows = [
        [f"IND.{row.indicator}", row.zh if language() == "zh" else row.en, short(row.value), row.unit_words(language())]
        for row in results.values
    ]
    print_table(["", "", str(results.year), ""], rows, right=(2,), most={1: 44})


_WHAT = {
    "value": Text("数值", "figure"),
    "target": Text("目标值", "target"),
    "light": Text("灯号", "light"),
    "new": Text("新增目标", "new target"),
    "gone": Text("取消目标", "target gone"),
}
_BECAUSE = {
    "facts": Text("记录", "records"),
    "catalogue": Text("目录", "catalogue"),
    "plans": Text("方案", "plans"),
    "settings": Text("设置", "settings"),
    "code": Text("程序", "program"),
    "day": Text("日期", "day"),
}


def _show_moves(moved: Movement) -> None:
    """What differs from the run before, and which foundation changed."""
    because = "、".join(_BECAUSE[name].say() for name in moved.because)
    click.echo()
    head = Text(
        f"与上次（{moved.since[:10]}）相比，变化的是{because}：{len(moved.moves)} 处不同",
        f"Since the last run ({moved.since[:10]}) the {because} changed; what differs: {len(moved.moves)}",
    )
    click.secho(head.say(), bold=True)
    rows = [
        [move.item, move.name_zh if language() == "zh" else move.name_en, _WHAT[move.what].say(),
         _moved(move.before), "→", _moved(move.after), move.unit_words(language())]
        for move in moved.moves[:40]
    ]  # fmt: skip
    if rows:
        print_table(["", "", "", "", "", "", ""], rows, right=(3, 5), most={1: 40, 3: 24, 5: 24})


def _moved(value: float | str | None) -> str:
    if isinstance(value, str):
        return LIGHTS[value][2].say() if value in LIGHTS else value
    return short(value)


def _lights_line(results: Results) -> str:
    counts = results.lights
    waiting = results.not_begun
    later = Text(f"（其中 {waiting} 个尚未开始）", f" ({waiting} of them not begun)").say() if waiting else ""
    return (
        "   ".join(
            click.style(f"{LIGHTS[light][0]} {LIGHTS[light][2].say()} {counts[light]}", fg=LIGHTS[light][1])
            for light in LIGHTS
        )
        + later
    )
