"""Words and marks that every report uses: lights, dates, numerals, lists."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dafeng.core.text import Text

INK, GREY, HAIR, WASH, ACCENT = "1B1F1D", "5F6B66", "C9D1CD", "F2F5F3", "1F5C4A"


@dataclass(frozen=True, slots=True)
class Light:
    """Differs from the others in shape and lightness as well as in hue, so that a black-and-white print tells them."""

    mark: str
    colour: str
    name: Text


LIGHTS = {
    "done": Light("●", ACCENT, Text("完成", "done")),
    "on_course": Light("▲", "2E7D5B", Text("正常", "on course")),
    "slipping": Light("◆", "8F5B00", Text("滞缓", "slipping")),
    "behind": Light("▼", "A3201B", Text("滞后", "behind")),
    "no_data": Light("○", GREY, Text("无数据", "no data")),
}

SYNTHETIC = Text("虚构示例数据", "synthetic example data")
SYNTHETIC_BOTH = "虚构示例数据（synthetic example data）"

_CHINESE = "一二三四五六七八九十"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_GAP_AFTER_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \u00a0](?=[0-9A-Za-z%≥≤<>+\u2212-])")
_GAP_BEFORE_WIDE = re.compile(rf"(?<=[0-9A-Za-z%]) (?=[{_WIDE}])")


def numeral(number: int) -> str:
    """1 → 一, 11 → 十一, 20 → 二十; for headings (1–99)."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens - 1]}十"
    return head + (_CHINESE[ones - 1] if ones else "")


def day(iso: str | dt.date, lang: str) -> str:
    """2026年3月31日 / 31 Mar 2026."""
    date = iso if isinstance(iso, dt.date) else dt.date.fromisoformat(str(iso)[:10])
    return (
        f"{date.year}年{date.month}月{date.day}日"
        if lang == "zh"
        else f"{date.day} {_MONTHS[date.month - 1]} {date.year}"
    )


def moment(iso: str) -> dt.datetime:
    """A time of a run as aware UTC."""
    at = dt.datetime.fromisoformat(iso)
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)


def quarter(code: str, lang: str) -> str:
    """2025Q3 → 2025年三季度; anything else stays as it was reported."""
    found = re.fullmatch(r"(\d{4})[Qq]([1-4])", code.strip())
    if not found or lang == "en":
        return code
    return f"{found[1]}年{_CHINESE[int(found[2]) - 1]}季度"


def listed(items: Sequence[str], lang: str) -> str:
    """甲、乙、丙 / A, B and C."""
    if lang == "zh":
        return "、".join(items)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def some(items: Sequence[str], most: int, lang: str) -> str:
    """The first of a long list, and how many there are: 甲、乙等5个单位."""
    if len(items) <= most:
        return listed(items, lang)
    if lang == "zh":
        return f"{listed(items[:most], lang)}等{len(items)}个单位"
    return f"{', '.join(items[:most])} and {len(items) - most} more"


def tidy(text: str, lang: str) -> str:
    """Chinese text without typed gaps beside figures: the typesetter makes the gap."""
    if lang != "zh":
        return text
    return _GAP_BEFORE_WIDE.sub("", _GAP_AFTER_WIDE.sub("", text))


def has_chinese(text: str) -> bool:
    return any("\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" for character in text)
