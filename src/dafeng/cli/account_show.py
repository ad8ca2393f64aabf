"""The account on one screen: inventory, energy both ways, intensity and its light, what the total rests on."""

from __future__ import annotations

from typing import Any

import click

from dafeng.cli.account_tables import figure, show_table, words
from dafeng.core.text import Text, language

# Rows of the inventory below the total that the summary shows; all other rows only where they have a value.
_DEPTH = 1


def show_account(answer: dict[str, Any]) -> None:
    zh = language() == "zh"
    name, year = words(answer["district"]), answer["year"]
    place = f" {answer['place']}" if answer["place"] else ""
    click.secho(f"{name}{place} {year} 年核算" if zh else f"{name}{place}: account of {year}", bold=True)
    if answer["synthetic"]:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    click.secho(_policy(answer), dim=True)
    tables = answer["tables"]
    click.echo()
    for line in (*_energy(tables), *_control(tables, year)):
        click.echo(line)
    for name, rows in (("inventory", _main_rows), ("shares", _every_row)):
        if name in tables:
            click.echo()
            show_table({**tables[name], "rows": rows(tables[name]), "notes": tables[name]["notes"][:1]}, reasons=False)
    click.echo()
    click.secho(Text("各表", "tables").say(), bold=True)
    for table in tables.values():
        click.echo(f"  {table['id']:<24} {words(table['name'])}")
    click.secho(
        Text(
            "--table 表名 查看一张表，--xlsx 文件 导出全部，dafeng explain ACC.表.行.列 说明一个数的来历",
            "--table ID shows one, --xlsx FILE exports all, dafeng explain ACC.table.row.column: its origin",
        ).say(),
        dim=True,
    )


def _main_rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    def has_value(row: dict[str, Any]) -> bool:
        return any(cell["value"] is not None for cell in row["cells"].values())

    return [row for row in table["rows"] if row["depth"] <= _DEPTH and (row["depth"] == 0 or has_value(row))
            and (row["kind"] != "memo" or has_value(row))]  # fmt: skip


def _every_row(table: dict[str, Any]) -> list[dict[str, Any]]:
    return table["rows"]


def _energy(tables: dict[str, Any]) -> list[str]:
    """Total consumption at both coal equivalents, in one line."""
    found = [
        f"{figure(value / 1e4, 2)} 万tce（{words(column['name'])}）"
        if language() == "zh"
        else f"{figure(value / 1e4, 2)} 10⁴ tce ({words(column['name'])})"
        for column in tables.get("consumption", {"columns": []})["columns"]
        if (value := _value(tables["consumption"], "total", column["id"])) is not None
    ]
    return [Text(f"能源消费总量：{'，'.join(found)}", f"energy: {', '.join(found)}").say()] if found else []


def _control(tables: dict[str, Any], year: int) -> list[str]:
    """Cut of each intensity with its light."""
    lines = []
    sheet = tables.get("dual_control")
    for kind, name in (("energy", Text("单位生产总值能耗", "energy intensity")),
                       ("co2", Text("单位生产总值二氧化碳排放", "CO2 intensity"))):  # fmt: skip
        cut = None if sheet is None else _value(sheet, str(year), f"{kind}_cut_total")
        if sheet is None or cut is None:
            continue
        row = next(one for one in sheet["rows"] if one["code"] == str(year))
        light = row["cells"].get(f"{kind}_light", {})
        said = words(light.get("reason")) if "key" not in light else ""
        least = figure(cut, 2)
        lines.append(
            Text(
                f"{name.zh}：累计降低 {least}%{f'，{said}' if said else ''}",
                f"{name.en}: cut by {least} %{f', {said}' if said else ''}",
            ).say()
        )
    return lines


def _value(table: dict[str, Any], code: str, column: str) -> float | None:
    row = next((one for one in table["rows"] if one["code"] == code), None)
    return None if row is None else row["cells"].get(column, {}).get("value")


def _policy(answer: dict[str, Any]) -> str:
    policy = answer["policy"]
    parts = [f"GWP {policy['gwp'].upper()}", policy["electricity"], policy["heat"], policy["electricity_equal"]]
    if answer["constant_year"]:
        parts.append(Text(f"因子固定于 {answer['constant_year']} 年", f"factors of {answer['constant_year']}").say())
    if answer["as_known"]:
        parts.append(Text(f"截至 {answer['as_known']} 所知", f"as known on {answer['as_known']}").say())
    return " · ".join(parts)
