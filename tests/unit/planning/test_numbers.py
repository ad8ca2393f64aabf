"""Numbers, units of measure, years: the parsers one by one."""

from __future__ import annotations

import pint
import pytest

from dafeng.planning.characters import plain
from dafeng.planning.measures import BASE, si
from dafeng.planning.numerals import find_figures, number_of
from dafeng.planning.times import find_times


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.2", 2.2),
        ("1,200", 1200),
        ("二十五", 25),
        ("两", 2),
        ("十", 10),
        ("百", 100),
        ("一百二十", 120),
        ("两万五千", 25000),
        ("三点五", 3.5),
    ],
)
def test_a_number_in_digits_or_characters_has_its_value(text, value):
    assert number_of(text) == value


@pytest.mark.parametrize("text", ["", "一批", "若干", "abc"])
def test_what_is_no_number_has_none(text):
    assert number_of(text) is None


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("2.2万千瓦", [(2.2, "万千瓦", None)]),
        ("１０％", [(10, "%", None)]),
        ("1,850个", [(1850, "个", None)]),
        ("百分之十五", [(15, "%", None)]),
        ("两成", [(20, "%", None)]),
        ("六成半", [(65, "%", None)]),
        ("建成、完成、形成", []),
        ("翻一番", [(1, "番", None)]),
        ("10%-15%", [(10, "%", 15)]),
        ("3～5座", [(3, "座", 5)]),
        ("0.28吨标准煤/万元", [(0.28, "吨标准煤/万元", None)]),
        ("10个百分点", [(10, "个百分点", None)]),
        ("五十万平方米", [(50, "万平方米", None)]),
        ("第3号、一批项目、一系列举措", [(3, "", None)]),
    ],
)
def test_figures_are_found_with_unit_and_upper_end(text, figures):
    assert [(figure.value, figure.unit, figure.upper) for figure in find_figures(plain(text))] == figures


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        (2.2, "万千瓦", (22, "MW")),
        (410, "万平方米", (4_100_000, "m2")),
        (50, "公顷", (500_000, "m2")),
        (15, "万亩", (100_000_000, "m2")),
        (3, "万千瓦时", (30, "MWh")),
        (62, "万吨标准煤", (620_000, "tce")),
        (30, "公里", (30, "km")),
        (1.2, "万个", (12_000, "个")),
        (0.28, "吨标准煤/万元", (0.000028, "tce/CNY")),
        (13.5, "%", (13.5, "%")),
        (1.3, "", (1.3, "")),
        (46, "亿立方米", (4_600_000_000, "m3")),
    ],
)
def test_a_printed_figure_has_its_value_in_the_unit_we_keep(value, unit, wanted):
    kept = si(value, unit)
    assert kept is not None
    assert kept[1] == wanted[1]
    assert kept[0] == pytest.approx(wanted[0], rel=1e-12)


def test_a_unit_that_is_not_known_is_not_converted():
    assert si(1, "帕斯卡秒") is None


PINT = {
    "千瓦": "kW",
    "兆瓦": "MW",
    "吉瓦": "GW",
    "瓦": "W",
    "千瓦时": "kWh",
    "兆瓦时": "MWh",
    "吉瓦时": "GWh",
    "度": "kWh",
    "平方米": "m**2",
    "公顷": "hectare",
    "平方公里": "km**2",
    "公里": "km",
    "米": "m",
    "立方米": "m**3",
    "升": "liter",
    "吨": "tonne",
    "千克": "kg",
    "克": "g",
    "吉焦": "GJ",
    "兆焦": "MJ",
    "千伏安": "kV*A",
}
KEPT = {"MW": "MW", "MWh": "MWh", "m2": "m**2", "km": "km", "m3": "m**3", "t": "tonne", "GJ": "GJ", "MVA": "MV*A"}


@pytest.mark.parametrize("name", PINT)
def test_our_factors_are_those_of_pint(name):
    registry = pint.UnitRegistry()
    factor, kept = BASE[name]
    assert registry.Quantity(1, PINT[name]).to(KEPT[kept]).magnitude == pytest.approx(float(factor), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("到2025年", "by", None, 2025),
        ("2025年底前", "before", None, 2025),
        ("2030年前", "before", None, 2030),
        ("“十四五”期间", "plan", 2021, 2025),
        ("“十五五”时期", "plan", 2026, 2030),
        ("“十四五”和“十五五”期间", "plans", 2021, 2030),
        ("2022年起", "since", 2022, None),
        ("自2024年1月1日起", "since", 2024, None),
        ("2021—2025年", "span", 2021, 2025),
        ("2023至2025年", "span", 2023, 2025),
        ("到“十四五”末", "end", None, 2025),
        ("截至2021年底", "past", None, 2021),
        ("比2020年下降", "base", None, 2020),
        ("在2020年基础上", "base", None, 2020),
        ("较“十三五”末下降", "base", None, 2020),
        ("由2020年的", "base", None, 2020),
        ("占比2025年达到", "in", None, 2025),
        ("至2035年末", "by", None, 2035),
    ],
)
def test_a_time_is_read_with_its_kind_and_years(text, kind, first, last):
    (when,) = find_times(plain(text))
    assert (when.kind, when.first, when.last) == (kind, first, last)


def test_the_plain_text_keeps_the_length_and_the_places():
    text = "到２０２５年，（一）“十四五”１，２００个;下降13.5%.到2030年"
    flat = plain(text)
    assert len(flat) == len(text)
    assert flat == "到2025年，(一)“十四五”1,200个；下降13.5%。到2030年"
