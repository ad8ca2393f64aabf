"""``dafeng init``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dafeng.cli.output import print_json
from dafeng.core.text import Text, language


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--plan", type=click.Path(dir_okay=False, path_type=Path), help="方案文件 · The plan document")
@click.option("--demo", is_flag=True, help="虚构的示例区 · The fictional example district")
@click.option("--name", help="区名，默认取自方案标题 · The district's name; by default from the plan's title")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def init(folder: Path, plan: Path | None, demo: bool, name: str | None, as_json: bool) -> None:
    """建立区的文件夹。Make a district's folder."""
    if demo and (plan or name):
        raise click.UsageError(
            Text(
                "--demo 是虚构的区，不能与真实方案或区名同用",
                "--demo is a fictional district: no --plan or --name with it",
            ).say()
        )
    from dafeng.workflows.starting import init as start

    started = start(folder, plan=plan, demo=demo, name=name)
    targets = len(started.plan.targets) if started.plan is not None else 0
    if as_json:
        notes = [note.as_dict() for note in started.plan.notes] if started.plan is not None else []
        print_json(
            {
                "district": started.district.name,
                "folder": str(started.district.root),
                "targets": targets,
                "notes": notes,
            }
        )
        return
    click.secho(f"✓ {started.district.name}  {started.district.root}", fg="green")
    if started.plan is not None:
        tasks = sum(len(action.tasks) for action in started.plan.actions)
        click.echo(
            Text(
                f"方案：{len(started.plan.actions)} 个行动，{tasks} 项任务，{targets} 个目标。",
                f"The plan: {len(started.plan.actions)} actions, {tasks} tasks, {targets} targets.",
            ).say()
        )
        _tell_doubts(started.plan)
    click.echo(
        Text(
            f"下一步：cd {folder} && dafeng run（看目标），dafeng ready（看要填什么）",
            f"Next: cd {folder} && dafeng run (the targets), dafeng ready (what to fill in)",
        ).say()
    )


def _tell_doubts(plan: Any) -> None:
    """What the import leaves to a person."""
    if plan.notes:
        count = len(plan.notes)
        words = Text(
            f"请确认（{count} 条）：读得没有把握的地方，在 plans/ 里改正",
            f"Please look at these ({count}), and correct plans/",
        )
        click.secho(words.say(), fg="yellow")
        for note in plan.notes:
            where = f"{note.clause}  " if note.clause else ""
            click.echo(f"  {where}{note.zh if language() == 'zh' else note.en}")
