"""Approach 1 against its closed formulas, approach 2 against the closed forms it must come to, and correlation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting import uncertainty
from dafeng.core.errors import BadInput

COLUMNS = ("category", "gas", "activity", "factor", "factor_id", "u_activity_pct", "u_factor_pct")
DRAWS = 40_000
# A quantile q of n normal draws errs by sqrt(q (1 − q) / n) / density: at 2.5 % and 40,000 draws 0.0134 standard
# deviations. Five times that is never seen by chance.
QUANTILE_ERROR = 5 * math.sqrt(0.025 * 0.975 / DRAWS) / (math.exp(-(1.959964**2) / 2) / math.sqrt(2 * math.pi))


def table(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS[:2], pl.String) | dict.fromkeys(COLUMNS[2:4], pl.Float64)
                        | {"factor_id": pl.String} | dict.fromkeys(COLUMNS[5:], pl.Float64), orient="row")  # fmt: skip


def one(frame: pl.DataFrame, by: tuple[str, ...] = ()) -> dict[str, float]:
    return uncertainty.approach1(frame, by).row(0, named=True)


def drawn(frame: pl.DataFrame, seed: int = 1) -> np.ndarray:
    return uncertainty.approach2(frame, draws=DRAWS, seed=seed).totals[:, 0]


# ── approach 1 ──


def test_a_product_adds_the_squares_of_its_percentages():
    """Equation 3.1: 3 % and 4 % make 5 % of 1,000."""
    made = one(table(("power", "CO2", 500, 2, "grid", 3, 4)))
    assert (made["total"], made["half_width"]) == pytest.approx((1000, 50))
    assert (made["low"], made["high"]) == pytest.approx((950, 1050))


def test_independent_categories_add_the_squares_of_their_amounts():
    """Equation 3.2: 100 ± 30 and 200 ± 40 make 300 ± 50."""
    assert one(table(("a", "CO2", 100, 1, "f", 30, 0), ("b", "CO2", 200, 1, "g", 20, 0)))["half_width"] == (
        pytest.approx(50)
    )


def test_a_factor_used_in_two_cells_adds_linearly_and_two_factors_do_not():
    """100 and 200 at 10 %: one factor 10 + 20 = 30, two factors sqrt(10² + 20²) = 22.36; no id is a factor each."""
    cells = [("a", "CO2", 100, 1, "f", 0, 10), ("b", "CO2", 200, 1, "f", 0, 10)]
    assert one(table(*cells))["half_width"] == pytest.approx(30)
    apart = [cells[0], ("b", "CO2", 200, 1, "g", 0, 10)]
    assert one(table(*apart))["half_width"] == pytest.approx(math.sqrt(500))
    unnamed = [(*cell[:4], None, *cell[5:]) for cell in cells]
    assert one(table(*unnamed))["half_width"] == pytest.approx(math.sqrt(500))


def test_activities_of_cells_with_one_factor_stay_independent():
    """Activities 6 and 8 → sqrt(36 + 64) = 10; factor 9 + 15 = 24 linearly; together sqrt(100 + 576) = 26."""
    made = one(table(("a", "CO2", 60, 2, "f", 5, 7.5), ("b", "CO2", 100, 2, "f", 4, 7.5)))
    assert made["half_width"] == pytest.approx(26)


def test_a_removal_takes_its_share_of_a_common_factor_away():
    """A factor used with opposite signs cancels: |100 − 40| × 10 % = 6."""
    made = one(table(("a", "CO2", 100, 1, "f", 0, 10), ("sink", "CO2", 40, -1, "f", 0, 10)))
    assert (made["total"], made["half_width"]) == pytest.approx((60, 6))


def test_groups_have_their_own_intervals():
    frame = table(("a", "CO2", 100, 1, "f", 0, 10), ("b", "CO2", 200, 1, "f", 0, 10), ("b", "CH4", 50, 1, "g", 6, 8))
    made = {row["category"]: row for row in uncertainty.approach1(frame, ["category"]).iter_rows(named=True)}
    assert made["a"]["half_width"] == pytest.approx(10)
    assert made["b"]["half_width"] == pytest.approx(math.sqrt(20**2 + 5**2))


# ── approach 2 ──


def test_approach_2_comes_to_the_normal_interval():
    frame = table(("a", "CO2", 100, 1, "f", 30, 0), ("b", "CO2", 200, 1, "g", 20, 0))
    totals, deviation = drawn(frame), 50 / 1.959964
    assert np.mean(totals) == pytest.approx(300, abs=5 * deviation / math.sqrt(DRAWS))
    assert np.std(totals) == pytest.approx(deviation, rel=5 / math.sqrt(2 * DRAWS))
    low, high = np.quantile(totals, (0.025, 0.975))
    assert low == pytest.approx(250, abs=QUANTILE_ERROR * deviation)
    assert high == pytest.approx(350, abs=QUANTILE_ERROR * deviation)


def test_one_factor_in_forty_cells_is_one_draw():
    """Forty cells of 10 at 12 %: one factor 48, a factor each 48 / sqrt(40) = 7.59."""
    shared = table(*((f"c{k}", "CO2", 10, 1, "grid", 0, 12) for k in range(40)))
    apart = table(*((f"c{k}", "CO2", 10, 1, f"own{k}", 0, 12) for k in range(40)))
    for frame, half_width in ((shared, 48.0), (apart, 48 / math.sqrt(40))):
        assert one(frame)["half_width"] == pytest.approx(half_width)
        deviation = half_width / 1.959964
        assert np.std(drawn(frame)) == pytest.approx(deviation, rel=5 / math.sqrt(2 * DRAWS))


def test_cells_that_share_a_factor_move_together_and_others_do_not():
    """Correlation of two cells: with one factor alone 1; with as much from the activity 0.5; without, 0."""
    rows = [("a", "CO2", 10, 1, "f", 0, 10), ("b", "CO2", 30, 1, "f", 0, 10), ("c", "CO2", 10, 1, "g", 10, 10)]
    frame = table(*rows, ("d", "CO2", 20, 1, "g", 10, 10))
    draws = uncertainty.approach2(frame, draws=DRAWS, seed=3, by=["category"])
    assert draws.groups["category"].to_list() == ["a", "b", "c", "d"]
    correlation = np.corrcoef(draws.totals.T)
    assert correlation[0, 1] == pytest.approx(1, abs=1e-12)
    assert correlation[2, 3] == pytest.approx(0.5, abs=5 / math.sqrt(DRAWS))
    assert correlation[0, 2] == pytest.approx(0, abs=5 / math.sqrt(DRAWS))


def test_a_large_uncertainty_is_lognormal_with_the_stated_mean_and_deviation():
    """u = 150 %: s = 1.5 / 1.96, σ² = ln(1 + s²); quantiles exp(−σ²/2 ± 1.96 σ), none below zero."""
    totals = drawn(table(("waste", "CH4", 100, 1, "f", 0, 150)))
    s = 1.5 / 1.959964
    sigma = math.sqrt(math.log(1 + s**2))
    low, high = (100 * math.exp(-(sigma**2) / 2 + sign * 1.959964 * sigma) for sign in (-1, 1))
    assert totals.min() > 0
    assert totals.mean() == pytest.approx(100, abs=5 * 100 * s / math.sqrt(DRAWS))
    found = np.quantile(totals, (0.025, 0.975))
    assert found[0] == pytest.approx(low, rel=QUANTILE_ERROR * sigma)
    assert found[1] == pytest.approx(high, rel=QUANTILE_ERROR * sigma)


def test_normal_draws_up_to_sixty_per_cent_and_never_below_zero():
    totals = drawn(table(("a", "CO2", 100, 1, "f", 60, 0)))
    assert totals.min() == 0
    assert np.mean(totals == 0) < 0.001
    assert np.quantile(totals, 0.025) == pytest.approx(40, abs=QUANTILE_ERROR * 60 / 1.96)


def test_a_sink_stays_below_zero_in_every_draw():
    assert drawn(table(("sink", "CO2", 100, -1, "f", 50, 90))).max() <= 0


def test_a_certain_inventory_has_no_interval():
    frame = table(("a", "CO2", 100, 3, "f", 0, 0))
    assert one(frame)["low"] == one(frame)["high"] == 300
    assert set(drawn(frame)) == {300}


def test_the_seed_decides_the_draws_and_the_order_of_rows_does_not():
    rows = [(f"c{k % 5}", "CO2", 10.0 + k, 2, None if k % 3 == 0 else f"f{k % 3}", 5 + k, 8) for k in range(30)]
    first = drawn(table(*rows))
    assert np.array_equal(first, drawn(table(*reversed(rows))))
    assert not np.array_equal(first, drawn(table(*rows), seed=2))


def test_the_whole_is_the_sum_of_its_groups_in_every_draw():
    rows = [(f"c{k % 3}", "CO2", 10.0 + k, 2, f"f{k % 2}", 5, 8) for k in range(12)]
    grouped = uncertainty.approach2(table(*rows), draws=500, seed=9, by=["category"])
    whole = uncertainty.approach2(table(*rows), draws=500, seed=9)
    assert grouped.whole().groups["total"][0] == pytest.approx(whole.groups["total"][0])
    np.testing.assert_allclose(grouped.whole().totals, whole.totals, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    cells=st.lists(
        st.tuples(st.floats(0.1, 100), st.floats(0.1, 10), st.sampled_from("fgh"), st.floats(0, 40)),
        min_size=1, max_size=12,
    ),
    scale=st.floats(0.01, 100),
)  # fmt: skip
def test_another_unit_scales_both_intervals(cells: list[tuple[float, float, str, float]], scale: float):
    frame = table(*((f"c{k}", "CO2", a, f, name, u, 10) for k, (a, f, name, u) in enumerate(cells)))
    scaled = frame.with_columns(pl.col("activity") * scale)
    assert one(scaled)["half_width"] == pytest.approx(one(frame)["half_width"] * scale)
    draws = [uncertainty.approach2(table_, draws=64, seed=5).totals for table_ in (frame, scaled)]
    np.testing.assert_allclose(draws[1], draws[0] * scale, rtol=1e-9)


# ── targets ──


def test_the_probability_of_keeping_a_ceiling():
    """300 ± 50: at 300 a half, at 350 0.975, at 300 + one deviation 0.8413."""
    deviation = 50 / 1.959963984540054
    for ceiling, chance in ((300, 0.5), (350, 0.975), (250, 0.025), (300 + deviation, 0.841345)):
        assert uncertainty.normal_probability_below(300, 50, ceiling) == pytest.approx(chance, abs=1e-6)
    totals = drawn(table(("a", "CO2", 100, 1, "f", 30, 0), ("b", "CO2", 200, 1, "g", 20, 0)))
    assert uncertainty.probability_below(totals, 350) == pytest.approx(0.975, abs=5 * math.sqrt(0.025 / DRAWS))
    assert uncertainty.normal_probability_below(300, 0, 299) == 0
    assert uncertainty.normal_probability_below(300, 0, 300) == 1


def test_an_error_common_to_both_years_says_nothing_against_a_cut():
    """100 → 80 with one factor at 30 %: the cut is 20 % in every draw. With a factor for each year it is not sure:
    z = (100·0.81 − 80) / sqrt((81·s)² + (80·s)²), s = 0.3 / 1.96, is 0.0574, so 0.5229 for a cut of 19 %."""
    for ids, chance in ((("f", "f"), 1.0), (("f", "g"), 0.5229)):
        frame = table(("2020", "CO2", 100, 1, ids[0], 0, 30), ("2025", "CO2", 80, 1, ids[1], 0, 30))
        totals = uncertainty.approach2(frame, draws=DRAWS, seed=4, by=["category"]).totals
        found = uncertainty.probability_of_cut(totals[:, 0], totals[:, 1], 19)
        assert found == pytest.approx(chance, abs=5 * 0.5 / math.sqrt(DRAWS) * (chance < 1))


# ── what is refused ──


def test_every_fault_is_named_with_its_row_and_column():
    frame = table(
        ("a", "CO2", -1, 1, "f", 5, 10), ("b", "CO2", 1, None, "f", 5, 10), ("c", "CO2", 1, 1, "f", math.inf, 10),
        ("d", "CO2", 1, 1, "f", 5, -10),
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        uncertainty.approach2(frame, draws=10, seed=1)
    found = {(problem.code, problem.place.row, problem.place.field) for problem in caught.value.problems}
    assert found == {
        ("account.negative", 1, "activity"),
        ("account.empty-number", 2, "factor"),
        ("account.not-finite", 3, "u_activity_pct"),
        ("account.negative", 4, "u_factor_pct"),
    }


def test_missing_columns_and_an_empty_table_are_refused():
    frame = table(("a", "CO2", 1, 1, "f", 5, 10))
    with pytest.raises(BadInput) as caught:
        uncertainty.approach1(frame.drop("gas", "u_factor_pct"))
    assert [problem.place.field for problem in caught.value.problems] == ["gas", "u_factor_pct"]
    with pytest.raises(BadInput) as caught:
        uncertainty.approach1(frame.clear())
    assert [problem.code for problem in caught.value.problems] == ["account.no-rows"]


def test_one_factor_with_two_values_is_a_warning_and_still_one_draw():
    frame = table(("a", "CO2", 100, 1, "f", 0, 10), ("b", "CO2", 100, 2, "f", 0, 10))
    (problem,) = uncertainty.check(frame)
    assert (problem.code, problem.level, problem.place.row) == ("account.factor-differs", "warning", 2)
    assert one(frame)["half_width"] == pytest.approx(30)
