"""The demo's rows: complete, well-formed, the same for the same seed, adding up, naming nothing real."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.demo import macro
from dafeng.demo.chance import Chance, split
from dafeng.demo.makers import CORRECTIONS, EMPTY, MAKERS
from dafeng.demo.places import PLACES
from dafeng.demo.world import World

CATALOGUE = load_catalogue()
WORDS = str.split
SHANGHAI = WORDS("黄浦 徐汇 长宁 静安 普陀 虹口 杨浦 闵行 宝山 嘉定 浦东 金山 松江 青浦 奉贤 崇明")
STREETS = WORDS("天平 湖南路 斜土 枫林 长桥街道 田林 虹梅 康健 徐家汇 凌云 龙华 漕河泾 华泾 西岸集团")
CITIES = WORDS("上海 北京 天津 重庆 广州 深圳 杭州 南京 苏州 无锡 宁波 武汉 成都 西安 兰州 青岛 厦门 沧州")
FIRMS = WORDS(
    "国家电网 国网 南方电网 华为 腾讯 阿里 百度 字节 京东 美团 滴滴 特来电 星星充电 特斯拉 蔚来 比亚迪"
) + WORDS("上汽 申通 中石化 中石油 万科 绿地集团 宝钢 华电 申能 商汤 格力 海尔")


@pytest.fixture(scope="module")
def world() -> World:
    return World(1)


def test_every_register_has_a_maker_or_a_reason_to_be_empty():
    assert set(CATALOGUE.registers) == set(MAKERS) | set(EMPTY)
    assert not set(MAKERS) & set(EMPTY)
    assert all(len(reason) > 20 for reason in EMPTY.values())


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_rows_have_the_columns_of_their_register_and_lack_no_required_one(world: World, name: str):
    register, rows = CATALOGUE.registers[name], world.rows(name)
    assert rows
    for row in rows:
        assert {key for key in row if not key.startswith("_")} <= set(register.columns)
        assert [key for key in register.required if row.get(key) is None] == []
    keys = [tuple(row[key] for key in register.key) for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_choices_and_types_are_those_of_the_register(world: World, name: str):
    kinds = {"number": (int, float), "integer": int, "year": int, "date": dt.date, "bool": bool}
    for key, column in CATALOGUE.registers[name].columns.items():
        values = {row.get(key) for row in world.rows(name)} - {None}
        if column.type == "choice":
            assert values <= set(CATALOGUE.choices[str(column.of)].options)
        wanted = kinds.get(column.type, str)
        assert all(isinstance(value, wanted) for value in values)
        assert all(not isinstance(value, float) or math.isfinite(value) for value in values)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    first, again, other = World(7), World(7), World(8)
    assert all(first.rows(name) == again.rows(name) for name in MAKERS)
    for name in ("buildings", "retrofits", "chargers", "parks", "task_progress"):
        assert first.rows(name) != other.rows(name)


def test_nothing_happened_after_the_end_of_september_2026(world: World):
    ahead = {"planned", "due", "ends", "reported_on"}  # plans, time limits, terms, and October's reports on the summer
    for name in MAKERS:
        for key, column in CATALOGUE.registers[name].columns.items():
            if column.type == "date" and key not in ahead:
                for row in world.rows(name):
                    assert row.get(key) is None or row[key] <= dt.date(2026, 9, 30), (name, key, row)


def test_years_are_complete_from_2020_or_2021_to_2025(world: World):
    for name, register in CATALOGUE.registers.items():
        if (
            register.kind == "series"
            and name in MAKERS
            and register.period
            and name not in {"carbon_inclusion", "evaluations", "outside_series"}
        ):
            column = register.columns[register.period]
            years = {int(str(row[register.period])[:4]) for row in world.rows(name)}
            if column.type in ("year", "month") and len(years) > 1:
                assert set(range(max(min(years), 2021), 2026)) <= years, name


def test_no_real_place_or_firm_is_named(world: World):
    forbidden = SHANGHAI + STREETS + CITIES + FIRMS
    corrected = [row for correction in CORRECTIONS for row in correction.rows(world)]
    for name in MAKERS:
        for row in [*world.rows(name), *corrected]:
            for value in row.values():
                if isinstance(value, str):
                    assert not [word for word in forbidden if word in value], value


def test_shares_of_places_are_whole():
    assert sum(place.people for place in PLACES) == 1000
    assert sum(place.jobs for place in PLACES) == 1000
    assert len(PLACES) == 13


def test_zones_add_up_to_the_district(world: World):
    sums: dict[tuple[int, str], float] = defaultdict(float)
    for row in world.rows("zone_facts"):
        for key in ("residents", "gdp", "energy_tce", "area_km2"):
            sums[row["year"], key] += row[key]
    for year in range(2020, 2026):
        assert sums[year, "residents"] == macro.RESIDENTS[year]
        assert sums[year, "gdp"] == pytest.approx(macro.gdp_constant(year), abs=0.005)
        assert sums[year, "energy_tce"] == pytest.approx(macro.total_tce(year), abs=1)
        assert sums[year, "area_km2"] == pytest.approx(51.0)


def test_allocations_to_subdistricts_add_up_to_the_districts_value(world: World):
    sums: dict[str, float] = defaultdict(float)
    whole: dict[str, float] = {}
    for row in world.rows("allocations"):
        if row["receiver_kind"] == "subdistrict":
            sums[row["indicator"]] += row["value"]
            whole[row["indicator"]] = row["district_value"]
    assert whole
    assert {key: round(value, 6) for key, value in sums.items()} == whole


def test_sectors_add_up_to_the_total_and_intensity_falls_as_told():
    for year, cut in macro.INTENSITY.items():
        intensity = macro.total_tce(year) / macro.gdp_constant(year)
        base = macro.total_tce(2020) / macro.gdp_constant(2020)
        assert 100 * (1 - intensity / base) == pytest.approx(cut, abs=0.01)


def test_coal_equivalents_and_fuel_factors_are_those_of_the_shipped_catalogue():
    def shipped(name: str) -> float:
        held = CATALOGUE.factors[name].in_force(2024)
        assert held is not None
        return held.value

    assert shipped("ce_electricity_equal_shanghai") == macro.KGCE_PER_KWH
    assert shipped("ce_natural_gas") == macro.KGCE_PER_M3
    assert shipped("ce_gasoline") == macro.KGCE_PER_KG["petrol"]
    assert shipped("ce_diesel") == macro.KGCE_PER_KG["diesel"]
    assert shipped("ce_lpg") == macro.KGCE_PER_KG["lpg"]
    assert shipped("ce_heat") == macro.KGCE_PER_GJ


def test_mode_shares_of_a_year_add_up_to_a_hundred(world: World):
    for year in range(2020, 2026):
        shares = [row["share_pct"] for row in world.rows("travel_survey") if row["year"] == year]
        assert sum(shares) == pytest.approx(100)


def test_corrections_change_rows_that_are_there_and_say_why(world: World):
    for correction in CORRECTIONS:
        register = CATALOGUE.registers[correction.register]
        held = {tuple(row[key] for key in register.key): row for row in world.rows(correction.register)}
        for row in correction.rows(world):
            before = held[tuple(row[key] for key in register.key)]
            assert before != row
        assert 1 <= len(correction.rows(world)) <= 8
        assert len(correction.reason) > 10


def test_split_gives_parts_that_add_up_and_follow_their_weights():
    assert split(10, [1, 1, 1]) == [4, 3, 3]
    assert split(1, [1, 3], 1) == [0.2, 0.8] or split(1, [1, 3], 1) == [0.3, 0.7]
    parts = split(1962, [place.people for place in PLACES])
    assert sum(parts) == 1962


def test_one_more_register_does_not_change_the_draws_of_another():
    first = Chance(3, "parks").between(0, 1, 6)
    Chance(3, "a new register").between(0, 1, 6)
    assert Chance(3, "parks").between(0, 1, 6) == first
    assert Chance(3, "chargers").between(0, 1, 6) != first
