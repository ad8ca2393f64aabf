"""What a formula of a sheet rests on where the sheet does not list it: cells of its row, lines, records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from dafeng.accounting.account import Account
    from dafeng.accounting.tables import Cell, Column, Row, Table
    from dafeng.indicators.facts import Facts

# What formulas of the sheet of parts call the columns of their row.
_SYMBOLS = {"E_i": "energy", "GDP_i": "gdp", "C_i": "co2"}
_TOTALS = "yearly_totals"
# A figure in a formula: register.column[year], or a column of the yearly totals.
_FIGURE = re.compile(r"(?:([a-z]\w*)\.)?([a-z]\w*)\[(\d{4})\]")
_TYPED = re.compile(r"(?P<register>[a-z]\w*)(?:#(?P<record>\d+)|\.(?P<column>\w+)(?:\[(?P<year>\d{4})[^\]]*\])?)")
# Sheets made from a register's months: rows of carriers, and rows of receivers named by a word of the register.
_MONTHS = {"early_warning": ("monthly_energy", "dual_control_monthly")}


def implied(table: Table, row: Row, column: Column, cell: Cell) -> dict[str, str]:
    """Inputs that a formula names without listing them: figures of registers and other cells of its row."""
    if cell.formula is None or cell.inputs:
        return {}
    found = {
        f"{name}[{year}]": f"{register or _TOTALS}.{name}[{year}]"
        for register, name, year in _FIGURE.findall(cell.formula)
    }
    for word in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", cell.formula)):
        name = _SYMBOLS.get(word, word)
        if name in row.cells and name != column.id:
            found[word] = f"ACC.{table.id}.{row.code}.{name}"
    return found


def lines_behind(account: Account, table: Table, row: Row, column: Column) -> tuple[str, str, pl.DataFrame] | None:
    """(kind, measure, lines) behind a figure that a sheet takes from the account as a whole; None for all others."""
    from dafeng.accounting.account import lines_of_total

    kind = {"energy": "energy", "energy_own": "energy", "co2": "emissions", "co2_own": "emissions"}.get(column.id)
    own = table.id == "dual_control" and column.id.endswith("_own")
    if kind is None or not (own or table.id == "dual_control_parts"):
        return None
    frame = account.energy if kind == "energy" else account.emissions
    measure = "gce_equal" if kind == "energy" else "gas_g"
    if own:
        return kind, measure, lines_of_total(kind, frame, "district", "", int(row.code))
    level, _, name = row.code.partition(".")
    if name == "rest":
        return None
    if level == "sector":
        lines = lines_of_total(kind, frame, "district", "", table.year)
        return kind, measure, lines.filter(lines["sector"] == name)
    return kind, measure, lines_of_total(kind, frame, level, name, table.year)


def records_behind(facts: Facts, table: Table, row: Row) -> dict[str, set[int]]:
    """The records of the months that a row of the early warning looks at: its year and those before."""
    found: dict[str, set[int]] = {}
    for register in _MONTHS.get(table.id, ()):
        frame = facts.frame(register)
        word = row.code.rpartition(".")[2]
        if frame is None:
            continue
        whole = row.code == "energy" and register == "monthly_energy"
        chosen = frame if whole else frame.filter(_any_is(frame, word))
        if chosen.height:
            found[register] = set(chosen["_record"].to_list())
    return found


def records_named(facts: Facts, words: str) -> dict[str, set[int]]:
    """The records that words such as ``yearly_totals.energy[2025] = 148.6`` or ``register#34532`` name."""
    named = _TYPED.match(words)
    if named is None or named["register"] not in facts.catalogue.registers:
        return {}
    if named["record"]:
        return {named["register"]: {int(named["record"])}}
    frame = facts.frame(named["register"])
    if frame is None or (named["year"] and "period" not in frame.columns):
        return {}
    if named["year"]:
        frame = frame.filter(frame["period"] == int(named["year"]))
    if named["column"] in frame.columns:
        frame = frame.filter(frame[named["column"]].is_not_null())
    return {named["register"]: set(frame["_record"].to_list())}


def _any_is(frame: pl.DataFrame, word: str) -> pl.Series:
    """Whether any word of a row is this one."""
    import polars as pl

    return frame.select(pl.any_horizontal(pl.col(pl.String) == word).fill_null(False)).to_series()
