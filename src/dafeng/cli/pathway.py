"""``dafeng pathway``: has a series of yearly emissions peaked?"""

from __future__ import annotations

from pathlib import Path

import click

from dafeng.cli.output import print_json, print_table, short
from dafeng.core.text import Text, language

_VERDICTS = {
    "peaked": Text("已达峰", "peaked"),
    "not peaked": Text("未达峰", "not peaked"),
    "too early": Text("尚不能判断", "too early to tell"),
}


@click.group()
def pathway() -> None:
    """路径：是否已经达峰。

    The pathway: has it peaked?
    """


@pathway.command(short_help="是否已经达峰 · Has a series peaked?")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def peak(file: Path, as_json: bool) -> None:
    """一列逐年排放量是否已经达峰。文件有 year 和 value 两列，每年一行；单位不限，碳汇不要抵扣。

    Whether a series of yearly emissions has peaked. Columns year and value, one row a year; any unit, sinks not netted.
    """
    from dafeng.workflows.pathway import peak_of

    found = peak_of(file)
    if as_json:
        print_json(found)
        return
    click.echo(f"{_VERDICTS[found['verdict']].say()}{'：' if language() == 'zh' else ': '}{found['why'][language()]}")
    p_value = found["p_value"]
    rows = [
        (Text("最高年", "Highest in").say(), str(found["year"])),
        (Text("最高值", "Highest value").say(), short(found["level"])),
        (Text("此后年数", "Years since").say(), str(found["years_since"])),
        (Text("至最后一年下降", "Fall to the last year").say(), f"{found['drop']:.1%}"),
        (
            Text("其后下降趋势检验的p值", "p-value of the trend since").say(),
            "–" if p_value is None else f"{p_value:.2g}",
        ),
    ]
    print_table(["", ""], rows, right=[1])
