"""The annexes of the report, on landscape pages: all targets, tasks by unit, where every figure comes from."""

from __future__ import annotations

from typing import Any

from dafeng.assessment.results import Results, TargetRow, TaskRow
from dafeng.core.text import Text
from dafeng.report import findings as f
from dafeng.report import page, parts
from dafeng.report import sentences as say
from dafeng.report.figures import figure, unit_words, with_unit
from dafeng.report.parts import TableColumn
from dafeng.report.sources import SourceFactor, SourceInput, Sources, SourceTree, key_of
from dafeng.report.words import LIGHTS, day, quarter, some, tidy

TITLES = {
    "zh": ("全部目标", "任务与责任单位", "数据来源"),
    "en": ("All targets", "Tasks and units", "Sources of the figures"),
}
STATUS = {
    "official": Text("正式发布", "official"),
    "second-hand": Text("转引", "second-hand"),
    "remembered": Text("未核对原文", "not checked against the original"),
    "assumption": Text("假设", "assumption"),
}


_TARGETS = {
    "zh": ("条款", "指标", "原文数值", "目标", "期限", "实际", "应达", "差距", "单位", "等次", "责任单位（首位牵头）"),
    "en": ("Clause", "Indicator", "As printed", "Target", "Due", "Actual", "Path", "Gap", "Unit", "Light",
           "Units (lead first)"),
}  # fmt: skip
_SOURCES = {
    "zh": ("指标（编号）", "数值", "公式", "取自台账（条件；汇总；记录数；文件）", "因子与标准"),
    "en": ("Indicator (id)", "Value", "Formula", "Registers (filter; aggregate; records; files)", "Factors"),
}


def add_annexes(document: Any, results: Results, sources: Sources, lang: str, mark: str) -> None:
    from docx.enum.section import WD_SECTION

    section = document.add_section(WD_SECTION.NEW_PAGE)
    page.set_page(section, page.LANDSCAPE)
    page.set_footers(section, page.LANDSCAPE, mark)
    annex = _Annexes(document, results, sources, lang)
    annex.targets()
    annex.tasks()
    annex.sources()


