"""Numbers from outside, held against the printed tables and against arithmetic done by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dafeng.accounting.book import Book
from dafeng.assessment.judgement import Aim, judge
from dafeng.catalogue import load_catalogue
from dafeng.catalogue.load import catalogue_files
from dafeng.core.errors import BadInput
from dafeng.core.units import UnitMismatch

CATALOGUE = load_catalogue()
UNITS = CATALOGUE.unit_table


# ── units ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (2.2, "万千瓦", "MW", 22),
        (410, "万平方米", "m2", 4_100_000),
        (1, "亩", "平方米", 666.6667),
        (42, "公顷", "万平方米", 42),
        (1, "平方公里", "公顷", 100),
        (1, "吨标准煤", "GJ", 29.3076),
        (1, "万吨标准煤", "kgce", 1e7),
        (1, "kWh", "kgce", 0.1229),  # 3.6 / 29.3076 = 0.122835; the standard prints 0.1229
        (184.9, "亿千瓦时", "GWh", 18_490),
        (3, "万kWh", "MWh", 30),
        (7.88, "tCO2/万kWh", "tCO2/MWh", 0.788),
        (0.5737, "tCO2/MWh", "kgCO2/kWh", 0.5737),
        (21.622, "tCO2/万m3", "kgCO2/m3", 2.1622),
        (0.5, "tce/万CNY", "kgce/person", None),
        (20, "万元/亩", "亿元/平方公里", 3),
        (3, "万辆", "辆", 30_000),
        (5, "‰", "%", 0.5),
        (13.5, "%", "", 0.135),
        (2.5, "亿元", "万元", 25_000),
        (1.5, "万吨二氧化碳当量", "tCO2", 15_000),
        (6.62, "m2/person", "平方米/人", 6.62),
    ],
)
def test_a_unit_converts_as_by_hand(value: float, source: str, target: str, expected: float | None):
    if expected is None:
        with pytest.raises(UnitMismatch):
            UNITS.convert(value, source, target)
    else:
        assert UNITS.convert(value, source, target) == pytest.approx(expected, rel=6e-4)


@pytest.mark.parametrize(
    ("one", "other"),
    [("座", "个"), ("辆", "台"), ("人", "人次"), ("户", "人"), ("%", "百分点"), ("t", "tCO2"), ("kWh", "kW")],
)
def test_what_is_not_the_same_thing_is_never_added(one: str, other: str):
    with pytest.raises(UnitMismatch):
        UNITS.factor(one, other)


WRITTEN = """
万千瓦 千瓦 MW kW 万千瓦时 亿千瓦时 千瓦时 kWh 万kWh GWh 吨标准煤 万吨标准煤 tce 万tce kgce tCO2 tCO2e 万tCO2
平方米 万平方米 m2 万m2 公顷 hectare 亩 平方公里 公里 km 座 个 辆 台 家 户 人 person 人次 项 次 件 篇 处 所 株
吨 万吨 t 万t kg 立方米 万立方米 m3 万m3 吉焦 GJ MJ 元 万元 亿元 CNY 万CNY 亿CNY % 百分点 ‰ 1
kgce/m2 kWh/m2 CNY/kWh tce/万CNY tCO2/万CNY tCO2/MWh kgCO2/kWh
"""


@pytest.mark.parametrize("symbol", ["", *WRITTEN.split()])
def test_what_plans_and_registers_write_is_known(symbol: str):
    """The empty unit is that of a plain ratio such as PUE."""
    assert UNITS.knows(symbol)


def test_no_spelling_belongs_to_two_units():
    spelled = Counter(symbol for unit in CATALOGUE.units.values() for symbol in unit.symbols)
    assert [symbol for symbol, times in spelled.items() if times > 1] == []


@pytest.mark.parametrize("unit", sorted(CATALOGUE.units))
def test_every_unit_has_a_definition_that_can_be_reckoned_with(unit: str):
    """Against itself by another road: twice the unit is two of the unit."""
    from dafeng.core.units import Units

    entry = CATALOGUE.units[unit]
    pair = Units({"one": entry.pint, "two": _doubled(entry.pint)})
    assert pair.factor("two", "one") == pytest.approx(2)


def _doubled(definition: str) -> str:
    number, counted, thing = definition.rpartition("count:")
    return f"{2 * float(number or 1)} count:{thing}" if counted else f"2 * {definition}"


# ── fuels ───────────────────────────────────────────────────────────────────────────────────────────────────

PRINTED = {  # tCO2 per t, gases per 10,000 m3: the table of the accounting guide
    "raw_coal": 1.9003, "bituminous": 1.7418, "lignite": 1.1729, "coke": 2.8604, "crude_oil": 3.0202,
    "fuel_oil": 3.1705, "gasoline": 2.9251, "kerosene": 3.0179, "diesel": 3.0959, "lpg": 3.1013,
    "refinery_gas": 3.0119, "lng": 2.8313, "natural_gas": 21.622, "coke_oven_gas": 8.8638,
    "blast_furnace_gas": 8.481, "converter_gas": 15.124, "petroleum_coke": 3.2115,
}  # fmt: skip


def held(factor: str, year: int) -> float:
    vintage = CATALOGUE.factors[factor].in_force(year)
    assert vintage is not None, f"{factor} has no value for {year}"
    return vintage.value


@pytest.mark.parametrize("fuel", sorted(PRINTED))
def test_heating_value_carbon_and_oxidation_give_the_printed_co2_of_the_fuel(fuel: str):
    """GJ × tC/TJ ÷ 1000 × oxidised share × 44/12."""
    worked = held(f"ncv_{fuel}", 2023) * held(f"cc_{fuel}", 2025) / 1000 * held(f"of_{fuel}", 2025) * 44 / 12
    last_digit = 0.0005 if PRINTED[fuel] > 8 else 0.00005
    assert worked == pytest.approx(PRINTED[fuel], abs=1.1 * last_digit)
    assert held(f"co2_{fuel}", 2025) == PRINTED[fuel]


@pytest.mark.parametrize(
    ("fuel", "kgce_per_unit", "printed"),
    [
        ("raw_coal", 0.7143, 2.660), ("coke", 0.9714, 2.945), ("crude_oil", 1.4286, 2.114), ("lng", 1.7572, 1.611),
        ("gasoline", 1.4714, 1.988), ("diesel", 1.4571, 2.125), ("lpg", 1.7143, 1.809), ("natural_gas", 13.3, 1.626),
    ],
)  # fmt: skip
def test_co2_per_tce_is_the_factor_divided_by_the_coal_equivalent(fuel: str, kgce_per_unit: float, printed: float):
    """Gas at 1.33 kgce/m3, the upper end of the standard's range: 13.3 tce per 10,000 m3."""
    assert held(f"co2_{fuel}", 2025) / kgce_per_unit == pytest.approx(printed, abs=0.0012)
    assert held(f"co2_per_tce_{fuel}", 2025) == printed


