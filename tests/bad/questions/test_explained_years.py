"""A year that is none is refused at once: looking for an earlier figure from the year 10²⁰ on would never end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.explaining import explain
from dafeng.workflows.starting import init


@pytest.mark.parametrize("years", [{"year": 10**20}, {"year": 0}, {"year": -5}, {"year": 2025, "start": 99999}])
def test_a_year_out_of_reach_is_refused(tmp_path: Path, years: dict[str, Any]):
    district = init(tmp_path / "d", name="某区").district
    with pytest.raises(BadInput) as caught:
        explain(district, "IND.energy_total", **years)
    assert [problem.code for problem in caught.value.problems] == ["explain.year"]


def test_a_year_ahead_is_answered_with_no_data(tmp_path: Path):
    district = init(tmp_path / "d", name="某区").district
    assert explain(district, "IND.energy_total", 2100, most=-5).tree["value"] is None
