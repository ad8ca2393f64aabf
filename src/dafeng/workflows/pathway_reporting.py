"""The pathway of a district as the yearly report is given it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput
from dafeng.core.text import Text
from dafeng.workflows.district import District
from dafeng.workflows.pathway_district import by_part, district_model, observed
from dafeng.workflows.pathway_running import DRAWS, Ran, run_model

if TYPE_CHECKING:
    from dafeng.pathway.model import Model
    from dafeng.report.pathway_model import PathwayReport, Ranked, WedgeSplit

# The scenario that the chapter speaks of where the model has it, and what it is compared with.
MAIN, AGAINST = "plan", "reference"
_BASE = 256


def pathway_of(district: District, year: int, as_known: dt.date | None = None) -> PathwayReport | None:
    """None for a report as known on a past day, and where the district has no account to begin from; what is wrong
    then, ``dafeng pathway`` says."""
    if as_known is not None:
        return None
    try:
        model, origin = district_model(district, year)
        return report_of(run_model(model, draws=DRAWS), origin, synthetic=district.synthetic)
    except BadInput:
        return None


def report_of(ran: Ran, origin: Text, *, synthetic: bool) -> PathwayReport:
    from dafeng.pathway.ensemble import QUANTILES, named, quantiles
    from dafeng.pathway.peaks import summary
    from dafeng.report.pathway_model import PathwayReport, ScenarioLine

    model, totals = ran.model, ran.outcome.total()
    names = ran.outcome.scenarios
    main = MAIN if MAIN in names else names[0]
    bands = quantiles(totals)
    lines = []
    for row, name in enumerate(names):
        peak = summary(ran.peaks, row)
        held = {named(q): bands[at, row].tolist() for at, q in enumerate(QUANTILES)}
        lines.append(
            ScenarioLine(name, model.scenarios[name].title, held, peak, peak["in_year"], peak["in_sight"])
        )  # fmt: skip
    seen = observed(ran)
    split = _split(model, AGAINST, main) if AGAINST in names and main != AGAINST else None
    year, ranking = _ranking(model, main)
    return PathwayReport(
        ran.outcome.years, model.years.base, synthetic, origin, ran.count, ran.seed,
        Text(seen["why"]["zh"], seen["why"]["en"]) if seen else None, main, tuple(lines), split, ranking, year,
        by_part(ran, 1)[main],
    )  # fmt: skip


def _split(model: Model, start: str, end: str) -> WedgeSplit | None:
    from dafeng.report.pathway_model import Wedge, WedgeSplit
    from dafeng.workflows.pathway_questions import about, differences, name_of, split

    if not differences(model, start, end):
        return None
    keys, found = split(model, start, end)
    titles = model.scenarios
    return WedgeSplit(
        titles[start].title, titles[end].title, found.start.tolist(), found.end.tolist(),
        tuple(Wedge(name_of(model, key), found.wedge[row].tolist()) for row, key in enumerate(keys)), about(found),
    )  # fmt: skip


def _ranking(model: Model, scenario: str) -> tuple[int | None, tuple[Ranked, ...]]:
    from dafeng.report.pathway_model import Ranked
    from dafeng.workflows.pathway_questions import sensitivity

    if not model.uncertain:
        return None, ()
    found: dict[str, Any] = sensitivity(model, scenario, base=_BASE)
    rows = tuple(Ranked(Text(**one["name"]), one["first"], one["total"]) for one in found["ranking"])
    return found["year"], rows
