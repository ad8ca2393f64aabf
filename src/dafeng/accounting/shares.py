"""What a total rests on: official factors, second-hand ones, remembered ones or assumptions, and filled gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dafeng.accounting.book import STATUSES
from dafeng.accounting.inventory_cells import GRAMS_PER_TONNE
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.text import Text

WORDS: Mapping[str, Text] = {
    "official": Text("官方因子", "Official factors"),
    "second-hand": Text("二手来源因子", "Second-hand factors"),
    "remembered": Text("凭记忆、待核实的因子", "Remembered factors, to be verified"),
    "assumption": Text("假设的因子", "Assumed factors"),
}
UNSTATED = Text("没有写明状态", "Status not stated")
# The totals of the inventory, by the scopes they take.
TOTALS: Mapping[str, tuple[tuple[int, ...], Text]] = {
    "direct": ((1,), Text("直接排放", "Direct")),
    "indirect": ((2,), Text("间接排放", "Indirect")),
    "with_indirect": ((1, 2), Text("合计", "Direct and indirect")),
}
TENTHS = 1000
# Code, words and what a row picks beside its total.
Part = tuple[str, Text, dict[str, tuple[Any, ...]]]


def status_shares(emissions: pl.DataFrame, year: int, level: str = DISTRICT, place: str = "") -> Table:
    """Table ``shares``: each total of a year by the status of its weakest factor, and by whether activity was measured
    or a gap was filled; in tCO2e and in percent.

    emissions: lines with the columns ``EMISSIONS``. Memo items are in no total and in no share. The percentages are
    tenths that add up to 100.0 (largest remainders), so that no printed column makes 100.1."""
    lines = emissions.filter(
        (pl.col("year") == year) & (pl.col("level") == level) & (pl.col("place") == place) & pl.col("memo").is_null()
    )
    base: dict[str, tuple[Any, ...]] = {"year": (year,), "level": (level,), "place": (place,), "memo": (None,)}
    methods = tuple(lines["estimate"].drop_nulls().unique().sort().to_list())
    by_status: list[Part] = [(code.replace("-", "_"), WORDS[code], {"status": (code,)}) for code in STATUSES]
    if lines["status"].null_count():
        by_status.append(("unstated", UNSTATED, {"status": (None,)}))
    by_data: list[Part] = [
        ("measured", Text("活动水平有记录", "Activity on record"), {"estimate": (None,)}),
        ("filled", Text("活动水平为补缺估算", "Activity filled by an estimate"), {"estimate": methods}),
    ]
    rows = [
        Row("total", Text("总量", "Total"), _cells(lines, base, {}), kind="sum"),
        *_group(lines, base, by_status),
        *_group(lines, base, by_data),
    ]
    heads = [
        *(Column(code, words, "tCO2e", GRAMS_PER_TONNE) for code, (_, words) in TOTALS.items()),
        *(Column(f"{code}_pct", Text(f"{w.zh}占比", f"{w.en}, share"), "%", 10, 1) for code, (_, w) in TOTALS.items()),
    ]
    notes = (
        Text(
            "因子的状态取其本身、组成它的因子和增温潜势中最弱的一个。",
            "A factor is as firm as the weakest of itself, its parts and the warming potential.",
        ),
    )
    return Table(
        "shares", Text("总量的依据", "What the totals rest on"), year, heads, rows, "emissions",
        None if level == DISTRICT else Text(place, place), notes,
    )  # fmt: skip


def _group(lines: pl.DataFrame, base: dict[str, tuple[Any, ...]], parts: Sequence[Part]) -> list[Row]:
    """Rows of one way to part the totals; their percentages add up to 100.0."""
    cells = [_cells(lines, base, pick) for _, _, pick in parts]
    for total in TOTALS:
        tenths = in_tenths([cell[total].value or 0 for cell in cells])
        for (code, _, _), cell, share in zip(parts, cells, tenths, strict=True):
            inputs = {"part": f"ACC.shares.{code}.{total}", "whole": f"ACC.shares.total.{total}"}
            empty = Text("总量为零或缺", "the total is zero or lacking")
            cell[f"{total}_pct"] = (
                Cell(None, "NE", empty) if share is None else Cell(share, formula="part / whole * 100", inputs=inputs)
            )
    return [
        Row(code, words, cell, "total", depth=1) for (code, words, _), cell in zip(parts, cells, strict=True)
    ]  # fmt: skip


def _cells(
    lines: pl.DataFrame, base: Mapping[str, tuple[Any, ...]], pick: Mapping[str, tuple[Any, ...]]
) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for column, accepted in pick.items():
        wanted = [value for value in accepted if value is not None]
        taken = pl.col(column).is_in(wanted)
        lines = lines.filter(taken | pl.col(column).is_null() if None in accepted else taken)
    for total, (scopes, _) in TOTALS.items():
        held = lines.filter(pl.col("scope").is_in(scopes))
        estimated = held.filter(pl.col("estimate").is_not_null())["co2e_g"].sum()
        cells[total] = Cell(int(held["co2e_g"].sum()), pick={**base, "scope": scopes, **pick}, estimated=int(estimated))
    if not pick:
        whole = Text("总量", "the whole")
        for total in TOTALS:
            known = bool(cells[total].value)
            cells[f"{total}_pct"] = Cell(TENTHS, formula="100") if known else Cell(None, "NE", whole)
    return cells


def in_tenths(values: Sequence[float]) -> list[int | None]:
    """Shares in tenths of a percent that add up to 1000; None throughout where the values sum to nothing."""
    total = sum(values)
    if not total:
        return [None] * len(values)
    exact = [TENTHS * value / total for value in values]
    shares = [int(share // 1) for share in exact]
    order = sorted(range(len(values)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: TENTHS - sum(shares)]:
        shares[i] += 1
    return list(shares)
