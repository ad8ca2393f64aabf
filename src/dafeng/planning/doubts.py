"""What the import is unsure of, in words for the person who will look at it."""

from __future__ import annotations

from dafeng.planning.findings import Doubt
from dafeng.planning.model import Note, Target

UNSURE_BELOW = 0.75
_REASONS = {
    "frequency": ("按期重复的工作量", "an amount of work that recurs"),
    "no unit": ("数值没有单位", "a figure without a unit"),
    "weak": ("没有时限，也没有“不低于”之类的词", "no time and no word such as “at least”"),
}


class NoteBook:
    """Gathers notes; the same thing about the same place is noted once."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str | None, str], Note] = {}
        self._unknown: dict[str, list[str]] = {}

    def notes(self) -> tuple[Note, ...]:
        for name, clauses in self._unknown.items():
            where = "、".join(dict.fromkeys(clauses))
            self._add(
                "unknown-unit",
                clauses[0],
                name,
                f"责任单位“{name}”不在单位名录中，按原文保留（{where}）",
                f"“{name}” is not in the register of units; kept as printed ({where})",
            )
        return tuple(self._notes.values())

    def _add(self, code: str, clause: str | None, text: str, zh: str, en: str) -> None:
        self._notes.setdefault((code, clause, text), Note(code, clause, text, zh, en))

    def unknown_unit(self, clause: str, name: str) -> None:
        """One note for a name, however many clauses have it."""
        self._unknown.setdefault(name, []).append(clause)

    def no_units(self, clause: str, title: str) -> None:
        self._add("no-units", clause, title, "没有读到责任单位", "no responsible unit was read")

    def doubt(self, clause: str, doubt: Doubt) -> None:
        zh, en = _REASONS[doubt.reason]
        self._add(
            "not-taken",
            clause,
            doubt.text,
            f"句中的数没有作为目标（{zh}），请确认",
            f"a figure here was not taken as a target ({en}); please confirm",
        )

    def said_twice(self, first: str, again: str, sentence: str) -> None:
        self._add(
            "said-twice",
            again,
            sentence,
            f"与 {first} 是同一目标，只记一次",
            f"the same target as in {first}; kept once",
        )

    def about_target(
        self, target: Target, no_si: bool, indicators: tuple[str, ...], far: tuple[str, ...], matched: bool
    ) -> None:
        """What is unsure about a target that was taken. far: indicators of which only other words of the sentence
        speak."""
        name = target.subject or target.sentence
        if target.confidence < UNSURE_BELOW:
            self._add(
                "unsure-target",
                target.clause,
                target.id,
                f"“{name}”是否为目标、数值与年份是否正确，请确认（把握 {target.confidence:g}）",
                f"please confirm that “{name}” is a target, its figure and year (confidence {target.confidence:g})",
            )
        if no_si:
            self._add(
                "unknown-measure",
                target.clause,
                target.id,
                f"不认识计量单位“{target.unit}”，未换算",
                f"the unit of measure “{target.unit}” is not known; not converted",
            )
        if len(indicators) > 1:
            names = "、".join(indicators)
            self._add(
                "many-indicators",
                target.clause,
                target.id,
                f"“{name}”可对应多个指标：{names}，请选定",
                f"“{name}” may be any of {names}; please choose",
            )
        elif far:
            names = "、".join(far)
            self._add(
                "far-indicator",
                target.clause,
                target.id,
                f"“{name}”本身没有提到{names}，只是同一句里提到；是否对应请确认，对应的填入 indicator",
                f"words of {names} stand in the sentence of “{name}”, but not beside its figure; write the indicator "
                "into the plan if it is the one",
            )
        elif matched and not indicators:
            self._add(
                "no-indicator", target.clause, target.id, f"没有指标回答“{name}”", f"no indicator answers “{name}”"
            )

    def no_actions(self) -> None:
        self._add(
            "no-actions",
            None,
            "",
            "没有读到行动与任务：文档的编号或标题可能已丢失",
            "no actions or tasks were read: numbers or headings may have been lost",
        )

    def no_title(self) -> None:
        self._add("no-title", None, "", "没有读到方案标题", "the plan's title was not found")

    def no_targets(self) -> None:
        self._add("no-targets", None, "", "没有读到任何目标", "no target was found")

    def no_year(self) -> None:
        self._add(
            "no-year",
            None,
            "",
            "没有读到发文日期或文号，无法区分已完成的数与目标",
            "no date or number was found, so that what has been reached cannot be told from targets",
        )
