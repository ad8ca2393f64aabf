"""The pathway on paper: the fan of one scenario among the others, the years of the peak, and the wedges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dafeng.report.charts import Chart, chart_language, fitting
from dafeng.report.figures import figure
from dafeng.report.pathway_model import PathwayReport, ScenarioLine, Wedge, WedgeSplit
from dafeng.report.pathway_sheet import draw, spread_labels, year_ticks
from dafeng.report.pathway_words import commitment, finding, percent, scale, when
from dafeng.report.words import ACCENT, GREY, HAIR, INK

WIDE, NARROW = "DCE8E2", "B5D0C4"
# Fills of wedges from the largest on, told apart by lightness as well as hue.
FILLS = ("1F5C4A", "4F8A72", "8DB7A3", "B08A55", "D3B98F", "7A8C99", "C9D1CD")
_MOST_WEDGES = 6
# Height of a row's bar where every draw peaks in one year.
_BAR = 0.7


def fan(report: PathwayReport, lang: str, source: str) -> Chart:
    """The main scenario as a band and its median; the others as thin lines with their names."""
    lettering = chart_language(lang)
    divisor, unit = scale(lettering)
    years, at = report.years, report.years.index(report.base)
    main = report.decides

    def paint(axes: Any) -> None:
        ahead = slice(at, None)
        for low, high, fill in (("p05", "p95", WIDE), ("p25", "p75", NARROW)):
            edges = [[value / divisor for value in main.bands[name][ahead]] for name in (low, high)]
            axes.fill_between(years[ahead], *edges, color=f"#{fill}", linewidth=0, zorder=1)
        labels = []
        for line in report.scenarios:
            values = [value / divisor for value in line.bands["p50"]]
            own = line is main
            axes.plot(
                years[ahead], values[ahead], color=f"#{ACCENT if own else GREY}", linewidth=1.6 if own else 0.9,
                dashes=(4, 2.5) if own else (2, 2), zorder=4 if own else 2, solid_capstyle="round",
            )  # fmt: skip
            labels.append((values[-1], line.title.say(lettering), ACCENT if own else GREY))
        past = [value / divisor for value in main.bands["p50"][: at + 1]]
        axes.plot(years[: at + 1], past, color=f"#{INK}", linewidth=1.6, marker="o", markersize=3, zorder=5)
        _mark_commitment(axes, report, lettering)
        _limits(axes, report, divisor)
        spread_labels(axes, years[-1], labels)
        year_ticks(axes, years)

    png = draw(finding(report, lettering), unit, source, paint, height=76, right=0.84)
    listed = "；" if lang == "zh" else "; "
    said = [f"{one.title.say(lang)}{'：' if lang == 'zh' else ' '}{when(one.peak, lang)}" for one in report.scenarios]
    kind = (
        "扇形图，深浅两带为一半和九成的抽样。"
        if lang == "zh"
        else "Fan chart; bands hold half and nine tenths of draws. "
    )
    return Chart(png, finding(report, lang), kind + listed.join(said))


def _mark_commitment(axes: Any, report: PathwayReport, lang: str) -> None:
    due = report.decides.peak["commitment"]
    if due is None or not report.base < due["year"] < report.years[-1]:
        return
    axes.axvline(due["year"], color=f"#{HAIR}", linewidth=0.8, zorder=0)
    words = f"{due['year']}年前达峰" if lang == "zh" else f"peak by {due['year']}"
    axes.annotate(
        words, (due["year"], 1.0), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
        fontsize=7.5, color=f"#{GREY}", va="top",
    )  # fmt: skip


def _limits(axes: Any, report: PathwayReport, divisor: float) -> None:
    """Whole fan and every median in sight; from zero where the lines fall far enough for that to be the scale."""
    values = [value / divisor for line in report.scenarios for value in line.bands["p50"]]
    values += [value / divisor for name in ("p05", "p95") for value in report.decides.bands[name]]
    low, high = min(values), max(values)
    low = 0.0 if low < 0.5 * high else low
    room = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    axes.set_ylim(low if low == 0 else low - room, high + room)
    axes.set_xlim(report.years[0] - 0.3, report.years[-1] + 0.2)


def peak_years(report: PathwayReport, lang: str, source: str) -> Chart:
    """A row for each scenario: the share of draws that peak in each year, those out of sight at the right."""
    lettering = chart_language(lang)
    first = min((year for one in report.scenarios for year in one.in_year), default=report.base)
    years = range(min(first, report.base), report.years[-1])
    rows = report.scenarios

    def paint(axes: Any) -> None:
        for number, line in enumerate(rows):
            _peak_row(axes, number, line, years, own=line.name == report.main)
        axes.set_xlim(years[0] - 0.8, years[-1] + 2.2)
        axes.set_ylim(len(rows) - 0.55, -0.7)
        axes.set_yticks(range(len(rows)), [one.title.say(lettering) for one in rows])
        axes.tick_params(axis="y", labelsize=8.5, labelcolor=f"#{INK}", length=0)
        beyond = "未达峰" if lettering == "zh" else "none"
        shown = [year for year in years if year % 5 == 0 or year == report.base]
        axes.set_xticks([*shown, years[-1] + 1.6], [*(str(year) for year in shown), beyond])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    title = _peak_finding(report, lettering)
    words = "各年达峰的抽样占比" if lettering == "zh" else "share of draws that peak in each year"
    png = draw(title, words, source, paint, height=32 + 13 * len(rows), right=0.97, left=0.12)
    said = [_peak_said(one, lang) for one in rows]
    listed = ("；" if lang == "zh" else "; ").join(said)
    return Chart(png, _peak_finding(report, lang), f"{'条形图。' if lang == 'zh' else 'Bars. '}{listed}")


def _peak_row(axes: Any, number: int, line: ScenarioLine, years: range, *, own: bool) -> None:
    colour = ACCENT if own else "8A9691"
    axes.plot([years[0] - 0.5, years[-1] + 2.0], [number + 0.3] * 2, color=f"#{HAIR}", linewidth=0.5, zorder=1)
    bars = [(year, share) for year, share in line.in_year.items() if year in years]
    bars += [(years[-1] + 1.6, 1.0 - line.sight)]
    for at, share in bars:
        if share <= 0:
            continue
        beyond = at > years[-1]
        axes.bar(
            at, -_BAR * share, bottom=number + 0.3, width=0.72, color="white" if beyond else f"#{colour}",
            edgecolor=f"#{colour}", linewidth=0.6, zorder=3,
        )  # fmt: skip
        if share >= 0.05:
            axes.annotate(
                percent(share), (at, number + 0.3 - _BAR * share), xytext=(0, 1.5), textcoords="offset points",
                ha="center", fontsize=7, color=f"#{INK}",
            )  # fmt: skip


def _peak_finding(report: PathwayReport, lang: str) -> str:
    line = report.decides
    said = commitment(line.peak, lang) or when(line.peak, lang)
    return f"{line.title.zh}情景：{said}" if lang == "zh" else f"{line.title.en}: {said}"


def _peak_said(line: ScenarioLine, lang: str) -> str:
    colon = "：" if lang == "zh" else ": "
    years = ("，" if lang == "zh" else ", ").join(
        f"{year}{'年' if lang == 'zh' else ''} {percent(share)}" for year, share in line.in_year.items()
    )
    beyond = percent(1.0 - line.sight)
    listed = [*([years] if years else []), f"未达峰 {beyond}" if lang == "zh" else f"none {beyond}"]
    return f"{line.title.say(lang)}{colon}{('，' if lang == 'zh' else ', ').join(listed)}"


# ── wedges ──


def wedge_chart(report: PathwayReport, split: WedgeSplit, lang: str, source: str) -> Chart:
    """From the upper scenario down to the lower one, each change a wedge; changes that raise emissions and small ones
    together as one, so that the stack still ends where the lower scenario lies."""
    lettering = chart_language(lang)
    divisor, unit = scale(lettering)
    at = report.years.index(report.base)
    years = report.years[at:]
    kept = _kept(split.wedges)
    rest = [sum(one.by_year[n] for one in split.wedges if one not in kept) for n in range(len(report.years))]
    others = "其余各项" if lettering == "zh" else "All others"
    stack = [(one.title.say(lettering), one.by_year) for one in kept]
    if any(abs(value) > 0.5 for value in rest):
        stack.append((others, rest))

    def paint(axes: Any) -> None:
        upper = [value / divisor for value in split.start_t[at:]]
        fills: list[str | None] = [None]
        labels = [(upper[-1], split.start.say(lettering), INK)]
        axes.plot(years, upper, color=f"#{INK}", linewidth=1.2, zorder=4)
        for number, (name, values) in enumerate(stack):
            lower = [high + value / divisor for high, value in zip(upper, values[at:], strict=True)]
            axes.fill_between(
                years, upper, lower, color=f"#{FILLS[number]}", linewidth=0.4, edgecolor="white", zorder=2
            )
            size = figure(values[-1] / divisor, 2, signed=True)
            labels.append(((upper[-1] + lower[-1]) / 2, f"{fitting(name, 43)} {size}", GREY))
            fills.append(FILLS[number])
            upper = lower
        end = [value / divisor for value in split.end_t[at:]]
        axes.plot(years, end, color=f"#{ACCENT}", linewidth=1.6, zorder=5)
        labels.append((end[-1], split.end.say(lettering), ACCENT))
        values = [value / divisor for value in (*split.start_t[at:], *split.end_t[at:])]
        room = (max(values) - min(values)) * 0.12
        axes.set_ylim(min(values) - room, max(values) + room)
        axes.set_xlim(years[0] - 0.1, years[-1] + 0.1)
        spread_labels(axes, years[-1], labels, room=0.088, fills=[*fills, None])
        year_ticks(axes, years)

    png = draw(
        _wedge_finding(report, split, lettering),
        unit,
        source,
        paint,
        height=84,
        right=0.64 if lettering == "zh" else 0.54,
    )
    listed = "；".join(f"{one.title.say(lang)} {figure(one.by_year[-1] / scale(lang)[0], signed=True)}" for one in kept)
    words = f"{_wedge_finding(report, split, lang)}。{listed}"
    if lang == "en":
        words = words.replace("；", "; ").replace("。", ". ")
    return Chart(png, _wedge_finding(report, split, lang), words)


def _kept(wedges: Sequence[Wedge]) -> list[Wedge]:
    """The changes that lower emissions most in the last year, the largest first."""
    lowering = sorted((one for one in wedges if one.by_year[-1] < 0), key=lambda one: one.by_year[-1])
    return lowering[:_MOST_WEDGES]


def _wedge_finding(report: PathwayReport, split: WedgeSplit, lang: str) -> str:
    divisor, unit = scale(lang)
    change = (split.end_t[-1] - split.start_t[-1]) / divisor
    largest = min(split.wedges, key=lambda one: one.by_year[-1])
    year = report.years[-1]
    if lang == "zh":
        return f"{year}年{split.end.zh}比{split.start.zh}少排{figure(-change)}{unit}，最大一项是{largest.title.zh}"
    return (
        f"{split.end.en} emits {figure(-change)} {unit} less than {split.start.en} in {year}; most: {largest.title.en}"
    )
