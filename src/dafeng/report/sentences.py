"""The findings in words, Chinese and English: each function gives one sentence or paragraph of the report."""

from __future__ import annotations

from collections.abc import Sequence

from dafeng.assessment.results import PlanHead, Results, TargetRow, TaskRow
from dafeng.core.text import Text
from dafeng.report import findings as f
from dafeng.report.figures import FIRM, figure, with_unit
from dafeng.report.words import LIGHTS, day, listed, quarter, some, tidy

_VERDICTS = {
    "no_data": Text("多数目标尚缺数据，暂不能作总体判断。", "Most targets lack data; no overall judgement yet."),
    "behind": Text("总体进度滞后。", "Overall the plan is behind."),
    "mixed": Text("总体按进度推进，部分目标未跟上。", "Overall the plan is moving on course; some targets are not."),
    "on_course": Text("总体按进度推进。", "Overall the plan is on course."),
}  # fmt: skip
_UNJUDGED = {
    "not_begun": Text("尚未到开始年份", "not begun"),
    "no_indicator": Text("没有量化指标", "without an indicator"),
    "no_target_value": Text("目标值待核定", "target value not yet assigned"),
    "no_path": Text("缺基期数据", "without a base-year figure"),
    "no_data": Text("缺台账数据", "without records"),
}
POINTS = {"zh": "个百分点", "en": "percentage points"}
PARTS = {
    "head": Text("主要目标", "Head targets"),
    "safeguards": Text("保障措施", "Safeguards"),
    "organisation": Text("组织实施", "Organisation"),
}


def title(results: Results, lang: str) -> tuple[str, str]:
    if lang == "zh":
        return f"{results.district}碳达峰年度评估报告", f"（{results.year}年）"
    return f"{results.district_en}: Yearly Evaluation of Carbon Peaking", f" ({results.year})"


def workbook_title(results: Results, lang: str) -> str:
    if lang == "zh":
        return f"{results.district}碳达峰指标表（{results.year}年）"
    return f"{results.district_en}: Carbon Peaking Targets ({results.year})"


def basis(results: Results, lang: str) -> str:
    """What is evaluated, and as known when."""
    known = day(results.as_known_on, lang)
    held = f.plans_in_force(results)
    if lang == "zh":
        plans = "和".join(_plan(plan) for plan in held)
        year = (
            f"{results.year}年度尚未结束，以下为截至{known}的进展。" if results.partial_year else f"数据截至{known}。"
        )
        return f"对照{plans}，对{results.year}年度目标和任务的完成情况作如下评估。{year}"
    plans = " and ".join(_plan_en(plan) for plan in held)
    year = (
        f"The year is not over; figures are as known on {known}."
        if results.partial_year
        else f"Figures as known on {known}."
    )
    return f"This report evaluates targets and tasks of {results.year} against {plans}. {year}"


def _plan(plan: PlanHead) -> str:
    name = plan.title.strip("《》")
    return f"《{name}》（{plan.number}）" if plan.number else f"《{name}》"


def _plan_en(plan: PlanHead) -> str:
    return f"{plan.title} ({plan.number})" if plan.number else plan.title


def overall(results: Results, lang: str) -> str:
    """The judgement first, then the counts."""
    rows = f.evaluated(results)
    held, total = f.counts(rows), len(rows)
    verdict = _VERDICTS[f.verdict(results)].say(lang)
    if lang == "zh":
        parts = "，".join(f"{LIGHTS[light].name.zh}{held[light]}项" for light in f.ORDER)
        return f"{verdict}{total}项目标中，{parts}。"
    parts = ", ".join(f"{held[light]} {LIGHTS[light].name.en}" for light in f.ORDER)
    return f"{verdict} Of {total} targets: {parts}."


