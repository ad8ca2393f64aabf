"""A factor worked out of others: inputs that exist, arithmetic that can be read, a printed result that is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.catalogue.helpers import codes, laid_on

from dafeng.accounting.book import Book
from dafeng.catalogue import load_catalogue
from dafeng.catalogue.arithmetic import agrees_as_printed, constant

FACTOR = """
id: co2_blend
name: {{zh: 调和油二氧化碳, en: CO2 of a blend}}
unit: tCO2/t
gas: CO2
{made}
values:
  - {{year: 2024, value: {value}, source: {{text: {{zh: 自算, en: own arithmetic}}, status: {status}}}}}
"""
DIESEL = "product_of: [ncv_diesel, cc_diesel, of_diesel]\ntimes: 44/12/1000"


def factor(value: float | str = 3.0959, made: str = DIESEL, status: str = "computed") -> str:
    return FACTOR.format(value=value, made=made, status=status)


@pytest.mark.parametrize(
    ("text", "value"),
    [("44/12/1000", 0.00366666667), ("44 / 28", 1.571428571), ("1", 1), ("2.5*4", 10), ("1e-3", 1e-3)],
)
def test_a_constant_is_read_as_written(text: str, value: float):
    assert constant(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "44+12",
        "-1",
        "0",
        "1/0",
        "a*2",
        "__import__('os')",
        "",
        "1e999",
        "True",
        "2**3",
        "(1",
        "9" * 400,
        "1" + "/2" * 5000,
    ],
)
def test_anything_but_products_and_quotients_of_numbers_is_refused(text: str):
    with pytest.raises(ValueError, match=r"\A"):
        constant(text)


@pytest.mark.parametrize(
    ("printed", "worked", "agrees"),
    [
        (3.0959, 3.0959096, True),
        (3.0959, 3.0958500, True),
        (3.0959, 3.0957, False),
        (8.481, 8.481132, True),
        (8.481, 8.4816, False),
        (21.622, 21.62188809, True),
        (1300.0, 1300.0, True),
        (0.2717, 0.2717, True),
        (2.66, 2.6603652, True),
        (2.66, 2.666, False),
    ],
)
def test_a_printed_number_is_held_to_the_digits_that_it_shows(printed: float, worked: float, agrees: bool):
    assert agrees_as_printed(printed, worked) is agrees


def test_the_product_as_printed_is_accepted_and_used_unrounded(tmp_path: Path):
    """42.652 × 20.2 × 0.98 × 44/12 / 1000 = 3.09590964."""
    assert laid_on(tmp_path, factors__blend=factor()) == []
    held = Book(load_catalogue(tmp_path)).use("co2_blend", 2025)
    assert held.value == pytest.approx(3.095909637, abs=1e-9)
    assert held.status == "official"


def test_a_printed_result_that_is_not_the_product_is_refused(tmp_path: Path):
    assert codes(laid_on(tmp_path, factors__blend=factor(3.0957))) == [("catalogue.product-differs", "values › 2024")]


def test_an_input_that_is_no_factor_is_named(tmp_path: Path):
    made = "product_of: [ncv_diesel, cc_dieesel]\nover: [nothing_here]"
    assert codes(laid_on(tmp_path, factors__blend=factor(made=made))) == [
        ("catalogue.unknown-reference", "product_of"),
        ("catalogue.unknown-reference", "over"),
    ]


def test_a_constant_that_is_none_is_named(tmp_path: Path):
    made = "product_of: [ncv_diesel]\ntimes: 44+12"
    assert codes(laid_on(tmp_path, factors__blend=factor(made=made))) == [("catalogue.constant", "times")]


def test_an_input_without_a_value_in_that_year_is_named(tmp_path: Path):
    """Grid factors begin in 2010; the blend claims a value of 2000."""
    text = factor(0.5, "product_of: [grid_nation_average]").replace("year: 2024", "year: 2000")
    assert codes(laid_on(tmp_path, factors__blend=text)) == [("catalogue.input-without-value", "values › 2000")]


def test_a_division_by_zero_is_named_and_gives_no_value(tmp_path: Path):
    text = factor(1, "product_of: [ncv_diesel]\nover: [co2_hydrogen]")
    assert codes(laid_on(tmp_path, factors__blend=text)) == [("catalogue.input-without-value", "values › 2024")]
    assert Book(load_catalogue(tmp_path)).find("co2_blend", 2025) is None


def test_a_factor_made_of_itself_is_named_and_has_no_value(tmp_path: Path):
    one = factor(1, "product_of: [co2_other]")
    other = one.replace("co2_blend", "co2_other", 1).replace("[co2_other]", "[co2_blend]")
    found = laid_on(tmp_path, factors__one=one, factors__other=other)
    assert codes(found) == [("catalogue.made-of-itself", "product_of")] * 2
    assert Book(load_catalogue(tmp_path)).find("co2_blend", 2025) is None


def test_computed_without_saying_of_what_is_refused(tmp_path: Path):
    assert codes(laid_on(tmp_path, factors__blend=factor(made=""))) == [
        ("catalogue.computed-of-nothing", "values › 2024")
    ]
    assert codes(laid_on(tmp_path, factors__blend=factor(made="times: 44/12", status="assumption"))) == [
        ("catalogue.times-without-product", "times")
    ]


def test_a_quotient_is_worked_out_too():
    """1.9002988 tCO2/t ÷ 0.7143 tce/t = 2.660365, printed 2.66."""
    held = Book(load_catalogue()).use("co2_per_tce_raw_coal", 2025)
    assert held.value == pytest.approx(2.660365181, abs=1e-9)
    assert [part.factor for part in held.product_of] == ["co2_raw_coal"]
    assert [part.factor for part in held.over] == ["ce_raw_coal"]
    assert held.status == "remembered"
