"""The dual-control sheet by hand: a small district from 2020 on, GDP in 亿CNY, energy in 万tce, CO2 in 万t."""

from __future__ import annotations

import math

import polars as pl
import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.dual_control import dual_control_table
from dafeng.accounting.dual_control_sheet import leading
from dafeng.accounting.lines import EMISSIONS, ENERGY, of_schema
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.indicators.facts import Facts, frame_of_rows

CATALOGUE = load_catalogue()
BOOK = Book(CATALOGUE)
GCE = 10_000_000_000  # in 万tce
TARGETS = {"energy_intensity_reduction": 13.5, "co2_intensity_reduction": None}
# Intensities 0.08, 0.0784, 0.0768: cuts 2 %, 2.0408 %, cumulative 4 %.
TOTALS = (
    {"year": 2020, "gdp_constant": 1000, "price_base": 2020, "energy": 80, "co2": 200},
    {"year": 2021, "gdp_constant": 1100, "price_base": 2020, "energy": 86.24, "co2": 212},
    {"year": 2022, "gdp_constant": 1150, "price_base": 2020, "energy": 88.32, "co2": 216.2},
)


def facts(totals=TOTALS, **registers: tuple[dict, ...]) -> Facts:
    held = {"yearly_totals": totals, **registers}
    return Facts(CATALOGUE, {name: frame_of_rows(CATALOGUE.registers[name], rows) for name, rows in held.items()})


def energy(*rows: dict) -> pl.DataFrame:
    plain = {"level": "district", "place": "", "flow": "final", "sector": "services", "basis": "statistics"}
    frame = pl.DataFrame([{**plain, **row} for row in rows]) if rows else pl.DataFrame()
    return of_schema(frame, ENERGY)


def emissions(*rows: dict) -> pl.DataFrame:
    plain = {"level": "district", "place": "", "gas": "CO2", "energy_line": 1, "scope": 1, "memo": None}
    frame = (
        pl.DataFrame([{**plain, **row} for row in rows], schema_overrides={"memo": pl.String})
        if rows
        else pl.DataFrame()
    )
    return of_schema(frame, EMISSIONS)


def made(year: int = 2022, lines=None, gases=None, targets=TARGETS, base_year: int = 2020, **registers):
    totals = registers.pop("totals", TOTALS)
    return dual_control_table(
        facts(totals, **registers),
        energy() if lines is None else lines,
        emissions() if gases is None else gases,
        BOOK,
        year,
        base_year,
        targets,
    )


def cell(table, row: str, column: str):
    return table.row(row).cells[column]


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_each_year_has_its_intensity_and_its_cuts():
    tables, problems = made()
    sheet = tables["dual_control"]
    assert [row.code for row in sheet.rows] == ["2020", "2021", "2022"]
    assert [cell(sheet, year, "energy_intensity").value for year in ("2020", "2021", "2022")] == pytest.approx(
        [0.08, 0.0784, 0.0768]
    )
    assert cell(sheet, "2021", "energy_cut_year").value == pytest.approx(2.0)
    assert cell(sheet, "2022", "energy_cut_year").value == pytest.approx(100 * 0.0016 / 0.0784)
    assert cell(sheet, "2022", "energy_cut_total").value == pytest.approx(4.0)
    # CO2: 0.2 → 0.188: 6 %.
    assert cell(sheet, "2022", "co2_cut_total").value == pytest.approx(6.0)
    assert problems == []


def test_progress_and_need_are_logarithmic():
    sheet = made()[0]["dual_control"]
    assert cell(sheet, "2022", "energy_progress").value == pytest.approx(100 * math.log(0.96) / math.log(0.865))
    # (0.865/0.96)^(1/3) = 0.965862: 3.4138 % a year in 2023–2025.
    assert cell(sheet, "2022", "energy_need").value == pytest.approx(3.4138, abs=1e-4)
    assert cell(sheet, "2022", "energy_path").value == pytest.approx(100 * (1 - 0.865**0.4))


def test_behind_the_path_by_more_than_a_tenth_is_red_and_says_by_which_rule():
    sheet = made()[0]["dual_control"]
    # ln 0.96 / (0.4 ln 0.865) = 0.7037.
    light = cell(sheet, "2022", "energy_light")
    assert light.value is None
    assert light.key is None
    assert light.inputs["light"] == "behind"
    assert light.inputs["rule"] == "light_standard"
    assert light.inputs["status"] == "assumption"
    assert "红" in light.reason.zh


