"""Sums of a year's lines of one place, and which of them each row of the energy balance takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from dafeng.accounting.energy_rows import FINAL, SIGNS
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import LayoutRow

MEASURES = ("amount", "gce_calorific", "gce_equal", "gce_material")
INPUTS = ("into_power", "into_heat", "into_other")


class Sum(NamedTuple):
    """How many lines, what they sum to and what of it rests on filled gaps, in the smallest unit."""

    lines: int
    value: int
    estimated: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines of one year, level and place, summed by flow, sector, carrier and unit."""

    year: int
    level: str
    place: str
    rows: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, energy: pl.DataFrame, year: int, level: str, place: str) -> Sums:
        held = energy.filter((pl.col("year") == year) & (pl.col("level") == level) & (pl.col("place") == place))
        filled = pl.col("estimate").is_not_null()
        rows = held.group_by("flow", "sector", "carrier", "unit", maintain_order=True).agg(
            pl.len().alias("lines"),
            *(pl.col(name).sum() for name in MEASURES),
            *(pl.col(name).filter(filled).sum().alias(f"{name}:estimated") for name in MEASURES),
        )
        return cls(year, level, place, tuple(rows.iter_rows(named=True)))

    def sum(self, measure: str, take: Take, carrier: str | None = None) -> Sum:
        lines = value = estimated = 0
        for row in self.rows:
            if carrier in (None, row["carrier"]) and take.has(row):
                lines += row["lines"]
                value += row[measure]
                estimated += row[f"{measure}:estimated"]
        return Sum(lines, value, estimated)

    def carriers(self) -> list[tuple[str, str]]:
        """Carriers that have lines, with the unit they are counted in."""
        return list(dict.fromkeys((row["carrier"], row["unit"]) for row in self.rows))

    def pick(self, take: Take, carrier: str | None = None) -> dict[str, tuple[Any, ...]]:
        named = {"level": self.level, "place": self.place, "year": self.year, "carrier": carrier}
        held: dict[str, tuple[Any, ...]] = {name: (value,) for name, value in named.items() if value is not None}
        held["flow"] = tuple(take.flows)
        return held | ({"sector": tuple(take.sectors)} if take.sectors is not None else {})


@dataclass(frozen=True, slots=True)
class Take:
    """Which lines: their flows and, for final consumption, their sectors (None: whatever sector)."""

    flows: tuple[str, ...] = ()
    sectors: tuple[str, ...] | None = None

    def has(self, row: Mapping[str, Any]) -> bool:
        return row["flow"] in self.flows and (self.sectors is None or row["sector"] in self.sectors)


@dataclass(frozen=True)
class Rows:
    """The rows of the layout and what each takes. A row takes the flows and sectors that its code or ``also`` names;
    a row without such takes what its children take."""

    layout: tuple[LayoutRow, ...]
    sectors: Collection[str]
    takes: Mapping[str, Take] = field(default_factory=dict)
    depth: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> Rows:
        layout, sectors = catalogue.layouts["energy_balance"].rows, catalogue.choices["energy_sectors"].options
        made = cls(layout, sectors)
        takes = {row.code: made._take(row) for row in layout}
        parents = {row.code: row.parent for row in layout}
        return cls(layout, sectors, takes, {row.code: _depth(row.code, parents) for row in layout})

    def under(self, code: str) -> set[str]:
        """The row and all rows below it."""
        found = {code}
        for row in self.layout:
            if row.parent in found:
                found.add(row.code)
        return found

    def _take(self, row: LayoutRow) -> Take:
        names = (row.code, *row.also)
        flows = tuple(name for name in names if name in SIGNS)
        # ``final`` takes lines of no sector too; a sector takes final consumption alone.
        if flows:
            return Take(flows)
        sectors = tuple(name for name in names if name in self.sectors)
        if sectors:
            return Take((FINAL,), sectors)
        return _joined(self._take(child) for child in self.layout if child.parent == row.code and not child.memo)


def _joined(takes: Iterable[Take]) -> Take:
    takes = [take for take in takes if take.flows]
    flows = tuple(dict.fromkeys(flow for take in takes for flow in take.flows))
    sectors = [take.sectors for take in takes if take.sectors is not None]
    return Take(flows, tuple(dict.fromkeys(one for some in sectors for one in some)) if sectors else None)


def _depth(code: str, parents: Mapping[str, str | None]) -> int:
    parent = parents[code]
    return 0 if parent is None else 1 + _depth(parent, parents)
