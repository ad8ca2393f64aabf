"""The view of public bodies: energy, water and CO2 per square metre and per head, as the survey of public bodies asks.

Coal equivalent stands at calorific value (当量) and at coal equivalent (等价) side by side, since bodies are compared
under either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from dafeng.accounting.book import Book
from dafeng.accounting.formula_cells import gap
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.accounting.views_uses import (
    GRAMS_PER_TONNE,
    NO_AREA,
    NO_FACTOR,
    Rates,
    Use,
    addresses,
    amount_cell,
    by_use,
    ratio,
    summed,
    uses_of,
)
from dafeng.core.text import Text, same
from dafeng.indicators.facts import Facts

TABLE = "public_bodies"
CARRIERS = ("electricity", "natural_gas", "heat", "gasoline", "diesel")
NO_PEOPLE = Text("没有用能人数", "the number of people is not known")
NO_WATER = Text("没有公共机构用水台账", "there is no register of the water of public bodies")
COLUMNS: tuple[Column, ...] = (
    Column("area", Text("建筑面积", "Floor area"), "m2"),
    Column("people", Text("用能人数", "People"), "人"),
    Column("electricity", Text("电力", "Electricity"), "kWh"),
    Column("natural_gas", Text("天然气", "Natural gas"), "m3"),
    Column("heat", Text("热力", "Heat"), "GJ"),
    Column("gasoline", Text("汽油", "Petrol"), "t", digits=2),
    Column("diesel", Text("柴油", "Diesel"), "t", digits=2),
    Column("water", Text("用水量", "Water"), "m3"),
    Column("tce_calorific", Text("综合能耗（当量值）", "Energy at calorific value"), "tce", GRAMS_PER_TONNE, 2),
    Column("tce_equal", Text("综合能耗（等价值）", "Energy at coal equivalent"), "tce", GRAMS_PER_TONNE, 2),
    Column("kgce_per_m2", Text("单位面积能耗（当量值）", "Energy per m² (calorific)"), "kgce/m2", digits=2),
    Column("kgce_per_m2_equal", Text("单位面积能耗（等价值）", "Energy per m² (equivalent)"), "kgce/m2", digits=2),
    Column("kgce_per_head", Text("人均能耗（当量值）", "Energy per head (calorific)"), "kgce/人", digits=1),
    Column("kgce_per_head_equal", Text("人均能耗（等价值）", "Energy per head (equivalent)"), "kgce/人", digits=1),
    Column("co2", Text("二氧化碳排放", "CO2"), "tCO2", GRAMS_PER_TONNE, 1),
    Column("co2_per_m2", Text("单位面积排放", "CO2 per m²"), "kgCO2/m2", digits=2),
    Column("co2_per_head", Text("人均排放", "CO2 per head"), "tCO2/人", 1000, 3),
)
SUMMED = ("area", "people", *CARRIERS, "water", "tce_calorific", "tce_equal", "co2")
# Column → what is divided, by what, and why it may be lacking.
RATIOS: Mapping[str, tuple[str, str, Text]] = {
    "kgce_per_m2": ("tce_calorific", "area", NO_AREA),
    "kgce_per_m2_equal": ("tce_equal", "area", NO_AREA),
    "kgce_per_head": ("tce_calorific", "people", NO_PEOPLE),
    "kgce_per_head_equal": ("tce_equal", "people", NO_PEOPLE),
    "co2_per_m2": ("co2", "area", NO_AREA),
    "co2_per_head": ("co2", "people", NO_PEOPLE),
}


def public_bodies_table(
    facts: Facts, energy: pl.DataFrame, emissions: pl.DataFrame, book: Book, year: int
) -> Table:  # fmt: skip
    """Table ``public_bodies``: buildings of public bodies and metered sites that say they are one, by use.

    energy: lines with the columns ``ENERGY`` (the meters of sites without a yearly record). emissions are not asked:
    CO2 is of the body's own amounts by the policy's factors, in whole grams."""
    uses = [use for use in uses_of(facts, energy, year) if use.public]
    rates = Rates(book, year, TABLE)
    cells = {use.code: _cells(use, rates) for use in uses}
    kinds = by_use(uses)
    whole = _sum(list(cells.values()), [f"use_{name}" for name in kinds])
    rows = [Row("total", Text("公共机构合计", "All public bodies"), whole, kind="sum")]
    words = book.catalogue.choices["building_uses"].options
    for name, held in kinds.items():
        of = _sum([cells[use.code] for use in held], [use.code for use in held])
        rows.append(Row(f"use_{name}", Text(words[name].zh, words[name].en), of, "total", "sum", 1))
        rows += [Row(use.code, same(use.name), cells[use.code], f"use_{name}", "item", 2) for use in held]
    return Table(
        TABLE, Text("公共机构能源资源消费和碳排放", "Energy and CO2 of public bodies"), year, COLUMNS, rows,
        notes=(
            Text(
                "当量值与等价值并列；与国家制度报表核对前，先看清其电力折标口径。",
                "Both coal equivalents are shown; see which the survey asks for before comparing.",
            ),
            Text("公务用车用油没有分到机构，未估算。", "Fuel of official cars is not known by body and not estimated."),
        ),
        source="public_body_statistics_2022",
    )  # fmt: skip


def _cells(use: Use, rates: Rates) -> dict[str, Cell]:
    made = {name: amount_cell(use, name, use.amounts.get(name)) for name in CARRIERS}
    made["area"] = amount_cell(use, "floor_area_m2", use.area_m2, NO_AREA)
    made["people"] = gap(NO_PEOPLE) if use.people is None else Cell(use.people, formula="account_sites.people")
    made["water"] = gap(NO_WATER)
    made["tce_calorific"], made["tce_equal"] = _coal(use, rates)
    made["co2"] = _co2(use, rates)
    made |= {name: ratio([made[a]], [made[b]], f"{a} / {b}", why) for name, (a, b, why) in RATIOS.items()}
    return {column.id: made[column.id] for column in COLUMNS}


def _coal(use: Use, rates: Rates) -> tuple[Cell, Cell]:
    """Whole grams of coal equivalent at calorific value and at coal equivalent; cooling has no coefficient."""
    known = {carrier: amount for carrier, amount in use.amounts.items() if amount is not None}
    held = {carrier: rates.gce(carrier) for carrier in known}
    if not known or None in held.values():
        why = NO_FACTOR if known else use.lacking
        return gap(why), gap(why)
    made = [sum(round(known[name] * each[side]) for name, each in held.items() if each) for side in (0, 1)]
    said = " + ".join(known)
    return Cell(made[0], formula=said), Cell(made[1], formula=said)


def _co2(use: Use, rates: Rates) -> Cell:
    known = [carrier for carrier, amount in use.amounts.items() if amount is not None]
    held = [rates.co2_cell(use, carrier) for carrier in known]
    lacking = next((cell for cell in held if cell.value is None), None)
    if lacking is not None or not held:
        return lacking or gap(use.lacking)
    inputs = {name: words for cell in held for name, words in cell.inputs.items()}
    return Cell(
        sum(cell.value or 0 for cell in held), formula=" + ".join(cell.formula or "" for cell in held), inputs=inputs
    )


def _sum(cells: Sequence[Mapping[str, Cell]], codes: Sequence[str]) -> dict[str, Cell]:
    made = {name: summed([cell[name] for cell in cells], addresses(TABLE, name, codes)) for name in SUMMED}
    made["water"] = gap(NO_WATER)
    for name, (above, below, why) in RATIOS.items():
        made[name] = ratio([cell[above] for cell in cells], [cell[below] for cell in cells], f"{above} / {below}", why)
    return {column.id: made[column.id] for column in COLUMNS}
