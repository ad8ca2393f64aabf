"""Do the levels agree? The district against its subdistricts and zones, a subdistrict against its key units, what was
reported against what meters say. Whatever is left between two levels is a row of its own, to the last digit:

    district    = Σ subdistricts + not allocated
    subdistrict = Σ its key units + the rest
    reported    = Σ meters + the difference

Final consumption alone is compared. A sum never mixes levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dafeng.accounting.balance_sums import Sum
from dafeng.accounting.energy_rows import FINAL, sites
from dafeng.accounting.levels_faults import Apart, level_faults, total_faults
from dafeng.accounting.lines import DISTRICT, PER
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.errors import Problem
from dafeng.core.text import Text, same
from dafeng.indicators.facts import Facts

UNIT_NAMES = {"Wh": "万kWh", "L": "万m3", "g": "t", "kJ": "GJ", "gce": "tce"}
_MEASURES = ("amount", "gce_calorific", "gce_equal")
_NOT_REPORTED = Text("本级没有填报该品种", "this level did not report the carrier")
_NO_WHOLE = Text("上一级没有填报该品种，不作差额", "the level above did not report it: no difference is claimed")
_NO_METERS = Text("没有该品种的计量数据", "there are no meters of this carrier")


@dataclass(frozen=True, slots=True)
class _Of:
    """A column and what it sums: a measure of one carrier's lines (None: all carriers')."""

    column: Column
    carrier: str | None
    measure: str


@dataclass(slots=True)
class _Sheet:
    """The table under way."""

    year: int
    columns: Sequence[_Of]
    sums: Mapping[tuple[str, str, str], dict[str, Any]]
    rows: list[Row] = field(default_factory=list)

    def cells(self, level: str, places: Sequence[str], reason: Text = _NOT_REPORTED) -> dict[str, Cell]:
        """Σ of the places' lines; places of one level."""
        made = {}
        for of in self.columns:
            found = self._sum(level, places, of)
            pick: dict[str, tuple[Any, ...]] = {"level": (level,), "year": (self.year,), "flow": (FINAL,)}
            pick["place"] = tuple(places)
            if of.carrier is not None:
                pick["carrier"] = (of.carrier,)
            made[of.column.id] = (
                Cell(found.value, pick=pick, estimated=found.estimated) if found.lines else Cell(None, "NE", reason)
            )
        return made

    def _sum(self, level: str, places: Iterable[str], of: _Of) -> Sum:
        carriers = [of.carrier] if of.carrier is not None else [one.carrier for one in self.columns if one.carrier]
        held = [self.sums.get((level, place, carrier)) for place in places for carrier in carriers]
        there = [row for row in held if row is not None]
        return Sum(
            sum(row["lines"] for row in there),
            sum(row[of.measure] for row in there),
            sum(row[f"{of.measure}:estimated"] for row in there),
        )

    def add(
        self, code: str, name: Text, cells: Mapping[str, Cell], parent: str | None = None, depth: int = 0,
        kind: Any = "item",
    ) -> Row:  # fmt: skip
        row = Row(code, name, cells, parent, kind, depth)
        self.rows.append(row)
        return row

    def left(self, whole: Row, parts: Sequence[Row], reason: Text | None = None) -> dict[str, Cell]:
        """What of the whole is in none of the parts. reason: claim no difference where no part says anything."""
        made = {}
        for of in self.columns:
            name = of.column.id
            top, held = whole.cells[name], [part for part in parts if part.cells[name].value is not None]
            if top.value is None:
                made[name] = Cell(None, "NE", _NO_WHOLE)
            elif not held and reason is not None:
                made[name] = Cell(None, "NE", reason)
            else:
                value = top.value - sum(part.cells[name].value or 0 for part in held)
                estimated = top.estimated + sum(part.cells[name].estimated for part in held)
                used = (whole, *held)
                made[name] = Cell(
                    value, estimated=estimated, formula=" - ".join(row.code for row in used),
                    inputs={row.code: f"ACC.levels.{row.code}.{name}" for row in used},
                )  # fmt: skip
        return made