def test_coal_equivalents_of_the_standard_are_its_heating_values_in_units_of_29_307_6_kj():
    for carrier in ("raw_coal", "washed_coal", "coke", "crude_oil", "gasoline", "diesel", "lpg", "lng", "methanol"):
        kj = held(f"lhv_2589_{carrier}", 2025)
        assert kj / 29307.6 == pytest.approx(held(f"ce_{carrier}", 2025), abs=1.1e-4), carrier


def test_electricity_at_calorific_value_and_at_coal_equivalent_are_two_factors():
    assert held("ce_electricity", 2025) == 0.1229
    assert held("ce_electricity_equal_nation", 2020) == 0.3055
    assert held("ce_electricity_equal_nation", 2024) == 0.3024
    assert held("ce_electricity_equal_shanghai", 2025) == 0.28232


# ── grid ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("factor", "year", "value", "status"),
    [
        ("grid_nation_average", 2021, 0.5568, "remembered"),
        ("grid_nation_average", 2022, 0.5366, "second-hand"),
        ("grid_nation_average", 2023, 0.5306, "official"),
        ("grid_nation_no_market", 2023, 0.6096, "official"),
        ("grid_nation_fossil", 2022, 0.8325, "second-hand"),
        ("grid_shanghai_inventory", 2021, 0.5834, "second-hand"),
        ("grid_shanghai_inventory", 2022, 0.5849, "second-hand"),
        ("grid_shanghai_inventory", 2023, 0.5737, "official"),
        ("grid_shanghai_inventory", 2020, 0.5641, "remembered"),
        ("grid_east_china_inventory", 2023, 0.55, "official"),
        ("grid_southwest_china_inventory", 2023, 0.2472, "official"),
        ("grid_jiangsu_inventory", 2022, 0.5978, "second-hand"),
        ("grid_yunnan_inventory", 2023, 0.1333, "official"),
        ("grid_hebei_inventory", 2021, 0.7901, "second-hand"),
        ("grid_shanghai_ets", 2021, 7.88, "official"),
        ("grid_shanghai_ets", 2025, 4.2, "official"),
        ("heat_shanghai_ets", 2021, 0.11, "official"),
        ("heat_shanghai_ets", 2022, 0.06, "official"),
    ],
)
def test_a_factor_of_a_year_is_the_published_one(factor: str, year: int, value: float, status: str):
    vintage = CATALOGUE.factors[factor].in_force(year)
    assert vintage is not None
    assert (vintage.value, vintage.source.status) == (value, status)


