"""Nothing is undocumented: verbs, registers, indicators, settings and problem codes all stand in the docs."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from tools.reference import commands, entries, problems

from tools import catalogue_pages

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return catalogue_pages.pages()


def section(page: str, heading: str) -> str:
    """The text under a heading that begins with the given words, up to the next heading."""
    found = re.search(rf"^#+ `?{re.escape(heading)}`?(?: [^\n]*)?$\n(.*?)(?=^#+ |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading}"
    return found.group(1)


def test_every_command_and_each_of_its_options_is_on_the_page(pages: dict[str, str]):
    page = pages["reference/commands.md"]
    for names, command in commands.verbs(commands.root()):
        told = section(page, " ".join(names))
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert max(parameter.opts, key=len) in told, f"{' '.join(names)} {parameter.opts}"


def test_every_command_and_option_says_what_it_is_for():
    silent = []
    for names, command in commands.verbs(commands.root()):
        if not (command.help or "").strip():
            silent.append(" ".join(names))
        silent += [
            f"{' '.join(names)} {parameter.opts[0]}"
            for parameter in command.params
            if isinstance(parameter, click.Option) and not (parameter.help or "").strip()
        ]
    assert silent == []


def test_every_register_is_on_the_page_with_all_its_columns(pages: dict[str, str]):
    from dafeng.catalogue import load_catalogue

    registers = load_catalogue().registers
    assert registers
    for register in registers.values():
        told = section(pages["reference/registers.md"], register.id)
        for name, column in register.columns.items():
            assert f"| `{name}`" in told, f"{register.id}.{name}"
            assert column.name.zh in told
            assert column.name.en in told


def test_every_indicator_is_on_the_page_with_its_formula(pages: dict[str, str]):
    from dafeng.catalogue import load_catalogue

    indicators = load_catalogue().indicators
    assert indicators
    for indicator in indicators.values():
        told = section(pages["reference/indicators.md"], indicator.id)
        assert (indicator.value or indicator.sql or "").strip().splitlines()[0] in told
        assert "Worked case" in told
        for register in entries.sources_of(indicator):
            assert f"registers.md#{register}" in told


def test_every_published_value_of_a_factor_is_on_the_page_with_a_source(pages: dict[str, str]):
    from dafeng.catalogue import load_catalogue

    rows = [line.split(" | ") for line in pages["reference/factors.md"].splitlines() if line.startswith("| `")]
    factors = load_catalogue().factors
    assert len(rows) == sum(len(factor.values) for factor in factors.values()) > 0
    assert {row[0].strip("|` ") for row in rows} == set(factors)
    assert all(row[-1].rstrip(" |") for row in rows), "a number without a source"


@pytest.mark.parametrize("page", ["district.md", "zh/district.md"])
def test_every_setting_stands_in_the_table_of_settings(page: str):
    from dafeng.workflows.district import SETTINGS

    rows = set(re.findall(r"^\| `([A-Za-z_.]+)` \|", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE))
    assert {name for name in rows if "." in name and name != "dafeng.db"} - {"district.toml"} == set(SETTINGS)


def test_every_problem_code_is_on_the_page_with_its_rule(pages: dict[str, str]):
    made = problems.made()
    assert len({one.code for one in made}) > 20
    for one in made:
        told = section(pages["reference/problems.md"], one.code)
        assert len(told.strip()) > 5, one.code


def test_every_problem_says_rule_and_remedy_in_chinese_and_english():
    """Judged where the words are spelled out; a text put together elsewhere is known by its placeholder."""
    bare = [
        f"{one.file}:{one.line} {one.code}"
        for one in problems.made()
        if len(one.texts) != 4 and "…" not in one.code
    ]
    assert bare == []


def test_no_problem_in_the_source_escapes_the_page():
    """Counted a second way: by text, every ``Problem(`` and every code-like word in quotes before a Chinese one."""
    codes = {one.code for one in problems.made()}
    written = re.compile(r"""(?:Problem|\.add)\(\s*(?:code=)?f?"([a-z]+\.[a-z0-9-]+)"\s*,""")
    for path in problems.SOURCE.rglob("*.py"):
        for code in written.findall(path.read_text(encoding="utf-8")):
            assert code in codes, f"{path.name}: {code}"


def test_a_chinese_page_stands_beside_each_page_that_users_read():
    for page in ("index.md", "install.md", "district.md"):
        assert (DOCS / page).is_file()
        assert (DOCS / "zh" / page).is_file()


def test_every_decision_is_short_and_numbered_without_gaps():
    records = sorted(path for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {record.name[:4]} "), record.name
        assert len(text.splitlines()) <= 60, f"{record.name} is longer than a page"
