"""Gross product at constant prices from what statistics give: levels, other bases, growth, never current prices."""

from __future__ import annotations

import pytest

from dafeng.accounting.constant_prices import Output, at_constant_prices


def series(*rows: Output, base: int = 2020, years: range = range(2020, 2026)):
    return at_constant_prices(
        rows, base, [year for year in years if any(row.year >= year for row in rows)], "yearly_totals"
    )


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_levels_at_the_base_are_taken_as_they_are():
    made, problems = series(Output(2020, 1760, 2020), Output(2021, 1900.8, 2020))
    assert made.values == {2020: 1760, 2021: 1900.8}
    assert made.price_base == 2020
    assert problems == []


def test_growth_rates_are_chained_where_there_are_no_levels():
    made, problems = series(Output(2020, 2000, 2020), Output(2021, growth_pct=8), Output(2022, growth_pct=0.5))
    # 2000 × 1.08 = 2160; × 1.005 = 2170.8.
    assert made.values == pytest.approx({2020: 2000, 2021: 2160, 2022: 2170.8})
    assert problems == []


def test_a_year_before_a_known_one_is_reached_backwards():
    made, _ = series(Output(2020), Output(2021, 2160, 2020, growth_pct=8))
    assert made.values[2020] == pytest.approx(2000)


def test_in_the_year_of_the_base_current_prices_are_constant_ones():
    made, problems = series(Output(2020, current=1760), Output(2021, growth_pct=10))
    assert made.values == pytest.approx({2020: 1760, 2021: 1936})
    assert problems == []


def test_a_change_of_base_is_linked_by_the_current_prices_of_the_new_base():
    made, problems = series(
        Output(2020, 2000, 2020),
        Output(2025, 2500, 2020, current=2750),
        Output(2026, 2860, 2025),
        years=range(2025, 2027),
    )
    # 2025 is 2500 at old and 2750 at new prices; 2860 × 2500 / 2750 = 2600.
    assert made.values[2026] == pytest.approx(2600)
    assert problems == []


def test_a_change_of_base_is_linked_by_growth_where_current_prices_are_missing():
    made, problems = series(Output(2025, 2500, 2020), Output(2026, 2860, 2025, growth_pct=4), years=range(2025, 2027))
    assert made.values[2026] == pytest.approx(2600)
    assert problems == []


def test_two_levels_at_another_base_are_linked_by_their_ratio():
    made, problems = series(
        Output(2024, 2400, 2020), Output(2023, 2300, 2020), Output(2025, 2500, 2020, current=2750),
        base=2025, years=range(2023, 2026),
    )  # fmt: skip
    assert made.price_base == 2025
    # 2750 × 2400/2500 = 2640; × 2300/2500 = 2530.
    assert made.values == pytest.approx({2025: 2750, 2024: 2640, 2023: 2530})
    assert problems == []


def test_bases_that_nothing_links_are_refused_by_year():
    made, problems = series(Output(2020, 2000, 2020), Output(2021, 2600, 2021))
    assert 2021 not in made.values
    assert codes(problems) == ["account.price-bases"]
    assert "2021" in problems[0].rule.zh
    assert problems[0].place.item == "yearly_totals 2021"


def test_current_prices_alone_are_refused():
    made, problems = series(Output(2020, 2000, 2020), Output(2021, current=2300))
    assert 2021 not in made.values
    assert codes(problems) == ["account.current-prices"]


def test_a_current_figure_typed_as_constant_is_found_by_its_equality_and_growth_is_used_instead():
    made, problems = series(Output(2020, 2000, 2020), Output(2021, 2300, 2020, growth_pct=8, current=2300))
    assert made.values[2021] == pytest.approx(2160)
    assert codes(problems) == ["account.current-prices"]


def test_a_year_without_anything_is_named():
    _, problems = at_constant_prices([Output(2020, 2000, 2020)], 2020, [2020, 2021], "yearly_totals")
    assert codes(problems) == ["account.no-output"]


def test_a_base_year_at_an_older_base_keeps_that_base_for_rates():
    made, problems = series(Output(2020, 1800, 2015), Output(2021, 1944, 2015))
    assert made.price_base == 2015
    assert made.values[2021] / made.values[2020] == pytest.approx(1.08)
    assert problems == []


def test_levels_that_contradict_printed_growth_are_flagged_beyond_rounding():
    _, none = series(Output(2020, 2000, 2020), Output(2021, 2161, 2020, growth_pct=8))
    assert none == []
    _, some = series(Output(2020, 2000, 2020), Output(2021, 2200, 2020, growth_pct=8))
    assert codes(some) == ["account.growth-differs"]
    assert some[0].level == "warning"
