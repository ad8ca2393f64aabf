"""The programs that other tests lean on: PostgreSQL of our own, LibreOffice, pages as pictures."""

from __future__ import annotations

from pathlib import Path


def test_postgresql_answers_on_localhost_with_an_empty_utf8_database(fresh_postgresql_url: str):
    import sqlalchemy

    engine = sqlalchemy.create_engine(fresh_postgresql_url)
    with engine.connect() as connection:
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        listens = connection.exec_driver_sql("SHOW listen_addresses").scalar_one()
        tables = connection.exec_driver_sql(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).scalar_one()
    engine.dispose()
    assert (encoding, listens, tables) == ("UTF8", "127.0.0.1", 0)


def test_two_tests_never_share_a_database(fresh_postgresql_url: str, postgresql_url: str):
    assert fresh_postgresql_url != postgresql_url
    assert fresh_postgresql_url.rsplit("/", 1)[0] == postgresql_url.rsplit("/", 1)[0]


def test_a_word_file_becomes_one_picture_per_page(tmp_path: Path, soffice, pdf_pages):
    import docx

    document = docx.Document()
    document.add_paragraph("达峰")
    document.add_page_break()
    document.add_paragraph("第二页")
    document.save(str(tmp_path / "two.docx"))
    pages = pdf_pages(soffice(tmp_path / "two.docx", tmp_path))
    assert [page.name for page in pages] == ["two-1.png", "two-2.png"]
    assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)


def test_an_excel_file_opens_in_libreoffice(tmp_path: Path, soffice):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "one.xlsx")) as book:
        book.add_worksheet("表").write(0, 0, "能源消费量")
    assert soffice(tmp_path / "one.xlsx", tmp_path).read_bytes().startswith(b"%PDF")
