"""Changes made on the spot: a scenario, a variant of one, a lever, each checked as a row of the model would be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dafeng.core.errors import BadInput, Place, Problem, Problems
from dafeng.core.functions import NUMBER
from dafeng.core.text import Text
from dafeng.pathway import checking, checking_circles, checking_units
from dafeng.pathway.model import Model
from dafeng.pathway.reading_parts import as_number, nearest
from dafeng.pathway.series import Series, constant, read_series

Overrides = Mapping[str, "Series | str | float | int"]


def resolved(model: Model, scenario: Any, levers: Mapping[str, float]) -> dict[str, Series]:
    """Key of a cell → series, of a scenario's name or a variant, with levers set. Raises BadInput."""
    inherited, changes = base_and_changes(model, scenario, levers)
    return {**inherited, **changes}


def base_and_changes(
    model: Model, scenario: Any, levers: Mapping[str, float]
) -> tuple[Mapping[str, Series], dict[str, Series]]:
    """What the scenario underneath says, and what is changed on top of it. Raises BadInput."""
    if isinstance(scenario, str):
        if scenario not in model.scenarios:
            raise BadInput(_unknown_scenario(scenario, model.scenarios))
        found = model.overrides(scenario)
        changes: dict[str, Series] = {}
    else:
        if scenario.base is not None and scenario.base not in model.scenarios:
            raise BadInput(_unknown_scenario(scenario.base, model.scenarios))
        found = model.overrides(scenario.base) if scenario.base else {}
        changes = _read(model, found, scenario.changes)
    for name, value in levers.items():
        lever = model.levers.get(name)
        if lever is None:
            raise BadInput(_unknown_lever(name, model.levers))
        number = as_number(value)
        if number is None or not lever.low <= number <= lever.high:
            raise BadInput(_beyond(name, value, lever.low, lever.high))
        changes[lever.of] = constant(number, Place(item=f"levers/{name}"))
    if any(series.references or "rest" in series.calls for series in changes.values()):
        _check_circles(model, {**found, **changes})
    return found, changes


def _read(model: Model, inherited: Mapping[str, Series], given: Overrides) -> dict[str, Series]:
    """Expressions written on the spot, with their units checked."""
    unknown = [key for key in given if key not in model.cells]
    if unknown:
        raise BadInput(unknown_cells(unknown, model.cells))
    problems, found = Problems(), {}
    names = {key.removeprefix("drivers/"): NUMBER for key in model.cells if key.startswith("drivers/")}
    names |= {f"stock.{key.removeprefix('stocks/')}": NUMBER for key in model.cells if key.startswith("stocks/")}
    for key, value in given.items():
        if isinstance(value, Series):
            found[key] = value
            continue
        place = Place(item=key)
        series = constant(float(value), place) if not isinstance(value, str) else read_series(value, names, place)
        above = inherited.get(key, model.cells[key].series)
        found[key] = replace(checking_units.in_units(problems, model, model.cells[key], series), inherited=above)
    problems.raise_if_any()
    checking.check_history(problems, model, found, found)
    problems.raise_if_any()
    return found


def _check_circles(model: Model, overrides: Mapping[str, Series]) -> None:
    problems = Problems()
    checking_circles.check(problems, model, overrides, "–")
    problems.raise_if_any()


def _unknown_scenario(name: str, known: Iterable[str]) -> Problem:
    near = _hint(name, known)
    return Problem(
        "pathway.unknown-scenario",
        Place(),
        Text(f"没有情景“{name}”{near.zh}", f"there is no scenario “{name}”{near.en}"),
        Text(f"可用的有：{'、'.join(known)}", f"there are: {', '.join(known)}"),
    )


def _unknown_lever(name: str, known: Iterable[str]) -> Problem:
    near = _hint(name, known)
    return Problem(
        "pathway.unknown-lever",
        Place(),
        Text(f"没有调节项“{name}”{near.zh}", f"there is no lever “{name}”{near.en}"),
        Text(f"可用的有：{'、'.join(known) or '–'}", f"there are: {', '.join(known) or '–'}"),
    )


def _hint(name: str, known: Iterable[str]) -> Text:
    near = nearest(name, known)
    return Text(f"；是否指 {near}？", f"; did you mean {near}?") if near else Text("", "")


def _beyond(name: str, value: object, low: float, high: float) -> Problem:
    return Problem(
        "pathway.lever-range",
        Place(item=f"levers/{name}"),
        Text(
            f"“{name}”应在 {low:g} 与 {high:g} 之间，现为 {value}",
            f"“{name}” goes from {low:g} to {high:g}, not {value}",
        ),
        Text("选取范围内的值", "choose a value within its range"),
    )


def unknown_cells(keys: Iterable[str], known: Iterable[str]) -> list[Problem]:
    names = list(known)
    found = []
    for key in keys:
        near = nearest(key, names)
        hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
        found.append(
            Problem(
                "pathway.unknown-cell",
                Place(item=key),
                Text(f"模型里没有“{key}”{hint_zh}", f"the model has no “{key}”{hint_en}"),
                Text(
                    "写作 drivers/名称，或 branches/路径/activity、share、intensity",
                    "write drivers/name, or branches/path/activity, share or intensity",
                ),
            )
        )
    return found
