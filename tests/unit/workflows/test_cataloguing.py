"""Is the catalogue sound, and what does it hold: with a district's own entries among the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.workflows.small import INDICATORS, make_district

from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput
from dafeng.workflows.cataloguing import catalogue_of, check, one, overview
from dafeng.workflows.district import District


@pytest.fixture
def district(tmp_path: Path) -> District:
    return make_district(tmp_path)


def test_a_sound_catalogue_counts_its_entries_and_every_hand_worked_figure(district: District):
    shipped = load_catalogue()
    found = check(district.root)
    assert found.problems == ()
    assert found.entries["registers"] == len(shipped.registers) + 4
    assert found.entries["indicators"] == len(shipped.indicators) + 9
    golden = sum(len(case.expect) for entry in shipped.indicators.values() for case in entry.golden)
    assert found.cases == golden + 9


def test_a_hand_worked_figure_that_does_not_come_out_is_named_with_both_numbers(district: District):
    own = district.local_catalogue / "indicators" / "own.yaml"
    own.write_text(INDICATORS.replace("expect: {2021: 10}", "expect: {2021: 11}"), encoding="utf-8")
    (problem,) = check(district.root).problems
    assert (problem.code, problem.place.item) == ("indicators.golden-differs", "fuel_cut")
    assert problem.place.file == str(own)
    assert problem.rule.zh == "手算为 11，算出 10"


def test_every_fault_of_every_entry_is_told_at_once(district: District):
    own = district.local_catalogue / "indicators" / "own.yaml"
    broken = INDICATORS.replace("sum(power_kw)", "sum(power)").replace("from: audits", "from: audit", 1)
    own.write_text(broken, encoding="utf-8")
    found = check(district.root)
    assert {problem.place.item for problem in found.problems} >= {"rack_power", "audited_racks"}
    assert found.cases == 0


def test_a_file_that_is_no_yaml_is_told_and_nothing_is_counted(district: District):
    (district.local_catalogue / "registers" / "own.yaml").write_text("- {id: [", encoding="utf-8")
    found = check(district.root)
    assert found.problems
    assert all(problem.place.file for problem in found.problems)
    assert (found.entries, found.cases) == ({}, 0)


def test_a_list_shows_the_districts_own_with_their_file(district: District):
    rows = {row["id"]: row for row in overview(district.catalogue, "registers")}
    assert rows["racks"]["zh"] == "车架"
    assert rows["racks"]["detail"] == "区建管委 · S20 · 5"
    assert rows["racks"]["file"].endswith("catalogue/registers/own.yaml")
    assert rows["parks"]["file"] == "registers/parks.yaml"
    assert list(rows) == sorted(rows)


@pytest.mark.parametrize(("lang", "detail"), [("zh", "个 · S20 · 区建管委"), ("en", "S20 · 区建管委")])
def test_units_are_listed_in_the_language_of_the_reader(
    district: District, lang: str, detail: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAFENG_LANG", lang)
    rows = {row["id"]: row for row in overview(district.catalogue, "indicators")}
    assert rows["racks_added"]["detail"] == detail


@pytest.mark.parametrize("kind", ["factors", "standards", "units", "choices", "rules", "measures", "tariffs"])
def test_every_kind_can_be_listed(kind: str):
    catalogue = load_catalogue()
    assert [row["id"] for row in overview(catalogue, kind)] == sorted(catalogue.kind(kind))


def test_an_entry_is_shown_with_all_that_is_written_of_it(district: District):
    shown = one(district.catalogue, "registers", "racks")
    assert shown["owner"] == "区建管委"
    assert shown["columns"]["power_kw"] == {
        "type": "number",
        "name": {"zh": "功率", "en": "Power"},
        "unit": "kW",
        "optional": True,
    }
    assert len(shown["files"]) == 1


def test_an_unknown_entry_is_refused_with_names_that_look_like_it(district: District):
    with pytest.raises(BadInput) as refused:
        one(district.catalogue, "registers", "rack")
    (problem,) = refused.value.problems
    assert problem.code == "catalogue.unknown-entry"
    assert "racks" in problem.remedy.en


def test_outside_a_district_the_shipped_catalogue_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert "racks" not in catalogue_of(None).registers
