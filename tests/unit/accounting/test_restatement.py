"""What was restated, why, and that the list adds up to the gram."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.accounting.book import Book, Policy
from dafeng.accounting.emissions import emission_lines
from dafeng.accounting.energy import energy_lines
from dafeng.accounting.lines import EMISSIONS, of_schema
from dafeng.accounting.restatement import Known, differences, restated
from dafeng.accounting.tables import Table
from dafeng.catalogue import load_catalogue
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
REGISTER = CATALOGUE.registers["energy_consumption"]
GRID = Book(CATALOGUE).use("grid_shanghai_inventory", 2025).value


def use(carrier: str, amount: float, sector: str = "trade") -> dict:
    unit = {"electricity": "wan_kwh", "natural_gas": "wan_m3"}.get(carrier, "tonne")
    return {"year": 2025, "sector": sector, "carrier": carrier, "amount": amount, "unit": unit}


def known(
    rows: dict[int, dict], book: Book | None = None, said: dict[int, str] | None = None, **more: list[dict]
) -> Known:
    """rows: record → use."""

    book = book or Book(CATALOGUE)
    frame = frame_of_rows(REGISTER, rows.values()).with_columns(pl.Series("_record", list(rows), dtype=pl.Int64))
    held = {"energy_consumption": frame}
    held |= {name: frame_of_rows(CATALOGUE.registers[name], given, 500) for name, given in more.items()}
    facts = Facts(CATALOGUE, held)
    energy, _ = energy_lines(facts, book)
    return Known(emission_lines(energy, facts, book)[0], facts, book.policy.gwp, said or {})


def adds_up(table: Table) -> None:
    total = table.row("total").cells
    parts = [row for row in table.rows if row.parent == "total"]
    for column in ("before", "after", "difference"):
        assert sum(row.cells[column].value or 0 for row in parts) == total[column].value
    for part in parts:
        below = [row for row in table.rows if row.parent == part.code]
        if below:
            for column in ("before", "after", "difference"):
                assert sum(row.cells[column].value or 0 for row in below) == part.cells[column].value
    assert table.row("unchanged").cells["difference"].value == 0


def test_a_corrected_record_is_named_with_both_numbers_and_the_reason_given():
    before = known({1: use("electricity", 1000), 2: use("electricity", 500, "homes")})
    after = known({1: use("electricity", 1000), 7: use("electricity", 520, "homes")}, said={7: "抄表更正"})
    table = restated(before, after, 2025)
    line = table.row("line_1")
    assert line.parent == "superseded"
    # 20 × 10⁴ kWh × kg/kWh = g / 1000.
    assert line.cells["difference"].value == pytest.approx(20e4 * GRID * 1000, abs=1)
    reason = line.cells["difference"].reason
    assert reason is not None
    assert "#2" in reason.zh
    assert "#7：抄表更正" in reason.zh
    # The key in the words of the register's choices, in both languages.
    assert "分领域分品种能源消费 2025 / 居民生活 / 电力" in line.name.zh
    assert "homes" not in line.name.zh
    assert "2025 / Homes / Electricity".lower() in line.name.en.lower()
    adds_up(table)


def test_new_and_withdrawn_records_stand_apart():
    before = known({1: use("electricity", 1000), 2: use("electricity", 500, "homes")})
    after = known({1: use("electricity", 1000), 3: use("electricity", 300, "services")})
    table = restated(before, after, 2025)
    assert table.row("new_record").cells["before"].value == 0
    assert table.row("withdrawn").cells["after"].value == 0
    assert table.row("total").cells["difference"].value == pytest.approx(-200e4 * GRID * 1000, abs=1)
    adds_up(table)


def test_another_grid_factor_is_a_factor_and_not_a_record():
    before = known({1: use("electricity", 1000)}, Book(CATALOGUE, constant_year=2020))
    after = known({1: use("electricity", 1000)})
    table = restated(before, after, 2025)
    reason = table.row("line_1").cells["difference"].reason
    assert reason is not None
    assert "grid_shanghai_inventory" in reason.en
    assert f"{GRID:g}" in reason.en
    assert table.row("line_1").parent == "factor"
    adds_up(table)


def test_a_record_and_a_factor_that_both_changed_are_both_named():
    before = known({1: use("electricity", 1000)}, Book(CATALOGUE, constant_year=2020))
    after = known({4: use("electricity", 1100)})
    line = differences(before, after, 2025)[0]
    assert line.reasons == ("superseded", "factor")
    adds_up(restated(before, after, 2025))


def test_another_set_of_warming_potentials_restates_methane_alone():
    before = known({1: use("natural_gas", 1000)}, Book(CATALOGUE, Policy(gwp="ar4")))
    after = known({1: use("natural_gas", 1000)}, Book(CATALOGUE, Policy(gwp="ar6")))
    found = differences(before, after, 2025)
    assert {line.row["gas"] for line in found} <= {"CH4", "N2O"}
    assert {line.reasons for line in found} == {("gwp",)}
    assert "AR4" in found[0].why.en
    adds_up(restated(before, after, 2025))


def test_the_sharing_of_own_power_follows_the_record_that_changed():
    supply = [{"year": 2025, "flow": "primary", "carrier": "electricity", "amount": 100, "unit": "wan_kwh"}]
    rows = {1: use("electricity", 1000), 2: use("electricity", 500, "homes")}
    before = known(rows, energy_supply=supply)
    after = known({1: rows[1], 9: use("electricity", 800, "homes")}, energy_supply=supply)
    found = {(line.row["method"], line.row["sector"]): line.reasons for line in differences(before, after, 2025)}
    assert found["electricity", "homes"] == ("superseded",)
    assert found["electricity_own", "trade"] == ("follows",)
    adds_up(restated(before, after, 2025))


def test_a_change_that_makes_no_difference_is_not_listed():
    before, after = known({1: use("electricity", 1000)}), known({5: use("electricity", 1000)})
    table = restated(before, after, 2025)
    assert [row.code for row in table.rows] == ["total", "unchanged"]
    adds_up(table)


def test_memo_items_are_listed_below_and_in_no_total():
    supply = [{"year": 2025, "flow": "from_outside", "carrier": "electricity", "amount": 700, "unit": "wan_kwh"}]
    before, after = known({1: use("electricity", 1000)}), known({1: use("electricity", 1000)}, energy_supply=supply)
    table = restated(before, after, 2025)
    assert table.row("total").cells["difference"].value == 0
    memo = [row for row in table.rows if row.kind == "memo"]
    assert [row.cells["difference"].value for row in memo] == [pytest.approx(700e4 * GRID * 1000, abs=1)]


# Method, gas, grams.
Grams = tuple[str, str, int]
lines = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["CO2", "CH4"]), st.integers(-(10**13), 10**13)),
    max_size=8,
)


@settings(max_examples=50, deadline=None)
@given(lines, lines)
def test_any_two_lists_of_lines_add_up_to_the_gram(
    before: list[tuple[str, str, int]], after: list[tuple[str, str, int]]
):
    def known_as(rows: list[tuple[str, str, int]]) -> Known:
        made = [
            {"level": "district", "place": "", "year": 2025, "method": method, "gas": gas, "co2e_g": grams, "scope": 1}
            for method, gas, grams in rows
        ]
        frame = pl.DataFrame(made) if made else pl.DataFrame(schema={"year": pl.Int64})
        return Known(of_schema(frame, EMISSIONS), Facts(CATALOGUE, {}))

    table = restated(known_as(before), known_as(after), 2025)
    adds_up(table)
    assert table.row("total").cells["before"].value == sum(grams for *_, grams in before)
    assert table.row("total").cells["after"].value == sum(grams for *_, grams in after)
    # Lines without a record are nobody's new record.
    assert not {"new_record", "withdrawn", "superseded"} & {row.code for row in table.rows}
