"""Every verb as a person types it: exit codes, problems as JSON, English when asked for, help without waiting."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from tests.unit.workflows.small import fill, load_rows, make_district, plan, target

from dafeng.cli.main import VERBS, entry

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
HEAVY = {"polars", "sqlalchemy", "pydantic", "openpyxl", "xlsxwriter", "docx", "pdfplumber", "matplotlib", "duckdb"}
HEAVY |= {"pint", "yaml", "numpy", "PIL"}


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def dafeng(folder: Path, *words: str, lang: str = "zh") -> Done:
    """What the installed command does, in this process: its entry point with these words in this folder."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, DAFENG_LANG=lang),
        mock.patch.object(sys, "argv", ["dafeng", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            entry()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    first = target(1, "racks_added", 10, "个")
    made = fill(make_district(tmp_path_factory.mktemp("cli"), plan(first, target(2, "audit_share", 80, "%"))))
    confirmed = {"indicator": "racks_added", "year": 2022, "value": 2.0, "unit": "个", "document": "1号"}
    load_rows(made, "confirmed_values", [confirmed])
    return made.root


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nowhere")


OUTSIDE = [
    (("run",), "district.not-found"),
    (("explain", "IND.parks_total"), "district.not-found"),
    (("ready",), "district.not-found"),
    (("load",), "district.not-found"),
    (("report",), "district.not-found"),
    (("template", "没有的台账"), "template.unknown-register"),
    (("template", "parks", "--filled"), "district.not-found"),
    (("catalogue", "show", "registers", "parkz"), "catalogue.unknown-entry"),
    (("catalogue", "show", "parkz"), "catalogue.unknown-entry"),
    (("plan", "import", "没有.txt"), None),
    (("init", "new", "--plan", "没有.txt"), None),
]
INSIDE = [
    (("run", "--year", "1800"), "run.year"),
    (("report", "--year", "2060"), "run.year"),
    (("run", "--district", "没有"), "district.not-found"),
    (("explain", "IND.rack_added"), "explain.unknown-figure"),
    (("load", "没有.xlsx"), "tables.no-file"),
    (("load", "--register", "没有", "district.toml"), "tables.unknown-register"),
    (("init", "."), "init.exists"),
    (("template", "没有的台账"), "template.unknown-register"),
]
USAGE = [
    ("nothing",),
    ("run", "--year", "soon"),
    ("run", "--as-known", "yesterday"),
    ("run", "--colour"),
    ("explain",),
    ("explain", "IND.parks_total", "--most", "x"),
    ("ready", "extra"),
    ("init",),
    ("init", "d", "--demo", "--name", "甲区"),
    ("init", "d", "--demo", "--plan", "a.txt"),
    ("load", "--withdraw"),
    ("template", "parks", "--lang", "fr"),
    ("catalogue", "show", "registers", "parks", "more"),
    ("catalogue", "nothing"),
    ("plan", "nothing"),
    ("report", "--year", "x"),
]


@pytest.mark.parametrize(("words", "code"), OUTSIDE)
def test_bad_input_outside_a_district_ends_with_one_and_its_problems_as_json(
    nowhere: Path, words: tuple[str, ...], code: str | None
):
    held = refused(nowhere, words, code)
    assert held.stderr == ""
    assert list(nowhere.iterdir()) == []


@pytest.mark.parametrize(("words", "code"), INSIDE)
def test_bad_input_inside_a_district_ends_with_one_and_its_problems_as_json(
    district: Path, words: tuple[str, ...], code: str
):
    refused(district, words, code)


def refused(folder: Path, words: tuple[str, ...], code: str | None) -> Done:
    told = dafeng(folder, *words)
    assert (told.returncode, told.stdout) == (1, "")
    assert CHINESE.search(told.stderr)
    assert "Traceback" not in told.stderr
    held = dafeng(folder, *words, "--json")
    assert held.returncode == 1
    problems = json.loads(held.stdout)["problems"]
    assert problems
    for problem in problems:
        assert set(problem) == {"code", "level", "place", "rule", "remedy"}
        assert problem["rule"]["zh"]
        assert problem["remedy"]["en"]
    if code is not None:
        assert [problem["code"] for problem in problems] == [code]
    return held


@pytest.mark.parametrize("words", USAGE)
def test_a_command_that_was_called_wrongly_ends_with_two(nowhere: Path, words: tuple[str, ...]):
    done = dafeng(nowhere, *words)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert list(nowhere.iterdir()) == []


def test_an_unsound_catalogue_ends_with_one_and_every_problem(tmp_path: Path):
    root = make_district(tmp_path).root
    own = root / "catalogue" / "indicators" / "own.yaml"
    own.write_text(own.read_text(encoding="utf-8").replace("sum(power_kw)", "sum(power)"), encoding="utf-8")
    assert dafeng(root, "catalogue", "check").returncode == 1
    held = dafeng(root, "catalogue", "check", "--json")
    assert held.returncode == 1
    assert {problem["place"]["item"] for problem in json.loads(held.stdout)["problems"]} == {"rack_power"}
    assert dafeng(root, "run").returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--year", "2023"),
        ("ready",),
        ("explain", "IND.racks_added", "--year", "2022"),
        ("explain", "IND.audit_share", "--year", "2023"),
        ("load",),
        ("catalogue", "check"),
        ("catalogue", "show"),
        ("catalogue", "show", "indicators"),
        ("template",),
    ],
)
def test_a_verb_that_answers_ends_with_nought_and_answers_in_json_too(district: Path, words: tuple[str, ...]):
    assert dafeng(district, *words).returncode == 0
    assert json.loads(dafeng(district, *words, "--json").stdout) is not None


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--year", "2023", "--force"),
        ("run", "--year", "2023"),
        ("ready",),
        ("explain", "IND.racks_added", "--year", "2022"),
        ("explain", "IND.fuel_cut", "--year", "2023"),
        ("explain", "IND.rack_addet"),
        ("load",),
        ("load", "none.xlsx"),
        ("catalogue", "check"),
        ("catalogue", "show", "registers", "parkz"),
    ],
)
def test_in_english_nothing_is_chinese_but_names_and_what_the_plan_itself_says(district: Path, words: tuple[str, ...]):
    done = dafeng(district, *words, lang="en")
    said = done.stdout + done.stderr
    own = ("云汀区车架方案", "车架行动", "≥ 10 个", "填报", " 甲", "1号", "2 个  ←", "2.0 个")
    for name in own:
        said = said.replace(name, "")
    said = re.sub(r"区[\u4e00-\u9fff]{2,8}", "", said)
    said = re.sub(r"事项\d", "", said)
    assert CHINESE.findall(said) == [], done.stdout


