"""Who used the district's energy and made its output: by sector, by subdistrict, by key unit.

In every such division ΣE_i = E and ΣGDP_i = GDP hold to the last digit: what the parts do not cover is a row of its
own. A part's contribution is a share of the district's cut; contributions add up, rates do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from dafeng.accounting.constant_prices import Series, at_constant_prices, outputs
from dafeng.accounting.formula_cells import figure, gap
from dafeng.accounting.intensity import Part, contribution, cut
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text, same
from dafeng.indicators.facts import Facts

TCE = 1_000_000  # gce
YI_TO_WAN = 10_000  # 万元 in 亿元
# Parts that exceed or miss the whole by more than this share are flagged; below it is rounding.
SLACK = 0.001
MONTHS = 12

_NO_OUTPUT = Text("没有不变价增加值", "no value added at constant prices")
_NO_ENERGY = Text("没有两年都有的能耗", "no energy in both years")
_BASE_YEAR = Text("基期", "base year")
_HOMES = Text("居民生活没有增加值", "homes have no value added")
_UNIT_PRICES = Text(
    "单位增加值没有写明价格基期，不用于强度", "a unit's value added has no stated price base: not used for an intensity"
)


@dataclass(frozen=True, slots=True)
class Span:
    """The two years compared, and the district's energy (gce) and output (亿CNY at constant prices) by year."""

    base_year: int
    year: int
    energy: Mapping[int, float]
    output: Series


@dataclass(frozen=True, slots=True)
class Division:
    """One way to divide the district. energy: part → year → gce; output: part → year → 亿CNY. why: what to say of a
    part without output. whole: whether the parts should cover the district; key units are some of it by nature."""

    code: str
    name: Text
    names: Mapping[str, Text]
    energy: Mapping[str, Mapping[int, int]]
    output: Mapping[str, Mapping[int, float]]
    rest: Text
    why: Mapping[str, Text] = field(default_factory=dict)
    whole: bool = True


_COLUMNS = (
    Column("gdp", Text("增加值（不变价）", "Value added, constant prices"), "亿CNY", digits=2),
    Column("energy", Text("能耗（等价值）", "Energy at coal equivalent"), "tce", TCE, 0),
    Column("energy_share", Text("占全区能耗", "Share of energy"), "%", digits=1),
    Column("intensity", Text("能耗强度", "Intensity"), "tce/万CNY", digits=4),
    Column("cut_year", Text("强度比上年降低", "Cut in the year"), "%", digits=2),
    Column("cut_total", Text("强度累计降低", "Cumulative cut"), "%", digits=2),
    Column("contribution", Text("对全区累计降低的贡献", "Contribution to the district's cut"), "百分点", digits=3),
)


def parts_table(
    facts: Facts, energy: pl.DataFrame, year: int, base_year: int, output: Series
) -> tuple[Table, list[Problem]]:
    """``dual_control_parts``: the district, then each division with its parts and the rest.

    The district's energy is that of the account's final consumption, which is what can be divided."""
    problems: list[Problem] = []
    whole = _sums(energy.filter(pl.col("level") == DISTRICT), pl.lit("district")).get("district", {})
    span = Span(base_year, year, whole, output)
    rows = [Row("district", Text("全区", "the district"), _cells(span, whole, output.values), kind="sum")]
    for division in _divisions(facts, energy, span, problems):
        rows += _division_rows(division, span, problems)
    table = Table(
        "dual_control_parts",
        Text("分领域、分街镇、分单位双控表", "Dual control by sector, subdistrict and unit"),
        year,
        _COLUMNS,
        rows,
        notes=[
            Text(
                "各部分能耗之和等于全区、增加值之和等于全区；贡献可以相加，降低率不能相加",
                "parts' energy and output add up to the district's; contributions add up, rates do not",
            ),
            Text(
                "能耗为终端消费（本账户），不含加工转换和损失",
                "energy is final consumption of this account, without transformation and losses",
            ),
        ],
        source="intensity_method_2009",
    )
    return table, problems


