"""A plan goes to a file, comes back the same, and a file that was mended badly is told every place."""

from __future__ import annotations

import pytest
import yaml

from dafeng.core.errors import BadInput
from dafeng.planning import import_plan
from dafeng.planning.reading import plan_from_dict
from dafeng.workflows.plan import plan_yaml, read_plan_file, write_plan_file

TEXT = (
    "某区碳达峰实施方案\n某府发〔2022〕1号\n2022年10月1日\n一、主要目标\n"
    "到2025年，单位GDP能耗比2020年下降14%左右，确保2030年前实现碳达峰。"
    "\n二、重点任务\n"
    "（一）能源行动\n1. 光伏。“十四五”期间新增光伏3.5万千瓦，"
    "其中公共机构不少于0.8万千瓦。（责任单位：区发展改革委、各街道）\n"
    "三、组织实施\n（一）领导。略。"
)


def test_a_plan_comes_back_from_its_file_as_it_was(tmp_path):
    plan = import_plan(TEXT)
    write_plan_file(plan, tmp_path / "plans" / "a.yaml")
    assert read_plan_file(tmp_path / "plans" / "a.yaml") == plan
    assert plan_from_dict(plan.as_dict()) == plan


def test_the_file_is_for_people(tmp_path):
    words = plan_yaml(import_plan(TEXT))
    assert "title: 某区碳达峰实施方案\n" in words
    assert "- {name: 区发展改革委, role: lead}\n" in words
    assert "period: {from: 2021, to: 2025}\n" in words
    assert "value: 3.5\n" in words
    assert words.index("title:") < words.index("actions:") < words.index("targets:") < words.index("notes:")


def test_the_keys_of_the_json_are_those_agreed():
    plan = import_plan(TEXT).as_dict()
    assert set(plan) >= {
        "title",
        "number",
        "issuer",
        "issued_on",
        "status",
        "actions",
        "safeguards",
        "organisation",
        "targets",
        "notes",
    }
    assert set(plan["actions"][0]) == {"id", "no", "title", "tasks"}
    assert set(plan["actions"][0]["tasks"][0]) == {"id", "no", "title", "clause", "units", "targets"}
    assert set(plan["targets"][0]) >= {
        "id",
        "clause",
        "sentence",
        "span",
        "subject",
        "value",
        "unit",
        "comparator",
        "direction",
        "period",
        "base_year",
        "scope",
        "qualifier",
        "force",
        "indicator",
        "units",
        "confidence",
        "si_value",
        "si_unit",
        "parent",
    }
    assert set(plan["targets"][0]["period"]) == {"from", "to"}


def mended(**changes: object) -> dict:
    data = import_plan(TEXT).as_dict()
    data["targets"][0].update(changes)
    return data


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"value": "十四"}, "plan.field-type", "value"),
        ({"comparator": "=>"}, "plan.field-choice", "comparator"),
        ({"comparator": None}, "plan.field-choice", "comparator"),
        ({"direction": "down"}, "plan.field-choice", "direction"),
        ({"period": {"from": 2030, "to": 2025}}, "plan.period", "period"),
        ({"period": {"to": "2025年"}}, "plan.field-type", "to"),
        ({"base_year": 20}, "plan.field-type", "base_year"),
        ({"parent": "9-9"}, "plan.unknown-target", "parent"),
        ({"confidence": 2}, "plan.field-type", "confidence"),
        ({"span": [5]}, "plan.field-type", "span"),
        ({"colour": "red"}, "plan.unknown-field", "colour"),
        ({"value": None, "qualifier": None}, "plan.no-value", "value"),
        ({"units": [{"role": "lead"}]}, "plan.missing-field", "name"),
        ({"units": [{"name": "区科委", "role": "boss"}]}, "plan.field-choice", "role"),
        ({"clause": 2.1}, "plan.field-type", "clause"),
    ],
)
def test_a_field_that_is_wrong_is_told_with_item_and_name(changes, code, field):
    with pytest.raises(BadInput) as refused:
        plan_from_dict(mended(**changes), "a.yaml")
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.field, problem.place.file) == (code, field, "a.yaml")
    assert problem.place.item == "1-1"


def test_every_wrong_field_is_told_at_once():
    data = mended(value="x", direction="down")
    data["targets"][1]["id"] = data["targets"][0]["id"]
    data["status"] = "new"
    with pytest.raises(BadInput) as refused:
        plan_from_dict(data)
    assert {problem.code for problem in refused.value.problems} >= {
        "plan.field-type",
        "plan.field-choice",
        "plan.duplicate-id",
    }


def test_a_task_that_names_a_target_which_is_not_there_is_told():
    data = import_plan(TEXT).as_dict()
    data["actions"][0]["tasks"][0]["targets"].append("2.1.1-9")
    with pytest.raises(BadInput) as refused:
        plan_from_dict(data)
    assert refused.value.problems[0].place.item == "2.1.1"


def test_yaml_that_is_not_well_formed_names_its_line(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("title: 甲\nactions: [\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_plan_file(path)
    assert (refused.value.problems[0].code, refused.value.problems[0].place.row) == ("plan.yaml", 3)


def test_an_equals_sign_without_quotes_is_read_and_a_tilde_without_them_is_told(tmp_path):
    path = tmp_path / "a.yaml"
    data = import_plan(TEXT).as_dict()
    words = yaml.safe_dump(data, allow_unicode=True)
    path.write_text(words.replace("comparator: '='", "comparator: ="), encoding="utf-8")
    assert any(target.comparator == "=" for target in read_plan_file(path).targets)
    path.write_text(words.replace("comparator: '~'", "comparator: ~"), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_plan_file(path)
    assert "~" in refused.value.problems[0].remedy.zh
