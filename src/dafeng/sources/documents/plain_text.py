"""Text files: which encoding they are in, and tables typed with tabs or strokes."""

from __future__ import annotations

import re
from typing import NoReturn

from dafeng.core.text import Text
from dafeng.sources.documents.document import Draft
from dafeng.sources.documents.refusal import refuse

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_RARE = re.compile(r"[\u3400-\u4dbf\ue000-\uf8ff\ufffd\u0080-\u009f]|[^\x00-\uffff]")
# The commonest characters of any Chinese official text: garbage read as Chinese has next to none of them.
_COMMON = frozenset("的和在不到年发能化建区市县业工大国中一是有人为以及实施行动设展產業發設實節碳绿色推进低重点目标")


def decode(data: bytes, file: str) -> str:
    """UTF-8, UTF-16 or GB18030 text. Garbage and binary files are refused."""
    if b"\0\0\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _garbage(file)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _tried(data, encoding, file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return _sound(text, file)
    if encoding := _utf16(data):
        return _sound(_tried(data, encoding, file), file)
    return _sound(_tried(data, "gb18030", file), file)


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: half of the bytes of its punctuation and line ends are zero."""
    sample = data[:4000]
    zeros_odd, zeros_even = sample[1::2].count(0), sample[0::2].count(0)
    if max(zeros_odd, zeros_even) < len(sample) * 0.01 or len(data) % 2:
        return None
    return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"


def _tried(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        _garbage(file)


def _sound(text: str, file: str) -> str:
    """The text, when it looks like Chinese or Latin writing."""
    chinese = _CHINESE.findall(text)
    odd = len(_RARE.findall(text)) + sum(text.count(chr(code)) for code in (*range(9), *range(14, 32)))
    if odd > max(3, len(text) * 0.01):
        _garbage(file)
    if len(chinese) > 60:
        common = sum(character in _COMMON for character in chinese)
        if common < len(chinese) * 0.06:
            _garbage(file)
    elif len(text) > 200 and sum(ord(one) > 127 for one in text) > len(text) * 0.3:
        _garbage(file)
    return text


def _garbage(file: str) -> NoReturn:
    refuse(
        "documents.encoding",
        file,
        Text("文字编码无法辨认，读出来是乱码", "the encoding of the text cannot be told; it reads as garbage"),
        Text(
            "请用记事本打开确认是中文，另存为 UTF-8 后再导入",
            "open it in an editor, make sure that it reads well, save it as UTF-8 and import that",
        ),
    )


def read_lines(text: str, draft: Draft) -> None:
    """Put the lines of a text into a draft, tables that were typed among them as tables."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        rows = _typed_table(lines, at)
        if rows:
            draft.add_table([row for row in rows if row], f"line {at + 1}")
            at += len(rows)
            continue
        draft.add(lines[at].replace("\ue000", ""))
        at += 1


def _typed_table(lines: list[str], start: int) -> list[tuple[str, ...]] | None:
    """Rows of a table that begins at a line: three or more lines with the same number of cells, at least three."""
    rows: list[tuple[str, ...]] = []
    for line in lines[start:]:
        cells = _cells(line)
        if cells is not None and len(cells) == 0 and rows:
            rows.append(())  # the rule under the heads of a Markdown table
            continue
        if not cells or len(cells) < 3 or (rows and rows[0] and len(cells) != len(rows[0])):
            break
        rows.append(cells)
    return rows if sum(bool(row) for row in rows) >= 3 else None


def _cells(line: str) -> tuple[str, ...] | None:
    """The cells of a line; () for a rule between head and body, None for prose."""
    stripped = line.strip()
    if stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 2:
        cells = tuple(cell.strip() for cell in stripped[1:-1].split("|"))
        return () if all(re.fullmatch(r":?-+:?", cell) for cell in cells) else cells
    if stripped.count("\t") >= 2:
        return tuple(cell.strip() for cell in stripped.split("\t"))
    return None
