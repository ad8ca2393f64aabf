"""The importer on the real district plan of October 2022, against facts read out of it by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.planscore import Score, import_file, score

from dafeng.planning import import_plan
from dafeng.sources.documents import read_document

GOLD = yaml.safe_load((Path(__file__).parent / "xuhui_2022.yaml").read_text(encoding="utf-8"))
# Every system of the list S01–S21 whose commitment in the plan has a figure or a word for full.
QUANTIFIED = {"S01", "S03", "S04", "S08", "S10", "S11", "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S20", "S21"}


@pytest.fixture(scope="module")
def imported(real_data: Path) -> tuple[dict, str]:
    """The plan as imported and the text its spans count in."""
    return import_file(real_data / "plan" / "xuhui-2022.txt")


@pytest.fixture(scope="module")
def result(imported: tuple[dict, str]) -> Score:
    plan, text = imported
    result = score(plan, GOLD, text)
    print(result.report())
    return result


def test_the_gold_covers_every_system_with_a_quantified_commitment():
    required = {t["system"] for t in GOLD["targets"] if "system" in t and not t.get("optional")}
    assert required == QUANTIFIED


def test_nine_actions_with_29_tasks_five_safeguards_and_three_organisation_items(imported):
    plan, _ = imported
    assert len(plan["actions"]) == 9
    assert sum(len(action["tasks"]) for action in plan["actions"]) == 29
    assert (len(plan["safeguards"]), len(plan["organisation"])) == (5, 3)


def test_title_number_date_and_the_units_of_every_clause_are_right(result):
    assert not result.structure, result.report()


def test_precision_recall_and_f1_of_whole_targets_reach_095(result):
    assert min(result.precision, result.recall, result.f1) >= 0.95, result.report()


def test_every_commitment_of_the_list_is_there_and_no_false_one(result):
    assert not result.missed, result.report()
    assert not result.false, result.report()


def test_spans_cut_the_sentence_of_each_target_out_of_the_text(result, imported):
    plan, text = imported
    assert not result.spans, result.report()
    for target in plan["targets"]:
        start, end = target["span"]
        assert text[start:end].strip(), target["id"]


def test_force_base_year_and_parent_are_kept(result):
    assert not result.aside, result.report()


def test_values_stand_beside_their_si_form(imported):
    plan, _ = imported
    pv = next(t for t in plan["targets"] if t["clause"] == "2.1.1" and t["value"] == 2.2)
    assert (pv["unit"], pv["si_value"], pv["si_unit"]) == ("万千瓦", pytest.approx(22), "MW")
    floor = next(t for t in plan["targets"] if t["clause"] == "2.3.3" and t["value"] == 410)
    assert (floor["si_value"], floor["si_unit"]) in [(pytest.approx(4_100_000), u) for u in ("m2", "m²", "m^2")]


def test_confidence_lies_between_zero_and_one(imported):
    plan, _ = imported
    assert all(0 <= t["confidence"] <= 1 for t in plan["targets"])


def test_distinct_targets_have_distinct_ids_and_tasks_list_theirs(imported):
    plan, _ = imported
    ids = [t["id"] for t in plan["targets"]]
    assert len(ids) == len(set(ids))
    listed = [i for a in plan["actions"] for task in a["tasks"] for i in task["targets"]]
    assert set(listed) <= set(ids)
    in_tasks = {t["id"] for t in plan["targets"] if t["clause"].count(".") == 2}
    assert in_tasks == set(listed)


def test_every_word_for_full_has_its_figure_in_the_indicator_that_answers_it(real_data: Path):
    from dafeng.catalogue import load_catalogue
    from dafeng.workflows.plan import import_file as import_with_indicators

    indicators = load_catalogue().indicators
    plan = import_with_indicators(real_data / "plan" / "xuhui-2022.txt")
    full = {
        target.id: [indicators[target.indicator].means[word] for word in indicators[target.indicator].means
                    if word in (target.qualifier or "")]
        for target in plan.targets
        if target.value is None and target.indicator and target.qualifier not in ("达峰", "完成市级下达指标")
    }  # fmt: skip
    assert len(full) == 12
    assert all(full.values()), full


def test_a_place_in_the_plan_is_the_place_in_the_text_file(real_data):
    path = real_data / "plan" / "xuhui-2022.txt"
    document = read_document(path)
    whole = path.read_text(encoding="utf-8")
    plan = import_plan(document)
    assert document.text == whole
    assert all(whole[target.span[0] : target.span[1]] == target.sentence for target in plan.targets)
