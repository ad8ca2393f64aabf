"""Methods and layouts: does a method find its facts, its factors and its rows?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from dafeng.catalogue.load import Catalogue
from dafeng.catalogue.schema import Emits, Layout, Method, Register
from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.expressions import BASE, BOOL, NUMBER, parse
from dafeng.core.text import Text
from dafeng.core.units import UnitMismatch, Units

# The lines of the energy account (accounting.lines.ENERGY) as a method sees them.
_TEXTS = "level place flow sector carrier basis register unit estimate factor_calorific factor_equal"
_NUMBERS = "line year amount gce_calorific gce_equal gce_material vintage_calorific vintage_equal"
ENERGY_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(_TEXTS.split(), "text"),
    **dict.fromkeys(_NUMBERS.split(), "number"),
}
ENERGY_CHOICES: Mapping[str, str] = {"sector": "energy_sectors", "carrier": "energy_carriers"}
# What a district chooses in its settings; a method may name the choice instead of a factor.
POLICY = frozenset({"policy.electricity", "policy.heat", "policy.electricity_equal"})
_GWP_SETS = ("sar", "ar4", "ar5", "ar6")
_HOLE = re.compile(r"\{([^{}]*)\}")
_TYPES = {"number": "number", "integer": "number", "year": "number", "date": "date", "bool": "bool"}
_KEYS_WITH_REASON = frozenset({"NE", "IE", "C"})


def check_layout(catalogue: Catalogue, layout: Layout) -> Iterator[Problem]:
    """Codes that occur twice, parents that are not there or are their own, and keys without their reason."""
    file = catalogue.files.get(("layouts", layout.id), ("",))[-1]
    codes: dict[str, str | None] = {}
    for row in layout.rows:
        here = Place(file, item=layout.id, field=f"rows › {row.code}")
        if row.code in codes:
            yield Problem(
                "catalogue.double-row",
                here,
                Text(f"行代码 {row.code} 出现两次", f"the row code {row.code} occurs twice"),
                Text("每行的代码须不同", "give each row a code of its own"),
            )
        codes[row.code] = row.parent
    for row in layout.rows:
        here = Place(file, item=layout.id, field=f"rows › {row.code}")
        if row.parent is not None and row.parent not in codes:
            yield _no_row(here, row.parent, layout.id)
        if _circles(row.code, codes):
            yield Problem(
                "catalogue.row-in-itself",
                here,
                Text("该行是自己的上级", "the row is its own parent"),
                Text("改正 parent", "mend “parent”"),
            )
        if row.key in _KEYS_WITH_REASON and row.reason is None and not _has_children(row.code, codes):
            yield Problem(
                "catalogue.key-without-reason",
                here,
                Text(f"记号 {row.key} 没有写明理由", f"the key {row.key} has no reason"),
                Text("用 reason 写明为何未估算、并入何处或为何保密", "say in “reason” why, or where it is included"),
            )


def check_method(catalogue: Catalogue, method: Method) -> Iterator[Problem]:
    """Register, columns, expressions, factors and rows that a method names and that do not exist."""
    place = Place(catalogue.files.get(("methods", method.id), ("",))[-1], item=method.id)
    register = catalogue.registers.get(method.from_)
    if register is None and method.from_ != "energy":
        yield Problem(
            "catalogue.unknown-reference",
            Place(place.file, item=place.item, field="from"),
            Text(f"registers 中没有 {method.from_}", f"there is no {method.from_} in registers"),
            Text("写已有台账的 id，或 energy（能源账户）", "name a register, or energy (the energy account)"),
        )
        return
    names = dict(ENERGY_COLUMNS) if register is None else _names(catalogue, register)
    yield from _expression(method.value, names, Place(place.file, item=place.item, field="value"), NUMBER)
    if method.where is not None:
        yield from _expression(method.where, names, Place(place.file, item=place.item, field="where"), BOOL)
    options = _options(catalogue, register, method.by)
    if method.by is not None and method.by not in names:
        yield _no_column(Place(place.file, item=place.item, field="by"), method.by)
    for name, value in method.parameters.items():
        here = Place(place.file, item=place.item, field=f"parameters › {name}")
        if value not in names and not _number(value):
            yield from _factor(catalogue, register, names, value, here)
    for number, emits in enumerate(method.emits, start=1):
        here = Place(place.file, item=place.item, field=f"emits › {number}")
        if emits.where is not None:
            yield from _expression(emits.where, names, here, BOOL)
        yield from _gas(catalogue, register, names, emits.gas, here)
        if emits.factor is not None:
            yield from _factor(catalogue, register, names, emits.factor, here)
        elif method.kernel is None:
            yield Problem(
                "catalogue.no-way-to-emit",
                here,
                Text("既没有因子，方法也没有 kernel", "there is no factor, and the method has no kernel"),
                Text("写 factor，或在方法中写 kernel", "give a factor, or a kernel of the method"),
            )
        yield from _rows(catalogue, emits, options, here)


def check_method_units(catalogue: Catalogue) -> Iterator[Problem]:
    """Factors that a method's activity cannot be multiplied with to give a gas: t × tCO2/万kWh. Apart, since it takes
    the library of units. A template is left out: the factor that it will find may be a district's own."""
    for method in catalogue.methods.values():
        place = Place(catalogue.files.get(("methods", method.id), ("",))[-1], item=method.id)
        for number, emits in enumerate(method.emits, start=1):
            factor = catalogue.factors.get(emits.factor or "")
            if method.kernel is not None or factor is None or not catalogue.unit_table.knows(method.unit):
                continue
            if not _gives_gas(catalogue, method.unit, factor.unit, emits.gas):
                yield Problem(
                    "catalogue.factor-unit",
                    Place(place.file, item=place.item, field=f"emits › {number} › factor"),
                    Text(
                        f"活动水平（{method.unit}）乘以因子（{factor.unit}）得不到气体的质量",
                        f"activity ({method.unit}) times the factor ({factor.unit}) is no mass of a gas",
                    ),
                    Text("改活动水平的单位，或换因子", "change the unit of the activity, or take another factor"),
                )


