"""A model as sheets of a workbook, and back: the same rows and columns as in YAML, history in columns of years.

    model      field, value                    id, zh, en, first, base, last
    carriers   name, unit                      only carriers whose unit is not the usual one
    drivers    name, unit, value, source, 2020, 2021 …
    stocks     name, unit, 2020, 2021 …        every year that is known
    branches   path, zone, activity, activity_unit, intensity, intensity_unit, share, share_of, 2020, 2021 …
    scenarios  name, parent, zh, en, of, value one row per change; a scenario that changes nothing has one row
    levers     name, zh, en, of, low, high, value
    uncertain  name, of, as, spread

Reading a file is not the engine's business: it takes rows that say where they stand, and keeps that for every problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dafeng.core.errors import Problems
from dafeng.pathway.reading_parts import AT, sheet_problem

SHEETS = ("model", "carriers", "drivers", "stocks", "branches", "scenarios", "levers", "uncertain")
# Headings in Chinese, for those who write them.
HEADINGS: Mapping[str, str] = {
    "名称": "name", "单位": "unit", "取值": "value", "来源": "source", "路径": "path", "分区": "zone",
    "活动水平": "activity", "活动水平单位": "activity_unit", "强度": "intensity", "强度单位": "intensity_unit",
    "占比": "share", "占比组": "share_of", "上级情景": "parent", "对象": "of", "方式": "as", "分布": "spread",
    "下限": "low", "上限": "high", "字段": "field", "状态": "status", "备注": "note", "中文名": "zh", "英文名": "en",
}  # fmt: skip
_SHEET_NAMES: Mapping[str, str] = {
    "模型": "model", "能源品种": "carriers", "驱动因素": "drivers", "存量": "stocks", "分支": "branches",
    "情景": "scenarios", "调节项": "levers", "不确定": "uncertain",
}  # fmt: skip
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "drivers": ("name", "unit", "value", "source", "status", "note"),
    "stocks": ("name", "unit", "source", "status", "note"),
    "branches": ("path", "zone", "activity", "activity_unit", "intensity", "intensity_unit", "share", "share_of",
                 "source", "status", "note"),
    "levers": ("name", "zh", "en", "of", "low", "high", "value", "unit"),
    "uncertain": ("name", "of", "as", "spread", "source", "status", "note"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetRow:
    """row: counted from 1; cells: heading → value as the file holds it; columns: heading → letter."""

    row: int
    cells: Mapping[str, Any]
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class At:
    """Where an entry of the model stands. overrides: key of a changed cell → parts of its place."""

    sheet: str
    row: int
    columns: Mapping[str, str]
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)


def model_data(sheets: Mapping[str, Sequence[SheetRow]], file: str | None = None) -> dict[str, Any]:
    """Sheet's name → its rows, as data for ``read_model``. Raises BadInput for sheets that no model has."""
    problems = Problems()
    data: dict[str, Any] = {}
    for name, rows in sheets.items():
        section = _SHEET_NAMES.get(name.strip(), name.strip().lower())
        filled = [one for one in (_plain(row) for row in rows) if any(_is_there(v) for v in one.cells.values())]
        if section not in SHEETS:
            if filled:
                sheet_problem(problems, file, name, SHEETS)
            continue
        match section:
            case "model":
                data |= _head(filled)
            case "carriers":
                data[section] = {str(one.cells.get("name")): {"unit": one.cells.get("unit")} for one in filled}
            case "scenarios":
                data[section] = _scenarios(name, filled)
            case _:
                data[section] = [_entry(name, section, one) for one in filled]
    problems.raise_if_any()
    return data


def _plain(row: SheetRow) -> SheetRow:
    """Headings in the words of the model; years as numbers."""
    spelled = {heading: _heading(heading) for heading in row.cells}
    return SheetRow(
        row.row,
        {spelled[heading]: value for heading, value in row.cells.items()},
        {spelled[heading]: letter for heading, letter in row.columns.items() if heading in spelled},
    )


def _heading(written: Any) -> str:
    if isinstance(written, float) and written.is_integer():
        written = int(written)
    text = str(written).strip().removesuffix("年")
    return HEADINGS.get(text, text)


