"""The yearly table of targets as an Excel workbook, in which every figure leads to the sheet that says its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dafeng.assessment.results import Results, TargetRow
from dafeng.core.text import Text
from dafeng.report import findings as f
from dafeng.report import sentences as say
from dafeng.report.book import Book
from dafeng.report.figures import figure, with_unit
from dafeng.report.pathway_model import PathwayReport
from dafeng.report.pathway_sheets import add_pathway
from dafeng.report.roadmap_model import RoadmapReport
from dafeng.report.roadmap_sheets import add_roadmap
from dafeng.report.sources import Sources, key_of
from dafeng.report.words import LIGHTS, SYNTHETIC, SYNTHETIC_BOTH, day, quarter, tidy
from dafeng.report.workbook_sources import Places, SourceSheets

SHEETS = {
    "zh": {"targets": "指标", "history": "历年", "tasks": "任务", "sources": "来源", "about": "说明",
           "records": "记录-"},
    "en": {"targets": "Targets", "history": "By year", "tasks": "Tasks", "sources": "Sources", "about": "About",
           "records": "Records "},
}  # fmt: skip
# The first twelve are printed; the rest is for the screen.
_PRINTED = 12
_HEADS = {
    "zh": ("条款", "行动", "指标", "目标", "单位", "期限", "实际", "应达", "差距", "完成进度", "等次", "牵头单位",
           "比较", "实际年份", "说明", "依据", "原文数值", "配合单位", "方案", "指标编号"),
    "en": ("Clause", "Action", "Indicator", "Target", "Unit", "Due", "Actual", "Path", "Gap", "Progress", "Light",
           "Lead", "Sign", "Year", "Why", "Decided by", "As printed", "With", "Plan", "Indicator id"),
}  # fmt: skip
_WIDTHS = (8, 18, 34, 11, 13, 7, 11, 11, 10, 9, 10, 17, 6, 8, 26, 20, 16, 34, 14, 22)
_LINKS = Text(
    "“指标”表中带下划线的数可点击，转到“来源”表中它的公式、输入、因子；“来源”表再链接到各台账的记录",
    "An underlined figure leads to its formula, inputs and factors on the sheet of sources, and from there to records.",
)
_SIGNS = {">=": "≥", "<=": "≤", "~": "≈"}


def write_workbook(
    results: Results, sources: Sources, path: Path, lang: str = "zh", pathway: PathwayReport | None = None,
    roadmap: RoadmapReport | None = None,
) -> None:  # fmt: skip
    """Write the workbook. The same results and sources give the same bytes."""
    mark = "" if not results.synthetic else SYNTHETIC_BOTH if lang == "zh" else SYNTHETIC.en
    book = Book(path, mark)
    names = SHEETS[lang]
    # Sources are laid out first, so that every figure knows the row it leads to; sheets come in the order of reading.
    laid = SourceSheets(results, sources, lang, names["sources"], names["records"])
    made = _Workbook(book, results, sources, lang, laid.places)
    made.targets(names["targets"])
    made.history(names["history"])
    made.tasks(names["tasks"])
    if pathway is not None:
        add_pathway(book, pathway, made.title, lang)
    if roadmap is not None:
        add_roadmap(book, roadmap, made.title, lang)
    laid.write(book)
    made.about(names["about"])
    author = results.district if lang == "zh" else results.district_en
    subject = "碳达峰实施方案年度评估" if lang == "zh" else "Yearly evaluation of the carbon peaking plan"
    book.close(
        title=say.workbook_title(results, lang), subject=subject, author=author, made_at=results.made_at, synthetic=mark
    )


class _Workbook:
    """The sheets that people read."""

    def __init__(self, book: Book, results: Results, sources: Sources, lang: str, places: Places):
        self.book, self.results, self.held, self.lang, self.places = book, results, sources, lang, places
        self.zh = lang == "zh"
        self.title = say.workbook_title(results, lang) + (f" · {SYNTHETIC.say(lang)}" if results.synthetic else "")

    def targets(self, name: str) -> None:
        heads = _HEADS[self.lang]
        sheet = self.book.sheet(name, self.title, heads, _WIDTHS, right=(3, 6, 7, 8, 9))
        row = 2
        for group in f.groups(self.results):
            for target in group.targets:
                self._target(sheet, row, target, say.group_title(group, self.lang, full=len(self.results.plans) > 1))
                row += 1
        sheet.autofilter(1, 0, max(row - 1, 1), len(heads) - 1)
        sheet.freeze_panes(2, 3)
        sheet.print_area(0, 0, max(row - 1, 1), _PRINTED - 1)

    def _target(self, sheet: Any, row: int, target: TargetRow, action: str) -> None:
        light, place = LIGHTS[target.light], self.places[key_of(target)]
        texts = {
            0: target.clause, 1: action, 2: f.name_of(target, self.lang), 4: f.plain_unit(target, self.lang),
            11: f.lead_of(target.units), 12: _SIGNS.get(target.comparator, target.comparator),
            14: tidy(target.why_zh if self.zh else target.why_en, self.lang), 15: self._decided(target),
            16: target.said, 17: "、".join(f.others_of(target.units)), 18: target.plan, 19: target.indicator or "",
        }  # fmt: skip
        for column, text in texts.items():
            sheet.write_string(row, column, text, self.book.words(indent=1 if column == 4 else 0))
        figures = {
            3: (target.target_value, "target", 6), 6: (target.value, "value", target.precision),
            7: (target.expected, "expected", target.precision), 8: (target.gap, "expected", target.precision),
        }  # fmt: skip
        for column, (value, part, digits) in figures.items():
            if value is None:
                sheet.write_blank(row, column, None, self.book.words())
            else:
                self.book.linked_number(sheet, (row, column), value, place[part], digits, signed=column == 8)
        self._year(sheet, row, 5, target.year_to)
        self._year(sheet, row, 13, target.value_year if target.value is not None else None)
        if target.progress is None:
            sheet.write_blank(row, 9, None, self.book.words())
        else:
            sheet.write_number(row, 9, target.progress, self.book.words(num_format="0%", align="right"))
        sheet.write_string(row, 10, f"{light.mark} {f.light_said(target, self.lang)}", self.book.light(target.light))

    def _decided(self, target: TargetRow) -> str:
        if target.value is None:
            return ""
        if target.decided_by == "confirmed":
            return f"{'核定值' if self.zh else 'confirmed value'} {target.confirmed_document or ''}".strip()
        return "本级测算" if self.zh else "own computation"

    def _year(self, sheet: Any, row: int, column: int, year: int | None) -> None:
        if year is None:
            sheet.write_blank(row, column, None, self.book.words())
        else:
            sheet.write_number(row, column, year, self.book.words(num_format="0", align="left"))

    def history(self, name: str) -> None:
        """The table behind every chart: each figure and its path, year by year."""
        heads = ("条款", "指标", "年份", "实际", "应达", "单位") if self.zh else (
            "Clause", "Indicator", "Year", "Actual", "Path", "Unit")  # fmt: skip
        sheet = self.book.sheet(name, self.title, heads, (9, 42, 8, 14, 14, 10), right=(3, 4))
        row, seen = 2, set()
        rows: list[tuple[str, str, dict[int, float], dict[int, float], str, int]] = []
        for target in self.results.targets:
            once = (target.indicator, target.series, target.path)
            if once not in seen and (target.series or target.path):
                seen.add(once)
                rows.append((target.clause, f.name_of(target, self.lang), dict(target.series), dict(target.path),
                             f.plain_unit(target, self.lang), target.precision))  # fmt: skip
        for held in self.results.figures:
            label = held.indicator_zh if self.zh else held.indicator_en
            rows.append(("", label, dict(held.series), {}, f.plain_unit(held, self.lang), held.precision))
        for clause, label, series, path, unit, digits in rows:
            for year in sorted({*series, *path}):
                sheet.write_string(row, 0, clause, self.book.words())
                sheet.write_string(row, 1, label, self.book.words())
                self._year(sheet, row, 2, year)
                for column, value in ((3, series.get(year)), (4, path.get(year))):
                    if value is None:
                        sheet.write_blank(row, column, None, self.book.words())
                    else:
                        sheet.write_number(row, column, value, self.book.number(value, digits))
                sheet.write_string(row, 5, unit, self.book.words(indent=1))
                row += 1
        sheet.autofilter(1, 0, max(row - 1, 1), len(heads) - 1)

    def tasks(self, name: str) -> None:
        heads = (
            ("方案", "编号", "任务", "责任单位", "分工", "目标数", "等次", "最近填报", "自评", "完成百分比", "进展说明")
            if self.zh
            else ("Plan", "Clause", "Task", "Unit", "Role", "Targets", "Lights", "Last report", "State", "Share done",
                  "Narrative")
        )  # fmt: skip
        sheet = self.book.sheet(name, self.title, heads, (13, 9, 38, 20, 8, 8, 14, 14, 14, 11, 60), right=(5, 9))
        row, lights = 2, {key_of(target): target.light for target in self.results.targets}
        for task in self.results.tasks:
            held = [lights.get(f"{task.plan}/{target}", "no_data") for target in task.targets]
            marks = " ".join(f"{LIGHTS[light].mark}{held.count(light)}" for light in LIGHTS if light in held)
            reports = {str(report.get("unit")): report for report in f.latest_reports(task, self.results.year)}
            lead = f.lead_of(task.units)
            for unit, _ in task.units or (("", ""),):
                report: Any = reports.get(unit, {})
                role = ("牵头" if unit == lead else "配合") if self.zh else ("lead" if unit == lead else "with")
                code = str(report.get("status") or "")
                state = self.held.states[code].say(self.lang) if code in self.held.states else code
                at = quarter(str(report.get("quarter") or ""), self.lang)
                percent = report.get("percent")
                values = (task.plan, task.clause, task.title, unit, role if unit else "", len(task.targets), marks, at,
                          state, None if percent is None else float(percent), report.get("narrative"))  # fmt: skip
                for column, value in enumerate(values):
                    self.book.value(sheet, row, column, value, 3)
                row += 1
        sheet.autofilter(1, 0, max(row - 1, 1), len(heads) - 1)

    def about(self, name: str) -> None:
        results, zh = self.results, self.zh
        sheet = self.book.sheet(name, self.title, ("项目", "内容") if zh else ("Item", "Content"), (22, 110))
        marks = "　".join(f"{light.mark} {light.name.say(self.lang)}" for light in LIGHTS.values())
        lines = [
            ("评估年度" if zh else "Year", str(results.year)),
            ("数据截至" if zh else "As known on", day(results.as_known_on, self.lang)),
            ("总体" if zh else "Overall", say.overall(results, self.lang)),
            ("等次" if zh else "Lights", marks),
            ("差距" if zh else "Gap", "为正表示好于应达，单位同指标" if zh else "positive: ahead of the path"),
            ("链接" if zh else "Links", _LINKS.say(self.lang)),
        ]
        if results.synthetic:
            lines.insert(0, ("数据性质" if zh else "Data", SYNTHETIC_BOTH))
        for plan in results.plans:
            lines.append(("方案" if zh else "Plan", f"{plan.title} {plan.number or ''}".strip()))
        for held in results.figures:
            said = with_unit(figure(held.value, held.precision), f.plain_unit(held, self.lang))
            lines.append((held.indicator_zh if zh else held.indicator_en, said))
        lines += [("提示" if zh else "Note", tidy(note[0 if zh else 1], self.lang)) for note in results.notes]
        lines.append(("计算" if zh else "Run", f"{results.digest} · {results.made_at} · dafeng {results.code}"))
        lines.append(("目录" if zh else "Catalogue", results.catalogue))
        for row, (label, text) in enumerate(lines, start=2):
            sheet.write_string(row, 0, label, self.book.words())
            sheet.write_string(row, 1, text, self.book.words())
