"""What was restated: two accounts of one year, as known on two days (or under two policies), line by line.

A line is recognised by what stays when its record is corrected: method, gas, row, sector, carrier, register and the
register's own key. Every difference has one place and at least one reason, and the list adds up: before + Σ differences
= after, in whole grams.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.catalogue.load import Catalogue
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD, Facts

GRAMS = 1_000_000
_LINE = ("method", "gas", "row", "sector", "carrier", "register", "key", "memo")
# Between the parts of a key.
_BETWEEN = " / "
_HOW = ("record", "factor", "vintage", "factor_value", "gwp", "activity")
# What a line's difference is put under: the first that holds.
REASONS: Mapping[str, Text] = {
    "new_record": Text("新增记录", "New records"),
    "withdrawn": Text("撤回的记录", "Withdrawn records"),
    "superseded": Text("更正的记录", "Corrected records"),
    "factor": Text("因子数据年份或数值改变", "Another vintage or value of a factor"),
    "other_factor": Text("改用其他因子", "Another factor"),
    "gwp": Text("全球变暖潜势改变", "Other warming potentials"),
    "follows": Text("随其他记录改变（如自发自用的分摊）", "Follows other records (such as the sharing of own power)"),
    "method": Text("核算方法或目录改变", "Another method or catalogue"),
}
COLUMNS = (
    Column("before", Text("重述前", "Before"), "tCO2e", GRAMS, 3),
    Column("after", Text("重述后", "After"), "tCO2e", GRAMS, 3),
    Column("difference", Text("差异", "Difference"), "tCO2e", GRAMS, 3),
)


@dataclass(frozen=True, slots=True)
class Known:
    """One state of knowledge: lines of emissions (columns ``EMISSIONS``), the facts they came from, the name of the set
    of warming potentials. said: record → the reason that somebody gave for it."""

    emissions: pl.DataFrame
    facts: Facts
    gwp: str = ""
    said: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restated:
    """One line of the list, grams of CO2e. reasons: codes of ``REASONS``, the first decides where it is listed."""

    row: Mapping[str, Any]
    before: int
    after: int
    reasons: tuple[str, ...]
    why: Text


def restated(before: Known, after: Known, year: int, *, level: str = DISTRICT, place: str = "") -> Table:
    """Table ``restatements``: the total of scope 1 and 2, each reason, and under it each line that changed; memo items
    stand below and are in no total."""
    lines = differences(before, after, year, level=level, place=place)
    counted = [line for line in lines if line.row["memo"] is None]
    total = [_total(known.emissions, year, level, place) for known in (before, after)]
    changed = [sum(getattr(line, name) for line in counted) for name in ("before", "after")]
    rows = [_row("total", Text("总量（直接加间接）", "Total, direct and indirect"), *total, kind="sum")]
    number = 0
    for code, words in REASONS.items():
        held = [line for line in counted if line.reasons[0] == code]
        if not held:
            continue
        sums = [sum(getattr(line, name) for line in held) for name in ("before", "after")]
        rows.append(_row(code, words, *sums, kind="sum", parent="total", depth=1))
        for line in held:
            number += 1
            rows.append(_of_line(line, f"line_{number}", code, after.facts))
    unchanged = Text("未变的部分", "Unchanged")
    rows.append(_row("unchanged", unchanged, total[0] - changed[0], total[1] - changed[1], parent="total", depth=1))
    for at, line in enumerate((line for line in lines if line.row["memo"] is not None), 1):
        rows.append(_of_line(line, f"memo_{at}", None, after.facts))
    name = Text(f"{year} 年重述清单", f"Restatements of {year}")
    notes = (
        Text(
            "重述前加各项差异等于重述后，逐克相等；一行有几个原因时，差异列在第一个原因之下，其余写在说明里。",
            "Before plus all differences is after, to the gram; a line with several reasons stands under the first, "
            "the others are named beside it.",
        ),
    )
    where = None if level == DISTRICT else Text(place, place)
    return Table("restatements", name, year, COLUMNS, rows, None, where, notes)


def differences(
    before: Known, after: Known, year: int, *, level: str = DISTRICT, place: str = ""
) -> list[Restated]:  # fmt: skip
    """Every line that differs, the largest difference first."""
    one, two = (_grouped(known, year, level, place) for known in (before, after))
    joined = one.join(two, on=_LINE, how="full", nulls_equal=True, coalesce=True, suffix="_after")
    changed = joined.filter(pl.col("co2e_g").fill_null(0) != pl.col("co2e_g_after").fill_null(0))
    kept = {
        "before": _held_keys(before.facts, changed),
        "after": _held_keys(after.facts, changed),
    }
    found = [_judged(row, before, after, kept) for row in changed.iter_rows(named=True)]
    return sorted(found, key=lambda line: (-abs(line.after - line.before), str(line.row["method"]), str(line.row)))


# ── lines ──


def _total(emissions: pl.DataFrame, year: int, level: str, place: str) -> int:
    return int(_of(emissions, year, level, place).filter(pl.col("memo").is_null())["co2e_g"].sum())


def _of(emissions: pl.DataFrame, year: int, level: str, place: str) -> pl.DataFrame:
    return emissions.filter(
        (pl.col("year") == year)
        & (pl.col("level") == level)
        & (pl.col("place") == place)
        & (pl.col("scope").is_in([1, 2]) | pl.col("memo").is_not_null())
    )


def _grouped(known: Known, year: int, level: str, place: str) -> pl.DataFrame:
    lines = _of(known.emissions, year, level, place)
    keys = _keys(known.facts, lines["register"].unique().drop_nulls().to_list())
    lines = lines.join(keys, left_on=["register", RECORD], right_on=["register", "record"], how="left")
    lines = lines.with_columns(pl.col(RECORD).alias("record"))
    first = [pl.col(name).first() for name in _HOW if name != "activity"]
    return lines.group_by(_LINE).agg(pl.col("co2e_g").sum(), pl.col("activity").sum(), *first)


def _keys(facts: Facts, registers: Sequence[str]) -> pl.DataFrame:
    """Each record of the registers with its key as text."""
    made = []
    for name in registers:
        frame = facts.frame(name)
        if frame is None:
            continue
        parts = [pl.col(column).cast(pl.String).fill_null("–") for column in facts.catalogue.registers[name].key]
        made.append(
            frame.select(
                pl.lit(name).alias("register"),
                pl.col(RECORD).alias("record"),
                pl.concat_str(parts, separator=_BETWEEN).alias("key"),
            )
        )
    empty = pl.DataFrame(schema={"register": pl.String, "record": pl.Int64, "key": pl.String})
    return pl.concat([empty, *made])


def _held_keys(facts: Facts, changed: pl.DataFrame) -> set[tuple[str, str]]:
    keys = _keys(facts, changed["register"].unique().drop_nulls().to_list())
    return set(keys.select("register", "key").iter_rows())


# ── reasons ──


def _judged(row: Mapping[str, Any], before: Known, after: Known, kept: Mapping[str, set[tuple[str, str]]]) -> Restated:
    found = dict(_reasons(row, before, after, kept))
    texts = list(found.values())
    why = Text("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))
    return Restated(row, row["co2e_g"] or 0, row["co2e_g_after"] or 0, tuple(found), why)


def _reasons(
    row: Mapping[str, Any], before: Known, after: Known, kept: Mapping[str, set[tuple[str, str]]]
) -> Iterator[tuple[str, Text]]:
    where = row["register"], row["key"]
    if row["co2e_g"] is None:
        if row["key"] is not None and where not in kept["before"]:
            yield "new_record", _new(row, after)
        else:
            yield "method", Text("此前没有这一项", "there was no such line before")
        return
    if row["co2e_g_after"] is None:
        if row["key"] is not None and where not in kept["after"]:
            yield "withdrawn", Text(f"记录 #{row['record']} 已撤回", f"record #{row['record']} was withdrawn")
        else:
            yield "method", Text("现在没有这一项", "there is no such line any more")
        return
    some = False
    for code, text in _of_both(row, before, after):
        some = True
        yield code, text
    if not some:
        same = row["activity"] == row["activity_after"]
        code = "method" if same else "follows"
        yield code, REASONS[code]


def _of_both(row: Mapping[str, Any], before: Known, after: Known) -> Iterator[tuple[str, Text]]:
    if row["record"] != row["record_after"]:
        said = after.said.get(row["record_after"])
        yield (
            "superseded",
            Text(
                f"记录 #{row['record']} 更正为 #{row['record_after']}" + (f"：{said}" if said else ""),
                f"record #{row['record']} was replaced by #{row['record_after']}" + (f": {said}" if said else ""),
            ),
        )
    if row["factor"] != row["factor_after"]:
        words = f"{row['factor']} → {row['factor_after']}"
        yield "other_factor", Text(f"因子 {words}", f"factor {words}")
    elif (row["vintage"], row["factor_value"]) != (row["vintage_after"], row["factor_value_after"]):
        words = f"{row['factor']} {row['vintage']} → {row['vintage_after']}"
        values = f"{_figure(row['factor_value'])} → {_figure(row['factor_value_after'])}"
        yield "factor", Text(f"因子 {words}（{values}）", f"factor {words} ({values})")
    if row["gwp"] != row["gwp_after"]:
        words = f"{before.gwp.upper()} {_figure(row['gwp'])} → {after.gwp.upper()} {_figure(row['gwp_after'])}"
        yield "gwp", Text(f"增温潜势 {words}", f"warming potential {words}")


def _new(row: Mapping[str, Any], after: Known) -> Text:
    said = after.said.get(row["record_after"])
    return Text(
        f"新增记录 #{row['record_after']}" + (f"：{said}" if said else ""),
        f"record #{row['record_after']} is new" + (f": {said}" if said else ""),
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


# ── rows ──


def _of_line(line: Restated, code: str, parent: str | None, facts: Facts) -> Row:
    method = facts.catalogue.methods.get(line.row["method"])
    name = method.name if method is not None else Text(line.row["method"], line.row["method"])
    where = _key_in_words(facts.catalogue, line.row["register"], line.row["key"])
    gas = line.row["gas"] or ""
    words = Text(f"{name.zh}：{where.zh} {gas}".strip(), f"{name.en}: {where.en} {gas}".strip())
    return _row(
        code, words, line.before, line.after, kind="item" if parent else "memo", parent=parent, depth=2, why=line.why
    )  # fmt: skip


def _key_in_words(catalogue: Catalogue, register: str | None, key: str | None) -> Text:
    """A record's register and key as a person reads them: options of a choice by their names."""
    entry = catalogue.registers.get(register or "")
    if entry is None:
        return Text(register or "", register or "")
    zh, en = [], []
    for column, part in zip(entry.key, (key or "").split(_BETWEEN), strict=False):
        choices = catalogue.choices.get(entry.columns[column].of or "")
        option = choices.options.get(part) if choices is not None else None
        zh.append(option.zh if option is not None else part)
        en.append(option.en if option is not None else part)
    return Text(f"{entry.name.zh} {_BETWEEN.join(zh)}", f"{entry.name.en} {_BETWEEN.join(en)}")


def _row(
    code: str, name: Text, before: int, after: int, *, kind: Any = "item", parent: str | None = None, depth: int = 0,
    why: Text | None = None,
) -> Row:  # fmt: skip
    inputs = {"after": f"ACC.restatements.{code}.after", "before": f"ACC.restatements.{code}.before"}
    cells = {
        "before": Cell(before, formula="co2e_g, as known before"),
        "after": Cell(after, formula="co2e_g, as known after"),
        "difference": Cell(after - before, reason=why, formula="after - before", inputs=inputs),
    }
    return Row(code, name, cells, parent, kind, depth)
