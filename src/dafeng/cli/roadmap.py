"""``dafeng roadmap``: which measures, how much and when, so that every target is met at least cost."""

from __future__ import annotations

from pathlib import Path

import click

from dafeng.cli.output import print_json, progress, show_problems
from dafeng.cli.roadmap_questions import COMMANDS
from dafeng.core.text import Text

_RELAX = click.option(
    "--relax", is_flag=True,
    help="目标不能同时达到时，给出放宽最少的排程 · Where targets clash, the schedule that relaxes least",
)  # fmt: skip
_BUDGET = click.option(
    "--budget", "budgets", multiple=True, metavar="FUND=AMOUNT",
    help="每年预算（元，可写万、亿），资金@年份=金额 为一年的，可重复 · CNY a year; FUND@YEAR=AMOUNT for one year",
)  # fmt: skip
_SECONDS = click.option(
    "--seconds", type=click.FloatRange(1, 3600), default=60, show_default=True,
    help="求解时限（秒） · Time limit of the solver",
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")


@click.group(invoke_without_command=True)
@_RELAX
@_BUDGET
@click.option(
    "--backlog", multiple=True, metavar="TARGET=YEAR",
    help="到期未达到的目标在哪一年补上，可重复 · Year by which a missed target is made up; may be repeated",
)  # fmt: skip
@click.option("--zones", is_flag=True, help="建筑措施按片区分列 · Building measures apart for each zone")
@_SECONDS
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@_JSON
@click.pass_context
def roadmap(
    ctx: click.Context,
    relax: bool,
    budgets: tuple[str, ...],
    backlog: tuple[str, ...],
    zones: bool,
    seconds: float,
    district: str | None,
    as_json: bool,
) -> None:
    """路线图：以最低成本达到全部目标的措施安排，逐年、逐项；不能同时达到时说明放宽哪些。

    The roadmap: the cheapest schedule of measures that meets every target, year by year; where they cannot all be met,
    which to relax and by how much (exit code 3).
    """
    if ctx.invoked_subcommand is not None:
        from dafeng.cli.output import must_stand_behind

        must_stand_behind(ctx)
        return
    from dafeng.cli.roadmap_show import show_district
    from dafeng.workflows import roadmap_district as of_district
    from dafeng.workflows.district import open_district

    progress(Text("正在求解……", "Solving …").say())
    done = of_district.solve_district(
        open_district(district), relax=relax, budgets=budgets, backlog=backlog, zones=zones, seconds=seconds
    )
    if as_json:
        print_json(of_district.as_data(done))
    else:
        show_district(done)
    if not done.solved.feasible:
        if not as_json:
            show_problems(done.solved.problems)
        raise SystemExit(3)


@roadmap.command(short_help="求解一个算例文件 · Solve the case of a file")
@click.argument("case", type=click.Path(dir_okay=False, path_type=Path))
@_RELAX
@_BUDGET
@_SECONDS
@_JSON
def solve(case: Path, relax: bool, budgets: tuple[str, ...], seconds: float, as_json: bool) -> None:
    """求解一个算例文件（YAML），不需要区。没有可行解时退出码为3，并说明最少放宽哪些目标。

    Solve the case of a file (YAML), without a district. Without a feasible answer the exit code is 3, and the least set
    of targets to relax is named.
    """
    from dafeng.cli.roadmap_show import show_solved
    from dafeng.workflows.roadmap import as_data, solve_file

    done = solve_file(case, relax=relax, budgets=budgets, seconds=seconds)
    if as_json:
        print_json(as_data(done))
    else:
        show_solved(done)
    if not done.feasible:
        if not as_json:
            show_problems(done.problems)
        raise SystemExit(3)


for _command in COMMANDS:
    roadmap.add_command(_command)