def _divisions(facts: Facts, energy: pl.DataFrame, span: Span, problems: list[Problem]) -> list[Division]:
    sector_names = _options(facts, "energy_sectors")
    of_district = energy.filter(pl.col("level") == DISTRICT)
    return [
        Division(
            "sector",
            Text("按领域", "by sector"),
            sector_names,
            _sums(of_district, pl.col("sector")),
            _output_by_sector(facts, span, problems),
            Text("未分到领域", "not assigned to a sector"),
            {"homes": _HOMES},
        ),
        Division(
            "subdistrict",
            Text("按街镇", "by subdistrict"),
            {},
            _sums(energy.filter(pl.col("level") == "subdistrict"), pl.col("place")) or _monthly_energy(facts),
            _monthly_output(facts),
            Text("未分到街镇", "not assigned to a subdistrict"),
        ),
        Division(
            "unit",
            Text("重点用能单位", "key units"),
            _unit_names(facts),
            _sums(energy.filter(pl.col("level") == "unit"), pl.col("place")) or _unit_energy(facts),
            {},
            Text("其他用能", "all others"),
            whole=False,
        ),
    ]


def _sums(lines: pl.DataFrame, by: pl.Expr) -> dict[str, dict[int, int]]:
    """Part → year → final consumption, gce."""
    sums = (
        lines.filter((pl.col("flow") == "final") & pl.col("basis").ne_missing("meter"))
        .group_by(by.cast(pl.String).alias("part"), "year")
        .agg(pl.col("gce_equal").sum())
    )
    made: dict[str, dict[int, int]] = {}
    for part, year, gce in sums.sort("part", "year").iter_rows():
        made.setdefault(part or "", {})[year] = gce
    return made


def _output_by_sector(facts: Facts, span: Span, problems: list[Problem]) -> dict[str, dict[int, float]]:
    frame = facts.frame("gdp_by_sector")
    if frame is None:
        return {}
    made = {}
    for sector in frame["sector"].unique().sort().to_list():
        rows = outputs(frame.filter(pl.col("sector") == sector), "value_added", None, "value_added_current")
        there = [one for one in (span.base_year, span.year) if any(row.year == one for row in rows)]
        series, found = at_constant_prices(rows, span.output.price_base, there, f"gdp_by_sector {sector}")
        problems += found
        if series.price_base == span.output.price_base:
            made[sector] = dict(series.values)
    return made


def _whole_years(facts: Facts, column: str) -> dict[str, dict[int, float]]:
    """Subdistrict → year → sum of twelve months of the monthly ledger; a year with fewer months is none."""
    frame = facts.frame("dual_control_monthly")
    if frame is None:
        return {}
    sums = (
        frame.filter((pl.col("kind") == "subdistrict") & pl.col(column).is_not_null())
        .group_by("receiver", "period")
        .agg(pl.col(column).sum(), pl.col("month").n_unique().alias("months"))
        .filter(pl.col("months") == MONTHS)
        .sort("receiver", "period")
    )
    made: dict[str, dict[int, float]] = {}
    for receiver, year, value, _ in sums.iter_rows():
        made.setdefault(receiver, {})[year] = value
    return made


def _monthly_energy(facts: Facts) -> dict[str, dict[int, int]]:
    held = _whole_years(facts, "energy_tce")
    return {part: {year: round(value * TCE) for year, value in years.items()} for part, years in held.items()}


def _monthly_output(facts: Facts) -> dict[str, dict[int, float]]:
    return _whole_years(facts, "value_added")


def _unit_energy(facts: Facts) -> dict[str, dict[int, int]]:
    frame = facts.frame("key_unit_energy")
    if frame is None:
        return {}
    made: dict[str, dict[int, int]] = {}
    for unit, year, tce in frame.select("unit", "year", "energy_tce").sort("unit", "year").iter_rows():
        made.setdefault(unit, {})[year] = round(tce * TCE)
    return made


def _unit_names(facts: Facts) -> dict[str, Text]:
    frame = facts.frame("key_units")
    return {} if frame is None else {code: same(name) for code, name in frame.select("code", "name").iter_rows()}


def _options(facts: Facts, choice: str) -> dict[str, Text]:
    options = facts.catalogue.choices[choice].options
    return {code: Text(option.zh, option.en) for code, option in options.items()}


# ── rows ──


