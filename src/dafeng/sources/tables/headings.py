"""Which heading is which column, and in which unit; which row holds the headings; which register a sheet is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Register
from dafeng.core.units import UnitMismatch
from dafeng.sources.tables.conversion import factor_of
from dafeng.sources.tables.qualifiers import (
    contradicts,
    is_said,
    sort_parts,
    spellings,
    split_bracket,
    title_units,
)
from dafeng.sources.tables.words import alike

WITHDRAW, REASON = "_withdraw", "_reason"
_OWN = {
    WITHDRAW: ("撤销", "撤销原因", "withdraw", "withdrawal reason", "reason of withdrawal"),
    REASON: ("更正原因", "变更原因", "更正说明", "reason for change"),
}
# Columns that number the rows of a sheet and say nothing.
_NUMBERING = frozenset(alike(word) for word in ("序号", "行号", "No", "No.", "#", "S/N"))
_BETWEEN = re.compile(r"^[\s/,，、:：]*(?:单位)?[\s:：]*")
ROWS_SEARCHED = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading understood: the column it names and the unit it states. bad_unit: words in brackets that should
    be a unit and are not known; unread: qualifiers beside a unit that the column does not speak of; contrary: they
    say the opposite of what the column holds."""

    column: str
    unit: str | None = None
    bad_unit: str | None = None
    unread: tuple[str, ...] = ()
    contrary: bool = False


@dataclass(slots=True)
class Layout:
    """Where a register's columns lie in a sheet. header: index of the heading row, first: of the first data row."""

    register: Register
    header: int
    first: int
    columns: dict[str, int] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    doubled: list[tuple[int, str, str]] = field(default_factory=list)
    ambiguous: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    bad_units: list[tuple[int, str, str, str]] = field(default_factory=list)
    unread: list[tuple[int, str, Heading]] = field(default_factory=list)
    from_title: dict[str, str] = field(default_factory=dict)

    @property
    def matched(self) -> int:
        return len([name for name in self.columns if not name.startswith("_")])


class UnitWords:
    """Spellings of units → the symbol the catalogue knows (m² and 平方米 are known there; widths are mended here)."""

    def __init__(self, catalogue: Catalogue):
        self.table = catalogue.unit_table
        self._exact: dict[str, str] = {}
        self._loose: dict[str, str | None] = {}
        self._printed = {_unit_form(unit.name.en): unit.symbols[0] for unit in catalogue.units.values()}
        for symbol in reversed(list(catalogue.unit_table.definitions)):
            self._printed |= {_unit_form(catalogue.unit_words(symbol, lang)): symbol for lang in ("zh", "en")}
        for symbol in catalogue.unit_table.definitions:
            self._exact.setdefault(_unit_form(symbol), symbol)
            loose = _unit_form(symbol).casefold()
            known = self._loose.get(loose, symbol)
            same = (
                known is not None
                and catalogue.unit_table.definitions[known] == catalogue.unit_table.definitions[symbol]
            )
            self._loose[loose] = known if same else None

    def converts(self, stated: str, kept: str) -> bool:
        try:
            factor_of(self.table, stated, kept)
        except (UnitMismatch, KeyError):
            return False
        return True

    def find(self, words: str) -> str | None:
        form = _unit_form(words)
        return self._exact.get(form) or self._loose.get(form.casefold()) or (self._printed.get(form) if form else None)


def _unit_form(words: str) -> str:
    import unicodedata

    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)).replace("·", "*").replace("⋅", "*")


