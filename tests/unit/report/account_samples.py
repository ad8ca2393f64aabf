"""An account made by hand for the tests: an inventory of three rows, a sheet of formulas, one factor, one file."""

from __future__ import annotations

from typing import Any

from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text
from dafeng.report.account_model import AccountReport, FactorUsed, FileUsed
from dafeng.report.sources import Citation

TONNES = Column("co2e", Text("合计", "Total"), "tCO2e", per=1_000_000, digits=1)
GAS = Column("ch4", Text("甲烷", "CH4"), "tCO2e", per=1_000_000, digits=1)


def inventory() -> Table:
    """1,234,567.8 t from fuels, of which 200 t are estimated; fugitive methane not estimated; a sink of −150 t."""
    unknown = Cell(None, "NE", Text("没有因子", "no factor"))
    rows = (
        Row(
            "total", Text("排放总量", "Total emissions"),
            {"co2e": Cell(1_234_567_800_000, pick={"row": ("fuel",)}, estimated=200_000_000), "ch4": Cell(0)},
            kind="sum",
        ),
        Row(
            "fuel", Text("燃料燃烧", "Fuel"),
            {"co2e": Cell(1_234_567_800_000, pick={"row": ("fuel",)}, estimated=200_000_000), "ch4": Cell(0)},
            "total", depth=1,
        ),
        Row(
            "fugitive", Text("逸散", "Fugitive"),
            {"co2e": unknown, "ch4": unknown},
            "total", depth=1,
        ),
        Row("sink", Text("碳汇", "Sinks"), {"co2e": Cell(-150_000_000)}, kind="memo"),
    )  # fmt: skip
    notes = (Text("碳汇不抵扣总量", "Sinks are never netted"),)
    return Table("inventory", Text("温室气体清单", "Inventory"), 2025, (TONNES, GAS), rows, "emissions", notes=notes)


def dual_control() -> Table:
    columns = (Column("energy", Text("能耗", "Energy"), "%", digits=2), Column("light", Text("灯号", "Light"), ""))
    rows = (
        Row(
            "cut", Text("累计下降率", "Cumulative cut"),
            {"energy": Cell(13.46, formula="1 - a / b"), "light": Cell(None, None, Text("● 完成", "● done"))},
        ),
    )  # fmt: skip
    return Table("dual_control", Text("双控表", "Dual control"), 2025, columns, rows)


def sample(**given: Any) -> AccountReport:
    guide = Citation("T/X 1", Text("指南", "Guide"), "表2", None, "official")
    held: dict[str, Any] = {
        "district": "云汀区", "district_en": "Yunting District", "synthetic": True, "year": 2025, "place": "",
        "as_known": None, "made_at": "2026-11-24T08:00:00+00:00",
        "policy": ((Text("全球变暖潜势", "Warming potentials"), "IPCC AR5"),),
        "tables": (inventory(), dual_control()),
        "factors": (
            FactorUsed("co2_diesel", Text("柴油", "Diesel"), 3.0959, "tCO2/t", 2005, "official", guide,
                       "ncv_diesel × cc_diesel × of_diesel × 44/12/1000", 7),
        ),
        "files": (FileUsed("energy_consumption", Text("能源消费", "Energy"), "能源.xlsx", "填报", 30),),
        "problems": (
            Problem("account.no-factor", Place("能源.xlsx", "填报", 5, "C"), Text("没有因子", "no factor"),
                    Text("加上", "add it")),
        ),
    }  # fmt: skip
    return AccountReport(**(held | given))
