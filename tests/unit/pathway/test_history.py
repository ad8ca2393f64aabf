"""History from the account: rows divide it exactly, and a model made from it gives the account's CO2 back."""

from __future__ import annotations

import pytest

from dafeng.accounting.account import lines_of_all_years
from dafeng.accounting.book import Book
from dafeng.accounting.dual_control import co2_totals
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.indicators.facts import Facts, frame_of_rows
from dafeng.pathway.compute import compile as compiled
from dafeng.pathway.history import divide, from_account, shares_of
from dafeng.pathway.history_account import account_history
from dafeng.pathway.model import read_model
from dafeng.pathway.template import BranchRow

CATALOGUE = load_catalogue()
TEMPLATE = CATALOGUE.models["urban_district"].model
YEARS = (2024, 2025)


def row(path: str, estimate: float, anchored: bool = False, residual: bool = False) -> BranchRow:
    return BranchRow(
        path, {}, "homes", "electricity", "gdp_level", "1", {2025: estimate}, anchored=anchored, residual=residual
    )


def consumption(year: int, sector: str, carrier: str, amount: float, unit: str, **more: float) -> dict[str, object]:
    return {"year": year, "sector": sector, "carrier": carrier, "amount": amount, "unit": unit, **more}


def facts_of(**registers: list[dict[str, object]]) -> Facts:
    return Facts(CATALOGUE, {name: frame_of_rows(CATALOGUE.registers[name], rows) for name, rows in registers.items()})


def small(**more: list[dict[str, object]]) -> Facts:
    """Two years of four sectors, some gas of industry as raw material, and own power of 50 and 60 万kWh."""
    rows = []
    for year, growth in zip(YEARS, (1.0, 1.1), strict=True):
        rows += [
            consumption(year, "homes", "electricity", 1000 * growth, "wan_kwh"),
            consumption(year, "homes", "natural_gas", 80 * growth, "wan_m3"),
            consumption(year, "services", "electricity", 2000 * growth, "wan_kwh"),
            consumption(year, "industry", "natural_gas", 100 * growth, "wan_m3", as_material_tce=133.0),
            consumption(year, "industry", "heat", 5000, "gj"),
            consumption(year, "transport", "diesel", 700 * growth, "tonne"),
        ]
    own = [
        {"year": year, "flow": "primary", "carrier": "electricity", "amount": amount, "unit": "wan_kwh"}
        for year, amount in zip(YEARS, (50.0, 60.0), strict=True)
    ]
    return facts_of(energy_consumption=rows, energy_supply=own, **more)


# ── dividing ──


def test_anchored_rows_stand_and_the_others_share_the_rest():
    """100 of which 20 are counted; 30 and 10 estimated share the other 80 three to one."""
    rows = [row("a", 20, anchored=True), row("b", 30), row("c", 10)]
    assert shares_of(rows, 100.0, 2025) == pytest.approx([20, 60, 20])


def test_anchored_rows_leave_a_tenth_to_rows_that_are_estimated():
    assert shares_of([row("a", 300, anchored=True), row("b", 30)], 100.0, 2025) == pytest.approx([90, 10])


def test_residual_rows_take_what_the_others_leave_and_nothing_when_those_exceed_the_amount():
    rows = [row("a", 20, anchored=True), row("b", 30), row("c", 1, residual=True)]
    assert shares_of(rows, 100.0, 2025) == pytest.approx([20, 30, 50])
    assert shares_of(rows, 25.0, 2025) == pytest.approx([10, 15, 0])


def test_counted_rows_alone_take_the_whole_amount():
    assert shares_of([row("a", 1, anchored=True), row("b", 3, anchored=True)], 100.0, 2025) == pytest.approx([25, 75])


def test_parts_sum_to_the_amount_to_the_last_digit():
    parts = shares_of([row("a", 0.1), row("b", 0.2), row("c", 0.7)], 12345.6789, 2025)
    assert sum(parts) == 12345.6789


def test_what_no_row_covers_gets_a_row_of_its_own():
    made = divide([], {("services", "heat"): {2025: 7.0}}, [2025])
    assert [(one.path, one.history) for one in made] == [("公共建筑/其他/未细分（services）/heat", {2025: 7.0})]


