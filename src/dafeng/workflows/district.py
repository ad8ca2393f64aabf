"""A district is a folder: where its things lie, and what it says about itself."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem, Problems
from dafeng.core.text import Text

if TYPE_CHECKING:
    from dafeng.catalogue import Catalogue
    from dafeng.store import Store

FILE = "district.toml"
FOLDERS = ("plans", "catalogue", "inbox", "loaded", "refused", "geo", "out")

# Every setting with its type; the documentation page "District folder" describes each.
SETTINGS: Mapping[str, tuple[type, ...]] = {
    "district.name": (str,),
    "district.name_en": (str,),
    "district.code": (str,),
    "district.synthetic": (bool,),
    "years.base": (int,),
    "years.price_base": (int,),
    "store.url": (str,),
    "load.max_file_mb": (int,),
}


@dataclass(frozen=True)
class District:
    """An opened district folder. ``settings`` is flat: ``years.base`` → 2020."""

    root: Path
    settings: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.settings["district.name"]

    @property
    def name_en(self) -> str:
        return self.settings.get("district.name_en", self.name)

    @property
    def synthetic(self) -> bool:
        return self.settings.get("district.synthetic", False)

    @property
    def base_year(self) -> int:
        return self.settings.get("years.base", 2020)

    @property
    def max_file_mb(self) -> int:
        return self.settings.get("load.max_file_mb", 100)

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the records; a relative SQLite path counts from the district's folder."""
        url = self.settings.get("store.url", "sqlite:///dafeng.db")
        head, _, path = url.partition("sqlite:///")
        if not head and path and not path.startswith("/"):
            return f"sqlite:///{self.root / path}"
        return url

    @property
    def local_catalogue(self) -> Path:
        return self.root / "catalogue"

    @property
    def plan_files(self) -> list[Path]:
        return sorted((self.root / "plans").glob("*.yaml"))

    def folder(self, name: str) -> Path:
        """One of the district's folders, made when it is missing."""
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        from dafeng.catalogue import load_catalogue

        return load_catalogue(self.local_catalogue)

    def open_store(self) -> Store:
        from dafeng.store import open_store

        return open_store(self.store_url)


def open_district(path: Path | str | None = None) -> District:
    """The district at ``path``, or the one that the current folder lies in.

    Raises BadInput when there is none or its district.toml is wrong (every problem at once).
    """
    start = Path(path) if path is not None else Path.cwd()
    roots = [start] if path is not None else [start, *start.resolve().parents]
    for root in roots:
        if (root / FILE).is_file():
            return District(root.resolve(), _settings(root / FILE))
    raise BadInput(
        Problem(
            "district.not-found",
            Place(file=str(start)),
            Text(
                "这里不是区的文件夹（没有 district.toml）",
                "this is not a district's folder (there is no district.toml)",
            ),
            Text(
                "先运行 dafeng init 文件夹，或用 --district 指明文件夹",
                "run dafeng init FOLDER first, or name the folder with --district",
            ),
        )
    )


def _settings(path: Path) -> dict[str, Any]:
    problems = Problems()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            Problem(
                "district.toml",
                Place(file=str(path)),
                Text(f"district.toml 写法不对：{error}", f"district.toml is not well formed: {error}"),
                Text("改正该行", "mend that line"),
            )
        ) from None
    flat = {
        f"{table}.{name}": value
        for table, held in tables.items()
        if isinstance(held, dict)
        for name, value in held.items()
    }
    for loose in (name for name, held in tables.items() if not isinstance(held, dict)):
        flat[loose] = tables[loose]
    for name, value in flat.items():
        wanted = SETTINGS.get(name)
        if wanted is None:
            problems.add(
                "district.unknown-setting",
                Place(file=str(path), field=name),
                f"没有名为 {name} 的设置",
                f"there is no setting called {name}",
                fix_zh=f"可用：{'、'.join(SETTINGS)}",
                fix_en=f"settings: {', '.join(SETTINGS)}",
            )
        elif not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            problems.add(
                "district.setting-type",
                Place(file=str(path), field=name),
                f"{name} 的值应为 {wanted[0].__name__}",
                f"{name} must be of type {wanted[0].__name__}",
                fix_zh="改正该值",
                fix_en="mend the value",
            )
    if not str(flat.get("district.name", "")).strip():
        problems.add(
            "district.no-name",
            Place(file=str(path), field="district.name"),
            "没有写明区名",
            "the district's name is missing",
            fix_zh='写 [district] name = "某某区"',
            fix_en='write [district] name = "…"',
        )
    problems.raise_if_any()
    return flat
