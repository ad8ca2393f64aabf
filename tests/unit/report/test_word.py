"""The Word report: opened, read back, laid out by LibreOffice and measured."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pdfplumber
import pytest
from docx.oxml.ns import qn
from tests.unit.report.samples import large, small, small_sources

from dafeng.assessment.results import Results
from dafeng.report import fonts, page
from dafeng.report.sources import Sources
from dafeng.report.word import write_word

Convert = Callable[[Path, Path], Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("word")


@pytest.fixture(scope="module")
def report(folder: Path) -> Path:
    path = folder / "small.docx"
    write_word(small(), small_sources(), path)
    return path


@pytest.fixture(scope="module")
def pdf(report: Path, folder: Path, soffice: Convert) -> Path:
    return soffice(report, folder)


@pytest.fixture(scope="module")
def long_pdf(folder: Path, soffice: Convert) -> Path:
    path = folder / "large.docx"
    write_word(large(), small_sources(), path)
    return soffice(path, folder)


def flat(text: str) -> str:
    return re.sub(r"\s", "", text)


def words(pdf: Path) -> str:
    with pdfplumber.open(pdf) as book:
        return flat("".join(leaf.extract_text() or "" for leaf in book.pages))


def test_the_judgement_and_its_counts_stand_first(pdf: Path):
    with pdfplumber.open(pdf) as book:
        first = flat(book.pages[0].extract_text())
    assert "总体进度滞后。8项目标中，完成2项，正常1项，滞缓1项，滞后2项，无数据2项。" in first
    assert "未达到的是：新增光伏装机（2025年）差1.6MW。" in first


def test_every_section_and_the_annexes_are_there(pdf: Path):
    text = words(pdf)
    for heading in ("一、总体情况", "二、指标完成情况", "三、重点任务进展", "四、存在问题", "五、下一步",
                    "附表1全部目标", "附表2任务与责任单位", "附表3数据来源"):  # fmt: skip
        assert flat(heading) in text, heading


def test_the_figures_of_the_tables_are_those_of_the_results(pdf: Path):
    text = words(pdf)
    for said in ("16.4", "−1.6", "1.254", "≈4.1", "≥300", "沧统函〔2026〕8号", "208.6", "GB/T2589-2020", "光伏.xlsx"):
        assert said in text, said


def test_synthetic_data_are_named_in_the_title_and_on_every_page(pdf: Path):
    with pdfplumber.open(pdf) as book:
        for leaf in book.pages:
            assert "虚构示例数据（syntheticexampledata）" in flat(leaf.extract_text())
        assert flat(book.pages[0].extract_text()).startswith("云汀区碳达峰年度评估报告（2025年）（虚构示例数据）")


def test_a_real_district_carries_no_such_mark(folder: Path):
    path = folder / "real.docx"
    write_word(replace(small(), synthetic=False), small_sources(), path)
    with zipfile.ZipFile(path) as held:
        assert all(b"synthetic" not in held.read(name) for name in held.namelist() if name.endswith(".xml"))


def test_a_full_page_holds_22_lines_of_28_characters(long_pdf: Path):
    most_lines, most_characters = 0, 0
    with pdfplumber.open(long_pdf) as book:
        for leaf in book.pages:
            if leaf.width > leaf.height:
                continue
            # Latin letters sit a little higher or lower than Chinese ones of the same line: lines are those of Chinese.
            lines: dict[int, list[dict]] = {}
            for character in leaf.chars:
                if abs(character["size"] - 16) < 0.2 and character["text"] >= "\u4e00":
                    lines.setdefault(round(character["bottom"]), []).append(character)
            most_lines = max(most_lines, len(lines))
            most_characters = max([most_characters, *(len(line) for line in lines.values())])
    assert most_lines == 22
    assert most_characters == 28


def test_page_numbers_are_right_on_odd_and_left_on_even_pages(long_pdf: Path):
    with pdfplumber.open(long_pdf) as book:
        for number, leaf in enumerate(book.pages[:6], start=1):
            mark = [w for w in leaf.extract_words() if w["text"] == str(number) and w["bottom"] > leaf.height - 110]
            assert mark, f"page {number}"
            middle = leaf.width / 2
            assert (mark[-1]["x0"] > middle) == (number % 2 == 1)


def test_header_rows_are_repeated_on_every_page_of_a_table(long_pdf: Path):
    with pdfplumber.open(long_pdf) as book:
        texts = [flat(leaf.extract_text()) for leaf in book.pages]
        wide = [flat(leaf.extract_text()) for leaf in book.pages if leaf.width > leaf.height]
    assert sum("指标目标期限实际应达差距单位等次牵头单位" in text for text in texts) >= 3
    annex1 = [text for text in wide if "条款指标原文数值" in text]
    assert len(annex1) >= 3


def test_tables_stay_inside_the_text_area(long_pdf: Path):
    with pdfplumber.open(long_pdf) as book:
        for leaf in book.pages:
            sheet = page.LANDSCAPE if leaf.width > leaf.height else page.PORTRAIT
            left, right = sheet.left / 25.4 * 72, (sheet.width - sheet.right) / 25.4 * 72
            for word in leaf.extract_words():
                # Punctuation may hang out of the right edge by one character.
                assert word["x0"] > left - 3, (leaf.page_number, word["text"])
                assert word["x1"] < right + 17, (leaf.page_number, word["text"])


def test_every_style_and_every_chinese_run_has_an_east_asian_font(report: Path):
    document = docx.Document(str(report))
    for style in document.styles:
        if style.type in (1, 2):
            fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            assert fonts is not None, style.name
            assert fonts.get(qn("w:eastAsia")), style.name
            assert not [name for name in fonts.attrib if "Theme" in name], style.name
    known = {style.style_id for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        if paragraph.find(f".//{qn('w:t')}") is not None:
            style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            assert style is not None
            assert style.get(qn("w:val")) in known
    for run in document.element.body.iter(qn("w:r")):
        text = "".join(t.text or "" for t in run.iter(qn("w:t")))
        if re.search(r"[\u4e00-\u9fff]", text):
            assert run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:hint")) == "eastAsia"


def test_no_character_is_left_without_a_glyph(pdf: Path):
    """A font used for Chinese must hold it: .notdef would come out of the PDF as nothing or as U+FFFD."""
    text = words(pdf)
    assert "\ufffd" not in text
    assert len(re.findall(r"[\u4e00-\u9fff]", text)) > 1500
    with pdfplumber.open(pdf) as book:
        fonts = {c["fontname"] for leaf in book.pages for c in leaf.chars if "\u4e00" <= c["text"] <= "\u9fff"}
    assert fonts
    assert not [name for name in fonts if "Liberation" in name or "DejaVu" in name]


def test_rows_do_not_break_and_headers_are_marked(report: Path):
    document = docx.Document(str(report))
    assert len(document.tables) >= 4
    for table in document.tables:
        head, *rows = table.rows
        assert head._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in (head, *rows))


def test_headings_can_be_navigated_and_pictures_have_words(report: Path):
    document = docx.Document(str(report))
    first = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert first == ["一、总体情况", "二、指标完成情况", "三、重点任务进展", "四、存在问题", "五、下一步"]
    pictures = list(document.element.body.iter(qn("wp:docPr")))
    assert len(pictures) == 3
    assert "2025年16.4\u00a0MW" in pictures[1].get("descr")


def test_properties_name_the_district_and_the_kind_of_data(report: Path):
    held = docx.Document(str(report)).core_properties
    assert (held.author, held.language) == ("云汀区", "zh-CN")
    assert held.title == "云汀区碳达峰年度评估报告（2025年）"
    assert "虚构示例数据" in held.keywords
    assert held.created is not None
    assert held.created.isoformat().startswith("2026-04-02T01:30:00")


def test_the_same_results_give_the_same_bytes(report: Path, folder: Path):
    again = folder / "again.docx"
    write_word(small(), small_sources(), again)
    assert again.read_bytes() == report.read_bytes()
    other = folder / "other.docx"
    write_word(replace(small(), as_known_on="2026-04-01"), small_sources(), other)
    assert other.read_bytes() != report.read_bytes()


def test_the_english_report_is_english(folder: Path, soffice: Convert):
    path = folder / "english.docx"
    write_word(small(), small_sources(), path, "en")
    text = words(soffice(path, folder))
    assert "Of8targets:2done,1oncourse,1slipping,2behind,2nodata." in text
    assert "Photovoltaiccapacityadded" in text
    # 152.4 万m2 is 1.524 million m².
    assert "1.52millionm²" in text


def test_a_figure_from_before_its_target_begins_is_not_shown(folder: Path):
    rows = tuple(
        replace(row, flags=("not_begun",), light="no_data") if row.target == "T05" else row for row in small().targets
    )
    path = folder / "early.docx"
    write_word(replace(small(), targets=rows), small_sources(), path)
    annex = docx.Document(str(path)).tables[-3]
    (row,) = (row for row in annex.rows if row.cells[1].text.startswith("节能率15%以上"))
    assert [row.cells[n].text for n in (5, 9)] == ["–", "○ 未开始"]


def test_a_year_without_any_report_of_progress_says_so_once(folder: Path):
    silent = replace(small(), tasks=tuple(replace(task, reported=()) for task in small().tasks))
    path = folder / "silent.docx"
    write_word(silent, small_sources(), path)
    text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    assert text.count("没有填报") == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_district_with_nothing_but_its_plan_gets_a_report(folder: Path, lang: str):
    bare = tuple(
        replace(row, value=None, own_value=None, confirmed_value=None, gap=None, light="no_data", series=(), flags=())
        for row in small().targets
    )
    empty: Results = replace(small(), targets=bare, figures=(), tasks=())
    path = folder / f"empty-{lang}.docx"
    write_word(empty, Sources(), path, lang)
    text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    assert ("目前没有一项目标有数据" in text) if lang == "zh" else ("No target has a figure yet" in text)


def test_a_machine_without_a_chinese_font_says_so_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "WANTED", ())
    fonts.chinese_font.cache_clear()
    try:
        path = folder / "fontless.docx"
        write_word(small(), small_sources(), path)
    finally:
        fonts.chinese_font.cache_clear()
    text = [p.text for p in docx.Document(str(path)).paragraphs]
    assert text.count("本机没有中文字体，图中文字改用英文。") == 1
