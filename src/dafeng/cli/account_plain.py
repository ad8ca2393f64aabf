"""``dafeng account decompose`` and ``uncertainty``: both work on a plain CSV file, without a district."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from dafeng.cli.output import print_json, print_table, short, show_problems
from dafeng.core.text import Text, language

_FILE = click.Path(dir_okay=False, path_type=Path)


class _Names(click.ParamType):
    """Column names with commas between them."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(name for name in (part.strip() for part in str(value).replace("，", ",").split(",")) if name)


class _KeysInARow(click.Command):
    """Takes ``FILE --key sector carrier`` too, where a name after the first would otherwise be a second FILE."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-"):
            words, keys = [args[0]], False
            for word in args[1:]:
                if keys and not word.startswith("-") and words[-1] != "--key":
                    words.append("--key")
                keys = word == "--key" or (keys and not word.startswith("-"))
                words.append(word)
            args = words
        return super().parse_args(ctx, args)


@click.command(cls=_KeysInARow, short_help="变化的原因 · Why a total changed")
@click.argument("file", type=_FILE)
@click.option("--key", "keys", type=_Names(), multiple=True, help="区分类别的列 · Columns that tell cells apart")
@click.option("--factors", type=_Names(), required=True, help="相乘的因素 A,B,C · Factors that multiply")
@click.option("--from", "start", required=True, help="基期 · The period to compare with")
@click.option("--to", "end", required=True, help="报告期 · The period to explain")
@click.option("--multiplicative", is_flag=True, help="乘法分解 · Ratios instead of differences")
@click.option("--by", type=_Names(), default="", help="再按这些键分组 · Also in groups by these keys")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def decompose(
    file: Path, keys: tuple[tuple[str, ...], ...], factors: tuple[str, ...], start: str, end: str,
    multiplicative: bool, by: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """两个时期之间总量为什么变化：LMDI-I 分解，没有残差。文件每行一个类别、一个时期（period 列）。

    Why a total changed between two periods: LMDI-I without residual. One row per key and period (column period).
    """
    from dafeng.workflows import accounting

    if not factors:
        raise click.UsageError(Text("--factors 没有写任何列", "--factors names no column").say())
    named = tuple(name for names in keys for name in names)
    answer = accounting.decompose(
        file, keys=named, factors=factors, periods=(start.strip(), end.strip()), multiplicative=multiplicative, by=by
    )
    if as_json:
        print_json(answer)
        return
    _print_effects(answer, by, multiplicative)


@click.command(short_help="不确定性 · How surely a total is known")
@click.argument("file", type=_FILE)
@click.option("--draws", type=click.IntRange(40), default=10_000, show_default=True, help="抽样次数 · Number of draws")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="随机种子 · Seed of the draws")
@click.option("--by", type=_Names(), default="", help="再按这些列分组 · Also in groups by these columns")
@click.option("--target", type=float, help="上限，给出达到的概率 · A ceiling, to give the probability of keeping it")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
def uncertainty(file: Path, draws: int, seed: int, by: tuple[str, ...], target: float | None, as_json: bool) -> None:
    """总量的 95% 区间：IPCC 方法一（误差传递）和方法二（蒙特卡洛），同一因子只抽一次。

    The 95 % interval of a total: IPCC approach 1 (error propagation) and approach 2 (Monte Carlo), one draw per factor.
    """
    from dafeng.workflows import accounting

    found = accounting.uncertainty_of(file, draws=draws, seed=seed, by=by, target=target)
    if as_json:
        print_json(found.answer)
    else:
        _print_intervals(found.answer, by, target)
    show_problems(found.warnings)


# ── what a person sees ──


def _groups(answer: dict[str, Any], by: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """The groups with their names, and the total last."""
    named = [(" · ".join(str(group[key]) for key in by), group) for group in answer.get("groups", ())]
    return [*named, (Text("合计", "Total").say(), answer)]


def _print_effects(answer: dict[str, Any], by: Sequence[str], multiplicative: bool) -> None:
    def figure(value: float | None) -> str:
        return short(value, more=1) if multiplicative else short(value, signed=True)

    names = list(answer["effects"])
    heads = [Text("变化的原因", "Reason").say(), *(name for name, _ in _groups(answer, by))]
    rows = [[name, *(figure(group["effects"][name]) for _, group in _groups(answer, by))] for name in names]
    words = Text("比值", "Ratio") if multiplicative else Text("变化", "Change")
    rows.append([words.say(), *(figure(group["change"]) for _, group in _groups(answer, by))])
    residuals = (group["residual"] for _, group in _groups(answer, by))
    rows.append([Text("残差", "Residual").say(), *("–" if left is None else f"{left:.1g}" for left in residuals)])
    print_table(heads, rows, right=range(1, len(heads)))


def _print_intervals(answer: dict[str, Any], by: Sequence[str], target: float | None) -> None:
    zh = language() == "zh"
    heads = ("", "总量", "方法一 95% 区间", "±%", "方法二 95% 区间", "−%", "+%")
    if not zh:
        heads = ("", "Total", "Approach 1, 95 %", "±%", "Approach 2, 95 %", "−%", "+%")
    rows = [(name, *_interval(group)) for name, group in _groups(answer, by)]
    print_table(heads, rows, right=range(1, len(heads)))
    if target is not None:
        chance = answer["probability"]
        said = f"{chance['approach1']:.1%}", f"{chance['approach2']:.1%}"
        click.echo(
            Text(
                f"不超过 {target:g} 的概率：方法一 {said[0]}，方法二 {said[1]}",
                f"probability of at most {target:g}: approach 1 {said[0]}, approach 2 {said[1]}",
            ).say()
        )


def _interval(group: dict[str, Any]) -> tuple[str, ...]:
    total, one, two = group["total"], group["approach1"], group["approach2"]

    def share(value: float) -> str:
        return f"{100 * value / abs(total):.1f}" if total else "–"

    return (
        short(total),
        f"{short(one['low'])} … {short(one['high'])}",
        share(one["high"] - total),
        f"{short(two['low'])} … {short(two['high'])}",
        share(total - two["low"]),
        share(two["high"] - total),
    )
