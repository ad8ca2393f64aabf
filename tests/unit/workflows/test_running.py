"""When a run is computed, what it says has moved, and what was known on a day of the past."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.workflows.small import (
    INDICATORS,
    RACKS,
    day_in_china,
    fill,
    load_rows,
    make_district,
    plan,
    target,
    write_plan,
)

from dafeng.assessment.movement import Move
from dafeng.assessment.results import Results
from dafeng.core.errors import BadInput
from dafeng.workflows.district import District, open_district
from dafeng.workflows.running import default_year, run

PLAN = plan(target(1, "racks_added", 10, "个"), target(2, "ride_share", 40, "%"))


@pytest.fixture(autouse=True)
def program(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The program's own state, held still while its sources may be edited, and changed where a test says so."""
    state = ["as it is"]
    monkeypatch.setattr("dafeng.workflows.running._code_digest", lambda: state[0])
    return state


@pytest.fixture
def district(tmp_path: Path) -> District:
    return fill(make_district(tmp_path / "yunting", PLAN))


def again(district: District, year: int = 2023, **options: Any):
    """As the next call of the command would do it, with everything read anew."""
    return run(open_district(district.root), year, **options)


def moves(done: Any) -> dict[tuple[str, str], tuple[Any, Any]]:
    assert done.moved is not None
    return {(move.item, move.what): (move.before, move.after) for move in done.moved.moves}


def answer(results: Results) -> tuple[Any, ...]:
    """What a run says, without when it was made and from what."""
    return results.targets, results.values, results.figures, results.tasks, results.notes


def test_unchanged_inputs_are_not_computed_again_and_the_stored_result_is_the_same(district: District):
    first, second = again(district), again(district)
    assert (first.computed, first.moved) == (True, None)
    assert (second.computed, second.moved) == (False, None)
    assert second.results == first.results


def test_it_is_computed_again_when_asked_to_and_nothing_has_moved(district: District):
    again(district)
    forced = again(district, force=True)
    assert forced.computed
    assert forced.moved is not None
    assert (forced.moved.because, forced.moved.moves) == ((), ())


def test_each_year_has_its_own_run(district: District):
    again(district)
    assert again(district, 2022).computed
    assert not again(district, 2023).computed


def test_a_new_record_is_named_as_what_changed_with_every_figure_that_moved(district: District):
    again(district)
    load_rows(district, "racks", [{"code": f"N{n}", "opened": "2023-07-01", "places": 1} for n in range(3)])
    done = again(district)
    assert done.computed
    assert done.moved is not None
    assert done.moved.because == ("facts",)
    # Three racks become six, which is just what three fifths of ten ask for.
    assert moves(done) == {
        ("racks-2021 2.1.1", "value"): (3, 6),
        ("racks-2021 2.1.1", "light"): ("behind", "on_course"),
        ("IND.racks_added", "value"): (3, 6),
    }
    assert not again(district).computed


def test_a_corrected_and_a_withdrawn_record_move_figures_back(district: District):
    again(district)
    load_rows(district, "racks", [{**RACKS[3], "opened": "2020-05-01"}])
    assert moves(again(district))["racks-2021 2.1.1", "value"] == (3, 2)


def test_changed_new_and_dropped_targets_are_told_apart(district: District):
    again(district)
    write_plan(district, plan(target(1, "racks_added", 4, "个"), target(3, "rack_power", 5, "MW")))
    done = again(district)
    assert done.moved is not None
    assert done.moved.because == ("plans",)
    assert moves(done) == {
        ("racks-2021 2.1.1", "target"): (10, 4),
        ("racks-2021 2.1.1", "light"): ("behind", "on_course"),
        ("racks-2021 2.1.3", "new"): (None, "≥ 5 MW"),
        ("racks-2021 2.1.2", "gone"): ("≥ 40%", None),
    }
    assert done.moved.moves[0] == Move("racks-2021 2.1.1", "新增车架", "Racks added", "target", 10, 4, "个", "")


def test_a_changed_indicator_of_the_district_is_named_as_the_catalogue(district: District):
    again(district)
    own = district.local_catalogue / "indicators" / "own.yaml"
    counted = "where: period >= start and period <= year, value: count(), headline: true"
    assert counted in INDICATORS
    own.write_text(INDICATORS.replace(counted, counted.replace("<= year", "< year")).replace(
        "expect: {2021: 1}}}", "expect: {2021: 0}}}", 1), encoding="utf-8")  # fmt: skip
    done = again(district)
    assert done.moved is not None
    assert done.moved.because == ("catalogue",)
    assert moves(done)["IND.racks_added", "value"] == (3, 2)


