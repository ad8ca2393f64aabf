"""Missing years of a register are filled in the account where the district says how, and are visible as filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.account_making import Asked, make
from dafeng.workflows.district import District, open_district
from dafeng.workflows.explaining import explain
from dafeng.workflows.loading import LoadOptions, load
from dafeng.workflows.starting import init

ENERGY = """年份,用能领域,能源品种,消费量（实物量）,计量单位,折标准煤（等价值）
2021,工业,电力,1000,万千瓦时,2823.2
2023,工业,电力,1200,万千瓦时,3387.84
"""


def made(tmp_path: Path, settings: str) -> District:
    district = init(tmp_path / "某区", name="某区").district
    (district.folder("inbox") / "energy.csv").write_text(ENERGY, encoding="utf-8")
    load(district, [], LoadOptions("甲"))
    with (district.root / "district.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return open_district(district.root)


def electricity(district: District, year: int) -> float:
    lines = make(district, Asked(year=year)).energy
    return lines.filter((lines["year"] == year) & (lines["level"] == "district"))["amount"].sum() / 1e7


def test_a_year_between_two_is_interpolated_where_the_settings_say_so_and_the_share_says_it_is_filled(tmp_path: Path):
    district = made(tmp_path, '\n[gaps.energy_consumption]\nmethod = "interpolate"\n')
    assert electricity(district, 2022) == 1100
    account = make(district, Asked(year=2022))
    filled = account.tables["shares"].row("filled").cells
    assert filled["indirect"].value == account.tables["shares"].row("total").cells["indirect"].value != 0
    assert "account.gap-filled" in {problem.code for problem in account.problems}
    # The district's own total, which targets may stand on, is the same one.
    assert explain(district, "IND.energy_own", 2022).tree["value"] == pytest.approx(1100 * 2.8232 / 1e4)


def test_without_a_setting_nothing_is_filled(tmp_path: Path):
    assert electricity(made(tmp_path, ""), 2022) == 0


def test_rules_that_are_not_whole_or_name_nothing_are_refused(tmp_path: Path):
    for place, (text, code) in enumerate(
        (
            ('[gaps.energy_consumption]\nmethod = "guess"\n', "account.gap-rule"),
            ('[gaps.energy_consumption]\nmethod = "carry"\nfarthest = 0\n', "account.gap-years"),
            ('[gaps.nothing]\nmethod = "carry"\n', "account.gap-register"),
        )
    ):
        district = made(tmp_path / str(place), "\n" + text)
        with pytest.raises(BadInput) as caught:
            make(district, Asked(year=2022))
        assert [problem.code for problem in caught.value.problems] == [code]
    with pytest.raises(BadInput) as caught:
        made(tmp_path / "x", '\n[gaps]\nenergy_consumption = "carry"\n')
    assert [problem.code for problem in caught.value.problems] == ["district.setting-type"]


def test_a_running_year_is_not_complained_of_in_the_account_of_the_year_before(tmp_path: Path):
    district = made(tmp_path, "")
    inbox = district.folder("inbox")
    (inbox / "sites.csv").write_text(
        "点位编号,点位名称,点位类别,用能领域,所在街道镇\nDW-1,一号楼,建筑,工业,汀湾镇\n", encoding="utf-8"
    )
    months = "".join(
        f"DW-1,M1,电力,{year}-{month:02},1,万千瓦时\n"
        for year, last in ((2023, 12), (2024, 5))
        for month in range(1, last + 1)
    )
    (inbox / "meters.csv").write_text(
        "点位编号,表号,能源品种,月份,用量（实物量）,计量单位\n" + months, encoding="utf-8"
    )
    assert {outcome.status for outcome in load(district, [], LoadOptions("甲")).files} == {"loaded"}
    assert "account.partial-year" not in {problem.code for problem in make(district, Asked(year=2023)).problems}
    assert "account.partial-year" in {problem.code for problem in make(district, Asked(year=2024)).problems}


def test_a_factor_known_to_be_wrong_stops_the_account(tmp_path: Path):
    district = made(tmp_path, "")
    folder = district.local_catalogue / "factors"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "grid.yaml").write_text(
        "- id: grid_shanghai_inventory\n  values:\n    - {year: 2024, value: 0.5698,"
        " source: {text: {zh: 某处, en: somewhere}, status: second-hand}}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as caught:
        make(open_district(district.root), Asked(year=2023))
    assert {problem.code for problem in caught.value.problems} == {"catalogue.known-wrong"}


def test_a_plan_that_cannot_be_read_is_told_in_the_account_that_lacks_its_targets(tmp_path: Path):
    district = made(tmp_path, "")
    (district.folder("plans") / "broken.yaml").write_text("targets: [", encoding="utf-8")
    found = [problem for problem in make(district, Asked(year=2023)).problems if problem.code.startswith("plan.")]
    assert found
    assert {problem.level for problem in found} == {"warning"}
    assert "broken.yaml" in str(found[0].place.file)


def test_a_report_says_which_chapters_it_lacks(tmp_path: Path):
    from dafeng.workflows.plan import import_file, write_plan_file
    from dafeng.workflows.reporting import report

    district = made(tmp_path, "")
    text = tmp_path / "plan.txt"
    text.write_text("某区碳达峰实施方案\n一、主要目标\n到2025年，单位生产总值能耗比2020年下降14%。\n", encoding="utf-8")
    write_plan_file(import_file(text), district.folder("plans") / "plan.yaml")
    notes = [note.en for note in report(district, 2023).notes]
    assert any("roadmap" in note for note in notes)
    assert not any("chapter on the account" in note for note in notes)
