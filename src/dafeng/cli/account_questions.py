"""Questions put to a district's account: why it changed, what was restated, how certain it is, does it agree with an
outside series, what this year's months warn of."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dafeng.cli.account_tables import show_table, words
from dafeng.cli.output import print_json, show_problems
from dafeng.core.text import Text

_FILE = click.Path(dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


def _finite(ctx: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """A number that is none (nan, inf) has no probability."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(Text("要写一个数", "give a number").say(), ctx, parameter)
    return value


def _common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every question takes."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON"),
        click.option("--gwp", help="全球变暖潜势 · Warming potentials: sar, ar4, ar5, ar6"),
        click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder"),
    ):
        function = option(function)
    return function


@click.command(short_help="变化的原因 · Why the account changed")
@click.option("--from", "start", type=int, required=True, help="基期年份 · The year to compare with")
@click.option("--to", "end", type=int, required=True, help="报告期年份 · The year to explain")
@click.option("--multiplicative", is_flag=True, help="乘法分解 · Ratios instead of differences")
@click.option("--by", type=click.Choice(["sector"]), help="再按部门分组 · Also by sector")
@click.option("--as-known", type=_DAY, help="只用该日之前已知的记录和因子 · As known on that day")
@_common
def change(
    start: int, end: int, multiplicative: bool, by: str | None, as_known: dt.datetime | None, district: str | None,
    gwp: str | None, as_json: bool,
) -> None:  # fmt: skip
    """两年之间能耗和二氧化碳为什么变化：活动、结构、强度、天气、品种、因子，没有残差。

    Why energy and CO2 changed between two years: activity, structure, intensity, weather, carriers, factors; LMDI-I
    without residual.
    """
    from dafeng.workflows import account_questions as questions
    from dafeng.workflows.district import open_district

    _answer(
        questions.change(
            open_district(district), start, end, multiplicative=multiplicative, by=by, gwp=gwp, as_known=_day(as_known)
        ),
        as_json,
    )


@click.command(short_help="重述清单 · What was restated")
@click.option("--since", type=_DAY, required=True, help="自该日以来 · Since that day")
@click.option("--year", type=int, help="年份，默认上一完整年度 · Year; the last full year by default")
@_common
def restated(since: dt.datetime, year: int | None, district: str | None, gwp: str | None, as_json: bool) -> None:
    """自某日以来哪些数改了：之前、之后、原因，合计对得上。

    What has changed in the account since a day: before, after and the reason, with a total that adds up.
    """
    from dafeng.workflows import account_restating
    from dafeng.workflows.district import open_district

    _answer(account_restating.restated(open_district(district), since.date(), year, gwp=gwp), as_json)


@click.command(short_help="总量有多确定 · How certain the total is")
@click.option("--year", type=int, help="年份，默认上一完整年度 · Year; the last full year by default")
@click.option(
    "--target",
    type=float,
    callback=_finite,
    help="上限（tCO2e），给出达到的概率 · A ceiling in tCO2e: how likely it is kept",
)
@click.option(
    "--cut",
    type=float,
    callback=_finite,
    help="比基年下降的百分比，给出达到的概率 · A cut in %: how likely it is reached",
)
@click.option("--base", type=int, help="下降的基年，默认本区基期 · Year the cut counts from; the base year by default")
@click.option(
    "--draws", type=click.IntRange(40, 1_000_000), default=10_000, show_default=True, help="抽样次数 · Number of draws"
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="随机种子 · Seed of the draws")
@_common
def certainty(
    year: int | None, target: float | None, cut: float | None, base: int | None, draws: int, seed: int,
    district: str | None, gwp: str | None, as_json: bool,
) -> None:  # fmt: skip
    """清单总量的 95% 区间（IPCC 方法一、方法二），以及不超过目标的概率。

    The 95 % interval of the inventory by both approaches of the IPCC, and the probability that a target is met.
    """
    from dafeng.workflows import account_questions as questions
    from dafeng.workflows.district import open_district

    goals = {"target": target, "cut_pct": cut, "cut_from": base}
    _answer(questions.certainty(open_district(district), year, draws=draws, seed=seed, gwp=gwp, **goals), as_json)


@click.command(short_help="独立核对 · Check against an outside series")
@click.argument("file", type=_FILE, required=False)
@click.option("--against", type=_FILE, help="外部序列 CSV（year,value） · Outside series as CSV (year,value)")
@click.option("--series", help="outside_series 台账中的序列 · A series of the register outside_series")
@click.option("--what", type=click.Choice(["co2", "direct"]), default="co2", show_default=True,
              help="核对能源二氧化碳，或只核对直接排放 · CO2 of energy, or its direct part alone")  # fmt: skip
@_common
def check(
    file: Path | None, against: Path | None, series: str | None, what: str, district: str | None, gwp: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """与外部序列比水平和走势，给出直白的结论。不写 FILE 就用本区的账，不写 --against 就用 outside_series 台账。

    Compare level and trend with an outside series and give a plain verdict. Without FILE our own account is checked;
    without --against the register outside_series is used. Two CSV files (year,value) need no district.
    """
    from dafeng.workflows import account_checking
    from dafeng.workflows.district import open_district

    if file is not None and against is not None:
        answer = account_checking.check_files(file, against)
    elif file is not None:
        raise click.UsageError(Text("请用 --against 写出外部序列", "name the outside series with --against").say())
    else:
        answer = account_checking.check_account(open_district(district), against, series, what=what, gwp=gwp)
    _answer(answer, as_json)


@click.command(short_help="按月预警 · Monthly early warning")
@click.option("--month", help="截至月份，如 2026-10 · Last month, e.g. 2026-10")
@_common
def warning(month: str | None, district: str | None, gwp: str | None, as_json: bool) -> None:
    """按月用电用气预计全年，与全年预算比，红黄绿灯。

    The year projected from its months of electricity and gas, against the year's budget: red, yellow or green.
    """
    from dafeng.workflows import account_questions as questions
    from dafeng.workflows.district import open_district

    _answer(questions.warning(open_district(district), month, gwp=gwp), as_json)


def _day(given: dt.datetime | None) -> dt.date | None:
    return given.date() if given else None


def _answer(answer: Any, as_json: bool) -> None:
    """Tables, verdict and problems; exit code 1 where a problem is an error."""
    if as_json:
        print_json(answer.as_dict())
    else:
        if answer.synthetic:
            click.secho(Text("虚构示例数据", "synthetic example data").say(), fg="yellow")
        for table in answer.tables:
            show_table(table)
            click.echo()
        for line in answer.said:
            click.secho(words(line), bold=True)
        show_problems(answer.problems)
    if answer.failed:
        raise SystemExit(1)
