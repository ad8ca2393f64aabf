"""What could not be run is listed; under CI it is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

def test_reads_the_plan(real_data):
    assert real_data

def test_needs_nothing():
    assert 1 + 1 == 2

@pytest.mark.skip(reason="switched off by hand")
def test_is_switched_off():
    assert False
"""


def pytest_in(folder: Path, *, ci: str | None, real_data: str | None) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text("from tests.conftest import *  # noqa: F403\n")
    (folder / "test_suite.py").write_text(SUITE)
    (folder / "pytest.ini").write_text("[pytest]\n")
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "DAFENG_REAL_DATA")}
    environment |= {"PYTHONPATH": str(ROOT)}
    environment |= {"CI": ci} if ci else {}
    environment |= {"DAFENG_REAL_DATA": real_data} if real_data else {}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(folder)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_a_test_without_its_data_is_listed_with_the_reason_and_does_not_fail(tmp_path: Path):
    done = pytest_in(tmp_path, ci=None, real_data=None)
    assert done.returncode == 0, done.stdout
    listed = done.stdout.split("NOT RUN")[1]
    assert "DAFENG_REAL_DATA is not set" in listed
    assert "test_suite.py::test_reads_the_plan" in listed
    assert "1 passed, 2 skipped" in done.stdout


def test_under_ci_every_test_that_was_not_run_is_a_failure(tmp_path: Path):
    done = pytest_in(tmp_path, ci="true", real_data=None)
    assert done.returncode == 1
    assert done.stdout.count("NOT RUN, which is a failure under CI") >= 2
    assert "1 passed" in done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]


def test_with_its_data_the_test_runs(tmp_path: Path):
    done = pytest_in(tmp_path, ci=None, real_data=str(tmp_path))
    assert "2 passed, 1 skipped" in done.stdout


def test_a_data_folder_that_does_not_exist_is_an_error_and_no_skip(tmp_path: Path):
    done = pytest_in(tmp_path, ci=None, real_data=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "which is no folder" in done.stdout


@pytest.mark.parametrize("value", ["false", "0"])
def test_ci_is_on_only_when_it_says_true(tmp_path: Path, value: str):
    assert pytest_in(tmp_path, ci=value, real_data=None).returncode == 0
