"""Computing a model: compiled once, run for any draws, scenarios and settings of its levers.

compiled = compile(read_model(data, units))
compiled.run().total()                                  (1, scenario, year)
compiled.run(draws, ["plan"], levers={"retrofit": 0.03}).total()
compiled.run(draws, [Variant("half", "reference", {"drivers/grid": "hold()"})])
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from dafeng.core.errors import BadInput, Place, Problem, Problems
from dafeng.core.text import Text
from dafeng.pathway import checking_circles, checking_values
from dafeng.pathway.compute_lower import Lowering
from dafeng.pathway.compute_overrides import Overrides, base_and_changes, unknown_cells
from dafeng.pathway.compute_tape import Plan, make_plan
from dafeng.pathway.model import Model
from dafeng.pathway.outcome import Outcome
from dafeng.pathway.series import Series

Floats = NDArray[np.float64]
Keep = Literal["total", "sector", "branch"]
# Nodes that passing questions (variants, levers) may add before they are forgotten.
MOST_PASSING = 200_000
# An ensemble that would not fit is refused with words before it fills the machine.
MOST_BYTES = 2_000_000_000


class DrawsLike(Protocol):
    """names: of what is uncertain; values: (draw, name)."""

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def values(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario made on the spot: a base scenario (None: the model without any) and changes on top of it, key of a
    cell → expression, number or a series of the model."""

    name: str
    base: str | None
    changes: Overrides = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Targets:
    """Nodes of one scenario that answers are read from."""

    total: int
    sectors: tuple[int, ...]
    carriers: tuple[int, ...]
    energy: tuple[int, ...]
    co2: tuple[int, ...]
    nodes: Mapping[str, int]


def compile(model: Model) -> Compiled:
    """Raises BadInput where the values themselves are at fault: shares that do not make 1, a value that cannot be
    computed, energy without activity."""
    return Compiled(model)


