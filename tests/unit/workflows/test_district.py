"""district.toml: every setting that is wrong is named, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.district import open_district


def district(folder: Path, words: str | bytes) -> Path:
    (folder / "district.toml").write_bytes(words if isinstance(words, bytes) else words.encode())
    return folder


def problems(folder: Path) -> list[tuple[str, str | None]]:
    with pytest.raises(BadInput) as refused:
        open_district(folder)
    return [(problem.code, problem.place.field) for problem in refused.value.problems]


def test_settings_are_read_and_those_left_out_have_their_default(tmp_path: Path):
    opened = open_district(district(tmp_path, '[district]\nname = "云汀区"\n'))
    assert (opened.name, opened.name_en, opened.synthetic, opened.base_year) == ("云汀区", "云汀区", False, 2020)
    assert opened.max_file_mb == 100
    assert opened.store_url == f"sqlite:///{tmp_path / 'dafeng.db'}"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("sqlite:///facts/a.db", "sqlite:///{root}/facts/a.db"),
        ("sqlite:////srv/a.db", "sqlite:////srv/a.db"),
        ("postgresql://db.example/dafeng", "postgresql://db.example/dafeng"),
    ],
)
def test_a_relative_database_lies_in_the_districts_folder(tmp_path: Path, url: str, meant: str):
    opened = open_district(district(tmp_path, f'[district]\nname = "甲"\n[store]\nurl = "{url}"\n'))
    assert opened.store_url == meant.format(root=tmp_path)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [("district.no-name", "district.name")]),
        ('[district]\nname = " "\n', [("district.no-name", "district.name")]),
        ('[district]\nname = "甲"\ncolour = 1\n', [("district.unknown-setting", "district.colour")]),
        ('[district]\nname = "甲"\n[year]\nbase = 2020\n', [("district.unknown-setting", "year.base")]),
        ('loose = 1\n[district]\nname = "甲"\n', [("district.unknown-setting", "loose")]),
        ('[district]\nname = "甲"\n[years]\nbase = "2020"\n', [("district.setting-type", "years.base")]),
        ('[district]\nname = "甲"\n[years]\nbase = true\n', [("district.setting-type", "years.base")]),
        ('[district]\nname = "甲"\nsynthetic = 1\n', [("district.setting-type", "district.synthetic")]),
        ("[district]\nname = 5\n", [("district.setting-type", "district.name")]),
    ],
)
def test_each_wrong_setting_is_named(tmp_path: Path, words: str, found: list[tuple[str, str]]):
    assert problems(district(tmp_path, words)) == found


def test_all_wrong_settings_are_named_at_once(tmp_path: Path):
    words = '[district]\ncolour = 1\n[years]\nbase = "x"\n[load]\nmax_file_mb = 1.5\n'
    assert problems(district(tmp_path, words)) == [
        ("district.unknown-setting", "district.colour"),
        ("district.setting-type", "years.base"),
        ("district.setting-type", "load.max_file_mb"),
        ("district.no-name", "district.name"),
    ]


@pytest.mark.parametrize("words", ["[district\n", "name = \n", b"\xff\xfe\x81"])
def test_a_file_that_is_no_toml_is_told_in_words(tmp_path: Path, words: str | bytes):
    assert problems(district(tmp_path, words)) == [("district.toml", None)]


def test_outside_a_district_it_says_how_to_make_one(tmp_path: Path):
    assert problems(tmp_path) == [("district.not-found", None)]


def test_the_district_is_found_from_a_folder_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    district(tmp_path, '[district]\nname = "云汀区"\n')
    (tmp_path / "out" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "out" / "deep")
    assert open_district().root == tmp_path
