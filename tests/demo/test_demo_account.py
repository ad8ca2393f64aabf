"""The demo district accounted by the engines: totals that statistics know, levels that add up, nothing left out."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from dafeng.accounting.balance import balance_tables
from dafeng.accounting.book import Book
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.inventory import inventory_tables
from dafeng.accounting.levels import reconcile
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import Problem
from dafeng.indicators.facts import Facts
from dafeng.workflows.starting import init

YEARS = range(2020, 2026)
GCE_IN_WAN_T = GRAMS_IN_WAN_T = 1e10


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """The loaded records, with the catalogue that the demo district keeps for itself."""
    district = init(tmp_path_factory.mktemp("demo-account") / "yunting", demo=True).district
    with resources.as_file(resources.files("dafeng.demo") / "catalogue") as folder:
        catalogue = load_catalogue(Path(folder))
    with district.open_store() as store:
        frames = {name: store.frame(catalogue.registers[name]) for name in store.counts()}
    return Facts(catalogue, frames)


@pytest.fixture(scope="module")
def energy(facts: Facts) -> tuple[pl.DataFrame, list[Problem]]:
    return energy_lines(facts, Book(facts.catalogue))


@pytest.fixture(scope="module")
def emissions(facts: Facts, energy: tuple[pl.DataFrame, list[Problem]]) -> tuple[pl.DataFrame, list[Problem]]:
    return emission_lines(energy[0], facts, Book(facts.catalogue), YEARS)


def totals(facts: Facts, column: str) -> dict[int, float]:
    frame = facts.frame("yearly_totals")
    assert frame is not None
    return dict(frame.select("year", column).iter_rows())


def test_every_record_becomes_a_line_and_only_the_year_under_way_is_short(energy: tuple[pl.DataFrame, list[Problem]]):
    lines, problems = energy
    assert {problem.code for problem in problems} == {"account.partial-year"}
    assert {problem.level for problem in problems} == {"warning"}
    assert set(lines["level"].unique()) == {"district", "zone", "subdistrict", "unit", "site"}


def test_energy_of_the_account_is_the_yearly_total_of_statistics(
    facts: Facts, energy: tuple[pl.DataFrame, list[Problem]]
):
    final = energy[0].filter((pl.col("level") == "district") & (pl.col("flow") == "final"))
    ours = dict(final.group_by("year").agg(pl.col("gce_equal").sum()).iter_rows())
    theirs = totals(facts, "energy")
    for year in YEARS:
        assert ours[year] / GCE_IN_WAN_T == pytest.approx(theirs[year], abs=0.0006)


def test_co2_of_energy_is_the_yearly_total_of_statistics(facts: Facts, emissions: tuple[pl.DataFrame, list[Problem]]):
    counted = emissions[0].filter(
        (pl.col("level") == "district") & pl.col("memo").is_null() & (pl.col("gas") == "CO2") & (pl.col("scope") <= 2)
        & pl.col("energy_line").is_not_null()
    )  # fmt: skip
    ours = dict(counted.group_by("year").agg(pl.col("co2e_g").sum()).iter_rows())
    theirs = totals(facts, "co2")
    for year in YEARS:
        assert ours[year] / GRAMS_IN_WAN_T == pytest.approx(theirs[year], abs=0.002)


def test_the_balance_of_2022_is_open_by_what_the_grid_company_read_too_early(
    facts: Facts, energy: tuple[pl.DataFrame, list[Problem]]
):
    for year, open_by in ((2022, 1_021), (2025, 8)):
        table = balance_tables(energy[0], facts.catalogue, year)["balance"]
        column = next(column for column in table.columns if column.id == "electricity")
        assert table.shown(table.row("difference"), column) == pytest.approx(open_by, abs=1e-6)


def test_levels_add_up_but_for_fuel_that_no_place_has(facts: Facts, energy: tuple[pl.DataFrame, list[Problem]]):
    for year in (2020, 2025):
        _, problems = reconcile(energy[0], facts, year)
        assert {problem.code for problem in problems} == {"account.parts-differ"}
        assert all("汽油" in problem.rule.zh or "柴油" in problem.rule.zh for problem in problems)


def test_no_factor_and_no_activity_is_missing(emissions: tuple[pl.DataFrame, list[Problem]]):
    assert [problem for problem in emissions[1] if problem.level != "warning"] == []


def test_the_published_inventory_is_ours_but_for_methane_and_nitrous_oxide_of_burning(
    facts: Facts, emissions: tuple[pl.DataFrame, list[Problem]]
):
    published = facts.frame("ghg_inventory")
    assert published is not None
    kinds = {"energy": "energy", "power_bought": "indirect_electricity", "heat_bought": "indirect_heat", "land": "land",
             "industry": "ippu", "waste": "waste"}  # fmt: skip
    for year in (2020, 2025):
        table = inventory_tables(emissions[0], facts.catalogue, year, "district", "")["inventory"]
        theirs = dict(
            published.filter(pl.col("year") == year).group_by("sector").agg(pl.col("amount").sum()).iter_rows()
        )
        for kind, row in kinds.items():
            ours = table.row(row).cells["co2e"].value
            assert ours is not None
            if kind == "energy":
                assert 0.5 < 100 * (ours / 1e6 / theirs[kind] - 1) < 1.0
            else:
                assert ours / 1e6 == pytest.approx(theirs[kind], abs=1)
