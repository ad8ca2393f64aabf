"""Figures as people read them."""

from __future__ import annotations

import pytest

from dafeng.report.figures import apart, decimals, excel_format, figure, scale, unit_words, with_unit

THIN = "\u2009"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"), (float("nan"), "–"), (0.0, "0"), (-1e-12, "0"), (16.35, "16.4"), (-0.4, "−0.4"), (45.0, "45"),
        (45.02, "45.0"), (2243.0, f"2{THIN}243"), (2243.6, f"2{THIN}244"), (1234567.0, f"1{THIN}234{THIN}567"),
        (0.0043, "0.0043"), (0.00432, "0.00432"), (0.004321, "0.00432"), (9.996, "10.0"), (99.96, "100"),
        (0.9996, "1.00"), (1.005, "1.00"), (-2243.0, f"−2{THIN}243"),
    ],
)  # fmt: skip
def test_three_digits_a_thin_gap_and_a_true_minus(value: float | None, shown: str):
    assert figure(value) == shown


def test_the_whole_part_is_never_shortened_and_digits_can_be_asked_for():
    assert figure(208.64, 4) == "208.6"
    assert figure(13.456, 5) == "13.456"
    assert figure(7.0, places=2) == "7"


def test_signs_and_estimates_stand_before_the_figure():
    assert figure(0.46, signed=True) == "+0.46"
    assert figure(-0.46, signed=True) == "−0.46"
    assert figure(0.0, signed=True) == "0"
    assert figure(4.1, estimate=True) == "≈4.1"
    assert figure(-0.04, signed=True, places=1) == "0"


def test_figures_that_differ_are_told_apart():
    assert apart(13.46, 13.5) == ("13.46", "13.5")
    assert apart(1.2543, 1.25) == ("1.254", "1.25")
    assert apart(16.35, 18.0) == ("16.4", "18")
    assert apart(0.1 + 0.2, 0.3) == ("0.3", "0.3")
    assert apart(99.9996, 100.0) == ("99.9996", "100")
    assert apart(None, 3.0) == ("–", "3")


def test_units_are_printed_in_words_and_set_off_only_before_letters():
    assert unit_words("万m2") == "万m²"
    assert unit_words("tCO2/万CNY") == "tCO₂/万元"
    assert unit_words("hectare") == "公顷"
    assert unit_words("1") == ""
    assert (unit_words("千瓦", "en"), unit_words("million 平方米", "en"), unit_words("million 座", "en")) == (
        "kW",
        "million m²",
        "million",
    )
    assert (unit_words("座", "en"), unit_words("hectare", "en"), unit_words("辆", "en")) == ("", "ha", "vehicles")
    assert with_unit("13.5", "%") == "13.5%"
    assert with_unit("40", "座") == "40座"
    assert with_unit("16.4", "MW") == "16.4\u00a0MW"
    assert with_unit("–", "MW") == "–"
    assert with_unit("1.25", "") == "1.25"


def test_large_figures_of_a_row_share_one_scale():
    assert scale((4_100_000.0, 12.0, None), "m2") == (1e4, "万m2")
    assert scale((2.5e8,), "CNY") == (1e8, "亿CNY")
    assert scale((99_999.0,), "m2") == (1.0, "m2")
    assert scale((4_100_000.0,), "m2", "en") == (1e6, "million m2")
    # English has no 万: 8.64 万m2 is told as 86 400 m2, 152.4 万m2 as 1.524 million m2.
    assert scale((8.64,), "万m2", "en") == (1e-4, "m2")
    assert scale((152.4,), "万m2", "en") == (100.0, "million m2")
    assert scale((1.95,), "万千瓦", "en") == (1e-4, "千瓦")
    assert scale((410.0,), "万m2") == (1.0, "万m2")
    assert scale((1e9,), "%") == (1.0, "%")
    assert scale((1e9,), "tCO2/万CNY") == (1.0, "tCO2/万CNY")


def test_excel_shows_as_many_decimals_as_the_figure_and_keeps_them_all():
    assert (decimals(16.35), excel_format(16.35)) == (1, "#,##0.0;−#,##0.0;0")
    assert excel_format(2243.6) == "#,##0;−#,##0;0"
    assert excel_format(0.0043) == "#,##0.0000;−#,##0.0000;0"
    assert excel_format(9.0, 6) == "#,##0;−#,##0;0"
    assert excel_format(0.00432187) == "#,##0.00000;−#,##0.00000;0"
    assert excel_format(-0.4, signed=True) == "+#,##0.0;−#,##0.0;0"
