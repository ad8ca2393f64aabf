"""A model of 200 branches: read, compiled, run alone, in an ensemble, with a lever moved, with measures switched off.

Synthetic; half of the branches have an uncertain intensity of their own, and all hang on six uncertain drivers.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from lines import Line, best_of

BRANCHES, GROUPS, MEASURES = 200, 40, 70
CARRIERS = ("electricity", "natural_gas", "heat", "gasoline", "diesel")
FACTORS = {"natural_gas": ("tCO2/万m3", 21.6), "heat": ("tCO2/GJ", 0.06), "gasoline": ("tCO2/t", 2.98),
           "diesel": ("tCO2/t", 3.1)}  # fmt: skip


def bench() -> list[Line]:
    return [*_one_scenario(), *_ensemble(), *_lever(), *_measures()]


def model_data(first: int, base: int, last: int, uncertain: bool = True) -> dict[str, Any]:
    """Six drivers, 200 branches in 40 groups of five carriers, four scenarios that change a fifth of them each."""
    names = [f"driver{i}" for i in range(6)]
    past = {year: 100.0 + year - first for year in range(first, base + 1)}
    drivers = [
        {"name": name, "unit": "万m2", "history": past, "value": f"grow({0.01 + 0.002 * i})"}
        for i, name in enumerate(names)
    ]
    factor = dict.fromkeys(range(first, base + 1), 0.6)
    drivers.append({"name": "grid", "unit": "tCO2/MWh", "history": factor, "value": f"interp({last}, 0.3)"})
    drivers += [{"name": f"co2_{name}", "unit": unit, "value": value} for name, (unit, value) in FACTORS.items()]
    units = {"electricity": "kWh/m2", "natural_gas": "m3/m2", "heat": "GJ/m2", "gasoline": "t/m2", "diesel": "t/m2"}
    branches = []
    for i in range(BRANCHES):
        group, carrier = i // 5, CARRIERS[i % 5]
        share = "rest()" if i % 5 == 4 else f"interp({base}, 0.2, {last}, {0.15 + 0.01 * (i % 5)})"
        branches.append({
            "path": f"sector{group % 6}/use{group}/{carrier}", "activity": names[group % 6], "activity_unit": "万m2",
            "intensity": f"grow({-0.001 * (i % 17)})", "intensity_unit": units[carrier], "share": share,
            "share_of": f"group{group}", "history": dict.fromkeys(range(first, base + 1), 50.0 + i),
        })  # fmt: skip
    keys = [f"branches/{branch['path']}/intensity" for branch in branches]
    scenarios = [{"name": "reference"}] + [
        {"name": name, "parent": "reference", "set": dict.fromkeys(keys[step::5], f"grow({-0.01 * step})")}
        for step, name in enumerate(("plan", "accelerated", "frozen"), 1)
    ]
    spreads = [{"of": f"drivers/{name}", "as": "growth", "spread": "normal(0, 0.01)"} for name in names]
    spreads += [{"of": key, "as": "multiplicative", "spread": "lognormal(0, 0.1)"} for key in keys[::2]]
    levers = [{"name": "grid", "of": "drivers/grid", "low": 0, "high": 1, "value": 0.4}]
    return {
        "id": "bench", "years": {"first": first, "base": base, "last": last}, "drivers": drivers,
        "branches": branches, "scenarios": scenarios, "levers": levers, "uncertain": spreads if uncertain else [],
    }  # fmt: skip


def _made(first: int, base: int, last: int):
    from dafeng.catalogue import load_catalogue
    from dafeng.pathway.compute import compile
    from dafeng.pathway.model import read_model

    model = read_model(model_data(first, base, last), load_catalogue().unit_table)
    return model, compile(model)


def _one_scenario() -> list[Line]:
    from dafeng.catalogue import load_catalogue
    from dafeng.pathway.compute import compile
    from dafeng.pathway.model import read_model

    units = load_catalogue().unit_table
    data = model_data(2016, 2025, 2060)
    model, compiled = _made(2016, 2025, 2060)
    compiled.run(None, ["plan"])
    name = f"{BRANCHES} branches × 45 years"
    return [
        Line(f"pathway: one scenario, {name}, every branch kept", best_of(9, lambda: compiled.run(None, ["plan"])),
             0.005),
        Line(f"pathway: reading and checking the model ({name}, 4 scenarios)",
             best_of(3, lambda: read_model(data, units)), None),
        Line(f"pathway: compiling it ({name}, 4 scenarios, values checked)", best_of(3, lambda: compile(model)), None),
    ]  # fmt: skip


def _draws(model, count: int):
    from dafeng.pathway.draws import draw

    return draw(model.spreads, count, seed=4)


def _ensemble() -> list[Line]:
    import numpy as np

    model, compiled = _made(2020, 2024, 2035)
    draws = _draws(model, 10_000)
    assert compiled.run(draws).co2_total.shape == (10_000, 4, 16)
    name = f"10,000 draws × 4 scenarios × {BRANCHES} branches × 16 years"
    one = np.random.default_rng(0).random((500, BRANCHES, 16))
    # The least any way must do that keeps the branches: three products and a sum for each scenario.
    floor = best_of(3, lambda: [(one * one * one).sum(axis=1) for _ in range(80)])
    return [
        Line(f"pathway: {name}, totals", best_of(3, lambda: compiled.run(draws)), 5.0, "s", floor,
             "numpy's products and sums alone, on one block in memory"),
        Line(f"pathway: {name}, by sector and carrier", best_of(2, lambda: compiled.run(draws, keep="sector")), 5.0),
        Line("pathway: memory of a process that does it, by sector and carrier", _peak_gb(), 2.0, "GB"),
    ]  # fmt: skip


_ALONE = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import pathway
model, compiled = pathway._made(2020, 2024, 2035)
compiled.run(pathway._draws(model, 10_000), keep="sector")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
"""


def _peak_gb() -> float:
    """In a process of its own: what other benchmarks took is not counted."""
    folder = str(Path(__file__).resolve().parent)
    done = subprocess.run([sys.executable, "-c", _ALONE, folder], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _lever() -> list[Line]:
    model, compiled = _made(2020, 2024, 2035)
    draws = _draws(model, 1_000)
    values = iter(0.2 + 0.001 * i for i in range(1000))

    def moved() -> object:
        # A new value each time: nothing of the answer can have been kept.
        return compiled.run(draws, ["plan"], levers={"grid": next(values)}, keep="sector")

    moved()
    return [Line("pathway: one lever moved, 1,000 draws, by sector and carrier", best_of(5, moved), 0.15)]


def _measures() -> list[Line]:
    from dafeng.pathway.compute import Variant

    data = model_data(2020, 2024, 2035, uncertain=False)
    keys = [f"branches/{branch['path']}/intensity" for branch in data["branches"]]
    _, compiled = _made(2020, 2024, 2035)
    rates = iter(range(100_000))

    def each_off() -> object:
        mark = next(rates) * 1e-9
        one_off = [Variant(f"without {i}", "plan", {keys[i]: f"grow({mark})"}) for i in range(MEASURES)]
        return compiled.run(None, one_off, keep="sector")

    each_off()
    return [Line(f"pathway: {MEASURES} measures switched off in turn", best_of(3, each_off), 0.2)]
