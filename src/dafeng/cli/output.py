"""What the command line prints: aligned tables with Chinese widths, problems in words, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from dafeng.core.errors import ERROR, Problem
from dafeng.core.text import Text

LIGHTS = {
    "done": ("●", "green", Text("完成", "done")),
    "on_course": ("▲", "green", Text("正常", "on course")),
    "slipping": ("◆", "yellow", Text("滞缓", "slipping")),
    "behind": ("▼", "red", Text("滞后", "behind")),
    "no_data": ("○", None, Text("无数据", "no data")),
}


def print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))


def show_problems(problems: Iterable[Problem], *, as_json: bool = False) -> None:
    """Errors first, then warnings, each with place, rule and remedy; to standard error (or JSON to standard
    output).
    """
    ordered = sorted(problems, key=lambda problem: problem.level != ERROR)
    if as_json:
        print_json({"problems": [problem.as_dict() for problem in ordered]})
        return
    for problem in ordered:
        mark, colour = ("✗", "red") if problem.level == ERROR else ("!", "yellow")
        where = str(problem.place)
        head = f"{mark} {where}" if where else mark
        click.secho(head, fg=colour, err=True)
        click.echo(f"    {problem.rule.say()}", err=True)
        click.echo(f"    → {problem.remedy.say()}  [{problem.code}]", err=True)


def width(text: str) -> int:
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    space = " " * max(columns - width(text), 0)
    return space + text if right else text + space


def cut(text: str, columns: int) -> str:
    """The text within a width, an ellipsis where it was longer."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for character in text:
        used += max(width(character), 0)
        if used > columns - 1:
            break
        kept += character
    return kept + "…"


def print_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Iterable[int] = (),
    most: dict[int, int] | None = None,
) -> None:
    """An aligned table. right: columns set flush right; most: widest a column may get."""
    most, flush = most or {}, set(right)
    cells = [[cut(cell, most[i]) if i in most else cell for i, cell in enumerate(row)] for row in rows]
    widths = [max([width(head), *(width(row[i]) for row in cells)]) for i, head in enumerate(heads)]
    lines = [heads, *cells]
    for number, line in enumerate(lines):
        text = "  ".join(pad(cell, widths[i], right=i in flush) for i, cell in enumerate(line)).rstrip()
        click.secho(text, dim=number == 0)
        if number == 0:
            click.secho("─" * min(sum(widths) + 2 * (len(widths) - 1), 160), dim=True)


def progress(words: str) -> None:
    """A line about long work, only where a person watches."""
    if sys.stderr.isatty():
        click.secho(words, err=True, dim=True)


def short(value: float | None, *, signed: bool = False, more: int = 0) -> str:
    """A figure for a narrow table: three significant digits (and ``more``), no exponent, a true minus sign; "–" for
    none."""
    if value is None:
        return "–"
    size = abs(value)
    digits = more + (0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 or size == 0 else 3)
    text = f"{size:,.{digits}f}".replace(",", "\u2009")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    negative = value < 0 and text.strip("0.") != ""
    return ("−" if negative else "+" if signed and text.strip("0.") else "") + text


def apart(value: float | None, other: float | None) -> int:
    """How many more digits it takes to tell two figures apart, so that a narrow miss never prints as a hit."""
    if value is None or other is None:
        return 0
    for more in range(4):
        if short(value, more=more) != short(other, more=more):
            return more
    return 0


def must_stand_behind(ctx: click.Context) -> None:
    """An option before the question would be lost without a word."""
    source = click.core.ParameterSource.COMMANDLINE
    lost = [
        parameter.opts[0]
        for parameter in ctx.command.params
        if parameter.name and ctx.get_parameter_source(parameter.name) == source
    ]
    if lost:
        named = "、".join(lost)
        raise click.UsageError(
            Text(
                f"{named} 请写在 {ctx.invoked_subcommand} 后面",
                f"{named}: write options behind {ctx.invoked_subcommand}",
            ).say()
        )
