"""What a building used in a year, from its yearly record or, without one, from its meters, and the CO2 of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from dafeng.accounting.book import Book, Held
from dafeng.accounting.emissions_factors import grams_per
from dafeng.accounting.energy import coefficients
from dafeng.accounting.formula_cells import gap
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell
from dafeng.core.text import Text
from dafeng.indicators.facts import PERIOD, RECORD, Facts

RECORDS, METERS = "building_energy", "meter_totals"
# Carrier → unit in which views count it, and how many of the lines' smallest unit make one.
UNITS: Mapping[str, tuple[str, int]] = {
    "electricity": ("kWh", 1_000),
    "natural_gas": ("m3", 1_000),
    "heat": ("GJ", 1_000_000),
    "gasoline": ("t", 1_000_000),
    "diesel": ("t", 1_000_000),
}
COLUMNS: Mapping[str, str] = {"electricity": "electricity_kwh", "natural_gas": "gas_m3", "heat": "heat_gj"}
GRAMS_PER_TONNE = 1_000_000
NOT_REPORTED = Text("没有填报", "not reported")
NO_METER = Text("点位没有该品种的计量表", "the site has no meter of this carrier")
NO_AREA = Text("没有建筑面积", "no floor area")
NO_FACTOR = Text("该年没有可用的因子", "there is no factor for the year")


@dataclass(frozen=True, slots=True)
class Use:
    """One building or site in one year. amounts: by carrier in the unit of ``UNITS``; missing: nobody said."""

    code: str
    name: str
    use: str | None
    public: bool
    area_m2: float | None
    people: float | None
    source: str
    records: Mapping[str, Sequence[int]]
    amounts: Mapping[str, float | None]
    cooling_gj: float | None = None
    renewable_kwh: float | None = None

    @property
    def lacking(self) -> Text:
        return NOT_REPORTED if self.source == RECORDS else NO_METER

    def where(self, name: str) -> dict[str, str]:
        """The records that a figure was typed in, as a reader finds them: ``building_energy#4835``."""
        held = self.records.get(name) or self.records.get("", ())
        return {f"record {n}" if len(held) > 1 else "record": f"{self.source}#{one}" for n, one in enumerate(held, 1)}


@dataclass
class Rates:
    """Grams of CO2, and grams of coal equivalent at both values, in one unit of a carrier in one year."""

    book: Book
    year: int
    table: str = "buildings"
    _held: dict[str, tuple[Held, float] | None] = field(default_factory=dict)

    def co2(self, carrier: str) -> tuple[Held, float] | None:
        """The factor and the grams of CO2 in one unit; None when there is no factor."""
        if carrier not in self._held:
            policy = {"electricity": self.book.policy.electricity, "heat": self.book.policy.heat}
            held = self.book.find(policy.get(carrier, f"co2_{carrier}"), self.year)
            per = held and grams_per(self.book.catalogue.unit_table, UNITS[carrier][0], held.unit, True)
            self._held[carrier] = None if held is None or per is None else (held, held.value * per)
        return self._held[carrier]

    def gce(self, carrier: str) -> tuple[float, float] | None:
        """Grams of coal equivalent in one unit: at calorific value, at coal equivalent."""
        held = coefficients(carrier, self.year, self.book)
        if held is None:
            return None
        units, made = self.book.catalogue.unit_table, []
        for one in held:
            top, _, below = one.unit.partition("/")
            made.append(one.value * units.factor(UNITS[carrier][0], below) * units.factor(top, "tce") * 1e6)
        return made[0], made[1]

    def co2_cell(self, use: Use, carrier: str) -> Cell:
        """Whole grams of CO2 of a carrier."""
        amount, rate = use.amounts.get(carrier), self.co2(carrier)
        if amount is None:
            return gap(use.lacking)
        if rate is None:
            return gap(NO_FACTOR)
        return Cell(
            round(amount * rate[1]), formula=f"{carrier} × {rate[0].factor}", inputs=self.inputs(use, carrier, rate[0])
        )

    def inputs(self, use: Use, column: str, held: Held) -> dict[str, str]:
        """What a product of a cell of the row and a factor rests on."""
        said = f"{held.value:g} {held.unit} ({held.vintage}, {held.status})"
        return {column: f"ACC.{self.table}.{use.code}.{column}", held.factor: said}


def amount_cell(use: Use, name: str, value: float | None, lacking: Text | None = None) -> Cell:
    """A figure as typed (or summed over meters), with the records it stands in."""
    if value is None:
        return gap(lacking or use.lacking)
    return Cell(value, formula=f"{use.source}.{COLUMNS.get(name, name)}", inputs=use.where(name))


def uses_of(facts: Facts, energy: pl.DataFrame, year: int) -> list[Use]:
    """Every building with a yearly record, then sites (buildings and campuses) that have meters and no record."""
    recorded = _recorded(facts, year)
    return recorded + _metered(facts, energy, year, {use.code for use in recorded})


