"""One way of writing for all plans, character by character: offsets in the original text stay valid.

``plain(text)`` has the length of ``text``. Digits, letters, brackets, colons and percent signs are half-width,
commas and full stops between words full-width, traditional characters simplified.
"""

from __future__ import annotations

import functools
import re

_WIDE = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
_WIDE |= {"，": "，", "；": "；", "！": "！", "？": "？", "．": ".", "｡": "。", "﹣": "-", "－": "—"}
_OTHER = {
    "﹝": "〔", "﹞": "〕", "[": "〔", "]": "〕", "［": "〔", "］": "〕", "【": "〔", "】": "〕",
    "„": "“", "‟": "“", "〝": "“", "〞": "”", "「": "“", "」": "”", "『": "“", "』": "”", "«": "《", "»": "》",
    "―": "—", "–": "—", "─": "—", "‐": "-", "﹏": "~", "〜": "~", "～": "~", "∼": "~",
    "\u3000": " ", "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\t": " ",
    "﹐": "，", "﹑": "、", "﹒": ".", "﹔": "；", "﹕": ":", "︰": ":", "∶": ":", "﹖": "？", "﹗": "！",
    "﹙": "(", "﹚": ")", "｟": "(", "｠": ")", "〖": "〔", "〗": "〕", "︵": "(", "︶": ")", "﹘": "—", "⁓": "~",
    ";": "；", "!": "！", "?": "？", "﹪": "%", "≧": "≥", "≦": "≤", "﹥": ">", "﹤": "<", "·": "·", "•": "•",
}  # fmt: skip
_TABLE = str.maketrans({**_WIDE, **_OTHER})
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_WIDE_THOUSANDS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_STOP = re.compile(r'(?<=[\u4e00-\u9fff%)"”》])\.(?=\s*(?:$|[\u4e00-\u9fff"“(《]))', re.MULTILINE)
# 二〇二五年, also with the many things people type for the zero. Four characters for four.
_CN_YEAR = re.compile(
    r"二(?P<zero>[〇○◯零OoО0])(?P<tens>[一二三四五六七八九〇○◯零OoО0])(?P<ones>[一二三四五六七八九〇○◯零OoО0])"
    r"(?=\s*(?:年|[—\-~至到]+\s*二[〇○◯零OoО0]\S{2}\s*年))"
)
_CN_DIGIT = {one: str(number) for number, one in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○◯零OoО0", "0")
# Characters that only traditional text has, and that plans are full of.
_TRADITIONAL = frozenset("碳達峰實區業產設總標單責務個節資環務與於發會國圖條關為將強據運動綠轉電車縣鎮鄉") - frozenset(
    "碳峰"
)


def plain(text: str) -> str:
    """The text in one way of writing, of the same length."""
    text = _WIDE_THOUSANDS.sub(",", text)
    text = _CN_YEAR.sub(_digits, simplified(text.translate(_TABLE)))
    return _STOP.sub("。", _COMMA.sub("，", text))


def _digits(hit: re.Match[str]) -> str:
    """二〇二五 → 2025."""
    return f"20{_CN_DIGIT[hit['tens']]}{_CN_DIGIT[hit['ones']]}"


def is_traditional(text: str) -> bool:
    """Whether the text is written in traditional characters (a name or two does not make it so)."""
    seen = sum(text.count(character) for character in _TRADITIONAL)
    return seen >= 3 and seen * 200 > len(text)


def simplified(text: str) -> str:
    """The text in simplified characters, one for one; unchanged when it is in them already."""
    if not is_traditional(text):
        return text
    table = {ord(one): _simple(one) for one in set(text) if one > "\u2fff"}
    return text.translate(table)


@functools.lru_cache(maxsize=8192)
def _simple(character: str) -> str:
    out = _converter().convert(character)
    return out if len(out) == 1 else character


@functools.cache
def _converter():
    from opencc import OpenCC

    return OpenCC("t2s")


def is_quoted(text: str, at: int) -> bool:
    """Whether a place lies between quotation marks."""
    return text.count("“", 0, at) > text.count("”", 0, at) or text.count('"', 0, at) % 2 == 1
