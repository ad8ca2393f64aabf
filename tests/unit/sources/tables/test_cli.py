"""The verbs template and load as a person types them, with a district's own register."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

REGISTER = """
id: bicycle_racks
name: {zh: 测试自行车架, en: Test bicycle racks}
key: [code]
owner: 区建管委
systems: [S20]
basis: {text: {zh: 测试, en: test}}
columns:
  code: {type: text, name: {zh: 架号, en: Rack code}}
  places: {type: integer, name: {zh: 停车位数, en: Places}, unit: 个, min: 1}
  built: {type: date, name: {zh: 建成日, en: Built on}}
"""


@pytest.fixture
def district(tmp_path: Path) -> Path:
    (tmp_path / "district.toml").write_text('[district]\nname = "云汀区"\nsynthetic = true\n', encoding="utf-8")
    folder = tmp_path / "catalogue" / "registers"
    folder.mkdir(parents=True)
    (folder / "bicycle_racks.yaml").write_text(REGISTER, encoding="utf-8")
    return tmp_path


def dafeng(folder: Path, *words: str, lang: str = "zh") -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "dafeng"
    environment = {**os.environ, "DAFENG_LANG": lang}
    return subprocess.run(
        [str(program), *words], cwd=folder, capture_output=True, text=True, env=environment, timeout=120
    )


def fill(path: Path, *rows: list[Any]) -> None:
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, start=3):
        for place, value in enumerate(row, start=1):
            book.worksheets[0].cell(number, place, value)
    book.save(path)


def test_from_template_to_records_and_back_without_a_line_of_python(district: Path):
    made = dafeng(district, "template", "测试自行车架", "-o", "架.xlsx")
    assert (made.returncode, made.stdout.strip()) == (0, "已写入 架.xlsx")
    fill(district / "架.xlsx", ["R1", 12, "2024年3月1日"], ["R2", "１５", 45352])
    (district / "inbox").mkdir()
    (district / "架.xlsx").rename(district / "inbox" / "架.xlsx")
    loaded = dafeng(district, "load", "--by", "甲", "--json")
    assert loaded.returncode == 0
    (outcome,) = json.loads(loaded.stdout)["files"]
    assert (outcome["status"], outcome["sheets"][0]["added"], outcome["errors"]) == ("loaded", 2, 0)
    again = dafeng(district, "template", "bicycle_racks", "--filled", "--json")
    assert json.loads(again.stdout)["rows"] == 2
    sheet = openpyxl.load_workbook(district / "bicycle_racks.xlsx").worksheets[0]
    # 45352 is Excel's serial number of 1 March 2024.
    assert [[str(cell.value)[:10] for cell in row] for row in sheet.iter_rows(min_row=3, max_row=4)] == [
        ["R1", "12", "2024-03-01"], ["R2", "15", "2024-03-01"],
    ]  # fmt: skip


def test_a_refused_file_ends_with_one_and_names_the_cell_in_the_language_asked_for(district: Path):
    dafeng(district, "template", "bicycle_racks", "-o", "架.xlsx")
    fill(district / "架.xlsx", ["R1", 0, "2024-03-01"])
    refused = dafeng(district, "load", "架.xlsx", lang="en")
    assert refused.returncode == 1
    assert "1 error, not a row was loaded" in refused.stdout
    assert "B3" in refused.stderr
    assert "0 is below the limit of 1\n" in refused.stderr
    assert (district / "refused" / "架.xlsx.marked.xlsx").is_file()


def test_usage_and_unknown_names_have_their_own_exit_codes(district: Path):
    assert dafeng(district, "load", "--withdraw").returncode == 2
    unknown = dafeng(district, "template", "bicycle_rack")
    assert unknown.returncode == 1
    assert "bicycle_racks" in unknown.stderr
    assert dafeng(district, "load", "没有.xlsx").returncode == 1


def test_an_empty_inbox_and_the_list_of_registers(district: Path):
    assert dafeng(district, "load").stdout.strip() == "inbox/ 里没有文件"
    listed = json.loads(dafeng(district, "template", "--json").stdout)
    assert {
        "id": "bicycle_racks",
        "name": {"zh": "测试自行车架", "en": "Test bicycle racks"},
        "owner": "区建管委",
    } in listed