def test_a_cut_that_is_not_assigned_yet_says_so_and_has_no_light():
    tables, _ = made()
    for column in ("co2_progress", "co2_need", "co2_path", "co2_light"):
        found = cell(tables["dual_control"], "2022", column)
        assert found.value is None
        assert found.key == "NE"
        assert "待上级下达" in found.reason.zh
    assert cell(tables["dual_control_targets"], "co2_intensity", "target").key == "NE"
    assert cell(tables["dual_control_targets"], "co2_intensity", "reached").value == pytest.approx(6.0)


def test_every_cell_of_every_row_is_a_figure_a_word_or_a_marked_gap():
    for table in made()[0].values():
        for row in table.rows:
            for name, one in row.cells.items():
                assert one.value is not None or one.reason is not None, (table.id, row.code, name)
        for row in table.rows if table.id != "dual_control_deductions" else ():
            assert set(row.cells) == {column.id for column in table.columns}, (table.id, row.code)


def test_our_total_stands_beside_that_of_statistics_with_the_difference():
    lines = energy(
        {"year": 2022, "gce_equal": 90 * GCE},
        {"year": 2022, "gce_equal": -7 * GCE, "flow": "into_heat"},
        {"year": 2022, "gce_equal": 5 * GCE, "flow": "out_heat"},
        {"year": 2022, "gce_equal": -1 * GCE, "flow": "loss"},
        {"year": 2022, "gce_equal": 500 * GCE, "flow": "from_outside"},
        {"year": 2022, "gce_equal": 70 * GCE, "level": "subdistrict", "place": "甲街道"},
    )
    tables, problems = made(lines=lines)
    sheet = tables["dual_control"]
    # 90 + 7 − 5 + 1 = 93 against 88.32.
    assert cell(sheet, "2022", "energy_own").value == 93
    assert cell(sheet, "2022", "energy").value == 88.32
    assert cell(sheet, "2022", "energy_difference").value == pytest.approx(4.68)
    # Statistics make the series, ours does not enter it.
    assert cell(sheet, "2022", "energy_intensity").value == pytest.approx(0.0768)
    assert "account.total-differs" in codes(problems)


def test_ours_makes_the_series_only_where_statistics_lack_base_or_year():
    totals = tuple({**row, "energy": row["energy"] if row["year"] != 2020 else None} for row in TOTALS)
    lines = energy({"year": 2020, "gce_equal": 90 * GCE}, {"year": 2022, "gce_equal": 99 * GCE})
    sheet = made(totals=totals, lines=lines)[0]["dual_control"]
    # 0.09 → 99/1150: both ours.
    assert cell(sheet, "2022", "energy_cut_total").value == pytest.approx(100 * (1 - 99 / 1150 / 0.09))
    assert "本账户" in cell(sheet, "2022", "energy_intensity").reason.zh
    assert any("本账户" in note.zh for note in sheet.notes)


def test_co2_of_energy_is_fuels_and_bought_power_never_memo_items_or_other_gases():
    gases = emissions(
        {"year": 2022, "gas_g": 100 * GCE},
        {"year": 2022, "gas_g": 90 * GCE, "scope": 2},
        {"year": 2022, "gas_g": 88 * GCE, "scope": 2, "memo": "power"},
        {"year": 2022, "gas_g": 3 * GCE, "memo": "biomass"},
        {"year": 2022, "gas_g": 4 * GCE, "scope": 3},
        {"year": 2022, "gas_g": 2 * GCE, "gas": "CH4"},
        {"year": 2022, "gas_g": 5 * GCE, "energy_line": None},
        {"year": 2022, "gas_g": 40 * GCE, "level": "zone", "place": "北岸"},
    )
    assert cell(made(gases=gases)[0]["dual_control"], "2022", "co2_own").value == 190


def test_without_totals_the_printed_cuts_are_multiplied():
    totals = ({"year": 2020}, {"year": 2021, "energy_cut": 2}, {"year": 2022, "energy_cut": 3, "gdp_growth": 5})
    tables, _ = made(totals=totals)
    assert cell(tables["dual_control"], "2022", "energy_cut_total").value == pytest.approx(100 * (1 - 0.98 * 0.97))
    assert cell(tables["dual_control"], "2022", "energy_cut_total").formula == "1 − ∏(1 − k_i)"


