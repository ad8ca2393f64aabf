"""The sheet that charts of pathway and roadmap are drawn on: title with the finding, unit, plot, source line."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from dafeng.report.charts import DPI, WIDTH_MM
from dafeng.report.figures import figure
from dafeng.report.fonts import chinese_font
from dafeng.report.words import GREY, HAIR, INK


def draw(
    title: str, unit: str, source: str, paint: Callable[[Any], None], *, height: float, right: float,
    left: float = 0.075,
) -> bytes:  # fmt: skip
    """A picture, PNG at 300 dpi. paint(axes) draws into the plot; height in mm; left, right: shares of the width."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    family = [name for name in (chinese_font(), "DejaVu Sans") if name]
    with matplotlib.rc_context({"font.family": family, "axes.unicode_minus": True, "text.parse_math": False}):
        # Drawn without pyplot: nothing global is touched, nothing stays open.
        sheet = Figure(figsize=(WIDTH_MM / 25.4, height / 25.4), dpi=DPI, facecolor="white")
        FigureCanvasAgg(sheet)
        axes = sheet.add_axes((left, 12 / height, right - left, 1 - 27 / height))
        sheet.text(0.012, 1 - 2.5 / height, title, fontsize=_fitting(title, 10.5), color=f"#{INK}", va="top")
        sheet.text(0.012, 1 - 11 / height, unit, fontsize=8, color=f"#{GREY}", va="center")
        sheet.text(0.012, 2 / height, source, fontsize=7, color=f"#{GREY}", va="bottom")
        plain_axes(axes)
        paint(axes)
        held = io.BytesIO()
        sheet.savefig(held, format="png", dpi=DPI, metadata={"Software": None})
        return held.getvalue()


def plain_axes(axes: Any) -> None:
    """No frame but the base line; hairlines across; figures as reports print them."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(f"#{GREY}")
    axes.spines["bottom"].set_linewidth(0.6)
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: figure(float(f"{value:.10g}"), 6)))
    axes.grid(axis="y", color=f"#{HAIR}", linewidth=0.4)
    axes.set_axisbelow(True)
    axes.tick_params(axis="both", labelsize=8, labelcolor=f"#{GREY}", length=0, pad=4)


def year_ticks(axes: Any, years: Sequence[int]) -> None:
    shown = years if len(years) <= 11 else [y for y in years if y % 5 == 0]
    axes.set_xticks(list(shown), [str(year) for year in shown])


def spread_labels(
    axes: Any, last: float, labels: Sequence[tuple[float, str, str]], *, room: float = 0.09,
    fills: Sequence[str | None] = (),
) -> None:  # fmt: skip
    """Names at the right edge, each beside its line, kept apart. labels: (value, words, colour); room: least distance
    as a share of the height; fills: colour of a small square before each name."""
    low, high = axes.get_ylim()
    least = (high - low) * room
    shown = [*fills, *([None] * (len(labels) - len(fills)))]
    ordered = sorted(zip(labels, shown, strict=True), key=lambda one: one[0][0])
    places = [value for (value, _, _), _ in ordered]
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + least)
    # Half of what they were pushed up is taken back, so that they stand around their lines, within the plot.
    pushed = [place - value for place, ((value, _, _), _) in zip(places, ordered, strict=True)]
    middle = sum(pushed) / (len(pushed) or 1)
    places = [place - min(middle, places[0] - low) for place in places]
    over = places[-1] - (high - least * 0.2) if places else 0.0
    if over > 0:
        places[-1] -= over
        for number in range(len(places) - 2, -1, -1):
            places[number] = min(places[number], places[number + 1] - least)
    for at, ((_, words, colour), fill) in zip(places, ordered, strict=True):
        if fill is not None:
            axes.annotate(
                "■", (last, at), xytext=(6, 0), textcoords="offset points", va="center", fontsize=7,
                color=f"#{fill}", annotation_clip=False,
            )  # fmt: skip
        gap = 7 if fill is None else 15
        axes.annotate(
            words, (last, at), xytext=(gap, 0), textcoords="offset points", va="center", fontsize=8,
            color=f"#{colour}", annotation_clip=False,
        )  # fmt: skip


def _fitting(title: str, size: float) -> float:
    """A long title is set smaller rather than cut: width counted in points, a Chinese character one em."""
    ems = sum(1.0 if "\u2e80" <= character <= "\uffef" else 0.52 for character in title)
    return min(size, WIDTH_MM / 25.4 * 72 * 0.975 / max(ems, 1.0))
