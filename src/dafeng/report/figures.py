"""Figures as people read them: significant digits, a thin gap between thousands, a true minus sign, units in words.

A number is never shown shorter than its whole part (2 243 stays 2 243), and two numbers that differ never look
the same where they stand beside each other (13.46 beside 13.5).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

NONE = "–"
MINUS = "\u2212"
THIN = "\u2009"
FIRM = "\u00a0"
MOST_DECIMALS = 6
# Below this a difference is the rounding of floating arithmetic.
_NOISE = 1e-9

SIGNS = {
    "zh": {">=": "≥", "<=": "≤", ">": ">", "<": "<", "~": "约", "=": ""},
    "en": {">=": "≥", "<=": "≤", ">": ">", "<": "<", "~": "about ", "=": ""},
}
# Units of measure as catalogue symbols → what is printed. Counting words say nothing in English.
_PIECES = {
    "zh": (("hectare", "公顷"), ("CNY", "元"), ("CO2", "CO₂"), ("m2", "m²"), ("m3", "m³")),
    "en": (
        ("百分点", "points"), ("/人", "/person"),
        ("吨标准煤", "tce"), ("吨标煤", "tce"), ("吨二氧化碳", "tCO₂"), ("平方米", "m²"), ("立方米", "m³"),
        ("千瓦时", "kWh"), ("千瓦", "kW"), ("公里", "km"), ("公顷", "ha"), ("吨", "t"), ("元", "CNY"),
        ("hectare", "ha"), ("万", "10⁴ "), ("亿", "10⁸ "), ("CO2", "CO₂"), ("m2", "m²"), ("m3", "m³"),
    ),
}  # fmt: skip
_COUNTED_EN = {
    "人": "people",
    "人次": "visits",
    "户": "households",
    "辆": "vehicles",
    "年": "years",
    "月": "month",
} | dict.fromkeys("座个台家项次件篇根幢处批所只种类", "")


def decimals(value: float, digits: int = 3) -> int:
    """Decimals that show ``digits`` significant digits of the value; none for what is large already."""
    size = abs(value)
    if size < _NOISE:
        return 0
    # What rounds up to the next power of ten (9.996) has one decimal less.
    power = math.floor(math.log10(float(f"{size:.{max(digits - 1, 0)}e}")))
    return min(max(digits - 1 - power, 0), MOST_DECIMALS)


def figure(
    value: float | None,
    digits: int = 3,
    *,
    signed: bool = False,
    estimate: bool = False,
    places: int | None = None,
) -> str:
    """``19.6``, ``2 243``, ``−0.4``; "–" for none; "≈" before an estimate; + before a positive signed figure.

    places: decimals to use instead of what the digits give. Zeros at the end are kept only where rounding made
    them: 45 is "45", 45.02 is "45.0".
    """
    if value is None or math.isnan(value):
        return NONE
    if abs(value) < _NOISE:
        value = 0.0
    shown = decimals(value, digits) if places is None else places
    text = f"{abs(value):,.{shown}f}".replace(",", THIN)
    if "." in text and math.isclose(abs(value), float(text.replace(THIN, "")), rel_tol=1e-12):
        text = text.rstrip("0").rstrip(".")
    nothing = not text.strip(f"0.{THIN}")
    if nothing:
        return "≈0" if estimate else "0"
    sign = MINUS if value < 0 else "+" if signed else ""
    return f"{'≈' if estimate else ''}{sign}{text}"


def apart(value: float | None, other: float | None, digits: int = 3) -> tuple[str, str]:
    """Two figures that stand beside each other, with as many more digits as it takes to tell them apart."""
    one, two = figure(value, digits), figure(other, digits)
    if value is None or other is None or math.isclose(value, other, rel_tol=1e-9, abs_tol=_NOISE):
        return one, two
    while _number(one) == _number(two) and digits < 12:
        digits += 1
        one, two = figure(value, digits), figure(other, digits)
    return one, two


def _number(shown: str) -> float:
    return float(shown.replace(THIN, "").replace(MINUS, "-"))


def unit_words(unit: str, lang: str = "zh") -> str:
    """A unit's symbol as it is printed: ``万m2`` → ``万m²`` / ``10⁴ m²``; the ratio 1 has none."""
    if unit in ("1", ""):
        return ""
    if lang == "en" and unit.removeprefix("million ") in _COUNTED_EN:
        plain = unit.removeprefix("million ")
        return f"{unit.removesuffix(plain)}{_COUNTED_EN[plain]}".strip()
    for symbol, printed in _PIECES[lang]:
        unit = unit.replace(symbol, printed)
    return unit


def with_unit(text: str, unit: str) -> str:
    """Figure and printed unit: no gap before %, ° or a Chinese counting word, a firm one before letters."""
    if not unit or text == NONE:
        return text
    close = unit[0] in "%‰°" or "\u4e00" <= unit[0] <= "\u9fff"
    return f"{text}{'' if close else FIRM}{unit}"


def scale(values: Iterable[float | None], unit: str, lang: str = "zh") -> tuple[float, str]:
    """(divisor, unit) for a row of figures that share a unit. Chinese tells large ones in 万 or 亿; English, which
    has no such words, tells 万m2 in m2 or million m2. The unit is a catalogue symbol and stays one.
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if lang == "en":
        times = {"万": 1e4, "亿": 1e8}.get(unit[:1], 1.0)
        plain = unit[1:] if times > 1 else unit
        if plain in ("1", "", "%") or "/" in plain or largest * times < 1e6:
            return 1 / times, plain
        return 1e6 / times, f"million {plain}"
    if unit in ("1", "", "%") or unit.startswith(("万", "亿", "百", "千")) or "/" in unit:
        return 1.0, unit
    if largest >= 1e8:
        return 1e8, f"亿{unit}"
    return (1e4, f"万{unit}") if largest >= 1e5 else (1.0, unit)


def places_of(shown: str) -> int:
    """Decimals of a figure as printed."""
    return len(shown.partition(".")[2])


def excel_format(value: float | None, digits: int = 3, *, signed: bool = False) -> str:
    """Excel's number format: thousands grouped, a true minus sign, as many decimals as the figure shows (the cell
    keeps them all)."""
    if value is None:
        return "General"
    shown = places_of(figure(value, digits))
    plain = f"#,##0.{'0' * shown}" if shown else "#,##0"
    return f"{'+' if signed else ''}{plain};{MINUS}{plain};0"
