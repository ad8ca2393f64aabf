"""Text of a plan document → the plan. Pure: registers of units and words for indicators are handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from dafeng.planning.characters import plain, simplified
from dafeng.planning.doubts import NoteBook
from dafeng.planning.findings import Found, Reading
from dafeng.planning.letterhead import Letterhead, read_letterhead
from dafeng.planning.matching import Matcher, match_far, match_indicator
from dafeng.planning.measures import si
from dafeng.planning.model import Action, Period, Plan, Target, Task, UnitRef
from dafeng.planning.outline import Node, read_outline, split_lines
from dafeng.planning.parts import Group, Item, Parts, read_parts
from dafeng.planning.places import places_in
from dafeng.planning.responsibility import Body, Register, Unit, read_units, term_in, units_tail_start
from dafeng.planning.sentences import read_text
from dafeng.planning.tables import IndicatorTable, read_table
from dafeng.planning.tasktables import graft, read_task_table
from dafeng.planning.times import When, due_in, find_times


class Readable(Protocol):
    """A document that has been read: its text (and the same with broken lines joined, where that differs), the tables
    found in it, and its unnumbered headings."""

    @property
    def text(self) -> str: ...

    @property
    def paragraphs(self) -> str | None: ...

    @property
    def tables(self) -> Sequence[IndicatorTable]: ...

    @property
    def headings(self) -> dict[int, int]: ...


def import_plan(
    document: str | Readable,
    *,
    tables: Sequence[IndicatorTable] | None = None,
    bodies: Iterable[Body] = (),
    matchers: Iterable[Matcher] = (),
) -> Plan:
    """The plan that a document holds.

    document: its text, or a document as ``sources.documents`` reads it. tables: tables of indicators with their rows'
    places in the text (the document's own, when None). bodies: the register of units. matchers: words by which a
    target finds its indicator.
    """
    printed = document if isinstance(document, str) else document.text
    text = printed if isinstance(document, str) else document.paragraphs or printed
    if tables is None:
        tables = () if isinstance(document, str) else document.tables
    headings = {} if isinstance(document, str) else document.headings
    plan = _Import(text, tables, headings, Register(bodies), tuple(matchers)).plan()
    if text is printed:
        return plan
    place = places_in(printed, text)
    return replace(plan, targets=tuple(replace(target, span=place(target.span)) for target in plan.targets))


class _Import:
    """One import. Offsets count characters of ``text``; ``plain`` is the same text in one way of writing."""

    def __init__(
        self,
        text: str,
        tables: Sequence[IndicatorTable],
        headings: dict[int, int],
        register: Register,
        matchers: tuple[Matcher, ...],
    ):
        self.text, self.plain, self.readable = text, plain(text), simplified(text)
        self.register, self.matchers = register, matchers
        rows = {row.start for table in tables for row in table.rows}
        tasks = [read_task_table(table) for table in tables]
        # The tables that may hold indicators.
        self.tables = [table for table, of_tasks in zip(tables, tasks, strict=True) if of_tasks is None]
        outline = read_outline(split_lines(self.plain, rows), headings)
        outline = graft(outline, [table for table in tasks if table is not None])
        self.parts: Parts = read_parts(outline)
        first = min((node.start for node in outline), default=len(text))
        begin = self._first_start(first)
        self.head: Letterhead = read_letterhead(self.plain[:begin], self.plain[begin:], self.readable[:begin])
        self.notes = NoteBook()
        self.found: list[tuple[str, tuple[UnitRef, ...], Found]] = []

    def _first_start(self, fallback: int) -> int:
        """Where the plan's own first item starts (a notice may have had items before)."""
        return min((item.node.start for item in self._all_items()), default=fallback)

    def _printed(self, place: tuple[int, int]) -> str:
        """A piece of the document as printed, in simplified characters."""
        return self.readable[place[0] : place[1]].strip()

    def _heading(self, node: Node) -> tuple[str, str]:
        """(number, title) of an item as printed."""
        if node.mark.kind == "cell":
            return node.no, self._printed(node.title_at)
        return (self._printed((node.start, node.title_at[0])) if node.no else ""), self._printed(node.title_at)

    def plan(self) -> Plan:
        actions = [self._action(number, group) for number, group in enumerate(self.parts.actions, 1)]
        carried = None
        for item in self.parts.head:
            carried = self._read(item, (), head=True, carried=carried)
        for item in self.parts.passed:
            self._tables_in(item, ())
        self._tables_apart()
        safeguards = [self._task(item, tail=True) for item in self.parts.safeguards]
        organisation = [self._task(item, tail=True) for item in self.parts.organisation]
        targets = self._targets()
        self._check_shape(targets)
        by_clause: dict[str, list[str]] = {}
        for target in targets:
            by_clause.setdefault(target.clause, []).append(target.id)

        def with_targets(task: Task) -> Task:
            return replace(task, targets=tuple(by_clause.get(task.clause, ())))

        return Plan(
            self.head.title, self.head.number, self.head.issuer, self.head.issued_on, self.head.status, self.head.level,
            _plan_period(self.head, targets), None,
            tuple(replace(action, tasks=tuple(map(with_targets, action.tasks))) for action in actions),
            tuple(map(with_targets, safeguards)), tuple(map(with_targets, organisation)), tuple(targets),
            self.notes.notes(),
        )  # fmt: skip

    # ── items ──

    def _action(self, number: int, group: Group) -> Action:
        texts, shared, _ = self._split_units(group.texts)
        if texts:
            self._read(Item(group.clause, group.node, texts), (), intro=True)
        tasks = tuple(self._task(task, shared=shared) for task in group.tasks)
        return Action(f"A{number}", *self._heading(group.node), tasks)

    def _task(self, item: Item, *, tail: bool = False, shared: Sequence[Unit] = ()) -> Task:
        """shared: units named for the whole action, which answer for a task that names none."""
        texts, listed, due = self._split_units(item.texts)
        if due is not None:
            item.node.due = {start: due for start, _ in texts} | item.node.due
        listed = listed or item.node.owners or shared
        units = tuple(self._resolve(unit, item.clause) for unit in listed)
        if not units and not tail:
            self.notes.no_units(item.clause, item.node.title)
        self._read(Item(item.clause, item.node, texts), units, tail=tail)
        return Task(item.clause, *self._heading(item.node), item.clause, units)

    def _split_units(self, texts: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[Unit], When | None]:
        """An item's texts without its lists of units, the units, and the deadline printed with them."""
        kept, lists, due = [], [], None
        for start, end in texts:
            tail = units_tail_start(self.plain[start:end])
            term = term_in(self.plain[start + (tail or 0) : end])
            if term is not None and (tail is not None or term[1]):
                due = due_in(term[0]) or due
            if tail is None and term is not None and term[1]:
                continue
            if tail is None:
                kept.append((start, end))
                continue
            if tail > 0:
                kept.append((start, start + tail))
            lists.append(self.plain[start + tail : end].strip(" 。；"))
        return kept, read_units("；".join(lists)) if lists else [], due

    def _resolve(self, unit: Unit, clause: str) -> UnitRef:
        resolved, known = self.register.resolve(unit)
        if self.register and not known:
            self.notes.unknown_unit(clause, unit.name)
        return UnitRef(resolved.name, resolved.role)

    # ── targets ──

    def _read(
        self,
        item: Item,
        units: tuple[UnitRef, ...],
        *,
        head: bool = False,
        tail: bool = False,
        intro: bool = False,
        carried: When | None = None,
    ) -> When | None:
        """Read the targets of an item's texts. carried: a time that a list before it goes on with."""
        reading = Reading(self.head.year, head=head, tail=tail, figures_only=intro)
        rows = [(row.start, row.end) for table in self.tables for row in table.rows]
        prose = [piece for piece in item.texts if not any(start < piece[1] and piece[0] < end for start, end in rows)]
        carried = read_text(self.plain, prose, reading, carried, item.node.due)
        for found in reading.found:
            if not found.subject and not head and not intro:
                found.subject = item.node.title  # 完成改造45万平方米: of what, the title says
            if tail and (found.dated != "own" or found.comparator == "="):
                continue
            self.found.append((item.clause, units, found))
        for doubt in reading.doubts:
            self.notes.doubt(item.clause, doubt)
        self._tables_in(item, units)
        return carried

    def _tables_apart(self) -> None:
        """Tables of an annex belong to the goals of the plan."""
        texts = [piece for item in self._all_items() for piece in item.texts]
        goals = next((item for item in reversed(self.parts.head) if "目标" in item.node.title), None)
        goals = goals or next(iter(self.parts.head), None)
        for table in self.tables:
            if goals is None or not table.rows or any(start <= table.rows[0].start < end for start, end in texts):
                continue
            self._tables_in(Item(goals.clause, goals.node, [(table.rows[0].start, table.rows[-1].end)]), ())

    def _all_items(self) -> list[Item | Group]:
        parts = self.parts
        tasks = [task for action in parts.actions for task in action.tasks]
        return [*parts.head, *parts.passed, *parts.actions, *tasks, *parts.safeguards, *parts.organisation]

    def _tables_in(self, item: Item, units: tuple[UnitRef, ...]) -> None:
        for table in self.tables:
            if not table.rows or not any(start <= table.rows[0].start < end for start, end in item.texts):
                continue
            for found in read_table(table, self.head.year):
                own = units if found.units is None else tuple(self._resolve(unit, item.clause) for unit in found.units)
                self.found.append((item.clause, own, found))

    def _targets(self) -> list[Target]:
        """Numbered targets in the order of the document; the same one said twice is one."""
        order = sorted(self.found, key=lambda one: (one[2].start, one[2].at))
        kept: list[tuple[str, tuple[UnitRef, ...], Found]] = []
        for clause, units, found in order:
            twin = next((i for i, (_, _, other) in enumerate(kept) if _same(found, other)), None)
            if twin is None:
                kept.append((clause, units, found))
                continue
            first_clause, first_units, first = kept[twin]
            self.notes.said_twice(first_clause, clause, self.text[found.start : found.end])
            if units and not first_units:
                kept[twin] = (clause, units, found)
                for _, _, other in kept:
                    if other.parent is first:
                        other.parent = found
        kept.sort(key=lambda one: (_clause_key(one[0]), one[2].start, one[2].at))
        counts: dict[str, int] = {}
        ids: dict[int, str] = {}
        for clause, _, found in kept:
            counts[clause] = counts.get(clause, 0) + 1
            ids[id(found)] = f"{clause}-{counts[clause]}"
        return [self._target(clause, units, found, ids) for clause, units, found in kept]

    def _target(self, clause: str, units: tuple[UnitRef, ...], found: Found, ids: dict[int, str]) -> Target:
        kept = si(found.value, found.unit) if found.value is not None else (None, "")
        measured = found.unit if found.value is not None else None
        names = match_indicator(found.subject, found.segment, found.plain, measured, self.matchers)
        far = match_far(found.plain, found.unit, self.matchers) if measured is not None and not names else ()
        target = Target(
            id=ids[id(found)],
            clause=clause,
            sentence=self.text[found.start : found.end],
            span=(found.start, found.end),
            subject=found.subject,
            value=found.value,
            unit=found.unit,
            si_value=kept[0] if kept else None,
            si_unit=kept[1] if kept else "",
            comparator=found.comparator,
            direction=found.direction,
            period=Period(found.first, found.last),
            base_year=found.base_year,
            scope=found.scope,
            qualifier=found.qualifier,
            force=found.force,
            indicator=names[0] if len(names) == 1 else None,
            units=units,
            parent=ids.get(id(found.parent)) if found.parent is not None else None,
            confidence=round(found.confidence, 2),
        )
        self.notes.about_target(target, kept is None, names, far, bool(self.matchers))
        return target

    def _check_shape(self, targets: list[Target]) -> None:
        if not self.parts.actions:
            self.notes.no_actions()
        if self.head.title is None:
            self.notes.no_title()
        if not targets:
            self.notes.no_targets()
        if self.head.year is None:
            self.notes.no_year()


def _same(one: Found, other: Found) -> bool:
    """Two wordings of one target: value, unit, direction and year agree, and the subjects mean one thing."""
    if one.value is None or other.value is None:
        if one.value is not other.value or one.qualifier != other.qualifier or one.qualifier != "达峰":
            return False
        return one.last == other.last
    if (one.value, one.unit, one.direction, one.last) != (other.value, other.unit, other.direction, other.last):
        return False
    if one.start == other.start or (one.parent is None) != (other.parent is None):
        return False
    if one.base_year and other.base_year and one.base_year != other.base_year:
        return False
    return _alike(one.subject, other.subject)


def _alike(one: str, other: str) -> bool:
    one, other = (
        re.sub(r"全[区市县州省]|[我本][区市县]|地区|国内|新增|累计|[的、\s]", "", text) for text in (one, other)
    )
    if not one or not other:
        return False
    if one in other or other in one:
        return True
    less, more = sorted((set(one), set(other)), key=len)
    # 非化石能源消费占比 and 非化石能源占一次能源消费比重: the shorter has no word that the longer has not.
    return len(less) >= 5 and len(less & more) >= 0.9 * len(less)


def _clause_key(clause: str) -> tuple[int, ...]:
    return tuple(int(part) for part in clause.split("."))


def _plan_period(head: Letterhead, targets: list[Target]) -> Period:
    """The years of the plan itself: as its title says, else from its first target to its last."""
    found = re.search(r"(20\d\d)\s*年?\s*[—\-~至到]+\s*(20\d\d)", head.title or "")
    if found:
        return Period(int(found[1]), int(found[2]))
    for when in find_times(plain(head.title or "")):
        if when.kind == "plan":
            return Period(when.first, when.last)
    lasts = [target.period.last for target in targets if target.period.last]
    firsts = [target.period.first for target in targets if target.period.first]
    return Period(min(firsts, default=None), max(lasts, default=None))
