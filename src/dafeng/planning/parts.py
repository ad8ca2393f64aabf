"""What the items of an outline are: goals, actions with tasks, safeguards, organisation; and their clauses.

A clause is made of places: part.action.task where a part holds actions that hold tasks, part.task where the parts
themselves are the actions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dafeng.planning.marks import RANKS
from dafeng.planning.outline import Node

_HEAD = re.compile(
    r"总体要求|总体目标|总体思路|总体考虑|主要目标|工作目标|发展目标|目标要求|目标任务$|^目标|现状|基础|形势|背景|指导思想|基本原则|规划依据|总则|总体安排|^总体"
)
_SAFEGUARD = re.compile(r"保障|政策支持|政策措施|配套政策|支撑体系|支持政策|政策机制|体制机制|制度机制|政策体系")
_ORGANISATION = re.compile(
    r"组织实施|组织领导|组织保障|工作要求|组织推进|实施机制|组织协调|组织落实|责任落实|强化落实|抓好落实|抓落实|狠抓落实|工作落实|推动落实|推进落实|压实责任|监督考核|工作机制"
)
_CLOSING = re.compile(r"^附\s*则|^附\s*[件录表]|^其他事项|^解释")
_PAST = re.compile(r"基础|现状|形势|背景|成效|回顾|进展|指导思想|基本原则|工作原则|实施原则|总体思路|基本思路|基本要求")
_ACTION = re.compile(r"行动|工程|计划|专项|任务")
_NAMED = re.compile(r"(?:行动|工程)$")
_GENERIC = re.compile(
    r"重点任务|主要任务|重点行动|主要行动|重点工作|工作任务|重点工程|重点举措|主要举措|工作举措|任务举措|主要措施|任务分工|大行动|项行动"
)


@dataclass(slots=True)
class Item:
    """A task, safeguard or organisation item. texts: (start, end) in the document, in order."""

    clause: str
    node: Node
    texts: list[tuple[int, int]]


@dataclass(slots=True)
class Group:
    """An action. texts: its introduction, before the first task."""

    clause: str
    node: Node
    texts: list[tuple[int, int]]
    tasks: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """head: the places where the plan's own goals stand. passed: texts about what was or should be thought."""

    head: list[Item] = field(default_factory=list)
    actions: list[Group] = field(default_factory=list)
    safeguards: list[Item] = field(default_factory=list)
    organisation: list[Item] = field(default_factory=list)
    passed: list[Item] = field(default_factory=list)


def read_parts(roots: list[Node]) -> Parts:
    """Sort the outline's top items into the parts of a plan."""
    roots = _plan_itself(roots)
    parts = Parts()
    roots = [node for node in roots if not _CLOSING.search(node.title)]
    kinds = [_kind(node, number, len(roots)) for number, node in enumerate(roots)]
    task_parts = [node for node, kind in zip(roots, kinds, strict=True) if kind == "tasks"]
    for number, (node, kind) in enumerate(zip(roots, kinds, strict=True), 1):
        clause = str(number)
        if kind == "head":
            _head(parts, node, clause)
        elif kind == "tasks":
            _tasks(parts, node, clause, alone=len(task_parts) == 1)
        else:
            target = parts.safeguards if kind == "safeguards" else parts.organisation
            target += _items(node, clause)
    return parts


def _plan_itself(roots: list[Node]) -> list[Node]:
    """The longest run of top items: an issuing notice may have a numbering of its own before the plan's, an annex
    one after it."""
    if not roots:
        return []
    outermost = min(node.rank for node in roots)
    # Loose items before the first real part belong to a site's menu or a notice.
    roots = [node for node in roots if node.rank == outermost]
    runs: list[list[Node]] = []
    for node in roots:
        if not runs or (node.mark.ordinal == 1 and (runs[-1][-1].mark.ordinal or 0) >= 1):
            runs.append([])
        runs[-1].append(node)
    return max(runs, key=lambda run: sum(end - start for node in run for start, end in node.texts()))


def _kind(node: Node, number: int, count: int) -> str:
    """head, tasks, safeguards or organisation, by the words of a part's title and its place."""
    title = node.title
    late = number >= (count - 1) / 2
    if _GENERIC.search(title):
        return "tasks"
    if (number <= 1 or not late) and _HEAD.search(title):
        return "head"
    if number == 0 and not node.children and not _ACTION.search(title):
        return "head"
    if late and number >= 1:
        if _ORGANISATION.search(title):
            return "organisation"
        if _SAFEGUARD.search(title) and not re.search(r"能源.{0,6}保障|行动$|工程$", title):
            return "safeguards"
    return "tasks"


def _head(parts: Parts, node: Node, clause: str) -> None:
    if node.body:
        (parts.passed if _PAST.search(node.title) and not re.search("目标|要求", node.title) else parts.head).append(
            Item(clause, node, list(node.body))
        )
    for number, child in enumerate(node.children, 1):
        item = Item(f"{clause}.{number}", child, child.texts())
        past = _PAST.search(child.title) and "目标" not in child.title
        (parts.passed if past else parts.head).append(item)


def _items(node: Node, clause: str) -> list[Item]:
    """The items of a safeguards or organisation part; a part without items is one."""
    if not node.children:
        return [Item(clause, node, list(node.body))]
    return [Item(f"{clause}.{i}", child, child.texts()) for i, child in enumerate(node.children, 1)]


def _tasks(parts: Parts, node: Node, clause: str, *, alone: bool) -> None:
    """A part that holds actions, or is one itself."""
    children = node.children
    # Where actions are numbered 1. their tasks are (1).
    nested = [child for child in children if _task_children(child) or (child.children and _NAMED.search(child.title))]
    if nested and len(nested) * 2 >= len(children):
        for number, child in enumerate(children, 1):
            parts.actions.append(_action(child, f"{clause}.{number}"))
        return
    by_name = [child for child in children if _ACTION.search(child.title)]
    if children and alone and len(by_name) * 2 >= len(children) >= 3 and not nested:
        # （一）…行动 with its text and nothing under it: each action is one task.
        for number, child in enumerate(children, 1):
            parts.actions.append(_action(child, f"{clause}.{number}"))
        return
    parts.actions.append(_action(node, clause))


def _task_children(node: Node) -> list[Node]:
    """The children that are tasks, not the points of a list inside one."""
    return [child for child in node.children if child.rank < RANKS["dotparen"]]


def _action(node: Node, clause: str) -> Group:
    group = Group(clause, node, list(node.body))
    children = _task_children(node) or node.children
    if not children:
        # An action without items is its own and only task.
        group.texts, group.tasks = [], [Item(clause, node, list(node.body))]
        return group
    for number, child in enumerate(children, 1):
        group.tasks.append(Item(f"{clause}.{number}", child, child.texts()))
    return group
