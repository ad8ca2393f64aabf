"""A list of sites or a polygon as a table: what each site used and gave off, and how much of it is metered."""

from __future__ import annotations

from typing import Any

import polars as pl

from dafeng.accounting.account_work import BOUNDARY, Work
from dafeng.accounting.boundary import Sites, boundary_energy
from dafeng.accounting.lines import PER
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.text import Text, same

COLUMNS = (
    Column("floor_area", Text("建筑面积", "Floor area"), "m2", digits=0),
    Column("calorific", Text("当量值", "Calorific value"), "tce", PER["gce"], 2),
    Column("equal", Text("等价值", "Coal equivalent"), "tce", PER["gce"], 2),
    Column("per_area", Text("单位面积能耗（等价值）", "Energy per floor area (coal equivalent)"), "kgce/m2", digits=2),
)
_NO_METERS = Text("没有该年的计量数据", "no meter reports for the year")
_NO_AREA = Text("没有填报建筑面积", "its floor area was not given")
_NO_POSITION = Text(
    "没有位置，任何边界都装不下；未计入", "it has no position, so no polygon can hold it: left out"
)
_MEASURES = {"calorific": "gce_calorific", "equal": "gce_equal"}


def boundary_table(work: Work, sites: Sites) -> Table:
    """``boundary``: a row per site inside, their total, and the sites that have no position."""
    year, place = work.question.year, work.question.place
    energy = work.energy.filter((pl.col("year") == year) & (pl.col("flow") == "final"))
    own = energy.filter(pl.col("level") == "site")
    inside = sites.inside.sort("code").to_dicts()
    total = _cells(energy.filter((pl.col("level") == BOUNDARY) & (pl.col("place") == place)), year, BOUNDARY, place,
                   sum(site["floor_area_m2"] or 0 for site in inside) or None)  # fmt: skip
    rows = [Row("total", Text("边界内合计", "Total inside"), total, kind="sum")]
    for site in inside:
        lines = own.filter(pl.col("place") == site["code"])
        cells = _cells(lines, year, "site", site["code"], site["floor_area_m2"])
        rows.append(Row(site["code"], same(site["name"] or site["code"]), cells, "total", depth=1))
    for site in sites.unplaced.sort("code").to_dicts():
        cells = {column.id: Cell(None, "NE", _NO_POSITION) for column in COLUMNS}
        rows.append(Row(site["code"], same(site["name"] or site["code"]), cells, kind="note"))
    title = Text("边界内点位能耗", "Energy of the sites inside")
    return Table("boundary", title, year, COLUMNS, rows, "energy", same(place), _notes(work, sites))


def _cells(lines: pl.DataFrame, year: int, level: str, place: str, area: float | None) -> dict[str, Cell]:
    cells = {"floor_area": Cell(area) if area else Cell(None, "NE", _NO_AREA)}
    pick: dict[str, tuple[Any, ...]] = {"year": (year,), "level": (level,), "place": (place,), "flow": ("final",)}
    for column, measure in _MEASURES.items():
        if not lines.height:
            cells[column] = Cell(None, "NE", _NO_METERS)
            continue
        filled = lines.filter(pl.col("estimate").is_not_null())[measure].sum()
        cells[column] = Cell(int(lines[measure].sum()), pick=pick, estimated=int(filled))
    used = cells["equal"].value
    row = "total" if level == BOUNDARY else place
    inputs = {"energy": f"ACC.boundary.{row}.equal", "area": f"ACC.boundary.{row}.floor_area"}
    if area and used is not None:
        cells["per_area"] = Cell(used / 1000 / area, formula="energy * 1000 / area", inputs=inputs)
    else:
        cells["per_area"] = Cell(None, "NE", _NO_AREA if used is not None else _NO_METERS)
    return cells


def _notes(work: Work, sites: Sites) -> tuple[Text, ...]:
    _, coverage = boundary_energy(work.energy, sites)
    held = coverage.filter(pl.col("year") == work.question.year).to_dicts()
    if not held:
        return (Text(f"边界内 {sites.inside.height} 个点位，该年都没有计量数据。",
                     f"{sites.inside.height} sites inside, none of which is metered in the year."),)  # fmt: skip
    one = held[0]
    area = "" if one["area_pct"] is None else f"，占已知建筑面积的 {one['area_pct']:.0f}%"
    area_en = "" if one["area_pct"] is None else f", {one['area_pct']:.0f} % of the known floor area"
    return (
        Text(
            f"边界内 {one['sites']} 个点位，{one['metered']} 个有计量数据（{one['metered_pct']:.0f}%{area}），"
            f"其中 {one['whole_year']} 个全年无缺月。",
            f"{one['sites']} sites inside, {one['metered']} metered ({one['metered_pct']:.0f} %{area_en}), "
            f"{one['whole_year']} of them in every month.",
        ),
    )
