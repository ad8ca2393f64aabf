"""Words in which a document is refused: what is wrong with the file, and what to do."""

from __future__ import annotations

from typing import NoReturn

from dafeng.core.errors import BadInput, Place, Problem
from dafeng.core.text import Text

SAVE_AGAIN = Text("请重新下载或另存后再导入", "download it or save it again, and import that")
AS_DOCX = Text(
    "请用 Word 或 WPS 打开，另存为 .docx 后再导入", "open it in Word or WPS, save it as .docx and import that"
)


def refuse(code: str, file: str, rule: Text, remedy: Text, **place: str | int | None) -> NoReturn:
    """Raise BadInput with one problem about a file."""
    raise BadInput(Problem(code, Place(file=file, **place), rule, remedy))  # type: ignore[arg-type]
