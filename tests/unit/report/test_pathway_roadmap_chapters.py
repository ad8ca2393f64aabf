"""Pathway and roadmap in the report: what titles and tables say, and that the stack of wedges is whole."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from tests.unit.report.samples import small, small_sources

from dafeng.core.text import Text
from dafeng.report.pathway_charts import fan, peak_years, wedge_chart
from dafeng.report.pathway_model import PathwayReport, Ranked, ScenarioLine, Wedge, WedgeSplit
from dafeng.report.pathway_words import commitment, finding, percent, when
from dafeng.report.roadmap_charts import curve_chart, gantt, gantt_rows
from dafeng.report.roadmap_model import Bar, RoadmapReport, TargetLine, Work
from dafeng.report.word import write_word
from dafeng.report.workbook import write_workbook

YEARS = tuple(range(2024, 2036))


def peak(year: int | None, probability: float, *, low: int | None = None, high: int | None = None, cut: float = 0.0):
    return {
        "year": {"p05": low or year, "p50": year, "p95": high or year}, "in_sight": 0.0 if year is None else 1.0,
        "peaked_already": 0.0, "commitment": {"year": 2030, "probability": probability, "needed_cut": {"p50": cut}},
    }  # fmt: skip


def line(name: str, zh: str, en: str, level: float, found: dict, in_year: dict[int, float]) -> ScenarioLine:
    bands = {band: [level * share * 1e4 for _ in YEARS]
             for band, share in (("p05", 0.9), ("p25", 0.95), ("p50", 1), ("p75", 1.05), ("p95", 1.1))}  # fmt: skip
    return ScenarioLine(name, Text(zh, en), bands, found, in_year, sum(in_year.values()))


@pytest.fixture
def pathway() -> PathwayReport:
    rise, fall = [200e4] * 12, [200e4 - 2e4 * n for n in range(12)]
    wedges = (
        Wedge(Text("保温", "Insulation"), [-3e4 * n for n in range(12)]),
        Wedge(Text("更多车辆", "More cars"), [1e4 * n for n in range(12)]),
    )
    split = WedgeSplit(Text("参考", "Reference"), Text("方案", "Plan"), rise, fall, wedges, Text("按次序", "in order"))
    return PathwayReport(
        YEARS, 2025, True, Text("模型", "model"), 1000, 1, Text("仍在上升", "still rising"), "plan",
        (
            line("reference", "参考", "Reference", 200, peak(None, 0.0, cut=0.012), {}),
            line("plan", "方案", "Plan", 180, peak(2027, 0.93, low=2026, high=2029), {2026: 0.3, 2027: 0.7}),
        ),
        split, (Ranked(Text("电网因子", "Grid factor"), 0.8, 0.85),), 2030, {"建筑": [1.0] * 12},
    )  # fmt: skip


@pytest.fixture
def roadmap() -> RoadmapReport:
    works = (
        Work("pv", Text("光伏", "PV"), "甲局", "MW", {2026: 4.0, 2027: 2.0}, {2026: 16e6, 2027: 8e6}, 1.0),
        Work("led", Text("照明", "Lighting"), "乙局", "m2", {2027: 1000.0}, {2027: 8e6}, 0.0),
    )
    targets = (
        TargetLine(Text("光伏", "PV"), 2028, ">=", 8.0, 6.0, "MW", False, 1e6, 0.4, None, 2.0),
        TargetLine(Text("照明", "Lighting"), 2028, ">=", 900.0, 1000.0, "m2", True, 0.0, 45.0, 5e4, None),
    )
    return RoadmapReport(
        (2026, 2027, 2028), True, Text("算例", "case"), True, 2e6, 0.0, None, works, targets,
        (Bar(Text("照明", "Lighting"), 3000.0, -200.0), Bar(Text("光伏", "PV"), 2000.0, 500.0)), 2028, 5500.0,
        [2e6, 2e6, 2e6], [2e6, 1.999e6, 1.995e6],
    )  # fmt: skip


def test_the_finding_says_year_range_and_level(pathway: PathwayReport):
    assert finding(pathway, "zh") == "方案情景：2027年达峰（2026—2029年），2030年180万tCO₂（162—198）"
    assert (
        finding(pathway, "en")
        == "Plan: peaks in 2027 (2026 to 2029); 1\u2009800\u00a0ktCO₂ (1\u2009620 to 1\u2009980) in 2030"
    )


def test_a_scenario_without_a_peak_says_what_more_it_takes(pathway: PathwayReport):
    reference = pathway.scenario("reference").peak
    assert when(reference, "zh") == "视野内不达峰（达峰概率0%）"
    assert commitment(reference, "zh") == "2030年前达峰的概率0%，每年须再多降1.2%"
    assert commitment(reference, "en") == "the probability of a peak by 2030 is 0%; every year must fall by 1.2% more"


@pytest.mark.parametrize(("share", "said"), [(0.999, ">99%"), (1.0, "100%"), (0.001, "<1%"), (0.0, "0%"), (0.5, "50%")])
def test_what_is_not_certain_never_prints_as_certain(share: float, said: str):
    assert percent(share) == said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_are_pictures_whose_words_hold_every_scenario(pathway: PathwayReport, lang: str):
    from PIL import Image

    assert pathway.split is not None
    made = (fan(pathway, lang, "s"), peak_years(pathway, lang, "s"), wedge_chart(pathway, pathway.split, lang, "s"))
    for chart in made:
        assert Image.open(io.BytesIO(chart.png)).size[0] > 1800
    for scenario in pathway.scenarios:
        assert all(scenario.title.say(lang) in chart.words for chart in made)


def test_the_wedge_chart_says_the_difference_and_its_largest_part(pathway: PathwayReport):
    assert pathway.split is not None
    chart = wedge_chart(pathway, pathway.split, "zh", "来源")
    assert chart.title == "2035年方案比参考少排22万tCO₂，最大一项是保温"
    assert "保温 −33" in chart.words


def test_the_curve_says_how_much_pays_by_itself(roadmap: RoadmapReport):
    assert curve_chart(roadmap, "zh", "来源").title == (
        "2028年排程共减排0.5万tCO₂，其中0.3万tCO₂本身省钱（逐项单算之和为0.55）"
    )


def test_the_gantt_groups_by_responsible_unit_the_one_with_most_investment_first(roadmap: RoadmapReport):
    rows = gantt_rows(roadmap, 10)
    assert [(owner, [work.family for work in held]) for owner, held in rows] == [("甲局", ["pv"]), ("乙局", ["led"])]
    assert [owner for owner, _ in gantt_rows(roadmap, 1)] == ["甲局"]
    assert "光伏 2026—2027" in gantt(roadmap, "zh", "来源").words


def test_the_share_of_investment_on_assumptions_is_weighted_by_money(roadmap: RoadmapReport):
    assert roadmap.assumed == pytest.approx(24 / 32)


def test_the_chapters_hold_targets_relaxed_quarters_and_probabilities(
    tmp_path: Path, pathway: PathwayReport, roadmap: RoadmapReport
):
    path = tmp_path / "report.docx"
    write_word(small(), small_sources(), path, "zh", None, pathway, roadmap)
    document = docx.Document(str(path))
    body = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "六、碳排放路径与达峰" in body
    assert "七、实施路线图" in body
    assert "光伏2028年要求8\u00a0MW，至多可达6\u00a0MW，须放宽2\u00a0MW" in body
    assert "工作安排（累计；投资：万元）" in body
    assert "投资的75%依据假设的单价" in body
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["光伏", "MW", "1", "2", "3", "4", "1\u00a0600"] in cells
    assert ["光伏", "2028", "≥8", "6 ▼", "MW", "100", "–"] in cells


def test_the_workbook_has_a_sheet_for_each_and_figures_as_numbers(
    tmp_path: Path, pathway: PathwayReport, roadmap: RoadmapReport
):
    path = tmp_path / "report.xlsx"
    write_workbook(small(), small_sources(), path, "zh", pathway, roadmap)
    book = openpyxl.load_workbook(path)
    assert {"路径", "路径-情景之差", "路线图-排程", "路线图-目标", "路线图-减排成本"} <= set(book.sheetnames)
    rows = list(book["路径"].iter_rows(min_row=3, values_only=True))
    assert next(row for row in rows if row[:2] == ("方案", "p95"))[2] == pytest.approx(198e4)
    schedule = list(book["路线图-排程"].iter_rows(min_row=3, values_only=True))
    assert next(row for row in schedule if row[1] == "光伏")[3:7] == (4, 2, None, 6)


def test_without_them_the_report_is_as_before(tmp_path: Path):
    path = tmp_path / "plain.docx"
    write_word(small(), small_sources(), path, "zh")
    body = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    assert "路线图" not in body
