"""Where a ranking flips within its ranges, and what of a cost is assumed: by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.pathway.draws import Spread
from dafeng.roadmap.case import Case
from dafeng.roadmap.flips import assumed_share, costs, ranking
from dafeng.roadmap.reading import read_case


def case(*measures: dict[str, Any]) -> Case:
    """1 kWh is 1 kg and 1 CNY; capital over ten years without interest."""
    given = {
        "years": {"first": 2026, "last": 2026},
        "discount": 0,
        "carriers": {"electricity": "kWh", "gas": "m3"},
        "base": {"cooling": {"electricity": 1000}},
        "factors": {"electricity": 0.001, "gas": 0.002},
        "prices": {"electricity": 1, "gas": 4},
        "measures": [{"unit": "m2", "potential": 100, "life": 10, **one} for one in measures],
        "targets": [],
    }
    return read_case(given, Place("case.yaml"))


def test_a_cost_per_tonne_and_its_assumed_share_by_hand():
    """Capital 100/10 = 10, running 2, saves 4 kWh: 8 CNY for 4 kg, 2000 a tonne. Of 10 + 2 + 4 = 16 the capital is
    assumed: 10/16."""
    (found,) = costs(
        case({"id": "film", "capex": 100, "opex": 2, "saves": {"electricity": 4}, "assumed": ["capex"]}), 2026
    )
    assert (found.capital, found.running, found.energy) == pytest.approx((10, 2, 4))
    assert found.per_t == pytest.approx(2000)
    assert found.assumed == pytest.approx(10 / 16)


def test_a_part_is_assumed_when_any_number_in_it_is():
    """The life of the equipment spreads the capital; what is saved of gas is assumed, what is used of power is not."""
    switch = {"id": "switch", "capex": 100, "saves": {"gas": 3}, "uses": {"electricity": 2}}
    (life,) = costs(case({**switch, "assumed": ["life"]}), 2026)
    (saves,) = costs(case({**switch, "assumed": ["saves"]}), 2026)
    assert life.assumed == pytest.approx(10 / (10 + 12 + 2))
    assert saves.assumed == pytest.approx(12 / (10 + 12 + 2))
    assert life.co2_t == pytest.approx(0.006 - 0.002)


NEAR = {"id": "near", "capex": 100, "saves": {"electricity": 5}, "ranges": {"capex": [50, 150]}}
NEXT = {"id": "next", "capex": 110, "saves": {"electricity": 5}}
FAR = {"id": "far", "capex": 900, "saves": {"electricity": 5}, "ranges": {"capex": [800, 1000]}}


def test_places_that_flip_within_the_ranges_are_told_and_the_rest_is_firm():
    """``near`` costs 50 to 150, ``next`` 110: of the triangle (50, 100, 150) a share (150 − 110)²/(100·50) = 0.32 lies
    above 110. ``far`` never comes before them."""
    near, following, far = ranking(case(FAR, NEAR, NEXT), 2026, draws=4000)
    assert [near.cost.measure, following.cost.measure, far.cost.measure] == ["near", "next", "far"]
    assert near.swaps == {"next": pytest.approx(0.32, abs=0.005)}
    assert following.swaps == {"near": pytest.approx(0.32, abs=0.005)}
    assert near.keeps == pytest.approx(0.68, abs=0.005)
    assert (near.low, near.high, near.firm) == (1, 2, False)
    assert (far.low, far.high, far.firm, far.swaps, far.keeps) == (3, 3, True, {}, 1.0)
    assert "anywhere from 1 to 2" in near.about.en
    assert "firm" in far.about.en


def test_a_saving_that_moves_moves_the_tonne_and_the_money():
    """At half the saving 10 CNY − 2.5 for 2.5 kg: 3000 a tonne instead of 1000."""
    spreads = {"saving/near": Spread("uniform", (0.5, 0.5))}
    (near,) = ranking(case(NEAR), 2026, spreads=spreads, draws=10)
    assert near.cost.per_t == pytest.approx(1000)
    assert (near.per_t_low, near.per_t_high) == pytest.approx((3000, 3000))


def test_measures_that_move_together_do_not_change_places():
    near, following = ranking(case(NEAR, NEXT), 2026, spreads={"capex/*": Spread("uniform", (0.5, 2))}, draws=500)
    assert (near.keeps, following.keeps) == (1.0, 1.0)


def test_what_saves_no_co2_has_no_place():
    rising = {"id": "rising", "capex": 1, "saves": {"gas": 1}, "uses": {"electricity": 3}}
    assert [one.cost.measure for one in ranking(case(NEAR, rising), 2026)] == ["near"]


def test_the_assumed_share_of_a_programme_weighs_by_capital():
    """100 m² of film at 100 CNY, capital and saving assumed; 300 m² of led at 100 CNY, nothing assumed: a quarter."""
    of = case(
        {"id": "film", "capex": 100, "saves": {"electricity": 5}, "assumed": ["capex", "saves"]},
        {"id": "led", "capex": 100, "saves": {"electricity": 5}},
    )
    assert assumed_share(of, np.array([[100.0], [300.0]])) == pytest.approx(0.25)
    assert assumed_share(of, np.zeros((2, 1))) == 0
