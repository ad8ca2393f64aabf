"""The building view after GB/T 51366: what buildings give off in use, per square metre and kind of use.

Only use is accounted: the other stages of a building's life are not estimated and say why. What a roof makes, what
refrigerants leak and what green space binds stand apart; nothing is netted.
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
    picked,
    ratio,
    summed,
    uses_of,
)
from dafeng.core.text import Text, same
from dafeng.indicators.facts import Facts

TABLE = "buildings"
COLUMNS: tuple[Column, ...] = (
    Column("area", Text("建筑面积", "Floor area"), "m2"),
    Column("electricity", Text("用电量", "Electricity"), "kWh"),
    Column("natural_gas", Text("天然气", "Natural gas"), "m3"),
    Column("heat", Text("外购热力", "Heat bought"), "GJ"),
    Column("cooling", Text("外购冷量", "Cooling bought"), "GJ"),
    Column("co2_direct", Text("燃气排放", "CO2 of gas"), "tCO2", GRAMS_PER_TONNE, 1),
    Column("co2_electricity", Text("用电排放", "CO2 of electricity"), "tCO2", GRAMS_PER_TONNE, 1),
    Column("co2_heat", Text("用热排放", "CO2 of heat"), "tCO2", GRAMS_PER_TONNE, 1),
    Column("co2", Text("运行排放合计", "CO2 in use"), "tCO2", GRAMS_PER_TONNE, 1),
    Column("co2_per_m2", Text("单位面积运行排放", "CO2 in use per m²"), "kgCO2/m2", digits=2),
    Column("pv", Text("自用可再生电量", "Own renewable electricity"), "kWh"),
    Column("pv_credit", Text("可再生电量折减排（不抵扣）", "Credit of own renewables (not netted)"), "tCO2",
           GRAMS_PER_TONNE, 1),
)  # fmt: skip
PARTS = ("co2_direct", "co2_electricity", "co2_heat")
SUMMED = tuple(column.id for column in COLUMNS if column.id != "co2_per_m2")
COOLING = Text("外购冷量没有排放因子，不在合计中", "bought cooling has no factor and is not in the sum")
# Equipment of the register of refrigerants that stands in buildings.
IN_BUILDINGS = ("chiller", "vrf", "split")
# Stage of life → why it is not estimated.
STAGES: Mapping[str, tuple[Text, Text]] = {
    "production": (
        Text("建材生产及运输", "Building materials and their transport"),
        Text("没有建材用量清单和建材因子", "no bills of materials and no factors of materials"),
    ),
    "construction": (
        Text("建造", "Construction"),
        Text("没有逐幢的施工用能记录", "no record of energy used on each site"),
    ),
    "demolition": (
        Text("拆除", "Demolition"),
        Text("没有逐幢的拆除和外运用能记录", "no record of energy used in demolition and haulage"),
    ),
}


def buildings_table(
    facts: Facts, energy: pl.DataFrame, emissions: pl.DataFrame, book: Book, year: int
) -> Table:  # fmt: skip
    """Table ``buildings``: every building with a yearly record of energy, or meters, by use.

    energy, emissions: lines with the columns ``ENERGY`` and ``EMISSIONS``. CO2 is of bought energy by the policy's
    factors, in whole grams, so that uses add up to the total. Rows of other stages, refrigerants and green space stand
    beside it; buildings without any record are counted in a row of their own."""
    uses = uses_of(facts, energy, year)
    rates = Rates(book, year, TABLE)
    cells = {use.code: _cells(use, rates) for use in uses}
    kinds = by_use(uses)
    whole = _sum(list(cells.values()), [f"use_{name}" for name in kinds])
    rows = [_stage("production"), _stage("construction"), Row("operation", Text("运行", "Use"), whole, kind="sum")]
    words = book.catalogue.choices["building_uses"].options
    for name, held in kinds.items():
        of = _sum([cells[use.code] for use in held], [use.code for use in held])
        rows.append(Row(f"use_{name}", Text(words[name].zh, words[name].en), of, "operation", "sum", 1))
        rows += [Row(use.code, same(use.name), cells[use.code], f"use_{name}", "item", 2) for use in held]
    rows += [_stage("demolition"), *_apart(facts, emissions, year), _uncovered(facts, uses, year)]
    return Table(
        TABLE, Text("建筑运行碳排放", "Buildings in use"), year, COLUMNS, rows, "emissions",
        notes=(
            Text("仅核算运行阶段；可再生、制冷剂和碳汇单列，不抵扣。", "Use alone is accounted; nothing is netted."),
            Text(f"运行合计为 {len(uses)} 幢有能耗记录的建筑。", f"Use is of {len(uses)} buildings with a record."),
        ),
        source="gbt_51366_2019",
    )  # fmt: skip


def _cells(use: Use, rates: Rates) -> dict[str, Cell]:
    made = {name: amount_cell(use, name, use.amounts.get(name)) for name in ("electricity", "natural_gas", "heat")}
    made["area"] = amount_cell(use, "floor_area_m2", use.area_m2, NO_AREA)
    made["cooling"] = amount_cell(use, "cooling_gj", use.cooling_gj)
    made["co2_direct"] = rates.co2_cell(use, "natural_gas")
    made["co2_electricity"], made["co2_heat"] = (rates.co2_cell(use, name) for name in ("electricity", "heat"))
    made["co2"] = _total([made[name] for name in PARTS], use)
    made["co2_per_m2"] = ratio([made["co2"]], [made["area"]], "co2 / area", NO_AREA)
    made["pv"] = amount_cell(use, "renewable_kwh", use.renewable_kwh)
    made["pv_credit"] = _credit(use, rates)
    return {column.id: made[column.id] for column in COLUMNS}


def _total(parts: Sequence[Cell], use: Use) -> Cell:
    """Gas, electricity and heat; a building whose electricity or a factor is not known has no total."""
    if use.amounts.get("electricity") is None:
        return gap(Text("没有用电量", "electricity is not known"))
    if any(part.value is None and part.reason is NO_FACTOR for part in parts):
        return gap(NO_FACTOR)
    total = sum(part.value for part in parts if part.value is not None)
    return Cell(total, reason=COOLING if use.cooling_gj else None, formula=" + ".join(PARTS))


def _credit(use: Use, rates: Rates) -> Cell:
    """What the building's own renewable electricity would have given off, had it been bought; negative."""
    rate = rates.co2("electricity")
    if use.renewable_kwh is None:
        return gap(use.lacking)
    if rate is None:
        return gap(NO_FACTOR)
    inputs = rates.inputs(use, "pv", rate[0])
    return Cell(-round(use.renewable_kwh * rate[1]), formula=f"−pv × {rate[0].factor}", inputs=inputs)


