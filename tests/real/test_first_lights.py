"""The real plan in a new district, and the few public figures in Excel files of the normal kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dafeng import demo

DAFENG = str(Path(sys.executable).with_name("dafeng"))
# Public figures of the district: GDP at current prices and residents (statistical communiqués of 2020 and 2022,
# census of 2020), green cover as the district's page of 2022 prints it.
YEARLY = [(2020, 2176.73, 111.3078), (2022, 2557.91, 109.85)]
GREEN_COVER = (2022, 32.6)


def dafeng(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DAFENG_LANG": "zh"}
    return subprocess.run([DAFENG, *words], cwd=cwd, capture_output=True, text=True, env=environment, check=False)


def answer(*words: str, cwd: Path) -> Any:
    done = dafeng(*words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def fill(district: Path, register: str, rows: list[dict[str, float]]) -> None:
    """Fill in the register's template below its headings, as an office worker does."""
    assert dafeng("template", register, "-o", f"{register}.xlsx", cwd=district).returncode == 0
    book = load_workbook(district / f"{register}.xlsx")
    sheet = book.worksheets[0]
    heads = {str(cell.value).split("（")[0].split("\n")[0].rstrip(" *"): cell.column for cell in sheet[2] if cell.value}
    # A heading may say its basis in brackets before its unit: 地区生产总值（现价）（亿元）.
    full = {str(cell.value).split("\n")[0]: cell.column for cell in sheet[2] if cell.value}
    for number, row in enumerate(rows, start=3):
        for head, value in row.items():
            column = next((at for name, at in full.items() if name.startswith(head)), None) or heads[head]
            sheet.cell(number, column).value = value
    book.save(district / "inbox" / f"{register}.xlsx")


@pytest.fixture
def district(real_data: Path, tmp_path: Path) -> Path:
    plan = real_data / "plan" / "xuhui-2022.txt"
    assert dafeng("init", "xuhui", "--plan", str(plan), cwd=tmp_path).returncode == 0
    return tmp_path / "xuhui"


def test_a_district_with_nothing_but_its_plan_gets_every_target_and_what_to_fill_in(district: Path):
    results = answer("run", "--year", "2025", cwd=district)
    assert results["district"] == "徐汇区"
    assert not results["synthetic"]
    assert {row["light"] for row in results["targets"]} == {"no_data"}
    assert all(row["units"] for row in results["targets"] if row["clause"] != "1")
    pv = next(row for row in results["targets"] if row["clause"] == "2.1.1")
    assert (pv["target_value"], pv["unit"], pv["comparator"], pv["year_to"]) == (2.2, "万千瓦", ">=", 2025)
    assert pv["units"][0] == ["区发展改革委", "lead"]

    ready = answer("ready", cwd=district)
    assert ready["answered"] == 0
    assert ready["without_indicator"] == []
    first = [need["register"] for need in ready["needs"][:4]]
    assert "yearly_totals" in first
    counts = [len(need["answers"]) + 2 * need["head"] for need in ready["needs"]]
    assert counts == sorted(counts, reverse=True)


def test_the_few_public_figures_give_the_first_light(district: Path):
    fill(
        district,
        "yearly_totals",
        [{"年份": y, "地区生产总值（现价）": gdp, "年末常住人口": people} for y, gdp, people in YEARLY],
    )
    fill(district, "green_space", [{"年份": GREEN_COVER[0], "绿化覆盖率": GREEN_COVER[1]}])
    loaded = answer("load", cwd=district)
    assert [file["status"] for file in loaded["files"]] == ["loaded", "loaded"]

    results = answer("run", "--year", "2025", cwd=district)
    lit = {row["clause"]: row for row in results["targets"] if row["light"] != "no_data"}
    assert list(lit) == ["2.7.1"]
    cover = lit["2.7.1"]
    assert (cover["indicator"], cover["value"], cover["value_year"]) == ("green_cover_pct", 32.6, 2022)
    # 32.6 % is above 32 %, but it is the figure of 2022: the target of 2025 is on course, not done.
    assert cover["light"] == "on_course"
    assert "older" in cover["flags"]
    # GDP at current prices never makes an energy intensity.
    intensity = next(row for row in results["targets"] if row["indicator"] == "energy_intensity_reduction")
    assert intensity["value"] is None

    explained = answer("explain", "IND.green_cover_pct", "--year", "2022", cwd=district)
    (record,) = explained["records"]["green_space"]
    assert record["file"] == "green_space.xlsx"
    assert record["values"]["cover_pct"]["value"] == 32.6


def test_ten_yearly_totals_light_the_head_targets(tmp_path: Path):
    # The fictional district's plan: made-up figures never stand beside a real district's name.
    plan = Path(demo.__file__).parent / "plan" / "yunting-2022.txt"
    assert dafeng("init", "yunting", "--plan", str(plan), cwd=tmp_path).returncode == 0
    district = tmp_path / "yunting"
    rows = [
        {"年份": 2020 + n, "地区生产总值增速": 0.0 if n == 0 else 5.0, "能源消费总量（等价值）": 100.0 * 1.02**n}
        for n in range(6)
    ]
    fill(district, "yearly_totals", rows)
    assert answer("load", cwd=district)["files"][0]["status"] == "loaded"
    results = answer("run", "--year", "2025", cwd=district)
    row = next(row for row in results["targets"] if row["indicator"] == "energy_intensity_reduction")
    # 1 − (1.02/1.05)^5 = 13.493 %, against 13 %.
    assert row["value"] == pytest.approx(100 * (1 - (1.02 / 1.05) ** 5), rel=1e-9)
    assert row["light"] == "done"
    assert row["gap"] == pytest.approx(100 * (1 - (1.02 / 1.05) ** 5) - 13, rel=1e-6)
