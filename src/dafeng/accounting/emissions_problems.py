"""What an account had to leave out: which factor, for which records, and which rows of the tables lack it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dafeng.catalogue.schema import Method
from dafeng.core.errors import Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD

# Level, place, code and gas of a cell.
Lacking = tuple[str, str, str, str]
_WORDS = {
    "no-factor": ("没有可用的因子", "there is no factor"),
    "no-gwp": ("没有可用的增温潜势", "there is no warming potential"),
    "unit": ("因子与活动水平的单位对不上：", "the units of factor and activity do not fit:"),
}


@dataclass(frozen=True, slots=True)
class LeftOut(Problem):
    """A problem for which lines are missing. ``cells``: (level, place, row, gas) that lack them in ``year``; gas is ""
    where every gas of the row is lacking. ``refs``: the same by reference of the GPC."""

    year: int = 0
    cells: tuple[Lacking, ...] = ()
    refs: tuple[Lacking, ...] = ()


def of_lacking(method: Method, rows: pl.DataFrame) -> list[Problem]:
    """One problem per factor and year that rows lack.

    rows: columns ``lacking``, ``why``, ``year``, ``level``, ``place``, ``register``, ``_record``; ``gas``, ``row`` and
    ``gpc`` where they are known already, else everything that the method posts to lacks them."""
    made: list[Problem] = []
    for (why, lacking, year), part in rows.group_by("why", "lacking", "year", maintain_order=True):
        record = part["register"][0], part[RECORD][0]
        said = _WORDS[str(why)]
        remedy = Text(
            "在本区 catalogue/factors 中加上，写明出处和状态；或核对能源品种和计量单位",
            "add it in the district's catalogue/factors with source and status, or check carrier and unit",
        )
        made.append(
            LeftOut(
                "account.left-out",
                Place(item=str(record[0]), row=None if record[1] is None else int(record[1])),
                Text(
                    f"{year} 年{said[0]} {lacking}，方法“{method.name.zh}”有 {part.height} 条记录未计入",
                    f"{said[1]} {lacking} for {year}; {part.height} records of “{method.name.en}” are left out",
                ),
                remedy,
                year=int(year),
                cells=_cells(part, "row", rows_of(method)),
                refs=_cells(part, "gpc", refs_of(method)),
            )
        )
    return made


def no_activity(method: Method, rows: pl.DataFrame) -> list[Problem]:
    """One problem per year in which records of the method have no activity."""
    made: list[Problem] = []
    for (year,), part in rows.group_by("year", maintain_order=True):
        first = part.row(0, named=True)
        made.append(
            LeftOut(
                "account.no-activity",
                Place(item=first["register"], row=first[RECORD], field=method.value),
                Text(
                    f"{year} 年方法“{method.name.zh}”有 {part.height} 条记录缺活动水平（{method.value}），未计入",
                    f"{part.height} records of “{method.name.en}” lack their activity ({method.value}) in {year} and "
                    "are left out",
                ),
                Text("补填这些列，或写明估算方法", "fill in these columns, or state how to estimate them"),
                year=int(year),
                cells=_cells(part.select("level", "place"), "row", rows_of(method)),
                refs=_cells(part.select("level", "place"), "gpc", refs_of(method)),
            )
        )
    return made


def rows_of(method: Method) -> list[str]:
    """Every row of the inventory that the method can post to."""
    return _posted([emits.row for emits in method.emits])


def refs_of(method: Method) -> list[str]:
    """Every reference of the GPC that the method can post to."""
    return _posted([emits.gpc for emits in method.emits])


def _posted(given: Sequence[str | Mapping[str, str] | None]) -> list[str]:
    made: dict[str, None] = {}
    for codes in given:
        made |= dict.fromkeys([codes] if isinstance(codes, str) else (codes or {}).values())
    return list(made)


def no_row(method: Method, rows: pl.DataFrame) -> Problem:
    first = rows.row(0, named=True)
    return Problem(
        "account.no-row",
        Place(item=method.id, field=f"row: {first['row']}"),
        Text(
            f"方法“{method.name.zh}”有 {rows.height} 条记录在清单中没有对应的行，未计入",
            f"{rows.height} records of “{method.name.en}” have no row in the inventory and are left out",
        ),
        Text("在 catalogue/methods 中为该取值写明行", "name a row for that value in catalogue/methods"),
    )


def no_kernel(method: Method) -> Problem:
    return Problem(
        "account.no-kernel",
        Place(item=method.id, field="kernel"),
        Text(
            f"没有名为 {method.kernel or '（未写）'} 的核算内核，也没有写因子",
            f"there is no kernel called {method.kernel or '(none named)'}, and no factor is named",
        ),
        Text("写明因子，或改用已有的内核", "name a factor, or a kernel that exists"),
    )


def _cells(rows: pl.DataFrame, column: str, codes: Sequence[str]) -> tuple[Lacking, ...]:
    """What lacks the rows: the code in ``column`` where they have it, else all the codes."""
    held = rows.select(
        "level",
        pl.col("place").fill_null(""),
        *(
            pl.col(name) if name in rows.columns else pl.lit(None, dtype=pl.String).alias(name)
            for name in (column, "gas")
        ),
    ).unique()
    whole = column not in rows.columns
    return tuple(
        sorted(
            (level, place, code, gas or "")
            for level, place, own, gas in held.iter_rows()
            for code in (codes if whole else [own] if own is not None else [])
        )
    )