# ── the account as history ──


def test_the_account_is_read_in_the_units_of_its_carriers():
    facts = small()
    energy, emissions, _ = lines_of_all_years(facts, Book(CATALOGUE))
    found = account_history(energy, emissions)
    assert (found.years, found.base) == (YEARS, 2025)
    assert found.final["homes", "natural_gas"] == pytest.approx({2024: 80.0, 2025: 88.0})
    assert found.own == {"electricity": {2024: 50.0, 2025: 60.0}}
    # 2.16219 t per 1 000 m3, 0.5737 t per MWh: in the account's units.
    assert found.factors["natural_gas"][2025] == pytest.approx(21.621888)
    assert found.factors["electricity"][2025] == pytest.approx(5.737)


@pytest.mark.parametrize("with_registers", [False, True])
def test_the_model_gives_back_the_accounts_co2_and_energy_of_every_year(with_registers: bool):
    """CO2 to 1e-9 of the account, every carrier's final energy to the last digit that a double holds."""
    more: dict[str, list[dict[str, object]]] = {}
    if with_registers:
        more["vehicle_stock"] = [
            {"year": year, "category": "city_freight", "fuel": fuel, "vehicles": number}
            for year in YEARS
            for fuel, number in (("diesel", 200), ("bev", 10))
        ]
        more["yearly_totals"] = [
            {"year": year, "gdp_constant": gdp, "price_base": 2024, "residents": 10.0}
            for year, gdp in zip(YEARS, (100.0, 105.0), strict=True)
        ]
    facts = small(**more)
    energy, emissions, _ = lines_of_all_years(facts, Book(CATALOGUE))
    data = from_account(energy, emissions, facts, TEMPLATE)
    outcome = compiled(read_model(data, CATALOGUE.unit_table)).run()
    wanted = co2_totals(emissions)
    for step, year in enumerate(YEARS):
        for scenario in range(len(outcome.scenarios)):
            assert outcome.total()[0, scenario, step] == pytest.approx(wanted[year] * 1e4, rel=1e-9)
    # Own power stands as a negative branch: 3 300 used, 60 of it made here.
    assert outcome.total("electricity")[0, 0, 1] == pytest.approx(3300 - 60, rel=1e-12)
    assert outcome.total("natural_gas")[0, 0, 1] == pytest.approx(198, rel=1e-12)
    assert outcome.total("diesel")[0, 0, 1] == pytest.approx(770, rel=1e-12)


def test_raw_material_is_taken_off_as_the_account_does():
    facts = small()
    energy, emissions, _ = lines_of_all_years(facts, Book(CATALOGUE))
    data = from_account(energy, emissions, facts, TEMPLATE)
    branch = next(one for one in data["branches"] if one["path"] == "工业/原料用能/不燃烧/emission")
    # 133 tce at 1.33 kgce/m3 would be 10 万m3 of 110, 21.62 t each; the catalogue's coefficient decides the digit.
    assert branch["history"][2025] == pytest.approx(-10 * 21.62, rel=0.05)


# ── what cannot be ──


def test_a_gap_between_years_of_the_account_is_an_answer():
    rows = [consumption(year, "homes", "electricity", 10, "wan_kwh") for year in (2022, 2024)]
    facts = facts_of(energy_consumption=rows)
    energy, emissions, _ = lines_of_all_years(facts, Book(CATALOGUE))
    with pytest.raises(BadInput) as raised:
        from_account(energy, emissions, facts, TEMPLATE)
    assert [(one.code, one.place.field) for one in raised.value.problems] == [("pathway.account-years", "year")]


def test_a_template_that_ends_before_the_account_is_an_answer():
    facts = small()
    energy, emissions, _ = lines_of_all_years(facts, Book(CATALOGUE))
    with pytest.raises(BadInput) as raised:
        from_account(energy, emissions, facts, {**TEMPLATE, "last": 2025})
    assert [one.code for one in raised.value.problems] == ["pathway.base-after-end"]
