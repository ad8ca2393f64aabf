"""Settings of the right type that cannot be: told before anything is computed or, worse, kept in a place that ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.district import open_district

NAMED = '[district]\nname = "甲区"\n'


def codes(folder: Path, words: str) -> list[tuple[str, str | None]]:
    (folder / "district.toml").write_text(words, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        open_district(folder)
    assert "secret" not in str(caught.value)
    return [(problem.code, problem.place.field) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("[years]\nbase = 0\n", "years.base"),
        ("[years]\nbase = 99999999999999999999\n", "years.base"),
        ("[years]\nprice_base = -5\n", "years.price_base"),
        ("[load]\nmax_file_mb = 0\n", "load.max_file_mb"),
        # Facts kept in memory would be gone with the command that loaded them.
        ('[store]\nurl = ""\n', "store.url"),
        ('[store]\nurl = "sqlite://"\n', "store.url"),
        ('[store]\nurl = "sqlite:///:memory:"\n', "store.url"),
        ('[store]\nurl = "my database"\n', "store.url"),
        ('[store]\nurl = "mysql://u:secret@h/x"\n', "store.url"),
        ('[store]\nurl = "sqlite:///x\\u0000.db"\n', "store.url"),
    ],
)
def test_each_impossible_value_is_named(tmp_path: Path, words: str, field: str):
    assert codes(tmp_path, NAMED + words) == [("district.setting-value", field)]


def test_a_name_over_two_lines_is_refused(tmp_path: Path):
    assert codes(tmp_path, '[district]\nname = "甲\\n区"\n') == [("district.setting-value", "district.name")]


def test_the_mark_that_windows_puts_before_a_text_is_passed_over(tmp_path: Path):
    (tmp_path / "district.toml").write_bytes(b"\xef\xbb\xbf" + NAMED.replace("\n", "\r\n").encode())
    assert open_district(tmp_path).name == "甲区"


def test_another_encoding_says_to_save_as_utf8(tmp_path: Path):
    (tmp_path / "district.toml").write_bytes(NAMED.encode("gb18030"))
    with pytest.raises(BadInput, match="UTF-8"):
        open_district(tmp_path)
