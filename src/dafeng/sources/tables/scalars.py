"""One written value → one value. Every function raises ``Unread`` saying what to do instead of guessing."""

from __future__ import annotations

import datetime as dt
import re

from dafeng.core.text import Text
from dafeng.sources.tables.words import narrow

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
_GROUPED = re.compile(r"[+-]?\d{1,3}((?:,\d{3})+|(?:[  ']\d{3})+)(\.\d+)?\Z")
_GAPS = ("\u2009", "\u202f", "\u2007")
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\Z"
)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?\Z")
_YEAR = re.compile(r"(\d{4})\s*(?:年|年度|年末|年底)?\Z")
# Serial numbers of 1954-10-03 and 2119-01-11: outside them a figure in a date column is no date.
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
EXCEL_EPOCH = dt.date(1899, 12, 30)

YES = frozenset(["是", "有效", "√", "✓", "✔", "☑", "对", "y", "yes", "true", "t", "1"])
NO = frozenset(["否", "×", "✗", "✘", "x", "错", "n", "no", "false", "f", "0", "不是"])


class Unread(Exception):
    """The words cannot be read as the wanted kind of value."""

    def __init__(self, rule: Text, remedy: Text):
        super().__init__(rule.en)
        self.rule, self.remedy = rule, remedy


def number(text: str, units: frozenset[str] = frozenset()) -> float:
    """1,234.5 and 1 234.5 and １２３; a unit behind the figure only where it is the column's own (``units``)."""
    words = narrow(text).replace("，", ",")
    for gap in _GAPS:
        words = words.replace(gap, " ")
    for unit in sorted(units, key=len, reverse=True):
        # The unit of a bare ratio is spelled “1”, which every figure may end with.
        if unit and not unit[0].isdigit() and words.endswith(unit) and len(words) > len(unit):
            words = words[: -len(unit)].rstrip()
            break
    if _GROUPED.match(words):
        words = re.sub(r"[, ']", "", words)
    if not _NUMBER.match(words):
        raise Unread(
            Text(f"“{_short(text)}”不是数字", f"“{_short(text)}” is not a number"),
            Text(
                "只填数字；单位写在列名里，说明写在备注里",
                "write the figure alone: the unit belongs in the heading, words in a remark",
            ),
        )
    value = float(words)
    if value in (float("inf"), float("-inf")):
        raise Unread(Text(f"“{_short(text)}”太大", f"“{_short(text)}” is too large"), Text("请核对", "check it"))
    return value


def date(text: str) -> dt.date:
    """2023-05-01, 2023/5/1, 2023.5.1, 2023年5月1日, 20230501."""
    words = narrow(text)
    found = _DATE.match(words) or re.match(r"(\d{4})(\d{2})(\d{2})\Z", words)
    try:
        if found:
            return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise Unread(
        Text(f"“{_short(text)}”不是日期", f"“{_short(text)}” is not a date"),
        Text(
            "写成 2023-05-01；只知道月份时请向填报单位问清日期",
            "write 2023-05-01; where only the month is known ask for the day",
        ),
    )


def date_of_number(value: float, *, counts_from_1904: bool = False) -> dt.date:
    """20230501, or the serial number under which Excel keeps a date."""
    if value == int(value) and 17_000_101 <= value <= 21_001_231:
        return date(str(int(value)))
    if FIRST_SERIAL <= value <= LAST_SERIAL and not counts_from_1904:
        return EXCEL_EPOCH + dt.timedelta(days=int(value))
    raise Unread(
        Text(f"{value:g} 不是日期", f"{value:g} is not a date"),
        Text("写成 2023-05-01，或把单元格设为日期格式", "write 2023-05-01, or give the cell a date format"),
    )


def month(text: str) -> str:
    """2023-05, 2023年5月, 202305, or a whole date → ``2023-05``."""
    words = narrow(text)
    found = _MONTH.match(words) or re.match(r"(\d{4})(\d{2})\Z", words) or _DATE.match(words)
    if found and 1 <= int(found.group(2)) <= 12:
        return f"{found.group(1)}-{int(found.group(2)):02d}"
    raise Unread(
        Text(f"“{_short(text)}”不是年月", f"“{_short(text)}” is not a month"),
        Text("写成 2023-05", "write 2023-05"),
    )


def month_of_number(value: float) -> str:
    """202305. A number like 2023.1 may be January or October and is refused."""
    if value == int(value) and 190_001 <= value <= 210_012:
        return month(str(int(value)))
    raise Unread(
        Text(f"{value:g} 不是年月", f"{value:g} is not a month"),
        Text(
            "写成 2023-05（以文字填写，2023.10 会被 Excel 记成 2023.1）",
            "write 2023-05 as text (Excel turns 2023.10 into 2023.1)",
        ),
    )


def year(text: str) -> int:
    """2023, 2023年."""
    found = _YEAR.match(narrow(text))
    if found:
        return int(found.group(1))
    raise Unread(
        Text(f"“{_short(text)}”不是年份", f"“{_short(text)}” is not a year"),
        Text("写四位年份，如 2023", "write four digits, like 2023"),
    )


def yes_or_no(text: str) -> bool:
    words = narrow(text).casefold()
    if words in YES:
        return True
    if words in NO:
        return False
    raise Unread(
        Text(f"“{_short(text)}”不是“是”或“否”", f"“{_short(text)}” is neither yes nor no"),
        Text("填“是”或“否”", "write 是 or 否 (yes or no)"),
    )


def point(text: str) -> str:
    """``121.437,31.188``, 121.437 31.188 or POINT (121.437 31.188) → ``121.437,31.188`` (longitude, latitude)."""
    words = narrow(text).replace("，", ",")
    inner = re.sub(r"(?i)^POINT\s*\((.*)\)$", r"\1", words).strip()
    parts = [part for part in re.split(r"[,;\s]+", inner) if part]
    remedy = Text("写成 经度,纬度，如 121.437,31.188", "write longitude,latitude, like 121.437,31.188")
    if len(parts) != 2 or not all(_NUMBER.match(part) for part in parts):
        raise Unread(Text(f"“{_short(text)}”不是坐标", f"“{_short(text)}” is not a position"), remedy)
    longitude, latitude = (float(part) for part in parts)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Unread(Text("经度与纬度写反了，或超出范围", "longitude and latitude are swapped or out of range"), remedy)
    return f"{longitude:.10g},{latitude:.10g}"


def shape(text: str, kind: str) -> str:
    """A polygon or line as WKT or GeoJSON, kept as written."""
    import json

    words = text.strip()
    heads = {"polygon": ("POLYGON", "MULTIPOLYGON"), "line": ("LINESTRING", "MULTILINESTRING")}[kind]
    if words.startswith("{"):
        try:
            if str(json.loads(words).get("type", "")).upper() in heads:
                return words
        except (ValueError, AttributeError):
            pass
    elif re.match(rf"(?i)(?:{'|'.join(heads)})\s*\(.*\)\Z", words, re.DOTALL) and words.count("(") == words.count(")"):
        return words
    raise Unread(
        Text("不是 WKT 或 GeoJSON 写法的图形", f"not a {kind} in WKT or GeoJSON"),
        Text(
            f"写成 {heads[0]} ((经度 纬度, …))，或留空", f"write {heads[0]} ((longitude latitude, …)) or leave it empty"
        ),
    )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else words[:39] + "…"
