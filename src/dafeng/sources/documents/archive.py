"""Word files as archives: is it one, is it whole, is it safe to unpack."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import NoReturn

from dafeng.core.text import Text
from dafeng.sources.documents.refusal import AS_DOCX, SAVE_AGAIN, refuse

MOST_INFLATED = 300_000_000
_MOST_RATIO = 250
_RATIO_FROM = 20_000_000
_CHUNK = 1 << 20
_NEEDED = ("word/document.xml", "word/styles.xml", "word/numbering.xml")


def unpack_docx(data: bytes, file: str) -> dict[str, bytes]:
    """The XML of a Word file that the reading needs. Refuses what is no sound .docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                refuse("documents.macros", file, Text("文件含有宏", "the file holds macros"), AS_DOCX)
            if any(entry.flag_bits & 1 for entry in entries):
                refuse_password(file)
            if "word/document.xml" not in names:
                refuse(
                    "documents.not-a-document",
                    file,
                    Text(
                        "这是压缩包、表格或其他文件，不是 Word 文档",
                        "this is an archive, a workbook or something else, not a Word document",
                    ),
                    AS_DOCX,
                )
            _no_bomb(sum(entry.file_size for entry in entries), len(data), file)
            return {
                entry.filename: _inflate(archive, entry, len(data), file)
                for entry in entries
                if entry.filename in _NEEDED
            }
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        damaged(file)


def damaged(file: str) -> NoReturn:
    refuse(
        "documents.damaged", file, Text("Word 文件已损坏或不完整", "the Word file is damaged or cut short"), SAVE_AGAIN
    )


def refuse_password(file: str) -> NoReturn:
    refuse(
        "documents.password",
        file,
        Text("文件有打开密码", "the file is protected by a password"),
        Text(
            "请在 Word 中取消密码（文件 › 信息 › 保护文档）后再导入",
            "remove the password in Word (File › Info › Protect Document) and import it again",
        ),
    )


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, packed: int, file: str) -> bytes:
    """One part, with a ceiling on what really comes out: a forged directory may declare little."""
    honest = copy.copy(entry)
    honest.file_size = MOST_INFLATED + 1
    chunks, total = [], 0
    with archive.open(honest) as part:
        while chunk := part.read(_CHUNK):
            total += len(chunk)
            _no_bomb(total, packed, file)
            chunks.append(chunk)
    return b"".join(chunks)


def _no_bomb(inflated: int, packed: int, file: str) -> None:
    if inflated > MOST_INFLATED or (inflated > _RATIO_FROM and inflated > _MOST_RATIO * max(packed, 1)):
        refuse(
            "documents.zip-bomb",
            file,
            Text(
                f"文件解压后超过 {inflated / 1e6:.0f} MB（原 {packed / 1e6:.1f} MB），不像文档",
                f"the file inflates to over {inflated / 1e6:.0f} MB (from {packed / 1e6:.1f} MB), unlike a document",
            ),
            Text("请把正文复制到新的文档后再导入", "copy the text into a new document and import that"),
        )
