"""What a figure is about: the words before it without time, verb of reaching and comparator, or those behind it."""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"^(?:左右|以上|以下|以内)?[\s、，；：:()”\"]*(?:(?:其中|力争|原则上|确保|努力|争取|并|同时|进一步|累计|分别|每年|年均|在此基础上|推动|加快|全面|率先|实现|开展|使|以及|和|及|到|至|全部|逐步|预计|[一两三四五]年内|年内)[，：]?)*"
)
_TAIL = re.compile(
    r"(?:(?:累计|分别|均|各|力争|原则上|平均|共|约|近|再|至少|最少|每年|年均|全部|全面|基本|率先|实现|完成|确保|"
    r"不(?:得|能|应)?(?:低|少|小|高|多|大|长)于|不(?:得|应)?超过|不突破|超过?|高于|低于|大于|小于|"
    r"达到?(?:至)?|控制在|(?:提高|提升|增加|增长|扩大|上升|降|增|升)(?:到|至)|(?:下降|降低|减少|压减|稳定|保持|维持)(?:到|至|在|了)?|为|占到?|突破|≥|≤|>|<|=|:)[^，；。]{0,0})+$"
)
_OF_TAIL = re.compile(r"(?:达到?|不低于|不少于|超过|不高于|占到?)[^，；。]{1,16}的$")
_VERB_ONLY = re.compile(
    r"(?:新增|新建|改建|改造|建成|建设|完成|建立|打造|创建|培育|种植|修复|治理|或|和|实施|开展|推广|使用|使|推进|形成|的|引进|布设|开行|开通|投运|淘汰|退出|关停|完善|推动|支持|组织|开工|规划|提高|提升|增加|增长|上升|扩大|下降|降低|减少|压减|节约|达到?|控制)*"
)
_STATE = ("左右", "以上", "以下", "以内", "及以上", "及以下")


def subject_of(before: str, after: str, unit: str) -> str:
    """The subject of a figure; "" when the clause does not say it."""
    lead = before.split("其中")[-1] if "其中" in before else before
    lead = _cut(lead)
    counted = unit not in ("%", "‰", "个百分点", "百分点", "倍", "番", "")
    if lead and not _VERB_ONLY.fullmatch(lead):
        return lead
    behind = _behind(after) if counted or not lead else ""
    return f"{lead}{behind}" if behind else ""


def _cut(text: str) -> str:
    text = text.split("，")[-1].split("；")[-1]
    text = re.sub(r"^[\u4e00-\u9fff]{2,8}:(?=[\u4e00-\u9fff])", "", text)  # 行动目标:
    text = _LEAD.sub("", text)
    last = None
    while last != text:
        last = text
        text = _OF_TAIL.sub("", text)
        text = _TAIL.sub("", text).strip(' 的、:“"')
        text = re.sub(r"(?:由|从|按照?)$", "", text)
        # 由2020年的729公里提高到: the base value is no part of the name.
        text = re.sub(r"\d[\d.,]*(?:%|[\u4e00-\u9fff]{1,3})?$", "", text)
    return text.removeprefix("(") if text.count("(") > text.count(")") else text


def _behind(after: str) -> str:
    """The noun behind a count: 20座左右[社区公园], 1座以上[特色公园]."""
    for word in _STATE:
        after = after.removeprefix(word)
    noun = re.match(r"(?:的)?([\u4e00-\u9fff()A-Za-z]{2,20})", after)
    return noun[1].rstrip("和与及或并") if noun else ""


def without_growth(subject: str) -> str:
    """新能源汽车保有量年均增长 → 新能源汽车保有量: what a level said later is about."""
    return re.sub(r"(?:年均|每年)?(?:增长|增加|提高|增速)$", "", subject) or subject


def share_subjects(text: str, count: int) -> list[str]:
    """A、B分别: the parts, one for each figure; the whole for each when they do not go up evenly."""
    whole = _cut(text)
    parts = [part for part in re.split(r"[、和与及]", whole) if part]
    if len(parts) == count:
        return parts
    return [whole] * count
