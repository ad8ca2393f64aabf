"""Numbers as plans print them: 2.2, 1,200, ２５, 二十五, 百分之十五, 两成, 一倍, 翻一番, 3%—5%.

The text is plain (see ``characters``): digits are half-width and a thousands comma is ``,``.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from dafeng.planning.measures import BASE, RATIOS, UNIT

_DIGITS = "零一二三四五六七八九"
_CN = "零一二三四五六七八九十百千万亿两点"
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(rf"(?<![\d.])(?P<number>{NUMBER})\s*(?:{UNIT.pattern})?")
_RATIO = re.compile(r"(?<![\d.:])(\d+(?:\.\d+)?)\s*:\s*(\d+(?:\.\d+)?)(?![\d:.])")
_PERCENT_WORDS = re.compile(rf"百分之(?P<cn>[{_CN}]+|{NUMBER})|千分之(?P<mille>[{_CN}]+|{NUMBER})")
_SHARE = re.compile(
    r"(?<![一二三四五六七八九十建完组构变生集合养落促达])(?P<cn>[一二两三四五六七八九])成(?P<half>半|[一二三四五六七八九](?=左右|以上|以下|以内|[，。；、)]|$))?(?![本立果效员长功为熟就套型品立都交])"
)
_TIMES = re.compile(
    r"(?P<double>翻(?P<times>[一两二三]|\d)番)|(?:增加|增长|提高|提升|扩大|达到?|翻)(?:到|至|了|近|约)?(?P<cn>[一二两三四五六七八九十]+)倍"
)
# A count in characters is taken only where it is a measure for certain; a person's prose is full of 一批, 一系列.
_MEASURED = sorted(
    [name for name in (*BASE, "亩", *RATIOS) if (len(name) > 1 or name in "吨米元亩") and not name.isascii()],
    key=len,
    reverse=True,
)
_COUNTED = re.compile(
    rf"(?<![第{_CN}\d之“\"每])(?P<cn>[{_CN}]{{1,9}})"
    rf"(?P<unit>{'|'.join(_MEASURED)}|[种家座个项处条辆台套轮次所户棵株])(?![子头])"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit. end_range: the upper end of a range. written: in digits or in words."""

    start: int
    end: int
    value: float
    unit: str
    words: bool = False
    upper: float | None = None


@functools.lru_cache(maxsize=1024)
def number_of(text: str) -> float | None:
    """The value of digits or of Chinese numerals; None for what is neither."""
    text = text.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if len(text) == 1 and text in _DIGITS:
        return float(_DIGITS.index(text))
    if text in ("百", "千"):
        return {"百": 100.0, "千": 1000.0}[text]
    if text in ("两", "十"):
        return 2.0 if text == "两" else 10.0
    if not text or any(one not in _CN for one in text):
        return None
    from cn2an import cn2an

    try:
        return float(cn2an(text, "smart"))
    except ValueError:
        return None


def find_figures(text: str) -> list[Figure]:
    """Every number of a text with its unit, in order, ranges as one. Overlaps go to the longer reading."""
    found = [*_words(text), *_printed(text)]
    found.sort(key=lambda figure: (figure.start, -figure.end))
    kept: list[Figure] = []
    for figure in found:
        if not kept or figure.start >= kept[-1].end:
            kept.append(figure)
    return _ranges(text, _with_units(text, kept))


def _printed(text: str) -> list[Figure]:
    # 2:1 is the ratio 2.
    out = [
        Figure(found.start(), found.end(), round(float(found[1]) / float(found[2]), 6), "")
        for found in _RATIO.finditer(text)
        if float(found[2])
    ]
    for found in _FIGURE.finditer(text):
        value = number_of(found["number"])
        assert value is not None
        unit = found["unit"] or ""
        out.append(Figure(found.start(), found.end() if unit else found.end("number"), value, unit))
    return out


def _words(text: str) -> list[Figure]:
    out = []
    for found in _PERCENT_WORDS.finditer(text):
        if (value := number_of(found["cn"] or found["mille"])) is not None:
            out.append(Figure(found.start(), found.end(), value, "%" if found["cn"] else "‰", words=True))
    for found in _SHARE.finditer(text):
        tens = number_of(found["cn"])
        if tens is not None:
            ones = 5 if found["half"] == "半" else number_of(found["half"] or "零") or 0
            out.append(Figure(found.start(), found.end(), tens * 10 + ones, "%", words=True))
    for found in _TIMES.finditer(text):
        if found["double"]:
            out.append(Figure(found.start(), found.end(), number_of(found["times"]) or 1.0, "番", words=True))
        elif (value := number_of(found["cn"])) is not None:
            out.append(Figure(found.start("cn"), found.end(), value, "倍", words=True))
    for found in _COUNTED.finditer(text):
        # 五十万平方米 is 50 万平方米, as it would be printed in digits; 万千瓦 keeps its 万 as well.
        big = found["cn"][-1] if found["cn"][-1] in "万亿" and len(found["cn"]) > 1 else ""
        if (value := number_of(found["cn"].removesuffix(big))) is not None and value > 0:
            out.append(Figure(found.start(), found.end(), value, big + found["unit"], words=True))
    return out


def _with_units(text: str, figures: list[Figure]) -> list[Figure]:
    """10、15、20万平方米: a list that names its unit once."""
    out = list(figures)
    for at in range(len(out) - 2, -1, -1):
        one, after = out[at], out[at + 1]
        if not one.unit and after.unit and not after.words and text[one.end : after.start].strip() == "、":
            out[at] = replace(one, unit=after.unit)
    return out


_DASH = re.compile(r"\s*(?:—+|-|~|至|到)\s*")


def _ranges(text: str, figures: list[Figure]) -> list[Figure]:
    """15%—20%, 3—5座: one figure with its upper end."""
    out: list[Figure] = []
    for figure in figures:
        last = out[-1] if out else None
        if (
            last is not None
            and _DASH.fullmatch(text[last.end : figure.start])
            and last.upper is None
            and figure.value > last.value
            and (last.unit == figure.unit or not last.unit or figure.unit.startswith(last.unit))
            and figure.unit != "年"
        ):
            out[-1] = Figure(last.start, figure.end, last.value, figure.unit, last.words, figure.value)
        else:
            out.append(figure)
    return out
