"""What is wrong with the headings of a sheet, said with the nearest headings that would be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import ERROR, WARNING
from dafeng.core.text import Text
from dafeng.sources.tables.conversion import is_plain_count, unit_text
from dafeng.sources.tables.findings import Findings
from dafeng.sources.tables.grid import Grid
from dafeng.sources.tables.headings import Layout, heading_text
from dafeng.sources.tables.words import letter, nearest

if TYPE_CHECKING:
    from dafeng.sources.tables.reading import Reader

# (code, place, heading, rule, remedy[, level])
Say = Callable[..., None]


def report(
    grid: Grid, layout: Layout, reader: Reader, findings: Findings, rows: Sequence[int], *, by_key: bool
) -> None:
    """Unknown, doubled, ambiguous, missing and nameless columns, and units that are not known."""

    def say(code: str, place: int | None, heading: str | None, rule: Text, remedy: Text, level: str = ERROR) -> None:
        findings.add(
            code,
            rule,
            remedy,
            level=level,
            sheet=grid.name,
            row=layout.header + 1,
            column=None if place is None else letter(place),
            heading=heading,
        )

    def holds_data(place: int) -> bool:
        return any(place < len(grid.rows[i]) and grid.rows[i][place] not in ("", None) for i in rows)

    _report_unknown(layout, say, holds_data, reader.vocabularies[layout.register.id].words)
    _report_clashes(layout, say)
    _report_unknown_units(layout, say, reader.catalogue)
    _report_unread(layout, say)
    _report_missing(layout, say, by_key)
    _report_nameless(grid, layout, say, holds_data)
    _report_title_units(layout, say)
    _report_assumed_units(layout, say, reader.catalogue)


def _report_unknown(layout: Layout, say: Say, holds_data: Callable[[int], bool], known: Sequence[str]) -> None:
    register = layout.register
    open_names = [c.name.zh for name, c in register.columns.items() if name not in layout.columns]
    for place, text in layout.unknown:
        near = nearest(text, open_names or known, 3)
        hint, hint_en = (
            (f"；相近的列：{'、'.join(near)}", f"; similar columns: {', '.join(near)}") if near else ("", "")
        )
        rule = Text(
            f"“{register.name.zh}”没有“{text}”这一列{hint}", f"“{register.name.en}” has no column “{text}”{hint_en}"
        )
        if holds_data(place):
            say(
                "tables.unknown-column",
                place,
                text,
                rule,
                Text(
                    "改成台账的列名；不属于本台账的列请删去",
                    "use the register's heading; delete a column that does not belong",
                ),
            )
        else:
            say(
                "tables.unknown-column",
                place,
                text,
                rule,
                Text("该列是空的，未读取", "the column is empty and was not read"),
                WARNING,
            )


def _report_clashes(layout: Layout, say: Say) -> None:
    """Two headings for one column, and one heading that may be several."""
    register = layout.register
    for place, text, name in layout.doubled:
        first = layout.headings[name]
        say(
            "tables.doubled-column",
            place,
            text,
            Text(f"“{text}”与“{first}”是同一列", f"“{text}” and “{first}” are the same column"),
            Text("只留一列", "keep one of them"),
        )
    for place, text, names in layout.ambiguous:
        words, words_en = (
            "、".join(register.columns[n].name.zh for n in names),
            ", ".join(register.columns[n].name.en for n in names),
        )
        say(
            "tables.ambiguous-column",
            place,
            text,
            Text(f"“{text}”可以指：{words}", f"“{text}” may mean: {words_en}"),
            Text("写明是哪一列", "say which one is meant"),
        )


def _report_unknown_units(layout: Layout, say: Say, catalogue: Catalogue) -> None:
    for place, text, name, words in layout.bad_units:
        unit = unit_text(catalogue, layout.register.columns[name].unit)
        near = nearest(words, [s for s in catalogue.unit_table.definitions if len(s) > 1], 2)
        hint, hint_en = (f"；相近的有 {'、'.join(near)}", f"; similar: {', '.join(near)}") if near else ("", "")
        say(
            "tables.unknown-unit",
            place,
            text,
            Text(f"不认识单位“{words}”{hint}", f"the unit “{words}” is not known{hint_en}"),
            Text(f"请按 {unit.zh} 填写", f"give the figures in {unit.en or unit.zh}"),
        )


def _report_unread(layout: Layout, say: Say) -> None:
    """Qualifiers that the column does not speak of: read past with a warning, refused where they say the opposite."""
    for place, text, heading in layout.unread:
        column, words = layout.register.columns[heading.column], "、".join(heading.unread)
        if heading.contrary:
            rule = Text(
                f"列名写的是“{words}”，而“{column.name.zh}”不是",
                f"the heading says “{words}”, which “{column.name.en}” is not",
            )
            remedy = Text(
                f"填“{column.name.zh}”的数值，并把列名写成“{column.name.zh}”",
                f"give the figures of “{column.name.en}” under that heading",
            )
            say("tables.contrary-heading", place, text, rule, remedy)
            continue
        rule = Text(
            f"列名中的“{words}”没有读取，按“{column.name.zh}”装载",
            f"“{words}” in the heading was read past; the column is taken as “{column.name.en}”",
        )
        remedy = Text("核对口径；口径不同的列请删去", "check that the same thing is meant; delete the column if not")
        say("tables.unread-qualifier", place, text, rule, remedy, WARNING)


def _report_missing(layout: Layout, say: Say, by_key: bool) -> None:
    register = layout.register
    found = set(layout.columns) | {name for _, _, names in layout.ambiguous for name in names}
    for name in register.key if by_key else register.required:
        if name in found:
            continue
        column = register.columns[name]
        words = [text for _, text in layout.unknown]
        near = list(
            dict.fromkeys(w for own in (column.name.zh, column.name.en, *column.also) for w in nearest(own, words, 2))
        )[:3]
        hint, hint_en = (f"；是否就是“{'”“'.join(near)}”？", f"; is it “{'”, “'.join(near)}”?") if near else ("", "")
        say(
            "tables.missing-column",
            None,
            column.name.zh,
            Text(f"缺少“{column.name.zh}”列{hint}", f"the column “{column.name.en}” is missing{hint_en}"),
            Text(
                f"加上列名为“{column.name.zh}”的一列", f"add a column headed “{column.name.zh}” or “{column.name.en}”"
            ),
        )


def _report_nameless(grid: Grid, layout: Layout, say: Say, holds_data: Callable[[int], bool]) -> None:
    """Figures under no heading would be lost without a word."""
    named = {
        *layout.columns.values(),
        *(u[0] for u in layout.unknown),
        *(d[0] for d in layout.doubled),
        *(a[0] for a in layout.ambiguous),
    }
    header = grid.rows[layout.header] if layout.header < len(grid.rows) else []
    width = max((len(row) for row in grid.rows), default=0)
    for place in range(width):
        numbering = place < len(header) and heading_text(header[place]) != ""
        if place not in named and not numbering and holds_data(place):
            say(
                "tables.no-heading",
                place,
                None,
                Text("这一列有数据而没有列名", "this column holds data and has no heading"),
                Text("写上列名，或删去该列", "give it a heading or delete it"),
            )


def _report_title_units(layout: Layout, say: Say) -> None:
    """A unit from above the table that is not the register's own was taken for the column: worth a look."""
    for name, unit in layout.from_title.items():
        rule = Text(
            f"列名没有写单位，按表头所写的“单位：{unit}”读取",
            f"the heading states no unit; read in the unit stated above the table, {unit}",
        )
        remedy = Text(
            "核对数值；不是这个单位的列请在列名中写明", "check the figures; state another unit in the heading"
        )
        say("tables.unit-of-title", layout.columns[name], layout.headings[name], rule, remedy, WARNING)


