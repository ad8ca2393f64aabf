"""Cases that cannot be read: each file is broken in one way, and the answer names the place and what to change."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.roadmap.reading import read_case

HERE = Path(__file__).parent


def problems_of(name: str) -> list[Problem]:
    data = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    with pytest.raises(BadInput) as raised:
        read_case(data, Place(file=name))
    return list(raised.value.problems)


ONE_FAULT = [
    ("target_nothing_serves.yaml", "roadmap.target-unserved", "targets.chargers", None),
    ("budget_of_nothing.yaml", "roadmap.budget-nothing", "budgets", "财政"),
    ("unknown_in_excludes.yaml", "roadmap.unknown", "measures.led", "excludes"),
    ("unknown_prerequisite.yaml", "roadmap.unknown", "measures.led", "prerequisites"),
    ("prerequisites_in_a_circle.yaml", "roadmap.circle", "measures.led", "prerequisites"),
    ("prerequisite_of_another_unit.yaml", "roadmap.unit-mismatch", "measures.pv", "prerequisites"),
    ("negative_potential.yaml", "roadmap.negative", "measures.led", "potential"),
    ("unit_that_does_not_convert.yaml", "roadmap.unit-mismatch", "measures.led", "saves.electricity"),
    ("count_of_one_between_units.yaml", "roadmap.unit-mismatch", "measures.led", "counts.area"),
    ("year_that_is_past.yaml", "roadmap.year-outside", "targets.area", "year"),
    ("years_not_covered.yaml", "roadmap.years-missing", "factors", "electricity"),
    ("price_missing.yaml", "roadmap.missing", "prices", "electricity"),
    ("misspelt_key.yaml", "roadmap.unknown", "measures.led", "capx"),
    ("share_in_percent.yaml", "roadmap.share-above-one", "targets.share", "value"),
    ("twice.yaml", "roadmap.twice", "measures.led", None),
]


@pytest.mark.parametrize(("name", "code", "item", "field"), ONE_FAULT)
def test_one_fault_is_one_problem_with_place_and_remedy(name: str, code: str, item: str, field: str | None):
    found = [problem for problem in problems_of(name) if problem.level == "error"]
    assert [(one.code, one.place.file, one.place.item, one.place.field) for one in found] == [(code, name, item, field)]
    for text in (found[0].rule, found[0].remedy):
        assert text.zh
        assert text.en
        assert text.zh != text.en


def test_the_circle_is_named_from_end_to_end():
    assert "led → pv → led" in problems_of("prerequisites_in_a_circle.yaml")[0].rule.zh


def test_all_faults_are_told_at_once():
    found = problems_of("many_faults.yaml")
    places = {(one.place.item, one.place.field) for one in found}
    assert places >= {
        ("measures.led", "potential"),
        ("measures.led", "life"),
        ("measures.pv", "capex"),
        ("measures.pv", "counts.nowhere"),
        ("targets.area", "kind"),
        ("budgets[1]", "amount"),
        (None, "discount"),
    }


@pytest.mark.parametrize("text", ["[]", "years: 5", "years: {first: 2030, last: 2026}", "years: [2026.5, 2030]", "{}"])
def test_what_is_no_case_at_all_is_said_without_a_traceback(text: str):
    with pytest.raises(BadInput):
        read_case(yaml.safe_load(text), Place(file="odd.yaml"))


@pytest.mark.parametrize(
    "part", ["measures", "targets", "budgets", "base", "factors", "prices", "policy", "labour", "carriers", "gdp"]
)
@pytest.mark.parametrize("junk", ["text", 7, [1, "x"], {"a": "b"}, [[1]], True, {"a": {"b": {"c": 1}}}])
def test_junk_anywhere_is_a_problem_and_never_an_exception_of_python(part: str, junk: object):
    data = yaml.safe_load((HERE / "good.yaml").read_text(encoding="utf-8"))
    data[part] = junk
    try:
        read_case(data, Place(file="junk.yaml"))
    except BadInput:
        return


@pytest.mark.parametrize("junk", ["text", -1, [1, "x"], {"a": "b"}, [[1]], True, None, float("nan"), float("inf")])
def test_junk_in_a_measure_or_target_is_a_problem_and_never_an_exception_of_python(junk: object):
    good = yaml.safe_load((HERE / "good.yaml").read_text(encoding="utf-8"))
    keys = {
        "measures": (*good["measures"][0], "excludes", "prerequisites", "labour", "growth", "ranges", "zones", "stage")
    }
    keys["targets"] = (*good["targets"][0], "base", "base_in", "done", "comparator", "backlog", "values")
    for part, names in keys.items():
        for name in names:
            data = yaml.safe_load((HERE / "good.yaml").read_text(encoding="utf-8"))
            data[part][0][name] = junk
            try:
                read_case(data, Place(file="junk.yaml"))
            except BadInput:
                continue


def test_the_good_case_beside_them_is_read():
    case = read_case(yaml.safe_load((HERE / "good.yaml").read_text(encoding="utf-8")), Place(file="good.yaml"))
    assert [one.id for one in case.measures] == ["led", "pv"]
    assert case.measures[0].counts == {"area": pytest.approx(1e-4)}


def test_a_bound_without_an_upper_end_is_said_without_one():
    data = yaml.safe_load((Path(__file__).parent / "good.yaml").read_text(encoding="utf-8"))
    data["measures"][0]["life"] = 0
    with pytest.raises(BadInput) as caught:
        read_case(data, Place("good.yaml"))
    assert "0小于1" in [one.rule.zh for one in caught.value.problems]
    assert "0 is below 1" in [one.rule.en for one in caught.value.problems]
