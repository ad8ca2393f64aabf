"""``dafeng report``."""

from __future__ import annotations

import datetime as dt

import click

from dafeng.cli.output import print_json, progress
from dafeng.core.text import Text, language


@click.command()
@click.option("--year", type=int, help="评估年份，默认上一完整年度 · Year evaluated; the last full year by default")
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="报告语言 · Language of the report")
@click.option("--as-known", type=click.DateTime(["%Y-%m-%d"]), help="只用该日之前已知的记录 · As known on that day")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def report(
    year: int | None, district: str | None, lang: str | None, as_known: dt.datetime | None, as_json: bool
) -> None:
    """写出年度评估报告（Word）和指标表（Excel）。

    Write the yearly evaluation in Word and the table of targets in Excel, into the district's folder out.
    """
    from dafeng.workflows.district import open_district
    from dafeng.workflows.reporting import report as write_report

    progress(Text("正在写报告……", "Writing the report …").say())
    done = write_report(
        open_district(district), year, lang=lang or language(), as_known=as_known.date() if as_known else None
    )
    if as_json:
        print_json(
            {
                "year": done.results.year, "word": str(done.word), "workbook": str(done.workbook),
                "digest": done.results.digest, "lights": done.results.lights, "computed": done.computed,
                "account": None if done.account is None else str(done.account),
                "notes": [{"zh": note.zh, "en": note.en} for note in done.notes],
            }
        )  # fmt: skip
        return
    click.echo(done.word)
    click.echo(done.workbook)
    if done.account is not None:
        click.echo(done.account)
    for note in done.notes:
        click.secho(f"! {note.say()}", fg="yellow", err=True)
