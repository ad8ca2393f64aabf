"""A district's own catalogue: what it adds, what it may lay on top, and every mistake named at once."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from dafeng.catalogue import catalogue_digest, load_catalogue
from dafeng.catalogue.check import check_catalogue
from dafeng.core.errors import BadInput, Problem
from dafeng.indicators.checking import check_indicators
from dafeng.indicators.golden import verdicts

REGISTER = """
id: bicycle_parking
name: {zh: 自行车停放点, en: Bicycle parking}
key: [code]
period: opened
owner: 区建设管理委
systems: [S15]
basis: {text: {zh: 台账, en: a ledger}, status: assumption}
columns:
  code: {type: text, name: {zh: 编号, en: Code}}
  opened: {type: date, name: {zh: 启用日期, en: Opened}}
  racks: {type: integer, name: {zh: 车位, en: Racks}, unit: 个, min: 0}
"""
INDICATOR = """
id: bicycle_racks
name: {zh: 自行车停车位, en: Bicycle racks}
unit: 个
direction: up
shape: level
owner: 区建设管理委
systems: [S15]
from: bicycle_parking
where: opened <= end_of(year)
value: sum(racks)
golden:
  rows: {bicycle_parking: [{code: A, opened: 2023-05-01, racks: 40}, {code: B, opened: 2024-01-01, racks: 10}]}
  expect: {2022: 0, 2023: 40, 2024: 50}
