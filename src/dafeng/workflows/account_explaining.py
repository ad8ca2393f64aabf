"""A cell of an account's table, down to what someone typed: lines by factor, factors by clause, records by cell."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.account_factors import factor_as_data, factors_of_method
from dafeng.workflows.account_formulas import implied, lines_behind, records_behind, records_named
from dafeng.workflows.explaining import both, record_as_data, source_as_data

if TYPE_CHECKING:
    import polars as pl

    from dafeng.accounting.account import Account
    from dafeng.accounting.tables import Cell, Column, Row, Table
    from dafeng.catalogue import Catalogue
    from dafeng.indicators.facts import Facts
    from dafeng.store import Store
    from dafeng.workflows.account_making import Asked
    from dafeng.workflows.district import District

PREFIX = "ACC."
# Inputs of inputs that are followed; deeper ones are named by their address.
DEPTH = 4
_BY = {
    "emissions": (
        "method", "carrier", "gas", "factor", "vintage", "factor_value", "factor_unit", "activity_unit", "status",
        "gwp", "scope", "memo", "estimate", "year",
    ),
    "energy": (
        "flow", "carrier", "unit", "factor_calorific", "vintage_calorific", "factor_equal", "vintage_equal", "basis",
        "estimate", "year",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellExplained:
    """tree: the cell with its groups of lines, or its formula and inputs. records: by register, each with file, sheet,
    row, cells and typed values; omitted: how many more there are."""

    tree: Mapping[str, Any]
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    omitted: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        return {**self.tree, "records": self.records, "omitted": self.omitted}


@machine_in_words()
def explain_cell(district: District, address: str, asked: Asked, most: int = 200) -> CellExplained:
    """Explain ``ACC.<table>.<row>.<column>``. most: records listed per register. Raises BadInput when the account has
    no such cell."""
    from dafeng.workflows.account_making import every_table, facts_of, make_from

    table, _, _ = parts_of(address)
    with district.open_store() as store:
        account = make_from(district, store, asked, every_table() if _needs_all(table) else (table,))
        facts = facts_of(district, store, asked.as_known)
        return Explainer(account, store, facts).explain(address, max(most, 0))


def parts_of(address: str) -> tuple[str, str, str]:
    """(table, row, column): codes of rows may hold dots of their own (I.1.1)."""
    table, _, rest = address.removeprefix(PREFIX).partition(".")
    row, _, column = rest.rpartition(".")
    return table, row, column


@dataclass
class Explainer:
    """Explains any cell of one account. Records are read once."""

    account: Account
    store: Store
    facts: Facts
    _records: dict[int, Any] = field(default_factory=dict, repr=False)

    def explain(self, address: str, most: int = 200) -> CellExplained:
        used: dict[str, set[int]] = {}
        tree = self.tree(address, used, ())
        shown, omitted = {}, {}
        for register, ids in sorted(used.items()):
            shown[register] = self.records(sorted(ids)[:most])
            if len(ids) > most:
                omitted[register] = len(ids) - most
        return CellExplained(tree, shown, omitted)

    def tree(self, address: str, used: dict[str, set[int]], above: tuple[str, ...]) -> dict[str, Any]:
        table, row, column, cell = self.find(address)
        said = self._head(table, row, column, cell)
        if cell.pick is not None:
            said |= self._of_lines(table, cell, used)
        else:
            said |= self._of_formula(table, row, column, used)
        inputs = {**cell.inputs, **implied(table, row, column, cell)}
        return said | {"inputs": [self._input(name, to, used, (*above, address)) for name, to in inputs.items()]}

    def find(self, address: str) -> tuple[Table, Row, Column, Cell]:
        name, code, column_id = parts_of(address)
        tables = self.account.tables
        if name not in tables:
            from dafeng.workflows.account_making import every_table, table_of

            if name in every_table():
                table_of(self.account, name)
            raise BadInput(_unknown(address, [f"{PREFIX}{one}" for one in tables], f"{PREFIX}{name}"))
        table = tables[name]
        rows = {row.code: row for row in table.rows}
        columns = {column.id: column for column in table.columns}
        if code not in rows or column_id not in columns or column_id not in rows[code].cells:
            every = [
                address_of(table, row, column)
                for row in table.rows
                for column in table.columns
                if column.id in row.cells
            ]
            raise BadInput(_unknown(address, every, address))
        return table, rows[code], columns[column_id], rows[code].cells[column_id]

    def records(self, ids: Iterable[int]) -> list[dict[str, Any]]:
        ids = list(ids)
        lacking = [number for number in ids if number not in self._records]
        for info in self.store.records(lacking):
            self._records[info.id] = record_as_data(self.account.book.catalogue, info)
        return [self._records[number] for number in ids]

    def _head(self, table: Table, row: Row, column: Column, cell: Cell) -> dict[str, Any]:
        return {
            "id": address_of(table, row, column),
            "table": both(table.name), "row": both(row.name), "column": both(column.name),
            "year": table.year, "place": both(table.place) if table.place else None,
            "value": table.shown(row, column), "unit": column.unit, "digits": column.digits,
            "exact": cell.value, "per": column.per,
            "key": cell.key, "reason": both(cell.reason) if cell.reason else None,
            "estimated": cell.estimated / column.per,
            "formula": cell.formula, "source": _source(self.account.book.catalogue, table.source),
        }  # fmt: skip

    def _of_lines(self, table: Table, cell: Cell, used: dict[str, set[int]]) -> dict[str, Any]:
        from dafeng.accounting.account import measure_of, picked

        lines = picked(self.account.lines_of(table), cell.pick or {})
        measure = measure_of(table, cell, lines)
        for register, ids in _records_of(lines).items():
            used.setdefault(register, set()).update(ids)
        groups = self._groups(table.lines or "energy", lines, measure)
        return {"measure": measure, "lines": lines.height, "groups": groups}

    def _of_formula(self, table: Table, row: Row, column: Column, used: dict[str, set[int]]) -> dict[str, Any]:
        """The lines or records behind a figure that a sheet of formulas takes as a whole."""
        for register, ids in records_behind(self.facts, table, row).items():
            used.setdefault(register, set()).update(ids)
        found = lines_behind(self.account, table, row, column)
        if found is None:
            return {}
        kind, measure, lines = found
        for register, ids in _records_of(lines).items():
            used.setdefault(register, set()).update(ids)
        return {"measure": measure, "lines": lines.height, "groups": self._groups(kind, lines, measure)}

    def _groups(self, kind: str, lines: pl.DataFrame, measure: str | None) -> list[dict[str, Any]]:
        import polars as pl

        if not lines.height:
            return []
        amount = "activity" if kind == "emissions" else "amount"
        sums = list(dict.fromkeys((amount, *(("gas_g", "co2e_g") if kind == "emissions" else (measure or amount,)))))
        grouped = (
            lines.group_by(_BY[kind], maintain_order=True)
            .agg(pl.len().alias("lines"), *(pl.col(name).sum() for name in sums),
                 pl.struct("register", "_record").n_unique().alias("records"))
            .sort(pl.col(sums[-1]).abs(), descending=True, maintain_order=True)
        )  # fmt: skip
        say = self._emission if kind == "emissions" else self._energy
        return [say(row, measure) for row in grouped.iter_rows(named=True)]

    def _emission(self, row: Mapping[str, Any], measure: str | None) -> dict[str, Any]:
        from dafeng.accounting.lines import PER

        catalogue = self.account.book.catalogue
        method = catalogue.methods.get(row["method"])
        gwp = self.account.book.gwp(row["gas"], row["year"])
        unit = row["activity_unit"]
        return {
            **row,
            "activity": row["activity"] / PER.get(unit, 1),
            "activity_unit": READ_UNIT.get(unit, unit),
            "result": row[measure] if measure else None,
            "method_name": both(method.name) if method else None,
            "carrier_name": _option(catalogue, "energy_carriers", row["carrier"]),
            "factor_source": factor_as_data(self.account.book, row["factor"], row["year"]),
            "gwp_source": factor_as_data(self.account.book, gwp.factor, row["year"]) if gwp else None,
            "parameters": factors_of_method(self.account.book, method, row["year"]) if method else [],
            "kernel": method.kernel if method else None,
            "expression": method.value if method else None,
        }

    def _energy(self, row: Mapping[str, Any], measure: str | None) -> dict[str, Any]:
        from dafeng.accounting.lines import PER

        catalogue = self.account.book.catalogue
        factor = {"gce_calorific": row["factor_calorific"], "gce_equal": row["factor_equal"]}.get(measure or "")
        return {
            **row,
            "result": row[measure] if measure else None,
            "carrier_name": _option(catalogue, "energy_carriers", row["carrier"]),
            "flow_name": _option(catalogue, "energy_flows", row["flow"]),
            "activity": row["amount"] / PER.get(row["unit"], 1),
            "activity_unit": READ_UNIT.get(row["unit"], row["unit"]),
            "factor": factor,
            "factor_source": factor_as_data(self.account.book, factor, row["year"]) if factor else None,
        }

    def _input(self, name: str, to: str, used: dict[str, set[int]], above: tuple[str, ...]) -> dict[str, Any]:
        """What an input of a formula stands for: another cell, a factor, a register's figure, or words."""
        said: dict[str, Any] = {"name": name, "address": to}
        if to.partition(".")[0] in self.account.tables:
            to = f"{PREFIX}{to}"
        if to.startswith(PREFIX):
            if to in above or len(above) > DEPTH:
                return said
            try:
                return said | {"cell": self.tree(to, used, above)}
            except BadInput:
                return said
        # An input may be a factor by its id, or be named after one whose value it says.
        for named in (to, name):
            held = factor_as_data(self.account.book, named, self.account.year)
            if held is not None:
                return said | {"factor": held}
        for register, ids in records_named(self.facts, to).items():
            used.setdefault(register, set()).update(ids)
            said |= {"register": register, "records": len(ids)}
        return said


