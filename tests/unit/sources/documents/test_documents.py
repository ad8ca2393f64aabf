"""Documents of every kind give the same text, whatever page, column or encoding has done to it."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from docx import Document as WordDocument

from dafeng.core.errors import BadInput
from dafeng.sources.documents import read_document
from dafeng.sources.documents.document import Draft, is_table

TEXT = "一、主要目标\n到2025年，单位生产总值能耗比2020年下降14%，新增光伏装机3.5万千瓦。\n（一）能源行动\n推进建设。"


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def code_of(path: Path, **options: int) -> str:
    """The code of the one problem for which a document is refused; it must say rule and remedy in both languages."""
    with pytest.raises(BadInput) as refused:
        read_document(path, **options)
    (problem,) = refused.value.problems
    assert problem.place.file == str(path)
    for words in (problem.rule, problem.remedy):
        assert words.zh != words.en
        assert words.zh
    return problem.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_text_reads_the_same_in_every_encoding(tmp_path, encoding):
    document = read_document(written(tmp_path, "plan.txt", (TEXT * 20).encode(encoding)))
    assert document.text.startswith(TEXT)
    assert document.kind == "txt"


def test_the_digest_is_that_of_the_file(tmp_path):
    data = TEXT.encode()
    assert read_document(written(tmp_path, "plan.txt", data)).sha256 == hashlib.sha256(data).hexdigest()


def test_lines_cut_inside_words_numbers_and_unit_lists_are_joined_and_page_marks_go(tmp_path):
    lines = [
        "　　一、主要目标",
        "　　到2025年，单位地区生产总值能源消耗比2020年下降12.8%以",
        "上，煤炭消费总量控制在3",
        "5万吨标准煤左右，非化石能源占能源消费总量的比重达到百分之二十",
        "— 1 —",
        "二左右，二氧化碳排放总量达到峰值并稳中有降，各项工作有序推进。",
        "　　（一）加强领导。各部门按照职责分工抓好落实，形成工作的合力",
        "。（责任单位：区发展改革委、区规",
        "- 2 -",
        "划资源局）",
    ]
    text = read_document(written(tmp_path, "plan.txt", "\n".join(lines * 2).encode())).text
    assert "下降12.8%以上，煤炭消费总量控制在35万吨标准煤左右" in text
    assert "百分之二十二左右" in text
    assert "形成工作的合力。（责任单位：区发展改革委、区规划资源局）" in text
    assert "— 1 —" not in text
    assert "- 2 -" not in text


def test_a_page_mark_inside_a_sentence_goes_and_a_range_stays(tmp_path):
    text = read_document(written(tmp_path, "plan.txt", "占比提升至15%—20%，能耗 —3— 下降14%。".encode())).text
    assert text == "占比提升至15%—20%，能耗下降14%。"


def test_a_paragraph_cut_by_an_empty_line_is_one_and_headings_stay_apart(tmp_path):
    data = (
        "（一）推进机制建设。积极参与全国碳排放权交易\n\n市场，做好衔接。\n\n（二）加强领导\n\n健全机制，抓好落实。"
    ).encode()
    document = read_document(written(tmp_path, "plan.txt", data))
    assert document.text == data.decode()
    assert (document.paragraphs or "").split("\n") == [
        "（一）推进机制建设。积极参与全国碳排放权交易市场，做好衔接。",
        "（二）加强领导",
        "健全机制，抓好落实。",
    ]


def test_markdown_loses_its_marks_and_keeps_the_depth_of_headings(tmp_path):
    source = (
        "# 某市方案\n\n## 主要目标\n\n- 到2025年，**占比**达到[18%](http://a.b)。"
        "\n\n| 指标 | 单位 | 2025年 |\n|---|---|---|\n| 甲 | % | 18 |\n"
        "| 乙 | 个 | 3 |\n"
    )
    document = read_document(written(tmp_path, "plan.md", source.encode()))
    assert "•到2025年，占比达到18%。" in document.text
    assert sorted(document.headings.values()) == [1, 2]
    (table,) = document.tables
    assert [row.cells for row in table.rows] == [("指标", "单位", "2025年"), ("甲", "%", "18"), ("乙", "个", "3")]
    assert document.text[table.rows[1].start : table.rows[1].end] == "甲\t%\t18"


def test_a_page_gives_its_article_without_menus_scripts_and_footers(tmp_path):
    page = (
        "<html><head><meta charset=gbk><script>var a='100万个';</script></head><body><ul class=nav><li>首页</li></ul>"
        "<div><p>到2025年，建成公园<b>42</b>座&ldquo;示范&rdquo;。</p><ol><li>第一项。</li><li>第二项。</li></ol></div>"
        "<table><tr><td>序号</td><td>指标</td><td>单位</td></tr><tr><td rowspan=2>1</td><td>甲</td><td>%</td></tr>"
        "<tr><td>乙</td><td>个</td></tr></table><div class='footer'>备案号 12345</div></body></html>"
    )
    document = read_document(written(tmp_path, "page.html", page.encode("gbk")))
    assert document.text.split("\n")[:3] == ["到2025年，建成公园42座“示范”。", "1.第一项。", "2.第二项。"]
    assert "备案号" not in document.text
    assert "100万" not in document.text
    assert [row.cells for row in document.tables[0].rows] == [
        ("序号", "指标", "单位"),
        ("1", "甲", "%"),
        ("1", "乙", "个"),
    ]


def test_a_word_file_gives_its_paragraphs_and_merged_cells(tmp_path):
    word = WordDocument()
    word.add_paragraph("到2025年，建成公园42座。")
    table = word.add_table(rows=3, cols=3)
    for row, words in enumerate([("指标", "单位", "2025年"), ("甲", "%", "18"), ("", "个", "3")]):
        for column, cell in enumerate(words):
            table.cell(row, column).text = cell
    table.cell(1, 0).merge(table.cell(2, 0))
    word.save(str(tmp_path / "plan.docx"))
    document = read_document(tmp_path / "plan.docx")
    assert document.text.startswith("到2025年，建成公园42座。")
    assert [row.cells for row in document.tables[0].rows] == [
        ("指标", "单位", "2025年"),
        ("甲", "%", "18"),
        ("甲", "个", "3"),
    ]


def test_what_the_file_is_counts_and_not_its_name(tmp_path):
    word = WordDocument()
    word.add_paragraph("一、主要目标")
    word.save(str(tmp_path / "plan.txt"))
    assert read_document(tmp_path / "plan.txt").kind == "docx"


def test_garbage_is_refused(tmp_path):
    garbled = "徐汇区碳达峰实施方案，到二〇二五年单位生产总值能耗下降".encode("gb18030") * 40
    noise = bytes((i * 73 + i // 7) % 256 for i in range(4000))
    assert code_of(written(tmp_path, "noise.txt", noise)) == "documents.encoding"
    assert code_of(written(tmp_path, "zeros.txt", bytes(5000))) == "documents.encoding"
    mojibake = garbled.decode("latin-1").encode("utf-8")
    assert code_of(written(tmp_path, "mojibake.txt", mojibake)) == "documents.encoding"
    half = ("到2025年，单位生产总值能耗下降13.5%。" * 40).encode("utf-8").decode("gb18030", "replace").encode("utf-8")
    assert code_of(written(tmp_path, "half.txt", half)) == "documents.encoding"


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    assert code_of(written(tmp_path, "big.txt", b"a" * 2000), most_bytes=1000) == "documents.too-large"


def test_a_missing_and_an_empty_file_are_refused(tmp_path):
    assert code_of(tmp_path / "none.txt") == "documents.missing"
    assert code_of(written(tmp_path, "empty.txt", b"")) == "documents.empty"
    assert code_of(written(tmp_path, "blank.txt", b" \n \n")) == "documents.empty"


def test_a_zip_bomb_in_a_word_file_is_refused_though_its_directory_lies(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    assert code_of(path) == "documents.zip-bomb"
    data = bytearray(path.read_bytes())
    size = (60_000_007).to_bytes(4, "little")
    small = (1000).to_bytes(4, "little")
    assert data.count(size) >= 2
    path.write_bytes(bytes(data).replace(size, small))
    assert code_of(path) in ("documents.zip-bomb", "documents.damaged")


def test_a_table_cut_by_the_end_of_a_page_is_one_and_its_cut_row_is_whole():
    draft = Draft()
    draft.add("分工表")
    draft.add_table([("序号", "任务", "责任单位"), ("1", "发展光", "县发改局")], "page 1")
    draft.add("— 1 —")
    draft.add_table([("序号", "任务", "责任单位"), ("", "伏。", ""), ("2", "控制煤炭。", "县工信局")], "page 2")
    document = draft.document("pdf", "", wrapped=None)
    (table,) = document.tables
    assert [row.cells for row in table.rows] == [
        ("序号", "任务", "责任单位"),
        ("1", "发展光伏。", "县发改局"),
        ("2", "控制煤炭。", "县工信局"),
    ]
    assert [document.text[row.start : row.end] for row in table.rows] == ["\t".join(row.cells) for row in table.rows]


def test_two_columns_are_a_table_under_heads_and_a_frame_without():
    assert is_table([("工作任务", "责任单位"), ("甲", "县发改局"), ("乙", "县工信局")])
    assert not is_table([("行业", "主要目标"), ("钢铁", "到2025年，能耗下降2%。"), ("水泥", "略。")])
    assert not is_table([("专栏",), ("甲",)])
