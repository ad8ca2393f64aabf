"""One broken file per way of being broken: a clear refusal, a remedy, nothing loaded."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.sources.tables.world import CATALOGUE, SmallDistrict, building, buildings_book, errors, read, warnings

from dafeng.core.errors import Problem
from dafeng.sources.tables import guard
from dafeng.sources.tables.reading import Reader
from dafeng.workflows.loading import LoadOptions, load

HEADS = "建筑编号,建筑名称,用途,建筑面积（平方米）,竣工日期"


def good(tmp_path: Path, name: str = "good.xlsx") -> Path:
    return buildings_book(tmp_path / name, building(1), building(2))


def only_error(path: Path, **options: int) -> Problem:
    """The one problem of a file; and a load of it leaves nothing but its report."""
    found = errors(Reader(CATALOGUE, **options).read(path)) if options else errors(read(path))
    assert len(found) == 1
    if not options:
        district = SmallDistrict(path.parent / "district")
        outcome = load(district, [path], LoadOptions("甲")).files[0]  # type: ignore[arg-type]
        assert outcome.status == "refused"
        with district.open_store() as store:
            assert store.high_water() == 0
        assert not list(district.folder("loaded").iterdir())
        assert (district.folder("refused") / f"{path.name}.report.txt").is_file()
    return found[0]


def test_an_empty_file(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    assert only_error(path).code == "tables.empty-file"


def test_a_workbook_without_a_single_cell(tmp_path: Path):
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    assert only_error(tmp_path / "a.xlsx").code == "tables.empty-file"


def test_a_workbook_with_a_password(tmp_path: Path):
    import msoffcrypto.format.ooxml

    with good(tmp_path).open("rb") as plain, (tmp_path / "locked.xlsx").open("wb") as locked:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)
    problem = only_error(tmp_path / "locked.xlsx")
    assert problem.code == "tables.password"
    assert "取消密码" in problem.remedy.zh


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
def test_a_workbook_cut_short(tmp_path: Path, share: float):
    data = good(tmp_path).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(data[: int(len(data) * share)])
    assert only_error(tmp_path / "cut.xlsx").code == "tables.damaged"


def test_a_workbook_with_flipped_bytes_inside(tmp_path: Path):
    path = good(tmp_path)
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    start = entry.header_offset + 60
    for place in range(start, start + 40):
        data[place] ^= 0x55
    (tmp_path / "flipped.xlsx").write_bytes(bytes(data))
    assert only_error(tmp_path / "flipped.xlsx").code == "tables.damaged"


def test_a_workbook_whose_xml_is_broken(tmp_path: Path):
    _rewrite(
        good(tmp_path), tmp_path / "xml.xlsx", lambda name, data: data[:300] if name.endswith("sheet1.xml") else data
    )
    assert only_error(tmp_path / "xml.xlsx").code == "tables.damaged"


def test_a_workbook_with_macros(tmp_path: Path):
    path = good(tmp_path)
    target = tmp_path / "macro.xlsm"
    target.write_bytes(path.read_bytes())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    problem = only_error(target)
    assert problem.code == "tables.macros"
    assert "另存为 .xlsx" in problem.remedy.zh


def test_a_zip_bomb_that_declares_itself(tmp_path: Path):
    _bomb(tmp_path / "bomb.xlsx", good(tmp_path))
    assert only_error(tmp_path / "bomb.xlsx").code == "tables.zip-bomb"


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path):
    path = tmp_path / "liar.xlsx"
    _bomb(path, good(tmp_path))
    data = bytearray(path.read_bytes())
    # Every size in the central directory is made small; the packed bytes still hold 60 MB.
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if struct.unpack_from("<I", data, at + 24)[0] > 1_000_000:
            struct.pack_into("<I", data, at + 24, 1000)
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(data))
    assert only_error(path).code == "tables.zip-bomb"


def test_an_honest_large_workbook_is_no_bomb():
    # 100,000 rows of ten columns inflate to some 60 MB from some 5 MB.
    assert not guard._is_bomb(60_000_000, 5_000_000)
    assert guard._is_bomb(60_000_000, 200_000)


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200_000_001)
    problem = only_error(path)
    assert problem.code == "tables.too-large"
    assert "200 MB" in problem.rule.zh
    assert "load.max_file_mb" in problem.remedy.zh
    assert only_error(good(tmp_path), most_bytes=1000).code == "tables.too-large"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("scan.xlsx", b"%PDF-1.7 ...", "tables.not-a-table"),
        ("export.xls", b"<html><table><tr><td>1</td></tr></table></html>", "tables.disguised"),
        ("sheet.xls", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "tables.disguised"),
        ("words.xlsx", "建筑编号,建筑名称".encode(), "tables.damaged"),
    ],
)
def test_another_kind_of_file_under_a_table_name(tmp_path: Path, name: str, data: bytes, code: str):
    (tmp_path / name).write_bytes(data)
    assert only_error(tmp_path / name).code == code


def test_a_word_document(tmp_path: Path):
    import docx

    docx.Document().save(str(tmp_path / "a.docx"))
    assert only_error(tmp_path / "a.docx").code == "tables.not-a-table"


def test_a_workbook_under_the_wrong_extension_is_read_with_a_warning(tmp_path: Path):
    path = good(tmp_path).rename(tmp_path / "good.xls")
    found = read(path)
    assert errors(found) == []
    assert [p.code for p in warnings(found)] == ["tables.extension"]
    assert found.tables[0].frame.height == 2


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_no_text(tmp_path: Path, seed: int):
    (tmp_path / "noise.csv").write_bytes(random.Random(seed).randbytes(4000))
    assert only_error(tmp_path / "noise.csv").code in ("tables.encoding", "tables.damaged", "tables.disguised")


def test_text_cut_inside_a_character(tmp_path: Path):
    (tmp_path / "建筑.csv").write_bytes(f"{HEADS}\nB001,一,办公,5,2020-01-01\n备".encode("gb18030")[:-1])
    assert only_error(tmp_path / "建筑.csv").code == "tables.encoding"


def test_text_with_an_open_quote(tmp_path: Path):
    (tmp_path / "建筑.csv").write_text(f'{HEADS}\nB001,"一,办公,5,2020-01-01\n', encoding="utf-8")
    assert only_error(tmp_path / "建筑.csv").code == "tables.csv"


def test_the_old_format_is_read_and_says_what_it_cannot_show(tmp_path: Path, soffice: Callable[[Path, Path], Path]):
    import subprocess

    path = good(tmp_path)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/p", "--headless", "--convert-to", "xls",
                    "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=180)  # fmt: skip
    found = read(tmp_path / "good.xls")
    assert errors(found) == []
    assert [p.code for p in warnings(found)] == ["tables.old-format"]
    assert found.tables[0].frame["code"].to_list() == ["B001", "B002"]


def _rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))


def _bomb(target: Path, source: Path) -> None:
    """A workbook whose sheet is followed by 60 MB of spaces, which pack to some 60 KB."""
    _rewrite(source, target, lambda name, data: data + b" " * 60_000_000 if name.endswith("sheet1.xml") else data)
    assert target.stat().st_size < 300_000
