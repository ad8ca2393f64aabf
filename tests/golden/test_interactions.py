"""What measures save together, and whether fuel switching cuts CO2: by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.case import Case, alive
from dafeng.roadmap.interactions import Overlap, effects
from dafeng.roadmap.reading import read_case
from dafeng.roadmap.switching import break_even, replaced, switches

# Natural gas: 2.16 kgCO2 per m³, 9.7 kWh per m³ of lower heating value.
GAS_KG, GAS_KWH = 2.16, 9.7


def measure(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "unit": "m2", "potential": 100, "capex": 10, "life": 20, **more}


def case(*measures: dict[str, Any], **more: Any) -> Case:
    """100 m² of offices that use 1000 kWh for cooling, 500 kWh for light and 200 m³ of gas for heat, in two years."""
    given = {
        "years": {"first": 2026, "last": 2027},
        "discount": 0.05,
        "carriers": {"electricity": "kWh", "gas": "m3"},
        "base": {
            "office/cooling": {"electricity": 1000},
            "office/light": {"electricity": 500},
            "office/heat": {"gas": 200},
        },
        "factors": {"electricity": 0.0005, "gas": 0.00216},
        "prices": {"electricity": 0.8, "gas": 4},
        "measures": list(measures),
        **more,
    }
    return read_case(given, Place("case.yaml"))


def whole(of: Case, *amounts: float) -> np.ndarray:
    """(measure, year): these amounts built in the first year."""
    built = np.zeros((len(of.measures), len(of.years)))
    built[:, 0] = amounts
    return alive(of, built)


FILM = measure("film", group="office/cooling", kind="reduce", saves={"electricity": 1})
CHILLER = measure("chiller", group="office/cooling", kind="plant", saves={"electricity": 2})
CONTROL = measure("control", group="office/cooling", kind="control", saves={"electricity": 1.5})


def test_fractions_multiply_and_each_later_stage_saves_of_what_is_left():
    """10 %, 20 % and 15 %: 1000·(1 − 0.9·0.8·0.85) = 388, not 450; 100, then 180 of 900, then 108 of 720."""
    of = case(CONTROL, CHILLER, FILM)
    saved = Overlap(of).saved(whole(of, 100, 100, 100))
    assert saved.total[of.carriers.index("electricity")] == pytest.approx([388, 388], abs=1e-12)
    assert saved.by_measure[:, of.carriers.index("electricity"), 0] == pytest.approx([108, 180, 100], abs=1e-12)


def test_half_of_the_floor_saves_half_the_fraction():
    """Film on all, a chiller for half: 1000·(1 − 0.9·0.9) = 190."""
    of = case(FILM, CHILLER)
    saved = Overlap(of).saved(whole(of, 100, 50))
    assert saved.total[of.carriers.index("electricity"), 0] == pytest.approx(190, abs=1e-12)


def test_measures_that_exclude_each_other_work_on_different_floors_and_add_up():
    """A chiller on 40 m² (8 %) and a plant room (32 %) on 60 m² (19.2 %): 272, and film before both 100 + 0.9·272."""
    room = measure("plant_room", group="office/cooling", kind="plant", saves={"electricity": 3.2}, excludes=["chiller"])
    of = case(CHILLER, room, FILM)
    electricity = of.carriers.index("electricity")
    assert Overlap(of).saved(whole(of, 40, 60, 0)).total[electricity, 0] == pytest.approx(272, abs=1e-12)
    assert Overlap(of).saved(whole(of, 40, 60, 100)).total[electricity, 0] == pytest.approx(344.8, abs=1e-12)


def test_one_measure_in_two_zones_works_on_two_parts_of_the_stock():
    """20 % of 30 m² and of 70 m² is 20 % of 100 m²."""
    zones = measure("chiller", group="office/cooling", saves={"electricity": 2}, zones={"north": 30, "south": 70})
    of = case({key: value for key, value in zones.items() if key != "potential"})
    saved = Overlap(of).saved(whole(of, 30, 70))
    assert saved.total[of.carriers.index("electricity"), 0] == pytest.approx(200, abs=1e-12)


def test_a_measure_of_the_whole_building_works_on_every_use_and_uses_do_not_overlap_each_other():
    """LED halves the light, the chiller takes 20 % of cooling, then 10 % of all electricity (1500 kWh; 1.5 a m²) goes:
    0.1·250 + 0.1·800 = 105; together 250 + 200 + 105 = 555."""
    led = measure("led", group="office/light", kind="reduce", saves={"electricity": 2.5})
    tuning = measure("tuning", group="office", kind="control", saves={"electricity": 1.5})
    of = case(led, CHILLER, tuning)
    saved = Overlap(of).saved(whole(of, 100, 100, 100))
    electricity = of.carriers.index("electricity")
    assert saved.by_measure[:, electricity, 0] == pytest.approx([250, 200, 105], abs=1e-12)


HEAT_PUMP = measure("heat_pump", group="office/heat", kind="supply", saves={"gas": 1.8}, uses={"electricity": 6})
WALLS = measure("walls", group="office/heat", kind="reduce", saves={"gas": 0.4})


def test_a_heat_pump_after_insulation_replaces_less_gas_and_draws_less_electricity():
    """Walls save 20 % of 200 m³: 40. The heat pump replaces 90 % of 160: 144, with 144/180 of its 600 kWh: 480."""
    of = case(HEAT_PUMP, WALLS)
    saved = Overlap(of).saved(whole(of, 100, 100))
    gas, electricity = of.carriers.index("gas"), of.carriers.index("electricity")
    assert saved.by_measure[:, gas, 0] == pytest.approx([144, 40], abs=1e-12)
    assert saved.by_measure[:, electricity, 0] == pytest.approx([-480, 0], abs=1e-12)


def test_what_has_no_pool_saves_what_it_saves_alone():
    """Rooftop power in no group, and gas that the group's energy does not hold."""
    panels = measure("panels", saves={"electricity": 9})
    odd = measure("odd", group="office/cooling", saves={"gas": 0.1})
    of = case(panels, odd, CHILLER)
    saved = Overlap(of).saved(whole(of, 100, 100, 100))
    assert saved.total[of.carriers.index("electricity"), 0] == pytest.approx(900 + 200, abs=1e-12)
    assert saved.total[of.carriers.index("gas"), 0] == pytest.approx(10, abs=1e-12)


