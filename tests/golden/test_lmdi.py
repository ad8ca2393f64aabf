"""LMDI-I by hand. Values are chosen so that every logarithm is a multiple of ln 2.

Formulas: Ang, Liu, Chung (2004), Energy Economics 26, 757–763; zeros: Ang and Liu (2007), Energy Policy 35, 238–246.
"""

from __future__ import annotations

import math

import polars as pl
import pytest

from dafeng.accounting import decomposition
from dafeng.accounting.panel import Chain

# cell 1: 2 × 3 × 5 = 30 → 4 × 3 × 10 = 120;  L = 90 / ln 4,  effects L ln 2 = 45, 0, 45
# cell 2: 1 × 4 × 2 =  8 → 1 × 2 ×  8 =  16;  L =  8 / ln 2,  effects 0, L ln ½ = −8, L ln 4 = 16
THREE = pl.DataFrame(
    {
        "sector": ["one", "one", "two", "two"],
        "period": ["2020", "2025", "2020", "2025"],
        "activity": [2.0, 4.0, 1.0, 1.0],
        "intensity": [3.0, 3.0, 4.0, 2.0],
        "carbon": [5.0, 10.0, 2.0, 8.0],
    }
)
CHAIN = Chain(("sector",), ("activity", "intensity", "carbon"), ("2020", "2025"))


def row(frame: pl.DataFrame, number: int = 0) -> dict[str, float]:
    return {name.removeprefix("effect_"): value for name, value in frame.row(number, named=True).items()}


def test_three_factors_by_hand_in_each_cell_and_in_sum():
    cells = decomposition.decompose(THREE, CHAIN)
    one, two, total = row(cells), row(cells, 1), row(decomposition.summed(cells))
    names = ("value_from", "value_to", "change", "activity", "intensity", "carbon")
    assert [one[name] for name in names] == pytest.approx([30, 120, 90, 45, 0, 45], abs=1e-12)
    assert [two[name] for name in names] == pytest.approx([8, 16, 8, 0, -8, 16], abs=1e-12)
    assert [total[name] for name in names] == pytest.approx([38, 136, 98, 45, -8, 61], abs=1e-12)
    assert total["residual"] == pytest.approx(0, abs=1e-12)


def test_three_factors_by_hand_as_ratios():
    """D_k = exp(ΔV_k / L(136, 38)) and L = 98 / ln(136/38), so D_k = (136/38)^(ΔV_k / 98)."""
    total = row(decomposition.multiplied(decomposition.decompose(THREE, CHAIN)))
    ratio = 136 / 38
    assert total["change"] == pytest.approx(ratio, rel=1e-14)
    assert total["activity"] == pytest.approx(ratio ** (45 / 98), rel=1e-13)
    assert total["intensity"] == pytest.approx(ratio ** (-8 / 98), rel=1e-13)
    assert total["carbon"] == pytest.approx(ratio ** (61 / 98), rel=1e-13)
    assert total["residual"] == pytest.approx(0, abs=1e-12)


def test_ratios_of_one_cell_are_the_ratios_of_its_factors():
    groups = decomposition.multiplied(decomposition.decompose(THREE, CHAIN), ["sector"])
    one, two = row(groups), row(groups, 1)
    assert [one[name] for name in CHAIN.factors] == pytest.approx([2, 1, 2], rel=1e-13)
    assert [two[name] for name in CHAIN.factors] == pytest.approx([1, 0.5, 4], rel=1e-13)


def test_three_periods_are_compared_with_the_one_before():
    """1 → 2 → 8 in one factor: two steps of +1 and +6, all of it that factor's."""
    frame = pl.DataFrame({"period": [2020, 2021, 2022], "a": [1.0, 2.0, 8.0], "b": [1.0, 1.0, 1.0]})
    cells = decomposition.decompose(frame, Chain((), ("a", "b"), ("2020", "2021", "2022")))
    assert cells["effect_a"].to_list() == pytest.approx([1, 6], rel=1e-14)
    assert cells["effect_b"].to_list() == [0, 0]
    assert cells["period_to"].to_list() == ["2021", "2022"]


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        # the six rows of the analytical limits that a cell of two factors can show
        ((0.0, 5.0), (4.0, 5.0), (20.0, 0.0)),  # a brings the cell: all of V1 is its effect
        ((0.0, 5.0), (4.0, 2.0), (8.0, 0.0)),  # b changed, but in a cell that was not there
        ((4.0, 5.0), (0.0, 5.0), (-20.0, 0.0)),  # a ends the cell
        ((4.0, 5.0), (0.0, 9.0), (-20.0, 0.0)),
        ((0.0, 5.0), (0.0, 9.0), (0.0, 0.0)),  # nothing before and after
        ((0.0, 5.0), (3.0, 0.0), (0.0, 0.0)),  # one comes as the other goes, still nothing
        ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0)),
    ],
)
def test_one_zero_factor_takes_its_analytical_limit(before, after, effects):
    frame = pl.DataFrame({"period": ["0", "1"], "a": [before[0], after[0]], "b": [before[1], after[1]]})
    made = row(decomposition.decompose(frame, Chain((), ("a", "b"), ("0", "1"))))
    assert (made["a"], made["b"]) == effects


def test_factors_that_vanish_together_share_by_the_logarithms_of_one_small_value():
    """1 × 2 → 0 × 0 with 1e-10 in place of both zeros: shares ln(1e-10/1) : ln(1e-10/2)."""
    frame = pl.DataFrame({"period": ["0", "1"], "a": [1.0, 0.0], "b": [2.0, 0.0]})
    made = row(decomposition.decompose(frame, Chain((), ("a", "b"), ("0", "1"))))
    one, two = math.log(1e-10), math.log(1e-10 / 2)
    assert made["a"] == pytest.approx(-2 * one / (one + two), rel=1e-14)
    assert made["b"] == pytest.approx(-2 * two / (one + two), rel=1e-14)


def test_in_the_limit_factors_that_appear_together_share_equally():
    frame = pl.DataFrame({"period": ["0", "1"], "a": [0.0, 3.0], "b": [0.0, 5.0], "c": [2.0, 7.0]})
    made = row(decomposition.decompose(frame, Chain((), ("a", "b", "c"), ("0", "1")), small=0.0))
    assert (made["a"], made["b"], made["c"]) == (52.5, 52.5, 0.0)


def test_structure_at_two_levels_by_hand():
    """Energy 60 + 20 in industry, 20 in homes: total 100; industry 0.8, homes 0.2; within industry coal 0.75."""
    frame = pl.DataFrame(
        {
            "period": ["2020"] * 4,
            "sector": ["industry", "industry", "homes", "idle"],
            "carrier": ["coal", "gas", "gas", "gas"],
            "tce": [60.0, 20.0, 20.0, 0.0],
        }
    )
    made = decomposition.with_structure(frame, "tce", ["sector", "carrier"])
    assert made["tce_total"].to_list() == [100.0] * 4
    assert made["share_sector"].to_list() == [0.8, 0.8, 0.2, 0.0]
    assert made["share_carrier"].to_list() == [0.75, 0.25, 1.0, 0.0]
