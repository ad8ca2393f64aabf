"""Reading single fields of a model: numbers, years, names, expressions, each fault with its row and column."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dafeng.core.errors import BadInput, Place, Problems
from dafeng.core.text import Text
from dafeng.pathway.series import Series, read_series

# Where the rows of a workbook carry their place (see ``reading_sheets``).
AT = "_at"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list of the model, and where it stands."""

    data: Mapping[str, Any]
    place: Place
    columns: Mapping[str, str]

    def at(self, field: str) -> Place:
        """The place of a field: a cell of a sheet, or a field of an entry."""
        column = self.columns.get(field)
        return replace(self.place, column=column) if column else replace(self.place, field=field)

    def get(self, field: str) -> Any:
        value = self.data.get(field)
        return None if isinstance(value, str) and not value.strip() else value


def rows(data: Mapping[str, Any], section: str, label: str, place: Place, problems: Problems) -> Iterator[Row]:
    """Entries of a section; label: the field that names an entry (``name``, ``path``)."""
    given = data.get(section)
    if given is None:
        return
    if not isinstance(given, list):
        not_a_list(problems, replace(place, item=section))
        return
    for number, entry in enumerate(given, 1):
        if not isinstance(entry, Mapping):
            not_a_row(problems, replace(place, item=f"{section}[{number}]"))
            continue
        at = entry.get(AT)
        if at is not None:
            yield Row(entry, Place(place.file, at.sheet, at.row, item=_word(entry.get(label))), at.columns)
        else:
            name = _word(entry.get(label))
            yield Row(entry, replace(place, item=f"{section}[{number}]{' ' + name if name else ''}"), {})


def _word(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def not_a_list(problems: Problems, place: Place) -> None:
    problems.add(
        "pathway.not-a-list", place, "这一节应是若干行的列表", "this section must be a list of rows",
        fix_zh="每行以“- ”开头写出", fix_en="begin every row with “- ”",
    )  # fmt: skip


def not_a_row(problems: Problems, place: Place) -> None:
    problems.add(
        "pathway.not-a-row", place, "这一行应由“字段: 值”组成", "this row must be made of “field: value”",
        fix_zh="按模型文件的写法改正", fix_en="write it as the guide of model files shows",
    )  # fmt: skip


def lacking(problems: Problems, place: Place, field: str) -> None:
    problems.add(
        "pathway.lacking", place, f"缺少“{field}”", f"“{field}” is missing",
        fix_zh="填写这一项", fix_en="fill it in",
    )  # fmt: skip


def unknown_field(problems: Problems, place: Place, field: str, near: str | None) -> None:
    hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
    problems.add(
        "pathway.unknown-field", place, f"没有名为“{field}”的字段{hint_zh}", f"there is no field “{field}”{hint_en}",
        fix_zh="改正字段名，或删去它", fix_en="mend its name or remove it",
    )  # fmt: skip


def check_fields(problems: Problems, row: Row, known: tuple[str, ...]) -> None:
    for field in row.data:
        if field != AT and field not in known:
            unknown_field(problems, row.at(str(field)), str(field), nearest(str(field), known))


def text_of(problems: Problems, row: Row, field: str, needed: bool = True) -> str | None:
    value = row.get(field)
    if value is None:
        if needed:
            lacking(problems, row.at(field), field)
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        not_a_text(problems, row.at(field))
        return None
    return str(value).strip()


def not_a_text(problems: Problems, place: Place) -> None:
    problems.add(
        "pathway.not-a-text", place, "此处应为文字", "this must be text",
        fix_zh="改为文字", fix_en="write text here",
    )  # fmt: skip


def number_of(problems: Problems, row: Row, field: str) -> float | None:
    value = row.get(field)
    if value is None:
        lacking(problems, row.at(field), field)
        return None
    found = as_number(value)
    if found is None:
        not_a_number(problems, row.at(field), value)
    return found


def as_number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def not_a_number(problems: Problems, place: Place, value: Any) -> None:
    problems.add(
        "pathway.not-a-number", place, f"“{value}”不是数", f"“{value}” is not a number",
        fix_zh="改为数字；空缺请留空", fix_en="write a number; leave it empty where there is none",
    )  # fmt: skip


def history_of(problems: Problems, row: Row, field: str, history: range) -> dict[int, float]:
    """Year → value. Years outside history and what is no number are problems."""
    given = row.get(field)
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        not_a_row(problems, row.at(field))
        return {}
    found: dict[int, float] = {}
    for written, value in given.items():
        year = int(written) if isinstance(written, str) and written.strip().isdigit() else written
        column = row.columns.get(str(year))
        place = replace(row.place, column=column) if column else replace(row.place, field=f"{field}.{year}")
        number = as_number(value)
        if not isinstance(year, int) or isinstance(year, bool) or year not in history:
            problems.add(
                "pathway.history-year",
                place,
                f"“{year}”不在历史年份{history[0]}—{history[-1]}之内",
                f"“{year}” is not one of the years of history, {history[0]} to {history[-1]}",
                fix_zh="删去这一年，或改 years 的 first 与 base",
                fix_en="remove the year, or mend first and base of years",
            )
        elif number is None:
            not_a_number(problems, place, value)
        else:
            found[year] = number
    return found


def series_of(problems: Problems, row: Row, field: str, value: Any, names: Mapping[str, str]) -> Series | None:
    """names: what may be mentioned. ``{2030: 0.45, 2035: 0.36}`` is interp(2030, 0.45, 2035, 0.36)."""
    if isinstance(value, Mapping) and value and all(as_number(one) is not None for one in value.values()):
        points = sorted((str(year), float(one)) for year, one in value.items())
        value = f"interp({', '.join(f'{year}, {one!r}' for year, one in points)})"
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        not_a_series(problems, row.at(field))
        return None
    try:
        return read_series(value if isinstance(value, str) else repr(value), names, row.at(field))
    except BadInput as error:
        problems.extend(error.problems)
        return None


def not_a_series(problems: Problems, place: Place) -> None:
    problems.add(
        "pathway.not-a-series", place, "此处应为数或表达式", "this must be a number or an expression",
        fix_zh="例如 1.2、hold()、grow(0.02)、interp(2030, 0.45)",
        fix_en="for example 1.2, hold(), grow(0.02), interp(2030, 0.45)",
    )  # fmt: skip


def title_of(value: Any, name: str) -> Text:
    """{zh: …, en: …}, one word for both, or the name itself."""
    if isinstance(value, Mapping):
        zh = str(value.get("zh") or value.get("en") or name)
        return Text(zh, str(value.get("en") or zh))
    return Text(str(value), str(value)) if value else Text(name, name)


def sheet_problem(problems: Problems, file: str | None, sheet: str, known: tuple[str, ...]) -> None:
    near = nearest(sheet, known)
    hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
    problems.add(
        "pathway.unknown-sheet",
        Place(file, sheet),
        f"模型里没有工作表“{sheet}”{hint_zh}",
        f"a model has no sheet “{sheet}”{hint_en}",
        fix_zh=f"工作表名应为 {'、'.join(known)}",
        fix_en=f"sheets are called {', '.join(known)}",
    )


def nearest(name: str, known: Any) -> str | None:
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else None
