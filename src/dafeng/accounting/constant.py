"""As reported, and at constant factors: when a factor's vintage changes, how much of the change is activity and how
much is the factor.

R is emissions as reported (each year with the factors in force), K the same activities with the factors of one year.
Between two years

    ΔR = ΔK + Δ(R − K)     activity effect + factor effect

to the last gram, since every term is a sum of whole grams. What does not rest on factors that changed is in ΔK alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from dafeng.accounting.book import Book
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.errors import Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

GRAMS = 1_000_000
# The totals of the inventory by the scopes they take, and CO2 of energy as dual control counts it.
TOTALS: Mapping[str, tuple[Text, pl.Expr]] = {
    "direct": (Text("直接排放", "Direct"), pl.col("scope") == 1),
    "indirect": (Text("间接排放", "Indirect"), pl.col("scope") == 2),
    "with_indirect": (Text("合计", "Direct and indirect"), pl.col("scope").is_in([1, 2])),
    "energy_co2": (
        Text("能源二氧化碳", "CO2 of energy"),
        pl.col("scope").is_in([1, 2]) & (pl.col("gas") == "CO2") & pl.col("energy_line").is_not_null(),
    ),
}
PARTS: Mapping[str, tuple[Text, str]] = {
    "reported": (Text("当年因子", "As reported"), "R[t]"),
    "constant": (Text("不变因子", "At constant factors"), "K[t]"),
    "change": (Text("比上年变动", "Change on the year before"), "R[t] - R[t-1]"),
    "activity": (Text("其中：活动水平", "of it: activity"), "K[t] - K[t-1]"),
    "factor": (Text("其中：排放因子", "of it: factors"), "(R[t] - K[t]) - (R[t-1] - K[t-1])"),
}
_FIRST = Text("没有上年可比", "there is no year before to compare with")


def lines_at_constant_factors(
    facts: Facts, book: Book, year: int, years: Sequence[int] | None = None
) -> tuple[pl.DataFrame, list[Problem]]:
    """Lines of emissions of every year with the factors in force for one ``year``; same policy, same knowledge."""
    held = Book(book.catalogue, book.policy, year, book.known_on)
    energy, problems = energy_lines(facts, held, years)
    emissions, found = emission_lines(energy, facts, held, years)
    return emissions, problems + found


def constant_factors(
    reported: pl.DataFrame, constant: pl.DataFrame, constant_year: int, *, level: str = DISTRICT, place: str = ""
) -> dict[str, Table]:
    """Table ``constant_factors``: for each year the totals as reported and at the factors of ``constant_year``, and the
    change on the year before as activity and factor effect; and ``constant_factors_used``: the factors that differ.

    reported, constant: lines with the columns ``EMISSIONS``. Memo items are in no total; amounts are whole grams of
    CO2e and every sum is exact."""
    reported, constant = _of(reported, level, place), _of(constant, level, place)
    years = sorted(set(reported["year"].to_list()))
    sums = {name: (_by_year(reported, wanted), _by_year(constant, wanted)) for name, (_, wanted) in TOTALS.items()}
    columns = [
        Column(f"{name}_{part}", Text(f"{words.zh}：{said.zh}", f"{words.en}: {said.en}"), "tCO2e", GRAMS)
        for name, (words, _) in TOTALS.items()
        for part, (said, _) in PARTS.items()
    ]
    rows = []
    for at, year in enumerate(years):
        before = years[at - 1] if at else None
        cells: dict[str, Cell] = {}
        for name, (r, k) in sums.items():
            cells |= _cells(name, r, k, year, before, level, place)
        rows.append(Row(str(year), Text(f"{year} 年", str(year)), cells))
    notes = (
        Text(
            f"不变因子序列一律用 {constant_year} 年适用的因子。变动 = 活动水平影响 + 排放因子影响，逐克相等。",
            f"The constant series uses the factors in force for {constant_year} throughout. Change = activity effect + "
            "factor effect, equal to the gram.",
        ),
    )
    where = None if level == DISTRICT else Text(place, place)
    last = years[-1] if years else constant_year
    name = Text("当年因子与不变因子", "As reported and at constant factors")
    made = Table("constant_factors", name, last, columns, rows, "emissions", where, notes)
    return {made.id: made, "constant_factors_used": _used(reported, constant, constant_year, last, where)}


def _of(frame: pl.DataFrame, level: str, place: str) -> pl.DataFrame:
    return frame.filter((pl.col("level") == level) & (pl.col("place") == place) & pl.col("memo").is_null())


def _by_year(frame: pl.DataFrame, wanted: pl.Expr) -> dict[int, int]:
    return dict(frame.filter(wanted).group_by("year").agg(pl.col("co2e_g").sum()).iter_rows())


def _cells(
    name: str, r: Mapping[int, int], k: Mapping[int, int], year: int, before: int | None, level: str, place: str
) -> dict[str, Cell]:
    now = r.get(year, 0), k.get(year, 0)
    pick = _pick(name, year, level, place)
    made = {"reported": Cell(now[0], pick=pick), "constant": Cell(now[1], formula=PARTS["constant"][1])}
    if before is None:
        made |= {part: Cell(None, "NE", _FIRST) for part in ("change", "activity", "factor")}
    else:
        then = r.get(before, 0), k.get(before, 0)
        values = {
            "change": now[0] - then[0],
            "activity": now[1] - then[1],
            "factor": (now[0] - now[1]) - (then[0] - then[1]),
        }
        at, was = f"ACC.constant_factors.{year}.{name}", f"ACC.constant_factors.{before}.{name}"
        series = {
            "R[t]": f"{at}_reported", "R[t-1]": f"{was}_reported", "K[t]": f"{at}_constant", "K[t-1]": f"{was}_constant"
        }  # fmt: skip
        for part, value in values.items():
            formula = PARTS[part][1]
            made[part] = Cell(value, formula=formula, inputs={s: a for s, a in series.items() if s in formula})
    return {f"{name}_{part}": cell for part, cell in made.items()}


def _pick(name: str, year: int, level: str, place: str) -> dict[str, tuple[object, ...]] | None:
    if name == "energy_co2":
        return None
    scopes = {"direct": (1,), "indirect": (2,), "with_indirect": (1, 2)}[name]
    return {"year": (year,), "level": (level,), "place": (place,), "memo": (None,), "scope": scopes}


def _used(reported: pl.DataFrame, constant: pl.DataFrame, constant_year: int, year: int, where: Text | None) -> Table:
    """Each factor whose vintage or value differs between the series: its emissions both ways, by year."""
    keys = ["factor", "gas", "year"]
    sums = [
        frame.filter(pl.col("factor").is_not_null())
        .group_by(keys)
        .agg(pl.col("co2e_g").sum(), pl.col("factor_value").first(), pl.col("vintage").first())
        for frame in (reported, constant)
    ]
    joined = sums[0].join(sums[1], on=keys, how="inner", suffix="_k")
    differ = joined.filter(
        pl.col("factor_value").ne_missing(pl.col("factor_value_k")) | pl.col("vintage").ne_missing(pl.col("vintage_k"))
    ).sort("year", "factor", "gas")
    columns = (
        Column("value", Text("当年因子", "Factor as reported"), "1", digits=6),
        Column("vintage", Text("数据年份", "Vintage"), "1"),
        Column("constant_value", Text("不变因子", "Constant factor"), "1", digits=6),
        Column("constant_vintage", Text("不变因子数据年份", "Vintage of the constant factor"), "1"),
        Column("difference", Text("影响", "Difference made"), "tCO2e", GRAMS),
    )
    rows = []
    for row in differ.iter_rows(named=True):
        cells = {
            "value": Cell(row["factor_value"], formula="factor"),
            "vintage": Cell(row["vintage"], formula="vintage"),
            "constant_value": Cell(row["factor_value_k"], formula=f"factor [{constant_year}]"),
            "constant_vintage": Cell(row["vintage_k"], formula=f"vintage [{constant_year}]"),
            "difference": Cell(row["co2e_g"] - row["co2e_g_k"], formula="R - K"),
        }
        words = f"{row['year']} {row['factor']} {row['gas']}"
        rows.append(Row(words.replace(" ", "_").lower(), Text(words, words), cells))
    name = Text("与不变因子不同的因子", "Factors that differ from the constant ones")
    return Table("constant_factors_used", name, year, columns, rows, None, where)