class Compiled:
    """A model ready to run. It keeps what it has worked out, so one object serves every question, one at a time."""

    def __init__(self, model: Model):
        self.model = model
        self._lowering = Lowering(model)
        self.scenarios = tuple(model.scenarios)
        self.branches = model.branches
        self.sectors = tuple(dict.fromkeys(branch.sector for branch in model.branches))
        self.carriers = tuple(dict.fromkeys(branch.carrier for branch in model.branches))
        parts: dict[tuple[str, str], list[int]] = {}
        for index, branch in enumerate(model.branches):
            parts.setdefault((branch.sector, branch.carrier), []).append(index)
        self._parts = parts
        self._share_keys = {
            group: [branch.cell("share") for branch in members] for group, members in model.groups.items()
        }
        self._energy_keys = [branch.cell("energy") for branch in model.branches]
        self._co2_keys = [branch.cell("co2") for branch in model.branches]
        self._lock = threading.RLock()
        self._targets: dict[str, _Targets] = {}
        self._plans: dict[object, Plan] = {}
        self._check()
        for name in self.scenarios:
            self._target(name, {})
        self._kept = len(self._lowering.graph.ops)

    # ── running ──

    def run(
        self,
        draws: DrawsLike | Floats | None = None,
        scenarios: Sequence[str | Variant] | None = None,
        *,
        levers: Mapping[str, float] | None = None,
        keep: Keep | None = None,
        cells: Sequence[str] = (),
    ) -> Outcome:
        """draws: a value per draw for each thing that is uncertain, (draw, uncertain) in the model's order where it is
        an array; None: every uncertain thing is as the model says. scenarios: names or variants, all of the model's by
        default. levers: set in each of them. keep: ``total`` (the default with draws), ``sector`` also sums by sector
        and carrier, ``branch`` (the default without) everything. cells: keys whose values are wanted too.
        Raises BadInput for names, levers and changes that the model does not know."""
        with self._lock:
            return self._answered(draws, scenarios, levers or {}, keep, cells)

    def _answered(
        self, draws: DrawsLike | Floats | None, scenarios: Sequence[str | Variant] | None, levers: Mapping[str, float],
        keep: Keep | None, cells: Sequence[str],
    ) -> Outcome:  # fmt: skip
        chosen = list(self.scenarios if scenarios is None else scenarios)
        self._forget()
        keep = keep or ("branch" if draws is None else "total")
        values = self._values(draws)
        targets = [self._target(one, levers) for one in chosen]
        self._know_cells(cells)
        wanted = _wanted(targets, keep, cells)
        key = tuple(wanted)
        if key not in self._plans:
            if len(self._plans) > 64:
                self._plans.clear()
            self._plans[key] = make_plan(self._lowering.graph, wanted)
        names = tuple(one if isinstance(one, str) else one.name for one in chosen)
        return self._run(self._plans[key], targets, names, values, keep, cells)

    def overrides(self, scenario: str) -> Mapping[str, Series]:
        """What a scenario changes, its parents' changes among it."""
        return self.model.overrides(scenario)

    def _run(
        self, plan: Plan, targets: list[_Targets], names: tuple[str, ...], values: Floats, keep: Keep,
        cells: Sequence[str],
    ) -> Outcome:  # fmt: skip
        room = _Room(self, targets, len(values), keep, cells)
        certain = plan.evaluate_certain()
        if plan.drawn_count:
            step = min(plan.chunk(), len(values))
            space = np.empty((plan.drawn_count, step, plan.years))
            for begin in range(0, len(values), step):
                part = values[begin : begin + step]
                drawn = plan.evaluate_drawn(certain, part, space[:, : len(part)])
                room.take(plan, certain, drawn, slice(begin, begin + len(part)))
        else:
            room.take(plan, certain, None, slice(0, len(values)))
        outcome = room.outcome(names)
        if not np.isfinite(outcome.co2_total).all():
            raise BadInput(_no_answer(outcome))
        return outcome

    def _values(self, draws: DrawsLike | Floats | None) -> Floats:
        """(draw, uncertain) in the model's order; one draw that changes nothing where there are none."""
        uncertain = self.model.uncertain
        if draws is None:
            return np.array([[1.0 if one.how == "multiplicative" else 0.0 for one in uncertain]])
        if isinstance(draws, np.ndarray):
            values = draws
        else:
            index = {name: column for column, name in enumerate(draws.names)}
            lacking = [one.name for one in uncertain if one.name not in index]
            if lacking:
                raise BadInput(_lacking_draws(lacking))
            values = draws.values[:, [index[one.name] for one in uncertain]]
        if values.ndim != 2 or values.shape[1] != len(uncertain):
            raise ValueError(f"draws must have shape (draw, {len(uncertain)})")
        return np.ascontiguousarray(values, dtype=np.float64)

    def _know_cells(self, cells: Sequence[str]) -> None:
        nodes = self._lowering.base_nodes
        unknown = [key for key in cells if key not in nodes]
        if unknown:
            raise BadInput(unknown_cells(unknown, nodes))

    # ── scenarios to nodes ──

    def _target(self, scenario: str | Variant, levers: Mapping[str, float]) -> _Targets:
        if isinstance(scenario, str) and not levers and scenario in self._targets:
            return self._targets[scenario]
        inherited, changes = base_and_changes(self.model, scenario, levers)
        under = self._targets.get(scenario) if isinstance(scenario, str) else self._targets.get(scenario.base or "")
        nodes = self._lowering.scenario(inherited, changes, under.nodes if under else None)
        if changes:
            name = scenario if isinstance(scenario, str) else scenario.name
            self._check_shares(
                nodes, under.nodes if under else self._lowering.base_nodes, {**inherited, **changes}, name
            )
        found = self._summed(nodes)
        if isinstance(scenario, str) and not levers:
            self._targets[scenario] = found
        return found

    def _check_shares(
        self, nodes: Mapping[str, int], before: Mapping[str, int], overrides: Mapping[str, Series], name: str
    ) -> None:
        """Shares that a lever or a variant moves must still make one."""
        groups = {
            group: members
            for group, members in self.model.groups.items()
            if any(nodes[key] != before[key] for key in self._share_keys[group])
        }
        if not groups:
            return
        keys = [key for group in groups for key in self._share_keys[group]]
        wanted = [nodes[key] for key in keys]
        values = self._cell_values(make_plan(self._lowering.graph, wanted), wanted)
        problems = Problems()
        found = dict(zip(keys, values, strict=True))
        checking_values.check_shares(problems, self.model, found, groups, name, overrides)
        problems.raise_if_any()

    def _forget(self) -> None:
        """A server asks for years on end: what earlier variants and levers have added must not pile up."""
        graph = self._lowering.graph
        if len(graph.ops) > self._kept + MOST_PASSING:
            graph.cut(self._kept)
            self._plans.clear()

    def _summed(self, nodes: Mapping[str, int]) -> _Targets:
        """Sums by sector and carrier, from which every total is made, so that all of them agree."""
        graph, carriers = self._lowering.graph, self.model.carriers
        energy = tuple([nodes[key] for key in self._energy_keys])
        co2 = tuple([nodes[key] for key in self._co2_keys])
        sums = {key: graph.sum([energy[index] for index in members]) for key, members in self._parts.items()}
        by_sector: dict[str, list[int]] = {}
        by_carrier: dict[str, list[int]] = {}
        for (sector, name), node in sums.items():
            by_carrier.setdefault(name, []).append(node)
            factor = carriers[name].factor
            scaled = [node] if factor is None else [node, nodes[factor], graph.number(carriers[name].scale)]
            by_sector.setdefault(sector, []).append(graph.product(scaled))
        sectors = tuple(graph.sum(by_sector[name]) for name in self.sectors)
        total = graph.sum(sectors)
        return _Targets(
            total, sectors, tuple(graph.sum(by_carrier[name]) for name in self.carriers), energy, co2, nodes
        )

    def _check(self) -> None:
        problems = Problems()
        for name in self.scenarios:
            overrides = self.model.overrides(name)
            nodes = self._lowering.scenario(overrides)
            keys = list(nodes)
            plan = make_plan(self._lowering.graph, [nodes[key] for key in keys])
            values = self._cell_values(plan, [nodes[key] for key in keys])
            order, _ = checking_circles.order(checking_circles.dependencies(self.model, overrides))
            checking_values.check(problems, self.model, dict(zip(keys, values, strict=True)), order, name)
        problems.found = list(dict.fromkeys(problems.found))
        problems.raise_if_any()

    def _cell_values(self, plan: Plan, nodes: list[int]) -> Floats:
        """(cell, year) with nothing drawn."""
        certain = plan.evaluate_certain()
        uncertain = self._lowering.graph.uncertain
        drawn = None
        if plan.drawn_count:
            drawn = plan.evaluate_drawn(certain, self._values(None), np.empty((plan.drawn_count, 1, plan.years)))
        found = np.empty((len(nodes), plan.years))
        for index, node in enumerate(nodes):
            slot = plan.slot[node]
            found[index] = drawn[slot, 0] if uncertain[node] and drawn is not None else certain[slot]
        return found


