"""A small catalogue and a district folder of the fictional 云汀区 for the tests of tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Body, Choices, Register, UnitEntry
from dafeng.core.errors import Problem
from dafeng.sources.tables.reading import FileTables, Reader, judge
from dafeng.store import Store, open_store


def _units() -> dict[str, UnitEntry]:
    given = {
        "m2": ("m^2", ("m2", "平方米", "㎡")),
        "wan_m2": ("1e4 m^2", ("万m2", "万平方米")),
        "kw": ("kW", ("kW", "千瓦")),
        "mw": ("MW", ("MW", "兆瓦")),
        "wan_kw": ("1e4 kW", ("万kW", "万千瓦")),
        "percent": ("percent", ("%", "％")),
        "one": ("dimensionless", ("1",)),
        "vehicles": ("count:辆", ("辆",)),
    }
    return {
        name: UnitEntry.model_validate(
            {"id": name, "name": {"zh": symbols[0], "en": symbols[0]}, "pint": pint, "symbols": symbols}
        )
        for name, (pint, symbols) in given.items()
    }


def _column(kind: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": {"zh": zh, "en": en}, **more}


def _check(that: str, zh: str, en: str, level: str = "error") -> dict[str, Any]:
    return {"that": that, "says": {"zh": zh, "en": en}, "level": level}


def _register(name: str, zh: str, en: str, key: list[str], columns: dict[str, Any], **more: Any) -> Register:
    fixed = {"owner": "区建管委", "systems": ["S10"], "basis": {"text": {"zh": "测试", "en": "test"}}}
    return Register.model_validate(
        {"id": name, "name": {"zh": zh, "en": en}, "key": key, "columns": columns, **fixed, **more}
    )


CHOICES = Choices.model_validate(
    {
        "id": "uses",
        "name": {"zh": "用途", "en": "Uses"},
        "options": {
            "office": {"zh": "办公", "en": "Office", "also": ["写字楼"]},
            "school": {"zh": "学校", "en": "School"},
            "none": {"zh": "无", "en": "None"},
        },
    }
)
BUILDINGS = _register(
    "buildings", "建筑", "Buildings", ["code"],
    {
        "code": _column("text", "建筑编号", "Building code", pattern="B[0-9]{3}", example="B001"),
        "name": _column("text", "建筑名称", "Building name", also=["楼宇名称"]),
        "use": _column("choice", "用途", "Use", of="uses"),
        "area_m2": _column("number", "建筑面积", "Floor area", unit="m2", min=0, max=1_000_000, also=["面积"]),
        "heated_m2": _column("number", "采暖面积", "Heated area", unit="m2", min=0, optional=True),
        "floors": _column("integer", "层数", "Floors", min=1, optional=True),
        "finished": _column("date", "竣工日期", "Finished on", min=dt.date(1900, 1, 1), also=["建成时间"]),
        "first_year": _column("year", "投用年份", "Year of first use", optional=True),
        "metered": _column("bool", "分项计量", "Sub-metered", optional=True),
        "share_pct": _column("number", "绿电占比", "Green share", unit="%", min=0, max=100, optional=True),
        "position": _column("point", "位置", "Position", optional=True),
        "keeper": _column("body", "责任单位", "Responsible unit", optional=True),
        "remark": _column("text", "备注", "Remark", optional=True),
    },
    checks=[
        _check("heated_m2 <= area_m2", "采暖面积不大于建筑面积", "heated area within floor area"),
        _check("floors <= 60", "层数一般不超过 60", "rarely over 60 floors", "warning"),
    ],
)  # fmt: skip
RETROFITS = _register(
    "retrofits", "节能改造", "Retrofits", ["building", "month"],
    {
        "building": _column("ref", "改造建筑", "Building", to="buildings"),
        "month": _column("month", "完成月份", "Month"),
        "area_m2": _column("number", "改造面积", "Area done", unit="m2", min=0),
        "pv_kw": _column("number", "光伏容量", "PV capacity", unit="kW", optional=True),
    },
    kind="event", period="month",
    checks=[
        _check("area_m2 <= building.area_m2", "改造面积不大于该建筑面积", "no more than the building has"),
    ],
)  # fmt: skip
CATALOGUE = Catalogue(
    units=_units(),
    choices={"uses": CHOICES},
    registers={"buildings": BUILDINGS, "retrofits": RETROFITS},
    bodies=(Body(name="区建设管理委", aliases=("区建管委",)), Body(name="区教育局")),
)

BUILDING_HEADS = ["建筑编号", "建筑名称", "用途", "建筑面积（平方米）", "竣工日期"]


def building(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "建筑编号": f"B{number:03d}",
        "建筑名称": f"{number}号楼",
        "用途": "办公",
        "建筑面积（平方米）": 1000.0 + number,
        "竣工日期": dt.date(2020, 5, 1),
        **more,
    }


def sheet_rows(*rows: dict[str, Any]) -> list[list[Any]]:
    """Headings and rows, every heading that a row mentions in the order first seen."""
    heads = list(dict.fromkeys(name for row in rows for name in row))
    return [heads, *([row.get(name) for name in heads] for row in rows)]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def buildings_book(path: Path, *rows: dict[str, Any]) -> Path:
    return workbook(path, {"建筑": sheet_rows(*rows)})


def read(path: Path, *, store: Store | None = None, **options: Any) -> FileTables:
    """Read and judge one file against the small catalogue."""
    found = Reader(CATALOGUE).read(path, **options)
    own = {table.register.id: table.frame for table in found.tables}

    def frame_of(register: str):
        if register in own:
            return own[register]
        return store.frame(CATALOGUE.registers[register]) if store else None

    judge(found, frame_of, CATALOGUE)
    return found


def errors(found: FileTables) -> list[Problem]:
    return [problem for problem in found.findings.problems if problem.level == "error"]


def warnings(found: FileTables) -> list[Problem]:
    return [problem for problem in found.findings.problems if problem.level == "warning"]


def cells(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """(code, cell) of each problem."""
    return [(p.code.removeprefix("tables."), f"{p.place.column or ''}{p.place.row or ''}") for p in problems]


@dataclass
class SmallDistrict:
    """What a load needs of a district, over the small catalogue."""

    root: Path
    catalogue: Catalogue = field(default_factory=lambda: CATALOGUE)
    max_file_mb: int = 100
    name: str = "云汀区"
    synthetic: bool = True
    url: str | None = None

    def folder(self, name: str) -> Path:
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def open_store(self) -> Store:
        self.root.mkdir(parents=True, exist_ok=True)
        return open_store(self.url or self.root / "dafeng.db")
