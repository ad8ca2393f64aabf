"""The account on one screen: inventory, energy, intensity, what the total rests on, which tables there are."""

from __future__ import annotations

from typing import Any

import click

from dafeng.cli.account_tables import show_table, words
from dafeng.core.text import Text, language

# The rows of a table that the summary shows; None: the rows at these depths.
_MAIN: dict[str, int] = {"inventory": 1, "shares": 9}


def show_account(answer: dict[str, Any]) -> None:
    zh = language() == "zh"
    name, year = words(answer["district"]), answer["year"]
    place = f" {answer['place']}" if answer["place"] else ""
    click.secho(f"{name}{place} {year} 年核算" if zh else f"{name}{place}: account of {year}", bold=True)
    if answer["synthetic"]:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    click.secho(_policy(answer), dim=True)
    for table_id, depth in _MAIN.items():
        table = answer["tables"].get(table_id)
        if table:
            click.echo()
            show_table({**table, "rows": [row for row in table["rows"] if row["depth"] <= depth], "notes": []})
    click.echo()
    named = "  ".join(answer["tables"])
    click.secho(
        Text(
            f"各表：{named}（--table 表名 查看，--xlsx 文件 导出）", f"tables: {named} (--table ID, --xlsx FILE)"
        ).say(),
        dim=True,
    )


def _policy(answer: dict[str, Any]) -> str:
    policy = answer["policy"]
    parts = [f"GWP {policy['gwp'].upper()}", policy["electricity"], policy["heat"], policy["electricity_equal"]]
    if answer["constant_year"]:
        parts.append(Text(f"因子固定于 {answer['constant_year']} 年", f"factors of {answer['constant_year']}").say())
    if answer["as_known"]:
        parts.append(Text(f"截至 {answer['as_known']} 所知", f"as known on {answer['as_known']}").say())
    return " · ".join(parts)
