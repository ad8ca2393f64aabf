"""Which provinces and counties have peaked, on published series (CEADs 1997–2019; night-light counties 1997–2017)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dafeng.pathway.peak import Peak, judge


@pytest.fixture(scope="module")
def provinces(real_data: Path) -> dict[str, Peak]:
    table = pl.read_parquet(real_data / "data" / "ceads_co2" / "province_sector_fuel_1997_2019.parquet")
    totals = table.filter(pl.col("sector") == "Total").sort("province", "year")
    return {
        str(name): judge(group["year"].to_list(), group["scope_1_total"].to_list())
        for (name,), group in totals.group_by("province")
    }


def test_shanghai_peaked_in_2013_at_the_published_level(provinces: dict[str, Peak]):
    shanghai = provinces["Shanghai"]
    assert (shanghai.verdict, shanghai.year) == ("peaked", 2013)
    assert shanghai.level == pytest.approx(207.63, abs=0.005)
    assert shanghai.drop == pytest.approx(1 - 192.91 / 207.63, abs=1e-4)


def test_provinces_that_still_grow_have_not_peaked_and_those_that_fell_for_years_have(provinces: dict[str, Peak]):
    by_verdict = {
        verdict: {name for name, found in provinces.items() if found.verdict == verdict}
        for verdict in ("peaked", "not peaked", "too early")
    }
    assert {"Beijing", "Henan", "Jilin", "Shanghai", "Sichuan"} == by_verdict["peaked"]
    assert {"Guangdong", "Hebei", "Xinjiang", "Shanxi", "Fujian"} <= by_verdict["not peaked"]
    assert provinces["Hunan"].verdict == "too early"  # two years after the highest


def test_the_district_peaked_in_2010_by_its_night_lights(real_data: Path):
    table = pl.read_parquet(real_data / "data" / "county_co2_china" / "county_co2_1997_2017.parquet")
    district = table.filter(pl.col("distcode").cast(pl.String) == "310104").sort("year")
    found = judge(district["year"].to_list(), district["co2_mt"].to_list())
    assert (found.verdict, found.year) == ("peaked", 2010)
    assert found.level == pytest.approx(3.64, abs=0.005)