def reconcile(energy: pl.DataFrame, facts: Facts, year: int) -> tuple[Table, list[Problem]]:
    """The table ``levels`` of one year, and what does not fit: a part above its whole (error), parts more than 1 %
    from their whole, totals typed elsewhere that are not the sum of their parts (warnings).

    energy: lines with the columns ``ENERGY``. A column per carrier in its own unit, and all energy at calorific value
    and at coal equivalent."""
    held = energy.filter((pl.col("year") == year) & (pl.col("flow") == FINAL))
    sheet = _Sheet(year, _columns(held, facts), _sums(held))
    apart: list[Apart] = []
    district = sheet.add(
        DISTRICT, Text("全区（统计）", "District (statistics)"), sheet.cells(DISTRICT, [""]), kind="sum"
    )
    parts = _subdistricts(sheet, held, facts, district, apart)
    _zones(sheet, held, facts, district, parts, apart)
    _meters(sheet, held, facts, district, apart)
    notes = [
        Text(
            "只比较终端消费。差额行等于上一级减去各部分之和，逐位相符；差额为负说明部分大于整体。",
            "Final consumption alone is compared. A row of difference is the whole less its parts to the last digit; a "
            "negative one says that the parts are more than the whole.",
        )
    ]
    table = Table(
        "levels", Text("各级能耗衔接表", "Energy at all levels"), year, [of.column for of in sheet.columns], sheet.rows,
        "energy", notes=notes,
    )  # fmt: skip
    return table, [*level_faults(apart, held, table), *total_faults(energy, facts, year)]


def _columns(held: pl.DataFrame, facts: Facts) -> list[_Of]:
    options = facts.catalogue.choices["energy_carriers"].options
    order = {carrier: place for place, carrier in enumerate(options)}
    made = []
    counted = dict(held.select("carrier", "unit").unique(maintain_order=True).iter_rows())
    for carrier in sorted(counted, key=lambda one: order.get(one, len(order))):
        option, unit = options.get(carrier), counted[carrier]
        name = Text(option.zh, option.en) if option else same(carrier)
        made.append(_Of(Column(carrier, name, UNIT_NAMES[unit], PER[unit], 1), carrier, "amount"))
    per = PER["gce"]
    made.append(
        _Of(Column("calorific", Text("合计（当量值）", "All (calorific)"), "tce", per, 1), None, "gce_calorific")
    )
    made.append(_Of(Column("equal", Text("合计（等价值）", "All (coal equivalent)"), "tce", per, 1), None, "gce_equal"))
    return made


def _sums(held: pl.DataFrame) -> dict[tuple[str, str, str], dict[str, Any]]:
    filled = pl.col("estimate").is_not_null()
    grouped = held.group_by("level", "place", "carrier").agg(
        pl.len().alias("lines"),
        *(pl.col(name).sum() for name in _MEASURES),
        *(pl.col(name).filter(filled).sum().alias(f"{name}:estimated") for name in _MEASURES),
    )
    return {(row["level"], row["place"], row["carrier"]): row for row in grouped.iter_rows(named=True)}


def places(energy: pl.DataFrame, level: str) -> list[str]:
    """The places of a level that have lines, in a fixed order."""
    return energy.filter(pl.col("level") == level)["place"].unique().sort().to_list()


def code_of(kind: str, name: str) -> str:
    """A row's code: the kind and the place's own name, with what an address may not hold replaced."""
    return f"{kind}_{''.join('_' if one.isspace() or one in './' else one for one in name)}"


# ── the parts ──


def _zones(
    sheet: _Sheet, held: pl.DataFrame, facts: Facts, district: Row, subdistricts: Mapping[str, Row], apart: list[Apart]
) -> None:
    """Zones against the district and, where sites say in which zone a subdistrict lies, against their subdistricts."""
    zone_of, parts = _zone_of(facts), []
    for name in places(held, "zone"):
        code = code_of("zone", name)
        row = sheet.add(code, same(name), sheet.cells("zone", [name]), DISTRICT, 1, "sum")
        parts.append(row)
        own = [part for subdistrict, part in subdistricts.items() if zone_of.get(subdistrict) == name]
        if own:
            words = Text("与所辖街镇合计之差", "less its subdistricts")
            left = sheet.add(
                code_of("zone_left_of", name), words, sheet.left(row, own, _NOT_REPORTED), code, 2, "difference"
            )
            apart.append(Apart(row, own, left, "subdistrict", "zone", name))
    if parts:
        left = sheet.left(district, parts, _NOT_REPORTED)
        row = sheet.add("zones_left", Text("未分到片区", "In no zone"), left, DISTRICT, 1, "difference")
        apart.append(Apart(district, parts, row, "zone", DISTRICT, ""))
    # Parks lie across subdistricts and do not make up the district: shown, not compared.
    for name in places(held, "park"):
        words = Text(f"{name}（园区，跨街镇）", f"{name} (park, across subdistricts)")
        sheet.add(code_of("park", name), words, sheet.cells("park", [name]), None, 0, "memo")


