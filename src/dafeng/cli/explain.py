"""``dafeng explain``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import click

from dafeng.cli.citations import cited
from dafeng.cli.output import print_json, print_table
from dafeng.core.text import Text, language


@click.command()
@click.argument("number")
@click.option("--year", type=int, help="年份，默认上一完整年度 · Year; the last full year by default")
@click.option("--since", type=int, help="累计自哪一年起 · First year that a cumulative figure counts from")
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@click.option("--as-known", type=click.DateTime(["%Y-%m-%d"]), help="只用该日之前已知的记录 · As known on that day")
@click.option("--most", default=20, show_default=True, help="每个台账最多列出的记录 · Records listed per register")
@click.option("--level", default="district", help="核算的层级 · Level of the account, for ACC.…")
@click.option("--place", default="", help="核算的地点 · Place of the account, for ACC.…")
@click.option("--gwp", help="核算用的全球变暖潜势 · Warming potentials of the account, for ACC.…")
@click.option("--constant-year", type=int, help="核算因子一律用该年的 · Factors of that year, for ACC.…")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def explain(
    number: str,
    year: int | None,
    since: int | None,
    district: str | None,
    as_known: dt.datetime | None,
    most: int,
    level: str,
    place: str,
    gwp: str | None,
    constant_year: int | None,
    as_json: bool,
) -> None:
    """一个数从哪里来：公式、数值、因子与标准、记录直到单元格。

    Where a figure comes from: an indicator (IND.pv_added_mw) or a cell of the account (ACC.inventory.total.co2e);
    formula, values, factors, records down to the cell.
    """
    if number.startswith("ACC."):
        _explain_cell(number, year, district, most, as_json, as_known=as_known.date() if as_known else None,
                      level=level, place=place, gwp=gwp, constant_year=constant_year)  # fmt: skip
        return
    from dafeng.workflows.district import open_district
    from dafeng.workflows.explaining import explain as explain_figure

    day = as_known.date() if as_known else None
    opened = open_district(district)
    found = explain_figure(opened, number, year, start=since, as_known=day, most=10**9 if as_json else most)
    if as_json:
        print_json(found.as_dict())
        return
    if opened.synthetic:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    _show_figure(found.tree, 0)
    if found.earlier:
        year_before, value = found.earlier["year"], _value(found.earlier["value"])
        unit = _words(found.tree["unit_words"])
        click.echo(
            Text(
                f"  最近一年的数：{year_before} 年 {value} {unit}（--year {year_before} 查看）",
                f"  latest figure: {value} {unit} in {year_before} (see --year {year_before})",
            ).say()
        )
    if found.confirmed:
        click.echo()
        click.secho(Text("核定值（以此为准）", "Confirmed value (decides)").say(), bold=True)
        values = found.confirmed["values"]
        click.echo(
            f"  {values['value']['value']} {values.get('unit', {}).get('value', '')}  ← {_where(found.confirmed)}"
        )
    for register, records in found.records.items():
        _show_records(register, records, found.omitted.get(register, 0), _read(found.tree, register))


def _explain_cell(address: str, year: int | None, district: str | None, most: int, as_json: bool, **asked: Any) -> None:
    """A cell of the account, and the records below it."""
    from dafeng.cli.account_explained import show_cell
    from dafeng.workflows.account_explaining import explain_cell
    from dafeng.workflows.account_making import Asked
    from dafeng.workflows.district import open_district

    opened = open_district(district)
    found = explain_cell(opened, address, Asked(year=year, **asked), most=10**9 if as_json else most)
    if as_json:
        print_json(found.as_dict())
        return
    if opened.synthetic:
        click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
    show_cell(found.tree)
    for register, records in found.records.items():
        _show_records(register, records, found.omitted.get(register, 0), set())


def _words(pair: Mapping[str, str]) -> str:
    return pair["zh" if language() == "zh" else "en"]


def _value(value: float | None) -> str:
    return "—" if value is None else _number(value)


def _number(value: float) -> str:
    """Thousands are set apart from five digits on, so that a year stays a year."""
    return f"{value:.10g}" if abs(value) < 10_000 else f"{value:,.10g}"


def _counted(records: int) -> str:
    return Text(f"{records} 条记录", f"{records} record{'' if records == 1 else 's'}").say()


def _show_figure(figure: Mapping[str, Any], depth: int) -> None:
    space = "  " * depth
    zh = language() == "zh"
    head = f"{space}{_words(figure['name'])}  {figure['id']}  {figure['year']}"
    click.secho(f"{head} = {_value(figure['value'])} {_words(figure['unit_words'])}".rstrip(), bold=depth == 0)
    if figure["why_missing"]:
        click.echo(f"{space}  {_words(figure['why_missing'])}")
    click.echo(f"{space}  {'公式' if zh else 'formula'}: {figure['formula']}")
    for item in figure["inputs"]:
        where = f"  [{item['where']}]" if item["where"] else ""
        click.echo(
            f"{space}  {item['name']} = {_value(item['value'])}  ← {item['value_as']}  "
            f"{_words(item['register_name'])}{where}  ({_counted(item['records'])})"
        )
    for factor in figure["factors"]:
        click.echo(
            f"{space}  {_words(factor['name'])} = {factor['value']:g} {_words(factor['unit_words'])} "
            f"({factor['vintage']})  ← {cited(factor['source'])}"
        )
    for total in figure["totals"]:
        click.echo(
            f"{space}  {'本区核算' if zh else 'own account'} = {_value(total['value'])} {_words(total['unit_words'])}  "
            f"← dafeng explain {total['address']}"
        )
    if figure["source"]:
        click.echo(f"{space}  {'依据' if zh else 'after'}: {cited(figure['source'])}")
    for inner in figure["figures"]:
        _show_figure(inner, depth + 1)


def _where(record: Mapping[str, Any]) -> str:
    parts = [record["file"], record["sheet"], f"{record['row']}" if record["row"] else None]
    return " › ".join(part for part in parts if part) or record["recorded_by"]


def _read(figure: Mapping[str, Any], register: str) -> set[str]:
    """The words of the conditions and sums that a figure, or one below it, puts to a register: its columns are among
    them."""
    asked = (f"{item['value_as']} {item['where'] or ''}" for item in figure["inputs"] if item["register"] == register)
    words = {word for text in asked for word in re.findall(r"[A-Za-z_]\w*", text)}
    return words.union(*(_read(inner, register) for inner in figure["figures"]))


def _show_records(register: str, records: Sequence[Mapping[str, Any]], omitted: int, read: set[str]) -> None:
    """The records with their keys, then the columns that the figure reads and the cells these stand in."""
    if not records:
        return
    zh = language() == "zh"
    click.echo()
    click.secho(f"{'台账' if zh else 'register'} {register}", bold=True)
    held_columns = dict.fromkeys(name for record in records for name in record["values"])
    used = [name for name in held_columns if name in read]
    columns = list(dict.fromkeys([*records[0]["key"], *used, *held_columns]))[: max(7, len(used) + 1)]
    names = {name: _words(item["name"]) for record in records for name, item in record["values"].items()}
    heads = [
        *(names.get(name, name) for name in columns),
        "出处" if zh else "from",
        "单元格" if zh else "cells",
        "记录于" if zh else "recorded",
        "由" if zh else "by",
    ]
    rows = []
    for record in records:
        held = [record["values"].get(name) for name in columns]
        shown = [record["values"][name] for name in used if name in record["values"]] or record["values"].values()
        cells = [item["cell"] for item in shown if item["cell"]]
        rows.append(
            [
                *(_shown(item) for item in held),
                _where(record),
                f"{cells[0]}…{cells[-1]}" if len(cells) > 4 else " ".join(cells),
                record["recorded_at"][:10],
                record["recorded_by"],
            ]
        )
    print_table(heads, rows, most={len(columns): 44} | dict.fromkeys(range(len(columns)), 18))
    if omitted:
        click.echo(
            f"… {'另有' if zh else 'and'} {omitted} {'条；用 --most 列出更多' if zh else 'more; list them with --most'}"
        )


def _shown(item: Mapping[str, Any] | None) -> str:
    if item is None:
        return ""
    value = item["value"]
    text = _words(item["words"]) if "words" in item else _number(value) if isinstance(value, float) else str(value)
    return f"{text} ({item['typed'][0]:g} {item['typed'][1]})" if "typed" in item else text
