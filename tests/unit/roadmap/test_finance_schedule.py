"""Finance of a schedule by hand: each measure over its life, after overlaps, and the programme."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.appraisals import appraisals
from dafeng.roadmap.case import Case
from dafeng.roadmap.finance import Loan, npv
from dafeng.roadmap.reading import read_case


def case(**more: Any) -> Case:
    """1000 kWh of cooling at 1 CNY and 1 kg; film (30 %) lives 3 years, chillers (40 %) 4; a schedule of 2026–2027."""
    given = {
        "years": {"first": 2026, "last": 2027},
        "discount": 0.10,
        "carriers": {"electricity": "kWh"},
        "base": {"cooling": {"electricity": 1000}},
        "factors": {"electricity": 0.001},
        "prices": {"electricity": 1},
        "policy": {"subsidies": [{"of": "film", "share": 0.25, "fund": "public"}]},
        "measures": [
            {"id": "film", "unit": "m2", "potential": 100, "life": 3, "group": "cooling", "stage": 0, "capex": 8,
             "saves": {"electricity": 3}},
            {"id": "chiller", "unit": "m2", "potential": 100, "life": 4, "group": "cooling", "stage": 1, "capex": 10,
             "opex": 0.5, "saves": {"electricity": 4}},
        ],
        "targets": [],
        **more,
    }  # fmt: skip
    return read_case(given, Place("case.yaml"))


BUILT = np.array([[100.0, 0], [0, 100.0]])


def test_a_measure_goes_on_to_the_end_of_its_life_after_the_schedule():
    """Film: 800 CNY in 2026, 300 kWh in 2026, 2027 and (held) 2028: −800 + 200 of subsidy, 300 three times."""
    found = appraisals(case(), BUILT)
    film = found.streams["film"]
    assert found.years == (2026, 2027, 2028, 2029, 2030)
    assert film.income == pytest.approx([300, 300, 300, 0, 0])
    assert film.capital == pytest.approx([800, 0, 0, 0, 0])
    verdict = found.measures["film"]
    assert verdict.npv == pytest.approx(-600 + 300 + 300 / 1.1 + 300 / 1.21)
    assert (verdict.public, verdict.leverage, verdict.co2_t) == pytest.approx((200, 3, 0.9))


def test_savings_are_those_after_overlaps():
    """Chillers come after film: 40 % of 700 kWh: 280 a year, less 50 for running, from 2027 for four years."""
    chiller = appraisals(case(), BUILT).streams["chiller"]
    assert chiller.income == pytest.approx([0, 230, 230, 230, 230])
    assert chiller.co2_t == pytest.approx([0, 0.28, 0.28, 0.28, 0.28])


def test_the_programme_is_the_sum_of_its_measures():
    found = appraisals(case(), BUILT)
    assert found.programme is not None
    assert found.programme.npv == pytest.approx(sum(one.npv for one in found.measures.values()))
    assert found.programme.investment == pytest.approx(1800)
    assert found.programme.leverage == pytest.approx(8)


def test_the_cost_of_a_tonne_makes_the_measure_break_even():
    found = appraisals(case(), BUILT)
    chiller, verdict = found.streams["chiller"], found.measures["chiller"]
    assert verdict.cost_per_t is not None
    flows = chiller.income - chiller.capital + verdict.cost_per_t * chiller.co2_t
    assert npv(0.10, flows) == pytest.approx(0, abs=1e-9)


def test_the_loan_of_a_programme_is_covered_by_what_it_earns_from_the_second_year():
    """500 over two years without interest: 250 a year; 530 come in in 2027, 530 in 2028: 2.12 times."""
    found = appraisals(case(), BUILT, loan=Loan(500, 0.0, 2))
    assert found.programme is not None
    assert found.programme.cover is not None
    assert found.programme.cover.by_year == pytest.approx([2.12, 2.12])


def test_nothing_built_has_no_finance():
    found = appraisals(case(), np.zeros((2, 2)))
    assert (found.measures, found.programme) == ({}, None)
