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
# Sheets of change, and the total that each is of (its column otherwise); their ends are totals of a year.
_CHANGE = {"change": "", "change_co2": "co2", "change_energy": "energy"}
# A figure in a formula: register.column[year], or a column of the yearly totals.
_FIGURE = re.compile(r"(?:([a-z]\w*)\.)?([a-z]\w*)\[(\d{4})\]")
_TYPED = re.compile(r"(?P<register>[a-z]\w*)(?:#(?P<record>\d+)|\.(?P<column>\w+)(?:\[(?P<year>\d{4})[^\]]*\])?)")
_KINDS = {"energy": "energy", "energy_own": "energy", "co2": "emissions", "co2_own": "emissions"}
# Sheets made from a register's months: rows of carriers, and rows of receivers named by a word of the register.
_MONTHS = {"early_warning": ("monthly_energy", "dual_control_monthly")}


def implied(table: Table, row: Row, column: Column, cell: Cell) -> dict[str, str]:
    """Inputs that a formula names without listing them: figures of registers and other cells of its row."""
    if cell.formula is None or cell.inputs:
        return {}
    if table.id == "constant_factors" and column.id.endswith("_constant"):
        return {"R[t]": f"ACC.{table.id}.{row.code}.{column.id.replace('_constant', '_reported')}"}
    if table.id in _CHANGE:
        ends = [code for code in ("end", "start") if code != row.code and row.parent == "change"]
        return {code: f"ACC.{table.id}.{code}.{column.id}" for code in ends}
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

    if table.id in _CHANGE:
        return _end_of_change(account, table, row, column)
    if table.id == "constant_factors" and column.id == "energy_co2_reported":
        lines = lines_of_total("emissions", account.emissions, "district", "", int(row.code))
        return "emissions", "gas_g", lines
    kind = _KINDS.get(column.id)
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


def _end_of_change(account: Account, table: Table, row: Row, column: Column) -> tuple[str, str, pl.DataFrame] | None:
    """The lines of the first or the last year, of all sectors or of the column's own."""
    from dafeng.accounting.account import lines_of_total

    kind = _KINDS.get(_CHANGE[table.id] or column.id)
    year = row.name.en
    if kind is None or row.code not in ("start", "end") or not year.isdigit():
        return None
    frame = account.energy if kind == "energy" else account.emissions
    lines = lines_of_total(kind, frame, "district", "", int(year))
    if _CHANGE[table.id] and column.id != "total":
        lines = lines.filter(lines["sector"] == column.id)
    return kind, "gce_equal" if kind == "energy" else "gas_g", lines


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
