"""The roadmap in the report's workbook: the schedule by year and responsible unit, the targets, the abatement curve."""

from __future__ import annotations

from dafeng.report.book import Book
from dafeng.report.roadmap_model import RoadmapReport

SHEETS = {
    "zh": ("路线图-排程", "路线图-目标", "路线图-减排成本"),
    "en": ("Schedule", "Target costs", "Abatement curve"),
}


def add_roadmap(book: Book, report: RoadmapReport, title: str, lang: str) -> None:
    _schedule(book, report, title, lang)
    _targets(book, report, title, lang)
    if report.bars:
        _curve(book, report, title, lang)


def _schedule(book: Book, report: RoadmapReport, title: str, lang: str) -> None:
    years = list(map(str, report.years))
    heads = (
        ["责任单位", "措施", "单位", *years, "合计", "投资（万元）", "单价为假设的份额"]
        if lang == "zh"
        else ["Responsible unit", "Measure", "Unit", *years, "Total", "10⁴ CNY", "Share assumed"]
    )
    widths = [18, 36, 9, *[11] * len(years), 12, 14, 14]
    said = f"{title} · {report.origin.say(lang)}"
    sheet = book.sheet(SHEETS[lang][0], said, heads, widths, right=range(3, len(heads)))
    sheet.freeze_panes(2, 3)
    for row, work in enumerate(sorted(report.works, key=lambda one: (one.owner, -one.spent)), 2):
        for column, text in enumerate((work.owner, work.name.say(lang), work.unit)):
            book.value(sheet, row, column, text)
        amounts = [work.amounts.get(year) for year in report.years]
        figures = [*amounts, sum(work.amounts.values()), work.spent / 1e4]
        for column, value in enumerate(figures, 3):
            book.value(sheet, row, column, value)
        sheet.write_number(row, 3 + len(figures), work.assumed, book.words(num_format="0%", align="right"))
    sheet.autofilter(1, 0, len(report.works) + 1, len(heads) - 1)


def _targets(book: Book, report: RoadmapReport, title: str, lang: str) -> None:
    heads = (
        ["目标", "年份", "要求", "达到", "单位", "能否达到", "须放宽", "取消可省（元）", "提高一步", "需（元）"]
        if lang == "zh"
        else ["Target", "Year", "Asked", "Reached", "Unit", "Met", "Relax by", "Dropping saves, CNY", "One step",
              "costs, CNY"]
    )  # fmt: skip
    sheet = book.sheet(SHEETS[lang][1], title, heads, [44, 8, 12, 12, 12, 10, 12, 18, 12, 18], right=(2, 3, 6, 7, 8, 9))
    met = ("能", "不能") if lang == "zh" else ("yes", "no")
    for row, one in enumerate(report.targets, 2):
        cells = (
            one.name.say(lang), one.year, one.required, one.value, one.unit, met[0 if one.met else 1], one.relax,
            one.saved_without, one.step, one.step_cost,
        )  # fmt: skip
        for column, value in enumerate(cells):
            if column == 1:
                sheet.write_number(row, column, one.year, book.words(num_format="0"))
            else:
                book.value(sheet, row, column, value)


def _curve(book: Book, report: RoadmapReport, title: str, lang: str) -> None:
    heads = ["措施", "减排（tCO₂/年）", "元/tCO₂"] if lang == "zh" else ["Measure", "tCO₂ a year", "CNY per tCO₂"]
    sheet = book.sheet(
        SHEETS[lang][2],
        f"{title} · {report.curve_year}{'年' if lang == 'zh' else ''}",
        heads,
        [44, 18, 14],
        right=(1, 2),
    )
    for row, bar in enumerate(sorted(report.bars, key=lambda one: one.per_t), 2):
        for column, value in enumerate((bar.name.say(lang), bar.co2_t, bar.per_t)):
            book.value(sheet, row, column, value)
