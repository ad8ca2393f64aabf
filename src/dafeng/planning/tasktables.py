"""Tables of tasks (任务分解表, 分工表): rows become tasks with units and a time, in the outline where the table stands.

A table in a part of the plan holds its tasks. One in an annex divides up tasks that the text has named already; what it
adds to them are units and times.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dafeng.planning.characters import plain
from dafeng.planning.difference import word_likeness
from dafeng.planning.marks import RANKS, Mark, read_mark
from dafeng.planning.outline import Line, Node, node_of
from dafeng.planning.responsibility import LEAD, SUPPORT, Unit, is_wildcard, read_units
from dafeng.planning.tables import IndicatorTable, Row
from dafeng.planning.times import When, due_in

_NUMBER = re.compile(r"^(?:序号?|编号|No\.?)$", re.IGNORECASE)
_SUPPORT = re.compile(r"^(?:配合|协同|协办|协助|参与|参加|其他责任)")
_LEAD = re.compile(r"^(?:牵头|主办|主责|主要责任|总牵头)(?:单位|部门|责任单位|处室|领导)*$")
_OWNER = re.compile(r"责任|牵头|主办|主责|负责|实施(?:单位|主体)|承办|落实单位|分工单位|完成单位")
_PERSON = re.compile(r"责任人|领导|联系人|电话")
_TIME = re.compile(r"时限|时间|期限|进度安排|节点|年限|年度安排")
_GROUP = re.compile(
    r"^(?:行动|类别|分类|领域|专项|方面|板块|大类|重点行动|行动名称|任务类别|工作类别|重点领域|任务领域|项目类别|专项行动)$"
)
_TASK = re.compile(r"任务|内容|举措|措施|事项|工作|要点|行动|项目")
_GOAL = re.compile(r"目标|成效|要求|成果|指标$")
_INDICATORS = re.compile(r"指标名称|^指标|计量单位|^单位$|现状|基期")
_YEAR = re.compile(r"20\d\d")
# Two names that a narrow column of a PDF has run together: 县发展改革委县供电公司.
_RUN_TOGETHER = re.compile(
    r"(?<=[委局办府院司心])(?=[市区县州各][\u4e00-\u9fff]{1,14}(?:委|局|办|府|院|公司|中心|镇|街道)(?:[、，]|$|[市区县州各]))"
)
_ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Columns:
    number: int | None
    groups: tuple[int, ...]
    title: int | None
    text: int
    goals: tuple[tuple[int, int | None], ...]  # (column, year in its head)
    lead: int | None
    leads_all: bool
    support: int | None
    time: int | None


@dataclass(slots=True)
class _Task:
    """A row: its node, and the group it belongs to."""

    group: _Cell | None
    number: str
    node: Node


@dataclass(slots=True)
class TaskTable:
    """rows: the places of its rows in the document; tasks: what they hold."""

    rows: list[tuple[int, int]]
    tasks: list[_Task] = field(default_factory=list)


def read_task_table(table: IndicatorTable) -> TaskTable | None:
    """The tasks of a table; None when it is no table of tasks. It needs a column of tasks and one of units."""
    rows = [[_Cell(cell.text.strip(), cell.start + _indent(cell.text)) for cell in _cells(row)] for row in table.rows]
    for head in range(min(3, len(rows))):
        columns = _columns(rows, head)
        if columns is not None:
            break
    else:
        return None
    found = TaskTable([(row.start, row.end) for row in table.rows])
    group: _Cell | None = None
    titles = [cell.text for cell in rows[head]]
    for row in rows[head + 1 :]:
        if len(row) != len(titles) or [cell.text for cell in row] == titles:
            continue
        if (section := _section(row, columns)) is not None:
            group = section
            continue
        for column in columns.groups[:1]:
            if row[column].text:
                group = row[column] if group is None or group.text != row[column].text else group
        _add(found, row, columns, group)
    return found if len(found.tasks) >= 2 else None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _cells(row: Row) -> list[_Cell]:
    """The cells of a row and where they stand: a row is a line, its cells parted by tabs."""
    out, at = [], row.start
    for cell in row.cells:
        out.append(_Cell(plain(cell), at))
        at += len(cell) + 1
    return out


def _columns(rows: Sequence[Sequence[_Cell]], head: int) -> _Columns | None:
    titles = [re.sub(r"\s+", "", cell.text) for cell in rows[head]]
    if len(titles) < 2 or any(len(title) > 20 or _INDICATORS.search(title) for title in titles):
        return None
    body = [row for row in rows[head + 1 :] if len(row) == len(titles)]

    def first(pattern: re.Pattern[str]) -> int | None:
        return next((i for i, t in enumerate(titles) if pattern.search(t)), None)

    number, support, time = first(_NUMBER), first(_SUPPORT), first(_TIME)
    owners = [i for i, t in enumerate(titles) if _OWNER.search(t) and i != support and not _PERSON.search(t)]
    lead = next(iter(owners), None)
    if support is None and len(owners) > 1 and _LEAD.search(titles[owners[0]]):
        support = owners[1]  # 牵头单位 | 责任单位
    taken = {number, support, time, lead}
    goals = tuple(
        (i, int(year[0]) if (year := _YEAR.search(t)) else None)
        for i, t in enumerate(titles)
        if i not in taken and _GOAL.search(t) and not _TASK.search(t)
    )
    taken |= {column for column, _ in goals}
    named = [i for i, t in enumerate(titles) if i not in taken and (_TASK.search(t) or _GROUP.search(t))]
    if lead is None or not body or not (named or goals):
        return None
    if not named:
        named, goals = [goals[0][0]], goals[1:]
    text = max(named, key=lambda column: sum(len(row[column].text) for row in body))
    before = [column for column in named if column < text]
    groups = tuple(column for column in before if _GROUP.search(titles[column]) or _repeats(body, column))
    title = next((column for column in reversed(before) if column not in groups), None)
    if title is None and number is not None and groups and _numbered(body, number, groups[-1]):
        title, groups = groups[-1], groups[:-1]
    leads_all = _LEAD.search(titles[lead]) is not None or support is not None
    return _Columns(number, groups, title, text, goals, lead, leads_all, support, time)


def _repeats(body: Sequence[Sequence[_Cell]], column: int) -> bool:
    """Whether a column names what several rows belong to: the same words again, or cells left empty below."""
    words = [row[column].text for row in body]
    return any(not word or word == before for before, word in itertools.pairwise(words))


def _numbered(body: Sequence[Sequence[_Cell]], number: int, column: int) -> bool:
    """Whether each name in a column has one number of its own: then it names tasks, and the rows are parts of them."""
    pairs: list[tuple[str, str]] = []
    for row in body:
        above = pairs[-1] if pairs else ("", "")
        # A cell that stands over several rows is empty in all but the first when it comes from a PDF.
        name = row[column].text or above[1]
        pairs.append((row[number].text or (above[0] if not row[column].text else ""), name))
    whole = set(pairs)
    return len(whole) < len(pairs) and len(whole) == len({no for no, _ in whole}) == len({name for _, name in whole})


def _section(row: Sequence[_Cell], columns: _Columns) -> _Cell | None:
    """The heading that a row spanning the table is; None for a task."""
    said = [cell for i, cell in enumerate(row) if cell.text and i != columns.number]
    if len({cell.text for cell in said}) != 1 or len(said[0].text) > 40:
        return None
    return said[0] if len(said) > 1 or not (columns.lead is not None and row[columns.lead].text) else None


def _add(found: TaskTable, row: Sequence[_Cell], columns: _Columns, group: _Cell | None) -> None:
    """Put a row among the tasks. One that goes on with the task above (its number or its words stand over both) adds
    to it."""
    number = row[columns.number].text if columns.number is not None else ""
    text, owners, due = row[columns.text], _owners(row, columns), _due(row, columns)
    if mark := read_mark(text.text):
        text = _Cell(text.text[mark.length :], text.start + mark.length)
        number = number or mark.no
    pieces = {text.place: due} if text.text else {}
    for column, year in columns.goals:
        if row[column].text:
            pieces[row[column].place] = due if year is None else When("by", 0, 0, None, year)
    if not pieces:
        return
    last = found.tasks[-1] if found.tasks else None
    title = row[columns.title] if columns.title is not None else None
    numbered = bool(number) and last is not None and last.number == number
    unowned = not number and columns.number is not None and (not owners or (title is not None and not title.text))
    if last is not None and last.group is group and (numbered or unowned):
        node = last.node
        known = {unit.name for unit in node.owners}
        more = [unit for unit in owners if unit.name not in known]
        if not columns.leads_all:  # the first of the task leads, not the first of every row
            more = [replace(unit, role=SUPPORT) if unit.role == LEAD else unit for unit in more]
        node.owners = (*node.owners, *more)
    else:
        node = _node(text, title, number)
        node.owners = owners
        node.body = []
        found.tasks.append(_Task(group, number, node))
    for place, when in pieces.items():
        place = _without_title(node, place)
        node.body.append(place)
        if when is not None:
            node.due[place[0]] = when


def _without_title(node: Node, place: tuple[int, int]) -> tuple[int, int]:
    """A text without the title that opens it and ends with a full stop."""
    start, end = node.title_at
    return (end + 1, place[1]) if place[0] <= start < end + 1 < place[1] and node.titled else place


def _node(text: _Cell, title: _Cell | None, number: str) -> Node:
    named = title if title is not None and title.text else text
    mark = read_mark(named.text) or Mark("cell", RANKS["dot"], "", None, 0)
    node = node_of(Line(named.text, named.start), replace(mark, kind="cell", rank=RANKS["dot"], no=mark.no or number))
    node.titled = named is text and bool(node.body) and node.body[0][0] > node.title_at[1]
    return node


def _owners(row: Sequence[_Cell], columns: _Columns) -> tuple[Unit, ...]:
    out: list[Unit] = []
    for column, role in ((columns.lead, LEAD if columns.leads_all else None), (columns.support, SUPPORT)):
        if column is None or not row[column].text.strip("—-/ "):
            continue
        words = _RUN_TOGETHER.sub("、", re.sub(r"(?<![、，；:])\s+(?![、，；:])", "、", row[column].text))
        for unit in read_units(words):
            own = unit.role if role is None or is_wildcard(unit.name) else role
            out.append(Unit(unit.name, own))
    seen: set[str] = set()
    return tuple(unit for unit in out if not (unit.name in seen or seen.add(unit.name)))


def _due(row: Sequence[_Cell], columns: _Columns) -> When | None:
    """The time that the time column gives; None for 持续推进."""
    return due_in(row[columns.time].text) if columns.time is not None else None


# ── into the outline ──


def graft(roots: list[Node], tables: Sequence[TaskTable]) -> list[Node]:
    """The outline with the rows of its tables of tasks as items."""
    for table in tables:
        places = set(table.rows)
        holder = next((node for root in roots for node in root.walk() if places & set(node.body)), None)
        if holder is None:
            roots = _annex(roots, table)
            continue
        holder.body = [piece for piece in holder.body if piece not in places]
        holder.children += _grouped(table, holder.rank)
    return roots


def _grouped(table: TaskTable, above: float) -> list[Node]:
    """The tasks under the actions that they are grouped by; without groups the tasks themselves."""
    out: list[Node] = []
    group: _Cell | None = None
    for task in table.tasks:
        if task.group is None:
            out.append(task.node)
            continue
        if task.group is not group:
            group = task.group
            mark = read_mark(group.text)
            mark = replace(
                mark or Mark("group", 0, "", None, 0), kind="group", rank=max(RANKS["paren"], int(above) + 1)
            )
            node = node_of(Line(group.text, group.start), mark)
            node.body = []
            out.append(node)
        out[-1].children.append(task.node)
    return out


def _annex(roots: list[Node], table: TaskTable) -> list[Node]:
    """A table behind the plan: it divides up the tasks of the text, or holds tasks of its own."""
    items = [node for root in roots for node in root.walk() if node.title and node is not root]
    pairs = [(task, _twin(task, items)) for task in table.tasks]
    if sum(twin is not None for _, twin in pairs) * 2 < len(pairs):
        node = Node(
            Mark("table", min((root.rank for root in roots), default=40), "", None, 0), "任务分工", table.rows[0][0]
        )
        node.title_at = (table.rows[0][0], table.rows[0][0])
        node.children = _grouped(table, node.rank)
        return [*roots, node] if roots else node.children if any(child.children for child in node.children) else [node]
    for task, twin in pairs:
        if twin is None:
            continue
        twin.owners = twin.owners or task.node.owners
        # A figure that stands only in the annex is read too; what both say is one target.
        twin.body += [piece for piece in task.node.body if piece not in twin.body]
        if dues := list(task.node.due.values()):
            for start, _ in twin.texts():
                twin.due.setdefault(start, dues[0])
    return roots


def _twin(task: _Task, items: Sequence[Node]) -> Node | None:
    """The item of the text that a row speaks of: with the same title, or one very like it."""
    title = re.sub(r"\W", "", task.node.title)
    best = max(items, key=lambda node: word_likeness(title, re.sub(r"\W", "", node.title)), default=None)
    if best is None or not title:
        return None
    other = re.sub(r"\W", "", best.title)
    return best if title == other or word_likeness(title, other) >= _ALIKE else None
