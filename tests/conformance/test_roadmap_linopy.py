"""The roadmap against the same program written in linopy from the meaning of the case: thirty measures over eight years
with pieces, least orders, exclusions, prerequisites, growth, budgets, labour and every kind of target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.case import Case
from dafeng.roadmap.reading import read_case
from dafeng.roadmap.solving import solve

linopy = pytest.importorskip("linopy")
pytestmark = pytest.mark.filterwarnings("ignore:Auxiliary coordinate")
YEARS, MEASURES = range(2026, 2034), 30


def data(seed: int, *, whole: bool) -> dict[str, Any]:
    random, measures = np.random.default_rng(seed), []
    for m in range(MEASURES):
        potential, saving = float(random.uniform(50, 500)), float(random.uniform(5, 60))
        one: dict[str, Any] = {
            "id": f"m{m}", "unit": "m2", "potential": potential, "build_rate": potential * random.uniform(0.15, 0.4),
            "capex": saving * random.uniform(5, 30), "opex": random.uniform(0, 1), "life": int(random.integers(3, 15)),
            "learning": random.uniform(0, 0.05), "saves": {"electricity": saving}, "fund": f"f{m % 2}",
            "labour": random.uniform(0.01, 0.05), "counts": {"area": 1, "stock": 1, "share": 1},
            "counts_in": {"share": 0.5}, "co2_t": 0.001,
        }  # fmt: skip
        if m % 4 == 0:
            one |= {"saves": {"gas": saving / 5}, "uses": {"electricity": saving / 3}}
        if m % 5 == 0:
            one["growth"] = {"rate": 0.3, "start": potential * 0.06}
        if m % 6 == 1:
            one["excludes"] = [f"m{m + 1}"]
        if m % 6 == 3:
            one["prerequisites"] = [{"measure": f"m{m - 1}", "ratio": 0.2}]
        if whole and m % 7 == 2:
            one["lumpy"] = potential / 10
        if whole and m % 7 == 4:
            one["min"] = potential * 0.08
        measures.append(one)
    area = sum(one["potential"] for one in measures)
    energy = sum(one["potential"] * one["saves"].get("electricity", 0) for one in measures)
    spent = sum(one["potential"] * one["capex"] for one in measures)
    work = sum(one["potential"] * one["labour"] for one in measures)
    co2, coal = 2 * energy * 0.0005 + energy * 0.002, 2.1 * energy * 0.0003 + energy * 0.0013
    return {
        "id": "linopy", "years": {"first": YEARS[0], "last": YEARS[-1]}, "discount": 0.06, "residual": "annuity",
        "carriers": {"electricity": {"unit": "kWh", "tce": 0.0003}, "gas": {"unit": "m3", "tce": 0.0013}},
        "base": {"all": {"electricity": {2026: 2 * energy, 2033: 2.1 * energy}, "gas": energy}},
        "factors": {"electricity": {2026: 0.0005, 2033: 0.0003}, "gas": 0.002},
        "prices": {"electricity": 0.8, "gas": 3.5}, "gdp": {2026: 100, 2033: 140},
        "policy": {"co2_price": {2026: 50, 2033: 120}}, "measures": measures,
        "labour": {"all": work / 8 * 1.2},
        "budgets": [{"fund": "f0", "year": 2028, "amount": spent / 24}, {"fund": "f1", "amount": spent / 3}],
        "targets": [
            {"id": "area", "kind": "sum", "unit": "m2", "value": {2029: area * 0.3, 2033: area * 0.6}},
            {"id": "stock", "kind": "level", "unit": "m2", "year": 2031, "value": area * 0.35},
            {"id": "share", "kind": "share", "unit": "m2", "year": 2032, "value": 0.4, "base_in": area * 0.9},
            {"id": "path", "kind": "co2_path", "value": {2030: co2 * 0.93, 2033: co2 * 0.8}},
            {"id": "coal", "kind": "energy_path", "year": 2033, "value": coal * 0.9},
            {"id": "per_gdp", "kind": "intensity", "year": 2032, "value": co2 / 100 * 0.75},
            {"id": "peak", "kind": "peak", "year": 2027},
        ],
    }  # fmt: skip


def written(given: dict[str, Any], case: Case) -> Any:
    """The program in linopy: matrices of (measure, year) with xarray's names, no line of the engine's assembly."""
    import pandas as pd
    import xarray as xr

    names = [one["id"] for one in given["measures"]]
    measure, year = pd.Index(names, name="m"), pd.Index(list(YEARS), name="t")

    def of(key: str, default: float = 0.0, within: str | None = None) -> xr.DataArray:
        values = [(one.get(within, {}) if within else one).get(key, default) for one in given["measures"]]
        return xr.DataArray(np.array(values, float), coords={"m": measure})

    def along(first: float, last: float) -> xr.DataArray:
        return xr.DataArray(np.linspace(first, last, len(YEARS)), coords={"t": year})

    model = linopy.Model()
    lumpy = of("lumpy")
    x = model.add_variables(lower=0, upper=of("build_rate"), coords=[measure, year], name="x")
    stock = model.add_variables(lower=0, upper=of("potential"), coords=[measure, year], name="stock")
    built_in = pd.Index(list(YEARS), name="u")
    age = xr.DataArray(np.subtract.outer(np.array(YEARS), np.array(YEARS)), coords={"t": year, "u": built_in})
    standing = ((age >= 0) & (age < of("life"))).astype(float)
    model.add_constraints(stock - (x.rename({"t": "u"}) * standing).sum("u") == 0)
    growing = [one["id"] for one in given["measures"] if one.get("growth")]
    start = xr.DataArray(
        [one["growth"]["start"] for one in given["measures"] if one.get("growth")],
        coords={"m": pd.Index(growing, name="m")},
    )
    fast = x.sel(m=growing)
    model.add_constraints(fast - fast.shift(t=1) * 1.3 <= start)
    for one in given["measures"]:
        name = one["id"]
        for other in one.get("excludes", ()):
            a, b = one["potential"], next(each["potential"] for each in given["measures"] if each["id"] == other)
            model.add_constraints(stock.loc[name] / a + stock.loc[other] / b <= 1)
        for need in one.get("prerequisites", ()):
            model.add_constraints(stock.loc[name] * need["ratio"] - stock.loc[need["measure"]] <= 0)
    pieces = [name for name, size in zip(names, lumpy.values, strict=True) if size]
    for name in pieces:
        count = model.add_variables(lower=0, coords=[year], integer=True, name=f"count_{name}")
        model.add_constraints(x.loc[name] - count * float(lumpy.sel(m=name)) == 0)
    for one in given["measures"]:
        if one.get("min"):
            on = model.add_variables(coords=[year], binary=True, name=f"on_{one['id']}")
            model.add_constraints(x.loc[one["id"]] - on * one["build_rate"] <= 0)
            model.add_constraints(x.loc[one["id"]] - on * one["min"] >= 0)
    worth = xr.DataArray([1.06 ** -(t - YEARS[0]) for t in YEARS], coords={"t": year})
    capex = of("capex") * (1 - of("learning")) ** xr.DataArray(np.arange(8.0), coords={"t": year})
    left = xr.DataArray([float(YEARS[-1] + 1 - t) for t in YEARS], coords={"t": year})

    def annuity(years: xr.DataArray) -> xr.DataArray:
        return 1 - 1.06**-years

    counted = annuity(np.minimum(left, of("life"))) / annuity(of("life"))
    electricity = of("electricity", within="saves") - of("electricity", within="uses")
    gas = of("gas", within="saves")
    factor = along(0.0005, 0.0003)
    base = given["base"]["all"]
    power, burnt = along(base["electricity"][2026], base["electricity"][2033]), base["gas"]
    cut = (stock * (electricity * factor + gas * 0.002 + of("co2_t"))).sum("m")
    total = power * factor + burnt * 0.002
    price = along(50, 120)
    model.add_objective(
        (x * (capex * counted * worth)).sum()
        + (stock * ((of("opex") - electricity * 0.8 - gas * 3.5) * worth)).sum()
        - (stock * ((electricity * factor + gas * 0.002 + of("co2_t")) * price * worth)).sum()
    )
    model.add_constraints((x * of("labour")).sum("m") <= given["labour"]["all"])
    first, second = given["budgets"]
    own = xr.DataArray([one["fund"] == "f0" for one in given["measures"]], coords={"m": measure})
    model.add_constraints((x.sel(t=2028) * (capex.sel(t=2028) * own)).sum() <= first["amount"])
    model.add_constraints((x * (capex * ~own)).sum() <= second["amount"])
    by = {one["id"]: one for one in given["targets"]}
    for t, value in by["area"]["value"].items():
        model.add_constraints(x.loc[:, YEARS[0] : t].sum() >= value, name=f"area_{t}")
    model.add_constraints(stock.loc[:, 2031].sum() >= by["stock"]["value"], name="stock_2031")
    model.add_constraints(
        (stock.loc[:, 2032] * (1 - 0.4 * 0.5)).sum() >= 0.4 * by["share"]["base_in"], name="share_2032"
    )
    for t, value in by["path"]["value"].items():
        model.add_constraints(cut.sel(t=t) >= float(total.sel(t=t)) - value, name=f"path_{t}")
    coal = (stock * (electricity * 0.0003 + gas * 0.0013)).sum("m").sel(t=2033)
    model.add_constraints(coal >= float(power.sel(t=2033)) * 0.0003 + burnt * 0.0013 - by["coal"]["value"])
    gdp = 100 + 40 * 6 / 7
    model.add_constraints(cut.sel(t=2032) >= float(total.sel(t=2032)) - by["per_gdp"]["value"] * gdp)
    for t in YEARS[2:]:
        model.add_constraints(cut.sel(t=t) - cut.sel(t=2027) >= float(total.sel(t=t) - total.sel(t=2027)))
    assert len(case.measures) == len(names)
    return model


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_linear_program_has_the_cost_and_the_shadow_prices_of_the_one_in_linopy(seed: int):
    given = data(seed, whole=False)
    case = read_case(given, Place(file="linopy.yaml"))
    model = written(given, case)
    model.solve("highs", output_flag=False)
    answer = solve(case)
    assert answer.status == "ok"
    assert answer.cost == pytest.approx(model.objective.value, rel=1e-6, abs=1e-3)
    assert sum(abs(one.shadow_cost or 0) > 1e-6 for one in answer.targets) >= 2, "hardly a target binds: too easy"
    for one in answer.targets:
        if one.target.id in ("area", "stock", "path"):
            for each in one.years:
                dual = float(model.constraints[f"{one.target.id}_{each.year}"].dual)
                assert each.shadow_cost == pytest.approx(dual, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("seed", [1])
def test_with_pieces_and_least_orders_it_costs_the_same_within_the_gap(seed: int):
    given = data(seed, whole=True)
    case = read_case(given, Place(file="linopy.yaml"))
    model = written(given, case)
    model.solve("highs", output_flag=False, mip_rel_gap=1e-4, time_limit=60)
    answer = solve(case, gap=1e-4, seconds=60)
    assert answer.status == "ok"
    assert answer.gap is not None
    assert answer.gap <= 1e-4
    assert answer.cost == pytest.approx(model.objective.value, rel=2.5e-4)