# Smallest unit → the unit in which people read it.
READ_UNIT = {"Wh": "万kWh", "L": "万m3", "g": "t", "kJ": "GJ", "gce": "tce"}


def address_of(table: Table, row: Row, column: Column) -> str:
    return f"{PREFIX}{table.id}.{row.code}.{column.id}"


def _needs_all(table: str) -> bool:
    """Sheets of formulas rest on other tables."""
    return table not in ("inventory", "gases", "gpc", "gpc_summary", "shares", "levels")


def _records_of(lines: pl.DataFrame) -> dict[str, set[int]]:
    held = lines.select("register", "_record").drop_nulls().unique()
    found: dict[str, set[int]] = {}
    for register, record in held.iter_rows():
        found.setdefault(register, set()).add(record)
    return found


def _source(catalogue: Catalogue, named: str | None) -> dict[str, Any] | None:
    """A table's source: a layout of the catalogue, or a standard."""
    if named is None:
        return None
    if named in catalogue.layouts:
        return source_as_data(catalogue, catalogue.layouts[named].source)
    if named in catalogue.standards:
        standard = catalogue.standards[named]
        return {
            "standard": named, "number": standard.number, "title": both(standard.name), "clause": None, "text": None,
            "status": standard.status,
        }  # fmt: skip
    return None


def _option(catalogue: Catalogue, choices: str, code: str | None) -> dict[str, str] | None:
    held = catalogue.choices.get(choices)
    option = held.options.get(code) if held and code else None
    return {"zh": option.zh, "en": option.en} if option else None


def _unknown(address: str, every: Sequence[str], like: str) -> Problem:
    near = difflib.get_close_matches(like, every, n=3, cutoff=0.3) or list(every[:3])
    return Problem(
        "explain.unknown-cell",
        Place(item=address),
        Text(f"账中没有 {address} 这一格", f"the account has no cell {address}"),
        Text(
            f"是否指 {'、'.join(near)}？写法为 ACC.表.行.列，见 dafeng account --json",
            f"did you mean {', '.join(near)}? An address is ACC.table.row.column: see dafeng account --json",
        ),
    )
