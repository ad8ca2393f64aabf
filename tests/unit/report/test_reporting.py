"""``dafeng report`` on a small district of its own: from rows of a sheet to the Word file and the workbook."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from tests.unit.report.samples import small

from dafeng.cli.report import report as command
from dafeng.core.errors import BadInput
from dafeng.workflows.district import District, open_district
from dafeng.workflows.loading import LoadOptions, load
from dafeng.workflows.reporting import file_names, report

FILES = {
    "district.toml": """
        [district]
        name = "示例区"
        name_en = "Sample District"
        [years]
        base = 2020
        """,
    "catalogue/registers/benches.yaml": """
        id: benches
        name: {zh: 座椅, en: Benches}
        kind: entity
        key: [code]
        period: built
        owner: 区绿化市容局
        systems: [S20]
        basis: {text: {zh: 测试, en: A test}, status: assumption}
        columns:
          code: {type: text, name: {zh: 编号, en: Code}, example: A1}
          built: {type: date, name: {zh: 建成日期, en: Built}, example: 2023-05-01}
          seats: {type: integer, min: 0, name: {zh: 座位数, en: Seats}, example: 4}
        """,
    "catalogue/indicators/seats_added.yaml": """
        id: seats_added
        name: {zh: 新增座位, en: Seats added}
        unit: 个
        direction: up
        shape: cumulative
        owner: 区绿化市容局
        systems: [S20]
        headline: true
        from: benches
        where: built >= start_of(start) and built <= end_of(year)
        value: sum(seats)
        golden:
          rows: {benches: [{code: A, built: 2021-01-01, seats: 4}, {code: B, built: 2020-12-31, seats: 9}]}
          expect: {2021: 4, 2022: 4}
        """,
    "plans/sample-2021.yaml": """
        title: 示例区方案
        number: 示府发〔2021〕1号
        issuer: 示例区人民政府
        issued_on: '2021-06-01'
        status: issued
        level: district
        period: {from: 2021, to: 2025}
        actions:
        - id: A1
          'no': （一）
          title: 座椅行动
          tasks:
          - id: 2.1.1
            'no': '1.'
            title: 增设座椅
            clause: 2.1.1
            units:
            - {name: 区绿化市容局, role: lead}
            - {name: 区建设管理委, role: support}
            targets: [2.1.1-1]
        safeguards: []
        organisation: []
        targets:
        - id: 2.1.1-1
          clause: 2.1.1
          sentence: 到2025年新增座位100个。
          span: [0, 13]
          subject: 新增座位
          value: 100
          unit: 个
          comparator: '>='
          direction: increase
          period: {from: 2021, to: 2025}
          indicator: seats_added
          units:
          - {name: 区绿化市容局, role: lead}
          - {name: 区建设管理委, role: support}
          confidence: 1.0
        notes: []
        """,
}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    root = tmp_path_factory.mktemp("district")
    for name, body in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(body), encoding="utf-8")
    made = open_district(root)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "座椅"
    for row in (
        ("编号", "建成日期", "座位数"),
        ("A1", "2020-12-31", 500),  # the day before the period
        ("A2", "2021-01-01", 40),
        ("A3", "2025-12-31", 46),
        ("A4", "2026-01-01", 700),  # the day after it
    ):
        sheet.append(row)
    book.save(made.folder("inbox") / "座椅.xlsx")
    loaded = load(made, (), LoadOptions("王敏"))
    assert [file.status for file in loaded.files] == ["loaded"]
    return made


def test_word_and_workbook_tell_the_figure_that_the_rows_give(district: District):
    done = report(district, 2025)
    # 40 + 46 of 100: 14 short when due.
    assert done.word.name == "示例区碳达峰年度评估报告-2025.docx"
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(done.word)).paragraphs)
    assert "到2025年应完成的目标1项，已达到0项，未达到1项" in text
    assert "新增座位（2025年）差14个" in text
    assert "牵头单位：区绿化市容局" in text
    sheet = openpyxl.load_workbook(done.workbook).worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    row = dict(zip(heads, (cell.value for cell in sheet[3]), strict=True))
    assert (row["实际"], row["应达"], row["差距"]) == (86, 100, -14)


def test_records_lead_back_to_the_row_of_the_sheet(district: District):
    book = openpyxl.load_workbook(report(district, 2025).workbook)
    sheet = book["记录-座椅"]
    heads = [cell.value for cell in sheet[2]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=3)]
    assert [(row["编号"], row["文件"], row["工作表"], row["行"], row["座位数"]) for row in rows] == [
        ("A2", "座椅.xlsx", "座椅", 3, 40),
        ("A3", "座椅.xlsx", "座椅", 4, 46),
    ]
    assert {row["用于指标"] for row in rows} == {"seats_added"}


def test_a_second_report_from_the_same_facts_is_the_same_to_the_byte(district: District):
    first = report(district, 2025)
    held = (first.word.read_bytes(), first.workbook.read_bytes())
    again = report(district, 2025)
    assert not again.computed
    assert (again.word.read_bytes(), again.workbook.read_bytes()) == held


def test_a_file_that_cannot_be_written_is_named_with_what_to_do(district: District):
    names = file_names(report(district, 2024).results, "zh")
    path = district.root / "out" / names[0]
    path.unlink()
    path.mkdir()
    with pytest.raises(BadInput) as caught:
        report(district, 2024)
    assert caught.value.problems[0].code == "report.cannot-write"
    assert str(path) in str(caught.value)
    path.rmdir()
    assert [left.name for left in (district.root / "out").iterdir() if left.name.endswith(".part")] == []


def test_the_command_prints_where_the_files_are(district: District):
    said = CliRunner().invoke(command, ["--year", "2025", "--district", str(district.root), "--lang", "en", "--json"])
    assert said.exit_code == 0, said.output
    answer = json.loads(said.stdout)
    assert Path(answer["word"]).name == "Sample District carbon peaking evaluation 2025.docx"
    assert Path(answer["word"]).is_file()
    assert Path(answer["workbook"]).is_file()
    assert answer["lights"]["behind"] == 1


def test_names_of_files_leave_out_what_no_file_system_takes():
    from dataclasses import replace

    odd = replace(small(), district='云/汀:区"', district_en="A/B")
    assert file_names(odd, "zh") == ("云汀区碳达峰年度评估报告-2025.docx", "云汀区碳达峰指标表-2025.xlsx")
    assert file_names(odd, "en")[0] == "AB carbon peaking evaluation 2025.docx"