def _zone_of(facts: Facts) -> dict[str, str]:
    """Subdistrict → zone, where all sites of the subdistrict agree."""
    there = sites(facts)
    if there is None:
        return {}
    pairs = there.filter(pl.col("zone").is_not_null()).group_by("subdistrict").agg(pl.col("zone").unique())
    return {name: zones[0] for name, zones in pairs.iter_rows() if len(zones) == 1}


def _subdistricts(sheet: _Sheet, held: pl.DataFrame, facts: Facts, district: Row, apart: list[Apart]) -> dict[str, Row]:
    """Subdistricts against the district, their key units against them; subdistrict → its row."""
    units, parts = _units_of(held, facts), {}
    names = sorted({*places(held, "subdistrict"), *(name for name in units if name)})
    for name in names:
        row = sheet.add(
            code_of("subdistrict", name), same(name), sheet.cells("subdistrict", [name]), DISTRICT, 1, "sum"
        )  # fmt: skip
        parts[name] = row
        if name not in units:
            continue
        among = sheet.add(
            code_of("units_of", name),
            Text("重点用能单位合计", "Key units"),
            sheet.cells("unit", units[name]),
            row.code,
            2,
        )
        left = sheet.add(
            code_of("rest_of", name), Text("其他用能单位和居民", "The rest"), sheet.left(row, [among]), row.code, 2,
            "difference",
        )  # fmt: skip
        apart.append(Apart(row, [among], left, "unit", "subdistrict", name, tuple(units[name])))
    if parts:
        left = sheet.left(district, [*parts.values()], _NOT_REPORTED)
        left = sheet.add("unallocated", Text("未分到街镇", "Not allocated"), left, DISTRICT, 1, "difference")
        apart.append(Apart(district, [*parts.values()], left, "subdistrict", DISTRICT, ""))
    if units.get(""):
        name = Text("未注明街镇的重点用能单位", "Key units of no stated subdistrict")
        sheet.add("units_unplaced", name, sheet.cells("unit", units[""]), None, 0, "memo")
    return parts


def _units_of(held: pl.DataFrame, facts: Facts) -> dict[str, list[str]]:
    """Subdistrict ('' where none is stated) → its key units that have lines."""
    frame, found = facts.frame("key_units"), {}
    if frame is None:
        return {}
    stated = dict(frame.select("code", "subdistrict").iter_rows())
    for unit in places(held, "unit"):
        found.setdefault(stated.get(unit) or "", []).append(unit)
    return found


def _meters(sheet: _Sheet, held: pl.DataFrame, facts: Facts, district: Row, apart: list[Apart]) -> None:
    """What meters say beside what is reported: for the district, and for each key unit that has metered sites."""
    metered = places(held, "site")
    if not metered:
        return
    name = Text("表计合计", "All meters")
    row = sheet.add("meters", name, sheet.cells("site", metered, _NO_METERS), None, 0, "memo")
    left = sheet.left(district, [row], _NO_METERS)
    name = Text("统计与表计之差（含未装表部分）", "Statistics less meters (what is not metered too)")
    sheet.add("meters_left", name, left, None, 0, "difference")
    there = sites(facts)
    unit_of = dict(there.select("code", "unit").iter_rows()) if there is not None else {}
    own_of: dict[str, list[str]] = {}
    for code in metered:
        if unit_of.get(code):
            own_of.setdefault(unit_of[code], []).append(code)
    named = _names(facts)
    for unit, own in sorted(own_of.items()):
        said = named.get(unit, unit)
        name = Text(f"{said}（填报）", f"{said} (reported)")
        top = sheet.add(code_of("unit", unit), name, sheet.cells("unit", [unit]), None, 0, "memo")
        metered_cells = sheet.cells("site", own, _NO_METERS)
        name = Text("其表计合计", "its meters")
        part = sheet.add(code_of("meters_of", unit), name, metered_cells, top.code, 1, "memo")
        left = sheet.add(
            code_of("meters_left_of", unit), Text("填报与表计之差", "Reported less meters"),
            sheet.left(top, [part], _NO_METERS), top.code, 1, "difference",
        )  # fmt: skip
        apart.append(Apart(top, [part], left, "site", "unit", unit, tuple(own)))


def _names(facts: Facts) -> dict[str, str]:
    frame = facts.frame("key_units")
    return {} if frame is None else dict(frame.select("code", "name").iter_rows())
