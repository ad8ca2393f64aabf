"""Title, number, issuer, date and status of a plan, from the lines above its first item."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass

from dafeng.planning.marks import ordinal

_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,14})\s*[〔(\[]\s*(20\d\d)\s*[〕)\]]\s*第?\s*(\d{1,4})\s*号")
_DATE = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
# 二〇二六年七月一日; the year itself has become digits already (see ``characters``).
_CN_DATE = re.compile(r"(20\d\d)年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日")
_KIND = r"(?:方案|规划|计划|意见|纲要|路线图|行动|办法|措施|要点|细则|规定|任务书|清单|(?:分解|分工|任务)表)"
_TITLE = re.compile(rf"[^，。；:\s]{{4,60}}{_KIND}(?:\([^()]{{2,24}}\))*")
_QUOTED = re.compile(rf"《([^《》]*(?:《[^《》]*》[^《》]*)*{_KIND}(?:\([^()]*\))*)》")
_ISSUER = re.compile(
    r"([\u4e00-\u9fff]{2,30}?(?:人民政府办公室|人民政府办公厅|人民政府|管理委员会|管委会|领导小组办公室|发展和改革委员会|发展和改革局|发展改革委|委员会|办公室|局))"
)
_DRAFT = re.compile(r"征求意见|公开征求|草案|送审稿|讨论稿|征求稿")


@dataclass(frozen=True, slots=True)
class Letterhead:
    title: str | None
    number: str | None
    issuer: str | None
    issued_on: str | None
    year: int | None
    status: str
    level: str


def read_letterhead(above: str, below: str, printed: str) -> Letterhead:
    """above: plain text before the first item; below: the text after it (an end may carry the date); printed: the text
    above as printed, of the same length."""
    number = _number(above)
    issued = _date(above, last=True) or _date(below[-600:], last=True)
    title = _title(above)
    issuer = _issuer(above, title)
    year = int(issued[:4]) if issued else _number_year(above) or _title_year(title)
    level = _level(title, issuer)
    status = "draft" if _DRAFT.search((title or "") + above[:200]) else "issued"
    if title is not None and (at := above.rfind(title)) >= 0:
        title = printed[at : at + len(title)]
    return Letterhead(title, number, issuer, issued, year, status, level)


def _own_number(above: str) -> re.Match[str] | None:
    """The plan's own number: one that stands alone in its line, or behind its label. Others are only cited."""
    for hit in _NUMBER.finditer(above):
        line_start = above.rfind("\n", 0, hit.start()) + 1
        line_end = above.find("\n", hit.end())
        line = above[line_start : line_end if line_end >= 0 else len(above)]
        if len(_DATE.sub("", line).strip()) <= len(hit[0]) + 6 or re.search(
            r"文字?号[^\n]{0,6}$", above[line_start : hit.start()]
        ):
            return hit
    return None


def _number(above: str) -> str | None:
    hit = _own_number(above)
    if hit is None:
        return None
    # A label of the site may run into the name: 发文字号青政办发.
    name = re.sub(r"^.*(?:发文字号|文号|字号|文件编号|通知)", "", hit[1])
    return f"{name}〔{hit[2]}〕{int(hit[3])}号"


def _number_year(above: str) -> int | None:
    hit = _own_number(above)
    return int(hit[2]) if hit else None


def _title_year(title: str | None) -> int | None:
    """A plan for 2026—2030 is of about its first year."""
    found = re.search(r"(20\d\d)\s*年?\s*[—\-~至到]+\s*20\d\d", title or "")
    return int(found[1]) if found else None


def _date(text: str, *, last: bool) -> str | None:
    """The date of issue: the one that closes the notice."""
    alone = [hit for hit in _DATE.finditer(text) if _stands_alone(text, hit)]
    for hit in reversed(alone) if last else alone:
        try:
            return dt.date(int(hit[1]), int(hit[2]), int(hit[3])).isoformat()
        except ValueError:
            continue
    for hit in _CN_DATE.finditer(text):
        month, day = ordinal(hit[2]), ordinal(hit[3])
        if month and day:
            try:
                return dt.date(int(hit[1]), month, day).isoformat()
            except ValueError:
                continue
    return None


def _stands_alone(text: str, hit: re.Match[str]) -> bool:
    """On a line of its own (a name before it allowed), not a date the site printed or a law came into force."""
    start, end = text.rfind("\n", 0, hit.start()) + 1, text.find("\n", hit.end())
    before = text[start : hit.start()].strip()
    after = text[hit.end() : end if end >= 0 else len(text)].strip()
    return not after.strip("。)") and len(before) <= 20 and not re.search(r"今天|时间|日期|发布|来源|起|自", before)


def _title(above: str) -> str | None:
    """The plan's title: its line nearest to the first item; else what the notice names in 《》."""
    named = [hit[1] for hit in _QUOTED.finditer(above)]
    alone = [line.strip() for line in above.split("\n") if _is_title(line.strip())]
    if alone:
        best = alone[-1]
        # A title that the notice repeats in 《》 is sure to be whole.
        return next((name for name in named if name == best), best)
    about = re.search(rf"关于印发\s*[《“\"]?([^《》\n]{{4,60}}?{_KIND}(?:\([^()]*\))*)[》”\"]?的通知", above)
    if about:
        return about[1].strip('“”"')
    return named[-1] if named else None


def _is_title(line: str) -> bool:
    if len(line) > 60 or "通知" in line or ">" in line or "《" in line or "附件" in line:
        return False
    line = re.sub(r"^#+\s*", "", line)
    return _TITLE.fullmatch(line.replace(" ", "")) is not None


def _issuer(above: str, title: str | None) -> str | None:
    """Who issued it: the name before 关于印发, else the line above the date."""
    for found in re.finditer(r"([\u4e00-\u9fff]{2,40})\s*关于印发", above):
        name = re.sub(r"^.*(?:正文|发布机构|来源|标题|名称)", "", found[1])
        if _ISSUER.search(name):
            return name
    lines = [line.strip() for line in above.split("\n")]
    for line, after in itertools.pairwise([line for line in lines if line]):
        if _DATE.match(after) and _ISSUER.fullmatch(line):
            return line
    head = next((line for line in lines if re.fullmatch(r"[\u4e00-\u9fff]{4,30}文件", line)), None)
    return head.removesuffix("文件") if head else None


def _level(title: str | None, issuer: str | None) -> str:
    """nation, province, city, district or county, by the name of the place."""
    name = re.match(
        r"([\u4e00-\u9fff]{2,14}?)(?:碳达峰|[“\"]|节能|能源|应对|绿色|碳|2030|20\d\d|关于|建筑|城乡|工业)", title or ""
    )
    place = name[1] if name else (issuer or "")
    for ending, level in (
        ("新区", "district"),
        ("开发区", "district"),
        ("区", "district"),
        ("县", "county"),
        ("旗", "county"),
        ("市", "city"),
        ("州", "city"),
        ("省", "province"),
        ("自治区", "province"),
        ("国务院", "nation"),
    ):
        if place.endswith(ending) or (name is None and ending in place):
            return (
                "province" if place in ("北京市", "上海市", "天津市", "重庆市") or place.endswith("自治区") else level
            )
    return "district"
