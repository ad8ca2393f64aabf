"""``dafeng pathway``: will the district peak, when, and how surely; and has a series of emissions peaked?"""

from __future__ import annotations

from pathlib import Path

import click

from dafeng.cli.output import must_stand_behind, print_json, print_table, progress, short
from dafeng.core.text import Text, language

_VERDICTS = {
    "peaked": Text("已达峰", "peaked"),
    "not peaked": Text("未达峰", "not peaked"),
    "too early": Text("尚不能判断", "too early to tell"),
}
_FILE = click.Path(dir_okay=False, path_type=Path)
_DISTRICT = click.option("--district", type=click.Path(file_okay=False), help="区的文件夹 · The district's folder")
_SCENARIO = click.option(
    "--scenario", "scenarios", multiple=True, help="只算这个情景，可重复 · Only this scenario; may be repeated"
)
_DRAWS = click.option("--draws", type=int, help="抽样次数，默认 1000 · Draws; 1 000 by default")
_SEED = click.option("--seed", type=int, default=1, show_default=True, help="随机种子 · Seed of the draws")
_LEVER = click.option(
    "--lever", "levers", multiple=True, metavar="NAME=VALUE",
    help="把一个调节项设为此值，可重复 · Set a lever to this value; may be repeated",
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON · Print JSON")


@click.group(invoke_without_command=True)
@_SCENARIO
@_DRAWS
@_SEED
@_LEVER
@_DISTRICT
@_JSON
@click.pass_context
def pathway(
    ctx: click.Context, scenarios: tuple[str, ...], draws: int | None, seed: int, levers: tuple[str, ...],
    district: str | None, as_json: bool,
) -> None:  # fmt: skip
    """路径：本区各情景的排放、何时达峰、把握多大。模型取区文件夹中的 pathway.yaml（或 .xlsx），
    没有则由账户和随附模板生成。

    The pathway: emissions of every scenario, when they peak and how surely. The model is pathway.yaml (or .xlsx) in the
    district's folder; without one it is made from the account and the shipped template.
    """
    if ctx.invoked_subcommand is not None:
        must_stand_behind(ctx)
        return
    from dafeng.cli.pathway_show import show_district
    from dafeng.workflows import pathway_district as of_district
    from dafeng.workflows.district import open_district

    progress(Text("正在计算……", "Computing …").say())
    done = of_district.run_district(open_district(district), scenarios=scenarios, draws=draws, seed=seed, levers=levers)
    if as_json:
        print_json(of_district.as_data(done))
    else:
        show_district(done)


@pathway.command(short_help="运行一个模型文件 · Run the model of a file")
@click.argument("model", type=_FILE)
@_SCENARIO
@_DRAWS
@_SEED
@_LEVER
@_JSON
def run(
    model: Path, scenarios: tuple[str, ...], draws: int | None, seed: int, levers: tuple[str, ...], as_json: bool
) -> None:
    """运行一个模型文件（YAML 或 Excel），不需要区。

    Run the model of a file (YAML or Excel), without a district.
    """
    from dafeng.cli.pathway_show import show_run
    from dafeng.workflows.pathway_running import as_data, run_file

    done = run_file(model, scenarios=scenarios, draws=draws, seed=seed, levers=levers)
    if as_json:
        print_json(as_data(done))
    else:
        show_run(done)


@pathway.command(short_help="两个情景之差由什么造成 · What makes two scenarios differ")
@click.argument("start")
@click.argument("end")
@click.option("--model", type=_FILE, help="模型文件，默认本区的 · Model file; the district's by default")
@click.option(
    "--rule", type=click.Choice(["shapley", "order"]), default="shapley", show_default=True,
    help="交互作用的分配规则 · How interactions are shared out",
)  # fmt: skip
@click.option("--year", type=int, help="年份，默认模型的最后一年 · Year; the model's last by default")
@_SEED
@_DISTRICT
@_JSON
def wedges(
    start: str, end: str, model: Path | None, rule: str, year: int | None, seed: int, district: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """从情景 START 到 END 的差由哪些改动造成，各占多少；各项之和恰为总差。

    What makes the difference between scenario START and END: a wedge for each change, adding up exactly.
    """
    from dafeng.cli.pathway_show import show_wedges
    from dafeng.workflows import pathway_questions as questions
    from dafeng.workflows.pathway_district import model_of

    kind = "order" if rule == "order" else "shapley"
    found = questions.wedges(model_of(model, district), start, end, rule=kind, year=year, seed=seed)
    if as_json:
        print_json(found)
    else:
        show_wedges(found)


@pathway.command(short_help="哪些不确定最要紧 · Which uncertainty matters")
@click.option("--model", type=_FILE, help="模型文件，默认本区的 · Model file; the district's by default")
@click.option("--scenario", help="情景，默认第一个 · Scenario; the first by default")
@click.option("--year", type=int, help="年份，默认 2030 · Year; 2030 by default")
@click.option(
    "--base", type=int, default=1024, show_default=True,
    help="每组抽样数，2 的幂 · Draws per block, a power of two",
)  # fmt: skip
@_SEED
@_DISTRICT
@_JSON
def sensitivity(
    model: Path | None, scenario: str | None, year: int | None, base: int, seed: int, district: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """排放的不确定来自哪些参数：Sobol 一阶和总效应指数，按总效应排序。

    Where the uncertainty of emissions comes from: Sobol indices of first and total order, ranked by the total.
    """
    from dafeng.cli.pathway_show import show_sensitivity
    from dafeng.workflows import pathway_questions as questions
    from dafeng.workflows.pathway_district import model_of

    found = questions.sensitivity(model_of(model, district), scenario, year, base=base, seed=seed)
    if as_json:
        print_json(found)
    else:
        show_sensitivity(found)


@pathway.command(short_help="写出模型以便修改 · Write the model out for editing")
@_DISTRICT
@click.option("--force", is_flag=True, help="覆盖已有的文件 · Overwrite what is there")
@_JSON
def init(district: str | None, force: bool, as_json: bool) -> None:
    """由账户和随附模板生成本区模型，写成 pathway.yaml 和 pathway.xlsx，供修改。两者都在时以 YAML 为准。

    Make the district's model from its account and the shipped template and write it as pathway.yaml and pathway.xlsx
    for editing. Where both stand, the YAML file is used.
    """
    from dafeng.workflows.district import open_district
    from dafeng.workflows.pathway_district import write_model

    paths = write_model(open_district(district), force=force)
    if as_json:
        print_json({"files": [str(path) for path in paths]})
        return
    for path in paths:
        click.echo(path)


@pathway.command(short_help="是否已经达峰 · Has a series peaked?")
@click.argument("file", type=_FILE)
@_JSON
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
