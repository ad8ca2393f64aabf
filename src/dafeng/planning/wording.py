"""The words around a figure: how it binds (不低于, 以上, 左右), which way it goes (下降, 新增), how firmly (力争)."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A comparator may be parted from its figure by what the figure is a share of: 达到最大用电负荷的6%.
_OF = (
    r"(?:[^，；。、\d]{0,16}的|[^，；。、\d的]{0,8}(?:负荷|总量|总数|面积|用量|用电量|需求|产能|容量))?"
    r"(?:每(?:人|户|家|吨|年|平方米|公里|千瓦时|万元)){0,2}\s*"
)
_HARD = (
    *(
        (re.compile(rf"(?:{words}){_OF}$"), sign)
        for words, sign in (
            ("不(?:得|能|应)?(?:低|少|小|短)于|不少过|≥|>=|最低|下限为", ">="),
            ("不(?:得|能|应)?(?:高|多|大|长)于|不(?:得|能|应)?超过?|不(?:得)?突破|≤|<=|上限为|最高不超过", "<="),
            ("超过|高于|大于|多于|突破|>|逾|优于", ">"),
            ("低于|小于|少于|<", "<"),
        )
    ),
    (re.compile(r"超\s*$"), ">"),
)
_AT_LEAST = re.compile(r"(?:至少|最少)[^，；。\d]{0,8}$")
_CAPS = re.compile(rf"(?:控制(?:在|到|至)|(?:压减|降低?|下降|减少|压降|压缩|缩短|削减|减|下浮|收窄)(?:到|至|为)){_OF}$")
_REACH = re.compile(
    rf"(?:达(?:到|至|成)?|(?:提高|提升|增加|增长|扩大|上升|恢复|发展|增|升|拓展|延伸|增大|提)(?:到|至|为)|(?:稳定|保持|维持|巩固)在?(?:到|至)?|占到|实现){_OF}$"
)
_ABOUT = re.compile(r"(?:约为?|大约|大概|约占|接近|近)\s*$")

_DOWN = "下降|降低|减少|削减|压减|缩减|下浮|压降|节约|减低|降幅|下降率|降低率|下降幅度|降低幅度|减量"
_DOWN_NEAR = re.compile(
    rf"(?:{_DOWN})(?:率|幅度)?(?:累计|分别|均|各|力争|争取|努力)?(?:为|约|近|超过?|达到?|不低于|不少于|高于|{_OF})?\s*$"
)
_UP = re.compile(r"新增|净增|增加|增长|提高|提升|翻|扩大|上升")
_VERB = re.compile(
    "新增|净增|新建|改建|扩建|续建|建成|建设|建立|建造|改造|完成|累计|落实|实施|打造|培育|创建|修复|治理|营造|推广|安装|淘汰|退出|关停|腾退|增加|增长|提高|提升|达到?|"
    "实现|形成|贯通|开工|投运|投放|投用|开行|开通|布设|配建|布局|更新|替换|绿化|种植|引进|培养|组建|拥有|保有|推进|推动|减少|下降|降低|削减|压减|翻|再完成|"
    "创成|争创|评选|遴选|设立|建有|配置|配备|划定|保护|恢复|复垦|整治|提标|供应|消纳|替代|节约|回收|处置|投产|并网|增绿|造林|抚育|接入|覆盖|力争|占"
)
_STRONG_VERB = re.compile(
    "新增|净增|新建|改建|建成|改造|完成|累计|修复|治理|营造|增加|增长|提高|提升|达|下降|降低|减少|削减|压减|翻|淘汰|退出|关停|造林|贯通|节约|投产|并网|创成|保持|稳定|创建|培育|实施"
)
_RATE = re.compile(r"(?:率|比例|比重|占比|覆盖面|占有率|系数|效率|水平|占)\s*$")
FORCE = re.compile(r"力争|原则上|努力|争取|确保|鼓励")
_PER_YEAR = re.compile(r"(?:每年|逐年|年均(?=增长|新增|增加|下降|降低|建设|完成))[^，；。]*$")


@dataclass(frozen=True, slots=True)
class Binding:
    """comparator: `>= <= > < = ~`. explicit: said in words that bind (不低于, 以上), not just 达到 or nothing.
    capped: the figure is a ceiling. direction: increase, decrease (by so much) or limit. verb: a verb of doing
    stands before the figure; strong: one of building, changing, reaching."""

    comparator: str
    explicit: bool
    capped: bool
    direction: str
    verb: bool
    strong: bool
    rate: bool
    yearly: bool


def read_binding(before: str, after: str) -> Binding:
    """before: the words before the figure back to a comma, times taken out; after: the words behind it."""
    comparator, explicit = _comparator(before, after)
    capped = _CAPS.search(before) is not None or comparator in ("<=", "<")
    down = _DOWN_NEAR.search(before) is not None and not _CAPS.search(before)
    if not down and re.search(r"(?:降幅|下降率|降低率|下降幅度|降低幅度)", before) and not capped:
        down = True
    direction = "decrease" if down else "limit" if capped else "increase"
    return Binding(
        comparator,
        explicit,
        capped,
        direction,
        _VERB.search(before) is not None,
        _STRONG_VERB.search(before) is not None,
        _RATE.search(before) is not None,
        _PER_YEAR.search(before) is not None,
    )


def _comparator(before: str, after: str) -> tuple[str, bool]:
    if re.match(r"\s*(?:左右|上下)", after):
        return "~", True
    for pattern, sign in _HARD:
        if pattern.search(before):
            return sign, True
    if re.match(r"\s*[)）]?\s*(?:及其?)?以上", after):
        return ">=", True
    if re.match(r"\s*[)）]?\s*(?:及其?)?(?:以下|以内|之内|内(?![\u4e00-\u9fff]))", after):
        return "<=", True
    if _AT_LEAST.search(before):
        return ">=", True
    if _ABOUT.search(before):
        return "~", True
    if _CAPS.search(before):
        return "<=", True
    if _REACH.search(before) and not re.search(rf"(?:{_DOWN})(?:率|幅度)?达到?\s*$", before):
        return ">=", True
    return "=", False


def force_in(text: str) -> str | None:
    """力争, 原则上 …: the last such word of the text."""
    found = FORCE.findall(text)
    return found[-1] if found else None
