"""``dafeng run``: every target of every plan, with its figure, path, gap and light; only what changed is computed."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng import __version__
from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.district import FILE, District

if TYPE_CHECKING:
    from dafeng.assessment.movement import Movement
    from dafeng.assessment.results import Results
    from dafeng.indicators import Evaluation, Facts
    from dafeng.indicators.figures import Totals
    from dafeng.planning.matching import Matcher
    from dafeng.store import Store


@dataclass(frozen=True)
class Run:
    """A run, whether it had to be computed, and what moved since the run before it of the same year."""

    results: Results
    computed: bool
    moved: Movement | None = None


def _must_be_a_year_to_judge(district: District, year: int) -> None:
    present = dt.date.today().year
    if district.base_year <= year <= present:
        return
    raise BadInput(
        Problem(
            "run.year",
            Place(field="--year"),
            Text(f"{year} 年不能评估", f"{year} cannot be judged"),
            Text(
                f"写基期年 {district.base_year} 至今年 {present} 之间的年份",
                f"give a year from the base year {district.base_year} to the present one, {present}",
            ),
        )
    )


def default_year(today: dt.date | None = None) -> int:
    """The last year that is over."""
    return (today or dt.date.today()).year - 1


@machine_in_words()
def run(district: District, year: int | None = None, *, as_known: dt.date | None = None, force: bool = False) -> Run:
    """Compute the district's targets for a year, or return the stored run when nothing it rests on has changed.

    as_known: only facts recorded by the end of that day. Raises BadInput when there is no plan, or the catalogue or
    a plan is wrong.
    """
    year = year if year is not None else default_year()
    _must_be_a_year_to_judge(district, year)
    with district.open_store() as store:
        foundations = _foundations(district, store, as_known) | {"day": _day(year, as_known or dt.date.today())}
        digest = _digest(foundations, year)
        held = None if force else store.find_run(digest)
        from dafeng.assessment.results import Results

        if held is not None:
            return Run(Results.from_dict(held.result), False)
        from dafeng.assessment.movement import movement
        from dafeng.store.history import latest_run
        from dafeng.workflows.targets import compute

        # What was known on a day of the past is no step from one run to the next.
        before = None if as_known else latest_run(store, year, _of_the_present)
        results = compute(district, store, year, foundations=foundations, digest=digest, as_known=as_known)
        store.save_run(
            digest, results.as_dict(), code_version=__version__, catalogue_digest=results.catalogue, year=year
        )
        return Run(results, True, movement(Results.from_dict(before.result), results) if before else None)


def _foundations(district: District, store: Store, as_known: dt.date | None) -> dict[str, str]:
    """Digests of everything a run rests on, by name."""
    from dafeng.catalogue.load import catalogue_digest

    plans = hashlib.sha256()
    for path in district.plan_files:
        plans.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return {
        "facts": f"{store.high_water()} {as_known or ''}".strip(),
        "catalogue": catalogue_digest(district.local_catalogue),
        "plans": plans.hexdigest(),
        "settings": hashlib.sha256((district.root / FILE).read_bytes()).hexdigest(),
        "code": _code_digest(),
    }


def _digest(foundations: Mapping[str, str], year: int) -> str:
    """One digest over all foundations and the year judged."""
    parts = [*(f"{name}={value}" for name, value in sorted(foundations.items())), str(year)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _day(year: int, today: dt.date) -> str:
    """The part of the present day that decides: in a year that is not over, how much of it has passed; of a year
    that is over, only that it is."""
    return today.isoformat() if year >= today.year else str(today.year)


def _of_the_present(result: Mapping[str, Any]) -> bool:
    return " " not in result["foundations"]["facts"]


def _code_digest() -> str:
    """Version and the sources' own state, so that a change of code is a change of the run."""
    root = Path(__file__).parents[1]
    total = hashlib.sha256(__version__.encode())
    for path in sorted(root.rglob("*.py")):
        stat = path.stat()
        total.update(f"{path.relative_to(root)}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    return total.hexdigest()


def read_plans(district: District) -> dict[str, dict[str, Any]]:
    """The district's plans by file stem, in the order of their first year. Raises BadInput (with every problem).

    A target that had no indicator when its plan was imported finds one that the catalogue has gained since.
    """
    from dafeng.workflows.plan import read_plan_file

    problems: list[Problem] = []
    plans: dict[str, dict[str, Any]] = {}
    for path in district.plan_files:
        try:
            plans[path.stem] = _with_indicators(read_plan_file(path).as_dict(), district)
        except BadInput as error:
            problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    if not plans:
        raise BadInput(
            Problem(
                "run.no-plan",
                Place(file=str(district.root / "plans")),
                Text("还没有方案", "there is no plan yet"),
                Text("运行 dafeng plan import 文件", "run dafeng plan import FILE"),
            )
        )
    return dict(sorted(plans.items(), key=lambda item: (years_of(item[1])[0] or 9999, item[0])))


def _with_indicators(plan: dict[str, Any], district: District) -> dict[str, Any]:
    from dafeng.planning.matching import match_indicator

    open_targets = [target for target in plan["targets"] if target.get("indicator") is None]
    matchers = _matchers(district) if open_targets else ()
    for target in open_targets:
        unit = target.get("unit") or "" if target.get("value") is not None else None
        subject, sentence = target.get("subject") or "", target.get("sentence") or ""
        found = match_indicator(subject, subject, sentence, unit, matchers)
        target["indicator"] = found[0] if len(found) == 1 else None
    return plan


def _matchers(district: District) -> tuple[Matcher, ...]:
    """The words of the catalogue's indicators. A run holds the catalogue anyway; its files are not read twice."""
    from dafeng.planning.matching import Matcher

    return tuple(
        Matcher(entry.id, match.words, match.without, match.units)
        for entry in district.catalogue.indicators.values()
        for match in entry.match
    )


def years_of(plan: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """First and last year of a plan: as written in it, or as its targets say."""
    written = plan.get("period") or {}
    if written.get("from") or written.get("to"):
        return written.get("from"), written.get("to")
    periods = [target.get("period") or {} for target in plan["targets"]]
    firsts = [period["from"] for period in periods if period.get("from")]
    lasts = [period["to"] for period in periods if period.get("to")]
    return (min(firsts) if firsts else None, max(lasts) if lasts else None)


def own_totals(district: District, facts: Facts, as_known: dt.date | None = None) -> Totals:
    """Totals of the district's own account, computed when the first of them is asked for. What is wrong with the
    records is the account's to say (``dafeng account``); here a total is there or missing."""

    @functools.cache
    def series() -> dict[str, dict[int, float]]:
        from dafeng.accounting.account import lines_of_all_years
        from dafeng.accounting.book import Book
        from dafeng.accounting.dual_control import co2_totals, energy_totals
        from dafeng.workflows.account_gaps import with_gaps
        from dafeng.workflows.account_policy import policy_of

        book = Book(district.catalogue, policy_of(district), known_on=as_known)
        known, _ = with_gaps(district, facts, dt.date.today().year)
        energy, emissions, _ = lines_of_all_years(known, book)
        return {"energy": energy_totals(energy), "co2": co2_totals(emissions)}

    return lambda name, year: series()[name].get(year)


def evaluation(district: District, store: Store, as_known: dt.date | None = None) -> Evaluation:
    """Indicators on the district's records."""
    from dafeng.indicators import Evaluation, Facts
    from dafeng.store.sql import run_sql

    catalogue = district.catalogue
    held = store.counts() if as_known is None else store.last_loaded(as_known)

    def frame_of(register: str) -> Any:
        return store.frame(catalogue.registers[register], as_known) if register in held else None

    facts = Facts(catalogue, frame_of)
    return Evaluation(catalogue, facts, district.base_year, run_sql, own_totals(district, facts, as_known))
