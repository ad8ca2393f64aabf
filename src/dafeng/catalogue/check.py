"""Do the entries of the catalogue fit together? Lists, references, units and checks of registers."""

from __future__ import annotations

from collections.abc import Iterator

from dafeng.catalogue.check_measures import check_measure
from dafeng.catalogue.check_methods import check_layout, check_method, check_method_units
from dafeng.catalogue.check_products import check_product
from dafeng.catalogue.check_refusals import refused
from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Column, Factor, Register, Source
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.expressions import BASE, BOOL, parse
from dafeng.core.text import Text


def check_catalogue(catalogue: Catalogue) -> Iterator[Problem]:
    """Problems of everything but indicators' formulas (those are the indicators room's to judge)."""
    for register in catalogue.registers.values():
        yield from _register(catalogue, register)
    for factor in catalogue.factors.values():
        yield from _factor(catalogue, factor)
    for indicator in catalogue.indicators.values():
        place = _place(catalogue, "indicators", indicator.id)
        yield from _unit(catalogue, indicator.unit, place, "unit")
        if indicator.source is not None:
            yield from _source(catalogue, indicator.source, place)
        for match in indicator.match:
            for unit in match.units:
                yield from _unit(catalogue, unit, place, "match › units")
    for kind in ("measures", "tariffs", "rules"):
        for entry in catalogue.kind(kind).values():
            place = _place(catalogue, kind, entry.id)
            parameters = entry.parameters.values() if kind == "measures" else ()
            for parameter in parameters:
                yield from _unit(catalogue, parameter.unit, place, "parameters")
            sources = [parameter.source for parameter in parameters] if kind == "measures" else [entry.source]
            for source in sources:
                yield from _source(catalogue, source, place)
    for template in catalogue.models.values():
        yield from _source(catalogue, template.source, _place(catalogue, "models", template.id))
    for measure in catalogue.measures.values():
        yield from check_measure(catalogue, measure, _place(catalogue, "measures", measure.id))
    for layout in catalogue.layouts.values():
        yield from _source(catalogue, layout.source, _place(catalogue, "layouts", layout.id))
        yield from check_layout(catalogue, layout)
    for method in catalogue.methods.values():
        place = _place(catalogue, "methods", method.id)
        yield from _source(catalogue, method.source, place)
        yield from _unit(catalogue, method.unit, place, "unit")
        yield from check_method(catalogue, method)
    for refusal in catalogue.refusals.values():
        place = _place(catalogue, "refusals", refusal.id)
        yield from _source(catalogue, refusal.source, place)
        if refusal.unit is not None:
            yield from _unit(catalogue, refusal.unit, place, "unit")
    yield from refused(catalogue)
    yield from _spellings(catalogue)
    for standard in catalogue.standards.values():
        if standard.replaces and standard.replaces not in catalogue.standards:
            yield _missing(_place(catalogue, "standards", standard.id), "replaces", "standards", standard.replaces)


def _spellings(catalogue: Catalogue) -> Iterator[Problem]:
    """A spelling that two units claim would make a conversion a matter of luck."""
    owner: dict[str, str] = {}
    for unit in catalogue.units.values():
        for symbol in unit.symbols:
            if owner.setdefault(symbol, unit.id) != unit.id:
                yield Problem(
                    "catalogue.double-spelling",
                    Place(_place(catalogue, "units", unit.id).file, item=unit.id, field="symbols"),
                    Text(
                        f"写法“{symbol}”已属于 {owner[symbol]}", f"the spelling “{symbol}” belongs to {owner[symbol]}"
                    ),
                    Text("每种写法只能属于一个单位", "each spelling belongs to one unit"),
                )


def check_units(catalogue: Catalogue) -> Iterator[Problem]:
    """Definitions of units that cannot be read, and factors that do not fit their activity. Apart, since it takes the
    library of units."""
    yield from check_method_units(catalogue)
    for unit in catalogue.units.values():
        if catalogue.unit_table.malformed(unit.symbols[0]):
            yield Problem(
                "catalogue.unit-definition",
                Place(_place(catalogue, "units", unit.id).file, item=unit.id, field="pint"),
                Text(f"单位的定义“{unit.pint}”写法不对", f"the definition “{unit.pint}” is not well formed"),
                Text("例如 1e4 * kW，计数的写 count:座", "for example 1e4 * kW; what is counted is written count:座"),
            )


def _place(catalogue: Catalogue, kind: str, name: str) -> Place:
    return Place(file=catalogue.files.get((kind, name), ("",))[-1], item=name)


