"""What kind of file is this really, and is it safe to open? Looks at bytes, never at the name alone."""

from __future__ import annotations

import copy
import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dafeng.core.errors import WARNING
from dafeng.core.text import Text
from dafeng.sources.tables.findings import Findings

# A workbook inflates 5 to 25 times; a million cells are some 60 MB. Beyond these it is no table but a trap.
MOST_INFLATED_BYTES = 1_500_000_000
MOST_RATIO = 200
_RATIO_FROM_BYTES = 20_000_000
_CHUNK = 1 << 20

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_AS_XLSX = Text(
    "请用 Excel 或 WPS 打开，另存为 .xlsx 后再提交", "open it in Excel or WPS, save it as .xlsx and hand that in"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file judged safe. kind: xlsx, ods, xls or text. parts: the XML of an xlsx by its name inside."""

    path: Path
    kind: str
    sha256: str
    size: int
    parts: Mapping[str, bytes]


def inspect(path: Path, findings: Findings, most_bytes: int = 100_000_000) -> Opened | None:
    """The file's real kind, digest and (of an xlsx) its XML; None after naming what is wrong."""
    size = path.stat().st_size
    if size == 0:
        findings.add(
            "tables.empty-file",
            Text("文件是空的", "the file is empty"),
            Text("请重新导出或保存该文件", "export or save it again"),
        )
        return None
    if size > most_bytes:
        findings.add(
            "tables.too-large",
            Text(
                f"文件有 {size / 1e6:.0f} MB，超过上限 {most_bytes / 1e6:.0f} MB",
                f"the file has {size / 1e6:.0f} MB, over the limit of {most_bytes / 1e6:.0f} MB",
            ),
            Text(
                "请拆成几个文件，或去掉图片；上限见 district.toml 的 load.max_file_mb",
                "split it, or take pictures out; the limit is load.max_file_mb in district.toml",
            ),
        )
        return None
    digest = _digest(path)
    with path.open("rb") as file:
        head = file.read(4096)
    kind, parts = _kind(path, head, findings)
    if kind is None:
        return None
    _compare_extension(path, kind, findings)
    return Opened(path, kind, digest, size, parts)


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()


def _kind(path: Path, head: bytes, findings: Findings) -> tuple[str | None, Mapping[str, bytes]]:
    if head.startswith(b"PK"):
        return _zip_kind(path, findings)
    if head.startswith(_OLE):
        return _ole_kind(path, findings), {}
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(b"%PDF"):
        return _refuse(findings, "tables.not-a-table", "这是 PDF，不是表格", "this is a PDF, not a table"), {}
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        return _refuse(
            findings,
            "tables.disguised",
            "文件其实是网页或 XML，只是用了表格的扩展名",
            "the file is really a web page or XML under the name of a table",
        ), {}
    if path.suffix.lower() in (".xlsx", ".xlsm", ".ods", ".xls"):
        return _refuse(
            findings, "tables.damaged", "文件已损坏，或不是 Excel 文件", "the file is damaged, or no Excel file"
        ), {}
    return "text", {}


def _refuse(findings: Findings, code: str, zh: str, en: str, remedy: Text = _AS_XLSX) -> None:
    findings.add(code, Text(zh, en), remedy)


def _ole_kind(path: Path, findings: Findings) -> str | None:
    """An old .xls, or the envelope Excel puts around a workbook with a password."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16le") in data:
        return _refuse(
            findings,
            "tables.password",
            "文件有打开密码",
            "the file is protected by a password",
            Text(
                "请在 Excel 中取消密码（文件 › 信息 › 保护工作簿）后再提交",
                "remove the password in Excel (File › Info › Protect Workbook) and hand it in again",
            ),
        )
    if "_VBA_PROJECT_CUR".encode("utf-16le") in data:
        return _refuse(findings, "tables.macros", "文件含有宏", "the file holds macros")
    if not any(name.encode("utf-16le") in data for name in ("Workbook", "Book")):
        return _refuse(
            findings,
            "tables.not-a-table",
            "这不是 Excel 文件（可能是旧版 Word）",
            "this is no Excel file (perhaps an old Word file)",
        )
    findings.add(
        "tables.old-format",
        Text(
            "旧的 .xls 格式：公式错误（如 #REF!）会读成空格，无法辨认",
            "the old .xls format: a formula error (such as #REF!) reads as an empty cell and cannot be told",
        ),
        _AS_XLSX,
        level=WARNING,
    )
    return "xls"


def _zip_kind(path: Path, findings: Findings) -> tuple[str | None, Mapping[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return _refuse(findings, "tables.macros", "文件含有宏", "the file holds macros"), {}
            if any(entry.flag_bits & 1 for entry in entries):
                return _refuse(findings, "tables.password", "文件有密码", "the file is protected by a password"), {}
            if "xl/workbook.bin" in names:
                return _refuse(
                    findings, "tables.binary-workbook", "这是二进制工作簿（.xlsb）", "this is a binary workbook (.xlsb)"
                ), {}
            kind = "xlsx" if "xl/workbook.xml" in names else "ods" if "content.xml" in names else None
            if kind is None:
                return _refuse(
                    findings,
                    "tables.not-a-table",
                    "这是压缩包或其他文件，不是表格",
                    "this is an archive or something else, not a table",
                ), {}
            parts = _inflate(path, archive, entries, findings)
            return (None, {}) if parts is None else (kind, parts)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError):
        return _refuse(
            findings,
            "tables.damaged",
            "文件已损坏或不完整",
            "the file is damaged or cut short",
            Text("请重新保存、重新传输后再提交", "save it again, copy it again and hand it in again"),
        ), {}


def _inflate(
    path: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], findings: Findings
) -> dict[str, bytes] | None:
    """Every part inflated once with a ceiling: what the directory declares is checked first, then what really
    comes out, since a forged directory may declare little."""
    packed = max(path.stat().st_size, 1)
    declared = sum(entry.file_size for entry in entries)
    if _is_bomb(declared, packed):
        return _bomb(findings, declared, packed)
    kept: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        honest = copy.copy(entry)
        honest.file_size = MOST_INFLATED_BYTES + 1
        chunks: list[bytes] = []
        with archive.open(honest) as part:
            while chunk := part.read(_CHUNK):
                total += len(chunk)
                if _is_bomb(total, packed):
                    return _bomb(findings, total, packed)
                if entry.filename.endswith((".xml", ".rels")):
                    chunks.append(chunk)
        kept[entry.filename] = b"".join(chunks)
    return kept


def _is_bomb(inflated: int, packed: int) -> bool:
    return inflated > MOST_INFLATED_BYTES or (inflated > _RATIO_FROM_BYTES and inflated > MOST_RATIO * packed)


def _bomb(findings: Findings, inflated: int, packed: int) -> None:
    findings.add(
        "tables.zip-bomb",
        Text(
            f"文件解压后超过 {inflated / 1e6:.0f} MB（原 {packed / 1e6:.1f} MB），不像表格",
            f"the file inflates to over {inflated / 1e6:.0f} MB (from {packed / 1e6:.1f} MB), unlike a table",
        ),
        Text("请把需要的行复制到新的工作簿后再提交", "copy the rows that matter into a new workbook and hand that in"),
    )


_EXTENSIONS = {"xlsx": (".xlsx",), "ods": (".ods",), "xls": (".xls",), "text": (".csv", ".tsv", ".txt")}


def _compare_extension(path: Path, kind: str, findings: Findings) -> None:
    if path.suffix.lower() in _EXTENSIONS[kind]:
        return
    right = _EXTENSIONS[kind][0]
    findings.add(
        "tables.extension",
        Text(
            f"扩展名是 {path.suffix or '（无）'}，内容却是 {right}；已按内容读取",
            f"named {path.suffix or '(nothing)'} but really {right}; read by its content",
        ),
        Text(f"请改名为 {right}", f"rename it to {right}"),
        level=WARNING,
    )
