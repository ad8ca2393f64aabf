"""The Excel template of a register, empty or with the records that are held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Register
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

if TYPE_CHECKING:
    from dafeng.workflows.district import District

# More keys than this make no drop-down that anyone would scroll.
_MOST_KEYS = 2000


@dataclass(frozen=True, slots=True)
class TemplateMade:
    """path: the workbook; rows: records written into it."""

    path: Path
    register: str
    rows: int


def find_register(catalogue: Catalogue, words: str) -> Register:
    """A register by id, Chinese or English name. Raises BadInput with the nearest ones."""
    from dafeng.sources.tables.words import alike, nearest

    for register in catalogue.registers.values():
        if alike(words) in (alike(register.id), alike(register.name.zh), alike(register.name.en)):
            return register
    near = nearest(words, [word for r in catalogue.registers.values() for word in (r.id, r.name.zh, r.name.en)])
    hint, hint_en = (f"；相近的有 {'、'.join(near)}", f"; similar: {', '.join(near)}") if near else ("", "")
    raise BadInput(
        Problem(
            "template.unknown-register",
            Place(item=words),
            Text(f"没有名为“{words}”的台账{hint}", f"there is no register called “{words}”{hint_en}"),
            Text("运行 dafeng template 查看全部台账", "run dafeng template to see all registers"),
        )
    )


def make_template(
    words: str, target: Path | None, *, district: District | None, lang: str = "both", filled: bool = False
) -> TemplateMade:
    """Write the template of a register. district: whose catalogue and records to use; without one the shipped
    catalogue. filled: with the records that are held, in the form in which they load again."""
    from dafeng.report.template import TemplateOrder, rows_in_order, write_template

    catalogue = _catalogue(district)
    register = find_register(catalogue, words)
    known: Mapping[str, Sequence[str]] = {}
    rows = []
    if district is not None:
        with district.open_store() as store:
            known = _known_keys(register, catalogue, store)
            if filled:
                rows = rows_in_order(store.frame(register).drop("_record").iter_rows(named=True), register)
    path = target or Path(f"{register.id}.xlsx")
    order = TemplateOrder(
        register,
        lang,
        rows,
        known,
        district=district.name if district is not None else None,
        synthetic=district is not None and district.synthetic,
    )
    write_template(path, order, catalogue)
    return TemplateMade(path, register.id, len(rows))


def list_registers(district: District | None) -> list[Register]:
    """All registers of the catalogue, by id."""
    return sorted(_catalogue(district).registers.values(), key=lambda register: register.id)


def _catalogue(district: District | None) -> Catalogue:
    from dafeng.catalogue import load_catalogue

    return district.catalogue if district is not None else load_catalogue()


def _known_keys(register: Register, catalogue: Catalogue, store) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for column in register.columns.values():
        if column.type == "ref" and column.to is not None:
            keys = store.keys(catalogue.registers[column.to]).drop_nulls().cast(str).sort().to_list()
            if len(keys) <= _MOST_KEYS:
                known[column.to] = keys
    return known
