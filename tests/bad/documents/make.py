"""Make the broken documents of this folder again: `python make.py`. One small file per error; LibreOffice is needed."""

from __future__ import annotations

import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
from docx import Document
from openpyxl import Workbook
from PIL import Image

HERE = Path(__file__).parent


def word() -> bytes:
    """A small sound Word file."""
    document = Document()
    for _ in range(12):
        document.add_paragraph("到2025年，全区公园总数达到42座，绿化覆盖率达到32%。")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def converted(source: bytes, to: str, name: str = "a.docx") -> bytes:
    """A Word file as LibreOffice writes it in another form."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(source)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to]
        subprocess.run([*command, "--outdir", folder, f"{folder}/{name}"], check=True, capture_output=True, timeout=180)
        return (Path(folder) / f"a.{to.partition(':')[0]}").read_bytes()


def with_password(source: bytes) -> bytes:
    stream = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(source)).encrypt("secret", stream)
    return stream.getvalue()


def with_macros(source: bytes) -> bytes:
    stream = io.BytesIO(source)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0 no real macro")
    return stream.getvalue()


def picture(form: str) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (120, 160), 230).save(stream, form)
    return stream.getvalue()


def workbook() -> bytes:
    book = Workbook()
    book.active["A1"] = "指标"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def main() -> None:
    sound = word()
    pdf = converted(sound, "pdf")
    lock = (
        'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
        '"DocumentOpenPassword":{"type":"string","value":"secret"}}'
    )
    files = {
        "password.docx": with_password(sound),
        "truncated.docx": sound[: len(sound) * 2 // 3],
        "macros.docm": with_macros(sound),
        "workbook.docx": workbook(),
        "old.doc": converted(sound, "doc"),
        "old.rtf": converted(sound, "rtf"),
        "password.pdf": converted(sound, lock),
        "truncated.pdf": pdf[:900],
        "scanned.pdf": picture("PDF"),
        "picture.png": picture("PNG"),
        "not-a-pdf.pdf": "这不是 PDF。".encode(),
        "binary.txt": bytes(range(256)) * 8,
        "mojibake.txt": ("到2025年，单位生产总值能耗下降13.5%。" * 20).encode("gb18030").decode("latin-1").encode(),
        "empty.txt": b"",
        "nothing.html": b"<html><body><script>var a = 1;</script></body></html>",
    }
    for name, data in files.items():
        (HERE / name).write_bytes(data)
        print(f"{name:18} {len(data):7}")


if __name__ == "__main__":
    main()