def _division_rows(division: Division, span: Span, problems: list[Problem]) -> list[Row]:
    parts = [code for code, years in division.energy.items() if span.year in years]
    if not parts:
        cells: dict[str, Cell] = {column.id: gap(_NO_ENERGY) for column in _COLUMNS}
        return [Row(division.code, division.name, cells, parent="district", kind="note")]
    why = _NO_OUTPUT if division.whole else _UNIT_PRICES
    rows = [
        Row(
            f"{division.code}.{code}",
            division.names.get(code, same(code)),
            _cells(span, division.energy[code], division.output.get(code, {}), division.why.get(code, why)),
            parent="district",
            depth=1,
        )
        for code in parts
    ]
    energy, output = _rest(span, span.energy, division.energy), _rest(span, span.output.values, division.output)
    rest = _cells(span, energy, output, why)
    rows.append(Row(f"{division.code}.rest", division.rest, rest, parent="district", kind="difference", depth=1))
    problems += _do_not_sum(division, span.energy, energy, "energy", span.year)
    problems += _do_not_sum(division, span.output.values, output, "gdp", span.year)
    return rows


def _rest(span: Span, whole: Mapping[int, float], parts: Mapping[str, Mapping[int, float]]) -> dict[int, float]:
    """What the parts leave of the whole, for years that have any part."""
    made = {}
    for one in range(span.base_year, span.year + 1):
        held = [years[one] for years in parts.values() if one in years]
        if held and one in whole:
            made[one] = whole[one] - sum(held)
    return made


def _cells(
    span: Span, energy: Mapping[int, float], output: Mapping[int, float], why: Text = _NO_OUTPUT
) -> dict[str, Cell]:
    """A part's row. energy: gce, output: 亿CNY by year; why: what to say where there is no output."""
    year, base_year, whole = span.year, span.base_year, span.energy
    gce, gdp = energy.get(year), output.get(year)
    district = Part(
        "district",
        span.output.values.get(base_year),
        span.output.values.get(year),
        whole.get(base_year),
        whole.get(year),
    )
    part = Part("", output.get(base_year), gdp, energy.get(base_year), gce)
    adds = contribution(part, district) if year != base_year else None
    share = None if gce is None or not whole.get(year) else 100 * gce / whole[year]
    now, last, first = (_intensity(energy, output, one) for one in (year, year - 1, base_year))
    gone = why if gdp is None else _NO_ENERGY
    return {
        "gdp": figure(gdp, "Σ value_added", why=why if gdp is None else None),
        "energy": figure(gce, "Σ gce_equal, final", why=_NO_ENERGY if gce is None else None),
        "energy_share": figure(share, "E_i / E"),
        "intensity": figure(now, "E_i / GDP_i", why=gone if now is None else None),
        "cut_year": _cut(last, now, gone),
        "cut_total": _cut(first, now, gone) if year != base_year else gap(_BASE_YEAR),
        "contribution": figure(
            None if adds is None else 100 * adds,
            "(E_i0 / GDP_0 − E_i1 / GDP_1) / (E_0 / GDP_0)",
            why=_NO_ENERGY if adds is None else None,
        ),
    }


def _intensity(energy: Mapping[int, float], output: Mapping[int, float], year: int) -> float | None:
    """tce per 10⁴ CNY; None without energy or a positive output."""
    gdp = output.get(year)
    return energy[year] / TCE / (gdp * YI_TO_WAN) if year in energy and gdp is not None and gdp > 0 else None


def _cut(before: float | None, after: float | None, why: Text) -> Cell:
    value = 100 * cut(before, after) if before and after is not None else None
    return figure(value, "1 − I_t / I_before", why=why if value is None else None)


def _do_not_sum(
    division: Division, whole: Mapping[int, float], rest: Mapping[int, float], what: str, year: int
) -> list[Problem]:
    """Parts beyond the whole, or, where they should cover it, short of it."""
    if year not in rest or not whole.get(year):
        return []
    share = rest[year] / whole[year]
    if -SLACK <= share <= SLACK or (share > 0 and not division.whole):
        return []
    said = {"energy": "能耗", "gdp": "增加值"}[what]
    return [
        Problem(
            "account.parts-differ",
            Place(item=f"dual_control_parts {division.code}", field=what),
            Text(
                f"{year} 年{division.name.zh}的{said}合计与全区相差 {-100 * share:+.2f}%",
                f"{what} {division.name.en} differs from the district by {-100 * share:+.2f} % in {year}",
            ),
            Text("差额单列一行；核对各部分的范围", "the difference is a row of its own: check the scope of the parts"),
            WARNING,
        )
    ]