def test_the_two_grid_factors_of_shanghai_serve_two_purposes():
    inventory, ets = CATALOGUE.factors["grid_shanghai_inventory"], CATALOGUE.factors["grid_shanghai_ets"]
    assert (inventory.purpose, ets.purpose) == ("inventory", "ets")
    assert inventory.unit == "tCO2/MWh"
    ratio = held(inventory.id, 2023) / UNITS.convert(held(ets.id, 2023), ets.unit, inventory.unit)
    assert ratio == pytest.approx(0.5737 / 0.42)


def test_every_province_with_a_published_factor_has_the_three_years():
    provinces = [f for f in CATALOGUE.factors.values() if f.scope == "province" and f.purpose == "inventory"]
    assert len(provinces) == 30
    for factor in provinces:
        assert {2021, 2022, 2023} <= {v.year for v in factor.values}, factor.id


def test_twenty_provinces_fell_and_ten_rose_in_2023():
    """So the notice of 2023 was reported; a digit copied wrongly would most likely break the count."""
    provinces = [f for f in CATALOGUE.factors.values() if f.scope == "province" and f.purpose == "inventory"]
    change = [held(f.id, 2023) - held(f.id, 2022) for f in provinces]
    assert (sum(c < 0 for c in change), sum(c > 0 for c in change)) == (20, 10)


# ── numbers that circulate and are wrong ────────────────────────────────────────────────────────────────────


def test_no_regional_factor_that_is_in_no_notice():
    invented = {0.7188, 0.6568, 0.5698, 0.4908, 0.5598, 0.4568}
    grid = [f for f in CATALOGUE.factors.values() if f.id.startswith("grid_")]
    assert [(f.id, v.value) for f in grid for v in f.values if v.value in invented] == []


def test_national_values_are_in_their_own_years():
    average = {v.year: v.value for v in CATALOGUE.factors["grid_nation_average"].values}
    assert (average[2021], average[2022]) == (0.5568, 0.5366)
    assert [f.id for f in CATALOGUE.factors.values() for v in f.values if v.value == 0.5703 and v.year < 2022] == []
    national = set(average.values())
    provinces = [
        f for f in CATALOGUE.factors.values() if f.scope in ("province", "grid") and f.carrier == "electricity"
    ]
    assert [(f.id, v.year) for f in provinces for v in f.values if v.value in national] == []


def test_no_time_of_use_table_that_was_never_issued():
    numbers = [s.number or "" for s in CATALOGUE.standards.values()]
    assert [n for n in numbers if "〔2023〕156" in n or "〔2023〕489" in n] == []
    for tariff in CATALOGUE.tariffs.values():
        if not tariff.id.startswith("shanghai"):
            continue
        for period in tariff.periods:
            sharp = {hour for a, b in period.bands.get("sharp", ()) for hour in range(a, b)}
            assert not sharp & {9, 10, 14, 15}, "sharp is 12–14 in summer and 19–21 in winter only"
            assert all(b <= 22 for a, b in period.bands.get("flat", ())), "22–24 is never flat"
            if "flat" in period.bands:
                assert all(b <= 21 for a, b in period.bands.get("peak", ())), "21–22 is flat"


def test_a_national_building_limit_names_its_class():
    """GB/T 51161 has class A and B for each function; a single figure for "offices" or "hotels" is not of it."""
    limits = [i for i in CATALOGUE.factors if i.startswith("gbt51161_") and i.endswith(("_binding", "_guiding"))]
    assert len(limits) == 42
    classless = [i for i in limits if not i.rsplit("_", 1)[0].endswith(("_a", "_b")) and "garage" not in i]
    assert classless == []


