"""What a model must keep before it is computed: names that exist, units that fit, no circles, history where needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dafeng.core.errors import Place, Problems
from dafeng.pathway import checking_circles as circles
from dafeng.pathway.checking_units import cell_in_units, measure_at
from dafeng.pathway.model import EMISSION, Carrier, Cell, Model, Scenario
from dafeng.pathway.reading_parts import nearest
from dafeng.pathway.series import FIELDS, Series, needs_history
from dafeng.pathway.series_units import Measure, conversion


def checked(draft: Model) -> Model:
    """The model with its units resolved. Raises BadInput with every problem found."""
    problems = Problems()
    _check_names(problems, draft)
    problems.raise_if_any()
    carriers = _carriers(problems, draft)
    known: dict[str, Measure | None] = {}
    cells = {key: cell_in_units(problems, draft, cell, cell.series, known) for key, cell in draft.cells.items()}
    scenarios = {name: _scenario(problems, draft, one, known) for name, one in draft.scenarios.items()}
    model = replace(draft, carriers=carriers, cells=cells, scenarios=_inherited(scenarios, cells))
    _check_groups(problems, model)
    _check_uncertain(problems, model)
    problems.raise_if_any()
    for name in model.scenarios:
        overrides = model.overrides(name)
        circles.check(problems, model, overrides, name)
        check_history(problems, model, overrides)
        if problems.errors:
            break  # What is inherited would be told again for every scenario.
    problems.found = list(dict.fromkeys(problems.found))
    problems.raise_if_any()
    return model


def _every_series(model: Model) -> Iterable[tuple[Cell, Series]]:
    for cell in model.cells.values():
        yield cell, cell.series
    for scenario in model.scenarios.values():
        for key, series in scenario.overrides.items():
            yield model.cells[key], series


def _check_names(problems: Problems, model: Model) -> None:
    """Branches that are mentioned exist, with a field of that name."""
    keys = {f"branches/{branch.key}/{field}" for branch in model.branches for field in FIELDS}
    for _, series in _every_series(model):
        for reference in series.references:
            of_branch = reference.key.startswith("branches/") or not reference.key
            if of_branch and reference.key not in keys:
                _unknown_branch(problems, series.place, reference.key, keys)


def _unknown_branch(problems: Problems, place: Place, key: str, keys: Iterable[str]) -> None:
    near = nearest(key, keys)
    told = key.removeprefix("branches/")
    path, _, field = (near or "").removeprefix("branches/").rpartition("/")
    hint_zh, hint_en = (
        (f"；是否指 branch('{path}').{field}？", f"; did you mean branch('{path}').{field}?") if near else ("", "")
    )
    problems.add(
        "pathway.unknown-branch",
        place,
        f"没有分支“{told}”{hint_zh}",
        f"there is no branch “{told}”{hint_en}",
        fix_zh="写作 branch('路径').activity、share、intensity、energy 或 co2；有分区的写 路径@分区",
        fix_en="write branch('path').activity, share, intensity, energy or co2; path@zone where it has a zone",
    )


def _scenario(problems: Problems, model: Model, one: Scenario, known: dict[str, Measure | None]) -> Scenario:
    overrides = {
        key: cell_in_units(problems, model, model.cells[key], series, known).series
        for key, series in one.overrides.items()
    }
    return replace(one, overrides=overrides)


def _inherited(scenarios: Mapping[str, Scenario], cells: Mapping[str, Cell]) -> dict[str, Scenario]:
    """Tells every override what the parent says, for ``parent()``."""
    done: dict[str, Scenario] = {}

    def above(name: str | None, key: str) -> Series:
        while name is not None:
            if key in done[name].overrides:
                return done[name].overrides[key]
            name = done[name].parent
        return cells[key].series

    left = dict(scenarios)
    while left:
        name = next(name for name, one in left.items() if one.parent is None or one.parent in done)
        one = left.pop(name)
        overrides = {
            key: replace(series, inherited=above(one.parent, key)) if "parent" in series.calls else series
            for key, series in one.overrides.items()
        }
        done[name] = replace(one, overrides=overrides)
    return {name: done[name] for name in scenarios}


def check_parents(problems: Problems, scenarios: Mapping[str, Scenario]) -> None:
    """Every parent exists and no scenario is its own ancestor."""
    for one in scenarios.values():
        if one.parent is not None and one.parent not in scenarios:
            near = nearest(one.parent, scenarios)
            hint_zh, hint_en = (f"；是否指 {near}？", f"; did you mean {near}?") if near else ("", "")
            problems.add(
                "pathway.unknown-parent",
                replace(one.place, field="parent"),
                f"没有情景“{one.parent}”{hint_zh}",
                f"there is no scenario “{one.parent}”{hint_en}",
                fix_zh="写已有情景的名称，或删去 parent",
                fix_en="name a scenario of this model, or remove parent",
            )
            return
    for one in scenarios.values():
        chain, name = [one.name], one.parent
        while name is not None and name not in chain:
            chain.append(name)
            name = scenarios[name].parent
        if name == one.name:
            told = " → ".join([*chain, one.name])
            problems.add(
                "pathway.parent-circle",
                replace(one.place, field="parent"),
                f"情景的上级成环：{told}",
                f"the parents of scenarios go in a circle: {told}",
                fix_zh="去掉其中一个 parent",
                fix_en="remove one of these parents",
            )
            return


def twice(problems: Problems, place: Place, name: str) -> None:
    problems.add(
        "pathway.twice", place, f"“{name}”出现了两次", f"“{name}” stands here twice",
        fix_zh="改名或删去一处", fix_en="rename one of them or remove it",
    )  # fmt: skip


def _carriers(problems: Problems, model: Model) -> dict[str, Carrier]:
    """The carriers in use, each with the driver of its factor."""
    found: dict[str, Carrier] = {}
    for branch in model.branches:
        if branch.carrier in found:
            continue
        unit = model.carriers[branch.carrier].unit
        if branch.carrier == EMISSION:
            found[EMISSION] = Carrier(EMISSION, unit, None, 1.0)
            continue
        driver = "grid" if branch.carrier == "electricity" else f"co2_{branch.carrier}"
        cell = model.cells.get(f"drivers/{driver}")
        if cell is None:
            problems.add(
                "pathway.no-factor",
                branch.place,
                f"没有“{branch.carrier}”的排放因子：缺少驱动因素“{driver}”",
                f"there is no emission factor of “{branch.carrier}”: the driver “{driver}” is missing",
                fix_zh=f"在 drivers 一节写出 {driver} 及其单位（不排放的写 0）",
                fix_en=f"write {driver} with its unit under drivers (0 where nothing is emitted)",
            )
            continue
        scale = _factor_scale(problems, model, cell, unit)
        found[branch.carrier] = Carrier(branch.carrier, unit, cell.key, scale)
    return found


def _factor_scale(problems: Problems, model: Model, cell: Cell, unit: str) -> float:
    place = replace(cell.place, field="unit")
    one, energy = measure_at(problems, place, cell.unit, model.units), measure_at(problems, place, unit, model.units)
    if one is None or energy is None:
        return 1.0
    factor = conversion(one.times(energy), Measure(1.0, (("tCO2e", 1),)))
    if factor is None:
        problems.add(
            "pathway.factor-unit",
            place,
            f"排放因子的单位 {cell.unit} 与能源单位 {unit} 相乘不是二氧化碳量",
            f"a factor in {cell.unit} times energy in {unit} is not an amount of CO2",
            fix_zh=f"写作 tCO2/{unit} 或可换算的单位",
            fix_en=f"write tCO2/{unit} or a unit that converts to it",
        )
        return 1.0
    return factor


def _check_groups(problems: Problems, model: Model) -> None:
    """At most one member of a group takes what the others leave, and only a member of a group can."""
    for cell, series in _every_series(model):
        path, _, field = cell.key.removeprefix("branches/").rpartition("/")
        grouped = field == "share" and path in model.branch and model.branch[path].share_of
        if "rest" in series.calls and not grouped:
            problems.add(
                "pathway.rest",
                series.place,
                "rest() 只能用于写了 share_of 的占比",
                "rest() is for a share that has a share_of",
                fix_zh="写上 share_of，或改为数",
                fix_en="give the row a share_of, or write a number",
            )
    for name in model.scenarios:
        overrides = model.overrides(name)
        for group, members in model.groups.items():
            keys = [branch.cell("share") for branch in members]
            taking = [key for key in keys if "rest" in overrides.get(key, model.cells[key].series).calls]
            if len(taking) > 1:
                problems.add(
                    "pathway.rest-twice",
                    model.cells[taking[1]].place,
                    f"“{group}”组里不止一个分支写了 rest()",
                    f"more than one branch of “{group}” says rest()",
                    fix_zh="只留一个 rest()，其余写出占比",
                    fix_en="leave one rest() and write the other shares",
                )


def _check_uncertain(problems: Problems, model: Model) -> None:
    """One number per draw and cell; an uncertain share needs another that gives way."""
    seen: set[str] = set()
    for one in model.uncertain:
        if one.name in seen:
            twice(problems, model.cells[one.of].place, one.name)
        seen.add(one.name)
        path, _, field = one.of.removeprefix("branches/").rpartition("/")
        branch = model.branch.get(path) if field == "share" else None
        if branch is None or not branch.share_of:
            continue
        others = [model.cells[other.cell("share")].series for other in model.groups[branch.share_of]]
        if not any("rest" in series.calls for series in others):
            problems.add(
                "pathway.uncertain-share",
                model.cells[one.of].place,
                f"占比不确定时，“{branch.share_of}”组里要有一个 rest()",
                f"with an uncertain share, one member of “{branch.share_of}” must be rest()",
                fix_zh="把其中一个占比改为 rest()",
                fix_en="write rest() for one of the shares",
            )


def check_history(
    problems: Problems, model: Model, overrides: Mapping[str, Series], keys: Iterable[str] | None = None
) -> None:
    """History that is given has every year; expressions that begin at its last value have one. keys: of the cells to
    look at, all by default."""
    for key in model.cells if keys is None else keys:
        cell = model.cells[key]
        series = overrides.get(key, cell.series)
        path, _, field = key.removeprefix("branches/").rpartition("/")
        calibrated = model.branch[path].history if field == "intensity" and path in model.branch else {}
        history = calibrated or cell.history
        lacking = [year for year in model.years.history if year not in history]
        if not lacking:
            continue
        if not history and (key in overrides or not needs_history(series, model.years.base)):
            continue  # An override begins at what the model's own expression gives for the base year.
        years = "、".join(map(str, lacking)), ", ".join(map(str, lacking))
        problems.add(
            "pathway.missing-history",
            replace(cell.place, item=cell.place.item or key),
            f"“{key}”缺少历史值：{years[0]}",
            f"“{key}” lacks history: {years[1]}",
            fix_zh="补齐这些年份，或改用不从历史值开始的写法（如 hold(数)、grow(率, 数)）",
            fix_en="give these years, or write what does not begin at history (such as hold(x) or grow(rate, x))",
        )