def _wanted(targets: list[_Targets], keep: Keep, cells: Sequence[str]) -> list[int]:
    wanted = [one.total for one in targets]
    for one in targets:
        if keep != "total":
            wanted += [*one.sectors, *one.carriers]
        if keep == "branch":
            wanted += [*one.energy, *one.co2]
        wanted += [one.nodes[key] for key in cells]
    return wanted


class _Room:
    """The arrays of an outcome while chunks of draws fill them."""

    def __init__(self, compiled: Compiled, targets: list[_Targets], draws: int, keep: Keep, cells: Sequence[str]):
        self.compiled, self.targets, self.cells = compiled, targets, cells
        self.uncertain = compiled._lowering.graph.uncertain
        years, scenarios = compiled._lowering.graph.years, len(targets)
        widths = {"total": 1}
        if keep != "total":
            widths |= {"sectors": len(compiled.sectors), "carriers": len(compiled.carriers)}
        if keep == "branch":
            widths |= {"energy": len(compiled.branches), "co2": len(compiled.branches)}
        widths |= dict.fromkeys(cells, 1)
        needed = sum(widths.values()) * draws * scenarios * years * 8
        if needed > MOST_BYTES:
            raise BadInput(_too_large(needed))
        self.arrays = {name: np.empty((draws, scenarios, width, years)) for name, width in widths.items()}

    def take(self, plan: Plan, certain: Floats, drawn: Floats | None, where: slice) -> None:
        for index, target in enumerate(self.targets):
            for name, array in self.arrays.items():
                nodes = self._nodes(target, name)
                out = array[where, index]
                for column, node in enumerate(nodes):
                    slot = plan.slot[node]
                    out[:, column] = drawn[slot] if drawn is not None and self.uncertain[node] else certain[slot]

    def _nodes(self, target: _Targets, name: str) -> Sequence[int]:
        match name:
            case "total":
                return (target.total,)
            case "sectors":
                return target.sectors
            case "carriers":
                return target.carriers
            case "energy":
                return target.energy
            case "co2":
                return target.co2
        return (target.nodes[name],)

    def outcome(self, scenarios: tuple[str, ...]) -> Outcome:
        compiled, arrays = self.compiled, self.arrays
        model = compiled.model
        return Outcome(
            tuple(model.years.all), model.years.base, scenarios, compiled.branches, compiled.sectors,
            compiled.carriers, tuple(model.carriers[name].unit for name in compiled.carriers),
            arrays["total"][:, :, 0], arrays.get("sectors"), arrays.get("carriers"), arrays.get("energy"),
            arrays.get("co2"), {key: arrays[key][:, :, 0] for key in self.cells},
        )  # fmt: skip


