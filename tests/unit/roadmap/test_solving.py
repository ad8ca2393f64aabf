"""The solver's promises on larger cases: whole pieces, a feasible start, a gap that is kept, no word on the screen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dafeng.core.errors import Place
from dafeng.roadmap.case import Case, alive
from dafeng.roadmap.greedy import begin
from dafeng.roadmap.program import Program, assemble
from dafeng.roadmap.reading import read_case
from dafeng.roadmap.solver import Solver
from dafeng.roadmap.solving import solve, switched_off


def case(count: int = 24, seed: int = 5, *, share: float = 0.55) -> Case:
    """Measures of which every third comes in pieces and every fourth has a least order."""
    random, measures = np.random.default_rng(seed), []
    for m in range(count):
        potential = float(random.uniform(20, 900))
        one: dict[str, Any] = {
            "id": f"m{m}", "unit": "m2", "potential": potential, "build_rate": potential / 4, "life": 12,
            "capex": float(random.uniform(50, 300)), "saves": {"electricity": float(random.uniform(5, 40))},
            "counts": {f"area{m % 3}": 1}, "fund": "f",
        }  # fmt: skip
        if m % 3 == 0:
            one["lumpy"] = potential / 12
        if m % 4 == 1:
            one["min"] = potential / 6
        measures.append(one)
    sizes = [sum(one["potential"] for one in measures if f"area{k}" in one["counts"]) for k in range(3)]
    spent = sum(one["potential"] * one["capex"] for one in measures)
    return read_case(
        {
            "id": "larger", "years": {"first": 2026, "last": 2033}, "discount": 0.05, "residual": "annuity",
            "carriers": {"electricity": "kWh"}, "base": {"all": {"electricity": 1e6}},
            "factors": {"electricity": 0.0005}, "prices": {"electricity": 0.7}, "measures": measures,
            "budgets": [{"fund": "f", "year": year, "amount": spent / 9} for year in range(2026, 2034)],
            "targets": [
                {"id": f"area{k}", "kind": "sum", "unit": "m2", "value": {2029: size * share / 3, 2033: size * share}}
                for k, size in enumerate(sizes)
            ],
        },
        Place(file="larger.yaml"),
    )  # fmt: skip


def holds(program: Program, values: np.ndarray, tolerance: float = 1e-6) -> None:
    """Every row and bound is kept and what must be whole is whole, to a share of the sizes of rows and columns."""
    activity = (program.matrix @ values) * program.row_scale
    assert (activity >= program.row_lower * program.row_scale - tolerance).all()
    assert (activity <= program.row_upper * program.row_scale + tolerance).all()
    assert (values >= program.lower - tolerance * program.column_scale).all()
    assert (values <= program.upper + tolerance * program.column_scale).all()
    pieces = values[program.whole] / program.column_scale[program.whole]
    assert np.abs(pieces - np.round(pieces)).max() <= tolerance


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_the_schedule_keeps_every_row_with_whole_pieces_and_least_orders(seed: int):
    found = case(seed=seed)
    answer = solve(found)
    assert answer.status == "ok"
    program = assemble(found)
    holds(program, program.columns(answer.built))
    for m, measure in enumerate(found.measures):
        some = answer.built[m][answer.built[m] > 0]
        if measure.order:
            assert (some >= measure.order - 1e-6).all()
        if measure.lumpy:
            assert some / measure.lumpy == pytest.approx(np.round(some / measure.lumpy))
    assert answer.stock == pytest.approx(alive(found, answer.built))


def test_the_greedy_start_is_a_schedule_and_the_solver_ends_no_dearer_within_its_gap():
    program = assemble(case())
    solver = Solver(program, gap=1e-4)
    relaxation = solver.without_whole()
    first = relaxation.run()
    start = begin(program, relaxation, first)
    assert start is not None
    holds(program, start)
    cost = float(program.cost @ start) + program.offset
    solver.start(start)
    best = solver.run()
    assert first.cost <= best.cost + 1e-6
    assert best.cost <= cost + 1e-6
    assert best.gap is not None
    assert best.gap <= 1e-4
    # The bounds of the relaxation are as before: it can be asked again.
    assert relaxation.run().cost == pytest.approx(first.cost)


def test_a_tighter_gap_is_never_dearer():
    found = case(seed=8)
    loose, tight = solve(found, gap=0.05), solve(found, gap=1e-5)
    assert loose.cost is not None
    assert tight.cost is not None
    assert tight.cost <= loose.cost + 1e-6
    assert loose.cost - tight.cost <= 0.05 * abs(loose.cost) + 1e-6


def test_switching_off_each_measure_in_turn_agrees_with_solving_each_case_anew():
    found = case(count=12, share=0.3)
    program = assemble(found)
    off = switched_off(program, [[m] for m in range(12)])
    for m, one in enumerate(off):
        anew = Solver(assemble(found.without(f"m{m}"))).without_whole().run()
        assert one.status == anew.status
        if one.status == "ok":
            assert one.cost == pytest.approx(anew.cost, rel=1e-7)


def test_a_case_a_million_times_as_large_has_the_same_schedule_a_million_times_as_large():
    def scaled(size: float) -> list[float]:
        given = {
            "id": "size", "years": {"first": 2026, "last": 2028}, "discount": 0, "carriers": {"electricity": "kWh"},
            "base": {"all": {"electricity": 1e5 * size}}, "factors": {"electricity": 0.0005},
            "prices": {"electricity": 0.8},
            "measures": [
                {"id": "led", "unit": "m2", "potential": 100 * size, "build_rate": 40 * size, "capex": 30, "life": 10,
                 "saves": {"electricity": 10}},
                {"id": "pv", "unit": "kW", "potential": 50 * size, "build_rate": 20 * size, "capex": 3000, "life": 20,
                 "saves": {"electricity": 1000}},
            ],
            "targets": [{"id": "cap", "kind": "co2_path", "year": 2028, "value": 39 * size}],
        }  # fmt: skip
        answer = solve(read_case(given, Place()))
        assert answer.cost is not None
        return [answer.cost / size, *(answer.built.sum(axis=1) / size)]

    # 22,000 kWh of 2028: 20,400 of 2026 at 0.6 and 1,600 of 2027 at 1.4.
    assert scaled(1.0)[0] == pytest.approx(20_400 * 0.6 + 1_600 * 1.4)
    assert scaled(1e6)[0] == pytest.approx(scaled(1.0)[0], rel=1e-6)
    assert scaled(1e-3)[0] == pytest.approx(scaled(1.0)[0], rel=1e-6)


def test_the_solver_says_nothing_on_the_screen(capfd: pytest.CaptureFixture[str]):
    solve(case(count=6))
    assert capfd.readouterr() == ("", "")
