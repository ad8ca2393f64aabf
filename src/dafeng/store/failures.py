"""What a database refuses, in words: it is locked, full, damaged, read-only, gone.

Every statement can fail so, not only the opening: a server stops, a disk fills, another process holds the file.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text


def in_words(context: Any) -> None:
    """Listener of an engine's ``handle_error``. A broken rule of ours (append-only, unique, not null) is no outside
    failure and stays what it is; a connection of the pool that proves dead before use is replaced by the pool."""
    error = context.sqlalchemy_exception
    if not isinstance(error, exc.DBAPIError) or isinstance(error, exc.IntegrityError) or context.is_pre_ping:
        return
    if "append-only" in str(error.orig):
        return
    raise BadInput(failed(context.engine.url, error)) from context.original_exception


def failed(url: sa.URL, error: Exception) -> Problem:
    """The problem that a database error is for a person."""
    said = _first_line(getattr(error, "orig", None) or error)
    place = Place(file=url.render_as_string())
    low = said.lower()
    if "is locked" in low:
        return Problem(
            "store.locked",
            place,
            Text("数据库正被另一程序占用", "another program is holding the database"),
            Text("等它结束后重新运行", "wait until it has ended and run again"),
        )
    if "is full" in low or "no space left" in low or "disk i/o error" in low:
        return Problem(
            "store.full",
            place,
            Text(f"写不进磁盘，这一次没有记入：{said}", f"the disk takes no more, nothing of this was kept: {said}"),
            Text("腾出空间后重新运行", "free some space and run again"),
        )
    if "malformed" in low or "not a database" in low:
        return Problem(
            "store.damaged",
            place,
            Text(f"数据库文件已损坏：{said}", f"the database file is damaged: {said}"),
            Text(
                "从备份恢复；没有备份时把它移走，重新装载 loaded/ 中的全部文件",
                "restore a backup; without one move it away and load all files of loaded/ again",
            ),
        )
    if "readonly" in low or "read-only" in low:
        return Problem(
            "store.read-only",
            place,
            Text("数据库不能写入（只读）", "the database cannot be written (read-only)"),
            Text("检查文件和所在文件夹的权限", "check the permissions of the file and of its folder"),
        )
    return Problem(
        "store.unreachable",
        place,
        Text(f"数据库打不开：{said}", f"the database cannot be opened: {said}"),
        Text(
            "检查 district.toml 中的 [store] url、文件权限与数据库服务",
            "check [store] url in district.toml, the file's permissions and the database server",
        ),
    )


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
