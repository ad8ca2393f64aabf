"""Tables of indicators (专栏): one target for each row and each year ahead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dafeng.planning.characters import plain
from dafeng.planning.findings import Found
from dafeng.planning.fullness import find_full
from dafeng.planning.numerals import find_figures
from dafeng.planning.responsibility import Unit, read_units
from dafeng.planning.wording import read_binding

_NAME = re.compile(r"指标|名称|项目|内容")
_UNIT = re.compile(r"^(?:计量)?单位$|^单位\(|计量单位")
_KIND = re.compile(r"属性|性质|类型|约束")
_OWNER = re.compile(r"责任|牵头|部门|主管|负责|实施单位")
_NUMBER = re.compile(r"^(?:序号|编号|No\.?)$", re.IGNORECASE)
_YEAR = re.compile(r"(20\d\d)\s*年?")
_FIVE = re.compile(r"十([三四五六])五")
_REACHED = re.compile(r"现状|实际|基期|完成值|已|基准|基数")
_AIM = re.compile(r"目标|规划|计划|预期")
_DOWN = re.compile(r"下降|降低|减少|削减|降幅")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table and where it stands in the document's text."""

    cells: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """A table as printed. title: the line above it."""

    rows: tuple[Row, ...]
    title: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Columns:
    name: int
    unit: int | None
    kind: int | None
    owner: int | None
    aims: tuple[tuple[int, int, bool], ...]  # (column, year, counted over the five years)


def read_table(table: IndicatorTable, issued: int | None) -> list[Found]:
    """The targets of one table; none when it is no table of indicators."""
    rows = [Row(tuple(plain(cell).strip() for cell in row.cells), row.start, row.end) for row in table.rows]
    for depth in (2, 1) if _has_two_heads(rows) else (1,):
        columns = _columns(rows[:depth], plain(table.title), issued)
        if columns is not None:
            return [found for row in rows[depth:] for found in _row(row, columns)]
    return []


def _has_two_heads(rows: Sequence[Row]) -> bool:
    """Whether the second row goes on with the heads: the cell of a name stands over both, or it holds only years."""
    if len(rows) < 3 or len(rows[0].cells) != len(rows[1].cells):
        return False
    first, second = rows[0].cells, rows[1].cells
    merged = any(one == other and _NAME.search(one) for one, other in zip(first, second, strict=True))
    own = [other for one, other in zip(first, second, strict=True) if other and other != one]
    return (
        bool(own)
        and all(_YEAR.search(cell) or _AIM.search(cell) or _REACHED.search(cell) for cell in own)
        and (merged or not second[0])
    )


def _columns(heads: Sequence[Row], title: str, issued: int | None) -> _Columns | None:
    if not heads or len({len(row.cells) for row in heads}) != 1:
        return None
    titles = [" ".join(dict.fromkeys(cells)) for cells in zip(*(row.cells for row in heads), strict=True)]
    name = next(
        (
            i
            for i, head in enumerate(titles)
            if _NAME.search(head) and not _UNIT.search(head) and not _KIND.search(head)
        ),
        None,
    )
    if name is None:
        return None
    aims = []
    for number, head in enumerate(titles):
        if number == name or _OWNER.search(head) or _KIND.search(head) or _UNIT.search(head):
            continue
        year = _year_of(head, title)
        reached = _REACHED.search(head) or (issued is not None and year is not None and year < issued)
        if year is not None and not reached and not re.search(r"年均|增速", head):
            aims.append((number, year, "累计" in head))
    if not aims:
        return None

    def first(pattern: re.Pattern[str]) -> int | None:
        return next((i for i, head in enumerate(titles) if pattern.search(head) and i != name), None)

    return _Columns(name, first(_UNIT), first(_KIND), first(_OWNER), tuple(aims))


def _year_of(head: str, title: str) -> int | None:
    if found := _YEAR.search(head):
        return int(found[1])
    if found := _FIVE.search(head):
        return {"三": 2020, "四": 2025, "五": 2030, "六": 2035}[found[1]]
    if not _AIM.search(head):
        return None
    if found := re.search(r"20\d\d\s*年?[—\-~至到]+\s*(20\d\d)", title):
        return int(found[1])
    if found := _FIVE.search(title):
        return {"三": 2020, "四": 2025, "五": 2030, "六": 2035}[found[1]]
    return int(years[-1]) if (years := _YEAR.findall(title)) else None


def _row(row: Row, columns: _Columns) -> Iterable[Found]:
    cells = row.cells
    if len(cells) <= max(columns.name, *(column for column, _, _ in columns.aims)):
        return
    name, unit = _named_unit(cells[columns.name])
    if columns.unit is not None and columns.unit < len(cells) and cells[columns.unit] not in ("", "—", "-", "/"):
        unit = cells[columns.unit]
    if not name or name == cells[columns.aims[0][0]]:
        return  # a merged row is a heading inside the table
    owners: tuple[Unit, ...] | None = None
    if columns.owner is not None and columns.owner < len(cells) and cells[columns.owner]:
        owners = tuple(read_units(re.sub(r"\s+", "、", cells[columns.owner])))
    kind = cells[columns.kind] if columns.kind is not None and columns.kind < len(cells) else ""
    for column, year, counted in columns.aims:
        found = _cell(cells[column], name, unit, row, year, counted)
        if found is not None:
            found.units = owners
            if kind and found.qualifier is None:
                found.qualifier = kind
            yield found


def _named_unit(name: str) -> tuple[str, str]:
    """单位GDP能耗降低(%) → name and unit."""
    found = re.fullmatch(r"(.*?)\s*[(]([^()]{1,14})[)]\s*", name)
    if (
        found
        and (re.search(r"[%‰万亿米瓦吨个座家辆台公里元]|百分", found[2]))
        and not re.search(r"率|不含|其中|累计", found[2])
    ):
        return found[1].strip(), found[2]
    return name.strip(), ""


def _cell(text: str, name: str, unit: str, row: Row, year: int, counted: bool) -> Found | None:
    """What one cell asks for; None for an empty one."""
    text = text.replace(" ", "")
    if not text or re.fullmatch(r"[—\-/–〔〕()]+", text):
        return None
    bracketed = re.fullmatch(r"〔(.+)〕|\((\d[^()]*)\)", text)
    inner = next(part for part in (*(bracketed.groups() if bracketed else ()), text) if part)
    found = Found(
        row.start, row.end, row.start, f"{name} {inner}", name, None, "", None, "increase",
        last=year, dated="own", confidence=0.95, plain=name,
    )  # fmt: skip
    if base := re.search(r"[比较](20\d\d)年", name):
        found.base_year = int(base[1])
    if (bracketed and bracketed[1]) or counted:
        found.first = year - 4
    figures = find_figures(inner)
    if not figures:
        full = find_full(inner, dated=True)
        found.qualifier = full.qualifier if full else inner
        if full is None:
            found.confidence = 0.6
        if _DOWN.search(name):
            found.direction = "decrease"
        return found
    figure = figures[0]
    binding = read_binding(inner[: figure.start], inner[figure.end :])
    found.value, found.unit, found.comparator = figure.value, unit or figure.unit, binding.comparator
    found.direction = binding.direction
    if _DOWN.search(name) or inner.startswith(("下降", "降低")) or (inner.startswith(("-", "−")) and unit == "%"):
        found.direction = "decrease"
    if figure.upper is not None:
        found.comparator, found.qualifier = ">=", inner
    return found
