"""What a table must keep beyond each cell's form: required cells, ranges, patterns, keys, references, checks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from dafeng.catalogue.schema import Body, Column, Register
from dafeng.core.errors import WARNING, BadInput
from dafeng.core.evaluation import Columns
from dafeng.core.expressions import parse
from dafeng.core.text import Text
from dafeng.sources.tables.findings import Findings
from dafeng.sources.tables.table import Table
from dafeng.sources.tables.words import alike, nearest

_CHECK_KINDS = {"number": "number", "integer": "number", "year": "number", "date": "date", "bool": "bool"}
FrameOf = Callable[[str], pl.DataFrame | None]


def check_range(table: Table, name: str, unit: Text, findings: Findings) -> None:
    """unit: that of the column, as each language writes it."""
    column, values = table.register.columns[name], table.frame[name]
    for limit, is_low in ((column.min, True), (column.max, False)):
        if limit is None:
            continue
        bound: Any = limit
        if values.dtype == pl.String:
            bound = str(limit)
        if (values.dtype == pl.Date) != isinstance(bound, dt.date):
            continue
        broken = (values < bound if is_low else values > bound).fill_null(False)
        rows = broken.arg_true().to_list()
        shown = _plain(bound)

        def say(i: int, rows: list[int] = rows, low: bool = is_low, shown: str = shown) -> tuple[Text, Text]:
            value = _plain(values[rows[i]])
            zh, en = (f" {words}" if words else "" for words in (unit.zh, unit.en))
            return (
                Text(
                    f"{value}{zh} {'低于下限' if low else '高于上限'} {shown}{zh}",
                    f"{value}{en} is {'below' if low else 'above'} the limit of {shown}{en}",
                ),
                Text("核对数值与单位", "check the figure and its unit"),
            )

        table.report(findings, "tables.out-of-range", rows, name, say)


def check_pattern(table: Table, name: str, findings: Findings) -> None:
    column, values = table.register.columns[name], table.frame[name]
    if column.pattern is None or values.dtype != pl.String:
        return
    pattern = re.compile(column.pattern)
    rows = [i for i, value in enumerate(values) if value is not None and not pattern.fullmatch(value)]
    example = f"，如 {column.example}" if column.example is not None else ""
    example_en = f", like {column.example}" if column.example is not None else ""

    def say(i: int) -> tuple[Text, Text]:
        value = values[rows[i]]
        return (
            Text(f"“{value[:40]}”不合规定的写法", f"“{value[:40]}” is not in the form laid down"),
            Text(f"按规定书写（{column.pattern}）{example}", f"write it in the form {column.pattern}{example_en}"),
        )

    table.report(findings, "tables.pattern", rows, name, say)


def check_keys(tables: Iterable[Table], findings: Findings) -> None:
    """No two rows of a file give the same record, on one sheet or on several."""
    seen: dict[str, dict[tuple[Any, ...], tuple[str | None, int]]] = {}
    for table in tables:
        key = list(table.register.key)
        if not all(name in table.frame.columns for name in key):
            continue
        keys = table.frame.select(key)
        before = seen.setdefault(table.register.id, {})
        if not before and not keys.is_duplicated().any():
            before.update(zip(keys.iter_rows(), ((table.sheet, row) for row in table.rows), strict=True))
            continue
        doubles: list[tuple[int, tuple[str | None, int]]] = []
        for i, values in enumerate(keys.iter_rows()):
            if any(value is None for value in values):
                continue
            first = before.setdefault(values, (table.sheet, table.rows[i]))
            if first != (table.sheet, table.rows[i]):
                doubles.append((i, first))
        _report_doubles(table, doubles, findings)


def _report_doubles(table: Table, doubles: list[tuple[int, tuple[str | None, int]]], findings: Findings) -> None:
    key = table.register.key
    names = "、".join(table.register.columns[name].name.zh for name in key)
    names_en = ", ".join(table.register.columns[name].name.en for name in key)

    def say(i: int) -> tuple[Text, Text]:
        sheet, row = doubles[i][1]
        where, where_en = f"第 {row} 行", f"row {row}"
        if sheet != table.sheet:
            where, where_en = f"“{sheet}”{where}", f"{where_en} of “{sheet}”"
        return (
            Text(f"{names}与{where}重复", f"{names_en} repeats {where_en}"),
            Text(
                "同一对象只留一行；若是两个对象，请改正编号",
                "keep one row for one thing; if they are two, correct the code",
            ),
        )

    table.report(findings, "tables.duplicate-key", [i for i, _ in doubles], key[0], say)


def check_references(table: Table, frame_of: FrameOf, registers: Mapping[str, Register], findings: Findings) -> None:
    """A ``ref`` names a row that is held or comes in with this load."""
    for name, column in table.register.columns.items():
        if column.type != "ref" or column.to is None or name not in table.frame.columns:
            continue
        target, there = registers[column.to], frame_of(column.to)
        known = there[target.key[0]].drop_nulls() if there is not None else pl.Series([], dtype=pl.String)
        known = known.cast(pl.String)
        values = table.frame[name]
        rows = (~values.is_in(known.unique().implode()) & values.is_not_null()).fill_null(False).arg_true().to_list()
        words = known.unique().to_list() if rows and len(known) < 20_000 else []

        def say(
            i: int,
            rows: list[int] = rows,
            values: pl.Series = values,
            words: list[str] = words,
            target: Register = target,
        ) -> tuple[Text, Text]:
            near = nearest(values[rows[i]], words, 2) if words and i < 50 else []
            hint, hint_en = (f"；相近的有 {'、'.join(near)}", f"; similar: {', '.join(near)}") if near else ("", "")
            return (
                Text(
                    f"“{target.name.zh}”中没有 {values[rows[i]]}{hint}",
                    f"{values[rows[i]]} is not in “{target.name.en}”{hint_en}",
                ),
                Text(f"改正编号，或先装入“{target.name.zh}”", f"correct the code, or load “{target.name.en}” first"),
            )

        table.report(findings, "tables.unknown-reference", rows, name, say)


def resolve_bodies(table: Table, bodies: Iterable[Body], findings: Findings) -> None:
    """Responsible units by their registered name; an unknown one stays as written and is a warning."""
    names: dict[str, str] = {}
    for body in bodies:
        for word in (body.name, *body.aliases):
            names.setdefault(alike(word), body.name)
    for name, column in table.register.columns.items():
        if column.type != "body" or name not in table.frame.columns:
            continue
        values = table.frame[name]
        said = {value: names.get(alike(value)) for value in values.drop_nulls().unique()}
        table.frame = table.frame.with_columns(
            values.replace_strict(
                list(said), [known or value for value, known in said.items()], return_dtype=pl.String
            ).alias(name)
            if said
            else values
        )
        unknown = {value for value, known in said.items() if known is None}
        if not names or not unknown:
            continue
        rows = values.is_in(list(unknown)).fill_null(False).arg_true().to_list()

        def say(i: int, rows: list[int] = rows, values: pl.Series = values) -> tuple[Text, Text]:
            near = nearest(values[rows[i]], names.values(), 1)
            hint, hint_en = (f"；是否指“{near[0]}”？", f"; is “{near[0]}” meant?") if near else ("", "")
            return (
                Text(
                    f"责任单位名录中没有“{values[rows[i]]}”{hint}",
                    f"“{values[rows[i]]}” is not in the list of responsible units{hint_en}",
                ),
                Text("已照原样载入；请核对名称", "loaded as written; check the name"),
            )

        table.report(findings, "tables.unknown-body", rows, name, say, level=WARNING)


def run_checks(table: Table, frame_of: FrameOf, registers: Mapping[str, Register], findings: Findings) -> None:
    """The register's own rules. A row for which a rule is missing passes."""
    if not table.register.checks:
        return
    frame = _joined(table, frame_of, registers)
    kinds = _kinds(frame, table.register, registers)
    faulty = frozenset(table.faulty)
    for check in table.register.checks:
        try:
            expression = parse(check.that, kinds)
        except BadInput as error:
            # The catalogue is checked when it is loaded; what is wrong there is not the table's fault.
            findings.extend_catalogue(error.problems)
            continue
        column = Columns()(expression.tree)
        holds = frame.select((column if isinstance(column, pl.Expr) else pl.lit(column)).alias("holds")).to_series()
        if len(holds) != frame.height:
            holds = holds.new_from_index(0, frame.height)
        broken = (~holds).fill_null(False).arg_true().to_list()
        # A row with a wrong cell has a gap there; what follows from the gap is no second mistake.
        rows = [row for row in broken if row not in faulty]
        at = next(
            (name.partition(".")[0] for name in expression.names if name.partition(".")[0] in table.columns), None
        )
        remedy = Text("核对所列各格", "check the cells it speaks of")
        table.report(
            findings, "tables.check", rows, at, lambda _, said=(check.says.text, remedy): said, level=check.level
        )