def due_line(results: Results, lang: str) -> str:
    """Targets whose year is over: how many are met, and which are not, by how much."""
    due = [row for row in f.evaluated(results) if f.is_due(row, results.year)]
    if not due:
        return ""
    met = [row for row in due if row.light == "done"]
    missed = [row for row in due if row.light in ("behind", "slipping")]
    blank = len(due) - len(met) - len(missed)
    if lang == "zh":
        head = f"到{results.year}年应完成的目标{len(due)}项，已达到{len(met)}项，未达到{len(missed)}项"
        head += f"，{blank}项没有数据无法评判" if blank else ""
        return f"{head}。" + (f"未达到的是：{_worst(missed, lang)}。" if missed else "")
    head = f"{len(due)} targets were due by {results.year}: {len(met)} met, {len(missed)} not met"
    head += f", {blank} without data" if blank else ""
    return f"{head}." + (f" Not met: {_worst(missed, lang)}." if missed else "")


def open_line(results: Results, lang: str) -> str:
    """Targets still running: how many keep to their path and which do not."""
    running = [row for row in f.evaluated(results) if not f.is_due(row, results.year)]
    late = [row for row in running if row.light in ("behind", "slipping")]
    fine = sum(row.light in ("done", "on_course") for row in running)
    if not running:
        return ""
    rest = len(running) - len(late) - fine
    if lang == "zh":
        head = f"未到期的目标{len(running)}项，{fine}项不落后于进度线，{len(late)}项落后"
        head += f"，{rest}项暂不评判" if rest else ""
        return f"{head}。" + (f"落后的是：{_worst(late, lang)}。" if late else "")
    head = f"{len(running)} targets are still open: {fine} on course, {len(late)} behind their path"
    head += f", {rest} not judged yet" if rest else ""
    return f"{head}." + (f" Behind: {_worst(late, lang)}." if late else "")


def _worst(rows: Sequence[TargetRow], lang: str, most: int = 5) -> str:
    """The rows that lag most, by how much; more than a handful are left to the section on what is behind."""
    ordered = sorted(rows, key=lambda row: (row.light != "behind", row.progress if row.progress is not None else 0.0))
    said = [short_of(row, lang) for row in ordered[:most]]
    if len(rows) <= most:
        return ("；" if lang == "zh" else "; ").join(said)
    rest = len(rows) - most
    return (
        f"{'；'.join(said)}；其余{rest}项见第四部分" if lang == "zh" else f"{'; '.join(said)}; {rest} more in section 4"
    )


def unjudged_line(results: Results, lang: str) -> str:
    reasons = [f.unjudged_because(row, results.year) for row in f.evaluated(results)]
    found = [(why, reasons.count(why)) for why in f.UNJUDGED if why in reasons]
    if not found:
        return ""
    total = sum(number for _, number in found)
    if lang == "zh":
        return f"无数据的{total}项中，" + "，".join(f"{_UNJUDGED[why].zh}的{number}项" for why, number in found) + "。"
    return f"Of the {total} not judged: " + ", ".join(f"{number} {_UNJUDGED[why].en}" for why, number in found) + "."


def announced_line(results: Results, lang: str) -> str:
    """Plans that begin after the year of the run."""
    said = []
    for plan, number in f.announced(results):
        if lang == "zh":
            said.append(f"{_plan(plan)}自{plan.first_year}年起执行，其{number}项目标列入附表1，不作本年度评判。")
        else:
            said.append(f"{_plan_en(plan)} begins in {plan.first_year}; annex 1 lists its {number} targets unjudged.")
    return ("" if lang == "zh" else " ").join(said)


def short_of(row: TargetRow, lang: str) -> str:
    """Name (due) and by how much it falls short: ``新增光伏装机（2025年）差2.4 MW``."""
    said = f.shown(row, lang)
    name = f.name_of(row, lang)
    year = (f"（{row.year_to}年）" if lang == "zh" else f" ({row.year_to})") if row.year_to else ""
    return (
        f"{name}{year}{gap_words(row, said, lang)}" if lang == "zh" else f"{name}{year}, {gap_words(row, said, lang)}"
    )


