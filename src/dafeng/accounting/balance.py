"""The regional energy balance (地区能源平衡表): in physical units, at calorific value and at coal equivalent.

It closes: what is available, plus what transformation gives, less losses and final consumption, is the row of the
difference. Where a carrier has no supply data no difference is claimed. Losses and final consumption are printed
positive, as the form has them; lines of losses are negative, as the balance counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from dafeng.accounting.balance_sums import INPUTS, Rows, Sums, Take
from dafeng.accounting.energy_faults import words_of
from dafeng.accounting.energy_rows import FINAL
from dafeng.accounting.lines import DISTRICT, PER
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import LayoutRow
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text, same

# A difference above this share of consumption, in percent, is more than rounding and stock errors.
OPEN_PCT = 1.0
TOTAL = "total"
NAMES = {
    "balance": (Text("地区能源平衡表（实物量）", "Energy balance in physical units"), "amount"),
    "balance_calorific": (
        Text("地区能源平衡表（标准量，当量值）", "Energy balance at calorific value"),
        "gce_calorific",
    ),
    "balance_equal": (Text("地区能源平衡表（标准量，等价值）", "Energy balance at coal equivalent"), "gce_equal"),
}
UNIT_NAMES = {"Wh": "万kWh", "L": "万m3", "g": "t", "kJ": "GJ", "gce": "tce"}
_SMALLER = Text("供应侧按全区编制，本级不编", "supply is accounted for the whole district, not for its parts")
_NO_FINAL = Text("没有终端消费数据", "there is no final consumption")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One table under way. ``measure`` is what it sums of the lines."""

    id: str
    measure: str
    sums: Sums
    rows: Rows
    catalogue: Catalogue

    @property
    def supplied(self) -> set[str]:
        """Carriers with supply data."""
        flows = self.rows.takes["supply"].flows
        return {row["carrier"] for row in self.sums.rows if row["flow"] in flows}

    def used(self) -> set[str]:
        return {row["carrier"] for row in self.sums.rows if row["flow"] not in self.rows.takes["supply"].flows}


def balance_tables(
    energy: pl.DataFrame, catalogue: Catalogue, year: int, level: str = DISTRICT, place: str = ""
) -> dict[str, Table]:
    """``balance``, ``balance_calorific``, ``balance_equal`` and ``consumption`` of one place and year.

    energy: lines with the columns ``ENERGY``. A column per carrier that has lines, in the catalogue's order; the
    tables in coal equivalent have a column ``total``. Every cell is a sum of lines, a formula over cells of its
    column, or a notation key with its reason."""
    sums, rows = Sums.of(energy, year, level, place), Rows.of(catalogue)
    where = same(place) if place else None
    made = {}
    for name, (title, measure) in NAMES.items():
        sheet = _Sheet(name, measure, sums, rows, catalogue)
        columns = _columns(sheet)
        made[name] = Table(
            name, title, year, [column for column, _ in columns], _rows(sheet, columns), "energy", where,
            _notes(sheet), "energy_balance",
        )  # fmt: skip
    made["consumption"] = _consumption(made, sums, rows, year, where)
    return made


def balance_problems(tables: dict[str, Table], year: int) -> list[Problem]:
    """A warning for each carrier whose difference is above ``OPEN_PCT`` % of its consumption."""
    table = tables["balance"]
    difference, consumption = table.row("difference"), table.row("consumption")
    found = []
    for column in table.columns:
        share = _share(difference.cells[column.id], consumption.cells[column.id])
        if share is not None and abs(share) > OPEN_PCT:
            found.append(
                Problem(
                    "account.balance-open",
                    Place(item="energy_supply", field=f"{column.id} {year}"),
                    Text(
                        f"{year} 年{column.name.zh}的平衡差额占消费量的 {share:.1f}%，超过 {OPEN_PCT:g}%",
                        f"the balance of {column.name.en} in {year} is open by {share:.1f} % of its consumption, "
                        f"more than {OPEN_PCT:g} %",
                    ),
                    Text(
                        "核对调入、调出、库存、损失和终端消费",
                        "check what came in and went out, stocks, losses and final consumption",
                    ),
                    WARNING,
                )
            )
    return found


# ── columns ──

_Of = tuple[Column, str | None]


def _columns(sheet: _Sheet) -> list[_Of]:
    """Columns with the carrier whose lines they sum (None: all). In one year a carrier is counted in one unit."""
    order = {carrier: place for place, carrier in enumerate(sheet.catalogue.choices["energy_carriers"].options)}
    carriers = sorted(sheet.sums.carriers(), key=lambda one: order.get(one[0], len(order)))
    physical = sheet.measure == "amount"
    made: list[_Of] = []
    for carrier, counted in carriers:
        unit = counted if physical else "gce"
        name = words_of(sheet.catalogue, "energy_carriers", carrier)
        made.append((Column(carrier, name, UNIT_NAMES[unit], PER[unit], 1), carrier))
    if not physical:
        made.append((Column(TOTAL, Text("合计", "Total"), "tce", PER["gce"], 1), None))
    return made


# ── rows ──


