"""What is wrong or unsure in plans: no indicator, unknown units, periods that contradict, weaker than the city asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dafeng.core.errors import ERROR, WARNING, Place, Problem, Problems
from dafeng.planning.difference import word_likeness
from dafeng.planning.model import Plan, Target
from dafeng.planning.responsibility import Body, Register, Unit

_ALIKE = 0.8


def check_plan(
    plan: Plan,
    *,
    file: str | None = None,
    indicators: Iterable[str] | None = None,
    bodies: Iterable[Body] = (),
    against: Plan | None = None,
) -> list[Problem]:
    """Problems of one plan. indicators: names the catalogue knows (None: not checked). against: the plan of the
    level above, whose targets must not be weakened."""
    problems = Problems()
    _indicators(plan, file, None if indicators is None else set(indicators), problems)
    _units(plan, file, Register(bodies), problems)
    _periods(plan, file, problems)
    if against is not None:
        _weaker(plan, against, file, problems)
    return problems.found


def check_succession(plans: Sequence[tuple[str, Plan]]) -> list[Problem]:
    """Contradictions between plans of one district: one thing, one year, two figures. A plan may change what the one
    that it succeeds has asked for.

    plans: (file, plan); ``succeeds`` holds the stem of a file."""
    problems = Problems()
    before = {Path(name).stem: plan.succeeds for name, plan in plans}
    for at, (name, plan) in enumerate(plans):
        _predecessor(name, plan, before, problems)
        for other_name, other in plans[at + 1 :]:
            if _follows(name, other_name, before) or _follows(other_name, name, before):
                continue
            for target in plan.targets:
                for twin in other.targets:
                    if _one_thing(target, twin) and target.period.last == twin.period.last and _si(target) != _si(twin):
                        _contradiction(problems, name, target, other_name, twin)
    return problems.found


def _follows(name: str, other: str, before: Mapping[str, str | None]) -> bool:
    """Whether a plan succeeds another, be it by way of plans between them."""
    wanted, seen = Path(other).stem, set()
    stem = before.get(Path(name).stem)
    while stem is not None and stem not in seen:
        stem = _stem(stem)
        if stem == wanted:
            return True
        seen.add(stem)
        stem = before.get(stem)
    return False


def _stem(name: str) -> str:
    return Path(name).stem if name.endswith((".yaml", ".yml")) else name


def _predecessor(name: str, plan: Plan, before: Mapping[str, str | None], problems: Problems) -> None:
    if plan.succeeds is None or _stem(plan.succeeds) in before:
        return
    others = [one for one in before if one != Path(name).stem]
    problems.add(
        "plan.no-predecessor",
        Place(file=name, field="succeeds"),
        f"没有名为“{plan.succeeds}”的方案，无从承接",
        f"there is no plan called “{plan.succeeds}” to succeed",
        fix_zh=f"写 plans/ 中的文件名：{'、'.join(others) or '（没有其他方案）'}",
        fix_en=f"name a file of plans/: {', '.join(others) or '(no other plan)'}",
        level=WARNING,
    )


def _contradiction(problems: Problems, name: str, target: Target, other_name: str, twin: Target) -> None:
    problems.add(
        "plan.plans-differ",
        Place(file=other_name, item=twin.id, field="value"),
        f"“{twin.subject}”{twin.period.last} 年为 {_said(twin)}，而 {name} 的 {target.id} 为 {_said(target)}",
        f"“{twin.subject}” is {_said(twin)} in {twin.period.last}, but {_said(target)} in {target.id} of {name}",
        fix_zh="后一份方案有意调整的，在 succeeds 写明前一份；否则核对原文",
        fix_en="if the later plan means to change it, name the earlier in succeeds; else compare the documents",
        level=WARNING,
    )


def _indicators(plan: Plan, file: str | None, known: set[str] | None, problems: Problems) -> None:
    if known is None:
        return
    for target in plan.targets:
        if target.indicator is None:
            problems.add(
                "plan.no-indicator",
                Place(file=file, item=target.id, field="indicator"),
                f"目标“{_name(target)}”没有对应的指标",
                f"no indicator answers the target “{_name(target)}”",
                fix_zh="在方案文件里填 indicator，或在区的 catalogue/ 里添加指标",
                fix_en="write its indicator into the plan's file, or add one in the district's catalogue/",
                level=WARNING,
            )
        elif target.indicator not in known:
            problems.add(
                "plan.unknown-indicator",
                Place(file=file, item=target.id, field="indicator"),
                f"目录里没有指标 {target.indicator}",
                f"the catalogue has no indicator {target.indicator}",
                fix_zh="改正名称，见 dafeng catalogue show",
                fix_en="mend the name; see dafeng catalogue show",
                level=ERROR,
            )


def _units(plan: Plan, file: str | None, register: Register, problems: Problems) -> None:
    if not register:
        return
    for task in plan.items():
        for unit in task.units:
            _, known = register.resolve(Unit(unit.name, unit.role))
            if not known:
                problems.add(
                    "plan.unknown-unit", Place(file=file, item=task.clause, field="units"),
                    f"单位名录里没有“{unit.name}”", f"the register of units does not know “{unit.name}”",
                    fix_zh="改正名称，或把它加入责任单位台账",
                    fix_en="mend the name, or add it to the register of responsible units", level=WARNING,
                )  # fmt: skip


def _periods(plan: Plan, file: str | None, problems: Problems) -> None:
    """Years that cannot be: an end before the start, the base year or the plan; an earlier goal that asks more."""
    issued = int(plan.issued_on[:4]) if plan.issued_on and plan.issued_on[:4].isdigit() else None
    for target in plan.targets:
        first, last = target.period.first, target.period.last
        reasons = []
        if first is not None and last is not None and first > last:
            reasons.append((f"起始年 {first} 晚于终止年 {last}", f"it starts in {first}, after its end in {last}"))
        if last is not None and target.base_year is not None and target.base_year >= last:
            reasons.append(
                (
                    f"基年 {target.base_year} 不早于目标年 {last}",
                    f"its base year {target.base_year} is not before {last}",
                )
            )
        if last is not None and issued is not None and last < issued:
            reasons.append((f"目标年 {last} 早于发文年 {issued}", f"its year {last} is before the plan's, {issued}"))
        for zh, en in reasons:
            problems.add(
                "plan.period-contradicts",
                Place(file=file, item=target.id, field="period"),
                f"“{_name(target)}”：{zh}",
                f"“{_name(target)}”: {en}",
                fix_zh="对照原文改正年份",
                fix_en="mend the years by the document",
                level=ERROR,
            )
    for at, one in enumerate(plan.targets):
        for other in plan.targets[at + 1 :]:
            if _one_thing(one, other):
                _order(one, other, file, problems)


def _order(one: Target, other: Target, file: str | None, problems: Problems) -> None:
    """Two figures for one thing in one plan: the same year asks one figure, a later year never less."""
    early, late = sorted((one, other), key=lambda target: target.period.last or 0)
    if not early.period.last or not late.period.last or early.parent or late.parent or early.force != late.force:
        return
    a, b = _si(early), _si(late)
    if a is None or b is None:
        return
    if early.period.last == late.period.last:
        if (
            a != b
            and early.comparator == late.comparator
            and early.period == late.period
            and early.base_year == late.base_year
        ):
            zh, en = (
                f"同为 {early.period.last} 年，{early.id} 与 {late.id} 的数值不同",
                f"{early.id} and {late.id} differ for the same year {early.period.last}",
            )
            problems.add(
                "plan.period-contradicts",
                Place(file=file, item=late.id, field="value"),
                f"“{_name(late)}”：{zh}",
                f"“{_name(late)}”: {en}",
                fix_zh="核对原文，保留一个",
                fix_en="compare the document and keep one",
                level=WARNING,
            )
    elif (
        early.period.first is None
        and late.period.first is None
        and early.base_year == late.base_year
        and _stronger(early, late)
    ):
        zh, en = (
            f"{late.period.last} 年的要求弱于 {early.period.last} 年",
            f"{late.period.last} asks less than {early.period.last}",
        )
        problems.add(
            "plan.period-contradicts",
            Place(file=file, item=late.id, field="value"),
            f"“{_name(late)}”：{zh}",
            f"“{_name(late)}”: {en}",
            fix_zh="核对原文",
            fix_en="compare the document",
            level=WARNING,
        )


def _weaker(plan: Plan, city: Plan, file: str | None, problems: Problems) -> None:
    """Shares and reductions of the district that ask less than the city's; amounts cannot be compared."""
    for target in plan.targets:
        for other in city.targets:
            if target.period.last != other.period.last or not _one_thing(target, other) or not _is_share(target):
                continue
            if (other.force and not target.force) or (
                target.base_year != other.base_year and target.direction == "decrease"
            ):
                continue
            if _stronger(other, target):
                problems.add(
                    "plan.weaker-than-city",
                    Place(file=file, item=target.id, field="value"),
                    f"“{_name(target)}”{_said(target)}，弱于上级方案的 {_said(other)}（{other.clause}）",
                    f"“{_name(target)}” {_said(target)} is weaker than {_said(other)} in the plan above",
                    fix_zh="核对原文；上级分解时有意降低的，请注明文件",
                    fix_en="compare the documents; where the level above assigned less, name its document",
                    level=WARNING,
                )


