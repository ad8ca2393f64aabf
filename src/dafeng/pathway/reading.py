"""From the data of a model file to a model: rows are read one by one, every fault is gathered, nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from dafeng.core.errors import BadInput, Place, Problems
from dafeng.core.functions import NUMBER
from dafeng.core.units import Units
from dafeng.pathway import checking, checking_units
from dafeng.pathway import reading_parts as parts
from dafeng.pathway.draws import read_spread
from dafeng.pathway.model import (
    EMISSION,
    NATIVE_UNITS,
    Branch,
    Carrier,
    Cell,
    How,
    Lever,
    Model,
    Scenario,
    Uncertain,
    Years,
)
from dafeng.pathway.reading_parts import Row
from dafeng.pathway.series import Series, constant

SECTIONS = (
    "id", "name", "years", "carriers", "drivers", "stocks", "branches", "scenarios", "levers", "uncertain",
    "source", "notes", "synthetic", "about",
)  # fmt: skip
_NOTES = ("source", "status", "note", "notes", "title", "zh", "en", "range", "verified", "about")
DRIVER = ("name", "unit", "history", "value", *_NOTES)
STOCK = ("name", "unit", "values", *_NOTES)
BRANCH = (
    "path", "zone", "activity", "activity_unit", "intensity", "intensity_unit", "share", "share_of", "history",
    *_NOTES,
)  # fmt: skip
SCENARIO = ("name", "parent", "set", *_NOTES)
LEVER = ("name", "of", "low", "high", "value", "unit", *_NOTES)
UNCERTAIN = ("name", "of", "as", "spread", *_NOTES)
OVERRIDABLE = ("activity", "share", "intensity")
HOWS: tuple[How, ...] = get_args(How)
REFERENCE = "reference"


def read(data: Mapping[str, Any], units: Units, place: Place) -> Model:
    """Raises BadInput with every problem of the file."""
    return _Reader(data, units, place).model()


class _Reader:
    def __init__(self, data: Mapping[str, Any], units: Units, place: Place):
        self.data, self.units, self.place = data, units, place
        self.problems = Problems()
        self.cells: dict[str, Cell] = {}
        # Cells that are there and cannot be read: what refers to them is not told that they are missing.
        self.faulty: set[str] = set()
        self.names: dict[str, str] = {}

    def model(self) -> Model:
        parts.check_fields(self.problems, Row(self.data, self.place, {}), SECTIONS)
        self.years = self.read_years()
        units = self.read_carriers()
        driver_rows, stock_rows = self.section("drivers", "name"), self.section("stocks", "name")
        self.learn(driver_rows, "")
        self.learn(stock_rows, "stock.")
        for row in driver_rows:
            self.read_driver(row, DRIVER, "drivers/", "value")
        for row in stock_rows:
            self.read_driver(row, STOCK, "stocks/", "values")
        branches = [one for row in self.section("branches", "path") if (one := self.read_branch(row, units))]
        if not branches and not self.problems.errors:
            self.no_branches()
        levers = {one.name: one for row in self.section("levers", "name") if (one := self.read_lever(row))}
        scenarios = self.read_scenarios(levers)
        uncertain = [one for row in self.section("uncertain", "of") if (one := self.read_uncertain(row))]
        self.raise_if_any()
        name = str(self.data.get("id") or "model")
        draft = Model(
            name, parts.title_of(self.data.get("name"), name), self.years, self.cells, tuple(branches),
            {one: Carrier(one, unit, None, 1.0) for one, unit in units.items()},
            scenarios, levers, tuple(uncertain), self.units, self.data,
        )  # fmt: skip
        return checking.checked(draft)

    def section(self, name: str, label: str) -> list[Row]:
        return list(parts.rows(self.data, name, label, self.place, self.problems))

    def raise_if_any(self) -> None:
        self.problems.raise_if_any()

    def read_years(self) -> Years:
        given = self.data.get("years")
        place = replace(self.place, item="years")
        row = Row(given if isinstance(given, Mapping) else {}, place, {})
        found = [row.get(name) for name in ("first", "base", "last")]
        whole = all(isinstance(one, int) and not isinstance(one, bool) for one in found)
        if not whole or not (1900 <= found[0] <= found[1] < found[2] <= 2200):
            self.problems.add(
                "pathway.years",
                place,
                "years 应写出 first、base、last 三个年份，在 1900—2200 年之内，且 first ≤ base < last",
                "years must give first, base and last, from 1900 to 2200, with first ≤ base < last",
                fix_zh="例如 years: {first: 2020, base: 2025, last: 2040}",
                fix_en="for example years: {first: 2020, base: 2025, last: 2040}",
            )
            self.raise_if_any()
        return Years(*found)

    def read_carriers(self) -> dict[str, str]:
        """Carrier → unit of its energy."""
        units = dict(NATIVE_UNITS)
        given = self.data.get("carriers") or {}
        if not isinstance(given, Mapping):
            parts.not_a_row(self.problems, replace(self.place, item="carriers"))
            return units
        for name, entry in given.items():
            place = replace(self.place, item=f"carriers.{name}", field="unit")
            unit = entry.get("unit") if isinstance(entry, Mapping) else entry
            if not isinstance(unit, str):
                parts.lacking(self.problems, place, "unit")
            elif checking_units.measure_at(self.problems, place, unit, self.units):
                units[str(name)] = unit
        return units

    def learn(self, rows: list[Row], prefix: str) -> None:
        """Names first, so that an expression may mention what is defined below it."""
        seen: set[str] = set()
        for row in rows:
            name = parts.text_of(self.problems, row, "name")
            if name is None:
                continue
            if name in seen:
                checking.twice(self.problems, row.at("name"), name)
            if not name.isidentifier() or (not prefix and name in ("year", "stock")):
                self.not_a_name(row.at("name"), name)
            seen.add(name)
            self.names[prefix + name] = NUMBER

    def not_a_name(self, place: Place, name: str) -> None:
        self.problems.add(
            "pathway.not-a-name", place, f"“{name}”不能用作名称", f"“{name}” cannot be a name",
            fix_zh="用字母、汉字、数字和下划线，不以数字开头",
            fix_en="use letters, digits and underscores, no digit first",
        )  # fmt: skip

    def read_driver(self, row: Row, known: tuple[str, ...], prefix: str, field: str) -> None:
        parts.check_fields(self.problems, row, known)
        name, unit = row.get("name"), parts.text_of(self.problems, row, "unit", needed=False) or ""
        checking_units.measure_at(self.problems, row.at("unit"), unit, self.units)
        if field == "values":
            history, value = self.split(row)
        else:
            history, value = parts.history_of(self.problems, row, "history", self.years.history), row.get(field)
        if value is None:
            parts.lacking(self.problems, row.at(field), field)
            return
        series = parts.series_of(self.problems, row, field, value, self.names)
        if isinstance(name, str):
            key = prefix + name.strip()
            if series:
                self.cells[key] = Cell(key, unit, series, history, row.place)
            else:
                self.faulty.add(key)

    def split(self, row: Row) -> tuple[dict[int, float], Any]:
        """The values of a stock in history, and those that come after."""
        given = row.get("values")
        if not isinstance(given, Mapping):
            return {}, given
        years = {int(year): value for year, value in given.items() if str(year).isdigit()}
        past = {year: value for year, value in years.items() if year <= self.years.base}
        later = {year: value for year, value in years.items() if year > self.years.base}
        part = Row({"values": past}, row.place, row.columns)
        return parts.history_of(self.problems, part, "values", self.years.history), later or "hold()"

    def read_branch(self, row: Row, units: Mapping[str, str]) -> Branch | None:
        parts.check_fields(self.problems, row, BRANCH)
        path = parts.text_of(self.problems, row, "path")
        if path is None:
            return None
        pieces = [piece.strip() for piece in path.split("/")]
        path, carrier = "/".join(pieces), pieces[-1]
        zone = parts.text_of(self.problems, row, "zone", needed=False)
        key = f"{path}@{zone}" if zone else path
        if len(pieces) < 2 or not all(pieces) or "@" in path:
            self.not_a_path(row.at("path"), path)
        elif carrier not in units:
            self.unknown_carrier(row.at("path"), carrier, units)
        if f"branches/{key}/activity" in self.cells:
            checking.twice(self.problems, row.at("path"), key)
        group = parts.text_of(self.problems, row, "share_of", needed=False)
        written = {field: parts.text_of(self.problems, row, f"{field}_unit") for field in ("activity", "intensity")}
        history = parts.history_of(self.problems, row, "history", self.years.history)
        for field, unit in (("activity", written["activity"]), ("share", "1"), ("intensity", written["intensity"])):
            self.read_field(row, key, field, unit, bool(group))
        scale = 1.0
        if carrier in units and all(unit is not None for unit in written.values()):
            scale = checking_units.scale_of(
                self.problems, row.at("intensity_unit"), str(written["activity"]), str(written["intensity"]),
                units[carrier], self.units, emission=carrier == EMISSION,
            )  # fmt: skip
        return Branch(key, path, zone, carrier, scale, group, history, row.place)

    def read_field(self, row: Row, key: str, field: str, unit: str | None, grouped: bool) -> None:
        value = row.get(field)
        if value is None and field == "share" and not grouped:
            value = 1
        if value is None:
            parts.lacking(self.problems, row.at(field), field)
            return
        series = parts.series_of(self.problems, row, field, value, self.names)
        cell = f"branches/{key}/{field}"
        if series and unit is not None:
            self.cells[cell] = Cell(cell, unit, series, {}, row.at(field))
        else:
            self.faulty.add(cell)

    def not_a_path(self, place: Place, path: str) -> None:
        self.problems.add(
            "pathway.path", place, f"“{path}”不是分支路径", f"“{path}” is not the path of a branch",
            fix_zh="写作 部门/…/能源品种，各段不空，不含 @", fix_en="write sector/…/carrier, no part empty, without @",
        )  # fmt: skip

    def unknown_carrier(self, place: Place, carrier: str, units: Mapping[str, str]) -> None:
        near = parts.nearest(carrier, units)
        hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
        self.problems.add(
            "pathway.unknown-carrier",
            place,
            f"没有能源品种“{carrier}”{hint_zh}",
            f"there is no carrier “{carrier}”{hint_en}",
            fix_zh="路径最后一段写能源品种（或 emission）；新的品种在 carriers 一节写出单位",
            fix_en="end the path with a carrier or emission; give a new carrier its unit under carriers",
        )

    def no_branches(self) -> None:
        self.problems.add(
            "pathway.no-branches", self.place, "模型里没有分支", "the model has no branches",
            fix_zh="在 branches 一节至少写一行", fix_en="write at least one row under branches",
        )  # fmt: skip

    def known_cell(self, key: str | None, place: Place) -> bool:
        """Is it the key of a cell that may be changed? A problem with the nearest one otherwise."""
        if key is None or key in self.cells:
            return key is not None
        if key in self.faulty:
            return False
        near = parts.nearest(key, self.cells)
        hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
        self.problems.add(
            "pathway.unknown-cell",
            place,
            f"模型里没有“{key}”{hint_zh}",
            f"the model has no “{key}”{hint_en}",
            fix_zh="写作 drivers/名称，或 branches/路径/activity、share、intensity",
            fix_en="write drivers/name, or branches/path/activity, share or intensity",
        )
        return False

    def read_lever(self, row: Row) -> Lever | None:
        parts.check_fields(self.problems, row, LEVER)
        name, of = parts.text_of(self.problems, row, "name"), parts.text_of(self.problems, row, "of")
        numbers = [parts.number_of(self.problems, row, field) for field in ("low", "high", "value")]
        if not self.known_cell(of, row.at("of")) or name is None or of is None:
            return None
        low, high, value = numbers
        if low is None or high is None or value is None:
            return None
        if not low <= value <= high:
            self.problems.add(
                "pathway.lever",
                row.at("value"),
                f"应有 low ≤ value ≤ high，现为 {low:g}、{value:g}、{high:g}",
                f"low ≤ value ≤ high must hold; given are {low:g}, {value:g}, {high:g}",
                fix_zh="改正这三个数",
                fix_en="mend the three numbers",
            )
        title = parts.title_of(row.get("title") or {one: row.get(one) for one in ("zh", "en") if row.get(one)}, name)
        return Lever(name, title, of, low, high, value)

    def read_scenarios(self, levers: Mapping[str, Lever]) -> dict[str, Scenario]:
        found: dict[str, Scenario] = {}
        rows = self.section("scenarios", "name")
        for row in rows:
            parts.check_fields(self.problems, row, SCENARIO)
            name = parts.text_of(self.problems, row, "name")
            if name is None:
                continue
            if name in found:
                checking.twice(self.problems, row.at("name"), name)
            parent = parts.text_of(self.problems, row, "parent", needed=False)
            words = row.get("title") or {one: row.get(one) for one in ("zh", "en") if row.get(one)}
            title = parts.title_of(words, name)
            found[name] = Scenario(name, parent, title, self.read_overrides(row, levers), row.place)
        checking.check_parents(self.problems, found)
        if not found:
            found[REFERENCE] = Scenario(REFERENCE, None, parts.title_of(None, REFERENCE), {}, self.place)
        return found

    def read_overrides(self, row: Row, levers: Mapping[str, Lever]) -> dict[str, Series]:
        given = row.get("set") or {}
        if not isinstance(given, Mapping):
            parts.not_a_row(self.problems, row.at("set"))
            return {}
        found: dict[str, Series] = {}
        for written, value in given.items():
            key, field = str(written).strip(), f"set.{written}"
            # Rows of a workbook carry where each override stands; an entry of YAML is named by its key.
            at = (row.data.get(parts.AT) and row.data[parts.AT].overrides.get(written)) or None
            one = Row({field: value}, replace(row.place, **at), {}) if at else Row({field: value}, row.place, {})
            place = one.place if at else one.at(field)
            lever = levers.get(key.removeprefix("levers/")) if key.startswith("levers/") else None
            if lever is not None:
                number = parts.as_number(value)
                if number is None:
                    parts.not_a_number(self.problems, place, value)
                else:
                    found[lever.of] = constant(number, place)
            elif self.known_cell(key, place):
                series = parts.series_of(self.problems, one, field, value, self.names)
                if series:
                    found[key] = series
        return found

    def read_uncertain(self, row: Row) -> Uncertain | None:
        parts.check_fields(self.problems, row, UNCERTAIN)
        of, how = parts.text_of(self.problems, row, "of"), parts.text_of(self.problems, row, "as")
        spread = parts.text_of(self.problems, row, "spread")
        name = parts.text_of(self.problems, row, "name", needed=False) or of
        if how is not None and how not in HOWS:
            self.problems.add(
                "pathway.how",
                row.at("as"),
                f"as 应为 {'、'.join(HOWS)} 之一，现为“{how}”",
                f"as must be one of {', '.join(HOWS)}; given is “{how}”",
                fix_zh="改为其中之一",
                fix_en="write one of them",
            )
        known = self.known_cell(of, row.at("of"))
        try:
            read = read_spread(spread, row.at("spread")) if spread else None
        except BadInput as error:
            self.problems.extend(error.problems)
            return None
        kind: How | None = next((one for one in HOWS if one == how), None)
        if not known or kind is None or read is None or name is None or of is None:
            return None
        return Uncertain(name, of, kind, read)
