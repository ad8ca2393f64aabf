"""Charts on paper: the finding as title, glyphs for every letter, the same picture every time."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace

import pytest
from tests.unit.report.samples import large, small

from dafeng.report import charts, fonts
from dafeng.report.charts import HEIGHT_MM, WIDTH_MM, draw, finding


def size_of(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_the_title_says_the_finding():
    assert finding(small().targets[1], "zh") == "新增光伏装机：2025年16.4\u00a0MW，差1.6\u00a0MW（滞后）"
    assert (
        finding(small().targets[1], "en")
        == "Photovoltaic capacity added: 16.4\u00a0MW in 2025, 1.6\u00a0MW short (behind)"
    )


def test_a_chart_is_as_wide_as_the_text_at_300_dots_per_inch():
    chart = draw(small().targets[1:2], small(), ("光伏项目",), "zh")
    assert size_of(chart.png) == (int(WIDTH_MM / 25.4 * 300), int(HEIGHT_MM / 25.4 * 300))


def test_every_point_is_told_in_words():
    told = draw(small().targets[1:2], small(), (), "zh").words
    assert told == (
        "折线图。新增光伏装机：2021年1.2\u00a0MW，2022年4.05\u00a0MW，2023年7.9\u00a0MW，2024年11.6\u00a0MW，"
        "2025年16.4\u00a0MW；2025年目标≥18\u00a0MW。"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_letter_has_a_glyph(lang: str):
    rows = [row for row in (*small().targets, *large().targets) if row.series][:12]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that no font has
        for row in rows:
            assert draw((row,), small(), ("光伏项目",), lang).png.startswith(b"\x89PNG")


def test_without_a_chinese_font_the_lettering_is_english_and_free_of_empty_boxes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "WANTED", ())
    fonts.chinese_font.cache_clear()
    try:
        assert fonts.chinese_font() is None
        assert charts.chart_language("zh") == "en"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for row in small().targets:
                if row.series:
                    chart = draw((row,), small(), ("光伏项目",), "zh")
                    # The words beside the picture stay in the language of the report.
                    assert row.indicator_zh in chart.words
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            nameless = replace(small().targets[1], indicator_en="", subject="没有英文名")
            draw((nameless,), small(), (), "zh")
    finally:
        fonts.chinese_font.cache_clear()


def test_the_same_results_give_the_same_picture():
    one, two = (draw(small().targets[:1], small(), (), "zh").png for _ in range(2))
    assert one == two


def test_ink_stays_inside_the_picture():
    from matplotlib.image import imread

    for row in small().targets:
        if row.series:
            picture = imread(io.BytesIO(draw((row,), small(), ("光伏项目",), "zh").png))[..., :3]
            for edge in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
                assert float(edge.min()) > 0.99


def test_a_font_that_holds_no_chinese_is_not_taken():
    from matplotlib import font_manager

    assert not fonts._holds(font_manager.findfont("DejaVu Sans"))


def test_a_long_label_is_cut_between_words_and_a_chinese_one_stays_whole():
    from dafeng.report.charts import fitting, folded

    assert fitting("Activity: output at constant prices", 24) == "Activity: output at …"
    assert fitting("Weather", 24) == "Weather"
    name = "经济规模（不变价生产总值）以及其他很长的说明文字写在这里不作截断处理"
    assert fitting(name, 10) == name
    assert folded("Activity: output at constant prices", 24) == "Activity: output at\nconstant prices"
    assert folded(name, 10) == name