def _is_share(target: Target) -> bool:
    return target.si_unit in ("%", "‰", "个百分点", "") or "/" in target.si_unit


def _stronger(one: Target, other: Target) -> bool:
    """Whether ``one`` asks more than ``other`` of the same thing."""
    a, b = _si(one), _si(other)
    if a is None or b is None or one.si_unit != other.si_unit:
        return False
    limit = one.direction == "limit" or one.comparator in ("<", "<=")
    return a < b if limit else a > b


def _one_thing(one: Target, other: Target) -> bool:
    if one.value is None or other.value is None or one.si_unit != other.si_unit or one.direction != other.direction:
        return False
    if one.indicator and other.indicator:
        return one.indicator == other.indicator
    return bool(one.subject and other.subject) and word_likeness(_bare(one.subject), _bare(other.subject)) >= _ALIKE


def _bare(subject: str) -> str:
    for word in ("全区", "全市", "全县", "我区", "本区", "我市", "本市", "地区", "国内", "的"):
        subject = subject.replace(word, "")
    return subject


def _si(target: Target) -> float | None:
    return target.si_value if target.si_value is not None else target.value


def _name(target: Target) -> str:
    return target.subject or target.qualifier or target.id


def _said(target: Target) -> str:
    return (
        f"{target.comparator or ''}{target.value:g}{target.unit}"
        if target.value is not None
        else (target.qualifier or "")
    )