def _is_there(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _number(value: Any) -> Any:
    """Spreadsheets keep every number as a decimal; a whole one is meant as such (a year, a name)."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _entry(sheet: str, section: str, row: SheetRow) -> dict[str, Any]:
    cells = {heading: _number(value) for heading, value in row.cells.items() if _is_there(value)}
    years = {int(heading): cells.pop(heading) for heading in list(cells) if heading.isdigit()}
    entry: dict[str, Any] = {**cells, AT: At(sheet, row.row, row.columns)}
    if years:
        entry["values" if section == "stocks" else "history"] = years
    return entry


def _head(rows: Iterable[SheetRow]) -> dict[str, Any]:
    told = {str(row.cells.get("field", "")).strip(): _number(row.cells.get("value")) for row in rows}
    data: dict[str, Any] = {"years": {name: told.get(name) for name in ("first", "base", "last")}}
    if _is_there(told.get("id")):
        data["id"] = str(told["id"])
    names = {name: told[name] for name in ("zh", "en") if _is_there(told.get(name))}
    return data | ({"name": names} if names else {})


def _scenarios(sheet: str, rows: Sequence[SheetRow]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        cells = {heading: _number(value) for heading, value in row.cells.items() if _is_there(value)}
        name = str(cells.get("name", ""))
        entry = found.setdefault(name, {"set": {}, AT: At(sheet, row.row, row.columns)})
        if name:
            entry["name"] = name
        for heading, value in cells.items():
            if heading not in ("name", "of", "value") and heading not in entry:
                entry[heading] = value
        if "of" in cells or "value" in cells:
            key = str(cells.get("of", ""))
            column = row.columns.get("value" if "of" in cells else "of")
            entry["set"][key] = cells.get("value")
            entry[AT].overrides[key] = {"row": row.row, "column": column, "item": name or None}
    return list(found.values())


# ── and back ──


def sheets_of(data: Mapping[str, Any]) -> dict[str, tuple[list[str | int], list[list[Any]]]]:
    """Sheet's name → headings and rows, for writing a workbook that ``model_data`` reads back to the same model."""
    name = data.get("name")
    names = name if isinstance(name, Mapping) else {"zh": name} if name else {}
    head = [["id", data.get("id")], ["zh", names.get("zh")], ["en", names.get("en")]]
    head += [[field, (data.get("years") or {}).get(field)] for field in ("first", "base", "last")]
    found: dict[str, tuple[list[str | int], list[list[Any]]]] = {"model": (["field", "value"], head)}
    carriers = data.get("carriers") or {}
    if carriers:
        units = [[name, one.get("unit") if isinstance(one, Mapping) else one] for name, one in carriers.items()]
        found["carriers"] = (["name", "unit"], units)
    for section, columns in _COLUMNS.items():
        entries = data.get(section) or []
        if entries:
            found[section] = _table(entries, columns, "values" if section == "stocks" else "history")
    changes = [row for one in data.get("scenarios") or [] for row in _changes(one)]
    found["scenarios"] = (["name", "parent", "zh", "en", "of", "value"], changes)
    return {name: found[name] for name in SHEETS if name in found}


def _table(
    entries: Sequence[Mapping[str, Any]], columns: tuple[str, ...], series: str
) -> tuple[list[str | int], list[list[Any]]]:
    years = sorted({int(year) for one in entries for year in one.get(series) or {}})
    used = [name for name in columns if any(_is_there(one.get(name)) for one in entries)]
    rows = []
    for one in entries:
        past = {int(year): value for year, value in (one.get(series) or {}).items()}
        rows.append([*(_written(one.get(name)) for name in used), *(past.get(year) for year in years)])
    return [*used, *years], rows


def _written(value: Any) -> Any:
    """A table of points becomes the expression that it stands for; other mappings are told in Chinese."""
    if isinstance(value, Mapping):
        if all(str(year).isdigit() for year in value):
            return f"interp({', '.join(f'{year}, {one!r}' for year, one in sorted(value.items()))})"
        return value.get("zh") or value.get("en") or next(iter(value.values()), None)
    return value


def _changes(scenario: Mapping[str, Any]) -> list[list[Any]]:
    title = scenario.get("title")
    words = title if isinstance(title, Mapping) else scenario
    head = [scenario.get("name"), scenario.get("parent"), words.get("zh"), words.get("en")]
    changes = scenario.get("set") or {}
    return [[*head, key, _written(value)] for key, value in changes.items()] or [[*head, None, None]]
