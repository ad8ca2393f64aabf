"""Targets without a figure: 应装尽装, 零填埋, 全覆盖, 全部采用, 全面执行…标准, 固废不出园, 完成市级下达指标, 达峰."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DONE = (
    "完成|实施|采用|使用|选用|执行|达到?|退出|淘汰|建成|纳入|安装|接入|更新|替换|更换|关停|消除|实现|落实|改用|改为|推行|实行|"
    "配备|建立|开展|清零|关闭|取缔|清退|整治|达标|配套|改造|替代|为|按|应用|利用"
)
_LEVELS = "国家|省级?|市级?|州级?|区级?|县级?|上级|自治区|兵团|集团"

_ASSIGNED = (
    rf"(?P<q>(?:完成|达到|满足|符合|控制在)?(?:{_LEVELS})(?:、(?:{_LEVELS}))*(?:人民政府|政府)?(?:统一|核定)?(?:下达|分解|核定|要求|确定|考核)"
    r"(?:的[\u4e00-\u9fff]{0,14}?|给\S{1,6}的)?(?:各项)?(?:目标|指标|任务|要求|计划)+(?:值|数|任务)?(?:以内|范围内)?)"
)
_ZERO = r"(?P<q>零(?:填埋|直排|外排|新增|增长|弃\w|散煤|燃煤|排放(?!试点|示范|园|社|建筑)))(?!的|技术)"
_FULLY = "执行|达到|实现|完成|建成|采用|使用|淘汰|退出|消除|禁止|禁用|停用|取消|接入|覆盖|普及|按"

# (kind, pattern): the group ``q`` is the qualifier. Earlier kinds win within one clause.
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("assigned", _ASSIGNED),
        ("assigned", r"(?P<q>完成\S{0,12}(?:审核|核定|衔接|协商)\S{0,6}确定的(?:目标|指标))"),
        ("each", r"(?P<q>应([\u4e00-\u9fff])尽\2)"),
        ("zero", _ZERO),
        ("zero", r"(?P<q>(?:动态)?清零)"),
        ("within", r"(?P<q>(?:固体废物|生活垃圾|[\u4e00-\u9fff]{2})不出(?:园区?|厂区?|区|县|市|镇|村))"),
        ("cover", r"(?P<q>全覆盖|全部覆盖|全域覆盖|覆盖(?:全[区市县州])?(?:所有|全部|各))"),
        ("all", rf"(?P<q>全部)(?=(?:[\u4e00-\u9fff]{{0,4}})(?:{_DONE}))"),
        ("all", rf"(?:^|[，、])(?P<q>全部)(?=[\u4e00-\u9fff]{{2,14}}(?:{_DONE}))"),
        ("full", rf"(?P<q>全面(?:{_FULLY}))"),
    )
)
_FULL_NEEDS = re.compile(r"标准|达标|清洁|绿色建筑|电气化|电动化|新能源|覆盖|改造|淘汰|退出|消除|填埋")
_PEAKING = (
    r"[^，。；]{0,24}?(?:实现|达到|如期|率先|同步|力争|提前|确保|前|顺利|排放|排放量|排放总量|消费量?)\s*(?:全[区市县州省])?(?:二氧化碳排放|碳排放)?\s*"
    r"(?P<q>碳?达峰|峰值)(?!行动|工作|方案|领导|目标任务|、碳中和|试点|先行|的?(?:时间|路线|技术|要求|战略|重大)|硬|(?:、?碳中和)?(?:目标|愿景)?(?:奠定|打下|打牢|打好|创造|夯实|筑牢|提供))"
)
_PEAK_WITH_YEAR = re.compile(rf"(?P<a>20\d\d)年(?P<before>[底末]?之?以?前)?{_PEAKING}")
_PEAK = re.compile(rf"(?P<a>)(?P<before>)?{_PEAKING}")


@dataclass(frozen=True, slots=True)
class Full:
    """A word that says what full means. kind: assigned, each, zero, within, cover, all or full."""

    kind: str
    start: int
    end: int
    qualifier: str

    @property
    def said(self) -> str:
        """The qualifier of a target: one word for full coverage, the words as printed behind it."""
        return f"全覆盖（{self.qualifier}）" if self.qualifier.startswith("覆盖") else self.qualifier


def find_full(segment: str, *, dated: bool) -> Full | None:
    """The one such word of a clause (text between commas), None without one. dated: whether a year governs it."""
    found: list[Full] = []
    for kind, pattern in _PATTERNS:
        for hit in pattern.finditer(segment):
            if kind == "full" and not (dated or _FULL_NEEDS.search(segment[hit.end() :])):
                continue
            if kind == "assigned" and not _is_assigned(segment, hit):
                continue
            found.append(Full(kind, hit.start("q"), hit.end("q"), hit["q"]))
    return found[0] if found else None


def _is_assigned(segment: str, hit: re.Match[str]) -> bool:
    """完成市级下达指标, not 按照市级下达指标要求开展….."""
    lead = segment[max(0, hit.start() - 6) : hit.start()]
    if re.search(r"(?:按照?|根据|对照|依据|落实|结合)[^，]{0,4}$", lead):
        return False
    return (
        hit["q"].startswith(("完成", "达到", "满足", "控制在", "符合"))
        or re.search(r"(?:完成|达到)$", lead) is not None
    )


@dataclass(frozen=True, slots=True)
class Peak:
    """Peaking itself. year: said with it, None when the time lies elsewhere; before: 2030年前."""

    start: int
    end: int
    year: int | None
    before: bool


def find_peak(text: str) -> Peak | None:
    """Where a sentence commits to peaking (实现碳达峰, 达到峰值)."""
    hit = _PEAK_WITH_YEAR.search(text) or _PEAK.search(text)
    if hit is None:
        return None
    return Peak(hit.start("q"), hit.end("q"), int(hit["a"]) if hit["a"] else None, bool(hit["before"]))
