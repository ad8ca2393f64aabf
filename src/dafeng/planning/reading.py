"""A plan back from the file that people correct by hand. Every bad field is reported with its place, all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from dafeng.core.errors import Place, Problems
from dafeng.planning.model import (
    COMPARATORS,
    DIRECTIONS,
    LEVELS,
    ROLES,
    Action,
    Note,
    Period,
    Plan,
    Target,
    Task,
    UnitRef,
)

_PLAN_FIELDS = (
    "title",
    "number",
    "issuer",
    "issued_on",
    "status",
    "level",
    "period",
    "succeeds",
    "actions",
    "safeguards",
    "organisation",
    "targets",
    "notes",
)
_TARGET_FIELDS = (
    "id", "clause", "sentence", "span", "subject", "value", "unit", "si_value", "si_unit", "comparator", "direction",
    "period", "base_year", "scope", "qualifier", "force", "indicator", "units", "parent", "confidence",
)  # fmt: skip
_MOST = 1e15


def plan_from_dict(data: Any, file: str | None = None) -> Plan:
    """The plan that ``Plan.as_dict`` gave. Raises BadInput with every field that is wrong."""
    reader = _Reader(file)
    plan = reader.plan(data)
    reader.problems.raise_if_any()
    return plan


class _Reader:
    def __init__(self, file: str | None):
        self.file = file
        self.problems = Problems()

    # ── complaints ──

    def _place(self, item: str | None, field: str) -> Place:
        return Place(file=self.file, item=item, field=field)

    def _wrong_type(self, item: str | None, field: str, zh: str, en: str) -> None:
        self.problems.add(
            "plan.field-type",
            self._place(item, field),
            f"应为{zh}",
            f"must be {en}",
            fix_zh="改正该值",
            fix_en="mend the value",
        )

    def _wrong_choice(self, item: str | None, field: str, value: Any, choices: tuple[str, ...]) -> None:
        self.problems.add(
            "plan.field-choice", self._place(item, field), f"“{value}”不可用", f"“{value}” is not one of the values",
            fix_zh=f"可用：{'、'.join(choices)}；~ 要加引号", fix_en=f"use one of {', '.join(choices)}; ~ needs quotes",
        )  # fmt: skip

    def _unknown(self, item: str | None, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for name in data:
            if name not in known:
                self.problems.add(
                    "plan.unknown-field",
                    self._place(item, str(name)),
                    f"没有名为 {name} 的字段",
                    f"there is no field called {name}",
                    fix_zh=f"可用：{'、'.join(known)}",
                    fix_en=f"fields: {', '.join(known)}",
                )

    # ── plain values ──

    def _text(self, data: Mapping[str, Any], field: str, item: str | None, *, needed: bool = False) -> str | None:
        value = data.get(field)
        if value is None or value == "":
            if needed:
                self.problems.add(
                    "plan.missing-field",
                    self._place(item, field),
                    f"缺少 {field}",
                    f"{field} is missing",
                    fix_zh="补上该字段",
                    fix_en="add the field",
                )
            return None
        if isinstance(value, (dt.date, int)) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, float):
            # 2.10 has already become 2.1: a clause must be quoted.
            self._wrong_type(item, field, "加引号的文字", "text in quotes")
            return None
        if not isinstance(value, str):
            self._wrong_type(item, field, "文字", "text")
            return None
        return value

    def _number(self, data: Mapping[str, Any], field: str, item: str | None) -> float | None:
        value = data.get(field)
        if value is None:
            return None
        # .nan, .inf and a number of 400 digits are numbers to YAML and nothing that a plan can ask for.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _MOST:
            self._wrong_type(item, field, "数字，没有则写 null", "a number, null for none")
            return None
        return float(value)

    def _day(self, data: Mapping[str, Any], field: str) -> str | None:
        value = self._text(data, field, None)
        try:
            return value if value is None else dt.date.fromisoformat(value).isoformat()
        except ValueError:
            self._wrong_type(None, field, "日期，如 2022-10-12", "a date such as 2022-10-12")
            return None

    def _year(self, data: Mapping[str, Any], field: str, item: str | None) -> int | None:
        value = data.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 1990 <= value <= 2100:
            self._wrong_type(item, field, "1990—2100 的年份", "a year from 1990 to 2100")
            return None
        return value

    def _choice(
        self, data: Mapping[str, Any], field: str, item: str | None, choices: tuple[str, ...], default: str | None
    ) -> Any:
        value = data.get(field, default)
        if value is None:
            return default
        if value not in choices:
            self._wrong_choice(item, field, value, choices)
            return default
        return value

    def _list(self, data: Mapping[str, Any], field: str, item: str | None) -> list[Any]:
        value = data.get(field)
        if value is None:
            return []
        if not isinstance(value, list):
            self._wrong_type(item, field, "列表", "a list")
            return []
        return value

    def _mappings(self, data: Mapping[str, Any], field: str, item: str | None) -> list[Mapping[str, Any]]:
        entries = self._list(data, field, item)
        for number, entry in enumerate(entries, 1):
            if not isinstance(entry, dict):
                self._wrong_type(item, f"{field} #{number}", "“字段: 值”的形式", "fields and values")
        return [entry for entry in entries if isinstance(entry, dict)]

    def _period(self, data: Mapping[str, Any], item: str | None) -> Period:
        value = data.get("period")
        if value is None:
            return Period()
        if not isinstance(value, dict):
            self._wrong_type(item, "period", "{from: 年, to: 年}", "{from: year, to: year}")
            return Period()
        first, last = self._year(value, "from", item), self._year(value, "to", item)
        if first is not None and last is not None and first > last:
            self.problems.add(
                "plan.period",
                self._place(item, "period"),
                f"起始年 {first} 晚于终止年 {last}",
                f"the first year {first} is after the last, {last}",
                fix_zh="改正年份",
                fix_en="mend the years",
            )
        return Period(first, last)

    # ── parts ──

    def plan(self, data: Any) -> Plan:
        if not isinstance(data, dict):
            self._wrong_type(None, "", "一份方案（字段与值）", "a plan (fields and values)")
            return Plan(None, None, None, None)
        self._unknown(None, data, _PLAN_FIELDS)
        targets = tuple(
            self._target(entry, number) for number, entry in enumerate(self._mappings(data, "targets", None), 1)
        )
        plan = Plan(
            self._text(data, "title", None),
            self._text(data, "number", None),
            self._text(data, "issuer", None),
            self._day(data, "issued_on"),
            self._choice(data, "status", None, ("issued", "draft"), "issued"),
            self._choice(data, "level", None, LEVELS, "district"),
            self._period(data, None),
            self._text(data, "succeeds", None),
            tuple(self._action(entry, number) for number, entry in enumerate(self._mappings(data, "actions", None), 1)),
            tuple(
                self._task(entry, "safeguards", n)
                for n, entry in enumerate(self._mappings(data, "safeguards", None), 1)
            ),
            tuple(
                self._task(entry, "organisation", n)
                for n, entry in enumerate(self._mappings(data, "organisation", None), 1)
            ),
            targets,
            tuple(self._note(entry) for entry in self._mappings(data, "notes", None)),
        )
        self._cross(plan)
        return plan

    def _action(self, data: Mapping[str, Any], number: int) -> Action:
        item = str(data.get("id") or f"actions #{number}")
        self._unknown(item, data, ("id", "no", "title", "tasks"))
        tasks = tuple(self._task(entry, item, n) for n, entry in enumerate(self._mappings(data, "tasks", item), 1))
        return Action(item, self._text(data, "no", item) or "", self._text(data, "title", item) or "", tasks)

    def _task(self, data: Mapping[str, Any], part: str, number: int) -> Task:
        item = str(data.get("id") or f"{part} #{number}")
        self._unknown(item, data, ("id", "no", "title", "clause", "units", "targets"))
        targets = tuple(str(name) for name in self._list(data, "targets", item))
        return Task(
            item, self._text(data, "no", item) or "", self._text(data, "title", item) or "",
            self._text(data, "clause", item, needed=True) or "", self._units(data, item), targets,
        )  # fmt: skip

    def _units(self, data: Mapping[str, Any], item: str) -> tuple[UnitRef, ...]:
        units = []
        for entry in self._list(data, "units", item):
            if isinstance(entry, str):
                units.append(UnitRef(entry, "support" if units else "lead"))
            elif isinstance(entry, dict):
                self._unknown(item, entry, ("name", "role"))
                name = self._text(entry, "name", item, needed=True)
                role = self._choice(entry, "role", item, ROLES, "support")
                if name:
                    units.append(UnitRef(name, role))
            else:
                self._wrong_type(
                    item,
                    "units",
                    "{name: 名称, role: lead/support/wildcard}",
                    "{name: …, role: lead, support or wildcard}",
                )
        return tuple(units)

    def _target(self, data: Mapping[str, Any], number: int) -> Target:
        item = str(data.get("id") or f"targets #{number}")
        self._unknown(item, data, _TARGET_FIELDS)
        self._text(data, "id", item, needed=True)
        value = self._number(data, "value", item)
        comparator = self._choice(data, "comparator", item, COMPARATORS, None)
        if value is not None and comparator is None and data.get("comparator") is None:
            self._wrong_choice(item, "comparator", "null", COMPARATORS)
        if data.get("value") is None and not data.get("qualifier"):
            self.problems.add(
                "plan.no-value",
                self._place(item, "value"),
                "没有数值，也没有 qualifier",
                "neither a value nor a qualifier",
                fix_zh="填数值，或在 qualifier 写明“全部”“应装尽装”等",
                fix_en="give a value, or say in qualifier what full means",
            )
        confidence = self._number(data, "confidence", item)
        if confidence is not None and not 0 <= confidence <= 1:
            self._wrong_type(item, "confidence", "0 到 1 的数", "a number from 0 to 1")
        return Target(
            id=item,
            clause=self._text(data, "clause", item, needed=True) or "",
            sentence=self._text(data, "sentence", item) or "",
            span=self._span(data, item),
            subject=self._text(data, "subject", item) or "",
            value=value,
            unit=self._text(data, "unit", item) or "",
            si_value=self._number(data, "si_value", item),
            si_unit=self._text(data, "si_unit", item) or "",
            comparator=comparator,
            direction=self._choice(data, "direction", item, DIRECTIONS, "increase"),
            period=self._period(data, item),
            base_year=self._year(data, "base_year", item),
            scope=self._text(data, "scope", item),
            qualifier=self._text(data, "qualifier", item),
            force=self._text(data, "force", item),
            indicator=self._text(data, "indicator", item),
            units=self._units(data, item),
            parent=self._text(data, "parent", item),
            confidence=1.0 if confidence is None else confidence,
        )

    def _span(self, data: Mapping[str, Any], item: str) -> tuple[int, int]:
        value = data.get("span")
        if value is None:
            return (0, 0)
        if (
            isinstance(value, list)
            and len(value) == 2
            and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
            and 0 <= value[0] <= value[1]
        ):
            return (value[0], value[1])
        self._wrong_type(item, "span", "[起, 止] 两个字符位置", "[start, end], two places in the text")
        return (0, 0)

    def _note(self, data: Mapping[str, Any]) -> Note:
        code, text, zh, en = (self._text(data, name, "notes") or "" for name in ("code", "text", "zh", "en"))
        return Note(code, self._text(data, "clause", "notes"), text, zh, en)

    def _cross(self, plan: Plan) -> None:
        """Ids are unique, and what is referred to exists."""
        ids = [target.id for target in plan.targets]
        for name in sorted({one for one in ids if ids.count(one) > 1}):
            self.problems.add(
                "plan.duplicate-id",
                self._place(name, "id"),
                f"有几个目标都叫 {name}",
                f"several targets are called {name}",
                fix_zh="改成不同的 id",
                fix_en="give them different ids",
            )
        known = set(ids)
        for task in plan.items():
            for name in task.targets:
                if name not in known:
                    self.problems.add(
                        "plan.unknown-target",
                        self._place(task.id, "targets"),
                        f"没有目标 {name}",
                        f"there is no target {name}",
                        fix_zh="改正 id，或删去这一项",
                        fix_en="mend the id, or take it out",
                    )
        for target in plan.targets:
            if target.parent is not None and target.parent not in known:
                self.problems.add(
                    "plan.unknown-target",
                    self._place(target.id, "parent"),
                    f"没有目标 {target.parent}",
                    f"there is no target {target.parent}",
                    fix_zh="改正 id，或删去 parent",
                    fix_en="mend the id, or take parent out",
                )
