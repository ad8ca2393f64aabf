"""The inventory's range, and the chance that a target is met, from lines made by hand."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from dafeng.accounting import certainty as module
from dafeng.accounting.certainty import certainty, drawn
from dafeng.accounting.lines import EMISSIONS, of_schema
from dafeng.accounting.uncertainty import Z95
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput

CATALOGUE = load_catalogue()


def line(tonnes: float, record: int, **more) -> dict:
    return {
        "level": "district", "place": "", "year": 2025, "method": "m", "register": "energy_consumption",
        "_record": record, "sector": "trade", "carrier": "natural_gas", "gas": "CO2", "scope": 1, "row": "en_trade",
        "energy_line": record, "co2e_g": round(tonnes * 1e6), "gwp": 1.0, "factor": "f", "vintage": 2020,
        "u_activity_pct": 0.0, "u_factor_pct": 10.0, **more,
    }  # fmt: skip


def emissions(*rows: dict) -> pl.DataFrame:
    return of_schema(pl.DataFrame(rows, infer_schema_length=None), EMISSIONS)


def values(frame: pl.DataFrame, row: str = "with_indirect", **more) -> dict[str, float | None]:
    table = certainty(frame, 2025, catalogue=CATALOGUE, **more)
    return {name: cell.value for name, cell in table.row(row).cells.items()}


def test_one_factor_in_two_cells_does_not_average_out():
    found = values(emissions(line(100, 1), line(100, 2)))
    assert found["value"] == 200
    assert found["half_width_pct"] == pytest.approx(10)
    assert found["low2"] == pytest.approx(180, abs=1)
    assert found["high2"] == pytest.approx(220, abs=1)


@pytest.mark.parametrize("other", [{"factor": "g"}, {"vintage": 2021}])
def test_another_factor_or_another_vintage_is_a_draw_of_its_own(other: dict):
    found = values(emissions(line(100, 1), line(100, 2, **other)))
    assert found["half_width_pct"] == pytest.approx(10 / math.sqrt(2))


def test_gases_of_one_record_share_the_error_of_its_activity():
    exact = {"u_activity_pct": 20.0, "u_factor_pct": 0.0}
    same = values(emissions(line(100, 1, **exact), line(100, 1, gas="CH4", factor="g", **exact)))
    apart = values(emissions(line(100, 1, **exact), line(100, 2, gas="CH4", factor="g", **exact)))
    assert same["half_width_pct"] == pytest.approx(20)
    assert apart["half_width_pct"] == pytest.approx(20 / math.sqrt(2))


def test_own_power_taken_off_what_was_bought_shares_the_grid_factor():
    bought = line(100, 1, scope=2, row="indirect_electricity")
    own = line(-60, 2, scope=2, row="indirect_electricity", sector="homes")
    # 10 % of what is left, not of 100 and 60 apart (√(10² + 6²) = 11.7).
    assert values(emissions(bought, own))["half_width_pct"] == pytest.approx(10)


def test_a_target_at_the_total_is_kept_in_half_of_the_draws_and_one_deviation_above_in_84_percent():
    frame = emissions(line(1000, 1))
    deviation = 100 / Z95
    assert values(frame, target=1000.0)["probability"] == pytest.approx(50, abs=1.5)
    assert values(frame, target=1000 + deviation)["probability"] == pytest.approx(84.13, abs=1.2)


def test_a_cut_is_sure_when_both_years_share_the_factor_and_a_guess_when_they_do_not():
    now, then = line(890, 1), line(1000, 2, year=2020)
    shared = values(emissions(now, then), base_year=2020, cut_pct=10.0)
    assert shared["probability_cut"] == 100
    apart = values(emissions(now, {**then, "vintage": 2016}), base_year=2020, cut_pct=10.0)
    # after − 0.9 before = −10 ± √(89² + 90²) = 126.6 (95 %): Φ(10 × 1.96 / 126.6) = 0.5615.
    assert apart["probability_cut"] == pytest.approx(56.15, abs=1.5)


def test_memo_items_other_places_and_other_years_are_left_aside():
    frame = emissions(
        line(100, 1), line(900, 2, memo="land"), line(900, 3, level="zone", place="z"), line(900, 4, year=2024)
    )
    assert values(frame)["value"] == 100


def test_rows_by_gas_and_by_part_add_up_to_the_total():
    frame = emissions(
        line(100, 1), line(5, 2, gas="CH4", factor="g"), line(7, 3, gas="R32", row="ippu_hfc", energy_line=None),
        line(50, 4, scope=2, row="indirect_electricity", factor="h"),
    )  # fmt: skip
    table = certainty(frame, 2025, catalogue=CATALOGUE)
    found = {row.code: row.cells["value"].value for row in table.rows}
    assert found["gas_hfcs"] == 7
    assert found["row_ippu"] == 7
    assert found["row_energy"] == pytest.approx(105)
    assert found["energy_co2"] == pytest.approx(150)
    for kind in ("gas_", "row_"):
        parts = [value or 0 for code, value in found.items() if code.startswith(kind)]
        assert sum(parts) == pytest.approx(found["with_indirect"])


def test_a_warming_potential_can_be_given_an_error_of_its_own():
    frame = emissions(line(100, 1, gas="CH4", u_factor_pct=0.0), line(100, 2, gas="CH4", factor="g", u_factor_pct=0.0))
    assert values(frame)["half_width_pct"] == 0
    assert values(frame, gwp_pct={"CH4": 40.0})["half_width_pct"] == pytest.approx(40)


def test_what_states_no_error_is_assumed_uncertain_and_said_so():
    table = certainty(emissions(line(100, 1, u_factor_pct=None)), 2025, catalogue=CATALOGUE)
    assert table.row("direct").cells["half_width_pct"].value == pytest.approx(module.UNSTATED_PCT)
    assert any("50" in note.en and "1 line" in note.en for note in table.notes)


def test_many_lines_are_added_up_first_without_changing_the_range(monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(5)
    rows = [
        line(float(tonnes), number, factor=f"f{number % 3}", u_activity_pct=20.0)
        for number, tonnes in enumerate(random.uniform(1, 9, 300))
    ]
    whole = values(emissions(*rows), draws=20_000)
    monkeypatch.setattr(module, "MOST", 100)
    merged = drawn(emissions(*rows), [2025], CATALOGUE, draws=10)
    assert merged.cells.height == 3
    found = values(emissions(*rows), draws=20_000)
    assert found["half_width_pct"] == pytest.approx(whole["half_width_pct"], rel=1e-9)
    assert found["low2"] == pytest.approx(whole["low2"], rel=0.005)


def test_a_year_without_lines_is_refused():
    with pytest.raises(BadInput) as caught:
        certainty(emissions(line(1, 1)), 2019, catalogue=CATALOGUE)
    assert [problem.code for problem in caught.value.problems] == ["account.nothing-to-draw"]


def test_what_each_gas_and_part_adds_to_the_variance_makes_a_hundred_percent():
    frame = emissions(line(100, 1), line(50, 2, gas="CH4", factor="g", row="waste_landfill", energy_line=None))
    table = certainty(frame, 2025, catalogue=CATALOGUE)
    found = {row.code: row.cells["variance_pct"].value or 0 for row in table.rows}
    # Half-widths 10 and 5: variances 4 to 1.
    assert found["gas_co2"] == pytest.approx(80, abs=2)
    assert found["row_waste"] == pytest.approx(20, abs=2)
    for kind in ("gas_", "row_"):
        assert sum(value for code, value in found.items() if code.startswith(kind)) == pytest.approx(100)


def test_the_change_since_the_base_year_knows_what_both_years_share():
    now, then = line(900, 1), line(1000, 2, year=2020)
    shared = values(emissions(now, then), base_year=2020)
    assert [shared[name] for name in ("trend_pct", "trend_low", "trend_high")] == pytest.approx([-10] * 3)
    apart = values(emissions(now, {**then, "vintage": 2016}), base_year=2020)
    assert apart["trend_pct"] == pytest.approx(-10)
    # A ratio of two independent values, each ± 10 %: 0.9 × ± 14.1 % = ± 12.7 points.
    assert ((apart["trend_high"] or 0) - (apart["trend_low"] or 0)) / 2 == pytest.approx(12.7, abs=0.4)


def test_the_base_year_itself_has_no_change():
    assert "trend_pct" not in values(emissions(line(900, 1)), base_year=2025)


def test_a_ceiling_of_millions_is_said_in_full():
    table = certainty(emissions(line(100, 1)), 2025, 2_100_000, 100, 1, catalogue=CATALOGUE)
    assert "目标上限：2,100,000 tCO2e。" in [note.zh for note in table.notes]
