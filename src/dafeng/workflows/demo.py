"""``dafeng init --demo``: the fictional district, its two plans and its records, loaded like a bureau's files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput
from dafeng.core.text import Text
from dafeng.workflows.starting import Started, make_folder

if TYPE_CHECKING:
    from dafeng.workflows.district import District
    from dafeng.workflows.loading import LoadReport

PLANS = ("yunting-2022", "yunting-2026")
LOADED_BY = "示例数据 · demo"


def start_demo(root: Path, seed: int | None = None) -> Started:
    """Make the folder, import both plans (the second succeeds the first), generate a workbook per register, load all.

    Every figure is traceable to a cell of a workbook in ``loaded/``. A failed start leaves no folder behind.
    """
    from dafeng.demo.places import DISTRICT, DISTRICT_EN
    from dafeng.demo.world import SEED, World

    was_there = root.exists()
    try:
        names = {"name": DISTRICT, "name_en": DISTRICT_EN, "synthetic": True}
        district = make_folder(root, {"district": names, "years": {"base": 2020, "price_base": 2020}})
        _lay_own_catalogue(district)
        world = World(SEED if seed is None else seed, district.catalogue)
        loaded = (_load_registers(district, world), *_load_corrections(district, world))
        plan = _import_plans(district, world)
    except BaseException:
        if not was_there:
            shutil.rmtree(root, ignore_errors=True)
        raise
    return Started(district, plan, loaded)


def _lay_own_catalogue(district: District) -> None:
    """What the fictional district adds to the shipped catalogue, as a real one would add its own factors."""
    with resources.as_file(resources.files("dafeng.demo") / "catalogue") as own:
        shutil.copytree(own, district.local_catalogue, dirs_exist_ok=True)


def _import_plans(district: District, world: Any) -> Any:
    """Both texts as a person would import them, with the district's own units; the first is what ``init`` reports."""
    from dafeng.planning import Body
    from dafeng.workflows.plan import import_file, write_plan_file

    units = world.rows("responsible_units")
    bodies = [
        Body(unit["name"], tuple(filter(None, (unit["full_name"], *(unit["aliases"] or "").split("、")))), unit["kind"])
        for unit in units
    ]
    plans = []
    for before, slug in zip((None, *PLANS), PLANS, strict=False):
        with resources.as_file(resources.files("dafeng.demo") / "plan" / f"{slug}.txt") as path:
            plan = import_file(path, bodies=bodies)
        plans.append(replace(plan, succeeds=before))
        write_plan_file(plans[-1], district.folder("plans") / f"{slug}.yaml")
    return plans[0]


def _load_registers(district: District, world: Any) -> LoadReport:
    from dafeng.demo.makers import MAKERS
    from dafeng.demo.workbooks import write_workbook

    catalogue, inbox = district.catalogue, district.folder("inbox")
    files = []
    for name in MAKERS:
        files.append(inbox / f"{name}.xlsx")
        write_workbook(files[-1], catalogue.registers[name], world.rows(name), catalogue, world.seed)
    return _load(district, files, None)


def _load_corrections(district: District, world: Any) -> list[LoadReport]:
    """Restatements: later files that correct a few rows, each with its reason."""
    from dafeng.demo.makers import CORRECTIONS
    from dafeng.demo.workbooks import write_workbook

    reports = []
    for correction in CORRECTIONS:
        path = district.folder("inbox") / correction.file
        register = district.catalogue.registers[correction.register]
        write_workbook(path, register, correction.rows(world), district.catalogue, world.seed)
        reports.append(_load(district, [path], correction.reason))
    return reports


def _load(district: District, files: Sequence[Path], reason: str | None) -> LoadReport:
    from dafeng.workflows.loading import LoadOptions, load

    report = load(district, files, LoadOptions(by=LOADED_BY, reason=reason))
    wrong = [problem for outcome in report.refused for problem in outcome.problems]
    if wrong:
        raise BadInput(wrong)
    return report


def summary(started: Started) -> Text:
    """How much was loaded, in words."""
    sheets = [sheet for report in started.loaded for outcome in report.files for sheet in outcome.sheets]
    added, changed = sum(sheet.added for sheet in sheets), sum(sheet.changed for sheet in sheets)
    registers = len({sheet.register for sheet in sheets})
    return Text(
        f"虚构示例数据：{registers} 张台账，{added} 条记录，更正 {changed} 条。",
        f"Synthetic records: {added} in {registers} registers, {changed} corrected.",
    )
