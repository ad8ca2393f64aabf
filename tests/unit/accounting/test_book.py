"""The factor library as an account uses it: which vintage, whose purpose, how firm."""

from __future__ import annotations

import datetime as dt

import pytest

from dafeng.accounting.book import Book, Policy, constant, one_purpose
from dafeng.catalogue import load_catalogue
from dafeng.core.errors import BadInput


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def test_a_year_takes_the_latest_vintage_not_after_it(catalogue):
    book = Book(catalogue)
    assert book.use("grid_shanghai_inventory", 2022).value == 0.5849
    assert book.use("grid_shanghai_inventory", 2025).value == 0.5737
    assert book.use("grid_shanghai_inventory", 2025).vintage == 2023


def test_at_constant_factors_every_year_takes_the_same_vintage(catalogue):
    book = Book(catalogue, constant_year=2021)
    assert {book.use("grid_shanghai_inventory", year).value for year in (2021, 2023, 2025)} == {0.5834}


def test_as_known_before_a_notice_came_out_its_value_is_not_used(catalogue):
    # Notice 47 of 2025 with the values of 2023 is dated 2025-12-31.
    book = Book(catalogue, known_on=dt.date(2025, 6, 30))
    assert book.use("grid_shanghai_inventory", 2023).value == 0.5849
    assert Book(catalogue, known_on=dt.date(2026, 1, 31)).use("grid_shanghai_inventory", 2023).value == 0.5737


def test_a_year_before_the_first_vintage_is_an_error_that_names_factor_and_year(catalogue):
    with pytest.raises(BadInput) as caught:
        Book(catalogue).use("grid_shanghai_inventory", 1999)
    problem = caught.value.problems[0]
    assert problem.code == "account.no-factor"
    assert "grid_shanghai_inventory" in problem.rule.zh
    assert "1999" in problem.rule.en


def test_the_set_of_the_policy_decides_the_warming_potential(catalogue):
    found = {name: Book(catalogue, Policy(gwp=name)).gwp("CH4", 2025) for name in ("sar", "ar4", "ar5")}
    assert {name: held.value for name, held in found.items() if held} == {"sar": 21, "ar4": 25, "ar5": 28}


def test_inventory_and_carbon_market_factors_never_meet_in_one_series(catalogue):
    book = Book(catalogue)
    used = {name: book.use(name, 2025).purpose for name in ("grid_shanghai_inventory", "grid_shanghai_ets")}
    with pytest.raises(BadInput) as caught:
        one_purpose(used, "electricity")
    assert caught.value.problems[0].code == "account.purposes-meet"
    one_purpose({"grid_shanghai_inventory": "inventory", "ce_electricity": "any"}, "electricity")


def test_the_constant_of_a_product_is_arithmetic_of_numbers_and_nothing_else():
    assert constant("44/12/1000") == pytest.approx(0.00366666666666)
    for text in ("__import__('os')", "44/0", "a*2", "2**9", "1+"):
        with pytest.raises(ValueError, match=r".*"):
            constant(text)
