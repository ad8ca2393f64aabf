"""What a run says, worked out by hand on the small sample and on rows made for one question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.report.samples import PLAN, large, small, target

from dafeng.assessment.results import PlanHead
from dafeng.report import findings as f
from dafeng.report import sentences as say


def by_id(number: str):
    return next(row for row in small().targets if row.target == number)


def test_the_verdict_follows_from_counts_alone():
    # Two of six judged targets are behind, which is more than a quarter.
    assert f.verdict(small()) == "behind"
    fine = tuple(replace(row, light="done") if row.light == "behind" else row for row in small().targets)
    assert f.verdict(replace(small(), targets=fine)) == "mixed"
    finer = tuple(replace(row, light="done") if row.light == "slipping" else row for row in fine)
    assert f.verdict(replace(small(), targets=finer)) == "on_course"
    none = tuple(replace(row, light="no_data") for row in small().targets[:5]) + small().targets[5:]
    assert f.verdict(replace(small(), targets=none)) == "no_data"


def test_the_year_since_which_a_target_lags_is_the_start_of_the_unbroken_run():
    assert f.behind_since(by_id("T02")) == 2021  # behind in every year known
    assert f.behind_since(by_id("T05")) == 2024  # 10.9 of 10.5 in 2023, then 13.6 of 14.0 and 16.1 of 17.5
    assert f.behind_since(by_id("T06")) == 2025  # 1.24 kept the limit of 1.25 in 2024
    assert f.behind_since(by_id("T01")) is None  # ahead
    assert f.behind_since(by_id("T03")) is None  # no path
    gap = target(
        9, series=((2022, 1.0), (2024, 1.0), (2025, 1.0)), path=tuple((year, 2.0) for year in range(2021, 2026))
    )
    assert f.behind_since(gap) == 2024  # nothing is known of 2023


def test_what_is_left_is_divided_over_the_years_left():
    left = f.remaining(by_id("T04"), 2025)
    assert left is not None
    assert (left.amount, left.years) == (pytest.approx(147.6), 5)
    assert left.per_year == pytest.approx(29.52)
    assert f.remaining(by_id("T02"), 2025) is None  # its year is over
    assert f.remaining(by_id("T07"), 2024) is None  # no figure


def test_a_reduction_asks_for_a_constant_yearly_cut():
    cut = target(9, value=0.0, target_value=19.0, shape="reduction", year_to=2027)
    left = f.remaining(cut, 2025)
    assert left is not None
    # From 1 to 0.81 in two years: ten per cent each.
    assert left.per_year == pytest.approx(10.0)


def test_reasons_for_having_no_light_are_told_apart():
    reasons = {row.target: f.unjudged_because(row, 2025) for row in small().targets}
    assert reasons["T07"] == "no_data"
    assert reasons["T08"] == "no_indicator"
    assert reasons["T01"] is None
    later = target(9, year_from=2026, year_to=2030)
    assert f.unjudged_because(later, 2025) == "not_begun"
    assert f.unjudged_because(target(9, value=3.0), 2025) == "no_target_value"
    assert f.unjudged_because(target(9, value=3.0, target_value=4.0), 2025) == "no_path"


def test_what_lags_is_ordered_behind_first_and_due_first():
    assert [row.target for row in f.lagging(small())] == ["T02", "T06", "T05"]


def test_the_next_targets_are_those_of_the_nearest_later_year():
    year, rows = f.next_due(small())
    assert year == 2030
    assert [row.target for row in rows] == ["T04", "T05", "T08"]


def test_a_plan_that_begins_later_is_announced_and_not_judged():
    later = PlanHead("next", "云汀区碳达峰行动方案", None, "district", 2026, 2030, PLAN, ())
    row = replace(small().targets[1], plan="next", light="behind", year_to=2030)
    both = replace(small(), plans=(*small().plans, later), targets=(*small().targets, row))
    assert len(f.evaluated(both)) == 8
    assert f.announced(both) == [(later, 1)]
    assert "自2026年起执行，其1项目标" in say.announced_line(both, "zh")
    assert say.overall(both, "zh") == say.overall(small(), "zh")
    assert len(f.evaluated(replace(both, year=2026))) == 9


def test_a_successor_replaces_a_target_only_once_its_plan_is_in_force():
    later = PlanHead("next", "新方案", None, "district", 2026, 2030, PLAN, ())
    rows = tuple(replace(row, superseded_by="next 2.1.1") if row.target == "T05" else row for row in small().targets)
    both = replace(small(), plans=(*small().plans, later), targets=rows)
    assert "T05" in [row.target for row in f.lagging(both)]
    assert "T05" not in [row.target for row in f.lagging(replace(both, year=2026))]


def test_the_latest_report_of_the_year_counts_and_the_lead_speaks_first():
    reports = f.latest_reports(small().tasks[0], 2025)
    assert [(report["unit"], report["quarter"]) for report in reports] == [
        ("区发展改革委", "2025Q4"),
        ("区商务委", "2025Q4"),
    ]
    assert f.latest_reports(small().tasks[0], 2024) == []


def test_sentences_say_how_far_in_the_unit_of_the_target():
    assert say.short_of(by_id("T02"), "zh") == "新增光伏装机（2025年）差1.6\u00a0MW"
    assert say.short_of(by_id("T06"), "zh") == "新建数据中心PUE高出限值0.004"
    assert say.short_of(by_id("T02"), "en") == "Photovoltaic capacity added (2025), 1.6\u00a0MW short"
    assert say.standing(by_id("T01"), "zh") == (
        "单位地区生产总值能耗比2020年下降13.5%，2025年目标≥13%，超出0.5个百分点，●完成"
    )
    assert say.problem(by_id("T05"), 2025, "zh") == (
        "2025年实际16.1万m²，同期应达17.5万m²，差1.4万m²。自2024年起低于进度线。牵头单位：区建设管理委。"
    )


def test_the_overall_sentence_gives_every_count():
    assert say.overall(small(), "zh") == "总体进度滞后。8项目标中，完成2项，正常1项，滞缓1项，滞后2项，无数据2项。"
    assert say.overall(small(), "en").endswith("Of 8 targets: 2 done, 1 on course, 1 slipping, 2 behind, 2 no data.")
    assert say.due_line(small(), "zh") == (
        "到2025年应完成的目标4项，已达到2项，未达到1项，1项没有数据无法评判。"
        "未达到的是：新增光伏装机（2025年）差1.6\u00a0MW。"
    )


def test_a_miss_never_looks_like_a_hit():
    row = target(9, value=99.9996, target_value=100.0, expected=100.0, gap=-0.0004, unit="%")
    shown = f.shown(row, "zh")
    assert (shown.actual, shown.target, shown.gap) == ("99.9996", "≥100", "−0.0004")


def test_groups_hold_every_target_and_task_once():
    for results in (small(), large()):
        held = f.groups(results)
        assert sorted(row.target for group in held for row in group.targets) == sorted(
            r.target for r in results.targets
        )
        assert sum(len(group.tasks) for group in held) == len(results.tasks)
