"""``dafeng plan``: import, show, diff, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dafeng.cli.output import print_json, print_table, show_problems
from dafeng.core.text import Text, language

if TYPE_CHECKING:
    from dafeng.planning.difference import Difference
    from dafeng.planning.model import Plan

_FILE = click.Path(dir_okay=False, path_type=Path)
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "", "~": "≈", None: ""}
_PARTS = {
    "plan": Text("方案", "plan"),
    "action": Text("行动", "action"),
    "task": Text("任务", "task"),
    "target": Text("目标", "target"),
}


@click.group()
def plan() -> None:
    """导入、查看、比较、检查方案。

    Import, show, compare and check plans.
    """


@plan.command("import", short_help="把方案文件读成方案 · Read a document into a plan")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
@click.option("--out", type=_FILE, help="写到这个文件 · Write the plan to this file")
@click.option(
    "--district",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="区的文件夹 · The district's folder",
)
def import_(file: Path, as_json: bool, out: Path | None, district: Path | None) -> None:
    """把方案文件（txt、md、html、docx、pdf）读成方案。

    Read a plan document (txt, md, html, docx, pdf) into a plan; in a district's folder it is written to plans/.
    """
    from dafeng.workflows.plan import import_into

    imported = import_into(file, district=district, out=out)
    if as_json:
        print_json(imported.plan.as_dict())
        return
    _print_plan(imported.plan)
    for remark in imported.remarks:
        click.secho(f"! {remark.say()}", fg="yellow", err=True)
    if imported.written is not None:
        click.secho(f"✓ {imported.written}", fg="green")


@plan.command(short_help="查看方案 · Show a plan")
@click.argument("file", type=_FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def show(file: Path | None, as_json: bool) -> None:
    """查看方案：行动、任务、责任单位、目标；不写文件名时查看本区全部方案。

    Show a plan: actions, tasks, units, targets; without a file, every plan of this district.
    """
    from dafeng.workflows.plan import open_plan

    plans = [open_plan(path) for path in _given((file,) if file else ())]
    if as_json:
        print_json(plans[0].as_dict() if len(plans) == 1 else [one.as_dict() for one in plans])
        return
    for one in plans:
        _print_plan(one, tasks=True)


@plan.command(short_help="比较两份方案 · Compare two plans")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def diff(before: Path, after: Path, as_json: bool) -> None:
    """两份方案（方案文件或文档）有何增、减、改动。

    What was added, removed and changed between two plans (plan files or documents).
    """
    from dafeng.workflows.plan import diff as compare

    found = compare(before, after)
    if as_json:
        print_json(found.as_dict())
        return
    _print_difference(found)


@plan.command(short_help="检查方案 · Check plans")
@click.argument("files", type=_FILE, nargs=-1)
@click.option("--against", type=_FILE, help="上级（市）方案 · The plan of the level above")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def check(files: tuple[Path, ...], against: Path | None, as_json: bool) -> None:
    """检查方案：没有指标的目标、不认识的单位、矛盾的年份、弱于上级的目标。

    Check plans: targets without an indicator, unknown units, periods that contradict, targets weaker than the city's.
    """
    from dafeng.workflows.plan import check as check_plans

    problems = check_plans(_given(files), against=against)
    if as_json:
        print_json({"problems": [problem.as_dict() for problem in problems]})
    elif problems:
        show_problems(problems)
    else:
        click.secho(Text("✓ 没有问题", "✓ nothing to mend").say(), fg="green")
    if any(problem.level == "error" for problem in problems):
        raise SystemExit(1)


def _given(files: tuple[Path, ...]) -> list[Path]:
    """The files named, or the plans of this district."""
    from dafeng.workflows.plan import plans_here

    paths = list(files) or plans_here()
    if not paths:
        raise click.UsageError(
            Text("请写明方案文件，或在区的文件夹里运行", "name a plan file, or run this in a district's folder").say()
        )
    return paths


# ── what a person sees ──


def _print_plan(one: Plan, *, tasks: bool = False) -> None:
    zh = language() == "zh"
    click.secho(one.title or Text("（没有标题）", "(no title)").say(), bold=True)
    heads = [value for value in (one.number, one.issuer, one.issued_on) if value]
    if heads:
        click.echo("  ".join(heads))
    counts = (
        len(one.actions),
        sum(len(action.tasks) for action in one.actions),
        len(one.safeguards),
        len(one.organisation),
        len(one.targets),
    )
    click.echo(
        Text(
            "{} 个行动，{} 项任务，{} 项保障，{} 项组织实施，{} 个目标",
            "{} actions, {} tasks, {} safeguards, {} items of organisation, {} targets",
        )
        .say()
        .format(*counts)
    )
    if tasks:
        _print_tasks(one)
    if one.targets:
        click.echo()
        _print_targets(one, zh)
    _print_notes(one, zh)


def _print_tasks(one: Plan) -> None:
    for action in one.actions:
        click.echo()
        click.secho(f"{action.no}{action.title}", bold=True)
        for task in action.tasks:
            click.echo(f"  {task.clause}  {task.title}  {_units(task.units, most=20)}")
    for title, items in (
        (Text("政策保障", "Safeguards"), one.safeguards),
        (Text("组织实施", "Organisation"), one.organisation),
    ):
        if items:
            click.echo()
            click.secho(title.say(), bold=True)
        for task in items:
            click.echo(f"  {task.clause}  {task.title}  {_units(task.units, most=20)}")


def _units(units: Any, *, most: int) -> str:
    names = [unit.name for unit in units]
    return "、".join(names[:most]) + ("…" if len(names) > most else "")


def _print_targets(one: Plan, zh: bool) -> None:
    heads = (
        ("条款", "目标", "数值", "年份", "牵头单位", "指标")
        if zh
        else ("Clause", "Target", "Value", "Years", "Lead", "Indicator")
    )
    rows = [
        (
            target.clause,
            ("└ " if target.parent else "") + (target.subject or "–"),
            amount(target),
            _years(target.period),
            next((unit.name for unit in target.units if unit.role != "support"), "–"),
            target.indicator or "–",
        )
        for target in one.targets
    ]
    print_table(heads, rows, right=(2,), most={1: 44, 2: 24, 4: 22, 5: 28})


def amount(target: Any) -> str:
    """The figure as people write it: ≥ 2.2 万千瓦, −13.5%, 应装尽装."""
    force = f"{target.force} " if target.force in ("力争", "原则上", "努力", "争取") else ""
    if target.value is None:
        return f"{force}{target.qualifier or '–'}"
    gap = "" if target.unit in ("%", "‰", "") else " "
    sign = _SIGNS[target.comparator]
    down = "−" if target.direction == "decrease" else ""
    return f"{force}{sign + ' ' if sign else ''}{down}{target.value:,.10g}{gap}{target.unit}".replace(",", "\u2009")


def _years(period: Any) -> str:
    if period.first and period.last and period.first != period.last:
        return f"{period.first}–{period.last}"
    if period.first and not period.last:
        return f"{period.first}–"
    return str(period.last) if period.last else "–"


def _print_notes(one: Plan, zh: bool) -> None:
    if not one.notes:
        return
    click.echo()
    click.secho(Text(f"请确认（{len(one.notes)} 条）", f"Please look at these ({len(one.notes)})").say(), fg="yellow")
    for note in one.notes:
        where = f"{note.clause}  " if note.clause else ""
        click.echo(f"  {where}{note.zh if zh else note.en}")
        if note.text and note.code in ("not-taken", "said-twice"):
            click.secho(f"      {note.text[:100]}", dim=True)


def _print_difference(found: Difference) -> None:
    if found.same:
        click.secho(Text("两份方案没有差别", "the two plans are the same").say(), fg="green")
        return
    for mark, colour, things in (("+", "green", found.added), ("−", "red", found.removed)):
        for what, clause, name in things:
            click.secho(f"{mark} {_PARTS[what].say()} {clause}  {name}", fg=colour)
    for change in found.changed:
        moved = change.before if change.before == change.after else f"{change.before} → {change.after}"
        click.secho(f"~ {_PARTS[change.what].say()} {moved}  {change.name}", fg="yellow")
        for name, (one, other) in change.fields.items():
            if name == "units":
                gone, new = ([unit for unit in a if unit not in b] for a, b in ((one, other), (other, one)))
                click.echo("    " + "  ".join([*(f"−{unit}" for unit in gone), *(f"+{unit}" for unit in new)]))
            else:
                click.echo(f"    {name}: {one} → {other}")
