"""The shipped catalogue is sound, and every indicator gives what was worked by hand."""

from __future__ import annotations

import pytest

from dafeng.catalogue import load_catalogue
from dafeng.catalogue.check import check_catalogue
from dafeng.indicators.checking import check_indicators
from dafeng.indicators.golden import verdicts

CATALOGUE = load_catalogue()


def test_every_entry_fits_the_others():
    assert [problem.line("en") for problem in check_catalogue(CATALOGUE)] == []


def test_every_indicator_is_soundly_declared():
    assert [problem.line("en") for problem in check_indicators(CATALOGUE)] == []


@pytest.mark.parametrize("indicator", sorted(CATALOGUE.indicators))
def test_the_indicator_gives_what_was_worked_by_hand(indicator: str):
    from dafeng.store.sql import run_sql

    found = list(verdicts(CATALOGUE, indicator, run_sql))
    assert len(found) >= 2, "a golden case covers at least two years"
    assert any(v.expected is not None for v in found)
    wrong = [(v.case, v.year, v.expected, v.figure.value, str(v.figure.why)) for v in found if not v.holds]
    assert wrong == []
