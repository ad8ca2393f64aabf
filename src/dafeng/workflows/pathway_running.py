"""Running a model of the pathway: an ensemble of every scenario, and when each peaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text
from dafeng.workflows.pathway_files import read_yaml

if TYPE_CHECKING:
    from dafeng.core.units import Units
    from dafeng.pathway.compute import Compiled
    from dafeng.pathway.model import Model
    from dafeng.pathway.outcome import Outcome
    from dafeng.pathway.peaks import Peaks

DRAWS, SEED, MOST_DRAWS = 1000, 1, 100_000
WORKBOOKS = (".xlsx", ".ods", ".xls")


@dataclass(frozen=True, slots=True)
class Ran:
    """outcome: of ``count`` draws by ``seed``; expected: the same scenarios with nothing drawn, with branches."""

    compiled: Compiled
    outcome: Outcome
    expected: Outcome
    peaks: Peaks
    count: int
    seed: int

    @property
    def model(self) -> Model:
        return self.compiled.model


def shipped_units() -> Units:
    from dafeng.catalogue import load_catalogue

    return load_catalogue().unit_table


def read_model_file(path: Path, units: Units | None = None) -> Model:
    """The model of a YAML file or a workbook. Raises BadInput with every fault."""
    from dafeng.pathway.model import read_model

    if path.suffix.lower() in WORKBOOKS:
        from dafeng.workflows.pathway_workbook import read_workbook

        data = read_workbook(path)
    else:
        data = read_yaml(path)
    return read_model(data, units or shipped_units(), Place(path.name))


def run_file(
    path: Path, *, scenarios: Sequence[str] = (), draws: int | None = None, seed: int = SEED, levers: Sequence[str] = ()
) -> Ran:
    """``pathway run``: the model of a file, alone. draws: 1 000 unless given, one where nothing is uncertain."""
    return run_model(read_model_file(path), scenarios=scenarios, draws=draws, seed=seed, levers=levers)


def run_model(
    model: Model, *, scenarios: Sequence[str] = (), draws: int | None = None, seed: int = SEED,
    levers: Sequence[str] = (),
) -> Ran:  # fmt: skip
    """scenarios: all unless given; levers: as typed, ``NAME=VALUE``, set in each of them. Raises BadInput for a
    scenario or lever that is not there and a number of draws that cannot be."""
    from dafeng.pathway.compute import compile as compiled_of
    from dafeng.pathway.draws import draw
    from dafeng.pathway.peaks import COMMITMENT, peaks

    names, moved = chosen(model, scenarios), levers_typed(levers, model)
    count = must_be_a_count(draws, model)
    compiled = compiled_of(model)
    expected = compiled.run(None, names, levers=moved)
    drawn = draw(model.spreads, count, seed=seed) if count > 1 else None
    outcome = expected if drawn is None else compiled.run(drawn, names, levers=moved)
    # A commitment before the model's first year says nothing about it: the last year stands for "none".
    due = COMMITMENT if model.years.first <= COMMITMENT else model.years.last
    found = peaks(outcome.years, outcome.total(), last=model.years.base, commitment=due)
    return Ran(compiled, outcome, expected, found, count, seed)


def chosen(model: Model, scenarios: Sequence[str]) -> tuple[str, ...]:
    """The scenarios asked for, in the model's order. Raises BadInput for those that it does not have."""
    unknown = [name for name in dict.fromkeys(scenarios) if name not in model.scenarios]
    if unknown:
        raise BadInput([unknown_scenario(name, model) for name in unknown])
    return tuple(name for name in model.scenarios if not scenarios or name in scenarios)


def levers_typed(given: Sequence[str], model: Model) -> dict[str, float]:
    """``NAME=VALUE`` → name → value; whether the model has such a lever and how far it goes is the model's to say."""
    found, problems = {}, []
    for written in given:
        name, sign, amount = (part.strip() for part in written.partition("="))
        try:
            value = float(amount.removesuffix("%")) / (100 if amount.endswith("%") else 1)
        except ValueError:
            value = None
        if value is not None and sign and name:
            found[name] = value
            continue
        problems.append(
            Problem(
                "pathway.lever-written",
                Place(field="--lever"),
                Text(f"“{written}”没有写明调节项和数值", f"{written} does not name a lever and a value"),
                Text(
                    f"写 名称=数值；可用：{'、'.join(model.levers) or '无'}",
                    f"write NAME=VALUE; there are: {', '.join(model.levers) or 'none'}",
                ),
            )
        )
    if problems:
        raise BadInput(problems)
    return found


def unknown_scenario(name: str, model: Model) -> Problem:
    there_zh, there_en = "、".join(model.scenarios), ", ".join(model.scenarios)
    return Problem(
        "pathway.unknown-scenario",
        Place(field="--scenario"),
        Text(f"模型里没有名为“{name}”的情景", f"the model has no scenario called {name}"),
        Text(f"可用：{there_zh}", f"there are: {there_en}"),
    )


def must_be_a_count(draws: int | None, model: Model) -> int:
    """How many draws to make; one where nothing is uncertain, since all would be the same."""
    if draws is not None and not 1 <= draws <= MOST_DRAWS:
        raise BadInput(
            Problem(
                "pathway.draws",
                Place(field="--draws"),
                Text(f"抽样次数 {draws} 不在 1 至 {MOST_DRAWS} 之间", f"{draws} draws: not between 1 and {MOST_DRAWS}"),
                Text(f"不写则为 {DRAWS} 次", f"left out it is {DRAWS}"),
            )
        )
    return (DRAWS if draws is None else draws) if model.uncertain else 1


# ── answers ──


def as_data(ran: Ran) -> dict[str, Any]:
    """{"years", "scenarios": {name: {"co2_t": {"p05", "p50", "p95"}, "peak": {…}}}}; tonnes a year."""
    from dafeng.pathway.ensemble import by_year
    from dafeng.pathway.peaks import summary

    totals = ran.outcome.total()
    return {
        "years": list(ran.outcome.years),
        "scenarios": {
            name: {"co2_t": by_year(totals[:, row]), "peak": summary(ran.peaks, row)}
            for row, name in enumerate(ran.outcome.scenarios)
        },
    }


def titles(model: Model) -> Mapping[str, Text]:
    return {name: one.title for name, one in model.scenarios.items()}