def _register(catalogue: Catalogue, register: Register) -> Iterator[Problem]:
    place = _place(catalogue, "registers", register.id)
    for field in (*register.key, *((register.period,) if register.period else ())):
        if field not in register.columns:
            yield Problem(
                "catalogue.no-such-column",
                Place(place.file, item=place.item, field="key"),
                Text(f"没有名为 {field} 的列", f"there is no column called {field}"),
                Text("key 与 period 只能写已有的列", "key and period name columns of the register"),
            )
    for field in register.key:
        if field in register.columns and register.columns[field].optional:
            yield Problem(
                "catalogue.optional-key",
                Place(place.file, item=place.item, field=f"columns › {field}"),
                Text("作为主键的列不能是选填", "a column of the key cannot be optional"),
                Text("去掉 optional: true", "remove optional: true"),
            )
    for name, column in register.columns.items():
        yield from _column(catalogue, column, Place(place.file, item=place.item, field=f"columns › {name}"))
    yield from _source(catalogue, register.basis, place)
    kinds = _names_for_checks(catalogue, register)
    for number, check in enumerate(register.checks, start=1):
        here = Place(place.file, item=place.item, field=f"checks › {number}")
        try:
            parse(check.that, kinds, BASE, place=here, expect=BOOL)
        except BadInput as error:
            yield from error.problems


def _names_for_checks(catalogue: Catalogue, register: Register) -> dict[str, str]:
    kinds = {"number": "number", "integer": "number", "year": "number", "date": "date", "bool": "bool"}
    names = {name: kinds.get(column.type, "text") for name, column in register.columns.items()}
    for name, column in register.columns.items():
        if column.to is not None and column.to in catalogue.registers:
            there = catalogue.registers[column.to].columns
            names |= {f"{name}.{far}": kinds.get(other.type, "text") for far, other in there.items()}
    return names


def _column(catalogue: Catalogue, column: Column, place: Place) -> Iterator[Problem]:
    if column.type == "choice" and column.of not in catalogue.choices:
        yield _missing(place, "of", "choices", str(column.of))
    if column.type == "ref":
        target = catalogue.registers.get(str(column.to))
        if target is None:
            yield _missing(place, "to", "registers", str(column.to))
        elif len(target.key) != 1:
            yield Problem(
                "catalogue.ref-needs-one-key",
                place,
                Text(
                    f"台账 {column.to} 的主键有多列，不能被引用",
                    f"the register {column.to} has a key of several columns and cannot be referred to",
                ),
                Text("只引用主键为一列的台账", "refer to registers with a key of one column"),
            )
    if column.unit is not None:
        yield from _unit(catalogue, column.unit, place, "unit")


def _factor(catalogue: Catalogue, factor: Factor) -> Iterator[Problem]:
    place = _place(catalogue, "factors", factor.id)
    yield from _unit(catalogue, factor.unit, place, "unit")
    yield from check_product(catalogue, factor, place)
    seen: set[int] = set()
    for vintage in factor.values:
        yield from _source(catalogue, vintage.source, place)
        if vintage.from_year in seen:
            yield Problem(
                "catalogue.double-vintage",
                Place(place.file, item=place.item, field=f"values › {vintage.year}"),
                Text(f"有两行都从 {vintage.from_year} 年启用", f"two rows come into use in {vintage.from_year}"),
                Text("给其中一行写不同的 effective_from", "give one of them another effective_from"),
            )
        seen.add(vintage.from_year)


def _source(catalogue: Catalogue, source: Source, place: Place) -> Iterator[Problem]:
    if source.standard is None and source.text is None:
        yield Problem(
            "catalogue.no-source",
            place,
            Text("没有写明出处", "no source is given"),
            Text(
                "写 standard（条目 id）或 text（文字说明）",
                "give standard (an entry's id) or text (in words)",
            ),
        )
    elif source.standard is not None:
        standard = catalogue.standards.get(source.standard)
        if standard is None:
            yield _missing(place, "source › standard", "standards", source.standard)
        elif source.status == "official" and standard.status != "official":
            yield Problem(
                "catalogue.not-official",
                place,
                Text(
                    f"出处 {source.standard} 不是官方文本，值却标为官方",
                    f"the source {source.standard} is not an official text, yet the value is marked official",
                ),
                Text(
                    "把 status 改为 second-hand、remembered 或 assumption",
                    "set status to second-hand, remembered or assumption",
                ),
            )


def _unit(catalogue: Catalogue, unit: str, place: Place, field: str) -> Iterator[Problem]:
    if not catalogue.unit_table.knows(unit):
        yield Problem(
            "catalogue.unknown-unit",
            Place(place.file, item=place.item, field=place.field or field),
            Text(f"未登记的计量单位“{unit}”", f"the unit “{unit}” is not known"),
            Text("写 units 中的符号，或在 units 中添加", "use a symbol of units, or add it there"),
        )


def _missing(place: Place, field: str, kind: str, name: str) -> Problem:
    where = f"{place.field} › {field}" if place.field else field
    return Problem(
        "catalogue.unknown-reference",
        Place(place.file, item=place.item, field=where),
        Text(f"{kind} 中没有 {name}", f"there is no {name} in {kind}"),
        Text("改为已有的 id，或添加该条目", "use an id that exists, or add the entry"),
    )
