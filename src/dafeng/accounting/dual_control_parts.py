"""Who used the district's energy and made its output: by sector, by subdistrict, by key unit.

In every such division ΣE_i = E, ΣCO2_i = CO2 and ΣGDP_i = GDP hold to the last digit: what the parts do not cover is a
row of its own. A part's contribution is a share of the district's cut; contributions add up, rates do not.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dafeng.accounting.constant_prices import Series
from dafeng.accounting.dual_control_divisions import TONNE, Division, Span, district_amounts, divisions
from dafeng.accounting.formula_cells import figure, gap
from dafeng.accounting.intensity import Part, contribution, cut
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.errors import WARNING, Place, Problem
from dafeng.core.text import Text, same
from dafeng.indicators.facts import Facts

YI_TO_WAN = 10_000  # 万元 in 亿元
# Parts that exceed or miss the whole by more than this share are flagged; below it is rounding.
SLACK = 0.001

_NO_OUTPUT = Text("没有不变价增加值", "no value added at constant prices")
_NO_AMOUNT = Text("没有两年都有的数", "no figure in both years")
_BASE_YEAR = Text("基期", "base year")
_UNIT_PRICES = Text(
    "单位增加值没有写明价格基期，不用于强度", "a unit's value added has no stated price base: not used for an intensity"
)
_SAID = {
    "energy": Text("能耗", "energy"),
    "co2": Text("碳排放", "CO2"),
    "gdp": Text("增加值", "output"),
}


def _columns_of(amount: str, unit: str, zh: str, en: str) -> tuple[Column, ...]:
    what = _SAID[amount]
    return (
        Column(amount, Text(zh, en), unit, TONNE, 0),
        Column(f"{amount}_share", Text(f"占全区{what.zh}", f"Share of {what.en}"), "%", digits=1),
        Column(f"{amount}_intensity", Text(f"{what.zh}强度", f"{what.en} intensity"), f"{unit}/万CNY", digits=4),
        Column(f"{amount}_cut_year", Text(f"{what.zh}强度比上年降低", f"{what.en}, cut in the year"), "%", digits=2),
        Column(f"{amount}_cut_total", Text(f"{what.zh}强度累计降低", f"{what.en}, cumulative cut"), "%", digits=2),
        Column(
            f"{amount}_contribution",
            Text(f"对全区{what.zh}强度累计降低的贡献", f"{what.en}, contribution to the district's cut"),
            "百分点",
            digits=3,
        ),
    )


_COLUMNS = (
    Column("gdp", Text("增加值（不变价）", "Value added, constant prices"), "亿CNY", digits=2),
    *_columns_of("energy", "tce", "能耗（等价值）", "Energy at coal equivalent"),
    *_columns_of("co2", "tCO2", "二氧化碳（直接和间接）", "CO2, direct and indirect"),
)


def parts_table(
    facts: Facts, energy: pl.DataFrame, emissions: pl.DataFrame, year: int, base_year: int, output: Series
) -> tuple[Table, list[Problem]]:
    """``dual_control_parts``: the district, then each division with its parts and the rest.

    The district's energy is that of the account's final consumption, which is what can be divided."""
    problems: list[Problem] = []
    span = Span(base_year, year, district_amounts(energy, emissions), output)
    rows = [Row("district", Text("全区", "the district"), _cells(span, span.amounts, output.values), kind="sum")]
    for division in divisions(facts, energy, emissions, span, problems):
        rows += _division_rows(division, span, problems)
    table = Table(
        "dual_control_parts",
        Text("分领域、分街镇、分单位双控表", "Dual control by sector, subdistrict and unit"),
        year,
        _COLUMNS,
        rows,
        notes=[
            Text(
                "各部分之和等于全区（未分到的单列一行）；贡献可以相加，降低率不能相加",
                "parts add up to the district (what is not assigned is a row); contributions add up, rates do not",
            ),
            Text(
                "能耗为终端消费（本账户），不含加工转换和损失",
                "energy is final consumption of this account, without transformation and losses",
            ),
        ],
        source="intensity_method_2009",
    )
    return table, problems


def _division_rows(division: Division, span: Span, problems: list[Problem]) -> list[Row]:
    parts = [code for code, years in division.amounts["energy"].items() if span.year in years]
    if not parts:
        cells: dict[str, Cell] = {column.id: gap(_NO_AMOUNT) for column in _COLUMNS}
        return [Row(division.code, division.name, cells, parent="district", kind="note")]
    why = _NO_OUTPUT if division.whole else _UNIT_PRICES
    rows = []
    for code in parts:
        own = {name: held.get(code, {}) for name, held in division.amounts.items()}
        cells = _cells(span, own, division.output.get(code, {}), division.why.get(code, why))
        name = division.names.get(code, same(code))
        rows.append(Row(f"{division.code}.{code}", name, cells, parent="district", depth=1))
    rest = {name: _rest(span, span.amounts[name], held) for name, held in division.amounts.items()}
    output = _rest(span, span.output.values, division.output)
    cells = _cells(span, rest, output, why)
    rows.append(Row(f"{division.code}.rest", division.rest, cells, parent="district", kind="difference", depth=1))
    for name, left in rest.items():
        problems += _do_not_sum(division, span.amounts[name], left, name, span.year)
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
    span: Span, amounts: Mapping[str, Mapping[int, float]], output: Mapping[int, float], why: Text = _NO_OUTPUT
) -> dict[str, Cell]:
    """A part's row. amounts: ``energy`` gce and ``co2`` g by year, output: 亿CNY; why: what to say without output."""
    gdp = output.get(span.year)
    cells = {"gdp": figure(gdp, "Σ value_added", why=why if gdp is None else None)}
    for name, held in amounts.items():
        cells |= _amount_cells(span, name, held, output, why)
    return cells


