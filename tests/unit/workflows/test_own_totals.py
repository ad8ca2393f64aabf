"""A district whose city has not yet returned its totals is judged by its own account, and never by a mixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.workflows.district import District
from dafeng.workflows.explaining import explain
from dafeng.workflows.loading import LoadOptions, load
from dafeng.workflows.starting import init

ENERGY = """年份,用能领域,能源品种,消费量（实物量）,计量单位,折标准煤（等价值）
2020,工业,电力,1000,万千瓦时,2823.2
2020,工业,天然气,100,万立方米,1299.71
2025,工业,电力,1100,万千瓦时,3105.52
"""


@pytest.fixture
def district(tmp_path: Path) -> District:
    made = init(tmp_path / "某区", name="某区").district
    inbox = made.folder("inbox")
    (inbox / "energy.csv").write_text(ENERGY, encoding="utf-8")
    totals = "年份,地区生产总值（不变价）,价格基期,能源消费总量（等价值）\n2020,100,2020,0.5\n2025,125,2020,\n"
    (inbox / "totals.csv").write_text(totals, encoding="utf-8")
    report = load(made, [], LoadOptions("甲"))
    assert [outcome.status for outcome in report.files] == ["loaded", "loaded"]
    return made


def test_a_year_without_a_published_total_takes_the_account(district: District):
    # 1,100 万kWh × 0.28232 kgce/kWh = 3,105.52 tce.
    told = explain(district, "IND.energy_total", 2025)
    assert told.tree["value"] == pytest.approx(0.310552)
    own = told.tree["figures"][0]
    assert own["id"] == "IND.energy_own"
    assert [total["address"] for total in own["totals"]] == ["ACC.dual_control.2025.energy_own"]


def test_a_published_total_comes_first(district: District):
    assert explain(district, "IND.energy_total", 2020).tree["value"] == 0.5


def test_a_cut_takes_both_its_ends_from_one_series(district: District):
    # 2020 by the account: 2,823.2 + 1,299.71 = 4,122.91 tce, not the 5,000 published; 0.310552/0.412291 ÷ 1.25.
    told = explain(district, "IND.energy_intensity_reduction", 2025, start=2021)
    assert told.tree["value"] == pytest.approx(100 * (1 - 0.310552 / 0.412291 / 1.25))
