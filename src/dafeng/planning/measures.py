"""Chinese names of units of measure, and a printed figure in the unit we keep it in.

``si("2.2", "万千瓦") == (22.0, "MW")``. Factors are exact decimals; that they agree with pint is a test. A ratio and a
counted thing keep their unit (a count of 万个 becomes a count of 个).
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal

_PREFIX = {
    "": "1",
    "十": "10",
    "百": "1e2",
    "千": "1e3",
    "万": "1e4",
    "十万": "1e5",
    "百万": "1e6",
    "千万": "1e7",
    "亿": "1e8",
    "万亿": "1e12",
}
# name → (factor, unit kept)
BASE: dict[str, tuple[str, str]] = {
    "千瓦": ("1e-3", "MW"), "兆瓦": ("1", "MW"), "吉瓦": ("1e3", "MW"), "瓦": ("1e-6", "MW"), "kW": ("1e-3", "MW"),
    "MW": ("1", "MW"), "GW": ("1e3", "MW"), "千伏安": ("1e-3", "MVA"), "兆伏安": ("1", "MVA"), "kVA": ("1e-3", "MVA"),
    "千瓦时": ("1e-3", "MWh"), "兆瓦时": ("1", "MWh"), "吉瓦时": ("1e3", "MWh"), "度": ("1e-3", "MWh"), "kWh": ("1e-3", "MWh"),
    "MWh": ("1", "MWh"), "GWh": ("1e3", "MWh"), "千瓦·时": ("1e-3", "MWh"), "千瓦小时": ("1e-3", "MWh"),
    "平方米": ("1", "m2"), "平米": ("1", "m2"), "公顷": ("1e4", "m2"), "平方公里": ("1e6", "m2"), "平方千米": ("1e6", "m2"),
    "m2": ("1", "m2"), "m²": ("1", "m2"), "㎡": ("1", "m2"), "km2": ("1e6", "m2"), "km²": ("1e6", "m2"),
    "公里": ("1", "km"), "千米": ("1", "km"), "km": ("1", "km"), "米": ("1e-3", "km"), "延米": ("1e-3", "km"),
    "立方米": ("1", "m3"), "标准立方米": ("1", "m3"), "标立方米": ("1", "m3"), "标方": ("1", "m3"), "立方": ("1", "m3"), "方": ("1", "m3"), "升": ("1e-3", "m3"),
    "m3": ("1", "m3"), "m³": ("1", "m3"),
    "吨标准煤": ("1", "tce"), "吨标煤": ("1", "tce"), "千克标准煤": ("1e-3", "tce"), "公斤标准煤": ("1e-3", "tce"), "克标准煤": ("1e-6", "tce"),
    "tce": ("1", "tce"), "kgce": ("1e-3", "tce"), "吨二氧化碳当量": ("1", "tCO2e"), "吨二氧化碳": ("1", "tCO2e"), "千克二氧化碳": ("1e-3", "tCO2e"), "tCO2": ("1", "tCO2e"),
    "吨": ("1", "t"), "千克": ("1e-3", "t"), "公斤": ("1e-3", "t"), "克": ("1e-6", "t"),
    "吉焦": ("1", "GJ"), "兆焦": ("1e-3", "GJ"), "GJ": ("1", "GJ"), "元": ("1", "CNY"), "人民币": ("1", "CNY"),
}  # fmt: skip
_MU = Decimal(2000) / 3  # square metres of one 亩
RATIOS = ("%", "‰", "个百分点", "百分点", "倍", "番", "成", "分")
COUNTS = ["标准机架", "机架", "标台", "人次", "车次", "班次", "蒸吨", "蒸吨/小时", "平方", "公交车", "张床位", "床位", "辆次", "户次", "个", "座", "家", "项", "条", "辆", "台", "套", "根", "处", "所", "户", "人", "名", "批", "件", "份", "篇", "场", "种", "类", "艘", "架", "株", "棵", "栋", "幢", "块", "片", "支", "次", "期", "口", "间", "村", "镇", "组", "轮", "张", "只", "头", "对", "盏", "枚", "部", "门", "樘", "院", "宗", "桩", "点", "站", "位", "届", "节", "段", "级", "例", "册"]
TIME = ("分钟", "小时", "个月", "天", "日", "秒", "周岁", "年", "月", "周")
OTHER = ("千伏", "伏", "℃", "摄氏度", "度日", "克/千瓦时", "米/秒")

_PLAIN = sorted([*BASE, "亩", *COUNTS, *RATIOS, *TIME, *OTHER], key=len, reverse=True)
_ONE = "|".join(map(re.escape, _PLAIN))
_MULTIPLE = "万亿|千万|百万|十万|亿|万|千|百"
UNIT = re.compile(
    rf"(?P<unit>(?:(?:{_MULTIPLE})(?={_ONE}))?(?:{_ONE})(?:/(?:(?:{_MULTIPLE})?(?:{_ONE}|人))(?:[·・](?:年|月|日|天|次))?)*|{_MULTIPLE})"
)


def si(value: float, unit: str) -> tuple[float, str] | None:
    """A printed figure in the unit kept: (value, unit); None for a unit that is not known."""
    factor = _factor(unit)
    if factor is None:
        return None
    number, kept = factor
    return float(Decimal(str(value)) * number), kept


@functools.lru_cache(maxsize=1024)
def _factor(unit: str) -> tuple[Decimal, str] | None:
    if unit in ("", *RATIOS):
        return Decimal(1), {"百分点": "个百分点"}.get(unit, unit)
    above, *below = unit.split("/")
    top = _single(above)
    if top is None or not below:
        return top
    number, kept = top
    for part in below:
        bottom = _single(part)
        if bottom is None:
            return None
        number, kept = number / bottom[0], f"{kept}/{bottom[1]}"
    return number, kept


def _single(unit: str) -> tuple[Decimal, str] | None:
    """A unit without a stroke."""
    for prefix in sorted(_PREFIX, key=len, reverse=True):
        rest = unit.removeprefix(prefix)
        if not unit.startswith(prefix):
            continue
        if rest == "亩":
            return Decimal(_PREFIX[prefix]) * _MU, "m2"
        if rest in BASE:
            factor, kept = BASE[rest]
            return Decimal(_PREFIX[prefix]) * Decimal(factor), kept
        if rest in COUNTS or rest in TIME or rest in OTHER:
            return Decimal(_PREFIX[prefix]), rest
        if prefix and not rest:
            return Decimal(_PREFIX[prefix]), ""
    return None