def _lacking_draws(names: Sequence[str]) -> Problem:
    return Problem(
        "pathway.lacking-draws",
        Place(),
        Text(f"抽样里缺少：{'、'.join(names)}", f"the draws lack {', '.join(names)}"),
        Text("用模型的 uncertain 重新抽样", "draw again from the model's uncertain section"),
    )


def _no_answer(outcome: Outcome) -> Problem:
    """Which scenarios and years have no value in how many draws."""
    bad = ~np.isfinite(outcome.co2_total)
    names = [name for row, name in enumerate(outcome.scenarios) if bad[:, row].any()]
    years = [str(year) for column, year in enumerate(outcome.years) if bad[:, :, column].any()]
    count = int(bad.any(axis=(1, 2)).sum())
    return Problem(
        "pathway.no-answer",
        Place(),
        Text(
            f"情景 {'、'.join(names)} 在 {years[0]}—{years[-1]} 年算不出排放（{outcome.draws} 次抽样中的 {count} 次）",
            f"scenarios {', '.join(names)} have no emissions in {years[0]} to {years[-1]} "
            f"({count} of {outcome.draws} draws)",
        ),
        Text(
            "收窄不确定范围或调节项，使除数不为0、根号下不为负",
            "narrow the spreads or the lever, so that nothing is divided by 0 and no root is taken of what is negative",
        ),
    )


def _too_large(needed: int) -> Problem:
    return Problem(
        "pathway.too-large",
        Place(),
        Text(
            f"保存这些结果需要 {needed / 1e9:.1f} GB，超过 {MOST_BYTES / 1e9:g} GB",
            f"keeping these results takes {needed / 1e9:.1f} GB, more than {MOST_BYTES / 1e9:g} GB",
        ),
        Text("减少抽样次数，或只保存总量", "draw less often, or keep totals only"),
    )
