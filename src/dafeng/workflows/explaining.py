"""``dafeng explain``: a figure with its formula, its values, its factors, its records down to the cell."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.district import District
from dafeng.workflows.running import default_year, evaluation

if TYPE_CHECKING:
    from dafeng.catalogue import Catalogue
    from dafeng.catalogue.schema import Column
    from dafeng.indicators import Evaluation, Figure
    from dafeng.store import RecordInfo, Store


# The years that plans and settings may name.
_YEARS = range(1990, 2101)


@dataclass(frozen=True)
class Explanation:
    """A figure and everything below it, as data. ``earlier`` is the latest year before with a figure, when the year
    asked has none; ``tree`` is the figure with its inputs, factors (with standard and
    clause) and other figures; ``records`` hold file, sheet, row, cells and values, by register."""

    tree: Mapping[str, Any]
    earlier: Mapping[str, Any] | None
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    omitted: Mapping[str, int]
    confirmed: Mapping[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.tree,
            "earlier": self.earlier,
            "confirmed": self.confirmed,
            "records": self.records,
            "omitted": self.omitted,
        }


@machine_in_words()
def explain(
    district: District,
    number: str,
    year: int | None = None,
    *,
    start: int | None = None,
    as_known: dt.date | None = None,
    most: int = 200,
) -> Explanation:
    """Explain ``IND.<id>`` (or a bare id) in a year. most: records listed per register (the rest is counted).

    Raises BadInput when there is no such figure or no such year.
    """
    for option, given in (("--year", year), ("--since", start)):
        if given is not None and given not in _YEARS:
            raise BadInput(_no_year(option, given))
    most = max(most, 0)
    catalogue = district.catalogue
    name = number.removeprefix("IND.")
    if name not in catalogue.indicators:
        raise BadInput(_unknown(catalogue, number))
    year = year if year is not None else default_year()
    with district.open_store() as store:
        work = evaluation(district, store, as_known)
        figure = work.figure(name, year, start)
        ids = {register: sorted(found) for register, found in figure.records().items()}
        held = {register: store.records(found[:most]) for register, found in ids.items()}
        records = {register: [record_as_data(catalogue, info) for info in infos] for register, infos in held.items()}
        omitted = {register: len(found) - most for register, found in ids.items() if len(found) > most}
        earlier = _earlier(work, figure) if figure.value is None else None
        return Explanation(
            tree_of(catalogue, figure), earlier, records, omitted, _confirmed(catalogue, store, name, year, as_known)
        )


def _earlier(work: Evaluation, figure: Figure) -> dict[str, Any] | None:
    """The latest year before, down to the base year, that has a figure."""
    for year in range(figure.year - 1, work.base_year - 1, -1):
        value = work.figure(figure.indicator, year).value
        if value is not None:
            return {"year": year, "value": value}
    return None


def tree_of(catalogue: Catalogue, figure: Figure) -> dict[str, Any]:
    """A figure as nested plain data."""
    entry = catalogue.indicators[figure.indicator]
    return {
        "id": f"IND.{figure.indicator}",
        "name": both(entry.name),
        "year": figure.year, "start": figure.start, "value": figure.value, "unit": figure.unit,
        "unit_words": unit_in_words(catalogue, figure.unit),
        "why_missing": None if figure.why is None else {"zh": figure.why.zh, "en": figure.why.en},
        "formula": figure.formula,
        "source": source_as_data(catalogue, entry.source) if entry.source else None,
        "inputs": [
            {
                "name": drawn.name, "register": drawn.register,
                "register_name": both(catalogue.registers[drawn.register].name),
                "where": drawn.where, "value_as": drawn.value_as, "value": drawn.value,
                "records": len(drawn.records),
                "referred": {register: len(found) for register, found in drawn.referred.items()},
            }
            for drawn in figure.drawn
        ],
        "factors": [
            {
                "id": used.factor,
                "name": both(catalogue.factors[used.factor].name),
                "value": used.value, "unit": used.unit, "unit_words": unit_in_words(catalogue, used.unit),
                "vintage": used.vintage,
                "source": source_as_data(catalogue, used.source),
            }
            for used in figure.factors
        ],
        "totals": [
            {
                "address": used.address, "name": used.name, "value": used.value, "unit": used.unit,
                "unit_words": unit_in_words(catalogue, used.unit),
            }
            for used in figure.totals
        ],
        "figures": [tree_of(catalogue, inner) for inner in figure.figures],
    }  # fmt: skip


def unit_in_words(catalogue: Catalogue, symbol: str) -> dict[str, str]:
    """The unit as each language writes it; a bare ratio has none."""
    return {lang: "" if symbol == "1" else catalogue.unit_words(symbol, lang) for lang in ("zh", "en")}


def both(words: Any) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def source_as_data(catalogue: Catalogue, source: Any) -> dict[str, Any]:
    standard = catalogue.standards.get(source.standard) if source.standard else None
    return {
        "standard": source.standard,
        "number": standard.number if standard else None,
        "title": both(standard.name) if standard else None,
        "clause": source.clause,
        "text": both(source.text) if source.text else None,
        "status": source.status,
    }


def _words(catalogue: Catalogue, column: Column, value: Any) -> dict[str, Any]:
    """What a code of a choice says in words."""
    option = catalogue.choices[column.of].options.get(str(value)) if column.of else None
    return {"words": {"zh": option.zh, "en": option.en}} if option else {}


def record_as_data(catalogue: Catalogue, info: RecordInfo) -> dict[str, Any]:
    register = catalogue.registers[info.register]
    return {
        "id": info.id,
        "key": dict(info.key),
        "values": {
            column: {
                "value": value,
                "name": both(register.columns[column].name),
                **_words(catalogue, register.columns[column], value),
                "cell": info.cell(column),
                **({"typed": list(info.typed[column])} if column in info.typed else {}),
            }
            for column, value in info.payload.items()
            if value is not None and column in register.columns
        },
        "file": info.source.file if info.source else None,
        "sheet": info.source.sheet if info.source else None,
        "row": info.row,
        "sha256": info.source.sha256 if info.source else None,
        "recorded_at": info.recorded_at.isoformat(),
        "recorded_by": info.recorded_by,
        "supersedes": info.supersedes,
    }


def _confirmed(
    catalogue: Catalogue, store: Store, indicator: str, year: int, as_known: dt.date | None
) -> dict[str, Any] | None:
    if "confirmed_values" not in catalogue.registers:
        return None
    frame = store.frame(catalogue.registers["confirmed_values"], as_known)
    for row in frame.iter_rows(named=True):
        if row["indicator"] == indicator and row["year"] == year:
            info = store.records([row["_record"]])[0]
            return record_as_data(catalogue, info)
    return None


def _no_year(option: str, given: int) -> Problem:
    return Problem(
        "explain.year",
        Place(field=option),
        Text(f"没有 {given} 年的数", f"there is no figure of {given}"),
        Text(f"写 {_YEARS[0]} 至 {_YEARS[-1]} 之间的年份", f"give a year between {_YEARS[0]} and {_YEARS[-1]}"),
    )


def _unknown(catalogue: Catalogue, number: str) -> Problem:
    near = difflib.get_close_matches(number.removeprefix("IND."), list(catalogue.indicators), n=3, cutoff=0.4)
    hint = "、".join(f"IND.{name}" for name in near)
    return Problem(
        "explain.unknown-figure",
        Place(item=number),
        Text(f"没有名为 {number} 的数", f"there is no figure called {number}"),
        Text(
            f"是否指 {hint}？全部见 dafeng catalogue show indicators"
            if near
            else "全部见 dafeng catalogue show indicators",
            f"did you mean {hint}? See dafeng catalogue show indicators"
            if near
            else "see dafeng catalogue show indicators",
        ),
    )
