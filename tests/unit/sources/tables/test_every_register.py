"""Every register takes a harmlessly dirty workbook whole, and of a bad one names exactly the bad cells."""

from __future__ import annotations

import functools
import random
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter
from tests.unit.sources.tables.dirty import Sheet, World, as_expected, dirty_sheet, mistakes_for
from tests.unit.sources.tables.world import SmallDistrict, errors

from dafeng.catalogue import load_catalogue
from dafeng.report.template import TemplateOrder, write_template
from dafeng.sources.tables.reading import Reader
from dafeng.store import SheetRows, SourceFile
from dafeng.workflows.loading import LoadOptions, load

CATALOGUE = load_catalogue()
REGISTERS = sorted(CATALOGUE.registers)
ROWS = 500


def seed_of(name: str) -> int:
    return zlib.crc32(name.encode())


@functools.cache
def world_of(name: str) -> World:
    world = World(CATALOGUE, seed_of(name))
    rows = world.make(name, ROWS)
    # A register by year alone has at most as many rows as there are years.
    assert len(rows) == ROWS or len(rows) > 30
    return world


def district_with(world: World, name: str, folder: Path) -> SmallDistrict:
    """A district in which everything the register refers to is held."""
    district = SmallDistrict(folder, CATALOGUE)
    with district.open_store() as store:
        for other, rows in world.rows.items():
            if other == name:
                continue
            register = CATALOGUE.registers[other]
            frame = store.frame(register).drop("_record")
            filled = pl.DataFrame(rows, schema=frame.schema, orient="row")
            store.load(SourceFile("held", "0" * 64, 1), [SheetRows(register, filled, "held", {}, {})], "甲")
    return district


def save(sheet: Sheet, path: Path) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet.name
    for row in sheet.rows():
        page.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("name", REGISTERS)
def test_a_harmlessly_dirty_workbook_loads_whole_and_equal(name: str, tmp_path: Path):
    register, world = CATALOGUE.registers[name], world_of(name)
    sheet = dirty_sheet(CATALOGUE, register, world.rows[name], random.Random(seed_of(name)))
    district: Any = district_with(world, name, tmp_path / "district")
    outcome = load(district, [save(sheet, tmp_path / "dirty.xlsx")], LoadOptions("甲")).files[0]
    assert [p.line() for p in outcome.problems if p.level == "error"] == []
    assert outcome.sheets[0].added == len(world.rows[name])
    with district.open_store() as store:
        held = as_expected(store.frame(register).drop("_record").iter_rows(named=True), register)
    for key, clean in as_expected(world.rows[name], register).items():
        for column, value in clean.items():
            found = held[key][column]
            same = found == pytest.approx(value, rel=1e-12) if isinstance(value, float) else found == value
            assert same, (key, column, value, found)


@pytest.mark.parametrize("name", REGISTERS)
def test_planted_mistakes_are_refused_and_exactly_those_cells_named(name: str, tmp_path: Path):
    register, world = CATALOGUE.registers[name], world_of(name)
    rng = random.Random(seed_of(name) + 1)
    sheet = dirty_sheet(CATALOGUE, register, world.rows[name], rng)
    free = list(range(2, len(sheet.cells) - 2, 3))
    rng.shuffle(free)
    planted: dict[str, str] = {}
    for place, column in enumerate(sheet.columns):
        for kind, bad in mistakes_for(register, column).items():
            if not free:
                break
            row = free.pop()
            sheet.cells[row][place] = bad(sheet.factors[column])
            planted[f"{get_column_letter(place + 1)}{sheet.first + row}"] = kind
    if free:
        twin = free.pop()
        for part in register.key:
            place = sheet.columns.index(part)
            sheet.cells[twin][place] = sheet.cells[0][place]
        planted[f"{get_column_letter(sheet.columns.index(register.key[0]) + 1)}{sheet.first + twin}"] = "duplicate key"
    path = save(sheet, tmp_path / "bad.xlsx")
    if free:
        row, place = sheet.first + free.pop(), rng.randrange(len(sheet.columns)) + 1
        book = openpyxl.load_workbook(path)
        book.worksheets[0].merge_cells(start_row=row, end_row=row + 1, start_column=place, end_column=place)
        book.save(path)
        planted[f"{get_column_letter(place)}{row}"] = "merged"
    district: Any = district_with(world, name, tmp_path / "district")
    outcome = load(district, [path], LoadOptions("甲")).files[0]
    named = {f"{p.place.column}{p.place.row}": p.code for p in outcome.problems if p.level == "error"}
    assert outcome.status == "refused"
    assert {cell: kind for cell, kind in planted.items() if cell not in named} == {}
    assert {cell: code for cell, code in named.items() if cell not in planted} == {}
    assert outcome.error_count == len(planted)
    with district.open_store() as store:
        assert store.high_water(name) == 0


@pytest.mark.parametrize("name", REGISTERS)
def test_its_template_is_told_from_all_others_by_name_and_by_headings(name: str, tmp_path: Path):
    register = CATALOGUE.registers[name]
    path = tmp_path / "template.xlsx"
    write_template(path, TemplateOrder(register), CATALOGUE)
    reader = Reader(CATALOGUE)
    found = reader.read(path)
    assert [p.line() for p in found.findings.problems] == []
    assert list(found.tables[0].columns) == list(register.columns)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].title = "Sheet1"
    book.save(path)
    again = reader.read(path)
    assert errors(again) == []
    assert [table.register.id for table in again.tables] == [name]
