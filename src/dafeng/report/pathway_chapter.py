"""The pathway as a chapter of the yearly evaluation: will it peak, when, how surely, and what makes the difference."""

from __future__ import annotations

from typing import Any

from dafeng.report import parts
from dafeng.report.charts import Chart, chart_language
from dafeng.report.figures import figure
from dafeng.report.pathway_charts import fan, peak_years, wedge_chart
from dafeng.report.pathway_model import PathwayReport, ScenarioLine
from dafeng.report.pathway_words import commitment, level, percent, scale, when
from dafeng.report.words import SYNTHETIC, tidy

HEADING = {"zh": "碳排放路径与达峰", "en": "Pathway and peak"}
_MOST_RANKED = 6


class PathwayChapter:
    """Adds the chapter to a document. ``captions`` counts the document's tables on."""

    def __init__(self, document: Any, report: PathwayReport, lang: str, captions: int):
        self.document, self.report, self.lang, self.zh = document, report, lang, lang == "zh"
        self.captions = captions

    def write(self, heading: str) -> int:
        """Write it all under ``heading``; returns the number of the document's last table."""
        parts.add(self.document, "Heading 1", heading)
        self._text(self._answer())
        source = self._source()
        self._picture(fan(self.report, self.lang, source), "路径" if self.zh else "Pathway")
        self._scenarios()
        self._picture(peak_years(self.report, self.lang, source), "达峰年份" if self.zh else "Year of the peak")
        if self.report.split is not None:
            self._text(self._wedges_said())
            chart = wedge_chart(self.report, self.report.split, self.lang, source)
            self._picture(chart, "情景之差" if self.zh else "Difference between scenarios")
        if self.report.ranking:
            self._ranking()
        return self.captions

    def _answer(self) -> str:
        """The verdict on the past, then what the plan's scenario says, in one paragraph."""
        report, line = self.report, self.report.decides
        said = []
        if report.observed is not None:
            past = report.observed.say(self.lang)
            first, base = report.years[0], report.base
            said.append(f"{first}—{base}年：{past}" if self.zh else f"From {first} to {base}: {past}")
        due = commitment(line.peak, self.lang)
        body = when(line.peak, self.lang) + (f"{'，' if self.zh else '; '}{due}" if due else "")
        said.append(f"{line.title.zh}情景{body}" if self.zh else f"The scenario {line.title.en} {body}")
        note = (
            f"以下各数为{report.count}次抽样的中位数，括号内为九成抽样的范围"
            if self.zh
            else f"Figures are medians of {report.count} draws, with the range of nine tenths of them"
        )
        if report.count > 1:
            said.append(note)
        return f"{'。'.join(said)}。" if self.zh else f"{'. '.join(said)}."

    def _scenarios(self) -> None:
        report = self.report
        shown = [year for year in (2030, 2035) if report.base < year < report.years[-1]] + [report.years[-1]]
        unit = scale(self.lang)[1]
        self._caption(f"各情景的排放与达峰（{unit}）" if self.zh else f"Emissions and peak by scenario ({unit})")
        heads = [("情景", 16), ("达峰", 42)] if self.zh else [("Scenario", 22), ("Peak", 42)]
        columns = [parts.TableColumn(head, width) for head, width in heads]
        last = "2030年前的概率" if self.zh else "By 2030"
        wide = (156 - sum(width for _, width in heads) - 18) / len(shown)
        columns += [parts.TableColumn(f"{year}年" if self.zh else str(year), wide, figures=True) for year in shown]
        columns.append(parts.TableColumn(last, 18, figures=True))
        rows = []
        for line in report.scenarios:
            due = line.peak["commitment"]
            cells = [self._level(line, year) for year in shown]
            chance = percent(due["probability"]) if due else "–"
            rows.append([line.title.say(self.lang), when(line.peak, self.lang), *cells, chance])
        parts.add_table(self.document, columns, rows)
        parts.add(self.document, "Note", tidy(self._origin(), self.lang))

    def _level(self, line: ScenarioLine, year: int) -> str:
        """The median over its range, without the unit, which stands in the caption."""
        said = level(self.report, line, year, self.lang).replace(scale(self.lang)[1], "").replace("\u00a0", "")
        return said.replace("（", "\n").replace("）", "").replace(" (", "\n").replace(")", "")

    def _origin(self) -> str:
        words = self.report.origin.say(self.lang)
        more = (
            f"种子{self.report.seed}。达峰年是一条路径中排放最高的一年，并列时取最后一年。"
            if self.zh
            else f" Seed {self.report.seed}. The peak of a path is its highest year, the last where several are."
        )
        return f"{words}；{more}" if self.zh else f"{words[:1].upper()}{words[1:]}.{more}"

    def _wedges_said(self) -> str:
        split = self.report.split
        assert split is not None
        divisor, unit = scale(self.lang)
        change = figure((split.start_t[-1] - split.end_t[-1]) / divisor)
        year, rule = self.report.years[-1], split.rule.say(self.lang)
        if self.zh:
            return f"{year}年{split.end.zh}情景比{split.start.zh}情景少排{change}{unit}，由下图各项改动构成；{rule}。"
        return f"In {year} {split.end.en} emits {change} {unit} less than {split.start.en}, by these changes; {rule}."

    def _ranking(self) -> None:
        year, title = self.report.ranked_year, self.report.decides.title.say(self.lang)
        self._caption(
            f"{title}情景{year}年排放的不确定来自哪些参数"
            if self.zh
            else f"What makes the emissions of {title} uncertain in {year}"
        )
        heads = ("参数", "一阶", "总效应") if self.zh else ("Input", "First order", "Total")
        columns = [parts.TableColumn(heads[0], 112), *(parts.TableColumn(head, 22, figures=True) for head in heads[1:])]
        rows = [
            [one.title.say(self.lang), percent(max(one.first, 0.0)), percent(max(one.total, 0.0))]
            for one in self.report.ranking[:_MOST_RANKED]
        ]
        parts.add_table(self.document, columns, rows)
        words = (
            "Sobol指数。一阶：若确知该参数，方差减少的份额；总效应：若其余参数都确知，方差仍余的份额。"
            if self.zh
            else "Sobol indices. First order: share of the variance that would be gone if the input were known; total: "
            "share that would stay if all others were."
        )
        parts.add(self.document, "Note", tidy(words, self.lang))

    # ── small pieces ──

    def _source(self) -> str:
        lettering = chart_language(self.lang)
        words = "来源：本区路径模型" if lettering == "zh" else "Source: the district's model of the pathway"
        more = f"，{self.report.count}次抽样" if lettering == "zh" else f", {self.report.count} draws"
        gap = "　" if lettering == "zh" else "   "
        synthetic = f"{gap}{SYNTHETIC.say(lettering)}" if self.report.synthetic else ""
        return words + (more if self.report.count > 1 else "") + synthetic

    def _picture(self, chart: Chart, name: str) -> None:
        parts.add_picture(self.document, chart.png, 156, chart.words, name)

    def _caption(self, words: str) -> None:
        self.captions += 1
        named = f"表{self.captions}　{words}" if self.zh else f"Table {self.captions}. {words}"
        parts.add(self.document, "Caption", tidy(named, self.lang))

    def _text(self, words: str) -> None:
        parts.add(self.document, "Body Text", tidy(words, self.lang))
