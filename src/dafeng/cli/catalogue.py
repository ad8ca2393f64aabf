"""``dafeng catalogue``."""

from __future__ import annotations

from typing import Any

import click

from dafeng.cli.output import print_json, print_table, show_problems
from dafeng.core.text import Text, language

KINDS = (
    *("registers", "indicators", "factors", "standards", "choices", "units", "rules", "measures", "tariffs"),
    *("methods", "layouts", "refusals", "models"),
)


@click.group()
def catalogue() -> None:
    """检查、查看目录：标准、因子、台账、指标、措施、规则、电价、单位、核算方法、官方表式、已知错误值、路径模型样板。

    Check and show the catalogue: standards, factors, registers, indicators, measures, rules, tariffs, units, methods of
    the account, layouts of official tables, numbers known to be wrong, templates of pathways.
    """


@catalogue.command()
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def check(district: str | None, as_json: bool) -> None:
    """检查全部条目，并重算每个指标的手算例。

    Check every entry and recompute every hand-worked case.
    """
    from dafeng.workflows.cataloguing import check as check_all

    found = check_all(district)
    if found.problems:
        show_problems(found.problems, as_json=as_json)
        raise SystemExit(1)
    if as_json:
        print_json({"problems": [], "entries": found.entries, "cases": found.cases})
        return
    zh = language() == "zh"
    click.echo("  ".join(f"{kind} {count}" for kind, count in found.entries.items()))
    click.secho(
        f"✓ {'目录没有问题' if zh else 'the catalogue is sound'}"
        f"{'；手算例' if zh else '; hand-worked figures'} {found.cases}",
        fg="green",
    )


@catalogue.command()
@click.argument("kind", required=False)
@click.argument("entry", required=False)
@click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def show(kind: str | None, entry: str | None, district: str | None, as_json: bool) -> None:
    """列出一类条目，或显示一个条目的全部内容与来源。

    List the entries of a kind, or show one with where it is written. KIND is one of registers, indicators, factors,
    standards, choices, units, rules, measures, tariffs, methods, layouts, refusals, models, or an entry's own id.
    """
    from dafeng.workflows.cataloguing import catalogue_of, find, one, overview

    held = catalogue_of(district)
    if kind is not None and kind not in KINDS:
        kind, entry = find(held, kind, KINDS)
    if kind is None:
        counts = {name: len(held.kind(name)) for name in KINDS}
        print_json(counts) if as_json else _print_counts(counts)
        return
    if entry is None:
        rows = overview(held, kind)
        if as_json:
            print_json(rows)
            return
        zh = language() == "zh"
        print_table(
            ["id", "名称" if zh else "name", "", ""],
            [[row["id"], row["zh" if zh else "en"], row["detail"], row["file"]] for row in rows],
            most={1: 40, 2: 60},
        )
        return
    found = one(held, kind, entry)
    if as_json:
        print_json(found)
        return
    click.secho(f"{kind} › {entry}", bold=True)
    click.echo(f"{Text('写在', 'written in').say()} {'、'.join(found.pop('files'))}")
    _show(found)


def _print_counts(counts: dict[str, int]) -> None:
    heads = [Text("类别", "kind").say(), Text("条目", "entries").say()]
    print_table(heads, [[kind, str(count)] for kind, count in counts.items()], right=(1,))


def _show(value: Any) -> None:
    import yaml

    click.echo(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110).rstrip())
