"""The page of every command, walked from the click tree."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

HEAD = """# 命令一览 · Command reference

每条给出结果的命令都可加 `--json`。退出码：0 完成，1 输入有误（一次列出全部问题），2 命令用法不对，3 没有可行的答案。
Every command that answers takes `--json`. Exit codes: 0 done, 1 bad input (all problems at once), 2 wrong usage,
3 no feasible answer.
"""


def root() -> click.Group:
    from dafeng.cli.main import main

    assert isinstance(main, click.Group)
    return main


def verbs(group: click.Group, names: tuple[str, ...] = ("dafeng",)) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group with its full name: (("dafeng", "plan", "import"), command)."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise LookupError(f"{' '.join((*names, name))} is listed but cannot be found")
        yield (*names, name), command
        if isinstance(command, click.Group):
            yield from verbs(command, (*names, name))


def page() -> str:
    return HEAD + "".join(_section(names, command) for names, command in verbs(root()))


def _section(names: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(names))
    level = "##" if len(names) == 2 else "###"
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [f"\n{level} {' '.join(names)}\n", f"```\n{' '.join(names)} {usage}\n```\n", f"{_help(command)}\n"]
    rows = [_row(context, parameter) for parameter in command.params if not getattr(parameter, "hidden", False)]
    if rows:
        parts.append("| | |\n|---|---|\n" + "".join(rows))
    return "\n".join(parts)


def _help(command: click.Command) -> str:
    """The help text as Markdown paragraphs; click's marks for "do not wrap" are dropped."""
    return inspect.cleandoc((command.help or "").replace("\b", ""))


def _row(context: click.Context, parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        name, words = parameter.get_help_record(context) or ("", "")
    else:
        name, words = parameter.make_metavar(context), getattr(parameter, "help", None) or ""
    # A bar would end the cell, and escaped it shows its backslash inside code.
    return f"| `{name.replace('|', ', ')}` | {words.replace('|', ', ')} |\n"