class Vocabulary:
    """Every heading that a register answers to. Its own names go before other spellings (``also``)."""

    def __init__(self, register: Register, units: UnitWords):
        self.register, self.units = register, units
        own: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        exact: dict[str, list[str]] = {}
        for name, column in register.columns.items():
            for word in (name, column.name.zh, column.name.en):
                _put(own, alike(word), name)
                _put(exact, word, name)
            for word in column.also:
                _put(others, alike(word), name)
        for name, words in _OWN.items():
            for word in words:
                if alike(word) not in own:
                    _put(others, alike(word), name)
        self._names = {form: tuple(names) for form, names in (others | own).items()}
        # One column's id may be another's English name in small letters (project, Project): the spelling decides.
        self._exact = {word: tuple(names) for word, names in exact.items() if len(names) == 1}
        self.words = [word for c in register.columns.values() for word in (c.name.zh, c.name.en, *c.also)]

    def read(self, heading: str) -> list[Heading]:
        """What a heading may name: nothing, one column, or several that share the name. Of two lines (Chinese
        above English) each is read, and all that are understood must agree."""
        lines = [line for line in re.split(r"[\r\n]+", heading) if line.strip()]
        found = self._read_line(" ".join(lines))
        if found or len(lines) < 2:
            return found
        by_column: dict[str, Heading] = {}
        for line in lines:
            read = self._read_line(line)
            for one in read if len(read) == 1 else ():
                kept = by_column.get(one.column)
                if kept is None or (kept.unit is None and one.unit):
                    by_column[one.column] = one
        return list(by_column.values())

    def _read_line(self, line: str) -> list[Heading]:
        names = self._named(line)
        if names:
            # A name may hold its unit itself: 供电量（亿千瓦时）.
            split = split_bracket(line)
            stated = sort_parts(split[1], self.units.find)[0] if split else None
            return [Heading(name, stated) for name in names]
        base, unit, said = line, None, []
        while split := split_bracket(base):
            base, inner = split
            stated, others = sort_parts(inner, self.units.find)
            unit, said = stated or unit, [*others, *said]
            found = self._qualified(base, unit, said)
            if found:
                return found
        return self._with_trailing_unit(line)

    def _named(self, text: str) -> tuple[str, ...]:
        return self._exact.get(text.strip(" \t\u3000*＊")) or self._names.get(alike(text)) or ()

    def _qualified(self, base: str, unit: str | None, said: list[str]) -> list[Heading]:
        """The columns that a name with these qualifiers means. Where the register has a column of that very name
        (地区生产总值（不变价）) it is meant, else the one of the bare name, as far as the qualifiers allow."""
        for place, qualifier in enumerate(said):
            for form in spellings(qualifier):
                names = self._names.get(alike(f"{base}({form})"))
                if names:
                    rest = said[:place] + said[place + 1 :]
                    return self._judged(base, names, unit, rest)
        names = self._named(base)
        return self._judged(base, names, unit, said) if names else []

    def _judged(self, base: str, names: tuple[str, ...], unit: str | None, said: list[str]) -> list[Heading]:
        name, *more = names
        column = self.register.columns.get(name)
        if more or column is None:
            return [Heading(one, unit) for one in names]
        left = [qualifier for qualifier in said if not is_said(column, qualifier)]
        for qualifier in left:
            rivals = self._rivals(base, qualifier, name)
            if rivals:
                return [Heading(one, unit) for one in (name, *rivals)]
        contrary = next((qualifier for qualifier in left if contradicts(column, qualifier)), None)
        if contrary is not None:
            return [Heading(name, unit, unread=(contrary,), contrary=True)]
        if left and unit is None and column.unit is not None:
            return [Heading(name, None, left[-1])]
        return [Heading(name, unit, unread=tuple(left) if column.unit is not None else ())]

    def _rivals(self, base: str, qualifier: str, taken: str) -> list[str]:
        """Other columns that carry the name and the qualifier in one of their words."""
        forms, name = [alike(form) for form in spellings(qualifier)], alike(base)
        return [
            other
            for other, column in self.register.columns.items()
            if other != taken
            and any(
                alike(word) in forms or (name in alike(word) and any(form in alike(word) for form in forms))
                for word in (column.name.zh, column.name.en, *column.also)
            )
        ]

    def _with_trailing_unit(self, line: str) -> list[Heading]:
        """面积/平方米, 面积，单位：m2, Area m2."""
        text = line.strip()
        if len(text) > _MOST_HEADING:
            # A whole paragraph in a cell is no heading; every cut of it would be looked up.
            return []
        for cut in range(len(text) - 1, 0, -1):
            names = self._names.get(alike(text[:cut]))
            if names:
                unit = self.units.find(_BETWEEN.sub("", text[cut:]))
                return [Heading(name, unit) for name in names] if unit else []
        return []


_MOST_HEADING = 200


def _put(names: dict[str, list[str]], form: str, column: str) -> None:
    if form and column not in names.setdefault(form, []):
        names[form].append(column)


def heading_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def find_layout(
    rows: Sequence[Sequence[Any]], merged: Iterable[tuple[int, int, int, int]], vocabulary: Vocabulary
) -> Layout | None:
    """The row among the first ones whose cells name the most columns; None where no row names any."""
    merged = list(merged)
    best: Layout | None = None
    for index in range(min(len(rows), ROWS_SEARCHED)):
        layout = _layout(index, _with_merged(rows, index, merged), merged, vocabulary)
        if layout.matched and (best is None or layout.matched > best.matched):
            best = layout
    if best is not None:
        best.first = _skip_numbering(rows, best.first)
        _take_title_units(best, rows[: best.header], vocabulary.units)
    return best


def _take_title_units(layout: Layout, above: Sequence[Sequence[Any]], units: UnitWords) -> None:
    """A unit stated above the table is that of every column that states none and can be converted from it."""
    stated = title_units((heading_text(cell) for row in above for cell in row if isinstance(cell, str)), units.find)
    for name in layout.columns:
        column = layout.register.columns.get(name)
        if column is None or column.unit in (None, "1") or name in layout.units:
            continue
        unit = next((unit for unit in stated if units.converts(unit, column.unit)), None)
        if unit is not None:
            layout.units[name] = unit
            if factor_of(units.table, unit, column.unit) != 1:
                layout.from_title[name] = unit


def _with_merged(rows: Sequence[Sequence[Any]], index: int, merged: list[tuple[int, int, int, int]]) -> list[Any]:
    """The row, with headings that a merged cell brings down from a row above (two-storey headings)."""
    row = list(rows[index])
    for top, left, bottom, right in merged:
        if top < index <= bottom and left == right and left < len(row) and row[left] == "":
            row[left] = rows[top][left]
    return row


