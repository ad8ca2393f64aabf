"""The project keeps its own promises: menu, start-up, layers, words that must not be written."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "alembic", "calamine", "docx", "duckdb", "fontTools", "lxml", "matplotlib", "numpy", "openpyxl", "pandas",
    "pdfplumber", "pint", "polars", "pydantic", "pypdfium2", "python_calamine", "sqlalchemy", "xlsxwriter", "yaml",
)  # fmt: skip
ENGINES = (
    "planning", "indicators", "assessment", "accounting", "metering", "pathway", "roadmap", "flexibility", "siting",
    "screening", "ledger",
)  # fmt: skip


def committed_texts() -> list[tuple[str, str]]:
    """Every text file of the project with its content; binary files are left out."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        names = listed.split("\0")
    else:  # an unpacked archive, or a machine without git
        parts = ("src", "tests", "tools", "docs", "benchmarks", ".ci")
        names = [str(path.relative_to(ROOT)) for part in parts for path in (ROOT / part).rglob("*")]
        names += [path.name for path in ROOT.iterdir() if path.is_file()]
    texts = []
    for name in filter(None, names):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b"\0"
        if b"\0" not in content[:4096]:
            texts.append((name, content.decode("utf-8", errors="replace")))
    return texts


def test_help_loads_no_package_that_only_a_verb_needs():
    script = (
        "import sys\nsys.argv = ['dafeng', '--help']\nfrom dafeng.cli.main import entry\n"
        "try:\n    entry()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    loaded = done.stdout.split("LOADED")[1].split()
    assert "click" in loaded
    assert sorted(set(loaded) & set(HEAVY)) == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_make_command_of_the_readme_is_in_the_menu(readme: str):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / readme).read_text(encoding="utf-8"))) - {"and"}
    assert {"run", "test"} <= named
    assert named <= targets


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_dafeng_command_of_the_readme_exists(readme: str):
    from dafeng.cli.main import VERBS

    text = (ROOT / readme).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|[`& ])dafeng ([a-z]+)\b", text, re.MULTILINE))
    assert {"init", "load", "run", "report", "explain", "ready"} <= named
    assert named <= set(VERBS)


def test_the_two_readmes_have_the_same_sections_and_commands():
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    assert english.count("\n## ") == chinese.count("\n## ")
    code = re.compile(r"^    (?:make|dafeng|cd|export) [^#\n]*", re.MULTILINE)
    assert [line.rstrip() for line in code.findall(english)] == [line.rstrip() for line in code.findall(chinese)]


def test_the_menu_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    listed = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    for target in re.findall(r"^([a-z]+):", makefile, re.MULTILINE):
        assert f"make {target} " in listed


def test_links_between_documents_of_the_root_lead_somewhere():
    for name in ("README.md", "README.zh.md", "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / link).exists(), f"{name}: {link}"


def test_no_file_names_a_folder_of_one_persons_machine():
    # Put together here, so that this file does not name them itself.
    forbidden = {"/" + "work/": (), "/" + "root/": (), "../" + "shared": (".ci/run",)}
    for name, text in committed_texts():
        for word, allowed in forbidden.items():
            assert word not in text or name in allowed, f"{name} names {word}"


def contracts() -> dict[str, dict]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def rooms() -> set[str]:
    return {path.parent.name for path in (ROOT / "src" / "dafeng").glob("*/__init__.py")}


def test_every_engine_that_exists_is_under_the_contract_for_engines():
    engines = contracts()["engines know no database, web, document or HTTP library"]["source_modules"]
    assert set(engines) == {f"dafeng.{room}" for room in rooms() & set(ENGINES)}


def test_every_room_but_store_is_kept_from_databases():
    others = contracts()["only store opens a database"]["source_modules"]
    assert set(others) == {f"dafeng.{room}" for room in rooms() - {"store"}}


def test_the_command_line_is_kept_from_every_room_below_workflows():
    below = contracts()["cli asks workflows, and knows the words of core"]["forbidden_modules"]
    assert set(below) == {f"dafeng.{room}" for room in rooms() - {"cli", "web", "workflows", "core"}}


def test_the_command_line_names_answers_of_engines_in_type_hints_only():
    """The contract lets these imports through, since import-linter cannot tell hints for one contract alone."""
    engines = ("dafeng.assessment", "dafeng.planning")
    for path in (ROOT / "src" / "dafeng" / "cli").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        hints = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
        allowed = {id(inner) for hint in hints for inner in ast.walk(hint)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(engines):
                assert id(node) in allowed, f"{path.name}:{node.lineno}"


def test_a_room_that_is_built_is_no_longer_optional_among_the_layers():
    layers = " ".join(contracts()["layers"]["layers"])
    assert [room for room in sorted(rooms()) if f"({room})" in layers] == []


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.splitlines()) > 195


def test_the_lock_file_is_in_step_with_the_project():
    uv = subprocess.run(["sh", "tools/uv.sh"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    done = subprocess.run([uv, "lock", "--check", "--offline"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