def test_a_pool_is_not_more_than_emptied_and_the_parts_still_make_the_sum():
    zeal = measure("zeal", group="office/cooling", saves={"electricity": 8})
    zest = measure("zest", group="office/cooling", saves={"electricity": 8}, excludes=["zeal"], stock=200)
    of = case(zeal, zest, CHILLER)
    saved = Overlap(of).saved(whole(of, 100, 100, 100))
    electricity = of.carriers.index("electricity")
    assert saved.by_measure[:, electricity, 0] == pytest.approx([500, 500, 0], abs=1e-9)


def test_the_tangent_is_exact_at_its_point_and_its_slopes_are_differences():
    """Also where a fuel switch's use depends on what came before it; the step of a multilinear function is exact."""
    of = case(FILM, CHILLER, CONTROL, HEAT_PUMP, WALLS, measure("tuning", group="office", saves={"electricity": 1.5}))
    overlap, stock = Overlap(of), whole(of, 60, 30, 80, 50, 70, 20)
    tangent = overlap.effects(stock)
    here = overlap.saved(stock).total
    assert tangent.constant + np.einsum("mct,mt->ct", tangent.each, stock) == pytest.approx(here, abs=1e-9)
    for m in range(len(of.measures)):
        more = stock.copy()
        more[m] += 1.0
        assert overlap.saved(more).total - here == pytest.approx(tangent.each[m], abs=1e-9)