def test_a_year_without_base_is_named_and_the_rest_still_shown():
    tables, problems = made(totals=TOTALS[1:])
    assert "account.no-base" in codes(problems)
    named = next(problem for problem in problems if problem.code == "account.no-base")
    assert named.place.item == "yearly_totals 2020"
    assert cell(tables["dual_control"], "2022", "energy").value == 88.32
    assert cell(tables["dual_control"], "2022", "energy_cut_total").key == "NE"
    assert cell(tables["dual_control"], "2022", "energy_intensity").reason.zh == "统计数"
    assert "不全" in tables["dual_control"].notes[0].zh


def test_current_prices_are_never_divided_by():
    totals = (*TOTALS[:2], {"year": 2022, "gdp_current": 1300, "energy": 88.32, "co2": 216.2})
    tables, problems = made(totals=totals)
    assert "account.current-prices" in codes(problems)
    assert cell(tables["dual_control"], "2022", "energy_intensity").value is None


def test_a_year_before_the_base_is_refused():
    with pytest.raises(BadInput) as caught:
        made(year=2019)
    assert codes(caught.value.problems) == ["account.no-base-year"]


def test_printed_cuts_that_contradict_the_totals_are_flagged():
    totals = (TOTALS[0], {**TOTALS[1], "energy_cut": 2.05}, {**TOTALS[2], "energy_cut": 3.0})
    assert codes(made(totals=totals)[1]) == ["account.cut-differs"]


def test_after_deductions_the_base_year_is_freed_of_the_same_kinds():
    totals = ({**TOTALS[0]}, {"year": 2025, "gdp_constant": 1250, "price_base": 2020, "energy": 90, "co2": 210})
    claims = (
        {"year": 2020, "kind": "raw_material", "document": "A", "tce": 20_000},
        {"year": 2025, "kind": "raw_material", "document": "B", "tce": 30_000},
        {"year": 2025, "kind": "certificates", "document": "C", "energy_mwh": 400_000, "serial": "G-1"},
    )
    tables, _ = made(2025, totals=totals, dual_control_deductions=claims)
    sheet = tables["dual_control"]
    # Needed: 0.08 × 1250 × 13.5 % = 13.5 万tce, cap 6.75 万tce; asked 400 000 MWh × 0.28232 = 11.2928 万tce.
    deductions = tables["dual_control_deductions"]
    assert deductions.row("cap").cells["granted"].value == 67_500_000_000
    assert deductions.shown(deductions.row("certificates_2"), deductions.columns[2]) == 67_500
    # 90 − 3 − 6.75 = 80.25; base 80 − 2 = 78: 1 − (80.25/1250)/(78/1000).
    assert cell(sheet, "2025", "energy_assessed").value == pytest.approx(80.25)
    assert cell(sheet, "2025", "energy_assessed_cut").value == pytest.approx(100 * (1 - 0.0642 / 0.078))
    assert cell(sheet, "2025", "energy_cut_total").value == pytest.approx(10.0)
    # 17.69 % after deductions meets 13.5 %: the light is that of the assessed figure and says so.
    assert cell(sheet, "2025", "energy_light").inputs["light"] == "done"
    assert "扣减后" in cell(sheet, "2025", "energy_light").reason.zh
    targets = tables["dual_control_targets"]
    assert cell(targets, "energy_intensity", "reached").value == pytest.approx(100 * (1 - 0.0642 / 0.078))
    # What was reached without them stands beside.
    assert cell(targets, "energy_intensity", "plain").value == pytest.approx(10.0)
    assert cell(targets, "energy_intensity", "gap").value == pytest.approx(100 * (1 - 0.0642 / 0.078) - 13.5)


def test_a_kind_that_the_base_year_lacks_makes_no_cut_after_deductions():
    totals = (TOTALS[0], {"year": 2025, "gdp_constant": 1250, "price_base": 2020, "energy": 90, "co2": 210})
    claims = ({"year": 2025, "kind": "raw_material", "document": "B", "tce": 30_000},)
    tables, _ = made(2025, totals=totals, dual_control_deductions=claims)
    found = cell(tables["dual_control"], "2025", "energy_assessed_cut")
    assert found.key == "NE"
    assert "不可比" in found.reason.zh
    # 10 % without deductions, due: behind.
    assert cell(tables["dual_control"], "2025", "energy_light").inputs["light"] == "behind"


def test_totals_and_shares_are_held_against_their_targets():
    targets = {**TARGETS, "energy_total": 90.0, "co2_total": 210.0, "non_fossil_share": 20.0}
    totals = (*TOTALS[:2], {**TOTALS[2], "non_fossil_share": 18.0})
    table = made(totals=totals, targets=targets)[0]["dual_control_targets"]
    assert cell(table, "energy_total", "gap").value == pytest.approx(1.68)
    assert cell(table, "energy_total", "light").inputs["light"] == "on_course"
    # 210/216.2 = 97.1 %: yellow.
    assert cell(table, "co2_total", "light").inputs["light"] == "slipping"
    assert cell(table, "non_fossil_share", "progress").value == pytest.approx(90.0)


