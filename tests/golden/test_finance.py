"""Finance against published worked examples and against hand work.

Spreadsheet examples: Microsoft's help pages of NPV and IRR; NumPy's documentation of ``irr`` and ``npv`` (its examples
were taken from the same school books). Where a page shows few digits, the full value is worked here as a fraction.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from dafeng.roadmap import finance


def test_npv_of_the_spreadsheets_help_page_where_the_first_payment_is_at_the_end_of_the_first_year():
    """NPV(10%, −10000, 3000, 4200, 6800) = 1,188.44: (−13,310 + 3,630 + 4,620 + 6,800) / 1.1⁴ = 1,740 / 1.4641."""
    worked = float(Fraction(1740) / Fraction(14641, 10000))
    assert worked == pytest.approx(1188.44, abs=0.005)
    assert finance.npv(0.10, [0, -10000, 3000, 4200, 6800]) == pytest.approx(worked, rel=1e-12)


def test_npv_of_the_spreadsheets_second_example_with_the_investment_today():
    """NPV(8%, 8000, 9200, 10000, 12000, 14500) − 40000 = 1,922.06; with a loss of 9,000 in year six −3,749.47."""
    flows = [-40000, 8000, 9200, 10000, 12000, 14500]
    assert finance.npv(0.08, flows) == pytest.approx(1922.06, abs=0.005)
    assert finance.npv(0.08, [*flows, -9000]) == pytest.approx(-3749.47, abs=0.005)
    exact = sum(Fraction(value) / Fraction(108, 100) ** year for year, value in enumerate(flows))
    assert finance.npv(0.08, flows) == pytest.approx(float(exact), abs=1e-9)


def test_npv_of_numpys_example():
    """npv(0.08, [−40000, 5000, 8000, 12000, 30000]) = 3065.22267."""
    assert finance.npv(0.08, [-40000, 5000, 8000, 12000, 30000]) == pytest.approx(3065.22267, abs=5e-6)


@pytest.mark.parametrize(
    ("flows", "rate", "within"),
    [
        ([-100, 39, 59, 55, 20], 0.2809484211599611, 1e-12),
        ([-250000, 100000, 150000, 200000, 250000, 300000], 0.5672303344358536, 1e-12),
        ([-70000, 12000, 15000, 18000, 21000], -0.021, 5e-4),
        ([-70000, 12000, 15000, 18000, 21000, 26000], 0.087, 5e-4),
        ([-100, 0, 0, 74], 0.74 ** (1 / 3) - 1, 1e-12),
        ([-1000, 1100], 0.1, 1e-14),
        ([-1, 0, 1.21], 0.1, 1e-14),
    ],
)
def test_irr_of_published_examples(flows, rate, within):
    found = finance.irr(flows)
    assert found.rate == pytest.approx(rate, abs=within)
    assert found.sign_changes == 1
    assert finance.npv(found.rate, flows) == pytest.approx(0, abs=1e-9 * max(abs(x) for x in flows))


def test_two_rates_are_both_given_and_neither_is_chosen():
    """−100 + 230·d − 132·d² = −132 (d − 1/1.1)(d − 1/1.2): rates 10 % and 20 %."""
    found = finance.irr([-100, 230, -132])
    assert found.rates == pytest.approx((0.1, 0.2), abs=1e-12)
    assert (found.rate, found.sign_changes) == (None, 2)
    assert "2个收益率" in found.about.zh
    assert "2 rates of return" in found.about.en


def test_a_last_outlay_leaves_one_rate_above_zero_which_is_named():
    """Factors d = 1/1.1 and d = 2 (−50 %): −(1 − 1.1·d)(1 − d/2) = −1 + 1.6·d − 0.55·d². Sums −1, 0.6, 0.05."""
    found = finance.irr([-100, 160, -55])
    assert found.rates == pytest.approx((-0.5, 0.1), abs=1e-12)
    assert found.rate == pytest.approx(0.1, abs=1e-12)
    assert "above zero" in found.about.en


def test_a_rate_that_is_met_twice_is_one_rate():
    """−100 + 220·d − 121·d² = −(10 − 11·d)²: d = 10/11, 10 %, twice."""
    found = finance.irr([-100, 220, -121])
    assert found.rates == pytest.approx((0.1,), abs=1e-6)


def test_several_changes_of_sign_without_any_rate_are_said():
    """−100 + 200·d − 110·d² has the discriminant 40000 − 44000 < 0."""
    found = finance.irr([-100, 200, -110])
    assert (found.rate, found.rates, found.sign_changes) == (None, (), 2)
    assert "no rate" in found.about.en


def test_several_changes_of_sign_with_one_rate_name_it_and_say_so():
    """numpy's irr([−5, 10.5, 1, −8, 1]) = 0.0886: three changes; its other roots lie elsewhere or are complex."""
    found = finance.irr([-5, 10.5, 1, -8, 1])
    assert found.sign_changes == 3
    assert any(rate == pytest.approx(0.0886, abs=5e-5) for rate in found.rates)
    assert all(abs(finance.npv(rate, [-5, 10.5, 1, -8, 1])) < 1e-9 for rate in found.rates)


