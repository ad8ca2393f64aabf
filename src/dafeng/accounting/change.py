"""Why the district's CO2 and energy changed between two years: tables of effects that add up without a rest.

The method is LMDI-I on the chains of ``change_cells``. What the registers do not hold (value added by sector, degree
days, residents) has no effect of its own: it is left out, said so, and stays in the intensity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from dafeng.accounting.book import Book
from dafeng.accounting.change_cells import (
    CONVERSION,
    FACTORS,
    HOMES,
    NOT_FOR_CONVERSION,
    NOT_FOR_HOMES,
    REST,
    Chained,
    chained,
)
from dafeng.accounting.decomposition import logarithmic_mean
from dafeng.accounting.lines import DISTRICT
from dafeng.accounting.tables import Cell, Column, Row, Table
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.indicators.facts import Facts

# Whole tonnes are printed: 1e6 g of CO2, 1e6 gce.
TONNE = 1_000_000
QUANTITIES: Mapping[str, tuple[Text, str]] = {
    "co2": (Text("能源二氧化碳（直接加外购电力热力）", "CO2 of energy, direct and of power and heat bought"), "tCO2"),
    "energy": (Text("能源消费量（等价值）", "Energy at coal equivalent"), "tce"),
}
EFFECTS: Mapping[str, Text] = {
    "activity_output": Text("经济规模（不变价生产总值）", "Activity: output at constant prices"),
    "activity_residents": Text("人口规模（居民生活）", "Activity: residents, for homes"),
    "structure": Text("产业结构", "Structure of output"),
    "intensity": Text("用能强度（已剔除天气）", "Energy intensity, corrected for weather"),
    "weather": Text("天气", "Weather"),
    "mix": Text("能源品种结构", "Mix of carriers"),
    "own_supply": Text("自产电力热力替代外购", "Own power and heat in place of bought"),
    "raw_material": Text("用作原料的比重", "Part used as raw material"),
    "fuel_factor": Text("燃料排放因子", "Emission factors of fuels"),
    "grid_factor": Text("电网排放因子", "Grid factor"),
    "heat_factor": Text("热力排放因子", "Heat factor"),
    "coefficient": Text("折标准煤系数", "Coal-equivalent coefficients"),
    REST: Text("加工转换、损失及不能分解的部分（直接相减）", "Conversion, losses and what is no product (difference)"),
}
OF: Mapping[str, tuple[str, ...]] = {
    "co2": tuple(name for name in EFFECTS if name != "coefficient"),
    "energy": (
        "activity_output", "activity_residents", "structure", "intensity", "weather", "mix", "coefficient", REST,
    ),
}  # fmt: skip
_FACTOR = {"activity_output": "activity", "activity_residents": "activity"}
CONVERSION_WORDS = Text("加工转换和损失", "Conversion and losses")
_NOT_OF = Text("这一项不影响该总量", "this does not enter the total")
_NOT_HERE = Text("该部门没有这一项", "this sector has none of it")
_NO_RATIO = Text("期初或期末为零，没有比值", "one of the years is zero: there is no ratio")
WHOLE = Text(
    "各项影响取整到吨：先向下取整，再把余数按小数部分从大到小逐吨分配，使每行各部门之和等于全区、"
    "每列期初加各项影响等于期末。",
    "Effects are whole tonnes: rounded down, then the remainder is given out tonne by tonne to the largest fractions, "
    "so that every row adds up over sectors and every column from the first year to the last.",
)  # fmt: skip
METHOD = Text(
    "对数平均迪氏指数（LMDI-I）加法和乘法分解，无残差；零值按 Ang 和 Liu（2007）的极限处理。能源链用起始年的当量系数"
    "折算，折标系数的变化单列。",
    "LMDI-I, additive and multiplicative, without residual; zeros by the limits of Ang and Liu (2007). Energy in the "
    "chain is measured at the first year's calorific coefficients; a change of coefficients is an effect of its own.",
)


@dataclass(frozen=True, slots=True)
class Effects:
    """One quantity between two years, before rounding. additive: (effect, sector) → grams or gce; start, end: sector →
    the same, exact. Σ of the effects of a sector = end − start within 1e-9 of the larger."""

    chain: Chained
    additive: Mapping[tuple[str, str], float]
    start: Mapping[str, int]
    end: Mapping[str, int]

    def total(self, effect: str) -> float:
        return math.fsum(value for (name, _), value in self.additive.items() if name == effect)

    def ratio(self, effect: str, sector: str | None = None) -> float | None:
        """What the effect alone would have multiplied the total (or a sector) by; None where a year is zero."""
        v0, v1 = ((sum(held.values()) if sector is None else held.get(sector, 0)) for held in (self.start, self.end))
        if v0 <= 0 or v1 <= 0:
            return None
        value = self.total(effect) if sector is None else self.additive.get((effect, sector), 0.0)
        return math.exp(value / float(logarithmic_mean(np.array(float(v1)), np.array(float(v0)))))


def effects(
    quantity: str, energy: pl.DataFrame, emissions: pl.DataFrame, facts: Facts, years: Sequence[int]
) -> tuple[Effects, list[Problem]]:
    """``co2`` or ``energy`` between the first and the last of the years; with years between, the sum of the steps."""
    chain, problems = chained(quantity, energy, emissions, facts, years)
    first, last = years[0], years[-1]
    start, end = ({sector: held[year] for sector, held in chain.totals.items()} for year in (first, last))
    return Effects(chain, chain.effects(), start, end), problems


def change(
    energy: pl.DataFrame,
    emissions: pl.DataFrame,
    facts: Facts,
    book: Book,
    start: int,
    end: int,
    *,
    chained_yearly: bool = False,
) -> tuple[dict[str, Table], list[Problem]]:
    """Tables ``change`` (CO2 and energy, differences and ratios), ``change_co2`` and ``change_energy`` (by sector).

    energy, emissions: lines of the account, of any levels (the district's are taken). chained_yearly: every year
    between that has statistics is a step; the default compares the two years directly. Raises BadInput when a year
    has no lines, or both are the same."""
    years = _years(energy, start, end, chained_yearly)
    made: dict[str, Effects] = {}
    problems: list[Problem] = []
    for quantity in QUANTITIES:
        made[quantity], found = effects(quantity, energy, emissions, facts, years)
        problems += found
    whole = {quantity: _in_tonnes(quantity, one) for quantity, one in made.items()}
    notes = (METHOD, WHOLE, *_said(made), *_steps(years))
    tables = {"change": _main(made, whole, years, notes)}
    options = book.catalogue.choices["energy_sectors"].options
    names = {code: Text(option.zh, option.en) for code, option in options.items()} | {CONVERSION: CONVERSION_WORDS}
    for quantity, one in made.items():
        table = _by_sector(quantity, one, whole[quantity], names, years, notes)
        tables[table.id] = table
    return tables, list(dict.fromkeys(problems))


def _years(energy: pl.DataFrame, start: int, end: int, every: bool) -> list[int]:
    held = energy.filter((pl.col("level") == DISTRICT) & (pl.col("flow") == "final"))["year"].unique().to_list()
    problems = [_no_year(year, sorted(held)) for year in dict.fromkeys((start, end)) if year not in held]
    if start >= end:
        problems.append(_order(start, end))
    if problems:
        raise BadInput(problems)
    return [year for year in sorted(held) if start <= year <= end] if every else [start, end]


def _no_year(year: int, held: Sequence[int]) -> Problem:
    known = f"{held[0]}–{held[-1]}" if held else "–"
    return Problem(
        "account.change-year",
        Place(item="energy_consumption", field=str(year)),
        Text(f"{year} 年没有能源统计，不能比较（有：{known}）", f"{year} has no energy statistics (there are {known})"),
        Text("填报该年 energy_consumption，或换一年比较", "load energy_consumption of that year, or compare another"),
    )


def _order(start: int, end: int) -> Problem:
    return Problem(
        "account.change-order",
        Place(item="change", field=f"{start}–{end}"),
        Text(f"起始年 {start} 不早于结束年 {end}", f"the first year {start} is not before the last year {end}"),
        Text("从较早的一年比到较晚的一年", "compare from the earlier year to the later one"),
    )


# ── whole tonnes ──


def largest_remainder(values: Sequence[float], total: int) -> list[int]:
    """The values as whole numbers that sum to ``total`` (their own sum, rounded): each rounded down, the rest given to
    the largest fractions. A value of exactly 0 stays 0 unless all are."""
    taken = [i for i, value in enumerate(values) if value != 0] or list(range(len(values)))
    floors = {i: math.floor(values[i]) for i in taken}
    each, over = divmod(total - sum(floors.values()), len(taken)) if taken else (0, 0)
    order = sorted(taken, key=lambda i: (floors[i] - values[i], i))
    parts = [0] * len(values)
    for rank, i in enumerate(order):
        parts[i] = floors[i] + each + (1 if rank < over else 0)
    return parts


@dataclass(frozen=True, slots=True)
class _Whole:
    """Whole tonnes. start, end: by sector, adding up to the printed totals; effects: (effect, sector)."""

    start: Mapping[str, int]
    end: Mapping[str, int]
    effects: Mapping[tuple[str, str], int]

    def total(self, effect: str) -> int:
        return sum(value for (name, _), value in self.effects.items() if name == effect)


def _in_tonnes(quantity: str, made: Effects) -> _Whole:
    sectors = list(made.start)
    start, end = (
        dict(zip(sectors, largest_remainder([held[s] / TONNE for s in sectors], _rounded(held)), strict=True))
        for held in (made.start, made.end)
    )
    found: dict[tuple[str, str], int] = {}
    for sector in sectors:
        exact = [made.additive.get((name, sector), 0.0) / TONNE for name in OF[quantity]]
        parts = largest_remainder(exact, end[sector] - start[sector])
        found |= {(name, sector): part for name, part in zip(OF[quantity], parts, strict=True)}
    return _Whole(start, end, found)


def _rounded(held: Mapping[str, int]) -> int:
    return math.floor(sum(held.values()) / TONNE + 0.5)


# ── tables ──


def _main(made: Mapping[str, Effects], whole: Mapping[str, _Whole], years: list[int], notes: Sequence[Text]) -> Table:
    columns, cells = [], {}
    for quantity, (name, unit) in QUANTITIES.items():
        ratio = f"{quantity}_ratio"
        columns += [
            Column(quantity, name, unit, TONNE, 0),
            Column(ratio, Text(f"{name.zh}：倍数", f"{name.en}: ratio"), "1", digits=4),
        ]
        one, tonnes = made[quantity], whole[quantity]
        first, last = sum(one.start.values()), sum(one.end.values())
        for code in ("start", "end"):
            cells[code, quantity] = _total_cell(quantity, one, years[0] if code == "start" else years[-1])
        cells["start", ratio] = Cell(1.0, formula="1")
        cells["end", ratio] = _ratio_cell(last / first if first > 0 and last > 0 else None, "end / start")
        for effect in EFFECTS:
            for column, cell in _effect_cells(quantity, effect, one, tonnes).items():
                cells[effect, column] = cell
        inputs = {name: f"ACC.change.{name}.{quantity}" for name in OF[quantity]}
        cells["change", quantity] = Cell(
            (sum(tonnes.end.values()) - sum(tonnes.start.values())) * TONNE, formula=" + ".join(inputs), inputs=inputs
        )
        cells["change", ratio] = _ratio_cell(last / first if first > 0 and last > 0 else None, "end / start")
    ids = [column.id for column in columns]
    rows = [Row("start", Text(f"{years[0]} 年", str(years[0])), {one: cells["start", one] for one in ids}, kind="sum")]
    rows += [
        Row(effect, name, {one: cells[effect, one] for one in ids}, "change", depth=1)
        for effect, name in EFFECTS.items()
    ]
    words = Text("变动合计", "Change")
    rows.append(Row("change", words, {one: cells["change", one] for one in ids}, kind="difference"))
    rows.append(
        Row("end", Text(f"{years[-1]} 年", str(years[-1])), {one: cells["end", one] for one in ids}, kind="sum")
    )
    name = Text(f"{years[0]}—{years[-1]} 年变动原因", f"Reasons of change {years[0]}–{years[-1]}")
    return Table("change", name, years[-1], columns, rows, None, None, notes, "lmdi")


def _total_cell(quantity: str, one: Effects, year: int) -> Cell:
    value = sum(one.start.values()) if year == one.chain.years[0] else sum(one.end.values())
    what = "gas_g of CO2 of energy, scope 1 + 2" if quantity == "co2" else "gce_equal: final + conversion + losses"
    return Cell(value, formula=f"{what} [{year}]")


def _ratio_cell(value: float | None, formula: str) -> Cell:
    return Cell(None, "NE", _NO_RATIO) if value is None else Cell(value, formula=formula)


def _effect_cells(quantity: str, effect: str, one: Effects, tonnes: _Whole) -> dict[str, Cell]:
    ratio = f"{quantity}_ratio"
    if effect not in OF[quantity]:
        return {quantity: Cell(None, "NO", _NOT_OF), ratio: Cell(None, "NO", _NOT_OF)}
    out, reason = _left_out(one, effect)
    if out:
        return {quantity: Cell(None, "NE", reason), ratio: Cell(None, "NE", reason)}
    held = one.ratio(effect)
    inputs = {
        sector: f"ACC.change_{quantity}.{effect}.{sector}" for sector in one.start if (effect, sector) in one.additive
    }
    return {
        quantity: Cell(tonnes.total(effect) * TONNE, reason=reason, formula=" + ".join(inputs) or "0", inputs=inputs),
        ratio: Cell(None, "NE", _NO_RATIO)
        if held is None
        else Cell(held, reason=reason, formula="exp(effect / L(end, start))"),
    }


def _left_out(one: Effects, effect: str, sector: str | None = None) -> tuple[bool, Text | None]:
    """Whether an effect is left out everywhere (or in the sector), and why it is so somewhere."""
    factor = _FACTOR.get(effect, effect)
    mine = [name for (name, _) in one.additive if name == effect]
    sectors = [s for (name, s) in one.additive if name == effect] if sector is None else [sector]
    lacking = [one.chain.lacking[factor, s] for s in sectors if (factor, s) in one.chain.lacking]
    real = [text for text in lacking if not _by_nature(text)] or lacking
    return bool(mine) and len(lacking) == len(sectors) > 0, real[0] if real else None


def _by_nature(text: Text) -> bool:
    """Whether an effect is left out because the sector has no such factor, not because data are lacking."""
    return text in (NOT_FOR_HOMES, NOT_FOR_CONVERSION)


def _by_sector(
    quantity: str, one: Effects, tonnes: _Whole, names: Mapping[str, Text], years: list[int], notes: Sequence[Text]
) -> Table:
    name, unit = QUANTITIES[quantity]
    order = [code for code in names if code in one.start] + [code for code in one.start if code not in names]
    columns = [Column(code, names.get(code, Text(code, code)), unit, TONNE, 0) for code in order]
    columns.append(Column("total", Text("全区", "District"), unit, TONNE, 0))
    rows = [_end_row("start", years[0], order, tonnes.start, quantity)]
    for effect in OF[quantity]:
        cells = {}
        for sector in order:
            out, reason = _left_out(one, effect, sector)
            out = out and not tonnes.effects[effect, sector]
            key = "NO" if reason is not None and _by_nature(reason) else "NE"
            if (effect, sector) not in one.additive and not tonnes.effects[effect, sector]:
                out, key, reason = True, "NO", _NOT_HERE
            cells[sector] = (
                Cell(None, key, reason)
                if out
                else Cell(tonnes.effects[effect, sector] * TONNE, formula=_arithmetic(one.chain, effect, sector))
            )
        inputs = {sector: f"ACC.change_{quantity}.{effect}.{sector}" for sector in order}
        cells["total"] = Cell(tonnes.total(effect) * TONNE, formula=" + ".join(inputs), inputs=inputs)
        rows.append(Row(effect, EFFECTS[effect], cells, "change", depth=1))
    cells = {}
    for sector in [*order, "total"]:
        inputs = {"end": f"ACC.change_{quantity}.end.{sector}", "start": f"ACC.change_{quantity}.start.{sector}"}
        held = [sector] if sector != "total" else order
        value = sum(tonnes.end[s] - tonnes.start[s] for s in held)
        cells[sector] = Cell(value * TONNE, formula="end - start", inputs=inputs)
    rows.append(Row("change", Text("变动合计", "Change"), cells, kind="difference"))
    rows.append(_end_row("end", years[-1], order, tonnes.end, quantity))
    title = Text(
        f"{years[0]}—{years[-1]} 年分部门变动原因：{name.zh}", f"Change {years[0]}–{years[-1]} by sector: {name.en}"
    )
    return Table(f"change_{quantity}", title, years[-1], columns, rows, None, None, notes, "lmdi")


# What is said of a factor that a sector has one of: its unit, and how many of the chain's units make one.
_TOLD: Mapping[str, tuple[str, float]] = {
    "activity_output": ("亿CNY", 1.0),
    "activity_residents": ("万人", 1.0),
    "structure": ("%", 0.01),
    "weather": ("1", 1.0),
    "intensity": ("tce/万CNY", 1e10),
}


def _arithmetic(chain: Chained, effect: str, sector: str) -> str:
    """The formula of an effect, with both values of the factor where the sector has one of it."""
    if effect == REST:
        return "V1 - V0"
    formula = "Σ L(V1, V0) × ln(x1 / x0)"
    at = [number for number, (name, _) in enumerate(chain.cells) if name == sector]
    factors = dict(zip(FACTORS[chain.quantity], np.moveaxis(chain.x[at], 2, 0), strict=True))
    name = _FACTOR.get(effect, effect)
    if effect not in _TOLD or not at or (name, sector) in chain.lacking:
        return formula
    unit, per = _TOLD[effect]
    values = factors[name][0]
    if effect == "weather":
        # W of the sector: what was used over what a normal year would have used.
        values = (factors["mix"] * factors["weather"]).sum(axis=0)
    if effect == "intensity" and sector == HOMES:
        unit, per = "kgce/人", 1e7
    return f"{formula}; x: {values[0] / per:.6g} → {values[-1] / per:.6g} {unit}"


def _end_row(code: str, year: int, order: Sequence[str], held: Mapping[str, int], quantity: str) -> Row:
    cells = {sector: Cell(held[sector] * TONNE, formula=f"{quantity}[{year}]") for sector in order}
    inputs = {sector: f"ACC.change_{quantity}.{code}.{sector}" for sector in order}
    cells["total"] = Cell(sum(held.values()) * TONNE, formula=" + ".join(inputs), inputs=inputs)
    return Row(code, Text(f"{year} 年", str(year)), cells, kind="sum")


def _said(made: Mapping[str, Effects]) -> list[Text]:
    found: dict[Text, None] = {}
    for one in made.values():
        for (_, sector), text in one.chain.lacking.items():
            if not _by_nature(text) and (sector in one.start):
                found[text] = None
    return list(found)


def _steps(years: Sequence[int]) -> list[Text]:
    if len(years) == 2:
        return []
    return [
        Text(
            f"逐年分解后相加：{'、'.join(map(str, years))}。", f"The sum of yearly steps: {', '.join(map(str, years))}."
        )
    ]
