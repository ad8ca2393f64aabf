"""What does not fit between levels: parts above their whole, parts far from it, totals that are not their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dafeng.accounting.energy_faults import APART_PCT
from dafeng.accounting.energy_rows import FINAL
from dafeng.accounting.lines import DISTRICT, PER
from dafeng.accounting.tables import Column, Row, Table
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import RECORD, Facts

# Parts are typed rounded: this far above their whole, in percent, is no fault.
ROUNDING_PCT = 0.1


@dataclass(frozen=True, slots=True)
class Apart:
    """A whole, its parts and the row of what is left, of one place. below, level: the level of the parts and of the
    whole; codes: the units or sites that a part sums."""

    whole: Row
    parts: Sequence[Row]
    left: Row
    below: str
    level: str
    place: str
    codes: tuple[str, ...] = ()


# Level, place and carrier → register and first record of it.
_Records = Mapping[tuple[str, str, str], tuple[str, int]]


def level_faults(apart: Sequence[Apart], held: pl.DataFrame, table: Table) -> list[Problem]:
    """Of every pair of levels, by carrier. held: lines of final consumption of the year."""
    first = held.group_by("level", "place", "carrier").agg(pl.col("register", RECORD).first())
    records = {(row[0], row[1], row[2]): (row[3], row[4]) for row in first.iter_rows()}
    units = held.filter(pl.col("level") == "unit").select("place", "carrier", "amount", RECORD)
    found: list[Problem] = []
    for one in apart:
        for column in table.columns:
            if column.id not in ("calorific", "equal"):
                found += _of_carrier(one, column, records, units)
    return found


def _of_carrier(one: Apart, column: Column, records: _Records, units: pl.DataFrame) -> Iterator[Problem]:
    whole, left = one.whole.cells[column.id].value, one.left.cells[column.id].value
    if one.below == "unit":
        single = list(_single(one, column, whole, units))
        yield from single
        if single:
            return
    if whole is None or left is None:
        return
    if left < -ROUNDING_PCT / 100 * whole:
        if one.below == "site":
            yield _meters_above(one, column, records, whole, whole - left)
        else:
            yield _parts_above(one, column, records, whole, whole - left)
    elif one.below in ("zone", "subdistrict") and left > APART_PCT / 100 * whole:
        yield _parts_below(one, column, records, whole, left)


def _single(one: Apart, column: Column, whole: float | None, units: pl.DataFrame) -> Iterator[Problem]:
    """Each unit that alone uses more of a carrier than its subdistrict."""
    lines = units.filter((pl.col("carrier") == column.id) & pl.col("place").is_in(one.codes))
    for unit, amount, record in lines.select("place", "amount", RECORD).iter_rows():
        place = Place(item="key_unit_carriers", row=record, field="amount")
        if whole is None:
            if amount == 0 or all(cell.value is None for cell in one.whole.cells.values()):
                continue
            yield Problem(
                "account.part-without-whole",
                place,
                Text(
                    f"重点用能单位 {unit} 填报了{column.name.zh}，所在的{one.place}却没有该品种的统计",
                    f"the key unit {unit} reports {column.name.en}, its subdistrict {one.place} does not",
                ),
                Text(
                    "补上街镇的该品种，或核对单位所在街镇",
                    "add the carrier to the subdistrict, or check where the unit is",
                ),
                WARNING,
            )
        elif amount > whole:
            yield Problem(
                "account.unit-above-subdistrict",
                place,
                Text(
                    f"重点用能单位 {unit} 的{column.name.zh}（{_say(amount, column)}）大于所在{one.place}的合计"
                    f"（{_say(whole, column)}）",
                    f"the key unit {unit} uses more {column.name.en} ({_say(amount, column)}) than its subdistrict "
                    f"{one.place} ({_say(whole, column)})",
                ),
                Text(
                    "核对该单位的计量单位和小数点、所在街镇，以及街镇的统计",
                    "check units, decimal point, subdistrict and its statistics",
                ),
            )


def _parts_above(one: Apart, column: Column, records: _Records, whole: float, parts: float) -> Problem:
    name = one.place or "全区", one.place or "the district"
    return Problem(
        "account.parts-above-whole",
        _record(records, one, column.id),
        Text(
            f"{name[0]}的{column.name.zh}为 {_say(whole, column)}，其各部分合计 {_say(parts, column)}，部分大于整体",
            f"{column.name.en} of {name[1]} is {_say(whole, column)}, its parts sum to {_say(parts, column)}: "
            "more than the whole",
        ),
        Text("核对各部分与合计，查有无重复统计或单位用错", "check parts and whole for double counting and wrong units"),
    )


def _parts_below(one: Apart, column: Column, records: _Records, whole: float, left: float) -> Problem:
    below = {"zone": ("片区", "zones"), "subdistrict": ("街镇", "subdistricts")}[one.below]
    return Problem(
        "account.parts-differ",
        _record(records, one, column.id),
        Text(
            f"{one.place or '全区'}{column.name.zh}有 {_say(left, column)}（{100 * left / whole:.1f}%）"
            f"没有分到{below[0]}，超过 {APART_PCT:g}%",
            f"{_say(left, column)} ({100 * left / whole:.1f} %) of {column.name.en} of "
            f"{one.place or 'the district'} is in none of its "
            f"{below[1]}, more than {APART_PCT:g} %",
        ),
        Text(
            "补齐各部分；确实无法分解的，保留“未分”一行",
            "complete the parts; what cannot be split stays in its own row",
        ),
        WARNING,
    )


def _meters_above(one: Apart, column: Column, records: _Records, whole: float, meters: float) -> Problem:
    return Problem(
        "account.meters-above-report",
        _record(records, one, column.id),
        Text(
            f"{one.place} 填报的{column.name.zh}为 {_say(whole, column)}，"
            f"其表计合计 {_say(meters, column)}，表计大于填报",
            f"{one.place} reports {_say(whole, column)} of {column.name.en}, its meters sum to {_say(meters, column)}: "
            "more than reported",
        ),
        Text(
            "核对填报数、表计倍率和点位归属（有无总表与分表重复）",
            "check the report, the meters' multipliers and whether a main meter and its sub-meters both count",
        ),
        WARNING,
    )


def _record(records: _Records, one: Apart, carrier: str) -> Place:
    """The first record that the whole is made of."""
    register, record = records[one.level, one.place, carrier]
    return Place(item=register, row=record, field="amount")


def _say(value: float, column: Column) -> str:
    return f"{value / column.per:,.{column.digits}f} {column.unit}"


# ── totals typed elsewhere ──


def total_faults(energy: pl.DataFrame, facts: Facts, year: int) -> list[Problem]:
    """Totals of yearly_totals and key_unit_energy more than 1 % from the sum of their parts."""
    return [*_yearly(energy, facts, year), *_of_units(energy, facts, year)]


def _yearly(energy: pl.DataFrame, facts: Facts, year: int) -> Iterator[Problem]:
    frame = facts.frame("yearly_totals")
    lines = energy.filter((pl.col("level") == DISTRICT) & (pl.col("year") == year))
    if frame is None or lines.filter(pl.col("flow") == FINAL).is_empty():
        return
    # Losses and what goes into transformation are negative in the lines, and consumption.
    inside = pl.col("flow").str.starts_with("into_") | pl.col("flow").str.starts_with("out_")
    inside |= pl.col("flow").is_in(["loss", "recovered"])
    used = pl.when(pl.col("flow") == FINAL).then(1).when(inside).then(-1).otherwise(0)
    of_carrier = pl.when(pl.col("flow").str.starts_with("out_")).then(0).otherwise(used)
    sums = {
        "energy": lines.select((pl.col("gce_equal") * used).sum()).item() / PER["gce"] / 1e4,
        "energy_calorific": lines.select((pl.col("gce_calorific") * used).sum()).item() / PER["gce"] / 1e4,
    }
    for column, carrier, per in (("electricity", "electricity", PER["Wh"] * 1e4), ("gas", "natural_gas", PER["L"])):
        of = lines.filter(pl.col("carrier") == carrier)
        if of.height:
            sums[column] = of.select((pl.col("amount") * of_carrier).sum()).item() / per
    columns = facts.catalogue.registers["yearly_totals"].columns
    for row in frame.filter(pl.col("period") == year).head(1).iter_rows(named=True):
        for column, total in sums.items():
            said = row.get(column)
            if said is not None and abs(said - total) > APART_PCT / 100 * max(abs(said), abs(total)):
                name = columns[column].name
                yield _not_parts(
                    Place(item="yearly_totals", row=row[RECORD], field=column),
                    Text(f"{year} 年{name.zh}", f"{name.en} in {year}"), said, total, columns[column].unit or "",
                )  # fmt: skip


def _of_units(energy: pl.DataFrame, facts: Facts, year: int) -> Iterator[Problem]:
    frame = facts.frame("key_unit_energy")
    if frame is None:
        return
    lines = energy.filter((pl.col("level") == "unit") & (pl.col("year") == year) & (pl.col("flow") == FINAL))
    sums = lines.group_by(pl.col("place").alias("unit")).agg(pl.col("gce_equal").sum() / PER["gce"])
    both = frame.filter(pl.col("period") == year).join(sums, on="unit", how="inner", maintain_order="left")
    said, total = pl.col("energy_tce"), pl.col("gce_equal")
    far = both.filter((said - total).abs() > APART_PCT / 100 * pl.max_horizontal(said, total))
    for row in far.iter_rows(named=True):
        yield _not_parts(
            Place(item="key_unit_energy", row=row[RECORD], field="energy_tce"),
            Text(f"{row['unit']} {year} 年综合能源消费量", f"energy of {row['unit']} in {year}"),
            row["energy_tce"], row["gce_equal"], "tce",
        )  # fmt: skip


def _not_parts(place: Place, name: Text, said: float, total: float, unit: str) -> Problem:
    return Problem(
        "account.total-not-parts",
        place,
        Text(
            f"{name.zh}填报 {said:,.2f} {unit}，各部分合计 {total:,.2f} {unit}，相差超过 {APART_PCT:g}%",
            f"{name.en}: {said:,.2f} {unit} typed, its parts sum to {total:,.2f} {unit}, "
            f"more than {APART_PCT:g} % apart",
        ),
        Text("核对合计与分项，改正其中一个", "check total and parts and correct one of them"),
        WARNING,
    )
