"""``dafeng catalogue``: is it sound, and what does it hold."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dafeng.assessment.judgement import check_rules
from dafeng.catalogue import Catalogue, load_catalogue
from dafeng.catalogue.check import check_catalogue, check_units
from dafeng.catalogue.schema import KINDS
from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text, language, same
from dafeng.indicators.checking import check_indicators
from dafeng.indicators.golden import Verdict, check_golden, verdicts
from dafeng.workflows.district import FILE, open_district


@dataclass(frozen=True, slots=True)
class Soundness:
    """``entries`` counts by kind; ``cases`` the hand-worked figures that were recomputed."""

    problems: tuple[Problem, ...]
    entries: Mapping[str, int]
    cases: int


@machine_in_words()
def catalogue_of(district: str | Path | None) -> Catalogue:
    """The shipped catalogue with the district's own on top; outside a district the shipped one alone."""
    if district is None and not any((root / FILE).is_file() for root in [Path.cwd(), *Path.cwd().parents]):
        return load_catalogue()
    return open_district(district).catalogue


def check(district: str | Path | None) -> Soundness:
    """Every problem of the catalogue, then every hand-worked case that does not come out."""
    try:
        catalogue = catalogue_of(district)
    except BadInput as error:
        return Soundness(error.problems, {}, 0)
    problems = [
        *check_catalogue(catalogue),
        *check_rules(catalogue),
        *check_indicators(catalogue),
        *check_golden(catalogue),
        *check_units(catalogue),
    ]
    cases = 0
    if not problems:
        from dafeng.store.sql import run_sql

        for name in catalogue.indicators:
            for verdict in verdicts(catalogue, name, run_sql):
                cases += 1
                if not verdict.holds:
                    problems.append(_wrong(catalogue, verdict))
    return Soundness(tuple(problems), {kind: len(catalogue.kind(kind)) for kind in KINDS}, cases)


def _wrong(catalogue: Catalogue, verdict: Verdict) -> Problem:
    file = catalogue.files["indicators", verdict.indicator][-1]
    got = verdict.figure.value
    why = verdict.figure.why
    because_zh, because_en = (f"（{why.zh}）", f" ({why.en})") if why else ("", "")
    return Problem(
        "indicators.golden-differs",
        Place(file=file, item=verdict.indicator, field=f"golden › {verdict.case} › {verdict.year}"),
        Text(
            f"手算为 {_shown(verdict.expected).zh}，算出 {_shown(got).zh}{because_zh}",
            f"worked by hand {_shown(verdict.expected).en}, computed {_shown(got).en}{because_en}",
        ),
        Text("核对手算、行与公式，三者须一致", "check the hand work, the rows and the formula; they must agree"),
    )


def _shown(value: float | None) -> Text:
    return Text("缺失", "missing") if value is None else same(f"{value:.10g}")


def overview(catalogue: Catalogue, kind: str) -> list[dict[str, str]]:
    """One line per entry: id, names, what matters most of the kind, file."""
    return [
        {
            "id": name,
            "zh": entry.name.zh,
            "en": entry.name.en,
            "detail": _detail(catalogue, kind, entry),
            "file": catalogue.files[kind, name][-1],
        }
        for name, entry in sorted(catalogue.kind(kind).items())
    ]


def _detail(catalogue: Catalogue, kind: str, entry: Any) -> str:
    unit = catalogue.unit_words(entry.unit, language()) if kind in ("indicators", "factors") else ""
    match kind:
        case "registers":
            return f"{entry.owner} · {', '.join(entry.systems)} · {len(entry.columns)}"
        case "indicators":
            return " · ".join(part for part in (unit, ", ".join(entry.systems), entry.owner) if part)
        case "factors":
            latest = max(entry.values, key=lambda vintage: vintage.from_year)
            return f"{latest.value:g} {unit} ({latest.year}, {latest.source.status}) · {len(entry.values)}"
        case "standards":
            return f"{entry.number or ''} · {entry.status}"
        case "units":
            return "  ".join(entry.symbols)
        case "choices":
            return "  ".join(option.zh for option in entry.options.values())
        case "methods":
            gases = dict.fromkeys(one.gas for one in entry.emits)
            return f"{entry.from_} → {', '.join(gases)}" + (f" · {entry.kernel}" if entry.kernel else "")
        case "layouts":
            return f"{len(entry.rows)} · {entry.source.status}"
        case "refusals":
            return entry.says.text.say()
    return ""


def find(catalogue: Catalogue, name: str, kinds: Sequence[str]) -> tuple[str, str]:
    """(kind, id) of the entry called ``name``, whatever its kind. Raises BadInput when there is none, or several."""
    holding = [kind for kind in kinds if name in catalogue.kind(kind)]
    if len(holding) == 1:
        return holding[0], name
    if holding:
        said = "、".join(f"{kind} {name}" for kind in holding)
        rule = Text(f"{name} 不止一个条目", f"there is more than one entry called {name}")
        remedy = Text(f"写明类别：{said}", f"say which: {said}")
    else:
        near = difflib.get_close_matches(name, [*kinds, *(one for kind in kinds for one in catalogue.kind(kind))], n=3)
        rule = Text(f"没有名为 {name} 的类别或条目", f"there is no kind or entry called {name}")
        remedy = Text(
            f"是否指 {'、'.join(near)}？" if near else f"类别：{'、'.join(kinds)}",
            f"did you mean {', '.join(near)}?" if near else f"kinds: {', '.join(kinds)}",
        )
    raise BadInput(Problem("catalogue.unknown-entry", Place(item=name), rule, remedy))


def one(catalogue: Catalogue, kind: str, name: str) -> dict[str, Any]:
    """One entry as plain data, with the files it is written in. Raises BadInput when there is none."""
    entries = catalogue.kind(kind)
    if name not in entries:
        near = difflib.get_close_matches(name, list(entries), n=3, cutoff=0.4)
        raise BadInput(
            Problem(
                "catalogue.unknown-entry",
                Place(item=name),
                Text(f"{kind} 中没有 {name}", f"there is no {name} in {kind}"),
                Text(
                    f"是否指 {'、'.join(near)}？" if near else f"全部见 dafeng catalogue show {kind}",
                    f"did you mean {', '.join(near)}?" if near else f"see dafeng catalogue show {kind}",
                ),
            )
        )
    plain = entries[name].model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return {"files": list(catalogue.files[kind, name]), **plain}
