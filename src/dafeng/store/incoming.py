"""Rows of a sheet against what is held: which are new, changed, the same, withdrawn, absent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dafeng.catalogue.schema import Register
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

ROW, TYPED, WITHDRAWN, REASON = "_row", "_typed", "_withdrawn", "_reason"


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Validated rows of one sheet for one register.

    frame: the register's columns by type and ``_row`` (Excel's row number); ``_typed`` (JSON: column → [value,
    unit] as written), ``_withdrawn`` (bool) and ``_reason`` may be there.
    columns: column → spreadsheet letter; headings: column → heading as written.
    """

    register: Register
    frame: pl.DataFrame
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delta:
    """rows: what is to be written (key, payload, typed, row, supersedes, _withdrawn, _reason); and the counts."""

    rows: pl.DataFrame
    added: int
    changed: int
    same: int
    withdrawn: int
    absent: int


def keys_of(sheet: SheetRows) -> list[str]:
    """Keys of the sheet's rows, as the store keeps them."""
    return sheet.frame.select(pl.struct(sheet.register.key).struct.json_encode().alias("key"))["key"].to_list()


def compare(sheet: SheetRows, held: Sequence[Any], in_force: int) -> Delta:
    """held: (id, payload, key, withdrawn) of the newest record of every key of the sheet, or of all keys; withdrawn
    ones among them. in_force: how many records of the register stand, in the sheet or not."""
    _must_be_finite(sheet)
    incoming = _encoded(sheet)
    known = pl.DataFrame(
        {
            "supersedes": pl.Series([row[0] for row in held], dtype=pl.Int64),
            "held": pl.Series([row[1] for row in held], dtype=pl.String),
            "key": pl.Series([row[2] for row in held], dtype=pl.String),
            "gone": pl.Series([bool(row[3]) for row in held], dtype=pl.Boolean),
        }
    )
    rows = incoming.join(known, on="key", how="left", maintain_order="left")
    is_new = pl.col("supersedes").is_null()
    was_gone = pl.col("gone").fill_null(False)
    rows = rows.with_columns(_differs(rows).alias("differs"))
    withdraws = pl.col(WITHDRAWN) & ~is_new & ~was_gone
    writes = ~pl.col(WITHDRAWN) & (is_new | was_gone | pl.col("differs"))
    rows = rows.with_columns(
        withdraws.alias("withdraws"),
        (writes & (is_new | was_gone)).alias("adds"),
        (writes & ~is_new & ~was_gone).alias("changes"),
    ).with_columns(
        # A withdrawal repeats what it withdraws, so that the record reads by itself.
        pl.when(pl.col("withdraws")).then(pl.col("held")).otherwise(pl.col("payload")).alias("payload")
    )
    kept = rows.filter(pl.col("withdraws") | pl.col("adds") | pl.col("changes"))
    added, changed, withdrawn = (int(rows[name].sum()) for name in ("adds", "changes", "withdraws"))
    named = known.filter(~pl.col("gone")).join(incoming.select("key"), on="key", how="semi").height
    return Delta(kept, added, changed, rows.height - kept.height, withdrawn, in_force - named)


def _must_be_finite(sheet: SheetRows) -> None:
    """JSON knows no infinity: 1e400 would be kept as nothing at all, without a word."""
    for name in sheet.register.columns:
        if name in sheet.frame.columns and sheet.frame.schema[name] == pl.Float64:
            wrong = (~sheet.frame[name].is_finite()).fill_null(False).arg_true()
            if len(wrong):
                row = int(sheet.frame[ROW][wrong[0]]) if ROW in sheet.frame.columns else None
                raise BadInput(
                    Problem(
                        "store.no-number",
                        Place(
                            sheet=sheet.sheet,
                            row=row,
                            column=sheet.headings.get(name, name),
                        ),
                        Text("数值超出范围，无法保存", "the number is out of range and cannot be kept"),
                        Text("核对该数", "check the number"),
                    )
                )


def _encoded(sheet: SheetRows) -> pl.DataFrame:
    """key and payload as JSON text. Columns of the frame that the register has not are left out."""
    frame, names = sheet.frame, [name for name in sheet.register.columns if name in sheet.frame.columns]
    extra = {
        TYPED: pl.lit(None, dtype=pl.String),
        WITHDRAWN: pl.lit(False),
        REASON: pl.lit(None, dtype=pl.String),
        ROW: pl.lit(None, dtype=pl.Int64),
    }
    frame = frame.with_columns(**{name: default for name, default in extra.items() if name not in frame.columns})
    return frame.select(
        pl.struct(sheet.register.key).struct.json_encode().alias("key"),
        pl.struct(names).struct.json_encode().alias("payload"),
        pl.col(TYPED).alias("typed"),
        pl.col(ROW).alias("row"),
        pl.col(WITHDRAWN).fill_null(False),
        pl.col(REASON),
    )


def _differs(rows: pl.DataFrame) -> pl.Series:
    """Equal texts are equal facts; where the texts differ the values decide (1 and 1.0 are one number, and a
    column that was added to the register since is no change as long as it is empty)."""
    differs = (rows["payload"] != rows["held"]).fill_null(False)
    doubtful = differs.arg_true()
    if doubtful.is_empty():
        return differs
    pairs = zip(rows["payload"].gather(doubtful), rows["held"].gather(doubtful), strict=True)
    same = [index for index, (new, old) in zip(doubtful, pairs, strict=True) if _facts(new) == _facts(old)]
    return differs.scatter(same, False) if same else differs


def _facts(payload: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(payload).items() if value is not None}
