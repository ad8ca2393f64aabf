"""Chinese names of units of measure, and a printed figure in the unit we keep it in.

``si("2.2", "万千瓦") == (22.0, "MW")``. Factors are exact decimals; that they agree with pint is a test. A ratio and a
counted thing keep their unit (a count of 万个 becomes a count of 个).
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal

_PREFIX = {
    "": "1", "十": "10", "百": "1e2", "千": "1e3", "万": "1e4", "十万": "1e5", "百万": "1e6", "千万": "1e7",
    "亿": "1e8", "万亿": "1e12",
}  # fmt: skip
# names → unit kept; each name with its factor
_KEPT: dict[str, dict[str, str]] = {
    "MW": {"瓦": "1e-6", "千瓦": "1e-3", "兆瓦": "1", "吉瓦": "1e3", "W": "1e-6", "kW": "1e-3", "MW": "1", "GW": "1e3"},
    "MVA": {"千伏安": "1e-3", "兆伏安": "1", "kVA": "1e-3", "MVA": "1"},
    "MWh": {
        "度": "1e-3", "千瓦时": "1e-3", "千瓦·时": "1e-3", "千瓦小时": "1e-3", "兆瓦时": "1", "吉瓦时": "1e3",
        "kWh": "1e-3", "MWh": "1", "GWh": "1e3",
    },
    "m2": {
        "平方米": "1", "平米": "1", "m2": "1", "m²": "1", "㎡": "1", "公顷": "1e4",
        "平方公里": "1e6", "平方千米": "1e6", "km2": "1e6", "km²": "1e6",
    },
    "km": {"公里": "1", "千米": "1", "km": "1", "米": "1e-3", "延米": "1e-3"},
    "m3": {
        "立方米": "1", "标准立方米": "1", "标立方米": "1", "标方": "1", "立方": "1", "方": "1", "m3": "1", "m³": "1",
        "升": "1e-3",
    },
    "tce": {
        "吨标准煤": "1", "吨标煤": "1", "tce": "1", "千克标准煤": "1e-3", "公斤标准煤": "1e-3", "kgce": "1e-3",
        "克标准煤": "1e-6",
    },
    "tCO2e": {"吨二氧化碳当量": "1", "吨二氧化碳": "1", "tCO2": "1", "千克二氧化碳": "1e-3"},
    "t": {"吨": "1", "千克": "1e-3", "公斤": "1e-3", "克": "1e-6", "毫克": "1e-9", "微克": "1e-12"},
    "GJ": {"吉焦": "1", "GJ": "1", "兆焦": "1e-3"},
    "CNY": {"元": "1", "人民币": "1"},
}  # fmt: skip
# name → (factor, unit kept)
BASE = {name: (factor, kept) for kept, names in _KEPT.items() for name, factor in names.items()}
_MU = Decimal(2000) / 3  # square metres of one 亩
RATIOS = ("%", "‰", "个百分点", "百分点", "倍", "番", "成", "分")
COUNTS = (
    "标准机架", "机架", "标台", "场次", "人次", "车次", "班次", "蒸吨", "蒸吨/小时", "张床位", "床位", "辆次", "户次",
    *"个座家项条辆台套根处所户人名批件份篇场种类艘架株棵栋幢块片支次期口间村镇组轮张只头对盏枚部门樘院宗桩点站位届节段级例册",
)  # fmt: skip
TIME = ("分钟", "小时", "个月", "天", "日", "秒", "周岁", "年", "月", "周")
OTHER = ("千伏", "伏", "℃", "摄氏度", "度日", "克/千瓦时", "米/秒")

_PLAIN = sorted([*BASE, "亩", *COUNTS, *RATIOS, *TIME, *OTHER], key=len, reverse=True)
_ONE = "|".join(map(re.escape, _PLAIN))
_MULTIPLE = "万亿|千万|百万|十万|亿|万|千|百"
# A name of its own (千瓦时) goes before a multiple of a shorter one (千 + 瓦).
_NAMED = rf"(?:(?:{_ONE})|(?:{_MULTIPLE})(?:{_ONE}))"
UNIT = re.compile(rf"(?P<unit>{_NAMED}(?:/(?:{_NAMED}|人)(?:[·・](?:年|月|日|天|次))?)*|{_MULTIPLE})")


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
