"""The roadmap's case out of a district: its account, registers, plans and funds, and the catalogue's measures.

Nothing is taken for granted silently: what had to be assumed stands in ``notes``, each target that the case does not
hold in ``left_out`` with its reason, each measure that nothing can be done with in ``unused``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from dafeng.catalogue.load import Catalogue
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch
from dafeng.indicators.facts import Facts
from dafeng.roadmap.base_energy import (
    HOMES,
    KG_PER_LITRE,
    OWN_POWER,
    SEGMENTS,
    UNITS,
    Base,
    Defaults,
    base_energy,
    compounded,
    without_measures,
)
from dafeng.roadmap.case import Budget, Case, Measure, Series
from dafeng.roadmap.district_targets import LeftOut, Row, Setting, live_targets, with_counts
from dafeng.roadmap.potentials import Potentials

_UNNAMED = Text("本区", "the district")
# Full years of the funds register whose mean is the yearly budget of the years ahead.
_FUND_YEARS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the district is wanted. first year: the one after ``base_year``; grid: factor of the electricity that the
    account uses; purpose: the factor that decides, ``inventory`` or ``ets``; backlog: missed target → year by which a
    person wants it made up; zones: whether building measures stand apart for each zone."""

    base_year: int
    last_year: int = 2035
    grid: str = "grid_shanghai_inventory"
    purpose: str = "inventory"
    backlog: Mapping[str, int] | None = None
    zones: bool = False
    district: str = "district"
    name: Text = _UNNAMED

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.base_year + 1, self.last_year + 1))


@dataclass(frozen=True, slots=True)
class DistrictCase:
    """case; base: the account's year that it starts from; left_out: targets outside it; unused: measure → why."""

    case: Case
    base: Base
    left_out: tuple[LeftOut, ...]
    unused: Mapping[str, Text]
    notes: tuple[Text, ...]


def from_district(
    energy: pl.DataFrame, emissions: pl.DataFrame, facts: Facts, catalogue: Catalogue, targets: Iterable[Row],
    asked: Asked,
) -> DistrictCase:  # fmt: skip
    """energy, emissions: lines of the account. Raises BadInput where the account has no lines for the base year."""
    if not energy.filter((pl.col("year") == asked.base_year) & (pl.col("level") == "district")).height:
        raise BadInput(
            Problem(
                "roadmap.no-account",
                Place(item="energy_consumption", field=str(asked.base_year)),
                Text(f"没有 {asked.base_year} 年的能源账", f"there is no energy account for {asked.base_year}"),
                Text(
                    "填报该年的能源消费量，或改用有数据的年份", "load that year's energy, or take a year that has data"
                ),
            )
        )
    base = base_energy(energy, emissions, facts, catalogue, asked.base_year)
    default = Defaults(catalogue, asked.base_year)
    found = Potentials(catalogue, facts, base, asked.years)
    measures = found.measures()
    gdp = _gdp(facts, asked.base_year)
    setting = Setting(
        catalogue, asked.years, asked.base_year, base.co2_t, base.energy_tce, gdp, measures,
        found.flows(measures), asked.backlog or {},
    )  # fmt: skip
    kept, left_out = live_targets(targets, setting)
    counted = tuple(with_counts(measures, kept))
    if asked.zones:
        counted = tuple(part for one in counted for part in _by_zone(one, facts))
    budgets, said = _budgets(facts, counted, asked)
    standing = without_measures(base, catalogue, asked.years)
    carriers = _carriers(standing, counted)
    factors, purposes = _factors(base, default, asked, carriers)
    case = Case(
        id=asked.district,
        name=asked.name,
        years=asked.years,
        discount=default.value("discount_social") / 100,
        measures=counted,
        targets=tuple(target for target, _ in kept),
        carriers=carriers,
        base=standing,
        base_co2_t=np.zeros(len(asked.years)),
        factors=purposes.get(asked.purpose, factors),
        prices=_prices(default, asked, carriers),
        purpose=asked.purpose,
        purposes=purposes,
        tce={carrier: base.tce.get(carrier, 0.0) for carrier in carriers},
        units={carrier: _unit(carrier) for carrier in carriers},
        gdp=compounded(default, "growth_gdp", gdp, asked.base_year, asked.years) if gdp is not None else None,
        budgets=budgets,
        residual="annuity",
    )
    notes = (*base.notes, *said, *_assumptions(default, asked, purposes))
    return DistrictCase(case, base, tuple(left_out), found.left_out, notes)


