"""``make test`` runs every check even when one fails, and closes with one summary."""

from __future__ import annotations

import sys

import pytest

from tools import check


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    def prints(text: str, code: int) -> list[str]:
        return [sys.executable, "-c", f"print({text!r}); raise SystemExit({code})"]

    replaced = {
        "lint": prints("one wrong line", 1),
        "tests": prints("=== 12 passed, 1 skipped in 3.21s ===", 0),
    }
    monkeypatch.setattr(check, "CHECKS", replaced)
    return replaced


def test_a_failed_check_fails_the_whole_but_the_others_run(checks, capsys: pytest.CaptureFixture[str]):
    assert check.main([]) == 1
    said = capsys.readouterr().out
    assert "one wrong line" in said
    summary = said.split("summary")[1]
    assert "lint     FAILED" in summary
    assert "tests    ok" in summary


def test_the_last_line_is_what_pytest_said_last(checks, capsys: pytest.CaptureFixture[str]):
    check.main(["tests"])
    assert capsys.readouterr().out.splitlines()[-1] == "12 passed, 1 skipped in 3.21s"


def test_chosen_checks_alone_decide(checks):
    assert check.main(["tests"]) == 0
    assert check.main(["lint"]) == 1


def test_an_unknown_check_is_refused_with_the_list(checks, capsys: pytest.CaptureFixture[str]):
    assert check.main(["smell"]) == 2
    assert "there are lint, tests" in capsys.readouterr().out


def test_a_test_run_without_a_summary_says_so(checks, capsys: pytest.CaptureFixture[str]):
    checks["tests"] = [sys.executable, "-c", "raise SystemExit(3)"]
    assert check.main(["tests"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "pytest printed no summary"
