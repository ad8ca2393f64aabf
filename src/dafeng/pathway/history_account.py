"""The account of a district as a model needs it: energy by sector and carrier, own supply, factors, by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from dafeng.accounting.dual_control_divisions import co2_of
from dafeng.accounting.emissions_sources import own_use
from dafeng.accounting.lines import DISTRICT, PER
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

# Year → amount.
Yearly = Mapping[int, float]
GRAM_TO_TONNE = 1e-6
BURNT_FOR_OTHERS = ("into_power", "into_heat")


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """final: (sector, carrier) → energy in the carrier's unit (万kWh, 万m3, t, GJ, tce) by year; own: carrier → what is
    made and used in the district (positive); burnt: carrier → fuel of the district's plants; material: tCO2 that is
    counted in no total since the carrier is raw material; factors: carrier → tCO2 per unit of its account; vintages:
    carrier → year of the data of its newest factor; co2: tCO2 of the whole."""

    years: tuple[int, ...]
    final: Mapping[tuple[str, str], Yearly]
    own: Mapping[str, Yearly]
    burnt: Mapping[str, Yearly]
    material: Yearly
    factors: Mapping[str, Yearly]
    co2: Yearly
    vintages: Mapping[str, int] = field(default_factory=dict)

    @property
    def base(self) -> int:
        return self.years[-1]

    @property
    def carriers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(carrier for _, carrier in self.final), *self.own, *self.burnt]))


def account_history(energy: pl.DataFrame, emissions: pl.DataFrame, base: int | None = None) -> AccountHistory:
    """energy, emissions: lines of every level and year (``lines_of_all_years``). base: last year of history, the last
    with final consumption unless given. Raises BadInput when the account has no year, or a gap between its years."""
    lines = energy.filter(pl.col("level") == DISTRICT)
    final = lines.filter(pl.col("flow") == "final")
    years = sorted(year for year in final["year"].unique().to_list() if base is None or year <= base)
    _must_be_whole(years)
    held = pl.col("year").is_in(years)
    here = emissions.filter((pl.col("level") == DISTRICT) & held)
    co2 = {year: grams * GRAM_TO_TONNE for year, grams in co2_of(here, DISTRICT, pl.lit("all")).get("all", {}).items()}
    counted = here.filter(
        (pl.col("gas") == "CO2") & pl.col("energy_line").is_not_null() & pl.col("memo").is_null()
        & pl.col("scope").is_in([1, 2])
    )  # fmt: skip
    factors = _factors(counted, final.filter(held))
    return AccountHistory(
        tuple(years),
        {(keys[0], keys[1]): series for keys, series in _by(final.filter(held), ["sector", "carrier"], years).items()},
        {
            keys[0]: _signed(series, -1)
            for keys, series in _by(own_use(energy).filter(held), ["carrier"], years).items()
        },
        {
            keys[0]: _signed(series, -1)
            for keys, series in _by(
                lines.filter(pl.col("flow").is_in(BURNT_FOR_OTHERS) & held), ["carrier"], years
            ).items()
        },
        _material(final.filter(held), factors, years),
        factors,
        co2,
        _vintages(counted),
    )


def _must_be_whole(years: list[int]) -> None:
    if years and years[-1] - years[0] + 1 == len(years):
        return
    held, held_en = "、".join(map(str, years)) or "无", ", ".join(map(str, years)) or "none"
    raise BadInput(
        Problem(
            "pathway.account-years",
            Place(item="energy_consumption", field="year"),
            Text(
                f"账户的能源数据年份不连续或没有（有：{held}），模型没有历史可依",
                f"the account has no years, or a gap between them (there are: {held_en}): a model has no history",
            ),
            Text(
                "补报缺的年份，或把模型的历史限于连续的年份", "load the missing years, or begin the model after the gap"
            ),
        )
    )


def _by(lines: pl.DataFrame, keys: list[str], years: list[int]) -> dict[tuple[str, ...], dict[int, float]]:
    """Sums in the unit people read; a year in which nothing is written is 0."""
    sums = lines.group_by([*keys, "year", "unit"]).agg(pl.col("amount").sum()).sort([*keys, "year"])
    made: dict[tuple[str, ...], dict[int, float]] = {}
    for row in sums.iter_rows(named=True):
        key = tuple(row[name] or "" for name in keys)
        series = made.setdefault(key, dict.fromkeys(years, 0.0))
        series[row["year"]] += row["amount"] / PER[row["unit"]]
    return made


def _signed(series: Yearly, sign: int) -> dict[int, float]:
    return {year: sign * value for year, value in series.items()}


def _factors(counted: pl.DataFrame, final: pl.DataFrame) -> dict[str, dict[int, float]]:
    """Carrier → year → tCO2 per unit of the account: the factor used, in the unit that the carrier is counted in.

    The lines hold activity in smallest units, so gas ÷ activity would be the factor but for rounding to whole grams;
    the factor itself is exact."""
    per = {row["carrier"]: PER[row["unit"]] for row in final.select("carrier", "unit").unique().iter_rows(named=True)}
    made: dict[str, dict[int, float]] = {}
    groups = counted.group_by(["carrier", "year"]).agg(
        pl.col("gas_g").abs().sum().alias("g"), pl.col("activity").abs().sum(), pl.col("factor_value").n_unique(),
        pl.col("factor_value").first().alias("value"), pl.col("factor_unit").first(),
    )  # fmt: skip
    for row in groups.sort("carrier", "year").iter_rows(named=True):
        carrier = row["carrier"]
        exact = _scaled(row["value"], row["factor_unit"]) if row["factor_value"] == 1 else None
        ratio = row["g"] * GRAM_TO_TONNE / row["activity"] * per.get(carrier, 1) if row["activity"] else 0.0
        near = exact is not None and ratio and abs(exact / ratio - 1) < 1e-6
        made.setdefault(carrier, {})[row["year"]] = float(exact) if near and exact is not None else ratio
    return made


# Unit of a factor → how much to multiply by for tCO2 per unit in which the account shows the carrier.
_TO_ACCOUNT = {"tCO2/MWh": 10.0, "kgCO2/kWh": 10.0, "tCO2/万kWh": 1.0, "tCO2/t": 1.0, "kgCO2/kg": 1.0} | {
    "tCO2/万m3": 1.0, "kgCO2/m3": 10.0, "tCO2/GJ": 1.0, "tCO2/tce": 1.0,
}  # fmt: skip


def _scaled(value: float | None, unit: str | None) -> float | None:
    times = _TO_ACCOUNT.get(unit or "")
    return None if value is None or times is None else value * times


def _material(final: pl.DataFrame, factors: Mapping[str, Yearly], years: list[int]) -> dict[int, float]:
    """tCO2 by year that carriers used as raw material would give if they were burnt; the account does not count it."""
    made = dict.fromkeys(years, 0.0)
    for row in final.filter(pl.col("gce_material") > 0).iter_rows(named=True):
        share = row["gce_material"] / row["gce_calorific"] if row["gce_calorific"] else 0.0
        factor = factors.get(row["carrier"], {}).get(row["year"], 0.0)
        made[row["year"]] += row["amount"] / PER[row["unit"]] * share * factor
    return made


def _vintages(counted: pl.DataFrame) -> dict[str, int]:
    last = counted.group_by("carrier").agg(pl.col("vintage").max()).drop_nulls()
    return {row["carrier"]: row["vintage"] for row in last.iter_rows(named=True)}
