"""Years as plans count them."""

from __future__ import annotations

# The eleventh five-year plan began in 2006; every later one follows at five years.
_FIRST_YEAR_OF_ELEVENTH = 2006
_CHINESE = ["十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十"]


def five_year_start(year: int) -> int:
    """First year of the five-year plan that contains ``year`` (2023 → 2021)."""
    return year - (year - 1) % 5


def five_year_name(year: int) -> str:
    """十四五 for any year of 2021–2025; the plain span outside the named plans."""
    index = (five_year_start(year) - _FIRST_YEAR_OF_ELEVENTH) // 5
    if 0 <= index < len(_CHINESE):
        return f"{_CHINESE[index]}五"
    return f"{five_year_start(year)}–{five_year_start(year) + 4}"
