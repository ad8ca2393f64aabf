"""The demo district's model: its history is the account's, its zones sum to it, its scenarios stand in their order."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from dafeng.accounting.account import lines_of_all_years
from dafeng.accounting.book import Book
from dafeng.accounting.dual_control import co2_totals
from dafeng.accounting.dual_control_divisions import co2_of
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts
from dafeng.pathway.compute import compile as compiled
from dafeng.pathway.history import from_account
from dafeng.pathway.model import read_model
from dafeng.pathway.outcome import Outcome
from dafeng.pathway.zones import by_zone, district_whole, keys_of, zone_shares
from dafeng.workflows.starting import init

YEARS = range(2020, 2026)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Any], Outcome]:
    """(energy, emissions, data of the model, outcome)."""
    district = init(tmp_path_factory.mktemp("demo-pathway") / "yunting", demo=True).district
    with resources.as_file(resources.files("dafeng.demo") / "catalogue") as folder:
        catalogue = load_catalogue(Path(folder))
    with district.open_store() as store:
        frames = {name: store.frame(catalogue.registers[name]) for name in store.counts()}
    facts = Facts(catalogue, frames)
    energy, emissions, _ = lines_of_all_years(facts, Book(catalogue))
    data = from_account(energy, emissions, facts, catalogue.models["urban_district"].model)
    return energy, emissions, data, compiled(read_model(data, catalogue.unit_table)).run()


def test_the_model_meets_the_account_in_every_base_year(made: tuple[Any, pl.DataFrame, Any, Outcome]):
    _, emissions, _, outcome = made
    wanted = co2_totals(emissions)
    assert set(wanted) == set(YEARS)
    for step, year in enumerate(YEARS):
        assert outcome.total()[0, :, step] == pytest.approx(wanted[year] * 1e4, rel=1e-9)


def test_final_energy_of_every_carrier_is_the_accounts(made: tuple[pl.DataFrame, Any, Any, Outcome]):
    """What is made here stands apart as a negative branch and is left out of the sum."""
    energy, _, _, outcome = made
    per = {"electricity": 1e7, "natural_gas": 1e7, "gasoline": 1e6, "diesel": 1e6, "lpg": 1e6, "heat": 1e6}
    final = energy.filter((pl.col("level") == "district") & (pl.col("flow") == "final"))
    assert outcome.energy is not None
    for carrier, smallest in per.items():
        rows = [i for i, one in enumerate(outcome.branches) if one.carrier == carrier and one.sector != "能源供应"]
        for step, year in enumerate(YEARS):
            amounts = final.filter((pl.col("carrier") == carrier) & (pl.col("year") == year))["amount"].to_list()
            assert outcome.energy[0, 0, rows, step].sum() == pytest.approx(sum(amounts) / smallest, rel=1e-9), year


def test_no_branch_but_own_supply_and_raw_material_is_negative(made: tuple[Any, Any, Any, Outcome]):
    outcome = made[3]
    assert outcome.energy is not None
    below = {one.path for i, one in enumerate(outcome.branches) if (outcome.energy[0, :, i] < 0).any()}
    assert below == {"能源供应/区内自产/自发自用/electricity", "工业/原料用能/不燃烧/emission"}


def test_scenarios_stand_in_their_order_in_every_later_year(made: tuple[Any, Any, Any, Outcome]):
    outcome = made[3]
    total = {name: outcome.total()[0, index, len(YEARS) :] for index, name in enumerate(outcome.scenarios)}
    for higher, lower in (("frozen", "reference"), ("reference", "plan"), ("plan", "accelerated")):
        assert (total[higher] > total[lower]).all(), (higher, lower)


def test_without_progress_and_with_a_frozen_grid_emissions_do_not_peak(made: tuple[Any, Any, Any, Outcome]):
    outcome = made[3]
    frozen = outcome.total()[0, outcome.scenario("frozen")]
    assert int(np.argmax(frozen)) == len(frozen) - 1
    reference = outcome.total()[0, outcome.scenario("reference")]
    assert reference[-1] < reference[len(YEARS) - 1]


def test_zones_sum_to_the_district_to_the_gram_and_meet_the_accounts_zones(
    made: tuple[pl.DataFrame, pl.DataFrame, dict[str, Any], Outcome],
):
    energy, emissions, data, outcome = made
    assert outcome.co2_t is not None
    keys = keys_of([one.path for one in outcome.branches], data["notes"]["sectors"])
    values = outcome.co2_t[0, 0]
    found = by_zone(values, keys, outcome.years, zone_shares(energy))
    for step in range(len(outcome.years)):
        assert sum(zone[step] for zone in found.values()) == district_whole(float(values[:, step].sum()))
    account = co2_of(emissions, "zone", pl.col("place"))
    for zone, years in account.items():
        # The account of a zone has its purchases; own power and raw material are the district's, 0.7 % of it.
        assert found[zone][5] == pytest.approx(years[2025], rel=0.01)
