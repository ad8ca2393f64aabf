"""What holds for every decomposition, and what a table must be to be taken apart."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting import decomposition
from dafeng.accounting.panel import Chain, check
from dafeng.core.errors import BadInput

FACTORS = ("a", "b", "c")
CHAIN = Chain(("sector", "carrier"), FACTORS, ("2020", "2025"))
VALUES = st.one_of(st.just(0.0), st.floats(1e-4, 1e4))


@st.composite
def tables(draw: st.DrawFn, values: st.SearchStrategy[float] = VALUES) -> pl.DataFrame:
    cells = draw(st.integers(1, 5))
    x = draw(st.lists(values, min_size=6 * cells, max_size=6 * cells))
    names = [(f"s{k % 2}", f"c{k}") for k in range(cells) for _ in range(2)]
    return pl.DataFrame(
        {
            "sector": [sector for sector, _ in names],
            "carrier": [carrier for _, carrier in names],
            "period": ["2020", "2025"] * cells,
            **{name: x[k::3] for k, name in enumerate(FACTORS)},
        }
    )


def effects(frame: pl.DataFrame) -> list[float]:
    return [frame[f"effect_{name}"][0] for name in FACTORS]


@settings(max_examples=150, deadline=None)
@given(frame=tables())
def test_effects_sum_to_the_change_in_every_cell_group_and_total(frame: pl.DataFrame):
    cells = decomposition.decompose(frame, CHAIN)
    for by in ([], ["sector"], ["sector", "carrier"]):
        for row in decomposition.summed(cells, by).iter_rows(named=True):
            size = max(row["value_from"], row["value_to"], 1.0)
            assert abs(row["residual"]) <= 1e-12 * size
            by_hand = math.fsum(row[f"effect_{name}"] for name in FACTORS)
            assert by_hand == pytest.approx(row["value_to"] - row["value_from"], abs=1e-11 * size)


@settings(max_examples=150, deadline=None)
@given(frame=tables())
def test_the_product_of_the_ratios_is_the_ratio_of_the_totals(frame: pl.DataFrame):
    made = decomposition.multiplied(decomposition.decompose(frame, CHAIN)).row(0, named=True)
    value = pl.col("a") * pl.col("b") * pl.col("c")
    before, after = (frame.filter(pl.col("period") == year).select(value.sum()).item() for year in ("2020", "2025"))
    if before == 0 or after == 0:
        assert made["change"] is None
        assert made["effect_a"] is None
    else:
        assert math.prod(made[f"effect_{name}"] for name in FACTORS) == pytest.approx(after / before, rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(frame=tables(), seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(frame: pl.DataFrame, seed: int):
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=seed)
    assert decomposition.decompose(frame, CHAIN).equals(decomposition.decompose(shuffled, CHAIN))


@settings(max_examples=80, deadline=None)
@given(frame=tables(st.floats(1e-3, 1e3)), scale=st.floats(1e-3, 1e3))
def test_another_unit_of_one_factor_scales_every_effect_alike(frame: pl.DataFrame, scale: float):
    scaled = frame.with_columns(pl.col("b") * scale)
    one, other = (decomposition.summed(decomposition.decompose(table, CHAIN)) for table in (frame, scaled))
    size = max(one["value_from"][0], one["value_to"][0]) * scale
    assert effects(other) == pytest.approx([effect * scale for effect in effects(one)], abs=1e-10 * size)


@settings(max_examples=80, deadline=None)
@given(frame=tables(), scale=st.floats(1e-3, 1e3))
def test_in_the_limit_that_holds_for_zeros_too(frame: pl.DataFrame, scale: float):
    scaled = frame.with_columns(pl.col("b") * scale)
    one, other = (decomposition.decompose(table, CHAIN, small=0.0) for table in (frame, scaled))
    for name in FACTORS:
        expected = (one[f"effect_{name}"] * scale).to_numpy()
        size = max(one["value_from"].to_numpy().max(), one["value_to"].to_numpy().max(), 1e-9) * scale
        np.testing.assert_allclose(other[f"effect_{name}"].to_numpy(), expected, atol=1e-10 * size)


@settings(max_examples=80, deadline=None)
@given(frame=tables())
def test_backwards_every_effect_has_the_opposite_sign(frame: pl.DataFrame):
    there = decomposition.decompose(frame, CHAIN)
    back = decomposition.decompose(frame, Chain(CHAIN.keys, FACTORS, ("2025", "2020")))
    for name in FACTORS:
        np.testing.assert_allclose(there[f"effect_{name}"], -back[f"effect_{name}"], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("gap", [0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 0.4999, 0.5001, 1e3])
def test_the_logarithmic_mean_stays_exact_for_values_close_together(gap: float):
    """L = a (1 + g/2 − g²/12 + g³/24 …) for b = a (1 + g); from afar by the definition."""
    a, b = np.array([3.0]), np.array([3.0 * (1.0 + gap)])
    g = (b[0] - 3.0) / 3.0
    expected = 3.0 * (1 + g / 2 - g**2 / 12 + g**3 / 24) if gap <= 1e-3 else (b[0] - 3.0) / math.log(b[0] / 3.0)
    assert decomposition.logarithmic_mean(a, b)[0] == pytest.approx(expected, rel=1e-13)
    assert decomposition.logarithmic_mean(b, a)[0] == decomposition.logarithmic_mean(a, b)[0]


def test_the_logarithmic_mean_with_zero_is_zero():
    zero, some = np.array([0.0, 0.0]), np.array([0.0, 7.0])
    assert decomposition.logarithmic_mean(zero, some).tolist() == [0.0, 0.0]


def test_a_frame_without_a_file_names_its_rows_from_one():
    frame = pl.DataFrame(
        {
            "sector": ["x", "x", "x", "y", "z", "z", None],
            "period": ["2020", "2025", "2025", "2020", "2020", "2025", "2020"],
            "a": [1.0, -2.0, 1.0, 1.0, None, math.inf, 1.0],
            "b": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        }
    )
    chain = Chain(("sector",), ("a", "b"), ("2020", "2025"))
    found = {(problem.code, problem.place.row, problem.place.field) for problem in check(frame, chain)}
    assert found == {
        ("account.negative", 2, "a"),
        ("account.key-twice", 3, "sector"),
        ("account.key-one-period", 4, "sector"),
        ("account.empty-number", 5, "a"),
        ("account.not-finite", 6, "a"),
        ("account.empty-key", 7, "sector"),
    }
    with pytest.raises(BadInput) as caught:
        decomposition.decompose(frame, chain)
    assert len(caught.value.problems) == len(found)


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        (Chain((), ("a", "c"), ("2020", "2025")), "account.missing-column"),
        (Chain((), ("a", "b"), ("2020", "2024")), "account.no-period"),
        (Chain((), ("a", "b"), ("2020", "2020")), "account.same-period"),
        (Chain(("a",), ("a", "b"), ("2020", "2025")), "account.column-twice"),
        (Chain(("change",), ("a",), ("2020", "2025")), "account.reserved-name"),
        (Chain((), ("a", "word"), ("2020", "2025")), "account.not-numbers"),
        (Chain((), ("a", "vast"), ("2020", "2025")), "account.product-range"),
        (Chain((), ("a", "tiny"), ("2020", "2025")), "account.product-range"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(chain: Chain, code: str):
    frame = pl.DataFrame(
        {
            "period": ["2020", "2025"], "change": ["x", "x"], "word": ["y", "y"],
            "a": [1e-9, 1e200], "b": [1.0, 1.0], "vast": [1.0, 1e200], "tiny": [5e-324, 1.0],
        }
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        decomposition.decompose(frame, chain)
    assert {problem.code for problem in caught.value.problems} == {code}


def test_shares_of_every_level_multiply_to_the_quantity_again():
    frame = pl.DataFrame(
        {
            "period": [1, 1, 1, 2, 2, 2],
            "sector": ["x", "x", "y"] * 2,
            "carrier": ["coal", "gas", "gas"] * 2,
            "tce": [3.0, 5.0, 2.0, 1.0, 6.0, 9.0],
        }
    )
    made = decomposition.with_structure(frame, "tce", ["sector", "carrier"])
    product = made["tce_total"] * made["share_sector"] * made["share_carrier"]
    assert product.to_list() == pytest.approx(frame["tce"].to_list(), rel=1e-14)


def test_cells_are_numbered_alike_whether_keys_are_words_or_numbers():
    rows = [(a, b, p) for a in (3, 1, 2) for b in (10, 9) for p in (0, 1)]
    numbers = pl.DataFrame(
        {
            "a": [a for a, _, _ in rows], "b": [b for _, b, _ in rows], "period": [str(p) for *_, p in rows],
            "x": [float(a * 100 + b + p) for a, b, p in rows],
        }
    )  # fmt: skip
    chain = Chain(("a", "b"), ("x",), ("0", "1"))
    words = numbers.with_columns(pl.col("a", "b").cast(pl.String).str.zfill(2))
    by_number, by_word = (decomposition.decompose(frame, chain) for frame in (numbers, words))
    assert by_number["value_from"].to_list() == by_word["value_from"].to_list() == [109, 110, 209, 210, 309, 310]
    assert by_word["b"].to_list() == ["09", "10"] * 3
