"""The pathway in sentences: when a scenario peaks, how surely, how far the commitment lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dafeng.report.figures import figure, with_unit
from dafeng.report.pathway_model import PathwayReport, ScenarioLine


def scale(lang: str) -> tuple[float, str]:
    """(divisor, unit) in which emissions are told."""
    return (1e4, "万tCO₂") if lang == "zh" else (1e3, "ktCO₂")


def percent(share: float) -> str:
    """What is not certain never prints as certain."""
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def when(peak: Mapping[str, Any], lang: str) -> str:
    """2026年达峰（2025—2028年） / peaks in 2026 (2025 to 2028)."""
    zh, years = lang == "zh", peak["year"]
    if peak["peaked_already"] >= 0.995:
        return f"{years['p50']}年为最高，此后下降" if zh else f"was highest in {years['p50']} and falls since"
    if years["p50"] is None or peak["in_sight"] < 0.5:
        share = percent(peak["in_sight"])
        return f"视野内不达峰（达峰概率{share}）" if zh else f"has no peak in sight (probability {share})"
    low, high = years["p05"], years["p95"]
    if low == high:
        return f"{years['p50']}年达峰" if zh else f"peaks in {years['p50']}"
    if zh:
        return f"{years['p50']}年达峰（{low}—{f'{high}年' if high else '视野之外'}）"
    return f"peaks in {years['p50']} ({low} to {high or 'out of sight'})"


def commitment(peak: Mapping[str, Any], lang: str) -> str:
    """2030年前达峰的概率98%; what more it takes where that is not sure."""
    due = peak["commitment"]
    if due is None:
        return ""
    share, cut = percent(due["probability"]), due["needed_cut"]["p50"]
    more = ""
    if cut > 0.0005:
        more = f"，每年须再多降{cut:.1%}" if lang == "zh" else f"; every year must fall by {cut:.1%} more"
    if lang == "zh":
        return f"{due['year']}年前达峰的概率{share}{more}"
    return f"the probability of a peak by {due['year']} is {share}{more}"


def level(report: PathwayReport, line: ScenarioLine, year: int, lang: str) -> str:
    """176万tCO₂（164—190） in a year: the median and nine of ten draws."""
    divisor, unit = scale(lang)
    at = report.years.index(year)
    low, middle, high = (line.bands[name][at] / divisor for name in ("p05", "p50", "p95"))
    said = with_unit(figure(middle), unit)
    if figure(low) == figure(high):
        return said
    return f"{said}（{figure(low)}—{figure(high)}）" if lang == "zh" else f"{said} ({figure(low)} to {figure(high)})"


def finding(report: PathwayReport, lang: str) -> str:
    """The answer in a line, for the fan chart's title."""
    line = report.decides
    year = 2030 if 2030 in report.years else report.years[-1]
    if lang == "zh":
        return f"{line.title.zh}情景：{when(line.peak, lang)}，{year}年{level(report, line, year, lang)}"
    return f"{line.title.en}: {when(line.peak, lang)}; {level(report, line, year, lang)} in {year}"
