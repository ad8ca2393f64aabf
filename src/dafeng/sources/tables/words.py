"""Spellings made alike: widths, spaces, case; what counts as an empty cell; spreadsheet letters."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

# Ways to write "nothing here". A dash in a table of figures is never a figure.
_MARKS = "- -- --- — —— – ― − / // \\ … ... .. ? ？ n/a na none null nil"
_CHINESE = "无 暂无 没有 不适用 不涉及 未统计 空"
NOTHING = frozenset(f"{_MARKS} {_CHINESE}".split())
_IDLE = re.compile(r"[\s*_＊:：·•]+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D}
_WIDE_CODES = {code: narrow for code, narrow in _WIDE.items() if chr(narrow).isalnum() or chr(narrow) in "-_./#"}


def alike(text: str) -> str:
    """The form in which headings and choices are compared: half width, no spaces or marks, lower case."""
    return _IDLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def narrow(text: str) -> str:
    """Full-width characters as half-width ones, spaces at the ends gone (figures, dates)."""
    return text.translate(_WIDE).strip()


def narrow_code(text: str) -> str:
    """Full-width letters and digits of an identifier as half-width ones; Chinese and its punctuation stay."""
    return text.translate(_WIDE_CODES).strip()


def is_nothing(text: str) -> bool:
    return unicodedata.normalize("NFKC", text).strip().casefold() in _NOTHING_ALIKE


_NOTHING_ALIKE = frozenset(unicodedata.normalize("NFKC", word).casefold() for word in NOTHING)


def nearest(text: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Known words that look like ``text``, best first: by shared characters, or one inside the other."""
    words = list(dict.fromkeys(known))
    wanted = alike(text)
    by_form: dict[str, str] = {}
    for word in words:
        by_form.setdefault(alike(word), word)
    inside = [word for form, word in by_form.items() if wanted and form and (wanted in form or form in wanted)]
    close = [by_form[form] for form in difflib.get_close_matches(wanted, by_form, n=most, cutoff=0.4)]
    return list(dict.fromkeys([*close, *inside]))[:most]


def letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
