"""The roadmap against every subset: three measures in pieces over three years have 512 schedules. Each is judged here
by plain sums over arrays, written from the meaning of the case and without a line of the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.core.errors import Place
from dafeng.roadmap.reading import read_case
from dafeng.roadmap.solving import solve

YEARS, FIRST = 3, 2026
MEASURES = ("a", "b", "c")
# (schedule, measure, year): every way to build or not to build one piece of each measure in each year.
ALL = np.array(np.meshgrid(*[[0.0, 1.0]] * (YEARS * len(MEASURES)), indexing="ij")).reshape(9, -1).T.reshape(-1, 3, 3)
TOLERANCE = 1e-7


def few(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    measures, wanted = [], draw(targets())
    for name in MEASURES:
        # One measure at the least counts toward each target: a target that nothing serves is bad input, not infeasible.
        least = int(name == "a")
        counts = {"sum": draw(few(least, 2)), "level": draw(few(least, 2)), "share": 1}
        measures.append(
            {
                "id": name, "unit": "台", "lumpy": True, "build_rate": 1, "potential": draw(few(1, 2)),
                "capex": draw(few(0, 30)), "opex": draw(few(-2, 3)), "life": draw(few(1, 4)), "learning": 0.1,
                "saves": {"electricity": draw(few(0, 9))}, "uses": {"gas": draw(few(0, 3))},
                "co2_t": draw(few(0, 2)), "labour": draw(few(0, 2)), "fund": draw(st.sampled_from(["x", "y"])),
                "counts": {one["id"]: counts[one["id"]] for one in wanted if one["id"] in counts},
                "counts_in": {"share": 1} if any(one["id"] == "share" for one in wanted) else {},
            }
        )  # fmt: skip
    if draw(st.booleans()):
        measures[0]["excludes"] = ["b"]
    if draw(st.booleans()):
        measures[2]["prerequisites"] = ["a"]
    return {
        "id": "brute", "years": {"first": FIRST, "last": FIRST + YEARS - 1},
        "discount": draw(st.sampled_from([0, 0.08])),
        "residual": draw(st.sampled_from(["none", "annuity"])),
        "carriers": {"electricity": {"unit": "kWh", "tce": 2}, "gas": {"unit": "m3", "tce": 3}},
        "base": {"all": {"electricity": {2026: 60, 2028: 64}, "gas": 20}},
        "factors": {"electricity": {2026: 0.6, 2028: 0.4}, "gas": 2}, "prices": {"electricity": 1, "gas": 3},
        "gdp": {2026: 10, 2028: 12}, "measures": measures, "labour": {"all": draw(few(1, 4))},
        "policy": {"co2_price": draw(few(0, 2)), "subsidies": [{"of": "b", "share": 0.5, "fund": "x"}]},
        "budgets": [{"fund": "x", "year": 2027, "amount": draw(few(5, 40))}, {"amount": draw(few(20, 120))}],
        "targets": wanted,
    }  # fmt: skip


def targets() -> st.SearchStrategy[list[dict[str, Any]]]:
    def one(name: str, values: st.SearchStrategy[Any], **more: Any) -> st.SearchStrategy[dict[str, Any]]:
        return values.map(lambda value: {"id": name, "kind": name, "value": value, "year": 2028, **more})

    tenths = st.integers(0, 60).map(lambda value: value / 10)
    each = [
        one("sum", few(1, 7), year=2027, done=1),
        one("level", few(1, 5), base=1),
        one("share", st.sampled_from([0.3, 0.45, 0.6]), base=1, base_in=5),
        one("intensity", tenths.map(lambda value: 3 + value / 2), of="co2"),
        one("co2_path", st.tuples(few(45, 76), few(35, 68)).map(lambda pair: {2026: pair[0], 2028: pair[1]})),
        one("energy_path", few(140, 190)),
        one("peak", few(60, 76), year=2026),
    ]
    wanted = st.lists(st.sampled_from(range(len(each))), min_size=1, max_size=4, unique=True)
    return wanted.flatmap(lambda chosen: st.tuples(*(each[k] for k in chosen)).map(list))


class Judged:
    """cost (schedule,): discounted; possible (schedule,): within everything but targets; missed: target → (schedule,
    row): by how much; asked: target → size of what its rows ask."""

    def __init__(self, data: dict[str, Any]):
        self.data, measures = data, data["measures"]

        def of(key: str) -> np.ndarray:
            return np.array([float(one[key]) for one in measures])

        stock = np.zeros_like(ALL)
        for m, one in enumerate(measures):
            for t in range(YEARS):
                for u in range(t + 1):
                    stock[:, m, t] += ALL[:, m, u] * (t - u < one["life"])
        worth = (1.0 + data["discount"]) ** -np.arange(YEARS)
        saves = np.array([one["saves"]["electricity"] for one in measures], float)
        uses = np.array([one["uses"]["gas"] for one in measures], float)
        electricity = np.array([60, 62, 64]) - np.einsum("m,smt->st", saves, stock)
        gas = 20 + np.einsum("m,smt->st", uses, stock)
        outside = np.einsum("m,smt->st", of("co2_t"), stock)
        self.co2 = electricity * np.array([0.6, 0.5, 0.4]) + gas * 2 - outside
        self.energy = electricity * 2 + gas * 3
        capex = of("capex")[:, None] * 0.9 ** np.arange(YEARS)
        subsidy = np.array([0, 0.5, 0])
        counted = np.array([[self.counted(one["life"], YEARS - t) for t in range(YEARS)] for one in measures])
        bill = electricity * 1 + gas * 3 - np.array([60, 62, 64]) - 20 * 3
        base_co2 = np.array([60, 62, 64]) * np.array([0.6, 0.5, 0.4]) + 40
        price = data["policy"]["co2_price"]
        self.cost = (
            np.einsum("smt,mt,t->s", ALL, capex * (1 - subsidy)[:, None] * counted, worth)
            + np.einsum("smt,m,t->s", stock, of("opex"), worth)
            + (bill + price * (self.co2 - base_co2)) @ worth
        )
        self.possible = self._possible(stock, capex, subsidy)
        self.stock = stock
        self.missed, self.asked = {}, {}
        for target in data["targets"]:
            self._judge(target)

    def counted(self, life: int, left: int) -> float:
        if self.data["residual"] == "none":
            return 1.0
        rate = self.data["discount"]
        paid = [(1 + rate) ** -k for k in range(life)]
        return sum(paid[:left]) / sum(paid)

    def _possible(self, stock: np.ndarray, capex: np.ndarray, subsidy: np.ndarray) -> np.ndarray:
        data, measures = self.data, self.data["measures"]
        potential = np.array([one["potential"] for one in measures], float)
        good = (stock <= potential[:, None] + TOLERANCE).all(axis=(1, 2))
        if "excludes" in measures[0]:
            shares = stock[:, 0] / potential[0] + stock[:, 1] / potential[1]
            good &= (shares <= 1 + TOLERANCE).all(axis=1)
        if "prerequisites" in measures[2]:
            good &= (stock[:, 2] <= stock[:, 0] + TOLERANCE).all(axis=1)
        labour = np.array([one["labour"] for one in measures], float)
        good &= (np.einsum("m,smt->st", labour, ALL) <= data["labour"]["all"] + TOLERANCE).all(axis=1)
        own = np.array([one["fund"] == "x" for one in measures])
        part = own * (1 - subsidy) + subsidy
        from_x = np.einsum("sm,m->s", ALL[:, :, 1], capex[:, 1] * part)
        good &= from_x <= data["budgets"][0]["amount"] + TOLERANCE
        return good & (np.einsum("smt,mt->s", ALL, capex) <= data["budgets"][1]["amount"] + TOLERANCE)

    def _judge(self, target: dict[str, Any]) -> None:
        name, value = target["id"], target["value"]
        counts = np.array([one["counts"].get(name, 0) for one in self.data["measures"]], float)
        match name:
            case "sum":
                rows = [(value - 1 - ALL[:, :, :2].sum(axis=2) @ counts, value - 1)]
            case "level":
                rows = [(value - 1 - self.stock[:, :, 2] @ counts, value - 1)]
            case "share":
                alive = self.stock[:, :, 2].sum(axis=1)
                rows = [(value * (5 + alive) - (1 + alive), value * 5 - 1)]
            case "intensity":
                rows = [(self.co2[:, 2] - value * 12, value * 12)]
            case "co2_path":
                rows = [(self.co2[:, year - FIRST] - cap, cap) for year, cap in value.items()]
            case "energy_path":
                rows = [(self.energy[:, 2] - value, None)]
            case _:
                rows = [(self.co2[:, t] - self.co2[:, 0], None) for t in (1, 2)]
                rows += [(self.co2[:, t] - value, value) for t in range(YEARS)]
        self.missed[name] = np.maximum(np.stack([row for row, _ in rows], axis=1), 0.0)
        self.asked[name] = [size for _, size in rows]

    def met(self) -> np.ndarray:
        return np.stack([(missed <= 1e-6).all(axis=1) for missed in self.missed.values()], axis=1)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_schedule_is_the_cheapest_of_all_subsets_and_infeasible_where_none_meets_all(data: dict[str, Any]):
    judged = Judged(data)
    answer = solve(read_case(data, Place(file="brute.yaml")), gap=0.0)
    feasible = judged.possible & judged.met().all(axis=1)
    if not feasible.any():
        assert answer.status == "infeasible"
        return
    assert answer.status == "ok"
    best = judged.cost[feasible].min()
    assert answer.cost == pytest.approx(best, abs=1e-5)
    same = np.flatnonzero((np.abs(answer.built - ALL) < 1e-6).all(axis=(1, 2)))
    assert len(same) == 1, "the answer must be one of the subsets"
    assert feasible[same[0]]
    assert judged.cost[same[0]] == pytest.approx(best, abs=1e-5)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_no_subset_relaxes_fewer_targets_than_the_answer(data: dict[str, Any]):
    judged = Judged(data)
    met = judged.met()[judged.possible]
    answer = solve(read_case(data, Place(file="brute.yaml")), relaxed=True, gap=0.0)
    fewest = int((~met).sum(axis=1).min())
    if fewest == 0:
        assert answer.status == "ok"
        assert answer.relax == ()
        return
    assert answer.status == "relaxed"
    relaxed = [one.target.id for one in answer.relax]
    assert len(relaxed) == fewest
    same = np.flatnonzero((np.abs(answer.built - ALL) < 1e-6).all(axis=(1, 2)))
    assert len(same) == 1
    assert judged.possible[same[0]]
    # Which targets the brute judge finds missed by this schedule are the ones the answer names …
    assert {name for name, met in zip(judged.missed, judged.met()[same[0]], strict=True) if not met} == set(relaxed)
    if any(None in judged.asked[name] or 0 in judged.asked[name] for name in judged.missed):
        return
    # … and among schedules that miss as few, none misses by less in shares of what is asked.
    total = sum(
        (missed / np.abs(judged.asked[name])).sum(axis=1) for name, missed in judged.missed.items()
    )[judged.possible]  # fmt: skip
    least = total[(~met).sum(axis=1) == fewest].min()
    found = sum(float((judged.missed[name][same[0]] / np.abs(judged.asked[name])).sum()) for name in judged.missed)
    assert found == pytest.approx(least, abs=1e-5)