def _amount_cells(
    span: Span, name: str, held: Mapping[int, float], output: Mapping[int, float], why: Text
) -> dict[str, Cell]:
    year, base_year, whole, total = span.year, span.base_year, span.amounts[name], span.output.values
    amount, gdp = held.get(year), output.get(year)
    district = Part("district", total.get(base_year), total.get(year), whole.get(base_year), whole.get(year))
    part = Part("", output.get(base_year), gdp, held.get(base_year), amount)
    adds = contribution(part, district) if year != base_year else None
    share = None if amount is None or not whole.get(year) else 100 * amount / whole[year]
    now, last, first = (_intensity(held, output, one) for one in (year, year - 1, base_year))
    gone = why if gdp is None else _NO_AMOUNT
    symbol = {"energy": "E", "co2": "C"}[name]
    return {
        name: figure(amount, f"Σ {symbol}_i", why=_NO_AMOUNT if amount is None else None),
        f"{name}_share": figure(share, f"{symbol}_i / {symbol}", why=_NO_AMOUNT if share is None else None),
        f"{name}_intensity": figure(now, f"{symbol}_i / GDP_i", why=gone if now is None else None),
        f"{name}_cut_year": _cut(last, now, gone),
        f"{name}_cut_total": _cut(first, now, gone) if year != base_year else gap(_BASE_YEAR),
        f"{name}_contribution": figure(
            None if adds is None else 100 * adds,
            f"({symbol}_i0 / GDP_0 − {symbol}_i1 / GDP_1) / ({symbol}_0 / GDP_0)",
            why=_NO_AMOUNT if adds is None else None,
        ),
    }


def _intensity(amount: Mapping[int, float], output: Mapping[int, float], year: int) -> float | None:
    """tce (tCO2) per 10⁴ CNY; None without the amount or a positive output."""
    gdp = output.get(year)
    return amount[year] / TONNE / (gdp * YI_TO_WAN) if year in amount and gdp is not None and gdp > 0 else None


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
    said = _SAID[what]
    return [
        Problem(
            "account.parts-differ",
            Place(item=f"dual_control_parts {division.code}", field=what),
            Text(
                f"{year} 年{division.name.zh}的{said.zh}合计与全区相差 {-100 * share:+.2f}%",
                f"{said.en} {division.name.en} differs from the district by {-100 * share:+.2f} % in {year}",
            ),
            Text("差额单列一行；核对各部分的范围", "the difference is a row of its own: check the scope of the parts"),
            WARNING,
        )
    ]
