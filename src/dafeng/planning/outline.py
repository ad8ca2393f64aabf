"""From lines to a tree of items: every heading and every numbered item, with the text that stands under it.

Numbers are only read for their kind (一、 or （一） or 1.); an item's place counts, since numbering restarts, jumps
and gets lost.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from dafeng.planning.marks import RANKS, Mark, read_mark, read_whole
from dafeng.planning.responsibility import Unit, is_units_line, units_tail_start
from dafeng.planning.times import When

_TITLE_END = re.compile(r"[。！？]")
_MOST_TITLE = 40
# What stands below a document: pages print it after the last item, which it must not join.
_FOOTER = re.compile(
    r"\s*[•〔(\[]?\s*(?:上一[篇条]|下一[篇条]|相关(?:阅读|文章|新闻|链接|信息|稿件|报道|[:：])|版权|责任编辑|编辑:|主办(?:单位)?:|抄送|抄报|返回|打印|关闭|"
    r"扫一扫|分享|来源:|信息来源|网站|备案|联系电话|共印|此件|主动公开)"
)
_ANNEX = re.compile(r"\s*附[件表录]\s*\d{0,2}\s*[:、.]?")
# A box (专栏) has points of its own, numbered like the tasks around it.
_BOX = re.compile(r"\s*专\s*栏\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?(?![\u4e00-\u9fff]{0,4}[，。；])")
_SHORT_TITLE = re.compile(r"[^。，；:\d]{4,26}。(?=\S)")


@dataclass(slots=True)
class Line:
    """A paragraph: its plain text and where it starts in the document."""

    text: str
    start: int
    table: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class Node:
    """An item. start: where its line begins; title_at: (start, end) of its title; body: (start, end) of its own text,
    title left out; children in order. owners, due: the units, and for the start of a text the time, that a table gives
    it; titled: its title opens its text."""

    mark: Mark
    title: str
    start: int
    title_at: tuple[int, int] = (0, 0)
    body: list[tuple[int, int]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    rank: int = 0
    owners: tuple[Unit, ...] = ()
    due: dict[int, When] = field(default_factory=dict)
    titled: bool = False

    @property
    def no(self) -> str:
        return self.mark.no

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def texts(self) -> list[tuple[int, int]]:
        """The item's own text and that of everything under it, in order."""
        return [piece for node in self.walk() for piece in node.body]


def split_lines(plain: str, rows: Container[int] = ()) -> list[Line]:
    """The paragraphs of a plain text, empty ones left out. rows: where the rows of tables start."""
    lines, start = [], 0
    for text in plain.split("\n"):
        if text.strip():
            lines.append(Line(text, start, start in rows))
        start += len(text) + 1
    return lines


def read_outline(lines: list[Line], headings: Mapping[int, int] | None = None) -> list[Node]:
    """The tree under the document's first marked item.

    headings: start of a line → depth, for documents whose headings are known by style and have no number.
    """
    root = Node(Mark("root", -1, "", None, 0), "", 0, rank=-1)
    stack = [root]
    headings = _needed(lines, headings or {})
    closed, box = False, None
    decimal = sum(_is_decimal(line) for line in lines) >= 2
    for at, line in enumerate(lines):
        mark = None if line.table else _mark_of(line, headings, stack)
        if decimal and mark is None and not line.table:
            mark = read_whole(line.text)
        if mark is None and len(stack) > 1 and _BOX.match(line.text) and not line.table:
            box = _Box(stack[-1].mark)
        elif mark is not None and box is not None:
            mark = box.own(mark, line.text, lines[at + 1 :])
            box = box if mark is None else None
        if mark is None:
            closed = closed or _FOOTER.match(line.text) is not None or _ANNEX.match(line.text) is not None
            if len(stack) > 1 and not closed:
                stack[-1].body.append((line.start, line.end))
            continue
        closed = False
        while stack[-1].rank >= mark.rank:
            stack.pop()
        node = node_of(line, mark)
        stack[-1].children.append(node)
        stack.append(node)
    return root.children


@dataclass(slots=True)
class _Box:
    """Which marks below the head of a box are points inside it. outer: the mark of the item the box stands in; last:
    the number of its last point."""

    outer: Mark
    last: int = 0

    def own(self, mark: Mark, text: str, after: list[Line]) -> Mark | None:
        """None for a point of the box; the mark itself when the box is over. after: the lines below."""
        if mark.kind not in ("dot", "dotparen", "ring", "bullet") or units_tail_start(text) is not None:
            return mark
        deeper = mark.rank > self.outer.rank
        starts = self.last == 0 and mark.ordinal == 1 and (self.outer.ordinal or 0) >= 1
        # The next number may be the next point, or the item after the one that holds the box: then it comes once more.
        either = mark.ordinal == (self.outer.ordinal or 0) + 1
        goes_on = self.last > 0 and mark.ordinal == self.last + 1 and (not either or _comes_again(mark, after))
        if not (deeper or (mark.rank == self.outer.rank and (starts or goes_on))):
            return mark
        self.last = mark.ordinal or self.last
        return None


