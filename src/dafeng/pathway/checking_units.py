"""Units of a model: every expression gives what its row says, and activity times intensity is energy."""

from __future__ import annotations

import ast
from dataclasses import replace

from dafeng.core.errors import Place, Problems
from dafeng.core.units import Units
from dafeng.pathway.model import Cell, Model
from dafeng.pathway.reading_parts import nearest
from dafeng.pathway.series import Series, points
from dafeng.pathway.series_units import Clash, Measure, UnknownUnit, check_units, conversion, measure

# A gram of CO2 is written as a mass in many tables; here the carrier says that the mass is CO2.
_MASS_OF_CO2 = Measure(1e-6, (("g", -1), ("tCO2e", 1)))
# What the model makes of a branch, beside what its row says.
_COMPUTED = ("energy", "co2")


def measure_at(problems: Problems, place: Place, unit: str, units: Units) -> Measure | None:
    """The unit, or a problem with the part that is not known."""
    try:
        return measure(unit, units)
    except UnknownUnit as error:
        part = str(error)
        near = nearest(part, units.definitions)
        hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
        problems.add(
            "pathway.unknown-unit",
            place,
            f"不认识单位“{part}”{hint_zh}",
            f"the unit “{part}” is not known{hint_en}",
            fix_zh="用单位表中的写法，如 万m2、kWh/m2、tCO2/MWh",
            fix_en="write a unit of the catalogue, such as 万m2, kWh/m2 or tCO2/MWh",
        )
        return None


def scale_of(
    problems: Problems, place: Place, activity: str, intensity: str, energy: str, units: Units, *, emission: bool
) -> float:
    """How many units of the carrier's energy one unit of activity times one of intensity is."""
    parts = [measure_at(problems, place, unit, units) for unit in (activity, intensity, energy)]
    one, other, target = parts
    if one is None or other is None or target is None:
        return 1.0
    product = one.times(other)
    factor = conversion(product, target)
    if factor is None and emission:
        factor = conversion(product.times(_MASS_OF_CO2), target)
    if factor is None:
        problems.add(
            "pathway.unit-product",
            place,
            f"{activity} × {intensity} 不能换算为 {energy}",
            f"{activity} × {intensity} cannot be converted to {energy}",
            fix_zh=f"强度单位应为 能源单位/{activity}，能源单位可换算为 {energy}",
            fix_en=f"the unit of intensity must be a unit of energy per {activity} that converts to {energy}",
        )
        return 1.0
    return factor


def _lookup(model: Model, key: str, known: dict[str, Measure | None]) -> Measure | None:
    if key not in known:
        known[key] = _measure_of(model, key)
    return known[key]


def _measure_of(model: Model, key: str) -> Measure | None:
    path, _, field = key.removeprefix("branches/").rpartition("/")
    if key in model.cells:
        unit = model.cells[key].unit
    elif field in _COMPUTED and path in model.branch:
        unit = "tCO2" if field == "co2" else model.carriers[model.branch[path].carrier].unit
    else:
        return None
    try:
        return measure(unit, model.units)
    except UnknownUnit:
        return None  # Told where the unit itself is read.


def cell_in_units(
    problems: Problems, model: Model, cell: Cell, series: Series, known: dict[str, Measure | None]
) -> Cell:
    _check_points(problems, model, series)
    row = _lookup(model, cell.key, known)
    if row is None:
        return cell
    scales, clashes = check_units(series, row, model.years.base, lambda key: _lookup(model, key, known))
    for clash in clashes:
        _clash(problems, series, clash, cell.unit)
    return replace(cell, series=replace(series, scales=scales))


def in_units(problems: Problems, model: Model, cell: Cell, series: Series) -> Series:
    """A series that stands in a cell of a checked model, with its conversions of unit."""
    return cell_in_units(problems, model, cell, series, {}).series


def _check_points(problems: Problems, model: Model, series: Series) -> None:
    """Years of interp, step and at are written as numbers, ascending, each point with its value."""
    for node in ast.walk(series.tree):
        years = points(node)
        if years is None or not isinstance(node, ast.Call):
            continue
        numbers = [one.value for one in years if isinstance(one, ast.Constant) and isinstance(one.value, int)]
        whole = len(numbers) == len(years) and numbers == sorted(set(numbers)) and len(node.args) % 2 == 0
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if not whole:
            problems.add(
                "pathway.points",
                series.place,
                f"{name} 应写作 {name}(年份, 值, 年份, 值, …)，年份为由小到大的整数",
                f"{name} is written {name}(year, value, year, value, …), with whole years in ascending order",
                fix_zh="例如 interp(2030, 0.45, 2035, 0.36)",
                fix_en="for example interp(2030, 0.45, 2035, 0.36)",
            )
        elif name == "at" and numbers[0] not in model.years.all:
            problems.add(
                "pathway.year-outside",
                series.place,
                f"{numbers[0]}年不在模型的年份之内（{model.years.first}—{model.years.last}）",
                f"{numbers[0]} is not a year of the model ({model.years.first} to {model.years.last})",
                fix_zh="写模型之内的年份",
                fix_en="write a year of the model",
            )


def _clash(problems: Problems, series: Series, clash: Clash, unit: str) -> None:
    found, wanted = spelled(clash.found), spelled(clash.wanted)
    problems.add(
        "pathway.unit",
        series.place,
        f"“{clash.part}”的单位是 {found}，此处需要 {wanted}（这一行的单位：{unit or '1'}）",
        f"“{clash.part}” is in {found}, {wanted} is needed here (the unit of this row: {unit or '1'})",
        fix_zh="改正单位；带单位的常数请写成驱动因素并注明单位",
        fix_en="mend the unit; write a constant that has a unit as a driver with that unit",
    )


_NAMES = {"tCO2e": "tCO2", "person": "人"}


def spelled(one: Measure) -> str:
    """J·m⁻² as a person may read it: base quantities, without the scale."""
    if not one.powers:
        return "1"
    return "·".join(
        _NAMES.get(name, name.removeprefix("count:")) + (f"^{power:g}" if power != 1 else "")
        for name, power in one.powers
    )
