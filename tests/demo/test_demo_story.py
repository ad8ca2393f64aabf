"""What the demo is there to show, asked of ``dafeng run`` and worked out again from the generated rows."""

from __future__ import annotations

from collections import Counter

import pytest

from dafeng.assessment.results import Results, TargetRow
from dafeng.demo.makers import CORRECTIONS
from dafeng.demo.world import World
from dafeng.workflows.district import District
from dafeng.workflows.running import run
from dafeng.workflows.starting import init


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return init(tmp_path_factory.mktemp("story") / "yunting", demo=True).district


@pytest.fixture(scope="module")
def results(district: District) -> Results:
    return run(district, 2025).results


def rows_of(results: Results, plan: str = "yunting-2022") -> list[TargetRow]:
    return [row for row in results.targets if row.plan == plan]


def the(results: Results, indicator: str, year_to: int | None = 2025) -> TargetRow:
    return next(row for row in rows_of(results) if row.indicator == indicator and row.year_to == year_to)


def test_most_targets_due_in_2025_are_done_and_some_are_missed(results: Results):
    lights = Counter(row.light for row in rows_of(results) if row.year_to == 2025)
    assert lights["done"] >= 18
    assert 4 <= lights["behind"] <= 7
    assert 1 <= lights["no_data"] <= 3
    assert results.synthetic


def test_what_is_missed_is_missed_narrowly(results: Results):
    behind = {row.indicator for row in rows_of(results) if row.year_to == 2025 and row.light == "behind"}
    assert {"green_travel_share", "existing_roof_pv_coverage", "forest_improved_ha", "public_fleet_nev_share"} <= behind
    for row in rows_of(results):
        if row.year_to == 2025 and row.light == "behind":
            assert row.value is not None
            assert row.target_value is not None
            assert row.value >= 0.9 * row.target_value


def test_the_citys_value_decides_over_our_own(results: Results):
    row = the(results, "energy_intensity_reduction")
    assert row.own_value == pytest.approx(12.8, abs=0.01)
    assert (row.value, row.confirmed_value, row.decided_by) == (13.2, 13.2, "confirmed")
    assert "虚构" in (row.confirmed_document or "")
    assert row.light == "done"


def test_the_value_left_to_the_city_was_filled_in_later(results: Results):
    row = the(results, "co2_intensity_reduction")
    assert (row.target_value, row.target_from) == (13.5, "assigned")
    assert row.value is not None


def test_the_restatement_takes_deep_retrofits_from_above_their_path_to_below(results: Results):
    world = World()
    deep = {
        row["code"]: row["floor_area_m2"]
        for row in world.rows("retrofits")
        if row["completed"] and row["completed"].year <= 2025 and (row["verified_saving_pct"] or 0) >= 15
    }
    corrected = {row["code"] for row in CORRECTIONS[0].rows(world)}
    before = sum(deep.values()) / 1e4
    after = sum(area for code, area in deep.items() if code not in corrected) / 1e4
    row = the(results, "public_retrofit_area_saving15", 2030)
    assert row.value == pytest.approx(after)
    assert row.expected is not None
    assert after < row.expected <= before
    assert row.light in ("behind", "slipping")


def test_a_missing_table_shows_as_no_data_and_never_as_zero(results: Results):
    sludge = next(row for row in rows_of(results) if "污泥" in row.subject or "污泥" in row.sentence)
    assert (sludge.value, sludge.light) == (None, "no_data")


def test_one_new_data_centre_stands_above_its_limit(results: Results):
    new = next(row for row in rows_of(results) if row.clause == "2.2.3" and row.target_value == 1.25)
    assert new.value == pytest.approx(1.31, abs=0.005)
    energy = [
        row for row in World().rows("data_centre_energy") if row["year"] == 2025 and row["centre"] in ("DC-08", "DC-09")
    ]
    assert all(row["total"] / row["it"] <= 1.25 for row in energy)
    assert new.light in ("slipping", "behind")


def test_every_task_of_the_first_plan_has_a_report_for_the_last_quarter_of_2025(results: Results):
    for task in results.tasks:
        if task.plan == "yunting-2022":
            assert any(report["quarter"] == "2025Q4" for report in task.reported), task.clause


def test_titles_and_leads_of_the_reports_are_those_of_the_plan(results: Results):
    for task in results.tasks:
        reported = {(report["task"], report["unit"]) for report in task.reported if report["plan"] == task.plan}
        assert reported
        titles = {title for title, _ in reported}
        assert titles == {task.title}
        leads = [name for name, role in task.units if role == "lead"]
        # Where the party committee leads, the leading group's office in the commission reports.
        reports = "区发展改革委" if leads[0] == "区委" else leads[0]
        assert {unit for _, unit in reported} == {reports}


def test_2026_is_reported_in_part(district: District):
    second = rows_of(run(district, 2026).results, "yunting-2026")
    by_light = Counter(row.light for row in second)
    assert by_light["no_data"] >= 5
    assert by_light["behind"] + by_light["slipping"] + by_light["on_course"] >= 8
    chargers = next(row for row in second if row.indicator == "public_chargers_added")
    assert chargers.value == 385
