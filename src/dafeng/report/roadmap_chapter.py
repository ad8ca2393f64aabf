"""The roadmap as a chapter of the yearly evaluation: what it costs, who does what when, what each target costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dafeng.report import parts
from dafeng.report.charts import Chart, chart_language
from dafeng.report.figures import figure, unit_words, with_unit
from dafeng.report.pathway_words import scale
from dafeng.report.roadmap_charts import curve_chart, gantt, gantt_rows
from dafeng.report.roadmap_model import RoadmapReport, TargetLine, Work
from dafeng.report.words import SYNTHETIC, tidy

HEADING = {"zh": "实施路线图", "en": "Roadmap"}
# Rows of the work plan of the first year.
_MOST_PLANNED = 20


class RoadmapChapter:
    """Adds the chapter to a document. ``captions`` counts the document's tables on."""

    def __init__(self, document: Any, report: RoadmapReport, lang: str, captions: int):
        self.document, self.report, self.lang, self.zh = document, report, lang, lang == "zh"
        self.captions = captions

    def write(self, heading: str) -> int:
        """Write it all under ``heading``; returns the number of the document's last table."""
        parts.add(self.document, "Heading 1", heading)
        self._text(self._answer())
        self._text(self._rests_on())
        if self.report.relaxed:
            self._relaxed()
        source = self._source()
        if self.report.bars:
            self._picture(curve_chart(self.report, self.lang, source), "减排成本" if self.zh else "Abatement cost")
        self._targets()
        self._picture(gantt(self.report, self.lang, source), "排程" if self.zh else "Schedule")
        self._work_plan()
        return self.captions

    # ── sentences ──

    def _answer(self) -> str:
        report = self.report
        first, last = report.years[0], report.years[-1]
        divisor, unit = scale(self.lang)
        before, after = (figure(values[-1] / divisor) for values in (report.base_co2_t, report.co2_t))
        cost, capex = self._money(abs(report.cost)), self._money(report.investment)
        if self.zh:
            met = "尽量达到目标" if report.relaxed else "达到全部目标"
            kind = "净收益" if report.cost < 0 else "净成本"
            return (
                f"以最低成本{met}的排程：{first}—{last}年投资{capex}（未折现），扣除节能收益后折现{kind}{cost}，"
                f"{last}年排放由不采取措施的{before}降到{after}{unit}。"
            )
        met = "meets the targets as far as they can be met" if report.relaxed else "meets every target"
        kind = "gain" if report.cost < 0 else "cost"
        return (
            f"The cheapest schedule that {met} invests {capex} in {first}–{last} (undiscounted), at a net {kind} of "
            f"{cost} (discounted, energy saved taken off); emissions of {last} fall from {before} without it to "
            f"{after} {unit}."
        )

    def _rests_on(self) -> str:
        share = f"{self.report.assumed:.0%}"
        exact = self.report.exact.say(self.lang) if self.report.exact else ""
        if self.zh:
            return f"投资的{share}依据假设的单价，应以项目概算核实后再作决定{f'；{exact}' if exact else ''}。"
        more = f" {exact[:1].upper()}{exact[1:]}." if exact else ""
        return f"{share} of the investment rests on assumed unit costs, to be checked against project estimates.{more}"

    def _relaxed(self) -> None:
        """The targets that cannot be met together, and by how much they had to be relaxed."""
        held = [one for one in self.report.targets if one.relax is not None]
        said = [self._relaxed_said(one) for one in held]
        if self.zh:
            self._text(f"有{len(held)}项目标不能同时达到，至少须放宽：{'；'.join(said)}。")
        else:
            self._text(
                f"{len(held)} targets cannot be met together; the least that must be relaxed: {'; '.join(said)}."
            )

    def _relaxed_said(self, one: TargetLine) -> str:
        unit = unit_words(one.unit, self.lang)
        required, value = (with_unit(figure(each, 4), unit) for each in (one.required, one.value))
        points = ("个百分点" if self.zh else "percentage points") if one.unit == "%" else unit
        by = with_unit(figure(one.relax, 4), points)
        name = one.name.say(self.lang)
        if self.zh:
            return f"{name}{one.year}年要求{required}，至多可达{value}，须放宽{by}"
        return f"{name}: {required} is asked for {one.year}, {value} can be had ({by} less)"

    # ── tables ──

    def _targets(self) -> None:
        costs = any(one.saved_without is not None for one in self.report.targets)
        self._caption("各项目标及其成本" if self.zh else "Each target and what it costs")
        heads = ["目标", "年份", "要求", "达到", "单位"] if self.zh else ["Target", "Year", "Asked", "Reached", "Unit"]
        widths = [48.0, 13.0, 19.0, 19.0, 17.0] if costs else [72.0, 14.0, 24.0, 24.0, 22.0]
        if costs:
            heads += ["取消可省", "提高5%需"] if self.zh else ["Dropping saves", "5 % more costs"]
            widths += [18.0, 22.0]
        columns = [
            parts.TableColumn(head, width, figures=number in (2, 3, 5, 6))
            for number, (head, width) in enumerate(zip(heads, widths, strict=True))
        ]
        parts.add_table(self.document, columns, [self._target(one, costs) for one in self._ordered()])
        unit = "“▼”为不能达到。取消可省、提高5%需：折现净成本，万元；“–”为该步不可行或不计。"
        unit_en = "▼ cannot be met. Costs are discounted, 10⁴ CNY; – cannot be done, or is not known."
        plain, plain_en = "“▼”为不能达到。", "▼ cannot be met."
        words = (unit if costs else plain) if self.zh else (unit_en if costs else plain_en)
        parts.add(self.document, "Note", tidy(words, self.lang))

    def _ordered(self) -> Sequence[TargetLine]:
        """The dearest first; those that cannot be met before all."""
        return sorted(self.report.targets, key=lambda one: (one.met, -(one.saved_without or 0.0), one.year))

    def _target(self, one: TargetLine, costs: bool) -> list[str]:
        sign = {">=": "≥", "<=": "≤"}[one.sense]
        mark = "" if one.met else " ▼"
        cells = [
            one.name.say(self.lang), str(one.year), f"{sign}{figure(one.required, 4)}", f"{figure(one.value, 4)}{mark}",
            unit_words(one.unit, self.lang),
        ]  # fmt: skip
        if costs:
            cells += [figure(None if value is None else value / 1e4) for value in (one.saved_without, one.step_cost)]
        return cells

    def _work_plan(self) -> None:
        """The first year by quarter and responsible unit, cumulative: a quarter of the year's amount in each."""
        year = self.report.years[0]
        rows: list[parts.Row] = []
        for owner, held in gantt_rows(self.report, len(self.report.works)):
            due = sorted((one for one in held if year in one.amounts), key=lambda one: -one.capex.get(year, 0.0))
            if due:
                rows.append(owner or ("未写明责任单位" if self.zh else "No responsible unit"))
                rows += [self._quarters(one, year) for one in due]
        if not rows:
            return
        caption = f"{year}年分季度工作安排（累计；投资：万元）"
        self._caption(caption if self.zh else f"Work plan of {year} by quarter (cumulative)")
        quarters = ("一季度", "二季度", "三季度", "四季度") if self.zh else ("Q1", "Q2", "Q3", "Q4")
        heads = [("措施", 56.0), ("单位", 15.0)] if self.zh else [("Measure", 56.0), ("Unit", 15.0)]
        columns = [parts.TableColumn(head, width) for head, width in heads]
        columns += [parts.TableColumn(head, 17.0, figures=True) for head in quarters]
        columns.append(parts.TableColumn("投资" if self.zh else "10⁴ CNY", 17.0, figures=True))
        parts.add_table(self.document, columns, rows)
        words = (
            "排程以年为步长，各季度按全年四分之一平均安排（假设），由责任单位据实调整。"
            if self.zh
            else "The schedule goes by years; each quarter does a fourth of it (assumption), for the units to adjust."
        )
        parts.add(self.document, "Note", tidy(words, self.lang))

    def _quarters(self, one: Work, year: int) -> list[str]:
        amount = one.amounts[year]
        each = [figure(amount * share) for share in (0.25, 0.5, 0.75, 1.0)]
        return [one.name.say(self.lang), unit_words(one.unit, self.lang), *each, figure(one.capex.get(year, 0.0) / 1e4)]

    # ── small pieces ──

    def _money(self, value: float) -> str:
        if self.zh:
            return f"{figure(value / 1e8)}亿元" if value >= 1e8 else f"{figure(value / 1e4)}万元"
        return f"{figure(value / 1e6)} million CNY"

    def _source(self) -> str:
        lettering = chart_language(self.lang)
        words = "来源：本区路线图" if lettering == "zh" else "Source: the district's roadmap"
        gap = "　" if lettering == "zh" else "   "
        return words + (f"{gap}{SYNTHETIC.say(lettering)}" if self.report.synthetic else "")

    def _picture(self, chart: Chart, name: str) -> None:
        parts.add_picture(self.document, chart.png, 156, chart.words, name)

    def _caption(self, words: str) -> None:
        self.captions += 1
        named = f"表{self.captions}　{words}" if self.zh else f"Table {self.captions}. {words}"
        parts.add(self.document, "Caption", tidy(named, self.lang))

    def _text(self, words: str) -> None:
        parts.add(self.document, "Body Text", tidy(words, self.lang))
