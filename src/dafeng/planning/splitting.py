"""A text into its sentences."""

from __future__ import annotations

import re

_LONGEST = 1200
_SENTENCE = re.compile(r"[。！？\n]+")


def sentences(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of each sentence of plain[start:end], its full stop included. A sentence longer than any that people
    write (a file that lost its full stops) is cut at a comma."""
    out, begin = [], start
    for stop in _SENTENCE.finditer(plain, start, end):
        if plain[begin : stop.start()].strip():
            out.append((_skip(plain, begin), stop.end() if plain[stop.start()] != "\n" else stop.start()))
        begin = stop.end()
    if plain[begin:end].strip():
        out.append((_skip(plain, begin), end))
    return [piece for sentence in out for piece in _cut(plain, *sentence)]


def _cut(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > _LONGEST:
        comma = max(plain.rfind(mark, start, start + _LONGEST) for mark in "；，、")
        at = comma + 1 if comma > start else start + _LONGEST
        pieces.append((start, at))
        start = at
    return [*pieces, (start, end)]


def _skip(plain: str, begin: int) -> int:
    while plain[begin].isspace():
        begin += 1
    return begin
