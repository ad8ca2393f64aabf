"""A cell of the account explained on a terminal: lines by factor, factors by clause, then the records by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from dafeng.cli.account_tables import figure, words
from dafeng.cli.citations import cited
from dafeng.core.text import Text, language

_STATUS = {
    "official": "官方",
    "second-hand": "二手转引",
    "remembered": "未核实",
    "assumption": "假设",
    "computed": "计算",
}
# Cells of a formula that are shown with all below them; the rest is counted.
_MOST_INPUTS = 12
_MEASURES = {
    "co2e_g": ("t CO2e", 1e6),
    "gas_g": ("t", 1e6),
    "gce_calorific": ("tce", 1e6),
    "gce_equal": ("tce", 1e6),
    "gce_material": ("tce", 1e6),
}


def show_cell(tree: Mapping[str, Any], depth: int = 0) -> None:
    """The cell, then what it is made of; cells inside a formula are set in."""
    space = "  " * depth
    place = f" {words(tree['place'])}" if tree["place"] else ""
    head = f"{space}{words(tree['table'])} › {words(tree['row'])} › {words(tree['column'])}  {tree['year']}{place}"
    click.secho(f"{head}  {tree['id']}", bold=depth == 0)
    click.secho(f"{space}  = {_value(tree)}", bold=depth == 0)
    if tree["estimated"]:
        part = figure(tree["estimated"], tree["digits"])
        click.echo(f"{space}  {Text(f'其中估算 {part}', f'{part} of it estimated').say()}")
    if tree["formula"]:
        click.echo(f"{space}  {Text('公式', 'formula').say()}: {tree['formula']}")
    if tree["source"]:
        click.echo(f"{space}  {Text('依据', 'after').say()}: {cited(tree['source'])}")
    groups = tree.get("groups")
    if groups is not None:
        click.echo(f"{space}  {_counted(tree, groups)}")
        for group in groups:
            _show_group(group, tree.get("measure"), space + "  ")
    for item in tree["inputs"][:_MOST_INPUTS]:
        _show_input(item, depth)
    more = len(tree["inputs"]) - _MOST_INPUTS
    if more > 0:
        click.echo(f"{space}  … {Text(f'另有 {more} 项，见 --json', f'{more} more: see --json').say()}")


def _value(tree: Mapping[str, Any]) -> str:
    if tree["value"] is None:
        reason = words(tree["reason"])
        return f"{tree['key']}（{reason}）" if tree["key"] and language() == "zh" else (
            f"{tree['key']} ({reason})" if tree["key"] else reason)  # fmt: skip
    unit = "" if tree["unit"] in ("", "1") else f" {tree['unit']}"
    # The exact value stands behind what the table prints, where it has more digits.
    shown, exact = figure(tree["value"], tree["digits"]), f"{tree['value']:.12g}"
    more = f"  ({exact})" if float(exact) != round(tree["value"], tree["digits"]) else ""
    return f"{'≈' if tree['estimated'] else ''}{shown}{unit}{more}"


def _counted(tree: Mapping[str, Any], groups: list[Any]) -> str:
    return Text(
        f"{tree['lines']} 行之和，按因子分为 {len(groups)} 组：",
        f"sum of {tree['lines']} line{'s' if tree['lines'] != 1 else ''} under {len(groups)} factor(s):",
    ).say()


def _show_group(group: Mapping[str, Any], measure: str | None, space: str) -> None:
    name = words(group.get("carrier_name")) or words(group.get("method_name")) or group.get("carrier") or ""
    activity = f"{group['activity']:,.6g} {group['activity_unit'] or ''}".strip()
    arithmetic = [activity]
    held = group.get("factor_source")
    if group.get("factor_value") is not None:
        arithmetic.append(f"{group['factor_value']:.8g} {group['factor_unit'] or ''}".strip())
    elif held:
        arithmetic.append(f"{held['value']:.8g} {held['unit']}")
    if measure == "co2e_g" and group.get("gwp") not in (None, 1, 1.0):
        arithmetic.append(f"GWP {group['gwp']:g}")
    unit, per = _MEASURES.get(measure or "", ("", 1))
    result = "" if group["result"] is None else f" = {group['result'] / per:,.3f} {unit}".rstrip()
    gas = f" {group['gas']}" if group.get("gas") else ""
    if group.get("kernel"):
        click.echo(f"{space}· {name}{gas}: {group['kernel']}({group['expression']}){result}")
    else:
        click.echo(f"{space}· {name}{gas}: {' × '.join(arithmetic)}{result}")
    method = words(group.get("method_name"))
    marks = [method if method != name else "", Text(f"{group['lines']} 行", f"{group['lines']} line(s)").say()]
    if group.get("estimate"):
        marks.append(Text(f"估算：{group['estimate']}", f"estimated: {group['estimate']}").say())
    if group.get("memo"):
        marks.append(Text(f"备注项：{group['memo']}", f"memo: {group['memo']}").say())
    click.secho(f"{space}    {' · '.join(mark for mark in marks if mark)}", dim=True)
    for factor in (held, *group.get("parameters", ())):
        if factor:
            _show_factor(factor, space + "    ")
    if measure == "co2e_g" and group.get("gwp_source") and group.get("gwp") not in (None, 1, 1.0):
        _show_factor(group["gwp_source"], space + "    ")


def _show_factor(factor: Mapping[str, Any], space: str) -> None:
    status = _STATUS.get(factor["status"], factor["status"]) if language() == "zh" else factor["status"]
    unit = words(factor["unit_words"])
    value = f"{factor['value']:.8g} {unit}".strip()
    parts = factor["product_of"]
    made = " = " + " × ".join([*(f"{part['value']:.8g}" for part in parts), factor["times"]]) if parts else ""
    said = f"{space}{factor['id']} {words(factor['name'])} {value}{made}"
    click.echo(
        f"{said}（{factor['vintage']}，{status}）" if language() == "zh" else f"{said} ({factor['vintage']}, {status})"
    )
    click.secho(f"{space}  ← {cited(factor['source'])}", dim=True)
    for part in parts:
        _show_factor(part, space + "  ")


def _show_input(item: Mapping[str, Any], depth: int) -> None:
    space = "  " * depth
    if "cell" in item:
        click.echo(f"{space}  {item['name']}:")
        show_cell(item["cell"], depth + 2)
    elif "factor" in item:
        click.echo(f"{space}  {item['name']}:")
        _show_factor(item["factor"], space + "    ")
    else:
        click.echo(f"{space}  {item['name']} = {item['address']}")
