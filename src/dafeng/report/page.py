"""Page, fonts and styles of an official document: GB/T 9704-2012 (layout of documents of Party and government).

A4; margins 37/35/28/26 mm, so a text area of 156 × 225 mm with 22 lines of 28 characters; title 22 pt 小标宋; body
16 pt 仿宋; headings 黑体, 楷体; page number "— 1 —" 14 pt 宋体, 7 mm below the text, odd right and even left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from dafeng.report.words import GREY, INK

LATIN = "Times New Roman"
TITLE, BODY, HEAVY, ITALIC, PLAIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
# name → (fonts to use where it is not installed, family for the last resort, PANOSE). Office on Windows and WPS on
# Kylin carry at least one of each line.
FALLBACKS = {
    TITLE: ("方正小标宋_GBK", "roman", "02010601030101010101"),
    BODY: ("仿宋", "modern", "02010609060101010101"),
    HEAVY: ("SimHei", "swiss", "02010609060101010101"),
    ITALIC: ("楷体", "modern", "02010609060101010101"),
    PLAIN: ("SimSun", "roman", "02010600030101010101"),
}
# 22 lines in 225 mm (12 756 twips). 28 characters of 16 pt need 448 pt and have 442 (156 mm): each gives a quarter
# point. It is set in the styles and not as a grid of characters, which LibreOffice and WPS fill differently.
LINE_TWIPS = 579
SQUEEZE_TWIPS = -5


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paper with its margins, in millimetres. The text area follows."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    footer: float
    landscape: bool = False

    @property
    def text_width(self) -> float:
        return self.width - self.left - self.right


# The footer's line is 14 pt (4.9 mm) high: its upper edge lies 7 mm below the text.
PORTRAIT = Sheet(210, 297, 37, 35, 28, 26, footer=23)
# The same leaf turned by a quarter: the binding edge (28 mm) comes to the top.
LANDSCAPE = Sheet(297, 210, 28, 26, 37, 35, footer=14, landscape=True)


def set_fonts(style_or_run: Any, east_asian: str, latin: str = LATIN) -> None:
    """Fonts for Latin and for East Asian text; a theme's fonts no longer have a say."""
    properties = style_or_run.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        fonts.set(qn(f"w:{name}"), value)


def prepare(document: Document, lang: str) -> None:
    """Defaults, styles, font table and settings of a new document."""
    _defaults(document, lang)
    _styles(document)
    _font_table(document)
    _settings(document)


