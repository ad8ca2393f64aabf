"""The yearly evaluation as a Word document, in the layout of an official one (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dafeng.assessment.results import Results, TargetRow
from dafeng.report import annexes, page, parts
from dafeng.report import findings as f
from dafeng.report import sentences as say
from dafeng.report.account_chapter import HEADING, Chapter
from dafeng.report.account_model import AccountReport
from dafeng.report.charts import NO_FONT, chart_language, head_charts
from dafeng.report.figures import figure
from dafeng.report.packing import write_docx
from dafeng.report.pathway_chapter import HEADING as PATHWAY
from dafeng.report.pathway_chapter import PathwayChapter
from dafeng.report.pathway_model import PathwayReport
from dafeng.report.roadmap_chapter import HEADING as ROADMAP
from dafeng.report.roadmap_chapter import RoadmapChapter
from dafeng.report.roadmap_model import RoadmapReport
from dafeng.report.sources import Sources
from dafeng.report.words import LIGHTS, SYNTHETIC, SYNTHETIC_BOTH, numeral, tidy

_HEADINGS = {
    "zh": ("总体情况", "指标完成情况", "重点任务进展", "存在问题", "下一步"),
    "en": ("Overall", "Targets", "Tasks", "What is behind", "Next"),
}


def write_word(
    results: Results, sources: Sources, path: Path, lang: str = "zh", account: AccountReport | None = None,
    pathway: PathwayReport | None = None, roadmap: RoadmapReport | None = None,
) -> None:  # fmt: skip
    """Write the report, with account, pathway and roadmap as chapters where there are such. The same input gives the
    same bytes."""
    from docx import Document

    document = Document()
    page.prepare(document, lang)
    section = document.sections[0]
    page.set_page(section, page.PORTRAIT)
    page.set_footers(section, page.PORTRAIT, _mark(results, lang))
    report = _Report(document, results, sources, lang)
    report.front()
    report.overall()
    report.targets()
    report.tasks()
    report.problems()
    report.next_steps()
    if account is not None:
        report.account(account)
    if pathway is not None:
        report.chapter(PATHWAY, lambda heading: PathwayChapter(document, pathway, lang, report.table).write(heading))
    if roadmap is not None:
        report.chapter(ROADMAP, lambda heading: RoadmapChapter(document, roadmap, lang, report.table).write(heading))
    report.list_of_annexes()
    annexes.add_annexes(document, results, sources, lang, _mark(results, lang))
    _properties(document, results, lang)
    write_docx(document, path, results.made_at)


def _mark(results: Results, lang: str) -> str:
    if not results.synthetic:
        return ""
    return SYNTHETIC_BOTH if lang == "zh" else SYNTHETIC.en


def _properties(document: Any, results: Results, lang: str) -> None:
    from dafeng.report.words import moment

    held, at = document.core_properties, moment(results.made_at).replace(tzinfo=None)
    name, year = say.title(results, lang)
    held.title, held.language = f"{name}{year}", "zh-CN" if lang == "zh" else "en"
    held.author = held.last_modified_by = results.district if lang == "zh" else results.district_en
    held.subject = "碳达峰实施方案年度评估" if lang == "zh" else "Yearly evaluation of the carbon peaking plan"
    held.keywords = SYNTHETIC_BOTH if results.synthetic else ""
    held.category = SYNTHETIC.say(lang) if results.synthetic else ""
    held.comments, held.created, held.modified, held.revision = "", at, at, 1


class _Report:
    """The sections of the body, in order."""

    def __init__(self, document: Any, results: Results, sources: Sources, lang: str):
        self.document, self.results, self.sources, self.lang = document, results, sources, lang
        self.reported = True
        self.many = len(f.plans_in_force(results)) > 1
        self.zh, self.groups, self.table = lang == "zh", f.evaluated_groups(results), 0
        self.chapters = len(_HEADINGS[lang])

    # ── small pieces ─────────────────────────────────────────────────────────────────────────────────────────

    def text(self, words: str) -> None:
        if words:
            parts.add(self.document, "Body Text", tidy(words, self.lang))

    def heading(self, number: int) -> None:
        words = _HEADINGS[self.lang][number - 1]
        parts.add(self.document, "Heading 1", f"{numeral(number)}、{words}" if self.zh else f"{number}. {words}")

    def second(self, number: int, words: str) -> None:
        parts.add(self.document, "Heading 2", f"（{numeral(number)}）{words}" if self.zh else f"({number}) {words}")

    def caption(self, words: str) -> None:
        self.table += 1
        parts.add(self.document, "Caption", f"表{self.table}　{words}" if self.zh else f"Table {self.table}. {words}")

    # ── sections ─────────────────────────────────────────────────────────────────────────────────────────────

    def front(self) -> None:
        name, year = say.title(self.results, self.lang)
        parts.add(self.document, "Title", name)
        parts.add(self.document, "Subtitle", year.strip())
        if self.results.synthetic:
            parts.add(self.document, "Subtitle", f"（{SYNTHETIC.zh}）" if self.zh else f"({SYNTHETIC.en})")
        parts.add(self.document, "Normal")
        self.text(say.basis(self.results, self.lang))

    def overall(self) -> None:
        self.heading(1)
        for sentence in (say.overall, say.due_line, say.open_line, say.unjudged_line, say.announced_line):
            self.text(sentence(self.results, self.lang))
        self.text(self._heads())

    def _heads(self) -> str:
        """The head figures in one paragraph, before any table."""
        said = [say.standing(rows[0], self.lang) for rows in f.headlines(self.results)]
        if not said:
            return ""
        return f"主要指标：{'；'.join(said)}。" if self.zh else f"Head figures: {'; '.join(said)}."

    def targets(self) -> None:
        self.heading(2)
        rows = f.evaluated(self.results)
        measured = [row for row in rows if row.value is not None]
        rest = len(rows) - len(measured)
        if measured:
            more = (
                (f"，其余{rest}项见附表1" if rest else "")
                if self.zh
                else (f"; the other {rest} are in annex 1" if rest else "")
            )
            self.text(
                f"有数据的{len(measured)}项目标如表1所示{more}。" if self.zh
                else f"Table 1 shows the {len(measured)} targets with a figure{more}."
            )  # fmt: skip
            self._table_of_targets()
        else:
            self.text(
                "目前没有一项目标有数据，全部目标见附表1。"
                if self.zh
                else "No target has a figure yet; annex 1 lists them all."
            )
        self._other_figures()
        self._charts()

    def _table_of_targets(self) -> None:
        self.caption("目标完成情况" if self.zh else "Targets")
        heads = ("指标", "目标", "期限", "实际", "应达", "差距", "单位", "等次", "牵头单位") if self.zh else (
            "Indicator", "Target", "Due", "Actual", "Path", "Gap", "Unit", "Light", "Lead")  # fmt: skip
        widths = (35.5, 14, 10, 12.5, 12.5, 12, 17, 17.5, 25) if self.zh else (30, 15, 10, 15, 15, 13, 15, 18.5, 24.5)
        columns = [
            parts.TableColumn(head, width, figures=head in (heads[1], heads[3], heads[4], heads[5]))
            for head, width in zip(heads, widths, strict=True)
        ]
        rows: list[parts.Row] = []
        for group in self.groups:
            held = [row for row in group.targets if row.value is not None]
            if held:
                rows.append(say.group_title(group, self.lang, full=self.many))
                rows += [self._cells(row) for row in held]
        parts.add_table(self.document, columns, rows)
        parts.add(self.document, "Note", tidy(_legend(self.lang), self.lang))

    def _cells(self, row: TargetRow) -> list[str]:
        said, light = f.shown(row, self.lang), LIGHTS[row.light]
        due = f.due_said(row, self.lang)
        lead = f.lead_of(row.units)
        name = f.name_of(row, self.lang)
        return [
            name,
            said.target,
            due,
            said.actual + said.older,
            said.expected,
            said.gap,
            said.unit,
            f"{light.mark} {f.light_said(row, self.lang)}",
            lead,
        ]

    def _other_figures(self) -> None:
        """Head figures that no target asks for, year by year."""
        held = [row for row in self.results.figures if row.series]
        if not held:
            return
        years = sorted({year for row in held for year, _ in row.series})[-6:]
        self.caption("其他主要指标" if self.zh else "Other head figures")
        columns = [
            parts.TableColumn("指标" if self.zh else "Indicator", 38),
            parts.TableColumn("单位" if self.zh else "Unit", 18),
        ]
        columns += [parts.TableColumn(str(year), 100 / len(years), figures=True) for year in years]
        rows = [
            [row.indicator_zh if self.zh else row.indicator_en, f.plain_unit(row, self.lang)]
            + [figure(dict(row.series).get(year), row.precision) for year in years]
            for row in held
        ]
        parts.add_table(self.document, columns, rows)
        parts.add(self.document, "Note")

    def _charts(self) -> None:
        lettering = chart_language(self.lang)
        names = {register: held.name.say(lettering) for register, held in self.sources.registers.items()}
        charts = head_charts(self.results, dict(self.sources.trees), names, self.lang)
        for number, chart in enumerate(charts, start=1):
            parts.add_picture(
                self.document, chart.png, 156, chart.words, f"图{number}" if self.zh else f"Figure {number}"
            )
        if charts and lettering != self.lang:
            parts.add(self.document, "Note", NO_FONT.say(self.lang))

    def tasks(self) -> None:
        self.heading(3)
        year, number = self.results.year, 0
        self.reported = any(f.latest_reports(task, year) for group in self.groups for task in group.tasks)
        if not self.reported:
            self.text(f"{year}年各单位没有填报任务进展。" if self.zh else f"No unit reported on its tasks in {year}.")
        for group in self.groups:
            if group.part == "head":
                continue
            number += 1
            self.second(number, say.group_title(group, self.lang, full=self.many))
            self.text(say.group_line(group, self.lang))
            targets = {row.target: row for row in group.targets}
            for place, task in enumerate(group.tasks, start=1):
                rows = [targets[name] for name in task.targets if name in targets]
                self.text(self._task(place, task, rows))

    def _task(self, place: int, task: Any, rows: list[TargetRow]) -> str:
        parts_said = [say.who(task, self.lang)]
        if rows:
            parts_said.append(
                ("；" if self.zh else "; ").join(say.standing(row, self.lang) for row in rows)
                + ("。" if self.zh else ".")
            )
        if self.reported:
            parts_said.append(say.reported(task, self.results.year, dict(self.sources.states), self.lang))
        body = ("" if self.zh else " ").join(parts_said)
        return f"{place}.{task.title}。{body}" if self.zh else f"{place}. {task.title}. {body}"

    def problems(self) -> None:
        self.heading(4)
        late, year = f.lagging(self.results), self.results.year
        due = [row for row in late if f.is_due(row, year)]
        missing = [row for row in f.evaluated(self.results) if f.unjudged_because(row, year) == "no_data"]
        if not late:
            self.text("没有落后于进度线的目标。" if self.zh else "No target is behind its path.")
        number = 0
        for rows, zh, en in (
            (due, "到期未达到", "Due and not met"),
            ([row for row in late if row not in due], "落后于进度线", "Behind the path"),
        ):
            if rows:
                number += 1
                self.second(number, f"{zh}（{len(rows)}项）" if self.zh else f"{en} ({len(rows)})")
                self._numbered([self._problem(row) for row in rows])
        if missing:
            self.second(number + 1, f"缺少数据（{len(missing)}项）" if self.zh else f"Data missing ({len(missing)})")
            leads = say.missing_by_lead(missing, self.lang)
            self.text(
                f"{len(missing)}项目标没有台账数据，不能评判，按牵头单位分：{leads}。" if self.zh
                else f"{len(missing)} targets have no records and cannot be judged; by lead: {leads}."
            )  # fmt: skip

    def _problem(self, row: TargetRow) -> str:
        light, name = LIGHTS[row.light], f.name_of(row, self.lang)
        body = say.problem(row, self.results.year, self.lang)
        return (
            f"{name}{light.mark}{light.name.zh}。{body}" if self.zh else f"{name} {light.mark} {light.name.en}. {body}"
        )

    def _numbered(self, paragraphs: list[str]) -> None:
        for place, words in enumerate(paragraphs, start=1):
            self.text(f"{place}.{words}" if self.zh else f"{place}. {words}")

    def next_steps(self) -> None:
        self.heading(5)
        overdue = [row for row in f.lagging(self.results) if f.is_due(row, self.results.year)]
        if overdue:
            few = len(overdue) <= 5
            tail = ("；" if self.zh else "; ").join(say.short_of(row, self.lang) for row in overdue) if few else ""
            self.text(
                f"到期未达到、仍待完成的目标{len(overdue)}项{f'：{tail}' if few else '，见第四部分'}。" if self.zh
                else f"{len(overdue)} overdue targets are still to be met{f': {tail}' if few else ' (section 4)'}."
            )  # fmt: skip
        year, rows = f.next_due(self.results)
        if year is not None:
            self._table_of_next(year, rows)
        if not overdue and year is None:
            self.text("没有尚待完成的目标。" if self.zh else "No target is left open.")

    def _table_of_next(self, year: int, rows: list[TargetRow]) -> None:
        """What falls due next and what it still asks for; targets without a figure are only counted."""
        known = [row for row in rows if row.value is not None and row.target_value is not None]
        blank = len(rows) - len(known)
        if self.zh:
            more = f"，其余{blank}项没有数据或没有数值" if blank else ""
            at = f"，余下进度见表{self.table + 1}" if known else ""
            self.text(f"下一批目标{year}年到期，尚未完成{len(rows)}项{at}{more}。")
        else:
            more = f"; {blank} have no data or no figure" if blank else ""
            at = f"; table {self.table + 1} shows what is left" if known else ""
            self.text(f"The next targets fall due in {year}: {len(rows)} are not complete{at}{more}.")
        if not known:
            return
        self.caption(f"{year}年到期目标的余下进度" if self.zh else f"What is left of targets due in {year}")
        left = year - self.results.year
        zh = ("指标", "目标", "目前", "尚差", f"此后{left}年每年", "单位", "牵头单位")
        en = ("Indicator", "Target", "Now", "To go", f"Each of {left} years", "Unit", "Lead")
        heads = zh if self.zh else en
        widths = (43, 16, 16, 16, 26, 14, 25)
        columns = [
            parts.TableColumn(head, width, 1 <= n <= 4)
            for n, (head, width) in enumerate(zip(heads, widths, strict=True))
        ]
        lines = []
        for row in known:
            said, (now, to_go, each) = f.shown(row, self.lang), say.pace(row, self.results.year, self.lang)
            lines.append([f.name_of(row, self.lang), said.target, now, to_go, each, said.unit, f.lead_of(row.units)])
        parts.add_table(self.document, columns, lines)

    def account(self, account: AccountReport) -> None:
        self.chapter(HEADING, lambda heading: Chapter(self.document, account, self.lang, self.table).write(heading))

    def chapter(self, words: Mapping[str, str], write: Callable[[str], int]) -> None:
        """The next chapter under its number; write: heading → number of its last table."""
        self.chapters += 1
        number, said = self.chapters, words[self.lang]
        self.table = write(f"{numeral(number)}、{said}" if self.zh else f"{number}. {said}")

    def list_of_annexes(self) -> None:
        parts.add(self.document, "Normal")
        names = annexes.TITLES[self.lang]
        for place, name in enumerate(names, start=1):
            head = ("附表：" if place == 1 else "　　　") if self.zh else ("Annexes: " if place == 1 else "")
            parts.add(self.document, "Body Text", f"{head}{place}.{name}" if self.zh else f"{head}{place}. {name}")


def _legend(lang: str) -> str:
    marks = "　".join(f"{light.mark}{light.name.zh}" for light in LIGHTS.values())
    if lang == "zh":
        return f"等次：{marks}。差距为正表示好于应达。“≈”表示该年数据尚不完整；“–”表示没有。"
    marks = "  ".join(f"{light.mark} {light.name.en}" for light in LIGHTS.values())
    return f"Lights: {marks}. A positive gap is ahead of the path. ≈ the year's data are not complete; – none."