@pytest.mark.parametrize(
    ("year", "peak", "lead", "beside"),
    [
        (2025, None, "energy_intensity", "energy_total"),
        (2026, None, "co2_intensity", "co2_total"),
        (2030, None, "co2_intensity", "co2_total"),
        (2031, None, "co2_intensity", "co2_total"),
        (2031, 2028, "co2_total", "co2_intensity"),
    ],
)
def test_energy_leads_until_2025_then_co2_intensity_then_the_total_after_the_peak(year, peak, lead, beside):
    roles = leading(year, peak)
    assert [code for code, role in roles.items() if role.en == "leading"] == [lead]
    assert roles[beside].en == "auxiliary"


def test_parts_and_their_rest_add_up_to_the_district_in_energy_output_and_contribution():
    lines = energy(
        *({"year": 2020, "sector": name, "gce_equal": gce} for name, gce in (("industry", 5_003), ("homes", 3_000))),
        *({"year": 2022, "sector": name, "gce_equal": gce} for name, gce in (("industry", 4_507), ("homes", 3_500))),
        {"year": 2020, "level": "subdistrict", "place": "甲街道", "gce_equal": 6_000},
        {"year": 2022, "level": "subdistrict", "place": "甲街道", "gce_equal": 6_001},
    )
    sectors = tuple(
        {"year": year, "sector": "industry", "value_added": value, "price_base": 2020}
        for year, value in ((2020, 400), (2022, 450))
    )
    tables, problems = made(lines=lines, gdp_by_sector=sectors)
    parts = tables["dual_control_parts"]
    for division, count in (("sector", 3), ("subdistrict", 2)):
        rows = [row for row in parts.rows if row.code.startswith(f"{division}.")]
        assert len(rows) == count
        assert sum(row.cells["energy"].value for row in rows) == parts.row("district").cells["energy"].value == 8_007
        assert math.fsum(row.cells["energy_contribution"].value for row in rows) == pytest.approx(
            parts.row("district").cells["energy_cut_total"].value, abs=1e-9
        )
    assert cell(parts, "sector.rest", "gdp").value == 700
    assert cell(parts, "sector.industry", "energy_cut_total").value == pytest.approx(
        100 * (1 - 4507 / 450 / (5003 / 400))
    )
    assert cell(parts, "sector.homes", "energy_intensity").reason.zh == "居民生活没有增加值"
    assert cell(parts, "sector.rest", "energy").value == 0
    # Output of sectors and energy of subdistricts miss parts of the district: said, and still shown.
    assert codes(problems).count("account.parts-differ") == 2
    assert "账户" in parts.notes[1].zh


def test_parts_above_the_whole_are_flagged():
    lines = energy(
        {"year": 2022, "gce_equal": 5_000},
        {"year": 2022, "level": "unit", "place": "U1", "gce_equal": 6_000},
    )
    tables, problems = made(lines=lines)
    assert cell(tables["dual_control_parts"], "unit.rest", "energy").value == -1_000
    flagged = [problem for problem in problems if problem.code == "account.parts-differ"]
    assert [problem.place.item for problem in flagged] == ["dual_control_parts unit"]
    assert "+20.00" in flagged[0].rule.en


def test_a_subdistricts_output_needs_all_twelve_months():
    months = tuple(
        {"month": f"{year}-{month:02d}", "kind": "subdistrict", "receiver": "甲街道", "energy_tce": 10.0,
         "value_added": 5.0, "budget_tce": 130.0}
        for year, last in ((2020, 12), (2022, 11)) for month in range(1, last + 1)
    )  # fmt: skip
    lines = energy(
        {"year": 2020, "gce_equal": 120}, {"year": 2022, "gce_equal": 110},
        {"year": 2022, "level": "subdistrict", "place": "甲街道", "gce_equal": 110},
    )  # fmt: skip
    parts = made(lines=lines, dual_control_monthly=months)[0]["dual_control_parts"]
    assert cell(parts, "subdistrict.甲街道", "gdp").key == "NE"


