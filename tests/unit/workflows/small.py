"""A small fictional district with registers and indicators of its own, small enough to work out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import polars as pl
import yaml

from dafeng.indicators.facts import RECORD, frame_of_rows
from dafeng.store import SheetRows, SourceFile
from dafeng.workflows.district import District, open_district

REGISTERS = """
- id: racks
  name: {zh: 车架, en: Racks}
  key: [code]
  period: opened
  owner: 区建管委
  systems: [S20]
  basis: {text: {zh: 测试, en: test}}
  columns:
    code: {type: text, name: {zh: 架号, en: Rack code}}
    opened: {type: date, name: {zh: 建成日, en: Opened}}
    places: {type: integer, unit: 个, name: {zh: 车位, en: Places}}
    power_kw: {type: number, unit: kW, optional: true, name: {zh: 功率, en: Power}}
    site: {type: ref, to: sites, optional: true, name: {zh: 地点, en: Site}}
- id: sites
  name: {zh: 地点, en: Sites}
  key: [code]
  owner: 区规划资源局
  systems: [S20]
  basis: {text: {zh: 测试, en: test}}
  columns:
    code: {type: text, name: {zh: 地点号, en: Site code}}
    use: {type: text, name: {zh: 用途, en: Use}}
- id: rides
  name: {zh: 骑行年报, en: Rides}
  kind: series
  key: [year]
  period: year
  owner: 区交通委
  systems: [S20]
  basis: {text: {zh: 测试, en: test}}
  columns:
    year: {type: year, name: {zh: 年份, en: Year}}
    share: {type: number, unit: "%", optional: true, name: {zh: 骑行占比, en: Share}}
    fuel_t: {type: number, unit: t, optional: true, name: {zh: 用油, en: Fuel}}
- id: audits
  name: {zh: 车架检查, en: Audits}
  key: [code]
  period: day
  owner: 区城管执法局
  systems: [S20]
  basis: {text: {zh: 测试, en: test}}
  columns:
    code: {type: text, name: {zh: 检查号, en: Audit code}}
    day: {type: date, name: {zh: 检查日, en: Day}}
    rack: {type: ref, to: racks, name: {zh: 受检架, en: Rack audited}}
"""
# Golden cases are as small as the schema allows; the figures under test are worked out in the tests.
INDICATORS = """
- {id: racks_added, name: {zh: 新增车架, en: Racks added}, unit: 个, direction: up, shape: cumulative, owner: 区建管委,
   systems: [S20], from: racks, where: period >= start and period <= year, value: count(), headline: true,
   golden: {rows: {racks: [{code: a, opened: 2021-01-01}]}, expect: {2021: 1}}}
- {id: rack_power, name: {zh: 车架功率, en: Rack power}, unit: MW, direction: up, shape: cumulative, owner: 区建管委,
   systems: [S20], from: racks, where: period >= start and period <= year, value: sum(power_kw) / 1000,
   golden: {rows: {racks: [{code: a, opened: 2021-01-01, power_kw: 1000}]}, expect: {2021: 1}}}
- {id: school_racks, name: {zh: 学校车架, en: Racks at schools}, unit: 个, direction: up, shape: level, owner: 区教育局,
   systems: [S20], from: racks, where: opened <= end_of(year) and site.use == 'school', value: count(),
   golden: {rows: {racks: [{code: a, opened: 2021-01-01, site: s}], sites: [{code: s, use: school}]},
     expect: {2021: 1}}}
- {id: hospital_racks, name: {zh: 医院车架, en: Racks at hospitals}, unit: 个, direction: up, shape: level,
   owner: 区卫健委, systems: [S20], from: racks, where: opened <= end_of(year) and site.use == 'hospital',
   value: count(),
   golden: {rows: {racks: [{code: a, opened: 2021-01-01, site: s}], sites: [{code: s, use: x}]}, expect: {2021: 0}}}
- {id: ride_share, name: {zh: 骑行占比, en: Share of rides}, unit: "%", direction: up, shape: level, owner: 区交通委,
   systems: [S20], from: rides, where: period == year, value: latest(share), means: {全部: 100},
   golden: {rows: {rides: [{year: 2021, share: 5}]}, expect: {2021: 5}}}
- {id: fuel, name: {zh: 用油量, en: Fuel}, unit: t, direction: down, shape: level, owner: 区交通委, systems: [S20],
   from: rides, where: period == year, value: sum(fuel_t),
   golden: {rows: {rides: [{year: 2021, fuel_t: 5}]}, expect: {2021: 5}}}
- {id: fuel_cut, name: {zh: 用油下降率, en: Cut of fuel}, unit: "%", direction: up, shape: reduction, owner: 区交通委,
   systems: [S20], value: "100 * (1 - IND.fuel / at(IND.fuel, base_year))",
   golden: {rows: {rides: [{year: 2020, fuel_t: 10}, {year: 2021, fuel_t: 9}]}, expect: {2021: 10}}}
- {id: audited_racks, name: {zh: 受检车架, en: Racks audited}, unit: 个, direction: up, shape: cumulative,
   owner: 区城管执法局, systems: [S20], from: audits, where: period >= start and period <= year, value: distinct(rack),
   golden: {rows: {audits: [{code: a, day: 2021-01-01, rack: r}]}, expect: {2021: 1}}}