def test_a_changed_setting_is_named_as_the_settings(district: District):
    again(district)
    settings = district.root / "district.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "[years]\nbase = 2021\n", encoding="utf-8")
    done = again(district)
    assert done.moved is not None
    assert done.moved.because == ("settings",)
    # From 16 % in 2021 to 40 % in 2025 the path asks for 22 % in 2022, as it did from 2020: nothing moves.
    assert moves(done) == {}
    assert (done.results.base_year, done.results.targets[1].path[0]) == (2021, (2021, 16.0))


def test_a_changed_program_computes_again_and_is_named(district: District, program: list[str]):
    again(district)
    program[0] = "changed"
    done = again(district)
    assert done.moved is not None
    assert (done.computed, done.moved.because, done.moved.moves) == (True, ("code",), ())


def test_two_changes_at_once_are_both_named(district: District):
    again(district)
    load_rows(district, "racks", [{"code": "N1", "opened": "2023-07-01", "places": 1}])
    write_plan(district, plan(target(1, "racks_added", 4, "个")))
    done = again(district)
    assert done.moved is not None
    assert done.moved.because == ("facts", "plans")


def test_what_was_known_on_a_day_gives_the_result_of_that_day_to_the_letter(tmp_path: Path):
    district = fill(make_district(tmp_path / "yunting", PLAN), days_ago=400)
    then = again(district).results
    load_rows(district, "racks", [{**RACKS[1], "opened": "2019-01-01"}])
    load_rows(district, "rides", [{"year": 2023, "share": 30.0, "fuel_t": 800.0}])
    now = again(district).results
    assert answer(now) != answer(then)
    day = day_in_china(days_ago=400)
    past = again(district, as_known=day)
    assert answer(past.results) == answer(then)
    assert past.results.as_known_on == day.isoformat()
    assert past.moved is None
    assert not again(district, as_known=day).computed


def test_before_anything_was_recorded_nothing_is_known(district: District):
    results = again(district, as_known=day_in_china(days_ago=1)).results
    assert {row.light for row in results.targets} == {"no_data"}
    assert all(row.value is None for row in results.targets)
    assert results.registers == {}


def test_a_look_into_the_past_is_no_step_between_two_runs(district: District):
    again(district)
    again(district, as_known=day_in_china(days_ago=1))
    load_rows(district, "racks", [{"code": "N1", "opened": "2023-07-01", "places": 1}])
    assert moves(again(district))["IND.racks_added", "value"] == (3, 4)


def test_a_year_that_is_not_over_is_judged_by_the_part_of_it_that_has_passed(district: District):
    today = dt.date.today()
    made = again(district, today.year)
    assert made.results.foundations["day"] == today.isoformat()
    assert made.results.partial_year
    assert again(district, 2023).results.foundations["day"] == str(today.year)


def test_the_year_by_default_is_the_last_that_is_over():
    assert default_year(dt.date(2026, 1, 1)) == default_year(dt.date(2026, 12, 31)) == 2025


def test_a_district_without_a_plan_is_told_to_import_one(tmp_path: Path):
    with pytest.raises(BadInput) as refused:
        run(make_district(tmp_path), 2023)
    assert [problem.code for problem in refused.value.problems] == ["run.no-plan"]


def test_every_fault_of_every_plan_is_told_at_once(district: District):
    wrong = {**PLAN, "targets": [{**PLAN["targets"][0], "comparator": "=>"}, PLAN["targets"][1]]}
    write_plan(district, wrong)
    (district.root / "plans" / "other.yaml").write_text("title: [", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        again(district)
    found = {(problem.code, Path(str(problem.place.file)).name) for problem in refused.value.problems}
    assert found == {("plan.field-choice", "racks-2021.yaml"), ("plan.yaml", "other.yaml")}


def test_an_unsound_catalogue_ends_the_run_before_any_figure(district: District):
    own = district.local_catalogue / "indicators" / "own.yaml"
    broken = INDICATORS.replace("value: sum(power_kw) / 1000", "value: sum(power_mw) / 1000")
    own.write_text(broken.replace("from: audits", "from: auditz", 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        again(district)
    assert {problem.place.item for problem in refused.value.problems} >= {"rack_power", "audited_racks"}


def test_a_target_without_an_indicator_finds_the_one_that_the_catalogue_has_gained(district: District):
    write_plan(district, plan(target(1, None, 10, "个", subject="新增车架", sentence="新增车架10个")))
    assert again(district).results.targets[0].indicator is None
    own = district.local_catalogue / "indicators" / "own.yaml"
    entries = yaml.safe_load(INDICATORS)
    entries[0]["match"] = {"words": [["新增", "车架"]], "units": ["个"]}
    own.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    assert again(district).results.targets[0].indicator == "racks_added"
