"""The order in which the cells of a model can be computed, and circles that have none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dafeng.core.errors import Problems
from dafeng.pathway.model import Model
from dafeng.pathway.series import Series


def dependencies(model: Model, overrides: Mapping[str, Series]) -> dict[str, list[str]]:
    """Key of a cell → keys of those it is made of, the energy and CO2 of branches among them."""
    found = {key: of_cell(model, key, overrides.get(key)) for key in model.cells}
    for branch in model.branches:
        activity, share, intensity, energy, co2 = (
            branch.cell(name) for name in ("activity", "share", "intensity", "energy", "co2")
        )
        found[energy] = [activity, share, intensity]
        factor = model.carriers[branch.carrier].factor
        found[co2] = [energy, factor] if factor else [energy]
    return found


def of_cell(model: Model, key: str, override: Series | None) -> list[str]:
    """What a cell is made of; what its history is made of among it."""
    cell = model.cells[key]
    found = of_series(model, key, override or cell.series)
    path, _, field = key.removeprefix("branches/").rpartition("/")
    branch = model.branch.get(path) if field == "intensity" else None
    if branch is not None and branch.history:
        return [*found, branch.cell("activity"), branch.cell("share")]
    if override is not None and not cell.history:
        return [*found, *of_series(model, key, cell.series)]
    return found


def of_series(model: Model, key: str, series: Series) -> list[str]:
    """What one expression mentions, its parent's expression where it says ``parent()``."""
    found = [reference.key for reference in series.references]
    if "rest" in series.calls:
        path = key.removeprefix("branches/").removesuffix("/share")
        members = model.groups.get(model.branch[path].share_of or "", ())
        found += [other.cell("share") for other in members if other.key != path]
    if "parent" in series.calls and series.inherited is not None:
        found += of_series(model, key, series.inherited)
    return found


def order(graph: Mapping[str, Iterable[str]]) -> tuple[list[str], list[str]]:
    """Keys with every one after those it is made of; and a circle (empty where there is none)."""
    done: dict[str, None] = {}
    for start in graph:
        if start in done:
            continue
        path: dict[str, None] = {start: None}
        work = [(start, iter(graph[start]))]
        while work:
            key, rest = work[-1]
            for other in rest:
                if other in path:
                    keys = list(path)
                    return list(done), [*keys[keys.index(other) :], other]
                if other not in done and other in graph:
                    path[other] = None
                    work.append((other, iter(graph[other])))
                    break
            else:
                work.pop()
                del path[key]
                done[key] = None
    return list(done), []


def check(problems: Problems, model: Model, overrides: Mapping[str, Series], scenario: str) -> None:
    """A circle is named with the cells that make it."""
    _, circle = order(dependencies(model, overrides))
    if not circle:
        return
    told = " → ".join(circle)
    key = next((key for key in circle if key in overrides), None) or next(key for key in circle if key in model.cells)
    series = overrides.get(key, model.cells[key].series)
    problems.add(
        "pathway.circle",
        series.place,
        f"引用成环（情景 {scenario}）：{told}",
        f"references go in a circle (scenario {scenario}): {told}",
        fix_zh="改掉其中一处引用，使其中一个不再由其余推出",
        fix_en="change one of these references, so that one of them no longer follows from the others",
    )
