"""Charts on paper: one per head target, in ink on white. The title says the finding; what is a line says its name.

History is a solid line in ink, what the target asks for dashed in grey, the target a diamond with its year and
value; the figure judged is the one spot of colour. No legend, no frame; source and date below.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dafeng.core.text import Text
from dafeng.report import findings as f
from dafeng.report.figures import figure, unit_words, with_unit
from dafeng.report.fonts import chinese_font
from dafeng.report.sentences import gap_words
from dafeng.report.words import ACCENT, GREY, HAIR, INK, SYNTHETIC, day, has_chinese

if TYPE_CHECKING:
    from dafeng.assessment.results import Results, TargetRow
    from dafeng.report.sources import SourceTree

WIDTH_MM, HEIGHT_MM = 156.0, 66.0
DPI = 300
NO_FONT = Text(
    "本机没有中文字体，图中文字改用英文。",
    "This machine has no Chinese font, so the charts are lettered in English.",
)


@dataclass(frozen=True, slots=True)
class Chart:
    """``png`` at 300 dpi; ``title``: the finding; ``words``: every point of the chart, for who cannot see it."""

    png: bytes
    title: str
    words: str


def chart_language(lang: str) -> str:
    """The language that can be lettered: English where no Chinese font is on the machine."""
    return lang if lang == "en" or chinese_font() else "en"


def head_charts(results: Results, trees: dict[str, SourceTree], registers: dict[str, str], lang: str) -> list[Chart]:
    """One chart per head figure with a history. trees: by plan/target; registers: id → name in the lettering."""
    from dafeng.report.sources import key_of

    charts = []
    for rows in f.headlines(results):
        tree = trees.get(key_of(rows[0]))
        names = [registers.get(name, name) for name in sorted(tree.records())] if tree else []
        charts.append(draw(rows, results, names, lang))
    return charts


def finding(row: TargetRow, lang: str) -> str:
    """The answer in words: ``2025年新增光伏装机16.4 MW，差1.65 MW：滞后``."""
    said = f.shown(row, lang)
    gap, light = gap_words(row, said, lang), f.light_said(row, lang)
    name, year = f.name_of(row, lang), row.value_year or ""
    if lang == "zh":
        gap_said = f"，{gap}" if gap else ""
        return f"{name}：{year}年{said.actual_unit()}{gap_said}（{light}）"
    return f"{name}: {said.actual_unit()} in {year}{', ' + gap if gap else ''} ({light})"


def draw(rows: Sequence[TargetRow], results: Results, registers: Sequence[str], lang: str) -> Chart:
    """The chart of one figure and its targets (the one that decides first)."""
    lettering = chart_language(lang)
    lettered = [row if chinese_font() else _in_latin(row) for row in rows]
    plot = _Plot(lettered, results, lettering)
    png = plot.render(finding(lettered[0], lettering), _source_line(results, registers, lettering))
    return Chart(png, finding(rows[0], lang), _in_words(rows, lang))


def _in_latin(row: TargetRow) -> TargetRow:
    """The row with nothing that only a Chinese font could letter: the indicator's id for a name that is not English."""
    name = f.name_of(row, "en")
    if has_chinese(name):
        name = (row.indicator or row.clause).replace("_", " ")
    unit = "1" if has_chinese(unit_words(row.unit.lstrip("万亿"), "en")) else row.unit
    return replace(row, indicator_en=name, unit=unit)


def _source_line(results: Results, registers: Sequence[str], lang: str) -> str:
    known = day(results.as_known_on, lang)
    names = [name for name in registers if lang == "zh" or name.isascii()]
    if lang == "zh":
        parts = [f"来源：{'、'.join(names)}" if names else "", f"数据截至{known}"]
        parts.append(SYNTHETIC.zh if results.synthetic else "")
        return "　".join(part for part in parts if part)
    parts = [f"Source: {', '.join(names)}" if names else "", f"as known on {known}"]
    parts.append(SYNTHETIC.en if results.synthetic else "")
    return "   ".join(part for part in parts if part)


def _in_words(rows: Sequence[TargetRow], lang: str) -> str:
    """Every point of the chart in words."""
    row = rows[0]
    divisor, unit = f.unit_of(row, lang)
    history = [(year, with_unit(figure(value / divisor, row.precision), unit)) for year, value in row.series]
    targets = [(at.year_to, f.shown(at, lang).target_unit()) for at in rows if at.target_value is not None]
    if lang == "zh":
        known = "，".join(f"{year}年{value}" for year, value in history)
        aims = "，".join(f"{f'{year}年' if year else ''}目标{value}" for year, value in targets)
        return f"折线图。{f.name_of(row, lang)}：{known}；{aims}。"
    known = ", ".join(f"{value} in {year}" for year, value in history)
    aims = ", ".join(f"target {value}{f' in {year}' if year else ''}" for year, value in targets)
    return f"Line chart. {f.name_of(row, lang)}: {known}; {aims}."