def _sum(cells: Sequence[Mapping[str, Cell]], codes: Sequence[str]) -> dict[str, Cell]:
    made = {name: summed([cell[name] for cell in cells], addresses(TABLE, name, codes)) for name in SUMMED}
    above, below = ([cell[name] for cell in cells] for name in ("co2", "area"))
    made["co2_per_m2"] = ratio(above, below, "co2 / area", NO_AREA)
    return {column.id: made[column.id] for column in COLUMNS}


def _stage(code: str) -> Row:
    name, why = STAGES[code]
    return Row(code, name, {column.id: gap(why) for column in COLUMNS}, kind="note")


def _apart(facts: Facts, emissions: pl.DataFrame, year: int) -> list[Row]:
    """Refrigerants of buildings and green space of the whole district: no register tells them by building."""
    whole = Text("全区数，没有分到楼宇，不在运行合计中", "of the whole district, not by building and in no sum")
    there = facts.frame("refrigerants")
    in_buildings = pl.col("equipment").is_in(IN_BUILDINGS)
    records = [] if there is None else there.filter(in_buildings)["_record"].to_list()
    leaked = picked(
        emissions, year, whole if records else Text("没有制冷剂台账", "there is no register of refrigerants"),
        register=("refrigerants",), _record=records, memo=(None,),
    )  # fmt: skip
    bound = picked(emissions, year, whole, row=("land_urban_green",))
    return [
        _one_figure("refrigerants", Text("建筑制冷设备的制冷剂", "Refrigerants of buildings"), leaked),
        _one_figure("sinks", Text("城市绿地碳汇", "Urban green space"), bound),
    ]


def _one_figure(code: str, name: Text, cell: Cell) -> Row:
    if cell.value is None and code == "sinks":
        cell = gap(Text("没有城市绿地的记录", "no record of urban green space"))
    other = gap(Text("本行只列排放或碳汇", "this row holds emissions or sinks alone"))
    return Row(code, name, {column.id: cell if column.id == "co2" else other for column in COLUMNS}, kind="memo")


def _uncovered(facts: Facts, uses: Sequence[Use], year: int) -> Row:
    """Buildings in use of which nobody recorded energy: their number and area."""
    why = Text("没有能耗记录，未估算", "no record of energy, not estimated")
    cells = {column.id: gap(why) for column in COLUMNS}
    there = facts.frame("buildings")
    if there is not None:
        standing = pl.col("completed").dt.year() <= year
        gone = pl.col("demolished").dt.year() <= year
        rest = there.filter(
            standing & ~gone.fill_null(False) & ~pl.col("code").is_in(_codes(facts, uses))
        )  # fmt: skip
        cells["area"] = Cell(
            float(rest["floor_area_m2"].sum()),
            formula="Σ buildings.floor_area_m2",
            inputs={"buildings": str(rest.height)},
        )
    return Row("uncovered", Text("没有能耗记录的在用建筑", "Buildings without a record"), cells, kind="note")


def _codes(facts: Facts, uses: Sequence[Use]) -> list[str]:
    codes = {use.code for use in uses}
    there = facts.frame("account_sites")
    if there is not None:
        codes |= set(there.filter(pl.col("code").is_in(sorted(codes)))["building"].drop_nulls().to_list())
    return sorted(codes)
