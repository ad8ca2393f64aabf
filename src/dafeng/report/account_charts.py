"""Why a total changed, as a waterfall on paper: both years as lines, every reason a bar between them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dafeng.accounting.tables import Table
from dafeng.report.charts import DPI, WIDTH_MM, Chart, chart_language, folded
from dafeng.report.figures import MINUS, figure, unit_words, with_unit
from dafeng.report.fonts import chinese_font
from dafeng.report.words import ACCENT, GREY, HAIR, INK, SYNTHETIC

# What lowers the total, and what raises it; they differ in lightness too.
DOWN, UP = ACCENT, "B08A55"
# Effects below this share of the largest are drawn as one.
SMALL = 0.03
_ROW_MM, _AROUND_MM = 7.2, 25.0


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    value: float


def waterfall(table: Table, column: str, lang: str, *, synthetic: bool, source: str) -> Chart | None:
    """The chart of a column of the table ``change``; None where the change or one of its years is unknown.

    source: line below the chart in the language of the lettering."""
    lettering = chart_language(lang)
    shown = next(one for one in table.columns if one.id == column)
    start, end = (table.shown(table.row(code), shown) for code in ("start", "end"))
    if start is None or end is None:
        return None
    years = [table.row(code).name.say(lettering) for code in ("start", "end")]
    steps = steps_of(table, column, lettering)
    unit, divisor = ("万" + unit_words(shown.unit), 1e4) if lettering == "zh" else ("kt" + _gas(shown.unit), 1e3)
    title = _finding(table, column, steps, (start, end), unit, divisor, lettering)
    png = _render(title, years, (start / divisor, end / divisor), [Step(s.name, s.value / divisor) for s in steps],
                  unit, source + (f"　{SYNTHETIC.say(lettering)}" if synthetic else ""))  # fmt: skip
    words = _finding(table, column, steps_of(table, column, lang), (start, end), *_unit(shown.unit, lang), lang)
    listed = "；".join(f"{s.name} {figure(s.value, signed=True)}" for s in steps_of(table, column, lang))
    return Chart(png, words, f"{words}。{listed}" if lang == "zh" else f"{words}. {listed.replace('；', '; ')}")


def steps_of(table: Table, column: str, lang: str) -> list[Step]:
    """The effects in the table's order; small ones together at the end."""
    shown = next(one for one in table.columns if one.id == column)
    found = [
        Step(row.name.say(lang), value)
        for row in table.rows
        if row.parent == "change" and (value := table.shown(row, shown))
    ]
    largest = max((abs(step.value) for step in found), default=0.0)
    small = [step for step in found if abs(step.value) < SMALL * largest]
    kept = [step for step in found if step not in small]
    rest = sum(step.value for step in small)
    if len(small) == 1:
        return found
    return [*kept, Step("其余各项" if lang == "zh" else "All others", rest)] if rest else kept


def _unit(unit: str, lang: str) -> tuple[str, float]:
    return ("万" + unit_words(unit), 1e4) if lang == "zh" else ("kt" + _gas(unit), 1e3)


def _gas(unit: str) -> str:
    return unit_words(unit, "en").removeprefix("t")


def _finding(
    table: Table, column: str, steps: Sequence[Step], ends: tuple[float, float], unit: str, divisor: float, lang: str
) -> str:
    """The answer in words: by how much, and the largest reason either way."""
    change = ends[1] - ends[0]
    name = next(one.name.say(lang) for one in table.columns if one.id == column)
    plain = name.partition("（")[0] if lang == "zh" else name.partition(",")[0]
    size = with_unit(figure(abs(change) / divisor), unit)
    most, least = max(steps, key=lambda s: s.value), min(steps, key=lambda s: s.value)
    said = [f"{_brief(step.name)} {_signed(step.value / divisor)}" for step in (most, least) if step.value]
    years = table.row("start").name.say(lang).split()[0], table.row("end").name.say(lang).split()[0]
    if lang == "zh":
        went = "增加" if change > 0 else "减少"
        return f"{years[0]}—{years[1]}年{plain}{went}{size}：{'，'.join(said)}"
    return f"{plain} {'rose' if change > 0 else 'fell'} by {size} from {years[0]} to {years[1]}: {', '.join(said)}"


