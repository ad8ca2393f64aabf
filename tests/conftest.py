"""What every test may ask for, and one rule about what could not be run.

A test that needs something this machine lacks (real data, PostgreSQL, LibreOffice) is skipped with the reason
and listed in a closing section. With CI=true any test that was not run is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.tools.postgresql import PostgreSQL, find_server

IN_CI = os.environ.get("CI", "").lower() == "true"


def not_run(reason: str) -> NoReturn:
    """Ends the test as not run. The hooks below list it, or fail it under CI."""
    pytest.skip(reason)


# ── the rule ────────────────────────────────────────────────────────────────────────────────────────────────


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"NOT RUN, which is a failure under CI: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"NOT RUN, which is a failure under CI: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section("NOT RUN")
    by_reason: dict[str, list[str]] = {}
    for report in skipped:
        by_reason.setdefault(_reason(report), []).append(report.nodeid)
    for reason, tests in sorted(by_reason.items()):
        terminalreporter.line(f"{reason}:")
        for test in sorted(tests):
            terminalreporter.line(f"    {test}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on PostgreSQL share one server, so they stay on one worker."""
    for item in items:
        if {"postgresql_url", "fresh_postgresql_url"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("postgresql"))


# ── what tests may ask for ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real plans and statistics that DAFENG_REAL_DATA names."""
    named = os.environ.get("DAFENG_REAL_DATA")
    if not named:
        not_run("DAFENG_REAL_DATA is not set, so there is no real data")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"DAFENG_REAL_DATA names {folder}, which is no folder")
    return folder


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgreSQL]:
    server = find_server()
    if server is None:
        not_run("PostgreSQL is not installed (Debian package postgresql)")
    with PostgreSQL(server) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql_url(_postgresql: PostgreSQL) -> str:
    """SQLAlchemy URL of a database on a PostgreSQL server that lives as long as the test session."""
    return _postgresql.url("postgres")


@pytest.fixture
def fresh_postgresql_url(_postgresql: PostgreSQL) -> Iterator[str]:
    """SQLAlchemy URL of an empty database of this test's own."""
    name = _postgresql.create_database()
    yield _postgresql.url(name)
    _postgresql.drop_database(name)


@pytest.fixture(scope="session")
def soffice() -> Iterator[Callable[[Path, Path], Path]]:
    """``soffice(file, folder)`` opens a Word or Excel file in LibreOffice; gives the PDF made in folder."""
    program = shutil.which("soffice")
    if program is None:
        not_run("LibreOffice is not installed (Debian: libreoffice-writer-nogui, libreoffice-calc-nogui)")
    with tempfile.TemporaryDirectory(prefix="dafeng-soffice-") as profile:

        def convert(file: Path, folder: Path) -> Path:
            command = [program, f"-env:UserInstallation=file://{profile}", "--headless"]
            command += ["--convert-to", "pdf", "--outdir", str(folder), str(file)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=180)
            pdf = folder / f"{file.stem}.pdf"
            assert pdf.is_file(), f"LibreOffice could not open {file.name}: {done.stdout}{done.stderr}"
            return pdf

        yield convert


@pytest.fixture(scope="session")
def pdf_pages() -> Callable[[Path], list[Path]]:
    """``pdf_pages(pdf, dpi=80)`` gives one PNG per page, in order, beside the PDF."""
    program = shutil.which("pdftoppm")
    if program is None:
        not_run("pdftoppm is not installed (Debian package poppler-utils)")

    def pages(pdf: Path, dpi: int = 80) -> list[Path]:
        stem = pdf.with_suffix("")
        subprocess.run([program, "-png", "-r", str(dpi), str(pdf), str(stem)], check=True, timeout=180)
        return sorted(pdf.parent.glob(f"{stem.name}-*.png"))

    return pages