def _report_assumed_units(layout: Layout, say: Say, catalogue: Catalogue) -> None:
    for name, place in layout.columns.items():
        column = layout.register.columns.get(name)
        if (
            column is None
            or column.unit is None
            or column.unit == "1"
            or is_plain_count(catalogue.unit_table, column.unit)
            or name in layout.units
            or any(b[2] == name for b in layout.bad_units)
        ):
            continue
        unit = unit_text(catalogue, column.unit)
        say(
            "tables.unit-assumed",
            place,
            layout.headings[name],
            Text(f"列名没有写单位，按 {unit.zh} 读取", f"the heading states no unit; read as {unit.en}"),
            Text(f"请写成“{column.name.zh}（{unit.zh}）”", f"write “{column.name.en} ({unit.en})”"),
            WARNING,
        )


def report_rivals(grid: Grid, rivals: Sequence[str], catalogue: Catalogue, findings: Findings) -> None:
    names = "、".join(f"{catalogue.registers[name].name.zh}（{name}）" for name in rivals)
    names_en = ", ".join(f"{catalogue.registers[name].name.en} ({name})" for name in rivals)
    findings.add(
        "tables.ambiguous-sheet",
        Text(
            f"不能确定这张表属于哪个台账，可能是：{names}",
            f"it cannot be told which register this sheet is for; perhaps: {names_en}",
        ),
        Text(
            "把工作表改名为台账的名称，并使用其模板的列名（dafeng template）",
            "name the sheet after the register and use the headings of its template (dafeng template)",
        ),
        sheet=grid.name,
    )


def report_unread(grids: Sequence[Grid], some_read: bool, catalogue: Catalogue, findings: Findings) -> None:
    """Sheets for which no register was found: an error when nothing of the file was understood."""
    for grid in grids:
        first = next(
            (row for row in grid.rows if sum(cell not in ("", None) for cell in row) > 1),
            grid.rows[0] if grid.rows else [],
        )
        seen = [heading_text(cell) for cell in first if cell not in ("", None)][:6]
        near = nearest(
            grid.name or findings.file.rsplit(".", 1)[0], [r.name.zh for r in catalogue.registers.values()], 3
        )
        hint, hint_en = (
            (f"；相近的台账：{'、'.join(near)}", f"; similar registers: {', '.join(near)}") if near else ("", "")
        )
        findings.add(
            "tables.no-register",
            Text(
                f"没有台账与这张表相符（列名：{'、'.join(seen)}）{hint}",
                f"no register fits this sheet (headings: {', '.join(seen)}){hint_en}",
            ),
            Text(
                "把工作表改名为台账的名称，并使用其模板的列名（dafeng template）",
                "name the sheet after the register and use the headings of its template (dafeng template)",
            ),
            sheet=grid.name,
            level=WARNING if some_read else ERROR,
        )
