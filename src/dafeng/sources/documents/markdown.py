"""Markdown: marks of emphasis, links and headings taken off, the headings' depth kept."""

from __future__ import annotations

import re

from dafeng.sources.documents.document import Draft
from dafeng.sources.documents.plain_text import read_lines

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])|`([^`]*)`")
_BULLET = re.compile(r"^(\s*)[-*+]\s+(?=\S)")
_RULE = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,}|={3,})\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_markdown(text: str, draft: Draft) -> None:
    """Put the lines of a Markdown text into a draft."""
    block: list[str] = []
    for line in _COMMENT.sub("", text).replace("\r\n", "\n").split("\n"):
        heading = _HEADING.match(line)
        if heading is None:
            block.append(_plain(line))
            continue
        read_lines("\n".join(block), draft)
        block = [""]
        draft.add(_plain(heading[2]), len(heading[1]))
        draft.add("")
    read_lines("\n".join(block), draft)


def _plain(line: str) -> str:
    """One line without its marks; a list's bullet stays as a bullet."""
    if _RULE.match(line):
        return ""
    line = re.sub(r"^\s*>\s?", "", line)
    line = _BULLET.sub("• ", line)
    last = None
    while last != line:
        last = line
        line = _EMPHASIS.sub(lambda hit: hit[2] or hit[3] or hit[4] or "", line)
    return re.sub(r"\\([.\-*_()#+!])", r"\1", _LINK.sub(r"\1", line))
