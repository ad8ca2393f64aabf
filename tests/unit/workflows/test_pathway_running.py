"""A model of the pathway out of a file, against hand work; wedges and files that come back as they went."""

from __future__ import annotations

from pathlib import Path

import pytest

from dafeng.core.errors import BadInput
from dafeng.workflows import pathway_questions as questions
from dafeng.workflows.pathway_files import read_yaml
from dafeng.workflows.pathway_running import as_data, read_model_file, run_file
from dafeng.workflows.pathway_workbook import model_yaml, read_workbook, write_workbook

# 100 万m2 × 80 kWh/m2 = 8 000 万kWh; at 0.5 tCO2/MWh (5 tCO2/万kWh) 40 000 t in 2025.
MODEL = """
id: small
years: {first: 2025, base: 2025, last: 2032}
drivers:
- {name: area, unit: 万m2, history: {2025: 100}, value: grow(0.02)}
- {name: grid, unit: tCO2/MWh, history: {2025: 0.5}, value: hold()}
branches:
- path: 建筑/办公/electricity
  activity: area
  activity_unit: 万m2
  intensity: hold()
  intensity_unit: kWh/m2
  history: {2025: 8000}
scenarios:
- {name: reference, zh: 参考, en: Reference}
- name: plan
  parent: reference
  set: {branches/建筑/办公/electricity/intensity: grow(-0.05), drivers/grid: 'interp(2030, 0.4)'}
"""
UNCERTAIN = """
uncertain:
- {of: drivers/grid, as: multiplicative, spread: "uniform(0.9, 1.1)"}
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.yaml"
    path.write_text(MODEL, encoding="utf-8")
    return path


def test_a_model_without_uncertainty_gives_one_path_by_hand(model: Path):
    found = as_data(run_file(model))
    assert set(found) == {"years", "scenarios"}
    assert found["years"] == list(range(2025, 2033))
    reference = found["scenarios"]["reference"]
    assert set(reference) == {"co2_t", "peak"}
    assert reference["co2_t"]["p50"] == pytest.approx([40_000 * 1.02**n for n in range(8)], rel=1e-12)
    assert reference["co2_t"]["p05"] == reference["co2_t"]["p95"]
    # 2030: 1.02^5 × 0.95^5 of the energy, 0.4/0.5 of the factor.
    plan = found["scenarios"]["plan"]["co2_t"]["p50"]
    assert plan[5] == pytest.approx(40_000 * (1.02 * 0.95) ** 5 * 0.8, rel=1e-12)


def test_a_rising_path_has_no_peak_in_sight_and_a_falling_one_has_peaked(model: Path):
    found = as_data(run_file(model))["scenarios"]
    assert found["reference"]["peak"]["in_sight"] == 0.0
    assert found["plan"]["peak"]["year"]["p50"] == 2025
    assert found["plan"]["peak"]["commitment"]["probability"] == 1.0


def test_the_same_seed_gives_the_same_answer_and_the_range_is_that_of_the_spread(model: Path):
    model.write_text(MODEL + UNCERTAIN, encoding="utf-8")
    one, two = (as_data(run_file(model, draws=400, seed=7)) for _ in range(2))
    assert one == two
    year = one["scenarios"]["reference"]["co2_t"]
    # 5 % and 95 % of a uniform factor from 0.9 to 1.1 are 0.91 and 1.09.
    assert year["p05"][3] / year["p50"][3] == pytest.approx(0.91, abs=0.003)
    assert year["p95"][3] / year["p50"][3] == pytest.approx(1.09, abs=0.003)


def test_only_the_scenarios_asked_for_are_run_and_an_unknown_one_is_named(model: Path):
    assert list(as_data(run_file(model, scenarios=["plan"]))["scenarios"]) == ["plan"]
    with pytest.raises(BadInput) as error:
        run_file(model, scenarios=["nowhere"])
    assert error.value.problems[0].code == "pathway.unknown-scenario"
    assert "reference" in error.value.problems[0].remedy.en


@pytest.mark.parametrize("draws", [0, -1, 1_000_000])
def test_a_number_of_draws_that_cannot_be_is_refused(model: Path, draws: int):
    with pytest.raises(BadInput) as error:
        run_file(model, draws=draws)
    assert [one.code for one in error.value.problems] == ["pathway.draws"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id: [", "pathway.not-yaml"),
        ("- 1\n- 2", "pathway.not-a-mapping"),
        ("id: a\nid: b", "pathway.not-yaml"),
        ("", "pathway.not-a-mapping"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_in_words(tmp_path: Path, text: str, code: str):
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_yaml(path)
    assert [one.code for one in error.value.problems] == [code]


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path):
    with pytest.raises(BadInput) as error:
        read_yaml(tmp_path / "none.yaml")
    assert error.value.problems[0].code == "pathway.no-file"
    path = tmp_path / "gbk.yaml"
    path.write_bytes("id: 达峰".encode("gbk"))
    with pytest.raises(BadInput) as error:
        read_yaml(path)
    assert error.value.problems[0].code == "pathway.not-utf8"


def test_wedges_add_up_to_the_difference_and_share_the_interaction_equally(model: Path):
    found = questions.wedges(read_model_file(model), "reference", "plan", year=2030)
    energy, factor = 0.95**5, 0.8
    start = 40_000 * 1.02**5
    assert found["difference_t"] == pytest.approx(start * (energy * factor - 1), rel=1e-12)
    assert sum(one["wedge_t"] for one in found["wedges"]) == pytest.approx(found["difference_t"], rel=1e-12)
    # Shapley of two factors: each gets its change × the mean of the other.
    by_key = {one["of"]: one["wedge_t"] for one in found["wedges"]}
    assert by_key["drivers/grid"] == pytest.approx(start * (factor - 1) * (1 + energy) / 2, rel=1e-12)


def test_wedges_in_the_order_of_the_model_give_what_each_adds_to_those_before_it(model: Path):
    found = questions.wedges(read_model_file(model), "reference", "plan", rule="order", year=2030)
    by_key = {one["of"]: one["wedge_t"] for one in found["wedges"]}
    start = 40_000 * 1.02**5
    intensity = "branches/建筑/办公/electricity/intensity"
    assert by_key[intensity] == pytest.approx(start * (0.95**5 - 1), rel=1e-12)
    assert by_key["drivers/grid"] == pytest.approx(start * 0.95**5 * (0.8 - 1), rel=1e-12)


def test_two_scenarios_that_do_not_differ_and_a_model_that_knows_no_doubt_are_said(model: Path):
    read = read_model_file(model)
    with pytest.raises(BadInput) as error:
        questions.wedges(read, "plan", "plan")
    assert error.value.problems[0].code == "pathway.same-scenarios"
    with pytest.raises(BadInput) as error:
        questions.sensitivity(read)
    assert error.value.problems[0].code == "pathway.nothing-uncertain"


def test_the_only_uncertainty_explains_all_of_the_variance(model: Path):
    model.write_text(MODEL + UNCERTAIN, encoding="utf-8")
    found = questions.sensitivity(read_model_file(model), "reference", 2030, base=256)
    assert found["ranking"][0]["input"] == "drivers/grid"
    assert found["ranking"][0]["total"] == pytest.approx(1.0, abs=0.05)
    # Standard deviation of a uniform from 0.9 to 1.1 is 0.2 / √12.
    assert found["deviation_t"] == pytest.approx(40_000 * 1.02**5 * 0.2 / 12**0.5, rel=0.03)


def test_a_model_comes_back_the_same_from_a_workbook_and_from_yaml(model: Path, tmp_path: Path):
    model.write_text(MODEL + UNCERTAIN, encoding="utf-8")
    data = read_yaml(model)
    write_workbook(data, tmp_path / "model.xlsx")
    (tmp_path / "again.yaml").write_text(model_yaml(data), encoding="utf-8")
    totals = [as_data(run_file(path, draws=50)) for path in (model, tmp_path / "model.xlsx", tmp_path / "again.yaml")]
    assert totals[0] == totals[1] == totals[2]


def test_a_problem_in_a_workbook_names_sheet_row_and_column(model: Path, tmp_path: Path):
    data = read_yaml(model)
    data["drivers"][1]["value"] = "hlod()"
    path = tmp_path / "model.xlsx"
    write_workbook(data, path)
    with pytest.raises(BadInput) as error:
        read_model_file(path)
    place = error.value.problems[0].place
    assert (place.file, place.sheet, place.row) == ("model.xlsx", "drivers", 3)


def test_a_heading_that_stands_twice_is_refused(tmp_path: Path):
    import xlsxwriter

    path = tmp_path / "twice.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("drivers")
    sheet.write_row(0, 0, ["name", "unit", "unit"])
    sheet.write_row(1, 0, ["a", "1", "1"])
    book.close()
    with pytest.raises(BadInput) as error:
        read_workbook(path)
    assert [one.code for one in error.value.problems] == ["pathway.heading-twice"]


def test_a_number_with_an_exponent_is_a_number_and_a_date_or_word_is_not(tmp_path: Path):
    path = tmp_path / "numbers.yaml"
    path.write_text("a: 1e6\nb: -2.5E-3\nc: .5e2\nd: 1e\ne: e6\nf: 1e6 t\n", encoding="utf-8")
    assert read_yaml(path) == {"a": 1e6, "b": -0.0025, "c": 50.0, "d": "1e", "e": "e6", "f": "1e6 t"}


LEVERS = """
levers:
- {name: area, zh: 面积, en: Area, of: drivers/area, low: 50, high: 200, value: 100}
"""


def test_a_lever_sets_its_cell_after_the_base_year_in_every_scenario(model: Path):
    model.write_text(MODEL + LEVERS, encoding="utf-8")
    found = as_data(run_file(model, levers=["area=50"]))["scenarios"]
    # Half the area at 80 kWh/m2 and 0.5 t/MWh; in the plan 80 × 0.95^5 at 0.4 in 2030.
    assert found["reference"]["co2_t"]["p50"] == pytest.approx([40_000, *[20_000] * 7])
    assert found["plan"]["co2_t"]["p50"][5] == pytest.approx(16_000 * 0.95**5)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("area", "pathway.lever-written"),
        ("area=many", "pathway.lever-written"),
        ("area=500", "pathway.lever-range"),
        ("area=nan", "pathway.lever-range"),
        ("volume=50", "pathway.unknown-lever"),
    ],
)
def test_a_lever_that_cannot_be_set_so_is_refused(model: Path, written: str, code: str):
    model.write_text(MODEL + LEVERS, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        run_file(model, levers=[written])
    assert [one.code for one in caught.value.problems] == [code]


def test_one_broken_cell_is_one_problem_though_others_refer_to_it(model: Path):
    broken = MODEL.replace("hold()\n  intensity_unit", "hodl()\n  intensity_unit").replace("grow(0.02)", "grow(0.02")
    model.write_text(broken + UNCERTAIN.replace("drivers/grid", "drivers/area") + LEVERS, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_model_file(model)
    assert sorted(one.code for one in caught.value.problems) == ["expression.syntax", "expression.unknown-function"]