def _brief(name: str) -> str:
    """A reason without what its name adds: 用能强度（已剔除天气） → 用能强度."""
    return re.split("[（:,]", name)[0]


def _signed(value: float) -> str:
    return figure(value, signed=True)


def _render(
    title: str, years: Sequence[str], ends: tuple[float, float], steps: Sequence[Step], unit: str, source: str
) -> bytes:
    # The figure is drawn without pyplot: nothing global is touched, nothing stays open.
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    family = [name for name in (chinese_font(), "DejaVu Sans") if name]
    height = _AROUND_MM + _ROW_MM * (len(steps) + 2)
    with matplotlib.rc_context({"font.family": family, "axes.unicode_minus": True, "text.parse_math": False}):
        sheet = Figure(figsize=(WIDTH_MM / 25.4, height / 25.4), dpi=DPI, facecolor="white")
        FigureCanvasAgg(sheet)
        axes = sheet.add_axes((0.30, 11 / height, 0.62, 1 - 23 / height))
        sheet.text(0.012, 1 - 2.5 / height, title, fontsize=10, color=f"#{INK}", va="top")
        sheet.text(0.012, 1 - 9 / height, unit, fontsize=8, color=f"#{GREY}", va="center")
        sheet.text(0.012, 2 / height, source, fontsize=7, color=f"#{GREY}", va="bottom")
        _draw(axes, years, ends, steps)
        held = io.BytesIO()
        sheet.savefig(held, format="png", dpi=DPI, metadata={"Software": None})
        return held.getvalue()


def _draw(axes: Any, years: Sequence[str], ends: tuple[float, float], steps: Sequence[Step]) -> None:
    """Rows from the top: the first year, each effect from where the last one ended, the last year."""
    at, marks = ends[0], [ends[0]]
    for number, step in enumerate(steps, start=1):
        colour = UP if step.value > 0 else DOWN
        axes.barh(number, step.value, left=at, height=0.62, color=f"#{colour}", linewidth=0, zorder=3)
        axes.plot([at, at], [number - 1, number], color=f"#{GREY}", linewidth=0.5, zorder=2)
        at += step.value
        marks.append(at)
    last = len(steps) + 1
    axes.plot([at, at], [last - 1, last], color=f"#{GREY}", linewidth=0.5, zorder=2)
    low, high = min(*marks, *ends), max(*marks, *ends)
    room = (high - low) * 0.16 or abs(high) * 0.1 or 1.0
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(last + 0.6, -0.6)
    for row, value in ((0, ends[0]), (last, ends[1])):
        axes.plot([value], [row], marker="D", markersize=6, color=f"#{INK}", zorder=4)
        axes.annotate(figure(value, 4), (value, row), xytext=(7, 0), textcoords="offset points", va="center",
                      fontsize=8.5, color=f"#{INK}")  # fmt: skip
    at = ends[0]
    for number, step in enumerate(steps, start=1):
        right = step.value > 0
        at += step.value
        axes.annotate(figure(step.value, signed=True), (at, number), xytext=(4 if right else -4, 0),
                      textcoords="offset points", va="center", ha="left" if right else "right", fontsize=8,
                      color=f"#{INK}")  # fmt: skip
    axes.set_yticks(range(last + 1), [years[0], *(folded(step.name, 27) for step in steps), years[1]])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(f"#{HAIR}")
    axes.tick_params(axis="y", labelsize=8.5, labelcolor=f"#{INK}", length=0, pad=6)
    axes.tick_params(axis="x", labelsize=7.5, labelcolor=f"#{GREY}", length=0)
    axes.xaxis.set_major_formatter(lambda value, _: figure(float(f"{value:.10g}"), 6).replace("-", MINUS))
    axes.grid(axis="x", color=f"#{HAIR}", linewidth=0.4)
    axes.set_axisbelow(True)
