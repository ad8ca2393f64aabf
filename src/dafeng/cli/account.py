"""``dafeng account``: the district's energy and greenhouse gases, and the questions put to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from dafeng.cli.account_plain import decompose, uncertainty
from dafeng.cli.account_questions import certainty, change, check, restated, warning
from dafeng.cli.account_show import show_account
from dafeng.cli.account_tables import show_table
from dafeng.cli.output import must_stand_behind, print_json, show_problems
from dafeng.core.errors import ERROR, Problem
from dafeng.core.text import Text

_FILE = click.Path(dir_okay=False, path_type=Path)
# Warnings of one rule that are shown.
_MOST_ALIKE = 2


@click.group(invoke_without_command=True)
@click.option("--year", type=int, help="年份，默认上一完整年度 · Year; the last full year by default")
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@click.option("--table", "tables", multiple=True, help="只列这张表，可重复 · Only this table; may be repeated")
@click.option("--level", default="district", help="层级 · district, zone, subdistrict, unit, site")
@click.option("--place", default="", help="该层级的一个地点 · One place of that level")
@click.option("--sites", type=_FILE, help="地点编号的清单，每行一个 · File with a site's code a line")
@click.option("--polygon", type=_FILE, help="GeoJSON 边界内的地点 · Sites inside a GeoJSON boundary")
@click.option("--gwp", help="全球变暖潜势 · Warming potentials: sar, ar4, ar5, ar6")
@click.option(
    "--as-known", type=click.DateTime(["%Y-%m-%d"]), help="只用该日之前已知的记录和因子 · As known on that day"
)
@click.option("--constant-year", type=int, help="因子一律用该年的 · Every factor as in force for that year")
@click.option("--xlsx", type=_FILE, help="全部表写入一个工作簿 · Write every table into a workbook")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
@click.pass_context
def account(
    ctx: click.Context,
    year: int | None,
    district: str | None,
    tables: tuple[str, ...],
    level: str,
    place: str,
    sites: Path | None,
    polygon: Path | None,
    gwp: str | None,
    as_known: dt.datetime | None,
    constant_year: int | None,
    xlsx: Path | None,
    as_json: bool,
) -> None:
    """能源与温室气体核算：平衡表、清单、双控表及其他各表；变化的原因、不确定性、独立核对。

    Energy and greenhouse gases: balance, inventory, dual control and the other tables; reasons for change, certainty,
    independent check. Every cell has an address (ACC.table.row.column) for dafeng explain.
    """
    if ctx.invoked_subcommand is not None:
        must_stand_behind(ctx)
        return
    if sites and polygon:
        raise click.UsageError(Text("--sites 和 --polygon 只写一个", "give either --sites or --polygon").say())
    from dafeng.workflows import account_making as making
    from dafeng.workflows.account_tables import account_as_data
    from dafeng.workflows.district import open_district

    opened = open_district(district)
    day = as_known.date() if as_known else None
    asked = making.Asked(year, level, place, gwp, day, constant_year, sites=sites, polygon=polygon)
    wanted = making.every_table() if xlsx is not None else tables or None
    made = making.make(opened, asked, wanted)
    for name in tables:
        making.table_of(made, name)
    if xlsx is not None:
        from dafeng.workflows.account_exporting import export

        export(opened, made, xlsx)
    answer = account_as_data(opened, made)
    if as_json:
        print_json({**answer, "tables": {name: answer["tables"][name] for name in tables or answer["tables"]}})
    else:
        _show(answer, tables, xlsx)
        _show_problems(made.problems)
    if making.has_errors(made):
        raise SystemExit(1)


for _command in (change, restated, certainty, check, warning, decompose, uncertainty):
    account.add_command(_command)


def _show(answer: dict[str, Any], tables: tuple[str, ...], xlsx: Path | None) -> None:
    if tables:
        for name in tables:
            show_table(answer["tables"][name])
            click.echo()
    else:
        show_account(answer)
    if xlsx is not None:
        click.echo(Text(f"已写入 {xlsx}", f"written to {xlsx}").say())


def _show_problems(problems: Sequence[Problem]) -> None:
    """Every error; of warnings under one rule the first ones, and how many more there are."""
    shown: list[Problem] = []
    counts: dict[str, int] = {}
    for one in problems:
        counts[one.code] = counts.get(one.code, 0) + 1
        if one.level == ERROR or counts[one.code] <= _MOST_ALIKE:
            shown.append(one)
    show_problems(shown)
    more = len(problems) - len(shown)
    if more:
        click.secho(
            Text(f"另有 {more} 条同类提醒，见 --json", f"{more} more warnings alike: see --json").say(), err=True
        )