def test_prices_and_codes_that_do_not_add_up_are_not_held():
    assert [f.id for f in CATALOGUE.factors.values() for v in f.values if v.value == 7.93] == []
    shipped = [path for path in catalogue_files() if path.parent.name != "refusals"]
    text = "".join(path.read_text(encoding="utf-8") for path in shipped)
    assert "310104001" not in text


# ── marks ───────────────────────────────────────────────────────────────────────────────────────────────────


def _sources():
    for factor in CATALOGUE.factors.values():
        yield from ((f"{factor.id} {v.year}", v.source) for v in factor.values)
    for measure in CATALOGUE.measures.values():
        yield from ((f"{measure.id}.{name}", p.source) for name, p in measure.parameters.items())
    for entry in (*CATALOGUE.tariffs.values(), *CATALOGUE.rules.values()):
        yield entry.id, entry.source


def test_every_outside_number_says_where_it_comes_from():
    assert [name for name, source in _sources() if source.standard is None and source.text is None] == []


def test_what_is_called_official_rests_on_an_official_text():
    wrong = [
        name
        for name, source in _sources()
        if source.status == "official" and source.standard and CATALOGUE.standards[source.standard].status != "official"
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "standard", ["gbt_2589_2020", "ipcc_ar5", "gbt_51161_2016", "gb_40879_2021", "east_china_average", "db31t_551_2011"]
)
def test_a_text_that_was_not_seen_gives_no_official_number(standard: str):
    assert CATALOGUE.standards[standard].status != "official"
    cited = [source.status for _, source in _sources() if source.standard == standard]
    assert cited
    assert "official" not in cited


def test_what_was_computed_here_says_so_and_rests_on_its_inputs():
    """A factor of official inputs is used as official, one of second-hand inputs as second-hand."""
    computed = [f"co2_{fuel}" for fuel in PRINTED] + ["co2_msw_incineration", "co2_per_tce_diesel", "gwp_r134a_ar5"]
    assert {CATALOGUE.factors[i].values[-1].source.status for i in computed} == {"computed"}
    book = Book(CATALOGUE)
    assert [book.use(f"co2_{fuel}", 2025).status for fuel in ("diesel", "natural_gas", "lng")] == [
        "official",
        "official",
        "second-hand",
    ]
    assert book.use("co2_msw_incineration", 2025).status == "remembered"
    blends = [f"gwp_{blend}_{one}" for blend in ("r410a", "r404a", "r407c") for one in ("ar4", "ar5", "ar6")]
    assert {CATALOGUE.factors[i].values[-1].source.status for i in blends} == {"remembered"}


def test_most_measures_are_assumptions_and_say_so():
    statuses = Counter(p.source.status for m in CATALOGUE.measures.values() for p in m.parameters.values())
    assert len(CATALOGUE.measures) >= 40
    assert statuses["assumption"] > statuses["second-hand"] > statuses["official"]


def test_a_value_lies_within_its_range_and_its_unit_is_known():
    numbers = [(f.id, f.unit, v.value, v.low, v.high) for f in CATALOGUE.factors.values() for v in f.values]
    for measure in CATALOGUE.measures.values():
        numbers += [(f"{measure.id}.{n}", p.unit, p.value, p.low, p.high) for n, p in measure.parameters.items()]
    for name, unit, value, low, high in numbers:
        assert UNITS.knows(unit), f"{name}: {unit}"
        assert low is None or low <= value, name
        assert high is None or value <= high, name


# ── blends, waste, limits ───────────────────────────────────────────────────────────────────────────────────


def test_the_gwp_of_a_blend_is_the_mean_of_its_parts_by_mass():
    ar5 = {gas: held(f"gwp_{gas}_ar5", 2025) for gas in ("r32", "hfc125", "hfc134a", "hfc143a")}
    r404a = 0.44 * ar5["hfc125"] + 0.52 * ar5["hfc143a"] + 0.04 * ar5["hfc134a"]
    r407c = 0.23 * ar5["r32"] + 0.25 * ar5["hfc125"] + 0.52 * ar5["hfc134a"]
    assert held("gwp_r410a_ar5", 2025) == pytest.approx(0.5 * ar5["r32"] + 0.5 * ar5["hfc125"])
    assert held("gwp_r404a_ar5", 2025) == pytest.approx(r404a)
    assert held("gwp_r407c_ar5", 2025) == pytest.approx(r407c, abs=0.05)
    assert held("gwp_r410a_ar6", 2025) == pytest.approx((held("gwp_r32_ar6", 2025) + held("gwp_hfc125_ar6", 2025)) / 2)