class _Plot:
    """Geometry and ink of one chart, in one scale."""

    def __init__(self, rows: Sequence[TargetRow], results: Results, lang: str):
        row = rows[0]
        self.rows, self.row, self.lang = rows, row, lang
        self.divisor, self.unit = f.unit_of(row, lang)
        self.history = [(year, value / self.divisor) for year, value in row.series]
        if row.shape == "cumulative" and row.year_from and self.history and self.history[0][0] == row.year_from:
            self.history.insert(0, (row.year_from - 1, 0.0))
        self.paths = [[(year, value / self.divisor) for year, value in held.path] for held in rows]
        years = [year for year, _ in (*self.history, *(point for path in self.paths for point in path))]
        years += [held.year_to for held in rows if held.year_to and held.target_value is not None]
        self.first, self.last = min(years), max(years)
        self.edge: list[Any] = []

    def render(self, title: str, source: str) -> bytes:
        # The figure is drawn without pyplot: nothing global is touched, nothing stays open.
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        family = [name for name in (chinese_font(), "DejaVu Sans") if name]
        with matplotlib.rc_context({"font.family": family, "axes.unicode_minus": True, "text.parse_math": False}):
            sheet = Figure(figsize=(WIDTH_MM / 25.4, HEIGHT_MM / 25.4), dpi=DPI, facecolor="white")
            FigureCanvasAgg(sheet)
            axes = sheet.add_axes((0.075, 0.19, 0.745, 0.58))
            sheet.text(0.012, 0.955, title, fontsize=_fitting(title, 10.5), color=f"#{INK}", va="top")
            if self.unit:
                sheet.text(0.012, 0.835, self.unit, fontsize=8, color=f"#{GREY}", va="center")
            sheet.text(0.012, 0.03, source, fontsize=7, color=f"#{GREY}", va="bottom")
            self._frame(axes)
            self._lines(axes)
            self._labels(axes)
            self._fit(sheet, axes)
            held = io.BytesIO()
            sheet.savefig(held, format="png", dpi=DPI, metadata={"Software": None})
            return held.getvalue()

    def _fit(self, sheet: Any, axes: Any) -> None:
        """Widen the margins where figures on the axis or labels at the edge would run out of the picture."""
        renderer, width = sheet.canvas.get_renderer(), sheet.bbox.width
        scale_width = max((label.get_window_extent(renderer).width for label in axes.get_yticklabels()), default=0.0)
        edge_width = max((label.get_window_extent(renderer).width for label in self.edge), default=0.0)
        left = max(0.05, scale_width / width + 0.025)
        right = min(0.93, 1 - edge_width / width - 0.035)
        axes.set_position((left, 0.19, right - left, 0.58))

    def _frame(self, axes: Any) -> None:
        from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

        values = [value for _, value in (*self.history, *(point for path in self.paths for point in path))]
        values += [held.target_value / self.divisor for held in self.rows if held.target_value is not None]
        low, high = min(values), max(values)
        # A quantity that grows from nothing, or falls far, is shown from zero; a narrow band is shown as a band.
        if low >= 0 and (low < 0.5 * high or low == high == 0):
            low = 0.0
        room = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
        axes.set_xlim(self.first - 0.25, self.last + 0.12)
        axes.set_ylim(low if low == 0 else low - room, high + room)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(f"#{GREY}")
        axes.spines["bottom"].set_linewidth(0.6)
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: figure(float(f"{value:.10g}"), 6)))
        axes.grid(axis="y", color=f"#{HAIR}", linewidth=0.4)
        axes.set_axisbelow(True)
        axes.xaxis.set_major_locator(FixedLocator(self._years()))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        axes.tick_params(axis="both", labelsize=8, labelcolor=f"#{GREY}", length=0, pad=4)

    def _years(self) -> list[int]:
        every = list(range(self.first, self.last + 1))
        if len(every) <= 11:
            return every
        return [year for year in every if year % 5 == 0 or year in (self.first, self.last)]

    def _lines(self, axes: Any) -> None:
        dash = {"color": f"#{GREY}", "linewidth": 1.0, "dashes": (4, 3), "zorder": 2}
        for path in self.paths:
            if len(path) > 1:
                axes.plot(*zip(*path, strict=True), **dash)
        for held in self.rows:
            if held.year_to and held.target_value is not None:
                at = held.target_value / self.divisor
                axes.plot([held.year_to], [at], marker="D", markersize=5, color=f"#{GREY}", markerfacecolor="white",
                          markeredgewidth=1.1, zorder=4, clip_on=False)  # fmt: skip
        if self.history:
            axes.plot(*zip(*self.history, strict=True), color=f"#{INK}", linewidth=1.5, marker="o", markersize=3,
                      zorder=3, solid_capstyle="round", clip_on=False)  # fmt: skip
            axes.plot(*([self.history[-1][0]], [self.history[-1][1]]), marker="o", markersize=6, color=f"#{ACCENT}",
                      zorder=5, clip_on=False)  # fmt: skip

    def _labels(self, axes: Any) -> None:
        """Names and values beside their marks; those at the right edge stand in the margin, kept apart."""
        edge: list[tuple[float, str, str]] = []
        for held in self.rows:
            if held.target_value is None:
                continue
            at, said = held.target_value / self.divisor, self._target_words(held)
            if held.year_to is None or held.year_to == self.last:
                edge.append((at, said, GREY))
            else:
                # Where the figure judged stands in the same year, the two take different sides.
                value = dict(self.history).get(held.year_to)
                self._beside(axes, said, (held.year_to, at), GREY, above=value is None or at > value)
        if self.history:
            year, value = self.history[-1]
            actual = f.shown(self.row, self.lang).actual
            said = f"{year}年 {actual}" if self.lang == "zh" else f"{year}: {actual}"
            if year == self.last:
                edge.append((value, said, ACCENT))
            else:
                beside = [held.target_value / self.divisor for held in self.rows
                          if held.year_to == year and held.target_value is not None]  # fmt: skip
                expected = beside[0] if beside else dict(self.paths[0]).get(year)
                self._beside(axes, said, (year, value), ACCENT, above=expected is None or value >= expected)
        self._edge_labels(axes, edge)
        self._path_name(axes)

    def _rising(self) -> bool:
        ends = self.paths[0] if len(self.paths[0]) > 1 else self.history
        return len(ends) < 2 or ends[-1][1] >= ends[0][1]

    def _beside(self, axes: Any, words: str, at: tuple[float, float], colour: str, *, above: bool) -> None:
        """Words off a point of a slope, on the side where the line does not run."""
        left = above == self._rising()
        axes.annotate(
            words, at, xytext=(-4 if left else 4, 7 if above else -13), textcoords="offset points",
            fontsize=9 if colour == ACCENT else 8, ha="right" if left else "left", color=f"#{colour}",
        )  # fmt: skip

    def _target_words(self, held: TargetRow) -> str:
        said = f.shown(held, self.lang).target
        if self.lang == "zh":
            return f"{f'{held.year_to}年' if held.year_to else ''}目标 {said}"
        return f"target {said}{f' by {held.year_to}' if held.year_to else ''}"

    def _edge_labels(self, axes: Any, edge: list[tuple[float, str, str]]) -> None:
        low, high = axes.get_ylim()
        least = (high - low) * 0.12
        placed: list[float] = []
        for value, words, colour in sorted(edge, key=lambda label: label[0]):
            at = max(value, placed[-1] + least) if placed else value
            placed.append(at)
            size = 9 if colour == ACCENT else 8
            label = axes.annotate(
                words, (self.last, at), xytext=(9, 0), textcoords="offset points", va="center", fontsize=size,
                color=f"#{colour}", annotation_clip=False,
            )  # fmt: skip
            self.edge.append(label)

    def _path_name(self, axes: Any) -> None:
        """The name of the dashed line: beyond the history where there is room, else on the side without it."""
        history = dict(self.history)
        path = max(self.paths, key=lambda held: held[-1][0] if held else 0)
        taken = {held.year_to for held in self.rows}
        middle = [point for point in path if point[0] not in (self.first, self.last) and point[0] not in taken]
        if len(path) < 2 or not middle:
            return
        beyond = [point for point in middle if point[0] > max(history, default=self.last) + 1]
        year, value = beyond[len(beyond) // 2] if beyond else middle[len(middle) // 2]
        above = not beyond and history.get(year, value - 1) <= value
        name = "应达进度" if self.lang == "zh" else "path"
        if self.row.shape == "limit":
            name = "限值" if self.lang == "zh" else "limit"
        self._beside(axes, name, (year, value), GREY, above=above)


def _fitting(title: str, size: float) -> float:
    """A long title is set smaller rather than cut: width counted in points, a Chinese character one em."""
    ems = sum(1.0 if "\u2e80" <= character <= "\uffef" else 0.52 for character in title)
    room = WIDTH_MM / 25.4 * 72 * 0.975
    return min(size, room / max(ems, 1.0))


def fitting(name: str, most: int) -> str:
    """A label of words cut to ``most`` characters between words; Chinese, which is short, stays as it is."""
    if len(name) <= most or has_chinese(name):
        return name
    return textwrap.shorten(name, most, placeholder=" …")


def folded(name: str, most: int) -> str:
    """A label of words on two lines of ``most`` characters at the utmost; Chinese stays as it is."""
    return name if len(name) <= most or has_chinese(name) else "\n".join(textwrap.wrap(name, most)[:2])
