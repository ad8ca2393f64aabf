"""Shipped factors against the public tables that they were taken from, value by value."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from dafeng.catalogue import load_catalogue
from dafeng.catalogue.schema import Factor, Vintage

CATALOGUE = load_catalogue()
ENTRY = re.compile(r"EF (\d+)")
GASES = {"CH4": "METHANE", "N2O": "NITROUS OXIDE", "CO2": "CARBON DIOXIDE"}
# Units of the database in ours: its number × this is the factor's value.
SCALES = {
    "kg/TJ": {"kgCH4/TJ": 1, "kgN2O/TJ": 1, "tCO2/TJ": 1e-3},
    "TJ/Gg": {"GJ/t": 1},
    "g CH4/kg waste treated": {"kgCH4/t": 1},
    "g N2O/kg waste treated": {"kgN2O/t": 1},
    "kg/Gg waste wet weight": {"kgCH4/t": 1e-3},
    "g N2O /tonne waste": {"kgN2O/t": 1e-3},
    "g/person/day": {"kg/(人·日)": 1e-3},
}


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "data" / "emission_factors"


@pytest.fixture(scope="module")
def entries(folder: Path) -> dict[int, dict[str, str]]:
    frame = pl.read_parquet(folder / "ipcc_efdb_2006.parquet").with_columns(pl.col(pl.String).str.strip_chars())
    return {row["EF ID"]: row for row in frame.iter_rows(named=True)}


def cited() -> list[tuple[Factor, Vintage, int]]:
    found = []
    for factor in CATALOGUE.factors.values():
        for vintage in factor.values:
            entry = ENTRY.search(vintage.source.clause or "")
            if vintage.source.standard == "ipcc_efdb_2006" and entry:
                found.append((factor, vintage, int(entry[1])))
    return found


def test_every_factor_of_the_ipcc_database_is_the_value_of_the_entry_that_it_cites(entries: dict[int, dict[str, str]]):
    taken = [(factor, vintage, entry) for factor, vintage, entry in cited() if vintage.source.status == "second-hand"]
    assert len(taken) > 100
    for factor, vintage, number in taken:
        entry = entries[number]
        unit = entry["Unit"]
        scale = SCALES[unit][factor.unit] if unit in SCALES else 1
        assert vintage.value == pytest.approx(float(entry["Value"]) * scale, rel=1e-12), factor.id
        if factor.gas is not None:
            assert GASES[factor.gas] in entry["Gas"], factor.id


def test_a_table_that_a_factor_names_is_the_table_of_its_entry(entries: dict[int, dict[str, str]]):
    for factor, vintage, number in cited():
        named = re.search(r"volume 2, table ([\d.]+\d)", vintage.source.clause or "")
        if named:
            assert re.search(rf"Tables?\b.*\b{re.escape(named[1])}\Z", entries[number]["Source of data"]), factor.id


def test_a_leak_rate_is_the_middle_of_the_range_of_its_entry(entries: dict[int, dict[str, str]]):
    leaks = [(factor, vintage, entry) for factor, vintage, entry in cited() if factor.id.startswith("leak_")]
    assert len(leaks) == 4
    for _, vintage, number in leaks:
        found = re.search(r"\bx = ([\d.]+)-([\d.]+)", entries[number]["Value"])
        assert found
        low, high = map(float, found.groups())
        assert (vintage.low, vintage.high, vintage.value) == (low, high, (low + high) / 2)
        assert vintage.source.status == "assumption"


def test_provincial_and_regional_grid_factors_are_those_of_the_transcription(folder: Path):
    held = {
        factor.name.zh.split("电力")[0].removesuffix("区域"): factor
        for factor in CATALOGUE.factors.values()
        if factor.carrier == "electricity" and factor.scope in ("province", "grid") and factor.purpose == "inventory"
    }
    with (folder / "china_grid_electricity_ef_2021_2022.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 37
    for row in rows:
        factor = next(factor for name, factor in held.items() if name.startswith(row["name_zh"]))
        values = {vintage.year: vintage.value for vintage in factor.values}
        assert (values[2021], values[2022]) == (float(row["kgco2_per_kwh_2021"]), float(row["kgco2_per_kwh_2022"]))


def test_decay_rates_are_those_of_the_wet_temperate_column(folder: Path):
    with (folder / "ipcc_waste_k_values_table3_3.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Precipitation"].startswith("Wet (MAP/PET")]
    default = {row["Type of Waste"]: row for row in rows if row["Default/Range"] == "Default"}
    k = {name: float(row["Methane Generation Rate (k)"]) for name, row in default.items()}
    ours = {name: CATALOGUE.factors[f"fod_k_{name}"].values[-1].value for name in ("food", "paper", "wood", "garden")}
    for name, start in {"food": "Food", "paper": "Paper", "wood": "Wood", "garden": "Other (non-food)"}.items():
        assert ours[name] == next(value for kind, value in k.items() if kind.startswith(start)), name
    assert CATALOGUE.factors["fod_k_textile"].values[-1].value == ours["paper"]
