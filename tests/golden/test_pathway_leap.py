"""A small model as an analyst would make it in LEAP, each figure by hand: households × saturation × intensity, cars
by fuel with a share that gives way, a process that emits without energy, and a grid whose factor falls.

History is 2020, the base year; 2021 and 2022 are projected.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from dafeng.accounting import decomposition
from dafeng.accounting.panel import Chain
from dafeng.catalogue import load_catalogue
from dafeng.pathway.compute import Compiled, compile
from dafeng.pathway.model import read_model

MODEL = {
    "id": "worked",
    "years": {"first": 2020, "base": 2020, "last": 2022},
    "drivers": [
        {"name": "households", "unit": "万户", "history": {2020: 10}, "value": "grow(0.02)"},
        {"name": "saturation", "unit": "%", "history": {2020: 80}, "value": "interp(2022, 90)"},
        {"name": "cars", "unit": "万辆", "history": {2020: 2}, "value": "hold()"},
        {"name": "mileage", "unit": "km/辆", "value": 12000},
        {"name": "grid", "unit": "tCO2/MWh", "history": {2020: 0.6}, "value": "interp(2022, 0.5)"},
        {"name": "co2_gasoline", "unit": "tCO2/t", "value": 3},
    ],
    "branches": [
        # 10 万户 × 80 % × 500 kWh = 4 000 万kWh in 2020.
        {"path": "居民/空调/electricity", "activity": "households * saturation", "activity_unit": "万户",
         "intensity": "grow(-0.1, 500)", "intensity_unit": "kWh/户"},
        # 2 万辆 × 12 000 km = 24 000 万km.
        {"path": "交通/小汽车/gasoline", "activity": "cars * mileage", "activity_unit": "万km",
         "intensity": "0.06", "intensity_unit": "kg/km", "share": "rest()", "share_of": "cars"},
        {"path": "交通/小汽车/electricity", "activity": "cars * mileage", "activity_unit": "万km",
         "intensity": "0.15", "intensity_unit": "kWh/km", "share": "interp(2020, 0.25, 2022, 0.5)",
         "share_of": "cars"},
        # Energy is known for 2020: it sets the intensity, whatever the activity.
        {"path": "服务/照明/electricity", "activity": "households", "activity_unit": "户",
         "intensity": "grow(-0.5)", "intensity_unit": "kWh/户", "history": {2020: 300}},
        {"path": "废弃物/填埋/emission", "activity": "households", "activity_unit": "万户",
         "intensity": "step(2020, 0.2, 2022, 0.1)", "intensity_unit": "t/户"},
    ],
    "scenarios": [
        {"name": "reference"},
        {"name": "plan", "parent": "reference",
         "set": {"drivers/grid": "parent() * 0.5", "drivers/saturation": "hold()",
                 "branches/交通/小汽车/electricity/share": "interp(2020, 0.25, 2022, 0.75)"}},
    ],
}  # fmt: skip

# 10 × 0.80 × 500 = 4000 | 10.2 × 0.85 × 450 = 3901.5 | 10.404 × 0.90 × 405 = 3792.258, 万kWh
AIR_CONDITIONING = [4000, 3901.5, 3792.258]
# 24 000 万km × (75 %, 62.5 %, 50 %) × 0.06 kg/km = 1080, 900, 720 万kg, in tonnes
PETROL = [10800, 9000, 7200]
# 24 000 万km × (25 %, 37.5 %, 50 %) × 0.15 kWh/km, 万kWh
ELECTRIC_CARS = [900, 1350, 1800]
# 300 at 10 万户; then intensity halves while households grow: 300 × 1.02 / 2, 300 × 1.0404 / 4
LIGHT = [300, 153, 78.03]
# 10 万户 × 0.2 t = 20 000 t; 10.2 × 0.2; 10.404 × 0.1
LANDFILL = [20000, 20400, 10404]
ENERGY = [AIR_CONDITIONING, PETROL, ELECTRIC_CARS, LIGHT, LANDFILL]
# 0.60, 0.55, 0.50 tCO2/MWh are 6, 5.5, 5 t per 万kWh; petrol 3 t per t
CO2 = [
    [24000, 21458.25, 18961.29],
    [32400, 27000, 21600],
    [5400, 7425, 9000],
    [1800, 841.5, 390.15],
    [20000, 20400, 10404],
]


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile(read_model(MODEL, load_catalogue().unit_table))


def test_energy_of_every_branch_is_activity_by_share_by_intensity(compiled: Compiled):
    outcome = compiled.run()
    assert outcome.energy is not None
    assert outcome.energy.shape == (1, 2, 5, 3)
    np.testing.assert_allclose(outcome.energy[0, 0], ENERGY, rtol=1e-13)


def test_co2_of_every_branch_is_energy_by_the_factor_of_its_carrier(compiled: Compiled):
    outcome = compiled.run(None, ["reference"])
    assert outcome.co2_t is not None
    np.testing.assert_allclose(outcome.co2_t[0, 0], CO2, rtol=1e-13)
    # 24000 + 32400 + 5400 + 1800 + 20000 = 83600, and so for the other years.
    np.testing.assert_allclose(outcome.total()[0, 0], [83600, 77124.75, 60355.44], rtol=1e-13)


def test_a_scenario_changes_what_it_names_and_what_follows_from_it(compiled: Compiled):
    outcome = compiled.run(None, ["plan"])
    assert outcome.energy is not None
    assert outcome.co2_t is not None
    # Saturation stays at 80 %: 10.2 × 0.8 × 450 and 10.404 × 0.8 × 405.
    np.testing.assert_allclose(outcome.energy[0, 0, 0], [4000, 3672, 3370.896], rtol=1e-13)
    # Electric cars 25, 50, 75 %; the petrol share gives way: 24 000 × (75, 50, 25 %) × 0.06 kg/km.
    np.testing.assert_allclose(outcome.energy[0, 0, 1], [10800, 7200, 3600], rtol=1e-13)
    np.testing.assert_allclose(outcome.energy[0, 0, 2], [900, 1800, 2700], rtol=1e-13)
    # History stays; afterwards the grid is half of what the parent says: 2.75 and 2.5 t per 万kWh.
    np.testing.assert_allclose(outcome.co2_t[0, 0, 0], [24000, 10098, 8427.24], rtol=1e-13)
    # 2022: 8427.24 + 10800 + 6750 + 78.03 × 2.5 + 10404
    assert outcome.total()[0, 0, 2] == pytest.approx(36576.315, rel=1e-13)


def test_sums_by_sector_and_carrier(compiled: Compiled):
    outcome = compiled.run(None, ["reference"])
    sectors, by_sector = outcome.by()
    assert sectors == ("居民", "交通", "服务", "废弃物")
    np.testing.assert_allclose(by_sector[0, 0, 1], [37800, 34425, 30600], rtol=1e-13)
    # 4000 + 900 + 300 and so on, 万kWh
    np.testing.assert_allclose(outcome.total("electricity")[0, 0], [5200, 5404.5, 5670.288], rtol=1e-13)
    uses, by_use = outcome.by(2)
    assert uses[1] == "交通/小汽车"
    np.testing.assert_allclose(by_use[0, 0, 1], by_sector[0, 0, 1], rtol=1e-13)


def test_reasons_for_the_difference_between_two_scenarios_add_up_to_it(compiled: Compiled):
    """Ang's identity: the effects of activity, share, intensity and factor, by LMDI, sum to the difference, and effects
    that did not differ are zero. Households and intensities are the same in both scenarios."""
    names = ("activity", "share", "intensity", "factor")
    factors = {"electricity": "drivers/grid", "gasoline": "drivers/co2_gasoline"}
    energy_branches = [branch for branch in compiled.branches if branch.carrier in factors]
    keys = [branch.cell(name) for branch in energy_branches for name in names[:3]] + list(factors.values())
    outcome = compiled.run(cells=keys)
    # Carrier's unit by unit of activity × intensity, t per carrier's unit by unit of the factor.
    scale = {"electricity": 10.0, "gasoline": 1.0}
    rows = []
    for row, period in enumerate(outcome.scenarios):
        for branch in energy_branches:
            values = {name: outcome.cells[branch.cell(name)][0, row, 2] for name in names[:3]}
            values["factor"] = outcome.cells[factors[branch.carrier]][0, row, 2] * scale[branch.carrier] * branch.scale
            rows.append({"branch": branch.key, "period": period, **values})
    chain = Chain(("branch",), names, outcome.scenarios)
    effects = decomposition.summed(decomposition.decompose(pl.DataFrame(rows), chain)).row(0, named=True)
    difference = outcome.total()[0, 1, 2] - outcome.total()[0, 0, 2]
    assert difference == pytest.approx(36576.315 - 60355.44, rel=1e-12)
    assert sum(effects[f"effect_{name}"] for name in names) == pytest.approx(difference, rel=1e-12)
    assert effects["effect_intensity"] == pytest.approx(0, abs=1e-9)
    # Saturation is the only activity that differs, and it is lower in the plan, as the factor is.
    assert effects["effect_activity"] < 0
    assert effects["effect_factor"] < 0
