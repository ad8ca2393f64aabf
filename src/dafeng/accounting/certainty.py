"""How surely the inventory is known, and how likely a target is met: IPCC approaches 1 and 2 on the lines themselves.

One vintage of a factor is one draw wherever it is used, in all years; one record is one activity, whatever gases it
gives off. A cut against a base year therefore knows more than its two totals: what both years share cancels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from dafeng.accounting import uncertainty
from dafeng.accounting.inventory_cells import family_of
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.accounting.uncertainty import Floats
from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

GRAMS = 1_000_000
LAYOUT = "inventory_provincial"
# Half-width where neither method nor factor states one, %: an assumption, named in the notes.
UNSTATED_PCT = 50.0
# Above so many lines, lines of one factor, gas and row whose activities are errors of their own are added up first
# (their variances add): 10,000 draws then still take a second.
MOST = 4_000
_GROUP = ("year", "scope", "gas", "part", "of_energy")
TOTALS: Mapping[str, tuple[Text, pl.Expr]] = {
    "direct": (Text("直接排放", "Direct"), pl.col("scope") == 1),
    "indirect": (Text("间接排放", "Indirect"), pl.col("scope") == 2),
    "with_indirect": (Text("直接与间接合计", "Direct and indirect"), pl.lit(True)),
    "energy_co2": (
        Text("能源二氧化碳（直接与间接）", "CO2 of energy, direct and indirect"),
        pl.col("of_energy") & (pl.col("gas") == "CO2"),
    ),
}
COLUMNS = (
    Column("value", Text("排放量", "Emissions"), "tCO2e"),
    Column("half_width_pct", Text("方法一：95%区间半宽", "Approach 1: half-width of 95 %"), "%", digits=1),
    Column("low1", Text("方法一：下限", "Approach 1: low"), "tCO2e"),
    Column("high1", Text("方法一：上限", "Approach 1: high"), "tCO2e"),
    Column("low2", Text("方法二：下限", "Approach 2: low"), "tCO2e"),
    Column("high2", Text("方法二：上限", "Approach 2: high"), "tCO2e"),
    Column("variance_pct", Text("对合计方差的贡献", "Contribution to the variance of the total"), "%", digits=1),
)
TREND = (
    Column("trend_pct", Text("比基年变化", "Change on the base year"), "%", digits=1),
    Column("trend_low", Text("变化：下限", "Change: low"), "%", digits=1),
    Column("trend_high", Text("变化：上限", "Change: high"), "%", digits=1),
)
CEILING = Column("probability", Text("不超过目标的概率", "Probability that the ceiling is kept"), "%", digits=1)
CUT = Column("probability_cut", Text("达到降幅的概率", "Probability that the cut is reached"), "%", digits=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """groups: one row per year, scope, gas, part (top row of the inventory) and of_energy, with ``total`` (t CO2e);
    totals: (draw, group). cells: what was drawn; unstated: lines without a half-width of their own."""

    cells: pl.DataFrame
    groups: pl.DataFrame
    totals: Floats
    unstated: int

    def of(self, wanted: pl.Expr) -> Floats | None:
        """(draw,): the sum of the groups wanted in each draw; None where there are none."""
        at = np.flatnonzero(self.groups.select(wanted.fill_null(value=False)).to_series().to_numpy())
        return self.totals[:, at].sum(axis=1) if at.size else None


def drawn(
    emissions: pl.DataFrame,
    years: Sequence[int],
    catalogue: Catalogue,
    *,
    draws: int = 10_000,
    seed: int = 1,
    level: str = DISTRICT,
    place: str = "",
    gwp_pct: Mapping[str, float] | None = None,
) -> Drawn:
    """Draws of the totals of scope 1 and 2 of the years. gwp_pct: gas → 95 % half-width of its warming potential in %;
    without it potentials are conventions and exact."""
    lines = _lines(emissions, years, catalogue, level, place)
    if not lines.height:
        raise BadInput(_nothing(years))
    unstated = lines.filter(pl.col("u_activity_pct").is_null() | pl.col("u_factor_pct").is_null()).height
    cells = _merged(lines.with_columns(pl.col("u_activity_pct", "u_factor_pct").fill_null(UNSTATED_PCT)))
    if gwp_pct:
        width = pl.col("gas").replace_strict(dict(gwp_pct), default=0.0, return_dtype=pl.Float64)
        cells = cells.with_columns(pl.col("gas").alias("gwp_id"), width.alias("u_gwp_pct"))
    made = uncertainty.approach2(cells, draws=draws, seed=seed, by=_GROUP)
    return Drawn(cells, made.groups, made.totals, unstated)


def certainty(
    emissions: pl.DataFrame,
    year: int,
    target: float | None = None,
    draws: int = 10_000,
    seed: int = 1,
    *,
    catalogue: Catalogue,
    base_year: int | None = None,
    cut_pct: float | None = None,
    level: str = DISTRICT,
    place: str = "",
    gwp_pct: Mapping[str, float] | None = None,
) -> Table:
    """Table ``uncertainty``: totals, gases and parts with both intervals and what each adds to the variance of the
    total, as IPCC 2006 volume 1, table 3.2 asks (gases and parts each make 100 %).

    For the totals also the probability that they are at or below ``target`` (tCO2e); with ``base_year`` the change
    since, with its interval by approach 2; with ``cut_pct`` the probability that they lie so many % below it.
    Memo items are in none of it. Raises BadInput when a year has no lines."""
    years = [year, *([base_year] if base_year not in (None, year) else [])]
    made = drawn(
        emissions, years, catalogue, draws=draws, seed=seed, level=level, place=place, gwp_pct=gwp_pct
    )  # fmt: skip
    against = years[1] if len(years) > 1 else None
    columns = [*COLUMNS, *(TREND if against is not None else ()), *([CEILING] if target is not None else [])]
    columns += [CUT] if against is not None and cut_pct is not None else []
    rows = []
    for code, (name, wanted) in TOTALS.items():
        here = wanted & (pl.col("year") == year)
        cells = _interval(made, here)
        if target is not None:
            cells["probability"] = _chance(made, here, target)
        if against is not None:
            cells |= _since(made, here, wanted & (pl.col("year") == against), cut_pct)
        rows.append(Row(code, name, cells, kind="sum"))
    families = family_of(catalogue)
    held = made.groups.filter(pl.col("year") == year)
    for family in sorted({families.get(gas) or gas for gas in held["gas"]}):
        gases = [gas for gas in held["gas"].unique() if (families.get(gas) or gas) == family]
        wanted = pl.col("gas").is_in(gases) & (pl.col("year") == year)
        rows.append(
            Row(f"gas_{family.lower()}", Text(family, family), _interval(made, wanted), "with_indirect", depth=1)
        )
    for row in catalogue.layouts[LAYOUT].rows:
        if row.code in set(held["part"]):
            wanted = (pl.col("part") == row.code) & (pl.col("year") == year)
            rows.append(Row(f"row_{row.code}", row.name.text, _interval(made, wanted), "with_indirect", depth=1))
    name = Text(f"{year} 年清单的不确定性", f"Uncertainty of the inventory of {year}")
    where = None if level == DISTRICT else Text(place, place)
    notes = _notes(made, draws, seed, target, base_year, cut_pct, gwp_pct)
    return Table("uncertainty", name, year, columns, rows, None, where, notes, "ipcc_2006")


# ── cells ──


def _lines(emissions: pl.DataFrame, years: Sequence[int], catalogue: Catalogue, level: str, place: str) -> pl.DataFrame:
    """Lines of the totals as cells of ``uncertainty``: the tonnes are the activity, their sign the factor."""
    held = emissions.filter(
        pl.col("year").is_in(list(years))
        & (pl.col("level") == level)
        & (pl.col("place") == place)
        & pl.col("memo").is_null()
        & pl.col("scope").is_in([1, 2])
        & (pl.col("co2e_g") != 0)
    )
    parts = _parts(catalogue)
    vintage = pl.col("vintage").cast(pl.String).fill_null("")
    # Shares of own power come from one record and from what each sector used: errors of their own.
    named = (pl.col(name).cast(pl.String).fill_null("–") for name in ("register", "_record", "sector", "carrier"))
    record = pl.concat_str(list(named), separator="/")
    return held.select(
        "year", "scope", "gas", "u_activity_pct", "u_factor_pct",
        pl.col("row").replace_strict(parts, default=pl.col("row"), return_dtype=pl.String).fill_null("").alias("part"),
        pl.col("energy_line").is_not_null().alias("of_energy"),
        pl.col("row").fill_null("–").alias("category"),
        (pl.col("co2e_g").abs() / GRAMS).alias("activity"),
        pl.col("co2e_g").sign().cast(pl.Float64).alias("factor"),
        pl.when(pl.col("factor").is_not_null())
        .then(pl.concat_str(pl.col("factor"), pl.lit("@"), vintage))
        .alias("factor_id"),
        pl.when(pl.len().over(record) > 1).then(record).alias("activity_id"),
    )  # fmt: skip


def _parts(catalogue: Catalogue) -> dict[str, str]:
    """Row of the inventory → the row above it that stands right under a total (energy, waste, bought power …)."""
    parents = {row.code: row.parent for row in catalogue.layouts[LAYOUT].rows}
    found = {}
    for code in parents:
        at = code
        while (above := parents[at]) is not None and parents[above] is not None:
            at = above
        found[code] = at
    return found


def _merged(cells: pl.DataFrame) -> pl.DataFrame:
    if cells.height <= MOST:
        return cells
    alone = pl.col("activity_id").is_null() & pl.col("factor_id").is_not_null()
    keys = [*_GROUP, "category", "factor_id", "factor", "u_factor_pct"]
    square = (pl.col("activity") * pl.col("u_activity_pct")).pow(2).sum().sqrt()
    together = (
        cells.filter(alone)
        .group_by(keys)
        .agg((square / pl.col("activity").sum()).alias("u_activity_pct"), pl.col("activity").sum())
        .with_columns(pl.lit(None, dtype=pl.String).alias("activity_id"))
    )
    return pl.concat([cells.filter(~alone), together.select(cells.columns)])


# ── cells of the table ──


def _interval(made: Drawn, wanted: pl.Expr) -> dict[str, Cell]:
    draws = made.of(wanted)
    cells = made.cells.filter(wanted)
    if draws is None or not cells.height:
        return {column.id: Cell(None, "NO", Text("没有这一项排放", "there is none of it")) for column in COLUMNS}
    one = uncertainty.approach1(cells).row(0, named=True)
    low, high = np.quantile(draws, (0.025, 0.975))
    pct = 100 * one["half_width"] / abs(one["total"]) if one["total"] else None
    whole = made.of(pl.col("year") == cells["year"][0])
    both = np.cov(draws, whole, ddof=0) if whole is not None else np.zeros((2, 2))
    part = 100 * float(both[0, 1] / both[1, 1]) if both[1, 1] else None
    return {
        "value": Cell(one["total"], formula="Σ activity × factor × GWP"),
        "half_width_pct": Cell(None, "NE", Text("总量为零", "the total is zero"))
        if pct is None
        else Cell(pct, formula="√(Σ(E u_a)² + Σ_f(Σ E u_f)²) / E"),
        "low1": Cell(one["low"], formula="E - half_width"),
        "high1": Cell(one["high"], formula="E + half_width"),
        "low2": Cell(float(low), formula="quantile(draws, 2.5 %)"),
        "high2": Cell(float(high), formula="quantile(draws, 97.5 %)"),
        "variance_pct": Cell(None, "NE", Text("合计没有误差", "the total has no error"))
        if part is None
        else Cell(part, formula="cov(draws, total) / var(total)"),
    }


def _chance(made: Drawn, wanted: pl.Expr, target: float) -> Cell:
    draws = made.of(wanted)
    if draws is None:
        return Cell(None, "NO", Text("没有这一项排放", "there is none of it"))
    return Cell(100 * uncertainty.probability_below(draws, target), formula=f"share of draws ≤ {target:,.0f} tCO2e")


def _since(made: Drawn, now: pl.Expr, then: pl.Expr, cut_pct: float | None) -> dict[str, Cell]:
    """Change since the base year draw by draw, so that what both years share cancels."""
    names = [column.id for column in TREND] + ([CUT.id] if cut_pct is not None else [])
    after, before = made.of(now), made.of(then)
    if after is None or before is None or not (before > 0).all():
        reason = Text("两年中有一年没有这一项", "one of the years has none of it")
        return {name: Cell(None, "NE", reason) for name in names}
    totals = [float(made.groups.filter(wanted).select(pl.col("total").sum()).item()) for wanted in (now, then)]
    low, high = np.quantile(100 * (after / before - 1), (0.025, 0.975))
    cells = {
        "trend_pct": Cell(100 * (totals[0] / totals[1] - 1), formula="(after / before - 1) × 100"),
        "trend_low": Cell(float(low), formula="quantile(draws of after / before - 1, 2.5 %)"),
        "trend_high": Cell(float(high), formula="quantile(draws of after / before - 1, 97.5 %)"),
    }
    if cut_pct is not None:
        chance = 100 * uncertainty.probability_of_cut(before, after, cut_pct)
        cells[CUT.id] = Cell(chance, formula=f"share of draws with after ≤ before × (1 - {cut_pct:g} %)")
    return cells


def _notes(
    made: Drawn, draws: int, seed: int, target: float | None, base_year: int | None, cut_pct: float | None,
    gwp_pct: Mapping[str, float] | None,
) -> list[Text]:  # fmt: skip
    notes = [
        Text(
            f"方法一：误差传播；方法二：{draws} 次抽样，种子 {seed}。同一因子同一数据年份在所有单元、"
            "所有年份是同一次抽取；同一记录的几种气体共用活动水平的误差。",
            f"Approach 1: propagation of errors; approach 2: {draws} draws, seed {seed}. One vintage of a factor is "
            "one draw in every cell and year; the gases of one record share the error of its activity.",
        )
    ]
    if gwp_pct is None:
        notes.append(Text("增温潜势是约定值，不计误差。", "Warming potentials are conventions and carry no error."))
    if made.unstated:
        notes.append(
            Text(
                f"{made.unstated} 行没有写明误差，按 ±{UNSTATED_PCT:g}% 假定。",
                f"{made.unstated} lines state no error: ±{UNSTATED_PCT:g} % is assumed.",
            )
        )
    if target is not None:
        notes.append(Text(f"目标上限：{target:,.0f} tCO2e。", f"Ceiling: {target:,.0f} tCO2e."))
    if base_year is not None and cut_pct is not None:
        notes.append(Text(f"目标：比 {base_year} 年降低 {cut_pct:g}%。", f"Target: {cut_pct:g} % below {base_year}."))
    return notes


def _nothing(years: Sequence[int]) -> Problem:
    listed = "、".join(map(str, years))
    return Problem(
        "account.nothing-to-draw",
        Place(item="uncertainty", field=listed),
        Text(f"{listed} 年没有排放数据", f"there are no emissions for {listed}"),
        Text("先完成该年的核算", "account for the year first"),
    )
