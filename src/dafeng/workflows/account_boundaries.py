"""A boundary as a person hands it in: a list of sites' codes, or a polygon as GeoJSON or WKT."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

if TYPE_CHECKING:
    from dafeng.workflows.account_making import Asked


def boundary_of(asked: Asked) -> tuple[str, str, str | tuple[str, ...] | None]:
    """(level, place, boundary) of the account asked for; a boundary is named after its file.

    Raises BadInput when the file cannot be read, or lists nothing."""
    from dafeng.accounting.account_work import BOUNDARY

    if asked.polygon is not None:
        return BOUNDARY, asked.polygon.stem, _text(asked.polygon)
    if asked.sites is not None:
        lines = (line.partition("#")[0].strip(" ,，;；\t") for line in _text(asked.sites).splitlines())
        codes = tuple(dict.fromkeys(line for line in lines if line))
        if not codes:
            raise BadInput(
                Problem(
                    "account.no-sites",
                    Place(file=str(asked.sites)),
                    Text("文件里没有点位编号", "the file lists no site"),
                    Text("每行写一个 account_sites 台账的编号", "write one code of the register account_sites a line"),
                )
            )
        return BOUNDARY, asked.sites.stem, codes
    return asked.level, asked.place, None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        fault = Text(f"没有文件“{path}”", f"there is no file {path}")
    except UnicodeDecodeError:
        fault = Text("文件不是 UTF-8 文本", "the file is no UTF-8 text")
    raise BadInput(
        Problem(
            "account.boundary-file",
            Place(file=str(path)),
            fault,
            Text("核对文件名；清单和边界都存为 UTF-8 文本", "check the name; lists and boundaries are UTF-8 text"),
        )
    )