def _recorded(facts: Facts, year: int) -> list[Use]:
    if facts.frame(RECORDS) is None:
        return []
    rows = facts.joined(RECORDS, ["building.name", "building.use", "building.public_body"])
    people = _people(facts)
    made = []
    for row in rows.filter(pl.col(PERIOD) == year).sort("building").iter_rows(named=True):
        code = row["building"]
        amounts = {carrier: row[column] for carrier, column in COLUMNS.items()}
        made.append(
            Use(
                code, row["building.name"] or code, row["building.use"], bool(row["building.public_body"]),
                row["floor_area_m2"], people.get(code), RECORDS, {"": [row[RECORD]]}, amounts, row["cooling_gj"],
                row["renewable_kwh"],
            )
        )  # fmt: skip
    return made


def _people(facts: Facts) -> dict[str, float]:
    there = facts.frame("account_sites")
    if there is None:
        return {}
    known = there.filter(pl.col("building").is_not_null() & pl.col("people").is_not_null())
    return dict(known.group_by("building").agg(pl.col("people").sum()).iter_rows())


def _metered(facts: Facts, energy: pl.DataFrame, year: int, recorded: set[str]) -> list[Use]:
    there = facts.frame("account_sites")
    if there is None or not energy.height:
        return []
    rows = facts.joined(
        "account_sites", ["building.name", "building.use", "building.public_body", "building.floor_area_m2"]
    )
    lines = energy.filter((pl.col("level") == "site") & (pl.col("year") == year))
    sums = lines.group_by("place", "carrier", maintain_order=True).agg(pl.col("amount").sum(), pl.col(RECORD))
    held: dict[str, dict[str, tuple[int, list[int]]]] = {}
    for place, carrier, amount, records in sums.iter_rows():
        held.setdefault(place, {})[carrier] = (amount, records)
    made = []
    for row in rows.filter(pl.col("kind").is_in(["building", "campus"])).sort("code").iter_rows(named=True):
        if row["code"] not in held or row["building"] in recorded:
            continue
        meters = held[row["code"]]
        amounts = {name: meters[name][0] / UNITS[name][1] for name in meters if name in UNITS}
        public = row["public_body"] if row["public_body"] is not None else row["building.public_body"]
        made.append(
            Use(
                row["code"], row["name"], row["building.use"], bool(public),
                row["floor_area_m2"] or row["building.floor_area_m2"], row["people"], METERS,
                {name: records for name, (_, records) in meters.items()}, amounts,
            )
        )  # fmt: skip
    return made


def summed(cells: Sequence[Cell], addends: Mapping[str, str] | None = None) -> Cell:
    """Σ of the cells that have a value; not estimated where none has, and said where some could not be estimated.

    addends: row codes → addresses that the sum is explained by (sums of parts, where there are very many cells)."""
    known = [cell.value for cell in cells if cell.value is not None]
    if not known:
        return gap(NOT_REPORTED if cells else Text("没有这类对象", "there is none of this kind"))
    missing = sum(cell.key == "NE" for cell in cells)
    why = Text(f"{missing} 个没有数，未计入", f"{missing} without a figure are left out") if missing else None
    return Cell(sum(known), reason=why, formula=f"Σ {len(known)}", inputs=addends or {})


def ratio(above: Sequence[Cell], below: Sequence[Cell], formula: str, why: Text) -> Cell:
    """1/1000 of Σ above ÷ Σ below over those that have both: grams as kilograms per m² or head."""
    pairs = [(a.value, b.value) for a, b in zip(above, below, strict=True) if a.value is not None and b.value]
    if not pairs:
        return gap(why)
    left = len(above) - len(pairs)
    said = Text(f"{left} 个缺数，分子分母均未计入", f"{left} that lack either are in neither sum") if left else None
    return Cell(sum(a for a, _ in pairs) / sum(b for _, b in pairs) / 1000, reason=said, formula=formula)


def by_use(uses: Iterable[Use]) -> dict[str, list[Use]]:
    """Kind of use (``other`` where nobody said) → its buildings, in order."""
    made: dict[str, list[Use]] = {}
    for use in uses:
        made.setdefault(use.use or "other", []).append(use)
    return dict(sorted(made.items()))


def addresses(table: str, column: str, codes: Iterable[str]) -> dict[str, str]:
    return {code: f"ACC.{table}.{code}.{column}" for code in codes}


def picked(emissions: pl.DataFrame, year: int, reason: Text, **pick: Iterable[str | int | None]) -> Cell:
    """Whole grams of CO2e of the district's lines that a cell asks for."""
    wanted: dict[str, tuple[str | int | None, ...]] = {"level": (DISTRICT,), "year": (year,)}
    wanted |= {name: tuple(values) for name, values in pick.items()}
    lines = emissions
    for column, values in wanted.items():
        inside = pl.col(column).is_in([value for value in values if value is not None])
        lines = lines.filter(inside | pl.col(column).is_null() if None in values else inside)
    if not lines.height:
        return gap(reason)
    return Cell(int(lines["co2e_g"].sum()), reason=reason, pick=wanted)