def gap_words(row: TargetRow, said: f.Shown, lang: str) -> str:
    """差2.4 MW / 超出0.4个百分点 / 持平; nothing where there is no path."""
    if row.gap is None:
        return ""
    unit = said.unit if said.unit != "%" else POINTS[lang]
    size = with_unit(said.gap_size, unit)
    if said.gap_size == "0":
        return "与应达持平" if lang == "zh" else "exactly on the path"
    if lang == "en":
        over = "over the limit" if row.shape == "limit" else "short"
        return f"{size} {'ahead' if row.gap > 0 else over}"
    if row.direction == "down":
        line = "限值" if row.shape == "limit" else "应达"
        return f"{'低于' if row.gap > 0 else '高出'}{line}{size}"
    return f"{'超出' if row.gap > 0 else '差'}{size}"


def standing(row: TargetRow, lang: str) -> str:
    """One target in a sentence: actual, what it should be, gap, light."""
    said, light = f.shown(row, lang), LIGHTS[row.light]
    name = f.name_of(row, lang)
    if row.value is None:
        why = tidy(row.why_zh if lang == "zh" else row.why_en, lang)
        aim = said.target_unit() if row.target_value is not None else said.target
        return f"{name}（目标{aim}）{light.mark}{why}" if lang == "zh" else f"{name} (target {aim}) {light.mark} {why}"
    aim = said.target_unit() if row.target_value is not None else said.target
    gap = gap_words(row, said, lang)
    if lang == "zh":
        due = f"{row.year_to}年目标{aim}" if row.year_to else f"目标{aim}"
        parts = [f"{name}{_gap_after(name)}{said.actual_unit()}", due, *([gap] if gap else [])]
        return "，".join(parts) + f"，{light.mark}{f.light_said(row, lang)}"
    due = f"target {aim} by {row.year_to}" if row.year_to else f"target {aim}"
    return ", ".join(
        [f"{name}: {said.actual_unit()}", due, *([gap] if gap else []), f"{light.mark} {f.light_said(row, lang)}"]
    )


def _gap_after(name: str) -> str:
    """A figure must not run into a name that ends in Latin letters or figures (PUE 1.25)."""
    return FIRM if name[-1:].isascii() else ""


def group_title(group: f.Group, lang: str, *, full: bool = False) -> str:
    """An action's title; with its plan's before it where several plans are told of."""
    own = group.title or group.number if group.part == "action" else PARTS[group.part].say(lang)
    return f"{group.plan.title} · {own}" if full else own


def group_line(group: f.Group, lang: str) -> str:
    """How the targets of an action stand."""
    if not group.targets:
        return "本部分没有量化目标。" if lang == "zh" else "No quantified target here."
    held = {light: number for light, number in f.counts(group.targets).items() if number}
    if lang == "zh":
        parts = "，".join(f"{LIGHTS[light].name.zh}{number}项" for light, number in held.items())
        return f"目标{len(group.targets)}项：{parts}。"
    return (
        f"{len(group.targets)} targets: " + ", ".join(f"{n} {LIGHTS[light].name.en}" for light, n in held.items()) + "."
    )


def who(task: TaskRow, lang: str) -> str:
    lead, others = f.lead_of(task.units), f.others_of(task.units)
    if not lead:
        return "方案未写明责任单位。" if lang == "zh" else "The plan names no unit."
    if lang == "zh":
        return f"{lead}牵头" + (f"，{some(others, 3, lang)}配合。" if others else "。")
    return f"Led by {lead}" + (f", with {some(others, 3, lang)}." if others else ".")