def _layout(index: int, row: list[Any], merged: list[tuple[int, int, int, int]], vocabulary: Vocabulary) -> Layout:
    below = [bottom for top, left, bottom, right in merged if top <= index <= bottom and left == right]
    layout = Layout(vocabulary.register, index, max([index, *below]) + 1)
    for place, value in enumerate(row):
        text = heading_text(value)
        if not text or (alike(text) in _NUMBERING and not vocabulary.read(text)):
            continue
        read = vocabulary.read(text)
        if not read:
            layout.unknown.append((place, text))
        elif len(read) > 1:
            layout.ambiguous.append((place, text, tuple(heading.column for heading in read)))
        elif read[0].column in layout.columns:
            layout.doubled.append((place, text, read[0].column))
        else:
            _take(layout, place, text, read[0])
    return layout


def _take(layout: Layout, place: int, text: str, heading: Heading) -> None:
    layout.columns[heading.column] = place
    layout.headings[heading.column] = " ".join(text.split())
    if heading.unit:
        layout.units[heading.column] = heading.unit
    if heading.bad_unit:
        layout.bad_units.append((place, text, heading.column, heading.bad_unit))
    if heading.unread:
        layout.unread.append((place, text, heading))


def _skip_numbering(rows: Sequence[Sequence[Any]], first: int) -> int:
    """Statistical forms number their columns under the headings (甲 乙 1 2 3)."""
    if first < len(rows):
        filled = [heading_text(cell) for cell in rows[first] if cell != ""]
        marks = [text for text in filled if text in "甲乙丙丁戊己庚辛" or text.isdigit()]
        counted = [int(text) for text in marks if text.isdigit()]
        rising = counted == list(range(1, len(counted) + 1))
        if (
            len(filled) > 1
            and len(marks) == len(filled)
            and rising
            and (len(counted) < len(filled) or len(counted) > 2)
        ):
            return first + 1
    return first


@dataclass(frozen=True, slots=True)
class Match:
    """The register a sheet is for. rivals: others that fit as well, so that a person must say."""

    layout: Layout | None
    rivals: tuple[str, ...] = ()


def match_sheet(
    name: str | None,
    file_stem: str,
    rows: Sequence[Sequence[Any]],
    merged: Iterable[tuple[int, int, int, int]],
    vocabularies: Mapping[str, Vocabulary],
    *,
    by_key: bool = False,
) -> Match:
    """By the sheet's name (id, Chinese or English name), else by its headings; the file's name breaks a tie.

    by_key: only the key's columns are needed (a list of records to withdraw)."""
    merged = list(merged)
    named = _named(name or "", vocabularies) or (_named(file_stem, vocabularies) if name is None else None)
    if len(vocabularies) == 1:
        named = next(iter(vocabularies))
    if named:
        layout = find_layout(rows, merged, vocabularies[named])
        return Match(layout or Layout(vocabularies[named].register, 0, 1))
    fits: list[tuple[float, Layout]] = []
    for vocabulary in vocabularies.values():
        layout = find_layout(rows, merged, vocabulary)
        least = len(vocabulary.register.key) if by_key else min(2, len(vocabulary.register.columns))
        if layout is not None and layout.matched >= least:
            fits.append((_fit(layout, by_key), layout))
    if not fits:
        return Match(None)
    best = max(score for score, _ in fits)
    top = [layout for score, layout in fits if score >= best - 1e-9]
    if len(top) > 1:
        hinted = [layout for layout in top if _mentions(file_stem, layout.register)]
        if len(hinted) == 1:
            return Match(hinted[0])
        return Match(None, tuple(layout.register.id for layout in top))
    return Match(top[0]) if best >= 0.5 else Match(None, tuple(layout.register.id for layout in _best_few(fits)))


def _fit(layout: Layout, by_key: bool) -> float:
    """Share of the register's required columns found, times the share of the sheet's headings understood; every
    column found counts a little, so that of two registers the one that takes more of the sheet wins."""
    required = layout.register.key if by_key else layout.register.required
    found = sum(name in layout.columns for name in required) / max(len(required), 1)
    headings = layout.matched + len(layout.unknown) + len(layout.doubled) + len(layout.ambiguous)
    return found * layout.matched / max(headings, 1) + 0.01 * layout.matched


def _best_few(fits: list[tuple[float, Layout]]) -> list[Layout]:
    return [layout for _, layout in sorted(fits, key=lambda fit: -fit[0])[:3]]


def _named(text: str, vocabularies: Mapping[str, Vocabulary]) -> str | None:
    form = alike(text).removeprefix("填报")
    for name, vocabulary in vocabularies.items():
        register = vocabulary.register
        if form and form in (alike(name), alike(register.name.zh), alike(register.name.en)):
            return name
    return None


def _mentions(text: str, register: Register) -> bool:
    form = alike(text)
    return any(alike(word) in form for word in (register.id, register.name.zh, register.name.en))
