"""The pathway in the report's workbook: every scenario by year with its range, and the wedges."""

from __future__ import annotations

from dafeng.report.book import Book
from dafeng.report.pathway_model import PathwayReport
from dafeng.report.pathway_words import when

SHEETS = {"zh": ("路径", "路径-情景之差"), "en": ("Pathway", "Pathway wedges")}
_BANDS = ("p05", "p25", "p50", "p75", "p95")


def add_pathway(book: Book, report: PathwayReport, title: str, lang: str) -> None:
    """Two sheets: emissions of each scenario and year in tCO2, and what makes the difference between two of them."""
    _scenarios(book, report, title, lang)
    if report.split is not None:
        _wedges(book, report, title, lang)


def _scenarios(book: Book, report: PathwayReport, title: str, lang: str) -> None:
    zh = lang == "zh"
    heads = ["情景", "分位", *map(str, report.years)] if zh else ["Scenario", "Quantile", *map(str, report.years)]
    origin = f"{title} · {report.origin.say(lang)} · tCO₂"
    sheet = book.sheet(SHEETS[lang][0], origin, heads, [24, 9, *[12] * len(report.years)], right=range(2, len(heads)))
    sheet.freeze_panes(2, 2)
    row = 2
    for line in report.scenarios:
        for band in _BANDS:
            book.value(sheet, row, 0, line.title.say(lang))
            book.value(sheet, row, 1, band)
            for column, value in enumerate(line.bands[band], 2):
                sheet.write_number(row, column, value, book.number(value, 7))
            row += 1
    for line in report.scenarios:
        words = f"{line.title.say(lang)}{'：' if zh else ' '}{when(line.peak, lang)}"
        sheet.write_string(row + 1, 0, words, book.format())
        row += 1


def _wedges(book: Book, report: PathwayReport, title: str, lang: str) -> None:
    split, zh = report.split, lang == "zh"
    assert split is not None
    heads = ["改动" if zh else "Change", *map(str, report.years)]
    said = f"{title} · {split.start.say(lang)} → {split.end.say(lang)} · tCO₂"
    sheet = book.sheet(SHEETS[lang][1], said, heads, [44, *[12] * len(report.years)], right=range(1, len(heads)))
    sheet.freeze_panes(2, 1)
    rows = [(split.start.say(lang), split.start_t)]
    rows += [(one.title.say(lang), one.by_year) for one in split.wedges]
    rows += [(split.end.say(lang), split.end_t)]
    for row, (name, values) in enumerate(rows, 2):
        book.value(sheet, row, 0, name)
        for column, value in enumerate(values, 1):
            signed = 2 < row + 1 <= len(split.wedges) + 2 and row > 2
            sheet.write_number(row, column, value, book.number(value, 7, signed=signed))
    sheet.write_string(len(rows) + 3, 0, split.rule.say(lang), book.format())
