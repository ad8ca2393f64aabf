"""The roadmap: the cheapest schedule of 120 and of 600 measures over 15 years with pieces, least orders, exclusions,
prerequisites, budgets, labour and ten targets of 49 bounds at once; and each of 70 measures switched off in turn.
Synthetic measures; what is timed begins with the case in memory and ends with the answer.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lines import Line, best_of

if TYPE_CHECKING:
    from dafeng.roadmap.case import Case

YEARS = tuple(range(2026, 2041))


def bench() -> list[Line]:
    from dafeng.roadmap.program import assemble
    from dafeng.roadmap.solving import solve, switched_off

    lines = []
    for count, gap, seconds in ((120, 1e-3, 10.0), (600, 1e-2, 60.0)):
        case = synthetic(count)
        began = time.perf_counter()
        answer = solve(case, gap=gap, seconds=seconds)
        took = time.perf_counter() - began
        assert answer.status == "ok", answer.status
        assert answer.gap is not None
        name = f"roadmap, {count} measures × {len(YEARS)} years, {len(case.targets)} targets"
        lines.append(Line(f"{name}: time", took, seconds))
        lines.append(Line(f"{name}: gap", answer.gap * 100, gap * 100, "%"))
    program = assemble(synthetic(70))
    each = [[m] for m in range(70)]
    found = switched_off(program, each)
    assert len(found) == 70
    fast = best_of(3, lambda: switched_off(program, each))
    lines.append(Line("roadmap, each of 70 measures off in turn (linear program, hot start)", fast, 0.2))
    return lines


def synthetic(count: int, seed: int = 41) -> Case:
    """So many measures in eight groups; every seventh comes in pieces, every ninth has a least order, every eleventh
    excludes the next, every thirteenth needs the one before. Targets ask for about two thirds of what can be built."""
    import numpy as np

    from dafeng.core.text import same
    from dafeng.roadmap.case import Budget, Case, Measure, Prerequisite, Target

    random, years = np.random.default_rng(seed), len(YEARS)
    carriers = ("electricity", "gas", "petrol")
    sums = tuple(f"built {k}" for k in range(8))
    measures = []
    for m in range(count):
        potential = float(random.lognormal(5, 1))
        saving = random.lognormal(4, 0.6)
        carrier = carriers[int(random.choice(3, p=(0.7, 0.2, 0.1)))]
        measures.append(
            Measure(
                id=f"m{m:03d}",
                zone=None,
                name=same(f"m{m:03d}"),
                unit="m2",
                potential=np.full(years, potential),
                stock=potential,
                capex=saving * float(random.uniform(2, 14)),
                opex=saving * float(random.uniform(0, 0.1)),
                learning=float(random.uniform(0, 0.04)),
                life=int(random.integers(6, 25)),
                build_rate=np.full(years, potential * float(random.uniform(0.1, 0.3))),
                saves={carrier: np.full(years, saving)},
                uses={"electricity": np.full(years, saving / 3)} if carrier == "gas" and m % 2 else {},
                group=f"g{m % 8}",
                fund=f"f{m % 4}",
                labour={"trade": float(random.uniform(0.01, 0.05))},
                growth=(0.4, potential * 0.08) if m % 5 == 0 else None,
                order=potential * 0.05 if m % 9 == 4 else 0.0,
                lumpy=potential / 24 if m % 7 == 3 else 0.0,
                excludes=(f"m{m + 1:03d}",) if m % 11 == 0 and m + 1 < count else (),
                prerequisites=(Prerequisite(f"m{m - 1:03d}", 0.3),) if m % 13 == 12 else (),
                counts={sums[m % 8]: 1.0},
            )
        )
    energy = {c: sum(float((one.potential * one.saves.get(c, 0)).max()) for one in measures) * 2 for c in carriers}
    factors = {
        "electricity": np.linspace(5e-4, 3e-4, years),
        "gas": np.full(years, 2e-4),
        "petrol": np.full(years, 2.6e-4),
    }
    prices = {"electricity": np.full(years, 0.75), "gas": np.full(years, 0.4), "petrol": np.full(years, 0.9)}
    base = {"all": {c: energy[c] * 1.01 ** np.arange(years) for c in carriers}}
    co2 = sum(base["all"][c] * factors[c] for c in carriers)
    targets = [
        Target(name, "sum", same(name), {2030: 0.2 * size, 2035: 0.5 * size, 2040: 0.62 * size}, ">=", "m2", 2040)
        for name in sums
        for size in [sum(float(one.potential[0]) for one in measures if name in one.counts)]
    ]
    path = {year: float(co2[t]) * (1 - 0.016 * (t + 1)) for t, year in enumerate(YEARS) if year >= 2028}
    targets.append(Target("co2", "co2_path", same("co2"), path, "<=", "tCO2", 2040))
    targets.append(Target("peak", "peak", same("peak"), {}, "<=", "tCO2", 2028))
    spent = sum(one.capex * float(one.potential[0]) for one in measures)
    budgets = tuple(Budget(f"f{k}", year, spent / 4 / years * 1.5) for k in range(4) for year in YEARS)
    work = sum(one.labour["trade"] * float(one.potential[0]) for one in measures)
    return Case(
        "synthetic", same("synthetic"), YEARS, 0.05, tuple(measures), tuple(targets), carriers, base, np.zeros(years),
        factors, prices, budgets=budgets, labour={"trade": np.full(years, work / years * 1.4)},
    )  # fmt: skip
