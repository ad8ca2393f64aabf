"""What subsidies, prices and taxes do, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap import policies
from dafeng.roadmap.case import Case, Policy, Subsidy
from dafeng.roadmap.reading import read_case


def case(**more: Any) -> Case:
    """100 m² of film at 12 CNY that save 5 kWh each in two years at 1 CNY: 10 CNY a m², not worth it; 1 kWh is 1 kg."""
    given = {
        "years": {"first": 2026, "last": 2027},
        "discount": 0,
        "carriers": {"electricity": "kWh"},
        "base": {"cooling": {"electricity": 2000}},
        "factors": {"electricity": 0.001},
        "prices": {"electricity": 1},
        "measures": [
            {"id": "film", "unit": "m2", "potential": 100, "life": 20, "group": "cooling", "capex": 12,
             "saves": {"electricity": 5}, "fund": "owner"}
        ],
        "targets": [],
        **more,
    }  # fmt: skip
    return read_case(given, Place("case.yaml"))


def test_a_subsidy_makes_a_measure_worth_it_and_costs_the_public_what_it_gives():
    """A quarter: the owner pays 9 and gains 10: 100 m² in 2026. Owner −100, society +200, public 300, 1 t: 300 CNY a
    tonne."""
    none, given = policies.compare(case(), {"none": Policy(), "quarter": Policy((Subsidy("film", 0.25, "public"),))})
    assert (none.owner, none.co2_t, none.moved) == (pytest.approx(0), pytest.approx(0), {})
    assert (given.owner, given.society, given.public, given.subsidies) == pytest.approx((-100, 200, 300, 300))
    assert (given.co2_t, given.per_t) == pytest.approx((1.0, 300))
    assert given.moved == {"film": pytest.approx(100)}


def test_a_tax_on_power_does_the_same_and_its_loss_is_the_publics():
    """0.3 CNY a kWh: a m² saves 13 CNY in two years. Owner 1200 − 1300, society 1200 − 1000, 300 of tax no longer
    come in."""
    _, taxed = policies.compare(case(), {"none": Policy(), "tax": Policy(taxes={"electricity": np.array([0.3, 0.3])})})
    assert (taxed.owner, taxed.society, taxed.public) == pytest.approx((-100, 200, 300))
    assert taxed.subsidies == 0


def test_a_price_of_co2_does_the_same():
    """500 CNY a tonne is 0.5 CNY a kWh: 15 CNY a m²."""
    _, priced = policies.compare(case(), {"none": Policy(), "co2": Policy(co2_price=np.array([500.0, 500.0]))})
    assert (priced.owner, priced.society, priced.public) == pytest.approx((-300, 200, 500))


def test_a_private_hurdle_keeps_an_owner_from_what_would_pay():
    """At 10 CNY capital and 5 + 5 saved nothing is lost without discounting; at a hurdle of 12 % it is not built."""
    measures = [{"id": "film", "unit": "m2", "potential": 100, "life": 20, "group": "cooling", "capex": 9.8,
                 "saves": {"electricity": 5}}]  # fmt: skip
    (social,) = policies.compare(case(measures=measures), {"none": Policy()})
    (private,) = policies.compare(case(measures=measures), {"none": Policy()}, discount=0.12)
    assert social.built.sum() == pytest.approx(100)
    assert private.built.sum() == pytest.approx(0)


def test_a_super_deduction_is_a_share_of_capital():
    """100 % more of 60 % of the capital, at 25 %: 15 %."""
    found = policies.super_deduction("film", extra=1.0, tax_rate=0.25, eligible=0.6)
    assert found.share == pytest.approx(0.15)


def test_a_time_of_use_price_by_hand():
    """0.8 × (0.5·1.8 + 0.3·1.0 + 0.2·0.5) = 1.04."""
    ratios = {"peak": 1.8, "flat": 1.0, "valley": 0.5}
    shares = {"peak": 0.5, "flat": 0.3, "valley": 0.2}
    assert policies.time_of_use(0.8, ratios, shares) == pytest.approx(1.04)
    with pytest.raises(ValueError, match=r"make 0\.9"):
        policies.time_of_use(0.8, ratios, {"peak": 0.9})


@pytest.mark.parametrize(
    ("use", "mean", "marginal"),
    [
        (3000, 0.617, 0.617),
        (3120, 0.617, 0.617),
        (4000, (3120 * 0.617 + 880 * 0.667) / 4000, 0.667),
        (5800, (3120 * 0.617 + 1680 * 0.667 + 1000 * 0.917) / 5800, 0.917),
        (0, 0.617, 0.617),
    ],
)
def test_a_tiered_price_by_hand(use, mean, marginal):
    found = policies.tiered(use, (3120, 4800), (0.617, 0.667, 0.917))
    assert (found.mean, found.marginal) == pytest.approx((mean, marginal))


def test_a_price_path_is_told_as_a_tax_on_the_price_of_the_case():
    of = case()
    policy = policies.as_tax(of, "electricity", [1.3, 0.9])
    assert policy.taxes["electricity"] == pytest.approx([0.3, -0.1])