def _rows(sheet: _Sheet, columns: Sequence[_Of]) -> list[Row]:
    made: dict[str, dict[str, Cell]] = {row.code: {} for row in sheet.rows.layout}
    for column, carrier in columns:
        for row in sheet.rows.layout:
            if row.code == "material":
                cell = _material(sheet, row, carrier)
            elif row.code not in ("difference", "consumption"):
                cell = _summed(sheet, row, carrier)
            else:
                continue
            made[row.code][column.id] = cell
        given = {code: cells[column.id] for code, cells in made.items() if column.id in cells}
        given["consumption"] = _total(sheet, given, column.id, carrier)
        made["consumption"][column.id] = given["consumption"]
        made["difference"][column.id] = _difference(sheet, given, column.id, carrier)
    return [
        Row(row.code, row.name.text, made[row.code], row.parent, _kind(sheet.rows, row), sheet.rows.depth[row.code])
        for row in sheet.rows.layout
    ]


def _kind(rows: Rows, row: LayoutRow) -> Literal["item", "sum", "memo", "difference"]:
    if row.code == "difference":
        return "difference"
    if row.memo:
        return "memo"
    parent = any(child.parent == row.code and not child.memo for child in rows.layout)
    return "sum" if parent or row.code == "consumption" else "item"


def _summed(sheet: _Sheet, row: LayoutRow, carrier: str | None) -> Cell:
    take = sheet.rows.takes[row.code]
    found = sheet.sums.sum(sheet.measure, take, carrier)
    if not found.lines:
        return _marked(sheet, row, carrier)
    # Losses are printed positive.
    sign = -1 if row.code == "losses" else 1
    return Cell(sign * found.value, pick=sheet.sums.pick(take, carrier), estimated=found.estimated)


def _marked(sheet: _Sheet, row: LayoutRow, carrier: str | None) -> Cell:
    """The notation key of a row without lines."""
    supply = row.code in sheet.rows.under("supply")
    if supply and sheet.sums.level != DISTRICT:
        return Cell(None, "IE", _SMALLER)
    if supply and row.code == "supply":
        return Cell(None, "NE", _no_supply(sheet, carrier))
    reason = row.reason.text if row.reason else Text("下列各行均未填报", "none of the rows below was reported")
    return Cell(None, "NE" if row.key == "0" else row.key, reason)


def _no_supply(sheet: _Sheet, carrier: str | None) -> Text:
    if carrier is not None or not sheet.supplied:
        return Text(
            "没有供应侧数据（energy_supply），不作平衡差额",
            "there are no supply data (energy_supply): no difference is claimed",
        )
    lacking = [words_of(sheet.catalogue, "energy_carriers", one) for one in sorted(sheet.used() - sheet.supplied)]
    return Text(
        f"{'、'.join(one.zh for one in lacking)}没有供应侧数据，合计不作平衡差额",
        f"no supply data for {', '.join(one.en for one in lacking)}: no difference of the total is claimed",
    )


def _material(sheet: _Sheet, row: LayoutRow, carrier: str | None) -> Cell:
    """Raw material, which lines hold in coal equivalent; in the table of physical units it is the same share of the
    amount."""
    take = Take((FINAL,))
    material = sheet.sums.sum("gce_material", take, carrier)
    if not material.value:
        reason = row.reason.text if row.reason else None
        return Cell(None, row.key if row.key != "0" else "NE", reason)
    if sheet.measure != "amount":
        return Cell(material.value, pick=sheet.sums.pick(take, carrier), estimated=material.estimated)
    value = estimated = 0.0
    for one in sheet.sums.rows:
        if take.has(one) and one["carrier"] == carrier and one["gce_calorific"]:
            value += one["amount"] * one["gce_material"] / one["gce_calorific"]
            estimated += one["amount"] * one["gce_material:estimated"] / one["gce_calorific"]
    return Cell(
        round(value), estimated=round(estimated), formula="material_tce / tce * amount",
        inputs={
            "material_tce": f"ACC.balance_calorific.material.{carrier}",
            "tce": f"ACC.balance_calorific.final.{carrier}",
            "amount": f"ACC.balance.final.{carrier}",
        },
    )  # fmt: skip


def _difference(sheet: _Sheet, given: dict[str, Cell], column: str, carrier: str | None) -> Cell:
    if sheet.sums.level != DISTRICT:
        return Cell(None, "NE", _SMALLER)
    lacks = not (sheet.used() <= sheet.supplied) if carrier is None else carrier not in sheet.supplied
    if lacks or not sheet.supplied:
        return Cell(None, "NE", _no_supply(sheet, carrier))
    if given["final"].value is None:
        return Cell(None, "NE", _NO_FINAL)
    signs = {"supply": 1, "transformation": 1, "losses": -1, "final": -1}
    cell = _formula(sheet.id, given, column, signs)
    share = _share(cell, given["consumption"])
    if share is not None and abs(share) > OPEN_PCT:
        reason = Text(
            f"差额占消费量的 {share:.1f}%，超过 {OPEN_PCT:g}%，请核对",
            f"{share:.1f} % of consumption, more than {OPEN_PCT:g} %: please check",
        )
        return Cell(cell.value, None, reason, None, cell.estimated, cell.formula, cell.inputs)
    return cell