def _gdp(facts: Facts, year: int) -> float | None:
    """亿CNY at constant prices."""
    frame = facts.frame("yearly_totals")
    rows = frame.filter(pl.col("year") == year)["gdp_constant"].drop_nulls() if frame is not None else None
    return float(rows[0]) if rows is not None and rows.len() else None


def _carriers(base: Mapping[str, Mapping[str, Series]], measures: Sequence[Measure]) -> tuple[str, ...]:
    standing = {carrier for of in base.values() for carrier in of}
    return tuple(sorted(standing | {carrier for one in measures for carrier in (*one.saves, *one.uses)}))


def _unit(carrier: str) -> str:
    return UNITS["electricity" if carrier == OWN_POWER else carrier.removesuffix(HOMES)][0]


def _factors(
    base: Base, default: Defaults, asked: Asked, carriers: Sequence[str]
) -> tuple[dict[str, Series], dict[str, dict[str, Series]]]:
    """tCO2 per unit: fuels as in the base year; electricity along the catalogue's path for each purpose.

    The inventory factor of a year is the latest published before it, as in the base year; so the path starts from the
    account's own value, and no year jumps when the base for its figures does not."""
    count = len(asked.years)
    held = {carrier: np.full(count, base.factors.get(carrier, 0.0)) for carrier in carriers}
    electric = [carrier for carrier in carriers if carrier.startswith("electricity")]
    inventory = dict(held)
    for carrier in electric:
        inventory[carrier] = compounded(
            default, "grid_trend_inventory", base.factors.get(carrier, 0.0), asked.base_year, asked.years
        )
    purposes = {"inventory": inventory}
    market = default.catalogue.factors.get(asked.grid.replace("_inventory", "_ets"))
    if market is not None and market.id != asked.grid:
        start = default.catalogue.unit_table.convert(default.value(market.id), market.unit, "tCO2/万kWh")
        path = compounded(default, "grid_trend_ets", start, asked.base_year, asked.years)
        purposes["ets"] = dict(held) | dict.fromkeys(electric, path)
    return inventory, purposes


# Carrier → (price, its yearly change).
_PRICES: Mapping[str, tuple[str, str]] = {
    "electricity": ("power_price_commercial", "price_trend_electricity"),
    "electricity_homes": ("power_price_home", "price_trend_electricity"),
    "natural_gas": ("gas_price_nonresidential", "price_trend_gas"),
    "natural_gas_homes": ("gas_price_home", "price_trend_gas"),
    "gasoline": ("petrol_price", "price_trend_oil"),
    "diesel": ("diesel_price", "price_trend_oil"),
    "heat": ("heat_price", "price_trend_gas"),
}


def _prices(default: Defaults, asked: Asked, carriers: Sequence[str]) -> dict[str, Series]:
    """CNY per unit of each carrier that has a price; own power earns what it replaces and what it feeds in."""
    found = {}
    for carrier, (price, trend) in _PRICES.items():
        start = default.value(price) * _per_unit(default, price, carrier)
        found[carrier] = compounded(default, trend, start, asked.base_year, asked.years)
    own = default.value("pv_self_use_share") / 100
    fed = default.vintage("feed_in_price", asked.years[0]).value * UNITS["electricity"][2]
    found[OWN_POWER] = own * found["electricity"] + (1 - own) * fed
    return {carrier: series for carrier, series in found.items() if carrier in carriers}


