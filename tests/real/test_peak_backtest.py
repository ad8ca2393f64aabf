"""Probabilities of a peak, forecast from each earlier year of published series and judged by what came.

Provinces: CEADs 1997–2019, 21 of them; origins 2006–2014. Shanghai's districts: night-light series 1997–2017 (modelled,
smooth); origins 2006–2012. The settings of the forecast were chosen on other counties; its form was not chosen blind
(see ``backtest``). All series lie around one turn, the nation's of 2011–2013, which none showed beforehand: a reference
with hindsight has it for nothing.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dafeng.pathway.backtest import HORIZON, REFERENCES, cases, reliability, score

Series = dict[str, tuple[list[int], list[float]]]


def by_name(frame: pl.DataFrame, name: str, value: str) -> Series:
    groups = frame.sort(name, "year").group_by(name, maintain_order=True)
    return {str(key): (group["year"].to_list(), group[value].to_list()) for (key,), group in groups}


@pytest.fixture(scope="module")
def province_series(real_data: Path) -> Series:
    frame = pl.read_parquet(real_data / "data" / "ceads_co2" / "province_sector_fuel_1997_2019.parquet")
    return by_name(frame.filter(pl.col("sector") == "Total"), "province", "scope_1_total")


@pytest.fixture(scope="module")
def counties(real_data: Path) -> pl.DataFrame:
    frame = pl.read_parquet(real_data / "data" / "county_co2_china" / "county_co2_1997_2017.parquet")
    return frame.with_columns(pl.col("distcode").cast(pl.String))


@pytest.fixture(scope="module")
def provinces(province_series: Series) -> pl.DataFrame:
    return cases(province_series)


@pytest.fixture(scope="module")
def districts(counties: pl.DataFrame) -> pl.DataFrame:
    shanghai = counties.filter(pl.col("distcode").str.starts_with("31"))
    return cases(by_name(shanghai, "distcode", "co2_mt"))


def show(name: str, table: pl.DataFrame) -> None:
    found = score(table)
    print(f"\n{name}: {found.cases} cases, came {found.rate:.3f}, Brier {found.brier:.4f}")
    for kind, skill in found.against.items():
        words = f"{skill.brier:.4f}, skill {skill.skill:+.3f} [{skill.low:+.3f}, {skill.high:+.3f}], {skill.verdict}"
        print(f"  {kind:12} {words}")
    print(reliability(table))


def test_what_came_is_counted_by_hand(province_series: Series, provinces: pl.DataFrame):
    came = 0
    for _, values in province_series.values():
        for at in range(9, len(values) - HORIZON):
            window = values[: at + HORIZON + 1]
            top = max(index for index, value in enumerate(window) if value == max(window))
            came += sum(top <= at + lead for lead in range(HORIZON))
    assert provinces.height == 21 * 9 * HORIZON
    assert provinces["came"].sum() == came


def test_on_the_provinces_it_beats_what_was_known_then_and_is_no_better_than_hindsight(provinces: pl.DataFrame):
    show("provinces", provinces)
    against = score(provinces).against
    assert [against[kind].verdict for kind in REFERENCES] == ["better", "no better", "no better"]
    # Whether a province has peaked already, it tells better than climatology even with hindsight.
    assert score(provinces.filter(pl.col("lead") == 0)).against["climatology"].verdict == "better"


def test_on_the_provinces_probabilities_are_what_they_say(provinces: pl.DataFrame):
    for row in reliability(provinces).iter_rows(named=True):
        if row["cases"] >= 100:
            assert row["came"] == pytest.approx(row["probability"], abs=0.1)


def test_on_shanghais_districts_it_beats_what_was_known_then_and_loses_to_hindsight(districts: pl.DataFrame):
    show("districts of Shanghai", districts)
    against = score(districts).against
    assert [against[kind].verdict for kind in REFERENCES] == ["better", "worse", "worse"]
    # Nearly all of them peaked within five years, which it did not expect: it errs on the careful side in every bin.
    for row in reliability(districts).iter_rows(named=True):
        assert row["came"] > row["probability"]


def test_the_fading_trend_is_better_than_one_that_goes_on_where_it_was_chosen(
    counties: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    """Every eighth county outside Shanghai."""
    series = by_name(counties.filter(~pl.col("distcode").str.starts_with("31")), "distcode", "co2_mt")
    some = {name: held for name, held in list(series.items())[::8] if len(held[0]) == 21 and min(held[1]) > 0}
    assert len(some) > 200
    chosen = score(cases(some, draws=500))
    show("counties", cases(some, draws=500))
    monkeypatch.setattr("dafeng.pathway.backtest.DAMPING", 1.0)
    assert score(cases(some, draws=500)).brier > chosen.brier
