"""Cells of the tables of emissions: which lines a cell picks, their sum, and what stands where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dafeng.accounting.emissions_factors import family
from dafeng.accounting.emissions_problems import LeftOut
from dafeng.accounting.tables import Cell, Column, Key
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import LayoutRow
from dafeng.core.errors import Problem
from dafeng.core.text import Text

# Families of gases in the order of the official table.
FAMILIES = ("CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3")
TOTAL = "co2e"
# Fluorinated gases come of processes and products alone (IPCC 2006, volume 3); codes of such rows begin like this.
FLUORINATED = ("HFCs", "PFCs", "SF6", "NF3")
PRODUCTS = ("ippu", "IV.", "VI.")
ONE_GAS: Mapping[str, str] = {"ippu_sf6": "SF6"}
GRAMS_PER_TONNE = 1_000_000
NOT_OF_SOURCE = Text("该类来源不排放此气体", "this source gives off none of this gas")
NO_METHOD = Text("没有核算此气体的因子或方法", "there is no factor or method for this gas here")


def columns(names: Iterable[str], unit: str, digits: int) -> tuple[Column, ...]:
    """Columns of families of gases; their id is the family in lower case."""
    total = Text("合计", "Total")
    return tuple(
        Column(name.lower(), total if name == TOTAL else Text(name, name), unit, GRAMS_PER_TONNE, digits)
        for name in names
    )


def family_of(catalogue: Catalogue) -> dict[str, str]:
    """Name of a gas in the lines → its family: ``R410A`` → HFCs."""
    found = {name: name for name in FAMILIES}
    for factor in catalogue.factors.values():
        if factor.kind == "gwp" and factor.gas:
            name = factor.id.removeprefix("gwp_").rpartition("_")[0]
            for spelt in (name.upper(), factor.gas):
                found.setdefault(spelt, family(factor.gas))
    return found


@dataclass
class Sums:
    """Sums of the lines of one year, level and place by code (``column``: row or gpc) and gas.

    measure: co2e_g or gas_g. Codes and gases are summed as whole numbers, in any grouping the same."""

    emissions: pl.DataFrame
    catalogue: Catalogue
    year: int
    level: str
    place: str
    column: str
    measure: str = "co2e_g"
    problems: Sequence[Problem] = ()
    held: dict[tuple[str, str], tuple[int, int]] = field(init=False)
    families: dict[str, str] = field(init=False)
    gases: dict[str, tuple[str, ...]] = field(init=False)
    lacking: dict[tuple[str, str], Text] = field(init=False)
    possible: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.families = family_of(self.catalogue)
        lines = self.emissions.filter(
            (pl.col("year") == self.year) & (pl.col("level") == self.level) & (pl.col("place") == self.place)
        ).filter(pl.col(self.column).is_not_null())
        value = pl.col(self.measure)
        grouped = lines.group_by(self.column, "gas").agg(
            value.sum().alias("sum"), value.filter(pl.col("estimate").is_not_null()).sum().alias("estimated")
        )
        self.held = {(code, gas): (int(a), int(b)) for code, gas, a, b in grouped.iter_rows()}
        named: dict[str, list[str]] = {}
        for gas in sorted({gas for _, gas in self.held}):
            named.setdefault(self.families.get(gas, gas), []).append(gas)
        self.gases = {name: tuple(gases) for name, gases in named.items()}
        self.lacking = self._lacking()
        self.possible = self._possible()

    def _lacking(self) -> dict[tuple[str, str], Text]:
        found: dict[tuple[str, str], Text] = {}
        for problem in self.problems:
            if isinstance(problem, LeftOut) and problem.year == self.year:
                for level, place, code, gas in problem.cells if self.column == "row" else problem.refs:
                    if (level, place) == (self.level, self.place):
                        found.setdefault((code, self.families.get(gas, gas)), problem.rule)
        return found

    def _possible(self) -> dict[str, set[str]]:
        """Families that some method can post to a code; a gas named by a column can be any refrigerant."""
        found: dict[str, set[str]] = {}
        for method in self.catalogue.methods.values():
            for emits in method.emits:
                gas = emits.gas.removesuffix("_fossil").removesuffix("_nonfossil")
                name = "HFCs" if "{" in gas else self.families.get(gas, gas)
                codes = emits.row if self.column == "row" else emits.gpc
                for code in [codes] if isinstance(codes, str) else (codes or {}).values():
                    found.setdefault(code, set()).add(name)
        return found

    def pick(self, codes: Sequence[str], name: str) -> dict[str, tuple[Any, ...]]:
        made: dict[str, tuple[Any, ...]] = {
            "year": (self.year,),
            "level": (self.level,),
            "place": (self.place,),
            self.column: tuple(codes),
        }
        if name != TOTAL:
            made["gas"] = self.gases.get(name, ())
        return made

    def found(self, codes: Sequence[str], name: str) -> tuple[int, int] | None:
        """Sum and its estimated part over codes and the gases of a family; None where no line is."""
        gases = None if name == TOTAL else set(self.gases.get(name, ()))
        wanted = set(codes)
        parts = [pair for (code, gas), pair in self.held.items() if code in wanted and (gases is None or gas in gases)]
        return (sum(a for a, _ in parts), sum(b for _, b in parts)) if parts else None

    def cell(self, row: LayoutRow, codes: Sequence[str], name: str, rows: Mapping[str, LayoutRow]) -> Cell:
        """The cell of a row (its own code and all below it) and a family of gases."""
        lacks = self._why_lacking(codes, name)
        found = self.found(codes, name)
        if found is not None:
            return Cell(found[0], reason=lacks, pick=self.pick(codes, name), estimated=found[1])
        if lacks is not None:
            return Cell(None, "NE", lacks)
        key, reason = self._empty(row, codes, name, rows)
        if key == "0":
            return Cell(0, reason=reason, pick=self.pick(codes, name))
        return Cell(None, key, reason)

    def _why_lacking(self, codes: Sequence[str], name: str) -> Text | None:
        wanted = set(codes)
        reasons = [
            text
            for (code, gas), text in self.lacking.items()
            if code in wanted and (gas in ("", name) or name == TOTAL)
        ]
        if not reasons:
            return None
        more = len(reasons) - 1
        return Text(
            reasons[0].zh + (f"；另有 {more} 项" if more else ""),
            reasons[0].en + (f"; and {more} more" if more else ""),
        )

    def _empty(
        self, row: LayoutRow, codes: Sequence[str], name: str, rows: Mapping[str, LayoutRow]
    ) -> tuple[Key | Any, Text]:
        """The sign of a cell without lines. A parent's follows from the rows below it: NO where none of them occurs,
        IE where all stand elsewhere, else NE, with the reason of the first."""
        parents = {other.parent for other in rows.values()}
        below = [code for code in codes if code in rows and code not in parents]
        if below == [row.code] or not below:
            return self._empty_leaf(row, name)
        signs = [(rows[code].name.text, *self._empty_leaf(rows[code], name)) for code in below]
        if all(key == "NO" for _, key, _ in signs):
            own = row.reason.text if row.key == "NO" and row.reason else signs[0][2]
            return "NO", own if name == TOTAL else NOT_OF_SOURCE
        weakest = "IE" if all(key in ("NO", "IE") for _, key, _ in signs) else "NE"
        if weakest == "IE" and name != TOTAL and any(code in self.possible for code in below):
            # What is included elsewhere is of the gases that its kind gives off, and this is none of them.
            return "NO", NOT_OF_SOURCE
        said, reason = next((said, reason) for said, key, reason in signs if key not in ("NO", "0"))
        return weakest, Text(f"{said.zh}：{reason.zh}", f"{said.en}: {reason.en}")

    def _empty_leaf(self, row: LayoutRow, name: str) -> tuple[Key | Any, Text]:
        """The layout's sign where the whole row is empty, else why this gas is."""
        possible = self.possible.get(row.code)
        if name != TOTAL and possible is not None and name not in possible:
            return "NO", NOT_OF_SOURCE
        if name in FLUORINATED and not row.code.startswith(PRODUCTS):
            return "NO", NOT_OF_SOURCE
        if name != TOTAL and ONE_GAS.get(row.code, name) != name:
            return "NO", NOT_OF_SOURCE
        if name != TOTAL and self.found([row.code], TOTAL) is not None:
            return ("NE", NO_METHOD) if possible is not None else ("NO", NOT_OF_SOURCE)
        return row.key, row.reason.text if row.reason else NO_METHOD


def subtree(rows: Sequence[LayoutRow]) -> dict[str, list[str]]:
    """Code → itself and every code below it, in the order of the layout."""
    below: dict[str, list[str]] = {row.code: [row.code] for row in rows}
    parents = {row.code: row.parent for row in rows}
    for row in rows:
        parent = row.parent
        while parent is not None:
            below[parent].append(row.code)
            parent = parents[parent]
    return below


def depths(rows: Sequence[LayoutRow]) -> dict[str, int]:
    parents = {row.code: row.parent for row in rows}
    found: dict[str, int] = {}
    for row in rows:
        depth, parent = 0, row.parent
        while parent is not None:
            depth, parent = depth + 1, parents[parent]
        found[row.code] = depth
    return found
