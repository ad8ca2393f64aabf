"""``dafeng init``: a district's folder, with its plan imported or with the fictional example district in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dafeng.core.errors import BadInput, Place, Problem, machine_in_words
from dafeng.core.text import Text
from dafeng.workflows.district import FILE, FOLDERS, District, open_district

_DISTRICT_IN_TITLE = re.compile(
    r"([\u4e00-\u9fff]{2,8}?(?:新区|区|县|市|旗))(?:碳达峰|碳排放|节能|“|十|城乡|低碳|绿色|2)"
)


@dataclass(frozen=True)
class Started:
    """The new district; ``plan`` is the imported plan (None without one); ``loaded`` the demo's load reports."""

    district: District
    plan: Any | None
    loaded: tuple[Any, ...]


@machine_in_words()
def init(root: Path, *, plan: Path | None = None, demo: bool = False, name: str | None = None) -> Started:
    """Make the folder. Raises BadInput when it already is a district, or the plan cannot be read; a failed start
    leaves no folder behind."""
    if (root / FILE).exists():
        raise BadInput(
            Problem(
                "init.exists",
                Place(file=str(root)),
                Text(
                    "这里已经是区的文件夹，没有改动任何内容", "this is a district's folder already; nothing was changed"
                ),
                Text(
                    "换一个文件夹；导入另一份方案用 dafeng plan import",
                    "choose another folder; import one more plan with dafeng plan import",
                ),
            )
        )
    if name is not None and not name.strip():
        raise BadInput(
            Problem(
                "init.no-name",
                Place(field="--name"),
                Text("区名是空的", "the district's name is empty"),
                Text("写上区名，或不写 --name", "give a name, or leave --name out"),
            )
        )
    if demo:
        from dafeng.workflows.demo import start_demo

        return start_demo(root)
    imported = None
    if plan is not None:
        from dafeng.workflows.plan import import_file

        imported = import_file(plan)
    named = name or (_district_of(imported.title or "") if imported else None) or root.resolve().name
    district = make_folder(root, {"district": {"name": named}, "years": {"base": 2020, "price_base": 2020}})
    if imported is not None and plan is not None:
        from dafeng.workflows.plan import write_plan_file

        write_plan_file(imported, district.folder("plans") / f"{plan.stem}.yaml")
    return Started(district, imported, ())


def _district_of(title: str) -> str | None:
    """The district that a plan's title names (“某某区碳达峰实施方案” → 某某区)."""
    found = _DISTRICT_IN_TITLE.search(title)
    return found[1] if found else None


def make_folder(root: Path, settings: dict[str, dict[str, Any]]) -> District:
    """An empty district with its settings. Raises BadInput when the folder cannot be made."""
    import tomli_w

    try:
        root.mkdir(parents=True, exist_ok=True)
        for folder in FOLDERS:
            (root / folder).mkdir(exist_ok=True)
        (root / FILE).write_text(tomli_w.dumps(settings), encoding="utf-8")
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise BadInput(
            Problem(
                "init.folder",
                Place(file=str(root)),
                Text(f"不能建立文件夹：{said}", f"the folder cannot be made: {said}"),
                Text("换一个位置，或检查权限与磁盘空间", "choose another place, or check permissions and disk space"),
            )
        ) from None
    return open_district(root)