def _kinds(frame: pl.DataFrame, register: Register, registers: Mapping[str, Register]) -> dict[str, str]:
    """Type of every name that a check may mention."""
    kinds: dict[str, str] = {}
    for name in frame.columns:
        first, _, field = name.partition(".")
        column = register.columns.get(first)
        if column is not None and field:
            column = registers[str(column.to)].columns[field]
        kinds[name] = _CHECK_KINDS.get(column.type, "text") if column is not None else "any"
    return kinds


def _joined(table: Table, frame_of: FrameOf, registers: Mapping[str, Register]) -> pl.DataFrame:
    """The table with the columns of the rows it refers to (``building.use``)."""
    from dafeng.indicators.facts import schema_of

    frame = table.frame
    if not any("." in check.that for check in table.register.checks):
        return frame
    for name, column in table.register.columns.items():
        if column.type != "ref" or column.to is None:
            continue
        target = registers[column.to]
        there = frame_of(target.id)
        if there is None:
            there = pl.DataFrame(schema=schema_of(target))
        right = there.select(list(target.columns)).unique(target.key[0], keep="last")
        right = right.rename({field: f"{name}.{field}" for field in target.columns})
        right = right.with_columns(pl.col(f"{name}.{target.key[0]}").cast(pl.String).alias("_there"))
        frame = frame.join(right, left_on=name, right_on="_there", how="left", maintain_order="left")
    return frame


def _plain(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def is_identifier(register: Register, name: str, column: Column) -> bool:
    return name in register.key or column.pattern is not None or column.type == "ref"
