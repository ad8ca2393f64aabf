"""Two branches that are computed alike are two branches: their sum counts both."""

from __future__ import annotations

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import Place
from dafeng.pathway.compute import compile as compiled_of
from dafeng.pathway.model import read_model

MODEL = {
    "id": "twins",
    "name": {"zh": "双", "en": "twins"},
    "years": {"first": 2020, "base": 2020, "last": 2022},
    "drivers": [
        {"name": "area", "unit": "万m2", "value": "hold(100)"},
        {"name": "grid", "unit": "tCO2/MWh", "value": "hold(0.5)"},
    ],
    "branches": [
        {
            "path": f"建筑/宾馆/{use}/electricity",
            "activity": "area", "activity_unit": "万m2", "intensity": 12, "intensity_unit": "kWh/m2",
        }
        for use in ("设备", "炊事")
    ],
    "scenarios": [{"name": "reference"}],
}  # fmt: skip


def test_branches_with_the_same_numbers_are_each_counted_in_every_total():
    found = compiled_of(read_model(MODEL, load_catalogue().unit_table, Place("twins"))).run()
    # 100 万m2 × 12 kWh/m2 × 0.5 t/MWh = 6,000 t each.
    assert found.total()[0, 0].tolist() == pytest.approx([12_000] * 3)
    assert found.by(1)[1][0, 0, 0].tolist() == pytest.approx([12_000] * 3)
    assert found.total("electricity")[0, 0].tolist() == pytest.approx([2_400] * 3)