def test_fossil_co2_of_a_tonne_of_waste_burnt():
    """0.20 × 0.39 × 0.95 × 44/12 = 0.2717."""
    worked = held("msw_ccw", 2025) * held("msw_fcf", 2025) * held("msw_burnout", 2025) * 44 / 12
    assert worked == pytest.approx(held("co2_msw_incineration", 2025), abs=5e-5)


@pytest.mark.parametrize(
    ("limit", "conversion", "kwh_per_m2"),
    [
        ("db31t1341_office_class1_reasonable", "db31t1341_ce_electricity", 114),  # 14 / 0.1229
        ("db31t552_mall_reasonable", "db31t552_ce_electricity", 319),  # 90 / 0.28232
        ("db31t783_university_advanced", "db31t783_ce_electricity", 69),  # 19.3 / 0.28078
    ],
)
def test_a_building_limit_is_read_with_its_own_conversion(limit: str, conversion: str, kwh_per_m2: float):
    about = CATALOGUE.factors[limit].about
    assert about is not None
    assert conversion in about.en
    assert held(limit, 2026) / held(conversion, 2026) == pytest.approx(kwh_per_m2, abs=0.5)


def test_pue_limits():
    assert [held(i, 2025) for i in ("pue_limit_new", "pue_limit_existing")] == [1.3, 1.4]
    assert held("review_province_tce", 2024) == 5000
    assert held("review_province_tce", 2025) == 10000


# ── time of use ─────────────────────────────────────────────────────────────────────────────────────────────


def band(tariff: str, month: int, hour: int) -> str:
    (period,) = [p for p in CATALOGUE.tariffs[tariff].periods if month in p.months]
    (name,) = [name for name, spans in period.bands.items() for a, b in spans if a <= hour < b]
    return name


@pytest.mark.parametrize(
    ("month", "hour", "expected"),
    [
        (7, 13, "sharp"), (10, 13, "flat"), (1, 20, "sharp"), (3, 20, "peak"), (9, 13, "peak"), (8, 14, "peak"),
        (7, 16, "flat"), (12, 18, "peak"), (4, 12, "flat"), (7, 22, "valley"), (7, 5, "valley"), (12, 21, "flat"),
    ],
)  # fmt: skip
def test_an_hour_of_a_two_part_user_in_shanghai(month: int, hour: int, expected: str):
    assert band("shanghai_two_part", month, hour) == expected


def test_a_single_part_user_in_shanghai_has_no_flat_hours():
    names = {band("shanghai_single_part", month, hour) for month in range(1, 13) for hour in range(24)}
    assert names == {"peak", "valley"}


@pytest.mark.parametrize("tariff", sorted(CATALOGUE.tariffs))
def test_every_hour_of_a_tariff_belongs_to_one_band(tariff: str):
    months = [month for period in CATALOGUE.tariffs[tariff].periods for month in period.months]
    assert len(months) == len(set(months))
    if "rest_days" not in tariff and "holidays" not in tariff:
        assert sorted(months) == list(range(1, 13))
    for month in months:
        assert all(band(tariff, month, hour) for hour in range(24))
    for period in CATALOGUE.tariffs[tariff].periods:
        assert not period.ratios or set(period.ratios) == set(period.bands)


def test_sharp_is_a_quarter_on_the_peak_price():
    ratios = [p.ratios for p in CATALOGUE.tariffs["shanghai_two_part"].periods if "sharp" in p.bands]
    assert len(ratios) == 2
    assert all(r["sharp"] == pytest.approx(1.25 * r["peak"]) for r in ratios)


@pytest.mark.parametrize(
    ("tariff", "month", "hour", "expected"),
    [
        ("zhejiang", 7, 10, "sharp"), ("zhejiang", 7, 12, "valley"), ("zhejiang", 10, 16, "peak"),
        ("jiangsu_a", 8, 12, "valley"), ("jiangsu_a", 4, 12, "valley"), ("jiangsu_a", 4, 14, "flat"),
        ("shanghai_residential", 5, 21, "peak"), ("shanghai_residential", 5, 22, "valley"),
        ("hubei_home_charging", 5, 21, "sharp"), ("shanghai_large_industry_holidays", 10, 23, "deep_valley"),
    ],
)  # fmt: skip
def test_an_hour_of_other_tariffs(tariff: str, month: int, hour: int, expected: str):
    assert band(tariff, month, hour) == expected


