"""``dafeng ready``."""

from __future__ import annotations

from dataclasses import asdict

import click

from dafeng.cli.output import print_json, print_table
from dafeng.core.text import Text, language


@click.command()
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@click.option("--year", type=int, help="评估年份，默认上一完整年度 · Year judged; the last full year by default")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def ready(district: str | None, year: int | None, as_json: bool) -> None:
    """还需填报哪些台账，按能回答的目标排序。

    Which registers are still to be filled, ordered by the targets they would answer.
    """
    from dafeng.workflows.district import open_district
    from dafeng.workflows.readiness import readiness

    opened = open_district(district)
    found = readiness(opened, year)
    if as_json:
        print_json(asdict(found))
        return
    zh = language() == "zh"
    if opened.synthetic:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    click.secho(
        Text(
            f"{found.targets} 个目标，{found.with_indicator} 个有指标，{found.answered} 个不缺 {found.year} 年的数。",
            f"{found.targets} targets, {found.with_indicator} with an indicator; {found.answered} of them lack nothing "
            f"for {found.year}.",
        ).say(),
        bold=True,
    )
    if found.needs:
        heads = ["台账", "", "归口", "填好即可回答", "需与其他台账一起", "必填列", "已有记录"] if zh else [
            "register", "", "kept by", "answers", "helps to answer", "required columns", "records held"]  # fmt: skip
        rows = [
            [need.register, need.zh if zh else need.en, need.owner, str(len(need.answers)), str(len(need.helps)),
             f"{need.required}/{need.columns}", str(need.records)]
            for need in found.needs
        ]  # fmt: skip
        print_table(heads, rows, right=(3, 4, 5, 6))
        for need in found.needs:
            for words in need.lacks:
                click.echo(f"  {need.register}: {words[0] if zh else words[1]}")
        first = found.needs[0].register
        step = Text(
            f"下一步：dafeng template {first}，填好放入 inbox/，再运行 dafeng load。",
            f"Next: dafeng template {first}, fill it in, put it in inbox/, run dafeng load.",
        )
        click.echo(step.say())
    if found.without_indicator:
        click.echo()
        click.secho(Text("没有指标的目标：", "Targets without an indicator:").say(), bold=True)
        for label, _ in found.without_indicator:
            click.echo(f"  {label}")
