"""A new district's folder: what is in it, whose name it bears, and that a failed start leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.district import FOLDERS, open_district
from dafeng.workflows.starting import init

PLAN = (
    "云汀区碳达峰实施方案\n云府发〔2022〕1号\n一、主要目标\n到2025年，单位GDP能耗比2020年下降14%。\n"
    "二、重点任务\n（一）能源行动\n1. 光伏。“十四五”期间新增光伏3.5万千瓦。（责任单位：区发展改革委）\n"
)


def plan_file(folder: Path, words: str | bytes = PLAN, name: str = "方案.txt") -> Path:
    path = folder / name
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    return path


def test_an_empty_district_has_every_folder_its_settings_and_the_folders_name(tmp_path: Path):
    started = init(tmp_path / "yunting")
    assert started.plan is None
    assert {path.name for path in (tmp_path / "yunting").iterdir()} == {*FOLDERS, "district.toml"}
    again = open_district(tmp_path / "yunting")
    assert (again.name, again.base_year, again.synthetic) == ("yunting", 2020, False)


def test_with_a_plan_it_bears_the_name_in_the_title_and_holds_the_plan(tmp_path: Path):
    started = init(tmp_path / "d", plan=plan_file(tmp_path))
    assert started.district.name == "云汀区"
    assert started.plan is not None
    assert len(started.plan.targets) == 2
    assert [path.name for path in started.district.plan_files] == ["方案.yaml"]


def test_a_name_that_was_given_goes_before_that_of_the_title(tmp_path: Path):
    assert init(tmp_path / "d", plan=plan_file(tmp_path), name="汀南新区").district.name == "汀南新区"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("云汀区碳达峰实施方案", "云汀区"),
        ("云汀新区碳达峰行动方案", "云汀新区"),
        ("云汀县“十四五”节能减排综合工作实施方案", "云汀县"),
        ("云汀市2030年前碳达峰方案", "云汀市"),
        ("碳达峰实施方案", "d"),
    ],
)
def test_the_district_is_found_in_the_title_or_the_folder_names_it(tmp_path: Path, title: str, name: str):
    words = PLAN.replace("云汀区碳达峰实施方案", title)
    assert init(tmp_path / "d", plan=plan_file(tmp_path, words)).district.name == name


def test_a_folder_that_is_a_district_already_is_left_as_it_is(tmp_path: Path):
    init(tmp_path / "d", name="甲区")
    (tmp_path / "d" / "inbox" / "a.xlsx").write_bytes(b"x")
    before = {path: path.read_bytes() for path in (tmp_path / "d").rglob("*") if path.is_file()}
    with pytest.raises(BadInput) as refused:
        init(tmp_path / "d", plan=plan_file(tmp_path), name="乙区")
    assert [problem.code for problem in refused.value.problems] == ["init.exists"]
    assert {path: path.read_bytes() for path in (tmp_path / "d").rglob("*") if path.is_file()} == before


def test_what_lies_in_a_folder_beforehand_stays_there(tmp_path: Path):
    (tmp_path / "d" / "plans").mkdir(parents=True)
    (tmp_path / "d" / "note.txt").write_text("x", encoding="utf-8")
    init(tmp_path / "d")
    assert (tmp_path / "d" / "note.txt").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("方案.pdf", b"%PDF-1.7 broken"),
        ("方案.docx", b"PK\x03\x04 broken"),
        ("方案.txt", b"\x81\x00\xff\x01" * 99),
    ],
)
def test_a_plan_that_cannot_be_read_leaves_no_folder_behind(tmp_path: Path, name: str, content: bytes):
    with pytest.raises(BadInput):
        init(tmp_path / "deep" / "d", plan=plan_file(tmp_path, content, name))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_plan_that_is_not_there_leaves_no_folder_behind(tmp_path: Path):
    with pytest.raises(BadInput):
        init(tmp_path / "d", plan=tmp_path / "没有.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        init(tmp_path / "file" / "d")
    assert [problem.code for problem in refused.value.problems] == ["init.folder"]


def test_a_name_that_no_district_can_have_is_refused_before_anything_is_made(tmp_path: Path):
    with pytest.raises(BadInput) as refused:
        init(tmp_path / "d", name="  ")
    assert [problem.code for problem in refused.value.problems] == ["init.no-name"]
    assert list(tmp_path.iterdir()) == []
