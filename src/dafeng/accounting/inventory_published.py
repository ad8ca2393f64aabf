"""Our inventory beside the one the bureau published for the same year, sector by sector."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dafeng.accounting.inventory_cells import GRAMS_PER_TONNE
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.text import Text
from dafeng.indicators.facts import PERIOD, Facts

REGISTER = "ghg_inventory"
# Sector of the published inventory → row of ours.
SECTORS: Mapping[str, str] = {
    "energy": "energy",
    "industry": "ippu",
    "agriculture": "agriculture",
    "waste": "waste",
    "land": "land",
    "power_bought": "indirect_electricity",
    "heat_bought": "indirect_heat",
}


def published_table(inventory: Table, facts: Facts, year: int) -> Table | None:
    """Table ``published``: ours, theirs and the difference in tCO2e and percent; None where none was published.

    inventory: the table ``inventory`` of the district and the same year."""
    frame = facts.frame(REGISTER)
    held = None if frame is None else frame.filter(pl.col(PERIOD) == year)
    if held is None or not held.height:
        return None
    theirs = dict(held.group_by("sector").agg(pl.col("amount").sum()).iter_rows())
    words = facts.catalogue.choices["inventory_sectors"].options
    rows = []
    for sector, row in SECTORS.items():
        own = inventory.row(row).cells["co2e"]
        cells = {"ours": own, "published": _theirs(theirs.get(sector))}
        name = Text(words[sector].zh, words[sector].en)
        rows.append(Row(sector, name, cells | _difference(sector, own, theirs.get(sector)), kind="difference"))
    heads = [
        Column("ours", Text("本账户", "This account"), "tCO2e", GRAMS_PER_TONNE),
        Column("published", Text("已发布清单", "Published inventory"), "tCO2e", GRAMS_PER_TONNE),
        Column("difference", Text("差额", "Difference"), "tCO2e", GRAMS_PER_TONNE),
        Column("difference_pct", Text("差额占比", "Difference, share"), "%", 1, 2),
    ]
    name = Text("与已发布清单对照", "Beside the published inventory")
    return Table("published", name, year, heads, rows, "emissions", inventory.place, (), inventory.source)


def _theirs(amount: float | None) -> Cell:
    if amount is None:
        return Cell(None, "NE", Text("已发布清单没有这一部门", "the published inventory has no such sector"))
    return Cell(amount * GRAMS_PER_TONNE, formula=f"register {REGISTER}")


def _difference(sector: str, own: Cell, amount: float | None) -> dict[str, Cell]:
    inputs = {"ours": f"ACC.published.{sector}.ours", "published": f"ACC.published.{sector}.published"}
    if own.value is None or amount is None:
        lacking = Cell(None, "NE", Text("缺一方的数", "one side is lacking"))
        return {"difference": lacking, "difference_pct": lacking}
    gap = own.value - amount * GRAMS_PER_TONNE
    share = Cell(None, "NE", Text("已发布的数为零", "the published figure is zero"))
    if amount:
        share = Cell(100 * gap / (abs(amount) * GRAMS_PER_TONNE), formula="difference / published * 100", inputs=inputs)
    return {"difference": Cell(gap, formula="ours - published", inputs=inputs), "difference_pct": share}
