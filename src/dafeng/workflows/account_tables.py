"""Tables of the account as plain data: what is printed, sent as JSON and written into a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dafeng.report.figures import unit_words
from dafeng.workflows.account_explaining import address_of
from dafeng.workflows.explaining import both

if TYPE_CHECKING:
    from dafeng.accounting.account import Account
    from dafeng.accounting.tables import Cell, Column, Row, Table
    from dafeng.workflows.district import District


def account_as_data(district: District, account: Account) -> dict[str, Any]:
    """The whole account: what was asked, under which policy, every table, every problem."""
    asked, policy = account.question, account.policy
    return {
        "district": {"zh": district.name, "en": district.name_en},
        "synthetic": district.synthetic,
        "year": asked.year,
        "base_year": asked.base_year,
        "level": asked.level,
        "place": asked.place,
        "policy": {
            "gwp": policy.gwp,
            "electricity": policy.electricity,
            "heat": policy.heat,
            "electricity_equal": policy.electricity_equal,
        },
        "constant_year": account.book.constant_year,
        "as_known": account.book.known_on.isoformat() if account.book.known_on else None,
        "tables": {name: table_as_data(table) for name, table in account.tables.items()},
        "problems": [problem.as_dict() for problem in account.problems],
    }


def table_as_data(table: Table) -> dict[str, Any]:
    """A table with the value of each cell in its column's unit, its notation key and reason, and its address."""
    return {
        "id": table.id,
        "name": both(table.name),
        "year": table.year,
        "place": both(table.place) if table.place else None,
        "columns": [
            {
                "id": column.id,
                "name": both(column.name),
                "unit": column.unit,
                "unit_en": unit_words(column.unit, "en"),
                "digits": column.digits,
            }
            for column in table.columns
        ],
        "rows": [
            {
                "code": row.code,
                "name": both(row.name),
                "parent": row.parent,
                "kind": row.kind,
                "depth": row.depth,
                "cells": {
                    column.id: _cell(table, row, column, row.cells[column.id])
                    for column in table.columns
                    if column.id in row.cells
                },
            }
            for row in table.rows
        ],
        "notes": [both(note) for note in table.notes],
        "source": table.source,
    }


def _cell(table: Table, row: Row, column: Column, cell: Cell) -> dict[str, Any]:
    said: dict[str, Any] = {"value": table.shown(row, column), "address": address_of(table, row, column)}
    if cell.key is not None:
        said["key"] = cell.key
    if cell.reason is not None:
        said["reason"] = both(cell.reason)
    if cell.estimated:
        said["estimated"] = cell.estimated / column.per
    return said
