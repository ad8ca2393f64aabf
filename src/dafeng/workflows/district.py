"""A district is a folder: where its things lie, and what it says about itself."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dafeng.core.errors import BadInput, Place, Problem, Problems, machine_in_words
from dafeng.core.text import Text

if TYPE_CHECKING:
    from dafeng.catalogue import Catalogue
    from dafeng.store import Store

FILE = "district.toml"
FOLDERS = ("plans", "catalogue", "inbox", "loaded", "refused", "geo", "out")

# Years that a setting may name; the same as in plans.
_FIRST, _LAST = 1990, 2100
# A database that outlives the command: SQLite in a file, or a PostgreSQL server.
_LASTING = re.compile(r"sqlite:///(?!:memory:)[^\x00-\x1f]+|postgresql(\+psycopg)?://[^\x00-\x1f]+")
_TYPES = {str: Text("文字（加引号）", "a text in quotes"), int: Text("整数", "a whole number"),
          bool: Text("true 或 false", "true or false"), dict: Text("一张表", "a table")}  # fmt: skip

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
    "account.gwp": (str,),
    "account.electricity": (str,),
    "account.heat": (str,),
    "account.electricity_equal": (str,),
    "gaps.REGISTER": (dict,),
}
# [gaps.energy_consumption] and the like: how missing years of a register are filled in the account.
GAPS = "gaps."
# Sets of global warming potentials, by the assessment report of the IPCC that gives them.
GWP_SETS = ("sar", "ar4", "ar5", "ar6")


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


@machine_in_words()
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
        # Windows' editor puts a mark before the text, which TOML does not know.
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(
            Problem(
                "district.toml",
                Place(file=str(path)),
                Text("district.toml 不是 UTF-8 编码", "district.toml is not UTF-8"),
                Text("另存为 UTF-8", "save it as UTF-8"),
            )
        ) from None
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
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
        wanted = SETTINGS.get("gaps.REGISTER" if name.startswith(GAPS) else name)
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
                f"{name} 的值应为{_TYPES[wanted[0]].zh}",
                f"{name} must be {_TYPES[wanted[0]].en}",
                fix_zh="改正该值",
                fix_en="mend the value",
            )
        else:
            _judge(name, value, path, problems)
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


def _judge(name: str, value: Any, path: Path, problems: Problems) -> None:
    """Values that have the right type and yet cannot be."""
    if name.startswith("years.") and not _FIRST <= value <= _LAST:
        rule = Text(f"{name} 应在 {_FIRST} 至 {_LAST} 之间", f"{name} must lie between {_FIRST} and {_LAST}")
        remedy = Text("改正该年份", "mend the year")
    elif name == "load.max_file_mb" and value < 1:
        rule = Text("文件大小上限至少为 1", "the largest size of a file must be 1 or more")
        remedy = Text("写以 MB 计的数，不写则为 100", "give it in MB; left out it is 100")
    elif name == "store.url" and not _LASTING.fullmatch(value):
        # The address may hold a password and is not repeated.
        rule = Text("这不是本程序能用的数据库地址", "this is no address of a database that this program can use")
        remedy = Text(
            "写 sqlite:///文件名 或 postgresql://用户:密码@主机/库名；不写则为 sqlite:///dafeng.db",
            "write sqlite:///file or postgresql://user:password@host/database; left out it is sqlite:///dafeng.db",
        )
    elif name == "account.gwp" and value not in GWP_SETS:
        rule = Text(f"没有名为“{value}”的全球变暖潜势", f"there is no set of warming potentials called {value}")
        remedy = Text(f"可用：{'、'.join(GWP_SETS)}", f"use one of {', '.join(GWP_SETS)}")
    elif isinstance(value, str) and not value.isprintable():
        rule = Text(f"{name} 中有换行或控制字符", f"{name} holds a line break or a control character")
        remedy = Text("删去这些字符", "delete them")
    else:
        return
    problems.extend([Problem("district.setting-value", Place(file=str(path), field=name), rule, remedy)])