def test_the_slopes_of_nothing_built_are_the_savings_alone():
    of = case(FILM, CHILLER, HEAT_PUMP)
    tangent = effects(of, np.zeros((3, 2)))
    gas, electricity = of.carriers.index("gas"), of.carriers.index("electricity")
    assert tangent.each[:, electricity, 0] == pytest.approx([1, 2, -6], abs=1e-12)
    assert tangent.each[:, gas, 1] == pytest.approx([0, 0, 1.8], abs=1e-12)
    assert tangent.constant == pytest.approx(np.zeros((2, 2)), abs=1e-12)


def test_draws_of_the_base_scale_what_is_saved_and_what_is_used():
    of = case(HEAT_PUMP, WALLS)
    overlap = Overlap(of)
    stock = np.stack([whole(of, 100, 100)] * 2)
    scaled = overlap.saved(stock, np.array([[1.0] * len(overlap.pools), [1.5] * len(overlap.pools)])).total
    assert scaled[0] == pytest.approx(overlap.saved(stock[0]).total)
    assert scaled[1] == pytest.approx(1.5 * scaled[0])


@pytest.mark.parametrize(
    ("efficiency", "performance", "even"),
    [(0.92, 3.0, 0.73), (0.92, 1.0, 0.24), (0.40, 0.85, 0.47)],
    ids=["heat pump for a boiler", "resistance for a boiler", "induction for a gas stove"],
)
def test_published_break_even_factors_of_fuel_switches(efficiency, performance, even):
    """kg CO2 per kWh: 2.16 / (0.92·9.7)·3 = 0.726; …·1 = 0.242; 2.16 / (0.40·9.7)·0.85 = 0.473."""
    assert break_even(GAS_KG, replaced(GAS_KWH, efficiency, performance)) == pytest.approx(even, abs=0.005)


def kitchen(**factors: Any) -> Case:
    """An electric kitchen: 22.8 kWh for 5 m³ of gas, per m²."""
    of = measure("kitchen", group="kitchen", kind="supply", saves={"gas": 5}, uses={"electricity": 22.8})
    return case(
        of,
        years={"first": 2026, "last": 2035},
        base={"kitchen": {"gas": 500}},
        carriers={"electricity": "kWh", "gas": "m3"},
        **factors,
    )


def test_an_electric_kitchen_raises_co2_at_057_and_cuts_it_at_042():
    """5·2.16 = 10.8 kg of gas against 22.8·0.57 = 13.0 and 22.8·0.42 = 9.6; the same at 0.474."""
    of = kitchen(
        factors={"purpose": "inventory", "electricity": 0.00057, "gas": 0.00216},
        purposes={"ets": {"electricity": 0.00042}},
    )
    inventory, ets = switches(of)
    assert (inventory.purpose, ets.purpose) == ("inventory", "ets")
    assert inventory.saved_t == pytest.approx([(10.8 - 12.996) / 1000] * 10, abs=1e-12)
    assert ets.saved_t == pytest.approx([(10.8 - 9.576) / 1000] * 10, abs=1e-12)
    assert inventory.break_even[0] * 1000 == pytest.approx(10.8 / 22.8, abs=1e-12)
    assert (inventory.helps_from, ets.helps_from) == (None, 2026)
    assert "raises" in inventory.about.en


def test_under_a_falling_factor_a_switch_helps_from_the_year_that_the_path_crosses_its_break_even():
    """0.57 in 2026 falling by 0.02 a year: 0.49 in 2030, 0.47 in 2031; the break-even is 0.474."""
    of = kitchen(
        factors={"purpose": "inventory", "electricity": {2026: 0.00057, 2035: 0.00039}, "gas": 0.00216},
    )
    (found,) = switches(of)
    assert found.helps_from == 2031
    assert found.saved_t[4] < 0 < found.saved_t[5]
