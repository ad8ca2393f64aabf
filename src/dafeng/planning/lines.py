"""Broken lines made whole: what a page, a column or a copy has cut in two becomes one paragraph a line again.

Marks of pages inside and between sentences go, spaces beside Chinese characters go. The result is the text in
which spans are counted. Lines that begin with ``TABLE`` are rows of tables and stay as they are.
"""

from __future__ import annotations

import re

from dafeng.planning.characters import plain
from dafeng.planning.marks import read_mark
from dafeng.planning.responsibility import is_units_line, names_only, units_tail_start

TABLE = "\ue000"

_PAGE_LINE = re.compile(
    r"\s*(?:[—―–\-－─~～一]+\s*\d{1,3}\s*[—―–\-－─~～一]+|第\s*\d{1,3}\s*页(?:\s*[，,/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})\s*"
)
_PAGE_INSIDE = re.compile(r"\s*(?:[—―–─]\s*\d{1,3}\s*[—―–─]|(?<=\s)-\s?\d{1,3}\s?-(?=\s))\s*")
_CJK = r"\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—"
_SPACE = re.compile(
    rf"(?<=[{_CJK}])[ \t\u00a0\u3000]+(?=\S)|(?<=\S)[ \t\u00a0\u3000]+(?=[{_CJK}])|(?<=[\d]) +(?=[%％])"
)
_SLIPPED = re.compile(r"“(十[一二三四五六七]五)([\u4e00-\u9fff]{1,4})”(?=[\u4e00-\u9fff])")
_ENDS = "。！？；：:;…"
_STARTS = "，、。；：）)！？,;】〕》”%％"
_OPEN, _CLOSED = "(（〔[【《", ")）〕]】》"
_MOST_OPEN = 6  # lines over which a bracket may stay open before it is taken for a slip
_PROSE = re.compile(r"[，。；,;]")
_NEVER_BEGINS = re.compile(
    r"(?:专栏|附件|附表|附录|表\s*\d|图\s*\d|注[:：]|(?:责任|牵头|配合|主办)(?:单位|部门)[:：]|[(（](?:责任|牵头|配合|此件|主动))"
)
_DATE = re.compile(r"\s*(?:20\d\d|二[〇○Oo零]\S{2})\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日\s*$")


def joined(text: str, *, wrapped: bool | None = None) -> str:
    """Paragraphs, one a line, without empty lines.

    wrapped: whether every line was cut at the width of a page (a PDF); None looks at the lines themselves.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\ufeff", "")
    raw = [line.rstrip() for line in text.split("\n")]
    raw = [
        line if line.startswith(TABLE) else _PAGE_INSIDE.sub("", line) if not _PAGE_LINE.fullmatch(line) else ""
        for line in raw
    ]
    width = _wrap_width(raw) if wrapped is not False else None
    indented = width is not None and sum(line.startswith(("\u3000\u3000", "    ")) for line in raw if line.strip()) >= 4
    paragraphs: list[str] = []
    last_line, gap = "", False
    for line in raw:
        if not line.strip():
            gap = True
            continue
        if paragraphs and _continues(paragraphs[-1], last_line, line, gap, width, indented):
            paragraphs[-1] = _glued(paragraphs[-1], line.strip())
        elif paragraphs and not gap and _lists_on(paragraphs[-1], line):
            paragraphs[-1] = _glued(paragraphs[-1], _listed(paragraphs[-1], line.strip()))
        else:
            paragraphs.append(line.strip() if not line.startswith(TABLE) else line)
        last_line, gap = line, False
    return "\n".join(line if line.startswith(TABLE) else _tidied(line) for line in paragraphs)


def _lists_on(paragraph: str, line: str) -> bool:
    """Whether a line goes on with a list of responsible units: names and nothing else, below a line of such."""
    if line.startswith(TABLE) or paragraph.startswith(TABLE) or paragraph[-1] in "。；)）":
        return False
    stripped = plain(line.strip())
    if not names_only(stripped) or read_mark(stripped) is not None:
        return False
    return is_units_line(plain(paragraph)) and units_tail_start(plain(paragraph)) is not None


def _listed(paragraph: str, line: str) -> str:
    """A new name is parted from the last one; the end of a name that was cut (…热力 / 有限责任公司) is not."""
    whole = names_only(re.split(r"[、，:]", plain(paragraph))[-1])
    return f"、{line}" if whole and paragraph[-1] not in "、，,：:" else line


def _tidied(line: str) -> str:
    """Without spaces beside Chinese, and with the closing mark of “十四五” where a PDF has let it slip."""
    return _SLIPPED.sub(r"“\1”\2", _SPACE.sub("", line))


def _glued(left: str, right: str) -> str:
    """Two pieces of a line; a space only between two Latin words."""
    latin = left[-1:].isascii() and left[-1:].isalpha() and right[:1].isascii() and right[:1].isalpha()
    return f"{left} {right}" if latin else left + right


def _wrap_width(lines: list[str]) -> int | None:
    """The width at which a text was cut, None when its paragraphs run on."""
    lengths = sorted(_width(line) for line in lines if line.strip() and not line.startswith(TABLE))
    if len(lengths) < 8 or lengths[-1] > 130:
        return None
    long = lengths[int(len(lengths) * 0.9)]
    near = sum(0.82 * long <= length <= 1.1 * long for length in lengths)
    return long if near >= 0.45 * len(lengths) else None


def _width(line: str) -> int:
    """Columns of a line; a Chinese character takes two."""
    return sum(2 if character > "\u2e7f" else 1 for character in line)


def _continues(paragraph: str, last: str, line: str, gap: bool, width: int | None, indented: bool) -> bool:
    """Whether a line goes on with the paragraph before it."""
    if paragraph.startswith(TABLE) or line.startswith(TABLE):
        return False
    stripped = line.strip()
    begins = read_mark(plain(stripped)) is not None
    if not begins and stripped[0] in _STARTS:
        return True
    if _open_bracket(paragraph) and not (begins and paragraph.endswith(tuple(_ENDS))):
        return True
    if paragraph[-1] in "、，," and not (begins and gap):
        return not begins or paragraph[-1] != "，"
    if begins or _NEVER_BEGINS.match(stripped) or _DATE.fullmatch(stripped):
        return False
    if paragraph[-1] in _ENDS and not (width is not None and indented):
        return False
    if width is not None:
        if gap and paragraph[-1] in _ENDS:
            return False
        full = _width(last) >= 0.82 * width
        if indented:
            if line.startswith(("\u3000", "  ")):
                return False
            return full or (_PROSE.search(paragraph) is not None and paragraph[-1] not in _ENDS + ")）")
        return full and paragraph[-1] not in _ENDS + ")）"
    # Running text that stops without a full stop was cut; a heading has no comma and no full stop in it.
    prose = _PROSE.search(paragraph) is not None and len(paragraph) > 18
    return prose and paragraph[-1] not in _ENDS + ")）”》】" and _PROSE.search(stripped) is not None


def _open_bracket(paragraph: str) -> bool:
    tail = paragraph[-400:]
    depth = sum(tail.count(one) for one in _OPEN) - sum(tail.count(one) for one in _CLOSED)
    return depth > 0 and max(tail.rfind(one) for one in _OPEN) >= len(tail) - 300