def _comes_again(mark: Mark, after: list[Line]) -> bool:
    """Whether an item with the same number follows before one of an outer kind."""
    for line in after:
        other = None if line.table else read_mark(line.text)
        if other is not None and other.rank < mark.rank:
            return False
        if other is not None and (other.kind, other.ordinal) == (mark.kind, mark.ordinal):
            return True
    return False


def _is_decimal(line: Line) -> bool:
    mark = None if line.table else read_mark(line.text)
    return mark is not None and mark.kind == "decimal2"


def _needed(lines: list[Line], headings: Mapping[int, int]) -> Mapping[int, int]:
    """The headings without a number that make the outline: none where the parts are numbered; never the title."""
    marks = [read_mark(line.text) for line in lines if not line.table]
    if sum(mark is not None and mark.kind in ("chapter", "comma", "decimal2") for mark in marks) >= 2:
        return {}
    bare = {
        line.start: headings[line.start] for line in lines if line.start in headings and read_mark(line.text) is None
    }
    depths = list(bare.values())
    title = min(depths, default=0)
    return {start: depth for start, depth in bare.items() if depth > title or depths.count(title) > 2}


def _mark_of(line: Line, headings: Mapping[int, int], stack: list[Node]) -> Mark | None:
    """The mark of a line, or the one it has lost."""
    mark = read_mark(line.text)
    if mark is None and line.start in headings:
        rank = RANKS["heading"] + headings[line.start]
        return Mark(f"heading{headings[line.start]}", rank, "", None, 0)
    if mark is not None and mark.kind == "bullet":
        return _lost(line, stack, mark.length)
    if mark is None and len(stack) > 1:
        return _unnumbered(line, stack)
    if mark is not None and mark.kind == "dash":
        return None
    return mark


def _lost(line: Line, stack: list[Node], length: int) -> Mark | None:
    """A bullet stands for a number when it has a short title as its siblings do; otherwise it is a line of text."""
    if not _SHORT_TITLE.match(line.text[length:]):
        return None
    sibling = _sibling(stack)
    if sibling is None:
        return None
    return Mark(sibling.kind, sibling.rank, "", None, length)


def _unnumbered(line: Line, stack: list[Node]) -> Mark | None:
    """A paragraph with a short title and units of its own, after an item that already has its units, has lost
    its number altogether."""
    top = stack[-1]
    if len(line.text) < 30 or not _SHORT_TITLE.match(line.text.lstrip()) or units_tail_start(line.text) is None:
        return None
    if is_units_line(line.text):
        return None
    sibling = _sibling(stack)
    if sibling is None or sibling.kind in ("chapter", "section", "comma"):
        return None
    if top.mark.rank == sibling.rank and not top.body and top.title:
        return None
    return Mark(sibling.kind, sibling.rank, "", None, 0)


def _sibling(stack: list[Node]) -> Mark | None:
    """The kind of item that one without a number must be: as the last one of its family; below an action without
    numbered items, an item of the first level under it."""
    top = stack[-1]
    if top.mark.kind in ("dot", "dotparen", "decimal3"):
        return Mark(top.mark.kind, top.rank, "", None, 0)
    if top.mark.kind == "paren":
        family = stack[-2].children if len(stack) > 2 else []
        nested = any(child.children for child in family) or not top.body
        if nested:
            return Mark("dot", RANKS["dot"], "", None, 0)
        return Mark("paren", top.rank, "", None, 0)
    if top.mark.kind in ("comma", "chapter", "section"):
        return Mark("paren", RANKS["paren"], "", None, 0)
    return None


def node_of(line: Line, mark: Mark) -> Node:
    """The item a marked line begins: its title, and the rest of the line as text."""
    rest = line.text[mark.length :]
    stop = _TITLE_END.search(rest)
    end = stop.start() if stop else len(rest)
    tail = units_tail_start(rest)
    if tail is not None and tail < end:
        end = tail
    title = rest[:end].strip().rstrip(":")
    at = line.start + mark.length + len(rest) - len(rest.lstrip())
    node = Node(mark, title, line.start, (at, at + len(title)), rank=mark.rank)
    if len(title) > _MOST_TITLE:
        # No title of its own: the whole line is text.
        node.title, node.title_at = title[:_MOST_TITLE], (at, at + _MOST_TITLE)
        node.body.append((line.start + mark.length, line.end))
    elif re.search(r"\d", title) or (stop is None and tail is None and title.endswith("；")):
        # A point of a list (1. 能耗下降14%；) is text though it is as short as a title.
        node.body.append((at, line.end))
    elif rest[end:].strip(" 。"):
        body = line.start + mark.length + end
        node.body.append((body + (1 if stop and end == stop.start() else 0), line.end))
    return node