def _gives_gas(catalogue: Catalogue, activity: str, factor: str, gas: str) -> bool:
    definitions = catalogue.unit_table.definitions
    if factor not in definitions:
        return True  # Said elsewhere.
    product = Units({"product": f"({definitions[activity]}) * ({definitions[factor]})", "CO2": "tCO2e", "mass": "kg"})
    try:
        product.factor("product", "CO2" if gas == "CO2" else "mass")
    except UnitMismatch:
        return False
    return True


def _names(catalogue: Catalogue, register: Register) -> dict[str, str]:
    names = {"year": "number", "period": "number"}
    for name, column in register.columns.items():
        names[name] = _TYPES.get(column.type, "text")
        if column.to is not None and column.to in catalogue.registers:
            far = catalogue.registers[column.to].columns
            names |= {f"{name}.{other}": _TYPES.get(one.type, "text") for other, one in far.items()}
    return names


def _expression(source: str, names: Mapping[str, str], place: Place, expect: str) -> Iterator[Problem]:
    try:
        parse(source, names, BASE, place=place, expect=expect)
    except BadInput as error:
        yield from error.problems


def _options(catalogue: Catalogue, register: Register | None, column: str | None) -> tuple[str, ...] | None:
    """The values that a column can take; None when they are not a closed list."""
    if column is None:
        return None
    if register is None:
        listed = ENERGY_CHOICES.get(column)
    else:
        listed = register.columns[column].of if column in register.columns else None
    held = catalogue.choices.get(listed) if listed is not None else None
    return tuple(held.options) if held is not None else None


def _factor(
    catalogue: Catalogue, register: Register | None, names: Mapping[str, str], template: str, place: Place
) -> Iterator[Problem]:
    """A factor id, or a template of one: at least one value of its columns must name a factor."""
    holes = list(dict.fromkeys(_HOLE.findall(template)))
    if any(hole in POLICY for hole in holes):
        return
    unknown = [hole for hole in holes if hole not in names]
    for hole in unknown:
        yield _no_column(place, hole)
    if unknown:
        return
    values = [_options(catalogue, register, hole) for hole in holes]
    if any(value is None for value in values):
        pattern = re.compile("".join(map(_open, re.split(r"(\{[^{}]*\})", template))) + r"\Z")
        found = any(pattern.match(name) for name in catalogue.factors)
    else:
        filled = itertools.product(*(value or () for value in values))
        found = any(_fill(template, holes, one) in catalogue.factors for one in filled)
    if not found:
        yield Problem(
            "catalogue.no-such-factor",
            place,
            Text(f"没有与 {template} 相应的因子", f"there is no factor for {template}"),
            Text(
                "写因子 id、含 {列名} 的因子 id，或 {policy.electricity}",
                "give a factor's id, one with {column} in it, or {policy.electricity}",
            ),
        )


