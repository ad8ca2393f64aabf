"""Published LMDI examples: every effect of China's commercial buildings 2017–2018 and of British exergy 1972–1973 by
the formula at 50 digits, and the zero cases of the small example against its printed answers."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext
from pathlib import Path

import polars as pl
import pytest

from dafeng.accounting import decomposition
from dafeng.accounting.panel import Chain
from dafeng.workflows import accounting

CHINA = ("population_P", "g", "s", "i", "e", "k")
BRITAIN = ("E_ktoe", "eta_ij", "phi_i", "phi_ij")
getcontext().prec = 50


@pytest.fixture(scope="module")
def examples(real_data: Path) -> Path:
    return real_data / "data" / "lmdi_examples"


def by_formula(before: list[float], after: list[float]) -> list[float]:
    """L(V1, V0) · ln(x1 / x0) for each factor of one cell, in decimal arithmetic."""
    x0, x1 = [Decimal(value) for value in before], [Decimal(value) for value in after]
    v0, v1 = math.prod(x0), math.prod(x1)
    mean = (v1 - v0) / (v1 / v0).ln()
    return [float(mean * (b / a).ln()) for a, b in zip(x0, x1, strict=True)]


def test_each_of_the_six_effects_for_chinas_commercial_buildings(examples: Path):
    frame = pl.read_csv(examples / "china_commercial_buildings_2017_2018_inputs.csv")
    cells = decomposition.decompose(frame, Chain((), CHINA, ("2017", "2018"), period="year"))
    expected = by_formula(*(list(frame.select(CHINA).row(number)) for number in (0, 1)))
    effects = [cells[f"effect_{name}"][0] for name in CHINA]
    assert effects == pytest.approx(expected, abs=1e-9)
    # Worked with a table of logarithms: L = 32.6277 / ln(794.6120 / 761.9843) = 778.184 Mt.
    by_table = [2.9614, 69.032, 3.9527, -36.854, 12.563, -19.027]
    assert effects == pytest.approx(by_table, rel=5e-4)
    assert math.fsum(effects) == pytest.approx(32.6277, abs=5e-5)
    assert math.fsum(effects) == pytest.approx(frame["co2_mt"][1] - frame["co2_mt"][0], abs=1e-6)
    assert abs(decomposition.summed(cells)["residual"][0]) < 1e-9


def test_the_six_ratios_for_china_are_the_ratios_of_the_factors(examples: Path):
    frame = pl.read_csv(examples / "china_commercial_buildings_2017_2018_inputs.csv")
    cells = decomposition.decompose(frame, Chain((), CHINA, ("2017", "2018"), period="year"))
    ratios = decomposition.multiplied(cells)
    for name in CHINA:
        assert ratios[f"effect_{name}"][0] == pytest.approx(frame[name][1] / frame[name][0], rel=1e-12)


def test_each_effect_of_each_of_the_22_british_uses(examples: Path):
    frame = pl.read_csv(examples / "uk_1972_1973_inputs.csv")
    cells = decomposition.decompose(frame, Chain(("subcategory",), BRITAIN, ("1972", "1973"), period="year"))
    assert cells.height == 22
    for row in cells.iter_rows(named=True):
        pair = frame.filter(pl.col("subcategory") == row["subcategory"]).sort("year")
        expected = by_formula(*(list(pair.select(BRITAIN).row(number)) for number in (0, 1)))
        assert [row[f"effect_{name}"] for name in BRITAIN] == pytest.approx(expected, abs=1e-9)
        assert row["change"] == pytest.approx(pair["product_v"][1] - pair["product_v"][0], abs=1e-9)
    total = decomposition.summed(cells).row(0, named=True)
    assert total["value_from"] == pytest.approx(18567.893, abs=5e-4)
    assert total["value_to"] == pytest.approx(19466.310, abs=5e-4)
    assert abs(total["residual"]) < 1e-9


def test_the_zero_cases_meet_the_printed_answers(examples: Path, tmp_path: Path):
    inputs = tmp_path / "supersimple.csv"
    text = (examples / "supersimple_inputs.csv").read_text(encoding="utf-8")
    inputs.write_text(text.replace("t,i,", "period,i,", 1), encoding="utf-8")
    answers = pl.read_csv(examples / "supersimple_answers.csv", schema_overrides={"i": pl.String})
    printed = {row["i"]: row for row in answers.iter_rows(named=True)}
    asked = {"keys": ["i"], "factors": ["x1", "x2"], "periods": ("0", "1"), "by": ["i"]}
    added = accounting.decompose(inputs, **asked)
    for group in [*added["groups"], added | {"i": "TOTAL"}]:
        answer = printed[group["i"]]
        assert group["effects"]["x1"] == pytest.approx(answer["dV_x1"], abs=1e-9)
        assert group["effects"]["x2"] == pytest.approx(answer["dV_x2"], abs=1e-9)
        assert abs(group["residual"]) < 1e-9
    assert added["change"] == 42.0
    ratios = accounting.decompose(inputs, multiplicative=True, **asked)
    assert ratios["change"] == 4.0
    assert ratios["effects"]["x1"] == pytest.approx(printed["TOTAL"]["lnD_x1_or_D"], abs=1e-9)
    assert ratios["effects"]["x2"] == pytest.approx(printed["TOTAL"]["lnD_x2_or_D"], abs=1e-9)
