"""``init --demo`` as a whole: made, loaded without an error, marked synthetic, within what it was calibrated to."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from dafeng.core.errors import BadInput
from dafeng.demo import calibration as known
from dafeng.demo.makers import CORRECTIONS, EMPTY, MAKERS
from dafeng.demo.workbooks import write_workbook
from dafeng.demo.world import World
from dafeng.workflows import demo
from dafeng.workflows.district import District
from dafeng.workflows.starting import Started, init


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Started:
    return init(tmp_path_factory.mktemp("demo") / "yunting", demo=True)


@pytest.fixture(scope="module")
def frames(started: Started) -> Iterator[dict[str, pl.DataFrame]]:
    registers = started.district.catalogue.registers
    with started.district.open_store() as store:
        yield {name: store.frame(registers[name]) for name in MAKERS}


def files_of(district: District) -> list[Path]:
    return sorted(district.folder("loaded").glob("*.xlsx"))


def test_the_folder_is_marked_synthetic_and_holds_both_plans_in_order(started: Started):
    district = started.district
    assert (district.name, district.synthetic, district.base_year) == ("云汀区", True, 2020)
    from dafeng.workflows.plan import read_plan_file

    first, second = (read_plan_file(district.root / "plans" / f"{slug}.yaml") for slug in demo.PLANS)
    assert (first.succeeds, second.succeeds) == (None, "yunting-2022")
    assert len(first.actions) == 9
    assert "云汀区" in (second.title or "")


def test_every_file_was_loaded_and_none_refused(started: Started):
    outcomes = [outcome for report in started.loaded for outcome in report.files]
    assert {outcome.status for outcome in outcomes} == {"loaded"}
    assert sum(outcome.error_count for outcome in outcomes) == 0
    assert len(outcomes) == len(MAKERS) + len(CORRECTIONS)
    assert not list(started.district.folder("refused").iterdir())
    assert not list(started.district.folder("inbox").iterdir())


def test_there_are_fewer_than_forty_thousand_records(frames: dict[str, pl.DataFrame]):
    assert 30_000 <= sum(frame.height for frame in frames.values()) <= 40_000


def test_a_few_warnings_wait_for_a_person(started: Started):
    warned = {o.file: o.warning_count for report in started.loaded for o in report.files if o.warning_count}
    assert {"buildings.xlsx", "new_building_gates.xlsx", "construction_waste.xlsx"} <= set(warned)
    assert sum(warned.values()) < 40


def test_each_workbook_says_synthetic_in_its_title_its_footer_and_its_properties(started: Started):
    files = files_of(started.district)
    assert len(files) == len(MAKERS) + len(CORRECTIONS)
    for path in files:
        book = openpyxl.load_workbook(path, read_only=False)
        assert len(book.worksheets) == 1
        assert "虚构示例" in str(book.worksheets[0]["A1"].value)
        assert "synthetic" in str(book.worksheets[0]["A1"].value)
        assert "虚构示例" in (book.worksheets[0].oddFooter.center.text or "")
        assert "synthetic" in (book.properties.keywords or "")
        assert b"synthetic" in zipfile.ZipFile(path).read("docProps/custom.xml")


def test_the_same_seed_writes_the_same_bytes(started: Started, tmp_path: Path):
    catalogue = started.district.catalogue
    for number in (1, 2):
        world = World(5)
        write_workbook(tmp_path / f"{number}.xlsx", catalogue.registers["parks"], world.rows("parks"), catalogue, 5)
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()


def test_records_in_the_store_are_the_rows_that_were_generated(frames: dict[str, pl.DataFrame]):
    world = World()
    for name, key in (("chargers", "power_kw"), ("parks", "area_m2"), ("pv_projects", "capacity_kw")):
        assert frames[name][key].sum() == pytest.approx(sum(row[key] for row in world.rows(name)))
        assert frames[name].height == len(world.rows(name))


def test_a_correction_supersedes_rows_and_keeps_its_reason(started: Started):
    district = started.district
    correction = CORRECTIONS[0]
    corrected = {row["code"]: row["verified_saving_pct"] for row in correction.rows(World())}
    register = district.catalogue.registers[correction.register]
    with district.open_store() as store:
        frame = store.frame(register).filter(pl.col("code").is_in(list(corrected)))
        records = store.records(frame["_record"].to_list())
    assert dict(frame.select("code", "verified_saving_pct").iter_rows()) == corrected
    assert all(record.supersedes is not None and record.reason == correction.reason for record in records)
    assert all(record.source.file == correction.file for record in records)


def test_the_gas_of_2023_was_restated_and_the_first_report_is_still_on_record(started: Started):
    """First 1 014, then 1 090 (10⁴ m³): 1 070 × 1.05 × 0.99³ = 1 090."""
    district = started.district
    correction = next(each for each in CORRECTIONS if each.register == "energy_consumption")
    register = district.catalogue.registers[correction.register]
    with district.open_store() as store:
        frame = store.frame(register).filter(
            (pl.col("year") == 2023) & (pl.col("sector") == "services") & (pl.col("carrier") == "natural_gas")
        )
        (record,) = store.records(frame["_record"].to_list())
        assert record.supersedes is not None
        (first,) = store.records([record.supersedes])
        before = store.frame(register, as_known=first.recorded_at)
    assert (first.payload["amount"], record.payload["amount"]) == (1_014, 1_090)
    assert record.source is not None
    assert (record.source.file, record.reason) == (correction.file, correction.reason)
    # As known when the first file was loaded, all of that year's gas is 76 short of the yearbook's 10 717.
    gas = before.filter((pl.col("year") == 2023) & (pl.col("carrier") == "natural_gas"))
    assert gas["amount"].sum() == 10_717 - 76


def test_registers_left_empty_hold_nothing_and_say_why(started: Started):
    with started.district.open_store() as store:
        held = store.counts()
    assert EMPTY
    assert not set(EMPTY) & set(held)


def test_a_failed_start_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dafeng.demo.workbooks.write_workbook", broken)
    with pytest.raises(BadInput) as refused:
        init(tmp_path / "yunting", demo=True)
    assert refused.value.problems[0].code == "machine.full"
    assert not (tmp_path / "yunting").exists()


# ── totals against public figures, worked out from the loaded records alone ─────────────────────────────────


def of_year(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    return frame.filter(pl.col("year") == year)


def test_people_gdp_and_energy_lie_in_the_calibrated_ranges(frames: dict[str, pl.DataFrame]):
    totals = {row["year"]: row for row in frames["yearly_totals"].iter_rows(named=True)}
    first, last = totals[2020], totals[2025]
    assert known.PEOPLE.holds(first["residents"] * 1e4)
    assert known.GDP_PER_HEAD.holds(first["gdp_constant"] * 1e8 / (first["residents"] * 1e4))
    assert known.GDP_GROWTH.holds(100 * ((last["gdp_constant"] / first["gdp_constant"]) ** 0.2 - 1))
    assert known.ENERGY_PER_GDP.holds(first["energy"] / first["gdp_constant"])
    assert known.ENERGY_GROWTH.holds(100 * ((last["energy"] / first["energy"]) ** 0.2 - 1))
    cut = 100 * (1 - last["energy"] / last["gdp_constant"] / (first["energy"] / first["gdp_constant"]))
    assert known.INTENSITY_CUT.holds(cut)


def test_yearly_cuts_compound_to_the_cut_of_the_five_years(frames: dict[str, pl.DataFrame]):
    totals = frames["yearly_totals"].sort("year")
    kept = 1.0
    for cut in totals["energy_cut"].drop_nulls():
        kept *= 1 - cut / 100
    ratio = totals["energy"] / totals["gdp_constant"]
    assert 100 * (1 - kept) == pytest.approx(100 * (1 - ratio[-1] / ratio[0]), abs=0.05)


def test_sectors_and_months_add_up_to_the_yearly_total(frames: dict[str, pl.DataFrame]):
    monthly = frames["dual_control_monthly"].with_columns(pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"))
    for row in frames["yearly_totals"].iter_rows(named=True):
        sectors = of_year(frames["energy_consumption"], row["year"])["tce"].sum()
        assert sectors / 1e4 == pytest.approx(row["energy"], abs=0.001)
        electricity = of_year(frames["energy_consumption"], row["year"]).filter(pl.col("carrier") == "electricity")
        assert electricity["amount"].sum() / 1e4 == pytest.approx(row["electricity"], abs=1e-4)
        for kind in ("subdistrict", "sector"):
            part = of_year(monthly, row["year"]).filter(pl.col("kind") == kind)["energy_tce"].sum()
            assert row["year"] < 2022 or part / 1e4 == pytest.approx(row["energy"], abs=0.001)


def test_zones_industry_and_inventory_add_up_to_the_district(frames: dict[str, pl.DataFrame]):
    for row in frames["yearly_totals"].iter_rows(named=True):
        zones, clusters = of_year(frames["zone_facts"], row["year"]), of_year(frames["industry_output"], row["year"])
        assert zones["energy_tce"].sum() / 1e4 == pytest.approx(row["energy"], abs=0.001)
        assert zones["gdp"].sum() == pytest.approx(row["gdp_constant"], abs=0.01)
        assert clusters["value_added"].sum() == pytest.approx(row["gdp_constant"], abs=0.01)
        co2 = of_year(frames["ghg_inventory"], row["year"]).filter(
            (pl.col("gas") == "co2") & pl.col("sector").is_in(["energy", "power_bought", "heat_bought"])
        )
        assert co2["amount"].sum() / 1e4 == pytest.approx(row["co2"], abs=0.001)
        assert zones["co2_t"].sum() / 1e4 == pytest.approx(row["co2"], abs=0.001)
        homes = of_year(frames["energy_consumption"], row["year"]).filter(pl.col("sector") == "homes")
        assert (clusters["energy_tce"].sum() + homes["tce"].sum()) / 1e4 == pytest.approx(row["energy"], abs=0.001)


def test_key_units_use_less_than_their_sector(frames: dict[str, pl.DataFrame]):
    units = frames["key_unit_energy"].join(frames["key_units"], left_on="unit", right_on="code")
    for row in units.group_by("year", "sector").agg(pl.col("energy_tce").sum()).iter_rows(named=True):
        whole = (
            of_year(frames["energy_consumption"], row["year"]).filter(pl.col("sector") == row["sector"])["tce"].sum()
        )
        assert row["energy_tce"] < whole
    assert frames["key_units"].height == 68


def test_buildings_and_homes_lie_in_the_calibrated_ranges(frames: dict[str, pl.DataFrame]):
    energy = frames["building_energy"]
    for year in range(2020, 2026):
        rows = of_year(energy, year)
        assert known.BUILDING_ELECTRICITY.holds(rows["electricity_kwh"].sum() / rows["floor_area_m2"].sum())
        assert known.BUILDING_INTENSITY.holds(1000 * rows["total_tce"].sum() / rows["floor_area_m2"].sum())
    homes = frames["buildings"].filter((pl.col("use") == "home") & (pl.col("completed").dt.year() <= 2020))
    residents = of_year(frames["yearly_totals"], 2020)["residents"][0] * 1e4
    assert known.HOUSING_AREA_PER_HEAD.holds(homes["floor_area_m2"].sum() / residents)
    at_home = of_year(frames["energy_consumption"], 2020).filter(pl.col("sector") == "homes")
    each = dict(at_home.select("carrier", "amount").iter_rows())
    households = residents / known.HOUSEHOLD_SIZE.value
    assert known.HOUSEHOLD_ELECTRICITY.holds(each["electricity"] * 1e4 / households)
    assert known.HOUSEHOLD_GAS.holds(each["natural_gas"] * 1e4 / households)


def test_power_and_transport_lie_in_the_calibrated_ranges(frames: dict[str, pl.DataFrame]):
    for row in frames["grid_load"].filter(pl.col("energy").is_not_null()).iter_rows(named=True):
        assert known.PEAK_HOURS.holds(row["energy"] * 1e5 / row["peak_mw"])
    pv = frames["pv_projects"].filter((pl.col("stage") == "connected") & (pl.col("site") != "facade"))
    assert known.PV_HOURS.holds(pv["expected_yield"].sum() * 1e4 / pv["capacity_kw"].sum())
    built = frames["pv_projects"].filter(pl.col("stage") == "connected")
    assert known.PV_COST.holds(built["investment"].sum() * 1e4 / (built["capacity_kw"].sum() * 1e3))
    public = frames["chargers"].filter(pl.col("access") == "public")
    assert known.CHARGER_POWER.holds(public["power_kw"].sum() / public.height)
    cars = frames["vehicle_registrations"].filter((pl.col("owner_kind") == "private") & (pl.col("year") == 2025))
    electric = cars.filter(pl.col("fuel") == "bev")["vehicles"].sum()
    assert known.NEW_CARS_BEV.holds(100 * electric / cars["vehicles"].sum())
    buses = of_year(frames["vehicle_stock"], 2025).filter(pl.col("category") == "bus")
    assert known.BUS_NEV.holds(
        100 * buses.filter(pl.col("fuel") != "diesel")["vehicles"].sum() / buses["vehicles"].sum()
    )


def test_waste_and_green_lie_in_the_calibrated_ranges(frames: dict[str, pl.DataFrame]):
    residents = dict(frames["yearly_totals"].select("year", "residents").iter_rows())
    for year in range(2020, 2026):
        rows = of_year(frames["household_waste"], year)
        people = residents[year] * 1e4
        assert known.WASTE_PER_HEAD.holds(rows["tonnes"].sum() * 1000 / people / 365)
        kept = rows.filter(pl.col("path").is_in(["recycled", "biological"]))
        recycled = kept["tonnes"].sum() - kept["residue_t"].sum()
        assert known.WASTE_RECYCLED.holds(100 * recycled / rows["tonnes"].sum())
        green = of_year(frames["green_space"], year)
        assert known.GREEN_COVER.holds(100 * green["green_cover_ha"][0] / green["area_ha"][0])
        assert known.PARK_PER_HEAD.holds(green["park_green_ha"][0] * 1e4 / people)


def test_old_data_centres_and_deep_retrofits_lie_in_the_calibrated_ranges(frames: dict[str, pl.DataFrame]):
    centres = frames["data_centre_energy"].join(frames["data_centres"], left_on="centre", right_on="code")
    old = centres.filter((pl.col("commissioned").dt.year() < 2021) & (pl.col("year") == 2022))
    assert known.PUE_OLD.holds(old["total"].sum() / old["it"].sum())
    done = frames["retrofits"].filter(pl.col("verified_saving_pct").is_not_null())
    assert known.RETROFIT_SAVING.holds(
        (done["verified_saving_pct"] * done["floor_area_m2"]).sum() / done["floor_area_m2"].sum()
    )


def test_the_second_plan_speaks_of_the_same_figures(frames: dict[str, pl.DataFrame]):
    """Its text says: 1 962 public chargers added and 13.2 % less energy per unit of GDP in 2021–2025."""
    added = frames["chargers"].filter(
        (pl.col("access") == "public") & pl.col("in_service").dt.year().is_between(2021, 2025)
    )
    assert added.height == 1962
    confirmed = frames["confirmed_values"].filter(
        (pl.col("indicator") == "energy_intensity_reduction") & (pl.col("year") == 2025)
    )
    assert confirmed["value"].to_list() == [13.2]
