"""The marks that begin an item: 第一章, 一、, （一）, 1., （1）, ①, bullets; and the Chinese ordinals in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dafeng.planning.measures import UNIT

# From the outside in. A heading of the document's own (Word style, Markdown #) ranks between.
RANKS = {
    "chapter": 0, "section": 10, "heading": 20, "comma": 40, "article": 42, "action": 45, "paren": 50, "task": 55,
    "dot": 60, "dotparen": 70, "ring": 80, "bullet": 90, "dash": 95,
}  # fmt: skip
_CN = "一二三四五六七八九十百〇零"
_PATTERNS = (
    ("chapter", re.compile(rf"第([{_CN}]{{1,3}})(?:章|部分|篇)[、:]?\s*")),
    ("section", re.compile(rf"第([{_CN}]{{1,3}})节[、:]?\s*")),
    ("article", re.compile(rf"第([{_CN}]{{1,4}})条(?![款的规、，]|规定)[、:]?\s*")),
    ("comma", re.compile(rf"([{_CN}]{{1,3}})\s*[、.]\s*")),
    ("action", re.compile(rf"(?:专项)?(?:行动|工程|领域)\s*([{_CN}]{{1,3}}|\d{{1,2}})\s*[:、.—]+\s*")),
    ("task", re.compile(rf"(?:任务|举措|工作|措施)\s*([{_CN}]{{1,3}}|\d{{1,2}})\s*[:、.—]+\s*")),
    ("paren", re.compile(rf"\(\s*([{_CN}]{{1,3}})\s*\)\s*[、.]?")),
    ("dot", re.compile(r"(\d{1,2})\s*(?:[.、](?!\d)|[.、](?=20\d\d年)|\))\s*")),
    ("dotparen", re.compile(r"\(\s*(\d{1,2})\s*\)\s*")),
    ("ring", re.compile(r"([①-⑳㈠-㈩])\s*")),
    ("bullet", re.compile(r"([•●○◦▪■◆◇➢➤►▶※\uf06c\uf0b7])\s*")),
    ("dash", re.compile(r"(——+|--+)\s*")),
)
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,2})[.、]?\s*(?=[\u4e00-\u9fff])")
# 2.2万千瓦, 1.5倍以上 at the start of a line are figures; 2.2组织领导 is a number, though 组 may be a unit.
_MEASURE = re.compile(rf"{UNIT.pattern}(?P<next>[\u4e00-\u9fff]?)")
_WHOLE = re.compile(r"(\d{1,2})\s*(?=[\u4e00-\u9fff]{2,20}$)")


@dataclass(frozen=True, slots=True)
class Mark:
    """kind: see RANKS. no: as printed. ordinal: its number, None for a bullet. length: of the mark with its spaces."""

    kind: str
    rank: int
    no: str
    ordinal: int | None
    length: int


def read_mark(line: str) -> Mark | None:
    """The mark at the start of a plain line (see ``characters``); None for running text."""
    indent = len(line) - len(line.lstrip())
    body = line[indent:]
    if (found := _DECIMAL.match(body)) and not _is_figure(found[1], body[found.end() :]):
        numbers = found[1].split(".")
        rank = RANKS["comma"] + 5 * (len(numbers) - 1)
        return Mark(f"decimal{len(numbers)}", rank, ".".join(numbers), int(numbers[-1]), indent + found.end())
    for kind, pattern in _PATTERNS:
        if found := pattern.match(body):
            if len(body) == found.end() and kind in ("bullet", "dash", "dot"):
                return None
            return Mark(kind, RANKS[kind], found[0].strip(), ordinal(found[1]), indent + found.end())
    return None


def _is_figure(number: str, after: str) -> bool:
    """Whether a number with one dot is an amount of something."""
    found = _MEASURE.match(after) if number.count(".") == 1 else None
    if found is None:
        return False
    return len(found["unit"]) > 1 or found["unit"] == "%" or found["next"] in ("", *"以左的及和至到")


def read_whole(line: str) -> Mark | None:
    """1 总则: the outermost heading where those below are 1.1; elsewhere a line may begin with any figure."""
    found = _WHOLE.match(line.lstrip())
    return (
        Mark("decimal1", RANKS["comma"], found[1], int(found[1]), len(line) - len(line.lstrip()) + found.end())
        if found
        else None
    )


def ordinal(text: str) -> int | None:
    """十二 → 12, 3 → 3, ② → 2; None for what is no number."""
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if len(text) == 1 and "㈠" <= text <= "㈩":
        return ord(text) - ord("㈠") + 1
    digits = {one: number for number, one in enumerate("零一二三四五六七八九")}
    if any(one not in digits and one not in "十百〇" for one in text):
        return None
    total = current = 0
    for one in text.replace("〇", "零"):
        if one in "十百":
            total += max(current, 1) * (10 if one == "十" else 100)
            current = 0
        else:
            current = digits[one]
    return total + current
