"""What is still to be filled in, in the order of what it would answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.workflows.small import RACKS, RIDES, SITES, load_rows, make_district, plan, target

from dafeng.core.errors import BadInput
from dafeng.workflows.readiness import readiness

PLAN = plan(
    target(1, "racks_added", 10, "个"),
    target(2, "rack_power", 5, "MW"),
    target(3, "audit_share", 80, "%"),
    target(4, "ride_share", 40, "%"),
    target(5, "fuel_cut", 20, "%"),
    target(6, "ride_share", 50, "%", period=(2026, 2030)),
    target(7, None, 7, "件"),
)


def test_registers_are_ordered_by_the_targets_they_answer_with_headline_ones_first(tmp_path: Path):
    found = readiness(make_district(tmp_path, PLAN))
    assert (found.targets, found.with_indicator, found.answered) == (7, 6, 0)
    needs = {need.register: need for need in found.needs}
    # Rides answer 2.1.4, 2.1.5 and 2.1.6; racks 2.1.1 and 2.1.2, of which 2.1.1 is a head target and counts three.
    assert [need.register for need in found.needs] == ["racks", "rides", "audits"]
    assert [label.split()[1] for label in needs["racks"].answers] == ["2.1.1", "2.1.2"]
    assert [label.split()[1] for label in needs["rides"].answers] == ["2.1.4", "2.1.5", "2.1.6"]
    # The share of racks audited needs both racks and audits.
    assert [label.split()[1] for label in needs["racks"].helps] == ["2.1.3"]
    assert (needs["audits"].answers, [label.split()[1] for label in needs["audits"].helps]) == ((), ["2.1.3"])
    assert (needs["racks"].head, needs["rides"].head) == (True, False)
    assert (needs["racks"].required, needs["racks"].columns, needs["racks"].owner) == (3, 5, "区建管委")
    assert found.without_indicator == (("racks-2021 2.1.7 事项7", "第7条"),)


def test_a_filled_register_leaves_the_list_and_what_it_held_back_moves_up(tmp_path: Path):
    district = make_district(tmp_path, PLAN)
    load_rows(district, "racks", RACKS)
    found = readiness(district)
    assert found.answered == 2
    assert [need.register for need in found.needs] == ["rides", "audits"]
    audits = found.needs[1]
    assert [label.split()[1] for label in audits.answers] == ["2.1.3"]
    assert audits.helps == ()


def test_a_district_with_everything_filled_in_has_nothing_left(tmp_path: Path):
    district = make_district(tmp_path, PLAN)
    for register, rows in (("racks", RACKS), ("rides", RIDES), ("sites", SITES)):
        load_rows(district, register, rows)
    load_rows(district, "audits", [{"code": "A1", "day": "2022-05-01", "rack": "R2"}])
    found = readiness(district, 2022)
    assert (found.needs, found.answered) == ((), 6)


def test_a_register_that_holds_records_but_not_the_year_stays_on_the_list(tmp_path: Path):
    district = make_district(tmp_path, PLAN)
    load_rows(district, "rides", RIDES)
    found = readiness(district, 2025)
    rides = next(need for need in found.needs if need.register == "rides")
    assert rides.records == len(RIDES)
    assert [label.split()[1] for label in rides.answers] == ["2.1.4", "2.1.5"]


def test_the_targets_of_every_plan_count(tmp_path: Path):
    second = plan(target(1, "rack_power", 9, "MW"), title="新方案", period=(2026, 2030))
    found = readiness(make_district(tmp_path, PLAN, second))
    assert found.targets == 8
    assert len(next(need for need in found.needs if need.register == "racks").answers) == 3


def test_without_a_plan_there_is_nothing_to_be_ready_for(tmp_path: Path):
    with pytest.raises(BadInput) as refused:
        readiness(make_district(tmp_path))
    assert refused.value.problems[0].code == "run.no-plan"