def test_flows_that_never_change_sign_have_no_rate():
    assert finance.irr([100, 5, 5]).rate is None
    assert finance.irr([-100, -5]).rates == ()
    assert finance.irr([0, 0, 0]).sign_changes == 0


def test_a_rate_of_a_long_flow_is_found():
    """An annuity of 40 years at 7 %: by definition its rate is 7 %."""
    flows = np.concatenate([[-1000.0], np.full(40, 1000 * finance.annuity(0.07, 40))])
    assert finance.irr(flows).rate == pytest.approx(0.07, abs=1e-12)


def test_payback_simple_and_discounted_by_hand():
    """−100, then 40 a year. Simple: 2.5. At 10 %: 36.3636, 33.0579 → 69.4215, then 30.0526: 30.5785 / 30.0526 > 1, so
    fourth year: (100 − 99.4741) / 27.3205 = 0.01925 → 3.01925."""
    flows = [-100, 40, 40, 40, 40]
    assert finance.payback(flows) == pytest.approx(2.5, abs=1e-12)
    third = 40 / 1.1 + 40 / 1.21 + 40 / 1.331
    assert finance.payback(flows, 0.1) == pytest.approx(3 + (100 - third) / (40 / 1.4641), abs=1e-12)
    assert finance.payback([-100, 40, 40]) is None
    assert finance.payback([0, 5]) == 0.0


def test_payback_counts_from_the_last_crossing_where_a_replacement_comes():
    """Sums −100, 20, −60, −10, 40: repaid for good in the fourth year, 10/50 through it."""
    assert finance.payback([-100, 120, -80, 50, 50]) == pytest.approx(3.2, abs=1e-12)


def test_debt_service_by_hand():
    """100 at 10 % over two years: 100·0.1/(1 − 1/1.21) = 57.619…; cash 69.142857 = 1.2 times that."""
    loan = finance.Loan(100, 0.10, 2)
    assert loan.service() == pytest.approx([1210 / 21, 1210 / 21], abs=1e-12)
    cover = finance.dscr([1.2 * 1210 / 21, 1.5 * 1210 / 21, 999], loan.service())
    assert cover is not None
    assert (cover.least, cover.mean) == pytest.approx((1.2, 1.35), abs=1e-12)
    assert finance.dscr([10], [0, 0]) is None


def test_equal_repayment_and_a_year_of_grace_by_hand():
    """90 at 10 %, a year of interest alone, then 30 a year: 9, 30 + 9, 30 + 6, 30 + 3."""
    assert finance.Loan(90, 0.10, 3, grace=1, kind="principal").service() == pytest.approx([9, 39, 36, 33])


def test_cash_that_ends_before_the_loan_covers_nothing_of_the_rest():
    cover = finance.dscr([20], [10, 10])
    assert cover is not None
    assert cover.by_year == pytest.approx([2, 0])


def test_cost_of_a_tonne_is_the_price_at_which_the_worth_is_nothing():
    """−1000, +100 a year for two years, 4 t a year, 10 %: annuity factor 1/1.1 + 1/1.21 = 1.735537;
    (1000 − 173.5537) / 6.942149 = 119.0476."""
    flows, tonnes = np.array([-1000.0, 100, 100]), np.array([0.0, 4, 4])
    found = finance.cost_per_tonne(flows, tonnes, 0.1)
    assert found == pytest.approx(1000 / (4 * (1 / 1.1 + 1 / 1.21)) - 25, abs=1e-9)
    assert finance.npv(0.1, flows + found * tonnes) == pytest.approx(0, abs=1e-9)
    assert finance.cost_per_tonne(flows, [0, -1, 0], 0.1) is None


def test_a_measure_with_a_subsidy_by_hand():
    """1000 today, a fifth from the district, 300 a year for four years, 2 t a year, nothing discounted: owner pays 800,
    earns 1200; 4 yuan from others for 1 public; the tonne costs (1000 − 1200) / 8 = −25."""
    found = finance.appraise([1000, 0, 0, 0, 0], [0, 300, 300, 300, 300], [0, 2, 2, 2, 2], 0.0, public=200)
    assert (found.npv, found.leverage, found.cost_per_t, found.co2_t) == pytest.approx((400, 4, -25, 8))
    assert found.payback == pytest.approx(800 / 300)
    assert finance.leverage(1000, 0) is None