def test_a_refused_file_is_told_in_english_with_its_units(district: Path, tmp_path: Path):
    (tmp_path / "车架.csv").write_text(
        "架号,建成日,车位,功率（千瓦）\nR9,2023-05-01,x,9\nR9,2023-13-01,3,9千克\n", encoding="utf-8"
    )
    done = dafeng(district, "load", str(tmp_path / "车架.csv"), "--register", "racks", lang="en")
    assert done.returncode == 1
    said = done.stdout + done.stderr
    for name in ("车架", "架号", "建成日", "车位", "功率（千瓦）", "9千克"):
        said = said.replace(name, "")
    assert CHINESE.findall(said) == [], said


@pytest.mark.parametrize("words", [(verb,) for verb in VERBS] + [("catalogue", "show"), ("plan", "import"), ()])
def test_help_is_there_in_both_languages_and_imports_nothing_heavy(words: tuple[str, ...], nowhere: Path):
    program = f"""
import sys
from dafeng.cli.main import main
sys.argv = ["dafeng", *{list(words)!r}, "--help"]
try:
    main()
finally:
    print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}} & {HEAVY!r}))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=nowhere, capture_output=True, text=True, timeout=60)
    assert "Usage" in done.stdout
    assert CHINESE.search(done.stdout)
    assert done.stdout.rstrip().splitlines()[-1].split() == ["LOADED"]
