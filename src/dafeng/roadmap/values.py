"""Numbers of a case as people write them: a number, a number with its unit, a value per year. Problems are gathered."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dafeng.core.errors import Place, Problems
from dafeng.core.text import Text, same
from dafeng.core.units import UnitMismatch, Units
from dafeng.roadmap.case import Series


@dataclass(slots=True)
class Values:
    """Reads values at a place of the file; ``units`` is loaded from the catalogue when a conversion needs it."""

    place: Place
    years: tuple[int, ...] = ()
    given_units: Units | None = None
    problems: Problems = field(default_factory=Problems)

    def at(self, item: str | None = None, part: str | None = None) -> Place:
        return replace(self.place, item=item or self.place.item, field=part)

    def missing(self, place: Place) -> None:
        self.problems.add(
            "roadmap.missing", place, "缺少这一项", "this is missing",
            fix_zh="补上；没有时写0", fix_en="write it; 0 where there is none",
        )  # fmt: skip

    def unknown(self, place: Place, name: object, among: Sequence[str]) -> None:
        known_zh, known_en = "、".join(among[:12]) or "无", ", ".join(among[:12]) or "none"
        self.problems.add(
            "roadmap.unknown", place, f"没有“{name}”", f"there is no “{name}”",
            fix_zh=f"改为下列之一：{known_zh}", fix_en=f"write one of: {known_en}",
        )  # fmt: skip

    def wrong(self, code: str, place: Place, zh: str, en: str, fix_zh: str, fix_en: str) -> None:
        self.problems.add(code, place, zh, en, fix_zh=fix_zh, fix_en=fix_en)

    def number(
        self, given: Any, place: Place, *, least: float = 0.0, most: float = math.inf, unit: str | None = None,
        per: str | None = None,
    ) -> float:  # fmt: skip
        """A finite number in [least, most], in ``unit`` (``per`` one of the measure's unit, where given). NaN where it
        cannot be read, with its problem gathered."""
        if isinstance(given, Mapping) and "value" in given:
            value = self.number(given["value"], place, least=least, most=most)
            return value * self.convert(str(given["unit"]), unit, per, place) if given.get("unit") else value
        if given is None:
            self.missing(place)
            return math.nan
        if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
            self.wrong(
                "roadmap.not-a-number", place, f"“{given}”不是数", f"“{given}” is not a number",
                "写一个数，或 {value: 数, unit: 单位}", "write a number, or {value: number, unit: unit}",
            )  # fmt: skip
            return math.nan
        if not least <= given <= most:
            self._outside(given, place, least, most)
            return math.nan
        return float(given)

    def _outside(self, given: float, place: Place, least: float, most: float) -> None:
        if given < 0 <= least:
            self.problems.add(
                "roadmap.negative", place, f"{given:g}小于零", f"{given:g} is below zero",
                fix_zh="写零或正数", fix_en="write zero or a positive number",
            )  # fmt: skip
            return
        bounds_zh = f"小于{least:g}" if math.isinf(most) else f"不在{least:g}与{most:g}之间"
        bounds_en = f"below {least:g}" if math.isinf(most) else f"not between {least:g} and {most:g}"
        self.wrong(
            "roadmap.out-of-range", place, f"{given:g}{bounds_zh}", f"{given:g} is {bounds_en}",
            "核对数值和单位", "check the number and its unit",
        )  # fmt: skip

    def whole(self, given: Any, place: Place, *, least: int = 1) -> int:
        value = self.number(given, place, least=least)
        if math.isnan(value):
            return least
        if value != int(value):
            self.wrong(
                "roadmap.not-whole",
                place,
                f"{value:g}不是整数",
                f"{value:g} is not whole",
                "写整数",
                "write a whole number",
            )
        return int(value)

    def year(self, given: Any, place: Place, *, within: bool = True) -> int | None:
        if not isinstance(given, int) or isinstance(given, bool):
            self.wrong(
                "roadmap.not-a-year",
                place,
                f"“{given}”不是年份",
                f"“{given}” is not a year",
                "写年份，如2030",
                "write a year: 2030",
            )
            return None
        if within and given not in self.years:
            self.problems.add(
                "roadmap.year-outside", place,
                f"{given}年不在{self.years[0]}—{self.years[-1]}年之内",
                f"{given} is not within {self.years[0]}–{self.years[-1]}",
                fix_zh="改年份；已经过期而没有完成的目标，用 backlog 写出补做的年份",
                fix_en="change the year; for a target that is past and was missed, write the new year as backlog",
            )  # fmt: skip
            return None
        return given

    def series(
        self, given: Any, place: Place, *, least: float = 0.0, unit: str | None = None, per: str | None = None
    ) -> Series:
        """(year,): one number for all years, or year → number; years between two given ones lie on a line between them,
        and none lies outside."""
        if isinstance(given, Mapping) and "value" in given and isinstance(given["value"], Mapping):
            factor = self.convert(str(given["unit"]), unit, per, place) if given.get("unit") else 1.0
            return self.series(given["value"], place, least=least) * factor
        if not isinstance(given, Mapping) or "value" in given:
            return np.full(len(self.years), self.number(given, place, least=least, unit=unit, per=per))
        points = {}
        for key, value in given.items():
            year = self.year(_as_year(key), place, within=False)
            if year is not None:
                points[year] = self.number(value, place, least=least, unit=unit, per=per)
        if not points or min(points) > self.years[0] or max(points) < self.years[-1]:
            self.problems.add(
                "roadmap.years-missing", place,
                f"没有覆盖{self.years[0]}—{self.years[-1]}年",
                f"does not cover {self.years[0]}–{self.years[-1]}",
                fix_zh="至少写出首年和末年的值，中间按直线插值",
                fix_en="write at least the first and the last year; between them it is a straight line",
            )  # fmt: skip
            return np.full(len(self.years), math.nan)
        known = sorted(points)
        return np.interp(self.years, known, [points[year] for year in known])

    def convert(self, source: str, target: str | None, per: str | None, place: Place) -> float:
        """How many ``target`` (per ``per``) one ``source`` is: CNY/m2 for a measure in 万m2 is 10,000 CNY per unit."""
        top, _, bottom = source.partition("/")
        if not target or (bottom and not per):
            self.mismatch(place, source, "?")
            return math.nan
        factor = self.factor(top.strip(), target, place)
        return factor * self.factor(per, bottom.strip(), place) if bottom and per else factor

    def factor(self, source: str, target: str, place: Place) -> float:
        if source == target:
            return 1.0
        try:
            return (self.given_units or _shipped()).factor(source, target)
        except (UnitMismatch, KeyError):
            self.mismatch(place, source, target)
            return math.nan

    def mismatch(self, place: Place, source: str, target: str) -> None:
        self.problems.add(
            "roadmap.unit-mismatch", place,
            f"单位“{source}”不能换算为“{target}”", f"the unit “{source}” does not convert to “{target}”",
            fix_zh="改用同类单位，或写明每单位折合多少",
            fix_en="use a unit of the same kind, or say how much one unit makes",
        )  # fmt: skip

    def word(self, given: Any, place: Place) -> str | None:
        """A name; None where none is written."""
        if given is None or isinstance(given, str):
            return given or None
        self.wrong(
            "roadmap.not-a-name", place, f"“{given}”不是名称", f"“{given}” is not a name", "写文字", "write words"
        )
        return None

    def known(self, given: Mapping[str, Any], among: Sequence[str], item: str | None = None) -> None:
        """Every key must be one that is read: a misspelt one would be lost without a word."""
        for key in given:
            if key not in among:
                self.unknown(self.at(item, str(key)), key, sorted(among))

    def mapping(self, given: Any, place: Place) -> Mapping[str, Any]:
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self.wrong(
                "roadmap.not-by-name",
                place,
                "这里应是“名称: 值”",
                "name: value is wanted here",
                "按名称写值",
                "write values by name",
            )
            return {}
        return given

    def entries(self, given: Any, part: str) -> list[tuple[int, Mapping[str, Any]]]:
        """The entries of a list, counted from 1."""
        if given is None:
            return []
        if not isinstance(given, list):
            self.wrong(
                "roadmap.not-a-list",
                self.at(None, part),
                f"{part}应是列表",
                f"{part} must be a list",
                "每项前写“- ”",
                "begin each with “- ”",
            )
            return []
        found = []
        for number, one in enumerate(given, 1):
            if isinstance(one, Mapping):
                found.append((number, one))
            else:
                self.wrong(
                    "roadmap.not-by-name", self.at(f"{part}[{number}]"),
                    "这一项应是“名称: 值”", "this entry must be name: value",
                    "按名称写值", "write values by name",
                )  # fmt: skip
        return found


def text(given: Any, otherwise: str) -> Text:
    """``{zh: …, en: …}``, or one word for both."""
    if isinstance(given, Mapping):
        zh = str(given.get("zh") or given.get("en") or otherwise)
        return Text(zh, str(given.get("en") or zh))
    return same(str(given)) if given else same(otherwise)


def listed(given: Any) -> list[Any]:
    """A list; one value alone is a list of one."""
    return list(given) if isinstance(given, list | tuple) else [] if given is None else [given]


def _as_year(key: Any) -> Any:
    return int(key) if isinstance(key, str) and key.isdigit() else key


@functools.cache
def _shipped() -> Units:
    from dafeng.catalogue.load import load_catalogue

    return load_catalogue().unit_table