class _Annexes:
    def __init__(self, document: Any, results: Results, sources: Sources, lang: str):
        self.document, self.results, self.held, self.lang = document, results, sources, lang
        self.zh, self.groups = lang == "zh", f.groups(results)

    def _head(self, number: int) -> None:
        name = TITLES[self.lang][number - 1]
        paragraph = parts.add(
            self.document, "Annex Heading", f"附表{number}　{name}" if self.zh else f"Annex {number}. {name}"
        )
        paragraph.paragraph_format.page_break_before = number > 1

    def _title(self, group: f.Group) -> str:
        return say.group_title(group, self.lang, full=len(self.results.plans) > 1)

    def targets(self) -> None:
        self._head(1)
        heads = _TARGETS[self.lang]
        widths = (12, 42, 22, 14, 12, 14, 14, 13, 17.5, 18.5, 46)
        figures = {heads[3], heads[5], heads[6], heads[7]}
        columns = [TableColumn(head, width, head in figures) for head, width in zip(heads, widths, strict=True)]
        rows: list[parts.Row] = []
        for group in self.groups:
            if group.targets:
                rows.append(self._title(group))
                rows += [self._target(row) for row in group.targets]
        parts.add_table(self.document, columns, rows)

    def _target(self, row: TargetRow) -> list[str]:
        said, light = f.shown(row, self.lang), LIGHTS[row.light]
        due = f.due_said(row, self.lang)
        state = f"{light.mark} {f.light_said(row, self.lang)}"
        if row.value is None or f.is_replaced(row, self.results):
            why = row.why_zh if self.zh else row.why_en
            if f.is_replaced(row, self.results):
                why = f"后由 {row.superseded_by} 提出" if self.zh else f"succeeded by {row.superseded_by}"
            name = f"{f.name_of(row, self.lang)}\n{tidy(why, self.lang)}" if why else f.name_of(row, self.lang)
        else:
            name = f.name_of(row, self.lang)
        target = said.target if row.target_value is not None else "–"
        units = some(list(dict.fromkeys([f.lead_of(row.units), *f.others_of(row.units)])), 2, self.lang)
        # A figure counted before the target begins is no answer to it.
        actual = "–" if "not_begun" in row.flags else said.actual + said.older
        return [row.clause, name, row.said, target, due, actual, said.expected, said.gap, said.unit, state, units]

    def tasks(self) -> None:
        self._head(2)
        heads = ("编号", "任务", "牵头单位", "配合单位", "目标", "最近填报") if self.zh else (
            "Clause", "Task", "Lead", "With", "Targets", "Last report")  # fmt: skip
        widths = (14, 48, 28, 58, 27, 50)
        columns = [TableColumn(head, width) for head, width in zip(heads, widths, strict=True)]
        rows: list[parts.Row] = []
        for group in self.groups:
            if group.tasks:
                rows.append(self._title(group))
                lights = {row.target: row for row in group.targets}
                rows += [self._task(task, lights) for task in group.tasks]
        parts.add_table(self.document, columns, rows)

    def _task(self, task: TaskRow, rows: dict[str, TargetRow]) -> list[str]:
        held = f.counts(rows[name] for name in task.targets if name in rows)
        lights = " ".join(f"{LIGHTS[light].mark}{number}" for light, number in held.items() if number)
        others = ("、" if self.zh else ", ").join(f.others_of(task.units))
        reports = f.latest_reports(task, self.results.year)
        said = "\n".join(self._report(report) for report in reports[:4])
        return [task.clause, task.title, f.lead_of(task.units), others, lights or "–", said or "–"]

    def _report(self, report: Any) -> str:
        code = str(report.get("status") or "")
        state = self.held.states[code].say(self.lang) if code in self.held.states else code
        at = quarter(str(report.get("quarter") or ""), self.lang)
        percent = report.get("percent")
        share = f" {figure(float(percent))}%" if percent is not None else ""
        return f"{at} {report.get('unit') or ''} {state}{share}".strip()

    def sources(self) -> None:
        self._head(3)
        rows: list[parts.Row] = []
        seen: set[tuple[str, int, float | None]] = set()
        known: list[tuple[TargetRow | None, str]] = [
            (target, key_of(target)) for target in f.evaluated(self.results) if target.value is not None
        ]
        known += [(None, f"IND.{row.indicator}") for row in self.results.figures if row.value is not None]
        for target, key in known:
            tree = self.held.trees.get(key)
            if tree is None:
                continue
            for depth, inner in tree.all_trees():
                once = (inner.indicator, inner.year, inner.value)
                if once not in seen and depth < 4:
                    seen.add(once)
                    rows.append(self._tree(target if depth == 0 else None, inner, depth))
        if rows:
            widths = (44, 24, 54, 67, 36)
            columns = [
                TableColumn(head, width, n == 1)
                for n, (head, width) in enumerate(zip(_SOURCES[self.lang], widths, strict=True))
            ]
            parts.add_table(self.document, columns, rows, small=(2, 3, 4))
        self._notes()

    def _tree(self, row: TargetRow | None, tree: SourceTree, depth: int) -> list[str]:
        step = "　" * depth
        name = f"{step}{tree.name.say(self.lang)}\n{step}{tree.indicator}"
        value = with_unit(figure(tree.value, row.precision if row else 4), unit_words(tree.unit, self.lang))
        if row is not None and row.decided_by == "confirmed":
            document = row.confirmed_document or ""
            sure = with_unit(figure(row.confirmed_value, row.precision), row.unit_words(self.lang))
            value += f"\n核定{sure}\n{document}" if self.zh else f"\nconfirmed {sure}\n{document}"
        drawn = "\n".join(self._input(item, tree.formula) for item in tree.inputs)
        factors = "\n".join(self._factor(item) for item in tree.factors)
        return [name, f"{value}\n{tree.year}", tree.formula, drawn or "–", factors or "–"]

    def _input(self, drawn: SourceInput, formula: str) -> str:
        """Register, filter, aggregate (where the formula does not say it already), records, files."""
        register = self.held.register_name(drawn.register, self.lang)
        number, files = len(drawn.records), self._files(drawn)
        value = "" if drawn.aggregate == formula else f"{drawn.name} = {drawn.aggregate} = {figure(drawn.value, 5)}"
        stop = "；" if self.zh else "; "
        count = f"{number}条" if self.zh else f"{number} records"
        return f"{register}{'：' if self.zh else ': '}" + stop.join(
            part for part in (drawn.where or "", value, count, files) if part
        )

    def _files(self, drawn: SourceInput) -> str:
        """The files that the records listed of this input came from, the first three by name."""
        register, used = self.held.registers.get(drawn.register), set(drawn.records)
        if register is None:
            return ""
        names = dict.fromkeys(record.file for record in register.records if record.id in used and record.file)
        shown = list(names)[:3]
        rest = f"等{len(names)}个文件" if self.zh else f" and {len(names) - 3} more files"
        return ("、" if self.zh else ", ").join(shown) + (rest if len(names) > 3 else "")

    def _factor(self, used: SourceFactor) -> str:
        value = with_unit(figure(used.value, 6), unit_words(used.unit, self.lang))
        status = "" if used.citation.status == "official" else f"〔{STATUS[used.citation.status].say(self.lang)}〕"
        return f"{used.name.say(self.lang)} {value}（{used.vintage}）{used.citation.say(self.lang)}{status}"

    def _notes(self) -> None:
        results = self.results
        for note in results.notes:
            parts.add(self.document, "Note", tidy(note[0 if self.zh else 1], self.lang))
        known = day(results.as_known_on, self.lang)
        run, entries = results.digest[:12], results.catalogue[:12]
        made = (
            f"数据截至{known}；计算{run}，目录{entries}，程序{results.code}。逐条记录见指标表（Excel）。"
            if self.zh
            else f"As known on {known}; run {run}, catalogue {entries}, program {results.code}. "
            "The workbook lists every record."
        )
        parts.add(self.document, "Note", made)
