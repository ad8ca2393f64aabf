"""Rows that withdraw a record instead of stating one: the column 撤销 holds the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dafeng.core.text import Text
from dafeng.sources.tables.findings import Findings
from dafeng.sources.tables.headings import REASON, WITHDRAW
from dafeng.sources.tables.scalars import NO, YES
from dafeng.sources.tables.table import Table
from dafeng.sources.tables.words import is_nothing, narrow


def read_withdrawals(
    table: Table, withdraws: Sequence[Any] | None, reasons: Sequence[Any] | None, findings: Findings, *, every_row: bool
) -> None:
    """Sets the table's withdrawn and reasons. withdraws, reasons: cells of the columns 撤销 and 更正原因, where
    the sheet has them."""
    count = len(table.rows)
    given = [_words(cell) for cell in reasons] if reasons is not None else [None] * count
    if withdraws is None and not every_row:
        table.reasons = pl.Series(given, dtype=pl.String)
        return
    said = [_words(cell) for cell in withdraws] if withdraws is not None else [None] * count
    marks = [word is not None and narrow(word).casefold() not in NO for word in said]
    if every_row:
        marks = [True] * count
    bare = [word is None or narrow(word).casefold() in YES for word in said]
    why = [
        (other if plain else word) if mark else other
        for word, other, mark, plain in zip(said, given, marks, bare, strict=True)
    ]
    silent = [i for i in range(count) if marks[i] and why[i] is None]
    name = WITHDRAW if withdraws is not None else REASON
    rule = Text("撤销记录须写明原因", "a withdrawal needs its reason")
    remedy = Text("在“撤销”列写明原因，如：重复登记", "write the reason in the column 撤销, such as: entered twice")
    table.report(findings, "tables.withdraw-reason", silent, name, lambda _: (rule, remedy))
    table.withdrawn = pl.Series(marks, dtype=pl.Boolean)
    table.reasons = pl.Series(why, dtype=pl.String)


def check_withdrawals(table: Table, held: pl.DataFrame, findings: Findings) -> None:
    """Only what is held can be withdrawn. held: the register's records now in force."""
    if table.withdrawn is None or not table.withdrawn.any():
        return
    key = list(table.register.key)
    keys = table.frame.select(key).with_row_index("_at").filter(table.withdrawn)
    lost = keys.join(held.select(key), on=key, how="anti")["_at"].to_list()
    rule = Text("没有这条记录，无从撤销", "there is no such record to withdraw")
    remedy = Text("核对编号；已撤销的不必再撤", "check the code; what is withdrawn need not be withdrawn again")
    table.report(findings, "tables.nothing-to-withdraw", lost, key[0], lambda _: (rule, remedy))


def _words(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "是" if cell else None
    text = str(cell).strip()
    return None if not text or is_nothing(text) else text
