"""``dafeng account`` as a person types it: the answers' shape, and every fault of a file with its cell."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.test_verbs import Done, dafeng

# One cell: 2 × 3 = 6 → 4 × 6 = 24; L = 18 / ln 4, so each factor doubles and bears 9.
PLAIN = "period,sector,activity,intensity\n2020,one,2,3\n2025,one,4,6\n"
DECOMPOSE = ("--key", "sector", "--factors", "activity,intensity", "--from", "2020", "--to", "2025")
HEAD = "category,gas,activity,factor,factor_id,u_activity_pct,u_factor_pct\n"
INVENTORY = HEAD + "power,CO2,500,2,grid,3,4\nheat,CO2,100,1,coal,0,0\n"


def answer(folder: Path, text: str, *words: str) -> Any:
    (folder / "in.csv").write_text(text, encoding="utf-8")
    done = dafeng(folder, "account", words[0], "in.csv", *words[1:], "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def refused(folder: Path, text: str, *words: str) -> list[tuple[str, int | None, str | None]]:
    """(code, row, heading) of every problem, after looking that both languages stand in it."""
    (folder / "in.csv").write_text(text, encoding="utf-8")
    done = dafeng(folder, "account", words[0], "in.csv", *words[1:], "--json")
    assert done.returncode == 1, done.stdout + done.stderr
    problems = json.loads(done.stdout)["problems"]
    for problem in problems:
        assert re.search(r"[\u4e00-\u9fff]", problem["rule"]["zh"] + problem["remedy"]["zh"])
        assert not re.search(r"[\u4e00-\u9fff]", problem["rule"]["en"] + problem["remedy"]["en"])
        assert problem["place"]["file"] == "in.csv"
    return [(one["code"], one["place"].get("row"), one["place"].get("field")) for one in problems]


def test_decompose_answers_with_effects_change_and_residual(tmp_path: Path):
    made = answer(tmp_path, PLAIN, "decompose", *DECOMPOSE)
    assert list(made) == ["effects", "change", "residual"]
    assert made["effects"] == {"activity": pytest.approx(9), "intensity": pytest.approx(9)}
    assert (made["change"], made["residual"]) == (18, pytest.approx(0, abs=1e-12))


def test_multiplicative_answers_with_ratios(tmp_path: Path):
    made = answer(tmp_path, PLAIN, "decompose", *DECOMPOSE, "--multiplicative")
    assert made["effects"] == {"activity": pytest.approx(2), "intensity": pytest.approx(2)}
    assert (made["change"], made["residual"]) == (pytest.approx(4), pytest.approx(0, abs=1e-12))


def test_without_a_key_the_whole_is_one_cell(tmp_path: Path):
    made = answer(tmp_path, PLAIN, "decompose", *DECOMPOSE[2:])
    assert made["effects"]["activity"] == pytest.approx(9)


@pytest.mark.parametrize(
    "keys",
    [("--key", "sector,carrier"), ("--key", "sector", "--key", "carrier"), ("--key", "sector", "carrier")],
)
def test_keys_may_be_listed_repeated_or_in_a_row(tmp_path: Path, keys: tuple[str, ...]):
    """Four cells in two sectors; homes: 1 × 1 → 2 × 1 in gas, nothing else moves."""
    rows = [
        f"{period},{sector},{carrier},{2 if (period, sector, carrier) == (2025, 'homes', 'gas') else 1},1"
        for period in (2020, 2025) for sector in ("homes", "works") for carrier in ("gas", "coal")
    ]  # fmt: skip
    text = "period,sector,carrier,activity,intensity\n" + "\n".join(rows)
    made = answer(tmp_path, text, "decompose", *keys, *DECOMPOSE[2:], "--by", "sector")
    assert made["effects"] == {"activity": pytest.approx(1), "intensity": 0}
    assert [(group["sector"], group["change"]) for group in made["groups"]] == [("homes", 1), ("works", 0)]


def test_uncertainty_answers_with_the_total_and_two_intervals(tmp_path: Path):
    """1,000 ± 5 % and 100 without error: 1,100 ± 50, by drawing within sampling error."""
    made = answer(tmp_path, INVENTORY, "uncertainty", "--draws", "20000", "--seed", "7")
    assert list(made) == ["total", "approach1", "approach2"]
    assert made["total"] == 1100
    assert made["approach1"] == {"low": pytest.approx(1050), "high": pytest.approx(1150)}
    assert made["approach2"] == {"low": pytest.approx(1050, abs=2.5), "high": pytest.approx(1150, abs=2.5)}


def test_the_same_seed_gives_the_same_answer_and_another_does_not(tmp_path: Path):
    one, same, other = (answer(tmp_path, INVENTORY, "uncertainty", "--seed", seed) for seed in ("7", "7", "8"))
    assert one == same
    assert one["approach1"] == other["approach1"]
    assert one["approach2"] != other["approach2"]


def test_groups_and_the_chance_of_keeping_a_ceiling_on_demand(tmp_path: Path):
    made = answer(tmp_path, INVENTORY, "uncertainty", "--by", "category", "--target", "1150")
    assert [(group["category"], group["total"]) for group in made["groups"]] == [("heat", 100), ("power", 1000)]
    assert made["probability"]["approach1"] == pytest.approx(0.975)
    assert made["probability"]["approach2"] == pytest.approx(0.975, abs=5 * math.sqrt(0.025 / 10_000))


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("sector,activity\none,1\n", DECOMPOSE,
         [("account.missing-column", None, "period"), ("account.missing-column", None, "intensity")]),
        (PLAIN + "2025,two,many,-1\n", DECOMPOSE,
         [("csv.not-a-number", 4, "activity"), ("account.negative", 4, "intensity"),
          ("account.key-one-period", 4, "sector")]),
        (PLAIN, (*DECOMPOSE[:-1], "2030"), [("account.no-period", None, "period")]),
        (PLAIN, (*DECOMPOSE[:-1], "2020"), [("account.same-period", None, "period")]),
        (PLAIN + "\n2025,one,1,1\n", DECOMPOSE, [("account.key-twice", 5, "sector")]),
        (PLAIN + "2020,,1,1\n", DECOMPOSE, [("account.empty-key", 4, "sector")]),
        (PLAIN + "2020,two,1,\n2025,two,1,1\n", DECOMPOSE, [("account.empty-number", 4, "intensity")]),
        (PLAIN + "2020,two,1,234,5\n", DECOMPOSE, [("csv.too-many-cells", 4, None)]),
        ("period,period,sector\n1,2,3\n", DECOMPOSE, [("csv.heading-twice", 1, "period")]),
        ("period,,sector\n1,2,3\n", DECOMPOSE, [("csv.no-heading", 1, None)]),
        (PLAIN, (*DECOMPOSE, "--by", "carrier"), [("account.not-a-key", None, "carrier")]),
        (PLAIN.replace("one,2", "one,0"), (*DECOMPOSE, "--multiplicative"), [("account.zero-total", 2, "activity")]),
        (PLAIN.replace("4,6", "4,0"), (*DECOMPOSE, "--multiplicative"), [("account.zero-total", 3, "intensity")]),
        (PLAIN.replace("4,6", "1e300,1e300"), DECOMPOSE, [("account.product-range", 3, "activity")]),
    ],
)  # fmt: skip
def test_decompose_names_each_fault_with_row_and_column(tmp_path: Path, text: str, words: Any, expected: Any):
    assert sorted(refused(tmp_path, text, "decompose", *words), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD.replace(",gas", "") + "power,500,2,grid,3,4\n", [("account.missing-column", None, "gas")]),
        (INVENTORY + "a,CO2,-1,1,f,5,x\n",
         [("account.negative", 4, "activity"), ("csv.not-a-number", 4, "u_factor_pct")]),
        (INVENTORY + "a,CO2,1,,f,5,5\nb,,1,1,f,-5,5\n",
         [("account.empty-number", 4, "factor"), ("account.empty-key", 5, "gas"),
          ("account.negative", 5, "u_activity_pct")]),
        (HEAD, [("account.no-rows", None, None)]),
    ],
)  # fmt: skip
def test_uncertainty_names_each_fault_with_row_and_column(tmp_path: Path, text: str, expected: Any):
    assert sorted(refused(tmp_path, text, "uncertainty"), key=str) == sorted(expected, key=str)


def test_the_cell_is_named_by_letter_and_row_on_the_screen_in_both_languages(tmp_path: Path):
    (tmp_path / "in.csv").write_text(PLAIN.replace("one,2", "one,-2"), encoding="utf-8")
    for lang, words in (("zh", "为负"), ("en", "is negative")):
        done = dafeng(tmp_path, "account", "decompose", "in.csv", *DECOMPOSE, lang=lang)
        assert (done.returncode, done.stdout) == (1, "")
        assert "in.csv › C2 › activity" in done.stderr
        assert words in done.stderr


def test_a_zero_that_only_one_cell_has_is_no_fault(tmp_path: Path):
    """A second cell appears with 5 × 2 = 10: all of it is the effect of the factor that was zero."""
    made = answer(tmp_path, PLAIN + "2020,two,0,2\n2025,two,5,2\n", "decompose", *DECOMPOSE)
    assert made["effects"] == {"activity": pytest.approx(19), "intensity": pytest.approx(9)}


def test_figures_with_grouped_thousands_and_gb18030_are_read(tmp_path: Path):
    text = '时期,period,sector,activity,intensity\nx,2020,工业,"1,000",3\nx,2025,工业,２０００,3\n'
    (tmp_path / "in.csv").write_bytes(text.encode("gb18030"))
    done = dafeng(tmp_path, "account", "decompose", "in.csv", *DECOMPOSE, "--json")
    assert json.loads(done.stdout)["effects"]["activity"] == pytest.approx(3000)


def test_what_is_no_csv_file_is_refused_with_what_to_do(tmp_path: Path):
    done = dafeng(tmp_path, "account", "uncertainty", "none.csv", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"][0]["code"] == "csv.no-file"
    from openpyxl import Workbook

    Workbook().save(tmp_path / "book.xlsx")
    done = dafeng(tmp_path, "account", "uncertainty", "book.xlsx", "--json")
    assert json.loads(done.stdout)["problems"][0]["code"] == "csv.not-csv"


def test_a_factor_with_two_values_is_told_beside_the_answer(tmp_path: Path):
    (tmp_path / "in.csv").write_text(INVENTORY + "rail,CO2,10,3,grid,3,4\n", encoding="utf-8")
    done = dafeng(tmp_path, "account", "uncertainty", "in.csv", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["total"] == 1130
    assert "account.factor-differs" in done.stderr


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("decompose", "in.csv", *DECOMPOSE), [["activity", "+9"], ["intensity", "+9"], ["Change", "+18"]]),
        (("decompose", "in.csv", *DECOMPOSE, "--multiplicative"), [["activity", "2"], ["Ratio", "4"]]),
    ],
)
def test_people_read_a_table(tmp_path: Path, words: tuple[str, ...], lines: list[list[str]]):
    (tmp_path / "in.csv").write_text(PLAIN, encoding="utf-8")
    done: Done = dafeng(tmp_path, "account", *words, lang="en")
    assert done.returncode == 0
    printed = [line.split() for line in done.stdout.splitlines()]
    for line in lines:
        assert line in printed


def test_people_read_the_intervals_with_their_percentages(tmp_path: Path):
    (tmp_path / "in.csv").write_text(INVENTORY, encoding="utf-8")
    done = dafeng(tmp_path, "account", "uncertainty", "in.csv", "--by", "category", "--target", "1100", lang="en")
    total = next(line for line in done.stdout.splitlines() if line.startswith("Total"))
    assert re.match(r"Total +1\u2009100 +1\u2009050 … 1\u2009150 +4\.5 ", total)
    assert "probability of at most 1100: approach 1 50.0%" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("decompose", "in.csv"),
        ("decompose", "in.csv", "--factors", ",", "--from", "1", "--to", "2"),
        ("uncertainty", "in.csv", "--draws", "0"),
        ("uncertainty", "in.csv", "--seed", "x"),
        ("uncertainty",),
        ("nothing",),
    ],
)
def test_a_wrong_call_ends_with_two(tmp_path: Path, words: tuple[str, ...]):
    assert dafeng(tmp_path, "account", *words).returncode == 2
