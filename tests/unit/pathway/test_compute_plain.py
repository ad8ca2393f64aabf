"""The graph against a plain reading of the same model: one year, draw and cell at a time, in Python's own arithmetic.

Random models of forty branches that mention each other, with history, shares that give way, overrides and uncertainty.
"""

from __future__ import annotations

import functools
import random
from typing import Any

import numpy as np
import pytest

from dafeng.catalogue import load_catalogue
from dafeng.core.units import Units
from dafeng.pathway import compute_tape
from dafeng.pathway.compute import Variant, compile
from dafeng.pathway.model import Model, read_model


@functools.cache
def units() -> Units:
    return load_catalogue().unit_table


FIRST, BASE, LAST = 2018, 2021, 2030
# name → (how it is written, its value for a year; past: the last value of history)
SHAPES = {
    "hold()": lambda past, year, _: past,
    "grow(0.03)": lambda past, year, _: past * 1.03 ** (year - BASE),
    "grow_as(d0, 0.5)": lambda past, year, get: past * (get("d0", year) / get("d0", BASE)) ** 0.5,
    "interp(2025, 2, 2028, 7)": lambda past, year, _: float(np.interp(year, [BASE, 2025, 2028], [past, 2, 7])),
    "step(2024, 3)": lambda past, year, _: past if year < 2024 else 3.0,
    "hold() + 0.1 * d0 * before(d1) / at(d1, 2019)": lambda past, year, get: (
        past + 0.1 * get("d0", year) * get("d1", year - 1) / get("d1", 2019)
    ),
    "max(d0, hold()) if year > 2026 else d1": lambda past, year, get: (
        max(get("d0", year), past) if year > 2026 else get("d1", year)
    ),
}
DRIVERS = ["d0", "d1"]


def random_data(seed: int) -> dict[str, Any]:
    rng = random.Random(seed)
    years = range(FIRST, BASE + 1)
    plain = ["hold()", "grow(0.03)", "interp(2025, 2, 2028, 7)", "step(2024, 3)"]
    drivers = [
        {"name": name, "unit": "", "history": {year: rng.uniform(1, 5) for year in years}, "value": rng.choice(plain)}
        for name in DRIVERS
    ]
    drivers += [
        {"name": f"d{i}", "unit": "", "history": {year: rng.uniform(1, 5) for year in years},
         "value": rng.choice(list(SHAPES))}
        for i in range(2, 8)
    ]  # fmt: skip
    drivers.append({"name": "co2_heat", "unit": "tCO2/GJ", "value": "interp(2018, 0.1, 2030, 0.05)"})
    branches = []
    for i in range(40):
        branch = {
            "path": f"s{i % 3}/u{i}/heat", "activity": rng.choice([f"d{rng.randrange(8)}", "d0 * d3"]),
            "activity_unit": "1", "intensity": rng.choice(["grow(0.03)", "hold()"]), "intensity_unit": "GJ",
            "history": {year: rng.uniform(10, 90) for year in years},
        }  # fmt: skip
        if i % 2 == 0:
            branch |= {"share": "interp(2018, 0.2, 2030, 0.6)", "share_of": f"g{i}"}
        else:
            branch |= {"share": "rest()", "share_of": f"g{i - 1}"}
        branches.append(branch)
    keys = [f"branches/s{i % 3}/u{i}/heat/intensity" for i in range(40)]
    return {
        "years": {"first": FIRST, "base": BASE, "last": LAST},
        "drivers": drivers,
        "branches": branches,
        "scenarios": [
            {"name": "reference"},
            {"name": "plan", "parent": "reference", "set": dict.fromkeys(keys[::7], "step(2024, 3)")},
            {"name": "more", "parent": "plan", "set": {"drivers/d2": "grow(0.03)", keys[0]: "parent() * 0.5"}},
        ],
        "uncertain": [
            {"of": "drivers/d0", "as": "growth", "spread": "normal(0, 0.02)"},
            {"of": "drivers/d4", "as": "multiplicative", "spread": "lognormal(0, 0.1)"},
            {"of": keys[3], "as": "additive", "spread": "uniform(-1, 1)"},
            {"of": "branches/s0/u6/heat/share", "as": "multiplicative", "spread": "uniform(0.9, 1.1)"},
        ],
    }


