"""A sheet that has been read for a register: typed columns beside the cells they came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from dafeng.catalogue.schema import Register
from dafeng.core.errors import ERROR
from dafeng.core.text import Text
from dafeng.sources.tables.findings import Findings

ROW, TYPED, WITHDRAWN, REASON = "_row", "_typed", "_withdrawn", "_reason"


@dataclass(slots=True)
class Table:
    """frame: every column of the register by type (absent ones null), one row per record, in the sheet's order.

    rows: Excel's number of each row; columns: column → letter; headings: column → heading as written;
    typed: column → (figures as written, unit) where a unit was converted; withdrawn and reasons by row; faulty: rows
    with an error, which no further check judges.
    """

    register: Register
    sheet: str | None
    frame: pl.DataFrame
    rows: list[int]
    columns: Mapping[str, str]
    headings: Mapping[str, str]
    typed: dict[str, tuple[pl.Series, str]] = field(default_factory=dict)
    withdrawn: pl.Series | None = None
    reasons: pl.Series | None = None
    faulty: set[int] = field(default_factory=set)

    def report(
        self,
        findings: Findings,
        code: str,
        rows: list[int],
        name: str | None,
        say: Callable[[int], tuple[Text, Text]],
        *,
        level: str = ERROR,
    ) -> None:
        """A rule broken in these rows of a column (indices into the frame)."""
        if rows:
            if level == ERROR:
                self.faulty.update(rows)
            findings.cells(
                code,
                [self.rows[i] for i in rows],
                say,
                level=level,
                sheet=self.sheet,
                column=self.columns.get(name or ""),
                heading=self.headings.get(name or ""),
            )

    def finished(self) -> pl.DataFrame:
        """The frame with ``_row``, ``_typed``, ``_withdrawn`` and ``_reason``, as the store takes it."""
        parts = [
            pl.concat_str(
                pl.lit(json.dumps(name) + ":["),
                figures.alias(name).cast(pl.String),
                pl.lit(f",{json.dumps(unit, ensure_ascii=False)}]"),
            ).alias(name)
            for name, (figures, unit) in self.typed.items()
        ]
        typed = pl.Series(TYPED, [None], dtype=pl.String).new_from_index(0, len(self.rows))
        if parts:
            joined = pl.select(pl.concat_str(parts, separator=",", ignore_nulls=True)).to_series()
            typed = pl.select(pl.when(joined != "").then(pl.concat_str(pl.lit("{"), joined, pl.lit("}")))).to_series()
        return self.frame.with_columns(
            pl.Series(ROW, self.rows, dtype=pl.Int64),
            typed.alias(TYPED),
            (self.withdrawn if self.withdrawn is not None else pl.lit(False)).alias(WITHDRAWN),
            (self.reasons if self.reasons is not None else pl.lit(None, dtype=pl.String)).alias(REASON),
        )
