"""``dafeng pathway`` and ``dafeng roadmap`` as a person types them: JSON, exit codes, words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.workflows.test_pathway_running import MODEL
from tests.unit.workflows.test_roadmap import CASE

from dafeng.cli.main import main
from dafeng.core.errors import BadInput


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    model, case = tmp_path / "model.yaml", tmp_path / "case.yaml"
    model.write_text(MODEL, encoding="utf-8")
    case.write_text(CASE, encoding="utf-8")
    return str(model), str(case)


def run(*words: str):
    return CliRunner().invoke(main, list(words))


def test_pathway_run_prints_years_and_scenarios_and_nothing_else(files: tuple[str, str]):
    answer = json.loads(run("pathway", "run", files[0], "--json").output)
    assert set(answer) == {"years", "scenarios"}
    assert answer["scenarios"]["reference"]["co2_t"]["p50"][0] == pytest.approx(40_000)


def test_pathway_run_says_in_words_when_each_scenario_peaks(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch):
    assert "参考：视野内不达峰（达峰概率 0%）" in run("pathway", "run", files[0]).output
    monkeypatch.setenv("DAFENG_LANG", "en")
    assert "Reference: no peak in sight (probability 0%)" in run("pathway", "run", files[0]).output


def test_wedges_print_every_change_and_the_total(files: tuple[str, str]):
    output = run("pathway", "wedges", "reference", "plan", "--model", files[0], "--year", "2030").output
    total = 40_000 * 1.02**5 * (0.95**5 * 0.8 - 1)
    assert f"{abs(total):,.0f}".replace(",", "\u2009") in output
    assert "合计" in output


def test_an_option_before_the_question_is_not_lost(files: tuple[str, str]):
    found = run("pathway", "--draws", "5", "run", files[0])
    assert found.exit_code == 2
    assert "--draws" in found.output


def test_roadmap_solve_answers_with_zero_and_the_schedule(files: tuple[str, str]):
    found = run("roadmap", "solve", files[1], "--json")
    assert found.exit_code == 0
    assert json.loads(found.output)["status"] == "ok"


def test_roadmap_solve_without_an_answer_exits_with_three_and_explains(files: tuple[str, str]):
    found = run("roadmap", "solve", files[1], "--budget", "b=400万")
    assert found.exit_code == 3
    assert "roadmap.infeasible" in found.output
    found = run("roadmap", "solve", files[1], "--budget", "b=400万", "--json")
    assert found.exit_code == 3
    assert json.loads(found.output)["relax"][0]["id"] == "pv_mw"


def test_with_relax_the_same_case_exits_with_zero(files: tuple[str, str]):
    assert run("roadmap", "solve", files[1], "--budget", "b=400万", "--relax").exit_code == 0


def test_bad_input_is_raised_with_its_problems(tmp_path: Path):
    path = tmp_path / "bad.yaml"
    path.write_text("id: x\nyears: {first: 2026, last: 2030}\n", encoding="utf-8")
    found = run("roadmap", "solve", str(path))
    assert isinstance(found.exception, BadInput)
    assert any(one.place.file == "bad.yaml" for one in found.exception.problems)


DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["pathway.md", "zh/pathway.md", "roadmap.md", "zh/roadmap.md"])
def test_the_example_of_the_documentation_runs(tmp_path: Path, page: str):
    text = (DOCS / page).read_text(encoding="utf-8")
    path = tmp_path / "small.yaml"
    path.write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    words = ("pathway", "run") if "pathway" in page else ("roadmap", "solve")
    found = run(*words, str(path), "--json")
    assert found.exit_code == 0, found.exception
    json.loads(found.output)
