"""The verbs of ``dafeng plan``: what they write, print and return."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dafeng.cli.main import main
from dafeng.core.errors import BadInput

TEXT = (
    "某区碳达峰实施方案\n某府发〔2022〕1号\n2022年10月1日\n一、主要目标\n"
    "到2025年，单位GDP能耗比2020年下降14%。\n二、重点任务\n（一）能源行动\n"
    "1. 光伏。“十四五”期间新增光伏3.5万千瓦，其中公共机构不少于0.8万千瓦。"
    "（责任单位：区发改委、各街道）\n三、组织实施\n（一）领导。"
    "略。"
)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "某区 方案.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*words: str | Path):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def test_import_works_without_a_district_and_prints_json(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("plan", "import", document, "--json")
    plan = json.loads(result.stdout)
    assert result.exit_code == 0
    assert plan["title"] == "某区碳达峰实施方案"
    assert [target["value"] for target in plan["targets"]] == [14, 3.5, 0.8]
    assert plan["actions"][0]["tasks"][0]["units"][0] == {"name": "区发展改革委", "role": "lead"}
    assert not (tmp_path / "plans").exists()


def test_import_in_a_districts_folder_writes_the_plan_there(document, tmp_path, monkeypatch):
    district = tmp_path / "moushi"
    (district / "inbox").mkdir(parents=True)
    (district / "district.toml").write_text('[district]\nname = "某区"\n', encoding="utf-8")
    monkeypatch.chdir(district / "inbox")
    assert run("plan", "import", document).exit_code == 0
    assert [path.name for path in (district / "plans").iterdir()] == ["某区-方案.yaml"]
    shown = run("plan", "show")
    assert "某区碳达峰实施方案" in shown.stdout
    assert "≥ 0.8 万千瓦" in shown.stdout
    assert "−14%" in shown.stdout


def test_diff_compares_a_plan_file_with_a_document(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("plan", "import", document, "--out", tmp_path / "a.yaml")
    assert json.loads(run("plan", "diff", tmp_path / "a.yaml", document, "--json").stdout)["same"] is True
    other = tmp_path / "b.txt"
    other.write_text(TEXT.replace("3.5万千瓦", "4万千瓦"), encoding="utf-8")
    answer = json.loads(run("plan", "diff", tmp_path / "a.yaml", other, "--json").stdout)
    assert answer["changed"][0]["fields"] == {"value": {"before": "3.5万千瓦", "after": "4万千瓦"}}


def test_check_lists_problems_and_fails_only_on_errors(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    good = run("plan", "check", document, "--json")
    assert good.exit_code == 0
    assert {problem["level"] for problem in json.loads(good.stdout)["problems"]} <= {"warning"}
    run("plan", "import", document, "--out", tmp_path / "a.yaml")
    words = (tmp_path / "a.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(words.replace("base_year: 2020", "base_year: 2025"), encoding="utf-8")
    bad = run("plan", "check", tmp_path / "a.yaml", "--json")
    assert bad.exit_code == 1
    assert "plan.period-contradicts" in {problem["code"] for problem in json.loads(bad.stdout)["problems"]}


def test_a_document_that_cannot_be_read_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 no word file")
    with pytest.raises(BadInput):
        run("plan", "import", tmp_path / "bad.docx", "--out", tmp_path / "a.yaml")
    assert not (tmp_path / "a.yaml").exists()


def test_show_outside_a_district_without_a_file_is_a_wrong_call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("plan", "show").exit_code == 2


def test_units_that_the_district_has_loaded_name_those_of_the_plan(document, tmp_path, monkeypatch):
    import openpyxl

    from dafeng.workflows import plan_bodies

    root = tmp_path / "moushi"
    (root / "inbox").mkdir(parents=True)
    (root / "district.toml").write_text('[district]\nname = "某区"\n', encoding="utf-8")
    monkeypatch.chdir(root)
    run("template", "responsible_units")
    book = openpyxl.load_workbook(root / "responsible_units.xlsx")
    sheet = book.worksheets[0]
    for column, value in zip("ACD", ["区发展改革局", "区发改委", "区级部门"], strict=True):
        sheet[f"{column}3"] = value
    book.save(root / "inbox" / "units.xlsx")
    assert run("load").exit_code == 0
    plan = json.loads(run("plan", "import", document, "--json").stdout)
    assert plan["actions"][0]["tasks"][0]["units"][0] == {"name": "区发展改革局", "role": "lead"}
    held = plan_bodies.district_bodies(root)
    assert [(body.name, body.aliases) for body in held] == [("区发展改革局", ("区发改委",))]
    sheet["C3"] = "区发改委、区计委"
    book.save(root / "inbox" / "units.xlsx")
    assert run("load").exit_code == 0
    assert [body.aliases for body in plan_bodies.district_bodies(root)] == [("区发改委", "区计委")]
