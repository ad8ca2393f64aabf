"""Energy of a polygon or a list of sites: what lies inside, what has no position, how much is metered."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from dafeng.accounting.book import Book
from dafeng.accounting.boundary import Sites, boundary_energy, sites_in
from dafeng.accounting.boundary_tables import boundary_tables
from dafeng.accounting.energy import energy_lines
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.indicators.facts import Facts, frame_of_rows


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def site(code: str, location: str | None, **more: Any) -> dict[str, Any]:
    row = {"code": code, "name": code, "kind": "building", "sector": "services", "subdistrict": "甲街道"}
    return row | {"location": location} | more


def year_of(code: str, amount: float, months: int = 12, **more: Any) -> list[dict[str, Any]]:
    row = {"site": code, "meter": f"D-{code}", "carrier": "electricity", "unit": "wan_kwh", "amount": amount} | more
    return [row | {"month": f"2025-{month:02d}"} for month in range(1, months + 1)]


# A square of one degree; A inside, B on its border, C beyond it, N of no position, H at its building, which is inside.
SQUARE = {"type": "Polygon", "coordinates": [[[120, 30], [121, 30], [121, 31], [120, 31], [120, 30]]]}
HOLED = {
    "type": "Polygon",
    "coordinates": [
        *SQUARE["coordinates"],
        [[120.4, 30.4], [120.6, 30.4], [120.6, 30.6], [120.4, 30.6], [120.4, 30.4]],
    ],
}
SITES = [
    site("A", "120.5,30.5", floor_area_m2=1000),
    site("B", "121,30.5", floor_area_m2=500, sector="homes"),
    site("C", "121.2,30.5"),
    site("N", None),
    site("H", None, building="J1"),
]
BUILDING = {
    "code": "J1", "name": "楼", "category": "public", "use": "office_commercial", "floor_area_m2": 2000,
    "stage": "in_use", "location": "120.2,30.2",
}  # fmt: skip


def facts_of(catalogue, **registers: list[dict[str, Any]]) -> Facts:
    return Facts(catalogue, {name: frame_of_rows(catalogue.registers[name], rows) for name, rows in registers.items()})


@pytest.fixture
def facts(catalogue) -> Facts:
    meters = [*year_of("A", 2), *year_of("B", 1, 9), *year_of("C", 50), *year_of("N", 7)]
    return facts_of(catalogue, account_sites=SITES, buildings=[BUILDING], meter_totals=meters)


def codes(found: Sites) -> list[str]:
    return [problem.code for problem in found.problems]


def test_a_polygon_holds_the_sites_inside_and_on_its_border(facts):
    found = sites_in(facts, SQUARE)
    assert found.codes == ["A", "B", "H"]
    assert found.outside == 1


def test_sites_without_position_are_listed_and_warned_of(facts):
    found = sites_in(facts, SQUARE)
    assert found.unplaced["code"].to_list() == ["N"]
    assert [(problem.code, problem.level, problem.place.row) for problem in found.problems] == [
        ("account.site-without-position", "warning", 4)
    ]


def test_a_hole_is_not_inside(facts):
    assert sites_in(facts, HOLED).codes == ["B", "H"]


def test_features_collections_multipolygons_text_and_wkt_are_read_alike(facts):
    small = [[[120.1, 30.1], [120.3, 30.1], [120.3, 30.3], [120.1, 30.3], [120.1, 30.1]]]
    feature = {"type": "Feature", "properties": {"name": "甲"}, "geometry": SQUARE}
    forms: list[Any] = [
        feature,
        {"type": "FeatureCollection", "features": [feature, feature]},
        {"type": "MultiPolygon", "coordinates": [small, SQUARE["coordinates"]][1:]},
        json.dumps(SQUARE),
        "POLYGON ((120 30, 121 30, 121 31, 120 31, 120 30))",
    ]
    for form in forms:
        assert sites_in(facts, form).codes == ["A", "B", "H"]
    both = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": small}}],
    }
    assert sites_in(facts, both).codes == ["H"]


def test_a_list_of_codes_needs_no_positions_and_names_unknown_ones(facts):
    found = sites_in(facts, ["N", "C", "X", "N"])
    assert sorted(found.codes) == ["C", "N"]
    assert found.unplaced.height == 0
    assert [(problem.code, problem.place.item) for problem in found.problems] == [("account.unknown-site", "X")]


def test_the_energy_inside_is_the_sum_of_its_meters_by_sector_and_carrier(catalogue, facts):
    # A: 12 × 2 = 24 万kWh; B: 9 × 1 = 9 万kWh; both × 2.8232 tce.
    lines, _ = energy_lines(facts, Book(catalogue))
    sums, _ = boundary_energy(lines, sites_in(facts, SQUARE))
    assert sums.select("year", "sector", "carrier", "unit", "amount", "gce_equal", "sites").rows() == [
        (2025, "homes", "electricity", "Wh", 90_000_000, 25_408_800, 1),
        (2025, "services", "electricity", "Wh", 240_000_000, 67_756_800, 1),
    ]


def test_coverage_says_how_many_sites_and_how_much_area_is_metered_for_a_whole_year(catalogue, facts):
    # Inside: A, B, H with 1000 + 500 + 2000 m²; A and B metered, A alone for twelve months; 4 of 5 sites have a place.
    lines, _ = energy_lines(facts, Book(catalogue))
    _, coverage = boundary_energy(lines, sites_in(facts, SQUARE))
    row = coverage.row(0, named=True)
    assert (row["year"], row["sites"], row["metered"], row["whole_year"]) == (2025, 3, 2, 1)
    assert row["metered_pct"] == pytest.approx(200 / 3)
    assert (row["floor_area_m2"], row["metered_m2"]) == (3500, 1500)
    assert row["area_pct"] == pytest.approx(1500 / 35)
    assert row["located_pct"] == pytest.approx(80)


def test_a_site_of_which_one_meter_lacks_a_month_has_no_whole_year(catalogue):
    meters = [*year_of("A", 2), *year_of("A", 1, 11, meter="D-2")]
    facts = facts_of(catalogue, account_sites=SITES, meter_totals=meters)
    lines, _ = energy_lines(facts, Book(catalogue))
    row = boundary_energy(lines, sites_in(facts, ["A"]))[1].row(0, named=True)
    assert (row["metered"], row["whole_year"]) == (1, 0)


def test_what_rests_on_filled_gaps_is_told_apart(catalogue):
    read = year_of("A", 2)
    read[0] |= {"estimated": True, "method": "取上年同月"}
    facts = facts_of(catalogue, account_sites=SITES, meter_totals=read)
    lines, _ = energy_lines(facts, Book(catalogue))
    sums, _ = boundary_energy(lines, sites_in(facts, SQUARE))
    assert sums["gce_estimated"].to_list() == [5_646_400]


def test_a_meter_that_two_sites_claim_is_warned_of(catalogue):
    meters = [*year_of("A", 2, meter="D-9"), *year_of("B", 2, meter="D-9"), *year_of("C", 2, meter="D-9")]
    facts = facts_of(catalogue, account_sites=SITES[:3], meter_totals=meters)
    found = sites_in(facts, SQUARE)
    assert codes(found) == ["account.meter-twice"]
    assert "A、B" in found.problems[0].rule.zh


def test_a_site_entered_twice_counts_once(catalogue):
    facts = facts_of(catalogue, account_sites=[*SITES[:2], SITES[0]])
    found = sites_in(facts, SQUARE)
    assert found.codes == ["A", "B"]
    assert [(problem.code, problem.place.row) for problem in found.problems] == [("account.double-site", 3)]


BROKEN = {
    "crossing edges": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
    "not closed": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
    "two points": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]},
    "words": {"type": "Polygon", "coordinates": [[["a", 0], [1, 0], [1, 1], ["a", 0]]]},
    "a line": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
    "no geometry": {"type": "Feature", "geometry": None},
    "nothing in it": {"type": "FeatureCollection", "features": []},
    "metres": {"type": "Polygon", "coordinates": [[[500000, 0], [500100, 0], [500100, 100], [500000, 0]]]},
    "across 180 degrees": {"type": "Polygon", "coordinates": [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]]},
    "empty": {"type": "Polygon", "coordinates": []},
    "no type": {"coordinates": [1]},
    "features that are none": {"type": "FeatureCollection", "features": 7},
    "a feature that is none": {"type": "FeatureCollection", "features": ["here"]},
    "no finite number": '{"type": "Polygon", "coordinates": [[[NaN, 0], [1, 0], [1, 1], [NaN, 0]]]}',
    "nested without end": '{"type": "FeatureCollection", "features": [' * 900 + "]}" * 900,
    "no json": "{type: Polygon",
    "no wkt": "somewhere",
    "a wkt point": "POINT (120 30)",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_boundary_is_refused_in_words(facts, name):
    with pytest.raises(BadInput) as caught:
        sites_in(facts, BROKEN[name])
    assert {problem.code for problem in caught.value.problems} == {"account.boundary-broken"}
    assert caught.value.problems[0].remedy.zh


def test_a_district_without_sites_has_nothing_inside(catalogue):
    facts = facts_of(catalogue)
    found = sites_in(facts, SQUARE)
    lines, _ = energy_lines(facts, Book(catalogue))
    sums, coverage = boundary_energy(lines, found)
    assert (found.codes, sums.height, coverage.height) == ([], 0, 0)


# ── tables ──


def value(tables, row: str) -> float | None:
    return tables["boundary_figures"].row(row).cells["value"].value


def test_the_table_of_a_boundary_sums_its_sectors_and_lists_every_site(catalogue, facts):
    lines, _ = energy_lines(facts, Book(catalogue))
    table = boundary_tables(lines, sites_in(facts, SQUARE), facts, 2025)["boundary"]
    cells = {row.code: row.cells["electricity"] for row in table.rows}
    assert list(cells) == ["total", "services", "homes", "site_A", "site_B", "site_H"]
    amounts = {code: cell.value or 0 for code, cell in cells.items()}
    assert amounts["total"] == 330_000_000 == amounts["services"] + amounts["homes"]
    assert amounts["total"] == amounts["site_A"] + amounts["site_B"]
    assert (cells["site_H"].key, cells["site_H"].value) == ("NE", None)
    assert "1 without position" in table.notes[0].en


def test_cells_of_the_boundary_are_the_sum_of_the_lines_they_pick(catalogue, facts):
    lines, _ = energy_lines(facts, Book(catalogue))
    table = boundary_tables(lines, sites_in(facts, SQUARE), facts, 2025)["boundary"]
    for row in table.rows:
        for column, cell in row.cells.items():
            if cell.pick is not None:
                held = lines
                for key, accepted in cell.pick.items():
                    held = held.filter(pl.col(key).is_in(accepted))
                measure = {"calorific": "gce_calorific", "equal": "gce_equal"}.get(column, "amount")
                assert held[measure].sum() == cell.value


def pv(code: str, kw: float, connected: str, **more: Any) -> dict[str, Any]:
    row = {"code": code, "name": code, "site": "commercial", "stage": "connected", "capacity_kw": kw}
    return row | {"connected": connected, "subdistrict": "甲街道"} | more


def test_photovoltaics_inside_are_set_against_the_electricity_used(catalogue):
    # Inside by the end of 2025: P1 by position (100 kW, 10 万kWh) and P2 by its building (50 kW, 6 万kWh); P3 came
    # later, P4 was retired, P5 lies outside. 16 of 24 万kWh are 66.7 %.
    projects = [
        pv("P1", 100, "2024-05-01", location="120.5,30.6", expected_yield=10),
        pv("P2", 50, "2025-12-31", building="J1", expected_yield=6),
        pv("P3", 70, "2026-01-01", location="120.5,30.6", expected_yield=7),
        pv("P4", 80, "2015-01-01", location="120.5,30.6", expected_yield=8, retired="2025-06-30"),
        pv("P5", 90, "2020-01-01", location="122.5,30.6", expected_yield=9),
    ]
    facts = facts_of(
        catalogue, account_sites=SITES, buildings=[BUILDING], meter_totals=year_of("A", 2), pv_projects=projects
    )
    lines, _ = energy_lines(facts, Book(catalogue))
    tables = boundary_tables(lines, sites_in(facts, SQUARE), facts, 2025)
    assert (value(tables, "pv_kw"), value(tables, "pv_wan_kwh")) == (150, 16)
    assert value(tables, "pv_share_pct") == pytest.approx(200 / 3)
    # By codes there is no area: the building of H decides.
    tables = boundary_tables(lines, sites_in(facts, ["A", "H"]), facts, 2025)
    assert value(tables, "pv_kw") == 50


def test_use_per_area_counts_metered_sites_of_known_area_alone(catalogue, facts):
    # A: 240,000 kWh on 1,000 m²; B: 90,000 on 500: 330,000 / 1,500 = 220 kWh/m²; H has no meter. × 0.28232 kgce.
    lines, _ = energy_lines(facts, Book(catalogue))
    tables = boundary_tables(lines, sites_in(facts, SQUARE), facts, 2025)
    assert value(tables, "kwh_per_m2") == pytest.approx(220)
    assert value(tables, "kgce_per_m2") == pytest.approx(220 * 0.28232)
    assert tables["boundary_figures"].row("kwh_per_head").cells["value"].key == "NE"
    assert (value(tables, "sites"), value(tables, "metered"), value(tables, "whole_year")) == (3, 2, 1)