def test_co2_is_divided_like_energy():
    lines = energy({"year": 2020, "gce_equal": 10}, {"year": 2022, "gce_equal": 11})
    gases = emissions(
        {"year": 2020, "sector": "services", "gas_g": 500},
        {"year": 2020, "sector": None, "gas_g": 100},
        {"year": 2022, "sector": "services", "gas_g": 450},
        {"year": 2022, "sector": None, "gas_g": 90},
    )
    parts = made(lines=lines, gases=gases)[0]["dual_control_parts"]
    assert cell(parts, "district", "co2").value == 540
    assert cell(parts, "sector.services", "co2").value == 450
    assert cell(parts, "sector.rest", "co2").value == 90
    # (500/1000 − 450/1150) / (600/1000) and (100/1000 − 90/1150) / (600/1000).
    assert cell(parts, "sector.services", "co2_contribution").value == pytest.approx(100 * (0.5 - 450 / 1150) / 0.6)
    assert cell(parts, "sector.rest", "co2_contribution").value == pytest.approx(100 * (0.1 - 90 / 1150) / 0.6)
    assert cell(parts, "district", "co2_cut_total").value == pytest.approx(100 * (1 - 540 / 1150 / 0.6))


def test_raw_material_applied_for_is_held_against_the_statistics():
    lines = energy({"year": 2022, "gce_equal": 9_000_000_000, "gce_material": 246_900_000})
    asked = {"year": 2022, "kind": "raw_material", "document": "B", "tce": 246.9}
    assert "account.material-differs" not in codes(made(lines=lines, dual_control_deductions=(asked,))[1])
    more = made(lines=lines, dual_control_deductions=({**asked, "tce": 300.0},))[1]
    assert "account.material-differs" in codes(more)


def test_the_base_year_alone_has_amounts_and_no_cuts():
    tables, problems = made(year=2020)
    sheet = tables["dual_control"]
    assert [row.code for row in sheet.rows] == ["2020"]
    assert cell(sheet, "2020", "energy_intensity").value == pytest.approx(0.08)
    assert cell(sheet, "2020", "energy_cut_total").reason.zh == "基期"
    assert problems == []


def test_a_district_without_any_totals_gets_a_sheet_of_gaps_and_is_told_what_to_load():
    tables, problems = made(totals=())
    assert {"account.no-output", "account.no-base"} <= set(codes(problems))
    # The path to the target alone needs no data.
    figures = {name for row in tables["dual_control"].rows for name, one in row.cells.items() if one.value is not None}
    assert figures == {"energy_path"}


def test_the_first_year_of_the_next_period_is_linked_to_its_base_and_led_by_co2():
    totals = (
        {"year": 2025, "gdp_constant": 1250, "price_base": 2020, "gdp_current": 1300, "energy": 90, "co2": 200},
        {"year": 2026, "gdp_constant": 1365, "price_base": 2025, "energy": 92, "co2": 201},
    )
    targets = {"co2_intensity_reduction": 17.0, "energy_intensity_reduction": 10.0}
    tables, problems = made(2026, totals=totals, targets=targets, base_year=2025)
    sheet, aims = tables["dual_control"], tables["dual_control_targets"]
    assert problems == []
    assert cell(sheet, "2025", "gdp").value == 1300
    # 201/1365 against 200/1300.
    assert cell(sheet, "2026", "co2_cut_year").value == pytest.approx(100 * (1 - 201 / 1365 * 1300 / 200))
    assert cell(sheet, "2026", "co2_path").value == pytest.approx(3.658, abs=5e-4)
    assert cell(aims, "co2_intensity", "role").reason.en == "leading"
    assert cell(aims, "co2_total", "role").reason.en == "auxiliary"
    # 4.286 % against 3.658 %: on course.
    assert cell(aims, "co2_intensity", "light").inputs["light"] == "on_course"


def test_every_address_that_an_input_names_is_a_cell_of_the_same_tables():
    totals = (
        TOTALS[0],
        {"year": 2024, "gdp_constant": 1200, "price_base": 2020, "energy": 89, "co2": 212},
        {"year": 2025, "gdp_constant": 1250, "price_base": 2020, "energy": 90, "co2": 210},
    )
    claims = ({"year": 2025, "kind": "certificates", "document": "C", "energy_mwh": 400_000, "serial": "G-1"},)
    tables, _ = made(2025, totals=totals, dual_control_deductions=claims)
    named = {
        address
        for table in tables.values()
        for row in table.rows
        for one in row.cells.values()
        for address in one.inputs.values()
        if address.partition(".")[0] in tables
    }
    assert len(named) > 15
    for address in named:
        table, _, rest = address.partition(".")
        row, _, column = rest.rpartition(".")
        assert row in {one.code for one in tables[table].rows}, address
        assert column in tables[table].row(row).cells, address
