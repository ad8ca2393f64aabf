"""The ensemble of a model: a lever moved, four scenarios with 10,000 draws, wedges and sensitivity.

The model is synthetic: 200 branches in eight sectors over ten activities, two carriers, 31 uncertain quantities, one
history year and 15 to come. Each timing goes to the answer a person sees: quantiles by year and the peak, not totals.
The reference works out every branch of every draw with plain numpy, and the totals must agree.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import Any

from lines import Line, best_of

BRANCHES, ACTIVITIES, SECTORS = 200, 10, 8
FIRST, LAST = 2025, 2040
SCENARIOS = ("frozen", "reference", "plan", "accelerated")
RETROFIT = {"frozen": 0.0, "reference": 0.01, "plan": 0.02, "accelerated": 0.03}
GRID_2040 = {"frozen": 0.5, "reference": 0.4, "plan": 0.3, "accelerated": 0.2}
GROWTH, LEVER = 0.03, 0.025
DRAWS, LEVER_DRAWS = 10_000, 1_000
MOST_GB = 2.0


def bench() -> list[Line]:
    compiled, draws = made(DRAWS)
    few = draws.part(0, LEVER_DRAWS)
    levers = iter(0.02 + 1e-5 * step for step in range(10_000))

    def lever() -> None:
        answer(compiled, few, ["reference"], {"retrofit": next(levers)})

    def plain() -> Any:
        return by_hand(draws, SCENARIOS)

    def whole() -> Any:
        return answer(compiled, draws, list(SCENARIOS), {})

    _agree(compiled, draws)
    lever()
    many = f"{DRAWS:,} draws × {len(SCENARIOS)} scenarios × {BRANCHES} branches × {LAST - FIRST + 1} years"
    reference = best_of(1, plain)
    lines = [
        Line(f"one lever, {LEVER_DRAWS:,} draws: fan and peak", best_of(7, lever) * 1e3, 150, "ms"),
        Line(
            f"{many}: fans and peaks",
            best_of(3, whole),
            5.0,
            "s",
            reference,
            "plain numpy, this model written in, totals only",
        ),
        Line(f"{many}: memory of the process", _memory(), MOST_GB, "GB"),
    ]
    return [*lines, *_questions(compiled)]


def _questions(compiled: Any) -> list[Line]:
    """What is asked of a finished model; without a bar."""
    from dafeng.pathway.sensitivity import of_scenario
    from dafeng.pathway.wedges import of_scenarios

    def wedges() -> Any:
        return of_scenarios(compiled, "frozen", "accelerated", group_of=by_sector)

    found = wedges()
    off = abs(found.wedge.sum(axis=0) - found.difference).max() / abs(found.difference).max()
    inputs = len(compiled.model.spreads)
    runs = (inputs + 2) * 256
    return [
        Line(
            f"Shapley wedges of {len(found.groups)} groups, all {2 ** len(found.groups)} sets", best_of(3, wedges), None
        ),
        Line("… sum of wedges less the difference, of its 10¹² parts", off * 1e12, 1.0, ""),
        Line(
            f"Sobol indices of {inputs} inputs, {runs:,} runs, {LAST - FIRST} years",
            best_of(2, lambda: of_scenario(compiled, "plan", range(FIRST + 1, LAST + 1), base=256, seed=1)),
            None,
        ),
    ]


def by_sector(key: str) -> str:
    """Seven sectors and the grid: eight groups."""
    return "grid" if key == "drivers/grid" else f"sector {int(key.rpartition('_')[2]) % 7}"


def answer(compiled: Any, draws: Any, scenarios: list[str], levers: dict[str, float]) -> Any:
    from dafeng.pathway.ensemble import fan
    from dafeng.pathway.peaks import peaks, summary

    outcome = compiled.run(draws, scenarios, levers=levers)
    totals = outcome.total()
    found = peaks(outcome.years, totals, last=outcome.base)
    return fan(totals, scenarios, outcome.years), [summary(found, row) for row in range(len(scenarios))]


# ── the model ──


def made(count: int) -> tuple[Any, Any]:
    from dafeng.catalogue import load_catalogue
    from dafeng.pathway.compute import compile
    from dafeng.pathway.draws import draw
    from dafeng.pathway.model import read_model

    model = read_model(synthetic(), load_catalogue().unit_table)
    return compile(model), draw(model.spreads, count, seed=1)


def synthetic() -> dict[str, Any]:
    retrofits = [f"retrofit_{k}" for k in range(ACTIVITIES)]
    drivers = [
        {"name": "retrofit", "unit": "1", "value": RETROFIT["reference"]},
        *({"name": name, "unit": "1", "value": "retrofit"} for name in retrofits),
        {"name": "grid", "unit": "tCO2/MWh", "history": {FIRST: 0.5}, "value": grid("reference")},
        {"name": "co2_natural_gas", "unit": "tCO2/MWh", "history": {FIRST: 0.2}, "value": "hold()"},
        *(
            {"name": f"area_{k}", "unit": "万m2", "history": {FIRST: 100 + k}, "value": f"grow({GROWTH})"}
            for k in range(ACTIVITIES)
        ),
    ]
    sets = {name: {"drivers/grid": grid(name)} for name in SCENARIOS}
    for name in SCENARIOS:
        sets[name] |= {f"drivers/{one}": RETROFIT[name] for one in retrofits if name != "reference"}
    growth = [{"of": f"drivers/area_{k}", "as": "growth", "spread": "normal(0, 0.01)"} for k in range(ACTIVITIES)]
    uses = [
        {"of": f"branches/{path(i)}/intensity", "as": "multiplicative", "spread": "triangular(0.9, 1, 1.1)"}
        for i in range(20)
    ]
    supply = [{"of": "drivers/grid", "as": "multiplicative", "spread": "normal(1, 0.05)"}]
    return {
        "years": {"first": FIRST, "base": FIRST, "last": LAST},
        "synthetic": True,
        "carriers": {"natural_gas": "MWh", "electricity": "MWh"},
        "drivers": drivers,
        "branches": [branch(i) for i in range(BRANCHES)],
        "scenarios": [{"name": name, "set": sets[name]} for name in SCENARIOS],
        "levers": [{"name": "retrofit", "of": "drivers/retrofit", "low": 0, "high": 0.5, "value": 0.01}],
        "uncertain": growth + uses + supply,
    }


def grid(scenario: str) -> str:
    return f"interp({LAST}, {GRID_2040[scenario]})"


def carrier(i: int) -> str:
    return "natural_gas" if i % 4 == 3 else "electricity"


def path(i: int) -> str:
    return f"sector {i % SECTORS}/use {i}/{carrier(i)}"


def branch(i: int) -> dict[str, Any]:
    k = i % ACTIVITIES
    return {
        "path": path(i), "activity": f"area_{k}", "activity_unit": "万m2", "intensity_unit": "kWh/m2",
        "intensity": f"hold() * (1 - retrofit_{k}) ** (year - {FIRST})", "history": {FIRST: base_energy(i)},
    }  # fmt: skip


def base_energy(i: int) -> float:
    """MWh of the base year."""
    return 1000.0 + 37.0 * (i % 23)


# ── the same by plain numpy ──


def by_hand(draws: Any, scenarios: tuple[str, ...]) -> Any:
    """(draw, scenario, year), t: every branch of every draw, one scenario after the other."""
    import numpy as np

    ahead = np.arange(LAST - FIRST + 1)
    growth = np.stack([draws.of(f"drivers/area_{k}") for k in range(ACTIVITIES)], axis=1)
    area = ((1 + GROWTH) * (1 + growth[:, :, None])) ** ahead
    totals = np.zeros((draws.count, len(scenarios), ahead.size))
    for column, scenario in enumerate(scenarios):
        power = 0.5 + (GRID_2040[scenario] - 0.5) * ahead / (LAST - FIRST)
        factor = {"electricity": power * _after(draws.of("drivers/grid"), ahead), "natural_gas": 0.2}
        for i in range(BRANCHES):
            use = (1 - RETROFIT[scenario]) ** ahead * np.ones((draws.count, 1))
            if i < 20:
                use = use * _after(draws.of(f"branches/{path(i)}/intensity"), ahead)
            totals[:, column] += base_energy(i) * area[:, i % ACTIVITIES] * use * factor[carrier(i)]
    return totals


def _after(values: Any, ahead: Any) -> Any:
    """(draw, year): the values after the base year, 1 in it."""
    import numpy as np

    return np.where(ahead > 0, values[:, None], 1.0)


def _agree(compiled: Any, draws: Any) -> None:
    some = draws.part(0, 50)
    ours, theirs = compiled.run(some, list(SCENARIOS)).total(), by_hand(some, SCENARIOS)
    assert (abs(ours - theirs) <= 1e-9 * theirs).all(), abs(ours / theirs - 1).max()


# ── memory ──


def _memory() -> float:
    """GB at the peak of a process of its own that answers for all draws."""
    code = "import pathway_ensemble as p; p.in_own_process()"
    done = subprocess.run([sys.executable, "-c", code], cwd=sys.path[0], capture_output=True, text=True, check=True)
    return float(done.stdout)


def in_own_process() -> None:
    compiled, draws = made(DRAWS)
    answer(compiled, draws, list(SCENARIOS), {})
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
