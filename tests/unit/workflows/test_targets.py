"""Targets of a plan with their figures, worked out by hand for 2023 on five racks and four years of rides."""

from __future__ import annotations

import math

import pytest
from tests.unit.workflows.small import RACKS, fill, load_rows, make_district, plan, target

from dafeng.assessment.results import Results, TargetRow
from dafeng.workflows.district import District
from dafeng.workflows.running import run

TARGETS = [
    target(1, "racks_added", 10, "个"),
    target(2, "rack_power", 1.2, "万千瓦"),
    target(3, "ride_share", 40, "%"),
    target(4, "fuel_cut", 20, "%", direction="decrease"),
    target(5, "fuel_cut", 60, "%", direction="decrease", base_year=2005, period=(None, 2030)),
    target(6, "racks_added", 5, "个", comparator="~", period=(2022, None)),
    target(7, "racks_added", 30, "个", period=(2026, 2030)),
    target(8, "ride_share", None, "", qualifier="全部", period=(None, 2030)),
    target(9, "rack_power", None, "", qualifier="完成市级下达指标", period=(2021, 2023)),
    target(10, "racks_added", 3, "公顷"),
    target(11, None, 7, "件"),
    target(12, "audited_racks", 4, "个"),
    target(13, "hospital_racks", 2, "个"),
    target(14, "school_racks", None, "", qualifier="有序推进"),
]
CONFIRMED = [
    {"indicator": "fuel_cut", "year": 2022, "value": 9.0, "unit": "%", "document": "沧澜核〔2023〕1号"},
    {"indicator": "rack_power", "year": 2023, "value": 5000.0, "unit": "kW", "document": "沧澜核〔2024〕2号"},
    {"indicator": "hospital_racks", "year": 2023, "value": 3.0, "unit": "公顷", "document": "沧澜核〔2024〕3号"},
]
ASSIGNED = [
    {"indicator": "rack_power", "year": 2023, "value": 20000.0, "unit": "千瓦", "document": "沧澜下〔2022〕4号"}
]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    made = fill(make_district(tmp_path_factory.mktemp("targets"), plan(*TARGETS)))
    load_rows(made, "confirmed_values", CONFIRMED)
    load_rows(made, "assigned_targets", ASSIGNED)
    return made


@pytest.fixture(scope="module")
def results(district: District) -> Results:
    return run(district, 2023).results


def row(results: Results, number: int) -> TargetRow:
    return next(one for one in results.targets if one.target == f"T{number}")


def test_every_target_stands_in_the_table_once_in_the_order_of_the_plan(results: Results):
    assert [one.target for one in results.targets] == [one["id"] for one in TARGETS]


def test_what_is_to_be_added_is_counted_from_the_first_year_and_expected_in_equal_steps(results: Results):
    one = row(results, 1)
    # R2, R3 and R4 opened in 2021 to 2023; three fifths of ten were due.
    assert (one.value, one.value_year, one.decided_by) == (3, 2023, "own")
    assert (one.expected, one.gap, one.progress, one.light) == (6, -3, 0.5, "behind")
    assert one.series == ((2021, 1), (2022, 2), (2023, 3))
    assert one.path == ((2020, 0), (2021, 2), (2022, 4), (2023, 6), (2024, 8), (2025, 10))
    assert one.flags == ()


def test_figures_are_told_in_the_unit_of_the_plan(results: Results):
    one = row(results, 2)
    # 0.5 + 1.5 + 2 MW of our own are 0.4 万千瓦; the city confirmed 5000 kW.
    assert (one.unit, one.target_value) == ("万千瓦", pytest.approx(1.2))
    assert one.own_value == pytest.approx(0.4)
    assert one.value == one.confirmed_value == pytest.approx(0.5)
    assert (one.indicator_value, one.indicator_unit) == (pytest.approx(5), "MW")
    assert one.expected == pytest.approx(0.72)
    assert one.gap == pytest.approx(-0.22)


def test_a_confirmed_value_decides_and_our_own_stands_beside(results: Results):
    one = row(results, 4)
    # Our own: 900 of 1000 t; the city confirmed 9 %.
    assert (one.value, one.own_value, one.confirmed_value) == (9, pytest.approx(10), 9)
    assert (one.decided_by, one.confirmed_document) == ("confirmed", "沧澜核〔2023〕1号")
    expected = 100 * (1 - 0.8 ** (2 / 5))
    assert one.expected == pytest.approx(expected)
    assert one.progress == pytest.approx(math.log(0.91) / math.log(1 - expected / 100))
    assert one.light == "on_course"


def test_a_level_without_a_figure_of_the_year_is_judged_in_its_latest_year(results: Results):
    one = row(results, 3)
    # From 10 % in 2020 straight to 40 % in 2025: 22 % in 2022, and that is what there was.
    assert (one.value, one.value_year, one.expected) == (22, 2022, pytest.approx(22))
    assert one.flags == ("older",)
    assert (one.progress, one.light) == (pytest.approx(1), "on_course")


