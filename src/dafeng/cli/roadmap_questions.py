"""``dafeng roadmap curve | ranking | switch | finance | policy | targets | regret``: questions to a solved roadmap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dafeng.cli.output import print_json, progress
from dafeng.core.text import Text

_CASE = click.option(
    "--case", type=click.Path(dir_okay=False, path_type=Path),
    help="算例文件，默认本区的 · Case file; the district's by default",
)  # fmt: skip
_DISTRICT = click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")
_YEAR = click.option("--year", type=int, help="年份，默认最后一年 · Year; the last by default")
_SEED = click.option("--seed", type=int, default=1, show_default=True, help="随机种子 · Seed of the draws")


def _question(command: Callable[..., Any]) -> Callable[..., Any]:
    return _CASE(_DISTRICT(_JSON(command)))


def _tell(found: dict[str, Any], as_json: bool, show: str) -> None:
    if as_json:
        print_json(found)
        return
    from dafeng.cli import roadmap_questions_show

    getattr(roadmap_questions_show, show)(found)


def _asked(case: Path | None, district: str | None) -> Any:
    from dafeng.workflows.roadmap_questions import asked

    progress(Text("正在计算……", "Computing …").say())
    return asked(case, district)


@click.command(short_help="减排成本曲线 · The abatement cost curve")
@_YEAR
@click.option("--purpose", help="用哪种用途的因子 · Whose factors, by purpose")
@click.option("--whole", is_flag=True, help="按全部潜力，不按排程 · Of the whole potential, not of the schedule")
@_question
def curve(
    case: Path | None, district: str | None, as_json: bool, year: int | None, purpose: str | None, whole: bool
) -> None:
    """减排成本曲线：每项措施在所有更便宜的措施之后再减多少、每吨多少钱；各段之和即合计减排。

    The abatement cost curve: what each measure saves after all cheaper ones, and at what cost a tonne.
    """
    from dafeng.workflows import roadmap_questions as questions

    _tell(questions.curve(_asked(case, district), year, purpose, whole=whole), as_json, "curve")


@click.command(short_help="排序在范围内是否翻转 · Where a ranking flips")
@_YEAR
@click.option("--draws", type=int, default=2000, show_default=True, help="抽样次数 · Draws")
@_SEED
@_question
def ranking(
    case: Path | None, district: str | None, as_json: bool, year: int | None, draws: int, seed: int
) -> None:  # fmt: skip
    """措施按每吨成本排序，在各参数的范围内是否翻转，成本中多少出自假设。

    Measures by cost per tonne, where the order flips within the ranges, and how much of each cost is assumed.
    """
    from dafeng.workflows import roadmap_questions as questions

    _tell(questions.ranking(_asked(case, district), year, draws, seed), as_json, "ranking")


@click.command(short_help="改用电力是减排还是增排 · Does fuel switching cut CO2?")
@_question
def switch(case: Path | None, district: str | None, as_json: bool) -> None:
    """改用电力（或其他能源）的措施逐年减排还是增排，按每种用途的因子分别判断。

    Whether measures that switch fuels cut CO2 or raise it, year by year, under the factors of each purpose.
    """
    from dafeng.workflows import roadmap_questions as questions

    _tell(questions.switch(_asked(case, district)), as_json, "switch")


@click.command(short_help="每项措施和整体的财务评价 · Finance of each measure and of all")
@click.option("--rate", type=click.FloatRange(0, 1), help="折现率，默认算例的 · Discount rate; the case's by default")
@click.option("--loan", type=click.FloatRange(min=0), help="贷款额（元），算偿债覆盖率 · Loan in CNY, for debt cover")
@click.option(
    "--loan-rate", type=click.FloatRange(0, 1), default=0.04, show_default=True, help="贷款利率 · Its interest"
)
@click.option(
    "--loan-years", type=click.IntRange(1, 50), default=10, show_default=True, help="还款年数 · Years of repayment"
)
@_question
def finance(
    case: Path | None, district: str | None, as_json: bool, rate: float | None, loan: float | None, loan_rate: float,
    loan_years: int,
) -> None:  # fmt: skip
    """净现值、内部收益率、回收期、偿债覆盖率、每吨成本、资金撬动倍数：每项措施和整个计划。

    Worth, rate of return, payback, debt service cover, cost of a tonne and leverage, of each measure and of the whole.
    """
    from dafeng.roadmap.finance import Loan
    from dafeng.workflows import roadmap_questions as questions

    lent = Loan(loan, loan_rate, loan_years) if loan else None
    _tell(questions.finance(_asked(case, district), rate, lent), as_json, "finance")


@click.command(short_help="补助、税和碳价的作用 · What subsidies, taxes and a price of CO2 do")
@click.option(
    "--subsidy", "subsidies", multiple=True, metavar="MEASURE=SHARE",
    help="补助占投资的份额，措施或组，可重复 · Share of capital, of a measure or group; may be repeated",
)  # fmt: skip
@click.option(
    "--tax", "taxes", multiple=True, metavar="CARRIER=CNY",
    help="能源加价（元/单位，可为负），可重复 · Added to a carrier's price, CNY per unit; may be repeated",
)  # fmt: skip
@click.option("--co2-price", type=float, default=0.0, show_default=True, help="碳价（元/吨） · Price of CO2, CNY/t")
@click.option("--hurdle", type=click.FloatRange(0, 1), help="业主决策的折现率 · Rate at which owners decide")
@_question
def policy(
    case: Path | None, district: str | None, as_json: bool, subsidies: tuple[str, ...], taxes: tuple[str, ...],
    co2_price: float, hurdle: float | None,
) -> None:  # fmt: skip
    """加上补助、能源税或碳价之后：业主、社会和财政各付多少，减排多少，排程怎样变。

    With subsidies, taxes or a price of CO2: what owners, society and the public purse pay, what is saved, what moves.
    """
    from dafeng.workflows import roadmap_questions as questions

    _tell(questions.policy(_asked(case, district), subsidies, taxes, co2_price, hurdle), as_json, "policy")


@click.command(short_help="每个目标的成本和影子碳价 · Cost of each target, shadow price of carbon")
@_question
def targets(case: Path | None, district: str | None, as_json: bool) -> None:
    """取消每个目标可省多少，再提高一步需多花多少；全部目标之下逐年的影子碳价。

    What dropping each target saves and one step more costs; the shadow price of carbon in each year under all of them.
    """
    from dafeng.workflows import roadmap_questions as questions

    _tell(questions.targets(_asked(case, district)), as_json, "targets")


@click.command(short_help="情况不同时排程还成立吗 · Does the schedule hold in other worlds?")
@click.option(
    "--spread", "spreads", multiple=True, metavar="NAME=DISTRIBUTION",
    help="再抽样什么：factor/ price/ saving/ capex/ opex/ base/ 加名称或 *，乘数分布，可重复 · "
    "What else is drawn: factor/ price/ saving/ capex/ opex/ base/ with a name or *, as a multiplier",
)  # fmt: skip
@click.option("--draws", type=int, default=1000, show_default=True, help="抽样次数 · Draws")
@_SEED
@click.option(
    "--wanted", type=click.FloatRange(0, 1), default=0.9, show_default=True,
    help="要在多大比例的抽样中达标 · Share of draws that is to hold",
)  # fmt: skip
@click.option(
    "--sample", type=click.IntRange(0, 1000), default=5, show_default=True,
    help="与多少个抽样各自的最优比较 · Draws whose own best is found, for regret",
)  # fmt: skip
@click.option("--tighten", is_flag=True, help="留出余量，使足够多的抽样达标 · With margins, until enough draws hold")
@_question
def regret(
    case: Path | None, district: str | None, as_json: bool, spreads: tuple[str, ...], draws: int, seed: int,
    wanted: float, sample: int, tighten: bool,
) -> None:  # fmt: skip
    """参数在其范围内变动时，排程在多少抽样中仍达到每个目标，比各自的最优贵多少。

    When parameters move within their ranges: in what share of draws the schedule still meets each target, and how much
    dearer it is than the best of the draw.
    """
    from dafeng.workflows import roadmap_questions as questions

    found = questions.regret(_asked(case, district), spreads, draws, seed, wanted, sample, tighten=tighten)
    _tell(found, as_json, "regret")


COMMANDS = (curve, ranking, switch, finance, policy, targets, regret)
