"""``dafeng``: finds the verb, turns our errors into words and exit codes."""

from __future__ import annotations

import importlib
import io
import sys

import click

from dafeng import __version__

# verb → module and one line of help, so that `dafeng --help` imports no verb.
VERBS: dict[str, tuple[str, str]] = {
    "init": ("dafeng.cli.init", "建立区的文件夹 · Make a district's folder"),
    "plan": ("dafeng.cli.plan", "导入、查看、比较、检查方案 · Import, show, compare, check plans"),
    "template": ("dafeng.cli.template", "台账的 Excel 模板 · Excel template of a register"),
    "load": ("dafeng.cli.load", "把收件箱的表格装入台账 · Load the inbox into the registers"),
    "ready": ("dafeng.cli.ready", "还需填报什么 · What is still to fill in"),
    "run": ("dafeng.cli.run", "计算全部指标与目标 · Compute every indicator and target"),
    "account": ("dafeng.cli.account", "能源与碳核算 · The account of energy and carbon"),
    "pathway": ("dafeng.cli.pathway", "何时达峰，把握多大 · When will it peak, how surely?"),
    "roadmap": ("dafeng.cli.roadmap", "以最低成本达到目标的措施安排 · Cheapest schedule that meets the targets"),
    "explain": ("dafeng.cli.explain", "一个数从哪里来 · Where a figure comes from"),
    "report": ("dafeng.cli.report", "年度评估报告 · Yearly evaluation report"),
    "catalogue": ("dafeng.cli.catalogue", "检查、查看目录 · Check and show the catalogue"),
}


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(VERBS[cmd_name][0])
        return getattr(module, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands · 命令"):
            formatter.write_dl([(name, line) for name, (_, line) in VERBS.items()])


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", prog_name="dafeng")
def main() -> None:
    """达峰：城区碳达峰方案的工作软件。The software with which an urban district runs its carbon peaking
    plan.
    """


def entry() -> None:
    """Entry point of the installed command: our errors are words and an exit code, never a traceback."""
    from dafeng.core.errors import DafengError, machine_in_words

    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a pipe may not speak UTF-8; our Chinese must never end a run.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        with machine_in_words():
            main(standalone_mode=False)
    except DafengError as error:
        from dafeng.cli.output import show_problems

        show_problems(error.problems, as_json="--json" in sys.argv)
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Exit as error:
        raise SystemExit(error.exit_code) from None
    except click.Abort:
        raise SystemExit(130) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(2) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
