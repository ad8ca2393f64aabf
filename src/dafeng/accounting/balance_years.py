"""Final consumption by sector and carrier, year beside year: the table ``energy_years``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import polars as pl

from dafeng.accounting.energy_faults import words_of
from dafeng.accounting.energy_rows import FINAL
from dafeng.accounting.lines import DISTRICT, PER
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.catalogue.load import Catalogue
from dafeng.core.text import Text, same

_NOT_REPORTED = Text("当年没有填报", "not reported in that year")
_NO_SECTOR = "no_sector"

_Sums = Mapping[tuple[int, str | None, str], tuple[int, int]]


def energy_years(
    energy: pl.DataFrame, catalogue: Catalogue, year: int, level: str = DISTRICT, place: str = "",
    basis: Literal["equal", "calorific"] = "equal",
) -> Table:  # fmt: skip
    """One place's final consumption in all years up to ``year``: a column per year (``y2025``), a row per sector and
    below it per carrier, in tce at coal equivalent (or calorific value). energy: lines with the columns ``ENERGY``."""
    measure = f"gce_{basis}"
    held = energy.filter(
        (pl.col("level") == level) & (pl.col("place") == place) & (pl.col("flow") == FINAL) & (pl.col("year") <= year)
    )
    filled = pl.col(measure).filter(pl.col("estimate").is_not_null()).sum().alias("estimated")
    grouped = held.group_by("year", "sector", "carrier").agg(pl.col(measure).sum(), filled)
    sums: _Sums = {(row[0], row[1], row[2]): (row[3], row[4]) for row in grouped.iter_rows()}
    years = sorted({one for one, *_ in sums})
    asked = {"level": (level,), "place": (place,), "flow": (FINAL,)}
    rows = [Row("final", Text("终端消费量", "Final consumption"), _cells(sums, years, asked), None, "sum")]
    sectors: list[str | None] = [*catalogue.choices["energy_sectors"].options, None]
    for sector in (one for one in sectors if any(held == one for _, held, _ in sums)):
        code = sector or _NO_SECTOR
        name = words_of(catalogue, "energy_sectors", sector) if sector else Text("未注明领域", "No stated sector")
        rows.append(Row(code, name, _cells(sums, years, asked, sector=(sector,)), "final", "sum", 1))
        for carrier in catalogue.choices["energy_carriers"].options:
            if any((held, of) == (sector, carrier) for _, held, of in sums):
                cells = _cells(sums, years, asked, sector=(sector,), carrier=(carrier,))
                name = words_of(catalogue, "energy_carriers", carrier)
                rows.append(Row(f"{code}_{carrier}", name, cells, code, "item", 2))
    words = {"equal": ("等价值", "coal equivalent"), "calorific": ("当量值", "calorific value")}[basis]
    title = Text(
        f"分领域分品种历年终端消费量（{words[0]}）", f"Final consumption by sector, carrier and year at {words[1]}"
    )
    columns = [Column(f"y{one}", Text(f"{one}年", str(one)), "tce", PER["gce"], 0) for one in years]
    return Table("energy_years", title, year, columns, rows, "energy", same(place) if place else None)


def _cells(
    sums: _Sums, years: list[int], asked: Mapping[str, tuple[Any, ...]], **more: tuple[str | None]
) -> dict[str, Cell]:
    """A cell per year over the sectors and carriers in ``more`` (all, where it names none)."""
    made = {}
    for year in years:
        found = [
            value
            for (of, sector, carrier), value in sums.items()
            if of == year
            and sector in more.get("sector", (sector,))
            and carrier in more.get("carrier", (carrier,))
        ]  # fmt: skip
        if found:
            value, estimated = sum(one for one, _ in found), sum(one for _, one in found)
            made[f"y{year}"] = Cell(value, pick={**asked, **more, "year": (year,)}, estimated=estimated)
        else:
            made[f"y{year}"] = Cell(None, "NE", _NOT_REPORTED)
    return made
