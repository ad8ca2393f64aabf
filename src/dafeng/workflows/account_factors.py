"""Factors as the account used them, as plain data: value, vintage, status, standard and clause, and what each is the
product of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dafeng.workflows.explaining import both, source_as_data, unit_in_words

if TYPE_CHECKING:
    from dafeng.accounting.book import Book, Held
    from dafeng.catalogue.schema import Method


def factor_as_data(book: Book, factor: str | None, year: int) -> dict[str, Any] | None:
    """The factor in force in ``year``; None where there is none."""
    held = book.find(factor, year) if factor else None
    return held_as_data(book, held) if held else None


def held_as_data(book: Book, held: Held) -> dict[str, Any]:
    catalogue = book.catalogue
    return {
        "id": held.factor,
        "name": both(catalogue.factors[held.factor].name),
        "value": held.value,
        "unit": held.unit,
        "unit_words": unit_in_words(catalogue, held.unit),
        "vintage": held.vintage,
        "status": held.status,
        "confidence": held.confidence,
        "half_width_pct": held.half_width_pct,
        "source": source_as_data(catalogue, held.source),
        "note": held.note,
        "times": held.times if held.product_of else None,
        "product_of": [held_as_data(book, part) for part in held.product_of],
    }


def factors_of_method(book: Book, method: Method, year: int) -> list[dict[str, Any]]:
    """The factors among a kernel's parameters (the others are columns of the register)."""
    named = [value for value in method.parameters.values() if value in book.catalogue.factors]
    return [said for name in named if (said := factor_as_data(book, name, year))]
