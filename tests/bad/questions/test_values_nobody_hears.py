"""What a person wrote for an indicator that is none is said in the run, not passed over."""

from __future__ import annotations

from pathlib import Path

from dafeng.workflows.district import District
from dafeng.workflows.loading import LoadOptions, load
from dafeng.workflows.running import run
from dafeng.workflows.starting import init

PLAN = """
title: 某区碳达峰实施方案
targets:
- {id: a, clause: "1", sentence: 新增光伏装机2兆瓦, subject: 光伏装机, value: 2, unit: MW, comparator: ">=",
   period: {from: 2021, to: 2025}, indicator: INDICATOR}
"""


def small(tmp_path: Path, indicator: str) -> District:
    district = init(tmp_path / "d", name="某区").district
    (district.folder("plans") / "a.yaml").write_text(PLAN.replace("INDICATOR", indicator), encoding="utf-8")
    return district


def test_a_target_of_an_indicator_that_is_gone_is_said_with_its_clause(tmp_path: Path):
    found = run(small(tmp_path, "gone_indicator"), 2024).results
    assert found.notes == (("1：目录中没有指标 gone_indicator", "1: the catalogue has no indicator gone_indicator"),)
    assert [row.light for row in found.targets] == ["no_data"]


def test_a_confirmed_value_of_no_indicator_is_said(tmp_path: Path):
    district = small(tmp_path, "pv_added_mw")
    file = district.folder("inbox") / "confirmed_values.csv"
    file.write_text("指标编号,年份,核定值,单位,核定文件\npv_aded_mw,2024,5,MW,文1\n", encoding="utf-8")
    assert load(district, (), LoadOptions("甲")).refused == []
    notes = run(district, 2024).results.notes
    assert len(notes) == 1
    assert "pv_aded_mw" in notes[0][0]
    assert "pv_aded_mw" in notes[0][1]
