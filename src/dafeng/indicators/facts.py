"""Registers as polars frames: one row per record, ``_record`` its id, ``period`` its year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Register

RECORD = "_record"
PERIOD, MONTH = "period", "period_month"

DTYPES: Mapping[str, Any] = {
    "number": pl.Float64,
    "integer": pl.Int64,
    "year": pl.Int64,
    "date": pl.Date,
    "bool": pl.Boolean,
}


def dtype_of(column_type: str) -> Any:
    """polars type in which a column of that type is held; whatever is not a number, date or mark is text."""
    return DTYPES.get(column_type, pl.String)


def schema_of(register: Register) -> dict[str, Any]:
    return {name: dtype_of(column.type) for name, column in register.columns.items()} | {RECORD: pl.Int64}


def frame_of_rows(register: Register, rows: Iterable[Mapping[str, Any]], first_record: int = 1) -> pl.DataFrame:
    """Rows as plain values (a golden case, a form) → frame of the register; columns not given are missing."""
    rows = list(rows)
    columns: dict[str, list[Any]] = {
        name: [_plain(row.get(name), column.type) for row in rows] for name, column in register.columns.items()
    }
    columns[RECORD] = list(range(first_record, first_record + len(rows)))
    return pl.DataFrame(columns, schema=schema_of(register))


def _plain(value: Any, column_type: str) -> Any:
    if value is None:
        return None
    if column_type == "date" and isinstance(value, str):
        return dt.date.fromisoformat(value)
    if column_type in ("number",):
        return float(value)
    return value if column_type in DTYPES else str(value)


class Facts:
    """The frames that indicators are computed on.

    frame_of: register id → its current records (columns of the register and ``_record``), or None.
    known: registers that hold records even where the frame handed in is a part of them, so that "none of the
    rows" (0) stays apart from "no data" (missing).
    """

    def __init__(
        self,
        catalogue: Catalogue,
        frame_of: Callable[[str], pl.DataFrame | None] | Mapping[str, pl.DataFrame],
        known: Mapping[str, set[int]] | None = None,
    ):
        self.catalogue = catalogue
        self._frame_of = frame_of.get if isinstance(frame_of, Mapping) else frame_of
        self._frames: dict[str, pl.DataFrame | None] = {}
        self._joined: dict[tuple[str, tuple[str, ...]], pl.DataFrame] = {}
        self._years: dict[str, set[int]] = {name: set(years) for name, years in (known or {}).items()}

    def frame(self, register: str) -> pl.DataFrame | None:
        """The register's records with ``period`` and ``period_month``; None where there are none."""
        if register not in self._frames:
            frame = self._frame_of(register)
            usable = frame is not None and frame.height > 0
            self._frames[register] = (
                _with_period(self.catalogue.registers[register], frame) if usable and frame is not None else None
            )
        return self._frames[register]

    def has(self, register: str) -> bool:
        return register in self._years or self.frame(register) is not None

    def years(self, register: str) -> set[int]:
        """Years for which the register holds at least one row."""
        if register not in self._years:
            frame = self.frame(register)
            has_period = frame is not None and PERIOD in frame.columns
            self._years[register] = (
                set(frame[PERIOD].drop_nulls().to_list()) if has_period and frame is not None else set()
            )
        return self._years[register]

    def joined(self, register: str, names: Iterable[str]) -> pl.DataFrame:
        """The frame with the columns of the rows that its ``ref`` columns name: ``building.use`` beside
        ``building``, and ``_record:building`` the id of the row it came from."""
        refs = tuple(sorted({name.partition(".")[0] for name in names if "." in name}))
        if (register, refs) not in self._joined:
            frame = self.frame(register)
            if frame is None:
                frame = _with_period(
                    self.catalogue.registers[register], frame_of_rows(self.catalogue.registers[register], ())
                )
            for ref in refs:
                frame = self._join(register, ref, frame)
            self._joined[register, refs] = frame
        return self._joined[register, refs]

    def _join(self, register: str, ref: str, frame: pl.DataFrame) -> pl.DataFrame:
        target = self.catalogue.registers[register].columns[ref].to
        assert target is not None
        other = self.catalogue.registers[target]
        there = self.frame(target)
        if there is None:
            there = frame_of_rows(other, ())
        named = {name: f"{ref}.{name}" for name in other.columns}
        right = there.select([*other.columns, RECORD]).rename({**named, RECORD: f"{RECORD}:{ref}"})
        return frame.join(right, left_on=ref, right_on=f"{ref}.{other.key[0]}", how="left", coalesce=False)


def _with_period(register: Register, frame: pl.DataFrame) -> pl.DataFrame:
    if register.period is None:
        return frame
    column = pl.col(register.period)
    match register.columns[register.period].type:
        case "date":
            return frame.with_columns(
                column.dt.year().cast(pl.Int64).alias(PERIOD), column.dt.month().cast(pl.Int64).alias(MONTH)
            )
        case "month":
            return frame.with_columns(
                column.str.slice(0, 4).cast(pl.Int64, strict=False).alias(PERIOD),
                column.str.slice(5, 2).cast(pl.Int64, strict=False).alias(MONTH),
            )
        case "year" | "integer":
            return frame.with_columns(column.alias(PERIOD))
    # A quarter or another named period begins with its year (2025Q3).
    return frame.with_columns(column.str.slice(0, 4).cast(pl.Int64, strict=False).alias(PERIOD))