def reported(task: TaskRow, year: int, states: dict[str, Text], lang: str) -> str:
    """The lead's latest narrative of the year, and the states that the others reported."""
    reports = f.latest_reports(task, year)
    if not reports:
        return f"{year}年没有填报进展。" if lang == "zh" else f"Nothing was reported in {year}."
    first, rest = reports[0], reports[1:]
    state = _state(first, states, lang)
    narrative = _clipped(str(first.get("narrative") or ""), 120)
    at = quarter(str(first.get("quarter") or ""), lang)
    unit = str(first.get("unit") or "")
    if lang == "zh":
        more = f"另有{len(rest)}个单位填报，{_states(rest, states, lang)}。" if rest else ""
        return f"{at}{unit}填报（{state}）：{narrative.rstrip('。')}。{more}"
    more = f" {len(rest)} more units reported: {_states(rest, states, lang)}." if rest else ""
    return f"{unit} in {at} ({state}): {narrative.rstrip('.。')}.{more}"


def _state(report: object, states: dict[str, Text], lang: str) -> str:
    code = str(report.get("status") or "") if isinstance(report, dict) else ""
    return states[code].say(lang) if code in states else code


def _states(reports: Sequence[object], states: dict[str, Text], lang: str) -> str:
    said = [_state(report, states, lang) for report in reports]
    unique = list(dict.fromkeys(said))
    if lang == "zh":
        return "，".join(f"{state}{said.count(state)}个" for state in unique)
    return ", ".join(f"{said.count(state)} {state.lower()}" for state in unique)


def _clipped(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def problem(row: TargetRow, year: int, lang: str) -> str:
    """What is behind, by how much, who leads, since when."""
    said, since, lead = f.shown(row, lang), f.behind_since(row), f.lead_of(row.units)
    due, at = f.is_due(row, year), row.value_year or year
    gap, limit = gap_words(row, said, lang), row.shape == "limit"
    expected = with_unit(said.expected, said.unit)
    if lang == "zh":
        aim = f"{row.year_to}年目标{said.target_unit()}" if due else f"{'限值' if limit else '同期应达'}{expected}"
        parts = [f"{at}年实际{said.actual_unit()}", aim, *([gap] if gap else [])]
        side = f"{'低于' if row.direction == 'up' else '高于'}{'限值' if limit else '进度线'}"
        end = f"自{since}年起{side}。" if since is not None else ""
        leads = f"牵头单位：{lead}。" if lead else "方案未写明责任单位。"
        return f"{'，'.join(parts)}。{end}{leads}"
    aim = f"target {said.target_unit()} in {row.year_to}" if due else f"{'limit' if limit else 'path'} {expected}"
    end = f" {'Over the limit' if limit else 'Behind its path'} since {since}." if since is not None else ""
    leads = f" Lead: {lead}." if lead else " The plan names no unit."
    return f"{said.actual_unit()} in {at}, {aim}{', ' + gap if gap else ''}.{end}{leads}"


def pace(row: TargetRow, year: int, lang: str) -> tuple[str, str, str]:
    """What an open target still asks for, by arithmetic alone: (now, still to go, needed in each year left)."""
    said, left = f.shown(row, lang), f.remaining(row, year)
    if row.value is None:
        return "–", "–", "–"
    if left is None:
        kept = {"zh": "已达到", "en": "kept"}[lang] if row.light in ("done", "on_course") else "–"
        return said.actual, kept, "–"
    divisor, _ = f.unit_of(row, lang)
    amount = figure(left.amount / divisor, row.precision)
    if row.shape == "reduction":
        cut = f"{figure(left.per_year, row.precision)}%"
        return said.actual, amount, f"下降{cut}" if lang == "zh" else f"a cut of {cut}"
    return said.actual, amount, figure(left.per_year / divisor, row.precision)


def missing_by_lead(rows: Sequence[TargetRow], lang: str) -> str:
    """Who leads the targets that have no figure."""
    named = {unit: held for unit, held in f.by_lead(rows).items() if unit}
    if lang == "zh":
        return "、".join(f"{unit}{len(held)}项" for unit, held in named.items())
    return listed([f"{unit} {len(held)}" for unit, held in named.items()], lang)