def _defaults(document: Document, lang: str) -> None:
    styles = document.styles.element
    run = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in list(run):
        run.remove(old)
    # Latin words and figures are English in both: told that they are Chinese, LibreOffice breaks figures over lines.
    spoken = "en-US" if lang == "zh" else "en-GB"
    run.append(
        parse_xml(f'<w:rFonts {nsdecls("w")} w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{BODY}" w:cs="{LATIN}"/>')
    )
    run.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{spoken}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))
    paragraph = styles.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}")
    if paragraph is not None:
        for old in list(paragraph):
            paragraph.remove(old)


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style. ``line``: exact line height in points, None for single; indents in characters."""

    name: str
    font: str
    size: float
    align: str = "both"
    first: int = 0
    line: float | None = LINE_TWIPS / 20
    before: float = 0
    after: float = 0
    outline: int | None = None
    keep: bool = False
    grid: bool = True
    colour: str = INK
    base: str = "Normal"


LOOKS = (
    Look("Normal", BODY, 16),
    Look("Body Text", BODY, 16, first=2),
    Look("Title", TITLE, 22, align="center", line=36, before=0, keep=True),
    Look("Subtitle", ITALIC, 16, align="center", keep=True),
    Look("Heading 1", HEAVY, 16, first=2, outline=0, keep=True),
    Look("Heading 2", ITALIC, 16, first=2, outline=1, keep=True),
    Look("Heading 3", BODY, 16, first=2, outline=2, keep=True),
    Look("Annex Heading", HEAVY, 16, align="left", outline=0, keep=True),
    Look("Caption", HEAVY, 12, align="center", line=20, before=8, after=4, keep=True, grid=False),
    Look("Picture", BODY, 10.5, align="center", line=None, before=6, after=2, grid=False),
    Look("Note", PLAIN, 9, align="left", line=13, before=3, after=6, grid=False, colour=GREY),
    Look("Table Text", BODY, 10.5, align="left", line=15, grid=False),
    Look("Table Small", BODY, 9, align="left", line=12, grid=False),
    Look("Table Figure", BODY, 10.5, align="right", line=15, grid=False),
    Look("Table Head", HEAVY, 10.5, align="left", line=15, keep=True, grid=False),
    Look("Footer", PLAIN, 14, align="left", line=None, grid=False),
)


def _styles(document: Document) -> None:
    for style in document.styles:
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
            set_fonts(style, BODY)
    for look in LOOKS:
        _style(document, look)


def _style(document: Document, look: Look) -> None:
    styles = document.styles
    style: Any = (
        styles[look.name]
        if look.name in [s.name for s in styles]
        else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    )
    if look.name != "Normal":
        style.base_style = styles[look.base]
    properties = style.element.get_or_add_rPr()
    for old in list(properties):
        properties.remove(old)
    set_fonts(style, look.font)
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), False, False
    style.font.color.rgb = RGBColor.from_string(look.colour)
    squeeze = SQUEEZE_TWIPS if look.size == 16 else 0
    style.element.rPr.find(qn("w:color")).addnext(parse_xml(f'<w:spacing {nsdecls("w")} w:val="{squeeze}"/>'))
    old_paragraph = style.element.find(qn("w:pPr"))
    if old_paragraph is not None:
        style.element.remove(old_paragraph)
    line = f'w:line="{round(look.line * 20)}" w:lineRule="exact"' if look.line else 'w:line="240" w:lineRule="auto"'
    xml = [
        f"<w:pPr {nsdecls('w')}>",
        '<w:keepNext w:val="1"/>' if look.keep else '<w:keepNext w:val="0"/>',
        '<w:widowControl w:val="0"/>',
        f'<w:snapToGrid w:val="{int(look.grid)}"/>',
        f'<w:spacing w:before="{round(look.before * 20)}" w:after="{round(look.after * 20)}" {line}/>',
        f'<w:ind w:firstLineChars="{look.first * 100}" w:firstLine="{round(look.first * look.size * 20)}"/>',
        f'<w:jc w:val="{look.align}"/>',
        f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline is not None else "",
        "</w:pPr>",
    ]
    style.element.insert(list(style.element).index(properties), parse_xml("".join(xml)))
    style.hidden, style.quick_style = False, True


def _font_table(document: Document) -> None:
    """Say which fonts may stand in where an official one is not installed."""
    part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable")), None)
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{"fixed" if family == "modern" else "variable"}"/></w:font>'
        for name, (other, family, panose) in FALLBACKS.items()
    )
    latin = (
        f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{latin}{entries}</w:fonts>'
    if part is not None:
        part._blob = xml.encode("utf-8")


def _settings(document: Document) -> None:
    """Odd and even pages, East Asian typesetting, and the present mode of Word. Word minds the order of settings."""
    settings = document.settings.element
    for tag in ("w:proofState", "w:rsids", "w:characterSpacingControl", "w:compat", "w:themeFontLang"):
        for old in settings.findall(qn(tag)):
            settings.remove(old)
    document.settings.odd_and_even_pages_header_footer = True
    schema = "http://schemas.microsoft.com/office/word"
    spacing = f'<w:characterSpacingControl {nsdecls("w")} w:val="compressPunctuation"/>'
    compat = (
        f"<w:compat {nsdecls('w')}><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        f"<w:ulTrailSpace/><w:adjustLineHeightInTable/><w:useFELayout/>"
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{schema}" w:val="15"/></w:compat>'
    )
    language = f'<w:themeFontLang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN"/>'
    settings.find(qn("w:evenAndOddHeaders")).addnext(parse_xml(spacing))
    settings.find(qn("m:mathPr")).addprevious(parse_xml(compat))
    settings.find(qn("w:clrSchemeMapping")).addprevious(parse_xml(language))


def set_page(section: Any, sheet: Sheet) -> None:
    """Paper, margins and the grid of lines."""
    from docx.enum.section import WD_ORIENT

    section.orientation = WD_ORIENT.LANDSCAPE if sheet.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(sheet.width), Mm(sheet.height)
    section.top_margin, section.bottom_margin = Mm(sheet.top), Mm(sheet.bottom)
    section.left_margin, section.right_margin = Mm(sheet.left), Mm(sheet.right)
    section.header_distance, section.footer_distance = Mm(15), Mm(sheet.footer)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{LINE_TWIPS}"/>'))


def set_footers(section: Any, sheet: Sheet, mark: str) -> None:
    """ "— 1 —" one character in from the outer edge: right on odd pages, left on even ones; ``mark`` (that the data
    are an example) at the inner edge."""
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "Footer"
        shape = paragraph.paragraph_format
        shape.left_indent = shape.right_indent = Pt(14)
        inner = Mm(sheet.text_width) - Pt(28)
        shape.tab_stops.add_tab_stop(inner + Pt(14), alignment=2)
        if odd:
            _small(paragraph, mark)
            paragraph.add_run("\t")
            _page_number(paragraph)
        else:
            _page_number(paragraph)
            paragraph.add_run("\t")
            _small(paragraph, mark)


def _small(paragraph: Any, words: str) -> None:
    if words:
        run = paragraph.add_run(words)
        set_fonts(run, PLAIN)
        run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string(GREY)


def _page_number(paragraph: Any) -> None:
    """— 1 —, the number a field; each part of a field in a run of its own, as Word writes it."""
    field = (
        '<w:fldChar {} w:fldCharType="begin"/>', '<w:instrText {} xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar {} w:fldCharType="separate"/>', "<w:t {}>1</w:t>", '<w:fldChar {} w:fldCharType="end"/>',
    )  # fmt: skip
    for piece in ("— ", *field, " —"):
        run = paragraph.add_run(piece if piece.strip() == "—" else "")
        set_fonts(run, PLAIN, PLAIN)
        if piece in field:
            run._r.append(parse_xml(piece.format(nsdecls("w"))))