# ── the light ───────────────────────────────────────────────────────────────────────────────────────────────

PV = Aim(value=22, comparator=">=", shape="cumulative", start=2021, base_year=2020, end=2025)
INTENSITY = Aim(value=13.5, comparator=">=", shape="reduction", start=2021, base_year=2020, end=2025)
PUE = Aim(value=1.3, comparator="<=", shape="limit", start=2021, base_year=2020, end=2025)


@pytest.mark.parametrize(
    ("aim", "direction", "value", "year", "light"),
    [
        (PV, "up", None, 2023, "no_data"),
        (PV, "up", 13.2, 2023, "on_course"),  # 22 × 3/5
        (PV, "up", 12.0, 2023, "slipping"),  # 0.909 of the path
        (PV, "up", 11.8, 2023, "behind"),  # 0.894
        (PV, "up", 22.0, 2023, "done"),
        (PV, "up", 22.0, 2025, "done"),
        (PV, "up", 21.9, 2025, "behind"),  # due, and a miss is a miss
        (INTENSITY, "up", 8.5, 2023, "on_course"),  # the path is 1 − 0.865^0.6 = 8.33 %
        (INTENSITY, "up", 7.6, 2023, "slipping"),  # ln 0.924 / (0.6 ln 0.865) = 0.908
        (INTENSITY, "up", 7.4, 2023, "behind"),  # 0.883
        (INTENSITY, "up", 14.0, 2023, "on_course"),  # reached early, but it can be lost again
        (PUE, "down", 1.3, 2024, "on_course"),
        (PUE, "down", 1.35, 2024, "behind"),
    ],
)
def test_the_light_of_a_target(aim: Aim, direction: str, value: float | None, year: int, light: str):
    assert judge(aim, value, year, direction, CATALOGUE.rules["light_standard"]).light == light


def test_progress_of_a_cut_is_measured_with_logarithms_as_districts_do():
    """A district's published plan prints 26.16 % against 15 % as 186.61 % of the task."""
    aim = Aim(value=15, comparator=">=", shape="reduction", start=2016, base_year=2015, end=2020)
    judged = judge(aim, 26.16, 2020, "up", CATALOGUE.rules["light_standard"])
    assert judged.light == "done"
    assert judged.progress == pytest.approx(1.8661, abs=5e-5)


# ── a new value ─────────────────────────────────────────────────────────────────────────────────────────────

NEW_YEAR = """
id: grid_shanghai_inventory
values:
  - {year: 2024, value: 0.56, source: {text: {zh: 示例, en: example}, status: assumption}}
"""


def test_a_district_adds_a_vintage_and_the_older_years_stay(tmp_path: Path):
    (tmp_path / "factors").mkdir()
    (tmp_path / "factors" / "grid.yaml").write_text(NEW_YEAR, encoding="utf-8")
    factor = load_catalogue(tmp_path).factors["grid_shanghai_inventory"]
    used = [factor.in_force(year) for year in (2022, 2023, 2024, 2026)]
    assert [vintage and vintage.value for vintage in used] == [0.5849, 0.5737, 0.56, 0.56]


def test_a_published_value_cannot_be_rewritten(tmp_path: Path):
    (tmp_path / "factors").mkdir()
    (tmp_path / "factors" / "grid.yaml").write_text(NEW_YEAR.replace("2024", "2023"), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_catalogue(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["catalogue.edited-official-value"]


def test_a_district_lays_its_own_threshold_and_cost_on_top(tmp_path: Path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "measures").mkdir()
    (tmp_path / "rules" / "light.yaml").write_text(
        "{id: light_standard, cases: [{when: progress >= 0.95, gives: on_course}, {when: 'True', gives: behind}]}",
        encoding="utf-8",
    )
    (tmp_path / "measures" / "own.yaml").write_text(
        "{id: led_lighting, parameters: {cost: {value: 26, unit: 元/m2, source: {text: {zh: 报价, en: quotation}}}}}",
        encoding="utf-8",
    )
    own = load_catalogue(tmp_path)
    assert judge(PV, 12.6, 2023, "up", own.rules["light_standard"]).light == "on_course"  # 0.9545 of 13.2
    assert own.measures["led_lighting"].parameters["cost"].value == 26
    assert own.measures["led_lighting"].parameters["saving"].value == 50