"""


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        kind, _, stem = name.partition("__")
        (root / kind).mkdir(parents=True, exist_ok=True)
        (root / kind / f"{stem}.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def problems(root: Path) -> list[Problem]:
    try:
        catalogue = load_catalogue(root)
    except BadInput as error:
        return list(error.problems)
    return [*check_catalogue(catalogue), *check_indicators(catalogue)]


def test_a_district_adds_a_register_and_an_indicator_without_code(tmp_path: Path):
    root = write(tmp_path, registers__bicycles=REGISTER, indicators__bicycles=INDICATOR)
    assert problems(root) == []
    catalogue = load_catalogue(root)
    assert [v.figure.value for v in verdicts(catalogue, "bicycle_racks")] == [0, 40, 50]
    assert catalogue.files["registers", "bicycle_parking"] == (str(root / "registers" / "bicycles.yaml"),)


def test_a_shipped_entry_takes_a_districts_fields_on_top(tmp_path: Path):
    shipped = load_catalogue()
    name = next(iter(shipped.registers))
    root = write(tmp_path, registers__mine=f"id: {name}\nowner: 区某局\n")
    mine = load_catalogue(root)
    assert mine.registers[name].owner == "区某局"
    assert mine.registers[name].columns == shipped.registers[name].columns
    assert len(mine.files["registers", name]) == 2


def test_a_new_official_value_is_a_new_vintage(tmp_path: Path):
    before = load_catalogue().factors["grid_shanghai_inventory"]
    last = max(v.year for v in before.values)
    root = write(
        tmp_path,
        factors__grid=f"""
        id: grid_shanghai_inventory
        values: [{{year: {last + 1}, value: 0.55, source: {{text: {{zh: 公告, en: notice}}}}}}]
        """,
    )
    after = load_catalogue(root).factors["grid_shanghai_inventory"]
    assert len(after.values) == len(before.values) + 1
    assert (after.in_force(last + 1) or before.values[0]).value == 0.55
    assert after.in_force(last) == before.in_force(last)


def test_a_published_value_cannot_be_rewritten(tmp_path: Path):
    root = write(
        tmp_path,
        factors__grid="""
        id: grid_shanghai_inventory
        values: [{year: 2022, value: 0.42, source: {text: {zh: 公告, en: notice}}}]
        """,
    )
    (found,) = problems(root)
    assert (found.code, found.place.item) == ("catalogue.edited-official-value", "grid_shanghai_inventory")
    assert "effective_from" in found.remedy.en


def register(old: str = "", new: str = "", *, and_then: str = "") -> dict[str, str]:
    """The sound register with one thing changed."""
    return {"registers__a": REGISTER.replace(old, new) + and_then}


def indicator(old: str, new: str) -> dict[str, str]:
    """The sound register and the sound indicator with one thing changed."""
    return {"registers__a": REGISTER, "indicators__a": INDICATOR.replace(old, new)}


BASIS = "basis: {text: {zh: 台账, en: a ledger}, status: assumption}"
WRONG_CHECK = "checks: [{{that: {}, says: {{zh: 错, en: wrong}}}}]"

# One small broken file per mistake: (files, code, field that is named).
BROKEN = [
    (register("key: [code]"), "catalogue.missing", "key"),
    (register("owner", "onwer"), "catalogue.extra-forbidden", "onwer"),
    (register("type: integer", "type: whole"), "catalogue.literal-error", "columns › racks › type"),
    (register("key: [code]", "key: [kode]"), "catalogue.no-such-column", "key"),
    (register("unit: 个", "unit: 只箱"), "catalogue.unknown-unit", "columns › racks"),
    (register("type: text,", "type: choice, of: nowhere,"), "catalogue.unknown-reference", "columns › code › of"),
    (register("type: text,", "type: choice,"), "catalogue.value-error", "columns › code"),
    (register("type: text,", "type: ref, to: nowhere,"), "catalogue.unknown-reference", "columns › code › to"),
    (register(BASIS, "basis: {}"), "catalogue.no-source", None),
    (register(and_then=WRONG_CHECK.format("racks >")), "expression.syntax", "checks › 1"),
    (register(and_then=WRONG_CHECK.format("rack > 0")), "expression.unknown-name", "checks › 1"),
    (register("id: bicycle_parking", "id: Bicycle-Parking"), "catalogue.value-error", "id"),
    (register("id: bicycle_parking"), "catalogue.no-id", None),
    ({"registers__a": REGISTER, "registers__b": REGISTER}, "catalogue.double-id", "id"),
    ({"registers__a": "id: [unclosed"}, "catalogue.yaml", None),
    ({"registers__a": "- just text"}, "catalogue.not-an-entry", None),
    ({"parks__a": REGISTER}, "catalogue.unknown-kind", None),
    ({"indicators__a": INDICATOR}, "indicators.unknown-register", "from"),
    (indicator("sum(racks)", "sum(rakcs)"), "expression.unknown-name", "value"),
    (indicator("sum(racks)", "totl(racks)"), "expression.unknown-function", "value"),
    (indicator("sum(racks)", "sum(racks) * factor('no')"), "indicators.unknown-factor", "value"),
    (indicator("opened <= end_of(year)", "year == year"), "indicators.same-on-both-sides", "where"),
    (indicator("value: sum(racks)", ""), "catalogue.value-error", None),
    (indicator("unit: 个", "unit: 只箱"), "catalogue.unknown-unit", "unit"),
]


@pytest.mark.parametrize(("files", "code", "field"), BROKEN)
def test_every_mistake_is_named_with_file_item_and_field(
    files: dict[str, str], code: str, field: str | None, tmp_path: Path
):
    found = problems(write(tmp_path, **files))
    matching = [problem for problem in found if problem.code == code]
    assert matching, [problem.line("en") for problem in found]
    assert matching[0].place.file
    assert matching[0].place.file.endswith(".yaml")
    assert matching[0].place.field == field
    assert matching[0].rule.zh != matching[0].rule.en
    assert matching[0].remedy.zh != matching[0].remedy.en


def test_all_mistakes_are_named_at_once(tmp_path: Path):
    files = {
        "registers__a": REGISTER.replace("key: [code]", "").replace("owner", "onwer"),
        "indicators__b": INDICATOR.replace("direction: up", "direction: sideways"),
        "factors__c": "id: x",
    }
    found = {(problem.place.item, problem.place.field) for problem in problems(write(tmp_path, **files))}
    assert {("bicycle_parking", "key"), ("bicycle_parking", "onwer"), ("bicycle_parking", "owner")} <= found
    assert {("bicycle_racks", "direction"), ("x", "name"), ("x", "values"), ("x", "unit")} <= found


def test_indicators_that_refer_to_each_other_in_a_circle_are_named(tmp_path: Path):
    formula = """
    id: {one}
    name: {{zh: 甲, en: A}}
    unit: '%'
    direction: up
    shape: level
    owner: 区统计局
    systems: [S01]
    value: IND.{other} + 1
    golden: {{rows: {{}}, expect: {{2020: null}}}}
    """
    root = write(
        tmp_path,
        indicators__a=formula.format(one="aaa", other="bbb"),
        indicators__b=formula.format(one="bbb", other="aaa"),
    )
    (found,) = [problem for problem in problems(root) if problem.code == "indicators.circle"]
    assert "aaa → bbb → aaa" in found.rule.en


def test_the_digest_changes_with_any_edit(tmp_path: Path):
    root = write(tmp_path, registers__a=REGISTER)
    before = catalogue_digest(root)
    write(tmp_path, registers__a=REGISTER.replace("自行车", "单车"))
    assert catalogue_digest(root) != before
    assert catalogue_digest(root) != catalogue_digest(None)