def _total(sheet: _Sheet, given: dict[str, Cell], column: str, carrier: str | None) -> Cell:
    """消费量合计. Of a carrier: final consumption, losses and what went into transformation. Of all energy: what
    transformation gave out again is taken off, so that nothing counts twice."""
    if given["final"].value is None:
        return Cell(None, "NE", _NO_FINAL)
    signs = {"final": 1, "losses": 1}
    if carrier is None:
        return _formula(sheet.id, given, column, signs | {"transformation": -1})
    cell = _formula(sheet.id, given, column, signs)
    into = sheet.sums.sum(sheet.measure, Take(INPUTS), carrier)
    if not into.lines:
        return cell
    inputs = {
        row: f"ACC.{sheet.id}.{row}.{column}"
        for row in ("power", "heating", "other_transformation")
        if given[row].value is not None
    }
    return Cell(
        (cell.value or 0) - into.value, estimated=cell.estimated + abs(into.estimated),
        formula=f"{cell.formula} - input({' + '.join(inputs)})", inputs={**cell.inputs, **inputs},
    )  # fmt: skip


def _formula(table: str, given: dict[str, Cell], column: str, signs: dict[str, int]) -> Cell:
    """Σ sign × cell over the rows that have a value."""
    there = {row: sign for row, sign in signs.items() if given[row].value is not None}
    text = "".join(f" {'+' if sign > 0 else '-'} {row}" for row, sign in there.items()).removeprefix(" + ").strip()
    return Cell(
        sum(sign * (given[row].value or 0) for row, sign in there.items()),
        estimated=sum(abs(given[row].estimated) for row in there),
        formula=text,
        inputs={row: f"ACC.{table}.{row}.{column}" for row in there},
    )


def _share(part: Cell, whole: Cell) -> float | None:
    return 100 * part.value / whole.value if part.value is not None and whole.value else None


def _notes(sheet: _Sheet) -> list[Text]:
    options = sheet.catalogue.choices["energy_carriers"].options
    there = {carrier for carrier, _ in sheet.sums.carriers()}
    lacking = [option for code, option in options.items() if code not in there]
    notes = [
        Text(
            f"没有记录、未列栏的品种：{'、'.join(option.zh for option in lacking)}。",
            f"Carriers without any record, which have no column: {', '.join(option.en for option in lacking)}.",
        )
    ] if lacking else []  # fmt: skip
    notes.append(
        Text(
            "消费量合计：分品种为终端＋损失＋加工转换投入，合计栏为终端＋损失－加工转换净产出，因此合计栏不等于各品种之和。",
            "Total consumption of a carrier is final, losses and input to transformation; in the total column output "
            "of transformation is taken off, so that it is not the sum of the carriers.",
        )
    )
    if sheet.measure == "gce_equal":
        notes.append(
            Text(
                "电力（含供应、转换各行）一律按等价值折算，其他品种等价值与当量值相同。",
                "Electricity stands at coal equivalent in all rows, supply and transformation too; other carriers are "
                "the same as at calorific value.",
            )
        )
    return notes


# ── total energy consumption ──


def _consumption(made: dict[str, Table], sums: Sums, rows: Rows, year: int, place: Text | None) -> Table:
    """能源消费总量 with its parts; calorific value and coal equivalent side by side."""
    below = rows.under("final") - {"urban_homes", "rural_homes"}
    taken = [row for row in rows.layout if row.code in below]
    taken += [row for code in ("losses", "transformation") for row in rows.layout if row.code == code]
    columns = [
        Column("calorific", Text("当量值", "Calorific value"), "tce", PER["gce"], 1),
        Column("equal", Text("等价值", "Coal equivalent"), "tce", PER["gce"], 1),
    ]
    sources = {column.id: made[f"balance_{column.id}"] for column in columns}
    shown = [
        Row(
            row.code, row.name.text, {name: table.row(row.code).cells[TOTAL] for name, table in sources.items()},
            row.parent, _kind(rows, row), rows.depth[row.code],
        )
        for row in taken
    ]  # fmt: skip
    totals = {}
    for name in sources:
        given = {row.code: row.cells[name] for row in shown}
        if given["final"].value is None:
            totals[name] = Cell(None, "NE", _NO_FINAL)
        else:
            totals[name] = _formula("consumption", given, name, {"final": 1, "losses": 1, "transformation": -1})
    title = Text("能源消费总量", "Total energy consumption")
    shown.append(Row("total", title, totals, None, "sum"))
    less = {name: _without_material(totals[name], shown, name) for name in sources}
    shown.append(Row("without_material", Text("扣除原料用能后", "Without raw material"), less, None, "sum"))
    return Table("consumption", title, year, columns, shown, "energy", place, (), "energy_balance")


def _without_material(total: Cell, shown: Iterable[Row], name: str) -> Cell:
    material = next(row for row in shown if row.code == "material").cells[name]
    if total.value is None:
        return total
    return _formula("consumption", {"total": total, "material": material}, name, {"total": 1, "material": -1})