- {id: audit_share, name: {zh: 受检比例, en: Share audited}, unit: "%", direction: up, shape: level,
   owner: 区城管执法局, systems: [S20], value: 100 * IND.audited_racks / IND.racks_added,
   golden: {rows: {audits: [{code: a, day: 2021-01-01, rack: r}], racks: [{code: r, opened: 2021-01-01}]},
     expect: {2021: 100}}}
"""
RACKS = [
    {"code": "R1", "opened": "2020-06-01", "places": 10, "power_kw": 100.0, "site": "S1"},
    {"code": "R2", "opened": "2021-03-01", "places": 20, "power_kw": 500.0, "site": "S1"},
    {"code": "R3", "opened": "2022-12-31", "places": 30, "power_kw": 1500.0, "site": "S2"},
    {"code": "R4", "opened": "2023-05-01", "places": 40, "power_kw": 2000.0, "site": "S2"},
    {"code": "R5", "opened": "2024-01-01", "places": 50, "power_kw": 900.0, "site": "S1"},
]
SITES = [{"code": "S1", "use": "school"}, {"code": "S2", "use": "office"}]
RIDES = [
    {"year": 2005, "fuel_t": 2000.0},
    {"year": 2020, "share": 10.0, "fuel_t": 1000.0},
    {"year": 2021, "share": 16.0, "fuel_t": 960.0},
    {"year": 2022, "share": 22.0, "fuel_t": 900.0},
]


def target(number: int, indicator: str | None = None, value: float | None = None, unit: str = "", **more: Any):
    """A target of a plan as its file holds it; period: (from, to)."""
    first, last = more.pop("period", (2021, 2025))
    said = {
        "id": f"T{number}", "clause": f"2.1.{number}", "sentence": f"第{number}条", "span": [0, 1],
        "subject": f"事项{number}", "value": value, "unit": unit, "comparator": None if value is None else ">=",
        "direction": "increase", "period": {"from": first, "to": last}, "base_year": None, "qualifier": None,
        "indicator": indicator, "units": [{"name": "区建管委", "role": "lead"}], "confidence": 1.0,
    }  # fmt: skip
    return {**said, **more}


def plan(
    *targets: Mapping[str, Any], title: str = "云汀区车架方案", period: tuple[int, int] = (2021, 2025), **more: Any
):
    task = {
        "id": "2.1.1", "no": "1.", "title": "建车架", "clause": "2.1.1",
        "units": [{"name": "区建管委", "role": "lead"}], "targets": [one["id"] for one in targets],
    }  # fmt: skip
    return {
        "title": title, "number": None, "issuer": None, "issued_on": None, "status": "issued",
        "period": {"from": period[0], "to": period[1]},
        "actions": [{"id": "A1", "no": "（一）", "title": "车架行动", "tasks": [task]}],
        "safeguards": [], "organisation": [], "targets": list(targets), "notes": [], **more,
    }  # fmt: skip


def write_plan(district: District, content: Mapping[str, Any], slug: str = "racks-2021") -> None:
    path = district.folder("plans") / f"{slug}.yaml"
    path.write_text(yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False), encoding="utf-8")


def make_district(root: Path, *plans: Mapping[str, Any], settings: str = "") -> District:
    """An empty district of one plan (or several: racks-2021, racks-2022 …) with the registers above."""
    for kind, words in (("registers", REGISTERS), ("indicators", INDICATORS)):
        folder = root / "catalogue" / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "own.yaml").write_text(words, encoding="utf-8")
    head = '[district]\nname = "云汀区"\nname_en = "Yunting District"\nsynthetic = true\n'
    (root / "district.toml").write_text(head + settings, encoding="utf-8")
    district = open_district(root)
    for number, content in enumerate(plans):
        write_plan(district, content, f"racks-{2021 + number}")
    return district


def load_rows(
    district: District, register: str, rows: Sequence[Mapping[str, Any]], file: str | None = None, days_ago: int = 0
) -> None:
    """Rows into the store as from the sheet 填报 of a file, from its third row on, so many days ago."""
    entry = district.catalogue.registers[register]
    frame = frame_of_rows(entry, rows).drop(RECORD)
    frame = frame.with_columns(_row=pl.int_range(3, 3 + len(rows), dtype=pl.Int64))
    columns = {name: chr(65 + place) for place, name in enumerate(entry.columns)}
    sheet = SheetRows(entry, frame, "填报", columns, {name: entry.columns[name].name.zh for name in columns})
    with district.open_store() as store, clock_set_back(days_ago):
        store.load(SourceFile(file or f"{register}.xlsx", "0" * 64, 1), [sheet], "甲", "更正")


def fill(district: District, days_ago: int = 0) -> District:
    for register, rows in (("sites", SITES), ("racks", RACKS), ("rides", RIDES)):
        load_rows(district, register, rows, days_ago=days_ago)
    return district


@contextmanager
def clock_set_back(days: int) -> Iterator[None]:
    """The store's clock shows an earlier day. Records cannot be changed afterwards, not even by a test."""

    class Earlier(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # pyright: ignore
            return dt.datetime.now(tz) - dt.timedelta(days=days)

    with mock.patch("dafeng.store.records.dt", SimpleNamespace(**{**vars(dt), "datetime": Earlier})):
        yield


def day_in_china(days_ago: int = 0) -> dt.date:
    return (dt.datetime.now(dt.timezone(dt.timedelta(hours=8))) - dt.timedelta(days=days_ago)).date()
