"""The roadmap on paper: the abatement cost curve, and who does what in which quarter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dafeng.report.charts import Chart, chart_language, fitting
from dafeng.report.figures import MINUS, figure
from dafeng.report.pathway_sheet import draw
from dafeng.report.pathway_words import scale
from dafeng.report.roadmap_model import Bar, RoadmapReport, Work
from dafeng.report.words import ACCENT, GREY, HAIR, INK, WASH, has_chinese

PAYS, COSTS = ACCENT, "B08A55"
# Families named on the curve, and rows of the Gantt chart; the rest is counted.
_NAMED, MOST_ROWS = 9, 20
_ROW_MM = 4.6


def curve_chart(report: RoadmapReport, lang: str, source: str) -> Chart:
    """Each family of measures as wide as the tonnes it saves given all before it, as high as a tonne costs."""
    lettering = chart_language(lang)
    divisor, unit = scale(lettering)
    bars = sorted(report.bars, key=lambda one: one.per_t)
    low, high = _range(bars)
    cut = any(one.per_t > high for one in bars)

    def paint(axes: Any) -> None:
        at, marks = 0.0, []
        for bar in bars:
            width, height = bar.co2_t / divisor, min(max(bar.per_t, low), high)
            axes.bar(at, height, width=width, align="edge", color=f"#{PAYS if bar.per_t <= 0 else COSTS}",
                     edgecolor="white", linewidth=0.3, zorder=3)  # fmt: skip
            marks.append((at + width / 2, height, bar.co2_t, bar.name.say(lettering)))
            at += width
        axes.axhline(0, color=f"#{GREY}", linewidth=0.7, zorder=4)
        axes.set_xlim(0, at)
        axes.set_ylim(low * 1.1, high * 1.1)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="x", labelsize=8)
        axes.xaxis.set_major_formatter(lambda value, _: figure(float(f"{value:.8g}"), 6))
        axes.yaxis.set_major_formatter(lambda value, _: figure(float(f"{value:.8g}"), 6).replace("-", MINUS))
        axes.set_xlabel(f"{unit}/{'年' if lettering == 'zh' else 'a'}", fontsize=8, color=f"#{GREY}", loc="right")
        _name_largest(axes, marks, (low, high), at)

    per = "元/tCO₂" if lettering == "zh" else "CNY/tCO₂"
    if cut:
        most = figure(bars[-1].per_t)
        per += f"（超出者截断，最高{most}）" if lettering == "zh" else f" (cut at the edge; the dearest is {most})"
    png = draw(_curve_finding(report, lettering), per, source, paint, height=92, right=0.97, left=0.085)
    listed = [f"{one.name.say(lang)} {figure(one.per_t)}" for one in bars]
    words = f"{_curve_finding(report, lang)}{'。' if lang == 'zh' else '. '}"
    return Chart(png, _curve_finding(report, lang), words + ("；" if lang == "zh" else "; ").join(listed))


def _name_largest(
    axes: Any, marks: Sequence[tuple[float, float, float, str]], span: tuple[float, float], end: float
) -> None:
    """Names of the widest bars with a line to each, stepped down from the left so that they do not cross."""
    chosen = sorted(sorted(marks, key=lambda one: -one[2])[:_NAMED])
    low, high = span
    for number, (at, height, _, name) in enumerate(chosen):
        above = max(height, 0.0) + (high - low) * 0.04
        place = max(high * (1.04 - number / _NAMED), above)
        left = at < end * 0.72
        axes.plot([at, at], [max(height, 0.0), place], color=f"#{GREY}", linewidth=0.4, zorder=2)
        axes.annotate(name, (at, place), xytext=(2 if left else -2, 0), textcoords="offset points", fontsize=7.2,
                      ha="left" if left else "right", va="center", color=f"#{INK}",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6}, zorder=5)  # fmt: skip


def _range(bars: Sequence[Bar]) -> tuple[float, float]:
    """What is drawn to scale: all but the dearest eight hundredths of the tonnes, which are cut at the edge."""
    whole, so_far, high = sum(one.co2_t for one in bars), 0.0, 1.0
    for one in bars:
        so_far += one.co2_t
        if so_far <= 0.92 * whole:
            high = max(high, one.per_t)
    low = min(min((one.per_t for one in bars), default=-1.0), -1.0)
    return low, max(high * 1.2, -0.8 * low)


def _curve_finding(report: RoadmapReport, lang: str) -> str:
    divisor, unit = scale(lang)
    whole = sum(one.co2_t for one in report.bars)
    free = sum(one.co2_t for one in report.bars if one.per_t <= 0)
    if lang == "zh":
        return (
            f"{report.curve_year}年排程共减排{figure(whole / divisor)}{unit}，"
            f"其中{figure(free / divisor)}{unit}本身省钱（逐项单算之和为{figure(report.alone_t / divisor)}）"
        )
    return (
        f"The schedule saves {figure(whole / divisor)} {unit} in {report.curve_year}, {figure(free / divisor)} of it "
        f"at a gain (added one by one: {figure(report.alone_t / divisor)})"
    )


# ── Gantt ──


def gantt(report: RoadmapReport, lang: str, source: str) -> Chart:
    """Responsible units as headings; a row for each family, its years divided into quarters, darker where more is
    built in the year."""
    lettering = chart_language(lang)
    rows = gantt_rows(report, MOST_ROWS)
    lines = [item for owner, held in rows for item in (owner, *held)]

    def paint(axes: Any) -> None:
        first, last = report.years[0], report.years[-1] + 1
        labels = []
        for at, line in enumerate(lines):
            if isinstance(line, str):
                axes.axhspan(at - 0.5, at + 0.5, color=f"#{WASH}", zorder=0)
                labels.append("")
                axes.annotate(
                    _owner(line, lettering), (-0.545, at), xycoords=("axes fraction", "data"), va="center",
                    fontsize=8, color=f"#{ACCENT}", annotation_clip=False,
                )  # fmt: skip
            else:
                _work_row(axes, at, line)
                labels.append(line.name.say(lettering))
        for year in range(first, last + 1):
            axes.axvline(year, color=f"#{HAIR}", linewidth=0.5, zorder=1)
        axes.set_xlim(first, last)
        axes.set_ylim(len(lines) - 0.4, -0.6)
        axes.set_yticks(range(len(lines)), [fitting(label, 36) for label in labels])
        axes.tick_params(axis="y", labelsize=7.5, labelcolor=f"#{INK}", length=0)
        axes.set_xticks([year + 0.5 for year in range(first, last)], [str(year) for year in range(first, last)])
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", labelsize=7.5, labelcolor=f"#{GREY}", length=0, pad=1)
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    title = _gantt_finding(report, lettering)
    words = (
        "每格一季，颜色越深当年完成越多" if lettering == "zh" else "a cell is a quarter; darker where a year does more"
    )
    height = 27 + _ROW_MM * len(lines)
    png = draw(title, words, source, paint, height=height, right=0.985, left=0.36)
    said = "；".join(f"{one.name.say(lang)} {min(one.amounts)}—{max(one.amounts)}" for _, held in rows for one in held)
    return Chart(png, _gantt_finding(report, lang), said if lang == "zh" else said.replace("；", "; "))


def gantt_rows(report: RoadmapReport, most: int) -> list[tuple[str, list[Work]]]:
    """Responsible unit → its families with the largest investment, in the order in which they begin."""
    chosen = sorted(report.works, key=lambda one: -one.spent)[:most]
    chosen.sort(key=lambda one: one.owner)
    found = [(owner, sorted(held, key=lambda one: (min(one.amounts), -one.spent)))
             for owner, held in groupby(chosen, key=lambda one: one.owner)]  # fmt: skip
    return sorted(found, key=lambda one: -sum(work.spent for work in one[1]))


def _work_row(axes: Any, at: int, work: Work) -> None:
    most = max(work.amounts.values())
    for year, amount in work.amounts.items():
        depth = 0.25 + 0.75 * amount / most
        for quarter in range(4):
            axes.barh(at, 0.235, left=year + quarter * 0.25, height=0.62, color=f"#{ACCENT}", alpha=depth, linewidth=0,
                      zorder=3)  # fmt: skip


def _owner(name: str, lang: str) -> str:
    """A unit's name where it can be lettered."""
    return name if lang == "zh" or not has_chinese(name) else "Responsible unit"


def _gantt_finding(report: RoadmapReport, lang: str) -> str:
    owners = len({one.owner for one in report.works})
    shown = min(len(report.works), MOST_ROWS)
    first, last = report.years[0], report.years[-1]
    if lang == "zh":
        more = f"（投资最多的{shown}类）" if shown < len(report.works) else ""
        return f"{first}—{last}年{len(report.works)}类措施、{owners}个责任单位的排程{more}"
    more = f" (the {shown} with most investment)" if shown < len(report.works) else ""
    return f"{len(report.works)} kinds of measures by {owners} responsible units, {first}–{last}{more}"