def _gas(
    catalogue: Catalogue, register: Register | None, names: Mapping[str, str], gas: str, place: Place
) -> Iterator[Problem]:
    """A gas, or a template of one, for which some set of warming potentials has a value."""
    holes = list(dict.fromkeys(_HOLE.findall(gas)))
    for hole in (one for one in holes if one not in names):
        yield _no_column(place, hole)
        return
    listed = [_options(catalogue, register, hole) or () for hole in holes]
    named = [_fill(gas, holes, one) for one in itertools.product(*listed)]
    slugs = {one.lower().replace("-", "_").replace("hfc_", "hfc") for one in named}
    if not any(f"gwp_{slug}_{set_}" in catalogue.factors for slug in slugs for set_ in _GWP_SETS):
        yield Problem(
            "catalogue.gas-without-potential",
            place,
            Text(f"气体 {gas} 没有增温潜势", f"the gas {gas} has no warming potential"),
            Text("写 CO2、CH4 等，或添加因子 gwp_…_ar5", "write CO2, CH4 and so on, or add a factor gwp_…_ar5"),
        )


def _open(part: str) -> str:
    return "[a-z0-9_]+" if part.startswith("{") else re.escape(part)


def _fill(template: str, holes: list[str], values: tuple[str, ...]) -> str:
    for hole, value in zip(holes, values, strict=True):
        template = template.replace(f"{{{hole}}}", value)
    return template


def _rows(catalogue: Catalogue, emits: Emits, options: tuple[str, ...] | None, place: Place) -> Iterator[Problem]:
    inventory = {row.code for layout in catalogue.layouts.values() if layout.id != "gpc" for row in layout.rows}
    gpc = {row.code for layout in catalogue.layouts.values() if layout.id == "gpc" for row in layout.rows}
    for field, named, known in (("row", emits.row, inventory), ("gpc", emits.gpc, gpc)):
        here = Place(place.file, item=place.item, field=f"{place.field} › {field}")
        if isinstance(named, dict):
            if options is None:
                yield Problem(
                    "catalogue.rows-without-by",
                    here,
                    Text("按取值分行须先用 by 写明哪一列", "rows by value need the column that “by” names"),
                    Text("写 by: 选项列的名称", "write by: and the name of a choice column"),
                )
                continue
            for value in (one for one in named if one not in options):
                yield _no_option(here, value)
            for value in (one for one in options if one not in named):
                yield Problem(
                    "catalogue.value-without-row",
                    here,
                    Text(f"取值 {value} 没有对应的行", f"the value {value} has no row"),
                    Text("给每个取值写一行", "give every value a row"),
                )
        codes = named.values() if isinstance(named, dict) else [named] if named is not None else []
        for code in dict.fromkeys(codes):
            if code not in known:
                yield _no_row(here, code, field)


def _circles(code: str, parents: Mapping[str, str | None]) -> bool:
    above, seen = parents.get(code), set()
    while above is not None and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _has_children(code: str, parents: Mapping[str, str | None]) -> bool:
    return code in parents.values()


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _no_column(place: Place, name: str) -> Problem:
    return Problem(
        "catalogue.no-such-column",
        place,
        Text(f"没有名为 {name} 的列", f"there is no column called {name}"),
        Text("写该台账（或能源账户）的列名", "name a column of the register (or of the energy account)"),
    )


def _no_option(place: Place, value: str) -> Problem:
    return Problem(
        "catalogue.no-such-option",
        place,
        Text(f"{value} 不是该列的取值", f"{value} is no value of that column"),
        Text("写选项表中的代码", "use a code of the list of choices"),
    )


def _no_row(place: Place, code: str, layout: str) -> Problem:
    return Problem(
        "catalogue.no-such-row",
        place,
        Text(f"表 {layout} 中没有行 {code}", f"the table {layout} has no row {code}"),
        Text("写 layouts 中已有的行代码，或添加该行", "use a row code of layouts, or add the row"),
    )