class Plain:
    """Reads the data, not the model: nothing of the engine is used."""

    def __init__(self, data: dict[str, Any], scenario: str, draw: dict[str, float]):
        self.data, self.draw = data, draw
        self.set: dict[str, str] = {}
        chain, name = [], scenario
        while name:
            one = next(one for one in data["scenarios"] if one["name"] == name)
            chain.append(one.get("set", {}))
            name = one.get("parent")
        for change in reversed(chain):
            for key, value in change.items():
                before = self.set.get(key)
                self.set[key] = value.replace("parent()", f"({before})") if before else value
        self.drivers = {one["name"]: one for one in data["drivers"]}
        self.branches = {one["path"]: one for one in data["branches"]}
        self.how = {one["of"]: one["as"] for one in data["uncertain"]}

    def drawn(self, key: str, year: int, value: float) -> float:
        if year <= BASE or key not in self.how:
            return value
        x = self.draw[key]
        match self.how[key]:
            case "growth":
                return value * (1 + x) ** (year - BASE)
            case "additive":
                return value + x
        return value * x

    def shaped(self, source: str, past: float, year: int) -> float:
        if source == "(step(2024, 3)) * 0.5":
            return 0.5 * SHAPES["step(2024, 3)"](past, year, self.driver)
        return SHAPES[source](past, year, self.driver)

    def driver(self, name: str, year: int) -> float:
        one = self.drivers[name]
        if name == "co2_heat":
            return float(np.interp(year, [2018, 2030], [0.1, 0.05]))
        if year <= BASE:
            return one["history"][year]
        key = f"drivers/{name}"
        source = self.set.get(key) or str(one["value"])
        return self.drawn(key, year, self.shaped(source, one["history"][BASE], year))

    def share(self, branch: dict[str, Any], year: int) -> float:
        if branch["share"] == "rest()":
            other = next(
                one
                for one in self.branches.values()
                if one["share_of"] == branch["share_of"] and one["path"] != branch["path"]
            )
            return 1 - self.share(other, year)
        value = float(np.interp(year, [2018, 2030], [0.2, 0.6]))
        return self.drawn(f"branches/{branch['path']}/share", year, value)

    def activity(self, branch: dict[str, Any], year: int) -> float:
        value = 1.0
        for name in branch["activity"].split(" * "):
            value *= self.driver(name, year)
        return value

    def energy(self, branch: dict[str, Any], year: int) -> float:
        if year <= BASE:
            return branch["history"][year]
        past = branch["history"][BASE] / (self.activity(branch, BASE) * self.share(branch, BASE))
        key = f"branches/{branch['path']}/intensity"
        source = self.set.get(key) or str(branch["intensity"])
        if source == "parent() * 0.5":
            source = f"({branch['intensity']}) * 0.5"
        intensity = self.drawn(key, year, self.shaped(source, past, year))
        return self.activity(branch, year) * self.share(branch, year) * intensity

    def energies(self) -> list[list[float]]:
        return [[self.energy(one, year) for year in range(FIRST, LAST + 1)] for one in self.branches.values()]


def draws_of(model: Model, count: int, seed: int) -> np.ndarray:
    from dafeng.pathway.draws import draw

    return draw(model.spreads, count, seed=seed).values


@pytest.mark.parametrize("seed", range(12))
def test_the_graph_agrees_with_a_plain_reading(seed: int, monkeypatch: pytest.MonkeyPatch):
    # Chunks of two draws, so that the last one is not full.
    data = random_data(seed)
    model = read_model(data, units())
    values = draws_of(model, 5, seed)
    compiled = compile(model)
    monkeypatch.setattr(compute_tape, "CHUNK", 2 * 8 * 13 * 200)
    outcome = compiled.run(values, keep="branch")
    assert outcome.energy is not None
    assert outcome.co2_t is not None
    factor = np.interp(range(FIRST, LAST + 1), [2018, 2030], [0.1, 0.05])
    for row, scenario in enumerate(outcome.scenarios):
        for number in range(5):
            one = {key.of: values[number, column] for column, key in enumerate(model.uncertain)}
            plain = np.array(Plain(data, scenario, one).energies())
            np.testing.assert_allclose(outcome.energy[number, row], plain, rtol=1e-11)
            np.testing.assert_allclose(outcome.total()[number, row], (plain * factor).sum(axis=0), rtol=1e-11)
    np.testing.assert_allclose(outcome.co2_t.sum(axis=2), outcome.total(), rtol=1e-12)
    assert outcome.co2_by_sector is not None
    np.testing.assert_allclose(outcome.co2_by_sector.sum(axis=2), outcome.total(), rtol=1e-12)


def test_a_variant_with_all_changes_of_a_scenario_is_that_scenario():
    compiled = compile(read_model(random_data(3), units()))
    values = draws_of(compiled.model, 20, 1)
    whole = Variant("again", "reference", dict(compiled.overrides("more")))
    written = Variant("d2", "plan", {"drivers/d2": "grow(0.03)"})
    of_names, of_variants = compiled.run(values, ["more"]), compiled.run(values, [whole, written])
    np.testing.assert_array_equal(of_names.total()[:, 0], of_variants.total()[:, 0])
    assert (of_variants.total()[:, 1] != of_names.total()[:, 0]).any()


def test_one_scenario_alone_is_the_same_as_among_others():
    compiled = compile(read_model(random_data(4), units()))
    values = draws_of(compiled.model, 7, 1)
    together = compiled.run(values)
    for row, name in enumerate(together.scenarios):
        np.testing.assert_array_equal(compiled.run(values, [name]).total()[:, 0], together.total()[:, row])


def test_passing_questions_are_forgotten_and_answers_stay_the_same(monkeypatch: pytest.MonkeyPatch):
    from dafeng.pathway import compute

    compiled = compile(read_model(random_data(5), units()))
    values = draws_of(compiled.model, 3, 1)
    before = compiled.run(values).total()
    monkeypatch.setattr(compute, "MOST_PASSING", 500)
    for step in range(50):
        variant = Variant("v", "plan", {"drivers/d1": f"hold({step + 1.5})"})
        asked = compiled.run(values, [variant]).total()
        np.testing.assert_array_equal(compiled.run(values, [variant]).total(), asked)
        assert len(compiled._lowering.graph.ops) < compiled._kept + 2000
    np.testing.assert_array_equal(compiled.run(values).total(), before)
