"""On the whole demo district: the model's history is the account, files that were written decide, no target is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows.account_making import Asked, make
from dafeng.workflows.district import District
from dafeng.workflows.pathway_district import as_data, run_district, write_model
from dafeng.workflows.roadmap_district import as_data as roadmap_data
from dafeng.workflows.roadmap_district import costs_of, solve_district
from dafeng.workflows.starting import init


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> District:
    return init(tmp_path_factory.mktemp("pathway") / "demo", demo=True).district


def test_the_base_year_of_the_pathway_is_the_account_to_the_last_digit(demo: District):
    from dafeng.accounting.dual_control_divisions import co2_of
    from dafeng.accounting.lines import DISTRICT

    found = as_data(run_district(demo, draws=1))
    account = make(demo, Asked(year=2025), ("inventory",))
    import polars as pl

    grams = co2_of(account.emissions.filter(pl.col("level") == DISTRICT), DISTRICT, pl.lit("all"))["all"]
    at = found["years"].index(2025)
    for scenario in ("reference", "frozen", "plan", "accelerated"):
        assert found["scenarios"][scenario]["co2_t"]["p50"][at] == pytest.approx(grams[2025] / 1e6, rel=1e-9)


def test_sectors_make_the_scenario_in_every_year(demo: District):
    found = as_data(run_district(demo, draws=1, scenarios=["plan"]))
    parts = found["sectors"]["plan"].values()
    for year, whole in enumerate(found["scenarios"]["plan"]["co2_t"]["p50"]):
        assert sum(values[year] for values in parts) == pytest.approx(whole, rel=1e-9)


def test_a_model_written_out_gives_the_same_answer_and_is_not_overwritten(tmp_path: Path):
    district = init(tmp_path / "demo", demo=True).district
    before = as_data(run_district(district, draws=1))["scenarios"]
    paths = write_model(district)
    for path in (paths[0], paths[1]):
        after = as_data(run_district(district, draws=1))
        assert path.name in after["model"]["origin"]["en"]
        for name, held in before.items():
            assert after["scenarios"][name]["co2_t"]["p50"] == pytest.approx(held["co2_t"]["p50"], rel=1e-9)
        with pytest.raises(BadInput) as error:
            write_model(district)
        assert error.value.problems[0].code == "pathway.model-exists"
        # The next round reads the workbook.
        path.unlink()


def test_every_target_that_the_roadmap_does_not_hold_has_its_reason(demo: District):
    done = solve_district(demo, relax=True)
    found = roadmap_data(done)
    assert found["schedule"]
    assert all(one["why"]["zh"] and one["why"]["en"] for one in found["left_out"])
    assert not {one["id"] for one in found["left_out"]} & {one["id"] for one in found["targets"]}
    assert len(found["co2_t"]) == len(found["years"]) == 10
    assert {one.target.id for one in costs_of(done.solved)} == {one["id"] for one in found["targets"]}


def test_a_date_for_a_missed_target_that_is_no_date_is_refused(demo: District):
    with pytest.raises(BadInput) as error:
        solve_district(demo, backlog=["sometime"])
    assert error.value.problems[0].code == "roadmap.backlog-written"


def test_a_missed_target_with_a_date_comes_into_the_case_and_an_unknown_one_is_refused(demo: District):
    missed = [one.id for one in solve_district(demo, relax=True).made.left_out if one.kind == "missed"]
    dated = {}
    for target in missed:
        try:
            made = solve_district(demo, relax=True, backlog=[f"{target}=2028"]).made
        except BadInput:
            continue  # no measure counts toward it
        dated = {one.id: one.missed for one in made.case.targets if one.missed is not None}
        break
    assert list(dated.values()) == [2025]
    with pytest.raises(BadInput) as error:
        solve_district(demo, backlog=["nothing=2028"])
    assert error.value.problems[0].code == "roadmap.backlog-target"
