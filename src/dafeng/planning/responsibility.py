"""Who answers for an item: the list of responsible units, however it is written, and their names resolved.

（责任单位：A、B、各有关部门) · 牵头单位：A；配合单位：B、C · (A牵头，B、C按职责分工负责) · (A负责) · （A、B）.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAD, SUPPORT, WILDCARD = "lead", "support", "wildcard"

_LEAD_WORDS = (
    "牵头责任单位|牵头单位|牵头部门|主要责任单位|主责单位|主责部门|主办单位|主办部门|负责单位|第一责任单位|牵头"
)
_SUPPORT_WORDS = (
    "配合单位|配合部门|协同单位|协助单位|协办单位|参与单位|参加单位|共同责任单位|其他责任单位|责任配合单位|配合"
)
_ALL_WORDS = (
    "责任单位|责任部门|责任主体|责任科室|负责部门|分管部门|主管部门|实施单位|实施主体|落实单位|分工单位|完成单位|"
    "承办单位"
)
_ANY = f"(?:{_ALL_WORDS}|{_LEAD_WORDS}|{_SUPPORT_WORDS})"
# Inside a bracket 牵头单位为甲局 says the same.
_AS = r"(?:\s*:|(?<=单位|部门)为)"
_LABEL = re.compile(rf"(?P<lead>{_LEAD_WORDS}){_AS}|(?P<support>{_SUPPORT_WORDS}){_AS}|(?P<all>{_ALL_WORDS}){_AS}")
# A label ends with a colon, or stands in brackets of its own: 【责任部门】甲局、乙局.
_BOXED_LABEL = re.compile(rf"〔\s*({_ANY})\s*〕\s*:?")
_LABELLED = rf"(?:〔\s*{_ANY}\s*〕|{_ANY}\s*:)"
# 甲局(牵头)、乙局: the lead is marked behind its name.
_MARKED_LEAD = re.compile(r"\((?:牵头|主责|总牵头|主要负责|主办|负责|组长)(?:单位|部门)?\)$")
_MARKED_SUPPORT = re.compile(r"\((?:配合|协助|参与|协办)(?:单位|部门)?\)$")
_DUTY = (
    r"(?:按照?(?:各自)?职责(?:分工)?|分工|共同|分别|具体|协同|会同)?"
    r"(?:负责(?:落实|推进|实施)?|落实|配合|参与|推进|实施)"
)
_SUFFIX = (
    "委员会|管委会|委|局|办公室|办|部|院|公司|中心|政府|街道办事处|街道|办事处|镇|乡|厅|集团|部门|单位|支队|大队|分局|署|行|校|"
    "会|社|处|站|所|园区|开发区|高新区|功能区|街镇|镇街|企业|银行|电网|总队|组"
)
_NAME = re.compile(rf".{{0,24}}(?:{_SUFFIX})(?:\(.{{1,12}}\))?")
_TAIL = re.compile(r"[(〔]([^()〔〕]*(?:[(〔][^()〔〕]*[)〕][^()〔〕]*)*)[)〕]\s*[。；]?\s*$")
_OPEN_TAIL = re.compile(rf"[(〔]\s*{_ANY}\s*:[^()〔〕]*[。；]?\s*$")
# A deadline printed with the units: 完成时限：2025年底.
_TERM = re.compile(r"[；，、。]?\s*(?:完成|推进)?(?:时限|时间|期限|进度)[^:，；。]{0,4}:[^；)〕。]*")
# What a list says about the items below it: 以下均需各镇街落实，不再列出.
_ASIDE = re.compile(r"[。；，]\s*(?:以下|下同|(?:各\S{1,8})?均需)[^()〔〕]*(?=[)〕]|$)")
_WITHOUT_TERM = re.compile(rf"{_TERM.pattern}[。；]?\s*$")
_WILD = re.compile(
    r"^(?:各|其他|其它|相关|有关|区各|市各|县各|全区|全市|全县)|各有关|各相关|有关部门|相关部门|有关单位|相关单位|各部门|各街道|各镇|各乡|各街镇|各区|各县"
)


@dataclass(frozen=True, slots=True)
class Body:
    """A unit of the register. kind: bureau, party, firm, subdistrict or wildcard."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "bureau"


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible unit of an item; role is lead, support or wildcard."""

    name: str
    role: str


def units_tail_start(text: str) -> int | None:
    """Where the list of units at the end of a paragraph begins; None when it has none."""
    text = _WITHOUT_TERM.sub("", text.rstrip())
    if found := _OPEN_TAIL.search(text):
        return found.start()
    start = len(text)
    # Lead and cooperating units may stand in two brackets one after the other.
    while found := _TAIL.search(text[:start]):
        if not _names_units(found[1]):
            break
        start = found.start()
    if start < len(text):
        return start
    if found := re.search(rf"(?:^|[。；])\s*(?P<tail>[—\-]*\s*)(?={_LABELLED})", text):
        rest = text[found.end() :]
        if "。" not in rest.rstrip("。 "):
            return found.start("tail")
    return None


def term_in(text: str) -> tuple[str, bool] | None:
    """The deadline printed with a list of units, and whether the text is nothing else; None without one."""
    found = _TERM.search(text)
    return (found[0].split(":", 1)[1], found.end() - found.start() >= len(text.strip(" 。；"))) if found else None


def is_units_line(text: str) -> bool:
    """Whether a whole paragraph is a list of units."""
    return units_tail_start(text) == len(text) - len(text.lstrip())


def names_only(text: str) -> bool:
    """Whether a text is nothing but names of units (the last may end a sentence)."""
    names = _names(text.strip(" 。；"))
    return bool(names) and all(_NAME.fullmatch(name) is not None for name in names)


def _names_units(inside: str) -> bool:
    """Whether the words in a bracket are a list of units."""
    inside = _ASIDE.sub("", inside)
    if _LABEL.match(inside.strip()):
        return True
    core = re.sub(rf"(?:等)?{_DUTY}\s*$", "", inside.strip())
    core = re.sub(rf"(?:等)?(?:牵头|为主)(?:{_DUTY})?[，；、]?", "、", core)
    names = [name for name in _names(core) if name]
    if not names or len(inside) > 400:
        return False
    good = sum(_NAME.fullmatch(name) is not None for name in names)
    said = core != inside.strip()
    return good >= len(names) * 0.6 and (said or len(names) > 1 or bool(re.match(r"[市区县州省旗各]", names[0])))


def read_units(text: str) -> list[Unit]:
    """The units of a list as written (see the module), in order, each once. ``text`` is plain."""
    text = _BOXED_LABEL.sub(r"；\1:", text.strip().lstrip("—- ").rstrip("。；")).lstrip("；")
    text = re.sub(r"[)〕]\s*[(〔](?!(?:牵头|主责|主办|配合|负责))", "；", text)
    text = _ASIDE.sub("", _TERM.sub("", text))
    if text[:1] in "(〔":
        text = text[1:]
    # Only the bracket of the list itself is taken off, never that of 各县(市、区)人民政府.
    if text[-1:] in ")〕" and text.count("(") + text.count("〔") < text.count(")") + text.count("〕"):
        text = text[:-1]
    units: list[Unit] = []
    for role, names in _segments(text):
        for number, name in enumerate(names):
            units.append(Unit(name, _role(name, role, first=number == 0 and not units)))
    seen: set[str] = set()
    return [unit for unit in units if not (unit.name in seen or seen.add(unit.name))]


def _role(name: str, role: str | None, *, first: bool) -> str:
    if is_wildcard(name):
        return WILDCARD
    return role or (LEAD if first else SUPPORT)


def is_wildcard(name: str) -> bool:
    """各有关部门, 相关街道镇: a name that stands for many."""
    return _WILD.search(name) is not None


def _segments(text: str) -> Iterable[tuple[str | None, list[str]]]:
    """(role, names) for each part of a list; role None: the first of all leads."""
    labels = list(_LABEL.finditer(text))
    if labels:
        for label, after in zip(labels, [*labels[1:], None], strict=True):
            role = LEAD if label["lead"] else SUPPORT if label["support"] else None
            yield from _by_verb(text[label.end() : after.start() if after else len(text)], role)
    else:
        yield from _by_verb(text, None)


def _by_verb(text: str, role: str | None) -> Iterable[tuple[str | None, list[str]]]:
    """Parts such as ``A牵头，B、C按职责分工负责`` or ``A(牵头)、B、C``."""
    marked = _names(text)
    if any(_MARKED_LEAD.search(name) for name in marked):
        for name in marked:
            lead = _MARKED_LEAD.search(name) is not None
            yield LEAD if lead else SUPPORT, _clean(_MARKED_SUPPORT.sub("", _MARKED_LEAD.sub("", name)))
        return
    while found := re.search(rf"(?:等)?(?:牵头|为主)(?:{_DUTY})?[，；、]?", text):
        yield LEAD, _clean(text[: found.start()])
        text, role = text[found.end() :], SUPPORT
    for piece in re.split(r"[；]", text):
        yield role, _clean(re.sub(rf"(?:等)?(?:单位|部门)?{_DUTY}\s*[，。]?\s*$", "", piece.strip()))


def _clean(text: str) -> list[str]:
    names = []
    for name in _names(text):
        name = re.sub(r"^(?:由|会同|和)(?=[区市县省州])", "", name.strip(" ，。、；:"))
        name = re.sub(rf"(?:等)?{_DUTY}$", "", name)
        name = re.sub(r"等$", "", name)
        if name:
            names.append(name)
    return names


def _names(text: str) -> list[str]:
    """Split at 、 and ， outside brackets, and at 及 before another unit (发展和改革局 stays whole)."""
    text = re.sub(r"(?:以)?及(?=[各区市县州省相有])", "、", text)
    names, current, depth = [], "", 0
    for character in text:
        depth += (character in "(〔") - (character in ")〕")
        if character in "、，；\n" and depth <= 0:
            names.append(current.strip())
            current = ""
        elif not character.isspace():
            current += character
    return [name for name in [*names, current.strip()] if name]


class Register:
    """Resolves names of units to those of the register of units."""

    def __init__(self, bodies: Iterable[Body]):
        self.bodies = tuple(bodies)
        self._by_name: Mapping[str, Body] = {
            alias: body for body in reversed(self.bodies) for alias in (*body.aliases, body.name)
        }

    def __bool__(self) -> bool:
        return bool(self.bodies)

    def resolve(self, unit: Unit) -> tuple[Unit, bool]:
        """The unit under its registered name, and whether the register knows it. A unit of another level is known
        by its name without the level (市发展改革委 by 区发展改革委)."""
        body = self._by_name.get(unit.name)
        if body is not None:
            role = WILDCARD if body.kind == "wildcard" else unit.role
            return Unit(body.name, role), True
        if unit.role == WILDCARD:
            return unit, True
        if unit.name[:1] in "市县省州旗" and (body := self._by_name.get("区" + unit.name[1:])) is not None:
            # At another level the same bureau keeps the form in which it was printed.
            return unit, True
        return unit, False