def _per_unit(default: Defaults, price: str, carrier: str) -> float:
    """How often the price's own unit of energy goes into the carrier's."""
    carrier = carrier.removesuffix(HOMES)
    units, given = default.catalogue.unit_table, default.catalogue.factors[price].unit
    if carrier in KG_PER_LITRE:
        return UNITS[carrier][2] / KG_PER_LITRE[carrier]
    try:
        return units.convert(1.0, given, f"元/{UNITS[carrier][1]}") * UNITS[carrier][2]
    except (UnitMismatch, KeyError):
        raise BadInput(
            Problem(
                "roadmap.price-unit",
                Place(item=price, field="unit"),
                Text(f"价格单位“{given}”与 {carrier} 不合", f"the price's unit “{given}” does not fit {carrier}"),
                Text(f"改为元/{UNITS[carrier][1]}", f"give it in CNY per {UNITS[carrier][1]}"),
            )
        ) from None


def _budgets(facts: Facts, measures: Sequence[Measure], asked: Asked) -> tuple[tuple[Budget, ...], list[Text]]:
    """A fund's budget of each year ahead: the mean of what it granted in the last full years."""
    frame = facts.frame("funds")
    wanted = sorted({one.fund for one in measures if one.fund})
    if frame is None or not wanted:
        return (), [Text("没有资金台账，不设资金约束", "there is no register of funds; no budget binds")]
    recent = range(asked.base_year - _FUND_YEARS + 1, asked.base_year + 1)
    budgets, said = [], []
    for fund in wanted:
        rows = frame.filter((pl.col("source") == fund) & pl.col("period").is_in(list(recent)))
        mean = float(rows["granted"].sum()) / _FUND_YEARS
        budgets += [Budget(fund, year, mean * 1e4) for year in asked.years]
        said.append(
            Text(
                f"{fund} 资金每年 {mean:.0f} 万元：{recent[0]}—{recent[-1]} 年批准额的平均",
                f"the fund “{fund}” has {mean:.0f} × 10⁴ CNY a year: the mean granted in {recent[0]}–{recent[-1]}",
            )
        )
    return tuple(budgets), said


def _by_zone(measure: Measure, facts: Facts) -> list[Measure]:
    """A measure on buildings once for each zone, in proportion to the floor area of its type there; any other stays
    the district's."""
    segment = measure.id.partition(".")[2]
    frame = facts.frame("buildings")
    if segment not in SEGMENTS or frame is None:
        return [measure]
    rows = frame.filter(pl.col("use").is_in(list(SEGMENTS[segment][1])) & (pl.col("stage") == "in_use"))
    areas = rows.group_by("zone").agg(pl.col("floor_area_m2").sum()).drop_nulls().sort("zone")
    whole = float(areas["floor_area_m2"].sum())
    if not whole:
        return [measure]
    return [
        replace(
            measure, zone=zone, potential=measure.potential * share, stock=measure.stock * share,
            existing=measure.existing * share, build_rate=measure.build_rate * share,
            growth=(measure.growth[0], measure.growth[1] * share) if measure.growth else None,
        )
        for zone, area in areas.iter_rows()
        for share in (area / whole,)
    ]  # fmt: skip


def _assumptions(default: Defaults, asked: Asked, purposes: Mapping[str, object]) -> list[Text]:
    trend = default.value("grid_trend_inventory")
    said = [
        Text(
            f"电网因子由 {asked.base_year} 年核算所用的值起，每年变化 {trend:g} %（假设）",
            f"the grid factor moves {trend:g} % a year from the account's value of {asked.base_year} (assumption)",
        ),
        Text(
            "不采取措施时的用能按目录的年增长率（假设），不是预测",
            "energy without measures grows at the catalogue's rates (assumptions); it is no forecast",
        ),
        Text(
            "未见补助的措施按全额投资计；价格为判断值",
            "measures are paid in full, without grants; prices are judgement",
        ),
    ]
    said.append(
        Text(
            "改造面积按措施分别计；一幢楼做几项就计几次，与台账逐项登记的口径相同",
            "retrofitted area counts for each measure: several in one building count several times, as in the register",
        )
    )
    if "ets" not in purposes:
        said.append(Text("没有碳市场用途的电力因子", "there is no carbon market factor of electricity"))
    return said
