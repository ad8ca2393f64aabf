"""What must hold whatever the amounts: mass is kept, nothing is negative, sums do not depend on how waste is split."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafeng.accounting.kernels import KERNELS

tonnes = st.floats(0, 1e7)
shares = st.floats(0, 1)
rates = st.floats(0.02, 0.4)
delays = st.floats(0, 12)


def decay(rows: dict[str, list], years: range) -> pl.DataFrame:
    count = len(rows["activity"])
    frame = pl.DataFrame(
        {"_row": list(range(count)), "year": [2000] * count, "deposited": [2000] * count, "docf": [0.5] * count,
         "mcf": [1.0] * count, "f": [0.5] * count, "facility": ["甲"] * count} | rows
    )  # fmt: skip
    return KERNELS["first_order_decay"](frame, list(years))


@given(waste=tonnes, doc=shares, k=rates, ox=shares, delay=delays)
def test_over_all_time_a_deposit_gives_exactly_its_potential(
    waste: float, doc: float, k: float, ox: float, delay: float
):
    made = decay({"activity": [waste], "doc": [doc], "k_per_year": [k], "ox": [ox], "delay_months": [delay]},
                 range(1990, 3500))  # fmt: skip
    potential = waste * doc * 0.5 * 0.5 * 16 / 12 * (1 - ox)
    assert made["gas_t"].sum() == pytest.approx(potential, rel=1e-9, abs=1e-9)
    assert made["gas_t"].min() >= 0  # type: ignore[operator]


@given(waste=tonnes, doc=shares, k=rates)
def test_decay_only_falls_after_its_first_year(waste: float, doc: float, k: float):
    made = decay({"activity": [waste], "doc": [doc], "k_per_year": [k], "ox": [0.1]}, range(2001, 2060))["gas_t"]
    assert (made.diff().drop_nulls() <= 1e-9 * (1 + made[0])).all()


@given(waste=st.lists(tonnes, min_size=1, max_size=6), caught=st.floats(0, 1e6), year=st.integers(2001, 2080))
def test_no_more_is_caught_than_is_made_and_the_rest_is_kept(waste: list[float], caught: float, year: int):
    count = len(waste)
    rows = {"activity": waste, "doc": [0.15] * count, "k_per_year": [0.1] * count}
    free = decay(rows | {"ox": [0.0] * count}, range(year, year + 1))["gas_t"].sum()
    left = decay(rows | {"ox": [0.1] * count, "recovered_t": [caught] * count}, range(year, year + 1))["gas_t"]
    assert (left >= 0).all()
    assert left.sum() == pytest.approx(max(free - caught, 0) * 0.9, rel=1e-9, abs=1e-9 * (1 + free))


@given(parts=st.lists(tonnes, min_size=2, max_size=6), k=rates)
def test_a_deposit_split_into_parts_gives_the_same_methane(parts: list[float], k: float):
    count = len(parts)
    split = decay({"activity": parts, "doc": [0.2] * count, "k_per_year": [k] * count, "ox": [0.1] * count},
                  range(2001, 2003))  # fmt: skip
    one = decay({"activity": [sum(parts)], "doc": [0.2], "k_per_year": [k], "ox": [0.1]}, range(2001, 2003))
    assert split["gas_t"].sum() == pytest.approx(one["gas_t"].sum(), rel=1e-9, abs=1e-9)


@given(organics=tonnes, sludge=tonnes, caught=tonnes)
def test_wastewater_gives_no_negative_methane(organics: float, sludge: float, caught: float):
    frame = pl.DataFrame(
        {"_row": [0], "year": [2025], "activity": [organics], "sludge_t": [sludge], "bo": [0.6], "mcf": [0.165],
         "recovered_t": [caught]}
    )  # fmt: skip
    assert KERNELS["wastewater_ch4"](frame, [2025])["gas_t"][0] >= 0


@given(waste=tonnes, carbon=shares, fossil=shares, burnt=shares)
def test_no_more_carbon_leaves_a_furnace_than_went_in(waste: float, carbon: float, fossil: float, burnt: float):
    frame = pl.DataFrame(
        {"_row": [0], "year": [2025], "activity": [waste], "carbon_share": [carbon], "fossil_share": [fossil],
         "burn_out": [burnt]}
    )  # fmt: skip
    co2_t = KERNELS["incineration_co2"](frame, [2025])["gas_t"][0]
    assert 0 <= co2_t * 12 / 44 <= waste * carbon * (1 + 1e-12)


@pytest.mark.parametrize("name", sorted(set(KERNELS) - {"first_order_decay_inside", "first_order_decay_elsewhere"}))
def test_years_that_nobody_asked_for_have_no_gas(name: str):
    names = [
        "activity",
        "doc",
        "docf",
        "mcf",
        "f",
        "ox",
        "k_per_year",
        "carbon_share",
        "fossil_share",
        "burn_out",
        "bo",
    ]
    names += ["n2o_n_per_n", "growth_pct", "cut_pct", "density_t_per_m3", "expansion", "biomass_t_per_ha", "leak_pct"]
    every = dict.fromkeys(names, 0.5)
    frame = pl.DataFrame({"_row": [0], "year": [2025], "deposited": [2025], "kind": ["bamboo"]} | every)
    assert KERNELS[name](frame, [2024]).height == 0
