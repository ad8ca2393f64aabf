"""A boundary's tables: ``boundary`` (energy by sector and by site) and ``boundary_figures`` (coverage, use per area and
head, photovoltaics against electricity: what a near-zero pilot is asked for)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from dafeng.accounting.boundary import Sites, boundary_energy
from dafeng.accounting.lines import PER
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.text import Text, same
from dafeng.indicators.facts import RECORD, Facts

UNIT_NAMES = {"Wh": "万kWh", "L": "万m3", "g": "t", "kJ": "GJ", "gce": "tce"}
_NO_METER = Text("没有该年的表计数据", "no meter of that year")
_NO_CARRIER = Text("没有该品种的表计", "no meter of that carrier")
_MEASURES = {"calorific": "gce_calorific", "equal": "gce_equal"}
KWH_PER_WAN, KGCE_PER_TCE = 10_000, 1_000


def boundary_tables(energy: pl.DataFrame, inside: Sites, facts: Facts, year: int) -> dict[str, Table]:
    """Both tables of one year. energy: lines with the columns ``ENERGY``."""
    lines = energy.filter(
        (pl.col("level") == "site") & (pl.col("year") == year) & pl.col("place").is_in(inside.codes)
    )  # fmt: skip
    return {
        "boundary": _energy(lines, inside, facts, year),
        "boundary_figures": _figures(energy, lines, inside, facts, year),
    }


# ── energy by sector and site ──


def _energy(lines: pl.DataFrame, inside: Sites, facts: Facts, year: int) -> Table:
    columns = _columns(lines, facts)
    sectors = facts.catalogue.choices["energy_sectors"].options
    sums = _sums(lines)
    rows = [_row("total", Text("边界内合计", "All inside"), sums, year, inside.codes, columns, "sum")]
    for code, option in sectors.items():
        of = [row for row in sums if row["sector"] == code]
        if of:
            words = Text(option.zh, option.en)
            rows.append(_row(code, words, of, year, inside.codes, columns, "item", "total", code))
    of_site: dict[str, list[dict[str, Any]]] = {}
    for row in sums:
        of_site.setdefault(row["place"], []).append(row)
    for code, name in inside.inside.select("code", "name").iter_rows():
        address = f"site_{code.replace('.', '_')}"
        rows.append(_row(address, same(name), of_site.get(code, []), year, [code], columns, "memo", "total"))
    notes = [
        Text(
            f"边界内 {inside.inside.height} 个点位，边界外 {inside.outside} 个，{inside.unplaced.height} 个没有位置、"
            "未计入。只计表计，未装表的用能不在其中。",
            f"{inside.inside.height} sites inside, {inside.outside} outside, {inside.unplaced.height} without position "
            "and not counted. Meters alone are counted: what is not metered is not in it.",
        )
    ]
    title = Text("边界内能源消费（表计）", "Energy inside the boundary (meters)")
    return Table("boundary", title, year, [column for column, _ in columns], rows, "energy", notes=notes)


def _columns(lines: pl.DataFrame, facts: Facts) -> list[tuple[Column, str | None]]:
    options = facts.catalogue.choices["energy_carriers"].options
    counted = dict(lines.select("carrier", "unit").unique(maintain_order=True).iter_rows())
    made: list[tuple[Column, str | None]] = []
    for carrier in (code for code in options if code in counted):
        unit, option = counted[carrier], options[carrier]
        made.append((Column(carrier, Text(option.zh, option.en), UNIT_NAMES[unit], PER[unit], 2), carrier))
    for code, words in (("calorific", ("当量值", "calorific")), ("equal", ("等价值", "coal equivalent"))):
        name = Text(f"合计（{words[0]}）", f"All ({words[1]})")
        made.append((Column(code, name, "tce", PER["gce"], 1), None))
    return made


def _sums(lines: pl.DataFrame) -> list[dict[str, Any]]:
    """Lines by site, sector and carrier."""
    filled, measures = pl.col("estimate").is_not_null(), ("amount", *_MEASURES.values())
    grouped = lines.group_by("place", "sector", "carrier").agg(
        *(pl.col(name).sum() for name in measures),
        *(pl.col(name).filter(filled).sum().alias(f"{name}:estimated") for name in measures),
    )
    return list(grouped.iter_rows(named=True))


def _row(
    code: str, name: Text, sums: list[dict[str, Any]], year: int, places: list[str],
    columns: list[tuple[Column, str | None]], kind: Any, parent: str | None = None, sector: str | None = None,
) -> Row:  # fmt: skip
    cells = {}
    for column, carrier in columns:
        of = [row for row in sums if carrier in (None, row["carrier"])]
        if not of:
            cells[column.id] = Cell(None, "NE", _NO_CARRIER if sums else _NO_METER)
            continue
        measure = _MEASURES.get(column.id, "amount")
        pick: dict[str, tuple[Any, ...]] = {"level": ("site",), "year": (year,), "place": tuple(places)}
        pick |= {"carrier": (carrier,)} if carrier else {}
        pick |= {"sector": (sector,)} if sector else {}
        value, filled = (sum(row[name] for row in of) for name in (measure, f"{measure}:estimated"))
        cells[column.id] = Cell(value, pick=pick, estimated=filled)
    return Row(code, name, cells, parent, kind, 0 if parent is None else 1)


# ── figures ──


def _figures(energy: pl.DataFrame, lines: pl.DataFrame, inside: Sites, facts: Facts, year: int) -> Table:
    _, coverage = boundary_energy(energy, inside)
    found = coverage.filter(pl.col("year") == year)
    cover: dict[str, Any] = found.row(0, named=True) if found.height else {}
    said = {
        "metered": Text("其中有表计的（个）", "of which metered"),
        "whole_year": Text("其中全年月份齐全的（个）", "of which for all months"),
        "located_pct": Text("有位置的点位占比（%）", "Share of sites with a position, %"),
        "area_pct": Text("有表计的建筑面积占比（%）", "Share of the floor area that is metered, %"),
    }
    rows = [
        _figure("sites", Text("边界内点位（个）", "Sites inside"), inside.inside.height),
        _figure("unplaced", Text("没有位置的点位（个）", "Sites without position"), inside.unplaced.height),
        *(_figure(code, name, cover.get(code)) for code, name in said.items()),
        *_intensities(lines, inside),
        *_photovoltaics(lines, inside, facts, year),
    ]
    notes = [
        Text(
            "近零碳的判定值须由本区试点方案给定；这里只给出数，不作结论。光伏为预计年发电量，不是表计。",
            "What counts as near zero is for the district's pilot scheme to say: figures are given here, no verdict. "
            "Photovoltaics stand at their expected yearly yield, which no meter saw.",
        )
    ]
    column = Column("value", Text("数值", "Value"), "", 1, 2)
    title = Text("边界指标（覆盖、强度、可再生）", "Figures of the boundary (coverage, intensity, renewables)")
    return Table("boundary_figures", title, year, [column], rows, notes=notes)


def _figure(code: str, name: Text, value: float | None, formula: str | None = None, reason: Text = _NO_METER) -> Row:
    cell = Cell(None, "NE", reason) if value is None else Cell(value, formula=formula)
    return Row(code, name, {"value": cell})


def _intensities(lines: pl.DataFrame, inside: Sites) -> list[Row]:
    """Use per m² and per head, of the sites alone whose area or people are known."""
    rows = []
    for column, unit, zh, en in (("floor_area_m2", "m²", "单位面积", "m²"), ("people", "人", "人均", "head")):
        known = inside.inside.filter((pl.col(column) > 0) & pl.col("code").is_in(lines["place"].unique().to_list()))
        of = lines.filter(pl.col("place").is_in(known["code"].to_list()))
        size, power = float(known[column].sum()), _electricity(of)
        tce = int(of["gce_equal"].sum()) / PER["gce"]
        reason = Text(f"点位没有登记{zh}所需的规模", f"no metered site states its size ({en})")
        rows.append(
            _figure(
                f"kgce_per_{'m2' if column == 'floor_area_m2' else 'head'}",
                Text(f"{zh}综合能耗（等价值，kgce/{unit}）", f"Energy per {en} (coal equivalent, kgce)"),
                tce * KGCE_PER_TCE / size if size else None, f"Σ gce_equal / Σ {column}", reason,
            )
        )  # fmt: skip
        rows.append(
            _figure(
                f"kwh_per_{'m2' if column == 'floor_area_m2' else 'head'}",
                Text(f"{zh}用电量（kWh/{unit}）", f"Electricity per {en} (kWh)"),
                power * KWH_PER_WAN / size if size else None, f"Σ electricity / Σ {column}", reason,
            )
        )  # fmt: skip
    return rows


def _photovoltaics(lines: pl.DataFrame, inside: Sites, facts: Facts, year: int) -> list[Row]:
    projects = photovoltaics(inside, facts, year)
    capacity = float(projects["capacity_kw"].sum())
    power, stated = _electricity(lines), projects["expected_yield"].drop_nulls()
    made = float(stated.sum()) if len(stated) or projects.is_empty() else None
    reason = Text("光伏项目未填预计年发电量", "the projects state no expected yield")
    return [
        _figure("pv_kw", Text("已并网光伏（kW）", "Connected photovoltaics (kW)"), capacity),
        _figure("pv_wan_kwh", Text("光伏预计年发电量（万kWh）", "Their expected yield (10⁴ kWh)"), made, None, reason),
        _figure(
            "pv_share_pct", Text("光伏发电量相当于用电量（%）", "Their yield as a share of electricity used, %"),
            100 * made / power if made is not None and power else None, "100 * pv_wan_kwh / electricity",
            reason if made is None else _NO_METER,
        ),
    ]  # fmt: skip


def _electricity(lines: pl.DataFrame) -> float:
    """10⁴ kWh."""
    return int(lines.filter(pl.col("carrier") == "electricity")["amount"].sum()) / PER["Wh"]


def photovoltaics(inside: Sites, facts: Facts, year: int) -> pl.DataFrame:
    """Projects connected by the end of the year and not retired by then, in the boundary: on a building of a site
    inside or, where the boundary is an area, by their own position."""
    frame = facts.frame("pv_projects")
    if frame is None:
        return pl.DataFrame(schema={"capacity_kw": pl.Float64, "expected_yield": pl.Float64, RECORD: pl.Int64})
    end = dt.date(year, 12, 31)
    running = frame.filter(
        (pl.col("connected") <= end) & (pl.col("retired").is_null() | (pl.col("retired") > end))
    )  # fmt: skip
    buildings = inside.inside["building"].drop_nulls().to_list()
    here = running["building"].is_in(buildings).fill_null(False)
    if inside.area is not None:
        import shapely

        parts = running["location"].str.split_exact(",", 1).struct
        longitude, latitude = (parts.field(f"field_{n}").cast(pl.Float64, strict=False).to_numpy() for n in (0, 1))
        here = here | pl.Series(shapely.intersects(inside.area, shapely.points(longitude, latitude)))
    return running.filter(here).select("capacity_kw", "expected_yield", RECORD)