def test_a_cut_against_2005_is_measured_against_2005_and_no_confirmed_cut_of_2020_decides_it(results: Results):
    one = row(results, 5)
    # 900 of 2000 t in 2022.
    assert (one.base_year, one.year_from, one.year_to) == (2005, 2006, 2030)
    assert (one.value, one.decided_by, one.confirmed_value) == (pytest.approx(55), "own", None)
    assert one.expected == pytest.approx(100 * (1 - 0.4 ** (17 / 25)))


def test_a_quantity_without_a_year_is_due_with_its_five_year_plan_and_says_so(results: Results):
    one = row(results, 6)
    # 2022 to 2025 are four years; R3 and R4 of five about 20 % short of the half that was due.
    assert (one.year_from, one.year_to, one.flags) == (2022, 2025, ("due_assumed",))
    assert (one.value, one.expected, one.progress, one.light) == (2, 2.5, 0.8, "behind")


def test_what_only_begins_later_has_no_light_and_says_when_it_begins(results: Results):
    one = row(results, 7)
    assert (one.light, one.flags, one.why_zh) == ("no_data", ("not_begun",), "2026 年开始")
    assert (one.expected, one.gap, one.progress) == (None, None, None)
    assert results.not_begun == 1


def test_a_word_that_means_a_figure_is_judged_by_it_on_a_path_through_what_the_plan_asks_earlier(results: Results):
    one = row(results, 8)
    assert (one.target_value, one.target_from, one.said) == (100, "means", "全部")
    # 10 % in 2020, 40 % in 2025 as target 3 asks, 100 % in 2030: by 6 points a year, then by 12.
    assert (one.expected, one.value) == (pytest.approx(22), 22)
    assert dict(one.path)[2027] == pytest.approx(64)


def test_a_value_left_to_the_city_is_what_the_city_assigned(results: Results):
    one = row(results, 9)
    assert (one.target_value, one.unit, one.target_from) == (pytest.approx(20), "MW", "assigned")
    assert (one.value, one.light) == (pytest.approx(5), "behind")


def test_a_word_that_means_no_figure_leaves_the_target_unjudged(results: Results):
    one = row(results, 14)
    # R1 and R2 stand at a school.
    assert (one.target_value, one.target_from, one.light, one.value) == (None, "none", "no_data", 2)
    assert one.why_en == "the target has no figure yet"


def test_a_unit_that_cannot_be_converted_is_a_note_and_never_a_figure(results: Results):
    one = row(results, 10)
    assert (one.target_value, one.target_from, one.light) == (None, "unit", "no_data")
    assert any("2.1.10" in zh and "公顷" in zh for zh, _ in results.notes)


def test_a_confirmed_value_in_a_unit_of_another_kind_does_not_decide(results: Results):
    one = row(results, 13)
    assert (one.value, one.decided_by) == (0, "own")
    assert any("医院车架" in zh and "公顷" in zh for zh, _ in results.notes)
    assert any("Racks at hospitals" in en for _, en in results.notes)
    assert len(set(results.notes)) == len(results.notes)


def test_none_of_the_rows_is_nought_and_an_empty_register_is_no_data(results: Results):
    assert (row(results, 13).value, row(results, 13).light) == (0, "behind")
    empty = row(results, 12)
    assert (empty.value, empty.light, empty.series) == (None, "no_data", ())
    assert empty.why_zh == "台账“车架检查”尚无记录"


def test_a_target_that_no_indicator_answers_stands_in_the_table_all_the_same(results: Results):
    one = row(results, 11)
    assert (one.indicator, one.target_value, one.unit, one.light) == (None, 7, "件", "no_data")
    assert one.why_en == "no indicator answers it"


def test_lights_add_up_to_the_targets(results: Results):
    assert sum(results.lights.values()) == len(TARGETS)


def test_units_and_action_come_from_the_task_that_holds_the_target(results: Results):
    assert {one.action for one in results.targets} == {"（一）"}
    assert row(results, 1).units == (("区建管委", "lead"),)


def test_after_its_last_year_a_target_is_judged_by_the_figure_of_that_year(district: District):
    one = row(run(district, 2026).results, 1)
    # R2 to R5 opened within the period; nothing later counts for it.
    assert (one.value, one.value_year, one.light) == (4, 2025, "behind")
    assert one.why_zh == "2025 年到期，未达到目标"


def test_a_register_last_loaded_before_the_year_was_over_marks_the_figure_as_partial(district: District):
    results = run(district, 2026).results
    assert results.partial_year
    assert "partial" in row(results, 7).flags
    assert "partial" not in row(results, 1).flags


def test_the_earlier_plan_names_the_later_one_that_asks_for_the_same(tmp_path):
    first = plan(target(1, "racks_added", 10, "个"), target(2, "rack_power", 5, "MW"))
    second = plan(target(1, "racks_added", 12, "个"), title="新方案", period=(2022, 2025))
    district = make_district(tmp_path, first, second)
    load_rows(district, "racks", RACKS)
    rows = {(one.plan, one.target): one.superseded_by for one in run(district, 2023).results.targets}
    assert rows == {("racks-2021", "T1"): "racks-2022 2.1.1", ("racks-2021", "T2"): None, ("racks-2022", "T1"): None}
