"""``dafeng load``: the inbox, or the files named, into the registers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dafeng.workflows.loading import FileOutcome, LoadReport

_SHOWN = 30


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--district", type=click.Path(path_type=Path, file_okay=False), help="区的文件夹 · the district's folder")
@click.option("--by", metavar="NAME", help="装载人 · who loads (the account's name unless given)")
@click.option("--reason", metavar="TEXT", help="更正的原因 · why values changed")
@click.option("--register", metavar="ID", help="文件属于哪个台账 · the register the files are for")
@click.option("--withdraw", is_flag=True, help="文件所列的记录予以撤销 · withdraw the records that the files list")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 · answer in JSON")
def load(
    files: tuple[Path, ...],
    district: Path | None,
    by: str | None,
    reason: str | None,
    register: str | None,
    withdraw: bool,
    as_json: bool,
) -> None:
    """把表格装入台账；不写文件时装载 inbox/ 里的全部文件。

    Load tables into the registers; the whole inbox when no file is named. A file is loaded entirely or given back
    with every bad cell marked.
    """
    import getpass

    from dafeng.cli.output import print_json, progress
    from dafeng.workflows.district import open_district
    from dafeng.workflows.loading import LoadOptions
    from dafeng.workflows.loading import load as load_files

    if withdraw and not files:
        raise click.UsageError("--withdraw 须写明文件 · --withdraw needs the files named")
    options = LoadOptions(by or getpass.getuser(), reason, withdraw, register)
    report = load_files(open_district(district), files, options, progress)
    if as_json:
        print_json(report.as_dict())
    else:
        _show(report)
    if report.refused:
        raise SystemExit(1)


def _show(report: LoadReport) -> None:
    from dafeng.core.text import Text

    if not report.files:
        click.echo(Text("inbox/ 里没有文件", "there are no files in inbox/"))
        return
    for outcome in report.files:
        _show_file(outcome)
    refused = len(report.refused)
    done = len(report.files) - refused
    click.echo(
        Text(
            f"共 {len(report.files)} 个文件：载入 {done}，退回 {refused}；用时 {report.seconds:.1f} 秒",
            f"{len(report.files)} files: {done} loaded, {refused} refused; {report.seconds:.1f} s",
        )
    )


def _show_file(outcome: FileOutcome) -> None:
    from dafeng.cli.output import show_problems
    from dafeng.core.text import Text
    from dafeng.workflows.loading import REFUSED, UNCHANGED, counts_text

    if outcome.status == REFUSED:
        click.secho(f"✗ {outcome.file}", fg="red")
        where = outcome.marked or f"{outcome.kept}.report.txt"
        errors = "1 error" if outcome.error_count == 1 else f"{outcome.error_count} errors"
        click.echo(
            Text(
                f"    有 {outcome.error_count} 处错误，一行也没有载入；逐格标出在 {where}",
                f"    {errors}, not a row was loaded; every cell is marked in {where}",
            )
        )
    else:
        click.secho(f"✓ {outcome.file}", fg="green")
        if outcome.status == UNCHANGED and not any(sheet.same for sheet in outcome.sheets):
            click.echo(Text("    表中没有数据行", "    no row is filled in"))
        elif outcome.status == UNCHANGED:
            click.echo(Text("    与已有记录相同，没有新内容", "    the same as the records held, nothing new"))
        for sheet in outcome.sheets:
            click.echo(f"    {counts_text(sheet)}")
    show_problems(outcome.problems[:_SHOWN])
    hidden = outcome.error_count + outcome.warning_count - min(len(outcome.problems), _SHOWN)
    if hidden:
        click.echo(
            Text(
                f"    另有 {hidden} 处，见 {outcome.kept}.report.txt", f"    {hidden} more in {outcome.kept}.report.txt"
            )
        )
